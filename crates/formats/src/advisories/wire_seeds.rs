// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How objects, lists and truth values of a record are read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;

use super::text::{TextSeed, otherwise};
use super::wire::{Long, Notes, Part, Place, Scalar, ScalarSeed, Value};

/// An object that was read.
pub(super) struct Read<T> {
    pub(super) value: T,
    is_useless: bool,
}

/// An object.
pub(super) struct PartSeed<'m, 'n, T> {
    at: &'m Place<'m>,
    notes: &'m Notes<'n>,
    part: PhantomData<T>,
}

impl<'m, 'n, T: Default> PartSeed<'m, 'n, T> {
    pub(super) fn new(at: &'m Place<'m>, notes: &'m Notes<'n>) -> Self {
        Self { at, notes, part: PhantomData }
    }

    fn instead<E>(self, what: &str) -> Result<Read<T>, E> {
        self.notes.add(GapCode::WrongType, self.at, what);
        Ok(Read { value: T::default(), is_useless: true })
    }
}

impl<'de, T: Part<'de>> DeserializeSeed<'de> for PartSeed<'_, '_, T> {
    type Value = Read<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Part<'de>> Visitor<'de> for PartSeed<'_, '_, T> {
    type Value = Read<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { at, notes, .. } = self;
        let mut value = T::default();
        while let Some(key) = map.next_key_seed(TextSeed)? {
            let at = &Place::Key(at, &key);
            value.field(&key, Value { map: &mut map, at, notes })?;
        }
        let is_useless = value.is_useless(at, notes);
        Ok(Read { value, is_useless })
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Read { value: T::default(), is_useless: true })
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        self.instead("a text, not an object")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        self.instead("a truth value, not an object")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        self.instead("a number, not an object")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        self.instead("a number, not an object")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        self.instead("a number, not an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(sequence)?;
        self.instead("a list, not an object")
    }
}

/// A list of objects.
pub(super) struct PartsSeed<'m, 'n, T> {
    pub(super) at: &'m Place<'m>,
    pub(super) notes: &'m Notes<'n>,
    pub(super) most: usize,
    pub(super) part: PhantomData<T>,
}

impl<T> PartsSeed<'_, '_, T> {
    fn instead<E>(self, what: &str) -> Result<Vec<T>, E> {
        self.notes.add(GapCode::WrongType, self.at, what);
        Ok(Vec::new())
    }
}

impl<'de, T: Part<'de>> DeserializeSeed<'de> for PartsSeed<'_, '_, T> {
    type Value = Vec<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Part<'de>> Visitor<'de> for PartsSeed<'_, '_, T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        for index in 0..self.most {
            let at = &Place::Index(self.at, index);
            match sequence.next_element_seed(PartSeed::<T>::new(at, self.notes))? {
                Some(read) if read.is_useless => {}
                Some(read) => list.push(read.value),
                None => return Ok(list),
            }
        }
        pass_over(sequence, self.at, self.notes, self.most)?;
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.notes.add(GapCode::WrongType, self.at, "an object, not a list");
        let read = PartSeed::<T>::new(self.at, self.notes).visit_map(map)?;
        Ok(if read.is_useless { Vec::new() } else { vec![read.value] })
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        self.instead("a text, not a list")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        self.instead("a truth value, not a list")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        self.instead("a number, not a list")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        self.instead("a number, not a list")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        self.instead("a number, not a list")
    }

    otherwise! { Vec::new(); nothing }
}

/// Passes over what is left of a list that is longer than `most`, with a gap.
fn pass_over<'de, A: SeqAccess<'de>>(
    mut sequence: A,
    at: &Place<'_>,
    notes: &Notes<'_>,
    most: usize,
) -> Result<(), A::Error> {
    let mut beyond = 0u64;
    while sequence.next_element::<IgnoredAny>()?.is_some() {
        beyond += 1;
    }
    if beyond > 0 {
        notes.add(GapCode::TooManyElements, at, &format!("{beyond} beyond the first {most}"));
    }
    Ok(())
}

/// A list of names or versions.
pub(super) struct NamesSeed<'m, 'n> {
    pub(super) at: &'m Place<'m>,
    pub(super) notes: &'m Notes<'n>,
    pub(super) most: usize,
}

impl NamesSeed<'_, '_> {
    fn alone<'de, E>(self, name: Text<'de>) -> Result<Vec<Text<'de>>, E> {
        self.notes.add(GapCode::WrongType, self.at, "a lone value, not a list");
        Ok(if name.is_empty() || name.len() > bounds::ADVISORY_NAME_BYTES { Vec::new() } else { vec![name] })
    }
}

impl<'de> DeserializeSeed<'de> for NamesSeed<'_, '_> {
    type Value = Vec<Text<'de>>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NamesSeed<'_, '_> {
    type Value = Vec<Text<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        for index in 0..self.most {
            let at = &Place::Index(self.at, index);
            let limit = Long::Refuse(bounds::ADVISORY_NAME_BYTES);
            match sequence.next_element_seed(ScalarSeed { at, notes: self.notes, limit })? {
                Some(Scalar::Text(name)) if !name.is_empty() => list.push(name),
                Some(_) => {}
                None => return Ok(list),
            }
        }
        pass_over(sequence, self.at, self.notes, self.most)?;
        Ok(list)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        self.alone(Text::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.alone(Text::Owned(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.alone(Text::Owned(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.alone(Text::Owned(number.to_string()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        self.alone(Text::Borrowed(""))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        self.alone(Text::Borrowed(""))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_map(map)?;
        self.alone(Text::Borrowed(""))
    }

    otherwise! { Vec::new(); nothing }
}

/// What stood where a truth value belongs.
pub(super) enum Truth {
    Said(bool),
    Missing,
    Other,
}

pub(super) struct TruthSeed;

impl<'de> DeserializeSeed<'de> for TruthSeed {
    type Value = Truth;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TruthSeed {
    type Value = Truth;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a truth value")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Truth::Said(truth))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(match text.trim_ascii().to_ascii_lowercase().as_str() {
            "true" | "yes" => Truth::Said(true),
            "false" | "no" => Truth::Said(false),
            "" => Truth::Missing,
            _ => Truth::Other,
        })
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Truth::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Truth::Other)
    }

    otherwise! { Truth::Other; negative, float, sequence }
    otherwise! { Truth::Missing; nothing }
}
