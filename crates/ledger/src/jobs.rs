// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Work that any of several processes may take: rows that are held for a while, by the clock of the database, which is the same for all.
//!
//! Whoever takes a job gets a [`Fence`]. Changes made on its behalf check the fence in their own transaction, so what was handed on to
//! somebody else after a pause that was too long changes nothing any more. A job whose holder ends without a word comes back when its time
//! is over, later each time; one that came back too often is given up, and says why.
//!
//! That a job was taken, held or done is no decision: it has no revision and no audit entry. What it does has.

use serde_json::json;
use underpin_model::{Timestamp, Viewer};

use crate::database::{Pool, Session};
use crate::ledger::{Ledger, Reader, Writer, next_number, operator_only};
use crate::patience::Patience;
use crate::value::{Row, Value, values};
use crate::{LedgerError, bulk};

/// Seconds by which a job comes back later for each time that its holder ended without a word.
const PAUSE_AFTER_DEATH_SECONDS: i64 = 5;
const SECOND_US: i64 = 1_000_000;
const COLUMNS: &str = "number, kind, subject, body, made, due, every_seconds, attempts, fence, holder, held_until, done, given_up, fault, \
                       result";
const OPEN: &str = "done IS NULL AND given_up IS NULL";
/// Why a job was given up whose holders said nothing.
const SILENT_ENDS: &str = "whoever worked on it ended without a word, again and again";

/// That a job is held, and since which taking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Number of the job.
    pub job: i64,
    /// Grows with every taking.
    pub token: i64,
}

/// Work to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What kind of work, a stable word.
    pub kind: String,
    /// About what; of one kind and subject there is one open job at a time.
    pub subject: String,
    /// JSON of all that is needed.
    pub body: String,
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    /// Its number.
    pub number: i64,
    /// What kind of work.
    pub kind: String,
    /// About what.
    pub subject: String,
    /// JSON of all that is needed.
    pub body: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it may be taken next.
    pub due: Timestamp,
    /// How often it is done; `None` when once.
    pub every_seconds: Option<i64>,
    /// How often it was taken without being done since.
    pub attempts: i64,
    /// Of the last taking.
    pub fence: Fence,
    /// Who took it last; empty when nobody did or it was given back.
    pub holder: String,
    /// Until when it is held; `None` when it is not.
    pub held_until: Option<Timestamp>,
    /// When it was done; of one that is done again and again, the last time.
    pub done: Option<Timestamp>,
    /// When it was given up.
    pub given_up: Option<Timestamp>,
    /// What went wrong last; empty when nothing did.
    pub fault: String,
    /// JSON of what came of it.
    pub result: String,
}

/// What became of a job that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is done; JSON of what came of it.
    Done(String),
    /// It failed: to be tried again after so many seconds.
    Again(i64, String),
    /// It failed for good.
    GivenUp(String),
    /// It was not done, and nobody is at fault: somebody else may take it at once.
    Back,
}

/// How the jobs stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobState {
    /// To be done once, and not done.
    pub open: u64,
    /// Of these: due for long, and nobody is at it.
    pub late: u64,
    /// The same of those done again and again, a whole round late.
    pub overdue: u64,
    /// Given up.
    pub given_up: u64,
    /// Why the last one was.
    pub fault: String,
}

/// The handle of those who work.
#[derive(Clone, Debug)]
pub struct Jobs {
    pool: Pool,
}

impl Fence {
    /// Refuses in the transaction of a change when the job is no longer held. The row is locked: nobody takes the job meanwhile. That
    /// time ran out alone loses nothing: a long transaction keeps its own beats waiting.
    pub(crate) async fn check(self, session: &mut Session) -> Result<(), LedgerError> {
        let lock = if session.is_postgres() { "FOR UPDATE" } else { "" };
        let sql =
            format!("SELECT 1 FROM job WHERE number = $1 AND fence = $2 AND {OPEN} AND held_until IS NOT NULL {lock}");
        match session.row(&sql, values![self.job, self.token]).await? {
            Some(_) => Ok(()),
            None => Err(LedgerError::JobLost(self.job)),
        }
    }
}

impl Ledger {
    /// The handle of those who work.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator: jobs work on the house as a whole.
    pub fn jobs(&self, viewer: &Viewer) -> Result<Jobs, LedgerError> {
        operator_only(viewer, "work for the house")?;
        Ok(Jobs { pool: self.pool.clone() })
    }
}

impl Jobs {
    /// Puts work down to be done once. What is open already of the same kind and subject stays; how many are new.
    ///
    /// # Errors
    /// What the database says.
    pub async fn offer(&self, new: &[NewJob]) -> Result<u64, LedgerError> {
        let mut session = self.pool.write().await?;
        let first = next_number(&mut session, "job", new.len() as u64).await?;
        let now = session.moment().await?;
        let mut row = Vec::with_capacity(new.len() * 11);
        for (number, job) in (first..).zip(new) {
            row.extend(values![number, &job.kind, &job.subject, &job.body, now, now, 0_i64, 0_i64, "", "", ""]);
        }
        let head = "INSERT INTO job (number, kind, subject, body, made, due, attempts, fence, holder, fault, result)";
        let count = bulk::insert(&mut session, head, 11, "ON CONFLICT DO NOTHING", row).await?;
        session.commit().await?;
        Ok(count)
    }

    /// Sees to it that something is done again and again, every so many seconds.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep_up(&self, kind: &str, every_seconds: i64) -> Result<(), LedgerError> {
        let known =
            "SELECT every_seconds FROM job WHERE kind = $1 AND subject = '' AND done IS NULL AND given_up IS NULL";
        let mut session = self.pool.read().await?;
        let row = session.row(known, values![kind]).await?;
        drop(session);
        if row.map(|row| row.optional_integer(0)).transpose()?.flatten() == Some(every_seconds) {
            return Ok(());
        }
        let mut session = self.pool.write().await?;
        let number = next_number(&mut session, "job", 1).await?;
        let now = session.moment().await?;
        let due = Timestamp(now.0.saturating_add(every_seconds.saturating_mul(SECOND_US)));
        let sql = "INSERT INTO job (number, kind, subject, body, made, due, every_seconds, attempts, fence, holder, fault, result) \
                   VALUES ($1, $2, '', '{}', $3, $4, $5, 0, 0, '', '', '') ON CONFLICT DO NOTHING";
        session.execute(sql, values![number, kind, now, due, every_seconds]).await?;
        let sql = format!(
            "UPDATE job SET every_seconds = $1, due = CASE WHEN due > $2 THEN $2 ELSE due END \
             WHERE kind = $3 AND subject = '' AND {OPEN} AND every_seconds <> $1"
        );
        session.execute(&sql, values![every_seconds, due, kind]).await?;
        session.commit().await
    }

    /// Takes the job of these kinds that is due first, for so many seconds. One that ended without a word as often as `attempts` is given
    /// up instead.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take(
        &self,
        kinds: &[&str],
        holder: &str,
        seconds: u64,
        attempts: u32,
    ) -> Result<Option<JobRecord>, LedgerError> {
        let named: Vec<String> = (1..=kinds.len()).map(|number| format!("${number}")).collect();
        let of_kind: Vec<Value> = kinds.iter().map(|kind| Value::from(*kind)).collect();
        let free = |now: &str| {
            format!(
                "{OPEN} AND due <= {now} AND (held_until IS NULL OR held_until < {now}) AND kind IN ({})",
                named.join(", ")
            )
        };
        // Whoever looks for work every few seconds does not stand among the writers for that.
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT 1 FROM job WHERE {} LIMIT 1", free(session.clock()));
        if kinds.is_empty() || session.row(&sql, of_kind.clone()).await?.is_none() {
            return Ok(None);
        }
        drop(session);
        let mut session = self.pool.write().await?;
        let (now, skip) = (session.clock(), skipping(&session));
        let place = kinds.len() + 1;
        let sql = format!(
            "UPDATE job SET given_up = {now}, held_until = NULL, fault = CASE WHEN fault = '' THEN '{SILENT_ENDS}' ELSE fault END \
             WHERE number IN (SELECT number FROM job WHERE {} AND every_seconds IS NULL AND attempts >= ${place} {skip})",
            free(now)
        );
        let mut row = of_kind.clone();
        row.push(Value::from(attempts));
        session.execute(&sql, row).await?;
        let choice = format!("SELECT number FROM job WHERE {} ORDER BY due, number LIMIT 1 {skip}", free(now));
        let taken = taken(&mut session, &choice, of_kind, (holder, seconds)).await?;
        session.commit().await?;
        Ok(taken)
    }

    /// Takes what is done again and again, whether it is due or not, unless somebody holds it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take_now(&self, kind: &str, holder: &str, seconds: u64) -> Result<Option<JobRecord>, LedgerError> {
        let mut session = self.pool.write().await?;
        let (now, skip) = (session.clock(), skipping(&session));
        let choice = format!(
            "SELECT number FROM job WHERE kind = $1 AND subject = '' AND {OPEN} AND (held_until IS NULL OR held_until < {now}) {skip}"
        );
        let taken = taken(&mut session, &choice, values![kind], (holder, seconds)).await?;
        session.commit().await?;
        Ok(taken)
    }

    /// Says that the holder is still at it: the job is held for so many seconds from now. False when it is lost.
    ///
    /// # Errors
    /// What the database says.
    pub async fn beat(&self, fence: Fence, seconds: u64) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        let now = session.clock();
        let sql = format!(
            "UPDATE job SET held_until = {now} + $1, due = {now} + $1 + attempts * {} \
             WHERE number = $2 AND fence = $3 AND {OPEN} AND held_until IS NOT NULL",
            PAUSE_AFTER_DEATH_SECONDS * SECOND_US
        );
        let count = session.execute(&sql, values![lease_us(seconds), fence.job, fence.token]).await?;
        session.commit().await?;
        Ok(count > 0)
    }

    /// Writes down what became of a job. Tried again while the database is away. False when it is somebody else's by now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle(&self, fence: Fence, outcome: &JobOutcome) -> Result<bool, LedgerError> {
        let mut patience = Patience::default();
        loop {
            let error = match self.settled(fence, outcome).await {
                Ok(is_settled) => return Ok(is_settled),
                Err(error) => error,
            };
            if !patience.allows(&error).await {
                return Err(error);
            }
        }
    }

    async fn settled(&self, fence: Fence, outcome: &JobOutcome) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        let now = session.clock();
        let every = format!("{now} + COALESCE(every_seconds, 0) * {SECOND_US}");
        let (set, text, seconds) = match outcome {
            JobOutcome::Done(result) => (
                format!(
                    "attempts = 0, fault = '', result = $1, due = {every} + $2, done = CASE WHEN every_seconds IS NULL THEN {now} END"
                ),
                result.as_str(),
                0,
            ),
            JobOutcome::Again(seconds, fault) => (format!("fault = $1, due = {now} + $2"), fault.as_str(), *seconds),
            // What is done again and again is never given up.
            JobOutcome::GivenUp(fault) => (
                format!("fault = $1, due = {every} + $2, given_up = CASE WHEN every_seconds IS NULL THEN {now} END"),
                fault.as_str(),
                0,
            ),
            JobOutcome::Back => (
                format!(
                    "attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, holder = $1, due = {now} + $2"
                ),
                "",
                0,
            ),
        };
        let sql = format!("UPDATE job SET held_until = NULL, {set} WHERE number = $3 AND fence = $4 AND {OPEN}");
        let pause = seconds.saturating_mul(SECOND_US);
        let count = session.execute(&sql, values![text, pause, fence.job, fence.token]).await?;
        session.commit().await?;
        Ok(count > 0)
    }

    /// Jobs of a kind that are open, held or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open(&self, kind: &str) -> Result<u64, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT COUNT(*) FROM job WHERE kind = $1 AND {OPEN}");
        session.row(&sql, values![kind]).await?.map_or(Ok(0), |row| row.count(0))
    }

    /// Forgets jobs that were done before a moment; how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget(&self, before: Timestamp) -> Result<u64, LedgerError> {
        let mut session = self.pool.write().await?;
        let count = session.execute("DELETE FROM job WHERE done < $1", values![before]).await?;
        session.commit().await?;
        Ok(count)
    }
}

impl Reader {
    /// Jobs that are open or were given up, in the order in which they are due; with those that are done, too, if asked for.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn jobs(&self, with_done: bool) -> Result<Vec<JobRecord>, LedgerError> {
        self.operator_only("list jobs")?;
        let mut session = self.pool.read().await?;
        let which = if with_done { "1 = 1" } else { "done IS NULL" };
        let sql = format!("SELECT {COLUMNS} FROM job WHERE {which} ORDER BY due, number");
        session.rows(&sql, vec![]).await?.iter().map(record).collect()
    }

    /// How the jobs stand: late is what was due so many seconds ago, and nobody is at it.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn job_state(&self, late_seconds: i64) -> Result<JobState, LedgerError> {
        self.operator_only("list jobs")?;
        let mut session = self.pool.read().await?;
        let now = session.clock();
        let free = format!("{OPEN} AND (held_until IS NULL OR held_until < {now})");
        let sql = format!(
            "SELECT SUM(CASE WHEN every_seconds IS NULL AND {OPEN} THEN 1 ELSE 0 END), \
             SUM(CASE WHEN every_seconds IS NULL AND {free} AND due < {now} - $1 THEN 1 ELSE 0 END), \
             SUM(CASE WHEN {free} AND due + every_seconds * {SECOND_US} < {now} - $1 THEN 1 ELSE 0 END), \
             SUM(CASE WHEN given_up IS NOT NULL THEN 1 ELSE 0 END) FROM job"
        );
        let Some(row) = session.row(&sql, values![late_seconds.saturating_mul(SECOND_US)]).await? else {
            return Ok(JobState::default());
        };
        let count = |column| Ok::<_, LedgerError>(row.optional_integer(column)?.unwrap_or_default().unsigned_abs());
        let fault = "SELECT fault FROM job WHERE given_up IS NOT NULL ORDER BY given_up DESC LIMIT 1";
        let fault = session.row(fault, vec![]).await?.map(|row| row.text(0)).transpose()?.unwrap_or_default();
        Ok(JobState { open: count(0)?, late: count(1)?, overdue: count(2)?, given_up: count(3)?, fault })
    }
}

impl Writer {
    /// Takes up again what was given up; how many jobs those are.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn retry_jobs(&self, at: Timestamp) -> Result<u64, LedgerError> {
        self.operator_only("try jobs again")?;
        let mut change = self.change(at, "try jobs again").await?;
        let now = change.session.clock();
        let sql = format!(
            "UPDATE job SET given_up = NULL, attempts = 0, due = {now} WHERE given_up IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM job AS other WHERE other.kind = job.kind AND other.subject = job.subject AND other.done IS NULL \
             AND (other.given_up IS NULL OR other.number > job.number)) RETURNING number"
        );
        let numbers: Vec<i64> =
            change.session.rows(&sql, vec![]).await?.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
        if !numbers.is_empty() {
            change.note("retry", "jobs", None, Some(json!({ "jobs": numbers })));
        }
        change.commit_aside().await?;
        Ok(numbers.len() as u64)
    }
}

/// What others hold in a transaction of their own is passed over instead of waited for.
fn skipping(session: &Session) -> &'static str {
    if session.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" }
}

fn lease_us(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND_US)
}

/// Takes what a choice finds.
async fn taken(
    session: &mut Session,
    choice: &str,
    mut row: Vec<Value>,
    (holder, seconds): (&str, u64),
) -> Result<Option<JobRecord>, LedgerError> {
    let (now, place) = (session.clock(), row.len() + 1);
    let sql = format!(
        "UPDATE job SET fence = fence + 1, attempts = attempts + 1, holder = ${place}, held_until = {now} + ${}, \
         due = {now} + ${} + attempts * {} WHERE number = ({choice}) RETURNING {COLUMNS}",
        place + 1,
        place + 1,
        PAUSE_AFTER_DEATH_SECONDS * SECOND_US
    );
    row.extend(values![holder, lease_us(seconds)]);
    session.row(&sql, row).await?.as_ref().map(record).transpose()
}

fn record(row: &Row) -> Result<JobRecord, LedgerError> {
    let number = row.integer(0)?;
    Ok(JobRecord {
        number,
        kind: row.text(1)?,
        subject: row.text(2)?,
        body: row.text(3)?,
        made: row.timestamp(4)?,
        due: row.timestamp(5)?,
        every_seconds: row.optional_integer(6)?,
        attempts: row.integer(7)?,
        fence: Fence { job: number, token: row.integer(8)? },
        holder: row.text(9)?,
        held_until: row.optional_timestamp(10)?,
        done: row.optional_timestamp(11)?,
        given_up: row.optional_timestamp(12)?,
        fault: row.text(13)?,
        result: row.text(14)?,
    })
}
