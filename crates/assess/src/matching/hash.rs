// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A hash of our own, because it is stored: of keys of packages, and of a whole index against damage. Not against forgery.

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(state: u64, word: u64) -> u64 {
    let product = u128::from(state ^ word) * u128::from(FACTOR);
    let [low, high] = [product as u64, (product >> 64) as u64];
    low ^ high.rotate_left(29) ^ word.rotate_left(17)
}

fn word(bytes: &[u8]) -> u64 {
    // Fewer than eight bytes, the rest zero: put together from pieces that may overlap, which is faster than byte by byte.
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            let place = 8 * (bytes.len() as u32 - 4);
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << place
        }
        (_, _, [a, b, c]) => u64::from_le_bytes([*a, *b, *c, 0, 0, 0, 0, 0]),
        (_, _, [a, b]) => u64::from_le_bytes([*a, *b, 0, 0, 0, 0, 0, 0]),
        (_, _, [a]) => u64::from(*a),
        _ => 0,
    }
}

fn absorb(mut state: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    for bytes in words {
        state = mix(state, u64::from_le_bytes(*bytes));
    }
    mix(mix(state, word(rest)), bytes.len() as u64)
}

/// The hash of a package's key.
pub(super) fn key(ecosystem: &str, name: &str) -> u64 {
    absorb(absorb(FACTOR, ecosystem.as_bytes()), name.as_bytes())
}

/// The checksum of a block. Four lanes run side by side, because one would wait for its own multiplication.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let mut lanes = [1, 2, 3, 4].map(|lane: u64| lane.wrapping_mul(FACTOR));
    let (blocks, rest) = bytes.as_chunks::<32>();
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (lane, bytes) in lanes.iter_mut().zip(words) {
            *lane = mix(*lane, u64::from_le_bytes(*bytes));
        }
    }
    lanes.into_iter().fold(absorb(bytes.len() as u64, rest), mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_shows() {
        let bytes: Vec<u8> = (0..200u8).collect();
        let sound = checksum(&bytes);
        for place in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[place / 8] ^= 1 << (place % 8);
            assert_ne!(checksum(&damaged), sound, "bit {place}");
        }
        for length in 0..8 {
            let mut padded = [0; 8];
            padded[..length].copy_from_slice(&bytes[100..100 + length]);
            assert_eq!(word(&bytes[100..100 + length]), u64::from_le_bytes(padded));
        }
        assert_ne!(key("npm", "ab"), key("npma", "b"));
        assert_ne!(key("npm", "a"), key("npm", "a\0"));
    }
}
