// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_office::Result;
use underpin_office::people::{Grant, NewService, Reach, Role, Scope, TOKEN_DAYS, TokenRow, TokenWish};

use super::people::{author, words};
use crate::context::{self, Context};
use crate::output::{Answer, columns, print};

/// Tokens by which programs come in: making, listing, ending one
///
/// A token belongs to a person or to the account of a program (`underpin people service`), and never does more than that account may.
#[derive(Debug, clap::Args)]
pub struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Make(Make),
    List(List),
    End(End),
}

/// Make a token for a login and print its secret, once
///
/// Programs send it as `Authorization: Bearer …` or `X-Api-Key: …`. It is not kept and cannot be shown again.
#[derive(Debug, clap::Args)]
struct Make {
    /// Login name of the account that it belongs to
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Name of the token; what it does stands in the audit chain as LOGIN/NAME
    #[arg(long, value_name = "NAME", required = true)]
    name: String,
    /// What it is for: read, hand-in, work (everything that the account may do with content)
    #[arg(long, value_name = "SCOPE", required = true, num_args = 1..)]
    scope: Vec<Scope>,
    /// Only for this agency and what is below it
    #[arg(long, value_name = "AGENCY", conflicts_with = "system")]
    agency: Option<String>,
    /// Only for this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Days until it ends: 1 to 366
    #[arg(long, value_name = "DAYS", default_value_t = TOKEN_DAYS)]
    days: u32,
}

/// All tokens with scope, end and last use; secrets are not known to anybody
#[derive(Debug, clap::Args)]
struct List {
    /// Only those of this login name
    #[arg(value_name = "LOGIN")]
    login: Option<String>,
}

/// End a token before its time
#[derive(Debug, clap::Args)]
struct End {
    /// Login name of the account that it belongs to
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Name or number of the token
    #[arg(value_name = "TOKEN")]
    token: String,
}

/// Make the account of a program, for example of a build server; nobody signs in with it
///
/// Give it tokens with `underpin people token make`. End it like any account.
#[derive(Debug, clap::Args)]
pub struct Service {
    /// Login name
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Name that people read
    #[arg(long, value_name = "NAME", required = true)]
    name: String,
    /// What it may do: reader, contributor, owner, analyst, officer or auditor
    #[arg(long, value_name = "ROLE", required = true, num_args = 1..)]
    role: Vec<Role>,
    /// Agencies for which it may, each with everything below it [default: the whole government]
    #[arg(long, value_name = "AGENCY", num_args = 1..)]
    agency: Vec<String>,
    /// The highest classification that it may see
    #[arg(long, value_name = "LEVEL", default_value = "internal")]
    clearance: Classification,
}

impl Token {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::Make(command) => command.run(context).await,
            What::List(command) => command.run(context).await,
            What::End(command) => command.run(context).await,
        }
    }
}

impl Make {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let agency = self.agency.map(|id| Reach::Agency(AgencyId(id)));
        let reach = agency.or(self.system.map(|id| Reach::System(SystemId(id))));
        let wish = TokenWish { name: self.name, scopes: self.scope, reach, days: self.days };
        let (number, key) = house.make_token_for(&author(context), &self.login, &wish, context::random()?).await?;
        let head = vec![
            format!(
                "Token {} of {} ({} days). Keep it where only its program reads it; it is shown once:",
                wish.name, self.login, wish.days
            ),
            key.secret().to_owned(),
        ];
        let json = serde_json::json!({ "token": number, "login": self.login, "name": wish.name, "scopes": wish.scopes,
            "reach": wish.reach, "days": wish.days, "secret": key.secret() });
        print(&Answer { rows: vec![json.clone()], json, head, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

impl List {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let found = house.tokens(&context.global.viewer, self.login.as_deref()).await?;
        print(&listed(&found, context), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn listed(found: &[TokenRow], context: &Context) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, ..Answer::default() };
    answer.rows = answer.json.as_array().cloned().unwrap_or_default();
    let good = found.iter().filter(|token| token.is_good(context.now)).count();
    answer.head.push(match good {
        0 => "No token is good.".to_owned(),
        1 => "1 token is good.".to_owned(),
        count => format!("{count} tokens are good."),
    });
    answer.columns = columns(&["token", "login", "name", "scopes", "where", "good until", "last used"]);
    for token in found {
        let until = match token.ended {
            Some(at) => format!("ended {}", at.date()),
            None => token.ends.date(),
        };
        let place = match &token.reach {
            None | Some(Reach::Government) => "–".to_owned(),
            Some(Reach::Agency(agency)) => agency.0.clone(),
            Some(Reach::System(system)) => format!("the system {}", system.0),
        };
        answer.cells.push(vec![
            token.token.to_string(),
            token.login.clone(),
            token.name.clone(),
            token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", "),
            place,
            until,
            token.used.map_or_else(|| "never".to_owned(), |at| at.date()),
        ]);
    }
    answer
}

impl End {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let number = house.end_token_for(&author(context), &self.login, &self.token).await?;
        let json = serde_json::json!({ "token": number, "login": self.login, "ended": context.now });
        let head = vec![format!("The token {} of {} is not good any more.", self.token, self.login)];
        print(&Answer { rows: vec![json.clone()], json, head, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

impl Service {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let reaches: Vec<Reach> = match self.agency.is_empty() {
            true => vec![Reach::Government],
            false => self.agency.into_iter().map(|id| Reach::Agency(AgencyId(id))).collect(),
        };
        let pairs = self.role.iter().flat_map(|role| reaches.iter().map(move |reach| (*role, reach.clone())));
        let grants: Vec<Grant> = pairs.map(|(role, reach)| Grant { role, reach }).collect();
        let told = grants.iter().map(words).collect::<Vec<_>>().join(", ");
        let new = NewService { login: self.login, name: self.name, grants, clearance: self.clearance };
        house.make_service(&author(context), &new).await?;
        let clearance = self.clearance.as_str();
        let json =
            serde_json::json!({ "login": new.login, "name": new.name, "grants": new.grants, "clearance": clearance });
        let head = vec![format!(
            "{} is the account of a program ({told}; clearance {clearance}). It has no token yet.",
            new.login
        )];
        print(&Answer { rows: vec![json.clone()], json, head, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
