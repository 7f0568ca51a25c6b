// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/publications`: what does the government publish about vulnerabilities and its own releases, and how does one fetch and verify it? For
//! everybody, where the operator has switched it on; elsewhere there is no such page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use underpin_office::publish::{FileForm, PublicRow, PublicationKind, Site};
use underpin_render::text;

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::for_everybody;
use crate::visitor::Visitor;

const ROWS: Rows = Rows {
    name: "publications",
    list: "rows",
    fields: &["kind", "name", "version", "withdrawn", "first", "released", "title", "summary"],
};

#[derive(Template)]
#[template(path = "publications.html")]
struct Page {
    frame: Frame,
    headline: String,
    site: Arc<Site>,
}

impl Page {
    fn form(&self, form: &FileForm) -> &'static str {
        form.title()
    }

    fn of(&self, kind: PublicationKind) -> Vec<&PublicRow> {
        self.site.rows.iter().filter(|row| row.kind == kind).collect()
    }

    fn advisories(&self) -> Vec<&PublicRow> {
        self.of(PublicationKind::Csaf)
    }

    fn sboms(&self) -> Vec<&PublicRow> {
        self.of(PublicationKind::Sbom)
    }
}

/// The page. What somebody without an account gets is made once for all, and may be kept by caches.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor, headers: HeaderMap) -> Answer {
    let site = house.house.site().await?.ok_or_else(WebError::not_found)?;
    if visitor.signed.is_some() {
        return shown(site, &visitor);
    }
    let rests_on = Arc::clone(&site);
    let make = async { shown(site, &visitor) };
    for_everybody(&house, (&visitor, &headers), rests_on, make).await
}

fn shown(site: Arc<Site>, visitor: &Visitor) -> Answer {
    if let Some(format) = exports::wanted(visitor)? {
        let told = serde_json::json!({ "publisher": site.publisher, "licence": site.licence, "rows": site.rows });
        return exports::give(format, &told, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("publications");
    frame.offers(exports::BOTH);
    let count = site.rows.len() as u64;
    let key = if count == 0 { "publications-headline-none" } else { "publications-headline" };
    let headline = text(frame.language, key, &[("count", count.into()), ("publisher", site.publisher.as_str().into())]);
    html(&Page { frame, headline, site })
}
