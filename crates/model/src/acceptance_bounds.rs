// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of judging bills of materials and of contracts, found with all others in [`crate::limits::bounds`].

/// Bytes of a name in a contract: supplier, product, reference.
pub const CONTRACT_FIELD_BYTES: usize = 300;
/// Bytes of what is said of a contract at once.
pub const CONTRACT_TEXT_BYTES: usize = 4_000;
/// Documents that can be delivered under one contract.
pub const CONTRACT_DELIVERIES: usize = 10_000;
/// Forms with files that one link of a contract takes.
pub const DELIVERY_UPLOADS: i64 = 50;
/// Documents of one such form that are judged at once; more are taken and not judged there.
pub const DELIVERED_DOCUMENTS: usize = 20;
/// Days for which a link of a contract is good at most.
pub const DELIVERY_DAYS: i64 = 400;
/// Bytes of what bills of materials state that are judged together; more are judged one batch after another.
pub const JUDGED_BYTES: usize = 768 << 20;
/// Bytes of it in one part of a table: a column of the engine holds at most two gibibytes.
pub const JUDGED_PART_BYTES: usize = 128 << 20;
