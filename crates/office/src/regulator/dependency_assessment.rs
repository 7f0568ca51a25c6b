// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How the government leans on open source, for an authority: anonymous, aggregated, reproducible.
//!
//! Modelled on Regulation (EU) 2024/2847, Article 13(25) and recital 22. It does not fulfil them: they are about parts lists of
//! manufacturers, which reach the authorities by market surveillance. It names packages and classes of systems, never a version, a
//! system or an agency; the rule is in `assess/src/dependency_assessment.rs`. Systems classified above internal, or in a compartment, are in
//! no number. The same state gives the same bytes, in a restored house, too: offsets of roundings follow from the first entry of the trail.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use underpin_assess::dependency_assessment::{Width, told};
use underpin_assess::open_data::editions;
use underpin_assess::totals::{Hidden, SafeTotal, offset_key, safe_rollup};
use underpin_lake::NOT_COUNTED;
use underpin_model::coverage::CoverageState;
use underpin_model::limits::bounds::{DEPENDENCY_ROWS, DEPENDENCY_THRESHOLD, SAFE_TOTAL_STEP};
use underpin_model::people::Act;
use underpin_model::registry::{Classification, Exposure};
use underpin_model::{Timestamp, Viewer};
use underpin_render::spreadsheet::guarded;

use crate::coordinator::usage::public_name;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// The version of the rule; grows when the same state would be told otherwise.
const METHOD_VERSION: u16 = 1;

/// An assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependencyAssessment {
    /// What it is modelled on.
    pub modelled_on: &'static str,
    /// What it is not.
    pub reservation: &'static str,
    /// The day whose beginning it shows.
    pub edition: String,
    /// The rule by which it was made.
    pub method: Method,
    /// Systems that are counted, and those whose contents are known; of the others nothing is known, so all numbers are too low.
    pub systems: SafeTotal,
    /// See `systems`.
    pub known: SafeTotal,
    /// The same by class.
    pub classes: Vec<ClassTotal>,
    /// Packages, most systems first.
    pub packages: Vec<DependencyRow>,
    /// Whether more packages could be told of than are told at most.
    pub is_cut: bool,
    /// SHA-256 of the packages as they stand in the CSV file.
    pub digest: String,
}

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Method {
    /// Its version.
    pub version: u16,
    /// What is told is of more systems than these, of two agencies at least.
    pub more_than_systems: u64,
    /// Each number is rounded to a multiple, by a secret offset.
    pub rounded_to: u64,
    /// What makes a class.
    pub class: &'static str,
}

/// Systems of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassTotal {
    /// The class: who can reach the system.
    pub class: Exposure,
    /// Systems that are counted.
    pub systems: SafeTotal,
    /// Of these, those whose contents are known.
    pub known: SafeTotal,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependencyRow {
    /// Canonical purl without version.
    pub package: String,
    /// Type, as purl names it.
    #[serde(rename = "type")]
    pub kind: String,
    /// About how many systems use any version of it.
    pub systems: u64,
    /// By class, in the order of the classes; none where it is not told, which says nothing about whether there are any.
    pub by_class: Vec<Option<u64>>,
}

impl House {
    /// The assessment of an edition (the beginning of a part of a year as for open data, without its delay), the newest where none is
    /// named.
    ///
    /// # Errors
    /// `not-allowed` for who may not rank everywhere, `no-edition`; when the ledger cannot be read, or evidence is damaged.
    pub async fn dependency_assessment(&self, asking: &Desk, edition: Option<&str>) -> Result<DependencyAssessment> {
        let now = asking.now;
        if !asking.viewer.may_everywhere(Act::Rank) {
            let message = "an assessment of dependencies is for those who plan for the whole government";
            return Err(OfficeError::new("not-allowed", message));
        }
        let rules = &self.settings.open_data;
        let since = self.ledger.operator_reader().stock_taken_since().await?;
        let all = since.map_or_else(Vec::new, |since| editions(now, (rules.every_months, 0), since));
        let found = match edition {
            None => all.first().copied(),
            Some(day) => all.iter().copied().find(|one| one.date() == day),
        };
        let at = found.ok_or_else(|| {
            let days: Vec<String> = all.into_iter().map(Timestamp::date).collect();
            let hint = match days.is_empty() {
                true => "an edition shows the first day of a part of a year (every_months in the table [open_data]), and none has begun since stock is taken".to_owned(),
                false => format!("editions: {}", days.join(", ")),
            };
            OfficeError::new("no-edition", "there is no such edition").hint(hint)
        })?;
        let desk = self.desk_as_of(Viewer::Analyst { clearance: Classification::Internal }, at, now).await?;
        let secret = self.rounding_secret().await?;
        assessed(&desk, secret.as_bytes(), &rules.withheld)
    }
}

fn assessed(desk: &Desk, secret: &[u8], withheld: &[String]) -> Result<DependencyAssessment> {
    let agencies = desk.agency_positions();
    let class_of: Vec<Exposure> = desk.snapshot.systems.iter().map(|system| system.exposure).collect();
    let mut by_class = Vec::new();
    for class in Exposure::ALL {
        let of_class = |(agency, own): (&u32, &Exposure)| if own == class { *agency } else { NOT_COUNTED };
        let groups: Vec<u32> = agencies.iter().zip(&class_of).map(of_class).collect();
        let usage = desk.session.package_usage_by(&groups, desk.current())?;
        let widths = usage.into_iter().map(|found| (found.package, width(found.systems, found.most_in_a_group)));
        by_class.push(widths.collect::<HashMap<i64, Width>>());
    }
    // The sum is the number of open data: two roundings of one thing would tell more than one.
    let key = |package: &str, class: Option<usize>| {
        let class = class.and_then(|at| Exposure::ALL.get(at));
        class.map_or_else(
            || offset_key(secret, "open-data", package),
            |class| offset_key(secret, &format!("dependency-assessment {}", class.as_str()), package),
        )
    };
    let mut packages = Vec::new();
    for (found, version) in desk.usage_by_group(&agencies)? {
        let name = public_name(&version).filter(|name| !withheld.iter().any(|begin| name.starts_with(begin)));
        let Some(package) = name else { continue };
        let classes: Vec<Width> =
            by_class.iter().map(|widths| widths.get(&found.package).copied().unwrap_or_default()).collect();
        let all = width(found.systems, found.most_in_a_group);
        if let Some(row) = told(all, &classes, |class| key(&package, class)) {
            packages.push(DependencyRow { package, kind: version.kind, systems: row.systems, by_class: row.classes });
        }
    }
    packages.sort_by(|a, b| b.systems.cmp(&a.systems).then_with(|| a.package.cmp(&b.package)));
    let is_cut = packages.len() > DEPENDENCY_ROWS;
    packages.truncate(DEPENDENCY_ROWS);
    let (systems, known, classes) = totals(desk, secret, &class_of);
    let digest = Sha256::digest(csv_of(&packages)?).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(DependencyAssessment {
        modelled_on: "Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 13(25) and recital 22",
        reservation: "It does not fulfil Article 13(25): that concerns SBOMs of manufacturers, which market surveillance authorities ask for.",
        edition: desk.snapshot.at.date(),
        method: Method {
            version: METHOD_VERSION,
            more_than_systems: DEPENDENCY_THRESHOLD,
            rounded_to: SAFE_TOTAL_STEP,
            class: "who can reach the system",
        },
        systems,
        known,
        classes,
        packages,
        is_cut,
        digest,
    })
}

fn width(systems: u32, most: u32) -> Width {
    Width { systems: u64::from(systems), most_in_an_agency: u64::from(most) }
}

/// Systems, and those that are known, over all and by class.
fn totals(desk: &Desk, secret: &[u8], class_of: &[Exposure]) -> (SafeTotal, SafeTotal, Vec<ClassTotal>) {
    let question = desk.coverage_question(&[], desk.limits.stale_days);
    let mut counts = vec![(0_u64, 0_u64); Exposure::ALL.len()];
    for system in desk.active_systems() {
        let class = class_of.get(system as usize);
        let Some(count) = Exposure::ALL.iter().position(|one| Some(one) == class).and_then(|at| counts.get_mut(at))
        else {
            continue;
        };
        count.0 += 1;
        count.1 += u64::from(desk.coverage_state(system, &question) == CoverageState::Known);
    }
    let rollup = |what: &str, value: fn(&(u64, u64)) -> u64| {
        let question = format!("dependency-assessment {what}");
        let hidden = counts.iter().zip(Exposure::ALL).map(|(count, class)| Hidden {
            parts: count.0,
            value: value(count),
            key: offset_key(secret, &question, class.as_str()),
        });
        safe_rollup(&hidden.collect::<Vec<_>>(), offset_key(secret, &question, ""))
    };
    let (systems, known) = (rollup("systems", |count| count.0), rollup("known", |count| count.1));
    let classes = Exposure::ALL.iter().zip(systems.places).zip(known.places);
    let classes = classes.map(|((class, systems), known)| ClassTotal { class: *class, systems, known }).collect();
    (systems.sum, known.sum, classes)
}

/// The files of an assessment.
pub const FILES: &[&str] = &["dependency-assessment.json", "dependency-assessment.csv"];

impl DependencyAssessment {
    /// A file of it, by name; none for a name that is not in [`FILES`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match name {
            "dependency-assessment.csv" => csv_of(&self.packages).map(Some),
            "dependency-assessment.json" => {
                let text = serde_json::to_string_pretty(self)
                    .map_err(|error| OfficeError::new("export", error.to_string()))?;
                Ok(Some(format!("{text}\n").into_bytes()))
            }
            _ => Ok(None),
        }
    }
}

/// The packages, with a column for each class.
fn csv_of(rows: &[DependencyRow]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| OfficeError::new("export", error.to_string());
    let mut written = csv::Writer::from_writer(Vec::new());
    let classes = Exposure::ALL.iter().map(|class| format!("systems_{}", class.as_str()));
    let head = ["package", "type", "systems"].into_iter().map(str::to_owned).chain(classes);
    written.write_record(head).map_err(failed)?;
    for row in rows {
        let told = |told: &Option<u64>| told.map(|count| count.to_string()).unwrap_or_default();
        let own = [guarded(&row.package), guarded(&row.kind), row.systems.to_string()];
        written.write_record(own.into_iter().chain(row.by_class.iter().map(told))).map_err(failed)?;
    }
    written.into_inner().map_err(|error| failed(csv::Error::from(error.into_error())))
}
