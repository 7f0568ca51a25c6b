// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `support`: until when the platforms and packages of systems get fixes, and what of them nobody says anything about.
//!
//! What a distribution carries is as old as the distribution: its makers may have ended it, and the distribution still mends it. So
//! for such packages the end of the distribution's release counts, and they are counted there.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use underpin_assess::lifecycle::products::{Answer, Found};
use underpin_assess::lifecycle::{Products, State};
use underpin_lake::{Wanted, integers, texts};
use underpin_model::watch::Lifecycle;
use underpin_model::watch::source::Records;
use underpin_model::{Timestamp, distribution};

use super::freshness::Freshness;
use super::index::kind_of;
use super::things::Thing;
use super::upgrades::systems_called;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct SupportQuery {
    /// A system, or an agency with everything below it; everything when not given.
    pub place: Option<String>,
    /// Only what has ended, or ends within so many days.
    pub ends_within_days: Option<u32>,
}

/// A release cycle that a system rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SupportRow<'d> {
    /// Agency.
    pub agency: &'d str,
    /// System.
    pub system: &'d str,
    /// `platform` or `package`.
    pub kind: &'static str,
    /// Release of a distribution, or package version (purl); one of them where there are several.
    pub what: String,
    /// The product, as the source names it; empty when it knows none.
    pub product: String,
    /// Its release cycle; empty when the version belongs to none that is known.
    pub cycle: String,
    /// How it is supported: `unknown`, `supported`, `security-only`, `extended-only`, `ended`.
    pub state: &'static str,
    /// The last day on which security flaws are fixed for everybody.
    pub end_of_life: Option<Timestamp>,
    /// The last day of extended support, where there is one.
    pub extended_until: Option<Timestamp>,
    /// Newest version of the cycle.
    pub latest: String,
    /// Package versions that rest on it.
    pub packages: u64,
    /// How the product was found: `source` (by its package URLs), `own-table`, or `distribution`.
    pub found_by: &'static str,
}

/// The answer of `support`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SupportAnswer<'d> {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Products that the source speaks of.
    pub products: u64,
    /// Rows by state, whatever is shown.
    pub by_state: Vec<(&'static str, u64)>,
    /// Systems asked about.
    pub systems: u64,
    /// Those of them that rest on something that has ended.
    pub systems_on_ended: u64,
    /// Different package versions of which nobody says until when they are supported.
    pub packages_unknown: u64,
    /// Different package versions in all.
    pub packages: u64,
    /// What ended first comes first, unknown last.
    pub rows: Vec<SupportRow<'d>>,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

impl House {
    /// Until when the platforms and packages of systems are supported, judged at the desk's moment.
    ///
    /// # Errors
    /// `not-found` for a place that is not there; when the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn support<'d>(&self, desk: &'d Desk, query: &SupportQuery) -> Result<SupportAnswer<'d>> {
        let wanted = systems_called(desk, query.place.as_deref())?;
        let lifecycles = self.lifecycles(desk).await?;
        let freshness = desk.freshness().await?;
        Survey::of(desk, &Products::new(&lifecycles), &wanted)?.answer(query, lifecycles.len() as u64, freshness)
    }

    /// All products of which the feeds of a desk's moment say until when they are supported.
    pub(crate) async fn lifecycles(&self, desk: &Desk) -> Result<Vec<Lifecycle<'static>>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let records = self.lifecycle_records(&reader.editions(desk.snapshot.at).await?).await?;
        let read = |(id, bytes): &'_ (String, Vec<u8>)| {
            // What cannot be read was listed when it came in.
            let lifecycle = underpin_formats::advisories::end_of_life::read(id, bytes, self.limits()).ok()?;
            Some(lifecycle.into_owned())
        };
        Ok(records.iter().filter_map(read).collect())
    }

    /// Original bytes of all products, by name.
    async fn lifecycle_records(&self, editions: &[underpin_ledger::Edition]) -> Result<Vec<(String, Vec<u8>)>> {
        let shelf = self.shelf(editions).await?;
        let mut records = Vec::new();
        let is_wanted = |feed: &str, _: &str, _: &_| kind_of(feed) == Some(Records::EndOfLife);
        shelf
            .read_books(self, is_wanted, |books| {
                records.extend(books.iter().map(|book| (book.record.to_owned(), book.bytes.to_vec())));
                Ok(())
            })
            .await?;
        records.sort_unstable();
        Ok(records)
    }
}

/// What a row is about, within its system.
type About = (&'static str, String, String);

/// What was found of all systems asked about.
struct Survey<'d> {
    desk: &'d Desk,
    systems: u64,
    rows: BTreeMap<(u32, About), SupportRow<'d>>,
    packages: u64,
    packages_unknown: u64,
}

impl<'d> Survey<'d> {
    fn of(desk: &'d Desk, products: &Products<'_, '_>, wanted: &[bool]) -> Result<Self> {
        let systems = wanted.iter().filter(|wanted| **wanted).count() as u64;
        let mut survey = Self { desk, systems, rows: BTreeMap::new(), packages: 0, packages_unknown: 0 };
        let at = desk.snapshot.at;
        for (document, stated) in desk.distributions()? {
            for system in desk.systems_of(document).iter().filter(|system| wanted[**system as usize]) {
                survey.platform(*system, &distribution::release(&stated, ""), products, 0);
            }
        }
        let things = desk.things()?;
        let mut used = vec![false; things.list.len()];
        let judged: Vec<Judged<'_, '_>> = things.list.iter().map(|thing| Judged::of(thing, products, at)).collect();
        for (system, one) in things.uses.iter().filter(|(system, _)| wanted[*system as usize]) {
            let number = one.end() as usize;
            let (Some(thing), Some(judged)) = (things.list.get(number), judged.get(number)) else { continue };
            used[number] = true;
            match judged {
                Judged::Nobody => {}
                Judged::Carried(release) => survey.platform(*system, release, products, 1),
                Judged::Package(answer, found) => survey.row(*system, "package", &thing.purl, Some(answer), found, 1),
            }
        }
        for (judged, _) in judged.iter().zip(used).filter(|(_, used)| *used) {
            survey.packages += 1;
            survey.packages_unknown += u64::from(judged.state(products, at) == State::Unknown);
        }
        Ok(survey)
    }

    fn platform(&mut self, system: u32, release: &str, products: &Products<'_, '_>, packages: u64) {
        if !release.is_empty() {
            let answer = products.judge_platform(release, "", self.desk.snapshot.at);
            self.row(system, "platform", release, answer.as_ref(), "distribution", packages);
        }
    }

    fn row(
        &mut self,
        system: u32,
        kind: &'static str,
        what: &str,
        answer: Option<&Answer<'_, '_>>,
        found_by: &'static str,
        packages: u64,
    ) {
        let release = answer.and_then(|answer| answer.release);
        let product = answer.map(|answer| answer.lifecycle.id.to_string()).unwrap_or_default();
        let cycle = release.map(|release| release.cycle.to_string()).unwrap_or_default();
        // What the source cannot tell apart stays apart by its own name.
        let name = if cycle.is_empty() { what.to_owned() } else { cycle.clone() };
        let support = answer.map(|answer| answer.support).unwrap_or_default();
        let desk = self.desk;
        let row = self.rows.entry((system, (kind, product.clone(), name))).or_insert_with(|| SupportRow {
            agency: &desk.system(system).agency.0,
            system: &desk.system(system).id.0,
            kind,
            what: what.to_owned(),
            product,
            cycle,
            state: support.state.as_str(),
            end_of_life: support.end_of_life,
            extended_until: support.extended_until,
            latest: release.map(|release| release.latest.to_string()).unwrap_or_default(),
            packages: 0,
            found_by: if answer.is_some() { found_by } else { "" },
        });
        row.packages += packages;
    }

    fn answer(self, query: &SupportQuery, products: u64, freshness: Freshness) -> Result<SupportAnswer<'d>> {
        let mut rows: Vec<SupportRow<'d>> = self.rows.into_values().collect();
        let count = |state: State| rows.iter().filter(|row| row.state == state.as_str()).count() as u64;
        let by_state = State::ALL.map(|state| (state.as_str(), count(state)));
        let ended = rows.iter().filter(|row| row.state == State::Ended.as_str()).map(|row| row.system);
        let systems_on_ended = ended.collect::<std::collections::HashSet<_>>().len() as u64;
        if let Some(days) = query.ends_within_days {
            let at = self.desk.snapshot.at;
            let last = Timestamp(at.0.saturating_add(i64::from(days).saturating_mul(Timestamp::DAY_US)));
            rows.retain(|row| row.state == State::Ended.as_str() || ends(row).is_some_and(|end| end <= last));
        }
        rows.sort_by_key(|row| (order(row), row.agency, row.system));
        Ok(SupportAnswer {
            overview: self.desk.overview(),
            products,
            by_state: by_state.into_iter().filter(|(_, count)| *count > 0).collect(),
            systems: self.systems,
            systems_on_ended,
            packages_unknown: self.packages_unknown,
            packages: self.packages,
            rows,
            freshness,
        })
    }
}

/// With which day the fixes end that still come.
fn ends(row: &SupportRow<'_>) -> Option<Timestamp> {
    match row.state {
        "supported" | "security-only" => row.end_of_life,
        "extended-only" => row.extended_until,
        _ => None,
    }
}

/// What has ended, longest ago first; then what ends, soonest first; then what has no known end; then what nobody knows.
fn order(row: &SupportRow<'_>) -> (u8, Timestamp) {
    match row.state {
        "ended" => (0, row.extended_until.or(row.end_of_life).unwrap_or(Timestamp::MIN)),
        "unknown" => (3, Timestamp::MAX),
        _ => ends(row).map_or((2, Timestamp::MAX), |end| (1, end)),
    }
}

/// What is known of a package version, wherever it is used.
enum Judged<'l, 'a> {
    /// A product of its own, and how it was found.
    Package(Answer<'l, 'a>, &'static str),
    /// It is a package of this release of a distribution.
    Carried(String),
    /// Nobody speaks of it.
    Nobody,
}

impl<'l, 'a> Judged<'l, 'a> {
    fn of(thing: &Thing, products: &Products<'l, 'a>, at: Timestamp) -> Self {
        let stated = thing.subject().qualifier("distro").into_owned();
        let package = (thing.kind.as_str(), thing.namespace.as_str(), thing.name.as_str());
        if underpin_assess::matching::distro::is_distribution_type(&thing.kind) {
            let release = distribution::release(&stated, &thing.namespace);
            return if stated.is_empty() { Self::Nobody } else { Self::Carried(release.into_owned()) };
        }
        let found = match products.of_package(package.0, package.1, package.2).map(|product| product.found) {
            Some(Found::Source) => "source",
            _ => "own-table",
        };
        products.judge_package(package, &thing.version, at).map_or(Self::Nobody, |answer| Self::Package(answer, found))
    }

    fn state(&self, products: &Products<'_, '_>, at: Timestamp) -> State {
        match self {
            Self::Nobody => State::Unknown,
            Self::Package(answer, _) => answer.support.state,
            Self::Carried(release) => {
                products.judge_platform(release, "", at).map(|answer| answer.support.state).unwrap_or_default()
            }
        }
    }
}

impl Desk {
    /// For documents that state it: the distribution of their operating system packages.
    fn distributions(&self) -> Result<HashMap<i64, String>> {
        let mut found = HashMap::new();
        for batch in
            self.session.rows("document", "document", "document", Wanted::All, &["document", "distribution"])?
        {
            let (documents, stated) = (integers(&batch, 0)?, texts(&batch, 1)?);
            let rows = (0..batch.num_rows()).filter(|row| !stated.value(*row).is_empty());
            found.extend(rows.map(|row| (documents.value(row), stated.value(row).to_owned())));
        }
        Ok(found)
    }
}
