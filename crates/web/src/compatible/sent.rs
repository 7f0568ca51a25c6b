// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a program sends: JSON with the document in base64, a form with the document as a file, or the document itself.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;
use underpin_model::Limits;

use super::{is_true, refused};
use crate::api::problem::Problem;
use crate::intake::{Intake, Room, busy, too_large};
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
/// `usage`, `too-large`, `too-slow`, and `busy` when there is no room now.
pub async fn sent(intake: &Intake, limits: &Limits, request: Request) -> Result<Sent, Problem> {
    let patience = Duration::from_secs(limits.upload_seconds);
    timeout(patience, received(intake, limits, request)).await.unwrap_or_else(|_| {
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow")
            .detail(format!("the request did not come in within {} seconds", limits.upload_seconds)))
    })
}

async fn received(intake: &Intake, limits: &Limits, request: Request) -> Result<Sent, Problem> {
    // What does not say how long it is gets its room as it comes.
    let length = length(request.headers());
    let room = intake.room(length.unwrap_or_default()).map_err(refused)?;
    let most = length.unwrap_or(limits.upload_bytes);
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let said = Said::of_address(request.uri());
    let mut reading = Reading { room, most, bytes: 0 };
    if kind == "multipart/form-data" {
        return form(said, reading, request).await;
    }
    let body = reading.whole(request.into_body()).await?;
    // JSON that says in the address what it is about is the document itself.
    let is_wrapped = kind == "application/json" && said == Said::default();
    let (mut said, bytes) = if is_wrapped { unwrapped(&body)? } else { (said, body) };
    if bytes.is_empty() {
        return Err(Problem::usage("there is no document in the request"));
    }
    if said.file.is_empty() {
        FILE_NAME.clone_into(&mut said.file);
    }
    Ok(Sent { said, bytes, room: reading.room })
}

/// Bytes that come in, with their room.
struct Reading {
    room: Room,
    most: u64,
    bytes: u64,
}

impl Reading {
    /// Makes room for more.
    fn take(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        self.bytes += chunk.len() as u64;
        if self.bytes > self.most {
            return Err(refused(too_large(self.most)));
        }
        if self.room.grow_to(self.bytes) { Ok(()) } else { Err(refused(busy())) }
    }

    /// A whole body.
    async fn whole(&mut self, mut body: Body) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|_| Problem::usage("the request broke off"))?;
            if let Ok(chunk) = frame.into_data() {
                self.take(&chunk)?;
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(bytes)
    }

    /// A whole field of a form.
    async fn field(&mut self, mut field: Field<'_>) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| broken_form())? {
            self.take(&chunk)?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn broken_form() -> Problem {
    Problem::usage("the form is not as it should be")
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

async fn form(mut said: Said, mut reading: Reading, mut request: Request) -> Result<Sent, Problem> {
    // How much comes in is counted here, with the room for it.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken_form())?;
    let (mut bytes, mut fields) = (Vec::new(), 0);
    while let Some(field) = parts.next_field().await.map_err(|_| broken_form())? {
        fields += 1;
        if fields > FIELDS {
            return Err(broken_form());
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name == "bom" {
            if let Some(file) = field.file_name().filter(|file| !file.is_empty()) {
                said.take("filename", file.rsplit(['/', '\\']).next().unwrap_or_default());
            }
            bytes = reading.field(field).await?;
            continue;
        }
        let value = reading.field(field).await?;
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
    Ok(Sent { said, bytes, room: reading.room })
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
