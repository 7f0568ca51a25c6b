// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Telling by content whether bytes are CycloneDX.
//!
//! JSON: the field `bomFormat` stands anywhere at the top level (some producers write it last), so a quick search
//! comes first and a walk over the top level only when it hits. XML: the root element is `bom` in a namespace of
//! CycloneDX.

use std::borrow::Cow;

use memchr::memmem;

use super::decode::decode;
use crate::reader::Probe;

const FORMAT_KEY: &[u8] = b"\"bomFormat\"";

/// Where other formats name themselves; spares the search through the rest of large documents.
const HEAD_BYTES: usize = 1_024;

/// True for CycloneDX JSON, also when truncated.
pub fn is_json(probe: &Probe<'_>) -> bool {
    let text = narrow(probe.bytes);
    let Some(body) = trim(&text).strip_prefix(b"{") else { return false };
    let head = body.get(..HEAD_BYTES).unwrap_or(body);
    let other = [&b"\"spdxVersion\""[..], b"\"SPDXID\"", b"spdx.org/rdf"];
    if other.iter().any(|needle| memmem::find(head, needle).is_some()) && memmem::find(head, FORMAT_KEY).is_none() {
        return false;
    }
    if memmem::find(body, FORMAT_KEY).is_none() && memmem::find(head, b"cyclonedx.org/schema/bom").is_none() {
        return false;
    }
    let mut format = false;
    let mut version = false;
    let mut schema = false;
    for (key, value) in TopLevel(body) {
        match key {
            b"bomFormat" if value.starts_with(b"\"CycloneDX\"") => return true,
            b"bomFormat" => format = true,
            b"specVersion" => version = true,
            b"$schema" => schema = memmem::find(text_at(value), b"cyclonedx.org/schema/bom").is_some(),
            _ => {}
        }
        if schema || (format && version) {
            return true;
        }
    }
    false
}

/// True for CycloneDX XML, also when truncated.
pub fn is_xml(probe: &Probe<'_>) -> bool {
    let text = narrow(probe.bytes);
    let Some(root) = root_element(&text) else { return false };
    let name_end = root.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    let name = root.get(..name_end.unwrap_or(root.len())).unwrap_or_default();
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    local == b"bom" && memmem::find(root, b"cyclonedx.org/schema/bom").is_some()
}

/// UTF-16 as UTF-8; everything else as it is, since what is looked for is ASCII.
fn narrow(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{' | b'<', ..] | [b'{' | b'<', 0, ..] => {
            Cow::Owned(decode(bytes).text.into_owned().into_bytes())
        }
        _ => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

/// The tag of the root element without `<`, up to its end or that of the bytes.
fn root_element(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = trim(bytes);
    loop {
        let tag = rest.strip_prefix(b"<")?;
        let skipped = if let Some(comment) = tag.strip_prefix(b"!--") {
            comment.get(memmem::find(comment, b"-->")? + 3..)
        } else if let Some(instruction) = tag.strip_prefix(b"?") {
            instruction.get(memmem::find(instruction, b"?>")? + 2..)
        } else if let Some(declaration) = tag.strip_prefix(b"!DOCTYPE") {
            after_doctype(declaration)
        } else {
            return tag.get(..memchr::memchr(b'>', tag).unwrap_or(tag.len()));
        };
        rest = trim(skipped?);
    }
}

/// What follows a document type declaration; its internal subset may hold `>`.
fn after_doctype(declaration: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr2(b'>', b'[', declaration)?;
    if declaration.get(end) == Some(&b'[') {
        let subset_end = end + memchr::memchr(b']', declaration.get(end..)?)?;
        let close = subset_end + memchr::memchr(b'>', declaration.get(subset_end..)?)?;
        return declaration.get(close + 1..);
    }
    declaration.get(end + 1..)
}

/// Keys of a JSON object and what follows their colon, without a look at the values' insides. The bytes start after
/// the opening brace.
pub struct TopLevel<'a>(pub &'a [u8]);

impl<'a> Iterator for TopLevel<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut depth = 0_usize;
        loop {
            let start = self.0.iter().position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))?;
            let byte = *self.0.get(start)?;
            self.0 = self.0.get(start + 1..)?;
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {
                    let end = text_end(self.0)?;
                    let key = self.0.get(..end)?;
                    self.0 = self.0.get(end + 1..)?;
                    if depth == 0
                        && let Some(value) = trim(self.0).strip_prefix(b":")
                    {
                        return Some((key, trim(value)));
                    }
                }
            }
        }
    }
}

/// The text that a value is; empty when it is none.
fn text_at(value: &[u8]) -> &[u8] {
    let text = value.strip_prefix(b"\"").unwrap_or_default();
    text_end(text).and_then(|end| text.get(..end)).unwrap_or_default()
}

/// Where the text that `bytes` begins with ends: at the quotation mark that no backslash escapes.
fn text_end(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let found = start + memchr::memchr2(b'"', b'\\', bytes.get(start..)?)?;
        if bytes.get(found) == Some(&b'"') {
            return Some(found);
        }
        start = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(bytes: &[u8]) -> Probe<'_> {
        Probe { bytes, file_name: "", path: "" }
    }

    #[test]
    fn json_is_told_by_its_top_level() {
        for (text, expected) in [
            (r#"{"bomFormat":"CycloneDX"}"#, true),
            (r#" { "components": [ {"a": "}"} ], "x": "\"", "bomFormat" : "CycloneDX" }"#, true),
            (r#"{"bomFormat":"CycloneDX","components":[{"na"#, true),
            (r#"{"bomFormat":"Another","specVersion":"1.4"}"#, true),
            (r#"{"$schema":"http://cyclonedx.org/schema/bom-1.5.schema.json"}"#, true),
            (r#"{"$schema":"http://json-schema.org/","$id":"http://cyclonedx.org/schema/bom-1.5.schema.json"}"#, false),
            (r#"{"bomFormat":"Another"}"#, false),
            (r#"{"report":{"bomFormat":"CycloneDX"}}"#, false),
            (r#"{"text":"\"bomFormat\":\"CycloneDX\""}"#, false),
            (r#"[{"bomFormat":"CycloneDX"}]"#, false),
            ("{}", false),
            ("", false),
        ] {
            assert_eq!(is_json(&probe(text.as_bytes())), expected, "{text}");
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let trimmed = text.starts_with('{');
            assert_eq!(is_json(&probe(&utf16)), expected && trimmed, "UTF-16 {text}");
        }
    }

    #[test]
    fn xml_is_told_by_its_root() {
        let namespace = "xmlns=\"http://cyclonedx.org/schema/bom/1.4\"";
        for (text, expected) in [
            (format!("<bom {namespace}/>"), true),
            (format!("\u{feff}<?xml version='1.0'?>\n<!-- > --><bom {namespace}><comp"), true),
            ("<c:bom xmlns:c='http://cyclonedx.org/schema/bom/1.4'></c:bom>".to_owned(), true),
            (format!("<!DOCTYPE bom [<!ENTITY a \"b\">]><bom {namespace}/>"), true),
            ("<bom/>".to_owned(), false),
            (format!("<html><bom {namespace}/></html>"), false),
            ("<".to_owned(), false),
        ] {
            assert_eq!(is_xml(&probe(text.as_bytes())), expected, "{text}");
        }
    }
}
