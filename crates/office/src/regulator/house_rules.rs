// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a rule over the house says of everybody it asks about, whatever the day.
//!
//! The population is a query of its own, so that "met" is counted and never what is left over of something else. What the house
//! does not know is held against nobody and counts for nobody: a system without a fresh inventory, a feed that is missing or old and
//! packages that no advisory speaks of leave the rule open, whatever its query says, for the system and for its agency.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use rayon::prelude::*;
use serde::Deserialize;
use underpin_formats::house_rule::{Reason, usual_population};
use underpin_formats::rulebook::Rule;
use underpin_lake::{SqlAnswer, TABLES, VIEWS, Value, WATCH_VIEWS, names_in};
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

/// Other tables that show only what inventories show.
const OF_INVENTORY: [&str; 2] = ["end_of_life", "decision"];

/// One that is asked about, with the agencies it belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub id: String,
    /// By their number among [`Picture::agencies`], each once.
    pub agencies: Vec<u32>,
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
    /// Agencies of members, in order.
    pub agencies: Vec<String>,
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
    /// The agencies that a member belongs to.
    pub fn agencies_of<'p>(&'p self, member: &'p Member) -> impl Iterator<Item = &'p str> {
        member.agencies.iter().filter_map(|number| self.agencies.get(*number as usize).map(String::as_str))
    }

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
    /// Words of both queries of the rule, in lower case.
    fn names(&self) -> BTreeSet<String> {
        let mut names = names_in(&self.rule.sql);
        names.extend(self.rule.population.as_deref().map(names_in).unwrap_or_default());
        names
    }

    /// Whether it reads anything that only inventories show.
    fn rests_on_inventory(&self) -> bool {
        let names = self.names();
        let views = VIEWS.iter().chain(WATCH_VIEWS).map(|view| view.name);
        let mut all = TABLES.iter().map(|table| table.name).chain(views).chain(OF_ADVISORIES).chain(OF_INVENTORY);
        all.any(|name| names.contains(name))
    }

    fn error(&self, detail: impl std::fmt::Display) -> OfficeError {
        OfficeError::new("rule-refused", format!("{}/{}: {detail}", self.book, self.rule.id))
            .hint("a rule over the house gives subject, outcome, reason, detail and due; `underpin sql --tables` has the tables")
    }

    async fn ask(&self, asked: &Asked<'_>, text: &str) -> Result<Rows> {
        asked.ask(text).await.map_err(|error| self.told(error))
    }

    async fn answer(&self, asked: &Asked<'_>, text: &str) -> Result<(SqlAnswer, Option<Tlp>)> {
        asked.answer(text).await.map_err(|error| self.told(error))
    }

    fn told(&self, error: OfficeError) -> OfficeError {
        if error.code == "query-refused" { self.error(&error) } else { error }
    }
}

/// Texts by numbers, as they come.
#[derive(Default)]
struct Numbered<'t> {
    numbers: HashMap<&'t str, u32>,
    last: Option<(&'t str, u32)>,
}

impl<'t> Numbered<'t> {
    fn number(&mut self, text: &'t str) -> u32 {
        if let Some((_, number)) = self.last.filter(|(known, _)| *known == text) {
            return number;
        }
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(text).or_insert(next);
        self.last = Some((text, number));
        number
    }

    /// The texts in order, and for each number its place there.
    fn in_order(self) -> (Vec<String>, Vec<u32>) {
        let mut texts: Vec<(&str, u32)> = self.numbers.into_iter().collect();
        texts.sort_unstable();
        let mut places = vec![0; texts.len()];
        for ((_, number), place) in texts.iter().zip(0..) {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
            }
        }
        (texts.into_iter().map(|(text, _)| text.to_owned()).collect(), places)
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
        Self { members: Vec::new(), agencies: Vec::new(), reasons, causes: Vec::new(), tlp: None }
    }

    fn reason(&self, id: &str) -> Option<usize> {
        self.reasons.iter().position(|reason| reason.id == id)
    }
}

impl Gathered<'_> {
    /// Members by their places, and the agencies they belong to, by theirs: both in order, and the pairs sorted.
    fn members(&mut self, ids: Vec<String>, agencies: Vec<String>, pairs: &[(u32, Option<u32>)]) {
        self.numbers = ids.iter().cloned().zip(0..).collect();
        self.picture.members = ids.into_iter().map(|id| Member { id, agencies: Vec::new() }).collect();
        self.picture.agencies = agencies;
        for own in pairs.chunk_by(|a, b| a.0 == b.0) {
            let member = own.first().and_then(|(member, _)| self.picture.members.get_mut(*member as usize));
            if let Some(member) = member {
                member.agencies = own.iter().filter_map(|(_, agency)| *agency).collect();
            }
        }
    }

    async fn population(&mut self, asked: &Asked<'_>) -> Result<()> {
        let rule = self.refused.rule;
        if let (None, Subject::Package, Asked::House(_, desk, kept)) = (&rule.population, rule.subject, asked) {
            // The same as the query would give, without writing out millions of rows.
            let found = kept.packages(desk).await?;
            self.numbers = found.packages.iter().cloned().zip(0..).collect();
            self.picture.agencies.clone_from(&found.agencies);
            let member = |(id, agencies): (&str, &[u32])| Member { id: id.to_owned(), agencies: agencies.to_vec() };
            self.picture.members = found.each().map(member).collect();
            return Ok(());
        }
        let usual = usual_population(rule.subject).unwrap_or_default();
        let text = rule.population.as_deref().unwrap_or(usual);
        let wrapped = format!("SELECT subject, agency FROM ({text})");
        let (answer, tlp) = self.refused.answer(asked, &wrapped).await?;
        self.picture.tlp = self.picture.tlp.max(tlp);
        let (subjects, agencies) = (answer.texts(0)?, answer.texts(1)?);
        let (mut ids, mut names) = (Numbered::default(), Numbered::default());
        // A nation asks about millions of pairs: they are told apart and put in order as numbers.
        let mut pairs: Vec<(u32, Option<u32>)> = Vec::with_capacity(answer.len());
        for row in 0..answer.len() {
            let Some(subject) = subjects.get(row) else {
                return Err(self.refused.error("its population has a row without a subject"));
            };
            pairs.push((ids.number(subject), agencies.get(row).map(|agency| names.number(agency))));
        }
        let (ids, id_at) = ids.in_order();
        let (names, name_at) = names.in_order();
        let at = |places: &[u32], number: u32| places.get(number as usize).copied().unwrap_or_default();
        for pair in &mut pairs {
            *pair = (at(&id_at, pair.0), pair.1.map(|name| at(&name_at, name)));
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        self.members(ids, names, &pairs);
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
        let is_asked = match rule.subject {
            Subject::System => true,
            Subject::Agency => rule.inventory == Some(true) || self.refused.rests_on_inventory(),
            _ => false,
        };
        if !is_asked || rule.inventory == Some(false) {
            return Ok(());
        }
        let rows = self.refused.ask(asked, "SELECT system, state FROM system_coverage").await?;
        let known = |row: &Vec<Value>| match &row[..] {
            [Value::Text(system), Value::Text(state)] => Some((system.clone(), state.clone())),
            _ => None,
        };
        let states: HashMap<String, String> = rows.rows.iter().filter_map(known).collect();
        if rule.subject == Subject::Agency {
            return self.inventory_of_agencies(asked, &states).await;
        }
        for number in 0..self.picture.members.len() {
            let state = self.picture.members.get(number).and_then(|member| states.get(&member.id));
            if let Some(reason) = gap(state) {
                self.open(number as u32, reason, None)?;
            }
        }
        Ok(())
    }

    /// An agency keeps nothing with a system that is not known, with one that it only counted, or where it has none at all.
    async fn inventory_of_agencies(&mut self, asked: &Asked<'_>, states: &HashMap<String, String>) -> Result<()> {
        let members = self.members_by_agency();
        let text = "SELECT system, agency FROM system WHERE status = 'active'";
        let systems = self.refused.ask(asked, text).await?;
        let mut with_systems: BTreeSet<u32> = BTreeSet::new();
        for row in &systems.rows {
            let [Value::Text(system), Value::Text(agency)] = &row[..] else { continue };
            for member in members.get(agency).into_iter().flatten() {
                with_systems.insert(*member);
                if let Some(reason) = gap(states.get(system)) {
                    self.open(*member, reason, Some(system.clone()))?;
                }
            }
        }
        let agencies = self.refused.ask(asked, "SELECT agency, declared_systems FROM agency").await?;
        let mut without_any: BTreeSet<u32> = BTreeSet::new();
        for row in &agencies.rows {
            let [Value::Text(agency), declared] = &row[..] else { continue };
            for member in members.get(agency).into_iter().flatten() {
                match declared {
                    Value::Integer(0) => {
                        without_any.insert(*member);
                    }
                    Value::Integer(count) => self.open(*member, "unregistered", Some(count.to_string()))?,
                    _ => {}
                }
            }
        }
        for number in 0..self.picture.members.len() as u32 {
            if !with_systems.contains(&number) && !without_any.contains(&number) {
                self.open(number, "no-inventory", None)?;
            }
        }
        Ok(())
    }

    /// Members by the agencies they belong to.
    fn members_by_agency(&self) -> HashMap<String, Vec<u32>> {
        let mut members: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, member) in (0u32..).zip(&self.picture.members) {
            for agency in self.picture.agencies_of(member) {
                members.entry(agency.to_owned()).or_default().push(number);
            }
        }
        members
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
        let (subject, names) = (self.refused.rule.subject, self.refused.names());
        let is_asked = matches!(subject, Subject::System | Subject::Agency);
        if !is_asked || !OF_ADVISORIES.iter().any(|table| names.contains(*table)) {
            return Ok(());
        }
        let by_agency = self.members_by_agency();
        let rows = self.refused.ask(asked, "SELECT system, agency, reason, package_versions FROM unwatched").await?;
        for row in &rows.rows {
            let [Value::Text(system), agency, Value::Text(why), Value::Integer(count)] = &row[..] else { continue };
            let members: Vec<u32> = match (subject, agency) {
                (Subject::System, _) => self.numbers.get(system).copied().into_iter().collect(),
                (_, Value::Text(agency)) => by_agency.get(agency).cloned().unwrap_or_default(),
                _ => Vec::new(),
            };
            for member in members {
                self.open(member, "unwatched", Some(format!("{why}: {count}")))?;
            }
        }
        Ok(())
    }
}

/// Why a system counts for nobody; none where it is known.
fn gap(state: Option<&String>) -> Option<&'static str> {
    match state.map(String::as_str) {
        Some("known") => None,
        Some("stale") => Some("stale-inventory"),
        Some("blind") => Some("blind-inventory"),
        _ => Some("no-inventory"),
    }
}
