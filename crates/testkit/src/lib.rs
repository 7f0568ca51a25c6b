// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What tests share: where outside material lies, and what to do when it is not there.
//!
//! Outside exams and data are extra: a test that needs them says `skipped: …` when they are missing and passes. With
//! `UNDERPIN_REQUIRE_OUTSIDE=1` (as `.ci/run` sets it) missing material is a failure. And servers to be called ([`server`], [`s3`],
//! [`postgres`], [`cluster`]).

pub mod cluster;
pub mod postgres;
pub mod s3;
pub mod server;

use std::path::{Path, PathBuf};

/// The root of the workspace. Cargo tells a running test where its crate lies; what was compiled in may be another clone,
/// where several share one target directory.
pub fn workspace() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    here.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()).join("../..")
}

/// The folder of one outside exam (`purl-spec`, `vers-spec`, …), unpacked below `target/exams` or the folder named by
/// `UNDERPIN_EXAMS`. `None` after saying that the test is skipped.
///
/// # Panics
/// When the exam is missing although `UNDERPIN_REQUIRE_OUTSIDE` is set.
pub fn exam(name: &str) -> Option<PathBuf> {
    outside("UNDERPIN_EXAMS", "target/exams", name)
}

/// A folder of outside data (`in-the-wild`, …), unpacked below `target/data` or the folder named by `UNDERPIN_CORPUS`.
/// `None` after saying that the test is skipped.
///
/// # Panics
/// When the data is missing although `UNDERPIN_REQUIRE_OUTSIDE` is set.
pub fn data(name: &str) -> Option<PathBuf> {
    outside("UNDERPIN_CORPUS", "target/data", name)
}

/// The folder of records of OSV, one a line in files `*.jsonl`, named by `UNDERPIN_OSV`. `None` after saying that the test is
/// skipped.
///
/// # Panics
/// When it is missing although `UNDERPIN_REQUIRE_OUTSIDE` is set.
pub fn osv() -> Option<PathBuf> {
    outside("UNDERPIN_OSV", "target/osv", "")
}

/// Says that something outside is missing: fails when it is required, else the test is skipped.
///
/// # Panics
/// When `UNDERPIN_REQUIRE_OUTSIDE` is set.
pub fn skip(what: &str) {
    assert!(std::env::var_os("UNDERPIN_REQUIRE_OUTSIDE").is_none(), "{what} is required here and missing");
    eprintln!("skipped: {what} is not here");
}

fn outside(variable: &str, default: &str, name: &str) -> Option<PathBuf> {
    let base = std::env::var_os(variable).map_or_else(|| workspace().join(default), PathBuf::from);
    let folder = base.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    skip(if name.is_empty() { variable } else { name });
    None
}
