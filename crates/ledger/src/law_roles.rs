// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people answer about the role of a system, an agency or an own product under a law, each line as it was said once. Nothing is
//! overwritten; the newest line of a subject under a law counts, and the earlier ones stay beside it.
//!
//! It is seen by who sees the system, or reads at the agency. It is a decision: whoever decides there says it.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::law_roles::{RoleLaw, RoleSubject, StatedRole};
use underpin_model::limits::bounds::{LAW_FIELD_BYTES, LAW_TEXT_BYTES, ROLE_FACTS};
use underpin_model::people::Act;
use underpin_model::registry::is_identifier;

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, references};

const COLUMNS: &str = "number, law, about, body, actor, moment, revision";

/// What somebody answered about a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawRoleRecord {
    /// Number of the line.
    pub number: i64,
    /// What it is about.
    pub subject: RoleSubject,
    /// Under which law.
    pub law: RoleLaw,
    /// What was answered.
    pub stated: StatedRole,
    /// Login of whoever answered.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// All that had been answered by a moment about what the viewer sees, oldest first. The right is that of today.
    ///
    /// # Errors
    /// What the database says.
    pub async fn law_roles(&self, as_of: Timestamp) -> Result<Vec<LawRoleRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, as_of).await?;
        found.retain(|record| sees(&access, &record.subject));
        Ok(found)
    }
}

impl Writer {
    /// Writes down what somebody answers about a role. Who answers the same again has looked again, so that is a line, too. Returns the
    /// number of the line. `read_at` is the number of the newest line that was read before answering, 0 where there was none; with
    /// another line since then nothing is written, as it would drop what that one says.
    ///
    /// # Errors
    /// [`LedgerError::LawRoleChanged`], [`LedgerError::InvalidLawRole`], [`LedgerError::TooLong`], [`LedgerError::UnknownSystem`] and [`LedgerError::UnknownAgency`] for
    /// what is not there or out of sight, [`LedgerError::NotAllowed`], and what the database says.
    pub async fn note_law_role(
        &self,
        at: Timestamp,
        (subject, law): (&RoleSubject, RoleLaw),
        stated: StatedRole,
        read_at: Option<i64>,
    ) -> Result<i64, LedgerError> {
        check(subject, &stated)?;
        let mut change = self.change(at, "write down a role under the law").await?;
        let access = change.access().await?;
        allowed(&mut change, access.as_ref(), subject).await?;
        if let Some(read_at) = read_at {
            let known = read(&mut change.session, Timestamp(STILL)).await?;
            let own = known.iter().filter(|record| (&record.subject, record.law) == (subject, law));
            if own.map(|record| record.number).max().unwrap_or_default() != read_at {
                return Err(LedgerError::LawRoleChanged(subject.to_string()));
            }
        }
        let number = next_number(&mut change.session, "law-role", 1).await?;
        let body = json!(stated);
        let sql = format!("INSERT INTO law_role ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        let (name, about) = (subject_of(subject), json!(subject).to_string());
        let (moment, revision) = (change.at, change.revision);
        let row = values![number, law.as_str(), about, body.to_string(), change.actor(), moment, revision];
        change.session.execute(&sql, row).await?;
        let after = told_role(law, &body, change.actor(), change.at);
        change.note("note-law-role", name, None, Some(after));
        change.commit().await?;
        Ok(number)
    }
}

/// What it is about in the audit chain: `law-role system X`, `law-role agency X`, `law-role product AGENCY NAME`.
fn subject_of(subject: &RoleSubject) -> String {
    format!("law-role {subject}")
}

/// Whether it is for somebody: with sight of the system, or reading at the agency.
pub(crate) fn sees(access: &Access, subject: &RoleSubject) -> bool {
    match subject {
        RoleSubject::System(system) => access.sees_system(&system.0),
        RoleSubject::Agency(agency) | RoleSubject::Product { agency, .. } => access.may_at_agency(Act::Read, &agency.0),
    }
}

fn place_of(subject: &RoleSubject) -> (Kind, &str) {
    match subject {
        RoleSubject::System(system) => (Kind::System, system.0.as_str()),
        RoleSubject::Agency(agency) | RoleSubject::Product { agency, .. } => (Kind::Agency, agency.0.as_str()),
    }
}

/// Refuses what is not there or out of sight, alike; `by` says what names it.
pub(crate) async fn must_see(
    change: &mut Change,
    access: Option<&Access>,
    subject: &RoleSubject,
    by: &str,
) -> Result<(), LedgerError> {
    let (kind, id) = place_of(subject);
    let is_there = existing(&mut change.session, kind, &[Value::from(id)], None).await?.contains(id);
    match is_there && access.is_none_or(|access| sees(access, subject)) {
        true => Ok(()),
        false => Err(references::unknown(kind, id, by)),
    }
}

async fn allowed(change: &mut Change, access: Option<&Access>, subject: &RoleSubject) -> Result<(), LedgerError> {
    must_see(change, access, subject, "its role under the law").await?;
    let (kind, id) = place_of(subject);
    let may = |access: &Access| match kind {
        Kind::System => access.may_at_system(Act::Decide, id),
        _ => access.may_at_agency(Act::Decide, id),
    };
    match access.is_none_or(may) {
        true => Ok(()),
        false => Err(change.refuse("say which role somebody has under the law")),
    }
}

fn check(subject: &RoleSubject, stated: &StatedRole) -> Result<(), LedgerError> {
    let refused = |why: &str| Err(LedgerError::InvalidLawRole(why.to_owned()));
    if let RoleSubject::Product { name, .. } = subject
        && !is_identifier(name)
    {
        return refused("the name of a product is an identifier: small letters, digits, hyphens");
    }
    if stated.facts.is_empty() {
        return refused("nothing was answered");
    }
    if stated.facts.len() > ROLE_FACTS {
        return Err(too_long("the list of answers", stated.facts.len(), ROLE_FACTS));
    }
    for (place, one) in stated.facts.iter().enumerate() {
        if stated.facts[..place].iter().any(|earlier| earlier.fact == one.fact) {
            return refused(&format!("{} is answered twice", one.fact.as_str()));
        }
        if one.source.contains(char::is_control) {
            return refused("a source is one line");
        }
        if one.source.len() > LAW_FIELD_BYTES {
            return Err(too_long("a source", one.source.len(), LAW_FIELD_BYTES));
        }
    }
    if stated.note.contains(|letter: char| letter.is_control() && letter != '\n') {
        return refused("its note is plain text");
    }
    if stated.note.len() > LAW_TEXT_BYTES {
        return Err(too_long("the note about a role", stated.note.len(), LAW_TEXT_BYTES));
    }
    Ok(())
}

fn told_role(law: RoleLaw, body: &Json, actor: &str, at: Timestamp) -> Json {
    let mut told = told_event(body, actor, at);
    if let Json::Object(fields) = &mut told {
        fields.insert("law".to_owned(), law.as_str().into());
    }
    told
}

async fn read(session: &mut Session, as_of: Timestamp) -> Result<Vec<LawRoleRecord>, LedgerError> {
    let mut found = Vec::new();
    let sql = format!("SELECT {COLUMNS} FROM law_role WHERE moment <= $1 ORDER BY number");
    session
        .each(&sql, values![as_of], |row| {
            let number = row.integer(0)?;
            let name = format!("law role {number}");
            let read = |column| json_of(&row, column, &name);
            found.push(LawRoleRecord {
                number,
                law: row.word(1)?,
                subject: serde_json::from_value(read(2)?).map_err(|error| damaged(&name, &error))?,
                stated: serde_json::from_value(read(3)?).map_err(|error| damaged(&name, &error))?,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever answered, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT about, law, body, actor, moment, revision FROM law_role", vec![], |row| {
            let about = serde_json::from_str::<RoleSubject>(row.text_ref(0)?);
            let name = about.map_or_else(|_| "law-role".to_owned(), |about| subject_of(&about));
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            let mut told = told_event(&body, row.text_ref(3)?, row.timestamp(4)?);
            if let Json::Object(fields) = &mut told {
                fields.insert("law".to_owned(), row.text_ref(1)?.into());
            }
            lines.push((name, row.integer(5)?, told));
            Ok(())
        })
        .await?;
    Ok(lines)
}
