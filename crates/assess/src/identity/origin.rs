// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a package comes from: the public registry of its ecosystem, another one, a version control system, a file.
//!
//! A package from elsewhere must never be taken for the one of the same name in the public registry, so its origin
//! belongs to the identity, as the qualifier `repository_url`: the address of another registry; of a repository without
//! the revision (`git+https://host/owner/name`); `file:` for what lies beside the file that names it; the host of a file
//! taken from somewhere else. The addresses of a public registry itself say nothing new and are dropped.
//!
//! Trap: some SBOM tools copy the repository that a package's manifest names into `vcs_url`, though the package came
//! from the registry. So an SBOM is believed only when the address has a revision; lockfiles and package managers write
//! it for sources only.

use underpin_model::Purl;

/// Origin of what lies beside the file that names it.
pub const LOCAL: &str = "file:";

/// Version control systems in front of an address (`git+https://…`).
const SYSTEMS: [&str; 4] = ["git", "hg", "svn", "bzr"];

/// Hosts (and paths) of public registries, by type.
const PUBLIC: &[(&str, &[&str])] = &[
    ("cargo", &["crates.io", "index.crates.io", "static.crates.io", "github.com/rust-lang/crates.io-index"]),
    ("cocoapods", &["cdn.cocoapods.org", "trunk.cocoapods.org", "cocoapods.org", "github.com/cocoapods/specs"]),
    ("composer", &["packagist.org", "repo.packagist.org"]),
    ("conan", &["center.conan.io", "center2.conan.io", "conan.io"]),
    ("cran", &["cran.r-project.org", "cran.rstudio.com", "cloud.r-project.org"]),
    ("docker", &["docker.io", "hub.docker.com", "index.docker.io", "registry-1.docker.io"]),
    ("gem", &["rubygems.org", "index.rubygems.org"]),
    ("golang", &["proxy.golang.org", "pkg.go.dev", "sum.golang.org"]),
    ("hackage", &["hackage.haskell.org"]),
    ("hex", &["hex.pm", "repo.hex.pm"]),
    ("maven", &["repo1.maven.org/maven2", "repo.maven.apache.org/maven2", "search.maven.org", "central.maven.org"]),
    ("npm", &["registry.npmjs.org", "registry.npmjs.com", "registry.yarnpkg.com", "npmjs.com", "npmjs.org"]),
    ("nuget", &["api.nuget.org", "nuget.org", "globalcdn.nuget.org"]),
    ("pub", &["pub.dev", "pub.dartlang.org"]),
    ("pypi", &["pypi.org", "pypi.python.org", "files.pythonhosted.org"]),
];

/// Takes what the qualifiers say about the origin into `repository_url`. Gives the full address where one was stated.
/// `certain` says that `vcs_url` and `download_url` name where the package was really taken from.
pub fn settle(purl: &mut Purl, certain: bool) -> Option<String> {
    if !purl.qualifiers.iter().any(|(key, _)| key.ends_with("_url")) {
        return None;
    }
    let (vcs, download) = (take(purl, "vcs_url"), take(purl, "download_url"));
    let registry = take(purl, "repository_url").filter(|url| !is_public(&purl.kind, url)).map(|url| tidy(&url));
    let origin = match (&vcs, &download) {
        (_, Some(file)) if file.starts_with(LOCAL) => Some(LOCAL.to_owned()),
        (Some(address), _) if certain || revision(address).is_some() => Some(repository(address)),
        (_, Some(address)) if certain && !is_public(&purl.kind, address) => host(address),
        _ => None,
    };
    if let Some(repository) = origin.or(registry).filter(|url| !url.is_empty()) {
        purl.qualifiers.push(("repository_url".to_owned(), repository));
    }
    let stated = match (vcs, download) {
        (_, Some(file)) if file.starts_with(LOCAL) => Some(file),
        (Some(address), _) => Some(address),
        (None, download) => download,
    };
    stated.filter(|address| !is_public(&purl.kind, address))
}

/// The origin in the qualifiers of an identity (`distro=…&repository_url=…`) that sets a package apart from the one of
/// the public registry whoever says so: a repository or a file. Another registry's address does not, for it may be a
/// mirror that only one of two tools names.
pub fn apart(qualifiers: &str) -> &str {
    let url = qualifiers.split('&').find_map(|pair| pair.strip_prefix("repository_url=")).unwrap_or_default();
    let is_repository = SYSTEMS
        .iter()
        .any(|system| url.strip_prefix(system).is_some_and(|rest| rest.starts_with("%2B") || rest.starts_with('+')));
    if url == LOCAL || is_repository { url } else { "" }
}

fn take(purl: &mut Purl, key: &str) -> Option<String> {
    let position = purl.qualifiers.iter().position(|(own, _)| own == key)?;
    Some(purl.qualifiers.remove(position).1)
}

/// Host and path without scheme, user and `www.`.
fn place(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.find('/').unwrap_or(rest.len());
    let start = rest.get(..authority).and_then(|authority| authority.rfind('@')).map_or(0, |at| at + 1);
    let rest = rest.get(start..).unwrap_or(rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}

fn is_public(kind: &str, address: &str) -> bool {
    let Some((_, places)) = PUBLIC.iter().find(|(known, _)| *known == kind) else { return false };
    let stated = place(address);
    places.iter().any(|public| {
        stated.get(..public.len()).is_some_and(|start| start.eq_ignore_ascii_case(public))
            && match stated.as_bytes().get(public.len()) {
                None | Some(b'/' | b':' | b'?' | b'#' | b'@') => true,
                // `….git`, where the public place is a repository; a host with more labels is another host.
                Some(b'.') => public.contains('/'),
                Some(_) => false,
            }
    })
}

/// Scheme and host in lower case, no slash at the end.
fn tidy(address: &str) -> String {
    let address = address.trim().trim_end_matches('/');
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!("{}://{}{path}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase())
        }
        None => address.to_owned(),
    }
}

fn host(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(format!("{}://{}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase()))
}

/// Where the path of an address starts.
fn path_start(address: &str) -> usize {
    let authority = address.find("://").map_or(0, |scheme| scheme + 3);
    address.get(authority..).and_then(|rest| rest.find('/')).map_or(address.len(), |slash| authority + slash)
}

/// Where the revision of an address starts: at an `@` of the path that does not open a segment of it.
fn revision(address: &str) -> Option<usize> {
    let address = address.split('#').next().unwrap_or_default();
    let start = path_start(address);
    let path = address.get(start..)?;
    let is_revision = |(at, _): &(usize, &str)| *at > 0 && !path.get(..*at).is_some_and(|before| before.ends_with('/'));
    path.match_indices('@').find(is_revision).map(|(at, _)| start + at)
}

/// The repository in an address, in one spelling: without revision, fragment, user and `.git`; secure shell and HTTPS
/// of one host are the same repository.
fn repository(address: &str) -> String {
    let plain = address.split(['#', '?']).next().unwrap_or_default();
    let plain = revision(plain).and_then(|end| plain.get(..end)).unwrap_or(plain).trim_end_matches('/');
    let plain = plain.strip_suffix(".git").unwrap_or(plain);
    let (system, rest) = match plain.split_once('+') {
        Some((system, rest)) if SYSTEMS.contains(&system) => (system, rest),
        _ => ("git", plain),
    };
    let Some((scheme, _)) = rest.split_once("://") else { return format!("{system}+{rest}") };
    let scheme = if matches!(scheme, "ssh" | "git" | "http") { "https" } else { scheme };
    let rest = place(rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    format!("{system}+{scheme}://{}{path}", host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_spelled_alike() {
        for (address, expected) in [
            ("git+https://github.com/o/site.git@0123abc", "git+https://github.com/o/site"),
            ("git+ssh://git@GitHub.com/o/site.git@0123abc", "git+https://github.com/o/site"),
            ("git://github.com/o/site.git#main", "git+https://github.com/o/site"),
            ("https://git.example/@team/site@feature/x", "git+https://git.example/@team/site"),
            ("hg+https://hg.example:8443/o@1", "hg+https://hg.example:8443/o"),
            ("git+../local", "git+../local"),
            ("", "git+"),
        ] {
            assert_eq!(repository(address), expected, "{address}");
        }
    }

    #[test]
    fn public_registries_are_known_by_host() {
        for (kind, address, expected) in [
            ("npm", "https://registry.npmjs.org/", true),
            ("npm", "https://registry.npmjs.org/a/-/a-1.tgz", true),
            ("npm", "https://registry.npmjs.org.example/", false),
            ("npm", "https://pypi.org/simple", false),
            ("pypi", "https://pypi.org/simple", true),
            ("pypi", "pypi.org", true),
            ("cargo", "registry+https://github.com/rust-lang/crates.io-index", true),
            ("cargo", "https://github.com/o/crates", false),
            ("nuget", "https://www.nuget.org/api/v2", true),
            ("oci", "index.docker.io/library/perl", false),
        ] {
            assert_eq!(is_public(kind, address), expected, "{kind} {address}");
        }
    }

    #[test]
    fn only_sources_and_files_set_a_package_apart() {
        for (qualifiers, expected) in [
            ("", ""),
            ("distro=debian-11", ""),
            ("distro=x&repository_url=file:", "file:"),
            ("repository_url=git%2Bhttps:%2F%2Fgit.example%2Fx", "git%2Bhttps:%2F%2Fgit.example%2Fx"),
            ("repository_url=https:%2F%2Fnpm.example", ""),
            ("repository_url=github.com%2Fx", ""),
        ] {
            assert_eq!(apart(qualifiers), expected, "{qualifiers}");
        }
    }
}
