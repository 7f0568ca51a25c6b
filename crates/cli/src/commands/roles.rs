// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_model::compass::{ConsultationId, OfficeRole, RoleState, RoleStep, RoleSwitch, SoftwareStage};
use underpin_office::Result;
use underpin_office::compass::roles::{MeasureRow, RoleRow, RoleStepRow, RolesAnswer, SwitchStanding};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print};

/// The role planner: which roles of the office are active, planned, retired, what each rests on, and what comes next
///
/// With a role and `--to` it switches: what is not active is not on screen, and what was kept is kept. A role starts or changes after a
/// consultation that was closed with every comment answered, or with an exception that everybody reads. A role about which nobody ever
/// said anything counts as active.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin roles\n  underpin roles supporter --measures\n  underpin roles supporter --to active --from 2026-05-01 --reason 'A year of trial' --consultation U1"
)]
pub struct Roles {
    /// One role: coordinator, role-model, supporter or regulator
    #[arg(value_name = "ROLE")]
    role: Option<OfficeRole>,
    /// Each measure in each stage of the life of software
    #[arg(long, conflicts_with = "steps")]
    measures: bool,
    /// What was switched when, and what led there
    #[arg(long)]
    steps: bool,
    /// Switch it: planned, active or retired
    #[arg(long, value_name = "STATE", requires_all = ["role", "reason"])]
    to: Option<RoleState>,
    /// Of the role, this measure alone
    #[arg(long, value_name = "MEASURE", requires = "to")]
    measure: Option<String>,
    /// Of the measure, this stage alone
    #[arg(long, value_name = "STAGE", requires = "measure")]
    stage: Option<SoftwareStage>,
    /// From when on; now when left out
    #[arg(long, value_name = "TIME", requires = "to")]
    from: Option<Timestamp>,
    /// Why
    #[arg(long, value_name = "TEXT", requires = "to")]
    reason: Option<String>,
    /// The consultation that led there
    #[arg(long, value_name = "CONSULTATION", requires = "to")]
    consultation: Option<ConsultationId>,
    /// Why there was no time to hear anybody, in words that everybody reads
    #[arg(long, value_name = "TEXT", requires = "to", conflicts_with = "consultation")]
    urgent: Option<String>,
}

impl Roles {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let role = self.role;
        let (measures, steps) = (self.measures, self.steps);
        let desk = match self.to {
            Some(state) => {
                let author = context.author(&house).await?;
                let step = RoleStep {
                    switch: RoleSwitch {
                        role: role.ok_or_else(|| usage("no role is named", "name one of the four"))?,
                        measure: self.measure,
                        stage: self.stage,
                    },
                    state,
                    from: self.from.unwrap_or(author.at),
                    reason: self.reason.unwrap_or_default(),
                    consultation: self.consultation,
                    exception: self.urgent,
                };
                house.take_role_step(&author, &step).await?;
                context.desk_at(&house, None).await?
            }
            None => context.desk(&house).await?,
        };
        let found = house.roles(&desk).await?;
        let answer = match (measures, steps) {
            (true, _) => of_measures(&found, role),
            (_, true) => of_steps(&found, role),
            _ => of_roles(&found, role),
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn asked(role: Option<OfficeRole>, own: OfficeRole) -> bool {
    role.is_none_or(|role| role == own)
}

fn since(standing: &SwitchStanding) -> String {
    match (standing.since, standing.is_assumed) {
        (Some(since), _) => since.date(),
        (None, true) => "nobody said".to_owned(),
        (None, false) => String::new(),
    }
}

fn coming(standing: &SwitchStanding) -> String {
    match (standing.coming, standing.coming_from) {
        (Some(state), Some(from)) => format!("{} from {}", state.as_str(), from.date()),
        _ => String::new(),
    }
}

fn rows<T: serde::Serialize>(rows: &[&T]) -> Vec<serde_json::Value> {
    rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect()
}

fn begun(found: &RolesAnswer) -> Answer {
    let notes = vec![snapshot_line(found.overview.snapshot, found.overview.as_of)];
    Answer { json: serde_json::to_value(found).unwrap_or_default(), notes, ..Answer::default() }
}

fn of_roles(found: &RolesAnswer, role: Option<OfficeRole>) -> Answer {
    const FIELDS: [&str; 8] =
        ["role", "state", "since", "is_assumed", "active_measures", "measures", "next", "next_about"];
    let own: Vec<&RoleRow> = found.roles.iter().filter(|one| asked(role, one.role)).collect();
    let mut answer = Answer { fields: &FIELDS, rows: rows(&own), ..begun(found) };
    answer.columns = columns(&["role", "state", "since", "to come", "measures", "rests on", "next"]);
    for one in own {
        let count = |outcome: &str| one.prerequisites.iter().filter(|each| each.outcome == outcome).count();
        answer.cells.push(vec![
            one.role.as_str().to_owned(),
            one.standing.state.as_str().to_owned(),
            since(&one.standing),
            dash(&coming(&one.standing)),
            format!("{} of {}", one.active_measures, one.measures),
            format!("{} met, {} not, {} unknown", count("met"), count("not-met"), count("unknown")),
            format!("{} {}", one.next, one.next_about.as_deref().unwrap_or_default()).trim_end().to_owned(),
        ]);
    }
    if role.is_some() {
        let needed = found.roles.iter().filter(|one| asked(role, one.role)).flat_map(|one| &one.prerequisites);
        answer.notes.splice(
            0..0,
            needed.map(|one| {
                let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
                format!("{}: {} ({} of {})", one.code, one.outcome, number(one.count), number(one.of))
            }),
        );
    }
    answer
}

fn of_measures(found: &RolesAnswer, role: Option<OfficeRole>) -> Answer {
    const FIELDS: [&str; 7] = ["role", "measure", "stage", "state", "since", "is_assumed", "is_inherited"];
    let own: Vec<&MeasureRow> = found.rows.iter().filter(|one| asked(role, one.role)).collect();
    let mut answer = Answer { fields: &FIELDS, rows: rows(&own), ..begun(found) };
    answer.columns = columns(&["role", "measure", "stage", "state", "since", "to come"]);
    for one in own {
        answer.cells.push(vec![
            one.role.as_str().to_owned(),
            one.measure.to_owned(),
            one.stage.to_owned(),
            one.standing.state.as_str().to_owned(),
            since(&one.standing),
            dash(&coming(&one.standing)),
        ]);
    }
    answer
}

fn of_steps(found: &RolesAnswer, role: Option<OfficeRole>) -> Answer {
    const FIELDS: [&str; 9] =
        ["number", "about", "state", "from", "reason", "by_consultation", "exception", "changed", "written"];
    let own: Vec<&RoleStepRow> = found.steps.iter().filter(|one| asked(role, one.step.switch.role)).collect();
    let mut answer = Answer { fields: &FIELDS, rows: rows(&own), ..begun(found) };
    answer.columns = columns(&["step", "what", "state", "from", "why", "led there", "what changed", "by"]);
    for one in own {
        let heard = one.heard.iter().map(|group| format!("{} {}", group.count, group.kind.as_str()));
        let heard = heard.collect::<Vec<_>>().join(", ");
        let led = match (&one.by_consultation, &one.step.exception) {
            (Some(id), _) => format!("{id}: {} comments; heard: {}", one.comments.unwrap_or(0), dash(&heard)),
            (None, Some(urgent)) => format!("nobody was heard: {urgent}"),
            (None, None) => String::new(),
        };
        answer.cells.push(vec![
            one.number.to_string(),
            one.about.clone(),
            one.step.state.as_str().to_owned(),
            one.step.from.date(),
            one.step.reason.clone(),
            dash(&led),
            dash(one.changed.as_deref().unwrap_or_default()),
            one.actor.clone(),
        ]);
    }
    answer
}
