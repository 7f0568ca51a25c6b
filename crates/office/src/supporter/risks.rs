// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which projects are expected to harm the government most, how sure is that, and why?
//!
//! Dependence times what is believed of incidents, moved by what is known. The beliefs are judgement and stand in the answer; plans
//! take the same ones. The projects on which the government leans most are looked at, so a project further down can be missing.

use serde::Serialize;
use underpin_assess::planning::priors::Prior;
use underpin_assess::risk::ranking::{Believed, Expected, expected};
use underpin_assess::risk::rates::{Known, Rates, rates};
use underpin_formats::project_facts::KnownProject;
use underpin_model::interventions::HarmCause;
use underpin_model::project_class::{ClassReason, EvidenceKind, EvidenceNote, ProjectClass};

use super::commitments::may_rank;
use super::evidence::{Evidence, ProjectEvidence};
use super::priorities::{Points, PriorityRow, Ranking};
use crate::error::Result;
use crate::house::{Desk, House, Overview};
use crate::watch::estate::Watched;

/// Projects that are looked at: those that the government leans on most.
pub const LOOKED_AT: usize = 200;
/// Places that count as first.
const FIRST: usize = 10;
/// Draws for ranges and places.
const DRAWS: usize = 1_000;
/// Where the draws begin: the same ones each time.
const SEED: u64 = 11;

/// The answer of `priorities --by risk`, and what the map of projects is drawn from.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RisksAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Projects in use.
    pub projects: u64,
    /// Of these, the ones that were looked at: those that the government leans on most.
    pub looked_at: u64,
    /// Places that count as first.
    pub first: u64,
    /// Draws behind ranges and places.
    pub draws: u64,
    /// What is believed of a project of which nothing is known.
    pub beliefs: Vec<CauseBelief>,
    /// The project with the highest expected harm first.
    pub rows: Vec<RiskRow>,
}

/// What is believed of a cause of harm before anything is known. Judgement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CauseBelief {
    /// The cause.
    pub cause: HarmCause,
    /// Incidents a year: expected, low, high.
    pub incidents: [f64; 3],
    /// Days one lasts, in the same form.
    pub days: [f64; 3],
}

/// A project with its expected harm.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RiskRow {
    /// Place by expected harm, the first being 1; equal ones share the better place.
    pub place: u32,
    /// Key of the project.
    pub project: String,
    /// Its place by dependence.
    pub dependence_place: u32,
    /// How much the government depends on it, in points.
    pub dependence: Points,
    /// Systems that use it.
    pub systems: u32,
    /// Agencies of these systems.
    pub agencies: u32,
    /// Expected harm: points of dependence times days, a year.
    pub risk: RiskRange,
    /// In how many of 100 draws it is among the first.
    pub first_percent: f64,
    /// What the expected harm is made of; the sum of the parts.
    pub parts: Vec<RiskPart>,
    /// How the project stands.
    pub class: ProjectClass,
    /// Why.
    pub reasons: Vec<ClassReason>,
    /// Kinds of evidence that say anything, …
    pub kinds_known: u32,
    /// … of so many.
    pub kinds: u32,
    /// What is missing from the evidence, or old.
    pub notes: Vec<EvidenceNote>,
}

/// Expected harm with the range that holds 80 of 100 draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RiskRange {
    /// One draw in ten is below.
    pub low: f64,
    /// Expected.
    pub mean: f64,
    /// One draw in ten is above.
    pub high: f64,
}

/// What one cause adds: points × incidents a year × days.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RiskPart {
    /// The cause.
    pub cause: HarmCause,
    /// Expected incidents a year.
    pub incidents: f64,
    /// Expected days of one.
    pub days: f64,
    /// What that makes with the dependence.
    pub harm: f64,
    /// What moved the incidents a year from the first belief.
    pub steps: Vec<RateStep>,
}

/// Something that is known, and what it added to the belief.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RateStep {
    /// What; `None` for vulnerabilities that were published within three years.
    pub reason: Option<ClassReason>,
    /// Events that it added.
    pub events: f64,
    /// Years that it added.
    pub years: f64,
}

/// What is believed of a project; plans take this too.
pub(super) fn believed(points: Points, evidence: &ProjectEvidence, facts: Option<&KnownProject>) -> (Believed, Rates) {
    let rates = rates(&evidence.known(facts));
    let exposure =
        Prior { mean: points.likely, low: points.least.min(points.likely), high: points.most.max(points.likely) };
    (Believed { exposure, incidents: rates.incidents, days: rates.days }, rates)
}

/// What is believed of a project of which nothing is known.
pub(super) fn beliefs() -> Vec<CauseBelief> {
    let first = rates(&Known::default());
    let told = |prior: Prior| [prior.mean, prior.low, prior.high];
    let belief = |(place, cause): (usize, &HarmCause)| CauseBelief {
        cause: *cause,
        incidents: told(first.incidents[place].prior()),
        days: told(first.days[place]),
    };
    HarmCause::ALL.iter().enumerate().map(belief).collect()
}

impl House {
    /// The projects that the government leans on most, by expected harm.
    ///
    /// # Errors
    /// `not-allowed` for who may not rank for the whole government; when the ledger cannot be read, or evidence is damaged.
    pub async fn risks(&self, desk: &Desk, ranking: &Ranking, watched: &Watched) -> Result<RisksAnswer> {
        may_rank(desk)?;
        let evidence = self.project_evidence(desk, watched).await?;
        Ok(ranking.risks(desk, &evidence))
    }
}

impl Ranking {
    /// Expected harm of the projects that the government leans on most.
    pub fn risks(&self, desk: &Desk, evidence: &Evidence<'_>) -> RisksAnswer {
        let ranked = self.answer(desk, Some(LOOKED_AT));
        let rows = rows(self, evidence, &ranked.rows);
        RisksAnswer {
            overview: desk.overview(),
            projects: ranked.projects,
            looked_at: rows.len() as u64,
            first: FIRST as u64,
            draws: DRAWS as u64,
            beliefs: beliefs(),
            rows,
        }
    }
}

/// The rows of some projects, held against each other.
pub(super) fn rows(ranking: &Ranking, evidence: &Evidence<'_>, ranked: &[PriorityRow]) -> Vec<RiskRow> {
    let keys: Vec<&str> = ranked.iter().map(|row| row.project.as_str()).collect();
    let stand = evidence.of(ranking, &keys);
    let all: Vec<(Believed, Rates)> = ranked
        .iter()
        .zip(&stand)
        .map(|(row, stand)| believed(row.dependence, stand, evidence.facts_of(&row.project)))
        .collect();
    let inputs: Vec<Believed> = all.iter().map(|(believed, _)| *believed).collect();
    let found = expected(&inputs, FIRST, DRAWS, SEED);
    let joined = ranked.iter().zip(stand).zip(all).zip(found);
    let mut rows: Vec<RiskRow> =
        joined.map(|(((row, stand), (_, rates)), found)| risk_row(row, stand, &rates, &found)).collect();
    rows.sort_by(|a, b| b.risk.mean.total_cmp(&a.risk.mean).then_with(|| a.project.cmp(&b.project)));
    let (mut place, mut last) = (0, None);
    for (number, row) in rows.iter_mut().enumerate() {
        if last != Some(row.risk.mean) {
            (place, last) = (number as u32 + 1, Some(row.risk.mean));
        }
        row.place = place;
    }
    rows
}

fn risk_row(row: &PriorityRow, stand: ProjectEvidence, rates: &Rates, found: &Expected) -> RiskRow {
    let step = |step: &underpin_assess::risk::rates::Step| RateStep {
        reason: step.reason,
        events: step.events,
        years: step.years,
    };
    let part = |(place, cause): (usize, &HarmCause)| RiskPart {
        cause: *cause,
        incidents: rates.incidents[place].mean(),
        days: rates.days[place].mean,
        harm: found.parts[place],
        steps: rates.steps.iter().filter(|step| step.cause == *cause).map(step).collect(),
    };
    RiskRow {
        place: 0,
        project: row.project.clone(),
        dependence_place: row.place,
        dependence: row.dependence,
        systems: row.systems,
        agencies: row.agencies,
        risk: RiskRange { low: found.low, mean: found.mean, high: found.high },
        first_percent: found.first_share * 100.0,
        parts: HarmCause::ALL.iter().enumerate().map(part).collect(),
        class: stand.class,
        kinds_known: stand.kinds_known() as u32,
        kinds: EvidenceKind::ALL.len() as u32,
        reasons: stand.reasons,
        notes: stand.notes,
    }
}
