// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Drafting: each draft passes the standard's own tests before it is kept.

use serde::Serialize;
use underpin_formats::csaf::{self, Issue, Published, Weight};
use underpin_ledger::{NewPublication, PublicationRecord};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::watch::Tlp;

use super::addresses::kept_name;
use super::content::{Content, FileForm, PublishedContent, PublishedFile};
use super::security_text::PublishNotice;
use super::sources::{DecisionsAsked, Source};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// A document to draft.
#[derive(Clone, Debug, Default)]
pub struct DraftAsked {
    /// Tracking identifier.
    pub id: String,
    /// Title; that of the source when empty.
    pub title: String,
    /// Language, as `en`.
    pub language: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// What is new in this version.
    pub summary: String,
}

/// A draft that was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Drafted {
    /// Its name.
    pub name: String,
    /// Version that it becomes.
    pub version: u64,
    /// SHA-256 of the draft: who approves names it.
    pub digest: String,
    /// What the optional tests of the standard say, each with its number and place.
    pub remarks: Vec<String>,
    /// Decisions that were left out: they hold for a part of the government, or name no package.
    pub left_out: usize,
}

/// A draft with what became of it, for people and programs.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PublicationRow {
    /// `csaf` or `sbom`.
    pub kind: PublicationKind,
    /// Name: the tracking identifier.
    pub name: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: u64,
    /// What is new in it.
    pub summary: String,
    /// How far it may be passed on.
    pub tlp: &'static str,
    /// How it stands.
    pub state: PublicationState,
    /// Whether it takes back what was published.
    pub withdraws: bool,
    /// SHA-256 of the draft.
    pub digest: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub drafted: Timestamp,
    /// Who approved it or took it back.
    pub ended_by: Option<String>,
    /// When.
    pub ended: Option<Timestamp>,
    /// Why it was taken back.
    pub reason: String,
    /// Its files: as they were drafted, or as they were published.
    pub files: Vec<PublishedFile>,
}

/// The answer of `publish list`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PublicationsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// What somebody has to look at; nothing for who may read no draft.
    pub notices: Vec<PublishNotice>,
    /// Drafts with what became of them, the newest first.
    pub rows: Vec<PublicationRow>,
}

impl PublicationRow {
    pub(super) fn of(record: PublicationRecord) -> Result<Self> {
        let name = &record.draft.name;
        let content = match record.state {
            PublicationState::Approved => PublishedContent::read(&record.published, name)?.content,
            _ => Content::read(&record.draft.content, name)?,
        };
        let (ended_by, ended) = record.ended.unzip();
        Ok(Self {
            kind: record.draft.kind,
            title: content.title,
            version: content.version,
            summary: content.summary,
            tlp: record.draft.tlp.as_str(),
            state: record.state,
            withdraws: content.withdraws,
            digest: record.digest,
            author: record.author,
            drafted: record.drafted,
            ended_by,
            ended,
            reason: record.reason,
            files: content.files,
            name: record.draft.name,
        })
    }
}

/// What a name stands for already.
pub(super) struct Standing {
    pub published: Option<PublishedContent>,
    /// How far that may be passed on.
    pub tlp: Option<Tlp>,
}

impl House {
    /// Drafts with what had become of them at the moment of the desk, as far as its viewer may read them, the newest first.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn publications(&self, desk: &Desk) -> Result<PublicationsAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.publications_as_of(desk.overview().as_of).await?;
        let mut rows: Vec<PublicationRow> = found.into_iter().map(PublicationRow::of).collect::<Result<_>>()?;
        rows.reverse();
        let may_read = [Act::Lead, Act::Approve, Act::Audit].into_iter().any(|act| desk.viewer.may_everywhere(act));
        let notices = if may_read { self.publish_notices(&desk.viewer, desk.now).await? } else { Vec::new() };
        Ok(PublicationsAnswer { overview: desk.overview(), notices, rows })
    }

    /// The newest draft of a name.
    ///
    /// # Errors
    /// `unknown-publication`, and what the ledger says.
    pub async fn publication(&self, desk: &Desk, kind: PublicationKind, name: &str) -> Result<PublicationRow> {
        let rows = self.publications(desk).await?.rows;
        rows.into_iter().find(|row| row.kind == kind && row.name == name).ok_or_else(|| unknown(name))
    }

    /// Drafts a security advisory from an advisory of the office.
    ///
    /// # Errors
    /// `unknown-advisory`, `marked-stricter`, `csaf-invalid`, `not-configured`, and what the ledger says.
    pub async fn draft_from_own(&self, author: &Author, own: &str, asked: DraftAsked) -> Result<Drafted> {
        let source = self.of_own(author, own, asked.tlp).await?;
        self.draft_csaf(author, source, asked).await
    }

    /// Drafts statements (VEX) from decisions.
    ///
    /// # Errors
    /// `nothing-to-say`, `marked-stricter`, `csaf-invalid`, `not-configured`, and what the ledger says.
    pub async fn draft_from_decisions(
        &self,
        author: &Author,
        decisions: &DecisionsAsked,
        asked: DraftAsked,
    ) -> Result<Drafted> {
        let source = self.of_decisions(author, decisions, (&asked.id, asked.tlp)).await?;
        self.draft_csaf(author, source, asked).await
    }

    /// Drafts a document that somebody wrote as CSAF: its publisher, its history and its mark are made here.
    ///
    /// # Errors
    /// `invalid-publication`, `csaf-invalid` with rule and place, `not-configured`, and what the ledger says.
    pub async fn draft_document(&self, author: &Author, bytes: &[u8], asked: DraftAsked) -> Result<Drafted> {
        let source = self.of_document(author, bytes, (&asked.id, asked.tlp)).await?;
        self.draft_csaf(author, source, asked).await
    }

    async fn draft_csaf(&self, author: &Author, source: Source, asked: DraftAsked) -> Result<Drafted> {
        let Standing { published, tlp } = self.standing(author, PublicationKind::Csaf, &asked.id).await?;
        if tlp.is_some_and(|before| before > asked.tlp) {
            // A version tells the words and days of all versions before it.
            let why = format!("{} was published with a stricter mark, and its history would be told", asked.id);
            return Err(OfficeError::new("marked-stricter", why).hint("choose another identifier: --id"));
        }
        let before = published.as_ref().and_then(|one| one.content.file(FileForm::Csaf));
        let before = before.and_then(|file| Published::of(&file.text));
        let year = published.as_ref().map_or_else(|| year_of(author.at), PublishedContent::year);
        let head = Issue {
            id: asked.id.clone(),
            title: if asked.title.trim().is_empty() { source.title.clone() } else { asked.title },
            category: source.category.to_owned(),
            language: asked.language,
            tlp: asked.tlp,
            publisher: self.settings.publish.publisher()?,
            folder: (asked.tlp == Tlp::Clear).then(|| self.document_folder(&year)),
            summary: asked.summary,
            at: author.at,
        };
        let document = csaf::issue(&source.content, &head, before.as_ref());
        let text = csaf::text(&document);
        let mut remarks = source.remarks;
        remarks.extend(judged(&text)?);
        let mut files = vec![PublishedFile {
            form: FileForm::Csaf,
            name: csaf::file_name(&asked.id),
            text,
            signature: String::new(),
        }];
        let version = before.map_or(1, |before| before.version + 1);
        files.extend(source.files.into_iter().map(|file| self.numbered(kept_name(file, published.as_ref()), version)));
        let content = Content {
            title: document["document"]["title"].as_str().unwrap_or_default().to_owned(),
            version,
            summary: head.summary,
            files,
            asked: source.asked,
            ..Content::default()
        };
        let new = NewPublication {
            kind: PublicationKind::Csaf,
            name: asked.id,
            tlp: asked.tlp,
            rests_on: source.rests_on,
            basis: Some(source.basis),
            content: String::new(),
        };
        self.keep_draft(author, new, content, (remarks, source.left_out)).await
    }

    /// A file of statements under its address, with the version that it becomes.
    fn numbered(&self, mut file: PublishedFile, version: u64) -> PublishedFile {
        if file.form == FileForm::OpenVex
            && let Ok(mut value) = serde_json::from_str::<serde_json::Value>(&file.text)
        {
            value["@id"] = format!("{}/publications/openvex/{}", self.settings.publish.base(), file.name).into();
            value["version"] = version.into();
            file.text = csaf::text(&value);
        }
        file
    }

    /// Writes a draft down.
    pub(super) async fn keep_draft(
        &self,
        author: &Author,
        mut new: NewPublication,
        content: Content,
        (remarks, left_out): (Vec<String>, usize),
    ) -> Result<Drafted> {
        new.content = serde_json::to_string(&content).unwrap_or_default();
        let (name, version) = (new.name.clone(), content.version);
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let digest = writer.draft_publication(author.at, new).await?;
        Ok(Drafted { name, version, digest, remarks, left_out })
    }

    /// What was published under a name, as far as who asks may know. A name whose file another one has is refused.
    pub(super) async fn standing(&self, author: &Author, kind: PublicationKind, name: &str) -> Result<Standing> {
        let found = self.ledger.reader(author.viewer.clone(), author.at).publications().await?;
        let file = csaf::file_name(name);
        let other = found
            .iter()
            .find(|one| one.draft.kind == kind && one.draft.name != name && csaf::file_name(&one.draft.name) == file);
        if let Some(other) = other {
            let why = format!("{name} and {} would lie in one file, {file}", other.draft.name);
            return Err(OfficeError::new("invalid-publication", why).hint("choose another identifier"));
        }
        let approved = found
            .iter()
            .rev()
            .find(|one| one.draft.kind == kind && one.draft.name == name && one.state == PublicationState::Approved);
        let published = approved.map(|one| PublishedContent::read(&one.published, name)).transpose()?;
        Ok(Standing { published, tlp: approved.map(|one| one.draft.tlp) })
    }

    /// Where documents of a year lie, for everybody.
    pub(super) fn document_folder(&self, year: &str) -> String {
        format!("{}/{}/{year}", self.settings.publish.base(), super::provider::WHITE)
    }
}

pub(super) fn unknown(name: &str) -> OfficeError {
    underpin_ledger::LedgerError::UnknownPublication(name.to_owned()).into()
}

fn year_of(at: Timestamp) -> String {
    at.to_string().chars().take(4).collect()
}

/// Holds a document against the standard: what a mandatory test says refuses it, what an optional one says is told.
pub(super) fn judged(text: &str) -> Result<Vec<String>> {
    let judged = csaf::judge(text.as_bytes());
    let told = |weight: Weight| {
        let failed = judged.failed(weight).flat_map(|one| match &one.outcome {
            csaf::Outcome::Failed { findings, .. } => findings
                .iter()
                .map(|found| format!("{} {}: {}: {}", one.test.id, one.test.title, found.place, found.detail))
                .collect(),
            _ => Vec::new(),
        });
        failed.collect::<Vec<String>>()
    };
    if judged.is_valid() {
        return Ok(told(Weight::Optional));
    }
    let shape = judged.shape.iter().map(|found| format!("schema: {}: {}", found.place, found.detail));
    let faults: Vec<String> = shape.chain(told(Weight::Mandatory)).collect();
    let message = format!("the document is no valid CSAF:\n{}", faults.join("\n"));
    Err(OfficeError::new("csaf-invalid", message).hint("nothing was kept; mend these places and draft it again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_forbids_is_refused_with_rule_and_place() {
        let text = r#"{"document":{"category":"csaf_vex","csaf_version":"2.0","title":"x"}}"#;
        let error = judged(text).expect_err("refused");
        assert_eq!(error.code, "csaf-invalid");
        for told in ["schema: /document", "6.1.27.4 Product tree: /product_tree", "6.1.27.11"] {
            assert!(error.message.contains(told), "{told}: {}", error.message);
        }
    }
}
