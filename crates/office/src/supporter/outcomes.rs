// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `outcome`: did help help? Said before it begins, compared after the horizon with projects that were not helped, and reported whatever
//! comes out.
//!
//! Before the horizon nothing is worked out: who looks early stops when the number pleases. Of each project the first look at or after the
//! horizon counts. This is observation, no experiment; indicators are no conditions of payment.

use serde::Serialize;
use underpin_assess::engagement::outcome::{Effect, SetChange, evaluate};
use underpin_assess::projects::Names;
use underpin_ledger::Reader;
use underpin_model::Timestamp;
use underpin_model::signals::SignalCode;

use super::commitments::may_rank;
use super::kept_signals::{KeptSignals, looks_of};
use super::outcome_frozen::value_of;
pub use super::outcome_frozen::{FrozenIndicator, FrozenOutcome, FrozenProject, FrozenSet, INDICATORS};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Kind of the lines with registrations.
pub(super) const OUTCOME: &str = "outcome";
/// Days after the horizon within which a clone must have been looked at.
const LOOK_DAYS: i64 = 90;
/// Deals of roles behind an interval.
const DEALS: usize = 999;

/// The answer of `outcome report`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct OutcomesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Registrations, the oldest first.
    pub rows: Vec<OutcomeRow>,
}

/// A registration, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OutcomeRow {
    /// What was said before.
    #[serde(flatten)]
    pub frozen: FrozenOutcome,
    /// When is compared.
    pub horizon: Timestamp,
    /// `waiting` before the horizon, `reported` after it.
    pub state: &'static str,
    /// What came out, by indicator; nothing before the horizon.
    pub results: Vec<OutcomeResult>,
}

/// What came out of one indicator.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OutcomeResult {
    /// The indicator.
    pub code: SignalCode,
    /// `seen`, `not-seen` (a null, and told as one), or `unknown` (nothing could be seen with so few sets).
    pub effect: &'static str,
    /// Whether what is seen is for the better.
    pub is_better: Option<bool>,
    /// Difference of the changes, in the unit of the indicator.
    pub estimate: Option<f64>,
    /// The interval of 95 %: from.
    pub low: Option<f64>,
    /// … to.
    pub high: Option<f64>,
    /// Share of deals of the roles that are at least as extreme.
    pub p: Option<f64>,
    /// The least effect that would have been seen, as it was said before.
    pub least_visible: Option<f64>,
    /// Sets that were compared.
    pub sets: usize,
    /// Projects without a value before, or without a look within 90 days after the horizon: their sets are left out.
    pub missing: Vec<String>,
}

impl House {
    /// All registrations, and what came of them.
    ///
    /// # Errors
    /// `not-allowed`; `ledger-damaged` where a registration is not what was frozen; when the ledger cannot be read.
    pub async fn outcomes(&self, desk: &Desk) -> Result<OutcomesAnswer> {
        may_rank(desk)?;
        let overview = desk.overview();
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let rows = outcome_rows(&reader, &desk.names, overview.as_of).await?;
        Ok(OutcomesAnswer { overview, rows })
    }

    /// One registration by its name.
    ///
    /// # Errors
    /// `not-found`; as [`Self::outcomes`].
    pub async fn outcome(&self, desk: &Desk, name: &str) -> Result<OutcomeRow> {
        let found = self.outcomes(desk).await?.rows.into_iter().find(|row| row.frozen.name == name);
        found.ok_or_else(|| {
            OfficeError::new("not-found", format!("no outcome is registered as {name:?}"))
                .hint("`underpin outcome report` lists them")
        })
    }
}

/// Registrations that a reader may see, as they stand at a moment.
pub(super) async fn outcome_rows(reader: &Reader, names: &Names, as_of: Timestamp) -> Result<Vec<OutcomeRow>> {
    let mut rows = Vec::new();
    for frozen in frozen_outcomes(reader, as_of).await? {
        rows.push(row(reader, names, (frozen, as_of)).await?);
    }
    Ok(rows)
}

/// What was registered by a moment. Of two lines of one name the first counts.
pub(super) async fn frozen_outcomes(reader: &Reader, as_of: Timestamp) -> Result<Vec<FrozenOutcome>> {
    let mut all: Vec<FrozenOutcome> = Vec::new();
    for record in reader.project_records(OUTCOME, None, as_of).await? {
        let frozen: FrozenOutcome = serde_json::from_value(record.body)
            .map_err(|error| super::facts::damaged(record.number, &record.project, &error))?;
        if !frozen.is_whole() {
            let text = format!("the registration {:?} is not what was frozen", frozen.name);
            return Err(OfficeError::new("ledger-damaged", text).hint("`underpin audit verify`"));
        }
        if all.iter().all(|known| known.name != frozen.name) {
            all.push(frozen);
        }
    }
    Ok(all)
}

async fn row(reader: &Reader, names: &Names, (frozen, as_of): (FrozenOutcome, Timestamp)) -> Result<OutcomeRow> {
    let horizon = frozen.horizon();
    if as_of < horizon {
        return Ok(OutcomeRow { frozen, horizon, state: "waiting", results: Vec::new() });
    }
    let until = Timestamp(horizon.0.saturating_add(LOOK_DAYS * Timestamp::DAY_US));
    let mut after: Vec<(String, Option<KeptSignals>)> = Vec::new();
    for project in members(&frozen) {
        let looks = looks_of(reader, names, &project, as_of).await?;
        let timely = looks.into_iter().filter(|look| (horizon..=until).contains(&look.signals.as_of));
        let first = timely.min_by_key(|look| look.signals.as_of);
        after.push((project, first));
    }
    let results = (0..frozen.indicators.len()).map(|at| result(&frozen, at, &after)).collect();
    Ok(OutcomeRow { frozen, horizon, state: "reported", results })
}

/// Every project of every set.
fn members(frozen: &FrozenOutcome) -> Vec<String> {
    let sets = frozen.sets.iter();
    sets.flat_map(|set| std::iter::once(&set.helped).chain(&set.compared)).map(|one| one.project.clone()).collect()
}

/// What came out of the indicator at a place.
fn result(frozen: &FrozenOutcome, at: usize, after: &[(String, Option<KeptSignals>)]) -> OutcomeResult {
    let FrozenIndicator { code, more_is_better, least_visible, .. } = frozen.indicators[at];
    let mut missing = Vec::new();
    let mut pair = |one: &FrozenProject| {
        let look = after.iter().find(|(project, _)| *project == one.project).and_then(|(_, look)| look.as_ref());
        let values = (one.before.get(at).copied().flatten(), look.and_then(|look| value_of(&look.signals, code)));
        if values.0.is_none() || values.1.is_none() {
            missing.push(one.project.clone());
        }
        values
    };
    let mut changes = Vec::new();
    for set in &frozen.sets {
        let helped = pair(&set.helped);
        let compared: Vec<(Option<f64>, Option<f64>)> = set.compared.iter().map(&mut pair).collect();
        changes.extend(SetChange::of(helped, &compared));
    }
    let found = evaluate(&changes, DEALS, seed(frozen));
    let effect = match found.effect {
        Effect::Unknown => "unknown",
        Effect::Seen => "seen",
        Effect::NotSeen => "not-seen",
    };
    let is_better =
        found.estimate.filter(|_| found.effect == Effect::Seen).map(|value| (value > 0.0) == more_is_better);
    OutcomeResult {
        code,
        effect,
        is_better,
        estimate: found.estimate,
        low: found.interval.map(|(low, _)| low),
        high: found.interval.map(|(_, high)| high),
        p: found.p,
        least_visible,
        sets: found.sets,
        missing,
    }
}

/// The seed of the deals: of what was frozen, so that nobody chooses it.
fn seed(frozen: &FrozenOutcome) -> u64 {
    let digits: String = frozen.digest.to_string().chars().filter(char::is_ascii_hexdigit).rev().take(16).collect();
    u64::from_str_radix(&digits, 16).unwrap_or(0)
}
