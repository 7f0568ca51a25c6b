// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Downloads that break, and go on.

use std::sync::Mutex;

use sha2::{Digest, Sha256};
use underpin_feeds::{Code, Downloaded, FeedError, Validators, Wish};
use underpin_testkit::server::Reply;

use super::world::{World, unwatched, world};

fn content() -> Vec<u8> {
    (0..400_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn download(world: &World, known: &Validators) -> Result<Option<Downloaded>, FeedError> {
    let address = world.at("/a.zip");
    let wish = Wish { address: &address, known, folder: world.path(), name: "a.zip", most_bytes: 1 << 20 };
    world.client.download(wish, &unwatched).await
}

fn check(world: &World, found: &Downloaded, bytes: &[u8]) {
    assert_eq!(std::fs::read(&found.path).unwrap(), bytes);
    assert_eq!((found.bytes, &found.sha256), (bytes.len() as u64, &digest(bytes)));
    let names: Vec<_> = std::fs::read_dir(world.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.zip"], "nothing else is left");
}

fn ranges(world: &World) -> Vec<Option<String>> {
    let asked = world.server.asked();
    world.server.take_paths();
    asked.iter().map(|asked| asked.headers.get("range").cloned()).collect()
}

#[tokio::test]
async fn a_broken_transfer_goes_on_where_it_broke() {
    let world = world();
    let all = content();
    let whole = || Reply::ok(all.clone()).etag("one").with_ranges();
    world.server.on("/a.zip", [whole().dropping_after(100_000), whole().dropping_after(150_000), whole()]);
    let found = download(&world, &Validators::default()).await.unwrap().unwrap();
    check(&world, &found, &all);
    let ranges = ranges(&world);
    assert_eq!(ranges.len(), 3);
    assert_eq!((ranges[0].clone(), ranges[1].is_some(), ranges[2].is_some()), (None, true, true));
    assert_eq!(download(&world, &found.validators).await, Ok(None));
}

#[tokio::test]
async fn the_next_start_goes_on_too() {
    let world = world();
    let all = content();
    let broken = Reply::ok(all.clone()).etag("one").with_ranges().dropping_after(120_000);
    world.server.on("/a.zip", [broken, Reply::status(403)]);
    assert_eq!(download(&world, &Validators::default()).await.unwrap_err().code, Code::HttpStatus);
    assert!(world.path().join("a.zip.partial").is_file());
    assert!(!world.path().join("a.zip").exists());
    ranges(&world);
    world.server.on("/a.zip", [Reply::ok(all.clone()).etag("one").with_ranges()]);
    let found = download(&world, &Validators::default()).await.unwrap().unwrap();
    check(&world, &found, &all);
    assert!(ranges(&world)[0].is_some());
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_comes_whole() {
    let world = world();
    let (old, new) = (content(), content().into_iter().rev().collect::<Vec<u8>>());
    let first = Reply::ok(old).etag("one").with_ranges().dropping_after(100_000);
    world.server.on("/a.zip", [first, Reply::ok(new.clone()).etag("two").with_ranges()]);
    let found = download(&world, &Validators::default()).await.unwrap().unwrap();
    check(&world, &found, &new);
    assert_eq!(found.validators.etag.as_deref(), Some("\"two\""));
}

#[tokio::test]
async fn without_a_strong_validator_nothing_is_pieced_together() {
    let world = world();
    let all = content();
    let weak = || Reply::ok(all.clone()).header("ETag", "W/\"one\"");
    world.server.on("/a.zip", [weak().dropping_after(100_000), weak()]);
    check(&world, &download(&world, &Validators::default()).await.unwrap().unwrap(), &all);
    assert_eq!(ranges(&world), [None, None]);
}

#[tokio::test]
async fn ranges_that_lie_are_not_believed() {
    let world = world();
    let all = content();
    let first = || Reply::ok(all.clone()).etag("one").with_ranges().dropping_after(100_000);
    let shifted = Reply::status(206).header("Content-Range", "bytes 5-399999/400000");
    for second in [shifted, Reply::status(206), Reply::status(416)] {
        world.server.on("/a.zip", [first(), second, Reply::ok(all.clone()).etag("one")]);
        check(&world, &download(&world, &Validators::default()).await.unwrap().unwrap(), &all);
        std::fs::remove_file(world.path().join("a.zip")).unwrap();
    }
}

#[tokio::test]
async fn a_file_beyond_its_limit_is_stopped_and_removed() {
    let world = world();
    let stated = Reply::ok("x").stating_length(2 << 20);
    let unstated = Reply::ok(vec![7; 2 << 20]);
    for reply in [stated, unstated] {
        world.server.on("/a.zip", [reply]);
        assert_eq!(download(&world, &Validators::default()).await.unwrap_err().code, Code::TooLarge);
        assert_eq!(std::fs::read_dir(world.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn the_watcher_is_told_and_names_are_plain() {
    let world = world();
    world.server.on("/a.zip", [Reply::ok(content())]);
    let seen = Mutex::new(Vec::new());
    let known = Validators::default();
    let address = world.at("/a.zip");
    let wish = Wish { address: &address, known: &known, folder: world.path(), name: "a.zip", most_bytes: 1 << 20 };
    let watcher =
        |progress: underpin_feeds::Progress<'_>| seen.lock().unwrap().push((progress.done_bytes, progress.all_bytes));
    world.client.download(wish, &watcher).await.unwrap().unwrap();
    let seen = seen.into_inner().unwrap();
    assert_eq!((seen.first(), seen.last()), (Some(&(0, Some(400_000))), Some(&(400_000, Some(400_000)))));
    assert!(seen.is_sorted());
    for name in ["", "../a", "a/b", ".hidden", "a\\b"] {
        assert!(world.client.download(Wish { name, ..wish }, &unwatched).await.is_err(), "{name}");
    }
}
