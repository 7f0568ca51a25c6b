// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Two processes that take evidence in at once, and readers meanwhile: nothing twice, nothing lost, nobody waits.

use std::process::Child;

use serde_json::Value;

use crate::documents::estate;
use crate::house::{Done, House, done};

const DOCUMENTS: usize = 40;

/// Documents in the catalogue, and the same with facts: in one question they must be equal, always.
const WHOLE: &str = "SELECT (SELECT count(*) FROM catalogue WHERE state = 'accepted') AS known, \
                     (SELECT count(*) FROM document) AS facts, (SELECT count(DISTINCT document) FROM binding) AS bound";

fn adding(house: &House, paths: &[&str]) -> Child {
    let fixed = ["add", "--as-systems", "office", "--format", "json"];
    house.command(&[&fixed[..1], paths, &fixed[1..]].concat()).spawn().expect("the binary runs")
}

fn sum(reports: &[Value], name: &str) -> u64 {
    reports.iter().map(|report| report[name].as_u64().expect("a count")).sum()
}

/// Asks until all writers have ended. Gives the number of documents that each answer saw.
fn read_meanwhile(house: &House, writers: &mut [Child]) -> Vec<u64> {
    let mut seen = Vec::new();
    loop {
        let ended = writers.iter_mut().all(|writer| writer.try_wait().expect("a process").is_some());
        let answer = house.run(&["sql", WHOLE, "--format", "ndjson"]);
        if answer.code == Some(2) && answer.error_code() == "no-data" && seen.is_empty() && !ended {
            continue;
        }
        assert_eq!(answer.code, Some(0), "a reader was disturbed: {answer:?}");
        let row: Value = serde_json::from_str(&answer.stdout).expect("a row");
        assert_eq!((&row["known"], &row["known"]), (&row["facts"], &row["bound"]), "half visible: {row}");
        seen.push(row["known"].as_u64().expect("a number"));
        if ended {
            return seen;
        }
    }
}

#[test]
fn two_writers_and_a_reader_at_once() {
    let house = House::with_limits("batch_documents = 3\nsmall_segments = 4");
    for (name, bytes) in estate(DOCUMENTS) {
        house.write(&name, &bytes);
        if name.ends_with("0.cdx.json") {
            // Some are handed in twice by the same process, too.
            house.write(&format!("again/{name}"), &bytes);
        }
    }
    let mut writers = [adding(&house, &["estate", "again"]), adding(&house, &["again", "estate"])];
    let seen = read_meanwhile(&house, &mut writers);
    assert!(seen.is_sorted(), "{seen:?}");
    let reports: Vec<Value> =
        writers.into_iter().map(|writer| done(writer.wait_with_output().expect("output")).answer()).collect();
    let all = DOCUMENTS as u64;
    assert_eq!(sum(&reports, "accepted"), all, "{reports:?}");
    assert_eq!(sum(&reports, "duplicates"), all + 8);
    assert_eq!(sum(&reports, "documents"), 2 * (all + 4));
    assert_eq!(sum(&reports, "occurrences"), all * 8);
    let originals = house.number("SELECT count(DISTINCT evidence) FROM catalogue");
    assert_eq!((house.number("SELECT count(*) FROM catalogue"), originals), (DOCUMENTS as i64, DOCUMENTS as i64));
    assert_eq!(house.number("SELECT count(*) FROM binding"), DOCUMENTS as i64);
    let health = house.run(&["doctor", "--deep"]);
    assert_eq!(health.code, Some(0), "{health:?}");
}

#[test]
fn rebuilding_and_compacting_disturb_neither_writers_nor_readers() {
    let house = House::with_limits("batch_documents = 3\nsmall_segments = 100");
    let documents = estate(DOCUMENTS);
    let (first, second) = documents.split_at(DOCUMENTS / 2);
    first.iter().for_each(|(name, bytes)| drop(house.write(&format!("first/{name}"), bytes)));
    second.iter().for_each(|(name, bytes)| drop(house.write(&format!("second/{name}"), bytes)));
    house.json(&["add", "first", "--as-systems", "office"]);
    let rebuild = house.command(&["rebuild", "--format", "json"]).spawn().expect("the binary runs");
    let compact = house.command(&["compact", "--format", "json"]).spawn().expect("the binary runs");
    let mut workers = [adding(&house, &["second"]), rebuild, compact];
    let seen = read_meanwhile(&house, &mut workers);
    assert!(seen.is_sorted() && seen.iter().all(|count| *count >= first.len() as u64), "{seen:?}");
    let answers: Vec<Done> =
        workers.into_iter().map(|worker| done(worker.wait_with_output().expect("output"))).collect();
    assert_eq!(answers[0].answer()["accepted"].as_u64(), Some(second.len() as u64));
    assert_eq!(answers[1].answer()["replaced"].as_bool(), Some(true));
    answers[2].answer();
    let check = house.json(&["rebuild", "--check"]);
    assert_eq!((check["documents"].as_u64(), &check["before"]), (Some(DOCUMENTS as u64), &check["after"]));
    assert_eq!(house.run(&["doctor", "--deep"]).code, Some(0));
}
