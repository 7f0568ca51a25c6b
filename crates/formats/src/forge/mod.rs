// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What forges answer about a repository: GitHub, GitLab (openCode among them) and Forgejo, read into the same few facts.
//!
//! Who wrote something is needed to tell a reaction of somebody else from the author's own word. It is a number here that nothing outside
//! this module can read; names are never read. Sources: the REST descriptions of GitHub (2022-11-28), GitLab (version 4) and Forgejo (version 1).

mod listed;
mod reactions;
#[cfg(test)]
mod tests;

use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::FORGE_ROWS;

pub use listed::{ListPage, Listed};
pub use reactions::{Reactions, reviewed_by_another};

/// Which forge answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub.
    Github,
    /// GitLab.
    Gitlab,
    /// Forgejo, Gitea and Codeberg.
    Forgejo,
}

/// Somebody, told from others by a number of the forge. It is never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Somebody(u64);

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Its default branch.
    pub branch: String,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether everybody may read it; `None` where the answer does not say so.
    pub is_public: Option<bool>,
    /// Whether it has a place for issues.
    pub has_issues: Option<bool>,
}

/// What protects a branch. Each is `None` where it was not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// It takes no forced push.
    pub no_force: Option<bool>,
    /// It cannot be deleted.
    pub is_kept: Option<bool>,
    /// Somebody else has to approve a change.
    pub approval: Option<bool>,
    /// It is changed by proposals alone.
    pub by_proposals: Option<bool>,
}

impl Protection {
    /// Of a branch that nothing protects.
    pub const NONE: Self =
        Self { no_force: Some(false), is_kept: Some(false), approval: Some(false), by_proposals: Some(false) };

    /// With what only the other answer tells.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            no_force: self.no_force.or(other.no_force),
            is_kept: self.is_kept.or(other.is_kept),
            approval: self.approval.or(other.approval),
            by_proposals: self.by_proposals.or(other.by_proposals),
        }
    }

    /// Whether nothing is left open.
    pub fn is_whole(self) -> bool {
        [self.no_force, self.is_kept, self.approval, self.by_proposals].iter().all(Option::is_some)
    }
}

/// An issue, with whom it is from.
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// When it was opened.
    pub created: Timestamp,
    author: Option<Somebody>,
}

/// A word about an issue.
pub struct Comment {
    /// The number of the issue; `None` where the question named it.
    pub issue: Option<u64>,
    created: Timestamp,
    author: Option<Somebody>,
}

/// A change that was merged.
pub struct Change {
    /// Its number.
    pub number: u64,
    /// When it was merged.
    pub merged: Timestamp,
    author: Option<Somebody>,
}

fn rows(bytes: &[u8]) -> Option<Vec<Value>> {
    let rows = serde_json::from_slice::<Value>(bytes).ok()?;
    let rows = rows.as_array()?;
    (rows.len() <= FORGE_ROWS).then(|| rows.clone())
}

fn moment(value: &Value, name: &str) -> Option<Timestamp> {
    value.get(name)?.as_str()?.parse().ok()
}

fn flag(bytes: &[u8], path: &str) -> Option<bool> {
    serde_json::from_slice::<Value>(bytes).ok()?.pointer(path)?.as_bool()
}

impl Forge {
    fn somebody(self, value: &Value) -> Option<Somebody> {
        let name = if self == Self::Gitlab { "author" } else { "user" };
        value.get(name)?.get("id")?.as_u64().map(Somebody)
    }

    /// The number by which a person calls something of the repository.
    fn number(self, value: &Value) -> Option<u64> {
        value.get(if self == Self::Gitlab { "iid" } else { "number" })?.as_u64()
    }

    /// Reads a repository.
    pub fn repository(self, bytes: &[u8]) -> Option<Repository> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let branch = value.get("default_branch")?.as_str()?;
        (branch.len() <= 250).then_some(())?;
        let own = |key: &str| value.get(key).and_then(Value::as_bool);
        let archived = own("archived").unwrap_or_default();
        let word = |key: &str, yes: &str| value.get(key).and_then(Value::as_str).map(|word| word == yes);
        let (is_public, has_issues) = match self {
            Self::Github => (word("visibility", "public").or(own("private").map(|is| !is)), own("has_issues")),
            Self::Gitlab => {
                (word("visibility", "public"), word("issues_access_level", "enabled").or(own("issues_enabled")))
            }
            // Shown to whoever has an account is not shown to everybody.
            Self::Forgejo => {
                let is_closed = own("private").map(|is| is || own("internal") == Some(true));
                (is_closed.map(|is| !is), own("has_issues"))
            }
        };
        Some(Repository { branch: branch.to_owned(), archived, is_public, has_issues })
    }

    /// Reads a list of issues. What is a proposed change there is none.
    pub fn issues(self, bytes: &[u8]) -> Option<Vec<Issue>> {
        let issue = |value: &Value| {
            Some(Issue {
                number: self.number(value)?,
                created: moment(value, "created_at")?,
                author: self.somebody(value),
            })
        };
        let is_issue = |value: &&Value| value.get("pull_request").is_none_or(Value::is_null);
        rows(bytes)?.iter().filter(is_issue).map(issue).collect()
    }

    /// Reads a list of comments. What a forge notes by itself is none.
    pub fn comments(self, bytes: &[u8]) -> Option<Vec<Comment>> {
        let comment = |value: &Value| {
            let issue =
                value.get("issue_url").and_then(Value::as_str).and_then(|url| url.rsplit('/').next()?.parse().ok());
            Some(Comment { issue, created: moment(value, "created_at")?, author: self.somebody(value) })
        };
        let is_written = |value: &&Value| value.get("system").and_then(Value::as_bool) != Some(true);
        rows(bytes)?.iter().filter(is_written).map(comment).collect()
    }

    /// Reads a list of changes; those that were not merged are left out.
    pub fn changes(self, bytes: &[u8]) -> Option<Vec<Change>> {
        let change = |value: &Value| {
            Some(Change {
                number: self.number(value)?,
                merged: moment(value, "merged_at")?,
                author: self.somebody(value),
            })
        };
        let is_merged = |value: &&Value| value.get("merged_at").is_some_and(|at| !at.is_null());
        rows(bytes)?.iter().filter(is_merged).map(change).collect()
    }

    /// What protects a branch, as one answer of this forge tells.
    pub fn protection(self, bytes: &[u8], branch: &str) -> Protection {
        match self {
            Self::Github => rows(bytes).map(|rules| github_rules(&rules)).unwrap_or_default(),
            Self::Gitlab => rows(bytes).map(|rules| gitlab_rules(&rules, branch)).unwrap_or_default(),
            Self::Forgejo => {
                let approvals = serde_json::from_slice::<Value>(bytes).ok();
                let approvals = approvals.and_then(|value| value.get("required_approvals")?.as_u64());
                let own = flag(bytes, "/protected");
                let by_proposals = own.filter(|is_protected| !is_protected);
                Protection { no_force: own, is_kept: own, approval: approvals.map(|count| count > 0), by_proposals }
            }
        }
    }
}

/// A branch without rules may still be protected in the older way.
fn github_rules(rules: &[Value]) -> Protection {
    let has = |kind: &str| {
        let is_there = rules.iter().any(|rule| rule.get("type").and_then(Value::as_str) == Some(kind));
        is_there.then_some(true)
    };
    let reviews = rules.iter().filter_map(|rule| rule.pointer("/parameters/required_approving_review_count"));
    let is_reviewed = reviews.filter_map(Value::as_u64).any(|count| count > 0);
    Protection {
        no_force: has("non_fast_forward"),
        is_kept: has("deletion"),
        approval: is_reviewed.then_some(true),
        by_proposals: has("pull_request"),
    }
}

fn gitlab_rules(rules: &[Value], branch: &str) -> Protection {
    let name = |rule: &Value| rule.get("name").and_then(Value::as_str).map(str::to_owned);
    let own: Vec<&Value> =
        rules.iter().filter(|rule| name(rule).is_some_and(|name| is_pattern_of(&name, branch))).collect();
    if own.is_empty() {
        return Protection { approval: None, ..Protection::NONE };
    }
    let is_open = own.iter().any(|rule| rule.get("allow_force_push").and_then(Value::as_bool) == Some(true));
    // Access level 0 is nobody. Of several rules the widest counts.
    let nobody = |rule: &&Value| {
        let levels = rule.get("push_access_levels")?.as_array()?;
        Some(levels.iter().all(|level| level.get("access_level").and_then(Value::as_u64) == Some(0)))
    };
    let pushes: Option<Vec<bool>> = own.iter().map(nobody).collect();
    Protection {
        no_force: Some(!is_open),
        is_kept: Some(true),
        approval: None,
        by_proposals: pushes.map(|all| all.iter().all(|is_nobody| *is_nobody)),
    }
}

/// Whether a name with `*` for anything fits a branch.
fn is_pattern_of(pattern: &str, branch: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = branch.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

/// The older protection of a branch of GitHub, which only those who look after it are told.
pub fn github_protection(bytes: &[u8]) -> Protection {
    let allows = |path: &str| flag(bytes, path).map(|allowed| !allowed);
    let (no_force, is_kept) = (allows("/allow_force_pushes/enabled"), allows("/allow_deletions/enabled"));
    let value = serde_json::from_slice::<Value>(bytes).ok();
    let reviews = value.as_ref().and_then(|value| value.get("required_pull_request_reviews"));
    let count = reviews.and_then(|reviews| reviews.get("required_approving_review_count")?.as_u64());
    Protection {
        no_force,
        is_kept,
        approval: value.as_ref().map(|_| count.is_some_and(|count| count > 0)),
        by_proposals: value.as_ref().map(|_| reviews.is_some()),
    }
}

/// Whether a branch of GitHub is protected at all.
pub fn github_branch(bytes: &[u8]) -> Option<bool> {
    flag(bytes, "/protected")
}

/// A yes or no of an answer, by its place.
pub fn answer(bytes: &[u8], path: &str) -> Option<bool> {
    flag(bytes, path)
}
