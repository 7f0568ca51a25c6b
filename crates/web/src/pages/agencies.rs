// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/agencies` and `/agencies/{id}`: who belongs to the government, which systems do they run, and what is known of them?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use serde::Serialize;
use underpin_model::Coverage;
use underpin_office::coordinator::coverage::{AgencyCoverage, SystemCoverage};
use underpin_office::elsewhere::Elsewhere;
use underpin_office::house::Overview;

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Agencies as rows of a file.
pub const AGENCIES: Rows = Rows {
    name: "agencies",
    list: "agencies",
    fields: &[
        "agency",
        "name",
        "parent",
        "with_below.known",
        "with_below.blind",
        "with_below.stale",
        "with_below.unknown",
        "with_below.declared",
        "documents",
        "gaps",
        "unbound",
        "quarantined",
    ],
};
/// Systems as rows of a file.
const SYSTEMS: Rows = Rows {
    name: "systems",
    list: "systems",
    fields: &["agency", "system", "name", "state", "documents", "newest", "age_days", "occurrences", "gaps", "tools"],
};

#[derive(Template)]
#[template(path = "agencies.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// Agencies in the order of the tree, with how deep they hang.
    agencies: Vec<(usize, AgencyCoverage)>,
    systems: Vec<SystemCoverage>,
    coverage: Coverage,
    /// The agency that the page is about; `None` for all.
    about: Option<AgencyCoverage>,
    /// What lies beyond the reach of the reader, where that is told.
    elsewhere: Option<Elsewhere>,
}

/// One agency for programs: what the whole answer says of it.
#[derive(Serialize)]
struct Part<'a> {
    #[serde(flatten)]
    overview: Overview,
    stale_days: u64,
    about: &'a AgencyCoverage,
    systems: Vec<SystemCoverage>,
}

/// All agencies.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    answer(&house, &person, None).await
}

/// One agency.
pub async fn one(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    answer(&house, &person, Some(&id)).await
}

async fn answer(house: &WebHouse, person: &Person, id: Option<&str>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let mut found = seat.coverage(&house.house)?.clone();
    let about = match id {
        None => None,
        Some(id) => {
            let known = found.agencies.iter().find(|agency| agency.agency.0 == id).cloned();
            Some(known.ok_or_else(WebError::not_found)?)
        }
    };
    if let Some(format) = exports::wanted(visitor)? {
        return match &about {
            None => exports::give(format, &found, AGENCIES),
            Some(agency) => {
                found.systems.retain(|system| system.agency == agency.agency);
                let (overview, stale_days) = (found.overview, found.stale_days);
                exports::give(format, &Part { overview, stale_days, about: agency, systems: found.systems }, SYSTEMS)
            }
        };
    }
    let mut frame = Frame::new(visitor, Place::Government);
    frame.answers(found.overview.as_of, exports::BOTH);
    frame.asks(Some(about.as_ref().map_or_else(questions::agencies, |agency| questions::agency(&agency.agency.0))));
    let coverage = about.as_ref().map_or(found.coverage, |agency| agency.with_below);
    let name = about.as_ref().map(|agency| agency.name.clone());
    frame.title = name.clone().unwrap_or_else(|| frame.t("nav-government"));
    let mut agencies = Vec::new();
    tree(&found.agencies, about.as_ref().map(|agency| agency.agency.0.as_str()), 0, &mut agencies);
    let systems = match &about {
        None => Vec::new(),
        Some(agency) => found.systems.into_iter().filter(|system| system.agency == agency.agency).collect(),
    };
    if about.is_some() {
        let all = frame.t("nav-government");
        frame.crumb(all, "/agencies");
    }
    let counts = [
        ("name", name.as_deref().unwrap_or_default().into()),
        ("agencies", agencies.len().into()),
        ("systems", coverage.systems().into()),
        ("known", coverage.known.into()),
    ];
    let key = if about.is_some() { "agency-headline" } else { "agencies-headline" };
    let headline = underpin_render::text(frame.language, key, &counts);
    let elsewhere = if about.is_none() { house.house.elsewhere(&seat.desk).await? } else { None };
    html(&Page { frame, headline, agencies, systems, coverage, about, elsewhere })
}

/// Agencies below one, each followed by what hangs below it. An agency whose parent cannot be seen stands at the top.
pub fn tree(all: &[AgencyCoverage], above: Option<&str>, depth: usize, into: &mut Vec<(usize, AgencyCoverage)>) {
    let is_known = |id: &str| all.iter().any(|agency| agency.agency.0 == id);
    for agency in all {
        let parent = agency.parent.as_ref().map(|parent| parent.0.as_str()).filter(|parent| is_known(parent));
        // A tree has no rings; its size bounds the way down all the same.
        if parent == above && into.len() < all.len() {
            into.push((depth, agency.clone()));
            tree(all, Some(&agency.agency.0), depth + 1, into);
        }
    }
}
