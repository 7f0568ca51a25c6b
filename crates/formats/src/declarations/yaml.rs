// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! YAML as a tree in which every value knows its line and letter, for files whose faults are told to people.
//!
//! Scalars stay texts, with the notation they were written in: which of them are truths or nothing is for YAML 1.2 to say, not for
//! older versions. An alias is the value that it names, within a bound on all values together, so nothing can grow.

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle};
use hashbrown::HashMap;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds::{DECLARATION_DEPTH, DECLARATION_VALUES};
use underpin_model::practices::FaultCode;

/// A place in a text: line and letter from 1, and the byte from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) offset: usize,
}

/// A value and where it begins and ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node<'a> {
    pub(crate) at: Spot,
    pub(crate) end: usize,
    /// Written in brackets.
    pub(crate) is_flow: bool,
    pub(crate) kind: Kind<'a>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Kind<'a> {
    #[default]
    Nothing,
    /// A text; plain ones stand without quotes and may mean a truth or a number.
    Scalar {
        text: Text<'a>,
        is_plain: bool,
    },
    List(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Text<'a>,
    pub(crate) at: Spot,
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// A truth after the core schema of YAML 1.2.
    pub(crate) fn flag(&self) -> Option<bool> {
        match &self.kind {
            Kind::Scalar { text, is_plain: true } => match text.as_ref() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it says nothing at all.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.kind, Kind::Nothing)
    }

    /// The entries of a map; none for everything else.
    pub(crate) fn entries(&self) -> &[Entry<'a>] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    /// The values of a list; none for everything else.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The entry of a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of a key, unless it is nothing.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entry(key).map(|entry| &entry.value).filter(|value| !value.is_nothing())
    }
}

/// Why a text is no tree, and where.
pub(crate) type Broken = (FaultCode, Spot);

/// The one document of a text; `None` where it has none.
pub(crate) fn read(text: &str) -> Result<Option<Node<'_>>, Broken> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DECLARATION_DEPTH,
        block_nesting_limit: DECLARATION_DEPTH,
    };
    let mut tree = Tree::default();
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| (FaultCode::MalformedYaml, spot(*error.marker())))?;
        tree.take(event, span)?;
    }
    Ok(tree.document)
}

fn spot(marker: Marker) -> Spot {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Spot {
        line: count(marker.line()),
        column: count(marker.col().saturating_add(1)),
        offset: marker.byte_offset().unwrap_or_else(|| marker.index()),
    }
}

/// The document so far, the collections still open, and what anchors name.
#[derive(Default)]
struct Tree<'a> {
    document: Option<Node<'a>>,
    documents: usize,
    open: Vec<Open<'a>>,
    anchors: HashMap<usize, Node<'a>>,
    values: usize,
}

struct Open<'a> {
    node: Node<'a>,
    anchor: usize,
    /// The key whose value is awaited.
    key: Option<(Text<'a>, Spot)>,
}

impl<'a> Tree<'a> {
    fn take(&mut self, event: Event<'a>, span: Span) -> Result<(), Broken> {
        let at = spot(span.start);
        let node = |kind, is_flow| Node { at, end: spot(span.end).offset, is_flow, kind };
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err((FaultCode::SeveralDocuments, at));
                }
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(node(Kind::List(Vec::new()), style == StructureStyle::Flow), anchor);
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(node(Kind::Map(Vec::new()), style == StructureStyle::Flow), anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut open) = self.open.pop() {
                    open.node.end = spot(span.end).offset;
                    self.put(open.node, open.anchor)?;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let is_nothing = is_plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let kind = if is_nothing { Kind::Nothing } else { Kind::Scalar { text, is_plain } };
                self.put(node(kind, false), anchor)?;
            }
            Event::Alias(anchor) => {
                let Some(mut named) = self.anchors.get(&anchor).cloned() else {
                    return Err((FaultCode::MalformedYaml, at));
                };
                self.values += size(&named);
                (named.at, named.end) = (at, spot(span.end).offset);
                self.put(named, 0)?;
            }
            Event::UnresolvedAlias(_) => return Err((FaultCode::MalformedYaml, at)),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, node: Node<'a>, anchor: usize) {
        self.open.push(Open { node, anchor, key: None });
    }

    fn put(&mut self, node: Node<'a>, anchor: usize) -> Result<(), Broken> {
        self.values += 1;
        if anchor != 0 {
            self.values += size(&node);
            self.anchors.insert(anchor, node.clone());
        }
        if self.values > DECLARATION_VALUES {
            return Err((FaultCode::BeyondLimits, node.at));
        }
        let Some(open) = self.open.last_mut() else {
            self.document = Some(node);
            return Ok(());
        };
        match (&mut open.node.kind, open.key.take()) {
            (Kind::List(items), _) => items.push(node),
            (Kind::Map(entries), Some((key, at))) => entries.push(Entry { key, at, value: node }),
            (Kind::Map(entries), None) => {
                let key = match node.kind {
                    Kind::Scalar { text, .. } => text,
                    Kind::Nothing => Text::default(),
                    _ => return Err((FaultCode::WrongType, node.at)),
                };
                if entries.iter().any(|entry| entry.key == key) {
                    return Err((FaultCode::Twice, node.at));
                }
                open.key = Some((key, node.at));
            }
            _ => {}
        }
        Ok(())
    }
}

/// How many values a tree has.
fn size(node: &Node<'_>) -> usize {
    let inside: usize = match &node.kind {
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
        _ => 0,
    };
    inside.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let text = "ä: é\nlist:\n  - {b: yes}\n  - \"true\"\n";
        let node = read(text).expect("a tree").expect("a document");
        let item = &node.entry("list").expect("a key").value.items()[0];
        assert_eq!((item.at.line, item.at.column), (3, 5));
        assert_eq!(item.get("b").expect("a value").flag(), None, "yes is no truth in YAML 1.2");
        assert_eq!(&text[node.entry("list").expect("a key").at.offset..][..4], "list");
        assert_eq!(node.entry("list").expect("a key").value.items()[1].flag(), None, "a text in quotes is no truth");
    }

    #[test]
    fn aliases_are_what_they_name_and_bombs_are_refused() {
        let node = read("a: &a [x, y]\nb: *a\n").expect("a tree").expect("a document");
        assert_eq!(node.get("b").expect("a value").items()[1].text(), Some("y"));
        let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (next, last) in ('b'..='i').zip('a'..='h') {
            bomb += &format!("{next}: &{next} [{}]\n", vec![format!("*{last}"); 9].join(","));
        }
        assert_eq!(read(&bomb).expect_err("too many values").0, FaultCode::BeyondLimits);
        assert_eq!(read(&"[".repeat(100_000)).expect_err("too deep").0, FaultCode::MalformedYaml);
        assert_eq!(read("a: *nothing\n").expect_err("no anchor").0, FaultCode::MalformedYaml);
    }

    #[test]
    fn documents_and_keys_stand_once() {
        assert_eq!(read("a: 1\n---\nb: 2\n").expect_err("two").0, FaultCode::SeveralDocuments);
        let (code, at) = read("a: 1\nb: 2\na: 3\n").expect_err("twice");
        assert_eq!((code, at.line, at.column), (FaultCode::Twice, 3, 1));
        assert!(read("# nothing\n").expect("no fault").is_none());
    }
}
