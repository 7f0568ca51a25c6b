// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Workflows of GitHub, Forgejo and Gitea, and the actions that they call.
//!
//! Sources: GitHub Docs, Workflow syntax for GitHub Actions; GitHub Security Lab, Preventing pwn requests.

use std::collections::BTreeSet;

use underpin_model::build_facts::{BuildFacts, Call, Inner, Reached};
use underpin_model::practices::{Fault, FaultCode};

use super::checkouts::{runs_words, takes_proposal};
use super::commands::of_action;
use super::expressions::expressions;
use super::permissions::permissions;
use super::shell::Script;
use super::taint::{Level, Scope, Value};
use super::triggers::{Runs, Triggers, runs};
use super::{at, first_line, image_pinned};
use crate::declarations::parsed;
use crate::declarations::yaml::{Kind, Node};

/// Inputs of actions that are commands.
const COMMANDS: &[&str] = &["run", "command", "arguments", "args", "cmd", "script"];

/// Reads a workflow.
pub(super) fn workflow(path: &str, bytes: &[u8], system: &str, out: &mut BuildFacts) {
    let Some((text, node)) = tree(path, bytes, out) else { return };
    let on = node.get("on").or_else(|| node.get("true"));
    let triggers = Triggers::of(on);
    let reader = Reader {
        path,
        text,
        is_privileged: triggers.is_privileged(),
        is_outside: triggers.is_outside(),
        is_called: triggers.is_called(),
        tests: if triggers.tests_proposals() { FaultCode::TestsProposals } else { FaultCode::RunsTests },
    };
    let empty = Node::default();
    let jobs = node.get("jobs").unwrap_or(&empty);
    if system == "github-actions" {
        permissions(path, &node, jobs, out);
    }
    if let Some(line) = merged(&node) {
        // A forge that knows keys of merging would put other values there.
        out.open(at(path, FaultCode::NotFollowed, line).about("<<"));
    }
    let inputs = Scope::new(free_inputs(on), triggers.is_called());
    let mut scope = inputs.with_env(node.get("env"));
    // Jobs may stand before those that they need.
    for _ in 0..2 {
        for job in jobs.entries() {
            let inside = steps_scope(&job.value, &scope);
            scope.job_done(&job.key, &job.value, &inside);
        }
    }
    for job in jobs.entries() {
        reader.job(&job.value, &scope, out);
    }
}

/// Reads an action of the repository's own: its steps run wherever it is called.
pub(super) fn action(path: &str, bytes: &[u8], out: &mut BuildFacts) {
    let Some((text, node)) = tree(path, bytes, out) else { return };
    let reader =
        Reader { path, text, is_privileged: false, is_outside: false, is_called: true, tests: FaultCode::RunsTests };
    let Some(runs) = node.get("runs") else { return };
    if let Some(image) =
        runs.get("image").filter(|image| image.text().is_some_and(|text| text.starts_with("docker://")))
    {
        reader.image(image, out);
    }
    let scope = Scope::new(BTreeSet::new(), true);
    reader.steps(runs, &scope, reader.tests, out);
}

fn tree<'a>(path: &str, bytes: &'a [u8], out: &mut BuildFacts) -> Option<(&'a str, Node<'a>)> {
    match parsed(bytes) {
        Ok(read) => Some(read),
        Err((code, at)) => {
            out.open(Fault::of_file(path, code).at(at.line, at.column));
            None
        }
    }
}

/// Where a key of merging stands.
fn merged(node: &Node<'_>) -> Option<u32> {
    let own = node.entry("<<").map(|entry| entry.at.line);
    own.or_else(|| node.entries().iter().map(|entry| &entry.value).chain(node.items()).find_map(merged))
}

/// Inputs that take any words, in small letters.
fn free_inputs(on: Option<&Node<'_>>) -> BTreeSet<String> {
    let mut free = BTreeSet::new();
    for trigger in ["workflow_dispatch", "workflow_call"] {
        let Some(inputs) = on.and_then(|on| on.get(trigger)).and_then(|on| on.get("inputs")) else { continue };
        for entry in inputs.entries() {
            let kind = entry.value.get("type").and_then(Node::text).unwrap_or("string");
            if kind == "string" {
                free.insert(entry.key.to_lowercase());
            }
        }
    }
    free
}

/// What is known after all steps of a job.
fn steps_scope(job: &Node<'_>, scope: &Scope) -> Scope {
    let mut scope = scope.clone().with_matrix(job.get("strategy")).with_env(job.get("env"));
    for step in job.get("steps").map(Node::items).unwrap_or_default() {
        let own = scope.with_env(step.get("env"));
        scope.after(step, &own);
    }
    scope
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    /// Started by outsiders with the rights of the repository.
    is_privileged: bool,
    /// Started by outsiders.
    is_outside: bool,
    /// Started by other files of the repository.
    is_called: bool,
    tests: FaultCode,
}

impl Reader<'_> {
    fn job(&self, job: &Node<'_>, scope: &Scope, out: &mut BuildFacts) {
        let scope = scope.clone().with_matrix(job.get("strategy")).with_env(job.get("env"));
        let tests = match runs(job) {
            Runs::Never => None,
            Runs::Maybe => Some(FaultCode::RunsTests),
            Runs::Always => Some(self.tests),
        };
        if let Some(called) = job.get("uses") {
            self.uses(called, tests, out);
            self.calls(called, job.get("with"), &scope, tests, out);
        }
        let images = [job.get("container")].into_iter().flatten();
        let services = job.get("services").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
        for holder in images.chain(services) {
            if let Some(image) = holder.get("image").or(Some(holder)).filter(|image| image.text().is_some()) {
                self.image(image, out);
            }
            // Options of a container are words of a command.
            for node in [Some(holder), holder.get("image"), holder.get("options")].into_iter().flatten() {
                self.placed(node, &scope, out);
            }
        }
        if let Some(shell) = job.get("defaults").and_then(|defaults| defaults.get("run")?.get("shell")) {
            self.placed(shell, &scope, out);
        }
        match tests {
            Some(tests) => self.steps(job, &scope, tests, out),
            None => self.steps_unseen(job, &scope, out),
        }
    }

    /// Steps that never run do nothing that counts for a practice, but what they would do to others still stands there.
    fn steps_unseen(&self, job: &Node<'_>, scope: &Scope, out: &mut BuildFacts) {
        let mut own = BuildFacts::default();
        self.steps(job, scope, FaultCode::RunsTests, &mut own);
        own.faults.into_iter().for_each(|fault| out.fault(fault));
    }

    fn steps(&self, job: &Node<'_>, scope: &Scope, tests: FaultCode, out: &mut BuildFacts) {
        let mut scope = scope.clone();
        for step in job.get("steps").map(Node::items).unwrap_or_default() {
            let own = scope.with_env(step.get("env"));
            let tests = match runs(step) {
                Runs::Never => None,
                Runs::Maybe => Some(FaultCode::RunsTests),
                Runs::Always => Some(tests),
            };
            if let Some(run) = step.get("run") {
                self.script(run, tests, true, &own, out);
            }
            if let Some(shell) = step.get("shell") {
                self.placed(shell, &own, out);
            }
            if let Some(uses) = step.get("uses") {
                self.uses(uses, tests, out);
                self.with(uses.text().unwrap_or_default(), step.get("with"), tests, &own, out);
                self.calls(uses, step.get("with"), &own, tests, out);
            }
            scope.after(step, &own);
        }
    }

    /// Notes what reaches a place that becomes a command.
    fn placed(&self, node: &Node<'_>, scope: &Scope, out: &mut BuildFacts) {
        let Some(text) = node.text() else { return };
        let first = first_line(self.text, node);
        for (lines, expression) in expressions(text) {
            let line = first.saturating_add(lines);
            let value = scope.of(expression);
            if value.words == Level::Reaches {
                out.fault(at(self.path, FaultCode::UntrustedInput, line));
            } else if value.words == Level::Unknown && self.is_outside {
                out.open(at(self.path, FaultCode::NotFollowed, line));
            }
            if value.typed == Level::Reaches {
                out.fault(at(self.path, FaultCode::CollaboratorInput, line));
            }
            self.reached(&value, line, Inner::Words, out);
        }
    }

    /// Notes what a caller gives that reaches a place.
    fn reached(&self, value: &Value, line: u32, what: fn(String) -> Inner, out: &mut BuildFacts) {
        if self.is_called {
            let own = value.inputs.iter().map(|input| Reached {
                path: self.path.to_owned(),
                line,
                what: what(input.clone()),
            });
            out.reached.extend(own);
        }
    }

    fn script(&self, node: &Node<'_>, tests: Option<FaultCode>, is_shell: bool, scope: &Scope, out: &mut BuildFacts) {
        let Some(script) = node.text() else { return };
        let first = first_line(self.text, node);
        self.placed(node, scope, out);
        for line in runs_words(script, scope) {
            out.fault(at(self.path, FaultCode::UntrustedInput, first.saturating_add(line)));
        }
        let (level, line) = takes_proposal(script, scope);
        self.checkout(level, first.saturating_add(line), out);
        if is_shell {
            self.commands(script, first, tests, out);
        }
    }

    fn commands(&self, script: &str, first: u32, tests: Option<FaultCode>, out: &mut BuildFacts) {
        Script { path: self.path, tests, is_pipeline: tests.is_some(), is_built: true }.read(script, first, out);
    }

    /// Notes that code of a proposal is fetched here.
    fn checkout(&self, level: Level, line: u32, out: &mut BuildFacts) {
        match (level, self.is_privileged) {
            (Level::Reaches, true) => out.fault(at(self.path, FaultCode::UntrustedCheckout, line)),
            (Level::Unknown, true) => out.open(at(self.path, FaultCode::NotFollowed, line)),
            _ => {}
        }
        if level == Level::Reaches && self.is_called {
            out.reached.push(Reached { path: self.path.to_owned(), line, what: Inner::Proposal });
        }
    }

    fn with(
        &self,
        action: &str,
        with: Option<&Node<'_>>,
        tests: Option<FaultCode>,
        scope: &Scope,
        out: &mut BuildFacts,
    ) {
        let Some(with) = with else { return };
        let name = action.split('@').next().unwrap_or_default().to_lowercase();
        if name == "actions/github-script"
            && let Some(script) = with.get("script")
        {
            self.script(script, tests, false, scope, out);
        }
        if name.rsplit('/').next().is_some_and(|last| last.contains("checkout")) {
            let mut most: (Level, u32) = (Level::Clean, 0);
            for value in ["ref", "repository", "branch"].iter().filter_map(|key| with.get(key)) {
                let text = value.text().unwrap_or_default();
                let held = scope.of_text(text);
                self.reached(&held, value.at.line, Inner::Code, out);
                let is_named = text.contains("pull/") || text.contains("merge-requests/");
                let level = if is_named { Level::Reaches } else { held.code.max(held.words) };
                // An input of people with rights may name anything; a caller's is followed from the caller.
                let is_typed = !held.inputs.is_empty() || held.typed == Level::Reaches;
                let level = if is_typed && !self.is_called { level.max(Level::Unknown) } else { level };
                most = if level > most.0 { (level, value.at.line) } else { most };
            }
            self.checkout(most.0, most.1, out);
            return;
        }
        // Actions that take a command of their own: `run`, `args`, `command`.
        for key in COMMANDS {
            let Some(value) = with.get(key).filter(|_| name != "actions/github-script") else { continue };
            self.placed(value, scope, out);
            let tool =
                name.rsplit('/').next().unwrap_or_default().trim_end_matches("-action").trim_end_matches("-build");
            let written = value.text().unwrap_or_default();
            let is_whole = *key == "run" || *key == "script";
            let line = if is_whole { written.to_owned() } else { format!("{tool} {written}") };
            self.commands(&line, first_line(self.text, value), tests, out);
        }
    }

    /// Notes what is given to another file of the repository, or to a workflow elsewhere that is not read.
    fn calls(
        &self,
        node: &Node<'_>,
        with: Option<&Node<'_>>,
        scope: &Scope,
        tests: Option<FaultCode>,
        out: &mut BuildFacts,
    ) {
        let named = node.text().unwrap_or_default();
        let (mut words, mut code, mut passed) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for entry in with.map(Node::entries).unwrap_or_default() {
            let value = scope.everything(&entry.value);
            let key = entry.key.to_lowercase();
            if value.words == Level::Reaches {
                words.insert(key.clone());
            }
            if value.code == Level::Reaches || value.words == Level::Reaches {
                code.insert(key.clone());
            }
            let is_unclear = value.words == Level::Unknown || value.code == Level::Unknown && self.is_privileged;
            if is_unclear && self.is_outside && (named.starts_with("./") || named.contains(".yml@")) {
                out.open(at(self.path, FaultCode::NotFollowed, entry.at.line));
            }
            passed.extend(value.inputs.into_iter().map(|input| (input, key.clone())));
        }
        let Some(own) = named.strip_prefix("./") else {
            let is_workflow = named.contains(".yml@") || named.contains(".yaml@");
            if is_workflow && (self.is_privileged || !words.is_empty() && self.is_outside) {
                out.open(at(self.path, FaultCode::NotFollowed, node.at.line));
            }
            return;
        };
        out.calls.push(Call {
            from: self.path.to_owned(),
            line: node.at.line,
            to: own.trim_end_matches('/').to_owned(),
            is_privileged: self.is_privileged,
            is_outside: self.is_outside,
            tests_proposals: tests == Some(FaultCode::TestsProposals),
            words,
            code,
            passed,
        });
    }

    /// An action or a workflow that is called: named by a commit, or by a name that can be moved.
    fn uses(&self, node: &Node<'_>, tests: Option<FaultCode>, out: &mut BuildFacts) {
        let Some(named) = node.text() else { return };
        let line = node.at.line;
        if named.starts_with("./") {
            return;
        }
        if let Some(image) = named.strip_prefix("docker://") {
            if image_pinned(image) == Some(false) {
                out.fault(at(self.path, FaultCode::UnpinnedImage, line));
            }
            return;
        }
        let (name, reference) = named.split_once('@').unwrap_or((named, ""));
        for code in of_action(name) {
            match (code, tests) {
                (FaultCode::RunsTests, Some(tests)) => out.sign(at(self.path, tests, line)),
                (_, Some(_)) => out.sign(at(self.path, code, line)),
                (_, None) => {}
            }
        }
        if name.to_lowercase().contains("wrapper-validation") {
            out.sign(at(self.path, FaultCode::Declared, line).about("gradle-wrapper"));
        }
        let is_commit =
            matches!(reference.len(), 40 | 64) && reference.chars().all(|letter| letter.is_ascii_hexdigit());
        if !is_commit {
            out.fault(at(self.path, FaultCode::UnpinnedAction, line).about(name));
        }
    }

    fn image(&self, node: &Node<'_>, out: &mut BuildFacts) {
        let Kind::Scalar { text, .. } = &node.kind else { return };
        match image_pinned(text) {
            Some(false) => out.fault(at(self.path, FaultCode::UnpinnedImage, node.at.line)),
            None => out.open(at(self.path, FaultCode::UnpinnedImage, node.at.line)),
            Some(true) => {}
        }
    }
}
