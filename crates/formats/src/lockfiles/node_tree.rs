// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where Node.js finds a package: in the nearest folder upwards that has one of that name.
//!
//! Only folders that hold packages are looked into, and each knows the next one above it, so a need costs as many steps as
//! there are such folders, however long the paths are. Names are numbers here: a long one is looked at once a need.

use std::collections::HashMap;

use underpin_model::limits::bounds;

/// The folders of a lockfile and what lies in them. A folder is a number; the root is zero.
#[derive(Debug)]
pub(super) struct NodeTree<'n> {
    /// For each folder the next one above it.
    above: Vec<u32>,
    names: HashMap<&'n str, u32>,
    /// What lies in a folder under the number of a name.
    found: HashMap<(u32, u32), u32>,
}

/// The root folder.
pub(super) const ROOT: u32 = 0;

impl<'n> NodeTree<'n> {
    /// An empty root.
    pub(super) fn new() -> Self {
        Self { above: vec![ROOT], names: HashMap::new(), found: HashMap::new() }
    }

    /// A new folder below another one.
    pub(super) fn folder(&mut self, above: u32) -> u32 {
        let folder = u32::try_from(self.above.len()).unwrap_or(ROOT);
        self.above.push(above);
        folder
    }

    /// Says what lies in a folder under a name; said twice, the last counts.
    pub(super) fn put(&mut self, folder: u32, name: &'n str, what: u32) {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let name = *self.names.entry(name).or_insert(next);
        self.found.insert((folder, name), what);
    }

    /// What a need for `name` leads to from inside `folder`.
    pub(super) fn find(&self, folder: u32, name: &str) -> Option<u32> {
        let name = *self.names.get(name)?;
        self.upwards(folder).find_map(|folder| self.found.get(&(folder, name)).copied())
    }

    /// The folders looked into from one of them, the root last.
    fn upwards(&self, folder: u32) -> impl Iterator<Item = u32> {
        let next = |&folder: &u32| self.above.get(folder as usize).copied().filter(|&above| above != folder);
        let below_root = std::iter::successors(Some(folder), next).take_while(|&folder| folder != ROOT);
        below_root.take(bounds::FOLDER_LEVELS).chain([ROOT])
    }
}

/// The same for lockfiles that name every package by its path.
#[derive(Debug)]
pub(super) struct PathTree<'n> {
    tree: NodeTree<'n>,
    folders: HashMap<&'n str, u32>,
    up: fn(&str) -> &str,
}

impl<'n> PathTree<'n> {
    /// From paths and what lies there. `split` gives the folder of a path and the name in it; `up` the folder in which is
    /// looked next, a shorter one.
    pub(super) fn new(
        paths: impl Iterator<Item = (&'n str, u32)>,
        split: fn(&str) -> Option<(&str, &str)>,
        up: fn(&str) -> &str,
    ) -> Self {
        let mut tree = Self { tree: NodeTree::new(), folders: HashMap::from([("", ROOT)]), up };
        let mut added = Vec::new();
        for (path, what) in paths {
            let Some((folder, name)) = split(path) else { continue };
            let number = *tree.folders.entry(folder).or_insert_with(|| {
                added.push(folder);
                tree.tree.folder(ROOT)
            });
            tree.tree.put(number, name, what);
        }
        for folder in added {
            let above = tree.folder_of(up(folder));
            if let Some(number) = tree.folders.get(folder)
                && let Some(known) = tree.tree.above.get_mut(*number as usize)
            {
                *known = above;
            }
        }
        tree
    }

    /// The first folder in which is looked from a path: itself, when something lies in it, else the next one above.
    pub(super) fn folder_of(&self, path: &str) -> u32 {
        let mut path = if is_too_long(path) { "" } else { path };
        for _ in 0..bounds::FOLDER_LEVELS {
            if let Some(&folder) = self.folders.get(path) {
                return folder;
            }
            path = (self.up)(path);
        }
        ROOT
    }

    /// What a need for `name` leads to from inside `folder`.
    pub(super) fn find(&self, folder: u32, name: &str) -> Option<u32> {
        self.tree.find(folder, name)
    }
}

/// True for a path that no file system takes; from there only the root is looked at.
pub(super) fn is_too_long(path: &str) -> bool {
    path.len() > bounds::FOLDER_BYTES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(path: &str) -> Option<(&str, &str)> {
        Some(path.rsplit_once('/').unwrap_or(("", path)))
    }

    fn up(path: &str) -> &str {
        path.rsplit_once('/').map_or("", |(above, _)| above)
    }

    #[test]
    fn the_nearest_folder_counts() {
        let paths = ["x", "a/x", "a/b/c/x", "d/y", "x"];
        let tree = PathTree::new(paths.into_iter().zip(0..), split, up);
        for (from, name, expected) in [
            ("", "x", Some(4)),
            ("a", "x", Some(1)),
            ("a/b", "x", Some(1)),
            ("a/b/c", "x", Some(2)),
            ("a/b/c/d", "x", Some(2)),
            ("d", "x", Some(4)),
            ("d", "y", Some(3)),
            ("a", "y", None),
            ("a", "z", None),
        ] {
            assert_eq!(tree.find(tree.folder_of(from), name), expected, "{name} from {from}");
        }
    }

    /// The work for a need is bounded, however deep and long the paths are.
    #[test]
    fn hostile_paths_cost_no_steps() {
        let bare = format!("{}z", "a/".repeat(2_000));
        let deep: Vec<String> = (1..2_000).map(|depth| format!("{}x", "a/".repeat(depth))).collect();
        let long = format!("{}x", "a/".repeat(200_000));
        let paths = deep.iter().map(String::as_str).chain([bare.as_str(), &long]);
        let tree = PathTree::new(paths.zip(0..), split, up);
        for path in [up(&bare), up(&long), deep.last().unwrap()] {
            assert!(tree.tree.upwards(tree.folder_of(path)).count() <= bounds::FOLDER_LEVELS + 1);
        }
        let alone = PathTree::new([(bare.as_str(), 0)].into_iter(), split, up);
        assert_eq!(alone.tree.upwards(alone.folder_of(&bare)).count(), 2, "folders without packages are no step");
    }

    proptest! {
        /// The same as looking for the joined path folder by folder.
        #[test]
        fn says_the_same_as_joined_paths(paths in proptest::collection::vec("([ab]/){0,4}[xy]", 0..12), from in "([ab]/){0,5}[ab]") {
            let tree = PathTree::new(paths.iter().map(String::as_str).zip(0..), split, up);
            for name in ["x", "y"] {
                let mut base = from.as_str();
                let expected = loop {
                    let candidate = if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") };
                    if let Some(at) = paths.iter().rposition(|path| *path == candidate) {
                        break Some(u32::try_from(at).unwrap());
                    }
                    if base.is_empty() {
                        break None;
                    }
                    base = up(base);
                };
                prop_assert_eq!(tree.find(tree.folder_of(&from), name), expected);
            }
        }
    }
}
