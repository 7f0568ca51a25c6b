// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The dependency graph of one document: how far each component is from the artefact, and by which paths it gets there.
//!
//! Depth 0 is the artefact itself, 1 a direct dependency. A document that only contains things says nothing about
//! directness: unknown stays unknown.

use std::collections::{HashMap, HashSet, VecDeque};

use underpin_model::inventory::{Edge, Inventory};

/// Where a component stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Steps from the artefact on a shortest path.
    pub depth: Option<u32>,
    /// Direct dependency, where the document lets us tell.
    pub direct: Option<bool>,
    /// The direct dependency that brings it in, on a shortest path (itself when direct).
    pub via: Option<u32>,
}

/// Edges by their start.
#[derive(Debug)]
struct Neighbours {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Neighbours {
    fn of(count: usize, edges: &[Edge], reverse: bool) -> Self {
        let end = |edge: &Edge| if reverse { (edge.to, edge.from) } else { (edge.from, edge.to) };
        let inside = |edge: &&Edge| (edge.from as usize) < count && (edge.to as usize) < count;
        let mut starts = vec![0; count + 1];
        for edge in edges.iter().filter(inside) {
            starts[end(edge).0 as usize + 1] += 1;
        }
        for index in 0..count {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut ends = vec![0; starts[count] as usize];
        for edge in edges.iter().filter(inside) {
            let (from, to) = end(edge);
            ends[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
        Self { starts, ends }
    }

    fn from(&self, node: u32) -> &[u32] {
        &self.ends[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

/// The position of every component, by breadth-first search from the artefact.
pub fn positions(inventory: &Inventory<'_>) -> Vec<Position> {
    let count = inventory.components.len();
    let mut positions = vec![Position::default(); count];
    let neighbours = Neighbours::of(count, &inventory.edges, false);
    let mut queue = VecDeque::new();
    for &root in inventory.roots.iter().filter(|root| (**root as usize) < count) {
        positions[root as usize].depth = Some(0);
        queue.push_back(root);
    }
    for (index, component) in inventory.components.iter().enumerate() {
        let position = &mut positions[index];
        if component.direct == Some(true) && position.depth.is_none() {
            *position = Position { depth: Some(1), direct: Some(true), via: Some(index as u32) };
            queue.push_back(index as u32);
        }
    }
    // Roots come first in the queue, then stated direct dependencies: depth never falls behind its turn.
    while let Some(node) = queue.pop_front() {
        let here = positions[node as usize];
        let depth = here.depth.unwrap_or(0) + 1;
        for &next in neighbours.from(node) {
            if positions[next as usize].depth.is_none() {
                let via = if depth == 1 { Some(next) } else { here.via };
                positions[next as usize] = Position { depth: Some(depth), direct: None, via };
                queue.push_back(next);
            }
        }
    }
    for (position, component) in positions.iter_mut().zip(&inventory.components) {
        position.direct = component.direct.or(match position.depth {
            Some(0) => None,
            Some(1) => Some(true),
            Some(_) if inventory.graph_complete => Some(false),
            _ => None,
        });
    }
    positions
}

/// Paths from the artefact to a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Each path: component indices, artefact (or topmost component) first. Shortest first, each one distinct.
    pub paths: Vec<Vec<u32>>,
    /// True when there may be more than were listed.
    pub cut: bool,
}

/// Bounds of a path search.
#[derive(Clone, Copy, Debug)]
pub struct PathLimits {
    /// Paths listed.
    pub paths: usize,
    /// Components on one path.
    pub length: usize,
    /// Steps of the search.
    pub steps: usize,
}

/// All distinct simple paths to any of `targets`, shortest first, walked backwards from the targets so that only what
/// leads there is visited. A path starts at a root. Only when none does, the document does not say how the targets get
/// into the artefact: then paths start at components that nothing needs, or inside a cycle.
pub fn paths(inventory: &Inventory<'_>, targets: &[u32], limits: PathLimits) -> Paths {
    let count = inventory.components.len();
    let parents = Neighbours::of(count, &inventory.edges, true);
    let roots: HashSet<u32> = inventory.roots.iter().copied().collect();
    let mut found = Paths::default();
    let mut others = Vec::new();
    let mut seen = HashSet::new();
    let mut queue: VecDeque<Vec<u32>> =
        targets.iter().filter(|target| (**target as usize) < count).map(|target| vec![*target]).collect();
    let mut steps = 0;
    while let Some(path) = queue.pop_front() {
        steps += 1;
        if found.paths.len() >= limits.paths || steps > limits.steps {
            found.cut = true;
            break;
        }
        let Some(&head) = path.last() else { continue };
        let above = parents.from(head);
        let mut sorted: Vec<u32> = Vec::new();
        if !roots.contains(&head) {
            sorted.extend(above.iter().filter(|parent| !path.contains(parent)));
            sorted.sort_unstable();
            sorted.dedup();
        }
        if sorted.is_empty() {
            let forward: Vec<u32> = path.iter().rev().copied().collect();
            if seen.insert(forward.clone()) {
                if roots.contains(&head) { &mut found.paths } else { &mut others }.push(forward);
            }
            continue;
        }
        if path.len() >= limits.length || queue.len() > limits.steps {
            found.cut = true;
            continue;
        }
        queue.extend(sorted.into_iter().map(|parent| {
            let mut longer = path.clone();
            longer.push(parent);
            longer
        }));
    }
    if found.paths.is_empty() {
        found.cut |= others.len() > limits.paths;
        others.truncate(limits.paths);
        found.paths = others;
    }
    found
}

/// True when the edges have a cycle.
pub fn is_cyclic(count: usize, edges: &[Edge]) -> bool {
    let neighbours = Neighbours::of(count, edges, false);
    let mut needed = vec![0_u32; count];
    neighbours.ends.iter().for_each(|end| needed[*end as usize] += 1);
    let mut free: Vec<u32> = (0..count as u32).filter(|node| needed[*node as usize] == 0).collect();
    let mut taken = 0;
    while let Some(node) = free.pop() {
        taken += 1;
        for &next in neighbours.from(node) {
            needed[next as usize] -= 1;
            if needed[next as usize] == 0 {
                free.push(next);
            }
        }
    }
    taken < count
}

/// Component indices by their identifier in the document.
pub fn by_reference<'a>(inventory: &'a Inventory<'_>) -> HashMap<&'a str, u32> {
    let mut map = HashMap::with_capacity(inventory.components.len());
    for (index, component) in inventory.components.iter().enumerate() {
        map.entry(component.reference.as_ref()).or_insert(index as u32);
    }
    map
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::inventory::Component;

    use super::*;

    const LIMITS: PathLimits = PathLimits { paths: 1_000, length: 20, steps: 100_000 };

    fn inventory(count: usize, edges: &[(u32, u32)], roots: &[u32]) -> Inventory<'static> {
        Inventory {
            components: vec![Component::default(); count],
            edges: edges.iter().map(|&(from, to)| Edge { from, to }).collect(),
            roots: roots.to_vec(),
            graph_complete: true,
            ..Inventory::default()
        }
    }

    #[test]
    fn depth_and_directness_follow_from_the_graph() {
        let given = inventory(5, &[(0, 1), (1, 2), (0, 2), (2, 3)], &[0]);
        let found = positions(&given);
        let depths: Vec<_> = found.iter().map(|position| position.depth).collect();
        assert_eq!(depths, [Some(0), Some(1), Some(1), Some(2), None]);
        assert_eq!(found[3], Position { depth: Some(2), direct: Some(false), via: Some(2) });
        assert_eq!(found[4], Position::default());
    }

    #[test]
    fn an_incomplete_graph_leaves_directness_open() {
        let given = Inventory { graph_complete: false, ..inventory(3, &[(0, 1), (1, 2)], &[0]) };
        assert_eq!(positions(&given)[2].direct, None);
    }

    #[test]
    fn paths_are_shortest_first_and_cycles_end() {
        let given = inventory(5, &[(0, 1), (1, 4), (0, 2), (2, 3), (3, 4), (4, 2)], &[0]);
        let found = paths(&given, &[4], LIMITS);
        assert_eq!(found, Paths { paths: vec![vec![0, 1, 4], vec![0, 2, 3, 4]], cut: false });
        assert!(is_cyclic(5, &given.edges));
        // The shorter path 4 -> 2 -> 3 begins inside a cycle: the artefact reaches it from outside.
        assert_eq!(paths(&given, &[3], LIMITS).paths, [vec![0, 2, 3], vec![0, 1, 4, 2, 3]]);
        let rootless = Inventory { roots: Vec::new(), ..inventory(3, &[(0, 1), (1, 2), (2, 1)], &[]) };
        assert_eq!(paths(&rootless, &[2], LIMITS).paths, [vec![0, 1, 2]]);
        assert!(paths(&given, &[4], PathLimits { paths: 1, ..LIMITS }).cut);
    }

    /// Every simple path from the root, by plain recursion.
    fn naive(edges: &[(u32, u32)], node: u32, target: u32, path: &mut Vec<u32>, found: &mut HashSet<Vec<u32>>) {
        path.push(node);
        if node == target {
            found.insert(path.clone());
        } else {
            for &(from, to) in edges {
                if from == node && !path.contains(&to) && to != 0 {
                    naive(edges, to, target, path, found);
                }
            }
        }
        path.pop();
    }

    proptest! {
        #[test]
        fn finds_what_plain_recursion_finds(
            edges in proptest::collection::btree_set((0_u32..6, 0_u32..6), 0..14),
        ) {
            let edges: Vec<_> = edges.into_iter().filter(|(from, to)| from != to).collect();
            let given = inventory(6, &edges, &[0]);
            let found = paths(&given, &[5], LIMITS).paths;
            let mut expected = HashSet::new();
            naive(&edges, 0, 5, &mut Vec::new(), &mut expected);
            if expected.is_empty() {
                // No path from the artefact: those that there are start where nothing new leads to, and end at the target.
                prop_assert!(!found.is_empty());
                for path in found {
                    prop_assert_eq!(path.last(), Some(&5));
                    prop_assert!(edges.iter().all(|(from, to)| *to != path[0] || path.contains(from)));
                }
            } else {
                prop_assert!(found.is_sorted_by_key(Vec::len));
                prop_assert_eq!(found.into_iter().collect::<HashSet<_>>(), expected);
            }
        }

        #[test]
        fn never_panics(edges in proptest::collection::vec((0_u32..9, 0_u32..9), 0..30), root in 0_u32..9) {
            let given = inventory(5, &edges, &[root]);
            prop_assert_eq!(positions(&given).len(), 5);
            paths(&given, &[0, 7], LIMITS);
            is_cyclic(5, &given.edges);
        }
    }
}
