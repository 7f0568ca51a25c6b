// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Paths of archive members: what is accepted and how it is written.
//!
//! We never write members to disk, but the path decides what belongs together (`go.mod` and its `go.sum`) and is shown to
//! people, so a path that lies is refused and control characters are made visible.

use underpin_model::Limits;

use super::IssueCode;

/// The path as it is shown: `/` between folders, no `.` parts, no control characters.
///
/// # Errors
/// The code and a sentence when the path is absolute, leaves the archive, is empty or too long.
pub(super) fn clean(raw: &str, limits: &Limits) -> Result<String, (IssueCode, String)> {
    if raw.len() > limits.path_bytes {
        return Err((IssueCode::PathTooLong, format!("{} bytes", raw.len())));
    }
    let refused = |reason: &str| Err((IssueCode::UnsafePath, format!("{reason}: {}", shown(raw))));
    if raw.starts_with('/') {
        return refused("absolute path");
    }
    if raw.as_bytes().get(1) == Some(&b':') && raw.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return refused("path with a drive letter");
    }
    let parts: Vec<&str> = raw.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return refused("path that leaves the archive");
    }
    if parts.is_empty() {
        return refused("empty path");
    }
    Ok(shown(&parts.join("/")))
}

/// The text with control characters replaced and cut to a length that fits a message.
pub(super) fn shown(raw: &str) -> String {
    raw.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The path of what a compressed file holds: its last suffix cut off where that names a compressor.
pub(super) fn without_suffix(path: &str) -> &str {
    let Some((stem, suffix)) = path.rsplit_once('.') else { return path };
    let known =
        ["gz", "gzip", "zst", "zstd", "xz", "bz2", "bzip2"].iter().any(|name| suffix.eq_ignore_ascii_case(name));
    if known && !stem.is_empty() && !stem.ends_with(['/', '!']) { stem } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lie_are_refused() {
        let limits = Limits { path_bytes: 40, ..Limits::default() };
        for (raw, expected) in [
            ("a/b.json", Ok("a/b.json")),
            ("./a//b.json", Ok("a/b.json")),
            ("a/..b/c..", Ok("a/..b/c..")),
            ("a\u{1b}[31m\n", Ok("a\u{fffd}[31m\u{fffd}")),
            ("/etc/passwd", Err("unsafe-path")),
            ("a/../../b", Err("unsafe-path")),
            ("..", Err("unsafe-path")),
            ("C:/x", Err("unsafe-path")),
            ("./", Err("unsafe-path")),
            ("", Err("unsafe-path")),
            ("01234567890123456789012345678901234567890", Err("path-too-long")),
        ] {
            let got = clean(raw, &limits);
            assert_eq!(got.as_deref().map_err(|(code, _)| code.as_str()), expected, "{raw:?}");
        }
    }

    #[test]
    fn suffixes_of_compressors_are_cut() {
        for (path, expected) in [
            ("a/b.json.gz", "a/b.json"),
            ("b.cdx.ZST", "b.cdx"),
            ("b.tar.xz!x.bz2", "b.tar.xz!x"),
            ("b.json", "b.json"),
            (".gz", ".gz"),
            ("a!.gz", "a!.gz"),
            ("dir.gz/plain", "dir.gz/plain"),
            ("", ""),
        ] {
            assert_eq!(without_suffix(path), expected, "{path}");
        }
    }
}
