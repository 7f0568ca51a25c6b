// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads ENISA's list of exploited vulnerabilities (euvd.enisa.europa.eu/apidoc): a JSON list, or a page with `items`.
//!
//! Its identifiers are its own (`EUVD-…`); other ones stand in one text, one a line. Its times are written as in the
//! United States, without a zone. An entry with several CVEs becomes one for each, for they are different flaws.

use std::borrow::Cow;

use serde::de::MapAccess;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::Exploited;
use underpin_model::{Limits, Timestamp};

use super::brackets;
use super::fault::{Fault, FaultCode};
use super::kev::joined;
use super::listing::Listing;
use super::text;
use super::wire::{self, Notes, Part, Place, Value};
use crate::reader::Unreadable;

/// Reads the list.
///
/// # Errors
/// When it is no list, too large, or breaks off.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Listing<'a, Exploited<'a>>, Unreadable> {
    match text::readable(bytes) {
        Cow::Borrowed(text) => parse(text, limits),
        Cow::Owned(text) => parse(&text, limits).map(|listing| listing.into_owned(Exploited::into_owned)),
    }
}

fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Listing<'a, Exploited<'a>>, Unreadable> {
    let unreadable = |detail: &'static str| Fault::new(FaultCode::UnreadableRecord, "", detail);
    if text.len() > bounds::ADVISORY_BYTES {
        return Err(Fault::new(FaultCode::TooLarge, "", format!("{} bytes", text.len())).into());
    }
    let bytes = text.trim_ascii().as_bytes();
    if brackets::end(bytes) != Some(bytes.len()) {
        return Err(unreadable("no JSON, or it breaks off").into());
    }
    let list = match bytes.first() {
        Some(b'[') => bytes,
        _ => brackets::held_list(bytes)
            .map(|(_, list)| list)
            .or_else(|| empty_items(bytes))
            .ok_or(unreadable("no list"))?,
    };
    let notes = Notes::new(limits);
    let mut listing = Listing::default();
    for (index, element) in brackets::list(list, "").into_iter().enumerate().take(bounds::ADVISORY_ELEMENTS) {
        let at = &Place::Index(&Place::Root, index);
        let read = element.and_then(|element| match str::from_utf8(element.bytes) {
            Ok(text) => wire::read::<Entry<'a>>(text, &notes, bounds::ADVISORY_BYTES),
            Err(_) => Err(unreadable("no text")),
        });
        match read {
            Ok(entry) => entry.add_to(&mut listing.entries, at, &notes),
            Err(fault) => notes.add(GapCode::UnknownElement, at, &fault.detail),
        }
    }
    listing.gaps = notes.into_gaps();
    Ok(listing)
}

/// A page that says it holds nothing.
fn empty_items(bytes: &[u8]) -> Option<&[u8]> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value["items"].as_array().is_some_and(Vec::is_empty).then_some(b"[]")
}

#[derive(Default)]
struct Entry<'a> {
    id: Text<'a>,
    aliases: Text<'a>,
    description: Text<'a>,
    since: Text<'a>,
    vendor: Text<'a>,
    product: Text<'a>,
}

impl<'a> Entry<'a> {
    fn add_to(self, entries: &mut Vec<Exploited<'a>>, at: &Place<'_>, notes: &Notes<'_>) {
        let added = moment(&self.since);
        if added.is_none() && !self.since.is_empty() {
            notes.add(GapCode::InvalidTime, at, &self.since);
        }
        let names =
            || self.aliases.lines().map(str::trim).filter(|name| !name.is_empty()).take(bounds::ADVISORY_ALIASES);
        let is_cve = |name: &&str| name.starts_with("CVE-");
        let mut others: Vec<Text<'a>> =
            names().filter(|name| !is_cve(name)).map(|name| name.to_owned().into()).collect();
        if self.id.is_empty() && names().find(is_cve).is_none() {
            notes.add(GapCode::MissingId, at, "an entry without identifier was left out");
            return;
        }
        let exploited = |vulnerability: Text<'a>, aliases| Exploited {
            vulnerability,
            aliases,
            product: joined(self.vendor.clone(), self.product.clone()),
            name: self.description.clone(),
            added,
            ..Exploited::default()
        };
        if names().find(is_cve).is_none() {
            entries.push(exploited(self.id.clone(), others));
            return;
        }
        if !self.id.is_empty() {
            others.insert(0, self.id.clone());
        }
        for name in names().filter(is_cve) {
            entries.push(exploited(name.to_owned().into(), others.clone()));
        }
    }
}

impl<'de> Part<'de> for Entry<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "id" => self.id = value.name()?,
            "aliases" => self.aliases = value.text()?,
            "description" => self.description = value.text()?,
            "exploitedSince" => self.since = value.name()?,
            "enisaIdVendor" => self.vendor = first_name(value.parts::<Named<'_>>(bounds::ADVISORY_ELEMENTS)?),
            "enisaIdProduct" => self.product = first_name(value.parts::<Named<'_>>(bounds::ADVISORY_ELEMENTS)?),
            _ => value.skip()?,
        }
        Ok(())
    }
}

fn first_name(list: Vec<Named<'_>>) -> Text<'_> {
    list.into_iter().map(|named| named.0).find(|name| !name.is_empty()).unwrap_or_default()
}

/// `{ "vendor": { "name": … } }`, and the same with a product.
#[derive(Default)]
struct Named<'a>(Text<'a>);

impl<'de> Part<'de> for Named<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "vendor" | "product" => self.0 = value.loose()?.into_entry("name"),
            _ => value.skip()?,
        }
        Ok(())
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Apr 9, 2025, 7:00:16 PM`, read as UTC; and what others write.
fn moment(text: &str) -> Option<Timestamp> {
    let american = || {
        // Newer runtimes put a narrow blank before the half of the day.
        let parts: Vec<&str> =
            text.split([' ', ',', ':', '\u{202f}', '\u{a0}']).filter(|part| !part.is_empty()).collect();
        let [month, day, year, clock @ ..] = parts.as_slice() else {
            return None;
        };
        let month = MONTHS.iter().position(|name| month.starts_with(name))? + 1;
        let (hour, minute, second) = match clock {
            [] => (0, "0", "0"),
            [hour, minute, second, half] => {
                let hour = hour.parse::<u32>().ok().filter(|hour| (1..=12).contains(hour))? % 12;
                (if half.eq_ignore_ascii_case("pm") { hour + 12 } else { hour }, *minute, *second)
            }
            _ => return None,
        };
        format!("{year:0>4}-{month:02}-{day:0>2}T{hour:02}:{minute:0>2}:{second:0>2}Z").parse().ok()
    };
    text.parse().ok().or_else(american)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_one_for_each_cve() {
        let json = r#"[{"id": "EUVD-2026-1", "description": "A <i>flaw</i>", "aliases": "CVE-2026-1\nGHSA-x\nCVE-2026-2\n",
            "exploitedSince": "Apr 9, 2025, 7:00:16 PM", "enisaIdProduct": [{"product": {"name": "Tool"}, "product_version": "1"}],
            "enisaIdVendor": [{"vendor": {"name": "Maker"}}], "epss": 0.9}, 7,
            {"id": "EUVD-2026-3", "aliases": null, "exploitedSince": "some day"}, {"description": "nothing"}]"#;
        let listing = read(json.as_bytes(), &Limits::default()).unwrap();
        let first = |id: &'static str| Exploited {
            vulnerability: id.into(),
            aliases: vec!["EUVD-2026-1".into(), "GHSA-x".into()],
            product: "Maker Tool".into(),
            name: "A <i>flaw</i>".into(),
            added: "2025-04-09T19:00:16Z".parse().ok(),
            ..Exploited::default()
        };
        let third = Exploited { vulnerability: "EUVD-2026-3".into(), ..Exploited::default() };
        assert_eq!(listing.entries, [first("CVE-2026-1"), first("CVE-2026-2"), third]);
        let codes: Vec<_> = listing.gaps.list().iter().map(|gap| gap.code).collect();
        assert_eq!(codes, [GapCode::UnknownElement, GapCode::InvalidTime, GapCode::MissingId]);
        let page = format!(r#"{{"items": {json}, "total": 3}}"#);
        assert_eq!(read(page.as_bytes(), &Limits::default()).unwrap().entries, listing.entries);
        assert!(read(br#"{"items": [], "total": 0}"#, &Limits::default()).unwrap().entries.is_empty());
        for broken in ["", "{}", "[{}", "<html>", "[]]"] {
            assert!(read(broken.as_bytes(), &Limits::default()).is_err(), "{broken}");
        }
    }

    #[test]
    fn american_times_are_read() {
        for (text, expected) in [
            ("Apr 9, 2025, 12:00:00 AM", Some("2025-04-09T00:00:00Z")),
            ("Dec 31, 2025, 12:30:05\u{202f}PM", Some("2025-12-31T12:30:05Z")),
            ("January 2, 2026", Some("2026-01-02T00:00:00Z")),
            ("2026-01-02", Some("2026-01-02T00:00:00Z")),
            ("Apr 31, 2025, 1:00:00 AM", None),
            ("Apr 9, 2025, 13:00:00 PM", None),
            ("", None),
        ] {
            assert_eq!(moment(text), expected.and_then(|time| time.parse().ok()), "{text}");
        }
    }
}
