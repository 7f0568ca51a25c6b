// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Triage from a list: findings are chosen, one ruling is made about all of them, and before it is made it is said what it covers.
//!
//! A ruling about chosen findings becomes one decision for each vulnerability and package version at each place. What it covers can be
//! more than what was chosen (the same package in other systems of the agency) and is counted in the same way for the preview and for
//! the check when it is made: whoever saw other numbers is told, and nothing is decided.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;
use underpin_model::people::{Act, Reach};
use underpin_model::registry::AgencyId;
use underpin_model::watch::{DecisionId, Place};
use underpin_model::{Viewer, registry::SystemId};

use super::decisions::{AT_ONCE, Ruling, check, new};
use super::estate::Watched;
use super::findings::FindingsQuery;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Vulnerabilities that are asked for one by one; for more of them, all findings are walked once.
const ASKED_SINGLY: usize = 100;

/// A finding that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen {
    /// Vulnerability.
    pub vulnerability: String,
    /// Package version.
    pub package: String,
    /// System.
    pub system: String,
}

/// What is ruled about.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Single findings.
    Findings(BTreeSet<Chosen>),
    /// All that are asked for.
    All(Box<FindingsQuery>),
}

/// Where the ruling shall hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// In the systems of the chosen findings, each for itself.
    Systems,
    /// In an agency and everything below it.
    Agency(AgencyId),
    /// In the whole government.
    Government,
}

/// What a ruling would cover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "RulingCoverage")]
pub struct Coverage {
    /// Findings that were chosen and are still there.
    pub chosen: u64,
    /// Decisions that would be made.
    pub decisions: u64,
    /// Findings that are not closed and that the decisions would cover.
    pub findings: u64,
    /// Systems of these.
    pub systems: u64,
    /// Agencies of these, with their findings.
    pub agencies: BTreeMap<String, u64>,
}

impl Coverage {
    /// What is compared between the preview and the making: decisions, findings, systems.
    pub fn counts(&self) -> [u64; 3] {
        [self.decisions, self.findings, self.systems]
    }
}

/// Pairs of vulnerability and package version, each at its places.
struct Planned {
    chosen: u64,
    at: BTreeSet<(String, String, Place)>,
}

impl Watched {
    /// What a ruling about these findings would cover, if it held there.
    ///
    /// # Errors
    /// What `findings` says; `too-many` when there are more decisions than can be made at once.
    pub fn covered(&self, desk: &Desk, selection: &Selection, extent: &Extent) -> Result<Coverage> {
        let planned = self.planned(desk, selection, extent)?;
        self.covered_by(desk, &planned, extent)
    }

    fn planned(&self, desk: &Desk, selection: &Selection, extent: &Extent) -> Result<Planned> {
        let mut planned = Planned { chosen: 0, at: BTreeSet::new() };
        let queries = match selection {
            Selection::All(query) => vec![(**query).clone()],
            Selection::Findings(chosen) => {
                let names: BTreeSet<&str> = chosen.iter().map(|one| one.vulnerability.as_str()).collect();
                let of =
                    |name: &str| FindingsQuery { vulnerability: Some(name.to_owned()), ..FindingsQuery::default() };
                names.into_iter().map(of).collect()
            }
        };
        for query in queries {
            self.each_finding(desk, &query, |row| {
                if let Selection::Findings(chosen) = selection
                    && !chosen.contains(&Chosen {
                        vulnerability: row.vulnerability.to_owned(),
                        package: row.package.to_owned(),
                        system: row.system.to_owned(),
                    })
                {
                    return Ok(());
                }
                planned.chosen += 1;
                let place = match extent {
                    Extent::Systems => Place::System(SystemId(row.system.to_owned())),
                    Extent::Agency(agency) => Place::Agency(agency.clone()),
                    Extent::Government => Place::Government,
                };
                planned.at.insert((row.vulnerability.to_owned(), row.package.to_owned(), place));
                if planned.at.len() > AT_ONCE {
                    let message = format!("these would be more than {AT_ONCE} decisions");
                    return Err(OfficeError::new("too-many", message).hint("choose fewer findings at once"));
                }
                Ok(())
            })?;
        }
        Ok(planned)
    }

    fn covered_by(&self, desk: &Desk, planned: &Planned, extent: &Extent) -> Result<Coverage> {
        let mut covered =
            Coverage { chosen: planned.chosen, decisions: planned.at.len() as u64, ..Coverage::default() };
        let pairs: HashSet<(&str, &str)> =
            planned.at.iter().map(|(vulnerability, package, _)| (vulnerability.as_str(), package.as_str())).collect();
        let singly: HashSet<(&str, &str, &str)> = planned
            .at
            .iter()
            .filter_map(|(vulnerability, package, place)| match place {
                Place::System(system) => Some((vulnerability.as_str(), package.as_str(), system.0.as_str())),
                _ => None,
            })
            .collect();
        let names: BTreeSet<&str> = pairs.iter().map(|(vulnerability, _)| *vulnerability).collect();
        let within = match extent {
            Extent::Agency(agency) => Some(agency.0.clone()),
            Extent::Systems | Extent::Government => None,
        };
        let query = FindingsQuery { agency: within, ..FindingsQuery::default() };
        let queries: Vec<FindingsQuery> = match names.len() {
            0 => Vec::new(),
            1..=ASKED_SINGLY => names
                .iter()
                .map(|name| FindingsQuery { vulnerability: Some((*name).to_owned()), ..query.clone() })
                .collect(),
            _ => vec![query],
        };
        let mut systems: BTreeSet<String> = BTreeSet::new();
        for query in queries {
            self.each_finding(desk, &query, |row| {
                let is_covered = match extent {
                    Extent::Systems => singly.contains(&(row.vulnerability, row.package, row.system)),
                    Extent::Agency(_) | Extent::Government => pairs.contains(&(row.vulnerability, row.package)),
                };
                if is_covered {
                    covered.findings += 1;
                    if !systems.contains(row.system) {
                        systems.insert(row.system.to_owned());
                    }
                    *covered.agencies.entry(row.agency.to_owned()).or_default() += 1;
                }
                Ok(())
            })?;
        }
        covered.systems = systems.len() as u64;
        Ok(covered)
    }
}

impl House {
    /// Makes one ruling about chosen findings: one decision for each pair of vulnerability and package version at each place; all
    /// or none. `ruling.place` and `ruling.agency` follow from `extent`.
    ///
    /// # Errors
    /// `conflict` when what it covers is not what was expected; `usage` when the ruling is not complete; what the ledger says.
    pub async fn triage(
        &self,
        (watched, desk): (&Watched, &Desk),
        author: &Author,
        (selection, extent): (&Selection, &Extent),
        ruling: &Ruling,
        expected: [u64; 3],
    ) -> Result<Vec<DecisionId>> {
        check(ruling)?;
        let planned = watched.planned(desk, selection, extent)?;
        if watched.covered_by(desk, &planned, extent)?.counts() != expected {
            return Err(OfficeError::new(
                "conflict",
                "meanwhile something changed: this ruling covers other findings now",
            )
            .hint("look at the new numbers, then decide"));
        }
        let made: Vec<_> = planned
            .at
            .into_iter()
            .map(|(vulnerability, package, place)| {
                let agency = in_whose_name(&author.viewer, desk, &place);
                new(&vulnerability, &package, &Ruling { place, agency, ..ruling.clone() })
            })
            .collect();
        if made.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.ledger.writer(&author.actor, author.viewer.clone()).decide(author.at, made).await?)
    }
}

/// In whose name somebody decides for a place: of the office (`None`) who decides for the whole government; else of the agency through
/// which they may. Whether they may is for the ledger to say.
pub fn in_whose_name(viewer: &Viewer, desk: &Desk, place: &Place) -> Option<AgencyId> {
    let owner = match place {
        Place::Artefact { system, .. } | Place::System(system) => {
            desk.system_position(&system.0).map(|position| desk.system(position).agency.clone())
        }
        Place::Agency(agency) => Some(agency.clone()),
        Place::Government => None,
    };
    let owner = owner?;
    let own: Vec<AgencyId> = match viewer {
        Viewer::Agency { agencies, .. } => agencies.clone(),
        Viewer::Member { grants, .. } => {
            let deciding: Vec<_> = grants.iter().filter(|grant| grant.role.may(Act::Decide)).collect();
            if deciding.iter().any(|grant| grant.reach == Reach::Government) {
                return None;
            }
            let reaches = deciding.iter().filter_map(|grant| match &grant.reach {
                Reach::Agency(agency) => Some(agency.clone()),
                Reach::System(_) | Reach::Government => None,
            });
            reaches.collect()
        }
        Viewer::Stranger | Viewer::Analyst { .. } | Viewer::Operator => return None,
    };
    let above = own.into_iter().find(|agency| desk.with_descendants(agency).contains(&owner));
    Some(above.unwrap_or(owner))
}
