// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The identifier of a record: found without reading the rest, which is only gone through to know that it is whole.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use underpin_model::watch::source::Records;

use super::text::{TextSeed, otherwise};

/// Where identifiers stand, by kind of records.
fn path(records: Records) -> &'static [&'static str] {
    match records {
        Records::Cve => &["cveMetadata", "cveId"],
        Records::Csaf => &["document", "tracking", "id"],
        Records::OpenVex => &["@id"],
        Records::CycloneDx => &["serialNumber"],
        Records::EndOfLife => &["name"],
        Records::Osv | Records::Kev | Records::Euvd | Records::Epss => &["id"],
    }
}

/// The identifier of a record; `None` when it has none.
///
/// # Errors
/// When the record is no JSON value.
pub(super) fn of(records: Records, bytes: &[u8]) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
    let found = at(path(records), bytes)?;
    match records {
        // The newer interface of endoflife.date wraps a product.
        Records::EndOfLife if found.is_none() => at(&["result", "name"], bytes),
        _ => Ok(found),
    }
}

fn at<'a>(path: &[&str], bytes: &'a [u8]) -> Result<Option<Cow<'a, str>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let found = PathSeed(path).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found.filter(|id| !id.trim_ascii().is_empty()))
}

/// The identifier of a record that breaks off or is damaged after it. `None` when the damage comes first: then nobody can tell
/// which record it was. A damaged record is never read for anything else.
pub fn of_broken(records: Records, bytes: &[u8]) -> Option<String> {
    let found = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    // The failure is why we are here; what was noted before it is what counts.
    let _ = Noted { path: path(records), found: &found }.deserialize(&mut deserializer);
    found.into_inner().filter(|id: &String| !id.trim_ascii().is_empty())
}

/// Notes the text at the end of a path of keys at once, so that it outlives what comes after it.
struct Noted<'p> {
    path: &'p [&'p str],
    found: &'p RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Noted<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() {
            let text = TextSeed.deserialize(deserializer)?;
            self.found.borrow_mut().get_or_insert_with(|| text.into_owned());
            return Ok(());
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Noted<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(TextSeed)? {
            match self.path.split_first() {
                Some((wanted, rest)) if key == *wanted => {
                    map.next_value_seed(Noted { path: rest, found: self.found })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The text at the end of a path of keys.
struct PathSeed<'p>(&'p [&'p str]);

impl<'de> DeserializeSeed<'de> for PathSeed<'_> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PathSeed<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some((wanted, rest)) = self.0.split_first() else {
            IgnoredAny.visit_map(map)?;
            return Ok(None);
        };
        let mut found = None;
        while let Some(key) = map.next_key_seed(TextSeed)? {
            if key == *wanted {
                found = map.next_value_seed(PathSeed(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then_some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then(|| Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then(|| Cow::Owned(number.to_string())))
    }

    otherwise! { None; truth, negative, float, nothing, sequence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_after_its_identifier_is_known_by_it() {
        for (records, text, expected) in [
            (Records::Osv, r#"{"id":"A-1","summary":"x"#, Some("A-1")),
            (Records::Osv, r#"{"summary":{"id":"no"},"id":"A-1","affected":[}"#, Some("A-1")),
            (Records::Osv, r#"{"summary":"id","aliases":["A-2"],"#, None),
            (Records::Osv, r#"{"id":"A-"#, None),
            (Records::Osv, r#"{"id":" ","#, None),
            (Records::Osv, r#"{"id":["A-1"],"#, None),
            (Records::Osv, r#"["id","A-1"]"#, None),
            (Records::Osv, "", None),
            (Records::Cve, r#"{"cveMetadata":{"state":"PUBLISHED","cveId":"CVE-2026-1","#, Some("CVE-2026-1")),
            (Records::Cve, r#"{"cveId":"CVE-2026-1","#, None),
            (Records::Csaf, r#"{"document":{"tracking":{"id":"X-1"}},"product_tree":"#, Some("X-1")),
            (Records::OpenVex, r#"{"@id":"https://example.org/1""#, Some("https://example.org/1")),
        ] {
            assert_eq!(of_broken(records, text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
