// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Parts lists of the government's own releases, read by the project's readers before they are kept.

use std::collections::BTreeMap;

use underpin_formats::reader::{Context, Probe};
use underpin_formats::stated::stated;
use underpin_formats::{csaf, detect};
use underpin_ledger::NewPublication;
use underpin_model::Limits;
use underpin_model::gap::Gap;
use underpin_model::inventory::Subject;
use underpin_model::limits::bounds::PUBLICATION_BYTES;
use underpin_model::publications::PublicationKind;
use underpin_model::stated::{ComponentFact, DocumentFact};
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
        let mut remarks = remarks(inventory.gaps.list());
        remarks.extend(about_another(&inventory.subject, about, release)?);
        remarks.extend(mail_addresses(bytes, self.limits()));
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

/// Refuses a parts list that says it is about another release; tells where it says nothing, or calls the product otherwise.
fn about_another(subject: &Subject<'_>, about: &str, release: &str) -> Result<Option<String>> {
    let plain = |version: &str| version.trim_start_matches(['v', 'V']).to_owned();
    if !subject.version.is_empty() && plain(&subject.version) != plain(release) {
        let why = format!("the parts list says that it is about {} {}, not {release}", subject.name, subject.version);
        return Err(
            OfficeError::new("invalid-publication", why).hint("hand in the list of this release, or name its release")
        );
    }
    let letters = |name: &str| name.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "");
    let (own, asked) = (letters(&subject.name), letters(about));
    Ok(if own.is_empty() || subject.version.is_empty() {
        Some("the parts list does not say which release it is about".to_owned())
    } else if !own.contains(&asked) && !asked.contains(&own) {
        Some(format!("the parts list calls the product {:?}, not {about:?}", subject.name))
    } else {
        None
    })
}

/// Everybody could read mail addresses; only people know which of them are a person's.
fn mail_addresses(bytes: &[u8], limits: &Limits) -> Option<String> {
    let sbom = stated(bytes, ("", ""), limits).ok().flatten()?;
    let own = sbom.fact(DocumentFact::CreatorContact).map(|contact| ("the document", contact));
    let of_components = sbom.components.iter();
    let of_components =
        of_components.filter_map(|one| Some((one.place.as_str(), one.fact(ComponentFact::CreatorContact)?)));
    let mails: Vec<&str> = own
        .into_iter()
        .chain(of_components)
        .filter(|(_, contact)| contact.contains('@'))
        .map(|(place, _)| place)
        .collect();
    let first = mails.first()?;
    Some(format!(
        "mail addresses: {}, first at {first}; take out those of persons, everybody will read them",
        mails.len()
    ))
}

/// What the reader found wanting, each kind once, with how often and the first place.
fn remarks(gaps: &[Gap]) -> Vec<String> {
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for gap in gaps {
        kinds.entry(gap.code.as_str()).or_insert((0, &gap.place)).0 += 1;
    }
    kinds.into_iter().map(|(code, (count, place))| format!("{code}: {count}, first at {place}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_another_release_is_refused_and_silence_is_told() {
        let told = |name: &'static str, version: &'static str| {
            let subject = Subject { name: name.into(), version: version.into(), ..Subject::default() };
            about_another(&subject, "Citizen Portal", "1.2.0").map_err(|error| error.code)
        };
        for (name, version, expected) in [
            ("citizen-portal", "1.2.0", Ok(None)),
            ("gov.example/citizen-portal", "v1.2.0", Ok(None)),
            ("citizen-portal", "1.1.0", Err("invalid-publication")),
            ("mail", "1.2.0", Ok(Some("the parts list calls the product \"mail\", not \"Citizen Portal\"".to_owned()))),
            ("citizen-portal", "", Ok(Some("the parts list does not say which release it is about".to_owned()))),
            ("", "1.2.0", Ok(Some("the parts list does not say which release it is about".to_owned()))),
        ] {
            assert_eq!(told(name, version), expected, "{name} {version}");
        }
    }

    #[test]
    fn mail_addresses_are_counted_with_the_first_place() {
        let told = |component: serde_json::Value| {
            let list = serde_json::json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component] });
            mail_addresses(list.to_string().as_bytes(), &Limits::default())
        };
        assert_eq!(told(serde_json::json!({ "type": "library", "name": "a" })), None);
        let found = told(serde_json::json!({
            "type": "library", "name": "a", "manufacturer": { "name": "x", "contact": [{ "email": "somebody@example.org" }] },
        }));
        assert!(found.as_ref().is_some_and(|told| told.starts_with("mail addresses: 1, first at ")), "{found:?}");
        assert!(!found.unwrap_or_default().contains("somebody"), "the address itself is not told");
    }
}
