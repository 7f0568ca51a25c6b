// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Open data: what the government uses and gives back, in numbers that expose nobody.
//!
//! An edition is the state at the beginning of a quarter (or what the office says) and comes out after a delay. It names packages and never a version, a
//! vulnerability, a system or an agency. Systems classified above internal, or in a compartment, are in no number; what remains goes
//! through one rule (`assess/src/open_data.rs`).

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use underpin_assess::open_data::{editions, shown};
pub use underpin_assess::totals::SafeTotal;
use underpin_assess::totals::{Hidden, offset_key, safe_total};
use underpin_model::coverage::CoverageState;
use underpin_model::limits::bounds::OPEN_DATA_ROWS;
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};
use underpin_render::spreadsheet::guarded;

use crate::coordinator::usage::public_name;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// What the office decided about open data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenDataRules {
    /// Whether everybody sees it without signing in.
    pub publish: bool,
    /// Months from an edition to the next: 1, 2, 3, 4, 6 or 12.
    pub every_months: u32,
    /// Days after which an edition comes out.
    pub delay_days: u32,
    /// The licence that it is given under, as SPDX names it.
    pub licence: String,
    /// Beginnings of purls that are never told of: the government's own packages, and what should not be known.
    pub withheld: Vec<String>,
}

impl Default for OpenDataRules {
    fn default() -> Self {
        Self { publish: false, every_months: 3, delay_days: 90, licence: "CC-BY-4.0".to_owned(), withheld: Vec::new() }
    }
}

/// An edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OpenData {
    /// Its name: the day whose beginning it shows.
    pub edition: String,
    /// All editions that there are, the newest first.
    pub editions: Vec<String>,
    /// Days after which an edition comes out.
    pub delay_days: u32,
    /// The licence.
    pub licence: String,
    /// Systems that are counted: in use, classified internal at most, in no compartment …
    #[schemars(with = "serde_json::Value")]
    pub systems: SafeTotal,
    /// … and of these, those whose contents are known. Of the others nothing is known, so all numbers below are too low.
    #[schemars(with = "serde_json::Value")]
    pub known: SafeTotal,
    /// Changes that the government carried and that came to their projects.
    #[schemars(with = "serde_json::Value")]
    pub changes_given: SafeTotal,
    /// Systems by type of package, most first.
    pub kinds: Vec<OpenKind>,
    /// Packages by systems, most first.
    pub packages: Vec<OpenPackage>,
    /// Whether there are more packages than are told of at most.
    pub is_cut: bool,
}

/// A type of package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OpenKind {
    /// The type, as purl names it.
    #[serde(rename = "type")]
    pub kind: String,
    /// About how many systems use a package of it.
    pub systems: u64,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OpenPackage {
    /// Canonical purl without version.
    pub package: String,
    /// Name as people write it.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// About how many systems use any version of it.
    pub systems: u64,
}

impl House {
    /// Whether everybody sees the open data.
    pub fn publishes_open_data(&self) -> bool {
        self.settings.open_data.publish
    }

    /// The editions that are out at a moment, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn open_data_editions(&self, now: Timestamp) -> Result<Vec<Timestamp>> {
        let rules = &self.settings.open_data;
        let since = self.ledger.operator_reader().stock_taken_since().await?;
        Ok(since.map_or_else(Vec::new, |since| editions(now, (rules.every_months, rules.delay_days), since)))
    }

    /// An edition, the newest where none is named; `None` where there is no such edition, or none yet.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn open_data(&self, edition: Option<&str>, now: Timestamp) -> Result<Option<OpenData>> {
        let out = self.open_data_editions(now).await?;
        let found = match edition {
            None => out.first().copied(),
            Some(day) => out.iter().copied().find(|one| one.date() == day),
        };
        let Some(at) = found else { return Ok(None) };
        // The public is no viewer of the ledger. Who sees all agencies and nothing above internal sees what may be counted.
        let counted = Viewer::Analyst { clearance: Classification::Internal };
        let desk = self.desk_as_of(counted, at, now).await?;
        let secret = self.rounding_secret().await?;
        let upstream = self.upstream(&desk).await?;
        let mut data = counted_at(&desk, secret.as_bytes(), &self.settings.open_data)?;
        let carried = upstream.rows.len() as u64 + u64::from(upstream.gone);
        data.changes_given = safe_total(&Hidden {
            parts: carried,
            value: u64::from(upstream.upstreamed).min(carried),
            key: offset_key(secret.as_bytes(), "open-data changes", ""),
        });
        data.editions = out.into_iter().map(Timestamp::date).collect();
        Ok(Some(data))
    }

    /// An edition for who works in the office: also before it is published, for who may rank everywhere.
    ///
    /// # Errors
    /// `not-allowed`, `no-edition`; when the ledger cannot be read, or evidence is damaged.
    pub async fn open_data_for(&self, desk: &Desk, edition: Option<&str>) -> Result<OpenData> {
        if !self.publishes_open_data() && !desk.viewer.may_everywhere(Act::Rank) {
            let message = "what is not published yet is for those who plan for the whole government";
            return Err(OfficeError::new("not-allowed", message));
        }
        let found = self.open_data(edition, desk.now).await?;
        let out = self.open_data_editions(desk.now).await?;
        found.ok_or_else(|| {
            let days: Vec<String> = out.into_iter().map(Timestamp::date).collect();
            let hint = match days.is_empty() {
                true => format!(
                    "an edition shows the first day of every {} months and comes out {} days later: every_months and delay_days in the table [open_data]",
                    self.settings.open_data.every_months, self.settings.open_data.delay_days
                ),
                false => format!("editions: {}", days.join(", ")),
            };
            OfficeError::new("no-edition", "there is no such edition").hint(hint)
        })
    }

    /// The secret from which offsets of roundings are made: hard to guess for who may not read the chain, and the same tomorrow, so that
    /// asking again gives no other rounding.
    pub(crate) async fn rounding_secret(&self) -> Result<String> {
        let first = self.ledger.operator_reader().audit(1, Some(2)).await?;
        Ok(first.first().map(|entry| entry.hash.clone()).unwrap_or_default())
    }
}

/// Everything that is counted, by the rule.
fn counted_at(desk: &Desk, secret: &[u8], rules: &OpenDataRules) -> Result<OpenData> {
    let systems = desk.active_systems().count() as u64;
    let question = desk.coverage_question(&[], desk.limits.stale_days);
    let is_known = |system: &u32| desk.coverage_state(*system, &question) == CoverageState::Known;
    let known = desk.active_systems().filter(is_known).count() as u64;
    let total = |question: &str, value: u64| {
        safe_total(&Hidden { parts: systems, value, key: offset_key(secret, question, "") })
    };
    let agencies = desk.agency_positions();
    let key = |what: &str| offset_key(secret, "open-data", what);
    let (mut packages, mut is_cut) = (Vec::new(), false);
    for (found, version) in desk.usage_by_group(&agencies)? {
        let name = public_name(&version).filter(|name| !rules.withheld.iter().any(|begin| name.starts_with(begin)));
        let Some(package) = name else { continue };
        let (systems, most) = (u64::from(found.systems), u64::from(found.most_in_a_group));
        if let Some(systems) = shown(systems, most, key(&package)) {
            packages.push(OpenPackage { package, name: version.full_name(), kind: version.kind, systems });
        }
    }
    packages.sort_by(|a, b| b.systems.cmp(&a.systems).then_with(|| a.package.cmp(&b.package)));
    if packages.len() > OPEN_DATA_ROWS {
        packages.truncate(OPEN_DATA_ROWS);
        is_cut = true;
    }
    Ok(OpenData {
        edition: desk.snapshot.at.date(),
        editions: Vec::new(),
        delay_days: rules.delay_days,
        licence: rules.licence.clone(),
        systems: total("open-data systems", systems),
        known: total("open-data known", known),
        changes_given: SafeTotal::Nothing,
        kinds: kinds(desk, &agencies, &key),
        packages,
        is_cut,
    })
}

/// Systems by the types of package that their documents show.
fn kinds(desk: &Desk, agencies: &[u32], key: &dyn Fn(&str) -> u64) -> Vec<OpenKind> {
    let mut systems: BTreeMap<&str, HashSet<u32>> = BTreeMap::new();
    for record in &desk.snapshot.documents {
        for kind in &record.types {
            systems.entry(kind).or_default().extend(desk.systems_of(record.id.0));
        }
    }
    let told = |(kind, systems): (&str, HashSet<u32>)| {
        let mut of_agency: BTreeMap<u32, u64> = BTreeMap::new();
        for system in &systems {
            *of_agency.entry(agencies.get(*system as usize).copied().unwrap_or_default()).or_default() += 1;
        }
        let most = of_agency.values().copied().max().unwrap_or_default();
        let systems = shown(systems.len() as u64, most, key(&format!("type {kind}")))?;
        Some(OpenKind { kind: kind.to_owned(), systems })
    };
    let mut found: Vec<OpenKind> = systems.into_iter().filter_map(told).collect();
    found.sort_by(|a, b| b.systems.cmp(&a.systems).then_with(|| a.kind.cmp(&b.kind)));
    found
}

/// The files of an edition: each list in three forms.
pub const FILES: &[&str] = &[
    "packages.csv",
    "packages.json",
    "packages.parquet",
    "types.csv",
    "types.json",
    "types.parquet",
    "datapackage.json",
];

/// A column: name, type and meaning.
type Column = (&'static str, &'static str, &'static str);

/// The columns of the lists, by name.
const LISTS: [(&str, &[Column]); 2] = [
    (
        "packages",
        &[
            ("name", "string", "Name as people write it"),
            ("package", "string", "Package URL without version"),
            ("systems", "integer", "About how many systems, rounded"),
            ("type", "string", "Type of package, as purl names it"),
        ],
    ),
    (
        "types",
        &[
            ("systems", "integer", "About how many systems, rounded"),
            ("type", "string", "Type of package, as purl names it"),
        ],
    ),
];

impl OpenData {
    /// A file of it, by name; `None` for a name that is not in [`FILES`].
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        if name == "datapackage.json" {
            return Ok(Some(self.description().into_bytes()));
        }
        let (list, form) = name.split_once('.').unwrap_or((name, ""));
        let Some((_, columns)) = LISTS.iter().find(|(own, _)| *own == list) else { return Ok(None) };
        let fields: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
        let failed = |error: &dyn std::fmt::Display| OfficeError::new("export", error.to_string());
        let rows = match list {
            "packages" => serde_json::to_value(&self.packages),
            _ => serde_json::to_value(&self.kinds),
        };
        let rows = rows.map_err(|error| failed(&error))?.as_array().cloned().unwrap_or_default();
        Ok(match form {
            "csv" => Some(csv_of(&fields, &rows).map_err(|error| failed(&error))?),
            "json" => Some(format!("{}\n", serde_json::Value::Array(rows)).into_bytes()),
            "parquet" => Some(crate::parquet_of_rows(&fields, &rows)?),
            _ => None,
        })
    }

    /// What lies in the files, for programs (Data Package).
    fn description(&self) -> String {
        let resources = LISTS.iter().flat_map(|(list, columns)| {
            let fields: Vec<serde_json::Value> = columns
                .iter()
                .map(|(name, kind, says)| serde_json::json!({"name": name, "type": kind, "description": says}))
                .collect();
            ["csv", "json", "parquet"].map(|form| {
                serde_json::json!({
                    "name": format!("{list}-{form}"), "path": format!("{list}.{form}"), "format": form,
                    "schema": {"fields": fields},
                })
            })
        });
        let whole = serde_json::json!({
            "name": format!("open-source-in-use-{}", self.edition),
            "title": "Open source that the government uses",
            "created": format!("{}T00:00:00Z", self.edition),
            "licenses": [{"name": self.licence}],
            "resources": resources.collect::<Vec<_>>(),
        });
        format!("{whole:#}\n")
    }
}

fn csv_of(fields: &[&str], rows: &[serde_json::Value]) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut written = csv::Writer::from_writer(Vec::new());
    written.write_record(fields)?;
    for row in rows {
        written.write_record(fields.iter().map(|field| {
            let value = row.get(*field).cloned().unwrap_or_default();
            guarded(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str())
        }))?;
    }
    written.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
