// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How much, in strips by kind: a dot for each thing along one scale, with the range in which it may lie. How far a dot is filled says how
//! much of the evidence is known. What is not known at all has a strip of its own, drawn apart.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::{Words, width};
use super::scale::fitting;
use crate::{Argument, Language, numbers, text};

/// Radius of a dot.
const RADIUS: f64 = 6.5;
/// Room between things that stand beside each other.
const GAP: f64 = 12.0;
/// Dots that are drawn, those with the most first; the others stand in the table.
const DRAWN: usize = 20;
/// How far below a dot its range is drawn, so that the name beside the dot stays free.
const BELOW: f64 = 11.0;

/// Strips one below the other.
#[derive(Clone, Debug, Default)]
pub struct Strips {
    /// What the dots stand for: the head of their column (`Project`).
    pub of: String,
    /// What the scale counts (`Dependence`).
    pub counted: String,
    /// What the strips are (`Class`).
    pub kind: String,
    /// What fills a dot (`Evidence`).
    pub evidence: String,
    /// Names of the strips, from the top.
    pub strips: Vec<String>,
    /// Whether the last strip is drawn apart from the others.
    pub is_last_apart: bool,
    /// Dots.
    pub dots: Vec<StripDot>,
}

/// A dot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StripDot {
    /// Name.
    pub name: String,
    /// Number of its strip.
    pub strip: usize,
    /// How much: least, likely, most.
    pub amount: [u64; 3],
    /// Kinds of evidence that are known, and all there are.
    pub known: (u64, u64),
    /// Where it leads; empty for nowhere.
    pub href: String,
}

/// A dot with its place, and how far it reaches with its range and name.
struct Placed<'d> {
    dot: &'d StripDot,
    lane: usize,
    at: [f64; 3],
    words: Words,
    words_left: f64,
    from: f64,
    until: f64,
}

impl Strips {
    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let room = canvas.width();
        if self.dots.is_empty() {
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let size = canvas.text();
        let is_narrow = canvas.is_narrow();
        let left = if is_narrow { 0.0 } else { 170.0 };
        let scale = Scale { left: left + RADIUS + 2.0, right: room - RADIUS - 2.0, low: self.low(), most: self.most() };
        canvas.fit(left, size * 0.6, Anchor::Start, "soft", &self.counted, room - left);
        let top = size * 1.4;
        let foot = self.draw_strips(canvas, &scale, (top, left, is_narrow));
        scale.draw(canvas, language, (top, foot));
        canvas.height = foot + size * 2.2;
        let mut told = vec![text(language, "chart-strips-legend", &[])];
        let left_out = self.dots.len().saturating_sub(DRAWN);
        if left_out > 0 {
            told.push(text(language, "chart-strips-more", &[("count", left_out.into())]));
        }
        for words in told {
            for line in Words::wrapped(&words, false, room / size, 3) {
                canvas.words(0.0, canvas.height, Anchor::Start, "soft", &line);
                canvas.height += size * 1.35;
            }
        }
    }

    /// Draws the strips from `top` on; gives where they end.
    fn draw_strips(&self, canvas: &mut Canvas, scale: &Scale, (top, left, is_narrow): (f64, f64, bool)) -> f64 {
        let (size, room) = (canvas.text(), canvas.width());
        let lane_height = if is_narrow { 30.0 } else { 28.0 };
        let mut y = top;
        for (number, name) in self.strips.iter().enumerate() {
            let is_apart = self.is_last_apart && number + 1 == self.strips.len();
            y += if is_apart { GAP } else { 0.0 };
            let begin = y;
            let lines = Words::wrapped(name, true, (if is_narrow { room } else { left - GAP }) / size, 3);
            let placed = self.placed(number, scale, size);
            let lanes = placed.iter().map(|one| one.lane + 1).max().unwrap_or(0) as f64;
            let words_height = lines.len().max(1) as f64 * size * 1.25 + 6.0;
            for (place, line) in lines.iter().enumerate() {
                canvas.words(0.0, y + 4.0 + (place as f64 + 0.5) * size * 1.25, Anchor::Start, "strong", line);
            }
            let lanes_top = if is_narrow { y + words_height } else { y + 3.0 };
            for one in &placed {
                let middle = lanes_top + (one.lane as f64 + 0.5) * lane_height;
                one.draw(canvas, (middle, lane_height));
            }
            y = (lanes_top + lanes * lane_height).max(begin + words_height) + 4.0;
            if is_apart {
                let area = Area {
                    left: scale.left - RADIUS - 1.0,
                    top: begin,
                    width: scale.right - scale.left + 2.0 * RADIUS + 2.0,
                    height: y - begin,
                };
                canvas.rect(area, "box group");
            } else {
                canvas.line((0.0, y), (room, y), "axis faint");
            }
        }
        y
    }

    /// The dots of a strip, each in the first lane where nothing else stands.
    fn placed(&self, strip: usize, scale: &Scale, size: f64) -> Vec<Placed<'_>> {
        let own = self.shown().into_iter().filter(|dot| dot.strip == strip);
        let mut lanes: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut placed = Vec::new();
        for dot in own {
            let at = dot.amount.map(|amount| scale.x(amount));
            // The name stands on the side that has more room.
            let (room_left, room_right) = (at[1] - scale.left, scale.right - at[1]);
            let words = Words::cut(&dot.name, false, (room_left.max(room_right) - RADIUS - 6.0) / size);
            let wide = words.width * size;
            let beside = RADIUS + 5.0;
            let words_left = if room_right >= room_left { at[1] + beside } else { at[1] - beside - wide };
            let from = at[0].min(at[2]).min(at[1] - RADIUS).min(words_left);
            let until = at[0].max(at[2]).max(at[1] + RADIUS).max(words_left + wide);
            let is_free =
                |lane: &Vec<(f64, f64)>| lane.iter().all(|(start, end)| until + GAP <= *start || *end + GAP <= from);
            let lane = lanes.iter().position(is_free).unwrap_or(lanes.len());
            if lane == lanes.len() {
                lanes.push(Vec::new());
            }
            lanes[lane].push((from, until));
            placed.push(Placed { dot, lane, at, words, words_left, from, until });
        }
        placed
    }

    /// The dots that are drawn, those with the most first.
    fn shown(&self) -> Vec<&StripDot> {
        let mut all: Vec<&StripDot> = self.dots.iter().collect();
        all.sort_by(|a, b| b.amount[1].cmp(&a.amount[1]).then_with(|| a.name.cmp(&b.name)));
        all.truncate(DRAWN);
        all
    }

    /// Where the scale begins: a power of ten below everything, or nothing at all.
    fn low(&self) -> u64 {
        let least = self.dots.iter().flat_map(|dot| dot.amount).min().unwrap_or(0);
        let below = |power: &u64| *power <= least && *power < self.most();
        std::iter::successors(Some(1_u64), |power| power.checked_mul(10)).take_while(below).last().unwrap_or(0)
    }

    fn most(&self) -> u64 {
        self.dots.iter().flat_map(|dot| dot.amount).max().unwrap_or(1).max(1)
    }

    fn strip(&self, dot: &StripDot) -> &str {
        self.strips.get(dot.strip).map_or("", String::as_str)
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let told = |dot: &StripDot| format!("{}: {}, {}", dot.name, self.strip(dot), dot.told(language));
        let shown = self.shown();
        let mut all: Vec<String> = shown.iter().map(|dot| told(dot)).collect();
        let left_out = self.dots.len() - shown.len();
        if left_out > 0 {
            all.push(text(language, "chart-strips-more", &[("count", left_out.into())]));
        }
        if all.is_empty() { text(language, "chart-nothing", &[]) } else { format!("{}.", all.join("; ")) }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let heads = [(&*self.of, false), (&*self.kind, false), (&*self.counted, true), (&*self.evidence, false)];
        let mut table = Table::of(&heads);
        table.rows = self.dots.iter().map(|dot| self.row(dot, language)).collect();
        table
    }

    fn row(&self, dot: &StripDot, language: Language) -> Vec<Cell> {
        let [least, likely, most] = dot.amount.map(|amount| numbers::count(language, amount));
        vec![
            Cell::linked(&dot.name, &dot.href),
            Cell::plain(self.strip(dot)),
            Cell::plain(if least == most { likely } else { format!("{likely} ({least}–{most})") }),
            Cell::plain(dot.evidence(language)),
        ]
    }
}

impl StripDot {
    fn told(&self, language: Language) -> String {
        format!("{}, {}", numbers::count(language, self.amount[1]), self.evidence(language))
    }

    fn evidence(&self, language: Language) -> String {
        let [known, all] = [self.known.0, self.known.1].map(|count| numbers::count(language, count));
        text(language, "chart-strips-known", &[("known", Argument::Text(&known)), ("all", Argument::Text(&all))])
    }
}

impl Placed<'_> {
    fn draw(&self, canvas: &mut Canvas, (middle, height): (f64, f64)) {
        let share = self.dot.known.0 as f64 / self.dot.known.1.max(1) as f64;
        let area = Area { left: self.from, top: middle - height / 2.0, width: self.until - self.from, height };
        canvas.link(&self.dot.href, &self.dot.name, area, |canvas| {
            if self.at[0] < self.at[2] {
                canvas.line((self.at[0], middle + BELOW), (self.at[2], middle + BELOW), "axis");
                for end in [self.at[0], self.at[2]] {
                    canvas.line((end, middle + BELOW - 2.5), (end, middle + BELOW + 2.5), "axis");
                }
            }
            canvas.dot((self.at[1], middle), RADIUS, "ring");
            if share > 0.0 {
                // The area of the filled part grows with what is known.
                canvas.dot((self.at[1], middle), RADIUS * share.min(1.0).sqrt(), "dot");
            }
            let class = if self.dot.href.is_empty() { "" } else { "name" };
            canvas.words(self.words_left, middle, Anchor::Start, class, &self.words);
        });
    }
}

/// A scale on which ten times as much is always as far.
struct Scale {
    left: f64,
    right: f64,
    low: u64,
    most: u64,
}

impl Scale {
    fn x(&self, amount: u64) -> f64 {
        let [low, most, amount] = [self.low, self.most, amount].map(|value| (value as f64).ln_1p());
        self.left + (self.right - self.left) * (amount - low) / (most - low)
    }

    /// Marks at powers of ten.
    fn draw(&self, canvas: &mut Canvas, language: Language, (top, foot): (f64, f64)) {
        let size = canvas.text();
        let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
        let marks: Vec<u64> = std::iter::once(0)
            .chain(powers.take_while(|power| *power <= self.most))
            .filter(|mark| *mark >= self.low)
            .collect();
        let words: Vec<String> = marks.iter().map(|mark| short(language, *mark)).collect();
        let labels: Vec<(f64, f64)> = marks
            .iter()
            .zip(&words)
            .map(|(mark, words)| {
                let wide = width(words, false, size);
                (self.x(*mark).clamp(wide / 2.0, canvas.width() - wide / 2.0), wide)
            })
            .collect();
        let keeps = fitting(&labels, 8.0);
        for (((mark, words), (middle, _)), keeps) in marks.iter().zip(&words).zip(labels).zip(keeps) {
            canvas.line((self.x(*mark), foot), (self.x(*mark), foot + 5.0), "axis");
            if keeps {
                canvas.say(middle, foot + size * 0.95, Anchor::Middle, "soft", words);
            }
        }
        canvas.line((self.left, foot), (self.right, foot), "axis");
        // In the narrow layout the names of the strips stand there.
        if !canvas.is_narrow() {
            canvas.line((self.left, top), (self.left, foot), "axis faint");
        }
    }
}
