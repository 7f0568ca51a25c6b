// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The smallest parts of a JSON document, read so that no producer's wrong type stops the reading.
//!
//! A [`Field`] is a text that borrows from the document wherever the document holds it as it is. `Cow` with
//! `#[serde(borrow)]` copies inside `Option` and `Vec`; a visitor of our own does not. A [`List`] takes a lone value as
//! a list of one. A [`record!`] is a struct that passes over what it does not know and takes any other type as empty.
//! What was tolerated is noted in the value ([`Faults`], [`Field::Number`], …) and becomes a gap when the inventory is
//! built, where the place is known.
//!
//! Trap: tolerance must cost nothing when all is well, since gigabytes go through here. Every visitor therefore decides
//! by the first byte of the value, once.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One text, or what stood in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Field<'a> {
    /// The field is not there.
    #[default]
    Missing,
    /// `null`.
    Null,
    /// A list or an object.
    Structure,
    /// A number, a truth value, or a text alone in a list; as text.
    Number(Box<str>),
    /// A text, as it should be.
    Text(Cow<'a, str>),
}

impl<'a> Field<'a> {
    /// The text that can be read from it; empty when there is none.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(text) => text,
            Self::Missing | Self::Null | Self::Structure => "",
        }
    }

    /// True when nothing can be read from it.
    pub(super) fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// What stands there instead of a text, if it is something else.
    pub(super) fn wrong_type(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Text(_) => None,
            Self::Null => Some("null instead of a text"),
            Self::Structure => Some("a list or an object instead of a text"),
            Self::Number(_) => Some("a number, a truth value or a list instead of a text"),
        }
    }

    /// Takes the text out.
    pub(super) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => text,
            Self::Number(text) => Cow::Owned(text.into_string()),
            Self::Missing | Self::Null | Self::Structure => Cow::Borrowed(""),
        }
    }
}

impl<'a> From<Cow<'a, str>> for Field<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Field::Number(value.to_string().into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Field::Number(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Field::Number(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Field::Number(value.to_string().into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Field::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let first = sequence.next_element::<IgnoredOrText>()?;
        let mut others = false;
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            others = true;
        }
        Ok(match first {
            Some(IgnoredOrText(Some(text))) if !others => Field::Number(text),
            _ => Field::Structure,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_map(map)?;
        Ok(Field::Structure)
    }
}

impl<'de> Deserialize<'de> for Field<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

/// The text of a lone element; lists in lists are not looked into.
struct IgnoredOrText(Option<Box<str>>);

impl<'de> Deserialize<'de> for IgnoredOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = IgnoredOrText;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(IgnoredOrText(Some(text.into())))
            }

            otherwise! { IgnoredOrText(None); scalar, sequence, map }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}

/// What was tolerated in one record. Takes no memory while there is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults(Option<Box<FaultList>>);

/// The faults of one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FaultList {
    /// The record itself is of another type.
    pub(super) wrong_type: bool,
    /// Fields that the format does not have; at most [`Faults::KEPT`].
    pub(super) unknown: Vec<Box<str>>,
}

impl Faults {
    /// Names of unknown fields kept for one record.
    const KEPT: usize = 32;

    /// The faults, if there are any.
    pub(super) fn list(&self) -> Option<&FaultList> {
        self.0.as_deref()
    }

    /// Notes that the record is of another type.
    pub(super) fn wrong_type() -> Self {
        Self(Some(Box::new(FaultList { wrong_type: true, unknown: Vec::new() })))
    }

    /// Notes a field that the format does not have.
    pub(super) fn unknown(&mut self, name: &str) {
        let list = &mut self.0.get_or_insert_default().unknown;
        if list.len() < Self::KEPT {
            list.push(name.chars().take(80).collect::<String>().into());
        }
    }
}

/// A list, or what stood in its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List<T> {
    /// The elements that could be read.
    pub(super) items: Vec<T>,
    /// What is wrong with it; takes no memory while there is nothing.
    faults: Option<Box<ListFaults>>,
}

/// What is wrong with a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ListFaults {
    /// What stands there instead of a list, if it is something else.
    pub(super) wrong_type: Option<&'static str>,
    /// Elements beyond the limit, passed over.
    pub(super) beyond_limit: u64,
    /// Elements that state nothing we know, passed over (inner lists only).
    pub(super) blank: u64,
}

impl<T> List<T> {
    /// What is wrong with it, if anything.
    pub(super) fn faults(&self) -> Option<&ListFaults> {
        self.faults.as_deref()
    }

    /// Notes one more element that was passed over because there are too many.
    pub(super) fn pass_over(&mut self) {
        self.faults.get_or_insert_default().beyond_limit += 1;
    }

    fn instead(items: Vec<T>, instead: &'static str) -> Self {
        let faults = ListFaults { wrong_type: Some(instead), ..ListFaults::default() };
        Self { items, faults: Some(Box::new(faults)) }
    }
}

/// What can stand in a [`List`].
pub(super) trait Element {
    /// True when nothing at all could be read from it.
    fn is_blank(&self) -> bool;
}

impl Element for Field<'_> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), faults: None }
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, faults: None }
    }
}

/// Elements of a list inside one element of the document; hostile documents have more.
const INNER_LIMIT: usize = 100_000;

impl<'de, T: Deserialize<'de> + Element> Deserialize<'de> for List<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ListSeed { limit: INNER_LIMIT, skip_blank: true, element: PhantomData }.deserialize(deserializer)
    }
}

/// Reads a list of at most `limit` elements; those beyond are counted and passed over.
pub(super) struct ListSeed<T> {
    limit: usize,
    skip_blank: bool,
    element: PhantomData<T>,
}

impl<T> ListSeed<T> {
    /// For at most `limit` elements. Blank ones are kept, so that places can be told by counting.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, skip_blank: false, element: PhantomData }
    }
}

impl<'de, T: Deserialize<'de> + Element> DeserializeSeed<'de> for ListSeed<T> {
    type Value = List<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> ListSeed<T> {
    fn alone(element: T, instead: &'static str) -> List<T> {
        List::instead(vec![element], instead)
    }

    fn nothing<E>(instead: &'static str) -> Result<List<T>, E> {
        Ok(List::instead(Vec::new(), instead))
    }
}

impl<'de, T: Deserialize<'de> + Element> Visitor<'de> for ListSeed<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut list = List::default();
        while list.items.len() < self.limit {
            match sequence.next_element::<T>()? {
                Some(element) if self.skip_blank && element.is_blank() => {
                    list.faults.get_or_insert_default().blank += 1;
                }
                Some(element) => list.items.push(element),
                None => return Ok(list),
            }
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            list.pass_over();
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|element| Self::alone(element, "an object, not a list"))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        T::deserialize(BorrowedStrDeserializer::new(text)).map(|element| Self::alone(element, "a text, not a list"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(StrDeserializer::new(text)).map(|element| Self::alone(element, "a text, not a list"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Self::nothing("a truth value, not a list")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Self::nothing("a number, not a list")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Self::nothing("a number, not a list")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Self::nothing("a number, not a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Self::nothing("null, not a list")
    }
}

/// Visitor methods for everything that is not what was expected: drained and replaced by `$instead`.
macro_rules! otherwise {
    ($instead:expr; $($kind:ident),*) => { $($crate::spdx::field::otherwise!(@ $kind $instead);)* };
    (@ text $instead:expr) => {
        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ map $instead:expr) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            serde::de::IgnoredAny.visit_map(map)?;
            Ok($instead)
        }
    };
    (@ sequence $instead:expr) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
            serde::de::IgnoredAny.visit_seq(sequence)?;
            Ok($instead)
        }
    };
    (@ scalar $instead:expr) => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
}
pub(super) use otherwise;

/// A struct read from an object: named fields are read, those after `skip` are passed over, all others are noted as
/// unknown. Anything but an object gives the empty record with a fault.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty = $($key:literal)|+,)* } skip $($skipped:literal)|*) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(in $crate::spdx) struct $name<'a> {
            $($(#[$field_meta])* pub(in $crate::spdx) $field: $kind,)*
            /// What was tolerated.
            pub(in $crate::spdx) faults: $crate::spdx::field::Faults,
            /// Line of the document, where it is read by lines; else 0.
            pub(in $crate::spdx) line: u32,
        }

        impl $crate::spdx::field::Element for $name<'_> {
            fn is_blank(&self) -> bool {
                true $(&& self.$field == Default::default())*
            }
        }

        impl<'de> serde::de::Deserialize<'de> for $name<'de> {
            #[inline]
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[expect(non_camel_case_types, reason = "the keys are named as the fields are")]
                enum Key { $($field,)* Skipped, Unknown(Box<str>) }

                struct KeyVisitor;

                impl serde::de::Visitor<'_> for KeyVisitor {
                    type Value = Key;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("a key")
                    }

                    #[inline]
                    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
                        Ok(match key {
                            $($($key)|+ => Key::$field,)*
                            $($skipped => Key::Skipped,)*
                            _ => Key::Unknown(key.into()),
                        })
                    }
                }

                impl<'de> serde::de::Deserialize<'de> for Key {
                    #[inline]
                    fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        deserializer.deserialize_identifier(KeyVisitor)
                    }
                }

                struct RecordVisitor;

                impl<'de> serde::de::Visitor<'de> for RecordVisitor {
                    type Value = $name<'de>;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut record = $name::default();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$field => record.$field = map.next_value()?,)*
                                Key::Skipped => { map.next_value::<serde::de::IgnoredAny>()?; }
                                Key::Unknown(name) => {
                                    record.faults.unknown(&name);
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(record)
                    }

                    $crate::spdx::field::otherwise! {
                        $name { faults: $crate::spdx::field::Faults::wrong_type(), ..$name::default() };
                        text, scalar, sequence
                    }
                }

                deserializer.deserialize_any(RecordVisitor)
            }
        }
    };
}
pub(super) use record;

#[cfg(test)]
mod tests {
    use super::*;

    fn field(json: &str) -> Field<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_field_takes_every_type() {
        assert!(matches!(field(r#""plain""#), Field::Text(Cow::Borrowed("plain"))));
        assert!(matches!(field(r#""tab\t""#), Field::Text(Cow::Owned(text)) if text == "tab\t"));
        for (json, text, wrong) in [
            ("null", "", true),
            ("1.5", "1.5", true),
            ("-3", "-3", true),
            ("true", "true", true),
            ("[1,[2]]", "", true),
            (r#"["lone"]"#, "lone", true),
            (r#"["two","texts"]"#, "", true),
            (r#"{"a":{"b":1}}"#, "", true),
            (r#""""#, "", false),
        ] {
            assert_eq!((field(json).as_str(), field(json).wrong_type().is_some()), (text, wrong), "{json}");
        }
    }

    #[test]
    fn a_list_takes_a_lone_value_and_counts_what_is_too_much() {
        let list: List<Field<'_>> = serde_json::from_str(r#""alone""#).unwrap();
        let wrong = list.faults().and_then(|faults| faults.wrong_type);
        assert_eq!((list.items.len(), wrong), (1, Some("a text, not a list")));
        let mut json = serde_json::Deserializer::from_str("[1,2,3,4,5]");
        let list = ListSeed::<Field<'_>>::new(2).deserialize(&mut json).unwrap();
        assert_eq!((list.items.len(), list.faults().map(|faults| faults.beyond_limit)), (2, Some(3)));
        let list: List<Field<'_>> = serde_json::from_str(r#"["a", null, ""]"#).unwrap();
        assert_eq!((list.items.len(), list.faults().map(|faults| faults.blank)), (1, Some(2)));
    }

    #[test]
    fn tolerance_takes_no_memory() {
        assert_eq!(size_of::<Field<'_>>(), size_of::<String>());
        assert_eq!(size_of::<Faults>(), size_of::<usize>());
    }
}
