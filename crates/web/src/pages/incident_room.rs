// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/incidents/{id}`: who is still exposed, what is done about it, what is next? The room of an incident.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::incidents::{Incident, IncidentId, Scope, ScopeQuery};
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_office::elsewhere::HitElsewhere;
use underpin_office::incidents::IncidentRoom;
use underpin_office::rounds::{LetterRow, MailRow};
use underpin_render::{Argument, room as sentences, text};

use super::incident_rows::{RoomView, standing};
use super::incident_view::{Notice, drill_title, marked_rows, may_at, titled};
use super::{Answer, html, incident_figures, number};
use crate::error::{WebError, encoded};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::{Seat, WebHouse};
use crate::reads::{self, Marked};
use crate::visitor::Person;

/// Systems as rows of a file.
const ROWS: Rows = Rows {
    name: "incident-systems",
    list: "systems",
    fields: &[
        "ministry",
        "agency",
        "agency_name",
        "system",
        "system_name",
        "standing",
        "reason",
        "packages",
        "documents",
        "proof.document",
        "operator",
        "contact",
        "fix_task",
        "check_task",
        "incident",
        "is_drill",
    ],
};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What was written into the forms of the room and could not be taken.
#[derive(Debug, Default)]
pub struct Entered {
    /// Tasks that were chosen.
    pub chosen: Vec<i64>,
    /// Who should do them.
    pub owner: String,
    /// By when.
    pub due: String,
    /// Why it is closed or opened again.
    pub reason: String,
}

#[derive(Template)]
#[template(path = "incident_room.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    lede: String,
    opened_line: String,
    coverage_line: String,
    /// The time in which having had it counts, in words.
    window_line: String,
    drill_title: String,
    room: RoomView,
    is_past: bool,
    may_lead: bool,
    may_audit: bool,
    /// What the button of the next step says.
    next_line: String,
    /// What stands above the form that closes.
    close_line: String,
    close_button: String,
    report_href: String,
    /// What was written to agencies, and what came back.
    letters: Vec<LetterRow>,
    mails: Vec<MailRow>,
    /// What is hit beyond the reach of the reader, where that is told.
    elsewhere: Option<HitElsewhere>,
    snapshot: i64,
    chosen: Vec<i64>,
    owner: String,
    due: String,
    reason: String,
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = number(&id)?;
    if let Some(format) = exports::wanted(&person.visitor)? {
        let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
        let room = asked_room(&house, &seat, id).await?;
        let given = match format {
            Format::Csv => {
                exports::give(format, &marked_rows(&*room, ROWS.list, &room.number, room.incident.is_drill)?, ROWS)
            }
            _ => exports::give(format, &*room, ROWS),
        };
        return reads::marked(given, mark(&room.incident));
    }
    shown(&house, &person, id, Notice::done(&asked.done), Entered::default()).await
}

/// The room with what went wrong, and what was written.
pub async fn refused(house: &WebHouse, person: &Person, id: IncidentId, notice: Notice, entered: Entered) -> Answer {
    let status = if notice.differences.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    Ok((status, shown(house, person, id, notice, entered).await?).into_response())
}

/// The room as office judges it.
///
/// # Errors
/// `not-found` for what is not there or not in sight.
pub async fn asked_room(house: &WebHouse, seat: &Seat, id: IncidentId) -> Result<Arc<IncidentRoom>, WebError> {
    Ok(seat.room(&house.house, id).await?)
}

async fn shown(house: &WebHouse, person: &Person, id: IncidentId, notice: Notice, entered: Entered) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let room = asked_room(house, &seat, id).await?;
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.here = format!("/incidents/{id}");
    let incident = &room.incident;
    frame.title = titled(&frame, &incident.title, incident.is_drill);
    frame.answers(room.overview.as_of, exports::BOTH);
    frame.asks(Some(incident_figures::systems_sql(&room.number)));
    let all = frame.t("nav-incidents");
    frame.crumb(all, "/incidents");
    let standing = standing(&room);
    let is_past = !frame.chosen_day.is_empty();
    let may_lead = !is_past && may_at(&seat.desk, &viewer, Act::Lead, &incident.place);
    let language = frame.language;
    let opened = frame.minute(&incident.opened);
    let opened_line =
        text(language, "incident-opened-by", &[("at", (&opened).into()), ("who", (&incident.opened_by).into())]);
    let (view, mark) = (RoomView::new(&frame, &seat.desk, &room), mark(&room.incident));
    let next_line = view.next.map(|step| frame.word("step", step)).unwrap_or_default();
    let (close_line, close_button) = closing(&frame, &room, &person.signed.person.login);
    let (letters, mails) = house.house.mail_in_room(&seat.desk, &room).await?;
    let elsewhere = house.house.hit_elsewhere(&seat.desk, id).await?;
    let page = html(&Page {
        letters,
        mails,
        elsewhere,
        notice,
        headline: sentences::headline(language, &incident.title, &standing),
        lede: sentences::lede(language, &standing),
        opened_line,
        coverage_line: frame.coverage(&room.coverage),
        window_line: window(&frame, &incident.scope),
        drill_title: drill_title(&frame, incident.drill_of.as_deref()),
        is_past,
        may_lead,
        may_audit: viewer.may(Act::Audit),
        next_line: text(language, "room-next-step", &[("step", (&next_line).into())]),
        close_line,
        close_button,
        report_href: situation_address(id, &frame),
        snapshot: room.overview.snapshot,
        chosen: entered.chosen,
        owner: entered.owner,
        due: entered.due,
        reason: entered.reason,
        room: view,
        frame,
    });
    reads::marked(page, mark)
}

/// That an incident is for few eyes: its reading is noted.
pub(super) fn mark(incident: &Incident) -> Option<Marked> {
    let is_for_few = matches!(incident.tlp, Tlp::AmberStrict | Tlp::Red)
        || !matches!(incident.classification, Classification::Public | Classification::Internal);
    is_for_few.then(|| Marked { kind: "incident", subject: format!("incident {}", incident.id) })
}

/// The address of the report, of the same moment.
fn situation_address(id: IncidentId, frame: &Frame) -> String {
    let moment = match frame.chosen_day.is_empty() {
        true => Vec::new(),
        false => vec![("as-of".to_owned(), frame.chosen_day.clone())],
    };
    exports::with_pairs(&format!("/incidents/{id}/situation"), &moment)
}

/// What closing needs, and what its button says.
fn closing(frame: &Frame, room: &IncidentRoom, login: &str) -> (String, String) {
    if room.incident.closed.is_some() {
        return (String::new(), frame.t("room-reopen"));
    }
    if let Some(request) = &room.incident.close_request {
        let line = text(frame.language, "room-wait-approval", &[("who", Argument::Text(&request.actor))]);
        let own = request.actor == login;
        return (line, frame.t(if own { "room-close" } else { "room-approve" }));
    }
    let line = if room.counts.hit == 0 { "room-close-ready" } else { "room-close-note" };
    (frame.t(line), frame.t("room-close"))
}

/// The page that answers an incident's question: what it is about, in words, and its address.
pub fn question(query: &ScopeQuery) -> (String, String) {
    let about = query.text().to_owned();
    let href = match query {
        ScopeQuery::Vulnerability(name) => format!("/vulnerabilities/{}", encoded(name)),
        ScopeQuery::Digest(digest) => format!("/find?q={}", encoded(digest)),
        ScopeQuery::Package(words) => {
            let (name, versions) = words.split_once(' ').unwrap_or((words, ""));
            format!("/find?q={}&versions={}", encoded(name), encoded(versions.trim()))
        }
    };
    (about, href)
}

/// The window of time of an incident, in words; empty where it asks about none.
pub fn window(frame: &Frame, scope: &Scope) -> String {
    let Some(from) = scope.from.map(|from| frame.minute(&from)) else { return String::new() };
    match scope.until.map(|until| frame.minute(&until)) {
        Some(until) => text(frame.language, "incident-window", &[("from", (&from).into()), ("until", (&until).into())]),
        None => text(frame.language, "incident-window-open", &[("from", (&from).into())]),
    }
}

/// Whether a day has passed.
pub fn is_past(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_some_and(|at| at < now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_leads_back_to_its_question() {
        for (query, href) in [
            (ScopeQuery::Package("log4j-core <2.17.1".to_owned()), "/find?q=log4j-core&versions=%3C2.17.1"),
            (ScopeQuery::Package("pkg:npm/%40a/b".to_owned()), "/find?q=pkg%3Anpm/%2540a/b&versions="),
            (ScopeQuery::Vulnerability("CVE-2021-44228".to_owned()), "/vulnerabilities/CVE-2021-44228"),
            (ScopeQuery::Digest("ab".to_owned()), "/find?q=ab"),
        ] {
            assert_eq!(question(&query).1, href);
        }
    }
}
