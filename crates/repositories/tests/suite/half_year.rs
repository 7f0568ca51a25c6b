// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the last six months of a history show: counted to the second, and unknown where a clone was cut.

use std::path::Path;

use underpin_formats::signatures::Keyring;
use underpin_model::Timestamp;
use underpin_model::practices::Obstacle;
use underpin_model::repository_facts::{Count, HistoryFacts};
use underpin_repositories::history_facts;

use crate::git::{ADA, AS_OF, BEN, BOT, CLEO, DAY, Made, ago};

/// The same moment six months before the tests judge: 2023-07-01.
const HALF_YEAR_AGO: i64 = 1_688_169_600;

fn facts(path: &Path) -> HistoryFacts {
    let at = Timestamp::from_seconds(AS_OF);
    history_facts(path, at, &Keyring::default(), (true, false)).expect("a clone").expect("a history").0
}

fn seen(count: u64) -> Count {
    Count { seen: count, missing: None }
}

#[test]
fn a_half_year_begins_after_its_first_second() {
    let Some(made) = Made::new() else { return };
    made.commit(ADA, HALF_YEAR_AGO, "at the limit");
    made.dated(ADA, HALF_YEAR_AGO, &["tag", "--annotate", "--message", "x", "v1"]);
    assert_eq!((facts(&made.path).commits, facts(&made.path).tags), (seen(0), seen(0)));
    made.commit(ADA, HALF_YEAR_AGO + 1, "a second later");
    made.dated(ADA, HALF_YEAR_AGO + 1, &["tag", "--annotate", "--message", "x", "v2"]);
    // A light tag has the date of its commit.
    made.git(&["tag", "nightly", "HEAD~"]);
    let found = facts(&made.path);
    assert_eq!((found.commits, found.tags, found.half_made_by), (seen(1), seen(1), Some(1)));
}

#[test]
fn what_is_dated_after_the_moment_does_not_count_and_is_told() {
    let Some(made) = Made::new() else { return };
    made.commit(ADA, ago(3), "work");
    for day in 1..6 {
        made.commit(BEN, AS_OF + day * 1_000 * DAY, "from the future");
    }
    made.git(&["tag", "v1"]);
    let found = facts(&made.path);
    assert_eq!((found.commits, found.tags, found.half_made_by), (seen(1), seen(0), Some(1)));
    assert_eq!(found.later, 6);
    let early = Timestamp::from_seconds(ago(400));
    let then =
        history_facts(&made.path, early, &Keyring::default(), (true, false)).expect("a clone").expect("a history").0;
    assert_eq!((then.commits, then.later), (seen(0), 7), "nothing was there yet");
}

#[test]
fn people_are_counted_once_and_programs_are_none() {
    let Some(made) = Made::new() else { return };
    for (day, who) in [(50, ADA), (40, BEN), (30, CLEO), (20, BOT), (10, BOT)] {
        made.commit(who, ago(day), "work");
    }
    let found = facts(&made.path);
    assert_eq!(
        (found.commits, found.half_made_by),
        (seen(5), Some(2)),
        "two of three people made half of their commits"
    );
    made.commit(ADA, ago(1), "more");
    assert_eq!(facts(&made.path).half_made_by, Some(1));
}

#[test]
fn a_clone_that_was_cut_knows_what_it_has_seen() {
    let Some(made) = Made::new() else { return };
    for day in 0..8 {
        made.commit(if day % 2 == 0 { ADA } else { BEN }, ago(100 - day), "work");
    }
    made.git(&["tag", "v1", "HEAD~6"]);
    let cut = facts(&made.clone_with("cut", &["--depth", "6"]));
    assert_eq!(cut.commits, Count { seen: 6, missing: Some(Obstacle::NeedsHistory) });
    assert_eq!(cut.tags, Count { seen: 0, missing: Some(Obstacle::NeedsHistory) });
    assert_eq!(cut.half_made_by, None, "those who were cut off may change it");
    let without_tags = facts(&made.clone_with("bare", &["--bare", "--no-tags"]));
    assert_eq!((without_tags.commits, without_tags.tags.missing), (seen(8), Some(Obstacle::NeedsHistory)));
    let whole = facts(&made.clone_with("whole", &[]));
    assert_eq!((whole.commits, whole.tags, whole.half_made_by), (seen(8), seen(1), Some(1)));
    let old = Made::new().expect("git");
    for day in 0..4 {
        old.commit(ADA, HALF_YEAR_AGO - DAY * (9 - day), "work");
    }
    old.commit(ADA, ago(1), "work");
    let cut = facts(&old.clone_with("cut", &["--depth", "2"]));
    assert_eq!(cut.commits, seen(1), "what was cut off is older than half a year");
}

#[test]
fn a_folder_has_no_history_and_an_empty_clone_none_to_speak_of() {
    let Some(made) = Made::new() else { return };
    let at = Timestamp::from_seconds(AS_OF);
    let empty = facts(&made.path);
    assert_eq!(empty.commits.missing, Some(Obstacle::NeedsHistory));
    std::fs::remove_dir_all(made.path.join(".git")).expect("removed");
    assert_eq!(history_facts(&made.path, at, &Keyring::default(), (true, true)).expect("a folder"), None);
}
