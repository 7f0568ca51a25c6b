// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Further kinds of pictures in every state, for `/_design`: versions, matrices, then and now, maps. The numbers are made up.

use underpin_render::Language;
use underpin_render::charts::{
    Dumbbell, DumbbellLine, Expected, Figure, Growth, Layered, Mark, Matrix, MatrixRow, Measured, Node, Picture, Slope,
    SlopeLine, Version, Versions,
};

use super::design_pictures::{AGENCIES, figure, word};

/// All of them.
pub fn all(language: Language) -> Vec<Figure> {
    let mut all = Vec::new();
    for (id, count) in [("versions-some", 5), ("versions-many", 40), ("versions-one", 1), ("versions-none", 0)] {
        let versions = versions(language, count);
        let headline = versions.headline(language);
        all.push(figure(language, id, "chart-versions", headline, Picture::Versions(versions)));
    }
    for (id, count) in [("matrix-some", AGENCIES.len()), ("matrix-one", 1), ("matrix-none", 0)] {
        let matrix = matrix(language, count);
        let headline = matrix.headline(language);
        all.push(figure(language, id, "coverage-by-kind", headline, Picture::Matrix(matrix)));
    }
    for (id, counts) in [
        ("slope-falling", &[(41, 12), (17, 19), (90, 60), (8, 8)][..]),
        ("slope-close", &[(5, 6), (5, 5), (6, 5), (5, 7)][..]),
        ("slope-level", &[(3, 3)][..]),
        ("slope-none", &[][..]),
    ] {
        let slope = slope(language, counts);
        let headline = slope.headline(language);
        all.push(figure(language, id, "changes-by-severity", headline, Picture::Slope(slope)));
    }
    for (id, counts) in [
        ("dumbbell-some", &[(12, 3, 9), (40, 31, 31), (7, 0, 7)][..]),
        ("dumbbell-one", &[(5, 5, 5)][..]),
        ("dumbbell-none", &[][..]),
    ] {
        let dumbbell = dumbbell(language, counts);
        let headline = dumbbell.headline(language);
        all.push(figure(language, id, "rules-picture", headline, Picture::Dumbbell(dumbbell)));
    }
    for (id, count) in [("map-small", 9), ("map-large", 120), ("map-none", 0)] {
        let map = map(count);
        let headline = map.headline(language);
        all.push(figure(language, id, "chart-map", headline, Picture::Layered(map)));
    }
    for (id, count, is_expected) in [("growth-some", 3, true), ("growth-one", 1, false), ("growth-none", 0, false)] {
        let growth = growth(language, count, is_expected);
        let headline = growth.headline(language);
        all.push(figure(language, id, "chart-growth", headline, Picture::Growth(growth)));
    }
    all
}

fn growth(language: Language, count: u32, is_expected: bool) -> Growth {
    let number = |count: u64| underpin_render::numbers::count(language, count);
    let measured = |place: u32| {
        let (size, value) = (10_u64.pow(place + 3), 7 * 10_u64.pow(place + 1));
        Measured { size, name: number(size), value, told: number(value), fitted: number(value + 3) }
    };
    let expected = Expected {
        size: 10_000_000,
        name: number(10_000_000),
        value: 690_000,
        low: 500_000,
        high: 900_000,
        told: number(690_000),
        range: format!("{} – {}", number(500_000), number(900_000)),
    };
    let mark = |place: u32| Mark { at: 10_u64.pow(place), text: number(10_u64.pow(place)) };
    Growth {
        of: word(language, "systems"),
        counted: word(language, "findings"),
        measured: (0..count).map(measured).collect(),
        curve: if is_expected { vec![(1_000, 69), (10_000_000, 690_000)] } else { Vec::new() },
        expected: is_expected.then_some(expected),
        across: (3..8).map(mark).collect(),
        up: (1..7).map(mark).collect(),
    }
}

fn versions(language: Language, count: u64) -> Versions {
    let version = |place: u64| Version {
        name: format!("2.{}.{}", count - place, place % 3),
        count: (place * 7 + 3) % 23,
        findings: if place % 4 == 2 { place } else { 0 },
        href: "/_design".to_owned(),
    };
    Versions {
        of: word(language, "version"),
        counted: word(language, "systems"),
        marked: word(language, "findings"),
        versions: (0..count).map(version).collect(),
    }
}

fn matrix(language: Language, count: usize) -> Matrix {
    let kinds = ["sbom", "lockfile", "installed", "stated", "none"];
    let row = |(place, (name, whole)): (usize, &(&str, u64))| MatrixRow {
        name: (*name).to_owned(),
        whole: *whole,
        cells: [*whole, whole / 2, whole / 4, place as u64, whole / 9]
            .map(|count| (count, "/_design".to_owned()))
            .to_vec(),
        href: "/_design".to_owned(),
    };
    Matrix {
        of: word(language, "agency"),
        whole: word(language, "systems"),
        kinds: kinds.map(|kind| word(language, &format!("evidence-{kind}"))).to_vec(),
        last_is_bad: true,
        rows: AGENCIES.iter().enumerate().take(count).map(row).collect(),
    }
}

fn slope(language: Language, counts: &[(u64, u64)]) -> Slope {
    let words = ["critical", "high", "medium", "low"];
    let line = |(word_of, counts): (&str, &(u64, u64))| SlopeLine {
        name: word(language, &format!("level-{word_of}")),
        counts: *counts,
        href: "/_design".to_owned(),
    };
    Slope {
        of: word(language, "severity"),
        then: "2 2026".to_owned(),
        now: "3 2026".to_owned(),
        lines: words.into_iter().zip(counts).map(line).collect(),
    }
}

fn dumbbell(language: Language, counts: &[(u64, u64, u64)]) -> Dumbbell {
    let line = |((name, _), (all, before, after)): (&(&str, u64), &(u64, u64, u64))| DumbbellLine {
        name: (*name).to_owned(),
        all: *all,
        counts: (*before, *after),
        href: "/_design".to_owned(),
    };
    Dumbbell {
        of: word(language, "agency"),
        all: word(language, "rules-asked"),
        before: word(language, "rules-before"),
        after: word(language, "rules-after"),
        lines: AGENCIES.iter().zip(counts).map(line).collect(),
    }
}

fn map(count: usize) -> Layered {
    let node = |place: usize| Node {
        name: format!("package-{place} 1.{place}.0"),
        href: "/_design".to_owned(),
        depth: (place % 11 != 10).then_some(place as u32 % 4),
        findings: if place % 7 == 5 { place as u64 } else { 0 },
    };
    let edges = (0..count).filter(|place| place % 4 < 3).map(|place| (place, place + 1));
    Layered { nodes: (0..count).map(node).collect(), edges: edges.filter(|(_, to)| *to < count).collect() }
}
