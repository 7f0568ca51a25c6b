// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules over the house. What was asked for never changes; that it was granted, refused or withdrawn stands beside it, each as
//! it was said once.
//!
//! A waiver is seen by whoever reads where it is decided, up to its marking, and only with the system without which nobody knows of its
//! subject. Who decides there asks for it and withdraws it; somebody else grants or refuses it: whoever approves for the whole government,
//! or, where the rule says so, there.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use underpin_model::limits::bounds::{WAIVER_ABOUT_BYTES, WAIVER_RULE_DAYS, WAIVER_TEXT_BYTES};
use underpin_model::people::Act;
use underpin_model::waivers::{
    Granter, RuleWaiver, WaiverChange, WaiverId, WaiverState, WaiverTerms, end_of_day, start_of_day,
};
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::standings::secrecy;
use crate::value::{Value, values, without_nul};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, references};

impl Reader {
    /// Waivers within sight as they stood at a moment, by number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rule_waivers(&self, as_of: Timestamp) -> Result<Vec<RuleWaiver>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, None, as_of).await?;
        found.retain(|waiver| may(Some(&access), Act::Read, &waiver.terms));
        Ok(found)
    }
}

impl Writer {
    /// Asks for a waiver; its number. It holds nothing until somebody else grants it.
    ///
    /// # Errors
    /// [`LedgerError::InvalidWaiver`], [`LedgerError::EmptyReason`], [`LedgerError::TooLong`], [`LedgerError::UnknownSystem`] and
    /// [`LedgerError::UnknownAgency`] for what is not there or out of sight, [`LedgerError::NotAllowed`] for who may not decide there,
    /// and what the database says.
    pub async fn propose_waiver(&self, at: Timestamp, terms: WaiverTerms) -> Result<WaiverId, LedgerError> {
        let terms = checked(terms, at)?;
        let mut change = self.change(at, "ask for a waiver").await?;
        must_be_there(&mut change, &terms).await?;
        let access = change.access().await?;
        if !may(access.as_ref(), Act::Decide, &terms) {
            return Err(change.refuse("ask for a waiver there"));
        }
        // What lies out of sight must not be told of: another waiver of the same subject counts only as far as it is seen.
        let known = read(&mut change.session, None, Timestamp(STILL)).await?;
        let is_open = |one: &&RuleWaiver| {
            one.terms.is_like(&terms)
                && one.state(at) == WaiverState::AskedFor
                && may(access.as_ref(), Act::Read, &one.terms)
        };
        if let Some(open) = known.iter().find(is_open) {
            return refused(&format!("{} asks for the same and waits for an answer", open.id));
        }
        let id = WaiverId(next_number(&mut change.session, "rule-waiver", 1).await?);
        let body = json!({ "terms": terms, "by": change.actor() });
        let sql = "INSERT INTO rule_waiver (number, body, proposed, revision) VALUES ($1, $2, $3, $4)";
        change.session.execute(sql, values![id.0, body.to_string(), change.at, change.revision]).await?;
        change.note("propose-waiver", subject(id), None, Some(body));
        change.commit().await?;
        Ok(id)
    }

    /// Grants, refuses or withdraws a waiver. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownWaiver`], [`LedgerError::NotAllowed`], [`LedgerError::SameGranter`] for who asked for it,
    /// [`LedgerError::WaiverSettled`] where nothing can follow, [`LedgerError::EmptyReason`], [`LedgerError::TooLong`], and what the
    /// database says.
    pub async fn change_waiver(&self, at: Timestamp, id: WaiverId, what: WaiverChange) -> Result<i64, LedgerError> {
        let what = worded(what)?;
        let mut change = self.change(at, "change a waiver").await?;
        let access = change.access().await?;
        let found = read(&mut change.session, Some(id), Timestamp(STILL)).await?.pop();
        let before = found.filter(|waiver| may(access.as_ref(), Act::Read, &waiver.terms));
        let before = before.ok_or(LedgerError::UnknownWaiver(id))?;
        let grants = may_grant(access.as_ref(), &before.terms);
        let is_withdrawal = matches!(what, WaiverChange::Withdraw { .. });
        let may_change = grants || is_withdrawal && may(access.as_ref(), Act::Decide, &before.terms);
        if !may_change {
            return Err(change.refuse(&format!("decide about waiver {id}")));
        }
        match (before.state(change.at), is_withdrawal) {
            (WaiverState::AskedFor, _) | (WaiverState::NotBegun | WaiverState::Holds, true) => {}
            (state, _) => return Err(LedgerError::WaiverSettled(id, standing(state))),
        }
        // The same account written in other letters is the same person.
        if !is_withdrawal && before.proposed_by.to_lowercase() == change.actor().to_lowercase() {
            return Err(LedgerError::SameGranter { waiver: id, actor: before.proposed_by });
        }
        // A clock that went back does not turn the order of events round.
        let moment = change.at.max(before.answer.as_ref().map_or(before.proposed, |answer| answer.at));
        let body = json!(what);
        let sql = "INSERT INTO rule_waiver_event (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![id.0, body.to_string(), change.actor(), moment, change.revision];
        change.session.execute(sql, row).await?;
        let after = told_event(&body, change.actor(), moment);
        change.note("change-waiver", subject(id), None, Some(after));
        change.commit().await
    }
}

/// Whether somebody may do this where a waiver is decided, as far as its marking lets them.
fn may(access: Option<&Access>, act: Act, terms: &WaiverTerms) -> bool {
    access.is_none_or(|access| {
        access.opens_marked(secrecy(terms.classification), &terms.compartments)
            && terms.seen_with.as_ref().is_none_or(|system| access.sees_system(&system.0))
            && access.may(act, &terms.place())
    })
}

fn may_grant(access: Option<&Access>, terms: &WaiverTerms) -> bool {
    access.is_none_or(|access| match terms.granter {
        Granter::Office => access.may_everywhere(Act::Approve),
        Granter::Agency => access.may(Act::Approve, &terms.place()),
    })
}

fn standing(state: WaiverState) -> &'static str {
    match state {
        WaiverState::AskedFor => "asked for",
        WaiverState::NotBegun | WaiverState::Holds => "granted",
        WaiverState::RanOut | WaiverState::Lapsed => "over",
        WaiverState::Refused => "refused",
        WaiverState::Withdrawn => "withdrawn",
    }
}

fn refused<T>(why: &str) -> Result<T, LedgerError> {
    Err(LedgerError::InvalidWaiver(why.to_owned()))
}

fn line(field: &str, text: &str) -> Result<String, LedgerError> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        return refused(&format!("{field} is one line of text"));
    }
    if text.len() > WAIVER_ABOUT_BYTES {
        return Err(too_long(field, text.len(), WAIVER_ABOUT_BYTES));
    }
    Ok(text.to_owned())
}

fn words(field: &str, text: &str) -> Result<String, LedgerError> {
    let text = without_nul(text.trim().to_owned());
    if text.is_empty() {
        return Err(LedgerError::EmptyReason);
    }
    if text.len() > WAIVER_TEXT_BYTES {
        return Err(too_long(field, text.len(), WAIVER_TEXT_BYTES));
    }
    Ok(text)
}

fn worded(what: WaiverChange) -> Result<WaiverChange, LedgerError> {
    Ok(match what {
        WaiverChange::Grant { note } if note.trim().is_empty() => WaiverChange::Grant { note: String::new() },
        WaiverChange::Grant { note } => WaiverChange::Grant { note: words("the condition", &note)? },
        WaiverChange::Refuse { reason } => WaiverChange::Refuse { reason: words("the reason", &reason)? },
        WaiverChange::Withdraw { reason } => WaiverChange::Withdraw { reason: words("the reason", &reason)? },
    })
}

fn checked(terms: WaiverTerms, now: Timestamp) -> Result<WaiverTerms, LedgerError> {
    let terms = WaiverTerms { from: start_of_day(terms.from), until: end_of_day(terms.until), ..terms };
    if !terms.subject.is_of_the_house() {
        return refused("clauses of bills of materials are waived in the contract");
    }
    if terms.from < start_of_day(now) {
        return refused("it begins before it is asked for");
    }
    if terms.until < terms.from {
        return refused("it ends before it begins");
    }
    let longest = terms.longest_days.min(WAIVER_RULE_DAYS);
    if terms.days() > longest {
        return refused(&format!("it would hold {} days, and {longest} are the most", terms.days()));
    }
    Ok(WaiverTerms {
        rulebook: line("the rulebook", &terms.rulebook)?,
        rule: line("the rule", &terms.rule)?,
        about: line("the subject", &terms.about)?,
        reason: words("the reason", &terms.reason)?,
        compensation: words("what guards meanwhile", &terms.compensation)?,
        ..terms
    })
}

/// Refuses what is not there or out of sight, alike.
async fn must_be_there(change: &mut Change, terms: &WaiverTerms) -> Result<(), LedgerError> {
    let place = terms.place();
    let placed = match &place {
        Place::System(system) => Some((Kind::System, system.0.as_str())),
        Place::Agency(agency) => Some((Kind::Agency, agency.0.as_str())),
        Place::Artefact { .. } | Place::Government => None,
    };
    let with = terms.seen_with.as_ref().map(|system| (Kind::System, system.0.as_str()));
    let access = change.access().await?;
    for (kind, id) in placed.into_iter().chain(with) {
        let known = existing(&mut change.session, kind, &[Value::from(id)], None).await?;
        let is_seen = access.as_ref().is_none_or(|access| match kind {
            Kind::System => access.sees_system(id),
            _ => access.may_at_agency(Act::Read, id),
        });
        if !is_seen || !known.contains(id) {
            return Err(references::unknown(kind, id, "the waiver"));
        }
    }
    Ok(())
}

/// Waivers with what had become of them by a moment, by number.
async fn read(session: &mut Session, only: Option<WaiverId>, as_of: Timestamp) -> Result<Vec<RuleWaiver>, LedgerError> {
    let mut waivers: Vec<RuleWaiver> = Vec::new();
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    let sql = "SELECT number, body, proposed FROM rule_waiver WHERE proposed <= $1 AND (number = $2 OR $3 = 1) \
               ORDER BY number";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = WaiverId(row.integer(0)?);
            let body = json_of(&row, 1, &subject(id))?;
            let terms = serde_json::from_value(body.get("terms").cloned().unwrap_or_default())
                .map_err(|error| damaged(&subject(id), &error))?;
            let proposed_by = body.get("by").and_then(Json::as_str).unwrap_or_default().to_owned();
            waivers.push(RuleWaiver {
                id,
                terms,
                proposed: row.timestamp(2)?,
                proposed_by,
                answer: None,
                withdrawn: None,
            });
            Ok(())
        })
        .await?;
    let sql = "SELECT number, body, actor, moment FROM rule_waiver_event WHERE moment <= $1 \
               AND (number = $2 OR $3 = 1) ORDER BY revision";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = WaiverId(row.integer(0)?);
            let at = waivers.binary_search_by_key(&id, |waiver| waiver.id);
            if let Some(waiver) = at.ok().and_then(|at| waivers.get_mut(at)) {
                let what = json_of(&row, 1, &subject(id))?;
                let what = serde_json::from_value(what).map_err(|error| damaged(&subject(id), &error))?;
                waiver.take(what, row.text(2)?, row.timestamp(3)?);
            }
            Ok(())
        })
        .await?;
    Ok(waivers)
}

/// What a waiver is called in the audit chain.
fn subject(id: WaiverId) -> String {
    format!("waiver {id}")
}

/// What all waivers say, for the trail: by what they are called there.
pub(crate) async fn terms(session: &mut Session) -> Result<HashMap<String, WaiverTerms>, LedgerError> {
    let found = read(session, None, Timestamp(STILL)).await?;
    Ok(found.into_iter().map(|waiver| (waiver.id.to_string(), waiver.terms)).collect())
}

/// Whether somebody may audit a waiver.
pub(crate) fn may_audit(access: &Access, terms: &WaiverTerms) -> bool {
    may(Some(access), Act::Audit, terms)
}

/// All that was ever written of waivers, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM rule_waiver", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(WaiverId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM rule_waiver_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(WaiverId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
