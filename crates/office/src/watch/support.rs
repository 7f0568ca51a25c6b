// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `support`: until when the platforms and packages of systems get fixes, and what of them nobody says anything about.
//!
//! What a distribution carries is as old as the distribution: its makers may have ended it, and the distribution still mends it. So
//! for such packages the end of the distribution's release counts, and they are counted there.

use std::collections::HashMap;

use serde::Serialize;
use underpin_assess::lifecycle::products::{Answer, Found};
use underpin_assess::lifecycle::{Products, State};
use underpin_lake::{Wanted, integers, texts};
use underpin_model::watch::Lifecycle;
use underpin_model::watch::source::Records;
use underpin_model::{Timestamp, distribution};

use super::estate::{Watched, by_system};
use super::freshness::Freshness;
use super::index::kind_of;
use super::things::{Thing, Things};
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
        self.support_among(desk, query, None).await
    }

    /// The same; where what is watched is known already, no document is read again for it.
    ///
    /// # Errors
    /// As [`House::support`].
    pub(crate) async fn support_among<'d>(
        &self,
        desk: &'d Desk,
        query: &SupportQuery,
        watched: Option<&Watched>,
    ) -> Result<SupportAnswer<'d>> {
        let wanted = systems_called(desk, query.place.as_deref())?;
        let lifecycles = self.lifecycles(desk).await?;
        let freshness = desk.freshness().await?;
        let products = Products::new(&lifecycles);
        let survey = match watched {
            Some(Watched { things, estate, .. }) => {
                Survey::of(desk, &products, &wanted, things, |system| estate.versions_of(system))?
            }
            None => {
                let Things { list, uses, .. } = desk.things()?;
                let uses = by_system(uses, wanted.len());
                let versions_of = |system| uses.row(system).iter().map(|used| used.end());
                Survey::of(desk, &products, &wanted, &list, versions_of)?
            }
        };
        survey.answer(query, lifecycles.len() as u64, freshness)
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

/// What a row is about, within its system: `platform` or `package`, the product, and its cycle or, where that is not known, its own name.
type About = (&'static str, String, String);

/// Everything that systems rest on, each once: a nation has millions of uses and some hundred of these.
#[derive(Default)]
struct Topics<'l, 'a> {
    number_of: HashMap<About, u32>,
    answers: Vec<Option<Answer<'l, 'a>>>,
    /// Releases of distributions as they are stated, with the topic that they belong to.
    releases: Vec<(String, u32)>,
    release_of: HashMap<String, u32>,
}

impl<'l, 'a> Topics<'l, 'a> {
    fn add(&mut self, kind: &'static str, what: &str, answer: Option<Answer<'l, 'a>>) -> u32 {
        let product = answer.as_ref().map(|answer| answer.lifecycle.id.to_string()).unwrap_or_default();
        let cycle = answer.as_ref().and_then(|answer| Some(answer.release?.cycle.to_string())).unwrap_or_default();
        // What the source cannot tell apart stays apart by its own name.
        let name = if cycle.is_empty() { what.to_owned() } else { cycle };
        let answers = &mut self.answers;
        *self.number_of.entry((kind, product, name)).or_insert_with(|| {
            answers.push(answer);
            (answers.len() - 1) as u32
        })
    }

    /// The number of a stated release of a distribution; none where nothing is stated.
    fn release(&mut self, release: &str, products: &Products<'l, 'a>, at: Timestamp) -> Option<Seen> {
        if release.is_empty() {
            return None;
        }
        let number = match self.release_of.get(release) {
            Some(known) => *known,
            None => {
                let topic = self.add("platform", release, products.judge_platform(release, "", at));
                self.releases.push((release.to_owned(), topic));
                let number = (self.releases.len() - 1) as u32;
                self.release_of.insert(release.to_owned(), number);
                number
            }
        };
        let topic = self.releases.get(number as usize).map(|(_, topic)| *topic)?;
        Some(Seen { topic, first: number })
    }

    fn state(&self, seen: Option<Seen>) -> State {
        let answer = seen.and_then(|seen| self.answers.get(seen.topic as usize)?.as_ref());
        answer.map(|answer| answer.support.state).unwrap_or_default()
    }

    /// What each topic is about, by its number.
    fn abouts(&self) -> Vec<&About> {
        let mut abouts: Vec<(u32, &About)> = self.number_of.iter().map(|(about, number)| (*number, about)).collect();
        abouts.sort_unstable_by_key(|(number, _)| *number);
        abouts.into_iter().map(|(_, about)| about).collect()
    }
}

/// A topic, and by what it was seen: a thing or, for platforms, a stated release, by its number.
#[derive(Clone, Copy)]
struct Seen {
    topic: u32,
    first: u32,
}

/// Topics of one system: package versions that rest on each, and by what it was seen first.
#[derive(Default)]
struct Tally {
    counts: Vec<Option<(u64, u32)>>,
    touched: Vec<u32>,
}

impl Tally {
    fn count(&mut self, seen: Seen, packages: u64) {
        let place = seen.topic as usize;
        if self.counts.len() <= place {
            self.counts.resize(place + 1, None);
        }
        if let Some(slot) = self.counts.get_mut(place) {
            let (all, _) = slot.get_or_insert_with(|| {
                self.touched.push(seen.topic);
                (0, seen.first)
            });
            *all += packages;
        }
    }

    /// What was counted, which is forgotten with it.
    fn take(&mut self) -> Vec<(Seen, u64)> {
        let counts = &mut self.counts;
        let taken = self.touched.drain(..).filter_map(|topic| {
            let (packages, first) = counts.get_mut(topic as usize)?.take()?;
            Some((Seen { topic, first }, packages))
        });
        taken.collect()
    }
}

/// What is known of each package version, by its number.
struct Known {
    seen: Vec<Option<Seen>>,
    states: Vec<State>,
    found_by: Vec<&'static str>,
}

impl Known {
    fn of<'l, 'a>(things: &[Thing], topics: &mut Topics<'l, 'a>, products: &Products<'l, 'a>, at: Timestamp) -> Self {
        let mut known = Self { seen: Vec::new(), states: Vec::new(), found_by: Vec::new() };
        for (thing, number) in things.iter().zip(0..) {
            let (seen, found_by) = match Judged::of(thing, products, at) {
                Judged::Nobody => (None, ""),
                Judged::Carried(release) => (topics.release(&release, products, at), "distribution"),
                Judged::Package(answer, found_by) => {
                    let topic = topics.add("package", &thing.purl, Some(answer));
                    (Some(Seen { topic, first: number }), found_by)
                }
            };
            known.seen.push(seen);
            known.states.push(topics.state(seen));
            known.found_by.push(found_by);
        }
        known
    }
}

/// What was found of all systems asked about.
struct Survey<'d> {
    desk: &'d Desk,
    systems: u64,
    rows: Vec<SupportRow<'d>>,
    packages: u64,
    packages_unknown: u64,
}

impl<'d> Survey<'d> {
    fn of<V: Iterator<Item = u32>>(
        desk: &'d Desk,
        products: &Products<'_, '_>,
        wanted: &[bool],
        things: &[Thing],
        versions_of: impl Fn(u32) -> V,
    ) -> Result<Self> {
        let mut topics = Topics::default();
        let stated = desk.platforms(&mut topics, products)?;
        let known = Known::of(things, &mut topics, products, desk.snapshot.at);
        let systems = wanted.iter().filter(|wanted| **wanted).count() as u64;
        let mut survey = Self { desk, systems, rows: Vec::new(), packages: 0, packages_unknown: 0 };
        let mut used = vec![false; things.len()];
        let (mut tally, abouts) = (Tally::default(), topics.abouts());
        let mut stated = stated.iter().peekable();
        for (system, is_wanted) in (0u32..).zip(wanted) {
            while let Some((_, seen)) = stated.next_if(|(of, _)| *of == system) {
                tally.count(*seen, 0);
            }
            for number in versions_of(system).filter(|_| *is_wanted) {
                let number = number as usize;
                if let (Some(used), Some(seen)) = (used.get_mut(number), known.seen.get(number)) {
                    *used = true;
                    seen.iter().for_each(|seen| tally.count(*seen, 1));
                }
            }
            let found = tally.take();
            if *is_wanted {
                survey.system(system, found, (&topics, &abouts), (&known, things));
            }
        }
        for (state, _) in known.states.iter().zip(used).filter(|(_, used)| *used) {
            survey.packages += 1;
            survey.packages_unknown += u64::from(*state == State::Unknown);
        }
        Ok(survey)
    }

    /// The rows of a system, in the order of what they are about.
    fn system(
        &mut self,
        system: u32,
        mut found: Vec<(Seen, u64)>,
        (topics, abouts): (&Topics<'_, '_>, &[&About]),
        (known, things): (&Known, &[Thing]),
    ) {
        found.sort_unstable_by_key(|(seen, _)| abouts.get(seen.topic as usize));
        for (Seen { topic, first }, packages) in found {
            let Some((kind, product, _)) = abouts.get(topic as usize) else { continue };
            let first = first as usize;
            let (what, found_by) = match *kind {
                "platform" => (topics.releases.get(first).map(|(stated, _)| stated.as_str()), "distribution"),
                _ => (
                    things.get(first).map(|thing| thing.purl.as_str()),
                    known.found_by.get(first).copied().unwrap_or_default(),
                ),
            };
            let answer = topics.answers.get(topic as usize).and_then(Option::as_ref);
            let release = answer.and_then(|answer| answer.release);
            let support = answer.map(|answer| answer.support).unwrap_or_default();
            self.rows.push(SupportRow {
                agency: &self.desk.system(system).agency.0,
                system: &self.desk.system(system).id.0,
                kind,
                what: what.unwrap_or_default().to_owned(),
                product: product.clone(),
                cycle: release.map(|release| release.cycle.to_string()).unwrap_or_default(),
                state: support.state.as_str(),
                end_of_life: support.end_of_life,
                extended_until: support.extended_until,
                latest: release.map(|release| release.latest.to_string()).unwrap_or_default(),
                packages,
                found_by: if answer.is_some() { found_by } else { "" },
            });
        }
    }

    fn answer(self, query: &SupportQuery, products: u64, freshness: Freshness) -> Result<SupportAnswer<'d>> {
        let mut rows = self.rows;
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
}

impl Desk {
    /// Systems with the releases of distributions that their documents state, in the order of systems.
    fn platforms<'l, 'a>(&self, topics: &mut Topics<'l, 'a>, products: &Products<'l, 'a>) -> Result<Vec<(u32, Seen)>> {
        let mut found: Vec<(u32, i64, Seen)> = Vec::new();
        let columns = ["document", "distribution"];
        for batch in self.session.rows("document", "document", "document", Wanted::All, &columns)? {
            let (documents, stated) = (integers(&batch, 0)?, texts(&batch, 1)?);
            for row in (0..batch.num_rows()).filter(|row| !stated.value(*row).is_empty()) {
                let release = distribution::release(stated.value(row), "");
                let Some(seen) = topics.release(&release, products, self.snapshot.at) else { continue };
                let document = documents.value(row);
                found.extend(self.systems_of(document).iter().map(|system| (*system, document, seen)));
            }
        }
        found.sort_by_key(|(system, document, _)| (*system, *document));
        Ok(found.into_iter().map(|(system, _, seen)| (system, seen)).collect())
    }
}
