// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people say about own repositories where no program can judge, each line as it was said once. Nothing is overwritten; the newest
//! line of a requirement of a repository counts.
//!
//! It is seen as how the repository keeps practices is seen: by the agency, and without reasons by others once the agency publishes that.
//! It is said by whoever may hand documents in for the agency.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{SELF_ASSESSMENT_FIELD_BYTES, SELF_ASSESSMENTS_TAKEN};
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, is_identifier};
use underpin_model::self_assessment::{AboutRequirement, SelfAnswer, SelfAssessment};

use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::own_repositories::{Sight, allowed, repository_of, sights};
use crate::value::{Value, values};
use crate::{LedgerError, bulk};

const COLUMNS: &str = "number, agency, address, standard, version, requirement, body, actor, moment, revision";

/// What was said about a requirement, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfAssessmentRecord {
    /// Number of the line.
    pub number: i64,
    /// Whose repository it is.
    pub agency: AgencyId,
    /// The repository's address in one form.
    pub address: String,
    /// What it is about.
    pub about: AboutRequirement,
    /// What was said. Its reason and evidence are empty for who does not read at the agency.
    pub said: SelfAssessment,
    /// Whether who asks reads at the agency.
    pub is_whole: bool,
    /// Login of whoever said it.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// What people said about repositories within sight, as it stood at a moment, by repository and requirement; of one or of all. The
    /// right is that of today, also for what was published then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn self_assessments(
        &self,
        of: Option<(&AgencyId, &str)>,
        as_of: Timestamp,
    ) -> Result<Vec<SelfAssessmentRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let sights = sights(&mut session, &access, as_of).await?;
        let mut found = read(&mut session, of, as_of).await?;
        found.retain_mut(|record| match sights.get(&(record.agency.0.clone(), record.address.clone())) {
            Some(Sight::All) => true,
            Some(Sight::Results) => {
                record.is_whole = false;
                record.said = SelfAssessment { answer: record.said.answer, ..SelfAssessment::default() };
                true
            }
            Some(Sight::Declared) | None => false,
        });
        Ok(found)
    }
}

impl Writer {
    /// Writes down what somebody says about requirements of a repository, in one change. Who says the same again has looked again, so
    /// that is a line, too. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::InvalidSelfAssessment`], [`LedgerError::TooLong`], [`LedgerError::UnknownRepository`],
    /// [`LedgerError::UnknownAgency`], [`LedgerError::NotAllowed`], and what the database says.
    pub async fn note_self_assessments(
        &self,
        at: Timestamp,
        (agency, address): (&AgencyId, &str),
        said: Vec<(AboutRequirement, SelfAssessment)>,
    ) -> Result<i64, LedgerError> {
        if said.len() > SELF_ASSESSMENTS_TAKEN {
            return Err(too_long("the list of answers", said.len(), SELF_ASSESSMENTS_TAKEN));
        }
        said.iter().try_for_each(check)?;
        let mut change = self.change(at, "assess a repository").await?;
        let access = change.access().await?;
        repository_of(&mut change.session, access.as_ref(), (agency, address)).await?;
        allowed(&mut change, access.as_ref(), agency, Act::HandIn).await?;
        if said.is_empty() {
            return change.commit().await;
        }
        let first = next_number(&mut change.session, "self-assessment", said.len() as u64).await?;
        let mut rows: Vec<Value> = Vec::with_capacity(said.len() * 10);
        for (number, (about, said)) in (first..).zip(said) {
            let body = json!(said);
            rows.extend(values![
                number,
                agency.0.as_str(),
                address,
                about.standard.as_str(),
                about.version.as_str(),
                about.requirement.as_str(),
                body.to_string(),
                change.actor(),
                change.at,
                change.revision
            ]);
            change.note("note-self-assessment", subject(&agency.0, address, &about), None, Some(body));
        }
        bulk::insert(&mut change.session, &format!("INSERT INTO self_assessment ({COLUMNS})"), 10, "", rows).await?;
        change.commit().await
    }
}

fn check((about, said): &(AboutRequirement, SelfAssessment)) -> Result<(), LedgerError> {
    let refused = |why: &str| Err(LedgerError::InvalidSelfAssessment(why.to_owned()));
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let names = [&about.standard, &about.requirement];
    if !names.into_iter().all(|name| is_identifier(name)) || !is_word(&about.version) {
        return refused("standard and requirement are identifiers, the version is one word");
    }
    if said.reason.contains(|letter: char| letter.is_control() && letter != '\n') {
        return refused("its reason is plain text");
    }
    if said.answer != SelfAnswer::DoNotKnow && said.reason.trim().is_empty() {
        return refused("say why, so that others can follow it");
    }
    for text in said.evidence.iter().chain([&said.reason, &about.version]) {
        if text.len() > SELF_ASSESSMENT_FIELD_BYTES {
            return Err(too_long("a field of a self-assessment", text.len(), SELF_ASSESSMENT_FIELD_BYTES));
        }
    }
    let is_address = |text: &String| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
        !rest.is_empty() && !text.contains(|letter: char| letter.is_control() || letter.is_whitespace())
    };
    if !said.evidence.as_ref().is_none_or(is_address) {
        return refused("its evidence is an address that begins with https://");
    }
    Ok(())
}

/// What an answer is called in the audit chain.
fn subject(agency: &str, address: &str, about: &AboutRequirement) -> String {
    format!("self-assessment {agency} {address} {} {} {}", about.standard, about.version, about.requirement)
}

async fn read(
    session: &mut Session,
    of: Option<(&AgencyId, &str)>,
    as_of: Timestamp,
) -> Result<Vec<SelfAssessmentRecord>, LedgerError> {
    let (agency, address) = of.map_or(("", ""), |(agency, address)| (agency.0.as_str(), address));
    // An answer about a later version of a standard follows on one about an earlier one.
    let sql = format!(
        "SELECT {COLUMNS} FROM self_assessment WHERE number IN (SELECT MAX(number) FROM self_assessment \
         WHERE moment <= $1 AND ($2 = 1 OR (agency = $3 AND address = $4)) \
         GROUP BY agency, address, standard, requirement) ORDER BY agency, address, standard, number"
    );
    let mut found = Vec::new();
    session
        .each(&sql, values![as_of, of.is_none(), agency, address], |row| {
            let (agency, address) = (row.text(1)?, row.text(2)?);
            let about = AboutRequirement { standard: row.text(3)?, version: row.text(4)?, requirement: row.text(5)? };
            let named = subject(&agency, &address, &about);
            found.push(SelfAssessmentRecord {
                number: row.integer(0)?,
                said: serde_json::from_value(json_of(&row, 6, &named)?).map_err(|error| damaged(&named, &error))?,
                is_whole: true,
                actor: row.text(7)?,
                moment: row.timestamp(8)?,
                agency: AgencyId(agency),
                address,
                about,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever said, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    let sql = "SELECT agency, address, standard, version, requirement, body, revision FROM self_assessment";
    session
        .each(sql, vec![], |row| {
            let about = AboutRequirement { standard: row.text(2)?, version: row.text(3)?, requirement: row.text(4)? };
            let body: Json = serde_json::from_str(row.text_ref(5)?).unwrap_or_default();
            lines.push((subject(row.text_ref(0)?, row.text_ref(1)?, &about), row.integer(6)?, body));
            Ok(())
        })
        .await?;
    Ok(lines)
}
