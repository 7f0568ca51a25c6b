// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The one list of all columns of a registry file, with every name each of them may have, in English and German.
//!
//! Reading, writing, error hints and the manual come from this list. Names are compared without regard to case, spaces,
//! hyphens and underscores; umlauts may be spelled out (`Behörde`, `BEHOERDE`, `behoerde`). The first name is the one
//! that is written. The same word may mean different things in different kinds of rows: `agency` is the name in a list
//! of agencies and the owner in a list of systems.

use underpin_model::registry::slug;

/// A kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A ministry, agency or unit.
    Agency,
    /// A service that an agency runs.
    System,
    /// A place where a system runs.
    Deployment,
    /// A rule that binds documents to systems.
    Mapping,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// Texts separated by `;` or `|`.
    List,
    /// A whole number, zero or more.
    Number,
    /// One word of a closed list.
    Word,
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// The name that is written, and the key in TOML.
    pub key: &'static str,
    /// Other names that are understood.
    pub names: &'static [&'static str],
    /// How its cells are written.
    pub shape: Shape,
    /// True when a row makes no sense without it. Identifiers are not required: they are made from the name.
    pub required: bool,
    /// What belongs there, in one sentence.
    pub meaning: &'static str,
}

const fn column(
    key: &'static str,
    shape: Shape,
    required: bool,
    names: &'static [&'static str],
    meaning: &'static str,
) -> Column {
    Column { key, names, shape, required, meaning }
}

use Shape::{List, Number, Text, Word};

const ALIASES: Column = column(
    "aliases",
    List,
    false,
    &["alias", "other names", "also known as", "weitere Namen", "andere Namen", "Abkürzung", "Abkürzungen", "Aliasse"],
    "Other names it is known by.",
);
const CONTACT: Column = column(
    "contact",
    Text,
    false,
    &["mailbox", "e-mail", "contact point", "Kontakt", "Kontaktstelle", "Postfach", "Funktionspostfach"],
    "Functional mailbox or page; never a person.",
);
const EXPOSURE: Column =
    column("exposure", Word, false, &["reachable from", "Erreichbarkeit", "Exposition"], "Who can reach it.");
const OWNING_SYSTEM: Column = column(
    "system",
    Text,
    true,
    &["system id", "system name", "Verfahren", "Fachverfahren", "Systemkennung"],
    "The system: its identifier or its name.",
);

static AGENCY: [Column; 7] = [
    column("id", Text, false, &["agency id", "Kennung", "Kürzel", "Behördenkennung"], "Stable identifier."),
    column("name", Text, true, &["agency", "agency name", "Behörde", "Behördenname", "Bezeichnung"], "Name."),
    ALIASES,
    column(
        "parent",
        Text,
        false,
        &["parent agency", "belongs to", "ministry", "übergeordnete Behörde", "gehört zu", "Ressort", "Ministerium"],
        "The agency it belongs to.",
    ),
    CONTACT,
    column(
        "declared_systems",
        Number,
        false,
        &["number of systems", "declared", "Anzahl Systeme", "Anzahl Verfahren", "gemeldete Systeme"],
        "Number of systems it says it has that are not registered yet.",
    ),
    column(
        "predecessors",
        List,
        false,
        &["predecessor", "formerly", "Vorgänger", "Vorgängerbehörden", "hervorgegangen aus"],
        "Agencies it came from, after a merger or a split.",
    ),
];

static SYSTEM: [Column; 17] = [
    column(
        "id",
        Text,
        false,
        &["system id", "Kennung", "Kürzel", "Systemkennung", "Verfahrensnummer"],
        "Stable identifier.",
    ),
    column(
        "name",
        Text,
        true,
        &["system", "system name", "Verfahren", "Fachverfahren", "Systemname", "Bezeichnung"],
        "Name; need not be unique.",
    ),
    ALIASES,
    column(
        "agency",
        Text,
        true,
        &[
            "owner",
            "owner agency",
            "agency id",
            "Behörde",
            "zuständige Behörde",
            "Eigentümer",
            "Verfahrensverantwortung",
        ],
        "The agency that owns it.",
    ),
    column("purpose", Text, false, &["description", "task", "Zweck", "Aufgabe", "Beschreibung"], "What it is for."),
    column("operator", Text, false, &["operated by", "run by", "Betreiber", "Betrieb durch"], "Who runs it."),
    column(
        "supplier",
        Text,
        false,
        &["vendor", "manufacturer", "Lieferant", "Hersteller", "Anbieter"],
        "Who supplies it.",
    ),
    column(
        "support",
        Text,
        false,
        &["support contract", "maintenance contract", "Wartungsvertrag", "Pflegevertrag", "Unterstützung"],
        "Support contract: who can patch it.",
    ),
    CONTACT,
    column(
        "confidentiality",
        Word,
        false,
        &["protection need confidentiality", "Vertraulichkeit", "Schutzbedarf Vertraulichkeit"],
        "Protection need: confidentiality.",
    ),
    column(
        "integrity",
        Word,
        false,
        &["protection need integrity", "Integrität", "Schutzbedarf Integrität"],
        "Protection need: integrity.",
    ),
    column(
        "availability",
        Word,
        false,
        &["protection need availability", "Verfügbarkeit", "Schutzbedarf Verfügbarkeit"],
        "Protection need: availability.",
    ),
    EXPOSURE,
    column(
        "classification",
        Word,
        false,
        &["security classification", "Einstufung", "Geheimhaltungsgrad", "VS-Grad"],
        "Who may know of it.",
    ),
    column("status", Word, false, &["state", "Zustand", "Lebenszyklus"], "Where it is in its life."),
    column(
        "depends_on",
        List,
        false,
        &["dependencies", "needs", "requires", "hängt ab von", "abhängig von", "benötigt", "Abhängigkeiten"],
        "Systems it needs to work.",
    ),
    column(
        "compartments",
        List,
        false,
        &["compartment", "need to know", "Schutzkreis", "Schutzkreise", "Kenntnis nur bei Bedarf"],
        "Compartments it is kept in: only people let into all of them see it.",
    ),
];

static DEPLOYMENT: [Column; 6] = [
    column("id", Text, false, &["deployment id", "Kennung", "Kürzel"], "Stable identifier, unique within the system."),
    OWNING_SYSTEM,
    column("name", Text, false, &["deployment", "installation", "Bezeichnung", "Betriebsinstanz", "Instanz"], "Name."),
    column("environment", Text, false, &["stage", "Umgebung", "Betriebsumgebung"], "Production, test and so on."),
    column(
        "location",
        Text,
        false,
        &["site", "data centre", "data center", "region", "Standort", "Ort", "Rechenzentrum"],
        "Data centre, cloud region or site.",
    ),
    EXPOSURE,
];

static MAPPING: [Column; 4] = [
    column("on", Word, false, &["field", "looks at", "Feld", "Merkmal"], "What is looked at."),
    column("pattern", Text, true, &["matches", "Muster"], "Pattern; `*` stands for any characters."),
    OWNING_SYSTEM,
    column(
        "deployment",
        Text,
        false,
        &["deployment id", "installation", "Betriebsinstanz", "Instanz"],
        "The deployment.",
    ),
];

/// The column that says the kind of each row in a mixed file.
pub static KIND: Column =
    column("kind", Word, true, &["row kind", "type", "Art", "Zeilenart", "Typ"], "Kind of the row in a mixed file.");

impl Kind {
    /// All kinds, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::Agency, Self::System, Self::Deployment, Self::Mapping];

    /// The word in a `kind` column and the key in TOML.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::System => "system",
            Self::Deployment => "deployment",
            Self::Mapping => "mapping",
        }
    }

    /// Name of the sheet and of the file without ending.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Agency => "agencies",
            Self::System => "systems",
            Self::Deployment => "deployments",
            Self::Mapping => "mappings",
        }
    }

    /// With its article, for messages.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Agency => "an agency",
            Self::System => "a system",
            Self::Deployment => "a deployment",
            Self::Mapping => "a mapping",
        }
    }

    /// Every other word that names this kind.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Agency => &["Behörde", "Behörden", "Organisation", "Organisationen"],
            Self::System => &["Systeme", "Verfahren", "Fachverfahren"],
            Self::Deployment => {
                &["Installation", "Installationen", "Betriebsinstanz", "Betriebsinstanzen", "Instanzen"]
            }
            Self::Mapping => &["mapping rule", "mapping rules", "Zuordnung", "Zuordnungen", "Zuordnungsregeln"],
        }
    }

    /// The kind that a word names, in either language, singular or plural.
    pub fn named(word: &str) -> Option<Self> {
        let wanted = normal(word);
        Self::ALL
            .into_iter()
            .find(|kind| [kind.as_str(), kind.plural()].iter().chain(kind.names()).any(|name| normal(name) == wanted))
    }

    /// The columns of this kind, in the order in which they are written.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Agency => &AGENCY,
            Self::System => &SYSTEM,
            Self::Deployment => &DEPLOYMENT,
            Self::Mapping => &MAPPING,
        }
    }
}

/// The form in which names are compared: lower case, umlauts spelled out, nothing but letters and digits.
pub(super) fn normal(name: &str) -> String {
    slug(name).replace('-', "")
}

/// The column of this table that a header names.
pub(super) fn find(table: &'static [Column], header: &str) -> Option<&'static Column> {
    let wanted = normal(header);
    table.iter().find(|column| normal(column.key) == wanted || column.names.iter().any(|name| normal(name) == wanted))
}

/// The known word nearest to `word`, when it is near enough to have been meant.
pub(super) fn did_you_mean<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let word = normal(word);
    let farthest = match word.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        6..=40 => 2,
        _ => return None,
    };
    known
        .map(|candidate| (distance(&word, &normal(candidate)), candidate))
        .filter(|(distance, _)| *distance <= farthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Single-letter edits (insert, delete, replace, swap neighbours) between two short words.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1; right.len() + 1];
        for (index, other) in right.iter().enumerate() {
            let replaced = last[index] + usize::from(letter != other);
            let mut best = replaced.min(last[index + 1] + 1).min(current[index] + 1);
            if row > 0 && index > 0 && *letter == right[index - 1] && left[row - 1] == *other {
                best = best.min(before[index - 1] + 1);
            }
            current[index + 1] = best;
        }
        before = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_name_means_two_columns_of_one_kind() {
        for kind in Kind::ALL {
            let mut seen = BTreeMap::new();
            for column in kind.columns() {
                for name in std::iter::once(&column.key).chain(column.names) {
                    let earlier = seen.insert(normal(name), column.key);
                    assert!(earlier.is_none_or(|earlier| earlier == column.key), "{kind:?}: {name} names two columns");
                    assert_eq!(find(kind.columns(), name).map(|found| found.key), Some(column.key));
                }
            }
            assert!(find(kind.columns(), KIND.key).is_none(), "the kind column is none of {kind:?}");
        }
    }

    #[test]
    fn headers_are_read_in_both_languages_and_any_spelling() {
        for (kind, header, expected) in [
            (Kind::Agency, "Behörde", Some("name")),
            (Kind::System, "BEHOERDE", Some("agency")),
            (Kind::System, "agency", Some("agency")),
            (Kind::System, "Schutzbedarf Vertraulichkeit", Some("confidentiality")),
            (Kind::System, "schutzbedarf_integritaet", Some("integrity")),
            (Kind::System, "  Depends-On ", Some("depends_on")),
            (Kind::System, "DependsOn", Some("depends_on")),
            (Kind::System, "Schutzkreise", Some("compartments")),
            (Kind::Agency, "declared systems", Some("declared_systems")),
            (Kind::Deployment, "Rechenzentrum", Some("location")),
            (Kind::Mapping, "Muster", Some("pattern")),
            (Kind::Mapping, "purpose", None),
            (Kind::System, "", None),
        ] {
            assert_eq!(find(kind.columns(), header).map(|column| column.key), expected, "{header}");
        }
        for (word, expected) in [
            ("Behörden", Some(Kind::Agency)),
            ("SYSTEMS", Some(Kind::System)),
            ("Verfahren", Some(Kind::System)),
            ("x", None),
        ] {
            assert_eq!(Kind::named(word), expected, "{word}");
        }
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let known = ["confidentiality", "integrity", "availability", "id", "name"];
        for (word, expected) in [
            ("confidentialty", Some("confidentiality")),
            ("Integritiy", Some("integrity")),
            ("nmae", Some("name")),
            ("nane", Some("name")),
            ("colour", None),
            ("ix", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(word, known.into_iter()), expected, "{word}");
        }
    }
}
