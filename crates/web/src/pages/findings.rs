// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings`: what hits us, and what comes first?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use underpin_model::Coverage;
use underpin_office::Desk;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::charts::{Figure, Picture, Stacked, StackedBar};
use underpin_render::{headlines, standing, text};

use super::{Answer, html};
use crate::bars::name_of;
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::{Seat, WebHouse};
use crate::pager::Pager;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Days within which a finding counts as due soon.
const SOON_DAYS: u16 = 30;
/// Words of severities, the worst first.
const SEVERITIES: [&str; 7] = ["critical", "high", "medium", "low", "negligible", "none", "unknown"];
/// Rows on a page.
const PAGE_ROWS: u64 = 50;
/// Rows in a file at most: it is made in memory. More are for the command line, which streams them.
pub const EXPORTED_ROWS: usize = 100_000;
/// Findings as rows of a file.
pub const ROWS: Rows = Rows {
    name: "findings",
    list: "rows",
    fields: &[
        "priority",
        "score",
        "tlp",
        "agency",
        "system",
        "package",
        "vulnerability",
        "aliases",
        "severity",
        "severity_score",
        "likelihood",
        "exploited",
        "status",
        "reason",
        "confidence_percent",
        "due",
        "overdue",
        "direct",
        "scope",
    ],
};

/// What the address asks for. Every filter is a field of the form.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    text: String,
    package: String,
    purl: String,
    base: String,
    fixable: String,
    /// Agency with everything below it; empty for all.
    pub agency: String,
    /// System; empty for all.
    pub system: String,
    vulnerability: String,
    /// Lowest priority; empty for any.
    pub priority: String,
    /// Lowest severity; empty for any.
    pub severity: String,
    exploited: String,
    overdue: String,
    state: String,
    sort: String,
    page: u64,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    asked: Asked,
    rows: Vec<FindingRow<'p>>,
    pager: Pager,
    freshness: String,
    coverage: Coverage,
    levels: [&'static str; 4],
    severities: [&'static str; 4],
    states: [&'static str; 6],
    /// Severities, and until when they should be dealt with.
    figure: Option<Figure>,
    /// What is asked for besides the fields of the form, in words.
    narrowed: Vec<String>,
    /// Whether the findings can be chosen to decide about them.
    choose: bool,
}

impl Asked {
    /// As the fields of an address or a form say.
    pub fn of(sent: &Sent) -> Self {
        let field = |name: &str| sent.one(name).to_owned();
        Self {
            text: field("text"),
            package: field("package"),
            purl: field("purl"),
            base: field("base"),
            fixable: field("fixable"),
            agency: field("agency"),
            system: field("system"),
            vulnerability: field("vulnerability"),
            priority: field("priority"),
            severity: field("severity"),
            exploited: field("exploited"),
            overdue: field("overdue"),
            state: field("state"),
            sort: field("sort"),
            page: sent.number("page").unwrap_or(1),
        }
    }

    /// The question about all of them.
    pub fn query_of_all(&self) -> FindingsQuery {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        FindingsQuery {
            statuses: some(&self.state).into_iter().collect(),
            severity: some(&self.severity),
            exploited: !self.exploited.is_empty(),
            overdue: !self.overdue.is_empty(),
            agency: some(&self.agency),
            system: some(&self.system),
            package: self.package.clone(),
            purl: some(&self.purl),
            base: some(&self.base),
            fixable: match self.fixable.as_str() {
                "" => None,
                word => Some(word == "yes"),
            },
            text: self.text.clone(),
            vulnerability: some(&self.vulnerability),
            priority: some(&self.priority),
            sort: self.sort.clone(),
            rows: EXPORTED_ROWS,
            ..FindingsQuery::default()
        }
    }

    fn query(&self) -> FindingsQuery {
        let offset = self.page.saturating_sub(1).saturating_mul(PAGE_ROWS);
        FindingsQuery { offset, rows: PAGE_ROWS as usize, ..self.query_of_all() }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let asked = Asked::of(&Sent(pairs(&visitor.uri)));
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    if let Some(format) = exports::wanted(visitor)? {
        if let Some(form) = format.report() {
            return exports::report(form, ROWS.name, watched.report(&seat.desk, &asked.query_of_all(), form)?);
        }
        let answer = watched.findings(&seat.desk, &asked.query_of_all())?;
        if answer.total > EXPORTED_ROWS as u64 {
            return Err(WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        return exports::give(format, &answer, ROWS);
    }
    let mut answer = watched.findings(&seat.desk, &asked.query())?;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("nav-findings");
    let pager = Pager::new(&frame, asked.page, answer.total, PAGE_ROWS);
    if pager.page != asked.page {
        let nearest = Asked { page: pager.page, ..asked.clone() };
        answer = watched.findings(&seat.desk, &nearest.query())?;
    }
    frame.answers(answer.overview.as_of, exports::FINDINGS);
    frame.asks(questions::findings(&seat.desk, &asked.query_of_all()));
    let figure = figure(&frame, &seat, watched, &asked)?;
    let question = seat.desk.coverage_question(&[], house.house.limits().stale_days);
    let (systems, vulnerabilities) = (u64::from(answer.systems), u64::from(answer.vulnerabilities));
    let headline = headlines::findings(frame.language, answer.total, systems, vulnerabilities);
    let freshness = frame.freshness(&answer.freshness);
    let coverage = seat.desk.coverage_by(|system| seat.desk.coverage_state(system, &question));
    html(&Page {
        choose: frame.decides(visitor),
        figure,
        narrowed: narrowed(&frame, &seat.desk, &asked),
        frame,
        headline,
        pager,
        rows: answer.rows,
        freshness,
        coverage,
        levels: ["act-now", "soon", "planned", "watch"],
        severities: ["critical", "high", "medium", "low"],
        states: ["open", "under-investigation", "unknown", "fixed", "not-affected", "all"],
        asked,
    })
}

/// What an address asks for that the form has no field for.
fn narrowed(frame: &Frame, desk: &Desk, asked: &Asked) -> Vec<String> {
    let system = desk.system_position(&asked.system).map(|at| desk.system(at).name.clone());
    let fixable = match asked.fixable.as_str() {
        "" => String::new(),
        "yes" => frame.t("findings-only-fixable"),
        _ => frame.t("findings-only-no-fix"),
    };
    let severity = asked.severity.strip_prefix('=').map(|word| {
        let word = frame.word("level", word);
        text(frame.language, "findings-only-severity", &[("word", (&word).into())])
    });
    let agency =
        Some(asked.agency.as_str()).filter(|id| !id.is_empty()).map(|id| name_of(desk, id.trim_start_matches('=')));
    let system = system.unwrap_or_else(|| asked.system.clone());
    let all = [asked.vulnerability.clone(), asked.purl.clone(), asked.base.clone(), system];
    all.into_iter().chain(agency).chain(severity).chain([fixable]).filter(|words| !words.is_empty()).collect()
}

/// What is asked for by severity, each with how much is beyond its day and how much is due soon.
fn figure(frame: &Frame, seat: &Seat, watched: &Watched, asked: &Asked) -> Result<Option<Figure>, WebError> {
    let query = asked.query_of_all();
    let found = seat.due(&exports::question(&frame.kept), || watched.findings_by_due(&seat.desk, &query, SOON_DAYS))?;
    let bar = |word: &&str| {
        let counts = found.get(word)?;
        let mut kept: Vec<_> = frame.kept.iter().filter(|(name, _)| name != "severity").cloned().collect();
        kept.push(("severity".to_owned(), format!("={word}")));
        let href = exports::with_pairs("/findings", &kept);
        Some(StackedBar { name: frame.word("level", word), counts: counts.to_vec(), href })
    };
    let bars: Vec<StackedBar> = SEVERITIES.iter().filter_map(bar).collect();
    let sum = |place: usize| found.values().map(|counts| counts[place]).sum::<u64>();
    let soon = frame.n("overdue-soon", &u64::from(SOON_DAYS));
    let parts = vec![frame.t("overdue-later"), soon, frame.t("overdue-over")];
    let picture = Picture::Stacked(Stacked { of: frame.t("severity"), parts, bars });
    Ok((!found.is_empty()).then(|| Figure {
        id: "by-due",
        headline: standing::overdue(frame.language, sum(0) + sum(1) + sum(2), sum(2)),
        subtitle: frame.t("overdue-measure"),
        source: frame.t("chart-source-findings"),
        as_of: seat.desk.overview().as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::by_severity(&seat.desk, &query).unwrap_or_default(),
        language: frame.language,
        picture,
    }))
}
