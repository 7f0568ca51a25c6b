// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Histories with known numbers: bots, mailmap, renames, merges, squashes, clocks gone wrong, cut and bare clones.

use underpin_model::Timestamp;
use underpin_model::signals::{Caveat, Ignorance, Reading, SignalCode as C, Source, Value};

use underpin_repositories::{GitClone, signals};

use crate::git::{self, ADA, AS_OF, BEN, BOT, CLEO, Made, ago, expect, number, share, unknown};
use crate::reference;

fn text(name: &str) -> String {
    (1..30).map(|line| format!("{name} says line {line} of thirty\n")).collect()
}

/// A project with most of what happens: people under two addresses, a bot, a branch, a rename with changes, vendored files.
fn lively() -> Option<Made> {
    let made = Made::new()?;
    made.write(".mailmap", "Ada Quellmann <ada.quellmann@firma.test.org> <ada@alt.test.org>\n");
    made.write("src/one.txt", &text("one"));
    made.write("vendor/big.txt", &text("big"));
    made.commit(ADA, ago(900), "Begin");
    made.write("src/two.txt", &text("two"));
    made.commit("Ada Q. <ADA@alt.test.org>", ago(800), "Two");
    made.write("src/three.txt", &text("three"));
    made.commit(BEN, ago(500), "Three");
    made.git(&["checkout", "--quiet", "-b", "side"]);
    made.write("src/four.txt", &text("four"));
    made.commit(
        CLEO,
        ago(300),
        "Four\n\nSigned-off-by: Cleo Farnbach <cleo@werk.test.net>\nReviewed-by: Ada <a@b.test.org>\n",
    );
    made.git(&["checkout", "--quiet", "main"]);
    made.git(&["mv", "src/one.txt", "src/uno.txt"]);
    made.write("src/uno.txt", &text("one").replacen("line 7", "other line 7", 1));
    made.commit(BEN, ago(200), "Rename and change");
    made.dated(ADA, ago(190), &["merge", "--quiet", "--no-ff", "--message", "Merge side", "side"]);
    made.write("src/deps.txt", &text("deps"));
    made.commit(BOT, ago(100), "Bump");
    made.write("src/two.txt", &text("two").replacen("line 3", "line three", 1));
    made.commit("Cleo F <cleo@werk.test.net>", ago(40), "Two again");
    made.commit(BOT, ago(1), "Bump again");
    Some(made)
}

#[test]
fn a_lively_project() {
    let Some(made) = lively() else { return };
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(
        &found,
        &[
            (C::Absence12Months, number(1)),
            (C::Contributors12Months, number(2)),
            (C::HumanCommits12Months, number(3)),
            (C::AbsenceAllTime, number(2)),
            (C::ElephantAllTime, number(1)),
            (C::BotShare12Months, share(2, 5)),
            (C::MergeShare12Months, share(1, 6)),
            (C::SignedOff12Months, share(1, 3)),
            (C::Reviewed12Months, share(1, 3)),
            (C::SignedCommits12Months, share(0, 6)),
            (C::DaysSinceHumanCommit, number(40)),
            (C::LastHumanCommit, Reading::Known(Value::Moment(Timestamp::from_seconds(ago(40))))),
            (C::SkewedCommits, number(0)),
            (C::Releases, unknown(Ignorance::NoTags)),
        ],
    );
    let years: Vec<_> =
        found.years.iter().map(|year| (year.human_commits, year.bot_commits, year.contributors)).collect();
    assert_eq!(years, [(3, 2, 2), (1, 0, 1), (2, 0, 1)]);
    assert!(found.years.iter().all(|year| !year.is_cut));
}

#[test]
fn every_signal_is_there_once_in_order() {
    let Some(made) = lively() else { return };
    let empty = Made::new().expect("git is here");
    for (path, what) in [(&made.path, "lively"), (&empty.path, "empty")] {
        let found = git::signals_of(path);
        let codes: Vec<_> = found.signals.iter().map(|signal| signal.code).collect();
        assert_eq!(codes, C::ALL, "{what}");
        assert!(found.signals.iter().all(|signal| signal.as_of == Timestamp::from_seconds(AS_OF)), "{what}");
    }
}

#[test]
fn an_empty_repository_is_unknown_everywhere() {
    let Some(made) = Made::new() else { return };
    let found = made.signals();
    for signal in &found.signals {
        let expected = if matches!(signal.source, Source::Tags(_)) { Ignorance::NoTags } else { Ignorance::NoCommits };
        assert_eq!(signal.reading, unknown(expected), "{}", signal.code.as_str());
    }
    assert_eq!((found.tip, found.years.len()), (None, 0));
}

#[test]
fn renames_carry_the_history_of_a_file() {
    let Some(made) = Made::new() else { return };
    // Ada writes three files; Ben only moves them, once with a change. Without following renames they would be his.
    for name in ["a", "b", "c"] {
        made.write(&format!("old/{name}.txt"), &text(name));
        made.commit(ADA, ago(500), name);
        for number in 0..3 {
            made.write(&format!("old/{name}.txt"), &text(name).replacen("line 4", &format!("line 4.{number}"), 1));
            made.commit(ADA, ago(400 - number), "More");
        }
    }
    made.git(&["mv", "old", "new"]);
    made.write("new/b.txt", &text("b").replacen("line 9", "line nine", 1));
    made.commit(BEN, ago(100), "Move");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(&found, &[(C::TruckFactor, number(1)), (C::FilesAtTip, number(3))]);
    // Two more files by Ben, so that both are needed: without renames his five of five would leave a factor of 1 as well.
    for name in ["d", "e"] {
        made.write(&format!("new/{name}.txt"), &text(name));
        made.commit(BEN, ago(90), name);
    }
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(&found, &[(C::TruckFactor, number(1))]);
    made.write("new/f.txt", &text("f"));
    made.commit(CLEO, ago(80), "f");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(&found, &[(C::TruckFactor, number(2))]);
}

#[test]
fn a_file_with_two_creations_by_one_commit_has_one_creator_and_a_change() {
    let Some(made) = Made::new() else { return };
    made.write("one.txt", &text("one"));
    made.write("two.txt", &text("two"));
    made.commit(ADA, ago(90), "Two files");
    // The file of the second path goes on under the first one: two histories become one.
    made.git(&["rm", "--quiet", "one.txt"]);
    made.commit(BEN, ago(80), "Gone");
    made.git(&["mv", "two.txt", "one.txt"]);
    made.commit(BEN, ago(70), "Moved");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(&found, &[(C::TruckFactor, number(1)), (C::FilesAtTip, number(1))]);
}

#[test]
fn a_file_that_people_only_moved_away_on_a_branch_has_no_authors() {
    let Some(made) = Made::new() else { return };
    made.write("tool.txt", &text("tool"));
    made.commit(BOT, ago(90), "A program makes it");
    made.git(&["checkout", "--quiet", "-b", "side"]);
    made.git(&["mv", "tool.txt", "moved.txt"]);
    made.commit(ADA, ago(80), "Moved");
    made.git(&["checkout", "--quiet", "main"]);
    made.dated(BEN, ago(70), &["merge", "--quiet", "--strategy", "ours", "--message", "Not so", "side"]);
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(&found, &[(C::TruckFactor, unknown(Ignorance::NoAuthors)), (C::FilesAtTip, number(1))]);
}

#[test]
fn a_squash_counts_once_for_whoever_made_it() {
    let Some(made) = Made::new() else { return };
    made.commit(ADA, ago(300), "Begin");
    made.git(&["checkout", "--quiet", "-b", "side"]);
    for number in 0..4 {
        made.write("work.txt", &text(&number.to_string()));
        made.commit(BEN, ago(200 - number), "Work");
    }
    made.git(&["checkout", "--quiet", "main"]);
    made.git(&["merge", "--quiet", "--squash", "side"]);
    made.commit(CLEO, ago(100), "Work of others, squashed");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(
        &found,
        &[
            (C::HumanCommits12Months, number(2)),
            (C::Contributors12Months, number(2)),
            (C::MergeShare12Months, share(0, 2)),
            (C::TruckFactor, number(1)),
        ],
    );
}

#[test]
fn commits_of_the_future_are_as_old_as_their_successors() {
    let Some(made) = Made::new() else { return };
    made.commit(ADA, ago(1000), "Begin");
    made.commit(BEN, AS_OF + 4000 * git::DAY, "A wrong clock, long ago");
    made.commit(ADA, ago(950), "Go on");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(
        &found,
        &[
            (C::SkewedCommits, number(1)),
            (C::DaysSinceHumanCommit, number(950)),
            (C::HumanCommits12Months, number(0)),
            (C::Absence12Months, unknown(Ignorance::NoHumanCommits)),
        ],
    );
    let signal = found.signals.iter().find(|signal| signal.code == C::LastHumanCommit).expect("there");
    assert_eq!(signal.caveats, [Caveat::ClockSkew]);
    // The newest commit has no successor: it is as old as the moment of judging.
    made.commit(CLEO, AS_OF + 1, "A second ahead");
    let found = made.signals();
    reference::check(&made.path, &found);
    expect(
        &found,
        &[(C::SkewedCommits, number(2)), (C::DaysSinceHumanCommit, number(0)), (C::Contributors12Months, number(1))],
    );
}

#[test]
fn a_cut_clone_knows_what_it_cannot_know() {
    let Some(made) = lively() else { return };
    made.dated(ADA, ago(30), &["tag", "v1.0"]);
    let cut = made.clone_with("cut", &["--depth", "3"]);
    let found = git::signals_of(&cut);
    expect(
        &found,
        &[
            (C::AbsenceAllTime, unknown(Ignorance::Shallow)),
            (C::Absence12Months, unknown(Ignorance::Shallow)),
            (C::TruckFactor, unknown(Ignorance::Shallow)),
            (C::BotShareAllTime, unknown(Ignorance::Shallow)),
            (C::Releases, unknown(Ignorance::Shallow)),
            (C::DaysSinceHumanCommit, number(40)),
        ],
    );
    assert!(found.years.iter().all(|year| year.is_cut));
    // Cut before the span that counts, the span is whole.
    let deep = made.clone_with("deep", &["--shallow-since", &ago(600).to_string()]);
    let found = git::signals_of(&deep);
    let whole = made.signals();
    for code in [C::Absence12Months, C::Contributors12Months, C::BotShare12Months, C::MergeShare12Months] {
        assert_eq!(found.reading(code), whole.reading(code), "{}", code.as_str());
    }
    expect(&found, &[(C::Absence24Months, unknown(Ignorance::Shallow)), (C::TruckFactor, unknown(Ignorance::Shallow))]);
}

#[test]
fn a_clone_is_the_same_bare_packed_or_not() {
    let Some(made) = lively() else { return };
    made.dated(ADA, ago(30), &["tag", "v1.0"]);
    let whole = made.signals();
    let bare = made.clone_with("bare", &["--bare"]);
    assert_eq!(git::signals_of(&bare), whole);
    let mirror = made.clone_with("mirror", &["--mirror"]);
    git::run(&mirror, &["gc", "--quiet", "--prune=now"], &[]);
    git::run(&mirror, &["commit-graph", "write", "--reachable"], &[]);
    assert_eq!(git::signals_of(&mirror), whole);
    // A clone without contents knows the same names; only what had to be read is missing.
    let thin = made.clone_with("thin", &["--bare", "--filter=blob:none"]);
    expect(&git::signals_of(&thin), &[(C::SaysDeprecated, unknown(Ignorance::NotInClone)), (C::FilesAtTip, number(6))]);
}

#[test]
fn releases_have_a_rhythm_of_their_own() {
    let Some(made) = lively() else { return };
    for (days, name) in [(880, "v0.9-rc1"), (870, "v1.0"), (770, "v1.1"), (670, "v1.2"), (470, "v2.0")] {
        made.dated(ADA, ago(days), &["tag", "--annotate", "--message", "Release", name]);
    }
    made.dated(ADA, ago(470), &["tag", "--annotate", "--message", "The same day", "part-2.0"]);
    made.git(&["tag", "latest"]);
    let found = made.signals();
    expect(
        &found,
        &[
            (C::Releases, number(4)),
            (C::Prereleases, number(1)),
            (C::LastRelease, Reading::Known(Value::Moment(Timestamp::from_seconds(ago(470))))),
            (C::ReleaseGapMedian, number(100)),
            (C::ReleaseGapCurrent, number(470)),
            (C::ReleaseGapRatio, share(470, 100)),
            (C::SignedTags, share(0, 6)),
        ],
    );
    // A light tag is as old as its commit: one day before the time of judging.
    made.git(&["tag", "v3.0"]);
    expect(&made.signals(), &[(C::ReleaseGapCurrent, number(1)), (C::Releases, number(5))]);
}

#[test]
fn two_releases_are_no_rhythm() {
    let Some(made) = lively() else { return };
    made.dated(ADA, ago(100), &["tag", "--annotate", "--message", "Release", "v1"]);
    made.dated(ADA, ago(50), &["tag", "--annotate", "--message", "Release", "v2"]);
    expect(
        &made.signals(),
        &[
            (C::Releases, number(2)),
            (C::ReleaseGapCurrent, number(50)),
            (C::ReleaseGapMedian, unknown(Ignorance::TooFewReleases)),
            (C::ReleaseGapRatio, unknown(Ignorance::TooFewReleases)),
        ],
    );
}

#[test]
fn signatures_are_seen_and_not_verified() {
    let Some(made) = lively() else { return };
    // A signature that nobody could verify; only that it is there counts.
    let tip = made.git(&["rev-parse", "HEAD"]);
    let tip = tip.trim();
    let body = made.git(&["cat-file", "commit", "HEAD"]);
    let (head, message) = body.split_once("\n\n").expect("a message");
    let signature = "-----BEGIN SSH SIGNATURE-----\n bm90aGluZw==\n -----END SSH SIGNATURE-----";
    made.write("../signed", &format!("{head}\ngpgsig {signature}\n\n{message}"));
    let id = made.git(&["hash-object", "-t", "commit", "-w", "../signed"]);
    made.git(&["update-ref", "refs/heads/main", id.trim()]);
    let tag = format!(
        "object {tip}\ntype commit\ntag v1\ntagger {ADA} {} +0000\n\nOne\n{}\n",
        ago(5),
        signature.replace("\n ", "\n")
    );
    made.write("../tag", &tag);
    let id = made.git(&["hash-object", "-t", "tag", "-w", "../tag"]);
    made.git(&["update-ref", "refs/tags/v1", id.trim()]);
    made.git(&["tag", "v2"]);
    let found = made.signals();
    expect(&found, &[(C::SignedCommits12Months, share(1, 6)), (C::SignedTags, share(1, 2))]);
    for code in [C::SignedCommits12Months, C::SignedTags] {
        let signal = found.signals.iter().find(|signal| signal.code == code).expect("there");
        assert_eq!(signal.caveats, [Caveat::NotVerified]);
    }
}

#[test]
fn real_clones_equal_the_reference() {
    // Real clones are large and belong to others: whoever has some names their folder.
    let folder = std::env::var_os("UNDERPIN_CLONES").filter(|_| git::is_here());
    let Some(folder) = folder else { return eprintln!("skipped: UNDERPIN_CLONES names no folder of clones") };
    let mut read = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let newest = git::run(&path, &["log", "-1", "--format=%ct", "HEAD", "--"], &[]);
        let as_of = Timestamp::from_seconds(newest.trim().parse::<i64>().expect("seconds") + git::DAY);
        let found = signals(&GitClone::open(&path).expect("a clone"), as_of, &[7; 32]);
        reference::check(&path, &found);
        read += 1;
    }
    assert!(read > 0, "no clone there");
}
