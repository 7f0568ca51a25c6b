// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was asked for, held against attestations that show less, or something else.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::proofs::{BuildLevel, ProofPart as P, ProofReason as R};

use super::tests::signed;
use super::tests::*;
use super::*;
use crate::signatures::PublicKey;

fn wishes<'a>(keys: &'a [PublicKey], artefacts: &'a [Artefact]) -> Wishes<'a> {
    Wishes { keys, artefacts, now: Timestamp::from_seconds(NOW), ..Wishes::default() }
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::of_spki(&spki(key)).expect("a key")
}

#[test]
fn a_provenance_is_of_the_source_that_was_asked_for_or_not_verified() {
    let (keys, artefacts) = ([public(&key(7))], [artefact("v1")]);
    let builders = [BUILDER.to_owned()];
    for version in [0, 1] {
        let text = signed(&key(7), &statement(version, "v1"), None);
        for (source, expected) in [
            ("https://example.gov/portal", None),
            ("example.gov/portal.git@v1", None),
            ("git+https://example.gov/portal@refs/heads/v1", Some(R::OtherSource)),
            ("https://example.gov/other", Some(R::OtherSource)),
        ] {
            let source = Source::read(source).expect("a source");
            let proof =
                only(&text, &Wishes { source: Some(&source), builders: &builders, ..wishes(&keys, &artefacts) });
            let outcome = if expected.is_none() { Outcome::Met } else { Outcome::NotMet };
            assert_eq!(reason(&proof, P::Source), Some((outcome, expected)), "{source:?}");
            assert_eq!(proof.is_authentic(), expected.is_none());
            assert_eq!(proof.level, if expected.is_none() { BuildLevel::Two } else { BuildLevel::One });
        }
    }
    let source = Source::read("https://example.gov/portal").expect("a source");
    let asks = Wishes { source: Some(&source), ..wishes(&keys, &artefacts) };
    let silent = statement(1, "v1").replace("resolvedDependencies", "nothing");
    let silent = only(&signed(&key(7), &silent, None), &asks);
    assert_eq!(reason(&silent, P::Source), Some((Outcome::NotMet, Some(R::NoSource))));
    let other = statement(1, "v1").replace("slsa.dev/provenance/v1", "spdx.dev/Document");
    let other = only(&signed(&key(7), &other, None), &asks);
    assert_eq!(reason(&other, P::Source), Some((Outcome::NotMet, Some(R::NoStatement))));
    assert!(!silent.is_authentic() && !other.is_authentic());
}

#[test]
fn a_statement_that_nobody_signed_is_read_and_proves_nothing() {
    let (keys, right, wrong) = ([public(&key(7))], [artefact("v1")], [artefact("v2")]);
    let builders = [BUILDER.to_owned()];
    for version in [0, 1] {
        let text = statement(version, "v1");
        let proof = only(&text, &Wishes { hardened: &builders, ..wishes(&keys, &right) });
        let unsigned = Some((Outcome::NotAssessed, Some(R::Unsigned)));
        for part in [P::Signature, P::Signer, P::Builder] {
            assert_eq!(reason(&proof, part), unsigned, "{part:?}");
        }
        assert_eq!((proof.is_authentic(), proof.level), (false, BuildLevel::One), "a provenance is there, no more");
        assert_eq!((proof.subjects, proof.builder.as_deref()), (1, Some(BUILDER)));
        let other = only(&text, &wishes(&keys, &wrong));
        assert_eq!(reason(&other, P::Subject), Some((Outcome::NotMet, Some(R::OtherSubject))));
        assert_eq!(other.level, BuildLevel::None);
    }
    let bad = only(r#"{"_type": "https://in-toto.io/Statement/v1", "predicateType": "x"}"#, &Wishes::default());
    assert_eq!(reason(&bad, P::Signature), Some((Outcome::NotMet, Some(R::NotUnderstood))));
}

/// A bundle with a bare signature of a text, and its digest where that is given.
fn message(key: &SigningKey, text: &str, digest: Option<&[u8]>) -> String {
    let signature: Signature = key.sign(text.as_bytes());
    let mut message = json!({ "signature": encoded(signature.to_der()) });
    if let Some(digest) = digest {
        message["messageDigest"] = json!({ "algorithm": "SHA2_256", "digest": encoded(digest) });
    }
    json!({ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": message,
        "verificationMaterial": { "publicKey": { "hint": "" } } })
    .to_string()
}

#[test]
fn a_signature_of_a_file_is_about_that_file_alone() {
    let keys = [public(&key(7))];
    let (one, two) = ([artefact("v1")], [artefact("v1"), artefact("v2")]);
    let stated = message(&key(7), "v1", Some(&one[0].sha256));
    let bare = message(&key(7), "v1", None);
    let is_about = |text: &str, artefacts: &[Artefact], any_artefact| {
        let proof = only(text, &Wishes { any_artefact, ..wishes(&keys, artefacts) });
        (proof.outcome(P::Signature), proof.outcome(P::Subject), proof.covers)
    };
    let (met, not) = (Some(Outcome::Met), Some(Outcome::NotMet));
    assert_eq!(is_about(&stated, &one, false), (met, met, vec![0]));
    assert_eq!(is_about(&bare, &one, false), (met, met, vec![0]));
    assert_eq!(is_about(&stated, &two, false), (met, not, vec![0]), "each of them was asked for");
    assert_eq!(is_about(&bare, &two, false), (met, not, vec![]), "of several nobody knows which it is");
    assert_eq!(is_about(&stated, &two, true), (met, met, vec![0]));
    assert_eq!(is_about(&bare, &two[1..], false).0, not);
    let none = only(&bare, &wishes(&keys, &[]));
    assert_eq!(
        reason(&none, P::Signature),
        Some((Outcome::NotAssessed, Some(R::NoSubject))),
        "nothing to hold it against"
    );
}

#[test]
fn a_key_is_nobody_and_what_is_no_provenance_has_no_builder() {
    let (keys, artefacts) = ([public(&key(7))], [artefact("v1")]);
    let text = signed(&key(7), &statement(1, "v1"), None);
    let asks = Wishes { identity: Some("https://ci.example.gov"), ..wishes(&keys, &artefacts) };
    let proof = only(&text, &asks);
    assert_eq!(reason(&proof, P::Identity), Some((Outcome::NotMet, Some(R::OtherIdentity))));
    assert!(!proof.is_authentic());
    let other = statement(1, "v1").replace("slsa.dev/provenance/v1", "spdx.dev/Document");
    let builders = [BUILDER.to_owned()];
    let other = only(&signed(&key(7), &other, None), &Wishes { builders: &builders, ..wishes(&keys, &artefacts) });
    assert_eq!(reason(&other, P::Builder), Some((Outcome::NotAssessed, Some(R::NoStatement))));
}

#[test]
fn what_cosign_wrote_before_bundles_is_read() {
    let (keys, artefacts) = ([public(&key(7))], [artefact("v1")]);
    let signature: Signature = key(7).sign(b"v1");
    let old = json!({ "base64Signature": encoded(signature.to_der()) }).to_string();
    let proof = only(&old, &wishes(&keys, &artefacts));
    assert_eq!((proof.is_authentic(), proof.outcome(P::Subject)), (true, Some(Outcome::Met)), "{proof:?}");
    assert!(!only(&old, &wishes(&keys, &[artefact("v2")])).is_authentic());
    let (root, leaf) = (key(1), key(2));
    let own = certificate(&leaf, &root, [b'l', b'r'], false, BUILDER);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", encoded(&own));
    let mut trust = TrustRoot::default();
    assert!(trust.add(&certificate(&root, &root, [b'r', b'r'], true, "")));
    let signature: Signature = leaf.sign(b"v1");
    let base = Wishes { identity: Some(BUILDER), ..wishes(&[], &artefacts) };
    for cert in [encoded(&pem), pem.clone()] {
        let old = json!({ "base64Signature": encoded(signature.to_der()), "cert": cert }).to_string();
        assert!(only(&old, &Wishes { root: Some(&trust), ..base.clone() }).is_authentic());
    }
    // The promise of a log is read as that of a bundle; one that nobody believes is broken.
    let body = json!({ "kind": "hashedrekord", "apiVersion": "0.0.1", "spec": {} }).to_string();
    let logged = json!({ "base64Signature": encoded(signature.to_der()), "cert": pem, "rekorBundle": {
        "SignedEntryTimestamp": encoded(b"x"), "Payload": { "body": encoded(body), "integratedTime": NOW, "logIndex": 1, "logID": "00ff" } } });
    trust.logs.push(LogKey { id: vec![0, 0xff], key: public(&key(3)), from: None, to: None });
    let proof = only(&logged.to_string(), &Wishes { root: Some(&trust), ..base });
    assert_eq!(reason(&proof, P::Log), Some((Outcome::NotMet, Some(R::WrongEntry))), "{proof:?}");
}

#[test]
fn what_one_envelope_may_cost_is_bounded() {
    let (keys, artefacts) = ([public(&key(7))], [artefact("v1")]);
    let text = signed(&key(7), &statement(1, "v1"), None);
    let mut many: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let good = many["signatures"][0].clone();
    let bad = json!({ "sig": encoded([1, 2, 3]) });
    let among = |before: usize| {
        let mut all = vec![bad.clone(); before];
        all.push(good.clone());
        all
    };
    many["signatures"] = among(underpin_model::limits::bounds::ENVELOPE_SIGNATURES - 1).into();
    assert!(only(&many.to_string(), &wishes(&keys, &artefacts)).is_authentic());
    many["signatures"] = among(underpin_model::limits::bounds::ENVELOPE_SIGNATURES).into();
    assert!(!only(&many.to_string(), &wishes(&keys, &artefacts)).is_authentic(), "those beyond are not tried");
    // Certificates beside a bare envelope are as many as a chain has.
    let own = certificate(&key(2), &key(1), [b'l', b'r'], false, BUILDER);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", encoded(&own)).repeat(500);
    many["signatures"] = json!([{ "sig": encoded([1, 2, 3]), "cert": pem }]);
    let read = super::envelope::read(many.to_string().as_bytes()).expect("an envelope");
    let chain = read[0].as_ref().map(|one| one.certificates.len());
    assert_eq!(chain, Some(underpin_model::limits::bounds::CERTIFICATE_CHAIN));
}

#[test]
fn a_machine_of_github_alone_proves_nobody() {
    let workflow = "https://github.com/agency/portal/.github/workflows/release.yml@refs/tags/v1";
    let hosted = "https://github.com/actions/runner/github-hosted";
    let (root, leaf) = (key(1), key(2));
    let mut trust = TrustRoot::default();
    assert!(trust.add(&certificate(&root, &root, [b'r', b'r'], true, "")));
    let own = certificate(&leaf, &root, [b'l', b'r'], false, workflow);
    let text = signed(&leaf, &statement(1, "v1").replace(BUILDER, hosted), Some(&own));
    let (artefacts, builders) = ([artefact("v1")], [hosted.to_owned()]);
    let base = Wishes { root: Some(&trust), builders: &builders, ..wishes(&[], &artefacts) };
    let anybody = only(&text, &base);
    assert_eq!(reason(&anybody, P::Builder), Some((Outcome::NotMet, Some(R::OtherBuilder))));
    assert_eq!((anybody.is_authentic(), anybody.level), (false, BuildLevel::One), "everybody can use that machine");
    let named = only(&text, &Wishes { identity: Some(workflow), ..base.clone() });
    assert_eq!((named.is_authentic(), named.level), (true, BuildLevel::Two), "{named:?}");
    let other = only(&text, &Wishes { identity: Some("https://github.com/agency/other"), ..base });
    assert!(!other.is_authentic());
}
