// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house from outside: real requests to a real house (the demo country), as a stranger and as people with rights.

mod account;
mod attacks;
mod attacks_files;
mod attacks_foreign;
mod attacks_slow;
mod attacks_table;
mod attacks_texts;
mod authorisation;
mod desk;
mod door;
mod foreign;
mod incidents;
mod pages;
mod questions;
mod registry_import;
mod second_factor;
mod strangers;
mod support;
mod tokens;
mod triage;
