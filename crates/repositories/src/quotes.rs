// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Finding words in texts of a project, and quoting the paragraph around them without quoting people.

use underpin_model::limits::bounds::EXCERPT_LETTERS;

use crate::identities::{Identities, words};

/// Words of the longest name that is looked for.
const NAME_WORDS: usize = 4;

/// A paragraph: the line at which it begins, from 1, and its lines.
pub(crate) struct Paragraph<'a> {
    pub(crate) line: u64,
    pub(crate) text: &'a str,
    /// Whether it is nothing but a heading.
    pub(crate) is_heading: bool,
}

/// Paragraphs of a text in Markdown or the like, parted by empty lines.
pub(crate) fn paragraphs(text: &str) -> Vec<Paragraph<'_>> {
    let mut found = Vec::new();
    let mut begin: Option<(u64, usize)> = None;
    let mut at = 0;
    for (line, content) in (1..).zip(text.split_inclusive('\n')) {
        if content.trim().is_empty() {
            found.extend(begin.take().map(|(line, from)| paragraph(line, &text[from..at])));
        } else if content.starts_with('#') {
            found.extend(begin.take().map(|(line, from)| paragraph(line, &text[from..at])));
            found.push(paragraph(line, content));
        } else {
            begin = begin.or(Some((line, at)));
        }
        at += content.len();
    }
    found.extend(begin.map(|(line, from)| paragraph(line, &text[from..])));
    found
}

fn paragraph(line: u64, text: &str) -> Paragraph<'_> {
    let text = text.trim_end();
    let last = text.lines().last().unwrap_or_default();
    let is_underlined =
        text.lines().count() == 2 && last.len() > 2 && last.chars().all(|letter| "=-~^".contains(letter));
    let is_heading = is_underlined || (text.starts_with('#') && text.lines().count() == 1);
    Paragraph { line, text, is_heading }
}

/// Whether the text has one of the phrases, in whole words. Phrases are in small letters.
pub(crate) fn says(text: &str, phrases: &[&str]) -> bool {
    let text: Vec<String> = words(text).map(str::to_lowercase).collect();
    phrases.iter().any(|phrase| {
        let phrase: Vec<&str> = words(phrase).collect();
        !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
    })
}

/// The words of a paragraph for quoting: on one line, cut short, without addresses, handles and names of contributors.
pub(crate) fn quoted(text: &str, identities: &Identities) -> String {
    let text = text.trim_start_matches('#');
    let tokens: Vec<String> = text.split_whitespace().map(|token| without_addresses(token, identities)).collect();
    let plain = without_names(&tokens.join(" "), identities);
    if plain.chars().count() <= EXCERPT_LETTERS {
        return plain;
    }
    let cut: String = plain.chars().take(EXCERPT_LETTERS).collect();
    // Half a word would be another word.
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

/// Takes links, e-mail addresses, handles and the domains of contributors out of a token: all of them can name people.
fn without_addresses(token: &str, identities: &Identities) -> String {
    if let Some(at) = token.find("://") {
        let before = token[..at].trim_end_matches(|letter: char| letter.is_ascii_alphanumeric());
        return format!("{before}[link]");
    }
    let Some(at) = token.find('@') else {
        let plain = token.trim_matches(|letter: char| !letter.is_alphanumeric());
        return if identities.is_domain(plain) { token.replace(plain, "[domain]") } else { token.to_owned() };
    };
    let has_before =
        token[..at].chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || "._-+".contains(letter));
    if has_before { "[address]".to_owned() } else { "[name]".to_owned() }
}

fn without_names(text: &str, identities: &Identities) -> String {
    let spans: Vec<(usize, &str)> =
        words(text).map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect();
    let mut out = String::with_capacity(text.len());
    let (mut written, mut at) = (0, 0);
    while at < spans.len() {
        let longest = (1..=NAME_WORDS.min(spans.len() - at)).rev().find(|count| {
            let name: Vec<&str> = spans[at..at + count].iter().map(|(_, word)| *word).collect();
            identities.is_name(&name)
        });
        let Some(count) = longest else {
            at += 1;
            continue;
        };
        let (last, word) = spans[at + count - 1];
        out.push_str(&text[written..spans[at].0]);
        out.push_str("[name]");
        written = last + word.len();
        at += count;
    }
    out.push_str(&text[written..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities() -> Identities {
        let mut identities = Identities::new(&[1; 32], b"");
        let signature = "Ada van der Example <ada@example.org> 1700000000 +0000";
        identities.author(gix::actor::SignatureRef::from_bytes(signature.as_bytes()).expect("a signature"));
        identities
    }

    #[test]
    fn people_are_not_quoted() {
        for (text, expected) in [
            ("## How to help", "How to help"),
            ("Write to Ada van der Example.", "Write to [name]."),
            ("Write to (ADA VAN DER EXAMPLE),\n  or wait", "Write to ([name]), or wait"),
            ("Write to <ada@example.org>!", "Write to [address]"),
            ("Ask @ada or (@ada-example).", "Ask [name] or [name]"),
            ("See [rules](https://example.org/people/ada?x) now", "See [rules]([link] now"),
            ("From ssh://ada@example.org/x", "From [link]"),
            ("Visit example.org, or lists.example.org.", "Visit [domain], or lists.example.org."),
            ("An example of van and der", "An example of van and der"),
        ] {
            assert_eq!(quoted(text, &identities()), expected, "{text}");
        }
        let long = quoted(&"word ".repeat(200), &identities());
        assert!(long.ends_with("word …") && long.chars().count() <= EXCERPT_LETTERS + 2, "{long}");
    }

    #[test]
    fn phrases_are_whole_words() {
        for (text, phrase, expected) in [
            ("No longer\nmaintained.", "no longer maintained", true),
            ("The CLA applies", "cla", true),
            ("A class of things", "cla", false),
            ("help-wanted", "help wanted", false),
            ("", "cla", false),
        ] {
            assert_eq!(says(text, &[phrase]), expected, "{text}");
        }
    }

    #[test]
    fn paragraphs_know_their_lines() {
        let text = "Title\n=====\n\n# One\nfirst\nline\n\n\nlast";
        let found: Vec<_> = paragraphs(text).iter().map(|found| (found.line, found.text, found.is_heading)).collect();
        assert_eq!(
            found,
            [(1, "Title\n=====", true), (4, "# One", true), (5, "first\nline", false), (9, "last", false)]
        );
    }
}
