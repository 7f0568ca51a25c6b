// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Drills: an incident of the past on the estate of today. What is opened is an incident like any other, marked as a drill wherever it
//! is shown.

use underpin_ledger::{IncidentChange, NewIncident};
use underpin_model::Timestamp;
use underpin_model::incidents::{IncidentId, Scope, ScopeQuery};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// An incident that can be practised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Its word.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The vulnerability.
    pub vulnerability: &'static str,
}

/// All of them: a flaw in a library that many programs contain (2021), and a back door in a compression library (2024).
pub const DRILLS: [Drill; 2] = [
    Drill { name: "log4shell", title: "Drill: Log4Shell", vulnerability: "CVE-2021-44228" },
    Drill { name: "xz", title: "Drill: the back door in xz", vulnerability: "CVE-2024-3094" },
];

/// Hours in which nothing should be hit any more.
const HOURS: i64 = 72;

impl House {
    /// Opens a drill on the estate of today.
    ///
    /// # Errors
    /// `not-found` for a drill that there is not, or a vulnerability that no source knows; as [`Self::open_incident`].
    pub async fn open_drill(&self, author: &Author, name: &str) -> Result<IncidentId> {
        let names = DRILLS.map(|drill| drill.name).join(", ");
        let drill = DRILLS.iter().find(|drill| drill.name == name).ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no drill {name:?}")).hint(format!("known are: {names}"))
        })?;
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        // A drill about what no source knows would practise nothing.
        self.watch(&desk).await?.advisories(drill.vulnerability)?;
        let query = ScopeQuery::Vulnerability(drill.vulnerability.to_owned());
        let hours = HOURS * (Timestamp::DAY_US / 24);
        let new = NewIncident {
            title: drill.title.to_owned(),
            scope: Scope { query, from: None, until: None },
            place: Place::Government,
            tlp: Tlp::Amber,
            classification: Classification::Internal,
            drill_of: Some(drill.name.to_owned()),
            target: Some(Timestamp(author.at.0.saturating_add(hours))),
        };
        self.open_incident(author, new).await
    }

    /// Keeps how long a part of a drill took, by a stopwatch.
    ///
    /// # Errors
    /// `unknown-incident`, `not-allowed`, and what the ledger says.
    pub async fn keep_lap(&self, author: &Author, id: IncidentId, name: &str, milliseconds: u64) -> Result<()> {
        let lap = IncidentChange::Lap { name: name.to_owned(), milliseconds };
        self.change_incident(author, id, lap, None).await?;
        Ok(())
    }
}
