// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Two processes take evidence in at the same moment: no two packages get one number, however they were chosen.

use std::sync::{Arc, Barrier, Mutex};

use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::{AddOptions, Progress};
use underpin_office::{House, Settings};

/// Both have the same first eight bytes of SHA-256.
const PAIR: [&str; 2] = ["pkg:npm/x@0a414b60967ebedb", "pkg:npm/x@d1e612d97ce20170"];

/// Waits once for the other process, when the numbers are given and nothing is committed yet.
struct Meeting(Arc<Barrier>, Mutex<bool>);

impl Progress for Meeting {
    fn advance(&self, _: u64, _: u64) {
        let mut has_met = self.1.lock().expect("a lock");
        if !std::mem::replace(&mut *has_met, true) {
            self.0.wait();
        }
    }
}

async fn take_in(settings: Settings, path: std::path::PathBuf, tag: &str, meeting: Arc<Barrier>) -> u32 {
    let house = House::open(settings).await.expect("a house");
    let options =
        AddOptions { paths: vec![path], actor: "test".to_owned(), tag: tag.to_owned(), ..AddOptions::default() };
    let progress = Meeting(meeting, Mutex::new(false));
    let mut tries = 1;
    // Whoever comes second is told, and runs the same again.
    while let Err(error) = house.add(&options, Timestamp(1_000), &progress).await {
        assert_eq!(error.code, "numbers-taken");
        tries += 1;
    }
    house.close().await;
    tries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pair_with_one_number_becomes_two_packages() {
    let folder = tempfile::tempdir().expect("a folder");
    let meeting = Arc::new(Barrier::new(2));
    let mut running = Vec::new();
    for (number, purl) in PAIR.iter().enumerate() {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
            {{"type":"library","name":"x","purl":"{purl}"}}]}}"#
        );
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, text).expect("written");
        let settings = Settings::embedded(folder.path().join("data"));
        drop(House::open(settings.clone()).await.expect("a house"));
        let meeting = Arc::clone(&meeting);
        running.push(tokio::spawn(async move { take_in(settings, path, &format!("t{number}"), meeting).await }));
    }
    let mut tries = Vec::new();
    for one in running {
        tries.push(one.await.expect("it ends"));
    }
    tries.sort_unstable();
    assert_eq!(tries, [1, 2], "the second to come gets another number");
    let house = House::open_existing(Settings::embedded(folder.path().join("data"))).await.expect("a house");
    let desk = house.desk(Viewer::Operator, Timestamp(2_000)).await.expect("a desk");
    let query = "SELECT count(DISTINCT package_version) AS numbers, count(DISTINCT purl) AS names FROM package_version";
    let found = house.sql(&Arc::new(desk), query).await.expect("an answer").answer;
    let two = underpin_lake::Value::Integer(2);
    assert_eq!(found.rows().expect("rows"), [[two.clone(), two]]);
}
