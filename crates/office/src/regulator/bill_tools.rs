// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which tools write bills of materials that keep which clauses: verdicts counted by the family of the tool.
//!
//! A tool is called as the document calls it. Documents that name none, and files that could not be read, have rows of their own, so that the
//! counts of a rulebook add up to all documents.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_model::practices::Outcome;

use super::bills::{BillAnswer, Conformity, JudgedBill};

/// What some tools are called in documents, and what they are called here.
const FAMILIES: &[(&str, &str)] = &[
    ("microsoft.sbomtool", "sbom-tool (Microsoft)"),
    ("sigs.k8s.io/bom", "bom (Kubernetes)"),
    ("syft", "syft"),
    ("tern", "tern"),
    ("trivy", "trivy"),
];

/// Documents of one tool in one format, held against one rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToolRow {
    /// The rulebook.
    pub rulebook: String,
    /// Family of the tool; empty where the document names none.
    pub tool: String,
    /// Format, without its smaller versions; empty for files that could not be read.
    pub format: String,
    /// Documents.
    pub documents: usize,
    /// That conform, as far as a document can show it.
    pub conforms: usize,
    /// In which nothing is broken that can be judged, and something could not be.
    pub open: usize,
    /// That do not conform.
    pub does_not_conform: usize,
    /// That could not be read, so that nothing of them is known.
    pub unreadable: usize,
    /// One for each clause.
    pub clauses: Vec<ClauseCount>,
}

/// How many documents keep a clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClauseCount {
    /// The rule.
    pub rule: String,
    /// Where in the text.
    pub clause: String,
    /// Keep it.
    pub met: usize,
    /// Do not.
    pub not_met: usize,
    /// Cannot be judged.
    pub not_assessed: usize,
}

/// The family of a tool, by what a document calls it.
pub fn tool_family(tool: &str) -> String {
    let small = tool.to_ascii_lowercase();
    let known = FAMILIES.iter().find(|(name, _)| small.starts_with(name));
    known.map_or_else(|| tool.to_owned(), |(_, family)| (*family).to_owned())
}

/// The matrix of one rulebook, by tool and format. What is no bill of materials is not in it.
pub fn tool_rows(answer: &BillAnswer) -> Vec<ToolRow> {
    let mut rows: BTreeMap<(String, String), Vec<&JudgedBill>> = BTreeMap::new();
    for judged in answer.documents.iter().filter(|judged| !judged.is_no_bill()) {
        let format = judged.format.split('.').next().unwrap_or_default();
        let format = format.replace("SPDX-", "");
        rows.entry((tool_family(&judged.tool), format)).or_default().push(judged);
    }
    rows.into_iter().map(|((tool, format), judged)| tool_row(&answer.rulebook, tool, format, &judged)).collect()
}

fn tool_row(rulebook: &str, tool: String, format: String, judged: &[&JudgedBill]) -> ToolRow {
    let count = |wanted| judged.iter().filter(|judged| judged.conformity == wanted).count();
    let mut clauses: Vec<ClauseCount> = Vec::new();
    for judged in judged {
        for (at, verdict) in judged.verdicts.iter().enumerate() {
            if clauses.len() <= at {
                let (rule, clause) = (verdict.rule.clone(), verdict.clause.clone());
                clauses.push(ClauseCount { rule, clause, ..ClauseCount::default() });
            }
            let Some(clause) = clauses.get_mut(at) else { continue };
            match verdict.outcome {
                Outcome::Met => clause.met += 1,
                Outcome::NotMet => clause.not_met += 1,
                Outcome::NotAssessed => clause.not_assessed += 1,
            }
        }
    }
    ToolRow {
        rulebook: rulebook.to_owned(),
        tool,
        format,
        documents: judged.len(),
        conforms: count(Some(Conformity::Conforms)),
        open: count(Some(Conformity::Open)),
        does_not_conform: count(Some(Conformity::DoesNotConform)),
        unreadable: count(None),
        clauses,
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::rules::Demand;

    use super::super::bills::BillVerdict;
    use super::*;

    fn judged(tool: &str, format: &str, outcome: Outcome) -> JudgedBill {
        let verdict = BillVerdict {
            rule: "name".to_owned(),
            clause: "1".to_owned(),
            demand: Demand::Must,
            outcome,
            count: 0,
            places: Vec::new(),
        };
        let conformity = match outcome {
            Outcome::Met => Conformity::Conforms,
            Outcome::NotMet => Conformity::DoesNotConform,
            Outcome::NotAssessed => Conformity::Open,
        };
        JudgedBill {
            tool: tool.to_owned(),
            format: format.to_owned(),
            conformity: Some(conformity),
            verdicts: vec![verdict],
            ..JudgedBill::default()
        }
    }

    #[test]
    fn every_document_is_counted_once() {
        let broken = JudgedBill { code: "malformed-json".to_owned(), ..JudgedBill::default() };
        let other = JudgedBill { code: "no-bill-of-materials".to_owned(), ..JudgedBill::default() };
        let documents = vec![
            judged("syft", "spdx SPDX-2.2", Outcome::Met),
            judged("Syft-CLI", "spdx SPDX-2.3", Outcome::NotMet),
            judged("syft", "cyclonedx 1.6", Outcome::NotAssessed),
            judged("our own", "spdx SPDX-2.3", Outcome::NotMet),
            broken,
            other,
        ];
        let rows = tool_rows(&BillAnswer { rulebook: "book".to_owned(), documents });
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                let counts = [row.documents, row.conforms, row.open, row.does_not_conform, row.unreadable];
                let clauses = row.clauses.iter().map(|clause| [clause.met, clause.not_met, clause.not_assessed]);
                (row.tool.as_str(), row.format.as_str(), counts, clauses.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("", "", [1, 0, 0, 0, 1], vec![]),
                ("our own", "spdx 2", [1, 0, 0, 1, 0], vec![[0, 1, 0]]),
                ("syft", "cyclonedx 1", [1, 0, 1, 0, 0], vec![[0, 0, 1]]),
                ("syft", "spdx 2", [2, 1, 0, 1, 0], vec![[1, 1, 0]]),
            ]
        );
    }
}
