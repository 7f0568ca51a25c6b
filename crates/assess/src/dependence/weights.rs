// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Weights of systems and of uses: what they are unless the office sets others. All in thousandths, so that sums are exact.
//!
//! The steps double with what is at stake, as in the scale of importance from one to five that funds use (1, 2, 4, 8, 16).

use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed, System};

/// A number that is not known better: at least, most likely, at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Interval {
    /// At least.
    pub least: u64,
    /// Most likely.
    pub likely: u64,
    /// At most.
    pub most: u64,
}

impl Interval {
    /// A number that is known.
    pub fn known(value: u64) -> Self {
        Self { least: value, likely: value, most: value }
    }

    /// The product of two numbers in thousandths, in thousandths.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let times = |a: u64, b: u64| a.saturating_mul(b) / ONE;
        Self {
            least: times(self.least, other.least),
            likely: times(self.likely, other.likely),
            most: times(self.most, other.most),
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            likely: self.likely.saturating_add(other.likely),
            most: self.most.saturating_add(other.most),
        }
    }

    /// The larger one, each bound by itself.
    #[must_use]
    pub fn or_more(self, other: Self) -> Self {
        Self {
            least: self.least.max(other.least),
            likely: self.likely.max(other.likely),
            most: self.most.max(other.most),
        }
    }
}

/// One, in thousandths.
pub const ONE: u64 = 1_000;

/// The weight of a system, in thousandths.
pub type SystemWeight = Interval;

/// Weights that the office may set, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// By the highest protection need of a system.
    pub need: Vec<(ProtectionNeed, u64)>,
    /// By who can reach it.
    pub exposure: Vec<(Exposure, u64)>,
    /// φ: by what a package is used for.
    pub scope: Vec<(Scope, u64)>,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            need: vec![
                (ProtectionNeed::Unknown, 2_000),
                (ProtectionNeed::Normal, 1_000),
                (ProtectionNeed::High, 4_000),
                (ProtectionNeed::VeryHigh, 16_000),
            ],
            exposure: vec![
                (Exposure::Unknown, 1_000),
                (Exposure::Isolated, 500),
                (Exposure::Internal, 1_000),
                (Exposure::Partners, 1_500),
                (Exposure::Internet, 2_000),
            ],
            scope: vec![
                (Scope::Unknown, 1_000),
                (Scope::Runtime, 1_000),
                (Scope::Optional, 500),
                (Scope::Build, 500),
                (Scope::Development, 500),
                (Scope::Test, 100),
            ],
        }
    }
}

/// What a word weighs; the unknown one lies between the least and the most of all words.
fn weigh<W: Copy + PartialEq>(table: &[(W, u64)], word: W, unknown: W) -> Interval {
    let likely = table.iter().find(|(own, _)| *own == word).map_or(ONE, |(_, weight)| *weight);
    if word != unknown {
        return Interval::known(likely);
    }
    let known = || table.iter().filter(|(own, _)| *own != unknown).map(|(_, weight)| *weight);
    Interval { least: known().min().unwrap_or(likely), likely, most: known().max().unwrap_or(likely) }
}

impl Weights {
    /// The weight of a system: of its highest protection need, times that of who can reach it. Where one of the three needs is not
    /// known, it may be higher than the others.
    pub fn system(&self, system: &System) -> SystemWeight {
        let needs = [system.confidentiality, system.integrity, system.availability];
        let need = |need| weigh(&self.need, need, ProtectionNeed::Unknown);
        let known = needs.into_iter().filter(|one| *one != ProtectionNeed::Unknown).max();
        let mut weight = known.map_or_else(|| need(ProtectionNeed::Unknown), need);
        if needs.contains(&ProtectionNeed::Unknown) {
            weight.most = weight.most.max(need(ProtectionNeed::Unknown).most);
        }
        weight.times(weigh(&self.exposure, system.exposure, Exposure::Unknown))
    }

    /// Sets one of them, as in `need.high=8`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let wrong = || format!("{text:?} sets no weight");
        let (name, number) = text.split_once('=').ok_or_else(wrong)?;
        let (kind, word) = name.trim().split_once('.').ok_or_else(wrong)?;
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        if !(0.0..=1_000.0).contains(&number) {
            return Err(format!("{text:?}: a weight lies between 0 and 1000"));
        }
        let thousandths = (number * ONE as f64).round() as u64;
        let weight = match kind {
            "need" => self.need.iter_mut().find(|(own, _)| own.as_str() == word).map(|(_, weight)| weight),
            "exposure" => self.exposure.iter_mut().find(|(own, _)| own.as_str() == word).map(|(_, weight)| weight),
            "scope" => self.scope.iter_mut().find(|(own, _)| own.as_str() == word).map(|(_, weight)| weight),
            _ => None,
        };
        *weight.ok_or_else(wrong)? = thousandths;
        Ok(())
    }

    /// φ of a use.
    pub fn scope(&self, scope: Scope) -> Interval {
        weigh(&self.scope, scope, Scope::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_widens_and_is_not_zero() {
        let weights = Weights::default();
        let system = |needs: [ProtectionNeed; 3], exposure| {
            let [confidentiality, integrity, availability] = needs;
            let found =
                weights.system(&System { confidentiality, integrity, availability, exposure, ..System::default() });
            (found.least, found.likely, found.most)
        };
        use ProtectionNeed::{High, Normal, Unknown, VeryHigh};
        for (needs, exposure, expected) in [
            ([Normal; 3], Exposure::Internal, (1_000, 1_000, 1_000)),
            ([Normal, High, Normal], Exposure::Internet, (8_000, 8_000, 8_000)),
            ([VeryHigh, Normal, Normal], Exposure::Isolated, (8_000, 8_000, 8_000)),
            ([Unknown; 3], Exposure::Internal, (1_000, 2_000, 16_000)),
            ([Unknown, High, Unknown], Exposure::Internal, (4_000, 4_000, 16_000)),
            ([Normal; 3], Exposure::Unknown, (500, 1_000, 2_000)),
            ([Unknown; 3], Exposure::Unknown, (500, 2_000, 32_000)),
        ] {
            assert_eq!(system(needs, exposure), expected, "{needs:?} {exposure:?}");
        }
        let unknown = weights.scope(Scope::Unknown);
        assert_eq!((unknown.least, unknown.likely, unknown.most), (100, 1_000, 1_000));
        assert_eq!(weights.scope(Scope::Test), Interval::known(100));
    }

    #[test]
    fn weights_are_set_by_word() {
        let mut weights = Weights::default();
        for (text, is_good) in [
            ("need.high=8", true),
            ("exposure.internet = 4.5", true),
            ("scope.test=0", true),
            ("need.huge=1", false),
            ("need=1", false),
            ("need.high", false),
            ("need.high=-1", false),
            ("need.high=NaN", false),
        ] {
            assert_eq!(weights.set(text).is_ok(), is_good, "{text}");
        }
        assert_eq!(weights.scope(Scope::Test), Interval::known(0));
        let system = System { availability: ProtectionNeed::High, exposure: Exposure::Internet, ..System::default() };
        assert_eq!(weights.system(&system).likely, 36_000);
    }

    #[test]
    fn every_word_has_a_weight() {
        let weights = Weights::default();
        assert!(Scope::ALL.iter().all(|scope| weights.scope.iter().any(|(own, _)| own == scope)));
        assert!(ProtectionNeed::ALL.iter().all(|need| weights.need.iter().any(|(own, _)| own == need)));
        assert!(Exposure::ALL.iter().all(|exposure| weights.exposure.iter().any(|(own, _)| own == exposure)));
    }
}
