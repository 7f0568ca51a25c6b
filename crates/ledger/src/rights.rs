// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a viewer may change in the registry: only what is within sight before and after.
//!
//! Before: a thing that exists must be seen, and so must everything that is named (else naming would tell what exists,
//! and a new agency could claim somebody else's past by calling it a predecessor). After: the thing must still be
//! seen, so nobody creates or moves anything out of the own reach. The operator is not asked.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::LedgerError;
use crate::access::Access;
use crate::change::Change;
use crate::references::{Reference, unknown};
use crate::timelines::Timelines;
use crate::value::Value;
use crate::versions::{Kind, Statement, existing};

/// A thing that a change is about.
#[derive(Debug)]
pub(crate) struct Target {
    kind: Kind,
    id: String,
    /// What it is to hang on, and the place of its classification; `None` when it is to end.
    becomes: Option<(String, i64)>,
}

/// What the statements are about.
pub(crate) fn targets(statements: &[Statement]) -> Vec<Target> {
    let becomes = |s: &Statement| s.content.as_ref().map(|content| (content.owner.clone(), content.secrecy));
    statements.iter().map(|s| Target { kind: s.kind, id: s.id.clone(), becomes: becomes(s) }).collect()
}

/// Refuses what is not within sight before the change.
pub(crate) async fn before(
    change: &mut Change,
    targets: &[Target],
    references: &[Reference],
) -> Result<(), LedgerError> {
    let Some(access) = change.access().await? else { return Ok(()) };
    let mut known = HashSet::new();
    for kind in [Kind::Agency, Kind::System, Kind::Deployment, Kind::Mapping] {
        let keys: Vec<Value> = targets.iter().filter(|t| t.kind == kind).map(|t| Value::from(&t.id)).collect();
        known.extend(existing(&mut change.session, kind, &keys, None).await?.into_iter().map(|id| (kind, id)));
    }
    for target in targets {
        let seen = sees(&access, target.kind, &target.id);
        match &target.becomes {
            None if !seen => return Err(unknown(target.kind, &target.id, "the change that ends it")),
            Some(_) if !seen && known.contains(&(target.kind, target.id.clone())) => {
                return Err(change.refuse(&format!("change {} {}", target.kind.as_str(), target.id)));
            }
            _ => {}
        }
    }
    // What the change itself adds may be named; whether it is within sight is judged afterwards.
    let added: HashSet<(Kind, String)> =
        targets.iter().map(|t| (t.kind, t.id.clone())).filter(|key| !known.contains(key)).collect();
    for reference in references {
        // An agency's own parent may be out of sight; it stays where it is.
        let seen = sees(&access, reference.kind, &reference.id)
            || reference.child.as_ref().is_some_and(|child| access.is_parent(&reference.id, child));
        if !seen && !added.contains(&(reference.kind, reference.id.clone())) {
            return Err(unknown(reference.kind, &reference.id, &reference.by));
        }
    }
    Ok(())
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

/// Refuses what is not within sight after the change.
pub(crate) async fn after(change: &mut Change, targets: &[Target]) -> Result<(), LedgerError> {
    let Some(access) = change.access().await? else { return Ok(()) };
    for target in targets {
        let Some((owner, secrecy)) = &target.becomes else { continue };
        let within = match target.kind {
            Kind::System => access.sees_system_as(&target.id, *secrecy) && access.sees_agency(owner),
            kind => sees(&access, kind, &target.id),
        };
        if !within {
            return Err(change.refuse(&format!("put {} {} out of sight", target.kind.as_str(), target.id)));
        }
    }
    Ok(())
}

/// Deployments and mapping rules are seen with their system, whose identifier their key begins with.
pub(crate) fn sees(access: &Access, kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Agency => access.sees_agency(id),
        Kind::System => access.sees_system(id),
        Kind::Deployment | Kind::Mapping => access.sees_system(id.split(['/', ' ']).next().unwrap_or_default()),
    }
}
