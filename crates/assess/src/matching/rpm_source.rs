// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The source package in what inventories call `upstream`.

use crate::scan::{around_last, trimmed};

/// A source package, as stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Source<'t> {
    /// Name.
    pub name: &'t str,
    /// Version; empty when it is that of the binary package.
    pub version: &'t str,
}

/// Reads `openssl`, `openssl@1.1.1n-0` and, for rpm, `perl-5.26.3-419.el8_4.1.src.rpm`.
pub fn read(upstream: &str) -> Source<'_> {
    let upstream = trimmed(upstream);
    let file = upstream.strip_suffix(".src.rpm").or_else(|| upstream.strip_suffix(".nosrc.rpm"));
    if let Some(file) = file {
        let release = file.rfind('-');
        let version = release.and_then(|end| file.get(..end)?.rfind('-'));
        return match version.and_then(|at| Some((file.get(..at)?, file.get(at + 1..)?))) {
            Some((name, version)) if !name.is_empty() => Source { name, version },
            _ => Source { name: file, version: "" },
        };
    }
    match around_last(upstream, b'@') {
        Some((name, version)) if !name.is_empty() => Source { name, version },
        _ => Source { name: upstream, version: "" },
    }
}

/// A version of rpm without its epoch. File names of source packages carry none, so where only they are known epochs count
/// on neither side.
pub fn without_epoch(version: &str) -> &str {
    match version.split_once(':') {
        Some((epoch, rest)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_source() {
        for (stated, name, version) in [
            ("openssl", "openssl", ""),
            ("openssl@1.1.1n-0+deb11u3", "openssl", "1.1.1n-0+deb11u3"),
            ("perl-5.26.3-419.el8_4.1.src.rpm", "perl", "5.26.3-419.el8_4.1"),
            ("java-1.8.0-openjdk-1.8.0.352.b08-2.el8_7.src.rpm", "java-1.8.0-openjdk", "1.8.0.352.b08-2.el8_7"),
            ("x-1.nosrc.rpm", "x-1", ""),
            (".src.rpm", "", ""),
            ("@1", "@1", ""),
            ("", "", ""),
        ] {
            assert_eq!(read(stated), Source { name, version }, "{stated}");
        }
    }

    #[test]
    fn epochs_go() {
        for (stated, expected) in [("4:5.26.3-419", "5.26.3-419"), ("5.26.3", "5.26.3"), ("a:b", "a:b"), (":1", "1")] {
            assert_eq!(without_epoch(stated), expected);
        }
    }
}
