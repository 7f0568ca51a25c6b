// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office wrote down about projects, in their own kinds. Nothing is overwritten: of one kind the newest line counts.

use serde_json::Value as Json;
use underpin_model::limits::bounds::PROJECT_RECORD_BYTES;
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::incident_events::too_long;
use crate::incidents::json_of;
use crate::ledger::{Reader, Writer, next_number};
use crate::registry::indexed;
use crate::value::values;

/// A line about a project.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectRecord {
    /// Number.
    pub number: i64,
    /// Key of the project.
    pub project: String,
    /// What kind of line it is.
    pub kind: String,
    /// What it says.
    pub body: Json,
    /// Who wrote it.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
    /// The ledger's revision then.
    pub revision: i64,
}

impl Reader {
    /// Lines of a kind about one project, or about all, written by a moment, in their order; none for who may not rank.
    ///
    /// # Errors
    /// What the database says.
    pub async fn project_records(
        &self,
        kind: &str,
        project: Option<&str>,
        as_of: Timestamp,
    ) -> Result<Vec<ProjectRecord>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        if !self.access(&mut session).await?.may_everywhere(Act::Rank) {
            return Ok(Vec::new());
        }
        let sql = "SELECT number, project, kind, body, actor, moment, revision FROM project_record WHERE kind = $1 AND \
                   (project = $2 OR $3 = 1) AND moment <= $4 ORDER BY number";
        let rows = session.rows(sql, values![kind, project.unwrap_or_default(), project.is_none(), as_of]).await?;
        let record = |row: &crate::value::Row| {
            Ok(ProjectRecord {
                number: row.integer(0)?,
                project: row.text(1)?,
                kind: row.text(2)?,
                body: json_of(row, 3, "record of a project")?,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
                revision: row.integer(6)?,
            })
        };
        rows.iter().map(record).collect()
    }
}

impl Writer {
    /// Writes a line about a project. Returns its number.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`], [`LedgerError::NotAllowed`] for who may not rank and decide for the government, and what the database
    /// says.
    pub async fn note_project(&self, at: Timestamp, project: &str, kind: &str, body: Json) -> Result<i64, LedgerError> {
        indexed("the key of a project", project)?;
        indexed("the kind of a record", kind)?;
        let text = body.to_string();
        if text.len() > PROJECT_RECORD_BYTES {
            return Err(too_long("what is written down about a project", text.len(), PROJECT_RECORD_BYTES));
        }
        let mut change = self.change(at, "write down something about a project").await?;
        let access = change.access().await?;
        let may = |act| access.as_ref().is_none_or(|access| access.may_everywhere(act));
        if !may(Act::Rank) || !may(Act::Decide) {
            return Err(change.refuse("write down something about a project"));
        }
        let number = next_number(&mut change.session, "project-record", 1).await?;
        let sql = "INSERT INTO project_record (number, project, kind, body, actor, moment, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row = values![number, project, kind, text, change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        change.note("note-project", format!("project {project}"), None, Some(body));
        change.commit().await?;
        Ok(number)
    }
}
