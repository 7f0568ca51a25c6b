// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! "Did you mean": the names nearest to one that was not found.

/// Edit distance with swaps of neighbours, at most `limit`; `None` beyond it.
pub fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, &a) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, &b) in right.iter().enumerate() {
            let mut cost = (last[column] + usize::from(a != b)).min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && a == right[column - 1] && left[row - 1] == b {
                cost = cost.min(before[column - 1] + 1);
            }
            next.push(cost);
        }
        if next.iter().min().is_none_or(|least| *least > limit) {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|found| *found <= limit)
}

/// How near a known name is to the one asked for, smaller is nearer; `None` when it is no suggestion.
/// Near means few typing errors, or one name inside the other.
pub fn nearness(asked: &str, known: &str) -> Option<usize> {
    let (asked, known) = (asked.to_lowercase(), known.to_lowercase());
    let limit = (asked.chars().count() / 4).clamp(1, 3);
    if let Some(found) = distance(&asked, &known, limit) {
        return Some(found);
    }
    let (short, long) = if asked.len() < known.len() { (&asked, &known) } else { (&known, &asked) };
    (short.len() >= 4 && long.contains(short.as_str())).then(|| 4 + long.len() - short.len())
}

/// The nearest of `known`, nearest first, at most `count`.
pub fn nearest<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> =
        known.into_iter().filter_map(|name| nearness(asked, name).map(|near| (near, name))).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(count).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["log4j-core", "log4j-api", "logback-core", "openssl", "libssl3"];
        for (asked, expected) in [
            ("log4j-cor", "log4j-core"),
            ("lgo4j-core", "log4j-core"),
            ("LOG4J-CORE", "log4j-core"),
            ("opnssl", "openssl"),
            ("log4j", "log4j-api"),
        ] {
            assert_eq!(nearest(asked, known, 3).first(), Some(&expected), "{asked}");
        }
        assert_eq!(nearest("zlib", known, 3), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_zero_only_for_the_same(left in "[a-c]{0,6}", right in "[a-c]{0,6}") {
            prop_assert_eq!(distance(&left, &right, 9), distance(&right, &left, 9));
            prop_assert_eq!(distance(&left, &right, 9) == Some(0), left == right);
        }
    }
}
