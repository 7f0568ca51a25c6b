// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was decided about vulnerabilities, and decisions that are made, agreed to and taken back.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::watch::{Justification, Place, Status};
use underpin_office::Desk;
use underpin_office::watch::decisions::{DecisionRow, Ruling};
use underpin_office::watch::triage::in_whose_name;

use super::BASE;
use super::call::Call;
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/decisions" decisions Findings "Decisions, the newest first, with what they come to")
            .paged()
            .asks::<Asked>()
            .gives::<Paged<Rows<DecisionRow>>>(),
        endpoint!(GET "/decisions/{decision}" decision Findings "A decision").timed().gives::<DecisionRow>(),
        endpoint!(POST "/decisions" decide Findings "Decides about a vulnerability, where one may")
            .act(Act::Decide)
            .makes()
            .sends::<NewDecision>()
            .gives::<Decided>(),
        endpoint!(POST "/decisions/{decision}/approve" approve_decision Findings "Agrees to a decision of somebody else")
            .act(Act::Approve)
            .gives::<Decided>(),
        endpoint!(POST "/decisions/{decision}/withdraw" withdraw_decision Findings "Takes a decision back: what it closed is open again")
            .act(Act::Decide)
            .sends::<Reason>()
            .gives::<Decided>(),
    ]
}

/// What a decision comes to.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum State {
    InForce,
    WaitsForApproval,
    Withdrawn,
    Expired,
    NotYet,
}

/// Parameters: which decisions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// What they come to.
    state: Option<State>,
    /// Only those in force that should be looked at again or end within so many days.
    due_within_days: Option<u32>,
}

async fn decisions(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Asked, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let watched = call.house.watched(&seat).await?;
    let mut rows = match asked.due_within_days {
        Some(days) => watched.decisions_due(days),
        None => watched.decision_rows(),
    };
    let word = asked.state.map(|state| match state {
        State::InForce => "in force",
        State::WaitsForApproval => "waits for approval",
        State::Withdrawn => "withdrawn",
        State::Expired => "expired",
        State::NotYet => "not yet",
    });
    rows.retain(|row| word.is_none_or(|word| row.state == word));
    call.give_rows(&seat, &walk, rows)
}

async fn decision(call: Call) -> Result<Reply, Problem> {
    let id = call.number("decision")?;
    let seat = call.seat().await?;
    let rows = call.house.watched(&seat).await?.decision_rows();
    let row = rows.into_iter().find(|row| row.decision_made.id == id).ok_or_else(Problem::not_found)?;
    call.give(&seat, &row)
}

/// Where a decision is to hold.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "DecisionPlace")]
pub enum NewPlace {
    /// An artefact of a system, by digest or name.
    Artefact {
        /// The system.
        system: String,
        /// Digest or name.
        artefact: String,
    },
    /// A system.
    System(String),
    /// An agency with everything below it.
    Agency(String),
    /// The whole government.
    Government,
}

impl NewPlace {
    /// The place, where it is there.
    ///
    /// # Errors
    /// `not-found`, or what the desk says about the name.
    pub fn place(&self, desk: &Desk) -> Result<Place, Problem> {
        Ok(match self {
            Self::Artefact { system, artefact } => {
                let system = desk.system_called(system)?.id.clone();
                let artefact = desk.artefact_called(&system, artefact)?;
                Place::Artefact { system, artefact }
            }
            Self::System(system) => Place::System(desk.system_called(system)?.id.clone()),
            Self::Agency(agency) => Place::Agency(desk.agency_called(agency)?.id.clone()),
            Self::Government => Place::Government,
        })
    }
}

/// A decision to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDecision {
    /// The vulnerability, by any of its names.
    #[schemars(length(min = 1))]
    vulnerability: String,
    /// The package: a purl with a version, or without one for every version; every package when left out.
    #[serde(default)]
    package: String,
    /// Where it holds.
    place: NewPlace,
    /// What is decided.
    status: Status,
    /// Why it is not affected: needed for `not_affected`.
    justification: Option<Justification>,
    /// Why, in words.
    #[schemars(length(min = 1))]
    reason: String,
    /// What is to be done.
    #[serde(default)]
    action: String,
    /// When it should be looked at again.
    review: Option<Timestamp>,
    /// When it ends by itself.
    expires: Option<Timestamp>,
    /// Whether a second person must agree before it holds.
    #[serde(default)]
    needs_approval: bool,
}

/// Decisions that were made or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Decided")]
pub struct Decided {
    /// Their numbers.
    pub decisions: Vec<String>,
    /// Where readers of the decision may not know what it rests on.
    pub note: Option<String>,
}

async fn decide(call: Call) -> Result<Reply, Problem> {
    let sent: NewDecision = call.sent()?;
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    let author = call.author().await?;
    let place = sent.place.place(&seat.desk)?;
    let note = watched.told_too_widely(&seat.desk, &sent.vulnerability, &place);
    let ruling = Ruling {
        agency: in_whose_name(&author.viewer, &seat.desk, &place),
        place,
        status: sent.status,
        justification: sent.justification,
        reason: sent.reason,
        action: sent.action,
        valid_from: author.at,
        review: sent.review,
        expires: sent.expires,
        needs_approval: sent.needs_approval,
    };
    let made = call.house.house.decide(watched, &author, &sent.vulnerability, &sent.package, &ruling).await?;
    let decisions: Vec<String> = made.iter().map(ToString::to_string).collect();
    let location = decisions.first().map(|id| format!("{BASE}/decisions/{id}"));
    let reply = Reply::json(StatusCode::CREATED, &Decided { decisions, note })?;
    Ok(reply.header(header::LOCATION, location.unwrap_or_default()))
}

async fn approve_decision(call: Call) -> Result<Reply, Problem> {
    let id = call.number("decision")?;
    call.house.house.approve_decision(&call.author().await?, id).await?;
    call.say(&Decided { decisions: vec![id.to_string()], note: None })
}

async fn withdraw_decision(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let id = call.number("decision")?;
    call.house.house.withdraw_decision(&call.author().await?, id, &sent.reason).await?;
    call.say(&Decided { decisions: vec![id.to_string()], note: None })
}
