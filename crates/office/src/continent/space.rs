// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a continent takes on disk, and whether there is room for it. Nobody should learn after an hour that there is none.

use std::path::Path;

use super::plan::ContinentPlan;
use crate::error::{OfficeError, Result};

/// Bytes of one use: two orders of its row, and of the row of its licence.
const BYTES_OF_A_USE: u64 = 36;
/// Bytes of one document: catalogue, binding, evidence, and the rows about it.
const BYTES_OF_A_DOCUMENT: u64 = 2_200;
/// Bytes of one system with its deployments.
const BYTES_OF_A_SYSTEM: u64 = 2_600;
/// Bytes of feeds, index and an empty house.
const BYTES_OF_A_HOUSE: u64 = 60_000_000;

/// Bytes in the end, and bytes beside them while a province of so many uses is put together.
pub(super) fn expected(plan: &ContinentPlan, province_uses: u64) -> (u64, u64) {
    let bytes = [
        plan.occurrences.saturating_mul(BYTES_OF_A_USE),
        plan.documents.saturating_mul(BYTES_OF_A_DOCUMENT),
        plan.systems.saturating_mul(BYTES_OF_A_SYSTEM),
        BYTES_OF_A_HOUSE,
    ];
    let beside = province_uses.min(plan.occurrences).saturating_mul(BYTES_OF_A_USE);
    (bytes.into_iter().fold(0, u64::saturating_add), beside)
}

/// Bytes that are free for us in this folder, where the file system tells.
pub(super) fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Refuses what has no room. Of a continent that goes on, only the rest is needed.
pub(super) fn check(plan: &ContinentPlan, found_systems: u64) -> Result<()> {
    let Some(free) = plan.bytes_free else { return Ok(()) };
    let rest = u128::from(plan.bytes_expected) * u128::from(plan.systems.saturating_sub(found_systems));
    let rest = u64::try_from(rest / u128::from(plan.systems.max(1))).unwrap_or(u64::MAX);
    let needed = rest.saturating_add(plan.bytes_beside);
    if needed <= free {
        return Ok(());
    }
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let message = format!("this continent needs about {} and {} are free", gigabytes(needed), gigabytes(free));
    Err(OfficeError::new("disk-too-small", message)
        .hint("name fewer systems with --systems, or a larger disk with --data or --store; nothing was written"))
}
