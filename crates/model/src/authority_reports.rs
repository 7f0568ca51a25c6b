// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A report to an authority as far as the house can fill it: facts by field, and what it does not know. Sentences are made of it elsewhere,
//! and a person reads, completes and hands it in.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::clocks::{Clock, ClockEvidence, Obliged, ReportStep};
use crate::incidents::IncidentId;
use crate::law::Citation;
use crate::law_routing::{Channel, Recipient, ReportBody, ReportField, RouteQuestion};
use crate::registry::Classification;
use crate::watch::Tlp;

/// A fact of a field, as data: words come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schemars(rename = "ReportFact")]
pub enum Fact {
    /// Words from elsewhere, as they are.
    Text {
        /// The words.
        text: String,
    },
    /// A severity by somebody's word.
    Severity {
        /// How bad, in a word.
        level: String,
        /// Base score, where there is one.
        score: Option<String>,
        /// By whose word.
        source: String,
    },
    /// A package that the product contains, or that the incident is about: of others, and never the product.
    Contains {
        /// The package.
        package: String,
    },
    /// A list of exploited vulnerabilities has it.
    Exploited {
        /// The list.
        list: String,
    },
    /// How systems within sight stand.
    Systems {
        /// Still hit.
        hit: u64,
        /// Not hit any more, or accepted.
        settled: u64,
        /// Of which nothing can be told.
        unclear: u64,
        /// Agencies that are hit.
        agencies: u64,
    },
    /// Work that is open and done.
    Tasks {
        /// Open.
        open: u64,
        /// Done or not to be done.
        settled: u64,
    },
    /// How far the matter may be passed on.
    Marking {
        /// The label.
        tlp: Tlp,
        /// The classification.
        classification: Classification,
    },
}

impl Fact {
    /// Whether it only stands beside a field: counts, lists and parts answer nothing that the law asks.
    pub fn is_context(&self) -> bool {
        match self {
            Self::Contains { .. } | Self::Exploited { .. } | Self::Systems { .. } | Self::Tasks { .. } => true,
            Self::Text { .. } | Self::Severity { .. } | Self::Marking { .. } => false,
        }
    }
}

/// A field of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DraftField {
    /// The field.
    pub field: ReportField,
    /// Whether the law asks for it only where it applies or is available.
    pub where_available: bool,
    /// What the house knows, and what stands beside it ([`Fact::is_context`]); without the first a person must say it.
    pub facts: Vec<Fact>,
    /// The text that asks for it.
    pub law: Citation,
}

impl DraftField {
    /// Whether the house knows what the law asks for here; what only stands beside it does not count.
    pub fn is_known(&self) -> bool {
        self.facts.iter().any(|fact| !fact.is_context())
    }
}

/// A draft of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReportDraft {
    /// The incident.
    pub incident: IncidentId,
    /// What it is called.
    pub title: String,
    /// The clock.
    pub clock: Clock,
    /// The step.
    pub step: ReportStep,
    /// In which roles a person confirmed that somebody is bound; empty while nobody did.
    pub roles: Vec<Obliged>,
    /// Who that is; `None` while nobody is named.
    pub whom: Option<String>,
    /// When it is due, where that is known.
    pub due: Option<Timestamp>,
    /// When whoever is bound became aware, where somebody said so.
    pub aware: Option<Timestamp>,
    /// The state whose body receives it; `None` where it is not known.
    pub country: Option<String>,
    /// Who receives it.
    pub recipients: Vec<Recipient>,
    /// The body that the office entered for it; `None` where it entered none.
    pub body: Option<ReportBody>,
    /// By what.
    #[schemars(with = "String")]
    pub channel: Channel,
    /// What a person has to find out before it is sent.
    pub questions: Vec<RouteQuestion>,
    /// The fields, in the order of the law.
    pub fields: Vec<DraftField>,
    /// What can be attached.
    pub evidence: Vec<ClockEvidence>,
    /// The text that asks for the step.
    pub law: Citation,
    /// The ledger's revision of the answer.
    pub snapshot: i64,
    /// As of when.
    pub as_of: Timestamp,
}

impl ReportDraft {
    /// Fields of which the house knows nothing.
    pub fn unknown(&self) -> impl Iterator<Item = &DraftField> {
        self.fields.iter().filter(|field| !field.is_known())
    }
}
