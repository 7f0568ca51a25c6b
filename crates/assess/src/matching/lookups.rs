// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Under which keys a package version is looked up in advisories.

use std::borrow::Cow;

use underpin_model::watch::Reason;

use crate::version::Scheme;

use super::{ecosystem, names};

/// A package version in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// purl type.
    pub kind: &'a str,
    /// purl namespace.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
    /// Version; empty when not known.
    pub version: &'a str,
    /// Qualifiers of the purl, in canonical text.
    pub qualifiers: &'a str,
    /// Distribution of the document, when the purl has none.
    pub distribution: &'a str,
    /// Label of the rpm module.
    pub module: &'a str,
    /// CPE names that the document gives.
    pub cpes: &'a [&'a str],
    /// Whether the file belongs to a package of the distribution.
    pub is_owned_by_distribution: bool,
}

/// By what a package is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// Its name in its ecosystem.
    #[default]
    Name,
    /// Its source package in a distribution.
    Source,
    /// Its binary package in a distribution.
    Binary,
}

/// One key to look up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup<'a> {
    /// Canonical ecosystem with release.
    pub ecosystem: Cow<'a, str>,
    /// Canonical name.
    pub name: Cow<'a, str>,
    /// Version to hold against the advisory's.
    pub version: Cow<'a, str>,
    /// Order of versions.
    pub scheme: Scheme,
    /// What the name is.
    pub by: By,
    /// Module stream.
    pub module: Cow<'a, str>,
}

/// All keys of a package version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups<'a> {
    /// The keys.
    pub list: Vec<Lookup<'a>>,
    /// Why advisories cannot answer for it.
    pub unanswerable: Option<Reason>,
}

/// The keys under which a package version is looked up.
pub fn lookups<'a>(subject: &Subject<'a>) -> Lookups<'a> {
    let (key, by) = match subject.kind {
        "npm" => (Cow::Borrowed("npm"), By::Name),
        "pypi" => (Cow::Borrowed("PyPI"), By::Name),
        "golang" => (Cow::Borrowed("Go"), By::Name),
        "cargo" => (Cow::Borrowed("crates.io"), By::Name),
        "maven" => (Cow::Borrowed("Maven"), By::Name),
        "nuget" => (Cow::Borrowed("NuGet"), By::Name),
        "gem" => (Cow::Borrowed("RubyGems"), By::Name),
        "composer" => (Cow::Borrowed("Packagist"), By::Name),
        "deb" if !subject.distribution.is_empty() => (ecosystem::canonical(subject.distribution), By::Source),
        "rpm" if !subject.distribution.is_empty() => (ecosystem::canonical(subject.distribution), By::Binary),
        "apk" if !subject.distribution.is_empty() => (ecosystem::canonical(subject.distribution), By::Source),
        "deb" | "rpm" | "apk" => return Lookups { list: Vec::new(), unanswerable: Some(Reason::NoRelease) },
        _ => return Lookups::default(),
    };
    let separator = if subject.kind == "maven" { ":" } else { "/" };
    let name = if subject.namespace.is_empty() || by != By::Name {
        names::canonical(&key, subject.name)
    } else {
        Cow::Owned(names::canonical(&key, &format!("{}{separator}{}", subject.namespace, subject.name)).into_owned())
    };
    let scheme = ecosystem::scheme(&key);
    let version = Cow::Borrowed(subject.version);
    let lookup = Lookup { ecosystem: key, name, version, scheme, by, module: Cow::Borrowed(subject.module) };
    Lookups { list: vec![lookup], unanswerable: None }
}
