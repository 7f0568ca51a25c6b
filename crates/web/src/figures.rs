// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures as pages put them together: numbers of the use cases, with where they come from, as of when, as which rows and by which query.

use std::collections::{BTreeSet, HashSet};

use underpin_model::Timestamp;
use underpin_render::charts::{Bar, Bars, Figure, Picture};

use crate::bars;
use crate::error::encoded;
use crate::exports::{self, Format};
use crate::frame::Frame;

/// What is counted by agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Systems.
    Systems,
    /// Findings.
    Findings,
}

impl Counted {
    fn as_str(self) -> &'static str {
        match self {
            Self::Systems => "systems",
            Self::Findings => "findings",
        }
    }
}

/// How many by agency. `base` is the address before the identifier; `measure` the key of what is measured.
pub fn by_agency(
    frame: &Frame,
    as_of: Timestamp,
    (counted, measure): (Counted, &str),
    rows: &[bars::Bar],
    (base, sql): (&str, String),
) -> Figure {
    let bar =
        |row: &bars::Bar| Bar { name: row.name.clone(), count: row.count, href: format!("{base}{}", encoded(&row.id)) };
    let bars = Bars { of: frame.t("agency"), counted: frame.t(counted.as_str()), bars: rows.iter().map(bar).collect() };
    Figure {
        id: "by-agency",
        headline: bars.headline(frame.language, counted.as_str()),
        subtitle: frame.t(measure),
        source: frame.t(match counted {
            Counted::Systems => "chart-source-inventory",
            Counted::Findings => "chart-source-findings",
        }),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql,
        language: frame.language,
        picture: Picture::Bars(bars),
    }
}

/// A text in SQL.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Texts in SQL, for `IN`.
pub fn any_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    // Few texts stand in many rows: each is quoted once.
    let texts: BTreeSet<&str> = texts.into_iter().collect::<HashSet<_>>().into_iter().collect();
    texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(quoted("it's; --"), "'it''s; --'");
        assert_eq!(any_of(["b", "a", "b"]), "'a', 'b'");
    }
}
