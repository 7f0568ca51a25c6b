// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements of in-toto and the provenance of SLSA in them.

use serde_json::Value;
use underpin_model::limits::bounds::{ATTESTATION_SUBJECTS, ATTESTATION_TEXT_BYTES};

/// A thing that a statement is about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) name: String,
    /// Digests by their algorithm, in digits of base 16.
    pub(super) digests: Vec<(String, String)>,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) subjects: Vec<Subject>,
    pub(super) predicate: String,
    pub(super) builder: Option<String>,
    pub(super) source: Option<String>,
}

/// The kind of text that a statement is.
pub(super) const KIND: &str = "application/vnd.in-toto+json";

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(ATTESTATION_TEXT_BYTES)].to_owned()
}

impl Statement {
    /// Reads one of version 0.1 or 1; `None` for anything else.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(payload).ok()?;
        let kind = value.get("_type")?.as_str()?;
        matches!(kind, "https://in-toto.io/Statement/v0.1" | "https://in-toto.io/Statement/v1").then_some(())?;
        let list = value.get("subject")?.as_array()?;
        (!list.is_empty() && list.len() <= ATTESTATION_SUBJECTS).then_some(())?;
        let subjects = list.iter().map(subject).collect::<Option<Vec<_>>>()?;
        let predicate = cut(value.get("predicateType")?.as_str()?);
        let body = value.get("predicate").cloned().unwrap_or_default();
        let at = |path: &str| body.pointer(path).and_then(Value::as_str).map(cut);
        let (builder, source) = match predicate.as_str() {
            "https://slsa.dev/provenance/v1" => (
                at("/runDetails/builder/id"),
                at("/buildDefinition/resolvedDependencies/0/uri")
                    .or_else(|| at("/buildDefinition/externalParameters/workflow/repository")),
            ),
            "https://slsa.dev/provenance/v0.2" | "https://slsa.dev/provenance/v0.1" => {
                (at("/builder/id"), at("/invocation/configSource/uri").or_else(|| at("/materials/0/uri")))
            }
            _ => (None, None),
        };
        Some(Self { subjects, predicate, builder, source })
    }

    /// Whether it is a provenance with a builder: the first level of SLSA.
    pub(super) fn is_provenance(&self) -> bool {
        self.predicate.starts_with("https://slsa.dev/provenance/")
            && self.builder.as_ref().is_some_and(|id| !id.is_empty())
    }
}

fn subject(value: &Value) -> Option<Subject> {
    let digests = value.get("digest")?.as_object()?;
    Some(Subject {
        name: value.get("name").and_then(Value::as_str).map(cut).unwrap_or_default(),
        digests: digests
            .iter()
            .filter_map(|(name, digest)| Some((name.to_lowercase(), digest.as_str()?.to_lowercase())))
            .collect(),
    })
}
