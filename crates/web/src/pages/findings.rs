// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings`: what hits us, and what comes first?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};

use super::{Answer, html};
use crate::error::encoded;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Rows on a page.
const PAGE_ROWS: u64 = 50;

/// What the address asks for. Every filter is a field of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Asked {
    text: String,
    package: String,
    agency: String,
    system: String,
    vulnerability: String,
    priority: String,
    severity: String,
    exploited: String,
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
    pages: u64,
    freshness: String,
    levels: [&'static str; 4],
    severities: [&'static str; 4],
}

impl Asked {
    fn query(&self) -> FindingsQuery {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        FindingsQuery {
            severity: some(&self.severity),
            exploited: !self.exploited.is_empty(),
            agency: some(&self.agency),
            system: some(&self.system),
            package: self.package.trim().to_owned(),
            text: self.text.trim().to_owned(),
            vulnerability: some(&self.vulnerability),
            priority: some(&self.priority),
            sort: self.sort.clone(),
            offset: self.page.saturating_sub(1).saturating_mul(PAGE_ROWS),
            rows: PAGE_ROWS as usize,
            ..FindingsQuery::default()
        }
    }

    /// The address of another page of the same answer.
    fn address(&self, page: u64) -> String {
        let fields = [
            ("text", &self.text),
            ("package", &self.package),
            ("agency", &self.agency),
            ("system", &self.system),
            ("vulnerability", &self.vulnerability),
            ("priority", &self.priority),
            ("severity", &self.severity),
            ("exploited", &self.exploited),
            ("sort", &self.sort),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let given: String = given.map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        format!("/findings?{given}page={page}")
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let answer = watched.findings(&seat.desk, &asked.query())?;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("nav-findings");
    frame.as_of = Some(answer.overview.as_of);
    let headline = match answer.total {
        0 => frame.t("findings-none"),
        count => underpin_render::text(
            frame.language,
            "findings-headline",
            &[
                ("count", count.into()),
                ("systems", u64::from(answer.systems).into()),
                ("vulnerabilities", u64::from(answer.vulnerabilities).into()),
            ],
        ),
    };
    let freshness = answer.freshness.sentence();
    html(&Page {
        frame,
        headline,
        pages: answer.total.div_ceil(PAGE_ROWS),
        rows: answer.rows,
        freshness,
        levels: ["act-now", "soon", "planned", "watch"],
        severities: ["critical", "high", "medium", "low"],
        asked: Asked { page: asked.page.max(1), ..asked },
    })
}
