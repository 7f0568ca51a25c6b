// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From what packages ask for to edges between them, through what packages provide.
//!
//! Package databases state needs as names (`libc.so.6`, `awk`, `mail-transport-agent`), which a package bears or provides.
//! Where several could serve, the first in the database is taken, one of the same architecture first. Version conditions are not
//! looked at: what is installed has passed the package manager's own check. Needs that nothing serves (parts of the
//! package manager itself, files) make no edge.

use std::collections::HashMap;

use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Edge;

/// Who serves a name, in the order of the database.
#[derive(Default)]
pub(super) struct Providers<'a> {
    by_name: HashMap<&'a str, Vec<u32>>,
}

impl<'a> Providers<'a> {
    /// Package `index` bears or provides `name`.
    pub fn add(&mut self, name: &'a str, index: u32) {
        let indices = self.by_name.entry(name).or_default();
        if indices.last() != Some(&index) {
            indices.push(index);
        }
    }

    /// The one to serve `name`, preferring those for which `suits` is true.
    pub fn find(&self, name: &str, suits: impl Fn(u32) -> bool) -> Option<u32> {
        // Names that thousands provide are looked through only so far, so that no database makes this quadratic.
        let indices = self.by_name.get(name)?;
        indices.iter().take(64).copied().find(|index| suits(*index)).or_else(|| indices.first().copied())
    }
}

/// Collects edges, each once, none to itself, no more than the limit.
pub(super) struct Edges {
    list: Vec<Edge>,
    limit: usize,
    cut: bool,
}

impl Edges {
    /// No edges yet, at most `limit`.
    pub fn new(limit: usize) -> Self {
        Self { list: Vec::new(), limit, cut: false }
    }

    /// `from` needs each of `needed`.
    pub fn add_all(&mut self, from: u32, mut needed: Vec<u32>) {
        needed.sort_unstable();
        needed.dedup();
        for to in needed.into_iter().filter(|to| *to != from) {
            if self.list.len() >= self.limit {
                self.cut = true;
                return;
            }
            self.list.push(Edge { from, to });
        }
    }

    /// The edges; a gap says when the limit cut them.
    pub fn finish(self, gaps: &mut Gaps) -> Vec<Edge> {
        if self.cut {
            gaps.add(GapCode::TooManyElements, "", format!("more than {} dependencies", self.limit));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suiting_provider_comes_first() {
        let mut providers = Providers::default();
        for (name, index) in [("awk", 3), ("awk", 3), ("awk", 5)] {
            providers.add(name, index);
        }
        assert_eq!(providers.find("awk", |_| true), Some(3));
        assert_eq!(providers.find("awk", |index| index == 5), Some(5));
        assert_eq!(providers.find("awk", |_| false), Some(3));
        assert_eq!(providers.find("sed", |_| true), None);
    }

    #[test]
    fn edges_are_single_and_bounded() {
        let mut edges = Edges::new(2);
        edges.add_all(1, vec![2, 1, 2]);
        edges.add_all(2, vec![3, 4]);
        let mut gaps = Gaps::default();
        assert_eq!(edges.finish(&mut gaps), [Edge { from: 1, to: 2 }, Edge { from: 2, to: 3 }]);
        assert_eq!(gaps.count(GapCode::TooManyElements), 1);
    }
}
