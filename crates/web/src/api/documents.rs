// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was handed in, what became of it, its original bytes, and where it says too little.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::DocumentState;
use underpin_model::people::Act;
use underpin_office::codes::codes;
use underpin_office::coordinator::document_changes::{DocumentChange, RetryRow};
use underpin_office::coordinator::document_list::{DocumentFilter, DocumentRow, DocumentsAnswer, Listed};
use underpin_office::coordinator::documents::{DocumentAnswer, GapRow};
use underpin_office::intake::{About, AddOptions, Silent, Target, Upload, Uploaded};
use underpin_office::regulator::ConformityAnswer;

use super::BASE;
use super::call::{Call, parameter, some};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/documents" documents Documents "What was handed in, by number")
            .paged()
            .asks::<Filter>()
            .gives::<Paged<DocumentsAnswer>>(),
        endpoint!(POST "/documents" hand_in Documents "Hands in a document, or an archive of documents; the request is its bytes")
            .act(Act::HandIn)
            .makes()
            .asks::<HandIn>()
            .sends_bytes()
            .gives::<HandedIn>(),
        endpoint!(GET "/documents/{document}" document Documents "Everything known about a document").timed().gives::<DocumentAnswer>(),
        endpoint!(GET "/documents/{document}/original" original Documents "The original bytes of a document, or of a file read with it")
            .asks::<Original>()
            .gives_bytes(),
        endpoint!(GET "/documents/{document}/conformity" document_conformity Documents "What a document conforms to, clause by clause")
            .timed()
            .asks::<Held>()
            .gives::<ConformityAnswer>(),
        endpoint!(POST "/documents/{document}/bind" bind Documents "Says which system a document is about")
            .act(Act::HandIn)
            .sends::<Binding>()
            .gives::<DocumentChange>(),
        endpoint!(POST "/documents/{document}/unbind" unbind Documents "Says that a document is not about a system any more")
            .act(Act::HandIn)
            .sends::<Unbinding>()
            .gives::<DocumentChange>(),
        endpoint!(POST "/documents/{document}/retract" retract Documents "Takes a document back: its facts do not count any more")
            .act(Act::Decide)
            .sends::<Reason>()
            .gives::<DocumentChange>(),
        endpoint!(POST "/documents/{document}/restore" restore Documents "Lets a document count again that was taken back")
            .act(Act::Decide)
            .sends::<Reason>()
            .gives::<DocumentChange>(),
        endpoint!(POST "/documents/{document}/retry" retry Documents "Reads a document again that could not be read, with the readers of today")
            .act(Act::HandIn)
            .gives::<Retried>(),
        endpoint!(GET "/gaps" gaps Documents "Documents that are wrong somewhere or say too little, the most gaps first")
            .paged()
            .asks::<Filter>()
            .gives::<Paged<Rows<GapCount>>>(),
        endpoint!(GET "/documents/{document}/gaps" document_gaps Documents "Where a document is wrong or says too little")
            .paged()
            .gives::<Paged<Rows<GapRow>>>(),
        endpoint!(GET "/codes" all_codes Documents "Stable codes of answers, with what they mean").gives::<Codes>(),
    ]
}

/// Parameters: which documents.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Those in this state.
    state: Option<DocumentState>,
    /// Those about a system.
    system: Option<String>,
    /// Those about systems of an agency and everything below it, and those handed in by it.
    agency: Option<String>,
    /// Those of a tool; `*` stands for any characters.
    tool: Option<String>,
    /// Only accepted ones about no system yet.
    unbound: Option<bool>,
    /// Only those that a newer one replaced for every system they are about.
    superseded: Option<bool>,
    /// Only accepted ones that are wrong somewhere or say too little.
    with_gaps: Option<bool>,
}

impl Filter {
    fn filter(self) -> DocumentFilter {
        DocumentFilter {
            unbound: self.unbound.unwrap_or_default(),
            state: self.state,
            superseded: self.superseded.unwrap_or_default(),
            system: some(self.system),
            agency: some(self.agency),
            tool: some(self.tool),
            with_gaps: self.with_gaps.unwrap_or_default(),
            made: None,
        }
    }
}

async fn documents(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Filter, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let overview = seat.desk.overview();
    let found = seat.desk.matching_documents(&asked.filter())?;
    let (from, count) = walk.window();
    let rows = found.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)).take(count).map(Listed::row).collect();
    let (rows, page) = walk.cut_from(overview.as_of, found.len() as u64, rows)?;
    let answer = DocumentsAnswer { overview, rows };
    call.give(&seat, &Paged { answer, page })
}

/// Parameters of what is handed in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HandIn {
    /// Name of the file: some formats are told by it.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"^[^\x00-\x1f\x7f-\x9f/\\!]+$"))]
    name: String,
    /// The system that it is about; else the mapping rules say.
    system: Option<String>,
    /// The deployment of the system.
    deployment: Option<String>,
}

/// What became of a file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FileOutcome")]
struct FileOutcome {
    /// What it is called; `!` parts an archive from what is in it.
    path: String,
    /// The document that it is.
    document: Option<String>,
    /// `accepted`, `quarantined`, `duplicate`, or why it is no document.
    code: String,
    /// More about that.
    detail: String,
    /// Systems that it is about.
    systems: Vec<String>,
}

/// What became of what was handed in. It is durable.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HandedIn")]
struct HandedIn {
    /// Every file that came out of it.
    files: Vec<FileOutcome>,
    /// Revision of the ledger in which it can be seen; 0 when it changed nothing.
    revision: i64,
}

/// A name of a file that leads nowhere.
fn is_file_name(name: &str) -> bool {
    (1..=200).contains(&name.chars().count())
        && !name.chars().any(|letter| letter.is_control() || matches!(letter, '/' | '\\' | '!'))
        && !name.trim_matches(['.', ' ']).is_empty()
}

async fn hand_in(mut call: Call) -> Result<Reply, Problem> {
    let asked: HandIn = call.asked()?;
    if !is_file_name(&asked.name) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file-name")
            .detail("name is the name of a file, without folders, in at most 200 letters"));
    }
    if call.body.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "empty").detail("the request has no bytes"));
    }
    let about = match (some(asked.system), some(asked.deployment)) {
        (Some(system), deployment) => About::System(system, deployment),
        (None, None) => About::Rules,
        // Each of them may be given; only both together say what is meant.
        (None, Some(_)) => {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "parameter")
                .detail("a deployment is one of a system: name that, too"));
        }
    };
    let author = call.author().await?;
    let options = AddOptions {
        paths: Vec::new(),
        target: Target::Rules,
        uploader: None,
        viewer: author.viewer,
        actor: author.actor,
        tag: call.house.tag(),
    };
    let upload = Upload { name: asked.name, bytes: std::mem::take(&mut call.body), about };
    let outcomes = call.house.house.add_together(&options, vec![upload], author.at, &Silent).await?;
    // What came in is there; small files are put together when it is time.
    call.house.house.tidy_up(&options.tag, author.at, None).await?;
    let uploaded = outcomes.into_iter().next().unwrap_or_else(|| Ok(Uploaded::default()))?;
    let files: Vec<FileOutcome> = uploaded
        .fates
        .into_iter()
        .map(|fate| FileOutcome {
            path: fate.path,
            document: fate.document.map(|document| document.to_string()),
            code: fate.code,
            detail: fate.detail,
            systems: fate.systems.into_iter().map(|system| system.0).collect(),
        })
        .collect();
    let document = files.iter().find_map(|file| file.document.clone());
    let reply = call.say(&HandedIn { files, revision: uploaded.revision })?;
    Ok(match document {
        Some(document) => reply.header(header::LOCATION, format!("{BASE}/documents/{document}")),
        // Nothing was kept: nothing was made.
        None => Reply { status: StatusCode::OK, ..reply },
    })
}

async fn document(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &seat.desk.show_document(call.variable("document"))?)
}

/// Parameters: which file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Original {
    /// Role of a file that was read together with the document.
    companion: Option<String>,
    /// Whether the file is wanted that the document is a part of; whoever may see all its parts gets it.
    container: Option<bool>,
}

async fn original(call: Call) -> Result<Reply, Problem> {
    let asked: Original = call.asked()?;
    let seat = call.seat().await?;
    let text = call.variable("document");
    let companion = some(asked.companion);
    let is_whole = asked.container.unwrap_or_default();
    let bytes = match is_whole {
        true if companion.is_some() => {
            // Each is good by itself, which is what the description says of them.
            let mut both = parameter("ask for a companion or for the container, not for both");
            both.status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(both);
        }
        true => seat.desk.whole_of(text).await?,
        false => seat.desk.original_of(text, companion.as_deref()).await?,
    };
    let number = seat.desk.document_called(text)?.id.to_string();
    let part = companion.or_else(|| is_whole.then(|| "container".to_owned()));
    Ok(Reply::bytes(bytes, &part.map_or_else(|| number.clone(), |part| format!("{number}-{part}"))))
}

/// Parameters: against which rulebooks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Held {
    /// Names of rulebooks, with commas; those that the house has switched on when none is named.
    rulebooks: Option<String>,
}

async fn document_conformity(call: Call) -> Result<Reply, Problem> {
    let asked: Held = call.asked()?;
    let seat = call.seat().await?;
    let names = some(asked.rulebooks).unwrap_or_default();
    let names = names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let names: Vec<String> = names.collect();
    call.give(&seat, &call.house.house.conformity(&seat.desk, call.variable("document"), &names).await?)
}

/// A system that a document is about.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Binding {
    /// The system.
    system: String,
    /// The deployment, where it matters.
    deployment: Option<String>,
}

async fn bind(call: Call) -> Result<Reply, Problem> {
    let sent: Binding = call.sent()?;
    let (document, author) = (call.variable("document"), call.author().await?);
    call.say(&call.house.house.bind_document(&author, document, &sent.system, sent.deployment.as_deref()).await?)
}

/// A system that a document is not about; all of them when none is named.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Unbinding {
    /// The system.
    system: Option<String>,
    /// The deployment.
    deployment: Option<String>,
}

async fn unbind(call: Call) -> Result<Reply, Problem> {
    let sent: Unbinding = call.sent()?;
    let (document, author) = (call.variable("document"), call.author().await?);
    let (system, deployment) = (sent.system.as_deref(), sent.deployment.as_deref());
    call.say(&call.house.house.unbind_document(&author, document, system, deployment).await?)
}

/// Why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why, in words.
    #[schemars(length(min = 1))]
    pub reason: String,
}

async fn retract(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let (document, author) = (call.variable("document"), call.author().await?);
    call.say(&call.house.house.retract_document(&author, document, &sent.reason).await?)
}

async fn restore(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    if sent.reason.is_empty() {
        return Err(parameter("reason says why, in words"));
    }
    let (document, author) = (call.variable("document"), call.author().await?);
    call.say(&call.house.house.restore_document(&author, document, &sent.reason).await?)
}

/// What became of a document that was read again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Retried")]
struct Retried {
    /// The documents.
    rows: Vec<RetryRow>,
}

async fn retry(call: Call) -> Result<Reply, Problem> {
    let (document, author) = (call.variable("document"), call.author().await?);
    let tag = call.house.tag();
    call.say(&Retried { rows: call.house.house.retry_documents(&author, Some(document), &tag).await? })
}

/// How often a document says too little.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GapCount")]
struct GapCount {
    /// The document.
    document: String,
    /// Tool that made it.
    tool: String,
    /// Systems it is about.
    systems: Vec<String>,
    /// Gaps in it.
    gaps: u64,
}

async fn gaps(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Filter, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let mut found = seat.desk.matching_documents(&asked.filter())?;
    found.retain(|listed| listed.record.gaps > 0);
    let mut rows: Vec<DocumentRow> = found.iter().map(Listed::row).collect();
    rows.sort_by(|a, b| b.gaps.cmp(&a.gaps).then(a.document.cmp(&b.document)));
    let count = |row: DocumentRow| GapCount {
        document: row.document.to_string(),
        tool: row.tool,
        systems: row.systems,
        gaps: row.gaps,
    };
    call.give_rows(&seat, &walk, rows.into_iter().map(count).collect())
}

async fn document_gaps(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let found = seat.desk.show_document(call.variable("document"))?;
    call.give_rows(&seat, &walk, found.gap_rows)
}

/// A code.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Code")]
struct CodeMeaning {
    /// What it is about.
    about: &'static str,
    /// What it means and what is done about it.
    meaning: &'static str,
}

/// Codes that answers show.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Codes")]
struct Codes {
    /// Meanings by code; one code may be used about several things.
    codes: BTreeMap<&'static str, Vec<CodeMeaning>>,
}

async fn all_codes(call: Call) -> Result<Reply, Problem> {
    let mut all: BTreeMap<&'static str, Vec<CodeMeaning>> = BTreeMap::new();
    for code in codes() {
        all.entry(code.code).or_default().push(CodeMeaning { about: code.about, meaning: code.meaning });
    }
    call.say(&Codes { codes: all })
}
