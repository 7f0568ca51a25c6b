// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The smallest part of a JSON document, a text, read so that no producer's wrong type stops the reading.
//!
//! A [`Field`] borrows from the document wherever the document holds the text as it is. `Cow` with `#[serde(borrow)]`
//! copies inside `Option` and `Vec`; a visitor of our own does not. What was tolerated is noted in the value
//! ([`Field::Number`], …) and becomes a gap when the inventory is built, where the place is known.
//!
//! Trap: tolerance must cost nothing when all is well, since gigabytes go through here. Every visitor therefore decides
//! by the first byte of the value, once.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::record::otherwise;

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
    fn tolerance_takes_no_memory() {
        assert_eq!(size_of::<Field<'_>>(), size_of::<String>());
    }
}
