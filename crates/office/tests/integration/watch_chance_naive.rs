// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What should be found, told in the most obvious way: every system × use × record × decision looked at by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use underpin_model::Timestamp;
use underpin_model::watch::{DecisionId, Place, Status};

use crate::naive::Government;

/// Ecosystem, name there and purl of the packages that records speak of.
pub const NAMED: [(&str, &str, &str); 4] = [
    ("npm", "left", "pkg:npm/left"),
    ("npm", "@gov/left", "pkg:npm/%40gov/left"),
    ("Maven", "org.example:core", "pkg:maven/org.example/core"),
    ("PyPI", "flask", "pkg:pypi/flask"),
];

/// An advisory that names versions one by one.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    pub alias: Option<String>,
    /// Number in [`NAMED`].
    pub package: usize,
    pub versions: BTreeSet<String>,
    pub is_withdrawn: bool,
}

impl Record {
    /// The vulnerability's name: its CVE where it has one.
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.id)
    }

    pub fn to_osv(&self, modified: Timestamp) -> Value {
        let (ecosystem, name, _) = NAMED[self.package];
        let mut record = json!({
            "id": self.id, "modified": modified.to_string(), "published": "2026-01-01T00:00:00Z",
            "aliases": self.alias.iter().collect::<Vec<_>>(), "summary": "by chance",
            "affected": [{ "package": { "ecosystem": ecosystem, "name": name }, "versions": self.versions }],
        });
        if self.is_withdrawn {
            record["withdrawn"] = json!(modified.to_string());
        }
        record
    }
}

/// A decision and its fate.
#[derive(Clone, Debug)]
pub struct Decided {
    pub id: DecisionId,
    pub vulnerability: String,
    /// A purl with or without version, or nothing.
    pub package: String,
    pub place: Place,
    pub status: Status,
    pub expires: Option<Timestamp>,
    pub waits: bool,
    pub is_withdrawn: bool,
}

/// System, package version, vulnerability, state.
pub type Told = (String, String, String, String);

/// All findings in all states.
pub fn findings(
    government: &Government,
    records: &BTreeMap<String, Record>,
    decisions: &[Decided],
    now: Timestamp,
) -> BTreeSet<Told> {
    let mut told = BTreeSet::new();
    for (system, agency) in &government.systems {
        for (package, version) in government.contents(system) {
            for record in records.values() {
                if record.is_withdrawn || NAMED[record.package].2 != package || !record.versions.contains(&version) {
                    continue;
                }
                // Every name of the vulnerability that a record of the same name brings along.
                let alike = records.values().filter(|other| other.name() == record.name());
                let names: BTreeSet<&str> = alike.flat_map(|other| [other.id.as_str(), other.name()]).collect();
                let purl = format!("{package}@{version}");
                let counts = decisions.iter().filter_map(|decision| {
                    let holds = !decision.waits
                        && !decision.is_withdrawn
                        && decision.expires.is_none_or(|end| end > now)
                        && names.contains(decision.vulnerability.as_str());
                    let place = place_rank(government, &decision.place, system, agency)?;
                    let package = match &decision.package {
                        text if text.is_empty() => 0,
                        text if *text == package => 1,
                        text if *text == purl => 2,
                        _ => return None,
                    };
                    holds.then_some((place, package, decision.id, decision.status))
                });
                let status = counts.max_by_key(|(place, package, id, _)| (*place, *package, *id));
                let word = match status.map(|(_, _, _, status)| status) {
                    None | Some(Status::Affected) => "open",
                    Some(Status::UnderInvestigation) => "under-investigation",
                    Some(Status::Fixed) => "fixed",
                    Some(Status::NotAffected) => "not-affected",
                };
                told.insert((system.clone(), purl, record.name().to_owned(), word.to_owned()));
            }
        }
    }
    told
}

/// How near a place is to a system: the government, then agencies from above, then the system itself.
fn place_rank(government: &Government, place: &Place, system: &str, agency: &str) -> Option<usize> {
    match place {
        Place::Government => Some(0),
        Place::System(id) => (id.0 == system).then_some(1_000),
        Place::Artefact { .. } => None,
        Place::Agency(wanted) => {
            let mut above = Some(agency.to_owned());
            for distance in 0..100 {
                if above.as_deref() == Some(wanted.0.as_str()) {
                    return Some(500 - distance);
                }
                above = government.agencies.get(&above?).cloned().flatten();
            }
            None
        }
    }
}
