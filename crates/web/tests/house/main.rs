// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house from outside: real requests to a real house (the demo country), as a stranger and as people with rights.

mod account;
mod api_asked;
mod api_faults;
mod api_pages;
mod api_rights;
mod api_schema;
mod api_walk;
mod attacks;
mod attacks_files;
mod attacks_foreign;
mod attacks_slow;
mod attacks_table;
mod attacks_texts;
mod authorisation;
mod compatible;
mod compatible_foreign;
mod compatible_ways;
mod design;
mod desk;
mod documents;
mod door;
mod drills;
mod engagements;
mod fold;
mod foreign;
mod glossary;
mod incidents;
mod intake;
mod leaks;
mod leaks_behind;
mod mail_alone;
mod offers;
mod openid;
mod pace;
mod pages;
mod past;
mod plans;
mod post;
mod promises;
mod provider;
mod publications;
mod questions;
mod reads;
mod registry_import;
mod registry_rules;
mod second_factor;
mod strangers;
mod support;
mod systems;
mod tokens;
mod triage;
mod upstream;
