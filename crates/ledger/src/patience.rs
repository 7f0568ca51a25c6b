// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waiting for what passes by itself: a database that is started anew, and two changes that got into each other's way.
//!
//! Only what certainly changed nothing is tried again here. Where the answer to a commit was lost, whoever asked decides.

use std::time::Duration;

use tokio::time::Instant;

use crate::LedgerError;

/// How long is waited in all: a server that is started anew is back by then, and whoever asked is still there.
const PATIENCE: Duration = Duration::from_secs(20);
/// The first pause; each further one is twice as long, up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(2);

/// How long somebody goes on trying.
#[derive(Debug)]
pub(crate) struct Patience {
    until: Instant,
    pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { until: Instant::now() + PATIENCE, pause: FIRST }
    }
}

impl Patience {
    /// After an error: waits and says that it is worth another try, or says that it is not.
    pub(crate) async fn allows(&mut self, error: &LedgerError) -> bool {
        if !error.is_passing() || Instant::now() >= self.until {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_passes_is_waited_for_and_not_for_ever() {
        let mut patience =
            Patience { until: Instant::now() + Duration::from_millis(50), pause: Duration::from_millis(1) };
        assert!(!patience.allows(&LedgerError::EmptyActor).await, "that is the caller's own fault");
        let mut tries = 0;
        while patience.allows(&LedgerError::Away).await {
            tries += 1;
        }
        assert!((2..=7).contains(&tries), "each pause is longer than the one before: {tries}");
    }
}
