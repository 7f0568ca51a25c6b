// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use underpin_model::Timestamp;
use underpin_model::clocks::{
    Clock, ClockEvidence, ClosingProof, Happened, Obliged, ReportStep, StatedClockEvent, StepState,
};
use underpin_model::incidents::IncidentId;
use underpin_model::law_roles::RoleSubject;
use underpin_office::law::DraftOf;
use underpin_office::law::bundle::{report_files, write_folder};
use underpin_office::law::clocks::{document_evidence, file_evidence, is_document_name, whom_of};
use underpin_office::{Desk, House, OfficeError, Result};
use underpin_render::{Language, authority_report};

use super::incident_clock_show as show;
use crate::context::{Context, usage};
use crate::output::{Answer, print};

/// Reporting clocks under the law: by when whom has to be told what, once a person says that it binds
///
/// Nothing runs before a person confirms the role. What happened is told by events that stay: a mistake is corrected by another event.
/// Clocks: cra-exploited-vulnerability, cra-severe-incident, nis2-significant-incident, nis2-trust-service, kev-due-date.
#[derive(Debug, clap::Args)]
pub struct IncidentClocks {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    List(List),
    Show(Show),
    Confirm(Confirm),
    Tell(Box<Tell>),
    Draft(Draft),
    Export(Export),
}

/// The clocks that run over all incidents that you may see, the most pressing first
#[derive(Debug, clap::Args)]
struct List {
    /// Exit with 1 when a clock is overdue, or (due-soon) is due soon
    #[arg(long, value_name = "STATE", value_parser = ["late", "due-soon"])]
    fail_on: Option<String>,
}

/// The clocks of an incident: whom each binds, each step with its date, where reports go, and what was said
#[derive(Debug, clap::Args)]
struct Show {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// Only this clock
    #[arg(value_name = "CLOCK")]
    clock: Option<Clock>,
}

/// Confirm that somebody is in a role that a clock binds, or (--deny) that nobody is
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin incident clock confirm I1 cra-severe-incident --whom \"product interior forms\" --role manufacturer"
)]
struct Confirm {
    #[command(flatten)]
    of: Of,
    /// The role, as manufacturer, steward-in-development, essential-entity
    #[arg(id = "obliged", long = "role", value_name = "ROLE", required = true)]
    role: Obliged,
    /// That nobody is in it
    #[arg(long)]
    deny: bool,
    /// When whoever is bound became aware
    #[arg(long, value_name = "TIME", conflicts_with = "deny")]
    aware: Option<Timestamp>,
    #[command(flatten)]
    with: With,
}

/// Say what happened to a clock; it stays, and a mistake is corrected by a later event (--amends)
///
/// Events: became-aware, measure-available, handed-in, already-provided, intermediate-requested, still-ongoing, handling-ended, due-stated,
/// withdrawn.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin incident clock tell I1 cra-severe-incident handed-in --step early-warning --proof receipt\n  underpin incident clock tell I1 kev-due-date due-stated --by 2026-12-24 --source 'CSIRT letter 17'"
)]
struct Tell {
    #[command(flatten)]
    of: Of,
    /// What happened
    #[arg(value_name = "EVENT", value_parser = EVENTS)]
    event: String,
    /// When it happened; now when not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// The step that was handed in or provided before
    #[arg(id = "report_step", long = "step", value_name = "STEP")]
    step: Option<ReportStep>,
    /// What is at hand to show it: receipt, text-sent, moment-of-awareness, measure-published, users-message, fix-shown
    #[arg(long, value_name = "PROOF")]
    proof: Vec<ClosingProof>,
    /// The date that an authority, a directive or the list names
    #[arg(long, value_name = "TIME")]
    by: Option<Timestamp>,
    /// From where it is known, as a directive or a letter with its number; a due date needs it
    #[arg(long, value_name = "TEXT", default_value = "")]
    source: String,
    /// The number of the event that this one corrects or withdraws
    #[arg(long, value_name = "NUMBER")]
    amends: Option<u64>,
    #[command(flatten)]
    with: With,
}

/// A report as text to copy: what the house knows for each field of the law, and what it does not
#[derive(Debug, clap::Args)]
struct Draft {
    #[command(flatten)]
    of: Of,
    /// The step, as early-warning, notification, final-report
    #[arg(id = "report_step", value_name = "STEP")]
    step: ReportStep,
    /// In German
    #[arg(long)]
    german: bool,
}

/// The same as a folder: texts in both languages, the clock with its history as data, digests
#[derive(Debug, clap::Args)]
struct Export {
    #[command(flatten)]
    of: Of,
    /// The step, as early-warning, notification, final-report
    #[arg(id = "report_step", value_name = "STEP")]
    step: ReportStep,
    /// The folder, which must not be there yet
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
}

/// A clock of an incident.
#[derive(Debug, clap::Args)]
struct Of {
    /// The incident, as I12
    #[arg(value_name = "INCIDENT")]
    incident: IncidentId,
    /// The clock
    #[arg(value_name = "CLOCK")]
    clock: Clock,
    /// Whose clock: "agency X", "system X" or "product AGENCY NAME"; without it nobody is named, and nothing is met
    #[arg(long, value_name = "WHOM", default_value = "")]
    whom: String,
}

/// What goes with an event.
#[derive(Debug, clap::Args)]
struct With {
    /// What is to be said about it
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// What shows it: a document, as D12, or a file, of which name and digest are kept; may be given several times
    #[arg(long, value_name = "DOCUMENT|FILE")]
    evidence: Vec<String>,
}

/// Events that somebody can tell; roles are confirmed by a command of their own.
const EVENTS: [&str; 9] = [
    "became-aware",
    "measure-available",
    "handed-in",
    "already-provided",
    "intermediate-requested",
    "still-ongoing",
    "handling-ended",
    "due-stated",
    "withdrawn",
];

impl IncidentClocks {
    pub async fn run(self, context: &Context, house: &House) -> Result<bool> {
        let (answer, is_found) = match self.what {
            What::List(list) => list.run(context, house).await?,
            What::Show(asked) => (shown(context, house, asked.incident, asked.clock).await?, false),
            What::Confirm(confirm) => (confirm.run(context, house).await?, false),
            What::Tell(tell) => (tell.run(context, house).await?, false),
            What::Draft(draft) => {
                let found = drafted(context, house, &draft.of, draft.step).await?;
                let language = if draft.german { Language::German } else { Language::English };
                let text = authority_report::draft(language, &found);
                (Answer::said(text.lines().map(str::to_owned).collect(), show::json(&found)), false)
            }
            What::Export(export) => (export.run(context, house).await?, false),
        };
        print(&answer, context.printing())?;
        Ok(is_found)
    }
}

impl List {
    async fn run(self, context: &Context, house: &House) -> Result<(Answer, bool)> {
        let found = house.clocks(&context.desk(house).await?).await?;
        let late = found.count(StepState::Late);
        let is_found = match self.fail_on.as_deref() {
            Some("due-soon") => late + found.count(StepState::DueSoon) > 0,
            Some(_) => late > 0,
            None => false,
        };
        Ok((show::list(&found), is_found))
    }
}

impl Confirm {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let author = context.author(house).await?;
        let desk = context.desk_at(house, None).await?;
        let happened = if self.deny { Happened::RoleDenied(self.role) } else { Happened::RoleConfirmed(self.role) };
        let whom = whom_of(&self.of.whom)?;
        let mut events = vec![self.with.event(&desk, author.at, (whom.clone(), None), happened)?];
        if let Some(at) = self.aware {
            events.push(StatedClockEvent {
                at,
                amends: None,
                happened: Happened::BecameAware,
                whom,
                note: String::new(),
                source: String::new(),
                evidence: Vec::new(),
            });
        }
        house.tell_clocks(&author, (self.of.incident, self.of.clock), events).await?;
        shown(context, house, self.of.incident, Some(self.of.clock)).await
    }
}

impl Tell {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let author = context.author(house).await?;
        let desk = context.desk_at(house, None).await?;
        let happened = self.happened()?;
        let about = (whom_of(&self.of.whom)?, self.amends);
        let source = self.source.trim().to_owned();
        if matches!(happened, Happened::DueStated(_)) && source.is_empty() {
            return Err(usage("who sets that date?", "name the directive or letter with --source"));
        }
        let event = self.with.event(&desk, self.at.unwrap_or(author.at), about, happened)?;
        let event = StatedClockEvent { source, ..event };
        house.tell_clock(&author, (self.of.incident, self.of.clock), event).await?;
        shown(context, house, self.of.incident, Some(self.of.clock)).await
    }

    fn happened(&self) -> Result<Happened> {
        let step = || self.step.ok_or_else(|| usage("which step?", "name it with --step, as early-warning"));
        Ok(match self.event.as_str() {
            "became-aware" => Happened::BecameAware,
            "measure-available" => Happened::MeasureAvailable,
            "handed-in" => Happened::HandedIn { step: step()?, proofs: self.proof.clone() },
            "already-provided" => Happened::AlreadyProvided(step()?),
            "intermediate-requested" => Happened::IntermediateRequested(self.by),
            "still-ongoing" => Happened::StillOngoing,
            "handling-ended" => Happened::HandlingEnded,
            "due-stated" => {
                Happened::DueStated(self.by.ok_or_else(|| usage("which date?", "name it with --by, as 2026-12-24"))?)
            }
            _ => Happened::Withdrawn,
        })
    }
}

impl Export {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let draft = drafted(context, house, &self.of, self.step).await?;
        let desk = context.desk(house).await?;
        let all = house.incident_clocks(&desk, self.of.incident).await?;
        let whom = whom_of(&self.of.whom)?;
        let mut own = all.clocks.iter().filter(|row| row.clock == self.of.clock);
        let clock = own.find(|row| whom.is_none() || row.whom == whom);
        let clock = clock.ok_or_else(|| OfficeError::new("not-found", "a drill has no reporting clocks"))?;
        let written = write_folder(&self.output, report_files(&draft, clock))?;
        Ok(show::written(&self.output, &written))
    }
}

impl With {
    fn event(
        self,
        desk: &Desk,
        at: Timestamp,
        (whom, amends): (Option<RoleSubject>, Option<u64>),
        happened: Happened,
    ) -> Result<StatedClockEvent> {
        let evidence =
            self.evidence.iter().map(|name| evidence_of(desk, name)).collect::<Result<Vec<ClockEvidence>>>()?;
        let (note, source) = (self.note.trim().to_owned(), String::new());
        Ok(StatedClockEvent { at, amends, happened, whom, note, source, evidence })
    }
}

/// Evidence by what somebody names: a document of the house, or a file.
pub fn evidence_of(desk: &Desk, name: &str) -> Result<ClockEvidence> {
    match is_document_name(name) {
        true => document_evidence(desk, name),
        false => file_evidence(Path::new(name)),
    }
}

async fn shown(context: &Context, house: &House, id: IncidentId, only: Option<Clock>) -> Result<Answer> {
    let desk = context.desk(house).await?;
    let mut found = house.incident_clocks(&desk, id).await?;
    found.clocks.retain(|row| only.is_none_or(|clock| clock == row.clock));
    Ok(show::clocks(&found))
}

async fn drafted(
    context: &Context,
    house: &House,
    of: &Of,
    step: ReportStep,
) -> Result<underpin_model::authority_reports::ReportDraft> {
    let desk = context.desk(house).await?;
    let watched = house.watch(&desk).await?;
    let wanted = DraftOf { clock: of.clock, step, whom: whom_of(&of.whom)? };
    house.report_draft(&desk, &watched, of.incident, wanted).await
}
