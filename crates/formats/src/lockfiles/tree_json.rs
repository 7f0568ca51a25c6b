// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! JSON, with or without comments and trailing commas, as a tree.
//!
//! The syntax is serde_json's; nesting beyond 128 is refused by it. Comments and trailing commas (bun.lock) are blanked
//! before, so that lines and columns of errors stay right.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use underpin_model::inventory::Text;

use super::tree::Node;
use crate::reader::Unreadable;

/// The tree of a JSON text.
///
/// # Errors
/// `malformed-json` with the line, when the text is no JSON.
pub(crate) fn json(text: &str) -> Result<Node<'_>, Unreadable> {
    serde_json::from_str(text)
        .map_err(|error| Unreadable::new("malformed-json", format!("line {}", error.line()), error.to_string()))
}

/// The text without comments and trailing commas: each of their bytes becomes a blank.
pub(crate) fn without_comments(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut blanked: Option<Vec<u8>> = None;
    let mut blank = |from: usize, to: usize| {
        let copy = blanked.get_or_insert_with(|| bytes.to_vec());
        for byte in copy.get_mut(from..to).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    };
    let (mut at, mut comma) = (0, None);
    while let Some(&byte) = bytes.get(at) {
        let end = match (byte, bytes.get(at + 1)) {
            (b'"', _) => end_of_string(bytes, at),
            (b'/', Some(b'/')) => memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length),
            (b'/', Some(b'*')) => {
                memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(bytes.len(), |length| at + length + 4)
            }
            _ => at + 1,
        };
        match byte {
            b'/' if end > at + 1 => blank(at, end),
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    blank(comma, comma + 1);
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => comma = None,
        }
        at = end;
    }
    match blanked.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(text),
    }
}

/// The byte after the string that begins at `start`.
pub(crate) fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(length) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += length;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

struct AnyNode;

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Node::Truth(truth))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Node::Number(Cow::Owned(number.to_string())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(Text<'de>, Node<'de>)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Key<'de>, Node<'de>>()? {
            entries.push((key.0, value));
        }
        Ok(Node::Map(entries))
    }
}

/// A key: borrowed where it has no escapes.
struct Key<'a>(Text<'a>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyKey;
        impl<'de> Visitor<'de> for AnyKey {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_a_tree() {
        let node = json(r#"{"a":[1,-2,1.5,true,null,"x\n"],"a":{}}"#).unwrap();
        let numbers: Vec<_> = node.get("a").items().iter().map(Node::str).collect();
        assert_eq!(numbers, ["1", "-2", "1.5", "", "", "x\n"]);
        assert_eq!(node.entries().len(), 2, "repeated keys are kept");
        let fault = json("{\n\"a\": }").unwrap_err();
        assert_eq!((fault.code, fault.place.as_str()), ("malformed-json", "line 2"));
        assert_eq!(json(&"[".repeat(1_000_000)).unwrap_err().code, "malformed-json");
    }

    #[test]
    fn comments_and_trailing_commas_are_blanked() {
        for (text, expected) in [
            (r#"{"a": 1}"#, r#"{"a": 1}"#),
            (r#"{"a,}//": [1,],}"#, r#"{"a,}//": [1 ] }"#),
            ("[1, // one,\n/* , */ 2 , /* x */ ]", "[1,        \n        2           ]"),
            ("\"\\\",]\",", "\"\\\",]\","),
            ("/", "/"),
            ("/*", "  "),
            ("\"é", "\"é"),
        ] {
            assert_eq!(without_comments(text), expected);
        }
    }
}
