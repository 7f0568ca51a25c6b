// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Other names of a project: addresses that it had before, forks and mirrors that stand for it, as the office wrote down.

use std::collections::BTreeMap;

/// Which project each other name stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<String, (String, u8)>);

impl Names {
    /// From what was written down: the other name, the project, and how sure that is in percent. A name of a name stands for the last
    /// of them, as sure as the least sure step. Names that lead in a circle stand for themselves.
    pub fn new(written: impl IntoIterator<Item = (String, String, u8)>) -> Self {
        let direct: BTreeMap<String, (String, u8)> =
            written.into_iter().map(|(other, project, percent)| (other, (project, percent))).collect();
        let last = |other: &String| {
            let (mut project, mut sure) = direct.get(other)?.clone();
            for _ in 0..direct.len() {
                match direct.get(&project) {
                    None => return Some((other.clone(), (project, sure))),
                    Some((next, percent)) => (project, sure) = (next.clone(), sure.min(*percent)),
                }
            }
            None
        };
        Self(direct.keys().filter_map(last).collect())
    }

    /// The project that a key stands for, and how sure that is; `None` where it is no other name.
    pub fn project_of(&self, key: &str) -> Option<(&str, u8)> {
        self.0.get(key).map(|(project, percent)| (project.as_str(), *percent))
    }

    /// The key itself, or the project that it stands for.
    pub fn settled<'k>(&'k self, key: &'k str) -> &'k str {
        self.project_of(key).map_or(key, |(project, _)| project)
    }

    /// Every other name of a project.
    pub fn others_of<'k>(&'k self, project: &'k str) -> impl Iterator<Item = &'k str> {
        self.0.iter().filter(move |(_, (own, _))| own == project).map(|(other, _)| other.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(written: &[(&str, &str, u8)]) -> Names {
        Names::new(
            written.iter().map(|(other, project, percent)| ((*other).to_owned(), (*project).to_owned(), *percent)),
        )
    }

    #[test]
    fn names_of_names_lead_to_the_last_and_circles_nowhere() {
        let found = names(&[("a", "b", 90), ("b", "c", 80), ("x", "y", 100), ("y", "x", 100), ("z", "x", 70)]);
        assert_eq!([found.project_of("a"), found.project_of("b")], [Some(("c", 80)), Some(("c", 80))]);
        assert_eq!([found.project_of("c"), found.project_of("x"), found.project_of("z")], [None; 3]);
        assert_eq!((found.settled("a"), found.settled("c"), found.settled("x")), ("c", "c", "x"));
        assert_eq!(found.others_of("c").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(names(&[("a", "a", 100)]).project_of("a"), None);
    }
}
