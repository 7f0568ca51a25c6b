// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a form sends: names and values in its order, some names several times.

use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;
use underpin_model::Timestamp;
use underpin_office::OfficeError;

use crate::error::WebError;
use crate::frame::Frame;

/// A form that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent(pub Vec<(String, String)>);

impl Sent {
    /// The value of a name, without blanks around it; empty when there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name, if something was entered.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.one(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether a name has this value: to show again what was chosen.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.one(name) == value
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.one(name).is_empty()
    }

    /// The beginning of a day, in UTC.
    ///
    /// # Errors
    /// The text, when it is no day.
    pub fn day(&self, name: &str) -> Result<Option<Timestamp>, String> {
        match self.one(name) {
            "" => Ok(None),
            text => format!("{text}T00:00:00Z").parse().map(Some).map_err(|_| text.to_owned()),
        }
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.one(name).parse().ok()
    }
}

/// Words that are told: ours in the reader's language, or those of the office, which are in English.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The words.
    pub words: String,
    /// Their language after BCP 47, where it is not that of the page; empty otherwise.
    pub language: &'static str,
}

impl Told {
    /// What the office says to an attempt, and what to do about it.
    pub fn by_the_office(error: &OfficeError) -> Self {
        let hint = if error.hint.is_empty() { String::new() } else { format!(" ({})", error.hint) };
        Self { words: format!("{}{hint}", error.message), language: "en" }
    }

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl From<String> for Told {
    fn from(words: String) -> Self {
        Self { words, language: "" }
    }
}

/// What is wrong with a form: field and words about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<(String, String)>);

impl Faults {
    /// Faults given as fields and keys of texts.
    pub fn told(frame: &Frame, keys: &[(&str, &str)]) -> Self {
        Self(keys.iter().map(|(field, key)| ((*field).to_owned(), frame.t(key))).collect())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something is wrong with a field.
    pub fn has(&self, field: &str) -> bool {
        !self.of(field).is_empty()
    }

    /// What is wrong with a field; empty when nothing is.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(own, _)| own == field).map_or("", |(_, words)| words)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|Form(pairs)| Self(pairs)).map_err(|_| WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent =
            Sent(vec![pair("a", " x "), pair("b", "1"), pair("b", "2"), pair("day", "2026-03-01"), pair("c", "")]);
        assert_eq!((sent.one("a"), sent.one("none"), sent.number("b")), ("x", "", Some(1)));
        assert_eq!(sent.all("b").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((sent.some("c"), sent.is_ticked("b"), sent.is_ticked("c")), (None, true, false));
        let day = sent.day("day").map(|day| day.map(|day| day.to_string()));
        assert_eq!(day, Ok(Some("2026-03-01T00:00:00Z".to_owned())));
        assert_eq!(sent.day("a"), Err("x".to_owned()));
        assert_eq!(sent.day("none"), Ok(None));
    }
}
