// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What somebody said about a finding there, and what that means here.
//!
//! Nothing is closed that nobody gave a reason for: what is only hidden ("suppressed"), and what is called not affected without any word,
//! is taken over as under investigation.

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::watch::{Justification, Status};

use crate::cyclonedx::vex::{justification_of, status_of};

/// What was said about a vulnerability of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Analysis {
    /// `EXPLOITABLE`, `IN_TRIAGE`, `FALSE_POSITIVE`, `NOT_AFFECTED`, `RESOLVED` or `NOT_SET`.
    #[serde(rename = "analysisState")]
    pub state: Option<String>,
    /// Why it is not affected, in the words of CycloneDX (`CODE_NOT_REACHABLE`).
    #[serde(rename = "analysisJustification")]
    pub justification: Option<String>,
    /// What is done about it (`WILL_NOT_FIX`).
    #[serde(rename = "analysisResponse")]
    pub response: Option<String>,
    /// The story.
    #[serde(rename = "analysisDetails")]
    pub details: Option<String>,
    /// The trail: changes of state, and what people wrote.
    #[serde(rename = "analysisComments")]
    pub comments: Vec<Comment>,
    /// Whether it is hidden there.
    #[serde(rename = "isSuppressed")]
    pub is_suppressed: bool,
}

/// A line of the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Comment {
    /// When, in milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// Text.
    pub comment: Option<String>,
    /// Who.
    pub commenter: Option<String>,
}

/// What it means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// Status.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Everything that was said, never empty.
    pub reason: String,
    /// What is to be done; may be empty.
    pub action: String,
}

impl Analysis {
    /// Reads an answer.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }
}

/// What an analysis means here; none when nothing was said.
pub fn ruled(analysis: &Analysis) -> Option<Ruled> {
    let word = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !matches!(*text, "" | "NOT_SET")).map(str::to_lowercase)
    };
    let (state, stated) = (word(&analysis.state), word(&analysis.justification));
    if state.is_none() && !analysis.is_suppressed {
        return None;
    }
    let status = state.as_deref().and_then(status_of).unwrap_or(Status::UnderInvestigation);
    let justification = match state.as_deref() {
        // It was matched by mistake: what the vulnerability is about is not there.
        Some("false_positive") => Some(Justification::VulnerableCodeNotPresent),
        _ => stated.as_deref().and_then(justification_of),
    };
    let words = words(analysis);
    let is_bare = status == Status::NotAffected && justification.is_none() && words.is_empty();
    let status = if is_bare { Status::UnderInvestigation } else { status };
    let mut said = state.unwrap_or_else(|| "suppressed without a state".to_owned()).replace('_', " ");
    if let Some(stated) = stated {
        said = format!("{said}, {}", stated.replace('_', " "));
    }
    if analysis.is_suppressed && analysis.state.is_some() && !said.starts_with("suppressed") {
        said.push_str(", suppressed");
    }
    let bare = if is_bare { " (no reason was given, so it is not closed here)" } else { "" };
    let reason = std::iter::once(format!("Dependency-Track: {said}{bare}")).chain(words).collect::<Vec<_>>().join("\n");
    let action = word(&analysis.response).map(|word| word.replace('_', " ")).unwrap_or_default();
    Some(Ruled { status, justification: justification.filter(|_| status == Status::NotAffected), reason, action })
}

/// The story and what people wrote, line by line. Lines that the server wrote itself about changes of fields say nothing new.
fn words(analysis: &Analysis) -> Vec<String> {
    let details = analysis.details.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let comments = analysis.comments.iter().filter_map(|comment| {
        let text = comment.comment.as_deref().map(str::trim).filter(|text| !text.is_empty() && !is_trail(text))?;
        let by = comment.commenter.as_deref().map(str::trim).filter(|by| !by.is_empty()).unwrap_or("somebody");
        let at = comment.timestamp.map(|millis| Timestamp(millis.saturating_mul(1_000)).date());
        Some(format!("{by}{}: {text}", at.map(|at| format!(", {at}")).unwrap_or_default()))
    });
    details.into_iter().chain(comments).collect()
}

/// `Analysis: NOT_SET → NOT_AFFECTED` and the like.
fn is_trail(text: &str) -> bool {
    const FIELDS: [&str; 5] = ["Analysis:", "Justification:", "Vendor Response:", "Details:", "Suppressed"];
    matches!(text, "Suppressed" | "Unsuppressed")
        || (text.contains('→') && FIELDS.iter().any(|field| text.starts_with(field)))
}
