// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Vulnerabilities known to be exploited, as CISA lists them: one JSON file with `catalogVersion` and `dateReleased`.

use serde::Deserialize;
use underpin_model::watch::source::Records;

use crate::delivery::{Delivery, Selection};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;

/// The head of the list.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "dateReleased")]
    released: Option<String>,
    count: Option<u64>,
    vulnerabilities: Vec<serde::de::IgnoredAny>,
}

/// Fetches the list. `None` when it has not changed.
///
/// # Errors
/// What the client cannot fetch, and an answer that is no such list or not whole.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    let Some(mut delivery) = fetch.one_file("kev", Records::Kev, Selection::All).await? else { return Ok(None) };
    let bad = |detail: String| FeedError::new(Code::BadAnswer, delivery.origin.clone(), detail);
    let first = delivery.first(&fetch.client.limits)?.ok_or_else(|| bad("an empty answer".to_owned()))?;
    let head: Head = serde_json::from_slice(&first).map_err(|error| bad(error.to_string()))?;
    let entries = head.vulnerabilities.len() as u64;
    if head.count.is_some_and(|count| count != entries) {
        return Err(bad(format!("the list states another number of entries than the {entries} it has")));
    }
    delivery.stated = head.released;
    Ok(Some(delivery))
}
