// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A mapping rule tried out on the documents that are here, before it is written down or taken away. Nothing changes by that.

use serde::Serialize;
use underpin_model::limits::bounds::MAPPING_TRIAL_DOCUMENTS;
use underpin_model::registry::{MappingField, MappingRule};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp};

use super::names::deployment_in;
use super::registry_fields::{Fields, set_all};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};
use crate::intake::{Summary, fits, names_systems};

/// What a rule means for a document that is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrialOutcome {
    /// It is about no system yet: the rules bind it when they are applied.
    Waits,
    /// It is about the system of the rule already.
    There,
    /// It is about other systems; rules leave it so.
    Elsewhere,
}

impl TrialOutcome {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::There => "there",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// A document that a rule fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TrialRow {
    /// The document.
    pub document: DocumentId,
    /// Where it lay.
    pub path: String,
    /// Artefact it describes.
    pub subject: String,
    /// When we learned it.
    pub learned: Timestamp,
    /// Systems it is about.
    pub systems: Vec<String>,
    /// What the rule means for it.
    pub outcome: TrialOutcome,
}

/// What a rule would be about.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MappingTrial {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The rule, with the identifiers of what it names.
    pub rule: MappingRule,
    /// Whether it is written down already.
    pub is_there: bool,
    /// Accepted documents that rules can be about.
    pub documents: u64,
    /// Those that were looked at, the newest first: all, but where each has to be read again.
    pub looked_at: u64,
    /// Documents that it fits, the newest first.
    pub rows: Vec<TrialRow>,
}

impl MappingTrial {
    /// How many of the documents that it fits have an outcome.
    pub fn count(&self, outcome: TrialOutcome) -> u64 {
        self.rows.iter().filter(|row| row.outcome == outcome).count() as u64
    }
}

impl Desk {
    /// A rule as fields say it: what it names is found, and an empty pattern is refused.
    ///
    /// # Errors
    /// `invalid-field`, `not-found`, `ambiguous-name`.
    pub fn rule_of(&self, fields: &Fields) -> Result<MappingRule> {
        let mut rule = MappingRule::default();
        set_all(&mut rule, fields, self)?;
        if rule.pattern.is_empty() || rule.system.0.is_empty() {
            return Err(OfficeError::new("invalid-field", "a rule has a pattern and a system"));
        }
        if let Some(named) = &rule.deployment {
            let found = deployment_in(&self.snapshot, &rule.system, &named.0)?;
            rule.deployment = Some(found.id.clone());
        }
        Ok(rule)
    }

    /// Tries a mapping rule out on the documents that the viewer sees. Documents that name their systems themselves are no matter of
    /// rules.
    ///
    /// # Errors
    /// As [`Self::rule_of`]; when evidence is damaged.
    pub async fn try_mapping(&self, fields: &Fields) -> Result<MappingTrial> {
        let rule = self.rule_of(fields)?;
        let rules_ask =
            |record: &&DocumentRecord| record.state == DocumentState::Accepted && !names_systems(&record.format);
        let mut waiting: Vec<&DocumentRecord> = self.snapshot.documents.iter().filter(rules_ask).collect();
        waiting.sort_by(|a, b| b.learned.cmp(&a.learned).then(b.id.cmp(&a.id)));
        let documents = waiting.len() as u64;
        if rule.on == MappingField::Purl {
            waiting.truncate(MAPPING_TRIAL_DOCUMENTS);
        }
        let looked_at = waiting.len() as u64;
        let mut rows = Vec::new();
        for record in waiting {
            let summary = match rule.on {
                MappingField::Purl => Summary::of(&self.reread(record).await?.inventory(&self.limits)?),
                MappingField::Subject | MappingField::Path => Summary::kept(record),
            };
            if fits(&rule, &record.path, &summary) {
                rows.push(self.trial_row(&rule, record));
            }
        }
        let is_there = self.snapshot.mappings.iter().any(|known| is_same(known, &rule));
        Ok(MappingTrial { overview: self.overview(), rule, is_there, documents, looked_at, rows })
    }

    fn trial_row(&self, rule: &MappingRule, record: &DocumentRecord) -> TrialRow {
        let own = || self.snapshot.bindings.iter().filter(|binding| binding.document == record.id);
        let is_meant = own().any(|binding| {
            binding.system == rule.system && (rule.deployment.is_none() || binding.deployment == rule.deployment)
        });
        let mut systems: Vec<String> = own().map(|binding| binding.system.0.clone()).collect();
        systems.sort_unstable();
        systems.dedup();
        let outcome = match (is_meant, systems.is_empty()) {
            (true, _) => TrialOutcome::There,
            (false, true) => TrialOutcome::Waits,
            (false, false) => TrialOutcome::Elsewhere,
        };
        TrialRow {
            document: record.id,
            path: record.path.clone(),
            subject: record.subject.clone(),
            learned: record.learned,
            systems,
            outcome,
        }
    }
}

/// Whether two rules say the same: patterns do not tell upper from lower case.
fn is_same(one: &MappingRule, other: &MappingRule) -> bool {
    one.on == other.on
        && one.system == other.system
        && one.deployment == other.deployment
        && one.pattern.to_lowercase() == other.pattern.to_lowercase()
}
