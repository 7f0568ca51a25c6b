// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An address of a project in one form, whatever form it was written in: `scm:git:git@github.com:Apache/Logging-Log4j2.git`,
//! `git+https://github.com/apache/logging-log4j2/tree/main/log4j-core` and `http://www.github.com/apache/logging-log4j2#readme` are
//! all `github.com/apache/logging-log4j2`.
//!
//! A page of a package registry, of a build server or of a licence is no address of a project. A repository in which a distribution
//! packs somebody else's software is none of that project either.

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressKind {
    /// A home page: it may be of a project, of a company or of a foundation.
    HomePage,
    /// The repository that pages of a host belong to (`owner.github.io/name`): a guess that mostly holds.
    Pages,
    /// A source repository.
    Repository,
}

/// An address of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// What it leads to.
    pub kind: AddressKind,
    /// Host and path, in one form: the key of the project.
    pub key: String,
    /// Where in the repository, for one that holds many packages; mostly empty.
    pub folder: String,
}

/// Hosts on which a path of this many parts is a repository, and its parts are the same in any case of letters.
const FORGES: &[(&str, usize)] = &[
    ("github.com", 2),
    ("bitbucket.org", 2),
    ("codeberg.org", 2),
    ("gitee.com", 2),
    ("git.sr.ht", 2),
    ("framagit.org", 2),
    ("notabug.org", 2),
    ("opencode.net", 2),
    ("pagure.io", 1),
    ("repo.or.cz", 1),
];
/// Hosts of GitLab, where groups lie within groups; others are known by their name.
const GITLABS: &[&str] = &["gitlab.com", "invent.kde.org", "code.videolan.org", "gitlab.opencode.de", "0xacab.org"];
/// Hosts that are no project's: registries, build servers, packaging, licences, shops, link shorteners.
const NO_PROJECT: &[&str] = &[
    "npmjs.com",
    "npmjs.org",
    "registry.npmjs.org",
    "pypi.org",
    "pypi.python.org",
    "rubygems.org",
    "crates.io",
    "docs.rs",
    "nuget.org",
    "packagist.org",
    "mvnrepository.com",
    "repo1.maven.org",
    "repo.maven.apache.org",
    "search.maven.org",
    "central.sonatype.com",
    "oss.sonatype.org",
    "hackage.haskell.org",
    "hex.pm",
    "pub.dev",
    "pkg.go.dev",
    "proxy.golang.org",
    "godoc.org",
    "cpan.org",
    "metacpan.org",
    "cran.r-project.org",
    "anaconda.org",
    "packages.debian.org",
    "tracker.debian.org",
    "salsa.debian.org",
    "sources.debian.org",
    "packages.ubuntu.com",
    "launchpad.net",
    "src.fedoraproject.org",
    "packages.fedoraproject.org",
    "pkgs.alpinelinux.org",
    "git.alpinelinux.org",
    "spdx.org",
    "opensource.org",
    "gnu.org/licenses",
    "apache.org/licenses",
    "creativecommons.org",
    "example.com",
    "example.org",
    "localhost",
    "unknown",
    "noassertion",
];
/// Names of pages of a forge that stand after a repository.
const PAGES: &[&str] = &[
    "tree",
    "blob",
    "src",
    "raw",
    "issues",
    "wiki",
    "releases",
    "pull",
    "pulls",
    "archive",
    "commits",
    "commit",
    "actions",
    "tags",
    "discussions",
    "-",
];
/// Words before a colon that say which kind of repository follows, or which forge.
const SHORT: &[(&str, &str)] = &[
    ("github:", "github.com/"),
    ("gitlab:", "gitlab.com/"),
    ("bitbucket:", "bitbucket.org/"),
    ("codeberg:", "codeberg.org/"),
];

impl Address {
    /// Reads an address; `None` for what is none of a project.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 2_048 || text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
            return None;
        }
        let plain = without_scheme(text)?;
        let (plain, fragment) = plain.split_once('#').map_or((plain.as_str(), ""), |(rest, fragment)| (rest, fragment));
        let (plain, query) = plain.split_once('?').map_or((plain, ""), |(rest, query)| (rest, query));
        let (host, path) = plain.split_once('/').unwrap_or((plain, ""));
        let host = host_of(host)?;
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.contains(&"..") || is_no_project(&host, &parts) {
            return None;
        }
        moved(&host, &parts, query)
            .or_else(|| forge(&host, &parts, fragment))
            .or_else(|| pages(&host, &parts))
            .or_else(|| other(&host, &parts))
    }

    fn repository(host: &str, parts: &[&str], folder: &[&str]) -> Option<Self> {
        let mut key = std::iter::once(host).chain(parts.iter().copied()).collect::<Vec<_>>().join("/").to_lowercase();
        if let Some(bare) = key.strip_suffix(".git") {
            key.truncate(bare.len());
        }
        if parts.is_empty() || key.ends_with('/') {
            return None;
        }
        Some(Self { kind: AddressKind::Repository, key, folder: folder.join("/") })
    }
}

/// Host and the rest, whatever stood before them.
fn without_scheme(text: &str) -> Option<String> {
    let mut rest = text;
    for start in ["scm:", "git:", "svn:", "hg:", "git+", "svn+", "hg+"] {
        let is_scheme = rest.strip_prefix(start).is_some_and(|after| after.starts_with("//"));
        rest = rest.strip_prefix(start).filter(|_| !is_scheme).unwrap_or(rest);
    }
    if let Some((start, host)) = SHORT.iter().find(|(start, _)| rest.starts_with(start)) {
        return Some(format!("{host}{}", rest[start.len()..].trim_start_matches('/')));
    }
    if let Some((scheme, after)) = rest.split_once("://") {
        let known = ["http", "https", "git", "ssh", "svn", "svn+ssh", "git+ssh", "git+https", "git+http", "ftp"];
        return known.contains(&scheme.to_ascii_lowercase().as_str()).then(|| without_person(after));
    }
    // As ssh writes it: `git@host:owner/name`.
    match rest.split_once(':') {
        Some((host, path)) if host.contains('@') && !path.starts_with('/') => {
            Some(without_person(&format!("{host}/{path}")))
        }
        Some(_) => None,
        None => Some(rest.trim_start_matches("//").to_owned()),
    }
}

/// Without login and password before the host.
fn without_person(text: &str) -> String {
    let end = text.find('/').unwrap_or(text.len());
    match text[..end].rfind('@') {
        Some(at) => text[at + 1..].to_owned(),
        None => text.to_owned(),
    }
}

/// A host in one form; `None` for what cannot be one.
fn host_of(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let host = text.split_once(':').map_or(text.as_str(), |(host, _)| host).trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_name = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-');
    let is_number = host.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    (host.contains('.') && !is_number && host.bytes().all(is_name)).then(|| host.to_owned())
}

fn is_no_project(host: &str, parts: &[&str]) -> bool {
    NO_PROJECT.iter().any(|entry| match entry.split_once('/') {
        Some((own, first)) => own == host && parts.first() == Some(&first),
        None => host == *entry || host.strip_suffix(entry).is_some_and(|rest| rest.ends_with('.')),
    })
}

/// Repositories that are known to lie elsewhere now: a foundation's own server mirrors what is worked on at a forge.
fn moved(host: &str, parts: &[&str], query: &str) -> Option<Address> {
    let name = match host {
        "gitbox.apache.org" | "git-wip-us.apache.org" | "git.apache.org" => {
            let queried = query.split(['&', ';']).find_map(|pair| pair.strip_prefix("p="));
            queried.or_else(|| parts.iter().copied().rfind(|part| part.ends_with(".git")))?
        }
        _ => return None,
    };
    // Poms of modules append their own names to the address that they inherit.
    let mut parts = name.split('/').filter(|part| !part.is_empty());
    Address::repository("github.com", &["apache", parts.next()?], &parts.collect::<Vec<_>>())
}

fn forge(host: &str, parts: &[&str], fragment: &str) -> Option<Address> {
    let host = if host == "ssh.github.com" || host == "git.github.com" { "github.com" } else { host };
    let is_gitlab = GITLABS.contains(&host) || host.starts_with("gitlab.");
    let end = parts.iter().position(|part| PAGES.contains(part) || part.ends_with(".git"));
    if let Some((_, count)) = FORGES.iter().find(|(own, _)| *own == host) {
        let repository = parts.get(..*count)?;
        return Address::repository(host, repository, folder(&parts[*count..], fragment).as_slice());
    }
    let own = match end {
        Some(end) if parts[end].ends_with(".git") => &parts[..=end],
        Some(end) if is_gitlab => &parts[..end],
        None if is_gitlab => parts,
        _ => return None,
    };
    if own.len() < 2 && is_gitlab {
        return None;
    }
    Address::repository(host, own, folder(&parts[own.len()..], fragment).as_slice())
}

/// The folder within a repository that a page of it shows: what stands after the name of a branch.
fn folder<'p>(rest: &[&'p str], fragment: &'p str) -> Vec<&'p str> {
    let rest = if rest.first() == Some(&"-") { &rest[1..] } else { rest };
    match rest {
        ["tree" | "blob" | "src", _branch, folder @ ..] => folder.to_vec(),
        _ if fragment.contains('/') => fragment.split('/').filter(|part| !part.is_empty()).collect(),
        _ => Vec::new(),
    }
}

/// Pages that a forge serves for a repository.
fn pages(host: &str, parts: &[&str]) -> Option<Address> {
    let (forge, owner) =
        [("github.com", ".github.io"), ("gitlab.com", ".gitlab.io"), ("codeberg.org", ".codeberg.page")]
            .into_iter()
            .find_map(|(forge, end)| Some((forge, host.strip_suffix(end)?)))?;
    let name = parts.first().copied().filter(|name| !name.contains('.'));
    let found = Address::repository(forge, &[owner, name.unwrap_or(host)], &[])?;
    Some(Address { kind: AddressKind::Pages, ..found })
}

/// Servers of their own, and home pages.
fn other(host: &str, parts: &[&str]) -> Option<Address> {
    if let ("sourceforge.net" | "sf.net", ["projects" | "p", name, ..]) = (host, parts) {
        return Address::repository("sourceforge.net", &["projects", name], &[]);
    }
    if let Some(name) = host.strip_suffix(".sourceforge.net").filter(|name| !name.contains('.')) {
        return Address::repository("sourceforge.net", &["projects", name], &[]);
    }
    // Somebody's page at a forge is no project.
    if GITLABS.contains(&host) || FORGES.iter().any(|(own, _)| *own == host) {
        return None;
    }
    let is_source = ["git.", "svn.", "hg.", "cgit."].iter().any(|start| host.starts_with(start));
    let skipped =
        parts.iter().take_while(|part| matches!(**part, "cgit" | "git" | "repos" | "pub" | "scm" | "r" | "p")).count();
    let own: Vec<&str> = parts[skipped..].iter().copied().take_while(|part| !PAGES.contains(part)).collect();
    if is_source && !own.is_empty() {
        return Address::repository(host, &own, &[]);
    }
    let key =
        std::iter::once(host).chain(parts.first().copied().filter(|part| part.starts_with('~'))).collect::<Vec<_>>();
    let page: Vec<&str> =
        if key.len() > 1 { Vec::new() } else { parts.iter().copied().take_while(|part| !is_file(part)).collect() };
    let key = key.into_iter().chain(page).collect::<Vec<_>>().join("/");
    Some(Address { kind: AddressKind::HomePage, key: key.to_lowercase(), folder: String::new() })
}

/// The first page of a site is the site.
fn is_file(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    part.starts_with("index.") || [".html", ".htm", ".php", ".txt", ".md"].iter().any(|end| part.ends_with(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn many_ways_to_write_one_repository() {
        for text in [
            "https://github.com/apache/logging-log4j2",
            "http://www.GitHub.com/Apache/Logging-Log4j2/",
            "git+https://github.com/apache/logging-log4j2.git",
            "git+ssh://git@github.com/apache/logging-log4j2.git",
            "git://github.com/apache/logging-log4j2.git#readme",
            "git@github.com:apache/logging-log4j2.git",
            "scm:git:git@github.com:apache/logging-log4j2.git",
            "scm:git:https://github.com/apache/logging-log4j2.git",
            "scm:git:git://github.com/apache/logging-log4j2",
            "github:apache/logging-log4j2",
            "github.com/apache/logging-log4j2",
            "ssh://git@ssh.github.com:443/apache/logging-log4j2.git",
            "https://user:secret@github.com/apache/logging-log4j2",
            "https://github.com/apache/logging-log4j2/issues",
            "https://github.com/apache/logging-log4j2?tab=readme-ov-file",
            "https://gitbox.apache.org/repos/asf?p=logging-log4j2.git",
            "https://gitbox.apache.org/repos/asf?p=logging-log4j2.git/log4j-core",
            "https://git-wip-us.apache.org/repos/asf?p=logging-log4j2.git;a=summary/log4j-api",
            "https://github.com/apache/logging-log4j2/log4j-core",
            "scm:git:https://gitbox.apache.org/repos/asf/logging-log4j2.git",
        ] {
            let found = Address::read(text).map(|address| (address.kind, address.key));
            assert_eq!(found, Some((AddressKind::Repository, "github.com/apache/logging-log4j2".to_owned())), "{text}");
        }
    }

    #[test]
    fn places_of_other_kinds() {
        let repository = AddressKind::Repository;
        for (text, expected) in [
            (
                "https://gitlab.com/group/sub/name/-/tree/main/a/b",
                Some((repository, "gitlab.com/group/sub/name", "a/b")),
            ),
            ("https://gitlab.example.net/group/name.git", Some((repository, "gitlab.example.net/group/name", ""))),
            ("https://gitlab.com/group", None),
            (
                "https://github.com/babel/babel/tree/main/packages/babel-core",
                Some((repository, "github.com/babel/babel", "packages/babel-core")),
            ),
            (
                "https://github.com/babel/babel.git#packages/babel-core",
                Some((repository, "github.com/babel/babel", "packages/babel-core")),
            ),
            ("https://git.savannah.gnu.org/cgit/bash.git", Some((repository, "git.savannah.gnu.org/cgit/bash", ""))),
            ("https://git.kernel.org/pub/scm/git/git.git", Some((repository, "git.kernel.org/pub/scm/git/git", ""))),
            ("https://sourceforge.net/projects/expat/", Some((repository, "sourceforge.net/projects/expat", ""))),
            ("http://expat.sourceforge.net", Some((repository, "sourceforge.net/projects/expat", ""))),
            ("https://pagure.io/libaio", Some((repository, "pagure.io/libaio", ""))),
            ("https://jackson.github.io/core/", Some((AddressKind::Pages, "github.com/jackson/core", ""))),
            ("https://owner.github.io", Some((AddressKind::Pages, "github.com/owner/owner.github.io", ""))),
            ("https://www.openssl.org/", Some((AddressKind::HomePage, "openssl.org", ""))),
            ("https://www.openssl.org/index.html", Some((AddressKind::HomePage, "openssl.org", ""))),
            (
                "https://commons.apache.org/proper/commons-io/",
                Some((AddressKind::HomePage, "commons.apache.org/proper/commons-io", "")),
            ),
            (
                "https://people.example.net/~alice/tool/x",
                Some((AddressKind::HomePage, "people.example.net/~alice", "")),
            ),
            ("https://www.npmjs.com/package/left-pad", None),
            ("https://pypi.org/project/requests", None),
            ("https://salsa.debian.org/debian/bash", None),
            ("https://www.apache.org/licenses/LICENSE-2.0", None),
            ("https://github.com/owner", None),
            ("https://github.com/a/../b", None),
            ("mailto:someone@example.net", None),
            ("javascript:alert(1)", None),
            ("http://192.0.2.7/a/b", None),
            ("http://intranet/a", None),
            ("NOASSERTION", None),
            ("", None),
            ("two words", None),
        ] {
            let found = Address::read(text);
            let found = found.as_ref().map(|address| (address.kind, address.key.as_str(), address.folder.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_read_as_itself(text in "(https?://|git\\+https://|scm:git:git://|)[a-z.]{1,12}(/[A-Za-z0-9._~-]{1,8}){0,4}") {
            if let Some(address) = Address::read(&text) {
                let again = Address::read(&format!("https://{}", address.key));
                let again = again.map(|again| again.key);
                prop_assert!(again.is_none() || again == Some(address.key.clone()), "{text}: {address:?} {again:?}");
            }
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,80}") {
            let _ = Address::read(&text);
        }
    }
}
