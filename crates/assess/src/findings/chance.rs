// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Small governments and questions by chance, the same for the same seed.

use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};
use underpin_model::watch::Reason;
use underpin_model::{PackageId, Timestamp};

use super::effects::World;
use super::{
    Bits, Day, Filter, FindingStatus, Flags, Key, MatchFacts, Order, Parts, PlaceClass, Rows, SystemFacts, Texts, Use,
    VersionFacts, Viewer, VulnerabilityFacts,
};

/// Numbers by chance, with the choices that worlds are made of.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        crate::chance::step(&mut self.0)
    }

    /// Below `bound`; 0 for 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    pub fn maybe<T>(&mut self, times: usize, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(times).then(|| value(self))
    }

    /// Some of the numbers below `bound`, ascending.
    pub fn some(&mut self, bound: usize, times: usize) -> Vec<u32> {
        (0..bound as u32).filter(|_| self.once_in(times)).collect()
    }
}

pub const PACKAGES: [&str; 4] = ["pkg:npm/Alpha", "pkg:npm/beta", "pkg:deb/debian/gamma", "pkg:maven/org.delta/core"];

fn priority(vulnerability: u32, class: PlaceClass) -> u16 {
    let place = class.exposure as u32 * 3 + class.need as u32 + u32::from(class.direct == Some(true));
    (vulnerability % 3 * 5 + place / 2 * (vulnerability % 2 + 1)) as u16
}

/// Some vulnerabilities have no deadline, some have it in some places only, and some days are those of others.
fn due(vulnerability: u32, class: PlaceClass) -> Option<Day> {
    let days = (class.exposure as u32 + class.need as u32) % 4 * 7 + u32::from(class.direct == Some(true));
    let is_due = !vulnerability.is_multiple_of(4) && (vulnerability.is_multiple_of(2) || class.exposure as u32 > 1);
    is_due.then_some((20_000 + vulnerability / 2 * 7 + days) as Day)
}

pub fn world(chance: &mut Chance) -> World {
    let agencies = 1 + chance.below(5);
    let systems = chance.below(12);
    let vulnerabilities = chance.below(7);
    // Versions in the order of their purls, as a caller numbers them.
    let mut texts: Vec<(usize, String)> = (0..chance.below(9))
        .map(|number| {
            let package = chance.below(PACKAGES.len());
            let distro = if package == 2 { "?distro=debian-12" } else { "" };
            (package, format!("{}@1.{number}{distro}", PACKAGES[package]))
        })
        .collect();
    texts.sort_by(|first, second| first.1.cmp(&second.1));
    let mut parts = Parts {
        agencies: (0..agencies).map(|number| chance.maybe(2, |chance| chance.below(number) as u32)).collect(),
        version_texts: Texts::of(texts.iter().map(|(_, text)| text)),
        ..Parts::default()
    };
    // Nothing is above itself.
    for number in 0..agencies {
        parts.agencies[number] = parts.agencies[number].filter(|parent| (*parent as usize) < number);
    }
    for _ in 0..systems {
        let exposure = chance.pick(Exposure::ALL);
        let need = chance.pick(ProtectionNeed::ALL);
        parts.systems.push(SystemFacts { agency: chance.below(agencies) as u32, exposure, need });
    }
    for (package, _) in &texts {
        let facts = VersionFacts { package: PackageId::of(PACKAGES[*package]), ecosystem: *package as u16 / 2 };
        parts.versions.push(facts);
        let mut row = Vec::new();
        for vulnerability in chance.some(vulnerabilities, 2) {
            let reason = chance.pick(&[Reason::InRange, Reason::InRange, Reason::Investigating, Reason::CommitsOnly]);
            let (has_fix, confidence_percent) = (chance.once_in(2), chance.pick(&[30, 100]));
            row.insert(0, MatchFacts { vulnerability, reason, has_fix, confidence_percent });
        }
        parts.matches.push(row);
    }
    let mut names = Vec::new();
    for number in 0..vulnerabilities {
        parts.vulnerabilities.push(VulnerabilityFacts {
            severity: chance.maybe(2, |chance| chance.pick(&[0.0, 5.5, 9.8])),
            word: chance.below(3) as u8,
            epss: chance.maybe(2, |chance| chance.pick(&[0.001, 0.5])),
            flags: chance.pick(&[Flags::NONE, Flags::NONE, Flags::KEV, Flags::EUVD, Flags::MALICIOUS]),
            first_known: chance.maybe(2, |chance| Timestamp(chance.below(4) as i64 - 2)),
        });
        names.push(vec![Box::from(format!("CVE-2024-{number:04}")), Box::from(format!("GHSA-{number}"))]);
    }
    parts.vulnerability_texts = Texts::of(names.iter().map(|names| names.join(" Flaw ")));
    parts.names = Rows::of(names);
    let uses: Vec<Vec<(u32, Option<bool>, Scope)>> = (0..systems)
        .map(|_| {
            let mut row = Vec::new();
            for version in chance.some(texts.len(), 2) {
                row.insert(0, (version, chance.pick(&[None, Some(true), Some(false)]), chance.pick(&Scope::ALL)));
            }
            row
        })
        .collect();
    parts.uses =
        Rows::of(uses.iter().map(|row| row.iter().map(|(version, direct, scope)| Use::of(*version, *direct, *scope))));
    World { parts, uses, priority, due }
}

pub fn viewer(chance: &mut Chance, world: &World) -> Viewer {
    let systems = world.parts.systems.len();
    let visible = match chance.below(3) {
        0 => Bits::all(systems),
        1 => Bits::of(systems, chance.some(systems, 2)),
        _ => Bits::of(systems, chance.some(systems, 6)),
    };
    let vulnerabilities = world.parts.vulnerabilities.len();
    let withheld = chance.maybe(4, |chance| Bits::of(vulnerabilities, chance.some(vulnerabilities, 3)));
    Viewer { systems: visible, withheld: withheld.unwrap_or_default() }
}

pub fn order(chance: &mut Chance) -> Order {
    Order { by: chance.pick(&Key::ALL), descending: chance.once_in(2) }
}

pub fn filter(chance: &mut Chance, world: &World) -> Filter {
    let parts = &world.parts;
    let mut filter = Filter::default();
    for _ in 0..chance.below(4) {
        match chance.below(26) {
            0 => filter.statuses = vec![chance.pick(&FindingStatus::ALL), FindingStatus::Open],
            1 => filter.severity_at_least = Some(chance.pick(&[0.0, 5.5, 9.0])),
            2 => filter.words = vec![chance.below(3) as u8],
            3 => filter.epss_at_least = Some(chance.pick(&[0.0, 0.4])),
            4 => filter.any_flag = chance.pick(&[Flags::KEV, Flags::EXPLOITED]),
            5 => filter.no_flag = Flags::MALICIOUS,
            6 => filter.agencies = Some(chance.some(parts.agencies.len(), 2)),
            7 => filter.systems = Some(chance.some(parts.systems.len(), 2)),
            8 => filter.exposures = vec![chance.pick(Exposure::ALL), Exposure::Internet],
            9 => filter.needs = vec![chance.pick(ProtectionNeed::ALL), ProtectionNeed::High],
            10 => filter.direct = vec![chance.pick(&[None, Some(true), Some(false)])],
            11 => filter.scopes = vec![chance.pick(&Scope::ALL), Scope::Runtime],
            12 => filter.package_text = chance.pick(&["npm ALPHA", "debian", "1.1", "no such"]).to_owned(),
            13 => filter.versions = Some(chance.some(parts.versions.len(), 2)),
            14 => filter.ecosystems = Some(vec![chance.below(2) as u16]),
            15 => filter.vulnerability_text = chance.pick(&["cve flaw", "GHSA-1", "no such"]).to_owned(),
            16 => filter.vulnerabilities = Some(chance.some(parts.vulnerabilities.len(), 2)),
            17 => filter.first_known_since = Some(Timestamp(chance.below(4) as i64 - 2)),
            18 => filter.first_known_until = Some(Timestamp(chance.below(4) as i64 - 2)),
            19 => filter.fixable = Some(chance.once_in(2)),
            20 => filter.reasons = vec![chance.pick(&[Reason::InRange, Reason::Investigating])],
            21 | 22 => filter.due_before = Some((20_000 + chance.below(50)) as Day),
            23 => filter.due_since = Some((20_000 + chance.below(50)) as Day),
            _ => filter.priority_at_least = Some(chance.below(30) as u16),
        }
    }
    if chance.once_in(8) {
        filter.confidence_at_least = 50;
    }
    filter
}
