// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The three machines against the published tables, and together in every state that they can reach.

use std::collections::BTreeSet;

use proptest::prelude::*;
use underpin_model::engagement::{
    CaseEvent, CaseState, DisclosureAct, EmbargoEvent, EmbargoState, ReportEvent, ReportState,
};

use super::disclosure::{Advice, Disclosure, Event, Forbidden, advice, is_embargoed, is_open, obliged, step};

/// What may follow in each state of a case, as published: capitals are the events.
const CASES: &[(&str, &str)] = &[
    ("vfdpxa", "VPXA"),
    ("vfdpxA", "VPX"),
    ("vfdpXa", "P"),
    ("vfdpXA", "P"),
    ("vfdPxa", "V"),
    ("vfdPxA", "V"),
    ("vfdPXa", "V"),
    ("vfdPXA", "V"),
    ("Vfdpxa", "FPXA"),
    ("VfdpxA", "FPX"),
    ("VfdpXa", "P"),
    ("VfdpXA", "P"),
    ("VfdPxa", "FXA"),
    ("VfdPxA", "FX"),
    ("VfdPXa", "FA"),
    ("VfdPXA", "F"),
    ("VFdpxa", "DPXA"),
    ("VFdpxA", "DPX"),
    ("VFdpXa", "P"),
    ("VFdpXA", "P"),
    ("VFdPxa", "DXA"),
    ("VFdPxA", "DX"),
    ("VFdPXa", "DA"),
    ("VFdPXA", "D"),
    ("VFDpxa", "PXA"),
    ("VFDpxA", "PX"),
    ("VFDpXa", "P"),
    ("VFDpXA", "P"),
    ("VFDPxa", "XA"),
    ("VFDPxA", "X"),
    ("VFDPXa", "A"),
    ("VFDPXA", ""),
];

fn letter(event: CaseEvent) -> char {
    ['V', 'F', 'D', 'P', 'X', 'A'][event as usize]
}

fn with_case(text: &str) -> Disclosure {
    Disclosure { case: text.parse().expect("a state"), ..Disclosure::default() }
}

fn all_events() -> Vec<Event> {
    let case = CaseEvent::ALL.iter().map(|event| Event::Case(*event));
    let embargo = EmbargoEvent::ALL.iter().map(|event| Event::Embargo(*event));
    let report = ReportEvent::ALL.iter().map(|event| Event::Report(*event));
    case.chain(embargo).chain(report).collect()
}

#[test]
fn cases_go_as_published() {
    let listed: Vec<String> = CASES.iter().map(|(state, _)| (*state).to_owned()).collect();
    let all: BTreeSet<String> = CaseState::all().iter().map(CaseState::to_string).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), all);
    for (text, events) in CASES {
        let state = with_case(text);
        for event in CaseEvent::ALL {
            let expected = events.contains(letter(*event)).then(|| {
                let small = letter(*event).to_ascii_lowercase();
                text.replace(small, &letter(*event).to_string())
            });
            let found = step(state, Event::Case(*event)).ok().map(|step| step.state.case.to_string());
            assert_eq!(found, expected, "{text} {}", letter(*event));
        }
        let only = obliged(state.case).map(|event| letter(event).to_string());
        assert!(only.is_none() || only.as_deref() == Some(*events), "{text}");
    }
}

/// Householder and Spring count the histories from nothing to everything: 70.
#[test]
fn seventy_histories_lead_through_thirty_two_states() {
    fn histories(case: CaseState, seen: &mut BTreeSet<CaseState>) -> u32 {
        seen.insert(case);
        let state = Disclosure { case, ..Disclosure::default() };
        let following: Vec<CaseState> =
            CaseEvent::ALL.iter().filter_map(|event| Some(step(state, Event::Case(*event)).ok()?.state.case)).collect();
        if following.is_empty() { 1 } else { following.into_iter().map(|case| histories(case, seen)).sum() }
    }
    let mut seen = BTreeSet::new();
    assert_eq!(histories(CaseState::START, &mut seen), 70);
    assert_eq!(seen.len(), 32);
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        CaseState::all().into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn embargoes_go_as_published() {
    use EmbargoState as S;
    let rows: [(S, [Option<S>; 4]); 5] = [
        // propose, accept, reject, terminate
        (S::None, [Some(S::Proposed), None, None, None]),
        (S::Proposed, [Some(S::Proposed), Some(S::Active), Some(S::None), None]),
        (S::Active, [Some(S::Revise), None, None, Some(S::Exited)]),
        (S::Revise, [Some(S::Revise), Some(S::Active), Some(S::Active), Some(S::Exited)]),
        (S::Exited, [None, None, None, None]),
    ];
    for (embargo, following) in rows {
        for (event, expected) in EmbargoEvent::ALL.iter().zip(following) {
            let state = Disclosure { embargo, ..with_case("Vfdpxa") };
            let found = step(state, Event::Embargo(*event));
            assert_eq!(found.map(|step| step.state.embargo).ok(), expected, "{embargo:?} {event:?}");
        }
    }
}

#[test]
fn reports_go_as_published() {
    // The fifteen shortest ways from start to closed, which Vultron lists.
    let listed: BTreeSet<&str> = [
        "ric", "rvac", "rvdc", "rivac", "rivdc", "rvadc", "rvdac", "rivadc", "rvadac", "rvdadc", "rivdac", "rivdadc",
        "rvdadac", "rivadac", "rvadadc",
    ]
    .into();
    let letters = ['r', 'v', 'i', 'a', 'd', 'c'];
    let mut ways = vec![(String::new(), Disclosure::default())];
    let mut closed = BTreeSet::new();
    while let Some((way, state)) = ways.pop() {
        if state.report == ReportState::Closed {
            closed.insert(way);
        } else if way.len() < 7 {
            for (event, letter) in ReportEvent::ALL.iter().zip(letters) {
                ways.extend(step(state, Event::Report(*event)).map(|step| (format!("{way}{letter}"), step.state)));
            }
        }
    }
    assert!(listed.iter().all(|way| closed.contains(*way)), "{closed:?}");
    // All ways of at most seven steps by the grammar S→rR, R→vV|iI, I→vV|cC, V→aA|dD, A→dD|cC, D→aA|cC, written as an expression:
    // r, then ic; or r, perhaps i, v, then a and d in turn, then c.
    let mut expected: BTreeSet<String> = ["ric".to_owned()].into();
    for begin in ["rv", "riv"] {
        for first in [['a', 'd'], ['d', 'a']] {
            let turns = (1..).map(|count: usize| (0..count).map(|turn| first[turn % 2]).collect::<String>());
            expected.extend(turns.map(|turns| format!("{begin}{turns}c")).take_while(|way| way.len() <= 7));
        }
    }
    assert_eq!(closed, expected);
}

#[test]
fn refusals_say_why() {
    use Forbidden as F;
    let active = Disclosure { embargo: EmbargoState::Active, ..with_case("Vfdpxa") };
    for (state, event, expected) in [
        (with_case("vfdpxa"), Event::Case(CaseEvent::FixReady), F::VendorFirst),
        (with_case("Vfdpxa"), Event::Case(CaseEvent::FixDeployed), F::FixFirst),
        (with_case("Vfdpxa"), Event::Case(CaseEvent::VendorAware), F::HappenedAlready),
        (with_case("VfdpXa"), Event::Case(CaseEvent::FixReady), F::PublicFirst),
        (with_case("vfdPxa"), Event::Case(CaseEvent::AttacksSeen), F::VendorOfPublicFirst),
        (with_case("VfdPxa"), Event::Embargo(EmbargoEvent::Propose), F::TooLateForEmbargo),
        (with_case("vfdpxA"), Event::Embargo(EmbargoEvent::Propose), F::TooLateForEmbargo),
        (active, Event::Embargo(EmbargoEvent::Accept), F::NotForThisEmbargo),
        (with_case("vfdpXa"), Event::Report(ReportEvent::Receive), F::PublicFirst),
        (with_case("Vfdpxa"), Event::Report(ReportEvent::Validate), F::NotForThisReport),
        (
            Disclosure { report: ReportState::Valid, ..active },
            Event::Report(ReportEvent::Close),
            F::DecideBeforeClosing,
        ),
    ] {
        assert_eq!(step(state, event), Err(expected), "{state:?} {event:?}");
    }
}

#[test]
fn an_embargo_ends_by_itself() {
    for embargo in EmbargoState::ALL {
        for event in [CaseEvent::PublicAware, CaseEvent::ExploitPublic, CaseEvent::AttacksSeen] {
            let before = Disclosure { embargo: *embargo, report: ReportState::Accepted, ..with_case("VFdpxa") };
            let after = step(before, Event::Case(event)).expect("it can happen");
            let (expected, followed) = match embargo {
                EmbargoState::None | EmbargoState::Exited => (*embargo, vec![]),
                EmbargoState::Proposed => (EmbargoState::None, vec![Event::Embargo(EmbargoEvent::Reject)]),
                _ => (EmbargoState::Exited, vec![Event::Embargo(EmbargoEvent::Terminate)]),
            };
            assert_eq!((after.state.embargo, after.followed), (expected, followed), "{embargo:?} {event:?}");
            assert_eq!(after.state.report, before.report);
        }
    }
}

#[test]
fn receiving_the_report_makes_the_vendor_aware() {
    let step = step(Disclosure::default(), Event::Report(ReportEvent::Receive)).expect("it can happen");
    assert_eq!(step.state, Disclosure { report: ReportState::Received, ..with_case("Vfdpxa") });
    assert_eq!(step.followed, [Event::Case(CaseEvent::VendorAware)]);
}

#[test]
fn advice_is_given_where_vultron_says_should() {
    let state = |case: &str, embargo, report| Disclosure { embargo, report, ..with_case(case) };
    use EmbargoState as E;
    use ReportState as R;
    for (state, expected) in [
        (state("vfdpxa", E::None, R::Start), vec![]),
        (state("Vfdpxa", E::None, R::Received), vec![Advice::SpeakOfEmbargo]),
        (state("Vfdpxa", E::None, R::Closed), vec![]),
        (state("Vfdpxa", E::Proposed, R::Invalid), vec![Advice::NoEmbargoForThisReport]),
        (state("VFdpxa", E::Proposed, R::Accepted), vec![Advice::NoNewEmbargo]),
        (state("VFdpxa", E::Active, R::Accepted), vec![Advice::PrepareToEnd]),
        (state("VFDpxa", E::Revise, R::Accepted), vec![Advice::EndEmbargo]),
        (state("Vfdpxa", E::Active, R::Closed), vec![Advice::SayWhetherItIsKept]),
        (state("VfdpxA", E::Exited, R::Accepted), vec![Advice::Hurry]),
        (state("VFDPXA", E::Exited, R::Closed), vec![]),
    ] {
        assert_eq!(advice(state), expected, "{state:?}");
    }
}

/// Every state that the three together can reach.
fn reachable() -> BTreeSet<Disclosure> {
    let mut found: BTreeSet<Disclosure> = [Disclosure::default()].into();
    let mut queue = vec![Disclosure::default()];
    while let Some(state) = queue.pop() {
        let steps = all_events().into_iter().filter_map(|event| step(state, event).ok());
        queue.extend(steps.map(|step| step.state).filter(|state| found.insert(*state)));
    }
    found
}

fn check(state: Disclosure) {
    let has = |event: CaseEvent| state.case.has(event);
    assert!(!has(CaseEvent::FixReady) || has(CaseEvent::VendorAware), "{state:?}");
    assert!(!has(CaseEvent::FixDeployed) || has(CaseEvent::FixReady), "{state:?}");
    assert!(!(is_open(state.case) && is_embargoed(state)), "an embargo that everybody knows of: {state:?}");
    assert!(!(is_open(state.case) && state.embargo == EmbargoState::Proposed), "{state:?}");
    assert!(state.report == ReportState::Start || has(CaseEvent::VendorAware), "{state:?}");
}

#[test]
fn together_they_reach_no_forbidden_state() {
    let all = reachable();
    all.iter().for_each(|state| check(*state));
    let cases: BTreeSet<CaseState> = all.iter().map(|state| state.case).collect();
    assert_eq!(cases.len(), 32);
    // Every combination that the checks allow is reached, so they are all that there is to say.
    let mut expected = 0;
    for case in CaseState::all() {
        for embargo in EmbargoState::ALL {
            for report in ReportState::ALL {
                let is_shut_out = is_open(case)
                    && matches!(embargo, EmbargoState::Proposed | EmbargoState::Active | EmbargoState::Revise);
                let is_unheard = *report != ReportState::Start && !case.has(CaseEvent::VendorAware);
                expected += usize::from(!is_shut_out && !is_unheard);
            }
        }
    }
    assert_eq!(all.len(), expected);
}

proptest! {
    /// Whatever is tried in whatever order, refusals change nothing and no state is forbidden; what happened stays happened.
    #[test]
    fn no_sequence_of_events_breaks_it(events in proptest::collection::vec(proptest::sample::select(all_events()), 0..60)) {
        let mut state = Disclosure::default();
        for event in events {
            let Ok(next) = step(state, event) else { continue };
            prop_assert!(CaseEvent::ALL.iter().all(|event| !state.case.has(*event) || next.state.case.has(*event)));
            prop_assert!(!(state.embargo == EmbargoState::Exited && next.state.embargo != EmbargoState::Exited));
            state = next.state;
            check(state);
        }
    }
}

#[test]
fn every_act_is_an_event_and_back() {
    let events: std::collections::BTreeSet<Event> = DisclosureAct::ALL.iter().map(|act| Event::from(*act)).collect();
    assert_eq!(events.len(), DisclosureAct::ALL.len());
    for act in DisclosureAct::ALL {
        assert_eq!(DisclosureAct::from(Event::from(*act)), *act);
    }
}
