// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A desk as readers share it, with what was worked out from it: each answer once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use underpin_model::Timestamp;
use underpin_model::incidents::{IncidentId, Task};
use underpin_office::coordinator::coverage::CoverageAnswer;
use underpin_office::coordinator::evidence::EvidenceKind;
use underpin_office::coordinator::how::HowAnswer;
use underpin_office::coordinator::kept_tables::KeptTables;
use underpin_office::incidents::room::{IncidentRoom, IncidentRow};
use underpin_office::incidents::{TaskRow, TasksQuery};
use underpin_office::rounds::{RoundMinistryRow, RoundRow};
use underpin_office::supporter::Weights;
use underpin_office::supporter::plan::{PlanWish, ProjectFile};
use underpin_office::supporter::priorities::{PrioritiesAnswer, Ranking};
use underpin_office::supporter::project_view::ProjectView;
use underpin_office::supporter::risks::RisksAnswer;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::folding::FoldAnswer;
use underpin_office::{Desk, House, OfficeError, Result};

pub use crate::seat_answers::{ByDue, Changed, KindsByAgency, Planned, Standing};

/// Answers of a kind that are kept at most.
const KEPT_ANSWERS: usize = 16;
/// Rooms of incidents that are kept: one about half of a nation has tens of thousands of rows.
const KEPT_ROOMS: usize = 2;

/// A desk with what is watched from it, worked out when first asked for.
pub struct Seat {
    /// The desk.
    pub desk: Arc<Desk>,
    watched: OnceCell<Arc<Watched>>,
    /// Tables for SQL, made when first asked for.
    tables: OnceCell<KeptTables>,
    /// Open tasks of people who sit here, by login: counted once.
    waiting: Mutex<HashMap<String, u64>>,
    /// How much of the government is known, worked out when first asked for.
    coverage: OnceLock<CoverageAnswer>,
    /// How many systems of each agency there are, and how many have each kind of evidence, counted when first asked for.
    kinds: OnceLock<KindsByAgency>,
    /// What is open and due, counted when first asked for.
    standing: OnceLock<Standing>,
    /// Tasks that are seen from here, read when first asked for.
    tasks: OnceCell<Vec<Task>>,
    /// Incidents, read when first asked for.
    incidents: OnceCell<Vec<IncidentRow>>,
    /// Rounds of collection, with how the open ones stand by ministry.
    rounds: OnceCell<(Vec<RoundRow>, Vec<RoundMinistryRow>)>,
    /// Rooms of incidents, the one that was asked for last at the end; each is judged once, for all who wait for it.
    rooms: Mutex<VecDeque<(IncidentId, RoomCell)>>,
    /// What changed since moments of the past, as far as a page shows it.
    changed: Mutex<HashMap<Timestamp, Arc<Changed>>>,
    /// How packages got into systems, by package and system.
    ways: Mutex<HashMap<(String, String), Arc<HowAnswer>>>,
    /// Projects by how much the government leans on them, worked out when first asked for.
    ranking: OnceCell<Arc<Ranking>>,
    /// The projects that come first, by how many were asked for.
    priorities: Mutex<HashMap<usize, Arc<PrioritiesAnswer>>>,
    /// Projects by the harm that is expected from them, worked out when first asked for.
    risks: OnceCell<Arc<RisksAnswer>>,
    /// Plans for support, by the options that make them.
    plans: Mutex<HashMap<String, Arc<Planned>>>,
    /// Projects, by what was asked.
    projects: Mutex<HashMap<String, Arc<ProjectView>>>,
    /// Dossiers, by the words that they were asked for with.
    pub(crate) dossiers: crate::dossiers::Dossiers,
    /// Lists of decisions, by what was asked.
    folded: Mutex<HashMap<String, Arc<FoldAnswer>>>,
    /// Findings by severity and by when they are due, by what was asked.
    due: Mutex<HashMap<String, Arc<ByDue>>>,
}

/// The room of an incident, judged once.
type RoomCell = Arc<OnceCell<Arc<IncidentRoom>>>;

impl Seat {
    pub(crate) fn new(desk: Desk) -> Self {
        let desk = Arc::new(desk);
        Self {
            desk,
            watched: OnceCell::new(),
            tables: OnceCell::new(),
            waiting: Mutex::default(),
            coverage: OnceLock::new(),
            kinds: OnceLock::new(),
            standing: OnceLock::new(),
            tasks: OnceCell::new(),
            incidents: OnceCell::new(),
            rounds: OnceCell::new(),
            rooms: Mutex::default(),
            changed: Mutex::default(),
            ways: Mutex::default(),
            ranking: OnceCell::new(),
            priorities: Mutex::default(),
            risks: OnceCell::new(),
            projects: Mutex::default(),
            dossiers: Mutex::default(),
            plans: Mutex::default(),
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

    /// Systems by agency and kind of evidence, as far as coverage lists them.
    pub fn kinds(&self, coverage: &CoverageAnswer) -> &KindsByAgency {
        self.kinds.get_or_init(|| {
            let mut counts = KindsByAgency::new();
            for system in &coverage.systems {
                let (all, of_kind) = counts.entry(system.agency.0.clone()).or_default();
                *all += 1;
                let kinds = self.desk.system_position(&system.system.0).map(|at| self.desk.evidence_kinds(at));
                for kind in kinds.iter().flatten() {
                    if let Some(place) = EvidenceKind::ALL.iter().position(|one| one == kind) {
                        of_kind[place] += 1;
                    }
                }
            }
            counts
        })
    }

    /// What is open and due, as it is watched from here.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn standing(&self, watched: &Watched) -> Result<&Standing> {
        if let Some(known) = self.standing.get() {
            return Ok(known);
        }
        let desk = &*self.desk;
        let none = || FindingsQuery { rows: 0, ..FindingsQuery::default() };
        let urgent = FindingsQuery { priority: Some("act-now".to_owned()), ..none() };
        let by_agency = watched.findings_by_agency(desk, &urgent)?;
        let found = Standing {
            urgent_by_agency: by_agency.into_iter().map(|(agency, count)| (agency.to_owned(), count)).collect(),
            overdue: watched.findings(desk, &FindingsQuery { overdue: true, ..none() })?.total,
            open_by_system: watched.findings_by_system(desk, &none())?,
            open_by_agency: watched.open_by_agency(desk)?,
            open: watched.exposure(desk)?.open,
        };
        Ok(self.standing.get_or_init(|| found))
    }

    /// Incidents that are seen from here, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn incidents(&self, house: &House) -> Result<&[IncidentRow]> {
        Ok(self.incidents.get_or_try_init(|| house.incidents(&self.desk)).await?)
    }

    /// Rounds of collection that are seen from here, the newest first, and how the open ones stand by ministry.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn rounds(&self, house: &House) -> Result<&(Vec<RoundRow>, Vec<RoundMinistryRow>)> {
        let read = async || -> Result<(Vec<RoundRow>, Vec<RoundMinistryRow>)> {
            let rows = house.rounds(&self.desk).await?;
            let mut ministries = Vec::new();
            for row in rows.iter().filter(|row| row.round.closed.is_none()) {
                ministries.extend(house.round(&self.desk, row.round.id).await?.ministries);
            }
            Ok((rows, ministries))
        };
        self.rounds.get_or_try_init(read).await
    }

    /// The room of an incident. Whoever writes in it gets a new seat, and so a room that is judged anew.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight; when the ledger cannot be read, or evidence is damaged.
    pub async fn room(&self, house: &House, id: IncidentId) -> Result<Arc<IncidentRoom>> {
        let cell = {
            let mut rooms = locked(&self.rooms);
            let known = rooms.iter().find(|(known, _)| *known == id).map(|(_, cell)| Arc::clone(cell));
            known.unwrap_or_else(|| {
                let cell = RoomCell::default();
                rooms.push_back((id, Arc::clone(&cell)));
                cell
            })
        };
        let judge = async || -> Result<Arc<IncidentRoom>> {
            let watched = self.watched(house).await?;
            Ok(Arc::new(house.incident(&self.desk, watched, id).await?))
        };
        let found = cell.get_or_try_init(judge).await.map(Arc::clone);
        let mut rooms = locked(&self.rooms);
        rooms.retain(|(_, known)| !Arc::ptr_eq(known, &cell));
        // When a letter went out is part of a drill's stopwatch, and no change that makes a new seat.
        if found.as_ref().is_ok_and(|room| !room.incident.is_drill) {
            rooms.push_back((id, Arc::clone(&cell)));
            let surplus = rooms.len().saturating_sub(KEPT_ROOMS);
            rooms.drain(..surplus);
        }
        found
    }

    /// How many rounds and drills were begun, as far as they are seen from here.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn begun(&self, house: &House) -> Result<(u64, u64)> {
        let drills = self.incidents(house).await?.iter().filter(|row| row.incident.is_drill).count();
        Ok((self.rounds(house).await?.0.len() as u64, drills as u64))
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

    /// How a package got into a system, found once: the documents are read again for that.
    ///
    /// # Errors
    /// When the question cannot be read, or evidence is missing.
    pub async fn ways(&self, package: &str, system: &str) -> Result<Arc<HowAnswer>> {
        let key = (package.to_owned(), system.to_owned());
        if let Some(known) = locked(&self.ways).get(&key) {
            return Ok(Arc::clone(known));
        }
        let found = self.desk.how(package, system).await?;
        kept(&self.ways, key, || Ok(found))
    }

    /// Projects by how much the government leans on them.
    ///
    /// # Errors
    /// `not-allowed`; when a segment is missing or damaged.
    pub async fn ranking(&self) -> Result<Arc<Ranking>> {
        let desk = Arc::clone(&self.desk);
        let found =
            self.ranking.get_or_try_init(|| beside(async move { Ok(Arc::new(desk.ranking(&Weights::default())?)) }));
        Ok(Arc::clone(found.await?))
    }

    /// The projects that come first, with the parts of their numbers: put together once.
    ///
    /// # Errors
    /// As [`Self::ranking`].
    pub async fn priorities(&self, top: usize) -> Result<Arc<PrioritiesAnswer>> {
        let (ranking, desk) = (self.ranking().await?, Arc::clone(&self.desk));
        if let Some(known) = locked(&self.priorities).get(&top) {
            return Ok(Arc::clone(known));
        }
        let found = beside(async move { Ok(ranking.answer(&desk, Some(top))) }).await?;
        kept(&self.priorities, top, || Ok(found))
    }

    /// The projects that the government leans on most, by the harm that is expected from them.
    ///
    /// # Errors
    /// `not-allowed` for who may not rank for the whole government; when the ledger cannot be read, or evidence is damaged.
    pub async fn risks(self: &Arc<Self>, house: &House) -> Result<Arc<RisksAnswer>> {
        let work = async || {
            let ranking = self.ranking().await?;
            self.watched(house).await?;
            let (seat, house) = (Arc::clone(self), house.clone());
            beside(async move {
                let watched = seat.watched(&house).await?;
                Ok(Arc::new(house.risks(&seat.desk, &ranking, watched).await?))
            })
            .await
        };
        Ok(Arc::clone(self.risks.get_or_try_init(work).await?))
    }

    /// How the government depends on a project and how that stands, worked out once.
    ///
    /// # Errors
    /// As the ranking says; `not-found`, `ambiguous-name`.
    pub async fn project(self: &Arc<Self>, house: &House, text: &str) -> Result<Arc<ProjectView>> {
        let ranking = self.ranking().await?;
        let key = ranking.key_of(text)?;
        if let Some(known) = locked(&self.projects).get(&key) {
            return Ok(Arc::clone(known));
        }
        self.watched(house).await?;
        let risks = match self.risks(house).await {
            Ok(risks) => Some(risks),
            Err(error) if error.code == "not-allowed" => None,
            Err(error) => return Err(error),
        };
        let (seat, house, asked) = (Arc::clone(self), house.clone(), key.clone());
        let work = async move {
            let watched = seat.watched(&house).await?;
            house.project(&seat.desk, &ranking, (watched, risks.as_deref()), &asked).await
        };
        let found = beside(work).await?;
        kept(&self.projects, key, || Ok(found))
    }

    /// A plan for support, made once for each wish.
    ///
    /// # Errors
    /// As the ranking says; `invalid-plan`.
    pub async fn plan(&self, house: &House, wish: PlanWish) -> Result<Arc<Planned>> {
        let options = wish.options();
        if let Some(known) = locked(&self.plans).get(&options) {
            return Ok(Arc::clone(known));
        }
        let (ranking, desk, house) = (self.ranking().await?, Arc::clone(&self.desk), house.clone());
        let told = options.clone();
        let work = async move {
            let answer = house.plan(&desk, &ranking, &wish, ProjectFile::default()).await?;
            let brief = house.plan_brief(&desk, &ranking, &answer, &told).await?;
            Ok(Planned { answer, brief })
        };
        let found = beside(work).await?;
        kept(&self.plans, options, || Ok(found))
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

    /// Tasks that are seen from here, the ones that are due first.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn tasks(&self, house: &House, query: &TasksQuery) -> Result<Vec<TaskRow>> {
        let tasks = self.tasks.get_or_try_init(|| house.written_tasks(&self.desk)).await?;
        house.tasks_among(&self.desk, Some(self.watched(house).await?), query, tasks).await
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
        let count = self.tasks(house, &query).await?.len() as u64;
        locked(&self.waiting).insert(login.to_owned(), count);
        Ok(count)
    }

    /// What is watched from here. It is worked out beside the threads that answer.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn watched(&self, house: &House) -> Result<&Watched> {
        Ok(self.shared(house).await?)
    }

    async fn shared(&self, house: &House) -> Result<&Arc<Watched>> {
        let work = || {
            let (house, desk) = (house.clone(), Arc::clone(&self.desk));
            beside(async move { house.watch(&desk).await.map(Arc::new) })
        };
        self.watched.get_or_try_init(work).await
    }

    /// Tables for SQL over what is seen from here; those that were made stay for the next query.
    ///
    /// # Errors
    /// As [`Self::watched`].
    pub async fn tables(&self, house: &House) -> Result<&KeptTables> {
        let work = || async { Ok(KeptTables::of(Arc::clone(self.shared(house).await?))) };
        self.tables.get_or_try_init(work).await
    }

    /// Works out what readers of an older picture asked for, so that the first reader of this one need not wait for it. To be
    /// called where the work is quiet.
    pub(crate) async fn warm(&self, house: &House, older: &Self) -> Result<()> {
        if older.watched.initialized() {
            self.watched.get_or_try_init(|| async { house.watch(&self.desk).await.map(Arc::new) }).await?;
        }
        if older.tables.initialized() {
            self.tables(house).await?.prepare(&self.desk).await?;
        }
        if older.coverage.get().is_some() {
            self.coverage(house)?;
        }
        if let (Some(_), Some(watched)) = (older.standing.get(), self.watched.get()) {
            self.standing(watched)?;
        }
        if older.incidents.initialized() {
            self.incidents(house).await?;
        }
        if older.rounds.initialized() {
            self.rounds(house).await?;
        }
        let rooms: Vec<IncidentId> = locked(&older.rooms).iter().map(|(id, _)| *id).collect();
        for id in rooms {
            // One that is no longer there is told to whoever asks for it.
            let _ = self.room(house, id).await;
        }
        self.desk.warm_after(&older.desk)?;
        house.count_compass_after(&self.desk, &older.desk).await?;
        let logins: Vec<String> = locked(&older.waiting).keys().cloned().collect();
        for login in logins {
            self.waiting(house, &login).await?;
        }
        Ok(())
    }
}

/// What is known under a key, worked out when first asked for.
pub(crate) fn kept<K: Eq + std::hash::Hash, V, E>(
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
