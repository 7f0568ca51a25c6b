// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packagist (Composer): PHP's `version_compare` with Composer's normalisation.
//!
//! Numbers and words are compared in turn: `dev` < `alpha` = `a` < `beta` = `b` < `rc` < released < `pl` = `p` = `patch` = `post` <
//! a further number; other words come before `dev`. Case, a leading `v` and zeros at the end of a row of numbers do not
//! count. `1.x-dev` is the newest of the first line; branches (`dev-main`) come before everything with a number.

use std::cmp::Ordering;

use super::numbers;

/// One token in ascending order.
#[derive(Clone, Copy)]
enum Token<'a> {
    Unknown(&'a str),
    Development,
    Alpha,
    Beta,
    Candidate,
    End,
    Patch,
    Number(&'a str),
    /// The `x` of a branch such as `1.x`.
    Any,
}

fn rank(token: &Token<'_>) -> u8 {
    match token {
        Token::Unknown(_) => 0,
        Token::Development => 1,
        Token::Alpha => 2,
        Token::Beta => 3,
        Token::Candidate => 4,
        Token::End => 5,
        Token::Patch => 6,
        Token::Number(_) => 7,
        Token::Any => 8,
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest =
        text.strip_prefix('v').filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())).unwrap_or(text);
    let mut after_number = false;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '*');
            let (digits, after) = numbers::split_digits(rest);
            if !digits.is_empty() {
                (rest, after_number) = (after, true);
                if digits.bytes().all(|digit| digit == b'0') && row_ends(rest) {
                    continue;
                }
                return Some(Token::Number(digits));
            }
            let length = rest.find(|letter: char| !letter.is_alphabetic() && letter != '*').unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            rest = after;
            return match word {
                // Letters other than a to z that are numbers elsewhere in the world.
                "" => rest.chars().next().map(|letter| {
                    let (unknown, after) = rest.split_at(letter.len_utf8());
                    rest = after;
                    Token::Unknown(unknown)
                }),
                "dev" => Some(Token::Development),
                "alpha" | "a" => Some(Token::Alpha),
                "beta" | "b" => Some(Token::Beta),
                "rc" => Some(Token::Candidate),
                "pl" | "p" | "patch" | "post" => Some(Token::Patch),
                "x" | "*" if after_number => Some(Token::Any),
                "stable" => continue,
                unknown => Some(Token::Unknown(unknown)),
            };
        }
    })
}

/// Whether only zeros stand between here and the next word or the end.
fn row_ends(rest: &str) -> bool {
    rest.chars()
        .find(|letter| (letter.is_alphanumeric() || *letter == '*') && *letter != '0')
        .is_none_or(|letter| !letter.is_ascii_digit() && !matches!(letter, 'x' | '*'))
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (numbers::lower(a.trim()), numbers::lower(b.trim()));
    let (mut a, mut b) = (tokens(&a), tokens(&b));
    loop {
        let (token_a, token_b) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => (a.unwrap_or(Token::End), b.unwrap_or(Token::End)),
        };
        let decided = match (token_a, token_b) {
            (Token::Number(a), Token::Number(b)) => numbers::compare(a, b),
            (Token::Unknown(a), Token::Unknown(b)) => a.cmp(b),
            (a, b) => rank(&a).cmp(&rank(&b)),
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
}

/// Whether the text starts with a number, as every release does.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.trim();
    text.strip_prefix(['v', 'V']).unwrap_or(text).starts_with(|letter: char| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_composer() {
        ascending(
            Scheme::Composer,
            &[
                &["feature-x"],
                &["dev-main"],
                &["1.0-dev"],
                &["1.0a1", "1.0.0-alpha1", "V1.0.ALPHA.1"],
                &["1.0-beta"],
                &["1.0-beta.2"],
                &["1.0RC1", "1.0.0.rc1"],
                &["1", "1.0.0.0", "v1.0", "1.0-stable"],
                &["1.0pl1", "1.0-patch1"],
                &["1.0.1"],
                &["1.x-dev"],
                &["2.0"],
            ],
        );
    }
}
