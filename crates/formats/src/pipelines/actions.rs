// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Workflows of GitHub, Forgejo and Gitea, and the actions that they call.
//!
//! Sources: GitHub Docs, Workflow syntax for GitHub Actions; GitHub Security Lab, Preventing pwn requests.

use hashbrown::HashSet;
use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

use super::commands::of_action;
use super::expressions::{expressions, input, is_proposal, is_untrusted};
use super::shell::Script;
use super::{at, first_line, image_pinned, texts};
use crate::declarations::parsed;
use crate::declarations::yaml::{Kind, Node};

/// Rights of a token that let others be harmed.
const SENSITIVE: &[&str] = &[
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "id-token",
    "packages",
    "security-events",
    "statuses",
    "workflows",
];

/// Reads a workflow.
pub(super) fn workflow(path: &str, bytes: &[u8], system: &str, out: &mut BuildFacts) {
    let Some((text, node)) = tree(path, bytes, out) else { return };
    let triggers = triggers(node.get("on").or_else(|| node.get("true")));
    let has = |name: &str| triggers.contains(name);
    let tests_proposals = has("pull_request") || has("pull_request_target") || has("merge_group");
    let reader = Reader {
        path,
        text,
        is_privileged: has("pull_request_target") || has("workflow_run"),
        tests: if tests_proposals { FaultCode::TestsProposals } else { FaultCode::RunsTests },
        free_inputs: free_inputs(&node),
    };
    let empty = Node::default();
    let jobs = node.get("jobs").unwrap_or(&empty);
    if system == "github-actions" {
        permissions(path, &node, jobs, out);
    }
    for job in jobs.entries() {
        reader.job(&job.value, out);
    }
}

/// Reads an action of the repository's own: its steps run wherever it is called.
pub(super) fn action(path: &str, bytes: &[u8], out: &mut BuildFacts) {
    let Some((text, node)) = tree(path, bytes, out) else { return };
    let reader = Reader { path, text, is_privileged: false, tests: FaultCode::RunsTests, free_inputs: HashSet::new() };
    let Some(runs) = node.get("runs") else { return };
    if let Some(image) =
        runs.get("image").filter(|image| image.text().is_some_and(|text| text.starts_with("docker://")))
    {
        reader.image(image, out);
    }
    reader.steps(runs, out);
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

/// What starts a workflow: a word, a list, or a table.
fn triggers(node: Option<&Node<'_>>) -> HashSet<String> {
    let Some(node) = node else { return HashSet::new() };
    let listed = texts(node).into_iter().filter_map(Node::text).map(str::to_owned);
    listed.chain(node.entries().iter().map(|entry| entry.key.to_string())).collect()
}

/// Inputs that take any words.
fn free_inputs(node: &Node<'_>) -> HashSet<String> {
    let mut free = HashSet::new();
    let triggers = node.get("on");
    for trigger in ["workflow_dispatch", "workflow_call"] {
        let Some(inputs) = triggers.and_then(|on| on.get(trigger)).and_then(|on| on.get("inputs")) else { continue };
        for entry in inputs.entries() {
            let kind = entry.value.get("type").and_then(Node::text).unwrap_or("string");
            if kind == "string" {
                free.insert(entry.key.to_lowercase());
            }
        }
    }
    free
}

/// What the token of a workflow may do: at the top, or in every job.
fn permissions(path: &str, node: &Node<'_>, jobs: &Node<'_>, out: &mut BuildFacts) {
    let declares = |node: &Node<'_>| node.entry("permissions").is_some();
    if let Some(entry) = node.entry("permissions") {
        out.sign(at(path, FaultCode::Declared, entry.at.line).about("permissions"));
        for line in written(&entry.value) {
            out.fault(at(path, FaultCode::WritePermission, line).about("permissions"));
        }
    } else if jobs.entries().iter().all(|job| declares(&job.value)) && !jobs.entries().is_empty() {
        out.sign(at(path, FaultCode::Declared, jobs.at.line).about("permissions"));
    } else {
        out.fault(at(path, FaultCode::NoPermissions, node.at.line));
    }
    for job in jobs.entries() {
        let all = job.value.get("permissions").filter(|value| value.text() == Some("write-all"));
        if let Some(value) = all {
            out.fault(at(path, FaultCode::WritePermission, value.at.line).about("write-all"));
        }
    }
}

/// The lines at which a table of rights lets something be written.
fn written(node: &Node<'_>) -> Vec<u32> {
    if node.text() == Some("write-all") {
        return vec![node.at.line];
    }
    let writes = node
        .entries()
        .iter()
        .filter(|entry| SENSITIVE.contains(&entry.key.as_ref()) && entry.value.text() == Some("write"));
    writes.map(|entry| entry.at.line).collect()
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    /// Started by outsiders with the rights of the repository.
    is_privileged: bool,
    tests: FaultCode,
    free_inputs: HashSet<String>,
}

impl Reader<'_> {
    fn job(&self, job: &Node<'_>, out: &mut BuildFacts) {
        if let Some(called) = job.get("uses") {
            self.uses(called, out);
            self.with(called.text().unwrap_or_default(), job.get("with"), out);
        }
        let images = [job.get("container")].into_iter().flatten();
        let services = job.get("services").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
        for holder in images.chain(services) {
            if let Some(image) = holder.get("image").or(Some(holder)).filter(|image| image.text().is_some()) {
                self.image(image, out);
            }
        }
        self.steps(job, out);
    }

    fn steps(&self, job: &Node<'_>, out: &mut BuildFacts) {
        for step in job.get("steps").map(Node::items).unwrap_or_default() {
            if let Some(run) = step.get("run") {
                self.script(run, true, out);
            }
            if let Some(uses) = step.get("uses") {
                self.uses(uses, out);
                self.with(uses.text().unwrap_or_default(), step.get("with"), out);
            }
        }
    }

    fn script(&self, node: &Node<'_>, is_shell: bool, out: &mut BuildFacts) {
        let Some(script) = node.text() else { return };
        let first = first_line(self.text, node);
        for (lines, expression) in expressions(script) {
            let line = first.saturating_add(lines);
            if is_untrusted(expression) {
                out.fault(at(self.path, FaultCode::UntrustedInput, line));
            }
            if input(expression).is_some_and(|name| self.free_inputs.contains(&name)) {
                out.fault(at(self.path, FaultCode::CollaboratorInput, line));
            }
        }
        let fetches_proposal = self.is_privileged && script.contains("gh pr checkout");
        if fetches_proposal {
            out.fault(at(self.path, FaultCode::UntrustedCheckout, first));
        }
        if is_shell {
            Script { path: self.path, tests: Some(self.tests), is_pipeline: true }.read(script, first, out);
        }
    }

    fn with(&self, action: &str, with: Option<&Node<'_>>, out: &mut BuildFacts) {
        let Some(with) = with else { return };
        let name = action.split('@').next().unwrap_or_default().to_lowercase();
        if name == "actions/github-script"
            && let Some(script) = with.get("script")
        {
            self.script(script, false, out);
        }
        if name == "actions/checkout" && self.is_privileged {
            for key in ["ref", "repository"] {
                let Some(value) = with.get(key) else { continue };
                let named = value.text().unwrap_or_default();
                if expressions(named).iter().any(|(_, expression)| is_proposal(expression)) {
                    out.fault(at(self.path, FaultCode::UntrustedCheckout, value.at.line));
                    break;
                }
            }
            return;
        }
        // Actions that take a command of their own: `run`, `args`, `command`.
        for key in ["run", "command", "arguments", "args", "cmd", "script"] {
            let Some(value) = with.get(key).filter(|_| name != "actions/github-script") else { continue };
            let tool =
                name.rsplit('/').next().unwrap_or_default().trim_end_matches("-action").trim_end_matches("-build");
            let written = value.text().unwrap_or_default();
            let line = if key == "run" || key == "script" { written.to_owned() } else { format!("{tool} {written}") };
            Script { path: self.path, tests: Some(self.tests), is_pipeline: true }.read(
                &line,
                first_line(self.text, value),
                out,
            );
        }
    }

    /// An action or a workflow that is called: named by a commit, or by a name that can be moved.
    fn uses(&self, node: &Node<'_>, out: &mut BuildFacts) {
        let Some(named) = node.text() else { return };
        let line = node.at.line;
        if let Some(own) = named.strip_prefix("./") {
            let detail = if self.tests == FaultCode::TestsProposals { "called-by-proposal" } else { "called" };
            out.sign(Fault::of_file(own.trim_end_matches('/'), FaultCode::Pipeline).about(detail));
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
            let code = if code == FaultCode::RunsTests { self.tests } else { code };
            out.sign(at(self.path, code, line));
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
