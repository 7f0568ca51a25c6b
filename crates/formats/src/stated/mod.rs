// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A bill of materials as it stands there, for rules to judge: nothing is mended, and what is not stated well is not stated.
//!
//! Where each fact has to stand follows the mapping of BSI TR-03183-2 v2.1.0 to CycloneDX 1.6 and SPDX 3.0.1; in SPDX 2, which that
//! guideline no longer admits, it follows SPDX 2.3. Why a fact is missing stands among the faults.

mod cyclonedx;
mod cyclonedx_component;
mod identifiers;
mod licences;
mod spdx3;
mod spdx3_package;
mod tree;

use std::borrow::Cow;

use serde_json::Value;
use underpin_model::Limits;
use underpin_model::inventory::Text;
use underpin_model::purl::Purl;
use underpin_model::stated::{ComponentFact, DocumentFact, FactFault, StatedSbom};

use crate::declarations::values::{is_address, is_mail_address, is_moment, is_web_address};
use crate::reader::{Probe, Unreadable, detect};

use identifiers::is_cpe;
pub(crate) use identifiers::known_digits;
pub(crate) use licences::LicenceTexts;

/// What a document states; none where it is no bill of materials.
///
/// # Errors
/// `malformed-json`, `malformed-xml` and the like, with line and column: then nothing at all can be judged.
pub fn stated<'a>(
    bytes: &'a [u8],
    (file_name, path): (&'a str, &'a str),
    limits: &Limits,
) -> Result<Option<StatedSbom<'a>>, Unreadable> {
    let Some(reader) = detect(&Probe { bytes, file_name, path }) else { return Ok(None) };
    match reader.id {
        "cyclonedx-json" => cyclonedx::json(bytes, limits).map(Some),
        "cyclonedx-xml" => cyclonedx::xml(bytes, limits).map(Some),
        "spdx-3-json" => spdx3::read(bytes, limits).map(Some),
        id if id.starts_with("spdx-") => crate::spdx::stated(id, bytes, limits).map(Some),
        _ => Ok(None),
    }
}

/// Whether a text states a fact: itself, or why it does not.
pub(crate) type Judge = fn(&str) -> Result<&str, FactFault>;

/// What a text says: itself, or why it says nothing.
pub(crate) fn said(text: &str) -> Result<&str, FactFault> {
    const NOTHING: &[&str] = &[
        "-",
        ".",
        "?",
        "n/a",
        "na",
        "nil",
        "noassertion",
        "none",
        "not specified",
        "null",
        "tbd",
        "todo",
        "undefined",
        "unknown",
        "unspecified",
    ];
    let text = text.trim();
    if text.is_empty() {
        return Err(FactFault::Empty);
    }
    let is_nothing = text.len() <= 16 && NOTHING.binary_search(&text.to_ascii_lowercase().as_str()).is_ok();
    if is_nothing { Err(FactFault::SaysNothing) } else { Ok(text) }
}

/// A name: packages may well be called `none` or `unknown`, so only what formats reserve says nothing.
pub(crate) fn named(text: &str) -> Result<&str, FactFault> {
    match text.trim() {
        "" => Err(FactFault::Empty),
        "NOASSERTION" | "NONE" => Err(FactFault::SaysNothing),
        text => Ok(text),
    }
}

/// A mail address, else an address of the web.
pub(crate) fn contact(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    if is_mail_address(text) || is_web_address(text) { Ok(text) } else { Err(FactFault::Malformed) }
}

/// An address of the web or of a repository.
pub(crate) fn address(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    let plain = text
        .split_once('+')
        .filter(|(tool, _)| matches!(*tool, "git" | "hg" | "svn" | "bzr"))
        .map_or(text, |(_, rest)| rest);
    if is_address(plain) { Ok(text) } else { Err(FactFault::Malformed) }
}

/// A moment as RFC 3339 writes it.
pub(crate) fn moment(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    if is_moment(text) { Ok(text) } else { Err(FactFault::Malformed) }
}

/// A package URL that needs no mending.
pub(crate) fn purl(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    text.parse::<Purl>().map(|_| text).map_err(|_| FactFault::Malformed)
}

/// A CPE name.
pub(crate) fn cpe(text: &str) -> Result<&str, FactFault> {
    let text = said(text)?;
    if is_cpe(text) { Ok(text) } else { Err(FactFault::Malformed) }
}

/// A reading of one document: the facts, and what stands where a fact should be.
pub(crate) struct Reading<'a> {
    pub sbom: StatedSbom<'a>,
    /// The component that is read at the moment.
    pub component: Option<usize>,
}

impl<'a> Reading<'a> {
    /// Nothing read yet.
    pub fn of(format: &'static str, notation: &'static str) -> Self {
        let mut sbom = StatedSbom::default();
        sbom.state(DocumentFact::Format, Some(Cow::Borrowed(format)));
        sbom.state(DocumentFact::Notation, Some(Cow::Borrowed(notation)));
        Self { sbom, component: None }
    }

    /// Notes what stands where a fact of the document, or of the component at hand, should be.
    pub fn note(&mut self, fact: &'static str, fault: FactFault) {
        self.sbom.note(self.component, fact, fault);
    }

    /// Keeps what is said, or notes why nothing is.
    pub fn kept(&mut self, fact: &'static str, said: Result<&str, FactFault>) -> Option<Text<'static>> {
        match said {
            Ok(text) => Some(Cow::Owned(text.to_owned())),
            Err(fault) => {
                self.note(fact, fault);
                None
            }
        }
    }

    /// The text at `key` of an object, where it is one. A missing key is no fault.
    pub fn text<'v>(&mut self, object: &'v Value, key: &str, fact: &'static str) -> Option<&'v str> {
        match object.get(key)? {
            Value::String(text) => Some(text),
            // An element of XML with attributes.
            Value::Object(fields) if fields.get("content").is_some_and(Value::is_string) => {
                fields.get("content").and_then(Value::as_str)
            }
            Value::Null => {
                self.note(fact, FactFault::Null);
                None
            }
            _ => {
                self.note(fact, FactFault::WrongType);
                None
            }
        }
    }

    /// The objects of a list; what else stands there is noted. A lone object is a list of one in XML.
    pub fn list<'v>(&mut self, object: &'v Value, key: &str, fact: &'static str) -> &'v [Value] {
        match object.get(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(Value::Null) => {
                self.note(fact, FactFault::Null);
                &[]
            }
            Some(one @ (Value::Object(_) | Value::String(_))) if self.is_xml() => std::slice::from_ref(one),
            Some(_) => {
                self.note(fact, FactFault::WrongType);
                &[]
            }
        }
    }

    fn is_xml(&self) -> bool {
        self.sbom.fact(DocumentFact::Notation) == Some("xml")
    }

    /// States a fact of the component at hand.
    pub fn state(&mut self, fact: ComponentFact, text: Option<Text<'a>>) {
        if let Some(component) = self.component.and_then(|number| self.sbom.components.get_mut(number)) {
            component.state(fact, text);
        }
    }
}
