// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What changed between two rulebooks: which rules came, went, ask for more or less, or judge otherwise.
//!
//! Words alone do not tell whether a changed query judges more strictly. So a rule whose query changed is said to judge otherwise, and the
//! two books can be tried on the same bills of materials: what then changes is what would change for whoever hands them in.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use underpin_formats::rulebook::{Book, Rule};
use underpin_model::Limits;
use underpin_model::practices::Outcome;
use underpin_model::rules::{Demand, RuleChange};

use super::bill_files::check_bills;
use super::bills::{BillAnswer, Conformity};
use super::rulebooks::Rulebook;
use crate::error::Result;

/// The answer of `rules diff`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleDifference {
    /// The earlier book.
    pub from: String,
    /// The later one.
    pub to: String,
    /// Rules that are not the same in both, by their names.
    pub rows: Vec<ChangedRule>,
    /// Rules that are.
    pub same: usize,
    /// What changes for bills of materials; none where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<TriedOn>,
}

/// A rule that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedRule {
    /// The rule.
    pub rule: String,
    /// How.
    pub change: RuleChange,
    /// What is another one: fields of its file.
    pub fields: Vec<&'static str>,
    /// How strongly it asked.
    pub demand_before: Option<Demand>,
    /// How strongly it asks.
    pub demand_after: Option<Demand>,
    /// Whether it judges otherwise under the same version: a fault of whoever wrote it.
    pub is_version_stale: bool,
}

/// Both books on the same documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TriedOn {
    /// Documents that could be read.
    pub documents: usize,
    /// Documents that could not.
    pub unreadable: usize,
    /// Documents that conform under the earlier book, and not under the later one.
    pub no_longer_conform: Vec<String>,
    /// The other way round.
    pub conform_now: Vec<String>,
    /// For each rule of both books, how many documents are judged otherwise: rule, before, after, how many.
    pub judged_otherwise: Vec<(String, Outcome, Outcome, usize)>,
}

/// What changed from one book to another.
pub fn difference(from: &Rulebook, to: &Rulebook) -> RuleDifference {
    let names: BTreeSet<&str> = from.rules.iter().chain(&to.rules).map(|rule| rule.id.as_str()).collect();
    let of = |book: &'_ Rulebook, name: &str| book.rules.iter().find(|rule| rule.id == name).cloned();
    let mut rows = Vec::new();
    let mut same = 0;
    for name in names {
        let (before, after) = (of(from, name), of(to, name));
        match changed(name, before.as_ref(), after.as_ref()) {
            Some(row) => rows.push(row),
            None => same += 1,
        }
    }
    rows.extend(changed_book(&from.book, &to.book));
    RuleDifference { from: from.book.id.clone(), to: to.book.id.clone(), rows, same, tried: None }
}

/// What `book.toml` says otherwise; its name and version may differ.
fn changed_book(before: &Book, after: &Book) -> Option<ChangedRule> {
    let all = [
        ("standing", before.standing != after.standing),
        ("confirmed", before.confirmed != after.confirmed),
        ("valid_from", before.valid_from != after.valid_from),
        ("valid_until", before.valid_until != after.valid_until),
        ("source", before.source != after.source),
        ("inherits", before.inherits != after.inherits),
        ("title", before.title != after.title),
        ("waiver", before.waiver != after.waiver),
        ("note", before.note != after.note),
    ];
    let fields: Vec<&str> = all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
    let judges = fields.iter().any(|field| field.starts_with("valid_"));
    let change = if judges { RuleChange::JudgesOtherwise } else { RuleChange::Reworded };
    let is_version_stale = judges && before.id == after.id && before.version >= after.version;
    (!fields.is_empty()).then(|| ChangedRule {
        rule: "book.toml".to_owned(),
        change,
        fields,
        demand_before: None,
        demand_after: None,
        is_version_stale,
    })
}

fn changed(name: &str, before: Option<&Rule>, after: Option<&Rule>) -> Option<ChangedRule> {
    let fields = before.zip(after).map(|(before, after)| fields(before, after)).unwrap_or_default();
    let judges = fields.iter().any(|(_, judges)| *judges);
    let demands = (before.map(|rule| rule.demand), after.map(|rule| rule.demand));
    let change = match demands {
        (None, _) => RuleChange::Added,
        (_, None) => RuleChange::Removed,
        (Some(was), Some(is)) if strength(was) < strength(is) && !judges => RuleChange::AsksForMore,
        (Some(was), Some(is)) if strength(was) > strength(is) && !judges => RuleChange::AsksForLess,
        _ if judges => RuleChange::JudgesOtherwise,
        _ if !fields.is_empty() => RuleChange::Reworded,
        _ => return None,
    };
    let is_version_stale = judges && before.zip(after).is_some_and(|(before, after)| before.version >= after.version);
    Some(ChangedRule {
        rule: name.to_owned(),
        change,
        fields: fields.into_iter().map(|(field, _)| field).collect(),
        demand_before: demands.0,
        demand_after: demands.1,
        is_version_stale,
    })
}

/// How strongly a text asks, as a number.
pub(super) fn strength(demand: Demand) -> u8 {
    match demand {
        Demand::May => 0,
        Demand::IfThere => 1,
        Demand::Must => 2,
    }
}

/// Fields that are not the same, each with whether the judgement follows from it.
fn fields(before: &Rule, after: &Rule) -> Vec<(&'static str, bool)> {
    let all = [
        ("demand", before.demand != after.demand, false),
        ("subject", before.subject != after.subject, true),
        ("sql", before.sql != after.sql || before.rests_on != after.rests_on, true),
        ("reason", before.reasons != after.reasons, true),
        ("population", before.population != after.population, true),
        ("inventory", before.inventory != after.inventory, true),
        ("feeds", before.feeds != after.feeds, true),
        ("valid_from", before.valid_from != after.valid_from, true),
        ("valid_until", before.valid_until != after.valid_until, true),
        ("clause", before.clause != after.clause, false),
        ("title", before.title != after.title, false),
        ("text", before.text != after.text, false),
        ("remedy", before.remedy != after.remedy, false),
        ("source", before.source != after.source, false),
        ("standing", before.standing != after.standing, false),
        ("confirmed", before.confirmed != after.confirmed, false),
        ("fact", before.facts != after.facts, false),
        ("case", before.cases != after.cases || before.houses != after.houses, false),
        ("waiver", before.waiver != after.waiver, false),
        ("note", before.note != after.note, false),
    ];
    all.into_iter().filter(|(_, differs, _)| *differs).map(|(field, _, judges)| (field, judges)).collect()
}

/// Tries both books on the same bills of materials.
///
/// # Errors
/// As [`check_bills`].
pub async fn tried_on(from: &Rulebook, to: &Rulebook, files: &[PathBuf], limits: &Limits) -> Result<TriedOn> {
    let answers = check_bills(files, &[from.clone(), to.clone()], limits, false).await?;
    let [before, after] = answers.as_slice() else { return Ok(TriedOn::default()) };
    Ok(compared(before, after))
}

fn compared(before: &BillAnswer, after: &BillAnswer) -> TriedOn {
    let mut tried = TriedOn::default();
    let mut otherwise: std::collections::BTreeMap<(String, Outcome, Outcome), usize> = Default::default();
    let both = before.documents.iter().zip(&after.documents);
    for (was, is) in both.filter(|(was, _)| !was.is_no_bill()) {
        match (was.conformity, is.conformity) {
            (None, _) | (_, None) => {
                tried.unreadable += 1;
                continue;
            }
            (Some(Conformity::Conforms), Some(now)) if now != Conformity::Conforms => {
                tried.no_longer_conform.push(was.file.clone());
            }
            (Some(earlier), Some(Conformity::Conforms)) if earlier != Conformity::Conforms => {
                tried.conform_now.push(was.file.clone());
            }
            _ => {}
        }
        tried.documents += 1;
        for verdict in &was.verdicts {
            let now = is.verdicts.iter().find(|other| other.rule == verdict.rule);
            if let Some(now) = now.filter(|now| now.outcome != verdict.outcome) {
                *otherwise.entry((verdict.rule.clone(), verdict.outcome, now.outcome)).or_default() += 1;
            }
        }
    }
    tried.judged_otherwise = otherwise.into_iter().map(|((rule, was, is), count)| (rule, was, is, count)).collect();
    tried
}

#[cfg(test)]
mod tests {
    use super::super::rulebooks::shipped;
    use super::*;

    #[test]
    fn each_kind_of_change_is_told() {
        let from = shipped("ntia-2021").unwrap();
        assert_eq!(difference(&from, &from).rows, []);
        let mut to = from.clone();
        to.rules.retain(|rule| rule.id != "timestamp");
        let rule = |book: &mut Rulebook, id: &str, change: fn(&mut Rule)| {
            change(book.rules.iter_mut().find(|rule| rule.id == id).unwrap());
        };
        rule(&mut to, "author", |rule| rule.demand = Demand::May);
        rule(&mut to, "supplier", |rule| rule.sql.push_str(" AND 1 = 1"));
        rule(&mut to, "component-name", |rule| rule.text.en.push('!'));
        let mut own = to.rules[0].clone();
        own.id = "own".to_owned();
        to.rules.push(own);
        let found = difference(&from, &to);
        let told: Vec<(&str, RuleChange, bool)> =
            found.rows.iter().map(|row| (row.rule.as_str(), row.change, row.is_version_stale)).collect();
        assert_eq!(
            told,
            [
                ("author", RuleChange::AsksForLess, false),
                ("component-name", RuleChange::Reworded, false),
                ("own", RuleChange::Added, false),
                ("supplier", RuleChange::JudgesOtherwise, true),
                ("timestamp", RuleChange::Removed, false),
            ]
        );
        assert_eq!(found.same, from.rules.len() - 4);
        let mut ended = from.clone();
        ended.book.valid_until = Some("2027-01-01".parse().unwrap());
        let rows = difference(&from, &ended).rows;
        assert_eq!((rows.len(), rows[0].fields.as_slice(), rows[0].is_version_stale), (1, &["valid_until"][..], true));
        assert_eq!(difference(&to, &from).rows[0].change, RuleChange::AsksForMore);
    }

    #[tokio::test]
    async fn two_books_are_tried_on_the_same_documents() {
        let from = shipped("ntia-2021").unwrap();
        let mut to = from.clone();
        let rule = to.rules.iter_mut().find(|rule| rule.id == "timestamp").unwrap();
        rule.sql =
            "SELECT document, CAST(NULL AS BIGINT) AS component, 'not-met' AS outcome, 'created' AS fact FROM sbom"
                .to_owned();
        let folder = underpin_testkit::workspace().join("rules/documents");
        let root = tempfile::tempdir().unwrap();
        let broken = root.path().join("broken.cdx.json");
        std::fs::write(&broken, "{\"bomFormat\": \"CycloneDX\", \"specVersion\"").unwrap();
        let files = [folder.join("good.cdx.json"), broken];
        let tried = tried_on(&from, &to, &files, &Limits::default()).await.unwrap();
        assert_eq!((tried.documents, tried.unreadable, tried.no_longer_conform.len()), (1, 1, 1));
        assert_eq!(tried.judged_otherwise, [("timestamp".to_owned(), Outcome::Met, Outcome::NotMet, 1)]);
        let back = tried_on(&to, &from, &files, &Limits::default()).await.unwrap();
        assert_eq!(back.conform_now.len(), 1);
    }
}
