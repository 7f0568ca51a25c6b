// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The list of readers, and how the right one is found: by content; a file name only breaks ties between plain texts.

use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

/// A reader of one format.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Stable identifier (`cyclonedx-json`).
    pub id: &'static str,
    /// Name for people (`CycloneDX 1.2 to 1.7, JSON`).
    pub title: &'static str,
    /// Grows whenever the same bytes would be read differently; `rebuild` reads again what an older one read.
    pub version: u32,
    /// True when the bytes look like this format. Must be cheap and must not panic.
    pub sniff: fn(&Probe<'_>) -> bool,
    /// Reads the bytes. An error means that nothing at all could be read: the document is quarantined.
    pub read: for<'a> fn(&'a [u8], &Context<'a>) -> Result<Inventory<'a>, Unreadable>,
    /// File names in the same folder that are read together with this one (`go.sum` beside `go.mod`).
    pub companions: &'static [&'static str],
}

/// What detection may look at.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// The whole content.
    pub bytes: &'a [u8],
    /// Last part of the path, as it was called; may be empty (standard input).
    pub file_name: &'a str,
    /// Path with folders, `/` between them; may be empty.
    pub path: &'a str,
}

/// What a reader may need beside the bytes.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Limits in force.
    pub limits: &'a Limits,
    /// Path with folders; may be empty.
    pub path: &'a str,
    /// Companions found: file name and content.
    pub companions: Vec<(&'a str, &'a [u8])>,
    /// How many envelopes were already taken off.
    pub depth: usize,
}

impl<'a> Context<'a> {
    /// No path, no companions.
    pub fn new(limits: &'a Limits) -> Self {
        Self { limits, path: "", companions: Vec::new(), depth: 0 }
    }

    /// The content of the companion called `name`.
    pub fn companion(&self, name: &str) -> Option<&'a [u8]> {
        self.companions.iter().find(|(companion, _)| *companion == name).map(|(_, bytes)| *bytes)
    }
}

/// Nothing could be read: the reason, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail} (at {place})")]
pub struct Unreadable {
    /// Stable kebab-case code: `malformed-json`, `malformed-xml`, `entities-refused`, `too-large`, …
    pub code: &'static str,
    /// Where: byte, line or pointer.
    pub place: String,
    /// What was seen.
    pub detail: String,
}

impl Unreadable {
    /// A reason at a place.
    pub fn new(code: &'static str, place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, place: place.into(), detail: detail.into() }
    }

    /// For limits: the gap code that the same deviation would have as a gap.
    pub fn limit(place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(GapCode::TooManyElements.as_str(), place, detail)
    }
}

/// Every reader, in the order they are asked. The first whose `sniff` agrees takes the document.
pub fn readers() -> impl Iterator<Item = &'static Reader> {
    [
        crate::simulated::READERS,
        crate::continent::READERS,
        crate::envelope::READERS,
        crate::cyclonedx::READERS,
        crate::spdx::READERS,
        crate::lockfiles::READERS,
        crate::installed::READERS,
        crate::manifests::READERS,
    ]
    .into_iter()
    .flatten()
}

/// The reader for these bytes, if they are evidence at all.
pub fn detect(probe: &Probe<'_>) -> Option<&'static Reader> {
    readers().find(|reader| (reader.sniff)(probe))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_unique() {
        let mut ids: Vec<_> = readers().map(|reader| reader.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn noise_is_no_evidence() {
        for bytes in
            [&b""[..], b"\0\x01\x02\xff", b"hello world\n", b"<html></html>", b"{}", b"[]", b"\x89PNG\r\n\x1a\n"]
        {
            let probe = Probe { bytes, file_name: "x", path: "x" };
            assert_eq!(detect(&probe).map(|reader| reader.id), None, "{bytes:?}");
        }
    }
}
