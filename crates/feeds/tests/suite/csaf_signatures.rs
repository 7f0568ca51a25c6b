// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Trusted CSAF providers: every document has a digest and a signature, or is refused.

use pgp::composed::{
    ArmorOptions, DetachedSignature, EncryptionCaps, KeyType, SecretKeyParamsBuilder, SignedSecretKey,
    SubkeyParamsBuilder,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{KeyDetails, Password, SigningKey};
use underpin_feeds::Validators;
use underpin_testkit::server::Reply;

use super::csaf::{document, fetched, sha256};
use super::world::{World, refusals, world_at, world_on};

/// A key with a subkey for signing.
pub fn key(name: &str) -> SignedSecretKey {
    let subkey = SubkeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_sign(true)
        .can_encrypt(EncryptionCaps::None)
        .build()
        .unwrap();
    SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_certify(true)
        .can_sign(true)
        .primary_user_id(name.to_owned())
        .passphrase(None)
        .subkey(subkey)
        .build()
        .unwrap()
        .generate(rand::rngs::OsRng)
        .unwrap()
}

fn signature(key: &impl SigningKey, hash: HashAlgorithm, text: &str) -> String {
    let signature =
        DetachedSignature::sign_binary_data(rand::rngs::OsRng, key, &Password::empty(), hash, text.as_bytes());
    signature.unwrap().to_armored_string(ArmorOptions::default()).unwrap()
}

pub fn public(key: &SignedSecretKey) -> String {
    key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap()
}

pub fn fingerprint(key: &SignedSecretKey) -> String {
    format!("{:X}", key.fingerprint())
}

/// The signature of a text by a key.
pub fn signed(key: &SignedSecretKey, text: &str) -> String {
    signature(&key.primary_key, HashAlgorithm::Sha512, text)
}

/// A trusted provider with one document and what is beside it.
fn provider(fingerprint: &str, key: &str, text: &str, hash: Option<&str>, signature: Option<&str>) -> World {
    // Keys and signatures of this test are made now: the office looks at them a long time later.
    let world = world_at("2100-01-01T00:00:00Z");
    let of = |path: &str| world.server.address("c.example", path);
    let metadata = format!(
        r#"{{"role":"csaf_trusted_provider","distributions":[{{"directory_url":"{}"}}],"public_openpgp_keys":[{{"fingerprint":"{fingerprint}","url":"{}"}}]}}"#,
        of("/csaf/"),
        of("/key.asc"),
    );
    world.server.on("/pm.json", [Reply::ok(metadata)]);
    world.server.on("/key.asc", [Reply::ok(key)]);
    world.server.on("/csaf/index.txt", [Reply::ok("a.json")]);
    world.server.on("/csaf/a.json", [Reply::ok(text)]);
    for (ending, content) in [("sha256", hash), ("asc", signature)] {
        if let Some(content) = content {
            world.server.on(&format!("/csaf/a.json.{ending}"), [Reply::ok(content)]);
        }
    }
    world
}

/// Name; fingerprint stated and key served; document, digest and signature; codes expected.
type Case<'a> = (&'a str, &'a str, &'a str, &'a str, Option<&'a str>, Option<&'a str>, &'a [&'a str]);

async fn codes(world: &World) -> (usize, Vec<String>) {
    let none = Validators::default();
    let delivery = fetched(world, &world.server.address("c.example", "/pm.json"), &none).await.unwrap().unwrap();
    (delivery.files.len(), refusals(&delivery).into_iter().map(|(_, code)| code).collect())
}

#[tokio::test]
async fn signatures_are_believed_only_when_everything_fits() {
    let (ours, foreign) = (key("Supplier"), key("Stranger"));
    let fingerprint = format!("{:X}", ours.fingerprint());
    let spaced: String = fingerprint
        .chars()
        .enumerate()
        .flat_map(|(at, digit)| [(at % 4 == 0).then_some(' '), Some(digit)])
        .flatten()
        .collect();
    let other = format!("{:X}", foreign.fingerprint());
    let text = document("WHITE", "a");
    let changed = document("WHITE", "b");
    let (right, hash) = (signature(&ours.primary_key, HashAlgorithm::Sha512, &text), sha256(&text));
    let by_subkey = signature(&ours.secret_subkeys[0].key, HashAlgorithm::Sha256, &text);
    let by_stranger = signature(&foreign.primary_key, HashAlgorithm::Sha512, &text);
    let (ours, foreign) = (public(&ours), public(&foreign));
    let cases: &[Case<'_>] = &[
        ("right", &fingerprint, &ours, &text, Some(&hash), Some(&right), &[]),
        ("spaced fingerprint", &spaced, &ours, &text, Some(&hash), Some(&right), &[]),
        ("by a subkey", &fingerprint, &ours, &text, Some(&hash), Some(&by_subkey), &[]),
        ("changed", &fingerprint, &ours, &changed, Some(&sha256(&changed)), Some(&right), &["wrong-signature"]),
        ("wrong digest", &fingerprint, &ours, &changed, Some(&hash), Some(&right), &["wrong-hash"]),
        ("no digest in it", &fingerprint, &ours, &text, Some("none"), Some(&right), &["wrong-hash"]),
        ("a stranger's", &fingerprint, &ours, &text, Some(&hash), Some(&by_stranger), &["unknown-key"]),
        ("no signature", &fingerprint, &ours, &text, Some(&hash), None, &["missing-signature"]),
        ("no digest", &fingerprint, &ours, &text, None, Some(&right), &["missing-hash"]),
        ("nonsense", &fingerprint, &ours, &text, Some(&hash), Some("nonsense"), &["wrong-signature"]),
        ("a key's text", &fingerprint, &ours, &text, Some(&hash), Some(&ours), &["wrong-signature"]),
        // The key that is served is not the one that was stated: it is not believed, nor what it signs.
        (
            "other key served",
            &fingerprint,
            &foreign,
            &text,
            Some(&hash),
            Some(&by_stranger),
            &["unknown-key", "unknown-key"],
        ),
        ("other key stated", &other, &ours, &text, Some(&hash), Some(&right), &["unknown-key", "unknown-key"]),
        ("no key served", &fingerprint, "nothing", &text, Some(&hash), Some(&right), &["unknown-key", "unknown-key"]),
    ];
    for (name, fingerprint, key, text, hash, signature, expected) in cases {
        let (files, codes) = codes(&provider(fingerprint, key, text, *hash, *signature)).await;
        assert_eq!(
            (files, codes),
            (usize::from(expected.is_empty()), expected.iter().map(|code| (*code).to_owned()).collect()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_changed_its_key_is_believed_with_both_and_not_with_one_it_no_longer_states() {
    let (old, new) = (key("Old"), key("New"));
    let text = document("WHITE", "a");
    for (signer, states_old, expected) in
        [(&old, true, None), (&new, true, None), (&new, false, None), (&old, false, Some("unknown-key"))]
    {
        let world =
            provider(&fingerprint(&new), &public(&new), &text, Some(&sha256(&text)), Some(&signed(signer, &text)));
        let of = |path: &str| world.server.address("c.example", path);
        world.server.on("/old.asc", [Reply::ok(public(&old))]);
        let stated = |key: &SignedSecretKey, path: &str| {
            format!(r#"{{"fingerprint":"{}","url":"{}"}}"#, fingerprint(key), of(path))
        };
        let mut keys = vec![stated(&new, "/key.asc")];
        keys.extend(states_old.then(|| stated(&old, "/old.asc")));
        let metadata = format!(
            r#"{{"role":"csaf_trusted_provider","distributions":[{{"directory_url":"{}"}}],"public_openpgp_keys":[{}]}}"#,
            of("/csaf/"),
            keys.join(",")
        );
        world.server.on("/pm.json", [Reply::ok(metadata)]);
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(codes(&world).await, (1 - expected.len(), expected.clone()), "{states_old}");
    }
}

#[tokio::test]
async fn signatures_of_the_future_are_refused() {
    let ours = key("Supplier");
    let fingerprint = format!("{:X}", ours.fingerprint());
    let text = document("WHITE", "a");
    let hash = sha256(&text);
    let right = signature(&ours.primary_key, HashAlgorithm::Sha256, &text);
    let world = provider(&fingerprint, &public(&ours), &text, Some(&hash), Some(&right));
    assert_eq!(codes(&world).await.1, Vec::<String>::new());
    // The same provider, seen by an office whose clock stands long before the signature.
    let early = world_on(world.server.clone(), "2001-01-01T00:00:00Z");
    assert_eq!(codes(&early).await.1, ["wrong-signature"]);
}

#[tokio::test]
async fn a_revoked_key_is_not_believed() {
    let ours = key("Supplier");
    let fingerprint = format!("{:X}", ours.fingerprint());
    let text = document("WHITE", "a");
    let right = signature(&ours.primary_key, HashAlgorithm::Sha256, &text);
    let mut revocation =
        SignatureConfig::from_key(rand::rngs::OsRng, &ours.primary_key, SignatureType::KeyRevocation).unwrap();
    let made = Subpacket::regular(SubpacketData::SignatureCreationTime(ours.primary_key.created_at())).unwrap();
    let by = Subpacket::regular(SubpacketData::IssuerFingerprint(ours.fingerprint())).unwrap();
    revocation.hashed_subpackets = vec![made, by];
    let mut public = ours.to_public_key();
    let signed = revocation.sign_key(&ours.primary_key, &Password::empty(), &public.primary_key).unwrap();
    public.details.revocation_signatures.push(signed);
    let served = public.to_armored_string(ArmorOptions::default()).unwrap();
    let world = provider(&fingerprint, &served, &text, Some(&sha256(&text)), Some(&right));
    assert_eq!(codes(&world).await, (0, vec!["unknown-key".to_owned(), "unknown-key".to_owned()]));
}
