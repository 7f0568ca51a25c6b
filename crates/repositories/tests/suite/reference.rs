// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The reference: the same numbers worked out slowly from what `git log` prints, in the plainest way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use underpin_model::Timestamp;
use underpin_model::signals::{Ignorance, ProjectSignals, Reading, SignalCode, Value};

use underpin_repositories::{is_bot, is_vendored, organisation};

use crate::git;

/// One commit as `git log` prints it.
struct Commit {
    seconds: i64,
    who: String,
    is_bot: bool,
    parents: Vec<String>,
    id: String,
    /// Status, path, former path.
    files: Vec<(char, String, Option<String>)>,
}

/// The history of HEAD in git's own order.
fn log(path: &Path) -> Vec<Commit> {
    let format = "--format=%x01%H%x02%P%x02%ct%x02%aN%x02%aE%x02%an%x02%ae";
    let text = git::run(path, &["log", "--use-mailmap", "--name-status", "-M", "-z", format, "HEAD", "--"], &[]);
    text.split('\u{1}').skip(1).map(commit).collect()
}

fn commit(text: &str) -> Commit {
    let (head, files) = text.split_once('\0').unwrap_or((text, ""));
    let fields: Vec<&str> = head.split('\u{2}').collect();
    let mut words = files.trim_start_matches(['\n', '\0']).split('\0').filter(|word| !word.is_empty());
    let mut found = Vec::new();
    while let Some(status) = words.next() {
        let status = status.trim_start().chars().next().expect("a status");
        let first = words.next().expect("a path").to_owned();
        if status == 'R' {
            found.push(('R', words.next().expect("a new path").to_owned(), Some(first)));
        } else {
            found.push((status, first, None));
        }
    }
    // The lists are held by tables of their own.
    let is_bot =
        is_bot(fields[3].as_bytes(), fields[4].as_bytes()) || is_bot(fields[5].as_bytes(), fields[6].trim().as_bytes());
    Commit {
        id: fields[0].to_owned(),
        parents: fields[1].split_whitespace().map(str::to_owned).collect(),
        seconds: fields[2].trim().parse().expect("seconds"),
        who: fields[4].trim().to_lowercase(),
        is_bot,
        files: found,
    }
}

/// Commits after the time of judging are as old as their oldest successor says: worked out until nothing changes.
fn clamp(commits: &mut [Commit], as_of: i64) -> u64 {
    let skewed: BTreeSet<usize> = (0..commits.len()).filter(|at| commits[*at].seconds > as_of).collect();
    if skewed.is_empty() {
        return 0;
    }
    let children: Vec<Vec<usize>> = commits
        .iter()
        .map(|commit| (0..commits.len()).filter(|at| commits[*at].parents.contains(&commit.id)).collect())
        .collect();
    for at in &skewed {
        commits[*at].seconds = as_of;
    }
    loop {
        let mut changed = false;
        for at in &skewed {
            let latest = children[*at].iter().map(|child| commits[*child].seconds).min().unwrap_or(as_of).min(as_of);
            changed |= latest != commits[*at].seconds;
            commits[*at].seconds = latest;
        }
        if !changed {
            return skewed.len() as u64;
        }
    }
}

fn absence(counts: &BTreeMap<String, u64>) -> Option<u64> {
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_by(|left, right| right.cmp(left));
    let whole: u64 = sorted.iter().sum();
    (1..=sorted.len()).find(|people| 2 * sorted[..*people].iter().sum::<u64>() >= whole).map(|people| people as u64)
}

/// The truck factor after the paper, from whole lists of what happened to each path.
fn truck(commits: &[Commit], tip_files: &[String]) -> Option<u64> {
    // For each path: commit, status, former path.
    type Happened<'a> = (usize, char, Option<&'a str>);
    let mut by_path: BTreeMap<&str, Vec<Happened>> = BTreeMap::new();
    for (at, commit) in commits.iter().enumerate().filter(|(_, commit)| commit.parents.len() < 2 && !commit.is_bot) {
        for (status, path, from) in commit.files.iter().filter(|(status, _, _)| *status != 'D') {
            by_path.entry(path).or_default().push((at, *status, from.as_deref()));
        }
    }
    let mut authors_of: Vec<BTreeSet<&str>> = Vec::new();
    for file in tip_files {
        let mut paths = vec![file.as_str()];
        let mut events = Vec::new();
        let mut at = 0;
        while at < paths.len() {
            for event in by_path.get(paths[at]).into_iter().flatten() {
                events.push(*event);
                if let Some(from) = event.2.filter(|from| !paths.contains(from)) {
                    paths.push(from);
                }
            }
            at += 1;
        }
        if events.is_empty() {
            continue;
        }
        // The oldest creation; of one second that further down the log.
        let created = events
            .iter()
            .filter(|(_, status, _)| *status == 'A')
            .min_by_key(|(at, _, _)| (commits[*at].seconds, std::cmp::Reverse(*at)));
        let mut deliveries: BTreeMap<&str, u64> = BTreeMap::new();
        for event in &events {
            // One commit may have created two of its paths.
            let is_other = created.is_none_or(|created| !std::ptr::eq(created, event));
            *deliveries.entry(&commits[event.0].who).or_default() += u64::from(is_other);
        }
        let (all, creator): (u64, _) = (deliveries.values().sum(), created.map(|one| commits[one.0].who.as_str()));
        let degree = |who: &str, own: u64| {
            let first = if creator == Some(who) { 1.0 } else { 0.0 };
            3.293 + 1.098 * first + 0.164 * own as f64 - 0.321 * (1.0 + (all - own) as f64).ln()
        };
        let degrees: Vec<(&str, f64)> = deliveries.iter().map(|(who, own)| (*who, degree(who, *own))).collect();
        let highest = degrees.iter().map(|(_, degree)| *degree).fold(f64::MIN, f64::max);
        authors_of.push(
            degrees
                .into_iter()
                .filter(|(_, degree)| degree / highest > 0.75 && *degree >= 3.293)
                .map(|(who, _)| who)
                .collect(),
        );
    }
    let first_seen = |who: &str| commits.iter().position(|commit| commit.who == who);
    let files = authors_of.len();
    let mut gone = 0;
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for who in authors_of.iter().flatten() {
        *left.entry(who).or_default() += 1;
    }
    loop {
        let covered = authors_of.iter().filter(|authors| authors.iter().any(|who| left.contains_key(who))).count();
        let top =
            left.iter().max_by_key(|(who, files)| (**files, std::cmp::Reverse(first_seen(who)))).map(|(who, _)| *who);
        match top {
            Some(top) if covered * 2 >= files => left.remove(top),
            _ => return (files > 0).then_some(gone),
        };
        gone += 1;
    }
}

/// All signals of the history that the reference knows.
pub fn expected(path: &Path, as_of: Timestamp) -> Vec<(SignalCode, Reading)> {
    use SignalCode as C;
    let mut commits = log(path);
    let now = as_of.0 / 1_000_000;
    let skewed = clamp(&mut commits, now);
    let known =
        |value: Option<u64>, why| value.map_or(Reading::Unknown(why), |count| Reading::Known(Value::Number(count)));
    let mut found = vec![(C::SkewedCommits, git::number(skewed))];
    for (months, absence_code, elephant_code) in [
        (Some(12), C::Absence12Months, C::Elephant12Months),
        (Some(24), C::Absence24Months, C::Elephant24Months),
        (None, C::AbsenceAllTime, C::ElephantAllTime),
    ] {
        let from = months.map_or(i64::MIN, |months| as_of.months_later(-months).0 / 1_000_000);
        let inside: Vec<&Commit> = commits.iter().filter(|commit| commit.seconds > from).collect();
        let authored: Vec<&&Commit> = inside.iter().filter(|commit| commit.parents.len() < 2).collect();
        let human: Vec<&&&Commit> = authored.iter().filter(|commit| !commit.is_bot).collect();
        let mut people: BTreeMap<String, u64> = BTreeMap::new();
        let mut domains: BTreeMap<String, u64> = BTreeMap::new();
        for commit in &human {
            *people.entry(commit.who.clone()).or_default() += 1;
            if let Some(domain) = organisation(commit.who.as_bytes()) {
                *domains.entry(domain).or_default() += 1;
            }
        }
        found.push((absence_code, known(absence(&people), Ignorance::NoHumanCommits)));
        found.push((elephant_code, known(absence(&domains), Ignorance::NoOrganisations)));
        let bots = (authored.len() - human.len()) as u64;
        let share = |part: u64, whole: usize| {
            if whole == 0 { git::unknown(Ignorance::NoRecentCommits) } else { git::share(part, whole as u64) }
        };
        match months {
            Some(12) => found.extend([
                (C::HumanCommits12Months, git::number(human.len() as u64)),
                (C::Contributors12Months, git::number(people.len() as u64)),
                (C::BotShare12Months, share(bots, authored.len())),
                (C::MergeShare12Months, share((inside.len() - authored.len()) as u64, inside.len())),
            ]),
            None => found.push((C::BotShareAllTime, share(bots, authored.len()))),
            Some(_) => {}
        }
    }
    let last =
        commits.iter().filter(|commit| commit.parents.len() < 2 && !commit.is_bot).map(|commit| commit.seconds).max();
    let moment = last.map_or(git::unknown(Ignorance::NoHumanCommits), |last| {
        Reading::Known(Value::Moment(Timestamp::from_seconds(last)))
    });
    found.push((C::LastHumanCommit, moment));
    let files = git::run(path, &["ls-tree", "-r", "-z", "HEAD"], &[]);
    // Neither links nor submodules.
    let files = files.split('\0').filter(|entry| entry.starts_with("100")).filter_map(|entry| entry.split_once('\t'));
    let files: Vec<String> =
        files.map(|(_, path)| path.to_owned()).filter(|path| !is_vendored(path.as_bytes())).collect();
    found.push((C::FilesAtTip, git::number(files.len() as u64)));
    found.push((C::TruckFactor, known(truck(&commits, &files), Ignorance::NoAuthors)));
    found
}

/// Holds what was found against the reference.
pub fn check(path: &Path, found: &ProjectSignals) {
    git::expect(found, &expected(path, found.as_of));
}
