// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions and statements: a table of cases, and the engine against the slow way by chance.

use proptest::prelude::*;
use underpin_model::inventory::Scope;
use underpin_model::registry::{AgencyId, Exposure, ProtectionNeed, SystemId};
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Reason, Status};
use underpin_model::{PackageId, Timestamp};

use super::Artefacts;
use super::chance::{Chance, filter, order, viewer, world};
use super::decided::{Decided, Ignored, Rules, Said, Within};
use super::decided_chance::{artefacts, decisions, packages, statements};
use super::decided_effects::{Sayings, story};
use super::tests::agree;
use super::{
    Deadlines, Engine, Estate, FindingStatus, MatchFacts, Parts, Priorities, Rows, Statuses, SystemFacts, Texts, Use,
    VersionFacts, VulnerabilityFacts,
};

#[test]
fn decided_findings_are_those_of_the_slow_way() {
    let (mut rows, mut closed, mut reopened, mut lanes) = (0, 0, [0; 3], 0);
    for seed in 0..4_000 {
        let mut chance = Chance(seed);
        let world = world(&mut chance);
        let estate = Estate::new(world.parts.clone()).expect("a sound estate");
        let priorities = Priorities::of(&estate, world.priority);
        let decisions = decisions(&mut chance, &world);
        let packages = packages(&mut chance, &world);
        let statements = statements(&mut chance, &packages);
        let artefacts = artefacts(&mut chance, &world);
        let at = Timestamp(chance.below(10) as i64);
        let systems: Vec<SystemId> = (0..estate.systems()).map(|number| SystemId(format!("s{number}"))).collect();
        let agencies: Vec<AgencyId> =
            (0..world.parts.agencies.len()).map(|number| AgencyId(format!("a{number}"))).collect();
        let decided = Decided {
            decisions: &decisions,
            statements: &statements,
            systems: &systems,
            agencies: &agencies,
            artefacts: &artefacts,
            at,
        };
        let rules = Rules::of(&estate, &decided);
        let statuses = Statuses::decided(&rules);
        lanes += statuses.lanes.len();
        let sayings = Sayings { decisions: &decisions, statements: &statements, artefacts: &artefacts, at };
        let expected = |found: u32, system: u32| {
            let version = estate.match_versions[found as usize];
            story(&world, &sayings, system, version, estate.matches.items()[found as usize])
        };
        for found in 0..estate.matches() as u32 {
            for used in estate.by_version.row(estate.match_versions[found as usize]) {
                let (own, expected) = (rules.story(used.end(), found), expected(found, used.end()));
                assert_eq!(own, expected, "seed {seed} {decisions:#?} {statements:#?} {at:?}");
                closed += usize::from(own.status.is_closed());
                if let Some(own) = own.reopened {
                    reopened[own.why as usize] += 1;
                }
            }
        }
        let deadlines = Deadlines::of(&estate, world.due);
        let engine = Engine { estate: &estate, priorities: &priorities, deadlines: &deadlines, statuses: &statuses };
        let status_of = |found: u32, system: u32| expected(found, system).status;
        for _ in 0..2 {
            let viewer = viewer(&mut chance, &world);
            let filter = filter(&mut chance, &world);
            rows += agree(&world, &engine, &status_of, &viewer, &filter, order(&mut chance), seed);
        }
    }
    let enough = rows > 20_000 && closed > 5_000 && lanes > 1_500 && reopened.iter().all(|count| *count > 100);
    assert!(enough, "the cases are too tame: {rows} rows, {closed} closed, {lanes} lanes, {reopened:?}");
}

fn decision(place: Place, justification: Option<Justification>) -> Decision {
    Decision {
        id: DecisionId(1),
        vulnerability: "ghsa-1".to_owned(),
        package: String::new(),
        place,
        status: Status::NotAffected,
        justification,
        reason: "looked at".to_owned(),
        action: String::new(),
        author: "office".to_owned(),
        agency: None,
        origin: String::new(),
        valid_from: Timestamp(0),
        review: None,
        expires: None,
        recorded: Timestamp(0),
        needs_approval: false,
        approved: None,
        withdrawn: None,
    }
}

/// One agency with two systems, one package version and one vulnerability.
fn small() -> Estate {
    named(&["CVE-1", "GHSA-1"])
}

/// The same with these names of the vulnerability.
fn named(names: &[&str]) -> Estate {
    let system = SystemFacts { agency: 0, exposure: Exposure::Internet, need: ProtectionNeed::High };
    let facts = MatchFacts { vulnerability: 0, reason: Reason::InRange, has_fix: true, confidence_percent: 100 };
    let parts = Parts {
        agencies: vec![None],
        systems: vec![system; 2],
        versions: vec![VersionFacts { package: PackageId::of("pkg:npm/alpha"), ecosystem: 0 }],
        version_texts: Texts::of(["pkg:npm/alpha@1"]),
        uses: Rows::of([[Use::of(0, None, Scope::Runtime)], [Use::of(0, None, Scope::Runtime)]]),
        matches: Rows::of([[facts]]),
        vulnerabilities: vec![VulnerabilityFacts::default()],
        names: Rows::of([names.iter().map(|name| Box::from(*name)).collect::<Vec<_>>()]),
        vulnerability_texts: Texts::of(["CVE-1 GHSA-1"]),
    };
    Estate::new(parts).expect("a sound estate")
}

#[test]
fn what_changes_nothing_is_named() {
    let estate = small();
    let bound = Some(Justification::InlineMitigationsAlreadyExist);
    let system = || Place::System(SystemId::from("s0"));
    let agency = || Place::Agency(AgencyId::from("a0"));
    let with = |change: fn(&mut Decision)| {
        let mut made = decision(Place::Government, None);
        change(&mut made);
        made
    };
    let open = [FindingStatus::Open; 2];
    let cases: [(Decision, Option<&str>, [FindingStatus; 2]); 9] = [
        (decision(Place::Government, bound), Some("bound-to-place"), open),
        (decision(agency(), bound), Some("bound-to-place"), open),
        (decision(system(), bound), None, [FindingStatus::NotAffected, FindingStatus::Open]),
        (decision(Place::Government, None), None, [FindingStatus::NotAffected; 2]),
        (decision(Place::System(SystemId::from("s9")), None), Some("unknown-place"), open),
        (decision(Place::Agency(AgencyId::from("a9")), None), Some("unknown-place"), open),
        (with(|made| made.vulnerability = "CVE-2".to_owned()), Some("unknown-vulnerability"), open),
        (with(|made| made.package = "alpha".to_owned()), Some("unreadable-package"), open),
        (with(|made| made.package = "pkg:npm/alpha@2".to_owned()), None, open),
    ];
    for (made, ignored, statuses) in cases {
        let decisions = [made];
        let decided = Decided {
            decisions: &decisions,
            statements: &[],
            systems: &["s0".into(), "s1".into()],
            agencies: &["a0".into()],
            artefacts: &Artefacts::default(),
            at: Timestamp(5),
        };
        let rules = Rules::of(&estate, &decided);
        let named: Vec<&str> = rules.ignored.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(named, ignored.into_iter().collect::<Vec<_>>(), "{decisions:?}");
        assert_eq!([0, 1].map(|system| rules.story(system, 0).status), statuses, "{decisions:?}");
    }
}

#[test]
fn who_names_one_of_several_vulnerabilities_closes_none() {
    let estate = named(&["CVE-1", "CVE-2", "DSA-1"]);
    let statuses = |vulnerabilities: &[&str], is_decision: bool| {
        let mut made = decision(Place::Government, None);
        made.vulnerability = vulnerabilities.first().map(|name| (*name).to_owned()).unwrap_or_default();
        let said = Said {
            author: 0,
            vulnerabilities: vulnerabilities.to_vec(),
            package: "pkg:npm/alpha",
            versions: "",
            within: Within::Anywhere,
            status: Status::NotAffected,
            justification: None,
            said: Timestamp(0),
        };
        let (decisions, statements) = if is_decision { (vec![made], vec![]) } else { (vec![], vec![said]) };
        let decided = Decided {
            decisions: &decisions,
            statements: &statements,
            systems: &["s0".into(), "s1".into()],
            agencies: &["a0".into()],
            artefacts: &Artefacts::default(),
            at: Timestamp(5),
        };
        let rules = Rules::of(&estate, &decided);
        (rules.story(0, 0).status, rules.ignored.first().map(|(_, why)| why.as_str()))
    };
    for is_decision in [true, false] {
        assert_eq!(statuses(&["CVE-1"], is_decision), (FindingStatus::Open, Some("part-of-several")));
        assert_eq!(statuses(&["cve-2"], is_decision), (FindingStatus::Open, Some("part-of-several")));
        assert_eq!(statuses(&["DSA-1"], is_decision), (FindingStatus::NotAffected, None));
        assert_eq!(statuses(&["CVE-3"], is_decision), (FindingStatus::Open, Some("unknown-vulnerability")));
    }
    assert_eq!(statuses(&["CVE-3", "CVE-1"], false), (FindingStatus::Open, Some("part-of-several")));
    assert_eq!(statuses(&["CVE-1", "DSA-1"], false), (FindingStatus::NotAffected, None));
}

/// The first system has the package in the artefact `web`; the second in `web` (another build), `batch` and one without a name.
fn houses() -> Artefacts {
    let mut artefacts = Artefacts::default();
    for (number, (system, names)) in
        [(0, &["sha256:01", "web"][..]), (1, &["sha256:02", "web"]), (1, &["batch"]), (1, &[])].into_iter().enumerate()
    {
        let added = artefacts.add(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(added, number as u32);
        artefacts.note_use(system, 0, added);
    }
    artefacts
}

/// What is ignored, and the states in both systems.
fn judged(
    decisions: &[Decision],
    statements: &[Said<'_>],
    artefacts: &Artefacts,
) -> (Vec<&'static str>, [&'static str; 2]) {
    let estate = small();
    let decided = Decided {
        decisions,
        statements,
        systems: &["s0".into(), "s1".into()],
        agencies: &["a0".into()],
        artefacts,
        at: Timestamp(5),
    };
    let rules = Rules::of(&estate, &decided);
    let ignored = rules.ignored.iter().map(|(_, why)| why.as_str()).collect();
    (ignored, [0, 1].map(|system| rules.story(system, 0).status.as_str()))
}

#[test]
fn a_statement_needs_its_product() {
    let said = |package: &'static str, within: Within, justification: Option<Justification>| Said {
        author: 0,
        vulnerabilities: vec!["CVE-1"],
        package,
        versions: "",
        within,
        status: Status::NotAffected,
        justification,
        said: Timestamp(1),
    };
    let bound = Some(Justification::VulnerableCodeNotInExecutePath);
    let (open, closed) = ("open", "not-affected");
    let artefacts = houses();
    let alpha = "pkg:npm/alpha@1";
    for (made, ignored, statuses) in [
        (said("", Within::Anywhere, None), Some("no-product"), [open, open]),
        (said("pkg:npm/alpha", Within::Anywhere, None), None, [closed, closed]),
        (said("pkg:npm/alpha@2", Within::Anywhere, None), None, [open, open]),
        (said("pkg:npm/x/alpha@1", Within::Anywhere, None), None, [open, open]),
        (said("pkg:npm/alpha@1?arch=arm64", Within::Anywhere, None), Some("unknown-qualifier"), [open, open]),
        (said(alpha, Within::Anywhere, bound), Some("bound-to-place"), [open, open]),
        (said(alpha, Within::Artefacts(vec![0]), bound), None, [closed, open]),
        (said("", Within::Artefacts(vec![0]), bound), None, [closed, open]),
        // One of three, two of three, all three: only then the second system is covered.
        (said(alpha, Within::Artefacts(vec![1]), None), None, [open, open]),
        (said(alpha, Within::Artefacts(vec![2, 1]), None), None, [open, open]),
        (said(alpha, Within::Artefacts(vec![3, 2, 1]), None), None, [open, closed]),
        (said(alpha, Within::Artefacts(Vec::new()), None), None, [open, open]),
        (said(alpha, Within::Nowhere(Ignored::ProductNotHere), None), Some("product-not-here"), [open, open]),
    ] {
        let statements = [made];
        let expected = (ignored.into_iter().collect::<Vec<_>>(), statuses);
        assert_eq!(judged(&[], &statements, &artefacts), expected, "{statements:?}");
    }
    for (versions, ignored, status) in [
        ("1", None, closed),
        ("2", None, open),
        ("vers:npm/>=1|<2", None, closed),
        ("vers:npm/>=2", None, open),
        ("vers:npm", Some("unreadable-versions"), open),
        ("<= 1.0", Some("unreadable-versions"), open),
    ] {
        let statements = [Said { versions, ..said("pkg:npm/alpha", Within::Anywhere, None) }];
        let expected = (ignored.into_iter().collect::<Vec<_>>(), [status; 2]);
        assert_eq!(judged(&[], &statements, &artefacts), expected, "{versions}");
    }
}

#[test]
fn a_decision_about_an_artefact_holds_where_every_artefact_of_the_use_is_meant() {
    let bound = Some(Justification::InlineMitigationsAlreadyExist);
    let about = |system: &str, artefact: &str| {
        decision(Place::Artefact { system: system.into(), artefact: artefact.to_owned() }, bound)
    };
    let (open, closed) = ("open", "not-affected");
    let mut named = houses();
    for (made, statuses) in [
        (about("s0", "web"), [closed, open]),
        (about("s0", "sha256:01"), [closed, open]),
        (about("s0", "sha256:02"), [open, open]),
        (about("s0", "batch"), [open, open]),
        (about("s1", "web"), [open, open]),
        (about("s1", ""), [open, open]),
    ] {
        assert_eq!(judged(std::slice::from_ref(&made), &[], &named), (Vec::new(), statuses), "{made:?}");
        // Where no artefact is known, none is covered.
        let nothing = judged(std::slice::from_ref(&made), &[], &Artefacts::default());
        assert_eq!(nothing, (Vec::new(), [open, open]), "{made:?}");
    }
    // Two decisions cover two artefacts, the third stays open until it has one, too.
    named = Artefacts::default();
    for name in ["web", "batch"] {
        let added = named.add(vec![name.to_owned()]);
        named.note_use(1, 0, added);
    }
    let both = [about("s1", "web"), Decision { id: DecisionId(2), ..about("s1", "batch") }];
    assert_eq!(judged(&both, &[], &named).1, [open, closed]);
    assert_eq!(judged(&both[..1], &[], &named).1, [open, open]);
    let third = named.add(vec!["tools".to_owned()]);
    named.note_use(1, 0, third);
    assert_eq!(judged(&both, &[], &named).1, [open, open]);
}

proptest! {
    #[test]
    fn what_is_bound_to_artefacts_closes_a_use_only_when_all_its_artefacts_are_meant(
        used in proptest::collection::vec((0_u32..2, 0_usize..6), 0..8),
        meant in proptest::collection::vec(0_u32..6, 0..6),
        names in proptest::collection::vec(prop::sample::select(vec!["", "web", "batch"]), 6),
        about_everything in any::<bool>(),
    ) {
        let mut artefacts = Artefacts::default();
        for name in &names {
            artefacts.add(Some((*name).to_owned()).filter(|name| !name.is_empty()).into_iter().collect());
        }
        for (system, artefact) in &used {
            artefacts.note_use(*system, 0, *artefact as u32);
        }
        let covers = |system: u32, is_meant: &dyn Fn(usize) -> bool| {
            let own: Vec<usize> = used.iter().filter(|(of, _)| *of == system).map(|(_, artefact)| *artefact).collect();
            !own.is_empty() && own.iter().all(|artefact| is_meant(*artefact))
        };
        let word = |closed: bool| if closed { "not-affected" } else { "open" };
        let said = Said {
            author: 0,
            vulnerabilities: vec!["cve-1"],
            package: if about_everything { "" } else { "pkg:npm/alpha@1" },
            versions: "",
            within: Within::Artefacts(meant.clone()),
            status: Status::NotAffected,
            justification: Some(Justification::VulnerableCodeNotInExecutePath),
            said: Timestamp(1),
        };
        let is_said = |artefact: usize| meant.contains(&(artefact as u32));
        let expected = [0, 1].map(|system| word(covers(system, &is_said)));
        prop_assert_eq!(judged(&[], std::slice::from_ref(&said), &artefacts).1, expected);
        // A decision reaches the artefacts of its own system that are called so.
        let place = Place::Artefact { system: SystemId::from("s0"), artefact: "web".to_owned() };
        let made = decision(place, Some(Justification::InlineMitigationsAlreadyExist));
        let expected = [word(covers(0, &|artefact| names[artefact] == "web")), "open"];
        prop_assert_eq!(judged(std::slice::from_ref(&made), &[], &artefacts).1, expected);
    }
}
