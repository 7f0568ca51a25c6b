// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A workflow of GitHub that says that it reads only, where every action and every command of it is known to need no more.
//!
//! What a script, a make target or a program that is not known does with the token nobody can say: such a workflow is left to a person.

use crate::declarations::parsed;
use crate::declarations::yaml::Node;

/// Actions that read the repository and write nothing back to the forge, by the beginning of their names.
const READERS: &[&str] = &[
    "actions/checkout@",
    "actions/setup-",
    "actions/cache",
    "actions/upload-artifact@",
    "actions/download-artifact@",
    "dtolnay/rust-toolchain@",
    "swatinem/rust-cache@",
    "golangci/golangci-lint-action@",
    "astral-sh/setup-uv@",
    "pnpm/action-setup@",
    "shivammathur/setup-php@",
    "ruby/setup-ruby@",
    "gradle/actions/setup-gradle@",
    "gradle/actions/wrapper-validation@",
    "oven-sh/setup-bun@",
    "taiki-e/install-action@",
    "codecov/codecov-action@",
    "ramsey/composer-install@",
    "erlef/setup-beam@",
    "haskell-actions/setup@",
    "denoland/setup-deno@",
    "msys2/setup-msys2@",
    "ilammy/msvc-dev-cmd@",
    "lukka/",
    "embarkstudios/cargo-deny-action@",
    "docker/setup-",
];
/// Words of workflows that use the token for more than reading.
const WRITERS: &[&str] =
    &["github_token", "github.token", "git push", "gh ", "secrets.", "id-token", "pull_request_target", "workflow_run"];
/// Programs that read, build and test: with those words behind them, or (none named) whatever stands there.
const COMMANDS: &[(&str, &[&str])] = &[
    ("echo", &[]),
    ("printf", &[]),
    ("true", &[]),
    ("ls", &[]),
    ("pwd", &[]),
    ("cd", &[]),
    ("cat", &[]),
    ("mkdir", &[]),
    ("test", &[]),
    ("set", &[]),
    ("cargo", &["build", "test", "check", "clippy", "fmt", "doc", "bench", "audit", "deny", "nextest", "--version"]),
    ("rustup", &["component", "target", "toolchain", "show", "update"]),
    ("go", &["build", "test", "vet", "mod", "version"]),
    ("npm", &["ci", "install", "test", "audit"]),
    ("yarn", &["install", "test"]),
    ("pnpm", &["install", "test"]),
    ("pip", &["install", "check"]),
    ("pip3", &["install", "check"]),
    ("pytest", &[]),
    ("tox", &[]),
    ("ruff", &["check", "format"]),
    ("black", &["--check"]),
    ("mypy", &[]),
    ("flake8", &[]),
    ("poetry", &["install", "check"]),
    ("uv", &["sync", "lock"]),
    ("mvn", &["test", "verify", "compile", "package"]),
    ("dotnet", &["restore", "build", "test"]),
    ("composer", &["install", "validate"]),
    ("bundle", &["install"]),
    ("phpunit", &[]),
    ("cmake", &[]),
    ("ctest", &[]),
    ("reuse", &["lint"]),
    ("mkdocs", &["build"]),
];

/// The workflow with the lines that say so; `None` where one of its steps may write, or where nobody can tell.
pub fn reads_only(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    if WRITERS.iter().any(|word| low.contains(word)) {
        return None;
    }
    let (_, root) = parsed(text.as_bytes()).ok()?;
    let jobs = root.entry("jobs").filter(|_| !root.is_flow && root.entry("permissions").is_none())?;
    if jobs.value.entries().is_empty() || !jobs.value.entries().iter().all(|job| job_reads(&job.value)) {
        return None;
    }
    let (before, after) = text.split_at_checked(jobs.at.offset)?;
    let indent = before.rsplit('\n').next().filter(|start| start.trim_matches(' ').is_empty())?;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let new = format!("{before}permissions:{end}{indent}  contents: read{end}{end}{indent}{after}");
    let (_, again) = parsed(new.as_bytes()).ok()?;
    let is_there = again.get("permissions").and_then(|map| map.get("contents")).and_then(Node::text) == Some("read");
    let is_same = again.get("jobs").is_some_and(|own| own.entries().len() == jobs.value.entries().len());
    (is_there && is_same).then_some(new)
}

/// A job of steps that all read; what it calls elsewhere nobody sees here.
fn job_reads(job: &Node<'_>) -> bool {
    let is_own = job.entry("uses").is_none() && job.entry("permissions").is_none();
    let steps = job.get("steps").map(Node::items).unwrap_or_default();
    is_own && !steps.is_empty() && steps.iter().all(step_reads)
}

fn step_reads(step: &Node<'_>) -> bool {
    match (step.get("uses").map(Node::text), step.get("run").map(Node::text)) {
        (Some(Some(name)), None) => {
            let name = name.to_lowercase();
            READERS.iter().any(|start| name.starts_with(start))
        }
        (None, Some(Some(script))) => step.entry("shell").is_none() && script_reads(script),
        _ => false,
    }
}

/// Whether each command of a script is known. What is put together while it runs is not.
fn script_reads(script: &str) -> bool {
    if script.contains(['`', '>', '<', '(', '{']) {
        return false;
    }
    let script = script.replace("\\\n", " ");
    let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| line.split(['&', '|', ';'])).all(command_reads)
}

fn command_reads(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return true };
    let known = COMMANDS.iter().find(|(name, _)| *name == program);
    known.is_some_and(|(_, allowed)| {
        // Switches before the word choose no other action.
        let word = words.find(|word| !word.starts_with('-') && !word.starts_with('+'));
        allowed.is_empty()
            || allowed
                .iter()
                .any(|own| Some(*own) == word || command.contains(&format!(" {own}")) && own.starts_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: RUN\n";

    #[test]
    fn only_a_workflow_that_surely_reads_is_changed() {
        for run in [
            "cargo test --all",
            "npm ci && npm test",
            "pip install -r a.txt; pytest -q",
            "cargo +nightly fmt --check",
            "echo done",
        ] {
            let new = reads_only(&GOOD.replace("RUN", run)).expect(run);
            assert!(new.contains("on: push\npermissions:\n  contents: read\n\njobs:"), "{new}");
        }
        for run in [
            "git push",
            "gh release create",
            "echo ${{ secrets.TOKEN }}",
            "./release.sh",
            "make release",
            "make test",
            "npx gh-pages -d dist",
            "mkdocs gh-deploy --force",
            "docker push ghcr.io/x/y",
            "npm publish",
            "npm run build",
            "cargo publish",
            "bash -c x",
            "echo $(./x)",
            "cargo test > /x",
            "|\n          echo a\n          ./x",
            "sh x",
            "mvn deploy",
        ] {
            assert_eq!(reads_only(&GOOD.replace("RUN", run)), None, "{run}");
        }
        for (old, new) in [
            ("actions/checkout@v4", "somebody/else@v1"),
            ("actions/checkout@v4", "./.github/actions/own"),
            ("    steps:", "    permissions: {contents: write}\n    steps:"),
            ("on: push", "permissions: {}\non: push"),
            ("      - run: RUN\n", "      - run: x.py\n        shell: python\n"),
        ] {
            assert_eq!(reads_only(&GOOD.replace(old, new).replace("RUN", "true")), None, "{new}");
        }
        assert_eq!(reads_only("on: push\njobs:\n  r:\n    uses: ./.github/workflows/b.yml\n"), None);
    }

    #[test]
    fn the_lines_come_before_the_key_and_nowhere_else() {
        let good = GOOD.replace("RUN", "true");
        // Where a text goes on at the beginning of a line nobody agrees whether that is YAML.
        let text = format!("env:\n  T: \"a\n\njobs: b\"\n{good}");
        let new = reads_only(&text).unwrap_or_else(|| text.clone());
        assert!(new.starts_with("env:\n  T: \"a\n\njobs: b\"\non: push\n"), "{new}");
        let text = format!("env:\n  T: |\n    a\n    jobs: b\n{good}");
        let new = reads_only(&text).expect("a change");
        assert!(new.contains("    jobs: b\non: push\npermissions:\n  contents: read\n\njobs:\n  a:"), "{new}");
        let indented: String = good.lines().map(|line| format!("  {line}\n")).collect();
        let new = reads_only(&indented).expect("a change");
        assert!(new.contains("  permissions:\n    contents: read\n\n  jobs:\n    a:"), "{new}");
        let crlf = good.replace('\n', "\r\n");
        let new = reads_only(&crlf).expect("a change");
        assert!(new.contains("push\r\npermissions:\r\n  contents: read\r\n\r\njobs:\r\n"), "{new:?}");
    }
}
