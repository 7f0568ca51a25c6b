// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which agencies agreed to be named or counted where a project is told who relies on it. It is each agency's own act; who said
//! nothing is neither named nor counted, not even as a difference.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_assess::engagement::naming::{Said, agrees};
use underpin_ledger::NamingRecord;
use underpin_model::Timestamp;
use underpin_model::engagement::{ContactRefusal, NamingConsent};
use underpin_model::registry::AgencyId;

use super::contact::{refused, told};
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// What an agency said once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NamingRow {
    /// The agency.
    pub agency: String,
    /// The project; `None` for all.
    pub project: Option<String>,
    /// Whether it agreed.
    pub agrees: bool,
    /// Whether that is its newest word about this.
    pub holds: bool,
    /// Name of the person of the agency who said so.
    pub said_by: String,
    /// Login of whoever wrote it down.
    pub noted_by: String,
    /// When.
    pub noted: Timestamp,
}

/// The answer of `contact consent`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct NamingAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// What agencies within sight said, the newest first.
    pub rows: Vec<NamingRow>,
}

impl House {
    /// What agencies within sight said about being named.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn namings(&self, desk: &Desk) -> Result<NamingAnswer> {
        let as_of = desk.overview().as_of;
        let records = self.ledger.reader(desk.viewer.clone(), desk.now).naming_consents(as_of).await?;
        let mut heard: BTreeSet<(AgencyId, String)> = BTreeSet::new();
        let row = |record: NamingRecord| NamingRow {
            holds: heard.insert((record.agency.clone(), record.project.clone())),
            agency: record.agency.0,
            project: Some(record.project).filter(|project| !project.is_empty()),
            agrees: record.consent.agrees,
            said_by: record.consent.said_by,
            noted_by: record.actor,
            noted: record.moment,
        };
        Ok(NamingAnswer { overview: desk.overview(), rows: records.into_iter().rev().map(row).collect() })
    }

    /// Writes down what an agency says about being named to a project, or (`None`) to all.
    ///
    /// # Errors
    /// `invalid-contact`, `invalid-project`, `too-long`, `unknown-agency`, `not-allowed`, and what the ledger says.
    pub async fn note_naming(
        &self,
        author: &Author,
        agency: &AgencyId,
        project: Option<&str>,
        consent: NamingConsent,
    ) -> Result<()> {
        let said_by = consent.said_by.trim().to_owned();
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let consent = NamingConsent { said_by, ..consent };
        writer.note_naming(author.at, agency, project.unwrap_or_default(), consent).await.map_err(told)?;
        Ok(())
    }

    /// Agencies that agree to be named to a project. The caller sees to it that nobody hears of others.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn agreed(&self, project: &str, as_of: Timestamp) -> Result<BTreeSet<AgencyId>> {
        let records = self.ledger.operator_reader().naming_consents(as_of).await?;
        let mut by_agency: BTreeMap<&AgencyId, Vec<Said<'_>>> = BTreeMap::new();
        for record in &records {
            let said = Said { number: record.number, project: &record.project, agrees: record.consent.agrees };
            by_agency.entry(&record.agency).or_default().push(said);
        }
        let holds = |(_, said): &(&AgencyId, Vec<Said<'_>>)| agrees(said.iter().copied(), project);
        Ok(by_agency.into_iter().filter(holds).map(|(agency, _)| agency.clone()).collect())
    }

    /// Refuses words in which an agency is named or counted that no longer agrees.
    pub(super) async fn still_agreed(&self, project: &str, counted: &[AgencyId], as_of: Timestamp) -> Result<()> {
        if counted.is_empty() {
            return Ok(());
        }
        let agreed = self.agreed(project, as_of).await?;
        match counted.iter().find(|agency| !agreed.contains(agency)) {
            Some(agency) => {
                let message = format!("{} no longer agrees to be named or counted", agency.0);
                Err(refused(ContactRefusal::ConsentWithdrawn, message))
            }
            None => Ok(()),
        }
    }
}
