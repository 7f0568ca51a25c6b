// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Terms of Elixir, as far as mix.lock uses them, as a tree: maps `%{"key": value}`, tuples and lists (both become
//! lists), keywords `[key: value]` (become maps), strings, atoms and numbers (become texts).
//!
//! There is no well-kept parser for them. Depth is bounded by the limit on nesting; what comes before a fault is kept.

use std::borrow::Cow;

use underpin_model::Limits;
use underpin_model::inventory::Text;

use super::tree::{Fault, Node};
use super::tree_json::end_of_string;
use super::tree_toml::line_at;

/// The tree of a term, and where it could not be read further.
pub(super) fn read<'a>(text: &'a str, limits: &Limits) -> (Node<'a>, Vec<Fault>) {
    let mut reader = Reader { text, at: 0, open: Vec::new(), root: Node::Nothing };
    let result = reader.run(limits.nesting_depth);
    let faults = result.err().map(|detail| Fault {
        code: "malformed-term",
        line: line_at(text, reader.at),
        detail: detail.to_owned(),
    });
    while !reader.open.is_empty() {
        reader.close();
    }
    (reader.root, faults.into_iter().collect())
}

/// A collection being read.
#[derive(Default)]
struct Open<'a> {
    end: u8,
    items: Vec<Node<'a>>,
    entries: Vec<(Text<'a>, Node<'a>)>,
    key: Option<Text<'a>>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    root: Node<'a>,
}

impl<'a> Reader<'a> {
    fn run(&mut self, depth: usize) -> Result<(), &'static str> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => self.at += 1,
                b'#' => {
                    self.at = memchr::memchr(b'\n', &bytes[self.at..]).map_or(bytes.len(), |length| self.at + length)
                }
                b'%' if bytes.get(self.at + 1) == Some(&b'{') => {
                    self.begin(b'}', depth)?;
                    self.at += 2;
                }
                b'{' | b'[' => {
                    self.begin(if byte == b'{' { b'}' } else { b']' }, depth)?;
                    self.at += 1;
                }
                b'}' | b']' => {
                    if self.open.last().map(|open| open.end) != Some(byte) {
                        return Err("a bracket closes what was not opened");
                    }
                    self.close();
                    self.at += 1;
                    if self.open.is_empty() {
                        return Ok(());
                    }
                }
                b'"' => {
                    let end = end_of_string(bytes, self.at);
                    let quoted = self.text.get(self.at..end).unwrap_or_default();
                    if quoted.len() < 2 || !quoted.ends_with('"') {
                        return Err("a string does not end");
                    }
                    self.at = end;
                    self.word(string(quoted));
                }
                b':' if bytes.get(self.at + 1) == Some(&b'"') => self.at += 1,
                _ => self.bare()?,
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err("the text ends in the middle") }
    }

    fn begin(&mut self, end: u8, depth: usize) -> Result<(), &'static str> {
        if self.open.len() >= depth {
            return Err("nested too deeply");
        }
        self.open.push(Open { end, ..Open::default() });
        Ok(())
    }

    /// An atom, number or the key of a keyword.
    fn bare(&mut self) -> Result<(), &'static str> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let start = usize::from(rest.starts_with(':'));
        let length = rest
            .get(start..)
            .and_then(|rest| {
                rest.find(|character: char| {
                    !(character.is_alphanumeric() || matches!(character, '_' | '@' | '.' | '-' | '?' | '!'))
                })
            })
            .unwrap_or(rest.len() - start);
        if length == 0 {
            return Err("an unexpected character");
        }
        self.at += start + length;
        self.word(Cow::Borrowed(rest.get(start..start + length).unwrap_or_default()));
        Ok(())
    }

    /// Takes a text as a key when a colon or arrow follows, else as a value.
    fn word(&mut self, text: Text<'a>) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let after = rest.trim_start();
        let key = if rest.starts_with(": ") || rest.starts_with(":\n") || rest.starts_with(":\r") {
            Some(1)
        } else {
            after.starts_with("=>").then_some(blank + 2)
        };
        match (key, self.open.last_mut()) {
            (Some(length), Some(open)) => {
                open.key = Some(text);
                self.at += length;
            }
            _ => self.put(Node::Text(text)),
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            let keyed = !open.entries.is_empty() && open.items.is_empty();
            self.put(if keyed {
                Node::Map(open.entries)
            } else {
                // `{:git, address, commit, branch: "main"}`: keywords at the end of a tuple are its last item.
                let last = Some(Node::Map(open.entries)).filter(|last| !last.entries().is_empty());
                Node::List(open.items.into_iter().chain(last).collect())
            });
        }
    }

    fn put(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.root = node,
            Some(open) => match open.key.take() {
                Some(key) => open.entries.push((key, node)),
                None => open.items.push(node),
            },
        }
    }
}

fn string(quoted: &str) -> Text<'_> {
    let plain = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    if plain.contains('\\') {
        serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(plain), Cow::Owned)
    } else {
        Cow::Borrowed(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_become_a_tree() {
        let (node, faults) = read(
            "%{\n  \"a\": {:hex, :b, \"1.0\", [:mix], [{:c, \"~> 1\", [hex: :c, optional: true]}]},\n  \"d\" => [],\n}\n",
            &Limits::default(),
        );
        assert_eq!(faults, []);
        assert_eq!(node.get("a").at(2).str(), "1.0");
        assert_eq!(node.get("a").at(3).at(0).str(), "mix");
        assert_eq!(node.get("a").at(4).at(0).at(2).get("optional").str(), "true");
        assert_eq!(node.get("d"), &Node::List(Vec::new()));
    }

    #[test]
    fn faults_are_placed() {
        for (text, line) in [("%{\n \"a\": {:hex", 2), ("%{\n]", 2), ("%{\n\n\"a", 3), ("%{\n^", 2)] {
            let (_, faults) = read(text, &Limits::default());
            assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [line], "{text}");
        }
        let (_, faults) = read(&"[".repeat(100_000), &Limits::default());
        assert_eq!(faults[0].detail, "nested too deeply");
    }
}
