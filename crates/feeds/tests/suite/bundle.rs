// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bundles: whole, and in every way not.

use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use underpin_feeds::bundle::{self, BundledFeed, Header, Packing, PublicKey, SigningKey, Trusted};
use underpin_feeds::{Code, Content, FeedError};
use underpin_model::Limits;

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn about(sequence: u64) -> Header {
    let feed = BundledFeed {
        feed: "kev".to_owned(),
        edition: "7".to_owned(),
        since: Some("6".to_owned()),
        ..BundledFeed::default()
    };
    Header { creator: "Office".to_owned(), sequence, feeds: vec![feed], ..Header::default() }
}

fn packing(name: &str, bytes: &[u8]) -> Packing {
    Packing { name: name.to_owned(), feed: "kev".to_owned(), content: Content::Bytes(bytes.to_vec()) }
}

fn bundle(sequence: u64, packings: &[Packing]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bundle::write(&mut bytes, &about(sequence), packings, &key(1)).unwrap();
    bytes
}

fn two() -> Vec<u8> {
    let noise: Vec<u8> = (0..5_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    bundle(5, &[packing("kev/a.json", b"{}"), packing("kev/b.json", &noise)])
}

/// Names and sizes of what is handed out.
fn opened(folder: &Path, bytes: &[u8], applied: Option<u64>) -> Result<Vec<(String, usize)>, FeedError> {
    let path = folder.join("bundle");
    std::fs::write(&path, bytes).unwrap();
    let trusted = Trusted { keys: vec![key(2).public(), key(1).public()], applied };
    let mut verified = bundle::open(&path, &trusted, &Limits::default())?;
    let mut found = Vec::new();
    verified.entries(&mut |entry, reader| {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        found.push((entry.name.clone(), bytes.len()));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

#[test]
fn a_bundle_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = two();
    let expected = [("kev/a.json".to_owned(), 2), ("kev/b.json".to_owned(), 5_000)];
    assert_eq!(opened(folder.path(), &whole, None).unwrap(), expected);
    assert_eq!(opened(folder.path(), &whole, Some(4)).unwrap(), expected);
    assert_eq!(opened(folder.path(), &bundle(1, &[]), None).unwrap(), []);
    let trusted = Trusted { keys: vec![key(1).public()], applied: None };
    std::fs::write(folder.path().join("bundle"), &whole).unwrap();
    let verified = bundle::open(&folder.path().join("bundle"), &trusted, &Limits::default()).unwrap();
    assert_eq!(verified.header.feeds, about(5).feeds);
    assert_eq!(verified.header.key, key(1).public().id());
}

#[test]
fn no_changed_byte_and_no_cut_passes() {
    let folder = tempfile::tempdir().unwrap();
    let whole = two();
    let step = |at: usize| if at < 400 { 1 } else { 97 };
    let mut at = 0;
    while at < whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x41;
        // A byte of the frame that carries no content (its checksum's place) would change nothing that is handed out.
        if let Ok(found) = opened(folder.path(), &changed, None) {
            panic!("byte {at} of {} was changed and {found:?} came out", whole.len());
        }
        assert!(opened(folder.path(), &whole[..at], None).is_err(), "cut at {at}");
        at += step(at);
    }
}

#[test]
fn each_fault_has_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let whole = two();
    let code =
        |bytes: &[u8], applied| opened(folder.path(), bytes, applied).map_err(|error| error.code.as_str()).map(drop);
    let with = |at: usize, byte: u8| {
        let mut changed = whole.clone();
        changed[at] = byte;
        changed
    };
    assert_eq!(code(&whole, Some(5)), Err("replayed-bundle"));
    assert_eq!(code(&whole, Some(6)), Err("replayed-bundle"));
    assert_eq!(code(b"PK\x03\x04 and some more bytes than a header has", None), Err("no-bundle"));
    assert_eq!(code(&with(16, 2), None), Err("no-bundle"));
    assert_eq!(code(&with(23, 0xff), None), Err("too-large"));
    assert_eq!(code(&with(40, b'x'), None), Err("wrong-signature"));
    assert_eq!(code(&whole[..30], None), Err("truncated-bundle"));
    assert_eq!(code(&whole[..whole.len() - 100], None), Err("truncated-bundle"));
    assert_eq!(code(&[&whole[..], b"x"].concat(), None), Err("wrong-hash"));
    let mut foreign = Vec::new();
    bundle::write(&mut foreign, &about(5), &[packing("a", b"b")], &key(3)).unwrap();
    assert_eq!(code(&foreign, None), Err("wrong-signature"));
    // The signed header of one bundle before the body of another one.
    let other = bundle(5, &[packing("kev/a.json", b"[]"), packing("kev/b.json", &[7; 5_000])]);
    let head = whole.len() - body(&whole).len();
    assert_eq!(code(&[&whole[..head], body(&other)].concat(), None), Err("wrong-hash"));
}

/// What comes behind header and signature.
fn body(bundle: &[u8]) -> &[u8] {
    let length = u32::from_le_bytes(bundle[20..24].try_into().unwrap()) as usize;
    &bundle[24 + length + 64..]
}

#[test]
fn paths_that_lead_elsewhere_are_not_even_packed() {
    for name in ["../a", "/a", "a/../b", "a//b", "", ".", "a\\b", "C:a", "a\nb", "a/"] {
        let error = bundle::write(&mut Vec::new(), &about(1), &[packing(name, b"")], &key(1)).unwrap_err();
        assert_eq!(error.code, Code::UnsafePath, "{name:?}");
    }
    let error =
        bundle::write(&mut Vec::new(), &about(1), &[packing("a", b""), packing("A", b"")], &key(1)).unwrap_err();
    assert_eq!(error.code, Code::UnsafePath);
}

#[test]
fn limits_hold_for_signed_bundles_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    std::fs::write(&path, two()).unwrap();
    let trusted = Trusted { keys: vec![key(1).public()], applied: None };
    for limits in [
        Limits { archive_members: 1, ..Limits::default() },
        Limits { evidence_bytes: 4_999, ..Limits::default() },
        Limits { archive_bytes: 5_001, ..Limits::default() },
    ] {
        assert_eq!(bundle::open(&path, &trusted, &limits).unwrap_err().code, Code::TooLarge);
    }
}

#[test]
fn keys_are_kept_and_shown_safely() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let new = SigningKey::generate().unwrap();
    assert_ne!(new.public(), SigningKey::generate().unwrap().public());
    new.save(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(SigningKey::load(&path).unwrap().public(), new.public());
    assert!(new.save(&path).is_err(), "a key is never overwritten");
    let secret = std::fs::read_to_string(&path).unwrap();
    assert!(!format!("{new:?}").contains(secret.split(' ').nth(1).unwrap().trim()));
    assert_eq!(new.public().to_string().parse::<PublicKey>().unwrap(), new.public());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(SigningKey::load(&path).unwrap_err().code, Code::BadKey);
    let weak = "underpin-public-key-1 AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for text in ["", "underpin-public-key-1", "underpin-public-key-1 AAAA", weak, secret.as_str()] {
        assert_eq!(text.parse::<PublicKey>().unwrap_err().code, Code::BadKey, "{text}");
    }
}
