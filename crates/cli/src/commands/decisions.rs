// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeSet;

use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::{DecisionId, Justification, Place, Status, Tlp};
use underpin_office::watch::decisions::{Bulk, DecisionRow, Ruling};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::vex_out::{FORMATS, Head};
use underpin_office::{OfficeError, Result};

use super::findings::{Filters, marked};
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print, write};

/// Decide about vulnerabilities: once, for as much of the government as it holds for
#[derive(Debug, clap::Args)]
pub struct Decisions {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    List(List),
    Make(Box<Make>),
    Approve(Approve),
    Withdraw(Withdraw),
    Export(Export),
    Fold(Fold),
}

/// Write the decisions that hold as VEX, for others and their tools
///
/// A decision for a system or an agency is written as the package inside that product, never as a word about the package everywhere.
#[derive(Debug, clap::Args)]
struct Export {
    /// csaf-2.0, csaf-2.1, openvex or cyclonedx-1.6
    #[arg(long = "as", value_name = "FORMAT", value_parser = FORMATS)]
    form: String,
    /// Address of the publisher, such as https://ospo.example.gov
    #[arg(long, value_name = "ADDRESS")]
    publisher: String,
    /// Identifier of the document
    #[arg(long, value_name = "ID", default_value = "decisions")]
    id: String,
    /// Title of the document
    #[arg(long, value_name = "TEXT", default_value = "Decisions about vulnerabilities")]
    title: String,
    /// How far it may be passed on: clear, green, amber, amber+strict or red
    #[arg(long, value_name = "LABEL", default_value = "amber")]
    tlp: Tlp,
}

/// Fold thousands of findings into the few upgrades that settle most of them
#[derive(Debug, clap::Args)]
struct Fold {
    #[command(flatten)]
    filters: Filters,
}

impl Fold {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let folded = house.watch(&desk).await?.fold(&desk, &self.filters.query(None))?;
        let rows: Vec<serde_json::Value> =
            folded.decisions.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
        let cells = folded.decisions.iter().map(|row| {
            let percent = format!("{} %", row.so_far_percent);
            let to = dash(&row.to.join(", "));
            vec![row.decision.to_owned(), row.what.clone(), to, dash(&row.system), row.settles.to_string(), percent]
        });
        let answer = Answer {
            json: serde_json::to_value(&folded).unwrap_or_default(),
            rows,
            head: vec![format!(
                "{}, {} of them decided already; {} left after this list.",
                counted(folded.total, "finding", "findings"),
                folded.decided,
                folded.left
            )],
            columns: columns(&["Decision", "What", "To", "System", "Settles", "So far"]),
            cells: cells.collect(),
            ..Answer::default()
        };
        print(&answer, context.printing())?;
        Ok(false)
    }
}

/// What a decision comes to today.
const STATES: [&str; 5] = ["in force", "waits for approval", "withdrawn", "expired", "not yet"];

/// All decisions, the newest first, with what they come to today
#[derive(Debug, clap::Args)]
struct List {
    /// Only those in this state: 'in force', 'waits for approval', withdrawn, expired, 'not yet'
    #[arg(long, value_name = "STATE", value_parser = STATES)]
    state: Option<String>,
    /// Only those in force whose day of review or end has come
    #[arg(long)]
    due: bool,
    /// … or comes within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 0, requires = "due")]
    within: u32,
}

/// Decide about a vulnerability, or about all findings that are asked for
///
/// A reason that is bound to a place ("the code is never reached") holds for a system or an artefact only. A finding is never taken
/// away: it gets another state as long as the decision holds, and is open again when it ends.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin decisions make CVE-2021-44228 --in-system payroll --as fixed --reason 'patched'"
)]
struct Make {
    /// The vulnerability; without it, every pair of vulnerability and package version among the findings asked for with the filters
    #[arg(value_name = "VULNERABILITY")]
    vulnerability: Option<String>,
    /// The package: a purl with version (that version) or without (every version); all packages when not given
    #[arg(long, value_name = "PURL", requires = "vulnerability", conflicts_with = "package")]
    purl: Option<String>,
    /// It holds for this system
    #[arg(long, value_name = "SYSTEM", conflicts_with_all = ["in_agency", "in_government"])]
    in_system: Option<String>,
    /// … and there for this artefact only: by its digest that very build, by its name newer ones, too
    #[arg(long, value_name = "ARTEFACT", requires = "in_system")]
    in_artefact: Option<String>,
    /// It holds for this agency and everything below it
    #[arg(long, value_name = "AGENCY", conflicts_with = "in_government")]
    in_agency: Option<String>,
    /// It holds for the whole government
    #[arg(long)]
    in_government: bool,
    /// affected, not-affected, fixed or under-investigation
    #[arg(id = "decided_status", long = "as", value_name = "STATUS", required = true)]
    status: Status,
    /// Why it is not affected (component-not-present, vulnerable-code-not-present, vulnerable-code-not-in-execute-path, …)
    #[arg(long, value_name = "WORD")]
    justification: Option<Justification>,
    /// Why, in words
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
    /// What is to be done
    #[arg(long, value_name = "TEXT", default_value = "")]
    action: String,
    /// In the name of this agency
    #[arg(long, value_name = "AGENCY")]
    for_agency: Option<String>,
    /// When it should be looked at again
    #[arg(long, value_name = "TIME")]
    review: Option<Timestamp>,
    /// When it ends by itself
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,
    /// It holds only once another person has agreed
    #[arg(long)]
    four_eyes: bool,
    /// Show what would be decided about, and decide nothing
    #[arg(long, conflicts_with = "vulnerability")]
    dry_run: bool,
    /// Decide only if these are exactly so many decisions, as --dry-run says
    #[arg(long, value_name = "N", conflicts_with = "vulnerability")]
    expect: Option<usize>,
    #[command(flatten)]
    filters: Filters,
}

/// Agree to a decision that needs a second person
#[derive(Debug, clap::Args)]
struct Approve {
    /// The decision, as V12
    #[arg(value_name = "DECISION")]
    decision: DecisionId,
}

/// Take a decision back: the findings it closed are open again
#[derive(Debug, clap::Args)]
struct Withdraw {
    /// The decision, as V12
    #[arg(value_name = "DECISION")]
    decision: DecisionId,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

impl Decisions {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::List(command) => command.run(context).await,
            What::Make(command) => command.run(context).await,
            What::Export(command) => command.run(context).await,
            What::Fold(command) => command.run(context).await,
            What::Approve(command) => {
                let house = context.existing().await?;
                house.approve_decision(&context.author(&house).await?, command.decision).await?;
                said(context, format!("{} is approved and holds now.", command.decision), &[command.decision])
            }
            What::Withdraw(command) => {
                let house = context.existing().await?;
                house.withdraw_decision(&context.author(&house).await?, command.decision, &command.reason).await?;
                said(context, format!("{} is withdrawn.", command.decision), &[command.decision])
            }
        }
    }
}

impl Export {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let head = Head { id: self.id, title: self.title, author: self.publisher, tlp: self.tlp };
        let given = house.watch(&desk).await?.decisions_as(&self.form, &head)?;
        write(given.text.as_bytes())?;
        if !context.global.quiet {
            // One of the formats has no place for it inside.
            crate::output::tell(underpin_model::COLLECTION_NOTE);
        }
        if given.left_out > 0 && !context.global.quiet {
            eprintln!(
                "{} decisions are in it; {} are not: they name no package, or the format cannot say them",
                given.decisions, given.left_out
            );
        }
        Ok(false)
    }
}

fn said(context: &Context, line: String, ids: &[DecisionId]) -> Result<bool> {
    said_with(context, line, ids, None)
}

fn said_with(context: &Context, line: String, ids: &[DecisionId], note: Option<String>) -> Result<bool> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = ids.iter().map(|id| serde_json::json!({ "decision": id })).collect();
    let mut answer =
        Answer { json: serde_json::json!({ "decisions": ids }), rows, head: vec![line], ..Answer::default() };
    if let Some(note) = note {
        answer.json["note"] = note.as_str().into();
        answer.notes.push(note);
    }
    print(&answer, context.printing_all())?;
    Ok(false)
}

impl Make {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let author = context.author(&house).await?;
        let desk = context.desk_at(&house, None).await?;
        let ruling = self.ruling(&desk, author.at)?;
        let watched = house.watch(&desk).await?;
        let query = self.filters.query(None);
        if self.dry_run || self.expect.is_some() {
            let bulk = watched.meant(&desk, &query)?;
            if self.dry_run {
                print(&preview(&bulk), context.printing_all())?;
                return Ok(false);
            }
            self.confirm(&bulk)?;
        }
        let told = self.told_too_widely(&watched, &desk, &query, &ruling.place)?;
        let made = match &self.vulnerability {
            Some(name) => {
                let package = self.purl.as_deref().unwrap_or_default();
                house.decide(&watched, &author, name, package, &ruling).await?
            }
            None => house.decide_all(&watched, &desk, &author, &query, &ruling).await?,
        };
        let waits = if self.four_eyes { " They hold once another person has agreed." } else { "" };
        let line = match made.as_slice() {
            [] => "No finding is meant; nothing was decided.".to_owned(),
            [one] => format!("Decided: {one}.{waits}"),
            [first, .., last] => format!("{} decisions made: {first} to {last}.{waits}", made.len()),
        };
        let told = told.filter(|_| !made.is_empty());
        said_with(context, line, &made, told)
    }

    /// Where readers of the decisions may not know what they rest on.
    fn told_too_widely(
        &self,
        watched: &Watched,
        desk: &underpin_office::Desk,
        query: &FindingsQuery,
        place: &Place,
    ) -> Result<Option<String>> {
        if let Some(name) = &self.vulnerability {
            return Ok(watched.told_too_widely(desk, name, place));
        }
        let Bulk { pairs, .. } = watched.meant(desk, query)?;
        let names: BTreeSet<String> = pairs.into_iter().map(|(vulnerability, _)| vulnerability).collect();
        Ok(names.iter().find_map(|name| watched.told_too_widely(desk, name, place)))
    }

    fn confirm(&self, bulk: &Bulk) -> Result<()> {
        match self.expect {
            Some(expected) if expected != bulk.pairs.len() => Err(OfficeError::new(
                "count-differs",
                format!(
                    "it would be {}, not {expected}; nothing was decided",
                    counted(bulk.pairs.len() as u64, "decision", "decisions")
                ),
            )
            .hint("look at them with --dry-run, then give their number with --expect")),
            _ => Ok(()),
        }
    }

    fn ruling(&self, desk: &underpin_office::Desk, at: Timestamp) -> Result<Ruling> {
        let place = match (&self.in_system, &self.in_artefact, &self.in_agency, self.in_government) {
            (Some(system), artefact, None, false) => {
                let system = SystemId(desk.system_called(system)?.id.0.clone());
                match artefact {
                    Some(artefact) => {
                        let artefact = desk.artefact_called(&system, artefact)?;
                        Place::Artefact { system, artefact }
                    }
                    None => Place::System(system),
                }
            }
            (None, None, Some(agency), false) => Place::Agency(AgencyId(desk.agency_called(agency)?.id.0.clone())),
            (None, None, None, true) => Place::Government,
            _ => {
                return Err(usage(
                    "it is not said where the decision holds",
                    "name one of --in-system, --in-agency or --in-government",
                ));
            }
        };
        let agency = self.for_agency.as_deref().map(|name| desk.agency_called(name)).transpose()?;
        Ok(Ruling {
            place,
            status: self.status,
            justification: self.justification,
            reason: self.reason.clone(),
            action: self.action.clone(),
            agency: agency.map(|agency| agency.id.clone()),
            valid_from: at,
            review: self.review,
            expires: self.expires,
            needs_approval: self.four_eyes,
        })
    }
}

fn preview(bulk: &Bulk) -> Answer {
    let rows = bulk.pairs.iter();
    let rows: Vec<_> = rows
        .map(|(vulnerability, package)| serde_json::json!({ "vulnerability": vulnerability, "package": package }))
        .collect();
    let json = serde_json::json!({ "findings": bulk.findings, "decisions": rows.len(), "rows": rows });
    let (findings, decisions) =
        (counted(bulk.findings, "finding", "findings"), counted(rows.len() as u64, "decision", "decisions"));
    let head = vec![format!("{findings}; it would be {decisions}. Nothing was decided.")];
    let cells = bulk.pairs.iter().map(|(vulnerability, package)| vec![vulnerability.clone(), package.clone()]);
    let columns = columns(&["vulnerability", "package"]);
    Answer {
        json,
        fields: &["vulnerability", "package"],
        rows,
        head,
        columns,
        cells: cells.collect(),
        ..Answer::default()
    }
}

impl List {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let watched = house.watch(&desk).await?;
        let mut rows = if self.due { watched.decisions_due(self.within) } else { watched.decision_rows() };
        rows.retain(|row| self.state.as_ref().is_none_or(|state| *state == row.state));
        print(&listed(&rows), context.printing_all())?;
        Ok(false)
    }
}

const LIST_FIELDS: [&str; 22] = [
    "decision",
    "state",
    "without_effect",
    "is_due_for_review",
    "tlp",
    "vulnerability",
    "package",
    "place",
    "status",
    "justification",
    "reason",
    "action",
    "author",
    "agency",
    "origin",
    "valid_from",
    "review",
    "expires",
    "recorded",
    "needs_approval",
    "approved",
    "withdrawn",
];

fn listed(rows: &[DecisionRow]) -> Answer {
    let json = serde_json::to_value(rows).unwrap_or_default();
    let rows_json = json.as_array().cloned().unwrap_or_default();
    let mut answer = Answer { rows: rows_json, json, fields: &LIST_FIELDS, ..Answer::default() };
    answer.columns =
        columns(&["decision", "state", "vulnerability", "package", "where", "as", "why", "by", "review", "until"]);
    for row in rows {
        let made = &row.decision_made;
        let mut state = row.state.to_owned();
        if let Some(why) = row.without_effect {
            state.push_str(&format!(", without effect ({why})"));
        }
        if row.is_due_for_review {
            state.push_str(", due for review");
        }
        answer.cells.push(vec![
            row.decision.clone(),
            state,
            marked(&made.vulnerability, row.tlp),
            if made.package.is_empty() { "every package".to_owned() } else { made.package.clone() },
            place(&made.place),
            made.status.as_str().to_owned(),
            made.justification.map_or_else(|| made.reason.clone(), |why| format!("{}: {}", why.as_str(), made.reason)),
            made.author.clone(),
            dash(&made.review.map(|moment| moment.date()).unwrap_or_default()),
            dash(&made.expires.map(|moment| moment.date()).unwrap_or_default()),
        ]);
    }
    answer.head.push(match rows.len() {
        0 => "No decisions.".to_owned(),
        1 => "1 decision.".to_owned(),
        many => format!("{many} decisions."),
    });
    answer
}

fn place(place: &Place) -> String {
    match place {
        Place::Artefact { system, artefact } => format!("artefact {artefact} of {system}"),
        Place::System(system) => format!("system {system}"),
        Place::Agency(agency) => format!("agency {agency}"),
        Place::Government => "the whole government".to_owned(),
    }
}
