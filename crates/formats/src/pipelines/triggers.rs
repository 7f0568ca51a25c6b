// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What starts a workflow, with which rights, and whether every proposal does.
//!
//! Source: GitHub Docs, Events that trigger workflows.

use std::collections::BTreeSet;

use super::texts;
use crate::declarations::yaml::Node;

/// Events that outsiders bring about and that run with the rights of the repository.
const PRIVILEGED: &[&str] =
    &["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "gollum"];
/// Events that outsiders bring about.
const OUTSIDE: &[&str] = &["pull_request", "pull_request_review", "pull_request_review_comment", "repository_dispatch"];
/// Names of branches that changes are taken into.
const MAIN: &[&str] =
    &["main", "master", "develop", "dev", "devel", "development", "trunk", "next", "stable", "default"];
/// Endings and folders of texts that no test is about.
const TEXTS: &[&str] =
    &[".md", ".rst", ".txt", ".adoc", ".png", ".svg", ".html", "license", "codeowners", ".gitignore"];

/// What starts a workflow.
#[derive(Clone, Debug, Default)]
pub(super) struct Triggers {
    names: BTreeSet<String>,
    /// Some proposals start it, but not those that change a branch or a file that matters.
    is_narrow: bool,
}

impl Triggers {
    /// A word, a list, or a table.
    pub(super) fn of(node: Option<&Node<'_>>) -> Self {
        let Some(node) = node else { return Self::default() };
        let listed = texts(node).into_iter().filter_map(Node::text).map(str::to_owned);
        let names: BTreeSet<String> = listed.chain(node.entries().iter().map(|entry| entry.key.to_string())).collect();
        let asks = ["pull_request", "pull_request_target"].iter().filter(|name| names.contains(**name));
        let is_narrow = !names.contains("merge_group")
            && asks.clone().count() > 0
            && asks.clone().all(|name| node.get(name).is_some_and(is_narrow));
        Self { names, is_narrow }
    }

    fn has_any(&self, list: &[&str]) -> bool {
        list.iter().any(|name| self.names.contains(*name))
    }

    /// Started by outsiders with the rights of the repository.
    pub(super) fn is_privileged(&self) -> bool {
        self.has_any(PRIVILEGED)
    }

    /// Started by outsiders.
    pub(super) fn is_outside(&self) -> bool {
        self.is_privileged() || self.has_any(OUTSIDE)
    }

    /// Started by another workflow.
    pub(super) fn is_called(&self) -> bool {
        self.names.contains("workflow_call")
    }

    /// Whether every proposal starts it that changes code for a branch which changes are taken into.
    pub(super) fn tests_proposals(&self) -> bool {
        self.has_any(&["pull_request", "pull_request_target", "merge_group"]) && !self.is_narrow
    }
}

/// Whether filters of an event leave out proposals that change code.
fn is_narrow(event: &Node<'_>) -> bool {
    let said = |key: &str| -> Option<Vec<String>> {
        Some(texts(event.get(key)?).into_iter().filter_map(Node::text).map(str::to_lowercase).collect())
    };
    let is_opened = |kind: &String| matches!(kind.as_str(), "opened" | "synchronize" | "synchronized");
    let is_main = |branch: &String| {
        branch.contains('*')
            || branch.contains('$')
            || MAIN.contains(&branch.as_str())
            || branch.starts_with("release")
            || branch.chars().next().is_some_and(|letter| letter.is_ascii_digit() || letter == 'v')
    };
    said("types").is_some_and(|kinds| !kinds.iter().any(is_opened))
        || said("branches").is_some_and(|branches| !branches.iter().any(is_main))
        || said("branches-ignore")
            .is_some_and(|branches| branches.iter().any(|branch| branch == "**" || MAIN.contains(&branch.as_str())))
        || said("paths").is_some_and(|paths| paths.iter().all(|path| is_text(path)))
        || said("paths-ignore")
            .is_some_and(|paths| paths.iter().any(|path| matches!(path.as_str(), "**" | "**/*" | "src/**")))
}

/// Whether a pattern of paths is about texts and forges only.
fn is_text(pattern: &str) -> bool {
    let folders = ["docs/", "doc/", "documentation/", "website/", ".github/"];
    folders.iter().any(|folder| pattern.trim_start_matches(['*', '/']).starts_with(folder))
        || TEXTS.iter().any(|end| pattern.ends_with(end))
}

/// Whether a job or a step runs for proposals, and what it finds counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Never.
    Never,
    /// On a condition that is not understood, or without that a failure counts.
    Maybe,
    /// Always.
    Always,
}

/// Whether a job or a step runs.
pub(super) fn runs(node: &Node<'_>) -> Runs {
    let may_fail = node.get("continue-on-error").is_some_and(|value| value.text() != Some("false"));
    let condition = node.get("if").and_then(Node::text).unwrap_or("always()").trim();
    let condition = condition.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(condition);
    let low: String = condition.to_lowercase().split_whitespace().collect();
    if matches!(low.as_str(), "false" | "(false)" | "!true" | "''" | "0" | "null") || low.starts_with("false&&") {
        return Runs::Never;
    }
    // Conditions about the machine, the repository or a draft leave no proposal of code out.
    let is_harmless = |part: &str| {
        let part = part.trim_matches(['(', ')', '!']);
        [
            "always",
            "success",
            "cancelled",
            "matrix.",
            "runner.",
            "github.repository",
            "github.event.repository.",
            "github.event.pull_request.draft",
            "github.event.pull_request.head.repo",
            "contains(github.event.head_commit.message",
            "github.actor!=",
            "env.",
            "needs.",
            "steps.",
            "hashfiles(",
            "contains(needs.",
            "fromjson(needs.",
            "github.event_name=='pull_request'",
            "github.event_name!='push'",
            "github.event_name!='schedule'",
            "true",
        ]
        .iter()
        .any(|start| part.starts_with(start))
    };
    let is_and = low.split("&&").all(|part| part.split("||").any(is_harmless));
    if is_and && !may_fail { Runs::Always } else { Runs::Maybe }
}
