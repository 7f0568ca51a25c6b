// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the law asks of the government and its own software: reporting clocks of incidents, drafts of reports, roles, and what a steward
//! of free software has to show. Nothing here decides that somebody is bound: people say so, and the program counts.

pub mod bundle;
mod clock_rows;
pub mod clocks;
pub mod drafts;
pub mod examples;
pub(crate) mod histories;
pub mod requests;
pub mod roles;
pub mod settings;
pub mod steward;

use underpin_assess::law_sources::{LawSource, source};
use underpin_model::law::{Citation, Seen, Standing};

pub use clocks::{ClockRow, ClocksAnswer, IncidentClocks, StepRow};
pub use drafts::DraftOf;
pub use settings::LawSettings;

/// A text by its key. One that is not in the list is cited as not confirmed: a test sees to it that there is none.
pub(crate) fn citation(key: &str) -> Citation {
    match source(key) {
        Some(found) => cited(found),
        None => Citation {
            key: key.to_owned(),
            title: String::new(),
            place: String::new(),
            link: String::new(),
            standing: Standing::Explanation,
            seen: Seen::NotConfirmed,
            open: "This text is not in the list.".to_owned(),
        },
    }
}

/// Texts by their keys.
pub(crate) fn citations<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<Citation> {
    keys.into_iter().map(citation).collect()
}

fn cited(found: &LawSource) -> Citation {
    Citation {
        key: found.key.to_owned(),
        title: found.title.to_owned(),
        place: found.place.to_owned(),
        link: found.link.to_owned(),
        standing: found.standing,
        seen: found.seen,
        open: found.open.to_owned(),
    }
}
