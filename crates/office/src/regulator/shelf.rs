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
        own_name(id, &own)
            .map_err(|detail| refused(Refused { file: self.shown(&format!("{id}/book.toml")), detail }))?;
        let Some(parent) = own.book.inherits.clone() else { return Ok(own) };
        if left == 0 {
            let detail = format!("more than {ANCESTORS} rulebooks rest on each other, or one on itself");
            return Err(refused(Refused { file: self.shown(&format!("{id}/book.toml")), detail }));
        }
        let is_shipped = shipped_ids().any(|own| own == parent);
        let parent = if is_shipped { shipped(&parent)? } else { self.rulebook_below(&parent, left - 1)? };
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

/// A book is called as its folder, and has no name of a shipped one, unless it is that one.
fn own_name(folder: &str, own: &Rulebook) -> std::result::Result<(), String> {
    let id = own.book.id.as_str();
    if id != folder {
        return Err(format!("the rulebook is called {id:?} and its folder {folder:?}"));
    }
    let shipped = shipped_ids().find(|shipped| *shipped == id).and_then(|id| shipped(id).ok());
    if shipped.is_some_and(|shipped| shipped != *own) {
        return Err(format!("a rulebook {id:?} is shipped and says otherwise: give yours another name"));
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).map_err(|error| OfficeError::file(path, &error))?.len();
    if size > RULE_BYTES {
        return Err(OfficeError::new("rule-refused", format!("{}: larger than {RULE_BYTES} bytes", path.display())));
    }
    std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with the first file that the manual shows, and a rule.
    fn of_the_manual(root: &Path, change: (&str, &str)) -> Result<Rulebook> {
        let page = underpin_testkit::workspace().join("book/src/how-to/pass-rules-on.md");
        let page = std::fs::read_to_string(page).unwrap();
        let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let folder = root.join("agency-2026");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("book.toml"), text.replace(change.0, change.1)).unwrap();
        Rulebook::of_folder(&folder)
    }

    #[test]
    fn the_heir_of_the_manual_loads_with_all_rules_of_its_parent() {
        let root = tempfile::tempdir().unwrap();
        let heir = of_the_manual(root.path(), ("", "")).unwrap();
        let parent = shipped("bsi-2.1.0").unwrap();
        assert_eq!(heir.rules.len(), parent.rules.len());
        assert!(heir.rules.iter().all(|rule| rule.source.as_ref() == Some(&parent.book.source)));
    }

    #[test]
    fn names_that_mislead_and_circles_are_refused() {
        let refused = |change| {
            let root = tempfile::tempdir().unwrap();
            of_the_manual(root.path(), change).unwrap_err().to_string()
        };
        assert!(refused(("id = \"agency-2026\"", "id = \"bsi-2.1.0\"")).contains("its folder"));
        assert!(refused(("inherits = \"bsi-2.1.0\"", "inherits = \"agency-2026\"")).contains("rest on each other"));
        assert!(refused(("inherits = \"bsi-2.1.0\"", "inherits = \"../x\"")).contains("a folder beside"));
    }

    #[test]
    fn a_shipped_name_with_other_rules_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("cra-annex-i");
        std::fs::create_dir_all(&folder).unwrap();
        let from = underpin_testkit::workspace().join("rules/cra-annex-i");
        for name in ["book.toml", "format.toml"] {
            std::fs::copy(from.join(name), folder.join(name)).unwrap();
        }
        assert!(Rulebook::of_folder(&folder).unwrap_err().to_string().contains("is shipped and says otherwise"));
    }
}
