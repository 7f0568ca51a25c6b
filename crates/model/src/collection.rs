// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every file that leaves the office says about itself.

/// Each part may be harmless, and all of them together a map for an attacker. In English and in letters that a header can hold: it is
/// for programs and for whoever stores the file. Pages and reports say it in their reader's language.
pub const COLLECTION_NOTE: &str = "This is an extract of a collection. The collection as a whole may be classified above its parts; mark and keep this file accordingly.";
