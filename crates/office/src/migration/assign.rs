// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! To which agency a project goes.

use std::collections::BTreeMap;

use underpin_formats::portfolio::Project;
use underpin_model::registry::AgencyId;

use crate::error::Result;
use crate::house::Desk;
use crate::intake::matches;

/// Which projects go to which agency: the first row that fits counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyMap {
    /// A pattern (`*` for anything) over the name of the project, `tag:` over its labels, or its key; and the agency.
    pub rows: Vec<(String, String)>,
    /// For all others.
    pub otherwise: Option<String>,
}

/// The same with agencies that are there.
pub(super) struct Assigned<'m> {
    map: &'m AgencyMap,
    agencies: BTreeMap<&'m str, AgencyId>,
}

impl AgencyMap {
    /// Finds the agencies, before anything is asked.
    ///
    /// # Errors
    /// `not-found` and `ambiguous-name` for one of them.
    pub(super) fn resolve(&self, desk: &Desk) -> Result<Assigned<'_>> {
        let named = self.rows.iter().map(|(_, agency)| agency).chain(&self.otherwise);
        let agencies = named.map(|name| Ok((name.as_str(), desk.agency_called(name)?.id.clone())));
        Ok(Assigned { map: self, agencies: agencies.collect::<Result<_>>()? })
    }
}

impl Assigned<'_> {
    /// The agency of what some projects are versions of.
    pub(super) fn agency(&self, projects: &[Project]) -> Option<AgencyId> {
        let fits = |pattern: &str| projects.iter().any(|project| fits(pattern, project));
        let row = self.map.rows.iter().find(|(pattern, _)| fits(pattern)).map(|(_, agency)| agency);
        row.or(self.map.otherwise.as_ref()).and_then(|name| self.agencies.get(name.as_str())).cloned()
    }
}

fn fits(pattern: &str, project: &Project) -> bool {
    let pattern = pattern.trim();
    match pattern.strip_prefix("tag:") {
        Some(label) => project.labels().into_iter().any(|known| matches(label.trim(), known)),
        None => pattern.eq_ignore_ascii_case(&project.uuid) || matches(pattern, &project.title()),
    }
}

#[cfg(test)]
mod tests {
    use underpin_formats::portfolio::Tag;

    use super::*;

    #[test]
    fn projects_are_meant_by_name_label_or_key() {
        let project = Project {
            uuid: "ABC-1".to_owned(),
            name: "Portal".to_owned(),
            group: Some("gov".to_owned()),
            tags: vec![Tag { name: "Health".to_owned() }],
            ..Project::default()
        };
        for (pattern, expected) in [
            ("gov/portal", true),
            ("gov/*", true),
            ("*", true),
            ("portal", false),
            ("tag:health", true),
            ("tag: heal*", true),
            ("tag:tax", false),
            ("abc-1", true),
            ("abc", false),
            ("", false),
        ] {
            assert_eq!(fits(pattern, &project), expected, "{pattern}");
        }
    }
}
