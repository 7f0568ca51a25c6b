// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Advisories about the packages of a continent, as OSV records: so many that about as many package versions are hit as in the
//! corpus. They are made up, as the packages are.

use serde_json::{Value, json};

use super::world::{About, Kind, name, stream, version_text, versions};

/// Of a hundred packages, those that advisories speak of.
const SPOKEN_OF_PERCENT: u64 = 20;
/// Advisories about one package, by chance from one to as many.
const ABOUT_ONE: u64 = 22;
/// Of a hundred advisories, those without a version that mends.
const UNMENDED_PERCENT: u64 = 4;
/// Ecosystems that the advisories are about. There is none for Red Hat, and what has no package URL is in no feed.
pub const KINDS: [Kind; 8] =
    [Kind::Debian, Kind::Ubuntu, Kind::Alpine, Kind::Golang, Kind::Npm, Kind::Maven, Kind::Pypi, Kind::Gem];

const SEVERITIES: [&str; 4] = [
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
    "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:L/I:L/A:N",
    "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N",
];

/// An advisory about one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advisory {
    /// Identifier.
    pub id: String,
    /// Ecosystem.
    pub kind: Kind,
    /// Number of the package.
    pub package: u64,
    /// Number of the first version without it; `None` while there is none.
    pub fixed: Option<u16>,
    severity: &'static str,
}

/// All advisories about an ecosystem.
pub fn advisories(kind: Kind) -> impl Iterator<Item = Advisory> {
    let packages = if KINDS.contains(&kind) { u64::from(kind.popularity().packages) } else { 0 };
    (0..packages).flat_map(move |package| about(kind, package))
}

fn about(kind: Kind, package: u64) -> Vec<Advisory> {
    let mut random = stream(About::Advisories, [kind as u64, package, 0]);
    let count = if random.chance(SPOKEN_OF_PERCENT) { 1 + random.below(ABOUT_ONE) } else { 0 };
    let versions = versions(kind, package);
    let mut made = Vec::new();
    for number in 0..count {
        let is_unmended = random.chance(UNMENDED_PERCENT);
        // Most are mended early in the life of a package, so that few of the versions in use are hit.
        let (one, other) = (random.below(u64::from(versions)), random.below(u64::from(versions)));
        let fixed = (!is_unmended).then(|| one.min(other) as u16 + 1);
        let severity = SEVERITIES[random.below(SEVERITIES.len() as u64) as usize];
        // Where a package has one version alone, the one that mends it is not in use yet.
        let fixed = fixed.map(|fixed| fixed.min(versions.saturating_sub(1).max(1)));
        made.push(Advisory { id: format!("SIM-{}-{number}", name(kind, package)), kind, package, fixed, severity });
    }
    made
}

impl Advisory {
    /// Whether it speaks of this version of its package.
    pub fn hits(&self, version: u16) -> bool {
        self.fixed.is_none_or(|fixed| version < fixed)
    }

    /// Ecosystems of OSV that the record names, one for each release of an operating system.
    fn ecosystems(&self) -> Vec<String> {
        let numbered = |head: &str, tail: &str| -> Vec<String> {
            let number = |release: &&str| release.split_once('-').map_or("", |(_, number)| number).to_owned();
            self.kind.releases().iter().map(|release| format!("{head}{}{tail}", number(release))).collect()
        };
        match self.kind {
            Kind::Debian => numbered("Debian:", ""),
            Kind::Ubuntu => numbered("Ubuntu:", ":LTS"),
            Kind::Alpine => numbered("Alpine:v", ""),
            Kind::Golang => vec!["Go".to_owned()],
            Kind::Npm => vec!["npm".to_owned()],
            Kind::Maven => vec!["Maven".to_owned()],
            Kind::Pypi => vec!["PyPI".to_owned()],
            Kind::Gem => vec!["RubyGems".to_owned()],
            Kind::RedHat | Kind::Generic => Vec::new(),
        }
    }

    /// The record, as OSV has it.
    pub fn record(&self) -> Value {
        let name = name(self.kind, self.package);
        let group = self.package % 41;
        let name = match self.kind {
            Kind::Golang => format!("example.org/group{group}/{name}"),
            Kind::Npm if self.package % 4 == 3 => format!("@group{group}/{name}"),
            Kind::Maven => format!("org.example.group{group}:{name}"),
            _ => name,
        };
        let kind = if matches!(self.kind, Kind::Golang | Kind::Npm) { "SEMVER" } else { "ECOSYSTEM" };
        let mut events = vec![json!({ "introduced": "0" })];
        if let Some(fixed) = self.fixed {
            let text = version_text(self.kind, fixed);
            events.push(json!({ "fixed": text.strip_prefix('v').unwrap_or(&text) }));
        }
        let affected: Vec<Value> = self
            .ecosystems()
            .into_iter()
            .map(|ecosystem| {
                json!({
                    "package": { "ecosystem": ecosystem, "name": name },
                    "ranges": [{ "type": kind, "events": events }],
                })
            })
            .collect();
        json!({
            "schema_version": "1.6.0", "id": self.id, "modified": "2026-05-01T00:00:00Z", "published": "2026-04-01T00:00:00Z",
            "summary": format!("{name} does what it must not (made up)"),
            "severity": [{ "type": "CVSS_V3", "score": self.severity }],
            "affected": affected,
        })
    }
}
