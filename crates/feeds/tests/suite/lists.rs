// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Feeds that are one file.

use underpin_feeds::{Code, Validators, kev};
use underpin_testkit::server::Reply;

use super::world::{documents, world};

const KEV: &str = r#"{"title":"t","catalogVersion":"2026.11.25","dateReleased":"2026-11-25T09:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2026-1"}]}"#;

#[tokio::test]
async fn the_list_of_exploited_vulnerabilities() {
    let world = world();
    let address = world.at("/feeds/known.json?token=secret");
    world.server.on("/feeds/known.json?token=secret", [Reply::ok(KEV).etag("one")]);
    let none = Validators::default();
    let delivery = kev::fetch(&world.fetch(&address, &none, None)).await.unwrap().unwrap();
    assert_eq!((delivery.feed.as_str(), delivery.is_complete), ("kev", true));
    assert_eq!(delivery.stated.as_deref(), Some("2026-11-25T09:00:00Z"));
    assert_eq!(documents(&delivery).len(), 1);
    assert_eq!(documents(&delivery)[0].1, KEV);
    assert!(!format!("{delivery:?}").contains("secret"));
    assert_eq!(kev::fetch(&world.fetch(&address, &delivery.validators, None)).await, Ok(None));
    for (text, code) in [
        (KEV.replace("\"count\":1", "\"count\":2"), Code::BadAnswer),
        (KEV[..80].to_owned(), Code::BadAnswer),
        ("<html>maintenance</html>".to_owned(), Code::BadAnswer),
        ("{}".to_owned(), Code::BadAnswer),
    ] {
        world.server.on("/feeds/known.json?token=secret", [Reply::ok(text.clone())]);
        let error = kev::fetch(&world.fetch(&address, &none, None)).await.unwrap_err();
        assert_eq!(error.code, code, "{text}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
