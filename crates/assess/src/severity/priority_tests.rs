// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};
use underpin_model::watch::cve::{Exploitation, Ssvc};

use super::priority::{PlaceFacts, Priority, PriorityLevel, Standing, Urgency, VulnerabilityFacts, priority};
use super::tables::{self, Part, TIER};
use super::words::Rating;

fn ssvc(exploitation: Exploitation, automatable: Option<bool>) -> Option<Ssvc> {
    Some(Ssvc { exploitation, automatable, total_impact: Some(true), judged: None })
}

fn quiet(rating: Rating) -> VulnerabilityFacts {
    let ssvc = ssvc(Exploitation::None, Some(false));
    VulnerabilityFacts { is_listed: Some(false), likelihood: Some(0.001), ssvc, rating, ..Default::default() }
}

const INTERNET: PlaceFacts =
    PlaceFacts { exposure: Exposure::Internet, need: ProtectionNeed::High, direct: Some(true), scope: Scope::Runtime };
const INSIDE: PlaceFacts = PlaceFacts { exposure: Exposure::Internal, need: ProtectionNeed::Normal, ..INTERNET };
const TESTS: PlaceFacts = PlaceFacts { scope: Scope::Test, ..INTERNET };

fn level(vulnerability: VulnerabilityFacts, place: PlaceFacts) -> PriorityLevel {
    priority(&Urgency::of(&vulnerability), &Standing::of(&place)).level
}

#[test]
fn levels_people_expect() {
    use PriorityLevel::{ActNow, Planned, Soon, Watch};
    let listed = VulnerabilityFacts { is_listed: Some(true), ..quiet(Rating::Critical) };
    let active = VulnerabilityFacts { ssvc: ssvc(Exploitation::Active, None), ..quiet(Rating::Medium) };
    let likely = VulnerabilityFacts { likelihood: Some(0.1), ..quiet(Rating::High) };
    let code = VulnerabilityFacts { ssvc: ssvc(Exploitation::Poc, Some(true)), ..quiet(Rating::High) };
    let malicious = VulnerabilityFacts { is_malicious: true, ..quiet(Rating::Unknown) };
    for (name, facts, expected) in [
        ("on a list", listed, [ActNow, ActNow, Soon]),
        ("active by SSVC", active, [ActNow, ActNow, Soon]),
        ("likely", likely, [ActNow, Soon, Planned]),
        ("automatable attack code", code, [ActNow, Soon, Planned]),
        ("critical, quiet", quiet(Rating::Critical), [Soon, Planned, Watch]),
        ("high, quiet", quiet(Rating::High), [Planned, Watch, Watch]),
        ("medium, quiet", quiet(Rating::Medium), [Watch, Watch, Watch]),
        ("nothing known", VulnerabilityFacts::default(), [Soon, Planned, Watch]),
        ("malicious", malicious, [ActNow, ActNow, ActNow]),
    ] {
        assert_eq!([INTERNET, INSIDE, TESTS].map(|place| level(facts, place)), expected, "{name}");
    }
}

#[test]
fn the_whole_answer() {
    let facts = VulnerabilityFacts {
        is_listed: Some(true),
        likelihood: Some(0.975),
        rating: Rating::Critical,
        base_tenths: Some(100),
        ..VulnerabilityFacts::default()
    };
    let place = PlaceFacts { exposure: Exposure::Unknown, ..INTERNET };
    let (urgency, standing) = (Urgency::of(&facts), Standing::of(&place));
    assert_eq!((urgency.name(), standing.name()), ("emergency", "front"));
    let found = priority(&urgency, &standing);
    let expected: Vec<Part> = vec![
        ("exploited-listed", 300),
        ("ransomware-unknown", 30),
        ("likelihood", 195),
        ("ssvc-exploitation-unknown", 20),
        ("ssvc-automatable-unknown", 20),
        ("ssvc-impact-unknown", 20),
        ("severity-critical", 200),
        ("exposure-unknown", 60),
        ("need-high", 60),
        ("direct", 30),
        ("scope-runtime", 60),
    ];
    let points: i16 = expected.iter().map(|(_, points)| points).sum();
    assert_eq!(found, Priority { level: PriorityLevel::ActNow, score: 6_000 + points as u16, parts: expected });
    assert_eq!(found.unknown().count(), 5);
}

fn vulnerabilities() -> impl Strategy<Value = VulnerabilityFacts> {
    let yes_no = || prop_oneof![Just(None), Just(Some(false)), Just(Some(true))];
    let ssvc = (proptest::sample::select(Exploitation::ALL), yes_no(), yes_no()).prop_map(
        |(exploitation, automatable, total_impact)| Ssvc { exploitation, automatable, total_impact, judged: None },
    );
    let likelihood = prop_oneof![Just(None), (0.0_f32..=1.0).prop_map(Some), Just(Some(0.1)), Just(Some(0.01))];
    let rating = proptest::sample::select(&Rating::ALL[..]);
    (any::<bool>(), yes_no(), yes_no(), likelihood, proptest::option::of(ssvc), rating).prop_map(
        |(is_malicious, is_listed, ransomware, likelihood, ssvc, rating)| VulnerabilityFacts {
            is_malicious,
            is_listed,
            ransomware,
            likelihood,
            ssvc,
            rating,
            base_tenths: None,
        },
    )
}

fn places() -> impl Strategy<Value = PlaceFacts> {
    let direct = prop_oneof![Just(None), Just(Some(false)), Just(Some(true))];
    let (exposure, need) = (proptest::sample::select(Exposure::ALL), proptest::sample::select(ProtectionNeed::ALL));
    (exposure, need, direct, proptest::sample::select(&Scope::ALL[..]))
        .prop_map(|(exposure, need, direct, scope)| PlaceFacts { exposure, need, direct, scope })
}

proptest! {
    #[test]
    fn worse_facts_never_lower_a_priority(facts in vulnerabilities(), place in places(), likelihood in 0.0_f32..=1.0) {
        let of = |facts: &VulnerabilityFacts, place: &PlaceFacts| priority(&Urgency::of(facts), &Standing::of(place));
        let own = of(&facts, &place);
        prop_assert!(own.score / TIER == own.level as u16);
        let more = facts.likelihood.unwrap_or_default().max(likelihood).max(tables::LIKELY);
        let worse = [
            VulnerabilityFacts { is_malicious: true, ..facts },
            VulnerabilityFacts { is_listed: Some(true), ..facts },
            VulnerabilityFacts { rating: Rating::Critical, ..facts },
            VulnerabilityFacts { likelihood: Some(more), ..facts },
        ];
        for facts in worse {
            let other = of(&facts, &place);
            prop_assert!(other.score >= own.score && other.level >= own.level, "{:?} {:?}", facts, own);
        }
        let nearer = [
            PlaceFacts { exposure: Exposure::Internet, ..place },
            PlaceFacts { need: ProtectionNeed::VeryHigh, ..place },
            PlaceFacts { direct: Some(true), ..place },
            PlaceFacts { scope: Scope::Runtime, ..place },
        ];
        for place in nearer {
            prop_assert!(of(&facts, &place).score >= own.score, "{:?} {:?}", place, own);
        }
    }

    #[test]
    fn knowing_the_best_case_never_raises_a_priority(facts in vulnerabilities(), place in places()) {
        let of = |facts: &VulnerabilityFacts, place: &PlaceFacts| priority(&Urgency::of(facts), &Standing::of(place)).score;
        let own = of(&facts, &place);
        if facts.rating == Rating::Unknown {
            let best = of(&VulnerabilityFacts { rating: Rating::Low, ..facts }, &place);
            prop_assert!(best <= own);
        }
        if facts.likelihood.is_none() {
            let best = of(&VulnerabilityFacts { likelihood: Some(0.0), ..facts }, &place);
            prop_assert!(best <= own);
        }
        if facts.is_listed.is_none() {
            let best = of(&VulnerabilityFacts { is_listed: Some(false), ..facts }, &place);
            prop_assert!(best <= own);
        }
        if place.exposure == Exposure::Unknown {
            let best = of(&facts, &PlaceFacts { exposure: Exposure::Isolated, ..place });
            prop_assert!(best <= own);
        }
        if place.need == ProtectionNeed::Unknown {
            let best = of(&facts, &PlaceFacts { need: ProtectionNeed::Normal, ..place });
            prop_assert!(best <= own);
        }
    }
}
