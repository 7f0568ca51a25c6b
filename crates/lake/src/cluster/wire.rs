// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How the leaf of a plan is written down. Sets of documents travel as their bits, numbers of package versions as eight bytes each.

use std::sync::Arc;

use datafusion::common::plan_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::physical_plan::ExecutionPlan;
use prost::Message as _;

use super::shipped::ShippedRows;
use crate::exec::Keep;
use crate::schema::Table;
use crate::visible::DocumentSet;

/// What the leaf of ours begins with; a step of the engine's own never does.
const MARK: &[u8] = b"underpin rows 1\n";
/// Bytes of a number.
const NUMBER_BYTES: usize = 8;

#[derive(Clone, PartialEq, prost::Message)]
struct Rows {
    #[prost(string, tag = "1")]
    table: String,
    #[prost(string, tag = "2")]
    store: String,
    #[prost(oneof = "Kept", tags = "3, 4, 5, 6")]
    keep: Option<Kept>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum Kept {
    /// All rows.
    #[prost(bool, tag = "3")]
    All(bool),
    /// Rows of these documents.
    #[prost(bytes, tag = "4")]
    Documents(Vec<u8>),
    /// Each package version once.
    #[prost(bool, tag = "5")]
    AllVersions(bool),
    /// Each of these package versions once.
    #[prost(bytes, tag = "6")]
    Versions(Vec<u8>),
}

/// Writes down the leaf.
pub(super) fn write(rows: &ShippedRows, buffer: &mut Vec<u8>) -> Result<()> {
    let keep = match &rows.keep {
        Keep::All => Kept::All(true),
        Keep::Documents(visible) => Kept::Documents(visible.to_bytes()),
        Keep::Versions(None) => Kept::AllVersions(true),
        Keep::Versions(Some(seen)) => Kept::Versions(seen.iter().flat_map(|number| number.to_le_bytes()).collect()),
    };
    let message = Rows { table: rows.table.name.to_owned(), store: rows.store.to_string(), keep: Some(keep) };
    buffer.extend_from_slice(MARK);
    message.encode(buffer).map_err(|error| DataFusionError::External(Box::new(error)))
}

/// Reads a leaf back; none when it is no leaf of ours.
pub(super) fn read(bytes: &[u8], inputs: &[Arc<dyn ExecutionPlan>]) -> Result<Option<ShippedRows>> {
    let Some(bytes) = bytes.strip_prefix(MARK) else { return Ok(None) };
    let message = Rows::decode(bytes).map_err(|error| DataFusionError::External(Box::new(error)))?;
    let (Some(table), [input]) = (Table::named(&message.table), inputs) else {
        return plan_err!("a leaf of a plan is not complete");
    };
    let keep = match message.keep {
        Some(Kept::All(true)) => Keep::All,
        Some(Kept::Documents(bytes)) => match DocumentSet::from_bytes(&bytes) {
            Some(visible) => Keep::Documents(Arc::new(visible)),
            None => return plan_err!("a set of documents is not complete"),
        },
        Some(Kept::AllVersions(true)) => Keep::Versions(None),
        Some(Kept::Versions(bytes)) => Keep::Versions(Some(numbers(&bytes)?.into())),
        // Deny is the default: what says nothing of who may see it is no plan.
        _ => return plan_err!("a leaf of a plan does not say what may be seen"),
    };
    ShippedRows::new(table, message.store.into(), keep, Arc::clone(input)).map(Some)
}

/// Sorted numbers.
fn numbers(bytes: &[u8]) -> Result<Vec<i64>> {
    let (numbers, rest) = bytes.as_chunks::<NUMBER_BYTES>();
    let numbers: Vec<i64> = numbers.iter().map(|number| i64::from_le_bytes(*number)).collect();
    if !rest.is_empty() || !numbers.is_sorted() {
        return plan_err!("numbers of package versions are not complete");
    }
    Ok(numbers)
}
