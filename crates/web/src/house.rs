// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The house behind the pages: opened once, with the desks that readers sit at, kept as long as nothing changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::coverage::CoverageAnswer;
use underpin_office::incidents::TasksQuery;
use underpin_office::people::Random;
use underpin_office::watch::changes::ChangesAnswer;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::exposure_weeks::Exposure;
use underpin_office::{Desk, House, Result};

use crate::journal::{Figures, Journal};

/// Tells the time. It is read at the edge of the program and handed in.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gives random bytes. They are drawn at the edge of the program and handed in.
pub type Chance = Arc<dyn Fn() -> Random + Send + Sync>;

/// Desks that are kept at most; the one that was asked for longest ago goes first.
const KEPT_DESKS: usize = 16;
/// A desk is taken anew after that time even when nothing was written: evidence gets stale and decisions end by the clock.
const DESK_AGE_MS: i64 = 60_000;
/// What was open at moments of the past is kept for that long: nothing but a purge or another registry can change it.
const PAST_AGE_MS: i64 = 3_600_000;
/// Moments of the past that are kept at most, for all readers.
const KEPT_MOMENTS: usize = 2_000;
/// How long the next piece of a form or file may take; who sends nothing for so long holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(30);

/// An opened house and what pages share.
pub struct WebHouse {
    /// The use cases.
    pub house: House,
    /// Whether browsers reach it through TLS.
    pub is_encrypted: bool,
    /// What it counts about its own work.
    pub figures: Arc<Figures>,
    /// Where it writes down how requests were answered.
    pub journal: Option<Journal>,
    /// How long to wait for the next piece of what somebody sends.
    pub patience: Duration,
    clock: Clock,
    chance: Chance,
    desks: Mutex<HashMap<Place, Kept>>,
    /// What was open, with the moment at which that was asked.
    past: Mutex<HashMap<(Viewer, Timestamp), (Timestamp, Exposure)>>,
}

/// Who asks, and as of when if not now.
type Place = (Viewer, Option<Timestamp>);

struct Kept {
    revision: i64,
    taken: Timestamp,
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
    pub fn coverage(&self, house: &WebHouse) -> Result<&CoverageAnswer> {
        if let Some(known) = self.coverage.get() {
            return Ok(known);
        }
        let found = self.desk.coverage(house.house.limits().stale_days)?;
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
        let lock = || self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&since) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(find()?);
        let mut changed = lock();
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
    pub async fn waiting(&self, house: &WebHouse, login: &str) -> Result<u64> {
        let lock = || self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(login).copied() {
            return Ok(known);
        }
        let query = TasksQuery { owner: Some(login.to_owned()), open: true, ..TasksQuery::default() };
        let watched = house.watched(self).await?;
        let count = house.house.tasks(&self.desk, Some(watched), &query).await?.len() as u64;
        lock().insert(login.to_owned(), count);
        Ok(count)
    }
}

impl std::fmt::Debug for WebHouse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WebHouse").field("house", &self.house).finish_non_exhaustive()
    }
}

impl WebHouse {
    /// A house with a clock and a source of chance.
    pub fn new(house: House, is_encrypted: bool, clock: Clock, chance: Chance) -> Self {
        Self {
            house,
            is_encrypted,
            figures: Arc::default(),
            journal: None,
            patience: PATIENCE,
            clock,
            chance,
            desks: Mutex::default(),
            past: Mutex::default(),
        }
    }

    /// The same house, which keeps a journal.
    #[must_use]
    pub fn with_journal(self, journal: Option<Journal>) -> Self {
        Self { journal, ..self }
    }

    /// The same house, which waits so long for the next piece of what somebody sends.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How many desks are kept for readers.
    pub fn desks_kept(&self) -> usize {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Now; in a house whose time stands still (the demo country), that.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn now(&self) -> Result<Timestamp> {
        Ok(self.house.fixed_clock().await?.unwrap_or_else(|| (self.clock)()))
    }

    /// The present by the clock on the wall, whatever the house says: sessions and limits end by it.
    pub fn wall_clock(&self) -> Timestamp {
        (self.clock)()
    }

    /// Random bytes.
    pub fn random(&self) -> Random {
        (self.chance)()
    }

    /// A seat for a viewer, as of a moment or now. As long as nothing is written, readers share it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn seat(&self, viewer: &Viewer, as_of: Option<Timestamp>) -> Result<Arc<Seat>> {
        let now = self.now().await?;
        // The end of today is still to come: until then, it is now.
        let as_of = as_of.filter(|at| *at < now);
        let revision = self.house.revision(viewer.clone(), now).await?;
        let place = (viewer.clone(), as_of);
        let lock = || self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut desks = lock();
            let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
            let fresh = |kept: &&mut Kept| kept.revision == revision && now.0.abs_diff(kept.taken.0) < age_us();
            if let Some(kept) = desks.get_mut(&place).filter(fresh) {
                kept.asked = newest + 1;
                return Ok(Arc::clone(&kept.seat));
            }
        }
        let desk = self.house.desk_as_of(viewer.clone(), as_of.unwrap_or(now), now).await?;
        let seat = Arc::new(Seat::new(desk));
        let mut desks = lock();
        let newest = desks.values().map(|kept| kept.asked).max().unwrap_or_default();
        desks.insert(place, Kept { revision, taken: now, asked: newest + 1, seat: Arc::clone(&seat) });
        while desks.len() > KEPT_DESKS {
            let oldest = desks.iter().min_by_key(|(_, kept)| kept.asked).map(|(place, _)| place.clone());
            match oldest {
                Some(place) => desks.remove(&place),
                None => break,
            };
        }
        Ok(seat)
    }

    /// What is watched from a seat.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn watched<'s>(&self, seat: &'s Seat) -> Result<&'s Watched> {
        seat.watched.get_or_try_init(|| self.house.watch(&seat.desk)).await
    }

    /// What was open at a moment of the past, as who sits here sees it.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn exposure_at(&self, seat: &Seat, at: Timestamp) -> Result<Exposure> {
        let (key, now) = ((seat.desk.viewer.clone(), at), self.wall_clock());
        let lock = || self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |taken: &Timestamp| now.0.abs_diff(taken.0) < PAST_AGE_MS.unsigned_abs() * 1_000;
        if let Some((_, known)) = lock().get(&key).filter(|(taken, _)| is_fresh(taken)) {
            return Ok(*known);
        }
        let found = self.house.exposure_at(&seat.desk, at).await?;
        let mut past = lock();
        if past.len() >= KEPT_MOMENTS {
            past.clear();
        }
        past.insert(key, (now, found));
        Ok(found)
    }
}

fn age_us() -> u64 {
    DESK_AGE_MS.unsigned_abs() * 1000
}
