// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From packages to projects: which upstream repository is a package made in?
//!
//! What documents say is read as an address ([`address`]) and, with what the package URL itself says, put together to one project a
//! package ([`assign`]): with where it was said, how sure that is, and what else was said.

pub mod address;
pub mod assign;
pub mod names;

pub use address::{Address, AddressKind};
pub use assign::{Assignment, Said, Source, assign};
pub use names::Names;
