// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How exposed was the government, week by week? Each moment is asked of the record: what was learned by then, judged as of then.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::registry::AgencyId;

use super::estate::Watched;
use super::findings::FindingsQuery;
use super::tallies::BySeverity;
use crate::error::Result;
use crate::house::{Desk, House};

/// A week, in microseconds.
const WEEK_US: i64 = 7 * Timestamp::DAY_US;
/// The first Monday after the beginning of the count of time (5 January 1970).
const FIRST_MONDAY_US: i64 = 4 * Timestamp::DAY_US;

/// What was open at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ExposureThen")]
pub struct Exposure {
    /// The moment.
    pub at: Timestamp,
    /// What was open; absent when nothing was known yet: no documents, or no advisories.
    pub open: Option<OpenFindings>,
}

/// Counts of findings that are not closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OpenFindings {
    /// All of them.
    pub findings: u64,
    /// Those that need action now.
    pub act_now: u64,
    /// Those whose vulnerability was known to be exploited.
    pub exploited: u64,
    /// Systems with one that was known to be exploited.
    pub exploited_systems: u64,
}

/// Ends of weeks (Monday, 00:00 UTC) before a moment, the oldest first, at most `count`.
pub fn ends_of_weeks(before: Timestamp, count: u32) -> Vec<Timestamp> {
    let last = before.0.saturating_sub(FIRST_MONDAY_US + 1).div_euclid(WEEK_US);
    let monday = |back: u32| (last - i64::from(back)).checked_mul(WEEK_US)?.checked_add(FIRST_MONDAY_US);
    (0..count).rev().filter_map(monday).map(Timestamp).collect()
}

impl Watched {
    /// What is open, as this desk knows it.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn exposure(&self, desk: &Desk) -> Result<Exposure> {
        let at = desk.overview().as_of;
        let is_known = !desk.snapshot.documents.is_empty() && !self.freshness.feeds.is_empty();
        if !is_known {
            return Ok(Exposure { at, open: None });
        }
        let none = || FindingsQuery { rows: 0, ..FindingsQuery::default() };
        let count = |query: &FindingsQuery| self.findings(desk, query);
        let exploited = count(&FindingsQuery { exploited: true, ..none() })?;
        let open = OpenFindings {
            findings: count(&none())?.total,
            act_now: count(&FindingsQuery { priority: Some("act-now".to_owned()), ..none() })?.total,
            exploited: exploited.total,
            exploited_systems: u64::from(exploited.systems),
        };
        Ok(Exposure { at, open: Some(open) })
    }
}

impl House {
    /// What was open at a moment, in the sight of the viewer of `latest`.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn exposure_at(&self, latest: &Desk, at: Timestamp) -> Result<Exposure> {
        let desk = self.desk_as_of(latest.viewer.clone(), at, latest.now).await?;
        // Matching nothing takes as long as matching everything that is known: what cannot hold anything is not asked.
        if desk.snapshot.documents.is_empty() {
            return Ok(Exposure { at, open: None });
        }
        self.watch(&desk).await?.exposure(&desk)
    }

    /// Open findings of each agency by severity at a moment, in the sight of the viewer of `latest`; `None` when nothing was known.
    ///
    /// # Errors
    /// As [`Self::exposure_at`].
    pub async fn open_by_agency_at(
        &self,
        latest: &Desk,
        at: Timestamp,
    ) -> Result<Option<BTreeMap<AgencyId, BySeverity>>> {
        let desk = self.desk_as_of(latest.viewer.clone(), at, latest.now).await?;
        if desk.snapshot.documents.is_empty() {
            return Ok(None);
        }
        let watched = self.watch(&desk).await?;
        if watched.exposure(&desk)?.open.is_none() {
            return Ok(None);
        }
        watched.open_by_agency(&desk).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_end_on_mondays() {
        let days = |before: &str, count| -> Vec<String> {
            ends_of_weeks(before.parse().expect("a moment"), count).iter().map(|at| at.to_string()).collect()
        };
        let expected = ["2026-02-16T00:00:00Z", "2026-02-23T00:00:00Z"];
        assert_eq!(days("2026-03-01T09:00:00Z", 2), expected, "a Sunday");
        assert_eq!(days("2026-03-02T00:00:00Z", 2), expected, "a Monday is no end before itself");
        assert_eq!(days("2026-03-02T00:00:01Z", 1), ["2026-03-02T00:00:00Z"]);
        assert_eq!(days("2026-03-02T00:00:01Z", 0), Vec::<String>::new());
    }
}
