// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How pnpm-lock.yaml heads its packages and refers to them, in all versions.

use std::collections::HashMap;

use underpin_model::inventory::Text;
use underpin_model::limits::bounds;

use super::npm_source;
use super::tree::keep;

/// True for needs that point to a folder, for which there is no package.
pub(super) fn is_local(stated: &str) -> bool {
    stated.starts_with("link:") || stated.starts_with("file:") || stated.starts_with("workspace:")
}

/// The folders of a workspace, found by paths relative to one of them. A step is a segment of the path, so that a long
/// folder does not make every link from it slow.
#[derive(Default)]
pub(super) struct Folders<'n> {
    /// By the folder around and the segment.
    below: HashMap<(u32, &'n str), u32>,
    /// By folder: the one around it, and whether it lies above the root.
    known: Vec<(u32, bool)>,
    what: HashMap<u32, u32>,
}

/// Where a path leads.
#[derive(Clone, Copy)]
struct Spot {
    folder: u32,
    /// Segments further down that are no known folder.
    unknown: usize,
}

impl<'n> Folders<'n> {
    /// Says what lies in a folder, and gives its number; `None` when it is deeper or longer than any file system takes.
    pub(super) fn put(&mut self, path: &'n str, what: u32) -> Option<u32> {
        if path.len() > bounds::FOLDER_BYTES || path.split('/').count() > bounds::FOLDER_LEVELS {
            return None;
        }
        if self.known.is_empty() {
            self.known.push((0, true));
        }
        let mut folder = 0;
        for segment in segments(path) {
            let next = self.step(Spot { folder, unknown: 0 }, segment);
            folder = if next.unknown == 0 {
                next.folder
            } else {
                let new = u32::try_from(self.known.len()).unwrap_or_default();
                self.known.push((folder, segment == ".."));
                self.below.insert((folder, segment), new);
                new
            };
        }
        self.what.insert(folder, what);
        Some(folder)
    }

    /// What lies where `link` leads from a folder.
    pub(super) fn find(&self, folder: u32, link: &str) -> Option<u32> {
        let spot = segments(link).fold(Spot { folder, unknown: 0 }, |spot, segment| self.step(spot, segment));
        self.what.get(&spot.folder).copied().filter(|_| spot.unknown == 0)
    }

    fn step(&self, from: Spot, segment: &str) -> Spot {
        let Spot { folder, unknown } = from;
        let (above, is_above_root) = self.known.get(folder as usize).copied().unwrap_or((0, true));
        match segment {
            ".." if unknown > 0 => Spot { folder, unknown: unknown - 1 },
            ".." if !is_above_root => Spot { folder: above, unknown: 0 },
            _ if unknown > 0 => Spot { folder, unknown: unknown + 1 },
            _ => match self.below.get(&(folder, segment)) {
                Some(&folder) => Spot { folder, unknown: 0 },
                None => Spot { folder, unknown: 1 },
            },
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !matches!(*segment, "" | "."))
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

/// What the heading of a package says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heading<'t> {
    /// Name with scope; empty when the heading names none.
    pub(super) name: Text<'t>,
    /// Version, or an address.
    pub(super) version: Text<'t>,
    /// Host of the registry, where one is named.
    pub(super) registry: String,
}

/// Name and version in the heading of a package; the version may also be an address.
pub(super) fn heading<'t>(key: &Text<'t>) -> Heading<'t> {
    let plain = key.split('(').next().unwrap_or_default();
    if let Some(path) = plain.strip_prefix('/') {
        return of_path(&keep(key, path));
    }
    let (name, version) = npm_source::split_at(&keep(key, plain));
    if !version.is_empty() && (name.starts_with('@') || !name.contains(['/', ':'])) {
        return Heading { name, version, ..Heading::default() };
    }
    of_registry(key, plain).unwrap_or_else(|| Heading { version: keep(key, plain), ..Heading::default() })
}

/// `host/name/1.0.0` and `host/@scope/name@1.0.0`: from a registry that is not the default one. Whatever has more
/// segments or no version is an address.
fn of_registry<'t>(key: &Text<'t>, plain: &str) -> Option<Heading<'t>> {
    let (host, path) = plain.split_once('/')?;
    let is_host = host.contains(['.', '+']) && !host.contains([':', '@']) || host == "localhost";
    let found = of_path(&keep(key, path));
    let is_version = found.version.starts_with(|first: char| first.is_ascii_digit()) && !found.version.contains('/');
    // A port is written behind `+`, for `:` is not allowed in file names.
    (is_host && is_version).then(|| Heading { registry: host.replace('+', ":"), ..found })
}

/// `name@1.0.0` and `name/1.0.0`, with or without scope.
fn of_path<'t>(path: &Text<'t>) -> Heading<'t> {
    let (name, version) = npm_source::split_at(path);
    if !version.is_empty() && name.matches('/').count() == usize::from(name.starts_with('@')) && !version.contains('/')
    {
        return Heading { name, version, ..Heading::default() };
    }
    let segments = if path.starts_with('@') { 2 } else { 1 };
    match path.match_indices('/').nth(segments - 1) {
        Some((slash, _)) => {
            let version = path.get(slash + 1..).unwrap_or_default();
            let version = version.split('_').next().unwrap_or_default();
            let name = keep(path, path.get(..slash).unwrap_or_default());
            Heading { name, version: keep(path, version), ..Heading::default() }
        }
        None => Heading { name: path.clone(), ..Heading::default() },
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

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
            let found = heading(&Cow::Borrowed(key));
            assert_eq!((&*found.name, &*found.version, &*found.registry), (name, version, ""), "{key}");
        }
        for (key, name, registry) in [
            ("npm.corp.example/@corp/lib/1.0.0", "@corp/lib", "npm.corp.example"),
            ("npm.corp.example/@corp/lib/1.0.0_react@18.2.0", "@corp/lib", "npm.corp.example"),
            ("npm.corp.example/lib/1.0.0", "lib", "npm.corp.example"),
            ("npm.corp.example/@corp/lib@1.0.0(react@18.2.0)", "@corp/lib", "npm.corp.example"),
            ("localhost+4873/lib/1.0.0", "lib", "localhost:4873"),
        ] {
            let found = heading(&Cow::Borrowed(key));
            assert_eq!((&*found.name, &*found.version, &*found.registry), (name, "1.0.0", registry), "{key}");
        }
    }

    #[test]
    fn folders_are_found() {
        let long = "a/".repeat(200_000);
        let mut folders = Folders::default();
        let paths = [".", "parts/a", "parts/b", "../b", "parts/b/c", "../../d"];
        let numbers: Vec<u32> = paths.into_iter().zip(0..).filter_map(|(path, what)| folders.put(path, what)).collect();
        assert_eq!(numbers.len(), paths.len());
        assert!(folders.put(&long, 6).is_none() && folders.known.len() < 20);
        for (folder, link, expected) in [
            (".", "parts/a", Some(1)),
            (".", "./parts/a/", Some(1)),
            ("parts/a", "../b", Some(2)),
            ("parts/a", "../b/c", Some(4)),
            ("parts/a", "../..", Some(0)),
            ("parts/a", "../../../b", Some(3)),
            ("../b", "../parts/a", None),
            ("../b", "../../d", Some(5)),
            ("parts/a", "../x/y/../../b", Some(2)),
            ("parts/a", "x/y/../../../b", Some(2)),
            ("parts/a", "no", None),
            ("parts/a", "..", None),
            (".", "..", None),
        ] {
            let at = paths.iter().position(|path| *path == folder).unwrap();
            assert_eq!(folders.find(numbers[at], link), expected, "{link} from {folder}");
        }
        assert_eq!(Folders::default().find(0, "."), None);
    }
}
