// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The desks that readers sit at, kept as long as nothing changes.
//!
//! While documents rush in, every batch is a change, and working out anew what is watched takes longer than the next batch. So a
//! reader is given the desk of a moment ago while a new one is made behind it, once for all who wait. That holds only where all
//! changes since are documents that others handed in: who hands something in sees it on the next page, and a change of rights,
//! registry or decisions is seen by everybody at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::{Mutex as Turn, OnceCell};
use tokio::task::spawn_blocking;
use underpin_model::people::PersonId;
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::coverage::CoverageAnswer;
use underpin_office::incidents::TasksQuery;
use underpin_office::watch::changes::ChangesAnswer;
use underpin_office::watch::estate::Watched;
use underpin_office::{Desk, House, OfficeError, Result};

use crate::quiet::Quiet;

/// Desks that are kept at most; the one that was asked for longest ago goes first.
const KEPT_DESKS: usize = 16;
/// A desk is taken anew after that time even when nothing was written: evidence gets stale, decisions end by the clock, and what
/// was planned in the registry begins, which may take something out of a reader's sight. So the new one is waited for.
const DESK_AGE_US: u64 = 60_000_000;
/// While documents of others rush in, a new desk is begun when the old one has that age, or twice the time that it took to make …
const RUSH_AGE_US: u64 = 1_000_000;
/// … but not later than at this one …
const RUSH_LATE_US: u64 = 10_000_000;
/// … and it is waited for when the old one has that age: the new one is made quietly, behind all who are answered.
const RUSH_OVER_US: u64 = 60_000_000;
/// Threads on which desks are made anew behind readers.
const QUIET_THREADS: usize = 2;
/// Changes of a rush that are remembered.
const RUSH_REMEMBERED: usize = 10_000;

/// Who asks, and as of when if not now.
type Place = (Viewer, Option<Timestamp>);

struct Kept {
    revision: i64,
    taken: Timestamp,
    /// By the clock on the wall.
    made: Timestamp,
    /// How long it took to make.
    took_us: u64,
    asked: u64,
    seat: Arc<Seat>,
}

/// A desk with what is watched from it, worked out when first asked for.
pub struct Seat {
    /// The desk.
    pub desk: Arc<Desk>,
    watched: OnceCell<Watched>,
    /// Open tasks of people who sit here, by login: counted once.
    waiting: Mutex<HashMap<String, u64>>,
    /// How much of the government is known, worked out when first asked for.
    coverage: OnceLock<CoverageAnswer>,
    /// What changed since moments of the past, as far as a page shows it.
    changed: Mutex<HashMap<Timestamp, Arc<Changed>>>,
}

/// What a page shows of what changed.
pub struct Changed {
    /// The changes.
    pub answer: ChangesAnswer,
    /// Open findings by severity, then.
    pub then: Vec<u64>,
    /// Now.
    pub now: Vec<u64>,
}

impl Seat {
    fn new(desk: Desk) -> Self {
        Self {
            desk: Arc::new(desk),
            watched: OnceCell::new(),
            waiting: Mutex::default(),
            coverage: OnceLock::new(),
            changed: Mutex::default(),
        }
    }

    /// How much of the government is known from here.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn coverage(&self, house: &House) -> Result<&CoverageAnswer> {
        if let Some(known) = self.coverage.get() {
            return Ok(known);
        }
        let found = self.desk.coverage(house.limits().stale_days)?;
        Ok(self.coverage.get_or_init(|| found))
    }

    /// What changed since a moment, worked out once.
    ///
    /// # Errors
    /// As `find` says.
    pub fn changed<E>(
        &self,
        since: Timestamp,
        find: impl FnOnce() -> std::result::Result<Changed, E>,
    ) -> std::result::Result<Arc<Changed>, E> {
        if let Some(known) = locked(&self.changed).get(&since) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(find()?);
        let mut changed = locked(&self.changed);
        if changed.len() >= KEPT_DESKS {
            changed.clear();
        }
        changed.insert(since, Arc::clone(&found));
        Ok(found)
    }

    /// How many open tasks wait for somebody.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn waiting(&self, house: &House, login: &str) -> Result<u64> {
        if let Some(known) = locked(&self.waiting).get(login).copied() {
            return Ok(known);
        }
        let query = TasksQuery { owner: Some(login.to_owned()), open: true, ..TasksQuery::default() };
        let watched = self.watched(house).await?;
        let count = house.tasks(&self.desk, Some(watched), &query).await?.len() as u64;
        locked(&self.waiting).insert(login.to_owned(), count);
        Ok(count)
    }

    /// What is watched from here. It is worked out beside the threads that answer.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn watched(&self, house: &House) -> Result<&Watched> {
        let work = || {
            let (house, desk) = (house.clone(), Arc::clone(&self.desk));
            beside(async move { house.watch(&desk).await })
        };
        self.watched.get_or_try_init(work).await
    }

    /// Works out what readers of an older picture asked for, so that the first reader of this one need not wait for it.
    async fn warm(&self, house: &House, older: &Self) -> Result<()> {
        if older.watched.initialized() {
            self.watched.get_or_try_init(|| house.watch(&self.desk)).await?;
        }
        if older.coverage.get().is_some() {
            self.coverage(house)?;
        }
        let logins: Vec<String> = locked(&older.waiting).keys().cloned().collect();
        for login in logins {
            self.waiting(house, &login).await?;
        }
        Ok(())
    }
}

/// What came in lately.
#[derive(Debug, Default)]
pub struct Rush(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Revisions of the ledger that are new documents, or change no answer.
    revisions: BTreeSet<i64>,
    /// The newest one of each person: tokens and sessions of one person are several viewers.
    by_person: HashMap<PersonId, i64>,
    /// The newest one that is a viewer's own.
    own: HashMap<Viewer, i64>,
}

impl Known {
    fn mark_own(&mut self, viewer: &Viewer, revision: i64) {
        let newest = self.own.entry(viewer.clone()).or_insert(revision);
        *newest = revision.max(*newest);
    }
}

impl Rush {
    /// Remembers a revision that comes next: whose new documents it is, or (`None`) that it changes no answer.
    pub fn note(&self, revision: i64, whose: Option<(PersonId, &Viewer)>) {
        let mut rush = locked(&self.0);
        rush.revisions.insert(revision);
        if let Some((person, viewer)) = whose {
            rush.by_person.insert(person, revision);
            rush.mark_own(viewer, revision);
        }
        while rush.revisions.len() > RUSH_REMEMBERED {
            rush.revisions.pop_first();
            let first = rush.revisions.first().copied().unwrap_or_default();
            rush.by_person.retain(|_, newest| *newest >= first);
            rush.own.retain(|_, newest| *newest >= first);
        }
    }

    /// The revision did not come: it may be another change's.
    pub fn forget(&self, revision: i64) {
        locked(&self.0).revisions.remove(&revision);
    }

    /// Somebody asks with these eyes: what they handed in with others, they see with these, too.
    pub fn met(&self, person: PersonId, viewer: &Viewer) {
        let mut rush = locked(&self.0);
        if let Some(newest) = rush.by_person.get(&person).copied() {
            rush.mark_own(viewer, newest);
        }
    }

    /// What the changes after one revision, up to another, are to this viewer.
    fn is_of_others(&self, (after, up_to): (i64, i64), viewer: &Viewer) -> Changes {
        let rush = locked(&self.0);
        let since = up_to.saturating_sub(after);
        if since <= 0 || since > RUSH_REMEMBERED as i64 {
            return Changes::Other;
        }
        if rush.own.get(viewer).is_some_and(|newest| *newest > after) {
            return Changes::Own;
        }
        let known = rush.revisions.range(after + 1..=up_to).count();
        if i64::try_from(known) == Ok(since) { Changes::Others } else { Changes::Other }
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changes {
    /// New documents of others, and nothing else.
    Others,
    /// Documents of one's own among it.
    Own,
    /// Something else, as far as is known by now.
    Other,
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
    kept: Mutex<HashMap<Place, Kept>>,
    /// One maker a place at a time.
    turns: Mutex<HashMap<Place, Arc<Turn<()>>>>,
    rush: Arc<Rush>,
    /// Where desks are made anew behind readers.
    quiet: Quiet,
}

impl Desks {
    /// No desk yet.
    pub fn new(house: House) -> Self {
        let quiet = Quiet::new("desks", QUIET_THREADS);
        Self { house, kept: Mutex::default(), turns: Mutex::default(), rush: Arc::default(), quiet }
    }

    /// Where is noted what came in.
    pub fn rush(&self) -> Arc<Rush> {
        Arc::clone(&self.rush)
    }

    /// How many desks are kept.
    pub fn kept(&self) -> usize {
        locked(&self.kept).len()
    }

    /// A seat; `clocks` are the time of the house and that on the wall.
    pub async fn seat(
        self: &Arc<Self>,
        viewer: &Viewer,
        as_of: Option<Timestamp>,
        clocks: (Timestamp, Timestamp),
    ) -> Result<Arc<Seat>> {
        // The end of today is still to come: until then, it is now.
        let place = (viewer.clone(), as_of.filter(|at| *at < clocks.0));
        let revision = self.house.revision(viewer.clone(), clocks.0).await?;
        match self.find(&place, revision, clocks) {
            Found::Good(seat) => Ok(seat),
            Found::Old(seat) => {
                self.renew(place, clocks, &seat);
                Ok(seat)
            }
            Found::Nothing => self.make(place, revision, clocks).await,
        }
    }

    fn find(&self, place: &Place, revision: i64, (now, wall): (Timestamp, Timestamp)) -> Found {
        let mut desks = locked(&self.kept);
        let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
        let Some(kept) = desks.get_mut(place) else { return Found::Nothing };
        kept.asked = newest + 1;
        let (age, made) = (now.0.abs_diff(kept.taken.0), wall.0.abs_diff(kept.made.0));
        if kept.revision == revision {
            return if age < DESK_AGE_US { Found::Good(Arc::clone(&kept.seat)) } else { Found::Nothing };
        }
        let due = (2 * kept.took_us).clamp(RUSH_AGE_US, RUSH_LATE_US);
        match self.rush.is_of_others((kept.revision, revision), &place.0) {
            Changes::Others if made < due => Found::Good(Arc::clone(&kept.seat)),
            Changes::Others if made < RUSH_OVER_US => Found::Old(Arc::clone(&kept.seat)),
            _ => Found::Nothing,
        }
    }

    /// Makes a new desk behind the reader, unless somebody does already.
    fn renew(self: &Arc<Self>, place: Place, clocks: (Timestamp, Timestamp), old: &Arc<Seat>) {
        let Ok(turn) = self.turn(&place).try_lock_owned() else { return };
        let (desks, old) = (Arc::clone(self), Arc::clone(old));
        tokio::spawn(async move {
            let maker = Arc::clone(&desks);
            // Whoever asks next tries again, and is told what is wrong.
            let _ = desks.quiet.run(async move { maker.take_after(place, clocks, &old).await }).await;
            drop(turn);
        });
    }

    fn turn(&self, place: &Place) -> Arc<Turn<()>> {
        let mut turns = locked(&self.turns);
        turns.retain(|known, turn| known == place || Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(place.clone()).or_default())
    }

    /// A new desk; whoever comes while one is made waits for it.
    async fn make(self: &Arc<Self>, place: Place, revision: i64, clocks: (Timestamp, Timestamp)) -> Result<Arc<Seat>> {
        let _turn = self.turn(&place).lock_owned().await;
        let known = || {
            let desks = locked(&self.kept);
            let kept = desks.get(&place)?;
            let is_good = kept.revision >= revision && clocks.0.0.abs_diff(kept.taken.0) < DESK_AGE_US;
            is_good.then(|| Arc::clone(&kept.seat))
        };
        match known() {
            Some(seat) => Ok(seat),
            None => {
                let started = Instant::now();
                let (house, (viewer, as_of), now) = (self.house.clone(), place.clone(), clocks.0);
                let desk = beside(async move { house.desk_as_of(viewer, as_of.unwrap_or(now), now).await }).await?;
                Ok(self.keep(place, revision, clocks, Seat::new(desk), started))
            }
        }
    }

    /// A new desk after an old one, with what was asked for at that. To be called where the work is quiet.
    async fn take_after(&self, place: Place, clocks: (Timestamp, Timestamp), old: &Seat) -> Result<Arc<Seat>> {
        let (started, now) = (Instant::now(), clocks.0);
        let revision = self.house.revision(place.0.clone(), now).await?;
        let desk = self.house.desk_as_of(place.0.clone(), place.1.unwrap_or(now), now).await?;
        let seat = Seat::new(desk);
        seat.warm(&self.house, old).await?;
        Ok(self.keep(place, revision, clocks, seat, started))
    }

    fn keep(
        &self,
        place: Place,
        revision: i64,
        (now, wall): (Timestamp, Timestamp),
        seat: Seat,
        started: Instant,
    ) -> Arc<Seat> {
        let seat = Arc::new(seat);
        let mut desks = locked(&self.kept);
        let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
        let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX / 2);
        let kept = Kept { revision, taken: now, made: wall, took_us, asked: newest + 1, seat: Arc::clone(&seat) };
        desks.insert(place, kept);
        while desks.len() > KEPT_DESKS {
            let oldest = desks.iter().min_by_key(|(_, kept)| kept.asked).map(|(place, _)| place.clone());
            match oldest {
                Some(place) => desks.remove(&place),
                None => break,
            };
        }
        seat
    }
}

/// Does work that takes long beside the threads that answer, so that others are answered meanwhile.
///
/// # Errors
/// What the work says; `broke-off` when it panicked.
pub async fn beside<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let handle = Handle::current();
    let done = spawn_blocking(move || handle.block_on(work)).await;
    done.unwrap_or_else(|_| Err(OfficeError::new("broke-off", "the work broke off")))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use underpin_model::registry::Classification;
    use underpin_office::Settings;

    use super::*;

    #[test]
    fn only_documents_of_others_leave_an_old_desk_good() {
        let analyst = |clearance| Viewer::Analyst { clearance };
        let (own, other) = (analyst(Classification::Internal), analyst(Classification::Secret));
        let rush = Rush::default();
        rush.note(11, Some((PersonId(1), &other)));
        rush.note(12, None);
        for (after, up_to, expected) in
            [(10, 11, Changes::Others), (10, 12, Changes::Others), (12, 13, Changes::Other), (10, 13, Changes::Other)]
        {
            assert_eq!(rush.is_of_others((after, up_to), &own), expected, "{after} to {up_to}");
        }
        rush.note(14, Some((PersonId(2), &own)));
        rush.note(15, Some((PersonId(1), &other)));
        for (after, up_to, expected) in [
            (13, 14, Changes::Own),
            (13, 15, Changes::Own),
            (10, 15, Changes::Own),
            (14, 15, Changes::Others),
            (15, 16, Changes::Other),
            (16, 15, Changes::Other),
            (0, i64::MAX, Changes::Other),
        ] {
            assert_eq!(rush.is_of_others((after, up_to), &own), expected, "{after} to {up_to}");
        }
    }

    #[test]
    fn one_person_with_two_viewers_sees_the_own_documents() {
        let analyst = |clearance| Viewer::Analyst { clearance };
        let (token, session) = (analyst(Classification::Internal), analyst(Classification::Secret));
        let rush = Rush::default();
        rush.note(11, Some((PersonId(1), &token)));
        rush.met(PersonId(2), &session);
        assert_eq!(rush.is_of_others((10, 11), &session), Changes::Others);
        rush.met(PersonId(1), &session);
        assert_eq!(rush.is_of_others((10, 11), &session), Changes::Own);
        rush.note(12, Some((PersonId(2), &token)));
        assert_eq!(rush.is_of_others((11, 12), &session), Changes::Others);
    }

    #[tokio::test]
    async fn a_desk_ends_by_its_age() {
        let folder = tempfile::tempdir().expect("a folder");
        let house = House::open(Settings::embedded(folder.path())).await.expect("a house");
        let desks = Arc::new(Desks::new(house));
        let mut seats = Vec::new();
        for age in [0, DESK_AGE_US - 1, DESK_AGE_US] {
            let at = Timestamp(1_772_442_000_000_000 + age as i64);
            seats.push(desks.seat(&Viewer::Operator, None, (at, at)).await.expect("a seat"));
        }
        assert!(Arc::ptr_eq(&seats[0], &seats[1]), "nothing was written");
        assert!(!Arc::ptr_eq(&seats[0], &seats[2]), "what was planned has begun");
    }
}
