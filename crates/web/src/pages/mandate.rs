// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/mandate`: by which law does the office work, with whom is something agreed, and with which means? What is not known is said.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Money;
use underpin_model::compass::{Mandate, OfficePlace};
use underpin_model::people::Act;
use underpin_office::compass::mandate::MandateAnswer;
use underpin_office::supporter::skills::SkillRow;
use underpin_render::{Argument, numbers, text};

use super::incident_view::author;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::forms::{Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Agreements as rows of a file.
const ROWS: Rows = Rows { name: "mandate", list: "rows", fields: &["agency", "name", "since", "about"] };

#[derive(Template)]
#[template(path = "mandate.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: MandateAnswer,
    may_change: bool,
    is_done: bool,
    refusal: Told,
    sent: Sent,
}

impl Page {
    fn said(&self, text: &Option<String>) -> String {
        text.clone().unwrap_or_else(|| self.frame.t("mandate-not-known"))
    }

    fn posts(&self, tenths: &Option<u32>) -> String {
        tenths.map_or_else(|| self.frame.t("mandate-not-known"), tenths_text)
    }

    fn place(&self) -> String {
        let place = self.answer.mandate.place.map(|place| self.frame.t(&format!("mandate-place-{}", place.as_str())));
        self.said(&place)
    }

    fn budget(&self) -> String {
        let card = &self.answer.mandate;
        let told = card.budget_cents.zip(card.budget_year).map(|(cents, year)| {
            let (amount, year) = (numbers::euro(self.frame.language, cents), year.to_string());
            let words = [("amount", Argument::Text(&amount)), ("year", Argument::Text(&year))];
            text(self.frame.language, "mandate-budget-in", &words)
        });
        self.said(&told)
    }

    fn agreed(&self) -> String {
        let words = [("count", self.answer.agreed().into()), ("of", self.answer.rows.len().into())];
        text(self.frame.language, "mandate-agreements-count", &words)
    }

    fn hours(&self, row: &SkillRow) -> String {
        match row.own.hours {
            None => self.frame.t("mandate-not-known"),
            Some(0) => self.frame.t("mandate-skill-missing"),
            Some(hours) => self.frame.number(&hours.into()),
        }
    }

    fn places(&self) -> Vec<(&'static str, String)> {
        let all = OfficePlace::ALL.iter().map(|place| place.as_str());
        all.map(|word| (word, self.frame.t(&format!("mandate-place-{word}")))).collect()
    }

    fn written(&self, by: &str, at: &underpin_model::Timestamp) -> String {
        let day = self.frame.day(at);
        text(self.frame.language, "mandate-written", &[("who", by.into()), ("day", (&day).into())])
    }

    /// What a field of the form holds: what was entered, or what the card says.
    fn held(&self, field: &str) -> String {
        if !self.refusal.is_empty() {
            return self.sent.one(field).to_owned();
        }
        let card = &self.answer.mandate;
        let text = match field {
            "legal_basis" => card.legal_basis.clone(),
            "legal_source" => card.legal_source.clone(),
            "place" => card.place.map(|place| place.as_str().to_owned()),
            "host" => card.host.clone(),
            "posts" => card.posts_tenths.map(tenths_text),
            "filled" => card.filled_tenths.map(tenths_text),
            "budget" => card.budget_cents.map(money_text),
            "year" => card.budget_year.map(|year| year.to_string()),
            _ => None,
        };
        text.unwrap_or_default()
    }
}

fn tenths_text(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// Money as the form reads it back: what was not touched is saved as it was, to the cent.
fn money_text(cents: i64) -> String {
    if cents % 100 == 0 { (cents / 100).to_string() } else { format!("{}.{:02}", cents / 100, cents % 100) }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let is_done = pairs(&person.visitor.uri).iter().any(|(name, word)| name == "done" && word == "yes");
    shown(&house, &person, (is_done, Told::default()), Sent::default()).await
}

/// Writes the card down.
pub async fn change(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let before = house.house.mandate(&seat.desk).await?.mandate;
    let refusal = match entered(&sent, before) {
        Ok(card) => match house.house.set_mandate(&author(&house, &person).await?, &card).await {
            Ok(()) => return Ok(Redirect::to("/mandate?done=yes").into_response()),
            Err(error) if matches!(error.code, "invalid-mandate" | "too-long") => Told::by_the_office(&error),
            Err(error) => return Err(error.into()),
        },
        Err(words) => Told { words: words.to_owned(), language: "en" },
    };
    let page = shown(&house, &person, (false, refusal), sent).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The card as the form says it; agreements stay. What cannot be read is refused, never left out.
fn entered(sent: &Sent, before: Mandate) -> Result<Mandate, &'static str> {
    let tenths = |field: &str| match sent.one(field) {
        "" => Ok(None),
        text => {
            let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, "0"));
            let digit = (rest.len() == 1).then(|| rest.parse::<u32>().ok()).flatten();
            let whole = whole.parse::<u32>().ok().filter(|whole| *whole < 100_000);
            whole.zip(digit).map(|(whole, rest)| Some(whole * 10 + rest)).ok_or("posts are a number like 4.5")
        }
    };
    let budget = match sent.one("budget") {
        "" => None,
        text => Some(text.parse::<Money>().map_err(|_| "money is an amount in euro")?.cents()),
    };
    let year = match sent.one("year") {
        "" => None,
        text => Some(text.parse::<u16>().map_err(|_| "the year is a number like 2026")?),
    };
    let place = match sent.one("place") {
        "" => None,
        text => Some(text.parse::<OfficePlace>().map_err(|_| "there is no such place")?),
    };
    Ok(Mandate {
        legal_basis: sent.some("legal_basis"),
        legal_source: sent.some("legal_source"),
        place,
        host: sent.some("host"),
        posts_tenths: tenths("posts")?,
        filled_tenths: tenths("filled")?,
        budget_cents: budget,
        budget_year: year,
        agreements: before.agreements,
    })
}

async fn shown(house: &WebHouse, person: &Person, (is_done, refusal): (bool, Told), sent: Sent) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.mandate(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.is_at("/mandate".to_owned());
    frame.title = frame.t("mandate");
    let roles = frame.t("roles");
    frame.crumb(roles, "/roles");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let headline = match (&answer.written, answer.unknown.len() as u64) {
        (None, _) => frame.t("mandate-headline-none"),
        (Some(_), 0) => frame.t("mandate-headline"),
        (Some(_), count) => frame.n("mandate-headline-unknown", &count),
    };
    let may_change = visitor.as_of.is_none() && visitor.viewer().may_everywhere(Act::Lead);
    html(&Page { frame, headline, answer, may_change, is_done, refusal, sent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_and_never_left_out() {
        let sent = |pairs: &[(&str, &str)]| {
            Sent(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let read = |pairs: &[(&str, &str)]| entered(&sent(pairs), Mandate::default());
        let card = read(&[("posts", "4,5"), ("filled", "3"), ("budget", "1200000"), ("year", "2026"), ("host", " ")]);
        let card = card.expect("a card");
        assert_eq!((card.posts_tenths, card.filled_tenths, card.budget_cents), (Some(45), Some(30), Some(120_000_000)));
        assert_eq!((card.host, card.budget_year), (None, Some(2026)));
        for fault in [("posts", "many"), ("posts", "4.55"), ("budget", "much"), ("year", "next"), ("place", "moon")] {
            assert!(read(&[fault]).is_err(), "{fault:?}");
        }
        assert_eq!([tenths_text(50), tenths_text(45)], ["5", "4.5"]);
        for cents in [0, 5, 99, 100, 120_000_000, 120_000_005, 120_000_050] {
            let text = money_text(cents);
            let card = read(&[("budget", &text), ("year", "2026")]).expect("a card");
            assert_eq!(card.budget_cents, Some(cents), "what nobody touched stays: {text}");
        }
    }
}
