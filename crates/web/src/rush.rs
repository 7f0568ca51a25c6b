// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What came in lately: it tells documents of others from all other changes, for [`crate::desks`].

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use underpin_model::Viewer;
use underpin_model::people::PersonId;

use crate::seat::locked;

/// Changes of a rush that are remembered.
const RUSH_REMEMBERED: usize = 10_000;

/// What came in lately.
#[derive(Debug, Default)]
pub struct Rush(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Revisions of the ledger that are new documents, or change no answer.
    revisions: BTreeSet<i64>,
    /// The newest one of each person: tokens and sessions of one person are several viewers.
    by_person: HashMap<PersonId, i64>,
    /// The newest one that is a viewer's own.
    own: HashMap<Viewer, i64>,
}

impl Known {
    fn mark_own(&mut self, viewer: &Viewer, revision: i64) {
        let newest = self.own.entry(viewer.clone()).or_insert(revision);
        *newest = revision.max(*newest);
    }
}

impl Rush {
    /// Remembers a revision that comes next: whose new documents it is, or (`None`) that it changes no answer.
    pub fn note(&self, revision: i64, whose: Option<(PersonId, &Viewer)>) {
        let mut rush = locked(&self.0);
        rush.revisions.insert(revision);
        if let Some((person, viewer)) = whose {
            rush.by_person.insert(person, revision);
            rush.mark_own(viewer, revision);
        }
        while rush.revisions.len() > RUSH_REMEMBERED {
            rush.revisions.pop_first();
            let first = rush.revisions.first().copied().unwrap_or_default();
            rush.by_person.retain(|_, newest| *newest >= first);
            rush.own.retain(|_, newest| *newest >= first);
        }
    }

    /// The revision did not come: it may be another change's.
    pub fn forget(&self, revision: i64) {
        locked(&self.0).revisions.remove(&revision);
    }

    /// Somebody asks with these eyes: what they handed in with others, they see with these, too.
    pub fn met(&self, person: PersonId, viewer: &Viewer) {
        let mut rush = locked(&self.0);
        if let Some(newest) = rush.by_person.get(&person).copied() {
            rush.mark_own(viewer, newest);
        }
    }

    /// What the changes after one revision, up to another, are to this viewer.
    pub fn is_of_others(&self, (after, up_to): (i64, i64), viewer: &Viewer) -> Changes {
        let rush = locked(&self.0);
        let since = up_to.saturating_sub(after);
        if since <= 0 || since > RUSH_REMEMBERED as i64 {
            return Changes::Other;
        }
        if rush.own.get(viewer).is_some_and(|newest| *newest > after) {
            return Changes::Own;
        }
        let known = rush.revisions.range(after + 1..=up_to).count();
        if i64::try_from(known) == Ok(since) { Changes::Others } else { Changes::Other }
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// New documents of others, and nothing else.
    Others,
    /// Documents of one's own among it.
    Own,
    /// Something else, as far as is known by now.
    Other,
}

#[cfg(test)]
mod tests {
    use underpin_model::registry::Classification;

    use super::*;

    #[test]
    fn only_documents_of_others_leave_an_old_desk_good() {
        let analyst = |clearance| Viewer::Analyst { clearance };
        let (own, other) = (analyst(Classification::Internal), analyst(Classification::Secret));
        let rush = Rush::default();
        rush.note(11, Some((PersonId(1), &other)));
        rush.note(12, None);
        for (after, up_to, expected) in
            [(10, 11, Changes::Others), (10, 12, Changes::Others), (12, 13, Changes::Other), (10, 13, Changes::Other)]
        {
            assert_eq!(rush.is_of_others((after, up_to), &own), expected, "{after} to {up_to}");
        }
        rush.note(14, Some((PersonId(2), &own)));
        rush.note(15, Some((PersonId(1), &other)));
        for (after, up_to, expected) in [
            (13, 14, Changes::Own),
            (13, 15, Changes::Own),
            (10, 15, Changes::Own),
            (14, 15, Changes::Others),
            (15, 16, Changes::Other),
            (16, 15, Changes::Other),
            (0, i64::MAX, Changes::Other),
        ] {
            assert_eq!(rush.is_of_others((after, up_to), &own), expected, "{after} to {up_to}");
        }
    }

    #[test]
    fn one_person_with_two_viewers_sees_the_own_documents() {
        let analyst = |clearance| Viewer::Analyst { clearance };
        let (token, session) = (analyst(Classification::Internal), analyst(Classification::Secret));
        let rush = Rush::default();
        rush.note(11, Some((PersonId(1), &token)));
        rush.met(PersonId(2), &session);
        assert_eq!(rush.is_of_others((10, 11), &session), Changes::Others);
        rush.met(PersonId(1), &session);
        assert_eq!(rush.is_of_others((10, 11), &session), Changes::Own);
        rush.note(12, Some((PersonId(2), &token)));
        assert_eq!(rush.is_of_others((11, 12), &session), Changes::Others);
    }
}
