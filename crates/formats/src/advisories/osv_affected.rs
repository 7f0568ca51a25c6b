// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads what a record of OSV says about one package, with what ecosystems and databases add in fields of their own:
//! status words of distributions, module streams of rpm, parts of packages, ranges in native notation.

use serde::de::MapAccess;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::{Affected, AffectedStatus, Import, NativeRange, RangeKind, Severity};

use super::loose::Loose;
use super::osv::{RangePart, add_first, add_severity};
use super::status;
use super::wire::{Notes, Part, Place, Value};

/// An affected package, and what belongs to the record.
#[derive(Default)]
pub(super) struct AffectedPart<'a> {
    pub(super) affected: Affected<'a>,
    pub(super) weaknesses: Vec<Text<'a>>,
}

impl<'de> Part<'de> for AffectedPart<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        let affected = &mut self.affected;
        match key {
            "package" => {
                let Package { ecosystem, name, purl } = value.part()?;
                (affected.ecosystem, affected.name, affected.purl) = (ecosystem, name, purl);
            }
            "ranges" => {
                for part in value.parts::<RangePart<'_>>(bounds::ADVISORY_ELEMENTS)? {
                    if part.is_refused {
                        affected.is_inexact = true;
                    } else {
                        affected.ranges.push(part.range);
                    }
                }
            }
            "versions" => affected.versions = value.names(bounds::ADVISORY_VERSIONS)?,
            "severity" => add_first(&mut affected.severities, value.parts(bounds::ADVISORY_ELEMENTS)?),
            "ecosystem_specific" => value.part::<Ecosystem<'_>>()?.add_to(affected),
            "database_specific" => {
                let Database { native, is_inexact, severities, weaknesses, informational } = value.part()?;
                affected.native_ranges.extend(native);
                affected.is_inexact |= is_inexact;
                affected.severities.extend(severities);
                affected.informational = informational;
                self.weaknesses = weaknesses;
            }
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        let affected = &mut self.affected;
        let is_silent = affected.ranges.is_empty() && affected.versions.is_empty();
        if !affected.is_inexact && !is_silent {
            affected.native_ranges = Vec::new();
        }
        affected
            .native_ranges
            .sort_unstable_by(|one, other| (one.is_unaffected, &one.text).cmp(&(other.is_unaffected, &other.text)));
        if is_silent && affected.native_ranges.is_empty() && !affected.is_inexact {
            notes.add(GapCode::MissingField, at, "neither ranges nor versions");
        }
        // Records of commits need no package: their repository names it (CPython, libraries in C).
        let has_repository =
            affected.ranges.iter().any(|range| range.kind == RangeKind::Git && !range.repository.is_empty());
        if affected.name.is_empty() && affected.purl.is_empty() && !has_repository {
            notes.add(GapCode::MissingField, at, "no package");
        } else if affected.ecosystem.is_empty() && !affected.name.is_empty() {
            notes.add(GapCode::MissingField, at, "no ecosystem");
        }
        false
    }
}

#[derive(Default)]
struct Package<'a> {
    ecosystem: Text<'a>,
    name: Text<'a>,
    purl: Text<'a>,
}

impl<'de> Part<'de> for Package<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "ecosystem" => self.ecosystem = value.name()?,
            "name" => self.name = value.name()?,
            "purl" => self.purl = value.name()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// What an ecosystem adds.
#[derive(Default)]
struct Ecosystem<'a> {
    status_word: Text<'a>,
    module: Text<'a>,
    imports: Vec<Import<'a>>,
    architectures: Vec<Text<'a>>,
    platforms: Vec<Text<'a>>,
    functions: Vec<Text<'a>>,
    severities: Vec<Severity<'a>>,
    is_inexact: bool,
}

impl<'de> Part<'de> for Ecosystem<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "status" => self.status_word = value.loose()?.into_text(),
            // Debian writes states among its urgencies.
            "urgency" => match value.loose()?.into_text() {
                word if status::of_word(&word).is_some() => self.status_word = word,
                word if word == "not yet assigned" => {}
                word => add_severity(&mut self.severities, "Debian", word),
            },
            "ubuntu_priority" => add_severity(&mut self.severities, "Ubuntu", value.loose()?.into_text()),
            "severity" => add_severity(&mut self.severities, Severity::WORDS, value.loose()?.into_text()),
            "rpm_modularity" | "modularity_label" => self.module = value.loose()?.into_text(),
            "imports" => self.imports = value.parts(bounds::ADVISORY_ELEMENTS)?,
            // RustSec: { "arch": […], "os": […], "functions": […] }.
            "affects" => {
                for (key, value) in value.loose()?.into_entries() {
                    match key.as_ref() {
                        "arch" => self.architectures = value.into_texts(),
                        "os" => self.platforms = value.into_texts(),
                        "functions" => self.functions.extend(value.into_texts()),
                        _ => {}
                    }
                }
            }
            "affected_functions" | "affected_bindings" | "symbols" => {
                self.functions.extend(value.loose()?.into_texts());
            }
            // Go: the true range is in versions that its module does not have; the official one takes all.
            "custom_ranges" => self.is_inexact = !value.loose()?.into_items().is_empty(),
            _ => value.skip()?,
        }
        Ok(())
    }
}

impl<'a> Ecosystem<'a> {
    fn add_to(self, affected: &mut Affected<'a>) {
        affected.status = status::of_word(&self.status_word).unwrap_or(AffectedStatus::Affected);
        affected.status_word = self.status_word;
        affected.module = self.module;
        affected.imports = self.imports;
        affected.architectures = self.architectures;
        affected.platforms = self.platforms;
        affected.severities.extend(self.severities);
        affected.is_inexact |= self.is_inexact;
        if !self.functions.is_empty() {
            affected.imports.push(Import { path: Text::Borrowed(""), symbols: self.functions });
        }
    }
}

impl<'de> Part<'de> for Import<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "path" => self.path = value.name()?,
            "symbols" => self.symbols = value.names(bounds::ADVISORY_ALIASES)?,
            _ => value.skip()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, _: &Place<'_>, _: &Notes<'_>) -> bool {
        self.path.is_empty() && self.symbols.is_empty()
    }
}

/// What a database adds.
#[derive(Default)]
struct Database<'a> {
    native: Vec<NativeRange<'a>>,
    is_inexact: bool,
    severities: Vec<Severity<'a>>,
    weaknesses: Vec<Text<'a>>,
    informational: Text<'a>,
}

impl<'a> Database<'a> {
    fn add_native(&mut self, is_unaffected: bool, texts: Vec<Text<'a>>) {
        self.native.extend(texts.into_iter().map(|text| NativeRange { text, is_unaffected }));
    }

    /// Branches of Packagist, each with comparisons that hold together.
    fn add_branches(&mut self, branches: Loose<'a>) {
        let joined = branches.into_entries().into_iter().map(|(_, branch)| {
            let mut parts = branch.into_texts();
            if parts.len() == 1 { parts.remove(0) } else { Text::Owned(parts.join(", ")) }
        });
        let joined: Vec<_> = joined.filter(|text| !text.is_empty()).collect();
        self.add_native(false, joined);
    }
}

impl<'de> Part<'de> for Database<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "range_conversion_exact" => self.is_inexact = value.truth()? == Some(false),
            "vulnerable_version_ranges" | "vulnerable_versions" | "affected_versions" => {
                self.add_native(false, value.loose()?.into_texts());
            }
            "branches" => self.add_branches(value.loose()?),
            "patched_versions" | "unaffected_versions" => self.add_native(true, value.loose()?.into_texts()),
            "severity" => add_severity(&mut self.severities, Severity::WORDS, value.loose()?.into_text()),
            "cwes" => {
                let weaknesses = value.loose()?.into_items().into_iter().map(|weakness| weakness.into_entry("cweId"));
                self.weaknesses = weaknesses.filter(|weakness| !weakness.is_empty()).collect();
            }
            "informational" => self.informational = value.loose()?.into_text(),
            _ => value.skip()?,
        }
        Ok(())
    }
}
