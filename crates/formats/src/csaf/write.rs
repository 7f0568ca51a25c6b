// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as CSAF 2.0 in the profile VEX (section 4.5).
//!
//! A product has one status for a vulnerability (test 6.1.6): of several statements the one said last counts, at the same
//! time the later one. The profile demands a reason for what is not affected and an action for what is; where the author
//! gave none, the document says so. Earlier versions of a document stand in its history without dates of their own.
//! Not carried over: severities (the format demands scores beside vectors).

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use underpin_model::Timestamp;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::watch::{StatementDocument, Tlp};

use super::single::is_uri;
use super::write_products::Tree;
use super::write_vulnerability::vulnerabilities;

/// Versions of a document whose history is written out.
const HISTORY_VERSIONS: u32 = 1_000;

/// The roles of a publisher that the format knows.
const ROLES: &[&str] = &["coordinator", "discoverer", "other", "translator", "user", "vendor"];

/// Writes the document; answers what could not be written.
///
/// # Errors
/// `InvalidInput` when the document has no time; when `to` cannot be written to.
pub fn write(document: &StatementDocument<'_>, to: &mut impl Write) -> io::Result<Gaps> {
    let Some(modified) = document.modified.or(document.published) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a CSAF document needs a time"));
    };
    let mut gaps = Gaps::default();
    let mut tree = Tree::default();
    let vulnerabilities = vulnerabilities(document, modified, &mut tree, &mut gaps);
    if vulnerabilities.is_empty() {
        gaps.add(GapCode::MissingField, "/vulnerabilities", "no statement about a product");
    }
    let root = json!({
        "document": head(document, modified, &mut gaps),
        "product_tree": tree.finish(),
        "vulnerabilities": vulnerabilities,
    });
    serde_json::to_writer_pretty(&mut *to, &root)?;
    to.write_all(b"\n")?;
    Ok(gaps)
}

fn head(document: &StatementDocument<'_>, modified: Timestamp, gaps: &mut Gaps) -> Value {
    let mut head = Map::new();
    let title = if document.title.is_empty() { "Statements about vulnerabilities" } else { &document.title };
    head.insert("category".to_owned(), json!("csaf_vex"));
    head.insert("csaf_version".to_owned(), json!("2.0"));
    head.insert("title".to_owned(), json!(title));
    head.insert("publisher".to_owned(), publisher(document, gaps));
    head.insert("tracking".to_owned(), tracking(document, modified, gaps));
    if let Some(tlp) = document.tlp {
        let label = match tlp {
            Tlp::Clear => "WHITE",
            Tlp::Green => "GREEN",
            Tlp::Amber => "AMBER",
            // The older protocol has no strict amber; the stricter neighbour shares with nobody who must not see it.
            Tlp::AmberStrict | Tlp::Red => "RED",
        };
        head.insert("distribution".to_owned(), json!({"tlp": {"label": label}}));
    }
    Value::Object(head)
}

fn publisher(document: &StatementDocument<'_>, gaps: &mut Gaps) -> Value {
    let role = document.author_role.to_ascii_lowercase();
    let role = ROLES.iter().find(|known| **known == role).unwrap_or(&"other");
    let mut publisher = Map::new();
    publisher.insert("category".to_owned(), json!(role));
    publisher.insert("name".to_owned(), json!(document.author));
    if document.author.is_empty() {
        gaps.add(GapCode::MissingField, "/document/publisher/name", "");
    }
    if is_uri(&document.author) {
        publisher.insert("namespace".to_owned(), json!(document.author));
    } else {
        gaps.add(GapCode::MissingField, "/document/publisher/namespace", "the author is no address");
    }
    Value::Object(publisher)
}

fn tracking(document: &StatementDocument<'_>, modified: Timestamp, gaps: &mut Gaps) -> Value {
    if document.id.is_empty() {
        gaps.add(GapCode::MissingId, "/document/tracking/id", "");
    }
    let published = document.published.unwrap_or(modified).min(modified);
    let status = match &*document.state {
        state @ ("draft" | "interim") => state,
        _ => "final",
    };
    let version = document.version.parse::<u32>().ok().filter(|version| (1..=HISTORY_VERSIONS).contains(version));
    if version.is_none() && !document.version.is_empty() {
        gaps.add(GapCode::InvalidValue, "/document/tracking/version", "not a whole number from 1");
    }
    let version = version.unwrap_or(1);
    let entry = |number: u32| {
        let is_last = number == version;
        let summary = if is_last { "This version." } else { "An earlier version; its own date is not recorded here." };
        let date = if is_last { modified } else { published };
        json!({"date": date, "number": number.to_string(), "summary": summary})
    };
    json!({
        "id": document.id,
        "initial_release_date": published,
        "current_release_date": modified,
        "status": status,
        "version": version.to_string(),
        "revision_history": (1..=version).map(entry).collect::<Vec<_>>(),
    })
}
