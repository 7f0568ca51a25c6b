// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Parts lists of the government's own releases, read by the project's readers before they are kept.

use std::collections::BTreeMap;

use underpin_formats::reader::{Context, Probe};
use underpin_formats::{csaf, detect};
use underpin_ledger::NewPublication;
use underpin_model::gap::Gap;
use underpin_model::limits::bounds::PUBLICATION_BYTES;
use underpin_model::publications::PublicationKind;
use underpin_model::watch::Tlp;

use super::content::{Content, FileForm, PublishedFile};
use super::drafts::{Drafted, Standing};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A parts list to draft.
#[derive(Clone, Debug, Default)]
pub struct SbomAsked {
    /// The product that it is about.
    pub about: String,
    /// Its release.
    pub release: String,
    /// What is new in this version of the list.
    pub summary: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
}

/// Formats that are published, with the ends of their files.
const FORMATS: [(&str, &str); 6] = [
    ("cyclonedx-json", "cdx.json"),
    ("cyclonedx-xml", "cdx.xml"),
    ("spdx-json", "spdx.json"),
    ("spdx-tag-value", "spdx"),
    ("spdx-3-json", "spdx3.json"),
    ("spdx-yaml", "spdx.yaml"),
];

impl House {
    /// Drafts the parts list of a release. It must be one that the readers take; what they find wanting is told.
    ///
    /// # Errors
    /// `document-unreadable`, `invalid-publication`, `too-large`, and what the ledger says.
    pub async fn draft_sbom(&self, author: &Author, bytes: &[u8], asked: SbomAsked) -> Result<Drafted> {
        if bytes.len() > PUBLICATION_BYTES / 2 {
            return Err(OfficeError::new(
                "too-large",
                format!("a parts list that is published has at most {} bytes", PUBLICATION_BYTES / 2),
            ));
        }
        let (about, release) = (asked.about.trim(), asked.release.trim());
        if about.is_empty() || release.is_empty() {
            return Err(OfficeError::new("invalid-publication", "a parts list is about a release of a product"));
        }
        let unreadable = |why: String| {
            OfficeError::new("document-unreadable", why)
                .hint("hand in CycloneDX or SPDX: `underpin formats` lists what is read")
        };
        let reader = detect(&Probe { bytes, file_name: "", path: "" })
            .ok_or_else(|| unreadable("no reader knows this file".to_owned()))?;
        let (_, ending) = FORMATS
            .iter()
            .find(|(format, _)| *format == reader.id)
            .ok_or_else(|| unreadable(format!("{} is no parts list for others", reader.title)))?;
        let inventory =
            (reader.read)(bytes, &Context::new(self.limits())).map_err(|reason| unreadable(reason.to_string()))?;
        if inventory.components.is_empty() {
            return Err(unreadable("it names no component".to_owned()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?.to_owned();
        let remarks = remarks(inventory.gaps.list());
        let name = format!("{about} {release}");
        let Standing { published, .. } = self.standing(author, PublicationKind::Sbom, &name).await?;
        let stem = csaf::file_name(&name).trim_end_matches(".json").to_owned();
        let content = Content {
            title: name.clone(),
            version: published.map_or(1, |before| before.content.version + 1),
            summary: asked.summary,
            about: about.to_owned(),
            release: release.to_owned(),
            files: vec![PublishedFile {
                form: FileForm::Sbom,
                name: format!("{stem}.{ending}"),
                text,
                signature: String::new(),
            }],
            ..Content::default()
        };
        let new = NewPublication {
            kind: PublicationKind::Sbom,
            name,
            tlp: asked.tlp,
            basis: Some(Vec::new()),
            ..NewPublication::default()
        };
        self.keep_draft(author, new, content, (remarks, 0)).await
    }
}

/// What the reader found wanting, each kind once, with how often and the first place.
fn remarks(gaps: &[Gap]) -> Vec<String> {
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for gap in gaps {
        kinds.entry(gap.code.as_str()).or_insert((0, &gap.place)).0 += 1;
    }
    kinds.into_iter().map(|(code, (count, place))| format!("{code}: {count}, first at {place}")).collect()
}
