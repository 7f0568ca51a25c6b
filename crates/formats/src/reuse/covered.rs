// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which files have to say what they are under: all but a few, after the REUSE specification 3.3 and its tool.

/// Folders whose files need not, at any depth.
const FOLDERS: &[&str] = &[".git", ".hg", ".sl", "LICENSES", ".reuse"];

/// Whether a file lies in a folder that counts.
pub(super) fn is_in_scope(path: &str) -> bool {
    let mut above = "";
    let mut folders = path.split('/').peekable();
    while let Some(folder) = folders.next() {
        if folders.peek().is_none() {
            break;
        }
        // Programs that Meson fetched into `subprojects` are other projects.
        if FOLDERS.contains(&folder) || above == "subprojects" {
            return false;
        }
        above = folder;
    }
    true
}

/// Whether a file has to say what it is under, by its path. Links, other repositories and empty files never have to.
pub(super) fn is_covered(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_named =
        |start: &str| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']));
    let is_text = ["LICENSE", "LICENCE", "COPYING"].iter().any(|start| is_named(start))
        || ["CAL-1.0", "CAL-1.0-Combined-Work-Exception", "SHL-2.1"]
            .iter()
            .any(|start| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || is_ending(rest)));
    let is_spdx = name.ends_with(".spdx")
        || ["rdf", "json", "xml", "yml", "yaml"].iter().any(|ending| {
            name.strip_suffix(ending)
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|rest| rest.ends_with(".spdx"))
        });
    let is_own = matches!(name, ".git" | ".hgtags" | "REUSE.toml") || name.ends_with(".license");
    !is_text && !is_spdx && !is_own && is_in_scope(path)
}

fn is_ending(rest: &str) -> bool {
    rest.starts_with('.') && rest.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_count() {
        for path in [
            "a.c",
            "LICENSES.md",
            "license",
            "LICENSE_MIT",
            "subprojects/a.wrap",
            "a.license.c",
            "a.spdx.txt",
            "x/COPYINGS",
        ] {
            assert!(is_covered(path), "{path}");
        }
        for path in [
            "LICENSE",
            "x/LICENCE-MIT",
            "COPYING.txt",
            "LICENSES/MIT.txt",
            "x/LICENSES/y",
            ".reuse/templates/a",
            "REUSE.toml",
            "x/REUSE.toml",
            "a.c.license",
            "a.spdx",
            "a.spdx.json",
            "subprojects/zlib/zlib.c",
            ".git/config",
            "CAL-1.0.txt",
        ] {
            assert!(!is_covered(path), "{path}");
        }
    }
}
