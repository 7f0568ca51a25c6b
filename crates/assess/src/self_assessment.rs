// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the Standard for Public Code 0.8.0 (CC0, <https://standard.publiccode.net>) asks for: every requirement of its 16 criteria, in its
//! order, with the practices here that say something about it.
//!
//! Most of it no program can judge: that is for a person, who answers with name and day. The standard has no names for its requirements,
//! so one is called by its criterion and its place there, as `code-in-the-open-1`.

use serde::Serialize;

/// Stable name of the standard, and the version that was read.
pub const PUBLIC_CODE: (&str, &str) = ("public-code", "0.8.0");

/// How strongly a standard asks, in the words of RFC 2119.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// It must be so.
    #[default]
    Must,
    /// It should be so.
    Should,
    /// It is optional.
    May,
}

impl Strength {
    /// All of them, the strongest first.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::May];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
        }
    }
}

/// A requirement within its criterion: how strongly it is asked for, and the practices that say something about it.
type Asked = (Strength, &'static [&'static str]);

/// What belongs together in the standard.
struct Criterion {
    id: &'static str,
    requirements: &'static [Asked],
}

/// A requirement of the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub id: String,
    /// Its criterion.
    pub criterion: &'static str,
    /// How strongly it is asked for.
    pub strength: Strength,
    /// Practices that say something about it: when one of them is not met, neither is the requirement.
    pub practices: &'static [&'static str],
}

/// All requirements, in the order of the criteria.
pub fn requirements() -> impl Iterator<Item = Requirement> {
    CRITERIA.iter().flat_map(|criterion| {
        (1..).zip(criterion.requirements).map(|(number, (strength, practices))| Requirement {
            id: format!("{}-{number}", criterion.id),
            criterion: criterion.id,
            strength: *strength,
            practices,
        })
    })
}

const fn must(practices: &'static [&'static str]) -> Asked {
    (Strength::Must, practices)
}

const fn should(practices: &'static [&'static str]) -> Asked {
    (Strength::Should, practices)
}

const fn may(practices: &'static [&'static str]) -> Asked {
    (Strength::May, practices)
}

const CRITERIA: &[Criterion] = &[
    Criterion {
        id: "code-in-the-open",
        requirements: &[must(&[]), must(&[]), must(&["nothing-sensitive"]), should(&[]), may(&[])],
    },
    Criterion {
        id: "bundle-policy-and-source-code",
        requirements: &[must(&["policy-bundled"]), must(&[]), should(&[]), should(&[])],
    },
    Criterion {
        id: "make-the-codebase-reusable-and-portable",
        requirements: &[
            must(&["reusable"]),
            must(&["independent"]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
        ],
    },
    Criterion {
        id: "welcome-contributors",
        requirements: &[
            must(&[]),
            must(&["contributing-guide"]),
            must(&["governance"]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            may(&["code-of-conduct"]),
        ],
    },
    Criterion {
        id: "make-contributing-easy",
        requirements: &[
            must(&["public-tracker"]),
            must(&[]),
            must(&[]),
            must(&["closed-channel"]),
            must(&["security-policy"]),
        ],
    },
    Criterion {
        id: "maintain-version-control",
        requirements: &[
            must(&["version-control"]),
            must(&["decisions-in-commits"]),
            must(&["decisions-in-commits"]),
            should(&["version-control"]),
            should(&[]),
            should(&[]),
            should(&[]),
            may(&["commits-signed"]),
        ],
    },
    Criterion {
        id: "require-review-of-contributions",
        requirements: &[
            must(&["reviews"]),
            must(&[]),
            must(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            may(&[]),
        ],
    },
    Criterion { id: "document-codebase-objectives", requirements: &[must(&["objectives"]), should(&[]), may(&[])] },
    Criterion {
        id: "document-the-code",
        requirements: &[
            must(&[]),
            must(&["install-guide"]),
            must(&["examples"]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            may(&[]),
        ],
    },
    Criterion {
        id: "use-plain-english",
        requirements: &[
            must(&["languages-told"]),
            must(&["languages-told"]),
            must(&[]),
            must(&[]),
            must(&[]),
            should(&[]),
            should(&[]),
            may(&[]),
        ],
    },
    Criterion {
        id: "use-open-standards",
        requirements: &[
            must(&[]),
            must(&[]),
            must(&["standards-listed"]),
            must(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
        ],
    },
    Criterion {
        id: "use-continuous-integration",
        requirements: &[
            must(&["tests-of-all"]),
            must(&["tests-run"]),
            must(&[]),
            must(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            may(&[]),
            may(&[]),
            may(&[]),
        ],
    },
    Criterion {
        id: "publish-with-an-open-license",
        requirements: &[
            must(&["free-licence"]),
            must(&["free-licence"]),
            must(&["licence-file"]),
            must(&["copyright-kept"]),
            should(&["reuse-copyright", "reuse-licensing"]),
            may(&[]),
        ],
    },
    Criterion {
        id: "make-the-codebase-findable",
        requirements: &[
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&[]),
            should(&["publiccode-there"]),
            may(&[]),
            may(&[]),
        ],
    },
    Criterion {
        id: "use-a-coherent-style",
        requirements: &[must(&["style-guide"]), should(&[]), should(&[]), may(&[])],
    },
    Criterion {
        id: "document-codebase-maturity",
        requirements: &[must(&[]), must(&["maturity-told"]), must(&[]), should(&["changelog"]), should(&[]), may(&[])],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::practices::all;

    /// Counted in the text of the standard: 46 MUST, 51 SHOULD, 15 OPTIONAL in 16 criteria.
    #[test]
    fn every_requirement_of_the_standard_is_there_once() {
        let of = |strength| requirements().filter(|one| one.strength == strength).count();
        assert_eq!((of(Strength::Must), of(Strength::Should), of(Strength::May)), (46, 51, 15));
        let names: BTreeSet<String> = requirements().map(|one| one.id).collect();
        let criteria: BTreeSet<&str> = requirements().map(|one| one.criterion).collect();
        assert_eq!((names.len(), criteria.len()), (112, 16));
    }

    #[test]
    fn every_practice_that_is_named_is_one() {
        let known: BTreeSet<&str> = all().map(|practice| practice.id).collect();
        for requirement in requirements() {
            for practice in requirement.practices {
                assert!(known.contains(practice), "{practice} of {}", requirement.id);
            }
        }
    }

    /// What is judged for a person of the standard's own pack has its requirement, so that somebody is asked.
    #[test]
    fn what_needs_a_person_is_asked() {
        let asked: BTreeSet<&str> = requirements().flat_map(|one| one.practices.iter().copied()).collect();
        let own = all().filter(|practice| practice.pack == underpin_model::practices::Pack::Files);
        let missing: Vec<&str> = own.map(|practice| practice.id).filter(|id| !asked.contains(id)).collect();
        // That there is a pipeline at all is asked with the tests that it runs.
        assert_eq!(missing, ["readme", "pipeline-there"], "the standard asks for no readme as such");
    }
}
