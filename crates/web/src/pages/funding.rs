// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/funding`: who pays for which project, and does somebody pay twice? Own promises, what others pay, what projects publish, and where
//! they say that money may be sent.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use underpin_office::supporter::InterventionCode;
use underpin_office::supporter::funding::{FundingAnswer, FundingKind, FundingRow, FundingWarning, FundingYear};
use underpin_render::charts::{Figure, Picture, Stacked, StackedBar};
use underpin_render::{Language, brief, numbers, text};

use super::projects::address;
use super::{Answer, html};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// What is known of money, as rows of a file.
const ROWS: Rows = Rows {
    name: "funding",
    list: "rows",
    fields: &[
        "project",
        "kind",
        "is_money",
        "commitment",
        "payer_kind",
        "payer",
        "activity",
        "from",
        "until",
        "amount_hundredths",
        "currency",
        "rhythm",
        "platform",
        "address",
        "form",
        "source",
        "told",
    ],
};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    project: String,
}

#[derive(Template)]
#[template(path = "funding.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// Euro by year; absent where none is known.
    figure: Option<Figure>,
    answer: FundingAnswer,
}

impl Page {
    /// Rows that are money, or those that are not.
    fn rows(&self, is_money: bool) -> impl Iterator<Item = &FundingRow> {
        self.answer.rows.iter().filter(move |row| row.is_money == is_money)
    }

    fn has(&self, is_money: bool) -> bool {
        self.rows(is_money).next().is_some()
    }

    fn amount(&self, hundredths: &Option<i64>, currency: &Option<String>) -> String {
        let both = hundredths.zip(currency.as_deref());
        both.map_or_else(|| "–".to_owned(), |(amount, currency)| numbers::money(self.frame.language, amount, currency))
    }

    fn activity(&self, word: &Option<String>) -> String {
        word.as_deref().map_or_else(|| self.frame.t("chart-not-known"), |word| activity(self.frame.language, word))
    }

    fn who(&self, kind: &str, name: &Option<String>) -> String {
        who(&self.frame, kind, name.as_deref())
    }

    /// The time of a row: from the first to the last day.
    fn time(&self, row: &FundingRow) -> String {
        let day = |at: &Option<underpin_model::Timestamp>| {
            at.as_ref().map_or_else(|| "…".to_owned(), |at| self.frame.day(at))
        };
        if row.from.is_none() && row.until.is_none() {
            return self.frame.t("chart-not-known");
        }
        format!("{} – {}", day(&row.from), day(&row.until))
    }

    /// Where that is said: words of the office, or the file of the project and where it was read.
    fn said(&self, row: &FundingRow) -> String {
        let read = row.form.zip(row.read_from).map(|(form, read_from)| {
            let words =
                [self.frame.word("funding-form", form.as_str()), self.frame.word("funding-read", read_from.as_str())];
            words.join(", ")
        });
        row.source.clone().or(read).unwrap_or_else(|| self.frame.t("funding-said-here"))
    }

    fn warning(&self, one: &FundingWarning) -> String {
        let who = self.who(one.payer_kind, &one.payer);
        let key = if one.strength == "same" { "funding-double-same" } else { "funding-double-maybe" };
        text(
            self.frame.language,
            key,
            &[("funder", who.as_str().into()), ("commitment", one.commitment.as_str().into())],
        )
    }

    fn days(&self, days: &i64) -> String {
        self.frame.days("funding-days", days)
    }

    fn together(&self, row: &FundingRow) -> String {
        row.projects_together
            .filter(|count| *count > 1)
            .map_or_else(String::new, |count| self.frame.n("funding-together-count", &u64::from(count)))
    }
}

/// What is done; the word itself where a later version wrote one that is not known here.
fn activity(language: Language, word: &str) -> String {
    word.parse::<InterventionCode>().map_or_else(|_| word.to_owned(), |code| brief::instrument(language, code))
}

/// Who pays: an organisation by its name, a platform by the word for it, everybody else by kind.
pub fn who(frame: &Frame, kind: &str, name: Option<&str>) -> String {
    match (kind, name) {
        ("office", _) => frame.t("commitments-this-office"),
        ("platform", Some(name)) => frame.word("platform", name),
        ("organisation", Some(name)) => name.to_owned(),
        (kind, _) => frame.word("payer", kind),
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let project = match asked.project.trim() {
        "" => None,
        text => Some(seat.ranking().await?.key_or_text(text)?),
    };
    let answer = house.house.funding(&seat.desk, project.as_deref()).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("funding");
    for (key, address) in [("nav-inventory", "/find"), ("projects", "/projects")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    let headline = headline(&frame, &answer);
    let figure = figure(&frame, &answer);
    html(&Page { headline, figure, answer, frame })
}

fn headline(frame: &Frame, answer: &FundingAnswer) -> String {
    let count = |kind: FundingKind| answer.rows.iter().filter(|row| row.kind == kind).count() as u64;
    let others = answer.rows.iter().filter(|row| row.is_money && row.kind != FundingKind::Own).count() as u64;
    let own = count(FundingKind::Own);
    let words = [("own", own.into()), ("others", others.into()), ("warnings", answer.warnings.len().into())];
    let key = match (answer.rows.is_empty(), answer.warnings.is_empty()) {
        (true, _) => "funding-headline-none",
        (_, true) => "funding-headline",
        _ => "funding-headline-warnings",
    };
    text(frame.language, key, &words)
}

/// Euro by year, as far as they are known.
fn figure(frame: &Frame, answer: &FundingAnswer) -> Option<Figure> {
    let whole = |cents: i64| u64::try_from(cents / 100).unwrap_or(0);
    let bar = |one: &FundingYear| StackedBar {
        name: one.year.map_or_else(|| frame.t("funding-no-year"), |year| year.to_string()),
        counts: vec![whole(one.own_cents), whole(one.others_cents)],
        href: "/funding#rows".to_owned(),
    };
    // The newest year first.
    let bars: Vec<StackedBar> = answer.years.iter().rev().map(bar).collect();
    let parts = ["funding-part-own", "funding-part-others"].map(|key| frame.t(key)).to_vec();
    let euro = |cents: i64| numbers::euro(frame.language, cents);
    let own = euro(answer.years.iter().map(|one| one.own_cents).sum());
    let others = euro(answer.years.iter().map(|one| one.others_cents).sum());
    let words = [("own", own.as_str().into()), ("others", others.as_str().into())];
    (!bars.is_empty()).then(|| Figure {
        id: "by-year",
        headline: text(frame.language, "funding-figure", &words),
        subtitle: frame.t("funding-measure"),
        source: frame.t("chart-source-register"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: String::new(),
        language: frame.language,
        picture: Picture::Stacked(Stacked { of: frame.t("funding-year"), parts, bars }),
    })
}
