// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tasks as people see them: with the name of their incident, whether they are late, and what evidence has proven.

use serde::Serialize;
use underpin_ledger::Which;
use underpin_model::Timestamp;
use underpin_model::incidents::{
    Incident, IncidentId, Remark, RoundId, StandingReason, SystemStanding, Task, TaskChange, TaskId, TaskKind,
    TaskState,
};
use underpin_model::registry::SystemId;
use underpin_model::rounds::{Round, RoundStanding};
use underpin_model::watch::Place;

use super::judge::{Judged, Picture, Record};
use super::room::Proof;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::rounds::judged;
use crate::watch::estate::Watched;

/// A task in a list.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct TaskRow {
    /// Number, as `T7`.
    pub number: String,
    /// The task, as people left it.
    #[serde(flatten)]
    pub task: Task,
    /// How far it is: what evidence shows goes before what people said.
    #[serde(rename = "stands")]
    pub state: TaskState,
    /// Title of its incident; empty where it belongs to none.
    pub incident_title: String,
    /// Whether that is a drill.
    pub is_drill: bool,
    /// Open, and its day has passed.
    pub is_overdue: bool,
    /// Belongs to a round that is closed.
    pub is_over: bool,
    /// The document that settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Why its system stands towards the incident as it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<StandingReason>,
}

/// Which tasks are asked for.
#[derive(Clone, Debug, Default)]
pub struct TasksQuery {
    /// Only those of this login; upper and lower case are the same.
    pub owner: Option<String>,
    /// Only those of this incident.
    pub incident: Option<IncidentId>,
    /// Only those that are neither done, nor proven, nor left for an accepted reason.
    pub open: bool,
}

/// Days within which a task counts as due soon.
const SOON_DAYS: i64 = 3;

/// What was said about a task, with the task.
pub(super) type Story = (Task, Vec<Remark>);

impl TaskRow {
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        match self.state {
            _ if self.is_over => false,
            TaskState::Done | TaskState::Verified => false,
            // A round takes the reason for an answer.
            TaskState::CannotBecause => self.task.round.is_none() && self.task.accepted_by.is_none(),
            TaskState::Open | TaskState::Acknowledged | TaskState::InProgress => true,
        }
    }

    /// How near its day is at a moment: `late`, `soon` (within three days), `later` or `none`; what is not open has no day any more.
    pub fn due_class(&self, now: Timestamp) -> &'static str {
        let soon = Timestamp(now.0.saturating_add(SOON_DAYS * Timestamp::DAY_US));
        match self.task.due.filter(|_| self.is_open()) {
            _ if self.is_overdue => "late",
            None => "none",
            Some(due) if due <= soon => "soon",
            Some(_) => "later",
        }
    }

    pub(super) fn new(desk: &Desk, task: &Task, incident: Option<&Incident>, picture: Option<&Picture>) -> Self {
        let proof = picture.and_then(|picture| settled(desk, task, picture));
        let mut row = Self {
            number: task.id.to_string(),
            state: if proof.is_some() { TaskState::Verified } else { task.state },
            incident_title: incident.map(|incident| incident.title.clone()).unwrap_or_default(),
            is_drill: incident.is_some_and(|incident| incident.is_drill),
            is_overdue: false,
            is_over: false,
            proof,
            reason: picture.and_then(|picture| judged_of(desk, task, picture)).map(|judged| judged.reason),
            task: task.clone(),
        };
        row.is_overdue = row.is_open() && task.due.is_some_and(|due| due < desk.snapshot.at);
        row
    }

    /// A task of a round is settled by evidence, too, and over with its round.
    fn in_round(mut self, desk: &Desk, stale_days: u64, rounds: &[Round]) -> Self {
        let Some(round) = rounds.iter().find(|round| Some(round.id.0) == self.task.round) else { return self };
        let (standing, proof) = judged(desk, stale_days, round, &self.task);
        if standing == RoundStanding::Evidence {
            self.state = TaskState::Verified;
            self.proof = proof;
        }
        self.is_over = round.closed.is_some();
        self.is_overdue &= self.is_open();
        self
    }
}

/// How the system of a task stands.
fn judged_of<'p>(desk: &Desk, task: &Task, picture: &'p Picture) -> Option<&'p Judged> {
    let Place::System(SystemId(system)) = &task.place else { return None };
    let position = desk.system_position(system)?;
    let at = picture.systems.binary_search_by_key(&position, |judged| judged.system).ok()?;
    picture.systems.get(at)
}

/// The document that settles a task: a fix is proven, a question is answered.
fn settled(desk: &Desk, task: &Task, picture: &Picture) -> Option<Proof> {
    let judged = judged_of(desk, task, picture)?;
    let is_settled = match task.kind {
        TaskKind::Fix | TaskKind::Verify => judged.standing == SystemStanding::Fixed,
        TaskKind::Check => {
            !matches!(judged.standing, SystemStanding::Blind | SystemStanding::Stale | SystemStanding::Unknown)
        }
        TaskKind::Other => false,
    };
    judged.proof.clone().filter(|_| is_settled)
}

impl House {
    /// Tasks that the viewer may see, the ones that are due first; those without a day come last.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn tasks(&self, desk: &Desk, watched: Option<&Watched>, query: &TasksQuery) -> Result<Vec<TaskRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let which = query.incident.map_or(Which::All, Which::Incident);
        let tasks = reader.tasks(which, desk.snapshot.at).await?;
        self.tasks_among(desk, watched, query, &tasks).await
    }

    /// All tasks that the viewer of a desk may see, as they are written down.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn written_tasks(&self, desk: &Desk) -> Result<Vec<Task>> {
        Ok(self.ledger.reader(desk.viewer.clone(), desk.now).tasks(Which::All, desk.snapshot.at).await?)
    }

    /// The same as [`Self::tasks`], where all tasks were read before.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn tasks_among(
        &self,
        desk: &Desk,
        watched: Option<&Watched>,
        query: &TasksQuery,
        tasks: &[Task],
    ) -> Result<Vec<TaskRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let is_owner = |task: &&Task| match (&query.owner, &task.owner) {
            (Some(wanted), Some(owner)) => wanted.to_lowercase() == owner.to_lowercase(),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let is_of_incident = |task: &&Task| query.incident.is_none_or(|id| task.incident == Some(id));
        let meant: Vec<&Task> = tasks.iter().filter(is_of_incident).filter(is_owner).collect();
        if meant.is_empty() {
            return Ok(Vec::new());
        }
        let incidents = reader.incidents(desk.snapshot.at).await?;
        let asks = meant.iter().any(|task| task.round.is_some());
        let rounds = if asks { reader.rounds(desk.snapshot.at).await? } else { Vec::new() };
        let mut rows = Vec::with_capacity(meant.len());
        for incident in incidents.iter().map(Some).chain([None]) {
            let id = incident.map(|incident| incident.id);
            let own: Vec<&&Task> = meant.iter().filter(|task| task.incident == id).collect();
            if own.is_empty() {
                continue;
            }
            let record = Record::of(tasks.iter().filter(|task| task.incident == id));
            let picture = match incident {
                Some(incident) => Some(self.picture(desk, watched, incident, &record).await?),
                None => None,
            };
            rows.extend(own.into_iter().map(|task| {
                TaskRow::new(desk, task, incident, picture.as_ref()).in_round(desk, self.limits().stale_days, &rounds)
            }));
        }
        rows.retain(|row| !query.open || row.is_open());
        rows.sort_by_key(|row| (row.task.due.is_none(), row.task.due, row.task.id));
        Ok(rows)
    }

    /// Tasks of a round that the viewer may see.
    pub(crate) async fn round_tasks(&self, desk: &Desk, id: RoundId) -> Result<Vec<TaskRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let tasks = reader.tasks(Which::Round(id.0), desk.snapshot.at).await?;
        let rounds = reader.rounds(desk.snapshot.at).await?;
        let stale_days = self.limits().stale_days;
        let row = |task| TaskRow::new(desk, task, None, None).in_round(desk, stale_days, &rounds);
        Ok(tasks.iter().map(row).collect())
    }

    /// A task with what was said about it.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight.
    pub async fn task(&self, desk: &Desk, watched: Option<&Watched>, id: TaskId) -> Result<(TaskRow, Vec<Remark>)> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let story = reader.stories(Which::One(id), desk.snapshot.at).await?.pop();
        let Some((task, remarks)) = story else {
            return Err(OfficeError::new("not-found", format!("there is no task {id}")));
        };
        let Some(incident) = task.incident else {
            let rounds = if task.round.is_some() { reader.rounds(desk.snapshot.at).await? } else { Vec::new() };
            let row = TaskRow::new(desk, &task, None, None).in_round(desk, self.limits().stale_days, &rounds);
            return Ok((row, remarks));
        };
        let incidents = reader.incidents(desk.snapshot.at).await?;
        let incident = incidents.into_iter().find(|one| one.id == incident);
        let record = Record::of([&task]);
        let picture = match &incident {
            Some(incident) => Some(self.picture(desk, watched, incident, &record).await?),
            None => None,
        };
        Ok((TaskRow::new(desk, &task, incident.as_ref(), picture.as_ref()), remarks))
    }

    /// Changes a task. `expected` is its revision as whoever changes it has seen it.
    ///
    /// # Errors
    /// `task-moved` when somebody else was faster; `not-found`, `not-allowed`, and what the ledger says.
    pub async fn set_task(
        &self,
        author: &Author,
        id: TaskId,
        change: TaskChange,
        expected: Option<i64>,
    ) -> Result<i64> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_task(author.at, id, change, expected).await.map_err(super::seen::hidden)
    }

    /// Changes several tasks in the same way, all or none.
    ///
    /// # Errors
    /// As [`Self::set_task`], for any of them.
    pub async fn set_tasks(&self, author: &Author, ids: &[TaskId], change: &TaskChange) -> Result<i64> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_tasks(author.at, ids, change).await.map_err(super::seen::hidden)
    }
}
