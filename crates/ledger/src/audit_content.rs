// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether what is decided is what the audit chain says: a row that was changed past the ledger leaves the chain whole.
//!
//! Compared are all rows of the registry, of every revision, the state of every document that was ever changed, what belongs to
//! watching ([`audit_watch`]), documents as they came in with what they are bound to, purges and settings ([`audit_catalogue`]), and
//! the log of reads ([`reads_sealed`]). What a row says of its owner and classification beside its text must agree with the text. Not
//! compared are packs and segments, which the store itself vouches for, and facts of documents, which are read anew from evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::LISTED_DIFFERENCES;
use underpin_model::registry::{Agency, Deployment, MappingRule, System};
use underpin_model::{DocumentId, EvidenceId, Timestamp};

use crate::audit::AuditEntry;
use crate::database::Session;
use crate::ledger::Reader;
use crate::timelines::{Piece, Said, Timeline};
use crate::value::{Row, values};
use crate::versions::{Content, Entry, Kind, parse};
use crate::{LedgerError, STILL, audit_catalogue, audit_watch, reads_sealed, states};

/// What the chain says of one change of the registry.
#[derive(Default)]
struct Told {
    at: i64,
    /// What was said of each thing, or, of many at once, only the digest over it.
    lines: BTreeSet<(String, String)>,
    digest: Option<String>,
}

/// A row of the registry with its history.
struct Kept {
    piece: Piece,
    recorded: (i64, i64),
    revisions: (i64, i64),
}

impl Reader {
    /// Compares the registry and the states of documents with the audit chain, which must be whole. What differs.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn compare_with_audit(&self) -> Result<Vec<String>, LedgerError> {
        self.operator_only("check the audit chain")?;
        let mut session = self.pool.read().await?;
        let (mut registry, mut states) = (BTreeMap::new(), HashMap::new());
        let (mut watched, mut catalogue) = (audit_watch::Told::default(), audit_catalogue::Told::default());
        let sql = format!(
            "SELECT sequence, revision, moment, actor, action, subject, before_value, after_value, previous, hash \
             FROM audit WHERE action IN ('put', 'end', 'put-many', 'set-state', {}, {}) ORDER BY sequence",
            audit_watch::ACTIONS,
            audit_catalogue::ACTIONS
        );
        session
            .each(&sql, vec![], |row| {
                let entry = AuditEntry::from_row(&row)?;
                match entry.action.as_str() {
                    "set-state" => _ = states.insert(entry.subject, entry.after.unwrap_or_default()),
                    "put" | "end" | "put-many" => hear(registry.entry(entry.revision).or_default(), entry),
                    action if audit_catalogue::is_heard(action) => catalogue.hear(&entry),
                    _ => watched.hear(&entry),
                }
                Ok(())
            })
            .await?;
        let mut differences = compare_registry(&mut session, registry).await?;
        differences.extend(compare_states(&mut session, states).await?);
        differences.extend(watched.compare(&mut session).await?);
        differences.extend(catalogue.compare(&mut session).await?);
        differences.extend(reads_sealed::compare(&mut session).await?.differences);
        differences.truncate(LISTED_DIFFERENCES);
        Ok(differences)
    }
}

fn hear(told: &mut Told, entry: AuditEntry) {
    told.at = entry.at.0;
    if entry.action == "put-many" {
        let after = entry.after.and_then(|text| serde_json::from_str::<Json>(&text).ok());
        let digest = after.as_ref().and_then(|after| after.get("digest")).and_then(Json::as_str);
        told.digest = Some(digest.unwrap_or_default().to_owned());
    } else {
        told.lines.insert((entry.subject, entry.after.unwrap_or_default()));
    }
}

/// What is said of a thing, as the chain keeps it: its name, and what it is then.
fn line(said: &Said, at: Timestamp) -> (String, String) {
    let after = said.after_with_dates(at).as_ref().map(Json::to_string).unwrap_or_default();
    (format!("{} {}", said.kind.as_str(), said.id), after)
}

/// SHA-256 over what is said of many things at once.
pub(crate) fn digest(said: &[Said], at: Timestamp) -> String {
    digest_of(&said.iter().map(|one| line(one, at)).collect())
}

fn digest_of(lines: &BTreeSet<(String, String)>) -> String {
    let mut hasher = Sha256::new();
    for (subject, after) in lines {
        hasher.update(format!("{subject} {}:{after}\n", after.len()));
    }
    EvidenceId(hasher.finalize().into()).to_string()
}

async fn compare_registry(session: &mut Session, mut told: BTreeMap<i64, Told>) -> Result<Vec<String>, LedgerError> {
    let mut differences = Vec::new();
    let mut found: BTreeMap<i64, BTreeSet<(String, String)>> = BTreeMap::new();
    let mut things: BTreeMap<(Kind, String), Vec<Kept>> = BTreeMap::new();
    let sql = "SELECT kind, id, owner, secrecy, body, valid_from, valid_until, recorded_from, recorded_until, \
               revision_from, revision_until FROM registry";
    session
        .each(sql, vec![], |row| {
            let (kind, id): (Kind, String) = (row.word(0)?, row.text(1)?);
            match kept(kind, &id, &row) {
                Some(kept) => things.entry((kind, id)).or_default().push(kept),
                None => differences.push(format!("a row of {} {id} contradicts itself", kind.as_str())),
            }
            Ok(())
        })
        .await?;
    for ((kind, id), rows) in &things {
        let ends = |row: &Kept| [row.revisions.0, row.revisions.1];
        let revisions: BTreeSet<i64> = rows.iter().flat_map(ends).filter(|revision| *revision != STILL).collect();
        for revision in revisions {
            let at = told.get(&revision).map_or(i64::MIN, |told| told.at);
            let changed =
                rows.iter().flat_map(|row| [(row.revisions.0, row.recorded.0), (row.revisions.1, row.recorded.1)]);
            if changed.filter(|(of, _)| *of == revision).any(|(_, recorded)| recorded != at) {
                differences.push(format!("{} {id} was not changed then, at revision {revision}", kind.as_str()));
            }
            let believed = |revision: i64| {
                let rows = rows.iter().filter(move |row| row.revisions.0 <= revision && revision < row.revisions.1);
                rows.map(|row| row.piece.clone()).collect::<Vec<_>>()
            };
            let timeline = Timeline::between(believed(revision - 1), believed(revision));
            if timeline.overlaps() {
                differences.push(format!("{} {id} is two things at once at revision {revision}", kind.as_str()));
            }
            let said = timeline.said(*kind, id);
            found.entry(revision).or_default().extend(said.iter().map(|one| line(one, Timestamp(at))));
        }
    }
    for revision in found.keys() {
        told.entry(*revision).or_default();
    }
    for (revision, told) in told {
        let found = found.remove(&revision).unwrap_or_default();
        if let Some(digest) = told.digest {
            if digest != digest_of(&found) {
                differences.push(format!("the registry of revision {revision} is not what the audit chain says"));
            }
            continue;
        }
        let names: BTreeSet<&String> = told.lines.symmetric_difference(&found).map(|(subject, _)| subject).collect();
        differences.extend(
            names.iter().map(|subject| format!("{subject} of revision {revision} is not what the audit chain says")),
        );
    }
    Ok(differences)
}

/// A row whose owner, classification and identifier are those of its text.
fn kept(kind: Kind, id: &str, row: &Row) -> Option<Kept> {
    fn content<T: Entry>(kind: Kind, id: &str, body: &str) -> Option<(String, Content)> {
        let entry: T = parse(kind, id, body).ok()?;
        Some((entry.key(), Content::of(&entry)))
    }
    let body = row.text_ref(4).ok()?;
    let (key, mut content) = match kind {
        Kind::Agency => content::<Agency>(kind, id, body)?,
        Kind::System => content::<System>(kind, id, body)?,
        Kind::Deployment => content::<Deployment>(kind, id, body)?,
        Kind::Mapping => content::<MappingRule>(kind, id, body)?,
    };
    if key != id || content.owner != row.text_ref(2).ok()? || content.secrecy != row.integer(3).ok()? {
        return None;
    }
    content.body = serde_json::from_str(body).ok()?;
    let number = |column: usize| row.integer(column).ok();
    Some(Kept {
        piece: Piece { content, from: number(5)?, until: number(6)? },
        recorded: (number(7)?, number(8)?),
        revisions: (number(9)?, number(10)?),
    })
}

async fn compare_states(session: &mut Session, mut told: HashMap<String, String>) -> Result<Vec<String>, LedgerError> {
    let mut differences = Vec::new();
    let sql = "SELECT id, state, reason FROM document WHERE state_revision > revision OR \
               state IN ('purged', 'retracted') ORDER BY id";
    session
        .each(sql, values![], |row| {
            let (id, state, reason) = (DocumentId(row.integer(0)?), row.word(1)?, row.text(2)?);
            let is = states::told(state, &reason).to_string();
            if told.remove(&format!("document {id}")).is_none_or(|told| told != is) {
                differences.push(format!("the state of document {id} is not what the audit chain says"));
            }
            Ok(())
        })
        .await?;
    let mut rest: Vec<String> = told.into_keys().collect();
    rest.sort_unstable();
    differences.extend(rest.iter().map(|subject| format!("the state of {subject} is not what the audit chain says")));
    Ok(differences)
}
