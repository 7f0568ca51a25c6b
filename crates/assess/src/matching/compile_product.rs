// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CVE records with product names (CPE) into an index: each is an advisory, joined to the others by its number.
//!
//! Criteria of one record that differ in their versions only are one statement: versions by name as a list, bounds as spans.

use std::collections::BTreeMap;

use underpin_model::Purl;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch, CveRecord};
use underpin_model::watch::{Advisory, Affected};

use super::columns::narrow;
use super::compile::{Compiler, RawEntry, RawSpan, Texts};
use super::index::entry_flag;
use super::language;
use super::lookups::Subject;
use super::product::PRODUCTS;
use crate::cpe::{Attribute, Condition, Criterion, InvalidCpe, Value};
use crate::version::{Scheme, is_valid};

/// What a statement is about: key of the product, its CPE name, and what it runs on.
type About = (String, String, u32);

impl Compiler {
    /// Adds what a CVE record says about products by their names, and about packages by their package URLs; where it says nothing,
    /// or was rejected, it takes away what was said before. Severity is not
    /// taken from here: see [`crate::severity`].
    pub fn add_cve(&mut self, feed: &str, record: &CveRecord<'_>) {
        let (statements, affected) = match record.is_rejected {
            true => (BTreeMap::new(), Vec::new()),
            false => (statements(&mut self.texts, record), packages(record)),
        };
        if statements.is_empty() && affected.is_empty() {
            // What an earlier edition of the record said no longer counts, here and in the layers below.
            self.remove(feed, &record.id);
            return;
        }
        let number = narrow(self.advisories.len());
        let advisory = Advisory {
            id: (&*record.id).into(),
            summary: (&*record.title).into(),
            published: record.published,
            modified: record.modified,
            references: record.references.iter().map(|link| ("".into(), (&**link).into())).collect(),
            affected,
            ..Advisory::default()
        };
        self.add(feed, &advisory);
        let ecosystem = self.texts.number(PRODUCTS);
        for ((name, cpe, beside), statement) in statements {
            let (name, cpe) = (self.texts.number(&name), self.texts.number(&cpe));
            let scheme = Scheme::Generic;
            self.entries.push(RawEntry { advisory: number, ecosystem, name, cpe, beside, scheme, ..statement });
        }
    }
}

fn statements(texts: &mut Texts, record: &CveRecord<'_>) -> BTreeMap<About, RawEntry> {
    let mut found: BTreeMap<About, RawEntry> = BTreeMap::new();
    for configuration in &record.configurations {
        let beside = texts.number(&platforms_text(configuration));
        for stated in &configuration.vulnerable {
            let Ok(criterion) = Criterion::read(stated) else { continue };
            // A name without vendor or product would be about everything.
            let Some(key) = criterion.name().key() else { continue };
            let mut name = criterion.name().clone();
            let has_bounds = criterion.from().is_some() || criterion.to().is_some();
            let listed = match name.get(Attribute::Version) {
                Value::Na if !has_bounds => Some("-".to_owned()),
                version if !has_bounds => version.literal().map(str::to_owned),
                _ => None,
            };
            if listed.is_some() {
                name.set(Attribute::Version, Value::Any);
            }
            let is_pattern = name.get(Attribute::Version) != &Value::Any;
            let entry = found.entry((key, name.to_string(), beside)).or_default();
            entry.flags |= entry_flag::RANGES | if is_pattern { entry_flag::PATTERN } else { 0 };
            match listed {
                Some(version) => entry.listed.push(texts.number(&version)),
                None => bounds(texts, &criterion, entry),
            }
        }
    }
    found
}

/// The versions that a criterion bounds.
fn bounds(texts: &mut Texts, criterion: &Criterion, entry: &mut RawEntry) {
    let (from, to) = (criterion.from(), criterion.to());
    if from.is_none() && to.is_none() {
        entry.flags |= entry_flag::UNBOUNDED;
    }
    // A bound without a number, or with a wildcard, has no place in any order.
    if from.iter().chain(&to).any(|(version, _)| !is_valid(Scheme::Generic, version) || version.contains('*')) {
        entry.flags |= entry_flag::ODD;
        return;
    }
    let end = match to {
        None => 0,
        Some((_, false)) => 1,
        Some((_, true)) => 2,
    };
    entry.spans.push(RawSpan {
        lower: from.map(|(version, _)| texts.number(version)),
        includes_lower: from.is_none_or(|(_, is_included)| is_included),
        upper: to.map(|(version, _)| texts.number(version)),
        end,
    });
}

/// What a product must run on, and must not, as one text: a criterion a line, its name and bounds apart by tabulators, an empty
/// line before each further list of which one is needed, and an exclamation mark before what it must not run on. The same lists
/// are kept once.
fn platforms_text(configuration: &Configuration<'_>) -> String {
    let line = |stated: &CpeMatch<'_>| {
        let fields =
            [&stated.name, &stated.from_including, &stated.from_excluding, &stated.to_including, &stated.to_excluding];
        let is_odd = fields.iter().any(|field| field.bytes().any(|byte| byte.is_ascii_control()));
        // What cannot be kept is a platform that cannot be known.
        if is_odd || stated.name.is_empty() || stated.name.starts_with(EXCLUDED) {
            "?".to_owned()
        } else {
            fields.map(|field| &**field).join("\t")
        }
    };
    let list = |any: &AnyOf<'_>| match &*any.names {
        [] => "?".to_owned(),
        names => names.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    let unwanted = configuration.without.iter().map(|stated| format!("{EXCLUDED}{}", line(stated)));
    configuration.beside.iter().map(list).chain(unwanted).collect::<Vec<_>>().join("\n\n")
}

/// Before what a product must not run on.
pub(super) const EXCLUDED: char = '!';

/// The criteria of such a text: lists of what a product must run on, and what it must not run on.
pub(super) fn platforms(text: &str) -> (Vec<Vec<Condition>>, Vec<Condition>) {
    let criterion = |line: &str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default().into();
        let stated = CpeMatch {
            name: next(),
            from_including: next(),
            from_excluding: next(),
            to_including: next(),
            to_excluding: next(),
        };
        Criterion::read(&stated)
    };
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for list in text.split("\n\n") {
        match list.strip_prefix(EXCLUDED) {
            Some(line) => unwanted.push(criterion(line)),
            None => wanted.push(list.lines().map(criterion).collect()),
        }
    }
    (wanted, unwanted)
}

/// What a record says about packages by their package URLs, as an advisory of their ecosystem says it. Those of distributions are
/// left out, for which release is meant is not said.
fn packages<'r>(record: &'r CveRecord<'_>) -> Vec<Affected<'r>> {
    let packages = record.packages.iter().filter_map(|stated| {
        let (purl, _) = Purl::parse_lenient(&stated.purl).ok()?;
        let qualifiers: Vec<String> = purl.qualifiers.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let (kind, namespace, name) = (&*purl.kind, &*purl.namespace, &*purl.name);
        let qualifiers = qualifiers.join("&");
        let subject = Subject { kind, namespace, name, qualifiers: &qualifiers, ..Subject::default() };
        let key = language::lookups(&subject).list.into_iter().next()?;
        Some(Affected {
            ecosystem: key.ecosystem.into_owned().into(),
            name: key.name.into_owned().into(),
            purl: (&*stated.purl).into(),
            ranges: stated.ranges.clone(),
            versions: stated.versions.iter().map(|version| (&**version).into()).collect(),
            is_inexact: stated.is_inexact,
            ..Affected::default()
        })
    });
    packages.collect()
}

impl Criterion {
    /// A name without bounds.
    pub(super) fn named(name: &str) -> Result<Self, InvalidCpe> {
        Self::read(&CpeMatch { name: name.into(), ..CpeMatch::default() })
    }
}
