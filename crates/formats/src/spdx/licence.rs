// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a licence is a valid SPDX expression. The text is kept either way.
//!
//! Source: SPDX 2.3, annex D. Deprecated identifiers (`GPL-2.0+`) are valid, identifiers are compared without regard
//! to case, `LicenseRef-` names licences outside the list. Documents repeat few texts many times, so each distinct text
//! is judged once.

use hashbrown::HashMap;
use spdx::{Expression, ParseMode};
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Licence, LicenceKind};

use super::field::Field;
use super::notes::{Notes, Spot, says_nothing};
use super::wire::ExtractedLicence;
use super::write::OWN_LICENCE;

/// Longest text that is judged at all: a licence text pasted into the field is no expression.
const JUDGED_BYTES: usize = 4_096;

const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// Judges licences, remembering what it judged.
#[derive(Default)]
pub(crate) struct Licences {
    judged: HashMap<Box<str>, bool>,
    /// The last valid text: declared and concluded are mostly the same.
    last: String,
    /// Texts that stand behind identifiers which this program gave when it wrote the document.
    own: HashMap<String, String>,
}

impl Licences {
    /// With the licences that a document explains. Identifiers that others gave are kept as they are.
    pub(super) fn of(explained: Vec<ExtractedLicence<'_>>) -> Self {
        let own = explained.into_iter().filter(|licence| licence.id.as_str().starts_with(OWN_LICENCE));
        let own = own.map(|licence| (licence.id.into_text().into_owned(), licence.text.into_text().into_owned()));
        Self { own: own.collect(), ..Self::default() }
    }

    /// Adds the licence of one field, unless it says nothing.
    #[inline]
    pub(super) fn add<'a>(
        &mut self,
        licences: &mut Vec<Licence<'a>>,
        kind: LicenceKind,
        field: Field<'a>,
        (spot, name): (&Spot, &str),
        notes: &mut Notes<'_>,
    ) {
        let mut expression = notes.text(field, spot, name);
        if says_nothing(&expression) {
            return;
        }
        if let Some(text) = self.own.get(expression.as_ref()) {
            expression = text.clone().into();
        }
        if !self.is_valid(&expression) {
            let seen = || expression.chars().take(80).collect::<String>();
            notes.gaps.add_with(GapCode::InvalidLicence, || (spot.place(name), seen()));
        }
        if licences.is_empty() {
            // Declared and concluded; a vector would take room for four.
            licences.reserve_exact(2);
        }
        licences.push(Licence { kind, expression });
    }

    /// True for a valid SPDX expression.
    pub(crate) fn is_valid(&mut self, text: &str) -> bool {
        if text == self.last {
            return true;
        }
        if let Some(&valid) = self.judged.get(text) {
            if valid {
                self.last.clear();
                self.last.push_str(text);
            }
            return valid;
        }
        let valid = judge(text);
        if text.len() <= JUDGED_BYTES {
            self.judged.insert(text.into(), valid);
        }
        valid
    }
}

fn judge(text: &str) -> bool {
    if text.len() > JUDGED_BYTES {
        return false;
    }
    if let Some(name) = text.strip_prefix("LicenseRef-").filter(|name| !name.contains([' ', ')'])) {
        return !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    }
    Expression::parse_mode(text, MODE).is_ok()
        || spdx::identifiers::LICENSES.iter().any(|licence| licence.name.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (text, valid) in [
            ("MIT", true),
            ("apache-2.0", true),
            ("GPL-2.0+", true),
            ("GPL-2.0-or-later WITH Classpath-exception-2.0", true),
            ("(MIT OR Apache-2.0) AND LicenseRef-x", true),
            ("LicenseRef-f648122", true),
            ("DocumentRef-a:LicenseRef-b", true),
            ("Apache License 2.0", false),
            ("MIT AND", false),
            ("LicenseRef-", false),
            ("LicenseRef-a_b", false),
            ("BSD-3-Clause/MIT", false),
        ] {
            assert_eq!(Licences::default().is_valid(text), valid, "{text}");
        }
        let nested = "(".repeat(JUDGED_BYTES);
        assert!(!Licences::default().is_valid(&nested));
    }
}
