// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! RPM packages: `[epoch:]version[-release]` (rpm-version(7)).
//!
//! Runs of digits and letters are compared in turn, everything else only separates; a number is newer than a word; `~`
//! comes before the end, `^` directly after it. A missing epoch is zero, a missing release comes before any release.

use std::cmp::Ordering;

use super::deb::split_epoch;
use super::numbers::{self, split_digits, split_while};

/// The next piece of a version, in ascending order of kind.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Tilde,
    End,
    Caret,
    Word(&'a str),
    Number(&'a str),
}

fn next(text: &str) -> (Piece<'_>, &str) {
    let is_piece = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '~' | '^');
    let rest = text.trim_start_matches(|letter: char| !is_piece(letter));
    match rest.bytes().next() {
        None => (Piece::End, ""),
        Some(b'~') => (Piece::Tilde, rest.get(1..).unwrap_or("")),
        Some(b'^') => (Piece::Caret, rest.get(1..).unwrap_or("")),
        Some(first) if first.is_ascii_digit() => {
            let (digits, after) = split_digits(rest);
            (Piece::Number(digits), after)
        }
        Some(_) => {
            let (word, after) = split_while(rest, |byte| byte.is_ascii_alphabetic());
            (Piece::Word(word), after)
        }
    }
}

/// Compares versions or releases.
pub(super) fn compare_part(a: &str, b: &str) -> Ordering {
    let rank = |piece: &Piece<'_>| match piece {
        Piece::Tilde => 0,
        Piece::End => 1,
        Piece::Caret => 2,
        Piece::Word(_) => 3,
        Piece::Number(_) => 4,
    };
    let (mut a, mut b) = (a, b);
    loop {
        let ((piece_a, rest_a), (piece_b, rest_b)) = (next(a), next(b));
        let decided = match (piece_a, piece_b) {
            (Piece::End, Piece::End) => return Ordering::Equal,
            (Piece::Word(a), Piece::Word(b)) => a.cmp(b),
            (Piece::Number(a), Piece::Number(b)) => numbers::compare(a, b),
            (a, b) => rank(&a).cmp(&rank(&b)),
        };
        if decided != Ordering::Equal {
            return decided;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let ((epoch_a, a), (epoch_b, b)) = (split_epoch(a.trim()), split_epoch(b.trim()));
    let split = |text| match str::rsplit_once(text, '-') {
        Some((version, release)) => (version, Some(release)),
        None => (text, None),
    };
    let ((version_a, release_a), (version_b, release_b)) = (split(a), split(b));
    numbers::compare(epoch_a, epoch_b)
        .then_with(|| compare_part(version_a, version_b))
        .then_with(|| release_a.is_some().cmp(&release_b.is_some()))
        .then_with(|| compare_part(release_a.unwrap_or(""), release_b.unwrap_or("")))
}

/// Whether there is anything to compare and no white space.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.trim();
    text.bytes().any(|byte| byte.is_ascii_alphanumeric()) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_rpm() {
        ascending(
            Scheme::Rpm,
            &[
                &["1.0~rc1"],
                &["1.0", "0:1.0", "1_0", "1.0."],
                &["1.0-1~pre"],
                &["1.0-1.el7"],
                &["1.0-1.el8", "01.0-1.el8"],
                &["1.0-1.el8_4"],
                &["1.0-10"],
                &["1.0^git1~pre"],
                &["1.0^git1"],
                &["1.0a"],
                &["1.0.1"],
                &["1.10"],
                &["4:0.1"],
            ],
        );
    }
}
