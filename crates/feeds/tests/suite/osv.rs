// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The bucket of osv.dev, in small.

use std::collections::BTreeSet;

use underpin_feeds::{Code, Validators, osv};
use underpin_testkit::server::Reply;

use super::world::{World, documents, world, zipped};

const FIRST: &str = "2026-01-02T00:00:00Z,A-2\n2026-01-01T00:00:00Z,A-1\n";

fn bucket(world: &World) -> String {
    world.server.on("/osv/Git%20Hub/modified_id.csv", [Reply::ok(FIRST).etag("one")]);
    world
        .server
        .on("/osv/Git%20Hub/all.zip", [Reply::ok(zipped(&[("A-1.json", "{1}"), ("A-2.json", "{2}"), ("x.txt", "")]))]);
    world.at("/osv")
}

#[tokio::test]
async fn first_all_of_it_then_what_changed() {
    let world = world();
    let address = bucket(&world);
    let none = Validators::default();
    let all = osv::fetch(&world.fetch(&address, &none, None), "Git Hub").await.unwrap().unwrap();
    assert_eq!((all.feed.as_str(), all.is_complete), ("osv/Git Hub", true));
    assert_eq!(all.stated.as_deref(), Some("2026-01-02T00:00:00Z"));
    assert_eq!(documents(&all), [("A-1.json".to_owned(), "{1}".to_owned()), ("A-2.json".to_owned(), "{2}".to_owned())]);
    assert_eq!(osv::fetch(&world.fetch(&address, &all.validators, None), "Git Hub").await, Ok(None));
    world.server.take_paths();
    let list = format!("2026-01-04T00:00:00Z,A-4\n2026-01-03T00:00:00Z,A-3\n{}", FIRST.lines().next().unwrap());
    world.server.on("/osv/Git%20Hub/modified_id.csv", [Reply::ok(list).etag("two")]);
    world.server.on("/osv/Git%20Hub/A-2.json", [Reply::ok("{2}")]);
    world.server.on("/osv/Git%20Hub/A-3.json", [Reply::status(503), Reply::ok("{3}")]);
    let ids: BTreeSet<String> = ["A-1", "A-2", "A-4"].map(str::to_owned).into();
    let delta = osv::fetch(&world.fetch(&address, &all.validators, Some(&ids)), "Git Hub").await.unwrap().unwrap();
    assert!(!delta.is_complete);
    // A-1 is no longer listed, A-4 is listed and gone when asked for.
    assert_eq!(delta.removed, ["A-1", "A-4"]);
    assert_eq!(
        documents(&delta),
        [("A-3.json".to_owned(), "{3}".to_owned()), ("A-2.json".to_owned(), "{2}".to_owned())]
    );
    assert_eq!(delta.validators.cursor.as_deref(), Some("2026-01-04T00:00:00Z"));
    assert!(!world.server.take_paths().iter().any(|path| path.ends_with("all.zip")));
}

#[tokio::test]
async fn many_changes_are_fetched_as_one_archive() {
    let world = world();
    let address = bucket(&world);
    let known = Validators { cursor: Some("2026-01-02T00:00:00Z".to_owned()), ..Validators::default() };
    let list: String = (0..500).map(|number| format!("2026-02-01T00:00:00Z,B-{number}\n")).collect();
    world.server.on("/osv/Git%20Hub/modified_id.csv", [Reply::ok(list)]);
    let all = osv::fetch(&world.fetch(&address, &known, None), "Git Hub").await.unwrap().unwrap();
    assert!(all.is_complete);
    assert_eq!(world.server.take_paths(), ["/osv/Git%20Hub/modified_id.csv", "/osv/Git%20Hub/all.zip"]);
}

#[tokio::test]
async fn a_mirror_without_the_list_is_compared_by_its_archive() {
    let world = world();
    let address = bucket(&world);
    world.server.on("/osv/Git%20Hub/modified_id.csv", [Reply::status(404)]);
    let none = Validators::default();
    let all = osv::fetch(&world.fetch(&address, &none, None), "Git Hub").await.unwrap().unwrap();
    assert!(all.is_complete && all.validators.digest.is_some());
    // The server tells no validators: the same bytes are told by their digest.
    assert_eq!(osv::fetch(&world.fetch(&address, &all.validators, None), "Git Hub").await, Ok(None));
}

#[tokio::test]
async fn a_host_that_fails_half_way_gives_nothing_half() {
    let world = world();
    let address = bucket(&world);
    let known = Validators { cursor: Some("2026-01-01T00:00:00Z".to_owned()), ..Validators::default() };
    world.server.on("/osv/Git%20Hub/A-2.json", [Reply::ok("{2}")]);
    world.server.on("/osv/Git%20Hub/A-1.json", [Reply::status(500)]);
    let error = osv::fetch(&world.fetch(&address, &known, None), "Git Hub").await.unwrap_err();
    assert_eq!(error.code, Code::HttpStatus);
}

#[tokio::test]
async fn the_ecosystems_are_listed() {
    let world = world();
    world.server.on("/osv/ecosystems.txt", [Reply::ok("PyPI\r\nGit Hub\n\n../evil\n.hidden\n")]);
    let none = Validators::default();
    let address = world.at("/osv/");
    let names = osv::ecosystems(&world.fetch(&address, &none, None)).await.unwrap();
    assert_eq!(names, ["PyPI", "Git Hub"]);
}
