// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/suggest?q=`: what somebody may mean who begins to type, for the quick search. Only what the reader may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use underpin_office::watch::findings::FindingsQuery;

use super::Answer;
use crate::error::{WebError, encoded};
use crate::forms::Sent;
use crate::house::{Seat, WebHouse};
use crate::visitor::{Person, pairs};

/// Suggestions of one kind.
const EACH: usize = 5;
/// Letters from which on something is suggested.
const LETTERS: usize = 2;

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Suggestion {
    /// `system`, `agency`, `vulnerability` or `package`.
    kind: &'static str,
    /// What it is called.
    text: String,
    /// Its page.
    href: String,
}

/// The suggestions.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let asked = Sent(pairs(&person.visitor.uri));
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let found = suggested(&house, &seat, asked.one("q")).await?;
    let body = serde_json::to_string(&found).map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What somebody may mean who has typed this: a few of each kind that they may see.
///
/// # Errors
/// When the ledger cannot be read, or evidence is damaged.
pub async fn suggested(house: &WebHouse, seat: &Seat, typed: &str) -> underpin_office::Result<Vec<Suggestion>> {
    let words = typed.trim().to_lowercase();
    let mut found: Vec<Suggestion> = Vec::new();
    if words.chars().count() >= LETTERS {
        let desk = &seat.desk;
        let fits = |id: &str, name: &str, aliases: &[String]| {
            id.contains(&words)
                || name.to_lowercase().contains(&words)
                || aliases.iter().any(|alias| alias.to_lowercase().contains(&words))
        };
        let systems = desk.snapshot.systems.iter().filter(|one| fits(&one.id.0, &one.name, &one.aliases));
        found.extend(systems.take(EACH).map(|one| Suggestion {
            kind: "system",
            text: one.name.clone(),
            href: format!("/systems/{}", encoded(&one.id.0)),
        }));
        let agencies = desk.snapshot.agencies.iter().filter(|one| fits(&one.id.0, &one.name, &one.aliases));
        found.extend(agencies.take(EACH).map(|one| Suggestion {
            kind: "agency",
            text: one.name.clone(),
            href: format!("/agencies/{}", encoded(&one.id.0)),
        }));
        let watched = house.watched(seat).await?;
        // By way of findings: what rests on an advisory that is not for this reader is not among them.
        let query = FindingsQuery {
            text: words.clone(),
            statuses: vec!["all".to_owned()],
            rows: 100,
            ..FindingsQuery::default()
        };
        let hits = watched.findings(desk, &query)?;
        let names: BTreeSet<&str> = hits.rows.iter().map(|row| row.vulnerability).collect();
        found.extend(names.into_iter().take(EACH).map(|name| Suggestion {
            kind: "vulnerability",
            text: name.to_owned(),
            href: format!("/vulnerabilities/{}", encoded(name)),
        }));
        let mut packages = BTreeSet::new();
        for thing in watched.things_called(&words) {
            let bare = thing.purl.split(['@', '?']).next().unwrap_or_default();
            if bare.to_lowercase().contains(&words) {
                packages.insert(bare.to_owned());
            }
            if packages.len() == EACH {
                break;
            }
        }
        found.extend(packages.into_iter().map(|purl| Suggestion {
            kind: "package",
            href: format!("/packages?purl={}", encoded(&purl)),
            text: purl,
        }));
    }
    Ok(found)
}
