// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Git clones read in place: what history and files say about how a project is looked after.
//!
//! Architecture invariant: this is the only crate that names `gix`. It never writes to a clone, runs nothing that a clone names,
//! reads nothing outside it, and calls nobody. What leaves it is about projects: no name, address or digest of a person.

mod absence;
mod activity;
mod bots;
mod changes;
mod checked;
mod classify;
mod clone;
mod community;
mod delta;
mod domains;
mod fork;
mod history;
mod identities;
mod lines;
mod owned;
mod packs;
mod patch_text;
mod published;
mod quotes;
mod received;
mod recent;
mod releases;
mod renames;
mod tip;
mod trailers;
mod truck;
mod vendored;

use std::path::PathBuf;

use underpin_model::Timestamp;
use underpin_model::signals::{Caveat, ProjectSignals, SignalCode, Value};

use activity::Activity;
use history::History;
use identities::Identities;
use tip::Tip;

pub use absence::absence_factor;
pub use bots::is_bot;
pub use checked::{NotRead, SourceFile, SourceKind, SourceTree, history_facts, secret_facts, tree_facts};
pub use classify::{Elsewhere, Judgement, classify};
pub use clone::GitClone;
pub use domains::organisation;
pub use fork::{Fork, ForkCommit, change_numbers, compare_forks};
pub use lines::unified_diff;
pub use owned::{declared_in, look_at};
pub use published::published;
pub use received::{Named, Names, Received};
pub use vendored::is_vendored;

/// Why a clone cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is none, or a broken one.
    #[error("{path} is no git clone that can be read: {why}", path = path.display())]
    NoClone {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It borrows from another place on this machine, which nobody asked to read.
    #[error("{path} borrows {what} from another place; clone it whole (git clone --dissociate)", path = path.display())]
    Borrows {
        /// Where.
        path: PathBuf,
        /// What is borrowed.
        what: &'static str,
    },
    /// It is no folder that can be read.
    #[error("{path} cannot be read: {why}", path = path.display())]
    NoFolder {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It has more files than are read.
    #[error("{path} has more than {most} files, or folders too deep inside each other", path = path.display())]
    TooMany {
        /// Where.
        path: PathBuf,
        /// How many are read.
        most: usize,
    },
    /// It came as a bundle or over the network, and cannot be laid out.
    #[error("{path}: {place}: {why}", path = path.display())]
    NotReceived {
        /// The file or address.
        path: PathBuf,
        /// Where in it.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// It has no such branch, tag or commit.
    #[error("{reference} is no branch, tag or commit of this clone")]
    NoReference {
        /// What was asked for.
        reference: String,
    },
}

/// Everything that a clone says about its project, judged at `as_of`: the time at which the clone was brought up to date.
///
/// `salt` belongs to this installation and is secret: people are told apart by digests with it, which are forgotten at the end.
/// The answer is the same for every salt.
pub fn signals(clone: &GitClone, as_of: Timestamp, salt: &[u8; 32]) -> ProjectSignals {
    let commit = clone.tip();
    let tip = Tip::read(clone, commit);
    let mailmap = tip.as_ref().map(Tip::mailmap).unwrap_or_default();
    let mut identities = Identities::new(salt, &mailmap);
    let history = commit.map(|commit| History::read(clone, commit, &mut identities, as_of)).unwrap_or_default();
    let activity = Activity::new(&history, as_of, clone.is_shallow());
    let mut signals = activity.signals();
    let truck = match (activity.missing(None), &tip) {
        (Some(why), _) => Err(why),
        (None, Err(why)) => Err(*why),
        (None, Ok(tip)) => truck::truck_factor(clone, &history, &tip.own),
    };
    let human = history.commits.iter().filter(|commit| commit.is_human()).count() as u64;
    let value = truck.map(|(people, _)| Value::Number(people));
    let mut signal = activity.signal(SignalCode::TruckFactor, None, human, value);
    signal.caveats.extend(truck.ok().filter(|(_, was_cut)| *was_cut).map(|_| Caveat::RenamesNotCompared));
    signals.push(signal);
    signals.extend(releases::signals(clone, as_of));
    let (of_files, community) = community::signals(&tip, &identities, as_of);
    signals.extend(of_files);
    signals.sort_by_key(|signal| signal.code);
    ProjectSignals { as_of, tip: commit.map(|commit| commit.to_string()), signals, years: activity.years(), community }
}
