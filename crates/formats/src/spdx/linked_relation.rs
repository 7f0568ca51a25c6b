// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What each relationship type of SPDX 3 means for an inventory.
//!
//! Source: the vocabulary `RelationshipType` of SPDX 3.0.1. All types are written from the side of `from`; the part of
//! the life in which a dependency holds stands apart, in `scope`.

use underpin_model::inventory::Scope;

use super::relation::Relation;

/// Types that SPDX 3 knows and that say nothing an inventory keeps.
const PASSED_OVER: &[&str] = &[
    "affects",
    "amendedBy",
    "availableFrom",
    "configures",
    "coordinatedBy",
    "copiedTo",
    "delegatedTo",
    "doesNotAffect",
    "expandsTo",
    "exploitCreatedBy",
    "fixedBy",
    "fixedIn",
    "foundBy",
    "hasAddedFile",
    "hasAssessmentFor",
    "hasAssociatedVulnerability",
    "hasConcludedLicense",
    "hasDataFile",
    "hasDeclaredLicense",
    "hasDeletedFile",
    "hasDependencyManifest",
    "hasDocumentation",
    "hasExample",
    "hasHost",
    "hasInput",
    "hasMetadata",
    "hasOutput",
    "hasRequirement",
    "hasSpecification",
    "hasTest",
    "hasTestCase",
    "hasVariant",
    "invokedBy",
    "modifiedBy",
    "other",
    "packagedBy",
    "publishedBy",
    "reportedBy",
    "republishedBy",
    "serializedInArtifact",
    "testedOn",
    "trainedOn",
    "underInvestigationFor",
];

/// The meaning of a type; the relation may have to be read from `to` to `from`, as [`Relation`] says.
pub(super) fn of(text: &str) -> Relation {
    match text.rsplit('/').next().unwrap_or(text) {
        "contains" | "hasDistributionArtifact" => Relation::Contains,
        "dependsOn" | "hasPrerequisite" | "hasProvidedDependency" | "hasDynamicLink" | "hasStaticLink" | "usesTool" => {
            Relation::Needs(Scope::Unknown)
        }
        "hasOptionalComponent" => Relation::MayContain,
        "hasOptionalDependency" => Relation::Needs(Scope::Optional),
        "describes" => Relation::Describes,
        "generates" => Relation::MakesUp,
        "hasEvidence" => Relation::EvidentBy,
        "patchedBy" => Relation::Patched,
        "descendantOf" => Relation::Descends,
        "ancestorOf" => Relation::Precedes,
        "" => Relation::Missing,
        other if PASSED_OVER.binary_search(&other).is_ok() => Relation::PassedOver,
        other => Relation::Unknown(other.chars().take(80).collect::<String>().into()),
    }
}

/// The scope that a `LifecycleScopeType` means.
pub(super) fn scope(text: &str) -> Scope {
    match text.rsplit('/').next().unwrap_or(text) {
        "runtime" => Scope::Runtime,
        "development" | "design" => Scope::Development,
        "build" => Scope::Build,
        "test" => Scope::Test,
        _ => Scope::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        assert!(PASSED_OVER.is_sorted());
        for (text, expected) in [
            ("dependsOn", Relation::Needs(Scope::Unknown)),
            ("hasDynamicLink", Relation::Needs(Scope::Unknown)),
            ("https://spdx.org/rdf/3.0.1/terms/Core/RelationshipType/contains", Relation::Contains),
            ("trainedOn", Relation::PassedOver),
            ("loves", Relation::Unknown("loves".into())),
            ("", Relation::Missing),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
        assert_eq!(scope("build"), Scope::Build);
        assert_eq!(scope("other"), Scope::Unknown);
    }
}
