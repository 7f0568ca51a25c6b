// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The right of reply: what a project says about what is stored of it stands beside ours. Ours is not overwritten.
//!
//! A reply is written down by a person who got it from the project. What it says of how the project wants to be approached counts for
//! the gate; that the project wants no contact stays so unless it says the opposite later.

use std::path::Path;

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::engagement::{ProjectFacts, ProjectReply};
use underpin_model::limits::bounds::{CONTACT_FIELD_BYTES, REPLY_BYTES, REPLY_STATEMENTS};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// Kind of the lines that hold a reply.
const REPLY: &str = "reply";

/// Reads a reply from a file: TOML, or JSON where its name ends so.
///
/// # Errors
/// `invalid-reply`; when the file cannot be read.
pub fn read_reply(path: &Path) -> Result<ProjectReply> {
    let of = |error: std::io::Error| OfficeError::file(path, &error);
    if path.metadata().map_err(of)?.len() > REPLY_BYTES {
        return Err(fault(format!("{} has more than {REPLY_BYTES} bytes", path.display())));
    }
    let text = std::fs::read_to_string(path).map_err(of)?;
    let is_json = path.extension().is_some_and(|end| end == "json");
    let read = underpin_formats::project_reply::read(&text, is_json);
    let reply = read.map_err(|error| fault(format!("{}: {error}", path.display())))?;
    check(&reply)?;
    Ok(reply)
}

fn fault(message: String) -> OfficeError {
    OfficeError::new("invalid-reply", message)
        .hint("a reply has a day, tables [[statement]] with about and text, and [contact]; the manual has an example")
}

/// Refuses what can be no reply.
fn check(reply: &ProjectReply) -> Result<()> {
    if reply.statements.is_empty() && reply.contact.is_empty() {
        return Err(fault("it says nothing".to_owned()));
    }
    if reply
        .contact
        .entries()
        .iter()
        .any(|(_, value)| value.len() > CONTACT_FIELD_BYTES || value.contains(char::is_control))
    {
        return Err(fault(format!("an address is one line of at most {CONTACT_FIELD_BYTES} bytes")));
    }
    if reply.statements.len() > REPLY_STATEMENTS {
        return Err(fault(format!("it has more than {REPLY_STATEMENTS} statements")));
    }
    for one in &reply.statements {
        if one.text.trim().is_empty() || one.text.len() > CONTACT_FIELD_BYTES {
            return Err(fault(format!("a statement is a text of at most {CONTACT_FIELD_BYTES} bytes")));
        }
        if one.text.split_whitespace().any(|word| word.trim_matches('@').contains('@')) {
            return Err(fault("leave addresses of people out of statements".to_owned()));
        }
    }
    Ok(())
}

impl House {
    /// Writes a reply of a project down.
    ///
    /// # Errors
    /// `invalid-reply`; `not-allowed`; what the ledger says.
    pub async fn take_reply(&self, author: &Author, project: &str, reply: ProjectReply) -> Result<()> {
        check(&reply)?;
        if reply.day > author.at {
            return Err(fault("its day lies in the future".to_owned()));
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_project(author.at, project, REPLY, json!(reply)).await?;
        Ok(())
    }

    /// What a project said by a moment, the oldest first. It said that itself: everybody may know.
    pub(super) async fn replies(&self, project: &str, as_of: Timestamp) -> Result<Vec<ProjectReply>> {
        let records = self.ledger.operator_reader().project_records(REPLY, Some(project), as_of).await?;
        let read = |record: underpin_ledger::ProjectRecord| {
            let place = (record.number, record.project);
            serde_json::from_value(record.body).map_err(|error| super::facts::damaged(place.0, &place.1, &error))
        };
        records.into_iter().map(read).collect()
    }
}

/// What is known of how a project wants to be approached, with its own word before ours.
pub(super) fn with_replies(ours: (ProjectFacts, Option<Timestamp>), replies: &[ProjectReply]) -> ProjectFacts {
    let (mut facts, written) = ours;
    for reply in replies.iter().filter(|reply| !reply.contact.is_empty()) {
        let was_opted_out = facts.is_opted_out;
        facts = reply.contact.over(facts);
        // A day reaches to its end: what was written down on it may be older.
        let is_later = written.is_none_or(|written| written.0 < reply.day.0 + Timestamp::DAY_US);
        facts.is_opted_out |= was_opted_out && !is_later;
    }
    facts
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::{ProjectStatement, StatedContact};

    use super::*;

    fn reply(day: i64, contact: StatedContact) -> ProjectReply {
        ProjectReply { day: Timestamp(day * Timestamp::DAY_US), statements: Vec::new(), contact }
    }

    #[test]
    fn the_word_of_the_project_comes_before_ours() {
        let ours = || {
            let facts =
                ProjectFacts { project: "p".to_owned(), accepts_changes: Some(true), ..ProjectFacts::default() };
            (facts, Some(Timestamp(100 * Timestamp::DAY_US)))
        };
        let first = reply(
            50,
            StatedContact {
                accepts_changes: Some(false),
                stated: Some("https://p.example".to_owned()),
                ..StatedContact::default()
            },
        );
        let facts = with_replies(ours(), std::slice::from_ref(&first));
        assert_eq!(
            (facts.accepts_changes, facts.addresses.stated.as_deref()),
            (Some(false), Some("https://p.example"))
        );
        let then = with_replies(
            ours(),
            &[first, reply(60, StatedContact { accepts_changes: Some(true), ..StatedContact::default() })],
        );
        assert_eq!((then.accepts_changes, then.addresses.stated.as_deref()), (Some(true), Some("https://p.example")));
    }

    #[test]
    fn an_opt_out_ends_only_by_a_later_word() {
        let opted = |out| StatedContact { is_opted_out: Some(out), ..StatedContact::default() };
        let ours = |day: i64| {
            let facts = ProjectFacts { project: "p".to_owned(), is_opted_out: true, ..ProjectFacts::default() };
            (facts, Some(Timestamp(day * Timestamp::DAY_US)))
        };
        let opens = [reply(50, opted(false))];
        assert!(with_replies(ours(100), &opens).is_opted_out, "ours is newer");
        assert!(!with_replies(ours(40), &opens).is_opted_out);
        let closes = [reply(50, opted(true))];
        let open = (ProjectFacts::default(), Some(Timestamp(100 * Timestamp::DAY_US)));
        assert!(with_replies(open, &closes).is_opted_out);
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        let says = |text: &str| {
            let statement = ProjectStatement { about: None, text: text.to_owned() };
            ProjectReply { statements: vec![statement], ..reply(1, StatedContact::default()) }
        };
        let many =
            ProjectReply { statements: vec![ProjectStatement::default(); 201], ..reply(1, StatedContact::default()) };
        for wrong in [
            reply(1, StatedContact::default()),
            says(" "),
            says("write to jane@p.example"),
            says(&"x".repeat(2_001)),
            many,
        ] {
            assert_eq!(check(&wrong).expect_err("refused").code, "invalid-reply", "{wrong:?}");
        }
        check(&says("We publish an SBOM @ every release.")).expect("a reply");
    }
}
