// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What somebody asks: the request as handlers see it, and how it is read.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{API_ROWS, API_ROWS_MOST};
use underpin_office::coordinator::Author;
use underpin_office::people::Signed;

use super::endpoint::Endpoint;
use super::problem::Problem;
use super::reply::{Reply, holds_entry, short_digest, tag_of};
use super::walk::Walk;
use crate::caller::Caller;
use crate::exports::with_pairs;
use crate::house::{Seat, WebHouse};
use crate::visitor::moment;

/// The parameters that many endpoints have.
pub const COMMON: [&str; 3] = ["as-of", "limit", "cursor"];

/// A request.
pub struct Call {
    /// What is asked.
    pub endpoint: &'static Endpoint,
    /// The house.
    pub house: Arc<WebHouse>,
    /// Who asks; `None` only where everybody may.
    pub caller: Option<Caller>,
    /// Variables of the path.
    pub path: HashMap<String, String>,
    /// Parameters, in their order.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// A field that may be left out, or be null to be emptied.
///
/// # Errors
/// When it is something else.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl Call {
    /// A variable of the path.
    pub fn variable(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The number in the path, as it is written (`I12`) or alone (`12`).
    ///
    /// # Errors
    /// `not-found` for a text that is no number, or another way to write one.
    pub fn number<Id: FromStr + Display>(&self, name: &str) -> Result<Id, Problem> {
        let text = self.variable(name);
        let id: Id = text.parse().map_err(|_| Problem::not_found())?;
        let written = id.to_string();
        let is_plain =
            written == text || written.trim_start_matches(|letter: char| letter.is_ascii_uppercase()) == text;
        if is_plain { Ok(id) } else { Err(Problem::not_found()) }
    }

    /// Who asks.
    ///
    /// # Errors
    /// When nobody said so.
    pub fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(Problem::unauthorized)
    }

    /// The session that asks.
    ///
    /// # Errors
    /// `session-only` for a token.
    pub fn signed(&self) -> Result<Arc<Signed>, Problem> {
        self.caller()?.signed.clone().ok_or_else(|| {
            Problem::new(StatusCode::FORBIDDEN, "session-only")
                .detail("a token does not do this")
                .hint("sign in; people do this, not programs")
        })
    }

    /// The endpoint's own parameters.
    ///
    /// # Errors
    /// `parameter` for one that is not there, given twice, missing or not what it should be.
    pub fn asked<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        let own: Vec<_> = self.query.iter().filter(|(name, _)| !self.is_common(name)).cloned().collect();
        let uri: Uri = with_pairs("/", &own).parse().map_err(|_| parameter("the parameters are too long"))?;
        Query::<Q>::try_from_uri(&uri).map(|Query(asked)| asked).map_err(|error| {
            let text = error.body_text();
            parameter(text.split_once(": ").map_or(text.as_str(), |(_, detail)| detail))
        })
    }

    /// Refuses parameters where the endpoint has none.
    ///
    /// # Errors
    /// `parameter`.
    pub fn check_parameters(&self) -> Result<(), Problem> {
        if self.path.values().any(|value| value.contains('\0')) {
            return Err(Problem::not_found());
        }
        if let Some((name, _)) = self.query.iter().find(|(_, value)| value.contains('\0')) {
            let mut problem = parameter(format!("{name} holds the letter U+0000"));
            problem.status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(problem);
        }
        if self.endpoint.asks.is_none()
            && let Some((name, _)) = self.query.iter().find(|(name, _)| !self.is_common(name))
        {
            return Err(parameter(format!("there is no parameter {name:?} here")));
        }
        for name in COMMON.iter().filter(|name| self.is_common(name)) {
            if self.query.iter().filter(|(own, _)| own == name).count() > 1 {
                return Err(parameter(format!("{name} is given twice")));
            }
        }
        Ok(())
    }

    fn is_common(&self, name: &str) -> bool {
        match name {
            "as-of" => self.endpoint.is_timed || self.endpoint.is_paged,
            "limit" | "cursor" => self.endpoint.is_paged,
            _ => false,
        }
    }

    fn common(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The object in the body.
    ///
    /// # Errors
    /// `json` for a text that is none, `body` for another object than is asked for.
    pub fn sent<B: DeserializeOwned>(&self) -> Result<B, Problem> {
        let wrong = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail(detail);
        let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(&self.body).is_ok();
        let sent = serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => wrong(error.to_string()),
            // What holds something else than a word is said to be broken by the reader of words.
            _ if is_json() => wrong(error.to_string()),
            _ => Problem::new(StatusCode::BAD_REQUEST, "json").detail(error.to_string()),
        })?;
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        if !value.is_object() {
            // A list of values in the order of the fields would be understood, too.
            return Err(wrong("the body is an object".to_owned()));
        }
        // Databases keep no text with this letter.
        if has_nul(&value) { Err(wrong("a text holds the letter U+0000".to_owned())) } else { Ok(sent) }
    }

    /// The walk that this page belongs to.
    ///
    /// # Errors
    /// `parameter` and `cursor`.
    pub fn walk(&self) -> Result<Walk, Problem> {
        let limit = match self.common("limit") {
            None => API_ROWS,
            Some(text) => {
                let fits = text.parse().ok().filter(|limit| (1..=API_ROWS_MOST).contains(limit));
                fits.ok_or_else(|| parameter(format!("limit is a number from 1 to {API_ROWS_MOST}")))?
            }
        };
        let asked: Vec<&(String, String)> =
            self.query.iter().filter(|(name, _)| name != "cursor" && name != "limit").collect();
        let who = format!("{:?}", self.caller()?.viewer);
        let question = format!("{} {:?} {asked:?}", self.endpoint.name, sorted(&self.path));
        Walk::new(short_digest(&[question.as_bytes(), who.as_bytes()]), limit, self.common("cursor"))
    }

    /// A seat for who asks, as of the moment asked for.
    ///
    /// # Errors
    /// `parameter` for a moment that is none; when the ledger cannot be read.
    pub async fn seat(&self) -> Result<Arc<Seat>, Problem> {
        let as_of = match self.common("as-of") {
            None => None,
            Some(text) => match is_moment(text).then(|| moment(text)).flatten() {
                None => return Err(parameter("as-of is a moment such as 2026-03-01T08:00:00Z, or a day")),
                moment => moment,
            },
        };
        Ok(self.house.seat(&self.caller()?.viewer, as_of).await?)
    }

    /// The seat that all pages of a walk are given from.
    ///
    /// # Errors
    /// As [`Call::seat`].
    pub async fn seat_of(&self, walk: &Walk) -> Result<Arc<Seat>, Problem> {
        let seat = self.seat().await?;
        match walk.moment {
            Some(moment) if seat.desk.overview().as_of != moment => {
                Ok(self.house.seat(&self.caller()?.viewer, Some(moment)).await?)
            }
            _ => Ok(seat),
        }
    }

    /// An answer from a seat. It is good as long as it says the same: its tag is made of its content, without the number of the snapshot
    /// and the moment. So a tag that changed tells that something changed that the caller sees, and never that something was written
    /// that they do not.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn give(&self, seat: &Seat, answer: &impl Serialize) -> Result<Reply, Problem> {
        let overview = seat.desk.overview();
        let who = format!("{:?}", self.caller()?.viewer);
        let what = format!("{} {:?} {:?}", self.endpoint.name, sorted(&self.path), self.query);
        let reply = Reply::json(self.endpoint.status, answer)?;
        let moment = serde_json::to_string(&overview.as_of).unwrap_or_default();
        let left_out = [format!("\"snapshot\":{}", overview.snapshot), format!("\"as_of\":{moment}")];
        let content = without(&reply.body, &left_out);
        let tag = tag_of(&[who.as_bytes(), what.as_bytes(), &content]);
        // Two copies with one tag differ in these numbers: the tag is a weak one (RFC 9110, 8.8.1).
        Ok(reply.tag(format!("W/{tag}")))
    }

    /// An answer that rests on no seat.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn say(&self, answer: &impl Serialize) -> Result<Reply, Problem> {
        Reply::json(self.endpoint.status, answer)
    }

    /// Who writes, and when.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn author(&self) -> Result<Author, Problem> {
        let caller = self.caller()?;
        Ok(Author { actor: caller.actor.clone(), viewer: caller.viewer.clone(), at: self.house.now().await? })
    }

    /// Refuses a write that was meant for something that has changed since.
    ///
    /// # Errors
    /// `changed` (412).
    pub fn check_match(&self, entry: &str) -> Result<(), Problem> {
        let mut given = self.headers.get_all(header::IF_MATCH).iter().peekable();
        if given.peek().is_none() || given.any(|value| holds_entry(value, entry)) {
            return Ok(());
        }
        Err(Problem::new(StatusCode::PRECONDITION_FAILED, "changed")
            .detail("this has changed since you read it")
            .hint("read it again, then send the change with its new ETag"))
    }
}

/// Bytes without the first place of each of these texts.
fn without(body: &[u8], left_out: &[String]) -> Vec<u8> {
    let mut kept = body.to_vec();
    for text in left_out {
        let place = kept.windows(text.len()).position(|part| part == text.as_bytes());
        if let Some(place) = place {
            kept.drain(place..place + text.len());
        }
    }
    kept
}

fn has_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(has_nul),
        serde_json::Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn sorted(path: &HashMap<String, String>) -> Vec<(&String, &String)> {
    let mut variables: Vec<_> = path.iter().collect();
    variables.sort();
    variables
}

/// A parameter that is not what it should be.
pub fn parameter(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "parameter").detail(detail)
}

/// A text that says something.
pub fn some(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A moment of a parameter.
///
/// # Errors
/// `parameter`.
pub fn time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let wrong = || parameter(format!("{name} is a moment such as 2026-03-01T08:00:00Z, or a day"));
    text.map(|text| text.parse::<Timestamp>().ok().filter(|_| is_moment(text)).ok_or_else(wrong)).transpose()
}

/// Whether a text is written as a day, or as a moment with its offset (RFC 3339, 5.6). More is read elsewhere than is promised here.
fn is_moment(text: &str) -> bool {
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, kind)| match kind {
                b'9' => byte.is_ascii_digit(),
                kind => byte.eq_ignore_ascii_case(&kind),
            })
    };
    let Some((_, rest)) = text.split_at_checked(10).filter(|(day, _)| shape(day, "9999-99-99")) else { return false };
    let Some((_, rest)) = rest.split_at_checked(9).filter(|(time, _)| shape(time, "T99:99:99")) else {
        return rest.is_empty();
    };
    let offset = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|one: char| one.is_ascii_digit()));
    ["Z", "+99:99", "-99:99"].iter().any(|one| shape(offset, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_standard_says() {
        for (text, expected) in [
            ("2026-03-01", true),
            ("2026-03-01T08:00:00Z", true),
            ("2026-03-01t08:00:00z", true),
            ("2026-03-01T08:00:00.123456789+01:00", true),
            ("2026-03-01T08:00:00", false),
            ("2026-03-01 08:00:00Z", false),
            (" 2026-03-01", false),
            ("20260301", false),
            ("ä026-03-01", false),
            ("2026-03-01T08:00Z", false),
            ("", false),
        ] {
            assert_eq!(is_moment(text), expected, "{text}");
        }
    }

    #[test]
    fn no_text_holds_what_databases_do_not_keep() {
        for (text, expected) in
            [("[\"a\", {\"b\": \"c\"}, 1, null]", false), ("{\"a\": [\"\\u0000\"]}", true), ("{\"\\u0000\": 1}", true)]
        {
            let value = serde_json::from_str(text).expect("JSON");
            assert_eq!(has_nul(&value), expected, "{text}");
        }
    }
}
