// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a draft holds and what becomes of it when it is approved: files, then the same files dated and signed.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use underpin_feeds::PublishingKey;
use underpin_formats::csaf;
use underpin_model::Timestamp;

use super::sources::DecisionsAsked;
use crate::error::{OfficeError, Result};
use crate::watch::sync::feed_error;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileForm {
    /// CSAF 2.0.
    Csaf,
    /// A record of OSV.
    Osv,
    /// OpenVEX.
    OpenVex,
    /// A parts list.
    Sbom,
}

impl FileForm {
    /// Its name, the same in every language.
    pub fn title(self) -> &'static str {
        match self {
            Self::Csaf => "CSAF 2.0",
            Self::Osv => "OSV",
            Self::OpenVex => "OpenVEX",
            Self::Sbom => "SBOM",
        }
    }
}

/// A file of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PublishedFile {
    /// Its form.
    pub form: FileForm,
    /// Its name.
    pub name: String,
    /// Its text, to the letter.
    pub text: String,
    /// The signature over exactly this text; empty in a draft.
    #[serde(default)]
    pub signature: String,
}

/// What a draft says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Title.
    pub title: String,
    /// Version that it becomes.
    pub version: u64,
    /// What is new in it.
    pub summary: String,
    /// Whether it takes back what was published under the name.
    #[serde(default)]
    pub withdraws: bool,
    /// The product that a parts list is about.
    #[serde(default)]
    pub about: String,
    /// Its release.
    #[serde(default)]
    pub release: String,
    /// The decisions that were asked for, where it is made from decisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<DecisionsAsked>,
    /// The files.
    pub files: Vec<PublishedFile>,
}

/// The same, published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedContent {
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
    /// When its first version was released.
    pub first: Timestamp,
    /// When this version was released.
    pub released: Timestamp,
    /// Fingerprint of the key of the signatures.
    pub fingerprint: String,
}

impl Content {
    /// The file of a form.
    pub fn file(&self, form: FileForm) -> Option<&PublishedFile> {
        self.files.iter().find(|file| file.form == form)
    }

    /// Reads it back.
    pub(super) fn read(text: &str, name: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| damaged(name, &error))
    }

    /// Dates and signs the files.
    ///
    /// # Errors
    /// What the key says.
    pub(super) fn publish(
        mut self,
        first: Option<Timestamp>,
        at: Timestamp,
        key: &PublishingKey,
    ) -> Result<PublishedContent> {
        let first = first.unwrap_or(at);
        for file in &mut self.files {
            file.text = dated(file, first, at, self.withdraws);
            file.signature = key.sign(file.text.as_bytes(), at).map_err(feed_error)?;
        }
        Ok(PublishedContent { content: self, first, released: at, fingerprint: key.fingerprint() })
    }
}

impl PublishedContent {
    /// Reads it back.
    pub(super) fn read(text: &str, name: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| damaged(name, &error))
    }

    /// The year of its folder.
    pub fn year(&self) -> String {
        self.first.to_string().chars().take(4).collect()
    }
}

fn damaged(name: &str, error: &serde_json::Error) -> OfficeError {
    OfficeError::new("ledger-damaged", format!("publication {name}: {error}"))
}

/// The text with the moment of its release in the places that its form has for it.
fn dated(file: &PublishedFile, first: Timestamp, at: Timestamp, withdraws: bool) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(&file.text) else { return file.text.clone() };
    match file.form {
        FileForm::Sbom => return file.text.clone(),
        FileForm::Csaf => csaf::released(&mut value, at),
        FileForm::Osv => {
            value["published"] = first.to_string().into();
            value["modified"] = at.to_string().into();
            if withdraws {
                value["withdrawn"] = at.to_string().into();
            }
        }
        FileForm::OpenVex => {
            value["timestamp"] = first.to_string().into();
            value["last_updated"] = at.to_string().into();
        }
    }
    csaf::text(&value)
}
