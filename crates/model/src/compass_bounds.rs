// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of the office's compass: mandate, roles, consultations.

/// Bytes of a line of the mandate, and of a reason in public words.
pub const COMPASS_FIELD_BYTES: usize = 2_000;
/// Agreements with agencies.
pub const MANDATE_AGREEMENTS: usize = 5_000;
/// Bytes of the draft that a consultation puts to everybody, in one language.
pub const CONSULTATION_TEXT_BYTES: usize = 100_000;
/// Bytes of its title.
pub const CONSULTATION_TITLE_BYTES: usize = 300;
/// Bytes of a comment …
pub const COMMENT_BYTES: usize = 8_000;
/// … and of the name beside it.
pub const COMMENT_NAME_BYTES: usize = 200;
/// Comments on one consultation that wait or are shown …
pub const CONSULTATION_COMMENTS: usize = 5_000;
/// … of which so many may wait to be looked at; whoever comes beyond is asked to come again.
pub const COMMENTS_WAITING: usize = 300;
/// … and so many of these from one network address.
pub const COMMENTS_WAITING_OF_ONE: i64 = 20;
/// Kinds of people who were heard.
pub const HEARD_GROUPS: usize = 20;
/// Days that a consultation is open at least.
pub const CONSULTATION_DAYS: i64 = 7;
/// Bytes of a file that a consultation is drafted from.
pub const CONSULTATION_FILE_BYTES: u64 = 1 << 20;
