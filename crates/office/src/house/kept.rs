// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is kept here of a bucket, held against the catalogue.
//!
//! Another server may purge what lies in the cache of this one. Answers come from files that the catalogue names, so they never
//! come from such a file; but it must not lie about, either. Whoever sits down at a desk of a newer revision drops it first.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use underpin_ledger::{PurgeState, Snapshot};

use super::House;
use crate::error::Result;

/// How far what is kept here was held against the catalogue.
#[derive(Debug, Default)]
pub(crate) struct HeldTo(Mutex<Held>);

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// Revision of the ledger.
    revision: i64,
    /// Purges that were carried out by then; `None` before the first time.
    purges: Option<usize>,
}

impl House {
    /// Removes what is kept here of files that do not count any more. With a folder there is nothing to do.
    pub(super) async fn drop_what_is_gone(&self, snapshot: &Snapshot) -> Result<()> {
        let held = *self.held.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A stranger is told no revision, and no segments.
        if !self.lake.is_elsewhere() || snapshot.revision <= held.revision {
            return Ok(());
        }
        let live: HashSet<&str> = snapshot.segments.iter().map(|segment| segment.path.as_str()).collect();
        self.lake.keep_only(&live)?;
        let reader = self.ledger.operator_reader();
        let purges = reader.purges().await?.iter().filter(|purge| purge.state() == PurgeState::Executed).count();
        if held.purges != Some(purges) {
            self.drop_packs_that_are_gone().await?;
        }
        let mut now = self.held.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.revision < snapshot.revision {
            *now = Held { revision: snapshot.revision, purges: Some(purges) };
        }
        Ok(())
    }

    /// Removes what is kept here of packs that do not count any more.
    pub(crate) async fn drop_packs_that_are_gone(&self) -> Result<()> {
        let packs = self.ledger.operator_reader().packs().await?;
        self.lake.evidence.keep_only(&packs.iter().map(|pack| pack.name.as_str()).collect())?;
        Ok(())
    }
}
