// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Just enough Rust to count: comments and literals blanked out, test code cut off, functions found by their braces.

use std::collections::BTreeSet;

use super::repository::File;

/// The text with comments, strings and characters replaced by spaces; lines and byte positions stay.
pub fn masked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        match end {
            Some(end) => {
                for byte in &mut out[at..end] {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
                at = end;
            }
            None => at += 1,
        }
    }
    String::from_utf8(out).expect("only whole literals are blanked")
}

/// Where the comment or literal that begins at `at` ends.
fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return Some(find(bytes, at, b"\n").unwrap_or(bytes.len()));
    }
    if rest.starts_with(b"/*") {
        return Some(find(bytes, at, b"*/").map_or(bytes.len(), |end| end + 2));
    }
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if !word_before && (rest.starts_with(b"r") || rest.starts_with(b"br")) {
        let hashes_at = at + if rest[0] == b'b' { 2 } else { 1 };
        let hashes = bytes[hashes_at..].iter().take_while(|byte| **byte == b'#').count();
        if bytes.get(hashes_at + hashes) == Some(&b'"') {
            let closing = format!("\"{}", "#".repeat(hashes));
            let inside = hashes_at + hashes + 1;
            return Some(find(bytes, inside, closing.as_bytes()).map_or(bytes.len(), |end| end + closing.len()));
        }
    }
    match rest[0] {
        b'"' => Some(quoted_end(bytes, at, b'"')),
        // A character, not a lifetime: 'x' or '\…' or a longer UTF-8 character.
        b'\'' if rest.get(1) == Some(&b'\\') => Some(quoted_end(bytes, at, b'\'')),
        b'\'' => {
            let text = std::str::from_utf8(&rest[1..rest.len().min(6)])
                .or_else(|error| std::str::from_utf8(&rest[1..1 + error.valid_up_to()]));
            let character = text.ok().and_then(|text| text.chars().next())?;
            let closing = at + 1 + character.len_utf8();
            (bytes.get(closing) == Some(&b'\'')).then_some(closing + 1)
        }
        _ => None,
    }
}

fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|found| from + found)
}

/// Masked text without the items behind `#[cfg(test)]`.
pub fn without_tests(masked: &str) -> String {
    let mut bytes = masked.as_bytes().to_vec();
    let mut from = 0;
    while let Some(start) = find(&bytes, from, b"#[cfg(test)]") {
        let end = item_end(&bytes, start);
        for byte in &mut bytes[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        from = end;
    }
    String::from_utf8(bytes).expect("whole items of text")
}

/// The end of the item that begins at `start`: its semicolon or its closing brace.
fn item_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            b'{' if depth == 0 => return block_end(bytes, at),
            _ => {}
        }
    }
    bytes.len()
}

fn block_end(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// A function: name, first line (from 1) and number of lines, signature and braces included.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// Every function with a body.
pub fn functions(masked: &str) -> Vec<Function> {
    let bytes = masked.as_bytes();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(bytes, from, b"fn ") {
        from = start + 3;
        let word_before = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
        let name: String =
            masked[from..].chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
        if word_before || name.is_empty() {
            continue;
        }
        let end = item_end(bytes, start);
        if bytes.get(end - 1) == Some(&b'}') {
            let line = masked[..start].matches('\n').count() + 1;
            let lines = masked[start..end].matches('\n').count() + 1;
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// Paths of Rust files that are only compiled for tests and measurements: below `tests/` or `benches/`, or named by a `#[cfg(test)] mod name;`.
pub fn test_files(files: &[File]) -> BTreeSet<String> {
    let mut prefixes = Vec::new();
    for file in files {
        let masked = masked(&file.text);
        let (folder, stem) = file.path.rsplit_once('/').map_or(("", file.path.as_str()), |parts| parts);
        let stem = stem.trim_end_matches(".rs");
        let inside = match stem {
            "mod" | "lib" | "main" => folder.to_owned(),
            stem => format!("{folder}/{stem}"),
        };
        let mut rest = masked.as_str();
        while let Some(start) = rest.find("#[cfg(test)]") {
            rest = &rest[start + "#[cfg(test)]".len()..];
            let item = rest.trim_start().split(['{', ';']).next().unwrap_or_default();
            if let Some((_, name)) = item.rsplit_once("mod ")
                && rest.trim_start()[item.len()..].starts_with(';')
            {
                prefixes.push(format!("{inside}/{}", name.trim()));
            }
        }
    }
    let is_test = |path: &str| {
        path.contains("/tests/")
            || path.contains("/benches/")
            || prefixes.iter().any(|prefix| {
                path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            })
    };
    files.iter().filter(|file| is_test(&file.path)).map(|file| file.path.clone()).collect()
}

/// What ships: path and masked text without tests, of every Rust file that is not only for tests.
pub fn shipped() -> Vec<File> {
    let files = super::repository::rust();
    let tests = test_files(&files);
    files
        .into_iter()
        .filter(|file| !tests.contains(&file.path))
        .map(|file| File { text: without_tests(&masked(&file.text)), path: file.path })
        .collect()
}

#[test]
fn literals_do_not_count_as_code() {
    let text = "fn a() { let x = \"} fn b() {\"; let y = '{'; let z = r#\"}\"#; // }\n  let w: &'static str = \"\\\"}\"; }\n\
                fn c<T: Into<[u8; 4]>>(x: T)\nwhere\n  T: Copy,\n{\n}\ntrait T { fn d(&self); }";
    let found = functions(&masked(text));
    let expected =
        [("a", 1, 2), ("c", 3, 5)].map(|(name, line, lines)| Function { name: name.to_owned(), line, lines });
    assert_eq!(found, expected);
}

#[test]
fn test_items_are_cut_off() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { c(); }\n}\nfn d() {}\n#[cfg(test)]\nmod exam;\n";
    let left = without_tests(&masked(text));
    assert!(left.contains("fn a") && left.contains("fn d"));
    assert!(!left.contains("fn b") && !left.contains("exam"));
    let files = ["crates/x/src/lib.rs", "crates/x/src/exam.rs", "crates/x/src/exam/deep.rs", "crates/x/src/y.rs"]
        .map(|path| File { path: path.to_owned(), text: if path.ends_with("lib.rs") { text } else { "" }.to_owned() });
    let tests: Vec<String> = test_files(&files).into_iter().collect();
    assert_eq!(tests, ["crates/x/src/exam.rs", "crates/x/src/exam/deep.rs"]);
}
