// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that come with a form (RFC 7578). The secret of the form comes first: whoever has no right one sends nothing more.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use underpin_model::plain_file_name;

use crate::error::WebError;
use crate::forms::Sent;
use crate::visitor::Person;

/// Files of one form.
const FILES: usize = 500;
/// Fields of one form that are no files.
const FIELDS: usize = 100;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// How it is called, without a folder; no two of one form have the same name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A form with files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The other fields.
    pub sent: Sent,
    /// The files, in their order; empty ones are none.
    pub files: Vec<File>,
}

/// Reads a form with files, as much as the limits allow.
///
/// # Errors
/// `form-token` when the first field is not the secret of this session's forms; `too-large`; `usage`.
pub async fn received(person: &Person, request: Request, limit_bytes: usize) -> Result<Received, WebError> {
    read(|secret| person.check(secret), request, limit_bytes).await
}

/// Reads a form with files of somebody without a session: what lets them in stands in the address, and was looked at before.
///
/// # Errors
/// `too-large`; `usage`.
pub async fn received_by_link(request: Request, limit_bytes: usize) -> Result<Received, WebError> {
    read(|_| Ok(()), request, limit_bytes).await
}

async fn read(
    check: impl Fn(&str) -> Result<(), WebError>,
    mut request: Request,
    limit_bytes: usize,
) -> Result<Received, WebError> {
    DefaultBodyLimit::max(limit_bytes).apply(&mut request);
    let unreadable = |_| WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage");
    let mut parts = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    let mut received = Received::default();
    let mut is_checked = false;
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if !is_checked && name != "form_token" {
            return Err(WebError::new(StatusCode::FORBIDDEN, "form-token"));
        }
        match field.file_name().map(plain_file_name) {
            None => {
                let text = field.text().await.map_err(broken)?;
                if !is_checked {
                    check(&text)?;
                    is_checked = true;
                }
                received.sent.0.push((name, text));
            }
            Some(file) => received.take(&file, whole(field).await?),
        }
        if received.files.len() > FILES || received.sent.0.len() > FIELDS {
            return Err(WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-files"));
        }
    }
    if is_checked { Ok(received) } else { Err(WebError::new(StatusCode::FORBIDDEN, "form-token")) }
}

impl Received {
    /// Adds a file under a name that no other has.
    pub fn take(&mut self, name: &str, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let is_free = |name: &str| self.files.iter().all(|file| file.name != name);
        let numbered = (2..).map(|number| format!("{number}-{name}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| is_free(name));
        self.files.extend(free.map(|name| File { name, bytes }));
    }
}

async fn whole(field: Field<'_>) -> Result<Vec<u8>, WebError> {
    Ok(field.bytes().await.map_err(broken)?.to_vec())
}

fn broken(error: MultipartError) -> WebError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large-form"),
        _ => WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_files_have_one_name() {
        let mut received = Received::default();
        for bytes in [b"1".as_slice(), b"2", b"", b"3"] {
            received.take("bom.json", bytes.to_vec());
        }
        let names: Vec<&str> = received.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["bom.json", "2-bom.json", "3-bom.json"]);
    }
}
