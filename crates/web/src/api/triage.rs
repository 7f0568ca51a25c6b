// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One ruling about many findings, and the decisions that hold as a document that other tools read.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::watch::{Justification, Place, Status, Tlp};
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::triage::{Chosen, Coverage, Extent, Selection};
use underpin_office::watch::vex_out::Head;

use super::call::{Call, some};
use super::decisions::Decided;
use super::endpoint::{Endpoint, endpoint};
use super::findings::Asked;
use super::problem::Problem;
use super::reply::{JSON, Reply};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(POST "/decisions/preview" covered Findings "What a ruling about chosen findings would cover")
            .act(Act::Decide)
            .sends::<Choice>()
            .gives::<Coverage>(),
        endpoint!(POST "/decisions/many" rule Findings "Makes one ruling about chosen findings: all of it, or nothing")
            .act(Act::Decide)
            .makes()
            .sends::<NewRuling>()
            .gives::<Decided>(),
        endpoint!(GET "/decisions/vex" vex Findings "Decisions that hold, as a document that other tools read")
            .timed()
            .asks::<Written>()
            .gives::<Statements>(),
    ]
}

/// A finding.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChosenFinding")]
struct One {
    /// Vulnerability.
    vulnerability: String,
    /// Package version, as a purl.
    package: String,
    /// System.
    system: String,
}

/// What is ruled about.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "RulingChoice")]
enum Which {
    /// Single findings.
    Findings(Vec<One>),
    /// All that the same parameters of `findings` ask for.
    All(Box<Asked>),
}

/// Where a ruling shall hold.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "RulingPlace")]
enum Where {
    /// In the systems of the chosen findings, each for itself.
    Systems,
    /// In an agency and everything below it.
    Agency(String),
    /// In the whole government.
    Government,
}

/// What is ruled about, and where.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RulingPreview")]
struct Choice {
    /// What is ruled about.
    which: Which,
    /// Where it shall hold.
    place: Where,
}

impl Choice {
    fn read(self) -> Result<(Selection, Extent), Problem> {
        let chosen = |one: One| Chosen { vulnerability: one.vulnerability, package: one.package, system: one.system };
        let selection = match self.which {
            Which::Findings(findings) => Selection::Findings(findings.into_iter().map(chosen).collect()),
            Which::All(asked) => Selection::All(Box::new(asked.query()?)),
        };
        let extent = match self.place {
            Where::Systems => Extent::Systems,
            Where::Agency(agency) => Extent::Agency(AgencyId(agency)),
            Where::Government => Extent::Government,
        };
        Ok((selection, extent))
    }
}

async fn covered(call: Call) -> Result<Reply, Problem> {
    let (selection, extent) = call.sent::<Choice>()?.read()?;
    let seat = call.seat().await?;
    call.say(&call.house.watched(&seat).await?.covered(&seat.desk, &selection, &extent)?)
}

/// What a ruling was seen to cover.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExpectedCoverage")]
struct Expected {
    /// Decisions.
    decisions: u64,
    /// Findings.
    findings: u64,
    /// Systems.
    systems: u64,
}

/// A ruling to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRuling {
    /// What is ruled about.
    which: Which,
    /// Where it shall hold.
    place: Where,
    /// What the preview said: when it is otherwise by now, nothing is decided.
    expected: Expected,
    /// What is decided.
    status: Status,
    /// Why it is not affected: needed for `not_affected`.
    justification: Option<Justification>,
    /// Why, in words.
    #[schemars(length(min = 1))]
    reason: String,
    /// What is to be done.
    #[serde(default)]
    action: String,
    /// When it should be looked at again.
    review: Option<Timestamp>,
    /// When it ends by itself.
    expires: Option<Timestamp>,
    /// Whether a second person must agree before it holds.
    #[serde(default)]
    needs_approval: bool,
}

async fn rule(call: Call) -> Result<Reply, Problem> {
    let sent: NewRuling = call.sent()?;
    let (selection, extent) = Choice { which: sent.which, place: sent.place }.read()?;
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    let author = call.author().await?;
    let ruling = Ruling {
        // Place and agency follow from where it shall hold.
        place: Place::Government,
        agency: None,
        status: sent.status,
        justification: sent.justification,
        reason: sent.reason,
        action: sent.action,
        valid_from: author.at,
        review: sent.review,
        expires: sent.expires,
        needs_approval: sent.needs_approval,
    };
    let expected = [sent.expected.decisions, sent.expected.findings, sent.expected.systems];
    let of = (&selection, &extent);
    let made = call.house.house.triage((watched, &seat.desk), &author, of, &ruling, expected).await?;
    let decisions = made.iter().map(ToString::to_string).collect();
    Reply::json(StatusCode::CREATED, &Decided { decisions, note: None })
}

/// Formats of statements.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
enum Format {
    #[default]
    #[serde(rename = "csaf-2.0")]
    Csaf20,
    #[serde(rename = "csaf-2.1")]
    Csaf21,
    #[serde(rename = "openvex")]
    OpenVex,
    #[serde(rename = "cyclonedx-1.6")]
    CycloneDx16,
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Self::Csaf20 => "csaf-2.0",
            Self::Csaf21 => "csaf-2.1",
            Self::OpenVex => "openvex",
            Self::CycloneDx16 => "cyclonedx-1.6",
        }
    }
}

/// Parameters: how it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Format; else `csaf-2.0`.
    #[serde(rename = "as")]
    format: Option<Format>,
    /// Address of the publisher, such as `https://ospo.example.gov`.
    publisher: Option<String>,
    /// How far it may be passed on.
    tlp: Option<Tlp>,
    /// Title.
    title: Option<String>,
}

/// A document of another format: what stands in it is told there.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Statements")]
struct Statements(serde_json::Map<String, serde_json::Value>);

async fn vex(call: Call) -> Result<Reply, Problem> {
    let asked: Written = call.asked()?;
    let seat = call.seat().await?;
    let overview = seat.desk.overview();
    let head = Head {
        id: format!("{}-decisions-{}", overview.as_of.date(), overview.snapshot),
        title: some(asked.title).unwrap_or_else(|| "Decisions about vulnerabilities".to_owned()),
        author: some(asked.publisher).unwrap_or_else(|| "urn:underpin".to_owned()),
        tlp: asked.tlp.unwrap_or_default(),
    };
    let given = call.house.watched(&seat).await?.decisions_as(asked.format.unwrap_or_default().as_str(), &head)?;
    let body = given.text.into_bytes();
    Ok(Reply { status: StatusCode::OK, media: JSON.to_owned(), body, tag: None, headers: Vec::new() })
}
