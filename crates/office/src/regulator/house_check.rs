// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rules check`: who keeps the rules over the house, as somebody sees it, and what mends the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use underpin_formats::house_rule::Reason;
use underpin_formats::rulebook::Rule;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::RULE_PLACES;
use underpin_model::practices::Outcome;
use underpin_model::registry::AgencyId;
use underpin_model::rules::{Bearer, Confirmed, Demand, RuleVerdict, Standing, Subject, Work};
use underpin_model::watch::Tlp;

use super::house_asked::Asked;
use super::house_rules::{Cause, Picture, day_of, picture, verdict};
use super::rulebooks::Rulebook;
use super::waived::{LetOff, ShownWaiver};
use crate::coordinator::kept_tables::KeptTables;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// How many there are of each verdict. Together they are everybody asked about. Who is let off does not keep the rule: those are counted
/// by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleTally {
    /// Keep it.
    pub met: u64,
    /// Do not, and are not let off.
    pub not_met: u64,
    /// Do not, and are let off for a while.
    pub waived: u64,
    /// Cannot be told about.
    pub not_assessed: u64,
}

impl RuleTally {
    /// Counts one, and whether a waiver holds for it, which says something of violations alone.
    pub fn count(&mut self, verdict: RuleVerdict, is_let_off: bool) {
        match verdict {
            RuleVerdict::Met => self.met += 1,
            RuleVerdict::NotMet if is_let_off => self.waived += 1,
            RuleVerdict::NotMet => self.not_met += 1,
            RuleVerdict::NotAssessed => self.not_assessed += 1,
        }
    }

    /// All of them.
    pub fn all(&self) -> u64 {
        self.met + self.broken() + self.not_assessed
    }

    /// Those that do not keep the rule, let off or not.
    pub fn broken(&self) -> u64 {
        self.not_met + self.waived
    }
}

/// Where a rule comes from, and from when until when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleHead {
    /// The rulebook.
    pub rulebook: String,
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: u16,
    /// What its text is, as law goes.
    pub standing: Standing,
    /// Whether the text itself was read.
    pub confirmed: Confirmed,
    /// How strongly it asks.
    pub demand: Demand,
    /// Where in the text.
    pub clause: String,
    /// The text.
    pub source: String,
    /// Where it can be read.
    pub address: String,
    /// The first day on which it holds.
    pub valid_from: String,
    /// The first day on which it does not any more.
    pub valid_until: Option<String>,
    /// Whom it is about.
    pub subject: Subject,
}

/// The answer about one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleAnswer {
    /// The rule.
    #[serde(flatten)]
    pub head: RuleHead,
    /// Whether it holds on the day asked about.
    pub in_force: bool,
    /// Everybody asked about, by verdict.
    pub counts: RuleTally,
    /// Systems that agencies say they have and nobody registered: of them nothing is known.
    pub unregistered: u64,
    /// The same by agency.
    pub agencies: Vec<AgencyVerdicts>,
    /// Each of them, where one rule was asked for: first those that do not keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<SubjectVerdict>>,
}

/// How an agency stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AgencyVerdicts {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// The agency as a whole: met only where everything it has is known and keeps the rule.
    pub verdict: RuleVerdict,
    /// What it has, by verdict.
    pub counts: RuleTally,
    /// Systems that it says it has and did not register.
    pub unregistered: u64,
}

/// How one of those asked about stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SubjectVerdict {
    /// Its identifier.
    pub subject: String,
    /// Its agencies.
    pub agencies: Vec<String>,
    /// What came of it.
    pub verdict: RuleVerdict,
    /// Whether it does not keep the rule and is let off, in all of its agencies.
    pub is_waived: bool,
    /// Waivers beside a violation: those that hold, else the last that ran out.
    pub waivers: Vec<ShownWaiver>,
    /// Why, and what mends it.
    pub causes: Vec<ShownCause>,
}

/// A reason with everything that is named for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ShownCause {
    /// Not met, or cannot be assessed.
    pub outcome: Outcome,
    /// The reason.
    pub reason: String,
    /// Why, in English.
    pub text: String,
    /// The same in German.
    pub text_de: String,
    /// What mends it, in English.
    pub remedy: String,
    /// The same in German.
    pub remedy_de: String,
    /// What kind of work that is.
    pub work: Work,
    /// Whose.
    pub bearer: Bearer,
    /// Whether it can be mended today.
    pub can_be_mended: bool,
    /// How much is named.
    pub count: u64,
    /// The first of it.
    pub details: Vec<String>,
    /// The earliest day on which it should have been mended.
    pub due: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct RuleQuery {
    /// One rule of the book, by its name.
    pub rule: Option<String>,
    /// An agency with everything below it.
    pub agency: Option<String>,
}

/// The answer of `rules check`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RulesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The rules, in the order of their books.
    pub rules: Vec<RuleAnswer>,
    /// The strictest mark of what was read, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
}

/// Whose members are looked at: everybody's, or those of some agencies.
pub(super) type Chosen = Option<BTreeSet<AgencyId>>;

pub(super) fn is_chosen(chosen: &Chosen, agency: &str) -> bool {
    chosen.as_ref().is_none_or(|ids| ids.contains(&AgencyId(agency.to_owned())))
}

impl House {
    /// Asks the rules over the house in some books.
    ///
    /// # Errors
    /// `not-found` for an agency out of sight; `rule-refused`, `query-limit`, `not-allowed` as the queries of the rules.
    pub async fn check_rules(
        &self,
        desk: &Arc<Desk>,
        books: &[Rulebook],
        query: &RuleQuery,
        kept: &KeptTables,
    ) -> Result<RulesAnswer> {
        let chosen = desk.chosen(query.agency.as_deref())?;
        let asked = Asked::House(self, desk, kept);
        let waivers = self.waivers_of(desk).await?;
        let mut answer = RulesAnswer { overview: desk.overview(), rules: Vec::new(), tlp: None };
        for book in books {
            let of_house = book.rules.iter().filter(|rule| rule.subject.is_of_the_house());
            for rule in of_house.filter(|rule| query.rule.as_ref().is_none_or(|name| *name == rule.id)) {
                let found = picture(&asked, &book.book.id, rule).await?;
                answer.tlp = answer.tlp.max(found.tlp);
                let let_off = LetOff::of(&waivers, &book.book, rule, desk.snapshot.at);
                let told = tallied(&found, &let_off, (&chosen, query.rule.is_some()), day_of(desk.snapshot.at));
                answer.rules.push(desk.rule_answer((book, rule), told, &chosen));
            }
        }
        Ok(answer)
    }
}

impl Desk {
    pub(super) fn chosen(&self, agency: Option<&str>) -> Result<Chosen> {
        let Some(agency) = agency else { return Ok(None) };
        let top = self.agency_called(agency)?.id.clone();
        Ok(Some(self.with_descendants(&top).into_iter().collect()))
    }

    fn rule_answer(&self, (book, rule): (&Rulebook, &Rule), told: Tallied<'_>, chosen: &Chosen) -> RuleAnswer {
        let agencies = self.agency_verdicts(rule, told.agencies, chosen);
        RuleAnswer {
            head: head(book, rule),
            in_force: in_force(book, rule, self.snapshot.at),
            counts: told.counts,
            unregistered: agencies.iter().map(|one| one.unregistered).sum(),
            agencies,
            subjects: told.subjects,
        }
    }

    /// Agencies with something that is asked about, and, for rules over systems, those that registered nothing of what they have. Of
    /// packages an agency shows only those of systems that are known: with one that is not, it keeps nothing.
    fn agency_verdicts(&self, rule: &Rule, found: BTreeMap<&str, RuleTally>, chosen: &Chosen) -> Vec<AgencyVerdicts> {
        let mut all: BTreeMap<String, (RuleTally, u64)> =
            found.into_iter().map(|(agency, counts)| (agency.to_owned(), (counts, 0))).collect();
        if rule.subject == Subject::System {
            for agency in &self.snapshot.agencies {
                let declared = agency.declared_systems.unwrap_or(0);
                if declared > 0 && is_chosen(chosen, &agency.id.0) {
                    all.entry(agency.id.0.clone()).or_default().1 = declared;
                }
            }
        }
        let is_of_packages = rule.subject == Subject::Package && rule.inventory != Some(false);
        let dark = if is_of_packages { self.agencies_not_known() } else { BTreeSet::new() };
        for agency in dark.iter().filter(|agency| is_chosen(chosen, agency.as_str())) {
            all.entry(agency.clone()).or_default();
        }
        let row = |(agency, (counts, unregistered)): (String, (RuleTally, u64))| {
            let is_open = counts.not_assessed > 0 || unregistered > 0 || counts.all() == 0 || dark.contains(&agency);
            let verdict = if counts.broken() > 0 {
                RuleVerdict::NotMet
            } else if is_open {
                RuleVerdict::NotAssessed
            } else {
                RuleVerdict::Met
            };
            let name = self.agency_name(&AgencyId(agency.clone())).to_owned();
            AgencyVerdicts { agency, name, verdict, counts, unregistered }
        };
        all.into_iter().map(row).collect()
    }
}

/// A rule counted.
pub(super) struct Tallied<'p> {
    /// Everybody asked about.
    pub counts: RuleTally,
    /// The same by agency.
    pub agencies: BTreeMap<&'p str, RuleTally>,
    /// Each of them, where that was asked for.
    pub subjects: Option<Vec<SubjectVerdict>>,
}

/// Counts everybody of some agencies on a day, and says of each how it stands where that is asked for.
pub(super) fn tallied<'p>(
    found: &'p Picture,
    let_off: &LetOff<'_>,
    (chosen, with_subjects): (&Chosen, bool),
    day: i64,
) -> Tallied<'p> {
    let mut counts = RuleTally::default();
    let is_own: Vec<bool> = found.agencies.iter().map(|agency| is_chosen(chosen, agency)).collect();
    let mut tallies = vec![RuleTally::default(); found.agencies.len()];
    let mut subjects = Vec::new();
    for (_, member, causes) in found.each() {
        let is_meant = |number: &u32| is_own.get(*number as usize).copied().unwrap_or_default();
        let own: Vec<u32> = member.agencies.iter().copied().filter(is_meant).collect();
        if own.is_empty() && chosen.is_some() {
            continue;
        }
        let named = || own.iter().filter_map(|number| found.agencies.get(*number as usize)).map(String::as_str);
        let outcome = verdict(causes, day, 0);
        let is_broken = outcome == RuleVerdict::NotMet;
        let is_waived = is_broken && let_off.lets_off(&member.id, named());
        counts.count(outcome, is_waived);
        for (number, agency) in own.iter().zip(named()) {
            let is_let_off = is_broken && let_off.waiver(&member.id, Some(agency)).is_some();
            if let Some(tally) = tallies.get_mut(*number as usize) {
                tally.count(outcome, is_let_off);
            }
        }
        if with_subjects {
            subjects.push(SubjectVerdict {
                subject: member.id.clone(),
                waivers: if is_broken { let_off.shown(&member.id, named()) } else { Vec::new() },
                agencies: named().map(str::to_owned).collect(),
                verdict: outcome,
                is_waived,
                causes: shown(causes, &found.reasons, day),
            });
        }
    }
    subjects.sort_by_key(|one| match (one.verdict, one.is_waived) {
        (RuleVerdict::NotMet, false) => 0,
        (RuleVerdict::NotMet, true) => 1,
        (RuleVerdict::NotAssessed, _) => 2,
        (RuleVerdict::Met, _) => 3,
    });
    let agencies = found.agencies.iter().map(String::as_str).zip(tallies).filter(|(_, tally)| tally.all() > 0);
    Tallied { counts, agencies: agencies.collect(), subjects: with_subjects.then_some(subjects) }
}

/// The parts of a rule that say where it comes from.
pub(super) fn head(book: &Rulebook, rule: &Rule) -> RuleHead {
    let source = rule.source.as_ref().unwrap_or(&book.book.source);
    let until = rule.valid_until.as_ref().or(book.book.valid_until.as_ref());
    RuleHead {
        rulebook: book.book.id.clone(),
        rule: rule.id.clone(),
        version: rule.version,
        standing: rule.standing.unwrap_or(book.book.standing),
        confirmed: rule.confirmed.unwrap_or(book.book.confirmed),
        demand: rule.demand,
        clause: rule.clause.clone(),
        source: source.name.clone(),
        address: source.address.clone(),
        valid_from: rule.valid_from.as_ref().unwrap_or(&book.book.valid_from).to_string(),
        valid_until: until.map(ToString::to_string),
        subject: rule.subject,
    }
}

/// Whether a rule holds at a moment. A bound that is no day holds nothing.
pub(super) fn in_force(book: &Rulebook, rule: &Rule, at: Timestamp) -> bool {
    let head = head(book, rule);
    let day = |text: &str| text.parse::<Timestamp>().map(day_of);
    let today = day_of(at);
    day(&head.valid_from).is_ok_and(|from| from <= today)
        && head.valid_until.is_none_or(|until| day(&until).is_ok_and(|until| today < until))
}

/// Causes that count on a day, put together by reason.
fn shown(causes: &[Cause], reasons: &[Reason], day: i64) -> Vec<ShownCause> {
    let mut by_reason: BTreeMap<(bool, usize), Vec<&Cause>> = BTreeMap::new();
    for cause in causes.iter().filter(|cause| cause.counts(day, 0)) {
        by_reason.entry((cause.is_open, cause.reason)).or_default().push(cause);
    }
    let one = |((is_open, number), causes): ((bool, usize), Vec<&Cause>)| {
        let reason = reasons.get(number)?;
        let details: Vec<String> =
            causes.iter().filter_map(|cause| cause.detail.as_deref()).map(str::to_owned).collect();
        let due = causes.iter().filter_map(|cause| cause.due).min();
        Some(ShownCause {
            outcome: if is_open { Outcome::NotAssessed } else { Outcome::NotMet },
            reason: reason.id.clone(),
            text: reason.text.en.clone(),
            text_de: reason.text.de.clone(),
            remedy: reason.remedy.en.clone(),
            remedy_de: reason.remedy.de.clone(),
            work: reason.work,
            bearer: reason.bearer,
            can_be_mended: reason.can_be_mended,
            count: causes.len() as u64,
            details: details.into_iter().take(RULE_PLACES).collect(),
            due: due.map(date),
        })
    };
    by_reason.into_iter().filter_map(one).collect()
}

/// A day as it is written.
pub(super) fn date(day: i64) -> String {
    Timestamp(day.saturating_mul(Timestamp::DAY_US)).date()
}
