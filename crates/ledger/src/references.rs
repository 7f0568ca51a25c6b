// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the registry's changes refer to. Whether it is there for long enough is judged in [`belonging`](crate::belonging).

use std::collections::{BTreeMap, HashMap, HashSet};

use underpin_model::registry::{Agency, AgencyId, Deployment, MappingRule, System, SystemId};

use crate::LedgerError;
use crate::change::Change;
use crate::deployments::deployment_key;
use crate::value::Value;
use crate::versions::{Entry, Kind, Statement, existing};

/// A reference that must lead somewhere.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Kind of what is named.
    pub(crate) kind: Kind,
    /// What is named.
    pub(crate) id: String,
    /// It may lead to what has ended.
    pub(crate) ever: bool,
    /// Who names it.
    pub(crate) by: String,
    /// The agency that names it as its parent.
    pub(crate) child: Option<String>,
    /// Whether naming it takes over what it was.
    pub(crate) inherits: bool,
}

fn reference(kind: Kind, id: &str, ever: bool, by: &str) -> Reference {
    Reference { kind, id: id.to_owned(), ever, by: by.to_owned(), child: None, inherits: false }
}

/// Its parent must be there, its predecessors may have ended.
pub(crate) fn of_agency(agency: &Agency) -> Vec<Reference> {
    let by = format!("agency {}", agency.id);
    let child = Some(agency.id.0.clone());
    let parent = agency.parent.iter();
    let parent = parent.map(|id| Reference { child: child.clone(), ..reference(Kind::Agency, &id.0, false, &by) });
    let inherited = |id: &AgencyId| Reference { inherits: true, ..reference(Kind::Agency, &id.0, true, &by) };
    parent.chain(agency.predecessors.iter().map(inherited)).collect()
}

/// Its agency must be there, what it depends on may have ended.
pub(crate) fn of_system(system: &System) -> Vec<Reference> {
    let by = format!("system {}", system.id);
    let agency = std::iter::once(reference(Kind::Agency, &system.agency.0, false, &by));
    agency.chain(system.depends_on.iter().map(|id| reference(Kind::System, &id.0, true, &by))).collect()
}

/// Its system must be there.
pub(crate) fn of_deployment(deployment: &Deployment) -> Vec<Reference> {
    let by = format!("deployment {}", deployment.key());
    vec![reference(Kind::System, &deployment.system.0, false, &by)]
}

/// Its system and deployment must be there.
pub(crate) fn of_mapping(rule: &MappingRule) -> Vec<Reference> {
    let by = format!("mapping rule {}", rule.key());
    let system = std::iter::once(reference(Kind::System, &rule.system.0, false, &by));
    let deployment = rule.deployment.iter().map(|id| deployment_key(&rule.system, id));
    system.chain(deployment.map(|key| reference(Kind::Deployment, &key, false, &by))).collect()
}

/// The error for something that is not there.
pub(crate) fn unknown(kind: Kind, id: &str, by: &str) -> LedgerError {
    let by = by.to_owned();
    match kind {
        Kind::Agency => LedgerError::UnknownAgency { agency: AgencyId(id.to_owned()), by },
        Kind::System => LedgerError::UnknownSystem { system: SystemId(id.to_owned()), by },
        Kind::Deployment => LedgerError::UnknownDeployment { deployment: id.to_owned(), by },
        Kind::Mapping => LedgerError::UnknownMapping(id.to_owned()),
    }
}

/// What is to end must have been there.
pub(crate) async fn ends(change: &mut Change, statements: &[Statement]) -> Result<(), LedgerError> {
    let put: HashSet<(Kind, &str)> =
        statements.iter().filter(|s| s.content.is_some()).map(|s| (s.kind, s.id.as_str())).collect();
    let ends = statements.iter().filter(|s| s.content.is_none() && !put.contains(&(s.kind, s.id.as_str())));
    let references: Vec<_> = ends.map(|s| reference(s.kind, &s.id, true, "the change that ends it")).collect();
    lead_somewhere(change, &references).await
}

/// What may have ended must have been there. The first missing one is the error.
pub(crate) async fn lead_somewhere(change: &mut Change, references: &[Reference]) -> Result<(), LedgerError> {
    let mut groups: BTreeMap<Kind, HashSet<&str>> = BTreeMap::new();
    for reference in references.iter().filter(|reference| reference.ever) {
        groups.entry(reference.kind).or_default().insert(&reference.id);
    }
    let mut found: HashMap<Kind, HashSet<String>> = HashMap::new();
    for (kind, ids) in groups {
        let keys: Vec<Value> = ids.into_iter().map(Value::from).collect();
        found.insert(kind, existing(&mut change.session, kind, &keys, None).await?);
    }
    let is_there = |reference: &&Reference| found.get(&reference.kind).is_some_and(|ids| ids.contains(&reference.id));
    match references.iter().filter(|reference| reference.ever).find(|reference| !is_there(reference)) {
        Some(missing) => Err(unknown(missing.kind, &missing.id, &missing.by)),
        None => Ok(()),
    }
}
