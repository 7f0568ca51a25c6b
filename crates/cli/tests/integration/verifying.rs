// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `verify`, and `check` of a folder of releases, from the outside: signatures made by the real `openssl`.

use std::process::Command;

use serde_json::Value;

use crate::house::House;

const BUILDER: &str = "https://ci.example.gov/release";

fn openssl(house: &House, arguments: &[&str]) -> Option<Vec<u8>> {
    let done = Command::new("openssl").current_dir(house.path("")).args(arguments).output();
    let Ok(done) = done else {
        underpin_testkit::skip("openssl");
        return None;
    };
    assert!(done.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let number = part.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)) << (8 * (3 - part.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= part.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// A provenance of a file, which nobody signed.
fn unsigned(name: &str, content: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let source = serde_json::json!([{ "uri": "git+https://git.example.gov/portal@refs/tags/v1" }]);
    serde_json::json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{ "name": name, "digest": { "sha256": digest } }], "predicate": {
            "buildDefinition": { "resolvedDependencies": source }, "runDetails": { "builder": { "id": BUILDER } } } })
    .to_string()
}

/// The same, signed with the key of a file.
fn provenance(house: &House, name: &str, content: &[u8]) -> Option<String> {
    let payload = unsigned(name, content);
    let kind = "application/vnd.in-toto+json";
    house.write("text", format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len()).as_bytes());
    let signature = openssl(house, &["dgst", "-sha256", "-sign", "key.pem", "text"])?;
    let envelope = serde_json::json!({ "payloadType": kind, "payload": base64(payload.as_bytes()),
        "signatures": [{ "sig": base64(&signature) }] });
    Some(envelope.to_string())
}

fn keys(house: &House, kind: &[&str]) -> Option<()> {
    openssl(house, &[&["genpkey", "-out", "key.pem"], kind].concat())?;
    openssl(house, &["pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"]).map(|_| ())
}

#[test]
fn a_provenance_is_verified_with_keys_of_every_usual_kind() {
    for kind in [
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"][..],
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    ] {
        let house = House::new();
        if keys(&house, kind).is_none() {
            return;
        }
        house.write("portal.tar.gz", b"the release");
        let Some(text) = provenance(&house, "portal.tar.gz", b"the release") else { return };
        house.write("portal.intoto.jsonl", text.as_bytes());
        let ask = ["verify", "portal.intoto.jsonl", "--subject", "portal.tar.gz", "--trust", "key.pub"];
        let answer = house.run(&[ask.as_slice(), &["--builder", BUILDER, "--format", "json"]].concat());
        assert_eq!(answer.code, Some(0), "{answer:?}");
        let answer: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let proof = &answer["proofs"][0];
        assert_eq!((&proof["is_authentic"], &proof["level"]), (&true.into(), &"build-2".into()), "{kind:?} {proof}");
        let german = house.run(&[ask.as_slice(), &["--german"]].concat());
        assert!(german.stdout.contains("echt") && german.code == Some(0), "{german:?}");
        house.write("portal.tar.gz", b"another release");
        assert_eq!(house.run(&ask).code, Some(1), "the file was changed");
        let none = house.run(&["verify", "portal.tar.gz"]);
        assert!(none.code == Some(2) && none.stderr.contains("no-attestation"), "{none:?}");
        assert_eq!(house.run(&["verify", "portal.intoto.jsonl"]).code, Some(1), "nobody is believed by default");
    }
}

#[test]
fn what_was_asked_for_decides_how_it_ends() {
    let house = House::new();
    if keys(&house, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]).is_none() {
        return;
    }
    house.write("portal.tar.gz", b"the release");
    let Some(text) = provenance(&house, "portal.tar.gz", b"the release") else { return };
    house.write("own.intoto.jsonl", text.as_bytes());
    let bare = unsigned("portal.tar.gz", b"the release");
    house.write("bare.json", bare.as_bytes());
    house.write("other.json", bare.replace("slsa.dev/provenance/v1", "spdx.dev/Document").as_bytes());
    let (of, trust) = (["--subject", "portal.tar.gz"], ["--trust", "key.pub"]);
    for (file, more, expected) in [
        ("own.intoto.jsonl", [&of[..], &trust, &["--source", "https://git.example.gov/portal@v1"]].concat(), 0),
        (
            "own.intoto.jsonl",
            [&trust[..], &["--source", "git+https://git.example.gov/portal.git@refs/tags/v1"]].concat(),
            0,
        ),
        ("own.intoto.jsonl", [&trust[..], &["--source", "https://git.example.gov/other"]].concat(), 1),
        ("own.intoto.jsonl", [&trust[..], &["--source", "https://git.example.gov/portal@main"]].concat(), 1),
        ("own.intoto.jsonl", [&trust[..], &["--identity", "https://ci.example.gov"]].concat(), 1),
        ("own.intoto.jsonl", [&trust[..], &["--source", "nowhere"]].concat(), 2),
        ("bare.json", of.to_vec(), 0),
        ("bare.json", vec!["--source", "git.example.gov/portal"], 0),
        ("bare.json", [&of[..], &["--source", "git.example.gov/other"]].concat(), 1),
        ("bare.json", vec!["--subject", "key.pub"], 1),
        ("bare.json", vec![], 1),
        ("bare.json", [&of[..], &trust].concat(), 1),
        ("bare.json", [&of[..], &["--builder", BUILDER]].concat(), 1),
        ("other.json", [&of[..], &["--builder", BUILDER]].concat(), 1),
        ("other.json", [&of[..], &["--source", "git.example.gov/portal"]].concat(), 1),
    ] {
        let answer = house.run(&[&["verify", file][..], &more].concat());
        assert_eq!(answer.code, Some(expected), "{file} {more:?}: {answer:?}");
    }
    let told = house.run(&["verify", "bare.json", "--subject", "portal.tar.gz"]);
    assert!(told.stdout.contains("nobody signed it") && told.stdout.contains("not shown to be authentic"), "{told:?}");
    let told =
        house.run(&["verify", "own.intoto.jsonl", "--trust", "key.pub", "--source", "https://git.example.gov/x"]);
    assert!(told.stdout.contains("built from another source"), "{told:?}");
}

#[test]
fn a_document_that_came_signed_says_by_whom() {
    let house = House::new();
    if keys(&house, &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).is_none() {
        return;
    }
    house.write("underpin.toml", b"[signatures]\ntrust = [\"key.pub\"]\n");
    let bom = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "components": [{"type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0"}]}"#;
    house.write("in/portal.cdx.json", bom.as_bytes());
    let Some(signature) = openssl(&house, &["dgst", "-sha256", "-sign", "key.pem", "in/portal.cdx.json"]) else {
        return;
    };
    house.write("in/portal.cdx.json.sig", &signature);
    house.json(&["add", "in"]);
    let shown = house.json(&["documents", "show", "D1"]);
    assert_eq!(
        (&shown["stated"]["signature"], &shown["companions"][0]["role"]),
        (&"verified".into(), &"signature".into())
    );
    assert!(shown["stated"]["signature_detail"].as_str().is_some_and(|by| by.starts_with("sha256:")), "{shown}");
    let rows = house.sql("select name from document_fact where kind = 'signature'");
    assert_eq!(rows[0]["name"], "verified");
    let told = house.run(&["documents", "show", "D1"]);
    assert!(told.stdout.contains("verified") && !told.stdout.contains("signature-unchecked"), "{told:?}");
    // Read again, it says the same.
    assert_eq!(house.run(&["rebuild"]).code, Some(0));
    assert_eq!(house.json(&["documents", "show", "D1"])["stated"]["signature"], "verified");
    let settings = house.run(&["config"]);
    assert!(settings.stdout.contains("signatures.trust") && settings.stdout.contains("key.pub"), "{settings:?}");
}

#[test]
fn signatures_of_rsa_in_both_ways() {
    let house = House::new();
    if keys(&house, &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).is_none() {
        return;
    }
    house.write("portal.tar.gz", b"the release");
    let ask = ["verify", "old.json", "--subject", "portal.tar.gz", "--trust", "key.pub"];
    let pss = ["-sigopt", "rsa_padding_mode:pss"];
    for more in [&[][..], &pss, &[&pss[..], &["-sigopt", "rsa_pss_saltlen:32"]].concat()] {
        let sign = [&["dgst", "-sha256", "-sign", "key.pem"][..], more, &["portal.tar.gz"]].concat();
        let Some(signature) = openssl(&house, &sign) else { return };
        let old = serde_json::json!({ "base64Signature": base64(&signature) }).to_string();
        house.write("old.json", old.as_bytes());
        assert_eq!(house.run(&ask).code, Some(0), "{more:?}");
        house.write("portal.tar.gz", b"another release");
        assert_eq!(house.run(&ask).code, Some(1), "{more:?}: the file was changed");
        house.write("portal.tar.gz", b"the release");
    }
}

#[test]
fn each_file_of_a_release_has_its_level() {
    let house = House::new();
    if keys(&house, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]).is_none() {
        return;
    }
    house.write("own/README.md", b"words");
    house.write("out/portal.tar.gz", b"one");
    house.write("out/SHA256SUMS", format!("{}  portal.tar.gz\n", "a".repeat(64)).as_bytes());
    let Some(text) = provenance(&house, "portal.tar.gz", b"one") else { return };
    house.write("out/portal.intoto.jsonl", text.as_bytes());
    let outcomes = |more: &[&str]| {
        let ask = [&["check", "own", "--only", "slsa"], more].concat();
        let answer = house.json(&ask);
        answer["practices"]
            .as_array()
            .expect("practices")
            .iter()
            .map(|one| one["outcome"].as_str().expect("a word").to_owned())
            .collect::<Vec<_>>()
    };
    let unknown = "cannot-be-assessed";
    assert_eq!(outcomes(&[]), [unknown; 3]);
    assert_eq!(outcomes(&["--releases", "out"]), ["met", unknown, unknown]);
    let trusted = ["--releases", "out", "--trust", "key.pub", "--builder", BUILDER];
    assert_eq!(outcomes(&trusted), ["met", "met", unknown]);
    let hardened = ["--releases", "out", "--trust", "key.pub", "--hardened-builder", BUILDER];
    assert_eq!(outcomes(&hardened), ["met"; 3]);
    openssl(&house, &["genpkey", "-out", "other.pem", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    openssl(&house, &["pkey", "-in", "other.pem", "-pubout", "-out", "other.pub"]);
    let stranger = ["--releases", "out", "--trust", "other.pub", "--builder", BUILDER];
    assert_eq!(outcomes(&stranger), ["met", "not-met", unknown], "there is one, and it is of somebody else");
    for (name, content) in
        [("out/extra.zip", "two"), ("out/malware-checksums.exe", "MZ"), ("out/m.sig", "x"), ("out/x/other.bin", "1")]
    {
        house.write(name, content.as_bytes());
        assert_eq!(outcomes(&trusted), ["not-met"; 3], "{name} has no provenance");
        std::fs::remove_file(house.path(name)).expect("removed");
    }
    assert_eq!(outcomes(&trusted), ["met", "met", unknown]);
}
