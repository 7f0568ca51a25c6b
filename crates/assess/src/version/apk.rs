// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Alpine, Wolfi and OpenWrt packages (apk-package(5)): `1.2.3a_rc1_p2~0badc0de-r4`.
//!
//! Numbers, one letter, suffixes (`_alpha` `_beta` `_pre` `_rc` before the version, `_cvs` `_svn` `_git` `_hg` `_p` after it),
//! a commit, a revision. A number behind the first full stop that starts with a zero is a fraction: `1.05` comes before
//! `1.5`. What breaks the grammar ends the version where it breaks it and sorts directly before the version that ends there;
//! what stands behind a revision does not count.

use std::cmp::Ordering;

use super::numbers::{self, split_digits, split_while};

const BEFORE: &[&str] = &["alpha", "beta", "pre", "rc"];
const AFTER: &[&str] = &["cvs", "svn", "git", "hg", "p"];

/// One token; the order of two different kinds is that of [`Token::rank`].
#[derive(Clone, Copy)]
enum Token<'a> {
    SuffixBefore(usize, &'a str),
    End,
    Broken(&'a str),
    Revision(&'a str),
    Commit(&'a str),
    SuffixAfter(usize, &'a str),
    Letter(u8),
    Fraction(&'a str),
    Number(&'a str),
}

impl Token<'_> {
    fn rank(&self) -> u8 {
        match self {
            Token::SuffixBefore(..) => 0,
            Token::Broken(_) => 1,
            Token::End => 2,
            Token::Revision(_) => 3,
            Token::Commit(_) => 4,
            Token::SuffixAfter(..) => 5,
            Token::Letter(_) => 6,
            Token::Fraction(_) => 7,
            Token::Number(_) => 8,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Token::SuffixBefore(a, number_a), Token::SuffixBefore(b, number_b))
            | (Token::SuffixAfter(a, number_a), Token::SuffixAfter(b, number_b)) => {
                a.cmp(b).then_with(|| numbers::compare(number_a, number_b))
            }
            (Token::Broken(a), Token::Broken(b)) => super::generic::compare(a, b),
            (Token::Commit(a), Token::Commit(b)) | (Token::Fraction(a), Token::Fraction(b)) => a.cmp(b),
            (Token::Revision(a), Token::Revision(b)) | (Token::Number(a), Token::Number(b)) => numbers::compare(a, b),
            (Token::Letter(a), Token::Letter(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

/// Where in the grammar a reading stands; each part may only be followed by later ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Start,
    Numbers,
    Letter,
    Suffix,
    Commit,
    End,
}

struct Tokens<'a> {
    rest: &'a str,
    state: State,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text.trim(), state: State::Start }
    }

    fn step(&mut self, state: State, token: Token<'a>, rest: &'a str) -> Token<'a> {
        (self.state, self.rest) = (state, rest);
        token
    }

    fn broken(&mut self) -> Token<'a> {
        let rest = self.rest;
        self.step(State::End, Token::Broken(rest), "")
    }

    fn next(&mut self) -> Token<'a> {
        let rest = self.rest;
        if self.state == State::End || (rest.is_empty() && self.state != State::Start) {
            return Token::End;
        }
        if self.state == State::Start {
            let (digits, after) = split_digits(rest);
            return if digits.is_empty() {
                self.broken()
            } else {
                self.step(State::Numbers, Token::Number(digits), after)
            };
        }
        if let Some(after) = rest.strip_prefix('.').filter(|_| self.state == State::Numbers) {
            let (digits, after) = split_digits(after);
            return match digits.bytes().next() {
                None => self.broken(),
                Some(b'0') => self.step(State::Numbers, Token::Fraction(digits), after),
                Some(_) => self.step(State::Numbers, Token::Number(digits), after),
            };
        }
        match rest.bytes().next() {
            Some(letter @ b'a'..=b'z') if self.state == State::Numbers => {
                self.step(State::Letter, Token::Letter(letter), rest.get(1..).unwrap_or(""))
            }
            Some(b'_') if self.state <= State::Suffix => self.suffix(),
            Some(b'~') if self.state < State::Commit => {
                let (commit, after) = split_while(rest.get(1..).unwrap_or(""), |byte| byte.is_ascii_hexdigit());
                if commit.is_empty() { self.broken() } else { self.step(State::Commit, Token::Commit(commit), after) }
            }
            _ => match rest.strip_prefix("-r").map(|after| split_digits(after).0).filter(|digits| !digits.is_empty()) {
                Some(digits) => self.step(State::End, Token::Revision(digits), ""),
                None => self.broken(),
            },
        }
    }

    fn suffix(&mut self) -> Token<'a> {
        let (word, after) = split_while(self.rest.get(1..).unwrap_or(""), |byte| byte.is_ascii_lowercase());
        let (number, after) = split_digits(after);
        if let Some(rank) = BEFORE.iter().position(|known| *known == word) {
            return self.step(State::Suffix, Token::SuffixBefore(rank, number), after);
        }
        match AFTER.iter().position(|known| *known == word) {
            Some(rank) => self.step(State::Suffix, Token::SuffixAfter(rank, number), after),
            None => self.broken(),
        }
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Tokens::of(a), Tokens::of(b));
    loop {
        let (token_a, token_b) = (a.next(), b.next());
        match token_a.order(&token_b) {
            Ordering::Equal if matches!((token_a, token_b), (Token::End, Token::End)) => return Ordering::Equal,
            Ordering::Equal => {}
            decided => return decided,
        }
    }
}

/// Whether the text follows the grammar.
pub(super) fn is_valid(text: &str) -> bool {
    let mut tokens = Tokens::of(text);
    loop {
        match tokens.next() {
            Token::End => return true,
            Token::Broken(_) => return false,
            Token::Revision(digits) => return text.trim_end().ends_with(&format!("-r{digits}")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, is_valid, tests::ascending};

    #[test]
    fn the_order_of_apk() {
        ascending(
            Scheme::Apk,
            &[
                &["main"],
                &["1_alpha"],
                &["1_alpha2"],
                &["1_rc1"],
                &["1"],
                &["1-r0"],
                &["1-r2"],
                &["1~0badc0de-r0"],
                &["1_git20060501"],
                &["1_p1"],
                &["1_p1-r1"],
                &["1a"],
                &["1b-r1"],
                &["1.05"],
                &["1.1"],
                &["1.1.0"],
                &["1.5"],
                &["1.39"],
                &["014"],
            ],
        );
    }

    #[test]
    fn grammar() {
        for sound in ["1", "1.2.3a_rc1_p2~0badc0de-r4", "0.12.1-r3"] {
            assert!(is_valid(Scheme::Apk, sound), "{sound}");
        }
        for broken in ["", "a", "1..2", "1-r", "1_blah", "1-r0-x", "1A", "1.2p1"] {
            assert!(!is_valid(Scheme::Apk, broken), "{broken}");
        }
    }
}
