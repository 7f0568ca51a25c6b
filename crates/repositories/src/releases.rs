// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Releases, as far as tags tell: their rhythm, and how long the current pause is against it.
//!
//! A tag with a digit in its name is a release; one that says alpha, beta, rc or the like is a prerelease and stands apart. Tags
//! of one day are one release: a repository of many packages tags dozens at once. An annotated tag has a time of its own, a
//! light one that of its commit.

use std::collections::BTreeSet;

use gix::ObjectId;
use gix::objs::{CommitRef, Kind, TagRef};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{GIT_TAG_CHAIN, GIT_TAGS};
use underpin_model::signals::{Caveat, Ignorance, Reading, Signal, SignalCode, Source, Value};

use crate::activity::seconds;
use crate::checked::signed::of_tag;
use crate::clone::{GitClone, Objects};

/// Releases that have to be there before a rhythm is spoken of.
const RHYTHM_RELEASES: usize = 3;
const DAY_SECONDS: i64 = 86_400;

/// Words of names of prereleases, wherever they stand.
const EARLY: &[&str] = &["alpha", "beta", "canary", "nightly", "prerelease", "preview", "rc", "snapshot"];
/// The same after a digit.
const EARLY_AFTER_DIGIT: &[&str] = &["candidate", "cr", "dev", "ea", "milestone", "pre"];
/// The same directly before a digit.
const EARLY_LETTERS: &[&str] = &["a", "b", "m"];

/// What the name of a tag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    Release,
    Prerelease,
    Other,
}

struct Tag {
    is_release: bool,
    is_signed: bool,
    seconds: i64,
}

/// The signals that follow from tags.
pub(crate) fn signals(clone: &GitClone, as_of: Timestamp) -> Vec<Signal> {
    use SignalCode as C;
    let tags = tags(clone, seconds(as_of));
    let (tags, why) = match tags {
        Ok(tags) if tags.is_empty() => (tags, Some(Ignorance::NoTags)),
        Ok(tags) => (tags, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    // A clone that was cut brings only the tags of what it holds.
    let why = if clone.is_shallow() { Some(Ignorance::Shallow) } else { why };
    let number = |count: usize| Ok(Value::Number(count as u64));
    let days: BTreeSet<i64> =
        tags.iter().filter(|tag| tag.is_release).map(|tag| tag.seconds.div_euclid(DAY_SECONDS)).collect();
    let last = tags.iter().filter(|tag| tag.is_release).map(|tag| tag.seconds).max().ok_or(Ignorance::TooFewReleases);
    let current = last.map(|last| as_of.days_since(Timestamp::from_seconds(last)).max(0).unsigned_abs());
    let median = median_gap(&days).ok_or(Ignorance::TooFewReleases);
    let ratio = median.and_then(|whole| Ok(Value::Fraction { part: current?, whole }));
    let signed =
        Value::Fraction { part: tags.iter().filter(|tag| tag.is_signed).count() as u64, whole: tags.len() as u64 };
    let values = [
        (C::Releases, number(days.len())),
        (C::Prereleases, number(tags.iter().filter(|tag| !tag.is_release).count())),
        (C::LastRelease, last.map(|last| Value::Moment(Timestamp::from_seconds(last)))),
        (C::ReleaseGapMedian, median.map(Value::Number)),
        (C::ReleaseGapCurrent, current.map(Value::Number)),
        (C::ReleaseGapRatio, ratio),
        (C::SignedTags, Ok(signed)),
    ];
    let signal = |(code, value)| Signal {
        code,
        reading: why.map_or_else(|| Reading::from(value), Reading::Unknown),
        source: Source::Tags(tags.len() as u64),
        caveats: if code == C::SignedTags { vec![Caveat::NotVerified] } else { Vec::new() },
        as_of,
    };
    values.into_iter().map(signal).collect()
}

/// The median of the days between releases, rounded down; `None` for fewer than three releases.
fn median_gap(days: &BTreeSet<i64>) -> Option<u64> {
    let days: Vec<i64> = days.iter().copied().collect();
    let mut gaps: Vec<u64> = days.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect();
    gaps.sort_unstable();
    let middle = gaps.len() / 2;
    let median = if gaps.len() % 2 == 1 {
        gaps.get(middle).copied()
    } else {
        Some((gaps.get(middle)? + gaps.get(middle - 1)?) / 2)
    };
    median.filter(|_| days.len() >= RHYTHM_RELEASES)
}

fn tags(clone: &GitClone, as_of: i64) -> Result<Vec<Tag>, Ignorance> {
    let mut objects = clone.objects();
    let repository = objects.repository.clone();
    let platform = repository.references().map_err(|_| Ignorance::NotUnderstood)?;
    let references = platform.tags().map_err(|_| Ignorance::NotUnderstood)?;
    let mut found = Vec::new();
    for (number, reference) in references.enumerate() {
        if number >= GIT_TAGS {
            return Err(Ignorance::BeyondLimits);
        }
        // A broken tag is none; the others still count.
        let Ok(reference) = reference else { continue };
        let is_release = match naming(&String::from_utf8_lossy(reference.name().shorten())) {
            Naming::Release => true,
            Naming::Prerelease => false,
            Naming::Other => continue,
        };
        let Some(id) = reference.try_id() else { continue };
        if let Some((seconds, is_signed)) = time(&mut objects, id.detach()) {
            found.push(Tag { is_release, is_signed, seconds: seconds.min(as_of) });
        }
    }
    Ok(found)
}

/// When a tag was made, and whether it is signed; `None` when it tags no commit.
fn time(objects: &mut Objects, mut id: ObjectId) -> Option<(i64, bool)> {
    let hash = objects.hash();
    let (mut own_time, mut is_signed) = (None, false);
    for _ in 0..GIT_TAG_CHAIN {
        if let Some(bytes) = objects.read(&id, Kind::Tag) {
            let tag = TagRef::from_bytes(bytes, hash).ok()?;
            is_signed |= of_tag(bytes).is_some();
            let tagger = tag.tagger().ok().flatten();
            own_time = own_time.or_else(|| tagger.map(|tagger| tagger.seconds()));
            id = tag.target();
        } else {
            let commit = CommitRef::from_bytes(objects.read(&id, Kind::Commit)?, hash).ok()?;
            let committed = commit.committer().map(|committer| committer.seconds()).ok();
            return Some((own_time.or(committed)?, is_signed));
        }
    }
    None
}

/// Whether a tag of that name is one of a release or prerelease.
pub(crate) fn is_release_name(name: &str) -> bool {
    naming(name) != Naming::Other
}

/// Whether the name of a tag is that of a release.
pub(crate) fn has_release_name(name: &str) -> bool {
    naming(name) == Naming::Release
}

/// What kind of release a tag of that name is.
fn naming(name: &str) -> Naming {
    let name = name.to_ascii_lowercase();
    if !name.bytes().any(|byte| byte.is_ascii_digit()) {
        return Naming::Other;
    }
    let bytes = name.as_bytes();
    let mut seen_digit = false;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphabetic() {
            seen_digit |= bytes[at].is_ascii_digit();
            at += 1;
            continue;
        }
        let end =
            bytes[at..].iter().position(|byte| !byte.is_ascii_alphabetic()).map_or(bytes.len(), |length| at + length);
        let word = &name[at..end];
        let before_digit = bytes.get(end).is_some_and(u8::is_ascii_digit);
        let is_early = EARLY.contains(&word)
            || (seen_digit && EARLY_AFTER_DIGIT.contains(&word))
            || (seen_digit && before_digit && EARLY_LETTERS.contains(&word));
        if is_early {
            return Naming::Prerelease;
        }
        at = end;
    }
    Naming::Release
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tags() {
        for (name, expected) in [
            ("v1.2.3", Naming::Release),
            ("curl-8_1_0", Naming::Release),
            ("REL_16_2", Naming::Release),
            ("pkg/v1.0.0", Naming::Release),
            ("log4j-2.17.1", Naming::Release),
            ("v2.0-rc1", Naming::Prerelease),
            ("rc-8_13_0-1", Naming::Prerelease),
            ("1.0b2", Naming::Prerelease),
            ("5.0.0-M1", Naming::Prerelease),
            ("v3.0.0-alpha.1", Naming::Prerelease),
            ("1.0.dev4", Naming::Prerelease),
            ("dev-tools-1.0", Naming::Release),
            ("nightly-2024-01-01", Naming::Prerelease),
            ("latest", Naming::Other),
            ("", Naming::Other),
        ] {
            assert_eq!(naming(name), expected, "{name}");
        }
    }

    #[test]
    fn the_median_needs_three_releases() {
        for (days, expected) in [
            (vec![], None),
            (vec![1], None),
            (vec![1, 9], None),
            (vec![0, 10, 30], Some(15)),
            (vec![0, 10, 30, 31], Some(10)),
            (vec![0, 10, 30, 31, 60], Some(15)),
        ] {
            assert_eq!(median_gap(&days.iter().copied().collect()), expected, "{days:?}");
        }
    }
}
