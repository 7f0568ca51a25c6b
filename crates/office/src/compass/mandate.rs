// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `mandate`: what the office may do, with which means. What nobody wrote down is said to be unknown; skills come from their register.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::compass::Mandate;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};
use crate::supporter::skills::SkillRow;

/// The answer of `mandate show`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MandateAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The card; empty while nobody wrote one.
    pub mandate: Mandate,
    /// Names of what nobody wrote down.
    pub unknown: Vec<&'static str>,
    /// Who wrote the card, and when.
    pub written: Option<MandateWritten>,
    /// Cards before this one, the newest first.
    pub earlier: Vec<MandateWritten>,
    /// Agencies and what is agreed with each.
    pub rows: Vec<AgreementRow>,
    /// Skills of the office: hours, what is promised of them, what is left.
    pub skills: Vec<SkillRow>,
}

/// Who wrote a card, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MandateWritten {
    /// Login.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// An agency, and what is agreed with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AgreementRow {
    /// The agency.
    pub agency: AgencyId,
    /// Its name; its identifier where the registry does not know it at that moment.
    pub name: String,
    /// Since when something is agreed; `None` where nothing is.
    pub since: Option<Timestamp>,
    /// What is agreed.
    pub about: Option<String>,
}

impl MandateAnswer {
    /// Agencies with which something is agreed.
    pub fn agreed(&self) -> usize {
        self.rows.iter().filter(|row| row.since.is_some()).count()
    }
}

impl House {
    /// The mandate card as it stood at the moment of the desk.
    ///
    /// # Errors
    /// `not-allowed` for who does not read for the whole government; when the ledger cannot be read.
    pub async fn mandate(&self, desk: &Desk) -> Result<MandateAnswer> {
        if !desk.viewer.may_everywhere(Act::Read) {
            return Err(OfficeError::new("not-allowed", "the mandate is for those who read for the whole government")
                .hint("ask somebody who may"));
        }
        let overview = desk.overview();
        let mut cards = self.ledger.reader(desk.viewer.clone(), desk.now).mandates(overview.as_of).await?;
        let newest = cards.pop();
        let written =
            |card: &underpin_ledger::MandateRecord| MandateWritten { by: card.actor.clone(), at: card.moment };
        let mandate = newest.as_ref().map(|card| card.mandate.clone()).unwrap_or_default();
        Ok(MandateAnswer {
            overview,
            unknown: mandate.unknown(),
            written: newest.as_ref().map(written),
            earlier: cards.iter().rev().map(written).collect(),
            rows: agreements(desk, &mandate),
            skills: self.skills(desk).await?.rows,
            mandate,
        })
    }

    /// Writes a card down. What the newest card says already changes nothing.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government, `invalid-mandate` for what contradicts itself, `unknown-agency`.
    pub async fn set_mandate(&self, author: &Author, mandate: &Mandate) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.set_mandate(author.at, mandate).await?;
        Ok(())
    }
}

/// Every agency, and those that the card names besides.
fn agreements(desk: &Desk, mandate: &Mandate) -> Vec<AgreementRow> {
    let agreed = |id: &AgencyId| mandate.agreements.iter().find(|one| one.agency == *id);
    let row = |id: &AgencyId, name: &str| AgreementRow {
        agency: id.clone(),
        name: name.to_owned(),
        since: agreed(id).map(|one| one.since),
        about: agreed(id).map(|one| one.about.clone()),
    };
    let known = &desk.snapshot.agencies;
    let mut rows: Vec<AgreementRow> = known.iter().map(|agency| row(&agency.id, &agency.name)).collect();
    let gone = mandate.agreements.iter().filter(|one| known.iter().all(|agency| agency.id != one.agency));
    rows.extend(gone.map(|one| row(&one.agency, &one.agency.0)));
    rows.sort_by(|a, b| a.since.is_none().cmp(&b.since.is_none()).then_with(|| a.agency.cmp(&b.agency)));
    rows
}
