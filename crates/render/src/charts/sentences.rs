// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a picture shows, as a sentence: worked out from its numbers, so that it can never say what is not drawn.

use super::{Bars, Dumbbell, Growth, Line, Matrix, Slope, Versions};
use crate::{Argument, Language, text};

impl Bars {
    /// Where most of it is. `unit` is `systems` or `findings`; each is counted at one bar only.
    pub fn headline(&self, language: Language, unit: &str) -> String {
        let sum = self.bars.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.count));
        let most = self.bars.iter().map(|bar| bar.count).max().unwrap_or_default();
        let mut first = self.bars.iter().filter(|bar| bar.count == most);
        let Some(bar) = first.next().filter(|_| sum > 0) else { return text(language, "chart-no-agency", &[]) };
        let word = match (first.next().is_some(), most) {
            (true, _) => "even",
            (_, most) if most == sum => "all",
            (_, most) if most > sum / 2 => "half",
            _ => "most",
        };
        let words = [("name", Argument::from(&bar.name)), ("most", most.into()), ("count", sum.into())];
        text(language, &format!("chart-{word}-{unit}"), &words)
    }
}

impl Dumbbell {
    /// How many of all keep it before, and how many after.
    pub fn headline(&self, language: Language) -> String {
        let sum = |of: fn(&super::DumbbellLine) -> u64| self.lines.iter().map(of).fold(0_u64, u64::saturating_add);
        let (all, before, after) = (sum(|line| line.all), sum(|line| line.counts.0), sum(|line| line.counts.1));
        if all == 0 {
            return text(language, "chart-nothing", &[]);
        }
        let key = if after > before { "chart-dumbbell-rises" } else { "chart-dumbbell-stays" };
        text(language, key, &[("before", before.into()), ("after", after.into()), ("all", all.into())])
    }
}

impl Growth {
    /// What is expected at the size that was not measured; else what the largest one had.
    pub fn headline(&self, language: Language) -> String {
        match (&self.expected, self.measured.last()) {
            (Some(expected), _) => expected.sentence(language),
            (None, Some(last)) => {
                let words = [("size", Argument::from(&last.name)), ("value", Argument::from(&last.told))];
                text(language, "chart-growth-measured", &words)
            }
            (None, None) => text(language, "chart-nothing", &[]),
        }
    }
}

impl Line {
    /// How it went from the first to the last moment that is known, and whether the target is kept at the last.
    pub fn headline(&self, language: Language) -> String {
        let mut known = self.points.iter().filter_map(|point| Some((point, point.count?)));
        let Some((_, first)) = known.next() else { return text(language, "chart-line-nothing", &[]) };
        let (point, last) = self.last().unwrap_or((&self.points[0], first));
        let word = match last.cmp(&first) {
            std::cmp::Ordering::Less => "fell",
            std::cmp::Ordering::Equal => "level",
            std::cmp::Ordering::Greater => "rose",
        };
        let course = text(language, &format!("chart-line-{word}"), &[("first", first.into()), ("last", last.into())]);
        let Some(target) = self.target_at(point.x) else { return course };
        let word = if last <= target { "met" } else { "missed" };
        let words = [
            ("course", Argument::from(&course)),
            ("target", target.into()),
            ("over", last.saturating_sub(target).into()),
        ];
        text(language, &format!("chart-line-{word}"), &words)
    }
}

impl Versions {
    /// How many versions are in use, how many of them have findings, and which most systems have.
    pub fn headline(&self, language: Language) -> String {
        let used = self.versions.iter().filter(|version| version.count > 0);
        let (all, most) = (used.clone().count(), used.clone().map(|version| version.count).max().unwrap_or_default());
        let affected = used.clone().filter(|version| version.findings > 0).count();
        let mut first = used.filter(|version| version.count == most);
        let name = first.next().filter(|_| all > 1 && first.next().is_none());
        let word = match (all, affected) {
            (0, _) => return text(language, "chart-versions-nothing", &[]),
            (_, 0) => "calm",
            (all, affected) if all == affected => "all",
            _ => "some",
        };
        let words = [("affected", affected.into()), ("all", all.into())];
        let told = text(language, &format!("chart-versions-{word}"), &words);
        let Some(name) = name else { return told };
        let words = [("told", Argument::from(&told)), ("name", Argument::from(&name.name)), ("count", most.into())];
        text(language, "chart-versions-most", &words)
    }
}

impl Matrix {
    /// How much is missing, and where most of it. It speaks of systems without evidence.
    pub fn headline(&self, language: Language) -> String {
        let last = |row: &super::MatrixRow| {
            self.kinds.len().checked_sub(1).and_then(|place| row.cells.get(place).map(|cell| cell.0))
        };
        let whole = self.rows.iter().fold(0_u64, |sum, row| sum.saturating_add(row.whole));
        let missing = |row: &super::MatrixRow| last(row).unwrap_or_default();
        let sum = self.rows.iter().fold(0_u64, |sum, row| sum.saturating_add(missing(row)));
        let most = self.rows.iter().map(missing).max().unwrap_or_default();
        let mut first = self.rows.iter().filter(|row| missing(row) == most);
        let words = [("missing", sum.into()), ("all", whole.into())];
        let word = match (whole, sum) {
            (0, _) => "nothing",
            (_, 0) => "whole",
            _ => "missing",
        };
        let told = text(language, &format!("chart-matrix-{word}"), &words);
        let only = first.next().filter(|_| sum > 0 && self.rows.len() > 1 && first.next().is_none());
        let Some(row) = only else { return told };
        let words = [("told", Argument::from(&told)), ("name", Argument::from(&row.name)), ("most", most.into())];
        text(language, "chart-matrix-most", &words)
    }
}

impl Slope {
    /// How the sum went, and what changed most.
    pub fn headline(&self, language: Language) -> String {
        let sum = |pick: fn(&(u64, u64)) -> u64| {
            self.lines.iter().fold(0_u64, |sum, line| sum.saturating_add(pick(&line.counts)))
        };
        let (then, now) = (sum(|counts| counts.0), sum(|counts| counts.1));
        let word = match now.cmp(&then) {
            std::cmp::Ordering::Less => "fell",
            std::cmp::Ordering::Equal if now == 0 => "nothing",
            std::cmp::Ordering::Equal => "level",
            std::cmp::Ordering::Greater => "rose",
        };
        let told = text(language, &format!("chart-slope-{word}"), &[("then", then.into()), ("now", now.into())]);
        // What went the way of the sum; where that stood still, what changed at all.
        let change = |line: &&super::SlopeLine| match now.cmp(&then) {
            std::cmp::Ordering::Less => line.counts.0.saturating_sub(line.counts.1),
            std::cmp::Ordering::Equal => line.counts.0.abs_diff(line.counts.1),
            std::cmp::Ordering::Greater => line.counts.1.saturating_sub(line.counts.0),
        };
        let most = self.lines.iter().map(|line| change(&line)).max().unwrap_or_default();
        let mut first = self.lines.iter().filter(|line| change(line) == most);
        let Some(line) = first.next().filter(|_| most > 0 && self.lines.len() > 1 && first.next().is_none()) else {
            return told;
        };
        let words = [
            ("told", Argument::from(&told)),
            ("name", Argument::from(&line.name)),
            ("then", line.counts.0.into()),
            ("now", line.counts.1.into()),
        ];
        text(language, if line.counts == (then, now) { "chart-slope-all" } else { "chart-slope-most" }, &words)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bar, MatrixRow, Point, SlopeLine, Target, Version};
    use super::*;

    #[test]
    fn the_sentence_follows_the_bars() {
        for (counts, english, german) in [
            (vec![], "No agency has any", "Keine Stelle hat welche"),
            (vec![0, 0], "No agency has any", "Keine Stelle hat welche"),
            (vec![1], "The only system belongs to A", "Das einzige System gehört zu A"),
            (vec![0, 5], "All 5 systems belong to B", "Alle 5 Systeme gehören zu B"),
            (vec![2, 5, 1], "More than half are at B: 5 of 8 systems", "Mehr als die Hälfte bei B: 5 von 8 Systemen"),
            (vec![4, 3, 1], "Most are at A: 4 of 8 systems", "Die meisten bei A: 4 von 8 Systemen"),
            (
                vec![1, 1],
                "No agency has more than one of the 2 systems",
                "Keine Stelle hat mehr als eines der 2 Systeme",
            ),
            (vec![3, 3, 1], "No agency has more than 3 of the 7 systems", "Keine Stelle hat mehr als 3 der 7 Systeme"),
        ] {
            let names = ["A", "B", "C"];
            let bars = counts.iter().zip(names).map(|(count, name)| Bar {
                name: name.into(),
                count: *count,
                href: String::new(),
            });
            let bars = Bars { bars: bars.collect(), ..Bars::default() };
            assert_eq!(bars.headline(Language::English, "systems"), english);
            assert_eq!(bars.headline(Language::German, "systems"), german);
        }
    }

    #[test]
    fn the_sentence_follows_the_line() {
        let target = Target { name: "Target".into(), from: (0.0, 100), until: (4.0, 0) };
        for (counts, has_target, expected) in [
            (vec![], false, "Nothing is known of any moment"),
            (vec![None], true, "Nothing is known of any moment"),
            (vec![Some(9)], false, "Still 9"),
            (vec![Some(100), None, Some(40)], true, "Down from 100 to 40: the target (50) is kept"),
            (vec![Some(100), Some(40), Some(60)], true, "Down from 100 to 60: 10 above the target (50)"),
            (vec![None, Some(2), Some(60)], false, "Up from 2 to 60"),
            // Beyond its time a target asks for nothing.
            (vec![Some(1), None, None, None, None, Some(1)], true, "Still 1"),
        ] {
            let point =
                |(place, count): (usize, &Option<u64>)| Point { x: place as f64, count: *count, ..Point::default() };
            let line = Line {
                points: counts.iter().enumerate().map(point).collect(),
                target: has_target.then(|| target.clone()),
                ..Line::default()
            };
            assert_eq!(line.headline(Language::English), expected, "{counts:?}");
        }
    }

    #[test]
    fn the_sentence_follows_the_versions() {
        for (counts, english, german) in [
            (vec![], "No version is in use", "Keine Version ist in Gebrauch"),
            (vec![(0, 4)], "No version is in use", "Keine Version ist in Gebrauch"),
            (
                vec![(3, 0)],
                "The only version in use has no findings",
                "Die einzige Version in Gebrauch hat keine Befunde",
            ),
            (vec![(3, 1)], "The only version in use has findings", "Die einzige Version in Gebrauch hat Befunde"),
            (
                vec![(3, 0), (1, 0), (0, 9)],
                "None of the 2 versions in use has findings; most systems have A (3)",
                "Keine der 2 Versionen in Gebrauch hat Befunde; die meisten Systeme haben A (3)",
            ),
            (vec![(3, 2), (3, 1)], "All 2 versions in use have findings", "Alle 2 Versionen in Gebrauch haben Befunde"),
            (
                vec![(1, 2), (5, 0), (2, 0)],
                "1 of 3 versions in use has findings; most systems have B (5)",
                "1 von 3 Versionen in Gebrauch hat Befunde; die meisten Systeme haben B (5)",
            ),
        ] {
            let names = ["A", "B", "C"];
            let versions = counts.iter().zip(names).map(|((count, findings), name)| Version {
                name: name.into(),
                count: *count,
                findings: *findings,
                href: String::new(),
            });
            let versions = Versions { versions: versions.collect(), ..Versions::default() };
            assert_eq!(versions.headline(Language::English), english);
            assert_eq!(versions.headline(Language::German), german);
        }
    }

    #[test]
    fn the_sentence_follows_the_matrix() {
        for (rows, english, german) in [
            (vec![], "No system is known", "Kein System ist bekannt"),
            (vec![(0, 0)], "No system is known", "Kein System ist bekannt"),
            (vec![(3, 0), (2, 0)], "There is evidence about every system", "Über jedes System gibt es Nachweise"),
            (
                vec![(3, 1), (2, 2)],
                "There is no evidence about 3 of 5 systems; 2 of them are at B",
                "Über 3 von 5 Systemen gibt es keine Nachweise; 2 davon sind bei B",
            ),
            (
                vec![(3, 1), (2, 1)],
                "There is no evidence about 2 of 5 systems",
                "Über 2 von 5 Systemen gibt es keine Nachweise",
            ),
            (
                vec![(1, 1)],
                "There is no evidence about 1 of 1 systems",
                "Über 1 von 1 Systemen gibt es keine Nachweise",
            ),
        ] {
            let row = |(place, (whole, missing)): (usize, &(u64, u64))| MatrixRow {
                name: ["A", "B"][place].into(),
                whole: *whole,
                cells: vec![(whole - missing, String::new()), (*missing, String::new())],
                href: String::new(),
            };
            let kinds = vec!["some".into(), "none".into()];
            let matrix = Matrix { kinds, rows: rows.iter().enumerate().map(row).collect(), ..Matrix::default() };
            assert_eq!(matrix.headline(Language::English), english);
            assert_eq!(matrix.headline(Language::German), german);
        }
    }

    #[test]
    fn the_sentence_follows_the_slope() {
        for (lines, english, german) in [
            (vec![], "Nothing then, nothing now", "Damals nichts, jetzt nichts"),
            (vec![(2, 2)], "Still 2", "Weiter 2"),
            (vec![(9, 2)], "Down from 9 to 2", "Von 9 auf 2 gefallen"),
            (vec![(0, 1), (0, 0)], "Up from 0 to 1, all of it A", "Von 0 auf 1 gestiegen, alles davon A"),
            (
                vec![(5, 1), (4, 6)],
                "Down from 9 to 7; most of it A: from 5 to 1",
                "Von 9 auf 7 gefallen; am meisten A: von 5 auf 1",
            ),
            (
                vec![(5, 1), (4, 9)],
                "Up from 9 to 10; most of it B: from 4 to 9",
                "Von 9 auf 10 gestiegen; am meisten B: von 4 auf 9",
            ),
            (vec![(5, 4), (4, 5)], "Still 9", "Weiter 9"),
        ] {
            let line = |(place, counts): (usize, &(u64, u64))| SlopeLine {
                name: ["A", "B"][place].into(),
                counts: *counts,
                href: String::new(),
            };
            let slope = Slope { lines: lines.iter().enumerate().map(line).collect(), ..Slope::default() };
            assert_eq!(slope.headline(Language::English), english);
            assert_eq!(slope.headline(Language::German), german);
        }
    }
}
