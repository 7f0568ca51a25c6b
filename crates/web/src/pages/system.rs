// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/systems/{id}`: is this system in order? What it is made of, what hits it, what its documents can show.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::registry::System;
use underpin_office::coordinator::coverage::SystemCoverage;
use underpin_office::coordinator::diff::DiffRow;
use underpin_office::coordinator::what::{WhatAnswer, WhatRow};
use underpin_office::role_model::catalogue::RepositoryRow;
use underpin_office::role_model::repository_view::RunsBecause;
use underpin_office::watch::dependency_map::{DependencyMap, MappedPackage};
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::charts::{Figure, Layered, Node, Picture};
use underpin_render::headlines;

use super::{Answer, html, system_difference};
use crate::error::{WebError, encoded};
use crate::exports::{self, Format, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Findings that are shown here; the others are one link away.
const SHOWN_FINDINGS: usize = 20;
/// Changes of the newest document that are shown here.
const SHOWN_DIFFERENCES: usize = 8;
/// Packages that are shown.
const SHOWN_PACKAGES: usize = 500;

/// Package versions as rows of a file.
const ROWS: Rows = Rows { name: "packages", list: "rows", fields: &["package", "name", "version", "type", "licences"] };

#[derive(Template)]
#[template(path = "system.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    system: &'p System,
    state: &'static str,
    packages: WhatAnswer,
    shown: Vec<WhatRow>,
    is_cut: bool,
    findings: Vec<FindingRow<'p>>,
    open: u64,
    urgent: u64,
    /// What its documents say together; absent for a system that is not in use.
    evidence: Option<SystemCoverage>,
    /// What the newest document changed, in a sentence.
    since: String,
    /// The first of these changes.
    differences: Vec<DiffRow>,
    /// Whether only direct dependencies are shown.
    direct_only: bool,
    /// What it needs, in layers; absent when no document tells of any way.
    figure: Option<Figure>,
    /// Whether findings can be chosen to decide about them.
    choose: bool,
    /// Whether documents can be handed in.
    hands_in: bool,
    /// Own software of the government in it.
    own: Vec<(RepositoryRow, RunsBecause)>,
}

impl Page<'_> {
    fn repository(&self, row: &RepositoryRow) -> String {
        super::catalogue::repository_address(&row.address, Some(&row.agency))
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let position = desk.system_position(&id).ok_or_else(WebError::not_found)?;
    let system = desk.system(position);
    let stale_days = house.house.limits().stale_days;
    let mut packages = desk.what(&id, stale_days)?;
    if let Some(format) = exports::wanted(visitor)? {
        if let Some(form) = format.report() {
            let query = FindingsQuery { system: Some(id), rows: usize::MAX, ..FindingsQuery::default() };
            return exports::report(form, "findings", house.watched(&seat).await?.report(desk, &query, form)?);
        }
        return exports::give(format, &packages, ROWS);
    }
    let watched = house.watched(&seat).await?;
    let query = FindingsQuery { system: Some(id.clone()), rows: SHOWN_FINDINGS, ..FindingsQuery::default() };
    let found = watched.findings(desk, &query)?;
    let urgent = watched.findings(desk, &FindingsQuery { priority: Some("act-now".to_owned()), ..query })?.total;
    let mut frame = Frame::new(visitor, Place::Government);
    frame.title.clone_from(&system.name);
    frame.answers(desk.overview().as_of, exports::FINDINGS);
    let all = frame.t("nav-government");
    frame.crumb(all, "/agencies");
    if let Some(agency) = desk.agency(&system.agency) {
        frame.crumb(agency.name.clone(), format!("/agencies/{}", agency.id.0));
    }
    let state = desk.coverage_state(position, &desk.coverage_question(&[], stale_days)).as_str();
    let headline = headlines::system(frame.language, &system.name, packages.package_versions, urgent, found.total);
    let direct_only = Sent(pairs(&visitor.uri)).is_ticked("direct");
    packages.rows.retain(|row| !direct_only || row.direct == Some(true));
    let listed = packages.rows.len();
    let shown: Vec<WhatRow> = packages.rows.drain(..).take(SHOWN_PACKAGES).collect();
    let evidence = seat.coverage(&house.house)?.systems.iter().find(|row| row.system.0 == id).cloned();
    let changed = system_difference::since_last(desk, position)?.map(|(_, answer)| answer);
    let since = system_difference::headline(frame.language, changed.as_ref());
    let mut differences = changed.map(|answer| answer.rows).unwrap_or_default();
    differences.truncate(SHOWN_DIFFERENCES);
    let open = found.total;
    let own = house.house.repositories_of(desk, &id).await?;
    frame.asks(Some(questions::system(&id)));
    let figure = map(&frame, desk.overview().as_of, &id, &watched.dependency_map(desk, &id)?);
    let choose = frame.decides(visitor);
    let hands_in = visitor.as_of.is_none() && visitor.viewer().may(Act::HandIn);
    html(&Page {
        frame,
        headline,
        system,
        state,
        packages,
        is_cut: shown.len() < listed,
        shown,
        evidence,
        since,
        differences,
        direct_only,
        findings: found.rows,
        open,
        urgent,
        figure,
        choose,
        hands_in,
        own,
    })
}

fn map(frame: &Frame, as_of: Timestamp, system: &str, map: &DependencyMap) -> Option<Figure> {
    if map.packages.iter().all(|package| package.depth.is_none()) {
        return None;
    }
    let node = |package: &MappedPackage| Node {
        name: package.name.clone(),
        href: format!("/packages?purl={}", encoded(&package.package)),
        depth: package.depth,
        findings: package.findings,
    };
    let layered = Layered { nodes: map.packages.iter().map(node).collect(), edges: map.edges.clone() };
    Some(Figure {
        id: "what-it-needs",
        headline: layered.headline(frame.language),
        subtitle: frame.t("chart-map"),
        source: frame.t("chart-source-findings"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::system(system),
        language: frame.language,
        picture: Picture::Layered(layered),
    })
}
