// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The small targets of lenient reading: texts, flags, shares of one, words of a list, lists, references.
//!
//! A number or flag where a text is due is taken as its text and reported. A field given twice keeps its first value.
//! A single element where a list is due is taken as a list of one.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;

use super::lenient::{At, Fill, Key, Lenient, Step};

impl<'a> Lenient<'a> for Text<'a> {
    const DUE: &'static str = "a text";

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if self.is_empty() {
            *self = text;
        } else {
            at.gap(GapCode::InvalidValue, || "given more than once; the first counts".into());
        }
        true
    }

    fn number(&mut self, number: String, at: &mut At<'a>) -> bool {
        at.wrong_type(Self::DUE, "a number");
        self.text(Cow::Owned(number), at)
    }

    fn flag(&mut self, flag: bool, at: &mut At<'a>) -> bool {
        at.wrong_type(Self::DUE, "true or false");
        self.text(Cow::Borrowed(if flag { "true" } else { "false" }), at)
    }

    fn object<M: MapAccess<'a>>(&mut self, mut map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        if !at.xml {
            at.wrong_type(Self::DUE, "an object");
        }
        while let Some(key) = map.next_key::<Key<'a>>()? {
            if key.0 == "content" {
                map.next_value_seed(Fill(self, at))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(true)
    }
}

/// True or false, where stated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flag(pub Option<bool>);

impl<'a> Lenient<'a> for Flag {
    const DUE: &'static str = "true or false";

    fn flag(&mut self, flag: bool, _at: &mut At<'a>) -> bool {
        self.0 = Some(flag);
        true
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        self.0 = match text.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => self.0,
        };
        if !at.xml || self.0.is_none() {
            at.wrong_type(Self::DUE, "a text");
        }
        self.0.is_some()
    }
}

/// A number, kept as it is written.
#[derive(Default)]
pub struct Scalar<'a>(pub Text<'a>);

impl<'a> Lenient<'a> for Scalar<'a> {
    const DUE: &'static str = "a number";

    fn number(&mut self, number: String, _at: &mut At<'a>) -> bool {
        self.0 = Cow::Owned(number);
        true
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            at.wrong_type(Self::DUE, "a text");
        }
        self.0.text(text, at)
    }
}

/// A share of one, kept in percent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share(pub Option<u8>);

impl<'a> Lenient<'a> for Share {
    const DUE: &'static str = "a number";

    fn number(&mut self, number: String, at: &mut At<'a>) -> bool {
        match number.trim().parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => self.0 = Some((share * 100.0).round() as u8),
            _ => at.gap(GapCode::InvalidValue, || "not between 0 and 1".into()),
        }
        self.0.is_some()
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            at.wrong_type(Self::DUE, "a text");
        }
        self.number(text.into_owned(), at)
    }
}

/// The words that a field allows.
pub trait Words {
    /// All of them.
    const ALL: &'static [&'static str];
}

/// A text that should be one of the words of `W`; another one is kept and reported.
pub struct Word<'a, W>(pub Text<'a>, PhantomData<W>);

impl<W> Default for Word<'_, W> {
    fn default() -> Self {
        Self(Cow::Borrowed(""), PhantomData)
    }
}

impl<'a, W: Words> Lenient<'a> for Word<'a, W> {
    const DUE: &'static str = "a text";

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if !W::ALL.contains(&&*text) {
            at.gap(GapCode::InvalidValue, || text.chars().take(100).collect::<String>().into());
        }
        self.0.text(text, at)
    }

    fn number(&mut self, number: String, at: &mut At<'a>) -> bool {
        self.text(number.into(), at)
    }

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        let mut text = Text::default();
        text.object(map, at)?;
        Ok(self.text(text, at))
    }
}

impl<'a, T: Lenient<'a> + Default> Lenient<'a> for Vec<T> {
    const DUE: &'static str = "a list";

    fn list<S: SeqAccess<'a>>(&mut self, mut list: S, at: &mut At<'a>) -> Result<bool, S::Error> {
        for index in 0.. {
            let mut item = T::default();
            at.enter(Step::Index(index));
            let taken = list.next_element_seed(Fill(&mut item, at))?;
            at.leave();
            match taken {
                Some(true) => {
                    if self.is_empty() {
                        // Most lists have one element; the usual first step is room for four.
                        self.reserve_exact(1);
                    }
                    self.push(item);
                }
                Some(false) => {}
                None => break,
            }
        }
        Ok(true)
    }

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        if !at.xml {
            at.wrong_type(Self::DUE, "an object");
        }
        let mut item = T::default();
        at.enter(Step::Index(self.len()));
        let taken = item.object(map, at)?;
        at.leave();
        if taken {
            self.push(item);
        }
        Ok(taken)
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            at.wrong_type(Self::DUE, "a text");
        } else if text.is_empty() {
            return true;
        }
        let mut item = T::default();
        let taken = item.text(text, at);
        if taken {
            self.push(item);
        }
        taken
    }
}

/// Where the format allows both one object and a list of them.
#[derive(Default)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<'a, T: Lenient<'a> + Default> Lenient<'a> for OneOrMany<T> {
    const DUE: &'static str = "an object or a list";

    fn list<S: SeqAccess<'a>>(&mut self, list: S, at: &mut At<'a>) -> Result<bool, S::Error> {
        self.0.list(list, at)
    }

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        let mut item = T::default();
        let taken = item.object(map, at)?;
        if taken {
            self.0.push(item);
        }
        Ok(taken)
    }
}

impl<'a, T: Lenient<'a> + Default> Lenient<'a> for Option<Box<T>> {
    const DUE: &'static str = T::DUE;

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        self.get_or_insert_default().object(map, at)
    }

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        self.get_or_insert_default().text(text, at)
    }
}

/// The identifier of an element inside the document. An empty one is reported.
#[derive(Default)]
pub struct Identifier<'a>(pub Text<'a>);

impl<'a> Lenient<'a> for Identifier<'a> {
    const DUE: &'static str = "a text";

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        if text.is_empty() {
            at.gap(GapCode::MissingId, || "empty".into());
        }
        self.0.text(text, at)
    }

    fn number(&mut self, number: String, at: &mut At<'a>) -> bool {
        self.0.number(number, at)
    }
}

/// A reference to an element: a text in JSON, an element with the attribute `ref` in XML.
#[derive(Default)]
pub struct Reference<'a>(pub Text<'a>);

impl<'a> Lenient<'a> for Reference<'a> {
    const DUE: &'static str = "a reference";

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        self.0.text(text, at)
    }

    fn number(&mut self, number: String, at: &mut At<'a>) -> bool {
        self.0.number(number, at)
    }

    fn object<M: MapAccess<'a>>(&mut self, mut map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        if !at.xml {
            at.wrong_type(Self::DUE, "an object");
        }
        while let Some(key) = map.next_key::<Key<'a>>()? {
            if key.0 == "ref" {
                map.next_value_seed(Fill(&mut self.0, at))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(!self.0.is_empty())
    }
}
