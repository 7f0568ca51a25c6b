// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `documents list`: what was handed in, what became of it and what it is about.
//!
//! A nation has more than a hundred thousand documents, and a page shows fifty: what matches is found first, and only what is
//! shown is written out.

use std::collections::HashSet;

use serde::Serialize;
use underpin_model::document::Binding;
use underpin_model::registry::AgencyId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp};

use crate::error::Result;
use crate::house::{Desk, Overview};

/// Which documents to list; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// Accepted ones about no system yet.
    pub unbound: bool,
    /// Those in this state.
    pub state: Option<DocumentState>,
    /// Those that a newer one replaced for every system they are about.
    pub superseded: bool,
    /// Those about a system.
    pub system: Option<String>,
    /// Those about systems of an agency and everything below it, and those handed in by it.
    pub agency: Option<String>,
    /// Those of a tool; `*` stands for any characters.
    pub tool: Option<String>,
    /// Accepted ones that are wrong somewhere or say too little.
    pub with_gaps: bool,
    /// Those made from the first moment on and before the second. One that does not say when it was made counts as made when it
    /// was learned.
    pub made: Option<(Timestamp, Timestamp)>,
}

/// A document in a list.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DocumentRow {
    /// Its number.
    pub document: DocumentId,
    /// Its fate.
    pub state: DocumentState,
    /// Why it is quarantined, retracted or purged.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Reader that took it.
    #[serde(rename = "reader")]
    pub format: String,
    /// Tool that made it.
    pub tool: String,
    /// Artefact it describes.
    pub subject: String,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// When we learned it.
    pub learned: Timestamp,
    /// Systems it is about.
    pub systems: Vec<String>,
    /// Newer documents that replaced it.
    pub superseded_by: Vec<String>,
    /// Uses it states.
    pub occurrences: u64,
    /// Gaps in it.
    pub gaps: u64,
    /// Where it lay.
    pub path: String,
}

/// The answer of `documents list`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DocumentsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The documents, by number.
    pub rows: Vec<DocumentRow>,
}

/// What a document is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BindingRow {
    /// System.
    pub system: String,
    /// Its agency.
    pub agency: AgencyId,
    /// Deployment, where named.
    pub deployment: Option<String>,
    /// What made the binding.
    pub origin: String,
    /// Since when.
    pub from: Timestamp,
    /// The newer document that replaced this one there.
    pub superseded_by: Option<String>,
}

/// A document that matches, before anything of it is written out.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'d> {
    desk: &'d Desk,
    /// What is known of it.
    pub record: &'d DocumentRecord,
    bound: &'d [Binding],
}

impl<'d> Listed<'d> {
    /// True when it is about no system that the viewer sees.
    pub fn is_unbound(&self) -> bool {
        !self.bound.iter().any(|binding| self.desk.system_position(&binding.system.0).is_some())
    }

    /// Replaced wherever it counts; a document about no system is never replaced.
    pub fn is_superseded(&self) -> bool {
        let number = self.record.id.0;
        // Most documents count somewhere, which is told faster than by asking every binding.
        let counts = !self.desk.systems_of(number).is_empty() || !self.desk.inactive_systems_of(number).is_empty();
        !counts && !self.is_unbound() && self.bindings().iter().all(|row| row.superseded_by.is_some())
    }

    /// What it is about, with what replaced it there.
    pub fn bindings(&self) -> Vec<BindingRow> {
        let desk = self.desk;
        let row = |binding: &Binding| {
            let position = desk.system_position(&binding.system.0)?;
            let deployment = binding.deployment.as_ref().map(|deployment| deployment.0.clone());
            let here = desk.bound(position).iter().find(|bound| {
                desk.snapshot.documents.get(bound.document).is_some_and(|record| record.id == binding.document)
                    && bound.deployment == deployment
            });
            Some(BindingRow {
                system: binding.system.0.clone(),
                agency: desk.system(position).agency.clone(),
                deployment,
                origin: binding.origin.clone(),
                from: binding.from,
                superseded_by: here.and_then(|bound| bound.superseded_by).map(|newer| DocumentId(newer).to_string()),
            })
        };
        self.bound.iter().filter_map(row).collect()
    }

    /// Its row of the list.
    pub fn row(&self) -> DocumentRow {
        let (record, bindings) = (self.record, self.bindings());
        let mut systems: Vec<String> = bindings.iter().map(|row| row.system.clone()).collect();
        systems.dedup();
        let mut superseded_by: Vec<String> = bindings.into_iter().filter_map(|row| row.superseded_by).collect();
        superseded_by.sort_unstable();
        superseded_by.dedup();
        DocumentRow {
            document: record.id,
            state: record.state,
            reason: record.reason.clone(),
            format: record.format.clone(),
            tool: record.tool.clone(),
            subject: record.subject.clone(),
            created: record.created,
            learned: record.learned,
            systems,
            superseded_by,
            occurrences: record.occurrences,
            gaps: record.gaps,
            path: record.path.clone(),
        }
    }

    fn systems(&self) -> impl Iterator<Item = u32> {
        self.bound.iter().filter_map(|binding| self.desk.system_position(&binding.system.0))
    }
}

impl Desk {
    /// Lists documents.
    ///
    /// # Errors
    /// When the system or agency of the filter is not found.
    pub fn list_documents(&self, filter: &DocumentFilter) -> Result<DocumentsAnswer> {
        let rows = self.matching_documents(filter)?.iter().map(Listed::row).collect();
        Ok(DocumentsAnswer { overview: self.overview(), rows })
    }

    /// Documents that match, by number.
    ///
    /// # Errors
    /// When the system or agency of the filter is not found.
    pub fn matching_documents(&self, filter: &DocumentFilter) -> Result<Vec<Listed<'_>>> {
        let system = filter.system.as_ref().map(|text| self.system_called(text)).transpose()?.map(|found| &found.id);
        let agencies: Option<HashSet<AgencyId>> = match &filter.agency {
            Some(text) => Some(self.with_descendants(&self.agency_called(text)?.id).into_iter().collect()),
            None => None,
        };
        let of_agency = |listed: &Listed<'_>| {
            agencies.as_ref().is_none_or(|agencies| {
                listed.systems().any(|system| agencies.contains(&self.system(system).agency))
                    || listed.record.uploader.as_ref().is_some_and(|uploader| agencies.contains(uploader))
            })
        };
        let made = |record: &DocumentRecord| record.created.unwrap_or(record.learned);
        let wanted = |listed: &Listed<'_>| {
            let record = listed.record;
            let accepted = record.state == DocumentState::Accepted;
            filter.state.is_none_or(|state| record.state == state)
                && (!filter.with_gaps || accepted && record.gaps > 0)
                && filter.made.is_none_or(|(from, before)| (from..before).contains(&made(record)))
                && filter.tool.as_ref().is_none_or(|tool| crate::intake::matches(tool, &record.tool))
                && (!filter.unbound || accepted && listed.is_unbound())
                && (!filter.superseded || accepted && listed.is_superseded())
                && system.is_none_or(|system| listed.systems().any(|bound| self.system(bound).id == *system))
                && of_agency(listed)
        };
        // Documents and bindings both lie in the order of the documents' numbers.
        let mut bindings = self.snapshot.bindings.as_slice();
        let listed = self.snapshot.documents.iter().map(|record| {
            let before = bindings.iter().take_while(|binding| binding.document < record.id).count();
            let own = bindings[before..].iter().take_while(|binding| binding.document == record.id).count();
            let (bound, rest) = bindings[before..].split_at(own);
            bindings = rest;
            Listed { desk: self, record, bound }
        });
        Ok(listed.filter(|listed| wanted(listed)).collect())
    }

    /// A document with what it is about.
    pub(super) fn listed<'d>(&'d self, record: &'d DocumentRecord) -> Listed<'d> {
        let all = &self.snapshot.bindings;
        let first = all.partition_point(|binding| binding.document < record.id);
        let own = all[first..].iter().take_while(|binding| binding.document == record.id).count();
        Listed { desk: self, record, bound: &all[first..first + own] }
    }
}
