// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What each relationship type means for an inventory.
//!
//! Source: SPDX 2.3, chapter 11. Half of the types are written from the dependency's side (`A DEPENDENCY_OF B`: B needs
//! A), so the table gives the direction with the meaning. `CONTAINS` is containment, never a dependency: an image
//! contains packages that nothing in it needs. Types that say nothing about packages (`OTHER`, with which syft states
//! that two packages own the same file, `COPY_OF`, …) are known and passed over.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use underpin_model::inventory::Scope;

use super::record::otherwise;

/// The meaning of a relationship `A type B`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Relation {
    /// No type is stated.
    #[default]
    Missing,
    /// The text is no type that SPDX knows.
    Unknown(Box<str>),
    /// Not written as SPDX writes it, but without doubt: the text, and what it means.
    Misspelt(Box<(String, Self)>),
    /// Known, without meaning for the inventory.
    PassedOver,
    /// A needs B; B's scope.
    Needs(Scope),
    /// B needs A; A's scope.
    NeededBy(Scope),
    /// A contains B.
    Contains,
    /// A is contained by B.
    ContainedBy,
    /// A may be part of B.
    MayBePartOf,
    /// B may be part of A (SPDX 3).
    MayContain,
    /// The document A describes B.
    Describes,
    /// A is described by the document B.
    DescribedBy,
    /// A was made from the sources B.
    MadeFrom,
    /// From the sources A, B was made.
    MakesUp,
    /// A was found through the file B.
    EvidentBy,
    /// A is a patch that was applied to B.
    PatchApplied,
    /// A was patched by B (SPDX 3).
    Patched,
    /// A was modified and descends from B.
    Descends,
    /// B was modified and descends from A.
    Precedes,
}

/// Types that SPDX 2 knows and that say nothing an inventory keeps.
const PASSED_OVER: &[&str] = &[
    "AMENDS",
    "COPY_OF",
    "DATA_FILE_OF",
    "DEPENDENCY_MANIFEST_OF",
    "DISTRIBUTION_ARTIFACT",
    "DOCUMENTATION_OF",
    "EXAMPLE_OF",
    "EXPANDED_FROM_ARCHIVE",
    "FILE_ADDED",
    "FILE_DELETED",
    "FILE_MODIFIED",
    "METAFILE_OF",
    "OTHER",
    "PATCH_FOR",
    "REQUIREMENT_DESCRIPTION_FOR",
    "SPECIFICATION_FOR",
    "TEST_CASE_OF",
    "TEST_OF",
    "VARIANT_OF",
];

impl Relation {
    /// The meaning of a type of SPDX 2.
    pub(super) fn of(text: &str) -> Self {
        match text {
            "CONTAINS" => Self::Contains,
            "DEPENDS_ON" | "HAS_PREREQUISITE" | "DYNAMIC_LINK" | "STATIC_LINK" => Self::Needs(Scope::Unknown),
            "DEPENDENCY_OF" | "PREREQUISITE_FOR" | "PROVIDED_DEPENDENCY_OF" => Self::NeededBy(Scope::Unknown),
            "RUNTIME_DEPENDENCY_OF" => Self::NeededBy(Scope::Runtime),
            "DEV_DEPENDENCY_OF" | "DEV_TOOL_OF" => Self::NeededBy(Scope::Development),
            "BUILD_DEPENDENCY_OF" | "BUILD_TOOL_OF" => Self::NeededBy(Scope::Build),
            "TEST_DEPENDENCY_OF" | "TEST_TOOL_OF" => Self::NeededBy(Scope::Test),
            "OPTIONAL_DEPENDENCY_OF" => Self::NeededBy(Scope::Optional),
            "CONTAINED_BY" | "PACKAGE_OF" => Self::ContainedBy,
            "OPTIONAL_COMPONENT_OF" => Self::MayBePartOf,
            "DESCRIBES" => Self::Describes,
            // trivy up to 0.36 writes it so.
            "DESCRIBE" => Self::Misspelt(Box::new((text.to_owned(), Self::Describes))),
            "DESCRIBED_BY" => Self::DescribedBy,
            "GENERATED_FROM" => Self::MadeFrom,
            "GENERATES" => Self::MakesUp,
            "EVIDENT_BY" => Self::EvidentBy,
            "PATCH_APPLIED" => Self::PatchApplied,
            "DESCENDANT_OF" => Self::Descends,
            "ANCESTOR_OF" => Self::Precedes,
            "" => Self::Missing,
            other if PASSED_OVER.binary_search(&other).is_ok() => Self::PassedOver,
            other => Self::unusual(other),
        }
    }

    /// Types written in lower case, with spaces or hyphens.
    #[cold]
    fn unusual(text: &str) -> Self {
        let usual: String = text
            .trim()
            .chars()
            .take(80)
            .map(|character| if matches!(character, ' ' | '-') { '_' } else { character.to_ascii_uppercase() })
            .collect();
        if usual == text {
            return Self::Unknown(usual.into());
        }
        match Self::of(&usual) {
            Self::Unknown(text) => Self::Unknown(text),
            meaning => Self::Misspelt(Box::new((text.chars().take(80).collect(), meaning))),
        }
    }
}

impl<'de> Deserialize<'de> for Relation {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RelationVisitor)
    }
}

struct RelationVisitor;

impl<'de> serde::de::Visitor<'de> for RelationVisitor {
    type Value = Relation;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a relationship type")
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Relation, E> {
        Ok(Relation::of(text))
    }

    otherwise! { Relation::Unknown("no text".into()); scalar, sequence, map }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_and_scopes() {
        let misspelt = |text: &str, meaning| Relation::Misspelt(Box::new((text.to_owned(), meaning)));
        for (text, expected) in [
            ("DEPENDS_ON", Relation::Needs(Scope::Unknown)),
            ("DEPENDENCY_OF", Relation::NeededBy(Scope::Unknown)),
            ("depends on", misspelt("depends on", Relation::Needs(Scope::Unknown))),
            ("dev-dependency-of", misspelt("dev-dependency-of", Relation::NeededBy(Scope::Development))),
            ("TEST_DEPENDENCY_OF", Relation::NeededBy(Scope::Test)),
            ("DESCRIBE", misspelt("DESCRIBE", Relation::Describes)),
            ("CONTAINS", Relation::Contains),
            ("OPTIONAL_COMPONENT_OF", Relation::MayBePartOf),
            ("OTHER", Relation::PassedOver),
            ("VARIANT_OF", Relation::PassedOver),
            ("", Relation::Missing),
            ("LOVES", Relation::Unknown("LOVES".into())),
            ("é", Relation::Unknown("é".into())),
        ] {
            assert_eq!(Relation::of(text), expected, "{text}");
        }
    }

    #[test]
    fn the_list_of_types_is_sorted() {
        assert!(PASSED_OVER.is_sorted());
    }
}
