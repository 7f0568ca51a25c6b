// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's compass: by which mandate it works, which roles it has taken on, whom it heard before, how it keeps its own guidelines,
//! and what it tells about that each year.

pub mod annual;
pub mod consultations;
mod facts;
pub mod guidelines;
pub mod mandate;
pub mod prerequisites;
pub mod public_consultations;
pub mod roles;

pub(crate) use facts::Known;
pub use underpin_ledger::ConsultationChange;
