// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The one client that calls out.
//!
//! It asks again after passing failures (with pauses that double and are spread by chance; `Retry-After` is honoured), asks with
//! what it knows (`ETag`, `Last-Modified`), follows redirects by hand so that each hop passes the guard, and reads no byte
//! beyond its limits. Sources: RFC 9110 (conditional requests, ranges, `Retry-After`), RFC 9111.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, LAST_MODIFIED, LOCATION, RANGE, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url};
use underpin_model::limits::bounds;
use underpin_model::{Limits, Timestamp};

use crate::credentials::Credentials;
use crate::delivery::Validators;
use crate::edge::Edge;
use crate::error::{Code, FeedError};
use crate::guard::{Permits, host_name, shown};
use crate::proxy::Proxies;
use crate::trust;

/// The header that says how many entries a list has of which only a page is given.
const TOTAL: &str = "x-total-count";

/// How long is waited, and how often tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Until a connection must stand.
    pub connect: Duration,
    /// Without a byte.
    pub idle: Duration,
    /// From first to last byte of one answer.
    pub transfer: Duration,
    /// Times that one request is tried.
    pub attempts: u32,
    /// Before the second try.
    pub first_pause: Duration,
    /// Between two tries at most.
    pub longest_pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(bounds::CONNECT_MS),
            idle: Duration::from_millis(bounds::IDLE_MS),
            transfer: Duration::from_millis(bounds::TRANSFER_MS),
            attempts: bounds::ATTEMPTS,
            first_pause: Duration::from_millis(bounds::FIRST_PAUSE_MS),
            longest_pause: Duration::from_millis(bounds::LONGEST_PAUSE_MS),
        }
    }
}

/// What the configuration says about calling out.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// What is allowed beyond public hosts over https.
    pub permits: Permits,
    /// Who we are, by host.
    pub credentials: Credentials,
    /// How long is waited.
    pub pace: Pace,
    /// The limits in force.
    pub limits: Limits,
    /// Files with further certificates (PEM) that hosts are checked with, beside those of the system.
    pub authorities: Vec<PathBuf>,
    /// What is called through.
    pub proxies: Proxies,
}

/// The client.
pub struct Client {
    pub(crate) http: reqwest::Client,
    permits: Arc<Permits>,
    /// Hosts of the proxies, which are no sources.
    proxies: BTreeSet<String>,
    pub(crate) credentials: Credentials,
    pub(crate) edge: Arc<dyn Edge>,
    pub(crate) pace: Pace,
    pub(crate) limits: Limits,
}

/// An answer in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its bytes, unpacked when the transfer was compressed.
    pub bytes: Vec<u8>,
    /// `ETag` and `Last-Modified`, to ask with the next time.
    pub validators: Validators,
    /// The address that answered in the end, without secrets.
    pub address: String,
    /// How many entries there are, where a list comes in pages (`X-Total-Count`).
    pub total: Option<usize>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub address: String,
    pub validators: Validators,
    /// From which byte on, and what the file must still be for that.
    pub rest: Option<(u64, String)>,
    pub takes_gzip: bool,
}

/// A failure, and whether trying again may help.
pub(crate) struct Trouble {
    pub error: FeedError,
    pub is_passing: bool,
    pub wanted_pause: Option<Duration>,
}

impl From<FeedError> for Trouble {
    fn from(error: FeedError) -> Self {
        Self { error, is_passing: false, wanted_pause: None }
    }
}

impl Trouble {
    pub fn passing(error: FeedError) -> Self {
        Self { error, is_passing: true, wanted_pause: None }
    }
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// Certificates of the configuration that cannot be read.
    pub fn new(setup: Setup, edge: Arc<dyn Edge>) -> Result<Self, FeedError> {
        let permits = Arc::new(setup.permits);
        let tls = trust::configuration(&setup.authorities)?;
        let proxies = setup.proxies.hosts()?;
        let resolver =
            trust::Guarded { permits: Arc::clone(&permits), edge: Arc::clone(&edge), proxies: proxies.clone() };
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(resolver))
            .no_proxy()
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Underpin/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(setup.pace.connect)
            .read_timeout(setup.pace.idle)
            .timeout(setup.pace.transfer);
        for proxy in setup.proxies.build()? {
            builder = builder.proxy(proxy);
        }
        let http = builder.build().map_err(|error| FeedError::new(Code::NoTrust, "the client", words(error)))?;
        Ok(Self {
            http,
            permits,
            proxies,
            credentials: setup.credentials,
            edge,
            pace: setup.pace,
            limits: setup.limits,
        })
    }

    /// Who we are, by host. Shows no secrets.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Reads a small answer into memory. `None` when it has not changed since the validators were given.
    ///
    /// # Errors
    /// What the guard refuses, what does not answer or answers with an error, and what is larger than `most_bytes`.
    pub async fn bytes(&self, address: &str, known: &Validators, most_bytes: u64) -> Result<Option<Answer>, FeedError> {
        let ask = Ask { address: address.to_owned(), validators: known.clone(), rest: None, takes_gzip: true };
        let mut attempt = 0;
        loop {
            match self.bytes_once(&ask, most_bytes).await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => self.pause(trouble, &mut attempt).await?,
            }
        }
    }

    /// The same, where the answer must be there.
    ///
    /// # Errors
    /// As for [`Client::bytes`].
    pub async fn fresh(&self, address: &str, most_bytes: u64) -> Result<Answer, FeedError> {
        let none = Validators::default();
        let answer = self.bytes(address, &none, most_bytes).await?;
        answer.ok_or_else(|| {
            FeedError::new(Code::BadAnswer, crate::guard::shown_text(address), "not changed, since never")
        })
    }

    async fn bytes_once(&self, ask: &Ask, most_bytes: u64) -> Result<Option<Answer>, Trouble> {
        let Some((mut response, url)) = self.send(ask).await? else { return Ok(None) };
        check_length(&response, &url, most_bytes)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble(&url, error))? {
            if (bytes.len() + chunk.len()) as u64 > most_bytes {
                return Err(too_large(&url, most_bytes).into());
            }
            bytes.extend_from_slice(&chunk);
        }
        if is_gzip(response.headers(), &url)? {
            bytes = crate::packed::inflate(&bytes, most_bytes, self.limits.compression_ratio)
                .map_err(|(code, detail)| FeedError::new(code, shown(&url), detail))?;
        }
        let total = response.headers().get(TOTAL).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Some(Answer { bytes, validators: validators(response.headers()), address: shown(&url), total }))
    }

    /// Sends a request and follows redirects. `None` when the file has not changed.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Option<(Response, Url)>, Trouble> {
        let mut url = self.check(&ask.address)?;
        // Once away from where it began, no credential is sent, not even after coming back.
        let mut is_home = true;
        for _ in 0..=bounds::REDIRECTS {
            let mut request = self.http.get(url.clone()).headers(headers(ask));
            if is_home && let Some((name, value)) = self.credentials.of(url.host_str().unwrap_or_default()) {
                request = request.header(name, value);
            }
            let response = request.send().await.map_err(|error| trouble(&url, error))?;
            let Some(next) = self.next(&response, &url)? else { return self.judge(ask, response, url) };
            is_home = is_home && next.origin() == url.origin();
            url = next;
        }
        let detail = format!("more than {} redirects", bounds::REDIRECTS);
        Err(FeedError::new(Code::TooManyRedirects, shown(&url), detail).into())
    }

    /// Judges an address. The proxy may lie inside, so it must not be had as a source under its name.
    pub(crate) fn check(&self, address: &str) -> Result<Url, FeedError> {
        let url = self.permits.check(address)?;
        let host = host_name(url.host_str().unwrap_or_default());
        if self.proxies.contains(&host) && !self.permits.hosts.contains_key(&host) {
            return Err(FeedError::new(Code::AddressRefused, shown(&url), "this is the proxy, and no source"));
        }
        Ok(url)
    }

    /// Where a redirect leads, judged.
    fn next(&self, response: &Response, url: &Url) -> Result<Option<Url>, FeedError> {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let bad = |detail: &str| FeedError::new(Code::BadAnswer, shown(url), detail);
        let location = response.headers().get(LOCATION).ok_or_else(|| bad("a redirect that leads nowhere"))?;
        let location = location.to_str().map_err(|_| bad("a redirect that cannot be read"))?;
        let next = url.join(location).map_err(|_| bad("a redirect that cannot be read"))?;
        self.check(next.as_str()).map(Some).map_err(|error| FeedError {
            detail: format!("{} (redirected from {})", error.detail, shown(url)),
            ..error
        })
    }

    /// What an answer's status means.
    fn judge(&self, ask: &Ask, response: Response, url: Url) -> Result<Option<(Response, Url)>, Trouble> {
        let status = response.status();
        let is_asked = ask.validators.etag.is_some() || ask.validators.last_modified.is_some();
        let error = |code: Code| FeedError::new(code, shown(&url), format!("status {}", status.as_u16()));
        match status {
            StatusCode::OK => Ok(Some((response, url))),
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if ask.rest.is_some() => {
                Ok(Some((response, url)))
            }
            StatusCode::NOT_MODIFIED if is_asked => Ok(None),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(error(Code::NotFound).into()),
            status if matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504) => Err(Trouble {
                error: error(Code::HttpStatus),
                is_passing: true,
                wanted_pause: wanted_pause(response.headers(), self.edge.now()),
            }),
            status if status.is_success() => Err(error(Code::BadAnswer).into()),
            _ => Err(error(Code::HttpStatus).into()),
        }
    }

    /// Waits before the next try, or gives up with the failure.
    pub(crate) async fn pause(&self, trouble: Trouble, attempt: &mut u32) -> Result<(), FeedError> {
        *attempt += 1;
        if !trouble.is_passing || *attempt >= self.pace.attempts {
            return Err(trouble.error);
        }
        let doubled =
            self.pace.first_pause.saturating_mul(1_u32 << (*attempt - 1).min(20)).min(self.pace.longest_pause);
        // Half of it is by chance, so that many offices that failed together do not come back together.
        let spread = doubled.mul_f64(0.5 + 0.5 * self.edge.chance().clamp(0.0, 1.0));
        let pause = trouble.wanted_pause.map_or(spread, |wanted| wanted.max(spread)).min(self.pace.longest_pause);
        self.edge.wait(pause).await;
        Ok(())
    }
}

fn headers(ask: &Ask) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    };
    put(ACCEPT_ENCODING, if ask.takes_gzip { "gzip" } else { "identity" });
    if let Some(etag) = &ask.validators.etag {
        put(IF_NONE_MATCH, etag);
    } else if let Some(moment) = &ask.validators.last_modified {
        put(IF_MODIFIED_SINCE, moment);
    }
    if let Some((from, same)) = &ask.rest {
        put(RANGE, &format!("bytes={from}-"));
        put(IF_RANGE, same);
    }
    headers
}

/// `ETag` and `Last-Modified` of an answer.
pub(crate) fn validators(headers: &HeaderMap) -> Validators {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Validators { etag: text(ETAG), last_modified: text(LAST_MODIFIED), ..Validators::default() }
}

/// Whether the transfer was compressed.
pub(crate) fn is_gzip(headers: &HeaderMap, url: &Url) -> Result<bool, FeedError> {
    match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"" | b"identity") => Ok(false),
        Some(b"gzip" | b"x-gzip") => Ok(true),
        Some(other) => {
            let detail = format!("packed as {:?}, which nobody asked for", String::from_utf8_lossy(other));
            Err(FeedError::new(Code::BadAnswer, shown(url), detail))
        }
    }
}

pub(crate) fn check_length(response: &Response, url: &Url, most_bytes: u64) -> Result<(), FeedError> {
    match response.content_length() {
        Some(length) if length > most_bytes => Err(too_large(url, most_bytes)),
        _ => Ok(()),
    }
}

pub(crate) fn too_large(url: &Url, most_bytes: u64) -> FeedError {
    FeedError::new(Code::TooLarge, shown(url), format!("more than {most_bytes} bytes"))
}

/// `Retry-After`: seconds, or a moment (RFC 9110, 10.2.3).
fn wanted_pause(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_microsecond();
    u64::try_from(moment.saturating_sub(now.0)).ok().map(Duration::from_micros)
}

/// What a failure of the connection is.
pub(crate) fn trouble(url: &Url, error: reqwest::Error) -> Trouble {
    let mut source: Option<&dyn std::error::Error> = Some(&error);
    while let Some(inner) = source {
        if let Some(trust::Refused(refused)) = inner.downcast_ref::<trust::Refused>() {
            let error = FeedError { place: shown(url), ..refused.clone() };
            return Trouble { is_passing: error.code == Code::UnknownHost, error, wanted_pause: None };
        }
        source = inner.source();
    }
    let code = match () {
        () if error.is_timeout() => Code::TimedOut,
        () if error.is_connect() => Code::Unreachable,
        () => Code::BrokenTransfer,
    };
    Trouble::passing(FeedError::new(code, shown(url), words(error)))
}

/// What the library says, without the address, which may hold secrets.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_that_a_host_asks_for_is_read() {
        let now = "2026-11-25T10:00:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Wed, 25 Nov 2026 10:00:30 GMT", Some(30)),
            ("Wed, 25 Nov 2026 09:00:00 GMT", None),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            let headers = [(RETRY_AFTER, HeaderValue::from_str(text).unwrap())].into_iter().collect();
            assert_eq!(wanted_pause(&headers, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
