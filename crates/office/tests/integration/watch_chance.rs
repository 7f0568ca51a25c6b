// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A system lists a vulnerability exactly when the vulnerability lists the system, whatever came before: documents replaced, taken
//! back and purged, agencies merged, advisories renamed and withdrawn, decisions made, ended and withdrawn, for every viewer, now and
//! as of any moment before. What should be found is told by [`crate::watch_chance_naive`].
//!
//! Each history is decided by its seed, which is printed. `UNDERPIN_SEED=17` lives one history again, and a longer one.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::watch::{Justification, Place, Status};
use underpin_model::{Timestamp, Viewer};
use underpin_office::Desk;
use underpin_office::coordinator::Author;
use underpin_office::intake::Silent;
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::{FindingsAnswer, FindingsQuery};

use crate::simulation::Life;
use crate::watch::options;
use crate::watch_chance_naive::{Decided, NAMED, Record, Told, findings};

const VERSIONS: [&str; 3] = ["1.0", "1.1", "2.0"];
const STATUSES: [Status; 5] =
    [Status::NotAffected, Status::NotAffected, Status::Fixed, Status::Affected, Status::UnderInvestigation];

/// A government that watches.
struct Watching {
    life: Life,
    records: BTreeMap<String, Record>,
    decisions: Vec<Decided>,
    /// What was found, and when.
    found: Vec<(Timestamp, BTreeSet<Told>)>,
}

fn all() -> FindingsQuery {
    FindingsQuery { statuses: vec!["all".to_owned()], rows: usize::MAX, ..FindingsQuery::default() }
}

fn told(answer: &FindingsAnswer<'_>) -> BTreeSet<Told> {
    let rows = answer.rows.iter();
    let told: BTreeSet<Told> = rows
        .map(|row| (row.system.to_owned(), row.package.to_owned(), row.vulnerability.to_owned(), row.status.to_owned()))
        .collect();
    let states: u64 = answer.by_status.iter().map(|(_, count)| count).sum();
    let systems: BTreeSet<&str> = told.iter().map(|(system, ..)| system.as_str()).collect();
    let vulnerabilities: BTreeSet<&str> = told.iter().map(|(_, _, name, _)| name.as_str()).collect();
    assert_eq!((told.len(), told.len() as u64), (answer.rows.len(), answer.total));
    assert_eq!((states, answer.systems as usize), (answer.total, systems.len()));
    assert_eq!(answer.vulnerabilities as usize, vulnerabilities.len());
    told
}

impl Watching {
    fn author(&self, actor: &str) -> Author {
        Author { actor: actor.to_owned(), viewer: Viewer::Operator, at: self.life.now }
    }

    fn tick(&mut self) {
        self.life.now = Timestamp(self.life.now.0 + 1_000_000 * (60 + self.life.random.below(90_000) as i64));
    }

    async fn step(&mut self) {
        self.tick();
        match self.life.random.below(100) {
            0..45 => self.life.step().await,
            45..65 => self.advise().await,
            65..85 => self.decide().await,
            85..91 => self.withdraw().await,
            91..95 => self.approve().await,
            _ => self.purge().await,
        }
    }

    /// Advisories come, change, get other names, are withdrawn and taken away.
    async fn advise(&mut self) {
        for _ in 0..=self.life.random.below(3) {
            let id = format!("GHSA-aaaa-aaaa-aaa{}", self.life.random.below(6));
            if self.life.random.chance(10) {
                self.records.remove(&id);
                continue;
            }
            let number = self.life.random.below(3);
            let record = Record {
                alias: self.life.random.chance(60).then(|| format!("CVE-2026-000{number}")),
                package: self.life.random.below(NAMED.len() as u64) as usize,
                versions: VERSIONS
                    .iter()
                    .filter(|_| self.life.random.chance(60))
                    .map(|one| (*one).to_owned())
                    .collect(),
                is_withdrawn: self.life.random.chance(15),
                id: id.clone(),
            };
            if !record.versions.is_empty() {
                self.records.insert(id, record);
            }
        }
        if self.records.is_empty() {
            return;
        }
        let lines: String = self.records.values().map(|record| format!("{}\n", record.to_osv(self.life.now))).collect();
        let path = self.life.folder.path().join("advisories.jsonl");
        std::fs::write(&path, lines).expect("writes");
        let options = options(vec![path], &self.life.now.0.to_string());
        self.life.house.sync_from_paths(&options, self.life.now, &Silent).await.expect("syncs");
    }

    async fn decide(&mut self) {
        let known: Vec<Record> = self.records.values().cloned().collect();
        let Some(record) = self.life.pick(known) else { return };
        let vulnerability = if self.life.random.chance(50) { record.name() } else { &record.id }.to_owned();
        let purl = NAMED[record.package].2;
        let version = self.life.pick(VERSIONS).unwrap_or_default();
        let package = match self.life.random.below(3) {
            0 => String::new(),
            1 => purl.to_owned(),
            _ => format!("{purl}@{version}"),
        };
        let agencies: Vec<String> = self.life.government.agencies.keys().cloned().collect();
        let systems: Vec<String> = self.life.government.systems.keys().cloned().collect();
        let place = match self.life.random.below(4) {
            0 => Some(Place::Government),
            1 => self.life.pick(agencies).map(|agency| Place::Agency(AgencyId(agency))),
            _ => self.life.pick(systems).map(|system| Place::System(SystemId(system))),
        };
        let Some(place) = place else { return };
        let status = self.life.pick(STATUSES).unwrap_or(Status::Affected);
        let expires = self.life.random.chance(30);
        let ruling = Ruling {
            place: place.clone(),
            status,
            justification: (status == Status::NotAffected).then_some(Justification::VulnerableCodeNotPresent),
            reason: "by chance".to_owned(),
            action: String::new(),
            agency: None,
            valid_from: self.life.now,
            review: None,
            expires: expires.then(|| Timestamp(self.life.now.0 + 5 * Timestamp::DAY_US)),
            needs_approval: self.life.random.chance(20),
        };
        let desk = self.life.house.desk(Viewer::Operator, self.life.now).await.expect("a desk");
        let watched = self.life.house.watch(&desk).await.expect("watches");
        let author = self.author("clerk");
        let made = self.life.house.decide(&watched, &author, &vulnerability, &package, &ruling).await.expect("decides");
        let Ruling { expires, needs_approval: waits, .. } = ruling;
        let is_withdrawn = false;
        self.decisions.push(Decided {
            id: made[0],
            vulnerability,
            package,
            place,
            status,
            expires,
            waits,
            is_withdrawn,
        });
    }

    async fn withdraw(&mut self) {
        let standing = (0..self.decisions.len()).filter(|number| !self.decisions[*number].is_withdrawn);
        let Some(number) = self.life.pick(standing.collect::<Vec<_>>()) else { return };
        let (author, id) = (self.author("clerk"), self.decisions[number].id);
        self.life.house.withdraw_decision(&author, id, "it was wrong").await.expect("withdraws");
        self.decisions[number].is_withdrawn = true;
    }

    async fn approve(&mut self) {
        let waiting = (0..self.decisions.len())
            .filter(|number| self.decisions[*number].waits && !self.decisions[*number].is_withdrawn);
        let Some(number) = self.life.pick(waiting.collect::<Vec<_>>()) else { return };
        let (author, id) = (self.author("chief"), self.decisions[number].id);
        self.life.house.approve_decision(&author, id).await.expect("approves");
        self.decisions[number].waits = false;
    }

    /// A document is purged for good: nobody sees it again, as of no moment.
    async fn purge(&mut self) {
        let documents = &self.life.government.documents;
        let kept = (0..documents.len()).filter(|number| !documents[*number].retracted);
        let Some(number) = self.life.pick(kept.collect::<Vec<_>>()) else { return };
        let document = self.life.government.documents.remove(number);
        let (first, second) = (self.author("first"), self.author("second"));
        let name = document.id.to_string();
        self.life.government.purged.push(document);
        let asked = self.life.house.request_purge(&first, &name, "a password").await.expect("asks");
        let tag = format!("purge-{}", self.life.now.0);
        self.life.house.approve_purge(&second, asked.purge, &tag).await.expect("purges");
        // What was found by it before is not told any more.
        self.found.clear();
    }

    async fn check(&mut self) {
        let expected = findings(&self.life.government, &self.records, &self.decisions, self.life.now);
        self.agrees(Viewer::Operator, self.life.now, &expected).await;
        self.found.push((self.life.now, expected.clone()));
        self.agrees(Viewer::Stranger, self.life.now, &BTreeSet::new()).await;
        let agencies: Vec<String> = self.life.government.agencies.keys().cloned().collect();
        for agency in &agencies {
            let own = self.life.government.systems_below(agency);
            let seen = expected.iter().filter(|(system, ..)| own.contains(system)).cloned().collect();
            let agencies = vec![AgencyId(agency.clone())];
            let viewer = Viewer::Agency { agencies, clearance: Classification::Secret };
            self.agrees(viewer, self.life.now, &seen).await;
        }
        if let Some((then, found)) = self.life.pick(self.found.clone()) {
            self.agrees(Viewer::Operator, then, &found).await;
        }
    }

    /// All ways to the findings lead to those expected.
    async fn agrees(&self, viewer: Viewer, at: Timestamp, expected: &BTreeSet<Told>) {
        let about = format!("{viewer:?} as of {at}, asked at {}", self.life.now);
        let desk = self.life.house.desk_as_of(viewer, at, self.life.now).await.expect("a desk");
        let watched = self.life.house.watch(&desk).await.expect("watches");
        assert_eq!(&told(&watched.findings(&desk, &all()).expect("answers")), expected, "{about}");
        let systems: Vec<&str> = desk.snapshot.systems.iter().map(|system| system.id.0.as_str()).collect();
        for system in &systems {
            let query = FindingsQuery { system: Some((*system).to_owned()), ..all() };
            let of_system: BTreeSet<Told> = expected.iter().filter(|told| told.0 == *system).cloned().collect();
            assert_eq!(told(&watched.findings(&desk, &query).expect("answers")), of_system, "{about}: {system}");
        }
        let names: BTreeSet<&str> = expected.iter().map(|(_, _, name, _)| name.as_str()).collect();
        for name in names {
            from_the_vulnerability(&desk, &watched, name, expected, &systems, &about);
        }
    }
}

fn from_the_vulnerability(
    desk: &Desk,
    watched: &Watched,
    name: &str,
    expected: &BTreeSet<Told>,
    systems: &[&str],
    about: &str,
) {
    let wanted: BTreeSet<Told> = expected.iter().filter(|told| told.2 == name).cloned().collect();
    let named = watched.hit(desk, name, 90).expect("answers").names;
    for alias in &named {
        let about = format!("{about}: {alias} of {name}");
        let hit = watched.hit(desk, alias, 90).expect("answers");
        let own = |text: &str| text.to_owned();
        let rows: BTreeSet<Told> =
            hit.rows.iter().map(|row| (own(row.system), own(row.package), own(name), own(row.status))).collect();
        assert_eq!(rows, wanted, "{about}");
        let of = |states: &[&str]| -> BTreeSet<&str> {
            wanted.iter().filter(|told| states.contains(&told.3.as_str())).map(|told| told.0.as_str()).collect()
        };
        let (open, asked) = (of(&["open"]), of(&["under-investigation", "unknown"]));
        let undecided = asked.difference(&open).count() as u64;
        assert_eq!((hit.systems, hit.undecided), (open.len() as u64, undecided), "{about}");
        let query = FindingsQuery { vulnerability: Some(alias.clone()), ..all() };
        assert_eq!(told(&watched.findings(desk, &query).expect("answers")), wanted, "{about}");
        for system in systems {
            let explained = watched.explain(desk, system, alias).expect("explains");
            let states = explained.packages.iter().filter_map(|one| Some((one.package.clone(), own(one.status?))));
            let listed = wanted.iter().filter(|told| told.0 == *system);
            let listed: BTreeSet<(String, String)> = listed.map(|told| (told.1.clone(), told.3.clone())).collect();
            assert_eq!(states.collect::<BTreeSet<_>>(), listed, "{about} in {system}");
            let is_affected = explained.verdict == "affected";
            assert_eq!(is_affected, !listed.is_empty(), "{about} in {system}: {}", explained.verdict);
        }
    }
}

async fn live(seed: u64, steps: usize) {
    println!("seed {seed}; live it again with UNDERPIN_SEED={seed}");
    let life = Life::begin(seed).await;
    let (records, decisions, found) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut watching = Watching { life, records, decisions, found };
    for step in 0..steps {
        watching.step().await;
        if step % 3 == 2 {
            watching.check().await;
        }
    }
    watching.check().await;
    for (then, found) in &watching.found {
        watching.agrees(Viewer::Operator, *then, found).await;
    }
}

#[tokio::test]
async fn systems_and_vulnerabilities_list_each_other_whatever_came_before() {
    match std::env::var("UNDERPIN_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => live(seed, 300).await,
        None => {
            for seed in [1, 2, 3, 4] {
                live(seed, 60).await;
            }
        }
    }
}
