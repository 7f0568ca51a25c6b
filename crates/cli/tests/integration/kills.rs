// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `kill -9` at random moments of a bulk intake. What was acknowledged is there, nothing is half visible, no repair is
//! needed, and the same command again completes the work to the answers of an undisturbed run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use serde_json::Value;

use crate::documents::estate;
use crate::house::House;

const DOCUMENTS: usize = 120;
const KILLS: usize = 20;
const SEED: u64 = 0x5eed_2026;

const ADD: [&str; 4] = ["add", "estate", "--as-systems", "office"];

/// A small generator: the same moments in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn house() -> House {
    let house = House::with_limits("batch_documents = 2\nsmall_segments = 12");
    for (name, bytes) in estate(DOCUMENTS) {
        house.write(&name, &bytes);
    }
    house
}

/// Starts the intake, kills it, and gives the documents it acknowledged.
fn killed(house: &House, random: &mut Random) -> Vec<i64> {
    let mut victim = house.command(&[&ADD[..], &["--acknowledge"]].concat()).spawn().expect("the binary runs");
    let mut lines = BufReader::new(victim.stderr.take().expect("its errors")).lines();
    let wait_for = random.below(4);
    let mut said: Vec<String> = lines.by_ref().take(wait_for as usize).map_while(Result::ok).collect();
    // Without a line to wait for, any moment from the start of the process on.
    std::thread::sleep(Duration::from_millis(random.below(if wait_for == 0 { 400 } else { 60 })));
    victim.kill().expect("killed");
    said.extend(lines.map_while(Result::ok));
    victim.wait().expect("it ends");
    let batches = said.iter().map(|line| serde_json::from_str::<Value>(line).expect("an acknowledgement"));
    batches
        .flat_map(|batch| {
            let documents = batch["documents"].as_array().expect("documents");
            documents.iter().map(|document| document.as_i64().expect("a number")).collect::<Vec<_>>()
        })
        .collect()
}

/// Documents in the catalogue; each must have its facts once, a binding, and all its uses.
fn whole_documents(house: &House) -> Option<BTreeSet<i64>> {
    let query = "SELECT catalogue.document AS document, count(DISTINCT document.document) AS facts, \
                 count(occurrence.package_version) AS uses, count(DISTINCT binding.system) AS systems \
                 FROM catalogue LEFT JOIN document ON document.document = catalogue.document \
                 LEFT JOIN occurrence ON occurrence.document = catalogue.document \
                 LEFT JOIN binding ON binding.document = catalogue.document GROUP BY catalogue.document";
    let answer = house.run(&["sql", query, "--format", "ndjson", "--quiet"]);
    if answer.code == Some(2) && answer.error_code() == "no-data" {
        return None;
    }
    assert_eq!((answer.code, answer.stderr.as_str()), (Some(0), ""), "it needs repair");
    let rows = answer.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a row"));
    let documents = rows.map(|row| {
        let counts = ["facts", "uses", "systems"].map(|name| row[name].as_i64());
        assert_eq!(counts, [Some(1), Some(8), Some(1)], "half visible: {row}");
        row["document"].as_i64().expect("a number")
    });
    Some(documents.collect())
}

/// Answers without what tells one run from another: document numbers, snapshot, time.
fn answers(house: &House) -> BTreeMap<&'static str, Value> {
    let questions: [(&str, &[&str]); 4] = [
        ("where", &["where", "shared-*"]),
        ("what", &["what", "office"]),
        ("system", &["what", "service-7"]),
        ("coverage", &["coverage"]),
    ];
    let mut answers = BTreeMap::new();
    for (name, question) in questions {
        let mut answer = house.json(question);
        strip(&mut answer);
        answers.insert(name, answer);
    }
    answers
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["documents", "document", "document_ids", "snapshot", "as_of"] {
                if fields.get(name).is_some_and(|field| !field.is_u64() || name != "documents") {
                    fields.remove(name);
                }
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn twenty_kills_lose_nothing_that_was_acknowledged() {
    let house = house();
    let mut random = Random(SEED);
    let mut acknowledged: BTreeSet<i64> = BTreeSet::new();
    let mut interrupted = 0;
    for kill in 0..KILLS {
        acknowledged.extend(killed(&house, &mut random));
        let Some(there) = whole_documents(&house) else {
            assert_eq!(acknowledged.len(), 0, "kill {kill}: the ledger is gone");
            continue;
        };
        let lost: Vec<&i64> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "kill {kill}: lost {lost:?}");
        interrupted += usize::from(there.len() < DOCUMENTS);
    }
    println!("{KILLS} kills, {interrupted} of them before the end, {} documents acknowledged", acknowledged.len());
    assert!(!acknowledged.is_empty() && interrupted >= KILLS / 2, "{interrupted} interruptions");
    let rest = house.json(&ADD);
    let sum = rest["accepted"].as_u64().zip(rest["duplicates"].as_u64()).map(|(new, known)| new + known);
    assert_eq!(sum, Some(DOCUMENTS as u64));
    assert_eq!(whole_documents(&house).map(|there| there.len()), Some(DOCUMENTS));
    let undisturbed = self::house();
    undisturbed.json(&ADD);
    let expected = answers(&undisturbed);
    assert!(expected["where"]["occurrences"].as_u64() > Some(0), "{expected:?}");
    assert_eq!(answers(&house), expected);
    let health = house.run(&["doctor", "--deep"]);
    assert_eq!(health.code, Some(0), "only notices of left-over files: {health:?}");
    assert_eq!(house.run(&["rebuild", "--check"]).code, Some(0));
}
