// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A layer over an index of before gives the answers of an index of all, whatever came since: records added, changed, taken away and
//! withdrawn, several of one identifier, names joined across layers, new feeds, lists of exploited vulnerabilities, products by
//! name, advisories of the office; now and as of every moment before.
//!
//! Each history is decided by its seed, which is printed. `UNDERPIN_SEED=17` lives one history again, and a longer one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use underpin_formats::simulated::Seeded;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::watch::changes::ChangesQuery;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::own::Marking;
use underpin_office::watch::upgrades::UpgradesQuery;

use crate::documents::{Place, author, bom, day};
use crate::watch::{lines, options};

const PACKAGES: [&str; 3] = ["pad-left", "left", "right"];
const VERSIONS: [&str; 3] = ["1.0.0", "1.2.0", "2.0.0"];
const MENDED: [&str; 3] = ["1.1.0", "1.3.0", "3.0.0"];

struct History {
    random: Seeded,
    place: Place,
    now: Timestamp,
    /// Records by file: each is a feed.
    files: BTreeMap<&'static str, Vec<Value>>,
    asked: Vec<(Timestamp, Value)>,
    layered: usize,
    told_times: usize,
}

fn npm_purl(package: &str, version: &str) -> String {
    format!("pkg:npm/{package}@{version}")
}

fn pypi_purl(package: &str, version: &str) -> String {
    format!("pkg:pypi/{package}@{version}")
}

/// Lists that no order is promised of are sorted; rows keep theirs.
fn sort_sources(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| sort_sources(value, key)),
        Value::Array(list) => {
            list.iter_mut().for_each(|value| sort_sources(value, ""));
            if key != "rows" {
                list.sort_by_key(Value::to_string);
            }
        }
        _ => {}
    }
}

impl History {
    async fn begin(seed: u64) -> Self {
        let place = Place::new().await;
        let mut random = Seeded::new(seed);
        for system in ["portal", "mail"] {
            let mut packages: Vec<String> = Vec::new();
            for package in PACKAGES {
                packages.push(npm_purl(package, VERSIONS[random.below(3) as usize]));
                packages.push(pypi_purl(package, VERSIONS[random.below(3) as usize]));
            }
            let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
            let mut document: Value =
                serde_json::from_str(&bom(system, "2026-01-10T00:00:00Z", &packages)).expect("JSON");
            let named = json!({
                "type": "application", "name": "daemon", "version": "1.2.0", "bom-ref": "daemon",
                "cpe": "cpe:2.3:a:acme:daemon:1.2.0:*:*:*:*:*:*:*",
            });
            document["components"].as_array_mut().expect("a list").push(named);
            let file = format!("{system}.json");
            place.add(&[(&file, &document.to_string())], Some(system), "2026-01-11").await;
        }
        Self {
            random,
            place,
            now: day("2026-02-01"),
            files: BTreeMap::new(),
            asked: Vec::new(),
            layered: 0,
            told_times: 0,
        }
    }

    fn pick<'p>(&mut self, list: &[&'p str]) -> &'p str {
        list[self.random.below(list.len() as u64) as usize]
    }

    fn cve(&mut self) -> String {
        format!("CVE-2026-000{}", self.random.below(4))
    }

    fn advisory(&mut self, id: &str, ecosystem: &str) -> Value {
        // Each summary is longer than the last: of two that are as long as each other, either may be told.
        self.told_times += 1;
        let aliases: Vec<String> = (0..self.random.below(3)).map(|_| self.cve()).collect();
        let (package, fixed) = (self.pick(&PACKAGES), self.pick(&MENDED));
        let mut record = json!({
            "id": id, "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z", "aliases": aliases,
            "summary": "too far ".repeat(self.told_times),
            "affected": [{
                "package": { "ecosystem": ecosystem, "name": package },
                "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fixed }] }],
            }],
        });
        if self.random.chance(15) {
            record["withdrawn"] = json!("2026-02-01T00:00:00Z");
        }
        // Of one feed only: of two severities that are as high as each other, either may be told.
        if ecosystem == "npm" && self.random.chance(50) {
            let word = self.pick(&["LOW", "HIGH"]);
            record["database_specific"] = json!({ "severity": word });
        }
        record
    }

    /// A few records of a feed come, change or go.
    async fn advise(&mut self, file: &'static str, ecosystem: &str) {
        let mut records = self.files.remove(file).unwrap_or_default();
        for _ in 0..=self.random.below(3) {
            let id =
                format!("GHSA-aaaa-{}-aaa{}", if ecosystem == "npm" { "aaaa" } else { "bbbb" }, self.random.below(6));
            let at = records.iter().position(|record| record["id"] == id.as_str());
            match at {
                Some(at) if self.random.chance(30) => drop(records.remove(at)),
                Some(at) if self.random.chance(60) => records[at] = self.advisory(&id, ecosystem),
                // Where it is there already, a second one of the same identifier.
                _ => records.push(self.advisory(&id, ecosystem)),
            }
        }
        if !records.is_empty() {
            self.sync(file, lines(&records)).await;
        }
        self.files.insert(file, records);
    }

    async fn exploited(&mut self) {
        let cve = self.cve();
        let list = json!({
            "title": "list", "catalogVersion": "2026.02.01", "dateReleased": self.now.to_string(), "count": 1,
            "vulnerabilities": [{
                "cveID": cve, "vendorProject": "Pads", "product": "pad-left", "vulnerabilityName": "too far",
                "dateAdded": "2026-02-01", "shortDescription": "It pads too far.", "requiredAction": "Update.",
                "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Unknown", "notes": "",
            }],
        });
        self.sync("kev.json", list.to_string()).await;
    }

    async fn product(&mut self) {
        let (cve, fixed) = (self.cve(), self.pick(&MENDED));
        let criteria = json!({
            "vulnerable": true, "criteria": "cpe:2.3:a:acme:daemon:*:*:*:*:*:*:*:*", "versionEndExcluding": fixed,
        });
        let is_about_products = self.random.chance(70);
        let applicability = match is_about_products {
            true => json!([{ "nodes": [{ "operator": "OR", "negate": false, "cpeMatch": [criteria] }] }]),
            false => json!([]),
        };
        let record = json!({
            "dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": { "cveId": cve, "state": "PUBLISHED", "assignerShortName": "pads" },
            "containers": { "cna": { "title": format!("{fixed} is mended"), "cpeApplicability": applicability } },
        });
        self.sync(format!("{cve}.json"), record.to_string()).await;
    }

    /// An advisory of the office, which joins what feeds say under one name.
    async fn publish(&mut self) {
        let id = format!("OWN-{}", self.random.below(3));
        let record = self.advisory(&id, "npm").to_string();
        let mut by = author("clerk", "2026-02-01");
        by.at = self.now;
        self.place.house.publish_advisory(&by, &record, Marking::default()).await.expect("publishes");
    }

    async fn sync(&mut self, file: impl AsRef<std::path::Path>, text: String) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(file);
        std::fs::write(&path, text).expect("writes");
        let options = options(vec![path], &self.now.0.to_string());
        let report = self.place.house.sync_from_paths(&options, self.now, &Silent).await.expect("syncs");
        assert_eq!(report.feeds.len(), 1, "{report:?}");
    }

    async fn step(&mut self) {
        self.now = Timestamp(self.now.0 + Timestamp::DAY_US / 4);
        match self.random.below(100) {
            0..45 => self.advise("npm.jsonl", "npm").await,
            45..70 => self.advise("pypi.jsonl", "PyPI").await,
            70..80 => self.exploited().await,
            80..92 => self.product().await,
            _ => self.publish().await,
        }
    }

    /// All that is told as of a moment, and against an earlier one, with how many layers it was told.
    async fn told(&self, at: Timestamp, before: Option<Timestamp>) -> (Value, usize) {
        let house = &self.place.house;
        let desk = house.desk_as_of(Viewer::Operator, at, self.now).await.expect("a desk");
        let watched = house.watch(&desk).await.expect("watches");
        let query = FindingsQuery { statuses: vec!["all".to_owned()], rows: 1_000, ..FindingsQuery::default() };
        let mut told = vec![json!(watched.findings(&desk, &query).expect("answers"))];
        let mut names: Vec<String> = watched.vulnerabilities.iter().map(|one| one.name.clone()).collect();
        names.extend(watched.layers.advisories().map(|(_, advisory)| advisory.id().to_owned()));
        names.sort_unstable();
        names.dedup();
        for name in &names {
            told.push(json!(watched.hit(&desk, name, 90).expect("answers")));
            for system in ["portal", "mail"] {
                told.push(json!(watched.explain(&desk, system, name).expect("explains")));
            }
        }
        let query = UpgradesQuery { rows: 1_000, ..UpgradesQuery::default() };
        told.push(json!(watched.upgrades(&desk, &query).expect("advises")));
        if let Some(before) = before.filter(|before| *before < at) {
            let older = house.desk_as_of(Viewer::Operator, before, self.now).await.expect("a desk");
            let query = ChangesQuery { rows: 1_000, ..ChangesQuery::default() };
            told.push(json!(house.watch_changes(&older, &desk, &query).await.expect("compares")));
        }
        // When feeds were last looked at and the number of the snapshot are those of today, whatever the moment.
        for told in told.iter_mut().filter_map(Value::as_object_mut) {
            told.remove("freshness");
            told.remove("snapshot");
        }
        told.iter_mut().for_each(|told| sort_sources(told, ""));
        (Value::Array(told), watched.compiled.indexes.len())
    }

    /// What is told from layers is what is told without anything that was compiled before.
    async fn check(&mut self) {
        let moments: Vec<Timestamp> = self.asked.iter().map(|(at, _)| *at).collect();
        let before = (!moments.is_empty()).then(|| moments[self.random.below(moments.len() as u64) as usize]);
        if self.random.chance(50) {
            // As another process, which knows only the files.
            self.place.house.forget_compiled();
        }
        let (layered, layers) = self.told(self.now, before).await;
        self.layered += usize::from(layers > 1);
        let index = self.place.settings.store_folder().join("index");
        let aside = self.place.folder.path().join("aside");
        if index.exists() {
            std::fs::rename(&index, &aside).expect("moves");
        }
        self.place.house.forget_compiled();
        let (whole, one) = self.told(self.now, None).await;
        assert_eq!(one, 1);
        let (whole_with_changes, _) = self.told(self.now, before).await;
        assert_eq!(whole.as_array().map(|told| told[0].clone()), layered.as_array().map(|told| told[0].clone()));
        assert_eq!(layered, whole_with_changes, "as of {}", self.now);
        if aside.exists() && self.random.chance(90) {
            if index.exists() {
                std::fs::remove_dir_all(&index).expect("removes");
            }
            std::fs::rename(&aside, &index).expect("moves");
            self.place.house.forget_compiled();
        } else if aside.exists() {
            std::fs::remove_dir_all(&aside).expect("removes");
        }
        self.asked.push((self.now, whole));
    }
}

async fn live(seed: u64, steps: usize) {
    println!("seed {seed}; live it again with UNDERPIN_SEED={seed}");
    let mut history = History::begin(seed).await;
    for _ in 0..steps {
        history.step().await;
        if history.random.chance(60) {
            history.check().await;
        }
    }
    history.check().await;
    assert!(history.layered * 2 > history.asked.len(), "{} of {}", history.layered, history.asked.len());
    for (at, told) in &history.asked {
        let at = *at;
        assert_eq!(&history.told(at, None).await.0, told, "as of {at}");
    }
}

#[tokio::test]
async fn layers_tell_what_one_index_tells() {
    match std::env::var("UNDERPIN_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => live(seed, 200).await,
        None => {
            for seed in [1, 2, 3] {
                live(seed, 25).await;
            }
        }
    }
}
