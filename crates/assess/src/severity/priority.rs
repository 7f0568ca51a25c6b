// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One priority that a person can follow. How it comes about, and every number: [`super::tables`].
//!
//! It is made of two parts that do not know of each other: the urgency of a vulnerability and the standing of a place where it
//! was found. Each is one small number, so that millions of findings can be grouped by pairs of them.

use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};
use underpin_model::watch::cve::{Exploitation, Ssvc};

use super::tables::{self, Part, TIER};
use super::words::Rating;

/// What to do about a finding, the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriorityLevel {
    /// Nothing now; look again when something changes.
    #[default]
    Watch,
    /// With the next planned update.
    Planned,
    /// Before the next planned update.
    Soon,
    /// Drop other work.
    ActNow,
}

impl PriorityLevel {
    /// All levels, the least first.
    pub const ALL: [Self; 4] = [Self::Watch, Self::Planned, Self::Soon, Self::ActNow];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Planned => "planned",
            Self::Soon => "soon",
            Self::ActNow => "act-now",
        }
    }
}

/// What is known of a vulnerability. Not known is a value of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VulnerabilityFacts {
    /// Whether the package itself is malicious.
    pub is_malicious: bool,
    /// Whether a list of exploited vulnerabilities has it; `None` when no list is held.
    pub is_listed: Option<bool>,
    /// Whether ransomware uses it.
    pub ransomware: Option<bool>,
    /// Likelihood of exploitation, 0 to 1.
    pub likelihood: Option<f32>,
    /// CISA's categorisation.
    pub ssvc: Option<Ssvc>,
    /// How bad.
    pub rating: Rating,
    /// Base score in tenths, where a vector gives one.
    pub base_tenths: Option<u8>,
}

/// What is known of a place where a vulnerability was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceFacts {
    /// Who can reach the system.
    pub exposure: Exposure,
    /// How much harm a loss would do: the highest of its needs.
    pub need: ProtectionNeed,
    /// Whether the artefact asks for the package itself.
    pub direct: Option<bool>,
    /// What it is used for.
    pub scope: Scope,
}

/// The part of the vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urgency {
    /// Tier × [`TIER`] + points: bigger is more urgent.
    pub rank: u16,
    /// The points, by name; what is not known ends with `-unknown`.
    pub parts: Vec<Part>,
}

/// The part of the place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Tier × [`TIER`] + points: bigger is closer to attackers, and dearer.
    pub rank: u16,
    /// The points, by name; what is not known ends with `-unknown`.
    pub parts: Vec<Part>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Priority {
    /// What to do.
    pub level: PriorityLevel,
    /// Level × [`TIER`] + all points: orders findings, within a level too.
    pub score: u16,
    /// The points, by name; what is not known ends with `-unknown`.
    pub parts: Vec<Part>,
}

impl Priority {
    /// What was not known.
    pub fn unknown(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parts.iter().map(|(name, _)| *name).filter(|name| name.ends_with("-unknown"))
    }
}

impl Urgency {
    /// From what is known of a vulnerability.
    pub fn of(facts: &VulnerabilityFacts) -> Self {
        let ssvc = facts.ssvc.unwrap_or_default();
        let tier = if facts.is_malicious {
            tables::HOSTILE
        } else {
            cell(&tables::URGENCY, threat(facts, &ssvc), harm(facts.rating))
        };
        let mut parts = Vec::with_capacity(8);
        if facts.is_malicious {
            parts.push(tables::MALICIOUS);
        }
        match facts.is_listed {
            Some(true) => parts.push(tables::LISTED),
            None => parts.push(tables::LISTED_UNKNOWN),
            Some(false) => {}
        }
        if is_exploited(facts, &ssvc) {
            parts.push(three(&tables::RANSOMWARE, facts.ransomware));
        }
        parts.push(match facts.likelihood {
            Some(score) => (tables::LIKELIHOOD, (score.clamp(0.0, 1.0) * tables::LIKELIHOOD_POINTS).round() as i16),
            None => tables::LIKELIHOOD_UNKNOWN,
        });
        parts.push(part(&tables::SSVC_EXPLOITATION, ssvc.exploitation as usize));
        parts.push(three(&tables::AUTOMATABLE, ssvc.automatable));
        parts.push(three(&tables::IMPACT, ssvc.total_impact));
        let (name, points) = part(&tables::SEVERITY, facts.rating as usize);
        let tenths = facts.base_tenths.filter(|_| facts.rating != Rating::Unknown);
        parts.push((name, tenths.map_or(points, |tenths| i16::from(tenths.min(100)) * 2)));
        Self { rank: rank(tier, &parts), parts }
    }

    /// The tier by name.
    pub fn name(&self) -> &'static str {
        tables::URGENCY_NAMES.get(usize::from(self.rank / TIER)).copied().unwrap_or_default()
    }
}

impl Standing {
    /// From what is known of a place.
    pub fn of(facts: &PlaceFacts) -> Self {
        let exposure = match facts.exposure {
            Exposure::Isolated => 0,
            Exposure::Internal => 1,
            Exposure::Unknown => 2,
            Exposure::Partners => 3,
            Exposure::Internet => 4,
        };
        let need = match facts.need {
            ProtectionNeed::Normal => 0,
            ProtectionNeed::Unknown => 1,
            ProtectionNeed::High => 2,
            ProtectionNeed::VeryHigh => 3,
        };
        let direct = match facts.direct {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        };
        let (scope, most) = tables::SCOPE.get(facts.scope as usize).copied().unwrap_or_default();
        let tier = cell(&tables::STANDING, exposure, need).min(most);
        let parts =
            vec![part(&tables::EXPOSURE, exposure), part(&tables::NEED, need), part(&tables::DIRECT, direct), scope];
        Self { rank: rank(tier, &parts), parts }
    }

    /// The tier by name.
    pub fn name(&self) -> &'static str {
        tables::STANDING_NAMES.get(usize::from(self.rank / TIER)).copied().unwrap_or_default()
    }
}

/// Level and score from the two ranks alone: what a view over millions of findings computes.
pub fn level_and_score(urgency_rank: u16, standing_rank: u16) -> (PriorityLevel, u16) {
    let row = tables::LEVEL.get(usize::from(urgency_rank / TIER)).copied().unwrap_or_default();
    let level = row.get(usize::from(standing_rank / TIER)).copied().unwrap_or_default();
    (level, level as u16 * TIER + urgency_rank % TIER + standing_rank % TIER)
}

/// The priority of a vulnerability in a place.
pub fn priority(urgency: &Urgency, standing: &Standing) -> Priority {
    let (level, score) = level_and_score(urgency.rank, standing.rank);
    Priority { level, score, parts: urgency.parts.iter().chain(&standing.parts).copied().collect() }
}

fn is_exploited(facts: &VulnerabilityFacts, ssvc: &Ssvc) -> bool {
    facts.is_listed == Some(true) || ssvc.exploitation == Exploitation::Active
}

/// Row of [`tables::URGENCY`].
fn threat(facts: &VulnerabilityFacts, ssvc: &Ssvc) -> usize {
    let likelihood = |least: f32| facts.likelihood.is_some_and(|score| score >= least);
    let is_known = facts.is_listed.is_some() && facts.likelihood.is_some();
    match ssvc.exploitation {
        _ if is_exploited(facts, ssvc) => 3,
        _ if likelihood(tables::LIKELY) => 2,
        Exploitation::Poc if ssvc.automatable == Some(true) => 2,
        Exploitation::Poc => 1,
        _ if likelihood(tables::POSSIBLE) || !is_known => 1,
        _ => 0,
    }
}

/// Column of [`tables::URGENCY`].
fn harm(rating: Rating) -> usize {
    match rating {
        Rating::None | Rating::Negligible | Rating::Low => 0,
        Rating::Medium => 1,
        Rating::High | Rating::Unknown => 2,
        Rating::Critical => 3,
    }
}

fn cell<const COLUMNS: usize, const ROWS: usize>(table: &[[u8; COLUMNS]; ROWS], row: usize, column: usize) -> u8 {
    table.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
}

fn part(table: &[Part], at: usize) -> Part {
    table.get(at).copied().unwrap_or_default()
}

/// From a table in the order: not known, no, yes.
fn three(table: &[Part; 3], value: Option<bool>) -> Part {
    part(table, value.map_or(0, |value| 1 + usize::from(value)))
}

fn rank(tier: u8, parts: &[Part]) -> u16 {
    let points: u16 = parts.iter().map(|(_, points)| points.unsigned_abs()).sum();
    u16::from(tier) * TIER + points.min(TIER - 1)
}
