// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading values that may have the wrong shape, without losing the document.
//!
//! A strict deserialiser gives up at the first number where a text is due. Here every value is offered to a
//! [`Lenient`] target, which takes what it can, and reports the rest as a gap with the place where it stands. Both
//! notations of CycloneDX are read through this: JSON by serde_json, XML by [`super::xml`], which presents elements in
//! the shape of the JSON. Places are JSON pointers for both.
//!
//! Traps: serde hands a text without escapes as borrowed; only `visit_borrowed_str` keeps it so, a derived `Cow` field
//! would copy. In XML a single element and a list of one, or an empty object and an empty text, look the same.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use hashbrown::HashMap;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use underpin_model::Limits;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;

use super::licence::Validity;

/// serde_json itself stops at 128 levels and then gives the whole document up; stay below.
const DEEPEST: usize = 120;

/// One step from the root of the document to a value.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A field of an object.
    Key(&'static str),
    /// An element of a list.
    Index(usize),
}

/// Where the reading stands, and what was found wrong so far.
pub struct At<'a> {
    /// Deviations found.
    pub gaps: Gaps,
    /// True when the document is XML: then one element may stand for a list of one, numbers are texts.
    pub xml: bool,
    /// Components that may be read.
    pub components_limit: usize,
    /// Edges that may be read.
    pub edges_limit: usize,
    /// Licence texts already judged.
    pub licences: HashMap<Text<'a>, Validity>,
    mixed_licences: Gaps,
    steps: Vec<Step>,
    depth: usize,
    depth_limit: usize,
    text_limit: usize,
}

impl<'a> At<'a> {
    /// At the root of a document.
    pub fn new(limits: &Limits, xml: bool) -> Self {
        Self {
            gaps: Gaps::default(),
            xml,
            components_limit: limits.components,
            edges_limit: limits.edges,
            licences: HashMap::new(),
            mixed_licences: Gaps::default(),
            steps: Vec::with_capacity(16),
            depth: 0,
            depth_limit: limits.nesting_depth.min(DEEPEST),
            text_limit: limits.text_bytes,
        }
    }

    /// Goes one step down.
    pub fn enter(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Goes one step up.
    pub fn leave(&mut self) {
        self.steps.pop();
    }

    /// Goes back to the root, where the document broke off.
    pub fn return_to_start(&mut self) {
        self.steps.clear();
        self.depth = 0;
    }

    /// Reports a deviation of the value where the reading stands.
    pub fn gap(&mut self, code: GapCode, detail: impl FnOnce() -> Cow<'static, str>) {
        let steps = &self.steps;
        self.gaps.add_with(code, || (pointer(steps, ""), detail()));
    }

    /// Reports a deviation of the field `key` of the object where the reading stands.
    pub fn gap_in(&mut self, key: &str, code: GapCode, detail: impl FnOnce() -> Cow<'static, str>) {
        let steps = &self.steps;
        self.gaps.add_with(code, || (pointer(steps, key), detail()));
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type(&mut self, due: &'static str, found: &'static str) {
        self.gap(GapCode::WrongType, || format!("{found} where {due} is due").into());
    }

    /// Reports a field that the format does not know.
    pub fn unknown(&mut self, key: &str) {
        self.gap_in(key, GapCode::UnknownField, || "".into());
    }

    /// Remembers a list of licences that mixes licences and expressions: whether that is allowed depends on the version
    /// of the format, which may stand further down.
    pub fn mixed_licences(&mut self) {
        let steps = &self.steps;
        let detail = "an expression beside other licences; all are kept";
        self.mixed_licences.add_with(GapCode::InvalidValue, || (pointer(steps, "licenses"), detail));
    }

    /// Reports the lists remembered.
    pub fn report_mixed_licences(&mut self) {
        for gap in std::mem::take(&mut self.mixed_licences).list() {
            for _ in 0..gap.count {
                self.gaps.add_with(gap.code, || (gap.place.clone(), gap.detail.clone()));
            }
        }
    }

    /// The text, cut when it is longer than the limit.
    pub fn within_limit(&mut self, text: Text<'a>) -> Text<'a> {
        if text.len() <= self.text_limit {
            return text;
        }
        let bytes = text.len();
        self.gap(GapCode::TextTooLong, || format!("{bytes} bytes").into());
        let end = (0..=self.text_limit).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
            Cow::Owned(mut text) => {
                text.truncate(end);
                Cow::Owned(text)
            }
        }
    }

    fn too_deep(&mut self) -> bool {
        let deep = self.depth >= self.depth_limit;
        if deep {
            self.gap(GapCode::TooDeep, || "".into());
        }
        deep
    }
}

/// The JSON pointer (RFC 6901) of `steps`, and below them `key` when it is not empty. Long keys are cut.
fn pointer(steps: &[Step], key: &str) -> String {
    let mut pointer = String::new();
    for step in steps {
        match step {
            Step::Key(key) => pointer.extend(["/", key]),
            Step::Index(index) => pointer.extend(["/", &index.to_string()]),
        }
    }
    if !key.is_empty() {
        let key: String = key.chars().take(100).collect();
        pointer.extend(["/", &key.replace('~', "~0").replace('/', "~1")]);
    }
    if pointer.is_empty() { "/".to_owned() } else { pointer }
}

/// A target that takes values of any shape. Each method says whether the value was taken; what is not overridden
/// is reported as a wrong type and passed over.
pub trait Lenient<'a>: Sized {
    /// What is due here, for messages: `a text`, `a list`.
    const DUE: &'static str;

    /// Offers a text.
    fn text(&mut self, _text: Text<'a>, at: &mut At<'a>) -> bool {
        at.wrong_type(Self::DUE, "a text");
        false
    }

    /// Offers a number, as JSON writes it.
    fn number(&mut self, _number: String, at: &mut At<'a>) -> bool {
        at.wrong_type(Self::DUE, "a number");
        false
    }

    /// Offers `true` or `false`.
    fn flag(&mut self, _flag: bool, at: &mut At<'a>) -> bool {
        at.wrong_type(Self::DUE, "true or false");
        false
    }

    /// Offers an object.
    ///
    /// # Errors
    /// When the document is malformed.
    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        at.wrong_type(Self::DUE, "an object");
        drain_map(map).map(|()| false)
    }

    /// Offers a list.
    ///
    /// # Errors
    /// When the document is malformed.
    fn list<S: SeqAccess<'a>>(&mut self, list: S, at: &mut At<'a>) -> Result<bool, S::Error> {
        at.wrong_type(Self::DUE, "a list");
        drain_list(list).map(|()| false)
    }
}

/// Passes over the rest of an object.
///
/// # Errors
/// When the document is malformed.
pub fn drain_map<'a, M: MapAccess<'a>>(mut map: M) -> Result<(), M::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Passes over the rest of a list.
///
/// # Errors
/// When the document is malformed.
pub fn drain_list<'a, S: SeqAccess<'a>>(mut list: S) -> Result<(), S::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads one value into a target. Gives whether the value was taken.
pub struct Fill<'t, 'a, T>(pub &'t mut T, pub &'t mut At<'a>);

impl<'a, T: Lenient<'a>> DeserializeSeed<'a> for Fill<'_, 'a, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a, T: Lenient<'a>> Visitor<'a> for Fill<'_, 'a, T> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::DUE)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<bool, E> {
        Ok(self.0.flag(flag, self.1))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<bool, E> {
        Ok(self.0.number(number.to_string(), self.1))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
        Ok(self.0.number(number.to_string(), self.1))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<bool, E> {
        Ok(self.0.number(format!("{number:?}"), self.1))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'a str) -> Result<bool, E> {
        let text = self.1.within_limit(Cow::Borrowed(text));
        Ok(self.0.text(text, self.1))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<bool, E> {
        let text = self.1.within_limit(Cow::Owned(text));
        Ok(self.0.text(text, self.1))
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        self.1.wrong_type(T::DUE, "null");
        Ok(false)
    }

    fn visit_map<M: MapAccess<'a>>(self, map: M) -> Result<bool, M::Error> {
        if self.1.too_deep() {
            return drain_map(map).map(|()| false);
        }
        self.1.depth += 1;
        let taken = self.0.object(map, self.1);
        self.1.depth -= 1;
        taken
    }

    fn visit_seq<S: SeqAccess<'a>>(self, list: S) -> Result<bool, S::Error> {
        if self.1.too_deep() {
            return drain_list(list).map(|()| false);
        }
        self.1.depth += 1;
        let taken = self.0.list(list, self.1);
        self.1.depth -= 1;
        taken
    }
}

/// A key of an object, borrowed when it has no escapes.
pub struct Key<'a>(pub Text<'a>);

impl<'a> de::Deserialize<'a> for Key<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor<'a>(PhantomData<&'a ()>);

        impl<'a> Visitor<'a> for KeyVisitor<'a> {
            type Value = Key<'a>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, key: &'a str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor(PhantomData))
    }
}
