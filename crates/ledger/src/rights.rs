// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a viewer may change in the registry: only what is its own to change before and after.
//!
//! Before: a thing that exists must be one that the viewer may change, and everything that is named must be seen (else naming
//! would tell what exists). After: it must still be one that the viewer may change, so nobody creates or moves anything out of
//! the own reach, or into it. What changes who sees what needs more than the right to keep the registry: agencies and what they
//! belong to or come from, another agency for a system, a lower classification, a way out of a compartment. The operator is not
//! asked.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;
use underpin_model::people::Act;

use crate::LedgerError;
use crate::access::Access;
use crate::change::Change;
use crate::references::{Reference, unknown};
use crate::timelines::Timelines;
use crate::value::Value;
use crate::versions::{Content, Kind, Statement, existing};

/// A thing that a change is about.
#[derive(Debug)]
pub(crate) struct Target {
    kind: Kind,
    id: String,
    /// What it is to be; `None` when it is to end.
    becomes: Option<Protection>,
}

/// What a thing hangs on, and who is kept away from it.
#[derive(Clone, Debug)]
struct Protection {
    owner: String,
    secrecy: i64,
    compartments: Vec<String>,
}

impl Protection {
    fn of(content: &Content) -> Self {
        let names = content.body.get("compartments").and_then(Json::as_array).into_iter().flatten();
        let compartments = names.filter_map(Json::as_str).map(str::to_owned).collect();
        Self { owner: content.owner.clone(), secrecy: content.secrecy, compartments }
    }
}

/// How systems stood before the change, by identifier.
#[derive(Debug, Default)]
pub(crate) struct Before {
    systems: HashMap<String, Protection>,
}

/// What the statements are about.
pub(crate) fn targets(statements: &[Statement]) -> Vec<Target> {
    let becomes = |s: &Statement| s.content.as_ref().map(Protection::of);
    statements.iter().map(|s| Target { kind: s.kind, id: s.id.clone(), becomes: becomes(s) }).collect()
}

/// Refuses what is not the viewer's to change before the change. How systems stood then.
pub(crate) async fn before(
    change: &mut Change,
    targets: &[Target],
    references: &[Reference],
) -> Result<Before, LedgerError> {
    let Some(access) = change.access().await? else { return Ok(Before::default()) };
    let mut known = HashSet::new();
    for kind in [Kind::Agency, Kind::System, Kind::Deployment, Kind::Mapping] {
        let keys: Vec<Value> = targets.iter().filter(|t| t.kind == kind).map(|t| Value::from(&t.id)).collect();
        known.extend(existing(&mut change.session, kind, &keys, None).await?.into_iter().map(|id| (kind, id)));
    }
    for target in targets {
        let is_known = known.contains(&(target.kind, target.id.clone()));
        if target.becomes.is_none() && !sees(&access, target.kind, &target.id) {
            return Err(unknown(target.kind, &target.id, "the change that ends it"));
        }
        if (target.becomes.is_none() || is_known) && !changes(&access, target.kind, &target.id) {
            return Err(change.refuse(&format!("change {} {}", target.kind.as_str(), target.id)));
        }
    }
    // What the change itself adds may be named; whether it is within sight is judged afterwards.
    let added: HashSet<(Kind, String)> =
        targets.iter().map(|t| (t.kind, t.id.clone())).filter(|key| !known.contains(key)).collect();
    for reference in references.iter().filter(|one| !added.contains(&(one.kind, one.id.clone()))) {
        // An agency's own parent may be out of sight; it stays where it is.
        let stays = reference.child.as_ref().is_some_and(|child| access.is_parent(&reference.id, child));
        let is_named = reference.kind == Kind::Agency && access.names_agency(&reference.id);
        if !stays && !is_named && !sees(&access, reference.kind, &reference.id) {
            return Err(unknown(reference.kind, &reference.id, &reference.by));
        }
        let rearranges = reference.inherits || (reference.child.is_some() && !stays);
        if rearranges && !access.may_reform(&reference.id) {
            return Err(change.refuse(&format!("change what agency {} is a part of", reference.id)));
        }
    }
    let stood = |target: &Target| {
        let standing = access.standing(&target.id).filter(|_| target.kind == Kind::System)?;
        let compartments = standing.compartments.clone();
        let protection = Protection { owner: standing.owner.clone(), secrecy: standing.secrecy, compartments };
        Some((target.id.clone(), protection))
    };
    Ok(Before { systems: targets.iter().filter_map(stood).collect() })
}

/// Puts back what a system depends on out of the viewer's sight at the moment of each statement: who cannot see it
/// cannot have meant to drop it.
pub(crate) async fn keep_hidden(
    change: &mut Change,
    timelines: &Timelines,
    statements: &mut [Statement],
) -> Result<(), LedgerError> {
    let Some(access) = change.access().await? else { return Ok(()) };
    for statement in statements.iter_mut().filter(|s| s.kind == Kind::System) {
        let Some(Json::Object(body)) = statement.content.as_mut().map(|content| &mut content.body) else { continue };
        let held = timelines.of(Kind::System, &statement.id).and_then(|known| known.at(statement.valid_from.0));
        let needed = held.and_then(|piece| piece.content.body.get("depends_on")).and_then(Json::as_array);
        let hidden = needed.into_iter().flatten().filter(|id| id.as_str().is_some_and(|id| !access.sees_system(id)));
        let hidden: Vec<Json> = hidden.cloned().collect();
        if hidden.is_empty() {
            continue;
        }
        if let Json::Array(depends_on) = body.entry("depends_on").or_insert_with(|| Json::Array(Vec::new())) {
            depends_on.extend(hidden);
        }
    }
    Ok(())
}

/// Refuses what is not the viewer's to change after the change, and what it opens or moves without the right to.
pub(crate) async fn after(change: &mut Change, targets: &[Target], before: &Before) -> Result<(), LedgerError> {
    let Some(access) = change.access().await? else { return Ok(()) };
    for target in targets {
        let Some(becomes) = &target.becomes else { continue };
        let within = match target.kind {
            Kind::System => {
                access.sees_system_as(&target.id, becomes.secrecy, &becomes.compartments)
                    && access.names_agency(&becomes.owner)
                    && changes(&access, Kind::System, &target.id)
            }
            kind => changes(&access, kind, &target.id),
        };
        if !within {
            return Err(change.refuse(&format!("put {} {} out of sight", target.kind.as_str(), target.id)));
        }
        if target.kind == Kind::System {
            rearranged(change, &access, &target.id, becomes, before.systems.get(&target.id))?;
        }
    }
    Ok(())
}

/// Refuses to give a system to another agency, or to open it to more people, without the right to.
fn rearranged(
    change: &Change,
    access: &Access,
    id: &str,
    becomes: &Protection,
    before: Option<&Protection>,
) -> Result<(), LedgerError> {
    let stays = before.is_some_and(|before| before.owner == becomes.owner);
    if !stays && !access.may_at_agency(Act::Register, &becomes.owner) {
        return Err(change.refuse(&format!("give system {id} to agency {}", becomes.owner)));
    }
    let opened = before.is_some_and(|before| {
        becomes.secrecy < before.secrecy || before.compartments.iter().any(|name| !becomes.compartments.contains(name))
    });
    if opened && !access.may_open(id) {
        return Err(change.refuse(&format!("open system {id} to more people")));
    }
    Ok(())
}

/// Deployments and mapping rules are seen with their system, whose identifier their key begins with.
pub(crate) fn sees(access: &Access, kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Agency => access.sees_agency(id),
        Kind::System => access.sees_system(id),
        Kind::Deployment | Kind::Mapping => access.sees_system(system_of(id)),
    }
}

/// Whether the viewer may change it.
fn changes(access: &Access, kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Agency => access.may_reform(id),
        Kind::System => access.may_at_system(Act::Register, id),
        Kind::Deployment | Kind::Mapping => access.may_at_system(Act::Register, system_of(id)),
    }
}

fn system_of(key: &str) -> &str {
    key.split(['/', ' ']).next().unwrap_or_default()
}
