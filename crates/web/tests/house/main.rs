// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house from outside: real requests to a real house (the demo country), as a stranger and as people with rights.

mod account;
mod authorisation;
mod compatible;
mod compatible_foreign;
mod compatible_ways;
mod desk;
mod door;
mod foreign;
mod incidents;
mod intake;
mod openid;
mod pages;
mod provider;
mod questions;
mod registry_import;
mod second_factor;
mod strangers;
mod support;
mod tokens;
mod triage;
