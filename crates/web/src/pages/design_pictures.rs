// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every kind of picture in every state, for `/_design`. The numbers are made up.

use underpin_model::Timestamp;
use underpin_render::charts::{Bar, Bars, Figure, Line, Picture, Point, Stacked, StackedBar, Target, Tick};
use underpin_render::{Language, text};

use super::design_more;

/// A moment in a country that does not exist: 2 March 2026, 09:00 UTC.
pub const MOMENT: Timestamp = Timestamp(1_772_442_000_000_000);
/// Agencies: a short name, a long one, one from the right to the left.
pub const AGENCIES: [(&str, u64); 5] = [
    ("Treasury", 41),
    ("Ministry of the Interior, Building, Community and Digital Affairs", 17),
    ("وزارة الداخلية", 9),
    ("Archive", 1),
    ("Nobody", 0),
];

/// All of them.
pub fn all(language: Language) -> Vec<Figure> {
    let bars = |count: usize| {
        let bar = |place: usize| {
            let (name, count) = AGENCIES[place % AGENCIES.len()];
            let name = if place < AGENCIES.len() { name.to_owned() } else { format!("{name} {place}") };
            Bar { name, count: count * 13 / (place as u64 + 1), href: "/_design".to_owned() }
        };
        Bars { of: word(language, "agency"), counted: word(language, "systems"), bars: (0..count).map(bar).collect() }
    };
    let mut all = vec![];
    for (id, count) in [("bars-some", 5), ("bars-many", 40), ("bars-none", 0)] {
        let bars = bars(count);
        let headline = bars.headline(language, "systems");
        all.push(figure(language, id, "find-by-agency", headline, Picture::Bars(bars)));
    }
    let course = [Some(243), Some(241), Some(228), Some(163), Some(130), Some(88), Some(74), Some(93)];
    let gap = [Some(12), Some(14), None, None, Some(9), Some(9), Some(8), Some(3)];
    for (id, counts, target) in [
        ("line-burn-down", &course[..], Some((243, 0))),
        ("line-gap", &gap[..], Some((5, 5))),
        ("line-one", &course[..1], None),
        ("line-none", &[][..], None),
    ] {
        let line = line(language, counts, target);
        all.push(figure(language, id, "affected-systems", line.headline(language), Picture::Line(line)));
    }
    let parts = ["coverage-known", "coverage-stale", "coverage-blind", "coverage-unknown"];
    let bar = |(place, (name, count)): (usize, &(&str, u64))| StackedBar {
        name: (*name).to_owned(),
        counts: vec![*count, count / 2, place as u64, count / 3],
        href: "/_design".to_owned(),
    };
    let stacked = Stacked {
        of: word(language, "agency"),
        parts: parts.map(|key| word(language, key)).to_vec(),
        bars: AGENCIES.iter().enumerate().map(bar).collect(),
    };
    all.push(figure(language, "stacked", "systems", word(language, "what-is-known"), Picture::Stacked(stacked)));
    all.extend(design_more::all(language));
    all
}

/// A word of the pages.
pub fn word(language: Language, key: &str) -> String {
    text(language, key, &[])
}

/// A picture with all that belongs to it.
pub fn figure(language: Language, id: &'static str, measure: &str, headline: String, picture: Picture) -> Figure {
    Figure {
        id,
        headline,
        subtitle: word(language, measure),
        source: word(language, "chart-source-inventory"),
        as_of: MOMENT,
        csv_href: "/_design".to_owned(),
        sql: "SELECT agency, count(DISTINCT system) AS systems FROM use GROUP BY agency".to_owned(),
        language,
        picture,
    }
}

fn line(language: Language, counts: &[Option<u64>], target: Option<(u64, u64)>) -> Line {
    let point = |(place, count): (usize, &Option<u64>)| Point {
        x: place as f64 * 6.0,
        when: format!("{} h", place * 6),
        count: *count,
        ..Point::default()
    };
    Line {
        of: word(language, "as-of"),
        counted: word(language, "affected-systems"),
        label: word(language, "affected-systems").to_lowercase(),
        points: counts.iter().enumerate().map(point).collect(),
        target: target.map(|(from, until)| Target { name: "72 h".to_owned(), from: (0.0, from), until: (72.0, until) }),
        ticks: (0..=3).map(|place| Tick { x: f64::from(place) * 24.0, text: format!("{} h", place * 24) }).collect(),
        ..Line::default()
    }
}
