// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A rulebook that rests on another one: an agency may ask for more than its government, never for less.
//!
//! `inherits = "bsi-2.1.0"` in `book.toml` names a shipped book, or a folder beside it. All rules of that book hold, for as long as they hold
//! there, and say where they come from. A rule of the same name adds to it: what either query names is not kept, and the demand may only
//! grow. Each query is asked by itself, so whatever stands in the heir, a document that does not keep the government's rule does not keep
//! the agency's.

use underpin_formats::rulebook::{Book, Case, Refused, Rule};
use underpin_model::practices::Outcome;

use super::rule_difference::strength;
use super::rulebooks::Rulebook;

/// Puts an heir on the book that it rests on.
///
/// # Errors
/// What would loosen a rule of the parent, or cannot be added to it.
pub(super) fn inherited(parent: &Rulebook, heir: Rulebook) -> Result<Rulebook, Refused> {
    let mut rules: Vec<Rule> = parent.rules.iter().map(|rule| of_its_book(rule, &parent.book)).collect();
    for own in heir.rules {
        match rules.iter_mut().find(|rule| rule.id == own.id) {
            Some(rule) => *rule = tightened(rule, own, &parent.book.id)?,
            None => rules.push(own),
        }
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let mut documents = parent.documents.clone();
    for (name, text) in heir.documents {
        if documents.get(&name).is_some_and(|known| *known != text) {
            let detail = format!("documents/{name} is another one than that of {}", parent.book.id);
            return Err(Refused { file: heir.book.id, detail });
        }
        documents.insert(name, text);
    }
    Ok(Rulebook { book: heir.book, rules, documents })
}

fn tightened(rule: &Rule, own: Rule, parent: &str) -> Result<Rule, Refused> {
    let refused = |detail: String| Refused { file: format!("{}.toml", own.id), detail };
    if own.subject.is_of_the_house() || rule.subject != own.subject {
        return Err(refused(format!(
            "{parent} has a rule of this name about another subject, or over the house; choose another name"
        )));
    }
    if strength(own.demand) < strength(rule.demand) {
        let (was, is) = (rule.demand.as_str(), own.demand.as_str());
        return Err(refused(format!(
            "{parent} says {was}, and this says {is}: an heir may ask for more, never for less"
        )));
    }
    // What broke the rule before must break it still; what kept it may now break it.
    let kept = rule.cases.iter().filter(|case| case.expect == Outcome::NotMet).cloned();
    let cases: Vec<Case> = kept.chain(own.cases.iter().cloned()).collect();
    let sql = own.sql.clone();
    Ok(Rule {
        demand: own.demand,
        version: rule.version.saturating_add(own.version),
        rests_on: rule.queries().cloned().collect(),
        sql,
        cases,
        title: own.title,
        text: own.text,
        remedy: own.remedy,
        note: own.note.or_else(|| rule.note.clone()),
        ..rule.clone()
    })
}

/// A rule that says by itself what its book says of it, so that it can stand in another one.
fn of_its_book(rule: &Rule, book: &Book) -> Rule {
    Rule {
        source: rule.source.clone().or_else(|| Some(book.source.clone())),
        standing: rule.standing.or(Some(book.standing)),
        confirmed: rule.confirmed.or(Some(book.confirmed)),
        valid_from: rule.valid_from.or(Some(book.valid_from)),
        valid_until: rule.valid_until.or(book.valid_until),
        waiver: rule.waiver_in(book).cloned(),
        of_book: Some(rule.home(book).to_owned()),
        ..rule.clone()
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::rules::Demand;

    use super::super::cases::try_cases;
    use super::super::rulebooks::shipped;
    use super::*;

    /// An heir that wants versions to have a dot, written as a folder would hold it.
    fn heir() -> Rulebook {
        let mut book = shipped("ntia-2021").unwrap();
        book.book.id = "house".to_owned();
        book.rules.retain(|rule| rule.id == "component-version");
        let rule = &mut book.rules[0];
        rule.sql = "SELECT document, component, 'not-met' AS outcome, 'version' AS fact FROM sbom_component \
                    WHERE version NOT LIKE '%.%'"
            .to_owned();
        rule.cases.retain(|case| case.expect == Outcome::Met || case.set.is_some());
        book
    }

    #[tokio::test]
    async fn an_heir_adds_and_never_takes_away() {
        let parent = shipped("ntia-2021").unwrap();
        let book = inherited(&parent, heir()).unwrap();
        assert_eq!(book.rules.len(), parent.rules.len());
        let rule = book.rules.iter().find(|rule| rule.id == "component-version").unwrap();
        assert!(
            rule.rests_on == [parent.rules.iter().find(|rule| rule.id == "component-version").unwrap().sql.clone()]
        );
        assert_eq!((rule.standing, &rule.source), (Some(parent.book.standing), &Some(parent.book.source.clone())));
        // Whatever broke the parent's rule breaks the heir's.
        let answers = try_cases(&book, &underpin_model::Limits::default()).await.unwrap();
        let wrong: Vec<_> =
            answers.iter().filter(|one| one.expected == Outcome::NotMet && one.found != one.expected).collect();
        assert!(wrong.is_empty() && !answers.is_empty(), "{wrong:?}");
    }

    #[test]
    fn what_would_loosen_is_refused() {
        let parent = shipped("ntia-2021").unwrap();
        let mut weaker = heir();
        weaker.rules[0].demand = Demand::May;
        assert!(inherited(&parent, weaker).unwrap_err().detail.contains("never for less"));
        let mut other = heir();
        other.rules[0].subject = underpin_model::rules::Subject::Document;
        assert!(inherited(&parent, other).unwrap_err().detail.contains("another subject"));
        let mut swapped = heir();
        swapped.documents.insert("good.cdx.json".to_owned(), "{}".to_owned());
        assert!(inherited(&parent, swapped).unwrap_err().detail.contains("good.cdx.json"));
    }

    #[tokio::test]
    async fn no_text_of_an_heir_takes_anything_out() {
        let parent = shipped("ntia-2021").unwrap();
        let mut sly = heir();
        sly.book.valid_until = Some("2000-01-01".parse().unwrap());
        // Pasted behind the parent's query, this would be: everything but what it names.
        sly.rules[0].sql = "SELECT document, component, 'not-met' AS outcome, 'version' AS fact FROM sbom_component WHERE false) EXCEPT \
                            SELECT document, component, outcome, fact FROM (SELECT document, component, 'not-met' AS outcome, \
                            'version' AS fact FROM sbom_component"
            .to_owned();
        let book = inherited(&parent, sly).unwrap();
        let held: Vec<_> = book.rules.iter().filter(|rule| rule.valid_until.is_some()).collect();
        assert!(held.is_empty(), "the parent's rules hold as long as there");
        let answers = try_cases(&book, &underpin_model::Limits::default()).await;
        let loosened = answers.is_ok_and(|answers| {
            answers.iter().any(|one| one.expected == Outcome::NotMet && one.found == Outcome::Met)
        });
        assert!(!loosened);
    }
}
