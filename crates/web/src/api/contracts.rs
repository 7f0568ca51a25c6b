// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts under which suppliers deliver bills of materials: what was agreed, what came, and how it stands.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::contracts::{ContractChange, ContractTerms};
use underpin_model::people::Act;
use underpin_model::registry::SystemId;
use underpin_model::{DocumentId, Timestamp};
use underpin_office::OfficeError;
use underpin_office::regulator::{ContractAnswer, ContractsAnswer};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/contracts" contracts Documents "Contracts with suppliers within sight, by number")
            .paged()
            .gives::<Paged<ContractsAnswer>>(),
        endpoint!(POST "/contracts" open_contract Documents "Writes down a contract under which bills of materials are owed")
            .act(Act::Decide)
            .makes()
            .sends::<NewContract>()
            .gives::<ContractChanged>(),
        endpoint!(GET "/contracts/{contract}" contract Documents "A contract: its deliveries, how they stand, and what became better or worse from one to the next")
            .timed()
            .gives::<ContractAnswer>(),
        endpoint!(POST "/contracts/{contract}/events" change_contract Documents "Notes a delivery, waives a clause, writes down a remark, or withdraws a contract")
            .act(Act::HandIn)
            .sends::<Happened>()
            .gives::<ContractChanged>(),
        endpoint!(POST "/contracts/{contract}/links" make_delivery_link Documents "Makes a link by which the supplier delivers without an account; it is given this once")
            .act(Act::Decide)
            .sends::<LinkWish>()
            .gives::<LinkMade>(),
    ]
}

/// A contract to be written down.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewContract {
    /// How the house calls it: a file number.
    #[schemars(length(min = 1))]
    reference: String,
    /// Who supplies.
    #[schemars(length(min = 1))]
    supplier: String,
    /// What is supplied.
    #[schemars(length(min = 1))]
    product: String,
    /// The system that it is for.
    system: String,
    /// The rulebook that was agreed.
    rulebook: String,
    /// Until when documents are delivered under it.
    ends: Timestamp,
}

/// A contract that was written down or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ContractChanged")]
struct ContractChanged {
    /// Number, as `S3`.
    contract: String,
}

/// What happened to a contract; exactly one of them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "ContractEvent")]
enum Happened {
    /// A document was delivered under it, as `D12`.
    Deliver(String),
    /// A clause need not be kept.
    Waive(NewWaiver),
    /// A remark.
    Note(String),
    /// It is over: why.
    Withdraw(String),
}

/// A clause that need not be kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewWaiver {
    /// The rule of the agreed rulebook.
    rule: String,
    /// Why.
    reason: String,
    /// Until when.
    until: Timestamp,
}

/// A link to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DeliveryLinkWish")]
struct LinkWish {
    /// How many deliveries it takes.
    #[serde(default = "ten")]
    uses: i64,
    /// For how many days it is good.
    #[serde(default = "ninety")]
    days: i64,
}

fn ten() -> i64 {
    10
}

fn ninety() -> i64 {
    90
}

/// A link that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeliveryLinkMade")]
struct LinkMade {
    /// Its address, which is given this once.
    address: String,
    /// How many deliveries it takes.
    uses: i64,
    /// Until when.
    ends: Timestamp,
}

async fn contracts(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.contracts(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn contract(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.contract(&seat.desk, call.number("contract")?).await?)
}

async fn open_contract(call: Call) -> Result<Reply, Problem> {
    let sent: NewContract = call.sent()?;
    let terms = ContractTerms {
        reference: sent.reference,
        supplier: sent.supplier,
        product: sent.product,
        system: SystemId(sent.system),
        rulebook: sent.rulebook,
        ends: sent.ends,
    };
    let id = call.house.house.open_contract(&call.author().await?, terms).await?;
    let reply = Reply::json(StatusCode::CREATED, &ContractChanged { contract: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/contracts/{id}")))
}

async fn change_contract(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (Happened, _) = (call.sent()?, call.number("contract")?);
    let what = match sent {
        Happened::Deliver(document) => {
            let unknown =
                || OfficeError::new("not-found", format!("there is no document {document:?}")).hint("name it as D12");
            let document: DocumentId = document.parse().map_err(|_| unknown())?;
            ContractChange::Deliver { document }
        }
        Happened::Waive(NewWaiver { rule, reason, until }) => ContractChange::Waive { rule, reason, until },
        Happened::Note(text) => ContractChange::Note { text },
        Happened::Withdraw(reason) => ContractChange::Withdraw { reason },
    };
    call.house.house.change_contract(&call.author().await?, id, what).await?;
    call.say(&ContractChanged { contract: id.to_string() })
}

async fn make_delivery_link(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (LinkWish, _) = (call.sent()?, call.number("contract")?);
    let random = (call.house.random(), call.house.wall_clock());
    let author = call.author().await?;
    let link = call.house.house.make_delivery_link(&author, id, (sent.uses, sent.days), random).await?;
    let address = format!("{}/deliver/{}", call.house.url, link.secret);
    call.say(&LinkMade { address, uses: link.uses, ends: link.ends })
}
