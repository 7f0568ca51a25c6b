// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! RubyGems (Gem::Version), also CocoaPods.
//!
//! Runs of digits and letters are segments; a hyphen stands for `.pre.`; words come before numbers, and zeros before the
//! first word or the end do not count: `1.0.a` before `1`. The platform a gem was built for (`-x86_64-linux`, `-java`) is not part
//! of its version and is cut off.

use std::cmp::Ordering;

use super::numbers;

const PLATFORMS: &[&str] = &[
    "x86",
    "x64",
    "amd64",
    "i386",
    "i486",
    "i586",
    "i686",
    "arm",
    "aarch64",
    "universal",
    "java",
    "jruby",
    "mswin",
    "mingw",
    "linux",
    "darwin",
    "powerpc",
    "ppc64",
    "s390x",
    "riscv64",
    "freebsd",
];

fn without_platform(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('-') {
        Some((version, platform)) if PLATFORMS.iter().any(|known| platform.starts_with(known)) => version,
        _ => text,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// The segments without the zeros that stand before the first word or the end.
fn segments(text: &str) -> Option<Vec<Segment<'_>>> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) {
        return None;
    }
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('-') {
            push(&mut found, Segment::Word("pre"));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
            let (digits, after) = numbers::split_digits(rest);
            found.push(Segment::Number(digits.trim_start_matches('0')));
            rest = after;
        } else {
            let (word, after) = numbers::split_while(rest, |byte| byte.is_ascii_alphabetic());
            push(&mut found, Segment::Word(word));
            rest = after;
        }
    }
    drop_zeros(&mut found);
    Some(found)
}

fn push<'a>(found: &mut Vec<Segment<'a>>, word: Segment<'a>) {
    if found.iter().all(|segment| matches!(segment, Segment::Number(_))) {
        drop_zeros(found);
    }
    found.push(word);
}

fn drop_zeros(found: &mut Vec<Segment<'_>>) {
    while found.last() == Some(&Segment::Number("")) {
        found.pop();
    }
}

fn compare_segments(a: &[Segment<'_>], b: &[Segment<'_>]) -> Ordering {
    for index in 0..a.len().max(b.len()) {
        let zero = Segment::Number("");
        let decided = match (a.get(index).unwrap_or(&zero), b.get(index).unwrap_or(&zero)) {
            (Segment::Number(a), Segment::Number(b)) => numbers::compare(a, b),
            (Segment::Word(a), Segment::Word(b)) => a.cmp(b),
            (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
            (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
    Ordering::Equal
}

fn read(text: &str) -> Option<Vec<Segment<'_>>> {
    let bare = without_platform(text);
    if bare.starts_with(|letter: char| letter.is_ascii_digit()) { segments(bare) } else { None }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if numbers::is_plain(a) && numbers::is_plain(b) {
        return numbers::compare_dotted(a, b);
    }
    compare_read(a, b)
}

/// Orders any two texts by their segments.
fn compare_read(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, read(a)), (b, read(b)), |a, b| compare_segments(a, b))
}

/// Whether the text is a version of a gem.
pub(super) fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    proptest::proptest! {
        #[test]
        fn rows_of_numbers_are_segments_too(a in "[0-2]{1,2}(\\.[0-2]{1,2}){0,3}", b in "[0-2]{1,2}(\\.[0-2]{1,2}){0,3}") {
            proptest::prop_assert_eq!(super::compare(&a, &b), super::compare_read(&a, &b));
        }
    }

    #[test]
    fn words_come_before_numbers() {
        ascending(
            Scheme::Gem,
            &[
                &["a"],
                &["1.0.0.a", "1.a"],
                &["1.0.0.a.2"],
                &["1.0.0.b1"],
                &["1.0.0-3"],
                &["1.0.0.rc9"],
                &["1", "1.0", "1.0.0-x86_64-linux", "1.0-java"],
                &["1.0.1"],
                &["1.0.10"],
            ],
        );
    }
}
