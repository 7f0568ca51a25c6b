// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers as they stand in lists: how long each still holds, or since when it does not.

use schemars::JsonSchema;
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::rules::Subject;
use underpin_model::waivers::{Granter, RuleWaiver, WaiverState};
use underpin_model::watch::Place;
use underpin_render::{Language, text};

use crate::house::{Desk, Overview};

/// Days before its last one on which a waiver is said to end soon.
const NOTICE_DAYS: i64 = 30;

/// A waiver in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverRow {
    /// Number, as `W12`.
    pub waiver: String,
    /// The rulebook.
    pub rulebook: String,
    /// The rule.
    pub rule: String,
    /// Its version when it was asked for.
    pub version: u16,
    /// What the rule is about.
    pub subject: Subject,
    /// Who or what need not keep it.
    pub about: String,
    /// What that is called.
    pub about_name: String,
    /// The agency.
    pub agency: Option<String>,
    /// Its name.
    pub agency_name: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// How it stands.
    pub state: WaiverState,
    /// Days to its last one; below nothing when that has passed.
    pub days_left: i64,
    /// Whether it holds and ends within a month.
    pub is_ending: bool,
    /// Why.
    pub reason: String,
    /// What guards meanwhile.
    pub compensation: String,
    /// Who grants it.
    pub granter: Granter,
    /// Who asked for it.
    pub proposed_by: String,
    /// When.
    pub proposed: Timestamp,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered: Option<Timestamp>,
    /// What was said.
    pub answer: Option<String>,
    /// Who withdrew it.
    pub withdrawn_by: Option<String>,
    /// When.
    pub withdrawn: Option<Timestamp>,
    /// Why.
    pub withdrawn_because: Option<String>,
    /// Up to whom it may be seen.
    pub classification: Classification,
}

impl WaiverRow {
    /// Its fields, in the order of files.
    pub const FIELDS: &'static [&'static str] = &[
        "waiver",
        "rulebook",
        "rule",
        "version",
        "subject",
        "about",
        "about_name",
        "agency",
        "agency_name",
        "from",
        "until",
        "state",
        "days_left",
        "reason",
        "compensation",
        "granter",
        "proposed_by",
        "proposed",
        "answered_by",
        "answered",
        "answer",
        "withdrawn_by",
        "withdrawn",
        "withdrawn_because",
        "classification",
    ];
}

impl WaiverRow {
    /// Where it is decided.
    pub fn place(&self) -> Place {
        match (self.subject, &self.agency) {
            (Subject::System, _) => Place::System(SystemId(self.about.clone())),
            (_, Some(agency)) => Place::Agency(AgencyId(agency.clone())),
            (_, None) => Place::Government,
        }
    }

    /// How it stands, in words: when it ends, or since when it has.
    pub fn standing(&self, language: Language) -> String {
        let days = [("days", self.days_left.unsigned_abs().into())];
        match self.state {
            WaiverState::Holds if self.is_ending => text(language, "waiver-ends", &days),
            WaiverState::RanOut => text(language, "waiver-ran-out", &days),
            state => text(language, &format!("waiver-state-{}", state.as_str()), &[]),
        }
    }
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverCounts {
    /// Wait for an answer.
    pub asked_for: u64,
    /// Hold.
    pub holds: u64,
    /// Of these, end within a month.
    pub ending: u64,
    /// Are granted and have not begun.
    pub not_begun: u64,
    /// Ran out.
    pub ran_out: u64,
    /// Were answered by nobody before their last day.
    pub lapsed: u64,
    /// Were refused.
    pub refused: u64,
    /// Were withdrawn.
    pub withdrawn: u64,
}

impl WaiverCounts {
    pub(super) fn of(rows: &[WaiverRow]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            let count = match row.state {
                WaiverState::AskedFor => &mut counts.asked_for,
                WaiverState::Holds => &mut counts.holds,
                WaiverState::NotBegun => &mut counts.not_begun,
                WaiverState::RanOut => &mut counts.ran_out,
                WaiverState::Lapsed => &mut counts.lapsed,
                WaiverState::Refused => &mut counts.refused,
                WaiverState::Withdrawn => &mut counts.withdrawn,
            };
            *count += 1;
            counts.ending += u64::from(row.is_ending);
        }
        counts
    }
}

/// The answer of `rules waivers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiversAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// How many there are of each, of those asked for.
    pub counts: WaiverCounts,
    /// Waivers within sight: those that wait first, then those that hold, the first to end first.
    pub rows: Vec<WaiverRow>,
}

/// A waiver as somebody sees it.
pub(super) fn row(desk: &Desk, waiver: &RuleWaiver) -> WaiverRow {
    let at = desk.snapshot.at;
    let terms = &waiver.terms;
    let system = desk.system_position(&terms.about).filter(|_| terms.subject == Subject::System);
    let system = system.map(|position| desk.system(position));
    let about = AgencyId(terms.about.clone());
    let (agency, about_name) = match terms.subject {
        Subject::System => (system.map(|system| system.agency.clone()), system.map(|system| system.name.clone())),
        Subject::Agency => (Some(about.clone()), Some(desk.agency_name(&about).to_owned())),
        _ => (terms.agency.clone(), None),
    };
    let state = waiver.state(at);
    let days_left = waiver.days_left(at);
    let (answer, withdrawn) = (waiver.answer.as_ref(), waiver.withdrawn.as_ref());
    WaiverRow {
        waiver: waiver.id.to_string(),
        rulebook: terms.rulebook.clone(),
        rule: terms.rule.clone(),
        version: terms.version,
        subject: terms.subject,
        about: terms.about.clone(),
        about_name: about_name.unwrap_or_else(|| terms.about.clone()),
        agency_name: agency.as_ref().map(|agency| desk.agency_name(agency).to_owned()).unwrap_or_default(),
        agency: agency.map(|agency| agency.0),
        from: terms.from.date(),
        until: terms.until.date(),
        state,
        days_left,
        is_ending: state == WaiverState::Holds && days_left <= NOTICE_DAYS,
        reason: terms.reason.clone(),
        compensation: terms.compensation.clone(),
        granter: terms.granter,
        proposed_by: waiver.proposed_by.clone(),
        proposed: waiver.proposed,
        answered_by: answer.map(|answer| answer.by.clone()),
        answered: answer.map(|answer| answer.at),
        answer: answer.map(|answer| answer.text.clone()).filter(|text| !text.is_empty()),
        withdrawn_by: withdrawn.map(|end| end.by.clone()),
        withdrawn: withdrawn.map(|end| end.at),
        withdrawn_because: withdrawn.map(|end| end.reason.clone()),
        classification: terms.classification,
    }
}
