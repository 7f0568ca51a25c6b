// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What lockfiles, manifests and package databases state alike, and the gaps that show when all is read.

use underpin_model::gap::GapCode;
use underpin_model::inventory::Inventory;

use crate::spdx::licence::Licences;

/// Characters of a licence shown in its gap.
const SHOWN_CHARACTERS: usize = 80;

/// Records the licences that are no SPDX expressions.
pub(crate) fn judge_licences(inventory: &mut Inventory<'_>) {
    let Inventory { components, gaps, .. } = inventory;
    let mut licences = Licences::default();
    for component in components {
        for licence in component.licences.iter().filter(|licence| !licences.is_valid(&licence.expression)) {
            gaps.add_with(GapCode::InvalidLicence, || {
                let shown: String = licence.expression.chars().take(SHOWN_CHARACTERS).collect();
                (component.reference.clone().into_owned(), shown)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::inventory::{Component, Licence, LicenceKind};

    use super::*;

    #[test]
    fn only_licences_that_are_no_expressions_are_gaps() {
        let mut inventory = Inventory::default();
        for text in ["MIT", "GPLv2+", "Apache-2.0 OR MIT", "GPLv2+", "SEE LICENSE IN x"] {
            let licences = vec![Licence { kind: LicenceKind::Declared, expression: text.into() }];
            let reference = format!("of {text}").into();
            inventory.components.push(Component { reference, licences, ..Component::default() });
        }
        judge_licences(&mut inventory);
        let gaps: Vec<_> =
            inventory.gaps.list().iter().map(|gap| (gap.code, gap.place.as_ref(), gap.detail.as_ref())).collect();
        let invalid = |place, detail| (GapCode::InvalidLicence, place, detail);
        assert_eq!(
            gaps,
            [
                invalid("of GPLv2+", "GPLv2+"),
                invalid("of GPLv2+", "GPLv2+"),
                invalid("of SEE LICENSE IN x", "SEE LICENSE IN x")
            ]
        );
    }
}
