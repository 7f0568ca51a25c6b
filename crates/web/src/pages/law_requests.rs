// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/law/requests`: what did authorities ask, by when, and was it answered? A form writes down another request.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::law::AuthorityEvent;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::{Timestamp, Viewer};
use underpin_office::Desk;
use underpin_office::law::requests::{RequestRow, RequestState, RequestsAnswer};
use underpin_render::{Argument, text};

use super::incident_view::{author, moment};
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::reach::Reachable;
use crate::visitor::Person;

/// Requests as rows of a file.
const ROWS: Rows = Rows {
    name: "requests-of-authorities",
    list: "rows",
    fields: &["request", "state", "authority", "about", "reference", "asked", "due", "agency", "answered"],
};
/// The choice in the form that stands for the office itself, which is no identifier of an agency.
const OFFICE: &str = "-";
/// What the office says against an attempt, told on the page.
pub(super) const REFUSALS: [&str; 3] = ["invalid-authority-request", "too-long", "unknown-agency"];

#[derive(Template)]
#[template(path = "law_requests.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: RequestsAnswer,
    sent: Sent,
    faults: Faults,
    refusal: Told,
    /// Whether the reader leads or audits somewhere: else nothing is shown, whatever stands in the log.
    is_reader: bool,
    /// Whether the reader may make a steward's pack.
    may_pack: bool,
    /// Whose requests the reader may write down: value of the form and name.
    choices: Vec<(String, String)>,
}

impl Page {
    fn level(&self, row: &RequestRow) -> &'static str {
        level(row.state)
    }
}

/// The level by which a state is marked; its word stands beside it.
pub(super) fn level(state: RequestState) -> &'static str {
    match state {
        RequestState::Late => "act-now",
        RequestState::Open => "planned",
        RequestState::AnsweredLate => "watch",
        RequestState::Answered => "none",
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, (Sent::default(), &[], Told::default()), StatusCode::OK).await
}

/// Writes down that an authority asked.
pub async fn note(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let author = author(&house, &person).await?;
    let asked = match asked(&sent, author.at) {
        Ok(asked) => asked,
        Err(faults) => return shown(&house, &person, (sent, &faults, Told::default()), bad).await,
    };
    match house.house.note_authority_request(&author, asked).await {
        Ok(request) => Ok(Redirect::to(&format!("/law/requests/{request}?done=noted")).into_response()),
        Err(error) if REFUSALS.contains(&error.code) => {
            let told = Told::by_the_office(&error);
            shown(&house, &person, (sent, &[], told), bad).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Fields with the keys of what is wrong with them.
pub(super) type FieldFaults = Vec<(&'static str, &'static str)>;

/// A request as the form says it.
fn asked(sent: &Sent, now: Timestamp) -> Result<AuthorityEvent, FieldFaults> {
    let mut faults: FieldFaults = Vec::new();
    for field in ["authority", "about"] {
        if sent.one(field).is_empty() {
            faults.push((field, "requests-fault-empty"));
        }
    }
    let at = happened_at(sent, now).map_err(|key| faults.push(("at", key))).unwrap_or(now);
    let due = sent.day("due").map_err(|_| faults.push(("due", "requests-fault-day"))).unwrap_or_default();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(AuthorityEvent::Asked {
        authority: sent.one("authority").to_owned(),
        about: plain(sent.one("about")),
        at,
        agency: sent.some("agency").filter(|agency| agency != OFFICE).map(AgencyId),
        reference: sent.one("reference").to_owned(),
        // The whole of the day counts.
        due: due.map(|day| Timestamp(day.0.saturating_add(Timestamp::DAY_US - 1))),
    })
}

/// When something happened, by the field of a form; now where it is empty.
pub(super) fn happened_at(sent: &Sent, now: Timestamp) -> Result<Timestamp, &'static str> {
    let at = moment(sent.one("at")).map_err(|()| "reporting-fault-moment")?.unwrap_or(now);
    if at > now { Err("reporting-fault-future") } else { Ok(at) }
}

/// Words of a field of several lines, with ends of lines as the ledger has them.
pub(super) fn plain(words: &str) -> String {
    words.replace("\r\n", "\n")
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (sent, faults, refusal): (Sent, &[(&str, &str)], Told),
    status: StatusCode,
) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let answer = house.house.authority_requests(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("requests");
    "/law/requests".clone_into(&mut frame.here);
    let words = frame.t("clocks");
    frame.crumb(words, "/clocks");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let page = Page {
        headline: headline(&frame, &answer),
        faults: Faults::told(&frame, faults),
        is_reader: viewer.may(Act::Lead) || viewer.may(Act::Audit),
        may_pack: viewer.may_everywhere(Act::Lead),
        choices: if visitor.as_of.is_none() { choices(&frame, &viewer, &seat.desk) } else { Vec::new() },
        frame,
        answer,
        sent,
        refusal,
    };
    Ok((status, html(&page)?).into_response())
}

/// What is overdue; else what waits for an answer.
fn headline(frame: &Frame, answer: &RequestsAnswer) -> String {
    let (late, open) = (answer.count(RequestState::Late), answer.count(RequestState::Open));
    let (key, count) = match (answer.rows.len() as u64, late, open) {
        (0, ..) => ("requests-headline-none", 0),
        (_, 1.., _) => ("requests-headline-late", late),
        (_, 0, 1..) => ("requests-headline-open", open),
        (all, ..) => ("requests-headline", all),
    };
    text(frame.language, key, &[("count", Argument::Count(count))])
}

/// Of whom the reader may write down a request: the office, for who leads for the whole government, and agencies.
fn choices(frame: &Frame, viewer: &Viewer, desk: &Desk) -> Vec<(String, String)> {
    let own = Reachable::of(viewer, desk, Act::Lead);
    let office = own.is_everywhere.then(|| (OFFICE.to_owned(), frame.t("requests-office")));
    let agencies = desk.snapshot.agencies.iter().filter(|agency| own.has_agency(&agency.id));
    office.into_iter().chain(agencies.map(|agency| (agency.id.0.clone(), agency.name.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_772_442_000_000_000);

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_day_counts_whole_and_every_fault_is_told_at_once() {
        let form = [("authority", " Markets "), ("about", "a\r\nb"), ("due", "2026-03-09"), ("agency", "-")];
        let Ok(AuthorityEvent::Asked { authority, about, at, agency, due, .. }) = asked(&sent(&form), NOW) else {
            panic!("it is a request");
        };
        assert_eq!((authority.as_str(), about.as_str(), at, agency), ("Markets", "a\nb", NOW, None));
        let next: Timestamp = "2026-03-10T00:00:00Z".parse().expect("a day");
        assert_eq!(due, Some(Timestamp(next.0 - 1)));
        let wrong = [("at", "2099-01-01T00:00"), ("due", "soon")];
        let faults = asked(&sent(&wrong), NOW).expect_err("nothing fits");
        let fields: Vec<&str> = faults.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["authority", "about", "at", "due"]);
    }
}
