// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 2 as lines of `Tag: value`.
//!
//! Source: the specification's own notation. `PackageName` begins a package, `FileName` a file that belongs to the
//! package before it; snippets, extracted licences and reviews are passed over. Places are told by the line in which an
//! element begins.

use std::borrow::Cow;

use underpin_model::Inventory;
use underpin_model::gap::GapCode;

use super::field::Field;
use super::notes::{Notes, Origin};
use super::relation::Relation;
use super::tag_lines::{Entries, Entry};
use super::wire::{Annotation, Checksum, Document, ExternalDocument, ExternalReference, File, Package, Relationship};
use super::{build, encoding};
use crate::reader::{Context, Unreadable};

/// Tags that begin a part which is passed over.
const PASSED_PARTS: &[&str] = &["LicenseID", "Reviewer", "SnippetFromFileSPDXID", "SnippetSPDXID"];

/// Tags that SPDX has and that say nothing an inventory keeps.
const PASSED_TAGS: &[&str] = &[
    "ArtifactOfProjectHomePage",
    "ArtifactOfProjectName",
    "ArtifactOfProjectURI",
    "BuiltDate",
    "CreatorComment",
    "DocumentComment",
    "ExternalRefComment",
    "FileAttributionText",
    "FileComment",
    "FileContributor",
    "FileCopyrightText",
    "FileDependency",
    "FileNotice",
    "FileType",
    "FilesAnalyzed",
    "LicenseComments",
    "LicenseConcluded",
    "LicenseInfoInFile",
    "LicenseListVersion",
    "PackageCopyrightText",
    "PackageDescription",
    "PackageLicenseComments",
    "PackageSummary",
    "PackageVerificationCode",
    "RelationshipComment",
    "ReleaseDate",
];

/// Reads a document.
///
/// # Errors
/// `malformed-tag-value` when no line has a tag that SPDX knows.
pub(super) fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let (text, encoding) = encoding::decode(bytes);
    let mut notes = Notes::new(context.limits, Origin::Lines);
    if let Some(encoding) = encoding {
        notes.gaps.add(GapCode::WrongEncoding, "line 1", format!("read as {encoding}"));
    }
    Ok(build::inventory(parse(text, &mut notes)?, notes))
}

/// The document of a text.
pub(super) fn parse<'a>(text: Cow<'a, str>, notes: &mut Notes<'_>) -> Result<Document<'a>, Unreadable> {
    let document = match text {
        Cow::Borrowed(text) => Reading::of(text, Field::from, notes),
        Cow::Owned(text) => Reading::of(&text, |text| Field::Text(Cow::Owned(text.to_owned())), notes),
    };
    document.ok_or_else(|| Unreadable::new("malformed-tag-value", "line 1", "no line has a tag of SPDX"))
}

/// What the lines speak about at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Document,
    Package,
    File,
    Passed,
}

struct Reading<'t, 'a, 'n, 'l> {
    lend: fn(&'t str) -> Field<'a>,
    notes: &'n mut Notes<'l>,
    document: Document<'a>,
    part: Part,
    /// For each file, the package it stands behind.
    owners: Vec<Option<usize>>,
    known: usize,
}

impl<'t, 'a, 'n, 'l> Reading<'t, 'a, 'n, 'l> {
    /// The document; `None` when nothing in it is SPDX.
    fn of(text: &'t str, lend: fn(&'t str) -> Field<'a>, notes: &'n mut Notes<'l>) -> Option<Document<'a>> {
        let document = Document::default();
        let mut reading = Self { lend, notes, document, part: Part::Document, owners: Vec::new(), known: 0 };
        for (line, entry) in Entries::new(text) {
            match entry {
                Entry::Tag(tag, value) => reading.take(tag, value, line),
                Entry::Unclosed(tag, value) => {
                    reading.malformed(line, "<text> without its end");
                    reading.take(tag, value, line);
                }
                Entry::Malformed(seen) => reading.malformed(line, seen),
            }
        }
        (reading.known > 0).then(|| reading.finish())
    }

    fn malformed(&mut self, line: u32, seen: &str) {
        self.notes
            .gaps
            .add_with(GapCode::MalformedLine, || (format!("line {line}"), seen.chars().take(60).collect::<String>()));
    }

    fn take(&mut self, tag: &'t str, value: &'t str, line: u32) {
        let begins = match tag {
            "PackageName" => Some(Part::Package),
            "FileName" => Some(Part::File),
            tag if PASSED_PARTS.contains(&tag) => Some(Part::Passed),
            _ => None,
        };
        if let Some(part) = begins {
            self.known += 1;
            self.begin(part, value, line);
            return;
        }
        let known = self.anywhere(tag, value, line)
            || match self.part {
                Part::Document => self.of_document(tag, value),
                Part::Package => self.of_package(tag, value, line),
                Part::File => self.of_file(tag, value, line),
                Part::Passed => true,
            };
        if known || PASSED_TAGS.contains(&tag) {
            self.known += 1;
        } else {
            let seen = || tag.chars().take(60).collect::<String>();
            self.notes.gaps.add_with(GapCode::UnknownField, || (format!("line {line}"), seen()));
        }
    }

    fn begin(&mut self, part: Part, name: &'t str, line: u32) {
        let name = (self.lend)(name);
        self.part = part;
        let (count, limit) = match part {
            Part::Package => (self.document.packages.items.len(), self.notes.limits.components),
            _ => (self.document.files.items.len(), self.notes.limits.edges),
        };
        match part {
            Part::Package if count < limit => {
                self.document.packages.items.push(Package { name, line, ..Package::default() });
            }
            Part::File if count < limit => {
                self.document.files.items.push(File { name, line, ..File::default() });
                self.owners.push(self.document.packages.items.len().checked_sub(1));
            }
            Part::Package => self.document.packages.pass_over(),
            Part::File => self.document.files.pass_over(),
            Part::Document | Part::Passed => return,
        }
        if count >= limit {
            self.part = Part::Passed;
        }
    }

    /// Tags that mean the same wherever they stand.
    fn anywhere(&mut self, tag: &str, value: &'t str, line: u32) -> bool {
        let lend = self.lend;
        let document = &mut self.document;
        match tag {
            "SPDXVersion" => document.spec_version = lend(value),
            "DataLicense" => document.data_licence = lend(value),
            "DocumentName" => document.name = lend(value),
            "DocumentNamespace" => document.namespace = lend(value),
            "Creator" => document.creation.creators.items.push(lend(value)),
            "Created" => {
                document.creation.created = lend(value);
                document.creation.line = line;
            }
            "ExternalDocumentRef" => {
                let (id, rest) = word(value);
                let (namespace, _) = word(rest);
                let external =
                    ExternalDocument { id: lend(id), namespace: lend(namespace), line, ..ExternalDocument::default() };
                document.external_documents.items.push(external);
            }
            "Relationship" => {
                let (from, rest) = word(value);
                let (relation, to) = word(rest);
                self.relate(lend(from), Relation::of(relation), lend(word(to).0), line);
            }
            "Annotator" => {
                let annotation = Annotation { annotator: lend(value), line, ..Annotation::default() };
                document.annotations.items.push(annotation);
            }
            "AnnotationDate" | "AnnotationType" | "AnnotationComment" | "SPDXREF" => {
                if let Some(annotation) = document.annotations.items.last_mut() {
                    match tag {
                        "AnnotationDate" => annotation.date = lend(value),
                        "AnnotationType" => annotation.kind = lend(value),
                        "AnnotationComment" => annotation.comment = lend(value),
                        _ => annotation.subject = lend(value),
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn relate(&mut self, from: Field<'a>, relation: Relation, to: Field<'a>, line: u32) {
        let relationships = &mut self.document.relationships;
        if relationships.items.len() < self.notes.limits.edges {
            relationships.items.push(Relationship { from, to, relation, line, ..Relationship::default() });
        } else {
            relationships.pass_over();
        }
    }

    fn of_document(&mut self, tag: &str, value: &'t str) -> bool {
        if tag == "SPDXID" {
            self.document.id = (self.lend)(value);
        }
        tag == "SPDXID"
    }

    fn of_package(&mut self, tag: &str, value: &'t str, line: u32) -> bool {
        let lend = self.lend;
        let Some(package) = self.document.packages.items.last_mut() else { return false };
        match tag {
            "SPDXID" => package.id = lend(value),
            "PackageVersion" => package.version = lend(value),
            "PackageFileName" => package.file_name = lend(value),
            "PackageSupplier" => package.supplier = lend(value),
            "PackageOriginator" => package.originator = lend(value),
            "PackageDownloadLocation" => package.download = lend(value),
            "PackageHomePage" => package.home_page = lend(value),
            "PackageSourceInfo" => package.source_info = lend(value),
            "PackageLicenseConcluded" => package.concluded = lend(value),
            "PackageLicenseDeclared" => package.declared = lend(value),
            "PackageLicenseInfoFromFiles" => package.observed.items.push(lend(value)),
            "PackageChecksum" => package.checksums.items.extend(checksum(value, lend, line)),
            "PrimaryPackagePurpose" => package.purpose = lend(value),
            "PackageAttributionText" => package.attributions.items.push(lend(value)),
            "PackageComment" => package.comment = lend(value),
            "PackageVerificationCode" => package.verification.value = lend(word(value).0),
            "BuiltDate" => package.built = lend(value),
            "ReleaseDate" => package.released = lend(value),
            "ValidUntilDate" => package.valid_until = lend(value),
            "ExternalRef" => {
                let (category, rest) = word(value);
                let (kind, locator) = word(rest);
                package.references.add(ExternalReference {
                    category: lend(category),
                    kind: lend(kind),
                    locator: lend(locator),
                    line,
                    ..ExternalReference::default()
                });
            }
            _ => return false,
        }
        true
    }

    fn of_file(&mut self, tag: &str, value: &'t str, line: u32) -> bool {
        let lend = self.lend;
        let Some(file) = self.document.files.items.last_mut() else { return false };
        match tag {
            "SPDXID" => file.id = lend(value),
            "FileChecksum" => match checksum(value, lend, line) {
                Some(checksum) if checksum.is_placeholder() => file.checksums.placeholders += 1,
                checksum => file.checksums.items.extend(checksum),
            },
            _ => return false,
        }
        true
    }

    /// Adds what follows from the order of the lines: files belong to the package before them.
    fn finish(mut self) -> Document<'a> {
        let owned: Vec<_> = self
            .document
            .files
            .items
            .iter()
            .zip(&self.owners)
            .filter_map(|(file, owner)| Some((self.document.packages.items.get((*owner)?)?, file)))
            .filter(|(package, file)| !package.id.is_empty() && !file.id.is_empty())
            .map(|(package, file)| (package.id.clone(), file.id.clone(), file.line))
            .collect();
        for (package, file, line) in owned {
            self.relate(package, Relation::Contains, file, line);
        }
        self.document
    }
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// Algorithm and value from `SHA1: 85ed…`.
fn checksum<'t, 'a>(value: &'t str, lend: fn(&'t str) -> Field<'a>, line: u32) -> Option<Checksum<'a>> {
    let (algorithm, value) = value.split_once(':')?;
    Some(Checksum { algorithm: lend(algorithm.trim()), value: lend(value.trim()), line, ..Checksum::default() })
}
