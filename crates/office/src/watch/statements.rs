// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What suppliers state about vulnerabilities in their products (CSAF, OpenVEX), as far as it can be bound to packages.
//!
//! Only feeds that the operator took in speak, in the order of their names; of one author the latest statement counts. A statement about a
//! component inside a product holds in that product alone; which systems are that product is not known yet, so it changes
//! nothing, and is counted.

use underpin_assess::findings::{Said, Within};
use underpin_model::watch::source::Records;
use underpin_model::watch::{Justification, StatementDocument, Status, Tlp};
use underpin_model::{Limits, Timestamp};

use super::index::kind_of;
use super::shelf::{Book, Shelf};
use crate::error::Result;
use crate::house::House;

/// One statement about one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Feed, author and identifier of the document, for people.
    pub origin: String,
    feed: u32,
    names: Vec<String>,
    package: String,
    is_within: bool,
    status: Status,
    justification: Option<Justification>,
    said: Timestamp,
}

impl Spoken {
    /// As a rule for findings.
    pub(super) fn said(&self) -> Said<'_> {
        Said {
            author: self.feed,
            vulnerabilities: self.names.iter().map(String::as_str).collect(),
            package: &self.package,
            within: if self.is_within { Within::Systems(Vec::new()) } else { Within::Anywhere },
            status: self.status,
            justification: self.justification,
            said: self.said,
        }
    }
}

impl House {
    /// Everything that suppliers state, as of a shelf.
    ///
    /// # Errors
    /// When evidence is missing or damaged.
    pub(super) async fn statements(&self, shelf: &Shelf) -> Result<Vec<Spoken>> {
        let speaks = |feed: &str| matches!(kind_of(feed), Some(Records::Csaf | Records::OpenVex));
        let feeds: Vec<String> = shelf.feeds().filter(|feed| speaks(feed)).map(str::to_owned).collect();
        let mut spoken = Vec::new();
        if feeds.is_empty() {
            return Ok(spoken);
        }
        shelf
            .read_books(
                self,
                |feed, _, _| speaks(feed),
                |books| {
                    for book in books {
                        let number = feeds.iter().position(|feed| feed == book.feed).unwrap_or(0);
                        if let Some(document) = read(&book, self.limits()) {
                            spoken.extend(of_document(book.feed, number as u32, &document));
                        }
                    }
                    Ok(())
                },
            )
            .await?;
        Ok(spoken)
    }
}

/// What cannot be read was listed when it came in; what is marked for few eyes is not for everybody's findings.
fn read(book: &Book<'_>, limits: &Limits) -> Option<StatementDocument<'static>> {
    let document = match kind_of(book.feed) {
        Some(Records::Csaf) => underpin_formats::csaf::read(book.bytes, limits).ok()?,
        _ => underpin_formats::openvex::read(book.bytes, limits).ok()?,
    };
    document.tlp.is_none_or(|tlp| matches!(tlp, Tlp::Clear | Tlp::Green)).then_some(document)
}

fn of_document(feed: &str, number: u32, document: &StatementDocument<'_>) -> Vec<Spoken> {
    let mut spoken = Vec::new();
    for statement in &document.statements {
        let names: Vec<String> =
            std::iter::once(&statement.vulnerability).chain(&statement.aliases).map(|name| name.to_string()).collect();
        let said = statement.said.or(document.modified).or(document.published).unwrap_or_default();
        for target in &statement.targets {
            for purl in &target.thing.purls {
                spoken.push(Spoken {
                    origin: format!("{feed}: {} ({})", document.id, document.author),
                    feed: number,
                    names: names.clone(),
                    package: purl.to_string(),
                    is_within: !target.within.is_empty(),
                    status: statement.status,
                    justification: statement.justification,
                    said,
                });
            }
        }
    }
    spoken
}
