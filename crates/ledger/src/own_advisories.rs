// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's own advisories: written by the office, marked with how far they may go, kept in every version.
//!
//! Who may read which is decided in [`access`](crate::access). Who publishes one must be able to read it afterwards, so
//! that nobody puts words where the own eyes do not reach; so a red one is published by the operator.

use std::collections::{HashMap, HashSet};

use serde_json::{Value as Json, json};
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::Tlp;
use underpin_model::{Timestamp, Viewer};

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::ledger::{Reader, Writer, not_allowed, revision as revision_of};
use crate::publication_basis::Basis;
use crate::standings::secrecy;
use crate::value::{Row, Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, bulk, references, registry};

/// An advisory to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewOwnAdvisory {
    /// Its identifier; one that is there already gets a new version.
    pub id: String,
    /// An OSV record, as JSON, with this identifier.
    pub body: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Agencies it is for: for amber, amber+strict and red alone.
    pub audience: Vec<AgencyId>,
    /// Its classification: nobody below that clearance sees it.
    pub classification: Classification,
}

/// An advisory of the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnAdvisory {
    /// Its identifier.
    pub id: String,
    /// An OSV record, as JSON.
    pub body: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Agencies it is for.
    pub audience: Vec<AgencyId>,
    /// Its classification.
    pub classification: Classification,
    /// Who published this version.
    pub author: String,
    /// When.
    pub recorded: Timestamp,
}

/// A version of an advisory, with the marks of its last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAdvisory {
    /// The version.
    pub advisory: OwnAdvisory,
    /// Until when it counted; the end of time while it does.
    pub until: Timestamp,
}

impl PastAdvisory {
    /// Whether this version counts still.
    pub fn counts(&self) -> bool {
        self.until.0 == STILL
    }
}

/// A version, and until when it counted.
struct Version {
    advisory: OwnAdvisory,
    recorded_until: Timestamp,
    revision_from: i64,
    revision_until: i64,
}

const COLUMNS: &str = "id, body, tlp, audience, secrecy, author, recorded_from, recorded_until, revision_from, \
     revision_until";

impl Version {
    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        let id = row.text(0)?;
        let damaged = |detail: String| LedgerError::Damaged { place: format!("the stored advisory {id}"), detail };
        let place = usize::try_from(row.integer(4)?).ok();
        let classification = place.and_then(|place| Classification::ALL.get(place)).copied();
        let advisory = OwnAdvisory {
            body: row.text(1)?,
            tlp: row.word(2)?,
            audience: serde_json::from_str(row.text_ref(3)?).map_err(|error| damaged(error.to_string()))?,
            classification: classification.ok_or_else(|| damaged("no such classification".to_owned()))?,
            author: row.text(5)?,
            recorded: row.timestamp(6)?,
            id: id.clone(),
        };
        let (revision_from, revision_until) = (row.integer(8)?, row.integer(9)?);
        Ok(Self { advisory, recorded_until: row.timestamp(7)?, revision_from, revision_until })
    }

    fn counts_at(&self, revision: i64, at: Timestamp) -> bool {
        self.revision_from <= revision
            && self.advisory.recorded <= at
            && (self.revision_until > revision || self.recorded_until > at)
    }
}

impl OwnAdvisory {
    fn is_seen(&self, access: &Access) -> bool {
        access.sees_advisory(self.tlp, &self.audience, secrecy(self.classification))
    }

    /// As the audit chain keeps it.
    pub(crate) fn told(&self) -> Json {
        json!({
            "body": self.body,
            "tlp": self.tlp,
            "audience": self.audience,
            "secrecy": secrecy(self.classification),
            "author": self.author,
            "recorded": self.recorded.0,
        })
    }
}

impl Reader {
    /// The office's advisories that counted then and that the viewer may see, by identifier.
    ///
    /// # Errors
    /// What the database says.
    pub async fn own_advisories(&self, as_of: Timestamp) -> Result<Vec<OwnAdvisory>, LedgerError> {
        self.own_advisories_at(i64::MAX, as_of).await
    }

    /// The same as it was answered at an earlier revision; the viewer's rights, and how an advisory is marked now, are
    /// always those of now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn own_advisories_at(&self, revision: i64, as_of: Timestamp) -> Result<Vec<OwnAdvisory>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let revision = revision.min(revision_of(&mut session).await?);
        let access = self.access(&mut session).await?;
        let at = Timestamp(as_of.0.min(STILL - 1));
        let versions = versions(&mut session).await?;
        // Versions come in their order: the last one of each stays.
        let last: HashMap<&str, &OwnAdvisory> =
            versions.iter().map(|version| (version.advisory.id.as_str(), &version.advisory)).collect();
        let seen = |advisory: &OwnAdvisory| {
            advisory.is_seen(&access) && last.get(advisory.id.as_str()).is_some_and(|last| last.is_seen(&access))
        };
        let counts = versions.iter().filter(|version| version.counts_at(revision, at));
        let mut advisories: Vec<OwnAdvisory> =
            counts.map(|version| &version.advisory).filter(|advisory| seen(advisory)).cloned().collect();
        advisories.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Ok(advisories)
    }

    /// Every version of the office's advisories that the viewer may see, those taken back too, in their order and marked as their
    /// last version is: what was once decided on them is not freer because they count no more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn own_advisory_versions(&self) -> Result<Vec<PastAdvisory>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let versions = versions(&mut session).await?;
        let last: HashMap<&str, &OwnAdvisory> =
            versions.iter().map(|version| (version.advisory.id.as_str(), &version.advisory)).collect();
        let past = |version: &Version| {
            let last = last.get(version.advisory.id.as_str())?;
            let marked = OwnAdvisory { tlp: last.tlp, audience: last.audience.clone(), ..version.advisory.clone() };
            let is_seen = version.advisory.is_seen(&access) && last.is_seen(&access);
            is_seen.then_some(PastAdvisory { advisory: marked, until: version.recorded_until })
        };
        Ok(versions.iter().filter_map(past).collect())
    }
}

impl Writer {
    /// Publishes an advisory, or a new version of one. Returns the ledger's revision, the same when it is so already.
    ///
    /// # Errors
    /// [`LedgerError::InvalidAdvisory`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`],
    /// [`LedgerError::NotAllowed`] for who does not lead for the government, for what the viewer could not read afterwards and for an
    /// identifier that belongs to an advisory out of its sight, and what the database says.
    pub async fn publish_own_advisory(&self, at: Timestamp, new: NewOwnAdvisory) -> Result<i64, LedgerError> {
        let mut change = self.change_of_office(at, "publish an advisory of the office").await?;
        check(&mut change, &new).await?;
        let NewOwnAdvisory { id, body, tlp, mut audience, classification } = new;
        audience.sort_unstable();
        audience.dedup();
        let before = last(&mut change, &id).await?;
        let open = before.as_ref().filter(|version| version.revision_until == STILL);
        let author = change.actor().to_owned();
        let recorded = before.as_ref().map_or(change.at, |version| change.at.max(version.latest()));
        let advisory = OwnAdvisory { id, body, tlp, audience, classification, author, recorded };
        if let Some(access) = change.access().await? {
            if before.as_ref().is_some_and(|version| !version.advisory.is_seen(&access)) {
                return Err(change.refuse(&format!("publish advisory {}", advisory.id)));
            }
            if !advisory.is_seen(&access) {
                return Err(change.refuse(&format!("put advisory {} out of sight", advisory.id)));
            }
        }
        let says = |one: &OwnAdvisory| (one.body.clone(), one.tlp, one.audience.clone(), one.classification);
        if open.is_some_and(|version| says(&version.advisory) == says(&advisory)) {
            return change.commit().await;
        }
        end(&mut change, &advisory.id, recorded).await?;
        let row = values![
            &advisory.id,
            &advisory.body,
            advisory.tlp.as_str(),
            json!(advisory.audience).to_string(),
            secrecy(advisory.classification),
            &advisory.author,
            recorded,
            STILL,
            change.revision,
            STILL,
        ];
        bulk::insert(&mut change.session, &format!("INSERT INTO own_advisory ({COLUMNS})"), 10, "", row).await?;
        let before = open.map(|version| version.advisory.told());
        change.note("publish-advisory", subject(&advisory.id), before, Some(advisory.told()));
        change.commit().await
    }

    /// Takes an advisory back: from now on it counts no more. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownAdvisory`], [`LedgerError::EmptyReason`], [`LedgerError::NotAllowed`] for who does
    /// not lead for the government, and what the database says.
    pub async fn withdraw_own_advisory(&self, at: Timestamp, id: &str, reason: &str) -> Result<i64, LedgerError> {
        let mut change = self.change_of_office(at, "withdraw an advisory of the office").await?;
        let access = change.access().await?;
        let open = last(&mut change, id).await?.filter(|version| version.revision_until == STILL);
        let seen = |version: &Version| access.as_ref().is_none_or(|access| version.advisory.is_seen(access));
        let open = open.filter(seen).ok_or_else(|| LedgerError::UnknownAdvisory(id.to_owned()))?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        let until = change.at.max(open.advisory.recorded);
        end(&mut change, id, until).await?;
        let after = json!({ "until": until.0, "reason": reason });
        change.note("withdraw-advisory", subject(id), Some(open.advisory.told()), Some(after));
        change.commit().await
    }

    async fn change_of_office(&self, at: Timestamp, action: &str) -> Result<Change, LedgerError> {
        match self.viewer.may_everywhere(Act::Lead) {
            true => self.change(at, action).await,
            false => Err(not_allowed(&self.viewer, action)),
        }
    }
}

impl Version {
    /// The last moment that it speaks of.
    fn latest(&self) -> Timestamp {
        if self.recorded_until.0 == STILL { self.advisory.recorded } else { self.recorded_until }
    }
}

/// Refuses what can be no advisory, whoever publishes it.
async fn check(change: &mut Change, new: &NewOwnAdvisory) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidAdvisory(why.to_owned()));
    registry::indexed("the identifier of an advisory", &new.id)?;
    if new.id.trim() != new.id || new.id.is_empty() || new.id.contains(char::is_control) {
        return invalid("its identifier is empty or not of one line");
    }
    let body: Json = match serde_json::from_str(&new.body) {
        Ok(body) => body,
        Err(error) => return invalid(&error.to_string()),
    };
    if body.get("id").and_then(Json::as_str) != Some(&new.id) {
        return invalid("its record has another identifier");
    }
    // Who names agencies means to keep it from the others, which these do not.
    if matches!(new.tlp, Tlp::Clear | Tlp::Green) && !new.audience.is_empty() {
        return invalid(&format!("what is {} is for everybody, not for some agencies", new.tlp.as_str()));
    }
    let keys: Vec<Value> = new.audience.iter().map(|agency| Value::from(&agency.0)).collect();
    let known = existing(&mut change.session, Kind::Agency, &keys, None).await?;
    match new.audience.iter().find(|agency| !known.contains(&agency.0)) {
        Some(unknown) => Err(references::unknown(Kind::Agency, &unknown.0, "the advisory")),
        None => Ok(()),
    }
}

/// The last version of an advisory.
async fn last(change: &mut Change, id: &str) -> Result<Option<Version>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM own_advisory WHERE id = $1 ORDER BY revision_from DESC LIMIT 1");
    change.session.row(&sql, values![id]).await?.as_ref().map(Version::from_row).transpose()
}

/// An advisory as it stands now, as drafts of publications name it.
pub(crate) async fn standing(change: &mut Change, id: &str) -> Result<Option<Basis>, LedgerError> {
    let last = last(change, id).await?;
    Ok(last.map(|version| Basis::of_advisory(&version.advisory, version.revision_until == STILL)))
}

/// Ends the version that counts, if there is one.
async fn end(change: &mut Change, id: &str, at: Timestamp) -> Result<(), LedgerError> {
    let sql = "UPDATE own_advisory SET recorded_until = $1, revision_until = $2 WHERE id = $3 AND revision_until = $4";
    change.session.execute(sql, values![at, change.revision, id, STILL]).await?;
    Ok(())
}

/// Every version, in the order in which they came.
async fn versions(session: &mut Session) -> Result<Vec<Version>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM own_advisory ORDER BY revision_from");
    session.rows(&sql, vec![]).await?.iter().map(Version::from_row).collect()
}

/// Identifiers, in small letters, of advisories that are out of sight by how they were marked last, those taken back too.
pub(crate) async fn hidden(session: &mut Session, access: &Access) -> Result<HashSet<String>, LedgerError> {
    let versions = versions(session).await?;
    // Versions come in their order: the last one of each decides.
    let last: HashMap<&str, &OwnAdvisory> =
        versions.iter().map(|version| (version.advisory.id.as_str(), &version.advisory)).collect();
    let hidden = last.into_values().filter(|advisory| !advisory.is_seen(access));
    Ok(hidden.map(|advisory| advisory.id.to_lowercase()).collect())
}

fn subject(id: &str) -> String {
    format!("own advisory {id}")
}

/// All that was ever written of own advisories, for the comparison with the audit chain: about what, in which revision,
/// and the words. That a version ended because the next one came needs no words of its own.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    let versions = versions(session).await?;
    let begins: HashMap<(&str, i64), Timestamp> =
        versions.iter().map(|one| ((one.advisory.id.as_str(), one.revision_from), one.advisory.recorded)).collect();
    for version in &versions {
        let id = version.advisory.id.as_str();
        lines.push((subject(id), version.revision_from, version.advisory.told()));
        let replaced = begins.get(&(id, version.revision_until)) == Some(&version.recorded_until);
        if !replaced && (version.revision_until, version.recorded_until.0) != (STILL, STILL) {
            lines.push((subject(id), version.revision_until, json!({ "until": version.recorded_until.0 })));
        }
    }
    Ok(lines)
}
