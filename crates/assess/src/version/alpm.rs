// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Arch Linux packages (vercmp(8)): `[epoch:]version[-release]`.
//!
//! As with RPM, runs of digits and letters are compared in turn, but a word directly behind a number announces it: `1.5b`
//! comes before `1.5`, `1.5.a` after it. A missing release is the first one: pacman ignores a release that only one side has,
//! which is no order (`1.5-1` and `1.5-2` would both equal `1.5`); with the first one, all its documented answers hold.

use std::cmp::Ordering;

use super::deb::split_epoch;
use super::numbers::{self, split_digits, split_while};

/// The next piece of a version, in ascending order of kind.
#[derive(Clone, Copy)]
enum Piece<'a> {
    /// A word directly behind a number.
    Announcing(&'a str),
    End,
    /// A word behind a separator.
    Word(&'a str),
    Number(&'a str),
}

fn next(text: &str, start: bool) -> (Piece<'_>, &str) {
    let rest = text.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let separated = start || rest.len() != text.len();
    let (digits, after) = split_digits(rest);
    if !digits.is_empty() {
        return (Piece::Number(digits), after);
    }
    let (word, after) = split_while(rest, |byte| byte.is_ascii_alphabetic());
    match (word.is_empty(), separated) {
        (true, _) => (Piece::End, ""),
        (false, true) => (Piece::Word(word), after),
        (false, false) => (Piece::Announcing(word), after),
    }
}

fn compare_part(a: &str, b: &str) -> Ordering {
    let rank = |piece: &Piece<'_>| match piece {
        Piece::Announcing(_) => 0,
        Piece::End => 1,
        Piece::Word(_) => 2,
        Piece::Number(_) => 3,
    };
    let (mut a, mut b, mut start) = (a, b, true);
    loop {
        let ((piece_a, rest_a), (piece_b, rest_b)) = (next(a, start), next(b, start));
        let decided = match (piece_a, piece_b) {
            (Piece::End, Piece::End) => return Ordering::Equal,
            (Piece::Word(a), Piece::Word(b)) | (Piece::Announcing(a), Piece::Announcing(b)) => a.cmp(b),
            (Piece::Number(a), Piece::Number(b)) => numbers::compare(a, b),
            (a, b) => rank(&a).cmp(&rank(&b)),
        };
        if decided != Ordering::Equal {
            return decided;
        }
        (a, b, start) = (rest_a, rest_b, false);
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let ((epoch_a, a), (epoch_b, b)) = (split_epoch(a.trim()), split_epoch(b.trim()));
    let (version_a, release_a) = a.rsplit_once('-').unwrap_or((a, "1"));
    let (version_b, release_b) = b.rsplit_once('-').unwrap_or((b, "1"));
    numbers::compare(epoch_a, epoch_b)
        .then_with(|| compare_part(version_a, version_b))
        .then_with(|| compare_part(release_a, release_b))
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_pacman() {
        ascending(
            Scheme::Alpm,
            &[
                &["1.5alpha"],
                &["1.5b-1", "1.5b"],
                &["1.5rc"],
                &["1.5", "1.5-1", "0:1.5"],
                &["1.5-2"],
                &["1.5.a"],
                &["1.5.1"],
                &["1:1.0"],
            ],
        );
    }
}
