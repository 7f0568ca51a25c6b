// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Objects of JSON records, read straight into the types of the model. No wrong type stops the reading: what was
//! tolerated becomes a gap with its place.
//!
//! A [`Part`] says what to do with each key of its object; a [`Value`] offers how a value can be read. `null` means
//! missing, as the schema of OSV has it; numbers are taken for texts, lone values for lists, each with a gap.
//!
//! Trap: [`Value`] must be used up in every branch, [`Value::skip`] for what says nothing: the reading stops otherwise.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::{Limits, Timestamp};

use super::fault::{Fault, FaultCode};
use super::loose::Loose;
use super::wire_seeds::{NamesSeed, PartSeed, PartsSeed, Truth, TruthSeed};

/// A part of a record: an object.
pub(super) trait Part<'de>: Default {
    /// Takes the value of one key.
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error>;

    /// Looks at the whole once it is read; true when it is of no use and has to be left out of its list.
    fn is_useless(&mut self, _at: &Place<'_>, _notes: &Notes<'_>) -> bool {
        false
    }
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// The record.
    Root,
    /// Under a key.
    Key(&'p Place<'p>, &'p str),
    /// In a list.
    Index(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(above, key) => {
                let shown: String = key.chars().take(80).collect();
                write!(formatter, "{above}/{}", shown.replace('~', "~0").replace('/', "~1"))
            }
            Self::Index(above, index) => write!(formatter, "{above}/{index}"),
        }
    }
}

/// What is noted while reading.
pub(super) struct Notes<'l> {
    /// Limits in force.
    pub(super) limits: &'l Limits,
    gaps: RefCell<Gaps>,
}

impl<'l> Notes<'l> {
    /// Nothing noted.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, gaps: RefCell::default() }
    }

    /// Notes a gap.
    pub(super) fn add(&self, code: GapCode, at: &Place<'_>, detail: &str) {
        self.gaps.borrow_mut().add_with(code, || (at.to_string(), detail.to_owned()));
    }

    /// What was noted.
    pub(super) fn into_gaps(self) -> Gaps {
        self.gaps.into_inner()
    }
}

/// Reads a record of at most `most_bytes`.
///
/// # Errors
/// When it is too large or too deep, breaks off, or is no object.
pub(super) fn read<'de, T: Part<'de>>(text: &'de str, notes: &Notes<'_>, most_bytes: usize) -> Result<T, Fault> {
    if text.len() > most_bytes {
        return Err(Fault::new(FaultCode::TooLarge, "", format!("{} bytes", text.len())));
    }
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Fault::new(FaultCode::UnreadableRecord, "", "no JSON object"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let part = PartSeed::<T>::new(&Place::Root, notes).deserialize(&mut deserializer);
    part.and_then(|part| deserializer.end().map(|()| part)).map(|part| part.value).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let detail = error.to_string();
        let is_deep = detail.starts_with("recursion limit exceeded");
        let code = if is_deep { FaultCode::TooDeep } else { FaultCode::UnreadableRecord };
        Fault::new(code, place, detail)
    })
}

/// A value of an object, about to be read.
pub(super) struct Value<'m, 'n, A> {
    pub(super) map: &'m mut A,
    pub(super) at: &'m Place<'m>,
    pub(super) notes: &'m Notes<'n>,
}

impl<'de, A: MapAccess<'de>> Value<'_, '_, A> {
    /// A text; empty when there is none, cut when it is too long.
    #[inline]
    pub(super) fn text(self) -> Result<Text<'de>, A::Error> {
        let limit = Long::Cut(self.notes.limits.text_bytes);
        let scalar = self.map.next_value_seed(ScalarSeed { at: self.at, notes: self.notes, limit })?;
        Ok(scalar.into_text())
    }

    /// A name or version: empty when it is too long, since a part of one means something else.
    #[inline]
    pub(super) fn name(self) -> Result<Text<'de>, A::Error> {
        self.scalar().map(Scalar::into_text)
    }

    /// A name or version, telling apart what is missing and what was left out.
    #[inline]
    pub(super) fn scalar(self) -> Result<Scalar<'de>, A::Error> {
        let limit = Long::Refuse(bounds::ADVISORY_NAME_BYTES);
        self.map.next_value_seed(ScalarSeed { at: self.at, notes: self.notes, limit })
    }

    /// Anything, where the format leaves it open what it is.
    pub(super) fn loose(self) -> Result<Loose<'de>, A::Error> {
        self.map.next_value()
    }

    /// A list of names or versions, at most so many. Empty ones are left out.
    pub(super) fn names(self, most: usize) -> Result<Vec<Text<'de>>, A::Error> {
        let seed = NamesSeed { at: self.at, notes: self.notes, most };
        self.map.next_value_seed(seed)
    }

    /// A moment.
    pub(super) fn time(self) -> Result<Option<Timestamp>, A::Error> {
        let (at, notes) = (self.at, self.notes);
        let text = self.name()?;
        Ok(time(&text, at, notes))
    }

    /// A truth value, also written as a text.
    pub(super) fn truth(self) -> Result<Option<bool>, A::Error> {
        Ok(match self.map.next_value_seed(TruthSeed)? {
            Truth::Said(truth) => Some(truth),
            Truth::Missing => None,
            Truth::Other => {
                self.notes.add(GapCode::WrongType, self.at, "no truth value");
                None
            }
        })
    }

    /// An object; empty when there is none.
    pub(super) fn part<T: Part<'de>>(self) -> Result<T, A::Error> {
        Ok(self.map.next_value_seed(PartSeed::<T>::new(self.at, self.notes))?.value)
    }

    /// A list of objects, at most so many.
    pub(super) fn parts<T: Part<'de>>(self, most: usize) -> Result<Vec<T>, A::Error> {
        self.map.next_value_seed(PartsSeed::<T> { at: self.at, notes: self.notes, most, part: Default::default() })
    }

    /// Passes over it.
    pub(super) fn skip(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    /// Passes over it and says so.
    pub(super) fn unknown(self) -> Result<(), A::Error> {
        self.notes.add(GapCode::UnknownField, self.at, "");
        self.skip()
    }
}

/// The moment a text says; a gap when it says none.
pub(super) fn time(text: &str, at: &Place<'_>, notes: &Notes<'_>) -> Option<Timestamp> {
    if text.is_empty() {
        return None;
    }
    let time = text.parse().ok();
    if time.is_none() {
        notes.add(GapCode::InvalidTime, at, &text.chars().take(60).collect::<String>());
    }
    time
}

/// One value that should be a text.
pub(super) enum Scalar<'de> {
    /// `null`.
    Missing,
    /// Too long, or nothing of which a text can be made without a guess.
    Refused,
    /// A text.
    Text(Text<'de>),
}

impl<'de> Scalar<'de> {
    /// The text; empty when there is none.
    #[inline]
    pub(super) fn into_text(self) -> Text<'de> {
        match self {
            Self::Text(text) => text,
            Self::Missing | Self::Refused => Text::Borrowed(""),
        }
    }
}

/// What happens to texts that are too long.
#[derive(Clone, Copy)]
pub(super) enum Long {
    Cut(usize),
    Refuse(usize),
}

pub(super) struct ScalarSeed<'m, 'n> {
    pub(super) at: &'m Place<'m>,
    pub(super) notes: &'m Notes<'n>,
    pub(super) limit: Long,
}

impl ScalarSeed<'_, '_> {
    #[inline]
    fn within<'t>(&self, text: Text<'t>) -> Scalar<'t> {
        Scalar::Text(match self.limit {
            Long::Cut(most) | Long::Refuse(most) if text.len() <= most => text,
            Long::Cut(most) => {
                self.notes.add(GapCode::TextTooLong, self.at, "");
                let end = text.floor_char_boundary(most);
                match text {
                    Text::Borrowed(text) => Text::Borrowed(&text[..end]),
                    Text::Owned(mut text) => {
                        text.truncate(end);
                        Text::Owned(text)
                    }
                }
            }
            Long::Refuse(_) => {
                let detail = format!("{} bytes: left out", text.len());
                self.notes.add(GapCode::TextTooLong, self.at, &detail);
                return Scalar::Refused;
            }
        })
    }

    fn instead<E>(self, text: Option<String>, what: &str) -> Result<Scalar<'static>, E> {
        self.notes.add(GapCode::WrongType, self.at, what);
        Ok(text.map_or(Scalar::Refused, |text| Scalar::Text(Text::Owned(text))))
    }
}

impl<'de> DeserializeSeed<'de> for ScalarSeed<'_, '_> {
    type Value = Scalar<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ScalarSeed<'_, '_> {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(self.within(Text::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.within(Text::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Missing)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        self.instead(Some(truth.to_string()), "a truth value, not a text")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.instead(Some(number.to_string()), "a number, not a text")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.instead(Some(number.to_string()), "a number, not a text")
    }

    /// The number 1.10 is 1.1, the version 1.10 is not: digits are lost, so it is no name.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        let text = matches!(self.limit, Long::Cut(_)).then(|| number.to_string());
        self.instead(text, "a number with a fraction, not a text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(sequence)?;
        self.instead(None, "a list, not a text")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_map(map)?;
        self.instead(None, "an object, not a text")
    }
}
