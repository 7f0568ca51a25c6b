// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pipelines, build files, documents and all other files of a tree show about how it is built and kept.
//!
//! Each file is read once. Files that were brought in from elsewhere, or that lie there to be tested with, are looked at for programs
//! only: nobody builds with them.

use std::collections::BTreeSet;

use memchr::memmem;
use underpin_formats::pipelines::{artefact, build_file, document, inspect, licence_of_text, themes_of_name};
use underpin_model::build_facts::BuildFacts;
use underpin_model::limits::bounds::{CHECKED_DOCUMENTS, CHECKED_FILE_BYTES, CHECKED_TOTAL_BYTES, DECLARATION_BYTES};
use underpin_model::practices::{Fault, FaultCode};

use super::tree::{NotRead, SourceFile, SourceKind, SourceTree};
use crate::vendored::is_vendored;

/// How many bytes of a file tell what it is.
const BEGINNING_BYTES: usize = 8 << 10;
/// Lists of direct dependencies, by the name of the file, with the kind of package.
const MANIFESTS: &[(&str, &str)] = &[
    ("cargo.toml", "cargo"),
    ("package.json", "npm"),
    ("go.mod", "go"),
    ("pyproject.toml", "pypi"),
    ("setup.py", "pypi"),
    ("setup.cfg", "pypi"),
    ("requirements.txt", "pypi"),
    ("pipfile", "pypi"),
    ("pom.xml", "maven"),
    ("build.gradle", "maven"),
    ("build.gradle.kts", "maven"),
    ("build.sbt", "maven"),
    ("gemfile", "gem"),
    ("composer.json", "composer"),
    ("mix.exs", "hex"),
    ("pubspec.yaml", "pub"),
    ("package.swift", "swift"),
    ("conanfile.txt", "conan"),
    ("conanfile.py", "conan"),
    ("vcpkg.json", "vcpkg"),
    ("deno.json", "deno"),
    ("chart.yaml", "helm"),
    ("description", "cran"),
    ("cpanfile", "cpan"),
    ("stack.yaml", "hackage"),
    ("dune-project", "opam"),
    ("rebar.config", "hex"),
    ("podfile", "cocoapods"),
    ("flake.nix", "nix"),
    ("build.zig.zon", "zig"),
    ("foundry.toml", "foundry"),
    ("packages.config", "nuget"),
    ("directory.packages.props", "nuget"),
];
/// Endings of such lists.
const MANIFEST_ENDINGS: &[(&str, &str)] = &[
    (".csproj", "nuget"),
    (".fsproj", "nuget"),
    (".gemspec", "gem"),
    (".cabal", "hackage"),
    (".podspec", "cocoapods"),
    (".opam", "opam"),
];
/// Files that pin all dependencies.
const LOCKFILES: &[&str] = &[
    "cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "go.sum",
    "poetry.lock",
    "pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "gemfile.lock",
    "composer.lock",
    "mix.lock",
    "pubspec.lock",
    "package.resolved",
    "conan.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "deno.lock",
    "podfile.lock",
    "chart.lock",
    "flake.lock",
    "stack.yaml.lock",
];
/// Programs that renew dependencies, by where they are set up.
const UPDATE_TOOLS: &[&str] = &[
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".forgejo/renovate.json",
    ".pyup.yml",
    ".scala-steward.conf",
];
/// Set-ups of programs that look for faults of security.
const ANALYSERS: &[&str] = &[
    "sonar-project.properties",
    ".semgrep.yml",
    ".semgrep.yaml",
    ".lgtm.yml",
    "qodana.yaml",
    ".github/codeql/codeql-config.yml",
];
/// Words by which source texts show fuzzing: the endings of their names, and what stands in them.
const FUZZERS: &[(&[&str], &str)] = &[
    (&["go"], "*testing.F)"),
    (&["c", "cc", "cpp", "cxx"], "LLVMFuzzerTestOneInput"),
    (&["rs"], "fuzz_target!("),
    (&["py"], "import atheris"),
    (&["java", "kt"], "com.code_intelligence.jazzer"),
    (&["js", "ts", "mjs", "tsx"], "fast-check"),
    (&["hs"], "Test.QuickCheck"),
    (&["cs", "fs"], "FsCheck"),
    (&["erl"], "proper.hrl"),
];
/// Folders whose files lie there to be tested with.
const SAMPLES: &[&str] = &["testdata", "test-data", "fixtures", "test_data", "__fixtures__"];

/// Reads all files of a tree.
pub(super) fn builds(tree: &SourceTree) -> BuildFacts {
    let mut facts = BuildFacts::default();
    let mut left = CHECKED_TOTAL_BYTES;
    let mut documents = 0;
    for file in tree.files().iter().filter(|file| file.kind == SourceKind::File) {
        let is_own = !is_vendored(file.path.as_bytes()) && !is_sample(&file.path);
        named(file, is_own, &mut facts);
        let bytes = match tree.read(file, CHECKED_FILE_BYTES.min(left)) {
            Ok(bytes) => bytes,
            Err(NotRead::TooLarge) => {
                facts.open(Fault::of_file(&file.path, FaultCode::BeyondLimits));
                continue;
            }
            Err(NotRead::Unreadable) => {
                facts.open(Fault::of_file(&file.path, FaultCode::Unreadable));
                continue;
            }
        };
        left = left.saturating_sub(bytes.len() as u64);
        if let Some(found) = artefact(&file.path, bytes.get(..BEGINNING_BYTES).unwrap_or(&bytes)) {
            facts.fault(Fault::of_file(&file.path, found.code()));
        } else if is_own {
            if is_document(&file.path) && documents < CHECKED_DOCUMENTS && bytes.len() as u64 <= DECLARATION_BYTES {
                documents += 1;
                document(&file.path, &String::from_utf8_lossy(&bytes), &mut facts);
            }
            content(file, &bytes, &mut facts);
        }
    }
    called(&mut facts);
    facts.sort();
    facts
}

fn is_sample(path: &str) -> bool {
    path.split('/').any(|part| SAMPLES.contains(&part))
}

/// What the name of a file says.
fn named(file: &SourceFile, is_own: bool, facts: &mut BuildFacts) {
    let low = file.path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    let mut sign = |code, detail: &str| facts.sign(Fault::of_file(&file.path, code).about(detail));
    if LOCKFILES.contains(&name) {
        sign(FaultCode::Lockfile, name);
    }
    let is_bill = [".cdx.json", ".cdx.xml", ".spdx", ".spdx.json", ".spdx.rdf", ".spdx.yml", ".spdx.yaml"]
        .iter()
        .any(|end| name.ends_with(end))
        || matches!(name, "bom.json" | "bom.xml" | "sbom.json" | "sbom.xml");
    if !is_own {
        return;
    }
    if is_bill && !low.starts_with("licenses/") && !low.contains("test") {
        sign(FaultCode::Bill, "");
    }
    let by_ending = MANIFEST_ENDINGS.iter().find(|(end, _)| name.ends_with(end));
    let by_name = MANIFESTS.iter().find(|(own, kind)| *own == name && (*kind != "cran" || low == "description"));
    if let Some((_, kind)) = by_name.or(by_ending) {
        sign(FaultCode::Manifest, kind);
    }
    if UPDATE_TOOLS.contains(&low.as_str()) {
        sign(FaultCode::UpdateTool, "");
    }
    if ANALYSERS.contains(&low.as_str()) {
        sign(FaultCode::RunsAnalysis, "");
    }
    if low.starts_with(".clusterfuzzlite/") || low == "fuzz/cargo.toml" {
        sign(FaultCode::RunsFuzzing, "");
    }
    for theme in themes_of_name(&file.path) {
        facts.theme(theme, Fault::of_file(&file.path, FaultCode::Found));
    }
}

/// What stands in a text.
fn content(file: &SourceFile, bytes: &[u8], facts: &mut BuildFacts) {
    if let Some(kind) = build_file(&file.path) {
        if bytes.len() as u64 > DECLARATION_BYTES {
            facts.open(Fault::of_file(&file.path, FaultCode::BeyondLimits));
        } else {
            inspect(kind, &file.path, bytes, facts);
        }
    }
    if is_licence(&file.path)
        && bytes.len() as u64 <= DECLARATION_BYTES
        && let Some(licence) = licence_of_text(&String::from_utf8_lossy(bytes))
    {
        facts.sign(Fault::of_file(&file.path, FaultCode::FreeLicence).about(licence));
    }
    let ending = file.path.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    for (endings, words) in FUZZERS.iter().filter(|(endings, _)| endings.contains(&ending)) {
        if !endings.is_empty() && memmem::find(bytes, words.as_bytes()).is_some() {
            facts.sign(Fault::of_file(&file.path, FaultCode::RunsFuzzing));
        }
    }
}

fn is_licence(path: &str) -> bool {
    let low = path.to_lowercase();
    let is_root =
        !low.contains('/') && ["license", "licence", "copying", "unlicense"].iter().any(|start| low.starts_with(start));
    is_root || low.starts_with("licenses/") || low.starts_with("license/")
}

/// Texts for people: at the root, in the folders of forges, and below the folders of documents.
fn is_document(path: &str) -> bool {
    let low = path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    let is_text = [".md", ".rst", ".adoc", ".txt", ".markdown", ".org"].iter().any(|end| name.ends_with(end));
    let is_bare =
        ["readme", "contributing", "security", "hacking", "install", "news", "changes", "changelog", "maintainers"]
            .contains(&name);
    let is_high = !low.contains('/')
        || [".github/", ".gitlab/", ".forgejo/", ".gitea/"].iter().any(|start| low.starts_with(start));
    let is_below =
        ["docs/", "doc/", "documentation/", "book/", "website/docs/"].iter().any(|start| low.starts_with(start));
    let is_other = low.starts_with(".github/issue_template")
        || low.starts_with("licenses/")
        || name.starts_with("license")
        || name.starts_with("requirements");
    (is_text && (is_high || is_below) || is_bare && is_high) && !is_other
}

/// Tests in what a workflow for proposals calls are tests of proposals.
fn called(facts: &mut BuildFacts) {
    let is_call = |sign: &Fault| sign.code == FaultCode::Pipeline && sign.detail.starts_with("called");
    let by_proposals: BTreeSet<String> = facts
        .signs
        .iter()
        .filter(|sign| is_call(sign) && sign.detail == "called-by-proposal")
        .flat_map(|sign| [sign.path.clone(), format!("{}/action.yml", sign.path), format!("{}/action.yaml", sign.path)])
        .collect();
    facts.signs.retain(|sign| !is_call(sign));
    for sign in facts.signs.iter_mut().filter(|sign| sign.code == FaultCode::RunsTests) {
        if by_proposals.contains(&sign.path) {
            sign.code = FaultCode::TestsProposals;
        }
    }
}
