// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of speaking with an object store: they fit every provider, so they are no settings.

/// Bytes that go to or come from the store in one request. Providers take parts from five mebibytes on.
pub const STORE_PART_BYTES: u64 = 8 << 20;
/// Parts of one file: providers take 10,000. Parts of larger files are larger.
pub const STORE_PARTS: u64 = 9_000;
/// Parts of one file that are under way at a time.
pub const STORE_PARTS_AT_ONCE: usize = 4;
/// Files that one question fetches at a time.
pub const STORE_FILES_AT_ONCE: usize = 8;
/// Seconds that a connection to the store may take …
pub const STORE_CONNECT_SECONDS: u64 = 5;
/// … and a request with its answer: slow lines take a part in that time.
pub const STORE_REQUEST_SECONDS: u64 = 30;
/// Milliseconds before a request that failed in passing is made again, the first time …
pub const STORE_PAUSE_SHORTEST_MS: u64 = 100;
/// … and after many times.
pub const STORE_PAUSE_LONGEST_MS: u64 = 2_000;
/// Seconds after which an unfinished file in the cache belongs to work that was cut off.
pub const STORE_UNFINISHED_SECONDS: u64 = 86_400;
/// Originals of one pack that are fetched one by one; for the next one the whole pack is.
pub const STORE_SINGLE_READS: u32 = 3;
/// Packs for which it is remembered how often.
pub const STORE_SINGLE_PACKS: usize = 10_000;
