// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Advisories and VEX statements of a CSAF provider.
//!
//! Each document is held against the digests and the OpenPGP signature beside it. One that does not fit is refused with a code,
//! the rest goes on, and it is tried again the next time. A trusted provider must have both for every document (CSAF 2.0, 7.2.3); of others they are
//! checked where they are. Documents that are not TLP:WHITE (CLEAR) are taken only from hosts that we have a credential for.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::csaf_gone::{self, Seen};
use crate::csaf_lists::{self, Offer};
use crate::csaf_provider::{self, Provider};
use crate::delivery::{Content, DeliveredFile, Delivery, Selection, Validators};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;
use crate::from_path::hexadecimal;
use crate::guard::{self, shown_text};
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
    tracking: Option<Tracking>,
}

#[derive(Deserialize)]
struct Tracking {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Distribution {
    tlp: Option<Tlp>,
}

#[derive(Deserialize)]
struct Tlp {
    label: Option<String>,
}

/// The name of the file of a document by its tracking identifier, as the standard says (CSAF 2.0, 5.1).
pub fn file_name(record: &str) -> String {
    underpin_formats::csaf::file_name(record)
}

/// Fetches what a provider has changed since, or all of it. The address is a domain, or that of a `provider-metadata.json`. `None`
/// when nothing has changed. Documents that are in none of its lists any more are taken away, when the lists are whole.
///
/// # Errors
/// No provider there, a list that cannot be read, or a host that fails again and again.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    let provider = csaf_provider::find(fetch).await?;
    let mut refused = Vec::new();
    let keys = provider.keys(fetch, &mut refused).await?;
    let mut offers = csaf_lists::read(fetch, &provider).await?;
    let is_whole = offers.is_whole();
    refused.append(&mut offers.refused);
    let since = fetch.known.cursor.as_ref().and_then(|cursor| cursor.parse::<Timestamp>().ok());
    let (cursor, seen) = latest(&offers.documents);
    let cursor = cursor.or_else(|| fetch.known.cursor.clone());
    let wanted: Vec<(String, Offer)> = offers
        .documents
        .iter()
        .filter(|offered| is_wanted(offered, fetch, since))
        .map(|(address, offer)| (address.clone(), offer.clone()))
        .collect();
    let has_wanted = !wanted.is_empty();
    let mut delivery = Delivery {
        feed: format!("csaf/{}", name(fetch.address)),
        records: Records::Csaf,
        origin: provider.address.clone(),
        stated: cursor.clone(),
        files: Vec::new(),
        removed: Vec::new(),
        validators: Validators { cursor, seen, ..Validators::default() },
        refused,
        is_complete: false,
    };
    let (came, failed) = documents(fetch, &provider, &keys, wanted, &mut delivery).await?;
    let seen = Seen {
        listed: offers.documents.keys().map(|address| guard::file_name(address)).collect(),
        is_whole,
        came,
        refused: failed.iter().map(|address| guard::file_name(address)).collect(),
    };
    let none = BTreeSet::new();
    let known = fetch.known_ids.unwrap_or(&none);
    let (gone, names) = csaf_gone::gone(&seen, known, fetch.known.other_names.as_ref(), since.is_none());
    (delivery.removed, delivery.validators.other_names) = (gone, names);
    if !has_wanted && since.is_some() && delivery.removed.is_empty() {
        return Ok(None);
    }
    delivery.is_complete = since.is_none() && is_whole && delivery.refused.is_empty();
    Ok(Some(delivery))
}

fn moment(offer: &Offer) -> Option<Timestamp> {
    offer.updated.as_ref().and_then(|text| text.parse().ok())
}

/// Whether a document has changed since, or is tried again. Documents without a date are always read.
fn is_wanted((address, offer): &(&String, &Offer), fetch: &Fetch<'_>, since: Option<Timestamp>) -> bool {
    let kept = guard::kept(address);
    let is_newer =
        |since| moment(offer).is_none_or(|at| at > since || (at == since && !fetch.known.seen.contains(&kept)));
    fetch.known.again.contains(&kept) || since.is_none_or(is_newer)
}

/// The latest moment of change, as the list writes it, and the documents that changed in it.
fn latest(offered: &BTreeMap<String, Offer>) -> (Option<String>, Vec<String>) {
    let latest = offered.values().filter_map(|offer| Some((moment(offer)?, offer.updated.clone()?))).max();
    let Some((at, text)) = latest else { return (None, Vec::new()) };
    let of_latest = offered.iter().filter(|(_, offer)| moment(offer) == Some(at));
    (Some(text), of_latest.map(|(address, _)| guard::kept(address)).collect())
}

/// Fetches documents. Gives the files by record of those that came, and the addresses of those that were refused.
async fn documents(
    fetch: &Fetch<'_>,
    provider: &Provider,
    keys: &[Key],
    wanted: Vec<(String, Offer)>,
    delivery: &mut Delivery,
) -> Result<(BTreeMap<String, String>, Vec<String>), FeedError> {
    let all = wanted.len() as u64;
    let mut found = futures::stream::iter(wanted)
        .map(|(address, offer)| async move {
            let document = document(fetch, provider, keys, &address, &offer).await;
            (address, document)
        })
        .buffered(bounds::CSAF_PARALLEL);
    let (mut came, mut failed) = (BTreeMap::new(), Vec::new());
    let mut failures = 0;
    let mut done = 0;
    while let Some((address, document)) = found.next().await {
        done += 1;
        fetch.tell_documents(&provider.address, done, all);
        match document {
            Ok((file, record)) => {
                failures = 0;
                came.extend(record.map(|record| (record, guard::file_name(&address).to_owned())));
                delivery.files.push(file);
            }
            Err(error) => {
                let is_transport =
                    matches!(error.code, Code::TimedOut | Code::Unreachable | Code::BrokenTransfer | Code::UnknownHost);
                failures = if is_transport { failures + 1 } else { 0 };
                if failures >= bounds::CSAF_FAILURES || error.code == Code::UnreadableFile {
                    return Err(error);
                }
                delivery.validators.again.push(guard::kept(&address));
                delivery.refused.push(error.into());
                failed.push(address);
            }
        }
    }
    Ok((came, failed))
}

/// Fetches one document with what is beside it, and checks it.
async fn document(
    fetch: &Fetch<'_>,
    provider: &Provider,
    keys: &[Key],
    address: &str,
    offer: &Offer,
) -> Result<(DeliveredFile, Option<String>), FeedError> {
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
    let file = DeliveredFile {
        name: name.to_owned(),
        content: Content::File(path),
        selection: Selection::All,
        records: Records::Csaf,
    };
    Ok((file, head.document.tracking.and_then(|tracking| tracking.id)))
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
