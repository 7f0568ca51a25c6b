// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `kill -9` in the middle of `watch sync`: the old state stays whole, and the next sync goes on.

use std::time::{Duration, Instant};

use serde_json::json;
use underpin_testkit::server::{Reply, Server};

use crate::house::House;
use crate::sources::{found, house, outcomes, record, serve, zipped};

/// Waits until the server was asked for a path.
fn asked(server: &Server, path: &str) {
    let began = Instant::now();
    while !server.asked().iter().any(|asked| asked.path == path) {
        assert!(began.elapsed() < Duration::from_secs(60), "{path} was not asked for");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A second version of the npm advisories: as many more as given.
fn change(server: &Server, more: usize) -> Vec<u8> {
    let mut changes = String::new();
    let texts: Vec<(String, String)> = (0..more)
        .map(|number| {
            let id = format!("GHSA-more-more-{number:04}");
            changes.push_str(&format!("2026-03-01T00:00:00Z,{id}\n"));
            (format!("{id}.json"), record(&id, &[], "good", "1.0.0"))
        })
        .collect();
    server.on("/osv/npm/modified_id.csv", [Reply::ok(changes).etag("osv-2")]);
    zipped(&texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn left(house: &House) -> Vec<String> {
    let entries = std::fs::read_dir(house.path("data")).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("downloads-")).collect()
}

#[test]
fn a_sync_that_is_killed_in_a_download_leaves_the_old_state_and_the_next_goes_on_where_it_broke() {
    let server = serve();
    let house = house(&server);
    house.json(&["watch", "sync"]);
    let (before, status) = (found(&house), house.json(&["watch", "status"]));
    let archive = change(&server, 3000);
    let half = archive.len() / 2;
    let whole = || Reply::ok(archive.clone()).etag("all-2").with_ranges();
    server.on("/osv/npm/all.zip", [whole().stalling_after(half, Duration::from_secs(60)), whole()]);
    server.take_paths();
    let mut victim = house.command(&["watch", "sync", "osv/npm"]).spawn().expect("the binary runs");
    asked(&server, "/osv/npm/all.zip");
    // What was sent before the stall must have arrived.
    let came = || {
        let name = left(&house).into_iter().next()?;
        let files = std::fs::read_dir(house.path("data").join(name)).ok()?.flatten();
        let sizes = files.filter(|file| file.file_name().to_string_lossy().ends_with(".partial"));
        sizes.filter_map(|file| file.metadata().ok()).map(|about| about.len()).max()
    };
    let began = Instant::now();
    while came() != Some(half as u64) {
        assert!(began.elapsed() < Duration::from_secs(60), "{:?} of {half} came", came());
        std::thread::sleep(Duration::from_millis(5));
    }
    victim.kill().expect("killed");
    victim.wait().expect("ends");
    assert_eq!(found(&house), before);
    let editions = |status: &serde_json::Value| {
        let feeds = status["feeds"].as_array().expect("feeds");
        feeds.iter().map(|feed| (feed["feed"].clone(), feed["edition"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(editions(&house.json(&["watch", "status"])), editions(&status));
    assert_eq!(house.run(&["doctor"]).code, Some(0));
    server.take_paths();
    let next = house.run(&["watch", "sync", "osv/npm", "--format", "json"]);
    assert_eq!(next.code, Some(0), "{next:?}");
    let range = server.asked().into_iter().find(|asked| asked.path == "/osv/npm/all.zip").expect("asked");
    assert_eq!(range.headers.get("range"), Some(&format!("bytes={half}-")), "{range:?}");
    assert_eq!(found(&house).len(), 3000);
    assert_eq!(left(&house), Vec::<String>::new());
}

#[test]
fn kills_at_any_moment_leave_the_old_state_or_the_new_one() {
    const KILLS: u64 = 8;
    let server = serve();
    let house = house(&server);
    house.json(&["watch", "sync"]);
    let (old, archive) = (found(&house), change(&server, 2000));
    server.on("/osv/npm/all.zip", [Reply::ok(archive)]);
    let mut interrupted = 0;
    for kill in 0..KILLS {
        let mut victim = house.command(&["watch", "sync", "osv/npm"]).spawn().expect("the binary runs");
        asked(&server, "/osv/npm/all.zip");
        server.take_paths();
        std::thread::sleep(Duration::from_millis(kill * 40));
        victim.kill().expect("killed");
        victim.wait().expect("ends");
        let now = found(&house);
        interrupted += u64::from(now == old);
        assert!(now == old || now.len() == 2000, "kill {kill}: {} findings", now.len());
        if now != old {
            break;
        }
    }
    println!("{interrupted} of at most {KILLS} kills before the end");
    assert!(interrupted > 0);
    let last = house.json(&["watch", "sync", "osv/npm"]);
    let outcome = &outcomes(&last)[0].1;
    assert!(["new-edition", "unchanged"].contains(&outcome.as_str()), "{last}");
    assert_eq!((found(&house).len(), left(&house).len()), (2000, 0));
    assert_eq!(house.json(&["watch", "sync", "osv/npm"])["feeds"][0]["outcome"], json!("unchanged"));
}
