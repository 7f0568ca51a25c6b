// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rows of any format become agencies, systems, deployments and mapping rules: identifiers are made and checked,
//! references resolved.
//!
//! An identifier is taken in lower case. Where it is missing, it is the slug of the name, made unique with `-2`, `-3`
//! and so on. A reference may be an identifier or, within the file, a name or other name; a name that fits several is an
//! error that lists them. What the registry holds already may be named as well, where the caller hands it over; other
//! identifiers that are not in the file are left to the import.

use std::collections::HashMap;

use underpin_model::Limits;
use underpin_model::registry::{
    Agency, AgencyId, Deployment, DeploymentId, MappingRule, RegistryFile, System, SystemId, is_identifier, slug,
};

use super::cells::Cell;
use super::columns::{Column, Kind};
use super::error::{Errors, Place, Places};
use super::names::{Candidate, KnownRow, Names, assign};
use super::values::Values;

/// One row as it was read: its kind, its place, and what its filled cells hold.
#[derive(Debug)]
pub(super) struct RawRow {
    pub kind: Kind,
    pub place: Place,
    pub cells: Vec<(&'static Column, Cell)>,
    /// The line of each cell, where it has one of its own (TOML); else empty.
    pub lines: Vec<usize>,
}

impl RawRow {
    /// Where the cell of this column is.
    pub fn place_of(&self, key: &str) -> Place {
        let index = self.cells.iter().position(|(column, _)| column.key == key);
        match index.and_then(|index| self.lines.get(index)) {
            Some(line) => Place { sheet: self.place.sheet.clone(), line: *line },
            None => self.place.clone(),
        }
    }
}

/// The rows of each kind, in the order of the lists of the file.
#[derive(Default)]
struct ByKind<'r> {
    agencies: Vec<&'r RawRow>,
    systems: Vec<&'r RawRow>,
    deployments: Vec<&'r RawRow>,
    mappings: Vec<&'r RawRow>,
}

/// Everything that the rows say. Problems are added to `errors`.
pub(super) fn build(
    rows: &[RawRow],
    known: &RegistryFile,
    limits: &Limits,
    errors: &mut Errors,
) -> (RegistryFile, Places) {
    let (mut file, mut of) = (RegistryFile::default(), ByKind::default());
    for row in rows {
        let mut values = Values { row, errors: &mut *errors, text_bytes: limits.text_bytes };
        match row.kind {
            Kind::Agency => {
                file.agencies.push(agency(&mut values));
                of.agencies.push(row);
            }
            Kind::System => {
                file.systems.push(system(&mut values));
                of.systems.push(row);
            }
            Kind::Deployment => {
                file.deployments.push(deployment(&mut values));
                of.deployments.push(row);
            }
            Kind::Mapping => {
                file.mappings.push(mapping(&mut values));
                of.mappings.push(row);
            }
        }
    }
    resolve(&mut file, &of, known, errors);
    let places = |rows: &[&RawRow]| rows.iter().map(|row| row.place.clone()).collect();
    let places = Places {
        agencies: places(&of.agencies),
        systems: places(&of.systems),
        deployments: places(&of.deployments),
        mappings: places(&of.mappings),
        skipped_sheets: Vec::new(),
    };
    (file, places)
}

fn agency(values: &mut Values<'_>) -> Agency {
    let name = values.required("name");
    Agency {
        id: AgencyId(identifier(values)),
        name,
        aliases: values.list("aliases"),
        parent: Some(values.text("parent")).filter(|parent| !parent.is_empty()).map(AgencyId),
        contact: values.text("contact"),
        declared_systems: values.number("declared_systems"),
        predecessors: values.list("predecessors").into_iter().map(AgencyId).collect(),
    }
}

fn system(values: &mut Values<'_>) -> System {
    let name = values.required("name");
    System {
        id: SystemId(identifier(values)),
        name,
        aliases: values.list("aliases"),
        agency: AgencyId(values.required("agency")),
        purpose: values.text("purpose"),
        operator: values.text("operator"),
        supplier: values.text("supplier"),
        support: values.text("support"),
        contact: values.text("contact"),
        confidentiality: values.word("confidentiality"),
        integrity: values.word("integrity"),
        availability: values.word("availability"),
        exposure: values.word("exposure"),
        classification: values.word("classification"),
        status: values.word("status"),
        depends_on: values.list("depends_on").into_iter().map(SystemId).collect(),
        compartments: values.list("compartments"),
    }
}

fn deployment(values: &mut Values<'_>) -> Deployment {
    let id = DeploymentId(identifier(values));
    let name = values.text("name");
    if id.0.is_empty() && name.is_empty() {
        values.report("name", "a deployment needs an identifier or a name", "");
    }
    Deployment {
        id,
        system: SystemId(values.required("system")),
        name,
        environment: values.text("environment"),
        location: values.text("location"),
        exposure: values.word("exposure"),
    }
}

fn mapping(values: &mut Values<'_>) -> MappingRule {
    MappingRule {
        on: values.word("on"),
        pattern: values.required("pattern"),
        system: SystemId(values.required("system")),
        deployment: Some(values.text("deployment")).filter(|text| !text.is_empty()).map(DeploymentId),
    }
}

/// The stated identifier in lower case; empty when there is none.
fn identifier(values: &mut Values<'_>) -> String {
    let text = values.text("id");
    let lower = text.to_lowercase();
    if !lower.is_empty() && !is_identifier(&lower) {
        let problem = format!("{text:?} is no identifier");
        let better = slug(&text);
        let hint = match better.is_empty() {
            true => "use lower-case letters, digits and hyphens".to_owned(),
            false => format!("write {better}"),
        };
        values.report("id", problem, hint);
    }
    lower
}

/// Identifier, name and other names of each row.
type Named<'r> = (&'r str, &'r str, &'r [String]);

fn agencies_of(rows: &[Agency]) -> impl Iterator<Item = Named<'_>> {
    rows.iter().map(|row| (row.id.0.as_str(), row.name.as_str(), &row.aliases[..]))
}

fn systems_of(rows: &[System]) -> impl Iterator<Item = Named<'_>> {
    rows.iter().map(|row| (row.id.0.as_str(), row.name.as_str(), &row.aliases[..]))
}

/// Gives every row its identifier: deployments come later, when their systems are known.
fn identify(file: &mut RegistryFile, of: &ByKind<'_>, known: &RegistryFile, errors: &mut Errors) {
    let names: HashMap<&str, &str> = known.agencies.iter().map(|row| (row.id.0.as_str(), row.name.as_str())).collect();
    let owner = |id: &'_ str| names.get(id).copied().unwrap_or_default();
    let mut had = Vec::with_capacity(known.agencies.len());
    for row in &known.agencies {
        let parent = row.parent.as_ref().map_or("", |parent| parent.0.as_str());
        had.push(KnownRow { scope: "", owner: [parent, owner(parent)], id: &row.id.0, name: &row.name });
    }
    let rows = file.agencies.iter_mut().map(|row| {
        let owner = row.parent.as_ref().map_or("", |parent| parent.0.as_str());
        Candidate { scope: "", owner, id: &mut row.id.0, name: &row.name }
    });
    assign(Kind::Agency, rows.collect(), &had, &of.agencies, errors);

    let agencies = Names::new(agencies_of(&file.agencies)).knowing(agencies_of(&known.agencies));
    let owners: Vec<String> = file.systems.iter().map(|row| agencies.find(&row.agency.0)).collect();
    let had = known.systems.iter().map(|row| {
        let agency = row.agency.0.as_str();
        KnownRow { scope: "", owner: [agency, owner(agency)], id: &row.id.0, name: &row.name }
    });
    let rows = file.systems.iter_mut().zip(&owners);
    let rows = rows.map(|(row, owner)| Candidate { scope: "", owner, id: &mut row.id.0, name: &row.name });
    assign(Kind::System, rows.collect(), &had.collect::<Vec<_>>(), &of.systems, errors);
}

/// Makes missing identifiers, refuses double ones, and turns names in references into identifiers.
fn resolve(file: &mut RegistryFile, of: &ByKind<'_>, known: &RegistryFile, errors: &mut Errors) {
    identify(file, of, known, errors);
    let agencies = Names::new(agencies_of(&file.agencies)).knowing(agencies_of(&known.agencies));
    let systems = Names::new(systems_of(&file.systems)).knowing(systems_of(&known.systems));
    let mut parents = Vec::with_capacity(file.agencies.len());
    for (agency, row) in file.agencies.iter().zip(&of.agencies) {
        let parent = agency.parent.as_ref().map(|parent| agencies.resolve(&parent.0, "parent", row, errors));
        let each = agency.predecessors.iter();
        let predecessors = each.map(|text| agencies.resolve(&text.0, "predecessors", row, errors)).collect::<Vec<_>>();
        parents.push((parent, predecessors));
    }
    let mut owners = Vec::with_capacity(file.systems.len());
    for (system, row) in file.systems.iter().zip(&of.systems) {
        let owner = agencies.resolve(&system.agency.0, "agency", row, errors);
        let each = system.depends_on.iter();
        owners.push((owner, each.map(|text| systems.resolve(&text.0, "depends_on", row, errors)).collect::<Vec<_>>()));
    }
    for (deployment, row) in file.deployments.iter_mut().zip(&of.deployments) {
        deployment.system = SystemId(systems.resolve(&deployment.system.0, "system", row, errors));
    }
    for (mapping, row) in file.mappings.iter_mut().zip(&of.mappings) {
        mapping.system = SystemId(systems.resolve(&mapping.system.0, "system", row, errors));
    }
    for (agency, (parent, predecessors)) in file.agencies.iter_mut().zip(parents) {
        agency.parent = parent.map(AgencyId);
        agency.predecessors = predecessors.into_iter().map(AgencyId).collect();
    }
    for (system, (owner, needs)) in file.systems.iter_mut().zip(owners) {
        system.agency = AgencyId(owner);
        system.depends_on = needs.into_iter().map(SystemId).collect();
    }
    let had = known.deployments.iter();
    let had = had.map(|row| KnownRow { scope: &row.system.0, owner: ["", ""], id: &row.id.0, name: &row.name });
    let rows = file.deployments.iter_mut();
    let rows = rows.map(|row| Candidate { scope: &row.system.0, owner: "", id: &mut row.id.0, name: &row.name });
    assign(Kind::Deployment, rows.collect(), &had.collect::<Vec<_>>(), &of.deployments, errors);
    resolve_mapped_deployments(file, of, known, errors);
    report_circles(&file.agencies, &of.agencies, errors);
}

/// A mapping rule names a deployment of its own system.
fn resolve_mapped_deployments(file: &mut RegistryFile, of: &ByKind<'_>, known: &RegistryFile, errors: &mut Errors) {
    let mut of_system: HashMap<&str, Vec<&Deployment>> = HashMap::new();
    for deployment in file.deployments.iter().chain(&known.deployments) {
        of_system.entry(&deployment.system.0).or_default().push(deployment);
    }
    for (mapping, row) in file.mappings.iter_mut().zip(&of.mappings) {
        let Some(wanted) = &mapping.deployment else { continue };
        let known = of_system.get(mapping.system.0.as_str()).map_or(&[][..], Vec::as_slice);
        let names = Names::new(known.iter().map(|row| (row.id.0.as_str(), row.name.as_str(), &[][..])));
        mapping.deployment = Some(DeploymentId(names.resolve(&wanted.0, "deployment", row, errors)));
    }
}

/// Reports agencies that, step by step, belong to themselves; one report a circle.
fn report_circles(agencies: &[Agency], rows: &[&RawRow], errors: &mut Errors) {
    let index_of: HashMap<&str, usize> =
        agencies.iter().enumerate().map(|(index, agency)| (agency.id.0.as_str(), index)).collect();
    let parent_of = |index: usize| {
        let parent = agencies.get(index)?.parent.as_ref()?;
        index_of.get(parent.0.as_str()).copied()
    };
    // Each agency is walked over once: the number says in which walk.
    let mut walked = vec![0_usize; agencies.len()];
    for start in 0..agencies.len() {
        let walk = start.saturating_add(1);
        let mut next = Some(start);
        while let Some(index) = next.filter(|index| walked.get(*index) == Some(&0)) {
            walked[index] = walk;
            next = parent_of(index);
        }
        let Some(first) = next.filter(|index| walked.get(*index) == Some(&walk)) else { continue };
        let mut names = vec![agencies[first].id.0.as_str()];
        let mut current = parent_of(first);
        while let Some(index) = current.filter(|index| *index != first) {
            names.push(agencies[index].id.0.as_str());
            current = parent_of(index);
        }
        names.push(agencies[first].id.0.as_str());
        let place = rows.get(first).map(|row| row.place_of("parent")).unwrap_or_default();
        let problem = format!("these agencies belong to each other in a circle: {}", names.join(" > "));
        errors.add(&place, "parent", problem, "leave the parent of the highest one empty");
    }
}
