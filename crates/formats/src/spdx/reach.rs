// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the dependency edges are worth: whether they form a complete graph from the described artefact, and whether
//! they run in circles.
//!
//! The graph counts as complete only when every package can be reached from the artefact. Otherwise a package without
//! an edge to it might be a direct dependency or anything else, and saying so would be guessing.

use underpin_model::Inventory;
use underpin_model::gap::GapCode;
use underpin_model::inventory::ComponentKind;

use super::graph::number;
use super::notes::Notes;

/// The edges by their start: `starts[n]..starts[n + 1]` are the places of those from `n`.
struct Adjacency {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Adjacency {
    /// Edges are sorted by `from`.
    fn of(inventory: &Inventory<'_>) -> Self {
        let mut starts = vec![0_u32; inventory.components.len() + 1];
        for edge in &inventory.edges {
            if let Some(count) = starts.get_mut(edge.from as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { starts, ends: inventory.edges.iter().map(|edge| edge.to).collect() }
    }

    fn from(&self, node: u32) -> &[u32] {
        let start = self.starts.get(node as usize).copied().unwrap_or_default() as usize;
        let end = self.starts.get(node as usize + 1).copied().unwrap_or_default() as usize;
        self.ends.get(start..end).unwrap_or_default()
    }
}

/// Sets `graph_complete` and what is directly needed; notes missing edges and circles.
pub(super) fn judge_edges(inventory: &mut Inventory<'_>, notes: &mut Notes<'_>) {
    if inventory.edges.is_empty() {
        if inventory.components.len() > inventory.roots.len() {
            notes.gaps.add(GapCode::NoEdges, "/relationships", "");
        }
        return;
    }
    let adjacency = Adjacency::of(inventory);
    let circular = count_circular(inventory, &adjacency);
    if circular > 0 {
        notes.gaps.add(GapCode::CyclicEdges, "/relationships", format!("{circular} packages in or behind circles"));
    }
    inventory.graph_complete = is_complete(inventory, &adjacency);
    let mut needed = Vec::new();
    let mut is_root = vec![false; inventory.components.len()];
    for root in &inventory.roots {
        if let Some(is_root) = is_root.get_mut(*root as usize) {
            *is_root = true;
        }
    }
    for (index, component) in (0_u32..).zip(&inventory.components) {
        // A lockfile in the artefact: what it needs, the artefact needs directly.
        let parent = component.parent.and_then(|parent| is_root.get(parent as usize)).copied().unwrap_or_default();
        let is_part = component.kind == ComponentKind::Grouping && parent;
        if is_part || is_root.get(index as usize).copied().unwrap_or_default() {
            needed.extend_from_slice(adjacency.from(index));
        }
    }
    for end in needed {
        if let Some(component) = inventory.components.get_mut(end as usize) {
            component.direct = Some(true);
        }
    }
}

fn is_complete(inventory: &Inventory<'_>, adjacency: &Adjacency) -> bool {
    if !inventory.roots.iter().any(|root| !adjacency.from(*root).is_empty()) {
        return false;
    }
    let mut reached = vec![false; inventory.components.len()];
    let mut waiting = inventory.roots.clone();
    while let Some(node) = waiting.pop() {
        if let Some(reached) = reached.get_mut(node as usize)
            && !std::mem::replace(reached, true)
        {
            waiting.extend_from_slice(adjacency.from(node));
        }
    }
    inventory.components.iter().zip(&reached).all(|(component, reached)| {
        *reached
            || matches!(
                component.kind,
                ComponentKind::Grouping | ComponentKind::OperatingSystem | ComponentKind::Source | ComponentKind::File
            )
    })
}

/// Takes away, again and again, what nobody needs any more; what stays is in a circle or behind one.
fn count_circular(inventory: &Inventory<'_>, adjacency: &Adjacency) -> usize {
    let mut needed_by = vec![0_u32; inventory.components.len()];
    for edge in &inventory.edges {
        if let Some(count) = needed_by.get_mut(edge.to as usize) {
            *count += 1;
        }
    }
    let is_free = |(index, count): (usize, &u32)| (*count == 0).then(|| number(index));
    let mut free: Vec<u32> = needed_by.iter().enumerate().filter_map(is_free).collect();
    let mut left = inventory.components.len();
    while let Some(node) = free.pop() {
        left -= 1;
        for &end in adjacency.from(node) {
            if let Some(count) = needed_by.get_mut(end as usize) {
                *count -= 1;
                if *count == 0 {
                    free.push(end);
                }
            }
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use underpin_model::inventory::{Component, Edge};
    use underpin_model::{Inventory, Limits};

    use super::super::notes::Origin;
    use super::*;

    fn judge(count: usize, roots: &[u32], edges: &[(u32, u32)]) -> (bool, Vec<Option<bool>>, usize) {
        let mut inventory = Inventory {
            components: vec![Component::default(); count],
            roots: roots.to_vec(),
            edges: edges.iter().map(|&(from, to)| Edge { from, to }).collect(),
            ..Inventory::default()
        };
        let limits = Limits::default();
        let mut notes = Notes::new(&limits, Origin::Pointers);
        judge_edges(&mut inventory, &mut notes);
        let direct = inventory.components.iter().map(|component| component.direct).collect();
        (inventory.graph_complete, direct, notes.gaps.count(GapCode::CyclicEdges))
    }

    #[test]
    fn complete_only_when_everything_is_reached_from_the_root() {
        assert_eq!(judge(3, &[0], &[(0, 1), (1, 2)]), (true, vec![None, Some(true), None], 0));
        assert!(!judge(4, &[0], &[(0, 1), (1, 2)]).0);
        assert_eq!(judge(3, &[], &[(0, 1), (1, 2)]), (false, vec![None; 3], 0));
        assert_eq!(judge(3, &[0], &[(1, 2)]), (false, vec![None; 3], 0));
    }

    #[test]
    fn circles_are_found() {
        assert_eq!(judge(3, &[0], &[(0, 1), (1, 2), (2, 1)]).2, 1);
        assert_eq!(judge(3, &[0], &[(0, 1), (0, 2), (1, 2)]).2, 0);
    }
}
