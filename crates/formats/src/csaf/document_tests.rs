// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tests of what the document says about itself: languages, distribution, its own address, the order of properties.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::json::{list, step, text};
use super::judge::Finding;
use super::language;
use super::view::View;

type Findings = Option<Vec<Finding>>;

const LANGUAGES: [&str; 2] = ["lang", "source_lang"];

fn languages(view: &View<'_>, is_wrong: impl Fn(&str) -> bool) -> Findings {
    let stated = LANGUAGES.into_iter().map(|key| (key, text(view.document, key)));
    let wrong = stated.filter(|(_, language)| !language.is_empty() && is_wrong(language));
    Some(wrong.map(|(key, language)| Finding::new(step("/document", key), language)).collect())
}

fn at(place: &str, is_wrong: bool, detail: &str) -> Findings {
    Some(is_wrong.then(|| Finding::new(place, detail)).into_iter().collect())
}

/// 6.1.12
pub fn language(view: &View<'_>) -> Findings {
    languages(view, |language| !language::is_registered(language))
}

/// 6.1.15
pub fn translator(view: &View<'_>) -> Findings {
    let category = view.document.pointer("/publisher/category").and_then(|category| category.as_str());
    let is_missing = category == Some("translator") && view.document.get("source_lang").is_none();
    at("/document/source_lang", is_missing, "missing")
}

/// 6.1.28
pub fn translation(view: &View<'_>) -> Findings {
    let [language, source] = LANGUAGES.map(|key| text(view.document, key));
    at("/document/source_lang", !language.is_empty() && language.eq_ignore_ascii_case(source), source)
}

/// 6.2.10
pub fn no_label(view: &View<'_>) -> Findings {
    at("/document/distribution/tlp/label", view.document.pointer("/distribution/tlp/label").is_none(), "missing")
}

/// 6.2.11
pub fn no_canonical_address(view: &View<'_>) -> Findings {
    let name = file_name(text(view.tracking, "id"));
    let is_canonical = |url: &str| url.starts_with("https://") && url.rsplit('/').next() == Some(&name);
    let mut references = list(view.document, "references").iter();
    let found = references.any(|own| text(own, "category") == "self" && is_canonical(text(own, "url")));
    at("/document/references", !found, &name)
}

/// The file name that the standard (section 5.1) gives a document: lower case, anything unusual is one underscore.
pub fn file_name(id: &str) -> String {
    let mut name = String::new();
    for character in id.to_lowercase().chars() {
        let is_usual = character.is_ascii_lowercase() || character.is_ascii_digit() || matches!(character, '+' | '-');
        match is_usual {
            true => name.push(character),
            false if name.ends_with('_') => {}
            false => name.push('_'),
        }
    }
    name + ".json"
}

/// 6.2.12
pub fn no_language(view: &View<'_>) -> Findings {
    at("/document/lang", view.document.get("lang").is_none(), "missing")
}

/// 6.2.14
pub fn private_language(view: &View<'_>) -> Findings {
    languages(view, language::is_private)
}

/// 6.2.15
pub fn default_language(view: &View<'_>) -> Findings {
    languages(view, |language| language.eq_ignore_ascii_case("i-default"))
}

/// 6.2.13
pub fn unsorted(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    let text = String::from_utf8_lossy(view.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(view.bytes));
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let order = Order { place: String::new(), found: &mut found };
    // That it can be read is known: it was read before.
    order.deserialize(&mut deserializer).ok()?;
    Some(found)
}

/// Walks a value and notes objects whose properties are not in order.
struct Order<'f> {
    place: String,
    found: &'f mut Vec<Finding>,
}

impl<'de> DeserializeSeed<'de> for Order<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Order<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        for index in 0_usize.. {
            let order = Order { place: step(&self.place, index), found: self.found };
            if list.next_element_seed(order)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let mut before = String::new();
        while let Some(key) = map.next_key::<String>()? {
            let place = step(&self.place, &key);
            if key < before {
                self.found.push(Finding::new(&place, format!("behind {before:?}")));
            }
            before = key;
            map.next_value_seed(Order { place, found: self.found })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain() {
        for (id, name) in
            [("Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"), ("A_._b", "a_b.json")]
        {
            assert_eq!(file_name(id), name, "{id}");
        }
    }
}
