// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Findings for build servers: SARIF and JUnit XML, with the documents that show each package and what was decided.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use underpin_assess::findings::{Finding, Page, Start};
use underpin_formats::reports::{Report, Reported, Rule, Standing, junit, sarif};
use underpin_model::limits::bounds;

use super::estate::Watched;
use super::findings::{FindingRow, FindingsQuery, meaning, order};
use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// A form of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
}

impl ReportForm {
    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Sarif => "application/sarif+json",
            Self::Junit => "application/xml",
        }
    }

    /// Ending of a file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Sarif => "sarif",
            Self::Junit => "junit.xml",
        }
    }
}

impl Watched {
    /// The findings that are asked for as a report. Where no states are asked for, what is closed is in it too, as closed.
    ///
    /// # Errors
    /// As [`Self::findings`]; `too-many` when there are more than a report holds.
    pub fn report(&self, desk: &Desk, query: &FindingsQuery, form: ReportForm) -> Result<String> {
        let mut query = query.clone();
        if query.statuses.is_empty() && !query.overdue {
            query.statuses = vec!["all".to_owned()];
        }
        let filter = self.filter(desk, &query)?;
        let engine = self.engine();
        let counted = engine.count(&self.viewer, &filter, order(&query.sort)?);
        if counted.totals.findings > bounds::REPORTED_FINDINGS {
            let message =
                format!("these are {} findings; a report holds {}", counted.totals.findings, bounds::REPORTED_FINDINGS);
            return Err(OfficeError::new("too-many", message)
                .hint("ask for one system or agency; `--format csv` and `--format ndjson` have no such bound"));
        }
        let found = engine.page(&counted, Page { start: Start::Offset(query.offset), rows: query.rows });
        let documents = self.documents_of(desk, &found)?;
        let rows: Vec<FindingRow<'_>> =
            self.with_rules(desk, |rules| found.iter().map(|one| self.row(desk, one, rules)).collect());
        let numbers: BTreeSet<u32> = found.iter().map(|one| one.vulnerability).collect();
        let rule_of: HashMap<u32, usize> = numbers.iter().zip(0..).map(|(number, rule)| (*number, rule)).collect();
        let mut rules: BTreeMap<u32, Rule<'_>> = BTreeMap::new();
        let mut findings = Vec::with_capacity(rows.len());
        for ((one, row), documents) in found.iter().zip(&rows).zip(&documents) {
            rules.entry(one.vulnerability).or_insert_with(|| self.rule(one, row));
            findings.push(Reported {
                rule: rule_of.get(&one.vulnerability).copied().unwrap_or_default(),
                closed_by: one.status.is_closed().then(|| self.closed_by(row)),
                documents: documents.clone(),
                ..reported(one, row)
            });
        }
        let overview = desk.overview();
        let unanswerable = self.unanswerable.iter();
        let report = Report {
            version: env!("CARGO_PKG_VERSION"),
            as_of: overview.as_of,
            knowledge: self.freshness.sentence(),
            knows_nothing: self.freshness.knows_nothing() && self.freshness.own == 0,
            unanswerable: unanswerable
                .map(|(reason, count)| {
                    format!("{count} package versions in all cannot be held against advisories: {}", reason.meaning())
                })
                .collect(),
            rules: rules.into_values().collect(),
            findings,
        };
        Ok(match form {
            ReportForm::Sarif => sarif::write(&report),
            ReportForm::Junit => junit::write(&report),
        })
    }

    fn rule<'w>(&'w self, finding: &Finding, row: &FindingRow<'w>) -> Rule<'w> {
        let group = self.vulnerabilities[finding.vulnerability as usize].group;
        let members = self.layers.group_members(group);
        let summaries = members.into_iter().filter_map(|one| self.layers.advisory(one)).map(|view| view.summary());
        Rule {
            name: row.vulnerability,
            aliases: row.aliases.clone(),
            summary: summaries.max_by_key(|text| text.len()).unwrap_or_default(),
            severity: row.severity,
            score: row.severity_score,
            source: row.severity_source,
            exploited: row.exploited.clone(),
            tlp: row.tlp,
        }
    }

    /// What closed a finding, and why, in the words of whoever did.
    fn closed_by(&self, row: &FindingRow<'_>) -> String {
        let decision = row.decision.as_ref();
        let decision = decision.and_then(|id| self.decisions.iter().find(|known| known.id.to_string() == *id));
        let Some(decision) = decision else {
            return row.statement.map(str::to_owned).unwrap_or_default();
        };
        let why = decision.justification.map(|why| format!(", {}", why.as_str())).unwrap_or_default();
        format!("{}{why}: {}", decision.id, decision.reason)
    }

    /// For each finding: names of the documents that show the package and count for the system, sorted.
    fn documents_of<'d>(&self, desk: &'d Desk, found: &[Finding]) -> Result<Vec<Vec<&'d str>>> {
        let versions_of = |one: &Finding| self.things.get(one.version as usize).map(|thing| &thing.versions);
        let wanted: HashSet<i64> = found.iter().filter_map(versions_of).flatten().copied().collect();
        let mut places: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        desk.session.each_use(false, |used| {
            if wanted.contains(&used.package_version) && !desk.systems_of(used.document).is_empty() {
                places.entry(used.package_version).or_default().insert(used.document);
            }
        })?;
        let names = |one: &Finding| {
            let documents = versions_of(one).into_iter().flatten().filter_map(|version| places.get(version)).flatten();
            let documents = documents.filter(|document| desk.systems_of(**document).contains(&one.system));
            let names: BTreeSet<&str> =
                documents.filter_map(|document| desk.document(*document)).map(|record| record.path.as_str()).collect();
            names.into_iter().collect()
        };
        Ok(found.iter().map(names).collect())
    }
}

fn reported<'w>(finding: &Finding, row: &'w FindingRow<'w>) -> Reported<'w> {
    let standing = match row.status {
        _ if finding.status.is_closed() => Standing::Closed,
        "unknown" => Standing::Unknown,
        _ => Standing::Open,
    };
    Reported {
        agency: row.agency,
        system: row.system,
        package: row.package,
        priority: row.priority,
        standing,
        status: row.status,
        reason: row.reason,
        meaning: meaning(row.reason),
        due: row.due.as_deref(),
        has_fix: row.has_fix,
        ..Reported::default()
    }
}
