// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::incidents::{IncidentId, Scope, Step, TaskChange, TaskId, TaskState};
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{DocumentId, Timestamp};
use underpin_office::coordinator::Author;
use underpin_office::incidents::scope::query_of;
use underpin_office::incidents::{Closing, DRILLS, IncidentRoom, NewIncident, TasksQuery};
use underpin_office::{Desk, House, Result};
use underpin_render::Language;
use underpin_render::report::sentences;

use super::incident_clock::IncidentClocks;
use super::incident_show;
use crate::context::{Context, clock};
use crate::output::{Answer, counted, print};

/// Incidents: who is hit, who does what by when, and what new evidence shows
#[derive(Debug, clap::Args)]
pub struct Incidents {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    #[command(flatten)]
    Work(Work),
    Clock(Box<IncidentClocks>),
}

/// What is done about incidents and tasks.
#[derive(Debug, clap::Subcommand)]
enum Work {
    Open(Box<Open>),
    /// All incidents that you may see, the newest first
    List,
    /// One incident, judged anew: how systems stand, by ministry, steps, tasks, deadlines
    Show(One),
    /// Give a task to what is hit or in the dark since; twice makes none twice
    Refresh(One),
    /// What happened, from the audit chain and the evidence
    Timeline(One),
    /// The situation in sentences, for whoever leads
    Report(Report),
    /// Tasks that you may see, the ones that are due first
    Tasks(Tasks),
    Task(Task),
    Letters(Letters),
    /// Go on to a step, or back to one
    Step(StepTo),
    Close(Close),
    /// Open it again
    Reopen(Close),
    /// Practise an incident of the past on the estate of today, with a stopwatch
    Drill(Drill),
}

/// Open an incident: every system that is hit gets a task to fix it, every one in the dark a task to tell about it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin incident open 'log4j-core <2.17.1' --title 'Log4Shell' --target 2026-03-05"
)]
struct Open {
    /// A vulnerability, a digest, or a package; a range may follow after a space: 'log4j-core <2.17.1'
    #[arg(value_name = "QUESTION")]
    question: String,
    /// What it is called
    #[arg(long, value_name = "TEXT", required = true)]
    title: String,
    /// Whoever had the package at some moment since then is hit, too
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// … until then
    #[arg(long, value_name = "TIME", requires = "from")]
    until: Option<Timestamp>,
    /// Only this agency and what is below it
    #[arg(long, value_name = "AGENCY")]
    in_agency: Option<String>,
    /// How far it may be passed on: clear, green, amber, amber+strict or red
    #[arg(long, value_name = "LABEL", default_value = "amber")]
    tlp: Tlp,
    /// Who may know of it: public, internal, restricted, confidential or secret
    #[arg(long, value_name = "CLASSIFICATION", default_value = "internal")]
    classification: Classification,
    /// By when nothing should be hit any more
    #[arg(long, value_name = "TIME")]
    target: Option<Timestamp>,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
}

#[derive(Debug, clap::Args)]
struct Report {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// In German
    #[arg(long)]
    german: bool,
}

#[derive(Debug, clap::Args)]
struct Tasks {
    /// Only those of this incident
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<IncidentId>,
    /// Only those of this owner
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// Only those with something left to do
    #[arg(long)]
    open: bool,
}

/// Change a task: say how far it is, who does it, by when, what there is to say, which document shows it
///
/// That a fix is proved is never said by hand: a newer document that can show it and does not proves it.
#[derive(Debug, clap::Args)]
struct Task {
    /// The task, as T12
    #[arg(value_name = "TASK")]
    task: TaskId,
    /// acknowledged, in-progress, done, cannot-because (with --say), or open again
    #[arg(id = "task_state", long = "state", value_name = "STATE")]
    state: Option<TaskState>,
    /// Who does it, by login
    #[arg(long, value_name = "LOGIN")]
    owner: Option<String>,
    /// By when
    #[arg(long, value_name = "TIME")]
    due: Option<Timestamp>,
    /// What is to be said
    #[arg(long, value_name = "TEXT", default_value = "")]
    say: String,
    /// A document that shows it, as D12
    #[arg(long, value_name = "DOCUMENT")]
    evidence: Option<DocumentId>,
    /// Accept the reason why it cannot be done, which somebody else gave
    #[arg(long, conflicts_with_all = ["task_state", "owner", "due"])]
    accept: bool,
}

/// Ask agencies by mail: one letter each with all that is open there, with links that need no account
#[derive(Debug, clap::Args)]
struct Letters {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// In German
    #[arg(long)]
    german: bool,
}

#[derive(Debug, clap::Args)]
struct StepTo {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// identify, notify, fix, verify or learn
    #[arg(value_name = "STEP")]
    step: Step,
    /// What is to be said about it
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

/// Close it; while systems are hit, one person asks and another one, calling the same, agrees
#[derive(Debug, clap::Args)]
struct Close {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

#[derive(Debug, clap::Args)]
struct Drill {
    /// log4shell or xz
    #[arg(value_name = "DRILL", value_parser = DRILLS.map(|drill| drill.name))]
    drill: String,
}

impl Incidents {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        match self.what {
            What::Work(work) => work.run(context, &house).await,
            What::Clock(clocks) => clocks.run(context, &house).await,
        }
    }
}

impl Work {
    async fn run(self, context: &Context, house: &House) -> Result<bool> {
        let author = context.author(house).await?;
        let answer = match self {
            Self::Open(open) => {
                let new = open.incident(&context.desk_at(house, None).await?)?;
                let id = house.open_incident(&author, new).await?;
                said(id, format!("Incident {id} is open."))
            }
            Self::List => incident_show::list(&house.incidents(&context.desk(house).await?).await?),
            Self::Show(one) => {
                refreshed(context, house, &author, one.incident).await?;
                incident_show::room(&room(context, house, one.incident).await?)
            }
            Self::Timeline(one) => incident_show::timeline(&room(context, house, one.incident).await?),
            Self::Refresh(one) => {
                let made = house.refresh_incident(&author, one.incident).await?.made.len() as u64;
                said(one.incident, format!("{} made.", counted(made, "task was", "tasks were")))
            }
            Self::Report(report) => {
                let desk = context.desk(house).await?;
                let facts = house.situation(&desk, &house.watch(&desk).await?, report.incident).await?;
                let language = if report.german { Language::German } else { Language::English };
                incident_show::report(&facts, &sentences(language, &facts))
            }
            Self::Tasks(tasks) => {
                let query = TasksQuery { owner: tasks.owner, incident: tasks.incident, open: tasks.open };
                incident_show::tasks(&house.tasks(&context.desk(house).await?, None, &query).await?)
            }
            Self::Task(task) => {
                let id = task.task;
                house.set_task(&author, id, task.change(), None).await?;
                let (row, remarks) = house.task(&context.desk_at(house, None).await?, None, id).await?;
                incident_show::task(&row, &remarks)
            }
            Self::Letters(letters) => {
                let language = if letters.german { "de" } else { "en" };
                incident_show::letters(&house.write_about_incident(&author, letters.incident, language).await?)
            }
            Self::Step(to) => {
                house.step_incident(&author, to.incident, to.step, &to.note, None).await?;
                said(to.incident, format!("Incident {} is at the step {}.", to.incident, to.step.as_str()))
            }
            Self::Close(close) => closed(house, &author, &close).await?,
            Self::Reopen(reopen) => {
                house.reopen_incident(&author, reopen.incident, &reopen.reason, None).await?;
                said(reopen.incident, format!("Incident {} is open again.", reopen.incident))
            }
            Self::Drill(drill) => {
                let id = practised(context, house, &author, &drill.drill).await?;
                incident_show::room(&room(context, house, id).await?)
            }
        };
        print(&answer, context.printing())?;
        Ok(false)
    }
}

async fn room(context: &Context, house: &House, id: IncidentId) -> Result<IncidentRoom> {
    let desk = context.desk(house).await?;
    let watched = house.watch(&desk).await?;
    house.incident(&desk, &watched, id).await
}

/// Who leads sees new hits with their tasks; a look at the past changes nothing.
async fn refreshed(context: &Context, house: &House, author: &Author, id: IncidentId) -> Result<()> {
    if !author.viewer.may(Act::Lead) || context.global.as_of.is_some() {
        return Ok(());
    }
    match house.refresh_incident(author, id).await {
        // A closed incident gets no tasks, and somebody may lead elsewhere only.
        Err(error) if !matches!(error.code, "not-allowed" | "invalid-task") => Err(error),
        _ => Ok(()),
    }
}

async fn closed(house: &House, author: &Author, close: &Close) -> Result<Answer> {
    let id = close.incident;
    let closing = house.close_incident(author, id, &close.reason, None).await?;
    Ok(said(
        id,
        match closing {
            Closing::Closed => format!("Incident {id} is closed."),
            Closing::Asked => format!(
                "Incident {id} is not closed: systems are still hit. Somebody else who may approve must agree, with the same command."
            ),
        },
    ))
}

/// Opens a drill and keeps how long it took until the first list of systems was there.
async fn practised(context: &Context, house: &House, author: &Author, name: &str) -> Result<IncidentId> {
    let began = clock();
    let id = house.open_drill(author, name).await?;
    room(context, house, id).await?;
    let milliseconds = clock().0.saturating_sub(began.0).unsigned_abs() / 1_000;
    house.keep_lap(author, id, "first-list", milliseconds).await?;
    Ok(id)
}

impl Open {
    fn incident(self, desk: &Desk) -> Result<NewIncident> {
        let place = match &self.in_agency {
            Some(name) => Place::Agency(desk.agency_called(name)?.id.clone()),
            None => Place::Government,
        };
        Ok(NewIncident {
            title: self.title,
            scope: Scope { query: query_of(&self.question), from: self.from, until: self.until },
            place,
            tlp: self.tlp,
            classification: self.classification,
            drill_of: None,
            target: self.target,
        })
    }
}

impl Task {
    fn change(self) -> TaskChange {
        TaskChange {
            state: self.state,
            owner: self.owner.map(Some),
            due: self.due.map(Some),
            text: self.say,
            evidence: self.evidence,
            accepts: self.accept,
        }
    }
}

fn said(id: IncidentId, line: String) -> Answer {
    let json = serde_json::json!({ "incident": id.to_string(), "said": line });
    let notes = vec![format!("next: underpin incident show {id}")];
    Answer { rows: vec![json.clone()], json, head: vec![line], notes, ..Answer::default() }
}
