// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a package of the npm world was taken from, as npm, yarn, pnpm and bun write it.
//!
//! A version may be a version, an alias (`npm:real@1.2.3`), a git address, an address of an archive or a path. The real
//! package is the identity; what is not the public registry becomes a qualifier of its package URL.

use std::borrow::Cow;

use underpin_model::Purl;
use underpin_model::inventory::Text;

use super::tree::{keep, part};
use super::{origin, purl_text};

/// A package and its source, told from what stands where a version is expected.
pub(super) struct Located<'a> {
    /// Name with scope; the real one for an alias.
    pub(super) name: Text<'a>,
    /// Version, empty when only the source is stated.
    pub(super) version: Text<'a>,
    /// Source as stated; empty for a registry.
    pub(super) source: Text<'a>,
}

/// Splits `name@rest` behind the scope; the whole is the name when there is no `@`.
pub(super) fn split_at<'a>(text: &Text<'a>) -> (Text<'a>, Text<'a>) {
    match text.get(1..).and_then(|rest| rest.find('@')) {
        Some(at) => (part(text, 0..at + 1), part(text, at + 2..text.len())),
        None => (text.clone(), Cow::Borrowed("")),
    }
}

/// The name in a request, with its scope.
pub(super) fn name_of(request: &str) -> &str {
    match request.get(1..).and_then(|rest| rest.find('@')) {
        Some(at) => request.get(..at + 1).unwrap_or(request),
        None => request,
    }
}

/// The package behind `name` and what is stated as its version.
pub(super) fn located<'a>(name: &Text<'a>, stated: &Text<'a>) -> Located<'a> {
    if let Some(alias) = stated.strip_prefix("npm:") {
        let (real, version) = split_at(&keep(stated, alias));
        if !alias.starts_with(|first: char| first == '@' || first.is_ascii_alphabetic()) {
            return Located { name: name.clone(), version: real, source: Cow::Borrowed("") };
        }
        return Located { name: real, version, source: Cow::Borrowed("") };
    }
    let foreign = stated.contains([':', '/']);
    let (version, source) =
        if foreign { (Cow::Borrowed(""), stated.clone()) } else { (stated.clone(), Cow::Borrowed("")) };
    Located { name: name.clone(), version, source }
}

/// Adds the source of the package `name` to its package URL, unless it is the public registry.
pub(super) fn qualify(purl: &mut Purl, name: &str, source: &str) {
    let path = ["file:", "link:", "portal:", "workspace:"].iter().find_map(|start| source.strip_prefix(start));
    if let Some(path) = path {
        purl_text::local(purl, path.split(['#', ':']).next().unwrap_or_default());
    } else if let Some(repository) = origin::hosted_archive(source) {
        purl_text::qualify(purl, "vcs_url", &repository);
    } else if origin::is_vcs(source) {
        purl_text::qualify(purl, "vcs_url", &origin::vcs(source, ""));
    } else if let Some(registry) = origin::npm_registry(source, name) {
        purl_text::qualify(purl, "repository_url", &registry);
    } else if source.contains("://") {
        let address = source.split('#').next().unwrap_or_default();
        purl_text::qualify(purl, "download_url", &origin::without_secrets(address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_may_be_anything() {
        for (stated, name, version, source) in [
            ("1.2.3", "given", "1.2.3", ""),
            ("npm:@real/x@2.0.0", "@real/x", "2.0.0", ""),
            ("npm:^2.0.0", "given", "^2.0.0", ""),
            ("npm:real", "real", "", ""),
            ("github:a/b#abc", "given", "", "github:a/b#abc"),
            ("file:../x", "given", "", "file:../x"),
        ] {
            let located = located(&"given".into(), &Cow::Borrowed(stated));
            assert_eq!((&*located.name, &*located.version, &*located.source), (name, version, source), "{stated}");
        }
    }

    #[test]
    fn sources_become_qualifiers() {
        for (source, qualifier) in [
            ("https://registry.npmjs.org/x/-/x-1.0.0.tgz#abc", None),
            ("", None),
            ("https://npm.example/x/-/x-1.0.0.tgz", Some(("repository_url", "https://npm.example"))),
            ("https://me:secret@files.example/x.tgz#abc", Some(("download_url", "https://files.example/x.tgz"))),
            ("github:a/b#abc", Some(("vcs_url", "git+https://github.com/a/b.git@abc"))),
            ("file:../x", Some(("download_url", "file:../x"))),
        ] {
            let mut purl = purl_text::npm("x", "1.0.0");
            qualify(&mut purl, "x", source);
            let found = purl.qualifiers.first().map(|(key, value)| (key.as_str(), value.as_str()));
            assert_eq!(found, qualifier, "{source}");
        }
    }
}
