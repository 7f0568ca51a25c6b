// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;
use underpin_model::Limits;
use underpin_model::practices::Outcome;
use underpin_model::rules::Demand;
use underpin_office::Result;
use underpin_office::regulator::{BillAnswer, Conformity, JudgedBill, Rulebook, check_bills, shipped};

use crate::context::{Context, usage};
use crate::output::{Answer, print};

/// Which clauses of a rulebook does a bill of materials keep?
///
/// CycloneDX and SPDX are judged as they stand there: nothing is mended, and what says nothing (empty, NOASSERTION, of another type) is
/// not stated. A clause is met, not met, or cannot be assessed, because a document does not show everything. Nothing is written down.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin check-sbom portal.cdx.json --profile bsi-2.1.0\n  underpin check-sbom sboms/*.json --profile ntia-2021 --format csv\n  underpin check-sbom portal.cdx.json --rules our-rules"
)]
pub struct CheckSbom {
    /// Bills of materials
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A rulebook that is shipped: bsi-2.1.0, ntia-2021, cisa-2025-draft or cra-annex-i
    #[arg(long, value_name = "PROFILE", default_value = "bsi-2.1.0")]
    profile: String,
    /// A rulebook of your own: a folder with book.toml and a file for each rule
    #[arg(long, value_name = "FOLDER", conflicts_with = "profile")]
    rules: Option<PathBuf>,
    /// Exit with 1 when a clause that must be kept is not-met, or not even assessed (cannot-be-assessed)
    #[arg(long, value_name = "RESULT")]
    fail_on: Option<Outcome>,
    /// In German
    #[arg(long)]
    german: bool,
}

const FIELDS: [&str; 8] = ["file", "rule", "clause", "demand", "outcome", "count", "components", "places"];

impl CheckSbom {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Outcome::Met) {
            return Err(usage(
                "--fail-on takes not-met or cannot-be-assessed",
                "a clause that is met is no reason to fail",
            ));
        }
        let book = match &self.rules {
            Some(folder) => Rulebook::of_folder(folder)?,
            None => shipped(&self.profile)?,
        };
        let answer = check_bills(&self.files, &book, &Limits::default(), self.files.len() == 1).await?;
        let fails = self.fail_on.is_some_and(|fail_on| answer.documents.iter().any(|judged| fails(judged, fail_on)));
        let shown = match answer.documents.as_slice() {
            [one] => one_of(one, &book, self.german),
            _ => many_of(&answer, &book, self.german),
        };
        print(&with_rows(shown, &answer), context.printing_all())?;
        Ok(fails)
    }
}

/// A document that could not be read fails whatever was asked for: nothing of it is known to be kept.
fn fails(judged: &JudgedBill, fail_on: Outcome) -> bool {
    let must = judged.verdicts.iter().filter(|verdict| verdict.demand != Demand::May);
    let mut outcomes = must.map(|verdict| verdict.outcome);
    judged.conformity.is_none()
        || outcomes.any(|outcome| outcome == Outcome::NotMet || (fail_on == Outcome::NotAssessed && outcome == fail_on))
}

fn with_rows(shown: Answer, answer: &BillAnswer) -> Answer {
    let rows = answer.documents.iter().flat_map(|judged| {
        judged.verdicts.iter().map(move |verdict| {
            let mut row = json!(verdict);
            row["file"] = json!(judged.file);
            row["components"] = json!(judged.components);
            row
        })
    });
    Answer { json: json!(answer), rows: rows.collect(), fields: &FIELDS, ..shown }
}

fn word(outcome: Outcome, german: bool) -> &'static str {
    match (outcome, german) {
        (Outcome::Met, false) => "met",
        (Outcome::NotMet, false) => "not met",
        (Outcome::NotAssessed, false) => "cannot be assessed",
        (Outcome::Met, true) => "erfüllt",
        (Outcome::NotMet, true) => "nicht erfüllt",
        (Outcome::NotAssessed, true) => "nicht beurteilbar",
    }
}

fn conformity(conformity: Option<Conformity>, german: bool) -> &'static str {
    match (conformity, german) {
        (Some(Conformity::Conforms), false) => "conforms, as far as a document can show it",
        (Some(Conformity::DoesNotConform), false) => "does not conform",
        (Some(Conformity::Open), false) => "open: nothing is broken that can be judged",
        (None, false) => "could not be read",
        (Some(Conformity::Conforms), true) => "entspricht, soweit ein Dokument es zeigen kann",
        (Some(Conformity::DoesNotConform), true) => "entspricht nicht",
        (Some(Conformity::Open), true) => "offen: verletzt ist nichts, was sich beurteilen lässt",
        (None, true) => "war nicht lesbar",
    }
}

fn of(texts: &underpin_office::regulator::BothLanguages, german: bool) -> &str {
    if german { &texts.de } else { &texts.en }
}

fn one_of(judged: &JudgedBill, book: &Rulebook, german: bool) -> Answer {
    let standing = book.book.standing.as_str();
    let mut head = vec![
        format!("{} ({standing}): {}", of(&book.book.title, german), conformity(judged.conformity, german)),
        match &judged.unreadable {
            Some(reason) => format!("{}: {reason}", judged.file),
            None if german => format!("{}: {}, {} Komponenten", judged.file, judged.format, judged.components),
            None => format!("{}: {}, {} components", judged.file, judged.format, judged.components),
        },
    ];
    head.extend(book.book.note.as_ref().map(|note| of(note, german).to_owned()));
    let mut cells = Vec::new();
    let mut notes = Vec::new();
    for (verdict, rule) in judged.verdicts.iter().zip(&book.rules) {
        let count = if verdict.count > 0 { verdict.count.to_string() } else { String::new() };
        let title = of(&rule.title, german).to_owned();
        cells.push(vec![
            verdict.clause.clone(),
            title.clone(),
            verdict.demand.as_str().to_owned(),
            word(verdict.outcome, german).to_owned(),
            count,
        ]);
        if verdict.outcome == Outcome::NotMet {
            let named: Vec<String> = verdict
                .places
                .iter()
                .take(3)
                .map(|(place, fault)| if fault.is_empty() { place.clone() } else { format!("{place} ({fault})") })
                .filter(|place| !place.is_empty())
                .collect();
            let named = if named.is_empty() { String::new() } else { format!(" [{}]", named.join(", ")) };
            notes.push(format!("{title}: {}{named}", of(&rule.remedy, german)));
        }
    }
    let columns = if german {
        ["Abschnitt", "Forderung", "Grad", "Ergebnis", "Komponenten"]
    } else {
        ["Clause", "What it asks", "Demand", "Result", "Components"]
    };
    Answer { head, columns: columns.map(str::to_owned).to_vec(), cells, notes, ..Answer::default() }
}

/// Several documents: for each tool, how many keep each clause.
fn many_of(answer: &BillAnswer, book: &Rulebook, german: bool) -> Answer {
    let mut tools: BTreeMap<String, Vec<&JudgedBill>> = BTreeMap::new();
    for judged in answer.documents.iter().filter(|judged| judged.conformity.is_some()) {
        let format = judged.format.split('.').next().unwrap_or_default();
        let tool = if judged.tool.is_empty() { "–" } else { &judged.tool };
        tools.entry(format!("{tool}, {format}")).or_default().push(judged);
    }
    let count = |wanted| answer.documents.iter().filter(|judged| judged.conformity == wanted).count();
    let counts = [Some(Conformity::Conforms), Some(Conformity::Open), Some(Conformity::DoesNotConform), None]
        .map(|wanted| format!("{} {}", count(wanted), conformity(wanted, german)));
    let head =
        vec![format!("{} ({}): {}", of(&book.book.title, german), book.book.standing.as_str(), counts.join("; "))];
    let mut columns = vec![if german { "Forderung".to_owned() } else { "What it asks".to_owned() }];
    columns.extend(tools.iter().map(|(tool, judged)| format!("{tool} ({})", judged.len())));
    let row = |(at, rule): (usize, &underpin_office::regulator::Rule)| {
        let met =
            |judged: &&&JudgedBill| judged.verdicts.get(at).is_some_and(|verdict| verdict.outcome == Outcome::Met);
        let counts = tools.values().map(|judged| judged.iter().filter(met).count().to_string());
        std::iter::once(of(&rule.title, german).to_owned()).chain(counts).collect()
    };
    let cells = book.rules.iter().enumerate().map(row).collect();
    let note = if german {
        "Gezählt ist, wie viele Dokumente jede Forderung erfüllen."
    } else {
        "Counted is how many documents keep each clause."
    };
    Answer { head, columns, cells, notes: vec![note.to_owned()], ..Answer::default() }
}
