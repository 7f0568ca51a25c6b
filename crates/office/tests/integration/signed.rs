// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents that come with a signature: around them, or beside them. Made by the real `openssl`.

use std::path::Path;
use std::process::Command;

use underpin_model::gap::GapCode;
use underpin_model::{DocumentState, Timestamp, Viewer};
use underpin_office::coordinator::documents::DocumentAnswer;
use underpin_office::intake::{AddOptions, AddReport, SignatureRules, Silent};
use underpin_office::{House, Settings};

use crate::documents::{Place, bom, day};

const AT: &str = "2026-06-01";

fn openssl(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let Ok(done) = Command::new("openssl").current_dir(folder).args(arguments).output() else {
        underpin_testkit::skip("openssl");
        return None;
    };
    assert!(done.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

fn keys(folder: &Path, name: &str) -> Option<()> {
    let (private, public) = (format!("{name}.pem"), format!("{name}.pub"));
    openssl(folder, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &private])?;
    openssl(folder, &["pkey", "-in", &private, "-pubout", "-out", &public]).map(|_| ())
}

fn base64(folder: &Path, bytes: &[u8]) -> Option<String> {
    std::fs::write(folder.join("plain"), bytes).expect("written");
    let text = openssl(folder, &["base64", "-A", "-in", "plain"])?;
    Some(String::from_utf8(text).expect("text"))
}

/// A statement about an inventory in an envelope, signed with a key.
fn envelope(folder: &Path, key: &str, inventory: &str) -> Option<String> {
    let predicate: serde_json::Value = serde_json::from_str(inventory).expect("JSON");
    let payload =
        serde_json::json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://cyclonedx.org/bom",
        "subject": [{ "name": "portal", "digest": { "sha256": "ab" } }], "predicate": predicate })
        .to_string();
    let kind = "application/vnd.in-toto+json";
    let signed = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
    std::fs::write(folder.join("signed"), signed).expect("written");
    let signature = openssl(folder, &["dgst", "-sha256", "-sign", &format!("{key}.pem"), "signed"])?;
    let (payload, signature) = (base64(folder, payload.as_bytes())?, base64(folder, &signature)?);
    let one = serde_json::json!({ "keyid": "", "sig": signature });
    Some(serde_json::json!({ "payloadType": kind, "payload": payload, "signatures": [one] }).to_string())
}

/// The same house with other rules.
async fn opened(place: &Place, rules: SignatureRules) -> House {
    House::open(Settings { signatures: rules, ..place.settings.clone() }).await.expect("opens")
}

async fn add(house: &House, path: &Path) -> AddReport {
    let tag = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let options = AddOptions { paths: vec![path.to_owned()], actor: "ada".to_owned(), tag, ..AddOptions::default() };
    house.add_and_tell(&options, day(AT), &Silent).await.expect("added")
}

async fn shown(house: &House, report: &AddReport, name: &str) -> DocumentAnswer {
    let fate = report.fates.iter().flatten().find(|fate| fate.path.ends_with(name)).expect(name);
    let desk = house.desk(Viewer::Operator, day("2026-06-02")).await.expect("a desk");
    desk.show_document(&fate.document.expect("a document").to_string()).expect("shown")
}

fn standing(answer: &DocumentAnswer) -> (&str, &str, Vec<&str>) {
    let stated = |name| answer.stated.get(name).map(String::as_str).unwrap_or_default();
    let gaps = answer.gap_rows.iter().map(|gap| gap.code.as_str()).filter(|code| code.starts_with("signature-"));
    (stated("signature"), stated("signature_detail"), gaps.collect())
}

#[tokio::test]
async fn a_document_in_an_envelope_tells_how_its_signature_stands() {
    let place = Place::new().await;
    let folder = place.folder.path().join("in");
    std::fs::create_dir_all(&folder).expect("a folder");
    let inner = |name: &str| bom(name, "2026-05-01T00:00:00Z", &["pkg:npm/left-pad@1.3.0"]);
    let work = place.folder.path();
    if keys(work, "own").is_none() || keys(work, "other").is_none() {
        return;
    }
    let (Some(own), Some(other)) = (envelope(work, "own", &inner("a")), envelope(work, "other", &inner("b"))) else {
        return;
    };
    // The payload of another document under a signature that was made for the first.
    let own_value: serde_json::Value = serde_json::from_str(&own).expect("JSON");
    let mut torn: serde_json::Value = serde_json::from_str(&other).expect("JSON");
    torn["signatures"] = own_value["signatures"].clone();
    // A good one beside another text: what is verified has to be what is read.
    let mut mixed: serde_json::Value =
        serde_json::from_str(&envelope(work, "other", &inner("d")).expect("made")).expect("JSON");
    let bundle = serde_json::json!({ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": own_value,
        "verificationMaterial": { "publicKey": { "hint": "" } } });
    mixed["attestations"] = serde_json::json!([{ "bundle": bundle }]);
    for (name, text) in [
        ("own.json", own.clone()),
        ("other.json", other),
        ("torn.json", torn.to_string()),
        ("mixed.json", mixed.to_string()),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    std::fs::write(folder.join("bare.json"), inner("e")).expect("written");
    let rules = SignatureRules { trust: vec![work.join("own.pub")], ..SignatureRules::default() };
    let house = opened(&place, rules).await;
    let report = add(&house, &folder).await;
    assert_eq!((report.accepted, report.quarantined), (5, 0), "none is lost: {report:?}");
    let unknown = GapCode::SignatureUnknown.as_str();
    let found = shown(&house, &report, "own.json").await;
    let (word, by, gaps) = standing(&found);
    assert!(word == "verified" && by.starts_with("sha256:") && gaps.is_empty(), "{found:?}");
    assert_eq!(found.row.occurrences, 2, "the document inside is taken in");
    for name in ["other.json", "torn.json"] {
        let found = shown(&house, &report, name).await;
        assert_eq!(standing(&found), ("unknown-signer", "unknown-signer", vec![unknown]), "{name}");
        assert_eq!(found.row.occurrences, 2);
    }
    let mixed = shown(&house, &report, "mixed.json").await;
    assert_ne!(standing(&mixed).0, "verified");
    assert_eq!(standing(&shown(&house, &report, "bare.json").await), ("", "", vec![]), "nobody signed it");
}

#[tokio::test]
async fn a_signature_beside_a_file_is_read_with_it() {
    let place = Place::new().await;
    let (work, folder) = (place.folder.path().to_owned(), place.folder.path().join("in"));
    std::fs::create_dir_all(&folder).expect("a folder");
    if keys(&work, "own").is_none() {
        return;
    }
    for name in ["good", "bad", "bundle"] {
        let file = format!("in/{name}.json");
        std::fs::write(work.join(&file), bom(name, "2026-05-01T00:00:00Z", &["pkg:npm/left-pad@1.3.0"]))
            .expect("written");
        let Some(signature) = openssl(&work, &["dgst", "-sha256", "-sign", "own.pem", &file]) else { return };
        let text = base64(&work, &signature).expect("base 64");
        if name == "bundle" {
            let bundle = serde_json::json!({ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                "messageSignature": { "signature": text }, "verificationMaterial": { "publicKey": { "hint": "" } } });
            std::fs::write(work.join("in/bundle.json.sigstore.json"), bundle.to_string()).expect("written");
        } else {
            std::fs::write(work.join(format!("{file}.sig")), text).expect("written");
        }
    }
    let changed = bom("bad", "2026-05-01T00:00:00Z", &["pkg:npm/left-pad@1.3.1"]);
    std::fs::write(work.join("in/bad.json"), changed).expect("written");
    let unpinned = add(&place.house, &work.join("in/good.json")).await;
    let unchecked = GapCode::SignatureUnchecked.as_str();
    let found = shown(&place.house, &unpinned, "good.json").await;
    assert_eq!(standing(&found), ("unchecked", "no-keys", vec![unchecked]), "nobody is pinned");
    assert_eq!(found.companions[0].role, "signature");
    let strict = SignatureRules { trust: vec![work.join("own.pub")], quarantine: true, ..SignatureRules::default() };
    std::fs::remove_file(work.join("in/good.json")).expect("removed");
    std::fs::remove_file(work.join("in/good.json.sig")).expect("removed");
    let house = opened(&place, strict).await;
    let report = add(&house, &folder).await;
    assert_eq!((report.accepted, report.quarantined), (1, 1), "{report:?}");
    assert!(report.skipped_files.iter().all(|file| file.code == "companion"), "{report:?}");
    let found = shown(&house, &report, "bundle.json").await;
    assert!(standing(&found).0 == "verified" && standing(&found).2.is_empty(), "{found:?}");
    let bad = shown(&house, &report, "bad.json").await;
    assert_eq!(bad.row.state, DocumentState::Quarantined);
    assert!(bad.row.reason.contains("signature-not-verified"), "{}", bad.row.reason);
    assert!(bad.original_kept, "it is not lost");
    // A file of keys that is none is told, and nothing is taken in under it.
    std::fs::write(work.join("none.pub"), "words").expect("written");
    let rules = SignatureRules { trust: vec![work.join("none.pub")], ..SignatureRules::default() };
    let house = opened(&place, rules).await;
    let options = AddOptions { paths: vec![folder], actor: "ada".to_owned(), ..AddOptions::default() };
    assert_eq!(
        house.add(&options, Timestamp::from_seconds(1_800_000_000), &Silent).await.expect_err("told").code,
        "no-keys"
    );
}
