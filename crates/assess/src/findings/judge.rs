// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The state of a finding after what was decided and said, and its story.
//!
//! A decision stands above what suppliers say. Among decisions the narrowest place wins (artefact, system, nearest agency, government), then
//! the narrowest package (version, package, any), then the one recorded last. So an agency can keep its own finding open against a wider
//! decision. Among suppliers the most trusted author wins, by its latest statement.
//!
//! A finding opens again, and says so, when the decision that would have closed it was withdrawn or has expired; when a later
//! decision of the same reach says otherwise; or when after the decision the supplier stated that the very thing is affected, unless the decision's reason
//! lies in the place: that the supplier does not know.

use std::cmp::Reverse;

use underpin_model::watch::{DecisionId, Reason};

use super::bits::Bits;
use super::decided::{Reach, Rule, Rules, Voice, Why};
use super::status::{FindingStatus, State, Statuses};

/// How a finding came to its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// The state.
    pub status: FindingStatus,
    /// Where it comes from.
    pub origin: Origin,
    /// The decision that had closed it before.
    pub reopened: Option<Reopened>,
}

/// Where a state comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the match itself.
    Match(Reason),
    /// From a decision or a statement.
    Voice(Voice),
}

/// A finding is open although it had been closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reopened {
    /// The decision that had closed it.
    pub by: DecisionId,
    /// Why that does not count any more.
    pub why: Why,
}

/// How narrow a decision is: place, package, when it was recorded, number.
type Rank = (u32, u8, i64, Voice);

/// A decision with its rank.
type Ranked<'a> = (Rank, &'a Rule);

/// Ranks of places; agencies lie between, the nearest highest.
const GOVERNMENT: u32 = 0;
const SYSTEM: u32 = u32::MAX - 1;
const ARTEFACT: u32 = u32::MAX;

impl Rules<'_> {
    /// The story of the finding of a match in a system.
    pub fn story(&self, system: u32, found: u32) -> Story {
        let version = self.estate.match_versions[found as usize];
        let facts = self.estate.matches.items()[found as usize];
        self.judge(&self.about(facts.vulnerability, version), system, version, facts.reason)
    }

    /// Rules about a package version with a vulnerability.
    fn about(&self, vulnerability: u32, version: u32) -> Vec<&Rule> {
        let rules = self.by_vulnerability.get(&vulnerability).map_or(&[][..], Vec::as_slice);
        let fits = |rule: &&Rule| rule.versions.as_ref().is_none_or(|list| list.binary_search(&version).is_ok());
        rules.iter().filter(fits).collect()
    }

    /// In several artefacts at once a finding is as open as in the worst of them.
    fn judge(&self, rules: &[&Rule], system: u32, version: u32, reason: Reason) -> Story {
        let by_artefact = |rule: &&Rule| matches!(rule.reach, Reach::Artefact(..) | Reach::Artefacts(_));
        let artefacts = if rules.iter().any(by_artefact) { self.artefacts.of_use(system, version) } else { &[] };
        let stories = artefacts.iter().map(|artefact| self.judge_one(rules, system, Some(*artefact), reason));
        stories.min_by_key(|story| story.status).unwrap_or_else(|| self.judge_one(rules, system, None, reason))
    }

    fn judge_one(&self, rules: &[&Rule], system: u32, artefact: Option<u32>, reason: Reason) -> Story {
        let voices = self.voices(rules, system, artefact);
        let undecided = Story {
            status: FindingStatus::of_verdict(reason.verdict()),
            origin: Origin::Match(reason),
            reopened: None,
        };
        let of_rule = |rule: &Rule| Story { status: rule.status, origin: Origin::Voice(rule.voice), reopened: None };
        let mut story = voices.holding.map(|(_, rule)| rule).or(voices.said).map_or(undecided, of_rule);
        if let Some(said) = voices.contradiction() {
            story = of_rule(said);
        }
        if !story.status.is_closed() {
            story.reopened = voices.reopened();
        }
        story
    }

    /// What is to be heard about a place.
    fn voices<'a>(&self, rules: &[&'a Rule], system: u32, artefact: Option<u32>) -> Voices<'a> {
        let mut voices = Voices::default();
        for rule in rules {
            let Some(place) = self.place(rule, system, artefact) else { continue };
            if matches!(rule.voice, Voice::Statement(_)) {
                if voices.said.is_none_or(|other| weight(other) < weight(rule)) {
                    voices.said = Some(rule);
                }
                continue;
            }
            let rank = (place, rule.detail, rule.moment.0, rule.voice);
            let best = if rule.ended.is_some() { &mut voices.ended } else { &mut voices.holding };
            if best.is_none_or(|(other, _)| other < rank) {
                *best = Some((rank, rule));
            }
            if rule.ended.is_none() && rule.status.is_closed() {
                voices.closing.push((rank, rule));
            }
        }
        voices
    }

    /// How narrow the place of a rule is around a system; `None` when the system lies outside.
    fn place(&self, rule: &Rule, system: u32, artefact: Option<u32>) -> Option<u32> {
        let within = |holds: bool, rank: u32| holds.then_some(rank);
        match &rule.reach {
            Reach::Everywhere => Some(GOVERNMENT),
            Reach::Agency(agency) => {
                let path = &self.paths[self.estate.systems[system as usize].agency as usize];
                path.iter().position(|above| above == agency).map(|steps| SYSTEM - 1 - steps as u32)
            }
            Reach::System(own) => within(*own == system, SYSTEM),
            Reach::Artefact(own, list) => within(*own == system && is_among(list, artefact), ARTEFACT),
            Reach::Artefacts(list) => within(is_among(list, artefact), ARTEFACT),
        }
    }
}

fn is_among(artefacts: &[u32], artefact: Option<u32>) -> bool {
    artefact.is_some_and(|artefact| artefacts.binary_search(&artefact).is_ok())
}

/// Rules that hold at a place, or held.
#[derive(Default)]
struct Voices<'a> {
    /// The decision that counts.
    holding: Option<Ranked<'a>>,
    /// The decision that would count most among those that have ended.
    ended: Option<Ranked<'a>>,
    /// Decisions that hold and close the finding.
    closing: Vec<Ranked<'a>>,
    /// The statement that counts.
    said: Option<&'a Rule>,
}

impl<'a> Voices<'a> {
    /// The later statement that says "affected" where the decision says otherwise.
    fn contradiction(&self) -> Option<&'a Rule> {
        let (_, decision) = self.holding?;
        let contradicts = |said: &&Rule| said.status == FindingStatus::Open && said.moment > decision.moment;
        let can_be = decision.status.is_closed() && !decision.is_bound_to_place;
        self.said.filter(contradicts).filter(|_| can_be)
    }

    /// Of a finding that is not closed: the decision that would have closed it.
    fn reopened(&self) -> Option<Reopened> {
        if let Some((rank, decision)) = self.holding {
            if decision.status.is_closed() {
                return reopened(decision, Why::Contradicted);
            }
            // Of the same reach, and closing until then.
            let same = self.closing.iter().filter(|(other, _)| (other.0, other.1) == (rank.0, rank.1));
            if let Some((_, earlier)) = same.max_by_key(|(other, _)| *other) {
                return reopened(earlier, Why::Contradicted);
            }
        }
        let (rank, ended) = self.ended?;
        let decides = ended.status.is_closed() && self.holding.is_none_or(|(other, _)| other < rank);
        ended.ended.filter(|_| decides).and_then(|why| reopened(ended, why))
    }
}

fn reopened(rule: &Rule, why: Why) -> Option<Reopened> {
    match rule.voice {
        Voice::Decision(by) => Some(Reopened { by, why }),
        Voice::Statement(_) => None,
    }
}

/// Of two statements about the same place the greater one counts.
fn weight(rule: &Rule) -> (Reverse<u32>, i64, u8, Voice) {
    (Reverse(rule.author), rule.moment.0, rule.detail, rule.voice)
}

impl Statuses {
    /// The states after what was decided and said.
    pub fn decided(rules: &Rules<'_>) -> Self {
        let estate = rules.estate;
        let mut statuses = Self::undecided(estate);
        let mut vulnerabilities: Vec<u32> = rules.by_vulnerability.keys().copied().collect();
        vulnerabilities.sort_unstable();
        for vulnerability in vulnerabilities {
            let narrow = rules.narrow_systems(vulnerability);
            for found in estate.by_vulnerability.row(vulnerability) {
                let version = estate.match_versions[*found as usize];
                let about = rules.about(vulnerability, version);
                if about.is_empty() {
                    continue;
                }
                let reason = estate.matches.items()[*found as usize].reason;
                let mut of_agency: Vec<Option<FindingStatus>> = vec![None; estate.agencies.len()];
                let lane = estate.by_version.row(version).iter().map(|used| {
                    let system = used.end();
                    let judged = || rules.judge(&about, system, version, reason).status;
                    if narrow.contains(system) {
                        return judged();
                    }
                    let agency = estate.systems[system as usize].agency as usize;
                    *of_agency[agency].get_or_insert_with(judged)
                });
                statuses.set(*found, lane);
            }
        }
        statuses.settle();
        statuses
    }

    /// Sets the states of a match by use.
    fn set(&mut self, found: u32, lane: impl Iterator<Item = FindingStatus>) {
        let start = self.lane_states.len();
        self.lane_states.extend(lane);
        let Some(first) = self.lane_states.get(start).copied() else { return };
        if self.lane_states[start..].iter().all(|status| *status == first) {
            self.lane_states.truncate(start);
            self.of_match[found as usize] = State::Same(first);
        } else {
            self.of_match[found as usize] = State::ByUse;
            self.lanes.push((found, start));
        }
    }

    /// Puts lanes in the order of matches.
    fn settle(&mut self) {
        self.lanes.sort_unstable();
        self.lanes.shrink_to_fit();
        self.lane_states.shrink_to_fit();
    }
}

impl Rules<'_> {
    /// Systems that rules about a vulnerability name by themselves or by their artefacts; all others of an agency are judged alike.
    fn narrow_systems(&self, vulnerability: u32) -> Bits {
        let mut systems = Bits::none(self.estate.systems.len());
        let mut by_artefact = false;
        for rule in self.by_vulnerability.get(&vulnerability).into_iter().flatten() {
            match &rule.reach {
                Reach::Everywhere | Reach::Agency(_) => {}
                Reach::System(system) | Reach::Artefact(system, _) => systems.insert(*system),
                Reach::Artefacts(_) => by_artefact = true,
            }
        }
        if by_artefact {
            self.artefacts.systems().for_each(|system| systems.insert(system));
        }
        systems
    }
}
