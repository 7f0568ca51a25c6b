// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 2 as it stands there, in all its notations: each package is a component.
//!
//! Texts of another type count as not stated, unlike in the inventory. A package that is `NONE`-related states that it needs nothing;
//! `NOASSERTION` states that this is unknown.

use std::borrow::Cow;

use hashbrown::HashMap;
use underpin_model::Limits;
use underpin_model::inventory::Text;
use underpin_model::stated::{ComponentFact, DocumentFact, FactFault, StatedComponent, StatedSbom};

use super::field::Field;
use super::licence::Licences;
use super::notes::{Notes, Origin};
use super::relation::Relation;
use super::wire::{Document, Package, Parts};
use super::{creation, encoding, json, tag_value, yaml};
use crate::declarations::values::{is_address, is_mail_address};
use crate::reader::Unreadable;
use crate::stated::{Judge, LicenceTexts, Reading, address, cpe, known_digits, moment, named, purl, said};

/// Reads a document of SPDX 2; `id` is the reader that takes it.
///
/// # Errors
/// As the readers have them.
pub(crate) fn stated<'a>(id: &str, bytes: &'a [u8], limits: &Limits) -> Result<StatedSbom<'a>, Unreadable> {
    let (text, _) = encoding::decode(bytes);
    let mut notes = Notes::new(limits, Origin::Pointers);
    let (document, notation) = match (id, text) {
        ("spdx-tag-value", text) => (tag_value::parse(text, &mut notes)?, "tag-value"),
        ("spdx-yaml", text) => (yaml::parse(&text, limits, &mut notes)?, "yaml"),
        (_, Cow::Borrowed(text)) => {
            (json::parse(serde_json::Deserializer::from_str(text), limits, (&mut notes, Parts::Packages))?, "json")
        }
        (_, Cow::Owned(text)) => (
            json::parse(serde_json::Deserializer::from_reader(text.as_bytes()), limits, (&mut notes, Parts::Packages))?,
            "json",
        ),
    };
    let mut reading = Reading::of("spdx", notation);
    reading.sbom.is_cut = notes.gaps.list().iter().any(|gap| gap.code.as_str() == "truncated-document")
        || document.packages.faults().is_some_and(|faults| faults.beyond_limit > 0)
        || document.relationships.faults().is_some_and(|faults| faults.beyond_limit > 0);
    Stating { reading, licences: Licences::default(), numbers: HashMap::new() }.document(document)
}

struct Stating<'a> {
    reading: Reading<'a>,
    licences: Licences,
    /// Packages by their identifier.
    numbers: HashMap<String, usize>,
}

/// What a field says, or why it says nothing; none where it is missing.
fn field<'f>(field: &'f Field<'_>, judge: Judge) -> Option<Result<&'f str, FactFault>> {
    match field {
        Field::Missing => None,
        Field::Null => Some(Err(FactFault::Null)),
        Field::Structure | Field::Number(_) => Some(Err(FactFault::WrongType)),
        Field::Text(text) => Some(judge(text)),
    }
}

/// Any text; it is judged later.
fn any(text: &str) -> Result<&str, FactFault> {
    Ok(text)
}

/// An address without a fragment.
fn namespace(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    if is_address(text) && !text.contains('#') { Ok(text) } else { Err(FactFault::Malformed) }
}

impl<'a> Stating<'a> {
    fn document(mut self, document: Document<'a>) -> Result<StatedSbom<'a>, Unreadable> {
        self.head(&document);
        for (number, package) in document.packages.items.iter().enumerate() {
            self.package(number, package);
        }
        self.reading.component = None;
        self.relate(&document);
        let primary = self.reading.sbom.components.iter().find(|component| component.is_primary);
        let primary =
            primary.and_then(|component| component.fact(ComponentFact::Name)).map(|name| Cow::Owned(name.to_owned()));
        self.reading.sbom.state(DocumentFact::Primary, primary);
        self.reading.sbom.vulnerabilities = document.claims.len();
        Ok(self.reading.sbom)
    }

    fn state_document(&mut self, fact: DocumentFact, said: Option<Result<&str, FactFault>>) {
        let text = said.and_then(|said| self.reading.kept(fact.as_str(), said));
        self.reading.sbom.state(fact, text.map(|text| Cow::Owned(text.into_owned())));
    }

    fn head(&mut self, document: &Document<'a>) {
        self.state_document(DocumentFact::SpecVersion, field(&document.spec_version, said));
        self.state_document(DocumentFact::Address, field(&document.namespace, namespace));
        self.state_document(DocumentFact::Created, field(&document.creation.created, moment));
        for creator in &document.creation.creators.items {
            let Some(said) = field(creator, said) else { continue };
            let Some(text) = self.reading.kept("creator", said) else { continue };
            match text.split_once(':').map(|(kind, rest)| (kind.trim(), rest.trim())) {
                Some(("Tool", tool)) => {
                    let tool = creation::split(Cow::Owned(tool.to_owned()));
                    self.state_document(DocumentFact::Tool, Some(said_of(&tool.name)));
                    self.state_document(DocumentFact::ToolVersion, Some(said_of(&tool.version)).filter(Result::is_ok));
                }
                Some(("Person" | "Organization", who)) => {
                    let (name, mail) = who_is(who);
                    self.state_document(DocumentFact::Creator, Some(name));
                    self.state_document(DocumentFact::CreatorContact, mail);
                }
                _ => self.reading.note("creator", FactFault::Malformed),
            }
        }
    }

    fn take(&mut self, fact: ComponentFact, said: Option<Result<&str, FactFault>>) {
        let text = said.and_then(|said| self.reading.kept(fact.as_str(), said));
        self.reading.state(fact, text.map(|text| Cow::Owned(text.into_owned())));
    }

    fn package(&mut self, number: usize, package: &Package<'a>) {
        let id = package.id.as_str().trim();
        let place = if id.is_empty() { format!("/packages/{number}") } else { id.to_owned() };
        self.reading.sbom.components.push(StatedComponent::at(place));
        self.reading.component = Some(number);
        if !id.is_empty() && self.numbers.insert(id.to_owned(), number).is_some() {
            self.reading.note("reference", FactFault::Twice);
        }
        self.take(ComponentFact::Reference, field(&package.id, named));
        self.take(ComponentFact::Name, field(&package.name, named));
        self.take(ComponentFact::Version, field(&package.version, said));
        self.take(ComponentFact::FileName, field(&package.file_name, said));
        for (who, fact) in
            [(&package.supplier, ComponentFact::Supplier), (&package.originator, ComponentFact::Producer)]
        {
            let Some(said) = field(who, said) else { continue };
            let Some(text) = self.reading.kept(fact.as_str(), said) else { continue };
            let Some(("Person" | "Organization", rest)) =
                text.split_once(':').map(|(kind, rest)| (kind.trim(), rest.trim()))
            else {
                self.reading.note(fact.as_str(), FactFault::Malformed);
                continue;
            };
            let (name, mail) = who_is(rest);
            self.take(fact, Some(name));
            if fact == ComponentFact::Producer {
                self.take(ComponentFact::CreatorContact, mail);
            }
        }
        self.take(ComponentFact::DeployableAddress, field(&package.download, address));
        self.licences(package);
        self.identifiers(package);
    }

    fn licences(&mut self, package: &Package<'a>) {
        for (licence, fact) in [
            (&package.concluded, ComponentFact::DistributionLicence),
            (&package.declared, ComponentFact::OriginalLicence),
        ] {
            let Some(text) = field(licence, said) else { continue };
            let mut texts = LicenceTexts::default();
            match text {
                Ok(text) => {
                    texts.take(text, fact, &mut self.licences, &mut self.reading);
                    self.reading.state(ComponentFact::Licence, Some(Cow::Owned(text.to_owned())));
                }
                Err(fault) => texts.refuse(fact, fault, &mut self.reading),
            }
            self.reading.state(fact, texts.stated());
        }
    }

    fn identifiers(&mut self, package: &Package<'a>) {
        self.take(ComponentFact::Purl, field(&package.references.purl, purl));
        for name in &package.references.cpes {
            self.take(ComponentFact::Cpe, field(name, cpe));
        }
        for other in &package.references.others {
            if matches!(other.kind.as_str(), "swid" | "swh" | "gitoid") {
                self.take(ComponentFact::OtherIdentifier, field(&other.locator, said));
            }
        }
        if package.checksums.placeholders > 0 {
            self.reading.note("hash", FactFault::SaysNothing);
        }
        if package.checksums.wrong_type {
            self.reading.note("hash", FactFault::WrongType);
        }
        for checksum in &package.checksums.items {
            let (Some(algorithm), Some(value)) = (field(&checksum.algorithm, any), field(&checksum.value, any)) else {
                continue;
            };
            match algorithm.and_then(|algorithm| known_digits(algorithm, value?)) {
                Ok(name) => {
                    self.reading.state(ComponentFact::Hash, Some(name.into()));
                    if name == "sha512" {
                        let value = Cow::Owned(checksum.value.as_str().to_ascii_lowercase());
                        self.reading.state(ComponentFact::DeployableHash, Some(value));
                    }
                }
                Err(fault) => self.reading.note("hash", fault),
            }
        }
    }

    /// Relations between packages, and which package the document is about.
    fn relate(&mut self, document: &Document<'a>) {
        for described in &document.describes.items {
            self.make_primary(described.as_str());
        }
        let own = document.id.as_str();
        for relationship in &document.relationships.items {
            let (from, to) = (relationship.from.as_str().trim(), relationship.to.as_str().trim());
            let relation = match &relationship.relation {
                Relation::Misspelt(meant) => &meant.1,
                relation => relation,
            };
            match relation {
                Relation::Describes if from == own => self.make_primary(to),
                Relation::DescribedBy if to == own => self.make_primary(from),
                Relation::Needs(_) => self.link(from, to, "needed"),
                Relation::NeededBy(_) => self.link(to, from, "needed"),
                Relation::Contains => self.link(from, to, "contained"),
                Relation::ContainedBy => self.link(to, from, "contained"),
                _ => {}
            }
        }
    }

    fn make_primary(&mut self, id: &str) {
        if let Some(component) = self.numbers.get(id).and_then(|number| self.reading.sbom.components.get_mut(*number)) {
            component.is_primary = true;
            component.state(ComponentFact::Linked, Some("primary".into()));
        }
    }

    /// `from` needs or contains `to`.
    fn link(&mut self, from: &str, to: &str, how: &'static str) {
        let nothing = match to {
            "NONE" => Some("none"),
            "NOASSERTION" => Some("unknown"),
            _ => None,
        };
        // Files and other documents are outside of what is judged, and known to be so by their identifiers.
        let target = self.numbers.get(to).copied();
        if let Some(component) = self.numbers.get(from).and_then(|number| self.reading.sbom.components.get_mut(*number))
        {
            match nothing {
                Some(word) => {
                    component.state(ComponentFact::Relations, Some(word.into()));
                    let completeness = if word == "none" { "complete" } else { "unknown" };
                    component.state(ComponentFact::Completeness, Some(completeness.into()));
                }
                None if target.is_some() => component.state(ComponentFact::Relations, Some("some".into())),
                None => {}
            }
        }
        if let Some(component) = target.and_then(|number| self.reading.sbom.components.get_mut(number)) {
            component.state(ComponentFact::Linked, Some(how.into()));
        }
    }
}

fn said_of<'f>(text: &'f Text<'_>) -> Result<&'f str, FactFault> {
    said(text)
}

/// Name and mail address of `Name (mail)`.
fn who_is(text: &str) -> (Result<&str, FactFault>, Option<Result<&str, FactFault>>) {
    let Some((name, mail)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else {
        return (said(text), None);
    };
    let mail = mail.trim();
    let judged = match said(mail) {
        Ok(mail) if is_mail_address(mail) => Some(Ok(mail)),
        Ok(_) => Some(Err(FactFault::Malformed)),
        // The specification allows empty brackets.
        Err(_) => None,
    };
    (said(name), judged)
}
