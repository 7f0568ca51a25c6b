// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the files of the newest commit say about money, and which addresses the project declares for itself.

use underpin_formats::project_money::{About, declared, not_understood, read};
use underpin_model::project_money::PublishedFacts;
use underpin_model::signals::Ignorance;

use crate::clone::GitClone;
use crate::community::FUNDING;
use crate::tip::{Tip, Topic};

/// Reads the fixed places of the newest commit, through the objects of the clone: its work tree is not looked at. `about` is the
/// project that the clone is. Nothing where the clone has no commit that can be read; a file that is no such file is one with a gap.
pub fn published(clone: &GitClone, about: &About<'_>) -> PublishedFacts {
    let Ok(tip) = Tip::read(clone, clone.tip()) else { return PublishedFacts::default() };
    let mut found = PublishedFacts::default();
    for (topic, form) in FUNDING {
        match tip.text(*topic) {
            Ok((_, text)) => found.funding.push(read(*form, &text, about).unwrap_or_else(|_| not_understood(*form))),
            Err(Ignorance::NotInClone) if tip.find(*topic).is_none() => {}
            Err(_) => found.funding.push(not_understood(*form)),
        }
    }
    if let Ok((_, text)) = tip.text(Topic::Insights) {
        let declared = declared(Ok(&text), about);
        found.addresses = declared.addresses;
        found.addresses_withheld = u32::try_from(declared.withheld).unwrap_or(u32::MAX);
    }
    found
}
