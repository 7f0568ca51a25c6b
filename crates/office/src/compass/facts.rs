// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the compass is read from: counted once for a desk, with the eyes of its viewer. What the viewer may not see for the whole
//! government is `None`, never 0 and never the part of it within sight.

use std::collections::BTreeMap;

use underpin_ledger::ConsultationRecord;
use underpin_model::compass::Mandate;
use underpin_model::people::Act;
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_model::{Coverage, Timestamp};

use super::mandate::MandateAnswer;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::incidents::IncidentRow;
use crate::publish::PublicationRow;
use crate::regulator::{WaiverQuery, WaiverRow};
use crate::role_model::catalogue::{CatalogueQuery, RepositoryRow};
use crate::rounds::RoundRow;
use crate::supporter::commitments::CommitmentsAnswer;
use crate::supporter::conversations::ConversationsAnswer;
use crate::watch::freshness::Freshness;

/// Everything that is counted.
#[derive(Debug)]
pub(crate) struct Known {
    /// The moment of the desk.
    pub as_of: Timestamp,
    /// Agencies in the registry; this and all that is marked so for those who read for the whole government.
    pub agencies: Option<u64>,
    /// Documents that count; marked so.
    pub documents: Option<u64>,
    /// What is known of the systems; marked so.
    pub coverage: Option<Coverage>,
    /// Whether a system is counted that is classified above internal or lies in a compartment.
    pub counts_confidential: bool,
    /// Feeds of which something was taken in.
    pub feeds: u64,
    /// Of these, older than they should be.
    pub stale_feeds: u64,
    /// Feeds whose newest edition is older than it should be, whatever was looked at since: that stays so for a moment of the past.
    pub old_editions: u64,
    /// Rounds of collection; marked so.
    pub rounds: Option<Vec<RoundRow>>,
    /// Incidents, drills included; marked so.
    pub incidents: Option<Vec<IncidentRow>>,
    /// Own repositories; marked so.
    pub repositories: Option<Vec<RepositoryRow>>,
    /// What stands published; for those who read the register of publications.
    pub publications: Option<Vec<Standing>>,
    /// Promises; for those who may rank for the whole government.
    pub commitments: Option<CommitmentsAnswer>,
    /// Conversations with projects; for those who see them whole.
    pub conversations: Option<ConversationsAnswer>,
    /// Consultations that were published.
    pub consultations: Vec<ConsultationRecord>,
    /// Waivers of rules over the house; marked so.
    pub waivers: Option<Vec<WaiverRow>>,
    /// The mandate; for those who read for the whole government.
    pub mandate: Option<MandateAnswer>,
}

/// A document that stands published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When it was published first.
    pub first: Timestamp,
    /// How far it may be passed on.
    pub tlp: Tlp,
}

/// Of each name the version that was approved last, but for those that were withdrawn by it. Rows are the newest first.
fn standing(rows: &[PublicationRow]) -> Vec<Standing> {
    let mut by_name: BTreeMap<(PublicationKind, &str), (Standing, bool)> = BTreeMap::new();
    for row in rows.iter().rev().filter(|row| row.state == PublicationState::Approved) {
        let first = row.ended.unwrap_or(row.drafted);
        // What cannot be read is held to be for nobody.
        let tlp = row.tlp.parse().unwrap_or(Tlp::Red);
        let before = by_name.get(&(row.kind, row.name.as_str())).map_or(first, |(before, _)| before.first);
        by_name.insert((row.kind, row.name.as_str()), (Standing { first: before, tlp }, row.withdraws));
    }
    by_name.into_values().filter(|(_, withdraws)| !withdraws).map(|(one, _)| one).collect()
}

impl Known {
    /// The card; `None` where it is not for the viewer.
    pub(super) fn card(&self) -> Option<&Mandate> {
        self.mandate.as_ref().map(|answer| &answer.mandate)
    }
}

impl House {
    /// Counts for a picture what a page about the compass needs, before anybody asks, where somebody asked for that of an older picture.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub async fn count_compass_after(&self, desk: &Desk, older: &Desk) -> Result<()> {
        if older.compass.initialized() {
            self.compass_facts(desk).await?;
        }
        Ok(())
    }

    /// Counts it, once for a desk.
    pub(super) async fn compass_facts<'d>(&self, desk: &'d Desk) -> Result<&'d Known> {
        desk.compass.get_or_try_init(|| self.count_compass(desk)).await
    }

    async fn count_compass(&self, desk: &Desk) -> Result<Known> {
        let freshness = desk.freshness().await?;
        let editions = self.ledger.reader(desk.viewer.clone(), desk.now).editions(desk.overview().as_of).await?;
        let by_edition = Freshness::of(&editions, &[], desk.overview().as_of);
        let taken = || freshness.feeds.iter().filter(|feed| feed.edition.is_some());
        let ranks = desk.viewer.may_everywhere(Act::Rank);
        let reads = desk.viewer.may_everywhere(Act::Read);
        let registers = [Act::Lead, Act::Approve, Act::Audit].into_iter().any(|act| desk.viewer.may_everywhere(act));
        let publications = if registers { Some(standing(&self.publications(desk).await?.rows)) } else { None };
        let coverage = desk.coverage(self.limits().stale_days)?.coverage;
        let is_confidential = |one: &underpin_model::registry::System| {
            one.classification > Classification::Internal || !one.compartments.is_empty()
        };
        let mut consultations = self.consultation_records(desk).await?;
        consultations.retain(|one| one.published.is_some());
        Ok(Known {
            as_of: desk.overview().as_of,
            agencies: reads.then_some(desk.snapshot.agencies.len() as u64),
            documents: reads.then_some(desk.snapshot.documents.len() as u64),
            coverage: reads.then_some(coverage),
            counts_confidential: desk.snapshot.systems.iter().any(is_confidential),
            feeds: taken().count() as u64,
            stale_feeds: taken().filter(|feed| feed.is_stale).count() as u64,
            old_editions: by_edition.feeds.iter().filter(|feed| feed.edition.is_some() && feed.is_stale).count() as u64,
            rounds: if reads { Some(self.rounds(desk).await?) } else { None },
            incidents: if reads { Some(self.incidents(desk).await?) } else { None },
            repositories: if reads { Some(self.catalogue(desk, &CatalogueQuery::default()).await?.rows) } else { None },
            publications,
            commitments: if ranks { Some(self.commitments(desk).await?) } else { None },
            conversations: if ranks { Some(self.conversations(desk).await?) } else { None },
            consultations,
            waivers: if reads { Some(self.waivers(desk, &WaiverQuery::default()).await?.rows) } else { None },
            mandate: if reads { Some(self.mandate(desk).await?) } else { None },
        })
    }
}

#[cfg(test)]
mod tests {
    use PublicationState::{Approved, Draft, TakenBack};

    use super::*;

    #[test]
    fn what_was_withdrawn_is_published_no_more_and_a_later_version_is_no_second_document() {
        let row = |name: &str, at: i64, state: PublicationState, withdraws: bool| PublicationRow {
            kind: PublicationKind::Csaf,
            name: name.to_owned(),
            title: String::new(),
            version: 1,
            summary: String::new(),
            tlp: Tlp::Clear.as_str(),
            state,
            withdraws,
            digest: String::new(),
            author: String::new(),
            drafted: Timestamp(at),
            ended_by: None,
            ended: Some(Timestamp(at)),
            reason: String::new(),
            files: Vec::new(),
        };
        let mut rows = vec![
            row("kept", 1, Approved, false),
            row("gone", 2, Approved, false),
            row("kept", 3, Approved, false),
            row("gone", 4, Approved, true),
            row("waits", 5, Draft, false),
            row("never", 6, TakenBack, false),
        ];
        rows.reverse();
        assert_eq!(standing(&rows), [Standing { first: Timestamp(1), tlp: Tlp::Clear }]);
        assert_eq!(standing(&[]), []);
    }
}
