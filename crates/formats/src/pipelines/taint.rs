// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where the words and the code of outsiders go inside a workflow: through `env`, a matrix, outputs and inputs.
//!
//! What a step writes as an output is not computed: it may be anything that the step was given, so it is not known.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::expressions::{expressions, input, is_payload, is_proposal, is_untrusted, names};
use super::texts;
use crate::declarations::yaml::Node;

/// How sure it is that something reaches a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    #[default]
    Clean,
    Unknown,
    Reaches,
}

/// What a value may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    /// Words of outsiders.
    pub(super) words: Level,
    /// The name of code of outsiders.
    pub(super) code: Level,
    /// Words of somebody with rights.
    pub(super) typed: Level,
    /// What the caller gave.
    pub(super) inputs: BTreeSet<String>,
}

impl Value {
    const UNKNOWN: Self =
        Self { words: Level::Unknown, code: Level::Unknown, typed: Level::Unknown, inputs: BTreeSet::new() };

    pub(super) fn join(mut self, other: Self) -> Self {
        self.words = self.words.max(other.words);
        self.code = self.code.max(other.code);
        self.typed = self.typed.max(other.typed);
        self.inputs.extend(other.inputs);
        self
    }

    fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

/// What a step reads besides its variables: the event, proposals, the history, or the answer of a call.
const READS: &[&str] = &[
    "github_event_path",
    "github_head_ref",
    "gh pr",
    "gh issue",
    "gh api",
    "git log",
    "git show",
    "git diff",
    "curl ",
    "context.payload",
    "context.issue",
    "github.rest",
    "octokit",
];
/// Actions whose outputs are places, versions, digests or truths.
const CLEAN_ACTIONS: &[&str] = &[
    "actions/setup-",
    "actions/cache",
    "actions/checkout",
    "actions/upload-artifact",
    "actions/create-github-app-token",
    "actions/attest",
    "actions/configure-pages",
    "actions/deploy-pages",
    "docker/setup-",
    "docker/build-push-action",
    "docker/metadata-action",
    "docker/login-action",
    "dorny/paths-filter",
    "dtolnay/rust-toolchain",
    "actions-rust-lang/setup",
    "pnpm/action-setup",
    "astral-sh/setup-uv",
    "sigstore/",
    "aws-actions/",
    "google-github-actions/auth",
    "azure/login",
    "anchore/",
    "step-security/harden-runner",
    "softprops/action-gh-release",
    "googleapis/release-please-action",
    "dependabot/fetch-metadata",
    "ruby/setup-ruby",
    "gradle/",
    "r-lib/",
    "shivammathur/setup-php",
    "pypa/",
    "peter-evans/create-pull-request",
    "crazy-max/ghaction-import-gpg",
    "actions/stale",
    "hashicorp/setup-",
];

/// The values that names hold at a place of a workflow.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    values: HashMap<String, Value>,
    /// Inputs of people with rights that take any words, in small letters.
    free_inputs: BTreeSet<String>,
    /// Whether inputs come from a caller.
    is_called: bool,
    /// Whether a step before may have set variables.
    writes_env: bool,
}

impl Scope {
    /// A scope with the inputs that take any words, and whether inputs come from a caller.
    pub(super) fn new(free_inputs: BTreeSet<String>, is_called: bool) -> Self {
        Self { free_inputs, is_called, ..Self::default() }
    }

    /// What comes out of the expressions of a text.
    pub(super) fn of_text(&self, text: &str) -> Value {
        expressions(text).iter().fold(Value::default(), |value, (_, expression)| value.join(self.of(expression)))
    }

    /// What comes out of an expression.
    pub(super) fn of(&self, expression: &str) -> Value {
        names(expression).iter().fold(Value::default(), |value, name| value.join(self.named(name)))
    }

    fn named(&self, name: &str) -> Value {
        let level = |is_so: bool| if is_so { Level::Reaches } else { Level::Clean };
        let mut value = Value { words: level(is_untrusted(name)), code: level(is_proposal(name)), ..Value::default() };
        if is_payload(name) {
            value = Value { typed: Level::Reaches, words: Level::Unknown, code: Level::Unknown, ..value };
        }
        if let Some(input) = input(name) {
            value.typed = level(self.free_inputs.contains(input));
            if self.is_called {
                value.inputs.insert(input.to_owned());
            }
        }
        value.join(self.looked_up(name))
    }

    fn looked_up(&self, name: &str) -> Value {
        let parts: Vec<&str> = name.split('.').collect();
        let held = |key: &str| self.values.get(key).cloned();
        match parts.as_slice() {
            ["env", key] => held(&format!("env.{key}"))
                .unwrap_or_else(|| if self.writes_env || *key == "?" { Value::UNKNOWN } else { Value::default() }),
            ["env" | "steps" | "needs"] => Value::UNKNOWN,
            ["matrix", key, ..] => held(&format!("matrix.{key}")).or_else(|| held("matrix")).unwrap_or_default(),
            ["matrix"] => self.whole("matrix"),
            ["steps", id] | ["steps", id, "outputs", ..] => held(&format!("steps.{id}")).unwrap_or(Value::UNKNOWN),
            ["needs", job] | ["needs", job, "outputs"] => self.whole(&format!("needs.{job}")),
            ["needs", job, "outputs", output, ..] => held(&format!("needs.{job}.{output}")).unwrap_or(Value::UNKNOWN),
            _ => Value::default(),
        }
    }

    fn whole(&self, start: &str) -> Value {
        let own = self.values.iter().filter(|(key, _)| key.starts_with(start));
        own.fold(Value::default(), |value, (_, held)| value.join(held.clone()))
    }

    /// The scope with the variables of an `env` table.
    pub(super) fn with_env(&self, node: Option<&Node<'_>>) -> Self {
        let mut scope = self.clone();
        for entry in node.map(Node::entries).unwrap_or_default() {
            let value = self.of_text(entry.value.text().unwrap_or_default());
            scope.values.insert(format!("env.{}", entry.key.to_lowercase()), value);
        }
        scope
    }

    /// The scope with the values of a matrix: of one name, and of all where it is computed.
    pub(super) fn with_matrix(mut self, node: Option<&Node<'_>>) -> Self {
        let Some(matrix) = node.and_then(|strategy| strategy.get("matrix")) else { return self };
        if let Some(text) = matrix.text() {
            let value = self.of_text(text);
            self.values.insert("matrix".to_owned(), value);
        }
        for entry in matrix.entries() {
            let is_list_of_tables = matches!(entry.key.as_ref(), "include" | "exclude");
            let tables = if is_list_of_tables { entry.value.items() } else { &[] };
            let inner = tables.iter().flat_map(Node::entries);
            for (key, node) in inner.map(|one| (&one.key, &one.value)).chain([(&entry.key, &entry.value)]) {
                let value = self.everything(node);
                let name = if is_list_of_tables && node.text().is_some() && key == &entry.key {
                    "matrix".to_owned()
                } else {
                    format!("matrix.{}", key.to_lowercase())
                };
                let known = self.values.remove(&name).unwrap_or_default();
                self.values.insert(name, known.join(value));
            }
        }
        self
    }

    /// What comes out of all texts of a node.
    pub(super) fn everything(&self, node: &Node<'_>) -> Value {
        let own = texts(node).into_iter().filter_map(Node::text);
        let own = own.fold(Value::default(), |value, text| value.join(self.of_text(text)));
        let inner = node
            .entries()
            .iter()
            .map(|entry| &entry.value)
            .chain(node.items().iter().filter(|item| item.text().is_none()));
        inner.fold(own, |value, node| value.join(self.everything(node)))
    }

    /// Notes what a step leaves behind: its outputs, and variables for the steps after it. The scope of the step has its own `env`.
    pub(super) fn after(&mut self, step: &Node<'_>, own: &Self) {
        let script =
            step.get("run").or_else(|| step.get("with")?.get("script")).and_then(Node::text).unwrap_or_default();
        let low = script.to_lowercase();
        let given = own.everything(step);
        let action = step.get("uses").and_then(Node::text).unwrap_or_default().to_lowercase();
        let is_plain_action = !action.is_empty() && CLEAN_ACTIONS.iter().any(|start| action.starts_with(start));
        let is_script = step.get("run").is_some() || action.starts_with("actions/github-script");
        let is_seen = is_script && given.is_clean() && !own.holds_env() && !READS.iter().any(|word| low.contains(word));
        let value = if is_plain_action || is_seen { Value::default() } else { Value::UNKNOWN };
        self.writes_env |= low.contains("github_env") && value != Value::default() || action.starts_with("./");
        if let Some(id) = step.get("id").and_then(Node::text) {
            self.values.insert(format!("steps.{}", id.to_lowercase()), value);
        }
    }

    /// Whether a variable holds anything of others.
    fn holds_env(&self) -> bool {
        self.values.iter().any(|(key, value)| key.starts_with("env.") && !value.is_clean())
    }

    /// Notes the outputs of a job for those that need it.
    pub(super) fn job_done(&mut self, name: &str, job: &Node<'_>, inside: &Self) {
        for entry in job.get("outputs").map(Node::entries).unwrap_or_default() {
            let value = inside.of_text(entry.value.text().unwrap_or_default());
            self.values.insert(format!("needs.{}.{}", name.to_lowercase(), entry.key.to_lowercase()), value);
        }
    }

    /// Variables of a shell (`$NAME`) whose values are of a kind, as they are written.
    pub(super) fn variables(&self, is_kind: impl Fn(&Value) -> bool) -> Vec<String> {
        let own = self.values.iter().filter(|(_, value)| is_kind(value));
        own.filter_map(|(key, _)| key.strip_prefix("env.").map(str::to_owned)).collect()
    }
}
