// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Expressions of workflows (`${{ … }}`): which of them anybody outside can fill with words.
//!
//! Source: GitHub Docs, Security hardening for GitHub Actions, Understanding the risk of script injections.

/// How names of values end that outsiders write.
const UNTRUSTED: &[&str] = &[
    ".issue.title",
    ".issue.body",
    ".pull_request.title",
    ".pull_request.body",
    ".pull_request.head.ref",
    ".pull_request.head.label",
    ".pull_request.head.repo.default_branch",
    ".comment.body",
    ".review.body",
    ".review_comment.body",
    ".discussion.title",
    ".discussion.body",
    ".message",
    ".author.email",
    ".author.name",
    ".committer.email",
    ".committer.name",
    ".page_name",
    ".head_branch",
    ".display_title",
];

/// The expressions of a text, each with the number of line breaks before it.
pub(super) fn expressions(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let (mut from, mut lines) = (0, 0_u32);
    while let Some(begin) = text.get(from..).and_then(|rest| rest.find("${{")) {
        let begin = from + begin;
        let Some(length) = text.get(begin + 3..).and_then(|rest| rest.find("}}")) else { break };
        let between = text.get(from..begin).unwrap_or_default().matches('\n').count();
        lines = lines.saturating_add(u32::try_from(between).unwrap_or(u32::MAX));
        let expression = text.get(begin + 3..begin + 3 + length).unwrap_or_default();
        found.push((lines, expression));
        lines = lines.saturating_add(u32::try_from(expression.matches('\n').count()).unwrap_or(u32::MAX));
        from = begin + 3 + length;
    }
    found
}

/// The names in an expression, without brackets for places in lists.
fn names(expression: &str) -> impl Iterator<Item = String> {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '*' | '[' | ']');
    let low = expression.to_lowercase();
    let parts: Vec<String> = low.split(move |letter| !is_name(letter)).map(str::to_owned).collect();
    parts.into_iter().filter(|part| !part.is_empty())
}

/// Whether only a truth comes out of it: a comparison, or a search for words.
fn is_truth(expression: &str) -> bool {
    let low = expression.trim().to_lowercase();
    let searches =
        ["contains(", "startswith(", "endswith("].iter().any(|start| low.starts_with(start)) && low.ends_with(')');
    let joins = low.contains("&&") || low.contains("||");
    !joins && (searches || low.contains("==") || low.contains("!="))
}

/// Whether somebody outside writes what comes out of an expression.
pub(super) fn is_untrusted(expression: &str) -> bool {
    if is_truth(expression) {
        return false;
    }
    names(expression).any(|name| {
        name == "github.head_ref"
            || name == "github.event"
            || (name.starts_with("github.event.") && UNTRUSTED.iter().any(|end| name.ends_with(end)))
    })
}

/// The input that an expression puts into a script: what somebody with rights writes by hand.
pub(super) fn input(expression: &str) -> Option<String> {
    if is_truth(expression) {
        return None;
    }
    names(expression).find_map(|name| {
        let rest = name.strip_prefix("inputs.").or_else(|| name.strip_prefix("github.event.inputs."))?;
        Some(rest.to_owned())
    })
}

/// Whether an expression names the code of a proposal of somebody outside.
pub(super) fn is_proposal(expression: &str) -> bool {
    names(expression).any(|name| {
        name == "github.head_ref"
            || (name.starts_with("github.event.pull_request.") && !name.starts_with("github.event.pull_request.base."))
                && ["head", "merge_commit_sha", "number"].iter().any(|part| name.contains(part))
            || name.starts_with("github.event.workflow_run.head")
            || name == "github.event.number"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_outsiders_write_is_told_from_what_they_do_not() {
        for (expression, expected) in [
            (" github.event.issue.title ", true),
            ("github.head_ref", true),
            ("github.event.commits[0].message", true),
            ("github.event.pull_request.head.ref", true),
            ("github.event.pull_request.head.sha", false),
            ("github.event.pull_request.number", false),
            ("contains(github.event.comment.body, '/run')", false),
            ("github.head_ref == 'main'", false),
            ("github.head_ref || github.ref", true),
            ("toJSON(github.event)", true),
            ("secrets.TOKEN", false),
        ] {
            assert_eq!(is_untrusted(expression), expected, "{expression}");
        }
        assert_eq!(expressions("a\n${{ x }} ${{y}}").len(), 2);
        assert_eq!(expressions("a\n${{ x }}")[0], (1, " x "));
        assert!(
            is_proposal("github.event.pull_request.head.sha") && !is_proposal("github.event.pull_request.base.sha")
        );
        assert_eq!(input("inputs.version").as_deref(), Some("version"));
    }
}
