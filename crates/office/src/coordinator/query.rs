// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people ask for: a name, a purl, a pattern, a CPE, a digest or a licence.

use std::str::FromStr as _;

use underpin_assess::identity::{of_purl, spelled_name};
use underpin_assess::vers::VersionRange;
use underpin_assess::version::{Scheme, compare};
use underpin_lake::PackageVersion;
use underpin_model::Purl;

use crate::error::{OfficeError, Result};
use crate::intake::matches;

/// A question about packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageQuery {
    /// A name, with its namespace where one was given. A bare name fits any namespace.
    Name {
        /// Namespace (`@aws-sdk`, `org.apache.logging.log4j`), if given.
        namespace: Option<String>,
        /// Name.
        name: String,
    },
    /// A purl; its version, if any, must be equal.
    Purl(Box<Purl>),
    /// A pattern over purls (`pkg:maven/org.apache*/log4j-*`) or names (`log4j-*`).
    Pattern(String),
    /// A CPE 2.2 or 2.3; `*` and missing parts fit anything.
    Cpe(Vec<String>),
    /// A digest, lower case.
    Hash(String),
    /// A licence: an SPDX identifier or expression, as stated.
    Licence(String),
}

impl PackageQuery {
    /// Understands a text. `licence:` and `hash:` say outright what is meant.
    ///
    /// # Errors
    /// `invalid-query` when it is empty or a broken purl.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(OfficeError::new("invalid-query", "nothing was asked for")
                .hint("give a name, a purl, a pattern with *, a CPE, a digest, or licence:ID"));
        }
        if let Some(licence) = text.strip_prefix("licence:").or_else(|| text.strip_prefix("license:")) {
            return Ok(Self::Licence(licence.trim().to_owned()));
        }
        if let Some(hash) = text.strip_prefix("hash:") {
            return Ok(Self::Hash(plain_hash(hash)));
        }
        if text.starts_with("cpe:") {
            return Ok(Self::Cpe(cpe_parts(text)));
        }
        if text.starts_with("pkg:") && !text.contains('*') {
            let (purl, _) = Purl::parse_lenient(text).map_err(|error| {
                OfficeError::new("invalid-purl", format!("{text}: {error}"))
                    .hint("a package URL looks like pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1")
            })?;
            return Ok(Self::Purl(Box::new(of_purl(purl).purl)));
        }
        if text.contains('*') {
            return Ok(Self::Pattern(text.to_owned()));
        }
        let hash = plain_hash(text);
        if matches!(hash.len(), 32 | 40 | 56 | 64 | 96 | 128) && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self::Hash(hash));
        }
        Ok(Self::name(text))
    }

    fn name(text: &str) -> Self {
        let split = text.rsplit_once(':').or_else(|| text.rsplit_once('/'));
        match split {
            Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
                Self::Name { namespace: Some(namespace.to_owned()), name: name.to_owned() }
            }
            _ => Self::Name { namespace: None, name: text.to_owned() },
        }
    }

    /// The purl type the question is about, where it says so: then coverage can tell who is blind.
    pub fn stated_type(&self) -> Option<String> {
        match self {
            Self::Purl(purl) => Some(purl.kind.clone()),
            Self::Pattern(pattern) => {
                let kind = pattern.strip_prefix("pkg:")?.split('/').next()?;
                (!kind.contains('*')).then(|| kind.to_lowercase())
            }
            _ => None,
        }
    }

    /// Whether a package version fits (names, purls and patterns only).
    pub fn fits(&self, version: &PackageVersion) -> bool {
        match self {
            Self::Name { namespace, name } => {
                (version.name.eq_ignore_ascii_case(name) || spelled_name(&version.kind, name) == version.name)
                    && namespace.as_ref().is_none_or(|namespace| version.namespace.eq_ignore_ascii_case(namespace))
                    || namespace.as_ref().is_some_and(|namespace| {
                        // Go modules and repositories have slashes in what purl calls the name.
                        version.name.eq_ignore_ascii_case(&format!("{namespace}/{name}"))
                    })
            }
            Self::Purl(purl) => fits_purl(purl, version),
            Self::Pattern(pattern) if pattern.starts_with("pkg:") => {
                let plain = version.purl.split('?').next().unwrap_or_default();
                matches(pattern, plain) || matches(pattern, plain.split('@').next().unwrap_or_default())
            }
            Self::Pattern(pattern) => {
                matches(pattern, &version.name)
                    || matches(pattern, &version.full_name())
                    || (version.kind == "pypi" && matches(&pattern.replace(['.', '_'], "-"), &version.name))
            }
            Self::Cpe(_) | Self::Hash(_) | Self::Licence(_) => false,
        }
    }
}

/// How a name asked for may be written in the dictionary: as it is, and as ecosystems spell it.
pub(crate) fn spellings(name: &str) -> Vec<String> {
    let mut names = vec![name.to_lowercase(), spelled_name("pypi", name).into_owned()];
    names.dedup();
    names
}

fn fits_purl(purl: &Purl, version: &PackageVersion) -> bool {
    let qualifiers = || Purl::from_str(&version.purl).map(|full| full.qualifiers).unwrap_or_default();
    version.kind == purl.kind
        && version.namespace == purl.namespace
        && version.name == purl.name
        && (purl.version.is_empty()
            || compare(Scheme::of_purl_type(&purl.kind), &purl.version, &version.version).is_eq())
        && (purl.qualifiers.is_empty() || {
            let known = qualifiers();
            // Only qualifiers that belong to the identity can be asked for; others fit anything.
            purl.qualifiers.iter().all(|(key, value)| {
                !matches!(key.as_str(), "distro" | "epoch" | "upstream" | "repository_url")
                    || known.iter().any(|(other, found)| other == key && found == value)
            })
        })
}

/// A digest without its algorithm, in lower case.
fn plain_hash(text: &str) -> String {
    let text = text.trim();
    text.rsplit_once(':').map_or(text, |(_, value)| value).to_lowercase()
}

/// Part, vendor, product, version of a CPE, of either version.
pub fn cpe_parts(cpe: &str) -> Vec<String> {
    let body = cpe.strip_prefix("cpe:2.3:").or_else(|| cpe.strip_prefix("cpe:/")).unwrap_or(cpe);
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for character in body.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ':' if !escaped => parts.push(String::new()),
            _ => {
                escaped = false;
                if let Some(last) = parts.last_mut() {
                    last.extend(character.to_lowercase());
                }
            }
        }
    }
    parts.truncate(4);
    parts
}

/// Whether a stated CPE fits the one asked for: equal parts, or anything where the question leaves it open.
pub fn fits_cpe(asked: &[String], stated: &str) -> bool {
    let stated = cpe_parts(stated);
    asked
        .iter()
        .enumerate()
        .all(|(index, part)| matches!(part.as_str(), "" | "*") || stated.get(index).is_some_and(|found| found == part))
}

/// Which versions are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionQuery(String);

impl VersionQuery {
    /// Checks the text against the order of npm, which every simple range fits, unless it names its own.
    ///
    /// # Errors
    /// `invalid-range` when it cannot be read.
    pub fn parse(text: &str) -> Result<Self> {
        VersionRange::parse(Scheme::Generic, text).map_err(|error| {
            OfficeError::new("invalid-range", format!("{text:?} is no version range: {error}"))
                .hint("write '>=2.0 <2.15' or 'vers:maven/>=2.0|<2.15'")
        })?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a package version lies in the range, by the order of its ecosystem. An unknown version does not.
    pub fn contains(&self, version: &PackageVersion) -> bool {
        let scheme = Scheme::of_purl_type(&version.kind);
        !version.version.is_empty()
            && VersionRange::parse(scheme, &self.0).is_ok_and(|range| range.contains(&version.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_understood() {
        let name = |namespace: Option<&str>, name: &str| PackageQuery::Name {
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        };
        for (text, expected) in [
            ("log4j-core", name(None, "log4j-core")),
            ("@aws-sdk/client", name(Some("@aws-sdk"), "client")),
            ("org.apache:log4j", name(Some("org.apache"), "log4j")),
            ("log4j-*", PackageQuery::Pattern("log4j-*".to_owned())),
            ("licence:MIT", PackageQuery::Licence("MIT".to_owned())),
            ("sha1:AA", name(Some("sha1"), "AA")),
            (&format!("sha256:{}", "A0".repeat(32)), PackageQuery::Hash("a0".repeat(32))),
        ] {
            assert_eq!(PackageQuery::parse(text).expect("understood"), expected, "{text}");
        }
        assert_eq!(PackageQuery::parse(" ").expect_err("refused").code, "invalid-query");
        assert_eq!(PackageQuery::parse("pkg:").expect_err("refused").code, "invalid-purl");
    }

    #[test]
    fn cpes_of_both_versions_fit() {
        let asked = cpe_parts("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*");
        assert!(fits_cpe(&asked, "cpe:/a:apache:log4j:2.14.1"));
        assert!(fits_cpe(&asked, "cpe:2.3:a:Apache:log4j:2.14.1:*:*:*:*:*:*:*"));
        assert!(!fits_cpe(&asked, "cpe:2.3:a:apache:log4j_core:2.14.1:*:*:*:*:*:*:*"));
        assert_eq!(cpe_parts(r"cpe:2.3:a:x\:y:z:1"), ["a", "x:y", "z", "1"]);
    }
}
