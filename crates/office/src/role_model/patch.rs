// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can be mended without a judgement, as one patch that `git apply` takes. The repository itself is not touched.
//!
//! Three things: the publiccode.yml becomes version 0.7; workflows that only read say so; where workflows are used and no tool renews
//! dependencies, Dependabot is set up. A workflow with a step or a command that is not known to read only is left to a
//! person.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use underpin_formats::workflow_patch::reads_only;
use underpin_formats::{publiccode, workspaces};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::{ChangeKind, FaultCode, Pack, Topic, TreeFacts};
use underpin_repositories::{SourceTree, tree_facts, unified_diff};

use super::check::unreadable;
use crate::error::{OfficeError, Result};

/// What the patch does to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// The file.
    pub path: String,
    /// The practice that it is about.
    pub practice: &'static str,
    /// Keys that it leaves for a person: the practice is not met with the patch alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
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
    let mut add = |path: &str, (practice, left): (&'static str, Vec<String>), old: Option<&str>, new: &str| {
        if let Some(diff) = unified_diff(path, old, new) {
            text.push_str(&diff);
            mended.push(Mended { path: path.to_owned(), practice, left });
        }
    };
    if let Some((path, _)) = facts.find(Topic::Publiccode)
        && let Some(old) = read(tree, path)
        && let Some(new) = publiccode::upgrade(old.as_bytes()).filter(|new| !new.changes.is_empty())
    {
        let left = new.changes.iter().filter(|one| one.kind == ChangeKind::Left).map(|one| one.key.clone()).collect();
        add(path, ("publiccode-current", left), Some(&old), &new.text);
    }
    let builds = facts.builds.clone().unwrap_or_default();
    for fault in builds.faults_of(&[FaultCode::NoPermissions]) {
        if let Some(old) = read(tree, &fault.path)
            && let Some(new) = reads_only(&old)
        {
            add(&fault.path, ("scorecard-token-permissions", Vec::new()), Some(&old), &new);
        }
    }
    if builds.signs_of(&[FaultCode::UpdateTool]).is_empty()
        && let Some(new) = dependabot(tree, facts)
    {
        add(".github/dependabot.yml", ("scorecard-dependency-update-tool", Vec::new()), None, &new);
    }
    (text, mended)
}

fn read(tree: &SourceTree, path: &str) -> Option<String> {
    let bytes = tree.read(tree.find(path)?, DECLARATION_BYTES).ok()?;
    String::from_utf8(bytes).ok()
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
    // A workspace is renewed from its root: what belongs to it is not named again.
    let root = |name: &str| tree.find(name).and_then(|file| tree.read(file, DECLARATION_BYTES).ok());
    let members = workspaces::Members::read(&root);
    let is_member = |name: &str, folder: &str| folder != "/" && members.has(name, folder.trim_start_matches('/'));
    let mut text = "version: 2\nupdates:\n".to_owned();
    for (name, folder) in parts.iter().filter(|(name, folder)| !is_member(name, folder)) {
        let is_plain = folder.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
        if is_plain {
            text.push_str(&format!(
                "  - package-ecosystem: {name}\n    directory: {folder}\n    schedule:\n      interval: weekly\n"
            ));
        }
    }
    Some(text)
}
