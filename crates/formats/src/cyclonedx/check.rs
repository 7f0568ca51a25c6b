// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Checks of single values that the schemas ask for and that matter later: licences, serial number, time.

use underpin_model::Timestamp;
use underpin_model::gap::GapCode;

use super::lenient::At;
use super::licence::{Validity, check};
use super::shape::{RawLicence, RawLicenceChoice};

/// A licence needs an identifier of the SPDX list or a name, not both.
pub fn licence<'a>(licence: &mut RawLicence<'a>, at: &mut At<'a>) {
    if !licence.id.is_empty() {
        check(&licence.id, "id", Validity::Identifier, at);
        if !licence.name.is_empty() {
            at.gap_in("name", GapCode::InvalidValue, || "given beside id, which counts".into());
        }
    } else if licence.name.is_empty() {
        at.gap(GapCode::MissingField, || "neither id nor name".into());
    }
}

/// An entry of a list of licences is either a licence or an expression.
pub fn licence_choice<'a>(choice: &mut RawLicenceChoice<'a>, at: &mut At<'a>) {
    if let Some(expression) = &choice.expression {
        check(&expression.text, "expression", Validity::Expression, at);
    }
    if let Some(expression) = &choice.detailed {
        check(&expression.text, "expression", Validity::Expression, at);
    }
    if choice.licence.is_some() && choice.expression.is_some() {
        at.gap(GapCode::InvalidValue, || "both a licence and an expression; both are kept".into());
    } else if choice.licence.is_none() && choice.expression.is_none() && choice.detailed.is_none() {
        at.gap(GapCode::MissingField, || "neither license nor expression".into());
    }
}

/// True for `urn:uuid:` and a UUID; in XML also for a UUID in braces.
pub fn is_serial_number(text: &str, xml: bool) -> bool {
    let uuid = match text.strip_prefix("urn:uuid:") {
        Some(uuid) => uuid,
        None => match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(uuid) if xml => uuid,
            _ => return false,
        },
    };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The time at the field `timestamp` of the object where the reading stands. A date alone is read and reported.
pub fn time(text: &str, at: &mut At<'_>) -> Option<Timestamp> {
    if text.is_empty() {
        return None;
    }
    let shown = || text.chars().take(60).collect::<String>();
    match text.parse() {
        Ok(moment) => {
            if !text.contains(['T', 't']) {
                at.gap_in("timestamp", GapCode::InvalidValue, || format!("{} has no time of day", shown()).into());
            }
            Some(moment)
        }
        Err(_) => {
            at.gap_in("timestamp", GapCode::InvalidTime, || shown().into());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers() {
        for (text, json, xml) in [
            ("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", true, true),
            ("{3e671687-395b-41f5-a30f-a58921a69b79}", false, true),
            ("urn:uuid:3e671687-395b-41f5-a30f", false, false),
            ("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b7é", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_serial_number(text, false), is_serial_number(text, true)), (json, xml), "{text}");
        }
    }
}
