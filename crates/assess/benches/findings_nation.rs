// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A made-up nation: few packages are everywhere, most are in few systems, and old versions have more flaws.

use underpin_assess::findings::{
    Artefacts, Decided, Estate, Flags, MatchFacts, Parts, PlaceClass, Rows, Rules, SystemFacts, Texts, Use,
    VersionFacts, VulnerabilityFacts,
};
use underpin_model::inventory::Scope;
use underpin_model::registry::{AgencyId, Exposure, ProtectionNeed, SystemId};
use underpin_model::watch::{Decision, DecisionId, Place, Reason, Status};
use underpin_model::{PackageId, Timestamp};

const PACKAGES: usize = 30_000;
const VERSIONS_OF_PACKAGE: usize = 10;
const VULNERABILITIES: usize = 200_000;
const AGENCIES: usize = 400;
const USES_OF_SYSTEM: usize = 275;
const DECISIONS: usize = 500;

/// The nation.
pub struct Nation {
    /// What it has.
    pub estate: Estate,
    decisions: Vec<Decision>,
    systems: Vec<SystemId>,
    agencies: Vec<AgencyId>,
    artefacts: Artefacts,
}

/// Numbers by chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `bound`, small ones often: the chance of `n` falls like 1/n.
    fn ranked(&mut self, bound: usize) -> usize {
        ((bound as f64).powf(self.share()) as usize).saturating_sub(1).min(bound - 1)
    }
}

/// Exploited first, then how bad and how reachable: about as many levels as a real scale has.
pub fn priority(vulnerability: u32, class: PlaceClass) -> u16 {
    let severity = vulnerability.wrapping_mul(2_654_435_761) >> 16;
    let exploited = u16::from(severity.is_multiple_of(100)) * 200;
    let reach = [30, 0, 15, 40, 80][class.exposure as usize] + [20, 10, 40, 60][class.need as usize];
    let near = u16::from(class.direct != Some(false)) * 15 + u16::from(class.scope != Scope::Test) * 10;
    exploited + (severity % 101) as u16 + reach + near
}

impl Nation {
    /// Makes it.
    pub fn new(seed: u64, systems: usize) -> Self {
        let mut chance = Chance(seed);
        // Which packages are popular has nothing to do with their names.
        let mut packages: Vec<u32> = (0..PACKAGES as u32).collect();
        for at in (1..PACKAGES).rev() {
            packages.swap(at, chance.below(at + 1));
        }
        let mut parts = Parts {
            agencies: (0..AGENCIES).map(|number| (number >= 20).then_some(number as u32 % 20)).collect(),
            ..Parts::default()
        };
        for number in 0..PACKAGES * VERSIONS_OF_PACKAGE {
            let package = PackageId((number / VERSIONS_OF_PACKAGE) as i64);
            parts.versions.push(VersionFacts { package, ecosystem: (number / VERSIONS_OF_PACKAGE % 8) as u16 });
        }
        let purl = |number: usize| {
            format!("pkg:npm/p{:05}@1.{}.0", number / VERSIONS_OF_PACKAGE, number % VERSIONS_OF_PACKAGE)
        };
        parts.version_texts = Texts::of((0..parts.versions.len()).map(purl));
        add_systems(&mut parts, &packages, systems, &mut chance);
        add_vulnerabilities(&mut parts, &mut chance);
        add_matches(&mut parts, &packages, &mut chance);
        Self {
            estate: Estate::new(parts).expect("a sound estate"),
            decisions: (0..DECISIONS).map(|number| decision(number, systems, &mut chance)).collect(),
            systems: (0..systems).map(|number| SystemId(format!("s{number}"))).collect(),
            agencies: (0..AGENCIES).map(|number| AgencyId(format!("a{number}"))).collect(),
            artefacts: Artefacts::default(),
        }
    }

    /// What follows from the first decisions.
    pub fn rules(&self, decisions: usize) -> Rules<'_> {
        let decided = Decided {
            decisions: &self.decisions[..decisions.min(DECISIONS)],
            statements: &[],
            systems: &self.systems,
            agencies: &self.agencies,
            artefacts: &self.artefacts,
            at: Timestamp(10),
        };
        Rules::of(&self.estate, &decided)
    }
}

/// A third each for the government, an agency, a system.
fn decision(number: usize, systems: usize, chance: &mut Chance) -> Decision {
    let place = match number % 3 {
        0 => Place::Government,
        1 => Place::Agency(AgencyId(format!("a{}", chance.ranked(AGENCIES)))),
        _ => Place::System(SystemId(format!("s{}", chance.below(systems)))),
    };
    let vulnerability = chance.below(VULNERABILITIES);
    Decision {
        id: DecisionId(number as i64),
        vulnerability: format!("GHSA-{vulnerability:04x}"),
        package: String::new(),
        place,
        status: [Status::NotAffected, Status::Fixed, Status::Affected][chance.below(3)],
        justification: None,
        reason: String::new(),
        action: String::new(),
        author: String::new(),
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

fn add_systems(parts: &mut Parts, packages: &[u32], systems: usize, chance: &mut Chance) {
    let mut uses = Rows::default();
    for _ in 0..systems {
        let exposure = Exposure::ALL[chance.below(Exposure::ALL.len())];
        let need = ProtectionNeed::ALL[chance.below(ProtectionNeed::ALL.len())];
        parts.systems.push(SystemFacts { agency: chance.ranked(AGENCIES) as u32, exposure, need });
        let mut row: Vec<u32> = (0..USES_OF_SYSTEM * 3 / 2)
            .map(|_| {
                packages[chance.ranked(PACKAGES)] * VERSIONS_OF_PACKAGE as u32
                    + chance.ranked(VERSIONS_OF_PACKAGE) as u32
            })
            .collect();
        row.sort_unstable();
        row.dedup();
        while row.len() > USES_OF_SYSTEM {
            row.swap_remove(chance.below(row.len()));
        }
        uses.push(
            row.into_iter()
                .map(|version| {
                    let direct = [None, Some(true), Some(false), Some(false), Some(false)][chance.below(5)];
                    let scope = [Scope::Runtime, Scope::Runtime, Scope::Unknown, Scope::Development, Scope::Test]
                        [chance.below(5)];
                    Use::of(version, direct, scope)
                })
                .collect::<Vec<_>>(),
        );
    }
    parts.uses = uses;
}

fn add_vulnerabilities(parts: &mut Parts, chance: &mut Chance) {
    let mut names = Rows::default();
    let mut texts = Vec::new();
    for number in 0..VULNERABILITIES {
        let name = format!("CVE-{}-{:05}", 2_010 + number / 10_000, number % 10_000);
        texts.push(format!(
            "{name} GHSA-{number:04x} a flaw of kind {} lets callers of part {} read more than they should",
            number % 97,
            number % 1_013
        ));
        names.push([Box::from(name), Box::from(format!("GHSA-{number:04x}"))]);
        let flags = if chance.below(100) == 0 { Flags::KEV } else { Flags::NONE };
        parts.vulnerabilities.push(VulnerabilityFacts {
            severity: (chance.below(10) > 0).then(|| chance.below(101) as f32 / 10.0),
            word: chance.below(5) as u8,
            epss: (chance.below(10) > 0).then(|| chance.share().powi(6) as f32),
            flags,
            first_known: Some(Timestamp(chance.below(5_000) as i64 * Timestamp::DAY_US)),
        });
    }
    parts.names = names;
    parts.vulnerability_texts = Texts::of(texts);
}

/// A vulnerability is in a run of versions of one package; popular packages have more of them.
fn add_matches(parts: &mut Parts, packages: &[u32], chance: &mut Chance) {
    let mut rows: Vec<Vec<MatchFacts>> = vec![Vec::new(); parts.versions.len()];
    for vulnerability in 0..VULNERABILITIES as u32 {
        for _ in 0..1 + chance.below(4) {
            let rank = (PACKAGES as f64 * chance.share().powf(1.2)) as usize;
            let package = packages[rank.min(PACKAGES - 1)] as usize * VERSIONS_OF_PACKAGE;
            let first = chance.below(VERSIONS_OF_PACKAGE);
            let last = first + chance.below(VERSIONS_OF_PACKAGE - first);
            let reason = [Reason::InRange, Reason::InRange, Reason::InRange, Reason::Unfixed, Reason::Investigating]
                [chance.below(5)];
            for row in &mut rows[package + first..=package + last] {
                if row.last().is_none_or(|found| found.vulnerability != vulnerability) {
                    row.push(MatchFacts {
                        vulnerability,
                        reason,
                        has_fix: reason == Reason::InRange,
                        confidence_percent: 100,
                    });
                }
            }
        }
    }
    parts.matches = Rows::of(rows);
}
