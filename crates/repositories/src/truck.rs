// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The truck factor after Avelino, Passos, Hora and Valente ("A novel approach for estimating truck factors", ICPC 2016).
//!
//! The degree of authorship of a developer d for a file f is
//! `DOA(d, f) = 3.293 + 1.098 FA + 0.164 DL - 0.321 ln(1 + AC)`: FA is 1 for whoever created the file, DL counts changes by d, AC
//! changes by others. d is an author of f when DOA is above three quarters of the highest one of f, and at least 3.293. Then the
//! developer with the most files leaves, and the next, until less than half of the files have an author: so many are the truck factor.
//!
//! Files are those of the tip, without what was brought in or generated and what no person ever changed. The history of a file
//! holds that of its former paths, as the authors' own program does. Merges and programs do not count; creating a file again is
//! a change. Of equal developers the one whose newest commit is newer leaves first.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use gix::ObjectId;
use hashbrown::HashMap;
use rayon::prelude::*;
use underpin_model::limits::bounds::{GIT_CHANGES, GIT_RENAME_STEPS};
use underpin_model::signals::Ignorance;

use crate::changes::{Folders, Missing};
use crate::clone::GitClone;
use crate::history::History;
use crate::renames::{Budget, renames};

/// Commits that a thread takes at a time: neighbours, because they share folders.
const PORTION: usize = 1024;
/// Nothing was renamed.
const NOWHERE: u32 = u32::MAX;

/// That a commit of a person created or changed a file.
#[derive(Clone, Copy)]
struct Event {
    path: u32,
    /// The former path, when the commit renamed it.
    from: u32,
    /// The place of the commit in the history.
    commit: u32,
    is_new: bool,
}

/// The paths of one thread, and what happened to them.
#[derive(Default)]
struct Events {
    paths: HashMap<Box<[u8]>, u32>,
    events: Vec<Event>,
}

impl Events {
    fn path(&mut self, path: &[u8]) -> u32 {
        if let Some(number) = self.paths.get(path) {
            return *number;
        }
        let number = u32::try_from(self.paths.len()).unwrap_or(NOWHERE);
        self.paths.insert(path.into(), number);
        number
    }

    fn add(&mut self, path: &[u8], from: Option<&[u8]>, commit: u32, is_new: bool) {
        let path = self.path(path);
        let from = from.map_or(NOWHERE, |from| self.path(from));
        self.events.push(Event { path, from, commit, is_new });
    }

    /// Takes over what another thread found.
    fn join(&mut self, other: Self) {
        let mut numbers = vec![NOWHERE; other.paths.len()];
        for (path, number) in &other.paths {
            numbers[*number as usize] = self.path(path);
        }
        let renumbered = |number: u32| numbers.get(number as usize).copied().unwrap_or(NOWHERE);
        let events = other.events.into_iter();
        self.events.extend(events.map(|event| Event {
            path: renumbered(event.path),
            from: renumbered(event.from),
            ..event
        }));
    }
}

/// The truck factor, and whether some renamed files could not be compared.
pub(crate) fn truck_factor(clone: &GitClone, history: &History, paths: &[Vec<u8>]) -> Result<(u64, bool), Ignorance> {
    let (mut events, was_cut) = events(clone, history)?;
    let named: Vec<u32> = paths.iter().filter_map(|path| events.paths.get(path.as_slice()).copied()).collect();
    let count = events.paths.len();
    let mut sorted = std::mem::take(&mut events.events);
    drop(events);
    sorted.par_sort_unstable_by_key(|event| (event.path, event.commit));
    let mut begins = vec![0; count + 1];
    for event in &sorted {
        begins[event.path as usize + 1] += 1;
    }
    for path in 0..count {
        begins[path + 1] += begins[path];
    }
    // The former path of another file is a path without anything that happened to it.
    let happened = |file: &u32| begins[*file as usize] < begins[*file as usize + 1];
    let files: Vec<u32> = named.into_iter().filter(happened).collect();
    let histories = Histories { events: &sorted, begins: &begins, history, steps: AtomicUsize::new(0) };
    let authors: Vec<Vec<u32>> =
        files.par_iter().map(|file| histories.authors(*file)).collect::<Option<_>>().ok_or(Ignorance::BeyondLimits)?;
    let files = authors.len();
    if files == 0 { Err(Ignorance::NoAuthors) } else { Ok((leave(&authors), was_cut)) }
}

/// How many developers, those with most files first, leave until less than half of the files have an author.
fn leave(authors: &[Vec<u32>]) -> u64 {
    let mut files_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for (file, authors) in authors.iter().enumerate() {
        for author in authors {
            files_of.entry(*author).or_default().push(file);
        }
    }
    let mut order: Vec<(u32, Vec<usize>)> = files_of.into_iter().collect();
    order.sort_unstable_by_key(|(author, files)| (std::cmp::Reverse(files.len()), *author));
    let mut left: Vec<usize> = authors.iter().map(Vec::len).collect();
    let mut covered = left.iter().filter(|count| **count > 0).count();
    let mut gone = 0;
    for (_, files) in order {
        if covered * 2 < authors.len() {
            break;
        }
        gone += 1;
        for file in files {
            left[file] -= 1;
            covered -= usize::from(left[file] == 0);
        }
    }
    gone
}

/// All events, by path, with where those of each path begin.
struct Histories<'a> {
    events: &'a [Event],
    begins: &'a [usize],
    history: &'a History,
    steps: AtomicUsize,
}

impl Histories<'_> {
    /// Who authors a file; `None` when following its former paths is beyond the limits.
    fn authors(&self, file: u32) -> Option<Vec<u32>> {
        let mut paths = vec![file];
        let mut created: Option<Event> = None;
        let mut changes: HashMap<u32, u64> = HashMap::new();
        let (mut all, mut at) = (0_u64, 0);
        while let Some(path) = paths.get(at).map(|path| *path as usize) {
            at += 1;
            let events = &self.events[self.begins[path]..self.begins[path + 1]];
            if self.steps.fetch_add(events.len() + 1, Ordering::Relaxed) > GIT_RENAME_STEPS {
                return None;
            }
            for event in events {
                if event.from != NOWHERE {
                    self.steps.fetch_add(paths.len(), Ordering::Relaxed);
                    if !paths.contains(&event.from) {
                        paths.push(event.from);
                    }
                }
                all += 1;
                *changes.entry(self.author(*event)).or_default() += 1;
                if event.is_new && created.is_none_or(|other| self.time(*event) < self.time(other)) {
                    created = Some(*event);
                }
            }
        }
        let creator = created.map(|event| self.author(event));
        if let Some(creator) = creator {
            // Creating a file is no change.
            all -= 1;
            changes.entry(creator).and_modify(|count| *count -= 1);
        }
        let degree = |(author, own): (&u32, &u64)| (*author, authorship(creator == Some(*author), *own, all - own));
        let degrees: Vec<(u32, f64)> = changes.iter().map(degree).collect();
        let highest = degrees.iter().map(|(_, degree)| *degree).fold(f64::MIN, f64::max);
        let is_author = |degree: f64| degree / highest > 0.75 && degree >= 3.293;
        Some(degrees.into_iter().filter(|(_, degree)| is_author(*degree)).map(|(author, _)| author).collect())
    }

    fn author(&self, event: Event) -> u32 {
        self.history.commits[event.commit as usize].author.number
    }

    /// Older ones first; of one second those further down the history.
    fn time(&self, event: Event) -> (i64, std::cmp::Reverse<u32>) {
        (self.history.commits[event.commit as usize].seconds, std::cmp::Reverse(event.commit))
    }
}

/// The degree of authorship.
fn authorship(is_creator: bool, own_changes: u64, others_changes: u64) -> f64 {
    let first = if is_creator { 1.0 } else { 0.0 };
    3.293 + 1.098 * first + 0.164 * own_changes as f64 - 0.321 * (1.0 + others_changes as f64).ln()
}

/// What commits of people did to files, worked out by several threads.
fn events(clone: &GitClone, history: &History) -> Result<(Events, bool), Ignorance> {
    let human: Vec<u32> =
        (0..).zip(&history.commits).filter(|(_, commit)| commit.is_human()).map(|(place, _)| place).collect();
    let portions: Vec<&[u32]> = human.chunks(PORTION).collect();
    let (next, changed, budget) = (AtomicUsize::new(0), AtomicU64::new(0), Budget::default());
    let work = |_| -> Result<Events, Ignorance> {
        let mut objects = clone.objects();
        let mut folders = Folders::default();
        let mut events = Events::default();
        while let Some(portion) = portions.get(next.fetch_add(1, Ordering::Relaxed)) {
            for place in *portion {
                let commit = &history.commits[*place as usize];
                let old: Option<ObjectId> = commit.parents.first().map(|parent| history.commits[*parent as usize].tree);
                let changes =
                    folders.changes(&mut objects, old, commit.tree).map_err(|Missing| Ignorance::NotInClone)?;
                let count = (changes.added.len() + changes.modified.len()) as u64;
                if changed.fetch_add(count, Ordering::Relaxed) > GIT_CHANGES {
                    return Err(Ignorance::BeyondLimits);
                }
                let from = renames(&mut objects, &budget, &changes);
                for (side, from) in changes.added.iter().zip(from) {
                    let from = from.map(|from| changes.removed[from].path.as_slice());
                    events.add(&side.path, from, *place, from.is_none());
                }
                for path in changes.modified.iter().map(|edit| &edit.path) {
                    events.add(path, None, *place, false);
                }
            }
        }
        Ok(events)
    };
    let found: Vec<Result<Events, Ignorance>> =
        (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(work).collect();
    let mut found = found.into_iter();
    let mut all = found.next().unwrap_or_else(|| Ok(Events::default()))?;
    for events in found {
        all.join(events?);
    }
    Ok((all, budget.was_cut()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_of_the_paper() {
        for (is_creator, own, others, expected) in [
            (true, 0, 0, 4.391),
            (false, 1, 0, 3.457),
            (false, 1, 1, 3.457 - 0.321 * 2.0_f64.ln()),
            (true, 10, 100, 6.031 - 0.321 * 101.0_f64.ln()),
        ] {
            let found = authorship(is_creator, own, others);
            assert!((found - expected).abs() < 1e-9, "{is_creator} {own} {others}: {found}");
        }
    }

    #[test]
    fn developers_leave_until_less_than_half_is_covered() {
        let table: [(&[&[u32]], u64); 6] = [
            (&[&[0]], 1),
            (&[&[0], &[1]], 2),
            (&[&[0], &[0], &[1]], 1),
            (&[&[0, 1], &[0, 1], &[1, 2]], 2),
            (&[&[], &[], &[0]], 0),
            (&[&[0], &[1], &[2], &[3]], 3),
        ];
        for (authors, expected) in table {
            let authors: Vec<Vec<u32>> = authors.iter().map(|authors| authors.to_vec()).collect();
            assert_eq!(leave(&authors), expected, "{authors:?}");
        }
    }
}
