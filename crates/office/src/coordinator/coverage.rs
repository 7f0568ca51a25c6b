// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `coverage`: how much of the government is known, and for whom. Every answer that can be "no" carries the same counts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use underpin_assess::coverage::{Evidence, classify};
use underpin_lake::{Wanted, booleans, integers, texts};
use underpin_model::coverage::CoverageState;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::{Coverage, DocumentRecord, DocumentState, Timestamp};

use super::query::Fact;
use crate::error::Result;
use crate::house::{Desk, Overview, made};

/// Types told apart in one question; more than this many are counted as one kind beyond.
const TYPES_TOLD_APART: usize = 64;

/// The tool of surveys.
const SURVEY: &str = "survey";

/// Kinds of questions whose states are kept at most.
const KEPT_KINDS: usize = 8;

/// What a question needs and asks for: the kind of fact, package types, and the age from which evidence is stale, in days.
pub(crate) type KindOfQuestion = (Option<Fact>, Vec<String>, u64);

/// States that were worked out before.
#[derive(Debug, Default)]
pub(crate) struct StatesByKind(Mutex<Vec<(KindOfQuestion, Arc<[CoverageState]>)>>);

impl Desk {
    /// A question about these package types (any package when there are none), ready to be put to each system.
    pub fn coverage_question(&self, types: &[String], stale_days: u64) -> CoverageQuestion {
        let types = &types[..types.len().min(TYPES_TOLD_APART)];
        let wanted = if types.is_empty() { 0 } else { u64::MAX >> (TYPES_TOLD_APART - types.len()) };
        CoverageQuestion { wanted, can_show: CanShow::ByProfile(self.can_show(types)), stale_days }
    }

    /// A question that only these documents can answer.
    pub(crate) fn coverage_question_of(&self, documents: &HashSet<i64>, stale_days: u64) -> CoverageQuestion {
        CoverageQuestion { wanted: 1, can_show: CanShow::ByDocument(documents.clone()), stale_days }
    }

    /// Where a system stands towards a question.
    pub fn coverage_state(&self, system: u32, question: &CoverageQuestion) -> CoverageState {
        let current = self.bound(system).iter().filter(|bound| bound.superseded_by.is_none());
        let evidence = current.map(|bound| {
            let record = &self.snapshot.documents[bound.document];
            Evidence {
                made: made(record),
                // The types are those of what a document states beside the artefact itself.
                states_components: !record.types.is_empty(),
                can_show: self.shown(bound.document, question),
            }
        });
        classify(evidence, question.wanted, self.snapshot.at, question.stale_days)
    }

    /// How every system (by position) stands towards questions of a kind, worked out once: a nation has tens of thousands.
    pub(crate) fn states(
        &self,
        kind: KindOfQuestion,
        question: impl FnOnce() -> Result<CoverageQuestion>,
    ) -> Result<Arc<[CoverageState]>> {
        let lock = || self.states.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = lock().iter().find(|(known, _)| *known == kind) {
            return Ok(Arc::clone(known));
        }
        let question = question()?;
        let systems = 0..self.snapshot.systems.len() as u32;
        let states: Arc<[CoverageState]> = systems.map(|system| self.coverage_state(system, &question)).collect();
        let mut all = lock();
        if all.len() >= KEPT_KINDS {
            all.remove(0);
        }
        all.push((kind, Arc::clone(&states)));
        Ok(states)
    }

    /// What of a question a document (by position) can show, a bit each.
    fn shown(&self, document: usize, question: &CoverageQuestion) -> u64 {
        let record = &self.snapshot.documents[document];
        match &question.can_show {
            // A survey shows what somebody thought of: what it does not name may be there all the same.
            _ if record.tool == SURVEY => 0,
            CanShow::ByProfile(bits) => bits.get(self.profile(document)).copied().unwrap_or(0),
            CanShow::ByDocument(documents) => u64::from(documents.contains(&record.id.0)),
        }
    }

    /// Whether a document (by position) states components and can show some of what is asked for.
    pub(crate) fn can_answer(&self, document: usize, question: &CoverageQuestion) -> bool {
        let states_components = !self.snapshot.documents[document].types.is_empty();
        let shown = self.shown(document, question);
        states_components && (shown & question.wanted != 0 || question.wanted == 0)
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

    /// How each system (by position) stands towards a question about package types.
    ///
    /// # Errors
    /// As [`Self::states`].
    pub fn states_for(&self, types: &[String], stale_days: u64) -> Result<Arc<[CoverageState]>> {
        self.states((None, types.to_vec(), stale_days), || Ok(self.coverage_question(types, stale_days)))
    }

    /// The whole picture.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn coverage(&self, stale_days: u64) -> Result<CoverageAnswer> {
        let question = self.coverage_question(&[], stale_days);
        let complete = self.completeness()?;
        let systems: Vec<SystemCoverage> = self
            .active_systems()
            .map(|system| self.system_coverage(system, self.coverage_state(system, &question), &complete))
            .collect();
        let mut total = Coverage { declared: self.declared(None), ..Coverage::default() };
        systems.iter().for_each(|system| total.count(system.state));
        Ok(CoverageAnswer {
            overview: self.overview(),
            stale_days,
            coverage: total,
            agencies: self.agency_coverage(&systems),
            systems,
            unbound: self.unbound().count() as u64,
            quarantined: self.in_state(DocumentState::Quarantined).count() as u64,
            retracted: self.in_state(DocumentState::Retracted).count() as u64,
            purged: self.in_state(DocumentState::Purged).count() as u64,
        })
    }

    fn agency_coverage(&self, systems: &[SystemCoverage]) -> Vec<AgencyCoverage> {
        let mut agencies: Vec<AgencyCoverage> = self
            .snapshot
            .agencies
            .iter()
            .map(|agency| AgencyCoverage {
                agency: agency.id.clone(),
                name: agency.name.clone(),
                parent: agency.parent.clone(),
                coverage: Coverage { declared: agency.declared_systems.unwrap_or(0), ..Coverage::default() },
                ..AgencyCoverage::default()
            })
            .collect();
        agencies.sort_by(|a, b| a.agency.cmp(&b.agency));
        let place: HashMap<AgencyId, usize> =
            agencies.iter().enumerate().map(|(index, agency)| (agency.agency.clone(), index)).collect();
        for system in systems {
            if let Some(agency) = place.get(&system.agency).and_then(|index| agencies.get_mut(*index)) {
                agency.coverage.count(system.state);
                agency.evidence.add(&system.evidence);
            }
        }
        let waiting = self.unbound().map(|record| (record, true));
        for (record, is_unbound) in
            waiting.chain(self.in_state(DocumentState::Quarantined).map(|record| (record, false)))
        {
            let uploader = record.uploader.as_ref().and_then(|agency| place.get(agency));
            if let Some(agency) = uploader.and_then(|index| agencies.get_mut(*index)) {
                *if is_unbound { &mut agency.unbound } else { &mut agency.quarantined } += 1;
            }
        }
        for index in 0..agencies.len() {
            let own = agencies[index].coverage;
            let mut above = Some(index);
            // A tree has no cycles; the number of agencies bounds the way up all the same.
            for _ in 0..agencies.len() {
                let Some(at) = above else { break };
                agencies[at].with_below += own;
                above = agencies[at].parent.as_ref().and_then(|parent| place.get(parent)).copied();
            }
        }
        agencies
    }

    fn in_state(&self, state: DocumentState) -> impl Iterator<Item = &DocumentRecord> {
        self.snapshot.documents.iter().filter(move |record| record.state == state)
    }

    /// Documents whose graph is complete, and documents whose producer states that they are complete.
    fn completeness(&self) -> Result<Completeness> {
        let mut found = Completeness::default();
        let columns = ["document", "graph_complete"];
        for batch in self.session.rows("document", "document", "document", Wanted::All, &columns)? {
            let (documents, graphs) = (integers(&batch, 0)?, booleans(&batch, 1)?);
            found
                .graphs
                .extend(documents.values().iter().enumerate().filter(|(row, _)| graphs.value(*row)).map(|(_, id)| *id));
        }
        let columns = ["document", "kind", "name"];
        for batch in self.session.rows("document_fact", "document", "document", Wanted::All, &columns)? {
            let (documents, kinds, names) = (integers(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 2)?);
            let complete = |row: usize| kinds.value(row) == "composition" && names.value(row) == "complete";
            found
                .stated
                .extend(documents.values().iter().enumerate().filter(|(row, _)| complete(*row)).map(|(_, id)| *id));
        }
        Ok(found)
    }

    /// Accepted documents that are about no system yet.
    pub fn unbound(&self) -> impl Iterator<Item = &DocumentRecord> {
        self.unbound.iter().map(|document| &self.snapshot.documents[*document])
    }

    fn system_coverage(&self, position: u32, state: CoverageState, complete: &Completeness) -> SystemCoverage {
        let system = self.system(position);
        let mut evidence = EvidenceSummary::default();
        let (mut tools, mut types) = (BTreeSet::new(), BTreeSet::new());
        let mut document_ids = Vec::new();
        for record in self.current_documents(position) {
            evidence.documents += 1;
            evidence.occurrences += record.occurrences;
            evidence.gaps += record.gaps;
            evidence.newest = evidence.newest.max(Some(made(record)));
            evidence.complete_graphs += u64::from(complete.graphs.contains(&record.id.0));
            evidence.stated_complete += u64::from(complete.stated.contains(&record.id.0));
            types.extend(record.types.iter().cloned());
            types.extend(self.capabilities.of(&record.tool));
            if !record.tool.is_empty() {
                tools.insert(record.tool.clone());
            }
            document_ids.push(record.id.to_string());
        }
        evidence.age_days = evidence.newest.map(|newest| self.snapshot.at.days_since(newest).max(0));
        evidence.tools = tools.into_iter().collect();
        evidence.can_show = types.into_iter().collect();
        SystemCoverage {
            agency: system.agency.clone(),
            system: system.id.clone(),
            name: system.name.clone(),
            state,
            evidence,
            document_ids,
            purged_documents: self.purged_of(position),
        }
    }
}

#[derive(Debug, Default)]
struct Completeness {
    graphs: HashSet<i64>,
    stated: HashSet<i64>,
}

/// What coverage is asked for.
#[derive(Clone, Debug)]
pub struct CoverageQuestion {
    wanted: u64,
    can_show: CanShow,
    stale_days: u64,
}

/// Which documents can show what is wanted.
#[derive(Clone, Debug)]
enum CanShow {
    /// By tool and shown types: a bit for each wanted type.
    ByProfile(Vec<u64>),
    /// These and no others.
    ByDocument(HashSet<i64>),
}

/// The answer of `coverage`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct AgencyCoverage {
    /// Stable identifier.
    pub agency: AgencyId,
    /// Name.
    pub name: String,
    /// The agency above.
    pub parent: Option<AgencyId>,
    /// Counts of its own systems.
    pub coverage: Coverage,
    /// The same with everything below it in the tree.
    pub with_below: Coverage,
    /// The evidence about its own systems; the age is that of the system whose newest document is oldest.
    #[serde(flatten)]
    pub evidence: EvidenceSummary,
    /// Accepted documents that it handed in and that are about no system yet.
    pub unbound: u64,
    /// Documents that it handed in and that could not be read.
    pub quarantined: u64,
}

/// One system's part.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SystemCoverage {
    /// Stable identifier of its agency.
    pub agency: AgencyId,
    /// Stable identifier.
    pub system: SystemId,
    /// Name.
    pub name: String,
    /// Known, blind, stale or unknown (towards a question about any package).
    pub state: CoverageState,
    /// What its current documents say together.
    #[serde(flatten)]
    pub evidence: EvidenceSummary,
    /// These documents.
    pub document_ids: Vec<String>,
    /// Purged documents that nothing has replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purged_documents: Vec<String>,
}

/// What current documents say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct EvidenceSummary {
    /// Documents that count now.
    pub documents: u64,
    /// When the newest was made.
    pub newest: Option<Timestamp>,
    /// Its age in days.
    pub age_days: Option<i64>,
    /// Documents that tell direct from transitive dependencies throughout.
    pub complete_graphs: u64,
    /// Documents whose producer states that they list everything.
    pub stated_complete: u64,
    /// Tools.
    pub tools: Vec<String>,
    /// Package types that these can show.
    pub can_show: Vec<String>,
    /// Uses stated.
    pub occurrences: u64,
    /// Gaps in the documents.
    pub gaps: u64,
}

impl EvidenceSummary {
    /// Adds a system to its agency.
    fn add(&mut self, system: &Self) {
        self.documents += system.documents;
        self.newest = self.newest.max(system.newest);
        self.age_days = self.age_days.max(system.age_days);
        self.complete_graphs += system.complete_graphs;
        self.stated_complete += system.stated_complete;
        self.occurrences += system.occurrences;
        self.gaps += system.gaps;
        for (all, own) in [(&mut self.tools, &system.tools), (&mut self.can_show, &system.can_show)] {
            let mut joined: BTreeSet<String> = std::mem::take(all).into_iter().collect();
            joined.extend(own.iter().cloned());
            *all = joined.into_iter().collect();
        }
    }
}
