// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Upstream projects of the packages in use: what documents and package URLs say, put together.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use underpin_assess::projects::{Assignment, Names, Said, assign};

use crate::coordinator::where_used::plain_purl;
use crate::error::Result;
use crate::house::Desk;

/// A package of a project.
#[derive(Clone, Debug)]
pub struct OwnPackage {
    /// Number of the package.
    pub number: i64,
    /// Its purl without version and qualifiers.
    pub purl: String,
    /// Why it belongs to the project.
    pub assignment: Assignment,
}

/// Projects by their keys, each with its packages by purl; and other names of projects.
#[derive(Debug, Default)]
pub struct Projects(pub BTreeMap<String, Vec<OwnPackage>>, pub Names);

impl Desk {
    /// The projects of these packages.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn projects_of(&self, packages: &[i64]) -> Result<Projects> {
        let mut said: HashMap<i64, Vec<Said>> = HashMap::new();
        for stated in self.session.stated_projects()? {
            let one = Said { address: stated.address, documents: stated.documents };
            said.entry(stated.package).or_default().push(one);
        }
        let named = self.session.packages_by_id(packages)?;
        let assigned = named.into_par_iter().map(|version| {
            let purl = plain_purl(&version.kind, &version.namespace, &version.name);
            let assignment = assign(&purl, said.get(&version.package).map_or(&[], Vec::as_slice), &self.names);
            OwnPackage { number: version.package, purl, assignment }
        });
        let mut projects: BTreeMap<String, Vec<OwnPackage>> = BTreeMap::new();
        for package in assigned.collect::<Vec<_>>() {
            projects.entry(package.assignment.project.clone()).or_default().push(package);
        }
        for packages in projects.values_mut() {
            packages.sort_by(|a, b| a.purl.cmp(&b.purl));
        }
        Ok(Projects(projects, self.names.clone()))
    }
}
