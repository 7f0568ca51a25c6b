// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Histories made by chance, written with `git fast-import`, held against the reference.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use crate::git::{AS_OF, DAY, Made};
use crate::reference;

const PEOPLE: &[&str] = &[
    "Ada <ada@firma.test.org>",
    "ADA <Ada@Firma.test.org>",
    "Ada at home <ada@gmx.de>",
    "Ben <ben@gmail.com>",
    "Cleo <cleo@werk.test.net>",
    "Doro <doro@werk.test.net>",
    "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
];
const PATHS: &[&str] = &["a.txt", "b.txt", "lib/a.txt", "lib/c.txt", "lib/deep/d.txt", "vendor/e.txt", "z"];

/// What a commit does.
#[derive(Clone, Debug)]
struct Step {
    who: usize,
    /// Seconds after the commit before; mostly forward.
    later: i64,
    changes: Vec<Change>,
    /// Joins the commit that many before.
    joins: Option<usize>,
    /// Goes on from the commit that many before instead of the last one.
    back: usize,
}

#[derive(Clone, Debug)]
enum Change {
    Write {
        path: usize,
        text: u8,
    },
    Remove {
        path: usize,
    },
    /// Moves a file, and writes another line where it says so.
    Move {
        from: usize,
        to: usize,
        edits: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let path = 0..PATHS.len();
    let change = prop_oneof![
        4 => (path.clone(), 0..6_u8).prop_map(|(path, text)| Change::Write { path, text }),
        1 => path.clone().prop_map(|path| Change::Remove { path }),
        2 => (path.clone(), path, any::<bool>()).prop_map(|(from, to, edits)| Change::Move { from, to, edits }),
    ];
    let later = prop_oneof![6 => 0..90 * DAY, 1 => -200 * DAY..0, 1 => 1500 * DAY..1501 * DAY];
    let step = (
        0..PEOPLE.len(),
        later,
        prop::collection::vec(change, 0..4),
        prop::option::weighted(0.2, 1..4_usize),
        0..3_usize,
    )
        .prop_map(|(who, later, changes, joins, back)| Step { who, later, changes, joins, back });
    prop::collection::vec(step, 1..25)
}

/// A text of its own for each number: any two have hardly a line in common.
fn text(number: u8, edits: u32) -> String {
    let line = |line: u32| format!("text {number} line {line} {}\n", u32::from(number) * 7919 + line * 104_729);
    (0..20).map(line).chain((0..edits).map(|edit| format!("edit {edit}\n"))).collect()
}

/// The stream that makes the history.
fn stream(steps: &[Step]) -> String {
    let mut out = String::new();
    // For each commit: which file holds which text.
    let mut trees: Vec<Vec<Option<(u8, u32)>>> = Vec::new();
    let mut seconds = AS_OF - 1300 * DAY;
    for (number, step) in steps.iter().enumerate() {
        seconds += step.later;
        let parent = number.checked_sub(1 + step.back.min(number.saturating_sub(1)));
        let joins = step.joins.and_then(|joins| number.checked_sub(1 + joins)).filter(|other| Some(*other) != parent);
        let mut tree = parent.map_or_else(|| vec![None; PATHS.len()], |parent| trees[parent].clone());
        for change in &step.changes {
            match change {
                Change::Write { path, text } => tree[*path] = Some((*text, 0)),
                Change::Remove { path } => tree[*path] = None,
                Change::Move { from, to, edits } => {
                    if from != to
                        && let Some((text, before)) = tree[*from].take()
                    {
                        tree[*to] = Some((text, before + u32::from(*edits)));
                    }
                }
            }
        }
        let moment = if seconds > AS_OF + 3000 * DAY { AS_OF } else { seconds };
        writeln!(
            out,
            "commit refs/heads/main\nmark :{}\ncommitter {} {moment} +0000\ndata 1\nx",
            number + 1,
            PEOPLE[step.who]
        )
        .expect("text");
        if let Some(parent) = parent {
            writeln!(out, "from :{}", parent + 1).expect("text");
        }
        if let Some(other) = joins {
            writeln!(out, "merge :{}", other + 1).expect("text");
        }
        writeln!(out, "deleteall").expect("text");
        for (path, content) in PATHS.iter().zip(&tree) {
            if let Some((number, edits)) = content {
                let text = text(*number, *edits);
                writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len()).expect("text");
            }
        }
        trees.push(tree);
    }
    out
}

/// Makes the history of a stream.
pub fn import(made: &Made, stream: &str) {
    let mut child = Command::new("git")
        .args(["fast-import", "--quiet", "--force"])
        .current_dir(&made.path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    child.stdin.take().expect("a pipe").write_all(stream.as_bytes()).expect("git listens");
    assert!(child.wait().expect("git ends").success());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_equals_the_reference(steps in steps()) {
        let Some(made) = Made::new() else { return Ok(()) };
        import(&made, &stream(&steps));
        let loose = made.signals();
        reference::check(&made.path, &loose);
        made.git(&["repack", "-a", "-d", "-f", "--quiet", "--depth=50"]);
        prop_assert_eq!(loose, made.signals());
    }
}
