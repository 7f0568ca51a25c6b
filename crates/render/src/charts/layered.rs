// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What needs what: the packages of a system in layers, from those it needs directly to those that come in through others. What has findings
//! has a thick frame and its number in words; in a large system only the ways to them are drawn one by one.

use std::collections::BTreeMap;

use super::canvas::{Anchor, Area, Canvas, number};
use super::frame::{Cell, Table, short};
use super::layers::{Item, Layout, bringing, layout, shortest};
use crate::{Argument, Language, numbers, text};

/// Layers side by side in the wide picture.
const COLUMNS: usize = 4;
/// Height of a box with a name, and with its findings below.
const LOW: f64 = 30.0;
const HIGH: f64 = 48.0;

/// Packages in layers.
#[derive(Clone, Debug, Default)]
pub struct Layered {
    /// Packages, in any order.
    pub nodes: Vec<Node>,
    /// Which needs which, by place among the nodes; edges that lie on no shortest way in are not drawn.
    pub edges: Vec<(usize, usize)>,
}

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Name and version.
    pub name: String,
    /// Where more is told of it; empty when there is no such page.
    pub href: String,
    /// Steps behind what is needed directly (0); `None` when nothing tells how it gets in.
    pub depth: Option<u32>,
    /// Open findings.
    pub findings: u64,
}

impl Layered {
    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let found = layout(&self.nodes, &self.edges, COLUMNS);
        if self.nodes.is_empty() {
            canvas.say(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]));
            canvas.height = 28.0;
            return;
        }
        if canvas.is_narrow() {
            self.below_each_other(canvas, language, &found)
        } else {
            self.side_by_side(canvas, language, &found)
        }
        if found.unknown.0 > 0 {
            let words = others(language, "chart-map-unknown", found.unknown);
            let (room, middle) = (canvas.width(), canvas.height + 14.0);
            canvas.fit(0.0, middle, Anchor::Start, "soft", &words, room);
            canvas.height += 28.0;
        }
    }

    fn side_by_side(&self, canvas: &mut Canvas, language: Language, found: &Layout) {
        let count = found.layers.len().max(1) as f64;
        let gap = 44.0;
        let width = ((canvas.width() - gap * (count - 1.0)) / count).min(250.0);
        let heights: Vec<f64> =
            found.layers.iter().map(|layer| layer.iter().map(|item| self.height(item) + 8.0).sum()).collect();
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        let bringing = bringing(&self.nodes, &shortest(&self.nodes, &self.edges));
        let mut areas: Vec<(&Item, Area)> = Vec::new();
        for (layer, items) in found.layers.iter().enumerate() {
            let left = layer as f64 * (width + gap);
            canvas.fit(left, 12.0, Anchor::Start, "soft", &head(language, layer), width + gap - 8.0);
            let mut top = 30.0 + (tallest - heights[layer]) / 2.0;
            for item in items {
                let height = self.height(item);
                areas.push((item, Area { left, top, width, height }));
                top += height + 8.0;
            }
        }
        let places: BTreeMap<usize, Area> = areas
            .iter()
            .filter_map(|(item, area)| if let Item::Node(node) = item { Some((*node, *area)) } else { None })
            .collect();
        for (from, to) in &found.ways {
            let (Some(start), Some(end)) = (places.get(from), places.get(to)) else { continue };
            let (x1, y1, x2, y2) =
                (start.left + width, start.top + start.height / 2.0, end.left, end.top + end.height / 2.0);
            let middle = number((x1 + x2) / 2.0);
            let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(number);
            let class = if bringing.contains(to) { "way affected" } else { "way" };
            canvas.path(&format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"), class);
        }
        for (item, area) in areas {
            self.draw_item(canvas, language, item, area);
        }
        canvas.height = 30.0 + tallest;
    }

    /// Each package below one that needs it, moved in by its layer.
    fn below_each_other(&self, canvas: &mut Canvas, language: Language, found: &Layout) {
        const STEP_IN: f64 = 18.0;
        for (layer, items) in found.layers.iter().enumerate() {
            let (room, middle) = (canvas.width(), canvas.height + 12.0);
            canvas.fit(0.0, middle, Anchor::Start, "soft", &head(language, layer), room);
            canvas.height += 28.0;
            let left = layer as f64 * STEP_IN;
            let mut last = canvas.height;
            for item in items {
                let area = Area { left, top: canvas.height, width: room - left, height: self.height(item) };
                self.draw_item(canvas, language, item, area);
                last = area.top + area.height / 2.0;
                if layer > 0 {
                    canvas.line((left - STEP_IN / 2.0, last), (left, last), "way");
                }
                canvas.height += area.height + 6.0;
            }
            if layer > 0 && !items.is_empty() {
                canvas.line((left - STEP_IN / 2.0, middle + 12.0), (left - STEP_IN / 2.0, last), "way");
            }
            canvas.height += 4.0;
        }
    }

    fn height(&self, item: &Item) -> f64 {
        let findings = match item {
            Item::Node(node) => self.nodes[*node].findings,
            Item::Others(_, findings) => *findings,
        };
        if findings > 0 { HIGH } else { LOW }
    }

    fn draw_item(&self, canvas: &mut Canvas, language: Language, item: &Item, area: Area) {
        let (name, href, findings, class) = match item {
            Item::Node(node) => {
                let node = &self.nodes[*node];
                let class = if node.findings > 0 { "box affected" } else { "box" };
                (node.name.clone(), node.href.as_str(), node.findings, class)
            }
            Item::Others(count, findings) => {
                (text(language, "chart-map-others", &[("count", (*count).into())]), "", *findings, "box group")
            }
        };
        let told = if findings > 0 { Some(told(language, findings)) } else { None };
        let full = told.as_ref().map_or_else(|| name.clone(), |told| format!("{name}: {told}"));
        canvas.link(href, &full, area, |canvas| {
            canvas.rect(area, class);
            let room = area.width - 16.0;
            let words = if href.is_empty() { "" } else { "name" };
            canvas.fit(area.left + 8.0, area.top + 15.0, Anchor::Start, words, &name, room);
            if let Some(told) = &told {
                canvas.fit(area.left + 8.0, area.top + 34.0, Anchor::Start, "strong", told, room);
            }
        });
    }

    /// How many packages have findings, and how many of these come in through others only.
    pub fn headline(&self, language: Language) -> String {
        let affected = || self.nodes.iter().filter(|node| node.findings > 0);
        let through = affected().filter(|node| node.depth.is_some_and(|depth| depth > 0)).count();
        let counts =
            [("affected", affected().count().into()), ("all", self.nodes.len().into()), ("through", through.into())];
        let word = match (affected().count(), through) {
            (0, _) => "chart-map-calm",
            (_, 0) => "chart-map-affected",
            (all, through) if all == through => "chart-map-all-through",
            _ => "chart-map-through",
        };
        text(language, word, &counts)
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let found = layout(&self.nodes, &self.edges, COLUMNS);
        if self.nodes.is_empty() {
            return text(language, "chart-nothing", &[]);
        }
        let item = |item: &Item| match item {
            Item::Node(node) if self.nodes[*node].findings > 0 => {
                format!("{} ({})", self.nodes[*node].name, told(language, self.nodes[*node].findings))
            }
            Item::Node(node) => self.nodes[*node].name.clone(),
            Item::Others(count, findings) => others(language, "chart-map-others", (*count, *findings)),
        };
        let layer = |(place, items): (usize, &Vec<Item>)| {
            format!("{}: {}.", head(language, place), items.iter().map(item).collect::<Vec<_>>().join(", "))
        };
        let mut sentences: Vec<String> = found.layers.iter().enumerate().map(layer).collect();
        if found.unknown.0 > 0 {
            sentences.push(format!("{}.", others(language, "chart-map-unknown", found.unknown)));
        }
        sentences.join(" ")
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let word = |key: &str| text(language, key, &[]);
        let (package, steps, needed, findings) =
            (word("package"), word("chart-map-way"), word("chart-map-needed-by"), word("findings"));
        let mut table = Table::of(&[(&package, false), (&steps, false), (&needed, false), (&findings, true)]);
        let mut above: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (from, to) in shortest(&self.nodes, &self.edges) {
            above.entry(to).or_default().push(&self.nodes[from].name);
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by(|a, b| {
            let rank = |at: usize| (u64::MAX - self.nodes[at].findings, self.nodes[at].depth.unwrap_or(u32::MAX));
            rank(*a).cmp(&rank(*b)).then_with(|| self.nodes[*a].name.cmp(&self.nodes[*b].name)).then(a.cmp(b))
        });
        for at in order {
            let node = &self.nodes[at];
            let way = node.depth.map_or_else(|| word("chart-not-known"), |depth| steps_in(language, depth));
            let by = above.get(&at).map_or_else(|| "–".to_owned(), |names| names.join(", "));
            let count = numbers::count(language, node.findings);
            table.rows.push(vec![
                Cell::linked(&node.name, &node.href),
                Cell::plain(way),
                Cell::plain(by),
                Cell::plain(count),
            ]);
        }
        table
    }
}

/// The head of a layer; the last one drawn holds what is deeper, too.
fn head(language: Language, layer: usize) -> String {
    if layer + 1 == COLUMNS {
        return text(language, "chart-map-beyond", &[("steps", layer.into())]);
    }
    steps_in(language, u32::try_from(layer).unwrap_or(u32::MAX))
}

fn steps_in(language: Language, depth: u32) -> String {
    if depth == 0 {
        return text(language, "chart-map-direct", &[]);
    }
    text(language, "chart-map-steps", &[("steps", u64::from(depth).into())])
}

fn told(language: Language, findings: u64) -> String {
    let number = short(language, findings);
    text(language, "chart-map-findings", &[("count", findings.into()), ("number", Argument::Text(&number))])
}

fn others(language: Language, key: &str, (count, findings): (u64, u64)) -> String {
    let words = text(language, key, &[("count", count.into())]);
    if findings == 0 { words } else { format!("{words}, {}", told(language, findings)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_follows_the_layers() {
        for (nodes, english, german) in [
            (vec![], "No package has findings", "Kein Paket hat Befunde"),
            (vec![(0, 0), (1, 0)], "No package has findings", "Kein Paket hat Befunde"),
            (vec![(0, 2), (1, 0)], "1 of 2 packages has findings", "1 von 2 Paketen hat Befunde"),
            (
                vec![(1, 2), (2, 9), (0, 0)],
                "2 of 3 packages have findings: all come in through others",
                "2 von 3 Paketen haben Befunde: alle kommen über andere herein",
            ),
            (
                vec![(1, 2), (0, 9), (0, 0)],
                "2 of 3 packages have findings: 1 comes in through others",
                "2 von 3 Paketen haben Befunde: 1 kommt über andere herein",
            ),
        ] {
            let node =
                |(depth, findings): &(u32, u64)| Node { depth: Some(*depth), findings: *findings, ..Node::default() };
            let layered = Layered { nodes: nodes.iter().map(node).collect(), edges: Vec::new() };
            assert_eq!(layered.headline(Language::English), english);
            assert_eq!(layered.headline(Language::German), german);
        }
    }
}
