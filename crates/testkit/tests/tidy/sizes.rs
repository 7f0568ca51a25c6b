// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Small files, small functions, shallow folders: what a newcomer can hold in the head.

use super::{repository, rust_text};

/// Lines of the longest Rust file.
const FILE_LINES: usize = 500;
/// Lines of the longest function, signature and braces included.
const FUNCTION_LINES: usize = 70;
/// Folders between the root and a file.
const FOLDERS: usize = 4;

#[test]
fn files_are_short() {
    let mut sizes: Vec<(usize, String)> =
        repository::rust().into_iter().map(|file| (file.text.lines().count(), file.path)).collect();
    sizes.sort();
    let (longest, path) = sizes.last().expect("there is Rust code");
    let median = sizes[sizes.len() / 2].0;
    println!("{} files, median {median} lines, longest {longest} lines ({path})", sizes.len());
    let above: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > FILE_LINES).collect();
    assert!(above.is_empty(), "files above {FILE_LINES} lines: {above:#?}");
}

#[test]
fn functions_are_short() {
    let mut sizes = Vec::new();
    for file in repository::rust() {
        for function in rust_text::functions(&rust_text::masked(&file.text)) {
            sizes.push((function.lines, format!("{} ({}:{})", function.name, file.path, function.line)));
        }
    }
    sizes.sort();
    let (longest, place) = sizes.last().expect("there are functions");
    let median = sizes[sizes.len() / 2].0;
    println!("{} functions, median {median} lines, longest {longest} lines: {place}", sizes.len());
    let above: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > FUNCTION_LINES).collect();
    assert!(above.is_empty(), "functions above {FUNCTION_LINES} lines: {above:#?}");
}

#[test]
fn folders_are_shallow() {
    let deep: Vec<String> =
        repository::paths().into_iter().filter(|path| path.matches('/').count() > FOLDERS).collect();
    assert!(deep.is_empty(), "more than {FOLDERS} folders below the root: {deep:#?}");
}
