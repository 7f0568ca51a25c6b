// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people ask for: a name, a purl, a pattern, a CPE, a digest or a licence.

use underpin_assess::identity::{of_purl, spelled_name};
use underpin_assess::version::{Scheme, compare};
use underpin_formats::digest_of_integrity;
use underpin_lake::PackageVersion;
use underpin_model::{Purl, distribution};

use crate::error::{OfficeError, Result};
use crate::intake::matches;

/// Lengths of digests in hexadecimal digits: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
const DIGEST_LENGTHS: [usize; 6] = [32, 40, 56, 64, 96, 128];

/// Beginnings of the names of vulnerabilities, which are no packages.
pub(crate) const VULNERABILITIES: [&str; 4] = ["CVE", "GHSA", "OSV", "EUVD"];

/// Algorithms of digests, as people write them before a colon.
const DIGESTS: [&str; 6] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

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
    /// A purl in the form that identities have; its version, if any, must be equal.
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
    /// `invalid-query` when it is empty, `invalid-purl` when it is a broken purl.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Some(licence) = text.strip_prefix("licence:").or_else(|| text.strip_prefix("license:")) {
            return stated(licence).map(|licence| Self::Licence(licence.to_owned()));
        }
        if let Some(hash) = text.strip_prefix("hash:") {
            let hash = stated(hash)?;
            return Ok(Self::Hash(digest_of_integrity(hash).unwrap_or_else(|| plain_hash(hash))));
        }
        let text = stated(text)?;
        if text.starts_with("cpe:") {
            return Ok(Self::Cpe(cpe_parts(text)));
        }
        if text.contains('*') {
            return Ok(Self::Pattern(normal_pattern(text)));
        }
        if text.starts_with("pkg:") {
            let (purl, _) = Purl::parse_lenient(text).map_err(|error| {
                OfficeError::new("invalid-purl", format!("{text}: {error}"))
                    .hint("a package URL looks like pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1")
            })?;
            return Ok(Self::Purl(Box::new(of_purl(purl).purl)));
        }
        if let Some(hash) = digest_of_integrity(text) {
            return Ok(Self::Hash(hash));
        }
        if let Some((prefix, _)) = text.split_once('-').filter(|(prefix, _)| VULNERABILITIES.contains(prefix)) {
            return Err(OfficeError::new("invalid-query", format!("{text} is a vulnerability, not a package"))
                .hint(format!("ask for the package that the {prefix} record names, with --versions")));
        }
        let hash = plain_hash(text);
        if let Some((algorithm, _)) = text.split_once(':').filter(|(algorithm, _)| DIGESTS.contains(algorithm))
            && !DIGEST_LENGTHS.contains(&hash.len())
        {
            return Err(OfficeError::new("invalid-query", format!("{text:?} is no digest by {algorithm}"))
                .hint("write all of it, in hexadecimal digits"));
        }
        if DIGEST_LENGTHS.contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
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

    /// The kind of fact that a document must state for it to answer at all, beyond the packages themselves.
    pub fn needed_fact(&self) -> Option<Fact> {
        match self {
            Self::Cpe(_) => Some(Fact::Cpe),
            Self::Hash(_) => Some(Fact::Digest),
            Self::Licence(_) => Some(Fact::Licence),
            Self::Name { .. } | Self::Purl(_) | Self::Pattern(_) => None,
        }
    }

    /// Names under which the dictionary may hold what is asked for, in lower case (names and purls only).
    pub fn names(&self) -> Vec<String> {
        let mut names = match self {
            Self::Name { namespace: None, name } => vec![name.to_lowercase()],
            Self::Name { namespace: Some(namespace), name } => {
                // Go modules and repositories have slashes in what purl calls the name.
                vec![name.to_lowercase(), format!("{namespace}/{name}").to_lowercase()]
            }
            Self::Purl(purl) => vec![purl.name.to_lowercase()],
            _ => Vec::new(),
        };
        // Python names are kept in their normal form, whatever they were asked by.
        let python: Vec<String> = names.iter().map(|name| spelled_name("pypi", name).into_owned()).collect();
        names.extend(python);
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether a package version fits (names, purls and patterns only).
    pub fn fits(&self, version: &PackageVersion) -> bool {
        match self {
            Self::Name { namespace, name } => {
                let same = |known: &str, asked: &str| {
                    known.eq_ignore_ascii_case(asked) || spelled_name(&version.kind, asked) == known
                };
                same(&version.name, name)
                    && namespace.as_ref().is_none_or(|namespace| version.namespace.eq_ignore_ascii_case(namespace))
                    || namespace.as_ref().is_some_and(|namespace| same(&version.name, &format!("{namespace}/{name}")))
            }
            Self::Purl(purl) => fits_purl(purl, version),
            Self::Pattern(pattern) if pattern.starts_with("pkg:") => fits_purl_pattern(pattern, version),
            Self::Pattern(pattern) => {
                matches(pattern, &version.name)
                    || matches(pattern, &version.full_name())
                    || (version.kind == "pypi" && matches(&python_pattern(pattern), &version.name))
            }
            Self::Cpe(_) | Self::Hash(_) | Self::Licence(_) => false,
        }
    }
}

/// A kind of fact that not every document states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// CPE names of packages.
    Cpe,
    /// Digests of packages or files.
    Digest,
    /// Licences of packages.
    Licence,
}

impl Fact {
    /// What it is called in an answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpe => "CPE names",
            Self::Digest => "digests",
            Self::Licence => "licences",
        }
    }
}

fn stated(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(OfficeError::new("invalid-query", "nothing was asked for")
            .hint("give a name, a purl, a pattern with *, a CPE, a digest, or licence:ID"));
    }
    Ok(text)
}

/// The type of a purl pattern in its present name; names of Python and namespaces of distributions as identities spell
/// them.
fn normal_pattern(pattern: &str) -> String {
    let Some((kind, rest)) = pattern.strip_prefix("pkg:").and_then(|text| text.trim_start_matches('/').split_once('/'))
    else {
        return pattern.to_owned();
    };
    if kind.contains('*') {
        return format!("pkg:{kind}/{rest}");
    }
    let kind = Purl::parse_lenient(&format!("pkg:{kind}/any/name")).map_or(kind.to_lowercase(), |(purl, _)| purl.kind);
    match (kind.as_str(), rest.split_once('/')) {
        ("pypi", _) => {
            let end = rest.find(['@', '?']).unwrap_or(rest.len());
            format!("pkg:pypi/{}{}", python_pattern(&rest[..end]), &rest[end..])
        }
        ("deb" | "rpm" | "apk" | "alpm", Some((namespace, name))) if !namespace.contains('*') => {
            format!("pkg:{kind}/{}/{name}", distribution::namespace(namespace))
        }
        _ => format!("pkg:{kind}/{rest}"),
    }
}

/// A pattern over names of Python packages, which are kept in their normal form.
fn python_pattern(pattern: &str) -> String {
    pattern.replace(['_', '.'], "-")
}

/// Patterns are written as people read purls (`@aws-sdk`) or as purls are written (`%40aws-sdk`), with or without
/// version and qualifiers.
fn fits_purl_pattern(pattern: &str, version: &PackageVersion) -> bool {
    if pattern.contains('?') {
        return matches(pattern, &version.purl);
    }
    let written = version.purl.split('?').next().unwrap_or_default();
    // A version is behind the last @, which is no other in what is written.
    let package = written.split('@').next().unwrap_or_default();
    let mut read = format!("pkg:{}/", version.kind);
    if !version.namespace.is_empty() {
        read.push_str(&version.namespace);
        read.push('/');
    }
    read.push_str(&version.name);
    let fits = |text: &str| matches(pattern, text);
    fits(package) || fits(&read) || fits(written) || fits(&format!("{read}@{}", version.version))
}

fn fits_purl(purl: &Purl, version: &PackageVersion) -> bool {
    version.kind == purl.kind
        && version.namespace == purl.namespace
        && version.name == purl.name
        && (purl.version.is_empty()
            || compare(Scheme::of_purl_type(&purl.kind), &purl.version, &version.version).is_eq())
        && (purl.qualifiers.is_empty() || {
            let known = version.purl.parse::<Purl>().map(|full| full.qualifiers).unwrap_or_default();
            purl.qualifiers.iter().all(|asked| known.contains(asked))
        })
}

/// A digest without its algorithm, in lower case.
fn plain_hash(text: &str) -> String {
    text.rsplit_once(':').map_or(text, |(_, value)| value).to_lowercase()
}

/// The attributes of a CPE of either version, in lower case: part, vendor, product, version, update and so on.
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
    parts
}

/// Whether a stated CPE fits the one asked for: each attribute equal or within the pattern asked for; anything where the
/// question leaves it open or the statement does.
pub fn fits_cpe(asked: &[String], stated: &str) -> bool {
    let stated = cpe_parts(stated);
    asked.iter().enumerate().all(|(index, part)| {
        let found = stated.get(index).map_or("*", String::as_str);
        // Beyond the version a statement that is silent fits; of the product itself nothing is guessed.
        matches!(part.as_str(), "" | "*") || matches(part, found) || (index > 3 && matches!(found, "" | "*" | "-"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(purl: &str) -> PackageVersion {
        let identity = of_purl(purl.parse().expect("a purl"));
        PackageVersion {
            id: identity.version_id.0,
            package: identity.package_id.0,
            purl: identity.text,
            kind: identity.purl.kind,
            namespace: identity.purl.namespace,
            name: identity.purl.name,
            version: identity.purl.version,
            qualifiers: identity.qualifiers,
        }
    }

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
            ("pkg:alpine/*", PackageQuery::Pattern("pkg:apk/*".to_owned())),
            ("licence:MIT", PackageQuery::Licence("MIT".to_owned())),
            (&format!("sha256:{}", "A0".repeat(32)), PackageQuery::Hash("a0".repeat(32))),
            (
                "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
                PackageQuery::Hash("da39a3ee5e6b4b0d3255bfef95601890afd80709".into()),
            ),
        ] {
            assert_eq!(PackageQuery::parse(text).expect("understood"), expected, "{text}");
        }
        for (text, code) in [
            (" ", "invalid-query"),
            ("licence: ", "invalid-query"),
            ("hash:", "invalid-query"),
            ("sha1:AA", "invalid-query"),
            ("CVE-2021-44228", "invalid-query"),
            ("pkg:", "invalid-purl"),
        ] {
            assert_eq!(PackageQuery::parse(text).expect_err("refused").code, code, "{text}");
        }
    }

    #[test]
    fn questions_fit_what_they_name() {
        for (asked, purl, expected) in [
            ("ruamel.yaml", "pkg:pypi/ruamel.yaml@1", true),
            ("Ruamel_Yaml", "pkg:pypi/ruamel-yaml@1", true),
            ("@aws-sdk/client", "pkg:npm/%40aws-sdk/client@3", true),
            ("client", "pkg:npm/%40aws-sdk/client@3", true),
            ("@aws-sdk/client", "pkg:npm/client@3", false),
            ("github.com/gin-gonic/gin", "pkg:golang/github.com/gin-gonic/gin@v1.9.0", true),
            ("pkg:npm/@aws-sdk/*", "pkg:npm/%40aws-sdk/client@3", true),
            ("pkg:npm/%40aws-sdk/*", "pkg:npm/%40aws-sdk/client@3", true),
            ("pkg:npm/*@3", "pkg:npm/%40aws-sdk/client@3", true),
            ("pkg:npm/*@4", "pkg:npm/%40aws-sdk/client@3", false),
            ("pkg:alpine/alpine/*", "pkg:apk/alpine/zlib@1.2", true),
            ("zope.*", "pkg:pypi/zope.interface@5.4", true),
            ("pkg:pypi/zope.*@5.*", "pkg:pypi/Zope_Interface@5.4", true),
            ("pkg:nuget/Newtonsoft.*", "pkg:nuget/Newtonsoft.Json@13", true),
            ("pkg:rpm/rhel/*", "pkg:rpm/redhat/bash@5", true),
            ("pkg:rpm/rhel/bash", "pkg:rpm/redhat/bash@5", true),
            ("pkg:rpm/redhat/bash?distro=redhat-8.7", "pkg:rpm/rhel/bash@5?distro=rhel-8.7", true),
            ("pkg:deb/*?distro=debian-12", "pkg:deb/debian/zlib@1.2?distro=debian-12", true),
            ("pkg:deb/*?distro=debian-11", "pkg:deb/debian/zlib@1.2?distro=debian-12", false),
            ("pkg:rpm/redhat/openssl@1:1.1.1k-6.el8", "pkg:rpm/redhat/openssl@1.1.1k-6.el8?epoch=1", true),
            ("pkg:rpm/redhat/openssl@2:1.1.1k-6.el8", "pkg:rpm/redhat/openssl@1.1.1k-6.el8?epoch=1", false),
            ("pkg:deb/debian/passwd@4.8.1-1?epoch=1", "pkg:deb/debian/passwd@1:4.8.1-1", true),
            ("pkg:maven/org.a/b?type=jar", "pkg:maven/org.a/b@1", true),
        ] {
            let query = PackageQuery::parse(asked).expect("understood");
            assert_eq!(query.fits(&version(purl)), expected, "{asked} {purl}");
            if expected && !matches!(query, PackageQuery::Pattern(_)) {
                assert!(query.names().contains(&version(purl).name.to_lowercase()), "{asked} {purl}");
            }
        }
    }

    #[test]
    fn cpes_of_both_versions_fit() {
        for (asked, stated, expected) in [
            ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "cpe:/a:apache:log4j:2.14.1", true),
            ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "cpe:2.3:a:Apache:log4j:2.14.1:*:*:*:*:*:*:*", true),
            ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "cpe:2.3:a:apache:log4j_core:2.14.1:*:*:*:*:*:*:*", false),
            ("cpe:2.3:a:apache:log4j:2.14.*", "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", true),
            ("cpe:2.3:a:apache:log4j:2.14.*", "cpe:2.3:a:apache:log4j:2.15.1:*:*:*:*:*:*:*", false),
            ("cpe:2.3:a:x:y:1:*:*:*:*:node.js:*:*", "cpe:2.3:a:x:y:1:*:*:*:*:python:*:*", false),
            ("cpe:2.3:a:x:y:1:*:*:*:*:node.js:*:*", "cpe:/a:x:y:1", true),
            ("cpe:2.3:a:x:y:1", "cpe:/a:x:y", false),
        ] {
            assert_eq!(fits_cpe(&cpe_parts(asked), stated), expected, "{asked} {stated}");
        }
        assert_eq!(cpe_parts(r"cpe:2.3:a:x\:y:z:1"), ["a", "x:y", "z", "1"]);
    }
}
