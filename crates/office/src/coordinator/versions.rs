// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which versions a question is about. The answer is three-valued: a version that is unknown, or that the ecosystem
//! cannot order, is neither inside nor outside, and must not be passed over in silence.

use std::collections::HashMap;

use underpin_assess::vers::VersionRange;
use underpin_assess::version::{Scheme, is_valid};
use underpin_lake::PackageVersion;

use crate::error::{OfficeError, Result};

/// Where a version stands towards a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The range holds it.
    Inside,
    /// It does not.
    Outside,
    /// It cannot be told: no version is stated, it has no place in the order, or the ecosystem cannot read the range.
    Undecided,
}

/// A range as asked for, read in the order of each ecosystem that turns up.
#[derive(Clone, Debug)]
pub struct VersionQuery {
    text: String,
    /// A VERS states its own ecosystem and is about no other.
    stated: Option<VersionRange>,
    names_epoch: bool,
    read: HashMap<Scheme, Option<VersionRange>>,
}

impl VersionQuery {
    /// Reads a range that at least one ecosystem understands.
    ///
    /// # Errors
    /// `invalid-range` when none does.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |error: underpin_assess::vers::InvalidRange| {
            OfficeError::new("invalid-range", format!("{text:?} is no version range: {error}"))
                .hint("write '>=2.0 <2.15' or 'vers:maven/>=2.0|<2.15'")
        };
        let generic = VersionRange::parse(Scheme::Generic, text);
        let is_vers = text.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("vers:"));
        if let Ok(range) = &generic {
            holds_something(text, range)?;
        }
        let stated = if is_vers { Some(generic.map_err(invalid)?) } else { None };
        if stated.is_none()
            && let Err(error) = VersionRange::parse(Scheme::Generic, text)
            && !Scheme::ALL.iter().any(|scheme| VersionRange::parse(*scheme, text).is_ok())
        {
            return Err(invalid(error));
        }
        Ok(Self { names_epoch: names_epoch(text), text: text.to_owned(), stated, read: HashMap::new() })
    }

    /// Where a version stands.
    pub fn fit(&mut self, kind: &str, version: &str, epoch: Option<&str>) -> Fit {
        let scheme = Scheme::of_purl_type(kind);
        let version = self.with_epoch(version, epoch);
        let range = match &self.stated {
            Some(stated) if stated.scheme() != scheme && stated.scheme() != Scheme::Generic => return Fit::Outside,
            Some(stated) => Some(stated),
            None => {
                let text = &self.text;
                self.read.entry(scheme).or_insert_with(|| VersionRange::parse(scheme, text).ok()).as_ref()
            }
        };
        let Some(range) = range else { return Fit::Undecided };
        if range.contains(&version) {
            Fit::Inside
        } else if version.is_empty() || !is_valid(scheme, &version) {
            Fit::Undecided
        } else {
            Fit::Outside
        }
    }

    /// Who writes no epoch means the version that the project gave: then the packager's epoch is left aside.
    fn with_epoch(&self, version: &str, epoch: Option<&str>) -> String {
        let (written, bare) = match version.split_once(':') {
            Some((epoch, bare)) if is_number(epoch) => (Some(epoch), bare),
            _ => (None, version),
        };
        match epoch.or(written) {
            Some(epoch) if (self.names_epoch || self.stated.is_some()) && !bare.is_empty() => format!("{epoch}:{bare}"),
            _ => bare.to_owned(),
        }
    }
}

/// A slip of the hand (`<2,17.1`, `>3 <2`, `<<2`) would get a confident "no".
fn holds_something(text: &str, range: &VersionRange) -> Result<()> {
    let is_sign = |letter: char| "<>=!".contains(letter);
    let slipped = range.constraints().iter().find(|constraint| constraint.version.contains(is_sign));
    let why = match slipped {
        Some(constraint) => format!("{:?} is no version", constraint.version),
        None if range.intervals().is_empty() => "no version lies in it".to_owned(),
        None => return Ok(()),
    };
    Err(OfficeError::new("invalid-range", format!("{text:?} is no version range: {why}"))
        .hint("a space or comma means and, || means or: '>=2.0 <2.15', '<1 || >=2 <3'"))
}

/// The epoch among the qualifiers of a package version.
pub fn epoch_of(version: &PackageVersion) -> Option<&str> {
    version.qualifiers.split('&').find_map(|qualifier| qualifier.strip_prefix("epoch="))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether some version of a range is written with an epoch (`1:2.0`).
fn names_epoch(text: &str) -> bool {
    text.split(|letter: char| letter.is_whitespace() || ",|&<>=!()[]".contains(letter))
        .filter_map(|version| version.split_once(':'))
        .any(|(epoch, rest)| is_number(epoch) && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_each_ecosystem_writes_them() {
        use Fit::{Inside, Outside, Undecided};
        for (range, kind, version, epoch, expected) in [
            (">=2.0 <2.15", "maven", "2.14.1", None, Inside),
            (">=2.0 <2.15", "maven", "2.15", None, Outside),
            ("[2.0,2.15)", "maven", "2.14.1", None, Inside),
            ("[2.0,2.15)", "deb", "2.14.1-1", None, Undecided),
            ("^2.0", "npm", "2.3.4", None, Inside),
            ("<2.15", "maven", "", None, Undecided),
            ("<2", "npm", "latest", None, Undecided),
            ("vers:npm/<3", "npm", "2.0.0", None, Inside),
            ("vers:npm/<3", "maven", "2.0.0", None, Outside),
            ("<1:1.1.1k-5", "rpm", "1.1.1k-6.el8", Some("1"), Outside),
            (">=1:1.1.1k-5", "rpm", "1.1.1k-6.el8", Some("1"), Inside),
            ("<1.1.1l", "rpm", "1.1.1k-6.el8", Some("1"), Inside),
            ("<1:2.0", "deb", "1:1.9-3", None, Inside),
            ("<2.0", "deb", "1:1.9-3", None, Inside),
            ("<2.0", "deb", "1:2.1-3", None, Outside),
            ("vers:deb/<2.0", "deb", "1:1.9-3", None, Outside),
        ] {
            let mut query = VersionQuery::parse(range).expect("a range");
            assert_eq!(query.fit(kind, version, epoch), expected, "{range} {kind} {version} {epoch:?}");
        }
        for slip in ["", ">=", "<2,17.1", ">3 <2", "vers:maven/<<2", "vers:none/*"] {
            assert_eq!(VersionQuery::parse(slip).expect_err("refused").code, "invalid-range", "{slip}");
        }
    }
}
