// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What there is to tell of work: own tasks, incidents, rounds. Looked for and put into words with the eyes of whoever gets it.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::clocks::StepState;
use underpin_model::incidents::{Incident, IncidentId};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_render::authority_report::deadline_name;
use underpin_render::{Argument, Language, dates, text};

use super::gather::About;
use super::wording::one_line;
use super::{SPOKEN_CLASSIFICATION, Wish};
use crate::error::Result;
use crate::house::{Desk, House};
use crate::incidents::{IncidentRow, TaskRow, TasksQuery};
use crate::law::{ClockRow, StepRow};
use crate::rounds::RoundRow;
use crate::watch::estate::Watched;

/// Days before its day when a task is told to be due soon.
const SOON_DAYS: i64 = 2;

/// Work in words.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// A line each, for people.
    pub(super) lines: Vec<String>,
    /// The same for programs.
    pub(super) items: Vec<Json>,
    /// How many may not be named in a mail.
    pub(super) hidden: usize,
}

/// Whether what is marked so may be named in a mail: beyond "amber" it stays in the house.
pub(crate) fn may_be_mailed(tlp: Tlp, classification: Classification) -> bool {
    matches!(tlp, Tlp::Clear | Tlp::Green | Tlp::Amber) && classification <= SPOKEN_CLASSIFICATION
}

impl House {
    /// What is to be told of work to somebody.
    pub(super) async fn work_for(
        &self,
        desk: &Desk,
        watched: &Watched,
        login: &str,
        wish: &Wish,
    ) -> Result<Vec<About>> {
        let mut told = Vec::new();
        let now = desk.snapshot.at;
        if wish.wants("tasks") {
            let query = TasksQuery { owner: Some(login.to_owned()), open: true, ..TasksQuery::default() };
            for row in self.tasks(desk, Some(watched), &query).await? {
                told.extend(of_task(&row, login, now));
            }
        }
        if wish.wants("incidents") {
            told.extend(self.clocks(desk).await?.rows.iter().flat_map(of_clock));
            for row in self.incidents(desk).await? {
                let incident = row.incident.id.0;
                let about = |what: &str, at: Timestamp| About::Incident {
                    incident,
                    what: what.to_owned(),
                    mark: at.to_string(),
                };
                told.push(about("opened", row.incident.opened));
                told.extend(row.incident.closed.map(|at| about("closed", at)));
            }
        }
        if wish.wants("rounds") {
            for row in self.rounds(desk).await? {
                let round = row.round.id.0;
                let about =
                    |what: &str, at: Timestamp| About::Round { round, what: what.to_owned(), mark: at.to_string() };
                told.push(about("opened", row.round.opened));
                let is_late = row.round.closed.is_none() && row.counts.late > 0;
                told.extend(is_late.then(|| about("late", row.round.due)));
                told.extend(row.round.closed.map(|at| about("closed", at)));
            }
        }
        Ok(told)
    }

    /// Work in words, as far as this person may see it (still).
    pub(super) async fn work_in_words(
        &self,
        (desk, watched): (&Desk, &Watched),
        (login, language): (&str, Language),
        about: &[About],
        url: &str,
    ) -> Result<Work> {
        let mut work = Work::default();
        let has = |kind: fn(&About) -> bool| about.iter().any(kind);
        let tasks = match has(|one| matches!(one, About::Task { .. })) {
            true => {
                let query = TasksQuery { owner: Some(login.to_owned()), open: true, ..TasksQuery::default() };
                self.tasks(desk, Some(watched), &query).await?
            }
            false => Vec::new(),
        };
        let needs_incidents = has(|one| matches!(one, About::Incident { .. } | About::Task { .. }));
        let incidents = if needs_incidents { self.incidents(desk).await? } else { Vec::new() };
        let needs_rounds = has(|one| matches!(one, About::Round { .. }));
        let rounds = if needs_rounds { self.rounds(desk).await? } else { Vec::new() };
        for one in about {
            match one {
                About::Risk { .. } => {}
                About::Task { task, what, .. } => {
                    if let Some(row) = tasks.iter().find(|row| row.task.id.0 == *task) {
                        let incident = incidents.iter().find(|one| Some(one.incident.id) == row.task.incident);
                        work.task(desk, language, row, incident.map(|row| &row.incident), (what, url));
                    }
                }
                About::Incident { incident, what, mark } => {
                    if let Some(row) = incidents.iter().find(|row| row.incident.id.0 == *incident) {
                        work.incident(language, row, (what, mark, url));
                    }
                }
                About::Round { round, what, .. } => {
                    if let Some(row) = rounds.iter().find(|row| row.round.id.0 == *round) {
                        work.round(language, row, (what, url));
                    }
                }
            }
        }
        Ok(work)
    }
}

/// What is new of a task that is open: that it was given to them, and later that its day comes near or has passed.
fn of_task(row: &TaskRow, login: &str, now: Timestamp) -> Vec<About> {
    let about = |what: &str, mark: String| About::Task { task: row.task.id.0, what: what.to_owned(), mark };
    let mut told = vec![about("assigned", login.to_lowercase())];
    if let Some(due) = row.task.due {
        let soon = Timestamp(due.0.saturating_sub(SOON_DAYS * Timestamp::DAY_US));
        if row.is_overdue {
            told.push(about("overdue", due.to_string()));
        } else if now >= soon {
            told.push(about("due-soon", due.to_string()));
        }
    }
    told
}

/// What is new of a reporting clock: that a step is due soon, and later that it is overdue. The mark says which step and when.
fn of_clock(row: &ClockRow) -> Vec<About> {
    let Ok(incident) = row.incident.parse::<IncidentId>() else { return Vec::new() };
    let about = |step: &StepRow| {
        let what = match step.state {
            StepState::Late => "clock-overdue",
            StepState::DueSoon => "clock-due-soon",
            _ => return None,
        };
        let mark = format!("{}/{} {}", row.clock.as_str(), step.step.as_str(), step.due?);
        Some(About::Incident { incident: incident.0, what: what.to_owned(), mark })
    };
    row.steps.iter().filter_map(about).collect()
}

/// The step of a reporting clock that a mark means, and when it is due; `None` for the mark of something else.
fn clock_step(language: Language, mark: &str) -> Option<(String, String)> {
    let (name, due) = mark.split_once(' ')?;
    Some((deadline_name(language, name), dates::minute(language, due.parse().ok()?)))
}

impl Work {
    fn task(
        &mut self,
        desk: &Desk,
        language: Language,
        row: &TaskRow,
        incident: Option<&Incident>,
        (what, url): (&str, &str),
    ) {
        let is_open = match &row.task.place {
            Place::System(id) | Place::Artefact { system: id, .. } => desk
                .system_position(&id.0)
                .is_some_and(|position| desk.system(position).classification <= SPOKEN_CLASSIFICATION),
            Place::Agency(_) | Place::Government => true,
        };
        if !is_open || incident.is_some_and(|one| !may_be_mailed(one.tlp, one.classification)) {
            self.hidden += 1;
            return;
        }
        let title = one_line(&row.task.title);
        let due = row.task.due.map(|due| dates::minute(language, due)).unwrap_or_default();
        let link = format!("{url}/tasks/{}", row.number);
        let key = format!("mail-task-{what}");
        let key = if due.is_empty() { format!("{key}-any") } else { key };
        let arguments = [("title", (&title).into()), ("due", (&due).into()), ("link", (&link).into())];
        self.say(language, row.is_drill, &key, &arguments);
        self.items.push(json!({ "kind": "task", "what": what, "task": row.number, "title": row.task.title,
            "due": row.task.due, "is_drill": row.is_drill, "link": link }));
    }

    fn incident(&mut self, language: Language, row: &IncidentRow, (what, mark, url): (&str, &str, &str)) {
        let incident = &row.incident;
        if !may_be_mailed(incident.tlp, incident.classification) {
            self.hidden += 1;
            return;
        }
        let (title, link) = (one_line(&incident.title), format!("{url}/incidents/{}", row.number));
        let step = clock_step(language, mark);
        let mut arguments: Vec<(&str, Argument<'_>)> = vec![("title", (&title).into()), ("link", (&link).into())];
        if let Some((name, due)) = &step {
            arguments.extend([("step", name.into()), ("due", due.into())]);
        }
        self.say(language, incident.is_drill, &format!("mail-incident-{what}"), &arguments);
        self.items.push(json!({ "kind": "incident", "what": what, "incident": row.number, "title": incident.title,
            "is_drill": incident.is_drill, "step": step.map(|(name, _)| name), "link": link }));
    }

    fn round(&mut self, language: Language, row: &RoundRow, (what, url): (&str, &str)) {
        let (title, link) = (one_line(&row.round.title), format!("{url}/rounds/{}", row.number));
        let due = dates::day(language, row.round.due);
        let arguments = [
            ("title", (&title).into()),
            ("due", (&due).into()),
            ("link", (&link).into()),
            ("count", row.counts.late.into()),
        ];
        self.say(language, false, &format!("mail-round-{what}"), &arguments);
        self.items.push(json!({ "kind": "round", "what": what, "round": row.number, "title": row.round.title,
            "due": row.round.due, "link": link }));
    }

    fn say(&mut self, language: Language, is_drill: bool, key: &str, arguments: &[(&str, Argument<'_>)]) {
        let mark = if is_drill { format!("{} ", text(language, "letter-drill-mark", &[])) } else { String::new() };
        self.lines.push(format!("- {mark}{}", text(language, key, arguments)));
    }
}
