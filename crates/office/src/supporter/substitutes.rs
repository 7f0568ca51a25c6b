// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Could we leave a project, and what would that take?
//!
//! Which projects serve the same purpose is written down by the office with a source. It is never guessed from names: a package that
//! sounds alike is often something else.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_formats::project_facts::KnownProject;

use super::priorities::{Points, Ranking};
use super::project::ProjectAnswer;
use crate::house::Desk;

/// What could be used instead, and how much would have to change.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Substitutes {
    /// Where it is from that others serve the same purpose; `None` where nothing is written down.
    pub source: Option<String>,
    /// Other projects that serve the same purpose, those in use first.
    pub alternatives: Vec<Alternative>,
    /// Systems that would have to change.
    pub systems: u32,
    /// Of these, systems that ask for the project themselves, as far as documents say.
    pub direct_systems: u32,
    /// Places at which a system asks for a package version of the project itself.
    pub direct_uses: u64,
    /// Steps to the nearest use, where documents say so.
    pub depth_least: Option<i64>,
}

/// Another project for the same purpose.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Alternative {
    /// Its key, or what was written where no document shows it.
    pub project: String,
    /// How much the government depends on it already; `None` where no document shows it.
    pub dependence: Option<Points>,
    /// Systems that use it.
    pub systems: u32,
    /// Systems that use both.
    pub systems_with_both: u32,
}

impl Ranking {
    /// What could be used instead of a project.
    pub(super) fn substitutes(&self, desk: &Desk, answer: &ProjectAnswer, known: Option<&KnownProject>) -> Substitutes {
        let own = self.users(desk, &answer.priority.project);
        let written = known.map(|known| known.alternatives.as_slice()).unwrap_or_default();
        let alternative = |key: &String| {
            let users = self.users(desk, key);
            Alternative {
                project: key.clone(),
                dependence: self.dependence_of(key),
                systems: users.len() as u32,
                systems_with_both: users.intersection(&own).count() as u32,
            }
        };
        let mut alternatives: Vec<Alternative> = written.iter().map(alternative).collect();
        alternatives.sort_by(|a, b| b.systems.cmp(&a.systems).then_with(|| a.project.cmp(&b.project)));
        Substitutes {
            source: known.filter(|_| !written.is_empty()).map(|known| known.source.clone()),
            alternatives,
            systems: answer.priority.systems,
            direct_systems: answer.priority.direct_systems,
            direct_uses: answer.rows.iter().map(|row| u64::from(row.direct_uses)).sum(),
            depth_least: answer.rows.iter().filter_map(|row| row.depth_least).min(),
        }
    }

    /// Positions of the systems that use a project.
    fn users(&self, desk: &Desk, key: &str) -> BTreeSet<u32> {
        let Some(packages) = self.projects.0.get(key) else { return BTreeSet::new() };
        let mut gatherer = self.gatherer();
        self.take(desk, &mut gatherer, packages);
        gatherer.systems().iter().copied().collect()
    }
}
