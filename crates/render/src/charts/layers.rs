// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The places of a layered drawing: which nodes are drawn, and in which order they stand, so that few of the ways between them cross.
//! (Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures, 1981: the barycentre method.)

use std::collections::{BTreeMap, BTreeSet};

use super::Node;

/// Above that many nodes only affected ones and those that bring them in are drawn one by one.
const ALL_DRAWN: usize = 60;
/// Nodes of one layer that are drawn one by one at most.
const LAYER_DRAWN: usize = 20;
/// Times that the order of all layers is improved, downwards and upwards.
const SWEEPS: usize = 4;

/// Something drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A node, by number.
    Node(usize),
    /// The other nodes of the layer: how many, and their findings.
    Others(u64, u64),
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Items of each layer, in order; the first layer is what is needed directly.
    pub layers: Vec<Vec<Item>>,
    /// Ways between nodes of neighbouring layers that are both drawn.
    pub ways: Vec<(usize, usize)>,
    /// Nodes of which nothing tells how they get in: how many, and their findings.
    pub unknown: (u64, u64),
}

/// The layout of at most `columns` layers; what is deeper stands in the last.
pub(super) fn layout(nodes: &[Node], edges: &[(usize, usize)], columns: usize) -> Layout {
    let ways = shortest(nodes, edges);
    let layer = |node: usize| nodes[node].depth.map(|depth| (depth as usize).min(columns.saturating_sub(1)));
    let bringing = bringing(nodes, &ways);
    let open = |node: &usize| nodes.len() <= ALL_DRAWN || bringing.contains(node);
    let mut found = Layout::default();
    let mut layers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, node) in nodes.iter().enumerate() {
        match layer(number) {
            Some(layer) => layers.entry(layer).or_default().push(number),
            None => found.unknown = added(found.unknown, node),
        }
    }
    let mut drawn: Vec<Vec<usize>> = Vec::new();
    let mut others: Vec<(u64, u64)> = Vec::new();
    for mut layer in layers.into_values() {
        layer.sort_by(|a, b| {
            let rank = |node: &usize| (u64::MAX - nodes[*node].findings, !bringing.contains(node));
            rank(a).cmp(&rank(b)).then_with(|| nodes[*a].name.cmp(&nodes[*b].name)).then(a.cmp(b))
        });
        let (mut kept, mut left): (Vec<usize>, Vec<usize>) = layer.into_iter().partition(open);
        left.extend(kept.split_off(kept.len().min(LAYER_DRAWN)));
        others.push(left.iter().fold((0, 0), |sum, node| added(sum, &nodes[*node])));
        kept.sort_by(|a, b| nodes[*a].name.cmp(&nodes[*b].name).then(a.cmp(b)));
        drawn.push(kept);
    }
    let shown: BTreeSet<usize> = drawn.iter().flatten().copied().collect();
    let is_drawn = |(from, to): &&(usize, usize)| {
        shown.contains(from) && shown.contains(to) && layer(*from).map(|layer| layer + 1) == layer(*to)
    };
    found.ways = ways.iter().filter(is_drawn).copied().collect();
    order(&mut drawn, &found.ways);
    let items = |(nodes, (count, findings)): (Vec<usize>, (u64, u64))| {
        let others = (count > 0).then_some(Item::Others(count, findings));
        nodes.into_iter().map(Item::Node).chain(others).collect()
    };
    found.layers = drawn.into_iter().zip(others).map(items).collect();
    found
}

fn added((count, findings): (u64, u64), node: &Node) -> (u64, u64) {
    (count + 1, findings.saturating_add(node.findings))
}

/// Edges that lie on a shortest way in, each once, in order.
pub(super) fn shortest(nodes: &[Node], edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let depth = |node: usize| nodes.get(node).and_then(|node| node.depth);
    let goes_in = |(from, to): &(usize, usize)| depth(*from).zip(depth(*to)).is_some_and(|(from, to)| from + 1 == to);
    let ways: BTreeSet<(usize, usize)> = edges.iter().copied().filter(goes_in).collect();
    ways.into_iter().collect()
}

/// Nodes with findings, and all on the ways to them.
pub(super) fn bringing(nodes: &[Node], ways: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut above: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in ways {
        above.entry(*to).or_default().push(*from);
    }
    let mut open: Vec<usize> = (0..nodes.len()).filter(|node| nodes[*node].findings > 0).collect();
    let mut found: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        for from in above.get(&node).into_iter().flatten() {
            if found.insert(*from) {
                open.push(*from);
            }
        }
    }
    found
}

/// Sorts each layer by the middle of what it is tied to, downwards and upwards in turn; keeps the best order seen.
fn order(layers: &mut Vec<Vec<usize>>, ways: &[(usize, usize)]) {
    let mut best = (crossings(layers, ways), layers.clone());
    for sweep in 0..SWEEPS * 2 {
        let goes_down = sweep % 2 == 0;
        let places: Vec<usize> =
            if goes_down { (1..layers.len()).collect() } else { (0..layers.len().saturating_sub(1)).rev().collect() };
        for place in places {
            let fixed: BTreeMap<usize, usize> = layers[if goes_down { place - 1 } else { place + 1 }]
                .iter()
                .enumerate()
                .map(|(at, node)| (*node, at))
                .collect();
            let mut sums: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
            for (from, to) in ways {
                let (own, other) = if goes_down { (to, from) } else { (from, to) };
                if let Some(at) = fixed.get(other) {
                    let sum = sums.entry(*own).or_default();
                    *sum = (sum.0 + at, sum.1 + 1);
                }
            }
            let middle =
                |(at, node): &(usize, usize)| sums.get(node).map_or(*at as f64, |sum| sum.0 as f64 / sum.1 as f64);
            let mut ranked: Vec<(usize, usize)> = layers[place].iter().copied().enumerate().collect();
            ranked.sort_by(|a, b| middle(a).total_cmp(&middle(b)).then(a.0.cmp(&b.0)));
            layers[place] = ranked.into_iter().map(|(_, node)| node).collect();
        }
        let crossed = crossings(layers, ways);
        if crossed < best.0 {
            best = (crossed, layers.clone());
        }
    }
    *layers = best.1;
}

/// How many pairs of ways cross.
fn crossings(layers: &[Vec<usize>], ways: &[(usize, usize)]) -> usize {
    let place: BTreeMap<usize, (usize, usize)> = layers
        .iter()
        .enumerate()
        .flat_map(|(layer, nodes)| nodes.iter().enumerate().map(move |(at, node)| (*node, (layer, at))))
        .collect();
    let mut by_layer: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (from, to) in ways {
        if let (Some(from), Some(to)) = (place.get(from), place.get(to)) {
            by_layer.entry(from.0).or_default().push((from.1, to.1));
        }
    }
    let crossed = |ways: &Vec<(usize, usize)>| {
        let pairs = ways.iter().enumerate().flat_map(|(at, one)| ways[at + 1..].iter().map(move |other| (one, other)));
        pairs
            .filter(|(one, other)| (one.0 < other.0 && one.1 > other.1) || (one.0 > other.0 && one.1 < other.1))
            .count()
    };
    by_layer.values().map(crossed).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, depth: Option<u32>, findings: u64) -> Node {
        Node { name: name.into(), href: String::new(), depth, findings }
    }

    #[test]
    fn ways_are_uncrossed() {
        let nodes = ["a", "b", "c", "x", "y", "z"].map(|name| node(name, Some(u32::from(name > "c")), 0));
        let found = layout(&nodes, &[(0, 5), (1, 4), (2, 3), (0, 1), (5, 0)], 5);
        let second: Vec<Item> = [5, 4, 3].map(Item::Node).to_vec();
        assert_eq!(found.layers, [[0, 1, 2].map(Item::Node).to_vec(), second]);
        assert_eq!(found.ways, [(0, 5), (1, 4), (2, 3)], "ways in the same layer or back are no shortest ways");
    }

    #[test]
    fn only_affected_branches_are_open_in_a_large_map() {
        let mut nodes: Vec<Node> = (0..100).map(|at| node(&format!("n{at:03}"), Some(at % 3), 0)).collect();
        nodes[5].findings = 7;
        nodes.push(node("lost", None, 2));
        let found = layout(&nodes, &[(3, 4), (4, 5), (6, 7)], 5);
        assert_eq!(found.layers[0], [Item::Node(3), Item::Others(33, 0)]);
        assert_eq!(found.layers[1], [Item::Node(4), Item::Others(32, 0)]);
        assert_eq!(found.layers[2], [Item::Node(5), Item::Others(32, 0)]);
        assert_eq!((found.ways, found.unknown), (vec![(3, 4), (4, 5)], (1, 2)));
    }

    #[test]
    fn every_node_is_drawn_or_counted() {
        for size in [0, 1, 59, 60, 61, 400] {
            let nodes: Vec<Node> =
                (0..size).map(|at| node("n", (at % 7 != 6).then_some(at as u32 % 7), u64::from(at % 3 == 0))).collect();
            let edges: Vec<(usize, usize)> = (0..size).map(|at| (at, (at * 5 + 1) % size.max(1))).collect();
            let found = layout(&nodes, &edges, 4);
            let count = |item: &Item| match item {
                Item::Node(_) => 1,
                Item::Others(count, _) => *count,
            };
            let findings = |item: &Item| match item {
                Item::Node(node) => nodes[*node].findings,
                Item::Others(_, findings) => *findings,
            };
            let items = || found.layers.iter().flatten();
            assert_eq!(items().map(count).sum::<u64>() + found.unknown.0, size as u64);
            let all: u64 = nodes.iter().map(|node| node.findings).sum();
            assert_eq!(items().map(findings).sum::<u64>() + found.unknown.1, all);
            assert!(found.layers.len() <= 4 && found.layers.iter().all(|layer| layer.len() <= LAYER_DRAWN + 1));
        }
    }
}
