// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How likely exploitation is: one compressed CSV a day. Its first line states the model and the date of the scores
//! (`#model_version:…,score_date:…`, first.org/epss/data_stats).

use underpin_model::watch::source::Records;

use crate::delivery::{Delivery, Selection};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;

/// Fetches the scores. `None` when they have not changed.
///
/// # Errors
/// What the client cannot fetch, and an answer that is no such file.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    let Some(mut delivery) = fetch.one_file("epss", Records::Epss, Selection::All).await? else { return Ok(None) };
    let first = delivery.first(&fetch.client.limits)?.unwrap_or_default();
    if crate::sniff::sniff(&first) != Some(Records::Epss) {
        return Err(FeedError::new(Code::BadAnswer, delivery.origin, "no file of EPSS scores"));
    }
    delivery.stated = score_date(&first);
    Ok(Some(delivery))
}

/// The date in the first line.
pub(crate) fn score_date(bytes: &[u8]) -> Option<String> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.trim().strip_prefix('#')?;
    line.split(',').find_map(|part| part.strip_prefix("score_date:")).map(str::to_owned)
}
