// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pipelines and build files: what a build server is told to do, and what lets others in.
//!
//! Actions of GitHub, Forgejo and Gitea, and pipelines of GitLab are read as what they are; of other systems only the commands are.
//! Nothing is run. What is a place stays a place: no command and no value of a file is kept.

mod actions;
mod artefact;
mod channels;
mod checkouts;
mod commands;
mod dockerfile;
mod documents;
mod expressions;
mod gitlab;
mod headings;
mod installs;
mod licence_text;
mod names;
mod others;
mod permissions;
mod shell;
mod taint;
mod themes;
mod triggers;
mod words;

#[cfg(test)]
mod dangerous_tests;
#[cfg(test)]
mod documents_tests;
#[cfg(test)]
mod tests;

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

pub use artefact::{Artefact, artefact};
pub use documents::document;
pub use licence_text::licence_of_text;
pub use names::themes_of_file;

use crate::declarations::yaml::{Kind, Node};

/// Which file of a pipeline or build a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildFile {
    /// A workflow of GitHub, Forgejo or Gitea.
    Workflow(&'static str),
    /// An action of the repository's own, which workflows call.
    Action,
    /// A pipeline of GitLab.
    Gitlab,
    /// A pipeline of another system, by its name.
    Other(&'static str),
    /// How an image is built.
    Dockerfile,
    /// A script of a shell.
    Script,
    /// Rules of make, or a script of another shell: whether a build runs them is not known.
    Rules,
    /// Services that run together.
    Compose,
}

/// Systems that are known by the name of their file.
const OTHERS: &[(&str, &str)] = &[
    (".travis.yml", "travis"),
    ("azure-pipelines.yml", "azure-pipelines"),
    (".azure-pipelines.yml", "azure-pipelines"),
    (".circleci/config.yml", "circleci"),
    (".woodpecker.yml", "woodpecker"),
    (".woodpecker.yaml", "woodpecker"),
    (".drone.yml", "drone"),
    ("appveyor.yml", "appveyor"),
    (".appveyor.yml", "appveyor"),
    (".cirrus.yml", "cirrus"),
    ("bitbucket-pipelines.yml", "bitbucket"),
    ("jenkinsfile", "jenkins"),
];

/// What a path says that a file is; paths are relative to the root.
pub fn build_file(path: &str) -> Option<BuildFile> {
    let low = path.to_lowercase();
    let is_yaml = low.ends_with(".yml") || low.ends_with(".yaml");
    let (folder, name) = low.rsplit_once('/').unwrap_or(("", &low));
    for (place, system) in [
        (".github/workflows", "github-actions"),
        (".forgejo/workflows", "forgejo-actions"),
        (".gitea/workflows", "gitea-actions"),
    ] {
        if is_yaml && folder == place {
            return Some(BuildFile::Workflow(system));
        }
    }
    if matches!(name, "action.yml" | "action.yaml") {
        return Some(BuildFile::Action);
    }
    if low == ".gitlab-ci.yml" {
        return Some(BuildFile::Gitlab);
    }
    if let Some((_, system)) = OTHERS.iter().find(|(own, _)| *own == low) {
        return Some(BuildFile::Other(system));
    }
    if is_yaml && folder == ".woodpecker" {
        return Some(BuildFile::Other("woodpecker"));
    }
    let is_image = matches!(name, "dockerfile" | "containerfile")
        || name.starts_with("dockerfile.")
        || name.ends_with(".dockerfile")
        || name.starts_with("containerfile.");
    if is_image {
        return Some(BuildFile::Dockerfile);
    }
    let is_compose = ["docker-compose", "compose"].iter().any(|start| name.starts_with(start));
    if is_yaml && is_compose {
        return Some(BuildFile::Compose);
    }
    if matches!(name, "makefile" | "gnumakefile" | "justfile") || name.ends_with(".mk") || name.ends_with(".ps1") {
        return Some(BuildFile::Rules);
    }
    [".sh", ".bash"].iter().any(|end| name.ends_with(end)).then_some(BuildFile::Script)
}

/// Whether a file without a telling name is a script of a shell, by its first line.
pub fn is_script(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let shells: [&[u8]; 5] = [b"/sh", b"/bash", b"/dash", b"env bash", b"env sh"];
    first.starts_with(b"#!") && shells.iter().any(|shell| first.trim_ascii_end().ends_with(shell))
}

/// Reads a file of a pipeline or build and notes what it shows.
pub fn inspect(kind: BuildFile, path: &str, bytes: &[u8], out: &mut BuildFacts) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        out.open(Fault::of_file(path, FaultCode::NotUtf8));
        return;
    };
    match kind {
        BuildFile::Workflow(system) => {
            out.sign(Fault::of_file(path, FaultCode::Pipeline).about(system));
            actions::workflow(path, bytes, system, out);
        }
        BuildFile::Action => actions::action(path, bytes, out),
        BuildFile::Gitlab => {
            out.sign(Fault::of_file(path, FaultCode::Pipeline).about("gitlab"));
            gitlab::pipeline(path, bytes, out);
        }
        BuildFile::Other(system) => {
            out.sign(Fault::of_file(path, FaultCode::Pipeline).about(system));
            others::pipeline(path, text, out);
        }
        BuildFile::Dockerfile => dockerfile::dockerfile(path, text, out),
        BuildFile::Script => {
            shell::Script { path, tests: None, is_pipeline: false, is_built: true }.read(text, 1, out);
        }
        BuildFile::Rules => {
            shell::Script { path, tests: None, is_pipeline: false, is_built: false }.read(text, 1, out);
        }
        BuildFile::Compose => gitlab::compose(path, bytes, out),
    }
}

/// Every text in a value: itself, or those of a list.
fn texts<'n, 'a>(node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    match &node.kind {
        Kind::Scalar { .. } => vec![node],
        Kind::List(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The line in which the words of a text begin: after a mark of a block the next one.
fn first_line(text: &str, node: &Node<'_>) -> u32 {
    let mark = text.as_bytes().get(node.at.offset);
    if matches!(mark, Some(b'|' | b'>')) { node.at.line.saturating_add(1) } else { node.at.line }
}

/// Whether an image is named by the digest of its content; `None` where only a run would tell.
fn image_pinned(image: &str) -> Option<bool> {
    let digest = image.split_once("@sha256:").map(|(_, digest)| digest);
    if image == "scratch"
        || digest.is_some_and(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Some(true);
    }
    if image.contains('$') { None } else { Some(false) }
}

/// A place in a file.
fn at(path: &str, code: FaultCode, line: u32) -> Fault {
    Fault { line: Some(line), ..Fault::of_file(path, code) }
}
