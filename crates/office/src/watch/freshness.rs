// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How fresh the knowledge is: every feed with its age. No answer about vulnerabilities goes out without it.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_ledger::{Edition, FeedState};
use underpin_model::Timestamp;
use underpin_model::watch::source::Records;
use underpin_model::watch::{SOURCES, Source};

use super::own::counted;
use crate::error::Result;
use crate::house::Desk;

/// A feed and its age.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FeedAge {
    /// The feed.
    pub feed: String,
    /// Its newest edition.
    pub edition: Option<i64>,
    /// When that was learned.
    pub learned: Option<Timestamp>,
    /// The date that the publisher gives it.
    pub stated: Option<Timestamp>,
    /// When somebody last looked whether there is something new, with success.
    pub looked: Option<Timestamp>,
    /// When it was tried last.
    pub attempted: Option<Timestamp>,
    /// What came of that.
    pub outcome: String,
    /// A sentence about it.
    pub detail: String,
    /// Days since somebody last looked with success.
    pub age_days: Option<i64>,
    /// Whether it is older than it should be.
    pub is_stale: bool,
    /// Where it came from.
    pub origin: String,
    /// Under which terms its data stands.
    pub licence: &'static str,
}

/// How fresh the knowledge behind an answer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Freshness {
    /// Every feed, by name.
    pub feeds: Vec<FeedAge>,
    /// Kinds of sources of which nothing is there at all.
    pub missing: Vec<&'static str>,
    /// Advisories of the office itself that the viewer may see.
    #[serde(skip_serializing_if = "is_zero")]
    pub own: u64,
    /// Those among them that count and cannot be read, by identifier: no answer knows what they say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_unread: Vec<String>,
}

const NOTHING: &str = "no advisories are here: `underpin watch sync` fetches them, `--from PATH` reads them from files";

impl Freshness {
    /// As of a moment: editions learned by then.
    pub fn of(editions: &[Edition], states: &[FeedState], at: Timestamp) -> Self {
        let mut feeds: BTreeMap<&str, FeedAge> = BTreeMap::new();
        for edition in editions {
            let age = feeds.entry(&edition.feed).or_default();
            age.edition = Some(edition.number);
            age.learned = Some(edition.learned);
            age.stated = edition.stated;
            age.looked = Some(edition.learned);
            age.origin.clone_from(&edition.origin);
        }
        for state in states.iter().filter(|state| state.attempted <= at) {
            let age = feeds.entry(&state.feed).or_default();
            // Over an air gap an edition is learned after somebody looked: the look counts.
            age.looked = state.succeeded.filter(|moment| *moment <= at).or(age.looked);
            age.attempted = Some(state.attempted);
            age.outcome.clone_from(&state.outcome);
            age.detail.clone_from(&state.detail);
        }
        let mut found: Vec<FeedAge> = Vec::new();
        for (feed, mut age) in feeds {
            let source = Source::of_feed(feed);
            age.feed = feed.to_owned();
            age.age_days = age.looked.map(|moment| at.days_since(moment).max(0));
            let limit = source.map_or(7, |source| source.stale_days);
            age.is_stale = age.age_days.is_none_or(|days| days.unsigned_abs() > limit);
            age.licence = source.map_or("", |source| source.licence);
            found.push(age);
        }
        let has = |source: &&Source| found.iter().any(|age| age.edition.is_some() && of(&age.feed, source));
        // What comes from files only is brought by somebody or not: nobody forgot to fetch it.
        let is_fetched = |source: &&Source| source.records != Records::CycloneDx;
        let missing = SOURCES.iter().filter(|source| !has(source)).filter(is_fetched).map(|source| source.id).collect();
        Self { feeds: found, missing, own: 0, own_unread: Vec::new() }
    }

    /// True when no feed was ever read: then no finding means that nothing was looked for.
    pub fn knows_nothing(&self) -> bool {
        self.feeds.iter().all(|age| age.edition.is_none())
    }

    /// One line for the end of an answer: how old the knowledge is, and what is not there.
    pub fn sentence(&self) -> String {
        let known: Vec<&FeedAge> = self.feeds.iter().filter(|age| age.edition.is_some()).collect();
        let Some(oldest) = known.iter().filter_map(|age| age.age_days).max() else {
            let own = if self.own > 0 { format!(" but {} of the office", self.own) } else { String::new() };
            return NOTHING.replacen(':', &format!("{own}:"), 1) + &self.unread();
        };
        let stale: Vec<&str> = known.iter().filter(|age| age.is_stale).map(|age| age.feed.as_str()).collect();
        let feeds = if known.len() == 1 { "1 feed".to_owned() } else { format!("{} feeds", known.len()) };
        let mut text = match oldest {
            0 => format!("advisories of {feeds}, all looked at today"),
            1 => format!("advisories of {feeds}, the oldest looked at 1 day ago"),
            days => format!("advisories of {feeds}, the oldest looked at {days} days ago"),
        };
        if !stale.is_empty() {
            text.push_str(&format!("; older than they should be: {}", shortened(&stale)));
        }
        if self.own > 0 {
            text.push_str(&format!("; advisories of the office: {}", self.own));
        }
        text.push_str(&self.unread());
        let never = self.never_fetched();
        if !never.is_empty() {
            text.push_str(&format!("; not known, because never fetched: {}", never.join(", ")));
        }
        let failed: Vec<&str> = self.missing.iter().copied().filter(|source| !never.contains(source)).collect();
        if !failed.is_empty() {
            text.push_str(&format!("; not known, because fetching failed: {}", failed.join(", ")));
        }
        text
    }

    fn unread(&self) -> String {
        let ids: Vec<&str> = self.own_unread.iter().map(String::as_str).collect();
        if ids.is_empty() {
            String::new()
        } else {
            format!("; advisories of the office that cannot be read: {}", shortened(&ids))
        }
    }

    /// Kinds of sources that nobody ever tried to fetch.
    pub fn never_fetched(&self) -> Vec<&'static str> {
        let is_tried = |source: &str| self.feeds.iter().any(|age| age.feed.split('/').next() == Some(source));
        self.missing.iter().copied().filter(|source| !is_tried(source)).collect()
    }
}

impl Desk {
    /// How fresh the knowledge is that answers of this desk rest on.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn freshness(&self) -> Result<Freshness> {
        let reader = self.ledger.reader(self.viewer.clone(), self.now);
        let editions = reader.editions(self.snapshot.at).await?;
        let (own, own_unread) = counted(&reader.own_advisories(self.snapshot.at).await?, &self.limits);
        Ok(Freshness { own, own_unread, ..Freshness::of(&editions, &reader.feed_states().await?, self.snapshot.at) })
    }
}

fn of(feed: &str, source: &Source) -> bool {
    feed.split('/').next() == Some(source.id)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The first names, and how many more.
fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    match names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        None => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn edition(feed: &str, number: i64, day: i64) -> Edition {
        Edition { number, feed: feed.to_owned(), learned: Timestamp(day * DAY), ..Edition::default() }
    }

    #[test]
    fn a_feed_is_as_old_as_the_last_look_at_it() {
        let editions = [edition("kev", 1, 10), edition("osv/npm", 2, 10), edition("osv/PyPI", 3, 19)];
        let looked = FeedState {
            feed: "kev".to_owned(),
            attempted: Timestamp(20 * DAY),
            succeeded: Some(Timestamp(19 * DAY)),
            outcome: "unchanged".to_owned(),
            ..FeedState::default()
        };
        let failed = FeedState {
            feed: "epss".to_owned(),
            attempted: Timestamp(20 * DAY),
            outcome: "not-found".to_owned(),
            ..FeedState::default()
        };
        let fresh = Freshness::of(&editions, &[looked, failed], Timestamp(20 * DAY));
        let ages: Vec<_> = fresh.feeds.iter().map(|age| (age.feed.as_str(), age.age_days, age.is_stale)).collect();
        assert_eq!(
            ages,
            [("epss", None, true), ("kev", Some(1), false), ("osv/PyPI", Some(1), false), ("osv/npm", Some(10), true)]
        );
        assert_eq!(
            fresh.sentence(),
            "advisories of 3 feeds, the oldest looked at 10 days ago; older than they should be: osv/npm; not known, because \
             never fetched: euvd, cve, csaf, openvex, endoflife; not known, because fetching failed: epss"
        );
    }

    #[test]
    fn without_any_feed_the_answer_says_so() {
        let fresh = Freshness::of(&[], &[], Timestamp(0));
        assert!(fresh.sentence().starts_with("no advisories are here"), "{}", fresh.sentence());
        assert_eq!(fresh.missing.len(), SOURCES.len() - 1, "what comes from files only is not missed");
    }
}
