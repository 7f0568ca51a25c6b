// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Identifiers of the rows of one kind, and finding a row by identifier or name.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use underpin_model::registry::{is_identifier, slug};

use super::columns::{Kind, did_you_mean};
use super::error::{Errors, Place};
use super::rows::RawRow;

/// Makes missing identifiers and refuses double ones. Each row is its scope (identifiers are unique within it), its
/// identifier and its name.
pub(super) fn assign(kind: Kind, rows: Vec<(&str, &mut String, &str)>, read: &[&RawRow], errors: &mut Errors) {
    let mut taken: HashMap<(String, String), Place> = HashMap::with_capacity(rows.len());
    for ((scope, id, _), row) in rows.iter().zip(read).filter(|((_, id, _), _)| !id.is_empty()) {
        let key = ((*scope).to_owned(), (**id).clone());
        if let Some(earlier) = taken.get(&key) {
            let problem = format!("{:?} is already the identifier of {}", id, shown(kind, earlier));
            errors.add(&row.place_of("id"), "id", problem, "give each its own, or leave it empty");
        } else {
            taken.insert(key, row.place.clone());
        }
    }
    // The next number to try for each base, so that many rows of one name stay linear.
    let mut numbers: HashMap<(String, String), usize> = HashMap::new();
    for ((scope, id, name), row) in rows.into_iter().zip(read).filter(|((_, id, _), _)| id.is_empty()) {
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
            if let Entry::Vacant(free) = taken.entry((scope.to_owned(), candidate)) {
                id.clone_from(&free.key().1);
                free.insert(row.place.clone());
                break;
            }
        }
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
}

impl<'r> Names<'r> {
    /// From identifier, name and other names of each row.
    pub fn new(rows: impl Iterator<Item = (&'r str, &'r str, &'r [String])>) -> Self {
        let mut names = Self { ids: HashSet::new(), by_name: HashMap::new() };
        for (id, name, aliases) in rows.filter(|(id, _, _)| !id.is_empty()) {
            names.ids.insert(id);
            for name in std::iter::once(name).chain(aliases.iter().map(String::as_str)) {
                let ids = names.by_name.entry(name.to_lowercase()).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        names
    }

    /// The identifier that a reference means. Problems are added to `errors`; the text stays then.
    pub fn resolve(&self, text: &str, field: &str, row: &RawRow, errors: &mut Errors) -> String {
        let lower = text.to_lowercase();
        if text.is_empty() || self.ids.contains(lower.as_str()) || is_identifier(text) {
            return lower;
        }
        match self.by_name.get(&lower).map(Vec::as_slice) {
            Some([id]) => return (*id).to_owned(),
            Some(several) => {
                let problem = format!("{text:?} is the name of several: {}", several.join(", "));
                errors.add(&row.place_of(field), field, problem, "use the identifier");
                return text.to_owned();
            }
            None if is_identifier(&lower) => return lower,
            None => {}
        }
        let near = did_you_mean(text, self.by_name.keys().map(String::as_str));
        let meant = near.and_then(|near| self.by_name.get(near)).and_then(|ids| ids.first());
        let hint = meant.map_or("use the identifier".to_owned(), |id| format!("did you mean {id}?"));
        errors.add(
            &row.place_of(field),
            field,
            format!("{text:?} is no identifier, and nothing in this file has that name"),
            hint,
        );
        text.to_owned()
    }
}
