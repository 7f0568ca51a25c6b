// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where the texts of rulebooks stand: folders beside each other on a disk, or a signed bundle of them, which says the same.

use std::collections::BTreeMap;
use std::path::Path;

use underpin_formats::rulebook::{Refused, Rule, book, rule};
use underpin_model::limits::bounds::{RULE_BYTES, RULES};

use super::inherited::inherited;
use super::rulebooks::{Rulebook, one_kind, refused, shipped, shipped_ids};
use crate::error::{OfficeError, Result};

/// How many books may rest on each other.
const ANCESTORS: usize = 4;

/// Texts of one or more rulebooks by their paths: `BOOK/book.toml`, `BOOK/RULE.toml`, `BOOK/documents/FILE`, `documents/FILE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shelf {
    /// The texts.
    pub texts: BTreeMap<String, String>,
    /// How a path is shown to people.
    pub place: String,
}

impl Shelf {
    /// The texts of a folder, and of the folders beside it that it rests on.
    ///
    /// # Errors
    /// `rule-refused`, `not-found`, `too-many-rules`.
    pub fn of_folder(folder: &Path) -> Result<(Self, String)> {
        let folder = std::fs::canonicalize(folder).map_err(|error| OfficeError::file(folder, &error))?;
        let beside = folder.parent().unwrap_or(&folder).to_owned();
        let id = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let mut shelf = Self { texts: BTreeMap::new(), place: beside.display().to_string() };
        let mut wanted = vec![id.clone()];
        while let Some(id) = wanted.pop() {
            shelf.take(&beside, &id)?;
            let rests_on = shelf.book(&id)?.inherits.filter(|parent| !shipped_ids().any(|own| own == *parent));
            wanted.extend(rests_on.filter(|parent| !shelf.texts.contains_key(&format!("{parent}/book.toml"))));
        }
        shelf.take_documents(&beside.join("documents"), "documents")?;
        Ok((shelf, id))
    }

    fn take(&mut self, beside: &Path, id: &str) -> Result<()> {
        if id.contains(['/', '\\']) || id.starts_with('.') {
            return Err(refused(Refused {
                file: id.to_owned(),
                detail: "a rulebook is a folder beside the other".to_owned(),
            }));
        }
        let folder = beside.join(id);
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).map_err(|error| OfficeError::file(&folder, &error))? {
            let path = entry.map_err(|error| OfficeError::file(&folder, &error))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            let Some(name) = name.filter(|name| name.ends_with(".toml")) else { continue };
            count += 1;
            if count > RULES + 1 {
                let why = format!("{}: more than {RULES} rules", folder.display());
                return Err(OfficeError::new("too-many-rules", why));
            }
            self.texts.insert(format!("{id}/{name}"), text_of(&path)?);
        }
        self.take_documents(&folder.join("documents"), &format!("{id}/documents"))
    }

    fn take_documents(&mut self, folder: &Path, name: &str) -> Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in std::fs::read_dir(folder).map_err(|error| OfficeError::file(folder, &error))?.take(RULES) {
            let path = entry.map_err(|error| OfficeError::file(folder, &error))?.path();
            if let Some(file) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_file()) {
                self.texts.insert(format!("{name}/{file}"), text_of(&path)?);
            }
        }
        Ok(())
    }

    /// The rulebook of a name, on top of what it rests on.
    ///
    /// # Errors
    /// `rule-refused` with file and place.
    pub fn rulebook(&self, id: &str) -> Result<Rulebook> {
        self.rulebook_below(id, ANCESTORS)
    }

    fn rulebook_below(&self, id: &str, left: usize) -> Result<Rulebook> {
        let book = self.book(id)?;
        let within = |name: &String| {
            name.strip_prefix(&format!("{id}/")).is_some_and(|rest| !rest.contains('/') && rest != "book.toml")
        };
        let texts = self.texts.iter().filter(|(name, _)| within(name));
        let rules: Vec<Rule> =
            texts.map(|(name, text)| rule(&self.shown(name), text).map_err(refused)).collect::<Result<_>>()?;
        one_kind(&book.id, &rules)?;
        let own = Rulebook { documents: self.documents(id), rules, book };
        let Some(parent) = own.book.inherits.clone() else { return Ok(own) };
        if left == 0 {
            let detail = format!("more than {ANCESTORS} rulebooks rest on each other, or one on itself");
            return Err(refused(Refused { file: self.shown(&format!("{id}/book.toml")), detail }));
        }
        let is_here = self.texts.contains_key(&format!("{parent}/book.toml"));
        let parent = if is_here { self.rulebook_below(&parent, left - 1)? } else { shipped(&parent)? };
        let whole = inherited(&parent, own).map_err(refused)?;
        one_kind(&whole.book.id, &whole.rules)?;
        Ok(whole)
    }

    fn book(&self, id: &str) -> Result<underpin_formats::rulebook::Book> {
        let name = format!("{id}/book.toml");
        let text = self.texts.get(&name).ok_or_else(|| {
            OfficeError::new("not-found", format!("{} is not there", self.shown(&name)))
                .hint("a rulebook is a folder with book.toml and a file for each rule")
        })?;
        book(&self.shown(&name), text).map_err(refused)
    }

    /// Documents of the book, else those beside it.
    fn documents(&self, id: &str) -> BTreeMap<String, String> {
        let of = |folder: &str| -> BTreeMap<String, String> {
            let named = |(name, text): (&String, &String)| Some((name.strip_prefix(folder)?.to_owned(), text.clone()));
            self.texts.iter().filter_map(named).collect()
        };
        let own = of(&format!("{id}/documents/"));
        if own.is_empty() { of("documents/") } else { own }
    }

    fn shown(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }
}

fn text_of(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).map_err(|error| OfficeError::file(path, &error))?.len();
    if size > RULE_BYTES {
        return Err(OfficeError::new("rule-refused", format!("{}: larger than {RULE_BYTES} bytes", path.display())));
    }
    std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error))
}
