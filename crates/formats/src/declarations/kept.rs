// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What may be kept of a declaration: texts and lists within bounds, without addresses of people.

use underpin_model::limits::bounds::{DECLARED_ENTRIES, DECLARED_TEXT_BYTES};

use super::yaml::Node;

/// A text in one piece, cut at the bound. Words that hold a mail address are left out.
pub(crate) fn kept(text: &str) -> String {
    let is_mail = |word: &str| word.contains('@') || word.to_ascii_lowercase().contains("mailto:");
    let text = text.trim();
    let mut text = if is_mail(text) {
        text.split('\n')
            .map(|line| line.split(' ').filter(|word| !is_mail(word)).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join("\n")
    } else {
        text.to_owned()
    };
    text.truncate(text.floor_char_boundary(DECLARED_TEXT_BYTES));
    text.retain(|letter| letter == '\n' || !letter.is_control());
    text
}

/// A text of one line, within the bound.
pub(crate) fn line(text: &str) -> String {
    kept(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A web address without a login in it; `None` for every other one, as that of a mailbox.
pub(crate) fn web(text: &str) -> Option<String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let authority = host.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain =
        !authority.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    (is_plain && !text.contains('@') && text.len() <= DECLARED_TEXT_BYTES).then(|| text.to_owned())
}

/// The text of a scalar that says something.
pub(crate) fn text_of(node: Option<&Node<'_>>) -> Option<String> {
    node.and_then(Node::text).map(line).filter(|text| !text.is_empty())
}

/// The texts of a list, within the bound, each once.
pub(crate) fn texts_of(node: Option<&Node<'_>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in node.map(Node::items).unwrap_or_default().iter().filter_map(|item| text_of(Some(item))) {
        if found.len() < DECLARED_ENTRIES && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_people_are_left_out() {
        for (text, expected) in [
            ("Ask ada@norvania.example for it.", "Ask for it."),
            ("One\nmailto:ada@x.example two", "One\ntwo"),
            (" plain ", "plain"),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
        for (text, expected) in [
            ("https://a.example/b", true),
            ("https://ada:secret@a.example/b", false),
            ("mailto:ada@a.example", false),
            ("https://", false),
            ("ssh://a.example/b", false),
        ] {
            assert_eq!(web(text).is_some(), expected, "{text}");
        }
    }
}
