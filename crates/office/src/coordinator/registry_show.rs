// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry show`: everything registered about one agency, system or deployment, and how it came to be so.
//!
//! What has ended is found by its identifier: its past stays.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::coverage::CoverageState;
use underpin_model::registry::{Agency, AgencyId, Deployment, MappingRule, SystemId, Versioned};

use super::registry_fields::{FieldChange, differences};
use super::what::Place;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// The answer of `registry show`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ShowAnswer {
    /// `agency`, `system` or `deployment`.
    pub kind: &'static str,
    /// Identifier; of a deployment with its system before a slash.
    pub id: String,
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// All fields, as registered.
    pub fields: serde_json::Value,
    /// Since when it is no more, where that is so.
    pub ended: Option<Timestamp>,
    /// Agencies that took over what belonged to an agency that ended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub succeeded_by: Vec<AgencyId>,
    /// Agencies directly below an agency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<AgencyId>,
    /// Systems of an agency itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<SystemId>,
    /// Where a system runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<Deployment>,
    /// Systems that need this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needed_by: Vec<SystemId>,
    /// Rules that bind documents to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<MappingRule>,
    /// How much is known of a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CoverageState>,
    /// Documents that count for it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// Everything ever said about it, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryRow>,
}

/// One statement of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HistoryRow {
    /// Since when it held.
    pub valid_from: Timestamp,
    /// Until when it held; absent while it does.
    pub valid_until: Option<Timestamp>,
    /// Since when we knew it.
    pub recorded_from: Timestamp,
    /// Until when we believed it; absent while we do.
    pub recorded_until: Option<Timestamp>,
    /// What differs from what was believed of that moment before, else from what held just before it; everything for
    /// the first.
    pub changes: Vec<FieldChange>,
}

impl Desk {
    /// Shows one thing.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`.
    pub async fn show_registered(&self, text: &str, history: bool, stale_days: u64) -> Result<ShowAnswer> {
        if let Some((system, deployment)) = text.split_once('/') {
            return self.show_deployment(system, deployment);
        }
        let mut answer = match self.show_ended(text).await? {
            Some(ended) => ended,
            None => self.show_present(text, stale_days)?,
        };
        if history {
            let reader = self.ledger.reader(self.viewer.clone(), self.now);
            answer.history = match answer.kind {
                "agency" => rows(reader.history_of_agency(&AgencyId(answer.id.clone())).await?, self.snapshot.at),
                _ => rows(reader.history_of_system(&SystemId(answer.id.clone())).await?, self.snapshot.at),
            };
        }
        Ok(answer)
    }

    fn show_present(&self, text: &str, stale_days: u64) -> Result<ShowAnswer> {
        match self.place(text)? {
            Place::System(position) => Ok(self.show_system(position, stale_days)),
            Place::Agency(agency) => match self.agency(&agency) {
                Some(agency) => Ok(self.show_agency(agency)),
                None => Err(OfficeError::new("not-found", format!("there is no agency {agency}"))),
            },
            Place::Document(_) => Err(OfficeError::new("not-found", format!("{text} is a document"))
                .hint(format!("`underpin documents show {text}` shows it"))),
        }
    }

    fn nothing_yet(&self, kind: &'static str, id: &str, fields: &impl Serialize) -> ShowAnswer {
        ShowAnswer {
            kind,
            id: id.to_owned(),
            overview: self.overview(),
            fields: serde_json::to_value(fields).unwrap_or_default(),
            ended: None,
            succeeded_by: Vec::new(),
            agencies: Vec::new(),
            systems: Vec::new(),
            deployments: Vec::new(),
            needed_by: Vec::new(),
            mappings: Vec::new(),
            state: None,
            documents: Vec::new(),
            history: Vec::new(),
        }
    }

    fn show_agency(&self, agency: &Agency) -> ShowAnswer {
        let mut answer = self.nothing_yet("agency", &agency.id.0, agency);
        let children = self.snapshot.agencies.iter().filter(|child| child.parent.as_ref() == Some(&agency.id));
        answer.agencies = children.map(|child| child.id.clone()).collect();
        let systems = self.snapshot.systems.iter().filter(|system| system.agency == agency.id);
        answer.systems = systems.map(|system| system.id.clone()).collect();
        answer
    }

    fn show_system(&self, position: u32, stale_days: u64) -> ShowAnswer {
        let system = self.system(position);
        let mut answer = self.nothing_yet("system", &system.id.0, system);
        answer.deployments = self.deployments(system).cloned().collect();
        let needing = self.snapshot.systems.iter().filter(|other| other.depends_on.contains(&system.id));
        answer.needed_by = needing.map(|other| other.id.clone()).collect();
        let mappings = self.snapshot.mappings.iter().filter(|rule| rule.system == system.id);
        answer.mappings = mappings.cloned().collect();
        answer.state = Some(self.coverage_state(position, &self.coverage_question(&[], stale_days)));
        answer.documents = self.current_documents(position).map(|record| record.id.to_string()).collect();
        answer
    }

    fn show_deployment(&self, system: &str, deployment: &str) -> Result<ShowAnswer> {
        let system = self.system_called(system)?;
        let found = self.deployments(system).find(|row| row.id.0 == deployment || row.name == deployment);
        let found = found.ok_or_else(|| {
            OfficeError::new("not-found", format!("system {} has no deployment {deployment:?}", system.id))
                .hint(format!("`underpin registry show {}` lists them", system.id))
        })?;
        let mut answer = self.nothing_yet("deployment", &format!("{}/{}", system.id, found.id), found);
        let mine = |rule: &&MappingRule| rule.system == system.id && rule.deployment.as_ref() == Some(&found.id);
        answer.mappings = self.snapshot.mappings.iter().filter(mine).cloned().collect();
        Ok(answer)
    }

    /// What does not hold at the desk's moment, by its identifier: its last word. Elsewhere the identifier of an ended
    /// agency leads to its successor; here its own past is asked for.
    async fn show_ended(&self, id: &str) -> Result<Option<ShowAnswer>> {
        if self.system_position(id).is_some() || self.agency(&AgencyId(id.to_owned())).is_some() {
            return Ok(None);
        }
        let reader = self.ledger.reader(self.viewer.clone(), self.now);
        let systems = reader.history_of_system(&SystemId(id.to_owned())).await?;
        if let Some(last) = last(&systems, self.snapshot.at) {
            let mut answer = self.nothing_yet("system", id, &last.value);
            answer.ended = Some(last.valid_until);
            return Ok(Some(answer));
        }
        let agencies = reader.history_of_agency(&AgencyId(id.to_owned())).await?;
        let Some(last) = last(&agencies, self.snapshot.at) else { return Ok(None) };
        let mut answer = self.nothing_yet("agency", id, &last.value);
        answer.ended = Some(last.valid_until);
        let successors = self.snapshot.agencies.iter().filter(|agency| agency.predecessors.contains(&last.value.id));
        answer.succeeded_by = successors.map(|agency| agency.id.clone()).collect();
        Ok(Some(answer))
    }
}

/// The last statement that held before a moment, as it was believed then.
fn last<T>(history: &[Versioned<T>], at: Timestamp) -> Option<&Versioned<T>> {
    let believed = history.iter().filter(|row| row.recorded_from <= at && at < row.recorded_until);
    believed.filter(|row| row.valid_until <= at).max_by_key(|row| row.valid_until)
}

/// The statements that said something new, or that it ends; what the ledger repeats in between is left out.
fn rows<T: Serialize>(history: Vec<Versioned<T>>, at: Timestamp) -> Vec<HistoryRow> {
    let known: Vec<&Versioned<T>> = history.iter().filter(|row| row.recorded_from <= at).collect();
    let open = |moment: Timestamp| (moment != Timestamp::MAX).then_some(moment);
    let mut rows = Vec::new();
    for row in &known {
        let together = |other: &&&Versioned<T>| {
            other.recorded_from < row.recorded_until && row.recorded_from < other.recorded_until
        };
        let replaced = known.iter().find(|other| {
            other.recorded_until == row.recorded_from && (other.valid_from..other.valid_until).contains(&row.valid_from)
        });
        let just_before = known.iter().filter(together).find(|other| other.valid_until == row.valid_from);
        let before = replaced.or(just_before).map(|other| &other.value);
        let changes = differences(before, Some(&row.value));
        let followed = known.iter().filter(together).any(|other| other.valid_from == row.valid_until);
        let ends = row.valid_until != Timestamp::MAX && !followed;
        if !changes.is_empty() || ends {
            rows.push(HistoryRow {
                valid_from: row.valid_from,
                valid_until: open(row.valid_until),
                recorded_from: row.recorded_from,
                recorded_until: open(row.recorded_until),
                changes,
            });
        }
    }
    rows
}
