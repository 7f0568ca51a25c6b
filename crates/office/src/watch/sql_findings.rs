// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Matches and findings as tables for SQL. There are millions of them and none is written down: a query reads them page by page from
//! what answers `underpin findings`.

use std::ops::Range;
use std::sync::Arc;

use underpin_assess::findings::{
    Bits, Counted, Filter, Finding, FindingStatus, Key, MatchFacts, Order, Origin, Page, Rules, Start, Voice,
};
use underpin_assess::matching::lookups;
use underpin_lake::{Cell, Only, Pass, RowSource, TRUTH, TableRows};

use super::estate::Watched;
use super::findings::why;
use super::sql_columns::{count, moment, table};
use super::sql_tables::{All, Told};
use super::things::Thing;
use crate::house::Desk;

/// Package versions in use, and their vulnerabilities.
pub(super) struct Matches {
    pub watched: Arc<Watched>,
    pub told: All,
}

/// A match of one spelling of a package version.
pub(super) struct MatchAt<'r> {
    version: i64,
    thing: &'r Thing,
    facts: MatchFacts,
    told: &'r Told,
    upgrade: Option<&'r str>,
}

table! {
    MATCH, MATCH_CELLS: for<'a, 'r> fn(&'a MatchAt<'r>) -> Cell<'r>;
    "match", "a vulnerability that a package version has or may have, before decisions",
    "package_version" Integer "the package version" => |at| Cell::Integer(at.version);
    "package" Text "purl of the fullest spelling of the package version" => |at| Cell::Text(&at.thing.purl);
    "vulnerability" Text "the vulnerability" => |at| Cell::Text(&at.told.name);
    "verdict" Text "affected, under-investigation or unknown" => |at| Cell::Text(at.facts.reason.verdict().as_str());
    "reason" Text "why it is thought so" => |at| Cell::Text(at.facts.reason.as_str());
    "confidence" Integer "how sure, in percent" => |at| count(at.facts.confidence_percent);
    "has_fix" Boolean "whether a version without the vulnerability is known" => |at| Cell::Boolean(at.facts.has_fix);
    "upgrade" Text "the smallest later version of the package that nothing is known against" => |at| at.upgrade.into();
    "tlp" Text "how far it may be passed on, where it rests on an advisory of the office" => |at| at.told.tlp.into();
}

/// The column that takes a look at all advisories about a package.
const UPGRADE: &str = "upgrade";

/// One reading of the matches with some vulnerabilities.
struct MatchPass {
    source: Arc<Matches>,
    vulnerabilities: Bits,
    /// Rows before each thing, and in all.
    before: Vec<u64>,
}

impl RowSource for Matches {
    fn narrowed_by(&self) -> &'static [&'static str] {
        &["vulnerability"]
    }

    fn pass(self: Arc<Self>, only: &[Only]) -> Arc<dyn Pass> {
        let mut vulnerabilities = named(&self.told, texts(only, "vulnerability"));
        self.watched.viewer.withheld.iter().for_each(|number| vulnerabilities.remove(number));
        let mut before = Vec::with_capacity(self.watched.things.len() + 1);
        let mut rows = 0;
        before.push(rows);
        for (number, thing) in self.watched.things.iter().enumerate() {
            let matches = self.watched.estate.matches_of(number as u32).iter();
            let taken = matches.filter(|facts| vulnerabilities.contains(facts.vulnerability)).count();
            rows += taken as u64 * thing.versions.len() as u64;
            before.push(rows);
        }
        Arc::new(MatchPass { source: self, vulnerabilities, before })
    }
}

impl Pass for MatchPass {
    fn rows(&self) -> u64 {
        self.before.last().copied().unwrap_or(0)
    }

    fn bytes(&self) -> usize {
        self.before.capacity() * size_of::<u64>() + self.vulnerabilities.length() / 8
    }

    fn read(&self, places: Range<u64>, wanted: &[usize], rows: &mut TableRows) {
        let Matches { watched, told } = &*self.source;
        let advises = wanted.iter().any(|column| MATCH.columns[*column].name == UPGRADE);
        let first = self.before.partition_point(|before| *before <= places.start).saturating_sub(1);
        let mut cells = Vec::with_capacity(wanted.len());
        for (number, thing) in watched.things.iter().enumerate().skip(first) {
            let start = self.before[number];
            if start >= places.end {
                return;
            }
            if self.before[number + 1] <= start {
                continue;
            }
            let upgrade = if advises { watched.upgrade_of(thing) } else { None };
            let matches = watched.estate.matches_of(number as u32).iter();
            let taken = matches.filter(|facts| self.vulnerabilities.contains(facts.vulnerability));
            let all = taken.flat_map(|facts| thing.versions.iter().map(move |version| (facts, version)));
            let here = places.start.saturating_sub(start) as usize..(places.end - start) as usize;
            for (facts, version) in all.take(here.end).skip(here.start) {
                let told = &told[facts.vulnerability as usize];
                let at = MatchAt { version: *version, thing, facts: *facts, told, upgrade };
                cells.clear();
                cells.extend(wanted.iter().map(|column| MATCH_CELLS[*column](&at)));
                rows.push(&cells);
            }
        }
    }
}

impl Watched {
    fn upgrade_of(&self, thing: &Thing) -> Option<&str> {
        self.layers.advice(&lookups(&thing.subject()), None, self.at).smallest
    }
}

/// What hits which systems.
pub(super) struct Findings {
    pub watched: Arc<Watched>,
    pub desk: Arc<Desk>,
    pub told: All,
}

/// A finding with what is known of its ends.
pub(super) struct FindingAt<'r> {
    finding: &'r Finding,
    desk: &'r Desk,
    thing: &'r Thing,
    told: &'r Told,
    told_by: &'r Teller<'r>,
}

/// Who gave a finding its state.
#[derive(Default)]
struct Teller<'r> {
    decision: Option<String>,
    statement: Option<&'r str>,
    reopened: Option<(String, &'static str)>,
}

/// Columns that look up what was decided and said.
const OF_TELLER: [&str; 4] = ["decision", "statement", "reopened", "reopened_because"];

/// Rows at a time where those are wanted: all that was decided and said is gone through once for them.
const TOLD_ROWS: u64 = 65_536;

/// Rows at a time else.
const FEW_ROWS: u64 = 8_192;

table! {
    FINDING, FINDING_CELLS: for<'a, 'r> fn(&'a FindingAt<'r>) -> Cell<'r>;
    "finding_stored", "a vulnerability of a package version that an active system uses, after decisions; the view finding adds its priority",
    "agency" Text "agency that owns the system" => |at| Cell::Text(&at.desk.system(at.finding.system).agency.0);
    "system" Text "the system" => |at| Cell::Text(&at.desk.system(at.finding.system).id.0);
    "package" Text "purl of the package version" => |at| Cell::Text(&at.thing.purl);
    "package_version" Integer "the package version; one of them where it is spelt in several ways" => |at| at.thing.versions.first().copied().into();
    "type" Text "purl type" => |at| Cell::Text(&at.thing.kind);
    "vulnerability" Text "the vulnerability" => |at| Cell::Text(&at.told.name);
    "status" Text "open, under-investigation, unknown, fixed or not-affected, after decisions and suppliers' statements" => |at| Cell::Text(at.finding.status.as_str());
    "decision" Text "the decision that gave it its state" => |at| at.told_by.decision.as_deref().into();
    "statement" Text "the supplier's statement that gave it its state: feed, document, author" => |at| at.told_by.statement.into();
    "reopened" Text "the decision that had closed it and does not count any more" => |at| at.told_by.reopened.as_ref().map(|(by, _)| by.as_str()).into();
    "reopened_because" Text "why it does not: withdrawn, expired or contradicted" => |at| at.told_by.reopened.as_ref().map(|(_, why)| *why).into();
    "verdict" Text "affected, under-investigation or unknown, before decisions" => |at| Cell::Text(at.finding.facts.reason.verdict().as_str());
    "reason" Text "why it is thought so" => |at| Cell::Text(at.finding.facts.reason.as_str());
    "confidence" Integer "how sure, in percent" => |at| count(at.finding.facts.confidence_percent);
    "has_fix" Boolean "whether a version without the vulnerability is known" => |at| Cell::Boolean(at.finding.facts.has_fix);
    "place" Integer "the kind of place" => |at| count(at.finding.class.code());
    "severity" Text "how bad, in a word" => |at| Cell::Text(at.told.severity);
    "severity_score" Number "base score of CVSS, 0 to 10" => |at| at.told.score.into();
    "likelihood" Number "probability of exploitation within 30 days (EPSS), 0 to 1" => |at| at.told.likelihood.into();
    "exploited" Boolean "whether a list of exploited vulnerabilities has it; unknown where no list is held" => |at| at.told.exploited.into();
    "kev" Boolean "whether CISA lists it; unknown where that list is not held" => |at| at.told.kev.into();
    "euvd" Boolean "whether ENISA lists it as exploited; unknown where that list is not held" => |at| at.told.euvd.into();
    "ransomware" Boolean "whether ransomware uses it" => |at| at.told.ransomware.into();
    "malicious" Boolean "whether the package itself is malicious" => |at| Cell::Boolean(at.told.is_malicious);
    "ssvc_exploitation" Text "exploitation by CISA's categorisation" => |at| at.told.exploitation();
    "ssvc_automatable" Boolean "whether attacks can be automated, by CISA's categorisation" => |at| at.told.automatable();
    "ssvc_impact" Text "technical impact by CISA's categorisation" => |at| at.told.impact();
    "published" Time "when a source first published it; microseconds since 1970" => |at| moment(at.told.published);
    "us_due" Time "until when agencies of the United States must have acted (BOD 22-01, said to be replaced by BOD 26-04 on 10 June 2026); it binds nobody else" => |at| moment(at.told.us_due);
    "urgency_rank" Integer "urgency of the vulnerability (5 to 0) times 2000, plus points" => |at| count(at.told.urgency_rank);
    "tlp" Text "how far it may be passed on, where it rests on an advisory of the office" => |at| at.told.tlp.into();
}

/// Whether a list has a vulnerability; unknown where it is not held.
type OnList = fn(&Told) -> Option<bool>;

/// Columns of lists.
const ON_LISTS: [(&str, OnList); 3] =
    [("exploited", |told| told.exploited), ("kev", |told| told.kev), ("euvd", |told| told.euvd)];

/// One reading of findings.
struct FindingPass {
    source: Arc<Findings>,
    counted: Counted,
}

impl Findings {
    /// What conditions mean.
    fn filter(&self, only: &[Only]) -> Filter {
        let mut filter = Filter::default();
        let (systems, agencies) = (texts(only, "system"), texts(only, "agency"));
        if systems.is_some() || agencies.is_some() {
            let known = self.desk.snapshot.systems.iter().enumerate();
            let fits = known.filter(|(_, system)| is_in(&systems, &system.id.0) && is_in(&agencies, &system.agency.0));
            filter.systems = Some(fits.map(|(number, _)| number as u32).collect());
        }
        let on_lists: Vec<OnList> =
            ON_LISTS.iter().filter(|(column, _)| texts(only, column) == Some(vec![TRUTH])).map(|(_, is)| *is).collect();
        let wanted = texts(only, "vulnerability");
        if wanted.is_some() || !on_lists.is_empty() {
            let is_listed = |number: &u32| {
                self.told.get(*number as usize).is_some_and(|told| on_lists.iter().all(|is| is(told) == Some(true)))
            };
            filter.vulnerabilities = Some(named(&self.told, wanted).iter().filter(is_listed).collect());
        }
        if let Some(wanted) = texts(only, "package") {
            let things =
                self.watched.things.iter().enumerate().filter(|(_, thing)| wanted.contains(&thing.purl.as_str()));
            filter.versions = Some(things.map(|(number, _)| number as u32).collect());
        }
        if let Some(wanted) = texts(only, "status") {
            filter.statuses =
                FindingStatus::ALL.into_iter().filter(|status| wanted.contains(&status.as_str())).collect();
            if filter.statuses.is_empty() {
                // No state is no condition: a state that does not exist has to leave nothing.
                filter.systems = Some(Vec::new());
            }
        }
        filter
    }
}

impl RowSource for Findings {
    fn narrowed_by(&self) -> &'static [&'static str] {
        &["agency", "system", "package", "vulnerability", "status", "exploited", "kev", "euvd"]
    }

    fn pass(self: Arc<Self>, only: &[Only]) -> Arc<dyn Pass> {
        let filter = self.filter(only);
        // Some vulnerabilities are found by themselves, without a look at what else systems use. Else the findings of a system are few,
        // so that the way to a place in their order is short.
        let by = if filter.vulnerabilities.is_some() && filter.systems.is_none() { Key::Name } else { Key::System };
        let order = Order { by, descending: false };
        let counted = self.watched.engine().count(&self.watched.viewer, &filter, order);
        Arc::new(FindingPass { source: self, counted })
    }
}

impl Pass for FindingPass {
    fn rows(&self) -> u64 {
        self.counted.totals.findings
    }

    fn bytes(&self) -> usize {
        self.counted.bytes()
    }

    fn rows_at_once(&self, wanted: &[usize]) -> u64 {
        if wants_teller(wanted) { TOLD_ROWS } else { FEW_ROWS }
    }

    fn read(&self, places: Range<u64>, wanted: &[usize], rows: &mut TableRows) {
        let Findings { watched, desk, told } = &*self.source;
        let page = Page { start: Start::Offset(places.start), rows: (places.end - places.start) as usize };
        let findings = watched.engine().page(&self.counted, page);
        let tellers: Vec<Teller<'_>> = match wants_teller(wanted) {
            true => watched.with_rules(desk, |rules| findings.iter().map(|one| watched.teller(one, rules)).collect()),
            false => Vec::new(),
        };
        let nobody = Teller::default();
        let mut cells = Vec::with_capacity(wanted.len());
        for (number, finding) in findings.iter().enumerate() {
            let thing = &watched.things[finding.version as usize];
            let told = &told[finding.vulnerability as usize];
            let at = FindingAt { finding, desk, thing, told, told_by: tellers.get(number).unwrap_or(&nobody) };
            cells.clear();
            cells.extend(wanted.iter().map(|column| FINDING_CELLS[*column](&at)));
            rows.push(&cells);
        }
    }
}

fn wants_teller(wanted: &[usize]) -> bool {
    wanted.iter().any(|column| OF_TELLER.contains(&FINDING.columns[*column].name))
}

impl Watched {
    fn teller(&self, finding: &Finding, rules: &Rules<'_>) -> Teller<'_> {
        let story = rules.story(finding.system, finding.found);
        let mut teller = Teller::default();
        match story.origin {
            Origin::Match(_) => {}
            Origin::Voice(Voice::Decision(id)) => teller.decision = Some(id.to_string()),
            Origin::Voice(Voice::Statement(number)) => {
                teller.statement = self.statements.get(number as usize).map(|spoken| spoken.head.told.as_str());
            }
        }
        teller.reopened = story.reopened.map(|reopened| (reopened.by.to_string(), why(reopened.why)));
        teller
    }
}

/// The texts that all conditions on a column allow; `None` where there is no such condition.
fn texts<'o>(only: &'o [Only], column: &str) -> Option<Vec<&'o str>> {
    let mut conditions = only.iter().filter(|only| only.column == column);
    let mut allowed: Vec<&str> = conditions.next()?.texts.iter().map(String::as_str).collect();
    conditions.for_each(|only| allowed.retain(|text| only.texts.iter().any(|other| other == text)));
    Some(allowed)
}

fn is_in(texts: &Option<Vec<&str>>, text: &str) -> bool {
    texts.as_ref().is_none_or(|texts| texts.contains(&text))
}

/// Numbers of the vulnerabilities with these names; all where no names are given.
fn named(told: &[Arc<Told>], names: Option<Vec<&str>>) -> Bits {
    let numbered = told.iter().enumerate().filter(|(_, told)| is_in(&names, &told.name));
    Bits::of(told.len(), numbered.map(|(number, _)| number as u32))
}
