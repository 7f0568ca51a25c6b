// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of waivers of rules, found with all others in [`crate::limits::bounds`].

/// Days that a waiver holds at most, where its rule says nothing else …
pub const WAIVER_DAYS: i64 = 366;
/// … and that a rule can say.
pub const WAIVER_RULE_DAYS: i64 = 3_653;
/// Bytes of each text of a waiver.
pub const WAIVER_TEXT_BYTES: usize = 4_000;
/// Bytes of the name of what a waiver is about.
pub const WAIVER_ABOUT_BYTES: usize = 2_000;
