// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Opening an incident: its question is asked once before, and every system that is hit or in the dark gets a task.

use serde::Serialize;
pub use underpin_ledger::NewIncident;
use underpin_ledger::NewTask;
use underpin_model::incidents::{Incident, IncidentId, Scope, Step, SystemStanding, TaskId, TaskKind};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{DocumentId, Timestamp};

use super::judge::{Judged, Picture, Record};
use super::room::{Counts, SystemRow};
use super::scope::check;
use super::seen::rows;
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

/// Who would be hit.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Preview {
    /// Systems by how they stand.
    pub counts: Counts,
    /// Agencies with systems that would be hit.
    pub agencies: u64,
    /// Systems, those that would be hit first.
    pub systems: Vec<SystemRow>,
}

/// What a refresh made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Refreshed {
    /// New tasks.
    pub made: Vec<TaskId>,
}

impl House {
    /// Who would be hit, were an incident opened about this.
    ///
    /// # Errors
    /// `usage` and the errors of `where` for a question that cannot be understood; when evidence is damaged.
    pub async fn preview_incident(
        &self,
        desk: &Desk,
        watched: &Watched,
        scope: &Scope,
        place: &Place,
    ) -> Result<Preview> {
        check(scope)?;
        let incident = provisional(scope.clone(), place.clone(), desk.snapshot.at);
        let picture = self.picture(desk, Some(watched), &incident, &Record::default()).await?;
        Ok(Preview {
            counts: picture.counts,
            agencies: picture.agencies,
            systems: rows(desk, &picture, &Record::default()),
        })
    }

    /// Opens an incident, with a task for every system that is hit or of which nothing can be told.
    ///
    /// # Errors
    /// As [`Self::preview_incident`]; `not-allowed` for who may not lead there; what the ledger says.
    pub async fn open_incident(&self, author: &Author, new: NewIncident) -> Result<IncidentId> {
        check(&new.scope)?;
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let incident = provisional(new.scope.clone(), new.place.clone(), author.at);
        let picture = self.picture(&desk, None, &incident, &Record::default()).await?;
        let first = asked(&desk, &new.title, &picture, new.target, &Record::default());
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.open_incident(author.at, new, first).await?)
    }

    /// Makes the tasks that are missing: for systems that are hit or in the dark since. Doing it twice makes none twice.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight; `not-allowed`; what the ledger says.
    pub async fn refresh_incident(&self, author: &Author, id: IncidentId) -> Result<Refreshed> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let (incident, tasks) = self.one_incident(&desk, id).await?;
        let record = Record::of(tasks.iter().map(|(task, _)| task));
        let picture = self.picture(&desk, None, &incident, &record).await?;
        let new = asked(&desk, &incident.title, &picture, incident.target, &record);
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(Refreshed { made: writer.make_tasks(author.at, Some(id), None, new).await? })
    }
}

/// What a system is asked for, if anything.
pub(super) fn wanted(judged: &Judged) -> Option<TaskKind> {
    match judged.standing {
        SystemStanding::Hit => Some(TaskKind::Fix),
        SystemStanding::Blind | SystemStanding::Stale | SystemStanding::Unknown => Some(TaskKind::Check),
        SystemStanding::Fixed | SystemStanding::Accepted | SystemStanding::NotHit => None,
    }
}

/// Whether a system has the task that it should have.
pub(super) fn has_task(desk: &Desk, judged: &Judged, record: &Record) -> bool {
    let id = &desk.system(judged.system).id;
    match wanted(judged) {
        Some(TaskKind::Fix) => record.fixes.contains_key(id),
        Some(_) => record.checks.contains_key(id) || record.fixes.contains_key(id),
        None => true,
    }
}

fn asked(desk: &Desk, title: &str, picture: &Picture, due: Option<Timestamp>, record: &Record) -> Vec<NewTask> {
    let missing = picture.systems.iter().filter(|judged| !has_task(desk, judged, record));
    let tasks = missing.filter_map(|judged| {
        let kind = wanted(judged)?;
        let system = desk.system(judged.system);
        let title = match kind {
            TaskKind::Fix => format!("{title}: fix {}", system.name),
            _ => format!("{title}: tell us of {}", system.name),
        };
        Some(NewTask { kind, place: Place::System(system.id.clone()), title, owner: None, due })
    });
    tasks.collect()
}

/// An incident that is not opened yet: its question, judged by what is there now.
fn provisional(scope: Scope, place: Place, at: Timestamp) -> Incident {
    Incident {
        id: IncidentId(0),
        title: String::new(),
        scope,
        place,
        tlp: Tlp::Red,
        classification: Classification::Internal,
        is_drill: false,
        drill_of: None,
        opened: at,
        opened_by: String::new(),
        last_document: DocumentId(i64::MAX),
        step: Step::Identify,
        target: None,
        closed: None,
        close_request: None,
        steps: Vec::new(),
        deadlines: Vec::new(),
        laps: Vec::new(),
        revision: 0,
    }
}
