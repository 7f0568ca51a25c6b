// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::Read as _;
use std::path::{Path, PathBuf};

use underpin_model::engagement::{
    Assistance, Brings, ConversationEnd, ConversationId, DisclosureId, ProjectRating, RequestId, RequestKind,
    TextDigest, Topic,
};
use underpin_model::limits::bounds::{CONTACT_TEXT_BYTES, PROJECT_RECORD_BYTES};
use underpin_model::registry::AgencyId;
use underpin_model::{Money, Timestamp};
use underpin_office::coordinator::Author;
use underpin_office::supporter::contact::{ContactRow, ContactWish};
use underpin_office::supporter::conversations::FollowUp;
use underpin_office::{Desk, House, OfficeError, Result};

use super::contact_consent::Consent;
use super::contact_show::{conversation, facts, handed_out, list, request};
use crate::context::{Context, usage};
use crate::output::{Answer, print, write};

/// Write to upstream projects: one voice for the whole government, through the contact gate
///
/// Every request to a project in the government's name is judged by rules (E1 to E7). What passes becomes a draft; another person
/// approves its words; a person takes them along. The program sends nothing.
#[derive(Debug, clap::Args)]
pub struct Contacts {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Request(Box<Request>),
    /// All conversations and requests that you may see, with what was asked of projects against what they were given
    List,
    /// One conversation: how it stands, its requests with their words, what may follow
    Show(One),
    Approve(Approve),
    HandOut(HandOut),
    Answer(Answered),
    Remind(FollowingUp),
    Reply(Reply),
    /// Note that the project was thanked in the conversation
    Thanked(One),
    Told(Told),
    End(End),
    Rate(Rate),
    Facts(Facts),
    Consent(Consent),
}

/// Who speaks.
#[derive(Debug, clap::Args)]
pub struct Speaker {
    /// Agency in whose name
    #[arg(long, value_name = "AGENCY", required = true)]
    agency: String,
    /// Your name, as it will be signed; the login is that of whoever makes the request
    #[arg(long, value_name = "NAME", required = true)]
    pub author_name: String,
    /// Where the project can complain
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    pub complaints: String,
    /// How far a program wrote the words: no-machine, corrected or drafted
    #[arg(long, value_name = "HOW")]
    pub assistance: Option<Assistance>,
}

impl Speaker {
    /// The agency that is meant.
    pub fn agency(&self, desk: &Desk) -> Result<AgencyId> {
        Ok(desk.agency_called(&self.agency)?.id.clone())
    }
}

/// Ask to say something to a project: the gate answers with noted, merged, drafted or refused
///
/// Ends with 1 where the gate refuses: the answer says the rule, why, and what first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin contact request jq --kind ask --topic other --text a.txt --agency it --author-name Ada"
)]
struct Request {
    /// Its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
    /// What it wants: vulnerability-report, issue, patch, change, review, talk, thanks, offer, invitation or ask
    #[arg(long, value_name = "KIND", required = true)]
    kind: RequestKind,
    /// What it is about: vulnerability, defect, maintenance, funding, supply-chain, community or other
    #[arg(long, value_name = "TOPIC", required = true)]
    topic: Topic,
    /// A file with the words, without greeting or signature
    #[arg(long, value_name = "FILE", required = true)]
    text: PathBuf,
    #[command(flatten)]
    speaker: Speaker,
    /// Address of a patch that is ready to be looked at
    #[arg(long, value_name = "URL")]
    patch: Option<String>,
    /// How to see the fault
    #[arg(long, value_name = "TEXT")]
    reproduction: Option<String>,
    /// Money that is approved, in euro
    #[arg(long, value_name = "EURO")]
    budget: Option<Money>,
    /// Minutes of the project's time that an answer will take
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// The case of a vulnerability that is not public, as `disclosure list` shows it
    #[arg(long, value_name = "CASE")]
    case: Option<DisclosureId>,
    /// A program would send this without a person looking at each
    #[arg(long)]
    bot: bool,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
}

/// Approve the words of a request: exactly these, and only as somebody else than the author
#[derive(Debug, clap::Args)]
struct Approve {
    /// The request, as Q1
    #[arg(value_name = "REQUEST")]
    request: RequestId,
    /// Digest of the words that you read; refused where they are others by now
    #[arg(long, value_name = "DIGEST")]
    digest: Option<TextDigest>,
}

/// Hand out approved words with where they go, and mark them so; a person sends them
#[derive(Debug, clap::Args)]
struct HandOut {
    /// The request, as Q1
    #[arg(value_name = "REQUEST")]
    request: RequestId,
    /// As a draft of a mail (.eml) on standard output, for your own mail program
    #[arg(long)]
    mail: bool,
}

/// Note that the project answered; who answered is not written down
#[derive(Debug, clap::Args)]
struct Answered {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
    /// When the answer came; else now
    #[arg(long, value_name = "TIME")]
    came: Option<Timestamp>,
}

/// Ask to remind a project that has not answered: after 7 days of silence, and once more 21 days later
#[derive(Debug, clap::Args)]
struct FollowingUp {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
    /// A file with the words, without greeting or signature
    #[arg(long, value_name = "FILE", required = true)]
    text: PathBuf,
    #[command(flatten)]
    speaker: Speaker,
}

/// Ask to reply to what the project said: a draft in the same conversation, which another person approves
///
/// A reply waits for no quiet period, need not bring anything and spends nothing of the budget. What the project says is answered at
/// most twice each time. Ends with 1 where the gate refuses.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin contact reply E1 --text reply.txt --agency it --author-name Ada")]
struct Reply {
    #[command(flatten)]
    words: FollowingUp,
}

/// Note what the project was told of what came of a conversation
#[derive(Debug, clap::Args)]
struct Told {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
    /// What it was told
    #[arg(long, value_name = "TEXT", required = true)]
    outcome: String,
}

/// End a conversation
#[derive(Debug, clap::Args)]
struct End {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
    /// How: solved, declined, silent or withdrawn
    #[arg(long, value_name = "HOW", required = true)]
    how: ConversationEnd,
    /// What the project was told of what came of it
    #[arg(long, value_name = "TEXT", default_value = "")]
    outcome: String,
}

/// Note how a project rated a conversation that has ended: two questions, each may stay without answer
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin contact rate E1 --worth yes --again yes")]
struct Rate {
    /// The conversation, as E1
    #[arg(value_name = "CONVERSATION")]
    conversation: ConversationId,
    /// Was it worth the project's time? yes or no; without it there was no answer
    #[arg(long, value_name = "ANSWER", value_parser = yes_or_no)]
    worth: Option<bool>,
    /// Would the project like to hear from us again? yes or no; without it there was no answer
    #[arg(long, value_name = "ANSWER", value_parser = yes_or_no)]
    again: Option<bool>,
}

/// A word for yes or no.
pub fn yes_or_no(text: &str) -> std::result::Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("{other:?} is neither yes nor no")),
    }
}

/// What the office knows of how a project wants to be approached; with a file, write it down
///
/// What a project said in a case that is not public (`--case`) is shown to members of its compartment alone, and counts for words in
/// that compartment alone.
#[derive(Debug, clap::Args)]
struct Facts {
    /// Its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
    /// A TOML file; what it leaves out is not known
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// A case of the project: what the file says is then for the compartment of the case alone
    #[arg(long, value_name = "CASE", requires = "from")]
    case: Option<DisclosureId>,
}

impl Contacts {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("write to projects")?;
        let house = context.existing().await?;
        let answer = match self.what {
            What::Request(wish) => return wish.run(context, &house).await,
            What::Remind(wish) => {
                let (author, id, wish) = wish.wish(context, &house).await?;
                return judged(context, &house.remind(&author, id, wish).await?);
            }
            What::Reply(Reply { words }) => {
                let (author, id, wish) = words.wish(context, &house).await?;
                return judged(context, &house.reply_to(&author, id, wish).await?);
            }
            What::HandOut(wish) => return wish.run(context, &house).await,
            What::List => list(&house.conversations(&context.desk(&house).await?).await?),
            What::Show(one) => conversation(&house.conversation(&context.desk(&house).await?, one.conversation).await?),
            What::Approve(one) => {
                request(&house.approve_words(&context.author(&house).await?, one.request, one.digest).await?)
            }
            What::Answer(one) => {
                house.note_answer(&context.author(&house).await?, one.conversation, one.came).await?;
                said(one.conversation, "the answer is noted")
            }
            What::Thanked(one) => {
                house.note_thanks(&context.author(&house).await?, one.conversation).await?;
                said(one.conversation, "the thanks are noted")
            }
            What::Told(one) => {
                house.note_outcome(&context.author(&house).await?, one.conversation, &one.outcome).await?;
                said(one.conversation, "it is noted what the project was told")
            }
            What::End(one) => {
                let author = context.author(&house).await?;
                house.end_conversation(&author, one.conversation, one.how, &one.outcome).await?;
                said(one.conversation, &format!("the conversation has ended: {}", one.how.as_str()))
            }
            What::Rate(one) => {
                let rating = ProjectRating { was_worth_it: one.worth, welcomes_more: one.again };
                house.note_rating(&context.author(&house).await?, one.conversation, rating).await?;
                said(one.conversation, "the rating is noted")
            }
            What::Facts(one) => one.run(context, &house).await?,
            What::Consent(one) => one.run(context, &house).await?,
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Request {
    async fn run(self, context: &Context, house: &House) -> Result<bool> {
        let desk = context.desk_at(house, None).await?;
        let wish = ContactWish {
            project: desk.project_key(&self.project)?,
            kind: self.kind,
            topic: self.topic,
            case: self.case,
            conversation: None,
            text: text_of(&self.text, CONTACT_TEXT_BYTES)?,
            brings: Brings {
                patch: self.patch.clone(),
                reproduction: self.reproduction.clone(),
                budget_cents: self.budget.map(Money::cents),
            },
            agency: self.speaker.agency(&desk)?,
            author_name: self.speaker.author_name.clone(),
            complaints: self.speaker.complaints.clone(),
            assistance: self.speaker.assistance,
            is_bot: self.bot,
            minutes_asked: self.minutes,
            ..ContactWish::default()
        };
        judged(context, &house.contact(&context.author(house).await?, wish).await?)
    }
}

impl FollowingUp {
    /// Who writes, in which conversation, and what.
    async fn wish(self, context: &Context, house: &House) -> Result<(Author, ConversationId, FollowUp)> {
        let desk = context.desk_at(house, None).await?;
        let wish = FollowUp {
            text: text_of(&self.text, CONTACT_TEXT_BYTES)?,
            agency: self.speaker.agency(&desk)?,
            author_name: self.speaker.author_name,
            complaints: self.speaker.complaints,
            assistance: self.speaker.assistance,
        };
        Ok((context.author(house).await?, self.conversation, wish))
    }
}

/// Prints what the gate said; whether it refused.
fn judged(context: &Context, row: &ContactRow) -> Result<bool> {
    print(&request(row), context.printing())?;
    Ok(row.says.reason.is_some())
}

impl HandOut {
    async fn run(self, context: &Context, house: &House) -> Result<bool> {
        let found = house.hand_out(&context.author(house).await?, self.request).await?;
        if self.mail {
            write(found.mail().as_bytes())?;
        } else {
            print(&handed_out(&found), context.printing())?;
        }
        Ok(false)
    }
}

impl Facts {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let project = desk.project_key(&self.project)?;
        let Some(file) = &self.from else {
            return Ok(facts(&house.told_facts_for(&desk, &project).await?));
        };
        let fault = |message: String| OfficeError::new("project-facts", format!("{}: {message}", file.display()));
        let read: toml::Table =
            toml::from_str(&text_of(file, PROJECT_RECORD_BYTES)?).map_err(|error| fault(error.message().to_owned()))?;
        let body = serde_json::to_value(read).map_err(|error| fault(error.to_string()))?;
        let author = context.author(house).await?;
        match self.case {
            Some(case) => house.note_case_facts(&author, case, &project, body).await?,
            None => _ = house.note_facts(&author, &project, body).await?,
        }
        Ok(facts(&house.told_facts_for(&context.desk_at(house, None).await?, &project).await?))
    }
}

/// The words in a file.
pub fn text_of(file: &Path, most: usize) -> Result<String> {
    let fault = |error: std::io::Error| OfficeError::file(file, &error);
    let mut text = String::new();
    let mut opened = std::fs::File::open(file).map_err(fault)?.take(most as u64 + 1);
    opened.read_to_string(&mut text).map_err(fault)?;
    if text.len() > most {
        return Err(usage(format!("{} has more than {most} bytes", file.display()), "say it in fewer words"));
    }
    Ok(text)
}

fn said(id: ConversationId, line: &str) -> Answer {
    let json = serde_json::json!({ "conversation": id.to_string(), "said": line });
    Answer::said(vec![format!("{id}: {line}."), format!("next: underpin contact show {id}")], json)
}
