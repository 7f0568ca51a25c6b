// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! People: who has an account, and giving, changing and ending rights, within the reach of who asks. Programs give no rights.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::people::{Act, Grant};
use underpin_model::registry::Classification;
use underpin_office::people::{Admitter, InvitedRow, PersonRow, Rights};

use super::BASE;
use super::call::Call;
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    let all = vec![
        endpoint!(GET "/people" people Office "Accounts in one's reach and what they may do").gives::<People>(),
        endpoint!(POST "/people" admit Office "Invites somebody: a link that makes one account, shown this once")
            .makes()
            .sends::<NewRights>()
            .gives::<Invited>(),
        endpoint!(GET "/people/{login}" person Office "An account and what it may do").gives::<PersonRow>(),
        endpoint!(PUT "/people/{login}/rights" set_rights Office "Gives an account other rights")
            .sends::<ChangedRights>()
            .gives::<Account>(),
        endpoint!(POST "/people/{login}/end" dismiss Office "Ends an account, with its sessions and tokens")
            .sends::<Reason>()
            .gives::<Account>(),
        endpoint!(GET "/invitations" invitations Office "Invitations in one's reach that wait for somebody").gives::<Invitations>(),
        endpoint!(POST "/invitations/{invitation}/end" take_back Office "Takes an invitation back: its link opens nothing any more")
            .gives::<TakenBack>(),
    ];
    all.into_iter().map(|endpoint| endpoint.for_sessions().act(Act::Admit)).collect()
}

/// Accounts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "People")]
struct People {
    /// Accounts, those that have ended too.
    people: Vec<PersonRow>,
}

fn admitter(call: &Call) -> Result<Admitter, Problem> {
    Ok(Admitter::Person(call.signed()?.person.id))
}

async fn found(call: &Call) -> Result<Vec<PersonRow>, Problem> {
    Ok(call.house.house.people_within(&admitter(call)?, call.house.wall_clock()).await?)
}

async fn people(call: Call) -> Result<Reply, Problem> {
    call.say(&People { people: found(&call).await? })
}

async fn person(call: Call) -> Result<Reply, Problem> {
    let login = call.variable("login");
    let row = found(&call).await?.into_iter().find(|row| row.login == login).ok_or_else(Problem::not_found)?;
    call.say(&row)
}

/// What an account is to be allowed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRights {
    /// Roles, each with its reach.
    #[schemars(length(min = 1))]
    grants: Vec<Grant>,
    /// The highest classification that it may see; else `internal`.
    #[serde(default)]
    clearance: Option<Classification>,
    /// Compartments that it is let into.
    #[serde(default)]
    compartments: Vec<String>,
}

impl NewRights {
    fn rights(self) -> Rights {
        let clearance = self.clearance.unwrap_or(Classification::Internal);
        Rights { grants: self.grants, clearance, compartments: self.compartments }
    }
}

/// An invitation.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invited")]
struct Invited {
    /// Path of the link; it works once. Nobody can show it again.
    path: String,
}

async fn admit(call: Call) -> Result<Reply, Problem> {
    let sent: NewRights = call.sent()?;
    let (by, at, random) = (admitter(&call)?, call.house.wall_clock(), call.house.random());
    let key = call.house.house.admit(&by, at, sent.rights(), random).await?;
    let made = Invited { path: format!("/welcome/{}", key.secret()) };
    Ok(Reply::json(StatusCode::CREATED, &made)?.header(header::LOCATION, format!("{BASE}/people")))
}

/// What an account is to be allowed from now on, and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedRights {
    /// Roles, each with its reach.
    #[schemars(length(min = 1))]
    grants: Vec<Grant>,
    /// The highest classification that it may see.
    clearance: Classification,
    /// Compartments that it is let into.
    compartments: Vec<String>,
    /// Why, in words.
    #[schemars(length(min = 1))]
    reason: String,
}

/// An account that was changed or ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Account")]
struct Account {
    /// Its login.
    login: String,
}

async fn set_rights(call: Call) -> Result<Reply, Problem> {
    let sent: ChangedRights = call.sent()?;
    let rights = Rights { grants: sent.grants, clearance: sent.clearance, compartments: sent.compartments };
    let (by, at, login) = (admitter(&call)?, call.house.wall_clock(), call.variable("login"));
    call.house.house.set_rights(&by, at, login, (rights, &sent.reason)).await?;
    call.say(&Account { login: login.to_owned() })
}

async fn dismiss(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let (by, at, login) = (admitter(&call)?, call.house.wall_clock(), call.variable("login"));
    call.house.house.dismiss(&by, at, login, &sent.reason).await?;
    call.say(&Account { login: login.to_owned() })
}

/// Invitations that wait.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invitations")]
struct Invitations {
    /// The invitations, the first one first.
    invitations: Vec<InvitedRow>,
}

async fn invitations(call: Call) -> Result<Reply, Problem> {
    let invitations = call.house.house.invitations(&admitter(&call)?, call.house.wall_clock()).await?;
    call.say(&Invitations { invitations })
}

/// An invitation that was taken back.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TakenBack")]
struct TakenBack {
    /// What it was called.
    invitation: String,
}

async fn take_back(call: Call) -> Result<Reply, Problem> {
    let invitation = call.variable("invitation").to_owned();
    call.house.house.take_back_invitation(&admitter(&call)?, call.house.wall_clock(), &invitation).await?;
    call.say(&TakenBack { invitation })
}
