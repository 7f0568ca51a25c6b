// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What matters about the place of a finding, beside which system it is: few classes, so that counting by class is cheap.

use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};

/// Bits of a class in a packed use.
pub(super) const CLASS_BITS: u32 = 10;
/// How many numbers classes can have.
pub(super) const CLASSES: usize = 1 << CLASS_BITS;

/// Exposure and protection need of a system, and how it uses a package version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PlaceClass {
    /// Who can reach the system.
    pub exposure: Exposure,
    /// How much harm a loss would do.
    pub need: ProtectionNeed,
    /// Whether it is a direct dependency; `None` when not known.
    pub direct: Option<bool>,
    /// What it is used for.
    pub scope: Scope,
}

impl PlaceClass {
    /// Its number, below 1,024.
    pub fn code(self) -> u16 {
        (self.exposure as u16) << 7 | (self.need as u16) << 5 | use_code(self.direct, self.scope)
    }

    /// The class of a number; `None` when it is the number of none.
    pub fn from_code(code: u16) -> Option<Self> {
        let direct = match code >> 3 & 3 {
            0 => None,
            1 => Some(true),
            2 => Some(false),
            _ => return None,
        };
        Some(Self {
            exposure: *Exposure::ALL.get(usize::from(code >> 7))?,
            need: *ProtectionNeed::ALL.get(usize::from(code >> 5 & 3))?,
            direct,
            scope: *Scope::ALL.get(usize::from(code & 7))?,
        })
    }
}

/// The part of the number that a use decides.
pub(super) fn use_code(direct: Option<bool>, scope: Scope) -> u16 {
    let direct = match direct {
        None => 0,
        Some(true) => 1,
        Some(false) => 2,
    };
    direct << 3 | scope as u16
}

/// The part of the number that a system decides.
pub(super) fn system_code(exposure: Exposure, need: ProtectionNeed) -> u16 {
    PlaceClass { exposure, need, direct: None, scope: Scope::Unknown }.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_number_and_comes_back() {
        let classes: Vec<PlaceClass> = (0..=u16::MAX).filter_map(PlaceClass::from_code).collect();
        assert_eq!(classes.len(), Exposure::ALL.len() * ProtectionNeed::ALL.len() * 3 * Scope::ALL.len());
        for class in classes {
            assert_eq!(PlaceClass::from_code(class.code()), Some(class));
            assert!(usize::from(class.code()) < CLASSES);
            let parts = system_code(class.exposure, class.need) | use_code(class.direct, class.scope);
            assert_eq!(parts, class.code());
        }
    }
}
