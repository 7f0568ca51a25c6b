// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Expanded JSON-LD (full addresses as keys, `@value` around every text) in the short form of SPDX 3.

use serde_json::{Map, Value};

/// True for documents whose keys are full addresses.
pub(super) fn is_expanded(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"/terms/Core/spdxId\"").is_some()
        || memchr::memmem::find(text.as_bytes(), b"/terms/Core/name\"").is_some()
        || memchr::memmem::find(text.as_bytes(), b"/terms/Core/relationshipType\"").is_some()
}

/// Keys whose values are lists.
const LISTS: &[&str] = &[
    "@graph",
    "createdBy",
    "createdUsing",
    "externalIdentifier",
    "externalRef",
    "import",
    "locator",
    "originatedBy",
    "rootElement",
    "software_attributionText",
    "software_sbomType",
    "suppliedBy",
    "to",
    "verifiedUsing",
];

/// From expanded JSON-LD to the short keys. The parser limits the depth.
pub(super) fn compact(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(compact).collect()),
        Value::Object(map) => {
            if let Some(alone) = map.get("@value").or_else(|| map.get("@id").filter(|_| map.len() == 1)) {
                return alone.clone();
            }
            let short = map.into_iter().map(|(key, value)| {
                let key = short(&key);
                let value = if key == "@type" { shorten(value) } else { compact(value) };
                let value = match value {
                    Value::Array(mut items) if items.len() == 1 && !LISTS.contains(&key.as_str()) => {
                        items.pop().unwrap_or_default()
                    }
                    value => value,
                };
                (key, value)
            });
            Value::Object(short.collect::<Map<_, _>>())
        }
        value => value,
    }
}

fn shorten(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(short(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(shorten).collect()),
        value => value,
    }
}

/// The short form of a term's address: `…/terms/Software/packageVersion` is `software_packageVersion`.
pub(super) fn short(address: &str) -> String {
    let Some((_, term)) = address.split_once("/terms/") else { return address.to_owned() };
    match term.split_once('/') {
        Some(("Core", name)) => name.to_owned(),
        Some((profile, name)) => format!("{}_{name}", profile.to_ascii_lowercase()),
        None => term.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_short_names() {
        for (address, name) in [
            ("https://spdx.org/rdf/3.0.1/terms/Core/name", "name"),
            ("https://spdx.org/rdf/3.0.1/terms/Software/Package", "software_Package"),
            ("@id", "@id"),
        ] {
            assert_eq!(short(address), name);
        }
    }

    #[test]
    fn expanded_documents_are_compacted() {
        let expanded = serde_json::json!([{
            "@id": "urn:a",
            "@type": ["https://spdx.org/rdf/3.0.1/terms/Core/Relationship"],
            "https://spdx.org/rdf/3.0.1/terms/Core/to": [{"@id": "urn:b"}],
            "https://spdx.org/rdf/3.0.1/terms/Core/from": [{"@id": "urn:c"}],
            "https://spdx.org/rdf/3.0.1/terms/Core/name": [{"@value": "x"}],
        }]);
        let expected = serde_json::json!([{"@id": "urn:a", "@type": "Relationship", "to": ["urn:b"], "from": "urn:c", "name": "x"}]);
        assert_eq!(compact(expanded), expected);
    }
}
