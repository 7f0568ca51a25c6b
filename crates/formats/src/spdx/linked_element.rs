// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One element of an SPDX 3 graph: all the fields that any kind of element has and that an inventory keeps.
//!
//! Source: the JSON-LD context of SPDX 3.0.1. Names carry the profile (`software_packageVersion`); producers leave it
//! out, or write some names in the plural, so both are read.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::field::Field;
use super::list::{List, ListSeed};
use super::record::{otherwise, record};

record! {
    /// A digest.
    Hash {
        kind: Field<'a> = "type" | "@type",
        algorithm: Field<'a> = "algorithm",
        value: Field<'a> = "hashValue",
    } skip "comment" | "@id" | "spdxId"
}

record! {
    /// A name in a registry of names: a package URL, a CPE, an address of a person.
    Identifier {
        kind: Field<'a> = "externalIdentifierType",
        value: Field<'a> = "identifier",
    } skip "type" | "@type" | "@id" | "spdxId" | "comment" | "identifierLocator" | "issuingAuthority"
}

record! {
    /// A reference to the world outside.
    Reference {
        kind: Field<'a> = "externalRefType",
        locators: List<Field<'a>> = "locator",
    } skip "type" | "@type" | "@id" | "spdxId" | "comment" | "contentType"
}

record! {
    /// A document that is referred to.
    Import {
        id: Field<'a> = "externalSpdxId",
        address: Field<'a> = "locationHint",
    } skip "type" | "@type" | "@id" | "spdxId" | "verifiedUsing" | "definingArtifact"
}

record! {
    /// An element of any kind.
    Element {
        id: Field<'a> = "spdxId" | "@id" | "id",
        kind: Field<'a> = "type" | "@type",
        name: Field<'a> = "name",
        version: Field<'a> = "software_packageVersion" | "packageVersion",
        download: Field<'a> = "software_downloadLocation" | "downloadLocation",
        home_page: Field<'a> = "software_homePage" | "homePage",
        source_info: Field<'a> = "software_sourceInfo" | "sourceInfo",
        package_url: Field<'a> = "software_packageUrl" | "packageUrl",
        purpose: Field<'a> = "software_primaryPurpose" | "primaryPurpose",
        attributions: List<Field<'a>> = "software_attributionText" | "attributionText",
        supplied_by: List<Field<'a>> = "suppliedBy",
        originated_by: List<Field<'a>> = "originatedBy",
        identifiers: List<Identifier<'a>> = "externalIdentifier" | "externalIdentifiers",
        references: List<Reference<'a>> = "externalRef" | "externalRefs",
        hashes: List<Hash<'a>> = "verifiedUsing",
        valid_until: Field<'a> = "validUntilTime",
        from: Field<'a> = "from",
        to: List<Field<'a>> = "to",
        relation: Field<'a> = "relationshipType",
        scope: Field<'a> = "scope",
        completeness: Field<'a> = "completeness",
        expression: Field<'a> = "simplelicensing_licenseExpression" | "licenseExpression",
        roots: List<Field<'a>> = "rootElement",
        stages: List<Field<'a>> = "software_sbomType" | "sbomType",
        data_licence: Field<'a> = "dataLicense",
        imports: List<Import<'a>> = "import" | "imports",
        spec_version: Field<'a> = "specVersion",
        created: Field<'a> = "created",
        created_by: List<Field<'a>> = "createdBy",
        created_using: List<Field<'a>> = "createdUsing",
        subject: Field<'a> = "subject",
        statement: Field<'a> = "statement",
        creation: Creation<'a> = "creationInfo",
        built: Field<'a> = "builtTime",
        released: Field<'a> = "releaseTime",
        assessed: Field<'a> = "security_assessedElement",
        justification: Field<'a> = "security_justificationType",
        impact: Field<'a> = "security_impactStatement",
        action: Field<'a> = "security_actionStatement",
        notes: Field<'a> = "security_statusNotes",
        score: Field<'a> = "security_score",
        severity: Field<'a> = "security_severity",
        vector: Field<'a> = "security_vectorString",
        probability: Field<'a> = "security_probability",
        decision: Field<'a> = "security_decisionType",
        catalogue: Field<'a> = "security_catalogType",
    } skip "element" | "comment" | "description" | "summary" | "extension" | "profileConformance"
         | "namespaceMap" | "software_copyrightText" | "software_additionalPurpose" | "software_fileKind"
         | "software_contentIdentifier" | "contentType" | "software_contentType"
         | "startTime" | "endTime" | "supportLevel" | "standardName" | "@context"
         | "simplelicensing_licenseListVersion" | "simplelicensing_licenseText" | "licenseListVersion" | "annotationType"
}

record! {
    /// Who made an element, with what, and when.
    CreationFields {
        spec_version: Field<'a> = "specVersion",
        created: Field<'a> = "created",
        created_by: List<Field<'a>> = "createdBy",
        created_using: List<Field<'a>> = "createdUsing",
    } skip "type" | "@type" | "@id" | "spdxId" | "comment"
}

/// The creation information of an element: its identifier, or itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Creation<'a> {
    /// None, or something else.
    #[default]
    Missing,
    /// It stands elsewhere in the graph.
    Named(Field<'a>),
    /// It stands in the element.
    Inside(Box<CreationFields<'a>>),
}

impl<'de> Deserialize<'de> for Creation<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CreationVisitor;

        impl<'de> Visitor<'de> for CreationVisitor {
            type Value = Creation<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("creation information")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Creation::Named(Field::from(text)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                CreationFields::deserialize(MapAccessDeserializer::new(map))
                    .map(|inside| Creation::Inside(inside.into()))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Creation::Named(Field::Text(text.to_owned().into())))
            }

            otherwise! { Creation::Missing; scalar, sequence }
        }

        deserializer.deserialize_any(CreationVisitor)
    }
}

/// Reads the elements of a graph: `{"@graph": […]}`, or a list without anything around it. `None` stays for an object
/// without `@graph`, which is an element itself. What was read before a document breaks off stays.
pub(super) struct GraphSeed<'g, 'a> {
    /// The elements.
    pub(super) graph: &'g mut Option<List<Element<'a>>>,
    /// Elements that are read.
    pub(super) limit: usize,
}

impl<'de> DeserializeSeed<'de> for GraphSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GraphSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a graph of SPDX 3")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Field<'_>>()? {
            if key.as_str() == "@graph" {
                map.next_value_seed(ListSeed::new(self.graph.get_or_insert_default(), self.limit))?;
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<(), A::Error> {
        ListSeed::new(self.graph.get_or_insert_default(), self.limit).visit_seq(sequence)
    }

    otherwise! { (); text, scalar }
}
