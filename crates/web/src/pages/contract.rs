// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/contracts/{id}`: what was delivered under this contract, how does it stand, and did it become better or worse?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use underpin_model::contracts::{ContractChange, ContractId, Waiver};
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_model::{DocumentId, Timestamp};
use underpin_office::OfficeError;
use underpin_office::regulator::{ContractAnswer, DeliveryLink, DeliveryRow, Words, rule_titles};
use underpin_render::acceptance::protocol;
use underpin_render::pdf::pdf;
use underpin_render::{Language, text};

use super::contracts::state;
use super::incident_view::{author, may_at};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::{Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Deliveries as rows of a file.
const ROWS: Rows = Rows {
    name: "deliveries",
    list: "deliveries",
    fields: &[
        "document",
        "at",
        "by",
        "path",
        "conformity",
        "code",
        "components",
        "not_met",
        "not_assessed",
        "better",
        "worse",
    ],
};
/// What can have been done, with the sentence that says so.
const DONE: [(&str, &str); 4] = [
    ("opened", "contract-done-opened"),
    ("waived", "contract-done-waived"),
    ("noted", "contract-done-noted"),
    ("withdrawn", "contract-done-withdrawn"),
];
/// Uses and days of a link, where nobody says otherwise.
const LINK_USES: i64 = 10;
const LINK_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "contract.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: ContractAnswer,
    done: &'static str,
    refusal: Told,
    may_decide: bool,
    /// The link that was made just now, with its address.
    link: Option<(DeliveryLink, String)>,
    /// Rules of the agreed rulebook: identifier and title.
    rules: Vec<(String, Words)>,
    uses: i64,
    days: i64,
}

impl Page {
    /// Until when a link is good, in a sentence.
    fn until(&self, at: &Timestamp) -> String {
        self.frame.say("contract-link-until", "day", &self.frame.minute(at))
    }

    fn of<'w>(&self, words: &'w Words) -> &'w str {
        words.of(self.frame.language == Language::German)
    }

    fn state(&self) -> String {
        state(&self.frame, &self.answer.row)
    }

    fn result(&self, row: &DeliveryRow) -> String {
        match row.conformity {
            Some(conformity) => self.frame.word("conformity-result", conformity.as_str()),
            None => self.frame.t("conformity-unreadable"),
        }
    }

    /// Whether a waiver counts at the moment that is shown.
    fn holds(&self, waiver: &Waiver) -> bool {
        self.answer.contract.waiver(&waiver.rule, self.answer.overview.as_of) == Some(waiver)
    }

    fn rule(&self, id: &str) -> String {
        let known = self.rules.iter().find(|(rule, _)| rule == id);
        known.map_or_else(|| id.to_owned(), |(_, words)| self.of(words).to_owned())
    }
}

#[derive(Template)]
#[template(path = "contract_letter.html")]
struct LetterPage {
    frame: Frame,
    subject: String,
    words: String,
    language: &'static str,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    shown(&house, &person, number(&id)?, (Told::default(), None), StatusCode::OK).await
}

/// Makes a link, waives a clause, writes down a remark, or withdraws the contract.
pub async fn change(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    let id: ContractId = number(&id)?;
    person.check(sent.one("form_token"))?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let author = author(&house, &person).await?;
    let done = match change_of(&sent) {
        Some((done, what)) => house.house.change_contract(&author, id, what).await.map(|()| done),
        None if sent.is("act", "link") => {
            let wished = |name: &str, usual| sent.number(name).and_then(|n| i64::try_from(n).ok()).unwrap_or(usual);
            let wish = (wished("uses", LINK_USES), wished("days", LINK_DAYS));
            let random = (house.random(), house.wall_clock());
            match house.house.make_delivery_link(&author, id, wish, random).await {
                Ok(link) => return shown(&house, &person, id, (Told::default(), Some(link)), StatusCode::OK).await,
                Err(error) => Err(error),
            }
        }
        None => return Err(WebError::new(bad, "usage")),
    };
    match done {
        Ok(done) => Ok(Redirect::to(&format!("/contracts/{id}?done={done}")).into_response()),
        Err(error) if REFUSALS.contains(&error.code) => {
            shown(&house, &person, id, (Told::by_the_office(&error), None), bad).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the office says against an attempt, told on the page.
const REFUSALS: [&str; 7] = ["invalid-contract", "empty-reason", "too-long", "no-rule", "over", "not-by-mail", "usage"];

fn change_of(sent: &Sent) -> Option<(&'static str, ContractChange)> {
    let words = |name: &str| sent.one(name).to_owned();
    match sent.one("act") {
        "waive" => {
            let until = sent.day("until").ok().flatten().unwrap_or(Timestamp(0));
            let until = Timestamp(until.0.saturating_add(Timestamp::DAY_US - 1));
            Some(("waived", ContractChange::Waive { rule: words("rule"), reason: words("reason"), until }))
        }
        "note" => Some(("noted", ContractChange::Note { text: words("text") })),
        "withdraw" => Some(("withdrawn", ContractChange::Withdraw { reason: words("reason") })),
        _ => None,
    }
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    id: ContractId,
    (refusal, link): (Told, Option<DeliveryLink>),
    status: StatusCode,
) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.contract(&seat.desk, id).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.path = format!("/contracts/{id}");
    frame.kept.retain(|(name, _)| name != "done");
    frame.here.clone_from(&frame.path);
    frame.title = format!("{} {id}", frame.t("contract"));
    frame.answers(answer.overview.as_of, exports::BOTH);
    for (key, address) in [("nav-coverage", "/coverage"), ("contracts", "/contracts")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let told = pairs(&visitor.uri).into_iter().find(|(name, _)| name == "done").map(|(_, word)| word);
    let done = DONE.iter().find(|(word, _)| told.as_deref() == Some(*word)).map_or("", |(_, key)| *key);
    let place = Where::System(answer.contract.terms.system.clone());
    let may_decide = visitor.as_of.is_none()
        && answer.contract.withdrawn.is_none()
        && may_at(&seat.desk, &visitor.viewer(), Act::Decide, &place);
    let link = link.map(|link| {
        let address = format!("{}/deliver/{}", house.url, link.secret);
        (link, address)
    });
    let page = Page {
        headline: headline(&frame, &answer),
        rules: rule_titles(&answer.contract.terms.rulebook)?,
        frame,
        answer,
        done,
        refusal,
        may_decide,
        link,
        uses: LINK_USES,
        days: LINK_DAYS,
    };
    Ok((status, html(&page)?).into_response())
}

fn headline(frame: &Frame, answer: &ContractAnswer) -> String {
    let key = match answer.deliveries.last() {
        None => "contract-headline-none",
        Some(newest) if newest.worse > 0 => "contract-headline-worse",
        Some(newest) if newest.better > 0 => "contract-headline-better",
        Some(_) => "contract-headline",
    };
    let newest = answer.deliveries.last();
    let words = [
        ("supplier", (&answer.row.terms.supplier).into()),
        ("count", answer.row.deliveries.into()),
        ("worse", newest.map_or(0, |row| row.worse).into()),
        ("better", newest.map_or(0, |row| row.better).into()),
    ];
    text(frame.language, key, &words)
}

/// What did not come under a contract looks like what is not there.
fn refused(error: OfficeError) -> WebError {
    match error.code {
        "not-delivered" => WebError::not_found(),
        "evidence-purged" => WebError::told(StatusCode::GONE, error),
        _ => error.into(),
    }
}

/// The protocol of a delivery, as a PDF in the language of the page.
pub async fn paper(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((id, document)): Path<(String, String)>,
) -> Answer {
    let (id, document): (ContractId, DocumentId) = (number(&id)?, number(&document)?);
    let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
    let language = person.visitor.language;
    let facts = house.house.acceptance(&seat.desk, id, document, language).await.map_err(refused)?;
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    let bytes = pdf(&protocol(language, &facts)).map_err(broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"acceptance-{id}-{document}.pdf\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// The draft of a letter to the supplier, for a person to send.
pub async fn letter(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((id, document)): Path<(String, String)>,
) -> Answer {
    let (id, document): (ContractId, DocumentId) = (number(&id)?, number(&document)?);
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let asked = pairs(&visitor.uri).into_iter().find(|(name, _)| name == "language").map(|(_, word)| word);
    let language = asked.and_then(|code| Language::of_code(&code)).unwrap_or(visitor.language);
    let letter = house.house.supplier_text(&seat.desk, (id, document), language, "").await.map_err(refused)?;
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.path = format!("/contracts/{id}/letter/{document}");
    frame.here.clone_from(&frame.path);
    frame.title = frame.t("contract-letter");
    for (words, address) in
        [(frame.t("contracts"), "/contracts".to_owned()), (id.to_string(), format!("/contracts/{id}"))]
    {
        frame.crumb(words, address);
    }
    let words = letter.text();
    html(&LetterPage { frame, words, subject: letter.subject, language: language.code() })
}
