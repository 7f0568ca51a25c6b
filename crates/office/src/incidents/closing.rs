// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Closing: when nothing is exposed any more, or when a second person agrees all the same.

use underpin_ledger::IncidentChange;
use underpin_model::incidents::IncidentId;

use super::judge::Record;
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::House;

/// What became of the wish to close an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It is closed.
    Closed,
    /// Systems are still hit: a second person is asked.
    Asked,
}

impl House {
    /// Closes an incident. While systems are hit without evidence of a fix or an accepted reason, this asks a second person; called by
    /// that person, it closes.
    ///
    /// # Errors
    /// `same-closer` when the first person comes again; `empty-reason`, `incident-moved`, `not-found`, `not-allowed`, and what
    /// the ledger says.
    pub async fn close_incident(
        &self,
        author: &Author,
        id: IncidentId,
        reason: &str,
        expected: Option<i64>,
    ) -> Result<Closing> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let (incident, stories) = self.one_incident(&desk, id).await?;
        let record = Record::of(stories.iter().map(|(task, _)| task));
        let open_hits = self.picture(&desk, None, &incident, &record).await?.counts.hit;
        let reason = reason.trim().to_owned();
        let (what, closing) = match (open_hits, &incident.close_request) {
            (0, _) | (_, Some(_)) => (IncidentChange::Close { reason, open_hits }, Closing::Closed),
            (_, None) => (IncidentChange::AskClose { reason, open_hits }, Closing::Asked),
        };
        self.change_incident(author, id, what, expected).await?;
        Ok(closing)
    }

    /// Opens a closed incident again.
    ///
    /// # Errors
    /// As [`Self::close_incident`].
    pub async fn reopen_incident(
        &self,
        author: &Author,
        id: IncidentId,
        reason: &str,
        expected: Option<i64>,
    ) -> Result<i64> {
        let reason = reason.trim().to_owned();
        self.change_incident(author, id, IncidentChange::Reopen { reason }, expected).await
    }
}
