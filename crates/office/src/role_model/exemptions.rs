// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `exemption`: what is not public, why, and when does somebody look again?

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_ledger::{ExemptionRecord, RepositoryRecord};
use underpin_model::Timestamp;
use underpin_model::catalogue::{Exemption, ExemptionGround, Visibility};
use underpin_model::registry::{AgencyId, Classification};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Days before a review in which it counts as due.
const DUE_DAYS: i64 = 30;

/// How the review of an entry stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewState {
    /// It is late.
    Overdue,
    /// It comes within a month.
    Due,
    /// It comes later.
    #[default]
    Later,
    /// The entry ended.
    Ended,
}

impl ReviewState {
    /// All of them, the most pressing first.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Due, Self::Later, Self::Ended];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Later => "later",
            Self::Ended => "ended",
        }
    }
}

/// An entry of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ExemptionRow {
    /// Its name within the agency.
    pub name: String,
    /// Its agency.
    pub agency: String,
    /// The agency's name.
    pub agency_name: String,
    /// What is not public.
    pub title: String,
    /// Its address in the catalogue.
    pub address: Option<String>,
    /// The legal ground.
    pub ground: ExemptionGround,
    /// Law and section.
    pub law: String,
    /// Why, in words for the public.
    pub text: String,
    /// The day by which somebody looks again.
    pub review: Timestamp,
    /// How that stands.
    pub state: ReviewState,
    /// Days until then; below nothing when it is late.
    pub days: i64,
    /// Up to whom the entry may be seen.
    pub classification: Classification,
    /// Why it ended.
    pub ended: Option<String>,
    /// Whether the catalogue says that everybody may know of it, which contradicts the entry.
    pub is_public: bool,
    /// Login of whoever wrote the newest line.
    pub noted_by: String,
    /// When.
    pub noted: Timestamp,
}

impl ExemptionRow {
    /// Its fields, in the order of files.
    pub const FIELDS: &[&str] = &[
        "name",
        "agency",
        "agency_name",
        "title",
        "address",
        "ground",
        "law",
        "text",
        "review",
        "state",
        "days",
        "classification",
        "ended",
        "noted_by",
        "noted",
    ];
}

/// The answer of `exemption list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ExemptionsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Entries within sight: overdue reviews first, ended ones last.
    pub rows: Vec<ExemptionRow>,
}

impl ExemptionsAnswer {
    /// Entries that stand so.
    pub fn count(&self, state: ReviewState) -> u64 {
        self.rows.iter().filter(|row| row.state == state).count() as u64
    }
}

fn row(record: ExemptionRecord, desk: &Desk, public: &BTreeSet<(String, String)>) -> ExemptionRow {
    let exemption = record.exemption;
    let named = |address: &String| public.contains(&(record.agency.0.clone(), address.clone()));
    let is_public = exemption.ended.is_none() && exemption.address.as_ref().is_some_and(named);
    let days = exemption.review.days_since(desk.overview().as_of);
    let state = match (&exemption.ended, days) {
        (Some(_), _) => ReviewState::Ended,
        (None, _) if exemption.review < desk.overview().as_of => ReviewState::Overdue,
        (None, ..=DUE_DAYS) => ReviewState::Due,
        _ => ReviewState::Later,
    };
    ExemptionRow {
        name: record.name,
        agency_name: desk.agency_name(&record.agency).to_owned(),
        agency: record.agency.0,
        title: exemption.title,
        address: exemption.address,
        ground: exemption.ground,
        law: exemption.law,
        text: exemption.text,
        review: exemption.review,
        state,
        days,
        classification: exemption.classification,
        ended: exemption.ended,
        is_public,
        noted_by: record.actor,
        noted: record.moment,
    }
}

impl House {
    /// The register, as far as the viewer sees it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn exemptions(&self, desk: &Desk) -> Result<ExemptionsAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.exemptions(desk.overview().as_of).await?;
        let known = self.repository_records(desk).await?;
        let is_public = |record: &RepositoryRecord| record.repository.visibility == Visibility::Public;
        let public = known.into_iter().filter(is_public).map(|record| (record.agency.0, record.address)).collect();
        let mut rows: Vec<ExemptionRow> = found.into_iter().map(|record| row(record, desk, &public)).collect();
        rows.sort_by(|one, other| {
            let key = |row: &ExemptionRow| (row.state, row.review);
            key(one).cmp(&key(other)).then_with(|| (&one.agency, &one.name).cmp(&(&other.agency, &other.name)))
        });
        Ok(ExemptionsAnswer { overview: desk.overview(), rows })
    }

    /// Writes down an entry, or how it stands now. Its address is brought into the form of the catalogue.
    ///
    /// # Errors
    /// `invalid-exemption`, `too-long`, `unknown-agency`, `unknown-exemption`, `not-allowed`, and what the ledger says.
    pub async fn note_exemption(
        &self,
        author: &Author,
        agency: &AgencyId,
        name: &str,
        mut exemption: Exemption,
    ) -> Result<()> {
        if let Some(address) = &mut exemption.address
            && let Some(key) = underpin_assess::catalogue::address_key(address)
        {
            *address = key;
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_exemption(author.at, (agency, name), exemption).await?;
        Ok(())
    }

    /// Ends an entry, with a reason.
    ///
    /// # Errors
    /// `unknown-exemption`, and as for [`Self::note_exemption`].
    pub async fn end_exemption(&self, author: &Author, agency: &AgencyId, name: &str, reason: &str) -> Result<()> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let found = reader.exemptions(Timestamp::MAX).await?;
        let known = found.into_iter().find(|one| one.agency == *agency && one.name == name);
        let known = known.ok_or_else(|| {
            OfficeError::new("unknown-exemption", format!("there is no exemption {name} that you may change"))
                .hint("`underpin exemption list` shows those that you may see")
        })?;
        let exemption = Exemption { ended: Some(reason.trim().to_owned()), ..known.exemption };
        self.note_exemption(author, agency, name, exemption).await
    }
}
