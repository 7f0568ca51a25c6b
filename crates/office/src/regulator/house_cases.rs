// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rules test` for rules over the house: each case is a small house, asked as the real one is.

use underpin_formats::house_rule::HouseCase;
use underpin_formats::rulebook::Rule;
use underpin_model::practices::Outcome;
use underpin_model::rules::RuleVerdict;
use underpin_model::{Limits, Timestamp};

use super::cases::CaseAnswer;
use super::house_asked::{Asked, Case};
use super::house_rules::{day_of, picture, verdict};
use super::rulebooks::Rulebook;
use crate::error::{OfficeError, Result};

/// Tries all small houses of the rules of a book.
///
/// # Errors
/// `rule-refused` where a query fails, or where a case does not name exactly those that the rule asks about.
pub(super) async fn try_houses(book: &Rulebook, limits: &Limits) -> Result<Vec<CaseAnswer>> {
    let mut answers = Vec::new();
    for rule in book.rules.iter().filter(|rule| rule.subject.is_of_the_house()) {
        for (number, case) in rule.houses.iter().enumerate() {
            answers.extend(try_house(book, rule, (number + 1, case), limits).await?);
        }
    }
    Ok(answers)
}

async fn try_house(
    book: &Rulebook,
    rule: &Rule,
    (number, case): (usize, &HouseCase),
    limits: &Limits,
) -> Result<Vec<CaseAnswer>> {
    let refused = |detail: String| {
        OfficeError::new("rule-refused", format!("{}/{}, house {number}: {detail}", book.book.id, rule.id))
            .hint("each of those asked about stands in met, not_met or not_assessed of its house, once")
    };
    let at: Timestamp = case.at.parse().map_err(|_| refused(format!("{:?} is no day", case.at)))?;
    let found = picture(&Asked::Rows(Box::new(Case::of(case)), limits), &book.book.id, rule).await?;
    let lists =
        [(&case.met, Outcome::Met), (&case.not_met, Outcome::NotMet), (&case.not_assessed, Outcome::NotAssessed)];
    let named = lists.iter().flat_map(|(list, _)| list.iter());
    if let Some(stray) = named.clone().find(|name| !found.members.iter().any(|member| member.id == **name)) {
        return Err(refused(format!("{stray:?} is not among those it asks about")));
    }
    let mut answers = Vec::new();
    for (_, member, causes) in found.each() {
        let mut all = lists.iter().filter(|(list, _)| list.contains(&member.id)).map(|(_, outcome)| *outcome);
        let (Some(expected), None) = (all.next(), all.next()) else {
            return Err(refused(format!("{:?} is in none or in several of the three lists", member.id)));
        };
        let found = match verdict(causes, day_of(at), 0) {
            RuleVerdict::Met => Outcome::Met,
            RuleVerdict::NotMet => Outcome::NotMet,
            RuleVerdict::NotAssessed => Outcome::NotAssessed,
        };
        answers.push(CaseAnswer {
            rule: rule.id.clone(),
            case: format!("house {number}: {}", member.id),
            expected,
            found,
        });
    }
    Ok(answers)
}
