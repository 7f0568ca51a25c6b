// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can be mended without a judgement, as one patch that `git apply` takes. The repository itself is not touched.
//!
//! Three things: the publiccode.yml becomes version 0.7; workflows that only read say so; where workflows are used and no tool renews
//! dependencies, Dependabot is set up. A workflow whose steps are not all known to read only is left to a person.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use underpin_formats::publiccode;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::{FaultCode, Pack, Topic, TreeFacts};
use underpin_repositories::{SourceTree, tree_facts, unified_diff};

use super::check::unreadable;
use crate::error::{OfficeError, Result};

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

/// What the patch does to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// The file.
    pub path: String,
    /// The practice that it is about.
    pub practice: &'static str,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct PatchAnswer {
    /// The file that was written.
    pub written: String,
    /// What it does.
    pub mended: Vec<Mended>,
}

/// Writes a patch for a clone or folder into a file that is not there yet.
///
/// # Errors
/// `nothing-to-mend` where no change is ready, `exists` where the file is there already.
pub fn write_patch(path: &Path, written: &Path) -> Result<PatchAnswer> {
    let tree = SourceTree::open(path).map_err(unreadable)?;
    let facts = tree_facts(&tree, Timestamp::default(), |pack| pack == Pack::Scorecard);
    let (text, mended) = patch(&tree, &facts);
    if mended.is_empty() {
        return Err(OfficeError::new("nothing-to-mend", "no change is ready that needs no judgement")
            .hint("`underpin check PATH` says what a person has to do"));
    }
    super::write_new(written, &text)?;
    Ok(PatchAnswer { written: written.display().to_string(), mended })
}

fn patch(tree: &SourceTree, facts: &TreeFacts) -> (String, Vec<Mended>) {
    let mut text = String::new();
    let mut mended = Vec::new();
    let mut add = |path: &str, practice: &'static str, old: Option<&str>, new: &str| {
        if let Some(diff) = unified_diff(path, old, new) {
            text.push_str(&diff);
            mended.push(Mended { path: path.to_owned(), practice });
        }
    };
    if let Some((path, _)) = facts.find(Topic::Publiccode)
        && let Some(old) = read(tree, path)
        && let Some(new) = publiccode::upgrade(old.as_bytes()).filter(|new| !new.changes.is_empty())
    {
        add(path, "publiccode-current", Some(&old), &new.text);
    }
    let builds = facts.builds.clone().unwrap_or_default();
    for fault in builds.faults_of(&[FaultCode::NoPermissions]) {
        if let Some(old) = read(tree, &fault.path)
            && let Some(new) = reads_only(&old)
        {
            add(&fault.path, "scorecard-token-permissions", Some(&old), &new);
        }
    }
    if builds.signs_of(&[FaultCode::UpdateTool]).is_empty()
        && let Some(new) = dependabot(tree, facts)
    {
        add(".github/dependabot.yml", "scorecard-dependency-update-tool", None, &new);
    }
    (text, mended)
}

fn read(tree: &SourceTree, path: &str) -> Option<String> {
    let bytes = tree.read(tree.find(path)?, DECLARATION_BYTES).ok()?;
    String::from_utf8(bytes).ok()
}

/// A workflow that says that it reads only; `None` where one of its steps may write.
fn reads_only(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    if WRITERS.iter().any(|word| low.contains(word))
        || low.lines().any(|line| line.trim_start().starts_with("permissions:"))
    {
        return None;
    }
    let mut used = low.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        line.strip_prefix("uses:").map(|name| name.trim().trim_matches(['\'', '"']).to_owned())
    });
    if !used.all(|name| READERS.iter().any(|start| name.starts_with(start))) {
        return None;
    }
    let place = text.find("\njobs:")? + 1;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (before, after) = text.split_at(place);
    Some(format!("{before}permissions:{end}  contents: read{end}{end}{after}"))
}

/// The name that Dependabot has for a kind of package.
fn ecosystem(kind: &str, name: &str) -> Option<&'static str> {
    Some(match kind {
        "cargo" => "cargo",
        "npm" => "npm",
        "go" => "gomod",
        "pypi" => "pip",
        "maven" if name.ends_with("pom.xml") => "maven",
        "maven" if name.contains("gradle") => "gradle",
        "gem" => "bundler",
        "composer" => "composer",
        "hex" if name.ends_with("mix.exs") => "mix",
        "pub" => "pub",
        "swift" => "swift",
        "nuget" => "nuget",
        _ => return None,
    })
}

/// Set-up of Dependabot for a repository with workflows of GitHub; `None` where it has none, and where every file has to say its licence.
fn dependabot(tree: &SourceTree, facts: &TreeFacts) -> Option<String> {
    let builds = facts.builds.as_ref()?;
    let has_workflows =
        builds.signs.iter().any(|sign| sign.code == FaultCode::Pipeline && sign.detail == "github-actions");
    if !has_workflows || tree.files().iter().any(|file| file.path.starts_with("LICENSES/")) {
        return None;
    }
    let mut parts: BTreeSet<(&'static str, String)> = BTreeSet::from([("github-actions", "/".to_owned())]);
    for sign in builds.signs_of(&[FaultCode::Manifest]) {
        let folder = sign.path.rsplit_once('/').map_or("/".to_owned(), |(folder, _)| format!("/{folder}"));
        if let Some(name) = ecosystem(&sign.detail, &sign.path.to_lowercase()) {
            parts.insert((name, folder));
        }
    }
    // A workspace is renewed from its root: what lies below is not named again.
    let roots: BTreeSet<&str> = parts.iter().filter(|(_, folder)| folder == "/").map(|(name, _)| *name).collect();
    let is_below = |name: &str, folder: &str| folder != "/" && roots.contains(name);
    let mut text = "version: 2\nupdates:\n".to_owned();
    for (name, folder) in parts.iter().filter(|(name, folder)| !is_below(name, folder)) {
        let is_plain = folder.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
        if is_plain {
            text.push_str(&format!(
                "  - package-ecosystem: {name}\n    directory: {folder}\n    schedule:\n      interval: weekly\n"
            ));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_workflow_that_surely_reads_is_changed() {
        let good = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: make test\n";
        let new = reads_only(good).expect("a change");
        assert!(new.contains("on: push\npermissions:\n  contents: read\n\njobs:"), "{new}");
        for change in ["git push", "gh release create", "echo ${{ secrets.TOKEN }}"] {
            assert_eq!(reads_only(&good.replace("make test", change)), None, "{change}");
        }
        assert_eq!(reads_only(&good.replace("actions/checkout", "somebody/else")), None);
    }
}
