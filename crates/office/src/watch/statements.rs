// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What others state about vulnerabilities in products (CSAF, OpenVEX, CycloneDX), as far as it can be bound to packages and artefacts.
//!
//! Only feeds that the operator took in speak. Suppliers who publish about their own products (in CSAF the category `vendor`) stand before
//! everybody else, then the order of the feeds counts; of one author the latest statement. What documents about systems
//! claim themselves comes last, and stays within each document ([`super::claims`]).
//!
//! A statement about a product holds in artefacts that are exactly this product; one about a component inside a product in those
//! artefacts, or where a document says that the component lies inside the product and nowhere else.

use std::collections::BTreeMap;
use std::sync::Arc;

use underpin_assess::findings::{Ignored, Said, Within};
use underpin_model::watch::source::Records;
use underpin_model::watch::{Justification, StatementDocument, Status, Target, Tlp};
use underpin_model::{Limits, Timestamp};

use super::artefacts::Parts;
use super::index::kind_of;
use super::shelf::{Book, Shelf};
use crate::error::Result;
use crate::house::{Desk, House};

/// Where a statement holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Wherever the package is.
    Anywhere,
    /// In these documents (by number).
    Documents(Vec<i64>),
    /// Nowhere here.
    Nowhere(Ignored),
}

/// Who says it, and in which document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Feed, or the document about a system that claims it.
    pub source: String,
    /// Identifier of the document of statements.
    pub document: String,
    /// Author, as stated.
    pub author: String,
    /// All three for people: `csaf/example.org: EX-2026-1 (https://example.org)`.
    pub told: String,
    /// How much the author is trusted: lower comes first.
    pub rank: u32,
}

impl Head {
    /// Of its parts.
    pub(super) fn new(source: &str, document: &str, author: &str, rank: u32) -> Self {
        let author_told = if author.is_empty() { String::new() } else { format!(" ({author})") };
        Self {
            source: source.to_owned(),
            document: document.to_owned(),
            author: author.to_owned(),
            told: format!("{source}: {document}{author_told}"),
            rank,
        }
    }
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// Names of the vulnerability.
    pub names: Vec<String>,
    /// Status.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Why, in the author's words: hostile text.
    pub impact: String,
    /// When it was said.
    pub said: Timestamp,
}

/// One statement about one package, or about everything in a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Who says it.
    pub head: Arc<Head>,
    /// What is said.
    pub saying: Arc<Saying>,
    /// Purl; empty for everything in the product.
    pub package: String,
    /// Which versions, where the purl does not say.
    pub versions: String,
    /// The product, for people; empty when the package is meant by itself.
    pub product: String,
    /// Where it holds.
    pub within: Bound,
}

impl Spoken {
    /// As a rule for findings.
    pub(super) fn said(&self, parts: &Parts) -> Said<'_> {
        Said {
            author: self.head.rank,
            vulnerabilities: self.saying.names.iter().map(String::as_str).collect(),
            package: &self.package,
            versions: &self.versions,
            within: match &self.within {
                Bound::Anywhere => Within::Anywhere,
                Bound::Documents(documents) => Within::Artefacts(parts.numbers(documents)),
                Bound::Nowhere(why) => Within::Nowhere(*why),
            },
            status: self.saying.status,
            justification: self.saying.justification,
            said: self.saying.said,
        }
    }

    /// The documents in which it holds; none when it holds everywhere or nowhere.
    pub(super) fn documents(&self) -> &[i64] {
        match &self.within {
            Bound::Documents(documents) => documents,
            Bound::Anywhere | Bound::Nowhere(_) => &[],
        }
    }
}

/// A statement before it is known where it holds.
#[derive(Clone, Debug)]
pub(super) struct Uttered {
    pub head: Arc<Head>,
    pub saying: Arc<Saying>,
    pub target: Target<'static>,
}

impl House {
    /// Everything that others state: in feeds, as of a shelf, and in the documents that count for systems.
    ///
    /// # Errors
    /// When evidence or a segment is missing or damaged.
    pub(super) async fn statements(&self, desk: &Desk, shelf: Option<&Shelf>) -> Result<Vec<Spoken>> {
        let mut speakers = Speakers::default();
        if let Some(shelf) = shelf {
            let of_feed = |feed: &str, _: &str, _: &_| speaks(feed);
            shelf
                .read_books(self, of_feed, |books| {
                    books.iter().for_each(|book| speakers.hear(book, self.limits()));
                    Ok(())
                })
                .await?;
        }
        let (uttered, last) = speakers.in_order();
        let mut spoken = super::binding::bind(desk, &uttered).await?;
        spoken.extend(super::claims::of(desk, last)?);
        Ok(spoken)
    }
}

/// Whether a feed has statements.
pub(super) fn speaks(feed: &str) -> bool {
    matches!(kind_of(feed), Some(Records::Csaf | Records::OpenVex | Records::CycloneDx))
}

/// What cannot be read was listed when it came in; what is marked for few eyes is not for everybody's findings.
fn read(book: &Book<'_>, limits: &Limits) -> Option<StatementDocument<'static>> {
    let document = match kind_of(book.feed) {
        Some(Records::Csaf) => underpin_formats::csaf::read(book.bytes, limits).ok()?,
        Some(Records::CycloneDx) => underpin_formats::cyclonedx::vex::read(book.bytes, limits).ok()?,
        _ => underpin_formats::openvex::read(book.bytes, limits).ok()?,
    };
    document.tlp.is_none_or(|tlp| matches!(tlp, Tlp::Clear | Tlp::Green)).then_some(document)
}

/// In which order people are believed: suppliers first, then by feed and name.
type Standing = (bool, String, String);

/// A document of statements: each with what it is about.
type Heard = (Head, Vec<(Saying, Vec<Target<'static>>)>);

/// What everybody says, by author.
#[derive(Default)]
struct Speakers {
    heard: BTreeMap<Standing, Vec<Heard>>,
}

impl Speakers {
    fn hear(&mut self, book: &Book<'_>, limits: &Limits) {
        let Some(document) = read(book, limits) else { return };
        let is_supplier = document.author_role.eq_ignore_ascii_case("vendor");
        let standing = (!is_supplier, book.feed.to_owned(), document.author.to_string());
        let id = if document.id.is_empty() { book.record.to_owned() } else { document.id.to_string() };
        let head = Head::new(book.feed, &id, &document.author, 0);
        let made = document.modified.or(document.published).unwrap_or_default();
        let all = document.statements.into_iter().filter(|statement| !statement.is_listing).map(|statement| {
            let names = std::iter::once(&statement.vulnerability).chain(&statement.aliases);
            let saying = Saying {
                names: names.map(ToString::to_string).collect(),
                status: statement.status,
                justification: statement.justification,
                impact: statement.impact.into_owned(),
                said: statement.said.unwrap_or(made),
            };
            (saying, statement.targets)
        });
        self.heard.entry(standing).or_default().push((head, all.collect()));
    }

    /// All that was said, each with the rank of its author, and the rank of whoever comes after them all.
    fn in_order(self) -> (Vec<Uttered>, u32) {
        let mut uttered = Vec::new();
        let mut rank = 0;
        for documents in self.heard.into_values() {
            for (head, statements) in documents {
                let head = Arc::new(Head { rank, ..head });
                for (saying, targets) in statements {
                    let saying = Arc::new(saying);
                    let one = |target| Uttered { head: Arc::clone(&head), saying: Arc::clone(&saying), target };
                    uttered.extend(targets.into_iter().map(one));
                }
            }
            rank += 1;
        }
        (uttered, rank)
    }
}
