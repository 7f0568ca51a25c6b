// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements of in-toto and the provenance of SLSA in them.

use serde_json::Value;
use underpin_model::limits::bounds::ATTESTATION_TEXT_BYTES;

use super::sources::Stated;
use super::subjects::Subjects;

/// What a statement says.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) subjects: Subjects,
    pub(super) predicate: String,
    pub(super) builder: Option<String>,
    pub(super) sources: Stated,
}

/// The kind of text that a statement is.
pub(super) const KIND: &str = "application/vnd.in-toto+json";

/// As much of a text as is kept.
pub(super) fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(ATTESTATION_TEXT_BYTES)].to_owned()
}

impl Statement {
    /// Reads one of version 0.1 or 1; `None` for anything else.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(payload).ok()?;
        let kind = value.get("_type")?.as_str()?;
        matches!(kind, "https://in-toto.io/Statement/v0.1" | "https://in-toto.io/Statement/v1").then_some(())?;
        let subjects = Subjects::read(value.get("subject")?.as_array()?)?;
        let predicate = cut(value.get("predicateType")?.as_str()?);
        let body = value.get("predicate").unwrap_or(&Value::Null);
        let at = |path: &str| body.pointer(path).and_then(Value::as_str).map(cut);
        let (builder, sources) = match predicate.as_str() {
            "https://slsa.dev/provenance/v1" => (at("/runDetails/builder/id"), Stated::of(body, true)),
            "https://slsa.dev/provenance/v0.2" | "https://slsa.dev/provenance/v0.1" => {
                (at("/builder/id"), Stated::of(body, false))
            }
            _ => (None, Stated::default()),
        };
        Some(Self { subjects, predicate, builder, sources })
    }

    /// Whether it is a provenance with a builder: the first level of SLSA.
    pub(super) fn is_provenance(&self) -> bool {
        self.predicate.starts_with("https://slsa.dev/provenance/")
            && self.builder.as_ref().is_some_and(|id| !id.is_empty())
    }
}
