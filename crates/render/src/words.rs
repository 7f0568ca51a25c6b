// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All visible words, in Fluent files: one a language, with the same keys (https://projectfluent.org).
//!
//! A text that is missing shows its key, so that nothing breaks; tests see to it that none is missing.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::{Language, numbers};

/// The texts by what they are about: a file of each name stands in the folder of each language.
macro_rules! sources {
    ($($name:literal),*) => {
        const SOURCES: [(Language, &str); 2] = [
            (Language::English, concat!($(include_str!(concat!("../texts/en/", $name, ".ftl")), "\n"),*)),
            (Language::German, concat!($(include_str!(concat!("../texts/de/", $name, ".ftl")), "\n"),*)),
        ];
    };
}

sources![
    "house",
    "people",
    "incidents",
    "charts",
    "desk",
    "messages",
    "programs",
    "door",
    "standing",
    "words",
    "documents",
    "projects",
    "plan",
    "open-data",
    "contact",
    "disclosure",
    "upstream",
    "dossier",
    "signals",
    "map",
    "funding",
    "practices",
    "packs",
    "catalogue",
    "self-assessment",
    "publications",
    "law-words",
    "draft-law",
    "rules",
    "acceptance",
    "waivers",
    "compass",
    "law",
    "law-requests"
];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<(Language, Bundle)>> =
    LazyLock::new(|| SOURCES.iter().map(|(language, source)| (*language, bundle(*language, source))).collect());

/// What a text says something about.
#[derive(Clone, Debug)]
pub enum Argument<'a> {
    /// How many: decides between singular and plural, and is written as the language does.
    Count(u64),
    /// Words from elsewhere, as they are.
    Text(&'a str),
}

impl From<u64> for Argument<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Argument<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// A text in a language, with its arguments put in.
pub fn text(language: Language, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
    let bundle = BUNDLES.iter().find(|(own, _)| *own == language).map(|(_, bundle)| bundle);
    let Some((bundle, pattern)) = bundle.and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?))) else {
        return key.to_owned();
    };
    let mut given = FluentArgs::with_capacity(arguments.len());
    for (name, argument) in arguments {
        match argument {
            Argument::Count(count) => given.set(*name, FluentValue::from(*count)),
            Argument::Text(text) => given.set(*name, FluentValue::from(*text)),
        }
    }
    let mut faults = Vec::new();
    bundle.format_pattern(pattern, Some(&given), &mut faults).into_owned()
}

/// Every key there is.
pub fn keys() -> Vec<&'static str> {
    SOURCES[0].1.lines().filter_map(key_of).collect()
}

fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" =")?;
    key.starts_with(|first: char| first.is_ascii_lowercase()).then_some(key)
}

fn bundle(language: Language, source: &str) -> Bundle {
    // What can be read of a broken file is used; a test refuses broken files.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let identifier: unic_langid::LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| written(Language::English, value),
        Language::German => |value, _| written(Language::German, value),
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value >= 0.0 && number.value.fract() == 0.0 => {
            Some(numbers::count(language, number.value as u64))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn files_can_be_read_and_have_the_same_keys_and_arguments() {
        let mut all = Vec::new();
        for (language, source) in SOURCES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{language:?} is broken");
            let mut arguments: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            let mut key = "";
            for line in source.lines() {
                if let Some(next) = key_of(line) {
                    key = next;
                    assert!(arguments.insert(key, BTreeSet::new()).is_none(), "{language:?}: {key} stands twice");
                }
                for (_, rest) in line.match_indices('$').map(|(at, _)| line.split_at(at + 1)) {
                    let name = rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').next();
                    arguments.entry(key).or_default().insert(name.unwrap_or_default());
                }
            }
            all.push(arguments);
        }
        assert!(all[0].len() > 20, "{:?}", all[0]);
        assert_eq!(all[0], all[1]);
    }

    #[test]
    fn counts_are_written_as_the_language_does() {
        let systems = |language, count: u64| text(language, "count-systems", &[("count", count.into())]);
        assert_eq!(systems(Language::English, 1), "1 system");
        assert_eq!(systems(Language::English, 12_000), "12,000 systems");
        assert_eq!(systems(Language::German, 1), "1 System");
        assert_eq!(systems(Language::German, 12_000), "12\u{202f}000 Systeme");
    }

    /// The names that the text of a key asks for, from its `=` to the next key.
    fn arguments_of(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
        let (mut arguments, mut key) = (BTreeMap::<&str, BTreeSet<&str>>::new(), "");
        for line in source.lines() {
            key = key_of(line).unwrap_or(key);
            let names = arguments.entry(key).or_default();
            for (at, _) in line.match_indices('$') {
                let rest = &line[at + 1..];
                names.extend(
                    rest.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter)).next(),
                );
            }
        }
        arguments
    }

    #[test]
    fn no_text_shows_what_the_machine_could_not_put_in() {
        for (language, source) in SOURCES {
            for (key, names) in arguments_of(source) {
                let rounds = [Argument::Count(1), Argument::Count(7), Argument::Text("seven")].into_iter();
                for argument in rounds {
                    let given: Vec<_> = names.iter().map(|name| (*name, argument.clone())).collect();
                    let found = text(language, key, &given);
                    assert!(!found.contains(['{', '}']), "{language:?} {key}: {found}");
                }
            }
        }
    }

    #[test]
    fn what_is_missing_shows_its_key() {
        assert_eq!(text(Language::German, "no-such-key", &[]), "no-such-key");
    }
}
