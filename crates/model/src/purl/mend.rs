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
    match purl.kind.as_str() {
        "golang" => {
            let mended = version_in_name(purl);
            namespace_in_name(purl, '/') || mended
        }
        "npm" | "composer" | "github" | "docker" | "swift" => namespace_in_name(purl, '/'),
        "maven" => namespace_in_name(purl, '/') || (purl.namespace.is_empty() && namespace_in_name(purl, ':')),
        _ => false,
    }
}

fn version_in_name(purl: &mut Purl) -> bool {
    if !purl.version.is_empty() {
        return false;
    }
    match purl.name.split_once('@') {
        Some((name, version)) if !name.is_empty() && !version.is_empty() => {
            (purl.version, purl.name) = (version.to_owned(), name.to_owned());
            true
        }
        _ => false,
    }
}

fn namespace_in_name(purl: &mut Purl, separator: char) -> bool {
    match purl.name.rsplit_once(separator) {
        Some((namespace, name)) if !name.is_empty() && !namespace.is_empty() => {
            let segments = purl.namespace.split('/').chain(namespace.split('/')).filter(|segment| !segment.is_empty());
            let namespace = segments.collect::<Vec<_>>().join("/");
            (purl.namespace, purl.name) = (namespace, name.to_owned());
            true
        }
        _ => false,
    }
}
