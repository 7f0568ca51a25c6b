// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Questions to a house that names a cluster or none, with their times and a digest of what they found.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use underpin_office::cluster::{EngineSettings, Listener, Progress};
use underpin_office::coordinator::kept_tables::KeptTables;
use underpin_office::coordinator::sql::json_rows;
use underpin_office::measure::evidence_id;
use underpin_office::regulator::SimulationQuery;
use underpin_office::{Desk, House, OfficeError, Result, Settings};

use super::cluster_questions::{About, Way};
use super::figures::Figure;
use crate::context::Context;

/// Codes of errors that end one question and not the measurement: a large house may ask for more than the limits allow.
const REFUSALS: [&str; 2] = ["query-limit", "engine-failed"];
const SIZE: &str = "SELECT count(*) AS occurrences, max(document) AS document, max(package) AS package FROM occurrence";

/// How large a house is, and what one can ask it about.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Uses: package versions in documents.
    pub occurrences: u64,
    /// A document.
    pub document: i64,
    /// A package.
    pub package: i64,
}

/// What came of a question.
#[derive(Debug, Default)]
pub struct Taken {
    /// How long it took each time, but for the first.
    pub times: Vec<Duration>,
    /// Rows of the answer.
    pub rows: Option<usize>,
    /// Digest of the sorted rows: one, unless something is wrong.
    pub digests: BTreeSet<String>,
    /// Queries that the cluster carried out.
    pub handed_over: usize,
    /// Why it was not answered.
    pub refused: Option<String>,
}

impl Taken {
    /// The middle one of its times; none when it was not answered.
    pub fn median_seconds(&self) -> Option<f64> {
        let is_answered = self.refused.is_none() && !self.times.is_empty();
        is_answered.then(|| Figure::of("", &self.times).median_ms / 1_000.0)
    }
}

/// An answer, once.
struct Found {
    time: Duration,
    rows: usize,
    digest: String,
}

/// A house that is asked.
pub struct Asking {
    house: House,
    desk: Arc<Desk>,
    /// Queries that the cluster carried out so far.
    handed_over: Arc<AtomicUsize>,
}

impl Asking {
    /// Opens the house of the context with another engine, or with none.
    ///
    /// # Errors
    /// When there is no house, or it cannot be read.
    pub async fn open(context: &Context, engine: Option<EngineSettings>) -> Result<Self> {
        let settings = Settings { engine, ..context.configuration.settings.clone() };
        let house = House::open_existing(settings).await?;
        let handed_over = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&handed_over);
        // What stays here is not told of.
        house.watch_engine(Listener(Arc::new(move |progress| {
            if progress == Progress::Ended {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        })));
        let desk = Arc::new(context.desk(&house).await?);
        Ok(Self { house, desk, handed_over })
    }

    /// Closes the house.
    pub async fn close(self) {
        let Self { house, desk, .. } = self;
        drop(desk);
        house.close().await;
    }

    /// How large the house is.
    ///
    /// # Errors
    /// `bench` when nothing is in use.
    pub async fn size(&self) -> Result<Size> {
        let found = self.house.sql(&self.desk, SIZE).await?;
        let rows = json_rows(&found.answer)?;
        let row = rows.first().cloned().unwrap_or_default();
        match (row["occurrences"].as_u64(), row["document"].as_i64(), row["package"].as_i64()) {
            (Some(occurrences), Some(document), Some(package)) => Ok(Size { occurrences, document, package }),
            _ => Err(OfficeError::new("bench", "nothing is in use that could be asked for").hint("add evidence first")),
        }
    }

    /// Asks once without counting, then so many times.
    ///
    /// # Errors
    /// Those of the question, but for refusals.
    pub async fn ask(&self, way: Way, about: &About, rounds: usize) -> Result<Taken> {
        let (mut taken, kept) = (Taken::default(), KeptTables::default());
        let before = self.handed_over.load(Ordering::Relaxed);
        for round in 0..=rounds {
            let found = match self.once(way, about, &kept).await {
                Ok(found) => found,
                Err(error) if REFUSALS.contains(&error.code) => {
                    taken.refused = Some(format!("{}: {}", error.code, error.message));
                    break;
                }
                Err(error) => return Err(error),
            };
            if round > 0 {
                taken.times.push(found.time);
            }
            taken.rows = Some(found.rows);
            taken.digests.insert(found.digest);
        }
        taken.handed_over = self.handed_over.load(Ordering::Relaxed).saturating_sub(before);
        Ok(taken)
    }

    async fn once(&self, way: Way, about: &About, kept: &KeptTables) -> Result<Found> {
        let own = KeptTables::default();
        match way {
            Way::AtHand(_) => self.sql(&about.asked(way), kept).await,
            Way::Anew(_) => self.sql(&about.asked(way), &own).await,
            Way::Simulation => {
                own.prepare(&self.desk).await?;
                let query = SimulationQuery { rule: about.rule.clone(), ..SimulationQuery::default() };
                let started = Instant::now();
                // What it keeps while it waits is large: on the heap it burdens no caller's stack.
                let found = Box::pin(self.house.simulate_rule(&self.desk, &about.book, &query, &own)).await?;
                Ok(Found { time: started.elapsed(), rows: found.agencies.len(), digest: found.digest })
            }
        }
    }

    async fn sql(&self, text: &str, kept: &KeptTables) -> Result<Found> {
        let started = Instant::now();
        let found = Box::pin(self.house.sql_with(&self.desk, text, kept)).await?;
        let time = started.elapsed();
        let mut rows: Vec<String> = json_rows(&found.answer)?.iter().map(Value::to_string).collect();
        rows.sort_unstable();
        let digest = evidence_id(rows.join("\n").as_bytes()).to_string();
        Ok(Found { time, rows: rows.len(), digest })
    }
}
