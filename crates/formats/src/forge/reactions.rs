// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How fast somebody reacts to issues, and whether somebody else looked at a change.

use hashbrown::HashMap;
use serde_json::Value;
use underpin_model::Timestamp;

use super::{Change, Comment, Forge, Issue, Somebody, rows};

/// Issues with the first reaction of somebody else than their author.
#[derive(Default)]
pub struct Reactions {
    issues: HashMap<u64, (Timestamp, Option<Somebody>, Option<Timestamp>)>,
}

impl Reactions {
    /// Takes issues that were opened after a moment.
    pub fn add_issues(&mut self, issues: Vec<Issue>, from: Timestamp) {
        for issue in issues.into_iter().filter(|issue| issue.created > from) {
            self.issues.insert(issue.number, (issue.created, issue.author, None));
        }
    }

    /// The numbers of all issues.
    pub fn numbers(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.issues.keys().copied().collect();
        numbers.sort_unstable();
        numbers
    }

    /// Forgets all but the newest issues.
    pub fn keep_newest(&mut self, most: usize) {
        let numbers = self.numbers();
        for number in numbers.iter().take(numbers.len().saturating_sub(most)) {
            self.issues.remove(number);
        }
    }

    /// Takes comments; those that name no issue are about this one.
    pub fn add_comments(&mut self, comments: Vec<Comment>, about: Option<u64>) {
        for comment in comments {
            let number = comment.issue.or(about);
            let Some(issue) = number.and_then(|number| self.issues.get_mut(&number)) else { continue };
            // A word of nobody, as of accounts that are gone, counts as one of somebody else.
            let is_own = comment.author.is_some() && comment.author == issue.1;
            if !is_own && comment.created >= issue.0 {
                issue.2 = Some(issue.2.map_or(comment.created, |first| first.min(comment.created)));
            }
        }
    }

    /// How many issues there are, and the mean seconds until the first reaction; one without any counts with the time it has waited until now.
    pub fn mean(&self, now: Timestamp) -> (u64, Option<u64>) {
        let waited = self.issues.values().map(|(created, _, first)| {
            let until = first.unwrap_or(now);
            u128::from(u64::try_from(until.0.saturating_sub(created.0)).unwrap_or_default() / 1_000_000)
        });
        let (count, sum) = waited.fold((0_u128, 0_u128), |(count, sum), one| (count + 1, sum + one));
        let mean = sum.checked_div(count).and_then(|mean| u64::try_from(mean).ok());
        (u64::try_from(count).unwrap_or(u64::MAX), mean)
    }
}

/// Whether somebody else than its author looked at a change, as its reviews or approvals say; `None` for what is no such answer.
pub fn reviewed_by_another(forge: Forge, bytes: &[u8], change: &Change) -> Option<bool> {
    let is_other = |somebody: Option<Somebody>| somebody.is_some() && somebody != change.author;
    if forge == Forge::Gitlab {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let all = value.get("approved_by")?.as_array()?;
        return Some(all.iter().any(|one| is_other(forge_user(one.get("user")))));
    }
    let done = |value: &Value| {
        let state = value.get("state").and_then(Value::as_str).unwrap_or_default();
        matches!(state, "APPROVED" | "CHANGES_REQUESTED" | "REQUEST_CHANGES" | "COMMENTED" | "COMMENT")
    };
    Some(rows(bytes)?.iter().any(|value| done(value) && is_other(forge_user(value.get("user")))))
}

fn forge_user(user: Option<&Value>) -> Option<Somebody> {
    user?.get("id")?.as_u64().map(Somebody)
}
