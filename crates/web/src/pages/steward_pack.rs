// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/law/steward-pack`: what can the office show as a steward of free software (Article 24 of the Cyber Resilience Act), and what is
//! missing? Also as PDF and as Markdown, to be handed over by a person.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use underpin_model::steward_pack::{PackFact, PackPart, StewardPack};
use underpin_render::steward_pack as words;

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Elements as rows of a file.
const ROWS: Rows =
    Rows { name: "steward-pack", list: "parts", fields: &["element", "facts", "law.title", "law.place", "law.link"] };

#[derive(Template)]
#[template(path = "steward_pack.html")]
struct Page {
    frame: Frame,
    headline: String,
    pack: StewardPack,
    /// The authority for which it is made; empty for none.
    authority: String,
    /// Authorities that stand in the log.
    authorities: Vec<String>,
    pdf_href: String,
    markdown_href: String,
}

impl Page {
    fn element(&self, part: &PackPart) -> String {
        words::element(self.frame.language, part)
    }

    /// Whether it is made for this authority.
    fn is_for(&self, name: &str) -> bool {
        self.authority == name
    }

    fn fact(&self, fact: &PackFact) -> String {
        words::fact(self.frame.language, fact)
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let asked = Sent(pairs(&visitor.uri));
    let authority = asked.some("authority");
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let pack = house.house.steward_facts(&seat.desk, authority.as_deref()).await?;
    let language = visitor.language;
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    match asked.one("format") {
        "pdf" => {
            let bytes = words::bytes(language, &pack).map_err(broken)?;
            return Ok(file("application/pdf", "inline", "pdf", bytes));
        }
        "markdown" => {
            let text = words::markdown(language, &pack);
            return Ok(file("text/markdown; charset=utf-8", "attachment", "md", text.into_bytes()));
        }
        _ => {}
    }
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &pack, ROWS);
    }
    let requests = house.house.authority_requests(&seat.desk).await?.rows;
    let authorities: BTreeSet<String> = requests.into_iter().map(|row| row.authority).collect();
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("steward-pack");
    for (key, address) in [("clocks", "/clocks"), ("requests", "/law/requests")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(pack.as_of, exports::BOTH);
    let authority = authority.unwrap_or_default();
    let address = |form: &str| {
        let own = [("authority", authority.as_str()), ("as-of", frame.chosen_day.as_str()), ("format", form)];
        let own = own.into_iter().filter(|(_, value)| !value.is_empty());
        let own: Vec<_> = own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        exports::with_pairs("/law/steward-pack", &own)
    };
    let (pdf_href, markdown_href) = (address("pdf"), address("markdown"));
    let headline = words::lead(language, &pack);
    let authorities = authorities.into_iter().collect();
    html(&Page { frame, headline, pack, authority, authorities, pdf_href, markdown_href })
}

/// The pack as a file.
fn file(kind: &'static str, how: &str, ending: &str, bytes: Vec<u8>) -> axum::response::Response {
    let name = format!("{how}; filename=\"steward-pack.{ending}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}
