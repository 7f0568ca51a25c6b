// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests that programs send again when an answer got lost: each is done once, and its answer is kept for a day.

use underpin_ledger::Request;
use underpin_model::Timestamp;

use crate::error::Result;
use crate::house::House;

/// So long an answer is kept: 24 hours.
const KEPT_US: i64 = 24 * 60 * 60 * 1_000_000;

impl House {
    /// Notes a request of somebody by its key. `asked` is the SHA-256 of the request, `now` the time on the wall.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn begin_request(&self, who: (&str, &str), asked: &[u8; 32], now: Timestamp) -> Result<Request> {
        let old = Timestamp(now.0.saturating_sub(KEPT_US));
        Ok(self.ledger.door().begin_request(who, asked, (now, old)).await?)
    }

    /// Keeps the answer to a request; without one the request is forgotten and can be sent again.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn end_request(&self, who: (&str, &str), answer: Option<&str>) -> Result<()> {
        Ok(self.ledger.door().end_request(who, answer).await?)
    }
}
