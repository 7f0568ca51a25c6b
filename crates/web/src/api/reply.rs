// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an answer is on its way out: bytes, and the tag by which a copy is known to be still good.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;

/// Media type of an object.
pub const JSON: &str = "application/json";
/// Media type of a file.
pub const BYTES: &str = "application/octet-stream";

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Media type; empty without a body.
    pub media: String,
    /// Body.
    pub body: Vec<u8>,
    /// Entity tag, in its quotes; a weak one with its mark before them.
    pub tag: Option<String>,
    /// Further headers.
    pub headers: Vec<(HeaderName, String)>,
}

impl Reply {
    /// An object.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn json(status: StatusCode, answer: &impl Serialize) -> Result<Self, Problem> {
        let body =
            serde_json::to_vec(answer).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "unwritable"))?;
        Ok(Self { status, media: JSON.to_owned(), body, tag: None, headers: Vec::new() })
    }

    /// Nothing.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, media: String::new(), body: Vec::new(), tag: None, headers: Vec::new() }
    }

    /// A file, to be kept and not shown.
    pub fn bytes(body: Vec<u8>, name: &str) -> Self {
        let kept: String =
            name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter)).collect();
        let headers = vec![(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{kept}\""))];
        Self { status: StatusCode::OK, media: BYTES.to_owned(), body, tag: None, headers }
    }

    /// The same with a tag.
    #[must_use]
    pub fn tag(self, tag: String) -> Self {
        Self { tag: Some(tag), ..self }
    }

    /// The same with the tag of what can be changed before its own: `If-Match` looks at that part alone.
    #[must_use]
    pub fn entry(self, entry: &str) -> Self {
        let own = self.tag.unwrap_or_else(|| tag_of(&[&self.body]));
        Self { tag: Some(format!("\"{entry}-{}", own.trim_start_matches("W/").trim_start_matches('"'))), ..self }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same for who may have a copy already: 304 when it is still good.
    #[must_use]
    pub fn unless_known(mut self, asked: &HeaderMap) -> Self {
        let tag = self.tag.get_or_insert_with(|| tag_of(&[&self.body])).clone();
        if !asked.get_all(header::IF_NONE_MATCH).iter().any(|value| holds(value, &tag)) {
            return self;
        }
        Self { status: StatusCode::NOT_MODIFIED, media: String::new(), body: Vec::new(), ..self }
    }
}

/// The tag of what these parts decide.
pub fn tag_of(parts: &[&[u8]]) -> String {
    format!("\"{}\"", short_digest(parts))
}

/// The first 16 bytes of SHA-256 over parts, each with its length, in hexadecimal.
pub fn short_digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a list of tags holds one, as `If-None-Match` asks: weak or not is the same (RFC 9110, 13.1.2).
pub fn holds(list: &HeaderValue, tag: &str) -> bool {
    let Ok(list) = list.to_str() else { return false };
    let plain = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    list.split(',').map(str::trim).any(|one| one == "*" || plain(one) == plain(tag))
}

/// Whether a list of tags holds one of an entry, as `If-Match` asks: a weak one fits nothing (RFC 9110, 13.1.1).
pub fn holds_entry(list: &HeaderValue, entry: &str) -> bool {
    let Ok(list) = list.to_str() else { return false };
    list.split(',').map(str::trim).any(|one| {
        let inside = one.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        one == "*" || inside.is_some_and(|tag| tag.split('-').next() == Some(entry))
    })
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        let own = [(header::CONTENT_TYPE, self.media), (header::ETAG, self.tag.unwrap_or_default())];
        for (name, value) in own.into_iter().chain(self.headers).filter(|(_, value)| !value.is_empty()) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_lists() {
        for (list, is_known, is_entry) in [
            ("\"a\"", true, true),
            ("\"a-b\"", false, true),
            ("W/\"a\"", true, false),
            ("\"b\", \"a\"", true, true),
            ("\"b-a\"", false, false),
            ("*", true, true),
            ("a", false, false),
        ] {
            let list: HeaderValue = list.parse().expect("a header");
            assert_eq!((holds(&list, "\"a\""), holds_entry(&list, "a")), (is_known, is_entry), "{list:?}");
        }
        let reply = Reply::json(StatusCode::OK, &serde_json::json!({})).expect("written").tag("\"b\"".to_owned());
        assert_eq!(reply.entry("a").tag.as_deref(), Some("\"a-b\""));
    }

    #[test]
    fn parts_are_not_run_together() {
        assert_ne!(tag_of(&[b"ab", b"c"]), tag_of(&[b"a", b"bc"]));
        assert_eq!(tag_of(&[b"ab"]).len(), 34);
    }

    #[test]
    fn a_copy_that_is_still_good_is_not_sent_again() {
        let reply = Reply::json(StatusCode::OK, &serde_json::json!({ "a": 1 })).expect("written");
        let tag = reply.clone().unless_known(&HeaderMap::new()).tag.expect("a tag");
        let mut known = HeaderMap::new();
        known.insert(header::IF_NONE_MATCH, format!("W/{tag}").parse().expect("a header"));
        let again = reply.unless_known(&known);
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
}
