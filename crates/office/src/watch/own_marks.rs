// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How far what rests on the office's own advisories may be passed on.
//!
//! A mark goes with everything that the advisory is joined with. A decision that was made while an advisory counted keeps its mark when
//! the advisory is taken back: what was confidential then is not free because it was mistaken.

use std::collections::{BTreeMap, HashSet};

use underpin_assess::matching::GroupRef;
use underpin_ledger::{OwnAdvisory, PastAdvisory};
use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::{Decision, Place, Tlp};

use super::estate::Watched;
use super::own::OWN_FEED;
use crate::house::Desk;

/// How one advisory is marked.
#[derive(Clone, Debug)]
struct Mark {
    tlp: Tlp,
    audience: Vec<AgencyId>,
    classification: Classification,
}

/// A version of an advisory, and what it was called while it counted.
#[derive(Debug)]
struct Past {
    names: Vec<String>,
    tlp: Tlp,
    /// The highest of this version and of the last one.
    classification: Classification,
    from: Timestamp,
    until: Timestamp,
}

/// Marks of the own advisories that a viewer may see.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Those that count, by identifier.
    counting: BTreeMap<String, Mark>,
    past: Vec<Past>,
}

impl Marks {
    pub(super) fn of(counting: Vec<OwnAdvisory>, past: &[PastAdvisory]) -> Self {
        let mark = |one: OwnAdvisory| {
            (one.id, Mark { tlp: one.tlp, audience: one.audience, classification: one.classification })
        };
        // Versions come in their order: the last one of each stays.
        let last: BTreeMap<&str, Classification> =
            past.iter().map(|one| (one.advisory.id.as_str(), one.advisory.classification)).collect();
        let of = |one: &PastAdvisory| Past::of(one, last.get(one.advisory.id.as_str()).copied().unwrap_or_default());
        Self { counting: counting.into_iter().map(mark).collect(), past: past.iter().map(of).collect() }
    }

    /// The mark of an advisory that counts.
    pub(super) fn of_advisory(&self, id: &str) -> Option<Tlp> {
        self.counting.get(id).map(|mark| mark.tlp)
    }
}

impl Past {
    fn of(past: &PastAdvisory, last: Classification) -> Self {
        let PastAdvisory { advisory, until } = past;
        Self {
            names: names_of(advisory),
            tlp: advisory.tlp,
            classification: advisory.classification.max(last),
            from: advisory.recorded,
            until: *until,
        }
    }

    fn bears_on(&self, decision: &Decision) -> bool {
        let name = decision.vulnerability.trim();
        (self.from..=self.until).contains(&decision.recorded)
            && self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// What an advisory of the office goes by, its identifier first.
pub(crate) fn names_of(advisory: &OwnAdvisory) -> Vec<String> {
    // The body may be one that cannot be read as an advisory any more: its names still count.
    let body: serde_json::Value = serde_json::from_str(&advisory.body).unwrap_or_default();
    let aliases = body.get("aliases").and_then(serde_json::Value::as_array).into_iter().flatten();
    let aliases = aliases.filter_map(serde_json::Value::as_str).map(str::to_owned);
    std::iter::once(advisory.id.clone()).chain(aliases).collect()
}

impl Watched {
    fn marks_in(&self, group: GroupRef) -> Vec<(&str, &Mark)> {
        if self.marks.counting.is_empty() {
            return Vec::new();
        }
        let members = self.layers.group_members(group);
        let own = members.into_iter().filter_map(|one| self.layers.advisory(one)).filter(|one| one.feed() == OWN_FEED);
        let marks = &self.marks.counting;
        own.filter_map(|advisory| marks.get_key_value(advisory.id())).map(|(id, mark)| (id.as_str(), mark)).collect()
    }

    fn groups_of(&self, name: &str) -> HashSet<GroupRef> {
        let found = self.layers.find(name.trim());
        found.iter().filter_map(|(advisory, _)| self.layers.group_of(*advisory)).collect()
    }

    /// How far what is known of a vulnerability may be passed on: the strictest mark of own advisories in it; `None` when there are
    /// none, so that everybody may know it.
    pub(super) fn mark(&self, group: GroupRef) -> Option<Tlp> {
        self.marks_in(group).into_iter().map(|(_, mark)| mark.tlp).max()
    }

    /// The strictest mark of vulnerabilities, as a word.
    pub(super) fn mark_among(&self, numbers: impl IntoIterator<Item = u32>) -> Option<&'static str> {
        let groups = numbers.into_iter().filter_map(|number| self.vulnerabilities.get(number as usize));
        groups.filter_map(|one| self.mark(one.group)).max().map(Tlp::as_str)
    }

    /// Identifiers of the office's advisories, those taken back too, that go by one of these names or are about the same vulnerability.
    pub(super) fn own_advisories_named(&self, names: &[&str]) -> Vec<String> {
        let is_named =
            |past: &&Past| past.names.iter().any(|own| names.iter().any(|name| own.eq_ignore_ascii_case(name.trim())));
        let named = self.marks.past.iter().filter(is_named).filter_map(|past| past.names.first().cloned());
        let groups: HashSet<GroupRef> = names.iter().flat_map(|name| self.groups_of(name)).collect();
        let joined = groups.into_iter().flat_map(|group| self.marks_in(group)).map(|(id, _)| id.to_owned());
        named.chain(joined).collect::<std::collections::BTreeSet<String>>().into_iter().collect()
    }

    /// Whether two names mean the same vulnerability.
    pub(super) fn are_the_same(&self, one: &str, other: &str) -> bool {
        one.trim().eq_ignore_ascii_case(other.trim()) || !self.groups_of(one).is_disjoint(&self.groups_of(other))
    }

    /// The strictest mark of all vulnerabilities that a name leads to.
    pub(super) fn mark_of(&self, name: &str) -> Option<Tlp> {
        if self.marks.counting.is_empty() {
            return None;
        }
        self.groups_of(name).into_iter().filter_map(|group| self.mark(group)).max()
    }

    /// How far a decision may be passed on: as its vulnerability, and as the advisories that counted when it was made.
    pub(super) fn mark_of_decision(&self, decision: &Decision) -> Option<Tlp> {
        let past = self.marks.past.iter().filter(|past| past.bears_on(decision)).map(|past| past.tlp);
        past.chain(self.mark_of(&decision.vulnerability)).max()
    }

    /// The highest classification of what a decision rests on: as [`Self::mark_of_decision`].
    pub(super) fn classification_of_decision(&self, decision: &Decision) -> Option<Classification> {
        let past = self.marks.past.iter().filter(|past| past.bears_on(decision)).map(|past| past.classification);
        let groups = self.groups_of(&decision.vulnerability).into_iter();
        let now = groups.flat_map(|group| self.marks_in(group)).map(|(_, mark)| mark.classification);
        past.chain(now).max()
    }

    /// The strictest mark of all vulnerabilities and decisions here.
    pub(super) fn strictest_mark(&self) -> Option<Tlp> {
        let all = self.vulnerabilities.iter().filter_map(|one| self.mark(one.group));
        all.chain(self.decisions.iter().filter_map(|decision| self.mark_of_decision(decision))).max()
    }

    /// What to say to whoever decides about a vulnerability for a place where some may not know of the office's own advisory about it:
    /// they will read the decision, under the name that it uses. One that names the advisory itself is shown only to those who may
    /// know of it.
    pub fn told_too_widely(&self, desk: &Desk, vulnerability: &str, place: &Place) -> Option<String> {
        let marks = self.groups_of(vulnerability).into_iter().flat_map(|group| self.marks_in(group));
        let mut marks = marks.filter(|(_, mark)| mark.tlp > Tlp::Green);
        let (id, mark) = marks
            .find(|(id, mark)| !id.eq_ignore_ascii_case(vulnerability.trim()) && mark.is_narrower_than(desk, place))?;
        Some(format!(
            "{id} is marked TLP:{}; this decision is read in places that it is not for: see that its words tell nothing of it, or decide \
             about {id} by that name",
            mark.tlp.as_str().to_uppercase()
        ))
    }
}

impl Mark {
    /// Whether some agency in a place may not know.
    fn is_narrower_than(&self, desk: &Desk, place: &Place) -> bool {
        let agency = match place {
            Place::Government => return true,
            Place::Agency(agency) => Some(agency),
            Place::System(system) | Place::Artefact { system, .. } => {
                desk.system_position(&system.0).map(|position| &desk.system(position).agency)
            }
        };
        let Some(agency) = agency else { return true };
        let for_one = |agency: &AgencyId| match self.tlp {
            // It goes down to the agencies below those it is for.
            Tlp::Amber => self.audience.iter().any(|one| desk.with_descendants(one).contains(agency)),
            _ => self.audience.contains(agency),
        };
        match place {
            Place::Agency(_) => !desk.with_descendants(agency).iter().all(for_one),
            _ => !for_one(agency),
        }
    }
}
