// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads a CVE record of version 5 (github.com/CVEProject/cve-schema): the container of who assigned it, and those of others
//! that added to it, CISA's Vulnrichment first of all.

use std::borrow::Cow;

use serde::de::MapAccess;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::cve::{Configuration, CveRecord, Ssvc};
use underpin_model::watch::{Affected, Severity};
use underpin_model::{Limits, Timestamp};

use super::cve_metrics::Metric;
use super::cve_products::{Applicability, Product};
use super::fault::{Fault, FaultCode};
use super::text;
use super::wire::{self, Notes, Part, Place, Value};
use crate::reader::Unreadable;

/// Characters of a title made from a description.
const TITLE_CHARACTERS: usize = 160;

/// Reads a record.
///
/// # Errors
/// When it has no identifier, is too large, too deep, or no whole JSON object. Everything else is a gap.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<CveRecord<'a>, Unreadable> {
    match text::readable(bytes) {
        Cow::Borrowed(text) => parse(text, limits, false),
        Cow::Owned(text) => parse(&text, limits, true).map(CveRecord::into_owned),
    }
}

fn parse<'a>(text: &'a str, limits: &Limits, was_mended: bool) -> Result<CveRecord<'a>, Unreadable> {
    let notes = Notes::new(limits);
    if was_mended {
        notes.add(GapCode::WrongEncoding, &Place::Root, "");
    }
    let Document { metadata, containers } = wire::read(text, &notes, bounds::ADVISORY_BYTES)?;
    if metadata.id.is_empty() || metadata.id.len() > bounds::ADVISORY_ID_BYTES {
        return Err(Fault::new(FaultCode::NoId, "/cveMetadata/cveId", "").into());
    }
    let is_rejected = metadata.state.eq_ignore_ascii_case("rejected");
    let Containers { cna, adp } = containers;
    let mut record = CveRecord {
        id: metadata.id,
        is_rejected,
        published: metadata.published,
        modified: metadata.updated,
        assigner: metadata.assigner,
        title: cna.title.clone(),
        description: if is_rejected { english(&cna.reasons) } else { english(&cna.descriptions) },
        ..CveRecord::default()
    };
    for container in std::iter::once(cna).chain(adp) {
        container.add_to(&mut record);
    }
    if record.title.is_empty() {
        record.title = first_sentence(&record.description);
    }
    record.gaps = notes.into_gaps();
    Ok(record)
}

/// The text in English, else the first.
fn english<'a>(texts: &[Description<'a>]) -> Text<'a> {
    let is_english = |text: &&Description<'_>| text.language.get(..2).is_some_and(|two| two.eq_ignore_ascii_case("en"));
    texts.iter().find(is_english).or_else(|| texts.first()).map(|text| text.value.clone()).unwrap_or_default()
}

fn first_sentence<'a>(text: &Text<'a>) -> Text<'a> {
    let end = text.find(['\n', '\r']).into_iter().chain(text.find(". ").map(|at| at + 1)).min();
    let sentence = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    let end = sentence.char_indices().nth(TITLE_CHARACTERS).map_or(sentence.len(), |(at, _)| at);
    match text {
        Text::Borrowed(text) => Text::Borrowed(&text[..end]),
        Text::Owned(text) => Text::Owned(text[..end].to_owned()),
    }
}

#[derive(Default)]
struct Document<'a> {
    metadata: Metadata<'a>,
    containers: Containers<'a>,
}

impl<'de> Part<'de> for Document<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cveMetadata" => self.metadata = value.part()?,
            "containers" => self.containers = value.part()?,
            "dataType" | "dataVersion" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Metadata<'a> {
    id: Text<'a>,
    state: Text<'a>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    assigner: Text<'a>,
}

impl<'de> Part<'de> for Metadata<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cveId" => self.id = value.name()?,
            "state" => self.state = value.name()?,
            "datePublished" => self.published = value.time()?,
            "dateUpdated" => self.updated = value.time()?,
            "assignerShortName" => self.assigner = value.name()?,
            _ => value.skip()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Containers<'a> {
    cna: Container<'a>,
    adp: Vec<Container<'a>>,
}

impl<'de> Part<'de> for Containers<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cna" => self.cna = value.part()?,
            "adp" => self.adp = value.parts(bounds::ADVISORY_ALIASES)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// What one organisation says.
#[derive(Default)]
struct Container<'a> {
    provider: Text<'a>,
    title: Text<'a>,
    descriptions: Vec<Description<'a>>,
    reasons: Vec<Description<'a>>,
    severities: Vec<Severity<'a>>,
    ssvc: Option<Ssvc>,
    weaknesses: Vec<Text<'a>>,
    applicability: Vec<Configuration<'a>>,
    products: Vec<Configuration<'a>>,
    packages: Vec<Affected<'a>>,
    references: Vec<Text<'a>>,
}

impl<'a> Container<'a> {
    fn add_to(self, record: &mut CveRecord<'a>) {
        let source = self.provider;
        let severities = self.severities.into_iter();
        record.severities.extend(severities.map(|severity| Severity { source: source.clone(), ..severity }));
        if let Some(ssvc) = self.ssvc
            && record.ssvc.is_none_or(|known| ssvc.judged >= known.judged)
        {
            record.ssvc = Some(ssvc);
        }
        for weakness in self.weaknesses {
            if !record.weaknesses.contains(&weakness) && record.weaknesses.len() < bounds::ADVISORY_ALIASES {
                record.weaknesses.push(weakness);
            }
        }
        // What was written for matching is better than names beside a list of versions.
        let is_stated = !self.applicability.is_empty();
        record.configurations.extend(if is_stated { self.applicability } else { self.products });
        record.packages.extend(self.packages);
        for reference in self.references {
            if !record.references.contains(&reference) && record.references.len() < bounds::ADVISORY_ALIASES {
                record.references.push(reference);
            }
        }
    }
}

impl<'de> Part<'de> for Container<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "providerMetadata" => self.provider = value.loose()?.into_entry("shortName"),
            "title" => self.title = value.text()?,
            "descriptions" => self.descriptions = value.parts(bounds::ADVISORY_ALIASES)?,
            "rejectedReasons" => self.reasons = value.parts(bounds::ADVISORY_ALIASES)?,
            "metrics" => {
                for metric in value.parts::<Metric<'_>>(bounds::ADVISORY_ALIASES)? {
                    self.severities.extend(metric.severities);
                    self.ssvc = metric.ssvc.or(self.ssvc);
                }
            }
            "problemTypes" => {
                for problem in value.parts::<Problem<'_>>(bounds::ADVISORY_ALIASES)? {
                    self.weaknesses.extend(problem.0);
                }
            }
            "cpeApplicability" => {
                for applicability in value.parts::<Applicability<'_>>(bounds::ADVISORY_ALIASES)? {
                    self.applicability.extend(applicability.into_configurations());
                }
            }
            "affected" => {
                for product in value.parts::<Product<'_>>(bounds::ADVISORY_ALIASES)? {
                    self.products.extend(product.configuration());
                    self.packages.extend(product.package());
                }
            }
            "references" => {
                let references = value.parts::<Reference<'_>>(bounds::ADVISORY_ALIASES)?;
                self.references = references.into_iter().map(|reference| reference.0).collect();
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Description<'a> {
    language: Text<'a>,
    value: Text<'a>,
}

impl<'de> Part<'de> for Description<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "lang" => self.language = value.name()?,
            "value" => self.value = value.text()?,
            _ => value.skip()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, _: &Place<'_>, _: &Notes<'_>) -> bool {
        self.value.is_empty()
    }
}

/// `{ "descriptions": [ { "cweId": … } ] }`.
#[derive(Default)]
struct Problem<'a>(Vec<Text<'a>>);

impl<'de> Part<'de> for Problem<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "descriptions" => {
                let weaknesses = value.loose()?.into_items().into_iter().map(|item| item.into_entry("cweId"));
                self.0 = weaknesses.filter(|weakness| !weakness.is_empty()).collect();
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Reference<'a>(Text<'a>);

impl<'de> Part<'de> for Reference<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "url" => self.0 = value.text()?,
            _ => value.skip()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, _: &Place<'_>, _: &Notes<'_>) -> bool {
        self.0.is_empty()
    }
}
