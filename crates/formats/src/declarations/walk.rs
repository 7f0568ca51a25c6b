// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A document held against a table of keys, value by value.

use underpin_model::practices::{Fault, FaultCode, Inspection};
use unicode_segmentation::UnicodeSegmentation;

use super::schema::{Check, Field, Need, Shape};
use super::values::{self, Organisation};
use super::yaml::{Entry, Kind, Node, Spot};
use super::{Source, files};

/// Where it is said what was found.
pub(crate) struct Walk<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) found: &'a mut Inspection,
    /// Whether a number or a truth without quotes is no text.
    pub(crate) is_typed: bool,
}

impl Walk<'_> {
    /// Something breaks the rules.
    pub(crate) fn fault(&mut self, code: FaultCode, at: Spot, key: &str) {
        self.found.faults.push(Fault::of_file(self.source.path, code).about(key).at(at.line, at.column));
    }

    /// Something is allowed and will not stay so.
    pub(crate) fn warn(&mut self, code: FaultCode, at: Spot, key: &str) {
        self.found.warnings.push(Fault::of_file(self.source.path, code).about(key).at(at.line, at.column));
    }

    fn unsure(&mut self, code: FaultCode, at: Spot, key: &str) {
        self.found.undecided.push(Fault::of_file(self.source.path, code).about(key).at(at.line, at.column));
    }

    /// The keys of a map; what is no map is at fault.
    pub(crate) fn map(&mut self, node: &Node<'_>, fields: &[Field], path: &str) {
        self.keys(node, fields, path, false);
    }

    /// The keys of a map that may hold others, too.
    pub(crate) fn open_map(&mut self, node: &Node<'_>, fields: &[Field], path: &str) {
        self.keys(node, fields, path, true);
    }

    fn keys(&mut self, node: &Node<'_>, fields: &[Field], path: &str, is_open: bool) {
        let Kind::Map(entries) = &node.kind else {
            self.fault(FaultCode::WrongType, node.at, path);
            return;
        };
        for entry in entries {
            let key = join(path, &entry.key);
            match fields.iter().find(|field| field.name == entry.key) {
                None if is_open => {}
                None => self.fault(FaultCode::UnknownKey, entry.at, &key),
                Some(field) => self.field(entry, field, &key),
            }
        }
        for field in fields.iter().filter(|field| matches!(field.need, Need::Must | Need::MustHaveOne)) {
            if node.entry(field.name).is_none() {
                self.fault(FaultCode::Missing, node.at, &join(path, field.name));
            }
        }
    }

    fn field(&mut self, entry: &Entry<'_>, field: &Field, key: &str) {
        let must = matches!(field.need, Need::Must | Need::MustHaveOne);
        let is_json = self.source.is_json;
        if entry.value.is_nothing() || (must && !is_json && entry.value.text() == Some("")) {
            if must {
                self.fault(FaultCode::Missing, entry.at, key);
            } else if is_json && !matches!(field.shape, Shape::TextOrNothing) {
                self.fault(FaultCode::WrongType, entry.at, key);
            }
            return;
        }
        if field.need == Need::ShouldNot && entry.value.text() != Some("") {
            self.warn(FaultCode::Deprecated, entry.at, key);
        }
        let is_empty = match &entry.value.kind {
            Kind::List(items) => items.is_empty(),
            Kind::Map(entries) => entries.is_empty(),
            _ => false,
        };
        if field.need == Need::MustHaveOne && is_empty {
            self.fault(FaultCode::EmptyList, entry.at, key);
        }
        self.value(&entry.value, entry.at, field.shape, key);
    }

    /// A value; `at` is where its key stands, or itself inside a list.
    fn value(&mut self, node: &Node<'_>, at: Spot, shape: Shape, key: &str) {
        match (shape, &node.kind) {
            (Shape::TextOrNothing, Kind::Nothing) => {}
            (_, Kind::Nothing) if !self.source.is_json => {}
            (Shape::Text(_), Kind::Scalar { text, is_plain: true }) if self.is_typed && is_other_kind(node, text) => {
                self.fault(FaultCode::WrongType, at, key);
            }
            (Shape::Text(check), Kind::Scalar { text, is_plain }) if !(*is_plain && self.source.is_json) => {
                self.text(text, at, check, key)
            }
            (Shape::TextOrNothing, Kind::Scalar { is_plain: false, .. }) => {}
            (Shape::Flag, Kind::Scalar { .. }) if node.flag().is_some() => {}
            (Shape::Set(inner), Kind::List(items)) => {
                self.value(node, at, Shape::List(inner), key);
                let mut seen = std::collections::BTreeSet::new();
                for (place, item) in items.iter().enumerate() {
                    if item.text().is_some_and(|text| !seen.insert(text)) {
                        self.fault(FaultCode::Twice, item.at, &format!("{key}[{place}]"));
                    }
                }
            }
            (Shape::List(inner) | Shape::OneOrList(inner), Kind::List(items)) => {
                for (place, item) in items.iter().enumerate() {
                    self.value(item, item.at, *inner, &format!("{key}[{place}]"));
                }
            }
            (Shape::OneOrList(inner), Kind::Scalar { .. }) => self.value(node, at, *inner, key),
            (Shape::Number { is_whole }, Kind::Scalar { text, is_plain: true }) if is_number(text, is_whole) => {}
            (Shape::OpenMap(fields), Kind::Map(_)) => self.open_map(node, fields, key),
            (Shape::Map(fields), Kind::Map(_)) => self.map(node, fields, key),
            (Shape::ByLanguage(fields), Kind::Map(entries)) => {
                for entry in entries {
                    let key = join(key, &entry.key);
                    if !values::is_known_language(&entry.key) {
                        self.fault(FaultCode::NoLanguage, entry.at, &key);
                    }
                    self.map(&entry.value, fields, &key);
                }
            }
            _ => self.fault(FaultCode::WrongType, at, key),
        }
    }

    fn text(&mut self, text: &str, at: Spot, check: Check, key: &str) {
        let letters = || text.graphemes(true).count();
        let code = match check {
            Check::Any => None,
            Check::Address => {
                // A URI (RFC 3986), which JSON schemas ask for, has other letters escaped.
                let is_fit = values::is_address(text) && (!self.source.is_json || text.is_ascii());
                (!is_fit).then_some(FaultCode::NoAddress)
            }
            Check::WebPattern => (!is_web_pattern(text)).then_some(FaultCode::NoWebAddress),
            Check::WebAddress | Check::Video => (!values::is_web_address(text)).then_some(FaultCode::NoWebAddress),
            Check::Moment => (!values::is_moment(text)).then_some(FaultCode::NoMoment),
            Check::Version => (!values::is_version(text)).then_some(FaultCode::NoVersion),
            Check::Date => (!values::is_date(text)).then_some(FaultCode::NoDate),
            Check::OneOf(words) => (!words.contains(&text)).then_some(FaultCode::NotOneOf),
            Check::MostLetters(most) => (letters() > most).then_some(FaultCode::TooLong),
            Check::Letters(least, most) => match letters() {
                count if count < least => Some(FaultCode::TooShort),
                count => (count > most).then_some(FaultCode::TooLong),
            },
            Check::MediaType => (!values::is_media_type(text)).then_some(FaultCode::NoMediaType),
            Check::Country => return self.country(text, at, key),
            Check::Language => (!values::is_known_language(text)).then_some(FaultCode::NoLanguage),
            Check::Licence => (!values::is_licence(text)).then_some(FaultCode::NoLicence),
            Check::MailAddress => {
                let may_be_empty = text.is_empty() && !self.source.is_json;
                (!may_be_empty && !values::is_mail_address(text)).then_some(FaultCode::NoMailAddress)
            }
            Check::Organisation => {
                (values::organisation(text) == Organisation::Unfit).then_some(FaultCode::NoOrganisation)
            }
            Check::ItalianOffice => None,
            Check::Support(aliases) => (!is_support(text, aliases)).then_some(FaultCode::NoSupport),
            Check::Logo | Check::Screenshot | Check::AnyFile => files::judge(self.source, text, check),
        };
        match code {
            Some(code) => self.fault(code, at, key),
            None => self.beyond(text, at, check, key),
        }
    }

    /// What only the network or a register could tell of a value that looks right.
    fn beyond(&mut self, text: &str, at: Spot, check: Check, key: &str) {
        match check {
            Check::Video => self.unsure(FaultCode::VideoProvider, at, key),
            Check::ItalianOffice if !text.is_empty() => self.unsure(FaultCode::ItalianOffice, at, key),
            Check::Organisation if values::organisation(text) == Organisation::OfItaly => {
                self.unsure(FaultCode::ItalianOffice, at, key);
            }
            Check::WebAddress | Check::WebPattern | Check::Address => self.unsure(FaultCode::AddressNotAsked, at, key),
            Check::Logo | Check::Screenshot | Check::AnyFile if values::is_address(text) => {
                self.unsure(FaultCode::AddressNotAsked, at, key);
            }
            _ => {}
        }
    }

    /// Small letters are allowed, and deprecated; both mixed are not allowed.
    fn country(&mut self, text: &str, at: Spot, key: &str) {
        if values::is_country(text) {
            return;
        }
        let is_small = text.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_small && values::is_country(&text.to_ascii_uppercase()) {
            self.warn(FaultCode::SmallLetters, at, key);
        } else {
            self.fault(FaultCode::NoCountry, at, key);
        }
    }
}

/// What YAML 1.2 reads as a number or a truth.
fn is_other_kind(node: &Node<'_>, text: &str) -> bool {
    let begins = text.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+'));
    node.flag().is_some() || (begins && text.parse::<f64>().is_ok())
}

fn is_web_pattern(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// A number not below nothing; `1e3` and `2.0` are whole.
fn is_number(text: &str, is_whole: bool) -> bool {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.is_some_and(|number| !is_whole || number.fract() == 0.0)
}

/// A law or system: a name of the list, an address, or a name (URN).
fn is_support(text: &str, aliases: &[&str]) -> bool {
    match text.strip_prefix("alias:") {
        Some(alias) => aliases.contains(&alias),
        None => values::organisation(text) != Organisation::Unfit,
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
