// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One package of SPDX 3.0, with what relationships say of it.

use serde_json::Value;
use underpin_model::stated::{ComponentFact, FactFault};

use super::spdx3::{Graph, id, kind, targets};
use crate::stated::{Judge, LicenceTexts, Text, address, cpe, known_digits, named, purl, said};

impl<'v> Graph<'v, '_> {
    pub(super) fn package(&mut self, package: &'v Value) {
        self.take(package, "spdxId", ComponentFact::Reference, named);
        self.take(package, "name", ComponentFact::Name, named);
        self.take(package, "software_packageVersion", ComponentFact::Version, said);
        self.take(package, "software_downloadLocation", ComponentFact::DeployableAddress, address);
        self.take(package, "software_packageUrl", ComponentFact::Purl, purl);
        self.people(package);
        self.identifiers(package);
        for reference in self.references(package, "securityOther") {
            self.located(reference, ComponentFact::SecurityTxt);
        }
        self.hashes(package, ComponentFact::Hash);
        let Some(id) = id(package) else { return };
        for file in self.related(id, "hasDistributionArtifact") {
            self.file(file);
        }
        self.licences_of(id);
        let sources = self.back.get(id).into_iter().flatten().filter(|(relation, _)| *relation == "generates");
        let sources: Vec<&Value> = sources.filter_map(|(_, from)| self.by_id.get(from).copied()).collect();
        for source in sources {
            for reference in self.references(source, "sourceArtifact") {
                self.located(reference, ComponentFact::SourceAddress);
            }
            self.take(source, "software_downloadLocation", ComponentFact::SourceAddress, address);
            self.hashes(source, ComponentFact::SourceHash);
        }
    }

    fn take(&mut self, element: &Value, key: &str, fact: ComponentFact, judge: Judge) {
        if let Some(text) = self.reading.text(element, key, fact.as_str()) {
            let said = self.reading.kept(fact.as_str(), judge(text));
            self.reading.state(fact, said);
        }
    }

    fn people(&mut self, package: &'v Value) {
        for producer in self.agents(package, "originatedBy", "producer") {
            let (name, contact) = self.who_is(producer, ("producer", "creator_contact"));
            self.reading.state(ComponentFact::Producer, name);
            self.reading.state(ComponentFact::CreatorContact, contact);
        }
        let supplier = match package.get("suppliedBy") {
            Some(Value::String(id)) => self.by_id.get(id.as_str()).copied(),
            Some(_) => {
                self.reading.note("supplier", FactFault::WrongType);
                None
            }
            None => None,
        };
        if let Some(supplier) = supplier {
            let (name, _) = self.who_is(supplier, ("supplier", "supplier"));
            self.reading.state(ComponentFact::Supplier, name);
        }
    }

    fn identifiers(&mut self, package: &Value) {
        for identifier in self.reading.list(package, "externalIdentifier", "other_identifier") {
            let (fact, judge): (_, Judge) = match identifier.get("externalIdentifierType").and_then(Value::as_str) {
                Some("packageUrl") => (ComponentFact::Purl, purl),
                Some("cpe22" | "cpe23") => (ComponentFact::Cpe, cpe),
                Some("swid" | "swhid" | "gitoid") => (ComponentFact::OtherIdentifier, said),
                _ => continue,
            };
            self.take(identifier, "identifier", fact, judge);
        }
    }

    /// External references of a type; its first letter may be large, as some write it.
    fn references(&mut self, element: &'v Value, wanted: &str) -> Vec<&'v Value> {
        let is_wanted = |reference: &&Value| {
            reference.get("externalRefType").and_then(Value::as_str).is_some_and(|kind| kind == wanted)
        };
        self.reading.list(element, "externalRef", "source_address").iter().filter(is_wanted).collect()
    }

    /// The first address of a reference.
    fn located(&mut self, reference: &Value, fact: ComponentFact) {
        for locator in self.reading.list(reference, "locator", fact.as_str()) {
            let judged = locator.as_str().map_or(Err(FactFault::WrongType), address);
            let said = self.reading.kept(fact.as_str(), judged);
            self.reading.state(fact, said);
        }
    }

    /// The file that a package is distributed as.
    fn file(&mut self, file: &'v Value) {
        if kind(file) != "software_File" {
            return;
        }
        self.take(file, "name", ComponentFact::FileName, |name| {
            let name = named(name)?;
            if name.contains(['/', '\\']) { Err(FactFault::Malformed) } else { Ok(name) }
        });
        for reference in self.references(file, "binaryArtifact") {
            self.located(reference, ComponentFact::DeployableAddress);
        }
        self.hashes(file, ComponentFact::DeployableHash);
        // Without any purpose nothing is told; with some, what is not named does not apply.
        let purposes = self.reading.list(file, "software_additionalPurpose", "executable");
        let primary = file.get("software_primaryPurpose").and_then(Value::as_str);
        let purposes: Vec<&str> = purposes.iter().filter_map(Value::as_str).chain(primary).collect();
        let has = |words: &[&str]| purposes.iter().any(|purpose| words.contains(purpose));
        for (fact, words, yes, no) in [
            (ComponentFact::Executable, &["executable"][..], "executable", "non-executable"),
            (ComponentFact::Archive, &["archive"], "archive", "no archive"),
            (ComponentFact::Structured, &["container", "firmware"], "structured", "unstructured"),
        ] {
            let word = if purposes.is_empty() {
                "not-told"
            } else if has(words) {
                yes
            } else {
                no
            };
            self.reading.state(fact, Some(word.into()));
        }
    }

    fn hashes(&mut self, element: &'v Value, fact: ComponentFact) {
        for hash in self.reading.list(element, "verifiedUsing", fact.as_str()) {
            let algorithm = self.reading.text(hash, "algorithm", fact.as_str());
            let value = self.reading.text(hash, "hashValue", fact.as_str());
            let (Some(algorithm), Some(value)) = (algorithm, value) else { continue };
            match known_digits(&algorithm.replace('_', ""), value) {
                Ok(name) if fact == ComponentFact::DeployableHash => {
                    self.reading.state(ComponentFact::Hash, Some(name.into()));
                    if name == "sha512" {
                        self.reading.state(fact, Some(Text::Owned(value.to_ascii_lowercase())));
                    }
                }
                Ok(name) => self.reading.state(fact, Some(name.into())),
                Err(fault) => self.reading.note(fact.as_str(), fault),
            }
        }
    }

    fn licences_of(&mut self, id: &str) {
        for (relation, fact) in [
            ("hasConcludedLicense", ComponentFact::DistributionLicence),
            ("hasDeclaredLicense", ComponentFact::OriginalLicence),
        ] {
            let mut texts = LicenceTexts::default();
            for licence in self.related(id, relation) {
                self.licence(licence, fact, &mut texts);
            }
            self.reading.state(fact, texts.stated());
        }
        let effective: Vec<&Value> = self
            .relations
            .get(id)
            .into_iter()
            .flatten()
            .filter(|(relation, element)| {
                *relation == "other" && element.get("comment").and_then(Value::as_str) == Some("hasEffectiveLicense")
            })
            .flat_map(|(_, element)| targets(element))
            .filter_map(|to| self.by_id.get(to).copied())
            .collect();
        let mut texts = LicenceTexts::default();
        for licence in effective {
            self.licence(licence, ComponentFact::EffectiveLicence, &mut texts);
        }
        self.reading.state(ComponentFact::EffectiveLicence, texts.stated());
    }

    fn licence(&mut self, licence: &'v Value, fact: ComponentFact, texts: &mut LicenceTexts) {
        let text = match kind(licence) {
            "simplelicensing_LicenseExpression" => {
                self.reading.text(licence, "simplelicensing_licenseExpression", fact.as_str())
            }
            "expandedlicensing_ListedLicense" => id(licence).and_then(|id| id.rsplit('/').next()),
            _ => None,
        };
        match text {
            Some(text) => {
                texts.take(text, fact, &mut self.licences, &mut self.reading);
                let said = said(text).ok().map(|text| Text::Owned(text.to_owned()));
                self.reading.state(ComponentFact::Licence, said);
            }
            None => texts.refuse(fact, FactFault::Malformed, &mut self.reading),
        }
    }
}
