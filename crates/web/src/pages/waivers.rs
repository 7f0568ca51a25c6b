// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rules/waivers`: who need not keep a rule of the house for a while, who waits for an answer, and what ends soon?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Viewer;
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::waivers::{Granter, WaiverChange, WaiverId, WaiverState};
use underpin_office::Desk;
use underpin_office::regulator::{
    BothLanguages, Rulebook, WaiverQuery, WaiverRow, WaiverWish, WaiversAnswer, house_rule, waivable_rules,
};
use underpin_render::{Language, text};

use super::incident_view::{author, may_at};
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Waivers as rows of a file.
const ROWS: Rows = Rows { name: "waivers", list: "rows", fields: WaiverRow::FIELDS };
/// The same question in SQL.
const SQL: &str = "SELECT waiver, rulebook, rule, about, agency, first_day, last_day, state, days_left, reason, compensation\n\
                   FROM rule_waiver\nORDER BY last_day";
/// What can have been done, with the sentence that says so.
const DONE: [(&str, &str); 4] = [
    ("asked", "waiver-done-asked"),
    ("granted", "waiver-done-granted"),
    ("refused", "waiver-done-refused"),
    ("withdrawn", "waiver-done-withdrawn"),
];
/// What the office says against an attempt, told on the page, with its status.
const REFUSALS: [(&str, StatusCode); 12] = [
    ("invalid-waiver", StatusCode::UNPROCESSABLE_ENTITY),
    ("not-waivable", StatusCode::UNPROCESSABLE_ENTITY),
    ("ambiguous-name", StatusCode::UNPROCESSABLE_ENTITY),
    ("empty-reason", StatusCode::UNPROCESSABLE_ENTITY),
    ("too-long", StatusCode::UNPROCESSABLE_ENTITY),
    ("no-rule", StatusCode::UNPROCESSABLE_ENTITY),
    ("not-found", StatusCode::UNPROCESSABLE_ENTITY),
    ("usage", StatusCode::UNPROCESSABLE_ENTITY),
    ("unknown-system", StatusCode::UNPROCESSABLE_ENTITY),
    ("unknown-agency", StatusCode::UNPROCESSABLE_ENTITY),
    ("waiver-settled", StatusCode::CONFLICT),
    ("same-granter", StatusCode::FORBIDDEN),
];

/// A waiver, and what its reader may do about it.
struct Line {
    row: WaiverRow,
    /// The title of its rule, where that is shipped.
    title: Option<BothLanguages>,
    can_answer: bool,
    can_withdraw: bool,
    /// Whether its reader asked for it and would grant it otherwise.
    is_own: bool,
}

/// A rule that lets somebody off: its name, and what it asks.
struct Choice {
    name: String,
    title: BothLanguages,
}

#[derive(Template)]
#[template(path = "waivers.html")]
struct Page {
    frame: Frame,
    headline: String,
    lines: Vec<Line>,
    done: &'static str,
    refusal: Told,
    faults: Faults,
    sent: Sent,
    rules: Vec<Choice>,
    may_ask: bool,
    is_filtered: bool,
}

impl Page {
    fn of<'t>(&self, words: &'t BothLanguages) -> &'t str {
        if self.frame.language == Language::German { &words.de } else { &words.en }
    }

    fn standing(&self, row: &WaiverRow) -> String {
        row.standing(self.frame.language)
    }

    /// The level by which a state is marked; its words stand beside it.
    fn level(&self, row: &WaiverRow) -> &'static str {
        match row.state {
            WaiverState::AskedFor => "soon",
            WaiverState::RanOut | WaiverState::Lapsed => "act-now",
            WaiverState::Holds if row.is_ending => "soon",
            _ => "none",
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let asked = asked(&person, "rule").map(|rule| ("rule".to_owned(), rule));
    let sent = Sent(asked.into_iter().collect());
    shown(&house, &person, (sent, &[], Told::default()), StatusCode::OK).await
}

/// Asks for a waiver, grants, refuses or withdraws one.
pub async fn change(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let author = author(&house, &person).await?;
    let outcome = match sent.one("act") {
        "ask" => match wish(&sent) {
            Ok((book, wish)) => house.house.propose_waiver(&author, &book, wish).await.map(|_| "asked"),
            Err(faults) => return shown(&house, &person, (sent, &faults, Told::default()), bad).await,
        },
        act => {
            let Some((done, what)) = change_of(act, &sent) else { return Err(WebError::new(bad, "usage")) };
            let id: WaiverId = super::number(sent.one("waiver"))?;
            house.house.change_waiver(&author, id, what).await.map(|()| done)
        }
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/rules/waivers?done={done}")).into_response()),
        Err(error) if error.code == "unknown-waiver" => Err(WebError::not_found()),
        Err(error) => match REFUSALS.iter().find(|(code, _)| *code == error.code) {
            Some((_, status)) => shown(&house, &person, (sent, &[], Told::by_the_office(&error)), *status).await,
            None => Err(error.into()),
        },
    }
}

fn change_of(act: &str, sent: &Sent) -> Option<(&'static str, WaiverChange)> {
    let words = |name: &str| sent.one(name).to_owned();
    Some(match act {
        "grant" => ("granted", WaiverChange::Grant { note: words("note") }),
        "refuse" => ("refused", WaiverChange::Refuse { reason: words("reason") }),
        "withdraw" => ("withdrawn", WaiverChange::Withdraw { reason: words("reason") }),
        _ => return None,
    })
}

/// Fields with the keys of what is wrong with them.
type FieldFaults = Vec<(&'static str, &'static str)>;

fn wish(sent: &Sent) -> Result<(Rulebook, WaiverWish), FieldFaults> {
    let mut faults: FieldFaults = Vec::new();
    for field in ["about", "why", "compensation"] {
        if sent.one(field).is_empty() {
            faults.push((field, "waiver-fault-empty"));
        }
    }
    let named = sent.one("rule").split_once('/').and_then(|(book, rule)| house_rule(book, rule).ok());
    if named.is_none() {
        faults.push(("rule", "waiver-fault-rule"));
    }
    let until = sent.day("until").ok().flatten();
    if until.is_none() {
        faults.push(("until", "waiver-fault-day"));
    }
    let Ok(from) = sent.day("from") else {
        faults.push(("from", "waiver-fault-day"));
        return Err(faults);
    };
    match (named, until) {
        (Some((book, rule)), Some(until)) if faults.is_empty() => {
            let wish = WaiverWish {
                rule: rule.id,
                about: sent.one("about").to_owned(),
                agency: sent.some("agency"),
                from,
                until,
                reason: sent.one("why").to_owned(),
                compensation: sent.one("compensation").to_owned(),
                classification: sent.one("classification").parse().unwrap_or(Classification::Internal),
            };
            Ok((book, wish))
        }
        _ => Err(faults),
    }
}

fn asked(person: &Person, name: &str) -> Option<String> {
    pairs(&person.visitor.uri).into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (sent, faults, refusal): (Sent, &[(&'static str, &'static str)], Told),
    status: StatusCode,
) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let state: Option<WaiverState> = asked(person, "state").and_then(|word| word.parse().ok());
    let query = WaiverQuery { rule: asked(person, "rule"), state, agency: None };
    let answer = house.house.waivers(&seat.desk, &query).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.is_at("/rules/waivers".to_owned());
    frame.kept.retain(|(name, _)| name != "done");
    frame.title = frame.t("waivers");
    let words = frame.t("rules");
    frame.crumb(words, "/rules");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let told = asked(person, "done");
    let is_present = visitor.as_of.is_none();
    let viewer = visitor.viewer();
    let line = |row: &WaiverRow| line(&seat.desk, (&viewer, &person.signed.person.login), row, is_present);
    let mut rules = Vec::new();
    for (book, own) in waivable_rules()? {
        let choice = |rule: underpin_office::regulator::Rule| Choice {
            name: format!("{}/{}", book.book.id, rule.id),
            title: rule.title,
        };
        rules.extend(own.into_iter().map(choice));
    }
    let page = Page {
        headline: headline(&frame, &answer),
        lines: answer.rows.iter().map(line).collect(),
        done: DONE.iter().find(|(word, _)| told.as_deref() == Some(*word)).map_or("", |(_, key)| *key),
        faults: Faults::told(&frame, faults),
        is_filtered: query.rule.is_some() || query.state.is_some(),
        may_ask: is_present && viewer.may(Act::Decide),
        frame,
        refusal,
        sent,
        rules,
    };
    Ok((status, html(&page)?).into_response())
}

/// What the reader may do about a waiver, as far as the page can tell; the ledger decides.
fn line(desk: &Desk, (viewer, login): (&Viewer, &str), row: &WaiverRow, is_present: bool) -> Line {
    let place = row.place();
    let grants = match row.granter {
        Granter::Office => viewer.may_everywhere(Act::Approve),
        Granter::Agency => may_at(desk, viewer, Act::Approve, &place),
    };
    let is_own = row.proposed_by.to_lowercase() == login.to_lowercase();
    let waits = is_present && row.state == WaiverState::AskedFor;
    let is_open = matches!(row.state, WaiverState::AskedFor | WaiverState::NotBegun | WaiverState::Holds);
    let found = house_rule(&row.rulebook, &row.rule).ok();
    Line {
        row: row.clone(),
        title: found.map(|(_, rule)| rule.title),
        can_answer: waits && grants && !is_own,
        can_withdraw: is_present && is_open && (grants || may_at(desk, viewer, Act::Decide, &place)),
        is_own: waits && grants && is_own,
    }
}

/// What waits; else what ends soon; else what holds.
fn headline(frame: &Frame, answer: &WaiversAnswer) -> String {
    let counts = answer.counts;
    let (key, name, count) = match (answer.rows.len(), counts.asked_for, counts.ending) {
        (0, ..) => ("waivers-headline-none", "holds", 0),
        (_, 1.., _) => ("waivers-headline-waiting", "waiting", counts.asked_for),
        (_, 0, 1..) => ("waivers-headline-ending", "ending", counts.ending),
        _ => ("waivers-headline", "holds", counts.holds),
    };
    text(frame.language, key, &[(name, count.into())])
}
