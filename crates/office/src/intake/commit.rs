// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The last step of a batch, where other processes do the same at the same moment: a number of a package has one name in the end.
//!
//! Numbers are given before the commit, by what the dictionary holds then. So the ledger is told up to which segment the dictionary was
//! looked at, and refuses when there is a newer one; that is looked at then, and the commit tried again.

use underpin_ledger::{Batch, Committed, LedgerError, NewSegment, Writer};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::DICTIONARY_TRIES;

use super::numbers::Numbers;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// The table in which a number has one name.
const DICTIONARY: &str = "package_version";

/// Commits a batch.
///
/// # Errors
/// `numbers-taken` when another process gave a number to another name meanwhile; `dictionary-moved` when others were faster every time;
/// what the ledger says.
pub async fn commit(
    house: &House,
    numbers: &Numbers,
    writer: &Writer,
    at: Timestamp,
    mut batch: Batch,
) -> Result<Committed> {
    let is_of_dictionary = |segment: &&NewSegment| segment.table == DICTIONARY;
    if !batch.segments.iter().any(|segment| is_of_dictionary(&segment)) {
        return Ok(writer.commit_batch(at, batch).await?);
    }
    for _ in 0..DICTIONARY_TRIES {
        let known = house.ledger.operator_reader().dictionary_segments().await?;
        if numbers.catch_up(&house.lake, &known)? {
            let message = "another process gave a number of a package to another name at the same moment";
            return Err(OfficeError::new("numbers-taken", message).hint("run the same again: what is in stays in"));
        }
        numbers.wrote(batch.segments.iter().filter(is_of_dictionary).map(|segment| &segment.path));
        batch.dictionary = Some(known.iter().map(|segment| segment.id).max().unwrap_or_default());
        match writer.commit_batch(at, batch.clone()).await {
            Err(LedgerError::DictionaryMoved) => {}
            committed => return Ok(committed?),
        }
    }
    Err(LedgerError::DictionaryMoved.into())
}
