// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government as a role model: its own repositories held against the standards that it asks others to keep.

pub mod check;
pub mod evidence;
pub mod forge;
pub mod many;
pub mod open_data;
pub mod patch;
pub mod sarif;
pub mod starter_kit;
pub mod upgrade;
pub mod verify;
