// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects: a wish is judged by the gate, another person approves its words, a person takes them along. Nothing here
//! sends. A refusal of the gate is an answer, not a fault.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    Assistance, Brings, ConversationEnd, ConversationId, DisclosureId, ProjectRating, RequestKind, TextDigest, Topic,
};
use underpin_model::people::Act;
use underpin_office::supporter::contact::{ContactRow, ContactWish, HandedOut};
use underpin_office::supporter::conversations::{ConversationAnswer, ConversationsAnswer, FollowUp};
use underpin_office::supporter::thanks::ThankWish;

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/engagements" engagements Inventory "Conversations with projects, and what was asked of them against what they were given")
            .paged()
            .gives::<Paged<ConversationsAnswer>>(),
        endpoint!(GET "/engagements/{conversation}" engagement Inventory "One conversation with a project: its requests, what was said, what may follow")
            .timed()
            .gives::<ConversationAnswer>(),
        endpoint!(GET "/contact-requests/{request}" contact_request Inventory "One request to say something to a project, with what the gate said")
            .timed()
            .gives::<ContactRow>(),
        endpoint!(POST "/contact-requests" ask_contact Inventory "Asks to say something to a project; a refusal of the gate is an answer")
            .act(Act::Decide)
            .makes()
            .sends::<Wanted>()
            .gives::<ContactRow>(),
        endpoint!(POST "/thanks" thank_project Inventory "Thanks a project with the true number of services that rely on it, of agencies that agreed; the words wait for approval")
            .act(Act::Rank)
            .makes()
            .sends::<Thanks>()
            .gives::<ContactRow>(),
        endpoint!(POST "/contact-requests/{request}/approve" approve_words Inventory "Approves exactly the words with this digest, as somebody else than their author")
            .act(Act::Rank)
            .sends::<Approval>()
            .gives::<ContactRow>(),
        endpoint!(POST "/contact-requests/{request}/hand-out" hand_out_words Inventory "Hands out approved words with where they go; a person sends them")
            .act(Act::Rank)
            .gives::<HandedOut>(),
        endpoint!(POST "/engagements/{conversation}/answer" note_answer Inventory "Notes that the project answered, never who")
            .act(Act::Rank)
            .sends::<Came>()
            .gives::<EngagementChanged>(),
        endpoint!(POST "/engagements/{conversation}/reminders" remind_project Inventory "Asks to remind a project that has not answered")
            .act(Act::Decide)
            .makes()
            .sends::<Following>()
            .gives::<ContactRow>(),
        endpoint!(POST "/engagements/{conversation}/replies" reply_to_project Inventory "Asks to reply to what the project said; the words wait for approval")
            .act(Act::Decide)
            .makes()
            .sends::<Following>()
            .gives::<ContactRow>(),
        endpoint!(POST "/engagements/{conversation}/thanks" note_thanks Inventory "Notes that the project was thanked")
            .act(Act::Rank)
            .gives::<EngagementChanged>(),
        endpoint!(POST "/engagements/{conversation}/outcome" note_outcome Inventory "Notes what the project was told of what came of it")
            .act(Act::Rank)
            .sends::<Outcome>()
            .gives::<EngagementChanged>(),
        endpoint!(POST "/engagements/{conversation}/end" end_engagement Inventory "Ends a conversation")
            .act(Act::Rank)
            .sends::<Ended>()
            .gives::<EngagementChanged>(),
        endpoint!(POST "/engagements/{conversation}/rating" rate_engagement Inventory "Notes how the project rated a conversation that has ended, never who")
            .act(Act::Rank)
            .sends::<ProjectRating>()
            .gives::<EngagementChanged>(),
    ]
}

/// Who speaks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ContactSpeaker")]
struct Speaker {
    /// Agency in whose name: its identifier or name.
    #[schemars(length(min = 1))]
    agency: String,
    /// Name of the author, as it will be signed. The login is that of whoever asks.
    author_name: String,
    /// Where the project can complain.
    #[serde(default)]
    complaints: String,
    /// How far a program wrote the words.
    #[serde(default)]
    assistance: Option<Assistance>,
}

/// A wish to say something to a project.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewContactRequest")]
struct Wanted {
    /// The project: its repository, or a package of it.
    #[schemars(length(min = 1))]
    project: String,
    /// What it wants.
    kind: RequestKind,
    /// What it is about.
    topic: Topic,
    /// The words, without greeting or signature.
    text: String,
    /// Who speaks.
    speaker: Speaker,
    /// What it brings along.
    #[serde(default)]
    brings: Brings,
    /// The case of a vulnerability that is not public: its number, such as `C12`.
    #[serde(default)]
    case: Option<String>,
    /// Minutes of the project's time that an answer will take.
    #[serde(default)]
    minutes_asked: Option<u32>,
    /// A program would send this without a person looking at each.
    #[serde(default)]
    is_bot: bool,
}

/// Thanks to write.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewThanks")]
struct Thanks {
    /// The project: its key, its repository, or a package of it.
    #[schemars(length(min = 1))]
    project: String,
    /// Words of the author's own that follow the sentence.
    #[serde(default)]
    text: String,
    /// Agencies to name, of those that agreed: identifiers or names. The others that agreed are counted.
    #[serde(default)]
    named: Vec<String>,
    /// Who speaks.
    speaker: Speaker,
}

/// A reminder or a reply to write.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewFollowUp")]
struct Following {
    /// The words, without greeting or signature.
    text: String,
    /// Who speaks.
    speaker: Speaker,
}

/// That somebody read these words and agrees to exactly them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WordsApproval")]
struct Approval {
    /// Digest of the words.
    digest: TextDigest,
}

/// An answer of a project.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ProjectAnswered")]
struct Came {
    /// When it came; else now.
    #[serde(default)]
    came: Option<Timestamp>,
}

/// What a project was told of what came of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OutcomeTold")]
struct Outcome {
    /// The words.
    #[schemars(length(min = 1))]
    outcome: String,
}

/// How a conversation ends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EngagementEnd")]
struct Ended {
    /// How.
    how: ConversationEnd,
    /// What the project was told of what came of it; empty for not yet.
    #[serde(default)]
    outcome: String,
}

/// A conversation in which something was noted.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EngagementChanged")]
struct EngagementChanged {
    /// Number, as `E3`.
    conversation: String,
}

async fn engagements(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.conversations(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn engagement(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = call.house.house.conversation(&seat.desk, call.number("conversation")?).await?;
    call.give(&seat, &answer)
}

async fn contact_request(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let row = call.house.house.contact_request(&seat.desk, call.number("request")?).await?;
    call.give(&seat, &row)
}

/// A case by its number. What is no number is a case that is not there.
fn case_of(text: &str) -> Result<DisclosureId, Problem> {
    text.parse().map_err(|_| {
        Problem::new(StatusCode::NOT_FOUND, "unknown-disclosure").detail("there is no case with this number")
    })
}

/// A request that was judged: made, whatever the gate said.
fn judged(row: &ContactRow) -> Result<Reply, Problem> {
    let place = format!("{BASE}/contact-requests/{}", row.request);
    Ok(Reply::json(StatusCode::CREATED, row)?.header(header::LOCATION, place))
}

async fn ask_contact(call: Call) -> Result<Reply, Problem> {
    let sent: Wanted = call.sent()?;
    let seat = call.seat().await?;
    let wish = ContactWish {
        project: seat.desk.project_key(&sent.project)?,
        kind: sent.kind,
        topic: sent.topic,
        case: sent.case.as_deref().map(case_of).transpose()?,
        text: sent.text,
        brings: sent.brings,
        agency: seat.desk.agency_called(&sent.speaker.agency)?.id.clone(),
        author_name: sent.speaker.author_name,
        complaints: sent.speaker.complaints,
        assistance: sent.speaker.assistance,
        is_bot: sent.is_bot,
        minutes_asked: sent.minutes_asked,
        ..ContactWish::default()
    };
    judged(&call.house.house.contact(&call.author().await?, wish).await?)
}

async fn thank_project(call: Call) -> Result<Reply, Problem> {
    let sent: Thanks = call.sent()?;
    let seat = call.seat().await?;
    let ranking = seat.ranking().await?;
    let wish = ThankWish {
        project: sent.project,
        words: sent.text,
        named: sent
            .named
            .iter()
            .map(|name| Ok(seat.desk.agency_called(name)?.id.clone()))
            .collect::<Result<_, Problem>>()?,
        author_name: sent.speaker.author_name,
        agency: seat.desk.agency_called(&sent.speaker.agency)?.id.clone(),
        complaints: sent.speaker.complaints,
        assistance: sent.speaker.assistance,
    };
    judged(&call.house.house.thank(&call.author().await?, &seat.desk, &ranking, wish).await?)
}

async fn approve_words(call: Call) -> Result<Reply, Problem> {
    let (sent, id) = (call.sent::<Approval>()?, call.number("request")?);
    call.say(&call.house.house.approve_words(&call.author().await?, id, Some(sent.digest)).await?)
}

async fn hand_out_words(call: Call) -> Result<Reply, Problem> {
    let id = call.number("request")?;
    call.say(&call.house.house.hand_out(&call.author().await?, id).await?)
}

async fn remind_project(call: Call) -> Result<Reply, Problem> {
    let (id, wish) = following(&call).await?;
    judged(&call.house.house.remind(&call.author().await?, id, wish).await?)
}

async fn reply_to_project(call: Call) -> Result<Reply, Problem> {
    let (id, wish) = following(&call).await?;
    judged(&call.house.house.reply_to(&call.author().await?, id, wish).await?)
}

/// The conversation and the words that are to follow in it.
async fn following(call: &Call) -> Result<(ConversationId, FollowUp), Problem> {
    let (sent, id): (Following, ConversationId) = (call.sent()?, call.number("conversation")?);
    let seat = call.seat().await?;
    // What is not within sight is not there, whatever else was sent.
    call.house.house.conversation(&seat.desk, id).await?;
    let wish = FollowUp {
        text: sent.text,
        author_name: sent.speaker.author_name,
        agency: seat.desk.agency_called(&sent.speaker.agency)?.id.clone(),
        complaints: sent.speaker.complaints,
        assistance: sent.speaker.assistance,
    };
    Ok((id, wish))
}

fn changed(call: &Call, id: ConversationId) -> Result<Reply, Problem> {
    call.say(&EngagementChanged { conversation: id.to_string() })
}

async fn note_answer(call: Call) -> Result<Reply, Problem> {
    let (sent, id) = (call.sent::<Came>()?, call.number("conversation")?);
    call.house.house.note_answer(&call.author().await?, id, sent.came).await?;
    changed(&call, id)
}

async fn note_thanks(call: Call) -> Result<Reply, Problem> {
    let id = call.number("conversation")?;
    call.house.house.note_thanks(&call.author().await?, id).await?;
    changed(&call, id)
}

async fn note_outcome(call: Call) -> Result<Reply, Problem> {
    let (sent, id) = (call.sent::<Outcome>()?, call.number("conversation")?);
    call.house.house.note_outcome(&call.author().await?, id, &sent.outcome).await?;
    changed(&call, id)
}

async fn end_engagement(call: Call) -> Result<Reply, Problem> {
    let (sent, id) = (call.sent::<Ended>()?, call.number("conversation")?);
    call.house.house.end_conversation(&call.author().await?, id, sent.how, &sent.outcome).await?;
    changed(&call, id)
}

async fn rate_engagement(call: Call) -> Result<Reply, Problem> {
    let (sent, id) = (call.sent::<ProjectRating>()?, call.number("conversation")?);
    call.house.house.note_rating(&call.author().await?, id, sent).await?;
    changed(&call, id)
}
