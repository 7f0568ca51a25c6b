// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house from outside: real requests to a real house (the demo country), as a stranger and as people with rights.

mod account;
mod attacks;
mod attacks_files;
mod attacks_foreign;
mod attacks_texts;
mod desk;
mod door;
mod pages;
mod questions;
mod strangers;
mod support;
mod triage;
