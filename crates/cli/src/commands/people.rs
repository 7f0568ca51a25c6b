// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::registry::{AgencyId, Classification};
use underpin_office::Result;
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, PersonRow, Reach, Role};

use super::{people_token, serve};
use crate::context::{self, Context};
use crate::output::{Answer, columns, print};

/// People with accounts in the web house: who has one, inviting somebody, ending an account
///
/// Whoever can run this program reads the whole data directory and needs no account.
#[derive(Debug, clap::Args)]
pub struct People {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    List(List),
    Invite(Invite),
    End(End),
    Token(people_token::Token),
    Service(people_token::Service),
}

/// Everybody who has or had an account, with roles and clearance
#[derive(Debug, clap::Args)]
struct List {}

/// Print a link that makes one account; it works once, for three days
///
/// Pass the link on by a way that only the invited person reads. It is not kept and cannot be shown again.
#[derive(Debug, clap::Args)]
struct Invite {
    /// What the person may do: reader, contributor, owner, analyst, officer, auditor or administrator (who sees no content)
    #[arg(long, value_name = "ROLE", required = true, num_args = 1..)]
    role: Vec<Role>,
    /// Agencies for which they may, each with everything below it [default: the whole government]
    #[arg(long, value_name = "AGENCY", num_args = 1..)]
    agency: Vec<String>,
    /// The highest classification that the person may see
    #[arg(long, value_name = "LEVEL", default_value = "internal")]
    clearance: Classification,
    /// Address by which people reach the web house
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

/// End an account and its sessions; its login name is not given to anybody else
#[derive(Debug, clap::Args)]
struct End {
    /// Login name
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

impl People {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("care for the people")?;
        match self.what {
            What::List(_) => list(context).await,
            What::Invite(command) => command.run(context).await,
            What::End(command) => command.run(context).await,
            What::Token(command) => command.run(context).await,
            What::Service(command) => command.run(context).await,
        }
    }
}

/// Who acts, by the clock on the wall: sessions and links end by it, whatever the house says.
pub(super) fn author(context: &Context) -> Author {
    Author { actor: context.actor(), viewer: context.global.viewer.clone(), at: context.now }
}

async fn list(context: &Context) -> Result<bool> {
    let house = context.existing().await?;
    print(&listed(&house.people(&context.global.viewer).await?), context.printing_all())?;
    house.close().await;
    Ok(false)
}

fn listed(found: &[PersonRow]) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, ..Answer::default() };
    answer.rows = answer.json.as_array().cloned().unwrap_or_default();
    let open = found.iter().filter(|person| person.ended.is_none()).count();
    answer.head.push(match open {
        0 => "Nobody has an account.".to_owned(),
        1 => "1 person has an account.".to_owned(),
        count => format!("{count} people have accounts."),
    });
    answer.columns = columns(&["login", "name", "roles", "clearance", "since", "ended"]);
    for person in found {
        answer.cells.push(vec![
            person.login.clone(),
            person.name.clone(),
            person.grants.iter().map(words).collect::<Vec<_>>().join(", "),
            person.clearance.as_str().to_owned(),
            person.made.date(),
            person.ended.map_or_else(|| "–".to_owned(), |at| at.date()),
        ]);
    }
    answer
}

pub(super) fn words(grant: &Grant) -> String {
    match &grant.reach {
        Reach::Government => grant.role.as_str().to_owned(),
        Reach::Agency(agency) => format!("{} of {}", grant.role.as_str(), agency.0),
        Reach::System(system) => format!("{} of the system {}", grant.role.as_str(), system.0),
    }
}

impl Invite {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let reaches: Vec<Reach> = match self.agency.is_empty() {
            true => vec![Reach::Government],
            false => self.agency.into_iter().map(|id| Reach::Agency(AgencyId(id))).collect(),
        };
        let grant = |role: &Role| {
            let role = *role;
            reaches.iter().map(move |reach| Grant { role, reach: reach.clone() })
        };
        let grants: Vec<Grant> = self.role.iter().flat_map(grant).collect();
        let told = grants.iter().map(words).collect::<Vec<_>>().join(", ");
        let json_grants = serde_json::to_value(&grants).unwrap_or_default();
        let key = house.invite_somebody(&author(context), grants, self.clearance, context::random()?).await?;
        let url = self.public_url.unwrap_or_else(|| format!("http://{}", serve::LISTEN));
        let link = format!("{}/welcome/{}", url.trim_end_matches('/'), key.secret());
        let clearance = self.clearance.as_str();
        let json = serde_json::json!({ "link": link, "grants": json_grants, "clearance": clearance });
        let head = vec![
            format!("This link makes one account ({told}; clearance {clearance}). It works once, for three days:"),
            link,
        ];
        print(&Answer { rows: vec![json.clone()], json, head, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

impl End {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        house.end_account(&author(context), &self.login, &self.reason).await?;
        let json = serde_json::json!({ "login": self.login, "ended": context.now });
        let head = vec![format!("{} has no account any more.", self.login)];
        print(&Answer { rows: vec![json.clone()], json, head, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
