// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a program sends: JSON with the document in base64, a form with the document as a file, or the document itself.

use std::borrow::Cow;

use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use underpin_model::Limits;

use super::{is_true, refused};
use crate::api::problem::Problem;
use crate::intake::{Intake, Room, too_large};
use crate::visitor::pairs;

/// Fields of one form.
const FIELDS: usize = 50;
/// Bytes of a field that is no document.
const FIELD_BYTES: usize = 10_000;
/// How a document is called that comes without a name. Readers go by the content.
const FILE_NAME: &str = "bom";

/// Everything that was said with a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Key of the project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Key or name of the project above it.
    pub parent: String,
    /// Whether it is made when it is not there.
    pub is_made: bool,
    /// How the file is called.
    pub file: String,
}

/// A document with what was said about it.
pub struct Sent {
    /// What was said.
    pub said: Said,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The room that they take.
    pub room: Room,
}

impl Said {
    /// Takes a field; those that mean nothing here are passed over.
    fn take(&mut self, name: &str, value: &str) {
        let value = value.trim();
        let place = match name {
            "project" => &mut self.project,
            "projectName" | "system" => &mut self.name,
            "projectVersion" => &mut self.version,
            // The key says it better than the name.
            "parentUUID" => &mut self.parent,
            "parentName" if self.parent.is_empty() => &mut self.parent,
            "filename" => &mut self.file,
            "autoCreate" => {
                self.is_made = is_true(value);
                return;
            }
            _ => return,
        };
        if !value.is_empty() {
            value.clone_into(place);
        }
    }

    fn of_address(uri: &Uri) -> Self {
        let mut said = Self::default();
        pairs(uri).iter().for_each(|(name, value)| said.take(name, value));
        said
    }
}

/// Reads a request, as much as the limits and the room in memory allow.
///
/// # Errors
/// `usage`, `too-large`, and `busy` when there is no room now.
pub async fn sent(intake: &Intake, limits: &Limits, request: Request) -> Result<Sent, Problem> {
    let length = length(request.headers());
    // What does not say how long it is could be as long as may be.
    let room = intake.room(length.unwrap_or(limits.upload_bytes)).map_err(refused)?;
    let most = usize::try_from(length.unwrap_or(limits.upload_bytes)).unwrap_or(usize::MAX);
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let said = Said::of_address(request.uri());
    if kind == "multipart/form-data" {
        return form(said, room, request, most).await;
    }
    let body = to_bytes(request.into_body(), most).await;
    let body = body.map_err(|_| refused(too_large(limits.upload_bytes)))?;
    // JSON that says in the address what it is about is the document itself.
    let is_wrapped = kind == "application/json" && said == Said::default();
    let (mut said, bytes) = if is_wrapped { unwrapped(&body)? } else { (said, body.to_vec()) };
    if bytes.is_empty() {
        return Err(Problem::usage("there is no document in the request"));
    }
    if said.file.is_empty() {
        FILE_NAME.clone_into(&mut said.file);
    }
    Ok(Sent { said, bytes, room })
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[derive(Deserialize)]
struct Wrapped<'b> {
    #[serde(borrow, default)]
    bom: Cow<'b, str>,
    #[serde(flatten)]
    fields: serde_json::Map<String, Value>,
}

/// The document out of its JSON.
fn unwrapped(body: &[u8]) -> Result<(Said, Vec<u8>), Problem> {
    let wrapped: Wrapped<'_> = serde_json::from_slice(body)
        .map_err(|error| Problem::usage(format!("the request is not as it should be: {error}")))?;
    let mut said = Said::default();
    for (name, value) in &wrapped.fields {
        match value {
            Value::String(text) => said.take(name, text),
            Value::Bool(truth) => said.take(name, if *truth { "true" } else { "false" }),
            _ => {}
        }
    }
    Ok((said, decoded(&wrapped.bom)?))
}

/// Base64, on one line or several.
fn decoded(text: &str) -> Result<Vec<u8>, Problem> {
    let is_plain = !text.bytes().any(|byte| byte.is_ascii_whitespace());
    let text = if is_plain { Cow::Borrowed(text) } else { text.split_ascii_whitespace().collect() };
    STANDARD.decode(text.as_bytes()).map_err(|_| Problem::usage("the field bom is not base64"))
}

async fn form(mut said: Said, room: Room, mut request: Request, most: usize) -> Result<Sent, Problem> {
    let broken = || Problem::usage("the form is not as it should be");
    DefaultBodyLimit::max(most).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (mut bytes, mut fields) = (Vec::new(), 0);
    while let Some(field) = parts.next_field().await.map_err(|_| broken())? {
        fields += 1;
        if fields > FIELDS {
            return Err(broken());
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name == "bom" {
            if let Some(file) = field.file_name().filter(|file| !file.is_empty()) {
                said.take("filename", file.rsplit(['/', '\\']).next().unwrap_or_default());
            }
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
            continue;
        }
        let value = field.bytes().await.map_err(|_| broken())?;
        if value.len() <= FIELD_BYTES {
            said.take(&name, &String::from_utf8_lossy(&value));
        }
    }
    if bytes.is_empty() {
        return Err(Problem::usage("the form has no file in its field bom"));
    }
    if said.file.is_empty() {
        FILE_NAME.clone_into(&mut said.file);
    }
    Ok(Sent { said, bytes, room })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_however_clients_write_them() {
        let body =
            br#"{"project":null,"projectName":" Portal ","projectVersion":"1","autoCreate":"true","parentName":"Tax",
            "projectTags":[{"name":"x"}],"isLatestProjectVersion":true,"bom":"e30K\nCg=="}"#;
        let (said, bytes) = unwrapped(body).expect("read");
        let expected = Said {
            name: "Portal".to_owned(),
            version: "1".to_owned(),
            parent: "Tax".to_owned(),
            is_made: true,
            ..Said::default()
        };
        assert_eq!((said, bytes.as_slice()), (expected, &b"{}\n\n"[..]));
        for body in ["", "[]", "{\"bom\":1}", "{\"bom\":\"%\"}"] {
            assert!(unwrapped(body.as_bytes()).is_err(), "{body}");
        }
        let mut said = Said::default();
        said.take("parentUUID", "key");
        said.take("parentName", "name");
        assert_eq!(said.parent, "key");
    }
}
