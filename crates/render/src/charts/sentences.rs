// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a picture shows, as a sentence: worked out from its numbers, so that it can never say what is not drawn.

use super::{Bars, Line};
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

#[cfg(test)]
mod tests {
    use super::super::{Bar, Point, Target};
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
                |(place, count): (usize, &Option<u64>)| Point { x: place as f64, when: String::new(), count: *count };
            let line = Line {
                points: counts.iter().enumerate().map(point).collect(),
                target: has_target.then(|| target.clone()),
                ..Line::default()
            };
            assert_eq!(line.headline(Language::English), expected, "{counts:?}");
        }
    }
}
