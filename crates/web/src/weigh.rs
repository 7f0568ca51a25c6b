// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a page weighs and how long it takes: every page is asked as somebody with rights asks it, without a network in between.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tower::ServiceExt as _;
use underpin_office::people::Signed;

use crate::house::WebHouse;
use crate::visitor::Assumed;

/// The largest page that is weighed.
const LARGEST_BYTES: usize = 64 << 20;

/// Somebody who reads pages.
pub struct Reader {
    app: Router,
    signed: Signed,
    /// Weight of what pages bring along, by address: fetched once.
    brought: BTreeMap<String, u64>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").finish_non_exhaustive()
    }
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// Status of the answer.
    pub status: u16,
    /// From the request to the last byte, on this machine.
    pub time: Duration,
    /// Bytes of the page.
    pub html_bytes: u64,
    /// Bytes of the page with all that it brings along (styles, scripts, letters, pictures), compressed as it is sent.
    pub sent_bytes: u64,
    /// Addresses that it leads to.
    pub links: Vec<String>,
}

impl Reader {
    /// Somebody with these rights, without an account: nothing is written.
    pub fn new(house: Arc<WebHouse>, signed: Signed) -> Self {
        Self { app: crate::app(house), signed, brought: BTreeMap::new() }
    }

    async fn ask(&self, path: &str, encoding: &'static str) -> (u16, Vec<u8>, Duration) {
        let request =
            Request::get(path).header(header::ACCEPT_LANGUAGE, "en").header(header::ACCEPT_ENCODING, encoding);
        let Ok(mut request) = request.body(Body::empty()) else { return (0, Vec::new(), Duration::ZERO) };
        request.extensions_mut().insert(Assumed(self.signed.clone()));
        let started = Instant::now();
        let response = self.app.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), LARGEST_BYTES).await.unwrap_or_default();
        (status, body.to_vec(), started.elapsed())
    }

    /// How long a page takes, compressed as browsers ask for it.
    pub async fn time(&self, path: &str) -> Duration {
        self.ask(path, "gzip").await.2
    }

    /// Reads a page and weighs it.
    pub async fn weigh(&mut self, path: &str) -> Weighed {
        let (status, body, _) = self.ask(path, "identity").await;
        let text = String::from_utf8_lossy(&body).into_owned();
        let (_, packed, time) = self.ask(path, "gzip").await;
        let mut sent_bytes = packed.len() as u64;
        for asset in named(&text, &["href=\"/assets/", "src=\"/assets/"]) {
            sent_bytes += self.brought(&asset).await;
        }
        Weighed { status, time, html_bytes: body.len() as u64, sent_bytes, links: named(&text, &["href=\"/"]) }
    }

    /// The weight of what a page brings along, with the letters that a style names.
    async fn brought(&mut self, path: &str) -> u64 {
        if let Some(known) = self.brought.get(path) {
            return *known;
        }
        let mut weight = self.ask(path, "gzip").await.1.len() as u64;
        if path.ends_with(".css") {
            let (_, style, _) = self.ask(path, "identity").await;
            for inner in named(&String::from_utf8_lossy(&style), &["url(/assets/"]) {
                weight += self.ask(&inner, "gzip").await.1.len() as u64;
            }
        }
        self.brought.insert(path.to_owned(), weight);
        weight
    }
}

/// Addresses of this house that stand behind one of these beginnings.
fn named(text: &str, beginnings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for beginning in beginnings {
        let Some(at) = beginning.find('/') else { continue };
        for rest in text.split(beginning).skip(1) {
            let end = rest.find(['"', ')', '#']).unwrap_or(rest.len());
            found.push(format!("{}{}", &beginning[at..], &rest[..end]).replace("&amp;", "&").replace("&#38;", "&"));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_they_stand() {
        let page = r#"<a href="/find?q=a&amp;b=1#x"><link href="/assets/1/a.css"><a href="https://a.example/"><script src="/assets/2/b.js">"#;
        assert_eq!(named(page, &["href=\"/"]), ["/assets/1/a.css", "/find?q=a&b=1"]);
        assert_eq!(named(page, &["href=\"/assets/", "src=\"/assets/"]), ["/assets/1/a.css", "/assets/2/b.js"]);
        assert_eq!(named("a{src:url(/assets/3/c.woff2)}", &["url(/assets/"]), ["/assets/3/c.woff2"]);
    }
}
