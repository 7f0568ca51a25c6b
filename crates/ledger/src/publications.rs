// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is published: drafts, approvals by another person, and the public keys that signatures are made with. Nothing is overwritten.
//!
//! Whoever leads for the whole government drafts, another person who approves there says yes to the digest of the whole draft. Everybody,
//! signed in or not, reads what was approved and is TLP:CLEAR, and nothing else: not that there is a draft, nor how many. A draft that
//! rests on an advisory out of somebody's sight is not there for them.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::{INCIDENT_TEXT_BYTES, PUBLICATION_BYTES, PUBLICATION_NAME_BYTES};
use underpin_model::people::Act;
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::watch::Tlp;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::damaged;
use crate::ledger::{Reader, Writer, next_number};
use crate::own_advisories::hidden;
use crate::publication_basis::{self, Basis};
use crate::publication_keys::{TEXT, note_key};
use crate::value::{values, without_nul};

/// The kind of line that holds a public key.
pub(crate) const KEY: &str = "openpgp-key";
/// Steps, as they are written down.
const DRAFT: &str = "draft";
pub(crate) const APPROVED: &str = "approved";
const WITHDRAWN: &str = "withdrawn";
const SIGNED_AGAIN: &str = "signed-again";

/// A draft to write down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPublication {
    /// What it is.
    pub kind: PublicationKind,
    /// Its name: the tracking identifier of an advisory. A name that is there already gets a new version.
    pub name: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Identifiers of the office's own advisories that it is made from.
    #[serde(default)]
    pub rests_on: Vec<String>,
    /// What it is made from, as it was when it was read: it must be so still when it is drafted and when it is approved. Nothing for a
    /// draft that was written before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Vec<Basis>>,
    /// What it says; the ledger does not look into it.
    pub content: String,
}

/// A draft with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationRecord {
    /// Number of the line.
    pub number: i64,
    /// What was drafted.
    pub draft: NewPublication,
    /// SHA-256 of the whole draft, in hexadecimal: who approves says which one.
    pub digest: String,
    /// Login of the author.
    pub author: String,
    /// When.
    pub drafted: Timestamp,
    /// How it stands.
    pub state: PublicationState,
    /// Who approved it or took it back, and when.
    pub ended: Option<(String, Timestamp)>,
    /// What is published: the content with date and signature. Empty until it is approved.
    pub published: String,
    /// Why it was taken back; empty when it was not.
    pub reason: String,
}

/// What was approved, as it leaves the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Digest of the draft that was read.
    #[serde(skip)]
    pub digest: String,
    /// The content with date and signature.
    pub published: String,
    /// The key of the signature.
    #[serde(skip)]
    pub key: Option<(String, String)>,
}

/// A line of the table.
pub(crate) struct Line {
    number: i64,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) step: String,
    digest: String,
    pub(crate) body: String,
    actor: String,
    pub(crate) moment: Timestamp,
}

impl Reader {
    /// All drafts that the viewer may read, with what became of them, by number; none for who neither leads nor approves for the whole
    /// government nor reads its trail.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publications(&self) -> Result<Vec<PublicationRecord>, LedgerError> {
        self.publications_as_of(Timestamp::MAX).await
    }

    /// The same as it stood at a moment. The right is that of today: what rests on something that was closed since is closed for the
    /// past, too.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publications_as_of(&self, as_of: Timestamp) -> Result<Vec<PublicationRecord>, LedgerError> {
        if !may_read(&self.viewer) {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let hidden = hidden(&mut session, &access).await?;
        let mut found = records(lines(&mut session, as_of).await?)?;
        found.retain(|record| is_seen(record, &access, &hidden));
        Ok(found)
    }

    /// What everybody may read: of each name the version approved last, where that is TLP:CLEAR.
    ///
    /// # Errors
    /// What the database says.
    pub async fn published(&self) -> Result<Vec<PublicationRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let mut newest: BTreeMap<(PublicationKind, String), PublicationRecord> = BTreeMap::new();
        for record in records(lines(&mut session, Timestamp::MAX).await?)? {
            if record.state == PublicationState::Approved {
                newest.insert((record.draft.kind, record.draft.name.clone()), record);
            }
        }
        Ok(newest.into_values().filter(|record| record.draft.tlp == Tlp::Clear).collect())
    }

    /// The revision in which something was last written down here. What is made of it holds until then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publications_changed(&self) -> Result<i64, LedgerError> {
        let mut session = self.pool.read().await?;
        let row = session.row("SELECT COALESCE(MAX(revision), 0) FROM publication", vec![]).await?;
        row.map_or(Ok(0), |row| row.integer(0))
    }
}

impl Writer {
    /// Writes a draft down; its digest. A draft of the same name that waits is replaced; the same draft again changes nothing.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidPublication`], [`LedgerError::PublicationOutdated`] when what it is made from is
    /// not as it was read, [`LedgerError::TooLong`], and what the database says.
    pub async fn draft_publication(&self, at: Timestamp, new: NewPublication) -> Result<String, LedgerError> {
        let mut change = self.change(at, "draft a publication").await?;
        let access = change.access().await?;
        if access.as_ref().is_some_and(|access| !access.may_everywhere(Act::Lead)) {
            return Err(change.refuse("draft a publication"));
        }
        check(&new)?;
        let all = records(lines(&mut change.session, Timestamp::MAX).await?)?;
        let of_name = || all.iter().filter(|one| one.draft.kind == new.kind && one.draft.name == new.name);
        if let Some(access) = &access {
            let hidden = hidden(&mut change.session, access).await?;
            let names_hidden = new.rests_on.iter().any(|id| hidden.contains(&id.to_lowercase()));
            // A draft out of somebody's sight is neither replaced nor given away by a refusal that names it.
            if names_hidden
                || !access.sees_advisory(new.tlp, &[], 0)
                || !of_name().all(|one| is_seen(one, access, &hidden))
            {
                return Err(change.refuse(&format!("draft the publication {}", new.name)));
            }
        }
        let was_clear = of_name().any(|one| one.state == PublicationState::Approved && one.draft.tlp == Tlp::Clear);
        if was_clear && new.tlp != Tlp::Clear {
            return Err(invalid("what everybody has read cannot become confidential"));
        }
        if new.basis.is_some() {
            unchanged(&mut change, &new).await?;
        }
        let body = without_nul(json!(new).to_string());
        if body.len() > PUBLICATION_BYTES {
            return Err(too_long("a publication", body.len(), PUBLICATION_BYTES));
        }
        let digest = digest_of(&body);
        if of_name().next_back().is_some_and(|one| one.digest == digest && one.state == PublicationState::Draft) {
            change.commit().await?;
            return Ok(digest);
        }
        write(&mut change, new.kind.as_str(), &new.name, (DRAFT, "draft-publication"), &digest, body).await?;
        change.commit().await?;
        Ok(digest)
    }

    /// Approves the draft that waits under a name: from now on it is published. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPublication`], [`LedgerError::NotAllowed`], [`LedgerError::PublicationChanged`] when another draft waits
    /// than the one that was read, [`LedgerError::SamePublisher`] for its author, [`LedgerError::PublicationOutdated`] when what it is
    /// made from is not so any more, [`LedgerError::TooLong`], and what the database says.
    pub async fn approve_publication(
        &self,
        at: Timestamp,
        (kind, name): (PublicationKind, &str),
        approval: Approval,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "approve a publication").await?;
        let waiting = self.waiting(&mut change, kind, name, Act::Approve).await?;
        if waiting.digest != approval.digest {
            return Err(LedgerError::PublicationChanged(name.to_owned()));
        }
        if waiting.author.eq_ignore_ascii_case(change.actor()) {
            return Err(LedgerError::SamePublisher { name: name.to_owned(), actor: change.actor().to_owned() });
        }
        unchanged(&mut change, &waiting.draft).await?;
        if let Some((fingerprint, armoured)) = approval.key.clone() {
            note_key(&mut change, &fingerprint, armoured).await?;
        }
        let body = json!(approval).to_string();
        if body.len() > PUBLICATION_BYTES {
            return Err(too_long("a publication", body.len(), PUBLICATION_BYTES));
        }
        write(&mut change, kind.as_str(), name, (APPROVED, "approve-publication"), &waiting.digest, body).await?;
        change.commit().await
    }

    /// Writes down that what was approved last under a name is signed with another key. Nothing else of it changes. Returns the ledger's
    /// revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPublication`] when nothing with that digest was approved last, [`LedgerError::NotAllowed`],
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn sign_publication_again(
        &self,
        at: Timestamp,
        (kind, name): (PublicationKind, &str),
        approval: Approval,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "sign a publication again").await?;
        if change.access().await?.is_some_and(|access| !access.may_everywhere(Act::Approve)) {
            return Err(change.refuse("sign a publication again"));
        }
        let all = records(lines(&mut change.session, Timestamp::MAX).await?)?;
        let of_name = |one: &&PublicationRecord| one.draft.kind == kind && one.draft.name == name;
        let approved = all.iter().rev().filter(of_name).find(|one| one.state == PublicationState::Approved);
        if approved.is_none_or(|one| one.digest != approval.digest) {
            return Err(LedgerError::UnknownPublication(name.to_owned()));
        }
        if let Some((fingerprint, armoured)) = approval.key.clone() {
            note_key(&mut change, &fingerprint, armoured).await?;
        }
        let body = json!(approval).to_string();
        if body.len() > PUBLICATION_BYTES {
            return Err(too_long("a publication", body.len(), PUBLICATION_BYTES));
        }
        let digest = approval.digest;
        write(&mut change, kind.as_str(), name, (SIGNED_AGAIN, "sign-publication-again"), &digest, body).await?;
        change.commit().await
    }

    /// Takes a draft back that waits. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPublication`], [`LedgerError::NotAllowed`], [`LedgerError::EmptyReason`], [`LedgerError::TooLong`], and what
    /// the database says.
    pub async fn take_back_publication(
        &self,
        at: Timestamp,
        (kind, name): (PublicationKind, &str),
        reason: &str,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "take a publication back").await?;
        let waiting = self.waiting(&mut change, kind, name, Act::Lead).await?;
        if reason.trim().is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        if reason.len() > INCIDENT_TEXT_BYTES {
            return Err(too_long("why a draft is taken back", reason.len(), INCIDENT_TEXT_BYTES));
        }
        let body = json!({ "reason": reason.trim() }).to_string();
        write(&mut change, kind.as_str(), name, (WITHDRAWN, "take-back-publication"), &waiting.digest, body).await?;
        change.commit().await
    }

    /// The draft that waits under a name, for who may see it and do this.
    async fn waiting(
        &self,
        change: &mut Change,
        kind: PublicationKind,
        name: &str,
        act: Act,
    ) -> Result<PublicationRecord, LedgerError> {
        let unknown = || LedgerError::UnknownPublication(name.to_owned());
        let access = change.access().await?;
        if access.is_some() && !may_read(&change.viewer) {
            return Err(unknown());
        }
        let mut found = records(lines(&mut change.session, Timestamp::MAX).await?)?;
        if let Some(access) = &access {
            let hidden = hidden(&mut change.session, access).await?;
            found.retain(|record| is_seen(record, access, &hidden));
        }
        found.retain(|one| one.draft.kind == kind && one.draft.name == name && one.state == PublicationState::Draft);
        let waiting = found.pop().ok_or_else(unknown)?;
        if access.is_some_and(|access| !access.may_everywhere(act)) {
            return Err(change.refuse(&format!("approve or take back the publication {name}")));
        }
        Ok(waiting)
    }
}

/// Refuses a draft that is made from something that has changed, or does not count any more.
async fn unchanged(change: &mut Change, draft: &NewPublication) -> Result<(), LedgerError> {
    let outdated = |what: String| LedgerError::PublicationOutdated { name: draft.name.clone(), what };
    match &draft.basis {
        Some(basis) => publication_basis::changed(change, basis).await?.map_or(Ok(()), |what| Err(outdated(what))),
        // Of what it rests on only the names are known: it was drafted before more was kept.
        None => draft.rests_on.first().map_or(Ok(()), |id| Err(outdated(format!("advisory {id}")))),
    }
}

fn may_read(viewer: &Viewer) -> bool {
    [Act::Lead, Act::Approve, Act::Audit].into_iter().any(|act| viewer.may_everywhere(act))
}

fn is_seen(record: &PublicationRecord, access: &Access, hidden: &HashSet<String>) -> bool {
    let rests_on_hidden = record.draft.rests_on.iter().any(|id| hidden.contains(&id.to_lowercase()));
    !rests_on_hidden && access.sees_advisory(record.draft.tlp, &[], 0)
}

pub(crate) fn invalid(why: impl ToString) -> LedgerError {
    LedgerError::InvalidPublication(why.to_string())
}

fn check(new: &NewPublication) -> Result<(), LedgerError> {
    let name = &new.name;
    if name.trim() != name || name.is_empty() || name.contains(char::is_control) {
        return Err(invalid("its name is one line"));
    }
    if name.len() > PUBLICATION_NAME_BYTES {
        return Err(too_long("the name of a publication", name.len(), PUBLICATION_NAME_BYTES));
    }
    if new.content.trim().is_empty() { Err(invalid("it says nothing")) } else { Ok(()) }
}

/// SHA-256, in hexadecimal.
pub(crate) fn digest_of(text: &str) -> String {
    let mut written = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(written, "{byte:02x}");
    }
    written
}

pub(crate) async fn write(
    change: &mut Change,
    kind: &str,
    name: &str,
    (step, action): (&'static str, &'static str),
    digest: &str,
    body: String,
) -> Result<(), LedgerError> {
    let number = next_number(&mut change.session, "publication", 1).await?;
    let note = told_line(step, digest, &body, change.actor());
    let sql = "INSERT INTO publication (number, kind, name, step, digest, body, actor, moment, revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let row = values![number, kind, name, step, digest, body, change.actor(), change.at, change.revision];
    change.session.execute(sql, row).await?;
    change.note(action, subject(kind, name), None, Some(note));
    Ok(())
}

/// As the audit chain keeps it: of the text its digest, for the text itself is never changed.
fn told_line(step: &str, digest: &str, body: &str, actor: &str) -> Json {
    json!({ "step": step, "digest": digest, "body": digest_of(body), "actor": actor })
}

/// What a publication is called in the audit chain.
fn subject(kind: &str, name: &str) -> String {
    format!("publication {kind} {name}")
}

/// What was written until a moment, by number.
pub(crate) async fn lines(session: &mut Session, as_of: Timestamp) -> Result<Vec<Line>, LedgerError> {
    let mut found = Vec::new();
    let sql = "SELECT number, kind, name, step, digest, body, actor, moment FROM publication WHERE moment <= $1 \
               ORDER BY number";
    session
        .each(sql, values![as_of], |row| {
            found.push(Line {
                number: row.integer(0)?,
                kind: row.text(1)?,
                name: row.text(2)?,
                step: row.text(3)?,
                digest: row.text(4)?,
                body: row.text(5)?,
                actor: row.text(6)?,
                moment: row.timestamp(7)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// Drafts with what became of them, by number.
fn records(lines: Vec<Line>) -> Result<Vec<PublicationRecord>, LedgerError> {
    let mut found: Vec<PublicationRecord> = Vec::new();
    for line in lines.into_iter().filter(|line| line.kind != KEY && line.kind != TEXT) {
        let about = subject(&line.kind, &line.name);
        let open = found.iter_mut().filter(|one| {
            one.draft.kind.as_str() == line.kind && one.draft.name == line.name && one.state == PublicationState::Draft
        });
        if line.step == DRAFT {
            open.for_each(|one| one.state = PublicationState::Replaced);
            let draft = serde_json::from_str(&line.body).map_err(|error| damaged(&about, &error))?;
            found.push(PublicationRecord {
                number: line.number,
                draft,
                digest: line.digest,
                author: line.actor,
                drafted: line.moment,
                state: PublicationState::Draft,
                ended: None,
                published: String::new(),
                reason: String::new(),
            });
            continue;
        }
        let body: Json = serde_json::from_str(&line.body).map_err(|error| damaged(&about, &error))?;
        let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        if line.step == SIGNED_AGAIN {
            let is_it = |one: &&mut PublicationRecord| is_signed_again(one, &line);
            found.iter_mut().rev().find(is_it).into_iter().for_each(|one| one.published = word("published"));
            continue;
        }
        if let Some(one) = open.last().filter(|one| one.digest == line.digest) {
            one.state = if line.step == APPROVED { PublicationState::Approved } else { PublicationState::TakenBack };
            one.ended = Some((line.actor, line.moment));
            (one.published, one.reason) = (word("published"), word("reason"));
        }
    }
    Ok(found)
}

/// Whether the line has new signatures of exactly what was approved here.
fn is_signed_again(one: &PublicationRecord, line: &Line) -> bool {
    (one.draft.kind.as_str(), &one.draft.name, &one.digest) == (line.kind.as_str(), &line.name, &line.digest)
        && one.state == PublicationState::Approved
}

/// What the audit chain calls publications of which a draft is out of the viewer's sight.
pub(crate) async fn hidden_subjects(session: &mut Session, access: &Access) -> Result<HashSet<String>, LedgerError> {
    let hidden = hidden(session, access).await?;
    let all = records(lines(session, Timestamp::MAX).await?)?;
    let unseen = all.into_iter().filter(|record| !is_seen(record, access, &hidden));
    Ok(unseen.map(|record| subject(record.draft.kind.as_str(), &record.draft.name)).collect())
}

/// All that was ever written of publications, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut found = Vec::new();
    let sql = "SELECT kind, name, step, digest, body, actor, revision FROM publication";
    session
        .each(sql, vec![], |row| {
            let note = told_line(row.text_ref(2)?, row.text_ref(3)?, row.text_ref(4)?, row.text_ref(5)?);
            found.push((subject(row.text_ref(0)?, row.text_ref(1)?), row.integer(6)?, note));
            Ok(())
        })
        .await?;
    Ok(found)
}
