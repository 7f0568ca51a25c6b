// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pipelines of GitLab (`.gitlab-ci.yml`). What other files add by `include` is not there to be read.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

use super::shell::Script;
use super::{at, first_line, image_pinned, texts};
use crate::declarations::parsed;
use crate::declarations::yaml::Node;

/// Keys at the top that are no jobs.
const NO_JOBS: &[&str] = &["include", "stages", "variables", "workflow", "cache", "spec"];

/// Reads a pipeline.
pub(super) fn pipeline(path: &str, bytes: &[u8], out: &mut BuildFacts) {
    let (text, node) = match parsed(bytes) {
        Ok(read) => read,
        Err((code, at)) => {
            out.open(Fault::of_file(path, code).at(at.line, at.column));
            return;
        }
    };
    for entry in node.entries() {
        match entry.key.as_ref() {
            "include" => included(path, &entry.value, out),
            "image" => image(path, &entry.value, out),
            "before_script" | "after_script" => script(path, text, &entry.value, FaultCode::TestsProposals, out),
            key if !NO_JOBS.contains(&key) => job(path, text, &entry.value, out),
            _ => {}
        }
    }
}

fn job(path: &str, text: &str, job: &Node<'_>, out: &mut BuildFacts) {
    if let Some(value) = job.get("image") {
        image(path, value, out);
    }
    for service in job.get("services").map(Node::items).unwrap_or_default() {
        image(path, service, out);
    }
    let code = if is_narrow(job) { FaultCode::RunsTests } else { FaultCode::TestsProposals };
    for key in ["before_script", "script", "after_script"] {
        if let Some(value) = job.get(key) {
            script(path, text, value, code, out);
        }
    }
}

/// Whether a job runs on some branches, tags or moments only, and requests to merge are not among them.
fn is_narrow(job: &Node<'_>) -> bool {
    let words = |node: &Node<'_>| all_texts(node);
    ["only", "rules"].iter().filter_map(|key| job.get(key)).any(|rules| {
        let said = words(rules);
        !said.iter().any(|text| text.contains("merge_request") || text == "branches")
    })
}

fn all_texts(node: &Node<'_>) -> Vec<String> {
    let own = node.text().map(str::to_owned).into_iter();
    let listed = node.items().iter().flat_map(all_texts);
    let mapped = node.entries().iter().flat_map(|entry| all_texts(&entry.value));
    own.chain(listed).chain(mapped).collect()
}

fn script(path: &str, text: &str, node: &Node<'_>, tests: FaultCode, out: &mut BuildFacts) {
    for part in texts(node) {
        let script = Script { path, tests: Some(tests), is_pipeline: true, is_built: true };
        script.read(part.text().unwrap_or_default(), first_line(text, part), out);
    }
}

fn image(path: &str, node: &Node<'_>, out: &mut BuildFacts) {
    let named = node.get("name").or_else(|| node.text().is_some().then_some(node));
    let Some(name) = named else { return };
    match image_pinned(name.text().unwrap_or_default()) {
        Some(false) => out.fault(at(path, FaultCode::UnpinnedImage, name.at.line)),
        None => out.open(at(path, FaultCode::UnpinnedImage, name.at.line)),
        Some(true) => {}
    }
}

/// Reads services that run together: their images, where they are not built here. Nobody knows whether a build runs them.
pub(super) fn compose(path: &str, bytes: &[u8], out: &mut BuildFacts) {
    let Ok((_, node)) = parsed(bytes) else { return };
    for service in node.get("services").map(Node::entries).unwrap_or_default() {
        let image = service.value.get("image").filter(|_| service.value.get("build").is_none());
        if let Some(image) = image.filter(|image| image_pinned(image.text().unwrap_or_default()) != Some(true)) {
            out.open(at(path, FaultCode::UnpinnedImage, image.at.line));
        }
    }
}

/// Templates of GitLab that are known by their names. What else they do is not read.
fn included(path: &str, node: &Node<'_>, out: &mut BuildFacts) {
    out.open(at(path, FaultCode::UnpinnedInstall, node.at.line).about("include"));
    for text in all_texts(node) {
        let low = text.to_lowercase();
        let code = if low.contains("dependency-scanning") {
            FaultCode::ChecksDependencies
        } else if low.contains("sast") {
            FaultCode::RunsAnalysis
        } else {
            continue;
        };
        out.sign(at(path, code, node.at.line));
    }
}
