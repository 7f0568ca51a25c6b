// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people change in an incident. Each change is made for the incident as somebody saw it: whoever was slower is told.

use underpin_ledger::IncidentChange;
use underpin_model::incidents::{IncidentDeadline, IncidentId, Step};

use super::clocks::{Confirmation, confirmed};
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

    /// Confirms that a deadline binds: a legal clock, with who is in the role that the law names and when it began, or one of the
    /// incident's own. From then on it runs.
    ///
    /// # Errors
    /// `not-found` for a deadline that is neither; `usage` for a legal clock without a role, in a drill, and before the law applies;
    /// as [`Self::step_incident`].
    pub async fn confirm_deadline(
        &self,
        author: &Author,
        id: IncidentId,
        what: &Confirmation<'_>,
        expected: Option<i64>,
    ) -> Result<i64> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let (incident, _) = self.one_incident(&desk, id).await?;
        let own = incident.deadlines.iter().find(|deadline| deadline.name == what.name).cloned();
        let confirmed = match own {
            Some(own) => IncidentDeadline { confirmed_by: Some(author.actor.clone()), ..own },
            None => confirmed(&incident, what, &author.actor)?,
        };
        self.change_incident(author, id, IncidentChange::Deadline(confirmed), expected).await
    }

    /// Sets a deadline of the office's own, or notes when one was met; one of the same name is replaced.
    ///
    /// # Errors
    /// As [`Self::step_incident`].
    pub async fn edit_deadline(&self, author: &Author, id: IncidentId, deadline: IncidentDeadline) -> Result<i64> {
        self.change_incident(author, id, IncidentChange::Deadline(deadline), None).await
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
