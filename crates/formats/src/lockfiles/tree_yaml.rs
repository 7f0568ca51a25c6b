// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! YAML as a tree.
//!
//! The syntax is granit-parser's (the parser below serde-saphyr), used by its events: scalars stay texts, so that a
//! digest of digits with one `e` is no number, and what came before an error is kept. Aliases are not followed; no
//! lockfile has them, and so nothing can grow. Trap: newer pnpm puts two documents into one file.

use granit_parser::{Event, Parser, ScalarStyle};
use underpin_model::Limits;
use underpin_model::inventory::Text;

use super::tree::{Fault, Node};

/// Longest key on one line, in characters; yarn writes more than a thousand before it changes the notation.
const KEY_CHARACTERS: usize = 65_536;

/// The trees of all documents of a YAML text, and where it could not be read further.
pub(crate) fn yaml<'a>(text: &'a str, limits: &Limits) -> (Vec<Node<'a>>, Vec<Fault>) {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        simple_key_max_lookahead: KEY_CHARACTERS,
        flow_nesting_limit: limits.nesting_depth,
        block_nesting_limit: limits.nesting_depth,
    };
    let mut tree = Tree::default();
    let mut faults = Vec::new();
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, _)) => tree.take(event),
            Err(error) => {
                let (line, detail) = (error.marker().line(), error.info());
                faults.push(Fault { code: "malformed-yaml", line, detail });
                break;
            }
        }
    }
    (tree.finish(), faults)
}

/// The documents finished, and the collections still open, the innermost last.
#[derive(Default)]
struct Tree<'a> {
    documents: Vec<Node<'a>>,
    open: Vec<Open<'a>>,
}

enum Open<'a> {
    List(Vec<Node<'a>>),
    /// Entries, and the key whose value is awaited.
    Map(Vec<(Text<'a>, Node<'a>)>, Option<Text<'a>>),
}

impl<'a> Tree<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::SequenceStart(..) => self.open.push(Open::List(Vec::new())),
            Event::MappingStart(..) => self.open.push(Open::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Scalar(text, style, _, _) => self.put(scalar(text, style)),
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.put(Node::Nothing),
            _ => {}
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::List(items)) => self.put(Node::List(items)),
            Some(Open::Map(entries, key)) => {
                let last = key.map(|key| (key, Node::Nothing));
                self.put(Node::Map(entries.into_iter().chain(last).collect()));
            }
            None => {}
        }
    }

    fn put(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.documents.push(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map(entries, key)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node.text()),
            },
        }
    }

    fn finish(mut self) -> Vec<Node<'a>> {
        while !self.open.is_empty() {
            self.close();
        }
        self.documents
    }
}

fn scalar(text: Text<'_>, style: ScalarStyle) -> Node<'_> {
    if style == ScalarStyle::Plain && matches!(text.as_ref(), "" | "~" | "null") {
        Node::Nothing
    } else {
        Node::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn read(text: &str) -> (Vec<Node<'_>>, Vec<Fault>) {
        yaml(text, &Limits::default())
    }

    #[test]
    fn yaml_becomes_a_tree() {
        let (documents, faults) = read("a: {b: 1e10, c: [true, ~]}\n'k':\n? long\n: 1.10\n---\nsecond\n");
        assert_eq!(faults, []);
        assert_eq!(documents[0].get("a").get("b").str(), "1e10");
        assert!(documents[0].get("a").get("c").at(0).is_true());
        assert_eq!(documents[0].get("a").get("c").at(1), &Node::Nothing);
        assert_eq!(documents[0].get("k"), &Node::Nothing);
        assert!(matches!(documents[0].get("long"), Node::Text(Cow::Borrowed("1.10"))));
        assert_eq!(documents[1].str(), "second");
    }

    #[test]
    fn what_comes_before_a_fault_is_kept() {
        let (documents, faults) = read("packages:\n  a:\n    version: 1\n  b: {c: \"x\n");
        assert_eq!(documents[0].get("packages").get("a").get("version").str(), "1");
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].code, "malformed-yaml");
    }

    #[test]
    fn bombs_do_not_grow() {
        let (documents, _) = read("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *unknown]\n");
        assert_eq!(documents[0].get("c"), &Node::List(vec![Node::Nothing, Node::Nothing, Node::Nothing]));
        let (_, faults) = read(&"[".repeat(100_000));
        assert_eq!(faults.len(), 1);
        let deep: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(read(&deep).1.len(), 1);
    }

    #[test]
    fn long_keys_are_read() {
        let key = "k".repeat(5_000);
        let text = format!("\"{key}\":\n  version: 1\n");
        assert_eq!(read(&text).0[0].get(&key).get("version").str(), "1");
    }
}
