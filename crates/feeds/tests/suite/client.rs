// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answers in memory: conditional requests, tries, limits.

use std::time::Duration;

use underpin_feeds::{Code, Validators};
use underpin_testkit::server::Reply;

use super::world::{gzipped, world};

#[tokio::test]
async fn what_is_known_is_not_fetched_again() {
    let world = world();
    world.server.on("/a", [Reply::ok("hello").etag("one").header("Last-Modified", "Wed, 25 Nov 2026 09:00:00 GMT")]);
    let first = world.client.bytes(&world.at("/a"), &Validators::default(), 100).await.unwrap().unwrap();
    assert_eq!(first.bytes, b"hello");
    assert_eq!(first.validators.etag.as_deref(), Some("\"one\""));
    assert_eq!(first.validators.last_modified.as_deref(), Some("Wed, 25 Nov 2026 09:00:00 GMT"));
    assert_eq!(world.client.bytes(&world.at("/a"), &first.validators, 100).await, Ok(None));
    let asked = world.server.asked();
    assert_eq!(asked[0].headers["user-agent"], concat!("Underpin/", env!("CARGO_PKG_VERSION")));
    assert_eq!(asked[0].headers.get("if-none-match"), None);
    assert_eq!(asked[1].headers["if-none-match"], "\"one\"");
    // The file has changed: it comes whole.
    world.server.on("/a", [Reply::ok("other").etag("two")]);
    let second = world.client.bytes(&world.at("/a"), &first.validators, 100).await.unwrap().unwrap();
    assert_eq!(second.bytes, b"other");
}

#[tokio::test]
async fn an_answer_of_nothing_new_to_a_first_question_is_an_error() {
    let world = world();
    world.server.on("/a", [Reply::status(304)]);
    let error = world.client.bytes(&world.at("/a"), &Validators::default(), 100).await.unwrap_err();
    assert_eq!(error.code, Code::HttpStatus);
}

#[tokio::test]
async fn passing_failures_are_tried_again() {
    let world = world();
    for (replies, expected, pauses) in [
        (vec![Reply::status(503), Reply::ok("x")], Ok(1), vec![1]),
        (vec![Reply::status(500), Reply::hang_up(), Reply::status(502), Reply::ok("x")], Ok(1), vec![1, 2, 4]),
        (vec![Reply::status(503)], Err(Code::HttpStatus), vec![1, 2, 4]),
        (vec![Reply::status(429).header("Retry-After", "7"), Reply::ok("x")], Ok(1), vec![7]),
        (vec![Reply::status(429).header("Retry-After", "0"), Reply::ok("x")], Ok(1), vec![1]),
        (vec![Reply::status(429).header("Retry-After", "999999"), Reply::ok("x")], Ok(1), vec![60]),
        (
            vec![Reply::status(503).header("Retry-After", "Wed, 25 Nov 2026 10:00:30 GMT"), Reply::ok("x")],
            Ok(1),
            vec![30],
        ),
        (vec![Reply::ok("xyz").stating_length(9), Reply::ok("x")], Ok(1), vec![1]),
        (vec![Reply::ok("x").after(Duration::from_millis(400)), Reply::ok("xy")], Ok(2), vec![1]),
        (vec![Reply::ok("xyz").stalling_after(1, Duration::from_millis(400)), Reply::ok("x")], Ok(1), vec![1]),
        (vec![Reply::ok("xyz").stalling_after(1, Duration::from_millis(400))], Err(Code::TimedOut), vec![1, 2, 4]),
        (vec![Reply::ok("xyz").dropping_after(1)], Err(Code::BrokenTransfer), vec![1, 2, 4]),
        (vec![Reply::status(404), Reply::ok("x")], Err(Code::NotFound), vec![]),
        (vec![Reply::status(403), Reply::ok("x")], Err(Code::HttpStatus), vec![]),
        (vec![Reply::status(206), Reply::ok("x")], Err(Code::BadAnswer), vec![]),
    ] {
        world.server.on("/a", replies.clone());
        let answer = world.client.bytes(&world.at("/a"), &Validators::default(), 100).await;
        let told = answer.map(|answer| answer.unwrap().bytes.len()).map_err(|error| error.code);
        assert_eq!((told, world.pauses()), (expected, pauses), "{replies:?}");
    }
}

#[tokio::test]
async fn no_byte_is_read_beyond_the_limit() {
    let world = world();
    let bomb = gzipped(&vec![0; 30 << 20]);
    for (reply, expected) in [
        (Reply::ok(vec![0; 1000]), Ok(1000)),
        (Reply::ok(vec![0; 1001]), Err(Code::TooLarge)),
        (Reply::ok(vec![0; 10]).stating_length(1 << 40), Err(Code::TooLarge)),
        (Reply::ok(gzipped(&[0; 1000])).header("Content-Encoding", "gzip"), Ok(1000)),
        (Reply::ok(gzipped(&[0; 1001])).header("Content-Encoding", "gzip"), Err(Code::TooLarge)),
        (Reply::ok("not packed").header("Content-Encoding", "gzip"), Err(Code::BadAnswer)),
        (Reply::ok("x").header("Content-Encoding", "br"), Err(Code::BadAnswer)),
    ] {
        world.server.on("/a", [reply.clone()]);
        let answer = world.client.bytes(&world.at("/a"), &Validators::default(), 1000).await;
        assert_eq!(answer.map(|answer| answer.unwrap().bytes.len()).map_err(|error| error.code), expected);
    }
    world.server.on("/a", [Reply::ok(bomb).header("Content-Encoding", "gzip")]);
    let error = world.client.bytes(&world.at("/a"), &Validators::default(), 1 << 30).await.unwrap_err();
    assert_eq!(error.code, Code::CompressionBomb);
}

#[tokio::test]
async fn a_host_that_does_not_speak_tls_is_unreachable() {
    let world = world();
    let address = format!("https://a.example:{}/a", world.server.port());
    let error = world.client.bytes(&address, &Validators::default(), 100).await.unwrap_err();
    assert!(matches!(error.code, Code::Unreachable | Code::TimedOut), "{error}");
}
