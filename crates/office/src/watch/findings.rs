// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `findings`: which vulnerabilities of which package versions hit which systems, and what to do first.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_assess::findings::{
    Bits, Day, Filter, Finding, FindingStatus, Flags, Key, Order, Origin, Page, Rules, Start, Totals, Voice, Why,
};
use underpin_assess::severity::{ExploitedList, PlaceFacts, Priority, Rating, Standing, priority};
use underpin_model::Timestamp;
use underpin_model::watch::{Reason, Tlp};

use super::estate::Watched;
use super::folding::{is_from, is_of};
use super::freshness::Freshness;
use super::things::Thing;
use super::vulnerabilities::word_of;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// What is asked for, in the words of whoever asks.
#[derive(Clone, Debug, Default)]
pub struct FindingsQuery {
    /// States; those that are not closed when empty.
    pub statuses: Vec<String>,
    /// Lowest severity: a word or a score; one word alone with `=` before it.
    pub severity: Option<String>,
    /// Lowest likelihood of exploitation, 0 to 1.
    pub likelihood: Option<f32>,
    /// Only what is known to be exploited.
    pub exploited: bool,
    /// Only malicious packages.
    pub malicious: bool,
    /// An agency, with everything below it; without that, with `=` before it.
    pub agency: Option<String>,
    /// A system.
    pub system: Option<String>,
    /// Words that the package contains.
    pub package: String,
    /// One package version as a purl; all versions of one package when the purl has none.
    pub purl: Option<String>,
    /// A distribution, as purls name it (`debian-12`): only its packages.
    pub base: Option<String>,
    /// Words that the vulnerability contains: names, summary.
    pub text: String,
    /// A vulnerability, by any of its names.
    pub vulnerability: Option<String>,
    /// purl type.
    pub kind: Option<String>,
    /// Only what a fixed version is known for, or only what none is known for.
    pub fixable: Option<bool>,
    /// First known at that time or later.
    pub since: Option<Timestamp>,
    /// First known before that time.
    pub until: Option<Timestamp>,
    /// Lowest priority: a level.
    pub priority: Option<String>,
    /// Only what is open beyond its deadline.
    pub overdue: bool,
    /// Due before the day of that moment.
    pub due_before: Option<Timestamp>,
    /// What comes first.
    pub sort: String,
    /// Rows to pass over.
    pub offset: u64,
    /// Rows at most.
    pub rows: usize,
}

/// A finding, for people and programs.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FindingRow<'w> {
    /// What to do: `act-now`, `soon`, `planned`, `watch`.
    pub priority: &'static str,
    /// Orders findings within a level, too.
    pub score: u16,
    /// The points of the score, by name.
    pub parts: Vec<(&'static str, i16)>,
    /// Agency.
    pub agency: &'w str,
    /// System.
    pub system: &'w str,
    /// Package version.
    pub package: &'w str,
    /// Vulnerability.
    pub vulnerability: &'w str,
    /// Its other names.
    pub aliases: Vec<&'w str>,
    /// How bad, in a word.
    pub severity: &'static str,
    /// Base score of CVSS, 0 to 10.
    pub severity_score: Option<&'w str>,
    /// By whose word.
    pub severity_source: Option<&'w str>,
    /// Likelihood of exploitation within 30 days.
    pub likelihood: Option<f32>,
    /// Lists of exploited vulnerabilities that have it.
    pub exploited: Vec<&'static str>,
    /// Whether ransomware uses it.
    pub ransomware: Option<bool>,
    /// Until when agencies of the United States must have acted (BOD 22-01, said to be replaced by BOD 26-04 on 10 June 2026); it binds nobody else.
    pub us_due: Option<Timestamp>,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// The last day to deal with it, by the office's own rules; kept for the record where it is closed.
    pub due: Option<String>,
    /// By which of the office's rules.
    pub due_rule: Option<&'w str>,
    /// Whether that day is over and the finding is not closed.
    pub overdue: bool,
    /// State.
    pub status: &'static str,
    /// Why it is thought to be so.
    pub reason: &'static str,
    /// How sure it is, in percent.
    pub confidence_percent: u8,
    /// The decision that gave it its state.
    pub decision: Option<String>,
    /// The supplier's statement that gave it its state: feed, document, author.
    pub statement: Option<&'w str>,
    /// The decision that had closed it, and why that does not count any more: `withdrawn`, `expired`, `contradicted`.
    pub reopened: Option<(String, &'static str)>,
    /// Whether a version without the vulnerability is known.
    pub has_fix: bool,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// What it is used for.
    pub scope: &'static str,
    /// Exposure of the system.
    pub exposure: &'static str,
    /// Highest protection need of the system.
    pub need: &'static str,
}

/// The answer of `findings`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FindingsAnswer<'w> {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Findings in all, whatever the page.
    pub total: u64,
    /// Findings by state, where the states asked for are left out of account.
    pub by_status: Vec<(&'static str, u64)>,
    /// Systems that have one.
    pub systems: u32,
    /// Agencies that own such a system.
    pub agencies: u32,
    /// Vulnerabilities.
    pub vulnerabilities: u32,
    /// Package versions.
    pub package_versions: u32,
    /// The page.
    pub rows: Vec<FindingRow<'w>>,
    /// Package versions that cannot be held against advisories, by reason.
    pub unanswerable: Vec<(&'static str, u64)>,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

impl Watched {
    /// The findings that are asked for.
    ///
    /// # Errors
    /// `not-found` for an agency, system or vulnerability that is not there, `usage` for a word that is not known.
    pub fn findings<'w>(&'w self, desk: &'w Desk, query: &FindingsQuery) -> Result<FindingsAnswer<'w>> {
        self.findings_among(desk, query, None)
    }

    /// The package versions in use whose purl contains every word of `words`, in the order of their numbers.
    pub fn things_called(&self, words: &str) -> impl Iterator<Item = &Thing> {
        let found: Vec<u32> = self.estate.versions_called(words).iter().collect();
        found.into_iter().filter_map(|number| self.things.get(number as usize))
    }

    /// The same among some of the systems that the viewer may see, as if there were no others.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn findings_among<'w>(
        &'w self,
        desk: &'w Desk,
        query: &FindingsQuery,
        systems: Option<&BTreeSet<u32>>,
    ) -> Result<FindingsAnswer<'w>> {
        let mut viewer = self.viewer.clone();
        if let Some(systems) = systems {
            viewer.systems.keep(&Bits::of(viewer.systems.length(), systems.iter().copied()));
        }
        let filter = self.filter(desk, query)?;
        let order = order(&query.sort)?;
        let engine = self.engine();
        let counted = engine.count(&viewer, &filter, order);
        let page = Page { start: Start::Offset(query.offset), rows: query.rows };
        let page = engine.page(&counted, page);
        let rows = self.with_rules(desk, |rules| page.iter().map(|finding| self.row(desk, finding, rules)).collect());
        Ok(self.answer(desk, counted.totals, rows))
    }

    /// Hands all findings that are asked for to `take`, one after the other, in constant memory. Gives how many there are.
    ///
    /// # Errors
    /// As [`Self::findings`], and what `take` says.
    pub fn each_finding(
        &self,
        desk: &Desk,
        query: &FindingsQuery,
        mut take: impl FnMut(&FindingRow<'_>) -> Result<()>,
    ) -> Result<u64> {
        let filter = self.filter(desk, query)?;
        let engine = self.engine();
        let counted = engine.count(&self.viewer, &filter, order(&query.sort)?);
        self.with_rules(desk, |rules| {
            engine.stream(&counted).try_for_each(|finding| take(&self.row(desk, &finding, rules)))
        })?;
        Ok(counted.totals.findings)
    }

    fn answer<'w>(&'w self, desk: &Desk, totals: Totals, rows: Vec<FindingRow<'w>>) -> FindingsAnswer<'w> {
        let by_status = FindingStatus::ALL.iter().zip(totals.by_status);
        FindingsAnswer {
            overview: desk.overview(),
            total: totals.findings,
            by_status: by_status.map(|(status, count)| (status.as_str(), count)).collect(),
            systems: totals.systems,
            agencies: totals.agencies,
            vulnerabilities: totals.vulnerabilities,
            package_versions: totals.versions,
            rows,
            unanswerable: self.unanswerable.iter().map(|(reason, count)| (reason.as_str(), *count)).collect(),
            freshness: self.freshness.clone(),
        }
    }

    pub(super) fn row<'w>(&'w self, desk: &'w Desk, finding: &Finding, rules: &Rules<'_>) -> FindingRow<'w> {
        let story = rules.story(finding.system, finding.found);
        let system = desk.system(finding.system);
        let thing = &self.things[finding.version as usize];
        let vulnerability = &self.vulnerabilities[finding.vulnerability as usize];
        let class = finding.class;
        let severity = vulnerability.severity.as_ref();
        let place = PlaceFacts { exposure: class.exposure, need: class.need, direct: class.direct, scope: class.scope };
        let Priority { level, score, parts } = priority(&vulnerability.urgency, &Standing::of(&place));
        let names = self.layers.group_names(vulnerability.group);
        let known: Vec<_> = names.iter().filter_map(|name| self.compiled.knowledge.get(name)).collect();
        let listings = || known.iter().flat_map(|known| known.listings());
        let mut exploited: Vec<&'static str> = listings().map(|listing| listing.list.as_str()).collect();
        exploited.sort_unstable();
        exploited.dedup();
        let due = self.deadline_rules.due(level, vulnerability.known, class.exposure);
        let rule = due.and_then(|(rule, _)| self.deadline_rules.0.get(rule));
        FindingRow {
            priority: level.as_str(),
            score,
            parts,
            agency: &system.agency.0,
            system: &system.id.0,
            package: &thing.purl,
            vulnerability: &vulnerability.name,
            aliases: names.into_iter().filter(|name| *name != vulnerability.name).collect(),
            severity: severity.map_or("unknown", |severity| severity.rating),
            severity_score: severity.and_then(|severity| severity.score.as_deref()),
            severity_source: severity.map(|severity| severity.source.as_str()),
            likelihood: known.iter().filter_map(|known| known.odds()).map(|odds| odds.score).reduce(f32::max),
            exploited,
            ransomware: listings().filter_map(|listing| listing.ransomware).max(),
            us_due: listings().filter(|listing| listing.list == ExploitedList::Kev).filter_map(|one| one.due).min(),
            tlp: self.mark(vulnerability.group).map(Tlp::as_str),
            due: finding.due.map(date_of),
            due_rule: rule.map(|rule| rule.name.as_str()),
            overdue: !finding.status.is_closed() && finding.due.is_some_and(|due| due < day_of(self.at)),
            status: finding.status.as_str(),
            reason: finding.facts.reason.as_str(),
            confidence_percent: finding.facts.confidence_percent,
            decision: match story.origin {
                Origin::Voice(Voice::Decision(id)) => Some(id.to_string()),
                _ => None,
            },
            statement: match story.origin {
                Origin::Voice(Voice::Statement(number)) => Some(&self.statements[number as usize].head.told),
                _ => None,
            },
            reopened: story.reopened.map(|reopened| (reopened.by.to_string(), why(reopened.why))),
            has_fix: finding.facts.has_fix,
            direct: class.direct,
            scope: class.scope.as_str(),
            exposure: class.exposure.as_str(),
            need: class.need.as_str(),
        }
    }

    /// A question as the engine takes it.
    pub(super) fn question(&self, desk: &Desk, query: &FindingsQuery) -> Result<(Filter, Order)> {
        Ok((self.filter(desk, query)?, order(&query.sort)?))
    }

    pub(super) fn filter(&self, desk: &Desk, query: &FindingsQuery) -> Result<Filter> {
        let agencies = query.agency.as_deref().map(|name| self.agencies(desk, name)).transpose()?;
        let systems = query.system.as_deref().map(|name| system(desk, name)).transpose()?;
        let vulnerabilities = match &query.vulnerability {
            None => None,
            Some(name) if self.layers.find(name.trim()).is_empty() => {
                return Err(OfficeError::new(
                    "not-found",
                    format!("no source that we hold knows a vulnerability {name:?}"),
                )
                .hint(
                    "`underpin watch status` says how old the knowledge is; `underpin watch sync` fetches what is new",
                ));
            }
            Some(name) => Some(self.numbers_of(name)),
        };
        let mut any_flag = Flags::NONE;
        if query.exploited {
            any_flag = any_flag.and(Flags::EXPLOITED);
        }
        if query.malicious {
            any_flag = any_flag.and(Flags::MALICIOUS);
        }
        let (severity_at_least, words) =
            query.severity.as_deref().map(severity_filter).transpose()?.unwrap_or_default();
        let ecosystems = query.kind.as_ref().map(|kind| {
            self.ecosystems.iter().position(|known| known == kind).map(|number| number as u16).into_iter().collect()
        });
        Ok(Filter {
            statuses: statuses(&query.statuses, query.overdue)?,
            due_before: self.due_before(query),
            severity_at_least,
            words,
            epss_at_least: query.likelihood,
            any_flag,
            agencies,
            systems,
            package_text: query.package.clone(),
            versions: self.versions_meant(query),
            vulnerability_text: query.text.clone(),
            vulnerabilities,
            ecosystems,
            first_known_since: query.since,
            first_known_until: query.until,
            fixable: query.fixable,
            priority_at_least: query.priority.as_deref().map(level).transpose()?,
            ..Filter::default()
        })
    }

    /// The package versions that are meant by name; `None` where none is named.
    fn versions_meant(&self, query: &FindingsQuery) -> Option<Vec<u32>> {
        if query.purl.is_none() && query.base.is_none() {
            return None;
        }
        let is_meant = |purl: &str| {
            query.purl.as_ref().is_none_or(|asked| is_of(purl, asked))
                && query.base.as_ref().is_none_or(|base| is_from(purl, base))
        };
        let things = (0_u32..).zip(&self.things);
        Some(things.filter(|(_, thing)| is_meant(&thing.purl)).map(|(number, _)| number).collect())
    }

    /// The earlier of the two days asked for.
    fn due_before(&self, query: &FindingsQuery) -> Option<Day> {
        let overdue = query.overdue.then(|| day_of(self.at));
        overdue.into_iter().chain(query.due_before.map(day_of)).min()
    }

    fn agencies(&self, desk: &Desk, name: &str) -> Result<Vec<u32>> {
        let (bare, is_alone) = alone(name);
        let top = desk.agency_called(bare)?.id.clone();
        let wanted = if is_alone { vec![top] } else { desk.with_descendants(&top) };
        let agencies = desk.snapshot.agencies.iter().enumerate();
        Ok(agencies.filter(|(_, agency)| wanted.contains(&agency.id)).map(|(number, _)| number as u32).collect())
    }
}

fn system(desk: &Desk, name: &str) -> Result<Vec<u32>> {
    let id = desk.system_called(name)?.id.0.clone();
    Ok(desk.system_position(&id).into_iter().collect())
}

/// A word without the `=` that says that it is meant alone, and whether it was there.
fn alone(text: &str) -> (&str, bool) {
    text.strip_prefix('=').map_or((text, false), |bare| (bare, true))
}

/// What is closed is never overdue.
fn statuses(words: &[String], overdue: bool) -> Result<Vec<FindingStatus>> {
    let mut found = stated(words)?;
    if !overdue {
        return Ok(found);
    }
    if found.is_empty() {
        return stated(&[]);
    }
    found.retain(|status| !status.is_closed());
    if found.is_empty() {
        return Err(OfficeError::new("usage", "what is fixed or not affected is never overdue")
            .hint("leave --overdue or --status away"));
    }
    Ok(found)
}

fn stated(words: &[String]) -> Result<Vec<FindingStatus>> {
    if words.is_empty() {
        return Ok(FindingStatus::ALL.into_iter().filter(|status| !status.is_closed()).collect());
    }
    if words.iter().any(|word| word == "all") {
        return Ok(Vec::new());
    }
    words
        .iter()
        .map(|word| one_of("state", word, FindingStatus::ALL.map(|one| (one.as_str(), one)).as_slice()))
        .collect()
}

/// A score, the words from that one on, or (`=high`) one word alone.
pub(super) fn severity_filter(text: &str) -> Result<(Option<f32>, Vec<u8>)> {
    if let Ok(score) = text.parse::<f32>() {
        return Ok((Some(score), Vec::new()));
    }
    let (bare, is_alone) = alone(text);
    let wanted = one_of("severity", bare, &Rating::ALL.map(|rating| (rating.as_str(), rating)))?;
    let is_meant = |rating: &Rating| if is_alone { *rating == wanted } else { *rating >= wanted };
    Ok((None, Rating::ALL.into_iter().filter(is_meant).map(|rating| word_of(rating.as_str())).collect()))
}

pub(super) fn level(text: &str) -> Result<u16> {
    use underpin_assess::severity::PriorityLevel;
    let level = one_of("priority", text, &PriorityLevel::ALL.map(|level| (level.as_str(), level)))?;
    let position = PriorityLevel::ALL.iter().position(|known| *known == level).unwrap_or(0);
    Ok(position as u16 * underpin_assess::severity::tables::TIER)
}

/// What findings can be sorted by, and whether the highest comes first.
pub const SORTS: [(&str, Key, bool); 9] = [
    ("priority", Key::Priority, true),
    ("severity", Key::Severity, true),
    ("likelihood", Key::Epss, true),
    ("first-known", Key::FirstKnown, true),
    ("vulnerability", Key::Name, false),
    ("package", Key::Package, false),
    ("system", Key::System, false),
    ("agency", Key::Agency, false),
    ("due", Key::Due, false),
];

pub(super) fn order(text: &str) -> Result<Order> {
    let (bare, turned) = text.strip_prefix('-').map_or((text, false), |bare| (bare, true));
    let bare = if bare.is_empty() { "priority" } else { bare };
    let (by, descending) = one_of("order", bare, &SORTS.map(|(word, key, descending)| (word, (key, descending))))?;
    Ok(Order { by, descending: descending != turned })
}

fn one_of<T: Copy>(what: &str, word: &str, known: &[(&'static str, T)]) -> Result<T> {
    let wanted = word.trim().to_lowercase().replace([' ', '_'], "-");
    known.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        OfficeError::new("usage", format!("{word:?} is no {what}")).hint(format!("one of: {}", names.join(", ")))
    })
}

/// The day of a moment; what lies beyond all days is the last.
pub(super) fn day_of(moment: Timestamp) -> Day {
    moment.0.div_euclid(Timestamp::DAY_US).clamp(0, i64::from(Day::MAX - 1)) as Day
}

fn date_of(day: Day) -> String {
    Timestamp(i64::from(day) * Timestamp::DAY_US).date()
}

/// The level of a score.
pub(super) fn level_word(score: u16) -> &'static str {
    use underpin_assess::severity::{PriorityLevel, tables};
    PriorityLevel::ALL.get(usize::from(score / tables::TIER)).copied().unwrap_or_default().as_str()
}

/// Why a decision does not count any more.
pub(super) fn why(why: Why) -> &'static str {
    match why {
        Why::Withdrawn => "withdrawn",
        Why::Expired => "expired",
        Why::Contradicted => "contradicted",
    }
}

/// What a reason means, in plain words.
pub fn meaning(reason: &str) -> &'static str {
    Reason::ALL.iter().find(|known| known.as_str() == reason).map_or("", |known| known.meaning())
}
