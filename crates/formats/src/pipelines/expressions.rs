// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Expressions of workflows (`${{ … }}`): which values can come out of them, and which of those anybody outside can fill with words.
//!
//! Sources: GitHub Docs, Evaluate expressions in workflows and actions; Understanding the risk of script injections.

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
    ".commits",
    ".head_commit",
    ".message",
    ".author.email",
    ".author.name",
    ".committer.email",
    ".committer.name",
    ".pages",
    ".page_name",
    ".head_branch",
    ".display_title",
    ".workflow_run.pull_requests",
    ".changes.title.from",
    ".changes.body.from",
];
/// Functions that give a truth, a digest or a state, never the words they are given.
const WITHOUT_WORDS: &[&str] =
    &["contains", "startswith", "endswith", "hashfiles", "success", "failure", "always", "cancelled"];
/// How deep expressions are looked into.
const NESTED: usize = 16;

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

/// The names of the values that can come out of an expression, in small letters, with dots before every part.
///
/// What is only compared, searched or asked for whether it is there does not come out. An index that is not written out is `?`.
pub(super) fn names(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    values(&expression.to_lowercase(), NESTED, &mut found);
    found
}

fn values(text: &str, left: usize, found: &mut Vec<String>) {
    let text = text.trim();
    if left == 0 {
        // Deeper than anybody writes: everything may come out.
        found.push("?".to_owned());
        return;
    }
    let parts = split(text, "||");
    if parts.len() > 1 {
        parts.into_iter().for_each(|part| values(part, left - 1, found));
        return;
    }
    // Of things joined by "and" the last one comes out, or something that is empty.
    let text = split(text, "&&").pop().unwrap_or_default().trim();
    let is_truth = text.starts_with('!') || ["==", "!=", "<", ">"].iter().any(|sign| split(text, sign).len() > 1);
    if is_truth || text.is_empty() {
        return;
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        values(inner, left - 1, found);
    } else if let Some((name, arguments)) = call(text) {
        if !WITHOUT_WORDS.contains(&name) {
            split(arguments, ",").into_iter().for_each(|argument| values(argument, left - 1, found));
        }
    } else if !text.starts_with('\'') {
        found.push(normal(text));
    }
}

/// The name and the arguments of a call that is the whole text.
fn call(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let is_name = name.trim_end().chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let arguments = split(rest, ")").into_iter().next().unwrap_or(rest);
    is_name.then_some((name.trim(), arguments))
}

/// The parts between a sign that stands outside quotes and brackets.
fn split<'a>(text: &'a str, sign: &str) -> Vec<&'a str> {
    let (mut parts, mut from, mut depth, mut in_quotes) = (Vec::new(), 0, 0_usize, false);
    let mut skip = 0;
    for (place, letter) in text.char_indices() {
        match letter {
            '\'' => in_quotes = !in_quotes,
            '(' | '[' if !in_quotes => depth += 1,
            // A bracket that closes one of these is not the sign that is looked for.
            ')' | ']' if !in_quotes && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        let rest = text.get(place..).unwrap_or_default();
        if !in_quotes && depth == 0 && place >= skip && rest.starts_with(sign) {
            parts.push(text.get(from..place).unwrap_or_default());
            from = place + sign.len();
            skip = from;
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// A name with dots before all its parts: `github['event'].issue [ 'title' ]` is `github.event.issue.title`.
fn normal(text: &str) -> String {
    let mut name = String::new();
    let mut letters = text.chars().filter(|letter| !letter.is_whitespace());
    while let Some(letter) = letters.next() {
        if letter != '[' {
            name.push(letter);
            continue;
        }
        let mut index = String::new();
        let mut depth = 1;
        for letter in letters.by_ref() {
            depth += i32::from(letter == '[') - i32::from(letter == ']');
            if depth == 0 {
                break;
            }
            index.push(letter);
        }
        name.push('.');
        let written = index.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let is_place = index == "*" || (!index.is_empty() && index.chars().all(|letter| letter.is_ascii_digit()));
        match written {
            Some(written) => name.push_str(written),
            None if is_place => name.push_str(&index),
            None => name.push('?'),
        }
    }
    name
}

/// Whether somebody outside writes what a name holds, or a part of it.
pub(super) fn is_untrusted(name: &str) -> bool {
    if matches!(name, "github.head_ref" | "github.event" | "github" | "?") || name.starts_with("github.?") {
        return true;
    }
    let Some(rest) = name.strip_prefix("github.event") else { return false };
    // A whole of which a part is written by outsiders; an index that is not written out may name it.
    let whole = rest.split(".?").next().unwrap_or(rest);
    let holds = |end: &str| rest.ends_with(end) || whole.is_empty() || is_part(end, whole);
    rest.starts_with('.') && UNTRUSTED.iter().any(|end| holds(end))
}

/// Whether a name ends with the first parts of the name of a value that outsiders write.
fn is_part(end: &str, whole: &str) -> bool {
    end.match_indices('.').skip(1).any(|(place, _)| end.get(..place).is_some_and(|part| whole.ends_with(part)))
}

/// The input that a name is: what somebody with rights writes by hand, or what a caller gives.
pub(super) fn input(name: &str) -> Option<&str> {
    name.strip_prefix("inputs.").or_else(|| name.strip_prefix("github.event.inputs."))
}

/// Whether a name is the payload of a call from outside of the forge: with rights, but of unknown words.
pub(super) fn is_payload(name: &str) -> bool {
    name.starts_with("github.event.client_payload") || name == "inputs" || name == "github.event.inputs"
}

/// Whether a name is the code of a proposal of somebody outside.
pub(super) fn is_proposal(name: &str) -> bool {
    let of_proposal = name.strip_prefix("github.event.pull_request").is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(".?")
            || (!rest.starts_with(".base.")
                && ["head", "merge_commit_sha", "number"].iter().any(|part| rest.contains(part)))
    });
    of_proposal
        || matches!(name, "github.head_ref" | "github.event.number" | "github.event" | "?")
        || name.starts_with("github.event.workflow_run.head")
        || name.starts_with("github.event.workflow_run.pull_requests")
        || name.starts_with("github.event.issue.number")
        || name.starts_with("github.event.issue.pull_request")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(expression: &str) -> bool {
        names(expression).iter().any(|name| is_untrusted(name))
    }

    #[test]
    fn what_outsiders_write_is_told_from_what_they_do_not() {
        for (expression, expected) in [
            (" github.event.issue.title ", true),
            ("github.event.issue['title']", true),
            ("github['event']['issue']['title']", true),
            ("github [ 'event' ] . issue.title", true),
            ("GitHub.Event.Issue.Title", true),
            ("github.event.issue[env.KEY]", true),
            ("github[matrix.x]", true),
            ("github.head_ref", true),
            ("github.event.commits[0].message", true),
            ("github.event.commits.*.message", true),
            ("join(github.event.commits.*.message, ' ')", true),
            ("github.event.head_commit.author.email", true),
            ("github.event.pages[0].page_name", true),
            ("github.event.pull_request.head.ref", true),
            ("github.event.pull_request.head.label", true),
            ("format('{0}', github.event.issue.body)", true),
            ("github.event.issue.title == 'x' && github.event.issue.body || ''", true),
            ("github.head_ref || github.ref", true),
            ("(github.head_ref)", true),
            ("toJSON(github.event)", true),
            ("toJSON(github)", true),
            ("toJSON(github.event.issue)", true),
            ("fromJSON(toJSON(github.event.comment)).body", true),
            ("github.event.pull_request.head.sha", false),
            ("github.event.pull_request.number", false),
            ("github.event.pull_request && 'a' || 'b'", false),
            ("contains(github.event.comment.body, '/run')", false),
            ("contains(github.event.comment.body, ')') && 'a' || 'b'", false),
            ("github.head_ref == 'main'", false),
            ("!github.head_ref", false),
            ("'github.head_ref'", false),
            ("github.event.action", false),
            ("github.event.repository.default_branch", false),
            ("github.repository", false),
            ("github.event.inputs.title", false),
            ("secrets.TOKEN", false),
            ("hashFiles('**/Cargo.lock')", false),
        ] {
            assert_eq!(writes(expression), expected, "{expression}: {:?}", names(expression));
        }
        assert_eq!(expressions("a\n${{ x }} ${{y}}").len(), 2);
        assert_eq!(expressions("a\n${{ x }}")[0], (1, " x "));
    }

    #[test]
    fn code_of_proposals_and_inputs_have_names() {
        let of = |expression: &str| names(expression).iter().any(|name| is_proposal(name));
        for expression in [
            "github.event.pull_request.head.sha",
            "github.event.pull_request['head']['sha']",
            "github.event.pull_request.head.sha || github.sha",
            "format('refs/pull/{0}/merge', github.event.number)",
            "github.event.workflow_run.head_commit.id",
            "github.event.issue.number",
        ] {
            assert!(of(expression), "{expression}");
        }
        for expression in ["github.event.pull_request.base.sha", "github.sha", "github.event.repository.name"] {
            assert!(!of(expression), "{expression}");
        }
        for expression in ["inputs.version", "github.event.inputs['version']", "github.event.inputs.version"] {
            assert_eq!(names(expression).iter().find_map(|name| input(name)), Some("version"), "{expression}");
        }
        assert!(names("inputs.version == 'x'").is_empty());
        assert!(is_payload("github.event.client_payload.x"));
    }
}
