// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One tree for JSON, TOML and YAML, so that every reader looks at its lockfile in the same forgiving way: a missing or
//! mistyped part reads as nothing, never as an error.
//!
//! Texts are borrowed where they stand in the lockfile as they are. Maps keep their order and repeated keys; they are
//! meant to be walked, not searched: who searches a large one builds an index.

use std::borrow::Cow;

use underpin_model::inventory::Text;

/// A part of a lockfile.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Node<'a> {
    /// Nothing, or no such part.
    #[default]
    Nothing,
    /// A truth value.
    Truth(bool),
    /// A number, as it is written.
    Number(Text<'a>),
    /// A text. All scalars of YAML are texts: what looks like a number may be a version or a digest.
    Text(Text<'a>),
    /// A list.
    List(Vec<Node<'a>>),
    /// Keys and values.
    Map(Vec<(Text<'a>, Node<'a>)>),
}

static NOTHING: Node<'static> = Node::Nothing;

impl<'a> Node<'a> {
    /// The value of `key` (the first, when repeated); [`Node::Nothing`] when there is none.
    pub(crate) fn get(&self, key: &str) -> &Node<'a> {
        self.entries().iter().find(|(name, _)| name == key).map_or(&NOTHING, |(_, value)| value)
    }

    /// The entry at `index` of a list.
    pub(crate) fn at(&self, index: usize) -> &Node<'a> {
        self.items().get(index).unwrap_or(&NOTHING)
    }

    /// Keys and values of a map; empty for all else.
    pub(crate) fn entries(&self) -> &[(Text<'a>, Node<'a>)] {
        if let Node::Map(entries) = self { entries } else { &[] }
    }

    /// Entries of a list; empty for all else.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        if let Node::List(items) = self { items } else { &[] }
    }

    /// A text or the digits of a number; empty for all else.
    pub(crate) fn str(&self) -> &str {
        match self {
            Node::Text(text) | Node::Number(text) => text,
            _ => "",
        }
    }

    /// Like [`Node::str`], to be kept.
    pub(crate) fn text(&self) -> Text<'a> {
        match self {
            Node::Text(text) | Node::Number(text) => text.clone(),
            _ => Cow::Borrowed(""),
        }
    }

    /// True when it is there, whatever it is.
    pub(crate) fn exists(&self) -> bool {
        !matches!(self, Node::Nothing)
    }

    /// True for `true`, also where it was written as a text.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Node::Truth(truth) => *truth,
            Node::Text(text) => text == "true",
            _ => false,
        }
    }
}

/// Where and why the rest of a lockfile could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Stable code, used when nothing at all could be read.
    pub(crate) code: &'static str,
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// What was seen.
    pub(crate) detail: String,
}

/// A part of `text`, cut out of it; stays borrowed where `text` is.
pub(crate) fn part<'a>(text: &Text<'a>, range: std::ops::Range<usize>) -> Text<'a> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
    }
}

/// `slice`, which must lie inside `text`, to be kept; stays borrowed where `text` is.
pub(crate) fn keep<'a>(text: &Text<'a>, slice: &str) -> Text<'a> {
    match (slice.as_ptr() as usize).checked_sub(text.as_ptr() as usize) {
        Some(start) if start + slice.len() <= text.len() => part(text, start..start + slice.len()),
        _ => Cow::Owned(slice.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_reads_as_nothing() {
        let node = Node::Map(vec![
            ("list".into(), Node::List(vec![Node::Number("7".into())])),
            ("yes".into(), Node::Text("true".into())),
            ("yes".into(), Node::Truth(false)),
        ]);
        assert_eq!(node.get("list").at(0).str(), "7");
        assert_eq!(node.get("list").at(1).get("x").text(), "");
        assert!(node.get("yes").is_true());
        assert!(!node.get("no").exists());
    }

    #[test]
    fn kept_parts_stay_borrowed() {
        let text: Text<'_> = Cow::Borrowed("name@1.0");
        assert!(matches!(keep(&text, text.split_once('@').map_or("", |(_, version)| version)), Cow::Borrowed("1.0")));
        assert_eq!(keep(&text, "elsewhere"), "elsewhere");
        assert_eq!(keep(&Cow::Owned("owned".to_owned()), ""), "");
    }
}
