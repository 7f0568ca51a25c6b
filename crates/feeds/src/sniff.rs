// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which source a file belongs to, by its content. Works on the beginning of a file: a record may be longer than what was read.
//!
//! What tells them apart, by the formats' own texts: OSV records have `id` and `modified`; KEV has `catalogVersion` and
//! `vulnerabilities`; CSAF has `document.csaf_version`; OpenVEX names itself in `@context`; CycloneDX in
//! `bomFormat`, and has `vulnerabilities` (one without is an inventory and no source); a CVE record says so in `dataType`;
//! EUVD entries have an `enisaUuid` or `euvdId`; EPSS starts with a model line or its columns; release cycles of endoflife.date
//! are the front matter of a page.

use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

/// What the bytes are, if any source writes such bytes. `head` may be cut off anywhere.
pub(crate) fn sniff(head: &[u8]) -> Option<Records> {
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let head = head.get(start..).unwrap_or_default();
    match head {
        [b'{' | b'[', ..] => json(head),
        [b'-', b'-', b'-', ..] => front_matter(head).then_some(Records::EndOfLife),
        _ => (head.starts_with(b"#model_version:") || head.starts_with(b"cve,epss")).then_some(Records::Epss),
    }
}

/// The date that a list gives for itself: KEV in `dateReleased`, EPSS in its first line.
pub(crate) fn stated(records: Records, head: &[u8]) -> Option<String> {
    match records {
        Records::Epss => crate::epss::score_date(head),
        Records::Kev => {
            let (found, _) = Keys::of(head);
            let date = found.keys.into_iter().find(|(key, _)| key == "dateReleased");
            date.map(|(_, text)| text).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

fn front_matter(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.lines().skip(1).take_while(|line| line.trim_end() != "---").any(|line| line.trim_end() == "releases:")
}

/// The first of the leading records that tells: a maimed one at the top hides nothing.
fn json(head: &[u8]) -> Option<Records> {
    let mut rest = head;
    for _ in 0..bounds::SNIFFED_RECORDS {
        let (found, end) = Keys::of(rest);
        if let Some(records) = found.records() {
            return Some(records);
        }
        match rest.get(end..).filter(|rest| !rest.is_empty()) {
            Some(next) => rest = next,
            None => break,
        }
    }
    // A text that was cut off swallows all that follows: then each line is looked at by itself, for no text of JSON has a line break.
    head.split(|byte| *byte == b'\n').take(bounds::SNIFFED_RECORDS).find_map(|line| Keys::of(line).0.records())
}

/// The keys of the first object, those of its inner objects written with a dot, each with its text where it is one.
struct Keys {
    keys: Vec<(String, String)>,
    /// Whether the object ended within the bytes.
    is_whole: bool,
}

impl Keys {
    fn records(&self) -> Option<Records> {
        let has = |path: &str| self.keys.iter().any(|(key, _)| key == path);
        let any = |paths: &[&str]| paths.iter().any(|path| has(path));
        let says = |path: &str, text: &str| self.keys.iter().any(|(key, value)| key == path && value.contains(text));
        if says("dataType", "CVE_RECORD") {
            Some(Records::Cve)
        } else if has("document.csaf_version") {
            Some(Records::Csaf)
        } else if says("@context", "openvex") {
            Some(Records::OpenVex)
        } else if has("catalogVersion") && any(&["vulnerabilities", "dateReleased"]) {
            Some(Records::Kev)
        } else if any(&["enisaUuid", "euvdId", "exploitedSince", "items.enisaUuid", "items.exploitedSince"]) {
            Some(Records::Euvd)
        } else if has("id")
            && has("modified")
            && any(&["affected", "schema_version", "withdrawn", "published", "aliases"])
        {
            Some(Records::Osv)
        } else if says("bomFormat", "CycloneDX") && (has("vulnerabilities") || !self.is_whole) {
            Some(Records::CycloneDx)
        } else {
            None
        }
    }

    /// Reads until the first object ends, or the bytes do; and where that is.
    fn of(bytes: &[u8]) -> (Self, usize) {
        let mut keys: Vec<(String, String)> = Vec::new();
        // The key under which each open bracket stands; arrays are looked through.
        let mut open: Vec<(u8, Option<String>)> = Vec::new();
        let mut last_key: Option<String> = None;
        let (mut at, mut is_whole) = (0, false);
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' | b'[' => open.push((*byte, last_key.take())),
                b'}' | b']' => {
                    open.pop();
                    last_key = None;
                    let is_over = !open.iter().any(|(kind, _)| *kind == b'{');
                    if is_over && *byte == b'}' {
                        is_whole = true;
                        break;
                    }
                }
                b',' => last_key = None,
                b'"' => {
                    let Some((text, end)) = string(bytes, at) else {
                        at = bytes.len();
                        break;
                    };
                    at = end;
                    let is_key = bytes.get(at..).and_then(|rest| rest.iter().find(|byte| !byte.is_ascii_whitespace()))
                        == Some(&b':');
                    let objects = open.iter().filter(|(kind, _)| *kind == b'{').count();
                    if is_key {
                        let parent = open.iter().rev().find_map(|(_, key)| key.clone());
                        if objects == 1 {
                            keys.push((text.clone(), String::new()));
                        } else if objects == 2
                            && let Some(parent) = parent
                        {
                            keys.push((format!("{parent}.{text}"), String::new()));
                        }
                        last_key = Some(text);
                    } else if objects == 1
                        && last_key.is_some()
                        && let Some(last) = keys.last_mut()
                    {
                        last.1 = text;
                    }
                }
                _ => {}
            }
        }
        (Self { keys, is_whole }, at)
    }
}

/// The text from `start` to its closing quotation mark, escapes left as they are, and where it ends.
fn string(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    let text = bytes.get(start..at)?;
    Some((String::from_utf8_lossy(text).into_owned(), at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_by_their_content() {
        for (text, expected) in [
            (r#"{"id":"A-1","modified":"2024-01-01T00:00:00Z","affected":[]}"#, Some(Records::Osv)),
            ("{\"id\":\"A-1\",\"modified\":\"x\",\"published\":\"y\"}\n{\"id\":2}", Some(Records::Osv)),
            (r#"[{"schema_version":"1.6.0","id":"A","modified":"x"}]"#, Some(Records::Osv)),
            (r#"{"modified":"x","aliases":["a\"{"],"id":"A","details":"cut of"#, Some(Records::Osv)),
            (
                r#"{"title":"t","catalogVersion":"2024.01.01","count":1,"vulnerabilities":[{"id":1}]}"#,
                Some(Records::Kev),
            ),
            (r#"{"document":{"category":"csaf_vex","csaf_version":"2.0"}}"#, Some(Records::Csaf)),
            (r#"{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}"#, Some(Records::OpenVex)),
            (r#"{"dataType":"CVE_RECORD","dataVersion":"5.1"}"#, Some(Records::Cve)),
            (r#"[{"cveId":"CVE-1-1","euvdId":"EUVD-1-1","sources":["x"]}]"#, Some(Records::Euvd)),
            (r#"{"items":[{"id":"EUVD-1-1","enisaUuid":"u"}],"total":1}"#, Some(Records::Euvd)),
            ("#model_version:v2025.03.14,score_date:2025-06-01T12:55:00Z\ncve,epss,percentile\n", Some(Records::Epss)),
            ("cve,epss,percentile\nCVE-1-1,0.1,0.2", Some(Records::Epss)),
            ("---\ntitle: X\nreleases:\n-   releaseCycle: \"1\"\n---\n", Some(Records::EndOfLife)),
            ("---\ntitle: X\n---\nreleases:\n", None),
            (r#"{"bomFormat":"CycloneDX","vulnerabilities":[]}"#, Some(Records::CycloneDx)),
            (r#"{"bomFormat":"CycloneDX","components":[{"name":"vulnerabilities"}]}"#, None),
            // Statements may stand behind many components.
            (r#"{"bomFormat":"CycloneDX","components":[{"name":"a"},"#, Some(Records::CycloneDx)),
            (r#"{"id":"x"}"#, None),
            ("{\"id\":\"x\"}\n{\"id\":\"y\",\"modified\":\"z\",\"affected\":[]}", Some(Records::Osv)),
            (r#"{"inner":{"id":"A","modified":"x","affected":[]}}"#, None),
            (r#"{"dataType":"OTHER"}"#, None),
            ("{\"open", None),
            ("", None),
            ("plain text", None),
            ("]]]}}}", None),
        ] {
            assert_eq!(sniff(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_record_is_told_wherever_it_is_cut_behind_its_keys() {
        let text = r#"{"id":"A-1","modified":"2024","affected":[{"package":{"name":"x"}}],"details":"d"}"#;
        let told = (0..text.len()).filter(|cut| sniff(&text.as_bytes()[..*cut]).is_some()).min().unwrap();
        assert!(told <= text.find("\":[").unwrap() + 3, "{told}");
        for cut in told..=text.len() {
            assert_eq!(sniff(&text.as_bytes()[..cut]), Some(Records::Osv), "{cut}");
        }
    }
}
