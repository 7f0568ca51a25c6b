// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which package version has which vulnerability: exactly, with the reason, and fast.

pub mod distro;
mod distro_mark;
mod distro_origin;
pub mod distro_release;
pub mod ecosystem;
pub mod go_version;
mod kubernetes;
pub mod language;
#[cfg(test)]
mod lookup_tests;
pub mod lookups;
pub mod module_stream;
pub mod names;
pub mod rpm_source;
#[cfg(test)]
mod subjects;
pub mod upstream_version;

pub use lookups::{By, Lookup, Lookups, Subject, lookups};
