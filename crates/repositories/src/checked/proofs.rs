// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that show by their name and by what stands in them how a project is kept: lists of dependencies, bills of materials, set-ups of
//! programs that renew dependencies or look for faults, and fuzzing. A name alone shows nothing.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

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
/// Endings of source texts in which fuzzing is looked for.
const SOURCES: &[&str] =
    &["go", "c", "cc", "cpp", "cxx", "rs", "py", "java", "kt", "js", "ts", "mjs", "tsx", "hs", "cs", "fs", "erl"];
/// Bytes of a file in which its kind is told.
const HEAD_BYTES: usize = 64 << 10;

/// Notes what a file shows.
pub(super) fn note(path: &str, bytes: &[u8], is_own: bool, facts: &mut BuildFacts) {
    let low = path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(bytes));
    let mut sign = |code, detail: &str| facts.sign(Fault::of_file(path, code).about(detail));
    if LOCKFILES.contains(&name) && says_something(&text) {
        sign(FaultCode::Lockfile, name);
    }
    if !is_own {
        return;
    }
    if is_bill(&low, name, &text) {
        sign(FaultCode::Bill, "");
    }
    if let Some(kind) = manifest(&low, name, &text) {
        sign(FaultCode::Manifest, kind);
    }
    if let Some(detail) = update_tool(&low, name, &text) {
        sign(FaultCode::UpdateTool, detail);
    }
    if ANALYSERS.contains(&low.as_str()) && says_something(&text) {
        sign(FaultCode::RunsAnalysis, "");
    }
    if fuzzes(&low, &String::from_utf8_lossy(bytes)) {
        sign(FaultCode::RunsFuzzing, "");
    }
}

/// Whether anything stands there besides spaces and comments.
fn says_something(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("//"))
}

/// A bill of materials lies at the top or in a folder of that name (elsewhere it is a sample or somebody else's), and says of which format
/// it is.
fn is_bill(low: &str, name: &str, text: &str) -> bool {
    let is_named = [".cdx.json", ".cdx.xml", ".spdx", ".spdx.json", ".spdx.rdf", ".spdx.yml", ".spdx.yaml"]
        .iter()
        .any(|end| name.ends_with(end))
        || matches!(name, "bom.json" | "bom.xml" | "sbom.json" | "sbom.xml");
    let is_place = match low.rsplit_once('/') {
        Some((folder, _)) => matches!(folder, "sbom" | "sboms" | ".sbom" | "bom"),
        None => true,
    };
    let says = ["bomFormat", "cyclonedx.org/schema", "spdxVersion", "SPDXVersion:", "spdx.org/rdf"];
    is_named && is_place && says.iter().any(|word| text.contains(word))
}

/// The kind of packages of a list of direct dependencies.
fn manifest(low: &str, name: &str, text: &str) -> Option<&'static str> {
    if low == "description" {
        let has = |field: &str| text.lines().any(|line| line.starts_with(field));
        return (has("Package:") && has("Version:")).then_some("cran");
    }
    let by_ending = MANIFEST_ENDINGS.iter().find(|(end, _)| name.ends_with(end));
    let (_, kind) = MANIFESTS.iter().find(|(own, _)| *own == name).or(by_ending)?;
    let words: &[&str] = match name {
        "cargo.toml" => &["[package", "[workspace", "dependencies"],
        "package.json" | "composer.json" | "deno.json" | "vcpkg.json" => &["\""],
        "go.mod" => &["module "],
        "pom.xml" => &["<project"],
        "pyproject.toml" => &["["],
        _ => &[""],
    };
    (says_something(text) && words.iter().any(|word| text.contains(word))).then_some(*kind)
}

/// A program that renews dependencies: "" where its set-up does something, `perhaps` where a person has to look.
fn update_tool(low: &str, name: &str, text: &str) -> Option<&'static str> {
    const PERHAPS: &str = "perhaps";
    if UPDATE_TOOLS.contains(&low) {
        if !says_something(text) {
            return None;
        }
        let is_dependabot = low.contains("dependabot");
        let has_update =
            text.lines().any(|line| line.trim_start().trim_start_matches("- ").starts_with("package-ecosystem:"))
                || text.contains("\"package-ecosystem\"");
        let is_off = top_level(text).replace([' ', '\t', '\n', '\r', '"', '\''], "").contains("enabled:false");
        return match (is_dependabot, has_update, is_off) {
            (true, true, _) | (false, _, false) => Some(""),
            (true, false, _) => None,
            (false, _, true) => Some(PERHAPS),
        };
    }
    let is_pipeline =
        low.starts_with(".github/workflows/") || low.starts_with(".forgejo/workflows/") || low == ".gitlab-ci.yml";
    let is_named = match name {
        "package.json" => low == "package.json" && text.contains("\"renovate\""),
        "renovate.config.js" | "config.js" => low.contains("renovate"),
        _ => is_pipeline && text.to_lowercase().contains("renovate"),
    };
    is_named.then_some(PERHAPS)
}

/// What stands in a table itself, not in the tables inside it.
fn top_level(text: &str) -> String {
    let mut depth = 0_i32;
    let own = text.chars().filter(|letter| {
        depth += i32::from(matches!(letter, '{' | '[')) - i32::from(matches!(letter, '}' | ']'));
        depth == 1
    });
    own.collect()
}

/// Fuzzing, by a line of code that declares it: an import, a function or a macro, never a word in a text or a comment.
fn fuzzes(low: &str, text: &str) -> bool {
    if low.starts_with(".clusterfuzzlite/") {
        return low.ends_with("dockerfile") && text.contains("FROM");
    }
    if low == "fuzz/cargo.toml" {
        return ["libfuzzer-sys", "afl", "honggfuzz", "bolero"].iter().any(|word| text.contains(word));
    }
    let ending = low.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if !SOURCES.contains(&ending) {
        return false;
    }
    text.lines().map(str::trim).any(|line| {
        let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
        match ending {
            "go" => line.starts_with("func Fuzz") && line.contains("*testing.F)"),
            "c" | "cc" | "cpp" | "cxx" => {
                line.contains("LLVMFuzzerTestOneInput(")
                    && starts(&["int ", "extern ", "LLVMFuzzerTestOneInput(", "__attribute__"])
            }
            "rs" => starts(&["fuzz_target!(", "libfuzzer_sys::fuzz_target!(", "afl::fuzz!("]),
            "py" => starts(&["import atheris", "from atheris"]),
            "java" | "kt" => starts(&["import com.code_intelligence.jazzer"]),
            "js" | "ts" | "mjs" | "tsx" => {
                starts(&["import ", "const ", "let ", "var ", "} from "])
                    && ["'fast-check'", "\"fast-check\""].iter().any(|word| line.contains(word))
            }
            "hs" => starts(&["import Test.QuickCheck", "import qualified Test.QuickCheck"]),
            "cs" => starts(&["using FsCheck"]),
            "fs" => starts(&["open FsCheck"]),
            "erl" => starts(&["-include"]) && line.contains("proper.hrl"),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(path: &str, text: &str) -> Vec<(FaultCode, String)> {
        let mut facts = BuildFacts::default();
        note(path, text.as_bytes(), true, &mut facts);
        facts.signs.into_iter().map(|sign| (sign.code, sign.detail)).collect()
    }

    #[test]
    fn a_name_needs_what_it_promises() {
        use FaultCode as C;
        for (path, text, code, detail) in [
            ("Cargo.toml", "[package]\nname = \"x\"\n", C::Manifest, "cargo"),
            ("DESCRIPTION", "Package: x\nVersion: 1\n", C::Manifest, "cran"),
            ("requirements.txt", "x==1\n", C::Manifest, "pypi"),
            ("sbom.json", "{\"bomFormat\": \"CycloneDX\"}", C::Bill, ""),
            ("sbom/x.spdx.json", "{\"spdxVersion\": \"SPDX-2.3\"}", C::Bill, ""),
            (".github/dependabot.yml", "version: 2\nupdates:\n  - package-ecosystem: cargo\n", C::UpdateTool, ""),
            ("renovate.json", "{\"extends\": [\"config:base\"]}", C::UpdateTool, ""),
            ("renovate.json", "{\"packageRules\": [{\"x\": 1, \"enabled\": false}]}", C::UpdateTool, ""),
            ("renovate.json", "{ \"enabled\": false }", C::UpdateTool, "perhaps"),
            ("package.json", "{\"renovate\": {}}", C::UpdateTool, "perhaps"),
            (".gitlab-ci.yml", "renovate:\n  image: renovate/renovate\n", C::UpdateTool, "perhaps"),
            (".github/workflows/r.yml", "      - uses: renovatebot/github-action@v1\n", C::UpdateTool, "perhaps"),
            ("fuzz/a.rs", "use x;\nfuzz_target!(|data: &[u8]| {});\n", C::RunsFuzzing, ""),
            ("a_test.go", "func FuzzA(f *testing.F) {\n", C::RunsFuzzing, ""),
            ("a.ts", "import fc from 'fast-check';\n", C::RunsFuzzing, ""),
        ] {
            assert!(signs(path, text).contains(&(code, detail.to_owned())), "{path}: {:?}", signs(path, text));
            assert_eq!(signs(path, ""), [], "{path} is empty");
        }
        for (path, text) in [
            ("DESCRIPTION", "What this project is about.\n"),
            ("Cargo.toml", "# nothing\n"),
            ("sbom.json", "{}"),
            ("src/fixtures/sbom.json", "{\"bomFormat\": \"CycloneDX\"}"),
            (".github/dependabot.yml", "version: 2\nupdates: []\n"),
            ("src/detect.rs", "    (&[\"rs\"], \"fuzz_target!(\"),\n// fuzz_target!(\n"),
            ("a.go", "// we do not use *testing.F) yet\n"),
            ("a.js", "// fast-check would be nice\n"),
        ] {
            assert_eq!(signs(path, text), [], "{path}");
        }
    }
}
