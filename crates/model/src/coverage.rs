// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How much of the government an answer covers.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Where one system stands towards one question. The states are disjoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageState {
    /// Fresh evidence that can show this kind of package.
    Known,
    /// There is evidence, but none of it can show this kind of package.
    Blind,
    /// Evidence can show it, but the newest such evidence is older than the set age.
    Stale,
    /// No evidence that states any component.
    Unknown,
}

impl CoverageState {
    /// All states, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Known, Self::Blind, Self::Stale, Self::Unknown];

    /// The stable word used in output and filters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Blind => "blind",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}

/// Counts of systems. `known + blind + stale + unknown` is the number of active systems the viewer may see;
/// `declared` stands beside them: systems that agencies say they have and that nobody has registered yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Systems with fresh evidence that can show this kind of package.
    pub known: u64,
    /// Systems whose evidence cannot show this kind of package.
    pub blind: u64,
    /// Systems whose evidence is too old.
    pub stale: u64,
    /// Systems with no evidence.
    pub unknown: u64,
    /// Systems declared as a number only.
    pub declared: u64,
}

impl Coverage {
    /// Counts one system.
    pub fn count(&mut self, state: CoverageState) {
        *match state {
            CoverageState::Known => &mut self.known,
            CoverageState::Blind => &mut self.blind,
            CoverageState::Stale => &mut self.stale,
            CoverageState::Unknown => &mut self.unknown,
        } += 1;
    }

    /// All registered active systems the viewer may see.
    pub fn systems(&self) -> u64 {
        self.known + self.blind + self.stale + self.unknown
    }
}

impl AddAssign for Coverage {
    fn add_assign(&mut self, other: Self) {
        self.known += other.known;
        self.blind += other.blind;
        self.stale += other.stale;
        self.unknown += other.unknown;
        self.declared += other.declared;
    }
}
