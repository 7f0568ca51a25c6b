// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a licence expression allows, as far as the list of SPDX knows its licences. What it does not know stays unknown.

use spdx::{Expression, LicenseId, LicenseReq, ParseMode};

/// Licences that the appendix of the EUPL 1.2 names as compatible for software, under their names at SPDX.
const EUPL_LIST: [&str; 15] = [
    "AGPL-3.0",
    "CECILL-2.0",
    "CECILL-2.1",
    "EPL-1.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "GPL-2.0",
    "GPL-3.0",
    "LGPL-2.1",
    "LGPL-3.0",
    "LiLiQ-R-1.1",
    "LiLiQ-Rplus-1.1",
    "MPL-2.0",
    "OSL-2.1",
    "OSL-3.0",
];

/// Licences that put no condition on the work they go into. A licence that is on neither list is not judged.
const PERMISSIVE: [&str; 21] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "NCSA",
    "PSF-2.0",
    "PostgreSQL",
    "Python-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "X11",
    "Zlib",
    "curl",
    "libpng-2.0",
];

/// Identifiers as the list of SPDX has them, old ones included. Words that only come near one ("BSD", "GPL", "gnu gpl v2") name no
/// licence: which of several is meant, nobody can tell; a stroke between two of them is no choice.
pub(crate) const MODE: ParseMode =
    ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };

/// What an expression allows. Of alternatives one is enough; of what holds together all have to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LicenceTerms {
    /// Whether it is an expression, and every licence in it is on the list of SPDX.
    pub is_known: bool,
    /// Whether the Open Source Initiative approved what it leaves to choose.
    pub is_osi: Option<bool>,
    /// Whether it leaves a choice that can go into a work under the EUPL: without conditions on that work, or named in its appendix.
    pub fits_eupl: Option<bool>,
}

/// What an expression allows.
pub fn licence_terms(expression: &str) -> LicenceTerms {
    let Ok(parsed) = Expression::parse_mode(expression, MODE) else {
        return LicenceTerms { is_known: false, is_osi: None, fits_eupl: None };
    };
    LicenceTerms {
        is_known: parsed.requirements().all(|one| known(&one.req).is_some()),
        is_osi: three(&parsed, |one| known(one).map(|id| id.is_osi_approved())),
        fits_eupl: three(&parsed, |one| {
            let id = known(one)?;
            let fits = PERMISSIVE.contains(&id.name) || is_listed(id.name);
            (fits || id.is_copyleft()).then_some(fits)
        }),
    }
}

/// The licence, where nothing stands beside it that is not on the list: words of one's own can take back what it allows.
fn known(one: &LicenseReq) -> Option<LicenseId> {
    let is_added = one.addition.as_ref().is_some_and(|addition| addition.id().is_none());
    // The library takes the words that say nothing for a licence.
    one.license.id().filter(|id| !is_added && !matches!(id.name, "NOASSERTION" | "NONE"))
}

/// True where it holds whatever the unknown parts are, false where it does not whatever they are.
fn three(expression: &Expression, of: impl Fn(&LicenseReq) -> Option<bool>) -> Option<bool> {
    let with = |unknown: bool| expression.evaluate(|requirement| of(requirement).unwrap_or(unknown));
    let (least, most) = (with(false), with(true));
    (least == most).then_some(least)
}

fn is_listed(name: &str) -> bool {
    let plain = name.strip_suffix("-only").or_else(|| name.strip_suffix("-or-later")).unwrap_or(name);
    EUPL_LIST.contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_neither_allowed_nor_refused() {
        let (yes, no) = (Some(true), Some(false));
        for (expression, is_known, is_osi, fits_eupl) in [
            ("MIT", true, yes, yes),
            ("GPL-2.0-only", true, yes, yes),
            ("GPL-3.0-or-later", true, yes, yes),
            ("MIT AND Apache-2.0", true, yes, yes),
            ("CC-BY-NC-4.0", true, no, None),
            ("CC-BY-NC-4.0 OR MIT", true, yes, yes),
            ("CC-BY-NC-4.0 AND MIT", true, no, None),
            ("SSPL-1.0", true, no, None),
            ("LicenseRef-own", false, None, None),
            ("MIT OR LicenseRef-own", false, yes, yes),
            ("MIT AND LicenseRef-own", false, None, None),
            ("CC-BY-NC-4.0 AND LicenseRef-own", false, no, None),
            ("GPL-1.0-only", true, no, no),
            ("GPL-2.0", true, yes, yes),
            ("GPL-2.0+", true, yes, yes),
            ("GPL-2.0-only WITH Classpath-exception-2.0", true, yes, yes),
            ("MIT WITH AdditionRef-not-for-sale", false, None, None),
            ("MIT OR (Apache-2.0 WITH AdditionRef-not-for-sale)", false, yes, yes),
            ("BSD", false, None, None),
            ("GPL", false, None, None),
            ("Apache", false, None, None),
            ("gnu gpl v2", false, None, None),
            ("MIT/SSPL-1.0", false, None, None),
            ("NOASSERTION", false, None, None),
            ("NONE", false, None, None),
            ("MIT AND NOASSERTION", false, None, None),
            ("MIT OR NOASSERTION", false, yes, yes),
            ("do what you like", false, None, None),
            ("", false, None, None),
        ] {
            let expected = LicenceTerms { is_known, is_osi, fits_eupl };
            assert_eq!(licence_terms(expression), expected, "{expression}");
        }
    }

    #[test]
    fn no_listing_names_a_licence_that_nobody_stated() {
        assert_eq!(crate::listings::names("MIT AND Apache-2.0").map(|names| names.len()), Some(2));
        for licence in ["BSD", "GPL", "gnu gpl v2", "MIT/Apache-2.0"] {
            assert_eq!(crate::listings::names(licence), None, "{licence}");
        }
    }
}
