// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One source's record about a vulnerability, or about a malicious package, as a reader understood it.
//!
//! The shape is that of OSV (ossf.github.io/osv-schema), because every open source of package advisories can be read into it;
//! what distributions say beyond it (module streams, "will not be fixed") has fields of its own. Texts borrow from the record.

use crate::Timestamp;
use crate::gap::Gaps;
use crate::inventory::Text;
use crate::words::words;

/// A record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advisory<'a> {
    /// Identifier in its source (`GHSA-…`, `DSA-…`, `MAL-…`, `CVE-…`).
    pub id: Text<'a>,
    /// Other names of the same flaw.
    pub aliases: Vec<Text<'a>>,
    /// Other records that have to do with it; never joined.
    pub related: Vec<Text<'a>>,
    /// Records that this one was made from (a distribution's advisory names its CVEs here): no aliases, for there may be several.
    pub upstream: Vec<Text<'a>>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed, by the source's clock.
    pub modified: Option<Timestamp>,
    /// When the source took it back.
    pub withdrawn: Option<Timestamp>,
    /// One line.
    pub summary: Text<'a>,
    /// The story, as written: hostile text.
    pub details: Text<'a>,
    /// How bad, for all that is affected.
    pub severities: Vec<Severity<'a>>,
    /// Links: kind and address.
    pub references: Vec<(Text<'a>, Text<'a>)>,
    /// Kinds of weakness (`CWE-79`).
    pub weaknesses: Vec<Text<'a>>,
    /// What is affected.
    pub affected: Vec<Affected<'a>>,
    /// What was missing or wrong in the record.
    pub gaps: Gaps,
}

impl Advisory<'_> {
    /// Whether it says that a package is malicious, not merely flawed.
    pub fn is_malicious(&self) -> bool {
        self.id.starts_with("MAL-")
    }
}

/// A statement of severity, not evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Severity<'a> {
    /// System: `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, the name of a scale of words (`Ubuntu`, `Debian`, else [`Severity::WORDS`]),
    /// or [`Severity::BASE_SCORE`].
    pub system: Text<'a>,
    /// Vector, word of the scale, or score.
    pub value: Text<'a>,
    /// Who says so, where that is not the source of the record.
    pub source: Text<'a>,
}

impl Severity<'_> {
    /// System of the usual words: low, moderate or medium, high, critical, in any case.
    pub const WORDS: &'static str = "severity";
    /// System of a CVSS 3 base score of which the source does not state the vector (`7.5`).
    pub const BASE_SCORE: &'static str = "CVSS_V3_SCORE";
}

/// A package that is affected, and in which versions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affected<'a> {
    /// Ecosystem with its release, as stated (`Debian:12`, `npm`).
    pub ecosystem: Text<'a>,
    /// Name in the ecosystem.
    pub name: Text<'a>,
    /// Package URL, where stated.
    pub purl: Text<'a>,
    /// Ranges; a version is affected if any of them, or the list, holds it.
    pub ranges: Vec<Range<'a>>,
    /// Versions by name.
    pub versions: Vec<Text<'a>>,
    /// How bad, for this package.
    pub severities: Vec<Severity<'a>>,
    /// What the source says about these versions.
    pub status: AffectedStatus,
    /// The source's own word for the status (`no-dsa`, `postponed`, …).
    pub status_word: Text<'a>,
    /// Module stream of rpm that it is about (`nodejs:18`); empty for packages outside modules, or where not stated.
    pub module: Text<'a>,
    /// Processor architectures it is limited to, in the source's words.
    pub architectures: Vec<Text<'a>>,
    /// Operating systems it is limited to, in the source's words.
    pub platforms: Vec<Text<'a>>,
    /// Parts of the package that hold the flaw (Go): a hint for reachability, never a verdict.
    pub imports: Vec<Import<'a>>,
    /// True when `ranges` is an approximation: the source says so, or a range had to be left out.
    pub is_inexact: bool,
    /// Ranges in the notation of the ecosystem; only where `ranges` is inexact, or neither ranges nor versions are given.
    pub native_ranges: Vec<NativeRange<'a>>,
    /// Not empty when it is no flaw but a remark: `unmaintained`, `unsound`, `notice` (RustSec).
    pub informational: Text<'a>,
}

/// A range in the notation of its ecosystem (`~> 3.0.16`, `>= 2, < 2.0.4`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativeRange<'a> {
    /// As the source wrote it; parts of one branch are joined by commas, which mean "and".
    pub text: Text<'a>,
    /// False: versions in any of these are affected. True: versions in any of these are not affected. Where only such ranges
    /// are given, all other versions are affected.
    pub is_unaffected: bool,
}

/// A part of a package with a flaw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import<'a> {
    /// Path of the part.
    pub path: Text<'a>,
    /// Functions and types in it; empty for all.
    pub symbols: Vec<Text<'a>>,
}

words!(
    /// What a source says about the versions it lists.
    AffectedStatus {
        #[default]
        Affected "affected",
        NotAffected "not-affected",
        UnderInvestigation "under-investigation",
        WillNotFix "will-not-fix",
        Deferred "deferred",
        EndOfLife "end-of-life",
        Unimportant "unimportant",
    }
);

impl AffectedStatus {
    /// Whether the flaw is there, whatever is going to be done about it.
    pub fn is_affected(self) -> bool {
        !matches!(self, Self::NotAffected | Self::UnderInvestigation)
    }
}

/// A range of versions, as events in time order of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range<'a> {
    /// Which order its versions have.
    pub kind: RangeKind,
    /// Repository, for commits.
    pub repository: Text<'a>,
    /// What happened in which version.
    pub events: Vec<Event<'a>>,
}

words!(
    /// The order of a range.
    RangeKind {
        SemVer "semver",
        #[default]
        Ecosystem "ecosystem",
        Git "git",
    }
);

/// What happened in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The flaw came in with this version; `0` is before every version.
    Introduced(Text<'a>),
    /// It is gone from this version on.
    Fixed(Text<'a>),
    /// This is the last version with it.
    LastAffected(Text<'a>),
    /// The range says nothing from this version on; `*` is no limit.
    Limit(Text<'a>),
}

impl Event<'_> {
    /// The version.
    pub fn version(&self) -> &str {
        match self {
            Self::Introduced(version) | Self::Fixed(version) | Self::LastAffected(version) | Self::Limit(version) => {
                version
            }
        }
    }
}
