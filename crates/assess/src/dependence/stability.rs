// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How far does a place in the ranking move when some documents are missing, or when weights are a little different?
//!
//! Each picture leaves out the same share of the documents, other ones each time; each set of weights moves every weight up or down by
//! up to a half. A project that lands far apart in them has no place, but a stretch of places, and that is what is shown.

use serde::Serialize;

use crate::chance::step;

/// Share of the documents that a picture leaves out, in percent.
pub const LEFT_OUT_PERCENT: u64 = 20;

/// The places between which nine of ten pictures lie, the first place being 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceInterval {
    /// The best of them.
    pub best: u32,
    /// The worst of them.
    pub worst: u32,
}

/// The pictures in which a document is seen, a bit each: the same document is always in the same ones.
pub fn seen_in(document: u64, pictures: usize) -> u32 {
    let mut state = document.wrapping_mul(0x2545_F491_4F6C_DD1D);
    (0..pictures.min(32))
        .fold(0, |bits, picture| bits | u32::from(step(&mut state) % 100 >= LEFT_OUT_PERCENT) << picture)
}

/// A weight moved by up to a half, up or down, in thousandths.
pub fn moved(weight: u64, state: &mut u64) -> u64 {
    weight * (500 + step(state) % 1_001) / 1_000
}

/// The places of each of `count` things in the pictures, between the 5th and the 95th of 100. `value(thing, picture)` ranks them, the
/// largest first; equal ones share the better place.
pub fn place_intervals(count: usize, pictures: usize, value: impl Fn(usize, usize) -> u64) -> Vec<PlaceInterval> {
    let mut places: Vec<Vec<u32>> = vec![Vec::with_capacity(pictures); count];
    let mut order: Vec<usize> = (0..count).collect();
    for picture in 0..pictures {
        order.sort_by_key(|thing| std::cmp::Reverse(value(*thing, picture)));
        let (mut place, mut last) = (0, None);
        for (position, thing) in order.iter().enumerate() {
            let own = value(*thing, picture);
            if last != Some(own) {
                (place, last) = (position as u32 + 1, Some(own));
            }
            places[*thing].push(place);
        }
    }
    places.into_iter().map(interval).collect()
}

fn interval(mut places: Vec<u32>) -> PlaceInterval {
    places.sort_unstable();
    let at = |percent: usize| {
        let last = places.len().saturating_sub(1);
        places.get((last * percent + 50) / 100).copied().unwrap_or_default()
    };
    PlaceInterval { best: at(5), worst: at(95) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_fifth_of_the_documents_is_left_out_of_each_picture() {
        for picture in 0..32 {
            let seen = (0..10_000_u64).filter(|document| seen_in(*document, 32) >> picture & 1 == 1).count();
            assert!((7_800..8_200).contains(&seen), "{picture}: {seen}");
        }
        assert_eq!(seen_in(7, 32), seen_in(7, 32));
        assert_eq!(seen_in(7, 4) >> 4, 0);
    }

    #[test]
    fn places_that_stay_and_places_that_move() {
        let values = [[100, 100, 100], [50, 10, 50], [20, 60, 20], [10, 10, 20]];
        let found = place_intervals(4, 3, |thing, picture| values[thing][picture]);
        let found: Vec<_> = found.iter().map(|interval| (interval.best, interval.worst)).collect();
        assert_eq!(found, [(1, 1), (2, 3), (2, 3), (3, 4)]);
    }

    #[test]
    fn weights_move_by_up_to_a_half() {
        let mut state = 1;
        let moved: Vec<u64> = (0..1_000).map(|_| moved(2_000, &mut state)).collect();
        assert!(moved.iter().all(|weight| (1_000..=3_000).contains(weight)));
        assert!(moved.iter().any(|weight| *weight < 1_100) && moved.iter().any(|weight| *weight > 2_900));
    }
}
