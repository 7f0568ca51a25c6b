// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads CISA's catalogue of known exploited vulnerabilities, as JSON or CSV (cisa.gov/known-exploited-vulnerabilities).

use std::borrow::Cow;

use serde::de::MapAccess;
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::Exploited;

use super::fault::{Fault, FaultCode};
use super::listing::Listing;
use super::text;
use super::wire::{self, Notes, Part, Place, Value, time};
use crate::reader::Unreadable;

/// Reads the catalogue.
///
/// # Errors
/// When it is no such catalogue, is too large, or breaks off (JSON; a CSV file that breaks off between two lines cannot be told
/// from a whole one).
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Listing<'a, Exploited<'a>>, Unreadable> {
    match text::readable(bytes) {
        Cow::Borrowed(text) => parse(text, limits),
        Cow::Owned(text) => parse(&text, limits).map(|listing| listing.into_owned(Exploited::into_owned)),
    }
}

fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Listing<'a, Exploited<'a>>, Unreadable> {
    let notes = Notes::new(limits);
    let mut listing = if text.trim_ascii_start().starts_with('{') {
        let catalogue: Catalogue<'a> = wire::read(text, &notes, bounds::ADVISORY_BYTES)?;
        catalogue.into_listing(&notes)?
    } else {
        table(text, &notes)?
    };
    listing.gaps = notes.into_gaps();
    Ok(listing)
}

#[derive(Default)]
struct Catalogue<'a> {
    listing: Listing<'a, Exploited<'a>>,
    count: Text<'a>,
    has_list: bool,
}

impl<'a> Catalogue<'a> {
    fn into_listing(self, notes: &Notes<'_>) -> Result<Listing<'a, Exploited<'a>>, Fault> {
        if !self.has_list {
            return Err(Fault::new(FaultCode::UnreadableRecord, "", "no list of vulnerabilities"));
        }
        let number = self.listing.entries.len();
        if self.count.parse().is_ok_and(|count: usize| count != number) {
            let detail = format!("{number} entries, but it says {}", self.count);
            notes.add(GapCode::InvalidValue, &Place::Key(&Place::Root, "count"), &detail);
        }
        Ok(self.listing)
    }
}

impl<'de> Part<'de> for Catalogue<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "catalogVersion" => self.listing.version = value.name()?,
            "dateReleased" => self.listing.released = value.time()?,
            "count" => self.count = value.loose()?.into_text(),
            "vulnerabilities" => {
                self.listing.entries = value.parts(bounds::ADVISORY_ELEMENTS)?;
                self.has_list = true;
            }
            "title" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl<'de> Part<'de> for Exploited<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cveID" => self.vulnerability = value.name()?,
            "vendorProject" => self.product = joined(value.name()?, std::mem::take(&mut self.product)),
            "product" => self.product = joined(std::mem::take(&mut self.product), value.name()?),
            "vulnerabilityName" => self.name = value.text()?,
            "dateAdded" => self.added = value.time()?,
            "dueDate" => self.due = value.time()?,
            "knownRansomwareCampaignUse" => self.ransomware = ransomware(&value.name()?),
            "requiredAction" => self.action = value.text()?,
            "shortDescription" | "notes" | "cwes" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        let is_useless = self.vulnerability.is_empty();
        if is_useless {
            notes.add(GapCode::MissingId, at, "an entry without CVE was left out");
        }
        is_useless
    }
}

/// Vendor and product in one text.
pub(super) fn joined<'a>(vendor: Text<'a>, product: Text<'a>) -> Text<'a> {
    if product.is_empty() || vendor == product {
        vendor
    } else if vendor.is_empty() {
        product
    } else {
        Text::Owned(format!("{vendor} {product}"))
    }
}

/// The catalogue says `Known` or `Unknown`, and never that it is not so.
fn ransomware(word: &str) -> Option<bool> {
    word.trim().eq_ignore_ascii_case("known").then_some(true)
}

fn table(text: &str, notes: &Notes<'_>) -> Result<Listing<'static, Exploited<'static>>, Fault> {
    let unreadable = |detail: String| Fault::new(FaultCode::UnreadableRecord, "line 1", detail);
    if text.len() > bounds::ADVISORY_BYTES {
        return Err(Fault::new(FaultCode::TooLarge, "", format!("{} bytes", text.len())));
    }
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let head = rows.headers().map_err(|error| unreadable(error.to_string()))?.clone();
    let column = |name: &str| head.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let Some(id) = column("cveID") else {
        return Err(unreadable("no column cveID".to_owned()));
    };
    let columns =
        ["vendorProject", "product", "vulnerabilityName", "dateAdded", "dueDate", "knownRansomwareCampaignUse"];
    let columns = columns.map(column);
    let action = column("requiredAction");
    let mut listing = Listing::default();
    for (index, row) in rows.records().enumerate().take(bounds::ADVISORY_ELEMENTS) {
        let at = &Place::Index(&Place::Root, index);
        let Ok(row) = row else {
            notes.add(GapCode::MalformedLine, at, "");
            continue;
        };
        let cell = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default();
        let vulnerability = cell(Some(id));
        if vulnerability.is_empty() || vulnerability.len() > bounds::ADVISORY_NAME_BYTES || row.len() != head.len() {
            notes.add(GapCode::MalformedLine, at, &format!("{} cells of {}", row.len(), head.len()));
        }
        if vulnerability.is_empty() || vulnerability.len() > bounds::ADVISORY_NAME_BYTES {
            continue;
        }
        let own = |text: &str| Text::Owned(cut(text, notes.limits.text_bytes).to_owned());
        let [vendor, product, name, added, due, known] = columns.map(cell);
        listing.entries.push(Exploited {
            vulnerability: own(vulnerability),
            aliases: Vec::new(),
            product: joined(own(vendor), own(product)),
            name: own(name),
            added: time(added, at, notes),
            due: time(due, at, notes),
            ransomware: ransomware(known),
            action: own(cell(action)),
        });
    }
    Ok(listing)
}

fn cut(text: &str, most_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(most_bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"title": "x", "catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T10:00:00.5Z", "count": 3,
        "vulnerabilities": [
        {"cveID": "CVE-2026-1", "product": "Tool", "vendorProject": "Maker", "vulnerabilityName": "Tool <b>flaw</b>",
         "dateAdded": "2026-01-01", "dueDate": "2026-01-22", "requiredAction": "Update, or stop using it.",
         "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": ["CWE-79"], "shortDescription": ""},
        {"product": "nothing"},
        {"cveID": "CVE-2026-2", "dateAdded": "soon", "knownRansomwareCampaignUse": "Unknown"}]}"#;
    const CSV: &str = "\u{feff}cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes,cwes\r\n\
        CVE-2026-1,Maker,Tool,Tool <b>flaw</b>,2026-01-01,,\"Update, or stop using it.\",2026-01-22,Known,,CWE-79\r\n\
        \r\n,,,,,,,,,,\r\nCVE-2026-2,,,,soon,,,,Unknown,,\r\n";

    #[test]
    fn json_and_csv_say_the_same() {
        let limits = Limits::default();
        let json = read(JSON.as_bytes(), &limits).unwrap();
        let csv = read(CSV.as_bytes(), &limits).unwrap();
        assert_eq!(json.entries, csv.entries);
        assert_eq!(
            json.entries[0],
            Exploited {
                vulnerability: "CVE-2026-1".into(),
                product: "Maker Tool".into(),
                name: "Tool <b>flaw</b>".into(),
                added: "2026-01-01".parse().ok(),
                due: "2026-01-22".parse().ok(),
                ransomware: Some(true),
                action: "Update, or stop using it.".into(),
                ..Exploited::default()
            }
        );
        assert_eq!((json.entries[1].added, json.entries[1].ransomware), (None, None));
        let codes = |listing: &Listing<'_, _>| listing.gaps.list().iter().map(|gap| gap.code).collect::<Vec<_>>();
        assert_eq!(codes(&json), [GapCode::MissingId, GapCode::InvalidTime, GapCode::InvalidValue]);
        assert_eq!(codes(&csv), [GapCode::MalformedLine, GapCode::InvalidTime]);
        assert_eq!((json.version.as_ref(), json.released.is_some()), ("2026.01.02", true));
    }

    #[test]
    fn what_is_no_catalogue_is_refused() {
        for text in ["", "{}", "[]", "a,b\n1,2\n", r#"{"vulnerabilities": [{"cveID": "CVE-2026-1"}"#] {
            let code = read(text.as_bytes(), &Limits::default()).map_err(|error| error.code);
            assert_eq!(code.err(), Some("unreadable-record"), "{text}");
        }
    }
}
