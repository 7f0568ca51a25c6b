// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 2 in YAML: the same keys as in JSON.
//!
//! The events of the YAML parser are put together to a tree, and that is read as JSON is. Traps of YAML: an unquoted
//! version `1.10` looks like a number, so every scalar but `null` is taken as the text that stands there; aliases make
//! small documents huge, so what they repeat is counted and refused beyond a budget.

use std::collections::BTreeMap;

use serde::de::DeserializeSeed;
use serde_json::{Map, Value};
use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle};
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::notes::{Notes, Origin};
use super::wire::{Document, DocumentSeed, Parts};
use super::{build, encoding};
use crate::reader::{Context, Unreadable};

/// Nodes that aliases may repeat in one document. Producers use none.
const REPEATED_NODES: usize = 100_000;

/// Reads a document.
///
/// # Errors
/// `malformed-yaml` with the line; `truncated-document` when it ends inside an element.
pub(super) fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let (text, encoding) = encoding::decode(bytes);
    let mut notes = Notes::new(context.limits, Origin::Pointers);
    if let Some(encoding) = encoding {
        notes.gaps.add(GapCode::WrongEncoding, "/", format!("read as {encoding}"));
    }
    let document = parse(&text, context.limits, &mut notes)?;
    Ok(build::inventory(document, notes))
}

/// The document of a text.
pub(super) fn parse<'a>(text: &str, limits: &Limits, notes: &mut Notes<'_>) -> Result<Document<'a>, Unreadable> {
    let tree = tree(text, limits, notes)?;
    let mut document = Document::default();
    DocumentSeed::new(&mut document, limits, Parts::All)
        .deserialize(tree)
        .map_err(|error| Unreadable::new("malformed-yaml", "/", error.to_string()))?;
    Ok(document)
}

/// A list or mapping that is still open.
enum Open {
    List(Vec<Value>),
    Mapping(Map<String, Value>, Option<String>),
}

struct Builder<'n, 'l> {
    open: Vec<(Open, usize)>,
    anchors: BTreeMap<usize, Value>,
    repeated: usize,
    root: Option<Value>,
    notes: &'n mut Notes<'l>,
}

/// The first YAML document of the text.
fn tree(text: &str, limits: &Limits, notes: &mut Notes<'_>) -> Result<Value, Unreadable> {
    let mut options = Options::default();
    options.flow_nesting_limit = limits.nesting_depth;
    options.block_nesting_limit = limits.nesting_depth;
    let mut builder = Builder { open: Vec::new(), anchors: BTreeMap::new(), repeated: 0, root: None, notes };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let line = error.marker().line();
            let is_end = line >= text.lines().count();
            let code = if is_end { "truncated-document" } else { "malformed-yaml" };
            Unreadable::new(code, format!("line {line}"), error.info())
        })?;
        builder.take(event, span.start.line());
        if builder.root.is_some() {
            break;
        }
    }
    builder.root.ok_or_else(|| Unreadable::new("malformed-yaml", "line 1", "no document"))
}

impl Builder<'_, '_> {
    fn take(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::String(text.into_owned()) };
                self.complete(value, anchor, line);
            }
            Event::SequenceStart(_, anchor, _) => self.open.push((Open::List(Vec::new()), anchor)),
            Event::MappingStart(_, anchor, _) => self.open.push((Open::Mapping(Map::new(), None), anchor)),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some((Open::List(items), anchor)) => self.complete(Value::Array(items), anchor, line),
                Some((Open::Mapping(map, _), anchor)) => self.complete(Value::Object(map), anchor, line),
                None => {}
            },
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().unwrap_or_default();
                let value = if self.afford(&value, line) { value } else { Value::Null };
                self.complete(value, 0, line);
            }
            _ => {}
        }
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, value: Value, anchor: usize, line: usize) {
        if anchor != 0 && self.afford(&value, line) {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some((Open::List(items), _)) => items.push(value),
            Some((Open::Mapping(map, key), _)) => match key.take() {
                None => *key = Some(value.as_str().unwrap_or_default().to_owned()),
                Some(key) => {
                    map.insert(key, value);
                }
            },
        }
    }

    /// Counts the nodes of a value that is repeated; false when the budget is used up.
    fn afford(&mut self, value: &Value, line: usize) -> bool {
        if self.repeated <= REPEATED_NODES {
            self.repeated = self.repeated.saturating_add(nodes(value));
        }
        let affordable = self.repeated <= REPEATED_NODES;
        if !affordable {
            self.notes.gaps.add_with(GapCode::TooManyElements, || (format!("line {line}"), "repeated by aliases"));
        }
        affordable
    }
}

/// Nodes of a tree; its depth is limited by the parser.
fn nodes(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(nodes).fold(1, usize::saturating_add),
        Value::Object(map) => map.values().map(nodes).fold(1, usize::saturating_add),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Result<Value, String>, u64) {
        let limits = Limits::default();
        let mut notes = Notes::new(&limits, Origin::Pointers);
        let tree = tree(text, &limits, &mut notes).map_err(|error| error.code.to_owned());
        (tree, notes.gaps.total())
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        let (tree, gaps) = parse("a: 1.10\nb: yes\nc: ~\nd: \"~\"\ne: [x, {f: 2022-01-01}]\n");
        let expected =
            serde_json::json!({"a": "1.10", "b": "yes", "c": null, "d": "~", "e": ["x", {"f": "2022-01-01"}]});
        assert_eq!((tree, gaps), (Ok(expected), 0));
    }

    #[test]
    fn aliases_are_followed_within_a_budget() {
        let (tree, gaps) = parse("a: &x [1]\nb: *x\n");
        assert_eq!((tree, gaps), (Ok(serde_json::json!({"a": ["1"], "b": ["1"]})), 0));
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        let (tree, gaps) = parse(&bomb);
        assert!(tree.is_ok_and(|tree| nodes(&tree) < 3 * REPEATED_NODES));
        assert!(gaps > 0);
    }

    #[test]
    fn what_is_no_yaml_is_told() {
        assert_eq!(parse("a: [1\nb: 2\n").0, Err("truncated-document".to_owned()));
        assert_eq!(parse("a: \"x\" y\nb: 2\nc: 3\n").0, Err("malformed-yaml".to_owned()));
        assert!(parse(&"[".repeat(100_000)).0.is_err());
        assert!(parse(&"- ".repeat(100_000)).0.is_err());
    }
}
