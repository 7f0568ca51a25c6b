// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents a CSAF provider offers: by ROLIE feeds, or by the listing of a directory.
//!
//! Source: CSAF 2.0, 7.1.11 to 7.1.17 (`index.txt`, `changes.csv`, ROLIE feed); RFC 8322 (ROLIE).

use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;
use underpin_model::limits::bounds;

use crate::csaf_provider::Provider;
use crate::delivery::Refusal;
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;
use crate::guard::shown_text;

/// A document that is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    /// When it changed last, as the list writes it.
    pub updated: Option<String>,
    /// Where its digest and signature are, when the list says so.
    pub hashes: Vec<String>,
    pub signature: Option<String>,
}

/// All that is offered, by address.
#[derive(Default)]
pub(crate) struct Offers {
    pub documents: BTreeMap<String, Offer>,
    /// Whether a list is known to be a part only: it goes on elsewhere, or may not be read.
    pub is_part: bool,
    pub refused: Vec<Refusal>,
}

impl Offers {
    /// Whether what is in no list is not offered. An empty list says nothing: it is a fault far more often than an end.
    pub fn is_whole(&self) -> bool {
        !self.is_part && self.refused.is_empty() && !self.documents.is_empty()
    }
}

#[derive(Deserialize)]
struct Rolie {
    feed: Feed,
}

#[derive(Deserialize)]
struct Feed {
    #[serde(default)]
    entry: Vec<Entry>,
    #[serde(default)]
    link: Vec<Link>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    link: Vec<Link>,
    updated: Option<String>,
    content: Option<Source>,
}

#[derive(Deserialize)]
struct Source {
    src: String,
}

#[derive(Deserialize)]
struct Link {
    rel: String,
    href: String,
}

/// Reads all lists of a provider. ROLIE feeds say more than directories, so they are preferred where there are some.
///
/// # Errors
/// A list that cannot be fetched or read: without it nobody knows what is missing.
pub(crate) async fn read(fetch: &Fetch<'_>, provider: &Provider) -> Result<Offers, FeedError> {
    let mut offers = Offers::default();
    let feeds: Vec<_> = provider
        .metadata
        .distributions
        .iter()
        .filter_map(|way| way.rolie.as_ref())
        .flat_map(|rolie| &rolie.feeds)
        .collect();
    for feed in &feeds {
        let place = shown_text(&feed.url);
        let is_open = is_open(feed.tlp_label.as_deref());
        let has_credential = Url::parse(&feed.url)
            .ok()
            .is_some_and(|url| fetch.client.credentials().has(url.host_str().unwrap_or_default()));
        if !is_open && !has_credential {
            offers.is_part = true;
            let label = feed.tlp_label.as_deref().unwrap_or_default();
            offers.refused.push(Refusal::new(
                Code::TlpRestricted,
                place,
                format!("the feed is TLP:{label} and there is no credential for the host"),
            ));
            continue;
        }
        rolie(fetch, &feed.url, &mut offers).await?;
    }
    if feeds.is_empty() {
        for way in &provider.metadata.distributions {
            if let Some(address) = &way.directory_url {
                directory(fetch, address, &mut offers).await?;
            }
        }
    }
    if offers.documents.len() > bounds::CSAF_DOCUMENTS {
        let detail = format!("more than {} documents", bounds::CSAF_DOCUMENTS);
        return Err(FeedError::new(Code::TooLarge, provider.address.clone(), detail));
    }
    Ok(offers)
}

/// Labels of what may be shown to everybody (TLP 1.0 and 2.0).
pub(crate) fn is_open(label: Option<&str>) -> bool {
    label.is_none_or(|label| ["WHITE", "CLEAR", "UNLABELED"].iter().any(|open| label.trim().eq_ignore_ascii_case(open)))
}

async fn rolie(fetch: &Fetch<'_>, address: &str, offers: &mut Offers) -> Result<(), FeedError> {
    let answer = fetch.client.fresh(address, bounds::ANSWER_BYTES).await?;
    let bad = |detail: String| FeedError::new(Code::BadAnswer, answer.address.clone(), detail);
    let list: Rolie = serde_json::from_slice(&answer.bytes).map_err(|error| bad(format!("no ROLIE feed: {error}")))?;
    let base = Url::parse(address).map_err(|error| bad(error.to_string()))?;
    // RFC 5005: a feed in pages, of which this is one.
    offers.is_part |= list.feed.link.iter().any(|link| ["next", "prev-archive"].contains(&link.rel.as_str()));
    let absolute = |href: &str| base.join(href).ok().map(String::from);
    for entry in list.feed.entry {
        let of = |rel: &'static str| {
            entry.link.iter().filter(move |link| link.rel == rel).filter_map(|link| absolute(&link.href))
        };
        let document = entry.content.as_ref().and_then(|content| absolute(&content.src)).or_else(|| of("self").next());
        let Some(document) = document else {
            offers.refused.push(Refusal::new(Code::BadAnswer, answer.address.clone(), "an entry without a document"));
            continue;
        };
        let offer =
            Offer { hashes: of("hash").collect(), signature: of("signature").next(), updated: entry.updated.clone() };
        offers.documents.insert(document, offer);
    }
    Ok(())
}

async fn directory(fetch: &Fetch<'_>, address: &str, offers: &mut Offers) -> Result<(), FeedError> {
    let base = format!("{}/", address.trim_end_matches('/'));
    let changes = match fetch.client.fresh(&format!("{base}changes.csv"), bounds::ANSWER_BYTES).await {
        Ok(answer) => Some(answer.bytes),
        Err(error) if error.code == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    let index = match fetch.client.fresh(&format!("{base}index.txt"), bounds::ANSWER_BYTES).await {
        Ok(answer) => Some(answer.bytes),
        Err(error) if error.code == Code::NotFound && changes.is_some() => None,
        Err(error) => return Err(error),
    };
    let mut lines: Vec<(String, Option<String>)> = Vec::new();
    let index = index.unwrap_or_default();
    lines.extend(
        String::from_utf8_lossy(&index)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| (line.to_owned(), None)),
    );
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(changes.as_deref().unwrap_or_default());
    for row in reader.records() {
        match row {
            Ok(row) => lines.push((row.get(0).unwrap_or_default().to_owned(), row.get(1).map(str::to_owned))),
            Err(error) => offers.refused.push(Refusal::new(
                Code::BadAnswer,
                shown_text(&format!("{base}changes.csv")),
                error.to_string(),
            )),
        }
    }
    for (path, updated) in lines {
        match below(&base, &path) {
            Some(document) => {
                let offer = offers.documents.entry(document).or_default();
                offer.updated = updated.or(offer.updated.take());
            }
            None => offers.refused.push(Refusal::new(
                Code::BadAnswer,
                shown_text(&base),
                format!("the list names {path:?}, which is no document below it"),
            )),
        }
    }
    Ok(())
}

/// The address of a listed path, when it stays below the directory.
fn below(base: &str, path: &str) -> Option<String> {
    let base = Url::parse(base).ok()?;
    let document = base.join(path).ok()?;
    let stays = document.as_str().starts_with(base.as_str()) && document.as_str().ends_with(".json");
    stays.then(|| document.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_paths_stay_below() {
        for (path, expected) in [
            ("2026/a.json", Some("https://example.org/csaf/2026/a.json")),
            ("./a.json", Some("https://example.org/csaf/a.json")),
            ("../a.json", None),
            ("/a.json", None),
            ("2026/../../a.json", None),
            ("https://evil.example/a.json", None),
            ("//evil.example/a.json", None),
            ("a.txt", None),
            ("", None),
        ] {
            assert_eq!(below("https://example.org/csaf/", path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn labels_are_open_or_not() {
        for (label, expected) in [
            (None, true),
            (Some("WHITE"), true),
            (Some("clear"), true),
            (Some("AMBER+STRICT"), false),
            (Some("GREEN"), false),
            (Some(""), false),
        ] {
            assert_eq!(is_open(label), expected, "{label:?}");
        }
    }
}
