// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of requests of authorities: who asked what and when, and what was answered. It is told by people and nothing in it is overwritten.

use serde::Serialize;
use underpin_ledger::AuthorityRequestRecord;
use underpin_model::Timestamp;
use underpin_model::clocks::ClockEvidence;
use underpin_model::law::AuthorityEvent;

use super::histories::seen_evidence;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// Not answered, and its day has passed.
    Late,
    /// Not answered.
    Open,
    /// Answered after its day.
    AnsweredLate,
    /// Answered.
    Answered,
}

impl RequestState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Open => "open",
            Self::AnsweredLate => "answered-late",
            Self::Answered => "answered",
        }
    }
}

/// Something that was said of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "AuthorityEventRow")]
pub struct EventRow {
    /// What.
    pub event: AuthorityEvent,
    /// Who said it.
    pub actor: String,
    /// When.
    pub said: Timestamp,
}

/// A request of an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "AuthorityRequestRow")]
pub struct RequestRow {
    /// Its number.
    pub request: i64,
    /// How it stands.
    pub state: RequestState,
    /// Who asked.
    pub authority: String,
    /// For what.
    pub about: String,
    /// The authority's own reference.
    pub reference: String,
    /// When it asked.
    pub asked: Timestamp,
    /// By when it wants an answer, where it says so.
    pub due: Option<Timestamp>,
    /// The agency that was asked; `None` for the office.
    pub agency: Option<String>,
    /// The name of that, for people.
    pub agency_name: Option<String>,
    /// When it was answered first.
    pub answered: Option<Timestamp>,
    /// Evidence that answers name.
    pub evidence: Vec<ClockEvidence>,
    /// All that was said, in order.
    pub events: Vec<EventRow>,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RequestsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Requests, those that are late or open first.
    pub rows: Vec<RequestRow>,
}

impl RequestsAnswer {
    /// How many stand so.
    pub fn count(&self, state: RequestState) -> u64 {
        self.rows.iter().filter(|row| row.state == state).count() as u64
    }
}

/// Where those stand that a viewer sees.
const SEEN_WHERE: &str = "`underpin law requests list` shows those that you may see";

impl House {
    /// The log of requests of authorities, as far as the viewer leads or audits where they were asked.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn authority_requests(&self, desk: &Desk) -> Result<RequestsAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let records = reader.authority_requests(desk.snapshot.at).await?;
        let mut rows: Vec<RequestRow> = records.into_iter().filter_map(|record| row(desk, record)).collect();
        rows.sort_by_key(|row| (row.state, row.due.unwrap_or(Timestamp::MAX), row.request));
        Ok(RequestsAnswer { overview: desk.overview(), rows })
    }

    /// One request, as far as the viewer leads or audits where it was asked.
    ///
    /// # Errors
    /// `unknown-authority-request` also for one out of sight; when the ledger cannot be read.
    pub async fn authority_request(&self, desk: &Desk, request: i64) -> Result<RequestRow> {
        let rows = self.authority_requests(desk).await?.rows;
        rows.into_iter().find(|row| row.request == request).ok_or_else(|| {
            OfficeError::new("unknown-authority-request", format!("there is no request {request} of an authority"))
                .hint(SEEN_WHERE)
        })
    }

    /// Writes down that an authority asked. Returns the number of the request.
    ///
    /// # Errors
    /// `invalid-authority-request`, `unknown-agency`, `not-allowed`, and what the ledger says.
    pub async fn note_authority_request(&self, author: &Author, event: AuthorityEvent) -> Result<i64> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.note_authority_request(author.at, event).await?)
    }

    /// Writes down what happened to a request: an answer, or a remark.
    ///
    /// # Errors
    /// `unknown-authority-request` also for one out of sight; as [`Self::note_authority_request`].
    pub async fn note_authority_event(&self, author: &Author, request: i64, event: AuthorityEvent) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let noted = writer.note_authority_event(author.at, request, event).await;
        noted.map(|_| ()).map_err(|error| OfficeError::from(error).hint(SEEN_WHERE))
    }
}

/// What was said, without documents that are out of sight.
fn seen(desk: &Desk, event: AuthorityEvent) -> AuthorityEvent {
    match event {
        AuthorityEvent::Answered { at, with, evidence } => {
            AuthorityEvent::Answered { at, with, evidence: seen_evidence(desk, &evidence) }
        }
        other => other,
    }
}

fn row(desk: &Desk, record: AuthorityRequestRecord) -> Option<RequestRow> {
    let now = desk.snapshot.at;
    let first = record.events.first().map(|(event, ..)| event.clone());
    let Some(AuthorityEvent::Asked { authority, about, at, agency, reference, due }) = first else { return None };
    let answers = record.events.iter().filter_map(|(event, ..)| match event {
        AuthorityEvent::Answered { at, evidence, .. } => Some((*at, evidence)),
        _ => None,
    });
    let answered = answers.clone().map(|(at, _)| at).min();
    let state = match (answered, due) {
        (None, Some(due)) if due < now => RequestState::Late,
        (None, _) => RequestState::Open,
        (Some(answered), Some(due)) if answered > due => RequestState::AnsweredLate,
        (Some(_), _) => RequestState::Answered,
    };
    let evidence = answers.flat_map(|(_, evidence)| seen_evidence(desk, evidence)).collect();
    let events = record.events.into_iter();
    let events = events.map(|(event, actor, said)| EventRow { event: seen(desk, event), actor, said }).collect();
    Some(RequestRow {
        request: record.request,
        state,
        authority,
        about,
        reference,
        asked: at,
        due,
        agency_name: agency.as_ref().map(|agency| desk.agency_name(agency).to_owned()),
        agency: agency.map(|agency| agency.0),
        answered,
        evidence,
        events,
    })
}
