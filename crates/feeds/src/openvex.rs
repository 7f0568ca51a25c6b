// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! VEX statements in OpenVEX: the archive of a repository (zip or compressed tar), or a repository's manifest that says where the archive
//! is (`vex-repository.json` of the VEX Repository Specification 0.1). Which files are OpenVEX is told by content, since
//! a repository holds others too.

use serde::Deserialize;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::delivery::{Delivery, Selection};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;

#[derive(Deserialize)]
struct Manifest {
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    spec_version: String,
    locations: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    url: String,
}

/// Fetches a repository under a name of its own (`openvex/NAME`). `None` when it has not changed.
///
/// # Errors
/// What the client cannot fetch, and a manifest that names no archive.
pub async fn fetch(fetch: &Fetch<'_>, name: &str) -> Result<Option<Delivery>, FeedError> {
    let feed = format!("openvex/{name}");
    let address = fetch.address_of(Records::OpenVex);
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if !path.ends_with(".json") {
        return fetch.one_file(&feed, Records::OpenVex, Selection::Told).await;
    }
    let answer = fetch.client.fresh(address, bounds::ANSWER_BYTES).await?;
    let bad = |detail: String| FeedError::new(Code::BadAnswer, answer.address.clone(), detail);
    let manifest: Manifest = serde_json::from_slice(&answer.bytes).map_err(|error| bad(error.to_string()))?;
    let version =
        manifest.versions.into_iter().find(|version| version.spec_version.trim_start_matches('v').starts_with("0."));
    let locations = version.map(|version| version.locations).unwrap_or_default();
    let mut failed = bad("the manifest names no archive in a version that we know".to_owned());
    // Several places are the same thing in several ways: the first that works is taken.
    for Location { url } in locations {
        match (Fetch { address: &url, ..*fetch }).one_file(&feed, Records::OpenVex, Selection::Told).await {
            Ok(delivery) => return Ok(delivery),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}
