// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who sees, asks for and grants waivers of rules, against the naive oracle of `oracle.rs`: random governments that merge, split and are
//! classified anew, random viewers.

use proptest::prelude::*;
use underpin_model::people::{Act as Deed, Reach};
use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::rules::Subject;
use underpin_model::waivers::{Granter, WaiverChange, WaiverTerms};
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::drawn;
use crate::fixture::{NOW, Store};
use crate::oracle::{Act, COMPARTMENTS, Oracle, act, beginning, perform, viewer};

/// What a waiver is marked with: classification, and whether it lies in the first compartment.
type Mark = (usize, bool);

impl Oracle {
    fn may_for_all(&self, viewer: &Viewer, act: Deed) -> bool {
        match viewer {
            Viewer::Stranger | Viewer::Agency { .. } => false,
            // An analyst of the command line may do all that is asked about here.
            Viewer::Operator | Viewer::Analyst { .. } => true,
            Viewer::Member { grants, .. } => {
                grants.iter().any(|grant| grant.reach == Reach::Government && grant.role.may(act))
            }
        }
    }

    fn may_there(&self, viewer: &Viewer, act: Deed, terms: &WaiverTerms) -> bool {
        if *viewer == Viewer::Operator {
            return true;
        }
        let has = |name: &String| viewer.compartments().contains(name);
        let is_marked_for = terms.classification <= viewer.clearance() && terms.compartments.iter().all(has);
        let is_known_to = terms.seen_with.iter().all(|system| self.sees_system(viewer, system));
        let is_placed = match terms.place() {
            Place::System(system) | Place::Artefact { system, .. } => self.may_at_system(viewer, act, &system),
            Place::Agency(agency) => self.may_at_agency(viewer, act, &agency),
            Place::Government => self.may_for_all(viewer, act),
        };
        is_marked_for && is_known_to && is_placed
    }

    fn grants(&self, viewer: &Viewer, terms: &WaiverTerms) -> bool {
        let is_seen = self.may_there(viewer, Deed::Read, terms);
        let may = match (terms.granter, terms.place()) {
            (Granter::Office, _) | (_, Place::Government) => self.may_for_all(viewer, Deed::Approve),
            (_, Place::System(system) | Place::Artefact { system, .. }) => {
                *viewer == Viewer::Operator || self.may_at_system(viewer, Deed::Approve, &system)
            }
            (_, Place::Agency(agency)) => self.may_at_agency(viewer, Deed::Approve, &agency),
        };
        is_seen && may
    }

    /// A waiver of everything, marked by turns.
    fn all_terms(&self, rule: &str, marks: &[Mark]) -> Vec<WaiverTerms> {
        let systems = self.systems.keys().map(|id| (Subject::System, id.0.clone(), None, None));
        let agencies = self.agencies.keys().map(|id| (Subject::Agency, id.0.clone(), None, None));
        let with: Vec<SystemId> = self.systems.keys().cloned().collect();
        let packages =
            self.agencies.keys().zip(with.iter().cycle()).map(|(id, with)| {
                (Subject::Package, "pkg:npm/left@1".to_owned(), Some(id.clone()), Some(with.clone()))
            });
        let project = [(Subject::Project, "github.com/a/b".to_owned(), None, None)];
        let all = systems.chain(agencies).chain(packages).chain(project).zip(marks.iter().cycle()).enumerate();
        all.map(|(number, ((subject, about, agency, seen_with), (secrecy, is_kept)))| WaiverTerms {
            rulebook: "house".to_owned(),
            rule: rule.to_owned(),
            version: 1,
            subject,
            about,
            agency,
            from: Timestamp(0),
            until: Timestamp(9 * Timestamp::DAY_US),
            reason: "why".to_owned(),
            compensation: "a wall".to_owned(),
            granter: Granter::ALL[number % 2],
            longest_days: 30,
            seen_with,
            classification: Classification::ALL[*secrecy],
            compartments: is_kept.then(|| COMPARTMENTS[0].to_owned()).into_iter().collect(),
        })
        .collect()
    }
}

/// What a waiver says, without the numbers and names that the ledger gives.
type Told = (String, Option<AgencyId>, Subject);

fn told(terms: &WaiverTerms) -> Told {
    (terms.about.clone(), terms.agency.clone(), terms.subject)
}

async fn agrees(store: &Store, acts: &[Act], viewers: &[Viewer], marks: &[Mark]) -> Result<(), TestCaseError> {
    let mut oracle = Oracle::default();
    let (first, then) = acts.split_at(acts.len() / 2);
    for (act, at) in first.iter().zip((10..).step_by(10)) {
        let _ = perform(store, &mut oracle, act, at).await;
    }
    // Asked for before the rest of what happens to the government, which decides who sees them.
    let all = oracle.all_terms("seen", marks);
    for terms in &all {
        store.writer().propose_waiver(Timestamp(400), terms.clone()).await.expect("asked for");
    }
    for (act, at) in then.iter().zip((410..).step_by(10)) {
        let _ = perform(store, &mut oracle, act, at).await;
    }
    for viewer in viewers {
        let found = store.ledger.reader(viewer.clone(), NOW).rule_waivers(NOW).await.expect("waivers");
        let seen: Vec<Told> = found.iter().map(|waiver| told(&waiver.terms)).collect();
        let expected: Vec<Told> =
            all.iter().filter(|terms| oracle.may_there(viewer, Deed::Read, terms)).map(told).collect();
        prop_assert_eq!(seen, expected, "{:?}", viewer);
    }
    for (number, viewer) in viewers.iter().enumerate() {
        let writer = store.ledger.writer("somebody", viewer.clone());
        for terms in oracle.all_terms(&format!("asked-{number}"), marks).into_iter().skip(number % 3).step_by(3) {
            let expected = oracle.may_there(viewer, Deed::Decide, &terms);
            let made = writer.propose_waiver(Timestamp(900), terms.clone()).await;
            prop_assert_eq!(made.is_ok(), expected, "{:?} {:?} {:?}", viewer, terms, made);
        }
        for terms in oracle.all_terms(&format!("granted-{number}"), marks).into_iter().skip(number % 3).step_by(3) {
            let expected = oracle.grants(viewer, &terms);
            let id = store.writer().propose_waiver(Timestamp(910), terms.clone()).await.expect("asked for");
            let made = writer.change_waiver(Timestamp(920), id, WaiverChange::Grant { note: String::new() }).await;
            prop_assert_eq!(made.is_ok(), expected, "{:?} {:?} {:?}", viewer, terms, made);
        }
    }
    Ok(())
}

fn run(cases: u32, store: impl AsyncFn() -> Option<Store>) {
    let acts = (beginning(), prop::collection::vec(act(), 5..35)).prop_map(|(first, then)| [first, then].concat());
    let viewers = prop::collection::vec(viewer(), 4..9);
    let marks = prop::collection::vec((0_usize..5, prop::bool::weighted(0.2)), 1..6);
    drawn::check(cases, &(acts, viewers, marks), store, async |store, (acts, viewers, marks)| {
        agrees(store, &acts, &viewers, &marks).await
    });
}

#[test]
fn nobody_sees_asks_for_or_grants_more_or_less_than_the_rules_say() {
    run(40, async || Some(Store::sqlite().await));
}

#[test]
fn nobody_sees_asks_for_or_grants_more_or_less_on_postgres() {
    if std::env::var_os("UNDERPIN_TEST_POSTGRES").is_none() {
        return underpin_testkit::skip("PostgreSQL");
    }
    run(8, Store::postgres);
}
