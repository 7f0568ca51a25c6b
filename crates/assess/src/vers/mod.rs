// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! VERS: version ranges of any ecosystem (package-url/vers-spec), and the short ranges of the command line.
//!
//! `vers:npm/>=1.0.0|<2.0.0|!=1.5.0` lists constraints in version order; each pair of a lower and an upper bound is an
//! interval, `=` (written as the bare version) adds a version and `!=` takes one out. `text.parse::<VersionRange>()`
//! accepts the canonical form only, [`VersionRange::parse_lenient`] also spaces, any order and needless escapes.
//! [`VersionRange::parse`] is for people: `>=2.0 <2.15`, `1.2.3`, `<1 || >=2`, or what the ecosystem itself writes.
//!
//! Whatever was written, the answer comes from sorted disjoint intervals ([`VersionRange::intervals`]). A text that is no
//! version of the scheme (`(devel)`, empty) is in a range only when the range names it.

mod intervals;
mod read;
mod short;

#[cfg(test)]
mod exam;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::str::FromStr;

pub use intervals::{Bound, Interval, Intervals};

use crate::version::{self, Scheme};

/// How a constraint relates to its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// This version.
    Equal,
    /// Not this version.
    NotEqual,
    /// Versions before it.
    Less,
    /// Versions before it and itself.
    LessOrEqual,
    /// Versions after it.
    Greater,
    /// Versions after it and itself.
    GreaterOrEqual,
}

impl Comparator {
    /// Parts a sign from the beginning of `text`; without one it is [`Comparator::Equal`].
    pub(crate) fn split(text: &str) -> (Self, &str) {
        const SIGNS: &[(&str, Comparator)] = &[
            (">=", Comparator::GreaterOrEqual),
            ("=>", Comparator::GreaterOrEqual),
            ("<=", Comparator::LessOrEqual),
            ("=<", Comparator::LessOrEqual),
            ("!=", Comparator::NotEqual),
            ("<>", Comparator::NotEqual),
            ("==", Comparator::Equal),
            (">", Comparator::Greater),
            ("<", Comparator::Less),
            ("=", Comparator::Equal),
            ("≥", Comparator::GreaterOrEqual),
            ("≤", Comparator::LessOrEqual),
            ("≠", Comparator::NotEqual),
        ];
        let found = SIGNS.iter().find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?)));
        found.unwrap_or((Self::Equal, text))
    }

    /// The sign in VERS.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// One constraint of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// How it relates to the version.
    pub comparator: Comparator,
    /// The version, decoded.
    pub version: String,
}

/// Why a text is no range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidRange(pub Cow<'static, str>);

impl InvalidRange {
    pub(crate) fn because(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

/// A set of versions of one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    scheme: Scheme,
    /// The name in VERS, which may be one we have no order for.
    name: String,
    /// Sorted by version; empty for all versions and for none.
    constraints: Vec<Constraint>,
    intervals: Intervals,
}

impl VersionRange {
    /// Reads what a person writes: a VERS, a short range such as `>=2.0 <2.15` (a comma or space means *and*, `||` means
    /// *or*, `1.2.*` any end), or a range as the ecosystem of `scheme` writes it (`^1.2`, `[1.0,2.0)`, `~> 2.0`).
    ///
    /// # Errors
    /// When it is none of these; the reason names the part that could not be read.
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, InvalidRange> {
        let text = text.trim();
        if text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("vers:")) {
            return Self::parse_lenient(text).map(|(range, _)| range);
        }
        if text.is_empty() {
            return Err(InvalidRange::because("the range is empty"));
        }
        match short::parse(scheme, text) {
            Ok(intervals) => Ok(Self::of_intervals(scheme, intervals)),
            Err(reason) => crate::native_range::parse(scheme, text).map_err(|_| reason),
        }
    }

    /// Reads a VERS and mends what leaves no doubt: spaces, empty constraints, any order, needless escapes. The flag
    /// says whether the text was not canonical.
    ///
    /// # Errors
    /// When there is no scheme or no constraint, or a version is broken.
    pub fn parse_lenient(text: &str) -> Result<(Self, bool), InvalidRange> {
        let range = read::read(text)?;
        let mended = range.to_string() != text;
        Ok((range, mended))
    }

    /// The range of these intervals.
    pub fn of_intervals(scheme: Scheme, intervals: Intervals) -> Self {
        Self { scheme, name: scheme.name().to_owned(), constraints: intervals.constraints(), intervals }
    }

    /// All versions of a scheme.
    pub fn all(scheme: Scheme) -> Self {
        Self::of_intervals(scheme, Intervals::all())
    }

    /// The scheme whose order holds.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The constraints in version order; empty for all versions and for none.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The versions as sorted, disjoint intervals.
    pub fn intervals(&self) -> &[Interval] {
        self.intervals.list()
    }

    /// Whether a version lies in the range. What is no version of the scheme does only when the range names it.
    pub fn contains(&self, version: &str) -> bool {
        if version::is_valid(self.scheme, version) {
            return self.intervals.contains(self.scheme, version);
        }
        let named = |constraint: &Constraint| {
            constraint.comparator == Comparator::Equal
                && version::compare(self.scheme, &constraint.version, version) == Ordering::Equal
        };
        self.intervals.is_all() || self.constraints.iter().any(named)
    }
}

impl FromStr for VersionRange {
    type Err = InvalidRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::parse_lenient(text)? {
            (range, false) => Ok(range),
            (range, true) => Err(InvalidRange::because(format!("it is not in canonical form, which is {range}"))),
        }
    }
}

impl fmt::Display for VersionRange {
    /// The canonical VERS. No versions at all are `vers:none/*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.constraints.is_empty() {
            let name = if self.intervals.is_all() { &self.name } else { "none" };
            return write!(f, "vers:{name}/*");
        }
        write!(f, "vers:{}/", self.name)?;
        for (index, constraint) in self.constraints.iter().enumerate() {
            if index > 0 {
                f.write_char('|')?;
            }
            f.write_str(constraint.comparator.sign())?;
            for byte in constraint.version.bytes() {
                match byte {
                    b'.' | b'-' | b'_' | b'~' | b':' | b'+' | b'^' => f.write_char(byte.into())?,
                    plain if plain.is_ascii_alphanumeric() => f.write_char(plain.into())?,
                    other => write!(f, "%{other:02X}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_holds_what_it_says() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("vers:npm/>=1.0.0|<2.0.0", &["1.0.0", "1.9.9", "2.0.0-rc1"], &["0.9.9", "2.0.0", "1.0.0-rc1"]),
            ("vers:npm/>=1.0.0|!=1.5.0|<2.0.0", &["1.4.9", "1.5.1"], &["1.5.0"]),
            ("vers:npm/1.0.0|>=2.0.0", &["1.0.0", "v1.0.0", "3.0.0"], &["1.0.1"]),
            ("vers:npm/<1.0.0|>=2.0.0|<=2.5.0|>3.0.0", &["0.1.0", "2.5.0", "3.0.1"], &["1.0.0", "2.5.1", "3.0.0"]),
            ("vers:npm/!=1.0.0", &["0.1.0", "2.0.0"], &["1.0.0"]),
            ("vers:npm/*", &["1.0.0", "anything"], &[]),
            ("vers:none/*", &[], &["1.0.0", "anything"]),
            ("vers:golang/<1.0.0", &["0.9.0"], &["(devel)", "", "1.0.0"]),
            ("vers:golang/<1.0.0|%28devel%29", &["(devel)"], &["(unknown)"]),
            ("vers:weapon/>=1|<2", &["1.5"], &["2"]),
        ];
        for (text, inside, outside) in cases {
            let (range, _) = VersionRange::parse_lenient(text).unwrap();
            assert_eq!(inside.iter().find(|version| !range.contains(version)), None, "{text}");
            assert_eq!(outside.iter().find(|version| range.contains(version)), None, "{text}");
        }
    }

    #[test]
    fn what_people_write_becomes_canonical() {
        let cases = [
            (Scheme::Maven, ">=2.0 <2.15", "vers:maven/>=2.0|<2.15"),
            (Scheme::Maven, ">= 2.0, < 2.15", "vers:maven/>=2.0|<2.15"),
            (Scheme::Maven, "[1.0,2.0)", "vers:maven/>=1.0|<2.0"),
            (Scheme::Npm, "=1.2", "vers:npm/1.2"),
            (Scheme::Npm, "1.2.3", "vers:npm/1.2.3"),
            (Scheme::Npm, ">=1 !=1.5.0 <2", "vers:npm/>=1|!=1.5.0|<2"),
            (Scheme::Npm, "<1 || >=2 <3 || 4", "vers:npm/<1|>=2|<3|4"),
            (Scheme::Npm, "1.2.*", "vers:npm/>=1.2|<1.3"),
            (Scheme::Npm, "^1.2", "vers:npm/>=1.2.0|<2.0.0-0"),
            (Scheme::Npm, "*", "vers:npm/*"),
            (Scheme::Npm, ">2 <1", "vers:none/*"),
            (Scheme::Gem, "~> 2.0.8", "vers:gem/>=2.0.8|<2.1"),
            (Scheme::Deb, "<1:2.0-3~deb11u1", "vers:deb/<1:2.0-3~deb11u1"),
            (Scheme::Generic, " VERS:npm/ <2.0.0 | >=1.0.0 |", "vers:npm/>=1.0.0|<2.0.0"),
        ];
        for (scheme, text, expected) in cases {
            assert_eq!(
                VersionRange::parse(scheme, text).map(|range| range.to_string()).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_range_is_refused_with_its_reason() {
        let cases = [
            ("", "the range is empty"),
            (">=", "a version is missing after >="),
            ("vers:npm", "the scheme or the constraints are missing"),
            ("vers:/1", "the scheme or the constraints are missing"),
            ("vers:npm/|", "the scheme or the constraints are missing"),
            ("vers:npm/>=", "a version is missing after >="),
            ("vers:npm/1%2", "an escape is broken in 1%2"),
        ];
        for (text, reason) in cases {
            assert_eq!(VersionRange::parse(Scheme::Npm, text), Err(InvalidRange::because(reason)), "{text}");
        }
    }

    fn sign() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec!["", "=", "!=", "<", "<=", ">", ">="])
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(vers:)?\\PC{0,40}") {
            for &scheme in Scheme::ALL {
                let _ = VersionRange::parse(scheme, &text);
            }
        }

        #[test]
        fn intervals_answer_as_the_constraints_do(list in prop::collection::vec((sign(), 0_u8..12), 1..6), version in 0_u8..13) {
            // All must hold: the naive reading of a conjunction.
            let naive = list.iter().all(|(sign, bound)| match *sign {
                "!=" => version != *bound,
                "<" => version < *bound,
                "<=" => version <= *bound,
                ">" => version > *bound,
                ">=" => version >= *bound,
                _ => version == *bound,
            });
            let text: Vec<String> = list.iter().map(|(sign, bound)| format!("{sign}{bound}")).collect();
            let range = VersionRange::parse(Scheme::SemVer, &text.join(" ")).unwrap();
            prop_assert_eq!(range.contains(&version.to_string()), naive, "{} as {}", text.join(" "), range);
            // The canonical text holds the same.
            let again: VersionRange = range.to_string().parse().unwrap();
            prop_assert_eq!(again.contains(&version.to_string()), naive, "{}", again);
        }

        #[test]
        fn canonical_text_leads_back(list in prop::collection::vec((sign(), "[0-9.a-z!/ %-]{1,6}"), 1..6)) {
            let text: Vec<String> = list.iter().map(|(sign, version)| format!("{sign}{version}")).collect();
            if let Ok((range, _)) = VersionRange::parse_lenient(&format!("vers:pypi/{}", text.join("|"))) {
                let again: Result<VersionRange, _> = range.to_string().parse();
                prop_assert_eq!(again, Ok(range));
            }
        }
    }
}
