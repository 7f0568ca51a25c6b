// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a package version has a vulnerability, and why we think so. One list names all reasons.

use crate::words::words;

words!(
    /// The answer about a package version and a vulnerability.
    Verdict {
        #[default]
        Unknown "unknown",
        NotAffected "not-affected",
        Fixed "fixed",
        UnderInvestigation "under-investigation",
        Affected "affected",
    }
);

macro_rules! reasons {
    ($($variant:ident $code:literal $verdict:ident $meaning:literal;)*) => {
        /// Why a verdict is what it is. Codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $(#[doc = $meaning] $variant,)* }

        impl Reason {
            /// Every reason, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means, in plain words.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// The verdict it gives.
            pub fn verdict(self) -> Verdict {
                match self { $(Self::$variant => Verdict::$verdict,)* }
            }
        }
    };
}

reasons! {
    InRange "in-range" Affected "The version lies in a range that the advisory gives.";
    InVersionList "in-version-list" Affected "The advisory names this version.";
    AllVersions "all-versions" Affected "The advisory names the package without any fixed version: every version is affected.";
    Unfixed "unfixed" Affected "The distribution has no fixed version for this release yet.";
    PackageBelowModule "package-below-module" Affected "The advisory names a package that seems to lie in this module: less sure than a match by the module's own name.";
    WillNotFix "will-not-fix" Affected "The distribution says that it is not going to fix it in this release.";
    Deferred "deferred" Affected "The distribution has put the fix off.";
    EndOfLife "end-of-life" Affected "The release gets no fixes any more.";
    Unimportant "unimportant" Affected "The distribution knows of it and calls it unimportant.";
    CpeInRange "cpe-in-range" Affected "A CVE record names this product (CPE) and a range that holds the version. Product names are easily mistaken: low confidence, to be checked.";
    CpeListed "cpe-listed" Affected "A CVE record names this product (CPE) and this version. Product names are easily mistaken: low confidence, to be checked.";
    CpeAllVersions "cpe-all-versions" Affected "A CVE record names this product (CPE) in every version. Product names are easily mistaken: low confidence, to be checked.";
    StatedAffected "stated-affected" Affected "Its supplier states that it is affected.";
    Malicious "malicious" Affected "The package itself is malicious.";
    BeforeIntroduced "before-introduced" NotAffected "The version is older than the flaw.";
    OutsideRanges "outside-ranges" NotAffected "The version lies in none of the ranges that the advisory gives.";
    FixedVersion "fixed-version" Fixed "The version is the fixed one or a later one.";
    BackPort "back-port" Fixed "The distribution has put the fix into this older version.";
    NeverAffected "never-affected" NotAffected "The distribution says that this package never had the flaw.";
    StatedNotAffected "stated-not-affected" NotAffected "Its supplier states that it is not affected.";
    StatedFixed "stated-fixed" Fixed "Its supplier states that it is fixed.";
    OtherModule "other-module" NotAffected "The advisory is about another module stream.";
    OtherRelease "other-release" NotAffected "The advisory is about other releases of the distribution.";
    CpeOtherVariant "cpe-other-variant" NotAffected "The CVE record is about another update, edition or target of this product (CPE).";
    CpeOtherPlatform "cpe-other-platform" NotAffected "The CVE record is about this product (CPE) on other platforms.";
    Withdrawn "withdrawn" NotAffected "The source has taken the advisory back.";
    Rejected "rejected" NotAffected "The CVE number was rejected.";
    Investigating "investigating" UnderInvestigation "The source is still looking into it.";
    Unversioned "unversioned" Unknown "The version in use is not known.";
    NotComparable "not-comparable" Unknown "The version in use cannot be held against the advisory's versions.";
    CommitsOnly "commits-only" Unknown "The advisory only names commits, and which commit this version is made of is not known.";
    NoRelease "no-release" Unknown "The release of the distribution is not known, and advisories differ by release.";
    UncertainVersion "uncertain-version" Unknown "The version was made up by a build tool and cannot be trusted in a comparison.";
    OwnedByDistribution "owned-by-distribution" NotAffected "The file belongs to a distribution's package: that package's own advisories count.";
    ThirdParty "third-party" Unknown "The package is not the distribution's own, so its advisories do not speak about it.";
    OtherOrigin "other-origin" Unknown "The package was taken from a repository or a file of its own, so advisories about the registry's package of that name do not speak about it.";
    CpeVariantUnknown "cpe-variant-unknown" Unknown "The CVE record is about certain updates, editions or targets of this product (CPE), and which one is in use is not known.";
    CpePlatformUnknown "cpe-platform-unknown" Unknown "The CVE record is about this product (CPE) on certain platforms only, and the platform is not known.";
    NoSource "no-source" Unknown "No source of advisories covers packages of this kind.";
    NotMentioned "not-mentioned" Unknown "No source that we hold says anything about this package and this vulnerability.";
    SourcesDisagree "sources-disagree" Unknown "Sources contradict each other.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
