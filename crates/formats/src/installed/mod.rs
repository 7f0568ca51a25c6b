// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Readers of this family.

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] = &[];
