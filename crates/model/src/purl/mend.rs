// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Types that are none, but leave no doubt which one was meant, and names that carry a part belonging elsewhere.

use super::Purl;

/// Replaces a type that does not exist by the one that was meant. Returns whether it did.
///
/// `alpine`, `dotnet`, `dotnet-core` and `none` were written by real tools for years. `none` stands for an operating
/// system package whose distribution was not found: a release such as `.el7` says that it is an RPM.
pub(super) fn kind(purl: &mut Purl) -> bool {
    let (kind, namespace) = match purl.kind.as_str() {
        "alpine" => ("apk", "alpine"),
        "wolfi" => ("apk", "wolfi"),
        "chainguard" => ("apk", "chainguard"),
        "debian" => ("deb", "debian"),
        "ubuntu" => ("deb", "ubuntu"),
        "redhat" | "rhel" => ("rpm", "redhat"),
        "centos" => ("rpm", "centos"),
        "fedora" => ("rpm", "fedora"),
        "arch" | "archlinux" => ("alpm", "arch"),
        "dotnet" | "dotnet-core" | "dotnetcore" => ("nuget", ""),
        "go" | "gomod" | "go-module" => ("golang", ""),
        "pip" | "python" => ("pypi", ""),
        "rubygems" | "rubygem" => ("gem", ""),
        "crates" | "crates.io" | "crates-io" | "crate" => ("cargo", ""),
        "packagist" => ("composer", ""),
        "none" if has_rpm_release(&purl.version) => ("rpm", ""),
        "none" | "unknown" => ("generic", ""),
        _ => return false,
    };
    purl.kind = kind.to_owned();
    if purl.namespace.is_empty() {
        purl.namespace = namespace.to_owned();
    }
    true
}

fn has_rpm_release(version: &str) -> bool {
    version.split_once('-').is_some_and(|(_, release)| [".el", ".fc", ".amzn"].iter().any(|tag| release.contains(tag)))
}

/// Moves what a producer put into the name by mistake to where it belongs. Returns whether it did.
///
/// `%40scope%2Fname` and `github.com%2Fa%2Fb` have their slashes escaped although they separate segments;
/// `group:artifact` is how Maven itself writes the pair; a Go module path never contains `@`.
pub(super) fn name(purl: &mut Purl) -> bool {
    let mut mended = false;
    if purl.kind == "golang" && purl.version.is_empty() && !purl.name.starts_with('@') {
        if let Some((name, version)) = purl.name.split_once('@').filter(|(_, version)| !version.is_empty()) {
            (purl.version, purl.name) = (version.to_owned(), name.to_owned());
            mended = true;
        }
    }
    if matches!(purl.kind.as_str(), "npm" | "golang" | "composer" | "maven" | "github" | "docker" | "swift") {
        if let Some((namespace, name)) = purl.name.rsplit_once('/').filter(|(_, name)| !name.is_empty()) {
            let joined = format!("{}/{namespace}", purl.namespace);
            let segments: Vec<&str> = joined.split('/').filter(|segment| !segment.is_empty()).collect();
            (purl.namespace, purl.name) = (segments.join("/"), name.to_owned());
            mended = true;
        }
    }
    if purl.kind == "maven" && purl.namespace.is_empty() {
        if let Some((group, artefact)) =
            purl.name.split_once(':').filter(|(group, name)| !group.is_empty() && !name.is_empty())
        {
            (purl.namespace, purl.name) = (group.to_owned(), artefact.to_owned());
            mended = true;
        }
    }
    mended
}
