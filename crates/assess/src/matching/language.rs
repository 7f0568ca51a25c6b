// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packages of programming languages and the like: one name, one ecosystem, a version as that ecosystem writes it.
//!
//! Traps: a gem's version may carry a platform, an npm alias the name of another package, an action's reference a branch or
//! a moving tag. A package taken from a repository of its own, or from a file, is not the registry's package of that name.

use std::borrow::Cow;

use underpin_model::watch::Reason;

use super::ecosystem::Ecosystem;
use super::lookups::{By, Lookup, Lookups, Subject};
use super::names::NameRule;
use super::{ecosystem, go_version, kubernetes, names};
use crate::scan::trimmed;
use crate::version::Scheme;

/// The keys of a package that is no distribution's.
pub(super) fn lookups<'a>(subject: &Subject<'a>) -> Lookups<'a> {
    let Some(found) = ecosystem::of_purl_type(subject.kind).or_else(|| engine(subject)) else {
        return Lookups::none(Reason::NoSource);
    };
    let origin = subject.qualifier("repository_url");
    if is_apart(subject.kind, &origin) {
        return Lookups::none(Reason::OtherOrigin);
    }
    let version = trimmed(subject.version);
    let (name, version) = match aliased(subject.kind, version) {
        Some((name, version)) => (Cow::Borrowed(name), version),
        None => (full_name(subject), version),
    };
    let name = canonical(found.names, name);
    let version = spelled(found.scheme, version);
    let mut list = vec![Lookup {
        ecosystem: Cow::Borrowed(found.name),
        name,
        version,
        scheme: found.scheme,
        by: By::Name,
        ..Lookup::default()
    }];
    add_other_registries(subject, &origin, &mut list);
    let unanswerable = list.first().and_then(|one| doubt(one.scheme, &one.name, &one.version));
    Lookups { list, unanswerable }
}

/// Interpreters and compilers that have an ecosystem and no type of package URL: tools that find their binaries write them as
/// `generic`, under the name that the ecosystem uses. Another `generic` package is never taken for a package of an ecosystem.
const ENGINES: [(&str, &str); 6] = [
    ("ruby", "Ruby-engine"),
    ("jruby", "Ruby-engine"),
    ("mruby", "Ruby-engine"),
    ("rbx", "Ruby-engine"),
    ("mrubyc", "Ruby-engine"),
    ("ghc", "GHC"),
];

fn engine(subject: &Subject<'_>) -> Option<&'static Ecosystem> {
    let is_engine = subject.kind == "generic" && subject.namespace.is_empty();
    let (_, name) = ENGINES.iter().find(|(name, _)| is_engine && *name == subject.name)?;
    ecosystem::of_name(name)
}

/// Whether it comes from a repository or a file instead of a registry. Swift packages and actions have no other home.
fn is_apart(kind: &str, origin: &str) -> bool {
    if matches!(kind, "swift" | "github" | "githubactions" | "julia") || origin.is_empty() {
        return false;
    }
    let systems = ["git+", "hg+", "svn+", "bzr+"];
    origin == crate::identity::origin::LOCAL || systems.iter().any(|system| origin.starts_with(system))
}

/// What an npm alias (`npm:name@version` in place of a version) stands for.
fn aliased<'a>(kind: &str, version: &'a str) -> Option<(&'a str, &'a str)> {
    let alias = version.strip_prefix("npm:").filter(|_| kind == "npm")?;
    alias.rsplit_once('@').filter(|(name, _)| !name.is_empty())
}

/// Namespace and name in the ecosystem's own form.
fn full_name<'a>(subject: &Subject<'a>) -> Cow<'a, str> {
    let separator = match subject.kind {
        "maven" => ":",
        "vscode-extension" => ".",
        _ => "/",
    };
    if subject.namespace.is_empty() {
        Cow::Borrowed(subject.name)
    } else {
        Cow::Owned([subject.namespace, separator, subject.name].concat())
    }
}

fn canonical<'a>(rule: NameRule, name: Cow<'a, str>) -> Cow<'a, str> {
    match name {
        Cow::Borrowed(name) => names::by_rule(rule, name),
        Cow::Owned(name) => match names::by_rule(rule, &name) {
            Cow::Borrowed(same) if same.len() == name.len() => Cow::Owned(name),
            changed => Cow::Owned(changed.into_owned()),
        },
    }
}

/// The version as the ecosystem's advisories write it.
fn spelled(scheme: Scheme, version: &str) -> Cow<'_, str> {
    match scheme {
        Scheme::Gem => Cow::Borrowed(without_platform(version)),
        Scheme::Golang => Cow::Borrowed(go_version::spelled(version)),
        // drupal.org's own numbers name the core they are for; Composer's do not.
        Scheme::Composer => Cow::Borrowed(version.strip_prefix("8.x-").unwrap_or(version)),
        _ => Cow::Borrowed(version),
    }
}

/// Processors and systems in the platform of a gem (rubygems: `Gem::Platform`).
const PLATFORM_STARTS: [&str; 18] = [
    "x86",
    "x64",
    "i386",
    "i486",
    "i586",
    "i686",
    "aarch64",
    "arm",
    "universal",
    "java",
    "jruby",
    "mswin",
    "mingw",
    "ppc",
    "powerpc",
    "sparc",
    "s390",
    "riscv",
];

/// A gem's version without the platform it was built for: `1.15.0-x86_64-linux` is `1.15.0`.
pub fn without_platform(version: &str) -> &str {
    let is_platform = |rest: &str| PLATFORM_STARTS.iter().any(|start| rest.starts_with(start)) || rest == "ruby";
    let ends = version.match_indices('-').map(|(at, _)| at);
    let cut = ends.into_iter().find(|at| version.get(at + 1..).is_some_and(is_platform));
    cut.and_then(|at| version.get(..at)).filter(|rest| !rest.is_empty()).unwrap_or(version)
}

/// Further registries whose packages these may be.
fn add_other_registries<'a>(subject: &Subject<'a>, origin: &str, list: &mut Vec<Lookup<'a>>) {
    if !matches!(subject.kind, "maven" | "composer" | "golang") {
        return;
    }
    if subject.kind == "golang" {
        let further = list.first().and_then(kubernetes::lookup);
        return list.extend(further);
    }
    if origin.is_empty() && subject.kind == "maven" {
        return;
    }
    let Some(first) = list.first().cloned() else { return };
    // Nobody else's packages are called so, and drupal.org's are found at Packagist, too.
    if subject.kind == "composer" && subject.namespace.eq_ignore_ascii_case("drupal") {
        list.push(Lookup { ecosystem: Cow::Borrowed(ecosystem::DRUPAL), ..first.clone() });
    }
    if matches!(subject.kind, "maven" | "composer") && !origin.is_empty() {
        let stated = format!("{}:{origin}", first.ecosystem);
        let key = ecosystem::canonical(&stated).into_owned();
        if list.iter().all(|one| one.ecosystem != key) {
            list.push(Lookup { ecosystem: Cow::Owned(key), ..first.clone() });
        }
    }
}

/// Why a version cannot be held against others, if so.
fn doubt(scheme: Scheme, name: &str, version: &str) -> Option<Reason> {
    let is_golang = scheme == Scheme::Golang;
    if is_golang && (go_version::is_placeholder(version) || go_version::is_language_version(name, version)) {
        return Some(Reason::UncertainVersion);
    }
    let moves = match scheme {
        Scheme::Github => !is_full_release(version),
        // Whether other texts are versions at all is seen where they are compared.
        _ => is_range(version),
    };
    moves.then_some(Reason::NotComparable)
}

/// Ranges, wildcards and variables that stand in place of a version in manifests.
pub(super) fn is_range(version: &str) -> bool {
    let version = trimmed(version);
    let is_sign = |byte: u8| matches!(byte, b'*' | b',' | b'[' | b'(' | b'|') || byte.is_ascii_whitespace();
    version.starts_with(['^', '>', '<', '*', '=', '$', '@'])
        || version.starts_with("~>")
        // Most versions have none of these signs, and are looked through once.
        || (version.bytes().any(is_sign)
            && (version.contains("||")
                || version.contains(['*', ',', '[', '('])
                || version.split_ascii_whitespace().nth(1).is_some()))
}

/// Whether a reference of an action names one release: three numbers. A commit, a branch or a moving tag (`v3`) does not.
fn is_full_release(version: &str) -> bool {
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers = core.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.clone().count() >= 3 && numbers.into_iter().all(is_number)
}
