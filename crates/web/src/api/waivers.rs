// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules over the house: who need not keep a rule for a while, who asked for that, and who granted it.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::waivers::{WaiverChange, WaiverState};
use underpin_office::OfficeError;
use underpin_office::regulator::{WaiverQuery, WaiverWish, WaiversAnswer, house_rule};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/waivers" waivers Inventory "Waivers of rules over the house within sight: those that wait first, then those that hold")
            .asks::<WaiversAsked>()
            .paged()
            .gives::<Paged<WaiversAnswer>>(),
        endpoint!(POST "/waivers" propose_waiver Inventory "Asks that a rule need not be kept by one subject until a day; somebody else has to grant it")
            .act(Act::Decide)
            .makes()
            .sends::<NewRuleWaiver>()
            .gives::<WaiverChanged>(),
        endpoint!(POST "/waivers/{waiver}/events" change_waiver Inventory "Grants, refuses or withdraws a waiver; nobody answers their own")
            .act(Act::Decide)
            .sends::<WaiverHappened>()
            .gives::<WaiverChanged>(),
    ]
}

/// Which waivers are looked at.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WaiversAsked {
    /// Those of a rulebook, or of a rule of it, as `end-of-life/platforms`.
    rule: Option<String>,
    /// Those that stand so.
    state: Option<WaiverState>,
    /// Those of an agency with everything below it, by identifier.
    agency: Option<String>,
}

/// A waiver to be asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRuleWaiver")]
struct NewRuleWaiver {
    /// The rule, as `end-of-life/platforms`.
    rule: String,
    /// Who or what need not keep it: a system, an agency, a package URL, an address, as the rule names it.
    #[schemars(length(min = 1))]
    about: String,
    /// Of what several agencies have, the agency for which it holds.
    agency: Option<String>,
    /// The first day; today when not said.
    from: Option<Timestamp>,
    /// The last day.
    until: Timestamp,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
    /// What guards meanwhile.
    #[schemars(length(min = 1))]
    compensation: String,
    /// Up to whom it may be seen; `internal` when not said.
    classification: Option<Classification>,
}

/// A waiver that was asked for or changed.
#[derive(Serialize, JsonSchema)]
struct WaiverChanged {
    /// Number, as `W3`.
    waiver: String,
}

/// What becomes of a waiver; exactly one of them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "WaiverEvent")]
enum WaiverHappened {
    /// It is granted: on which condition; may be empty.
    Grant(String),
    /// It is refused: why.
    Refuse(String),
    /// It is withdrawn: why.
    Withdraw(String),
}

async fn waivers(call: Call) -> Result<Reply, Problem> {
    let asked: WaiversAsked = call.asked()?;
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let query = WaiverQuery { rule: asked.rule, state: asked.state, agency: asked.agency };
    let mut answer = call.house.house.waivers(&seat.desk, &query).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn propose_waiver(call: Call) -> Result<Reply, Problem> {
    let sent: NewRuleWaiver = call.sent()?;
    let unknown = || {
        let unknown = OfficeError::new("no-rule", format!("there is no rule {:?}", sent.rule));
        unknown.hint("name a rulebook and a rule of it, as end-of-life/platforms")
    };
    let (book, rule) = sent.rule.split_once('/').ok_or_else(unknown)?;
    let (book, rule) = house_rule(book, rule)?;
    let wish = WaiverWish {
        rule: rule.id,
        about: sent.about,
        agency: sent.agency,
        from: sent.from,
        until: sent.until,
        reason: sent.reason,
        compensation: sent.compensation,
        classification: sent.classification.unwrap_or(Classification::Internal),
    };
    let id = call.house.house.propose_waiver(&call.author().await?, &book, wish).await?;
    let reply = Reply::json(StatusCode::CREATED, &WaiverChanged { waiver: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/waivers")))
}

async fn change_waiver(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (WaiverHappened, _) = (call.sent()?, call.number("waiver")?);
    let what = match sent {
        WaiverHappened::Grant(note) => WaiverChange::Grant { note },
        WaiverHappened::Refuse(reason) => WaiverChange::Refuse { reason },
        WaiverHappened::Withdraw(reason) => WaiverChange::Withdraw { reason },
    };
    call.house.house.change_waiver(&call.author().await?, id, what).await?;
    call.say(&WaiverChanged { waiver: id.to_string() })
}
