// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Roles under the law: what people answered about a system, an agency or an own product, and what follows from it today. The answers are
//! kept as they were given; what follows is worked out at every reading, and where that is another role than then, the row says so.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_assess::law_roles::{Classified, Missing, Reason, RoleTree, Verdict, classify, definitions};
use underpin_ledger::LawRoleRecord;
use underpin_model::Timestamp;
use underpin_model::law::Citation;
use underpin_model::law_roles::{
    FactBasis, LawRole, RoleAnswer, RoleFact, RoleLaw, RoleSubject, StatedFact, StatedRole,
};

use super::citations;
use super::examples::verdict_word;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OpenQuestion {
    /// What it asks.
    pub fact: RoleFact,
    /// Words of what would be left if it holds; empty if that contradicts the rest.
    pub if_yes: Vec<&'static str>,
    /// Words of what would be left if it does not.
    pub if_no: Vec<&'static str>,
    /// The texts that ask for it.
    pub law: Vec<Citation>,
}

/// A step of the reasoning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "RoleReason")]
pub struct ReasonRow {
    /// The fact.
    pub fact: RoleFact,
    /// Whether it holds.
    pub holds: bool,
    /// On what that rests.
    pub basis: FactBasis,
    /// The texts that make it matter.
    pub law: Vec<Citation>,
}

/// A role, or a question for a lawyer, that the facts allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "PossibleRole")]
pub struct PossibleRow {
    /// Its word.
    pub verdict: &'static str,
    /// Whether only a lawyer can answer.
    pub needs_lawyer: bool,
    /// The way to it that assumes the least.
    pub reasons: Vec<ReasonRow>,
}

/// What follows from answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RoleOutcome {
    /// Under which law.
    pub law: RoleLaw,
    /// How it ends.
    pub answer: RoleAnswer,
    /// The role, where it is decided.
    pub role: Option<LawRole>,
    /// What is possible: one for a decided answer, several for an open one.
    pub possible: Vec<PossibleRow>,
    /// Facts that contradict others; then nothing is possible until that is mended.
    pub contradictions: Vec<RoleFact>,
    /// The question to ask next: the first of the law's order that could narrow the answer and that nobody looked at in vain.
    pub next: Option<OpenQuestion>,
    /// Questions that could narrow the answer.
    pub open: Vec<OpenQuestion>,
    /// Facts that are often thought to decide and do not.
    pub not_deciding: Vec<ReasonRow>,
    /// What was answered.
    pub answered: Vec<StatedFact>,
}

/// What somebody answered about a subject, with what follows today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "LawRoleRow")]
pub struct RoleRow {
    /// Number of the line.
    pub number: i64,
    /// What it is about.
    pub subject: RoleSubject,
    /// Its name, for people.
    pub name: String,
    /// What follows today.
    pub outcome: RoleOutcome,
    /// How it ended when it was answered.
    pub answer_then: RoleAnswer,
    /// The role then.
    pub role_then: Option<LawRole>,
    /// Whether today something else follows than then: the definitions have changed.
    pub differs: bool,
    /// What was said about it.
    pub note: String,
    /// Who answered.
    pub actor: String,
    /// When.
    pub said: Timestamp,
    /// How many earlier lines there are about the same.
    pub earlier: u64,
}

/// Roles of what the viewer sees, the newest line of each subject and law.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RolesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// One row a subject and law, by name.
    pub rows: Vec<RoleRow>,
}

impl House {
    /// Roles of what the viewer sees, as they stood at the desk's moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn law_roles(&self, desk: &Desk) -> Result<RolesAnswer> {
        let mut newest: BTreeMap<(RoleSubject, RoleLaw), (LawRoleRecord, u64)> = BTreeMap::new();
        for record in self.role_records(desk).await? {
            let key = (record.subject.clone(), record.law);
            let earlier = newest.get(&key).map_or(0, |(_, earlier)| earlier + 1);
            newest.insert(key, (record, earlier));
        }
        let mut rows = Vec::new();
        for (record, earlier) in newest.into_values() {
            rows.push(row(desk, record, earlier)?);
        }
        rows.sort_by(|a, b| (&a.name, a.outcome.law).cmp(&(&b.name, b.outcome.law)));
        Ok(RolesAnswer { overview: desk.overview(), rows })
    }

    /// All lines about one subject under a law, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn law_role_history(&self, desk: &Desk, of: (&RoleSubject, RoleLaw)) -> Result<Vec<RoleRow>> {
        let records = self.role_records(desk).await?.into_iter();
        let own = records.filter(|record| (&record.subject, record.law) == of);
        let mut rows = Vec::new();
        for (earlier, record) in (0..).zip(own) {
            rows.push(row(desk, record, earlier)?);
        }
        rows.reverse();
        Ok(rows)
    }

    /// Writes down what somebody answers about a subject. Returns the number of the line. `read_at` is the number of the newest line that
    /// was read before, 0 where there was none: another one since then would be dropped.
    ///
    /// # Errors
    /// `law-role-changed`, `invalid-law-role`, `unknown-system`, `unknown-agency`, `not-allowed`, and what the ledger says.
    pub async fn state_role(
        &self,
        author: &Author,
        (subject, law): (&RoleSubject, RoleLaw),
        facts: Vec<StatedFact>,
        note: &str,
        read_at: Option<i64>,
    ) -> Result<i64> {
        let found = outcome(law, &facts)?;
        let stated = StatedRole { facts, answer: found.answer, role: found.role, note: note.trim().to_owned() };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.note_law_role(author.at, (subject, law), stated, read_at).await?)
    }

    async fn role_records(&self, desk: &Desk) -> Result<Vec<LawRoleRecord>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        Ok(reader.law_roles(desk.snapshot.at).await?)
    }
}

fn row(desk: &Desk, record: LawRoleRecord, earlier: u64) -> Result<RoleRow> {
    let found = outcome(record.law, &record.stated.facts)?;
    Ok(RoleRow {
        number: record.number,
        name: subject_name(desk, &record.subject),
        differs: (found.answer, found.role) != (record.stated.answer, record.stated.role),
        outcome: found,
        answer_then: record.stated.answer,
        role_then: record.stated.role,
        note: record.stated.note,
        actor: record.actor,
        said: record.moment,
        earlier,
        subject: record.subject,
    })
}

/// The name of a subject, for people.
pub fn subject_name(desk: &Desk, subject: &RoleSubject) -> String {
    match subject {
        RoleSubject::System(system) => {
            desk.system_position(&system.0).map_or_else(|| system.0.clone(), |at| desk.system(at).name.clone())
        }
        RoleSubject::Agency(agency) => desk.agency_name(agency).to_owned(),
        RoleSubject::Product { agency, name } => format!("{name} ({})", desk.agency_name(agency)),
    }
}

/// What follows from answers under a law.
///
/// # Errors
/// Never: a test reads the definitions.
pub fn outcome(law: RoleLaw, facts: &[StatedFact]) -> Result<RoleOutcome> {
    let tree = tree(law)?;
    let found = classify(tree, facts);
    let open: Vec<OpenQuestion> = found.missing.iter().map(question).collect();
    Ok(RoleOutcome {
        law,
        answer: found.answer,
        role: found.role(),
        next: next(tree, &found, facts).map(question),
        possible: found
            .possible
            .iter()
            .map(|own| PossibleRow {
                verdict: verdict_word(own.verdict),
                needs_lawyer: matches!(own.verdict, Verdict::Lawyer(_)),
                reasons: own.reasons.iter().map(reason).collect(),
            })
            .collect(),
        contradictions: found.contradictions.clone(),
        open,
        not_deciding: found.not_deciding.iter().map(reason).collect(),
        answered: facts.to_vec(),
    })
}

fn tree(law: RoleLaw) -> Result<&'static RoleTree> {
    let tree = match law {
        RoleLaw::Cra => definitions::cra(),
        RoleLaw::Nis2 => definitions::nis2(),
    };
    tree.map_err(|error| OfficeError::new("definition-invalid", error.to_string()))
}

/// The facts that a law asks for, in its order.
///
/// # Errors
/// Never: a test reads the definitions.
pub fn asked(law: RoleLaw) -> Result<Vec<RoleFact>> {
    Ok(tree(law)?.asked())
}

/// The first question, in the order of the law, that could narrow the answer; none that somebody looked at in vain.
fn next<'f>(tree: &RoleTree, found: &'f Classified, facts: &[StatedFact]) -> Option<&'f Missing> {
    let is_answered = |fact: &RoleFact| facts.iter().any(|own| own.fact == *fact);
    let order = tree.asked();
    order
        .iter()
        .filter(|fact| !is_answered(fact))
        .find_map(|fact| found.missing.iter().find(|missing| missing.fact == *fact))
}

fn question(missing: &Missing) -> OpenQuestion {
    let words = |verdicts: &[Verdict]| verdicts.iter().map(|own| verdict_word(*own)).collect();
    OpenQuestion {
        fact: missing.fact,
        if_yes: words(&missing.if_yes),
        if_no: words(&missing.if_no),
        law: citations(missing.law.iter().map(String::as_str)),
    }
}

fn reason(own: &Reason) -> ReasonRow {
    ReasonRow { fact: own.fact, holds: own.holds, basis: own.basis, law: citations(own.law.iter().map(String::as_str)) }
}

/// Answers with one more: a fact that was answered before is answered anew.
pub fn with_answer(mut facts: Vec<StatedFact>, answer: StatedFact) -> Vec<StatedFact> {
    match facts.iter_mut().find(|own| own.fact == answer.fact) {
        Some(own) => *own = answer,
        None => facts.push(answer),
    }
    facts
}

/// Yes, no, or looked at in vain.
///
/// # Errors
/// A sentence, for another word.
pub fn holds_of(word: &str) -> std::result::Result<Option<bool>, String> {
    match word.trim().to_lowercase().as_str() {
        "yes" | "true" => Ok(Some(true)),
        "no" | "false" => Ok(Some(false)),
        "unknown" => Ok(None),
        other => Err(format!("{other:?} is no answer; write yes, no or unknown")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fact: RoleFact, holds: Option<bool>) -> StatedFact {
        StatedFact { fact, holds, source: String::new() }
    }

    #[test]
    fn questions_are_asked_in_the_order_of_the_law_until_one_role_is_left() {
        let mut facts = Vec::new();
        let mut asked = Vec::new();
        // An agency writes something for itself alone.
        while let Some(open) = outcome(RoleLaw::Cra, &facts).expect("an outcome").next {
            let holds = open.fact == RoleFact::OwnUseOnly;
            asked.push(open.fact);
            facts.push(said(open.fact, Some(holds)));
        }
        assert_eq!(asked, [RoleFact::OutsideProductScope, RoleFact::OwnUseOnly]);
        let found = outcome(RoleLaw::Cra, &facts).expect("an outcome");
        assert_eq!((found.answer, found.role), (RoleAnswer::Decided, Some(LawRole::OwnUse)));
        assert!(found.possible[0].reasons.iter().all(|reason| !reason.law.is_empty()));
    }

    #[test]
    fn what_nobody_could_tell_is_not_asked_again_and_decides_nothing() {
        let mut facts = Vec::new();
        for _ in 0..100 {
            let Some(open) = outcome(RoleLaw::Cra, &facts).expect("an outcome").next else { break };
            facts.push(said(open.fact, None));
        }
        let found = outcome(RoleLaw::Cra, &facts).expect("an outcome");
        assert_eq!((found.answer, found.role, found.next), (RoleAnswer::NotDecided, None, None));
        assert!(!found.open.is_empty(), "what is open is still named");
    }
}
