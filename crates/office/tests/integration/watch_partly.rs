// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deliveries of which a part cannot be read: that part keeps what was known of it, and what is truly gone goes.

use std::io::Write as _;

use underpin_office::intake::Silent;
use underpin_office::watch::sync::FeedReport;

use crate::documents::{Place, day};
use crate::watch::{found, options, place, record};

const NAMES: [&str; 3] = ["GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb", "GHSA-cccc-cccc-cccc"];

fn texts() -> Vec<String> {
    NAMES.iter().map(|name| record(name, &[], "pad-left", "1.3.0").to_string()).collect()
}

/// A zip archive with these files.
fn zipped(files: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("begins");
        archive.write_all(text.as_bytes()).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

async fn take(place: &Place, name: &str, bytes: &[u8], at: &str) -> FeedReport {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writes");
    let report = place.house.sync_from_paths(&options(vec![path], at), day(at), &Silent).await.expect("syncs");
    report.feeds.into_iter().next().expect("a feed")
}

/// The advisories that still find something.
async fn left(place: &Place, at: &str) -> Vec<String> {
    let of = |line: String| line.split(' ').nth(2).map(str::to_owned);
    let mut left: Vec<String> = found(place, at).await.into_iter().filter_map(of).collect();
    left.sort();
    left.dedup();
    left
}

#[tokio::test]
async fn a_damaged_line_keeps_its_record_and_no_other_one() {
    let lines = |texts: &[String]| texts.join("\n") + "\n";
    let [a, b, c] = <[String; 3]>::try_from(texts()).expect("three");
    // The first is damaged behind its identifier, the second is gone, the third is there.
    let damaged = format!("{{\"id\":\"{}\",\"affected\":[", NAMES[0]);
    let nameless = "{\"affected\":[".to_owned();
    let other = record("GHSA-dddd-dddd-dddd", &[], "pad-right", "1").to_string();
    for (name, after, removed, expected) in [
        ("known by its identifier", vec![damaged.clone(), c.clone()], 1, vec![NAMES[0], NAMES[2]]),
        ("known by nothing", vec![nameless, c.clone()], 0, NAMES.to_vec()),
        ("twice, and once well", vec![damaged, a.clone(), b.clone(), c.clone(), other], 0, NAMES.to_vec()),
        ("whole", vec![c.clone()], 2, vec![NAMES[2]]),
    ] {
        let place = place().await;
        take(&place, "npm.jsonl", lines(&[a.clone(), b.clone(), c.clone()]).as_bytes(), "2026-02-02").await;
        let report = take(&place, "npm.jsonl", lines(&after).as_bytes(), "2026-02-03").await;
        assert_eq!((report.removed, report.refused), (removed, u64::from(name != "whole")), "{name}: {report:?}");
        assert_eq!(left(&place, "2026-02-04").await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_known_by_its_name_where_names_fit() {
    let archive = |files: &[(&str, &str)]| {
        zipped(&files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Vec<_>>())
    };
    let [a, b, c] = <[String; 3]>::try_from(texts()).expect("three");
    let file = |at: usize| format!("{}.json", NAMES[at]);
    let (first, second, third) = (file(0), file(1), file(2));
    let whole = archive(&[(&first, &a), (&second, &b), (&third, &c)]);
    for (name, after, removed, expected) in [
        ("by its name", archive(&[(&first, "{{{"), (&third, &c)]), 1, vec![NAMES[0], NAMES[2]]),
        ("emptied", archive(&[(&first, ""), (&third, &c)]), 1, vec![NAMES[0], NAMES[2]]),
        ("names that fit nothing", archive(&[("1.json", "{\"a\":"), ("3.json", &c)]), 0, NAMES.to_vec()),
    ] {
        let place = place().await;
        take(&place, "npm.zip", &whole, "2026-02-02").await;
        // In a folder, what is no record of a known source is no part of the feed; so the archive is read as it is fetched.
        let report = fetched(&place, &after, "2026-02-03").await;
        assert_eq!((report.removed, report.refused), (removed, 1), "{name}: {report:?}");
        assert_eq!(left(&place, "2026-02-04").await, expected, "{name}");
    }
}

/// Takes an archive of npm advisories over the network.
async fn fetched(place: &Place, archive: &[u8], at: &str) -> FeedReport {
    use underpin_testkit::server::{Reply, Server};

    let server = Server::start();
    server.on("/osv/npm/all.zip", [Reply::ok(archive)]);
    let network = crate::watch_network::network(&server, &["osv/npm"]);
    let report = crate::watch_network::fetch(place, &network, &options(Vec::new(), at), at).await.expect("syncs");
    report.feeds.into_iter().next().expect("a feed")
}
