// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What becomes of projects: which are one system, which of their versions count, and what is left.
//!
//! A project there is one version of something; here a system is the thing itself. All versions of one name are one system. Where
//! several are in use, each is a deployment, so that none replaces another. Where none is, the system is retired, with the newest bill.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_formats::portfolio::Project;
use underpin_model::registry::{
    AgencyId, Deployment, DeploymentId, RegistryFile, System, SystemId, SystemStatus, slug,
};

use super::MigrationReport;
use super::assign::AgencyMap;
use crate::coordinator::names::{deployment_in, system_in};
use crate::error::Result;
use crate::house::Desk;

/// Characters of a description that are kept.
const PURPOSE_LETTERS: usize = 1_000;

/// Something that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Why: a code.
    pub code: &'static str,
    /// What.
    pub what: String,
    /// More about it.
    pub detail: String,
}

macro_rules! left_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// Why something was not taken over. Codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum LeftCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl LeftCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

left_codes! {
    NoAgency "no-agency" "No row of the map fits the project, and no agency is named for the rest.";
    AmbiguousSystem "ambiguous-system" "Several systems here bear the name of the project. Give one of them an alias, or rename it.";
    InactiveVersion "inactive-version" "The version is not in use there, and another one is.";
    NoBom "no-bom" "The server gives no bill of materials for the project, or an empty one. The system is registered without evidence.";
    UnreadableBom "unreadable-bom" "The bill of materials could not be read here. It is kept in quarantine.";
    NoPurl "no-purl" "The component has no package URL, so no decision can name it.";
    OwnVulnerability "own-vulnerability" "The vulnerability was made up on that server. Make it an advisory of the office first.";
    SaidDifferently "said-differently" "Versions in use, or components of one, have the same package and do not say the same about the vulnerability, or one could not be read. The strictest counts, and nothing is closed: decide here.";
    NotDecided "not-decided" "The decision could not be recorded here.";
    BadAnswer "bad-answer" "The server answered with something that cannot be read, or with an error. The rest was taken; run it again.";
    NotRead "not-read" "Such things have no counterpart here, or hold secrets, and are not read.";
}

/// What the interface has and nobody reads.
pub(super) fn never_read() -> Vec<Left> {
    [
        (
            "policies and their violations",
            "rules about components; here priorities and deadlines are set in the configuration",
        ),
        ("users, teams, keys and permissions", "accounts are made with `underpin people`, with rights of their own"),
        ("notification rules", "`underpin messages subscribe` makes subscriptions"),
        ("vulnerabilities of the server's own", "`underpin watch advisories add` makes advisories of the office"),
        ("metrics and history of findings", "they are worked out anew from the documents"),
    ]
    .map(|(what, detail)| Left { code: LeftCode::NotRead.as_str(), what: what.to_owned(), detail: detail.to_owned() })
    .into()
}

/// A project that is taken over, and where it goes.
pub(super) struct Taken {
    pub project: Project,
    pub agency: AgencyId,
    pub system: SystemId,
    pub deployment: Option<DeploymentId>,
    pub is_new: bool,
}

/// What is to be done.
#[derive(Default)]
pub(super) struct Plan {
    /// What has to be registered.
    pub registry: RegistryFile,
    /// Projects, in the order of their names.
    pub taken: Vec<Taken>,
}

/// Where the versions of one name go.
struct Home {
    agency: AgencyId,
    system: SystemId,
    is_new: bool,
}

impl Plan {
    pub(super) fn of(
        projects: Vec<Project>,
        agencies: &AgencyMap,
        desk: &Desk,
        report: &mut MigrationReport,
    ) -> Result<Self> {
        let agencies = agencies.resolve(desk)?;
        let mut titles: BTreeMap<String, Vec<Project>> = BTreeMap::new();
        for project in projects {
            titles.entry(project.title()).or_default().push(project);
        }
        let mut plan = Self::default();
        let mut ids: BTreeSet<SystemId> = desk.snapshot.systems.iter().map(|system| system.id.clone()).collect();
        let mut parents: Vec<(SystemId, Vec<String>)> = Vec::new();
        let mut system_of: BTreeMap<String, SystemId> = BTreeMap::new();
        for (title, mut versions) in titles {
            versions.sort_by(|a, b| b.last_bom_import.cmp(&a.last_bom_import).then_with(|| a.uuid.cmp(&b.uuid)));
            let Some(agency) = agencies.agency(&versions) else {
                report.leave(LeftCode::NoAgency, format!("project {title}"), "name one with --agency or --agencies");
                continue;
            };
            let home = match home(desk, &title, agency, &mut ids) {
                Ok(home) => home,
                Err(detail) => {
                    report.leave(LeftCode::AmbiguousSystem, format!("project {title}"), detail);
                    continue;
                }
            };
            system_of.extend(versions.iter().map(|one| (one.uuid.clone(), home.system.clone())));
            let above = versions.iter().filter_map(|one| one.parent.as_ref()).map(|parent| parent.uuid.clone());
            parents.push((home.system.clone(), above.collect()));
            plan.add(desk, &title, &home, versions, report);
        }
        plan.nest(&parents, &system_of);
        Ok(plan)
    }

    fn add(&mut self, desk: &Desk, title: &str, home: &Home, versions: Vec<Project>, report: &mut MigrationReport) {
        let active = versions.iter().filter(|one| one.is_active()).count();
        if home.is_new {
            let status = if active == 0 { SystemStatus::Retired } else { SystemStatus::Active };
            self.registry.systems.push(System {
                id: home.system.clone(),
                name: title.to_owned(),
                agency: home.agency.clone(),
                purpose: purpose(&versions),
                status,
                ..System::default()
            });
        }
        for (number, project) in versions.into_iter().enumerate() {
            let is_taken = if active == 0 { number == 0 } else { project.is_active() };
            if !is_taken {
                report.leave(LeftCode::InactiveVersion, format!("project {title} {}", project.version()), project.uuid);
                continue;
            }
            let deployment = (active > 1).then(|| self.deployment(desk, &home.system, project.version()));
            self.taken.push(Taken {
                project,
                deployment,
                agency: home.agency.clone(),
                system: home.system.clone(),
                is_new: home.is_new,
            });
        }
    }

    /// The deployment for a version, made where there is none.
    fn deployment(&mut self, desk: &Desk, system: &SystemId, version: &str) -> DeploymentId {
        let name = if version.is_empty() { "unversioned" } else { version };
        if let Ok(known) = deployment_in(&desk.snapshot, system, name) {
            return known.id.clone();
        }
        let wanted = slug(name);
        let wanted = if wanted.is_empty() { "version".to_owned() } else { wanted };
        let of_system = |one: &Deployment| one.system == *system;
        let known = desk.snapshot.deployments.iter().chain(&self.registry.deployments).filter(|one| of_system(one));
        let known: BTreeSet<DeploymentId> = known.map(|one| one.id.clone()).collect();
        let id = DeploymentId(free(&wanted, |id| known.contains(&DeploymentId(id.to_owned()))));
        self.registry.deployments.push(Deployment {
            id: id.clone(),
            system: system.clone(),
            name: name.to_owned(),
            ..Deployment::default()
        });
        id
    }

    /// A project above others needs them.
    fn nest(&mut self, parents: &[(SystemId, Vec<String>)], system_of: &BTreeMap<String, SystemId>) {
        let mut below: BTreeMap<&SystemId, BTreeSet<SystemId>> = BTreeMap::new();
        for (system, above) in parents {
            for parent in above.iter().filter_map(|uuid| system_of.get(uuid)).filter(|parent| *parent != system) {
                below.entry(parent).or_default().insert(system.clone());
            }
        }
        for system in &mut self.registry.systems {
            system.depends_on = below.remove(&system.id).unwrap_or_default().into_iter().collect();
        }
    }
}

/// The system of this name, or a new one. The detail of an error says which systems are meant.
fn home(desk: &Desk, title: &str, agency: AgencyId, ids: &mut BTreeSet<SystemId>) -> std::result::Result<Home, String> {
    let mut named = desk.snapshot.systems.iter().filter(|system| system.name == title);
    let by_name = match (named.next(), named.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    let known = match by_name {
        Some(system) => Some(system),
        None => match system_in(&desk.snapshot, title) {
            Ok(system) => Some(system),
            Err(error) if error.code == "not-found" => None,
            Err(error) => return Err(format!("{} {}", error.message, error.hint)),
        },
    };
    if let Some(system) = known {
        return Ok(Home { agency: system.agency.clone(), system: system.id.clone(), is_new: false });
    }
    let wanted = slug(title);
    let wanted = if wanted.is_empty() { "project".to_owned() } else { wanted };
    let id = SystemId(free(&wanted, |id| ids.contains(&SystemId(id.to_owned()))));
    ids.insert(id.clone());
    Ok(Home { agency, system: id, is_new: true })
}

/// An identifier that is not taken.
fn free(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let further = (2_u64..).map(|number| format!("{wanted}-{number}")).find(|id| !is_taken(id));
    further.unwrap_or_else(|| wanted.to_owned())
}

/// What the newest version says of itself, and the labels of all.
fn purpose(versions: &[Project]) -> String {
    let described = versions.iter().filter_map(|one| one.description.as_deref()).map(str::trim);
    let mut text = described.filter(|text| !text.is_empty()).map(str::to_owned).next().unwrap_or_default();
    let labels: BTreeSet<&str> = versions.iter().flat_map(Project::labels).collect();
    if !labels.is_empty() {
        let labels = labels.into_iter().collect::<Vec<_>>().join(", ");
        text = if text.is_empty() { format!("Tags: {labels}") } else { format!("{text} (tags: {labels})") };
    }
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(PURPOSE_LETTERS).collect()
}
