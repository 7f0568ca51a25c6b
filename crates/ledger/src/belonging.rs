// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What belongs to what, over time: an agency to its parent, a system to its agency, a deployment to its system, a
//! mapping rule to its system and deployment. Who belongs to something must not be there without it, from the moment of
//! the change on; what has passed is left as it was said.
//!
//! - What would outlive its agency goes over to the agency that takes over then (the only one that names the ending one
//!   as a predecessor). Where no single agency does, the change is refused.
//! - Deployments and mapping rules end with their system, rules also with their deployment.
//! - An agency cannot end while something that the change does not speak of still belongs to it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value as Json;
use underpin_model::Timestamp;
use underpin_model::registry::AgencyId;

use crate::LedgerError;
use crate::change::Change;
use crate::references::unknown;
use crate::rights::sees;
use crate::timelines::{Piece, Timeline, Timelines};
use crate::value::Value;
use crate::versions::{Kind, Statement};

/// Brings everything that the statements touch in order, or refuses.
pub(crate) async fn settle(
    change: &mut Change,
    timelines: &mut Timelines,
    statements: &[Statement],
) -> Result<(), LedgerError> {
    let put: HashSet<(Kind, &str)> =
        statements.iter().filter(|s| s.content.is_some()).map(|s| (s.kind, s.id.as_str())).collect();
    let base = change.now().0;
    follow_agencies(change, timelines, &put, base).await?;
    nothing_hangs_on(change, timelines, base).await?;
    if statements.iter().any(|statement| statement.kind == Kind::Agency) {
        timelines.load_agencies(&mut change.session).await?;
        if let Some(ring) = ring(timelines, base) {
            return Err(LedgerError::AgencyCycle(visible_name(change, Kind::Agency, &ring).await?));
        }
    }
    end_with(change, timelines, &put, base).await
}

/// How a thing is called in a message.
fn name(kind: Kind, id: &str) -> String {
    match kind {
        Kind::Mapping => format!("mapping rule {id}"),
        _ => format!("{} {id}", kind.as_str()),
    }
}

/// The first of some things that the viewer may see, by name.
async fn visible_name(change: &mut Change, kind: Kind, ids: &[String]) -> Result<String, LedgerError> {
    let access = change.access().await?;
    let seen = ids.iter().find(|id| access.as_ref().is_none_or(|access| sees(access, kind, id)));
    Ok(seen.map_or_else(|| "something you may not see".to_owned(), |id| name(kind, id)))
}

fn date(moment: i64) -> String {
    Timestamp(moment).date()
}

/// What is put and belongs to an agency that ends goes over to the one that takes over.
async fn follow_agencies(
    change: &mut Change,
    timelines: &mut Timelines,
    put: &HashSet<(Kind, &str)>,
    base: i64,
) -> Result<(), LedgerError> {
    let belonging = || put.iter().filter(|(kind, _)| matches!(kind, Kind::Agency | Kind::System));
    let mut owners: HashSet<String> = HashSet::new();
    for (kind, id) in belonging() {
        let pieces = timelines.of(*kind, id).into_iter().flat_map(|timeline| &timeline.pieces);
        owners.extend(pieces.filter(|piece| piece.until > base).map(|piece| piece.content.owner.clone()));
    }
    owners.remove("");
    timelines.load(&mut change.session, Kind::Agency, owners.iter().map(String::as_str)).await?;
    let mut everything_known = false;
    let mut order: Vec<&(Kind, &str)> = belonging().collect();
    order.sort_unstable();
    for (kind, id) in order {
        let Some(timeline) = timelines.of(*kind, id) else { continue };
        if timeline.pieces.iter().all(|piece| stays(timelines, piece, base)) {
            continue;
        }
        if !everything_known {
            timelines.load_agencies(&mut change.session).await?;
            everything_known = true;
        }
        let Some(timeline) = timelines.of(*kind, id) else { continue };
        let mut pieces = Vec::new();
        for piece in &timeline.pieces {
            handed_over(timelines, *kind, id, piece.clone(), base, &mut pieces)?;
        }
        if let Some(timeline) = timelines.change(*kind, id) {
            timeline.pieces = pieces;
        }
    }
    Ok(())
}

/// True when the agency that a piece belongs to is there all the while.
fn stays(timelines: &Timelines, piece: &Piece, base: i64) -> bool {
    piece.until <= base
        || piece.content.owner.is_empty()
        || around(timelines.of(Kind::Agency, &piece.content.owner), piece.from.max(base))
            .is_some_and(|(_, until)| piece.until <= until)
}

/// The stretch around a moment in which something is there.
fn around(timeline: Option<&Timeline>, moment: i64) -> Option<(i64, i64)> {
    let stretches = timeline.map(Timeline::stretches).unwrap_or_default();
    stretches.into_iter().find(|(from, until)| *from <= moment && moment < *until)
}

/// Takes a piece apart where the agency that it belongs to ends and another one takes over.
fn handed_over(
    timelines: &Timelines,
    kind: Kind,
    id: &str,
    mut piece: Piece,
    base: i64,
    pieces: &mut Vec<Piece>,
) -> Result<(), LedgerError> {
    while !stays(timelines, &piece, base) {
        let owner = piece.content.owner.clone();
        let begins = piece.from.max(base);
        let Some((_, until)) = around(timelines.of(Kind::Agency, &owner), begins) else {
            return Err(not_there(timelines, Kind::Agency, &owner, begins, name(kind, id)));
        };
        let heirs = timelines.kind(Kind::Agency).filter(|(heir, timeline)| {
            !(kind == Kind::Agency && *heir == id) && timeline.at(until).is_some_and(|heir| succeeds(heir, &owner))
        });
        let heirs: Vec<&String> = heirs.map(|(heir, _)| heir).collect();
        let [heir] = heirs.as_slice() else {
            let (agency, until) = (AgencyId(owner), date(until));
            return Err(LedgerError::AgencyEnds { agency, until, by: name(kind, id) });
        };
        let mut rest = Piece { from: until, ..piece.clone() };
        rest.content.owner.clone_from(heir);
        if let Json::Object(body) = &mut rest.content.body {
            let field = if kind == Kind::Agency { "parent" } else { "agency" };
            body.insert(field.to_owned(), Json::String((*heir).clone()));
        }
        pieces.push(Piece { until, ..piece });
        piece = rest;
    }
    pieces.push(piece);
    Ok(())
}

fn succeeds(heir: &Piece, predecessor: &str) -> bool {
    let named = heir.content.body.get("predecessors").and_then(Json::as_array);
    named.is_some_and(|ids| ids.iter().any(|id| id.as_str() == Some(predecessor)))
}

/// The error for something that is not there at a moment.
fn not_there(timelines: &Timelines, kind: Kind, id: &str, moment: i64, by: String) -> LedgerError {
    let stretches = timelines.of(kind, id).map(Timeline::stretches).unwrap_or_default();
    match stretches.into_iter().find(|(from, _)| *from > moment) {
        Some((from, _)) => LedgerError::BeginsLater { what: name(kind, id), from: date(from), by },
        None => unknown(kind, id, &by),
    }
}

/// Nothing may still belong to agencies that end.
async fn nothing_hangs_on(change: &mut Change, timelines: &mut Timelines, base: i64) -> Result<(), LedgerError> {
    let ending: HashSet<String> =
        timelines.kind(Kind::Agency).filter(|(_, timeline)| timeline.shrinks()).map(|(id, _)| id.clone()).collect();
    if ending.is_empty() {
        return Ok(());
    }
    let owners: Vec<Value> = ending.iter().map(Value::from).collect();
    timelines.load_owned(&mut change.session, [Kind::Agency, Kind::System], &owners).await?;
    // What hangs on each of them: agencies first, then systems, each by identifier.
    let mut hanging: BTreeMap<String, Vec<(Kind, String)>> = BTreeMap::new();
    for kind in [Kind::Agency, Kind::System] {
        let mut things: Vec<(&String, &Timeline)> = timelines.kind(kind).collect();
        things.sort_unstable_by_key(|(id, _)| *id);
        for (id, timeline) in things {
            let pieces = timeline.pieces.iter().filter(|piece| ending.contains(&piece.content.owner));
            for piece in pieces.filter(|piece| !stays(timelines, piece, base)) {
                hanging.entry(piece.content.owner.clone()).or_default().push((kind, id.clone()));
            }
        }
    }
    let Some((agency, things)) = hanging.into_iter().next() else { return Ok(()) };
    let access = change.access().await?;
    let seen = things.iter().find(|(kind, id)| access.as_ref().is_none_or(|access| sees(access, *kind, id)));
    let by = seen.map_or_else(|| "something you may not see".to_owned(), |(kind, id)| name(*kind, id));
    Err(LedgerError::AgencyInUse { agency: AgencyId(agency), by })
}

/// The agencies must form a tree, now and at every moment to come at which one of them changes: those that would form a
/// ring, by identifier.
fn ring(timelines: &Timelines, base: i64) -> Option<Vec<String>> {
    let pieces = || timelines.kind(Kind::Agency).flat_map(|(_, timeline)| &timeline.pieces);
    let mut moments: Vec<i64> = pieces().map(|piece| piece.from).filter(|from| *from > base).collect();
    moments.push(base);
    moments.sort_unstable();
    moments.dedup();
    for moment in moments {
        let held = timelines.kind(Kind::Agency).filter_map(|(id, timeline)| Some((id, timeline.at(moment)?)));
        let parents: HashMap<&str, &str> =
            held.map(|(id, piece)| (id.as_str(), piece.content.owner.as_str())).collect();
        // Agencies from which the top was reached.
        let mut sound: HashSet<&str> = HashSet::new();
        for start in parents.keys().copied() {
            let mut path: Vec<&str> = Vec::new();
            let mut seen: HashSet<&str> = HashSet::new();
            let mut at = start;
            while !sound.contains(at) {
                if !seen.insert(at) {
                    let mut ring: Vec<String> =
                        path.iter().skip_while(|id| **id != at).map(|id| (*id).to_owned()).collect();
                    ring.sort_unstable();
                    return Some(ring);
                }
                path.push(at);
                match parents.get(at).copied() {
                    Some(parent) if !parent.is_empty() => at = parent,
                    _ => break,
                }
            }
            sound.extend(path);
        }
    }
    None
}

/// The deployment that a mapping rule names at some time, as it is known across systems.
fn deployment_of(piece: &Piece) -> Option<String> {
    let deployment = piece.content.body.get("deployment").and_then(Json::as_str)?;
    Some(format!("{}/{deployment}", piece.content.owner))
}

/// Ends deployments with their systems, and mapping rules with both. What is put must begin where those are there.
async fn end_with(
    change: &mut Change,
    timelines: &mut Timelines,
    put: &HashSet<(Kind, &str)>,
    base: i64,
) -> Result<(), LedgerError> {
    let ending = |timelines: &Timelines, kind: Kind| -> Vec<String> {
        timelines.kind(kind).filter(|(_, timeline)| timeline.shrinks()).map(|(id, _)| id.clone()).collect()
    };
    let mut systems = ending(timelines, Kind::System);
    let deployments = ending(timelines, Kind::Deployment);
    systems.extend(deployments.iter().filter_map(|key| key.split_once('/')).map(|(system, _)| system.to_owned()));
    let owners: Vec<Value> = systems.iter().map(Value::from).collect();
    timelines.load_owned(&mut change.session, [Kind::Deployment, Kind::Mapping], &owners).await?;
    for kind in [Kind::Deployment, Kind::Mapping] {
        let ids: Vec<String> = timelines.kind(kind).map(|(id, _)| id.clone()).collect();
        let pieces = || timelines.kind(kind).flat_map(|(_, timeline)| &timeline.pieces);
        let owners: HashSet<String> = pieces().map(|piece| piece.content.owner.clone()).collect();
        let named: HashSet<String> = pieces().filter_map(deployment_of).collect();
        timelines.load(&mut change.session, Kind::System, owners.iter().map(String::as_str)).await?;
        if kind == Kind::Mapping {
            timelines.load(&mut change.session, Kind::Deployment, named.iter().map(String::as_str)).await?;
        }
        for id in ids {
            let Some(first) = timelines.of(kind, &id).and_then(|timeline| timeline.pieces.first()) else { continue };
            // Both are part of the key, so that all pieces say the same.
            let system = (Kind::System, first.content.owner.clone());
            let deployment = (kind == Kind::Mapping).then(|| deployment_of(first)).flatten();
            for (above, above_id) in std::iter::once(system).chain(deployment.map(|id| (Kind::Deployment, id))) {
                if put.contains(&(kind, id.as_str())) {
                    begins_within(timelines, (kind, &id), (above, &above_id), base)?;
                }
                let within = timelines.of(above, &above_id).map(Timeline::stretches).unwrap_or_default();
                if let Some(timeline) = timelines.change(kind, &id) {
                    timeline.clip(&within, base);
                }
            }
        }
    }
    Ok(())
}

fn begins_within(
    timelines: &Timelines,
    (kind, id): (Kind, &str),
    (above, above_id): (Kind, &str),
    base: i64,
) -> Result<(), LedgerError> {
    let pieces = timelines.of(kind, id).into_iter().flat_map(|timeline| &timeline.pieces);
    for piece in pieces.filter(|piece| piece.until > base) {
        let begins = piece.from.max(base);
        if around(timelines.of(above, above_id), begins).is_none() {
            return Err(not_there(timelines, above, above_id, begins, name(kind, id)));
        }
    }
    Ok(())
}
