// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who sees and makes decisions, and who reads the office's advisories, against the naive oracle of `oracle.rs`: random
//! governments that merge, split and are classified anew, random viewers. Here the rules are followed one step of the tree
//! at a time.

use std::collections::BTreeSet;

use proptest::prelude::*;
use underpin_ledger::NewDecision;
use underpin_model::people::{Act as Deed, Grant, Reach};
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::decisions::{at_agency, at_artefact, at_system, new};
use crate::drawn;
use crate::fixture::{NOW, Store};
use crate::oracle::{Act, NAMES, Oracle, act, beginning, perform, viewer};
use crate::own_advisories;

/// How an advisory is marked: TLP, audience, classification, by place.
type Mark = (usize, Vec<usize>, usize);

impl Oracle {
    /// The agency, and what it is a part of since it has ended.
    fn itself_and_heirs(&self, id: &AgencyId) -> Vec<AgencyId> {
        let mut all = vec![id.clone()];
        while let Some(last) = all.last().filter(|last| self.agencies.get(*last).is_some_and(|(_, ended)| *ended)) {
            match self.above(last).filter(|next| all.len() < 20 && self.agencies.contains_key(next)) {
                Some(next) => all.push(next),
                None => break,
            }
        }
        all
    }

    fn living_of(&self, viewer: &Viewer) -> Vec<AgencyId> {
        let grants = viewer.grants();
        let reading = grants.iter().filter(|grant| grant.role.may(Deed::Read));
        let agencies = reading.filter_map(|grant| if let Reach::Agency(id) = &grant.reach { Some(id) } else { None });
        agencies.filter(|id| self.agencies.get(*id).is_some_and(|(_, ended)| !ended)).cloned().collect()
    }

    fn belongs_to(&self, viewer: &Viewer, id: &AgencyId) -> bool {
        let living = self.living_of(viewer);
        self.itself_and_heirs(id).iter().any(|id| living.contains(id))
    }

    /// Whether the viewer's own agency or single system hangs below this one.
    fn is_below(&self, viewer: &Viewer, id: &AgencyId) -> bool {
        let singles = self.singles(viewer).into_iter().map(|system| self.systems[system].0.agency.clone());
        let mut parents: BTreeSet<AgencyId> = singles.collect();
        for own in self.living_of(viewer).into_iter().chain(parents.clone()) {
            let mut at = own;
            while let Some(parent) = self.agencies.get(&at).and_then(|(agency, _)| agency.parent.clone()) {
                if !parents.insert(parent.clone()) {
                    break;
                }
                at = parent;
            }
        }
        self.itself_and_heirs(id).iter().any(|id| parents.contains(id))
    }

    fn sees_place(&self, viewer: &Viewer, place: &Place) -> bool {
        match place {
            Place::Government => *viewer != Viewer::Stranger,
            Place::Agency(agency) => self.sees_agency(viewer, agency) || self.is_below(viewer, agency),
            Place::System(system) | Place::Artefact { system, .. } => self.sees_system(viewer, system),
        }
    }

    fn decides(&self, viewer: &Viewer, new: &NewDecision) -> bool {
        let place = match &new.place {
            Place::Government => self.decides_for_all(viewer),
            Place::Agency(agency) => self.may_at_agency(viewer, Deed::Decide, agency),
            Place::System(system) | Place::Artefact { system, .. } => {
                *viewer == Viewer::Operator || self.may_at_system(viewer, Deed::Decide, system)
            }
        };
        let name = match (&new.agency, &new.place) {
            (None, _) => self.decides_for_all(viewer),
            // Whoever decides for a system does it in the name of the agency that runs it, too.
            (Some(agency), Place::System(system) | Place::Artefact { system, .. }) => {
                self.may_at_agency(viewer, Deed::Decide, agency) || self.systems[system].0.agency == *agency
            }
            (Some(agency), _) => self.may_at_agency(viewer, Deed::Decide, agency),
        };
        place && name
    }

    fn decides_for_all(&self, viewer: &Viewer) -> bool {
        let all = |grant: &Grant| grant.reach == Reach::Government && grant.role.may(Deed::Decide);
        *viewer == Viewer::Operator || viewer.grants().iter().any(all)
    }

    fn reads(&self, viewer: &Viewer, (tlp, audience, secrecy): &Mark) -> bool {
        let audience: Vec<AgencyId> = audience.iter().map(|id| NAMES[*id].into()).collect();
        let cleared = |clearance: &Classification| Classification::ALL[*secrecy] <= *clearance;
        let own = || audience.iter().any(|agency| self.belongs_to(viewer, agency));
        let near = || audience.iter().any(|agency| self.sees_agency(viewer, agency) || self.is_below(viewer, agency));
        let grants = viewer.grants();
        let reads_all = grants.iter().any(|grant| grant.reach == Reach::Government && grant.role.may(Deed::Read));
        let addressed = match Tlp::ALL[*tlp] {
            Tlp::Clear | Tlp::Green => {
                reads_all || !self.living_of(viewer).is_empty() || !self.singles(viewer).is_empty()
            }
            Tlp::Amber => reads_all || near(),
            Tlp::AmberStrict => reads_all || own(),
            Tlp::Red => own(),
        };
        *viewer == Viewer::Operator || (cleared(&viewer.clearance()) && addressed)
    }

    fn places(&self) -> Vec<Place> {
        let systems = self.systems.keys().flat_map(|id| [at_system(&id.0), at_artefact(&id.0)]);
        let agencies = self.agencies.keys().map(|id| at_agency(&id.0));
        systems.chain(agencies).chain([Place::Government]).collect()
    }
}

/// Publishes an advisory, marked one way first and another way later; both marks, if the ledger knows the agencies.
async fn publish(store: &Store, oracle: &Oracle, number: usize, marks: &[Mark; 2]) -> Option<[Mark; 2]> {
    let mut marks = marks.clone();
    for (mark, at) in marks.iter_mut().zip([700, 750]) {
        if matches!(Tlp::ALL[mark.0], Tlp::Clear | Tlp::Green) {
            mark.1.clear();
        }
        if mark.1.iter().any(|id| !oracle.agencies.contains_key(&AgencyId::from(NAMES[*id]))) {
            return None;
        }
        let audience: Vec<&str> = mark.1.iter().map(|id| NAMES[*id]).collect();
        let one = own_advisories::new(&format!("O-{number}"), Tlp::ALL[mark.0], &audience, Classification::ALL[mark.2]);
        store.writer().publish_own_advisory(Timestamp(at), one).await.expect("published");
    }
    Some(marks)
}

async fn agrees(store: &Store, acts: &[Act], viewers: &[Viewer], marks: &[[Mark; 2]]) -> Result<(), TestCaseError> {
    let mut oracle = Oracle::default();
    let (first, then) = acts.split_at(acts.len() / 2);
    for (act, at) in first.iter().zip((10..).step_by(10)) {
        let _ = perform(store, &mut oracle, act, at).await;
    }
    // Made before the rest of what happens to the government, which decides who sees them.
    let places = oracle.places();
    let decisions = places.iter().cloned().map(new).collect();
    store.writer().decide(Timestamp(400), decisions).await.expect("decided");
    for (act, at) in then.iter().zip((410..).step_by(10)) {
        let _ = perform(store, &mut oracle, act, at).await;
    }
    let mut published = Vec::new();
    for (number, marks) in marks.iter().enumerate() {
        match publish(store, &oracle, number, marks).await {
            Some(marks) => published.push((format!("O-{number}"), marks)),
            None => store.tamper(&format!("DELETE FROM own_advisory WHERE id = 'O-{number}'")).await,
        }
    }
    for viewer in viewers {
        let reader = store.ledger.reader(viewer.clone(), NOW);
        let seen: Vec<Place> =
            reader.decisions(NOW).await.expect("decisions").into_iter().map(|decision| decision.place).collect();
        let expected: Vec<Place> = places.iter().filter(|place| oracle.sees_place(viewer, place)).cloned().collect();
        prop_assert_eq!(seen, expected, "{:?}", viewer);
        for (as_of, versions) in [(720, &[0, 1][..]), (800, &[1])] {
            let seen = reader.own_advisories(Timestamp(as_of)).await.expect("advisories");
            let seen: Vec<String> = seen.into_iter().map(|advisory| advisory.id).collect();
            let reads = |marks: &[Mark; 2]| versions.iter().all(|version| oracle.reads(viewer, &marks[*version]));
            let expected = published.iter().filter(|(_, marks)| reads(marks));
            let expected: Vec<String> = expected.map(|(id, _)| id.clone()).collect();
            prop_assert_eq!(seen, expected, "{:?} as of {}", viewer, as_of);
        }
    }
    for (viewer, name) in viewers.iter().zip(NAMES.iter().cycle()) {
        let writer = store.ledger.writer("somebody", viewer.clone());
        let named = oracle.agencies.contains_key(&AgencyId::from(*name)).then(|| AgencyId::from(*name));
        for place in oracle.places() {
            let agency = named.clone().filter(|_| place != Place::Government);
            let one = NewDecision { agency, ..new(place) };
            let expected = oracle.decides(viewer, &one);
            let made = writer.decide(Timestamp(900), vec![one.clone()]).await;
            prop_assert_eq!(made.is_ok(), expected, "{:?} {:?} {:?}", viewer, one, made);
        }
    }
    Ok(())
}

fn run(cases: u32, store: impl AsyncFn() -> Option<Store>) {
    let acts = (beginning(), prop::collection::vec(act(), 5..35)).prop_map(|(first, then)| [first, then].concat());
    let viewers = prop::collection::vec(viewer(), 4..9);
    let mark = || (0_usize..5, prop::collection::vec(0..NAMES.len(), 0..3), 0_usize..5);
    let marks = prop::collection::vec([mark(), mark()], 1..8);
    drawn::check(cases, &(acts, viewers, marks), store, async |store, (acts, viewers, marks)| {
        agrees(store, &acts, &viewers, &marks).await
    });
}

#[test]
fn nobody_sees_or_decides_more_or_less_than_the_rules_say() {
    run(64, async || Some(Store::sqlite().await));
}

#[test]
fn nobody_sees_or_decides_more_or_less_on_postgres() {
    if std::env::var_os("UNDERPIN_TEST_POSTGRES").is_none() {
        return underpin_testkit::skip("PostgreSQL");
    }
    run(12, Store::postgres);
}
