// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when products are supported: the archive of endoflife.date's repository, whose pages have the dates as front matter.

use underpin_model::watch::source::Records;

use crate::delivery::{Delivery, Selection};
use crate::error::FeedError;
use crate::fetch::Fetch;

/// Fetches all products. `None` when nothing has changed.
///
/// # Errors
/// What the client cannot fetch.
pub async fn fetch(fetch: &Fetch<'_>) -> Result<Option<Delivery>, FeedError> {
    fetch.one_file("endoflife", Records::EndOfLife, Selection::Told).await
}
