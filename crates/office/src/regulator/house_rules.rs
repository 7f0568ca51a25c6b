// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a rule over the house says of everybody it asks about, whatever the day.
//!
//! The population is a query of its own, so that "met" is counted and never what is left over of something else. What the house
//! does not know is held against nobody and counts for nobody: a system without a fresh inventory, a feed that is missing or old and
//! packages that no advisory speaks of leave the rule open, whatever its query says.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use underpin_formats::house_rule::{Reason, usual_population};
use underpin_formats::rulebook::Rule;
use underpin_lake::{Value, names_in};
use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::rules::{RuleVerdict, Subject};
use underpin_model::watch::Tlp;

use super::house_asked::{Asked, Rows};
use crate::error::{OfficeError, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reasons {
    reason: Vec<Reason>,
}

/// Reasons that every rule has.
static GUARDS: LazyLock<Vec<Reason>> = LazyLock::new(|| {
    underpin_formats::rulebook::parsed::<Reasons>("reasons.toml", include_str!("reasons.toml"))
        .map_or_else(|_| Vec::new(), |read| read.reason)
});

/// Tables that tell what advisories say: a package that none of them can speak of leaves a rule over them open.
const OF_ADVISORIES: [&str; 5] = ["finding", "finding_stored", "match", "vulnerability", "exploited"];

/// One that is asked about, with the agencies it belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub id: String,
    pub agencies: Vec<String>,
}

/// Why one does not keep the rule, or cannot be told about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    pub member: u32,
    /// By its number among [`Picture::reasons`].
    pub reason: usize,
    pub is_open: bool,
    pub detail: Option<Box<str>>,
    /// The last day on which it is none yet, in days since 1970.
    pub due: Option<i64>,
}

/// What a rule says of everybody.
pub(super) struct Picture {
    pub members: Vec<Member>,
    pub reasons: Vec<Reason>,
    /// Sorted by member.
    pub causes: Vec<Cause>,
    pub tlp: Option<Tlp>,
}

impl Cause {
    /// Whether it counts on a day, with some days more than the rule gives.
    pub fn counts(&self, day: i64, more_days: i64) -> bool {
        self.due.is_none_or(|due| due.saturating_add(more_days) < day)
    }
}

impl Picture {
    /// Each member with its causes.
    pub fn each(&self) -> impl Iterator<Item = (usize, &Member, &[Cause])> {
        let mut rest = &self.causes[..];
        self.members.iter().enumerate().map(move |(number, member)| {
            let own = rest.iter().take_while(|cause| cause.member as usize == number).count();
            let (causes, after) = rest.split_at(own);
            rest = after;
            (number, member, causes)
        })
    }
}

/// What causes add up to on a day.
pub(super) fn verdict<'c>(causes: impl IntoIterator<Item = &'c Cause>, day: i64, more_days: i64) -> RuleVerdict {
    let mut verdict = RuleVerdict::Met;
    for cause in causes.into_iter().filter(|cause| cause.counts(day, more_days)) {
        if !cause.is_open {
            return RuleVerdict::NotMet;
        }
        verdict = RuleVerdict::NotAssessed;
    }
    verdict
}

/// The day of a moment.
pub(super) fn day_of(moment: Timestamp) -> i64 {
    moment.0.div_euclid(Timestamp::DAY_US)
}

/// Asks a rule.
///
/// # Errors
/// `rule-refused` where its queries do not give what they should; `query-limit`, `not-allowed` as of any query.
pub(super) async fn picture(asked: &Asked<'_>, book: &str, rule: &Rule) -> Result<Picture> {
    let mut found =
        Gathered { refused: Refusing { book, rule }, numbers: HashMap::new(), picture: Picture::empty(rule) };
    found.population(asked).await?;
    let wrapped = format!(
        "SELECT subject, outcome, reason, CAST(detail AS VARCHAR) AS detail, CAST(due AS BIGINT) AS due FROM ({})",
        rule.sql
    );
    let rows = found.refused.ask(asked, &wrapped).await?;
    found.causes(rows)?;
    found.inventory(asked).await?;
    found.feeds(asked).await?;
    found.unwatched(asked).await?;
    let mut picture = found.picture;
    // A row that is given twice is one. Telling rows apart is done here: the engine fails at it where a column has no type.
    picture.causes.sort_unstable();
    picture.causes.dedup();
    Ok(picture)
}

struct Refusing<'r> {
    book: &'r str,
    rule: &'r Rule,
}

impl Refusing<'_> {
    fn error(&self, detail: impl std::fmt::Display) -> OfficeError {
        OfficeError::new("rule-refused", format!("{}/{}: {detail}", self.book, self.rule.id))
            .hint("a rule over the house gives subject, outcome, reason, detail and due; `underpin sql --tables` has the tables")
    }

    async fn ask(&self, asked: &Asked<'_>, text: &str) -> Result<Rows> {
        asked.ask(text).await.map_err(|error| if error.code == "query-refused" { self.error(&error) } else { error })
    }
}

struct Gathered<'r> {
    refused: Refusing<'r>,
    numbers: HashMap<String, u32>,
    picture: Picture,
}

impl Picture {
    fn empty(rule: &Rule) -> Self {
        let reasons = rule.reasons.iter().chain(GUARDS.iter()).cloned().collect();
        Self { members: Vec::new(), reasons, causes: Vec::new(), tlp: None }
    }

    fn reason(&self, id: &str) -> Option<usize> {
        self.reasons.iter().position(|reason| reason.id == id)
    }
}

impl Gathered<'_> {
    async fn population(&mut self, asked: &Asked<'_>) -> Result<()> {
        let rule = self.refused.rule;
        let usual = usual_population(rule.subject).unwrap_or_default();
        let text = rule.population.as_deref().unwrap_or(usual);
        let wrapped = format!("SELECT DISTINCT subject, agency FROM ({text}) ORDER BY subject, agency");
        let rows = self.refused.ask(asked, &wrapped).await?;
        self.picture.tlp = self.picture.tlp.max(rows.tlp);
        for row in rows.rows {
            let [Value::Text(subject), agency] = &row[..] else {
                return Err(self.refused.error("its population has a row without a subject"));
            };
            let number = *self.numbers.entry(subject.clone()).or_insert_with(|| {
                self.picture.members.push(Member { id: subject.clone(), agencies: Vec::new() });
                (self.picture.members.len() - 1) as u32
            });
            if let (Value::Text(agency), Some(member)) = (agency, self.picture.members.get_mut(number as usize)) {
                member.agencies.push(agency.clone());
            }
        }
        Ok(())
    }

    fn causes(&mut self, rows: Rows) -> Result<()> {
        self.picture.tlp = self.picture.tlp.max(rows.tlp);
        for row in rows.rows {
            let [Value::Text(subject), Value::Text(outcome), Value::Text(reason), detail, due] = &row[..] else {
                return Err(self.refused.error(format!("a row of {} lacks a text", rows.columns.join(", "))));
            };
            let is_open = match outcome.parse::<Outcome>() {
                Ok(Outcome::NotMet) => false,
                Ok(Outcome::NotAssessed) => true,
                _ => {
                    let detail = format!("a rule says not-met or cannot-be-assessed, not {outcome:?}");
                    return Err(self.refused.error(detail));
                }
            };
            let member = *self
                .numbers
                .get(subject)
                .ok_or_else(|| self.refused.error(format!("{subject:?} is not among those it asks about")))?;
            // The reasons of the house itself are not the rule's to give.
            let own = self.refused.rule.reasons.iter().position(|one| one.id == *reason);
            let reason = own.ok_or_else(|| self.refused.error(format!("it has no reason {reason:?}")))?;
            let detail = if let Value::Text(text) = detail { Some(text.as_str().into()) } else { None };
            let due = if let Value::Integer(due) = due { Some(day_of(Timestamp(*due))) } else { None };
            self.picture.causes.push(Cause { member, reason, is_open, detail, due });
        }
        Ok(())
    }

    fn open(&mut self, member: u32, reason: &str, detail: Option<String>) -> Result<()> {
        let reason = self.picture.reason(reason).ok_or_else(|| self.refused.error(format!("no reason {reason:?}")))?;
        let detail = detail.map(String::into_boxed_str);
        self.picture.causes.push(Cause { member, reason, is_open: true, detail, due: None });
        Ok(())
    }

    async fn inventory(&mut self, asked: &Asked<'_>) -> Result<()> {
        let rule = self.refused.rule;
        if rule.subject != Subject::System || rule.inventory == Some(false) {
            return Ok(());
        }
        let rows = self.refused.ask(asked, "SELECT system, state FROM system_coverage").await?;
        let known = |row: &Vec<Value>| match &row[..] {
            [Value::Text(system), Value::Text(state)] => Some((system.clone(), state.clone())),
            _ => None,
        };
        let states: HashMap<String, String> = rows.rows.iter().filter_map(known).collect();
        for number in 0..self.picture.members.len() {
            let state = self.picture.members.get(number).and_then(|member| states.get(&member.id));
            let reason = match state.map(String::as_str) {
                Some("known") => continue,
                Some("stale") => "stale-inventory",
                Some("blind") => "blind-inventory",
                _ => "no-inventory",
            };
            self.open(number as u32, reason, None)?;
        }
        Ok(())
    }

    /// Every feed that the rule rests on has to be held, and none of it may be old.
    async fn feeds(&mut self, asked: &Asked<'_>) -> Result<()> {
        let rule = self.refused.rule;
        if rule.feeds.is_empty() {
            return Ok(());
        }
        let rows = self.refused.ask(asked, "SELECT feed, edition IS NOT NULL, stale FROM feed").await?;
        let held: Vec<(&str, bool, bool)> = rows
            .rows
            .iter()
            .filter_map(|row| match &row[..] {
                [Value::Text(feed), held, stale] => {
                    Some((feed.as_str(), *held == Value::Boolean(true), *stale == Value::Boolean(false)))
                }
                _ => None,
            })
            .collect();
        for wanted in &rule.feeds {
            let of = |feed: &str| feed == wanted || feed.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'));
            let own: Vec<_> = held.iter().filter(|(feed, ..)| of(feed)).collect();
            let reason = if !own.iter().any(|(_, is_held, _)| *is_held) {
                "no-feed"
            } else if own.iter().all(|(_, is_held, is_fresh)| *is_held && *is_fresh) {
                continue;
            } else {
                "old-feed"
            };
            for number in 0..self.picture.members.len() {
                self.open(number as u32, reason, Some(wanted.clone()))?;
            }
        }
        Ok(())
    }

    async fn unwatched(&mut self, asked: &Asked<'_>) -> Result<()> {
        let rule = self.refused.rule;
        let names = names_in(&rule.sql);
        if rule.subject != Subject::System || !OF_ADVISORIES.iter().any(|table| names.contains(*table)) {
            return Ok(());
        }
        let rows = self.refused.ask(asked, "SELECT system, reason, package_versions FROM unwatched").await?;
        for row in &rows.rows {
            let [Value::Text(system), Value::Text(why), Value::Integer(count)] = &row[..] else { continue };
            if let Some(member) = self.numbers.get(system).copied() {
                self.open(member, "unwatched", Some(format!("{why}: {count}")))?;
            }
        }
        Ok(())
    }
}
