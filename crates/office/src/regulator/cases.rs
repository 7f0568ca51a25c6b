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
    let named = named(&tables(vec![rows], limits)?, book).await?;
    let answer = |(at, (number, case)): (usize, (usize, &Case))| {
        let rule = book.rules.get(number)?;
        let rows = named.get(number)?.get(&i64::try_from(at).ok()?).map_or(&[][..], Vec::as_slice);
        let found = match reads.get(at)? {
            Read::Unreadable(_) => Outcome::NotAssessed,
            read => outcome(rule, read, rows).0,
        };
        Some(CaseAnswer { rule: rule.id.clone(), case: told(case), expected: case.expect, found })
    };
    Ok(tried.into_iter().enumerate().filter_map(answer).collect())
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

    use super::*;
    use crate::regulator::rulebooks::{shipped, shipped_ids};

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
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

    /// Each fact that a rule rests on, taken away or made wrong in every way, fails that rule and no other of its book.
    #[test]
    fn a_fact_that_is_gone_or_wrong_fails_its_rule_alone() {
        let wrongs = [
            None,
            Some(json!("")),
            Some(json!(null)),
            Some(json!("NOASSERTION")),
            Some(json!(7)),
            Some(json!(true)),
            Some(json!({"a": 1})),
        ];
        let mut tried = 0;
        let mut faults = Vec::new();
        for id in shipped_ids() {
            let book = shipped(id).unwrap();
            let (mut rows, mut reads, mut mutants) = (StatedRows::default(), Vec::new(), Vec::new());
            for rule in &book.rules {
                for fact in &rule.facts {
                    for wrong in &wrongs {
                        let mut document: Value = serde_json::from_str(&book.documents[&fact.document]).unwrap();
                        match wrong {
                            None => drop(
                                remove(&mut document, &fact.at).unwrap_or_else(|| panic!("{} {}", rule.id, fact.at)),
                            ),
                            Some(value) => put(&mut document, &fact.at, value.clone()).unwrap(),
                        }
                        let text = document.to_string();
                        reads.push(push(
                            &mut rows,
                            reads.len(),
                            text.as_bytes(),
                            Path::new(&fact.document),
                            &Limits::default(),
                        ));
                        mutants.push((rule.id.clone(), fact, wrong));
                    }
                }
            }
            let good: BTreeMapOfGood = good(&book);
            let named = run(named(&tables(vec![rows], &Limits::default()).unwrap(), &book)).unwrap();
            for (at, (mutated, fact, wrong)) in mutants.iter().enumerate() {
                tried += 1;
                for (number, rule) in book.rules.iter().enumerate() {
                    let rows = named[number].get(&i64::try_from(at).unwrap()).map_or(&[][..], Vec::as_slice);
                    let found = outcome(rule, &reads[at], rows).0;
                    let before = good[&(fact.document.clone(), rule.id.clone())];
                    let is_own = rule.id == *mutated;
                    let is_unreadable = matches!(reads[at], Read::Unreadable(_));
                    let is_right =
                        if is_own { found != Outcome::Met && before == Outcome::Met } else { found == before };
                    if !is_right && !(is_unreadable && is_own) && !is_unreadable {
                        faults.push(format!(
                            "{id}: {} {} {wrong:?}: {} was {before:?}, is {found:?}",
                            fact.document, fact.at, rule.id
                        ));
                    }
                }
            }
            for document in ["good.cdx.json", "good.spdx3.json", "good.spdx.json"] {
                if is_left_out(id, document) {
                    continue;
                }
                for rule in book.rules.iter() {
                    assert_eq!(
                        good[&(document.to_owned(), rule.id.clone())],
                        Outcome::Met,
                        "{id} {document} {}",
                        rule.id
                    );
                }
            }
        }
        assert!(tried > 400, "{tried}");
        assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    }

    type BTreeMapOfGood = std::collections::BTreeMap<(String, String), Outcome>;

    fn good(book: &Rulebook) -> BTreeMapOfGood {
        let mut rows = StatedRows::default();
        let documents: Vec<&String> = book.documents.keys().collect();
        let read = |(at, name): (usize, &&String)| {
            push(&mut rows, at, book.documents[*name].as_bytes(), Path::new(name), &Limits::default())
        };
        let reads: Vec<Read> = documents.iter().enumerate().map(read).collect();
        let named = run(named(&tables(vec![rows], &Limits::default()).unwrap(), book)).unwrap();
        let mut good = BTreeMapOfGood::new();
        for (at, document) in documents.iter().enumerate() {
            for (number, rule) in book.rules.iter().enumerate() {
                let rows = named[number].get(&i64::try_from(at).unwrap()).map_or(&[][..], Vec::as_slice);
                good.insert(((*document).clone(), rule.id.clone()), outcome(rule, &reads[at], rows).0);
            }
        }
        good
    }
}
