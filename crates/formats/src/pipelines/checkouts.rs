// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Scripts that fetch the code of a proposal, or run words of a variable.

use super::commands::program;
use super::taint::{Level, Scope};
use super::words::commands;

/// Words of git after which other code lies in the folder.
const TAKES: &[&str] =
    &["checkout", "switch", "merge", "pull", "clone", "reset", "worktree", "cherry-pick", "rebase", "am", "apply"];

/// How sure it is that a script takes code of outsiders into its folder, and in which of its lines, from 0.
pub(super) fn takes_proposal(script: &str, scope: &Scope) -> (Level, u32) {
    let named = scope.variables(|value| value.code == Level::Reaches || value.words == Level::Reaches);
    let unclear = scope.variables(|value| value.code == Level::Unknown);
    let mut found = (Level::Clean, 0);
    let mut has_fetched = false;
    let mut note = |level: Level, line: u32| {
        if level > found.0 {
            found = (level, line);
        }
    };
    for command in commands(script) {
        let names: Vec<String> = command.words.iter().map(|word| program(word)).collect();
        let line = command.words.join(" ").to_lowercase();
        let has = |word: &str| names.iter().any(|name| name == word);
        if (has("gh") || has("hub")) && has("pr") && has("checkout") {
            note(Level::Reaches, command.line);
        }
        let clones = has("git") || (has("gh") && has("clone"));
        if !clones {
            continue;
        }
        let value = scope.of_text(&line);
        let is_named = line.contains("pull/")
            || line.contains("merge-requests/")
            || value.code == Level::Reaches
            || uses(&line, &named);
        let takes = TAKES.iter().any(|word| has(word));
        has_fetched |= is_named && has("fetch");
        let is_fetched = has_fetched && takes && (line.contains("fetch_head") || is_named);
        if (is_named && takes) || is_fetched {
            note(Level::Reaches, command.line);
        } else if is_named && has("fetch")
            || takes && (value.code == Level::Unknown || uses(&line, &unclear))
            || takes && has_fetched
        {
            note(Level::Unknown, command.line);
        }
    }
    found
}

/// The lines, from 0, in which a script makes a command of a variable that outsiders fill.
pub(super) fn runs_words(script: &str, scope: &Scope) -> Vec<u32> {
    let mut named = scope.variables(|value| value.words == Level::Reaches);
    named.push("github_head_ref".to_owned());
    let runs = |line: &str| {
        let low = format!(" {line}");
        [" eval ", "sh -c ", "python -c ", "node -e ", "perl -e ", "source <(", "iex ", "invoke-expression "]
            .iter()
            .any(|word| low.contains(word))
    };
    commands(script)
        .iter()
        .map(|command| (command.line, command.words.join(" ").to_lowercase()))
        .filter(|(_, line)| runs(line) && uses(line, &named))
        .map(|(line, _)| line)
        .collect()
}

/// Whether a line in small letters uses one of these variables.
fn uses(line: &str, names: &[String]) -> bool {
    names.iter().any(|name| {
        [format!("${name}"), format!("${{{name}"), format!("$env:{name}")].iter().any(|form| {
            line.match_indices(form.as_str()).any(|(place, _)| {
                let behind = line.get(place + form.len()..).and_then(|rest| rest.chars().next());
                !behind.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            })
        })
    })
}
