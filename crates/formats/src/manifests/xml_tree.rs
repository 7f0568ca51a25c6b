// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A small XML document as a tree: names without prefixes, texts, no attributes.
//!
//! For manifests that fit into memory many times over. Document type definitions are refused, so no entity can be declared;
//! depth and number of elements are limited.

use std::borrow::Cow;

use encoding_rs::Encoding;
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;
use underpin_model::Limits;

use crate::reader::Unreadable;
use underpin_model::limits::bounds;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Name without prefix.
    pub name: String,
    /// Text directly inside, trimmed.
    pub text: String,
    /// Elements inside, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child called `name`.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child called `name`; empty when there is none.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| &child.text)
    }

    /// The children called `name` of the child called `list`.
    pub fn items<'e>(&'e self, list: &str, name: &'e str) -> impl Iterator<Item = &'e Self> {
        let children = self.child(list).map_or(&[][..], |list| &list.children);
        children.iter().filter(move |child| child.name == name)
    }
}

/// A document, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub root: Element,
    /// True when the file ends in the middle; what was open is closed.
    pub is_cut: bool,
    /// True when the text is neither UTF-8 nor in the encoding that it states.
    pub is_recoded: bool,
}

/// Reads a document.
///
/// # Errors
/// When it is no XML, has a document type definition, or is beyond the limits.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let (text, is_recoded) = decoded(bytes);
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut elements = 0_usize;
    let is_cut = loop {
        let place = reader.buffer_position();
        let at = || format!("byte {place}");
        let event = match reader.read_event() {
            Ok(event) => event,
            // The end of the data in the middle of something: what came before is kept.
            Err(_) if elements > 0 && usize::try_from(reader.buffer_position()).is_ok_and(|end| end >= text.len()) => {
                break true;
            }
            Err(error) => return Err(Unreadable::new("malformed-xml", at(), error.to_string())),
        };
        match event {
            Event::DocType(_) => {
                return Err(Unreadable::new("entities-refused", at(), "a document type definition is refused"));
            }
            Event::Start(start) => {
                elements += 1;
                if open.len() > limits.nesting_depth || elements > bounds::XML_ELEMENTS {
                    return Err(Unreadable::limit(at(), "nested deeper or more elements than the limit"));
                }
                open.push(Element { name: start.local_name().as_ref().to_owned(), ..Element::default() });
            }
            Event::Empty(start) => {
                elements += 1;
                let name = start.local_name().as_ref().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Element { name, ..Element::default() });
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => push_text(&mut open, text.as_ref(), limits),
            Event::CData(text) => push_text(&mut open, text.as_ref(), limits),
            Event::GeneralRef(reference) => push_text(&mut open, &entity(reference.as_ref()), limits),
            Event::Eof => break open.len() > 1,
            _ => {}
        }
    };
    while open.len() > 1 {
        close(&mut open);
    }
    let root = open.pop().and_then(|mut document| document.children.pop());
    root.map(|root| Document { root, is_cut, is_recoded })
        .ok_or_else(|| Unreadable::new("malformed-xml", "byte 0", "no element"))
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(mut done) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        done.text = done.text.trim().to_owned();
        parent.children.push(done);
    }
}

fn push_text(open: &mut [Element], text: &str, limits: &Limits) {
    if let Some(element) = open.last_mut()
        && element.text.len() + text.len() <= limits.text_bytes
    {
        element.text.push_str(text);
    }
}

/// The five entities that XML itself has, and characters by number; others cannot exist without a definition.
fn entity(name: &str) -> String {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix('#') {
            Some(digits) => digits.strip_prefix('x').map_or_else(|| number(digits, 10), |digits| number(digits, 16)),
            None => None,
        },
    };
    character.map_or_else(String::new, String::from)
}

/// UTF-8, else the encoding that the declaration states, else Windows-1252; true for the last.
fn decoded(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Ok(text) = str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        return (Cow::Borrowed(text), false);
    }
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let stated = memmem::find(head, b"encoding=").and_then(|at| {
        let label = head.get(at + 10..)?;
        let end = label.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
        Encoding::for_label(label.get(..end)?)
    });
    // A file that states UTF-8 and is not is not believed.
    let stated = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or(stated);
    let stated = stated.filter(|encoding| *encoding != encoding_rs::UTF_8);
    (stated.unwrap_or(encoding_rs::WINDOWS_1252).decode(bytes).0, stated.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_and_bombs_refused() {
        let limits = Limits { nesting_depth: 3, ..Limits::default() };
        let Document { root, is_cut, .. } =
            parse(b"<p:a x='1'><b> t &amp; &#65;</b><b/><!-- c --></p:a>", &limits).unwrap();
        assert_eq!((root.name.as_str(), root.children.len(), is_cut), ("a", 2, false));
        assert_eq!(root.text_of("b"), "t & A");
        let Document { root, is_cut, .. } = parse(b"<a><b>t</b><c>u", &limits).unwrap();
        assert_eq!((root.text_of("b"), root.text_of("c"), is_cut), ("t", "u", true));
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>";
        assert_eq!(
            parse(latin, &limits).map(|document| (document.root.text, document.is_recoded)),
            Ok(("ü".into(), false))
        );
        assert_eq!(parse(b"<a>\xfc</a>", &limits).map(|document| document.is_recoded), Ok(true));
        for (text, code) in [
            ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "entities-refused"),
            ("<a><b><c><d/></c></b></a>", ""),
            ("<a><b><c><d><e/></d></c></b></a>", "too-many-elements"),
            ("", "malformed-xml"),
            ("text", "malformed-xml"),
            ("<a></b></a>", "malformed-xml"),
        ] {
            assert_eq!(parse(text.as_bytes(), &limits).map_or_else(|error| error.code, |_| ""), code, "{text}");
        }
    }
}
