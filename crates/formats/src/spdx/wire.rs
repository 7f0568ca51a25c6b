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
use underpin_model::inventory::{Claim, Scope};

use super::field::Field;
use super::list::{List, ListSeed};
use super::record::{Faults, otherwise, record};
use super::relation::Relation;
use underpin_model::limits::bounds;

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
        references: References<'a> = "externalRefs",
        purpose: Field<'a> = "primaryPackagePurpose",
        file_ids: List<Field<'a>> = "hasFiles",
        attributions: List<Field<'a>> = "attributionTexts",
        annotations: List<Annotation<'a>> = "annotations",
        comment: Field<'a> = "comment",
        verification: VerificationCode<'a> = "packageVerificationCode",
        built: Field<'a> = "builtDate",
        released: Field<'a> = "releaseDate",
        valid_until: Field<'a> = "validUntilDate",
    } skip "filesAnalyzed" | "copyrightText" | "summary" | "description" | "licenseComments"
}

record! {
    /// A code over the digests of a package's files.
    VerificationCode {
        value: Field<'a> = "packageVerificationCodeValue",
    } skip "packageVerificationCodeExcludedFiles"
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
        stated: Stated = "scope",
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
    /// A licence outside the list, with its text.
    ExtractedLicence {
        id: Field<'a> = "licenseId",
        text: Field<'a> = "extractedText",
    } skip "name" | "comment" | "seeAlsos" | "crossRefs"
}

record! {
    /// Who made the document, with what, and when.
    Creation {
        created: Field<'a> = "created",
        creators: List<Field<'a>> = "creators",
    } skip "licenseListVersion" | "comment"
}

/// What a relationship says apart from its type (SPDX 3). Never read from JSON of SPDX 2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Stated {
    /// Part of the life in which it holds.
    pub(super) scope: Scope,
    /// Whether all that stand in this relationship are named.
    pub(super) complete: Option<bool>,
}

impl<'de> Deserialize<'de> for Stated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

impl Checksum<'_> {
    /// True for zeros only.
    #[inline]
    pub(super) fn is_placeholder(&self) -> bool {
        let value = self.value.as_str();
        !value.is_empty() && value.bytes().all(|byte| byte == b'0')
    }
}

/// The external references of one package, told apart while they are read: nearly every package has one purl and some
/// CPEs, and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct References<'a> {
    /// The first package URL.
    pub(super) purl: Field<'a>,
    /// CPEs.
    pub(super) cpes: Vec<Field<'a>>,
    /// All others.
    pub(super) others: Vec<ExternalReference<'a>>,
    /// What is wrong, if anything.
    pub(super) wrong: Option<&'static str>,
}

impl<'a> References<'a> {
    /// Puts one where it belongs.
    #[inline]
    pub(super) fn add(&mut self, reference: ExternalReference<'a>) {
        if reference.faults.list().is_some() {
            self.wrong = Some("a reference with unknown fields or of another type");
        }
        if reference.locator.is_empty() {
            self.wrong = Some("a reference without referenceLocator");
            return;
        }
        // Some write the type as an address: http://spdx.org/rdf/references/purl.
        let kind = reference.kind.as_str();
        match kind.rsplit(['/', '#']).next().unwrap_or(kind) {
            "purl" | "packageUrl" if self.purl.is_empty() => self.purl = reference.locator,
            "cpe23Type" | "cpe22Type" | "cpe23" | "cpe22" if self.cpes.len() < bounds::SPDX_REFERENCES => {
                self.cpes.push(reference.locator);
            }
            _ if self.others.len() < bounds::SPDX_REFERENCES => self.others.push(reference),
            _ => self.wrong = Some("more references than are kept"),
        }
    }
}

impl<'de> Deserialize<'de> for References<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReferencesVisitor)
    }
}

struct ReferencesVisitor;

impl<'de> Visitor<'de> for ReferencesVisitor {
    type Value = References<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of references")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut references = References::default();
        while let Some(reference) = sequence.next_element()? {
            references.add(reference);
        }
        Ok(references)
    }

    otherwise! {
        References { wrong: Some("not a list"), ..References::default() };
        text, scalar, map
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
    /// Digests beyond the bound, passed over.
    pub(super) beyond_limit: u32,
    /// True when something else than a list stands there.
    pub(super) wrong_type: bool,
}

impl<'de> Deserialize<'de> for Checksums<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChecksumsVisitor)
    }
}

struct ChecksumsVisitor;

impl<'de> Visitor<'de> for ChecksumsVisitor {
    type Value = Checksums<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of digests")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut checksums = Checksums::default();
        while let Some(checksum) = sequence.next_element::<Checksum<'_>>()? {
            if checksum.is_placeholder() {
                checksums.placeholders += 1;
            } else if checksums.items.len() < bounds::SPDX_DIGESTS {
                checksums.items.push(checksum);
            } else {
                checksums.beyond_limit += 1;
            }
        }
        Ok(checksums)
    }

    otherwise! {
        Checksums { wrong_type: true, ..Checksums::default() };
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
    /// Licences outside the list.
    pub(super) licences: List<ExtractedLicence<'a>>,
    /// When in its life the artefact was looked at (SPDX 3), as stated.
    pub(super) context: Field<'a>,
    /// Vulnerability statements (SPDX 3).
    pub(super) claims: Vec<Claim<'a>>,
    pub(super) faults: Faults,
}

/// Reads a [`Document`] within limits. `{"sbom": …}` (the export of a large code host) and `{"Document": …}` (early
/// Python tools) are looked into. What was read before a document breaks off stays in it.
pub(super) struct DocumentSeed<'d, 'a, 'l> {
    document: &'d mut Document<'a>,
    limits: &'l Limits,
    parts: Parts,
}

/// Which parts of a document are wanted. A judge of packages needs no files, which are most of a document of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// All that an inventory keeps.
    All,
    /// What is said about the document and its packages.
    Packages,
}

impl<'d, 'a, 'l> DocumentSeed<'d, 'a, 'l> {
    /// Reads into `document`, which counts as no object until it turns out to be one.
    pub(super) fn new(document: &'d mut Document<'a>, limits: &'l Limits, parts: Parts) -> Self {
        document.faults = Faults::wrong_type();
        Self { document, limits, parts }
    }
}

impl<'de> DeserializeSeed<'de> for DocumentSeed<'_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DocumentSeed<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an SPDX document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { document, limits, parts } = self;
        document.faults = Faults::default();
        while let Some(key) = map.next_key::<Field<'_>>()? {
            macro_rules! list {
                ($list:ident, $limit:expr) => {
                    map.next_value_seed(ListSeed::new(&mut document.$list, $limit))?
                };
            }
            match key.as_str() {
                "SPDXID" => document.id = map.next_value()?,
                "spdxVersion" => document.spec_version = map.next_value()?,
                "name" => document.name = map.next_value()?,
                "dataLicense" => document.data_licence = map.next_value()?,
                "documentNamespace" => document.namespace = map.next_value()?,
                "creationInfo" => document.creation = map.next_value()?,
                "documentDescribes" => list!(describes, limits.components),
                "packages" => list!(packages, limits.components),
                "files" | "annotations" | "hasExtractedLicensingInfos" if parts == Parts::Packages => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
                "files" => list!(files, limits.edges),
                "relationships" => list!(relationships, limits.edges),
                "annotations" => document.annotations = map.next_value()?,
                "externalDocumentRefs" => document.external_documents = map.next_value()?,
                "hasExtractedLicensingInfos" => document.licences = map.next_value()?,
                "sbom" | "Document" => map.next_value_seed(DocumentSeed::new(document, limits, parts))?,
                other => {
                    let known = ["comment", "snippets", "revieweds", "reviewers"];
                    if !known.contains(&other) {
                        document.faults.unknown(other);
                    }
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    otherwise! { (); text, scalar, sequence }
}
