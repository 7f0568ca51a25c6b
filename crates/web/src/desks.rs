// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The desks that readers sit at, kept as long as nothing changes.
//!
//! While documents rush in, every batch is a change, and working out anew what is watched takes longer than the next batch. So a
//! reader is given the desk of a moment ago while a new one is made behind it, once for all who wait. That holds only where all
//! changes since are documents that others handed in: who hands something in sees it on the next page, and a change of rights,
//! registry or decisions is seen by everybody at once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::Mutex as Turn;
use underpin_model::{Timestamp, Viewer};
use underpin_office::{House, Result};

use crate::house::Clock;
use crate::quiet::Quiet;
use crate::rush::{Changes, Rush};
use crate::seat::{Seat, beside, locked};

/// Desks that are kept at most; the one that was asked for longest ago goes first.
const KEPT_DESKS: usize = 16;
/// A desk is taken anew after that time even when nothing was written, behind its readers: evidence gets stale, and decisions end by
/// the clock …
const DESK_AGE_US: u64 = 60_000_000;
/// … and after this time the new one is waited for. What was planned in the registry may take something out of a reader's sight when
/// it begins, so no desk outlives that moment.
const DESK_OVER_US: u64 = 600_000_000;
/// While documents of others rush in, a new desk is begun when the old one has that age, or twice the time that it took to make …
const RUSH_AGE_US: u64 = 1_000_000;
/// … but not later than at this one …
const RUSH_LATE_US: u64 = 10_000_000;
/// … and it is waited for when the old one has that age: the new one is made quietly, behind all who are answered.
const RUSH_OVER_US: u64 = 60_000_000;
/// Who asks, and as of when if not now.
type Place = (Viewer, Option<Timestamp>);
/// The time of the house, and that on the wall.
type Clocks = (Timestamp, Timestamp);

struct Kept {
    revision: i64,
    taken: Timestamp,
    /// By the clock on the wall.
    made: Timestamp,
    /// When something planned in the registry begins or ends: what is here holds until then.
    ends: Option<Timestamp>,
    /// How long it took to make.
    took_us: u64,
    asked: u64,
    seat: Arc<Seat>,
}

impl Kept {
    /// Whether it may still be shown: nothing that was planned has begun since. Who comes at the same time may have looked at the clock
    /// a little before; a clock that was set back further is no reason to trust it.
    fn holds_at(&self, now: Timestamp) -> bool {
        let is_of_now = now.0.saturating_add(DESK_AGE_US as i64) > self.taken.0;
        is_of_now && self.age_us(now) < DESK_OVER_US && self.ends.is_none_or(|end| now < end)
    }

    fn age_us(&self, now: Timestamp) -> u64 {
        u64::try_from(now.0.saturating_sub(self.taken.0)).unwrap_or_default()
    }
}

/// A desk that is kept.
enum Found {
    Good(Arc<Seat>),
    /// To be renewed behind the reader.
    Old(Arc<Seat>),
    Nothing,
}

/// All desks of a house.
pub struct Desks {
    house: House,
    clock: Clock,
    kept: Mutex<HashMap<Place, Kept>>,
    /// One maker a place at a time.
    turns: Mutex<HashMap<Place, Arc<Turn<()>>>>,
    /// Places whose desk is made anew behind readers. Who has to wait for a new desk does not wait for that, which may take long.
    renewing: Mutex<HashSet<Place>>,
    rush: Arc<Rush>,
    /// Where desks are made anew behind readers.
    quiet: Quiet,
}

impl Desks {
    /// No desk yet.
    pub fn new(house: House, clock: Clock) -> Self {
        Self {
            house,
            clock,
            kept: Mutex::default(),
            turns: Mutex::default(),
            renewing: Mutex::default(),
            rush: Arc::default(),
            quiet: Quiet::on_half_of_the_processors(),
        }
    }

    /// Where is noted what came in.
    pub fn rush(&self) -> Arc<Rush> {
        Arc::clone(&self.rush)
    }

    /// Where work is done behind those who wait for an answer.
    pub fn quiet(&self) -> Quiet {
        self.quiet.clone()
    }

    /// A place for other desks of the same house, so that they do not push these out.
    pub fn apart(&self) -> Self {
        let rush = Arc::clone(&self.rush);
        let other = Self::new(self.house.clone(), Arc::clone(&self.clock));
        Self { rush, quiet: self.quiet.clone(), ..other }
    }

    /// How many desks are kept.
    pub fn kept(&self) -> usize {
        locked(&self.kept).len()
    }

    /// What the clocks say now.
    async fn clocks(&self) -> Result<Clocks> {
        let wall = (self.clock)();
        Ok((self.house.fixed_clock().await?.unwrap_or(wall), wall))
    }

    /// A seat.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn seat(self: &Arc<Self>, viewer: &Viewer, as_of: Option<Timestamp>) -> Result<Arc<Seat>> {
        let clocks = self.clocks().await?;
        // The end of today is still to come: until then, it is now.
        let place = (viewer.clone(), as_of.filter(|at| *at < clocks.0));
        let revision = self.house.revision(viewer.clone(), clocks.0).await?;
        match self.find(&place, revision, clocks) {
            Found::Good(seat) => Ok(seat),
            Found::Old(seat) => {
                self.renew(place, &seat);
                Ok(seat)
            }
            Found::Nothing => self.make(place, revision).await,
        }
    }

    fn find(&self, place: &Place, revision: i64, (now, wall): Clocks) -> Found {
        let mut desks = locked(&self.kept);
        let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
        let Some(kept) = desks.get_mut(place) else { return Found::Nothing };
        kept.asked = newest + 1;
        let made = wall.0.abs_diff(kept.made.0);
        if !kept.holds_at(now) {
            return Found::Nothing;
        }
        if kept.revision == revision {
            let seat = Arc::clone(&kept.seat);
            return if kept.age_us(now) < DESK_AGE_US { Found::Good(seat) } else { Found::Old(seat) };
        }
        let due = (2 * kept.took_us).clamp(RUSH_AGE_US, RUSH_LATE_US);
        match self.rush.is_of_others((kept.revision, revision), &place.0) {
            Changes::Others if made < due => Found::Good(Arc::clone(&kept.seat)),
            Changes::Others if made < RUSH_OVER_US => Found::Old(Arc::clone(&kept.seat)),
            _ => Found::Nothing,
        }
    }

    /// Makes a new desk behind the reader, unless somebody does already.
    fn renew(self: &Arc<Self>, place: Place, old: &Arc<Seat>) {
        if !locked(&self.renewing).insert(place.clone()) {
            return;
        }
        let (desks, old) = (Arc::clone(self), Arc::clone(old));
        tokio::spawn(async move {
            let (maker, renewed) = (Arc::clone(&desks), place.clone());
            // Whoever asks next tries again, and is told what is wrong.
            let _ = desks.quiet.run(async move { maker.take_after(renewed, &old).await }).await;
            locked(&desks.renewing).remove(&place);
        });
    }

    fn turn(&self, place: &Place) -> Arc<Turn<()>> {
        let mut turns = locked(&self.turns);
        turns.retain(|known, turn| known == place || Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(place.clone()).or_default())
    }

    /// The newest revision, and then the clocks: a desk of that moment holds all of that revision. The other way round it could lack
    /// what was written in between, and pass for complete. To be called when it is one's turn, for waiting can take long, and what
    /// has begun meanwhile would look as if it were still to come.
    async fn newest(&self, place: &Place) -> Result<(i64, Clocks)> {
        let before = self.clocks().await?;
        let revision = self.house.revision(place.0.clone(), before.0).await?;
        Ok((revision, self.clocks().await?))
    }

    /// A new desk; whoever comes while one is made waits for it.
    async fn make(self: &Arc<Self>, place: Place, revision: i64) -> Result<Arc<Seat>> {
        let _turn = self.turn(&place).lock_owned().await;
        let (newest, clocks) = self.newest(&place).await?;
        let known = || {
            let desks = locked(&self.kept);
            let kept = desks.get(&place)?;
            let is_good = kept.revision >= revision && kept.holds_at(clocks.0);
            is_good.then(|| Arc::clone(&kept.seat))
        };
        match known() {
            Some(seat) => Ok(seat),
            None => {
                let (started, now) = (Instant::now(), clocks.0);
                // Asked before the desk is taken: what is planned meanwhile is another revision.
                let ends = self.house.next_planned(now).await?;
                let (house, (viewer, as_of)) = (self.house.clone(), place.clone());
                let desk = beside(async move { house.desk_as_of(viewer, as_of.unwrap_or(now), now).await }).await?;
                Ok(self.keep(place, (newest, ends), clocks, Seat::new(desk), started))
            }
        }
    }

    /// A new desk after an old one, with what was asked for at that. To be called where the work is quiet.
    async fn take_after(&self, place: Place, old: &Seat) -> Result<Arc<Seat>> {
        let started = Instant::now();
        let (revision, clocks) = self.newest(&place).await?;
        let now = clocks.0;
        let ends = self.house.next_planned(now).await?;
        let desk = self.house.desk_as_of(place.0.clone(), place.1.unwrap_or(now), now).await?;
        let seat = Seat::new(desk);
        seat.warm(&self.house, old).await?;
        Ok(self.keep(place, (revision, ends), clocks, seat, started))
    }

    fn keep(
        &self,
        place: Place,
        (revision, ends): (i64, Option<Timestamp>),
        (now, wall): Clocks,
        seat: Seat,
        started: Instant,
    ) -> Arc<Seat> {
        let seat = Arc::new(seat);
        let mut desks = locked(&self.kept);
        let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
        let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX / 2);
        let kept = Kept { revision, taken: now, made: wall, ends, took_us, asked: newest + 1, seat: Arc::clone(&seat) };
        // What was begun earlier and took longer does not take the place of what is newer, as long as that holds; nor does what is
        // the same, for readers may sit there already.
        let is_as_new = |known: &&Kept| (known.revision, known.taken) >= (revision, now) && known.holds_at(now);
        if let Some(known) = desks.get(&place).filter(is_as_new) {
            return Arc::clone(&known.seat);
        }
        let mut gone: Vec<Kept> = desks.insert(place, kept).into_iter().collect();
        while desks.len() > KEPT_DESKS {
            let oldest = desks.iter().min_by_key(|(_, kept)| kept.asked).map(|(place, _)| place.clone());
            match oldest {
                Some(place) => gone.extend(desks.remove(&place)),
                None => break,
            }
        }
        // Taking a picture of a nation apart takes long: no reader does it.
        let quiet = self.quiet.clone();
        tokio::spawn(async move {
            let apart = async move {
                drop(gone);
                Ok(())
            };
            let _ = quiet.run(apart).await;
        });
        seat
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use tokio::sync::Notify;
    use underpin_office::Settings;
    use underpin_office::coordinator::Author;

    use super::*;

    const BEGIN: i64 = 1_772_442_000_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(BEGIN + seconds * 1_000_000)
    }

    /// Desks of a house, and its clock, in microseconds.
    async fn desks(folder: &tempfile::TempDir) -> (Arc<Desks>, Arc<AtomicI64>) {
        let house = House::open(Settings::embedded(folder.path())).await.expect("a house");
        let now = Arc::new(AtomicI64::new(BEGIN));
        let read = Arc::clone(&now);
        (Arc::new(Desks::new(house, Arc::new(move || Timestamp(read.load(Ordering::SeqCst))))), now)
    }

    fn author() -> Author {
        Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: at(0) }
    }

    fn name(text: &str) -> Vec<(String, Vec<String>)> {
        vec![("name".to_owned(), vec![text.to_owned()])]
    }

    fn agencies(seat: &Seat) -> Vec<&str> {
        seat.desk.snapshot.agencies.iter().map(|agency| agency.name.as_str()).collect()
    }

    #[tokio::test]
    async fn a_desk_ends_by_its_age() {
        let folder = tempfile::tempdir().expect("a folder");
        let (desks, now) = desks(&folder).await;
        let seat = async |age: u64| {
            now.store(BEGIN + age as i64, Ordering::SeqCst);
            desks.seat(&Viewer::Operator, None).await.expect("a seat")
        };
        let first = seat(0).await;
        assert!(Arc::ptr_eq(&first, &seat(DESK_AGE_US - 1).await), "nothing was written");
        let old = seat(DESK_AGE_US).await;
        assert!(Arc::ptr_eq(&first, &old), "nobody waits");
        let second = loop {
            let seat = seat(DESK_AGE_US).await;
            if !Arc::ptr_eq(&first, &seat) {
                break seat;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        };
        let early = seat(DESK_AGE_US - 1_000).await;
        assert!(Arc::ptr_eq(&second, &early), "who looked at the clock a little before gets the same");
        let third = seat(DESK_AGE_US + DESK_OVER_US).await;
        assert!(!Arc::ptr_eq(&second, &third), "nobody asked for so long that it is waited for");
        let fourth = seat(0).await;
        assert!(!Arc::ptr_eq(&third, &fourth), "the clock was set back");
    }

    #[tokio::test]
    async fn a_desk_ends_when_what_is_planned_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let (desks, now) = desks(&folder).await;
        let house = desks.house.clone();
        house.add_agency(&author(), None, &name("Mint"), None).await.expect("adds");
        house.add_agency(&author(), None, &name("Post"), Some(at(10))).await.expect("adds");
        house.edit_agency(&author(), "mint", &name("Old Mint"), Some(at(20))).await.expect("edits");
        for (seconds, expected) in [
            (1, &["Mint"][..]),
            (9, &["Mint"]),
            (10, &["Mint", "Post"]),
            (19, &["Mint", "Post"]),
            (20, &["Old Mint", "Post"]),
        ] {
            now.store(at(seconds).0, Ordering::SeqCst);
            let seat = desks.seat(&Viewer::Operator, None).await.expect("a seat");
            assert_eq!(agencies(&seat), expected, "after {seconds} s");
        }
    }

    /// A slow maker must not put what it saw earlier in the place of what somebody has seen since.
    #[tokio::test]
    async fn what_was_begun_earlier_does_not_replace_what_is_newer() {
        let folder = tempfile::tempdir().expect("a folder");
        let (desks, now) = desks(&folder).await;
        let place = (Viewer::Operator, None);
        let taken = async |seconds: i64| {
            now.store(at(seconds).0, Ordering::SeqCst);
            let desk = desks.house.desk_as_of(Viewer::Operator, at(seconds), at(seconds)).await.expect("a desk");
            (Seat::new(desk), (at(seconds), at(seconds)))
        };
        let keep = |revision, ends, (seat, clocks): (Seat, Clocks)| {
            desks.keep(place.clone(), (revision, ends), clocks, seat, Instant::now())
        };
        let (early, late) = (taken(1).await, taken(2).await);
        let newest = keep(7, None, late);
        assert!(Arc::ptr_eq(&newest, &keep(7, None, early)), "of the same revision, the one taken later stays");
        assert!(Arc::ptr_eq(&newest, &keep(6, None, taken(3).await)), "so does the one of a later revision");
        assert!(Arc::ptr_eq(&newest, &keep(7, None, taken(2).await)), "one just like it does not take its place");
        let ended = keep(8, Some(at(5)), taken(4).await);
        let next = keep(7, None, taken(6).await);
        assert!(!Arc::ptr_eq(&ended, &next), "what has ended is shown to nobody");
    }

    /// Else what others did meanwhile would look as if it were still to come, and everybody waited for another desk.
    #[tokio::test]
    async fn a_desk_that_had_to_wait_for_its_turn_is_one_of_its_turn() {
        let folder = tempfile::tempdir().expect("a folder");
        let (desks, now) = desks(&folder).await;
        let others_add = async |seconds: i64, agency: &str| {
            now.store(at(seconds).0, Ordering::SeqCst);
            let others = Author { at: at(seconds), ..author() };
            desks.house.add_agency(&others, None, &name(agency), None).await.expect("adds");
            desks.rush().note(desks.house.revision(Viewer::Operator, at(seconds)).await.expect("a revision"), None);
        };
        let seat = async || desks.seat(&Viewer::Operator, None).await.expect("a seat");
        others_add(0, "Mint").await;
        let first = seat().await;
        let (busy, free) = (Arc::new(Notify::new()), desks.quiet());
        let until = Arc::clone(&busy);
        let work = tokio::spawn(async move {
            let wait = async move {
                until.notified().await;
                Ok(())
            };
            free.run(wait).await
        });
        tokio::task::yield_now().await;
        others_add(15, "Bank").await;
        assert!(Arc::ptr_eq(&first, &seat().await), "the new one is made behind the reader");
        tokio::task::yield_now().await;
        others_add(30, "Post").await;
        assert!(Arc::ptr_eq(&first, &seat().await), "it has not had its turn");
        busy.notify_one();
        work.await.expect("ends").expect("is done");
        while !locked(&desks.renewing).is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let second = seat().await;
        assert!(!Arc::ptr_eq(&first, &second));
        assert_eq!(agencies(&second), ["Bank", "Mint", "Post"]);
        let kept: Vec<_> = locked(&desks.kept).values().map(|kept| (kept.taken, kept.ends)).collect();
        assert_eq!(kept, [(at(30), None)], "nothing is still to come");
    }
}
