// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `documents bind --by-rules`: the mapping rules of today for all documents that are about no system yet.

use std::collections::HashSet;

use serde::Serialize;
use underpin_model::{DocumentId, DocumentRecord, DocumentState};

use super::Author;
use super::registry_edit::explained;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::intake::{Binder, Summary, Target, binding, names_systems};

/// What the rules did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuledReport {
    /// Documents that were about no system.
    pub unbound: u64,
    /// Those that are about one now.
    pub bound: u64,
    /// Those that still are not.
    pub left: u64,
    /// The documents that were bound, and those that name a system that cannot be found.
    pub rows: Vec<RuledRow>,
}

/// What became of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuledRow {
    /// The document.
    pub document: DocumentId,
    /// Where it lay.
    pub path: String,
    /// Systems it is about now.
    pub systems: Vec<String>,
    /// Why a system that it names could not be found, or that it may not be given to the system of a rule.
    pub problem: String,
}

impl House {
    /// Binds all documents that are about no system by the mapping rules, and by the systems that they name themselves. What the
    /// author may not give to a system is left, with the reason; the others are bound.
    ///
    /// # Errors
    /// When evidence is damaged, and what the ledger refuses; what was bound before stays bound.
    pub async fn bind_by_rules(&self, author: &Author) -> Result<RuledReport> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let mut binder = Binder::new(&Target::Rules, &desk.snapshot)?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let bound: HashSet<DocumentId> = desk.snapshot.bindings.iter().map(|binding| binding.document).collect();
        let mut report = RuledReport::default();
        let waits = |record: &&DocumentRecord| record.state == DocumentState::Accepted && !bound.contains(&record.id);
        for record in desk.snapshot.documents.iter().filter(waits) {
            report.unbound += 1;
            let summary = summary_of(&desk, &binder, record).await?;
            let found = binder.systems_of(&record.path, &summary);
            let mut row = RuledRow {
                document: record.id,
                path: record.path.clone(),
                systems: Vec::new(),
                problem: String::new(),
            };
            for one in found {
                let system = one.system.0.clone();
                match writer.bind(author.at, binding(record.id, one, author.at)).await.map_err(explained) {
                    Ok(_) => row.systems.push(system),
                    Err(error) if error.code == "not-allowed" => row.problem = error.message,
                    Err(error) => return Err(error),
                }
            }
            row.systems.dedup();
            for problem in binder.take_unresolved() {
                row.problem = problem.detail;
            }
            *(if row.systems.is_empty() { &mut report.left } else { &mut report.bound }) += 1;
            if !row.systems.is_empty() || !row.problem.is_empty() {
                report.rows.push(row);
            }
        }
        Ok(report)
    }
}

/// What a document is about: from the catalogue, or from its evidence where the rules ask for more than that keeps.
async fn summary_of(desk: &Desk, binder: &Binder, record: &DocumentRecord) -> Result<Summary> {
    if !binder.looks_at_purls() && !names_systems(&record.format) {
        return Ok(Summary::kept(record));
    }
    let document = desk.reread(record).await?;
    Ok(Summary::of(&document.inventory(&desk.limits)?))
}
