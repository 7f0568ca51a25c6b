// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rules`: which rules does the office ask of the house? `/rules/{book}/{rule}`: what does one ask, who keeps it, and what would it
//! take?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use underpin_model::Timestamp;
use underpin_office::regulator::{
    AgencyChange, BothLanguages, Rule, RuleList, RuleRow, Simulation, SimulationQuery, WaiverConditions, WaiverQuery,
    WaiverRow, house_rule, house_rules,
};
use underpin_render::charts::{Dumbbell, DumbbellLine, Figure, Picture};
use underpin_render::{Language, text};

use super::{Answer, html};
use crate::error::encoded;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Rules as rows of a file.
const ROWS: Rows = Rows { name: "rules", list: "rows", fields: RuleRow::FIELDS };
/// Agencies of a rule as rows of a file.
const AGENCIES: Rows = Rows {
    name: "rule",
    list: "agencies",
    fields: &["agency", "name", "asked", "before", "waived", "after", "stuck", "stuck_waived", "open", "unregistered"],
};

#[derive(Template)]
#[template(path = "rules.html")]
struct ListPage {
    frame: Frame,
    answer: RuleList,
}

impl ListPage {
    fn is_german(&self) -> bool {
        self.frame.language == Language::German
    }
}

/// The list.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house_rules(seat.desk.overview().as_of)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("rules");
    frame.answers(answer.as_of, exports::BOTH);
    html(&ListPage { frame, answer })
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RulePage {
    frame: Frame,
    rule: Rule,
    notes: Vec<BothLanguages>,
    waiver: Option<BothLanguages>,
    /// Who grants one, and for how long; none where the rule lets nobody off by a record.
    granted_by: Option<String>,
    waivers: Vec<WaiverRow>,
    found: Simulation,
    figure: Option<Figure>,
    lines: Vec<String>,
    origin: Vec<String>,
    tables: Vec<Shown>,
    cases: u64,
}

/// A table of the page.
struct Shown {
    id: &'static str,
    title: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl RulePage {
    fn of<'t>(&self, texts: &'t BothLanguages) -> &'t str {
        if self.frame.language == Language::German { &texts.de } else { &texts.en }
    }

    fn standing(&self, row: &WaiverRow) -> String {
        row.standing(self.frame.language)
    }

    fn cases_shown(&self) -> &u64 {
        &self.cases
    }
}

/// One rule: what it asks, who keeps it, and what it would take.
pub async fn rule(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((book, rule)): Path<(String, String)>,
) -> Answer {
    let visitor = &person.visitor;
    let (book, rule) = house_rule(&book, &rule)?;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let query = SimulationQuery { rule: rule.id.clone(), ..SimulationQuery::default() };
    let found = house.house.simulate_rule(&seat.desk, &book, &query, seat.tables(&house.house).await?).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &found, AGENCIES);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    let language = frame.language;
    frame.title = if language == Language::German { rule.title.de.clone() } else { rule.title.en.clone() };
    let words = frame.t("rules");
    frame.crumb(words, "/rules");
    let as_of = seat.desk.overview().as_of;
    frame.answers(as_of, exports::BOTH);
    frame.asks(Some(rule.sql.trim().to_owned()));
    let figure = figure(&frame, as_of, &found, rule.sql.trim());
    let shown =
        |id, key: &str, (heads, rows): (Vec<String>, Vec<Vec<String>>)| Shown { id, title: frame.t(key), heads, rows };
    let tables = vec![
        shown("agencies", "rules-agencies", found.agency_table(language)),
        shown("effort", "rules-effort", found.effort_table(language)),
        shown("alternatives", "rules-alternatives", found.alternative_table(language)),
        shown("waves", "rules-waves", found.wave_table(language)),
    ];
    let cases =
        rule.houses.iter().map(|one| one.met.len() + one.not_met.len() + one.not_assessed.len()).sum::<usize>() as u64;
    let notes = [rule.note.clone(), book.book.note.clone()].into_iter().flatten().collect();
    let waiver = rule.waiver_in(&book.book).map(WaiverConditions::words);
    let conditions = rule.waiver_in(&book.book);
    let granted_by = conditions.and_then(|conditions| granted_by(&frame, conditions));
    let of = WaiverQuery { rule: Some(format!("{}/{}", book.book.id, rule.id)), ..WaiverQuery::default() };
    let waivers = house.house.waivers(&seat.desk, &of).await?.rows;
    let (lines, origin) = (found.lines(language), found.origin(language));
    html(&RulePage { frame, rule, notes, waiver, granted_by, waivers, found, figure, lines, origin, tables, cases })
}

/// Who grants a waiver, and for how long.
fn granted_by(frame: &Frame, conditions: &WaiverConditions) -> Option<String> {
    let granter = frame.word("waiver-granter", conditions.granted_by?.as_str());
    let days = conditions.longest_days().unsigned_abs();
    let words = [("granter", (&granter).into()), ("days", days.into())];
    Some(text(frame.language, "rules-waiver-granted-by", &words))
}

/// Each agency before and after; none where nothing is asked of any.
fn figure(frame: &Frame, as_of: Timestamp, found: &Simulation, sql: &str) -> Option<Figure> {
    if found.agencies.iter().all(|one| one.asked == 0) {
        return None;
    }
    let line = |one: &AgencyChange| DumbbellLine {
        name: one.name.clone(),
        all: one.asked,
        counts: (one.before, one.after),
        href: format!("/agencies/{}", encoded(&one.agency)),
    };
    let picture = Dumbbell {
        of: frame.t("agency"),
        all: frame.t("rules-asked"),
        before: frame.t("rules-before"),
        after: frame.t("rules-after"),
        lines: found.agencies.iter().filter(|one| one.asked > 0).map(line).collect(),
    };
    Some(Figure {
        id: "before-and-after",
        headline: picture.headline(frame.language),
        subtitle: frame.t("rules-picture"),
        source: frame.t("chart-source-inventory"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: sql.to_owned(),
        language: frame.language,
        picture: Picture::Dumbbell(picture),
    })
}
