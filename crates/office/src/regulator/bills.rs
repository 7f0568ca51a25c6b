// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check-sbom`: which clauses of a rulebook does a bill of materials keep?
//!
//! A clause is met only where every component keeps it and the whole document was read. A document without a component keeps no
//! clause about components: there is nothing to judge. What a document cannot show is said to be open, never met.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;
use underpin_formats::rulebook::Rule;
use underpin_formats::stated::stated;
use underpin_lake::{Named, SqlLimits, StatedRows, StatedTables, Value};
use underpin_model::Limits;
use underpin_model::limits::bounds::{RULE_OPERATORS, RULE_PLACES};
use underpin_model::practices::Outcome;
use underpin_model::rules::{Demand, Subject};

use super::rulebooks::Rulebook;
use crate::error::{OfficeError, Result};

/// What a document conforms to, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conformity {
    /// Every clause that must be kept is, as far as a document can show it.
    Conforms,
    /// At least one is not.
    DoesNotConform,
    /// None is broken that could be judged, and at least one could not.
    Open,
}

/// The answer for some documents.
#[derive(Clone, Debug, Serialize)]
pub struct BillAnswer {
    /// The rulebook.
    pub rulebook: String,
    /// Each document, in the order they were given.
    pub documents: Vec<JudgedBill>,
}

/// A document with its verdicts.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedBill {
    /// The file.
    pub file: String,
    /// What it conforms to; absent where it could not be read.
    pub conformity: Option<Conformity>,
    /// Why it could not be read, or that it is no bill of materials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Components in it.
    pub components: usize,
    /// Tool that made it, as stated.
    pub tool: String,
    /// Format and version, as stated.
    pub format: String,
    /// One for each clause.
    pub verdicts: Vec<BillVerdict>,
}

/// What became of one clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillVerdict {
    /// The rule.
    pub rule: String,
    /// Where in the text.
    pub clause: String,
    /// How strongly the text asks.
    pub demand: Demand,
    /// One of three.
    pub outcome: Outcome,
    /// Components that do not keep it, or cannot be judged.
    pub count: u64,
    /// The first of them: place, and what stands there instead.
    pub places: Vec<(String, String)>,
}

/// A document that was read, or why it was not.
pub(super) enum Read {
    Stated { components: usize, tool: String, format: String, is_cut: bool },
    Unreadable(String),
}

/// Holds documents against a rulebook. `with_places` names the components, which takes a query more for each broken clause.
///
/// # Errors
/// `rule-refused` where a rule is no reading query; a file that cannot be opened is told in its place.
pub async fn check_bills(
    files: &[std::path::PathBuf],
    book: &Rulebook,
    limits: &Limits,
    with_places: bool,
) -> Result<BillAnswer> {
    if book.is_of_the_house() {
        return Err(OfficeError::new(
            "rule-refused",
            format!("{} is about the house, not about a document", book.book.id),
        )
        .hint("`underpin rules check` asks it"));
    }
    let parts: Vec<(StatedRows, Vec<(usize, Read)>)> = files
        .par_iter()
        .enumerate()
        .fold(
            || (StatedRows::default(), Vec::new()),
            |(mut rows, mut reads), (at, path)| {
                let one = match std::fs::read(path) {
                    Ok(bytes) => push(&mut rows, at, &bytes, path, limits),
                    Err(error) => Read::Unreadable(error.to_string()),
                };
                reads.push((at, one));
                (rows, reads)
            },
        )
        .collect();
    let (rows, reads): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let reads: BTreeMap<usize, Read> = reads.into_iter().flatten().collect();
    let tables = tables(rows, limits)?;
    let named = named(&tables, book).await?;
    let mut documents = Vec::with_capacity(files.len());
    for (at, path) in files.iter().enumerate() {
        let Some(read) = reads.get(&at) else { continue };
        let mut judged = judged(path.display().to_string(), at, read, book, &named);
        if with_places {
            add_places(&mut judged, at, book, &tables).await?;
        }
        documents.push(judged);
    }
    Ok(BillAnswer { rulebook: book.book.id.clone(), documents })
}

/// Reads one document into the tables.
pub(super) fn push(rows: &mut StatedRows, at: usize, bytes: &[u8], path: &Path, limits: &Limits) -> Read {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match stated(bytes, (name, name), limits) {
        Ok(Some(sbom)) => {
            rows.push(i64::try_from(at).unwrap_or(i64::MAX), &sbom);
            let text = |fact| sbom.fact(fact).unwrap_or_default().to_owned();
            use underpin_model::stated::DocumentFact::{Format, SpecVersion, Tool};
            Read::Stated {
                components: sbom.components.len(),
                tool: text(Tool),
                format: format!("{} {}", text(Format), text(SpecVersion)).trim().to_owned(),
                is_cut: sbom.is_cut,
            }
        }
        Ok(None) => Read::Unreadable("it is no bill of materials in CycloneDX or SPDX".to_owned()),
        Err(error) => Read::Unreadable(error.to_string()),
    }
}

/// The tables of what was read.
pub(super) fn tables(rows: Vec<StatedRows>, limits: &Limits) -> Result<StatedTables> {
    let limits = SqlLimits {
        memory_bytes: limits.query_bytes.max(2 << 30),
        timeout_ms: limits.query_timeout_ms,
        text_bytes: limits.query_text_bytes,
        operators: RULE_OPERATORS,
    };
    Ok(StatedTables::of(rows, limits)?)
}

/// What each rule names, by document.
pub(super) async fn named(tables: &StatedTables, book: &Rulebook) -> Result<Vec<BTreeMap<i64, Vec<Named>>>> {
    let texts: Vec<String> = book.rules.iter().map(|rule| rule.sql.clone()).collect();
    let named = tables.named(&texts).await.map_err(|error| {
        OfficeError::new("rule-refused", format!("{}: {error}", book.book.id))
            .hint("a rule is one SELECT over sbom, sbom_component and sbom_fault")
    })?;
    let by_document = |rows: Vec<Named>| {
        let mut documents: BTreeMap<i64, Vec<Named>> = BTreeMap::new();
        for row in rows {
            documents.entry(row.document).or_default().push(row);
        }
        documents
    };
    Ok(named.into_iter().map(by_document).collect())
}

/// What one rule says of a document that was read.
pub(super) fn outcome(rule: &Rule, read: &Read, rows: &[Named]) -> (Outcome, u64) {
    let Read::Stated { components, is_cut, .. } = read else { return (Outcome::NotAssessed, 0) };
    let count = |outcome: Outcome| -> u64 {
        let rows = rows.iter().filter(|row| row.outcome == outcome.as_str());
        rows.map(|row| u64::try_from(row.count).unwrap_or_default()).sum()
    };
    let (broken, open) = (count(Outcome::NotMet), count(Outcome::NotAssessed));
    if broken > 0 {
        (Outcome::NotMet, broken)
    } else if open > 0 || *is_cut || (rule.subject == Subject::Component && *components == 0) {
        (Outcome::NotAssessed, open)
    } else {
        (Outcome::Met, 0)
    }
}

fn judged(file: String, at: usize, read: &Read, book: &Rulebook, named: &[BTreeMap<i64, Vec<Named>>]) -> JudgedBill {
    let (components, tool, format) = match read {
        Read::Stated { components, tool, format, .. } => (*components, tool.clone(), format.clone()),
        Read::Unreadable(reason) => {
            let unreadable = Some(reason.clone());
            return JudgedBill {
                file,
                conformity: None,
                unreadable,
                components: 0,
                tool: String::new(),
                format: String::new(),
                verdicts: Vec::new(),
            };
        }
    };
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    let verdicts: Vec<BillVerdict> = book
        .rules
        .iter()
        .zip(named)
        .map(|(rule, named)| {
            let (outcome, count) = outcome(rule, read, named.get(&at).map_or(&[], Vec::as_slice));
            BillVerdict {
                rule: rule.id.clone(),
                clause: rule.clause.clone(),
                demand: rule.demand,
                outcome,
                count,
                places: Vec::new(),
            }
        })
        .collect();
    let has = |outcome| verdicts.iter().any(|verdict| verdict.demand != Demand::May && verdict.outcome == outcome);
    let conformity = if has(Outcome::NotMet) {
        Conformity::DoesNotConform
    } else if has(Outcome::NotAssessed) {
        Conformity::Open
    } else {
        Conformity::Conforms
    };
    JudgedBill { file, conformity: Some(conformity), unreadable: None, components, tool, format, verdicts }
}

async fn add_places(judged: &mut JudgedBill, at: usize, book: &Rulebook, tables: &StatedTables) -> Result<()> {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    for (verdict, rule) in judged.verdicts.iter_mut().zip(&book.rules) {
        if verdict.outcome == Outcome::Met || verdict.count == 0 {
            continue;
        }
        let wanted = verdict.outcome.as_str();
        for row in tables.places(&rule.sql, at, RULE_PLACES).await? {
            let text =
                |value: Option<&Value>| if let Some(Value::Text(text)) = value { text.clone() } else { String::new() };
            if text(row.get(1)) == wanted {
                verdict.places.push((text(row.first()), text(row.get(3))));
            }
        }
    }
    Ok(())
}
