// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A desk: one immutable picture of the government and its evidence, for one viewer, as of one moment. All questions
//! are asked here, so two answers from one desk always agree.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use underpin_assess::capability::Capabilities;
use underpin_assess::projects::Names;
use underpin_assess::supersede::{Candidate, is_nameless, superseded};
use underpin_lake::{DocumentSet, Lake, SegmentRef, Session, SystemsOf};
use underpin_ledger::Snapshot;
use underpin_model::registry::{Agency, AgencyId, Deployment, System, SystemStatus};
use underpin_model::{DocumentRecord, DocumentState, Limits, Timestamp, Viewer};

use super::House;
use crate::coordinator::coverage::StatesByKind;
use crate::role_model::repository_view::Running;

/// Everything a question needs.
#[derive(Debug)]
pub struct Desk {
    /// Who asks.
    pub viewer: Viewer,
    /// The present, by which the viewer's rights are judged.
    pub(crate) now: Timestamp,
    /// The ledger's part.
    pub snapshot: Snapshot,
    /// The lake's part.
    pub session: Session,
    /// What tools can show.
    pub capabilities: Capabilities,
    /// For each document number: its position.
    by_document: Vec<Option<u32>>,
    /// Accepted documents that are about no system, by position.
    pub(crate) unbound: Vec<usize>,
    /// For each system (by position): position of its agency.
    agency_of: Vec<Option<u32>>,
    /// For each system (by position): its bound documents.
    bound: Vec<Vec<Bound>>,
    /// For each system (by position): its deployments, by position.
    deployments: Vec<Vec<usize>>,
    /// For each system (by position): purged documents that no newer one has replaced, by position.
    purged: HashMap<u32, Vec<usize>>,
    /// For each document number: positions of the active systems it counts for.
    current: SystemsOf,
    /// The same for systems that are planned or retired, which are few.
    current_elsewhere: HashMap<i64, Vec<u32>>,
    /// Documents that state facts of a kind, found when first asked for.
    pub(crate) stating: [OnceLock<HashSet<i64>>; 3],
    /// How systems stand towards questions of a kind.
    pub(crate) states: StatesByKind,
    /// What a document can show depends on its tool and the types it shows: few combinations, told apart once.
    profiles: Vec<Profile>,
    /// For each document (by position): its profile.
    profile_of: Vec<u32>,
    systems: HashMap<String, u32>,
    agencies: HashMap<AgencyId, u32>,
    pub(crate) lake: Arc<Lake>,
    pub(crate) limits: Limits,
    pub(crate) ledger: underpin_ledger::Ledger,
    /// Other names of projects, as the office wrote down: the same ones for everybody, so that a project is one whoever asks.
    pub(crate) names: Names,
    /// Which systems run which own repository, worked out when first asked for.
    pub(crate) running: OnceLock<Running>,
    /// What the compass is read from, counted when first asked for.
    pub(crate) compass: tokio::sync::OnceCell<crate::compass::Known>,
}

/// Tool and shown types.
type Profile = (String, Vec<String>);

/// A document of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Position of the document in the snapshot.
    pub document: usize,
    /// Deployment, where named.
    pub deployment: Option<String>,
    /// The newer document that replaced it.
    pub superseded_by: Option<i64>,
}

/// What an answer is about, in every answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Overview {
    /// Revision of the ledger: the number of the snapshot.
    pub snapshot: i64,
    /// The moment it is about.
    pub as_of: Timestamp,
}

impl Desk {
    /// Works out what was asked for at an older desk, so that the first question at this one need not wait for it.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn warm_after(&self, older: &Self) -> crate::error::Result<()> {
        Ok(self.session.warm_after(&older.session)?)
    }

    pub(super) fn new(house: &House, viewer: Viewer, now: Timestamp, snapshot: Snapshot) -> Self {
        let accepted = |record: &&DocumentRecord| record.state == DocumentState::Accepted;
        let visible: DocumentSet = snapshot.documents.iter().filter(accepted).map(|record| record.id.0).collect();
        let segments = snapshot.segments.iter().map(|segment| SegmentRef {
            table: segment.table.clone(),
            order: segment.order.clone(),
            path: segment.path.clone(),
            rows: segment.rows,
            bytes: segment.bytes,
        });
        let session = house.lake.session(segments.collect(), Arc::new(visible));
        let mut desk = Self {
            by_document: by_number(&snapshot.documents),
            unbound: Vec::new(),
            agency_of: Vec::new(),
            systems: snapshot
                .systems
                .iter()
                .enumerate()
                .map(|(index, system)| (system.id.0.clone(), index as u32))
                .collect(),
            agencies: snapshot
                .agencies
                .iter()
                .enumerate()
                .map(|(index, agency)| (agency.id.clone(), index as u32))
                .collect(),
            bound: vec![Vec::new(); snapshot.systems.len()],
            deployments: vec![Vec::new(); snapshot.systems.len()],
            purged: HashMap::new(),
            current: SystemsOf::default(),
            current_elsewhere: HashMap::new(),
            stating: Default::default(),
            states: StatesByKind::default(),
            profiles: Vec::new(),
            profile_of: Vec::new(),
            capabilities: Capabilities::default(),
            viewer,
            now,
            snapshot,
            session,
            lake: Arc::clone(&house.lake),
            limits: house.limits().clone(),
            ledger: house.ledger.clone(),
            names: Names::default(),
            running: OnceLock::new(),
            compass: tokio::sync::OnceCell::new(),
        };
        desk.agency_of =
            desk.snapshot.systems.iter().map(|system| desk.agencies.get(&system.agency).copied()).collect();
        for (index, deployment) in desk.snapshot.deployments.iter().enumerate() {
            if let Some(system) = desk.systems.get(&deployment.system.0) {
                desk.deployments[*system as usize].push(index);
            }
        }
        desk.learn();
        desk.bind();
        desk
    }

    /// What tools ever showed, as far as this viewer may see.
    fn learn(&mut self) {
        for record in self.snapshot.documents.iter().filter(|record| record.state == DocumentState::Accepted) {
            self.capabilities.learn(&record.tool, record.types.iter().map(String::as_str));
        }
        let mut known: HashMap<Profile, u32> = HashMap::new();
        for record in &self.snapshot.documents {
            let profile = (record.tool.clone(), record.types.clone());
            let next = known.len() as u32;
            self.profile_of.push(*known.entry(profile).or_insert(next));
        }
        let mut profiles: Vec<(Profile, u32)> = known.into_iter().collect();
        profiles.sort_by_key(|(_, position)| *position);
        self.profiles = profiles.into_iter().map(|(profile, _)| profile).collect();
    }

    /// For each profile: which of the types (at most 64, one bit each) its documents can show.
    pub(crate) fn can_show(&self, types: &[String]) -> Vec<u64> {
        let bit = |(index, kind): (usize, &String), tool: &str, shown: &[String]| {
            u64::from(self.capabilities.can_show(tool, shown, kind)) << index
        };
        self.profiles
            .iter()
            .map(|(tool, shown)| {
                types.iter().take(64).enumerate().fold(0, |bits, wanted| bits | bit(wanted, tool, shown))
            })
            .collect()
    }

    /// For each profile: whether its documents show one of the types.
    pub(crate) fn showing(&self, types: &[String]) -> Vec<bool> {
        let shows = |shown: &String| types.iter().any(|kind| underpin_assess::capability::same_kind(shown, kind));
        self.profiles.iter().map(|(_, types)| types.iter().any(shows)).collect()
    }

    /// All package types that any document shows, without `generic`, which is none.
    pub(crate) fn shown_types(&self) -> Vec<String> {
        let all = self.profiles.iter().flat_map(|(_, types)| types).filter(|kind| *kind != "generic");
        let mut types: Vec<String> = all.cloned().collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The profile of a document (by position).
    pub(crate) fn profile(&self, document: usize) -> usize {
        self.profile_of.get(document).map_or(0, |profile| *profile as usize)
    }

    /// Decides which documents count for which systems. A purged document keeps replacing what it had replaced, so that a
    /// purge never brings back an older picture; a retracted one was wrong and does not.
    fn bind(&mut self) {
        let running: HashSet<(&str, &str)> =
            self.snapshot.deployments.iter().map(|known| (known.system.0.as_str(), known.id.0.as_str())).collect();
        let any_purged = self.snapshot.documents.iter().any(|record| record.state == DocumentState::Purged);
        let mut is_bound = vec![false; self.snapshot.documents.len()];
        let mut places = Vec::new();
        let mut candidates = Vec::new();
        for binding in &self.snapshot.bindings {
            let Some(document) = self.document_position(binding.document.0) else { continue };
            is_bound[document] = true;
            let Some(&system) = self.systems.get(&binding.system.0) else { continue };
            let record = &self.snapshot.documents[document];
            let deployment = binding.deployment.as_ref().map(|deployment| deployment.0.as_str());
            // What runs nowhere any more is no use of anything.
            let runs = deployment.is_none_or(|id| running.contains(&(binding.system.0.as_str(), id)));
            if !runs || !matches!(record.state, DocumentState::Accepted | DocumentState::Purged) {
                continue;
            }
            // A tombstone keeps tool and subject as one word, so all that have both are compared by theirs.
            let word = match record.state {
                DocumentState::Purged => Some(record.subject.clone()),
                _ if any_purged && !is_nameless(&record.subject) => {
                    Some(self.snapshot.tombstones.name(&record.tool, &record.subject))
                }
                _ => None,
            };
            let (tool, subject) = match word.filter(|word| !word.is_empty()) {
                Some(word) => ("any", Cow::Owned(word)),
                None => (record.tool.as_str(), Cow::Borrowed(record.subject.as_str())),
            };
            places.push((document, system, deployment.map(str::to_owned)));
            candidates.push((record, &binding.system.0, deployment.unwrap_or(""), tool, subject));
        }
        let candidates: Vec<Candidate<'_>> = candidates
            .iter()
            .map(|(record, system, deployment, tool, subject)| Candidate {
                document: record.id.0,
                system,
                deployment,
                tool,
                subject,
                made: made(record),
                learned: record.learned,
                evidence: record.evidence,
                companions: record.companions.len(),
            })
            .collect();
        let newer = superseded(&candidates);
        drop(candidates);
        let accepted = |document: &usize| self.snapshot.documents[*document].state == DocumentState::Accepted;
        self.unbound = (0..is_bound.len()).filter(|document| !is_bound[*document]).filter(accepted).collect();
        self.count(places, newer);
    }

    fn count(&mut self, places: Vec<(usize, u32, Option<String>)>, newer: Vec<Option<i64>>) {
        let highest = self.snapshot.documents.iter().map(|record| record.id.0).max().unwrap_or(0);
        let mut current = vec![Vec::new(); usize::try_from(highest).unwrap_or(0) + 1];
        for ((document, system, deployment), superseded_by) in places.into_iter().zip(newer) {
            let record = &self.snapshot.documents[document];
            if record.state == DocumentState::Purged {
                let purged = self.purged.entry(system).or_default();
                if superseded_by.is_none() && !purged.contains(&document) {
                    purged.push(document);
                }
                continue;
            }
            if superseded_by.is_none() {
                let is_active = self.snapshot.systems[system as usize].status == SystemStatus::Active;
                let systems = match usize::try_from(record.id.0).ok().and_then(|number| current.get_mut(number)) {
                    Some(systems) if is_active => systems,
                    _ => self.current_elsewhere.entry(record.id.0).or_default(),
                };
                if !systems.contains(&system) {
                    systems.push(system);
                }
            }
            self.bound[system as usize].push(Bound { document, deployment, superseded_by });
        }
        self.current = SystemsOf::new(&current);
    }

    /// Snapshot and time of every answer.
    pub fn overview(&self) -> Overview {
        Overview { snapshot: self.snapshot.revision, as_of: self.snapshot.at }
    }

    fn document_position(&self, number: i64) -> Option<usize> {
        let position = *self.by_document.get(usize::try_from(number).ok()?)?;
        position.map(|position| position as usize)
    }

    /// Position of the agency of a system, in the order of identifiers.
    pub(crate) fn agency_of(&self, system: u32) -> Option<u32> {
        self.agency_of.get(system as usize).copied().flatten()
    }

    /// A document by number.
    pub fn document(&self, number: i64) -> Option<&DocumentRecord> {
        self.document_position(number).map(|position| &self.snapshot.documents[position])
    }

    /// Positions of the active systems that a document counts for now.
    pub fn systems_of(&self, document: i64) -> &[u32] {
        self.current.of(document)
    }

    /// Positions of the planned or retired systems that a document counts for now.
    pub fn inactive_systems_of(&self, document: i64) -> &[u32] {
        self.current_elsewhere.get(&document).map_or(&[], Vec::as_slice)
    }

    /// Purged documents of a system that no newer one has replaced: what they said is not in any answer.
    pub fn purged_of(&self, system: u32) -> Vec<String> {
        let purged = self.purged.get(&system).into_iter().flatten();
        purged.map(|document| self.snapshot.documents[*document].id.to_string()).collect()
    }

    /// The same of all active systems, each document once.
    pub fn purged_everywhere(&self) -> Vec<String> {
        let active = |system: u32| self.system(system).status == SystemStatus::Active;
        let purged = self.purged.iter().filter(|(system, _)| active(**system)).flat_map(|(_, documents)| documents);
        let mut numbers: Vec<_> = purged.map(|document| self.snapshot.documents[*document].id).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().map(ToString::to_string).collect()
    }

    /// For all documents, by number: positions of the active systems they count for now.
    pub fn current(&self) -> &SystemsOf {
        &self.current
    }

    /// Documents of a system (by position), superseded ones too.
    pub fn bound(&self, system: u32) -> &[Bound] {
        self.bound.get(system as usize).map_or(&[], Vec::as_slice)
    }

    /// Records of all documents about a system, replaced ones too.
    pub fn bound_documents(&self, system: u32) -> impl Iterator<Item = &DocumentRecord> {
        self.bound(system).iter().map(|bound| &self.snapshot.documents[bound.document])
    }

    /// True when a system has a deployment of that identifier or name.
    pub fn has_deployment(&self, system: &underpin_model::registry::SystemId, text: &str) -> bool {
        crate::coordinator::names::deployment_in(&self.snapshot, system, text).is_ok()
    }

    /// Records of the documents that count for a system now, each once, whatever number of its deployments they are about.
    pub fn current_documents(&self, system: u32) -> impl Iterator<Item = &DocumentRecord> {
        let mut seen = HashSet::new();
        self.bound(system)
            .iter()
            .filter(move |bound| bound.superseded_by.is_none() && seen.insert(bound.document))
            .map(|bound| &self.snapshot.documents[bound.document])
    }

    /// The system at a position.
    pub fn system(&self, position: u32) -> &System {
        &self.snapshot.systems[position as usize]
    }

    /// Position of a system.
    pub fn system_position(&self, id: &str) -> Option<u32> {
        self.systems.get(id).copied()
    }

    /// The agency with this identifier.
    pub fn agency(&self, id: &AgencyId) -> Option<&Agency> {
        self.agencies.get(id).map(|&index| &self.snapshot.agencies[index as usize])
    }

    /// What an agency is called; its identifier where it is not in sight.
    pub fn agency_name<'d>(&'d self, id: &'d AgencyId) -> &'d str {
        self.agency(id).map_or(&id.0, |agency| &agency.name)
    }

    /// For each system (by position) the position of its agency; one more than the last where it is not in sight.
    pub(crate) fn agency_positions(&self) -> Vec<u32> {
        let none = self.snapshot.agencies.len() as u32;
        self.agency_of.iter().map(|agency| agency.unwrap_or(none)).collect()
    }

    /// Positions of the active systems.
    pub fn active_systems(&self) -> impl Iterator<Item = u32> {
        self.snapshot
            .systems
            .iter()
            .enumerate()
            .filter(|(_, system)| system.status == SystemStatus::Active)
            .map(|(position, _)| position as u32)
    }

    /// Deployments of a system.
    pub fn deployments(&self, system: &System) -> impl Iterator<Item = &Deployment> {
        self.system_position(&system.id.0).into_iter().flat_map(|position| self.deployments_at(position))
    }

    /// The same by position.
    pub fn deployments_at(&self, system: u32) -> impl Iterator<Item = &Deployment> {
        let own = self.deployments.get(system as usize).into_iter().flatten();
        own.map(|index| &self.snapshot.deployments[*index])
    }

    /// An agency with everything below it in the tree.
    pub fn with_descendants(&self, top: &AgencyId) -> Vec<AgencyId> {
        let mut found = vec![top.clone()];
        let mut next = 0;
        while next < found.len() {
            let parent = found[next].clone();
            next += 1;
            for agency in &self.snapshot.agencies {
                if agency.parent.as_ref() == Some(&parent) && !found.contains(&agency.id) {
                    found.push(agency.id.clone());
                }
            }
        }
        found
    }
}

fn by_number(documents: &[DocumentRecord]) -> Vec<Option<u32>> {
    let mut positions = Vec::new();
    for (position, record) in documents.iter().enumerate() {
        let Ok(number) = usize::try_from(record.id.0) else { continue };
        if number >= positions.len() {
            positions.resize(number + 1, None);
        }
        positions[number] = u32::try_from(position).ok();
    }
    positions
}

/// When a document was made, as far as known; else when it was learned. Nothing was made after it was learned: a clock
/// that ran ahead must not keep an old document on top for ever.
pub fn made(record: &DocumentRecord) -> Timestamp {
    record.created.map_or(record.learned, |created| created.min(record.learned))
}
