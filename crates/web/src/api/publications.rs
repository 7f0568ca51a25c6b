// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is published: drafted by one person, approved by another by the digest of the draft.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use underpin_model::people::Act;
use underpin_model::publications::PublicationKind;
use underpin_model::watch::Tlp;
use underpin_office::publish::{DecisionsAsked, DraftAsked, Drafted, PublicationRow, PublicationsAnswer, SbomAsked};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/publications" publications Knowledge "Drafts of publications, and what became of them")
            .act(Act::Rank)
            .paged()
            .gives::<Paged<PublicationsAnswer>>(),
        endpoint!(POST "/publications" draft_publication Knowledge "Drafts a CSAF document: from an advisory of the office, from decisions, or from a document")
            .act(Act::Lead)
            .makes()
            .sends::<NewDraft>()
            .gives::<Drafted>(),
        endpoint!(POST "/publications/sboms" draft_sbom Knowledge "Drafts the parts list of a release")
            .act(Act::Lead)
            .makes()
            .sends::<NewSbom>()
            .gives::<Drafted>(),
        endpoint!(POST "/publications/approve" approve_publication Knowledge "Approves a draft that somebody else wrote: it is dated, signed and published")
            .act(Act::Approve)
            .sends::<Approved>()
            .gives::<PublicationRow>(),
        endpoint!(POST "/publications/withdraw" withdraw_publication Knowledge "Takes a draft back; of what is published, drafts a version that says so")
            .act(Act::Lead)
            .sends::<Withdrawn>()
            .gives::<WithdrawnReply>(),
    ]
}

/// A CSAF document to be drafted, from one of three sources.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewPublicationDraft")]
struct NewDraft {
    /// Tracking identifier.
    #[schemars(length(min = 1))]
    id: String,
    /// From where.
    from: DraftSource,
    /// Title; that of the source when left out.
    #[serde(default)]
    title: String,
    /// Language, as `en`.
    #[serde(default)]
    language: String,
    /// What is new in this version.
    #[serde(default)]
    summary: String,
    /// How far it may be passed on; only what is clear is offered to everybody.
    #[serde(default)]
    tlp: Tlp,
}

/// What a document is made from.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PublicationSource")]
enum DraftSource {
    /// An advisory of the office, by its identifier.
    Advisory(String),
    /// Decisions that hold for the whole government.
    Decisions(FromDecisions),
    /// A CSAF 2.0 document; its publisher, history and mark are made anew.
    Document(Value),
}

/// Which decisions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublicationDecisions")]
struct FromDecisions {
    /// Vulnerabilities; all when left out.
    #[serde(default)]
    vulnerabilities: Vec<String>,
    /// Packages, as purls; all when left out.
    #[serde(default)]
    packages: Vec<String>,
}

/// The parts list of a release.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewPublicationSbom")]
struct NewSbom {
    /// The product.
    #[schemars(length(min = 1))]
    about: String,
    /// Its release.
    #[schemars(length(min = 1))]
    release: String,
    /// The parts list, as text.
    text: String,
    /// What is new in this version of the list.
    #[serde(default)]
    summary: String,
    /// How far it may be passed on.
    #[serde(default)]
    tlp: Tlp,
}

/// An approval.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublicationApproval")]
struct Approved {
    /// `csaf` or `sbom`.
    kind: PublicationKind,
    /// Name of the draft.
    name: String,
    /// Digest of the draft that was read.
    digest: String,
}

/// A withdrawal.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublicationWithdrawal")]
struct Withdrawn {
    /// `csaf` or `sbom`.
    kind: PublicationKind,
    /// Name.
    name: String,
    /// Why; everybody reads it.
    reason: String,
}

/// What became of a withdrawal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicationWithdrawn")]
struct WithdrawnReply {
    /// The draft that says so, for another person to approve; nothing where a draft was taken back.
    draft: Option<Drafted>,
}

async fn publications(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.publications(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

fn made(drafted: &Drafted) -> Result<Reply, Problem> {
    Ok(Reply::json(StatusCode::CREATED, drafted)?.header(header::LOCATION, format!("{BASE}/publications")))
}

async fn draft_publication(call: Call) -> Result<Reply, Problem> {
    let sent: NewDraft = call.sent()?;
    let author = call.author().await?;
    let asked =
        DraftAsked { id: sent.id, title: sent.title, language: sent.language, tlp: sent.tlp, summary: sent.summary };
    let house = &call.house.house;
    let drafted = match sent.from {
        DraftSource::Advisory(own) => house.draft_from_own(&author, &own, asked).await?,
        DraftSource::Decisions(from) => {
            let decisions = DecisionsAsked { vulnerabilities: from.vulnerabilities, packages: from.packages };
            house.draft_from_decisions(&author, &decisions, asked).await?
        }
        DraftSource::Document(document) => {
            house.draft_document(&author, document.to_string().as_bytes(), asked).await?
        }
    };
    made(&drafted)
}

async fn draft_sbom(call: Call) -> Result<Reply, Problem> {
    let sent: NewSbom = call.sent()?;
    let asked = SbomAsked { about: sent.about, release: sent.release, summary: sent.summary, tlp: sent.tlp };
    made(&call.house.house.draft_sbom(&call.author().await?, sent.text.as_bytes(), asked).await?)
}

async fn approve_publication(call: Call) -> Result<Reply, Problem> {
    let Approved { kind, name, digest } = call.sent()?;
    let row = call.house.house.approve_publication(&call.author().await?, (kind, &name), &digest).await?;
    call.say(&row)
}

async fn withdraw_publication(call: Call) -> Result<Reply, Problem> {
    let Withdrawn { kind, name, reason } = call.sent()?;
    let draft = call.house.house.withdraw_publication(&call.author().await?, (kind, &name), &reason).await?;
    call.say(&WithdrawnReply { draft })
}
