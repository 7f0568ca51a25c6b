// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the compass is read from: counted once for a desk, with the eyes of its viewer. What the viewer may not see is `None`, never 0.

use underpin_ledger::ConsultationRecord;
use underpin_model::compass::Mandate;
use underpin_model::people::Act;
use underpin_model::publications::PublicationState;
use underpin_model::{Coverage, Timestamp};

use super::mandate::MandateAnswer;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::incidents::IncidentRow;
use crate::publish::PublicationRow;
use crate::role_model::catalogue::{CatalogueQuery, RepositoryRow};
use crate::rounds::RoundRow;
use crate::supporter::commitments::CommitmentsAnswer;
use crate::supporter::conversations::ConversationsAnswer;
use crate::watch::freshness::Freshness;

/// Everything that is counted.
pub(super) struct Known {
    /// The moment of the desk.
    pub as_of: Timestamp,
    /// Agencies in the registry.
    pub agencies: u64,
    /// Documents that count.
    pub documents: u64,
    /// What is known of the systems.
    pub coverage: Coverage,
    /// Feeds of which something was taken in.
    pub feeds: u64,
    /// Of these, older than they should be.
    pub stale_feeds: u64,
    /// Feeds whose newest edition is older than it should be, whatever was looked at since: that stays so for a moment of the past.
    pub old_editions: u64,
    /// Rounds of collection.
    pub rounds: Vec<RoundRow>,
    /// Incidents, drills included.
    pub incidents: Vec<IncidentRow>,
    /// Own repositories.
    pub repositories: Vec<RepositoryRow>,
    /// Publications that are or were public.
    pub publications: Vec<PublicationRow>,
    /// Promises; for those who may rank for the whole government.
    pub commitments: Option<CommitmentsAnswer>,
    /// Conversations with projects; for those who see them whole.
    pub conversations: Option<ConversationsAnswer>,
    /// Consultations that were published.
    pub consultations: Vec<ConsultationRecord>,
    /// The mandate; for those who read for the whole government.
    pub mandate: Option<MandateAnswer>,
}

impl Known {
    /// The card; `None` where it is not for the viewer.
    pub(super) fn card(&self) -> Option<&Mandate> {
        self.mandate.as_ref().map(|answer| &answer.mandate)
    }
}

impl House {
    /// Counts it.
    pub(super) async fn compass_facts(&self, desk: &Desk) -> Result<Known> {
        let freshness = desk.freshness().await?;
        let editions = self.ledger.reader(desk.viewer.clone(), desk.now).editions(desk.overview().as_of).await?;
        let by_edition = Freshness::of(&editions, &[], desk.overview().as_of);
        let taken = || freshness.feeds.iter().filter(|feed| feed.edition.is_some());
        let ranks = desk.viewer.may_everywhere(Act::Rank);
        let reads = desk.viewer.may_everywhere(Act::Read);
        let publications = self.publications(desk).await?.rows;
        let is_public = |row: &PublicationRow| row.state == PublicationState::Approved;
        let mut consultations = self.consultation_records(desk).await?;
        consultations.retain(|one| one.published.is_some());
        Ok(Known {
            as_of: desk.overview().as_of,
            agencies: desk.snapshot.agencies.len() as u64,
            documents: desk.snapshot.documents.len() as u64,
            coverage: desk.coverage(self.limits().stale_days)?.coverage,
            feeds: taken().count() as u64,
            stale_feeds: taken().filter(|feed| feed.is_stale).count() as u64,
            old_editions: by_edition.feeds.iter().filter(|feed| feed.edition.is_some() && feed.is_stale).count() as u64,
            rounds: self.rounds(desk).await?,
            incidents: self.incidents(desk).await?,
            repositories: self.catalogue(desk, &CatalogueQuery::default()).await?.rows,
            publications: publications.into_iter().filter(is_public).collect(),
            commitments: if ranks { Some(self.commitments(desk).await?) } else { None },
            conversations: if ranks { Some(self.conversations(desk).await?) } else { None },
            consultations,
            mandate: if reads { Some(self.mandate(desk).await?) } else { None },
        })
    }
}
