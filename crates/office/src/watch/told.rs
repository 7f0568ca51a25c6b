// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was decided and stated about a vulnerability: who said what and when, where it holds, and why it changes nothing where it does
//! not.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use underpin_assess::findings::Voice;
use underpin_assess::identity::of_purl;
use underpin_model::registry::AgencyId;
use underpin_model::watch::{Decision, Place};
use underpin_model::{Purl, Timestamp};

use super::estate::Watched;
use super::explain::Explanation;
use super::findings::FindingsQuery;
use super::statements::{Bound, Spoken};
use crate::error::Result;
use crate::house::Desk;

/// Decisions and statements that are told, at most.
const TOLD: usize = 50;
/// Code of a decision that changes nothing, for it does not hold at the moment asked about.
pub(crate) const NOT_IN_FORCE: &str = "not-in-force";
/// Documents that are named, at most.
const NAMED: usize = 10;

/// What a finding came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StateTold {
    /// Package version.
    pub package: String,
    /// State after decisions and statements.
    pub status: &'static str,
    /// The decision that gave it its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The statement that gave it its state: where it stands, author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The decision that had closed it, and why that does not count any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopened: Option<(String, &'static str)>,
}

/// A decision or statement about the vulnerability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Told {
    /// `decision` or `statement`.
    pub kind: &'static str,
    /// Number of the decision and who made it; or where the statement stands and its author.
    pub by: String,
    /// When it was recorded or said.
    pub said: Timestamp,
    /// What is said.
    pub status: &'static str,
    /// Why it is not affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<&'static str>,
    /// Why, in the words of whoever says it: hostile text.
    pub words: String,
    /// The package; empty for everything there.
    pub package: String,
    /// Where it holds.
    pub holds: String,
    /// The code of why it changes nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_effect: Option<&'static str>,
}

impl Watched {
    /// Adds to an explanation what was decided and stated.
    ///
    /// # Errors
    /// As [`Watched::findings`].
    pub(super) fn tell(&self, desk: &Desk, explanation: &mut Explanation) -> Result<()> {
        let system = if explanation.about.starts_with("pkg:") { None } else { Some(explanation.about.clone()) };
        if let Some(system) = &system {
            explanation.states = self.states(desk, system, &explanation.vulnerability)?;
        }
        let names: HashSet<String> =
            explanation.names.iter().chain([&explanation.vulnerability]).map(|name| name.to_uppercase()).collect();
        let packages: HashSet<i64> =
            explanation.packages.iter().filter_map(|story| package_of(&story.package)).collect();
        let position = system.as_deref().map(|name| desk.system_called(name)).transpose()?;
        let position = position.and_then(|system| desk.system_position(&system.id.0));
        let ignored: HashMap<Voice, &'static str> =
            self.with_rules(desk, |rules| rules.ignored.iter().map(|(voice, why)| (*voice, why.as_str())).collect());
        let is_meant =
            |package: &str| package.is_empty() || package_of(package).is_some_and(|id| packages.contains(&id));
        let mut told: Vec<Told> = Vec::new();
        for decision in self.decisions.iter().rev() {
            let here = names.contains(&decision.vulnerability.to_uppercase()) && is_meant(&decision.package);
            if here && concerns(desk, decision, position) {
                let why = ignored.get(&Voice::Decision(decision.id)).copied();
                told.push(of_decision(decision, why, decision.holds_at(self.at)));
            }
        }
        let here = |one: &Spoken| {
            let documents = one.documents();
            let counts = |document: &i64| position.is_none_or(|system| desk.systems_of(*document).contains(&system));
            // Everything in a product that is not here is said of hundreds of products, and helps nobody.
            let is_somewhere = !one.package.is_empty() || documents.iter().any(counts);
            is_somewhere
                && one.saying.names.iter().any(|name| names.contains(&name.to_uppercase()))
                && is_meant(&one.package)
        };
        let mut stated: Vec<Told> = (0..)
            .zip(&self.statements)
            .filter(|(_, one)| here(one))
            .map(|(number, one)| of_statement(desk, one, ignored.get(&Voice::Statement(number)).copied()))
            .collect();
        stated.sort_by_key(|one| (one.without_effect.is_some(), std::cmp::Reverse(one.said)));
        told.extend(stated);
        explanation.told_more = told.len().saturating_sub(TOLD) as u64;
        told.truncate(TOLD);
        explanation.told = told;
        Ok(())
    }

    fn states(&self, desk: &Desk, system: &str, vulnerability: &str) -> Result<Vec<StateTold>> {
        let query = FindingsQuery {
            system: Some(system.to_owned()),
            vulnerability: Some(vulnerability.to_owned()),
            statuses: vec!["all".to_owned()],
            rows: TOLD,
            ..FindingsQuery::default()
        };
        let answer = self.findings(desk, &query)?;
        let states = answer.rows.into_iter().map(|row| StateTold {
            package: row.package.to_owned(),
            status: row.status,
            decision: row.decision,
            statement: row.statement.map(str::to_owned),
            reopened: row.reopened,
        });
        Ok(states.collect())
    }
}

fn package_of(purl: &str) -> Option<i64> {
    let (purl, _) = Purl::parse_lenient(purl).ok()?;
    Some(of_purl(purl).package_id.0)
}

/// Whether a decision is about a place that has to do with a system; with any when none is asked about.
fn concerns(desk: &Desk, decision: &Decision, system: Option<u32>) -> bool {
    let Some(system) = system else { return true };
    let own = desk.system(system);
    match &decision.place {
        Place::Government => true,
        Place::Agency(agency) => desk.with_descendants(agency).contains(&AgencyId(own.agency.0.clone())),
        Place::System(id) | Place::Artefact { system: id, .. } => *id == own.id,
    }
}

fn of_decision(decision: &Decision, why: Option<&'static str>, holds: bool) -> Told {
    let place = match &decision.place {
        Place::Government => "the whole government".to_owned(),
        Place::Agency(agency) => format!("agency {agency}"),
        Place::System(system) => format!("system {system}"),
        Place::Artefact { system, artefact } => format!("artefact {artefact} of {system}"),
    };
    Told {
        kind: "decision",
        by: format!("{} ({})", decision.id, decision.author),
        said: decision.recorded,
        status: decision.status.as_str(),
        justification: decision.justification.map(|one| one.as_str()),
        words: decision.reason.clone(),
        package: decision.package.clone(),
        holds: place,
        without_effect: why.or((!holds).then_some(NOT_IN_FORCE)),
    }
}

fn of_statement(desk: &Desk, one: &Spoken, why: Option<&'static str>) -> Told {
    let holds = match &one.within {
        Bound::Anywhere => "wherever the package is".to_owned(),
        Bound::Nowhere(_) if one.product.is_empty() => "nowhere here".to_owned(),
        Bound::Nowhere(_) => format!("in {}: nowhere here", one.product),
        Bound::Documents(documents) => {
            let name = |document: &i64| {
                desk.document(*document).map_or_else(String::new, |record| format!("{} {}", record.id, record.subject))
            };
            let mut names: Vec<String> = documents.iter().take(NAMED).map(name).collect();
            if documents.len() > NAMED {
                names.push(format!("and {} more", documents.len() - NAMED));
            }
            format!("in {}: {}", one.product, names.join(", "))
        }
    };
    Told {
        kind: "statement",
        by: one.head.told.clone(),
        said: one.saying.said,
        status: one.saying.status.as_str(),
        justification: one.saying.justification.map(|one| one.as_str()),
        words: one.saying.impact.clone(),
        package: one.package.clone(),
        holds,
        without_effect: why,
    }
}
