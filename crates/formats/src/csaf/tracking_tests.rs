// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tests of the tracking: versions, revisions and dates.

use hashbrown::HashSet;
use underpin_model::Timestamp;

use super::json::{step, text};
use super::judge::Finding;
use super::revision::{Number, Revision};
use super::view::View;

const VERSION: &str = "/document/tracking/version";

type Findings = Option<Vec<Finding>>;

fn version<'v>(view: &View<'v>) -> Option<Number<'v>> {
    Number::parse(text(view.tracking, "version"))
}

fn is_draft(view: &View<'_>) -> bool {
    text(view.tracking, "status") == "draft"
}

/// The revisions of which something is said, as findings.
fn revisions(view: &View<'_>, is_wrong: impl Fn(&Number<'_>) -> bool) -> Findings {
    let wrong = |revision: &&Revision<'_>| revision.number.as_ref().is_some_and(&is_wrong);
    let found = view.revisions.iter().filter(wrong);
    Some(found.map(|revision| Finding::new(step(&revision.place, "number"), revision.stated)).collect())
}

fn at_version(view: &View<'_>, is_wrong: bool) -> Findings {
    Some(is_wrong.then(|| Finding::new(VERSION, text(view.tracking, "version"))).into_iter().collect())
}

/// 6.1.14
pub fn sorted(view: &View<'_>) -> Findings {
    let is_wrong = |pair: &&[Revision<'_>]| match pair {
        [Revision { number: Some(earlier), .. }, Revision { number: Some(later), .. }] => earlier.order(later).is_gt(),
        _ => false,
    };
    let places = view.revisions.windows(2).filter(is_wrong).filter_map(|pair| pair.last());
    Some(places.map(|revision| Finding::new(&revision.place, "a lower number than an earlier one")).collect())
}

/// 6.1.16
pub fn latest(view: &View<'_>) -> Findings {
    let latest = view.revisions.last().and_then(|revision| revision.number.clone());
    let (Some(mut latest), Some(mut version)) = (latest, version(view)) else { return Some(Vec::new()) };
    if is_draft(view) {
        latest.pre = "";
        version.pre = "";
    }
    at_version(view, version.order(&latest).is_ne())
}

/// 6.1.17
pub fn draft(view: &View<'_>) -> Findings {
    let is_early = version(view).is_some_and(|version| version.major() == 0 || !version.pre.is_empty());
    at_version(view, is_early && !is_draft(view))
}

/// 6.1.18
pub fn released_history(view: &View<'_>) -> Findings {
    let is_released = !is_draft(view);
    revisions(view, |number| is_released && number.major() == 0)
}

/// 6.1.19
pub fn prerelease_revision(view: &View<'_>) -> Findings {
    revisions(view, |number| !number.pre.is_empty())
}

/// 6.1.20
pub fn released_version(view: &View<'_>) -> Findings {
    at_version(view, !is_draft(view) && version(view).is_some_and(|version| !version.pre.is_empty()))
}

/// 6.1.21
pub fn missing(view: &View<'_>) -> Findings {
    let mut majors: Vec<_> =
        view.revisions.iter().filter_map(|revision| Some(revision.number.as_ref()?.major())).collect();
    majors.sort_unstable();
    majors.dedup();
    let mut found = Vec::new();
    if majors.first().is_some_and(|first| *first > 1) {
        found.push(Finding::new("/document/tracking/revision_history", "does not start with 0 or 1"));
    }
    let gaps = majors.windows(2).filter(|pair| matches!(pair, [earlier, later] if later - earlier > 1));
    found.extend(
        gaps.map(|pair| Finding::new("/document/tracking/revision_history", format!("nothing between {pair:?}"))),
    );
    Some(found)
}

/// 6.1.22
pub fn twice(view: &View<'_>) -> Findings {
    let mut seen = HashSet::new();
    let again = view.revisions.iter().filter(|revision| !seen.insert(revision.stated));
    Some(again.map(|revision| Finding::new(step(&revision.place, "number"), revision.stated)).collect())
}

/// 6.1.30
pub fn mixed_versions(view: &View<'_>) -> Findings {
    let Some(first) = version(view) else { return Some(Vec::new()) };
    revisions(view, |number| number.is_integer() != first.is_integer())
}

/// 6.2.4
pub fn build_metadata(view: &View<'_>) -> Findings {
    revisions(view, |number| !number.build.is_empty())
}

/// 6.2.5
pub fn early_first_release(view: &View<'_>) -> Findings {
    early(view, "initial_release_date", view.revisions.iter().find_map(|revision| revision.date))
}

/// 6.2.6
pub fn early_current_release(view: &View<'_>) -> Findings {
    early(view, "current_release_date", view.revisions.last().and_then(|revision| revision.date))
}

fn early(view: &View<'_>, key: &str, revision: Option<Timestamp>) -> Findings {
    let stated = text(view.tracking, key);
    let is_early = stated.parse::<Timestamp>().ok().zip(revision).is_some_and(|(date, revision)| date < revision);
    Some(is_early.then(|| Finding::new(step("/document/tracking", key), stated)).into_iter().collect())
}
