// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry list` and `registry export`: the government as it is registered.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use underpin_formats::registry::{Kind, write_csv, write_csv_mixed, write_toml, write_xlsx};
use underpin_model::registry::{Agency, AgencyId, Deployment, MappingRule, RegistryFile, System, SystemStatus};

use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// An agency in a list.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct AgencyRow {
    /// What is registered.
    #[serde(flatten)]
    pub agency: Agency,
    /// Steps from the top of the tree.
    pub depth: usize,
    /// Active systems of its own.
    pub systems: u64,
}

/// A system in a list.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SystemRow {
    /// What is registered.
    #[serde(flatten)]
    pub system: System,
    /// Places where it runs.
    pub deployments: u64,
    /// Documents that count for it now.
    pub documents: u64,
}

/// How a registry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistryFormat {
    /// For people who keep it in version control.
    Toml,
    /// For everything.
    Csv,
    /// For spreadsheet programs.
    Xlsx,
}

impl Desk {
    /// Agencies as a tree: each followed by what is below it. With `top` only that part.
    ///
    /// # Errors
    /// When `top` is not found.
    pub fn list_agencies(&self, top: Option<&str>) -> Result<Vec<AgencyRow>> {
        let within = self.within(top)?;
        let known: HashSet<&AgencyId> = self.snapshot.agencies.iter().map(|agency| &agency.id).collect();
        let mut systems: HashMap<&AgencyId, u64> = HashMap::new();
        for position in self.active_systems() {
            *systems.entry(&self.system(position).agency).or_default() += 1;
        }
        let mut below: HashMap<Option<&AgencyId>, Vec<&Agency>> = HashMap::new();
        for agency in &self.snapshot.agencies {
            // A parent out of sight makes an agency a top.
            below.entry(agency.parent.as_ref().filter(|parent| known.contains(parent))).or_default().push(agency);
        }
        let mut open: Vec<(&Agency, usize)> =
            below.get(&None).into_iter().flatten().rev().map(|agency| (*agency, 0)).collect();
        let mut rows = Vec::new();
        while let Some((agency, depth)) = open.pop() {
            open.extend(below.get(&Some(&agency.id)).into_iter().flatten().rev().map(|child| (*child, depth + 1)));
            if within.as_ref().is_none_or(|within| within.contains(&agency.id)) {
                let systems = systems.get(&agency.id).copied().unwrap_or(0);
                rows.push(AgencyRow { agency: agency.clone(), depth, systems });
            }
        }
        Ok(rows)
    }

    /// Systems, by agency and identifier: of one agency and everything below it, or with one status.
    ///
    /// # Errors
    /// When the agency is not found.
    pub fn list_systems(&self, agency: Option<&str>, status: Option<SystemStatus>) -> Result<Vec<SystemRow>> {
        Ok(self.system_rows(&self.matching_systems(agency, status)?))
    }

    /// Positions of the systems that match, by agency and identifier.
    ///
    /// # Errors
    /// When the agency is not found.
    pub fn matching_systems(&self, agency: Option<&str>, status: Option<SystemStatus>) -> Result<Vec<u32>> {
        let within = self.within(agency)?;
        let wanted = |system: &System| {
            within.as_ref().is_none_or(|within| within.contains(&system.agency))
                && status.is_none_or(|status| system.status == status)
        };
        let systems = (0_u32..).zip(&self.snapshot.systems);
        let mut found: Vec<u32> = systems.filter(|(_, system)| wanted(system)).map(|(position, _)| position).collect();
        let key = |position: &u32| {
            let system = self.system(*position);
            (&system.agency, &system.id)
        };
        found.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        Ok(found)
    }

    /// Systems as rows of a list.
    pub fn system_rows(&self, positions: &[u32]) -> Vec<SystemRow> {
        let row = |position: &u32| SystemRow {
            system: self.system(*position).clone(),
            deployments: self.deployments_at(*position).count() as u64,
            documents: self.current_documents(*position).count() as u64,
        };
        positions.iter().map(row).collect()
    }

    /// Deployments of the systems of an agency and everything below it.
    ///
    /// # Errors
    /// When the agency is not found.
    pub fn list_deployments(&self, agency: Option<&str>) -> Result<Vec<&Deployment>> {
        let systems = self.systems_within(agency)?;
        Ok(self.snapshot.deployments.iter().filter(|row| systems.contains(row.system.0.as_str())).collect())
    }

    /// Mapping rules of the systems of an agency and everything below it.
    ///
    /// # Errors
    /// When the agency is not found.
    pub fn list_mappings(&self, agency: Option<&str>) -> Result<Vec<&MappingRule>> {
        let systems = self.systems_within(agency)?;
        Ok(self.snapshot.mappings.iter().filter(|row| systems.contains(row.system.0.as_str())).collect())
    }

    fn systems_within(&self, agency: Option<&str>) -> Result<HashSet<&str>> {
        let within = self.within(agency)?;
        let inside = |system: &&System| within.as_ref().is_none_or(|within| within.contains(&system.agency));
        Ok(self.snapshot.systems.iter().filter(inside).map(|system| system.id.0.as_str()).collect())
    }

    /// An agency with everything below it; none when everything is meant.
    fn within(&self, agency: Option<&str>) -> Result<Option<HashSet<AgencyId>>> {
        let Some(agency) = agency else { return Ok(None) };
        let top = self.agency_called(agency)?.id.clone();
        Ok(Some(self.with_descendants(&top).into_iter().collect()))
    }

    /// The registry as it is exchanged in files.
    pub fn registry_file(&self) -> RegistryFile {
        RegistryFile {
            agencies: self.snapshot.agencies.clone(),
            systems: self.snapshot.systems.clone(),
            deployments: self.snapshot.deployments.clone(),
            mappings: self.snapshot.mappings.clone(),
        }
    }

    /// The registry as a file: all of it, or the rows of one kind. Reading it again changes nothing.
    ///
    /// # Errors
    /// `not-writable-as` when a text does not fit into a cell of a workbook.
    pub fn export_registry(&self, format: RegistryFormat, kind: Option<Kind>) -> Result<Vec<u8>> {
        let mut file = self.registry_file();
        let wanted = |candidate: Kind| kind.is_none_or(|kind| kind == candidate);
        if !wanted(Kind::Agency) {
            file.agencies.clear();
        }
        if !wanted(Kind::System) {
            file.systems.clear();
        }
        if !wanted(Kind::Deployment) {
            file.deployments.clear();
        }
        if !wanted(Kind::Mapping) {
            file.mappings.clear();
        }
        match (format, kind) {
            (RegistryFormat::Toml, _) => Ok(write_toml(&file).into_bytes()),
            (RegistryFormat::Csv, Some(kind)) => Ok(write_csv(&file, kind).into_bytes()),
            (RegistryFormat::Csv, None) => Ok(write_csv_mixed(&file).into_bytes()),
            (RegistryFormat::Xlsx, _) => write_xlsx(&file)
                .map_err(|error| OfficeError::new("not-writable-as", error.to_string()).hint("choose toml or csv")),
        }
    }
}
