// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files in which projects speak of money and of themselves: `funding.json` (FLOSS/fund, version 1), GitHub's `FUNDING.yml`, accounts as
//! a table, and SECURITY-INSIGHTS (OpenSSF, versions 1 and 2).
//!
//! What is kept is about the project: platforms, kinds, amounts, and addresses that name nothing but the project. Accounts, names and
//! mail addresses are left out here, before anything is written down, because each of them may be a person's; that something was left
//! out is counted as a gap.

mod accounts;
mod addresses;
mod amounts;
mod funding_json;
mod funding_yml;
mod insights;

use serde_json::Value as Json;
use underpin_model::limits::bounds::FUNDING_ENTRIES;
use underpin_model::project_money::{FundingFile, FundingForm, MoneyGap};

pub(crate) use accounts::is_organisation;
pub use addresses::About;
pub use insights::{Declared, declared};

/// Why a file says nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is not of its form.
    #[error("it is no {0}")]
    NotOfItsForm(&'static str),
}

/// Reads a file.
///
/// # Errors
/// When it is not of the form at all; what of it cannot be read is a gap.
pub fn read(form: FundingForm, text: &str, about: &About<'_>) -> Result<FundingFile, Unread> {
    let text = text.trim_start_matches('\u{feff}');
    let mut file = match form {
        FundingForm::FundingJson => funding_json::read(text, about),
        FundingForm::FundingYml => funding_yml::read(text, about),
        FundingForm::Accounts => accounts::read(text, about),
    }?;
    let beyond = [cut(&mut file.doors), cut(&mut file.wishes), cut(&mut file.flows)].iter().sum();
    file.miss_many(MoneyGap::BeyondLimits, beyond);
    file.gaps.sort_unstable();
    Ok(file)
}

/// A file that could not be read, as such: it is there, and what it says is not known.
pub fn not_understood(form: FundingForm) -> FundingFile {
    let mut file = FundingFile { form, ..FundingFile::default() };
    file.miss(MoneyGap::NotUnderstood);
    file
}

/// Cuts a list to what is kept; how many are not.
fn cut<T>(list: &mut Vec<T>) -> usize {
    let beyond = list.len().saturating_sub(FUNDING_ENTRIES);
    list.truncate(FUNDING_ENTRIES);
    beyond
}

/// A list; one value alone is a list of one, and nothing is an empty one.
fn list(value: Option<&Json>) -> Vec<&Json> {
    match value {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(values)) => values.iter().collect(),
        Some(one) => vec![one],
    }
}

/// A text that says something.
fn word(value: Option<&Json>) -> Option<&str> {
    value.and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
