// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CPE names: product names of NIST, a guess at what a package is.

mod frame;

pub use frame::is_cpe;
