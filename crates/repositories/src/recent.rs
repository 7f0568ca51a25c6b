// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was read lately, so that it need not be read again.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

/// Something that holds bytes and is cheap to hand out again.
pub(crate) trait Held: Clone {
    /// How many bytes it holds.
    fn held_bytes(&self) -> usize;
}

impl Held for Arc<[u8]> {
    fn held_bytes(&self) -> usize {
        self.len()
    }
}

/// What was read lately, in two generations: when the young one is full, the old one is forgotten.
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    young_bytes: usize,
    /// Bytes of one generation.
    generation_bytes: usize,
}

impl<K: Hash + Eq, V: Held> Recent<K, V> {
    /// Nothing yet, and never more than `most_bytes`.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), young_bytes: 0, generation_bytes: most_bytes / 2 }
    }

    /// What was kept under a key; it counts as read now.
    pub(crate) fn get(&mut self, key: K) -> Option<V> {
        if let Some(found) = self.young.get(&key) {
            return Some(found.clone());
        }
        let found = self.old.remove(&key)?;
        self.put(key, found.clone());
        Some(found)
    }

    /// Keeps something; what is larger than a generation is not kept.
    pub(crate) fn put(&mut self, key: K, value: V) {
        let bytes = value.held_bytes();
        if bytes > self.generation_bytes {
            return;
        }
        if self.young_bytes + bytes > self.generation_bytes {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if self.young.insert(key, value).is_none() {
            self.young_bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(count: usize) -> Arc<[u8]> {
        vec![0; count].into()
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(20);
        for key in 0..10 {
            recent.put(key, bytes(4));
            assert_eq!(recent.get(0).map(|kept| kept.len()), Some(4), "asked for each time, after {key}");
        }
        assert!(recent.get(1).is_none(), "nobody asked for it");
        let held = recent.young.len() + recent.old.len();
        assert!(held * 4 <= 20, "{held} of four bytes each");
    }

    #[test]
    fn what_is_larger_than_a_generation_is_not_kept() {
        let mut recent = Recent::new(20);
        recent.put(1, bytes(10));
        recent.put(2, bytes(11));
        assert!(recent.get(1).is_some() && recent.get(2).is_none());
    }
}
