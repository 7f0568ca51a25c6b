// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a request comes from: from a page of this house or of another one, and from which network address.
//!
//! Forms of people who are signed in carry a secret. The public ones (signing in, making an account) cannot, so browsers are asked
//! which page sent the form: else somebody else's page could sign a visitor in under an account that it watches.
//! Sources: W3C Fetch Metadata; RFC 6454 (`Origin`); OWASP's cheat sheet on cross-site request forgery.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use underpin_model::Timestamp;

use crate::error::WebError;
use crate::house::WebHouse;

/// Refuses what a page of another house sends in the name of its reader.
pub async fn same_house(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && is_from_elsewhere(request.headers()) {
        return WebError::new(StatusCode::FORBIDDEN, "other-house").into_response();
    }
    next.run(request).await
}

/// Whether a browser says that another house's page sends this. Programs say nothing, and have no reader to betray.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        // What browsers say themselves cannot be changed by a page.
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_none_or(|host| text(header::HOST.as_str()).is_none_or(|own| !own.eq_ignore_ascii_case(host)))
        }
        (None, None) => false,
    }
}

/// The network address that asks, when it tells people apart: behind a server on this machine all come from here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peer(Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let near = address.is_some_and(|address| address.to_canonical().is_loopback());
        // The last entry is what the server before this one saw itself; what stands before it anybody can write.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let last = forwarded.and_then(|value| value.to_str().ok()).and_then(|value| value.rsplit(',').next());
        Ok(Self(if near { last.and_then(|text| text.trim().parse().ok()) } else { address }))
    }
}

impl Peer {
    /// The address itself.
    pub fn address(self) -> Option<IpAddr> {
        self.0
    }

    /// True when too many attempts to sign in failed from there.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn must_wait(self, house: &WebHouse, now: Timestamp) -> Result<bool, WebError> {
        match self.0 {
            Some(address) => Ok(house.house.address_must_wait(address, now).await?),
            None => Ok(false),
        }
    }

    /// Counts a sign-in that is to begin at a provider; false when too many began from there.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn may_begin(self, house: &WebHouse, now: Timestamp) -> Result<bool, WebError> {
        match self.0 {
            Some(address) => Ok(house.house.may_begin_openid(address, now).await?),
            None => Ok(true),
        }
    }

    /// Keeps that an attempt failed.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn note_failure(self, house: &WebHouse, now: Timestamp) -> Result<(), WebError> {
        match self.0 {
            Some(address) => Ok(house.house.note_failed_address(address, now).await?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, Request};

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let pair =
            |(name, value): &(&'static str, &str)| (HeaderName::from_static(name), value.parse().expect("a value"));
        lines.iter().map(pair).collect()
    }

    #[test]
    fn a_form_of_another_house_is_told() {
        let host = ("host", "office.example:8400");
        for (lines, elsewhere) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://office.example:8400"), host], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://public.example"), host], false),
            (&[("origin", "https://Office.example:8400"), host], false),
            (&[("origin", "https://office.example"), host], true),
            (&[("origin", "https://evil.example"), host], true),
            (&[("origin", "null"), host], true),
            (&[("origin", "https://office.example:8400")], true),
        ] {
            assert_eq!(is_from_elsewhere(&headers(lines)), elsewhere, "{lines:?}");
        }
    }

    #[tokio::test]
    async fn the_address_is_the_one_that_nobody_can_write() {
        for (peer, forwarded, expected) in [
            (None, "", None),
            (Some("192.0.2.7:1"), "", Some("192.0.2.7")),
            (Some("192.0.2.7:1"), "198.51.100.1", Some("192.0.2.7")),
            (Some("127.0.0.1:1"), "", None),
            (Some("127.0.0.1:1"), "10.9.9.9, 198.51.100.1", Some("198.51.100.1")),
            (Some("[::1]:1"), "2001:db8::1", Some("2001:db8::1")),
            (Some("127.0.0.1:1"), "unknown", None),
        ] {
            let mut request = Request::new(());
            if !forwarded.is_empty() {
                request.headers_mut().insert("x-forwarded-for", forwarded.parse().expect("a value"));
            }
            if let Some(peer) = peer {
                let peer: SocketAddr = peer.parse().expect("an address");
                request.extensions_mut().insert(ConnectInfo(peer));
            }
            let Ok(found) = Peer::from_request_parts(&mut request.into_parts().0, &()).await;
            assert_eq!(found.0.map(|address| address.to_string()).as_deref(), expected, "{peer:?} {forwarded}");
        }
    }
}
