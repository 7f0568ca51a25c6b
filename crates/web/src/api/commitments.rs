// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Promises to projects: proposed by one person, approved by another; how they stand follows from public work and dates.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::engagement::{CommitmentId, Milestone, Share};
use underpin_model::interventions::InterventionCode;
use underpin_model::people::Act;
use underpin_office::supporter::commitments::{CommitmentChange, CommitmentRow, CommitmentsAnswer, NewCommitment};
use underpin_office::supporter::outcomes::OutcomesAnswer;

use super::BASE;
use super::call::Call;
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/commitments" commitments Inventory "Promises to projects, and how they stand")
            .act(Act::Rank)
            .paged()
            .gives::<Paged<CommitmentsAnswer>>(),
        endpoint!(GET "/commitments/{commitment}" commitment Inventory "One promise, with its parts, who pays, and who else pays for the same")
            .act(Act::Rank)
            .timed()
            .gives::<CommitmentRow>(),
        endpoint!(GET "/outcomes" outcomes Inventory "What was said before help began, and what came of it")
            .act(Act::Rank)
            .paged()
            .gives::<Paged<OutcomesAnswer>>(),
        endpoint!(POST "/commitments" propose_commitment Inventory "Proposes a promise; it holds when a second person approves it")
            .act(Act::Lead)
            .makes()
            .sends::<Proposed>()
            .gives::<CommitmentChanged>(),
        endpoint!(POST "/commitments/{commitment}/approve" approve_commitment Inventory "Approves a promise that somebody else proposed")
            .act(Act::Approve)
            .gives::<CommitmentChanged>(),
        endpoint!(POST "/commitments/{commitment}/work" show_work Inventory "The public work of a part is there")
            .act(Act::Lead)
            .sends::<Shown>()
            .gives::<CommitmentChanged>(),
        endpoint!(POST "/commitments/{commitment}/payments" pay_commitment Inventory "A part was paid")
            .act(Act::Lead)
            .sends::<Paid>()
            .gives::<CommitmentChanged>(),
        endpoint!(POST "/commitments/{commitment}/withdraw" withdraw_commitment Inventory "Takes a promise back, with a reason")
            .act(Act::Lead)
            .sends::<Reason>()
            .gives::<CommitmentChanged>(),
    ]
}

/// A part of a promise.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewMilestone")]
struct Part {
    /// What will be there.
    #[schemars(length(min = 1))]
    title: String,
    /// By when.
    due: Timestamp,
    /// What is paid when it is there, in cents.
    #[schemars(range(min = 0))]
    payment_cents: i64,
}

/// A promise to be proposed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewCommitment")]
struct Proposed {
    /// The project: its key, its repository, or a package of it.
    #[schemars(length(min = 1))]
    project: String,
    /// What is done.
    activity: InterventionCode,
    /// When it begins.
    from: Timestamp,
    /// When it ends.
    until: Timestamp,
    /// Its parts.
    #[schemars(length(min = 1))]
    milestones: Vec<Part>,
    /// Why, and by which legal route.
    #[schemars(length(min = 1))]
    reason: String,
    /// Who pays; none while that is not said.
    #[serde(default)]
    shares: Vec<Share>,
}

/// The public work of a part.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MilestoneWork")]
struct Shown {
    /// Which part: its place, from 0.
    milestone: usize,
    /// Address of the work, beginning with `https://`.
    address: String,
    /// When it became public.
    at: Timestamp,
}

/// A payment.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MilestonePayment")]
struct Paid {
    /// For which part: its place, from 0.
    milestone: usize,
    /// How much, in cents.
    #[schemars(range(min = 1))]
    amount_cents: i64,
}

/// A promise that was proposed or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CommitmentChanged")]
struct CommitmentChanged {
    /// Number, as `K3`.
    commitment: String,
}

async fn commitments(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.commitments(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn commitment(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let row = call.house.house.commitment(&seat.desk, call.number("commitment")?).await?;
    call.give(&seat, &row)
}

async fn outcomes(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.outcomes(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn propose_commitment(call: Call) -> Result<Reply, Problem> {
    let sent: Proposed = call.sent()?;
    let seat = call.seat().await?;
    let part =
        |part: Part| Milestone { title: part.title, due: part.due, payment_cents: part.payment_cents, evidence: None };
    let new = NewCommitment {
        project: seat.ranking().await?.key_or_text(&sent.project)?,
        activity: sent.activity.as_str().to_owned(),
        from: sent.from,
        until: sent.until,
        milestones: sent.milestones.into_iter().map(part).collect(),
        reason: sent.reason,
        shares: sent.shares,
    };
    let id = call.house.house.propose_commitment(&call.author().await?, new).await?;
    let reply = Reply::json(StatusCode::CREATED, &CommitmentChanged { commitment: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/commitments/{id}")))
}

async fn changed(call: Call, what: CommitmentChange) -> Result<Reply, Problem> {
    let id: CommitmentId = call.number("commitment")?;
    call.house.house.change_commitment(&call.author().await?, id, what).await?;
    call.say(&CommitmentChanged { commitment: id.to_string() })
}

async fn approve_commitment(call: Call) -> Result<Reply, Problem> {
    changed(call, CommitmentChange::Approve).await
}

async fn show_work(call: Call) -> Result<Reply, Problem> {
    let Shown { milestone, address, at } = call.sent()?;
    changed(call, CommitmentChange::Show { milestone, address, at }).await
}

async fn pay_commitment(call: Call) -> Result<Reply, Problem> {
    let Paid { milestone, amount_cents } = call.sent()?;
    changed(call, CommitmentChange::Pay { milestone, amount_cents }).await
}

async fn withdraw_commitment(call: Call) -> Result<Reply, Problem> {
    let Reason { reason } = call.sent()?;
    changed(call, CommitmentChange::Withdraw { reason }).await
}
