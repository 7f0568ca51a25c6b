// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Identifiers of the rows of one kind, and finding a row by identifier or name.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use underpin_model::registry::{is_identifier, slug};

use super::columns::{Kind, did_you_mean};
use super::error::{Errors, Place};
use super::rows::RawRow;

/// A row on its way to an identifier.
pub(super) struct Candidate<'r> {
    /// Identifiers are unique within it.
    pub scope: &'r str,
    /// What it belongs to, as far as that is known: an identifier, or what the row says.
    pub owner: &'r str,
    /// Its identifier; empty when it shall be made.
    pub id: &'r mut String,
    /// Its name.
    pub name: &'r str,
}

/// A row that is in the registry already.
pub(super) struct KnownRow<'k> {
    /// Identifiers are unique within it.
    pub scope: &'k str,
    /// What it belongs to: its identifier and its name.
    pub owner: [&'k str; 2],
    /// Its identifier.
    pub id: &'k str,
    /// Its name.
    pub name: &'k str,
}

/// Makes missing identifiers and refuses double ones. A row without one is the known row of the same name and owner;
/// else it gets one that is free, so that two agencies may each hand in a system called the same.
pub(super) fn assign(
    kind: Kind,
    rows: Vec<Candidate<'_>>,
    known: &[KnownRow<'_>],
    read: &[&RawRow],
    errors: &mut Errors,
) {
    let mut taken: HashMap<(String, String), Place> = HashMap::with_capacity(rows.len());
    for (Candidate { scope, id, .. }, row) in rows.iter().zip(read).filter(|(row, _)| !row.id.is_empty()) {
        let key = ((*scope).to_owned(), (**id).clone());
        if let Some(earlier) = taken.get(&key) {
            let problem = format!("{:?} is already the identifier of {}", id, shown(kind, earlier));
            errors.add(&row.place_of("id"), "id", problem, "give each its own, or leave it empty");
        } else {
            taken.insert(key, row.place.clone());
        }
    }
    let used: HashSet<(&str, &str)> = known.iter().map(|known| (known.scope, known.id)).collect();
    let mut of_name: HashMap<String, Vec<&KnownRow<'_>>> = HashMap::new();
    for row in known {
        of_name.entry(row.name.to_lowercase()).or_default().push(row);
    }
    // The next number to try for each base, so that many rows of one name stay linear.
    let mut numbers: HashMap<(String, String), usize> = HashMap::new();
    for (Candidate { scope, owner, id, name }, row) in rows.into_iter().zip(read).filter(|(row, _)| row.id.is_empty()) {
        let same_name = of_name.get(&name.to_lowercase()).map_or(&[][..], Vec::as_slice);
        if let Some(same) = same(same_name, scope, owner)
            && let Entry::Vacant(free) = taken.entry((scope.to_owned(), same.id.to_owned()))
        {
            same.id.clone_into(id);
            free.insert(row.place.clone());
            continue;
        }
        let base: String = slug(name).chars().take(100).collect();
        if base.is_empty() {
            if !name.is_empty() {
                let problem = format!("no identifier can be made from the name {name:?}");
                errors.add(&row.place_of("id"), "id", problem, "state one of lower-case letters, digits and hyphens");
            }
            continue;
        }
        let number = numbers.entry((scope.to_owned(), base.clone())).or_insert(1);
        loop {
            let candidate = if *number == 1 { base.clone() } else { format!("{base}-{number}") };
            *number = number.saturating_add(1);
            if used.contains(&(scope, candidate.as_str())) {
                continue;
            }
            if let Entry::Vacant(free) = taken.entry((scope.to_owned(), candidate)) {
                id.clone_from(&free.key().1);
                free.insert(row.place.clone());
                break;
            }
        }
    }
}

/// The known row that a row without identifier means: the same owner, or the only one of that name when none is said.
fn same<'k>(same_name: &[&'k KnownRow<'k>], scope: &str, owner: &str) -> Option<&'k KnownRow<'k>> {
    let owner = owner.to_lowercase();
    let mut here = same_name.iter().filter(|known| known.scope == scope);
    let exact = here.clone().find(|known| known.owner.iter().any(|known| known.to_lowercase() == owner));
    match (exact, here.next(), here.next()) {
        (Some(exact), _, _) => Some(exact),
        (None, Some(only), None) if owner.is_empty() => Some(only),
        _ => None,
    }
}

fn shown(kind: Kind, place: &Place) -> String {
    match &place.sheet {
        Some(sheet) => format!("the {} in sheet {sheet}, row {}", kind.as_str(), place.line),
        None => format!("the {} in line {}", kind.as_str(), place.line),
    }
}

/// Finds rows by identifier, name and other names.
pub(super) struct Names<'r> {
    ids: HashSet<&'r str>,
    by_name: HashMap<String, Vec<&'r str>>,
    /// Names that only the registry has; the file's own come first.
    known: HashMap<String, Vec<&'r str>>,
}

impl<'r> Names<'r> {
    /// From identifier, name and other names of each row.
    pub fn new(rows: impl Iterator<Item = (&'r str, &'r str, &'r [String])>) -> Self {
        let mut names = Self { ids: HashSet::new(), by_name: HashMap::new(), known: HashMap::new() };
        for (id, name, aliases) in rows.filter(|(id, _, _)| !id.is_empty()) {
            names.ids.insert(id);
            remember(&mut names.by_name, id, name, aliases);
        }
        names
    }

    /// The same, with what the registry holds already.
    pub fn knowing(mut self, rows: impl Iterator<Item = (&'r str, &'r str, &'r [String])>) -> Self {
        for (id, name, aliases) in rows {
            self.ids.insert(id);
            remember(&mut self.known, id, name, aliases);
        }
        self
    }

    /// The only identifier that has this name, or the text itself in lower case.
    pub fn find(&self, text: &str) -> String {
        let lower = text.to_lowercase();
        match self.named(&lower) {
            Some([id]) if !self.ids.contains(lower.as_str()) => (*id).to_owned(),
            _ => lower,
        }
    }

    fn named(&self, lower: &str) -> Option<&[&'r str]> {
        self.by_name.get(lower).or_else(|| self.known.get(lower)).map(Vec::as_slice)
    }

    fn scope(&self) -> &'static str {
        if self.known.is_empty() { "" } else { " or the registry" }
    }

    /// The identifier that a reference means. Problems are added to `errors`; the text stays then.
    pub fn resolve(&self, text: &str, field: &str, row: &RawRow, errors: &mut Errors) -> String {
        let lower = text.to_lowercase();
        if text.is_empty() || self.ids.contains(lower.as_str()) || is_identifier(text) {
            return lower;
        }
        match self.named(&lower) {
            Some([id]) => return (*id).to_owned(),
            Some(several) => {
                let problem = format!("{text:?} is the name of several: {}", several.join(", "));
                errors.add(&row.place_of(field), field, problem, "use the identifier");
                return text.to_owned();
            }
            None if is_identifier(&lower) => return lower,
            None => {}
        }
        let near = did_you_mean(text, self.by_name.keys().chain(self.known.keys()).map(String::as_str));
        let meant = near.and_then(|near| self.named(near)).and_then(|ids| ids.first());
        let hint = meant.map_or("use the identifier".to_owned(), |id| format!("did you mean {id}?"));
        errors.add(
            &row.place_of(field),
            field,
            format!("{text:?} is no identifier, and nothing in this file{} has that name", self.scope()),
            hint,
        );
        text.to_owned()
    }
}

fn remember<'r>(names: &mut HashMap<String, Vec<&'r str>>, id: &'r str, name: &str, aliases: &[String]) {
    for name in std::iter::once(name).chain(aliases.iter().map(String::as_str)) {
        let ids = names.entry(name.to_lowercase()).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
}
