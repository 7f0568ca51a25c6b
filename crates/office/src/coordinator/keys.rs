// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys by which programs of others know our things: UUIDs worked out from our own identifiers, so that nothing is stored twice
//! and a house that was restored gives the same ones.

use sha2::{Digest, Sha256};
use underpin_model::registry::{System, SystemId};

/// The key of a thing: a UUID of version 8 (RFC 9562, section 5.8) made of the first bits of SHA-256 over kind and identifier.
pub fn key(kind: &str, id: &str) -> String {
    let digest = Sha256::digest(format!("underpin {kind} {id}"));
    let mut bytes: [u8; 16] = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid(bytes)
}

/// Sixteen bytes as a UUID of version 8.
pub fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = |range: std::ops::Range<usize>| bytes[range].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{}-{}-{}-{}", hex(0..4), hex(4..6), hex(6..8), hex(8..10), hex(10..16))
}

/// True for a text of the form of a UUID.
pub fn is_uuid(text: &str) -> bool {
    let hyphen = |position: usize| matches!(position, 8 | 13 | 18 | 23);
    let fits = |(position, byte): (usize, u8)| if hyphen(position) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// The key of a system.
pub fn system_key(system: &SystemId) -> String {
    key("system", &system.0)
}

/// The system that has a key, among those that are in sight.
pub fn system_of_key<'s>(systems: &'s [System], wanted: &str) -> Option<&'s System> {
    let wanted = wanted.trim().to_ascii_lowercase();
    is_uuid(&wanted).then(|| systems.iter().find(|system| system_key(&system.id) == wanted)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_uuids_of_version_8_and_never_change() {
        let portal = system_key(&"portal".into());
        assert_eq!(portal, "87d1ec28-9748-8654-b115-f83c34f014da");
        assert!(is_uuid(&portal) && portal.as_bytes()[14] == b'8');
        let systems = ["other", "portal"].map(|id| System { id: id.into(), ..System::default() });
        for (text, found) in [(portal.as_str(), true), (&portal.to_uppercase(), true), ("portal", false), ("", false)] {
            assert_eq!(system_of_key(&systems, text).is_some_and(|system| system.id.0 == "portal"), found, "{text}");
        }
        for text in [
            "",
            "00000000-0000-0000-0000-00000000000",
            "00000000x0000-0000-0000-000000000000",
            "é0000000-0000-0000-0000-00000000000",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
