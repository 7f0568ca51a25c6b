// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The annual report: numbers, each with the page and the command by which it is asked for again.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::registry::Classification;
use crate::watch::Tlp;
use crate::words::words;

words!(
    /// A part of the annual report.
    AnnualSection { #[default] Mandate "mandate", Roles "roles", Inventory "inventory", Incidents "incidents",
        Rules "rules", RoleModel "role-model", Support "support", Listening "listening", Unknown "unknown", }
);
words!(
    /// A guideline that the office keeps towards the people who make open source.
    Guideline { #[default] Respect "respect", Cooperation "cooperation", Collaboration "collaboration",
        Sincerity "sincerity", }
);

/// A number of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AnnualLine {
    /// The part it belongs to.
    pub section: AnnualSection,
    /// What is counted, as a word.
    pub code: String,
    /// How many; `None` where that is not known, or not for the reader.
    pub count: Option<u64>,
    /// Of how many, where that is meant.
    pub of: Option<u64>,
    /// Whether it is money, in cents.
    pub is_money: bool,
    /// The page where its rows stand, as of the same moment.
    pub href: String,
    /// The command that gives them.
    pub command: String,
}

/// The report of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AnnualReport {
    /// The year.
    pub year: u16,
    /// Its first moment.
    pub from: Timestamp,
    /// The moment it is about: the end of the year, or earlier while the year runs.
    pub until: Timestamp,
    /// Whether the year is not over.
    pub is_running: bool,
    /// How far it may be passed on: the strictest of what is counted in it.
    pub tlp: Tlp,
    /// With whose eyes it was counted: what lies above this classification, or in a compartment of others, is not in it.
    pub clearance: Classification,
    /// The command that gives the same report again.
    pub command: String,
    /// Its numbers, part by part.
    pub rows: Vec<AnnualLine>,
}
