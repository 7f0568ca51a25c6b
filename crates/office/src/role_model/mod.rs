// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government as a role model: its own repositories held against the standards that it asks others to keep.

pub mod catalogue;
pub mod catalogue_export;
pub mod check;
pub mod crawl;
pub mod evidence;
pub mod exemptions;
pub mod forge;
pub mod many;
pub mod open_data;
pub mod patch;
pub mod public_catalogue;
pub mod repository_view;
pub mod sarif;
pub mod sources;
pub mod sql_catalogue;
pub mod starter_kit;
pub mod upgrade;
pub mod verify;

pub use crate::elsewhere::SafeTotal;
pub use underpin_assess::catalogue::address_key;
pub use underpin_assess::catalogue::duplicates::Reason as DuplicateReason;
pub use underpin_ledger::{RepositoryChange, TakenRepositories};
