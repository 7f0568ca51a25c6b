// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What agencies said about being named where a project is thanked, for one project or for all. Nothing is overwritten: what holds
//! follows from all lines (`assess::engagement::naming`).
//!
//! It is the agency's own act: its owner says it, or an officer over it. It is read by whoever reads at the agency, and by whoever
//! ranks projects for the government.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::engagement::NamingConsent;
use underpin_model::limits::bounds::CONTACT_FIELD_BYTES;
use underpin_model::people::{Act, Role};
use underpin_model::registry::AgencyId;

use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::projects::check_key;
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, references};

/// Roles that speak for an agency.
const SPEAKERS: [Role; 2] = [Role::Owner, Role::Officer];
const COLUMNS: &str = "number, agency, project, body, actor, moment";

/// What an agency said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamingRecord {
    /// Number.
    pub number: i64,
    /// Who said it.
    pub agency: AgencyId,
    /// The key of the project; empty for all.
    pub project: String,
    /// What was said.
    pub consent: NamingConsent,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// What agencies within sight said by a moment, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn naming_consents(&self, as_of: Timestamp) -> Result<Vec<NamingRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, as_of).await?;
        found.retain(|record| access.may_everywhere(Act::Rank) || access.may_at_agency(Act::Read, &record.agency.0));
        Ok(found)
    }
}

impl Writer {
    /// Writes down what an agency says about being named to a project, or to all (an empty key). Returns the ledger's revision; the old
    /// one where the newest line says the same.
    ///
    /// # Errors
    /// [`LedgerError::InvalidContact`], [`LedgerError::InvalidProject`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`] for one
    /// that is not there or out of sight, [`LedgerError::NotAllowed`] for who is neither its owner nor an officer over it, and what the
    /// database says.
    pub async fn note_naming(
        &self,
        at: Timestamp,
        agency: &AgencyId,
        project: &str,
        consent: NamingConsent,
    ) -> Result<i64, LedgerError> {
        check(project, &consent)?;
        let mut change = self.change(at, "say whether an agency may be named").await?;
        allowed(&mut change, agency).await?;
        let said = read(&mut change.session, Timestamp::MAX).await?;
        let mut own = said.iter().rev().filter(|record| record.agency == *agency && record.project == project);
        if own.next().is_some_and(|newest| newest.consent == consent) {
            return change.commit().await;
        }
        let number = next_number(&mut change.session, "naming-consent", 1).await?;
        let body = json!(consent);
        let sql = "INSERT INTO naming_consent (number, agency, project, body, actor, moment, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row =
            values![number, agency.0.as_str(), project, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        change.note("note-naming", subject(&agency.0), None, Some(told_line(project, &body)));
        change.commit().await
    }
}

/// Refuses what can be no word of an agency.
fn check(project: &str, consent: &NamingConsent) -> Result<(), LedgerError> {
    if !project.is_empty() {
        check_key(project)?;
    }
    let name = &consent.said_by;
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(LedgerError::InvalidContact("name the person of the agency who said so, in one line".to_owned()));
    }
    if name.len() > CONTACT_FIELD_BYTES {
        return Err(too_long("the name of who said so", name.len(), CONTACT_FIELD_BYTES));
    }
    Ok(())
}

/// Who speaks for the agency. One out of sight is not there.
async fn allowed(change: &mut Change, agency: &AgencyId) -> Result<(), LedgerError> {
    let id = agency.0.as_str();
    let is_there = existing(&mut change.session, Kind::Agency, &[Value::from(id)], None).await?.contains(id);
    let access = change.access().await?;
    if !is_there || access.as_ref().is_some_and(|access| !access.may_at_agency(Act::Read, id)) {
        return Err(references::unknown(Kind::Agency, id, "what it says"));
    }
    if access.is_some_and(|access| !access.speaks_for(&SPEAKERS, id)) {
        return Err(change.refuse("say whether an agency may be named"));
    }
    Ok(())
}

/// What the words of an agency are called in the audit chain.
fn subject(agency: &str) -> String {
    format!("naming {agency}")
}

fn told_line(project: &str, body: &Json) -> Json {
    json!({ "project": project, "said": body })
}

async fn read(session: &mut Session, as_of: Timestamp) -> Result<Vec<NamingRecord>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM naming_consent WHERE moment <= $1 ORDER BY number");
    let mut found = Vec::new();
    session
        .each(&sql, values![as_of], |row| {
            let agency = row.text(1)?;
            let named = subject(&agency);
            found.push(NamingRecord {
                number: row.integer(0)?,
                project: row.text(2)?,
                consent: serde_json::from_value(json_of(&row, 3, &named)?).map_err(|error| damaged(&named, &error))?,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
                agency: AgencyId(agency),
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever written down, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT agency, project, body, revision FROM naming_consent", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            lines.push((subject(row.text_ref(0)?), row.integer(3)?, told_line(row.text_ref(1)?, &body)));
            Ok(())
        })
        .await?;
    Ok(lines)
}
