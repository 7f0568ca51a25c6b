// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CycloneDX 1.2 to 1.7 (ECMA-424), JSON and XML.
//!
//! Both notations become the same inventory. A fault of a producer becomes a gap with the place as a JSON pointer; only
//! a document that is malformed, or cut off before its first component, or an XML document with entities, cannot be read
//! at all. What is not
//! inventory (annotations, declarations, cryptography, model cards, formulation, signatures) is passed over; the
//! original keeps it.
//!
//! Traps: nesting is containment, never dependency; `provides` is no edge; the subject's component stands in the
//! metadata and may be repeated in the list.

mod check;
mod component;
mod decode;
mod document;
mod graph;
mod hash;
mod lenient;
mod licence;
mod mend;
mod metadata;
mod patch_shape;
mod properties;
mod shape;
mod sniff;
mod targets;
pub mod vex;
mod vex_shape;
mod vex_write;
pub mod write;
mod write_component;
mod xml;

#[cfg(test)]
mod exam;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod statement_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vex_tests;

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use underpin_model::Inventory;
use underpin_model::gap::GapCode;

use crate::reader::{Context, Reader, Unreadable};
use document::Document;
use lenient::{At, Fill};
pub(crate) use sniff::TopLevel;

/// The readers of this family.
pub const READERS: &[Reader] = &[
    Reader {
        id: "cyclonedx-json",
        title: "CycloneDX 1.2 to 1.7, JSON",
        version: 1,
        sniff: sniff::is_json,
        read: read_json,
        companions: &[],
    },
    Reader {
        id: "cyclonedx-xml",
        title: "CycloneDX 1.2 to 1.7, XML",
        version: 1,
        sniff: sniff::is_xml,
        read: read_xml,
        companions: &[],
    },
];

/// Reads a JSON document. One that ends in the middle is read as far as it goes.
///
/// # Errors
/// `malformed-json`, or `truncated-document` when not one component was whole, with line and column.
pub fn read_json<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    read_decoded(bytes, context, json_text)
}

/// Reads an XML document. One that ends in the middle is read as far as it goes.
///
/// # Errors
/// `malformed-xml` or `entities-refused`, or `truncated-document` when not one component was whole, with line and column.
pub fn read_xml<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    read_decoded(bytes, context, xml_text)
}

/// The text of a document, in whatever encoding it came.
pub(crate) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    decode::decode(bytes).text
}

/// Reads an XML document in the shape of the JSON.
///
/// # Errors
/// `malformed-xml`, `entities-refused` or `truncated-document`, with line and column.
pub(crate) fn xml_tree<'t, S: DeserializeSeed<'t>>(text: &'t str, seed: S) -> Result<S::Value, Unreadable> {
    let mut source = xml::Source::new(text);
    source.root(seed).map_err(|fault| Unreadable::new(fault.code, source.place(), fault.detail))
}

/// Decodes the bytes and reads the text; the inventory borrows from the bytes where they are UTF-8.
fn read_decoded<'a>(
    bytes: &'a [u8],
    context: &Context<'_>,
    read: for<'t> fn(&'t str, &Context<'_>) -> Result<Inventory<'t>, Unreadable>,
) -> Result<Inventory<'a>, Unreadable> {
    let decoded = decode::decode(bytes);
    let mut inventory = match decoded.text {
        Cow::Borrowed(text) => read(text, context)?,
        Cow::Owned(text) => read(&text, context)?.into_owned(),
    };
    if let Some(encoding) = decoded.unusual {
        inventory.gaps.add(GapCode::WrongEncoding, "/", encoding);
    }
    Ok(inventory)
}

fn json_text<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    match parse_json(text, context) {
        Err(error) if error.is_syntax() => match mend::mend(text) {
            Some(mended) => {
                let mut inventory =
                    parse_json(&mended.text, context).map_err(|_| unreadable_json(&error))?.into_owned();
                inventory.gaps.add(GapCode::InvalidValue, mended.place, mended.detail);
                Ok(inventory)
            }
            None => Err(unreadable_json(&error)),
        },
        result => result.map_err(|error| unreadable_json(&error)),
    }
}

fn parse_json<'t>(text: &'t str, context: &Context<'_>) -> serde_json::Result<Inventory<'t>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut at = At::new(context.limits, false);
    let mut document = Document::default();
    let place = |error: &serde_json::Error| format!("line {} column {}", error.line(), error.column());
    match Fill(&mut document, &mut at).deserialize(&mut deserializer) {
        Err(error) if error.is_eof() && document.has_components() => {
            return Ok(document.finish_truncated(at, place(&error)));
        }
        result => result?,
    };
    if let Err(error) = deserializer.end() {
        at.gaps.add(GapCode::InvalidValue, place(&error), "text after the end of the document was passed over");
    }
    Ok(document.finish(at))
}

fn unreadable_json(error: &serde_json::Error) -> Unreadable {
    let code = if error.is_eof() { GapCode::TruncatedDocument.as_str() } else { "malformed-json" };
    let place = format!("line {} column {}", error.line(), error.column());
    let detail = error.to_string();
    let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    Unreadable::new(code, place, detail)
}

fn xml_text<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let mut source = xml::Source::new(text);
    let mut at = At::new(context.limits, true);
    let mut document = Document::default();
    match source.root(Fill(&mut document, &mut at)) {
        Ok(_) => Ok(document.finish(at)),
        Err(fault) if fault.code == GapCode::TruncatedDocument.as_str() && document.has_components() => {
            Ok(document.finish_truncated(at, source.place()))
        }
        Err(fault) => Err(Unreadable::new(fault.code, source.place(), fault.detail)),
    }
}
