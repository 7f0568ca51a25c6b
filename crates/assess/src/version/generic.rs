// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The declared fallback: how people read a version nobody wrote a rule for.
//!
//! Runs of digits are numbers, runs of letters are words without case, everything else only separates. A word that
//! announces a release (`alpha`, `beta`, `rc`, …) comes before the release itself, any other word after it (`1.0` before
//! `1.0a`), a further number after both. Zeros at the end of a row of numbers say nothing: `1.0` is `1`.

use std::cmp::Ordering;

use super::numbers;

/// One part of a version, in ascending order.
#[derive(Clone, Copy)]
enum Token<'a> {
    Announcing(u8),
    End,
    Word(&'a str),
    Number(&'a str),
}

const ANNOUNCING: &[&[&str]] =
    &[&["dev", "snapshot", "nightly"], &["alpha"], &["beta"], &["milestone"], &["pre", "preview"], &["rc", "cr"]];

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = without_v(text);
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
            let (digits, after) = numbers::split_digits(rest);
            if !digits.is_empty() {
                rest = after;
                let bare = digits.trim_start_matches('0');
                if bare.is_empty() && row_ends_with_zeros(rest) {
                    continue;
                }
                return Some(Token::Number(bare));
            }
            let end =
                rest.find(|letter: char| !letter.is_alphanumeric() || letter.is_ascii_digit()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            if word.is_empty() {
                return None;
            }
            let rank = ANNOUNCING.iter().position(|words| words.iter().any(|known| known.eq_ignore_ascii_case(word)));
            return Some(match rank.and_then(|rank| u8::try_from(rank).ok()) {
                Some(rank) => Token::Announcing(rank),
                None => Token::Word(word),
            });
        }
    })
}

/// Whether only zeros stand between here and the next word or the end.
fn row_ends_with_zeros(rest: &str) -> bool {
    rest.chars().find(|letter| letter.is_alphanumeric() && *letter != '0').is_none_or(|letter| !letter.is_ascii_digit())
}

fn without_v(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix(['v', 'V']) {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_digit()) => rest,
        _ => text,
    }
}

fn compare_tokens(a: Token<'_>, b: Token<'_>) -> Ordering {
    let class = |token: &Token<'_>| match token {
        Token::Announcing(..) => 0,
        Token::End => 1,
        Token::Word(_) => 2,
        Token::Number(_) => 3,
    };
    match (a, b) {
        (Token::Announcing(a), Token::Announcing(b)) => a.cmp(&b),
        (Token::Word(a), Token::Word(b)) => compare_words(a, b),
        (Token::Number(a), Token::Number(b)) => numbers::compare(a, b),
        (a, b) => class(&a).cmp(&class(&b)),
    }
}

/// By letters without regard to ASCII case.
pub(super) fn compare_words(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (tokens(a), tokens(b));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => match compare_tokens(a.unwrap_or(Token::End), b.unwrap_or(Token::End)) {
                Ordering::Equal => {}
                decided => return decided,
            },
        }
    }
}

/// Whether there is any number to go by.
pub(super) fn is_valid(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_people_expect() {
        ascending(
            Scheme::Generic,
            &[
                &["", "-"],
                &["2021-snapshot"],
                &["2021"],
                &["2021a"],
                &["2021b", "2021B"],
                &["2021.1-dev"],
                &["2021.1-alpha1"],
                &["2021.1-alpha2"],
                &["2021.1 RC"],
                &["2021.1", "v2021.1", "2021.01.0"],
                &["2021.1.0.3"],
                &["2021.10"],
            ],
        );
    }
}
