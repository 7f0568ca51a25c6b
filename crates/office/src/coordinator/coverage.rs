// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `coverage`: how much of the government is known, and for whom. Every answer that can be "no" carries the same counts.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_assess::coverage::{Evidence, classify};
use underpin_model::coverage::CoverageState;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::{Coverage, DocumentState, Timestamp};

use crate::house::{Desk, Overview, made};

/// Types told apart in one question; more than this many are counted as one kind beyond.
const TYPES_TOLD_APART: usize = 64;

impl Desk {
    /// A question about these package types (any package when there are none), ready to be put to each system.
    pub fn coverage_question(&self, types: &[String], stale_days: u64) -> CoverageQuestion {
        let types = &types[..types.len().min(TYPES_TOLD_APART)];
        let wanted = if types.is_empty() { 0 } else { u64::MAX >> (TYPES_TOLD_APART - types.len()) };
        CoverageQuestion { wanted, can_show: self.can_show(types), stale_days }
    }

    /// Where a system stands towards a question.
    pub fn coverage_state(&self, system: u32, question: &CoverageQuestion) -> CoverageState {
        let current = self.bound(system).iter().filter(|bound| bound.superseded_by.is_none());
        let evidence = current.map(|bound| {
            let record = &self.snapshot.documents[bound.document];
            Evidence {
                made: made(record),
                states_components: record.occurrences > 0,
                can_show: question.can_show.get(self.profile(bound.document)).copied().unwrap_or(0),
            }
        });
        classify(&evidence.collect::<Vec<_>>(), question.wanted, self.snapshot.at, question.stale_days)
    }

    /// Coverage of all active systems the viewer may see. `states` gives the state of each.
    pub fn coverage_by(&self, mut state: impl FnMut(u32) -> CoverageState) -> Coverage {
        let mut coverage = Coverage { declared: self.declared(None), ..Coverage::default() };
        self.active_systems().for_each(|system| coverage.count(state(system)));
        coverage
    }

    /// Systems declared as a number only: of all visible agencies, or of some.
    fn declared(&self, of: Option<&[AgencyId]>) -> u64 {
        self.snapshot
            .agencies
            .iter()
            .filter(|agency| of.is_none_or(|ids| ids.contains(&agency.id)))
            .filter_map(|agency| agency.declared_systems)
            .sum()
    }

    /// The whole picture.
    pub fn coverage(&self, stale_days: u64) -> CoverageAnswer {
        let question = self.coverage_question(&[], stale_days);
        let states: Vec<(u32, CoverageState)> =
            self.active_systems().map(|system| (system, self.coverage_state(system, &question))).collect();
        let mut total = Coverage { declared: self.declared(None), ..Coverage::default() };
        states.iter().for_each(|(_, state)| total.count(*state));
        let mut agencies: Vec<AgencyCoverage> = self
            .snapshot
            .agencies
            .iter()
            .map(|agency| {
                let mut coverage = Coverage { declared: agency.declared_systems.unwrap_or(0), ..Coverage::default() };
                let own = states.iter().filter(|(system, _)| self.system(*system).agency == agency.id);
                own.for_each(|(_, state)| coverage.count(*state));
                AgencyCoverage { agency: agency.id.clone(), name: agency.name.clone(), coverage }
            })
            .collect();
        agencies.sort_by(|a, b| a.agency.cmp(&b.agency));
        let systems = states.iter().map(|(system, state)| self.system_coverage(*system, *state)).collect();
        CoverageAnswer {
            overview: self.overview(),
            stale_days,
            coverage: total,
            agencies,
            systems,
            unbound: self.unbound().count() as u64,
            quarantined: self.in_state(DocumentState::Quarantined),
            retracted: self.in_state(DocumentState::Retracted),
            purged: self.in_state(DocumentState::Purged),
        }
    }

    fn in_state(&self, state: DocumentState) -> u64 {
        self.snapshot.documents.iter().filter(|record| record.state == state).count() as u64
    }

    /// Accepted documents that are about no system yet.
    pub fn unbound(&self) -> impl Iterator<Item = &underpin_model::DocumentRecord> {
        let bound: std::collections::HashSet<_> =
            self.snapshot.bindings.iter().map(|binding| binding.document).collect();
        self.snapshot
            .documents
            .iter()
            .filter(move |record| record.state == DocumentState::Accepted && !bound.contains(&record.id))
    }

    fn system_coverage(&self, position: u32, state: CoverageState) -> SystemCoverage {
        let system = self.system(position);
        let mut answer = SystemCoverage {
            agency: system.agency.clone(),
            system: system.id.clone(),
            name: system.name.clone(),
            state,
            documents: 0,
            newest: None,
            age_days: None,
            tools: Vec::new(),
            can_show: Vec::new(),
            occurrences: 0,
            gaps: 0,
        };
        let (mut tools, mut types) = (BTreeSet::new(), BTreeSet::new());
        for record in self.current_documents(position) {
            answer.documents += 1;
            answer.occurrences += record.occurrences;
            answer.gaps += record.gaps;
            answer.newest = answer.newest.max(Some(made(record)));
            types.extend(record.types.iter().cloned());
            types.extend(self.capabilities.of(&record.tool));
            if !record.tool.is_empty() {
                tools.insert(record.tool.clone());
            }
        }
        answer.age_days = answer.newest.map(|newest| self.snapshot.at.days_since(newest).max(0));
        answer.tools = tools.into_iter().collect();
        answer.can_show = types.into_iter().collect();
        answer
    }
}

/// What coverage is asked for.
#[derive(Clone, Debug)]
pub struct CoverageQuestion {
    wanted: u64,
    can_show: Vec<u64>,
    stale_days: u64,
}

/// The answer of `coverage`.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Age from which evidence counts as stale, in days.
    pub stale_days: u64,
    /// The whole.
    pub coverage: Coverage,
    /// Per agency, its own systems only.
    pub agencies: Vec<AgencyCoverage>,
    /// Per system.
    pub systems: Vec<SystemCoverage>,
    /// Accepted documents about no system yet: work to do.
    pub unbound: u64,
    /// Documents that could not be read.
    pub quarantined: u64,
    /// Documents taken back.
    pub retracted: u64,
    /// Documents removed by four eyes.
    pub purged: u64,
}

/// One agency's part.
#[derive(Clone, Debug, Serialize)]
pub struct AgencyCoverage {
    /// Stable identifier.
    pub agency: AgencyId,
    /// Name.
    pub name: String,
    /// Its counts.
    pub coverage: Coverage,
}

/// One system's part.
#[derive(Clone, Debug, Serialize)]
pub struct SystemCoverage {
    /// Stable identifier of its agency.
    pub agency: AgencyId,
    /// Stable identifier.
    pub system: SystemId,
    /// Name.
    pub name: String,
    /// Known, blind, stale or unknown (towards a question about any package).
    pub state: CoverageState,
    /// Documents that count now.
    pub documents: u64,
    /// When the newest was made.
    pub newest: Option<Timestamp>,
    /// Its age in days.
    pub age_days: Option<i64>,
    /// Tools.
    pub tools: Vec<String>,
    /// Package types that these can show.
    pub can_show: Vec<String>,
    /// Uses stated.
    pub occurrences: u64,
    /// Gaps in the documents.
    pub gaps: u64,
}
