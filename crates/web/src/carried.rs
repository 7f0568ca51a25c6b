// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A page about another day leads to pages about that day: its links and its questions carry the moment along.
//!
//! Templates write addresses plainly. Whatever comes from outside is escaped, so that `href="/` stands in a page only where a template
//! put it.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::encoded;
use crate::visitor::{Visitor, pairs};

/// Addresses that are the same on every day.
const TIMELESS: [&str; 9] = [
    "/assets/",
    "/help",
    "/account",
    "/accessibility",
    "/sign-in",
    "/audit",
    "/settings",
    "/documents/hand-in",
    "/sql",
];
/// Bytes of a page at most.
const PAGE_BYTES: usize = 64 << 20;

/// Puts the moment of a question about another day into the links of its page.
pub async fn moment(visitor: Visitor, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    let asked = pairs(&visitor.uri).into_iter().find(|(name, _)| name == "as-of").map(|(_, text)| text);
    let Some(day) = asked.filter(|_| is_page && visitor.as_of.is_some()) else { return response };
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    match to_bytes(body, PAGE_BYTES).await.map(|bytes| String::from_utf8(bytes.to_vec())) {
        Ok(Ok(page)) => Response::from_parts(parts, Body::from(carried(&page, day.trim(), visitor.uri.path()))),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page with the moment in its links, and as a hidden field in its questions. What names a moment itself keeps that; so does the
/// way back to the present of the page itself.
fn carried(page: &str, day: &str, here: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut rest = page;
    while let Some(at) = rest.find("href=\"/") {
        let start = at + "href=\"".len();
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('"').unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        out.push_str(&dated(address, day, here));
        rest = after;
    }
    out.push_str(rest);
    questions(&out, day)
}

fn dated(address: &str, day: &str, here: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_timeless = TIMELESS.iter().any(|start| path.starts_with(start));
    if is_timeless || path == here || address.contains("as-of=") {
        return address.to_owned();
    }
    let (before, fragment) = address.split_once('#').map_or((address, ""), |(before, fragment)| (before, fragment));
    let join = if before.contains('?') { "&amp;" } else { "?" };
    let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{before}{join}as-of={}{fragment}", encoded(day))
}

/// Forms that ask (not those that change something) ask about the same moment, unless they have a field for it.
fn questions(page: &str, day: &str) -> String {
    let mut parts = page.split("<form method=\"get\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let field = format!("<input type=\"hidden\" name=\"as-of\" value=\"{}\">", encoded(day));
    for part in parts {
        let form = part.split("</form>").next().unwrap_or_default();
        out.push_str("<form method=\"get\"");
        match part.find('>') {
            Some(end) if !form.contains("name=\"as-of\"") => {
                out.push_str(&part[..=end]);
                out.push_str(&field);
                out.push_str(&part[end + 1..]);
            }
            _ => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_questions_carry_the_moment() {
        for (page, expected) in [
            ("<a href=\"/findings\">", "<a href=\"/findings?as-of=2026-01-01\">"),
            ("<a href=\"/find?q=a#b\">", "<a href=\"/find?q=a&amp;as-of=2026-01-01#b\">"),
            ("<a href=\"/coverage\">", "<a href=\"/coverage\">"),
            ("<a href=\"/documents?as-of=2025-01-01\">", "<a href=\"/documents?as-of=2025-01-01\">"),
            ("<a href=\"/help/a\"><a href=\"#x\">", "<a href=\"/help/a\"><a href=\"#x\">"),
            ("<a href=\"https://example.org/\">", "<a href=\"https://example.org/\">"),
            (
                "<form method=\"get\" action=\"/find\"><input name=\"q\"></form>",
                "<form method=\"get\" action=\"/find\"><input type=\"hidden\" name=\"as-of\" value=\"2026-01-01\"><input name=\"q\"></form>",
            ),
            (
                "<form method=\"get\" action=\"/find\"><input name=\"as-of\"></form>",
                "<form method=\"get\" action=\"/find\"><input name=\"as-of\"></form>",
            ),
            ("<form method=\"post\" action=\"/x\"></form>", "<form method=\"post\" action=\"/x\"></form>"),
        ] {
            assert_eq!(carried(page, "2026-01-01", "/coverage"), expected, "{page}");
        }
    }
}
