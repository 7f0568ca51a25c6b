// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading the values of one row: texts, lists, numbers, words; and German words for the closed lists.
//!
//! Protection needs are the German scheme's normal, hoch and sehr hoch; classifications accept the German grades.

use std::str::FromStr;

use underpin_model::registry::{Classification, Exposure, MappingField, ProtectionNeed, SystemStatus};

use super::cells::{Cell, clean, split};
use super::columns::{did_you_mean, normal};
use super::error::Errors;
use super::rows::RawRow;

/// A closed list of words, with the German word for each value that has one.
pub(super) trait Choice: FromStr<Err = String> + Copy + Default + 'static {
    /// German words and what they mean.
    const GERMAN: &'static [(&'static str, Self)];
    /// The words that are written.
    fn words() -> Vec<&'static str>;
}

macro_rules! choice {
    ($name:ident: $($word:literal $variant:ident,)*) => {
        impl Choice for $name {
            const GERMAN: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];
            fn words() -> Vec<&'static str> {
                Self::ALL.iter().map(|value| value.as_str()).collect()
            }
        }
    };
}

choice!(ProtectionNeed: "unbekannt" Unknown, "hoch" High, "sehr hoch" VeryHigh,);
choice!(Exposure: "unbekannt" Unknown, "isoliert" Isolated, "intern" Internal, "Partner" Partners,);
choice!(Classification: "öffentlich" Public, "offen" Public, "intern" Internal,
    "VS-NfD" Restricted, "VS - Nur für den Dienstgebrauch" Restricted,
    "vertraulich" Confidential, "VS-Vertraulich" Confidential, "geheim" Secret,);
choice!(SystemStatus: "geplant" Planned, "aktiv" Active, "in Betrieb" Active, "stillgelegt" Retired, "abgelöst" Retired,);
choice!(MappingField: "Gegenstand" Subject, "Pfad" Path,);

/// The values of one row; reports what cannot be read and goes on with the default.
pub(super) struct Values<'r> {
    pub row: &'r RawRow,
    pub errors: &'r mut Errors,
    /// Longest text, in bytes.
    pub text_bytes: usize,
}

impl Values<'_> {
    fn cell(&self, key: &str) -> Option<&Cell> {
        self.row.cells.iter().find(|(column, _)| column.key == key).map(|(_, cell)| cell)
    }

    /// Reports a problem of one cell.
    pub fn report(&mut self, key: &str, problem: impl Into<String>, hint: impl Into<String>) {
        self.errors.add(&self.row.place_of(key), key, problem, hint);
    }

    fn checked(&mut self, key: &str, text: &str) -> String {
        let text = clean(text);
        if text.len() > self.text_bytes {
            let problem = format!("the text has {} bytes, at most {} are allowed", text.len(), self.text_bytes);
            self.report(key, problem, "");
        } else if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) {
            self.report(key, "the text holds a control character", "type it again");
        }
        text
    }

    /// A text; empty when it is missing.
    pub fn text(&mut self, key: &str) -> String {
        let Some(cell) = self.cell(key) else { return String::new() };
        if let Cell::List(items) = cell {
            let problem = format!("{} texts where one is expected", items.len());
            self.report(key, problem, "");
            return String::new();
        }
        let text = cell.joined();
        self.checked(key, &text)
    }

    /// A text without which the row makes no sense.
    pub fn required(&mut self, key: &str) -> String {
        let text = self.text(key);
        if text.is_empty() && !matches!(self.cell(key), Some(Cell::List(_))) {
            self.errors.add_required(&self.row.place, key, self.row.kind.with_article());
        }
        text
    }

    /// A list of texts.
    pub fn list(&mut self, key: &str) -> Vec<String> {
        let items = match self.cell(key) {
            None => return Vec::new(),
            Some(Cell::Text(text)) => split(text),
            Some(Cell::List(items)) => items.clone(),
        };
        items.iter().map(|item| self.checked(key, item)).filter(|item| !item.is_empty()).collect()
    }

    /// A whole number.
    pub fn number(&mut self, key: &str) -> Option<u64> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            let problem = format!("{text:?} is no whole number");
            self.report(key, problem, "write digits only, such as 120");
        }
        number
    }

    /// A word of a closed list, in English or German; the default when it is missing.
    pub fn word<T: Choice>(&mut self, key: &str) -> T {
        let text = self.text(key);
        if text.is_empty() {
            return T::default();
        }
        let wanted = normal(&text);
        if let Some((_, value)) = T::GERMAN.iter().find(|(word, _)| normal(word) == wanted) {
            return *value;
        }
        text.parse().unwrap_or_else(|problem: String| {
            let words = T::words();
            let german = T::GERMAN.iter().map(|(word, _)| *word);
            let near = did_you_mean(&text, words.into_iter().chain(german));
            let hint = near.map_or(String::new(), |near| format!("did you mean {near}?"));
            self.report(key, problem, hint);
            T::default()
        })
    }
}
