// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions that are chosen to be published, with all that stands against it: how what they rest on is marked and classified, and whether
//! anybody but those who are let into compartments runs the packages.

use underpin_model::registry::Classification;
use underpin_model::watch::{Decision, DecisionId, Statement, StatementDocument, Tlp};

use super::estate::Watched;
use super::folding::is_of;
use super::vex_out::statement;
use crate::house::Desk;

/// Decisions that were chosen to be published.
pub(crate) struct Selected<'w> {
    /// They, as statements.
    pub document: StatementDocument<'w>,
    /// They themselves.
    pub decisions: Vec<&'w Decision>,
    /// How many others were asked for and are not in it: they hold for a part of the government, or name no package.
    pub left_out: usize,
    /// Advisories of the office that are about the same vulnerabilities.
    pub rests_on: Vec<String>,
    /// The strictest mark of what they rest on.
    pub strictest: Option<Tlp>,
    /// The highest classification of what they rest on.
    pub classification: Option<Classification>,
}

impl Watched {
    /// The decisions that the viewer may see, that hold and that are wanted, of those that were asked for.
    pub(crate) fn decisions_for(
        &self,
        is_wanted: impl Fn(&Decision) -> bool,
        is_asked: impl Fn(&Decision) -> bool,
        (id, author): (&str, &str),
    ) -> Selected<'_> {
        let asked: Vec<&Decision> =
            self.decisions.iter().filter(|decision| decision.holds_at(self.at) && is_asked(decision)).collect();
        let decisions: Vec<&Decision> =
            asked.iter().copied().filter(|decision| is_wanted(decision) && !decision.package.is_empty()).collect();
        let strictest = decisions.iter().filter_map(|decision| self.mark_of_decision(decision)).max();
        let classification = decisions.iter().filter_map(|decision| self.classification_of_decision(decision)).max();
        let names: Vec<&str> = decisions.iter().map(|decision| decision.vulnerability.as_str()).collect();
        let rests_on = self.own_advisories_named(&names);
        let statements: Vec<Statement<'_>> = decisions.iter().filter_map(|decision| statement(decision)).collect();
        let left_out = asked.len() - statements.len();
        let document = StatementDocument {
            id: id.to_owned().into(),
            author: author.to_owned().into(),
            published: Some(self.at),
            modified: Some(self.at),
            version: "1".into(),
            category: "csaf_vex".into(),
            author_role: "coordinator".into(),
            statements,
            ..StatementDocument::default()
        };
        Selected { document, decisions, left_out, rests_on, strictest, classification }
    }

    /// Whether all systems that the viewer knows to run a package are in a compartment, or classified above `highest`: that somebody runs
    /// it is a secret then. Where nobody is known to run it, nothing is told.
    pub(crate) fn is_secret(&self, desk: &Desk, package: &str, highest: Classification) -> bool {
        let things = (0_u32..).zip(&self.things).filter(|(_, thing)| is_of(&thing.purl, package));
        let mut systems = things
            .flat_map(|(number, _)| self.estate.systems_of(number))
            .filter(|system| self.viewer.systems.contains(*system))
            .map(|system| desk.system(system))
            .peekable();
        systems.peek().is_some()
            && systems.all(|system| !system.compartments.is_empty() || system.classification > highest)
    }

    /// The first of some decisions that is none of `known` and is about a vulnerability that one of those is about.
    pub(crate) fn said_since<'w>(&self, now: &[&'w Decision], known: &[DecisionId]) -> Option<&'w Decision> {
        let before: Vec<&str> = self
            .decisions
            .iter()
            .filter(|decision| known.contains(&decision.id))
            .map(|decision| decision.vulnerability.as_str())
            .collect();
        let is_about = |one: &Decision| before.iter().any(|name| self.are_the_same(name, &one.vulnerability));
        now.iter().copied().find(|one| !known.contains(&one.id) && is_about(one))
    }
}
