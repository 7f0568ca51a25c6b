// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All that a continent says of itself, counted again with plain sets from what its documents state.

use std::collections::{BTreeMap, BTreeSet};

use underpin_assess::identity::{Identity, resolve};
use underpin_formats::continent::{ADVISED, Advisory, Planned, advisories, contents, documents, inventory};
use underpin_lake::{Rows, TableRows};
use underpin_model::registry::{AgencyId, Classification, SystemStatus};
use underpin_model::{DocumentId, Limits};

use super::province::Worker;
use super::*;
use crate::Settings;
use crate::coordinator::where_used::plain_purl;
use crate::intake::{Facts, Parsed, Silent, parse};
use crate::simulator::government::{self, system_id};
use crate::watch::findings::FindingsQuery;

const SYSTEMS: u64 = 24;

/// Identities that a worker keeps here: fewer than come up.
const KEPT: usize = 1_000;

fn options(systems: u64, uses_at_once: u64) -> ContinentOptions {
    let (actor, tag) = ("clerk".to_owned(), format!("t{systems}-{uses_at_once}"));
    ContinentOptions { seed: 7, systems, with_advisories: true, uses_at_once, actor, tag }
}

async fn empty() -> (tempfile::TempDir, House) {
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::open(Settings::embedded(folder.path().join("data"))).await.expect("opens");
    (folder, house)
}

fn rows(facts: &mut Facts) -> Vec<Rows> {
    facts.take_tables().into_iter().map(|table| TableRows::finish(table).expect("a batch")).collect()
}

/// Nothing is read to make a continent: a reader must find exactly the same in its documents. What is kept from one document to the
/// next changes none, and does not grow with their number.
#[test]
fn what_is_written_is_what_a_reader_finds() {
    let limits = Limits::default();
    let (mut fast, mut slow) = (Worker::keeping(KEPT), Facts::default());
    let (mut kept, mut forgotten) = (0, 0);
    let mut graphs = 0;
    // Documents with a graph are few: 95 and 96 have the first ones.
    for document in (0..6).chain(90..98).flat_map(|system| documents(7, system)) {
        let (bytes, record) = fast.make(&document, DocumentId(5));
        let now = fast.identities.len();
        assert!(now <= KEPT + document.uses as usize, "{now} identities");
        forgotten += u64::from(now < kept);
        kept = now;
        let Parsed::Read { format, mut inventory, .. } = parse(&bytes, &record.path, &[], &limits) else {
            panic!("not read")
        };
        graphs += u64::from(inventory.graph_complete);
        let summary = slow.append(5, format, &mut inventory);
        let mut read = record.clone();
        summary.describe(&mut read);
        assert_eq!(read, record);
        assert_eq!(record.occurrences, u64::from(document.uses));
        assert_eq!(rows(&mut fast.facts), rows(&mut slow), "{document:?}");
    }
    assert!(graphs > 0, "documents with a graph are among them");
    assert!(forgotten > 1, "more come up than are kept");
}

/// The continent in plain collections.
struct Naive {
    /// Package versions of each active system, by its current documents.
    systems: BTreeMap<String, BTreeSet<(String, String)>>,
    /// Agency and secrecy of each active system.
    owners: BTreeMap<String, (AgencyId, Classification)>,
    /// Findings of each active system: package version and advisory.
    findings: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Naive {
    fn count(systems: u64) -> Self {
        let mut about: BTreeMap<_, Vec<Advisory>> = BTreeMap::new();
        for advisory in ADVISED.into_iter().flat_map(advisories) {
            about.entry((advisory.kind, advisory.package)).or_default().push(advisory);
        }
        let mut naive = Self { systems: BTreeMap::new(), owners: BTreeMap::new(), findings: BTreeMap::new() };
        for number in 0..systems {
            let (system, _) = government::system(Tree::of_continent(systems as usize), 7, number as usize);
            if system.status != SystemStatus::Active {
                continue;
            }
            let id = system.id.0;
            naive.owners.insert(id.clone(), (system.agency, system.classification));
            let versions = naive.systems.entry(id.clone()).or_default();
            let findings = naive.findings.entry(id).or_default();
            for document in documents(7, number).iter().filter(|document| !document.is_replaced) {
                for (identity, package) in identities(document) {
                    let purl = &identity.purl;
                    versions.insert((plain_purl(&purl.kind, &purl.namespace, &purl.name), purl.version.clone()));
                    let Some(package) = package.filter(|_| !purl.version.is_empty()) else { continue };
                    let spoken = about.get(&(package.kind, package.package)).into_iter().flatten();
                    let hits = spoken.filter(|advisory| advisory.hits(package.version));
                    findings.extend(hits.map(|advisory| (identity.text.clone(), advisory.id.clone())));
                }
            }
        }
        naive
    }

    fn usage(&self) -> BTreeMap<String, u32> {
        let mut usage = BTreeMap::new();
        for versions in self.systems.values() {
            let packages: BTreeSet<&String> = versions.iter().map(|(package, _)| package).collect();
            packages.into_iter().for_each(|package| *usage.entry(package.clone()).or_default() += 1);
        }
        usage
    }
}

fn identities(document: &Planned) -> Vec<(Identity, Option<underpin_formats::continent::PackageVersion>)> {
    let stated = contents(document);
    let inventory = inventory(document, &stated, true);
    let packages = std::iter::once(None).chain(stated.uses.iter().copied().map(Some));
    let components = inventory.components.iter();
    components.map(|component| resolve(component, document.distribution())).zip(packages).collect()
}

#[tokio::test]
async fn a_continent_is_what_it_says_and_answers_as_any_other_house() {
    let (_folder, house) = empty().await;
    let options = options(SYSTEMS, 3_000);
    let plan = house.continent_plan(&Viewer::Operator, &options).expect("a plan");
    assert!(plan.provinces.is_empty() == (plan.occurrences == 0) && plan.occurrences > 15_000, "{plan:?}");
    let report = house.simulate_continent(&Viewer::Operator, &options, &Silent).await.expect("builds");
    assert_eq!((report.found_systems, report.plan.documents), (0, plan.documents));
    let desk = house.desk(Viewer::Operator, CLOCK).await.expect("a desk");
    let naive = Naive::count(SYSTEMS);
    // What was said before: systems, documents, uses.
    assert_eq!(desk.snapshot.systems.len() as u64, plan.systems);
    assert_eq!(desk.snapshot.agencies.len() as u64, plan.agencies);
    assert_eq!(desk.snapshot.documents.len() as u64, plan.documents);
    assert_eq!(desk.snapshot.documents.iter().map(|record| record.occurrences).sum::<u64>(), plan.occurrences);
    assert_eq!(naive.systems.values().filter(|versions| !versions.is_empty()).count(), with_documents(&desk));
    // Packages by systems, and what each system holds.
    let usage = desk.usage(None).expect("usage").rows;
    let usage: BTreeMap<String, u32> = usage.into_iter().map(|row| (row.package, row.systems)).collect();
    assert_eq!(usage, naive.usage());
    for (system, versions) in &naive.systems {
        let answer = desk.what(system, 90).expect("what");
        let rows: BTreeSet<_> = answer.rows.into_iter().map(|row| (row.package, row.version)).collect();
        assert_eq!(&rows, versions, "what {system}");
    }
    let (package, systems) = naive.usage().into_iter().max_by_key(|(_, systems)| *systems).expect("a package");
    assert_eq!(desk.where_used(&package, None, 90).expect("where").systems, u64::from(systems), "where {package}");
    // Findings.
    let watched = house.watch(&desk).await.expect("watches");
    let query = FindingsQuery { statuses: vec!["open".to_owned()], rows: 1, ..FindingsQuery::default() };
    let expected: usize = naive.findings.values().map(BTreeSet::len).sum();
    assert_eq!(watched.findings(&desk, &query).expect("findings").total, expected as u64);
    assert!(expected > 1_000, "{expected} findings");
}

fn with_documents(desk: &crate::Desk) -> usize {
    let bound: BTreeSet<&str> = desk.snapshot.bindings.iter().map(|binding| binding.system.0.as_str()).collect();
    desk.active_systems().filter(|system| bound.contains(desk.system(*system).id.0.as_str())).count()
}

#[tokio::test]
async fn an_agency_sees_its_own_and_a_stranger_nothing() {
    let (_folder, house) = empty().await;
    let options = ContinentOptions { with_advisories: false, ..options(SYSTEMS, 100_000) };
    house.simulate_continent(&Viewer::Operator, &options, &Silent).await.expect("builds");
    let naive = Naive::count(SYSTEMS);
    let everything = house.desk(Viewer::Operator, CLOCK).await.expect("a desk");
    for agency in &everything.snapshot.agencies {
        let clearance = Classification::Internal;
        let viewer = Viewer::Agency { agencies: vec![agency.id.clone()], clearance };
        let desk = house.desk(viewer, CLOCK).await.expect("a desk");
        let below = |id: &AgencyId| {
            let mut above = Some(id.clone());
            while let Some(id) = above {
                if id == agency.id {
                    return true;
                }
                let found = everything.snapshot.agencies.iter().find(|one| one.id == id);
                above = found.and_then(|one| one.parent.clone());
            }
            false
        };
        let seen = naive.owners.iter().filter(|(_, (owner, secrecy))| below(owner) && *secrecy <= clearance);
        let seen: BTreeSet<&str> = seen.map(|(system, _)| system.as_str()).collect();
        let found: BTreeSet<&str> = desk.active_systems().map(|system| desk.system(system).id.0.as_str()).collect();
        assert_eq!(found, seen, "{}", agency.id);
        let versions: BTreeSet<_> =
            seen.iter().flat_map(|system| &naive.systems[*system]).map(|(one, _)| one).collect();
        assert_eq!(desk.usage(None).expect("usage").packages, versions.len() as u64, "{}", agency.id);
    }
    let stranger = house.desk(Viewer::Stranger, CLOCK).await.expect("a desk");
    assert_eq!(stranger.usage(None).expect("usage").packages, 0);
    let refused = house.continent_plan(&Viewer::Stranger, &options).expect_err("refused");
    assert_eq!(refused.code, "not-allowed");
}

/// What was interrupted goes on and is the same in the end; another one is refused, and so is one that is whole.
#[tokio::test]
async fn what_was_interrupted_goes_on() {
    let wanted = ContinentOptions { with_advisories: false, ..options(SYSTEMS, 500) };
    let (_whole_folder, whole) = empty().await;
    whole.simulate_continent(&Viewer::Operator, &wanted, &Silent).await.expect("builds");
    let (_folder, house) = empty().await;
    let plan = house.continent_plan(&Viewer::Operator, &wanted).expect("a plan");
    assert!(plan.provinces.len() > 2, "{} provinces", plan.provinces.len());
    let tree = Tree::of_continent(SYSTEMS as usize);
    house.begin_continent(&wanted, tree).await.expect("begins");
    Builder::new(&house, &wanted, tree).write(&plan.provinces[0], &Silent).await.expect("writes");
    let other = ContinentOptions { seed: 8, ..wanted.clone() };
    let refused = house.simulate_continent(&Viewer::Operator, &other, &Silent).await.expect_err("refused");
    assert_eq!(refused.code, "simulation-unfinished");
    assert!(refused.hint.contains("--seed 7 --systems 24 --uses-at-once 500"), "{}", refused.hint);
    let again = ContinentOptions { tag: "again".to_owned(), ..wanted.clone() };
    let report = house.simulate_continent(&Viewer::Operator, &again, &Silent).await.expect("goes on");
    assert_eq!(report.found_systems, plan.provinces[0].end);
    let answers = [&whole, &house].map(|house| house.desk(Viewer::Operator, CLOCK));
    let [whole_desk, desk] = answers;
    let (whole_desk, desk) = (whole_desk.await.expect("a desk"), desk.await.expect("a desk"));
    assert_eq!(whole_desk.usage(None).expect("usage").rows, desk.usage(None).expect("usage").rows);
    assert_eq!(whole_desk.snapshot.documents, desk.snapshot.documents);
    let refused = house.simulate_continent(&Viewer::Operator, &wanted, &Silent).await.expect_err("refused");
    assert_eq!(refused.code, "not-empty");
}

#[tokio::test]
async fn a_house_with_something_else_and_a_disk_that_is_too_small_are_refused() {
    let (_folder, house) = empty().await;
    let tree = Tree::of_continent(1);
    let writer = house.ledger.writer("clerk", Viewer::Operator);
    let (system, _) = government::system(tree, 7, 0);
    let mut changes = tree.changes(7);
    changes.push(underpin_ledger::RegistryChange::PutSystem(system));
    writer.apply_registry(CLOCK, changes).await.expect("said");
    let refused = house.simulate_continent(&Viewer::Operator, &options(1, 1_000), &Silent).await.expect_err("refused");
    assert_eq!(refused.code, "not-empty");
    let mut plan = house.continent_plan(&Viewer::Operator, &options(40, 1_000)).expect("a plan");
    let needed = plan.bytes_expected + plan.bytes_beside;
    for (free, found, fits) in
        [(needed, 0, true), (needed - 1, 0, false), (needed - 1, 20, true), (plan.bytes_beside, 40, true)]
    {
        plan.bytes_free = Some(free);
        let checked = space::check(&plan, found);
        assert_eq!(checked.is_ok(), fits, "{free} bytes free, {found} systems found");
        assert!(checked.is_ok() || checked.is_err_and(|error| error.code == "disk-too-small"));
    }
    let refused = house.continent_plan(&Viewer::Operator, &options(u64::MAX, 1)).expect_err("refused");
    assert_eq!(refused.code, "simulation-too-large");
    assert_eq!(system_id(3).0, "system-000003");
}

/// A smaller continent is the beginning of a larger one, and what is held at once does not grow.
#[test]
fn a_continent_grows_at_its_end() {
    let provinces = |systems| plan::plan(&options(systems, 2_000)).provinces;
    let (small, large) = (provinces(60), provinces(240));
    let inner = small.len() - 1;
    assert_eq!(small[..inner], large[..inner]);
    let most = |provinces: &[plan::Province]| provinces.iter().map(|one| one.documents).max().unwrap_or(0);
    assert!(most(&large) < most(&small) * 2, "{} and {}", most(&large), most(&small));
}
