// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The words of a message, made when it is sent, with the eyes of whoever gets it.

use std::collections::BTreeSet;

use serde_json::json;
use underpin_model::people::Person;
use underpin_render::{Language, text};

use super::gather::{About, query_of};
use super::work::Work;
use super::{SPOKEN_CLASSIFICATION, Wish};
use crate::house::Desk;
use crate::watch::estate::Watched;
use crate::watch::findings::FindingRow;

/// Lines that a mail lists; how many more there are is said.
const LINES: usize = 50;

/// A message in words, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// What it is about, on one line.
    pub subject: String,
    /// For people.
    pub text: String,
    /// For programs.
    pub body: serde_json::Value,
}

/// The message about these things; `None` when there is nothing (any more) that this person may see and should act on.
pub(super) fn message(
    (desk, watched): (&Desk, &Watched),
    person: &Person,
    wish: &Wish,
    (about, work): (&[About], Work),
    url: &str,
) -> Option<Message> {
    let asked: BTreeSet<(&str, &str)> = about
        .iter()
        .filter_map(|one| match one {
            About::Risk { vulnerability, system, .. } => Some((vulnerability.as_str(), system.as_str())),
            _ => None,
        })
        .collect();
    let mut query = query_of(wish);
    if asked.is_empty() {
        query.rows = 0;
    }
    let answer = watched.findings(desk, &query).ok()?;
    let mut seen = BTreeSet::new();
    let mut rows: Vec<&FindingRow<'_>> = answer
        .rows
        .iter()
        .filter(|row| asked.contains(&(row.vulnerability, row.system)) && seen.insert((row.vulnerability, row.system)))
        .collect();
    let all = rows.len();
    rows.retain(|row| is_spoken(desk, row));
    let worked = work.lines.len() + work.hidden;
    if all + worked == 0 {
        return None;
    }
    let language = wish.spoken();
    let hidden = all - rows.len() + work.hidden;
    let subject = match (all, worked) {
        (risks, 0) => text(language, "mail-subject-risks", &[("count", risks.into())]),
        (risks, worked) => text(language, "mail-subject-news", &[("count", (risks + worked).into())]),
    };
    let told: Vec<String> = rows.iter().map(|row| line(language, desk, row)).collect();
    let lines = letter(language, &person.name, (&told, &work.lines), (hidden, all > 0), url);
    let risks: Vec<_> = rows.iter().map(|row| risk(row)).collect();
    let kind = if worked == 0 { "new-risks" } else { "news" };
    let mut body = json!({ "kind": kind, "as_of": answer.overview.as_of, "count": all + worked, "withheld": hidden,
        "risks": risks });
    if worked > 0 {
        body["work"] = work.items.into();
    }
    Some(Message { subject, text: lines.join("\n"), body })
}

/// The lines of a mail about risks and work.
fn letter(
    language: Language,
    name: &str,
    (risks, work): (&[String], &[String]),
    (hidden, with_findings): (usize, bool),
    url: &str,
) -> Vec<String> {
    let count = |key: &str, count: usize| text(language, key, &[("count", count.into())]);
    let at = |key: &str, path: &str| text(language, key, &[("address", (&format!("{url}{path}")).into())]);
    let mut lines = vec![text(language, "mail-greeting", &[("name", name.into())]), String::new()];
    for (head, listed) in [(count("mail-risks", risks.len()), risks), (count("mail-work", work.len()), work)] {
        if listed.is_empty() {
            continue;
        }
        lines.extend([head, String::new()]);
        lines.extend(listed.iter().take(LINES).cloned());
        if listed.len() > LINES {
            lines.push(count("mail-more", listed.len() - LINES));
        }
        lines.push(String::new());
    }
    if hidden > 0 {
        lines.extend([count("mail-withheld", hidden), String::new()]);
    }
    if with_findings {
        lines.extend([at("mail-look", "/findings"), String::new()]);
    }
    lines.push(at("mail-foot", "/account/messages"));
    lines
}

/// A risk for programs.
fn risk(row: &FindingRow<'_>) -> serde_json::Value {
    json!({ "vulnerability": row.vulnerability, "aliases": row.aliases, "system": row.system, "agency": row.agency,
            "package": row.package, "priority": row.priority, "severity": row.severity, "exploited": row.exploited,
            "due": row.due })
}

fn line(language: Language, desk: &Desk, row: &FindingRow<'_>) -> String {
    let name = desk.system_position(row.system).map_or(row.system, |place| desk.system(place).name.as_str());
    let priority = text(language, &format!("level-{}", row.priority), &[]);
    let mut line = format!("- {}: {} ({}, {priority})", row.vulnerability, one_line(name), one_line(row.package));
    if let Some(due) = &row.due {
        line.push_str(&format!(", {}", text(language, "mail-due", &[("day", due.into())])));
    }
    line
}

/// Names from outside must not begin lines of their own.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Whether its words may leave the house by mail.
fn is_spoken(desk: &Desk, row: &FindingRow<'_>) -> bool {
    let classification = desk.system_position(row.system).map(|place| desk.system(place).classification);
    let is_marked = row.tlp.is_some_and(|tlp| !matches!(tlp.to_ascii_lowercase().as_str(), "clear" | "green"));
    classification.is_some_and(|level| level <= SPOKEN_CLASSIFICATION) && !is_marked
}
