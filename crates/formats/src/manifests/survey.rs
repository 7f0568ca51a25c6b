// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A survey: a table in which people say which software a system uses, in which version, and how sure they are.
//!
//! Source: our own format, kept so loose that an office can send the list it has: `.csv`, `.tsv`, `.xlsx` or `.ods`, headings in
//! German or English (`system`, `name`, `version`, `how sure`, and `purl`, `type`, `supplier` where known). Every row names
//! its own system; a survey about several systems comes in as one small survey a system (`survey_parts.rs`), so that no
//! system gets the rows of another. Traps: what people write as a version may be a range or a question mark, and is then none; free
//! names are no identity, so without `purl` or `type` a package is known by its name only and a gap says so.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Inventory, Tool};

use super::survey_columns::certainty_percent;
use super::survey_table::{self, Table};
use crate::installed::{PurlText, pypi_name};
use crate::reader::{Context, Probe, Reader, Unreadable};

/// The reader's identifier.
pub(crate) const ID: &str = "survey";

/// Reads surveys.
pub(super) const READER: Reader = Reader {
    id: ID,
    title: "Survey of software in use (CSV, TSV, XLSX, ODS)",
    version: 1,
    sniff,
    read,
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    survey_table::has_headings(probe.bytes)
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let table = survey_table::read(bytes, context.path, context.limits)?;
    let mut inventory = Inventory {
        tools: vec![Tool { name: Cow::Borrowed("survey"), version: Cow::Borrowed("") }],
        ..Inventory::default()
    };
    inventory.gaps.add(GapCode::NoSubject, "", "a survey speaks about the systems in its rows");
    inventory.gaps.add(GapCode::NoCreationTime, "", "");
    if table.is_recoded {
        inventory.gaps.add(GapCode::WrongEncoding, "", "read as Windows-1252");
    }
    if table.is_cut {
        inventory.gaps.add(GapCode::TooManyElements, "", "rows beyond the limit");
    }
    if table.long_cells > 0 {
        inventory.gaps.add(GapCode::TextTooLong, "", format!("{} cells", table.long_cells));
    }
    let Table { columns, rows, .. } = table;
    for (line, row) in rows {
        let value = |column: Option<usize>| column.and_then(|column| row.get(column)).map_or("", |cell| cell.trim());
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let place = format!("line {line}");
        let (name, purl) = (value(Some(columns.name)), value(columns.purl));
        if name.is_empty() && purl.is_empty() {
            inventory.gaps.add(GapCode::NoName, place, "the row names no software and was passed over");
            continue;
        }
        let index = u32::try_from(inventory.components.len()).unwrap_or(u32::MAX);
        match value(columns.system) {
            "" => inventory.gaps.add(GapCode::MissingField, place.clone(), "the row names no system"),
            system => inventory.stated_systems.push((index, Cow::Owned(system.to_owned()))),
        }
        let version = version(value(columns.version), &place, &mut inventory);
        let confidence_percent = certainty_percent(value(columns.certainty)).unwrap_or_else(|()| {
            let detail = shortened(value(columns.certainty));
            inventory.gaps.add(GapCode::InvalidValue, place.clone(), format!("how sure: {detail}"));
            None
        });
        let purl = match (purl, value(columns.kind)) {
            ("", kind) => built(kind, name, &version),
            (purl, _) => purl.to_owned(),
        };
        if purl.is_empty() {
            inventory.gaps.add(GapCode::NoPurl, place, "");
        }
        inventory.components.push(Component {
            reference: Cow::Owned(format!("line {line}")),
            name: Cow::Owned(if name.is_empty() { named_by(&purl).to_owned() } else { name.to_owned() }),
            version: Cow::Owned(version),
            purl: Cow::Owned(purl),
            supplier: Cow::Owned(value(columns.supplier).to_owned()),
            evidence: EvidenceKind::Stated,
            confidence_percent,
            ..Component::default()
        });
    }
    inventory.gaps.add(if inventory.components.is_empty() { GapCode::NoComponents } else { GapCode::NoEdges }, "", "");
    Ok(inventory)
}

/// The version, when the answer is one; else empty with a gap.
fn version(answer: &str, place: &str, inventory: &mut Inventory<'_>) -> String {
    let lower = answer.to_lowercase();
    let unknown = ["", "-", "?", "n/a", "k.a.", "unknown", "unbekannt", "various", "diverse"];
    if unknown.contains(&lower.as_str()) {
        inventory.gaps.add(GapCode::NoVersion, place.to_owned(), "");
        return String::new();
    }
    let is_range = lower.starts_with(['<', '>', '~', '^', '='])
        || lower.ends_with(".x")
        || lower.contains(['*', ' ', ',', '?'])
        || !lower.contains(|c: char| c.is_ascii_digit());
    // "v 1.2" and "Version 1.2" are how people write a version.
    let bare = ["version ", "v. ", "v "].iter().find_map(|word| lower.strip_prefix(word)).unwrap_or_default();
    if is_range && (bare.is_empty() || bare.contains([' ', ',', '*', '?'])) {
        inventory.gaps.add(GapCode::UnresolvedVersion, place.to_owned(), shortened(answer));
        return String::new();
    }
    if is_range { bare.to_owned() } else { answer.to_owned() }
}

/// A package URL from a type that a row states; empty when it states none that is one.
fn built(kind: &str, name: &str, version: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    let is_type = kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c));
    if !is_type {
        return String::new();
    }
    let separator = if kind == "maven" { ':' } else { '/' };
    let (namespace, name) = name.rsplit_once(separator).unwrap_or(("", name));
    let name = if kind == "pypi" { pypi_name(name) } else { name.to_owned() };
    PurlText { kind: &kind, namespace, name: &name, version, ..PurlText::default() }.write()
}

/// What a package URL calls the package, for rows without a name.
fn named_by(purl: &str) -> &str {
    let path = purl.split(['@', '?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;

    const SURVEY: &str = "\
System;Software;Version;Wie sicher;Typ;purl
Portal;OpenSSL;3.0.11;sicher;;
Portal;org.apache.logging.log4j:log4j-core;2.14.1;vermutlich;maven;
Register;Django;Version 4.2;80 %;PyPI;
Register;PostgreSQL;14.x;keine Ahnung;;
;nginx;?;unsicher;;pkg:generic/nginx
;;;;;
Portal;;1.0;;;
";

    #[test]
    fn rows_become_statements_with_their_system() {
        let limits = Limits::default();
        let inventory = read(SURVEY.as_bytes(), &Context::new(&limits)).unwrap();
        let lines: Vec<_> = inventory
            .components
            .iter()
            .map(|c| (c.name.as_ref(), c.version.as_ref(), c.purl.as_ref(), c.confidence_percent))
            .collect();
        assert_eq!(
            lines,
            [
                ("OpenSSL", "3.0.11", "", Some(90)),
                (
                    "org.apache.logging.log4j:log4j-core",
                    "2.14.1",
                    "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
                    Some(60)
                ),
                ("Django", "4.2", "pkg:pypi/django@4.2", Some(80)),
                ("PostgreSQL", "", "", None),
                ("nginx", "", "pkg:generic/nginx", Some(30)),
            ]
        );
        let systems: Vec<_> =
            inventory.stated_systems.iter().map(|(index, system)| (*index, system.as_ref())).collect();
        assert_eq!(systems, [(0, "Portal"), (1, "Portal"), (2, "Register"), (3, "Register")]);
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(
            gaps,
            [
                ("no-subject", ""),
                ("no-creation-time", ""),
                ("no-purl", "line 2"),
                ("unresolved-version", "line 5"),
                ("invalid-value", "line 5"),
                ("no-purl", "line 5"),
                ("missing-field", "line 6"),
                ("no-version", "line 6"),
                ("no-name", "line 8"),
                ("no-edges", ""),
            ]
        );
        assert!(inventory.components.iter().all(|component| component.evidence == EvidenceKind::Stated));
    }

    proptest! {
        #[test]
        fn mutated_surveys_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20)) {
            let mut bytes = SURVEY.as_bytes().to_vec();
            for (index, byte) in changes {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            let limits = Limits::default();
            let _ = sniff(&Probe { bytes: &bytes, file_name: "", path: "" });
            let _ = read(&bytes, &Context::new(&limits));
        }
    }
}
