// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Telling SPDX documents from others by their content.
//!
//! Trap: producers sort keys as they like. trivy writes `spdxVersion` at the very end, Microsoft's tool all files
//! before it, so the whole text may have to be searched for the name; that runs at memory speed.

use memchr::memmem;

use super::encoding;
use crate::reader::Probe;

/// Bytes at the beginning that are looked at in detail.
const HEAD_BYTES: usize = 4_096;

/// JSON with the version of SPDX 2, or with the identifier that its documents have.
pub(super) fn is_json(probe: &Probe<'_>) -> bool {
    let head = encoding::head(probe.bytes, HEAD_BYTES);
    if !head.trim_start().starts_with('{') || is_linked(probe) {
        return false;
    }
    head.contains("\"spdxVersion\"")
        || head.contains("\"SPDXRef-DOCUMENT\"")
        || memmem::find(probe.bytes, b"\"spdxVersion\"").is_some()
        || memmem::find(probe.bytes, b"\"SPDXRef-DOCUMENT\"").is_some()
}

/// JSON-LD of SPDX 3: its context or the names of its elements.
pub(super) fn is_linked(probe: &Probe<'_>) -> bool {
    let head = encoding::head(probe.bytes, HEAD_BYTES);
    let start = head.trim_start();
    if !start.starts_with(['{', '[']) {
        return false;
    }
    head.contains("spdx.org/rdf/3.")
        || (head.contains("\"@graph\"") || head.contains("\"@context\""))
            && (memmem::find(probe.bytes, b"\"spdxId\"").is_some()
                || memmem::find(probe.bytes, b"spdx.org/rdf/3.").is_some())
}

/// Lines with the tags that begin a document.
pub(super) fn is_tag_value(probe: &Probe<'_>) -> bool {
    let head = encoding::head(probe.bytes, HEAD_BYTES);
    head.lines().any(|line| {
        let version = line.trim_start().strip_prefix("SPDXVersion:").map(str::trim_start);
        version.is_some_and(|version| version.starts_with("SPDX-"))
    })
}

/// Lines with a key of the document at the left edge.
pub(super) fn is_yaml(probe: &Probe<'_>) -> bool {
    let head = encoding::head(probe.bytes, HEAD_BYTES);
    if head.trim_start().starts_with(['{', '[', '<']) {
        return false;
    }
    let is_key = |line: &str| {
        let line = line.trim_start_matches(['"', '\'']);
        line.starts_with("spdxVersion") && line.contains("SPDX-")
            || line.starts_with("SPDXID") && line.contains("SPDXRef-DOCUMENT")
    };
    head.lines().any(is_key) || {
        let is_key_at = |start: usize| {
            let line = probe.bytes.get(start..).unwrap_or_default();
            let end = memchr::memchr(b'\n', line).unwrap_or(line.len()).min(200);
            is_key(&String::from_utf8_lossy(line.get(..end).unwrap_or_default()))
        };
        // JSON-like keys sorted by another program: the version may come last.
        head.lines().any(|line| line.starts_with("creationInfo:") || line.starts_with("documentNamespace:"))
            && memmem::find_iter(probe.bytes, b"\nspdxVersion").any(|found| is_key_at(found + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_apart() {
        let sorted = format!(r#"{{"files":[{}],"spdxVersion":"SPDX-2.2"}}"#, vec!["{}"; 5_000].join(","));
        let sixteen: Vec<u8> =
            r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, expected) in [
            (&br#"{"spdxVersion":"SPDX-2.3"}"#[..], "json"),
            (b" \n{\"SPDXID\":\"SPDXRef-DOCUMENT\"}", "json"),
            (b"\xef\xbb\xbf{\"spdxVersion\":\"SPDX-2.3\"}", "json"),
            (sorted.as_bytes(), "json"),
            (&sixteen, "json"),
            (br#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#, "linked"),
            (br#"{"@graph":[{"type":"software_Package","spdxId":"urn:x"}]}"#, "linked"),
            (b"# made by hand\nSPDXVersion: SPDX-2.2\n", "tag-value"),
            (b"---\nspdxVersion: \"SPDX-2.3\"\n", "yaml"),
            (b"SPDXID: SPDXRef-DOCUMENT\nname: x\n", "yaml"),
            (b"creationInfo:\n  created: x\nspdxVersion: SPDX-2.2\n", "yaml"),
            (b"{}", ""),
            (b"[]", ""),
            (br#"{"bomFormat":"CycloneDX"}"#, ""),
            (br#"{"@context":"https://openvex.dev/ns"}"#, ""),
            (b"SPDXID: of nothing", ""),
            (b"\xff\xfe", ""),
            (b"", ""),
        ] {
            let probe = Probe { bytes, file_name: "", path: "" };
            let found: Vec<_> = [
                ("json", is_json(&probe)),
                ("linked", is_linked(&probe)),
                ("tag-value", is_tag_value(&probe)),
                ("yaml", is_yaml(&probe)),
            ]
            .into_iter()
            .filter_map(|(name, agrees)| agrees.then_some(name))
            .collect();
            assert_eq!(found.join(" "), expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
        }
    }
}
