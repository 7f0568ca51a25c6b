// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How images are built: what they stand on, and what their commands fetch.
//!
//! Source: Dockerfile reference (https://docs.docker.com/reference/dockerfile).

use hashbrown::{HashMap, HashSet};
use underpin_model::build_facts::BuildFacts;
use underpin_model::practices::{Fault, FaultCode};

use super::shell::Script;
use super::{at, image_pinned};

/// Values that a file gives to its own names.
const ARGUMENTS: usize = 64;

/// Reads a Dockerfile.
pub(super) fn dockerfile(path: &str, text: &str, out: &mut BuildFacts) {
    let mut stages: HashSet<String> = HashSet::new();
    let mut arguments: HashMap<String, String> = HashMap::new();
    out.sign(Fault::of_file(path, FaultCode::Declared).about("image-build"));
    for (line, instruction) in instructions(text) {
        let (word, rest) = instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        let is_later = word.eq_ignore_ascii_case("ONBUILD");
        let (word, rest) =
            if is_later { rest.trim().split_once(char::is_whitespace).unwrap_or((rest, "")) } else { (word, rest) };
        match word.to_ascii_uppercase().as_str() {
            "ARG" => {
                if let Some((name, value)) = rest.trim().split_once('=')
                    && arguments.len() < ARGUMENTS
                {
                    arguments.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                }
            }
            "FROM" => from(path, line, rest, &mut stages, &arguments, out),
            "RUN" => {
                let script = Script { path, tests: None, is_pipeline: false, is_built: true };
                script.read(&run_words(rest), line, out);
            }
            "COPY" | "ADD" => copied(path, line, rest, &stages, &arguments, out),
            _ => {}
        }
    }
}

/// Each instruction with the line in which it begins; joined lines stay lines of a script.
fn instructions(text: &str) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    let mut document: Option<String> = None;
    for (line, number) in text.lines().zip(1_u32..) {
        let trimmed = line.trim();
        if let Some(end) = &document {
            if trimmed == end {
                document = None;
            } else if let Some((_, last)) = all.last_mut() {
                last.push('\n');
                last.push_str(line);
            }
            continue;
        }
        if trimmed.starts_with('#') || (trimmed.is_empty() && !goes_on) {
            // A comment does not end an instruction, but it is a line.
            if goes_on && let Some((_, last)) = all.last_mut() {
                last.push_str("\\\n");
            }
            continue;
        }
        match all.last_mut().filter(|_| goes_on) {
            Some((_, last)) => last.push_str(line),
            None => {
                // A document in place: its lines are the script.
                let (instruction, end) = here_document(trimmed);
                all.push((number, instruction));
                document = end;
            }
        }
        goes_on = trimmed.ends_with('\\');
        if goes_on && let Some((_, last)) = all.last_mut() {
            last.push('\n');
        }
    }
    all
}

/// An instruction whose words stand in the lines behind it, up to a line with this end.
fn here_document(line: &str) -> (String, Option<String>) {
    let low = line.to_ascii_uppercase();
    let begin = line.split_once("<<").filter(|_| low.starts_with("RUN "));
    let Some((before, behind)) = begin else { return (line.to_owned(), None) };
    let mark = behind.trim_start_matches('-').split_whitespace().next().unwrap_or_default().trim_matches(['\'', '"']);
    let is_mark = !mark.is_empty() && mark.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_mark { (before.to_owned(), Some(mark.to_owned())) } else { (line.to_owned(), None) }
}

/// Files of another image, or from the network.
fn copied(
    path: &str,
    line: u32,
    rest: &str,
    stages: &HashSet<String>,
    arguments: &HashMap<String, String>,
    out: &mut BuildFacts,
) {
    let words: Vec<&str> = rest.split_whitespace().collect();
    if let Some(from) = words.iter().find_map(|word| word.strip_prefix("--from=")) {
        let image = filled(from, arguments);
        let is_stage = stages.contains(&image.to_lowercase()) || image.chars().all(|letter| letter.is_ascii_digit());
        if !is_stage {
            named(path, line, &image, out);
        }
    }
    let is_held = words.iter().any(|word| word.starts_with("--checksum="));
    if !is_held && words.iter().any(|word| word.starts_with("https://") || word.starts_with("http://")) {
        out.open(at(path, FaultCode::UnpinnedInstall, line).about("ADD"));
    }
}

/// An image that is named.
fn named(path: &str, line: u32, image: &str, out: &mut BuildFacts) {
    match image_pinned(image) {
        Some(false) => out.fault(at(path, FaultCode::UnpinnedImage, line)),
        None => out.open(at(path, FaultCode::UnpinnedImage, line)),
        Some(true) => {}
    }
}

/// The script of RUN without its options; a list of words is a command.
fn run_words(rest: &str) -> String {
    let mut rest = rest.trim_start_matches([' ', '\t']);
    while rest.starts_with("--") {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default().trim_start_matches([' ', '\t']);
    }
    match serde_json::from_str::<Vec<String>>(rest) {
        Ok(words) => match words.as_slice() {
            [shell, flag, script] if flag == "-c" && shell.ends_with("sh") => script.clone(),
            words => words.join(" "),
        },
        Err(_) => rest.to_owned(),
    }
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
    named(path, line, &image, out);
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
