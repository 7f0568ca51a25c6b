// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All pictures with hostile numbers and names: no words overlap, none stand outside, none are too small, and nothing becomes markup.

use std::collections::BTreeSet;

use super::canvas::{Area, Canvas, Label, Width, escaped};
use super::*;
use crate::Language;

/// The narrowest place, in pixels, at which each layout is shown (see the style of the house).
const NARROWEST: [(Width, f64); 2] = [(Width::Wide, 544.0), (Width::Narrow, 262.0)];
/// Words are at least this big there, in pixels.
const SMALLEST: f64 = 11.0;

pub(super) const NAMES: [&str; 9] = [
    "Tax Agency",
    "Ministry of the Interior, Building, Community, Digital Affairs and Everything Else That Nobody Wanted",
    "وزارة الداخلية والشؤون الرقمية",
    "👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻",
    "</text><script>alert(1)</script>\"'&",
    "\u{202e}desrever\u{0}",
    "",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "内政部デジタル庁行政管理局情報システム管理室",
];
pub(super) const COUNTS: [u64; 8] = [0, 1, 7, 999, 1_000_000, 12_345_678, u64::MAX, 3];
const SIZES: [usize; 6] = [0, 1, 2, 9, 40, 400];

pub(super) fn name(place: usize) -> String {
    let name = NAMES[place % NAMES.len()];
    if place < NAMES.len() { name.to_owned() } else { format!("{name} {place}") }
}

pub(super) fn count(place: usize) -> u64 {
    COUNTS[place % COUNTS.len()]
}

fn bars(size: usize) -> Picture {
    let href = |place: usize| if place.is_multiple_of(2) { String::new() } else { "/x?a=1&b=\"".to_owned() };
    let bar = |place| Bar { name: name(place), count: count(place), href: href(place) };
    Picture::Bars(Bars { of: "Agency".into(), counted: "Systems".into(), bars: (0..size).map(bar).collect() })
}

fn stacked(size: usize) -> Picture {
    let parts = [1, 2, 3, 6].map(|place| NAMES[place].to_owned()).to_vec();
    let bar = |place: usize| StackedBar {
        name: name(place),
        counts: (0..place % 5).map(|part| count(place + part)).collect(),
        href: if place.is_multiple_of(2) { String::new() } else { "/x".to_owned() },
    };
    Picture::Stacked(Stacked { of: "Agency".into(), parts, bars: (0..size).map(bar).collect() })
}

fn line(size: usize, target: Option<(u64, u64)>) -> Picture {
    let point = |place: usize| Point {
        x: place as f64,
        when: format!("{} {place}", NAMES[place % 3]),
        count: (place % 5 != 3).then(|| count(place)),
        ..Point::default()
    };
    let target = target.map(|(from, until)| Target {
        name: NAMES[size % NAMES.len()].to_owned(),
        from: (0.0, from),
        until: (size as f64 * 1.5, until),
    });
    Picture::Line(Line {
        of: "Week".into(),
        counted: "Systems".into(),
        label: NAMES[(size + 1) % NAMES.len()].to_owned(),
        points: (0..size).map(point).collect(),
        target,
        ticks: (0..size).map(|place| Tick { x: place as f64, text: format!("{place} November 2026") }).collect(),
        ..Line::default()
    })
}

fn layered(size: usize) -> Picture {
    let node = |place: usize| Node {
        name: name(place),
        href: if place.is_multiple_of(2) { String::new() } else { "/x?a=1&b=\"".to_owned() },
        depth: (place % 9 != 8).then_some(place as u32 % 9),
        findings: if place.is_multiple_of(4) { count(place) } else { 0 },
    };
    let edges = (0..size).flat_map(|from| [(from, from + 1), (from, (from * 7 + 1) % size), (from, size + 9)]);
    Picture::Layered(Layered { nodes: (0..size).map(node).collect(), edges: edges.collect() })
}

fn versions(size: usize) -> Picture {
    let version = |place: usize| Version {
        name: name(place),
        count: count(place + 2),
        findings: if place.is_multiple_of(3) { count(place) } else { 0 },
        href: if place.is_multiple_of(2) { String::new() } else { "/x?a=1&b=\"".to_owned() },
    };
    let versions = (0..size).map(version).collect();
    Picture::Versions(Versions { of: "Version".into(), counted: NAMES[1].into(), marked: "Findings".into(), versions })
}

fn matrix(size: usize) -> Picture {
    let row = |place: usize| MatrixRow {
        name: name(place),
        whole: count(place + 3),
        cells: (0..place % 7).map(|kind| (count(place + kind), "/x?a=1&b=\"".to_owned())).collect(),
        href: if place.is_multiple_of(2) { String::new() } else { "/x".to_owned() },
    };
    let kinds = [1, 2, 3, 0, 4].map(|place| NAMES[place].to_owned()).to_vec();
    let rows = (0..size).map(row).collect();
    Picture::Matrix(Matrix { of: "Agency".into(), whole: "Systems".into(), kinds, last_is_bad: true, rows })
}

fn slope(size: usize) -> Picture {
    let line = |place: usize| SlopeLine {
        name: name(place),
        counts: (count(place), count(place * 3 + 1)),
        href: if place.is_multiple_of(2) { String::new() } else { "/x".to_owned() },
    };
    let (then, now) = (NAMES[1].to_owned(), NAMES[7].to_owned());
    Picture::Slope(Slope { of: "Severity".into(), then, now, lines: (0..size).map(line).collect() })
}

fn dumbbell(size: usize) -> Picture {
    let line = |place: usize| DumbbellLine {
        name: name(place),
        all: count(place + 5),
        counts: (count(place), count(place * 3 + 1)),
        href: if place.is_multiple_of(2) { String::new() } else { "/x?a=1&b=\"".to_owned() },
    };
    let (before, after) = (NAMES[1].to_owned(), NAMES[7].to_owned());
    let lines = (0..size).map(line).collect();
    Picture::Dumbbell(Dumbbell { of: "Agency".into(), all: NAMES[2].to_owned(), before, after, lines })
}

fn track(size: usize) -> Picture {
    let step = |place: usize| TrackStep { name: name(place), is_done: place.is_multiple_of(2), note: name(place + 1) };
    let places: Vec<usize> = (0..size).collect();
    let lane = |places: &[usize]| Lane {
        name: name(places.len()),
        is_sequence: places.len() > 1,
        steps: places.iter().map(|place| step(*place)).collect(),
    };
    let lanes = places.chunks(3).map(lane).collect();
    Picture::Track(Track { of: "Lane".into(), step: "Step".into(), stands: "Day".into(), lanes })
}

fn growth(size: usize) -> Picture {
    let measured = |place: usize| Measured {
        size: count(place + 1),
        name: name(place),
        value: count(place * 3),
        told: name(place + 2),
        fitted: name(place + 1),
    };
    let expected = |place: usize| Expected {
        size: count(place + 6),
        name: name(place),
        value: count(place + 4),
        low: count(place),
        high: count(place + 6),
        told: name(place + 1),
        range: name(place + 2),
    };
    let mark = |place: usize| Mark { at: 10_u64.saturating_pow(place as u32), text: format!("10^{place} uses") };
    Picture::Growth(Growth {
        of: "Uses".into(),
        counted: NAMES[1].into(),
        measured: (0..size).map(measured).collect(),
        curve: (0..size).map(|place| (count(place), count(place + 2))).collect(),
        expected: (!size.is_multiple_of(2)).then(|| expected(size)),
        across: (0..size).map(mark).collect(),
        up: (0..size).map(|place| Mark { text: name(place), ..mark(place) }).collect(),
    })
}

fn strips(size: usize) -> Picture {
    let dot = |place: usize| StripDot {
        name: name(place),
        strip: place % 6,
        amount: [count(place), count(place * 3 + 1), count(place + 4)],
        known: (place as u64 % 7, if place.is_multiple_of(9) { 0 } else { 5 }),
        href: if place.is_multiple_of(2) { String::new() } else { "/x?a=1&b=\"".to_owned() },
    };
    Picture::Strips(Strips {
        of: "Project".into(),
        counted: NAMES[1].into(),
        kind: "Class".into(),
        evidence: "Evidence".into(),
        strips: [1, 2, 6, 7, 3].map(|place| NAMES[place].to_owned()).to_vec(),
        is_last_apart: size.is_multiple_of(2),
        dots: (0..size).map(dot).collect(),
    })
}

/// Every picture with every kind of hostile numbers.
pub(super) fn hostile() -> Vec<(String, Picture)> {
    let mut all = Vec::new();
    for size in SIZES {
        all.push((format!("bars {size}"), bars(size)));
        all.push((format!("stacked {size}"), stacked(size)));
        all.push((format!("layered {size}"), layered(size)));
        all.push((format!("versions {size}"), versions(size)));
        all.push((format!("matrix {size}"), matrix(size)));
        all.push((format!("slope {size}"), slope(size)));
        all.push((format!("dumbbell {size}"), dumbbell(size)));
        all.push((format!("track {size}"), track(size)));
        all.push((format!("strips {size}"), strips(size)));
        all.push((format!("growth {size}"), growth(size)));
        for target in [None, Some((0, 0)), Some((u64::MAX, 0)), Some((7, 7)), Some((0, 999))] {
            all.push((format!("line {size} {target:?}"), line(size, target)));
        }
    }
    all
}

fn drawn(picture: &Picture, kind: Width, language: Language) -> Canvas {
    let mut canvas = Canvas::new(kind);
    picture.draw(&mut canvas, language);
    canvas
}

fn overlaps(labels: &[Label]) -> Vec<(&Label, &Label)> {
    // Letters need not quite fill their line; a tenth of a unit is what rounding takes.
    let tight = |area: Area| Area { left: area.left + 0.05, width: area.width - 0.1, ..area };
    let mut found = Vec::new();
    for (place, label) in labels.iter().enumerate() {
        let others = labels[place + 1..].iter().filter(|other| tight(label.area).meets(tight(other.area)));
        found.extend(others.map(|other| (label, other)));
    }
    found
}

#[test]
fn no_words_overlap_or_stand_outside() {
    for (name, picture) in hostile() {
        for kind in Width::ALL {
            for language in Language::ALL {
                let canvas = drawn(&picture, kind, language);
                assert!(canvas.height >= 20.0 && canvas.height < 4_000.0, "{name} {kind:?}: {}", canvas.height);
                let overlaps = overlaps(&canvas.labels);
                assert!(overlaps.is_empty(), "{name} {kind:?}: {overlaps:#?}");
                let all = Area { left: -0.1, top: -0.1, width: kind.units() + 0.2, height: canvas.height + 0.2 };
                for Label { text, area } in &canvas.labels {
                    let is_inside = area.left >= all.left
                        && area.top >= all.top
                        && area.right() <= all.right()
                        && area.bottom() <= all.bottom();
                    assert!(is_inside, "{name} {kind:?}: {text} {area:?} in {all:?}");
                }
            }
        }
    }
}

#[test]
fn words_can_be_read_at_the_narrowest() {
    for (kind, pixels) in NARROWEST {
        assert!(kind.text() * pixels / kind.units() >= SMALLEST, "{kind:?}");
    }
}

#[test]
fn what_overlaps_is_seen() {
    let mut canvas = Canvas::new(Width::Wide);
    canvas.say(0.0, 20.0, canvas::Anchor::Start, "", "one label");
    canvas.say(30.0, 25.0, canvas::Anchor::Start, "", "another");
    canvas.say(0.0, 50.0, canvas::Anchor::Start, "", "below");
    assert_eq!(overlaps(&canvas.labels).len(), 1);
}

#[test]
fn parts_end_at_the_edge_and_have_patterns() {
    let bar = StackedBar { name: "A".into(), counts: vec![u64::MAX; 4], href: String::new() };
    let parts = ["a", "b", "c", "d"].map(String::from).to_vec();
    let picture = Picture::Stacked(Stacked { of: "Agency".into(), parts, bars: vec![bar] });
    for kind in Width::ALL {
        let svg = drawn(&picture, kind, Language::English).finish("x", "", "");
        let value = |part: &str, name: &str| {
            let rest = part.split_once(&format!(" {name}=\"")).expect("there").1;
            rest.split('"').next().expect("ends").parse::<f64>().expect("a number")
        };
        let rects: Vec<&str> = svg.split("<rect").skip(1).collect();
        assert_eq!(rects.len(), 4);
        assert!(rects.iter().all(|rect| value(rect, "x") + value(rect, "width") <= kind.units()), "{svg}");
        let strokes: BTreeSet<usize> = svg
            .split("class=\"part")
            .skip(1)
            .map(|part| part.split("<rect").next().map_or(0, |part| part.matches('L').count()))
            .collect();
        assert_eq!(strokes.len(), 4, "each has strokes of its own: {svg}");
    }
}

#[test]
fn names_never_become_markup_and_numbers_are_numbers() {
    for (name, picture) in hostile() {
        for kind in Width::ALL {
            let svg = drawn(&picture, kind, Language::English).finish(
                "x",
                &NAMES.join(" "),
                &picture.describe(Language::English),
            );
            assert!(!svg.contains("<script") && !svg.contains("style="), "{name}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
            let opened = svg.matches("<g>").count() + svg.matches("<a ").count() + svg.matches("<text ").count();
            let closed = svg.matches("</g>").count() + svg.matches("</a>").count() + svg.matches("</text>").count();
            assert_eq!(opened, closed, "{name}");
        }
    }
    assert_eq!(escaped("<a b=\"c\">'&\u{0}"), "&lt;a b=&quot;c&quot;&gt;&#39;&amp; ");
}

#[test]
fn the_table_has_every_row() {
    for size in SIZES {
        let line = line(size, Some((7, 0)));
        for picture in [
            bars(size),
            stacked(size),
            layered(size),
            versions(size),
            matrix(size),
            slope(size),
            strips(size),
            track(size),
            line,
        ] {
            let table = picture.table(Language::English);
            assert_eq!(table.rows.len(), size);
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
    }
}

#[test]
fn a_picture_is_drawn_the_same_again() {
    for (name, picture) in hostile() {
        let once = drawn(&picture, Width::Wide, Language::German).finish("x", "", "");
        assert_eq!(once, drawn(&picture.clone(), Width::Wide, Language::German).finish("x", "", ""), "{name}");
    }
}
