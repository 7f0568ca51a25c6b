// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Changes to the registry: what can be said, and what must hold afterwards.
//!
//! All changes of one call are made first and judged together afterwards, so their order does not matter and a whole
//! government can be handed over at once. What must hold then is said in [`belonging`]. What ended stays in the history
//! and may still be named as a predecessor.

use std::collections::BTreeMap;

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::INDEXED_TEXT_BYTES;
use underpin_model::registry::{
    Agency, AgencyId, Deployment, DeploymentId, MappingRule, System, SystemId, is_identifier,
};

use crate::change::Change;
use crate::deployments::deployment_key;
use crate::ledger::Writer;
use crate::references::{self, Reference};
use crate::timelines::{Said, Timelines};
use crate::value::values;
use crate::versions::{Content, Entry, Kind, Statement};
use crate::{LedgerError, STILL, audit_content, belonging, rights};

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
    /// The inner addition is made only when nothing of that name is there or planned: whoever was first stays.
    IfMissing(Box<RegistryChange>),
}

impl RegistryChange {
    /// The same change, holding from `moment` on.
    pub fn valid_from(self, moment: Timestamp) -> Self {
        Self::ValidFrom(moment, Box::new(self))
    }

    /// The same addition, made only when nothing of that name is there or planned.
    pub fn if_missing(self) -> Self {
        Self::IfMissing(Box::new(self))
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The ledger's revision afterwards.
    pub revision: i64,
    /// False when everything held already.
    pub changed: bool,
}

impl Writer {
    /// Changes the registry, all or nothing. Returns the ledger's revision, which stays the same when everything
    /// holds already.
    ///
    /// # Errors
    /// [`LedgerError::InvalidIdentifier`], the `Unknown…` errors, [`LedgerError::AgencyCycle`],
    /// [`LedgerError::AgencyInUse`], [`LedgerError::AgencyEnds`], [`LedgerError::BeginsLater`],
    /// [`LedgerError::NotAllowed`], and what the database says.
    pub async fn apply_registry(&self, at: Timestamp, changes: Vec<RegistryChange>) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change the registry").await?;
        apply(&mut change, changes).await?;
        change.commit().await
    }

    /// The same for changes that were worked out from the registry as it was at `revision`: refused when anybody
    /// changed it since, so that no change of somebody else is lost. Other changes of the ledger do not count.
    ///
    /// # Errors
    /// [`LedgerError::RegistryMoved`], and those of [`Self::apply_registry`].
    pub async fn apply_registry_since(
        &self,
        at: Timestamp,
        revision: i64,
        changes: Vec<RegistryChange>,
    ) -> Result<Applied, LedgerError> {
        let mut change = self.change(at, "change the registry").await?;
        let sql = "SELECT number FROM registry WHERE revision_from > $1 OR (revision_until > $1 AND \
                   revision_until < $2) LIMIT 1";
        if change.session.row(sql, values![revision, STILL]).await?.is_some() {
            return Err(LedgerError::RegistryMoved);
        }
        apply(&mut change, changes).await?;
        let own = change.revision;
        let revision = change.commit().await?;
        Ok(Applied { revision, changed: revision == own })
    }
}

/// Makes the changes and judges the outcome.
pub(crate) async fn apply(change: &mut Change, changes: Vec<RegistryChange>) -> Result<(), LedgerError> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut timelines = Timelines::default();
    let (mut statements, mut references) = (Vec::with_capacity(changes.len()), Vec::new());
    for one in changes {
        let (statement, named) = statement(one, change.at)?;
        statements.push(statement);
        references.push(named);
    }
    for kind in [Kind::Agency, Kind::System, Kind::Deployment, Kind::Mapping] {
        let ids = statements.iter().filter(|statement| statement.kind == kind).map(|s| s.id.as_str());
        timelines.load(&mut change.session, kind, ids).await?;
    }
    let (mut statements, references) = without_known(&timelines, statements, references);
    let targets = rights::targets(&statements);
    let before = rights::before(change, &targets, &references).await?;
    rights::keep_hidden(change, &timelines, &mut statements).await?;
    references::ends(change, &statements).await?;
    for statement in &statements {
        timelines.say(statement);
    }
    belonging::settle(change, &mut timelines, &statements).await?;
    let said = timelines.write(change).await?;
    references::lead_somewhere(change, &references).await?;
    rights::after(change, &targets, &before).await?;
    note(change, said);
    Ok(())
}

/// Leaves out what is only to be added if missing and is not.
fn without_known(
    timelines: &Timelines,
    statements: Vec<Statement>,
    references: Vec<Vec<Reference>>,
) -> (Vec<Statement>, Vec<Reference>) {
    let known = |s: &Statement| timelines.of(s.kind, &s.id).is_some_and(|timeline| timeline.reaches(s.valid_from.0));
    let kept = statements.into_iter().zip(references).filter(|(s, _)| !(s.if_missing && known(s)));
    let (statements, references): (Vec<Statement>, Vec<Vec<Reference>>) = kept.unzip();
    (statements, references.into_iter().flatten().collect())
}

/// What a change says, and what it refers to.
fn statement(change: RegistryChange, at: Timestamp) -> Result<(Statement, Vec<Reference>), LedgerError> {
    let (mut change, mut valid_from, mut if_missing) = (change, at, false);
    let mut references = Vec::new();
    let named = &mut references;
    let (kind, id, content) = loop {
        break match change {
            RegistryChange::PutAgency(agency) => put(&agency, &agency.id.0, references::of_agency(&agency), named)?,
            RegistryChange::PutSystem(system) if !system.compartments.iter().all(|name| is_identifier(name)) => {
                let name = system.compartments.into_iter().find(|name| !is_identifier(name)).unwrap_or_default();
                return Err(LedgerError::InvalidIdentifier(name));
            }
            RegistryChange::PutSystem(system) => put(&system, &system.id.0, references::of_system(&system), named)?,
            RegistryChange::PutDeployment(deployment) => {
                put(&deployment, &deployment.id.0, references::of_deployment(&deployment), named)?
            }
            // A rule has no identifier of its own; its system's is checked as any other.
            RegistryChange::PutMapping(rule) => {
                indexed("the pattern of a mapping rule", &rule.pattern)?;
                put(&rule, &rule.system.0, references::of_mapping(&rule), named)?
            }
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
            RegistryChange::IfMissing(inner) => {
                if_missing = true;
                change = *inner;
                continue;
            }
        };
    };
    Ok((Statement { kind, id, content, valid_from, if_missing }, references))
}

/// Refuses a text that an index could not take. Lower case may be longer, so that it is what counts.
pub(crate) fn indexed(field: &str, text: &str) -> Result<(), LedgerError> {
    let (bytes, most) = (text.len().max(text.to_lowercase().len()), INDEXED_TEXT_BYTES);
    if bytes <= most { Ok(()) } else { Err(LedgerError::TooLong { field: field.to_owned(), bytes, most }) }
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

fn note(change: &mut Change, said: Vec<Said>) {
    if said.len() < BULK_CHANGES {
        for one in said {
            let action = if one.after.is_some() { "put" } else { "end" };
            let after = one.after_with_dates(change.at);
            change.note(action, format!("{} {}", one.kind.as_str(), one.id), one.before, after);
        }
        return;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for one in &said {
        *counts.entry(one.kind.as_str()).or_default() += 1;
    }
    let digest = audit_content::digest(&said, change.at);
    change.note("put-many", "registry", None, Some(json!({ "changes": counts, "digest": digest })));
}
