// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading incidents: the list, and the room with everything that is judged anew.

use std::collections::{BTreeMap, HashMap};

use underpin_ledger::{LedgerError, Which};
use underpin_model::incidents::{Incident, IncidentId, SystemStanding};
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::Place;

use super::burn_down::burn_down;
use super::clocks::deadlines;
use super::judge::{Judged, Picture, Record};
use super::open::has_task;
use super::progress::{laps, steps};
use super::room::{IncidentRoom, IncidentRow, MinistryRow, SystemRow};
use super::scope::command;
use super::tasks::{Story, TaskRow};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::watch::estate::Watched;
use crate::watch::freshness::Freshness;

/// What is out of sight looks like what is not there.
pub(crate) fn hidden(error: LedgerError) -> OfficeError {
    match error {
        LedgerError::UnknownIncident(_) | LedgerError::UnknownTask(_) => {
            OfficeError::new("not-found", error.to_string())
        }
        error => error.into(),
    }
}

impl House {
    /// Incidents that the viewer may see, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn incidents(&self, desk: &Desk) -> Result<Vec<IncidentRow>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let tasks = reader.tasks(Which::All, desk.snapshot.at).await?;
        let incidents = reader.incidents(desk.snapshot.at).await?.into_iter().rev();
        Ok(incidents
            .map(|incident| {
                let own = tasks.iter().filter(|task| task.incident == Some(incident.id));
                let rows: Vec<TaskRow> = own.map(|task| TaskRow::new(desk, task, Some(&incident), None)).collect();
                let count = |which: fn(&TaskRow) -> bool| rows.iter().filter(|row| which(row)).count() as u64;
                IncidentRow {
                    number: incident.id.to_string(),
                    tasks: rows.len() as u64,
                    unacknowledged: count(|row| row.task.acknowledged.is_none()),
                    open: count(TaskRow::is_open),
                    overdue: count(|row| row.is_overdue),
                    incident,
                }
            })
            .collect())
    }

    /// The room of an incident: everything about it, judged anew.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight; when the ledger cannot be read, or evidence is damaged.
    pub async fn incident(&self, desk: &Desk, watched: &Watched, id: IncidentId) -> Result<IncidentRoom> {
        let (incident, stories) = self.one_incident(desk, id).await?;
        let record = Record::of(stories.iter().map(|(task, _)| task));
        let picture = self.picture(desk, Some(watched), &incident, &record).await?;
        let mut tasks: Vec<TaskRow> =
            stories.iter().map(|(task, _)| TaskRow::new(desk, task, Some(&incident), Some(&picture))).collect();
        tasks.sort_by_key(|row| {
            (!row.is_open(), row.task.kind != underpin_model::incidents::TaskKind::Fix, row.task.id)
        });
        let clocks = self.incident_clocks(desk, id).await?;
        let trail = self.ledger.reader(desk.viewer.clone(), desk.now).incident_trail(id).await.map_err(hidden)?;
        Ok(IncidentRoom {
            overview: desk.overview(),
            number: id.to_string(),
            command: command(&incident.scope, desk.snapshot.at),
            counts: picture.counts,
            agencies: picture.agencies,
            coverage: picture.coverage,
            systems: rows(desk, &picture, &record),
            ministries: ministries(desk, &picture, &tasks),
            burn_down: burn_down(desk, &incident, &picture, &stories),
            steps: steps(&incident, &picture, &tasks),
            without_task: picture.systems.iter().filter(|judged| !has_task(desk, judged, &record)).count() as u64,
            timeline: super::timeline::timeline(desk, &incident, &picture, &stories, &trail, &clocks.clocks),
            deadlines: deadlines(&incident, &clocks.clocks, desk.snapshot.at),
            laps: laps(&incident),
            stopwatch: self.stopwatch(desk, &incident, &tasks, &trail).await?,
            exploited: picture.exploited.clone(),
            freshness: watched.freshness.clone(),
            tasks,
            incident,
        })
    }

    /// An incident with its tasks and what was said about them, as of the desk's moment.
    pub(crate) async fn one_incident(&self, desk: &Desk, id: IncidentId) -> Result<(Incident, Vec<Story>)> {
        let incident = self.seen_incident(desk, id).await?;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        Ok((incident, reader.stories(Which::Incident(id), desk.snapshot.at).await?))
    }

    /// An incident without its tasks.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight; when the ledger cannot be read.
    pub(crate) async fn seen_incident(&self, desk: &Desk, id: IncidentId) -> Result<Incident> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.incidents(desk.snapshot.at).await?.into_iter().find(|incident| incident.id == id);
        found.ok_or_else(|| OfficeError::new("not-found", format!("there is no incident {id}")))
    }
}

/// Systems as rows: those that are hit first, then those in the dark, by name.
pub(super) fn rows(desk: &Desk, picture: &Picture, record: &Record) -> Vec<SystemRow> {
    let tops = Ministries::of(desk);
    let mut rows: Vec<SystemRow> = picture.systems.iter().map(|judged| row(desk, &tops, judged, record)).collect();
    let rank = |standing| match standing {
        SystemStanding::Hit => 0,
        SystemStanding::Unknown => 1,
        SystemStanding::Blind => 2,
        SystemStanding::Stale => 3,
        SystemStanding::Accepted => 4,
        SystemStanding::Fixed => 5,
        SystemStanding::NotHit => 6,
    };
    rows.sort_by(|a, b| {
        let by_name = || (&a.agency_name, &a.system_name).cmp(&(&b.agency_name, &b.system_name));
        rank(a.standing).cmp(&rank(b.standing)).then_with(by_name)
    });
    rows
}

fn row(desk: &Desk, tops: &Ministries<'_>, judged: &Judged, record: &Record) -> SystemRow {
    let system = desk.system(judged.system);
    let agency = desk.agency(&system.agency);
    let id: &SystemId = &system.id;
    SystemRow {
        ministry: tops.get(&system.agency).0.clone(),
        agency: system.agency.0.clone(),
        agency_name: agency.map_or_else(|| system.agency.0.clone(), |agency| agency.name.clone()),
        system: id.0.clone(),
        system_name: system.name.clone(),
        standing: judged.standing,
        reason: judged.reason,
        packages: judged.packages.clone(),
        documents: judged.documents.clone(),
        proof: judged.proof.clone().filter(|_| judged.standing == SystemStanding::Fixed),
        operator: system.operator.clone(),
        contact: match agency {
            Some(agency) if system.contact.is_empty() => agency.contact.clone(),
            _ => system.contact.clone(),
        },
        fix_task: record.fixes.get(id).copied(),
        check_task: record.checks.get(id).copied(),
    }
}

/// The ministry of every agency in sight: the agency at the top of its tree, or, where all hangs below one (the state itself), the one
/// right below that.
pub(crate) struct Ministries<'d>(HashMap<&'d AgencyId, &'d AgencyId>);

impl<'d> Ministries<'d> {
    pub(crate) fn of(desk: &'d Desk) -> Self {
        let agencies = &desk.snapshot.agencies;
        let parent = |agency: &AgencyId| {
            let parent = desk.agency(agency).and_then(|agency| agency.parent.as_ref());
            parent.filter(|parent| desk.agency(parent).is_some())
        };
        let mut roots = agencies.iter().map(|agency| &agency.id).filter(|id| parent(id).is_none());
        let state = match (roots.next(), roots.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        let top = |agency: &'d AgencyId| {
            let mut top = agency;
            // As many steps as there are agencies: a circle ends, too.
            for _ in 0..agencies.len() {
                match parent(top).filter(|parent| Some(*parent) != state) {
                    Some(parent) => top = parent,
                    None => break,
                }
            }
            top
        };
        Self(agencies.iter().map(|agency| (&agency.id, top(&agency.id))).collect())
    }

    /// That of an agency; itself, where it is out of sight.
    pub(crate) fn get<'a>(&self, agency: &'a AgencyId) -> &'a AgencyId
    where
        'd: 'a,
    {
        self.0.get(agency).copied().unwrap_or(agency)
    }
}

fn ministries(desk: &Desk, picture: &Picture, tasks: &[TaskRow]) -> Vec<MinistryRow> {
    let tops = Ministries::of(desk);
    let mut by_ministry: BTreeMap<&AgencyId, MinistryRow> = BTreeMap::new();
    let new = |id: &AgencyId| MinistryRow {
        agency: id.0.clone(),
        name: desk.agency(id).map_or_else(|| id.0.clone(), |agency| agency.name.clone()),
        counts: super::room::Counts::default(),
        tasks: 0,
        acknowledged: 0,
        settled: 0,
    };
    for judged in &picture.systems {
        let id = tops.get(&desk.system(judged.system).agency);
        by_ministry.entry(id).or_insert_with(|| new(id)).counts.count(judged.standing);
    }
    for task in tasks {
        let agency = match &task.task.place {
            Place::System(system) | Place::Artefact { system, .. } => {
                desk.system_position(&system.0).map(|position| &desk.system(position).agency)
            }
            Place::Agency(agency) => desk.agency(agency).map(|agency| &agency.id),
            Place::Government => None,
        };
        let Some(id) = agency.map(|agency| tops.get(agency)) else { continue };
        let row = by_ministry.entry(id).or_insert_with(|| new(id));
        row.tasks += 1;
        row.acknowledged += u64::from(task.task.acknowledged.is_some());
        row.settled += u64::from(!task.is_open());
    }
    let mut rows: Vec<MinistryRow> = by_ministry.into_values().collect();
    rows.sort_by(|a, b| b.counts.hit.cmp(&a.counts.hit).then_with(|| a.name.cmp(&b.name)));
    rows
}

/// How old the knowledge is.
pub(super) fn knowledge_days(freshness: &Freshness) -> Option<u64> {
    freshness.feeds.iter().filter_map(|feed| feed.age_days).max().map(i64::unsigned_abs)
}
