// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keeping the house: making the facts again, copies for bad days, and a look at whether all is well.

pub mod backup;
pub mod doctor;
mod doctor_files;
mod doctor_surroundings;
mod fingerprint;
pub mod flow;
mod manifest;
pub mod rebuild;
mod rebuild_work;
pub mod restore;

pub use fingerprint::{Answers, Difference};
