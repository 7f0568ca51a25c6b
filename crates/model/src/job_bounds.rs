// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of work that any process of a house may do.

/// Days for which it is kept that a job was done.
pub const JOBS_KEPT_DAYS: i64 = 30;
/// Seconds after which a job that is due and that nobody takes counts as standing still.
pub const JOBS_LATE_SECONDS: i64 = 900;
/// Files of one piece of an intake that is spread over processes, about …
pub const SPREAD_FILES: usize = 256;
/// … as long as a batch falls into no more pieces than this.
pub const SPREAD_RANGES: usize = 16;
/// Seconds for which whoever hands in waits for room when nobody takes anything.
pub const SPREAD_STILL_SECONDS: u64 = 600;
/// How often a batch is committed anew because another process brought package versions meanwhile.
pub const DICTIONARY_TRIES: u32 = 100;
