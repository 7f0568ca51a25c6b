// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::engagement::{CommitmentId, Milestone, Share};
use underpin_model::{Money, Timestamp};
use underpin_office::supporter::commitments::{CommitmentChange, CommitmentRow, CommitmentsAnswer, NewCommitment};
use underpin_office::supporter::public_promises::{PublicPromises, SafeTotal};
use underpin_office::supporter::{InterventionCode, Weights};
use underpin_office::{Desk, House, OfficeError, Result};
use underpin_render::{Language, text};

use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, print};

/// Promises to upstream projects: propose, approve with a second person, show the public work, pay, take back
///
/// How a promise stands follows from dates and public work alone. Merging stays the project's choice: a milestone is something that
/// can be looked at, never a merged change.
#[derive(Debug, clap::Args)]
pub struct Commitments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Propose(Box<Propose>),
    /// All promises, and how they stand
    List,
    /// One promise, with its parts, who pays, and who else pays for the same
    Show(One),
    Public(Public),
    /// Approve a promise that somebody else proposed: now it holds
    Approve(One),
    Work(Work),
    Pay(Pay),
    Withdraw(Withdraw),
}

/// Propose a promise; it holds when a second person approves it
#[derive(Debug, clap::Args)]
struct Propose {
    /// Its repository, a package of it, or the last part of one of these
    #[arg(value_name = "PROJECT")]
    project: String,
    /// The instrument, as `plan --instruments` names it
    #[arg(long, value_name = "INSTRUMENT", required = true)]
    activity: InterventionCode,
    /// When it begins
    #[arg(long, value_name = "DAY", required = true)]
    from: Timestamp,
    /// When it ends
    #[arg(long, value_name = "DAY", required = true)]
    until: Timestamp,
    /// A part: the day by which it is there, what is paid for it in euro, and what it is, as '2026-09-30 60000 The report'
    #[arg(long, value_name = "DAY EURO TITLE", required = true, value_parser = milestone)]
    milestone: Vec<Milestone>,
    /// Why, and by which legal route
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
    /// A pooled offer: agencies pay in proportion to how much they depend on the project
    #[arg(long)]
    pool: bool,
    /// Who pays, and how much in euro
    #[arg(long, value_name = "AGENCY=EURO", value_parser = share, conflicts_with = "pool")]
    paid_by: Vec<Share>,
}

/// What everybody may see: promises that hold, to projects that agreed to be named
///
/// The web house shows the same at /promises, without signing in, where `publish_promises = true` stands in the table [web] of the
/// configuration.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  underpin commitment public --accounts accounting.csv")]
struct Public {
    /// All payments, as accounts in a CSV file
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The promise, as K3
    #[arg(value_name = "COMMITMENT")]
    commitment: CommitmentId,
}

/// The public work of a part is there
#[derive(Debug, clap::Args)]
struct Work {
    /// The promise, as K3
    #[arg(value_name = "COMMITMENT")]
    commitment: CommitmentId,
    /// Which part, from 1
    #[arg(value_name = "PART", value_parser = clap::value_parser!(u16).range(1..))]
    part: u16,
    /// Its address: a release, a report, a change that was offered
    #[arg(value_name = "URL")]
    address: String,
    /// When it became public; now when left out
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// A part was paid
#[derive(Debug, clap::Args)]
struct Pay {
    /// The promise, as K3
    #[arg(value_name = "COMMITMENT")]
    commitment: CommitmentId,
    /// Which part, from 1
    #[arg(value_name = "PART", value_parser = clap::value_parser!(u16).range(1..))]
    part: u16,
    /// How much, in euro
    #[arg(value_name = "EURO")]
    amount: Money,
}

/// Take a promise back, with a reason that the public reads
#[derive(Debug, clap::Args)]
struct Withdraw {
    /// The promise, as K3
    #[arg(value_name = "COMMITMENT")]
    commitment: CommitmentId,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

impl Public {
    async fn run(self, house: &House, desk: &Desk) -> Result<Answer> {
        let public = house.promises_to_publish(desk).await?;
        let mut answer = shown_to_all(&public);
        if let Some(file) = &self.accounts {
            let office = text(Language::English, "house-name", &[]);
            std::fs::write(file, public.accounts(&office)).map_err(|error| OfficeError::file(file, &error))?;
            answer.notes.push(format!("All payments are in {}.", file.display()));
        }
        Ok(answer)
    }
}

fn shown_to_all(public: &PublicPromises) -> Answer {
    let json = serde_json::to_value(public).unwrap_or_default();
    let rows = json["promises"].as_array().cloned().unwrap_or_default();
    let cells = public.promises.iter().map(|one| {
        let work: Vec<&str> = one.parts.iter().filter_map(|part| part.work.as_deref()).collect();
        vec![
            one.number.clone(),
            one.project.clone(),
            one.activity.clone(),
            one.state.as_str().to_owned(),
            Money::from_cents(one.promised_cents).to_string(),
            Money::from_cents(one.paid_cents).to_string(),
            work.join("\n"),
        ]
    });
    let more = match public.unnamed {
        SafeTotal::Nothing => "Nothing is promised to others.".to_owned(),
        SafeTotal::About(count) => {
            format!("Something is promised to about {count} more, which did not agree to be named.")
        }
        SafeTotal::Withheld => "Something is promised to a few more, which did not agree to be named.".to_owned(),
    };
    Answer {
        head: vec![format!("{} may be read by everybody.", counted(rows.len() as u64, "promise", "promises"))],
        columns: columns(&["number", "project", "activity", "stands", "promised", "paid", "public work"]),
        cells: cells.collect(),
        fields: &["number", "project", "activity", "state", "promised_cents", "earned_cents", "paid_cents"],
        rows,
        json,
        notes: vec![more],
    }
}

fn milestone(text: &str) -> std::result::Result<Milestone, String> {
    let mut words = text.splitn(3, ' ');
    let (Some(due), Some(euro), Some(title)) = (words.next(), words.next(), words.next()) else {
        return Err("write day, euro and title, as in '2026-09-30 60000 The report is public'".to_owned());
    };
    let due: Timestamp = due.parse().map_err(|error| format!("{due}: {error}"))?;
    let payment: Money = euro.parse().map_err(|error| format!("{euro}: {error}"))?;
    Ok(Milestone { title: title.to_owned(), due, payment_cents: payment.cents(), evidence: None })
}

fn share(text: &str) -> std::result::Result<Share, String> {
    let (agency, euro) = text.split_once('=').ok_or("write AGENCY=EURO")?;
    let amount: Money = euro.parse().map_err(|error| format!("{euro}: {error}"))?;
    Ok(Share { agency: agency.into(), amount_cents: amount.cents() })
}

impl Commitments {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let change = async |id, what| -> Result<Answer> {
            house.change_commitment(&context.author(&house).await?, id, what).await?;
            let desk = context.desk_at(&house, None).await?;
            Ok(one(&house.commitment(&desk, id).await?))
        };
        let answer = match self.what {
            What::Propose(propose) => propose.run(context, &house).await?,
            What::List => list(&house.commitments(&context.desk(&house).await?).await?),
            What::Public(public) => public.run(&house, &context.desk(&house).await?).await?,
            What::Show(asked) => one(&house.commitment(&context.desk(&house).await?, asked.commitment).await?),
            What::Approve(asked) => change(asked.commitment, CommitmentChange::Approve).await?,
            What::Work(work) => {
                let at = match work.at {
                    Some(at) => at,
                    None => context.author(&house).await?.at,
                };
                let milestone = usize::from(work.part) - 1;
                change(work.commitment, CommitmentChange::Show { milestone, address: work.address, at }).await?
            }
            What::Pay(pay) => {
                let (milestone, amount_cents) = (usize::from(pay.part) - 1, pay.amount.cents());
                change(pay.commitment, CommitmentChange::Pay { milestone, amount_cents }).await?
            }
            What::Withdraw(asked) => {
                change(asked.commitment, CommitmentChange::Withdraw { reason: asked.reason }).await?
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Propose {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let ranking = desk.ranking(&Weights::default())?;
        let promised: Option<Money> =
            Money::checked_sum(self.milestone.iter().map(|one| Money::from_cents(one.payment_cents)));
        let promised = promised.ok_or_else(|| usage("that is more money than there is", "look at the milestones"))?;
        let shares = if self.pool { ranking.pool(&desk, &self.project, promised)? } else { self.paid_by };
        let new = NewCommitment {
            project: ranking.key_or_text(&self.project)?,
            activity: self.activity.as_str().to_owned(),
            from: self.from,
            until: self.until,
            milestones: self.milestone,
            reason: self.reason,
            shares,
        };
        let id = house.propose_commitment(&context.author(house).await?, new).await?;
        let desk = context.desk_at(house, None).await?;
        let mut answer = one(&house.commitment(&desk, id).await?);
        answer
            .notes
            .push(format!("{id} is no promise yet: a second person approves it (`underpin commitment approve {id}`)."));
        Ok(answer)
    }
}

fn euro(cents: i64) -> String {
    Money::from_cents(cents).to_string()
}

const FIELDS: [&str; 9] =
    ["number", "project", "activity", "state", "late_days", "promised_cents", "earned_cents", "paid_cents", "reason"];

fn list(found: &CommitmentsAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let told = found
        .states
        .iter()
        .filter(|one| one.commitments > 0)
        .map(|one| format!("{}: {} of {}", one.state.as_str(), one.commitments, euro(one.promised_cents)));
    let told: Vec<String> = told.collect();
    let promises = counted(found.rows.len() as u64, "promise", "promises");
    answer.head.push(if told.is_empty() {
        format!("{promises}.")
    } else {
        format!("{promises}; {}.", told.join("; "))
    });
    answer.columns =
        columns(&["number", "project", "what", "state", "late days", "promised", "earned", "paid", "also paid by"]);
    for row in &found.rows {
        let commitment = &row.record.commitment;
        let others =
            row.double_funding.iter().map(|one| one.funder.clone().unwrap_or_else(|| "this office".to_owned()));
        answer.cells.push(vec![
            commitment.id.to_string(),
            commitment.project.clone(),
            commitment.activity.clone(),
            row.state.to_owned(),
            row.late_days.to_string(),
            euro(row.promised_cents),
            euro(row.earned_cents),
            euro(row.paid_cents),
            others.collect::<Vec<_>>().join(", "),
        ]);
    }
    answer
}

fn one(row: &CommitmentRow) -> Answer {
    let commitment = &row.record.commitment;
    let mut head = vec![
        format!(
            "{}: {} of {}, {} to {}: {}.",
            commitment.id,
            commitment.activity,
            commitment.project,
            commitment.from.date(),
            commitment.until.date(),
            row.state
        ),
        format!(
            "Promised {}, earned {}, paid {}. Proposed by {}{}.",
            euro(row.promised_cents),
            euro(row.earned_cents),
            euro(row.paid_cents),
            row.record.proposed_by,
            row.record
                .approved
                .as_ref()
                .map(|(who, at)| format!(", approved by {who} on {}", at.date()))
                .unwrap_or_default()
        ),
        format!("Why: {}", row.record.reason),
    ];
    head.extend(commitment.withdrawn.as_ref().map(|one| format!("Withdrawn on {}: {}", one.at.date(), one.reason)));
    head.extend(row.double_funding.iter().map(|other| {
        let funder = other.funder.as_deref().unwrap_or("this office");
        let sure = if other.strength == "same" { "pays for the same" } else { "may pay for the same" };
        let days = other.common_days.map(|days| format!(", on {days} days")).unwrap_or_default();
        format!("Double funding: {funder} {sure}{days}. Talk to each other before anything is paid.")
    }));
    let shares = row.record.shares.iter().map(|share| format!("{} pays {}", share.agency.0, euro(share.amount_cents)));
    let cells = commitment.milestones.iter().zip(&row.milestone_states).enumerate().map(|(place, (part, state))| {
        let evidence = part.evidence.as_ref().map(|one| one.address.clone()).unwrap_or_default();
        vec![
            (place + 1).to_string(),
            part.title.clone(),
            part.due.date(),
            euro(part.payment_cents),
            (*state).to_owned(),
            evidence,
        ]
    });
    Answer {
        json: serde_json::to_value(row).unwrap_or_default(),
        head,
        columns: columns(&["part", "what", "due", "pays", "state", "public work"]),
        cells: cells.collect(),
        rows: serde_json::to_value(&commitment.milestones)
            .ok()
            .and_then(|rows| rows.as_array().cloned())
            .unwrap_or_default(),
        fields: &["title", "due", "payment_cents", "evidence"],
        notes: shares.collect(),
    }
}
