// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures as pages put them together: numbers of the use cases, with where they come from, as of when, as which rows and by which query.

use std::collections::{BTreeSet, HashSet};

use underpin_model::Timestamp;
use underpin_office::watch::tallies::{BySeverity, COUNTED_SEVERITIES};
use underpin_render::charts::{Bar, Bars, Figure, Picture, Slope, SlopeLine};

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

/// Open findings by severity, then and now. `list` is the address of the list behind them, up to where another filter may stand.
pub fn then_and_now(
    frame: &Frame,
    (since, until): (Timestamp, Timestamp),
    (then, now): (BySeverity, BySeverity),
    (list, csv_href, sql): (&str, String, String),
) -> Figure {
    let line = |(place, counts): (usize, (u64, u64))| match COUNTED_SEVERITIES.get(place) {
        Some(word) => SlopeLine { name: frame.word("level", word), counts, href: format!("{list}severity=%3D{word}") },
        // The list has no filter for all the others together.
        None => {
            let href = list.trim_end_matches(['?', '&']).to_owned();
            SlopeLine { name: frame.t("changes-no-severity"), counts, href }
        }
    };
    let slope = Slope {
        of: frame.t("severity"),
        then: frame.day(&since),
        now: frame.day(&until),
        lines: then.into_iter().zip(now).enumerate().map(line).collect(),
    };
    Figure {
        id: "then-and-now",
        headline: slope.headline(frame.language),
        subtitle: frame.t("changes-by-severity"),
        source: frame.t("chart-source-findings"),
        as_of: until,
        csv_href,
        sql,
        language: frame.language,
        picture: Picture::Slope(slope),
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
