// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Module streams of Red Hat Enterprise Linux 8 and its rebuilds (modularity).
//!
//! One package has several versions at a time, each in a stream of a module (`nodejs:18`), and an advisory is about one of
//! them. The stream is in the label of a package (`nodejs:18:8070020230306170042:bd1311ed`); some rebuilds leave it out,
//! then `.module+el8` or `.module_el8` in the release still tells that it is in some module, and a package that is named as
//! its module tells the stream by its version where the stream is a number.

use std::borrow::Cow;

use underpin_model::watch::{Affected, Event};

/// The stream is not known, but there is one.
pub const SOME: &str = "*";

/// The stream of a label: `nodejs:18` of `nodejs:18:8070020230306170042:bd1311ed`.
pub fn of_label(label: &str) -> &str {
    let label = crate::scan::trimmed(label);
    let end = label.match_indices(':').nth(1).map_or(label.len(), |(at, _)| at);
    label.get(..end).unwrap_or(label)
}

fn is_modular(version: &str) -> bool {
    // Few versions hold this letter at all.
    memchr::memchr_iter(b'm', version.as_bytes()).any(|at| {
        let (before, here) = version.as_bytes().split_at(at);
        before.ends_with(b".") && (here.starts_with(b"module+") || here.starts_with(b"module_"))
    })
}

/// The module of a package version, by its label and else by its release; empty outside modules.
pub fn of_package<'a>(label: &'a str, version: &str) -> &'a str {
    match of_label(label) {
        "" if is_modular(version) => SOME,
        stream => stream,
    }
}

/// The module of what an advisory says, by what it states and else by the releases of its fixes; empty outside modules.
pub fn of_advisory<'a>(affected: &'a Affected<'_>) -> Cow<'a, str> {
    let stated = of_label(&affected.module);
    if !stated.is_empty() {
        return Cow::Borrowed(stated);
    }
    let events = || affected.ranges.iter().flat_map(|range| &range.events);
    let modular = events().map(Event::version).chain(affected.versions.iter().map(AsRef::as_ref)).any(is_modular);
    Cow::Borrowed(if modular { SOME } else { "" })
}

/// Whether an advisory about the module `advisory` speaks of a package `name` at `version` in the module `package` (each as
/// [`of_package`] and [`of_advisory`] give it). Inside and outside of modules are never the same. Two streams that are both
/// known must be equal. Where one is not known it is held against the version if the package is named as the module, and
/// else taken for the same: better to ask once too often than to keep silent.
pub fn speaks_of(advisory: &str, package: &str, name: &str, version: &str) -> bool {
    if advisory.is_empty() || package.is_empty() {
        return advisory.is_empty() && package.is_empty();
    }
    if advisory == SOME || package == SOME {
        let known = if advisory == SOME { package } else { advisory };
        return known.split_once(':').is_none_or(|(module, stream)| module != name || is_of_stream(stream, version));
    }
    advisory == package
}

/// Whether a version belongs to a stream that is a row of numbers: `18` holds `1:18.12.1-2`, `7.4` holds `7.4.33`.
fn is_of_stream(stream: &str, version: &str) -> bool {
    if stream.is_empty() || !stream.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return true;
    }
    let version = super::rpm_source::without_epoch(version);
    version.strip_prefix(stream).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use underpin_model::watch::Range;

    #[test]
    fn the_stream_of_a_package() {
        for (label, version, expected) in [
            ("nodejs:18:8070020230306170042:bd1311ed", "1:18.14.2-2.module+el8.7.0+18445+9493b6ea", "nodejs:18"),
            ("", "1:18.14.2-2.module+el8.7.0+18445+9493b6ea", SOME),
            ("", "1:18.14.2-2.module_el8.7.0+3500+e3a8bd1f", SOME),
            ("", "4.5.1-1.el8", ""),
        ] {
            assert_eq!(of_package(label, version), expected, "{label} {version}");
        }
    }

    #[test]
    fn the_stream_of_an_advisory() {
        let fixed = |version: &'static str, module: &'static str| Affected {
            module: module.into(),
            ranges: vec![Range { events: vec![Event::Fixed(version.into())], ..Range::default() }],
            ..Affected::default()
        };
        assert_eq!(of_advisory(&fixed("1-1.module_el8.7.0+1+a", "nodejs:18")), "nodejs:18");
        assert_eq!(of_advisory(&fixed("1-1.module_el8.7.0+1+a", "")), SOME);
        assert_eq!(of_advisory(&fixed("1-1.el8", "")), "");
    }

    #[test]
    fn which_advisories_speak_of_which_builds() {
        for (advisory, package, name, version, expected) in [
            ("nodejs:18", "nodejs:18", "nodejs", "1:18.12.1", true),
            ("nodejs:18", "nodejs:16", "nodejs", "1:16.18.1", false),
            ("nodejs:18", "", "nodejs", "1:18.12.1", false),
            ("", "nodejs:18", "nodejs", "1:18.12.1", false),
            ("", "", "bash", "4.4", true),
            ("nodejs:18", SOME, "nodejs", "1:18.12.1-2.module+el8", true),
            ("nodejs:18", SOME, "nodejs", "1:16.18.1-3.module+el8", false),
            ("nodejs:18", SOME, "nodejs", "1:180.1", false),
            ("nodejs:18", SOME, "npm", "1:8.19.2-1.16.18.1.3.module+el8", true),
            ("php:7.4", SOME, "php", "7.4.33-1.module+el8", true),
            (SOME, "php:7.4", "php", "7.2.1-1.module+el8", false),
            ("container-tools:rhel8", SOME, "container-tools", "1", true),
            (SOME, SOME, "podman", "4.2", true),
            (SOME, "", "podman", "4.2", false),
        ] {
            assert_eq!(speaks_of(advisory, package, name, version), expected, "{advisory} {package} {name} {version}");
        }
    }
}
