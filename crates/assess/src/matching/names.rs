// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! When two names are the same package: each ecosystem's own rule, applied to advisories and to inventories alike.
//!
//! The namespace belongs to the name: `@scope/name` of npm, `group:artifact` of Maven, `vendor/name` of Packagist. Names of
//! Debian, Alpine and the like are compared in lower case, for package URLs spell them so; those of rpm keep their case.

use std::borrow::Cow;

use crate::identity::spelled_name;

use super::{distro_release, ecosystem};
use crate::version::Scheme;

/// How names of an ecosystem are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// By the letter.
    Exact,
    /// Without regard to case.
    LowerCase,
    /// PEP 503: lower case, runs of `-`, `_` and `.` are one hyphen.
    Python,
    /// `_` and `-` are one sign, case does not count (crates.io refuses a second name that differs in these only).
    Crate,
    /// Module path in lower case, as package URLs have it; the standard library is `stdlib`.
    Go,
    /// Address of a repository in lower case, without scheme and `.git`.
    Address,
    /// Owner and repository; the path of an action inside it does not count, for its releases are the repository's.
    Repository,
}

/// A name as the ecosystem (by its canonical key) compares it. Applied twice it gives the same.
pub fn canonical<'n>(ecosystem: &str, name: &'n str) -> Cow<'n, str> {
    by_rule(rule(ecosystem), name)
}

/// The same where the distribution is known by the order of its versions.
pub(super) fn of_distribution(scheme: Scheme, name: Cow<'_, str>) -> Cow<'_, str> {
    let rule = if scheme == Scheme::Rpm { NameRule::Exact } else { NameRule::LowerCase };
    match name {
        Cow::Borrowed(name) => by_rule(rule, name),
        Cow::Owned(name) => Cow::Owned(by_rule(rule, &name).into_owned()),
    }
}

/// A name as a rule compares it.
pub(super) fn by_rule(rule: NameRule, name: &str) -> Cow<'_, str> {
    let name = crate::scan::trimmed(name);
    match rule {
        NameRule::Exact => Cow::Borrowed(name),
        NameRule::LowerCase => lower(name),
        NameRule::Python => python(name),
        NameRule::Crate => crate_name(name),
        NameRule::Go => match lower(name) {
            folded if folded == "std" || folded == "golang.org/std" => Cow::Borrowed("stdlib"),
            folded => folded,
        },
        NameRule::Address => lower(address(name)),
        NameRule::Repository => lower(repository(name)),
    }
}

fn rule(ecosystem: &str) -> NameRule {
    if let Some(one) = ecosystem::of_name(ecosystem) {
        return one.names;
    }
    if distro_release::folds_names(ecosystem) { NameRule::LowerCase } else { NameRule::Exact }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Extras (`requests[socks]`) are no part of the name.
fn python(name: &str) -> Cow<'_, str> {
    spelled_name("pypi", name.split('[').next().unwrap_or_default().trim_end())
}

fn crate_name(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        Cow::Owned(name.to_ascii_lowercase().replace('_', "-"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Takes away what `step` takes away until nothing more goes.
fn until_settled<'n>(name: &'n str, step: impl Fn(&'n str) -> &'n str) -> &'n str {
    let mut rest = name;
    loop {
        let shorter = step(rest).trim();
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

/// An address without scheme, a slash at the end and `.git`.
fn address(name: &str) -> &str {
    until_settled(name, |text| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
        match rest.len().checked_sub(4).and_then(|at| rest.split_at_checked(at)) {
            Some((before, end)) if end.eq_ignore_ascii_case(".git") => before,
            _ => rest,
        }
    })
}

/// The first two segments of a path, behind the host where one is named.
fn repository(name: &str) -> &str {
    until_settled(name, |text| {
        let path = match address(text).split_once('/') {
            Some((host, rest)) if host.eq_ignore_ascii_case("github.com") => rest,
            _ => address(text),
        };
        match path.match_indices('/').nth(1) {
            Some((end, _)) => path.get(..end).unwrap_or(path),
            None => path,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_ecosystem_compares_its_own_way() {
        for (ecosystem, stated, expected) in [
            ("npm", "@aws-sdk/middleware-user-agent", "@aws-sdk/middleware-user-agent"),
            ("npm", "JSONStream", "JSONStream"),
            ("PyPI", "Zope.Interface__X", "zope-interface-x"),
            ("PyPI", "requests[security]", "requests"),
            ("Go", "github.com/BurntSushi/toml", "github.com/burntsushi/toml"),
            ("Go", "std", "stdlib"),
            ("Maven", "org.apache.logging.log4j:log4j-core", "org.apache.logging.log4j:log4j-core"),
            ("Packagist", "Symfony/Http-Kernel", "symfony/http-kernel"),
            (ecosystem::DRUPAL, "Drupal/Access_Code", "drupal/access_code"),
            ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
            ("RubyGems", "Arabic-Prawn", "Arabic-Prawn"),
            ("crates.io", "serde_json", "serde-json"),
            ("Hex", "MongooseIM", "mongooseim"),
            ("SwiftURL", "https://github.com/apple/swift-nio.git", "github.com/apple/swift-nio"),
            ("GitHub Actions", "GitHub/codeql-action/init", "github/codeql-action"),
            ("GitHub Actions", "github.com/actions/checkout", "actions/checkout"),
            ("Alpine:v3.19", "SDL2", "sdl2"),
            ("Fedora:38", "GConf2", "GConf2"),
            ("unheard of", " Name ", "Name"),
        ] {
            assert_eq!(canonical(ecosystem, stated), expected, "{ecosystem} {stated}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_name_is_its_own(
            ecosystem in proptest::sample::select(vec!["npm", "PyPI", "Go", "crates.io", "SwiftURL", "GitHub Actions", "NuGet", "Debian:12", "x"]),
            name in "(https://)?[a-zA-Z.@_/-]{0,12}\\PC{0,8}(\\.git)?/?",
        ) {
            let once = canonical(ecosystem, &name).into_owned();
            prop_assert_eq!(canonical(ecosystem, &once), once.as_str());
        }
    }
}
