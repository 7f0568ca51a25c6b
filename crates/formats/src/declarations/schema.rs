// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the keys of a declaration may hold, as tables: which must be there, which may, which are on their way out.

/// What a value must be.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Text(Check),
    /// Any text in quotes, or nothing.
    TextOrNothing,
    Flag,
    /// A number not below nothing, and whether it must be a whole one.
    Number {
        is_whole: bool,
    },
    List(&'static Self),
    /// A list in which no text stands twice.
    Set(&'static Self),
    /// One value, or a list of them.
    OneOrList(&'static Self),
    Map(&'static [Field]),
    /// A map that may hold more keys than these.
    OpenMap(&'static [Field]),
    /// A map from languages.
    ByLanguage(&'static [Field]),
}

/// What a text must be.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    Any,
    Address,
    WebAddress,
    /// Anything without spaces behind `http://` or `https://`.
    WebPattern,
    Date,
    /// A day and a time (RFC 3339).
    Moment,
    /// Three numbers with dots.
    Version,
    OneOf(&'static [&'static str]),
    MostLetters(usize),
    Letters(usize, usize),
    MediaType,
    Country,
    Language,
    Licence,
    MailAddress,
    Organisation,
    ItalianOffice,
    /// One of these names after `alias:`, an address, or a URN.
    Support(&'static [&'static str]),
    Logo,
    Screenshot,
    AnyFile,
    Video,
}

/// A key.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) need: Need,
}

/// Whether a key must, may or should not be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Must,
    May,
    /// A list with at least one value.
    MustHaveOne,
    /// Deprecated.
    ShouldNot,
}

/// Any text.
pub(crate) const ANY: Shape = Shape::Text(Check::Any);
/// A list of any texts.
pub(crate) const TEXTS: Shape = Shape::List(&ANY);

/// A list of any texts, none of them twice.
pub(crate) const DIFFERENT_TEXTS: Shape = Shape::Set(&ANY);

/// A key that must be there.
pub(crate) const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::Must }
}

/// A key that may be there.
pub(crate) const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::May }
}

/// A key that must hold at least one value.
pub(crate) const fn some(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::MustHaveOne }
}

/// A key that is deprecated.
pub(crate) const fn old(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, need: Need::ShouldNot }
}
