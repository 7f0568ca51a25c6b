// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/packages?purl=`: which versions of a package are in use, by whom, and can we rely on them?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_office::coordinator::where_used::WhereAnswer;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::headlines;

use super::{Answer, find, html};
use crate::error::WebError;
use crate::exports;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Rows that are shown; the rest is in the files.
const SHOWN_ROWS: usize = 200;
/// Findings that are shown, those first that come first.
const SHOWN_FINDINGS: usize = 20;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    purl: String,
}

#[derive(Template)]
#[template(path = "package.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    purl: String,
    answer: WhereAnswer<'p>,
    /// Version and how many systems have it, the most first. An unknown version is empty.
    versions: Vec<(String, u64)>,
    most: u64,
    findings: Vec<FindingRow<'p>>,
    open: u64,
    freshness: String,
    shown: usize,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let purl = asked.purl.trim().to_owned();
    if purl.is_empty() {
        return Ok(Redirect::to("/find").into_response());
    }
    if !purl.starts_with("pkg:") {
        return Err(WebError::not_found());
    }
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let answer = desk.where_used(&purl, None, house.house.limits().stale_days)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, find::ROWS);
    }
    let mut by_version: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &answer.rows {
        by_version.entry(&row.version).or_default().insert(row.system);
    }
    let mut versions: Vec<(String, u64)> =
        by_version.into_iter().map(|(version, systems)| (version.to_owned(), systems.len() as u64)).collect();
    versions.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let watched = house.watched(&seat).await?;
    let query = FindingsQuery { package: purl.clone(), rows: usize::MAX, ..FindingsQuery::default() };
    let found = watched.findings(desk, &query)?;
    // The filter takes packages whose text contains these words: others may begin with the same name.
    let mut findings: Vec<FindingRow<'_>> = found.rows.into_iter().filter(|row| is_of(row.package, &purl)).collect();
    let open = findings.len() as u64;
    let urgent = findings.iter().filter(|row| row.priority == "act-now").count() as u64;
    findings.truncate(SHOWN_FINDINGS);
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = name_of(&purl).to_owned();
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(questions::uses(&purl));
    let all = frame.t("nav-inventory");
    frame.crumb(all, "/find");
    let headline = headlines::package(frame.language, name_of(&purl), versions.len() as u64, answer.systems, urgent);
    let freshness = frame.freshness(&found.freshness);
    let most = versions.first().map_or(1, |(_, count)| *count);
    html(&Page { frame, headline, purl, answer, versions, most, findings, open, freshness, shown: SHOWN_ROWS })
}

/// Whether a package version is one of this package (or this very version, where the question names one).
fn is_of(version: &str, purl: &str) -> bool {
    version.strip_prefix(purl).is_some_and(|rest| rest.is_empty() || rest.starts_with(['@', '?', '#']))
}

/// The name in a purl, without type and namespace.
fn name_of(purl: &str) -> &str {
    let path = purl.split(['?', '#']).next().unwrap_or(purl);
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_of_the_package_itself() {
        for (version, expected) in [
            ("pkg:npm/left-pad@1.3.0", true),
            ("pkg:npm/left-pad", true),
            ("pkg:npm/left-pad?a=b", true),
            ("pkg:npm/left-padding@1.3.0", false),
            ("pkg:npm/x/left-pad@1.3.0", false),
        ] {
            assert_eq!(is_of(version, "pkg:npm/left-pad"), expected, "{version}");
        }
        assert_eq!(name_of("pkg:maven/org.example/core?type=jar"), "core");
        assert_eq!(name_of("pkg:npm/left-pad"), "left-pad");
    }
}
