// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Texts that say the same in almost the same words, found by a fingerprint of 64 bits.
//!
//! *Simhash* (Charikar 2002, *Similarity estimation techniques from rounding algorithms*): every feature of a text votes with its
//! hash on every bit, and the fingerprint is the outcome. The features are single words and pairs of neighbouring words of the
//! normalised text (letters and digits, lower case), each once: pairs alone lose two features to one misspelling, words alone do not see
//! order. The share of bits in which two fingerprints differ estimates the angle between the sets of features. Texts of fewer than
//! [`LEAST_WORDS`] words have no fingerprint: two of them are alike by chance.

use std::collections::BTreeSet;

/// Words below which a text has no fingerprint.
pub const LEAST_WORDS: usize = 8;

/// Bits in which the fingerprints of near-duplicates differ at most. Two unrelated texts differ in 32 bits on average, with a standard
/// deviation of 4; texts that share a third of their features still differ in about 21.
pub const NEAR_BITS: u32 = 16;

/// The words of a text in lower case, without marks. What separates words is any character that is neither a letter nor a digit.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The features of a text: its words and pairs of neighbouring words.
pub fn features(text: &str) -> BTreeSet<String> {
    let words = words(text);
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    pairs.chain(words.iter().cloned()).collect()
}

/// The hash of a feature: FNV-1a, then the finaliser of MurmurHash3, because the high bits of the former are poor.
fn hash(feature: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = feature.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// The fingerprint of a text; `None` where it has too few words.
pub fn fingerprint(text: &str) -> Option<u64> {
    if words(text).len() < LEAST_WORDS {
        return None;
    }
    let mut votes = [0_i32; 64];
    for feature in features(text) {
        let hash = hash(&feature);
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let set = votes.iter().enumerate().filter(|(_, vote)| **vote > 0);
    Some(set.fold(0, |bits, (bit, _)| bits | 1 << bit))
}

/// Bits in which two fingerprints differ, 0 to 64.
pub fn distance_bits(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// Whether two fingerprints belong to texts that say the same. Without fingerprints nobody knows, and nothing is merged for it.
pub fn is_near(one: Option<u64>, other: Option<u64>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if distance_bits(one, other) <= NEAR_BITS)
}

/// The nearest of known texts that is near enough, with its distance in bits; the first of equals.
pub fn nearest<T: Copy>(wanted: Option<u64>, known: impl IntoIterator<Item = (T, Option<u64>)>) -> Option<(T, u32)> {
    let wanted = wanted?;
    let distances = known.into_iter().filter_map(|(id, other)| Some((id, distance_bits(wanted, other?))));
    distances.filter(|(_, bits)| *bits <= NEAR_BITS).min_by_key(|(_, bits)| *bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chance::Chance;

    const LETTER: &str = "Hello, our ministry runs several services that use your logging library. We read that it has a serious flaw. \
              We would be grateful if you could tell us which versions are affected and when a release with a fix can be expected.";

    #[test]
    fn which_texts_are_the_same() {
        for (text, expected) in [
            (LETTER, true),
            (
                "HELLO our ministry runs several services that use your logging library -- we read that it has a serious flaw; we would be \
              grateful if you could tell us which versions are affected and when a release with a fix can be expected!",
                true,
            ),
            (
                "Dear team, our agency runs several services that use your logging library. We read that it has a serious flaw. We would be \
              glad if you could tell us which versions are affected and when a release with a fix can be expected. Thank you!",
                true,
            ),
            (
                "Hello, our minstry runs several servces that use your loging library. We read that it has a serious flaw. We would be \
              grateful if you could tell us wich versions are affected and when a release with a fix can be expected.",
                true,
            ),
            (
                "Hello, we would like to fund one year of maintenance of your logging library. Whom should we talk to about the contract? \
              There is no hurry, and a short answer is enough.",
                false,
            ),
            ("Thank you for the quick release with the fix. It reached all of our services within two days.", false),
            (
                "We found that the parser reads past the end of its buffer when a header has no colon. A patch and a test are ready.",
                false,
            ),
            ("Too short to say.", false),
        ] {
            assert_eq!(is_near(fingerprint(LETTER), fingerprint(text)), expected, "{text}");
        }
        assert_eq!(fingerprint("Too short to say."), None);
        let known = [
            (1, fingerprint("Thank you for the quick release with the fix, it reached all of us")),
            (2, fingerprint(LETTER)),
            (3, None),
        ];
        assert_eq!(nearest(fingerprint(&LETTER.to_uppercase()), known), Some((2, 0)));
        assert_eq!(nearest(None, known), None);
    }

    /// The share of common features, by the definition.
    fn jaccard(one: &str, other: &str) -> f64 {
        let (one, other) = (features(one), features(other));
        let common = one.intersection(&other).count() as f64;
        common / one.union(&other).count().max(1) as f64
    }

    /// A text of so many words out of a vocabulary of 2,000.
    fn text(chance: &mut Chance, words: usize) -> Vec<String> {
        (0..words).map(|_| format!("w{}", chance.below(2_000))).collect()
    }

    #[test]
    fn distance_follows_the_naive_similarity() {
        let mut chance = Chance(5);
        let mut bins = [(0_u32, 0_u32, 0.0_f64); 5];
        for _ in 0..2_000 {
            let one = text(&mut chance, 60);
            let changed = chance.below(61);
            let mut other = one.clone();
            for _ in 0..changed {
                let at = chance.below(60);
                other[at] = format!("x{}", chance.below(2_000));
            }
            let (one, other) = (one.join(" "), other.join(" "));
            let similarity = jaccard(&one, &other);
            let bits = distance_bits(fingerprint(&one).expect("long"), fingerprint(&other).expect("long"));
            let bin = &mut bins[((similarity * 5.0) as usize).min(4)];
            // Both texts have nearly as many features: the cosine is 2j / (1 + j), and the angle is the expected share of bits.
            let angle = (2.0 * similarity / (1.0 + similarity)).acos() / std::f64::consts::PI;
            *bin = (bin.0 + 1, bin.1 + bits, bin.2 + 64.0 * angle);
        }
        let mean: Vec<(f64, f64)> = bins
            .iter()
            .map(|(count, bits, expected)| {
                assert!(*count > 30, "{bins:?}");
                (f64::from(*bits) / f64::from(*count), expected / f64::from(*count))
            })
            .collect();
        assert!(mean.windows(2).all(|pair| pair[0].0 > pair[1].0 + 2.0), "more alike means fewer bits: {mean:?}");
        assert!(mean.iter().all(|(bits, expected)| (bits - expected).abs() < 1.0), "as Charikar says: {mean:?}");
    }

    #[test]
    fn unrelated_texts_are_rarely_near() {
        let mut chance = Chance(11);
        let prints: Vec<Option<u64>> = (0..400).map(|_| fingerprint(&text(&mut chance, 50).join(" "))).collect();
        let pairs = (0..400).flat_map(|one| (one + 1..400).map(move |other| (one, other)));
        let near = pairs.filter(|(one, other)| is_near(prints[*one], prints[*other])).count();
        // Of 79,800 pairs; 16 bits are four standard deviations below 32.
        assert!(near <= 10, "{near} of 79,800");
    }

    proptest! {
        #[test]
        fn marks_and_case_do_not_matter(words in proptest::collection::vec("[a-z]{1,8}", 8..40), marks in "[ .,;!\n-]{1,4}") {
            let plain = words.join(" ");
            let marked = words.join(&format!(" {marks} ")).to_uppercase();
            prop_assert_eq!(fingerprint(&plain), fingerprint(&marked));
        }

        #[test]
        fn it_is_a_distance(one in any::<u64>(), two in any::<u64>(), three in any::<u64>()) {
            prop_assert_eq!(distance_bits(one, two), distance_bits(two, one));
            prop_assert_eq!(distance_bits(one, two) == 0, one == two);
            prop_assert!(distance_bits(one, three) <= distance_bits(one, two) + distance_bits(two, three));
        }
    }
}
