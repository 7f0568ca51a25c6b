// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every ecosystem that advisories speak of: its name, which purl types mean it, how its versions are ordered and how its
//! names are compared. One table; what is not in it is kept as it is and never looked up.
//!
//! Names are those of the OSV schema (ossf.github.io/osv-schema, "Defined ecosystems"), and of the published records where they
//! go beyond it. Distributions have a release behind the name: [`super::distro_release`]. Some ecosystems have no purl type:
//! OSS-Fuzz (names of fuzzing projects, not of packages), Android, Linux and GIT: nothing in an inventory names such a thing
//! surely, so they are read and shown but not matched. Ruby-engine and GHC are found by name ([`super::language`]). No purl type of a package manager that has no
//! advisories of its own (conda, CocoaPods, CPAN, Luarocks, vcpkg) is judged by another one's.

use std::borrow::Cow;

use super::distro_release;
use super::names::NameRule;
use crate::version::Scheme;

/// An ecosystem without releases.
#[derive(Debug)]
pub struct Ecosystem {
    /// Its canonical name.
    pub name: &'static str,
    /// Types of package URLs whose packages live in it.
    pub types: &'static [&'static str],
    /// Order of its versions.
    pub scheme: Scheme,
    /// How its names are compared.
    pub names: NameRule,
    /// Other spellings of its name, in lower case.
    pub aliases: &'static [&'static str],
}

/// Registry of Drupal's modules and themes: an ecosystem of its own, whose packages are Composer packages.
pub const DRUPAL: &str = "Packagist:https://packages.drupal.org/8";

macro_rules! ecosystems {
    ($($name:literal [$($kind:literal)*] $scheme:ident $names:ident [$($alias:literal)*];)*) => {
        /// Every ecosystem without releases.
        pub const ECOSYSTEMS: &[Ecosystem] = &[$(Ecosystem {
            name: $name,
            types: &[$($kind),*],
            scheme: Scheme::$scheme,
            names: NameRule::$names,
            aliases: &[$($alias),*],
        },)*];
    };
}

ecosystems! {
    "npm" ["npm"] Npm Exact [];
    "PyPI" ["pypi"] Pypi Python [];
    "Go" ["golang"] Golang Go ["golang"];
    "Maven" ["maven"] Maven Exact ["gradle"];
    "Packagist" ["composer"] Composer LowerCase ["composer"];
    "NuGet" ["nuget"] Nuget LowerCase [];
    "RubyGems" ["gem"] Gem Exact ["gem"];
    "crates.io" ["cargo"] Cargo Crate ["cargo" "crates-io"];
    "Hex" ["hex"] Hex LowerCase [];
    "Pub" ["pub"] Pub LowerCase [];
    "SwiftURL" ["swift"] Swift Address ["swift"];
    "ConanCenter" ["conan"] Conan LowerCase ["conan"];
    "CRAN" ["cran"] Cran Exact [];
    "Bioconductor" ["bioconductor"] Cran Exact [];
    "Hackage" ["hackage"] Hackage Exact [];
    "GHC" [] Hackage Exact [];
    "Julia" ["julia"] Julia Exact [];
    "opam" ["opam"] Deb Exact [];
    "GitHub Actions" ["githubactions" "github"] Github Repository ["githubactions" "github-actions"];
    "Bitnami" ["bitnami"] Bitnami LowerCase [];
    "OSS-Fuzz" [] Generic Exact [];
    "Homebrew" ["brew"] Generic LowerCase ["brew"];
    "kubernetes" [] SemVer LowerCase [];
    "Ruby-engine" [] Gem LowerCase [];
    "VSCode" ["vscode-extension"] SemVer LowerCase ["vscode-extension" "openvsx"];
    "Bazel" ["bazel"] SemVer Exact [];
    "Docker Hardened Images" ["dhi"] Generic LowerCase ["dhi"];
    "Android" [] Generic Exact [];
    "Linux" [] Generic Exact [];
    "GIT" [] Generic Exact [];
    "FreeBSD" [] Generic Exact [];
    "CPE" [] Generic Exact [];
}

/// The ecosystem without releases that packages of a purl type live in.
pub fn of_purl_type(kind: &str) -> Option<&'static Ecosystem> {
    ECOSYSTEMS.iter().find(|one| one.types.contains(&kind))
}

/// The ecosystem without releases of a canonical name (anything behind a colon does not count).
pub fn of_name(canonical: &str) -> Option<&'static Ecosystem> {
    let family = canonical.split(':').next().unwrap_or_default();
    ECOSYSTEMS.iter().find(|one| one.name == family)
}

/// The order of versions in an ecosystem, by its canonical name.
pub fn scheme(canonical: &str) -> Scheme {
    of_name(canonical).map(|one| one.scheme).or_else(|| distro_release::scheme(canonical)).unwrap_or_default()
}

/// The key of an ecosystem as an advisory states it: `Debian:bookworm` and `Debian:12` are one, `Ubuntu:22.04:LTS` is
/// `Ubuntu:22.04`. What is not known stays as it is. Applied twice it gives the same.
pub fn canonical(stated: &str) -> Cow<'_, str> {
    let stated = stated.trim();
    let (family, rest) = stated.split_once(':').unwrap_or((stated, ""));
    let found = ECOSYSTEMS.iter().find(|one| {
        one.name.eq_ignore_ascii_case(family) || one.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(family))
    });
    match found {
        Some(one) => with_registry(one.name, rest),
        None => distro_release::canonical(family, rest).map_or(Cow::Borrowed(stated), Cow::Owned),
    }
}

/// An ecosystem with the registry behind its name: the public one says nothing new.
fn with_registry(name: &'static str, registry: &str) -> Cow<'static, str> {
    let address = registry.trim().trim_end_matches('/');
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    match name {
        _ if address.is_empty() => Cow::Borrowed(name),
        "Packagist" if host.starts_with("packages.drupal.org") => Cow::Borrowed(DRUPAL),
        "Maven" if matches!(host, "repo1.maven.org/maven2" | "repo.maven.apache.org/maven2") => Cow::Borrowed(name),
        "Maven" | "Packagist" => Cow::Owned(format!("{name}:{address}")),
        // Others have no registries of their own: what stands there is kept, so that nothing is matched by mistake.
        _ => Cow::Owned(format!("{name}:{address}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_types_and_aliases_have_one_meaning() {
        let mut names: Vec<String> = ECOSYSTEMS
            .iter()
            .flat_map(|one| {
                std::iter::once(one.name.to_ascii_lowercase()).chain(one.aliases.iter().map(|a| (*a).into()))
            })
            .collect();
        let mut types: Vec<&str> = ECOSYSTEMS.iter().flat_map(|one| one.types).copied().collect();
        let (count, type_count) = (names.len(), types.len());
        names.sort_unstable();
        names.dedup();
        types.sort_unstable();
        types.dedup();
        // Some aliases repeat the name in lower case; nothing may mean two ecosystems.
        assert!(count - names.len() <= 3, "{names:?}");
        assert_eq!(types.len(), type_count);
    }

    #[test]
    fn spellings_of_one_ecosystem_are_one_key() {
        for (stated, expected) in [
            ("npm", "npm"),
            ("pypi", "PyPI"),
            ("crates.io", "crates.io"),
            ("Packagist:https://packages.drupal.org/8", DRUPAL),
            ("Packagist:https://packages.drupal.org/7/", DRUPAL),
            ("Maven:https://repo1.maven.org/maven2/", "Maven"),
            ("Maven:https://maven.example/releases/", "Maven:https://maven.example/releases"),
            ("DHI", "Docker Hardened Images"),
            ("Kubernetes", "kubernetes"),
            ("Seal:PyPI", "Seal:PyPI"),
            ("not a supported ecosystem", "not a supported ecosystem"),
            ("", ""),
        ] {
            assert_eq!(canonical(stated), expected, "{stated}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "(Debian|Ubuntu|Ubuntu:Pro|Alpine|Red Hat|SUSE|openSUSE|Maven|Packagist|openEuler|Amazon Linux|npm)?:?\\PC{0,20}") {
            let once = canonical(&text).into_owned();
            prop_assert_eq!(canonical(&once), once.as_str());
        }
    }
}
