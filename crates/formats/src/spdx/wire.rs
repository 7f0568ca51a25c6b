// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The elements of an SPDX 2 document as they are written: the common ground of the JSON, YAML and tag-value readers.
//! SPDX 3 graphs are brought into the same shape, so that one builder makes every inventory.
//!
//! Source: the SPDX 2.3 specification and its JSON schema. Names after `skip` belong to the format and say nothing that
//! an inventory keeps; the original has them.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use underpin_model::Limits;
use underpin_model::inventory::Scope;

use super::field::{Faults, Field, List, ListSeed, otherwise, record};
use super::relation::Relation;

record! {
    /// A digest.
    Checksum {
        algorithm: Field<'a> = "algorithm",
        value: Field<'a> = "checksumValue",
    } skip "comment"
}

record! {
    /// A reference to the world outside: a package URL, a CPE, an advisory, …
    ExternalReference {
        category: Field<'a> = "referenceCategory",
        kind: Field<'a> = "referenceType",
        locator: Field<'a> = "referenceLocator",
    } skip "comment"
}

record! {
    /// A remark on an element.
    Annotation {
        annotator: Field<'a> = "annotator",
        date: Field<'a> = "annotationDate",
        kind: Field<'a> = "annotationType",
        comment: Field<'a> = "comment",
        subject: Field<'a> = "spdxElementId",
    } skip "SPDXID"
}

record! {
    /// A package.
    Package {
        id: Field<'a> = "SPDXID",
        name: Field<'a> = "name",
        version: Field<'a> = "versionInfo",
        file_name: Field<'a> = "packageFileName",
        supplier: Field<'a> = "supplier",
        originator: Field<'a> = "originator",
        download: Field<'a> = "downloadLocation",
        home_page: Field<'a> = "homepage",
        source_info: Field<'a> = "sourceInfo",
        concluded: Field<'a> = "licenseConcluded",
        declared: Field<'a> = "licenseDeclared",
        observed: List<Field<'a>> = "licenseInfoFromFiles",
        checksums: Checksums<'a> = "checksums",
        references: List<ExternalReference<'a>> = "externalRefs",
        purpose: Field<'a> = "primaryPackagePurpose",
        file_ids: List<Field<'a>> = "hasFiles",
        attributions: List<Field<'a>> = "attributionTexts",
        annotations: List<Annotation<'a>> = "annotations",
        comment: Field<'a> = "comment",
        valid_until: Field<'a> = "validUntilDate",
    } skip "filesAnalyzed" | "packageVerificationCode" | "copyrightText" | "summary" | "description"
         | "licenseComments" | "builtDate" | "releaseDate"
}

record! {
    /// A file.
    File {
        id: Field<'a> = "SPDXID",
        name: Field<'a> = "fileName",
        checksums: Checksums<'a> = "checksums",
    } skip "fileTypes" | "licenseConcluded" | "licenseInfoInFiles" | "licenseInfoFromFiles" | "licenseComments"
         | "copyrightText" | "comment" | "noticeText" | "fileContributors" | "attributionTexts" | "fileDependencies"
         | "artifactOfs" | "annotations"
}

record! {
    /// A relationship between two elements.
    Relationship {
        from: Field<'a> = "spdxElementId",
        to: Field<'a> = "relatedSpdxElement",
        relation: Relation = "relationshipType",
        scope: ScopeStated = "scope",
    } skip "comment"
}

record! {
    /// Another document that this one refers to.
    ExternalDocument {
        id: Field<'a> = "externalDocumentId",
        namespace: Field<'a> = "spdxDocument",
    } skip "checksum"
}

record! {
    /// Who made the document, with what, and when.
    Creation {
        created: Field<'a> = "created",
        creators: List<Field<'a>> = "creators",
    } skip "licenseListVersion" | "comment"
}

/// Scope of a relationship, where the format gives one apart from its type (SPDX 3). Never read from JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ScopeStated(pub(super) Scope);

impl<'de> Deserialize<'de> for ScopeStated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

/// The digests of one element. syft writes a SHA-1 of zeros for every file it did not digest: a million of them in the
/// documents of some hundred images. They are counted, not kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Checksums<'a> {
    /// Digests that say something.
    pub(super) items: Vec<Checksum<'a>>,
    /// Digests of zeros only.
    pub(super) placeholders: u32,
    /// What stands there instead of a list, if it is something else.
    pub(super) wrong_type: Option<&'static str>,
}

impl<'de> Deserialize<'de> for Checksums<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChecksumsVisitor)
    }
}

struct ChecksumsVisitor;

/// Digests of one element that are kept; there are not that many algorithms.
const CHECKSUMS_LIMIT: usize = 64;

impl<'de> Visitor<'de> for ChecksumsVisitor {
    type Value = Checksums<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of digests")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut checksums = Checksums::default();
        while let Some(checksum) = sequence.next_element::<Checksum<'_>>()? {
            let value = checksum.value.as_str();
            if !value.is_empty() && value.bytes().all(|byte| byte == b'0') {
                checksums.placeholders += 1;
            } else if checksums.items.len() < CHECKSUMS_LIMIT {
                checksums.items.push(checksum);
            }
        }
        Ok(checksums)
    }

    otherwise! {
        Checksums { wrong_type: Some("not a list"), ..Checksums::default() };
        text, scalar, map
    }
}

/// A whole document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document<'a> {
    pub(super) id: Field<'a>,
    pub(super) spec_version: Field<'a>,
    pub(super) name: Field<'a>,
    pub(super) data_licence: Field<'a>,
    pub(super) namespace: Field<'a>,
    pub(super) creation: Creation<'a>,
    pub(super) describes: List<Field<'a>>,
    pub(super) packages: List<Package<'a>>,
    pub(super) files: List<File<'a>>,
    pub(super) relationships: List<Relationship<'a>>,
    pub(super) annotations: List<Annotation<'a>>,
    pub(super) external_documents: List<ExternalDocument<'a>>,
    /// When in its life the artefact was looked at (SPDX 3), as stated.
    pub(super) context: Field<'a>,
    pub(super) faults: Faults,
}

/// Reads a [`Document`] within limits. `{"sbom": …}` (the export of a large code host) and `{"Document": …}` (early
/// Python tools) are looked into.
pub(super) struct DocumentSeed<'l> {
    pub(super) limits: &'l Limits,
}

impl<'de> DeserializeSeed<'de> for DocumentSeed<'_> {
    type Value = Document<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DocumentSeed<'_> {
    type Value = Document<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an SPDX document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut document = Document::default();
        while let Some(key) = map.next_key::<Field<'_>>()? {
            match key.as_str() {
                "SPDXID" => document.id = map.next_value()?,
                "spdxVersion" => document.spec_version = map.next_value()?,
                "name" => document.name = map.next_value()?,
                "dataLicense" => document.data_licence = map.next_value()?,
                "documentNamespace" => document.namespace = map.next_value()?,
                "creationInfo" => document.creation = map.next_value()?,
                "documentDescribes" => document.describes = map.next_value_seed(self.list(self.limits.components))?,
                "packages" => document.packages = map.next_value_seed(self.list(self.limits.components))?,
                "files" => document.files = map.next_value_seed(self.list(self.limits.edges))?,
                "relationships" => document.relationships = map.next_value_seed(self.list(self.limits.edges))?,
                "annotations" => document.annotations = map.next_value()?,
                "externalDocumentRefs" => document.external_documents = map.next_value()?,
                "sbom" | "Document" => document = map.next_value_seed(DocumentSeed { limits: self.limits })?,
                other => {
                    let known = ["comment", "hasExtractedLicensingInfos", "snippets", "revieweds", "reviewers"];
                    if !known.contains(&other) {
                        document.faults.unknown(other);
                    }
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(document)
    }

    otherwise! {
        Document { faults: Faults::wrong_type(), ..Document::default() };
        text, scalar, sequence
    }
}

impl DocumentSeed<'_> {
    fn list<T>(&self, limit: usize) -> ListSeed<T> {
        ListSeed::new(limit)
    }
}
