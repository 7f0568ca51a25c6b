// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The internal coordinator: what is used, where exactly, how, and how much of the government the answer covers.

pub mod coverage;
pub mod diff;
pub mod export;
pub mod how;
pub mod query;
pub mod sql;
pub mod usage;
pub mod what;
pub mod where_used;
