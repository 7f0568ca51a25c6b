// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sources`: what do the answers rest on, how old is it, and what could not be fetched?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Serialize;
use underpin_office::house::Overview;
use underpin_office::messages::post::{Post, Sending};
use underpin_office::watch::freshness::{FeedAge, Freshness};
use underpin_render::text;

use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Feeds as rows of a file.
const ROWS: Rows = Rows {
    name: "sources",
    list: "feeds",
    fields: &[
        "feed",
        "edition",
        "learned",
        "stated",
        "looked",
        "attempted",
        "outcome",
        "detail",
        "age_days",
        "is_stale",
        "origin",
        "licence",
    ],
};

/// Sources for programs.
#[derive(Serialize)]
struct All<'a> {
    #[serde(flatten)]
    overview: Overview,
    #[serde(flatten)]
    freshness: &'a Freshness,
    /// How the post stands, for who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<&'a Post>,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct Page {
    frame: Frame,
    headline: String,
    feeds: Vec<FeedAge>,
    missing: Vec<&'static str>,
    documents: u64,
    revision: i64,
    /// How the post stands, for who may know; about the present only.
    post: Option<Post>,
    /// Uploads that are being taken in.
    uploads: u64,
}

impl Page {
    /// What is sent: key of its word, where one reads about it, and how sending stands.
    fn sendings(&self, post: &Post) -> [(&'static str, &'static str, Sending); 2] {
        [("post-letters", "/rounds", post.letters), ("post-messages", "/account/messages", post.messages)]
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let freshness = seat.desk.freshness().await?;
    let overview = seat.desk.overview();
    let as_of = overview.as_of;
    let post = match visitor.as_of {
        None => house.house.post(&visitor.viewer(), house.now().await?).await?,
        Some(_) => None,
    };
    let revision = overview.snapshot;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &All { overview, freshness: &freshness, post: post.as_ref() }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("sources");
    let above = frame.t("nav-coverage");
    frame.crumb(above, "/coverage");
    frame.answers(as_of, exports::BOTH);
    frame.asks(Some(questions::feeds()));
    let read = freshness.feeds.iter().filter(|feed| feed.edition.is_some()).count();
    let stale = freshness.feeds.iter().filter(|feed| feed.is_stale).count();
    let headline = match read {
        0 => frame.t("sources-none"),
        _ => {
            let counts = [("count", freshness.feeds.len().into()), ("stale", stale.into())];
            text(frame.language, "sources-headline", &counts)
        }
    };
    let documents = seat.desk.snapshot.documents.len() as u64;
    let uploads = house.intake.waiting();
    let (feeds, missing) = (freshness.feeds, freshness.missing);
    html(&Page { frame, headline, feeds, missing, documents, revision, post, uploads })
}
