// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Watching over a network: a server on this machine plays the sources.

use std::io::Write as _;
use std::sync::Arc;

use serde_json::json;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::watch::fetch::{HostPermit, Network, Outside, System};
use underpin_office::watch::sync::{SyncOptions, SyncReport};
use underpin_testkit::server::{Reply, Server};

use crate::documents::{Place, day};
use crate::watch::{found, options, place, record};

/// A zip archive with these files.
fn zipped(files: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begins");
        archive.write_all(text.as_bytes()).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

pub fn network(server: &Server, sources: &[&str]) -> Network {
    let permit = HostPermit { plain_http: true, private_addresses: true, ports: [server.port()].into() };
    let address = |path: &str| server.address("127.0.0.1", path);
    Network {
        sources: sources.iter().map(|name| (*name).to_owned()).collect(),
        addresses: [
            ("kev", "/kev.json"),
            ("euvd", "/euvd.json"),
            ("epss", "/epss.csv"),
            ("endoflife", "/life.zip"),
            ("osv", "/osv/"),
        ]
        .map(|(feed, path)| (feed.to_owned(), address(path)))
        .into(),
        permits: [("127.0.0.1".to_owned(), permit)].into(),
        ..Network::default()
    }
}

fn now() -> Timestamp {
    day("2026-02-02")
}

pub async fn fetch(
    place: &Place,
    network: &Network,
    options: &SyncOptions,
    at: &str,
) -> Result<SyncReport, underpin_office::OfficeError> {
    let outside = Outside { edge: Arc::new(System { now }), environment: &|_| None };
    place.house.sync_from_network(options, network, outside, day(at), &Silent).await
}

fn outcomes(report: &SyncReport) -> Vec<(&str, &str)> {
    report.feeds.iter().map(|feed| (feed.feed.as_str(), feed.outcome.as_str())).collect()
}

fn kev(server: &Server) {
    let list = json!({
        "title": "list", "catalogVersion": "2026.02.01", "dateReleased": "2026-02-01T10:00:00Z", "count": 1,
        "vulnerabilities": [{
            "cveID": "CVE-2026-0001", "vendorProject": "Pads", "product": "pad-left", "vulnerabilityName": "too far",
            "dateAdded": "2026-02-01", "shortDescription": "It pads too far.", "requiredAction": "Update.",
            "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Unknown", "notes": "",
        }],
    });
    server.on("/kev.json", [Reply::ok(list.to_string()).etag("kev-1")]);
}

fn osv(server: &Server) {
    let first = record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0").to_string();
    server.on("/osv/ecosystems.txt", [Reply::ok("PyPI\nnpm\n")]);
    server.on("/osv/npm/modified_id.csv", [Reply::ok("2026-02-01T00:00:00Z,GHSA-aaaa-bbbb-cccc\n").etag("list-1")]);
    server.on("/osv/npm/all.zip", [Reply::ok(zipped(&[("GHSA-aaaa-bbbb-cccc.json", first)]))]);
}

#[tokio::test]
async fn what_is_in_use_is_fetched_and_a_broken_feed_stops_no_other_one() {
    let (place, server) = (place().await, Server::start());
    kev(&server);
    osv(&server);
    // Without a list of sources: what is in use of OSV (npm), and four lists, of which three are not there.
    let network = network(&server, &[]);
    let report = fetch(&place, &network, &options(Vec::new(), "a"), "2026-02-02").await.expect("syncs");
    let expected = [
        ("osv/npm", "new-edition"),
        ("kev", "new-edition"),
        ("euvd", "not-found"),
        ("epss", "not-found"),
        ("endoflife", "not-found"),
    ];
    assert_eq!(outcomes(&report), expected);
    assert_eq!(report.failed(), 3);
    assert!(report.feeds[2].faults[0].place.ends_with("/euvd.json"), "{:?}", report.feeds[2].faults);
    assert_eq!(found(&place, "2026-02-03").await.len(), 1);
    let desk = place.desk("2026-02-03").await;
    let fresh = desk.freshness().await.expect("answers");
    let told = |feed: &str| fresh.feeds.iter().find(|age| age.feed == feed).expect("is told");
    assert_eq!((told("euvd").looked, told("euvd").outcome.as_str()), (None, "not-found"));
    assert_eq!(told("kev").stated, Some("2026-02-01T10:00:00Z".parse().expect("a moment")));

    // Nothing new: asked with what was learned, and nothing is downloaded again.
    server.take_paths();
    let again = fetch(&place, &network, &options(Vec::new(), "b"), "2026-02-05").await.expect("syncs");
    assert_eq!(outcomes(&again)[..2], [("osv/npm", "unchanged"), ("kev", "unchanged")]);
    assert!(!server.take_paths().contains(&"/osv/npm/all.zip".to_owned()));
    let fresh = place.desk("2026-02-05").await.freshness().await.expect("answers");
    assert!(fresh.feeds.iter().filter(|age| age.edition.is_some()).all(|age| age.age_days == Some(0)), "{fresh:?}");
    // No downloads are left behind.
    let left = std::fs::read_dir(&place.settings.data).expect("a folder").flatten();
    let left: Vec<_> =
        left.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy().contains("download")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn only_the_changed_record_is_fetched_and_a_feed_that_breaks_keeps_what_it_said() {
    let (place, server) = (place().await, Server::start());
    kev(&server);
    osv(&server);
    let network = network(&server, &["kev", "osv/npm"]);
    fetch(&place, &network, &options(Vec::new(), "a"), "2026-02-02").await.expect("syncs");
    let second = record("GHSA-dddd-eeee-ffff", &["CVE-2026-0002"], "pad-left", "1.9.0").to_string();
    let list = "2026-02-04T00:00:00Z,GHSA-dddd-eeee-ffff\n2026-02-01T00:00:00Z,GHSA-aaaa-bbbb-cccc\n";
    server.on("/osv/npm/modified_id.csv", [Reply::ok(list).etag("list-2")]);
    server.on("/osv/npm/GHSA-dddd-eeee-ffff.json", [Reply::ok(second)]);
    let first = record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0").to_string();
    server.on("/osv/npm/GHSA-aaaa-bbbb-cccc.json", [Reply::ok(first)]);
    server.on("/kev.json", [Reply::ok("{\"count\": 7, \"vulnerabilities\": []}").etag("kev-2")]);
    server.take_paths();
    let report = fetch(&place, &network, &options(Vec::new(), "b"), "2026-02-05").await.expect("syncs");
    assert_eq!(outcomes(&report), [("osv/npm", "new-edition"), ("kev", "bad-answer")]);
    assert_eq!((report.feeds[0].added, report.feeds[0].removed), (1, 0));
    assert!(!server.take_paths().contains(&"/osv/npm/all.zip".to_owned()));
    assert_eq!(found(&place, "2026-02-06").await.len(), 3);
    let fresh = place.desk("2026-02-06").await.freshness().await.expect("answers");
    let kev = fresh.feeds.iter().find(|age| age.feed == "kev").expect("is told");
    assert_eq!((kev.looked, kev.outcome.as_str(), kev.is_stale), (Some(day("2026-02-02")), "bad-answer", true));
}

#[tokio::test]
async fn what_cannot_be_fetched_at_all_is_said_with_a_hint() {
    let (place, server) = (place().await, Server::start());
    let code = async |network: &Network, sources: &[&str], viewer: Viewer| {
        let sources = sources.iter().map(|name| (*name).to_owned()).collect();
        let options = SyncOptions { sources, viewer, ..options(Vec::new(), "x") };
        let error = fetch(&place, network, &options, "2026-02-02").await.expect_err("is refused");
        assert!(!error.hint.is_empty(), "{error:?}");
        error.code
    };
    let network = network(&server, &["kev"]);
    assert_eq!(code(&network, &["weather"], Viewer::Operator).await, "unknown-source");
    assert_eq!(code(&network, &["kev/part"], Viewer::Operator).await, "unknown-source");
    assert_eq!(code(&network, &["csaf"], Viewer::Operator).await, "nothing-to-fetch");
    assert_eq!(code(&network, &["kev"], Viewer::Stranger).await, "not-allowed");
}
