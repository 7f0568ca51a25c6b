// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The packages of a continent: the same for every seed. A package has a number, by how common it is in its ecosystem; its
//! name, its versions and its licence follow from that.

use super::corpus::{self, Popularity};
use crate::simulated::Seeded;

/// Numbers from here on are packages that one system brought in, and that no advisory knows.
const OWN: u64 = 1 << 32;
/// Packages of its own that one system can bring in.
pub(super) const OWN_OF_A_SYSTEM: u64 = 1 << 16;
/// The version of a package that states none.
pub(super) const UNSTATED: u16 = u16::MAX;

/// What is decided by chance apart from everything else.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    System = 1,
    Document = 2,
    Image = 3,
    Versions = 4,
    Licence = 5,
    Advisories = 6,
}

/// A stream of numbers of its own for everything that is decided by chance.
pub(super) fn stream(about: About, parts: [u64; 3]) -> Seeded {
    let mut state = about as u64;
    for part in parts {
        state = Seeded::new(state ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)).next_number();
    }
    Seeded::new(state)
}

/// An ecosystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// Red Hat and its like.
    RedHat,
    /// Alpine.
    Alpine,
    /// Go.
    Golang,
    /// npm.
    Npm,
    /// Maven.
    Maven,
    /// Without a package URL.
    Generic,
    /// PyPI.
    Pypi,
    /// RubyGems.
    Gem,
}

impl Kind {
    /// Those of operating systems, in the order of the numbers about documents.
    pub const SYSTEMS: [Self; 4] = [Self::Debian, Self::Ubuntu, Self::RedHat, Self::Alpine];
    /// The others, in the order of the numbers about uses.
    pub const LANGUAGES: [Self; 6] = [Self::Golang, Self::Npm, Self::Maven, Self::Generic, Self::Pypi, Self::Gem];

    pub(super) fn popularity(self) -> Popularity {
        match self {
            Self::Debian | Self::Ubuntu => corpus::DEB,
            Self::RedHat => corpus::RPM,
            Self::Alpine => corpus::APK,
            Self::Golang => corpus::GOLANG,
            Self::Npm => corpus::NPM,
            Self::Maven => corpus::MAVEN,
            Self::Generic => corpus::GENERIC,
            Self::Pypi => corpus::PYPI,
            Self::Gem => corpus::GEM,
        }
    }

    /// Releases of the operating system that images are made from; one that says nothing for all else.
    pub fn releases(self) -> &'static [&'static str] {
        match self {
            Self::Debian => &["debian-11", "debian-12", "debian-10"],
            Self::Ubuntu => &["ubuntu-20.04", "ubuntu-22.04", "ubuntu-18.04"],
            Self::RedHat => &["rhel-8.6", "rhel-9.2"],
            Self::Alpine => &["alpine-3.16", "alpine-3.17", "alpine-3.18"],
            _ => &[""],
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Debian => 'd',
            Self::Ubuntu => 'u',
            Self::RedHat => 'r',
            Self::Alpine => 'a',
            Self::Golang => 'o',
            Self::Npm => 'n',
            Self::Maven => 'm',
            Self::Generic => 'g',
            Self::Pypi => 'p',
            Self::Gem => 'e',
        }
    }
}

/// A place in a list of weights, drawn so that each place comes up as often as its weight says.
pub(super) fn weighted(random: &mut Seeded, weights: impl Iterator<Item = u32> + Clone) -> usize {
    let all: u64 = weights.clone().map(u64::from).sum();
    let mut drawn = random.below(all);
    let mut last = 0;
    for (place, weight) in weights.enumerate() {
        last = place;
        if drawn < u64::from(weight) {
            break;
        }
        drawn -= u64::from(weight);
    }
    last
}

/// A number between two of twenty parts, each as likely as the others.
pub(super) fn within(random: &mut Seeded, parts: &[u32; 21]) -> u64 {
    let place = random.below(20) as usize;
    let (least, most) = (u64::from(parts[place]), u64::from(parts[place + 1]));
    least + random.below(most - least + 1)
}

/// A package of the ecosystem, drawn by how common it is.
pub(super) fn draw_package(random: &mut Seeded, kind: Kind) -> u64 {
    let popularity = kind.popularity();
    let power = weighted(random, popularity.uses.iter().copied());
    let first = if power == 0 { 0 } else { 1_u64 << (power - 1) };
    let end = (1_u64 << power).min(u64::from(popularity.packages)).max(first + 1);
    first + random.below(end - first)
}

/// Versions that a package has.
pub fn versions(kind: Kind, package: u64) -> u16 {
    if package >= OWN {
        return 1;
    }
    within(&mut stream(About::Versions, [kind as u64, package, 0]), &corpus::VERSIONS) as u16
}

/// A version of the package, drawn by how common it is: the newest ones most often.
pub(super) fn draw_version(random: &mut Seeded, kind: Kind, package: u64) -> u16 {
    let count = versions(kind, package);
    let place = weighted(random, corpus::USES_BY_VERSION.iter().copied().take(usize::from(count.max(1))));
    count.saturating_sub(1).saturating_sub(place as u16)
}

/// A package version of a continent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageVersion {
    /// Ecosystem.
    pub kind: Kind,
    /// Place in the releases of the operating system.
    pub release: u8,
    /// Number of the package.
    pub package: u64,
    /// Number of the version, oldest first.
    pub version: u16,
}

impl PackageVersion {
    /// One that no other system has.
    pub(super) fn own(kind: Kind, system: u64, count: u64) -> Self {
        let package = OWN + system.wrapping_mul(OWN_OF_A_SYSTEM).wrapping_add(count % OWN_OF_A_SYSTEM);
        Self { kind, release: 0, package, version: 0 }
    }

    /// Whether one system brought it in.
    pub fn is_own(&self) -> bool {
        self.package >= OWN
    }

    /// Name, without a namespace.
    pub fn name(&self) -> String {
        name(self.kind, self.package)
    }

    /// Version; empty where none is stated.
    pub fn version_text(&self) -> String {
        if self.version == UNSTATED { String::new() } else { version_text(self.kind, self.version) }
    }

    /// The release of the operating system; empty for all else.
    pub fn distribution(&self) -> &'static str {
        let releases = self.kind.releases();
        releases.get(usize::from(self.release)).copied().unwrap_or_default()
    }

    /// Package URL; empty where the document has none.
    pub fn purl(&self) -> String {
        let (name, version, release) = (self.name(), self.version_text(), self.distribution());
        let at = if version.is_empty() { String::new() } else { format!("@{version}") };
        let group = self.package % 41;
        match self.kind {
            Kind::Debian => format!("pkg:deb/debian/{name}{at}?distro={release}"),
            Kind::Ubuntu => format!("pkg:deb/ubuntu/{name}{at}?distro={release}"),
            Kind::RedHat => format!("pkg:rpm/redhat/{name}{at}?distro={release}"),
            Kind::Alpine => format!("pkg:apk/alpine/{name}{at}?distro={release}"),
            Kind::Golang => format!("pkg:golang/example.org/group{group}/{name}{at}"),
            Kind::Npm if self.package % 4 == 3 => format!("pkg:npm/%40group{group}/{name}{at}"),
            Kind::Npm => format!("pkg:npm/{name}{at}"),
            Kind::Maven => format!("pkg:maven/org.example.group{group}/{name}{at}"),
            Kind::Pypi => format!("pkg:pypi/{name}{at}"),
            Kind::Gem => format!("pkg:gem/{name}{at}"),
            Kind::Generic => String::new(),
        }
    }

    /// The licence that documents state for the package; `None` where they state none.
    pub fn licence(&self) -> Option<&'static str> {
        let mut random = stream(About::Licence, [self.kind as u64, self.package, 0]);
        let states = random.below(1_000) < corpus::LICENCES_PER_THOUSAND.1;
        let place = weighted(&mut random, corpus::LICENCES.iter().map(|(_, uses)| *uses));
        states.then(|| corpus::LICENCES[place].0)
    }
}

/// A name that no real package has: some syllables, the ecosystem, and the number of the package.
pub(super) fn name(kind: Kind, package: u64) -> String {
    const FIRST: &[u8; 16] = b"bdfgklmnprstvwxz";
    const SECOND: &[u8; 4] = b"aeio";
    let mut mixed = Seeded::new(package).next_number();
    let mut name = String::from("sim-");
    for _ in 0..3 {
        name.push(char::from(FIRST[(mixed & 15) as usize]));
        name.push(char::from(SECOND[((mixed >> 4) & 3) as usize]));
        mixed >>= 6;
    }
    name.push('-');
    name.push(kind.letter());
    name.push_str(&package.to_string());
    name
}

/// The text of a version, so that a larger number is a newer version by the rules of its ecosystem.
pub(super) fn version_text(kind: Kind, version: u16) -> String {
    let (major, minor) = (1 + version / 16, version % 16);
    match kind {
        Kind::Debian | Kind::Ubuntu => format!("{major}.{minor}.2-1"),
        Kind::RedHat => format!("{major}.{minor}.2-1.el8"),
        Kind::Alpine => format!("{major}.{minor}.2-r0"),
        Kind::Golang => format!("v{major}.{minor}.2"),
        _ => format!("{major}.{minor}.2"),
    }
}
