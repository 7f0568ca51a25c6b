// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether bindings are what the audit chain says: each began in a batch or by an act of its own, and ended by one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use underpin_model::document::Binding;
use underpin_model::registry::{DeploymentId, SystemId};
use underpin_model::{DocumentId, Timestamp};

use crate::audit::AuditEntry;
use crate::audit_catalogue::{Batched, digest};
use crate::database::Session;
use crate::value::Row;
use crate::{LedgerError, STILL};

/// Document, system, deployment and origin of a binding.
type Tie = (String, String, String, String);

/// What the chain says of bindings that did not come with a batch, by revision.
#[derive(Default)]
pub(crate) struct Bindings {
    begun: BTreeMap<i64, BTreeSet<Tie>>,
    ended: BTreeMap<i64, (Timestamp, BTreeSet<Tie>)>,
}

/// What the table says of one revision.
#[derive(Default)]
struct Found {
    count: u64,
    digest: String,
    /// Those that began, where no batch brought them.
    begun: Vec<Binding>,
}

impl Bindings {
    /// Takes an entry about a binding.
    pub(crate) fn hear(&mut self, entry: &AuditEntry) {
        let document = entry.subject.strip_prefix("document ").unwrap_or_default();
        let body = entry.after.as_deref().or(entry.before.as_deref()).unwrap_or_default();
        let body: Json = serde_json::from_str(body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let tie = (document.to_owned(), text("system"), text("deployment"), text("origin"));
        if entry.action == "bind" {
            self.begun.entry(entry.revision).or_default().insert(tie);
        } else {
            self.ended.entry(entry.revision).or_insert((entry.at, BTreeSet::new())).1.insert(tie);
        }
    }
}

/// A binding in a line.
pub(crate) fn line(binding: &Binding) -> String {
    let (document, system, deployment, origin) = tie(binding);
    let (from, until) = (binding.from.0, binding.until.0);
    format!("{document} {system}/{deployment} {from} {until} {origin}")
}

fn tie(binding: &Binding) -> Tie {
    let deployment = binding.deployment.as_ref().map(|id| id.0.clone()).unwrap_or_default();
    (binding.document.to_string(), binding.system.0.clone(), deployment, binding.origin.clone())
}

/// A row with these columns first: document, system, deployment, origin, and its stretch of time.
pub(crate) fn read(row: &Row) -> Result<Binding, LedgerError> {
    Ok(Binding {
        document: DocumentId(row.integer(0)?),
        system: SystemId(row.text(1)?),
        deployment: Some(row.text(2)?).filter(|id| !id.is_empty()).map(DeploymentId),
        origin: row.text(3)?,
        from: row.timestamp(4)?,
        until: row.timestamp(5)?,
    })
}

/// Holds the table against what the chain says. What differs.
pub(crate) async fn compare(
    session: &mut Session,
    batches: &BTreeMap<i64, Batched>,
    mut told: Bindings,
) -> Result<Vec<String>, LedgerError> {
    let mut found: BTreeMap<i64, Found> = BTreeMap::new();
    let mut closed: BTreeMap<i64, Vec<Binding>> = BTreeMap::new();
    let (mut present, mut group) = (0, Vec::new());
    let sql = "SELECT document, system, deployment, origin, bound_from, bound_until, revision_from, revision_until \
               FROM binding ORDER BY revision_from";
    session
        .each(sql, vec![], |row| {
            let binding = read(&row)?;
            let (from, until) = (row.integer(6)?, row.integer(7)?);
            if until != STILL {
                closed.entry(until).or_default().push(binding.clone());
            }
            if from != present {
                found.insert(present, of_group(std::mem::take(&mut group), batches.contains_key(&present)));
                present = from;
            }
            group.push(binding);
            Ok(())
        })
        .await?;
    found.insert(present, of_group(group, batches.contains_key(&present)));
    let revisions = batches.keys().chain(found.keys()).chain(closed.keys());
    let revisions: BTreeSet<i64> =
        revisions.chain(told.begun.keys()).chain(told.ended.keys()).copied().filter(|revision| *revision > 0).collect();
    let mut differences = Vec::new();
    for revision in revisions {
        let found = found.remove(&revision).unwrap_or_else(|| of_group(Vec::new(), true));
        let closed = closed.remove(&revision).unwrap_or_default();
        let is_sound = match (batches.get(&revision), told.ended.remove(&revision)) {
            (Some(batch), _) => {
                let is_same = batch.bound.is_empty() || batch.bound == found.digest;
                found.count == batch.bindings && is_same && closed.is_empty()
            }
            (None, Some((at, told))) => is_ended(&told, at, &closed, &found.begun),
            (None, None) => {
                let begun: BTreeSet<Tie> = found.begun.iter().map(tie).collect();
                begun == told.begun.remove(&revision).unwrap_or_default() && closed.is_empty()
            }
        };
        if !is_sound {
            differences.push(format!("bindings of revision {revision} are not what the audit chain says"));
        }
    }
    Ok(differences)
}

fn of_group(bindings: Vec<Binding>, is_batch: bool) -> Found {
    let (count, digest) = (bindings.len() as u64, digest(&bindings.iter().map(line).collect()));
    Found { count, digest, begun: if is_batch { Vec::new() } else { bindings } }
}

/// Whether exactly these were closed, and each stays with its end, unless it had not begun.
fn is_ended(told: &BTreeSet<Tie>, at: Timestamp, closed: &[Binding], begun: &[Binding]) -> bool {
    let ties: BTreeSet<Tie> = closed.iter().map(tie).collect();
    let kept: BTreeSet<String> =
        closed.iter().filter(|one| one.from < at).map(|one| line(&Binding { until: at, ..one.clone() })).collect();
    ties == *told && kept == begun.iter().map(line).collect()
}
