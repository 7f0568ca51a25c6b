// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Approving and taking back: a draft is held against the standard's own tests and against what it rests on again before it leaves.

use underpin_formats::csaf::{self, Issue, Published};
use underpin_ledger::{Approval, LedgerError, NewPublication, PublicationRecord};
use underpin_model::Timestamp;
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::watch::Tlp;

use super::content::{Content, FileForm, PublishedContent};
use super::drafts::{Drafted, PublicationRow, judged, unknown};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::watch::sync::feed_error;

impl House {
    /// Approves the draft that waits under a name: dates it, holds it against the tests again, signs it, and publishes it.
    ///
    /// # Errors
    /// `unknown-publication`, `publication-changed` for another digest than that of the draft, `same-publisher` for its author,
    /// `publication-outdated` when what it is made from is not so any more, `marked-stricter`, `not-allowed`, `no-key`, `key-revoked`,
    /// `csaf-invalid`, and what the ledger says.
    pub async fn approve_publication(
        &self,
        author: &Author,
        (kind, name): (PublicationKind, &str),
        digest: &str,
    ) -> Result<PublicationRow> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let found = reader.publications().await?;
        let of_name = || found.iter().rev().filter(|one| one.draft.kind == kind && one.draft.name == name);
        let waiting = of_name().find(|one| one.state == PublicationState::Draft).ok_or_else(|| unknown(name))?;
        // What is signed is what was read: the ledger compares again, with whatever waits by then.
        if waiting.digest != digest.trim().to_lowercase() {
            return Err(LedgerError::PublicationChanged(name.to_owned()).into());
        }
        let content = Content::read(&waiting.draft.content, name)?;
        self.still_right(author, &waiting.draft, &content).await?;
        let before = of_name().find(|one| one.state == PublicationState::Approved);
        let before = before.map(|one| PublishedContent::read(&one.published, name)).transpose()?;
        let key = self.signing_key().await?;
        let at = whole_second(author.at, before.as_ref().map(|before| before.released));
        let published = content.publish(before.map(|before| before.first), at, &key)?;
        if let Some(file) = published.content.file(FileForm::Csaf) {
            judged(&file.text)?;
        }
        let approval = Approval {
            digest: digest.trim().to_lowercase(),
            published: serde_json::to_string(&published).unwrap_or_default(),
            key: Some((key.fingerprint(), key.public().map_err(feed_error)?)),
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.approve_publication(author.at, (kind, name), approval).await?;
        // What was approved, and not what somebody has drafted under the name since.
        let is_it = |one: &PublicationRecord| {
            (one.draft.kind, one.draft.name.as_str()) == (kind, name)
                && one.state == PublicationState::Approved
                && one.digest == waiting.digest
        };
        let row = reader.publications().await?.into_iter().rev().find(is_it);
        PublicationRow::of(row.ok_or_else(|| unknown(name))?)
    }

    /// Withdraws: a draft that waits is taken back. What is published gets a draft that says so, which another person approves; what was
    /// published stays in the register.
    ///
    /// # Errors
    /// `unknown-publication`, `empty-reason`, `not-allowed`, and what the ledger says.
    pub async fn withdraw_publication(
        &self,
        author: &Author,
        (kind, name): (PublicationKind, &str),
        reason: &str,
    ) -> Result<Option<Drafted>> {
        let found = self.ledger.reader(author.viewer.clone(), author.at).publications().await?;
        let of_name = || found.iter().rev().filter(|one| one.draft.kind == kind && one.draft.name == name);
        if of_name().any(|one| one.state == PublicationState::Draft) {
            let writer = self.ledger.writer(&author.actor, author.viewer.clone());
            writer.take_back_publication(author.at, (kind, name), reason).await?;
            return Ok(None);
        }
        let approved = of_name().find(|one| one.state == PublicationState::Approved).ok_or_else(|| unknown(name))?;
        if reason.trim().is_empty() {
            return Err(LedgerError::EmptyReason.into());
        }
        let published = PublishedContent::read(&approved.published, name)?;
        if published.content.withdraws {
            return Err(OfficeError::new("invalid-publication", format!("{name} was withdrawn before")));
        }
        let content = self.withdrawal(author, &published, approved, reason.trim())?;
        // What it was made from may be gone: that is why it is taken back.
        let new = NewPublication { content: String::new(), basis: Some(Vec::new()), ..approved.draft.clone() };
        self.keep_draft(author, new, content, (Vec::new(), 0)).await.map(Some)
    }

    /// The version that takes the last one back.
    fn withdrawal(
        &self,
        author: &Author,
        published: &PublishedContent,
        record: &PublicationRecord,
        reason: &str,
    ) -> Result<Content> {
        let mut content = published.content.clone();
        content.version += 1;
        content.withdraws = true;
        content.summary = format!("Withdrawn: {reason}");
        for file in &mut content.files {
            file.signature.clear();
            match file.form {
                FileForm::Csaf => {
                    let head = Issue {
                        id: record.draft.name.clone(),
                        tlp: record.draft.tlp,
                        publisher: self.settings.publish.publisher()?,
                        folder: (record.draft.tlp == Tlp::Clear).then(|| self.document_folder(&published.year())),
                        summary: content.summary.clone(),
                        at: author.at,
                        ..Issue::default()
                    };
                    let withdrawal = csaf::withdrawal(&published.content.title, reason);
                    file.text = csaf::text(&csaf::issue(&withdrawal, &head, Published::of(&file.text).as_ref()));
                    judged(&file.text)?;
                }
                FileForm::OpenVex => {
                    let mut value: serde_json::Value = serde_json::from_str(&file.text).unwrap_or_default();
                    value["version"] = content.version.into();
                    value["statements"] = serde_json::json!([]);
                    file.text = csaf::text(&value);
                }
                FileForm::Osv | FileForm::Sbom => {}
            }
        }
        Ok(content)
    }
}

/// The moment of a release, in whole seconds as documents write it; later than the one before it.
fn whole_second(at: Timestamp, before: Option<Timestamp>) -> Timestamp {
    let second = 1_000_000;
    let at = Timestamp(at.0.div_euclid(second) * second);
    before.map_or(at, |before| at.max(Timestamp(before.0 + second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_of_a_name_follow_each_other() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = Timestamp(at("2026-01-05T08:00:00Z").0 + 123_456);
        assert_eq!(whole_second(now, None), at("2026-01-05T08:00:00Z"));
        assert_eq!(whole_second(now, Some(at("2026-01-05T08:00:00Z"))), at("2026-01-05T08:00:01Z"));
        assert_eq!(whole_second(now, Some(at("2025-01-05T08:00:00Z"))), at("2026-01-05T08:00:00Z"));
    }
}
