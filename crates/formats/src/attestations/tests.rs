// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Attestations that the tests sign themselves, with keys and certificates of their own.

use ::base64::Engine as _;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use proptest::prelude::*;
use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::proofs::{BuildLevel, Proof, ProofPart as P, ProofReason as R};

use super::certificate::{FOR_CODE, wrapped};
use super::*;
use crate::signatures::{Der, Digest, Keyring, PublicKey};

pub(super) const NOW: i64 = 1_700_000_000;
pub(super) const BUILDER: &str = "https://ci.example.gov/build/.ci/release.yml@refs/tags/v1";

pub(super) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(super) fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).expect("a key")
}

pub(super) fn spki(key: &SigningKey) -> Vec<u8> {
    let algorithm = wrapped(
        Der::SEQUENCE,
        &[&[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01][..], &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]]
            .concat(),
    );
    let point = key.verifying_key().to_sec1_bytes();
    let bits = wrapped(Der::BITS, &[&[0][..], &point].concat());
    wrapped(Der::SEQUENCE, &[algorithm, bits].concat())
}

pub(super) fn artefact(text: &str) -> Artefact {
    let [sha256, sha384, sha512] =
        [Digest::Sha256, Digest::Sha384, Digest::Sha512].map(|digest| digest.of(text.as_bytes()));
    Artefact { name: "portal.tar.gz".to_owned(), sha256, sha384, sha512 }
}

pub(super) fn statement(version: u8, text: &str) -> String {
    let digest = super::entries::hex(&artefact(text).sha256);
    let subject = json!([{ "name": "portal.tar.gz", "digest": { "sha256": digest } }]);
    let (kind, predicate, body) = if version == 1 {
        let body = json!({ "runDetails": { "builder": { "id": BUILDER } },
            "buildDefinition": { "resolvedDependencies": [{ "uri": "git+https://example.gov/portal@refs/tags/v1" }] } });
        ("https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1", body)
    } else {
        let body = json!({ "builder": { "id": BUILDER }, "invocation": { "configSource": { "uri": "git+https://example.gov/portal@refs/tags/v1" } } });
        ("https://in-toto.io/Statement/v0.1", "https://slsa.dev/provenance/v0.2", body)
    };
    json!({ "_type": kind, "subject": subject, "predicateType": predicate, "predicate": body }).to_string()
}

pub(super) fn signed(key: &SigningKey, payload: &str, certificate: Option<&[u8]>) -> String {
    let kind = "application/vnd.in-toto+json";
    let text = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
    let signature: Signature = key.sign(text.as_bytes());
    let mut one = json!({ "keyid": "", "sig": encoded(signature.to_der()) });
    if let Some(der) = certificate {
        one["cert"] = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", encoded(der)).into();
    }
    json!({ "payloadType": kind, "payload": encoded(payload), "signatures": [one] }).to_string()
}

pub(super) fn only(bytes: &str, wishes: &Wishes<'_>) -> Proof {
    let mut proofs = verify(bytes.as_bytes(), wishes).expect("an attestation");
    assert_eq!(proofs.len(), 1);
    proofs.remove(0)
}

pub(super) fn reason(proof: &Proof, part: P) -> Option<(Outcome, Option<R>)> {
    proof.parts.iter().find(|one| one.part == part).map(|one| (one.outcome, one.reason))
}

#[test]
fn levels_follow_from_what_is_pinned_and_asked() {
    let keys = [PublicKey::of_spki(&spki(&key(7))).expect("a key")];
    let (artefacts, builders) = ([artefact("v1")], [BUILDER.to_owned()]);
    let any_version = [BUILDER.split('@').next().expect("a name").to_owned()];
    let base = Wishes { keys: &keys, artefacts: &artefacts, now: Timestamp::from_seconds(NOW), ..Wishes::default() };
    for version in [0, 1] {
        let text = signed(&key(7), &statement(version, "v1"), None);
        for (wishes, level) in [
            (base.clone(), BuildLevel::One),
            (Wishes { builders: &builders, ..base.clone() }, BuildLevel::Two),
            (Wishes { builders: &any_version, ..base.clone() }, BuildLevel::Two),
            (Wishes { hardened: &builders, ..base.clone() }, BuildLevel::Three),
            (Wishes { keys: &[], builders: &builders, ..base.clone() }, BuildLevel::One),
            (Wishes { artefacts: &[], builders: &builders, ..base.clone() }, BuildLevel::None),
        ] {
            let proof = only(&text, &wishes);
            assert_eq!(proof.level, level, "version {version}: {proof:?}");
            assert_eq!(proof.builder.as_deref(), Some(BUILDER));
            assert_eq!(proof.source.as_deref(), Some("git+https://example.gov/portal@refs/tags/v1"));
        }
    }
}

#[test]
fn what_does_not_hold_is_told_with_its_reason() {
    let keys = [PublicKey::of_spki(&spki(&key(7))).expect("a key")];
    let (right, wrong) = ([artefact("v1")], [artefact("v2")]);
    let others = ["https://elsewhere.example".to_owned()];
    let base = Wishes { keys: &keys, artefacts: &right, now: Timestamp::from_seconds(NOW), ..Wishes::default() };
    let good = signed(&key(7), &statement(1, "v1"), None);
    assert!(only(&good, &base).is_authentic());
    let other_key = signed(&key(8), &statement(1, "v1"), None);
    assert_eq!(reason(&only(&other_key, &base), P::Signature), Some((Outcome::NotMet, Some(R::UnknownSigner))));
    let changed = good.replace(&encoded(statement(1, "v1")), &encoded(statement(1, "v2")));
    assert_eq!(reason(&only(&changed, &base), P::Signature), Some((Outcome::NotMet, Some(R::UnknownSigner))));
    let of_other = Wishes { artefacts: &wrong, ..base.clone() };
    assert_eq!(reason(&only(&good, &of_other), P::Subject), Some((Outcome::NotMet, Some(R::OtherSubject))));
    assert_eq!(only(&good, &of_other).level, BuildLevel::None);
    let by_other = Wishes { builders: &others, ..base.clone() };
    assert_eq!(reason(&only(&good, &by_other), P::Builder), Some((Outcome::NotMet, Some(R::UnknownBuilder))));
    assert_eq!(only(&good, &by_other).level, BuildLevel::One, "the file has a provenance, of a builder nobody named");
    let blind = Wishes { keys: &[], ..base.clone() };
    assert_eq!(reason(&only(&good, &blind), P::Signature), Some((Outcome::NotAssessed, Some(R::NoKeys))));
    assert!(!only(&good, &blind).is_authentic());
    let other_kind = good.replace("application/vnd.in-toto+json", "application/json");
    assert!(!only(&other_kind, &base).is_authentic(), "the kind is signed, too");
}

/// A certificate: whose key it is, who signs it, and its fields.
pub(super) fn certificate(
    own: &SigningKey,
    parent: &SigningKey,
    names: [u8; 2],
    is_authority: bool,
    identity: &str,
) -> Vec<u8> {
    let sequence = |parts: &[Vec<u8>]| wrapped(Der::SEQUENCE, &parts.concat());
    let name = |letter: u8| {
        let pair = sequence(&[wrapped(Der::OID, &[0x55, 4, 3]), wrapped(0x0c, &[letter])]);
        sequence(&[wrapped(Der::SET, &pair)])
    };
    let extension = |oid: &[u8], value: Vec<u8>| sequence(&[wrapped(Der::OID, oid), wrapped(Der::BYTES, &value)]);
    let extensions = if is_authority {
        vec![extension(&[0x55, 0x1d, 0x13], sequence(&[vec![1, 1, 0xff]]))]
    } else {
        let mut own = vec![
            extension(&[0x55, 0x1d, 0x25], sequence(&[wrapped(Der::OID, FOR_CODE)])),
            extension(&[0x55, 0x1d, 0x11], sequence(&[wrapped(0x86, identity.as_bytes())])),
        ];
        // The fields in which Fulcio says who confirmed it, and where it ran.
        if identity.starts_with("https://github.com/") {
            for (number, text) in [(8, "https://token.actions.githubusercontent.com"), (11, "github-hosted")] {
                let name = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, number];
                own.push(extension(&name, wrapped(0x0c, text.as_bytes())));
            }
        }
        own
    };
    let algorithm = sequence(&[wrapped(Der::OID, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])]);
    let times = sequence(&[wrapped(0x17, b"230101000000Z"), wrapped(0x18, b"20240101000000Z")]);
    let body = sequence(&[
        wrapped(0xa0, &[2, 1, 2]),
        vec![2, 1, 5],
        algorithm.clone(),
        name(names[1]),
        times,
        name(names[0]),
        spki(own),
        wrapped(0xa3, &sequence(&extensions)),
    ]);
    let signature: Signature = parent.sign(&body);
    let bits = wrapped(Der::BITS, &[&[0][..], signature.to_der().as_bytes()].concat());
    sequence(&[body, algorithm, bits])
}

#[test]
fn a_certificate_leads_to_a_pinned_authority_or_nowhere() {
    let (root, leaf) = (key(1), key(2));
    let pinned = certificate(&root, &root, [b'r', b'r'], true, "");
    let own = certificate(&leaf, &root, [b'l', b'r'], false, BUILDER);
    let text = signed(&leaf, &statement(1, "v1"), Some(&own));
    let mut trust = TrustRoot::default();
    assert!(trust.add(&pinned));
    let (artefacts, builders) = ([artefact("v1")], [BUILDER.to_owned()]);
    let base = Wishes {
        root: Some(&trust),
        artefacts: &artefacts,
        builders: &builders,
        now: Timestamp::from_seconds(NOW),
        ..Wishes::default()
    };
    let proof = only(&text, &base);
    assert_eq!((proof.is_authentic(), proof.level, proof.identity.as_deref()), (true, BuildLevel::Two, Some(BUILDER)));
    let nobody = only(&text, &Wishes { builders: &[], ..base.clone() });
    assert_eq!(reason(&nobody, P::Identity), Some((Outcome::NotAssessed, Some(R::NobodyAsked))));
    assert!(!nobody.is_authentic(), "that somebody signed proves nothing");
    let asked = |identity| only(&text, &Wishes { identity: Some(identity), ..base.clone() });
    assert!(asked(BUILDER).is_authentic() && !asked("https://else.example").is_authentic());
    let late = Wishes { now: Timestamp::from_seconds(1_800_000_000), ..base.clone() };
    assert_eq!(reason(&only(&text, &late), P::Signer), Some((Outcome::NotMet, Some(R::UnknownSigner))), "it has ended");
    let foreign = certificate(&leaf, &key(3), [b'l', b'r'], false, BUILDER);
    assert!(!only(&signed(&leaf, &statement(1, "v1"), Some(&foreign)), &base).is_authentic(), "signed by another root");
    // A signer that is no authority certifies nobody.
    let below = certificate(&key(4), &leaf, [b'x', b'l'], false, BUILDER);
    let below = signed(&key(4), &statement(1, "v1"), Some(&[below].concat()));
    assert!(!only(&below, &base).is_authentic());
    let other = certificate(&leaf, &root, [b'l', b'r'], false, "https://ci.example.gov/other.yml@refs/heads/x");
    let other = only(&signed(&leaf, &statement(1, "v1"), Some(&other)), &base);
    assert_eq!(reason(&other, P::Builder), Some((Outcome::NotMet, Some(R::OtherBuilder))), "another workflow names it");
    assert_eq!(other.level, BuildLevel::One);
    assert!(!only(&text, &Wishes { root: None, ..base.clone() }).is_authentic());
}

#[test]
fn several_in_one_file_and_what_is_none() {
    let text = [signed(&key(7), &statement(1, "v1"), None), signed(&key(8), &statement(0, "v1"), None)].join("\n");
    assert_eq!(verify(text.as_bytes(), &Wishes::default()).map(|all| all.len()), Some(2));
    for none in ["", "{}", "[]", "hello", "{\"a\":1}\n{", "{\"payloadType\":1}"] {
        let found = verify(none.as_bytes(), &Wishes::default());
        assert!(found.is_none_or(|all| all.iter().all(|one| !one.is_authentic())), "{none}");
    }
    let mut keys = Keyring::default();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", encoded(spki(&key(7))));
    keys.add(pem.as_bytes()).expect("a key");
    assert_eq!(keys.keys.len(), 1);
}

proptest! {
    #[test]
    fn bent_certificates_and_envelopes_do_no_harm(at in 0_usize..600, byte: u8, cut in 0_usize..600) {
        let own = certificate(&key(2), &key(1), [b'l', b'r'], false, BUILDER);
        let mut bent = own.clone();
        let place = at % bent.len();
        bent[place] = byte;
        let mut trust = TrustRoot::default();
        trust.add(&certificate(&key(1), &key(1), [b'r', b'r'], true, ""));
        let _ = trust.add(&bent[..cut.min(bent.len())]);
        let wishes = Wishes { root: Some(&trust), now: Timestamp::from_seconds(NOW), ..Wishes::default() };
        let text = signed(&key(2), &statement(1, "v1"), Some(&bent));
        if bent != own && let Some(proofs) = verify(text.as_bytes(), &wishes) {
            // What lies outside the signed part may be written in another way; then it must still lead to the root.
            prop_assert!(proofs.iter().all(|one| !one.is_authentic() || one.identity.as_deref() == Some(BUILDER)));
        }
        let mut text = text.into_bytes();
        let place = at % text.len();
        text[place] = byte;
        let _ = verify(&text, &wishes);
        let _ = super::moments::moment(&bent, b"x", &trust.authorities);
    }
}
