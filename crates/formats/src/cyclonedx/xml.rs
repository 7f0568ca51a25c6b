// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CycloneDX XML, presented to serde in the shape of the JSON.
//!
//! Attributes and child elements are fields; an element with text alone is a text; text beside attributes is the field
//! `content`; the wrappers in [`list_of`] are lists. Elements in foreign namespaces are passed over.
//!
//! Traps: a document type declaration, and any entity beyond the five that XML defines, are refused: they serve only
//! to blow a document up or to read files. Passing over is done without recursion.

use std::borrow::Cow;
use std::fmt;

use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use quick_xml::{Reader, XmlVersion};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Why a document could not be read further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `malformed-xml`, `truncated-document` or `entities-refused`.
    pub code: &'static str,
    /// What was seen.
    pub detail: String,
}

impl Fault {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    fn truncated() -> Self {
        Self::new("truncated-document", "the document ends inside an element")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new("malformed-xml", message.to_string())
    }
}

impl From<quick_xml::Error> for Fault {
    fn from(error: quick_xml::Error) -> Self {
        use quick_xml::Error;
        let code = match &error {
            Error::Syntax(SyntaxError::InvalidBangMarkup | SyntaxError::UnclosedDoctype) => "malformed-xml",
            Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => "truncated-document",
            _ => "malformed-xml",
        };
        Self::new(code, error.to_string())
    }
}

/// How the children of an element become a list.
#[derive(Clone, Copy)]
enum ListOf {
    /// Each child is one item.
    Items,
    /// Each child is an object with one field, named as the child.
    Fields,
}

/// The elements that wrap lists.
fn list_of(name: &str) -> Option<ListOf> {
    match name {
        "licenses" => Some(ListOf::Fields),
        "components" | "services" | "hashes" | "externalReferences" | "properties" | "dependencies"
        | "compositions" | "assemblies" | "vulnerabilities" | "affects" | "ancestors" | "commits" | "patches"
        | "resolves" | "lifecycles" | "authors" | "endpoints" | "occurrences" | "methods" | "data" | "citations"
        | "ratings" | "responses" | "references" | "versions" => Some(ListOf::Items),
        _ => None,
    }
}

/// The attributes that are fields. Any other is allowed everywhere and means nothing.
const ATTRIBUTES: &[&str] = &[
    "bom-ref",
    "type",
    "alg",
    "ref",
    "name",
    "version",
    "serialNumber",
    "acknowledgement",
    "expression",
    "encoding",
    "flow",
    "isExternal",
    "tagId",
];

/// A start tag.
#[derive(Clone, Copy, Debug)]
struct Tag<'de> {
    /// Whole name with prefix.
    name: &'de str,
    /// Everything between the angle brackets.
    content: &'de str,
    /// True for `<a/>`.
    empty: bool,
}

impl<'de> Tag<'de> {
    fn prefix(&self) -> &'de str {
        self.name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    fn local(&self) -> &'de str {
        self.name.split_once(':').map_or(self.name, |(_, local)| local)
    }

    /// Name and value of each attribute. Attributes that cannot be read are left out.
    fn attributes(&self) -> impl Iterator<Item = (&'de str, Cow<'de, str>)> + use<'de> {
        let mut attributes = Attributes::new(self.content, self.name.len());
        // Looking for doubled names is quadratic in their number.
        attributes.with_checks(false);
        attributes.flatten().filter_map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some((attribute.key.into_inner(), value))
        })
    }
}

enum Token<'de> {
    Open(Tag<'de>),
    Text(Cow<'de, str>),
    Close,
}

/// A document, read from front to back.
pub struct Source<'de> {
    text: &'de str,
    reader: Reader<&'de [u8]>,
    pending: Option<Token<'de>>,
    prefix: &'de str,
    namespace: Cow<'de, str>,
}

impl<'de> Source<'de> {
    /// Starts reading `text`.
    pub fn new(text: &'de str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = true;
        config.allow_dangling_amp = true;
        Self { text, reader, pending: None, prefix: "", namespace: Cow::Borrowed("") }
    }

    /// Line and column where the reading stands, counted from 1.
    pub fn place(&self) -> String {
        let position = match self.reader.error_position() {
            0 => self.reader.buffer_position(),
            fault => fault,
        };
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let read = self.text.as_bytes().get(..position.min(self.text.len())).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', read).count() + 1;
        let column = read.len() - memchr::memrchr(b'\n', read).map_or(0, |newline| newline + 1) + 1;
        format!("line {line} column {column}")
    }

    /// Reads the root element; its namespace comes as the field `xmlns`.
    ///
    /// # Errors
    /// When the document is malformed, ends too early or has a document type declaration.
    pub fn root<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let tag = loop {
            match self.next()? {
                Some(Token::Open(tag)) => break tag,
                Some(_) => {}
                None => return Err(Fault::new("truncated-document", "no root element")),
            }
        };
        self.prefix = tag.prefix();
        let key = if self.prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", self.prefix) };
        self.namespace = tag.attributes().find(|(name, _)| *name == key).map(|(_, value)| value).unwrap_or_default();
        let value = seed.deserialize(Element { source: self, tag, root: true })?;
        while let Some(token) = self.next()? {
            if let Token::Open(_) = token {
                return Err(Fault::new("malformed-xml", "more than one root element"));
            }
        }
        Ok(value)
    }

    /// The next token; `None` at the end of the document.
    fn next(&mut self) -> Result<Option<Token<'de>>, Fault> {
        if let Some(token) = self.pending.take() {
            return Ok(Some(token));
        }
        let mut text = Cow::Borrowed("");
        loop {
            let start = self.reader.buffer_position();
            let token = match self.reader.read_event()? {
                Event::Text(piece) => {
                    append(&mut text, piece.xml10_content());
                    continue;
                }
                Event::CData(piece) => {
                    append(&mut text, piece.xml10_content());
                    continue;
                }
                Event::GeneralRef(reference) => {
                    append(&mut text, resolve(&reference)?);
                    continue;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::DocType(_) => {
                    return Err(Fault::new("entities-refused", "the document has a document type declaration"));
                }
                Event::Start(tag) => Some(Token::Open(self.tag(start, tag.name().as_ref().len(), false))),
                Event::Empty(tag) => Some(Token::Open(self.tag(start, tag.name().as_ref().len(), true))),
                Event::End(_) => Some(Token::Close),
                Event::Eof => None,
            };
            let trimmed = trim(text);
            if trimmed.is_empty() {
                return Ok(token);
            }
            self.pending = token;
            return Ok(Some(Token::Text(trimmed)));
        }
    }

    /// The tag that begins at `start` and ends where the reading stands, borrowed from the document.
    fn tag(&self, start: u64, name_bytes: usize, empty: bool) -> Tag<'de> {
        let bounds = (usize::try_from(start), usize::try_from(self.reader.buffer_position()));
        let (Ok(start), Ok(end)) = bounds else { return Tag { name: "", content: "", empty } };
        let content = self.text.get(start..end).unwrap_or_default();
        let content = content.strip_prefix('<').unwrap_or(content);
        let content = content.strip_suffix('>').unwrap_or(content);
        let content = if empty { content.strip_suffix('/').unwrap_or(content) } else { content };
        Tag { name: content.get(..name_bytes).unwrap_or_default(), content, empty }
    }

    /// Passes over the rest of an element that was opened.
    fn skip(&mut self, tag: Tag<'de>) -> Result<(), Fault> {
        let mut depth = usize::from(!tag.empty);
        while depth > 0 {
            match self.next()? {
                Some(Token::Open(tag)) if !tag.empty => depth += 1,
                Some(Token::Close) => depth -= 1,
                Some(_) => {}
                None => return Err(Fault::truncated()),
            }
        }
        Ok(())
    }

    /// The next child element of an element that was opened, `None` at its end. Text between goes to `text`.
    fn child(&mut self, text: &mut Cow<'de, str>) -> Result<Option<Tag<'de>>, Fault> {
        loop {
            match self.next()? {
                Some(Token::Open(tag)) if self.is_foreign(&tag) => self.skip(tag)?,
                Some(Token::Open(tag)) => return Ok(Some(tag)),
                Some(Token::Text(piece)) => append(text, piece),
                Some(Token::Close) => return Ok(None),
                None => return Err(Fault::truncated()),
            }
        }
    }

    fn is_foreign(&self, tag: &Tag<'de>) -> bool {
        tag.prefix() != self.prefix
            || (self.prefix.is_empty()
                && tag.content.contains("xmlns=")
                && tag.attributes().any(|(name, value)| name == "xmlns" && value != self.namespace))
    }
}

fn append<'de>(text: &mut Cow<'de, str>, piece: Cow<'de, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn resolve<'de>(reference: &BytesRef<'_>) -> Result<Cow<'de, str>, Fault> {
    if let Some(character) = reference.resolve_char_ref()? {
        return Ok(Cow::Owned(character.to_string()));
    }
    let name = reference.xml10_content();
    Ok(Cow::Borrowed(match &*name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => {
            let name: String = other.chars().take(60).collect();
            return Err(Fault::new("entities-refused", format!("the entity &{name}; is not one of XML's own")));
        }
    }))
}

/// An element that was opened.
struct Element<'s, 'de> {
    source: &'s mut Source<'de>,
    tag: Tag<'de>,
    root: bool,
}

impl<'de> Deserializer<'de> for Element<'_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Self { source, tag, root } = self;
        if let (Some(list), false) = (list_of(tag.local()), root) {
            return visitor.visit_seq(Items { source, list, ended: tag.empty });
        }
        let mut attributes: Vec<_> = tag.attributes().filter(|(name, _)| ATTRIBUTES.contains(name)).collect();
        if root {
            attributes.push(("xmlns", source.namespace.clone()));
        }
        let mut text = Cow::Borrowed("");
        if attributes.is_empty() {
            let first = if tag.empty { None } else { source.child(&mut text)? };
            let Some(child) = first else { return visit_text(visitor, text) };
            source.pending = Some(Token::Open(child));
        }
        visitor.visit_map(Fields { source, attributes: attributes.into_iter(), text, value: None, ended: tag.empty })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.source.skip(self.tag)?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

fn visit_text<'de, V: Visitor<'de>>(visitor: V, text: Cow<'de, str>) -> Result<V::Value, Fault> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

/// The children of an element, as a list.
struct Items<'s, 'de> {
    source: &'s mut Source<'de>,
    list: ListOf,
    ended: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let Some(tag) = self.source.child(&mut Cow::Borrowed(""))? else {
            self.ended = true;
            return Ok(None);
        };
        let element = Element { source: self.source, tag, root: false };
        match self.list {
            ListOf::Items => seed.deserialize(element),
            ListOf::Fields => seed.deserialize(de::value::MapAccessDeserializer::new(OneField(Some(element)))),
        }
        .map(Some)
    }
}

/// An object whose only field is an element.
struct OneField<'s, 'de>(Option<Element<'s, 'de>>);

impl<'de> MapAccess<'de> for OneField<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(element) = &self.0 else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(element.tag.local())).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let element = self.0.take().ok_or_else(|| Fault::new("malformed-xml", "no value"))?;
        seed.deserialize(element)
    }
}

enum Value<'de> {
    Text(Cow<'de, str>),
    Element(Tag<'de>),
}

/// The attributes, children and text of an element, as an object.
struct Fields<'s, 'de> {
    source: &'s mut Source<'de>,
    attributes: std::vec::IntoIter<(&'de str, Cow<'de, str>)>,
    text: Cow<'de, str>,
    value: Option<Value<'de>>,
    ended: bool,
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let (key, value) = if let Some((name, value)) = self.attributes.next() {
            (name, Value::Text(value))
        } else if self.ended {
            if self.text.is_empty() {
                return Ok(None);
            }
            ("content", Value::Text(std::mem::take(&mut self.text)))
        } else if let Some(tag) = self.source.child(&mut self.text)? {
            (tag.local(), Value::Element(tag))
        } else {
            self.ended = true;
            return self.next_key_seed(seed);
        };
        self.value = Some(value);
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.value.take() {
            Some(Value::Element(tag)) => seed.deserialize(Element { source: self.source, tag, root: false }),
            Some(Value::Text(Cow::Borrowed(text))) => seed.deserialize(BorrowedStrDeserializer::new(text)),
            Some(Value::Text(Cow::Owned(text))) => seed.deserialize(text.into_deserializer()),
            None => Err(Fault::new("malformed-xml", "no value")),
        }
    }
}
