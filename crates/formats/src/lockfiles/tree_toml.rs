// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! TOML as a tree.
//!
//! The syntax is the toml crate's, which goes on behind an error: what it could make out is kept and the errors are
//! handed on as faults. Trap: it sorts the keys of a table; lists of tables keep their order.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};
use underpin_model::inventory::Text;

use super::tree::{Fault, Node};

/// The tree of a TOML text, and what could not be read of it.
pub(super) fn toml(text: &str) -> (Node<'_>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let faults = errors
        .iter()
        .map(|error| Fault {
            code: "malformed-toml",
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            detail: error.message().to_owned(),
        })
        .collect();
    (map(table.into_inner()), faults)
}

/// The line of a byte, counted from 1.
pub(super) fn line_at(text: &str, byte: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', text.as_bytes().get(..byte).unwrap_or(text.as_bytes())).count()
}

fn map(table: DeTable<'_>) -> Node<'_> {
    Node::Map(table.into_iter().map(|(key, value)| (key.into_inner(), node(value.into_inner()))).collect())
}

/// Depth is bounded by the parser, which refuses more than 80 levels.
fn node(value: DeValue<'_>) -> Node<'_> {
    match value {
        DeValue::String(text) => Node::Text(text),
        DeValue::Integer(number) => Node::Number(owned(number.as_str())),
        DeValue::Float(number) => Node::Number(owned(number.as_str())),
        DeValue::Boolean(truth) => Node::Truth(truth),
        DeValue::Datetime(time) => Node::Text(Cow::Owned(time.to_string())),
        DeValue::Array(items) => Node::List(items.into_iter().map(|item| node(item.into_inner())).collect()),
        DeValue::Table(table) => map(table),
    }
}

fn owned(text: &str) -> Text<'static> {
    Cow::Owned(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_becomes_a_tree() {
        let (node, faults) = toml("version = 3\n[[package]]\nname = \"a\"\nyes = true\n[[package]]\nname = 'b'\n");
        assert_eq!(faults, []);
        assert_eq!(node.get("version").str(), "3");
        assert!(matches!(node.get("package").at(1).get("name"), Node::Text(Cow::Borrowed("b"))));
        assert!(node.get("package").at(0).get("yes").is_true());
    }

    #[test]
    fn what_comes_before_and_after_a_fault_is_kept() {
        let (node, faults) = toml("[[package]]\nname = \"a\"\nversion = \n[[package]]\nname = \"b\"\n");
        assert_eq!(node.get("package").items().len(), 2);
        assert_eq!((faults.len(), faults[0].code, faults[0].line), (1, "malformed-toml", 3));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let (_, faults) = toml(&format!("a = {}", "[".repeat(100_000)));
        assert!(!faults.is_empty());
    }
}
