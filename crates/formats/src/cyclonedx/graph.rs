// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The dependency graph: references to indices, and whether it is whole.
//!
//! A graph counts as complete when it starts from the subject: then whether a dependency is direct follows from it.
//! Traps: producers write a package URL where a `bom-ref` is due; services stand in the same graph; one reference may
//! be given to two components (edges go to the first). A service is no package: what needs it needs what it needs, so that
//! depth and paths hold.

use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashSet};
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Edge, Inventory};

use super::lenient::{At, Step};
use super::shape::RawDependency;

/// Turns the stated dependencies into edges, and reports what is wrong with them.
pub fn add_edges<'a>(dependencies: Vec<RawDependency<'a>>, inventory: &mut Inventory<'a>, at: &mut At<'a>) {
    let mut edges = Vec::new();
    let mut services = Services::default();
    let index = References::of(inventory, at);
    at.enter(Step::Key("dependencies"));
    for (position, dependency) in dependencies.iter().enumerate() {
        at.enter(Step::Index(position));
        add_dependency(dependency, &index, &mut edges, &mut services, at);
        at.leave();
    }
    services.contract(&mut edges, at);
    at.leave();
    drop(index);
    if dependencies.is_empty() && !inventory.components.is_empty() {
        at.gap_in("dependencies", GapCode::NoEdges, || "".into());
    } else if !dependencies.is_empty() {
        report_missing_references(inventory, at);
    }
    edges.sort_unstable();
    edges.dedup();
    if let Some(member) = cycle(inventory.components.len(), &edges) {
        let name =
            inventory.components.get(member).map(|component| component.name.chars().take(100).collect::<String>());
        at.gap_in("dependencies", GapCode::CyclicEdges, || name.unwrap_or_default().into());
    }
    inventory.graph_complete = inventory.roots.iter().any(|&root| {
        let start = edges.partition_point(|edge| edge.from < root);
        edges.get(start).is_some_and(|edge| edge.from == root)
    });
    inventory.edges = edges;
}

fn add_dependency<'a>(
    dependency: &RawDependency<'a>,
    index: &References<'_>,
    edges: &mut Vec<Edge>,
    services: &mut Services,
    at: &mut At<'a>,
) {
    if dependency.reference.is_empty() {
        at.gap_in("ref", GapCode::MissingField, || "".into());
        return;
    }
    let from = index.find(&dependency.reference);
    if from == Found::Nothing {
        at.gap_in("ref", GapCode::DanglingEdge, || shown(&dependency.reference).into());
        return;
    }
    for (position, target) in dependency.depends_on.iter().enumerate() {
        match (from, index.find(&target.0)) {
            (Found::Component(_) | Found::Service(_), Found::Component(_) | Found::Service(_))
                if edges.len() + services.edges >= at.edges_limit =>
            {
                at.gap(GapCode::TooManyElements, || "edges".into());
            }
            (Found::Component(from), Found::Component(to)) => edges.push(Edge { from, to }),
            (_, Found::Nothing) => {
                at.enter(Step::Key("dependsOn"));
                at.enter(Step::Index(position));
                at.gap(GapCode::DanglingEdge, || shown(&target.0).into());
                at.leave();
                at.leave();
            }
            (Found::Component(from), Found::Service(to)) => services.needed_by(from, to),
            (Found::Service(from), to) => services.need(from, to),
            (Found::Nothing, _) => {}
        }
    }
}

fn shown(reference: &str) -> String {
    reference.chars().take(200).collect()
}

fn report_missing_references(inventory: &Inventory<'_>, at: &mut At<'_>) {
    for component in inventory.components.iter().filter(|component| component.reference.is_empty()) {
        at.gap_in("components", GapCode::MissingId, || shown(&component.name).into());
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Component(u32),
    Service(u32),
    Nothing,
}

/// Edges to and from services.
#[derive(Default)]
struct Services {
    /// Components and the services that they need.
    entries: Vec<(u32, u32)>,
    /// What each service needs.
    needs: HashMap<u32, Vec<Found>>,
    edges: usize,
}

impl Services {
    fn needed_by(&mut self, component: u32, service: u32) {
        self.entries.push((component, service));
        self.edges += 1;
    }

    fn need(&mut self, service: u32, target: Found) {
        self.needs.entry(service).or_default().push(target);
        self.edges += 1;
    }

    /// Adds an edge from each component to those that services lead it to. The work is bounded as the edges are.
    fn contract(mut self, edges: &mut Vec<Edge>, at: &mut At<'_>) {
        self.entries.sort_unstable_by_key(|(_, service)| *service);
        let mut steps = edges.len();
        for entries in self.entries.chunk_by(|(_, one), (_, other)| one == other) {
            let Some(&(_, service)) = entries.first() else { continue };
            let Some(reached) = self.reached(service, &mut steps, at.edges_limit) else {
                at.gap(GapCode::TooManyElements, || "edges through services".into());
                return;
            };
            for &(from, _) in entries {
                let room = at.edges_limit.saturating_sub(edges.len());
                // A circle back to itself through a service is none of packages.
                edges.extend(reached.iter().filter(|to| **to != from).take(room).map(|&to| Edge { from, to }));
                if reached.len() > room {
                    at.gap(GapCode::TooManyElements, || "edges through services".into());
                    return;
                }
            }
        }
    }

    /// The components that a service needs, directly or through other services; `None` when that takes too many steps.
    fn reached(&self, service: u32, steps: &mut usize, limit: usize) -> Option<Vec<u32>> {
        let mut reached = Vec::new();
        let mut seen: HashSet<u32> = HashSet::new();
        seen.insert(service);
        let mut waiting = vec![service];
        while let Some(service) = waiting.pop() {
            for target in self.needs.get(&service).into_iter().flatten() {
                *steps += 1;
                match *target {
                    _ if *steps > limit => return None,
                    Found::Component(component) => reached.push(component),
                    Found::Service(next) if seen.insert(next) => waiting.push(next),
                    Found::Service(_) | Found::Nothing => {}
                }
            }
        }
        reached.sort_unstable();
        reached.dedup();
        Some(reached)
    }
}

struct References<'i> {
    by_reference: HashMap<&'i str, Found>,
    by_purl: HashMap<&'i str, u32>,
}

impl<'i> References<'i> {
    fn of(inventory: &'i Inventory<'_>, at: &mut At<'_>) -> Self {
        let mut by_reference = HashMap::with_capacity(inventory.components.len() + inventory.services.len());
        let components =
            inventory.components.iter().zip(0..).map(|(c, index)| (&*c.reference, Found::Component(index)));
        let services =
            inventory.services.iter().zip(0..).map(|(service, index)| (&*service.reference, Found::Service(index)));
        for (reference, found) in components.chain(services).filter(|(reference, _)| !reference.is_empty()) {
            match by_reference.entry(reference) {
                Entry::Vacant(entry) => {
                    entry.insert(found);
                }
                Entry::Occupied(_) => {
                    at.gaps.add_with(GapCode::DuplicateId, || (shown(reference), ""));
                }
            }
        }
        // Only where a producer left the references out, package URLs stand in for them.
        let unnamed = inventory.components.iter().zip(0..).filter(|(component, _)| component.reference.is_empty());
        let by_purl = unnamed.filter(|(c, _)| !c.purl.is_empty()).map(|(c, index)| (&*c.purl, index)).collect();
        Self { by_reference, by_purl }
    }

    fn find(&self, reference: &str) -> Found {
        match self.by_reference.get(reference) {
            Some(&found) => found,
            None => self.by_purl.get(reference).map_or(Found::Nothing, |&index| Found::Component(index)),
        }
    }
}

/// A component on a cycle, or on a path from one, if there is any: what remains when leaves are taken off one by one.
/// `edges` must be sorted.
fn cycle(count: usize, edges: &[Edge]) -> Option<usize> {
    let mut waiting = vec![0_u32; count];
    for edge in edges {
        *waiting.get_mut(edge.to as usize)? += 1;
    }
    let mut free: Vec<usize> = (0..count).filter(|&node| waiting[node] == 0).collect();
    let mut done = 0;
    while let Some(node) = free.pop() {
        done += 1;
        let start = edges.partition_point(|edge| (edge.from as usize) < node);
        for edge in edges[start..].iter().take_while(|edge| edge.from as usize == node) {
            let to = edge.to as usize;
            waiting[to] -= 1;
            if waiting[to] == 0 {
                free.push(to);
            }
        }
    }
    if done == count { None } else { (0..count).find(|&node| waiting[node] > 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found() {
        let edges = |pairs: &[(u32, u32)]| pairs.iter().map(|&(from, to)| Edge { from, to }).collect::<Vec<_>>();
        for (count, pairs, expected) in [
            (0, &[][..], None),
            (3, &[(0, 1), (0, 2), (1, 2)][..], None),
            (3, &[(0, 1), (1, 2), (2, 1)], Some(1)),
            (1, &[(0, 0)], Some(0)),
            (4, &[(0, 1), (1, 2), (2, 3), (3, 0)], Some(0)),
        ] {
            assert_eq!(cycle(count, &edges(pairs)), expected, "{pairs:?}");
        }
    }
}
