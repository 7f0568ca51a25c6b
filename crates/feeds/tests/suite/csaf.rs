// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CSAF providers: how they are found, and which documents they offer.

use sha2::{Digest, Sha256, Sha512};
use underpin_feeds::{Code, Delivery, FeedError, Validators, csaf};
use underpin_testkit::server::Reply;

use super::world::{World, documents, refusals, world};

pub fn document(label: &str, title: &str) -> String {
    format!(
        r#"{{"document":{{"category":"csaf_vex","csaf_version":"2.0","title":"{title}","distribution":{{"tlp":{{"label":"{label}"}}}}}}}}"#
    )
}

pub fn sha256(bytes: &str) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sha512(bytes: &str) -> String {
    Sha512::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a provider with a directory says about itself.
fn directory(world: &World, host: &str) -> String {
    let address = world.server.address(host, "/csaf");
    format!(r#"{{"role":"csaf_provider","distributions":[{{"directory_url":"{address}"}}]}}"#)
}

pub async fn fetched(world: &World, address: &str, known: &Validators) -> Result<Option<Delivery>, FeedError> {
    csaf::fetch(&world.fetch(address, known, None)).await
}

fn names(delivery: &Delivery) -> Vec<String> {
    delivery.files.iter().map(|file| file.name.clone()).collect()
}

#[tokio::test]
async fn a_provider_is_found_in_each_way_of_the_standard() {
    let none = Validators::default();
    let well_known = "/.well-known/csaf/provider-metadata.json";
    for place in ["direct", "well-known", "security", "old-security", "dns"] {
        let world = world();
        world.server.on("/csaf/index.txt", [Reply::ok("a.json")]);
        world.server.on("/csaf/changes.csv", [Reply::ok("\"a.json\",\"2026-01-01T00:00:00Z\"\n")]);
        world.server.on("/csaf/a.json", [Reply::ok(document("WHITE", "a"))]);
        let metadata = Reply::ok(directory(&world, "c.example"));
        let mut address = world.server.address("c.example", "");
        let security =
            format!("Contact: mailto:x@c.example\nCSAF: {}\n", world.server.address("c.example", "/pm.json"));
        match place {
            "direct" => {
                address = world.server.address("c.example", "/pm.json");
                world.server.on("/pm.json", [metadata]);
            }
            "well-known" => world.server.on(well_known, [metadata]),
            "security" => {
                world.server.on("/.well-known/security.txt", [Reply::ok(security)]);
                world.server.on("/pm.json", [metadata]);
            }
            "old-security" => {
                world.server.on("/security.txt", [Reply::ok(security)]);
                world.server.on("/pm.json", [metadata]);
            }
            _ => world.server.on("/", [metadata]),
        }
        let delivery = fetched(&world, &address, &none).await.unwrap().unwrap();
        assert_eq!(
            (delivery.feed.as_str(), names(&delivery)),
            ("csaf/c.example", vec!["csaf/a.json".to_owned()]),
            "{place}"
        );
        assert!(delivery.is_complete && delivery.refused.is_empty(), "{place}");
    }
    let world = world();
    let error = fetched(&world, &world.server.address("c.example", ""), &none).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
}

#[tokio::test]
async fn a_directory_is_read_by_its_changes() {
    let world = world();
    let none = Validators::default();
    let (a, b) = (document("WHITE", "a"), document("CLEAR", "b"));
    world.server.on("/pm.json", [Reply::ok(directory(&world, "c.example"))]);
    world.server.on(
        "/csaf/index.txt",
        [Reply::ok("2026/a.json\r\n2026/b.json\n../secret.json\nhttps://evil.example/x.json\n")],
    );
    let changes = "\"2026/b.json\",\"2026-02-01T00:00:00Z\"\n\"2026/a.json\",\"2026-01-01T00:00:00Z\"\n";
    world.server.on("/csaf/changes.csv", [Reply::ok(changes)]);
    world.server.on("/csaf/2026/a.json", [Reply::ok(a.clone())]);
    world.server.on("/csaf/2026/a.json.sha256", [Reply::ok(format!("{}  a.json", sha256(&a)))]);
    world.server.on("/csaf/2026/b.json", [Reply::ok(b.clone())]);
    // The digest of another document: what is read is not what was published.
    world.server.on("/csaf/2026/b.json.sha512", [Reply::ok(format!("{}  b.json", sha512(&a)))]);
    let address = world.server.address("c.example", "/pm.json");
    let first = fetched(&world, &address, &none).await.unwrap().unwrap();
    assert_eq!(documents(&first).iter().map(|(_, text)| text.clone()).collect::<Vec<_>>(), [a]);
    let expected = [("".to_owned(), "bad-answer".to_owned()), ("".to_owned(), "bad-answer".to_owned())];
    assert_eq!(refusals(&first)[..2], expected);
    assert_eq!(refusals(&first)[2..], [("b.json".to_owned(), "wrong-hash".to_owned())]);
    assert!(!first.is_complete);
    assert_eq!(first.validators.cursor.as_deref(), Some("2026-02-01T00:00:00Z"));
    // What was refused is tried again, what came is not.
    world.server.take_paths();
    world.server.on("/csaf/2026/b.json.sha512", [Reply::ok(sha512(&b))]);
    let second = fetched(&world, &address, &first.validators).await.unwrap().unwrap();
    assert_eq!(names(&second), ["csaf/2026/b.json"]);
    assert!(!world.server.take_paths().contains(&"/csaf/2026/a.json".to_owned()));
    assert_eq!(second.validators.again, Vec::<String>::new());
    assert_eq!(fetched(&world, &address, &second.validators).await, Ok(None));
    // Another one of the very moment that was read last.
    world.server.on("/csaf/changes.csv", [Reply::ok(format!("\"c.json\",\"2026-02-01T00:00:00Z\"\n{changes}"))]);
    world.server.on("/csaf/c.json", [Reply::ok(document("WHITE", "c"))]);
    let third = fetched(&world, &address, &second.validators).await.unwrap().unwrap();
    assert_eq!(names(&third), ["csaf/c.json"]);
    assert_eq!(fetched(&world, &address, &third.validators).await, Ok(None));
}

#[tokio::test]
async fn what_is_not_for_everybody_needs_a_credential() {
    let none = Validators::default();
    for (host, label, expected) in [
        ("c.example", "WHITE", vec![]),
        ("c.example", "AMBER", vec![("a.json".to_owned(), "tlp-restricted".to_owned())]),
        ("a.example", "AMBER", vec![]),
    ] {
        let world = world();
        world.server.on("/pm.json", [Reply::ok(directory(&world, host))]);
        world.server.on("/csaf/index.txt", [Reply::ok("a.json")]);
        world.server.on("/csaf/a.json", [Reply::ok(document(label, "a"))]);
        let delivery = fetched(&world, &world.server.address(host, "/pm.json"), &none).await.unwrap().unwrap();
        assert_eq!(refusals(&delivery), expected, "{host} {label}");
        assert_eq!(delivery.files.len(), 1 - expected.len());
    }
}

#[tokio::test]
async fn feeds_are_read_by_their_labels_and_links() {
    let world = world();
    let none = Validators::default();
    let of = |path: &str| world.server.address("c.example", path);
    let metadata = format!(
        r#"{{"role":"csaf_provider","distributions":[{{"directory_url":"{}"}},{{"rolie":{{"feeds":[{{"tlp_label":"WHITE","url":"{}"}},{{"tlp_label":"AMBER","url":"{}"}}]}}}}]}}"#,
        of("/csaf"),
        of("/white.json"),
        of("/amber.json"),
    );
    world.server.on("/pm.json", [Reply::ok(metadata)]);
    let text = document("WHITE", "a");
    let entry = format!(
        r#"{{"id":"a","updated":"2026-01-01T00:00:00Z","content":{{"src":"{}"}},"link":[{{"rel":"self","href":"{}"}},{{"rel":"hash","href":"{}"}}]}}"#,
        of("/docs/a.json"),
        of("/docs/a.json"),
        of("/hashes/a.json.sha256"),
    );
    world
        .server
        .on("/white.json", [Reply::ok(format!(r#"{{"feed":{{"id":"f","entry":[{entry},{{"id":"empty"}}]}}}}"#))]);
    world.server.on("/docs/a.json", [Reply::ok(text.clone())]);
    let address = of("/pm.json");
    // The feed promises a digest, and there is none.
    let delivery = fetched(&world, &address, &none).await.unwrap().unwrap();
    let codes: Vec<String> = refusals(&delivery).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["bad-answer", "tlp-restricted", "missing-hash"]);
    world.server.on("/hashes/a.json.sha256", [Reply::ok(sha256(&text))]);
    let delivery = fetched(&world, &address, &none).await.unwrap().unwrap();
    assert_eq!(names(&delivery), ["docs/a.json"]);
    assert!(!world.server.take_paths().iter().any(|path| path.starts_with("/csaf/") || path == "/amber.json"));
}

#[tokio::test]
async fn a_host_that_only_fails_is_left_alone() {
    let world = world();
    let none = Validators::default();
    world.server.on("/pm.json", [Reply::ok(directory(&world, "c.example"))]);
    let index: String = (0..40).map(|number| format!("{number}.json\n")).collect();
    world.server.on("/csaf/index.txt", [Reply::ok(index)]);
    for number in 0..40 {
        world.server.on(&format!("/csaf/{number}.json"), [Reply::hang_up()]);
    }
    let error = fetched(&world, &world.server.address("c.example", "/pm.json"), &none).await.unwrap_err();
    assert!(matches!(error.code, Code::BrokenTransfer | Code::Unreachable), "{error}");
    assert!(world.server.take_paths().len() < 60);
}

#[tokio::test]
async fn what_is_fetched_can_be_moved_between_threads() {
    fn sendable<T: Send>(_: &T) {}
    let world = world();
    let none = Validators::default();
    let address = world.at("/");
    let fetch = world.fetch(&address, &none, None);
    sendable(&csaf::fetch(&fetch));
    sendable(&underpin_feeds::osv::fetch(&fetch, "PyPI"));
    sendable(&underpin_feeds::kev::fetch(&fetch));
    sendable(&underpin_feeds::cve::fetch(&fetch, None));
    sendable(&underpin_feeds::openvex::fetch(&fetch, "x"));
}

#[tokio::test]
async fn what_a_provider_takes_away_is_told_when_its_lists_are_whole() {
    let world = world();
    let text =
        |id: &str| document("WHITE", "x").replace("\"title\"", &format!("\"tracking\":{{\"id\":\"{id}\"}},\"title\""));
    world.server.on("/pm.json", [Reply::ok(directory(&world, "c.example"))]);
    let list = |names: &[&str]| {
        world.server.on("/csaf/index.txt", [Reply::ok(names.join("\n"))]);
        let changes: String = names.iter().map(|name| format!("\"{name}\",\"2026-01-01T00:00:00Z\"\n")).collect();
        world.server.on("/csaf/changes.csv", [Reply::ok(changes)]);
    };
    for (path, id) in [("x-2026_1.json", "X-2026:1"), ("x-2026_2.json", "X-2026:2"), ("odd.json", "X-2026:3")] {
        world.server.on(&format!("/csaf/{path}"), [Reply::ok(text(id))]);
    }
    let address = world.server.address("c.example", "/pm.json");
    let ids: std::collections::BTreeSet<String> = ["X-2026:1", "X-2026:2", "X-2026:3"].map(str::to_owned).into();
    let again = async |known: &Validators| csaf::fetch(&world.fetch(&address, known, Some(&ids))).await.unwrap();
    list(&["x-2026_1.json", "x-2026_2.json", "odd.json"]);
    let first = again(&Validators::default()).await.unwrap();
    assert_eq!((first.files.len(), first.removed.len(), first.is_complete), (3, 0, true));
    assert_eq!(again(&first.validators).await, None);
    // Known by the name that the standard gives, and by another one that was seen.
    list(&["x-2026_2.json", "odd.json"]);
    assert_eq!(again(&first.validators).await.unwrap().removed, ["X-2026:1"]);
    list(&["x-2026_1.json", "x-2026_2.json"]);
    let third = again(&first.validators).await.unwrap();
    assert_eq!((third.removed.clone(), third.files.len(), third.is_complete), (vec!["X-2026:3".to_owned()], 0, false));
    // A list with a fault, an empty one and one that was never read whole say nothing.
    world.server.on("/csaf/index.txt", [Reply::ok("../a.json\nx-2026_2.json")]);
    world.server.on("/csaf/changes.csv", [Reply::status(404)]);
    let faulty = again(&first.validators).await;
    assert_eq!(faulty.map(|delivery| delivery.removed), Some(Vec::new()));
    list(&[]);
    assert_eq!(again(&first.validators).await, None);
    list(&["x-2026_2.json"]);
    let unknown = Validators { other_names: None, ..first.validators.clone() };
    assert_eq!(again(&unknown).await, None);
}
