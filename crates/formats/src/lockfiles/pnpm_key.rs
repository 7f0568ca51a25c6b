// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How pnpm-lock.yaml heads its packages and refers to them, in all versions.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::Text;

use super::npm_source;
use super::tree::keep;

/// True for needs that point to a folder, for which there is no package.
pub(super) fn is_local(stated: &str) -> bool {
    stated.starts_with("link:") || stated.starts_with("file:") || stated.starts_with("workspace:")
}

/// A path relative to a folder, both relative to the root.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The package that `name` with the stated version leads to, in the notation of any version.
pub(super) fn resolve(name: &str, stated: &str, by_key: &HashMap<&str, u32>) -> Option<u32> {
    let found = by_key.get(stated).or_else(|| {
        [("", '@'), ("/", '@'), ("/", '/')]
            .into_iter()
            .find_map(|(start, between)| by_key.get(format!("{start}{name}{between}{stated}").as_str()))
    });
    found.copied()
}

/// Name and version in the heading of a package; the version may also be an address.
pub(super) fn heading<'t>(key: &Text<'t>) -> (Text<'t>, Text<'t>) {
    let plain = key.split('(').next().unwrap_or_default();
    let Some(path) = plain.strip_prefix('/') else {
        let (name, version) = npm_source::split_at(&keep(key, plain));
        let is_name = !version.is_empty() && (name.starts_with('@') || !name.contains(['/', ':']));
        return if is_name { (name, version) } else { (Cow::Borrowed(""), keep(key, plain)) };
    };
    let path = keep(key, path);
    let (name, version) = npm_source::split_at(&path);
    if !version.is_empty() && name.matches('/').count() == usize::from(name.starts_with('@')) && !version.contains('/')
    {
        return (name, version);
    }
    let segments = if path.starts_with('@') { 2 } else { 1 };
    match path.match_indices('/').nth(segments - 1) {
        Some((slash, _)) => {
            let version = path.get(slash + 1..).unwrap_or_default();
            let version = version.split('_').next().unwrap_or_default();
            (keep(&path, path.get(..slash).unwrap_or_default()), keep(&path, version))
        }
        None => (path, Cow::Borrowed("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_name_and_version() {
        for (key, name, version) in [
            ("lodash@4.17.21", "lodash", "4.17.21"),
            ("@scope/x@1.0.0-rc.1(react@18.2.0)", "@scope/x", "1.0.0-rc.1"),
            ("/lodash@4.17.21", "lodash", "4.17.21"),
            ("/@scope/x@1.0.0(react@18.2.0)", "@scope/x", "1.0.0"),
            ("/lodash/4.17.21", "lodash", "4.17.21"),
            ("/@scope/x/1.0.0_react@18.2.0", "@scope/x", "1.0.0"),
            ("/x/1.0.0_react@18.2.0", "x", "1.0.0"),
            ("x@file:parts/x", "x", "file:parts/x"),
            ("x@https://codeload.github.com/o/x/tar.gz/abc", "x", "https://codeload.github.com/o/x/tar.gz/abc"),
            ("github.com/o/x/abc", "", "github.com/o/x/abc"),
            ("file:parts/x", "", "file:parts/x"),
            ("/odd", "odd", ""),
        ] {
            let (found_name, found_version) = heading(&Cow::Borrowed(key));
            assert_eq!((&*found_name, &*found_version), (name, version), "{key}");
        }
    }

    #[test]
    fn folders_are_joined() {
        for (folder, path, expected) in [
            (".", "parts/a", "parts/a"),
            ("parts/a", "../b", "parts/b"),
            ("parts/a", "../..", "."),
            ("a", "../../b", "../b"),
        ] {
            assert_eq!(joined(folder, path), expected);
        }
    }
}
