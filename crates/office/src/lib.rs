// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The use cases of the office. The only place where ledger, lake, formats and the pure verbs meet.
//!
//! Architecture invariant: everything here takes the time and the viewer as parameters, and knows nothing of command
//! lines or web pages. Answers are plain values; `cli` and `web` render them.

pub mod coordinator;
pub mod error;
pub mod house;
pub mod intake;
pub mod maintenance;

pub use error::{OfficeError, Result};
pub use house::{Desk, House, Settings};
