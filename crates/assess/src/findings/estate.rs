// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the government has and what is known about it, as plain arrays.

use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};
use underpin_model::watch::Reason;
use underpin_model::{PackageId, Timestamp};

use super::bits::Bits;
use super::place::{CLASS_BITS, CLASSES, system_code, use_code};
use super::rows_of::Rows;
use super::texts::Texts;

/// A system.
#[derive(Clone, Copy, Debug)]
pub struct SystemFacts {
    /// Number of the agency that owns it.
    pub agency: u32,
    /// Who can reach it.
    pub exposure: Exposure,
    /// The highest of its three protection needs.
    pub need: ProtectionNeed,
}

/// A package version.
#[derive(Clone, Copy, Debug)]
pub struct VersionFacts {
    /// Its package.
    pub package: PackageId,
    /// Its ecosystem, by a number of the caller's own list.
    pub ecosystem: u16,
}

/// What is said of a vulnerability beyond yes and no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// On CISA's list of exploited vulnerabilities.
    pub const KEV: Self = Self(1);
    /// On ENISA's list of exploited vulnerabilities.
    pub const EUVD: Self = Self(2);
    /// On either list.
    pub const EXPLOITED: Self = Self(3);
    /// Used by ransomware.
    pub const RANSOMWARE: Self = Self(4);
    /// The package itself is malicious.
    pub const MALICIOUS: Self = Self(8);

    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they share a flag.
    pub fn shares(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A vulnerability: advisories joined by alias.
#[derive(Clone, Copy, Debug, Default)]
pub struct VulnerabilityFacts {
    /// Severity, 0 to 10 (CVSS); `None` when not known.
    pub severity: Option<f32>,
    /// Severity as a word, by a number of the caller's own list.
    pub word: u8,
    /// Probability of exploitation within 30 days (EPSS), 0 to 1.
    pub epss: Option<f32>,
    /// Exploited, malicious.
    pub flags: Flags,
    /// When any source first knew of it.
    pub first_known: Option<Timestamp>,
}

/// A vulnerability of a package version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchFacts {
    /// Number of the vulnerability.
    pub vulnerability: u32,
    /// Why it is thought so; the verdict follows from it.
    pub reason: Reason,
    /// Whether a version without the vulnerability is known.
    pub has_fix: bool,
    /// How sure, in percent.
    pub confidence_percent: u8,
}

/// A use of a package version in a system, in four bytes: the other end of the use, and the class of its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use(u32);

impl Use {
    /// How many systems or package versions an estate can have: what is left of four bytes beside the class.
    pub const ENDS: usize = 1 << (32 - CLASS_BITS);

    /// A use of a package version (below [`Use::ENDS`]).
    pub fn of(version: u32, direct: Option<bool>, scope: Scope) -> Self {
        Self::packed(version, use_code(direct, scope))
    }

    pub(super) fn packed(end: u32, class: u16) -> Self {
        Self(end << CLASS_BITS | u32::from(class))
    }

    /// The system or the package version.
    #[inline]
    pub fn end(self) -> u32 {
        self.0 >> CLASS_BITS
    }

    /// The number of its class.
    #[inline]
    pub(super) fn class(self) -> u16 {
        (self.0 & (CLASSES as u32 - 1)) as u16
    }
}

/// What an estate is made of. Numbers are positions in these lists, and lists are in the order of display.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The agency above each agency.
    pub agencies: Vec<Option<u32>>,
    /// Systems.
    pub systems: Vec<SystemFacts>,
    /// Package versions.
    pub versions: Vec<VersionFacts>,
    /// Canonical purl of each package version.
    pub version_texts: Texts,
    /// Uses by system: each package version once a system.
    pub uses: Rows<Use>,
    /// Matches by package version: each vulnerability once a version.
    pub matches: Rows<MatchFacts>,
    /// Vulnerabilities.
    pub vulnerabilities: Vec<VulnerabilityFacts>,
    /// All names of all vulnerabilities (by vulnerability), the main one first.
    pub names: Rows<Box<str>>,
    /// What a search in vulnerabilities looks at: names, title, and what the caller wants found.
    pub vulnerability_texts: Texts,
}

/// Why parts make no estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {number}: {fault}")]
pub struct InvalidEstate {
    /// Which list.
    pub what: &'static str,
    /// Which entry of it.
    pub number: u32,
    /// What is wrong with it.
    pub fault: &'static str,
}

/// The government's uses and matches, in both directions.
#[derive(Clone, Debug)]
pub struct Estate {
    pub(super) agencies: Vec<Option<u32>>,
    pub(super) systems: Vec<SystemFacts>,
    pub(super) versions: Vec<VersionFacts>,
    pub(super) version_texts: Texts,
    pub(super) vulnerabilities: Vec<VulnerabilityFacts>,
    pub(super) vulnerability_texts: Texts,
    pub(super) names: Rows<Box<str>>,
    /// By system; ends are versions.
    pub(super) by_system: Rows<Use>,
    /// By version; ends are systems.
    pub(super) by_version: Rows<Use>,
    /// By version, in the order of vulnerabilities. The number of a match is its place among the items.
    pub(super) matches: Rows<MatchFacts>,
    /// Version of each match.
    pub(super) match_versions: Vec<u32>,
    /// Numbers of matches by vulnerability, in the order of versions.
    pub(super) by_vulnerability: Rows<u32>,
    /// Classes that occur.
    pub(super) classes: Bits,
}

impl Estate {
    /// Checks the parts and turns them round.
    ///
    /// # Errors
    /// When lists disagree in length, a number names nothing, or a use or match is there twice.
    pub fn new(parts: Parts) -> Result<Self, InvalidEstate> {
        check_lengths(&parts)?;
        let Parts { systems, versions, vulnerabilities, mut uses, mut matches, .. } = parts;
        let mut classes = Bits::none(CLASSES);
        for (number, system) in systems.iter().enumerate() {
            let place = system_code(system.exposure, system.need);
            let row = uses.row_mut(number as u32);
            for used in row.iter_mut() {
                *used = Use::packed(used.end(), used.class() | place);
                classes.insert(u32::from(used.class()));
            }
            row.sort_unstable();
            let ends = || row.iter().map(|used| used.end());
            check_row("system", number, ends(), versions.len())?;
        }
        for number in 0..versions.len() {
            let row = matches.row_mut(number as u32);
            row.sort_unstable_by_key(|found| found.vulnerability);
            check_row("package version", number, row.iter().map(|found| found.vulnerability), vulnerabilities.len())?;
        }
        let by_version = uses.turned(versions.len(), |_, system, used| (used.end(), Use::packed(system, used.class())));
        let mut match_versions = Vec::with_capacity(matches.items().len());
        for number in 0..versions.len() as u32 {
            match_versions.extend(matches.row(number).iter().map(|_| number));
        }
        let by_vulnerability = matches.turned(vulnerabilities.len(), |at, _, found| (found.vulnerability, at as u32));
        Ok(Self {
            agencies: parts.agencies,
            systems,
            versions,
            version_texts: parts.version_texts,
            vulnerabilities,
            vulnerability_texts: parts.vulnerability_texts,
            names: parts.names,
            by_system: uses,
            by_version,
            matches,
            match_versions,
            by_vulnerability,
            classes,
        })
    }

    /// The package versions that a system uses.
    pub fn versions_of(&self, system: u32) -> impl Iterator<Item = u32> + '_ {
        self.by_system.row(system).iter().map(|used| used.end())
    }

    /// The package versions whose text contains every word of `words`, in upper or lower case.
    pub fn versions_called(&self, words: &str) -> Bits {
        self.version_texts.search(words)
    }

    /// The systems that use a package version.
    pub fn systems_of(&self, version: u32) -> impl Iterator<Item = u32> + '_ {
        self.by_version.row(version).iter().map(|used| used.end())
    }

    /// The vulnerabilities of a package version.
    pub fn matches_of(&self, version: u32) -> &[MatchFacts] {
        self.matches.row(version)
    }

    /// Number of the agency that owns a system.
    pub fn agency_of(&self, system: u32) -> u32 {
        self.systems[system as usize].agency
    }

    /// How many systems.
    pub fn systems(&self) -> usize {
        self.systems.len()
    }

    /// How many uses of a package version in a system.
    pub fn uses(&self) -> usize {
        self.by_system.items().len()
    }

    /// How many matches of a vulnerability and a package version.
    pub fn matches(&self) -> usize {
        self.matches.items().len()
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let facts = self.agencies.capacity() * size_of::<Option<u32>>()
            + self.systems.capacity() * size_of::<SystemFacts>()
            + self.versions.capacity() * size_of::<VersionFacts>()
            + self.vulnerabilities.capacity() * size_of::<VulnerabilityFacts>();
        let names: usize = self.names.items().iter().map(|name| name.len()).sum();
        let texts = self.version_texts.bytes() + self.vulnerability_texts.bytes() + self.names.bytes() + names;
        let uses = self.by_system.bytes() + self.by_version.bytes();
        let matches = self.matches.bytes() + self.match_versions.capacity() * 4 + self.by_vulnerability.bytes();
        facts + texts + uses + matches
    }
}

fn check_lengths(parts: &Parts) -> Result<(), InvalidEstate> {
    let lengths = [
        ("uses", parts.uses.len(), parts.systems.len()),
        ("matches", parts.matches.len(), parts.versions.len()),
        ("package version texts", parts.version_texts.len(), parts.versions.len()),
        ("names", parts.names.len(), parts.vulnerabilities.len()),
        ("vulnerability texts", parts.vulnerability_texts.len(), parts.vulnerabilities.len()),
    ];
    for (what, length, expected) in lengths {
        if length != expected {
            return Err(InvalidEstate { what, number: length as u32, fault: "the list has another length" });
        }
    }
    for (what, length) in [("systems", parts.systems.len()), ("package versions", parts.versions.len())] {
        if length > Use::ENDS {
            return Err(InvalidEstate { what, number: length as u32, fault: "there are too many" });
        }
    }
    let agencies = parts.agencies.len() as u32;
    let is_agency = |number: &u32| *number < agencies;
    let orphan = parts.systems.iter().position(|system| !is_agency(&system.agency));
    if let Some(number) = orphan {
        return Err(InvalidEstate { what: "system", number: number as u32, fault: "its agency does not exist" });
    }
    let orphan = parts.agencies.iter().position(|parent| !parent.as_ref().is_none_or(is_agency));
    if let Some(number) = orphan {
        return Err(InvalidEstate {
            what: "agency",
            number: number as u32,
            fault: "the agency above it does not exist",
        });
    }
    Ok(())
}

/// A sorted row names what exists, and each once.
fn check_row(
    what: &'static str,
    number: usize,
    ends: impl Iterator<Item = u32>,
    length: usize,
) -> Result<(), InvalidEstate> {
    let mut last = None;
    for end in ends {
        if end as usize >= length {
            return Err(InvalidEstate { what, number: number as u32, fault: "it names something that does not exist" });
        }
        if last.replace(end) == Some(end) {
            return Err(InvalidEstate { what, number: number as u32, fault: "it names something twice" });
        }
    }
    Ok(())
}
