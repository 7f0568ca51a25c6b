// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Digests: `SHA256` becomes `sha256`, values lower case; length and characters are checked.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Hash, Text};

use super::notes::{Notes, Spot};
use super::wire::Checksums;

/// Names in SPDX 2 (upper case) and in the inventory, with the number of hexadecimal digits.
const ALGORITHMS: &[(&str, &str, usize)] = &[
    ("SHA256", "sha256", 64),
    ("SHA1", "sha1", 40),
    ("SHA512", "sha512", 128),
    ("MD5", "md5", 32),
    ("SHA384", "sha384", 96),
    ("SHA224", "sha224", 56),
    ("SHA3-224", "sha3-224", 56),
    ("SHA3-256", "sha3-256", 64),
    ("SHA3-384", "sha3-384", 96),
    ("SHA3-512", "sha3-512", 128),
    ("BLAKE2B-256", "blake2b-256", 64),
    ("BLAKE2B-384", "blake2b-384", 96),
    ("BLAKE2B-512", "blake2b-512", 128),
    ("BLAKE3", "blake3", 64),
    ("MD2", "md2", 32),
    ("MD4", "md4", 32),
    ("MD6", "md6", 0),
    ("ADLER32", "adler32", 8),
];

/// The digests of one element.
pub(super) fn hashes<'a>(checksums: Checksums<'a>, spot: &Spot, notes: &mut Notes<'_>) -> Vec<Hash<'a>> {
    if checksums.wrong_type {
        notes.gaps.add_with(GapCode::WrongType, || (spot.place("checksums"), "not a list"));
    }
    if checksums.beyond_limit > 0 {
        let detail = format!("{} more", checksums.beyond_limit);
        notes.gaps.add_with(GapCode::TooManyElements, || (spot.place("checksums"), detail));
    }
    let mut hashes = Vec::with_capacity(checksums.items.len());
    for (index, checksum) in checksums.items.into_iter().enumerate() {
        let place = || spot.place(&format!("checksums/{index}"));
        notes.faults(&checksum.faults, |_| place());
        let stated = notes.text_at(checksum.algorithm, place);
        let value = lower(notes.text_at(checksum.value, place));
        if value.is_empty() {
            notes.gaps.add_with(GapCode::MissingField, || (place(), "a digest without a value"));
            continue;
        }
        let (algorithm, digits) = algorithm(stated);
        let length_fits = digits.is_none_or(|digits| digits == 0 || digits == value.len());
        if digits.is_none() || !length_fits || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            notes.gaps.add_with(GapCode::InvalidHash, || {
                (place(), format!("{algorithm} of {} characters", value.chars().count()))
            });
        }
        hashes.push(Hash { algorithm, value });
    }
    hashes
}

/// Name in the inventory and number of digits of a stated algorithm. Unknown ones keep their name in lower case.
fn algorithm(stated: Text<'_>) -> (Text<'_>, Option<usize>) {
    let known = ALGORITHMS.iter().find(|(name, ..)| *name == stated).or_else(|| {
        ALGORITHMS.iter().find(|(name, kept, _)| {
            name.eq_ignore_ascii_case(&stated)
                || stated.replace(['-', '_'], "").eq_ignore_ascii_case(&kept.replace('-', ""))
        })
    });
    match known {
        Some((_, name, digits)) => (Cow::Borrowed(*name), Some(*digits)),
        None => (lower(stated), None),
    }
}

/// The name in SPDX 2 of an algorithm of the inventory, when SPDX 2 has it.
pub(super) fn spdx_algorithm(algorithm: &str) -> Option<&'static str> {
    let (name, ..) = ALGORITHMS.iter().find(|(_, kept, _)| *kept == algorithm)?;
    Some(match *name {
        "BLAKE2B-256" => "BLAKE2b-256",
        "BLAKE2B-384" => "BLAKE2b-384",
        "BLAKE2B-512" => "BLAKE2b-512",
        name => name,
    })
}

fn lower(text: Text<'_>) -> Text<'_> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { text }
}

#[cfg(test)]
mod tests {
    use underpin_model::Limits;

    use super::super::notes::Origin;
    use super::super::wire::Checksum;
    use super::*;

    fn read(algorithm: &'static str, value: &'static str) -> (Vec<(String, String)>, u64) {
        let limits = Limits::default();
        let mut notes = Notes::new(&limits, Origin::Pointers);
        let spot = notes.spot("packages", 0, 0);
        let checksum = Checksum { algorithm: algorithm.into(), value: value.into(), ..Checksum::default() };
        let checksums = Checksums { items: vec![checksum], ..Checksums::default() };
        let hashes = hashes(checksums, &spot, &mut notes);
        let pairs = hashes.into_iter().map(|hash| (hash.algorithm.into_owned(), hash.value.into_owned())).collect();
        (pairs, notes.gaps.total())
    }

    #[test]
    fn names_are_normalised_and_lengths_checked() {
        let sha1 = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
        for (algorithm, value, name, gaps) in [
            ("SHA1", sha1, "sha1", 0),
            ("sha-1", sha1, "sha1", 0),
            ("SHA256", sha1, "sha256", 1),
            ("BLAKE2b-256", sha1, "blake2b-256", 1),
            ("ADLER32", "0a1b2c3d", "adler32", 0),
            ("SHA1", "not hexadecimal at all, but of forty char", "sha1", 1),
            ("CRC99", "0a1b", "crc99", 1),
        ] {
            assert_eq!(read(algorithm, value), (vec![(name.to_owned(), value.to_lowercase())], gaps), "{algorithm}");
        }
        assert_eq!(read("SHA1", ""), (vec![], 1));
    }

    #[test]
    fn every_algorithm_is_written_as_it_is_read() {
        for (_, kept, _) in ALGORITHMS {
            let written = spdx_algorithm(kept).expect("it is in the list");
            assert_eq!(algorithm(Cow::Borrowed(written)).0, *kept);
        }
    }
}
