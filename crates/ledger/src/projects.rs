// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office knows of projects: facts for planning, how they want to be approached, who else pays, other names, signals. Each is
//! a line with its kind; nothing is overwritten, the newest line of a kind counts.
//!
//! What is known of projects is a list of targets: it is read by whoever may rank for the whole government, and written by whoever
//! leads there. No line is about a person of a project.

use serde_json::{Value as Json, json};
use underpin_model::limits::bounds::{PROJECT_KEY_BYTES, PROJECT_RECORD_BYTES};
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::json_of;
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{Value, values};

/// A line about a project.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectRecord {
    /// Number.
    pub number: i64,
    /// The key of the project.
    pub project: String,
    /// What is told: a word such as `facts`.
    pub kind: String,
    /// The words.
    pub body: Json,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
    /// In which revision.
    pub revision: i64,
}

impl Reader {
    /// Lines of a kind that were written down by a moment, of one project or of all, the oldest first; none for who may not rank
    /// for the whole government.
    ///
    /// # Errors
    /// What the database says.
    pub async fn project_records(
        &self,
        kind: &str,
        project: Option<&str>,
        as_of: Timestamp,
    ) -> Result<Vec<ProjectRecord>, LedgerError> {
        if !ranks(&self.viewer) {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        read(&mut session, kind, project, as_of).await
    }

    /// The newest line of a kind about each project, written down by a moment, in the order of their keys; none for who may not rank
    /// for the whole government.
    ///
    /// # Errors
    /// What the database says.
    pub async fn newest_project_records(
        &self,
        kind: &str,
        as_of: Timestamp,
    ) -> Result<Vec<ProjectRecord>, LedgerError> {
        if !ranks(&self.viewer) {
            return Ok(Vec::new());
        }
        let sql = "SELECT number, project, kind, body, actor, moment, revision FROM project_record WHERE number IN \
                   (SELECT MAX(number) FROM project_record WHERE kind = $1 AND moment <= $2 GROUP BY project) \
                   ORDER BY project";
        let mut session = self.pool.read().await?;
        select(&mut session, sql, values![kind, as_of]).await
    }
}

impl Writer {
    /// Writes a line down. Returns the ledger's revision; the old one where the newest line of this kind says the same.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidProject`], [`LedgerError::TooLong`], and what the database says.
    pub async fn note_project(
        &self,
        at: Timestamp,
        project: &str,
        kind: &'static str,
        body: Json,
    ) -> Result<i64, LedgerError> {
        self.note_projects(at, vec![(project.to_owned(), kind, body)]).await
    }

    /// Writes many lines down, all or none.
    ///
    /// # Errors
    /// As [`Self::note_project`].
    pub async fn note_projects(
        &self,
        at: Timestamp,
        lines: Vec<(String, &'static str, Json)>,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "write down what is known of a project").await?;
        let access = change.access().await?;
        if access.is_some_and(|access| !access.may_everywhere(Act::Lead)) {
            return Err(change.refuse("write down what is known of a project"));
        }
        for (project, kind, body) in lines {
            check_key(&project)?;
            let text = body.to_string();
            if text.len() > PROJECT_RECORD_BYTES {
                return Err(too_long("what is known of a project", text.len(), PROJECT_RECORD_BYTES));
            }
            let newest = read(&mut change.session, kind, Some(&project), Timestamp::MAX).await?.pop();
            if newest.as_ref().is_some_and(|newest| newest.body == body) {
                continue;
            }
            let number = next_number(&mut change.session, "project-record", 1).await?;
            let sql = "INSERT INTO project_record (number, project, kind, body, actor, moment, revision) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let row = values![number, project.as_str(), kind, text, change.actor(), change.at, change.revision];
            change.session.execute(sql, row).await?;
            let told = |body: Json| json!({ "kind": kind, "body": body });
            change.note("note-project", subject(&project), newest.map(|newest| told(newest.body)), Some(told(body)));
        }
        change.commit().await
    }
}

/// Whether a viewer sees what the government as a whole leans on.
pub(crate) fn ranks(viewer: &Viewer) -> bool {
    viewer.may_everywhere(Act::Rank)
}

/// The key of a project is one short line.
pub(crate) fn check_key(project: &str) -> Result<(), LedgerError> {
    if project.trim().is_empty() || project.contains(char::is_control) {
        return Err(LedgerError::InvalidProject("its key is one line".to_owned()));
    }
    if project.len() > PROJECT_KEY_BYTES {
        return Err(too_long("the key of a project", project.len(), PROJECT_KEY_BYTES));
    }
    Ok(())
}

async fn read(
    session: &mut Session,
    kind: &str,
    project: Option<&str>,
    as_of: Timestamp,
) -> Result<Vec<ProjectRecord>, LedgerError> {
    let sql = "SELECT number, project, kind, body, actor, moment, revision FROM project_record \
               WHERE kind = $1 AND (project = $2 OR $3 = 1) AND moment <= $4 ORDER BY number";
    select(session, sql, values![kind, project.unwrap_or_default(), project.is_none(), as_of]).await
}

async fn select(session: &mut Session, sql: &str, values: Vec<Value>) -> Result<Vec<ProjectRecord>, LedgerError> {
    let mut found = Vec::new();
    session
        .each(sql, values, |row| {
            let project = row.text(1)?;
            let body = json_of(&row, 3, &subject(&project))?;
            found.push(ProjectRecord {
                number: row.integer(0)?,
                project,
                kind: row.text(2)?,
                body,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
                revision: row.integer(6)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// What a project is called in the audit chain.
fn subject(project: &str) -> String {
    format!("project {project}")
}

/// All that was ever written down, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT project, kind, body, revision FROM project_record", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            lines.push((subject(row.text_ref(0)?), row.integer(3)?, json!({ "kind": row.text_ref(1)?, "body": body })));
            Ok(())
        })
        .await?;
    Ok(lines)
}
