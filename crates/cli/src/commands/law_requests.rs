// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_model::clocks::ClockEvidence;
use underpin_model::law::AuthorityEvent;
use underpin_office::{House, Result};

use super::incident_clock::evidence_of;
use super::law_show as show;
use crate::context::Context;
use crate::output::Answer;

/// The log of requests of authorities: who asked what and when, and what was answered; nothing in it is overwritten
#[derive(Debug, clap::Args)]
pub struct Requests {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// All requests where you lead or audit, those that are late or open first
    List,
    Add(Box<Add>),
    Answer(Answered),
    Remark(Remark),
}

/// Write down that an authority asked
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin law requests add --authority 'Market surveillance' --about 'The policy' --due 2027-01-31"
)]
struct Add {
    /// Who asked
    #[arg(long, value_name = "TEXT", required = true)]
    authority: String,
    /// For what
    #[arg(long, value_name = "TEXT", required = true)]
    about: String,
    /// When it asked; now when not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// The agency that was asked; the office when not given
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// The authority's own reference
    #[arg(long, value_name = "TEXT", default_value = "")]
    reference: String,
    /// By when it wants an answer
    #[arg(long, value_name = "TIME")]
    due: Option<Timestamp>,
}

/// Write down that a request was answered
#[derive(Debug, clap::Args)]
struct Answered {
    /// Number of the request
    #[arg(value_name = "REQUEST")]
    request: i64,
    /// With what
    #[arg(long, value_name = "TEXT", required = true)]
    with: String,
    /// When; now when not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// What was handed over: a document, as D12, or a file, of which name and digest are kept
    #[arg(long, value_name = "DOCUMENT|FILE")]
    evidence: Vec<String>,
}

/// Add a remark to a request, also to correct what was said before
#[derive(Debug, clap::Args)]
struct Remark {
    /// Number of the request
    #[arg(value_name = "REQUEST")]
    request: i64,
    /// The words
    #[arg(long, value_name = "TEXT", required = true)]
    text: String,
}

impl Requests {
    pub async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let author = context.author(house).await?;
        match self.what {
            What::List => {}
            What::Add(add) => {
                let agency = add.agency.as_deref().map(|name| desk.agency_called(name)).transpose()?;
                let event = AuthorityEvent::Asked {
                    authority: add.authority.trim().to_owned(),
                    about: add.about.trim().to_owned(),
                    at: add.at.unwrap_or(author.at),
                    agency: agency.map(|agency| agency.id.clone()),
                    reference: add.reference.trim().to_owned(),
                    due: add.due,
                };
                house.note_authority_request(&author, event).await?;
            }
            What::Answer(own) => {
                let evidence = own.evidence.iter().map(|name| evidence_of(&desk, name));
                let evidence = evidence.collect::<Result<Vec<ClockEvidence>>>()?;
                let (at, with) = (own.at.unwrap_or(author.at), own.with.trim().to_owned());
                let event = AuthorityEvent::Answered { at, with, evidence };
                house.note_authority_event(&author, own.request, event).await?;
            }
            What::Remark(own) => {
                let event = AuthorityEvent::Remark { text: own.text.trim().to_owned() };
                house.note_authority_event(&author, own.request, event).await?;
            }
        }
        Ok(show::requests(&house.authority_requests(&context.desk(house).await?).await?))
    }
}
