// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was open at moments of the past. Each is a picture of the house of its own, which takes long to make: it is kept, and a page
//! that can do without it is given what is known, while the rest is worked out where the work is quiet.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use underpin_model::limits::bounds::EXPOSURE_WEEKS;
use underpin_model::registry::AgencyId;
use underpin_model::{Timestamp, Viewer};
use underpin_office::Result;
use underpin_office::watch::exposure_weeks::{Exposure, ends_of_weeks};
use underpin_office::watch::tallies::BySeverity;

use crate::house::WebHouse;
use crate::seat::{Seat, locked};

/// An answer about the past is asked again after that time: nothing but a purge or another registry can change it.
const PAST_AGE_US: u64 = 3_600_000_000;
/// Moments of the past that are kept at most, for all readers.
const KEPT_MOMENTS: usize = 2_000;
/// Agencies in all pictures of half a year ago that are kept at most, for all readers.
const KEPT_AGENCIES: usize = 100_000;
/// How long ago the open findings of agencies are looked at, in days: half a year; where nothing was known then, less.
const DAYS_BACK: [i64; 3] = [182, 91, 28];

/// Who asks, and about which moment.
type Place = (Viewer, Timestamp);
/// A moment, and open findings of agencies by severity then.
pub(crate) type ThenByAgency = (Timestamp, Arc<BTreeMap<AgencyId, BySeverity>>);

/// What was open at moments of the past.
#[derive(Debug, Default)]
pub(crate) struct Past {
    weeks: Mutex<Kept<Exposure>>,
    /// By the day on which it was asked; `None` when nothing was known.
    by_agency: Mutex<Kept<Option<ThenByAgency>>>,
    /// What is being worked out quietly.
    sought: Mutex<HashSet<(&'static str, Viewer)>>,
}

/// Answers with the moment at which they were asked.
#[derive(Debug)]
struct Kept<T> {
    answers: HashMap<Place, (Timestamp, T)>,
    weight: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { answers: HashMap::new(), weight: 0 }
    }
}

impl<T: Clone> Kept<T> {
    /// The answer, and whether it is still fresh.
    fn get(&self, place: &Place, now: Timestamp) -> Option<(T, bool)> {
        let (taken, answer) = self.answers.get(place)?;
        Some((answer.clone(), now.0.abs_diff(taken.0) < PAST_AGE_US))
    }

    fn put(&mut self, place: Place, answer: (Timestamp, T), weight: usize, most: usize) {
        if self.weight + weight > most {
            (self.answers, self.weight) = (HashMap::new(), 0);
        }
        self.weight += if self.answers.contains_key(&place) { 0 } else { weight };
        self.answers.insert(place, answer);
    }
}

impl WebHouse {
    /// What was open at the ends of weeks, the oldest first, and now, as who sits here sees it.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(crate) async fn weeks(&self, seat: &Seat, count: u32) -> Result<Vec<Exposure>> {
        let mut weeks = Vec::new();
        for at in ends_of_weeks(seat.desk.overview().as_of, count) {
            weeks.push(self.exposure_at(seat, at).await?);
        }
        weeks.push(self.watched(seat).await?.exposure(&seat.desk)?);
        Ok(weeks)
    }

    /// The same as far as it is known at once: `None` while a week is missing. What is missing is worked out quietly, except for
    /// readers who look at the past themselves.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) async fn weeks_known(self: &Arc<Self>, seat: &Arc<Seat>, is_now: bool) -> Result<Option<Vec<Exposure>>> {
        let (viewer, now) = (&seat.desk.viewer, self.wall_clock());
        let ends = ends_of_weeks(seat.desk.overview().as_of, EXPOSURE_WEEKS);
        let known: Vec<Option<(Exposure, bool)>> = {
            let weeks = locked(&self.past.weeks);
            ends.iter().map(|at| weeks.get(&(viewer.clone(), *at), now)).collect()
        };
        if is_now && known.iter().any(|week| week.as_ref().is_none_or(|(_, is_fresh)| !is_fresh)) {
            let (house, seat) = (Arc::clone(self), Arc::clone(seat));
            self.seek("weeks", viewer, async move {
                for at in ends {
                    let (house, seat) = (Arc::clone(&house), Arc::clone(&seat));
                    let quiet = house.quiet();
                    quiet.run(async move { house.exposure_at(&seat, at).await }).await?;
                }
                Ok(())
            });
        }
        let Some(mut weeks) = known.into_iter().map(|week| week.map(|(week, _)| week)).collect::<Option<Vec<_>>>()
        else {
            return Ok(None);
        };
        weeks.push(self.watched(seat).await?.exposure(&seat.desk)?);
        Ok(Some(weeks))
    }

    /// What was open at a moment of the past, as who sits here sees it.
    async fn exposure_at(&self, seat: &Seat, at: Timestamp) -> Result<Exposure> {
        let (place, now) = ((seat.desk.viewer.clone(), at), self.wall_clock());
        if let Some((known, true)) = locked(&self.past.weeks).get(&place, now) {
            return Ok(known);
        }
        let found = self.house.exposure_at(&seat.desk, at).await?;
        locked(&self.past.weeks).put(place, (now, found), 1, KEPT_MOMENTS);
        Ok(found)
    }

    /// Open findings of agencies by severity half a year ago, or since something was known: `None` while that is not worked out, and
    /// when nothing was known.
    pub(crate) fn open_long_ago(self: &Arc<Self>, seat: &Arc<Seat>, is_now: bool) -> Option<ThenByAgency> {
        // The end of a day: so that readers of one day share the answer.
        let today = seat.desk.overview().as_of.0.div_euclid(Timestamp::DAY_US) + 1;
        let end_of = |day: i64| Timestamp(day.saturating_mul(Timestamp::DAY_US).saturating_sub(1));
        let (place, now) = ((seat.desk.viewer.clone(), end_of(today)), self.wall_clock());
        let known = locked(&self.past.by_agency).get(&place, now);
        if is_now && !matches!(known, Some((_, true))) {
            let (house, seat) = (Arc::clone(self), Arc::clone(seat));
            self.seek("by-agency", &place.0.clone(), async move {
                let asked = house.house.clone();
                let look = async move {
                    for at in DAYS_BACK.map(|days| end_of(today - days)) {
                        if let Some(found) = asked.open_by_agency_at(&seat.desk, at).await? {
                            return Ok(Some((at, Arc::new(found))));
                        }
                    }
                    Ok(None)
                };
                let found = house.quiet().run(look).await?;
                let weight = 1 + found.as_ref().map_or(0, |(_, found)| found.len());
                locked(&house.past.by_agency).put(place, (now, found), weight, KEPT_AGENCIES);
                Ok(())
            });
        }
        known.and_then(|(known, _)| known)
    }

    /// Whether pictures of the past are being worked out behind their readers.
    pub fn is_looking_back(&self) -> bool {
        !locked(&self.past.sought).is_empty()
    }

    /// Works something out that nobody waits for, once at a time for each reader. What fails is tried again when it is asked for again.
    fn seek(
        self: &Arc<Self>,
        what: &'static str,
        viewer: &Viewer,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        let (house, mark) = (Arc::clone(self), (what, viewer.clone()));
        if !locked(&self.past.sought).insert(mark.clone()) {
            return;
        }
        tokio::spawn(async move {
            // A page that waits for it tells the reader what is wrong.
            let _ = work.await;
            locked(&house.past.sought).remove(&mark);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stays_within_its_bound() {
        let viewer = || Viewer::Operator;
        let mut kept: Kept<u64> = Kept::default();
        for second in 0..10_i64 {
            kept.put((viewer(), Timestamp(second)), (Timestamp(0), 7), 3, 10);
            assert!(kept.weight <= 10 && kept.weight == kept.answers.len() * 3, "{kept:?}");
        }
        assert_eq!(kept.get(&(viewer(), Timestamp(9)), Timestamp(5)), Some((7, true)));
        assert_eq!(kept.get(&(viewer(), Timestamp(9)), Timestamp(PAST_AGE_US as i64)), Some((7, false)));
        assert_eq!(kept.get(&(viewer(), Timestamp(0)), Timestamp(5)), None);
    }
}
