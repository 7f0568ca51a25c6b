// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! BOM-Links (CycloneDX): `urn:cdx:SERIAL/VERSION#REFERENCE` names a component of one version of one document.

use std::collections::HashMap;

use underpin_assess::identity::resolve as identity;
use underpin_lake::{Wanted, integers, texts};

use crate::error::Result;
use crate::house::Desk;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Serial number of the document, as it states it.
    pub serial: String,
    /// Version of the document.
    pub version: String,
    /// The component; empty for the document as a whole.
    pub reference: String,
}

impl Link {
    /// Reads a link; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (document, reference) = text.strip_prefix("urn:cdx:")?.split_once('#').unwrap_or((&text[8..], ""));
        let (serial, version) = document.split_once('/')?;
        let serial = format!("urn:uuid:{}", serial.to_ascii_lowercase());
        Some(Self { serial, version: version.to_owned(), reference: decoded(reference) })
    }
}

/// A fragment without its escapes.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The package versions that links mean, as number of the thing, document and package version. Only documents that count are looked
/// at; their version is read from their evidence.
///
/// # Errors
/// When a segment or evidence is missing or damaged.
pub async fn resolve(desk: &Desk, links: &[(usize, Link)]) -> Result<Vec<(usize, i64, i64)>> {
    let mut found = Vec::new();
    if links.is_empty() {
        return Ok(found);
    }
    let mut by_serial: HashMap<&str, Vec<&(usize, Link)>> = HashMap::new();
    for link in links {
        by_serial.entry(&link.1.serial).or_default().push(link);
    }
    let mut documents: Vec<(i64, &[&(usize, Link)])> = Vec::new();
    for batch in desk.session.rows("document", "document", "document", Wanted::All, &["document", "serial"])? {
        let (numbers, serials) = (integers(&batch, 0)?, texts(&batch, 1)?);
        for row in 0..batch.num_rows() {
            let document = numbers.value(row);
            let meant = by_serial.get(&*serials.value(row).to_ascii_lowercase());
            if let Some(meant) = meant.filter(|_| !desk.systems_of(document).is_empty()) {
                documents.push((document, meant));
            }
        }
    }
    for (document, meant) in documents {
        let Some(record) = desk.document(document) else { continue };
        let reread = desk.reread(record).await?;
        let Some(version) = reread.stated_version(&desk.limits) else { continue };
        let Ok(inventory) = reread.inventory(&desk.limits) else { continue };
        for (number, link) in meant.iter().filter(|(_, link)| link.version == version) {
            let root = inventory.roots.first().copied().filter(|_| link.reference.is_empty());
            let named = inventory.components.iter().position(|one| one.reference == link.reference.as_str());
            let index = root.map(|root| root as usize).or(named.filter(|_| !link.reference.is_empty()));
            if let Some(component) = index.and_then(|index| inventory.components.get(index)) {
                found.push((*number, document, identity(component, &inventory.distribution).version_id.0));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_other_texts() {
        let serial = "3E671687-395b-41f5-a30f-a58921a69b79";
        for (text, expected) in [
            (format!("urn:cdx:{serial}/1#a%20b%2F"), Some(("1", "a b/"))),
            (format!("urn:cdx:{serial}/12"), Some(("12", ""))),
            (format!("urn:cdx:{serial}/1#100%"), Some(("1", "100%"))),
            (format!("urn:cdx:{serial}"), None),
            (format!("urn:uuid:{serial}"), None),
            (String::new(), None),
        ] {
            let link = Link::parse(&text);
            let told = link.as_ref().map(|link| (link.version.as_str(), link.reference.as_str()));
            assert_eq!(told, expected, "{text}");
            assert!(link.is_none_or(|link| link.serial == "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"));
        }
    }
}
