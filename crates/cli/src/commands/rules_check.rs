// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::sync::Arc;

use serde_json::json;
use underpin_model::practices::Outcome;
use underpin_model::rules::{Demand, RuleVerdict};
use underpin_office::Result;
use underpin_office::coordinator::kept_tables::KeptTables;
use underpin_office::error::OfficeError;
use underpin_office::regulator::{
    RuleAnswer, RuleQuery, Rulebook, RulesAnswer, ShownCause, SubjectVerdict, shipped, shipped_ids,
};
use underpin_render::Language;

use super::coverage::snapshot_line;
use super::own_rules::OwnRules;
use crate::context::{Context, usage};
use crate::engine_shown::interruptible;
use crate::output::{Answer, counted, print};

#[derive(Debug, clap::Args)]
pub struct Check {
    /// A rulebook about the house, or one of its rules [default: all that are shipped]
    #[arg(value_name = "RULEBOOK | RULEBOOK/RULE")]
    rule: Option<String>,
    #[command(flatten)]
    own: OwnRules,
    /// Only an agency, with everything below it
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// Exit with 1 when a rule in force that must be kept is not-met, or not even assessed (cannot-be-assessed)
    #[arg(long, value_name = "RESULT")]
    fail_on: Option<Outcome>,
    /// In German
    #[arg(long)]
    german: bool,
}

pub const FIELDS: [&str; 11] = [
    "rulebook",
    "rule",
    "version",
    "standing",
    "demand",
    "subject",
    "in_force",
    "valid_from",
    "valid_until",
    "counts",
    "unregistered",
];
const SUBJECT_FIELDS: [&str; 6] = ["subject", "agencies", "verdict", "is_waived", "waivers", "causes"];

/// The books that are meant, and one rule of them where one was named.
pub fn meant(rule: Option<&str>, own: &OwnRules, context: &Context) -> Result<(Vec<Rulebook>, Option<String>)> {
    let (book, rule) = match rule.map(|text| text.split_once('/').unwrap_or((text, ""))) {
        Some((book, "")) => (Some(book), None),
        Some((book, rule)) => (Some(book), Some(rule.to_owned())),
        None => (None, None),
    };
    let books: Vec<Rulebook> = match (own.book(context)?, book) {
        (Some(own), _) => vec![own],
        (None, Some(book)) => vec![shipped(book)?],
        (None, None) => shipped_ids().map(shipped).collect::<Result<_>>()?,
    };
    let of_house: Vec<Rulebook> = books.into_iter().filter(Rulebook::is_of_the_house).collect();
    let Some(first) = of_house.first() else {
        return Err(OfficeError::new("no-rulebook", "these rules are about bills of materials, not about the house")
            .hint("`underpin check-sbom` holds a document against them"));
    };
    if let Some((folder, book)) = own.rules.as_ref().zip(book).filter(|(_, book)| *book != first.book.id) {
        let found = &first.book.id;
        return Err(OfficeError::new(
            "no-rulebook",
            format!("the rulebook of {} is {found:?}, not {book:?}", folder.display()),
        ));
    }
    let is_there = |name: &String| of_house.iter().any(|book| book.rules.iter().any(|rule| rule.id == *name));
    if let Some(name) = rule.as_ref().filter(|name| !is_there(name)) {
        return Err(OfficeError::new("no-rule", format!("there is no rule {name:?} in {:?}", first.book.id))
            .hint("`underpin rules list` shows all, as RULEBOOK/RULE"));
    }
    Ok((of_house, rule))
}

impl Check {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Outcome::Met) {
            return Err(usage(
                "--fail-on takes not-met or cannot-be-assessed",
                "a rule that is kept is no reason to fail",
            ));
        }
        context.known("ask rules of the house")?;
        let (books, rule) = meant(self.rule.as_deref(), &self.own, context)?;
        let house = context.existing().await?;
        let desk = Arc::new(context.desk(&house).await?);
        let query = RuleQuery { rule, agency: self.agency.clone() };
        let kept = KeptTables::default();
        let found = interruptible(context, house.check_rules(&desk, &books, &query, &kept)).await?;
        let fails = self.fail_on.is_some_and(|fail_on| found.rules.iter().any(|one| fails(one, fail_on)));
        let mut answer = match found.rules.as_slice() {
            [one] if one.subjects.is_some() => one_of(one, self.german),
            _ => many_of(&found, &books, self.german),
        };
        answer.json = json!(found);
        if let Some(mark) = found.tlp {
            answer.notes.push(format!("TLP:{}", mark.as_str().to_uppercase()));
        }
        answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
        print(&answer, context.printing())?;
        Ok(fails)
    }
}

fn fails(answer: &RuleAnswer, fail_on: Outcome) -> bool {
    let open = answer.counts.not_assessed > 0 || answer.unregistered > 0;
    answer.in_force
        && answer.head.demand != Demand::May
        && (answer.counts.not_met > 0 || (fail_on == Outcome::NotAssessed && open))
}

pub fn word(verdict: RuleVerdict, german: bool) -> &'static str {
    match (verdict, german) {
        (RuleVerdict::Met, false) => "met",
        (RuleVerdict::NotMet, false) => "not met",
        (RuleVerdict::NotAssessed, false) => "cannot be assessed",
        (RuleVerdict::Met, true) => "erfüllt",
        (RuleVerdict::NotMet, true) => "nicht erfüllt",
        (RuleVerdict::NotAssessed, true) => "nicht beurteilbar",
    }
}

/// Several rules: a line for each.
fn many_of(found: &RulesAnswer, books: &[Rulebook], german: bool) -> Answer {
    let title = |one: &RuleAnswer| {
        let book = books.iter().find(|book| book.book.id == one.head.rulebook)?;
        let rule = book.rules.iter().find(|rule| rule.id == one.head.rule)?;
        Some(if german { rule.title.de.clone() } else { rule.title.en.clone() })
    };
    let (mut cells, mut rows) = (Vec::new(), Vec::new());
    for one in &found.rules {
        let counts = one.counts;
        let numbers = [counts.met, counts.not_met, counts.waived, counts.not_assessed, one.unregistered];
        let mut line = vec![format!("{}/{}", one.head.rulebook, one.head.rule), title(one).unwrap_or_default()];
        line.push(one.head.standing.as_str().to_owned());
        line.push(in_force(one, german));
        line.extend(numbers.map(|number| number.to_string()));
        cells.push(line);
        let mut row = json!(one);
        if let Some(fields) = row.as_object_mut() {
            fields.retain(|field, _| FIELDS.contains(&field.as_str()));
        }
        rows.push(row);
    }
    let columns = if german {
        [
            "Regel",
            "Forderung",
            "Rang",
            "In Kraft",
            "erfüllt",
            "nicht erfüllt",
            "ausgenommen",
            "nicht beurteilbar",
            "nicht erfasst",
        ]
    } else {
        [
            "Rule",
            "What it asks",
            "Standing",
            "In force",
            "met",
            "not met",
            "waived",
            "cannot be assessed",
            "not registered",
        ]
    };
    Answer { rows, fields: &FIELDS, columns: columns.map(str::to_owned).to_vec(), cells, ..Answer::default() }
}

fn in_force(one: &RuleAnswer, german: bool) -> String {
    let (yes, from) = if german { ("ja", "ab") } else { ("yes", "from") };
    match &one.head.valid_until {
        _ if one.in_force => yes.to_owned(),
        Some(until) => format!("{from} {} – {until}", one.head.valid_from),
        None => format!("{from} {}", one.head.valid_from),
    }
}

/// One rule: everybody it asks about, with reasons and remedies.
fn one_of(one: &RuleAnswer, german: bool) -> Answer {
    let subjects = one.subjects.as_deref().unwrap_or_default();
    let counts = one.counts;
    let numbers = [
        (counts.met, RuleVerdict::Met),
        (counts.not_met, RuleVerdict::NotMet),
        (counts.not_assessed, RuleVerdict::NotAssessed),
    ];
    let mut said: Vec<String> =
        numbers.iter().map(|(count, verdict)| format!("{count} {}", word(*verdict, german))).collect();
    if counts.waived > 0 {
        let words = if german { "nicht erfüllt, ausgenommen" } else { "not met, waived" };
        said.insert(2, format!("{} {words}", counts.waived));
    }
    let head = &one.head;
    let mut lines = vec![
        format!("{}/{} ({}): {}", head.rulebook, head.rule, head.standing.as_str(), said.join(", ")),
        format!("{}, {} ({}); {}", head.source, head.clause, head.address, in_force(one, german)),
    ];
    if one.unregistered > 0 {
        let systems = counted(one.unregistered, "system", "systems");
        lines.push(if german {
            format!(
                "Von {} weiteren Systemen haben Behörden nur die Zahl genannt; über sie ist nichts bekannt.",
                one.unregistered
            )
        } else {
            format!("Of {systems} more, agencies gave the number only; nothing is known of them.")
        });
    }
    let mut cells = Vec::new();
    for subject in subjects {
        let base = [subject.agencies.join(" "), subject.subject.clone(), standing(subject, german)];
        if subject.causes.is_empty() {
            cells.push(base.iter().cloned().chain([String::new(), String::new(), String::new()]).collect());
        }
        for cause in &subject.causes {
            let (text, remedy) = if german { (&cause.text_de, &cause.remedy_de) } else { (&cause.text, &cause.remedy) };
            cells.push(base.iter().cloned().chain([text.clone(), named(cause), remedy.clone()]).collect());
        }
    }
    let columns = if german {
        ["Behörde", "Gegenstand", "Ergebnis", "Grund", "was", "Abhilfe"]
    } else {
        ["Agency", "Subject", "Result", "Reason", "what", "Remedy"]
    };
    Answer {
        head: lines,
        rows: subjects.iter().map(|subject| json!(subject)).collect(),
        fields: &SUBJECT_FIELDS,
        columns: columns.map(str::to_owned).to_vec(),
        cells,
        ..Answer::default()
    }
}

/// The verdict, and what waivers say beside it.
fn standing(subject: &SubjectVerdict, german: bool) -> String {
    let language = if german { Language::German } else { Language::English };
    let waivers = subject.waivers.iter().map(|waiver| waiver.line(language));
    std::iter::once(word(subject.verdict, german).to_owned()).chain(waivers).collect::<Vec<_>>().join("; ")
}

/// The first three things that are named, and how many more there are.
fn named(cause: &ShownCause) -> String {
    let shown: Vec<&str> = cause.details.iter().take(3).map(String::as_str).collect();
    let more = cause.count.saturating_sub(shown.len() as u64);
    match (shown.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => shown.join(", "),
        (false, more) => format!("{} +{more}", shown.join(", ")),
    }
}
