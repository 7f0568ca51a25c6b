// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Authorisation against a naive oracle: random governments that change over time, random viewers, any moment.
//!
//! The oracle knows the last word on every agency and system from what it said itself, takes the content of a moment
//! from the operator's snapshot, and filters it by the rules as they are written in the manual, one row at a time.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use underpin_ledger::{LedgerError, RegistryChange, Snapshot};
use underpin_model::people::{Act as Deed, Grant, Reach, Role};
use underpin_model::registry::{Agency, AgencyId, Classification, System, SystemId};
use underpin_model::{DocumentId, DocumentRecord, Timestamp, Viewer};

use crate::access::{analyst, of};
use crate::drawn;
use crate::fixture::{NOW, Store, agency, batch, binding, document, system};

pub const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
pub const COMPARTMENTS: [&str; 2] = ["mint", "radar"];

#[derive(Clone, Debug)]
pub enum Act {
    PutAgency {
        id: usize,
        parent: Option<usize>,
        predecessor: Option<usize>,
    },
    EndAgency(usize),
    /// All that belongs to one agency goes to the first of others, which name it as their predecessor; it ends.
    Dissolve {
        id: usize,
        into: Vec<usize>,
    },
    PutSystem {
        id: usize,
        agency: usize,
        secrecy: usize,
        needs: Option<usize>,
        compartment: Option<usize>,
    },
    EndSystem(usize),
    Document {
        uploader: Option<usize>,
        systems: Vec<usize>,
    },
    Bind {
        document: usize,
        system: usize,
    },
    Unbind {
        document: usize,
        system: usize,
    },
}

pub fn act() -> impl Strategy<Value = Act> {
    let name = 0..NAMES.len();
    let maybe = || prop::option::of(0..NAMES.len());
    prop_oneof![
        3 => (name.clone(), maybe(), prop::option::weighted(0.2, 0..NAMES.len()))
            .prop_map(|(id, parent, predecessor)| Act::PutAgency { id, parent, predecessor }),
        1 => name.clone().prop_map(Act::EndAgency),
        3 => (name.clone(), prop::collection::vec(name.clone(), 0..3)).prop_map(|(id, into)| Act::Dissolve { id, into }),
        4 => (name.clone(), name.clone(), 0_usize..5, maybe(), prop::option::weighted(0.3, 0..COMPARTMENTS.len()))
            .prop_map(|(id, agency, secrecy, needs, compartment)| {
                Act::PutSystem { id, agency, secrecy, needs, compartment }
            }),
        1 => name.clone().prop_map(Act::EndSystem),
        6 => (maybe(), prop::collection::vec(name.clone(), 0..3))
            .prop_map(|(uploader, systems)| Act::Document { uploader, systems }),
        4 => (1_usize..9, name.clone()).prop_map(|(document, system)| Act::Bind { document, system }),
        4 => (1_usize..9, name).prop_map(|(document, system)| Act::Unbind { document, system }),
    ]
}

/// A government to begin with, so that most of what follows is possible: a chain or star of agencies, a system each.
pub fn beginning() -> impl Strategy<Value = Vec<Act>> {
    let secrecy = prop::collection::vec(0_usize..5, NAMES.len());
    (any::<bool>(), secrecy).prop_map(|(chain, secrecy)| {
        let parent = |id: usize| id.checked_sub(1).map(|before| if chain { before } else { 0 });
        let agencies = (0..NAMES.len()).map(|id| Act::PutAgency { id, parent: parent(id), predecessor: None });
        let systems = secrecy.into_iter().enumerate();
        let systems =
            systems.map(|(id, secrecy)| Act::PutSystem { id, agency: id, secrecy, needs: None, compartment: None });
        agencies.chain(systems).collect()
    })
}

pub fn viewer() -> impl Strategy<Value = Viewer> {
    let clearance = (0_usize..5).prop_map(|place| Classification::ALL[place]);
    prop_oneof![
        1 => Just(Viewer::Stranger),
        1 => Just(Viewer::Operator),
        3 => clearance.clone().prop_map(analyst),
        5 => (prop::collection::vec(prop::sample::select(NAMES.to_vec()), 0..3), clearance.clone())
            .prop_map(|(agencies, clearance)| of(&agencies, clearance)),
        9 => (prop::collection::vec(grant(), 0..4), clearance, prop::sample::subsequence(COMPARTMENTS.to_vec(), 0..=2))
            .prop_map(|(grants, clearance, compartments)| Viewer::Member {
                grants,
                clearance,
                compartments: compartments.into_iter().map(str::to_owned).collect(),
            }),
    ]
}

fn grant() -> impl Strategy<Value = Grant> {
    let reach = prop_oneof![
        1 => Just(Reach::Government),
        4 => prop::sample::select(NAMES.to_vec()).prop_map(|id| Reach::Agency(id.into())),
        3 => prop::sample::select(NAMES.to_vec()).prop_map(|id| Reach::System(id.into())),
    ];
    (prop::sample::select(Role::ALL.to_vec()), reach).prop_map(|(role, reach)| Grant { role, reach })
}

/// The last word on everything.
#[derive(Default)]
pub struct Oracle {
    pub agencies: BTreeMap<AgencyId, (Agency, bool)>,
    pub systems: BTreeMap<SystemId, (System, bool)>,
    /// What each document was ever bound to.
    bound: BTreeMap<i64, BTreeSet<SystemId>>,
}

impl Oracle {
    /// What an agency counts as a part of.
    pub fn above(&self, id: &AgencyId) -> Option<AgencyId> {
        let (agency, ended) = &self.agencies[id];
        let heirs: Vec<_> =
            self.agencies.iter().filter(|(_, (heir, _))| *ended && heir.predecessors.contains(id)).collect();
        match heirs.as_slice() {
            [] => agency.parent.clone(),
            [(heir, _)] => Some((*heir).clone()),
            _ => None,
        }
    }

    /// One living agency gives what is below it.
    fn is_within(&self, id: &AgencyId, agency: &AgencyId) -> bool {
        let mut at = Some(id.clone());
        for _ in 0..20 {
            let Some(id) = at.filter(|id| self.agencies.contains_key(id)) else { return false };
            if *agency == id {
                return !self.agencies[&id].1;
            }
            at = self.above(&id);
        }
        false
    }

    /// Whether one grant reaches so far.
    fn reaches_agency(&self, reach: &Reach, id: &AgencyId) -> bool {
        match reach {
            Reach::Government => true,
            Reach::Agency(agency) => self.is_within(id, agency),
            Reach::System(_) => false,
        }
    }

    fn reaches_system(&self, reach: &Reach, id: &SystemId) -> bool {
        match reach {
            Reach::System(system) => system == id,
            _ => self.systems.get(id).is_some_and(|(system, _)| self.reaches_agency(reach, &system.agency)),
        }
    }

    /// Whether the viewer has a role that may do this to what `reaches` says.
    fn has(&self, viewer: &Viewer, act: Deed, reaches: impl Fn(&Reach) -> bool) -> bool {
        match viewer {
            Viewer::Stranger => false,
            Viewer::Operator => true,
            // Of the acts that are asked about here, an owner and an analyst may do all.
            Viewer::Analyst { .. } => reaches(&Reach::Government),
            Viewer::Agency { agencies, .. } => agencies.iter().any(|id| reaches(&Reach::Agency(id.clone()))),
            Viewer::Member { grants, .. } => grants.iter().any(|grant| grant.role.may(act) && reaches(&grant.reach)),
        }
    }

    pub fn may_at_agency(&self, viewer: &Viewer, act: Deed, id: &AgencyId) -> bool {
        self.has(viewer, act, |reach| self.reaches_agency(reach, id))
    }

    pub fn may_at_system(&self, viewer: &Viewer, act: Deed, id: &SystemId) -> bool {
        self.opens(viewer, id) && self.has(viewer, act, |reach| self.reaches_system(reach, id))
    }

    pub fn sees_agency(&self, viewer: &Viewer, id: &AgencyId) -> bool {
        self.may_at_agency(viewer, Deed::Read, id)
    }

    /// Single systems of the viewer that it sees.
    pub fn singles<'v>(&self, viewer: &'v Viewer) -> Vec<&'v SystemId> {
        let Viewer::Member { grants, .. } = viewer else { return Vec::new() };
        let reading = grants.iter().filter(|grant| grant.role.may(Deed::Read));
        let systems = reading.filter_map(|grant| if let Reach::System(id) = &grant.reach { Some(id) } else { None });
        systems.filter(|id| self.systems.contains_key(*id) && self.opens(viewer, id)).collect()
    }

    fn names_agency(&self, viewer: &Viewer, id: &AgencyId) -> bool {
        self.sees_agency(viewer, id) || self.singles(viewer).iter().any(|system| self.systems[system].0.agency == *id)
    }

    /// Whether clearance and compartments let the viewer see the system, if a role does.
    fn opens(&self, viewer: &Viewer, id: &SystemId) -> bool {
        self.systems.get(id).is_some_and(|(system, _)| is_let_in(viewer, system))
    }

    pub fn sees_system(&self, viewer: &Viewer, id: &SystemId) -> bool {
        *viewer == Viewer::Operator || self.may_at_system(viewer, Deed::Read, id)
    }

    fn sees_document(&self, viewer: &Viewer, document: &DocumentRecord, snapshot: &Snapshot, now: &Snapshot) -> bool {
        let bound = |snapshot: &Snapshot| -> Vec<SystemId> {
            let own = snapshot.bindings.iter().filter(|binding| binding.document == document.id);
            own.map(|binding| binding.system.clone()).collect()
        };
        if !bound(snapshot).is_empty() {
            return bound(snapshot).iter().any(|system| self.sees_system(viewer, system));
        }
        // What is unbound now is as secret as what it was bound to before.
        let ever = self.bound.get(&document.id.0).filter(|_| bound(now).is_empty()).into_iter().flatten();
        let opened = ever.into_iter().all(|id| is_let_in(viewer, &self.systems[id].0));
        let reads = match &document.uploader {
            Some(agency) => self.sees_agency(viewer, agency),
            None => self.has(viewer, Deed::Read, |reach| *reach == Reach::Government),
        };
        reads && opened && viewer.clearance() >= Classification::Internal
    }

    fn expected(&self, viewer: &Viewer, then: &Snapshot, now: &Snapshot) -> Snapshot {
        if *viewer == Viewer::Stranger {
            return Snapshot { at: then.at, ..Snapshot::default() };
        }
        let mut expected = then.clone();
        expected.sees_everything = *viewer == Viewer::Operator;
        expected.agencies.retain(|agency| self.names_agency(viewer, &agency.id));
        expected.systems.retain(|system| self.sees_system(viewer, &system.id) && is_let_in(viewer, system));
        for system in &mut expected.systems {
            system.depends_on.retain(|id| self.sees_system(viewer, id));
        }
        expected
            .documents
            .retain(|one| self.sees_document(viewer, one, then, now) && self.sees_document(viewer, one, now, now));
        let documents: Vec<DocumentId> = expected.documents.iter().map(|document| document.id).collect();
        expected
            .bindings
            .retain(|binding| documents.contains(&binding.document) && self.sees_system(viewer, &binding.system));
        expected
    }
}

/// Whether clearance and compartments are enough for the system as it is or was.
fn is_let_in(viewer: &Viewer, system: &System) -> bool {
    let has = |name: &String| viewer.compartments().contains(name);
    *viewer == Viewer::Operator || (system.classification <= viewer.clearance() && system.compartments.iter().all(has))
}

/// Does it, and remembers it if the ledger took it.
pub async fn perform(store: &Store, oracle: &mut Oracle, act: &Act, at: i64) -> Result<(), LedgerError> {
    let (writer, moment) = (store.writer(), Timestamp(at));
    match act {
        Act::PutAgency { id, parent, predecessor } => {
            let predecessors = predecessor.iter().map(|id| NAMES[*id].into()).collect();
            let agency = Agency { predecessors, ..agency(NAMES[*id], parent.map(|id| NAMES[id])) };
            writer.apply_registry(moment, vec![RegistryChange::PutAgency(agency.clone())]).await?;
            oracle.agencies.insert(agency.id.clone(), (agency, false));
        }
        Act::EndAgency(id) => {
            let id = AgencyId::from(NAMES[*id]);
            writer.apply_registry(moment, vec![RegistryChange::EndAgency(id.clone())]).await?;
            oracle.agencies.entry(id).and_modify(|(_, ended)| *ended = true);
        }
        Act::PutSystem { id, agency, secrecy, needs, compartment } => {
            let depends_on = needs.iter().map(|id| NAMES[*id].into()).collect();
            let compartments = compartment.iter().map(|name| COMPARTMENTS[*name].to_owned()).collect();
            let system = System {
                depends_on,
                compartments,
                ..system(NAMES[*id], NAMES[*agency], Classification::ALL[*secrecy])
            };
            writer.apply_registry(moment, vec![RegistryChange::PutSystem(system.clone())]).await?;
            oracle.systems.insert(system.id.clone(), (system, false));
        }
        Act::EndSystem(id) => {
            let id = SystemId::from(NAMES[*id]);
            writer.apply_registry(moment, vec![RegistryChange::EndSystem(id.clone())]).await?;
            oracle.systems.entry(id).and_modify(|(_, ended)| *ended = true);
        }
        Act::Dissolve { id, into } => dissolve(store, oracle, NAMES[*id].into(), into, moment).await?,
        Act::Document { uploader, systems } => {
            let id = store.reserve(1).await;
            let uploader = uploader.map(|id| NAMES[id].into());
            let document = DocumentRecord { uploader, ..document(id, id.unsigned_abs(), at) };
            let bindings = systems.iter().map(|system| binding(id, NAMES[*system], at)).collect();
            writer.commit_batch(moment, batch(vec![document], bindings)).await?;
            oracle.bound.entry(id).or_default().extend(systems.iter().map(|system| NAMES[*system].into()));
        }
        Act::Bind { document, system } => {
            writer.bind(moment, binding(*document as i64, NAMES[*system], at)).await?;
            oracle.bound.entry(*document as i64).or_default().insert(NAMES[*system].into());
        }
        Act::Unbind { document, system } => {
            writer.unbind(moment, DocumentId(*document as i64), &NAMES[*system].into(), None).await?;
        }
    }
    Ok(())
}

async fn dissolve(
    store: &Store,
    oracle: &mut Oracle,
    id: AgencyId,
    into: &[usize],
    moment: Timestamp,
) -> Result<(), LedgerError> {
    let Some(first) = into.first().map(|first| AgencyId::from(NAMES[*first])) else { return Ok(()) };
    let living = oracle.agencies.values().filter(|(_, ended)| !ended).map(|(agency, _)| agency.clone());
    let mut agencies: Vec<Agency> = living.filter(|agency| agency.id != id).collect();
    for agency in &mut agencies {
        let heir = into.iter().any(|heir| NAMES[*heir] == agency.id.0);
        if heir && !agency.predecessors.contains(&id) {
            agency.predecessors.push(id.clone());
        }
        if agency.parent.as_ref() == Some(&id) {
            agency.parent = Some(first.clone()).filter(|first| *first != agency.id);
        }
    }
    let systems = oracle.systems.values().filter(|(system, ended)| !ended && system.agency == id);
    let systems: Vec<System> = systems.map(|(system, _)| System { agency: first.clone(), ..system.clone() }).collect();
    let mut changes: Vec<_> = agencies.iter().cloned().map(RegistryChange::PutAgency).collect();
    changes.extend(systems.iter().cloned().map(RegistryChange::PutSystem));
    changes.push(RegistryChange::EndAgency(id.clone()));
    store.writer().apply_registry(moment, changes).await?;
    oracle.agencies.entry(id).and_modify(|(_, ended)| *ended = true);
    oracle.agencies.extend(agencies.into_iter().map(|agency| (agency.id.clone(), (agency, false))));
    oracle.systems.extend(systems.into_iter().map(|system| (system.id.clone(), (system, false))));
    Ok(())
}

async fn agrees(store: &Store, acts: &[Act], viewers: &[Viewer], moments: &[i64]) -> Result<(), TestCaseError> {
    let mut oracle = Oracle::default();
    for (act, at) in acts.iter().zip((10..).step_by(10)) {
        // Refused acts change nothing, neither here nor there.
        if let Err(error) = perform(store, &mut oracle, act, at).await {
            prop_assert!(error.code().starts_with("unknown") || error.code().starts_with("agency"), "{error}");
        }
    }
    let now = store.reader().snapshot(Timestamp(1_000)).await.expect("a snapshot");
    for moment in moments {
        let then = store.reader().snapshot(Timestamp(*moment)).await.expect("a snapshot");
        for viewer in viewers {
            let seen = store.ledger.reader(viewer.clone(), NOW).snapshot(Timestamp(*moment)).await.expect("a snapshot");
            prop_assert_eq!(&seen, &oracle.expected(viewer, &then, &now), "{:?} as of {}", viewer, moment);
            for (id, original) in now.documents.iter().map(|document| (document, document.evidence)) {
                let located =
                    store.ledger.reader(viewer.clone(), NOW).evidence_location(original).await.expect("an answer");
                prop_assert_eq!(located.is_some(), oracle.sees_document(viewer, id, &now, &now));
            }
        }
    }
    Ok(())
}

fn run(cases: u32, store: impl AsyncFn() -> Option<Store>) {
    let acts = (beginning(), prop::collection::vec(act(), 5..45)).prop_map(|(first, then)| [first, then].concat());
    let viewers = prop::collection::vec(viewer(), 4..9);
    let moments = prop::collection::vec(90_i64..560, 2..5);
    drawn::check(cases, &(acts, viewers, moments), store, async |store, (acts, viewers, moments)| {
        agrees(store, &acts, &viewers, &moments).await
    });
}

#[test]
fn nobody_sees_more_or_less_than_the_rules_say() {
    run(64, async || Some(Store::sqlite().await));
}

#[test]
fn nobody_sees_more_or_less_on_postgres() {
    if std::env::var_os("UNDERPIN_TEST_POSTGRES").is_none() {
        return underpin_testkit::skip("PostgreSQL");
    }
    run(12, Store::postgres);
}
