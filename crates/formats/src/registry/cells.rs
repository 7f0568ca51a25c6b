// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Texts in cells: lists, and the guard against formulas.
//!
//! **Lists** are separated by `;` or `|` and written with `; `; a separator or backslash that belongs to an item is
//! written `\;`, `\|`, `\\`.
//!
//! **Formulas.** A spreadsheet program runs a cell that begins with `=`, `+`, `-` or `@`. Written CSV files carry an
//! apostrophe before such a text, which the programs show as plain text; reading takes it off again. Texts that really
//! begin with an apostrophe before such a character get a second one, so nothing is lost on the way there and back.

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// One text; lists inside it are not taken apart yet.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl Cell {
    /// True when nothing is in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
        }
    }

    /// As one text.
    pub fn joined(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => join(items),
        }
    }
}

/// Line ends become `\n`, space around the text goes.
pub(super) fn clean(text: &str) -> String {
    let text = text.trim();
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Takes a list apart; items are cleaned, empty ones dropped.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let last = items.len() - 1;
        match character {
            ';' | '|' => items.push(String::new()),
            '\\' => match characters.next_if(|next| matches!(next, ';' | '|' | '\\')) {
                Some(escaped) => items[last].push(escaped),
                None => items[last].push('\\'),
            },
            other => items[last].push(other),
        }
    }
    items.iter().map(|item| clean(item)).filter(|item| !item.is_empty()).collect()
}

/// Puts a list together, so that [`split`] takes it apart again.
pub(super) fn join(items: &[String]) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str("; ");
        }
        for character in item.chars() {
            if matches!(character, ';' | '|' | '\\') {
                text.push('\\');
            }
            text.push(character);
        }
    }
    text
}

/// True when a spreadsheet program would take this text for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn is_guarded(text: &str) -> bool {
    text.starts_with('\'') && is_formula(text.trim_start_matches('\''))
}

/// For CSV: the text with an apostrophe before it where it would be run.
pub(super) fn guard(text: String) -> String {
    if is_formula(&text) || is_guarded(&text) { format!("'{text}") } else { text }
}

/// For XLSX, where the cell itself says that it is text: only what [`unguard`] would misread gets an apostrophe.
pub(super) fn guard_apostrophe(text: String) -> String {
    if is_guarded(&text) { format!("'{text}") } else { text }
}

/// Takes off what [`guard`] put on.
pub(super) fn unguard(text: &str) -> &str {
    if is_guarded(text) { text.strip_prefix('\'').unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists() {
        for (text, expected) in [
            ("", vec![]),
            (" ; | ", vec![]),
            ("a", vec!["a"]),
            ("a; b|c ;", vec!["a", "b", "c"]),
            (r"a\;b; c\|d; e\\", vec!["a;b", "c|d", r"e\"]),
            (r"C:\tax", vec![r"C:\tax"]),
            (r"a\", vec![r"a\"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn formulas_are_guarded() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("+49 30 0", "'+49 30 0"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'=1", "''=1"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guard(text.to_owned()), guarded);
            assert_eq!(unguard(guarded), text);
            assert!(!is_formula(&guard(text.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn lists_come_back(items in proptest::collection::vec(r"[a;|\\ =]{1,6}", 0..5)) {
            let items: Vec<_> = items.iter().map(|item| clean(item)).filter(|item| !item.is_empty()).collect();
            prop_assert_eq!(split(&join(&items)), items);
        }

        #[test]
        fn guards_come_off(text in "['=+@a-]{0,6}") {
            for guarded in [guard(text.clone()), guard_apostrophe(text.clone())] {
                prop_assert_eq!(unguard(&guarded), &text);
            }
        }
    }
}
