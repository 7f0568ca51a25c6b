// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How images are built: what they stand on, and what their commands fetch.
//!
//! Source: Dockerfile reference (https://docs.docker.com/reference/dockerfile).

use hashbrown::{HashMap, HashSet};
use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::FaultCode;

use super::shell::Script;
use super::{at, image_pinned};

/// Values that a file gives to its own names.
const ARGUMENTS: usize = 64;

/// Reads a Dockerfile.
pub(super) fn dockerfile(path: &str, text: &str, out: &mut BuildFacts) {
    let mut stages: HashSet<String> = HashSet::new();
    let mut arguments: HashMap<String, String> = HashMap::new();
    for (line, instruction) in instructions(text) {
        let (word, rest) = instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        match word.to_ascii_uppercase().as_str() {
            "ARG" => {
                if let Some((name, value)) = rest.trim().split_once('=')
                    && arguments.len() < ARGUMENTS
                {
                    arguments.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                }
            }
            "FROM" => from(path, line, rest, &mut stages, &arguments, out),
            "RUN" if !rest.trim_start().starts_with('[') => {
                Script { path, tests: None, is_pipeline: false }.read(&run_words(rest), line, out);
            }
            _ => {}
        }
    }
}

/// Each instruction with the line in which it begins; joined lines stay lines of a script.
fn instructions(text: &str) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    for (line, number) in text.lines().zip(1_u32..) {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && !goes_on) {
            // A comment does not end an instruction, but it is a line.
            if goes_on && let Some((_, last)) = all.last_mut() {
                last.push_str("\\\n");
            }
            continue;
        }
        match all.last_mut().filter(|_| goes_on) {
            Some((_, last)) => last.push_str(line),
            None => all.push((number, trimmed.to_owned())),
        }
        goes_on = trimmed.ends_with('\\');
        if goes_on && let Some((_, last)) = all.last_mut() {
            last.push('\n');
        }
    }
    all
}

/// The script of RUN without its options.
fn run_words(rest: &str) -> String {
    let mut rest = rest.trim_start();
    while rest.starts_with("--") {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default().trim_start_matches([' ', '\t']);
    }
    rest.to_owned()
}

fn from(
    path: &str,
    line: u32,
    rest: &str,
    stages: &mut HashSet<String>,
    arguments: &HashMap<String, String>,
    out: &mut BuildFacts,
) {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let Some(image) = words.first() else { return };
    let image = filled(image, arguments);
    let is_stage = stages.contains(&image.to_lowercase());
    if let [_, keyword, name, ..] = words.as_slice()
        && keyword.eq_ignore_ascii_case("as")
    {
        stages.insert(name.to_lowercase());
    }
    if is_stage {
        return;
    }
    match image_pinned(&image) {
        Some(false) => out.fault(at(path, FaultCode::UnpinnedImage, line)),
        None => out.open(at(path, FaultCode::UnpinnedImage, line)),
        Some(true) => {}
    }
}

/// A name with the values that the file itself gives.
fn filled(image: &str, arguments: &HashMap<String, String>) -> String {
    if !image.contains('$') {
        return image.to_owned();
    }
    arguments.iter().fold(image.to_owned(), |image, (name, value)| {
        image.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value)
    })
}
