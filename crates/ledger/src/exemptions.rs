// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Why something is not public, each line as it was said once. Nothing is overwritten; the newest line of a name of an agency counts.
//!
//! An entry is seen by whoever reads at its agency, up to the clearance. It is a decision: whoever decides there says it, and nobody
//! above the own clearance.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::catalogue::Exemption;
use underpin_model::limits::bounds::EXEMPTION_FIELD_BYTES;
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, is_identifier};

use crate::LedgerError;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::own_repositories::{allowed, check_address};
use crate::standings::secrecy;
use crate::value::values;

const COLUMNS: &str = "number, agency, name, body, actor, moment, revision";

/// An entry of the register as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemptionRecord {
    /// Number of the line.
    pub number: i64,
    /// Whose it is.
    pub agency: AgencyId,
    /// Its name within the agency: an identifier.
    pub name: String,
    /// What it says.
    pub exemption: Exemption,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// Entries within sight as they stood at a moment, by agency and name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn exemptions(&self, as_of: Timestamp) -> Result<Vec<ExemptionRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, None, as_of).await?;
        let opens = |one: &ExemptionRecord| {
            access.opens_at_agency(Act::Read, &one.agency.0, secrecy(one.exemption.classification))
        };
        found.retain(opens);
        // The right is that of today: what was classified since is classified for the past, too.
        let today = read(&mut session, None, Timestamp::MAX).await?;
        let closed = today.iter().filter(|one| !opens(one));
        let closed: BTreeSet<_> = closed.map(|one| (&one.agency.0, &one.name)).collect();
        found.retain(|one| !closed.contains(&(&one.agency.0, &one.name)));
        Ok(found)
    }
}

impl Writer {
    /// Writes down an entry, or how it stands now. Returns the ledger's revision; the old one where the newest line says the same.
    ///
    /// # Errors
    /// [`LedgerError::InvalidExemption`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`], [`LedgerError::UnknownExemption`]
    /// for a name that is taken by an entry out of sight, [`LedgerError::NotAllowed`], and what the database says.
    pub async fn note_exemption(
        &self,
        at: Timestamp,
        (agency, name): (&AgencyId, &str),
        exemption: Exemption,
    ) -> Result<i64, LedgerError> {
        check(name, &exemption)?;
        let mut change = self.change(at, "write down an exemption").await?;
        let access = change.access().await?;
        allowed(&mut change, access.as_ref(), agency, Act::Decide).await?;
        let known = read(&mut change.session, Some((agency, name)), Timestamp::MAX).await?.pop();
        let opens = |exemption: &Exemption| {
            let level = secrecy(exemption.classification);
            access.as_ref().is_none_or(|access| access.opens_at_agency(Act::Decide, &agency.0, level))
        };
        if known.as_ref().is_some_and(|known| !opens(&known.exemption)) {
            return Err(LedgerError::UnknownExemption(name.to_owned()));
        }
        if !opens(&exemption) {
            return Err(change.refuse("write down what lies above the own clearance"));
        }
        if known.is_some_and(|known| known.exemption == exemption) {
            return change.commit().await;
        }
        let number = next_number(&mut change.session, "exemption", 1).await?;
        let body = json!(exemption);
        let sql = format!("INSERT INTO exemption ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        let row =
            values![number, agency.0.as_str(), name, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(&sql, row).await?;
        change.note("note-exemption", subject(&agency.0, name), None, Some(body));
        change.commit().await
    }
}

fn check(name: &str, exemption: &Exemption) -> Result<(), LedgerError> {
    let refused = |why: &str| Err(LedgerError::InvalidExemption(why.to_owned()));
    if !is_identifier(name) {
        return refused("its name is an identifier: small letters, digits, hyphens");
    }
    let lines = [("what is not public", &exemption.title), ("the law", &exemption.law), ("the text", &exemption.text)];
    let lines = lines.into_iter().chain(exemption.ended.as_ref().map(|text| ("why it ended", text)));
    for (field, text) in lines {
        if text.trim().is_empty() {
            return refused(&format!("{field} is empty"));
        }
        if text.contains(char::is_control) {
            return refused(&format!("{field} is more than one line"));
        }
        if text.len() > EXEMPTION_FIELD_BYTES {
            return Err(too_long("a field of an exemption", text.len(), EXEMPTION_FIELD_BYTES));
        }
    }
    exemption.address.as_deref().map_or(Ok(()), check_address)
}

/// What an entry is called in the audit chain.
fn subject(agency: &str, name: &str) -> String {
    format!("exemption {agency} {name}")
}

async fn read(
    session: &mut Session,
    of: Option<(&AgencyId, &str)>,
    as_of: Timestamp,
) -> Result<Vec<ExemptionRecord>, LedgerError> {
    let (agency, name) = of.map_or(("", ""), |(agency, name)| (agency.0.as_str(), name));
    let sql = format!(
        "SELECT {COLUMNS} FROM exemption WHERE number IN (SELECT MAX(number) FROM exemption \
         WHERE moment <= $1 AND ($2 = 1 OR (agency = $3 AND name = $4)) GROUP BY agency, name) ORDER BY number"
    );
    let mut found = Vec::new();
    session
        .each(&sql, values![as_of, of.is_none(), agency, name], |row| {
            let (agency, name) = (row.text(1)?, row.text(2)?);
            let named = subject(&agency, &name);
            found.push(ExemptionRecord {
                number: row.integer(0)?,
                exemption: serde_json::from_value(json_of(&row, 3, &named)?)
                    .map_err(|error| damaged(&named, &error))?,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
                agency: AgencyId(agency),
                name,
            });
            Ok(())
        })
        .await?;
    found.sort_by(|one: &ExemptionRecord, other| (&one.agency, &one.name).cmp(&(&other.agency, &other.name)));
    Ok(found)
}

/// All that was ever written down, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT agency, name, body, revision FROM exemption", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            lines.push((subject(row.text_ref(0)?, row.text_ref(1)?), row.integer(3)?, body));
            Ok(())
        })
        .await?;
    Ok(lines)
}
