// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents, tasks and rounds as tables for SQL: the same rows as on the pages, made for the viewer, and only when a query names them.

use std::collections::BTreeSet;

use underpin_lake::{Cell, StreamedTable, Table};
use underpin_model::Timestamp;
use underpin_model::incidents::RoundId;
use underpin_model::watch::{Place, Tlp};

use super::room::{BurnPoint, IncidentRow, SystemRow};
use super::tasks::{TaskRow, TasksQuery};
use crate::error::Result;
use crate::house::{Desk, House};
use crate::rounds::{RoundSystemRow, agency_at};
use crate::watch::estate::Watched;
use crate::watch::freshness::Freshness;
use crate::watch::sql_columns::{Listed, count, moment, stated, table};

/// All of them, in the order of the manual.
pub static TABLES: [&Table; 5] = [&INCIDENT, &INCIDENT_SYSTEM, &INCIDENT_MOMENT, &TASK, &ROUND_PLACE];

table! {
    INCIDENT, INCIDENT_CELLS: for<'r> fn(&'r IncidentRow) -> Cell<'r>;
    "incident", "an incident or a drill",
    "incident" Text "its number, such as I12" => |row| Cell::Text(&row.number);
    "title" Text "what it is called" => |row| Cell::Text(&row.incident.title);
    "asks" Text "package, vulnerability or digest" => |row| Cell::Text(row.incident.scope.query.kind());
    "about" Text "the text asked for" => |row| Cell::Text(row.incident.scope.query.text());
    "used_from" Time "whoever had it since then counts, too" => |row| moment(row.incident.scope.from);
    "used_until" Time "until then" => |row| moment(row.incident.scope.until);
    "agency" Text "whose it is; unknown for all of the government" => |row| match &row.incident.place {
        Place::Agency(id) => Cell::Text(&id.0),
        _ => Cell::Null,
    };
    "is_drill" Boolean "whether it is only an exercise" => |row| Cell::Boolean(row.incident.is_drill);
    "step" Text "where the work stands" => |row| Cell::Text(row.incident.step.as_str());
    "opened" Time "when it was opened" => |row| Cell::Integer(row.incident.opened.0);
    "opened_by" Text "by whom" => |row| Cell::Text(&row.incident.opened_by);
    "target" Time "by when nothing should be hit any more" => |row| moment(row.incident.target);
    "closed" Time "when it was closed" => |row| moment(row.incident.closed);
    "tasks" Integer "its tasks" => |row| count(row.tasks);
    "open" Integer "tasks that are neither done nor cannot be done, by the word of those who do them" => |row| count(row.open);
    "unacknowledged" Integer "tasks that nobody has acknowledged" => |row| count(row.unacknowledged);
    "overdue" Integer "open tasks whose day has passed" => |row| count(row.overdue);
    "tlp" Text "how far it may be passed on" => |row| Cell::Text(row.incident.tlp.as_str());
    "classification" Text "who may know of it" => |row| Cell::Text(row.incident.classification.as_str());
}

/// A system of an incident.
pub(super) struct Standing(String, SystemRow);

table! {
    INCIDENT_SYSTEM, INCIDENT_SYSTEM_CELLS: for<'r> fn(&'r Standing) -> Cell<'r>;
    "incident_system", "how a system stands towards an incident, judged anew",
    "incident" Text "the incident" => |row| Cell::Text(&row.0);
    "ministry" Text "the agency at the top of the tree" => |row| Cell::Text(&row.1.ministry);
    "agency" Text "agency that owns the system" => |row| Cell::Text(&row.1.agency);
    "system" Text "the system" => |row| Cell::Text(&row.1.system);
    "standing" Text "hit, fixed, accepted, not-hit, blind, stale or unknown" => |row| Cell::Text(row.1.standing.as_str());
    "reason" Text "why" => |row| Cell::Text(row.1.reason.as_str());
    "proof" Text "the document that shows the fix" => |row| row.1.proof.as_ref().map(|proof| proof.document.as_str()).into();
    "proven" Time "when that came in" => |row| moment(row.1.proof.as_ref().map(|proof| proof.learned));
}

/// A point of a burn-down.
pub(super) struct Moment(String, BurnPoint);

table! {
    INCIDENT_MOMENT, INCIDENT_MOMENT_CELLS: for<'r> fn(&'r Moment) -> Cell<'r>;
    "incident_moment", "how many systems an incident hit at a moment when that changed",
    "incident" Text "the incident" => |row| Cell::Text(&row.0);
    "moment" Time "when" => |row| Cell::Integer(row.1.at.0);
    "hit" Integer "systems that were hit" => |row| count(row.1.hit);
    "in_the_dark" Integer "systems of which nothing could be told" => |row| count(row.1.in_the_dark);
    "unacknowledged" Integer "tasks that nobody had acknowledged" => |row| count(row.1.unacknowledged);
}

/// A task with the agency that answers for its place.
pub(super) struct Asked {
    row: TaskRow,
    incident: Option<String>,
    round: Option<String>,
    agency: Option<String>,
    due_class: &'static str,
}

table! {
    TASK, TASK_CELLS: for<'r> fn(&'r Asked) -> Cell<'r>;
    "task", "a task of an incident or of a round of collection",
    "task" Text "its number, such as T12" => |row| Cell::Text(&row.row.number);
    "incident" Text "its incident, such as I12" => |row| row.incident.as_deref().into();
    "round" Text "its round of collection, such as R3" => |row| row.round.as_deref().into();
    "is_drill" Boolean "whether it belongs to an exercise" => |row| Cell::Boolean(row.row.is_drill);
    "kind" Text "check, fix, verify or other" => |row| Cell::Text(row.row.task.kind.as_str());
    "title" Text "what it says" => |row| Cell::Text(&row.row.task.title);
    "agency" Text "agency that answers for its place" => |row| row.agency.as_deref().into();
    "system" Text "the system that it is about" => |row| match &row.row.task.place {
        Place::System(id) | Place::Artefact { system: id, .. } => Cell::Text(&id.0),
        _ => Cell::Null,
    };
    "owner" Text "who does it" => |row| row.row.task.owner.as_deref().into();
    "state" Text "how far it is: what evidence shows goes before what people said" => |row| Cell::Text(row.row.state.as_str());
    "is_open" Boolean "whether something is still to be done" => |row| Cell::Boolean(row.row.is_open());
    "due" Time "by when" => |row| moment(row.row.task.due);
    "due_class" Text "late, soon (within three days), later or none" => |row| Cell::Text(row.due_class);
    "acknowledged" Time "when it was acknowledged first" => |row| moment(row.row.task.acknowledged);
    "made" Time "when it was made" => |row| Cell::Integer(row.row.task.made.0);
    "made_by" Text "by whom" => |row| stated(&row.row.task.made_by);
    "proof" Text "the document that settled it" => |row| row.row.proof.as_ref().map(|proof| proof.document.as_str()).into();
}

/// A place that a round asks about.
pub(super) struct InRound {
    round: String,
    title: String,
    opened: Timestamp,
    due: Timestamp,
    closed: Option<Timestamp>,
    ministry: String,
    row: RoundSystemRow,
}

table! {
    ROUND_PLACE, ROUND_PLACE_CELLS: for<'r> fn(&'r InRound) -> Cell<'r>;
    "round_place", "a place that a round of collection asks about, and how it stands",
    "round" Text "the round, such as R3" => |row| Cell::Text(&row.round);
    "title" Text "what the round is called" => |row| Cell::Text(&row.title);
    "opened" Time "when the round was opened" => |row| Cell::Integer(row.opened.0);
    "due" Time "by when an answer is due" => |row| Cell::Integer(row.due.0);
    "closed" Time "when the round was closed" => |row| moment(row.closed);
    "task" Text "the task of the place" => |row| Cell::Text(&row.row.task);
    "ministry" Text "the agency at the top of the tree" => |row| Cell::Text(&row.ministry);
    "agency" Text "agency that answers for it" => |row| Cell::Text(&row.row.agency);
    "system" Text "the system; unknown where an agency is asked as a whole" => |row| stated(&row.row.system);
    "standing" Text "evidence, said, cannot, promised, waiting or late" => |row| Cell::Text(row.row.standing.as_str());
    "document" Text "the document that answered" => |row| stated(&row.row.document);
}

/// Tables for one query, and the strictest mark of the incidents in them.
pub(crate) type Made = (Vec<StreamedTable>, Option<Freshness>, Option<Tlp>);

impl House {
    /// Tables of incidents, tasks and rounds that a query names.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(crate) async fn incident_tables(&self, desk: &Desk, names: &BTreeSet<String>) -> Result<Made> {
        let is_named = |table: &Table| names.contains(table.name);
        let mut made = Vec::new();
        if is_named(&ROUND_PLACE) {
            made.push(Listed::table(&ROUND_PLACE, ROUND_PLACE_CELLS, self.places_of_rounds(desk).await?));
        }
        let judged = is_named(&INCIDENT_SYSTEM) || is_named(&INCIDENT_MOMENT) || is_named(&TASK);
        if !judged && !is_named(&INCIDENT) {
            return Ok((made, None, None));
        }
        let rows = self.incidents(desk).await?;
        let mark = rows.iter().map(|row| row.incident.tlp).max();
        let watched = if judged { Some(self.watch(desk).await?) } else { None };
        if let Some(watched) = &watched {
            if is_named(&TASK) {
                made.push(Listed::table(&TASK, TASK_CELLS, self.rows_of_tasks(desk, watched).await?));
            }
            if is_named(&INCIDENT_SYSTEM) || is_named(&INCIDENT_MOMENT) {
                let (mut systems, mut moments) = (Vec::new(), Vec::new());
                for row in &rows {
                    let room = self.incident(desk, watched, row.incident.id).await?;
                    systems.extend(room.systems.into_iter().map(|one| Standing(row.number.clone(), one)));
                    moments.extend(room.burn_down.points.into_iter().map(|one| Moment(row.number.clone(), one)));
                }
                made.push(Listed::table(&INCIDENT_SYSTEM, INCIDENT_SYSTEM_CELLS, systems));
                made.push(Listed::table(&INCIDENT_MOMENT, INCIDENT_MOMENT_CELLS, moments));
            }
        }
        if is_named(&INCIDENT) {
            made.push(Listed::table(&INCIDENT, INCIDENT_CELLS, rows));
        }
        Ok((made, watched.map(|watched| watched.freshness), mark))
    }

    async fn rows_of_tasks(&self, desk: &Desk, watched: &Watched) -> Result<Vec<Asked>> {
        let rows = self.tasks(desk, Some(watched), &TasksQuery::default()).await?;
        let row = |row: TaskRow| {
            let task = &row.task;
            Asked {
                incident: task.incident.map(|id| id.to_string()),
                round: task.round.map(|number| RoundId(number).to_string()),
                agency: agency_at(desk, &task.place).map(|id| id.0.clone()),
                due_class: row.due_class(desk.snapshot.at),
                row,
            }
        };
        Ok(rows.into_iter().map(row).collect())
    }

    async fn places_of_rounds(&self, desk: &Desk) -> Result<Vec<InRound>> {
        let mut places = Vec::new();
        let tops = super::Ministries::of(desk);
        for round in self.rounds(desk).await? {
            let room = self.round(desk, round.round.id).await?;
            places.extend(room.rows.into_iter().map(|row| InRound {
                round: round.number.clone(),
                title: round.round.title.clone(),
                opened: round.round.opened,
                due: round.round.due,
                closed: round.round.closed,
                ministry: tops.get(&row.agency.as_str().into()).0.clone(),
                row,
            }));
        }
        Ok(places)
    }
}
