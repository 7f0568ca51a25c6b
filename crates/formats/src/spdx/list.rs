// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A list of a JSON document, read so that a lone value, `null` or too many elements do not stop the reading.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::field::Field;
use underpin_model::limits::bounds;

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

impl<'de, T: Deserialize<'de> + Element> Deserialize<'de> for List<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = Self::default();
        ListSeed { list: &mut list, limit: bounds::SPDX_INNER_ELEMENTS, skip_blank: true }.deserialize(deserializer)?;
        Ok(list)
    }
}

/// Reads a list of at most `limit` elements; those beyond are counted and passed over. What was read before a document
/// breaks off stays in the list.
pub(super) struct ListSeed<'l, T> {
    list: &'l mut List<T>,
    limit: usize,
    skip_blank: bool,
}

impl<'l, T> ListSeed<'l, T> {
    /// For at most `limit` elements. Blank ones are kept, so that places can be told by counting.
    pub(super) fn new(list: &'l mut List<T>, limit: usize) -> Self {
        Self { list, limit, skip_blank: false }
    }

    fn alone(self, element: T, instead: &'static str) {
        *self.list = List::instead(vec![element], instead);
    }

    fn nothing<E>(self, instead: &'static str) -> Result<(), E> {
        *self.list = List::instead(Vec::new(), instead);
        Ok(())
    }
}

impl<'de, T: Deserialize<'de> + Element> DeserializeSeed<'de> for ListSeed<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de> + Element> Visitor<'de> for ListSeed<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let list = self.list;
        *list = List::default();
        while list.items.len() < self.limit {
            match sequence.next_element::<T>()? {
                Some(element) if self.skip_blank && element.is_blank() => {
                    list.faults.get_or_insert_default().blank += 1;
                }
                Some(element) => list.items.push(element),
                None => return Ok(()),
            }
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            list.pass_over();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|element| self.alone(element, "an object, not a list"))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        T::deserialize(BorrowedStrDeserializer::new(text)).map(|element| self.alone(element, "a text, not a list"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        T::deserialize(StrDeserializer::new(text)).map(|element| self.alone(element, "a text, not a list"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.nothing("a truth value, not a list")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.nothing("a number, not a list")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.nothing("a number, not a list")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.nothing("a number, not a list")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.nothing("null, not a list")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_a_lone_value_and_counts_what_is_too_much() {
        let list: List<Field<'_>> = serde_json::from_str(r#""alone""#).unwrap();
        let wrong = list.faults().and_then(|faults| faults.wrong_type);
        assert_eq!((list.items.len(), wrong), (1, Some("a text, not a list")));
        let mut json = serde_json::Deserializer::from_str("[1,2,3,4,5]");
        let mut list: List<Field<'_>> = List::default();
        ListSeed::new(&mut list, 2).deserialize(&mut json).unwrap();
        assert_eq!((list.items.len(), list.faults().map(|faults| faults.beyond_limit)), (2, Some(3)));
        let mut broken: List<Field<'_>> = List::default();
        let mut json = serde_json::Deserializer::from_str(r#"["a", "b", "c"#);
        assert!(ListSeed::new(&mut broken, 9).deserialize(&mut json).is_err());
        assert_eq!(broken.items.len(), 2);
        let list: List<Field<'_>> = serde_json::from_str(r#"["a", null, ""]"#).unwrap();
        assert_eq!((list.items.len(), list.faults().map(|faults| faults.blank)), (1, Some(2)));
    }
}
