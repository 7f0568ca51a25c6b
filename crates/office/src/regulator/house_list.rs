// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rules over the house, without asking them: what they are and where they come from.

use serde::Serialize;
use underpin_formats::rulebook::Rule;
use underpin_model::Timestamp;

use super::house_check::{RuleHead, head, in_force};
use super::rulebooks::{Rulebook, shipped, shipped_ids};
use crate::error::{OfficeError, Result};

/// The rules that are shipped and asked of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleList {
    /// The day for which it is said whether they are in force.
    pub as_of: Timestamp,
    /// The rules, book by book.
    pub rows: Vec<RuleRow>,
}

/// A rule in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleRow {
    /// Where it comes from.
    #[serde(flatten)]
    pub head: RuleHead,
    /// What its book is called.
    pub book: String,
    /// The same in German.
    pub book_de: String,
    /// What it asks, in one line.
    pub title: String,
    /// The same in German.
    pub title_de: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// Cases that it is tried on.
    pub cases: usize,
}

impl RuleRow {
    /// Columns of a file.
    pub const FIELDS: &'static [&'static str] = &[
        "rulebook",
        "rule",
        "version",
        "standing",
        "confirmed",
        "demand",
        "clause",
        "source",
        "address",
        "valid_from",
        "valid_until",
        "subject",
        "title",
        "in_force",
        "cases",
    ];
}

/// All rules that are shipped and asked of the house.
///
/// # Errors
/// `rule-refused`, which would be a fault of this program.
pub fn house_rules(at: Timestamp) -> Result<RuleList> {
    let mut rows = Vec::new();
    for book in shipped_ids().map(shipped) {
        let book = book?;
        for rule in book.rules.iter().filter(|rule| rule.subject.is_of_the_house()) {
            rows.push(RuleRow {
                head: head(&book, rule),
                book: book.book.title.en.clone(),
                book_de: book.book.title.de.clone(),
                title: rule.title.en.clone(),
                title_de: rule.title.de.clone(),
                in_force: in_force(&book, rule, at),
                cases: rule
                    .houses
                    .iter()
                    .map(|house| house.met.len() + house.not_met.len() + house.not_assessed.len())
                    .sum(),
            });
        }
    }
    Ok(RuleList { as_of: at, rows })
}

/// A shipped rule over the house, with its book.
///
/// # Errors
/// `no-rulebook`, `no-rule`.
pub fn house_rule(book: &str, name: &str) -> Result<(Rulebook, Rule)> {
    let book = shipped(book)?;
    let rule = book.rules.iter().find(|rule| rule.id == name && rule.subject.is_of_the_house()).cloned();
    let rule = rule.ok_or_else(|| {
        OfficeError::new("no-rule", format!("there is no rule {name:?} over the house in {}", book.book.id))
            .hint("`underpin rules list` shows all, as RULEBOOK/RULE")
    })?;
    Ok((book, rule))
}
