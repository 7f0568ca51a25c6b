// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What differs between two versions of a file, line by line, as `diff -u` writes it.
//!
//! Source: Eugene Myers, *An O(ND) Difference Algorithm and Its Variations* (1986), the greedy form. Of several shortest differences git
//! may show another one, because it moves the edges of hunks by rules of taste; both sides of a comparison are written here in the
//! same way.

use std::fmt::Write as _;

use underpin_model::limits::bounds::FORK_LINES;

/// Lines of context around a change, as git writes them.
const CONTEXT: usize = 3;

/// A stretch in which lines are replaced: of the old ones and of the new ones, from and until.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    old: (usize, usize),
    new: (usize, usize),
}

/// Writes the hunks of two versions; `most` is the number of differing lines beyond which the file counts as written anew.
pub(crate) fn write_hunks(old: &str, new: &str, most: usize, out: &mut String) {
    let (from, to): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let stretches = stretches(&from, &to, most);
    let mut at = 0;
    while at < stretches.len() {
        let mut end = at;
        while stretches.get(end + 1).is_some_and(|next| next.old.0 - stretches[end].old.1 <= 2 * CONTEXT) {
            end += 1;
        }
        write_hunk(&from, &to, &stretches[at..=end], out);
        at = end + 1;
    }
}

/// A change of one file as `git apply` takes it; without an old version the file is new. `None` where nothing changes, or where the
/// path has letters that would have to be quoted.
pub fn unified_diff(path: &str, old: Option<&str>, new: &str) -> Option<String> {
    let is_plain =
        path.chars().all(|letter| !letter.is_control() && !letter.is_whitespace() && !matches!(letter, '"' | '\\'));
    if !is_plain || old == Some(new) {
        return None;
    }
    let mut out = format!("diff --git a/{path} b/{path}\n");
    match old {
        Some(_) => out.push_str(&format!("--- a/{path}\n+++ b/{path}\n")),
        None => out.push_str(&format!("new file mode 100644\n--- /dev/null\n+++ b/{path}\n")),
    }
    write_hunks(old.unwrap_or_default(), new, FORK_LINES, &mut out);
    Some(out)
}

fn write_hunk(old: &[&str], new: &[&str], parts: &[Stretch], out: &mut String) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
    let before = first.old.0.min(CONTEXT);
    let after = (old.len() - last.old.1).min(CONTEXT);
    let (from, to) = (first.old.0 - before, last.old.1 + after);
    let (new_from, new_to) = (first.new.0 - before, last.new.1 + after);
    let start = |from: usize, until: usize| if from == until { from } else { from + 1 };
    // Writing into a text cannot fail.
    let _ =
        writeln!(out, "@@ -{},{} +{},{} @@", start(from, to), to - from, start(new_from, new_to), new_to - new_from);
    let mut at = from;
    for part in parts {
        old[at..part.old.0].iter().for_each(|line| write_line(' ', line, out));
        old[part.old.0..part.old.1].iter().for_each(|line| write_line('-', line, out));
        new[part.new.0..part.new.1].iter().for_each(|line| write_line('+', line, out));
        at = part.old.1;
    }
    old[at..to].iter().for_each(|line| write_line(' ', line, out));
}

fn write_line(sign: char, line: &str, out: &mut String) {
    out.push(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// The stretches that differ, in order.
fn stretches(old: &[&str], new: &[&str], most: usize) -> Vec<Stretch> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (from, to) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if from.is_empty() && to.is_empty() {
        return Vec::new();
    }
    let whole = vec![Stretch { old: (head, old.len() - tail), new: (head, new.len() - tail) }];
    if from.is_empty() || to.is_empty() {
        return whole;
    }
    let Some(kept) = kept_lines(from, to, most) else { return whole };
    let mut found = Vec::new();
    let (mut x, mut y) = (0, 0);
    for (a, b) in kept.into_iter().chain([(from.len(), to.len())]) {
        if a > x || b > y {
            found.push(Stretch { old: (head + x, head + a), new: (head + y, head + b) });
        }
        (x, y) = (a + 1, b + 1);
    }
    found
}

/// Pairs of lines that stay, in order; `None` beyond `most` differences.
fn kept_lines(old: &[&str], new: &[&str], most: usize) -> Option<Vec<(usize, usize)>> {
    let most = most.min(old.len() + new.len());
    let width = 2 * most + 3;
    let middle = most + 1;
    let mut furthest = vec![0_usize; width];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    for step in 0..=most {
        trace.push(furthest[middle - step..=middle + step].to_vec());
        let mut place = middle - step;
        while place <= middle + step {
            let is_down =
                place == middle - step || (place != middle + step && furthest[place - 1] < furthest[place + 1]);
            let mut x = if is_down { furthest[place + 1] } else { furthest[place - 1] + 1 };
            // The diagonal is x - y; a place left of the middle has a negative one.
            let mut y = x + middle - place;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[place] = x;
            if x >= old.len() && y >= new.len() {
                return Some(walked_back(&trace, middle, place, (old.len(), new.len())));
            }
            place += 2;
        }
    }
    None
}

/// The way back through what was furthest at each step.
fn walked_back(
    trace: &[Vec<usize>],
    middle: usize,
    mut place: usize,
    (mut x, mut y): (usize, usize),
) -> Vec<(usize, usize)> {
    let mut kept = Vec::new();
    for step in (0..trace.len()).rev() {
        let at = |place: usize| {
            (place + step).checked_sub(middle).and_then(|at| trace[step].get(at)).copied().unwrap_or_default()
        };
        let is_down = place == middle - step || (place != middle + step && at(place - 1) < at(place + 1));
        let (from, start) = if step == 0 {
            (place, (0, 0))
        } else if is_down {
            let from_x = at(place + 1);
            (place + 1, (from_x, from_x + middle - (place + 1)))
        } else {
            let from_x = at(place - 1);
            (place - 1, (from_x, from_x + middle - (place - 1)))
        };
        let after = match step {
            0 => (0, 0),
            _ if is_down => (start.0, start.1 + 1),
            _ => (start.0 + 1, start.1),
        };
        while x > after.0 && y > after.1 {
            (x, y) = (x - 1, y - 1);
            kept.push((x, y));
        }
        (x, y) = start;
        place = from;
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Applies the stretches: what comes out must be the new version.
    fn applied(old: &[&str], new: &[&str], parts: &[Stretch]) -> Vec<String> {
        let (mut at, mut out) = (0, Vec::new());
        for part in parts {
            out.extend(old[at..part.old.0].iter().map(|line| (*line).to_owned()));
            out.extend(new[part.new.0..part.new.1].iter().map(|line| (*line).to_owned()));
            at = part.old.1;
        }
        out.extend(old[at..].iter().map(|line| (*line).to_owned()));
        out
    }

    /// Length of the longest common subsequence, by the plain table.
    fn common(old: &[&str], new: &[&str]) -> usize {
        let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
        for (x, a) in old.iter().enumerate() {
            for (y, b) in new.iter().enumerate() {
                table[x + 1][y + 1] = if a == b { table[x][y] + 1 } else { table[x][y + 1].max(table[x + 1][y]) };
            }
        }
        table[old.len()][new.len()]
    }

    proptest! {
        /// The stretches make the new version of the old one, and leave as many lines as can stay.
        #[test]
        fn it_is_a_shortest_difference(old in "[ab\n]{0,24}", new in "[abc\n]{0,24}") {
            let (from, to): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
            let found = stretches(&from, &to, 1_000);
            prop_assert_eq!(applied(&from, &to, &found).concat(), new.clone());
            let removed: usize = found.iter().map(|part| part.old.1 - part.old.0).sum();
            prop_assert_eq!(from.len() - removed, common(&from, &to));
            // A file that differs too much is written anew, and is still the new version.
            let coarse = stretches(&from, &to, 1);
            prop_assert_eq!(applied(&from, &to, &coarse).concat(), new);
        }
    }

    #[test]
    fn hunks_are_as_diff_writes_them() {
        let old: String = (1..=20).map(|line| format!("line {line}\n")).collect();
        let new = old.replace("line 5\n", "line five\n").replace("line 20\n", "line 20\nline 21");
        let mut out = String::new();
        write_hunks(&old, &new, 100, &mut out);
        assert_eq!(
            out,
            "@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+line five\n line 6\n line 7\n line 8\n\
             @@ -18,3 +18,4 @@\n line 18\n line 19\n line 20\n+line 21\n\\ No newline at end of file\n"
        );
    }
}
