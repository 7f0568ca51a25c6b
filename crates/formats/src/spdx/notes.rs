// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Collects gaps with their places while an inventory is built, and takes texts out of fields within the limits.

use std::borrow::Cow;

use underpin_model::Limits;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;

use super::field::Field;
use super::list::{List, ListFaults};
use super::record::Faults;

/// How the places of a document are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// By JSON pointers.
    Pointers,
    /// By lines.
    Lines,
    /// By JSON pointers into the `@graph` of SPDX 3; the line of an element is its index there.
    Graph,
}

/// One element of the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// How places are told.
    pub(super) origin: Origin,
    /// Name of the list it stands in (`packages`).
    pub(super) list: &'static str,
    /// Its index there.
    pub(super) index: usize,
    /// Its line, or its index in the graph.
    pub(super) line: u32,
}

impl Spot {
    /// The place of one field of it; of itself, when `field` is empty.
    pub(super) fn place(&self, field: &str) -> String {
        let separator = if field.is_empty() { "" } else { "/" };
        match self.origin {
            Origin::Pointers => format!("/{}/{}{separator}{field}", self.list, self.index),
            Origin::Lines => format!("line {}", self.line),
            Origin::Graph => format!("/@graph/{}{separator}{field}", self.line),
        }
    }
}

/// The gaps so far, and the limits.
pub(super) struct Notes<'l> {
    /// What was found.
    pub(super) gaps: Gaps,
    /// Limits in force.
    pub(super) limits: &'l Limits,
    /// How places are told.
    pub(super) origin: Origin,
}

impl<'l> Notes<'l> {
    /// Nothing found yet.
    pub(super) fn new(limits: &'l Limits, origin: Origin) -> Self {
        Self { gaps: Gaps::default(), limits, origin }
    }

    /// An element of a list.
    pub(super) fn spot(&self, list: &'static str, index: usize, line: u32) -> Spot {
        Spot { origin: self.origin, list, index, line }
    }

    /// Takes the text of one field of an element.
    #[inline]
    pub(super) fn text<'a>(&mut self, field: Field<'a>, spot: &Spot, name: &str) -> Text<'a> {
        self.text_at(field, || spot.place(name))
    }

    /// Takes the text of a field; `place` is only made when there is something to tell.
    #[inline]
    pub(super) fn text_at<'a>(&mut self, field: Field<'a>, place: impl Fn() -> String) -> Text<'a> {
        if let Some(wrong) = field.wrong_type() {
            self.gaps.add_with(GapCode::WrongType, || (place(), wrong));
        }
        let text = field.into_text();
        if text.len() > self.limits.text_bytes { self.cut(text, place) } else { text }
    }

    #[cold]
    fn cut<'a>(&mut self, text: Text<'a>, place: impl Fn() -> String) -> Text<'a> {
        let length = text.len();
        self.gaps.add_with(GapCode::TextTooLong, || (place(), format!("{length} bytes")));
        let end = text.floor_char_boundary(self.limits.text_bytes);
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
            Cow::Owned(mut text) => {
                text.truncate(end);
                Cow::Owned(text)
            }
        }
    }

    /// Takes the elements of a list, telling what was wrong with it.
    #[inline]
    pub(super) fn list<T>(&mut self, list: List<T>, place: impl Fn() -> String) -> Vec<T> {
        if let Some(faults) = list.faults() {
            self.list_faults(faults, place);
        }
        list.items
    }

    #[cold]
    fn list_faults(&mut self, faults: &ListFaults, place: impl Fn() -> String) {
        if let Some(wrong) = faults.wrong_type {
            self.gaps.add_with(GapCode::WrongType, || (place(), wrong));
        }
        if faults.beyond_limit > 0 {
            let detail = format!("{} more", faults.beyond_limit);
            self.gaps.add_with(GapCode::TooManyElements, || (place(), detail));
        }
        if faults.blank > 0 {
            let detail = format!("{} elements state nothing", faults.blank);
            self.gaps.add_with(GapCode::MissingField, || (place(), detail));
        }
    }

    /// Tells what was wrong with a record.
    #[inline]
    pub(super) fn faults(&mut self, faults: &Faults, place: impl Fn(&str) -> String) {
        if let Some(list) = faults.list() {
            if list.wrong_type {
                self.gaps.add_with(GapCode::WrongType, || (place(""), "not an object"));
            }
            for name in &list.unknown {
                self.gaps.add_with(GapCode::UnknownField, || (place(name), ""));
            }
        }
    }
}

/// Takes `NOASSERTION` and `NONE` for what they are: nothing.
pub(super) fn stated(text: Text<'_>) -> Text<'_> {
    if says_nothing(&text) { Cow::Borrowed("") } else { text }
}

/// True for the empty text, `NOASSERTION` and `NONE`.
pub(super) fn says_nothing(text: &str) -> bool {
    text.is_empty() || text == "NOASSERTION" || text == "NONE"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        let limits = Limits { text_bytes: 5, ..Limits::default() };
        let mut notes = Notes::new(&limits, Origin::Pointers);
        let spot = notes.spot("packages", 3, 0);
        assert_eq!(notes.text("aäöü".into(), &spot, "name"), "aäö");
        assert_eq!(notes.text("short".into(), &spot, "name"), "short");
        let gap = &notes.gaps.list()[0];
        assert_eq!(
            (gap.code, gap.place.as_ref(), gap.detail.as_ref()),
            (GapCode::TextTooLong, "/packages/3/name", "7 bytes")
        );
        assert_eq!(notes.gaps.total(), 1);
    }

    #[test]
    fn places() {
        let spot = |origin| Spot { origin, list: "packages", index: 3, line: 9 };
        assert_eq!(spot(Origin::Pointers).place("name"), "/packages/3/name");
        assert_eq!(spot(Origin::Pointers).place(""), "/packages/3");
        assert_eq!(spot(Origin::Lines).place("name"), "line 9");
        assert_eq!(spot(Origin::Graph).place("name"), "/@graph/9/name");
    }
}
