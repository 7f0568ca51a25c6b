// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is no secret although it looks like one: examples, places to fill in, tests.

/// Words of values that somebody is to replace.
const FILLERS: &[&[u8]] = &[
    b"example",
    b"changeme",
    b"change_me",
    b"change-me",
    b"placeholder",
    b"redacted",
    b"dummy",
    b"yourtoken",
    b"your_",
    b"your-",
    b"xxxx",
    b"insert",
    b"sample",
    b"1234567890",
    b"0123456789",
    b"abcdefgh",
    b"notasecret",
    b"not-a-secret",
    b"fake",
    b"00000000",
    b"deadbeef",
    b"foobar",
    b"replace",
    b"testtest",
    b"secretsecret",
];
/// Folders and files of tests, examples and what was brought in for them.
const PLACES: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "testutil",
    "testutils",
    "test-fixtures",
    "testkit",
    "testsuite",
    "fixture",
    "fixtures",
    "spec",
    "specs",
    "__tests__",
    "__fixtures__",
    "mock",
    "mocks",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "e2e",
    "t",
    "doc",
    "docs",
    "documentation",
    "snapshots",
    "__snapshots__",
    "cassettes",
    "testcases",
    "integration",
    "vendor",
    "third_party",
    "third-party",
    "node_modules",
    "bench",
    "benches",
    "benchmark",
    "tutorial",
    "tutorials",
];
/// Parts of file names of tests and of keys that are made to be seen.
const NAMES: &[&str] = &[
    "test_",
    "_test.",
    "-test.",
    ".test.",
    ".spec.",
    "_spec.",
    "tests.",
    "test.",
    "mock",
    "example",
    "sample",
    "fixture",
    "dummy",
    "snakeoil",
    "localhost",
    "selfsigned",
    "self-signed",
    "insecure",
    "demo",
    "fake",
];

/// Whether a path is one of tests, examples or documents.
pub(super) fn is_example_path(path: &str) -> bool {
    let path = path.to_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_place = |part: &str| {
        PLACES.contains(&part) || part.ends_with("-tests") || part.ends_with("_tests") || part.ends_with("-test")
    };
    folders.split('/').any(is_place)
        || NAMES.iter().any(|word| name.contains(word))
        || [".md", ".rst", ".adoc", ".txt.license"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a value is there to be replaced or to be read, not to be used.
pub(super) fn is_example(secret: &[u8]) -> bool {
    let head = &secret[..secret.len().min(200)];
    let small = head.to_ascii_lowercase();
    FILLERS.iter().any(|filler| super::contains(&small, filler)) || is_repetitive(head)
}

/// A letter many times in a row, or too few different ones.
fn is_repetitive(text: &[u8]) -> bool {
    let longest = text.chunk_by(|one, other| one == other).map(<[u8]>::len).max().unwrap_or_default();
    longest >= 6 || (text.len() >= 16 && bits_per_letter(text) < 2.5)
}

/// Shannon's entropy of the letters of a text.
pub(super) fn bits_per_letter(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    let whole = text.len().max(1) as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / whole);
    shares.map(|share| -share * share.log2()).sum()
}
