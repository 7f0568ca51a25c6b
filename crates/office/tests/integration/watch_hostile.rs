// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What one agency hands in changes nothing for another.

use serde_json::json;
use underpin_ledger::{Ledger, NewOwnAdvisory};
use underpin_model::watch::Tlp;
use underpin_model::{Timestamp, Viewer};
use underpin_office::House;
use underpin_office::people::SignIn;

use crate::documents::{Place, author, day};
use crate::watch::{found, lines, record, sync};
use crate::watch_statements::{LEFT_PAD, document, hear};

const CVE: &str = "CVE-2026-0001";
const DIGEST: &str = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const SHOP: &str = "pkg:maven/example.acme/shop@2";

/// Adds a system of another agency.
async fn foreign_system(place: &Place) {
    let fields = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
    };
    let start = author("registrar", "2026-01-01");
    place.house.add_agency(&start, None, &fields(&[("name", "Mint")]), None).await.expect("adds");
    let coins = fields(&[("name", "Coins"), ("agency", "mint")]);
    place.house.add_system(&start, None, &coins, None).await.expect("adds");
}

/// A document about the artefact with the digest; with the purl of the product, or without.
fn with_digest(subject: &str, purl: Option<&str>) -> String {
    document(subject, "2026-01-10T00:00:00Z", |document| {
        let root = &mut document["metadata"]["component"];
        root["version"] = "2".into();
        root["hashes"] = json!([{ "alg": "SHA-256", "content": DIGEST.trim_start_matches("sha256:") }]);
        if let Some(purl) = purl {
            root["purl"] = purl.into();
        }
    })
}

#[tokio::test]
async fn a_foreign_document_with_the_same_digest_closes_nothing() {
    let place = Place::new().await;
    foreign_system(&place).await;
    // The mint claims that the image of the portal is a product of which the supplier says that it is not affected.
    for (system, subject, purl) in [("portal", "image", None), ("mail", "copy", None), ("coins", "fake", Some(SHOP))] {
        let text = with_digest(subject, purl);
        place.add(&[(&format!("{system}.json"), &text)], Some(system), "2026-01-11").await;
    }
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &[CVE], "pad-left", "1.3.0")]), "2026-02-02").await;
    let vex = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex", "author": "https://acme.example",
        "timestamp": "2026-02-02T00:00:00Z", "version": 1,
        "statements": [{ "vulnerability": { "name": CVE }, "products": [{ "@id": SHOP, "subcomponents": [{ "@id": LEFT_PAD }] }], "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path" }],
    });
    hear(&place, &[("openvex/acme/vex.json", vex)], "2026-02-03").await;
    let states = |rows: Vec<String>| {
        let last = |row: &String| {
            let system = row.split(' ').next().unwrap_or_default().to_owned();
            (system, row.ends_with("not-affected"))
        };
        let mut states: Vec<(String, bool)> = rows.iter().map(last).collect();
        states.sort();
        states
    };
    let told =
        |closed: [bool; 3]| ["coins", "mail", "portal"].map(str::to_owned).into_iter().zip(closed).collect::<Vec<_>>();
    let at = "2026-02-04";
    let digests =
        place.desk(at).await.snapshot.documents.iter().map(|one| one.subject_digest.clone()).collect::<Vec<_>>();
    assert_eq!(digests, [DIGEST, DIGEST, DIGEST], "all are about one artefact");
    assert_eq!(states(found(&place, at).await), told([true, false, false]));
    // What the own agency says of its artefact counts in all its systems, and in no other's.
    let own = with_digest("image", Some(SHOP)).replace("2026-01-10", "2026-02-05");
    place.add(&[("portal.json", &own)], Some("portal"), "2026-02-05").await;
    assert_eq!(states(found(&place, "2026-02-06").await), told([true, true, true]));
}

#[tokio::test]
async fn an_advisory_that_cannot_be_read_is_named_and_stops_nothing() {
    let place = Place::new().await;
    place
        .add(&[("portal.json", &document("portal", "2026-01-10T00:00:00Z", |_| {}))], Some("portal"), "2026-01-11")
        .await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &[CVE], "pad-left", "1.3.0")]), "2026-02-02").await;
    // An older version took longer names than this one reads.
    let id = format!("OFFICE-{}", "1".repeat(300));
    let body = json!({ "id": id, "modified": "2026-02-01T00:00:00Z",
        "affected": [{ "package": { "ecosystem": "npm", "name": "pad-left" }, "versions": ["1.2.0"] }] });
    let ledger = Ledger::open(&place.settings.ledger_location(), &place.settings.limits).await.expect("opens");
    let new = NewOwnAdvisory { id: id.clone(), body: body.to_string(), tlp: Tlp::Green, ..NewOwnAdvisory::default() };
    let writer = ledger.writer("office", Viewer::Operator);
    writer.publish_own_advisory(day("2026-02-02"), new).await.expect("publishes");
    let desk = place.desk("2026-02-03").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    assert_eq!((watched.freshness.own, &watched.freshness.own_unread), (0, &vec![id.clone()]));
    assert!(watched.freshness.sentence().contains(&format!("of the office that cannot be read: {id}")));
    assert_eq!(desk.freshness().await.expect("known").own_unread, [id]);
    assert_eq!(watched.numbers_of(CVE).len(), 1, "what others say still counts");
}

#[tokio::test]
async fn who_fails_waits_ever_longer_and_many_at_once_are_not_more() {
    let place = Place::new().await;
    let start = day("2026-03-01");
    let after = |seconds: i64| Timestamp(start.0 + seconds * 1_000_000);
    let random = ([1; 32], [2; 32]);
    let key = place.house.first_invitation(start, [3; 32]).await.expect("invites").expect("a key");
    let password = "correct horse battery";
    place.house.accept_invitation(key.secret(), ("ada", "Ada"), password, start, [4; 32]).await.expect("accepts");
    let wrong = async |house: House| house.sign_in(("ada", "wrong"), after(1), random).await.expect("tries");
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..14 {
        let (house, moment) = (place.house.clone(), after(1));
        tries.spawn(async move { house.sign_in(("ada", "wrong"), moment, random).await.expect("tries") });
    }
    let outcomes = tries.join_all().await;
    let refused = outcomes.iter().filter(|one| **one == SignIn::Refused).count();
    assert_eq!(refused, 10, "{outcomes:?}");
    let right = |seconds: i64| place.house.sign_in(("ADA", password), after(seconds), random);
    assert_eq!(right(1).await.expect("tries"), SignIn::TooOften);
    assert!(matches!(right(2).await.expect("tries"), SignIn::Welcome(_)));
    // Whoever has signed in begins anew.
    assert_eq!(wrong(place.house.clone()).await, SignIn::Refused);
}
