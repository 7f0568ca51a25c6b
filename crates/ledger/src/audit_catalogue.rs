// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether documents as they came in, what they are bound to, purges and settings are what the audit chain says.
//!
//! An entry about a batch holds a digest over what cannot change afterwards: numbers, originals, paths, uploaders, and bindings. Entries
//! from before that hold counts alone, which are compared then. What was read from a document (subject, tool, counts) is not compared:
//! it can be read anew from the evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use underpin_model::document::Binding;
use underpin_model::{DocumentId, DocumentRecord, EvidenceId};

use crate::audit::AuditEntry;
use crate::audit_bindings::{self, Bindings};
use crate::database::Session;
use crate::documents::DocumentKey;
use crate::purge::{self, Purge};
use crate::value::{Row, values};
use crate::{LedgerError, tombstones};

/// Actions of the chain that are compared here, as a list of SQL.
pub(crate) const ACTIONS: &str = "'add', 'bind', 'unbind', 'set', 'request-purge', 'approve-purge', 'execute-purge'";

/// Whether an action is one of the [`ACTIONS`].
pub(crate) fn is_heard(action: &str) -> bool {
    ACTIONS.split(", ").any(|own| own.trim_matches('\'') == action)
}

/// What an entry about a batch says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batched {
    pub(crate) documents: u64,
    pub(crate) bindings: u64,
    /// Digests over both; empty in old entries.
    pub(crate) catalogued: String,
    pub(crate) bound: String,
}

/// What the chain says.
#[derive(Default)]
pub(crate) struct Told {
    batches: BTreeMap<i64, Batched>,
    bindings: Bindings,
    settings: HashMap<String, Option<String>>,
    purges: BTreeMap<i64, Purge>,
    purged: BTreeSet<EvidenceId>,
}

/// SHA-256 over lines in their order.
pub(crate) fn digest(lines: &BTreeSet<String>) -> String {
    let mut hasher = Sha256::new_with_prefix("underpin-batch-1\n");
    for line in lines {
        hasher.update(format!("{}:{line}\n", line.len()));
    }
    EvidenceId(hasher.finalize().into()).to_string()
}

/// What cannot change of documents, as it stands in the entry about their batch.
pub(crate) fn catalogued(documents: &[DocumentRecord]) -> String {
    let line = |document: &DocumentRecord| {
        let identity = EvidenceId(DocumentKey::of_document(document).0);
        let uploader = document.uploader.as_ref().map(|agency| agency.0.as_str()).unwrap_or_default();
        let (original, container) = (document.evidence, document.container);
        line(document.id, (identity, original, container), document.learned.0, &document.path, uploader)
    };
    digest(&documents.iter().map(line).collect())
}

fn line(
    id: DocumentId,
    (identity, original, container): (EvidenceId, EvidenceId, Option<EvidenceId>),
    learned: i64,
    path: &str,
    uploader: &str,
) -> String {
    let container = container.map(|container| container.to_string()).unwrap_or_default();
    format!("{id} {identity} {original} {container} {learned} {}:{path} {uploader}", path.len())
}

impl Told {
    /// Takes an entry of one of the [`ACTIONS`].
    pub(crate) fn hear(&mut self, entry: &AuditEntry) {
        let after = entry.after.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok()).unwrap_or_default();
        let text = |name: &str| after[name].as_str().unwrap_or_default().to_owned();
        let count = |name: &str| after[name].as_u64().unwrap_or_default();
        let number = entry.subject.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        match entry.action.as_str() {
            "add" => {
                let (documents, bindings) = (count("documents"), count("bindings"));
                let batch = Batched { documents, bindings, catalogued: text("catalogued"), bound: text("bound") };
                self.batches.insert(entry.revision, batch);
            }
            "bind" | "unbind" => self.bindings.hear(entry),
            "set" => {
                let name = entry.subject.strip_prefix("setting ").unwrap_or_default().to_owned();
                self.settings.insert(name, after.as_str().map(str::to_owned));
            }
            "request-purge" => {
                let purge = Purge {
                    id: number,
                    evidence: text("evidence").parse().unwrap_or(EvidenceId([0; 32])),
                    reason: text("reason"),
                    requested_by: entry.actor.clone(),
                    requested: entry.at,
                    approved_by: None,
                    approved: None,
                    executed: None,
                };
                self.purges.insert(number, purge);
            }
            "approve-purge" => {
                if let Some(purge) = self.purges.get_mut(&number) {
                    (purge.approved_by, purge.approved) = (Some(entry.actor.clone()), Some(entry.at));
                }
            }
            _ => {
                if let Some(purge) = self.purges.get_mut(&number) {
                    purge.executed = Some(entry.at);
                }
                let wholes = after["wholes"].as_array().into_iter().flatten().chain([&after["evidence"]]);
                self.purged.extend(wholes.filter_map(|id| id.as_str()?.parse::<EvidenceId>().ok()));
            }
        }
    }

    /// Holds it against the tables. What differs.
    pub(crate) async fn compare(self, session: &mut Session) -> Result<Vec<String>, LedgerError> {
        let mut differences = documents(session, &self.batches).await?;
        differences.extend(audit_bindings::compare(session, &self.batches, self.bindings).await?);
        differences.extend(settings(session, self.settings).await?);
        differences.extend(purges(session, self.purges).await?);
        differences.extend(evidence(session, self.purged).await?);
        Ok(differences)
    }
}

async fn documents(session: &mut Session, batches: &BTreeMap<i64, Batched>) -> Result<Vec<String>, LedgerError> {
    let mut companions: HashMap<i64, Vec<(String, EvidenceId)>> = HashMap::new();
    let sql = "SELECT document, role, evidence FROM companion ORDER BY document, position";
    session
        .each(sql, vec![], |row| {
            companions.entry(row.integer(0)?).or_default().push((row.text(1)?, EvidenceId(row.sha256(2)?)));
            Ok(())
        })
        .await?;
    let (mut differences, mut found) = (Vec::new(), BTreeMap::new());
    let mut present: (i64, BTreeSet<String>) = (0, BTreeSet::new());
    let sql = "SELECT revision, id, identity, evidence, container, learned, path, COALESCE(uploader, '') FROM document \
               ORDER BY revision";
    session
        .each(sql, vec![], |row| {
            let revision = row.integer(0)?;
            if revision != present.0 {
                let (revision, lines) = std::mem::replace(&mut present, (revision, BTreeSet::new()));
                found.insert(revision, (lines.len() as u64, digest(&lines)));
            }
            let (id, line, is_sound) = document(&row, &companions)?;
            if !is_sound {
                differences.push(format!("document {id} is another one than its originals make"));
            }
            present.1.insert(line);
            Ok(())
        })
        .await?;
    found.insert(present.0, (present.1.len() as u64, digest(&present.1)));
    // What no batch brought, and the empty group before the first.
    let revisions: BTreeSet<i64> = batches.keys().chain(found.keys()).copied().collect();
    for revision in revisions {
        let batch = batches.get(&revision).cloned().unwrap_or_default();
        let (count, digest) = found.remove(&revision).unwrap_or_else(|| (0, digest(&BTreeSet::new())));
        if count != batch.documents || !(batch.catalogued.is_empty() || batch.catalogued == digest) {
            differences.push(format!("documents of revision {revision} are not what the audit chain says"));
        }
    }
    Ok(differences)
}

/// Its number, its line, and whether originals and identity agree.
fn document(
    row: &Row,
    companions: &HashMap<i64, Vec<(String, EvidenceId)>>,
) -> Result<(DocumentId, String, bool), LedgerError> {
    let id = DocumentId(row.integer(1)?);
    let (identity, original) = (EvidenceId(row.sha256(2)?), EvidenceId(row.sha256(3)?));
    let container = row.optional_bytes(4)?.and_then(|bytes| bytes.try_into().ok()).map(EvidenceId);
    let with = companions.get(&id.0).map(Vec::as_slice).unwrap_or_default();
    let is_sound = DocumentKey::of(&original, with).0 == identity.0;
    let line = line(id, (identity, original, container), row.integer(5)?, row.text_ref(6)?, row.text_ref(7)?);
    Ok((id, line, is_sound))
}

async fn settings(
    session: &mut Session,
    mut told: HashMap<String, Option<String>>,
) -> Result<Vec<String>, LedgerError> {
    let mut differing = BTreeSet::new();
    session
        .each("SELECT name, body FROM setting", vec![], |row| {
            let (name, body) = (row.text(0)?, row.text(1)?);
            // The chain must not hold this one.
            if name != tombstones::SETTING && told.remove(&name).flatten().is_none_or(|told| told != body) {
                differing.insert(name);
            }
            Ok(())
        })
        .await?;
    differing.extend(told.into_iter().filter(|(_, body)| body.is_some()).map(|(name, _)| name));
    Ok(differing.iter().map(|name| format!("setting {name} is not what the audit chain says")).collect())
}

async fn purges(session: &mut Session, mut told: BTreeMap<i64, Purge>) -> Result<Vec<String>, LedgerError> {
    let mut differing = BTreeSet::new();
    for purge in purge::all(session).await? {
        if told.remove(&purge.id).is_none_or(|told| told != purge) {
            differing.insert(purge.id);
        }
    }
    differing.extend(told.into_keys());
    Ok(differing.iter().map(|id| format!("purge {id} is not what the audit chain says")).collect())
}

/// Whether exactly what was purged is, and every document has its originals.
async fn evidence(session: &mut Session, mut told: BTreeSet<EvidenceId>) -> Result<Vec<String>, LedgerError> {
    let mut differing = BTreeSet::new();
    session
        .each("SELECT id FROM evidence WHERE purged <> 0", values![], |row| {
            let id = EvidenceId(row.sha256(0)?);
            if !told.remove(&id) {
                differing.insert(id);
            }
            Ok(())
        })
        .await?;
    differing.extend(told);
    let mut differences: Vec<String> = differing
        .iter()
        .map(|id| format!("whether evidence {id} is purged is not what the audit chain says"))
        .collect();
    let sql = "SELECT id FROM document WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.id = document.evidence) \
               UNION SELECT document FROM companion WHERE \
               NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.id = companion.evidence) ORDER BY 1";
    session
        .each(sql, values![], |row| {
            differences.push(format!("an original of document {} is not there", DocumentId(row.integer(0)?)));
            Ok(())
        })
        .await?;
    Ok(differences)
}

/// What cannot change of bindings that came with a batch.
pub(crate) fn bound(bindings: &[Binding]) -> String {
    digest(&bindings.iter().map(audit_bindings::line).collect())
}
