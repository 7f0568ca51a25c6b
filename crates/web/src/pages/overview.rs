// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/`: what must the office do today? While the house is empty: how to begin, step by step.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::Coverage;
use underpin_office::regulator::WaiverQuery;
use underpin_office::watch::exposure_weeks::OpenFindings;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::charts::Figure;
use underpin_render::{headlines, text};

use super::findings::{self, EXPORTED_ROWS};
use super::first_days::{self, FirstDays};
use super::{Answer, html, weeks};
use crate::bars;
use crate::exports::{self, Format};
use crate::figures::{self, Counted};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Findings that are shown first.
const FIRST: usize = 10;

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    first: FirstDays,
    /// Whether there is anything to look after yet.
    is_begun: bool,
    /// What is open now; absent while nothing is known.
    open: Option<OpenFindings>,
    waiting: Vec<Waiting>,
    rows: Vec<FindingRow<'p>>,
    /// How exposed the government was week by week; absent while that is not worked out.
    weeks: Option<Figure>,
    /// Agency and how many of its findings need action now, the most first.
    figure: Option<Figure>,
    coverage: Coverage,
    freshness: String,
}

/// Something that waits for the office.
struct Waiting {
    key: &'static str,
    count: u64,
    href: &'static str,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let desk = &seat.desk;
    let urgent = |rows| FindingsQuery { priority: Some("act-now".to_owned()), rows, ..FindingsQuery::default() };
    let answer = watched.findings(desk, &urgent(FIRST))?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &watched.findings(desk, &urgent(EXPORTED_ROWS))?, findings::ROWS);
    }
    let known = seat.coverage(&house.house)?;
    let coverage = known.coverage;
    let standing = seat.standing(watched)?;
    let approvals = watched.decision_rows().iter().filter(|row| row.state == "waits for approval").count() as u64;
    let due = watched.decisions_due(0).len() as u64;
    let waivers = house.house.waivers(desk, &WaiverQuery::default()).await?.counts;
    let waiting = vec![
        Waiting { key: "waiting-urgent", count: answer.total, href: "/findings?priority=act-now" },
        Waiting { key: "waiting-overdue", count: standing.overdue, href: "/findings?overdue=yes" },
        Waiting { key: "waiting-approval", count: approvals, href: "/decisions?state=waits" },
        Waiting { key: "waiting-review", count: due, href: "/decisions?soon=today" },
        Waiting { key: "waiting-waivers", count: waivers.asked_for, href: "/rules/waivers?state=asked-for" },
        Waiting { key: "waiting-waivers-ending", count: waivers.ending, href: "/rules/waivers?state=holds" },
        Waiting { key: "waiting-stale", count: coverage.stale, href: "/coverage?state=stale#gaps" },
        Waiting { key: "waiting-unknown", count: coverage.unknown, href: "/coverage?state=unknown#gaps" },
        Waiting { key: "waiting-quarantined", count: known.quarantined, href: "/documents?state=quarantined" },
        Waiting { key: "waiting-unbound", count: known.unbound, href: "/documents?unbound=yes" },
    ];
    let mut frame = Frame::new(visitor, Place::Overview);
    frame.title = frame.t("nav-overview");
    frame.answers(desk.overview().as_of, exports::BOTH);
    frame.asks(questions::findings(desk, &urgent(EXPORTED_ROWS)));
    let first = first_days::of((&house, &person, &frame), &seat, watched, coverage).await?;
    let agencies = bars::of_agencies(desk, standing.urgent_by_agency.clone());
    let open = standing.open;
    let is_begun = !desk.snapshot.systems.is_empty() && open.is_some();
    let headline = match is_begun {
        true => headlines::overview(frame.language, answer.total, u64::from(answer.systems)),
        false => first.headline.clone(),
    };
    let freshness = frame.freshness(&answer.freshness);
    let sql = "SELECT agency, count(*) AS findings FROM finding\nWHERE level = 'act-now' AND status NOT IN ('fixed', 'not-affected')\n\
               GROUP BY agency ORDER BY findings DESC, agency";
    let figure = (!agencies.is_empty()).then(|| {
        let (measure, base) = ((Counted::Findings, "overview-by-agency"), "/findings?priority=act-now&agency=%3D");
        figures::by_agency(&frame, desk.overview().as_of, measure, &agencies, (base, sql.to_owned()))
    });
    let weeks = house.weeks_known(&seat, visitor.as_of.is_none()).await?.filter(|_| is_begun);
    let csv = exports::address("/findings/weeks", Format::Csv);
    let weeks = weeks.and_then(|known| weeks::figure(&frame, &known, csv));
    html(&Page {
        frame,
        headline,
        first,
        is_begun,
        open,
        waiting,
        rows: answer.rows,
        weeks,
        figure,
        coverage,
        freshness,
    })
}

impl Page<'_> {
    /// How much is open, in words.
    fn stands(&self, findings: &u64) -> String {
        text(self.frame.language, "stands-now", &[("findings", (*findings).into())])
    }
}
