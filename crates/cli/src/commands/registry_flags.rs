// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Flags for every field of the registry.

use underpin_office::Result;
use underpin_office::coordinator::registry_fields::Fields;

use crate::context::usage;

#[derive(Debug, clap::Args)]
pub struct AgencyFlags {
    /// Name
    #[arg(long)]
    name: Option<String>,
    /// Another name it is known by; may be given several times
    #[arg(long, value_name = "NAME")]
    alias: Vec<String>,
    /// The agency it belongs to
    #[arg(long, value_name = "AGENCY")]
    parent: Option<String>,
    /// Functional mailbox or page; never a person
    #[arg(long)]
    contact: Option<String>,
    /// Number of systems it says it has that are not registered yet
    #[arg(long, value_name = "NUMBER")]
    declared_systems: Option<String>,
    /// An agency it came from; may be given several times
    #[arg(long, value_name = "AGENCY")]
    predecessor: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct SystemFlags {
    /// Name; need not be unique
    #[arg(long)]
    name: Option<String>,
    /// Another name it is known by; may be given several times
    #[arg(long, value_name = "NAME")]
    alias: Vec<String>,
    /// The agency that owns it
    #[arg(long)]
    agency: Option<String>,
    /// What it is for
    #[arg(long)]
    purpose: Option<String>,
    /// Who runs it
    #[arg(long)]
    operator: Option<String>,
    /// Who supplies it
    #[arg(long)]
    supplier: Option<String>,
    /// Support contract: who can patch it
    #[arg(long)]
    support: Option<String>,
    /// Functional mailbox or page; never a person
    #[arg(long)]
    contact: Option<String>,
    /// Protection need: unknown, normal, high or very-high
    #[arg(long, value_name = "NEED")]
    confidentiality: Option<String>,
    /// Protection need: unknown, normal, high or very-high
    #[arg(long, value_name = "NEED")]
    integrity: Option<String>,
    /// Protection need: unknown, normal, high or very-high
    #[arg(long, value_name = "NEED")]
    availability: Option<String>,
    /// Who can reach it: unknown, isolated, internal, partners or internet
    #[arg(long)]
    exposure: Option<String>,
    /// Who may know of it: public, internal, restricted, confidential or secret
    #[arg(long)]
    classification: Option<String>,
    /// planned, active or retired
    #[arg(long)]
    status: Option<String>,
    /// A system it needs; may be given several times
    #[arg(long, value_name = "SYSTEM")]
    depends_on: Vec<String>,
    /// A compartment it is kept in, only for people who are let into it; may be given several times
    #[arg(long, value_name = "NAME")]
    compartment: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct DeploymentFlags {
    /// The system
    #[arg(long)]
    system: Option<String>,
    /// Name
    #[arg(long)]
    name: Option<String>,
    /// production, test and so on
    #[arg(long)]
    environment: Option<String>,
    /// Data centre, cloud region or site
    #[arg(long)]
    location: Option<String>,
    /// Who can reach it, where that differs from the system
    #[arg(long)]
    exposure: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct MappingFlags {
    /// What is looked at: subject, purl or path
    #[arg(long, value_name = "FIELD")]
    on: Option<String>,
    /// Pattern; * stands for any characters
    #[arg(long)]
    pattern: Option<String>,
    /// The system
    #[arg(long)]
    system: Option<String>,
    /// The deployment
    #[arg(long)]
    deployment: Option<String>,
}

fn texts(fields: &mut Fields, texts: impl IntoIterator<Item = (&'static str, Option<String>)>) {
    fields.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), vec![text?]))));
}

fn list(fields: &mut Fields, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        fields.push((name.to_owned(), items));
    }
}

impl AgencyFlags {
    pub fn fields(self) -> Fields {
        let mut fields = Fields::new();
        texts(&mut fields, [("name", self.name), ("parent", self.parent), ("contact", self.contact)]);
        texts(&mut fields, [("declared_systems", self.declared_systems)]);
        list(&mut fields, "aliases", self.alias);
        list(&mut fields, "predecessors", self.predecessor);
        fields
    }
}

impl SystemFlags {
    pub fn fields(self) -> Fields {
        let mut fields = Fields::new();
        let told = [
            ("name", self.name),
            ("agency", self.agency),
            ("purpose", self.purpose),
            ("operator", self.operator),
            ("supplier", self.supplier),
            ("support", self.support),
            ("contact", self.contact),
            ("confidentiality", self.confidentiality),
            ("integrity", self.integrity),
            ("availability", self.availability),
            ("exposure", self.exposure),
            ("classification", self.classification),
            ("status", self.status),
        ];
        texts(&mut fields, told);
        list(&mut fields, "aliases", self.alias);
        list(&mut fields, "depends_on", self.depends_on);
        list(&mut fields, "compartments", self.compartment);
        fields
    }
}

impl DeploymentFlags {
    pub fn fields(self) -> Fields {
        let mut fields = Fields::new();
        let told = [
            ("system", self.system),
            ("name", self.name),
            ("environment", self.environment),
            ("location", self.location),
            ("exposure", self.exposure),
        ];
        texts(&mut fields, told);
        fields
    }
}

impl MappingFlags {
    pub fn fields(self) -> Fields {
        let mut fields = Fields::new();
        let told =
            [("on", self.on), ("pattern", self.pattern), ("system", self.system), ("deployment", self.deployment)];
        texts(&mut fields, told);
        fields
    }
}

/// Fields that a new thing must have.
///
/// # Errors
/// `usage` naming the first that is missing.
pub fn required(fields: Fields, names: &[&str]) -> Result<Fields> {
    match names.iter().find(|name| fields.iter().all(|(field, _)| field != *name)) {
        Some(missing) => Err(usage(format!("--{missing} is missing"), "`--help` lists all fields")),
        None => Ok(fields),
    }
}
