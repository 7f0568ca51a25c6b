// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a package is: the purposes of SPDX 2.3 and 3.0, in whatever spelling, and words for the kinds they lack.

use underpin_model::gap::GapCode;
use underpin_model::inventory::ComponentKind;

use super::field::Field;
use super::notes::{Notes, Spot};

/// The kind of a package: what its purpose says, else what its package URL shows.
pub(super) fn of_package(purpose: &Field<'_>, purl: &str, spot: &Spot, notes: &mut Notes<'_>) -> ComponentKind {
    let kind = match purpose.as_str() {
        "" => None,
        text => {
            let kind = of_purpose(text);
            if kind.is_none() {
                let text: String = text.chars().take(80).collect();
                notes.gaps.add_with(GapCode::InvalidValue, || (spot.place("primaryPackagePurpose"), text));
            }
            kind
        }
    };
    match kind {
        Some(kind) => kind,
        None if purl.starts_with("pkg:oci/") || purl.starts_with("pkg:docker/") => ComponentKind::Container,
        None => ComponentKind::Library,
    }
}

/// How many of the purposes below SPDX 2.3 has.
const WORDS_OF_SPDX_2: usize = 12;

/// Purposes and their kinds.
const PURPOSES: &[(&str, ComponentKind)] = &[
    ("APPLICATION", ComponentKind::Application),
    ("ARCHIVE", ComponentKind::Archive),
    ("CONTAINER", ComponentKind::Container),
    ("DEVICE", ComponentKind::Device),
    ("FILE", ComponentKind::File),
    ("FIRMWARE", ComponentKind::Firmware),
    ("FRAMEWORK", ComponentKind::Framework),
    ("INSTALL", ComponentKind::Install),
    ("LIBRARY", ComponentKind::Library),
    // The text of the specification has a hyphen here, its schema does not.
    ("OPERATING_SYSTEM", ComponentKind::OperatingSystem),
    ("OTHER", ComponentKind::Other),
    ("SOURCE", ComponentKind::Source),
    // SPDX 3 has more, and words for things that are no packages here.
    ("BOM", ComponentKind::Other),
    ("CONFIGURATION", ComponentKind::Other),
    ("DISKIMAGE", ComponentKind::Other),
    ("DOCUMENTATION", ComponentKind::Other),
    ("EVIDENCE", ComponentKind::Other),
    ("EXECUTABLE", ComponentKind::Application),
    ("FILESYSTEMIMAGE", ComponentKind::Other),
    ("MANIFEST", ComponentKind::Other),
    ("MODULE", ComponentKind::Library),
    ("PATCH", ComponentKind::Other),
    ("REQUIREMENT", ComponentKind::Other),
    ("SPECIFICATION", ComponentKind::Other),
    ("TEST", ComponentKind::Other),
    ("DATA", ComponentKind::Data),
    ("DEVICEDRIVER", ComponentKind::DeviceDriver),
    ("MODEL", ComponentKind::MachineLearningModel),
    ("OPERATINGSYSTEM", ComponentKind::OperatingSystem),
    ("PLATFORM", ComponentKind::Platform),
];

/// The kind that a purpose names, in any spelling.
fn of_purpose(text: &str) -> Option<ComponentKind> {
    let found = |text: &str| PURPOSES.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind);
    found(text).or_else(|| found(&usual(text)))
}

/// Whether a stated purpose says what the kind alone does not: that it is a library was said and not assumed, or a word
/// that only SPDX 3 has.
pub(super) fn says_more(stated: &Field<'_>, kind: ComponentKind) -> bool {
    let text = stated.as_str();
    !text.is_empty() && (kind == ComponentKind::Library || purpose(kind).is_none_or(|word| usual(word) != usual(text)))
}

fn usual(text: &str) -> String {
    text.trim().replace(['-', ' '], "_").to_ascii_uppercase()
}

/// The purpose that SPDX 2.3 has for a kind.
pub(super) fn purpose(kind: ComponentKind) -> Option<&'static str> {
    PURPOSES.iter().take(WORDS_OF_SPDX_2).find(|(_, known)| *known == kind).map(|(word, _)| *word)
}

/// Words of our own for kinds that no purpose of SPDX 2.3 names.
const OWN_WORDS: &[(&str, ComponentKind)] = &[
    ("cryptographic-asset", ComponentKind::CryptographicAsset),
    ("data", ComponentKind::Data),
    ("device-driver", ComponentKind::DeviceDriver),
    ("grouping", ComponentKind::Grouping),
    ("machine-learning-model", ComponentKind::MachineLearningModel),
    ("platform", ComponentKind::Platform),
];

/// Our own word for a kind that SPDX 2.3 cannot name.
pub(super) fn own_word(kind: ComponentKind) -> Option<&'static str> {
    OWN_WORDS.iter().find(|(_, known)| *known == kind).map(|(word, _)| *word)
}

/// The kind that a word of our own names.
pub(super) fn of_own_word(word: &str) -> Option<ComponentKind> {
    OWN_WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_in_any_spelling() {
        for (text, expected) in [
            ("OPERATING-SYSTEM", Some(ComponentKind::OperatingSystem)),
            ("OPERATING_SYSTEM", Some(ComponentKind::OperatingSystem)),
            ("operatingSystem", Some(ComponentKind::OperatingSystem)),
            ("library", Some(ComponentKind::Library)),
            ("HAMMER", None),
        ] {
            assert_eq!(of_purpose(text), expected, "{text}");
        }
        assert_eq!(purpose(ComponentKind::OperatingSystem), Some("OPERATING_SYSTEM"));
        assert_eq!(purpose(ComponentKind::Grouping), None);
        assert_eq!(own_word(ComponentKind::Grouping).and_then(of_own_word), Some(ComponentKind::Grouping));
    }
}
