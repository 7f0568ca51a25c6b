// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers by chance that are the same for the same seed, on every machine: SplitMix64 (Steele, Lea and Flood 2014, *Fast splittable
//! pseudorandom number generators*).

/// The next number of a stream, of 64 even bits; the state begins as the seed.
pub fn step(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// A stream of numbers from a seed.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next number, of 64 even bits.
    pub fn bits(&mut self) -> u64 {
        step(&mut self.0)
    }

    /// Below `bound`; 0 for 0.
    pub fn below(&mut self, bound: usize) -> usize {
        // The high half of the product is even enough: the error is below one in 2^32 for bounds of this kind.
        let product = u128::from(self.bits()) * bound as u128;
        (product >> 64) as usize
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Brings a list into another order, every order as likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_published_generator() {
        // The first numbers of the seed 1234567 in the reference implementation of Vigna.
        let mut chance = Chance(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([chance.bits(), chance.bits(), chance.bits()], expected);
    }

    #[test]
    fn bounds_and_orders_are_even() {
        let mut chance = Chance(1);
        let mut counts = [0_u32; 6];
        for _ in 0..6_000 {
            let mut list = [0, 1, 2];
            chance.shuffle(&mut list);
            counts[list[0] * 2 + usize::from(list[1] > list[2])] += 1;
            assert!((0.0..1.0).contains(&chance.unit()));
        }
        // Six orders of 1,000 each; five standard deviations are 145.
        assert!(counts.iter().all(|count| count.abs_diff(1_000) < 145), "{counts:?}");
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.below(1), 0);
    }
}
