// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads a record of OSV, schema 1.x (ossf.github.io/osv-schema), with what its sources add to it.
//!
//! Nothing is evaluated: ranges keep the order of the file, texts are hostile and kept as they are. A range with an event
//! that cannot be told exactly (a version of megabytes, a number with a fraction) is left out whole, and its package is
//! marked inexact: half a range would be another one.

use std::borrow::Cow;

use serde::de::MapAccess;
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::{Advisory, Event, Range, RangeKind, Severity};

use super::osv_affected::AffectedPart;
use super::text;
use super::wire::{self, Notes, Part, Place, Scalar, Value};
use crate::advisories::fault::{Fault, FaultCode};
use crate::reader::Unreadable;

pub use super::osv_write::write;

/// Reads a record.
///
/// # Errors
/// When it has no identifier, is too large, too deep, or no whole JSON object. Everything else is a gap.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Advisory<'a>, Unreadable> {
    match text::readable(bytes) {
        Cow::Borrowed(text) => parse(text, limits, false),
        Cow::Owned(text) => parse(&text, limits, true).map(Advisory::into_owned),
    }
}

fn parse<'a>(text: &'a str, limits: &Limits, was_mended: bool) -> Result<Advisory<'a>, Unreadable> {
    let notes = Notes::new(limits);
    if was_mended {
        notes.add(GapCode::WrongEncoding, &Place::Root, "");
    }
    let mut advisory: Advisory<'a> = wire::read(text, &notes, bounds::ADVISORY_BYTES)?;
    if advisory.id.is_empty() || advisory.id.len() > bounds::ADVISORY_ID_BYTES {
        return Err(Fault::new(FaultCode::NoId, "/id", "").into());
    }
    advisory.gaps = notes.into_gaps();
    Ok(advisory)
}

impl<'de> Part<'de> for Advisory<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "id" => self.id = trimmed(value.name()?),
            "aliases" => self.aliases = value.names(bounds::ADVISORY_ALIASES)?,
            "related" => self.related = value.names(bounds::ADVISORY_ALIASES)?,
            "upstream" => self.upstream = value.names(bounds::ADVISORY_ALIASES)?,
            "published" => self.published = value.time()?,
            "modified" => self.modified = value.time()?,
            "withdrawn" => self.withdrawn = value.time()?,
            "summary" => self.summary = value.text()?,
            "details" => self.details = value.text()?,
            "severity" => add_first(&mut self.severities, value.parts(bounds::ADVISORY_ELEMENTS)?),
            "references" => {
                let references = value.parts::<Reference<'_>>(bounds::ADVISORY_ELEMENTS)?;
                self.references = references.into_iter().map(|reference| (reference.kind, reference.address)).collect();
            }
            "affected" => {
                let parts = value.parts::<AffectedPart<'_>>(bounds::ADVISORY_ELEMENTS)?;
                self.affected = Vec::with_capacity(parts.len());
                for AffectedPart { affected, weaknesses } in parts {
                    self.affected.push(affected);
                    add_weaknesses(&mut self.weaknesses, weaknesses);
                }
            }
            "database_specific" => {
                let Specific { weaknesses, severities } = value.part()?;
                self.severities.extend(severities);
                add_weaknesses(&mut self.weaknesses, weaknesses);
            }
            "schema_version" | "credits" | "ecosystem_specific" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        if let (Some(published), Some(modified)) = (self.published, self.modified)
            && published.days_since(modified) >= 1
        {
            notes.add(GapCode::InvalidValue, &Place::Key(at, "published"), "published after it was changed last");
        }
        false
    }
}

/// An identifier without blanks around it.
fn trimmed(text: Text<'_>) -> Text<'_> {
    match text {
        Text::Borrowed(text) => Text::Borrowed(text.trim()),
        Text::Owned(text) => Text::Owned(text.trim().to_owned()),
    }
}

fn add_weaknesses<'a>(weaknesses: &mut Vec<Text<'a>>, more: Vec<Text<'a>>) {
    for weakness in more {
        if weaknesses.len() < bounds::ADVISORY_ALIASES && !weaknesses.contains(&weakness) {
            weaknesses.push(weakness);
        }
    }
}

impl<'de> Part<'de> for Severity<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "type" => self.system = value.name()?,
            "score" => self.value = value.name()?,
            "source" => self.source = value.name()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        let is_empty = self.value.is_empty();
        if is_empty {
            notes.add(GapCode::MissingField, at, "no score");
        }
        is_empty
    }
}

#[derive(Default)]
struct Reference<'a> {
    kind: Text<'a>,
    address: Text<'a>,
}

impl<'de> Part<'de> for Reference<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "type" => self.kind = value.name()?,
            "url" => self.address = value.text()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, _: &Place<'_>, _: &Notes<'_>) -> bool {
        self.address.is_empty()
    }
}

/// What sources add to a record: kinds of weakness, and severities in words or as a bare score.
#[derive(Default)]
struct Specific<'a> {
    weaknesses: Vec<Text<'a>>,
    severities: Vec<Severity<'a>>,
}

impl<'de> Part<'de> for Specific<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cwe_ids" | "cwe" => self.weaknesses.extend(value.loose()?.into_texts()),
            "severity" => add_severity(&mut self.severities, Severity::WORDS, value.loose()?.into_text()),
            "cvss_v3" => add_severity(&mut self.severities, Severity::BASE_SCORE, value.loose()?.into_text()),
            _ => value.skip()?,
        }
        Ok(())
    }
}

/// Adds a severity that a source states in its own field, unless it is empty.
pub(super) fn add_severity<'a>(severities: &mut Vec<Severity<'a>>, system: &'static str, value: Text<'a>) {
    if !value.is_empty() {
        severities.push(Severity { system: Text::Borrowed(system), value, source: Text::Borrowed("") });
    }
}

/// Puts the severities of the schema before those of other fields, in whatever order a producer writes its keys.
pub(super) fn add_first<'a>(severities: &mut Vec<Severity<'a>>, mut first: Vec<Severity<'a>>) {
    first.append(severities);
    *severities = first;
}

/// A range, and whether it has to be left out.
#[derive(Default)]
pub(super) struct RangePart<'a> {
    pub(super) range: Range<'a>,
    pub(super) is_refused: bool,
    has_kind: bool,
}

impl<'de> Part<'de> for RangePart<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "type" => {
                let word = value.name()?;
                match kind(&word) {
                    Some(kind) => self.range.kind = kind,
                    None => self.is_refused = true,
                }
                self.has_kind = true;
            }
            "repo" => self.range.repository = value.name()?,
            "events" => {
                let parts = value.parts::<EventsPart<'_>>(bounds::ADVISORY_EVENTS)?;
                self.range.events.reserve_exact(parts.len());
                for part in parts {
                    self.is_refused |= part.is_refused;
                    self.range.events.extend(part.first);
                    self.range.events.extend(part.others);
                }
            }
            "database_specific" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        if self.is_refused {
            notes.add(GapCode::InvalidValue, at, "a range that cannot be told exactly was left out");
            return false;
        }
        if !self.has_kind {
            notes.add(GapCode::MissingField, at, "no type: read as an order of the ecosystem");
        }
        let has_start = self.range.events.iter().any(|event| matches!(event, Event::Introduced(_)));
        if !has_start && !self.range.events.is_empty() {
            notes.add(GapCode::MissingField, at, "no event says where it begins");
        }
        if self.range.kind == RangeKind::Git && self.range.repository.is_empty() {
            notes.add(GapCode::MissingField, at, "commits of no repository");
        }
        self.range.events.is_empty()
    }
}

fn kind(word: &str) -> Option<RangeKind> {
    let words = [("SEMVER", RangeKind::SemVer), ("ECOSYSTEM", RangeKind::Ecosystem), ("GIT", RangeKind::Git)];
    words.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, kind)| kind)
}

/// An object of events: one, as the schema has it, or several.
#[derive(Default)]
pub(super) struct EventsPart<'a> {
    first: Option<Event<'a>>,
    others: Vec<Event<'a>>,
    is_refused: bool,
}

impl<'de> Part<'de> for EventsPart<'de> {
    #[inline]
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        let event: fn(Text<'de>) -> Event<'de> = match key {
            "introduced" => Event::Introduced,
            "fixed" => Event::Fixed,
            "last_affected" => Event::LastAffected,
            "limit" => Event::Limit,
            _ => return value.unknown(),
        };
        match value.scalar()? {
            Scalar::Text(version) if !version.is_empty() && self.first.is_none() => self.first = Some(event(version)),
            Scalar::Text(version) if !version.is_empty() => self.others.push(event(version)),
            Scalar::Text(_) | Scalar::Missing => {}
            Scalar::Refused => self.is_refused = true,
        }
        Ok(())
    }
}
