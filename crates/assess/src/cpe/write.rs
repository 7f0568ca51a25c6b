// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing CPE names: formatted strings of version 2.3 and URIs of version 2.2 (NIST IR 7695, section 6).

use std::fmt::{self, Write as _};

use super::name::{Attribute, Name, Pattern, Value, Wild};
use super::read::{PACKED, is_plain};

impl fmt::Display for Name {
    /// As formatted string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cpe:2.3")?;
        for value in &self.values {
            f.write_char(':')?;
            match value {
                Value::Any => f.write_char('*')?,
                Value::Na => f.write_char('-')?,
                // A hyphen alone would mean that there is none.
                Value::Text(text) if text.body == "-" && !text.has_wildcards() => f.write_str("\\-")?,
                Value::Text(text) => written(f, text, ["?", "*"], |f, byte| {
                    if !is_plain(byte) {
                        f.write_char('\\')?;
                    }
                    f.write_char(char::from(byte))
                })?,
            }
        }
        Ok(())
    }
}

impl Name {
    /// As URI of version 2.2. What that version does not know is packed into the edition, as version 2.3 demands.
    pub fn to_uri(&self) -> String {
        let edition = if PACKED.iter().skip(1).any(|attribute| self.get(*attribute) != &Value::Any) {
            PACKED.iter().map(|attribute| format!("~{}", uri_value(self.get(*attribute)))).collect()
        } else {
            uri_value(self.get(Attribute::Edition))
        };
        let plain = |attribute| uri_value(self.get(attribute));
        let components = [
            plain(Attribute::Part),
            plain(Attribute::Vendor),
            plain(Attribute::Product),
            plain(Attribute::Version),
            plain(Attribute::Update),
            edition,
            plain(Attribute::Language),
        ];
        format!("cpe:/{}", components.join(":").trim_end_matches(':'))
    }
}

fn uri_value(value: &Value) -> String {
    let mut text = String::new();
    let result = match value {
        Value::Any => Ok(()),
        Value::Na => text.write_char('-'),
        Value::Text(pattern) => {
            let is_alone = pattern.body == "-" && !pattern.has_wildcards();
            written(&mut text, pattern, ["%01", "%02"], |text, byte| {
                if is_plain(byte) && !is_alone {
                    text.write_char(char::from(byte))
                } else {
                    write!(text, "%{byte:02x}")
                }
            })
        }
    };
    debug_assert!(result.is_ok(), "a text takes everything");
    text
}

/// Writes a text with its wildcards.
fn written<W: fmt::Write>(
    to: &mut W,
    text: &Pattern,
    [one, many]: [&str; 2],
    character: impl Fn(&mut W, u8) -> fmt::Result,
) -> fmt::Result {
    let wild = |to: &mut W, wild: Wild| match wild {
        Wild::Nothing => Ok(()),
        Wild::UpTo(count) => (0..count).try_for_each(|_| to.write_str(one)),
        Wild::Everything => to.write_str(many),
    };
    wild(to, text.before)?;
    text.body.bytes().try_for_each(|byte| character(to, byte))?;
    wild(to, text.behind)
}
