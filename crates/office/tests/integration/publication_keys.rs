// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys of publications: revoked, replaced, lost and found; and the security.txt that is signed with them and not served past its end.

use underpin_feeds::{check_signature, clear_text};
use underpin_model::Viewer;
use underpin_model::publications::KeyRevocation;
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_office::publish::{PublishSettings, SecurityText, Site};
use underpin_office::{House, Settings};
use underpin_testkit::postgres;

use crate::documents::{author, day};
use crate::publications::{Publisher, code};

const DOCUMENT: &str = ".well-known/csaf/white/2026/nca-1.json";
const METADATA: &str = ".well-known/csaf/provider-metadata.json";
const SECURITY: &str = ".well-known/security.txt";

fn text(site: &Site, path: &str) -> String {
    String::from_utf8(site.files[path].bytes.clone()).expect("text")
}

async fn site(house: &House) -> std::sync::Arc<Site> {
    house.site().await.expect("a site").expect("served")
}

/// Whether the document is signed with the key that is served under a fingerprint.
fn is_signed_by(site: &Site, fingerprint: &str) -> bool {
    let key = text(site, &format!(".well-known/csaf/openpgp/{fingerprint}.asc"));
    let signature = text(site, &format!("{DOCUMENT}.asc"));
    check_signature(&site.files[DOCUMENT].bytes, &signature, (fingerprint, &key), day("2027-01-01")).is_ok()
}

async fn published() -> Publisher {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", ("It pads too far", Tlp::Clear, Classification::Internal)).await;
    place.publish("NCA-1", "NCA-1", "2026-01-03").await;
    place
}

#[tokio::test]
async fn a_revocation_is_served_with_the_key_and_documents_are_signed_again_to_the_letter() {
    let place = published().await;
    let operator = author("op", "2026-02-01");
    let old = place.house.publishing_keys().await.expect("keys")[0].fingerprint.clone();
    let before = site(&place.house).await;
    assert!(is_signed_by(&before, &old));
    let revoke = (old.as_str(), KeyRevocation::Compromised);
    place.house.revoke_publishing_key(&operator, revoke, None).await.expect("revoked");
    assert_eq!(code(place.house.revoke_publishing_key(&operator, revoke, None).await), "invalid-publication");
    // It is told to whoever fetches the key again; nothing is signed with it from now on.
    let revoked = site(&place.house).await;
    assert!(!is_signed_by(&revoked, &old), "the key is believed no more");
    assert!(text(&revoked, METADATA).contains(&old), "something is signed with it still");
    let of_other = place.of_own("NCA-1", "NCA-2", "2026-02-01").await.expect("drafted");
    let refused = place.approve(&author("ben", "2026-02-01"), "NCA-2", &of_other.digest).await;
    assert_eq!(code(refused), "key-revoked");
    let notices = place.house.publish_notices(&Viewer::Operator, day("2026-02-01")).await.expect("notices");
    let told: Vec<_> = notices.iter().map(|one| (one.code, one.about.as_str())).collect();
    assert_eq!(told, [("key-revoked", old.as_str()), ("signed-with-revoked", "1")]);
    assert_eq!(code(place.house.sign_again(&operator).await), "key-revoked");
    let made = place.house.make_publishing_key(&operator, true).await.expect("another key");
    assert_eq!(place.house.sign_again(&operator).await.expect("signed"), ["NCA-1"]);
    assert_eq!(place.house.sign_again(&operator).await.expect("nothing to do"), Vec::<String>::new());
    let after = site(&place.house).await;
    assert_eq!(after.files[DOCUMENT], before.files[DOCUMENT], "no word of it changes");
    assert!(is_signed_by(&after, &made.fingerprint));
    let metadata = text(&after, METADATA);
    assert!(metadata.contains(&made.fingerprint) && !metadata.contains(&old), "{metadata}");
    assert!(
        after.files.contains_key(&format!(".well-known/csaf/openpgp/{old}.asc")),
        "who holds it finds the revocation"
    );
    assert_eq!(place.house.publish_notices(&Viewer::Operator, day("2026-02-01")).await.expect("notices"), []);
    place.approve(&author("ben", "2026-02-01"), "NCA-2", &of_other.digest).await.expect("approved");
}

#[tokio::test]
async fn a_key_whose_secret_half_is_lost_is_revoked_with_what_was_made_with_it() {
    let place = published().await;
    let operator = author("op", "2026-02-01");
    let data = place.folder.path().join("data");
    let old = place.house.publishing_keys().await.expect("keys")[0].fingerprint.clone();
    let certificate =
        std::fs::read_to_string(data.join(format!("publishing-key.{old}.revocation.asc"))).expect("there");
    std::fs::remove_file(data.join("publishing-key.asc")).expect("lost");
    let lost: Vec<_> = place.house.publish_notices(&Viewer::Operator, operator.at).await.expect("notices");
    assert_eq!(lost[0].code, "key-missing");
    let revoke = (old.as_str(), KeyRevocation::Superseded);
    assert_eq!(code(place.house.revoke_publishing_key(&operator, revoke, None).await), "no-key");
    let public = place.house.publishing_keys().await.expect("keys")[0].armoured.clone();
    assert_eq!(code(place.house.revoke_publishing_key(&operator, revoke, Some(&public)).await), "bad-key");
    place.house.revoke_publishing_key(&operator, revoke, Some(&certificate)).await.expect("revoked");
    let made = place.house.make_publishing_key(&operator, false).await.expect("another key");
    place.house.sign_again(&operator).await.expect("signed");
    assert!(is_signed_by(&*site(&place.house).await, &made.fingerprint));
    // A key that was put aside can be revoked, too.
    place.house.make_publishing_key(&operator, true).await.expect("a third key");
    let revoke = (made.fingerprint.as_str(), KeyRevocation::Retired);
    assert!(place.house.revoke_publishing_key(&operator, revoke, None).await.expect("revoked").revoked.is_some());
    for viewer in [Viewer::Stranger, Viewer::Analyst { clearance: Classification::Secret }] {
        let other = underpin_office::coordinator::Author { viewer, ..operator.clone() };
        assert_eq!(code(place.house.revoke_publishing_key(&other, revoke, None).await), "not-allowed");
        assert_eq!(code(place.house.sign_again(&other).await), "not-allowed");
        assert_eq!(code(place.house.sign_security_text(&other).await), "not-allowed");
    }
}

#[tokio::test]
async fn the_security_text_is_signed_and_not_served_past_its_end() {
    let place = published().await;
    let settings = |expires: &str, contact: &str| {
        let security =
            SecurityText { contact: vec![contact.to_owned()], expires: day(expires), ..SecurityText::default() };
        let publish = PublishSettings { security_txt: Some(security), ..place.house.settings.publish.clone() };
        Settings { publish, ..(*place.house.settings).clone() }
    };
    assert_eq!(code(place.house.sign_security_text(&author("op", "2026-02-01")).await), "not-configured");
    let house = House::open(settings("2026-06-01", "mailto:a@example.gov")).await.expect("opens");
    let codes = async |house: &House, at: &str| {
        let notices = house.publish_notices(&Viewer::Operator, day(at)).await.expect("notices");
        notices.iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let plain = text(&*site(&house).await, SECURITY);
    assert!(plain.starts_with("Contact: mailto:a@example.gov\nExpires: 2026-06-01T00:00:00Z\n"), "{plain}");
    assert_eq!(codes(&house, "2026-02-01").await, ["security-txt-unsigned"]);
    house.sign_security_text(&author("op", "2026-02-01")).await.expect("signed");
    let served = site(&house).await;
    let key = house.publishing_keys().await.expect("keys")[0].armoured.clone();
    assert_eq!(clear_text(&text(&served, SECURITY), &key).as_deref(), Some(plain.trim_end()));
    assert_eq!(codes(&house, "2026-05-01").await, Vec::<&str>::new());
    assert_eq!(codes(&house, "2026-05-02").await, ["security-txt-ends"]);
    assert_eq!(codes(&house, "2026-06-01").await, ["security-txt-over"]);
    let found = |at: &str| served.find("/.well-known/security.txt", day(at)).is_some();
    assert!(found("2026-05-31") && !found("2026-06-01"));
    let out = place.folder.path().join("out");
    let before = house.write_site(&out.join("before"), day("2026-05-31")).await.expect("written");
    let after = house.write_site(&out.join("after"), day("2026-06-01")).await.expect("written");
    assert_eq!(before, after + 1);
    assert!(out.join("before").join(SECURITY).exists() && !out.join("after").join(SECURITY).exists());
    // Other words are not those that were signed.
    let other = House::open(settings("2026-06-01", "mailto:b@example.gov")).await.expect("opens");
    let changed = text(&*site(&other).await, SECURITY);
    assert!(changed.starts_with("Contact: mailto:b@example.gov"), "{changed}");
    assert_eq!(codes(&other, "2026-02-01").await, ["security-txt-unsigned"]);
}

#[tokio::test]
async fn a_backup_says_which_secrets_it_does_not_hold() {
    if postgres::is_in_force() {
        return;
    }
    let place = published().await;
    let target = place.folder.path().join("backup");
    let made =
        place.house.backup(&Viewer::Operator, &target, day("2026-02-01"), &underpin_office::intake::Silent).await;
    let made = made.expect("a backup");
    let key = place.house.publishing_keys().await.expect("keys")[0].fingerprint.clone();
    let names: Vec<&str> = made.secrets.iter().filter_map(|path| path.rsplit('/').next()).collect();
    assert_eq!(names, [format!("publishing-key.{key}.revocation.asc").as_str(), "publishing-key.asc"]);
    let mut open = vec![target];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("readable");
                let secret = b"PGP PRIVATE KEY";
                assert!(!bytes.windows(secret.len()).any(|part| part == secret), "{}", path.display());
            }
        }
    }
}
