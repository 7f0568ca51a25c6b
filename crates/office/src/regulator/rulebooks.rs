// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rulebooks that are shipped (folder `rules`), and those of a folder of one's own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use underpin_formats::rulebook::{Book, Refused, Rule, book, rule};
use underpin_model::Limits;

use super::rule_bundle::open as open_bundle;
use super::shelf::Shelf;
use crate::error::{OfficeError, Result};

/// A rulebook with its rules and the documents that they are tried on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rulebook {
    /// What it is, and where it comes from.
    pub book: Book,
    /// Its rules, by their names.
    pub rules: Vec<Rule>,
    /// Documents by name.
    pub documents: BTreeMap<String, String>,
}

/// Texts of a rulebook: the book, and each rule with its file.
struct Texts {
    id: &'static str,
    book: &'static str,
    rules: &'static [(&'static str, &'static str)],
}

macro_rules! rules_at {
    ($path:literal) => {
        concat!("../../../../rules/", $path)
    };
}

macro_rules! rulebooks {
    ($($book:literal: $($rule:literal)*;)*) => {
        /// Every rulebook that is shipped.
        const SHIPPED: &[Texts] = &[$(Texts {
            id: $book,
            book: include_str!(concat!("../../../../rules/", $book, "/book.toml")),
            rules: &[$((
                concat!($book, "/", $rule, ".toml"),
                include_str!(concat!("../../../../rules/", $book, "/", $rule, ".toml")),
            ),)*],
        },)*];
    };
}

rulebooks! {
    "bsi-2.1.0": "archive" "completeness" "component-creator" "component-name" "component-version" "dependencies"
        "deployable-address" "deployable-hash" "distribution-licence" "document-address" "document-creator"
        "effective-licence" "executable" "file-name" "format" "identifiers" "no-vulnerabilities" "original-licence"
        "security-txt" "source-address" "source-hash" "structured" "timestamp";
    "ntia-2021": "author" "component-name" "component-version" "dependency" "format" "identifiers" "supplier"
        "timestamp";
    "cisa-2025-draft": "author" "component-name" "component-version" "context" "dependency" "hash" "identifiers"
        "licence" "producer" "timestamp" "tool";
    "cra-annex-i": "format" "top-level";
    "kev-deadlines": "bod-22-01" "bod-26-04";
    "end-of-life": "edge-devices" "packages" "platforms";
    "licences": "eupl-compatible" "osi-approved" "own-repositories";
    "oss-first": "on-record" "published-or-exempt";
    "nis2-article-21": "inventory" "responsible" "supply-chain";
    "osps-own-code": "practices";
    "procurement": "delivered";
}

/// Documents that the rules of all shipped books are tried on.
const DOCUMENTS: &[(&str, &str)] = &[
    ("good.cdx.json", include_str!(rules_at!("documents/good.cdx.json"))),
    ("good.spdx.json", include_str!(rules_at!("documents/good.spdx.json"))),
    ("good.spdx3.json", include_str!(rules_at!("documents/good.spdx3.json"))),
];

/// The shipped rulebooks by their names.
pub fn shipped_ids() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|texts| texts.id)
}

/// The shipped rulebooks about bills of materials, by their names.
pub fn bill_ids() -> impl Iterator<Item = &'static str> {
    static IDS: LazyLock<Vec<&str>> = LazyLock::new(|| shipped_ids().filter(|id| bill_book(id).is_ok()).collect());
    IDS.iter().copied()
}

/// A shipped rulebook about bills of materials.
///
/// # Errors
/// `no-rulebook` where there is none of that name, or it is about the house.
pub fn bill_book(id: &str) -> Result<Rulebook> {
    let book = shipped(id)?;
    if book.is_of_the_house() {
        return Err(OfficeError::new("no-rulebook", format!("{id} is about the house, not about a document"))
            .hint("`underpin rules check` asks it"));
    }
    Ok(book)
}

/// A shipped rulebook.
///
/// # Errors
/// `no-rulebook` where there is none of that name.
pub fn shipped(id: &str) -> Result<Rulebook> {
    let Some(texts) = SHIPPED.iter().find(|texts| texts.id == id) else {
        let known: Vec<_> = shipped_ids().collect();
        return Err(OfficeError::new("no-rulebook", format!("there is no rulebook {id:?}"))
            .hint(format!("shipped are: {}; `--rules FOLDER` reads one of your own", known.join(", "))));
    };
    let book = book(&format!("{id}/book.toml"), texts.book).map_err(refused)?;
    let rules: Vec<Rule> =
        texts.rules.iter().map(|(file, text)| rule(file, text).map_err(refused)).collect::<Result<_>>()?;
    one_kind(id, &rules)?;
    let documents = DOCUMENTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Ok(Rulebook { book, rules, documents })
}

pub(super) fn refused(error: Refused) -> OfficeError {
    OfficeError::new("rule-refused", error.to_string()).hint("`underpin rules explain` shows a rule that loads")
}

/// A book asks of bills of materials, or of the house.
pub(super) fn one_kind(book: &str, rules: &[Rule]) -> Result<()> {
    let of_house = rules.iter().filter(|rule| rule.subject.is_of_the_house()).count();
    if of_house == 0 || of_house == rules.len() {
        return Ok(());
    }
    Err(OfficeError::new(
        "rule-refused",
        format!("{book}: some rules are about bills of materials, some about the house"),
    )
    .hint("make two rulebooks of them"))
}

impl Rulebook {
    /// Whether its rules are about the house, and not about bills of materials.
    pub fn is_of_the_house(&self) -> bool {
        self.rules.iter().any(|rule| rule.subject.is_of_the_house())
    }

    /// The rulebook of a folder: `book.toml`, a file for each rule, and `documents` in it or beside it; with the rules of the book that it
    /// rests on (`inherits`), shipped or a folder beside it.
    ///
    /// # Errors
    /// `rule-refused` with file and place; `not-found`, `too-many-rules`.
    pub fn of_folder(folder: &Path) -> Result<Self> {
        let (shelf, name) = Shelf::of_folder(folder)?;
        shelf.rulebook(&name)
    }

    /// The rulebook of a folder, or of a signed bundle that one of the public keys vouches for.
    ///
    /// # Errors
    /// As [`Rulebook::of_folder`]; `not-trusted` for a bundle without a key, and what is wrong with it.
    pub fn of_path(path: &Path, trust: &[String], limits: &Limits) -> Result<Self> {
        if !path.is_file() {
            return Self::of_folder(path);
        }
        if trust.is_empty() {
            return Err(OfficeError::new(
                "not-trusted",
                format!("{}: nobody says whose bundle is believed", path.display()),
            )
            .hint("name the public key of its maker: --trust PUBLICKEY"));
        }
        open_bundle(path, trust, limits).map(|(book, _)| book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_the_folder_is_shipped() {
        let root = underpin_testkit::workspace().join("rules");
        let mut folders: Vec<String> = std::fs::read_dir(&root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "documents" && name != "drafts")
            .collect();
        folders.sort();
        let mut ids: Vec<&str> = shipped_ids().collect();
        ids.sort_unstable();
        assert_eq!(folders, ids);
        for id in ids {
            assert_eq!(Rulebook::of_folder(&root.join(id)).unwrap(), shipped(id).unwrap(), "{id}");
        }
    }

    #[test]
    fn an_unknown_book_is_refused_with_those_that_are_known() {
        let error = shipped("iso-1").unwrap_err();
        assert_eq!(error.code, "no-rulebook");
        assert!(error.hint.contains("bsi-2.1.0"), "{}", error.hint);
    }
}
