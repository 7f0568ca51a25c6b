// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents/hand-in`: files or a pasted text come in, and what became of each is said at once: what it is about, what it lacks,
//! why it could not be read and what to do then, and which findings are gone by it.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use underpin_model::DocumentState;
use underpin_model::people::Act;
use underpin_office::Desk;
use underpin_office::codes::codes;
use underpin_office::coordinator::documents::GapRow;
use underpin_office::intake::{About, Fate, Upload, Uploaded};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_render::text;

use super::{Answer, html};
use crate::error::WebError;
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::intake::Who;
use crate::reach::Reachable;
use crate::received::{Received, received};
use crate::visitor::{Person, pairs};

/// Systems that are offered by name; more have to be typed.
const OFFERED: usize = 500;
/// Gaps of a document that are shown here; all of them are on its own page.
const SHOWN_GAPS: usize = 5;
/// Findings that are listed as gone or as new.
const SHOWN_FINDINGS: usize = 20;

#[derive(Template)]
#[template(path = "hand_in.html")]
struct Form {
    frame: Frame,
    sent: Sent,
    faults: Faults,
    /// Identifier and name of systems.
    systems: Vec<(String, String)>,
    /// Identifier of deployments, and where they belong.
    deployments: Vec<(String, String)>,
    megabytes: u64,
}

#[derive(Template)]
#[template(path = "handed_in.html")]
struct Outcome {
    frame: Frame,
    headline: String,
    files: Vec<Told>,
    changes: Vec<Change>,
}

/// What became of one file.
struct Told {
    path: String,
    /// `accepted`, `duplicate`, `quarantined`, `refused` or `left-out`.
    state: &'static str,
    document: String,
    code: String,
    /// What the code means; in English.
    meaning: String,
    detail: String,
    /// Identifier and name.
    systems: Vec<(String, String)>,
    gap_count: u64,
    gaps: Vec<GapRow>,
    replaced_by: Vec<String>,
    uses: u64,
}

/// What changed for a system.
struct Change {
    id: String,
    name: String,
    gone: Vec<(String, String)>,
    gone_count: u64,
    new: Vec<(String, String)>,
    new_count: u64,
    open: u64,
}

/// The form.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let sent = Sent(pairs(&person.visitor.uri));
    form(&house, &person, sent, &[], StatusCode::OK).await
}

async fn form(house: &WebHouse, person: &Person, sent: Sent, faults: &[(&str, &str)], status: StatusCode) -> Answer {
    let viewer = person.visitor.viewer();
    if !viewer.may(Act::HandIn) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    let seat = house.seat(&viewer, None).await?;
    let mut frame = frame(person);
    frame.title = frame.t("hand-in");
    let own = Reachable::of(&viewer, &seat.desk, Act::HandIn);
    let systems =
        seat.desk.active_systems().map(|position| seat.desk.system(position)).filter(|system| own.has(system));
    let systems: Vec<_> = systems.take(OFFERED).map(|system| (system.id.0.clone(), system.name.clone())).collect();
    // Of the system that the form is about; of all that are offered, where it names none yet.
    let named = sent.some("system").and_then(|name| seat.desk.system_called(&name).ok());
    let named = named.map(|system| system.id.0.clone());
    let is_offered = |id: &str| match &named {
        Some(named) => named == id,
        None => systems.iter().any(|(own, _)| own == id),
    };
    let deployments = seat.desk.snapshot.deployments.iter().filter(|one| is_offered(&one.system.0)).take(OFFERED);
    let deployments = deployments.map(|one| (one.id.0.clone(), format!("{}: {}", one.system.0, one.name))).collect();
    let faults = Faults::told(&frame, faults);
    let megabytes = (house.house.limits().form_bytes >> 20) as u64;
    Ok((status, html(&Form { frame, sent, faults, systems, deployments, megabytes })?).into_response())
}

fn frame(person: &Person) -> Frame {
    let mut frame = Frame::new(&person.visitor, Place::Coverage);
    "/documents/hand-in".clone_into(&mut frame.here);
    for (key, address) in [("nav-coverage", "/coverage"), ("documents", "/documents")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame
}

/// Takes files in.
pub async fn take(State(house): State<Arc<WebHouse>>, person: Person, request: Request) -> Answer {
    let viewer = person.visitor.viewer();
    if !viewer.may(Act::HandIn) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    let mut received = received(&person, request, house.house.limits().form_bytes).await?;
    let pasted = received.sent.one("pasted").to_owned();
    if !pasted.is_empty() {
        let name = received.sent.some("pasted-name").unwrap_or_else(|| "pasted".to_owned());
        received.take(&name.replace(['/', '\\', '!'], "-"), pasted.into_bytes());
    }
    if received.files.is_empty() {
        let faults = [("files", "hand-in-fault-none")];
        return form(&house, &person, received.sent, &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let before = house.seat(&viewer, None).await?;
    // Looked at now: afterwards, the old desk would find the new documents, too.
    let old = house.watched(&before).await?;
    let about = match about(&before.desk, &received.sent) {
        Ok(about) => about,
        Err(fault) => return form(&house, &person, received.sent, &[fault], StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let (names, uploaded) = stored(&house, &person, received, about).await?;
    let after = house.seat(&viewer, None).await?;
    let mut frame = frame(&person);
    frame.title = frame.t("hand-in-outcome");
    let mut files = Vec::new();
    for (name, outcome) in names.iter().zip(uploaded) {
        match outcome {
            Ok(uploaded) => files.extend(uploaded.fates.iter().map(|fate| told(&after.desk, fate))),
            Err(error) => files.push(refused(name, &error)),
        }
    }
    let about: BTreeSet<String> = files.iter().flat_map(|file| &file.systems).map(|(id, _)| id.clone()).collect();
    let mut changes = Vec::new();
    if !about.is_empty() {
        let new = house.watched(&after).await?;
        for id in about {
            changes.push(change((old, &before.desk), (new, &after.desk), &id)?);
        }
    }
    let count = |state| files.iter().filter(|file| file.state == state).count();
    let arguments = [
        ("files", files.len().into()),
        ("taken", (count("accepted") + count("duplicate")).into()),
        ("quarantined", count("quarantined").into()),
    ];
    let headline = text(frame.language, "hand-in-headline", &arguments);
    html(&Outcome { frame, headline, files, changes })
}

/// What the documents are about, as the form says; else the field at fault, and the key of why.
pub fn about(desk: &Desk, sent: &Sent) -> Result<About, (&'static str, &'static str)> {
    let deployment = sent.some("deployment");
    let Some(name) = sent.some("system") else {
        return if deployment.is_some() { Err(("system", "hand-in-fault-whose")) } else { Ok(About::Rules) };
    };
    let system = desk.system_called(&name).map_err(|_| ("system", "hand-in-fault-system"))?;
    let system = &system.id;
    let is_there = |id: &String| desk.snapshot.deployments.iter().any(|one| one.system == *system && one.id.0 == *id);
    match deployment {
        Some(id) if !is_there(&id) => Err(("deployment", "hand-in-fault-deployment")),
        deployment => Ok(About::System(name, deployment)),
    }
}

/// Stores what came, and says under which names.
pub async fn stored(
    house: &WebHouse,
    person: &Person,
    received: Received,
    about: About,
) -> Result<(Vec<String>, Vec<underpin_office::Result<Uploaded>>), WebError> {
    let somebody = &person.signed.person;
    let who = Who { actor: somebody.login.clone(), person: somebody.id, viewer: person.visitor.viewer() };
    let names = received.files.iter().map(|file| file.name.clone()).collect();
    let mut uploads = Vec::with_capacity(received.files.len());
    for file in received.files {
        let room = house.intake.room(file.bytes.len() as u64)?;
        uploads.push((Upload { name: file.name, bytes: file.bytes, about: about.clone() }, room));
    }
    let uploaded = house.intake.hand_in(&who, uploads).await?;
    Ok((names, uploaded))
}

fn told(desk: &Desk, fate: &Fate) -> Told {
    let answer = fate.document.and_then(|id| desk.show_document(&id.to_string()).ok());
    let row = answer.as_ref().map(|answer| &answer.row);
    let state = match (fate.code.as_str(), row.map(|row| row.state)) {
        (_, Some(DocumentState::Quarantined)) => "quarantined",
        ("accepted", _) => "accepted",
        ("duplicate", _) => "duplicate",
        ("quarantined", _) => "quarantined",
        _ => "left-out",
    };
    let reason = row.map(|row| row.reason.as_str()).filter(|reason| !reason.is_empty()).unwrap_or(&fate.detail);
    let code = match state {
        "quarantined" => reason.split(':').next().unwrap_or_default().to_owned(),
        _ => fate.code.clone(),
    };
    let system = |id: &String| {
        let name = desk.system_position(id).map_or_else(|| id.clone(), |at| desk.system(at).name.clone());
        (id.clone(), name)
    };
    Told {
        path: fate.path.clone(),
        state,
        document: fate.document.map(|id| id.to_string()).unwrap_or_default(),
        meaning: meaning(&code),
        code,
        detail: reason.to_owned(),
        systems: match row {
            Some(row) => row.systems.iter().map(system).collect(),
            None => fate.systems.iter().map(|id| system(&id.0)).collect(),
        },
        gap_count: row.map(|row| row.gaps).unwrap_or_default(),
        replaced_by: row.map(|row| row.superseded_by.clone()).unwrap_or_default(),
        uses: row.map(|row| row.occurrences).unwrap_or_default(),
        gaps: answer.map(|answer| answer.gap_rows.into_iter().take(SHOWN_GAPS).collect()).unwrap_or_default(),
    }
}

fn refused(name: &str, error: &underpin_office::OfficeError) -> Told {
    Told {
        path: name.to_owned(),
        state: "refused",
        document: String::new(),
        code: error.code.to_owned(),
        meaning: String::new(),
        detail: format!("{} {}", error.message, error.hint),
        systems: Vec::new(),
        gap_count: 0,
        gaps: Vec::new(),
        replaced_by: Vec::new(),
        uses: 0,
    }
}

/// What a code means, from the list of all.
fn meaning(code: &str) -> String {
    codes().into_iter().find(|one| one.code == code).map(|one| one.meaning.to_owned()).unwrap_or_default()
}

/// Which open findings of a system are gone, and which are new.
fn change(
    (old, old_desk): (&Watched, &Desk),
    (new, new_desk): (&Watched, &Desk),
    id: &str,
) -> Result<Change, WebError> {
    let before = open(old, old_desk, id)?;
    let after = open(new, new_desk, id)?;
    let position = new_desk.system_position(id);
    let only = |one: &BTreeSet<(String, String)>, other: &BTreeSet<(String, String)>| {
        one.difference(other).cloned().collect::<Vec<_>>()
    };
    let (mut gone, mut come) = (only(&before, &after), only(&after, &before));
    let (gone_count, new_count) = (gone.len() as u64, come.len() as u64);
    gone.truncate(SHOWN_FINDINGS);
    come.truncate(SHOWN_FINDINGS);
    Ok(Change {
        id: id.to_owned(),
        name: position.map_or_else(|| id.to_owned(), |at| new_desk.system(at).name.clone()),
        gone,
        gone_count,
        new: come,
        new_count,
        open: after.len() as u64,
    })
}

/// Vulnerability and package version of each open finding of a system.
fn open(watched: &Watched, desk: &Desk, id: &str) -> Result<BTreeSet<(String, String)>, WebError> {
    let mut found = BTreeSet::new();
    if desk.system_position(id).is_some() {
        let query = FindingsQuery { system: Some(id.to_owned()), ..FindingsQuery::default() };
        watched.each_finding(desk, &query, |row| {
            found.insert((row.vulnerability.to_owned(), row.package.to_owned()));
            Ok(())
        })?;
    }
    Ok(found)
}
