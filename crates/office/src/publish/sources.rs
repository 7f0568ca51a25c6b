// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What documents are made from: the office's own advisories, its decisions, or a document that somebody wrote.
//!
//! What is open to everybody comes from what is: an advisory that is marked stricter, or classified above internal, is refused, and so is a
//! decision that rests on one, or about a package that only systems in compartments run. When a draft is approved
//! this is looked at again. A decision for one agency or one system would tell what they run, and is left out.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use underpin_formats::advisories::osv;
use underpin_formats::{csaf, openvex};
use underpin_ledger::{Basis, BasisKind, LedgerError, NewPublication, OwnAdvisory, PastAdvisory};
use underpin_model::limits::bounds::PUBLICATION_BYTES;
use underpin_model::registry::Classification;
use underpin_model::watch::{Decision, DecisionId, Place, Tlp};

use super::addresses::{document_file, record_file};
use super::content::{Content, FileForm, PublishedFile};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::watch::estate::Watched;
use crate::watch::own_marks::names_of;
use crate::watch::vex_selected::Selected;

/// Decisions to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// They, and decisions that it is made from, as they were read.
    pub basis: Vec<Basis>,
    /// The decisions that were asked for.
    pub asked: Option<DecisionsAsked>,
    /// Decisions that were left out.
    pub left_out: usize,
    /// What leaves otherwise than it came.
    pub remarks: Vec<String>,
}

fn stricter(what: &str, mark: &str) -> OfficeError {
    OfficeError::new("marked-stricter", format!("{what} is marked {mark}"))
        .hint(format!("mark the document so, or publish what is open: --tlp {mark}"))
}

fn file(form: FileForm, name: String, text: String) -> PublishedFile {
    PublishedFile { form, name, text, signature: String::new() }
}

/// What TLP:CLEAR may carry.
const HIGHEST: Classification = Classification::Internal;

/// Refuses what may not be passed on as far as the document.
fn judged(what: &str, (tlp, classification): (Tlp, Classification), asked: Tlp) -> Result<()> {
    if tlp > asked {
        return Err(stricter(what, tlp.as_str()));
    }
    if asked == Tlp::Clear && classification > HIGHEST {
        let why = format!("{what} is classified {}", classification.as_str());
        return Err(OfficeError::new("marked-stricter", why)
            .hint("mark the document amber or stricter and hand it on yourself: --tlp amber"));
    }
    Ok(())
}

/// The last versions of the office's advisories that ever went by one of these names, those taken back too.
fn named<'p>(past: &'p [PastAdvisory], names: &[&str]) -> Vec<&'p PastAdvisory> {
    let is_named = |one: &PastAdvisory| {
        names_of(&one.advisory).iter().any(|own| names.iter().any(|name| own.eq_ignore_ascii_case(name.trim())))
    };
    let ids: BTreeSet<&str> = past.iter().filter(|one| is_named(one)).map(|one| one.advisory.id.as_str()).collect();
    ids.into_iter().filter_map(|id| past.iter().rev().find(|one| one.advisory.id == id)).collect()
}

fn basis_of(found: &[&PastAdvisory]) -> Vec<Basis> {
    found.iter().map(|one| Basis::of_advisory(&one.advisory, one.counts())).collect()
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
        judged(&own.id, (own.tlp, own.classification), tlp)?;
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
            basis: vec![Basis::of_advisory(&own, true)],
            asked: None,
            left_out: 0,
            remarks: Vec::new(),
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
        let selected =
            watched.decisions_for(|one| asked.means(one) && is_wide(one), |one| asked.means(one), (id, &namespace));
        may_leave(&watched, &desk, &selected, tlp)?;
        let Selected { document, decisions, left_out, rests_on, .. } = selected;
        let past = self.ledger.reader(author.viewer.clone(), author.at).own_advisory_versions().await?;
        let names: Vec<&str> = rests_on.iter().map(String::as_str).collect();
        let found = named(&past, &names);
        let rests_on = found.iter().map(|one| one.advisory.id.clone()).collect();
        let mut basis = basis_of(&found);
        basis.extend(decisions.into_iter().map(Basis::of_decision));
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
            files: vec![file(FileForm::OpenVex, document_file(id), csaf::text(&vex))],
            rests_on,
            basis,
            asked: Some(asked.clone()),
            left_out,
            remarks: Vec::new(),
        })
    }

    /// A document that somebody wrote. Its statements are given as OpenVEX, too, where it is one of statements.
    pub(super) async fn of_document(&self, author: &Author, bytes: &[u8], (id, tlp): (&str, Tlp)) -> Result<Source> {
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
            files.push(file(FileForm::OpenVex, document_file(id), csaf::text(&vex)));
        }
        let past = self.ledger.reader(author.viewer.clone(), author.at).own_advisory_versions().await?;
        let found = named(&past, &spoken_of(&content));
        for one in found.iter().filter(|one| one.counts()) {
            judged(&one.advisory.id, (one.advisory.tlp, one.advisory.classification), tlp)?;
        }
        let rests_on = found.iter().map(|one| one.advisory.id.clone()).collect();
        let basis = basis_of(&found);
        let title = content["document"]["title"].as_str().unwrap_or(id).to_owned();
        let remarks = replaced(&content["document"]);
        Ok(Source { content, category: "", title, files, rests_on, basis, asked: None, left_out: 0, remarks })
    }

    /// Looks again at what a draft rests on, as who approves sees it; the ledger compares the rest.
    pub(super) async fn still_right(&self, author: &Author, draft: &NewPublication, content: &Content) -> Result<()> {
        let Some(asked) = content.asked.as_ref().filter(|_| !content.withdraws) else { return Ok(()) };
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let watched = self.watch(&desk).await?;
        let selected = watched.decisions_for(|one| asked.means(one) && is_wide(one), |one| asked.means(one), ("", ""));
        may_leave(&watched, &desk, &selected, draft.tlp)?;
        let of_decisions = draft.basis.iter().flatten().filter(|one| one.kind == BasisKind::Decision);
        let known: Vec<DecisionId> = of_decisions.filter_map(|one| one.id.parse().ok()).map(DecisionId).collect();
        let since = watched.said_since(&selected.decisions, &known);
        let outdated = |decision: &Decision| LedgerError::PublicationOutdated {
            name: draft.name.clone(),
            what: format!("what was decided before {}", decision.id),
        };
        since.map_or(Ok(()), |decision| Err(outdated(decision).into()))
    }
}

/// What somebody wrote and what leaves without it.
fn replaced(document: &Value) -> Vec<String> {
    let version = document["csaf_version"].as_str().filter(|version| *version != "2.0");
    let version = version.map(|version| format!("it was written as CSAF {version} and leaves as CSAF 2.0"));
    let words = document.pointer("/distribution/text").is_some();
    let words = words.then(|| "its words on distribution are left out: the mark stands alone".to_owned());
    let group = document.pointer("/distribution/sharing_group").is_some();
    let group = group.then(|| "its sharing group is left out: CSAF 2.0 has none".to_owned());
    version.into_iter().chain(words).chain(group).collect()
}

impl DecisionsAsked {
    fn means(&self, decision: &Decision) -> bool {
        let named =
            |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one.eq_ignore_ascii_case(word));
        let package = decision.package.split('@').next().unwrap_or_default();
        named(&self.vulnerabilities, &decision.vulnerability)
            && (named(&self.packages, &decision.package) || named(&self.packages, package))
    }
}

fn is_wide(decision: &Decision) -> bool {
    decision.place == Place::Government
}

/// Refuses decisions that rest on what may not be passed on so far, or about a package that nobody else may know to be in use.
fn may_leave(watched: &Watched, desk: &Desk, selected: &Selected<'_>, tlp: Tlp) -> Result<()> {
    let marks = (selected.strictest.unwrap_or_default(), selected.classification.unwrap_or_default());
    judged("an advisory that a decision rests on", marks, tlp)?;
    let highest = if tlp == Tlp::Clear { HIGHEST } else { Classification::Secret };
    match selected.decisions.iter().find(|one| watched.is_secret(desk, &one.package, highest)) {
        None => Ok(()),
        Some(decision) => {
            let why = format!(
                "only systems in compartments or above {} are known to run {}",
                highest.as_str(),
                decision.package
            );
            Err(OfficeError::new("marked-stricter", why).hint("leave it out: name the others with --cve and --package"))
        }
    }
}

/// Names of vulnerabilities that a document speaks of, and its own.
fn spoken_of(content: &Value) -> Vec<&str> {
    let tracking = &content["document"]["tracking"];
    let mut names: Vec<&str> = vec![tracking["id"].as_str().unwrap_or_default()];
    names.extend(list(&tracking["aliases"]).iter().filter_map(Value::as_str));
    for vulnerability in list(&content["vulnerabilities"]) {
        names.extend(vulnerability["cve"].as_str());
        names.extend(list(&vulnerability["ids"]).iter().filter_map(|id| id["text"].as_str()));
    }
    names
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_otherwise_than_it_came_is_told() {
        let told = |document: Value| replaced(&document).len();
        assert_eq!(
            told(serde_json::json!({ "csaf_version": "2.0", "distribution": { "tlp": { "label": "WHITE" } } })),
            0
        );
        let other = serde_json::json!({ "csaf_version": "2.1", "distribution": { "text": "x", "sharing_group": {} } });
        assert_eq!(replaced(&other)[0], "it was written as CSAF 2.1 and leaves as CSAF 2.0");
        assert_eq!(told(other), 3);
    }
}
