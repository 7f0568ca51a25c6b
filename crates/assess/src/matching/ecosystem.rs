// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an ecosystem string of an advisory means, in one spelling.

use std::borrow::Cow;

use crate::version::Scheme;

/// The one spelling of an ecosystem with its release.
pub fn canonical(ecosystem: &str) -> Cow<'_, str> {
    Cow::Borrowed(ecosystem.trim())
}

/// The order of an ecosystem's versions, given its canonical spelling.
pub fn scheme(ecosystem: &str) -> Scheme {
    match ecosystem.split(':').next().unwrap_or_default() {
        "npm" => Scheme::Npm,
        "PyPI" => Scheme::Pypi,
        "Go" => Scheme::Golang,
        "crates.io" => Scheme::Cargo,
        "Maven" => Scheme::Maven,
        "NuGet" => Scheme::Nuget,
        "RubyGems" => Scheme::Gem,
        "Packagist" => Scheme::Composer,
        "Hex" => Scheme::Hex,
        "Pub" => Scheme::Pub,
        "Debian" | "Ubuntu" | "Echo" | "opam" => Scheme::Deb,
        "Alpine" | "Wolfi" | "Chainguard" | "Alpaquita" | "BellSoft Hardened Containers" | "MinimOS" => Scheme::Apk,
        "AlmaLinux" | "Rocky Linux" | "Red Hat" | "SUSE" | "openSUSE" | "Oracle Linux" => Scheme::Rpm,
        "Julia" => Scheme::Julia,
        "Bitnami" => Scheme::Bitnami,
        "SwiftURL" => Scheme::Swift,
        "Hackage" | "GHC" => Scheme::Hackage,
        "CRAN" => Scheme::Cran,
        "GitHub Actions" => Scheme::Github,
        _ => Scheme::Generic,
    }
}
