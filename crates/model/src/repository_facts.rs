// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What history, signatures and the forge of a repository show about practices. Counts and places, never people.

use serde::{Deserialize, Serialize};

use crate::practices::{Fault, Obstacle};
use crate::proofs::BuildLevel;
use crate::words::words;

/// A count that is exact, or a lower bound where a part could not be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// So many were seen.
    pub seen: u64,
    /// Why there may be more.
    pub missing: Option<Obstacle>,
}

/// What the last six months of a history show: after the same moment six months earlier, up to and with the moment asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFacts {
    /// Commits that lead to the newest one, merges and programs with them.
    pub commits: Count,
    /// Tags, by their own date or that of their commit.
    pub tags: Count,
    /// Those of them with a signature that is not known to be broken.
    pub signed_tags: u64,
    /// The fewest people who made half of the commits, without merges and programs; zero where nobody made one.
    pub half_made_by: Option<u64>,
    /// Commits and tags dated after the moment asked for. They are not among the others.
    pub later: u64,
}

words!(
    /// How the signature of something stands.
    SignatureState {
        #[default] Unsigned "unsigned",
        // There is one, of a key that is not among those given.
        UnknownKey "unknown-key",
        // It does not fit, has expired, or is made in a way that proves nothing.
        Broken "broken",
        // It fits, and is of a key that was given.
        Verified "verified",
    }
);

/// A tag or commit with its signature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedThing {
    /// The name of the tag in full, or the commit.
    pub name: String,
    /// How its signature stands.
    pub state: SignatureState,
}

/// What the signatures of the last twelve months show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureFacts {
    /// Whether keys were given.
    pub has_keys: bool,
    /// Tags of releases.
    pub tags: Vec<SignedThing>,
    /// Commits that lead to the newest one.
    pub commits: Vec<SignedThing>,
    /// Why there may be more.
    pub missing: Option<Obstacle>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// Those that have it.
    pub part: u64,
    /// All that were looked at.
    pub whole: u64,
}

/// What a forge says about a repository. Each is `None` where it was not told. Nobody's name is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeFacts {
    /// Whether the default branch takes no forced push.
    pub protected_branch: Option<bool>,
    /// Whether changes of the default branch need the approval of somebody else.
    pub review_required: Option<bool>,
    /// Changes merged in the last six months that somebody else than their author reviewed.
    pub reviewed: Option<PartOf>,
    /// Mean seconds until the first reaction of somebody else to an issue of the last three months; one without a reaction counts
    /// with the time that it has waited.
    pub reaction_seconds: Option<u64>,
    /// How many issues that rests on.
    pub issues: Option<u64>,
    /// Whether vulnerabilities can be reported in private.
    pub private_reports: Option<bool>,
    /// Whether members of the organisation need a second factor.
    pub second_factor: Option<bool>,
    /// Whether releases cannot be changed afterwards.
    pub immutable_releases: Option<bool>,
    /// Whether the repository is archived.
    pub archived: Option<bool>,
    /// Whether the default branch cannot be deleted.
    #[serde(default)]
    pub branch_kept: Option<bool>,
    /// Whether the default branch is changed by proposals alone.
    #[serde(default)]
    pub by_proposals: Option<bool>,
    /// Whether everybody may read it.
    #[serde(default)]
    pub is_public: Option<bool>,
    /// Whether it has a place for issues.
    #[serde(default)]
    pub has_issues: Option<bool>,
}

/// Where secrets stand. The secrets themselves are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretFacts {
    /// What a shape of its own, a checksum or a structure shows to be one.
    pub sure: Vec<Fault>,
    /// What may be one.
    pub hints: Vec<Fault>,
    /// Why there may be more.
    pub missing: Option<Obstacle>,
}

/// A file of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasedFile {
    /// Its name.
    pub name: String,
    /// The best level that an attestation shows for it.
    pub level: BuildLevel,
    /// Whether an attestation is about it, believed or not.
    pub is_claimed: bool,
}

/// What the attestations of a release show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseFacts {
    /// Whether keys or authorities were given.
    pub has_keys: bool,
    /// Whether builders were named that count.
    pub has_builders: bool,
    /// Whether some of them keep builds apart.
    pub has_hardened: bool,
    /// Files that are no attestations, signatures or lists of digests.
    pub files: Vec<ReleasedFile>,
}
