// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks as answers.

use std::path::Path;

use underpin_model::clocks::Happened;
use underpin_model::law::Citation;
use underpin_office::law::bundle::WrittenFile;
use underpin_office::law::clocks::{
    ClockRow, ClocksAnswer, CountingPlace, EventRow, IncidentClocks, ReplacedBy, StatedDue, StepRow, happened_word,
};

use super::coverage::snapshot_line;
use crate::output::{Answer, columns, counted, dash};

pub fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// All clocks that run.
pub fn list(found: &ClocksAnswer) -> Answer {
    let cells = found.rows.iter().map(|row| {
        vec![
            row.state.as_str().to_owned(),
            row.next_due.map(|due| due.to_string()).unwrap_or_else(|| "-".to_owned()),
            row.next_step.map_or_else(|| "-".to_owned(), |step| step.as_str().to_owned()),
            named(row),
            row.incident.clone(),
            row.title.clone(),
            dash(&words(row.roles.iter().map(|role| role.as_str()))),
        ]
    });
    let mut notes = place(&found.place);
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    Answer {
        json: json(found),
        rows: found.rows.iter().map(json).collect(),
        fields: &["incident", "title", "clock", "whom_name", "state", "next_step", "next_due", "roles", "is_closed"],
        head: vec![format!("{}.", counted(found.rows.len() as u64, "reporting clock", "reporting clocks"))],
        columns: columns(&["State", "Due next", "Step", "Clock", "Incident", "Title", "Binds"]),
        cells: cells.collect(),
        notes,
    }
}

/// The clocks of an incident.
pub fn clocks(found: &IncidentClocks) -> Answer {
    let steps = found.clocks.iter().flat_map(|row| row.steps.iter().map(move |step| (row, step)));
    let cells = steps.clone().map(|(row, step)| {
        vec![
            named(row),
            numbered(step),
            if row.is_begun { step.state.as_str().to_owned() } else { "not-begun".to_owned() },
            step.due.map(|due| due.to_string()).unwrap_or_else(|| "-".to_owned()),
            step.reason.as_str().to_owned(),
            dash(&words(step.missing_proofs.iter().map(|proof| proof.as_str()))),
            step.law.place.clone(),
        ]
    });
    let head = match found.is_drill {
        true => vec![format!("{} is a drill: it binds nobody, and no reporting clock runs.", found.number)],
        false => found.clocks.iter().map(line).collect(),
    };
    let mut notes: Vec<String> = found.clocks.iter().filter(|row| row.is_begun).flat_map(told).collect();
    if found.clocks.iter().any(|row| !row.is_begun) {
        notes.push(format!(
            "dates of clocks that nobody began are as if awareness had begun when {} was opened; `underpin incident clock confirm` begins one",
            found.number
        ));
    }
    notes.extend(place(&found.place));
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    let rows = steps.map(|(row, step)| {
        serde_json::json!({
            "incident": found.number, "clock": row.clock, "whom_name": row.whom_name, "is_begun": row.is_begun, "step": step.step,
            "occurrence": step.occurrence, "state": step.state, "reason": step.reason, "due": step.due,
            "handed_in": step.handed_in, "law": step.law.key,
        })
    });
    Answer {
        json: json(found),
        rows: rows.collect(),
        fields: &[
            "incident",
            "clock",
            "whom_name",
            "is_begun",
            "step",
            "occurrence",
            "state",
            "reason",
            "due",
            "handed_in",
            "law",
        ],
        head,
        columns: columns(&["Clock", "Step", "State", "Due", "Why", "Proof missing", "Law"]),
        cells: cells.collect(),
        notes,
    }
}

/// A clock with whose it is.
fn named(row: &ClockRow) -> String {
    let clock = row.clock.as_str();
    row.whom_name.as_ref().map_or_else(|| clock.to_owned(), |name| format!("{clock} of {name}"))
}

fn numbered(step: &StepRow) -> String {
    match step.occurrence {
        1 => step.step.as_str().to_owned(),
        occurrence => format!("{} {occurrence}", step.step.as_str()),
    }
}

/// One line about a clock: whom it binds, and who said so.
fn line(row: &ClockRow) -> String {
    let binds = words(row.binds.iter().map(|role| role.as_str()));
    let name = named(row);
    match (row.is_begun, row.roles.is_empty()) {
        (false, _) => format!("{name}: not begun; binds {binds}"),
        (true, true) => format!("{name}: {}; no role confirmed; binds {binds}", row.state.as_str()),
        (true, false) => {
            let roles = words(row.roles.iter().map(|role| role.as_str()));
            format!("{name}: {}; bound as {roles}", row.state.as_str())
        }
    }
}

/// What is to know of a clock beside its steps.
fn told(row: &ClockRow) -> Vec<String> {
    let name = named(row);
    let route = &row.route;
    let recipients = words(route.recipients.iter().map(|one| one.as_str()));
    let country = route.country.as_deref().unwrap_or("country not known");
    let mut lines = Vec::new();
    if !recipients.is_empty() {
        lines.push(format!("{name} goes to {recipients} ({country}), by hand: {}", route.channel.as_str()));
    }
    lines.extend(route.questions.iter().map(|own| format!("{name}: find out {}", own.as_str())));
    lines.extend(row.law.iter().map(|law| format!("{name}: {}", cited(law))));
    if let Some(ReplacedBy { day, law }) = &row.replaced {
        lines.push(format!("{name}: said to be replaced on {day} by {}", cited(law)));
    }
    lines.extend(route.body.iter().map(|body| {
        let language = if body.language.is_empty() { String::new() } else { format!(", in {}", body.language) };
        format!("{name} goes to {}, {}{language}, as law.body says", body.name, body.address)
    }));
    lines.extend(row.steps.iter().filter_map(|step| Some(format!("{name}: {}", stated_line(step.stated.as_ref()?)))));
    lines.extend(row.cautions.iter().map(|own| format!("{name}: caution {}", own.as_str())));
    lines.extend(row.history.iter().map(|event| format!("{name}: {}", event_line(event))));
    lines
}

/// By whose word a step is due.
fn stated_line(stated: &StatedDue) -> String {
    let source = if stated.source.is_empty() { "no source was named" } else { stated.source.as_str() };
    format!(
        "the date {} is told by a person, {}, on {} (event {}); source: {source}",
        stated.day.date(),
        stated.actor,
        stated.said.date(),
        stated.event
    )
}

fn event_line(event: &EventRow) -> String {
    let stated = &event.stated;
    let detail = match &stated.happened {
        Happened::RoleConfirmed(role) | Happened::RoleDenied(role) => format!(" {}", role.as_str()),
        Happened::HandedIn { step, .. } | Happened::AlreadyProvided(step) => format!(" {}", step.as_str()),
        Happened::IntermediateRequested(Some(by)) | Happened::DueStated(by) => format!(" by {by}"),
        _ => String::new(),
    };
    let amended = event.amended_by.map(|by| format!(" by event {by}")).unwrap_or_default();
    let source = if stated.source.is_empty() { String::new() } else { format!(" (source: {})", stated.source) };
    let note = if stated.note.is_empty() { String::new() } else { format!(": {}", stated.note) };
    let evidence = words(stated.evidence.iter().map(|one| one.name.as_str()));
    let evidence = if evidence.is_empty() { String::new() } else { format!(" ({evidence})") };
    format!(
        "event {} at {}: {}{detail}, said by {} at {}, {}{amended}{source}{note}{evidence}",
        event.number,
        stated.at,
        happened_word(&stated.happened),
        event.actor,
        event.said,
        event.standing.as_str()
    )
}

/// Title and place of a text, with how far it was checked.
pub fn cited(law: &Citation) -> String {
    let open = if law.open.is_empty() { String::new() } else { format!("; {}", law.open) };
    format!("{}, {} [{}, {}{open}] {}", law.title, law.place, law.standing.as_str(), law.seen.as_str(), law.link)
}

fn place(place: &CountingPlace) -> Vec<String> {
    let mut lines = vec![format!("days end in the time zone {}", place.time_zone)];
    if !place.is_zone_set {
        lines.push("no time zone is set: set law.time_zone in underpin.toml, else days may end too late".to_owned());
    }
    if place.country.is_none() {
        lines.push(
            "no country is set: set law.country in underpin.toml, so that answers say who receives reports".to_owned(),
        );
    }
    lines
}

/// A folder that was written.
pub fn written(folder: &Path, files: &[WrittenFile]) -> Answer {
    let cells = files.iter().map(|file| vec![file.name.clone(), file.bytes.to_string(), file.sha256.clone()]);
    Answer {
        json: serde_json::json!({ "folder": folder.display().to_string(), "files": files }),
        rows: files.iter().map(json).collect(),
        fields: &["name", "sha256", "bytes"],
        head: vec![format!("{} written to {}.", counted(files.len() as u64, "file", "files"), folder.display())],
        columns: columns(&["File", "Bytes", "SHA-256"]),
        cells: cells.collect(),
        notes: vec!["a person reads it, completes it and hands it in: no program does that".to_owned()],
    }
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
