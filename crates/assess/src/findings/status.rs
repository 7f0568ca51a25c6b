// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is the state of a finding.

use underpin_model::watch::Verdict;

use super::estate::Estate;

/// The state of a finding, after decisions. None of them takes it away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingStatus {
    /// It is affected, as far as anybody knows.
    #[default]
    Open,
    /// Somebody is looking into it.
    UnderInvestigation,
    /// It cannot be told.
    Unknown,
    /// The flaw is mended there.
    Fixed,
    /// The flaw is not there, or does no harm there.
    NotAffected,
}

impl FindingStatus {
    /// All of them, in their order: what needs somebody first.
    pub const ALL: [Self; 5] = [Self::Open, Self::UnderInvestigation, Self::Unknown, Self::Fixed, Self::NotAffected];

    /// The stable word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::UnderInvestigation => "under-investigation",
            Self::Unknown => "unknown",
            Self::Fixed => "fixed",
            Self::NotAffected => "not-affected",
        }
    }

    /// Whether nothing is left to do.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Fixed | Self::NotAffected)
    }

    /// What a verdict means where nobody decided.
    pub fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Affected => Self::Open,
            Verdict::UnderInvestigation => Self::UnderInvestigation,
            Verdict::Unknown => Self::Unknown,
            Verdict::Fixed => Self::Fixed,
            Verdict::NotAffected => Self::NotAffected,
        }
    }
}

/// The states of all findings: one for a match where all its uses agree, one for each use where they do not.
#[derive(Clone, Debug, Default)]
pub struct Statuses {
    pub(super) of_match: Vec<State>,
    /// Matches whose uses disagree, ascending, with where their states begin.
    pub(super) lanes: Vec<(u32, usize)>,
    /// States by use, in the order of the uses of the version.
    pub(super) lane_states: Vec<FindingStatus>,
}

/// The state of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The same in every place.
    Same(FindingStatus),
    /// Different by place.
    ByUse,
}

impl Statuses {
    /// Nobody decided anything: what the matches say.
    pub fn undecided(estate: &Estate) -> Self {
        let of_match = estate.matches.items();
        let of_match =
            of_match.iter().map(|found| State::Same(FindingStatus::of_verdict(found.reason.verdict()))).collect();
        Self { of_match, ..Self::default() }
    }

    /// The state of a match.
    #[inline]
    pub(super) fn of_match(&self, found: u32) -> State {
        self.of_match[found as usize]
    }

    /// The states of a match by use of its version; empty when all are the same.
    pub(super) fn lane(&self, found: u32, uses: usize) -> &[FindingStatus] {
        let lane = self.lanes.binary_search_by_key(&found, |(number, _)| *number);
        let start = lane.map_or(self.lane_states.len(), |at| self.lanes[at].1);
        self.lane_states.get(start..start + uses).unwrap_or_default()
    }

    /// The state of the finding of a match at the use with that place among all uses of the version.
    pub(super) fn at(&self, found: u32, uses: usize, position: usize) -> FindingStatus {
        match self.of_match(found) {
            State::Same(status) => status,
            State::ByUse => self.lane(found, uses).get(position).copied().unwrap_or_default(),
        }
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        self.of_match.capacity() * size_of::<State>() + self.lanes.capacity() * 16 + self.lane_states.capacity()
    }
}
