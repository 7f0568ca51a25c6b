// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One component of CycloneDX as it stands there.

use serde_json::Value;
use underpin_model::Limits;
use underpin_model::inventory::Text;
use underpin_model::stated::{ComponentFact, FactFault, StatedComponent};

use super::cyclonedx::who_is;
use crate::spdx::licence::Licences;
use crate::stated::{Judge, LicenceTexts, Reading, address, cpe, known_digits, named, purl, said};

/// Where a property of the guideline goes, and the words that it allows; none where any text will do.
const PROPERTIES: &[(&str, ComponentFact, &[&str])] = &[
    ("bsi:component:filename", ComponentFact::FileName, &[]),
    ("bsi:component:executable", ComponentFact::Executable, &["executable", "non-executable"]),
    ("bsi:component:archive", ComponentFact::Archive, &["archive", "no archive"]),
    ("bsi:component:structured", ComponentFact::Structured, &["structured", "unstructured"]),
];

/// The property with the effective licence.
const EFFECTIVE_LICENCE: &str = "bsi:component:effectiveLicense";

/// Takes components in, nested ones too.
pub(super) struct Components<'r, 'l> {
    pub reading: &'r mut Reading<'static>,
    pub licences: &'r mut Licences,
    pub limits: &'l Limits,
}

impl Components<'_, '_> {
    /// The components of an object, with the pointer to it.
    pub fn take_list(&mut self, object: &Value, pointer: &str, linked: Option<&'static str>) {
        let list = self.reading.list(object, "components", "name");
        for (number, component) in list.iter().enumerate() {
            self.take(component, format!("{pointer}/components/{number}"), linked);
        }
    }

    /// A component and those nested in it, which are said to be contained.
    pub fn take(&mut self, component: &Value, place: String, linked: Option<&'static str>) {
        if self.reading.sbom.components.len() >= self.limits.components {
            self.reading.sbom.is_cut = true;
            return;
        }
        let number = self.reading.sbom.components.len();
        let pointer = place.clone();
        let is_primary = linked == Some("primary");
        self.reading.sbom.components.push(StatedComponent { is_primary, ..StatedComponent::at(place) });
        self.reading.component = Some(number);
        self.reading.state(ComponentFact::Linked, linked.map(Into::into));
        self.identity(component);
        self.people(component);
        self.licences(component);
        self.properties(component);
        self.references(component);
        self.take_list(component, &pointer, Some("contained"));
        self.reading.component = Some(number);
    }

    fn text(&mut self, component: &Value, key: &str, fact: ComponentFact, judge: Judge) {
        if let Some(text) = self.reading.text(component, key, fact.as_str()) {
            let said = self.reading.kept(fact.as_str(), judge(text));
            self.reading.state(fact, said);
        }
    }

    fn identity(&mut self, component: &Value) {
        self.text(component, "bom-ref", ComponentFact::Reference, named);
        self.text(component, "name", ComponentFact::Name, named);
        self.text(component, "version", ComponentFact::Version, said);
        self.text(component, "purl", ComponentFact::Purl, purl);
        self.text(component, "cpe", ComponentFact::Cpe, cpe);
        if let Some(swid) = component.get("swid") {
            self.text(swid, "tagId", ComponentFact::OtherIdentifier, said);
        }
        for swhid in component.get("swhid").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let is_one = |text| if str::starts_with(text, "swh:1:") { Ok(text) } else { Err(FactFault::Malformed) };
            let said = self.reading.kept("other_identifier", said(swhid).and_then(is_one));
            self.reading.state(ComponentFact::OtherIdentifier, said);
        }
    }

    fn people(&mut self, component: &Value) {
        if let Some(supplier) = component.get("supplier") {
            self.organisation(supplier, ComponentFact::Supplier);
        }
        if let Some(manufacturer) = component.get("manufacturer") {
            self.organisation(manufacturer, ComponentFact::Producer);
        }
        for author in self.reading.list(component, "authors", "producer") {
            let (name, contact) = who_is(author, ("producer", "creator_contact"), self.reading);
            self.reading.state(ComponentFact::Producer, name);
            self.reading.state(ComponentFact::CreatorContact, contact);
        }
        for key in ["author", "publisher"] {
            self.text(component, key, ComponentFact::Producer, said);
        }
    }

    fn organisation(&mut self, organisation: &Value, fact: ComponentFact) {
        if !organisation.is_object() {
            let fault = if organisation.is_null() { FactFault::Null } else { FactFault::WrongType };
            return self.reading.note(fact.as_str(), fault);
        }
        let contact_fact = if fact == ComponentFact::Producer { "creator_contact" } else { "supplier" };
        let (name, contact) = who_is(organisation, (fact.as_str(), contact_fact), self.reading);
        self.reading.state(fact, name.clone().filter(|name| said(name).is_ok()));
        if fact == ComponentFact::Producer {
            self.reading.state(ComponentFact::CreatorContact, contact);
        }
    }

    fn licences(&mut self, component: &Value) {
        let (mut concluded, mut declared) = (LicenceTexts::default(), LicenceTexts::default());
        for entry in self.reading.list(component, "licenses", "licence") {
            let licence = entry.get("license");
            let acknowledgement =
                licence.unwrap_or(entry).get("acknowledgement").or_else(|| entry.get("acknowledgement"));
            let mark =
                acknowledgement.or_else(|| entry.get("expression")?.get("acknowledgement")).and_then(Value::as_str);
            let source = licence.unwrap_or(entry);
            let key = match licence {
                Some(licence) if licence.get("id").is_some() => "id",
                Some(_) => "name",
                None => "expression",
            };
            let text = self.reading.text(source, key, "licence");
            let said = text.and_then(|text| self.reading.kept("licence", said(text)));
            self.reading.state(ComponentFact::Licence, said);
            let (texts, fact) = match mark {
                Some("concluded") => (&mut concluded, ComponentFact::DistributionLicence),
                Some("declared") => (&mut declared, ComponentFact::OriginalLicence),
                _ => {
                    self.reading.note("distribution_licence", FactFault::NotMarked);
                    self.reading.note("original_licence", FactFault::NotMarked);
                    continue;
                }
            };
            match text {
                Some(text) => texts.take(text, fact, self.licences, self.reading),
                None => texts.refuse(fact, FactFault::WrongType, self.reading),
            }
        }
        self.reading.state(ComponentFact::DistributionLicence, concluded.stated());
        self.reading.state(ComponentFact::OriginalLicence, declared.stated());
    }

    fn properties(&mut self, component: &Value) {
        for property in self.reading.list(component, "properties", "file_name") {
            let Some(name) = property.get("name").and_then(Value::as_str) else { continue };
            let key = if property.get("content").is_some() { "content" } else { "value" };
            if name == EFFECTIVE_LICENCE {
                let mut licence = LicenceTexts::default();
                if let Some(text) = self.reading.text(property, key, "effective_licence") {
                    licence.take(text, ComponentFact::EffectiveLicence, self.licences, self.reading);
                }
                self.reading.state(ComponentFact::EffectiveLicence, licence.stated());
            } else if let Some((_, fact, words)) = PROPERTIES.iter().find(|(property, ..)| *property == name)
                && let Some(text) = self.reading.text(property, key, fact.as_str())
            {
                let said = self.reading.kept(fact.as_str(), word(text, words));
                self.reading.state(*fact, said);
            }
        }
    }

    fn references(&mut self, component: &Value) {
        for hash in self.reading.list(component, "hashes", "hash") {
            let algorithm = self.algorithm(hash, "hash");
            self.reading.state(ComponentFact::Hash, algorithm.map(Into::into));
            if algorithm == Some("sha512") {
                self.reading.note("deployable_hash", FactFault::NotMarked);
            }
        }
        for reference in self.reading.list(component, "externalReferences", "deployable_address") {
            let (target, hash) = match reference.get("type").and_then(Value::as_str) {
                Some("distribution" | "distribution-intake") => (ComponentFact::DeployableAddress, ComponentFact::Hash),
                Some("source-distribution") => (ComponentFact::SourceAddress, ComponentFact::SourceHash),
                Some("rfc-9116") => (ComponentFact::SecurityTxt, ComponentFact::SecurityTxt),
                _ => continue,
            };
            self.text(reference, "url", target, address);
            if target == ComponentFact::SecurityTxt {
                continue;
            }
            for digest in self.reading.list(reference, "hashes", hash.as_str()) {
                let algorithm =
                    self.algorithm(digest, if hash == ComponentFact::Hash { "deployable_hash" } else { "source_hash" });
                self.reading.state(hash, algorithm.map(Into::into));
                if hash == ComponentFact::Hash && algorithm == Some("sha512") {
                    let value = content(digest).map(|value| Text::Owned(value.to_ascii_lowercase()));
                    self.reading.state(ComponentFact::DeployableHash, value);
                }
            }
        }
    }

    fn algorithm(&mut self, hash: &Value, fact: &'static str) -> Option<&'static str> {
        let algorithm = self.reading.text(hash, "alg", fact);
        let value = self.reading.text(hash, "content", fact);
        match known_digits(algorithm?, value?) {
            Ok(algorithm) => Some(algorithm),
            Err(fault) => {
                self.reading.note(fact, fault);
                None
            }
        }
    }
}

fn content(hash: &Value) -> Option<&str> {
    hash.get("content").and_then(Value::as_str)
}

/// A property: one of some words, or the name of a file alone, without folders.
fn word<'t>(text: &'t str, words: &[&str]) -> Result<&'t str, FactFault> {
    let text = named(text)?;
    let is_fit = if words.is_empty() { !text.contains(['/', '\\']) } else { words.contains(&text) };
    if is_fit { Ok(text) } else { Err(FactFault::Malformed) }
}
