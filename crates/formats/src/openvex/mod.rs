// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OpenVEX 0.0.1 to 0.2.0 (github.com/openvex/spec): read and written.

mod read;
#[cfg(test)]
mod read_tests;

mod write;

pub use read::read;
pub use write::write;
