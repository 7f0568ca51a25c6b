// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A desk as readers share it, with what was worked out from it: each answer once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use underpin_model::Timestamp;
use underpin_office::coordinator::coverage::CoverageAnswer;
use underpin_office::incidents::TasksQuery;
use underpin_office::watch::changes::ChangesAnswer;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::folding::FoldAnswer;
use underpin_office::{Desk, House, OfficeError, Result};

/// Answers of a kind that are kept at most.
const KEPT_ANSWERS: usize = 16;

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
    /// Lists of decisions, by what was asked.
    folded: Mutex<HashMap<String, Arc<FoldAnswer>>>,
    /// Findings by severity and by when they are due, by what was asked.
    due: Mutex<HashMap<String, Arc<ByDue>>>,
}

/// Findings by the word of their severity: due later or never, soon, and overdue.
pub type ByDue = BTreeMap<&'static str, [u64; 3]>;

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
    pub(crate) fn new(desk: Desk) -> Self {
        let desk = Arc::new(desk);
        Self {
            desk,
            watched: OnceCell::new(),
            waiting: Mutex::default(),
            coverage: OnceLock::new(),
            changed: Mutex::default(),
            folded: Mutex::default(),
            due: Mutex::default(),
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
        kept(&self.changed, since, find)
    }

    /// A list of decisions that settle most, worked out once for each question.
    ///
    /// # Errors
    /// As `find` says.
    pub fn folded<E>(
        &self,
        asked: &str,
        find: impl FnOnce() -> std::result::Result<FoldAnswer, E>,
    ) -> std::result::Result<Arc<FoldAnswer>, E> {
        kept(&self.folded, asked.to_owned(), find)
    }

    /// Findings by severity and by when they are due, counted once for each question.
    ///
    /// # Errors
    /// As `find` says.
    pub fn due<E>(
        &self,
        asked: &str,
        find: impl FnOnce() -> std::result::Result<ByDue, E>,
    ) -> std::result::Result<Arc<ByDue>, E> {
        kept(&self.due, asked.to_owned(), find)
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

    /// Works out what readers of an older picture asked for, so that the first reader of this one need not wait for it. To be
    /// called where the work is quiet.
    pub(crate) async fn warm(&self, house: &House, older: &Self) -> Result<()> {
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

/// What is known under a key, worked out when first asked for.
fn kept<K: Eq + std::hash::Hash, V, E>(
    known: &Mutex<HashMap<K, Arc<V>>>,
    key: K,
    find: impl FnOnce() -> std::result::Result<V, E>,
) -> std::result::Result<Arc<V>, E> {
    if let Some(found) = locked(known).get(&key) {
        return Ok(Arc::clone(found));
    }
    let found = Arc::new(find()?);
    let mut known = locked(known);
    if known.len() >= KEPT_ANSWERS {
        known.clear();
    }
    known.insert(key, Arc::clone(&found));
    Ok(found)
}

/// Does work that takes long beside the threads that answer, so that others are answered meanwhile.
///
/// # Errors
/// What the work says; `broke-off` when it panicked.
pub(crate) async fn beside<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let handle = Handle::current();
    let done = spawn_blocking(move || handle.block_on(work)).await;
    done.unwrap_or_else(|_| Err(OfficeError::new("broke-off", "the work broke off")))
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
