// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile keys and signatures: nothing of them is believed, and nothing panics.

use proptest::prelude::*;
use underpin_model::Timestamp;
use underpin_model::repository_facts::SignatureState;

use super::*;

#[test]
fn lengths_of_der_are_the_shortest_ones() {
    let long: Vec<u8> = [vec![0x30, 0x81, 0x80], vec![0; 0x80]].concat();
    for (bytes, body) in [(&[0x30, 0x00][..], Some(0)), (&[0x04, 0x01, 7], Some(1)), (&long, Some(0x80))] {
        assert_eq!(Der::only(bytes).map(|found| found.body.len()), body);
    }
    for bad in [
        &[][..],
        &[0x30],
        &[0x30, 0x02, 0x00],
        &[0x30, 0x80, 0x00, 0x00],
        &[0x30, 0x81, 0x01, 0x00],
        &[0x30, 0x85, 1, 0, 0, 0, 0],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x1f, 0x01, 0x00],
        &[0x30, 0x00, 0x00],
    ] {
        assert_eq!(Der::only(bad), None, "{bad:x?}");
    }
}

#[test]
fn a_file_without_a_key_is_told() {
    for text in [
        "",
        "# nothing\n",
        "hello",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    ] {
        assert!(Keyring::default().add(text.as_bytes()).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_verified(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[A-Za-z0-9+/=]{0,200}") {
        let mut keys = Keyring::default();
        let _ = keys.add(&bytes);
        let _ = PublicKey::of_spki(&bytes);
        let at = Timestamp::from_seconds(1_700_000_000);
        for armour in ["SSH SIGNATURE", "PGP SIGNATURE"] {
            let signature = format!("-----BEGIN {armour}-----\n{text}\n-----END {armour}-----\n");
            prop_assert_ne!(keys.judge_git(&bytes, signature.as_bytes(), at, at), SignatureState::Verified);
        }
    }
}
