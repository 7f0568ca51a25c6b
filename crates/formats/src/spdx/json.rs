// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 2.2 and 2.3 in JSON (and the earlier shapes that are close to them).
//!
//! Source: `schemas/spdx-schema.json` of the specification. Wrong types, unknown fields and missing ones become gaps;
//! only what is no JSON at all is unreadable. Texts are borrowed from the bytes; a document in another encoding than
//! UTF-8 is decoded first and its texts are copied.

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use serde_json::error::Category;
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::notes::{Notes, Origin};
use super::wire::{Document, DocumentSeed, Parts};
use super::{build, encoding};
use crate::reader::{Context, Unreadable};

/// Reads a document. One that ends in the middle is read as far as it goes.
///
/// # Errors
/// `malformed-json`, or `truncated-document` when not one package was whole, with line and column.
pub(super) fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let (text, encoding) = encoding::decode(bytes);
    let mut notes = Notes::new(context.limits, Origin::Pointers);
    if let Some(encoding) = encoding {
        notes.gaps.add(GapCode::WrongEncoding, "/", format!("read as {encoding}"));
    }
    let document = match text {
        Cow::Borrowed(text) => {
            parse(serde_json::Deserializer::from_str(text), context.limits, (&mut notes, Parts::All))?
        }
        // A reader never lends, so nothing borrows from the decoded text.
        Cow::Owned(text) => {
            parse(serde_json::Deserializer::from_reader(text.as_bytes()), context.limits, (&mut notes, Parts::All))?
        }
    };
    Ok(build::inventory(document, notes))
}

pub(super) fn parse<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    limits: &Limits,
    (notes, parts): (&mut Notes<'_>, Parts),
) -> Result<Document<'de>, Unreadable> {
    let mut document = Document::default();
    let place = |error: &serde_json::Error| format!("line {} column {}", error.line(), error.column());
    match DocumentSeed::new(&mut document, limits, parts).deserialize(&mut json) {
        Ok(()) => {}
        Err(error) if error.is_eof() && !document.packages.items.is_empty() => {
            notes.gaps.add(GapCode::TruncatedDocument, place(&error), "");
            return Ok(document);
        }
        Err(error) => return Err(unreadable(&error)),
    }
    if let Err(error) = json.end() {
        let place = place(&error);
        notes.gaps.add(GapCode::MalformedLine, place, "text after the end of the document");
    }
    Ok(document)
}

/// Why a text is no JSON, and where.
pub(super) fn unreadable(error: &serde_json::Error) -> Unreadable {
    let code = match error.classify() {
        Category::Eof => "truncated-document",
        Category::Io | Category::Syntax | Category::Data => "malformed-json",
    };
    Unreadable::new(code, format!("line {} column {}", error.line(), error.column()), error.to_string())
}
