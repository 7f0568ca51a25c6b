// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which feed a file is of, by where it lies.
//!
//! Known layouts: `osv/PyPI.jsonl.zst`, `PyPI/all.zip`, `PyPI/PYSEC-2024-1.json`, `csaf/example.org/white/2024/a.json`,
//! `openvex/a-repository/x.openvex.json`, `cyclonedx/a-supplier/vex.json`. An archive counts as a folder of its name.

use underpin_formats::containers;
use underpin_model::watch::source::{Records, SOURCES};

/// Endings cut off before a file name is the name of a feed.
const ENDINGS: &[&str] =
    &[".jsonl", ".ndjson", ".json", ".csv", ".zip", ".tar", ".tgz", ".gz", ".zst", ".xz", ".bz2", ".tzst"];

/// Names of files and folders that say nothing about the feed.
const SILENT: &[&str] = &["all", "data", "vulns", "advisories", "records", ".", ""];

/// The name without what tells its format.
pub(crate) fn stem(name: &str) -> &str {
    let mut name = name;
    while let Some(end) = ENDINGS.iter().find(|end| {
        name.len() > end.len() && name.get(name.len() - end.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    }) {
        name = name.get(..name.len() - end.len()).unwrap_or(name);
    }
    name
}

/// True for a name of JSON lines: the file holds a feed, not a document.
pub(crate) fn is_lines(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let lower = [".zst", ".gz", ".xz", ".bz2"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    lower.ends_with(".jsonl") || lower.ends_with(".ndjson")
}

/// The feed of a file with records of a kind. `path` is the path below what was given, archives on the way written with `!`;
/// `root` is the name of what was given, the last resort.
pub(crate) fn feed(records: Records, root: &str, path: &str) -> String {
    let id = SOURCES.iter().find(|source| source.records == records).map_or("other", |source| source.id);
    if !matches!(records, Records::Osv | Records::Csaf | Records::OpenVex | Records::CycloneDx) {
        return id.to_owned();
    }
    let mut parts = vec![stem(root)];
    let mut files = path.split('!').peekable();
    while let Some(file) = files.next() {
        let (folders, name) = file.rsplit_once('/').map_or(("", file), |(folders, name)| (folders, name));
        parts.extend(folders.split('/'));
        // A document of its own says nothing about its feed; an archive, or a file of lines, does.
        if files.peek().is_some() || is_lines(name) {
            parts.push(stem(name));
        }
    }
    // What stands before the name of the source says where somebody put it.
    let start = parts.iter().rposition(|part| part.eq_ignore_ascii_case(id)).map_or(0, |at| at + 1);
    let below = parts.get(start..).unwrap_or_default();
    let says = |part: &&&str| !SILENT.contains(&part.to_ascii_lowercase().as_str());
    // The root is a guess only when nothing below it says more.
    let named = below.iter().skip(usize::from(start == 0)).find(says).or_else(|| below.first().filter(says));
    format!("{id}/{}", named.map_or("local", |part| *part))
}

/// Files of the transport, which hold no records: they are neither read nor reported.
pub(crate) fn is_bookkeeping(path: &str) -> bool {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_ascii_lowercase();
    const NAMES: &[&str] = &[
        "provider-metadata.json",
        "index.txt",
        "changes.csv",
        "modified_id.csv",
        "ecosystems.txt",
        "delta.json",
        "deltalog.json",
        "recent_activities.json",
        "license",
        "readme.md",
        "security.txt",
        "vex-repository.json",
    ];
    NAMES.contains(&name.as_str()) || [".sha256", ".sha512", ".asc"].iter().any(|end| name.ends_with(end))
}

/// The path of a member without its containers' suffixes, as it is shown.
pub(crate) fn shown(path: &str) -> String {
    path.replace('!', "/")
}

/// True for the name of an archive that holds changes only, as the CVE Program names its hourly ones.
pub(crate) fn is_changes(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase().contains("delta")
}

/// True when the container is one of many files.
pub(crate) fn is_archive(kind: Option<containers::Kind>) -> bool {
    matches!(kind, Some(containers::Kind::Tar | containers::Kind::Zip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_named_by_layout() {
        for (records, root, path, expected) in [
            (Records::Osv, "osv", "PyPI.jsonl.zst", "osv/PyPI"),
            (Records::Osv, "mirror", "crates.io.jsonl", "osv/crates.io"),
            (Records::Osv, "PyPI.jsonl.zst", "PyPI.jsonl.zst", "osv/PyPI"),
            (Records::Osv, "mirror", "GitHub Actions/all.zip!GHSA-1.json", "osv/GitHub Actions"),
            (Records::Osv, "PyPI", "all.zip!PYSEC-1.json", "osv/PyPI"),
            (Records::Osv, "PyPI.zip", "PYSEC-1.json", "osv/PyPI"),
            (Records::Osv, "mirror", "PyPI/PYSEC-1.json", "osv/PyPI"),
            (Records::Osv, "mirror", "misc.tar.zst!osv/npm.jsonl", "osv/npm"),
            (Records::Osv, "mirror", "osv/Maven/GHSA-1.json", "osv/Maven"),
            (Records::Osv, "all.zip", "GHSA-1.json", "osv/local"),
            (Records::Kev, "mirror", "x/known_exploited_vulnerabilities.json", "kev"),
            (Records::Csaf, "mirror", "csaf/example.org/white/2024/a.json", "csaf/example.org"),
            (Records::Csaf, "example.org", "a.json", "csaf/example.org"),
            (Records::OpenVex, "x", "vexhub.tar.gz!vexhub-main/pkg/a.json", "openvex/vexhub"),
            (Records::CycloneDx, "mirror", "cyclonedx/acme/vex.json", "cyclonedx/acme"),
            (Records::EndOfLife, "x", "products/a.md", "endoflife"),
        ] {
            assert_eq!(feed(records, root, path), expected, "{root} {path}");
        }
    }
}
