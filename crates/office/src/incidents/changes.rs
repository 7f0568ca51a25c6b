// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people change in an incident. Each change is made for the incident as somebody saw it: whoever was slower is told.

use underpin_ledger::IncidentChange;
use underpin_model::incidents::{IncidentId, Step};

use super::seen::hidden;
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::House;

impl House {
    /// Goes on with another step.
    ///
    /// # Errors
    /// `incident-moved` when somebody else was faster; `not-found`, `not-allowed`, and what the ledger says.
    pub async fn step_incident(
        &self,
        author: &Author,
        id: IncidentId,
        step: Step,
        note: &str,
        expected: Option<i64>,
    ) -> Result<i64> {
        self.change_incident(author, id, IncidentChange::Step { step, note: note.trim().to_owned() }, expected).await
    }

    pub(super) async fn change_incident(
        &self,
        author: &Author,
        id: IncidentId,
        what: IncidentChange,
        expected: Option<i64>,
    ) -> Result<i64> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_incident(author.at, id, what, expected).await.map_err(hidden)
    }
}
