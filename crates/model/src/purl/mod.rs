// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package URLs (ECMA-427, purl-spec): reading and canonical writing.
//!
//! `text.parse::<Purl>()` reads by the letter, [`Purl::parse_lenient`] also reads what producers write when no doubt is
//! left about what they mean. A [`Purl`] made by hand is brought into
//! canonical form by [`Purl::build`], or by [`Purl::normalise`] when a missing namespace must not stop the work.
//!
//! Traps: the case of a name is kept or folded by type (`types.rs`); `+` is a plus sign, never a space; `:` stays bare
//! and `/` does not when written; a version may contain anything, so the version starts at the *last* `@` that does
//! not open a path segment.

mod mend;
mod percent;
mod read;
mod types;

#[cfg(test)]
mod exam;

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// A package URL in its parts, decoded and normalised as its type demands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl {
    /// Type, lower case (`npm`, `deb`).
    pub kind: String,
    /// Namespace, segments joined by `/`, empty when there is none.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Version, empty when there is none.
    pub version: String,
    /// Qualifiers, sorted by key; keys lower case, no empty values.
    pub qualifiers: Vec<(String, String)>,
    /// Subpath, empty when there is none.
    pub subpath: String,
}

/// Why a text is no package URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidPurl(pub &'static str);

impl Purl {
    /// Reads a package URL and mends what leaves no doubt: white space around it, slashes after `pkg:`, upper-case types
    /// and qualifier keys, unescaped characters, `@` or `%2F` in a scope, types that never existed (`alpine`, `dotnet`), a
    /// namespace or qualifier the type asks for and the text lacks. The flag says whether anything had to be mended.
    ///
    /// # Errors
    /// When there is no scheme, no type or no name, or when the type cannot be one.
    pub fn parse_lenient(text: &str) -> Result<(Self, bool), InvalidPurl> {
        read::read(text, read::Manner::Lenient)
    }

    /// Brings the parts into canonical form (case and spelling by type, qualifiers sorted, empty ones dropped) and
    /// checks them.
    ///
    /// # Errors
    /// As [`Purl::check`].
    pub fn build(mut self) -> Result<Self, InvalidPurl> {
        self.normalise();
        self.check()?;
        Ok(self)
    }

    /// Brings the parts into canonical form without judging them.
    pub fn normalise(&mut self) {
        self.kind.make_ascii_lowercase();
        for (key, _) in &mut self.qualifiers {
            key.make_ascii_lowercase();
        }
        self.qualifiers.retain(|(_, value)| !value.is_empty());
        self.sort_qualifiers();
        types::normalise(self);
    }

    /// Whether the parts can be a package URL of this type.
    ///
    /// # Errors
    /// What the specification or the type forbids: no name, a namespace where none may be, a missing one, a key with
    /// forbidden characters.
    pub fn check(&self) -> Result<(), InvalidPurl> {
        read::check_kind(&self.kind)?;
        if self.name.is_empty() {
            return Err(InvalidPurl("the name is missing"));
        }
        if self.qualifiers.iter().any(|(key, _)| !read::is_key(key)) {
            return Err(InvalidPurl("a qualifier key has characters that are not allowed"));
        }
        if self.qualifiers.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first == second)) {
            return Err(InvalidPurl("a qualifier key occurs twice"));
        }
        types::check(self)
    }

    /// The value of a qualifier, if there is one. `key` in lower case.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    fn sort_qualifiers(&mut self) {
        if !self.qualifiers.is_sorted_by(|first, second| first.0 <= second.0) {
            self.qualifiers.sort_by(|first, second| first.0.cmp(&second.0));
        }
    }
}

impl FromStr for Purl {
    type Err = InvalidPurl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read::read(text, read::Manner::Strict).map(|(purl, _)| purl)
    }
}

impl fmt::Display for Purl {
    /// The canonical text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PackageText { kind: &self.kind, namespace: &self.namespace, name: &self.name }.fmt(f)?;
        if !self.version.is_empty() {
            f.write_char('@')?;
            percent::write(f, &self.version)?;
        }
        let mut before = '?';
        for (key, value) in self.qualifiers.iter().filter(|(_, value)| !value.is_empty()) {
            f.write_char(before)?;
            f.write_str(key)?;
            f.write_char('=')?;
            percent::write(f, value)?;
            before = '&';
        }
        if !self.subpath.is_empty() {
            f.write_char('#')?;
            percent::write_path(f, &self.subpath)?;
        }
        Ok(())
    }
}

/// The decoded value of a qualifier as canonical text has it (`openssl%401.1` is `openssl@1.1`).
pub fn decoded(value: &str) -> std::borrow::Cow<'_, str> {
    percent::decode(value, &mut percent::Faults::default())
}

/// A package as a purl without version, qualifiers and subpath, from its parts.
#[derive(Clone, Copy, Debug)]
pub struct PackageText<'a> {
    /// Type.
    pub kind: &'a str,
    /// Namespace, decoded.
    pub namespace: &'a str,
    /// Name, decoded.
    pub name: &'a str,
}

impl fmt::Display for PackageText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pkg:")?;
        f.write_str(self.kind)?;
        f.write_char('/')?;
        if !self.namespace.is_empty() {
            percent::write_path(f, self.namespace)?;
            f.write_char('/')?;
        }
        if types::name_is_a_path(self.kind) { percent::write_path(f, self.name) } else { percent::write(f, self.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn purl(kind: &str, namespace: &str, name: &str, version: &str) -> Purl {
        Purl {
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
            version: version.into(),
            ..Purl::default()
        }
    }

    #[test]
    fn built_by_hand_it_is_canonical() {
        let mut made = purl("PyPI", "", "Flask_Login", "0.6+local");
        made.qualifiers = vec![
            ("Vcs_url".into(), "https://x/y".into()),
            ("arch".into(), "any".into()),
            ("empty".into(), String::new()),
        ];
        let made = made.build().unwrap();
        assert_eq!(made.to_string(), "pkg:pypi/flask-login@0.6%2Blocal?arch=any&vcs_url=https:%2F%2Fx%2Fy");
        assert_eq!(made.qualifier("arch"), Some("any"));
        assert_eq!(made.qualifier("empty"), None);
    }

    #[test]
    fn the_parts_are_judged_by_type() {
        let cases = [
            (purl("", "", "a", ""), Err(InvalidPurl("the type is missing"))),
            (purl("npm", "", "", ""), Err(InvalidPurl("the name is missing"))),
            (purl("swift", "", "a", ""), Err(InvalidPurl("this type needs a namespace"))),
            (purl("pypi", "x", "a", ""), Err(InvalidPurl("this type has no namespace"))),
            (purl("julia", "", "a", ""), Err(InvalidPurl("this type needs a qualifier that is missing"))),
            (purl("golang", "", "stdlib", "1.25.1"), Ok(())),
            (purl("weapon", "any", "thing", ""), Ok(())),
        ];
        for (made, expected) in cases {
            assert_eq!(made.check(), expected, "{made}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(pkg:)?\\PC{0,40}") {
            let _ = text.parse::<Purl>();
            let _ = Purl::parse_lenient(&text);
        }

        #[test]
        fn what_was_read_is_written_and_read_again_the_same(
            text in "(pkg|PKG):/{0,2}(npm|golang|deb|Alpine|pypi|git|pub|generic|swid)/[@a-zA-Z0-9%2F/._ü +:-]{1,20}(@[a-z0-9.%@/+]{0,8})?(\\?[a-z=&A-Z%0-9]{0,12})?(#[a-z/.%]{0,8})?"
        ) {
            if let Ok((first, _)) = Purl::parse_lenient(&text) {
                let written = first.to_string();
                let (second, _) = Purl::parse_lenient(&written).expect("canonical text can be read");
                prop_assert_eq!(&second, &first, "{}", written);
                prop_assert_eq!(second.to_string(), written);
            }
        }

        #[test]
        fn the_letter_and_the_meaning_agree(text in "pkg:(npm|golang|deb|pypi|generic)/[@a-z0-9%/._+:-]{1,20}(@[a-z0-9.%@/+]{0,8})?(\\?[a-z=&%0-9]{0,12})?") {
            if let Ok(strict) = text.parse::<Purl>() {
                let (lenient, mended) = Purl::parse_lenient(&text).expect("lenient reads more than strict");
                if !mended {
                    prop_assert_eq!(strict, lenient);
                }
            }
        }
    }
}
