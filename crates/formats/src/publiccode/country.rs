// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The Italian section of an older publiccode.yml: what of it version 0.7 says elsewhere, and what it has no other place for.

use std::fmt::Write as _;

use underpin_model::practices::ChangeKind;

use super::lists;
use super::upgrade::truth;
use crate::declarations::yaml::{Entry, Node};

/// Promises of conformity that no list of version 0.7 has.
const PROMISES: &[&str] = &["lineeGuidaDesign", "modelloInteroperabilita", "misureMinimeSicurezza"];

/// A section with what can be moved.
pub(super) struct Section<'n, 'a> {
    pub(super) entry: &'n Entry<'a>,
    /// Names for `supports`.
    pub(super) supports: Vec<&'static str>,
    /// The code of an office.
    pub(super) code: Option<&'n str>,
    /// Whether the organisation of the file is that office already.
    is_said: bool,
    /// Promises that are made, and values that are no truth: they stay.
    left: Vec<(&'static str, String)>,
}

impl<'n, 'a> Section<'n, 'a> {
    /// The section of a file, under either of its names. Of two, which is a fault, both stay.
    pub(super) fn of(root: &'n Node<'a>) -> Option<Self> {
        let (large, small) = (root.entry("IT"), root.entry("it"));
        let entry = if large.is_some() && small.is_some() { None } else { large.or(small) }?;
        let section = &entry.value;
        let of = |map: &str, key: &str| section.get(map).and_then(|map| map.get(key));
        let says = |map: &str, key: &str| of(map, key).and_then(truth) == Some(true);
        let is_supported =
            |alias: &&&str| says("piattaforme", alias) || (**alias == "gdpr" && says("conforme", "gdpr"));
        let supports = lists::ALIASES.iter().filter(is_supported).copied().collect();
        let code = of("riuso", "codiceIPA").and_then(Node::text).filter(|code| is_code(code));
        let uri = root.get("organisation").and_then(|map| map.get("uri")).and_then(Node::text).unwrap_or_default();
        let is_said = code.is_some_and(|code| uri.eq_ignore_ascii_case(&format!("urn:x-italian-pa:{code}")));
        let promised = |key: &&'static str| says("conforme", key).then(|| (*key, "true".to_owned()));
        Some(Self { entry, supports, code, is_said, left: PROMISES.iter().filter_map(promised).collect() })
    }

    /// Whether the code has found its place: in the organisation that is written, or in the one that is there.
    fn has_moved(&self, organisation: Option<&str>) -> bool {
        self.is_said || organisation.is_some_and(|own| own.split('\n').next() == self.code)
    }

    /// What stays of the section, as its new text; empty where all of it has another place.
    pub(super) fn rest(&self, organisation: Option<&str>) -> String {
        let mut text = String::new();
        if !self.left.is_empty() {
            text += "  conforme:\n";
            self.left.iter().for_each(|(key, value)| {
                let _ = writeln!(text, "    {key}: {value}");
            });
        }
        if let Some(code) = self.code
            && !self.has_moved(organisation)
        {
            let _ = write!(text, "  riuso:\n    codiceIPA: {code}\n");
        }
        if text.is_empty() { text } else { format!("IT:\n{text}") }
    }

    /// What is done with each of its keys that says something.
    pub(super) fn changes(&self, organisation: Option<&str>) -> Vec<(ChangeKind, String)> {
        let name = &self.entry.key;
        let mut told = Vec::new();
        let is_gone = self.rest(organisation).is_empty();
        if is_gone {
            told.push((ChangeKind::Moved, name.to_string()));
        } else if name == "it" {
            told.push((ChangeKind::Renamed, name.to_string()));
        }
        if !self.left.is_empty() {
            told.push((ChangeKind::Left, format!("{name}.conforme")));
        }
        if self.code.is_some() && !self.has_moved(organisation) {
            told.push((ChangeKind::Left, format!("{name}.riuso.codiceIPA")));
        }
        told
    }
}

/// A code of an office, as the register writes them.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
