// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules of the house for a plan: which of the projects that are looked at count in each.

use std::collections::BTreeSet;
use std::path::Path;

use underpin_assess::planning::request::HouseRule;
use underpin_assess::planning::side_constraints::Bounding;
pub use underpin_formats::plan_rules::{PlanRule, PlanRules};
use underpin_model::limits::bounds;

use super::priorities::Ranking;
use super::skills::OwnSkill;
use crate::error::{OfficeError, Result};
use crate::house::Desk;

impl Ranking {
    /// Rules about projects by their place among `keys`.
    ///
    /// # Errors
    /// `invalid-plan` for a rule about nothing that is looked at, or about an agency that is not there; `unknown-project`.
    pub(super) fn house_rules(
        &self,
        desk: &Desk,
        (rules, skills): (&PlanRules, &[OwnSkill]),
        keys: &[String],
    ) -> Result<Vec<HouseRule>> {
        let hours = rules.office_hours.map(|hours| HouseRule::OfficeHours(i64::from(hours)));
        let skills = if rules.own_skills { skills } else { &[] };
        let skills = skills.iter().map(|own| HouseRule::SkillHours { skill: own.skill, hours: own.left() });
        let years = (0..).zip(&rules.years).map(|(year, amount)| HouseRule::Year { year, amount: *amount });
        let mut found: Vec<HouseRule> = hours.into_iter().chain(skills).chain(years).collect();
        for rule in &rules.rules {
            let (bounding, amount) = match (rule.at_most, rule.at_least) {
                (Some(most), None) => (Bounding::AtMost, most),
                (None, Some(least)) => (Bounding::AtLeast, least),
                _ => return Err(fault(rule, "needs either at_most or at_least")),
            };
            let name = rule.name.clone();
            found.push(if rule.instruments.is_empty() {
                let projects = self.in_rule(desk, rule, keys)?;
                HouseRule::Group { name, projects, bounding, amount }
            } else {
                HouseRule::Line { name, instruments: rule.instruments.clone(), bounding, amount }
            });
        }
        Ok(found)
    }

    /// Places of the projects that a rule is about.
    fn in_rule(&self, desk: &Desk, rule: &PlanRule, keys: &[String]) -> Result<Vec<usize>> {
        let named: BTreeSet<String> = rule.projects.iter().map(|text| self.key_or_text(text)).collect::<Result<_>>()?;
        let mut agencies = BTreeSet::new();
        for id in &rule.agencies {
            let id = id.as_str().into();
            if desk.agency(&id).is_none() {
                return Err(fault(rule, &format!("names {id}, which is no agency here")));
            }
            agencies.extend(desk.with_descendants(&id));
        }
        let has_type = |purl: &str| {
            let kind = purl.trim_start_matches("pkg:").split('/').next().unwrap_or_default();
            rule.ecosystems.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind))
        };
        let mut gatherer = self.gatherer();
        let mut counts = |key: &String| {
            let packages = self.projects.0.get(key).map(Vec::as_slice).unwrap_or_default();
            if named.contains(key) || packages.iter().any(|package| has_type(&package.purl)) {
                return true;
            }
            if agencies.is_empty() {
                return false;
            }
            self.take(desk, &mut gatherer, packages);
            gatherer.systems().iter().any(|system| agencies.contains(&desk.system(*system).agency))
        };
        let places: Vec<usize> = (0..keys.len()).filter(|place| counts(&keys[*place])).collect();
        if places.is_empty() {
            return Err(fault(rule, "is about none of the projects that are looked at"));
        }
        Ok(places)
    }
}

fn fault(rule: &PlanRule, what: &str) -> OfficeError {
    OfficeError::new("invalid-plan", format!("the rule {:?} {what}", rule.name))
        .hint("check the file of rules; `underpin plan --help`")
}

/// Reads a file of rules.
///
/// # Errors
/// `invalid-plan`, with the file, the place and what is wrong.
pub fn read_rules(path: &Path) -> Result<PlanRules> {
    let fault = |message: String| {
        OfficeError::new("invalid-plan", format!("{}: {message}", path.display()))
            .hint("`underpin plan --help`; the manual has an example")
    };
    let bytes = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
    if bytes > bounds::PROJECT_FACTS_BYTES {
        return Err(fault(format!("more than {} bytes", bounds::PROJECT_FACTS_BYTES)));
    }
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    underpin_formats::plan_rules::read(&text).map_err(fault)
}

/// Reads one rule as it is typed in one line.
///
/// # Errors
/// `invalid-plan`, with what is wrong.
pub fn one_rule(line: &str) -> Result<PlanRule> {
    underpin_formats::plan_rules::one(line).map_err(|message| {
        OfficeError::new("invalid-plan", format!("{line}: {message}"))
            .hint("write it as { name = \"grants\", at_most = 300000, instruments = [\"fellowship\"] }")
    })
}

/// Reads the text of a file of rules.
///
/// # Errors
/// `invalid-plan`, with the place and what is wrong.
pub fn rules_of(text: &str) -> Result<PlanRules> {
    if text.len() as u64 > bounds::PROJECT_FACTS_BYTES {
        return Err(OfficeError::new("invalid-plan", format!("more than {} bytes", bounds::PROJECT_FACTS_BYTES))
            .hint("fewer rules"));
    }
    underpin_formats::plan_rules::read(text)
        .map_err(|message| OfficeError::new("invalid-plan", message).hint("the manual has an example"))
}
