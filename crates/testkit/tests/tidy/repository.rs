// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files of the repository: what is tracked, and what is about to be.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the repository.
pub struct File {
    /// Path below the root, with `/` between folders.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Paths of all files that git tracks or would add, below the root.
pub fn paths() -> Vec<String> {
    let root = root();
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .ok()
        .filter(|output| output.status.success());
    let mut paths: Vec<String> = match output {
        Some(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
        }
        // A source archive has no git; then everything but build output counts.
        None => walk(&root),
    };
    paths.retain(|path| root.join(path).is_file());
    paths.sort();
    paths.dedup();
    assert!(paths.iter().any(|path| path == "Cargo.toml"), "the repository was not found at {}", root.display());
    paths
}

/// All text files (valid UTF-8).
pub fn texts() -> Vec<File> {
    let root = root();
    paths()
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(root.join(&path)).expect("a tracked file can be read");
            String::from_utf8(bytes).ok().map(|text| File { path, text })
        })
        .collect()
}

/// All Rust files.
pub fn rust() -> Vec<File> {
    texts().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    underpin_testkit::workspace()
}

fn walk(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    open.push(path);
                }
            } else if let Ok(below) = path.strip_prefix(root) {
                found.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found
}
