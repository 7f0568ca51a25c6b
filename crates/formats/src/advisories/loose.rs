// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Values of which the format does not say what they are: every source writes its own words there.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;

use super::text::TextSeed;

/// Any value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Loose<'a> {
    /// `null`.
    #[default]
    Nothing,
    /// A truth value.
    Truth(bool),
    /// A number, as text.
    Number(Box<str>),
    /// A text.
    Text(Text<'a>),
    /// A list, of its first elements.
    List(Vec<Loose<'a>>),
    /// An object, of its first entries.
    Map(Vec<(Text<'a>, Loose<'a>)>),
}

impl<'a> Loose<'a> {
    /// The text, or the digits of a number; empty for all else, and for what is too long to be a name.
    pub(super) fn into_text(self) -> Text<'a> {
        let text = match self {
            Self::Text(text) => text,
            Self::Number(digits) => Text::Owned(digits.into()),
            _ => Text::Borrowed(""),
        };
        if text.len() > bounds::ADVISORY_NAME_BYTES { Text::Borrowed("") } else { text }
    }

    /// The texts of a list, or the lone text.
    pub(super) fn into_texts(self) -> Vec<Text<'a>> {
        let texts: Vec<_> = match self {
            Self::List(items) => items.into_iter().map(Self::into_text).collect(),
            lone => vec![lone.into_text()],
        };
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// The entries of an object.
    pub(super) fn into_entries(self) -> Vec<(Text<'a>, Self)> {
        if let Self::Map(entries) = self { entries } else { Vec::new() }
    }

    /// The elements of a list.
    pub(super) fn into_items(self) -> Vec<Self> {
        if let Self::List(items) = self { items } else { Vec::new() }
    }

    /// The value of a key, as text.
    pub(super) fn into_entry(self, key: &str) -> Text<'a> {
        let found = self.into_entries().into_iter().find(|(name, _)| name == key);
        found.map_or(Text::Borrowed(""), |(_, value)| value.into_text())
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Loose::Truth(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number.to_string().into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number.to_string().into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number.to_string().into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Text::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Text::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < bounds::ADVISORY_ALIASES {
            match sequence.next_element()? {
                Some(item) => items.push(item),
                None => return Ok(Loose::List(items)),
            }
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(TextSeed)? {
            if entries.len() < bounds::ADVISORY_ALIASES {
                entries.push((key, map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Loose::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn texts_are_found_whatever_holds_them() {
        for (json, texts) in [
            (r#""a""#, vec!["a"]),
            (r#"["a", null, 7, ["b"], 1.5]"#, vec!["a", "7", "1.5"]),
            ("null", vec![]),
            ("{}", vec![]),
        ] {
            assert_eq!(loose(json).into_texts(), texts, "{json}");
        }
        assert_eq!(loose(r#"{"a": 1, "b": "two"}"#).into_entry("b"), "two");
        assert_eq!(loose(&format!("\"{}\"", "x".repeat(2_000))).into_text(), "");
    }
}
