// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Maven (pom reference, version order specification), also Gradle.
//!
//! Tokens end at `.`, `-` and where digits meet letters. A hyphen, such a meeting, or a word behind a full stop opens a
//! new list that hangs below the one before. Zeros and words meaning "released" (`final`, `ga`, `release`) at the end of a
//! list do not count. Known words: `alpha` < `beta` < `milestone` < `rc` = `cr` < `snapshot` < released < `sp`; other words
//! come after all of them. At one place a word comes before a list, a list before a number.
//!
//! Releases of Maven disagree about `2.0.a`, whose zero counts here as in the reference: it comes after `2-1`. Maven's own order has circles (`1.0.alpha.1` before `1` before `1-sp` before `1.0.alpha.1`). They are cut here by reading
//! `.word` as `-word` everywhere, which Maven does for the last word only, and by dropping zeros that would stand in front
//! of a list of something announced.

use std::cmp::Ordering;

use super::numbers;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item<'a> {
    /// Digits without leading zeros; empty is zero.
    Number(&'a str),
    Word(Word<'a>),
}

/// A word by its rank; all unknown words share one and are ordered by their letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Word<'a> {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Released,
    ServicePack,
    Other(&'a str),
}

impl<'a> Word<'a> {
    fn of(text: &'a str, before_digit: bool) -> Self {
        match text {
            "alpha" => Self::Alpha,
            "a" if before_digit => Self::Alpha,
            "beta" => Self::Beta,
            "b" if before_digit => Self::Beta,
            "milestone" => Self::Milestone,
            "m" if before_digit => Self::Milestone,
            "rc" | "cr" => Self::Candidate,
            "snapshot" => Self::Snapshot,
            "" | "final" | "ga" | "release" => Self::Released,
            "sp" => Self::ServicePack,
            other => Self::Other(other),
        }
    }
}

impl Item<'_> {
    fn is_nothing(&self) -> bool {
        matches!(self, Item::Number("") | Item::Word(Word::Released))
    }
}

/// Lists, each hanging at the end of the one before.
type Lists<'a> = Vec<Vec<Item<'a>>>;

/// A list as read, and whether a word behind a full stop opened it.
#[derive(Default)]
struct Draft<'a> {
    items: Vec<Item<'a>>,
    by_full_stop: bool,
}

/// Reads `text`, which is in lower case.
fn read(text: &str) -> Lists<'_> {
    let mut drafts = vec![Draft::default()];
    let (mut rest, mut after_full_stop) = (text, false);
    while !rest.is_empty() {
        let (digits, after) = numbers::split_digits(rest);
        if digits.is_empty() {
            rest = read_word(&mut drafts, rest, after_full_stop);
        } else {
            add(&mut drafts, Item::Number(digits.trim_start_matches('0')));
            rest = after;
            if rest.starts_with(|letter: char| !matches!(letter, '.' | '-')) {
                drafts.push(Draft::default());
            }
        }
        after_full_stop = rest.starts_with('.');
        if let Some(after) = rest.strip_prefix('-') {
            drafts.push(Draft::default());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        }
    }
    normalised(drafts)
}

/// Reads the word at the beginning of `text`; none between two separators stands for a zero.
fn read_word<'a>(drafts: &mut Vec<Draft<'a>>, text: &'a str, after_full_stop: bool) -> &'a str {
    let ends = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-');
    let (word, rest) = text.split_at(text.find(ends).unwrap_or(text.len()));
    if word.is_empty() {
        add(drafts, Item::Number(""));
        return rest;
    }
    if drafts.last().is_some_and(|draft| !draft.items.is_empty()) {
        drafts.push(Draft { by_full_stop: after_full_stop, ..Draft::default() });
    }
    let before_digit = rest.starts_with(|letter: char| letter.is_ascii_digit());
    add(drafts, Item::Word(Word::of(word, before_digit)));
    if before_digit {
        drafts.push(Draft::default());
    }
    rest
}

fn add<'a>(drafts: &mut [Draft<'a>], item: Item<'a>) {
    if let Some(draft) = drafts.last_mut() {
        draft.items.push(item);
    }
}

/// Without what says nothing, from the innermost list outwards.
fn normalised(drafts: Vec<Draft<'_>>) -> Lists<'_> {
    let mut kept: Lists<'_> = Vec::with_capacity(drafts.len());
    let starts_with_zero = drafts.first().is_some_and(|draft| draft.items.first() == Some(&Item::Number("")));
    let mut inner_by_full_stop = false;
    for draft in drafts.into_iter().rev() {
        let mut list = draft.items;
        let starts_with_number = matches!(list.first(), Some(Item::Number(_)));
        let inner = kept.last().map(Vec::as_slice);
        // The zeros of `2.0.word` count, those of `2.0-word` and `2.0.rc` do not.
        let keeps_zeros = inner_by_full_stop && inner.is_some_and(is_other);
        while !keeps_zeros && list.last().is_some_and(Item::is_nothing) {
            list.pop();
        }
        // `1-0-1` keeps its zero, or it would be `1-1`; `1-0-alpha` does not, or it would come after `1`.
        if list.is_empty() && starts_with_number && inner.is_some_and(|inner| !is_announced(inner)) {
            list.push(Item::Number(""));
        }
        inner_by_full_stop = draft.by_full_stop;
        if !list.is_empty() {
            kept.push(list);
        }
    }
    // The outermost list is never the hanging one: `0-1` is not `1`.
    if starts_with_zero && !matches!(kept.last().and_then(|list| list.first()), Some(Item::Number(""))) {
        kept.push(vec![Item::Number("")]);
    }
    kept.reverse();
    kept
}

/// Whether a list starts with a word that Maven does not know.
fn is_other(list: &[Item<'_>]) -> bool {
    matches!(list.first(), Some(Item::Word(Word::Other(_))))
}

/// Whether a list starting like this comes before a version without it.
fn is_announced(list: &[Item<'_>]) -> bool {
    matches!(list.first(), Some(Item::Word(word)) if *word < Word::Released)
}

/// What stands at one place of a list.
#[derive(Clone, Copy)]
enum Place<'a> {
    Nothing,
    Word(Word<'a>),
    Lists(&'a [Vec<Item<'a>>]),
    Number(&'a str),
}

fn place<'a>(lists: &'a [Vec<Item<'a>>], index: usize) -> Place<'a> {
    let Some((list, inner)) = lists.split_first() else { return Place::Nothing };
    match list.get(index) {
        Some(Item::Number(digits)) => Place::Number(digits),
        Some(Item::Word(word)) => Place::Word(*word),
        None if index == list.len() && !inner.is_empty() => Place::Lists(inner),
        None => Place::Nothing,
    }
}

/// Whether lists come before, at or after nothing.
fn against_nothing(lists: &[Vec<Item<'_>>]) -> Ordering {
    lists
        .iter()
        .flatten()
        .map(|item| match item {
            Item::Number(digits) => numbers::compare(digits, ""),
            Item::Word(word) => word.cmp(&Word::Released),
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

fn compare_lists<'a>(a: &'a [Vec<Item<'a>>], b: &'a [Vec<Item<'a>>]) -> Ordering {
    let (mut a, mut b, mut index) = (a, b, 0);
    loop {
        let decided = match (place(a, index), place(b, index)) {
            (Place::Nothing, Place::Nothing) => return Ordering::Equal,
            (Place::Number(a), Place::Number(b)) => numbers::compare(a, b),
            (Place::Number(_), _) => return Ordering::Greater,
            (_, Place::Number(_)) => return Ordering::Less,
            (Place::Word(a), Place::Word(b)) => a.cmp(&b),
            (Place::Word(word), Place::Nothing) => word.cmp(&Word::Released),
            (Place::Nothing, Place::Word(word)) => Word::Released.cmp(&word),
            (Place::Word(_), Place::Lists(_)) => return Ordering::Less,
            (Place::Lists(_), Place::Word(_)) => return Ordering::Greater,
            (Place::Lists(lists), Place::Nothing) => return against_nothing(lists),
            (Place::Nothing, Place::Lists(lists)) => return against_nothing(lists).reverse(),
            (Place::Lists(inner_a), Place::Lists(inner_b)) => {
                (a, b, index) = (inner_a, inner_b, 0);
                continue;
            }
        };
        if decided != Ordering::Equal {
            return decided;
        }
        index += 1;
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim(), b.trim());
    // Rows of numbers alone form one list each, whose zeros at the end do not count.
    if numbers::is_plain(a) && numbers::is_plain(b) {
        return numbers::compare_dotted(a, b);
    }
    compare_read(a, b)
}

/// Orders any two texts by their lists.
fn compare_read(a: &str, b: &str) -> Ordering {
    let (a, b) = (numbers::lower(a), numbers::lower(b));
    compare_lists(&read(&a), &read(&b))
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_maven() {
        ascending(
            Scheme::Maven,
            &[
                &["1-alpha-1", "1.0a1", "1alpha1", "1.0.0-ALPHA1", "1-0-alpha-1"],
                &["1-beta"],
                &["1-milestone-2", "1m2"],
                &["1-rc", "1-cr"],
                &["1-snapshot", "1.0-SNAPSHOT"],
                &["1", "1.0", "1.0.0", "1-ga", "1.0.RELEASE", "1-0.ga", "1.Final"],
                &["1-sp"],
                &["1-android"],
                &["1-jre"],
                &["1-0-1"],
                &["1-1"],
                &["1-2"],
                &["1.0.a"],
                &["1.0.0.a"],
                &["1.0.1"],
                &["1.1"],
                &["1.10"],
            ],
        );
    }

    proptest::proptest! {
        #[test]
        fn rows_of_numbers_are_lists_too(a in "[0-2]{1,2}(\\.[0-2]{1,2}){0,3}", b in "[0-2]{1,2}(\\.[0-2]{1,2}){0,3}") {
            proptest::prop_assert_eq!(super::compare(&a, &b), super::compare_read(&a, &b));
        }
    }

    #[test]
    fn circles_are_cut() {
        ascending(Scheme::Maven, &[&["1.0.alpha.1"], &["1"], &["1-sp"]]);
        ascending(Scheme::Maven, &[&["1-alpha"], &["1"], &["1.sp.1"]]);
        ascending(Scheme::Maven, &[&["0-alpha"], &["0"], &["0-1"], &["1"]]);
    }
}
