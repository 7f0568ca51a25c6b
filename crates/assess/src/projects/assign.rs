// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One project a package, from everything that was said about it.
//!
//! The surest source counts first, then how many documents say it, then the name: the same statements give the same project in any
//! order. What else was said stays beside it. A package about which nothing was said is a project of its own, and that is no more
//! than a name.

use std::collections::BTreeMap;

use super::address::{Address, AddressKind};
use super::names::Names;

/// Where an address was said, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Nowhere: the name of the package stands for its project.
    Name,
    /// A document names a home page.
    HomePage,
    /// A document names pages that a forge serves for a repository.
    Pages,
    /// A document names a repository.
    Document,
    /// The package URL holds the repository.
    PackageUrl,
    /// The office wrote it down.
    Office,
}

impl Source {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::HomePage => "home-page",
            Self::Pages => "pages",
            Self::Document => "document",
            Self::PackageUrl => "package-url",
            Self::Office => "office",
        }
    }

    /// How far it can be trusted, in percent: an order of trust, no measured probability.
    pub fn confidence_percent(self) -> u8 {
        match self {
            Self::Name => 20,
            Self::HomePage => 50,
            Self::Pages => 70,
            Self::Document => 85,
            Self::PackageUrl => 95,
            Self::Office => 100,
        }
    }

    fn of(kind: AddressKind) -> Self {
        match kind {
            AddressKind::HomePage => Self::HomePage,
            AddressKind::Pages => Self::Pages,
            AddressKind::Repository => Self::Document,
        }
    }
}

/// What was said about the project of a package, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The address, as it was written.
    pub address: String,
    /// Documents that say so.
    pub documents: u64,
}

/// The project of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Key of the project: host and path of its repository or home page, else the package itself.
    pub project: String,
    /// Where in the repository; mostly empty.
    pub folder: String,
    /// Where it was said.
    pub source: Source,
    /// How far it can be trusted, in percent.
    pub confidence_percent: u8,
    /// Documents that say so; 0 where the package URL does.
    pub documents: u64,
    /// Other keys that were said, each with the documents that say so, the surest first.
    pub others: Vec<(String, u64)>,
}

/// What speaks for one key.
#[derive(Default)]
struct Support {
    documents: u64,
    folder: String,
    /// How sure it is that an address stands for the project, in percent; the least sure of them.
    sure_percent: Option<u8>,
}

/// The project of a package. `package` is its purl without version and qualifiers. An address that is another name of a project counts
/// for the project, and stays beside it as what else was said.
pub fn assign(package: &str, said: &[Said], names: &Names) -> Assignment {
    let mut found: BTreeMap<(Source, String), Support> = BTreeMap::new();
    let mut renamed: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |source: Source, address: Address, documents: u64| {
        let other = names.project_of(&address.key);
        let key = other.map_or_else(|| address.key.clone(), |(project, _)| project.to_owned());
        let support = found.entry((source, key)).or_default();
        support.documents += documents;
        support.sure_percent = [support.sure_percent, other.map(|(_, percent)| percent)].into_iter().flatten().min();
        if support.folder.is_empty() {
            support.folder = address.folder;
        }
        if other.is_some() {
            *renamed.entry(address.key).or_default() += documents;
        }
    };
    if let Some(address) = of_package(package) {
        add(Source::PackageUrl, address, 0);
    }
    let mut said: Vec<&Said> = said.iter().collect();
    said.sort_by(|a, b| a.address.cmp(&b.address));
    for one in said {
        if let Some(address) = Address::read(&one.address) {
            add(Source::of(address.kind), address, one.documents);
        }
    }
    let mut ranked: Vec<((Source, String), Support)> = found.into_iter().collect();
    ranked.sort_by(|((source, key), one), ((other, other_key), more)| {
        (other, more.documents).cmp(&(source, one.documents)).then_with(|| key.cmp(other_key))
    });
    let mut ranked = ranked.into_iter();
    let Some(((source, project), support)) = ranked.next() else { return nameless(package, names) };
    let mut others: Vec<(String, u64)> = Vec::new();
    for (key, documents) in ranked.map(|((_, key), support)| (key, support.documents)).chain(renamed) {
        if key != project && others.iter().all(|(own, _)| *own != key) {
            others.push((key, documents));
        }
    }
    let own = source.confidence_percent();
    Assignment {
        project,
        folder: support.folder,
        source,
        confidence_percent: support.sure_percent.map_or(own, |sure| sure.min(own)),
        documents: support.documents,
        others,
    }
}

/// A package of which no address was said: a project of its own, unless the office wrote down for which one it stands.
fn nameless(package: &str, names: &Names) -> Assignment {
    let written = names.project_of(package);
    let source = if written.is_some() { Source::Office } else { Source::Name };
    let own = source.confidence_percent();
    Assignment {
        project: written.map_or(package, |(project, _)| project).to_owned(),
        folder: String::new(),
        source,
        confidence_percent: written.map_or(own, |(_, percent)| percent.min(own)),
        documents: 0,
        others: written.map(|_| (package.to_owned(), 0)).into_iter().collect(),
    }
}

/// The repository that a package URL names by its type.
fn of_package(package: &str) -> Option<Address> {
    let rest = package.strip_prefix("pkg:")?;
    let (kind, path) = rest.split_once('/')?;
    match kind {
        "github" => Address::read(&format!("https://github.com/{path}")),
        "gitlab" => Address::read(&format!("https://gitlab.com/{path}")),
        "bitbucket" => Address::read(&format!("https://bitbucket.org/{path}")),
        "golang" if vanity(path).is_some() => vanity(path).and_then(|address| Address::read(&address)),
        // The path of a module begins with its host; one with a name of its own says nothing of where it is made.
        "golang" | "swift" => {
            Address::read(&format!("https://{path}")).filter(|address| address.kind == AddressKind::Repository)
        }
        _ => None,
    }
}

/// Modules whose path is a name of its own, by the rule of whoever gives such names: where each is made.
fn vanity(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let at = |owner: &str, name: &str| Some(format!("https://github.com/{owner}/{name}"));
    match parts.as_slice() {
        ["golang.org", "x", name, ..] => at("golang", name),
        ["k8s.io", name, ..] => at("kubernetes", name),
        ["sigs.k8s.io", name, ..] => at("kubernetes-sigs", name),
        ["go.uber.org", name, ..] => at("uber-go", name),
        ["google.golang.org", "grpc", ..] => at("grpc", "grpc-go"),
        ["google.golang.org", "protobuf", ..] => at("protocolbuffers", "protobuf-go"),
        ["google.golang.org", "api", ..] => at("googleapis", "google-api-go-client"),
        ["google.golang.org", "genproto", ..] => at("googleapis", "go-genproto"),
        ["gopkg.in", name] => at(&format!("go-{}", name.split(".v").next()?), name.split(".v").next()?),
        ["gopkg.in", owner, name, ..] => at(owner, name.split(".v").next()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(entries: &[(&str, u64)]) -> Vec<Said> {
        entries
            .iter()
            .map(|(address, documents)| Said { address: (*address).to_owned(), documents: *documents })
            .collect()
    }

    #[test]
    fn the_surest_source_counts() {
        let log4j = "pkg:maven/org.apache.logging.log4j/log4j-core";
        for (package, entries, expected) in [
            (log4j, &[][..], (log4j, Source::Name, 0)),
            (log4j, &[("https://logging.apache.org/", 9)][..], ("logging.apache.org", Source::HomePage, 9)),
            (
                log4j,
                &[
                    ("https://logging.apache.org/", 9),
                    ("https://github.com/apache/logging-log4j2", 2),
                    ("scm:git:git@github.com:apache/logging-log4j2.git", 1),
                ],
                ("github.com/apache/logging-log4j2", Source::Document, 3),
            ),
            ("pkg:golang/github.com/spf13/cobra/doc", &[], ("github.com/spf13/cobra", Source::PackageUrl, 0)),
            ("pkg:golang/k8s.io/api", &[], ("github.com/kubernetes/api", Source::PackageUrl, 0)),
            ("pkg:golang/golang.org/x/net/html", &[], ("github.com/golang/net", Source::PackageUrl, 0)),
            ("pkg:golang/gopkg.in/yaml.v3", &[], ("github.com/go-yaml/yaml", Source::PackageUrl, 0)),
            ("pkg:golang/gopkg.in/square/go-jose.v2", &[], ("github.com/square/go-jose", Source::PackageUrl, 0)),
            ("pkg:golang/google.golang.org/grpc", &[], ("github.com/grpc/grpc-go", Source::PackageUrl, 0)),
            ("pkg:golang/example.org/own", &[], ("pkg:golang/example.org/own", Source::Name, 0)),
            (
                "pkg:npm/left-pad",
                &[("https://www.npmjs.com/package/left-pad", 3)],
                ("pkg:npm/left-pad", Source::Name, 0),
            ),
        ] {
            let found = assign(package, &said(entries), &Names::default());
            assert_eq!((found.project.as_str(), found.source, found.documents), expected, "{package}");
        }
    }

    #[test]
    fn what_else_was_said_stays() {
        let found = assign(
            "pkg:npm/a",
            &said(&[("https://a.example.net", 1), ("https://github.com/o/a", 2), ("https://github.com/p/a", 5)]),
            &Names::default(),
        );
        assert_eq!(found.project, "github.com/p/a");
        assert_eq!(found.others, [("github.com/o/a".to_owned(), 2), ("a.example.net".to_owned(), 1)]);
    }

    #[test]
    fn another_name_counts_for_the_project_and_stays_visible() {
        let of = |written: &[(&str, &str, u8)]| {
            Names::new(written.iter().map(|(other, project, sure)| ((*other).to_owned(), (*project).to_owned(), *sure)))
        };
        let names = of(&[("github.com/old/a", "github.com/new/a", 80), ("pkg:npm/b", "github.com/new/a", 100)]);
        let entries =
            said(&[("https://github.com/old/a", 3), ("https://github.com/new/a", 2), ("https://github.com/x/y", 4)]);
        let found = assign("pkg:npm/a", &entries, &names);
        assert_eq!((found.project.as_str(), found.documents, found.confidence_percent), ("github.com/new/a", 5, 80));
        assert_eq!(found.others, [("github.com/x/y".to_owned(), 4), ("github.com/old/a".to_owned(), 3)]);
        let written = assign("pkg:npm/b", &[], &names);
        assert_eq!((written.project.as_str(), written.source), ("github.com/new/a", Source::Office));
        let other = assign("pkg:npm/c", &entries[1..2], &names);
        assert_eq!((other.confidence_percent, other.others), (Source::Document.confidence_percent(), Vec::new()));
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(mut entries in proptest::collection::vec(("https://github.com/[ab]/[cd]|https://[ab]\\.example\\.net", 1_u64..4), 0..6)) {
            let package = "pkg:npm/a";
            let of = |entries: &[(String, u64)]| {
                let said: Vec<Said> = entries.iter().map(|(address, documents)| Said { address: address.clone(), documents: *documents }).collect();
                assign(package, &said, &Names::default())
            };
            let one = of(&entries);
            entries.reverse();
            prop_assert_eq!(one, of(&entries));
        }
    }
}
