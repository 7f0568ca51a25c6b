// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use serde_json::json;
use underpin_model::practices::Outcome;
use underpin_model::rules::Demand;
use underpin_office::Result;
use underpin_office::regulator::{
    BillAnswer, BothLanguages, Conformity, JudgedBill, Rulebook, ToolRow, bill_book, bill_ids, check_bills, tool_rows,
};

use super::conformity::{result as conformity, word};
use super::own_rules::OwnRules;
use crate::context::{Context, usage};
use crate::output::{Answer, Format, print};

/// Which clauses of a rulebook does a bill of materials keep?
///
/// CycloneDX and SPDX are judged as they stand there: nothing is mended, and what says nothing (empty, NOASSERTION, of another type) is
/// not stated. A clause is met, not met, or cannot be assessed, because a document does not show everything. Folders and archives are
/// looked through; several rulebooks are held against what is read once. Nothing is written down.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin check-sbom portal.cdx.json --profile bsi-2.1.0\n  underpin check-sbom sboms/*.json --profile ntia-2021 --format csv\n  underpin check-sbom deliveries --profile all\n  underpin check-sbom deliveries --profile bsi-2.1.0,ntia-2021 --by clause\n  underpin check-sbom portal.cdx.json --rules our-rules"
)]
pub struct CheckSbom {
    /// Bills of materials: files, folders, archives
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Rulebooks that are shipped: bsi-2.1.0, ntia-2021, cisa-2025-draft, cra-annex-i; several with commas, or all
    #[arg(long, value_name = "PROFILES", default_value = "bsi-2.1.0", value_delimiter = ',', conflicts_with = "rules")]
    profile: Vec<String>,
    #[command(flatten)]
    own: OwnRules,
    /// How several documents are shown: each of them, or counted by the tools that made them, or by clause and tool
    #[arg(long, value_name = "BY", default_value = "tool")]
    by: By,
    /// Exit with 1 when a clause that must be kept is not-met, or not even assessed (cannot-be-assessed)
    #[arg(long, value_name = "RESULT")]
    fail_on: Option<Outcome>,
    /// In German
    #[arg(long)]
    german: bool,
}

/// How several documents are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum By {
    Document,
    Tool,
    Clause,
}

const FIELDS: [&str; 10] =
    ["file", "rulebook", "rule", "clause", "demand", "outcome", "count", "components", "code", "places"];
const TOOL_FIELDS: [&str; 8] =
    ["rulebook", "tool", "format", "documents", "conforms", "open", "does_not_conform", "unreadable"];
const CLAUSE_FIELDS: [&str; 9] =
    ["rulebook", "clause", "rule", "tool", "format", "documents", "met", "not_met", "not_assessed"];

impl CheckSbom {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Outcome::Met) {
            return Err(usage(
                "--fail-on takes not-met or cannot-be-assessed",
                "a clause that is met is no reason to fail",
            ));
        }
        let books = self.books(context)?;
        // A single file is asked about closely; a folder is counted.
        let is_one = matches!(self.paths.as_slice(), [path] if !path.is_dir());
        let answers = check_bills(&self.paths, &books, &context.configuration.settings.limits, is_one).await?;
        let all = answers.iter().flat_map(|answer| &answer.documents);
        let fails = self.fail_on.is_some_and(|fail_on| all.clone().any(|judged| fails(judged, fail_on)));
        let is_json = context.global.format == Format::Json;
        let shown = self.shown(&books, &answers, is_json);
        print(&shown, context.printing_all())?;
        Ok(fails)
    }

    fn books(&self, context: &Context) -> Result<Vec<Rulebook>> {
        if let Some(book) = self.own.book(context)? {
            return Ok(vec![book]);
        }
        if self.profile.iter().any(|profile| profile == "all") {
            return bill_ids().map(bill_book).collect();
        }
        let mut ids: Vec<&str> = self.profile.iter().map(|profile| profile.trim()).collect();
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(*id));
        ids.into_iter().map(bill_book).collect()
    }

    fn shown(&self, books: &[Rulebook], answers: &[BillAnswer], is_json: bool) -> Answer {
        let tools: Vec<ToolRow> = answers.iter().flat_map(tool_rows).collect();
        // Thousands of documents make a large object, which no other form needs.
        let json = if is_json { json!({ "rulebooks": answers, "tools": tools }) } else { serde_json::Value::Null };
        let german = self.german;
        if let ([book], [answer]) = (books, answers)
            && let [one] = answer.documents.as_slice()
        {
            return Answer { json, rows: verdict_rows(answers), fields: &FIELDS, ..one_of(one, book, german) };
        }
        let shown = match self.by {
            By::Document => Answer { rows: verdict_rows(answers), fields: &FIELDS, ..by_document(answers, german) },
            By::Tool => Answer {
                rows: tools.iter().map(|row| json!(row)).collect(),
                fields: &TOOL_FIELDS,
                ..by_tool(&tools, german)
            },
            By::Clause => {
                Answer { rows: clause_rows(&tools), fields: &CLAUSE_FIELDS, ..by_clause(&tools, books, german) }
            }
        };
        let heads = books.iter().zip(answers).map(|(book, answer)| head(book, answer, german));
        Answer { json, head: heads.collect(), ..shown }
    }
}

/// A document that could not be read fails whatever was asked for: nothing of it is known to be kept.
fn fails(judged: &JudgedBill, fail_on: Outcome) -> bool {
    let must = judged.verdicts.iter().filter(|verdict| verdict.demand != Demand::May);
    let mut outcomes = must.map(|verdict| verdict.outcome);
    judged.conformity.is_none()
        || outcomes.any(|outcome| outcome == Outcome::NotMet || (fail_on == Outcome::NotAssessed && outcome == fail_on))
}

/// A row for each clause of each document; one for a document of which nothing can be judged.
fn verdict_rows(answers: &[BillAnswer]) -> Vec<serde_json::Value> {
    let mut rows = Vec::new();
    for answer in answers {
        for judged in &answer.documents {
            let of_document = |mut row: serde_json::Value| {
                row["file"] = json!(judged.file);
                row["rulebook"] = json!(answer.rulebook);
                row["components"] = json!(judged.components);
                row["code"] = json!(judged.code);
                row
            };
            if judged.verdicts.is_empty() {
                rows.push(of_document(json!({})));
            }
            rows.extend(judged.verdicts.iter().map(|verdict| of_document(json!(verdict))));
        }
    }
    rows
}

fn clause_rows(tools: &[ToolRow]) -> Vec<serde_json::Value> {
    let rows = tools.iter().flat_map(|tool| {
        tool.clauses.iter().map(|clause| {
            let mut row = json!(clause);
            row["rulebook"] = json!(tool.rulebook);
            row["tool"] = json!(tool.tool);
            row["format"] = json!(tool.format);
            row["documents"] = json!(tool.documents);
            row
        })
    });
    rows.collect()
}

fn of(texts: &BothLanguages, german: bool) -> &str {
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
        // A rule of another book goes on saying what it is.
        let other = rule.standing.filter(|standing| *standing != book.book.standing);
        let other = other.map(|standing| format!(" ({})", standing.as_str())).unwrap_or_default();
        cells.push(vec![
            format!("{}{other}", verdict.clause),
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

/// How many documents keep a rulebook, in one line.
fn head(book: &Rulebook, answer: &BillAnswer, german: bool) -> String {
    let bills = answer.documents.iter().filter(|judged| !judged.is_no_bill());
    let count = |wanted| bills.clone().filter(|judged| judged.conformity == wanted).count();
    let counts = [Some(Conformity::Conforms), Some(Conformity::Open), Some(Conformity::DoesNotConform), None]
        .map(|wanted| format!("{} {}", count(wanted), conformity(wanted, german)));
    let others = answer.documents.len() - bills.clone().count();
    let others = match (others, german) {
        (0, _) => String::new(),
        (count, false) => format!("; {count} are no bill of materials"),
        (count, true) => format!("; {count} sind keine Stückliste"),
    };
    let standing = book.book.standing.as_str();
    format!("{} ({standing}): {}{others}", of(&book.book.title, german), counts.join("; "))
}

fn tool_name(tool: &str, german: bool) -> String {
    match (tool, german) {
        ("", false) => "not told".to_owned(),
        ("", true) => "nicht genannt".to_owned(),
        (tool, _) => tool.to_owned(),
    }
}

/// Each document with what it conforms to.
fn by_document(answers: &[BillAnswer], german: bool) -> Answer {
    let columns = if german {
        ["Datei", "Regelwerk", "Ergebnis", "nicht erfüllt", "nicht beurteilbar", "Komponenten", "Werkzeug", "Grund"]
    } else {
        ["File", "Rulebook", "Result", "not met", "cannot be assessed", "Components", "Tool", "Reason"]
    };
    let mut cells = Vec::new();
    for answer in answers {
        for judged in &answer.documents {
            let count = |outcome: Outcome| {
                let must = judged.verdicts.iter().filter(|verdict| verdict.demand != Demand::May);
                must.filter(|verdict| verdict.outcome == outcome).count().to_string()
            };
            cells.push(vec![
                judged.file.clone(),
                answer.rulebook.clone(),
                conformity(judged.conformity, german).to_owned(),
                count(Outcome::NotMet),
                count(Outcome::NotAssessed),
                judged.components.to_string(),
                tool_name(&judged.tool, german),
                judged.unreadable.clone().unwrap_or_default(),
            ]);
        }
    }
    Answer { columns: columns.map(str::to_owned).to_vec(), cells, ..Answer::default() }
}

/// The matrix: for each tool and rulebook, how many documents conform.
fn by_tool(tools: &[ToolRow], german: bool) -> Answer {
    let columns = if german {
        ["Werkzeug", "Format", "Regelwerk", "Dokumente", "entspricht", "offen", "entspricht nicht", "nicht lesbar"]
    } else {
        ["Tool", "Format", "Rulebook", "Documents", "conforms", "open", "does not conform", "unreadable"]
    };
    let mut tools: Vec<&ToolRow> = tools.iter().collect();
    tools.sort_by_key(|row| (&row.tool, &row.format));
    let row = |row: &&ToolRow| {
        let counts = [row.documents, row.conforms, row.open, row.does_not_conform, row.unreadable];
        let names = [tool_name(&row.tool, german), row.format.clone(), row.rulebook.clone()];
        names.into_iter().chain(counts.map(|count| count.to_string())).collect()
    };
    let note = if german {
        "`--by clause` zählt, wie viele Dokumente jede Forderung erfüllen; `--by document` zeigt jedes Dokument."
    } else {
        "`--by clause` counts how many documents keep each clause; `--by document` shows each document."
    };
    Answer {
        columns: columns.map(str::to_owned).to_vec(),
        cells: tools.iter().map(row).collect(),
        notes: vec![note.to_owned()],
        ..Answer::default()
    }
}

/// For each clause, how many documents of each tool keep it.
fn by_clause(tools: &[ToolRow], books: &[Rulebook], german: bool) -> Answer {
    let mut names: Vec<(&str, &str, usize)> = Vec::new();
    for row in tools.iter().filter(|row| !row.clauses.is_empty()) {
        let name = (row.tool.as_str(), row.format.as_str(), row.documents);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut columns: Vec<String> = if german {
        ["Regelwerk", "Abschnitt", "Forderung"].map(str::to_owned).to_vec()
    } else {
        ["Rulebook", "Clause", "What it asks"].map(str::to_owned).to_vec()
    };
    let named = |(tool, format, documents): &(&str, &str, usize)| {
        format!("{}, {format} ({documents})", tool_name(tool, german))
    };
    columns.extend(names.iter().map(named));
    let mut cells = Vec::new();
    for book in books {
        for rule in &book.rules {
            let met = |(tool, format, _): &(&str, &str, usize)| {
                let row =
                    tools.iter().find(|row| row.rulebook == book.book.id && row.tool == *tool && row.format == *format);
                let clause = row.and_then(|row| row.clauses.iter().find(|clause| clause.rule == rule.id));
                clause.map_or_else(String::new, |clause| clause.met.to_string())
            };
            let mut row = vec![book.book.id.clone(), rule.clause.clone(), of(&rule.title, german).to_owned()];
            row.extend(names.iter().map(met));
            cells.push(row);
        }
    }
    let note = if german {
        "Gezählt ist, wie viele Dokumente jede Forderung erfüllen."
    } else {
        "Counted is how many documents keep each clause."
    };
    Answer { columns, cells, notes: vec![note.to_owned()], ..Answer::default() }
}
