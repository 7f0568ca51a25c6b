// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a purl and the name and version stated beside it can be about the same package.
//!
//! Tools write names with and without their namespace, with an architecture or a version behind, and with other
//! separators; versions with and without `v`, epoch or release. All that agrees. Another name or another number does not.

use underpin_model::Purl;
use underpin_model::inventory::{Component, ComponentKind};

use crate::version::{Scheme, compare};

/// Types whose names are those of artefacts, not packages: addresses, tags and digests stand in them.
const ARTEFACTS: [&str; 4] = ["docker", "generic", "oci", "swid"];

/// True when name or version disagree.
pub fn found(purl: &Purl, component: &Component<'_>) -> bool {
    if ARTEFACTS.contains(&purl.kind.as_str()) || component.kind == ComponentKind::Container {
        return false;
    }
    let (name, version) = (component.name.trim(), component.version.trim());
    (!name.is_empty() && names_disagree(purl, component.namespace.trim(), name))
        || (!version.is_empty() && versions_disagree(&purl.kind, &purl.version, version))
}

fn names_disagree(purl: &Purl, group: &str, stated: &str) -> bool {
    if stated == purl.name {
        return false;
    }
    let short = folded(&[&purl.name]);
    let full = folded(&[&purl.namespace, &purl.name]);
    let with_part = folded(&[&purl.name, &purl.subpath]);
    let agrees = |text: &str| {
        let text = folded(&[text]);
        // Names in scripts without Latin letters fold to nothing and say nothing.
        text.is_empty() || text == short || text == full || text == with_part
    };
    let last = |separator| stated.rsplit(separator).next().unwrap_or_default();
    let before = |separator| stated.rsplit_once(separator).map_or(stated, |(before, _)| before);
    ![stated, last('/'), last(':'), before(':'), before('@'), last('\\')].into_iter().any(agrees)
        && folded(&[group, stated]) != full
}

/// Letters and digits only, in lower case.
fn folded(texts: &[&str]) -> String {
    let characters = texts.iter().flat_map(|text| text.chars());
    characters.filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn versions_disagree(kind: &str, purl: &str, stated: &str) -> bool {
    if purl == stated || purl.is_empty() {
        return false;
    }
    let (purl, stated) = (plain(kind, purl), plain(kind, stated));
    let scheme = Scheme::of_purl_type(kind);
    let has_release = matches!(scheme, Scheme::Deb | Scheme::Rpm | Scheme::Apk | Scheme::Alpm | Scheme::Generic);
    let without_release = |long: &str, short: &str| {
        has_release && long.strip_prefix(short).is_some_and(|release| release.starts_with('-'))
    };
    purl != stated
        && !without_release(&purl, &stated)
        && !without_release(&stated, &purl)
        && compare(scheme, &purl, &stated).is_ne()
}

/// Without `v` and epoch, escapes taken back.
fn plain(kind: &str, version: &str) -> String {
    let version = version.replace("%2B", "+").replace("%2b", "+").replace("%3A", ":").replace("%3a", ":");
    let version = version.strip_prefix("go").filter(|_| kind == "golang").unwrap_or(&version);
    let digits = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let version = version.strip_prefix(['v', 'V']).filter(|rest| digits(rest)).unwrap_or(version);
    let is_epoch = |epoch: &str| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
    version.split_once(':').filter(|(epoch, _)| is_epoch(epoch)).map_or(version, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agrees_and_what_does_not() {
        for (purl, group, name, version, expected) in [
            ("pkg:npm/left-pad@1.3.0", "", "left-pad", "1.3.0", false),
            ("pkg:npm/left-pad@1.3.0", "", "left-pad", "v1.3.0", false),
            ("pkg:npm/left-pad@1.3.0", "", "left-pad", "2.0.0", true),
            ("pkg:npm/a@1.1", "", "a", "1.10", true),
            ("pkg:npm/a@1.10", "", "a", "1.1", true),
            ("pkg:npm/other@9", "", "one", "9", true),
            ("pkg:npm/lodash-es@4.17.21", "", "lodash", "4.17.21", true),
            ("pkg:npm/%40scope/x@1", "", "@scope/x", "1", false),
            ("pkg:npm/%40scope/x@1", "@scope", "x", "1", false),
            ("pkg:npm/%40scope/x@1", "", "npm:@scope/x", "1", false),
            ("pkg:maven/org.example/core@2.0", "", "org.example:core", "2.0", false),
            ("pkg:maven/org.example/core@2.0", "", "org.example:core", "2.0.0", false),
            ("pkg:golang/github.com/o/m@v1.0.0", "", "github.com/o/m", "1.0.0", false),
            ("pkg:golang/stdlib@1.19.3", "", "stdlib", "go1.19.3", false),
            ("pkg:deb/debian/passwd@1:4.8.1-1", "", "passwd", "4.8.1-1", false),
            ("pkg:deb/debian/libc6@2.36-9", "", "libc6:amd64", "2.36", false),
            ("pkg:deb/debian/libc6@2.36-9", "", "libc6", "2.3", true),
            ("pkg:rpm/redhat/bash@4.4-1.el8?epoch=1", "", "bash", "1:4.4-1.el8", false),
            ("pkg:pypi/zope.interface@5", "", "zope_interface", "5.0", false),
            ("pkg:cocoapods/Firebase@1#Core", "", "Firebase/Core", "1", false),
            ("pkg:oci/perl@sha256:00?tag=5", "", "docker.io/library/perl:5", "5", false),
            ("pkg:npm/x@1", "", "größe", "1", true),
            ("pkg:npm/x", "", "x", "1", false),
        ] {
            let component = Component {
                namespace: group.into(),
                name: name.into(),
                version: version.into(),
                ..Component::default()
            };
            let (purl, _) = Purl::parse_lenient(purl).expect("a purl");
            assert_eq!(found(&purl, &component), expected, "{purl} against {name} {version}");
        }
    }
}
