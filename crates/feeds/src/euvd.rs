// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Vulnerabilities known to be exploited, as ENISA lists them: one JSON array (`/api/kev/dump`), or a search that answers in pages
//! (`/api/search?exploited=true`, with `items` and `total`), which are put together into one array.

use serde::Deserialize;
use serde_json::value::RawValue;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::delivery::{Content, DeliveredFile, Delivery, Selection, Validators};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;
use crate::from_path::hexadecimal;

/// One page of a search.
#[derive(Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    total: u64,
}

/// Fetches the list. `None` when it has not changed.
///
/// # Errors
/// What the client cannot fetch, and an answer that is no such list or not whole.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    let address = fetch.address_of(Records::Euvd);
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if path.trim_end_matches('/').ends_with("/search") {
        return search(fetch, address).await;
    }
    let Some(delivery) = fetch.one_file("euvd", Records::Euvd, Selection::All).await? else { return Ok(None) };
    let first = delivery.first(&fetch.client.limits)?.unwrap_or_default();
    let bad = |detail: String| FeedError::new(Code::BadAnswer, delivery.origin.clone(), detail);
    let entries: Vec<serde::de::IgnoredAny> = serde_json::from_slice(&first).map_err(|error| bad(error.to_string()))?;
    if entries.is_empty() {
        return Err(bad("a list without entries".to_owned()));
    }
    Ok(Some(delivery))
}

async fn search(fetch: &Fetch<'_>, address: &str) -> Result<Option<Delivery>, FeedError> {
    use sha2::{Digest, Sha256};

    let shown = crate::guard::shown_text(address);
    let bad = |detail: String| FeedError::new(Code::BadAnswer, shown.clone(), detail);
    let joint = if address.contains('?') { '&' } else { '?' };
    let mut entries: Vec<String> = Vec::new();
    for page in 0..bounds::EUVD_PAGES {
        let address = format!("{address}{joint}page={page}&size={}", bounds::EUVD_PAGE_ENTRIES);
        let answer = fetch.client.fresh(&address, bounds::ANSWER_BYTES).await?;
        let found: Page = serde_json::from_slice(&answer.bytes).map_err(|error| bad(error.to_string()))?;
        let is_last = found.items.is_empty();
        entries.extend(found.items.into_iter().map(|item| item.get().to_owned()));
        if entries.len() as u64 >= found.total {
            break;
        }
        if is_last || page + 1 == bounds::EUVD_PAGES {
            return Err(bad(format!("{} of {} entries came", entries.len(), found.total)));
        }
    }
    let bytes = format!("[{}]", entries.join(",\n")).into_bytes();
    let digest = Some(hexadecimal(&Sha256::digest(&bytes)));
    if digest == fetch.known.digest {
        return Ok(None);
    }
    Ok(Some(Delivery {
        feed: "euvd".to_owned(),
        records: Records::Euvd,
        origin: shown.clone(),
        stated: None,
        files: vec![DeliveredFile {
            name: "euvd.json".to_owned(),
            content: Content::Bytes(bytes),
            selection: Selection::All,
            records: Records::Euvd,
        }],
        removed: Vec::new(),
        validators: Validators { digest, ..Validators::default() },
        refused: Vec::new(),
        is_complete: true,
    }))
}
