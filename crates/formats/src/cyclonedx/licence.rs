// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Judging licence texts against the SPDX list, each distinct text once a document.
//!
//! A producer may write an expression into `id` or an identifier into `expression`; both are kept as they stand. A
//! `name` is free text by the format and is not judged here.

use spdx::{Expression, ParseMode};
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;

use super::lenient::At;

/// The SPDX grammar nests parentheses; real expressions stay far below this.
const LONGEST_EXPRESSION_BYTES: usize = 4_096;

/// What a licence text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// An identifier of the SPDX list (licence or exception).
    Identifier,
    /// A valid SPDX expression.
    Expression,
    /// Neither.
    Free,
}

/// What `text` is.
pub fn judge(text: &str) -> Validity {
    let deprecated = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    // Words that say that nothing is said; the library takes them for identifiers.
    if matches!(text, "NOASSERTION" | "NONE") {
        return Validity::Free;
    }
    if spdx::license_id(text).is_some_and(|id| id.name == text) || spdx::exception_id(text).is_some() {
        Validity::Identifier
    } else if text.len() <= LONGEST_EXPRESSION_BYTES && Expression::parse_mode(text, deprecated).is_ok() {
        // `GPL-2.0+` is an old identifier of its own.
        if text.ends_with('+') && !text.contains(char::is_whitespace) {
            Validity::Identifier
        } else {
            Validity::Expression
        }
    } else {
        Validity::Free
    }
}

/// Reports `text` at the field `key` when it is not what the field asks for.
pub fn check<'a>(text: &Text<'a>, key: &'static str, due: Validity, at: &mut At<'a>) {
    let validity = match at.licences.get(text) {
        Some(&validity) => validity,
        None => {
            let validity = judge(text);
            at.licences.insert(text.clone(), validity);
            validity
        }
    };
    let shown = || text.chars().take(100).collect::<String>();
    match (due, validity) {
        (_, Validity::Free) => at.gap_in(key, GapCode::InvalidLicence, || shown().into()),
        (Validity::Identifier, Validity::Expression) => {
            at.gap_in(key, GapCode::InvalidValue, || {
                format!("{} is an expression, not an identifier of the SPDX list", shown()).into()
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        for (text, expected) in [
            ("MIT", Validity::Identifier),
            ("GPL-2.0", Validity::Identifier),
            ("GPL-2.0+", Validity::Identifier),
            ("Classpath-exception-2.0", Validity::Identifier),
            ("(MIT OR Apache-2.0)", Validity::Expression),
            ("GPL-2.0 WITH Classpath-exception-2.0", Validity::Expression),
            ("LicenseRef-Acme", Validity::Expression),
            ("Apache-2", Validity::Free),
            ("NOASSERTION", Validity::Free),
            ("mit or", Validity::Free),
            ("", Validity::Free),
        ] {
            assert_eq!(judge(text), expected, "{text}");
        }
        assert_eq!(judge(&"(".repeat(100_000)), Validity::Free);
    }
}
