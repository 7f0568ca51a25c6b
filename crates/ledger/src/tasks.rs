// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tasks of incidents and of rounds of collection. What was asked never changes; what was said and done stands beside it.
//!
//! A task is seen by whoever sees its place, if it belongs to an incident only as that is marked. It is made by whoever may lead at
//! its place, and changed by whoever may work there. That something is proved is no state that anybody sets: it follows from evidence.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::incidents::{Incident, IncidentId, Remark, Task, TaskChange, TaskId, TaskKind, TaskState};
use underpin_model::limits::bounds::{INCIDENT_TEXT_BYTES, INCIDENT_TITLE_BYTES};
use underpin_model::people::Act;
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, governed, json_of, may, read as read_incidents, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::standings::secrecy;
use crate::value::{Row, Value, values, without_nul};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, bulk, references, states};

/// A task to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What it asks for.
    pub kind: TaskKind,
    /// Where.
    pub place: Place,
    /// What it says.
    pub title: String,
    /// Login of whoever does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Timestamp>,
}

/// Which tasks are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those of an incident.
    Incident(IncidentId),
    /// Those of a round of collection.
    Round(i64),
    /// One.
    One(TaskId),
}

/// A task as stored, beside what has a column of its own.
#[derive(Serialize, Deserialize)]
struct Body {
    title: String,
    owner: Option<String>,
    due: Option<Timestamp>,
}

/// A task, and what was said about it.
type Story = (Task, Vec<Remark>);

impl Reader {
    /// Tasks made by then that the viewer may see, by number, as they were then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tasks(&self, which: Which, as_of: Timestamp) -> Result<Vec<Task>, LedgerError> {
        Ok(self.stories(which, as_of).await?.into_iter().map(|(task, _)| task).collect())
    }

    /// The same with what was said about them, in its order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn stories(&self, which: Which, as_of: Timestamp) -> Result<Vec<Story>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let marks = Marks::read(&mut session, as_of).await?;
        // What is out of sight is not taken apart: who sees one agency need not wait for the tasks of all.
        read(&mut session, which, as_of, |incident, place| marks.is_seen(&access, incident, place)).await
    }
}

impl Writer {
    /// Makes tasks, all or none; a check or a fix that the same incident or round asks for at the same place already is not made
    /// again. Returns how many were made.
    ///
    /// # Errors
    /// [`LedgerError::UnknownIncident`], [`LedgerError::UnknownSystem`] and [`LedgerError::UnknownAgency`], also for what is
    /// out of sight, [`LedgerError::NotAllowed`], [`LedgerError::InvalidTask`], [`LedgerError::TooLong`], and what the
    /// database says.
    pub async fn make_tasks(
        &self,
        at: Timestamp,
        incident: Option<IncidentId>,
        round: Option<i64>,
        new: Vec<NewTask>,
    ) -> Result<Vec<TaskId>, LedgerError> {
        let mut change = self.change(at, "make tasks").await?;
        let incident = match incident {
            Some(id) => Some(governed(&mut change, id).await?.0),
            None => None,
        };
        if incident.as_ref().is_some_and(|incident| incident.closed.is_some()) {
            return Err(LedgerError::InvalidTask("its incident is closed".to_owned()));
        }
        let made = make(&mut change, incident.as_ref(), round, new).await?;
        change.commit().await?;
        Ok(made)
    }

    /// Changes a task. Returns the ledger's revision; the old one where it is so already. `expected` is the revision of the task that
    /// the change was made for.
    ///
    /// # Errors
    /// [`LedgerError::UnknownTask`], [`LedgerError::NotAllowed`], [`LedgerError::TaskMoved`], [`LedgerError::InvalidTask`],
    /// [`LedgerError::EmptyReason`], [`LedgerError::SameExcuse`], [`LedgerError::UnknownDocument`],
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn change_task(
        &self,
        at: Timestamp,
        id: TaskId,
        what: TaskChange,
        expected: Option<i64>,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change a task").await?;
        let judge = (change.access().await?, Marks::read(&mut change.session, Timestamp(STILL)).await?);
        change_one(&mut change, &judge, id, what, expected).await?;
        change.commit().await
    }

    /// Changes several tasks in the same way, all or none. Returns the ledger's revision; the old one where all are so already.
    ///
    /// # Errors
    /// As [`Self::change_task`], for any of them.
    pub async fn change_tasks(&self, at: Timestamp, ids: &[TaskId], what: &TaskChange) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change tasks").await?;
        let judge = (change.access().await?, Marks::read(&mut change.session, Timestamp(STILL)).await?);
        let ids: BTreeSet<TaskId> = ids.iter().copied().collect();
        for id in ids {
            change_one(&mut change, &judge, id, what.clone(), None).await?;
        }
        change.commit().await
    }
}

/// Changes a task within a change.
async fn change_one(
    change: &mut Change,
    (access, marks): &(Option<Access>, Marks),
    id: TaskId,
    what: TaskChange,
    expected: Option<i64>,
) -> Result<(), LedgerError> {
    let is_seen = |incident, place: &Place| access.as_ref().is_none_or(|access| marks.is_seen(access, incident, place));
    let before = read(&mut change.session, Which::One(id), Timestamp(STILL), is_seen).await?.pop();
    let (before, _) = before.ok_or(LedgerError::UnknownTask(id))?;
    if expected.is_some_and(|expected| expected != before.revision) {
        return Err(LedgerError::TaskMoved(id));
    }
    let incident = before.incident.and_then(|incident| marks.incidents.get(&incident));
    let lead = incident.map_or(&before.place, |incident| &incident.place);
    let needed = [
        (true, Act::Work, &before.place),
        // When something is due is for those to say who asked for it.
        (what.due.is_some(), Act::Lead, &before.place),
        (what.accepts, Act::Approve, lead),
    ];
    for (_, act, place) in needed.into_iter().filter(|(is_needed, ..)| *is_needed) {
        let accepts_only = what.accepts && act == Act::Work;
        if !accepts_only && !may(access.as_ref(), act, place) {
            return Err(change.refuse(&format!("change task {id} so")));
        }
    }
    if let Some(document) = what.evidence {
        states::visible_document(change, document).await?;
    }
    let Some(what) = fitting(&before, what, change.actor())? else { return Ok(()) };
    let body = json!(what);
    let row = values![id.0, body.to_string(), change.actor(), change.at, change.revision];
    let head = "INSERT INTO task_event (task, body, actor, moment, revision)";
    bulk::insert(&mut change.session, head, 5, "", row).await?;
    let after = told_event(&body, change.actor(), change.at);
    change.note("change-task", subject(id), None, Some(after));
    Ok(())
}

/// Makes tasks in a change.
pub(crate) async fn make(
    change: &mut Change,
    incident: Option<&Incident>,
    round: Option<i64>,
    mut new: Vec<NewTask>,
) -> Result<Vec<TaskId>, LedgerError> {
    for task in &mut new {
        task.title = without_nul(task.title.trim().to_owned());
        task.owner = task.owner.take().map(|owner| owner.trim().to_owned()).filter(|owner| !owner.is_empty());
        check(task)?;
    }
    check_places(change, &new).await?;
    let mut known: HashSet<(TaskKind, Place)> = HashSet::new();
    let which = incident.map(|incident| Which::Incident(incident.id)).or(round.map(Which::Round));
    if let Some(which) = which {
        let stories = read(&mut change.session, which, Timestamp(STILL), |_, _| true).await?;
        known.extend(stories.into_iter().map(|(task, _)| (task.kind, task.place)));
    }
    let asks_once = |kind: TaskKind| which.is_some() && matches!(kind, TaskKind::Check | TaskKind::Fix);
    new.retain(|task| !asks_once(task.kind) || known.insert((task.kind, task.place.clone())));
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let first = next_number(&mut change.session, "task", new.len() as u64).await?;
    let (mut rows, mut made) = (Vec::with_capacity(new.len() * 9), Vec::with_capacity(new.len()));
    for (number, task) in (first..).zip(new) {
        let body = json!(Body { title: task.title, owner: task.owner, due: task.due });
        let place = json!(task.place);
        let after = told_new(incident.map(|incident| incident.id.0), round, task.kind.as_str(), &place, &body);
        change.note("make-task", subject(TaskId(number)), None, Some(after));
        rows.extend(values![
            number,
            incident.map(|incident| incident.id.0),
            round,
            task.kind.as_str(),
            place.to_string(),
            body.to_string(),
            change.actor(),
            change.at,
            change.revision,
        ]);
        made.push(TaskId(number));
    }
    let head = "INSERT INTO task (number, incident, round, kind, place, body, actor, made, revision)";
    bulk::insert(&mut change.session, head, 9, "", rows).await?;
    Ok(made)
}

fn check(task: &NewTask) -> Result<(), LedgerError> {
    if task.title.is_empty() || task.title.contains(char::is_control) {
        return Err(LedgerError::InvalidTask("it needs a title of one line".to_owned()));
    }
    check_owner(task.owner.as_deref())?;
    if task.title.len() > INCIDENT_TITLE_BYTES {
        return Err(too_long("the title of a task", task.title.len(), INCIDENT_TITLE_BYTES));
    }
    Ok(())
}

fn check_owner(owner: Option<&str>) -> Result<(), LedgerError> {
    match owner {
        Some(owner) if owner.contains(char::is_control) => {
            Err(LedgerError::InvalidTask("its owner is no name of one line".to_owned()))
        }
        Some(owner) if owner.len() > INCIDENT_TITLE_BYTES => {
            Err(too_long("the owner of a task", owner.len(), INCIDENT_TITLE_BYTES))
        }
        _ => Ok(()),
    }
}

/// Places must be there and within sight, and the viewer one who may lead there.
async fn check_places(change: &mut Change, new: &[NewTask]) -> Result<(), LedgerError> {
    let (mut systems, mut agencies) = (Vec::new(), Vec::new());
    for task in new {
        match &task.place {
            Place::Artefact { system, .. } | Place::System(system) => systems.push(Value::from(&system.0)),
            Place::Agency(agency) => agencies.push(Value::from(&agency.0)),
            Place::Government => {}
        }
    }
    let known_systems = existing(&mut change.session, Kind::System, &systems, None).await?;
    let known_agencies = existing(&mut change.session, Kind::Agency, &agencies, None).await?;
    let access = change.access().await?;
    for task in new {
        let seen = access.as_ref().is_none_or(|access| access.may(Act::Read, &task.place));
        match &task.place {
            Place::Artefact { system, .. } | Place::System(system) if !seen || !known_systems.contains(&system.0) => {
                return Err(references::unknown(Kind::System, &system.0, "the task"));
            }
            Place::Agency(agency) if !seen || !known_agencies.contains(&agency.0) => {
                return Err(references::unknown(Kind::Agency, &agency.0, "the task"));
            }
            place if !may(access.as_ref(), Act::Lead, place) => {
                return Err(change.refuse("set tasks there"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The change as it can be made to a task as it is; `None` where it is so already.
fn fitting(before: &Task, mut what: TaskChange, actor: &str) -> Result<Option<TaskChange>, LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidTask(why.to_owned()));
    what.text = without_nul(what.text.trim().to_owned());
    if what.text.len() > INCIDENT_TEXT_BYTES {
        return Err(too_long("what is said about a task", what.text.len(), INCIDENT_TEXT_BYTES));
    }
    if let Some(owner) = &mut what.owner {
        *owner = owner.take().map(|owner| owner.trim().to_owned()).filter(|owner| !owner.is_empty());
        check_owner(owner.as_deref())?;
    }
    match what.state {
        Some(TaskState::Verified) => return invalid("only evidence verifies it: hand in a document"),
        Some(TaskState::CannotBecause) if what.text.is_empty() => return Err(LedgerError::EmptyReason),
        _ => {}
    }
    if what.accepts {
        let Some((_, said_by)) = before.because.as_ref().filter(|_| what.state.is_none()) else {
            return invalid("no reason was given that could be accepted");
        };
        if said_by.to_lowercase() == actor.to_lowercase() {
            return Err(LedgerError::SameExcuse { task: before.id, actor: said_by.clone() });
        }
    }
    // A reason may be given anew in other words.
    let says_state = what.state != Some(TaskState::CannotBecause);
    what.state = what.state.filter(|state| !says_state || *state != before.state);
    what.owner = what.owner.filter(|owner| *owner != before.owner);
    what.due = what.due.filter(|due| *due != before.due);
    what.accepts &= before.accepted_by.is_none();
    Ok((what != TaskChange::default()).then_some(what))
}

/// What happens to a task.
fn happen((task, remarks): &mut Story, what: TaskChange, actor: &str, at: Timestamp, revision: i64) {
    task.revision = revision;
    if let Some(state) = what.state {
        task.state = state;
        task.accepted_by = None;
        task.because = (state == TaskState::CannotBecause).then(|| (what.text.clone(), actor.to_owned()));
        if state != TaskState::Open && task.acknowledged.is_none() {
            task.acknowledged = Some(at);
        }
    }
    if let Some(owner) = what.owner {
        task.owner = owner;
    }
    if let Some(due) = what.due {
        task.due = due;
    }
    if what.accepts {
        task.accepted_by = Some(actor.to_owned());
    }
    if !what.text.is_empty() || what.evidence.is_some() {
        remarks.push(Remark { at, actor: actor.to_owned(), text: what.text, evidence: what.evidence });
    }
}

/// How the incidents of tasks are marked: now, and at the moment asked for.
struct Marks {
    incidents: HashMap<IncidentId, Incident>,
    then: HashMap<IncidentId, Incident>,
}

impl Marks {
    async fn read(session: &mut Session, as_of: Timestamp) -> Result<Self, LedgerError> {
        let by_number = |list: Vec<Incident>| list.into_iter().map(|incident| (incident.id, incident)).collect();
        let incidents = by_number(read_incidents(session, None, Timestamp(STILL)).await?);
        let then = by_number(read_incidents(session, None, as_of).await?);
        Ok(Self { incidents, then })
    }

    fn is_seen(&self, access: &Access, incident: Option<IncidentId>, place: &Place) -> bool {
        let told = |incident: &Incident| access.is_told_of(incident.tlp, secrecy(incident.classification), place);
        match incident {
            None => access.may(Act::Read, place),
            Some(id) => [&self.incidents, &self.then].iter().all(|marks| marks.get(&id).is_some_and(told)),
        }
    }
}

/// Tasks as they were at a moment, by number; those that `is_seen` says so of, by their incident and place.
async fn read(
    session: &mut Session,
    which: Which,
    as_of: Timestamp,
    is_seen: impl Fn(Option<IncidentId>, &Place) -> bool,
) -> Result<Vec<Story>, LedgerError> {
    let mut stories: Vec<Story> = Vec::new();
    let mut numbers = HashMap::new();
    let (column, wanted) = match which {
        Which::All => ("0", 0),
        Which::Incident(id) => ("incident", id.0),
        Which::Round(round) => ("round", round),
        Which::One(id) => ("number", id.0),
    };
    let sql = format!(
        "SELECT number, incident, round, kind, place, body, actor, made, revision FROM task WHERE {column} = $1 AND \
         made <= $2 ORDER BY number"
    );
    session
        .each(&sql, values![wanted, as_of], |row| {
            let (incident, place) = (row.optional_integer(1)?.map(IncidentId), place(&row, 4)?);
            if is_seen(incident, &place) {
                let task = task(&row, incident, place)?;
                numbers.insert(task.id, stories.len());
                stories.push((task, Vec::new()));
            }
            Ok(())
        })
        .await?;
    let sql = format!(
        "SELECT task, task_event.body, task_event.actor, moment, task_event.revision FROM task_event JOIN task ON \
         number = task WHERE {column} = $1 AND moment <= $2 ORDER BY task_event.revision"
    );
    session
        .each(&sql, values![wanted, as_of], |row| {
            let id = TaskId(row.integer(0)?);
            if let Some(story) = numbers.get(&id).and_then(|number| stories.get_mut(*number)) {
                let what = serde_json::from_value(json_of(&row, 1, &subject(id))?);
                let what = what.map_err(|error| damaged(&subject(id), &error))?;
                happen(story, what, row.text_ref(2)?, row.timestamp(3)?, row.integer(4)?);
            }
            Ok(())
        })
        .await?;
    Ok(stories)
}

fn task(row: &Row, incident: Option<IncidentId>, place: Place) -> Result<Task, LedgerError> {
    let id = TaskId(row.integer(0)?);
    let body = serde_json::from_str(row.text_ref(5)?).map_err(|error| damaged(&subject(id), &error))?;
    let Body { title, owner, due } = body;
    Ok(Task {
        id,
        incident,
        round: row.optional_integer(2)?,
        kind: row.word(3)?,
        place,
        title,
        owner,
        due,
        state: TaskState::Open,
        acknowledged: None,
        because: None,
        accepted_by: None,
        made: row.timestamp(7)?,
        made_by: row.text(6)?,
        revision: row.integer(8)?,
    })
}

/// A place in a column.
pub(crate) fn place(row: &Row, column: usize) -> Result<Place, LedgerError> {
    serde_json::from_str(row.text_ref(column)?).map_err(|error| damaged("place of a task", &error))
}

/// What a task is called in the audit chain.
pub(crate) fn subject(id: TaskId) -> String {
    format!("task {id}")
}

/// A new task, as the audit chain keeps it.
fn told_new(incident: Option<i64>, round: Option<i64>, kind: &str, place: &Json, body: &Json) -> Json {
    json!({ "incident": incident, "round": round, "kind": kind, "place": place, "task": body })
}

/// All that was ever written of tasks, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, incident, round, kind, place, body, revision FROM task", vec![], |row| {
            let json = |column: usize| {
                Ok::<Json, LedgerError>(serde_json::from_str(row.text_ref(column)?).unwrap_or_default())
            };
            let (incident, round) = (row.optional_integer(1)?, row.optional_integer(2)?);
            let words = told_new(incident, round, row.text_ref(3)?, &json(4)?, &json(5)?);
            lines.push((subject(TaskId(row.integer(0)?)), row.integer(6)?, words));
            Ok(())
        })
        .await?;
    session
        .each("SELECT task, body, actor, moment, revision FROM task_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(TaskId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
