// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! "Only path": what else would an artefact lose if a project were gone? Everything that it reaches through that project alone.
//!
//! In the dependency graph of a document these are the packages that the project's packages dominate together: cut out, they leave
//! them out of reach of the artefact.

use std::collections::{HashMap, HashSet};

/// The packages that are out of reach without `cut`, those of `cut` themselves not among them. `edges` lead from a package to what it
/// needs; what no edge leads to is asked for by the artefact itself. Cycles that nothing leads into are out of reach anyway.
pub fn lost_without(edges: &[(i64, i64)], cut: &HashSet<i64>) -> Vec<i64> {
    let mut needs: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut needed: HashSet<i64> = HashSet::new();
    for &(from, to) in edges.iter().filter(|(from, to)| from != to) {
        needs.entry(from).or_default().push(to);
        needed.insert(to);
    }
    let mut roots: Vec<i64> = needs.keys().copied().filter(|node| !needed.contains(node)).collect();
    roots.sort_unstable();
    let with = reached(&needs, &roots, &HashSet::new());
    let without = reached(&needs, &roots, cut);
    let mut lost: Vec<i64> = with.into_iter().filter(|node| !without.contains(node) && !cut.contains(node)).collect();
    lost.sort_unstable();
    lost
}

fn reached(needs: &HashMap<i64, Vec<i64>>, roots: &[i64], cut: &HashSet<i64>) -> HashSet<i64> {
    let mut open: Vec<i64> = roots.iter().copied().filter(|root| !cut.contains(root)).collect();
    let mut seen: HashSet<i64> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        for &next in needs.get(&node).into_iter().flatten() {
            if !cut.contains(&next) && seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_only_one_way_leads_to() {
        let edges = [(1, 2), (1, 3), (2, 4), (3, 4), (3, 5), (5, 6), (6, 5)];
        for (cut, expected) in
            [(&[2][..], &[][..]), (&[3], &[5, 6]), (&[2, 3], &[4, 5, 6]), (&[1], &[2, 3, 4, 5, 6]), (&[9], &[])]
        {
            assert_eq!(lost_without(&edges, &cut.iter().copied().collect()), expected, "{cut:?}");
        }
    }

    /// Every way from every root, one by one: what is only on ways through the cut.
    fn ways(edges: &[(i64, i64)], way: &mut Vec<i64>, cut: &HashSet<i64>, found: &mut HashMap<i64, bool>) {
        let node = way[way.len() - 1];
        let is_free = !way.iter().any(|own| cut.contains(own));
        *found.entry(node).or_default() |= is_free;
        for (_, next) in edges.iter().filter(|(from, to)| *from == node && from != to) {
            if !way.contains(next) {
                way.push(*next);
                ways(edges, way, cut, found);
                way.pop();
            }
        }
    }

    proptest! {
        #[test]
        fn as_walking_every_way_says(edges in proptest::collection::vec((0_i64..7, 0_i64..7), 0..14), cut in proptest::collection::hash_set(0_i64..7, 0..3)) {
            let needed: HashSet<i64> = edges.iter().filter(|(from, to)| from != to).map(|(_, to)| *to).collect();
            let mut found = HashMap::new();
            for root in 0..7 {
                if !needed.contains(&root) && edges.iter().any(|(from, to)| *from == root && from != to) {
                    ways(&edges, &mut vec![root], &cut, &mut found);
                }
            }
            let mut expected: Vec<i64> = found.into_iter().filter(|(node, is_free)| !is_free && !cut.contains(node)).map(|(node, _)| node).collect();
            expected.sort_unstable();
            prop_assert_eq!(lost_without(&edges, &cut), expected);
        }
    }
}
