// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The slow way to the state of one finding: all decisions and statements are looked at by their words, and put in order.

use std::cmp::Ordering;

use underpin_model::watch::{Decision, Place, Status};
use underpin_model::{Purl, Timestamp};

use super::Artefacts;
use super::decided::{Said, Voice, Why, Within};
use super::decided_chance::ARTEFACTS;
use super::effects::World;
use super::judge::{Origin, Reopened, Story};
use super::{FindingStatus, MatchFacts};

/// Decisions and statements about a world. The system with number 3 is called `s3`, the agency `a3`.
pub struct Sayings<'a> {
    pub decisions: &'a [Decision],
    pub statements: &'a [Said<'a>],
    pub artefacts: &'a Artefacts,
    pub at: Timestamp,
}

/// One finding in one artefact, or in none that is known.
struct Spot<'a> {
    world: &'a World,
    system: u32,
    version: u32,
    facts: MatchFacts,
    artefact: Option<u32>,
}

/// The story of a finding.
pub fn story(world: &World, said: &Sayings<'_>, system: u32, version: u32, facts: MatchFacts) -> Story {
    let spot = |artefact| Spot { world, system, version, facts, artefact };
    let artefacts = said.artefacts.of_use(system, version);
    let mut stories: Vec<Story> = artefacts.iter().map(|number| spot(Some(*number)).story(said)).collect();
    // Whoever says nothing about artefacts gets the same story for each.
    stories.sort_by_key(|story| story.status);
    stories.first().copied().unwrap_or_else(|| spot(None).story(said))
}

impl Spot<'_> {
    fn story(&self, said: &Sayings<'_>) -> Story {
        let mut decisions: Vec<&Decision> =
            said.decisions.iter().filter(|decision| self.concerns(decision) && ever_held(decision, said.at)).collect();
        decisions.sort_by(|first, second| self.compare(first, second));
        let holding: Vec<&Decision> = decisions.iter().copied().filter(|one| one.holds_at(said.at)).collect();
        let statement = self.statement(said);
        let (mut status, mut origin) =
            (FindingStatus::of_verdict(self.facts.reason.verdict()), Origin::Match(self.facts.reason));
        let mut reopened = None;
        if let Some((number, one)) = statement {
            (status, origin) = (meaning(one.status), Origin::Voice(Voice::Statement(number)));
        }
        if let Some(winner) = holding.last() {
            let is_contradicted = closes(winner.status)
                && !is_bound(winner)
                && statement.is_some_and(|(_, one)| one.status == Status::Affected && one.said > winner.recorded);
            if is_contradicted {
                reopened = Some(Reopened { by: winner.id, why: Why::Contradicted });
            } else {
                (status, origin) = (meaning(winner.status), Origin::Voice(Voice::Decision(winner.id)));
            }
            if !closes(winner.status) {
                // Whatever each calls the artefact: both are about this one.
                let is_artefact = |one: &Decision| matches!(one.place, Place::Artefact { .. });
                let same_place = |one: &Decision| one.place == winner.place || is_artefact(one) && is_artefact(winner);
                let same = |one: &&&Decision| same_place(one) && self.detail(one) == self.detail(winner);
                let earlier = holding.iter().filter(same).rfind(|one| closes(one.status));
                reopened = earlier.map(|one| Reopened { by: one.id, why: Why::Contradicted });
            }
        }
        let ended = decisions.iter().rfind(|one| !one.holds_at(said.at));
        let is_first = |one: &&&Decision| {
            holding.last().is_none_or(|winner| self.compare(winner, one) == Ordering::Less) && closes(one.status)
        };
        if let (false, None, Some(one)) = (status.is_closed(), reopened, ended.filter(is_first)) {
            let withdrawn = one.withdrawn.as_ref().map(|(_, moment, _)| *moment);
            let first = withdrawn.is_some_and(|moment| one.expires.is_none_or(|end| moment <= end));
            reopened = Some(Reopened { by: one.id, why: if first { Why::Withdrawn } else { Why::Expired } });
        }
        Story { status, origin, reopened }
    }

    fn concerns(&self, decision: &Decision) -> bool {
        let here = match &decision.place {
            Place::Government => true,
            Place::Agency(_) => self.steps(decision).is_some(),
            Place::System(id) => id.0 == format!("s{}", self.system),
            Place::Artefact { system, artefact } => {
                let is_called = |number: u32| ARTEFACTS[number as usize].contains(&artefact.as_str());
                system.0 == format!("s{}", self.system) && self.artefact.is_some_and(is_called)
            }
        };
        let wide = matches!(decision.place, Place::Government | Place::Agency(_));
        here && self.is_named(&decision.vulnerability)
            && self.is_package(&decision.package)
            && !(wide && is_bound(decision))
    }

    /// From the system's agency up to that of the decision.
    fn steps(&self, decision: &Decision) -> Option<usize> {
        let Place::Agency(id) = &decision.place else { return None };
        let mut at = Some(self.world.parts.systems[self.system as usize].agency);
        let mut steps = 0;
        while let Some(agency) = at {
            if id.0 == format!("a{agency}") {
                return Some(steps);
            }
            at = self.world.parts.agencies[agency as usize];
            steps += 1;
        }
        None
    }

    fn is_named(&self, name: &str) -> bool {
        self.world.parts.names.row(self.facts.vulnerability).iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    fn is_package(&self, text: &str) -> bool {
        let own = self.world.parts.version_texts.get(self.version).parse::<Purl>().expect("a purl");
        text.is_empty()
            || text.parse::<Purl>().is_ok_and(|wanted| {
                (wanted.kind, wanted.namespace, wanted.name) == (own.kind, own.namespace, own.name)
                    && (wanted.version.is_empty() || wanted.version == own.version)
                    && wanted.qualifiers.iter().all(|pair| own.qualifiers.contains(pair))
            })
    }

    /// Of the few words of versions that chance knows.
    fn is_version(&self, versions: &str) -> bool {
        let own = self.world.parts.version_texts.get(self.version).parse::<Purl>().expect("a purl").version;
        match versions {
            "" => true,
            "before 3" => false,
            "vers:npm/>=1.1|<1.3" => own == "1.1" || own == "1.2",
            one => own == one,
        }
    }

    fn detail(&self, decision: &Decision) -> u8 {
        u8::from(!decision.package.is_empty()) + u8::from(decision.package.contains('@'))
    }

    /// The one that counts is the greater one.
    fn compare(&self, first: &Decision, second: &Decision) -> Ordering {
        let place = |decision: &Decision| match decision.place {
            Place::Government => 0,
            Place::Agency(_) => 100 - self.steps(decision).unwrap_or_default(),
            Place::System(_) => 200,
            Place::Artefact { .. } => 300,
        };
        let key = |decision: &Decision| (place(decision), self.detail(decision), decision.recorded, decision.id);
        key(first).cmp(&key(second))
    }

    fn statement<'b>(&self, said: &Sayings<'b>) -> Option<(u32, &'b Said<'b>)> {
        let mut found: Vec<(u32, &Said<'_>)> = (0..).zip(said.statements).collect();
        found.retain(|(_, one)| {
            let bound = one.justification.is_some_and(|reason| reason.is_bound_to_place());
            let here = match &one.within {
                Within::Anywhere => !(bound && one.status == Status::NotAffected),
                Within::Artefacts(numbers) => numbers.iter().any(|number| self.artefact == Some(*number)),
                Within::Nowhere(_) => false,
            };
            here && one.said <= said.at
                && (!one.package.is_empty() || one.within != Within::Anywhere)
                && !one.package.contains("arch=")
                && one.vulnerabilities.iter().any(|name| self.is_named(name))
                && self.is_package(one.package)
                && (one.package.is_empty() || self.is_version(one.versions))
        });
        let author = found.iter().map(|(_, one)| one.author).min()?;
        found.retain(|(_, one)| one.author == author);
        let is_one =
            |one: &Said<'_>| one.package.contains('@') || one.versions.starts_with('1') && !one.package.is_empty();
        found.sort_by_key(|(number, one)| {
            (one.said, u8::from(is_one(one)) + u8::from(!one.package.is_empty()), *number)
        });
        found.last().copied()
    }
}

/// Whether it held at that moment or at any before it, as far as was known by then.
fn ever_held(decision: &Decision, at: Timestamp) -> bool {
    (decision.recorded.0..=at.0).any(|moment| decision.holds_at(Timestamp(moment)))
}

fn is_bound(decision: &Decision) -> bool {
    decision.status == Status::NotAffected && decision.justification.is_some_and(|reason| reason.is_bound_to_place())
}

fn closes(status: Status) -> bool {
    matches!(status, Status::Fixed | Status::NotAffected)
}

fn meaning(status: Status) -> FindingStatus {
    match status {
        Status::Affected => FindingStatus::Open,
        Status::UnderInvestigation => FindingStatus::UnderInvestigation,
        Status::Fixed => FindingStatus::Fixed,
        Status::NotAffected => FindingStatus::NotAffected,
    }
}
