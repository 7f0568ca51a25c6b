// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office and the agencies decided about a vulnerability: triage once, for the whole government.
//!
//! A decision never deletes a finding: it gives it another status, with its reason, as long as it holds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::registry::{AgencyId, SystemId};

use super::{Justification, Status};

/// Number of a decision, shown as `V12`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct DecisionId(pub i64);

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V{}", self.0)
    }
}

impl FromStr for DecisionId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim().trim_start_matches(['V', 'v']);
        digits.parse().map(Self).map_err(|_| format!("{text:?} is no number of a decision, such as V12"))
    }
}

/// Where a decision holds. It never reaches beyond.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// One artefact of a system: by its digest, or by its name where it has none. Newer documents about the same artefact inherit it.
    Artefact {
        /// The system.
        system: SystemId,
        /// Digest or name of the artefact.
        artefact: String,
    },
    /// One system.
    System(SystemId),
    /// An agency and everything below it.
    Agency(AgencyId),
    /// The whole government.
    Government,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Decision {
    /// Number.
    pub id: DecisionId,
    /// The vulnerability, by any of its names; it holds for all names of the same vulnerability.
    pub vulnerability: String,
    /// The package: a purl with version (that version), or without (every version). Empty: every package with the vulnerability.
    pub package: String,
    /// Where it holds.
    pub place: Place,
    /// What was decided. `affected` keeps a finding open against a wider decision.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// What is to be done.
    pub action: String,
    /// Who decided.
    pub author: String,
    /// Whose decision it is; `None` for the office.
    pub agency: Option<AgencyId>,
    /// Where it came from, when it was taken over: author and identifier of a VEX document.
    pub origin: String,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// When it should be looked at again.
    pub review: Option<Timestamp>,
    /// When it ends by itself; the findings are open again then.
    pub expires: Option<Timestamp>,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// Whether a second person must agree before it holds.
    pub needs_approval: bool,
    /// Who agreed, and when.
    pub approved: Option<(String, Timestamp)>,
    /// Who withdrew it, when, and why.
    pub withdrawn: Option<(String, Timestamp, String)>,
}

impl Decision {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at
            && self.expires.is_none_or(|end| at < end)
            && self.withdrawn.as_ref().is_none_or(|(_, moment, _)| at < *moment)
            && (!self.needs_approval || self.approved.as_ref().is_some_and(|(_, moment)| *moment <= at))
    }
}
