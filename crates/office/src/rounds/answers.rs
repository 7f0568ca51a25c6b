// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answering by a link: saying how a task stands, handing in files. Everything happens with the eyes of the agency that the link was given to,
//! in its name, and as far as the link is good for.

use underpin_ledger::MailKey;
use underpin_model::incidents::{TaskChange, TaskId, TaskState};
use underpin_model::rounds::{KeyPurpose, MailAnswer, answered};
use underpin_model::{DocumentId, Timestamp, Viewer};

use super::asked::{Asked, AskedItem, digest, no_key};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::intake::{About, AddOptions, Fate, Silent, Target, Upload};

/// What came of handing in files.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Handed {
    /// What became of each file: its name, a code, the document, more about it.
    pub files: Vec<HandedFile>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct HandedFile {
    /// What it is called.
    pub path: String,
    /// `accepted`, `quarantined`, `duplicate`, or why it is no document.
    pub code: String,
    /// The document that it is, as `D12`; empty when it is none.
    pub document: String,
    /// More about it.
    pub detail: String,
}

impl HandedFile {
    fn of(fate: &Fate) -> Self {
        Self {
            path: fate.path.clone(),
            code: fate.code.clone(),
            document: fate.document.map(|id| id.to_string()).unwrap_or_default(),
            detail: fate.detail.clone(),
        }
    }
}

/// In whose name somebody without an account acts.
pub(super) fn actor_of(key: &MailKey) -> String {
    if key.address.is_empty() { format!("letter:{}", key.agency.0) } else { format!("mail:{}", key.address) }
}

impl House {
    /// Says by a link how a task stands.
    ///
    /// # Errors
    /// `not-found` for a link that is not good, `over` for what is not asked any more, `usage` for a task that it is not about,
    /// `empty-reason` for "we cannot" without a reason.
    pub async fn answer_by_key(
        &self,
        secret: &str,
        task: TaskId,
        (answer, words): (MailAnswer, &str),
        now: (Timestamp, Timestamp),
    ) -> Result<()> {
        let (key, desk) = self.key_desk(secret, KeyPurpose::Answer, now).await?;
        let asked = self.asked_in(&desk, &key.matter, &key.agency).await?;
        let item = item_of(&asked, task)?;
        if answer == MailAnswer::CannotBecause && words.trim().is_empty() {
            return Err(OfficeError::new("empty-reason", "say why it cannot be done"));
        }
        let mut change = answered(item.kind, asked.is_round, answer, words);
        if change.text.is_empty() {
            answer.as_str().clone_into(&mut change.text);
        }
        if !self.ledger.door().use_mail_key(&digest(secret), now.1).await? {
            return Err(no_key());
        }
        let writer = self.ledger.writer(&actor_of(&key), desk.viewer.clone());
        writer.change_task(now.0, task, change, None).await?;
        Ok(())
    }

    /// Hands in files by a link, for exactly the system of a task.
    ///
    /// # Errors
    /// `not-found` for a link that is not good, `over` for what is not asked any more, `usage` for a task that it is not about or
    /// that has no system, and what the intake says.
    pub async fn upload_by_key(
        &self,
        secret: &str,
        task: TaskId,
        files: Vec<(String, Vec<u8>)>,
        (tag, now): (&str, (Timestamp, Timestamp)),
    ) -> Result<Handed> {
        let (key, desk) = self.key_desk(secret, KeyPurpose::Upload, now).await?;
        let asked = self.asked_in(&desk, &key.matter, &key.agency).await?;
        let item = item_of(&asked, task)?;
        if item.system.is_empty() {
            return Err(OfficeError::new("usage", "files are about a system; say for which one"));
        }
        if !self.ledger.door().use_mail_key(&digest(secret), now.1).await? {
            return Err(no_key());
        }
        self.hand_in(&desk, &actor_of(&key), item, files, ("", tag, now.0)).await
    }

    /// Takes files as evidence about a system, in the name of somebody without an account.
    pub(crate) async fn take_files(
        &self,
        viewer: &Viewer,
        actor: &str,
        system: &str,
        files: Vec<(String, Vec<u8>)>,
        (tag, at): (&str, Timestamp),
    ) -> Result<Handed> {
        let options = AddOptions {
            paths: Vec::new(),
            target: Target::Rules,
            uploader: None,
            viewer: viewer.clone(),
            actor: actor.to_owned(),
            tag: tag.to_owned(),
        };
        let about = About::System(system.to_owned(), None);
        let uploads: Vec<Upload> =
            files.into_iter().map(|(name, bytes)| Upload { name, bytes, about: about.clone() }).collect();
        let names: Vec<String> = uploads.iter().map(|upload| upload.name.clone()).collect();
        let mut handed = Handed::default();
        if !uploads.is_empty() {
            let outcomes = self.add_together(&options, uploads, at, &Silent).await?;
            for (name, outcome) in names.into_iter().zip(outcomes) {
                match outcome {
                    Ok(uploaded) => handed.files.extend(uploaded.fates.iter().map(HandedFile::of)),
                    Err(error) => handed.files.push(HandedFile {
                        path: name,
                        code: error.code.to_owned(),
                        document: String::new(),
                        detail: error.message,
                    }),
                }
            }
            self.tidy_up(&options.tag, at, None).await?;
        }
        Ok(handed)
    }

    /// Takes files as evidence about the system of a task, and tells the task of it.
    pub(super) async fn hand_in(
        &self,
        desk: &Desk,
        actor: &str,
        item: &AskedItem,
        files: Vec<(String, Vec<u8>)>,
        (words, tag, at): (&str, &str, Timestamp),
    ) -> Result<Handed> {
        let handed = self.take_files(&desk.viewer, actor, &item.system, files, (tag, at)).await?;
        let documents = handed.files.iter().filter_map(|file| file.document.parse::<DocumentId>().ok());
        let evidence: Option<DocumentId> = documents.max();
        let change = TaskChange {
            // That it was heard; whether it is enough follows from the evidence.
            state: (item.state == TaskState::Open).then_some(TaskState::Acknowledged),
            text: words.to_owned(),
            evidence,
            ..TaskChange::default()
        };
        if evidence.is_some() || !words.is_empty() {
            let writer = self.ledger.writer(actor, desk.viewer.clone());
            writer.change_task(at, item.task, change, None).await?;
        }
        Ok(handed)
    }
}

/// The item of a task; refused where nothing is asked any more.
fn item_of(asked: &Asked, task: TaskId) -> Result<&AskedItem> {
    if asked.is_closed {
        return Err(OfficeError::new("over", "this is over: nothing is asked any more"));
    }
    let found = asked.items.iter().find(|item| item.task == task);
    found.ok_or_else(|| OfficeError::new("usage", "this link is not about that"))
}
