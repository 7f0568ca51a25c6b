// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is watched, as tables for SQL: made from what the viewer sees, and only when a query names them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use underpin_assess::findings::PlaceClass;
use underpin_assess::severity::{ExploitedList, Listing};
use underpin_lake::{Cell, StreamedTable, Table};
use underpin_model::Timestamp;
use underpin_model::watch::cve::{Exploitation, Ssvc};
use underpin_model::watch::{Place, Tlp};

use super::decisions::DecisionRow;
use super::estate::Watched;
use super::freshness::{FeedAge, Freshness};
use super::sql_columns::{Listed, count, moment, stated, table};
use super::sql_findings::{FINDING, Findings, MATCH, Matches};
use super::sql_unwatched::UNWATCHED;
use super::support::{SupportQuery, SupportRow};
use super::vulnerabilities::Vulnerability;
use crate::coordinator::kept_tables::KeptTables;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// All tables of what is watched, in the order of the manual.
pub static TABLES: [&Table; 9] =
    [&VULNERABILITY, &MATCH, &FINDING, &PLACE, &EXPLOITED, &DECISION, &FEED, &END_OF_LIFE, &UNWATCHED];

/// Names that lead to findings; `finding` is a view.
const OF_WATCH: [&str; 7] =
    ["vulnerability", "match", "finding_stored", "finding", "exploited", "decision", "unwatched"];

/// What is known of a vulnerability that somebody is hit by, by its number.
#[derive(Debug)]
pub(super) struct Told {
    pub name: String,
    aliases: String,
    advisories: String,
    summary: String,
    pub severity: &'static str,
    pub score: Option<f64>,
    vector: String,
    source: String,
    pub likelihood: Option<f64>,
    percentile: Option<f64>,
    pub exploited: Option<bool>,
    pub kev: Option<bool>,
    pub euvd: Option<bool>,
    pub ransomware: Option<bool>,
    pub is_malicious: bool,
    ssvc: Option<Ssvc>,
    pub published: Option<Timestamp>,
    pub us_due: Option<Timestamp>,
    urgency: &'static str,
    pub urgency_rank: u16,
    pub is_withheld: bool,
    pub tlp: Option<&'static str>,
}

/// What is known of all vulnerabilities, by number.
pub(super) type All = Arc<Vec<Arc<Told>>>;

impl Told {
    pub fn exploitation(&self) -> Cell<'static> {
        Cell::Text(self.ssvc.map_or(Exploitation::Unknown, |ssvc| ssvc.exploitation).as_str())
    }

    pub fn automatable(&self) -> Cell<'static> {
        self.ssvc.and_then(|ssvc| ssvc.automatable).into()
    }

    pub fn impact(&self) -> Cell<'static> {
        let total = self.ssvc.and_then(|ssvc| ssvc.total_impact);
        Cell::Text(total.map_or("unknown", |total| if total { "total" } else { "partial" }))
    }
}

table! {
    VULNERABILITY, VULNERABILITY_CELLS: for<'r> fn(&'r Arc<Told>) -> Cell<'r>;
    "vulnerability", "a vulnerability that a package version in use has, or may have",
    "vulnerability" Text "its name: a CVE where it has one" => |told| Cell::Text(&told.name);
    "aliases" Text "its other names, with blanks between" => |told| stated(&told.aliases);
    "advisories" Text "feed and identifier of each advisory about it, one a line" => |told| stated(&told.advisories);
    "summary" Text "what it is, in the words of a source" => |told| stated(&told.summary);
    "severity" Text "how bad, in a word: critical, high, medium, low, negligible, none or unknown" => |told| Cell::Text(told.severity);
    "severity_score" Number "base score of CVSS, 0 to 10" => |told| told.score.into();
    "severity_vector" Text "vector or word, as stated" => |told| stated(&told.vector);
    "severity_source" Text "by whose word" => |told| stated(&told.source);
    "likelihood" Number "probability of exploitation within 30 days (EPSS), 0 to 1" => |told| told.likelihood.into();
    "likelihood_percentile" Number "share of all vulnerabilities that are at most as likely, 0 to 1" => |told| told.percentile.into();
    "exploited" Boolean "whether a list of exploited vulnerabilities has it; unknown where no list is held" => |told| told.exploited.into();
    "kev" Boolean "whether CISA lists it; unknown where that list is not held" => |told| told.kev.into();
    "euvd" Boolean "whether ENISA lists it as exploited; unknown where that list is not held" => |told| told.euvd.into();
    "ransomware" Boolean "whether ransomware uses it" => |told| told.ransomware.into();
    "malicious" Boolean "whether the package itself is malicious" => |told| Cell::Boolean(told.is_malicious);
    "ssvc_exploitation" Text "exploitation by CISA's categorisation: active, poc, none or unknown" => |told| told.exploitation();
    "ssvc_automatable" Boolean "whether attacks can be automated, by CISA's categorisation" => |told| told.automatable();
    "ssvc_impact" Text "technical impact by CISA's categorisation: total, partial or unknown" => |told| told.impact();
    "published" Time "when a source first published it; microseconds since 1970" => |told| moment(told.published);
    "us_due" Time "until when agencies of the United States must have acted (BOD 22-01, said to be replaced by BOD 26-04 on 10 June 2026); it binds nobody else" => |told| moment(told.us_due);
    "urgency" Text "hostile, emergency, pressing, serious, ordinary or slight" => |told| Cell::Text(told.urgency);
    "urgency_rank" Integer "the urgency (5 to 0) times 2000, plus points" => |told| count(told.urgency_rank);
    "tlp" Text "how far it may be passed on, where it rests on an advisory of the office" => |told| told.tlp.into();
}

/// A kind of place.
pub(super) struct Kind(u16, PlaceClass);

table! {
    PLACE, PLACE_CELLS: for<'r> fn(&'r Kind) -> Cell<'r>;
    "place", "a kind of place where a finding can be",
    "place" Integer "its number" => |kind| count(kind.0);
    "exposure" Text "who can reach the system" => |kind| Cell::Text(kind.1.exposure.as_str());
    "need" Text "the highest protection need of the system" => |kind| Cell::Text(kind.1.need.as_str());
    "direct" Boolean "whether the artefact itself asks for the package" => |kind| kind.1.direct.into();
    "scope" Text "what the package is used for" => |kind| Cell::Text(kind.1.scope.as_str());
}

/// An entry of a list of exploited vulnerabilities.
pub(super) struct Entry {
    vulnerability: String,
    listed: String,
    list: &'static str,
    added: Option<Timestamp>,
    due: Option<Timestamp>,
    ransomware: Option<bool>,
    product: String,
    action: String,
}

table! {
    EXPLOITED, EXPLOITED_CELLS: for<'r> fn(&'r Entry) -> Cell<'r>;
    "exploited", "an entry of a list of exploited vulnerabilities, about one that a package version in use has or may have",
    "vulnerability" Text "the vulnerability" => |entry| Cell::Text(&entry.vulnerability);
    "listed_as" Text "its name on the list" => |entry| Cell::Text(&entry.listed);
    "list" Text "kev (CISA) or euvd (ENISA)" => |entry| Cell::Text(entry.list);
    "added" Time "when it was put on the list" => |entry| moment(entry.added);
    "us_due" Time "until when agencies of the United States must have acted (BOD 22-01, said to be replaced by BOD 26-04 on 10 June 2026); it binds nobody else" => |entry| moment(entry.due);
    "ransomware" Boolean "whether ransomware uses it" => |entry| entry.ransomware.into();
    "product" Text "vendor and product, as the list states" => |entry| stated(&entry.product);
    "action" Text "what the list says should be done" => |entry| stated(&entry.action);
}

table! {
    DECISION, DECISION_CELLS: for<'r> fn(&'r DecisionRow) -> Cell<'r>;
    "decision", "a decision about a vulnerability, those that ended too",
    "decision" Text "its number, such as V12" => |row| Cell::Text(&row.decision);
    "state" Text "in force, waits for approval, withdrawn, expired or not yet" => |row| Cell::Text(row.state);
    "without_effect" Text "why it changes nothing, where that is so" => |row| row.without_effect.into();
    "vulnerability" Text "the vulnerability, by the name that was used" => |row| Cell::Text(&row.decision_made.vulnerability);
    "package" Text "purl with or without version; unknown for every package" => |row| stated(&row.decision_made.package);
    "place" Text "government, agency, system or artefact" => |row| Cell::Text(kind_of_place(&row.decision_made.place));
    "agency" Text "the agency for which it holds" => |row| match &row.decision_made.place {
        Place::Agency(id) => Cell::Text(&id.0),
        _ => Cell::Null,
    };
    "system" Text "the system for which it holds" => |row| match &row.decision_made.place {
        Place::System(id) | Place::Artefact { system: id, .. } => Cell::Text(&id.0),
        _ => Cell::Null,
    };
    "artefact" Text "the artefact for which it holds" => |row| match &row.decision_made.place {
        Place::Artefact { artefact, .. } => Cell::Text(artefact),
        _ => Cell::Null,
    };
    "status" Text "what was decided" => |row| Cell::Text(row.decision_made.status.as_str());
    "justification" Text "why it is not affected" => |row| row.decision_made.justification.map(|one| one.as_str()).into();
    "reason" Text "why, in words" => |row| stated(&row.decision_made.reason);
    "action" Text "what is to be done" => |row| stated(&row.decision_made.action);
    "author" Text "who decided" => |row| stated(&row.decision_made.author);
    "decided_by" Text "the agency whose decision it is; unknown for the office" => |row| row.decision_made.agency.as_ref().map(|id| id.0.as_str()).into();
    "valid_from" Time "from when it holds" => |row| Cell::Integer(row.decision_made.valid_from.0);
    "review" Time "when it should be looked at again" => |row| moment(row.decision_made.review);
    "review_due" Boolean "whether that day has come" => |row| Cell::Boolean(row.is_due_for_review);
    "expires" Time "when it ends by itself" => |row| moment(row.decision_made.expires);
    "recorded" Time "when it was recorded" => |row| Cell::Integer(row.decision_made.recorded.0);
    "approved" Time "when a second person agreed" => |row| moment(row.decision_made.approved.as_ref().map(|(_, moment)| *moment));
    "tlp" Text "how far it may be passed on, where it rests on an advisory of the office" => |row| row.tlp.into();
    "withdrawn" Time "when it was withdrawn" => |row| moment(row.decision_made.withdrawn.as_ref().map(|(_, moment, _)| *moment));
}

table! {
    FEED, FEED_CELLS: for<'r> fn(&'r FeedAge) -> Cell<'r>;
    "feed", "a feed of advisories or of what is known about vulnerabilities, with its age",
    "feed" Text "its name" => |age| Cell::Text(&age.feed);
    "edition" Integer "number of its newest edition" => |age| age.edition.into();
    "learned" Time "when that was learned" => |age| moment(age.learned);
    "stated" Time "the date that the publisher gives it" => |age| moment(age.stated);
    "looked" Time "when somebody last looked for something new, with success" => |age| moment(age.looked);
    "age_days" Integer "days since then" => |age| age.age_days.into();
    "stale" Boolean "whether it is older than it should be" => |age| Cell::Boolean(age.is_stale);
    "outcome" Text "what came of the last try" => |age| stated(&age.outcome);
    "origin" Text "where it came from" => |age| stated(&age.origin);
    "licence" Text "under which terms its data stands" => |age| stated(age.licence);
}

/// What a system rests on, and until when that is supported.
pub(super) struct Supported {
    agency: String,
    system: String,
    kind: &'static str,
    what: String,
    product: String,
    cycle: String,
    state: &'static str,
    end_of_life: Option<Timestamp>,
    extended_until: Option<Timestamp>,
    latest: String,
    packages: u64,
}

table! {
    END_OF_LIFE, END_OF_LIFE_CELLS: for<'r> fn(&'r Supported) -> Cell<'r>;
    "end_of_life", "a release cycle of a platform or package that a system rests on",
    "agency" Text "agency that owns the system" => |row| Cell::Text(&row.agency);
    "system" Text "the system" => |row| Cell::Text(&row.system);
    "kind" Text "platform or package" => |row| Cell::Text(row.kind);
    "what" Text "release of a distribution, or one of the package versions" => |row| Cell::Text(&row.what);
    "product" Text "the product, as the source names it" => |row| stated(&row.product);
    "cycle" Text "its release cycle" => |row| stated(&row.cycle);
    "state" Text "supported, security-only, extended-only, ended or unknown" => |row| Cell::Text(row.state);
    "end_of_life" Time "the last day on which security flaws are fixed for everybody" => |row| moment(row.end_of_life);
    "extended_until" Time "the last day of extended support" => |row| moment(row.extended_until);
    "latest" Text "newest version of the cycle" => |row| stated(&row.latest);
    "packages" Integer "package versions that rest on it" => |row| count(row.packages);
}

fn kind_of_place(place: &Place) -> &'static str {
    match place {
        Place::Government => "government",
        Place::Agency(_) => "agency",
        Place::System(_) => "system",
        Place::Artefact { .. } => "artefact",
    }
}

/// Tables for one query, how fresh the knowledge is behind them, and the strictest mark of what is in them.
pub(crate) type Made = (Vec<StreamedTable>, Option<Freshness>, Option<Tlp>);

impl House {
    /// Tables of what is watched. Those that no name needs can be planned with, and are not made.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment or evidence is damaged.
    pub(crate) async fn watch_tables(
        &self,
        desk: &Arc<Desk>,
        names: &BTreeSet<String>,
        kept: &KeptTables,
    ) -> Result<Made> {
        let is_named = |name: &str| names.contains(name);
        let mut made: Vec<StreamedTable> = vec![places()];
        let (mut freshness, mut mark) = (None, None);
        if OF_WATCH.iter().any(|name| is_named(name)) {
            let make = || async {
                let watched = kept.watched(Box::pin(self.watch(desk))).await?;
                Ok::<_, OfficeError>((watched.tables(desk), watched.freshness.clone(), watched.strictest_mark()))
            };
            let (tables, fresh, strictest) = kept.of_watch.get_or_try_init(make).await?;
            made.extend(tables.iter().cloned());
            freshness = Some(fresh.clone());
            mark = *strictest;
        }
        if is_named(END_OF_LIFE.name) {
            let make = || async {
                let watched = kept.known().map(|watched| &**watched);
                let answer = Box::pin(self.support_among(desk, &SupportQuery::default(), watched)).await?;
                let rows = answer.rows.into_iter().map(Supported::of).collect();
                Ok::<_, OfficeError>((Listed::table(&END_OF_LIFE, END_OF_LIFE_CELLS, rows), answer.freshness))
            };
            let (table, fresh) = kept.end_of_life.get_or_try_init(make).await?;
            made.push(table.clone());
            freshness = Some(fresh.clone());
        }
        if is_named(FEED.name) {
            let fresh = desk.freshness().await?;
            made.push(Listed::table(&FEED, FEED_CELLS, fresh.feeds.clone()));
            freshness = Some(fresh);
        }
        let missing = TABLES.iter().filter(|table| !made.iter().any(|made| made.table.name == table.name));
        let missing: Vec<StreamedTable> = missing.map(|table| StreamedTable { table, rows: None }).collect();
        Ok((made.into_iter().chain(missing).collect(), freshness, mark))
    }
}

fn places() -> StreamedTable {
    let kinds = (0..=u16::MAX).filter_map(|code| Some(Kind(code, PlaceClass::from_code(code)?)));
    Listed::table(&PLACE, PLACE_CELLS, kinds.collect())
}

impl Supported {
    fn of(row: SupportRow<'_>) -> Self {
        Self {
            agency: row.agency.to_owned(),
            system: row.system.to_owned(),
            kind: row.kind,
            what: row.what,
            product: row.product,
            cycle: row.cycle,
            state: row.state,
            end_of_life: row.end_of_life,
            extended_until: row.extended_until,
            latest: row.latest,
            packages: row.packages,
        }
    }
}

impl Watched {
    fn tables(self: &Arc<Self>, desk: &Arc<Desk>) -> Vec<StreamedTable> {
        let numbered = self.vulnerabilities.par_iter().enumerate();
        let told: All = Arc::new(numbered.map(|(number, one)| Arc::new(self.told(number as u32, one))).collect());
        let shown = || told.iter().zip(&self.vulnerabilities).filter(|(told, _)| !told.is_withheld);
        let entries = shown().flat_map(|(told, one)| self.entries(told, one)).collect();
        let vulnerabilities = shown().map(|(told, _)| Arc::clone(told)).collect();
        let (watched, desk, for_unwatched) = (Arc::clone(self), Arc::clone(desk), Arc::clone(desk));
        let matches = Matches { watched: Arc::clone(&watched), told: Arc::clone(&told) };
        let findings = Findings { watched, desk, told };
        vec![
            Listed::table(&VULNERABILITY, VULNERABILITY_CELLS, vulnerabilities),
            StreamedTable { table: &MATCH, rows: Some(Arc::new(matches)) },
            StreamedTable { table: &FINDING, rows: Some(Arc::new(findings)) },
            Listed::table(&EXPLOITED, EXPLOITED_CELLS, entries),
            Listed::table(&DECISION, DECISION_CELLS, self.decision_rows()),
            self.unwatched_table(&for_unwatched),
        ]
    }

    fn told(&self, number: u32, one: &Vulnerability) -> Told {
        let names = self.layers.group_names(one.group);
        let known: Vec<_> = names.iter().filter_map(|name| self.compiled.knowledge.get(name)).collect();
        let listings = || known.iter().flat_map(|known| known.listings());
        let on = |list: ExploitedList| listings().any(|listing| listing.list == list);
        // That a list does not have it means something only where the list is there.
        let holds = |feed: &str| self.freshness.feeds.iter().any(|age| age.feed == feed && age.edition.is_some());
        let listed = |list: ExploitedList| (on(list) || holds(list.as_str())).then(|| on(list));
        let odds = known.iter().filter_map(|known| known.odds()).max_by(|a, b| a.score.total_cmp(&b.score));
        let members = self.layers.group_members(one.group);
        let advisories: Vec<_> = members.into_iter().filter_map(|member| self.layers.advisory(member)).collect();
        let stated: Vec<String> = advisories.iter().map(|one| format!("{} {}", one.feed(), one.id())).collect();
        let severity = one.severity.as_ref();
        Told {
            name: one.name.clone(),
            aliases: names.iter().copied().filter(|name| *name != one.name).collect::<Vec<_>>().join(" "),
            advisories: stated.join("\n"),
            summary: advisories.iter().map(|one| one.summary()).find(|text| !text.is_empty()).unwrap_or("").to_owned(),
            severity: severity.map_or("unknown", |severity| severity.rating),
            score: severity.and_then(|severity| severity.score.as_ref()?.parse().ok()),
            vector: severity.map_or_else(String::new, |severity| severity.value.clone()),
            source: severity.map_or_else(String::new, |severity| severity.source.clone()),
            likelihood: odds.map(|odds| f64::from(odds.score)),
            percentile: odds.map(|odds| f64::from(odds.percentile)),
            exploited: self.compiled.knowledge.has_lists().then(|| listings().next().is_some()),
            kev: listed(ExploitedList::Kev),
            euvd: listed(ExploitedList::Euvd),
            ransomware: listings().filter_map(|listing| listing.ransomware).max(),
            is_malicious: advisories.iter().any(|one| one.is_malicious()),
            ssvc: known.iter().find_map(|known| known.ssvc()),
            published: advisories.iter().filter_map(|one| one.published()).min(),
            us_due: listings().filter(|one| one.list == ExploitedList::Kev).filter_map(|one| one.due).min(),
            urgency: one.urgency.name(),
            urgency_rank: one.urgency.rank,
            is_withheld: self.viewer.withheld.contains(number),
            tlp: self.mark(one.group).map(Tlp::as_str),
        }
    }

    fn entries(&self, told: &Told, one: &Vulnerability) -> Vec<Entry> {
        let entry = |name: &str, listing: Listing<'_>| Entry {
            vulnerability: told.name.clone(),
            listed: name.to_owned(),
            list: listing.list.as_str(),
            added: listing.added,
            due: listing.due,
            ransomware: listing.ransomware,
            product: listing.product.to_owned(),
            action: listing.action.to_owned(),
        };
        let names = self.layers.group_names(one.group);
        let known = names.into_iter().filter_map(|name| Some((name, self.compiled.knowledge.get(name)?)));
        known.flat_map(|(name, known)| known.listings().map(move |listing| entry(name, listing))).collect()
    }
}
