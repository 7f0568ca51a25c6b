// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `kill -9` of the served house while many programs hand in. What was acknowledged is there afterwards, and nothing needs repair.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::house::House;
use crate::serving::Served;

const KILLS: u64 = 5;
const UPLOADERS: usize = 8;
/// Acknowledgements that are waited for before a kill.
const WAITED_FOR: usize = 6;

/// Another SBOM for each number.
fn sbom(number: u32) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
        {{"type":"library","name":"left-pad","version":"1.0.{number}","purl":"pkg:npm/left-pad@1.0.{number}"}}]}}"#
    )
}

/// Hands one document in as a plugin does. Gives the number under which it was acknowledged; nothing when the house went away.
fn hand_in(address: &str, token: &str, number: u32) -> Option<String> {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"projectName\"\r\n\r\nservice {}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"autoCreate\"\r\n\r\ntrue\r\n\
         --x\r\nContent-Disposition: form-data; name=\"parentName\"\r\n\r\ntreasury\r\n\
         --x\r\nContent-Disposition: form-data; name=\"bom\"; filename=\"bom.json\"\r\n\r\n{}\r\n--x--\r\n",
        number % 10,
        sbom(number)
    );
    let request = format!(
        "POST /api/v1/bom HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-api-key: {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    // An answer that was cut off acknowledges nothing.
    let answer: Value = serde_json::from_str(body).ok()?;
    Some(answer["documents"][0]["document"].as_str().expect("a document").to_owned())
}

fn documents(house: &House) -> BTreeSet<String> {
    let query = "SELECT catalogue.document AS document, count(DISTINCT document.document) AS facts, \
                 count(DISTINCT occurrence.package_version) AS uses, count(DISTINCT binding.system) AS systems \
                 FROM catalogue LEFT JOIN document ON document.document = catalogue.document \
                 LEFT JOIN occurrence ON occurrence.document = catalogue.document \
                 LEFT JOIN binding ON binding.document = catalogue.document \
                 WHERE catalogue.path LIKE 'uploads/%' GROUP BY catalogue.document";
    let whole = |row: &Value| {
        let counts = ["facts", "uses", "systems"].map(|name| row[name].as_i64());
        assert_eq!(counts, [Some(1), Some(1), Some(1)], "half visible: {row}");
        format!("D{}", row["document"].as_i64().expect("a number"))
    };
    house.sql(query).iter().map(whole).collect()
}

#[test]
fn a_killed_house_has_everything_that_it_acknowledged() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    let service = ["people", "service", "builder", "--name", "Build server", "--role", "owner", "--agency", "treasury"];
    house.json(&service);
    let made = house.json(&["people", "token", "make", "builder", "--name", "ci", "--scope", "work"]);
    let token = made["secret"].as_str().expect("a secret");
    let (next, acknowledged) = (AtomicU32::new(0), Mutex::new(BTreeSet::new()));
    for kill in 0..KILLS {
        let mut served = Served::start(&house, &["serve", "--listen", "127.0.0.1:0"]);
        let (address, is_over) = (served.address().to_owned(), AtomicBool::new(false));
        let before = acknowledged.lock().expect("a lock").len();
        std::thread::scope(|scope| {
            for _ in 0..UPLOADERS {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        if let Some(document) = hand_in(&address, token, next.fetch_add(1, Ordering::Relaxed)) {
                            let is_new = acknowledged.lock().expect("a lock").insert(document);
                            assert!(is_new, "a number is given once");
                        }
                    }
                });
            }
            while acknowledged.lock().expect("a lock").len() < before + WAITED_FOR {
                std::thread::sleep(Duration::from_millis(1));
            }
            // Each time at another moment of a batch.
            std::thread::sleep(Duration::from_millis(kill * 17));
            served.kill();
            is_over.store(true, Ordering::Relaxed);
        });
        let there = documents(&house);
        let known = acknowledged.lock().expect("a lock");
        let lost: Vec<&String> = known.difference(&there).collect();
        let all = || house.sql("SELECT document, path, state, learned FROM catalogue ORDER BY document DESC LIMIT 20");
        assert!(lost.is_empty(), "kill {kill}: lost {lost:?} of {}; the newest: {:?}", known.len(), all());
    }
    let count = acknowledged.lock().expect("a lock").len();
    println!("{KILLS} kills, {count} documents acknowledged by then, none lost");
    let health = house.run(&["doctor", "--deep"]);
    assert_eq!(health.code, Some(0), "only notices of left-over files: {health:?}");
    assert_eq!(house.run(&["rebuild", "--check"]).code, Some(0));
    assert_eq!(house.run(&["audit", "verify"]).code, Some(0), "the chain is whole");
}
