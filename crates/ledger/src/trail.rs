// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The trail for people who audit: entries of the chain about what they may audit.
//!
//! What an entry is about is told by its subject. Who audits an agency reads the entries about places in that reach. Who audits the
//! government reads all, but for those about systems above the clearance or in compartments of others, and those that name such
//! a system anywhere, those about conversations in compartments of others, and those
//! about batches that bound something to a system out of sight. Only the operator can check hashes, for only the operator sees every entry whole.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;
use underpin_model::catalogue::Exemption;
use underpin_model::people::Act;
use underpin_model::registry::{Classification, System};
use underpin_model::waivers::WaiverTerms;
use underpin_model::watch::{DecisionId, Place};
use underpin_model::{DocumentId, DocumentRecord};

use crate::access::Access;
use crate::audit::{AuditEntry, COLUMNS};
use crate::database::Session;
use crate::documents::Systems;
use crate::ledger::{Reader, not_allowed};
use crate::standings::secrecy;
use crate::value::{Value, values};
use crate::{
    LedgerError, bulk, contracts, conversation_rows, decisions, disclosures, documents, evidence, own_advisories,
    publications, rule_waivers,
};

/// A stretch of the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Entries that the viewer may read, newest first.
    pub entries: Vec<AuditEntry>,
    /// The last entry that was looked at, readable or not; `None` at the end of the trail.
    pub looked_to: Option<i64>,
}

/// What one auditor may read of the trail.
pub(crate) struct Sieve {
    access: Access,
    is_everywhere: bool,
    /// Systems that may not be named.
    hidden: HashSet<String>,
    places: HashMap<DecisionId, (Place, String)>,
    advisories: HashSet<String>,
    /// What the chain calls conversations, requests and cases in compartments of others, and publications out of sight.
    contacts: HashSet<String>,
    /// Revisions of batches that bound something to a system out of sight.
    batches: HashSet<i64>,
    purges: HashSet<i64>,
    /// Contracts by their names, with the systems that they are for.
    contracts: HashMap<String, Place>,
    /// Waivers by their names.
    waivers: HashMap<String, WaiverTerms>,
}

impl Reader {
    /// The newest `limit` entries before a sequence, or those about one subject, as far as the viewer may audit what they are about.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who audits nothing, and what the database says.
    pub async fn trail(&self, limit: u64, before: Option<i64>, subject: Option<&str>) -> Result<Stretch, LedgerError> {
        if !self.viewer.may(Act::Audit) {
            return Err(not_allowed(&self.viewer, "read the trail"));
        }
        let mut session = self.pool.read().await?;
        // Digests of the log of reads come every few seconds: they are there for who asks for them.
        let of = if subject.is_some() { "AND subject = $3" } else { "AND $3 = '' AND action <> 'seal-reads'" };
        let sql = format!("SELECT {COLUMNS} WHERE sequence < $1 {of} ORDER BY sequence DESC LIMIT $2");
        let rows = session.rows(&sql, values![before.unwrap_or(i64::MAX), limit, subject.unwrap_or_default()]).await?;
        let entries = rows.iter().map(AuditEntry::from_row).collect::<Result<Vec<_>, _>>()?;
        let is_end = (entries.len() as u64) < limit;
        let looked_to = entries.last().filter(|_| !is_end).map(|last| last.sequence);
        if self.viewer.is_operator() {
            return Ok(Stretch { entries, looked_to });
        }
        let sieve = self.sieve(&mut session).await?;
        let ids: Vec<DocumentId> = entries.iter().filter_map(|entry| document(&entry.subject)).collect();
        let records = documents::find(&mut session, &ids).await?;
        let systems = Systems::of(&mut session, &ids).await?;
        let read = |entry: AuditEntry| sieve.read(entry, &records, &systems);
        Ok(Stretch { entries: entries.into_iter().filter_map(read).collect(), looked_to })
    }

    pub(crate) async fn sieve(&self, session: &mut Session) -> Result<Sieve, LedgerError> {
        let access = self.access(session).await?;
        let advisories = own_advisories::hidden(session, &access).await?;
        let mut contacts = conversation_rows::hidden(session, &access).await?;
        contacts.extend(disclosures::hidden(session, &access).await?);
        contacts.extend(publications::hidden_subjects(session, &access).await?);
        let hidden = access.hidden_systems(Act::Audit);
        let batches = batches(session, &hidden).await?;
        let mut purges = HashSet::new();
        for row in session.rows("SELECT id, evidence FROM purge", vec![]).await? {
            let of = underpin_model::EvidenceId(row.sha256(1)?);
            if evidence::sees(session, (&self.viewer, Act::Audit), self.now, of).await? == evidence::Sight::All {
                purges.insert(row.integer(0)?);
            }
        }
        Ok(Sieve {
            is_everywhere: access.may_everywhere(Act::Audit),
            hidden,
            batches,
            places: decisions::places(session).await?,
            contracts: contracts::places(session).await?,
            waivers: rule_waivers::terms(session).await?,
            advisories,
            contacts,
            purges,
            access,
        })
    }
}

/// Revisions in which something was bound to one of these systems.
async fn batches(session: &mut Session, systems: &HashSet<String>) -> Result<HashSet<i64>, LedgerError> {
    let keys: Vec<Value> = systems.iter().map(|id| Value::from(id.as_str())).collect();
    let mut revisions = HashSet::new();
    bulk::select_in(session, "SELECT revision_from FROM binding WHERE system IN", "", vec![], &keys, |row| {
        revisions.insert(row.integer(0)?);
        Ok(())
    })
    .await?;
    Ok(revisions)
}

impl Sieve {
    /// The entry as the viewer may read it; `None` when it may not.
    pub(crate) fn read(
        &self,
        mut entry: AuditEntry,
        records: &HashMap<DocumentId, DocumentRecord>,
        systems: &Systems,
    ) -> Option<AuditEntry> {
        let (kind, id) = entry.subject.split_once(' ').unwrap_or((&entry.subject, ""));
        if !self.lets_in(&entry, (records, systems)) {
            return None;
        }
        let (before, after) = (value(&entry.before), value(&entry.after));
        if kind == "system" {
            let then = [&before, &after].into_iter().flatten();
            let is_let_in = |body: &Json| {
                let was = serde_json::from_value::<System>(without_dates(body)).ok();
                let level = was.as_ref().map_or(secrecy(Classification::Secret), |was| secrecy(was.classification));
                self.access.sees_system_as(id, level, was.as_ref().map_or(&[], |was| &was.compartments))
            };
            if !then.into_iter().filter(|body| body.get("id").is_some()).all(is_let_in) {
                return None;
            }
            entry.before = before.map(|body| self.without_hidden(body)).map(|body| body.to_string());
            entry.after = after.map(|body| self.without_hidden(body)).map(|body| body.to_string());
            return Some(entry);
        }
        let names_hidden = [&before, &after].into_iter().flatten().any(|body| names(body, &self.hidden));
        (!names_hidden).then_some(entry)
    }

    /// Whether the viewer may know of the entry's subject at all.
    fn lets_in(
        &self,
        entry: &AuditEntry,
        (records, systems): (&HashMap<DocumentId, DocumentRecord>, &Systems),
    ) -> bool {
        let (kind, id) = entry.subject.split_once(' ').unwrap_or((&entry.subject, ""));
        let system = id.split(['/', ' ']).next().unwrap_or_default();
        match kind {
            "agency" | "naming" => self.access.may_at_agency(Act::Audit, id),
            "system" | "deployment" | "mapping" => self.access.may_at_system(Act::Audit, system),
            "document" => {
                let record = document(&entry.subject).and_then(|id| records.get(&id));
                record.is_some_and(|record| systems.governed(&self.access, Act::Audit, record))
            }
            "decision" => id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().is_ok_and(|id| {
                let place = self.places.get(&DecisionId(id));
                place.is_some_and(|(place, vulnerability)| {
                    self.access.may(Act::Audit, place) && !self.advisories.contains(vulnerability)
                })
            }),
            "contract" => self.contracts.get(id).is_some_and(|place| self.access.may(Act::Audit, place)),
            "waiver" => self.waivers.get(id).is_some_and(|terms| rule_waivers::may_audit(&self.access, terms)),
            "purge" => id.parse().is_ok_and(|id| self.purges.contains(&id)),
            "own" => {
                let advisory = id.trim_start_matches("advisory ").to_lowercase();
                self.is_everywhere && !self.advisories.contains(&advisory)
            }
            // How many documents came in, and their digest, would tell of those out of sight.
            "batch" => self.is_everywhere && !self.batches.contains(&entry.revision),
            "conversation" | "contact-request" | "disclosure" | "publication" => {
                self.is_everywhere && !self.contacts.contains(&entry.subject)
            }
            "carried" | "law-role" => match id.split_once(' ') {
                Some(("system", id)) => self.access.may_at_system(Act::Audit, id),
                Some(("agency" | "product", id)) => {
                    self.access.may_at_agency(Act::Audit, id.split(' ').next().unwrap_or_default())
                }
                _ => false,
            },
            "repository" | "self-assessment" => self.access.may_at_agency(Act::Audit, system),
            "exemption" => {
                let level = |text: &Option<String>| {
                    let said = value(text).and_then(|body| serde_json::from_value::<Exemption>(body).ok());
                    secrecy(said.map_or(Classification::Secret, |said| said.classification))
                };
                self.access.opens_at_agency(Act::Audit, system, level(&entry.after))
            }
            _ => self.is_everywhere,
        }
    }

    /// A system's body without what it needs and the viewer may not know.
    fn without_hidden(&self, mut body: Json) -> Json {
        if let Some(Json::Array(needed)) = body.get_mut("depends_on") {
            needed.retain(|id| id.as_str().is_none_or(|id| !self.hidden.contains(id)));
        }
        body
    }
}

/// A body without the stretch of time that entries of the chain carry beside it.
fn without_dates(body: &Json) -> Json {
    let mut body = body.clone();
    if let Json::Object(fields) = &mut body {
        fields.remove("valid_from");
        fields.remove("valid_until");
    }
    body
}

fn value(text: &Option<String>) -> Option<Json> {
    text.as_ref().map(|text| serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone())))
}

/// Whether one of these names stands anywhere in a value, as a text or as the name of a field.
fn names(value: &Json, hidden: &HashSet<String>) -> bool {
    match value {
        Json::String(text) => hidden.contains(text),
        Json::Array(items) => items.iter().any(|item| names(item, hidden)),
        Json::Object(fields) => fields.iter().any(|(name, field)| hidden.contains(name) || names(field, hidden)),
        _ => false,
    }
}

pub(crate) fn document(subject: &str) -> Option<DocumentId> {
    subject.strip_prefix("document D")?.parse().ok().map(DocumentId)
}
