// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents still count: a newer document of the same tool about the same subject name (any version) and the
//! same deployment of the same system supersedes the older one.
//!
//! The same bytes read together with more files (a `go.sum` that came later) supersede what they said alone, whatever
//! they are about.
//!
//! Newer means created later, by what the documents say; among equals the one learned later, then the one with the
//! higher number. Nameless subjects (`.`, empty, a bare path) and documents without a tool never supersede anything.

use std::collections::HashMap;
use std::hash::Hash;

use underpin_model::{EvidenceId, Timestamp};

/// A document bound to a system, as far as superseding looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its number.
    pub document: i64,
    /// The system, by any stable key.
    pub system: &'a str,
    /// The deployment, empty when none is named.
    pub deployment: &'a str,
    /// Tool, without version.
    pub tool: &'a str,
    /// Subject name, without version.
    pub subject: &'a str,
    /// When it says it was made, else when it was learned.
    pub made: Timestamp,
    /// When it was learned.
    pub learned: Timestamp,
    /// Its original bytes.
    pub evidence: EvidenceId,
    /// How many files were read together with it.
    pub companions: usize,
}

/// True for names that do not tell one artefact from another.
pub fn is_nameless(subject: &str) -> bool {
    let subject = subject.trim();
    let drive = || subject.as_bytes().get(1..3).is_some_and(|rest| rest == b":\\" || rest == b":/");
    subject.is_empty()
        || subject == "."
        || subject == ".."
        || subject.starts_with(['/', '\\', '~'])
        || drive()
        || subject.starts_with("./")
        || subject.starts_with("../")
}

/// For each superseded binding (document and system, in the order given): the document that supersedes it.
pub fn superseded(candidates: &[Candidate<'_>]) -> Vec<Option<i64>> {
    let richest = best(
        candidates,
        |one| Some((one.system, one.deployment, one.evidence)),
        |one| (one.companions, one.learned, one.document),
    );
    // What is replaced by the same bytes takes no further part, or two could replace each other.
    let left = candidates.iter().zip(&richest).filter(|(_, replaced)| replaced.is_none());
    let left: Vec<Candidate<'_>> = left.map(|(candidate, _)| *candidate).collect();
    let mut newest = best(&left, Candidate::key, |one| (one.made, one.learned, one.document)).into_iter();
    richest.into_iter().map(|replaced| replaced.or_else(|| newest.next().flatten())).collect()
}

/// For each candidate: the one of the same key with the highest rank, where that is another one.
fn best<'a, K: Eq + Hash, R: Ord>(
    candidates: &[Candidate<'a>],
    key: impl Fn(&Candidate<'a>) -> Option<K>,
    rank: impl Fn(&Candidate<'a>) -> R,
) -> Vec<Option<i64>> {
    let mut best: HashMap<K, &Candidate<'a>> = HashMap::new();
    for candidate in candidates {
        if let Some(key) = key(candidate) {
            let known = best.entry(key).or_insert(candidate);
            if rank(candidate) > rank(known) {
                *known = candidate;
            }
        }
    }
    let other = |candidate: &Candidate<'a>| {
        let best = best.get(&key(candidate)?)?;
        (best.document != candidate.document).then_some(best.document)
    };
    candidates.iter().map(other).collect()
}

/// System, deployment, tool and subject.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

impl<'a> Candidate<'a> {
    /// What has to be equal for one document to supersede another; nothing when it takes no part.
    fn key(&self) -> Option<Key<'a>> {
        let counts = !is_nameless(self.subject) && !self.tool.is_empty();
        counts.then_some((self.system, self.deployment, self.tool, self.subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(document: i64, tool: &'static str, subject: &'static str, made: i64) -> Candidate<'static> {
        let made = Timestamp(made);
        let mut evidence = EvidenceId([0; 32]);
        evidence.0[..8].copy_from_slice(&document.to_be_bytes());
        Candidate {
            document,
            system: "portal",
            deployment: "",
            tool,
            subject,
            made,
            learned: made,
            evidence,
            companions: 0,
        }
    }

    #[test]
    fn the_newest_of_a_tool_about_a_subject_counts() {
        let given = [
            candidate(1, "syft", "portal", 10),
            candidate(2, "syft", "portal", 30),
            candidate(3, "syft", "portal", 20),
            candidate(4, "trivy", "portal", 5),
            candidate(5, "syft", "database", 1),
            Candidate { deployment: "test", ..candidate(6, "syft", "portal", 99) },
            Candidate { system: "register", ..candidate(7, "syft", "portal", 99) },
        ];
        assert_eq!(superseded(&given), [Some(2), None, Some(2), None, None, None, None]);
    }

    #[test]
    fn nameless_subjects_and_unknown_tools_never_supersede() {
        for subject in ["", ".", "/srv/app", "./app", "C:\\app", "  "] {
            let given = [candidate(1, "syft", subject, 1), candidate(2, "syft", subject, 2)];
            assert_eq!(superseded(&given), [None, None], "{subject:?}");
        }
        let given = [candidate(1, "", "portal", 1), candidate(2, "", "portal", 2)];
        assert_eq!(superseded(&given), [None, None]);
    }

    #[test]
    fn the_same_bytes_with_more_files_beside_them_count() {
        let evidence = EvidenceId([7; 32]);
        let same = |document, companions, made| Candidate { evidence, companions, ..candidate(document, "", "", made) };
        // Nameless and without a tool: what came with its companion counts, whenever that was.
        assert_eq!(superseded(&[same(1, 0, 1), same(2, 1, 2)]), [Some(2), None]);
        assert_eq!(superseded(&[same(1, 1, 1), same(2, 0, 2)]), [None, Some(1)]);
        // Of two that came with as many, the later one.
        assert_eq!(superseded(&[same(1, 1, 1), same(2, 1, 2), same(3, 0, 3)]), [Some(2), None, Some(2)]);
        let named = |document, companions, made| Candidate {
            evidence,
            companions,
            ..candidate(document, "syft", "portal", made)
        };
        assert_eq!(superseded(&[named(1, 1, 1), named(2, 0, 2)]), [None, Some(1)]);
        let elsewhere = Candidate { system: "register", ..same(2, 1, 2) };
        assert_eq!(superseded(&[same(1, 0, 1), elsewhere]), [None, None]);
    }

    #[test]
    fn one_of_two_equally_old_documents_is_left() {
        let given = [candidate(1, "syft", "portal", 1), candidate(2, "syft", "portal", 1)];
        assert_eq!(superseded(&given), [Some(2), None]);
    }
}
