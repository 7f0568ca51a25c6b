// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Replies by mail: found by the reference that the letter carried, never by the sender alone, which anybody can write. Nothing is lost: what
//! is not taken is kept whole, with the reason.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use underpin_feeds::mail::is_address;
use underpin_feeds::mailbox::{MailFile, ReceivedMail, read_mail};
use underpin_ledger::{MailKey, NewTakenMail};
use underpin_model::limits::bounds::MAIL_BYTES;
use underpin_model::rounds::KeyPurpose;
use underpin_model::{Timestamp, Viewer};

use super::answers::actor_of;
use super::asked::{Asked, AskedItem, digest};
use super::taken::MailTaken;
use crate::error::Result;
use crate::house::{Desk, House, operator_only};

/// How a reference begins, and how many letters follow.
const MARK: &str = "up-";
const LETTERS: usize = 32;

/// A mail that is kept aside.
struct Aside {
    code: &'static str,
    detail: String,
}

/// A mail that can be taken: what it is about, and which files belong to which task.
struct Sorted {
    key: MailKey,
    reference: String,
    desk: Desk,
    items: Vec<Share>,
}

/// A task, and the files that belong to it.
type Share = (AskedItem, Vec<(String, Vec<u8>)>);

impl House {
    /// Takes a mail, as the bytes of an `.eml` file. The same mail twice is taken once.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; what the ledger and the intake say. A mail that is kept aside is no error.
    pub async fn take_mail(
        &self,
        (viewer, actor): (&Viewer, &str),
        bytes: &[u8],
        (tag, now): (&str, (Timestamp, Timestamp)),
    ) -> Result<MailTaken> {
        operator_only(viewer, "take mails")?;
        let own: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(known) = self.ledger.door().mail(&own).await?.filter(|known| known.mail.outcome == "taken") {
            return Ok(outcome(known.number, "known", String::new(), &known.mail.sender));
        }
        let keep = |sender: &str, subject: &str| NewTakenMail {
            digest: own,
            sender: sender.to_owned(),
            subject: without_references(subject),
            outcome: "aside".to_owned(),
            reason: String::new(),
            about: None,
            body: json!({}),
            original: (bytes.len() <= MAIL_BYTES).then(|| bytes.to_vec()),
        };
        let read = match read_mail(bytes) {
            Ok(read) => read,
            Err(fault) => {
                let kept = keep(&fault.sender, &fault.subject);
                return self.put_aside(actor, now.1, kept, &Aside { code: fault.code, detail: fault.detail }).await;
            }
        };
        let kept = keep(&read.sender, &read.subject);
        match self.sort(&read, now).await? {
            Err(aside) => self.put_aside(actor, now.1, kept, &aside).await,
            Ok(sorted) => self.take_sorted((actor, kept), read, sorted, (tag, now)).await,
        }
    }

    async fn put_aside(&self, actor: &str, now: Timestamp, mut kept: NewTakenMail, why: &Aside) -> Result<MailTaken> {
        kept.reason = format!("{}: {}", why.code, why.detail);
        let number = self.ledger.door().keep_mail(now, actor, &kept).await?;
        Ok(outcome(number, "aside", kept.reason, &kept.sender))
    }

    /// Finds what a mail is about.
    async fn sort(
        &self,
        read: &ReceivedMail,
        now: (Timestamp, Timestamp),
    ) -> Result<std::result::Result<Sorted, Aside>> {
        let aside = |code, detail: &str| Ok(Err(Aside { code, detail: detail.to_owned() }));
        let mut named = references(&read.subject);
        named.extend(read.answers.iter().flat_map(|id| references(id)));
        named.sort();
        named.dedup();
        if named.is_empty() {
            return aside("no-reference", "neither its subject nor what it answers names a letter of ours");
        }
        let mut good: BTreeMap<_, (MailKey, String)> = BTreeMap::new();
        for reference in named {
            let key = self.ledger.door().mail_key(&digest(&reference), KeyPurpose::Reply, now.1).await?;
            if let Some(key) = key {
                good.insert((key.matter.clone(), key.agency.clone()), (key, reference));
            }
        }
        if good.len() > 1 {
            return aside("several-letters", "it answers several letters at once");
        }
        let Some((_, (key, reference))) = good.pop_first() else {
            return aside("unknown-reference", "no letter of ours has its reference, or not any more");
        };
        let desk = self.mail_desk(&key.agency, now.0).await?;
        let asked = match self.asked_in(&desk, &key.matter, &key.agency).await {
            Ok(asked) if !asked.is_closed => asked,
            Ok(_) => return aside("over", "what it answers is closed"),
            Err(error) if error.code == "not-found" => return aside("over", "what it answers is not there any more"),
            Err(error) => return Err(error),
        };
        if read.files.is_empty() && read.text.is_empty() {
            return aside("empty", "it has neither words nor files");
        }
        Ok(shared(&desk, &asked, read).map(|items| Sorted { key, reference, desk, items }))
    }

    async fn take_sorted(
        &self,
        (actor, mut kept): (&str, NewTakenMail),
        read: ReceivedMail,
        sorted: Sorted,
        (tag, now): (&str, (Timestamp, Timestamp)),
    ) -> Result<MailTaken> {
        let Sorted { key, reference, desk, items } = sorted;
        if !self.ledger.door().use_mail_key(&digest(&reference), now.1).await? {
            let aside = Aside { code: "unknown-reference", detail: "its reference is used up".to_owned() };
            return self.put_aside(actor, now.1, kept, &aside).await;
        }
        let writer = if is_address(&read.sender) { format!("mail:{}", read.sender) } else { actor_of(&key) };
        let (mut files, mut tasks) = (Vec::new(), Vec::new());
        for (position, (item, own)) in items.into_iter().enumerate() {
            tasks.push(item.task.to_string());
            let tag = format!("{tag}{position}");
            let handed = self.hand_in(&desk, &writer, &item, own, (&read.text, &tag, now.0)).await?;
            files.extend(handed.files);
        }
        let left_out = files.iter().filter(|file| file.document.is_empty()).count() + read.left_out.len();
        if left_out == 0 {
            // All of it is in the house by now.
            kept.original = None;
        }
        "taken".clone_into(&mut kept.outcome);
        if left_out > 0 {
            kept.reason = format!("left-out: {left_out} of its files are no documents");
        }
        kept.about = Some((key.matter.clone(), key.agency.clone()));
        kept.body = json!({ "files": files, "tasks": tasks, "left_out": read.left_out });
        let number = self.ledger.door().keep_mail(now.1, actor, &kept).await?;
        Ok(MailTaken { files, tasks, ..outcome(number, "taken", kept.reason, &kept.sender) })
    }
}

fn outcome(number: i64, outcome: &str, reason: String, sender: &str) -> MailTaken {
    MailTaken {
        number,
        outcome: outcome.to_owned(),
        reason,
        sender: sender.to_owned(),
        tasks: Vec::new(),
        files: Vec::new(),
    }
}

/// Which files belong to which task: each to the system whose identifier its name has in it, those that name none to the only one that was
/// asked for. Words alone go to all that are open.
fn shared(desk: &Desk, asked: &Asked, read: &ReceivedMail) -> std::result::Result<Vec<Share>, Aside> {
    let as_is = |file: &MailFile| (file.name.clone(), file.bytes.clone());
    let open: Vec<&AskedItem> = asked.items.iter().filter(|item| !item.is_answered).collect();
    if read.files.is_empty() {
        let told = if open.is_empty() { asked.items.iter().collect() } else { open };
        return Ok(told.into_iter().map(|item| (item.clone(), Vec::new())).collect());
    }
    let systems: Vec<&AskedItem> = asked.items.iter().filter(|item| !item.system.is_empty()).collect();
    // Among all systems of the agency: a file about one that was not asked for must not go to another one that was.
    let all: Vec<&str> = desk.snapshot.systems.iter().map(|system| system.id.0.as_str()).collect();
    let mut shared: Vec<Share> = Vec::new();
    for file in &read.files {
        let item = match (named(&file.name, &all).as_slice(), systems.as_slice()) {
            ([], [only]) => Some(only),
            ([id], _) => systems.iter().rfind(|item| item.system == *id),
            _ => None,
        };
        let Some(item) = item else {
            let detail = format!("{:?} does not name one of the systems that were asked for", file.name);
            return Err(Aside { code: "which-system", detail });
        };
        match shared.iter_mut().find(|(known, _)| known.task == item.task) {
            Some((_, files)) => files.push(as_is(file)),
            None => shared.push(((*item).clone(), vec![as_is(file)])),
        }
    }
    Ok(shared)
}

/// The systems that the name of a file names. The longest name counts: "portal" is part of "portal-test".
fn named<'s>(file: &str, systems: &[&'s str]) -> Vec<&'s str> {
    let mut found: Vec<&str> = systems.iter().copied().filter(|id| names(file, id)).collect();
    let longest = found.iter().map(|id| id.len()).max();
    found.retain(|id| Some(id.len()) == longest);
    found
}

/// Whether the name of a file has an identifier in it, as a word of its own.
fn names(file: &str, id: &str) -> bool {
    let (file, id) = (file.to_lowercase(), id.to_lowercase());
    let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    file.match_indices(&id).any(|(at, found)| {
        !is_part(file[..at].chars().next_back()) && !is_part(file[at + found.len()..].chars().next())
    })
}

/// References in a text, in the spelling in which they were given out.
fn references(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(MARK) {
        let rest = &lower[at + MARK.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        if digits.len() == LETTERS {
            found.push(format!("UP-{digits}"));
        }
    }
    found
}

/// A subject that can be shown: a reference is a key.
fn without_references(subject: &str) -> String {
    references(subject).iter().fold(subject.to_owned(), |text, reference| {
        let lower = text.to_ascii_lowercase();
        match lower.find(&reference.to_ascii_lowercase()) {
            Some(at) => format!("{}UP-…{}", &text[..at], &text[at + reference.len()..]),
            None => text,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_however_mail_programs_write_them() {
        let digits = "0123456789abcdef0123456789abcdef";
        let reference = format!("UP-{digits}");
        for (text, expected) in [
            (format!("Re: Autumn [UP-{digits}]"), 1),
            (format!("AW: [up-{}]", digits.to_uppercase()), 1),
            (format!("underpin-up-{digits}@office.example"), 1),
            (format!("UP-{digits}0"), 0),
            ("UP-0123".to_owned(), 0),
            ("up- ü UP-".to_owned(), 0),
        ] {
            let found = references(&text);
            assert_eq!(found.len(), expected, "{text}");
            assert!(found.iter().all(|one| *one == reference), "{text}: {found:?}");
            assert!(expected == 0 || !without_references(&text).to_lowercase().contains(digits), "{text}");
        }
    }

    #[test]
    fn a_file_names_a_system_as_a_word() {
        for (file, id, expected) in [
            ("lab-reporting.cdx.json", "lab-reporting", true),
            ("sbom_Lab-Reporting (2).json", "lab-reporting", true),
            ("collab-reporting.json", "lab-reporting", false),
            ("portal.json", "portal-test", false),
            ("ä-portal.json", "portal", true),
        ] {
            assert_eq!(names(file, id), expected, "{file} {id}");
        }
    }

    #[test]
    fn the_longest_name_counts_and_equal_ones_do_not() {
        let systems = ["lab-a", "lab-b", "portal", "portal-test"];
        for (file, expected) in [
            ("portal.json", &["portal"][..]),
            ("portal-test.cdx.json", &["portal-test"]),
            ("lab-a_lab-b.json", &["lab-a", "lab-b"]),
            ("bom.json", &[]),
        ] {
            assert_eq!(named(file, &systems), expected, "{file}");
        }
    }
}
