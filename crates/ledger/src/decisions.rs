// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions about vulnerabilities. One never changes; that it was approved or withdrawn stands beside it, with its
//! moment, so that any moment can be asked about. Who may see and make which is decided in [`access`](crate::access).

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Status};
use underpin_model::{Timestamp, Viewer};

use crate::change::Change;
use crate::database::Session;
use crate::ledger::{Reader, Writer, next_number, revision as revision_of};
use crate::snapshot::Point;
use crate::value::{Value, values, without_nul};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, bulk, own_advisories, references, registry};

/// A decision to make. Its author is who writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// The vulnerability, by any of its names.
    pub vulnerability: String,
    /// The package, as in [`Decision::package`].
    pub package: String,
    /// Where it holds.
    pub place: Place,
    /// What is decided.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Why, in words.
    pub reason: String,
    /// What is to be done; may be empty.
    pub action: String,
    /// In whose name; `None` for the office.
    pub agency: Option<AgencyId>,
    /// Where it was taken over from; may be empty.
    pub origin: String,
    /// From when it holds; `None` from the moment it is recorded.
    pub valid_from: Option<Timestamp>,
    /// When it should be looked at again.
    pub review: Option<Timestamp>,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Whether a second person must agree before it holds.
    pub needs_approval: bool,
}

/// What can happen to a decision later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Approved,
    Withdrawn,
}

impl Event {
    fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::str::FromStr for Event {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Self::Approved, Self::Withdrawn].into_iter().find(|event| event.as_str() == text);
        known.ok_or_else(|| format!("{text:?} is nothing that happens to a decision"))
    }
}

impl Reader {
    /// All decisions recorded by then that the viewer may see, by number, with what had happened to them by then:
    /// those that no longer hold, too ([`Decision::holds_at`] tells). One that is about an advisory of the office out of the
    /// viewer's sight would tell that there is one: it is out of sight, too.
    ///
    /// # Errors
    /// What the database says.
    pub async fn decisions(&self, as_of: Timestamp) -> Result<Vec<Decision>, LedgerError> {
        self.decisions_at(i64::MAX, as_of).await
    }

    /// The same as it was answered at an earlier revision; the viewer's rights are always those of now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn decisions_at(&self, revision: i64, as_of: Timestamp) -> Result<Vec<Decision>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let revision = revision.min(revision_of(&mut session).await?);
        let access = self.access(&mut session).await?;
        let mut decisions = read(&mut session, Point { revision, at: as_of, now: self.now }).await?;
        let hidden = own_advisories::hidden(&mut session, &access).await?;
        let is_hidden = |decision: &Decision| hidden.contains(&decision.vulnerability.trim().to_lowercase());
        decisions.retain(|decision| access.sees_place(&decision.place) && !is_hidden(decision));
        Ok(decisions)
    }
}

impl Writer {
    /// Makes decisions, all or none. Each leaves its own entry in the audit chain, so that the whole story of one is found
    /// under its number, however many were made at once. Returns their numbers, in the order given.
    ///
    /// # Errors
    /// [`LedgerError::InvalidDecision`], [`LedgerError::EmptyReason`], [`LedgerError::TooLong`],
    /// [`LedgerError::UnknownSystem`] and [`LedgerError::UnknownAgency`] for a place that is not there or that the viewer
    /// may not see, [`LedgerError::NotAllowed`], and what the database says.
    pub async fn decide(&self, at: Timestamp, new: Vec<NewDecision>) -> Result<Vec<DecisionId>, LedgerError> {
        let mut change = self.change(at, "decide about vulnerabilities").await?;
        for one in &new {
            check(one, change.at)?;
        }
        check_places(&mut change, &new).await?;
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let first = next_number(&mut change.session, "decision", new.len() as u64).await?;
        let (mut rows, mut ids) = (Vec::with_capacity(new.len() * 4), Vec::with_capacity(new.len()));
        for (number, one) in (first..).zip(new) {
            let decision = recorded(one, DecisionId(number), &change);
            let body = json!(decision);
            rows.extend(values![number, body.to_string(), decision.recorded, change.revision]);
            change.note("decide", subject(decision.id), None, Some(body));
            ids.push(decision.id);
        }
        let head = "INSERT INTO decision (number, body, recorded, revision)";
        bulk::insert(&mut change.session, head, 4, "", rows).await?;
        change.commit().await?;
        Ok(ids)
    }

    /// Agrees to a decision that somebody else made and that waits for it. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDecision`], [`LedgerError::NotAllowed`], [`LedgerError::SameAuthor`],
    /// [`LedgerError::DecisionSettled`] when it waits for nothing, and what the database says.
    pub async fn approve_decision(&self, at: Timestamp, id: DecisionId) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "approve a decision").await?;
        let decision = governed(&mut change, id, (Act::Approve, "approve")).await?;
        if decision.withdrawn.is_some() {
            return Err(LedgerError::DecisionSettled(id, "withdrawn"));
        }
        if decision.approved.is_some() || !decision.needs_approval {
            return Err(LedgerError::DecisionSettled(id, "in force"));
        }
        // The same account written in other letters is the same person.
        if decision.author.to_lowercase() == change.actor().to_lowercase() {
            return Err(LedgerError::SameAuthor { decision: id, author: decision.author });
        }
        enter(&mut change, &decision, Event::Approved, "").await?;
        change.commit().await
    }

    /// Takes a decision back: the findings are open again. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDecision`], [`LedgerError::NotAllowed`], [`LedgerError::EmptyReason`],
    /// [`LedgerError::DecisionSettled`] when it is withdrawn already, and what the database says.
    pub async fn withdraw_decision(&self, at: Timestamp, id: DecisionId, reason: &str) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "withdraw a decision").await?;
        let decision = governed(&mut change, id, (Act::Decide, "withdraw")).await?;
        let reason = &without_nul(reason.trim().to_owned());
        if reason.is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        if decision.withdrawn.is_some() {
            return Err(LedgerError::DecisionSettled(id, "withdrawn"));
        }
        enter(&mut change, &decision, Event::Withdrawn, reason).await?;
        change.commit().await
    }
}

/// Refuses what can be no decision, whoever makes it.
fn check(new: &NewDecision, at: Timestamp) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidDecision(why.to_owned()));
    registry::indexed("the name of a vulnerability", &new.vulnerability)?;
    if new.vulnerability.trim().is_empty() || new.vulnerability.contains(char::is_control) {
        return invalid("it names no vulnerability");
    }
    if new.reason.trim().is_empty() {
        return Err(LedgerError::EmptyReason);
    }
    if matches!(&new.place, Place::Artefact { artefact, .. } if artefact.trim().is_empty()) {
        return invalid("it names no artefact");
    }
    if new.expires.is_some_and(|end| end <= new.valid_from.unwrap_or(at)) {
        return invalid("it ends before it begins");
    }
    if new.place == Place::Government && new.agency.is_some() {
        return invalid("what holds for the whole government is decided by the office");
    }
    match new.justification {
        Some(_) if new.status != Status::NotAffected => invalid("only what is not affected has a justification"),
        // The same code can be reachable, and the same flaw unmitigated, elsewhere.
        Some(reason) if reason.is_bound_to_place() && matches!(new.place, Place::Agency(_) | Place::Government) => {
            invalid(&format!("{} holds for one system or artefact only", reason.as_str()))
        }
        _ => Ok(()),
    }
}

/// Places and agencies must be there and within sight, and the viewer must be one who may decide there.
async fn check_places(change: &mut Change, new: &[NewDecision]) -> Result<(), LedgerError> {
    let (mut systems, mut agencies) = (Vec::new(), Vec::new());
    for one in new {
        match &one.place {
            Place::Artefact { system, .. } | Place::System(system) => systems.push(Value::from(&system.0)),
            Place::Agency(agency) => agencies.push(Value::from(&agency.0)),
            Place::Government => {}
        }
        agencies.extend(one.agency.iter().map(|agency| Value::from(&agency.0)));
    }
    let known_systems = existing(&mut change.session, Kind::System, &systems, None).await?;
    let known_agencies = existing(&mut change.session, Kind::Agency, &agencies, None).await?;
    let access = change.access().await?;
    for one in new {
        if let Place::Artefact { system, .. } | Place::System(system) = &one.place {
            let seen = access.as_ref().is_none_or(|access| access.sees_system(&system.0));
            if !seen || !known_systems.contains(&system.0) {
                return Err(references::unknown(Kind::System, &system.0, "the decision"));
            }
        }
        // Whether an agency out of sight is there is not told: the refusal is the same.
        if access.as_ref().is_some_and(|access| !access.decides(Act::Decide, &one.place, one.agency.as_ref())) {
            return Err(change.refuse("decide for others than its own agencies and what is below them"));
        }
        let placed = if let Place::Agency(agency) = &one.place { Some(agency) } else { None };
        if let Some(agency) = placed.into_iter().chain(&one.agency).find(|agency| !known_agencies.contains(&agency.0)) {
            return Err(references::unknown(Kind::Agency, &agency.0, "the decision"));
        }
    }
    Ok(())
}

fn recorded(new: NewDecision, id: DecisionId, change: &Change) -> Decision {
    Decision {
        id,
        vulnerability: new.vulnerability,
        package: new.package,
        place: new.place,
        status: new.status,
        justification: new.justification,
        reason: new.reason,
        action: new.action,
        author: change.actor().to_owned(),
        agency: new.agency,
        origin: new.origin,
        valid_from: new.valid_from.unwrap_or(change.at),
        review: new.review,
        expires: new.expires,
        recorded: change.at,
        needs_approval: new.needs_approval,
        approved: None,
        withdrawn: None,
    }
}

/// A decision as it is now, if the viewer of the change may change it.
async fn governed(change: &mut Change, id: DecisionId, (act, verb): (Act, &str)) -> Result<Decision, LedgerError> {
    let access = change.access().await?;
    let row = change.session.row("SELECT body FROM decision WHERE number = $1", values![id.0]).await?;
    let mut decision = parse(id, row.ok_or(LedgerError::UnknownDecision(id))?.text_ref(0)?)?;
    if access.as_ref().is_some_and(|access| !access.sees_place(&decision.place)) {
        return Err(LedgerError::UnknownDecision(id));
    }
    if access.is_some_and(|access| !access.decides(act, &decision.place, decision.agency.as_ref())) {
        return Err(change.refuse(&format!("{verb} decision {id}, which is not its own")));
    }
    add_events(&mut change.session, &mut decision).await?;
    Ok(decision)
}

/// Adds what has happened to a decision.
async fn add_events(session: &mut Session, decision: &mut Decision) -> Result<(), LedgerError> {
    let sql = "SELECT decision, kind, actor, moment, reason FROM decision_event WHERE decision = $1";
    for row in session.rows(sql, values![decision.id.0]).await? {
        happen(decision, row.word(1)?, row.text(2)?, row.timestamp(3)?, row.text(4)?);
    }
    Ok(())
}

/// A decision as it stands now, whoever may see it.
pub(crate) async fn standing(session: &mut Session, id: DecisionId) -> Result<Option<Decision>, LedgerError> {
    let Some(row) = session.row("SELECT body FROM decision WHERE number = $1", values![id.0]).await? else {
        return Ok(None);
    };
    let mut decision = parse(id, row.text_ref(0)?)?;
    add_events(session, &mut decision).await?;
    Ok(Some(decision))
}

/// Notes what happens to a decision.
async fn enter(change: &mut Change, decision: &Decision, event: Event, reason: &str) -> Result<(), LedgerError> {
    // A clock that went back does not turn the order of events round.
    let before = decision.approved.as_ref().map_or(decision.recorded, |(_, moment)| *moment);
    let moment = change.at.max(before);
    let row = values![decision.id.0, event.as_str(), change.actor(), moment, reason, change.revision];
    let head = "INSERT INTO decision_event (decision, kind, actor, moment, reason, revision)";
    bulk::insert(&mut change.session, head, 6, "", row).await?;
    let action = match event {
        Event::Approved => "approve-decision",
        Event::Withdrawn => "withdraw-decision",
    };
    let after = told_event(event.as_str(), change.actor(), moment, reason);
    change.note(action, subject(decision.id), None, Some(after));
    Ok(())
}

fn happen(decision: &mut Decision, event: Event, actor: String, moment: Timestamp, reason: String) {
    match event {
        Event::Approved => decision.approved = Some((actor, moment)),
        Event::Withdrawn => decision.withdrawn = Some((actor, moment, reason)),
    }
}

/// What a decision is called in the audit chain.
fn subject(id: DecisionId) -> String {
    format!("decision {id}")
}

fn told_event(kind: &str, actor: &str, moment: Timestamp, reason: &str) -> Json {
    json!({ "event": kind, "by": actor, "at": moment.0, "reason": reason })
}

fn parse(id: DecisionId, body: &str) -> Result<Decision, LedgerError> {
    let damaged = |detail: String| LedgerError::Damaged { place: format!("the stored decision {id}"), detail };
    serde_json::from_str(body).map_err(|error| damaged(error.to_string()))
}

/// All decisions at a point, by number.
async fn read(session: &mut Session, point: Point) -> Result<Vec<Decision>, LedgerError> {
    let mut decisions = Vec::new();
    let mut places = HashMap::new();
    let sql = "SELECT number, body FROM decision WHERE recorded <= $1 AND revision <= $2 ORDER BY number";
    session
        .each(sql, values![point.at, point.revision], |row| {
            let id = DecisionId(row.integer(0)?);
            places.insert(id, decisions.len());
            decisions.push(parse(id, row.text_ref(1)?)?);
            Ok(())
        })
        .await?;
    let sql = "SELECT decision, kind, actor, moment, reason FROM decision_event WHERE moment <= $1 AND revision <= $2";
    session
        .each(sql, values![point.at, point.revision], |row| {
            let place = places.get(&DecisionId(row.integer(0)?));
            if let Some(decision) = place.and_then(|place| decisions.get_mut(*place)) {
                happen(decision, row.word(1)?, row.text(2)?, row.timestamp(3)?, row.text(4)?);
            }
            Ok(())
        })
        .await?;
    Ok(decisions)
}

/// The place and vulnerability (in small letters) of every decision.
pub(crate) async fn places(session: &mut Session) -> Result<HashMap<DecisionId, (Place, String)>, LedgerError> {
    let mut places = HashMap::new();
    session
        .each("SELECT number, body FROM decision", vec![], |row| {
            let id = DecisionId(row.integer(0)?);
            let decision = parse(id, row.text_ref(1)?)?;
            places.insert(id, (decision.place, decision.vulnerability.trim().to_lowercase()));
            Ok(())
        })
        .await?;
    Ok(places)
}

/// All that was ever written of decisions, for the comparison with the audit chain: about what, in which revision, and
/// the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, recorded, revision FROM decision", vec![], |row| {
            let id = DecisionId(row.integer(0)?);
            let body = serde_json::from_str::<Json>(row.text_ref(1)?).unwrap_or_default();
            let is_itself =
                |decision: &Decision| (decision.id, decision.recorded.0) == (id, row.integer(2).unwrap_or(STILL));
            let whole = parse(id, row.text_ref(1)?).is_ok_and(|decision| is_itself(&decision));
            lines.push((subject(id), row.integer(3)?, if whole { body } else { Json::Null }));
            Ok(())
        })
        .await?;
    session
        .each("SELECT decision, kind, actor, moment, reason, revision FROM decision_event", vec![], |row| {
            let event = told_event(row.text_ref(1)?, row.text_ref(2)?, row.timestamp(3)?, row.text_ref(4)?);
            lines.push((subject(DecisionId(row.integer(0)?)), row.integer(5)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
