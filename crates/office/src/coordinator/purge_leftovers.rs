// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a purge does with files that no catalogue knows: they come from work that was cut off, or that still goes on.
//!
//! - A pack that holds purged bytes goes, with the segments that were written together with it: should somebody still be
//!   at work on them, the ledger will refuse the purged bytes, and with them the whole batch.
//! - Other files that hold facts of no document, or that cannot be read, go once nobody can be waiting for the ledger any
//!   more. Younger ones may be somebody's who still wants to hand them in: they are told of.

use std::collections::HashSet;

use underpin_lake::{Forgetting, SegmentRef, StoredFile, stem};
use underpin_model::EvidenceId;
use underpin_model::limits::bounds::WRITING_SECONDS;

use crate::error::Result;
use crate::house::House;
use crate::maintenance::{EVIDENCE, orphans_of};

/// What became of the files that no catalogue knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leftovers {
    pub removed: u64,
    /// Names of those that may hold what was purged.
    pub unsure: Vec<String>,
}

impl House {
    /// Removes files that no catalogue knows and that hold what was purged.
    pub(super) async fn sweep_leftovers(
        &self,
        forgetting: &Forgetting,
        purged: &HashSet<EvidenceId>,
    ) -> Result<Leftovers> {
        let files = [self.lake.evidence.files()?, self.lake.segments.files()?];
        // The files' own clock, which a house whose time stands still has, too.
        let newest = files.iter().flatten().map(|file| file.written.0).max().unwrap_or(0);
        let orphans = orphans_of(self, &self.ledger.operator_reader()).await?;
        let (packs, segments): (Vec<_>, Vec<_>) = orphans.into_iter().partition(|(folder, _)| *folder == EVIDENCE);
        let mut left = Leftovers::default();
        let mut tags = Vec::new();
        for (_, file) in packs {
            let listed = self.lake.evidence.list(&file.name);
            let holds = listed.map(|places| places.iter().any(|place| purged.contains(&place.evidence)));
            tags.extend(
                file.name
                    .strip_suffix(".pack")
                    .filter(|_| holds.as_ref().is_ok_and(|holds| *holds))
                    .map(|_| format!("-{}", stem(&file.name))),
            );
            match holds {
                Ok(false) => {}
                Err(_) if self.may_be_wanted(&file, newest) => left.unsure.push(file.name),
                Ok(true) | Err(_) => {
                    self.lake.evidence.remove(&file.name)?;
                    left.removed += 1;
                }
            }
        }
        for (_, file) in segments {
            let is_of_removed = tags.iter().any(|tag| stem(&file.name).ends_with(tag));
            if !is_of_removed && segment_ref(&file).is_some_and(|one| matches!(forgetting.concerns(&one), Ok(false))) {
                continue;
            }
            if !is_of_removed && self.may_be_wanted(&file, newest) {
                left.unsure.push(file.name);
                continue;
            }
            self.lake.segments.remove(&file.name)?;
            self.lake.forget(std::slice::from_ref(&file.name));
            left.removed += 1;
        }
        self.lake.segments.sync()?;
        Ok(left)
    }

    /// Whether somebody may still be at work on a file. A rebuild hands in all its files at its end.
    fn may_be_wanted(&self, file: &StoredFile, newest: i64) -> bool {
        let limits = self.limits();
        let seconds = match file.name.contains("-rebuilt-") {
            true => limits.orphan_grace_seconds,
            false => limits.orphan_grace_seconds.min(limits.lock_timeout_ms / 1_000 + WRITING_SECONDS),
        };
        let age = newest.saturating_sub(file.written.0);
        age < i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000)
    }
}

/// A segment by its name, which is table, order and tag; none for an unfinished one.
fn segment_ref(file: &StoredFile) -> Option<SegmentRef> {
    let mut parts = file.name.strip_suffix(".parquet")?.split('-');
    let (table, order) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some(SegmentRef { table, order, path: file.name.clone(), rows: 0, bytes: file.bytes })
}
