// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The licences of one component: a fact only if every one of a kind is an SPDX expression.

use std::borrow::Cow;

use underpin_model::inventory::Text;
use underpin_model::stated::{ComponentFact, FactFault};

use super::{Reading, said};
use crate::spdx::licence::Licences;

/// Licences of one kind, put together while a component is read.
#[derive(Default)]
pub(crate) struct LicenceTexts {
    texts: Vec<String>,
    is_wrong: bool,
}

impl LicenceTexts {
    /// Takes one, or notes why it is none.
    pub fn take(&mut self, text: &str, fact: ComponentFact, judge: &mut Licences, reading: &mut Reading<'_>) {
        match said(text).and_then(|text| if judge.is_valid(text) { Ok(text) } else { Err(FactFault::Malformed) }) {
            Ok(text) => self.texts.push(text.to_owned()),
            Err(fault) => self.refuse(fact, fault, reading),
        }
    }

    /// One of them is none: then the fact is not stated.
    pub fn refuse(&mut self, fact: ComponentFact, fault: FactFault, reading: &mut Reading<'_>) {
        self.is_wrong = true;
        reading.note(fact.as_str(), fault);
    }

    /// All of them in one text.
    pub fn stated(self) -> Option<Text<'static>> {
        let is_one = self.texts.len() == 1;
        let together = || {
            let part = |text: &String| if is_one || !text.contains(' ') { text.clone() } else { format!("({text})") };
            self.texts.iter().map(part).collect::<Vec<_>>().join(" AND ")
        };
        (!self.is_wrong && !self.texts.is_empty()).then(|| Cow::Owned(together()))
    }
}
