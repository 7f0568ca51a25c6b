// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A publiccode.yml written anew as version 0.7.
//!
//! The text stays as it is, with its comments and its order; only what the new version wants otherwise is changed, line by line. What
//! nobody can know (such as who an organisation is) is left and told.

use std::ops::Range;

use underpin_model::practices::{Change, ChangeKind};

use super::country::Section;
use crate::declarations::parsed;
use crate::declarations::values::is_country;
use crate::declarations::yaml::{Entry, Kind, Node};

/// The version that comes out.
const VERSION: &str = "0.7";
/// Keys that no version after 0.7 will have.
const DROPPED: &[&str] = &["inputTypes", "outputTypes"];

/// A file of version 0.7, and what was changed and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// The whole text.
    pub text: String,
    /// Each change, by line of the old text.
    pub changes: Vec<Change>,
}

/// Writes a file anew. `None` where it is no map in block notation, or where the change would break it: then a person has to.
pub fn upgrade(bytes: &[u8]) -> Option<Upgrade> {
    let (text, root) = parsed(bytes).ok()?;
    if root.is_flow || root.entries().is_empty() {
        return None;
    }
    let mut work = Work { text, edits: Vec::new(), changes: Vec::new(), supports: Vec::new(), organisation: None };
    work.version(&root);
    work.dropped(&root);
    work.logo(&root);
    Section::of(&root).into_iter().for_each(|section| work.country_section(&root, &section));
    work.owner(&root);
    work.countries(&root);
    work.flags(&root);
    work.put_in(&root);
    let upgraded = work.finish();
    parsed(upgraded.text.as_bytes()).is_ok().then_some(upgraded)
}

struct Work<'a> {
    text: &'a str,
    edits: Vec<(Range<usize>, String)>,
    changes: Vec<Change>,
    /// Names for `supports` that come from other keys.
    supports: Vec<&'static str>,
    /// The code of an Italian office.
    organisation: Option<String>,
}

impl Work<'_> {
    fn tell(&mut self, kind: ChangeKind, entry: &Entry<'_>, key: &str) {
        self.changes.push(Change { line: entry.at.line, key: key.to_owned(), kind });
    }

    /// Puts other words in the place of a value.
    fn put(&mut self, node: &Node<'_>, words: String) {
        self.edits.push((node.at.offset..node.end, words));
    }

    fn remove(&mut self, entry: &Entry<'_>, key: &str, kind: ChangeKind) {
        let lines = self.lines(entry);
        self.edits.push((lines, String::new()));
        self.tell(kind, entry, key);
    }

    /// The lines of an entry in block notation: that of its key, and all that stand deeper.
    fn lines(&self, entry: &Entry<'_>) -> Range<usize> {
        let start = self.text.get(..entry.at.offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let indent = entry.at.offset - start;
        let least = if entry.value.is_flow { entry.value.end } else { last(&entry.value).max(entry.at.offset) + 1 };
        let is_list = matches!(entry.value.kind, Kind::List(_)) && !entry.value.is_flow;
        let (mut end, mut place) = (start, start);
        for line in self.text.get(start..).unwrap_or_default().split_inclusive('\n') {
            let words = line.trim();
            let depth = line.len() - line.trim_start_matches(' ').len();
            let is_inside = place == start || depth > indent || (is_list && depth == indent && words.starts_with('-'));
            if !words.is_empty() && !is_inside && place >= least {
                break;
            }
            place += line.len();
            if !words.is_empty() {
                end = place;
            }
        }
        start..end
    }

    fn version(&mut self, root: &Node<'_>) {
        let Some(entry) = root.entry("publiccodeYmlVersion") else { return };
        let is_new = entry.value.text().is_some_and(|text| text == "0" || text.starts_with(VERSION));
        if !is_new && matches!(entry.value.kind, Kind::Scalar { .. }) {
            self.put(&entry.value, format!("\"{VERSION}\""));
            self.tell(ChangeKind::Changed, entry, "publiccodeYmlVersion");
        }
    }

    fn dropped(&mut self, root: &Node<'_>) {
        for key in DROPPED {
            if let Some(entry) = root.entry(key) {
                self.remove(entry, key, ChangeKind::Removed);
            }
        }
        for language in root.get("description").map(Node::entries).unwrap_or_default() {
            if let Some(entry) = language.value.entry("genericName") {
                self.inner(&language.value, entry, &format!("description.{}.genericName", language.key));
            }
        }
        if let Some(legal) = root.get("legal")
            && let Some(entry) = legal.entry("authorsFile")
        {
            self.inner(legal, entry, "legal.authorsFile");
        }
    }

    /// Removes an entry of a map inside; one in brackets, or the only one, stays for a person.
    fn inner(&mut self, map: &Node<'_>, entry: &Entry<'_>, key: &str) {
        if map.is_flow || map.entries().len() < 2 {
            self.tell(ChangeKind::Left, entry, key);
        } else {
            self.remove(entry, key, ChangeKind::Removed);
        }
    }

    fn logo(&mut self, root: &Node<'_>) {
        let Some(entry) = root.entry("monochromeLogo") else { return };
        if root.entry("logo").is_some() {
            self.remove(entry, "monochromeLogo", ChangeKind::Removed);
        } else {
            let start = entry.at.offset;
            let key = self.text.get(start..).and_then(|rest| rest.find(':')).unwrap_or_default();
            self.edits.push((start..start + key, "logo".to_owned()));
            self.tell(ChangeKind::Renamed, entry, "monochromeLogo");
        }
    }

    /// The owner of the repository is the organisation; without an address of it nobody can say which, and of two names neither is given up.
    fn owner(&mut self, root: &Node<'_>) {
        let Some(legal) = root.get("legal") else { return };
        let Some(entry) = legal.entry("repoOwner") else { return };
        let Some(owner) = entry.value.text().filter(|_| !legal.is_flow && legal.entries().len() > 1) else {
            return self.tell(ChangeKind::Left, entry, "legal.repoOwner");
        };
        let words = self.text.get(entry.value.at.offset..entry.value.end).unwrap_or_default();
        let is_one_line = !words.is_empty() && !words.contains('\n') && !words.starts_with(['|', '>', '&', '*']);
        let words = if is_one_line { words.to_owned() } else { serde_json::Value::from(owner).to_string() };
        match root.get("organisation") {
            Some(organisation) => match organisation.get("name").map(Node::text) {
                Some(Some(name)) if name.trim() == owner.trim() => {}
                None if !organisation.is_flow && !organisation.entries().is_empty() => {
                    let start = organisation.at.offset;
                    let indent = " ".repeat(self.column(start));
                    self.edits.push((start..start, format!("name: {words}\n{indent}")));
                }
                _ => return self.tell(ChangeKind::Left, entry, "legal.repoOwner"),
            },
            None => match self.organisation.take() {
                Some(code) => self.organisation = Some(format!("{code}\n  name: {words}")),
                None => return self.tell(ChangeKind::Left, entry, "legal.repoOwner"),
            },
        }
        self.remove(entry, "legal.repoOwner", ChangeKind::Moved);
    }

    /// Letters before a place in its line.
    fn column(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    /// The Italian section: what it says goes where every country says it. What has no place there stays.
    fn country_section(&mut self, root: &Node<'_>, section: &Section<'_, '_>) {
        for alias in &section.supports {
            if !self.supports.contains(alias) {
                self.supports.push(alias);
            }
        }
        if let Some(code) = section.code
            && root.entry("organisation").is_none()
        {
            self.organisation = self.organisation.take().or_else(|| Some(code.to_owned()));
        }
        let lines = self.lines(section.entry);
        self.edits.push((lines, section.rest(self.organisation.as_deref())));
        for (kind, key) in section.changes(self.organisation.as_deref()) {
            self.tell(kind, section.entry, &key);
        }
    }

    fn countries(&mut self, root: &Node<'_>) {
        let Some(audience) = root.get("intendedAudience") else { return };
        for key in ["countries", "unsupportedCountries"] {
            let Some(entry) = audience.entry(key) else { continue };
            for country in entry.value.items() {
                let capital = country.text().unwrap_or_default().to_ascii_uppercase();
                if country.text() != Some(&capital) && is_country(&capital) {
                    let words = self.text.get(country.at.offset..country.end).unwrap_or_default();
                    self.put(country, words.to_ascii_uppercase());
                    self.tell(ChangeKind::Changed, entry, &format!("intendedAudience.{key}"));
                }
            }
        }
    }

    /// Truths of YAML 1.1 become those of YAML 1.2.
    fn flags(&mut self, root: &Node<'_>) {
        let localisation = root.get("localisation").and_then(|map| map.entry("localisationReady"));
        let parts = root.get("dependsOn").map(Node::entries).unwrap_or_default();
        let optional = parts.iter().flat_map(|part| part.value.items()).filter_map(|item| item.entry("optional"));
        for entry in localisation.into_iter().chain(optional) {
            if let (None, Some(flag)) = (entry.value.flag(), truth(&entry.value)) {
                self.put(&entry.value, flag.to_string());
                self.tell(ChangeKind::Changed, entry, &entry.key);
            }
        }
    }

    /// What comes from other keys, written behind the address of the repository.
    fn put_in(&mut self, root: &Node<'_>) {
        let Some(entry) = root.entry("url").or_else(|| root.entry("publiccodeYmlVersion")) else { return };
        let mut words = String::new();
        if let Some(code) = self.organisation.take() {
            words += &format!("organisation:\n  uri: urn:x-italian-pa:{code}\n");
        }
        let said = root.get("supports");
        let is_there = |alias: &str| {
            let is_it = |item: &Node<'_>| {
                item.get("id").and_then(Node::text).and_then(|id| id.strip_prefix("alias:")) == Some(alias)
            };
            said.is_some_and(|list| list.items().iter().any(is_it))
        };
        let new: Vec<&str> = self.supports.iter().copied().filter(|alias| !is_there(alias)).collect();
        match (root.entry("supports"), new.is_empty()) {
            (_, true) => {}
            (None, false) => {
                words += "supports:\n";
                words.extend(new.iter().map(|alias| format!("  - id: alias:{alias}\n")));
            }
            (Some(entry), false) => self.more_supports(entry, &new),
        }
        if !words.is_empty() {
            let end = self.lines(entry).end;
            let ends = self.text.get(..end).is_some_and(|before| before.ends_with('\n'));
            self.edits.push((end..end, if ends { words } else { format!("\n{words}") }));
        }
    }

    /// Adds to a list that is there.
    fn more_supports(&mut self, entry: &Entry<'_>, new: &[&str]) {
        let block = |indent: usize| {
            let items = new.iter().map(|alias| format!("{}- id: alias:{alias}\n", " ".repeat(indent)));
            items.collect::<String>()
        };
        let end = self.lines(entry).end;
        let first = entry.value.items().first().map(|item| item.at.offset);
        if entry.value.is_flow {
            let items: Vec<String> = new.iter().map(|alias| format!("{{id: \"alias:{alias}\"}}")).collect();
            let separator = if first.is_some() { ", " } else { "" };
            let place = entry.value.end.saturating_sub(1);
            self.edits.push((place..place, format!("{separator}{}", items.join(", "))));
            return;
        }
        let before = first.and_then(|at| self.text.get(..at)).unwrap_or_default();
        let indent = before.rsplit('\n').next().unwrap_or_default().find('-');
        let own = self.column(entry.at.offset);
        self.edits.push((end..end, block(indent.unwrap_or(own + 2))));
    }

    fn finish(mut self) -> Upgrade {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut at) = (String::with_capacity(self.text.len()), 0);
        for (range, words) in &self.edits {
            // An edit inside what another one removes is gone with it.
            if range.start < at {
                continue;
            }
            text += self.text.get(at..range.start).unwrap_or_default();
            text += words;
            at = range.end;
        }
        text += self.text.get(at..).unwrap_or_default();
        self.changes.sort();
        self.changes.dedup();
        Upgrade { text, changes: self.changes }
    }
}

/// Where the last value inside begins.
fn last(node: &Node<'_>) -> usize {
    let inside =
        node.items().iter().map(last).chain(node.entries().iter().map(|entry| last(&entry.value).max(entry.at.offset)));
    let own = if node.is_nothing() { 0 } else { node.at.offset };
    inside.fold(own, usize::max)
}

/// A truth after YAML 1.1, which many old files were written for.
pub(super) fn truth(node: &Node<'_>) -> Option<bool> {
    let Kind::Scalar { text, is_plain: true } = &node.kind else { return None };
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => Some(true),
        "false" | "no" | "off" | "n" => Some(false),
        _ => None,
    }
}
