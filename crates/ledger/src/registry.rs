// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Changes to the registry: what can be said, and what must hold afterwards.
//!
//! All changes of one call are made first and judged together afterwards, so their order does not matter and a whole
//! government can be handed over at once. Ending a system ends its deployments and mapping rules; an agency cannot end
//! while something belongs to it. What ended stays in the history and may still be named as a predecessor.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use underpin_model::registry::{
    Agency, AgencyId, Deployment, DeploymentId, MappingRule, System, SystemId, is_identifier,
};
use underpin_model::{EvidenceId, Timestamp};

use crate::change::Change;
use crate::deployments::deployment_key;
use crate::ledger::Writer;
use crate::references::{self, Reference};
use crate::value::{Value, values};
use crate::versions::{Content, Entry, Kind, Said, Statement, say};
use crate::{LedgerError, STILL, bulk, rights};

/// Changes from this number on leave one audit entry together; below it, one each.
const BULK_CHANGES: usize = 1_000;

/// Something to be said about the registry. It holds from the moment of the change on, unless
/// [`valid_from`](Self::valid_from) says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryChange {
    /// Adds or replaces an agency.
    PutAgency(Agency),
    /// Adds or replaces a system.
    PutSystem(System),
    /// Adds or replaces a deployment.
    PutDeployment(Deployment),
    /// Adds a mapping rule.
    PutMapping(MappingRule),
    /// Takes a mapping rule away.
    RemoveMapping(MappingRule),
    /// The agency is no more (closed, merged or split).
    EndAgency(AgencyId),
    /// The system is no more, and its deployments and mapping rules with it.
    EndSystem(SystemId),
    /// The system no longer runs there.
    EndDeployment(SystemId, DeploymentId),
    /// The inner change holds from another moment on, in the past or to come.
    ValidFrom(Timestamp, Box<RegistryChange>),
}

impl RegistryChange {
    /// The same change, holding from `moment` on.
    pub fn valid_from(self, moment: Timestamp) -> Self {
        Self::ValidFrom(moment, Box::new(self))
    }
}

impl Writer {
    /// Changes the registry, all or nothing. Returns the ledger's revision, which stays the same when everything
    /// holds already.
    ///
    /// # Errors
    /// [`LedgerError::InvalidIdentifier`], the `Unknown…` errors, [`LedgerError::AgencyCycle`],
    /// [`LedgerError::AgencyInUse`], [`LedgerError::NotAllowed`], and what the database says.
    pub async fn apply_registry(&self, at: Timestamp, changes: Vec<RegistryChange>) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change the registry").await?;
        apply(&mut change, changes).await?;
        change.commit().await
    }
}

/// Makes the changes and judges the outcome.
pub(crate) async fn apply(change: &mut Change, changes: Vec<RegistryChange>) -> Result<(), LedgerError> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut references = Vec::new();
    let mut statements = Vec::with_capacity(changes.len());
    for one in changes {
        statements.push(statement(one, change.at, &mut references)?);
    }
    let targets = rights::targets(&statements);
    rights::before(change, &targets, &references).await?;
    rights::keep_hidden(change, &mut statements).await?;
    references::ends(change, &statements).await?;
    end_with_systems(change, &mut statements).await?;
    let ended: Vec<Value> = statements
        .iter()
        .filter(|s| s.kind == Kind::Agency && s.content.is_none())
        .map(|s| Value::from(&s.id))
        .collect();
    let agencies_change = statements.iter().any(|statement| statement.kind == Kind::Agency);
    let mut said = Vec::new();
    for wave in waves(statements) {
        said.extend(say(change, wave).await?);
    }
    references::lead_somewhere(change, &references).await?;
    if agencies_change {
        references::form_a_tree(change).await?;
    }
    references::nothing_hangs_on(change, &ended).await?;
    rights::after(change, &targets).await?;
    note(change, said);
    Ok(())
}

/// What a change says, and what it refers to.
fn statement(change: RegistryChange, at: Timestamp, references: &mut Vec<Reference>) -> Result<Statement, LedgerError> {
    let (mut change, mut valid_from) = (change, at);
    let (kind, id, content) = loop {
        break match change {
            RegistryChange::PutAgency(agency) => {
                put(&agency, &agency.id.0, references::of_agency(&agency), references)?
            }
            RegistryChange::PutSystem(system) => {
                put(&system, &system.id.0, references::of_system(&system), references)?
            }
            RegistryChange::PutDeployment(deployment) => {
                put(&deployment, &deployment.id.0, references::of_deployment(&deployment), references)?
            }
            // A rule has no identifier of its own; its system's is checked as any other.
            RegistryChange::PutMapping(rule) => put(&rule, &rule.system.0, references::of_mapping(&rule), references)?,
            RegistryChange::RemoveMapping(rule) => (Kind::Mapping, rule.key(), None),
            RegistryChange::EndAgency(id) => (Kind::Agency, id.0, None),
            RegistryChange::EndSystem(id) => (Kind::System, id.0, None),
            RegistryChange::EndDeployment(system, id) => (Kind::Deployment, deployment_key(&system, &id), None),
            RegistryChange::ValidFrom(moment, inner) => {
                // A beginning at "still" would never come.
                valid_from = Timestamp(moment.0.min(STILL - 1));
                change = *inner;
                continue;
            }
        };
    };
    Ok(Statement { kind, id, content, valid_from })
}

fn put<T: Entry>(
    entry: &T,
    identifier: &str,
    more: Vec<Reference>,
    references: &mut Vec<Reference>,
) -> Result<(Kind, String, Option<Content>), LedgerError> {
    if !is_identifier(identifier) {
        return Err(LedgerError::InvalidIdentifier(identifier.to_owned()));
    }
    references.extend(more);
    Ok((T::KIND, entry.key(), Some(Content::of(entry))))
}

/// Ends the deployments and mapping rules of systems that end.
async fn end_with_systems(change: &mut Change, statements: &mut Vec<Statement>) -> Result<(), LedgerError> {
    let mut ending: BTreeMap<Timestamp, Vec<Value>> = BTreeMap::new();
    for statement in statements.iter().filter(|s| s.kind == Kind::System && s.content.is_none()) {
        ending.entry(statement.valid_from).or_default().push(Value::from(&statement.id));
    }
    for (valid_from, systems) in ending {
        let head = "SELECT kind, id FROM registry WHERE kind IN ('deployment', 'mapping') AND valid_until = $1 AND \
                    revision_until = $1 AND owner IN";
        bulk::select_in(&mut change.session, head, "", values![STILL], &systems, |row| {
            statements.push(Statement { kind: row.word(0)?, id: row.text(1)?, content: None, valid_from });
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Groups in which no thing occurs twice; order is kept for each thing.
fn waves(statements: Vec<Statement>) -> Vec<Vec<Statement>> {
    let mut waves = Vec::new();
    let mut seen = HashSet::new();
    let mut wave = Vec::new();
    for statement in statements {
        if !seen.insert((statement.kind, statement.id.clone())) {
            waves.push(std::mem::take(&mut wave));
            seen = HashSet::from([(statement.kind, statement.id.clone())]);
        }
        wave.push(statement);
    }
    waves.push(wave);
    waves
}

fn note(change: &mut Change, said: Vec<Said>) {
    if said.len() < BULK_CHANGES {
        for one in said {
            let action = if one.after.is_some() { "put" } else { "end" };
            change.note(action, format!("{} {}", one.kind.as_str(), one.id), one.before, one.after);
        }
        return;
    }
    let mut hasher = Sha256::new();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for one in &said {
        let after = one.after.as_ref().map(Json::to_string).unwrap_or_default();
        hasher.update(format!("{} {} {}:{after}\n", one.kind.as_str(), one.id, after.len()));
        *counts.entry(one.kind.as_str()).or_default() += 1;
    }
    let digest = EvidenceId(hasher.finalize().into()).to_string();
    change.note("put-many", "registry", None, Some(json!({ "changes": counts, "digest": digest })));
}
