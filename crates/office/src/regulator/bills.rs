// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check-sbom`: which clauses of a rulebook does a bill of materials keep?
//!
//! A clause is met only where every component keeps it and the whole document was read. A document without a component keeps no
//! clause about components: there is nothing to judge. What a document cannot show is said to be open, never met.

use std::collections::BTreeMap;
use std::path::Path;

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

/// Code of what is no bill of materials at all.
const NO_BILL: &str = "no-bill-of-materials";

/// What a document conforms to, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Conformity {
    /// Every clause that must be kept is, as far as a document can show it.
    Conforms,
    /// At least one is not.
    DoesNotConform,
    /// None is broken that could be judged, and at least one could not.
    Open,
}

impl Conformity {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::DoesNotConform => "does-not-conform",
            Self::Open => "open",
        }
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JudgedBill {
    /// The file.
    pub file: String,
    /// What it conforms to; absent where it could not be read.
    pub conformity: Option<Conformity>,
    /// Stable code of why it could not be read; empty where it was.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
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
    Unreadable { code: String, reason: String },
}

impl BillAnswer {
    /// Nothing judged yet.
    pub(super) fn of(book: &Rulebook) -> Self {
        Self { rulebook: book.book.id.clone(), documents: Vec::new() }
    }
}

impl JudgedBill {
    /// A file of which nothing can be judged.
    pub(super) fn unreadable(file: String, read: &Read) -> Self {
        let Read::Unreadable { code, reason } = read else { return Self { file, ..Self::default() } };
        Self { file, code: code.clone(), unreadable: Some(reason.clone()), ..Self::default() }
    }

    /// Whether it is no bill of materials at all, and so nothing to judge.
    pub fn is_no_bill(&self) -> bool {
        self.code == NO_BILL
    }
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
        Ok(None) => Read::Unreadable {
            code: NO_BILL.to_owned(),
            reason: "it is no bill of materials in CycloneDX or SPDX".to_owned(),
        },
        Err(error) => Read::Unreadable { code: error.code.to_owned(), reason: error.to_string() },
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
    let texts: Vec<String> = book.rules.iter().flat_map(Rule::queries).cloned().collect();
    let named = tables.named(&texts).await.map_err(|error| {
        OfficeError::new("rule-refused", format!("{}: {error}", book.book.id))
            .hint("a rule is one SELECT over sbom, sbom_component and sbom_fault")
    })?;
    let mut named = named.into_iter();
    let of_rule = |rule: &Rule| by_document(named.by_ref().take(rule.queries().count()).flatten());
    Ok(book.rules.iter().map(of_rule).collect())
}

/// What the queries of a rule name, by document. Where several name components for the same fact, those may be the same ones: the largest
/// number counts.
fn by_document(rows: impl Iterator<Item = Named>) -> BTreeMap<i64, Vec<Named>> {
    let mut documents: BTreeMap<i64, Vec<Named>> = BTreeMap::new();
    for row in rows {
        let known = documents.entry(row.document).or_default();
        match known.iter_mut().find(|known| known.outcome == row.outcome && known.fact == row.fact) {
            Some(known) => {
                known.count = known.count.max(row.count);
                known.first = known.first.into_iter().chain(row.first).min();
            }
            None => known.push(row),
        }
    }
    documents
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

/// The verdicts about one document.
pub(super) fn judged(
    file: String,
    at: usize,
    read: &Read,
    book: &Rulebook,
    named: &[BTreeMap<i64, Vec<Named>>],
) -> JudgedBill {
    let Read::Stated { components, tool, format, .. } = read else { return JudgedBill::unreadable(file, read) };
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
    let conformity = Some(conformity(&verdicts));
    let (components, tool, format) = (*components, tool.clone(), format.clone());
    JudgedBill { file, conformity, components, tool, format, verdicts, ..JudgedBill::default() }
}

/// What a document conforms to: one clause that must be kept and is not decides, else one that is open.
fn conformity(verdicts: &[BillVerdict]) -> Conformity {
    let has = |outcome| verdicts.iter().any(|verdict| verdict.demand != Demand::May && verdict.outcome == outcome);
    if has(Outcome::NotMet) {
        Conformity::DoesNotConform
    } else if has(Outcome::NotAssessed) {
        Conformity::Open
    } else {
        Conformity::Conforms
    }
}

/// Names the components that do not keep a clause, and what stands there instead.
pub(super) async fn add_places(
    judged: &mut JudgedBill,
    at: usize,
    book: &Rulebook,
    tables: &StatedTables,
) -> Result<()> {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    let text = |value: Option<&Value>| if let Some(Value::Text(text)) = value { text.clone() } else { String::new() };
    for (verdict, rule) in judged.verdicts.iter_mut().zip(&book.rules) {
        if verdict.outcome == Outcome::Met || verdict.count == 0 {
            continue;
        }
        let wanted = verdict.outcome.as_str();
        for query in rule.queries() {
            for row in tables.places(query, at, RULE_PLACES).await? {
                let place = (text(row.first()), text(row.get(3)));
                if text(row.get(1)) == wanted && !verdict.places.contains(&place) {
                    verdict.places.push(place);
                }
            }
        }
        verdict.places.truncate(RULE_PLACES);
    }
    Ok(())
}
