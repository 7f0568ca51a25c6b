// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Advisories and VEX statements of a CSAF provider.
//!
//! Each document is held against the digests and the OpenPGP signature beside it. One that does not fit is refused with a code,
//! the rest goes on, and it is tried again the next time. A trusted provider must have both for every document (CSAF 2.0, 7.2.3); of others they are
//! checked where they are. Documents that are not TLP:WHITE (CLEAR) are taken only from hosts that we have a credential for.

use std::collections::BTreeSet;

use futures::StreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::csaf_lists::{self, Offer};
use crate::csaf_provider::{self, Provider};
use crate::delivery::{Content, DeliveredFile, Delivery, Selection, Validators};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;
use crate::from_path::hexadecimal;
use crate::guard::shown_text;
use crate::openpgp::{self, Key};
use crate::sidecar;

/// As much of a document as is needed to judge whether it may be taken.
#[derive(Deserialize)]
struct Head {
    document: HeadDocument,
}

#[derive(Deserialize)]
struct HeadDocument {
    csaf_version: String,
    distribution: Option<Distribution>,
}

#[derive(Deserialize)]
struct Distribution {
    tlp: Option<Tlp>,
}

#[derive(Deserialize)]
struct Tlp {
    label: Option<String>,
}

/// Fetches what a provider has changed since, or all of it. The address is a domain, or that of a `provider-metadata.json`. `None`
/// when nothing has changed.
///
/// # Errors
/// No provider there, a list that cannot be read, or a host that fails again and again.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    let provider = csaf_provider::find(fetch).await?;
    let mut refused = Vec::new();
    let keys = provider.keys(fetch, &mut refused).await?;
    let offers = csaf_lists::read(fetch, &provider).await?;
    refused.extend(offers.refused);
    let since = fetch.known.cursor.as_ref().and_then(|cursor| cursor.parse::<Timestamp>().ok());
    let again: BTreeSet<&str> = fetch.known.again.iter().map(String::as_str).collect();
    let moment = |offer: &Offer| offer.updated.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
    let seen: BTreeSet<&str> = fetch.known.seen.iter().map(String::as_str).collect();
    // Documents without a date are always read.
    let is_wanted = |address: &str, offer: &Offer| {
        let is_newer = |since| moment(offer).is_none_or(|at| at > since || (at == since && !seen.contains(address)));
        again.contains(address) || since.is_none_or(is_newer)
    };
    let latest = offers.documents.values().filter_map(|offer| Some((moment(offer)?, offer.updated.clone()?))).max();
    let of_latest = |offer: &Offer| latest.as_ref().is_some_and(|(at, _)| moment(offer) == Some(*at));
    let of_latest = offers.documents.iter().filter(|(_, offer)| of_latest(offer));
    let seen_now = of_latest.map(|(address, _)| address.clone()).collect();
    let cursor = latest.map(|(_, text)| text).or_else(|| fetch.known.cursor.clone());
    let wanted: Vec<_> = offers.documents.into_iter().filter(|(address, offer)| is_wanted(address, offer)).collect();
    if wanted.is_empty() && since.is_some() {
        return Ok(None);
    }
    let mut delivery = Delivery {
        feed: format!("csaf/{}", name(fetch.address)),
        records: Records::Csaf,
        origin: provider.address.clone(),
        stated: cursor.clone(),
        files: Vec::new(),
        removed: Vec::new(),
        validators: Validators { cursor, seen: seen_now, ..Validators::default() },
        refused,
        is_complete: false,
    };
    documents(fetch, &provider, &keys, wanted, &mut delivery).await?;
    delivery.is_complete = since.is_none() && delivery.refused.is_empty();
    Ok(Some(delivery))
}

async fn documents(
    fetch: &Fetch<'_>,
    provider: &Provider,
    keys: &[Key],
    wanted: Vec<(String, Offer)>,
    delivery: &mut Delivery,
) -> Result<(), FeedError> {
    let mut found = futures::stream::iter(wanted)
        .map(|(address, offer)| async move {
            let document = document(fetch, provider, keys, &address, &offer).await;
            (address, document)
        })
        .buffered(bounds::CSAF_PARALLEL);
    let mut failures = 0;
    while let Some((address, document)) = found.next().await {
        match document {
            Ok(file) => {
                failures = 0;
                delivery.files.push(file);
            }
            Err(error) => {
                let is_transport =
                    matches!(error.code, Code::TimedOut | Code::Unreachable | Code::BrokenTransfer | Code::UnknownHost);
                failures = if is_transport { failures + 1 } else { 0 };
                if failures >= bounds::CSAF_FAILURES || error.code == Code::UnreadableFile {
                    return Err(error);
                }
                delivery.validators.again.push(address);
                delivery.refused.push(error.into());
            }
        }
    }
    Ok(())
}

/// Fetches one document with what is beside it, and checks it.
async fn document(
    fetch: &Fetch<'_>,
    provider: &Provider,
    keys: &[Key],
    address: &str,
    offer: &Offer,
) -> Result<DeliveredFile, FeedError> {
    let place = shown_text(address);
    let refused = |code: Code, detail: String| FeedError::new(code, place.clone(), detail);
    let bytes = fetch.client.fresh(address, bounds::ANSWER_BYTES).await?.bytes;
    hashes(fetch, address, offer, &bytes, provider.is_trusted()).await?;
    let signature = offer.signature.clone().unwrap_or_else(|| format!("{address}.asc"));
    let is_required = provider.is_trusted() || offer.signature.is_some();
    match beside(fetch, &signature).await? {
        Some(signature) => {
            openpgp::verify(&bytes, &signature, keys, fetch.client.edge.now())
                .map_err(|(code, detail)| refused(code, detail))?;
        }
        None if is_required => {
            return Err(refused(Code::MissingSignature, "there is no signature beside it".to_owned()));
        }
        None => {}
    }
    let head: Head = serde_json::from_slice(&bytes)
        .map_err(|error| refused(Code::BadAnswer, format!("no CSAF document: {error}")))?;
    if !head.document.csaf_version.starts_with("2.") {
        return Err(refused(Code::BadAnswer, "a version of CSAF that we do not know".to_owned()));
    }
    let label = head.document.distribution.and_then(|distribution| distribution.tlp?.label);
    let host = reqwest::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if !csaf_lists::is_open(label.as_deref()) && !fetch.client.credentials().has(&host) {
        let label = label.unwrap_or_default();
        return Err(refused(Code::TlpRestricted, format!("it is TLP:{label} and there is no credential for the host")));
    }
    // Providers have tens of thousands of documents: they lie in files, not in memory.
    let path = fetch.folder.join(format!("csaf-{}.json", hexadecimal(&Sha256::digest(&bytes))));
    std::fs::write(&path, &bytes).map_err(|error| FeedError::file(&path, &error))?;
    let name =
        place.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or(place.as_str(), |(_, path)| path);
    Ok(DeliveredFile {
        name: name.to_owned(),
        content: Content::File(path),
        selection: Selection::All,
        records: Records::Csaf,
    })
}

/// Holds a document against the digests beside it: those that the list names, else those that lie there.
async fn hashes(
    fetch: &Fetch<'_>,
    address: &str,
    offer: &Offer,
    bytes: &[u8],
    is_trusted: bool,
) -> Result<(), FeedError> {
    let place = shown_text(address);
    let beside_it = [format!("{address}.sha512"), format!("{address}.sha256")];
    let candidates = if offer.hashes.is_empty() { &beside_it[..] } else { &offer.hashes };
    let mut is_checked = false;
    for candidate in candidates {
        let Some(stated) = beside(fetch, candidate).await? else { continue };
        let algorithm = if candidate.ends_with("sha512") { "sha512" } else { "sha256" };
        sidecar::verify(algorithm, &String::from_utf8_lossy(&stated), bytes)
            .map_err(|(code, detail)| FeedError::new(code, place.clone(), detail))?;
        is_checked = true;
    }
    if !is_checked && (is_trusted || !offer.hashes.is_empty()) {
        return Err(FeedError::new(Code::MissingHash, place, "there is no digest beside it"));
    }
    Ok(())
}

/// A small file beside a document, when it is there.
async fn beside(fetch: &Fetch<'_>, address: &str) -> Result<Option<Vec<u8>>, FeedError> {
    match fetch.client.fresh(address, bounds::KEY_BYTES).await {
        Ok(answer) => Ok(Some(answer.bytes)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a provider is called: its host.
fn name(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    host.trim().to_ascii_lowercase()
}
