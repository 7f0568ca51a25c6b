// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which commands run tests, look for faults, check dependencies, publish, or write bills of materials.
//!
//! A table of words: what is not in it is not known, so its silence proves nothing.

use underpin_model::practices::FaultCode;

/// Programs that are tests by themselves, wherever they stand in a command that installs nothing.
const TESTERS: &[&str] = &[
    "pytest",
    "tox",
    "nox",
    "ctest",
    "phpunit",
    "rspec",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "prove",
    "bats",
    "pest",
    "unittest",
    "nextest",
    "nosetests",
    "karma",
    "cypress",
    "playwright",
    "busted",
    "testthat",
    "rcmdcheck",
    "ginkgo",
    "gotestsum",
    "py.test",
    "paratest",
    "runtest",
    "unittests",
    "trial",
    "behat",
    "codeception",
];
/// Programs that test when one of these words follows.
const TESTING: &[(&[&str], &[&str])] = &[
    (
        &[
            "cargo",
            "cross",
            "go",
            "dotnet",
            "deno",
            "bazel",
            "bazelisk",
            "meson",
            "flutter",
            "dart",
            "swift",
            "stack",
            "cabal",
            "mix",
            "composer",
            "sbt",
            "lein",
            "xcodebuild",
            "forge",
            "zig",
            "hatch",
            "pdm",
            "poetry",
            "poe",
            "rye",
            "uv",
            "artisan",
            "just",
            "task",
            "rake",
            "invoke",
            "npm",
            "pnpm",
            "yarn",
            "bun",
            "dune",
            "melos",
            "helm",
            "ct",
            "turbo",
            "nx",
            "lerna",
            "moon",
            "make",
            "gmake",
            "ninja",
            "earthly",
            "pixi",
            "rebar3",
            "gleam",
            "opam",
            "vcpkg",
            "tap",
            "lake",
            "alr",
            "elm-test",
            "hardhat",
        ],
        &[
            "test",
            "tests",
            "check-tests",
            "unittest",
            "runtest",
            "test-all",
            "lint-and-install",
            "test-compile",
            "unit",
            "ci-test",
        ],
    ),
    (&["make", "gmake"], &["check", "ci", "distcheck", "coverage"]),
    (&["mvn", "mvnw", "maven"], &["test", "verify", "package", "install", "deploy", "integration-test"]),
    (&["gradle", "gradlew"], &["test", "check", "build"]),
];
/// Programs that look for faults of security in source texts, and actions that do.
const ANALYSERS: &[&str] = &[
    "semgrep",
    "codeql",
    "bandit",
    "gosec",
    "brakeman",
    "sonar-scanner",
    "qodana",
    "flawfinder",
    "pysa",
    "njsscan",
    "horusec",
    "psalm",
    "infer",
    "zizmor",
    "coverity",
];
/// Actions that do, by the beginning of their name.
const ANALYSING_ACTIONS: &[&str] = &[
    "github/codeql-action/analyze",
    "sonarsource/",
    "returntocorp/semgrep-action",
    "semgrep/",
    "snyk/actions",
    "jetbrains/qodana-action",
    "securego/gosec",
    "pypa/bandit",
    "mdegis/bandit",
    "zizmorcore/",
    "vapier/coverity",
    "microsoft/devskim-action",
    "pyupio/",
];
/// Programs that hold dependencies against known vulnerabilities or a policy.
const DEPENDENCY_CHECKERS: &[&str] = &[
    "osv-scanner",
    "trivy",
    "grype",
    "cargo-audit",
    "cargo-deny",
    "pip-audit",
    "govulncheck",
    "bundler-audit",
    "snyk",
    "safety",
    "dependency-check",
    "nancy",
];
const DEPENDENCY_ACTIONS: &[&str] = &[
    "actions/dependency-review-action",
    "google/osv-scanner-action",
    "google/osv-scanner",
    "aquasecurity/trivy-action",
    "anchore/scan-action",
    "embarkstudios/cargo-deny-action",
    "rustsec/audit-check",
    "actions-rust-lang/audit",
    "actions-rs/audit-check",
    "pypa/gh-action-pip-audit",
    "golang/govulncheck-action",
    "snyk/actions",
];
const PUBLISHERS: &[(&str, &[&str])] = &[
    ("npm", &["publish"]),
    ("pnpm", &["publish"]),
    ("yarn", &["publish"]),
    ("cargo", &["publish"]),
    ("twine", &["upload"]),
    ("poetry", &["publish"]),
    ("uv", &["publish"]),
    ("hatch", &["publish"]),
    ("flit", &["publish"]),
    ("mvn", &["deploy"]),
    ("mvnw", &["deploy"]),
    ("gradle", &["publish", "publishplugins", "publishtosonatype"]),
    ("gradlew", &["publish", "publishplugins", "publishtosonatype"]),
    ("gem", &["push"]),
    ("docker", &["push"]),
    ("podman", &["push"]),
    ("dotnet", &["push"]),
    ("nuget", &["push"]),
    ("helm", &["push"]),
    ("goreleaser", &["release"]),
    ("vsce", &["publish"]),
    ("ko", &["build", "publish"]),
    ("semantic-release", &[]),
];
const PUBLISHING_ACTIONS: &[&str] = &[
    "pypa/gh-action-pypi-publish",
    "goreleaser/goreleaser-action",
    "js-devtools/npm-publish",
    "docker/build-push-action",
    "cycjimmy/semantic-release-action",
    "changesets/action",
    "softprops/action-gh-release",
    "ncipollo/release-action",
    "helm/chart-releaser-action",
    "release-plz/action",
    "actions/deploy-pages",
    "rubygems/release-gem",
    "katyo/publish-crates",
];
const BILL_MAKERS: &[&str] = &[
    "syft",
    "cyclonedx-py",
    "cyclonedx-npm",
    "cyclonedx-gomod",
    "cargo-cyclonedx",
    "cargo-sbom",
    "cyclonedx",
    "cdxgen",
    "makeaggregatebom",
    "cyclonedxbom",
];
const BILL_ACTIONS: &[&str] =
    &["anchore/sbom-action", "cyclonedx/", "actions/attest-sbom", "microsoft/sbom-action", "sbomify/"];
/// Actions that run the tests of what they check.
const TESTING_ACTIONS: &[&str] = &["r-lib/actions/check-r-package", "julia-actions/julia-runtest"];
const FUZZING_ACTIONS: &[&str] = &["google/clusterfuzzlite", "google/oss-fuzz/infra/cifuzz"];

/// The last part of a path, in small letters.
pub(super) fn program(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    name.strip_suffix(".cmd")
        .or_else(|| name.strip_suffix(".exe"))
        .or_else(|| name.strip_suffix(".bat"))
        .unwrap_or(&name)
        .to_owned()
}

/// What an action does, by its name.
pub(super) fn of_action(name: &str) -> Vec<FaultCode> {
    let low = name.to_lowercase();
    let starts = |list: &[&str]| list.iter().any(|start| low.starts_with(start));
    [
        (TESTING_ACTIONS, FaultCode::RunsTests),
        (ANALYSING_ACTIONS, FaultCode::RunsAnalysis),
        (DEPENDENCY_ACTIONS, FaultCode::ChecksDependencies),
        (PUBLISHING_ACTIONS, FaultCode::Publishes),
        (BILL_ACTIONS, FaultCode::Bill),
        (FUZZING_ACTIONS, FaultCode::RunsFuzzing),
    ]
    .into_iter()
    .filter(|(list, _)| starts(list))
    .map(|(_, code)| code)
    .collect()
}

/// What a command does; its words begin with a program.
pub(super) fn of_command(words: &[String]) -> Vec<FaultCode> {
    let names: Vec<String> = words.iter().map(|word| program(word)).collect();
    let Some(first) = names.first() else { return Vec::new() };
    let has = |word: &str| names.iter().any(|name| name == word);
    let installs = has("install") || has("add") || has("apt-get") || has("-h") || has("--help") || has("--version");
    let mut found = Vec::new();
    if runs_tests(&names, first, installs) {
        found.push(FaultCode::RunsTests);
    }
    if matches!(first.as_str(), "echo" | "printf" | "cat" | "cd" | "cp" | "mkdir" | "rm" | "git" | "curl" | "wget") {
        return found;
    }
    let any = |list: &[&str]| !installs && list.iter().any(|one| has(one));
    let audits = !installs
        && (has("audit") || has("deny"))
        && ["npm", "cargo", "yarn", "pnpm", "composer"].contains(&first.as_str());
    found.extend(any(ANALYSERS).then_some(FaultCode::RunsAnalysis));
    found.extend((any(DEPENDENCY_CHECKERS) || audits).then_some(FaultCode::ChecksDependencies));
    found.extend(any(BILL_MAKERS).then_some(FaultCode::Bill));
    let publishes =
        PUBLISHERS.iter().any(|(name, verbs)| has(name) && (verbs.is_empty() || verbs.iter().any(|verb| has(verb))));
    found.extend((publishes && !installs && !has("--dry-run")).then_some(FaultCode::Publishes));
    found
}

fn runs_tests(names: &[String], first: &str, installs: bool) -> bool {
    if matches!(
        first,
        "echo"
            | "printf"
            | "cat"
            | "cd"
            | "cp"
            | "mkdir"
            | "rm"
            | "git"
            | "curl"
            | "wget"
            | "ls"
            | "test"
            | "["
            | "tar"
    ) {
        return false;
    }
    let skips = |name: &String| {
        name.starts_with("-dskiptests")
            || name.starts_with("-dmaven.test.skip")
            || name == "--no-run"
            || name == "--collect-only"
    };
    if names.iter().any(skips) {
        return false;
    }
    let is_build = matches!(first, "mvn" | "mvnw" | "gradle" | "gradlew");
    if installs && !is_build {
        return false;
    }
    let excludes_tests = names
        .windows(2)
        .any(|pair| pair.first().is_some_and(|one| one == "-x") && pair.get(1).is_some_and(|one| one == "test"));
    let follows = |verbs: &[&str], name: &String| {
        verbs.contains(&name.as_str())
            || name.starts_with("test:")
            || name.starts_with("test-")
            || name.ends_with(":test")
            || name.ends_with("-test")
    };
    let by_verb = TESTING.iter().any(|(programs, verbs)| {
        names
            .iter()
            .position(|name| programs.contains(&name.as_str()))
            .is_some_and(|place| names.iter().skip(place + 1).any(|name| follows(verbs, name)))
    });
    if by_verb {
        return !(is_build && excludes_tests);
    }
    let is_script = (first.contains("test")
        && (first.ends_with(".sh") || first.ends_with(".py") || first.ends_with(".pl")))
        || matches!(first, "test.sh" | "runtests" | "run-tests" | "run_tests" | "runtest");
    is_script || names.iter().any(|name| TESTERS.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Vec<FaultCode> {
        of_command(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn tests_are_known_by_what_runs_them() {
        for line in [
            "cargo test --workspace",
            "cargo +nightly nextest run",
            "go test ./...",
            "npm run test:unit",
            "python -m pytest -x",
            "./gradlew build",
            "./mvnw -B verify",
            "make check",
            "vendor/bin/phpunit",
            "uv run pytest",
            "bundle exec rspec",
            "npx vitest run",
            "./scripts/run_tests.sh",
        ] {
            assert!(of(line).contains(&FaultCode::RunsTests), "{line}");
        }
        for line in [
            "pip install pytest",
            "cargo build",
            "mvn package -DskipTests",
            "./gradlew build -x test",
            "echo run test",
            "cargo test --no-run",
            "test -f x",
            "make all",
            "npm ci",
        ] {
            assert!(!of(line).contains(&FaultCode::RunsTests), "{line}");
        }
    }

    #[test]
    fn other_work_is_known_too() {
        assert!(of("cargo publish -p x").contains(&FaultCode::Publishes));
        assert!(!of("cargo publish --dry-run").contains(&FaultCode::Publishes));
        assert!(of("cargo deny check").contains(&FaultCode::ChecksDependencies));
        assert!(of("syft . -o x").contains(&FaultCode::Bill));
        assert_eq!(of_action("github/codeql-action/analyze"), [FaultCode::RunsAnalysis]);
        assert!(of_action("actions/checkout").is_empty());
    }
}
