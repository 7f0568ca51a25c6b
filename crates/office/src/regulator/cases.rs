// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rules test`: the cases of a rulebook, each tried on its document, changed as the case says.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use underpin_formats::rulebook::Case;
use underpin_lake::StatedRows;
use underpin_model::Limits;
use underpin_model::practices::Outcome;

use super::bills::{Read, named, outcome, push, tables};
use super::rulebooks::Rulebook;
use crate::error::{OfficeError, Result};

/// A case and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseAnswer {
    /// The rule.
    pub rule: String,
    /// The case: its document, and what was changed.
    pub case: String,
    /// What was expected.
    pub expected: Outcome,
    /// What the rule said.
    pub found: Outcome,
}

/// Tries all cases of a rulebook at once.
///
/// # Errors
/// `no-document` where a case names a document that is not there or a place that it does not have.
pub async fn try_cases(book: &Rulebook, limits: &Limits) -> Result<Vec<CaseAnswer>> {
    let mut tried = Vec::new();
    let (mut rows, mut reads) = (StatedRows::default(), Vec::new());
    for (number, rule) in book.rules.iter().enumerate() {
        for case in &rule.cases {
            let bytes = changed(book, &rule.id, case)?;
            let read = push(&mut rows, reads.len(), bytes.as_bytes(), Path::new(&case.document), limits);
            reads.push(read);
            tried.push((number, case));
        }
    }
    let named = if book.is_of_the_house() { Vec::new() } else { named(&tables(vec![rows], limits)?, book).await? };
    let answer = |(at, (number, case)): (usize, (usize, &Case))| {
        let rule = book.rules.get(number)?;
        let rows = named.get(number)?.get(&i64::try_from(at).ok()?).map_or(&[][..], Vec::as_slice);
        let found = match reads.get(at)? {
            Read::Unreadable { .. } => Outcome::NotAssessed,
            read => outcome(rule, read, rows).0,
        };
        Some(CaseAnswer { rule: rule.id.clone(), case: told(case), expected: case.expect, found })
    };
    let mut answers: Vec<CaseAnswer> = tried.into_iter().enumerate().filter_map(answer).collect();
    answers.extend(super::house_cases::try_houses(book, limits).await?);
    Ok(answers)
}

fn told(case: &Case) -> String {
    match (&case.remove, &case.set) {
        (Some(at), _) => format!("{} without {at}", case.document),
        (None, Some(change)) => format!("{} with {} at {}", case.document, change.to, change.at),
        (None, None) => case.document.clone(),
    }
}

/// The document of a case, changed as it says.
fn changed(book: &Rulebook, rule: &str, case: &Case) -> Result<String> {
    let absent = |what: &str| {
        OfficeError::new("no-document", format!("{}/{rule}.toml: {what}", book.book.id))
            .hint("documents of cases lie in the folder `documents`, places in them are JSON pointers")
    };
    let text = book
        .documents
        .get(&case.document)
        .ok_or_else(|| absent(&format!("there is no document {:?}", case.document)))?;
    if case.remove.is_none() && case.set.is_none() {
        return Ok(text.clone());
    }
    let mut document: Value =
        serde_json::from_str(text).map_err(|error| absent(&format!("{}: {error}", case.document)))?;
    if let Some(at) = &case.remove {
        remove(&mut document, at).ok_or_else(|| absent(&format!("{} has nothing at {at}", case.document)))?;
    }
    if let Some(change) = &case.set {
        put(&mut document, &change.at, change.to.clone())
            .ok_or_else(|| absent(&format!("{} has no place {}", case.document, change.at)))?;
    }
    Ok(document.to_string())
}

/// Takes away what a pointer leads to.
pub(super) fn remove(document: &mut Value, at: &str) -> Option<Value> {
    let (parent, key) = at.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(fields) => fields.remove(&key.replace("~1", "/").replace("~0", "~")),
        Value::Array(items) => {
            let at = key.parse::<usize>().ok().filter(|at| *at < items.len())?;
            Some(items.remove(at))
        }
        _ => None,
    }
}

/// Puts a value where a pointer leads, also where nothing stood in an object.
pub(super) fn put(document: &mut Value, at: &str, value: Value) -> Option<()> {
    if let Some(place) = document.pointer_mut(at) {
        *place = value;
        return Some(());
    }
    let (parent, key) = at.rsplit_once('/')?;
    document.pointer_mut(parent)?.as_object_mut()?.insert(key.to_owned(), value);
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use underpin_formats::rulebook::FactPlace;

    use super::*;
    use crate::regulator::rulebooks::{shipped, shipped_ids};

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    fn bill_books() -> impl Iterator<Item = &'static str> {
        shipped_ids().filter(|id| !shipped(id).unwrap().is_of_the_house())
    }

    #[test]
    fn every_shipped_rule_passes_its_own_cases() {
        for id in shipped_ids() {
            let book = shipped(id).unwrap();
            let cases = run(try_cases(&book, &Limits::default())).unwrap();
            let wrong: Vec<_> = cases.iter().filter(|case| case.expected != case.found).collect();
            assert!(wrong.is_empty(), "{id}: {wrong:#?}");
            assert!(cases.len() >= 2 * book.rules.len(), "{id}");
        }
    }

    /// What the good documents do not keep, by book: SPDX 2.3 has no place for it, or the guideline no longer takes it.
    fn is_left_out(book: &str, document: &str) -> bool {
        document == "good.spdx.json" && matches!(book, "bsi-2.1.0" | "cisa-2025-draft")
    }

    /// A document with one fact gone or made wrong: its rule, the fact, and how it was made wrong.
    type Mutant<'b> = (&'b str, &'b FactPlace, Option<Value>);

    /// Each fact of each rule, made wrong in each way.
    fn mutants(book: &Rulebook) -> Vec<Mutant<'_>> {
        let wrongs = [json!(""), json!(null), json!("NOASSERTION"), json!(7), json!(true), json!({ "a": 1 })].map(Some);
        let wrongs: Vec<Option<Value>> = std::iter::once(None).chain(wrongs).collect();
        let facts = book.rules.iter().flat_map(|rule| rule.facts.iter().map(|fact| (rule.id.as_str(), fact)));
        facts.flat_map(|(rule, fact)| wrongs.iter().cloned().map(move |wrong| (rule, fact, wrong))).collect()
    }

    fn made_wrong(book: &Rulebook, (rule, fact, wrong): &Mutant<'_>) -> String {
        let mut document: Value = serde_json::from_str(&book.documents[&fact.document]).unwrap();
        let done = match wrong {
            None => remove(&mut document, &fact.at).map(drop),
            Some(value) => put(&mut document, &fact.at, value.clone()),
        };
        done.unwrap_or_else(|| panic!("{rule}: {} has nothing at {}", fact.document, fact.at));
        document.to_string()
    }

    /// What every rule says of each document.
    fn verdicts(book: &Rulebook, documents: &[(String, &str)]) -> Vec<Option<Vec<Outcome>>> {
        let mut rows = StatedRows::default();
        let mut reads = Vec::new();
        for (text, name) in documents {
            reads.push(push(&mut rows, reads.len(), text.as_bytes(), Path::new(name), &Limits::default()));
        }
        let named = run(named(&tables(vec![rows], &Limits::default()).unwrap(), book)).unwrap();
        let of = |(at, read): (i64, &Read)| {
            let found = book
                .rules
                .iter()
                .zip(&named)
                .map(|(rule, named)| outcome(rule, read, named.get(&at).map_or(&[][..], Vec::as_slice)).0);
            (!matches!(read, Read::Unreadable { .. })).then(|| found.collect())
        };
        (0..).zip(&reads).map(of).collect()
    }

    #[test]
    fn documents_that_are_good_keep_every_rule() {
        for id in bill_books() {
            let book = shipped(id).unwrap();
            let documents: Vec<(String, &str)> =
                book.documents.iter().map(|(name, text)| (text.clone(), name.as_str())).collect();
            for ((_, name), found) in documents.iter().zip(verdicts(&book, &documents)) {
                let all_met = found.unwrap().iter().all(|outcome| *outcome == Outcome::Met);
                assert_eq!(all_met, !is_left_out(id, name), "{id} {name}");
            }
        }
    }

    /// Each fact that a rule rests on, taken away or made wrong in every way, fails that rule and no other of its book.
    #[test]
    fn a_fact_that_is_gone_or_wrong_fails_its_rule_alone() {
        let (mut tried, mut faults) = (0, Vec::new());
        for id in bill_books() {
            let book = shipped(id).unwrap();
            let mutants = mutants(&book);
            let documents: Vec<(String, &str)> =
                mutants.iter().map(|one| (made_wrong(&book, one), one.1.document.as_str())).collect();
            let good = |name: &str| verdicts(&book, &[(book.documents[name].clone(), name)]).remove(0).unwrap();
            let good: std::collections::BTreeMap<&str, Vec<Outcome>> =
                book.documents.keys().map(|name| (name.as_str(), good(name))).collect();
            for ((mutated, fact, wrong), found) in mutants.iter().zip(verdicts(&book, &documents)) {
                tried += 1;
                // A document that is of no format any more keeps nothing.
                let Some(found) = found else { continue };
                let before = &good[fact.document.as_str()];
                for ((rule, before), found) in book.rules.iter().zip(before).zip(found) {
                    let is_own = rule.id == *mutated || fact.also.contains(&rule.id);
                    let is_right =
                        if is_own { *before == Outcome::Met && found != Outcome::Met } else { found == *before };
                    if !is_right {
                        let what = format!("{} {} {wrong:?}", fact.document, fact.at);
                        faults.push(format!("{id}: {what}: {} was {before:?}, is {found:?}", rule.id));
                    }
                }
            }
        }
        assert!(tried > 600, "{tried}");
        assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    }
}
