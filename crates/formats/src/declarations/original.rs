// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file that declares something, as a catalogue keeps it: every key that its standard knows, with the values as they stand there.
//!
//! Left out are comments, keys that the standard does not know, and persons: contacts, mail addresses, and names of owners and contractors
//! that no word shows to be of an organisation. What was left out is told by its key.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use underpin_model::catalogue::{DeclaredFile, DeclaredIn};
use underpin_model::limits::bounds::DECLARED_FILE_BYTES;

use super::kept::kept;
use super::organisations::is_organisation;
use super::parsed;
use super::schema::{Check, Field, Shape};
use super::yaml::{Kind, Node};

/// Keys that are about persons.
const PERSONS: &[&str] = &["maintenance.contacts", "contact", "partners.email"];
/// Keys whose names may be those of persons.
const NAMES: &[&str] = &["maintenance.contractors.name", "legal.mainCopyrightOwner", "legal.repoOwner"];

/// A value as it is kept. Plain ones stand without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Plain(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// The file as it is kept; `None` for what is no map of keys. Too large a one is kept without its text.
pub(crate) fn original(bytes: &[u8], source: DeclaredIn, fields: &'static [Field]) -> Option<DeclaredFile> {
    let (_, root) = parsed(bytes).ok()?;
    let mut cut = BTreeSet::new();
    let item = Reading { cut: &mut cut }.item(&root, Shape::Map(fields), "")?;
    let text = if source == DeclaredIn::CodeJson { json(&item) } else { yaml(&item) };
    let is_small = text.len() <= DECLARED_FILE_BYTES;
    if !is_small {
        cut = BTreeSet::from(["*".to_owned()]);
    }
    let text = if is_small { text } else { String::new() };
    Some(DeclaredFile { source, text, cut: cut.into_iter().collect() })
}

/// The values of a kept file.
pub(crate) fn read(file: &DeclaredFile, fields: &'static [Field]) -> Option<Item> {
    let (_, root) = parsed(file.text.as_bytes()).ok()?;
    Reading { cut: &mut BTreeSet::new() }.item(&root, Shape::Map(fields), "")
}

/// The keys of a file that say something: names with dots between them, without places in lists and without languages.
pub(crate) fn keys(file: &DeclaredFile, fields: &'static [Field]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok((_, root)) = parsed(file.text.as_bytes()) {
        leaves(&root, Shape::Map(fields), "", &mut found);
    }
    found
}

fn leaves(node: &Node<'_>, shape: Shape, path: &str, found: &mut BTreeSet<String>) {
    match (&node.kind, shape) {
        (Kind::Nothing, _) => {}
        (Kind::Scalar { text, .. }, _) if text.is_empty() => {}
        (Kind::Scalar { .. }, _) => {
            found.insert(path.to_owned());
        }
        (Kind::List(items), Shape::List(inner) | Shape::Set(inner) | Shape::OneOrList(inner)) => {
            items.iter().for_each(|item| leaves(item, *inner, path, found));
        }
        (Kind::Map(entries), Shape::ByLanguage(fields)) => {
            entries.iter().for_each(|entry| leaves(&entry.value, Shape::Map(fields), path, found));
        }
        (Kind::Map(entries), Shape::Map(fields) | Shape::OpenMap(fields)) => {
            for entry in entries {
                if let Some(field) = fields.iter().find(|field| field.name == entry.key) {
                    leaves(&entry.value, field.shape, &join(path, field.name), found);
                }
            }
        }
        _ => {}
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

struct Reading<'a> {
    cut: &'a mut BTreeSet<String>,
}

impl Reading<'_> {
    /// What is kept of a value. Of another kind than the standard says, it may hide anything.
    fn item(&mut self, node: &Node<'_>, shape: Shape, path: &str) -> Option<Item> {
        if PERSONS.contains(&path) || matches!(shape, Shape::Text(Check::MailAddress)) {
            return self.cut(path);
        }
        match (&node.kind, shape) {
            (Kind::Nothing, _) => Some(Item::Plain("null".to_owned())),
            (
                Kind::Scalar { text, is_plain },
                Shape::Text(_) | Shape::TextOrNothing | Shape::Flag | Shape::Number { .. },
            ) => self.scalar(text, *is_plain, path),
            (Kind::Scalar { .. }, Shape::OneOrList(inner)) => self.item(node, *inner, path),
            (Kind::List(items), Shape::List(inner) | Shape::Set(inner) | Shape::OneOrList(inner)) => {
                Some(Item::List(items.iter().filter_map(|item| self.item(item, *inner, path)).collect()))
            }
            (Kind::Map(entries), Shape::ByLanguage(fields)) => {
                let of = |entry: &super::yaml::Entry<'_>| {
                    Some((kept(&entry.key), self.item(&entry.value, Shape::Map(fields), path)?))
                };
                Some(Item::Map(entries.iter().filter_map(of).collect()))
            }
            (Kind::Map(_), Shape::Map(fields) | Shape::OpenMap(fields)) => Some(self.map(node, fields, path)),
            _ => self.cut(path),
        }
    }

    fn map(&mut self, node: &Node<'_>, fields: &[Field], path: &str) -> Item {
        let mut found = Vec::new();
        for entry in node.entries() {
            let own = join(path, &kept(&entry.key));
            match fields.iter().find(|field| field.name == entry.key) {
                Some(field) => {
                    found.extend(self.item(&entry.value, field.shape, &own).map(|item| (field.name.to_owned(), item)))
                }
                None => {
                    self.cut.insert(own);
                }
            }
        }
        Item::Map(found)
    }

    fn scalar(&mut self, text: &str, is_plain: bool, path: &str) -> Option<Item> {
        if NAMES.contains(&path) && !is_organisation(text) {
            return self.cut(path);
        }
        let is_value = is_plain && (matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite));
        if is_value {
            return Some(Item::Plain(text.to_owned()));
        }
        let own = kept(text);
        if own != text.trim() {
            self.cut.insert(path.to_owned());
        }
        (!own.is_empty() || text.trim().is_empty()).then_some(Item::Text(own))
    }

    fn cut(&mut self, path: &str) -> Option<Item> {
        self.cut.insert(path.to_owned());
        None
    }
}

impl Item {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// Puts a value in, where there is none.
    pub(crate) fn put(&mut self, key: &str, value: Self) {
        if self.get(key).is_none()
            && let Self::Map(entries) = self
        {
            entries.push((key.to_owned(), value));
        }
    }

    /// The values of a list, to be changed.
    pub(crate) fn items_mut(&mut self) -> &mut [Self] {
        if let Self::List(items) = self { items } else { &mut [] }
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Plain(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// In one line, which is JSON and YAML.
fn flow(item: &Item) -> String {
    match item {
        Item::Plain(text) => number(text),
        Item::Text(text) => quoted(text),
        Item::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Item::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A number that YAML takes and JSON does not (`.5`, `+1`) is written as JSON has it.
fn number(text: &str) -> String {
    if serde_json::from_str::<serde_json::Value>(text).is_ok() {
        return text.to_owned();
    }
    text.parse::<f64>().map_or_else(|_| quoted(text), |number| number.to_string())
}

/// As JSON, a key of the top a line.
pub(crate) fn json(item: &Item) -> String {
    let Item::Map(entries) = item else { return format!("{}\n", flow(item)) };
    let lines: Vec<String> = entries.iter().map(|(key, value)| format!("  {}: {}", quoted(key), flow(value))).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// As YAML in blocks.
pub(crate) fn yaml(item: &Item) -> String {
    let mut text = String::new();
    block(item, 0, &mut text);
    text
}

fn block(item: &Item, depth: usize, text: &mut String) {
    let Item::Map(entries) = item else { return };
    let indent = "  ".repeat(depth);
    for (key, value) in entries {
        let is_plain = key.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let key = if is_plain
            && !matches!(key.as_str(), "no" | "on" | "off" | "yes" | "y" | "n" | "true" | "false" | "null")
        {
            key.clone()
        } else {
            quoted(key)
        };
        match value {
            Item::Map(inner) if !inner.is_empty() => {
                let _ = writeln!(text, "{indent}{key}:");
                block(value, depth + 1, text);
            }
            Item::List(items) if items.iter().any(|item| matches!(item, Item::Map(_))) => {
                let _ = writeln!(text, "{indent}{key}:");
                items.iter().for_each(|item| {
                    let _ = writeln!(text, "{indent}  - {}", flow(item));
                });
            }
            Item::Plain(own) => {
                let _ = writeln!(text, "{indent}{key}: {own}");
            }
            value => {
                let _ = writeln!(text, "{indent}{key}: {}", flow(value));
            }
        }
    }
}
