// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents still count: a newer document of the same tool about the same subject name (any version) and the
//! same deployment of the same system supersedes the older one.
//!
//! Newer means created later, by what the documents say; among equals the one learned later, then the one with the
//! higher number. Nameless subjects (`.`, empty, a bare path) and documents without a tool never supersede anything.

use std::collections::HashMap;

use underpin_model::Timestamp;

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
    let age = |candidate: &Candidate<'_>| (candidate.made, candidate.learned, candidate.document);
    let mut newest: HashMap<Key<'_>, Candidate<'_>> = HashMap::new();
    for candidate in candidates {
        if let Some(key) = candidate.key() {
            let best = newest.entry(key).or_insert(*candidate);
            if age(candidate) > age(best) {
                *best = *candidate;
            }
        }
    }
    candidates
        .iter()
        .map(|candidate| {
            let newest = newest.get(&candidate.key()?)?;
            (newest.document != candidate.document).then_some(newest.document)
        })
        .collect()
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
        Candidate { document, system: "portal", deployment: "", tool, subject, made, learned: made }
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
    fn one_of_two_equally_old_documents_is_left() {
        let given = [candidate(1, "syft", "portal", 1), candidate(2, "syft", "portal", 1)];
        assert_eq!(superseded(&given), [Some(2), None]);
    }
}
