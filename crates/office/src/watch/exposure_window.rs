// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `had`: who had a package at any moment of a window. What was there only for an hour counts.
//!
//! It is looked at every moment of the window at which documents, bindings, states or the registry changed, and at its ends. A document
//! that was made within the window counts, too, when it came in only later.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;
use underpin_model::limits::bounds;
use underpin_model::{Coverage, DocumentState, Timestamp, Viewer};

use super::freshness::Freshness;
use super::hit::types_of;
use super::own::OWN_FEED;
use crate::coordinator::query::PackageQuery;
use crate::coordinator::where_used::{WhereAnswer, WhereRow};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Entries of the audit chain that are read at once.
const PAGE: u64 = 1_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct WindowQuery {
    /// Name, purl, pattern, …, as for `where`.
    pub package: String,
    /// Only these versions.
    pub versions: Option<String>,
    /// Where the window begins.
    pub from: Timestamp,
    /// Where it ends; that moment is part of it.
    pub until: Timestamp,
    /// Age from which evidence counts as stale.
    pub stale_days: u64,
}

/// A system that had it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WindowRow {
    /// Agency.
    pub agency: String,
    /// System.
    pub system: String,
    /// Whether the system is planned, active or retired.
    pub status: &'static str,
    /// Package: purl without version; the path for a file.
    pub package: String,
    /// Version; empty when unknown.
    pub version: String,
    /// `inside` what was asked for, or `undecided`: its version or kind cannot be told.
    pub fit: &'static str,
    /// The first moment of the window at which it was there.
    pub first: Timestamp,
    /// When it was gone, or the end of the window.
    pub last: Timestamp,
    /// Whether it was there when the window ended.
    pub at_end: bool,
    /// Periods, where it came and went: from, until.
    pub periods: Vec<(Timestamp, Timestamp)>,
    /// Whether this was only learned after the window, from documents made within it.
    pub learned_later: bool,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// The direct dependencies that brought it in.
    pub via: Vec<String>,
    /// Documents that say so.
    pub documents: Vec<String>,
    /// Who runs the system.
    pub operator: String,
    /// Functional mailbox or page.
    pub contact: String,
}

/// A record that calls the package malicious.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MaliciousRecord {
    /// Identifier (`MAL-2022-1471`).
    pub advisory: String,
    /// Feed.
    pub feed: String,
    /// Package, as `ecosystem name`.
    pub package: String,
    /// One line about it, as the source writes it.
    pub summary: String,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When the source took it back.
    pub withdrawn: Option<Timestamp>,
    /// How far it may be passed on, where it is the office's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
}

/// The answer of `had`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct WindowAnswer {
    /// What was asked for.
    pub query: String,
    /// Versions asked for, if any.
    pub versions: Option<String>,
    /// Where the window begins.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// Snapshot and time of the knowledge.
    #[serde(flatten)]
    pub overview: Overview,
    /// Systems that had it, whatever their status now, undecided ones left out.
    pub systems: u64,
    /// Agencies that own them.
    pub agencies: u64,
    /// Systems of which it cannot be told.
    pub undecided: u64,
    /// True when there were more changes than moments that are looked at: what came and went between two of these is missing.
    pub is_cut: bool,
    /// How much of the government the answer covers, at the end of the window.
    pub coverage: Coverage,
    /// One row for each system and package version.
    pub rows: Vec<WindowRow>,
    /// Records that call the package malicious, by what is known now.
    pub malicious: Vec<MaliciousRecord>,
    /// How old that knowledge is.
    pub freshness: Freshness,
}

/// System, package, version, file.
type About = (String, String, String, String);

/// What was seen so far.
#[derive(Default)]
struct Seen {
    rows: BTreeMap<About, WindowRow>,
    /// What was there at the last moment.
    there: BTreeSet<About>,
}

impl House {
    /// Who had a package at any moment of a window, as the viewer of `latest` sees it, with what that desk knows.
    ///
    /// # Errors
    /// `usage` when the window ends before it begins; as [`Desk::where_used`]; when the ledger cannot be read.
    pub async fn had(&self, latest: &Desk, query: &WindowQuery) -> Result<WindowAnswer> {
        if query.until < query.from {
            return Err(OfficeError::new("usage", "the window ends before it begins")
                .hint("--from takes the earlier moment, --until the later one"));
        }
        let at_moment = |moment| self.desk_as_of(latest.viewer.clone(), moment, latest.now);
        let asked = |desk: &Desk, take: &mut dyn FnMut(&WhereAnswer<'_>)| -> Result<()> {
            take(&desk.where_used(&query.package, query.versions.as_deref(), query.stale_days)?);
            Ok(())
        };
        let end = at_moment(query.until).await?;
        let (moments, mut is_cut) = self.moments(&[&end, latest], query).await?;
        let mut seen = Seen::default();
        for moment in moments {
            asked(&at_moment(moment).await?, &mut |answer| seen.look(moment, answer))?;
        }
        let mut coverage = Coverage::default();
        asked(&end, &mut |answer| {
            seen.look(query.until, answer);
            seen.close(query.until);
            coverage = answer.coverage;
        })?;
        let (late, more) = late_documents(latest, query);
        is_cut |= more;
        for (learned, documents) in late {
            asked(&at_moment(learned).await?, &mut |answer| seen.look_later(&documents, answer))?;
        }
        let (malicious, freshness) = self.malicious(latest, &query.package).await?;
        let rows: Vec<WindowRow> = seen.rows.into_values().collect();
        Ok(answer(query, latest.overview(), is_cut, coverage, rows, malicious, freshness))
    }

    /// Moments of the window before its end at which something may have changed, in order, and whether some were left out.
    async fn moments(&self, desks: &[&Desk], query: &WindowQuery) -> Result<(Vec<Timestamp>, bool)> {
        let within = |moment: &Timestamp| *moment > query.from && *moment < query.until;
        let mut found = BTreeSet::from([query.from]);
        for desk in desks {
            // What was recorded later may hold from an earlier moment on.
            let bindings = desk.snapshot.bindings.iter().flat_map(|binding| [binding.from, binding.until]);
            let learned = desk.snapshot.documents.iter().map(|record| record.learned);
            found.extend(bindings.chain(learned).filter(within));
        }
        let mut is_cut = false;
        if desks.iter().all(|desk| desk.viewer != Viewer::Stranger) {
            let mut take = |moment: Timestamp| found.extend(Some(moment).filter(within));
            is_cut = self.recorded(query.from, &mut take).await?;
        }
        let moments: Vec<Timestamp> = found.into_iter().collect();
        let (all, most) = (moments.len(), bounds::WINDOW_MOMENTS);
        if all <= most {
            return Ok((moments, is_cut));
        }
        Ok(((0..most).filter_map(|step| moments.get(step * all / most).copied()).collect(), true))
    }

    /// Hands the moments of changes since `from` to `take`, but for those that cannot change who has what. These moments say nothing by
    /// themselves: whoever asks sees of each only what is in sight. Gives whether some were left out.
    async fn recorded(&self, from: Timestamp, take: &mut impl FnMut(Timestamp)) -> Result<bool> {
        let reader = self.ledger.operator_reader();
        let (mut before, mut read) = (None, 0);
        loop {
            let page = reader.audit(PAGE, before).await?;
            let is_elsewhere = |subject: &str| subject.starts_with("feed ") || subject.starts_with("decision ");
            page.iter().filter(|entry| !is_elsewhere(&entry.subject)).for_each(|entry| take(entry.at));
            read += page.len();
            let Some(last) = page.last().filter(|_| page.len() as u64 == PAGE) else { return Ok(false) };
            if page.iter().all(|entry| entry.at < from) {
                return Ok(false);
            }
            if read >= bounds::WINDOW_ENTRIES {
                return Ok(true);
            }
            before = Some(last.sequence);
        }
    }

    /// Records that call the package malicious, and how old the knowledge is.
    async fn malicious(&self, latest: &Desk, text: &str) -> Result<(Vec<MaliciousRecord>, Freshness)> {
        let at = latest.snapshot.at;
        let reader = self.ledger.reader(latest.viewer.clone(), latest.now);
        let editions = reader.editions(at).await?;
        let freshness = Freshness::of(&editions, &reader.feed_states().await?, at);
        let compiled = self.compiled(editions).await?;
        let (layers, marks, (own, own_unread)) = self.layers(&compiled, &reader, at).await?;
        let freshness = Freshness { own, own_unread, ..freshness };
        let asked = PackageQuery::parse(text)?;
        let mut found = Vec::new();
        for (_, advisory) in layers.advisories().filter(|(_, advisory)| advisory.is_malicious()) {
            let mark = marks.of_advisory(advisory.id()).filter(|_| advisory.feed() == OWN_FEED);
            let named = advisory.entries().find(|entry| names(&asked, entry.ecosystem(), entry.name()));
            found.extend(named.map(|entry| MaliciousRecord {
                advisory: advisory.id().to_owned(),
                feed: advisory.feed().to_owned(),
                package: format!("{} {}", entry.ecosystem(), entry.name()),
                summary: advisory.summary().to_owned(),
                published: advisory.published(),
                withdrawn: advisory.withdrawn(),
                tlp: mark.map(|mark| mark.as_str()),
            }));
        }
        found.sort_by(|a, b| (&a.package, &a.advisory).cmp(&(&b.package, &b.advisory)));
        found.truncate(bounds::MALICIOUS_RECORDS);
        Ok((found, freshness))
    }
}

fn answer(
    query: &WindowQuery,
    overview: Overview,
    is_cut: bool,
    coverage: Coverage,
    rows: Vec<WindowRow>,
    malicious: Vec<MaliciousRecord>,
    freshness: Freshness,
) -> WindowAnswer {
    let of = |fit: &'static str| rows.iter().filter(move |row| row.fit == fit);
    let systems: HashSet<&str> = of("inside").map(|row| row.system.as_str()).collect();
    let agencies: HashSet<&str> = of("inside").map(|row| row.agency.as_str()).collect();
    let undecided: HashSet<&str> = of("undecided").map(|row| row.system.as_str()).collect();
    WindowAnswer {
        query: query.package.clone(),
        versions: query.versions.clone(),
        from: query.from,
        until: query.until,
        overview,
        systems: systems.len() as u64,
        agencies: agencies.len() as u64,
        undecided: undecided.difference(&systems).count() as u64,
        is_cut,
        coverage,
        rows,
        malicious,
        freshness,
    }
}

impl Seen {
    /// What is there at a moment; moments come in order.
    fn look(&mut self, moment: Timestamp, answer: &WhereAnswer<'_>) {
        let mut there = BTreeSet::new();
        for (row, fit) in all_rows(answer) {
            let about = about(row);
            let known = self.rows.entry(about.clone()).or_insert_with(|| window_row(row, fit, moment));
            known.documents.extend(row.documents.iter().map(ToString::to_string));
            if !self.there.contains(&about) {
                known.periods.push((moment, moment));
            }
            there.insert(about);
        }
        for about in self.there.union(&there) {
            if let Some(row) = self.rows.get_mut(about) {
                row.last = moment;
                row.periods.last_mut().into_iter().for_each(|period| period.1 = moment);
            }
        }
        self.there = there;
    }

    /// The window ends.
    fn close(&mut self, end: Timestamp) {
        for about in &self.there {
            if let Some(row) = self.rows.get_mut(about) {
                (row.last, row.at_end) = (end, true);
            }
        }
        for row in self.rows.values_mut() {
            row.documents.sort_unstable();
            row.documents.dedup();
        }
    }

    /// What documents say that were made within the window and came in later.
    fn look_later(&mut self, documents: &BTreeMap<String, Timestamp>, answer: &WhereAnswer<'_>) {
        for (row, fit) in all_rows(answer) {
            let named: Vec<String> = row.documents.iter().map(ToString::to_string).collect();
            let Some(made) = named.iter().filter_map(|name| documents.get(name)).min() else { continue };
            let known = self.rows.entry(about(row)).or_insert_with(|| WindowRow {
                learned_later: true,
                periods: vec![(*made, *made)],
                ..window_row(row, fit, *made)
            });
            known.documents.extend(named.into_iter().filter(|name| documents.contains_key(name)));
            known.documents.sort_unstable();
            known.documents.dedup();
        }
    }
}

fn all_rows<'a, 'd>(answer: &'a WhereAnswer<'d>) -> impl Iterator<Item = (&'a WhereRow<'d>, &'static str)> {
    let inside = answer.rows.iter().chain(&answer.inactive_rows).map(|row| (row, "inside"));
    inside.chain(answer.undecided_rows.iter().map(|row| (row, "undecided")))
}

fn about(row: &WhereRow<'_>) -> About {
    (row.system.to_owned(), row.package.to_string(), row.version.clone(), row.file.clone())
}

fn window_row(row: &WhereRow<'_>, fit: &'static str, moment: Timestamp) -> WindowRow {
    WindowRow {
        agency: row.agency.to_owned(),
        system: row.system.to_owned(),
        status: row.status,
        package: if row.file.is_empty() { row.package.to_string() } else { row.file.clone() },
        version: row.version.clone(),
        fit,
        first: moment,
        last: moment,
        at_end: false,
        periods: Vec::new(),
        learned_later: false,
        direct: row.direct,
        via: row.via.iter().map(ToString::to_string).collect(),
        documents: Vec::new(),
        operator: row.operator.to_owned(),
        contact: row.contact.to_owned(),
    }
}

/// Documents by when they came in, with when they were made.
type Late = Vec<(Timestamp, BTreeMap<String, Timestamp>)>;

/// Documents made within the window that came in after it, and whether some were left out.
fn late_documents(latest: &Desk, query: &WindowQuery) -> (Late, bool) {
    let mut late: BTreeMap<Timestamp, BTreeMap<String, Timestamp>> = BTreeMap::new();
    for record in latest.snapshot.documents.iter().filter(|record| record.state == DocumentState::Accepted) {
        let made = record.created.filter(|made| (query.from..=query.until).contains(made));
        if let Some(made) = made.filter(|_| record.learned > query.until) {
            late.entry(record.learned).or_default().insert(record.id.to_string(), made);
        }
    }
    let is_cut = late.len() > bounds::WINDOW_MOMENTS;
    (late.into_iter().take(bounds::WINDOW_MOMENTS).collect(), is_cut)
}

/// Whether an advisory's package is the one asked for.
fn names(asked: &PackageQuery, ecosystem: &str, name: &str) -> bool {
    let last = |name: &str| name.rsplit(['/', ':']).next().unwrap_or_default().to_lowercase();
    let joined = |namespace: &str, own: &str| {
        ["/", ":"].iter().any(|between| name.eq_ignore_ascii_case(&format!("{namespace}{between}{own}")))
    };
    match asked {
        PackageQuery::Name { namespace: None, name: own } => last(name) == own.to_lowercase(),
        PackageQuery::Name { namespace: Some(namespace), name: own } => joined(namespace, own),
        PackageQuery::Purl(purl) => {
            let is_same = if purl.namespace.is_empty() {
                name.eq_ignore_ascii_case(&purl.name)
            } else {
                joined(&purl.namespace, &purl.name)
            };
            is_same && types_of(ecosystem).contains(&purl.kind.as_str())
        }
        _ => false,
    }
}
