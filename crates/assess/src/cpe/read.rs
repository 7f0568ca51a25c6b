// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading CPE names: formatted strings of version 2.3 and URIs of version 2.2 (NIST IR 7695, section 6).
//!
//! By the letter, punctuation must be escaped (`\` in formatted strings, `%` in URIs). Producers often do not; reading
//! leniently takes such a character for itself, for nothing else can be meant. Case never counts.

use std::str::FromStr;

use underpin_model::limits::bounds;

use super::name::{Attribute, Name, Pattern, Value, Wild};

/// Why a text is no CPE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCpe {
    /// Neither `cpe:2.3:` nor `cpe:/` at its beginning.
    #[error("it begins with neither cpe:2.3: nor cpe:/")]
    Prefix,
    /// Longer than any name.
    #[error("it is too long")]
    TooLong,
    /// Not eleven components (2.3), or more than seven (2.2).
    #[error("it has a wrong number of components")]
    Components,
    /// A component of a formatted string is empty.
    #[error("a component is empty; write * for any or - for none")]
    Empty,
    /// The part is none of `a`, `o`, `h`.
    #[error("its part is none of a, o, h")]
    Part,
    /// An escape with nothing behind it, or of a character that needs none.
    #[error("an escape is broken")]
    Escape,
    /// A wildcard inside a text, several asterisks, or both kinds at one end.
    #[error("a wildcard may stand at the ends of a text only, as one asterisk or as question marks")]
    Wildcard,
    /// A blank, a control character or one beyond ASCII.
    #[error("it holds a blank or a character beyond ASCII")]
    Character,
    /// Punctuation that is not escaped.
    #[error("punctuation is not escaped")]
    Unescaped,
    /// A language that is none.
    #[error("its language is no language tag")]
    Language,
}

impl FromStr for Name {
    type Err = InvalidCpe;

    /// Reads by the letter of NIST IR 7695.
    fn from_str(text: &str) -> Result<Self, InvalidCpe> {
        read(text, true)
    }
}

impl Name {
    /// Reads what producers write.
    ///
    /// # Errors
    /// When there is doubt about what is meant.
    pub fn parse_lenient(text: &str) -> Result<Self, InvalidCpe> {
        read(text.trim(), false)
    }
}

fn read(text: &str, is_strict: bool) -> Result<Name, InvalidCpe> {
    if text.len() > bounds::CPE_BYTES {
        return Err(InvalidCpe::TooLong);
    }
    if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(InvalidCpe::Character);
    }
    let behind = |prefix: &str| {
        let (start, rest) = text.split_at_checked(prefix.len())?;
        (start.eq_ignore_ascii_case(prefix) && (!is_strict || start == prefix)).then_some(rest)
    };
    let name = match (behind("cpe:2.3:"), behind("cpe:/")) {
        (Some(rest), _) => formatted(rest, is_strict)?,
        (None, Some(rest)) => uri(rest, is_strict)?,
        (None, None) => return Err(InvalidCpe::Prefix),
    };
    match name.get(Attribute::Part) {
        Value::Text(part) if !matches!(part.body.as_str(), "a" | "o" | "h") || part.has_wildcards() => {
            Err(InvalidCpe::Part)
        }
        _ if is_strict && !is_language(name.get(Attribute::Language)) => Err(InvalidCpe::Language),
        _ => Ok(name),
    }
}

/// Language, and a region where there is one: `en`, `de-ch`, `es-419`.
fn is_language(value: &Value) -> bool {
    let Value::Text(text) = value else { return true };
    let (language, region) = match text.body.split_once('-') {
        Some((language, region)) => (language, Some(region)),
        None => (text.body.as_str(), None),
    };
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_region = |region: &str| {
        region.len() == 2 && letters(region) || region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit())
    };
    !text.has_wildcards() && (2..=3).contains(&language.len()) && letters(language) && region.is_none_or(is_region)
}

/// One character of a text: itself, or a wildcard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Itself(u8),
    One,
    Many,
}

fn formatted(text: &str, is_strict: bool) -> Result<Name, InvalidCpe> {
    let mut name = Name::default();
    let mut components = text.as_bytes();
    for (at, value) in name.values.iter_mut().enumerate() {
        let end = component_end(components);
        let (component, rest) = components.split_at(end);
        // Between components stands a colon, behind the last nothing.
        components = match (rest.split_first(), at + 1 == Attribute::ALL.len()) {
            (Some((_, rest)), false) => rest,
            (None, true) => &[],
            _ => return Err(InvalidCpe::Components),
        };
        *value = match component {
            b"" => return Err(InvalidCpe::Empty),
            b"*" => Value::Any,
            b"-" => Value::Na,
            _ => Value::Text(pattern(&escaped_units(component, is_strict)?)?),
        };
    }
    Ok(name)
}

/// Where a component ends: at a colon that is not escaped, or with the text.
fn component_end(text: &[u8]) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b':' if !is_escaped => return at,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

fn escaped_units(component: &[u8], is_strict: bool) -> Result<Vec<Unit>, InvalidCpe> {
    let mut units = Vec::with_capacity(component.len());
    let mut bytes = component.iter().copied();
    while let Some(byte) = bytes.next() {
        units.push(match byte {
            b'\\' => match bytes.next() {
                Some(escaped) if !is_strict || escaped.is_ascii_punctuation() => Unit::Itself(escaped),
                _ => return Err(InvalidCpe::Escape),
            },
            b'*' => Unit::Many,
            b'?' => Unit::One,
            _ if is_plain(byte) || !is_strict => Unit::Itself(byte),
            _ => return Err(InvalidCpe::Unescaped),
        });
    }
    Ok(units)
}

/// Characters that need no escape in either spelling.
pub(super) fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Puts a text together; wildcards may stand at its ends only.
fn pattern(units: &[Unit]) -> Result<Pattern, InvalidCpe> {
    let is_wild = |unit: &Unit| !matches!(unit, Unit::Itself(_));
    let first = units.iter().position(|unit| !is_wild(unit)).unwrap_or(units.len());
    let last = units.iter().rposition(|unit| !is_wild(unit)).map_or(first, |at| at + 1);
    let (before, rest) = units.split_at(first);
    let (body, behind) = rest.split_at(last - first);
    let body = body.iter().map(|unit| match unit {
        Unit::Itself(byte) => Ok(char::from(byte.to_ascii_lowercase())),
        _ => Err(InvalidCpe::Wildcard),
    });
    Ok(Pattern { before: wild(before)?, body: body.collect::<Result<_, _>>()?, behind: wild(behind)? })
}

fn wild(units: &[Unit]) -> Result<Wild, InvalidCpe> {
    match units {
        [] => Ok(Wild::Nothing),
        [Unit::Many] => Ok(Wild::Everything),
        _ if units.iter().all(|unit| *unit == Unit::One) => {
            u16::try_from(units.len()).map(Wild::UpTo).map_err(|_| InvalidCpe::TooLong)
        }
        _ => Err(InvalidCpe::Wildcard),
    }
}

/// Attributes of a URI in their order.
const URI: [Attribute; 7] = [
    Attribute::Part,
    Attribute::Vendor,
    Attribute::Product,
    Attribute::Version,
    Attribute::Update,
    Attribute::Edition,
    Attribute::Language,
];

/// Attributes that version 2.3 packs into the edition of a URI, with tildes before each.
pub(super) const PACKED: [Attribute; 5] = [
    Attribute::Edition,
    Attribute::SoftwareEdition,
    Attribute::TargetSoftware,
    Attribute::TargetHardware,
    Attribute::Other,
];

fn uri(text: &str, is_strict: bool) -> Result<Name, InvalidCpe> {
    let mut name = Name::default();
    let components: Vec<&str> = text.split(':').collect();
    if components.len() > URI.len() {
        return Err(InvalidCpe::Components);
    }
    for (attribute, component) in URI.into_iter().zip(components) {
        match component.strip_prefix('~') {
            Some(packed) if attribute == Attribute::Edition => {
                let parts: Vec<&str> = packed.split('~').collect();
                if parts.len() != PACKED.len() {
                    return Err(InvalidCpe::Components);
                }
                for (attribute, part) in PACKED.into_iter().zip(parts) {
                    name.set(attribute, uri_value(part, is_strict)?);
                }
            }
            _ => name.set(attribute, uri_value(component, is_strict)?),
        }
    }
    // `cpe:/` alone names everything there is, which nobody means.
    if name.get(Attribute::Part) == &Value::Any && !is_strict { Err(InvalidCpe::Part) } else { Ok(name) }
}

fn uri_value(component: &str, is_strict: bool) -> Result<Value, InvalidCpe> {
    match component {
        "" => Ok(Value::Any),
        "-" => Ok(Value::Na),
        _ => Ok(Value::Text(pattern(&percent_units(component, is_strict)?)?)),
    }
}

fn percent_units(component: &str, is_strict: bool) -> Result<Vec<Unit>, InvalidCpe> {
    let mut units = Vec::with_capacity(component.len());
    let mut rest = component.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        units.push(match byte {
            b'%' => {
                let (code, behind) = rest.split_first_chunk::<2>().ok_or(InvalidCpe::Escape)?;
                rest = behind;
                let code = std::str::from_utf8(code).ok().and_then(|code| u8::from_str_radix(code, 16).ok());
                match code {
                    Some(1) => Unit::One,
                    Some(2) => Unit::Many,
                    Some(byte) if byte.is_ascii_punctuation() || (byte.is_ascii_graphic() && !is_strict) => {
                        Unit::Itself(byte)
                    }
                    _ => return Err(InvalidCpe::Escape),
                }
            }
            _ if is_plain(*byte) || *byte == b'~' || !is_strict => Unit::Itself(*byte),
            _ => return Err(InvalidCpe::Unescaped),
        });
    }
    Ok(units)
}
