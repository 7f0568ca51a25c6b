// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Carrying a plan out: the registry first, then system by system its documents and what was said. Each is durable by itself.

use std::collections::{BTreeMap, HashSet};

use underpin_feeds::portfolio::Portfolio;
use underpin_formats::portfolio::components;
use underpin_formats::registry::write_toml;
use underpin_model::registry::SystemId;
use underpin_model::watch::{Decision, Place};

use super::plan::{LeftCode, Plan, Taken};
use super::{MigratedRow, MigrationOptions, MigrationReport};
use crate::coordinator::Author;
use crate::coordinator::registry_import::ImportFile;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::intake::{AddOptions, Silent, Target};

/// Registers what is new. Nothing that is registered already is changed.
pub(super) async fn register(
    house: &House,
    author: &Author,
    plan: &Plan,
    is_dry_run: bool,
    report: &mut MigrationReport,
) -> Result<()> {
    report.systems = plan.registry.systems.len() as u64;
    report.deployments = plan.registry.deployments.len() as u64;
    if report.systems + report.deployments == 0 {
        return Ok(());
    }
    let file = ImportFile { name: "dependency-track.toml".to_owned(), bytes: write_toml(&plan.registry).into_bytes() };
    house.import_registry(author, &[file], None, is_dry_run).await?;
    Ok(())
}

/// A run.
pub(super) struct Run<'r> {
    pub house: &'r House,
    pub server: &'r Portfolio<'r>,
    /// With everything registered, and what was taken before.
    pub desk: &'r Desk,
    /// All that were made before, those that ended too.
    pub decisions: &'r [Decision],
    pub author: &'r Author,
    pub options: &'r MigrationOptions,
}

impl Run<'_> {
    pub(super) async fn take(&self, plan: &Plan, report: &mut MigrationReport) -> Result<()> {
        let known: HashSet<&str> = self.desk.snapshot.documents.iter().map(|record| record.path.as_str()).collect();
        let mut before: BTreeMap<&SystemId, Vec<&Decision>> = BTreeMap::new();
        let origins = self.origin("");
        for decision in self.decisions.iter().filter(|one| one.origin.starts_with(&origins)) {
            if let Place::System(system) = &decision.place {
                before.entry(system).or_default().push(decision);
            }
        }
        let mut systems: BTreeMap<&SystemId, Vec<&Taken>> = BTreeMap::new();
        for taken in &plan.taken {
            systems.entry(&taken.system).or_default().push(taken);
        }
        for (system, versions) in systems {
            let (mut heard, mut rows) = (Vec::with_capacity(versions.len()), Vec::with_capacity(versions.len()));
            for taken in versions {
                rows.push(self.row(taken, &known, report).await?);
                heard.push(self.hear(taken, report).await);
            }
            let before = before.get(system).map(Vec::as_slice).unwrap_or_default();
            self.settle(&heard, rows, before, report).await?;
        }
        Ok(())
    }

    /// Takes the document of a project, where it is new.
    async fn row(&self, taken: &Taken, known: &HashSet<&str>, report: &mut MigrationReport) -> Result<MigratedRow> {
        let mut row = MigratedRow {
            project: taken.project.title(),
            version: taken.project.version().to_owned(),
            uuid: taken.project.uuid.clone(),
            agency: taken.agency.0.clone(),
            system: taken.system.0.clone(),
            deployment: taken.deployment.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
            outcome: if taken.is_new { "new" } else { "known" },
            document: "none",
            ..MigratedRow::default()
        };
        let name = self.name_of(taken);
        if known.contains(name.as_str()) {
            row.document = "known";
        } else if self.document(taken, &name, report).await? {
            row.document = "taken";
            report.documents += 1;
        }
        Ok(row)
    }

    /// What the document of a project is called: the same as long as its bill of materials is the same. The bytes cannot tell, for the
    /// server writes a new serial number each time.
    fn name_of(&self, taken: &Taken) -> String {
        let import = taken.project.bom().map_or_else(|| "by-hand".to_owned(), |at| at.to_string().replace(':', ""));
        let host = self.server.shown();
        let host = host.split_once("://").map_or(host.as_str(), |(_, rest)| rest);
        format!("dependency-track/{host}/{}/{import}.cdx.json", taken.project.uuid)
    }

    /// Takes the bill of materials in. Whether there is one.
    async fn document(&self, taken: &Taken, name: &str, report: &mut MigrationReport) -> Result<bool> {
        let what = format!("project {} {}", taken.project.title(), taken.project.version());
        let bytes = match self.server.bom(&taken.project.uuid).await {
            Ok(bytes) => bytes,
            Err(error) => {
                report.leave(LeftCode::BadAnswer, what, error.to_string());
                return Ok(false);
            }
        };
        let Some(bytes) = bytes.filter(|bytes| components(bytes) != Some(0)) else {
            report.leave(LeftCode::NoBom, what, taken.project.uuid.clone());
            return Ok(false);
        };
        if components(&bytes).is_none() {
            report.leave(LeftCode::BadAnswer, what, "this is no CycloneDX in JSON");
            return Ok(false);
        }
        if self.options.is_dry_run {
            return Ok(true);
        }
        let options = AddOptions {
            target: Target::System(taken.system.clone(), taken.deployment.clone()),
            uploader: Some(taken.agency.clone()),
            viewer: self.author.viewer.clone(),
            actor: self.author.actor.clone(),
            tag: format!("{}-{}", self.options.tag, report.documents),
            ..AddOptions::default()
        };
        let added = self.house.add_bytes(&options, name, &bytes, &|_| true, self.author.at, &Silent).await?;
        for file in &added.quarantined_files {
            report.leave(LeftCode::UnreadableBom, what.clone(), format!("{}: {}", file.code, file.detail));
        }
        Ok(added.accepted + added.duplicates > 0)
    }
}
