// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Python packages: PEP 440 (packaging.python.org, version specifiers), also used for Conda.
//!
//! Epoch, release (trailing zeros do not count), then: development releases, pre-releases (`a`, `b`, `rc` and their other
//! spellings), the release itself, post-releases; last the local version behind `+`. Texts from before PEP 440 come
//! before everything else.

use std::cmp::Ordering;

use super::numbers::{self, split_digits, split_while};

/// What stands before, at or after a release, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pre<'a> {
    /// A development release of the release itself.
    Development,
    Announced(u8, &'a str),
    Released,
}

/// A version in its parts; numbers as written.
#[derive(Clone, Debug)]
struct Pep440<'a> {
    epoch: &'a str,
    release: &'a str,
    pre: Option<(u8, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: &'a str,
}

const PRE: &[(&str, u8)] =
    &[("alpha", 0), ("a", 0), ("beta", 1), ("b", 1), ("preview", 2), ("pre", 2), ("rc", 2), ("c", 2)];
const POST: &[(&str, u8)] = &[("post", 0), ("rev", 0), ("r", 0)];
const DEV: &[(&str, u8)] = &[("dev", 0)];

fn without_separator(text: &str) -> &str {
    text.strip_prefix(['.', '-', '_']).unwrap_or(text)
}

/// One of the words with an optional number behind it, and the rest.
fn labelled<'a>(text: &'a str, words: &[(&str, u8)]) -> Option<(u8, &'a str, &'a str)> {
    let bare = without_separator(text);
    let (word, rest) = split_while(bare, |byte| byte.is_ascii_alphabetic());
    let rank = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word))?.1;
    let (number, after) = split_digits(without_separator(rest));
    // A separator without a number belongs to what follows.
    Some(if number.is_empty() { (rank, "", rest) } else { (rank, number, after) })
}

impl<'a> Pep440<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, local) = match text.split_once('+') {
            Some((_, "")) => return None,
            Some((text, local)) => (text, local),
            None => (text, ""),
        };
        let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
        if !numbers::is_number(epoch) {
            return None;
        }
        let (release, mut rest) = split_release(text)?;
        let (mut pre, mut post, mut dev) = (None, None, None);
        if let Some((rank, number, after)) = labelled(rest, PRE) {
            (pre, rest) = (Some((rank, number)), after);
        }
        if let Some((_, number, after)) = labelled(rest, POST) {
            (post, rest) = (Some(number), after);
        } else if let Some((number, after)) =
            rest.strip_prefix('-').map(split_digits).filter(|(number, _)| !number.is_empty())
        {
            (post, rest) = (Some(number), after);
        }
        if let Some((_, number, after)) = labelled(rest, DEV) {
            (dev, rest) = (Some(number), after);
        }
        let sound_local =
            local.split(['.', '-', '_']).all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        (rest.is_empty() && sound_local).then_some(Self { epoch, release, pre, post, dev, local })
    }

    fn pre_rank(&self) -> Pre<'a> {
        match self.pre {
            Some((rank, number)) => Pre::Announced(rank, number),
            None if self.post.is_none() && self.dev.is_some() => Pre::Development,
            None => Pre::Released,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        numbers::compare(self.epoch, other.epoch)
            .then_with(|| numbers::compare_dotted(self.release, other.release))
            .then_with(|| compare_pre(self.pre_rank(), other.pre_rank()))
            .then_with(|| compare_optional(self.post, other.post))
            // No development label comes after any.
            .then_with(|| self.dev.is_none().cmp(&other.dev.is_none()))
            .then_with(|| compare_optional(self.dev, other.dev))
            .then_with(|| compare_local(self.local, other.local))
    }
}

/// Dotted numbers at the beginning, without a full stop that belongs to what follows.
fn split_release(text: &str) -> Option<(&str, &str)> {
    let (mut release, _) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    release = release.strip_suffix('.').unwrap_or(release);
    if release.split('.').any(str::is_empty) {
        return None;
    }
    Some((release, text.get(release.len()..)?))
}

fn compare_pre(a: Pre<'_>, b: Pre<'_>) -> Ordering {
    let class = |pre: &Pre<'_>| match pre {
        Pre::Development => 0,
        Pre::Announced(..) => 1,
        Pre::Released => 2,
    };
    match (a, b) {
        (Pre::Announced(a, number_a), Pre::Announced(b, number_b)) => {
            a.cmp(&b).then_with(|| numbers::compare(number_a, number_b))
        }
        (a, b) => class(&a).cmp(&class(&b)),
    }
}

fn compare_optional(a: Option<&str>, b: Option<&str>) -> Ordering {
    a.is_some().cmp(&b.is_some()).then_with(|| numbers::compare(a.unwrap_or(""), b.unwrap_or("")))
}

/// None before some; part by part, words below numbers, fewer before more.
fn compare_local(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return b.is_empty().cmp(&a.is_empty());
    }
    let separators = ['.', '-', '_'];
    let (mut a, mut b) = (a.split(separators), b.split(separators));
    loop {
        let decided = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (numbers::is_number(a), numbers::is_number(b)) {
                (true, true) => numbers::compare(a, b),
                (false, false) => a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()),
                (number_a, number_b) => number_a.cmp(&number_b),
            },
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, Pep440::read(a)), (b, Pep440::read(b)), Pep440::order)
}

/// Whether the text is a version by PEP 440.
pub(super) fn is_valid(text: &str) -> bool {
    Pep440::read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_pep_440() {
        ascending(
            Scheme::Pypi,
            &[
                &["0.7.4.svn.r2010"],
                &["1.dev0", "1.0.dev"],
                &["1.0.dev456"],
                &["1.0a1", "1.0.alpha-1", "v1.0_A1"],
                &["1.0a2.dev456"],
                &["1.0a12"],
                &["1.0b2.post345.dev456"],
                &["1.0b2.post345", "1.0b2-345", "1.0-beta.2.rev.345"],
                &["1.0rc1", "1.0c1", "1.0-preview-1"],
                &["1.0", "1", "1.0.0", " 1.0 "],
                &["1.0+abc.5"],
                &["1.0+abc.7", "1.0+ABC_7"],
                &["1.0+5"],
                &["1.0.post456.dev34"],
                &["1.0.post456", "1.0-456"],
                &["1.1.dev1"],
                &["1!0.1"],
            ],
        );
    }
}
