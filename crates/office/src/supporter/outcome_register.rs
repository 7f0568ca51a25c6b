// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `outcome register`: freezes what will be looked at, before help begins.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use underpin_assess::engagement::comparison::{Profile, compare_with};
use underpin_assess::engagement::outcome::least_visible_effect;
use underpin_ledger::ProjectRecord;
use underpin_model::Timestamp;
use underpin_model::engagement::{CommitmentId, CommitmentRecord, TextDigest};
use underpin_model::limits::bounds::{OUTCOME_MONTHS, OUTCOME_NAME_LETTERS, OUTCOME_NEIGHBOURS};
use underpin_model::signals::{ProjectSignals, SignalCode};

use super::commitments::may_rank;
use super::kept_signals::{KeptLook, KeptSignals, SIGNALS, kept};
use super::outcome_frozen::{
    COVARIATES, FrozenIndicator, FrozenOutcome, FrozenProject, FrozenSet, INDICATORS, covariates_of, value_of,
};
use super::outcomes::{OUTCOME, frozen_outcomes};
use super::priorities::Ranking;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Standard deviations within which a neighbour must lie.
const REACH: f64 = 2.0;

/// What somebody wants to say before help begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeWish {
    /// What the office calls it.
    pub name: String,
    /// Promises that hold, none of which has begun.
    pub commitments: Vec<CommitmentId>,
    /// What is looked at.
    pub indicators: Vec<SignalCode>,
    /// Months after the beginning at which is compared.
    pub months: u32,
    /// How many neighbours each helped project gets.
    pub neighbours: u32,
}

/// Looks at all projects before the help begins.
type Looks = BTreeMap<String, KeptSignals>;

fn refused(what: impl Into<String>, hint: &str) -> OfficeError {
    OfficeError::new("outcome-refused", what.into()).hint(hint)
}

impl House {
    /// Freezes what will be looked at, and who is compared with whom.
    ///
    /// # Errors
    /// `outcome-refused` for what cannot be said in advance any more, for a name that is taken, and for what is no indicator; `not-found` for
    /// a promise that is not there; `not-allowed`; what the ledger says.
    pub async fn register_outcome(
        &self,
        author: &Author,
        (desk, ranking): (&Desk, &Ranking),
        wish: &OutcomeWish,
    ) -> Result<FrozenOutcome> {
        may_rank(desk)?;
        check(wish)?;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        if frozen_outcomes(&reader, desk.overview().as_of).await?.iter().any(|known| known.name == wish.name) {
            let hint = "a registration is never changed; take another name for another question";
            return Err(refused(format!("{:?} is registered already", wish.name), hint));
        }
        let all = reader.commitments(desk.overview().as_of).await?;
        let helped = helped(desk, wish, &all)?;
        let begins = helped.values().copied().min().unwrap_or_default();
        if begins <= author.at {
            let text = format!("the help begins on {}, which is no more ahead", begins.date());
            return Err(refused(text, "what is looked at is said before the help begins"));
        }
        let looks: Looks = self.newest_looks(desk).await?.into_iter().collect();
        let lines = reader.project_records(SIGNALS, None, desk.overview().as_of).await?;
        let helped: BTreeSet<String> = helped.into_keys().collect();
        let promised: BTreeSet<&str> = (all.iter().filter(|one| one.commitment.withdrawn.is_none()))
            .map(|one| desk.names.settled(&one.commitment.project))
            .collect();
        let frozen = freeze((desk, ranking), wish, (begins, author.at), (&helped, &promised), &looks, lines)?;
        if frozen.sets.is_empty() {
            let hint = "keep looks at clones of the helped projects and of others first (`underpin signals --keep`)";
            return Err(refused("no helped project has enough neighbours that are known", hint));
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_project(author.at, &frozen.sets[0].helped.project, OUTCOME, json!(frozen)).await?;
        Ok(frozen)
    }
}

fn check(wish: &OutcomeWish) -> Result<()> {
    let name = wish.name.trim();
    if name.is_empty() || name.chars().count() > OUTCOME_NAME_LETTERS || name.contains(char::is_control) {
        return Err(refused(
            format!("the name is one line of at most {OUTCOME_NAME_LETTERS} letters"),
            "such as audits-2026",
        ));
    }
    if let Some(code) = wish.indicators.iter().find(|code| INDICATORS.iter().all(|(known, _)| known != *code)) {
        let known: Vec<&str> = INDICATORS.iter().map(|(code, _)| code.as_str()).collect();
        return Err(refused(format!("{} is no indicator", code.as_str()), &format!("one of: {}", known.join(", "))));
    }
    let is_good = !wish.indicators.is_empty()
        && (1..=OUTCOME_MONTHS).contains(&wish.months)
        && (1..=OUTCOME_NEIGHBOURS).contains(&wish.neighbours);
    is_good.then_some(()).ok_or_else(|| {
        let hint =
            format!("at least one indicator, 1 to {OUTCOME_MONTHS} months, 1 to {OUTCOME_NEIGHBOURS} neighbours");
        refused("no indicator, or a number out of bounds", &hint)
    })
}

/// Helped projects, and when the help begins.
fn helped(desk: &Desk, wish: &OutcomeWish, all: &[CommitmentRecord]) -> Result<BTreeMap<String, Timestamp>> {
    let mut helped: BTreeMap<String, Timestamp> = BTreeMap::new();
    for id in &wish.commitments {
        let record = all.iter().find(|record| record.commitment.id == *id).ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no commitment {id}"))
                .hint("`underpin commitment list` lists them")
        })?;
        if record.approved.is_none() || record.commitment.withdrawn.is_some() {
            return Err(refused(format!("{id} does not hold"), "a second person approves it first"));
        }
        let from = record.commitment.from;
        let known = helped.entry(desk.names.settled(&record.commitment.project).to_owned()).or_insert(from);
        *known = from.min(*known);
    }
    Ok(helped)
}

fn freeze(
    (desk, ranking): (&Desk, &Ranking),
    wish: &OutcomeWish,
    (begins, registered): (Timestamp, Timestamp),
    (helped, promised): (&BTreeSet<String>, &BTreeSet<&str>),
    looks: &Looks,
    lines: Vec<ProjectRecord>,
) -> Result<FrozenOutcome> {
    let rows = ranking.answer(desk, None).rows;
    let systems: BTreeMap<&str, u32> = rows.iter().map(|row| (row.project.as_str(), row.systems)).collect();
    // A look that is old says little about the day on which the help begins.
    let fresh = |key: &str| {
        looks.get(key).filter(|kept| !KeptLook::of((*kept).clone(), registered).is_old).map(|kept| &kept.signals)
    };
    let profile = |key: &str| Profile {
        project: key.to_owned(),
        covariates: fresh(key)
            .map_or_else(|| vec![None; COVARIATES.len()], |signals| covariates_of(signals, systems.get(key).copied())),
    };
    let helped_profiles: Vec<Profile> = helped.iter().map(|key| profile(key)).collect();
    // Projects that something is promised to are helped, too: nobody is compared with them.
    let pool: Vec<Profile> =
        looks.keys().filter(|key| !promised.contains(key.as_str())).map(|key| profile(key)).collect();
    let found = compare_with(&helped_profiles, &pool, wish.neighbours as usize, REACH);
    let project = |profile: &Profile| {
        let signals = fresh(&profile.project)?;
        let before = wish.indicators.iter().map(|code| value_of(signals, *code)).collect();
        let covariates = profile.covariates.iter().copied().collect::<Option<Vec<f64>>>()?;
        Some(FrozenProject { project: profile.project.clone(), looked: signals.as_of, covariates, before })
    };
    let set = |set: &underpin_assess::engagement::comparison::MatchedSet| {
        let compared = set.compared.iter().map(|place| project(&pool[*place])).collect::<Option<Vec<_>>>()?;
        Some(FrozenSet { helped: project(&helped_profiles[set.helped])?, compared })
    };
    let sets: Vec<FrozenSet> = found.sets.iter().filter_map(set).collect();
    let past = past_of(&pool, lines)?;
    let indicator = |code: &SignalCode| {
        let changes = past_changes(*code, wish.months, &past);
        FrozenIndicator {
            code: *code,
            more_is_better: INDICATORS.iter().any(|(known, is_more)| known == code && *is_more),
            least_visible: least_visible_effect(&changes, sets.len(), wish.neighbours as usize),
            past_changes: changes.len() as u32,
        }
    };
    let mut frozen = FrozenOutcome {
        name: wish.name.trim().to_owned(),
        commitments: wish.commitments.iter().map(ToString::to_string).collect(),
        registered,
        begins,
        months: wish.months,
        neighbours: wish.neighbours,
        indicators: wish.indicators.iter().map(indicator).collect(),
        covariates: COVARIATES.map(str::to_owned).to_vec(),
        left_out: found.left_out.iter().map(|place| helped_profiles[*place].project.clone()).collect(),
        imbalance: found.imbalance,
        sets,
        said: TextDigest::of(""),
        digest: TextDigest::of(""),
    };
    (frozen.said, frozen.digest) = (frozen.registration().digest(), frozen.sealed());
    Ok(frozen)
}

/// Every look at each project of the pool, in the order of time.
fn past_of(pool: &[Profile], lines: Vec<ProjectRecord>) -> Result<Vec<Vec<ProjectSignals>>> {
    let mut looks: BTreeMap<String, Vec<ProjectSignals>> = BTreeMap::new();
    let keys: BTreeSet<&str> = pool.iter().map(|profile| profile.project.as_str()).collect();
    for line in lines.into_iter().filter(|line| keys.contains(line.project.as_str())) {
        let project = line.project.clone();
        looks.entry(project).or_default().push(kept(line)?.signals);
    }
    let sorted = |mut list: Vec<ProjectSignals>| {
        list.sort_by_key(|signals| signals.as_of);
        list
    };
    Ok(looks.into_values().map(sorted).collect())
}

/// How an indicator changed over an equally long time before, one change a project: from two looks that lie so far apart, else from the
/// spans of twelve months that the newest look tells of.
fn past_changes(code: SignalCode, months: u32, past: &[Vec<ProjectSignals>]) -> Vec<f64> {
    let change = |looks: &Vec<ProjectSignals>| {
        let newest = looks.last()?;
        let earlier =
            looks.iter().rev().find(|look| look.as_of.months_later(i32::try_from(months).unwrap_or(0)) <= newest.as_of);
        let by_looks = earlier.and_then(|earlier| Some(value_of(newest, code)? - value_of(earlier, code)?));
        by_looks.or_else(|| {
            let [now, before, ..] = &newest.years[..] else { return None };
            let of = |year: &underpin_model::signals::Year| match code {
                SignalCode::Contributors12Months => Some(year.contributors as f64),
                SignalCode::HumanCommits12Months => Some(year.human_commits as f64),
                _ => None,
            };
            if months != 12 || now.is_cut || before.is_cut {
                return None;
            }
            Some(of(now)? - of(before)?)
        })
    };
    past.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use underpin_model::signals::{Reading, Signal, Source, Value, Year};

    use super::*;

    /// A look in a month after 2025 began, with so many contributors, and people by year, the newest first.
    fn look(month: i32, contributors: u64, years: &[u64]) -> ProjectSignals {
        let at = |month: i32| "2025-01-01T00:00:00Z".parse::<Timestamp>().expect("a moment").months_later(month);
        let year = |(place, people): (usize, &u64)| Year {
            from: at(month - 12 * (place as i32 + 1)),
            until: at(month - 12 * place as i32),
            human_commits: 10 * people,
            bot_commits: 0,
            contributors: *people,
            is_cut: false,
        };
        let signal = Signal {
            code: SignalCode::Contributors12Months,
            reading: Reading::Known(Value::Number(contributors)),
            source: Source::FileNames,
            caveats: Vec::new(),
            as_of: at(month),
        };
        ProjectSignals {
            as_of: at(month),
            tip: None,
            signals: vec![signal],
            years: years.iter().enumerate().map(year).collect(),
            community: Default::default(),
        }
    }

    #[test]
    fn changes_of_the_past_lie_as_far_apart_as_the_comparison() {
        let code = SignalCode::Contributors12Months;
        let two = vec![look(0, 9, &[]), look(3, 5, &[]), look(15, 7, &[7, 1])];
        let one = vec![look(15, 4, &[4, 6])];
        let near = vec![look(10, 1, &[]), look(15, 2, &[2])];
        // The second look is twelve months old; the first one is older and counts no more.
        assert_eq!(past_changes(code, 12, &[two.clone(), one.clone(), near.clone()]), [2.0, -2.0]);
        assert_eq!(past_changes(code, 5, &[two.clone(), near]), [2.0, 1.0]);
        // Spans of twelve months say nothing about six.
        assert_eq!(past_changes(code, 6, std::slice::from_ref(&one)), [0.0_f64; 0]);
        assert_eq!(past_changes(SignalCode::HumanCommits12Months, 12, &[one]), [-20.0]);
        assert_eq!(past_changes(SignalCode::TruckFactor, 12, &[two]), [0.0_f64; 0]);
        let mut cut = look(15, 4, &[4, 6]);
        cut.years[1].is_cut = true;
        assert_eq!(past_changes(code, 12, &[vec![cut]]), [0.0_f64; 0]);
    }
}
