// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How far a sync is with a feed, for those who wait for it.

/// What is done with a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is fetched over the network.
    Fetching,
    /// Its records are read and held against what is there.
    Reading,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'s> {
    /// The feed.
    pub feed: &'s str,
    /// What is done with it.
    pub stage: Stage,
    /// Bytes that have come, or were read.
    pub bytes: u64,
    /// Bytes in all, when the host tells.
    pub all_bytes: Option<u64>,
    /// Records that were read, or documents that have come one by one.
    pub records: u64,
    /// Documents in all, where they come one by one.
    pub all_records: Option<u64>,
}
