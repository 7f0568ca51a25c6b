// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the token of a workflow of GitHub may do.
//!
//! Source: GitHub Docs, Workflow syntax for GitHub Actions, permissions.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::FaultCode;

use super::at;
use crate::declarations::yaml::Node;

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

/// How a fault is told that gives all jobs all rights.
const WRITE_ALL: &str = "permissions: write-all";

/// What the token of a workflow may do: at the top, or in every job.
pub(super) fn permissions(path: &str, node: &Node<'_>, jobs: &Node<'_>, out: &mut BuildFacts) {
    let declares = |node: &Node<'_>| node.entry("permissions").is_some();
    if let Some(entry) = node.entry("permissions") {
        if entry.value.is_nothing() {
            out.open(at(path, FaultCode::Empty, entry.at.line).about("permissions"));
            return;
        }
        out.sign(at(path, FaultCode::Declared, entry.at.line).about("permissions"));
        let detail = if entry.value.text() == Some("write-all") { WRITE_ALL } else { "permissions" };
        for line in written(&entry.value) {
            out.fault(at(path, FaultCode::WritePermission, line).about(detail));
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
