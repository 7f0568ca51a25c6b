// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::law_roles::{RoleFact, RoleLaw, RoleSubject, StatedFact};
use underpin_office::law::examples::examples;
use underpin_office::law::roles::{holds_of, outcome, with_answer};
use underpin_office::{Desk, House, OfficeError, Result};

use super::law_answers::answers_of;
use super::law_requests::Requests;
use super::law_show as show;
use crate::context::{Context, usage};
use crate::output::{Answer, print};

/// The law: in which role somebody is for a product, on which examples that was tried, what a steward has to show
#[derive(Debug, clap::Args)]
pub struct Law {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Role(Box<RoleOf>),
    /// What people answered about roles, and what follows from it today
    Roles,
    /// Examples that recitals, guidance and explanations give, with what the definitions make of each
    Examples,
    Requests(Requests),
    StewardPack(StewardPack),
}

/// The role for a system, an agency or an own product: what follows, on what it rests, and what to ask next
///
/// Answers are kept with who and when; a later one erases none. Without a subject a file of answers is judged and nothing is kept.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin law role forms --agency interior --answer outside-product-scope=no --answer own-use-only=yes"
)]
struct RoleOf {
    /// A system; with --agency an own product of it, by a name such as web-forms
    #[arg(value_name = "PRODUCT")]
    product: Option<String>,
    /// The agency that publishes the product; without a product the agency itself is meant
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// The law: cra or nis2
    #[arg(long, value_name = "LAW", default_value = "cra")]
    law: RoleLaw,
    /// An answer: a fact, and yes, no or unknown, as price=no; may be given several times
    #[arg(long, value_name = "FACT=ANSWER")]
    answer: Vec<String>,
    /// Where these answers come from
    #[arg(long, value_name = "TEXT", default_value = "")]
    source: String,
    /// A file of answers: [answers] with a line a fact, [sources] with where each comes from
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Begin anew: earlier answers do not count, and stay where they are
    #[arg(long)]
    anew: bool,
    /// What is to be said about it
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// All that was ever answered, the newest first
    #[arg(long, conflicts_with_all = ["answer", "answers", "anew"])]
    history: bool,
}

/// What a steward of free software has to show: policy, contact, log of requests of authorities, from what is true in this house
///
/// Written as Markdown and PDF in English and German. What the house does not know is named as missing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin law steward-pack --output steward-pack --authority 'Market surveillance'"
)]
struct StewardPack {
    /// The folder, which must not be there yet
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// For which authority: the log of its requests goes into the pack; without it requests are only counted
    #[arg(long, value_name = "NAME")]
    authority: Option<String>,
}

impl Law {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let answer = match self.what {
            What::Examples => show::examples(&examples()?),
            What::Role(asked) if asked.is_without_house() => asked.judged()?,
            what => {
                let house = context.existing().await?;
                let answer = match what {
                    What::Role(asked) => asked.run(context, &house).await?,
                    What::Roles => show::roles(&house.law_roles(&context.desk(&house).await?).await?),
                    What::Requests(requests) => requests.run(context, &house).await?,
                    What::StewardPack(pack) => {
                        let written = house
                            .steward_pack(&context.desk(&house).await?, &pack.output, pack.authority.as_deref())
                            .await?;
                        super::incident_clock_show::written(&pack.output, &written)
                    }
                    What::Examples => show::examples(&examples()?),
                };
                house.close().await;
                answer
            }
        };
        print(&answer, context.printing())?;
        Ok(false)
    }
}

impl RoleOf {
    /// Whether only a file is judged.
    fn is_without_house(&self) -> bool {
        self.product.is_none() && self.agency.is_none()
    }

    fn judged(&self) -> Result<Answer> {
        let facts = self.answered(Vec::new())?;
        if facts.is_empty() {
            return Err(usage(
                "which product?",
                "name a system, or an agency with --agency, or give answers with --answers FILE",
            ));
        }
        Ok(show::outcome(&outcome(self.law, &facts)?))
    }

    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let subject = self.subject(&desk)?;
        let of = (&subject, self.law);
        if self.history {
            return Ok(show::history(&house.law_role_history(&desk, of).await?));
        }
        let known = house.law_role_history(&desk, of).await?.into_iter().next();
        let read_at = known.as_ref().map_or(0, |row| row.number);
        let before = if self.anew { Vec::new() } else { known.map(|row| row.outcome.answered).unwrap_or_default() };
        let facts = self.answered(before)?;
        let is_said = !self.answer.is_empty() || self.answers.is_some();
        if is_said {
            house.state_role(&context.author(house).await?, of, facts.clone(), &self.note, Some(read_at)).await?;
        }
        let mut answer = show::outcome(&outcome(self.law, &facts)?);
        if is_said {
            answer.notes.push("written down; an earlier answer stays beside it: --history".to_owned());
        }
        Ok(answer)
    }

    fn subject(&self, desk: &Desk) -> Result<RoleSubject> {
        Ok(match (&self.agency, &self.product) {
            (Some(agency), Some(name)) => {
                RoleSubject::Product { agency: desk.agency_called(agency)?.id.clone(), name: name.clone() }
            }
            (Some(agency), None) => RoleSubject::Agency(desk.agency_called(agency)?.id.clone()),
            (None, name) => RoleSubject::System(desk.system_called(name.as_deref().unwrap_or_default())?.id.clone()),
        })
    }

    /// Earlier answers with those that were given now.
    fn answered(&self, mut facts: Vec<StatedFact>) -> Result<Vec<StatedFact>> {
        if let Some(path) = &self.answers {
            let text = std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error))?;
            facts = answers_of(&text)?.into_iter().fold(facts, with_answer);
        }
        for words in &self.answer {
            let wrong = |why: String| usage(why, "write a fact and yes, no or unknown, as price=no");
            let (name, answer) = words.split_once('=').ok_or_else(|| wrong(format!("{words:?} is no answer")))?;
            let fact = name.parse::<RoleFact>().map_err(wrong)?;
            let holds = holds_of(answer).map_err(wrong)?;
            facts = with_answer(facts, StatedFact { fact, holds, source: self.source.trim().to_owned() });
        }
        Ok(facts)
    }
}
