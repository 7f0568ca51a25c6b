// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pipelines of systems of which only the commands are read: tables of keys where they are YAML, lines where they are not.

use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::FaultCode;

use super::first_line;
use super::shell::Script;
use crate::declarations::parsed;
use crate::declarations::yaml::{Kind, Node};

/// Keys whose values are commands.
const KEYS: &[&str] = &[
    "script",
    "run",
    "bash",
    "command",
    "commands",
    "before_script",
    "install",
    "test_script",
    "build_script",
    "powershell",
    "pwsh",
    "cmd",
    "before_install",
    "after_success",
];

/// Reads a pipeline.
pub(super) fn pipeline(path: &str, text: &str, out: &mut BuildFacts) {
    let script = Script { path, tests: Some(FaultCode::TestsProposals), is_pipeline: true, is_built: true };
    let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    if is_yaml && let Ok((text, node)) = parsed(text.as_bytes()) {
        walk(&script, text, &node, out);
        return;
    }
    for (line, number) in text.lines().zip(1_u32..) {
        script.read(&command(line), number, out);
    }
}

fn walk(script: &Script<'_>, text: &str, node: &Node<'_>, out: &mut BuildFacts) {
    for entry in node.entries() {
        if KEYS.contains(&entry.key.as_ref()) {
            for part in super::texts(&entry.value) {
                script.read(part.text().unwrap_or_default(), first_line(text, part), out);
            }
        }
        walk(script, text, &entry.value, out);
    }
    if let Kind::List(items) = &node.kind {
        items.iter().for_each(|item| walk(script, text, item, out));
    }
}

/// The command of a line: what stands behind `sh` in a Jenkinsfile, behind a dash or a key elsewhere.
fn command(line: &str) -> String {
    let line = line.trim().trim_start_matches("- ");
    if line.starts_with("//") {
        return String::new();
    }
    let behind =
        ["sh ", "sh(", "bat ", "script: ", "run: ", "bash: "].iter().find_map(|start| line.strip_prefix(start));
    behind.unwrap_or(line).trim_matches(['\'', '"', '(', ')']).to_owned()
}
