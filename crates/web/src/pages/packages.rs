// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/packages?purl=`: which versions of a package are in use, by whom, and can we rely on them?

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_office::coordinator::version_line::{VersionUse, versions_in_use};
use underpin_office::coordinator::where_used::WhereAnswer;
use underpin_office::watch::findings::FindingRow;
use underpin_render::charts::{Figure, Picture, Version, Versions};
use underpin_render::headlines;

use super::{Answer, find, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Format};
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
    /// Versions along their order; absent where none is in use.
    figure: Option<Figure>,
    findings: Vec<FindingRow<'p>>,
    open: u64,
    freshness: String,
    /// Undecided uses that are shown.
    shown: usize,
}

impl Page<'_> {
    /// The question, for the page of coverage.
    fn about(&self) -> String {
        find::about(&self.purl, "")
    }
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
    let format = exports::wanted(visitor)?;
    let stale_days = house.house.limits().stale_days;
    let answer = desk.where_used_first(&purl, None, stale_days, format.map_or(SHOWN_ROWS, |_| usize::MAX))?;
    if let Some(format) = format {
        return exports::give(format, &answer, find::ROWS);
    }
    let watched = house.watched(&seat).await?;
    // The filter takes packages whose text contains these words: others may begin with the same name.
    let found = watched.package_findings(desk, &purl, |version| is_of(version, &purl), SHOWN_FINDINGS)?;
    let (open, urgent) = (found.total(), found.urgent);
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = name_of(&purl).to_owned();
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(questions::uses(&purl));
    let all = frame.t("nav-inventory");
    frame.crumb(all, "/find");
    let in_use = versions_in_use(&answer.summary);
    let headline = headlines::package(frame.language, name_of(&purl), in_use.len() as u64, answer.systems, urgent);
    let figure = version_line(&frame, &purl, answer.overview.as_of, in_use, &found.by_version);
    let freshness = frame.freshness(&watched.freshness);
    let findings = found.first;
    html(&Page { frame, headline, purl, answer, figure, findings, open, freshness, shown: SHOWN_ROWS })
}

/// Versions in use along their order, with how many systems have each and how many findings are open.
fn version_line(
    frame: &Frame,
    purl: &str,
    as_of: Timestamp,
    in_use: Vec<VersionUse<'_>>,
    found: &BTreeMap<&str, u64>,
) -> Option<Figure> {
    let mut open: BTreeMap<String, u64> = BTreeMap::new();
    for (package, count) in found {
        *open.entry(version_of(package).to_owned()).or_default() += count;
    }
    let (base, rest) = purl.split_at(purl.find(['?', '#']).unwrap_or(purl.len()));
    let names_one = !version_of(purl).is_empty();
    let version = |found: VersionUse<'_>| {
        let encoded_version = encoded(found.version);
        let leads = !found.version.is_empty() && !names_one;
        Version {
            name: if found.version.is_empty() { frame.t("version-unknown") } else { found.version.to_owned() },
            count: found.systems,
            findings: open.get(&encoded_version).or_else(|| open.get(found.version)).copied().unwrap_or_default(),
            href: if leads {
                format!("/packages?purl={}", encoded(&format!("{base}@{encoded_version}{rest}")))
            } else {
                String::new()
            },
        }
    };
    let versions = Versions {
        of: frame.t("version"),
        counted: frame.t("systems"),
        marked: frame.t("findings"),
        versions: in_use.into_iter().map(version).collect(),
    };
    (!versions.versions.is_empty()).then(|| Figure {
        id: "version-line",
        headline: versions.headline(frame.language),
        subtitle: frame.t("chart-versions"),
        source: frame.t("chart-source-findings"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::uses(purl).unwrap_or_default(),
        language: frame.language,
        picture: Picture::Versions(versions),
    })
}

/// The version in a purl, as it stands there; empty when it names none.
fn version_of(purl: &str) -> &str {
    let path = purl.split(['?', '#']).next().unwrap_or(purl);
    let last = path.rsplit('/').next().unwrap_or(path);
    last.split_once('@').map_or("", |(_, version)| version)
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
        assert_eq!(version_of("pkg:npm/%40a/b@1.0?x=a@b"), "1.0");
        assert_eq!(version_of("pkg:npm/@a/b"), "");
    }
}
