// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a round stands, asked anew: who sent evidence, who answered otherwise, who is late; by system, agency and ministry.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_ledger::Which;
use underpin_model::Timestamp;
use underpin_model::incidents::{RoundId, Task, TaskState};
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::rounds::{Round, RoundStanding};
use underpin_model::watch::Place;

use super::letters::{LetterRow, address};
use super::taken::MailRow;
use super::{agency_at, missing};
use crate::error::Result;
use crate::house::{Desk, House, Overview};
use crate::incidents::{Ministries, Proof};

/// Places by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RoundCounts {
    /// Evidence came.
    pub evidence: u64,
    /// Answered without evidence.
    pub said: u64,
    /// Cannot, with a reason.
    pub cannot: u64,
    /// Evidence is promised.
    pub promised: u64,
    /// No answer yet.
    pub waiting: u64,
    /// No answer although the day has passed.
    pub late: u64,
}

impl RoundCounts {
    fn count(&mut self, standing: RoundStanding) {
        *match standing {
            RoundStanding::Evidence => &mut self.evidence,
            RoundStanding::Said => &mut self.said,
            RoundStanding::Cannot => &mut self.cannot,
            RoundStanding::Promised => &mut self.promised,
            RoundStanding::Waiting => &mut self.waiting,
            RoundStanding::Late => &mut self.late,
        } += 1;
    }

    /// Two together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            evidence: self.evidence + other.evidence,
            said: self.said + other.said,
            cannot: self.cannot + other.cannot,
            promised: self.promised + other.promised,
            waiting: self.waiting + other.waiting,
            late: self.late + other.late,
        }
    }

    /// All places.
    pub fn total(&self) -> u64 {
        self.evidence + self.said + self.cannot + self.promised + self.waiting + self.late
    }

    /// Those that have answered in some way.
    pub fn answered(&self) -> u64 {
        self.evidence + self.said + self.cannot
    }

    /// Those that have not.
    pub fn left(&self) -> u64 {
        self.promised + self.waiting + self.late
    }
}

/// A round in a list.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoundRow {
    /// Number, as `R3`.
    pub number: String,
    /// The round.
    #[serde(flatten)]
    pub round: Round,
    /// Places by how they stand.
    pub counts: RoundCounts,
}

/// A place that is asked for, and how it stands.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoundSystemRow {
    /// Its task, as `T7`.
    pub task: String,
    /// The system; empty where an agency is asked as a whole.
    pub system: String,
    /// Name of the system or agency.
    pub name: String,
    /// Who answers for it.
    pub agency: String,
    /// How it stands.
    pub standing: RoundStanding,
    /// Why it cannot be done, where that was said.
    pub because: String,
    /// The document that answered.
    pub document: String,
    /// When it came in.
    pub learned: Option<Timestamp>,
}

/// An agency that is asked.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoundAgencyRow {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its ministry.
    pub ministry: String,
    /// Where letters go; empty when there is no address for mail.
    pub address: String,
    /// Places by how they stand.
    pub counts: RoundCounts,
    /// When it was written to last.
    pub written: Option<Timestamp>,
}

/// A ministry with everything below it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoundMinistryRow {
    /// The agency at the top.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Places by how they stand.
    pub counts: RoundCounts,
}

/// Everything about a round.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoundRoom {
    /// Snapshot and moment.
    #[serde(flatten)]
    pub overview: Overview,
    /// Number, as `R3`.
    pub number: String,
    /// The round.
    pub round: Round,
    /// Places by how they stand.
    pub counts: RoundCounts,
    /// By ministry, those with most that is missing first.
    pub ministries: Vec<RoundMinistryRow>,
    /// By agency, the same.
    pub agencies: Vec<RoundAgencyRow>,
    /// Place by place, those that are late first.
    pub rows: Vec<RoundSystemRow>,
    /// What was sent.
    pub letters: Vec<LetterRow>,
    /// What came by mail.
    pub mails: Vec<MailRow>,
}

impl House {
    /// Rounds that the viewer may see, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn rounds(&self, desk: &Desk) -> Result<Vec<RoundRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let mut rounds = reader.rounds(desk.snapshot.at).await?;
        rounds.reverse();
        let tasks = if rounds.is_empty() { Vec::new() } else { reader.tasks(Which::All, desk.snapshot.at).await? };
        let row = |round: Round| {
            let mut counts = RoundCounts::default();
            let own = tasks.iter().filter(|task| task.round == Some(round.id.0));
            own.for_each(|task| counts.count(judged(desk, self.limits().stale_days, &round, task).0));
            RoundRow { number: round.id.to_string(), counts, round }
        };
        Ok(rounds.into_iter().map(row).collect())
    }

    /// A round as the desk sees it.
    pub(super) async fn one_round(&self, desk: &Desk, id: RoundId) -> Result<(Round, Vec<Task>)> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.rounds(desk.snapshot.at).await?.into_iter().find(|round| round.id == id);
        let round = found.ok_or_else(|| missing(id))?;
        let tasks = reader.tasks(Which::Round(id.0), desk.snapshot.at).await?;
        Ok((round, tasks))
    }

    /// Everything about a round, judged anew.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight; when the ledger cannot be read.
    pub async fn round(&self, desk: &Desk, id: RoundId) -> Result<RoundRoom> {
        let (round, tasks) = self.one_round(desk, id).await?;
        let mut rows: Vec<RoundSystemRow> =
            tasks.iter().filter_map(|task| row(desk, self.limits().stale_days, &round, task)).collect();
        rows.sort_by(|a, b| {
            let by_name = || (&a.agency, &a.name).cmp(&(&b.agency, &b.name));
            rank(a.standing).cmp(&rank(b.standing)).then_with(by_name)
        });
        let letters = self.letters_of(desk, &round, &rows).await?;
        let mails = self.mails_of(desk, &round, &rows).await?;
        let mut counts = RoundCounts::default();
        rows.iter().for_each(|row| counts.count(row.standing));
        Ok(RoundRoom {
            overview: desk.overview(),
            number: id.to_string(),
            counts,
            ministries: ministries(desk, &rows),
            agencies: agencies(desk, &rows, &letters),
            rows,
            letters,
            mails,
            round,
        })
    }
}

fn rank(standing: RoundStanding) -> u8 {
    match standing {
        RoundStanding::Late => 0,
        RoundStanding::Waiting => 1,
        RoundStanding::Promised => 2,
        RoundStanding::Cannot => 3,
        RoundStanding::Said => 4,
        RoundStanding::Evidence => 5,
    }
}

fn row(desk: &Desk, stale_days: u64, round: &Round, task: &Task) -> Option<RoundSystemRow> {
    let agency = agency_at(desk, &task.place)?;
    let (system, name) = match &task.place {
        Place::System(SystemId(id)) => (id.clone(), desk.system(desk.system_position(id)?).name.clone()),
        _ => (String::new(), desk.agency(agency).map_or_else(|| agency.0.clone(), |agency| agency.name.clone())),
    };
    let (standing, proof) = judged(desk, stale_days, round, task);
    Some(RoundSystemRow {
        task: task.id.to_string(),
        system,
        name,
        agency: agency.0.clone(),
        standing,
        because: task.because.as_ref().map(|(why, _)| why.clone()).unwrap_or_default(),
        document: proof.as_ref().map(|proof| proof.document.clone()).unwrap_or_default(),
        learned: proof.map(|proof| proof.learned),
    })
}

/// How a place stands: evidence goes before what was said.
pub(crate) fn judged(desk: &Desk, stale_days: u64, round: &Round, task: &Task) -> (RoundStanding, Option<Proof>) {
    if let Some(proof) = proof(desk, stale_days, round, &task.place) {
        return (RoundStanding::Evidence, Some(proof));
    }
    let is_late = desk.snapshot.at > round.due;
    let standing = match task.state {
        TaskState::CannotBecause => RoundStanding::Cannot,
        TaskState::Done | TaskState::Verified => RoundStanding::Said,
        _ if is_late => RoundStanding::Late,
        TaskState::Acknowledged | TaskState::InProgress => RoundStanding::Promised,
        TaskState::Open => RoundStanding::Waiting,
    };
    (standing, None)
}

/// The newest document about a system that came after the round was opened, counts now, and shows packages.
fn proof(desk: &Desk, stale_days: u64, round: &Round, place: &Place) -> Option<Proof> {
    let Place::System(SystemId(id)) = place else { return None };
    let system = desk.system_position(id)?;
    let question = desk.coverage_question(&[], stale_days);
    let counting = desk.bound(system).iter().filter(|bound| bound.superseded_by.is_none());
    let newer = counting.filter(|bound| desk.snapshot.documents[bound.document].id > round.last_document);
    let showing = newer.filter(|bound| desk.can_answer(bound.document, &question));
    let record = showing.map(|bound| &desk.snapshot.documents[bound.document]).max_by_key(|record| record.id)?;
    Some(Proof { document: record.id.to_string(), learned: record.learned })
}

fn ministries(desk: &Desk, rows: &[RoundSystemRow]) -> Vec<RoundMinistryRow> {
    let tops = Ministries::of(desk);
    let mut by_ministry: BTreeMap<String, RoundMinistryRow> = BTreeMap::new();
    for row in rows {
        let own = AgencyId(row.agency.clone());
        let top = tops.get(&own);
        let new = || RoundMinistryRow {
            agency: top.0.clone(),
            name: desk.agency(top).map_or_else(|| top.0.clone(), |agency| agency.name.clone()),
            counts: RoundCounts::default(),
        };
        by_ministry.entry(top.0.clone()).or_insert_with(new).counts.count(row.standing);
    }
    let mut found: Vec<RoundMinistryRow> = by_ministry.into_values().collect();
    found.sort_by(|a, b| b.counts.left().cmp(&a.counts.left()).then_with(|| a.name.cmp(&b.name)));
    found
}

fn agencies(desk: &Desk, rows: &[RoundSystemRow], letters: &[LetterRow]) -> Vec<RoundAgencyRow> {
    let tops = Ministries::of(desk);
    let mut by_agency: BTreeMap<&str, RoundAgencyRow> = BTreeMap::new();
    for row in rows {
        let id = AgencyId(row.agency.clone());
        let new = || RoundAgencyRow {
            agency: row.agency.clone(),
            name: desk.agency(&id).map_or_else(|| row.agency.clone(), |agency| agency.name.clone()),
            ministry: tops.get(&id).0.clone(),
            address: address(desk, &id).unwrap_or_default().to_owned(),
            counts: RoundCounts::default(),
            written: letters.iter().filter(|letter| letter.agency == row.agency).filter_map(|letter| letter.sent).max(),
        };
        by_agency.entry(row.agency.as_str()).or_insert_with(new).counts.count(row.standing);
    }
    let mut found: Vec<RoundAgencyRow> = by_agency.into_values().collect();
    found.sort_by(|a, b| b.counts.left().cmp(&a.counts.left()).then_with(|| a.name.cmp(&b.name)));
    found
}
