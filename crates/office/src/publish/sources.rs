// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What documents are made from: the office's own advisories, its decisions, or a document that somebody wrote.
//!
//! What is open to everybody comes from what is: an advisory that is marked stricter, or classified above internal, is refused, and so is a
//! decision that rests on one. A decision for one agency or one system would tell what they run, and is left out.

use serde_json::Value;
use underpin_formats::advisories::osv;
use underpin_formats::{csaf, openvex};
use underpin_ledger::OwnAdvisory;
use underpin_model::limits::bounds::PUBLICATION_BYTES;
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};

use super::content::{FileForm, PublishedFile};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::watch::vex_out::Selected;

/// Decisions to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionsAsked {
    /// Vulnerabilities that they are about; all when empty.
    pub vulnerabilities: Vec<String>,
    /// Packages that they are about, as purls with or without version; all when empty.
    pub packages: Vec<String>,
}

/// What a document is made from.
pub(super) struct Source {
    /// Inside of the document, with `document` where somebody wrote one.
    pub content: Value,
    /// Its category; empty for what the content says.
    pub category: &'static str,
    pub title: String,
    /// Further files.
    pub files: Vec<PublishedFile>,
    /// Own advisories that it rests on.
    pub rests_on: Vec<String>,
    /// Decisions that were left out.
    pub left_out: usize,
}

fn stricter(what: &str, mark: &str) -> OfficeError {
    OfficeError::new("marked-stricter", format!("{what} is marked {mark}"))
        .hint(format!("mark the document so, or publish what is open: --tlp {mark}"))
}

fn file(form: FileForm, name: String, text: String) -> PublishedFile {
    PublishedFile { form, name, text, signature: String::new() }
}

/// The name of the file of a record: what is unusual in its identifier is an underscore.
fn record_file(id: &str) -> String {
    let usual = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    format!("{}.json", id.chars().map(usual).collect::<String>().trim_start_matches('.'))
}

impl House {
    /// An advisory of the office.
    pub(super) async fn of_own(&self, author: &Author, id: &str, tlp: Tlp) -> Result<Source> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let own = reader.own_advisories(author.at).await?;
        let found = own.into_iter().find(|one| one.id.eq_ignore_ascii_case(id.trim()));
        let own: OwnAdvisory = found.ok_or_else(|| {
            OfficeError::new("unknown-advisory", format!("there is no advisory {id} of the office"))
                .hint("`underpin watch advisories` lists those that you may see")
        })?;
        if own.tlp > tlp {
            return Err(stricter(&own.id, own.tlp.as_str()));
        }
        if tlp == Tlp::Clear && own.classification > Classification::Internal {
            return Err(stricter(&own.id, own.classification.as_str()));
        }
        let unreadable = |why: &str| OfficeError::new("invalid-advisory", format!("{}: {why}", own.id));
        let record = osv::read(own.body.as_bytes(), self.limits()).map_err(|fault| unreadable(fault.code))?;
        let content = csaf::advisory(&record).ok_or_else(|| unreadable("it names no package"))?;
        let body: Value = serde_json::from_str(&own.body).map_err(|error| unreadable(&error.to_string()))?;
        let title = if record.summary.is_empty() { own.id.clone() } else { record.summary.to_string() };
        Ok(Source {
            content,
            category: "csaf_security_advisory",
            title,
            files: vec![file(FileForm::Osv, record_file(&own.id), csaf::text(&body))],
            rests_on: vec![own.id.clone()],
            left_out: 0,
        })
    }

    /// Decisions that hold for the whole government.
    pub(super) async fn of_decisions(
        &self,
        author: &Author,
        asked: &DecisionsAsked,
        (id, tlp): (&str, Tlp),
    ) -> Result<Source> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let watched = self.watch(&desk).await?;
        let namespace = self.settings.publish.publisher()?.namespace;
        let is_asked = |decision: &underpin_model::watch::Decision| {
            let named =
                |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one.eq_ignore_ascii_case(word));
            let package = decision.package.split('@').next().unwrap_or_default();
            named(&asked.vulnerabilities, &decision.vulnerability)
                && (named(&asked.packages, &decision.package) || named(&asked.packages, package))
        };
        let Selected { document, left_out, rests_on, strictest } =
            watched.decisions_for(|one| is_asked(one) && one.place == Place::Government, is_asked, (id, &namespace));
        if let Some(mark) = strictest.filter(|mark| *mark > tlp) {
            return Err(stricter("an advisory that a decision rests on", mark.as_str()));
        }
        let written = csaf::write(&document, csaf::Edition::V2_0).ok_or_else(|| {
            OfficeError::new("nothing-to-say", "no decision that holds for the whole government names a package").hint(
                "`underpin decisions list` lists them; what holds for an agency or a system alone is not published",
            )
        })?;
        let content: Value = serde_json::from_str(&written.text).unwrap_or_default();
        let vex = openvex::write(&document);
        let vex: Value = serde_json::from_str(&vex.text).unwrap_or_default();
        Ok(Source {
            content,
            category: "csaf_vex",
            title: "Statements about vulnerabilities".to_owned(),
            files: vec![file(FileForm::OpenVex, csaf::file_name(id), csaf::text(&vex))],
            rests_on,
            left_out,
        })
    }

    /// A document that somebody wrote. Its statements are given as OpenVEX, too, where it is one of statements.
    pub(super) fn of_document(&self, bytes: &[u8], (id, tlp): (&str, Tlp)) -> Result<Source> {
        if bytes.len() > PUBLICATION_BYTES {
            return Err(OfficeError::new("too-large", format!("a publication has at most {PUBLICATION_BYTES} bytes")));
        }
        let invalid =
            |why: String| OfficeError::new("invalid-publication", why).hint("hand in a document of CSAF 2.0, as JSON");
        let content: Value = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
        if !content.get("document").is_some_and(Value::is_object) {
            return Err(invalid("it has no `document`: this is no CSAF".to_owned()));
        }
        let mut files = Vec::new();
        let mut read = csaf::read(bytes, self.limits()).map_err(|fault| invalid(fault.to_string()))?;
        // A label that is not known may mean anything; CSAF 2.0 has no other than those of TLP.
        let label = content["document"]["distribution"]["tlp"]["label"].as_str();
        if let Some(label) = label.filter(|_| read.tlp.is_none()) {
            return Err(invalid(format!("its label {label:?} is none of TLP 1.0")));
        }
        if let Some(own) = read.tlp.filter(|own| *own > tlp) {
            return Err(stricter("the document", own.as_str()));
        }
        if content["document"]["category"] == "csaf_vex" {
            read.id = id.to_owned().into();
            read.author = self.settings.publish.publisher()?.namespace.into();
            let vex: Value = serde_json::from_str(&openvex::write(&read).text).unwrap_or_default();
            files.push(file(FileForm::OpenVex, csaf::file_name(id), csaf::text(&vex)));
        }
        let title = content["document"]["title"].as_str().unwrap_or(id).to_owned();
        Ok(Source { content, category: "", title, files, rests_on: Vec::new(), left_out: 0 })
    }
}
