// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/promises`: what has the government promised to projects, and does it keep it? For everybody, without signing in, where the operator
//! has switched it on; elsewhere there is no such page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use underpin_model::engagement::PromiseState;
use underpin_model::signals::SignalCode;
use underpin_office::supporter::InterventionCode;
use underpin_office::supporter::public_promises::{PublicOutcome, PublicPromise, PublicPromises};
use underpin_render::{brief, numbers, text};

use super::commitments::{came, decimal};
use super::projects::name_of;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Visitor, pairs};

/// Promises as rows of a file.
const ROWS: Rows = Rows {
    name: "promises",
    list: "promises",
    fields: &[
        "number",
        "project",
        "activity",
        "state",
        "from",
        "until",
        "promised_cents",
        "earned_cents",
        "paid_cents",
    ],
};

#[derive(Template)]
#[template(path = "promises.html")]
struct Page {
    frame: Frame,
    headline: String,
    public: PublicPromises,
}

impl Page {
    fn euro(&self, cents: &i64) -> String {
        numbers::euro(self.frame.language, *cents)
    }

    /// What is done; the word itself where a later version wrote one that is not known here.
    fn activity(&self, one: &PublicPromise) -> String {
        let word = &one.activity;
        word.parse::<InterventionCode>()
            .map_or_else(|_| word.clone(), |code| brief::instrument(self.frame.language, code))
    }

    /// What came out of an indicator; nothing before the horizon.
    fn came(&self, one: &PublicOutcome, code: &SignalCode) -> String {
        let found = one.results.iter().find(|result| result.code == *code);
        found.map_or_else(|| self.frame.t("outcome-waits"), |result| came(&self.frame, result))
    }

    fn decimal(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| self.frame.t("chart-not-known"), |value| decimal(&self.frame, value))
    }

    fn late(&self, days: &i64) -> String {
        self.frame.n("commitments-late-days", &days.unsigned_abs())
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor) -> Answer {
    let now = house.now().await?;
    let public = house.house.public_promises(now).await?.ok_or_else(WebError::not_found)?;
    if pairs(&visitor.uri).iter().any(|(name, word)| name == "format" && word == "accounts") {
        let file = "attachment; filename=\"accounting.csv\"";
        let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, file)];
        return Ok((headers, public.accounts(&text(visitor.language, "house-name", &[]))).into_response());
    }
    if let Some(format) = exports::wanted(&visitor)? {
        return exports::give(format, &public, ROWS);
    }
    let mut frame = Frame::new(&visitor, Place::Nowhere);
    frame.title = frame.t("promises");
    frame.offers(exports::BOTH);
    html(&Page { headline: headline(&frame, &public), frame, public })
}

/// How many are late; where none is, how many are kept.
fn headline(frame: &Frame, public: &PublicPromises) -> String {
    let of = |state: PromiseState| public.states.iter().find(|one| one.state == state).map_or(0, |one| one.commitments);
    let (all, late, kept) = (public.promises.len() as u64, of(PromiseState::Late), of(PromiseState::Kept));
    let words = [("all", all.into()), ("late", u64::from(late).into()), ("kept", u64::from(kept).into())];
    text(frame.language, if all == 0 { "promises-headline-none" } else { "promises-headline" }, &words)
}
