// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Asks a law's questions. Where a fact is not known, both answers are followed: what they lead to is the set of possible roles.

use underpin_model::law_roles::{FactBasis, LawRole, LegalQuestion, RoleAnswer, RoleFact, StatedFact};

use super::facts::Facts;
use super::tree::{Node, RoleTree, Target};

/// Where the questions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A role.
    Role(LawRole),
    /// A question that only a lawyer can answer.
    Lawyer(LegalQuestion),
}

/// A step of the reasoning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Reason {
    /// The fact.
    pub fact: RoleFact,
    /// Whether it holds.
    pub holds: bool,
    /// On what that rests.
    pub basis: FactBasis,
    /// The keys of the texts that make it matter.
    pub law: Vec<String>,
}

/// A verdict that the facts allow.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Possible {
    /// The verdict.
    pub verdict: Verdict,
    /// The way to it that assumes the least.
    pub reasons: Vec<Reason>,
}

/// A fact that is not known and matters.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Missing {
    /// The fact.
    pub fact: RoleFact,
    /// What would be left if it holds; empty if that contradicts the rest.
    pub if_yes: Vec<Verdict>,
    /// What would be left if it does not.
    pub if_no: Vec<Verdict>,
    /// The keys of the texts that ask for it.
    pub law: Vec<String>,
}

impl Missing {
    /// How many of its two answers would leave one verdict.
    pub fn decides(&self) -> usize {
        usize::from(self.if_yes.len() <= 1) + usize::from(self.if_no.len() <= 1)
    }
}

/// A classification.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Classified {
    /// How it ended.
    pub answer: RoleAnswer,
    /// What is possible: one for a decided answer, several for an open one.
    pub possible: Vec<Possible>,
    /// Facts that contradict others; then nothing is possible until that is mended.
    pub contradictions: Vec<RoleFact>,
    /// Facts that would narrow the answer, those that decide most first.
    pub missing: Vec<Missing>,
    /// Facts that are often thought to decide and do not, with the texts that say so.
    pub not_deciding: Vec<Reason>,
}

impl Classified {
    /// The role, when it is decided.
    pub fn role(&self) -> Option<LawRole> {
        match (self.answer, self.possible.as_slice()) {
            (RoleAnswer::Decided, [Possible { verdict: Verdict::Role(role), .. }]) => Some(*role),
            _ => None,
        }
    }
}

/// Facts that do not decide by themselves, and the texts that say so.
const NOT_DECIDING: &[(RoleFact, &[&str])] = &[
    (RoleFact::DonationsWithinCosts, &["cra-r15", "orc-donations"]),
    (RoleFact::SupportAtCost, &["cra-r15", "orc-support"]),
    (RoleFact::FeeAtCost, &["cra-r16"]),
    (RoleFact::Grants, &["cra-r18", "orc-grants"]),
    (RoleFact::PaidToDevelop, &["cra-r18", "orc-paid-dev"]),
    (RoleFact::FundedByManufacturers, &["cra-r18", "orc-grants"]),
    (RoleFact::RegularReleases, &["cra-r18"]),
    (RoleFact::Binaries, &["cra-r18", "orc-binaries"]),
    (RoleFact::Popular, &["cra-r18", "orc-popularity"]),
    (RoleFact::IntegratesOthers, &["cra-13-5"]),
    (RoleFact::HostsOnly, &["cra-r20"]),
    (RoleFact::IsFork, &["cra-r18"]),
];

/// Classifies a party and a product.
pub fn classify(tree: &RoleTree, stated: &[StatedFact]) -> Classified {
    let not_deciding = not_deciding(stated);
    let facts = match gather(stated) {
        Ok(facts) => facts,
        Err(contradictions) => {
            let verdict = Verdict::Lawyer(LegalQuestion::ContradictoryFacts);
            let possible = vec![Possible { verdict, reasons: Vec::new() }];
            let answer = RoleAnswer::NeedsLawyer;
            return Classified { answer, possible, contradictions, missing: Vec::new(), not_deciding };
        }
    };
    let said = |fact| stated.iter().any(|own| own.fact == fact && own.holds.is_some());
    let mut walk = Walk { tree, given: facts, said: &said, path: Vec::new(), found: Vec::new(), assumed: Vec::new() };
    walk.from(Target::Node(0), facts);
    let Walk { mut found, assumed, .. } = walk;
    found.sort_by_key(|possible| possible.verdict);
    let is_lawyer = |possible: &Possible| matches!(possible.verdict, Verdict::Lawyer(_));
    let answer = match found.as_slice() {
        [Possible { verdict: Verdict::Role(_), .. }] => RoleAnswer::Decided,
        all if all.iter().all(is_lawyer) => RoleAnswer::NeedsLawyer,
        _ => RoleAnswer::NotDecided,
    };
    let missing = if found.len() > 1 { missing(tree, facts, &assumed, found.len()) } else { Vec::new() };
    Classified { answer, possible: found, contradictions: Vec::new(), missing, not_deciding }
}

/// The verdicts that facts allow, sorted.
pub(super) fn verdicts(tree: &RoleTree, facts: Facts) -> Vec<Verdict> {
    let mut found = Vec::new();
    let mut open = vec![(Target::Node(0), facts)];
    while let Some((target, facts)) = open.pop() {
        match target {
            Target::End(verdict) => found.push(verdict),
            Target::Node(place) => {
                let node = &tree.nodes[place];
                open.extend(ways(node, facts).into_iter().flatten().map(|(_, target, facts)| (target, facts)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The ways on from a question: one when the answer is known, at most two when it is not.
fn ways(node: &Node, facts: Facts) -> [Option<(bool, Target, Facts)>; 2] {
    let way = |holds: bool| {
        let target = if holds { node.yes } else { node.no };
        facts.with(node.fact, holds).ok().map(|facts| (holds, target, facts))
    };
    [way(true), way(false)]
}

/// All stated facts together; those that contradict others when some do.
pub(super) fn gather(stated: &[StatedFact]) -> Result<Facts, Vec<RoleFact>> {
    let mut facts = Facts::default();
    let mut wrong = Vec::new();
    for own in stated {
        let Some(holds) = own.holds else { continue };
        match facts.with(own.fact, holds) {
            Ok(more) => facts = more,
            Err(other) => wrong.extend([own.fact, other]),
        }
    }
    wrong.sort_unstable();
    wrong.dedup();
    if wrong.is_empty() { Ok(facts) } else { Err(wrong) }
}

struct Walk<'a> {
    tree: &'a RoleTree,
    given: Facts,
    said: &'a dyn Fn(RoleFact) -> bool,
    path: Vec<Reason>,
    found: Vec<Possible>,
    assumed: Vec<usize>,
}

impl Walk<'_> {
    fn from(&mut self, target: Target, facts: Facts) {
        let place = match target {
            Target::End(verdict) => return self.end(verdict),
            Target::Node(place) => place,
        };
        let node = &self.tree.nodes[place];
        let basis = match (self.given.get(node.fact), (self.said)(node.fact)) {
            (Some(_), true) => FactBasis::Stated,
            (Some(_), false) => FactBasis::Implied,
            (None, _) => FactBasis::Assumed,
        };
        if basis == FactBasis::Assumed && !self.assumed.contains(&place) {
            self.assumed.push(place);
        }
        for (holds, target, facts) in ways(node, facts).into_iter().flatten() {
            self.path.push(Reason { fact: node.fact, holds, basis, law: node.law.clone() });
            self.from(target, facts);
            self.path.pop();
        }
    }

    fn end(&mut self, verdict: Verdict) {
        let assumes = |path: &[Reason]| path.iter().filter(|reason| reason.basis == FactBasis::Assumed).count();
        match self.found.iter_mut().find(|own| own.verdict == verdict) {
            None => self.found.push(Possible { verdict, reasons: self.path.clone() }),
            Some(own) if assumes(&self.path) < assumes(&own.reasons) => own.reasons.clone_from(&self.path),
            Some(_) => {}
        }
    }
}

/// The unknown facts that would narrow the answer.
fn missing(tree: &RoleTree, facts: Facts, assumed: &[usize], possible: usize) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    for &place in assumed {
        let Node { fact, law, .. } = &tree.nodes[place];
        if let Some(own) = all.iter_mut().find(|own| own.fact == *fact) {
            own.law.extend(law.iter().filter(|key| !own.law.contains(key)).cloned().collect::<Vec<_>>());
            continue;
        }
        let left = |holds| facts.with(*fact, holds).map(|facts| verdicts(tree, facts)).unwrap_or_default();
        let (if_yes, if_no) = (left(true), left(false));
        if if_yes.len() < possible || if_no.len() < possible {
            all.push(Missing { fact: *fact, if_yes, if_no, law: law.clone() });
        }
    }
    all.sort_by_key(|own| std::cmp::Reverse(own.decides()));
    all
}

fn not_deciding(stated: &[StatedFact]) -> Vec<Reason> {
    let holds = |fact| stated.iter().any(|own| own.fact == fact && own.holds == Some(true));
    let named = NOT_DECIDING.iter().filter(|(fact, _)| holds(*fact));
    let reason = |(fact, law): &(RoleFact, &[&str])| Reason {
        fact: *fact,
        holds: true,
        basis: FactBasis::Stated,
        law: law.iter().map(|key| (*key).to_owned()).collect(),
    };
    named.map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_about_what_does_not_decide_are_in_the_list() {
        for (fact, law) in NOT_DECIDING {
            assert!(!law.is_empty() && law.iter().all(|key| crate::law_sources::source(key).is_some()), "{fact:?}");
        }
    }
}
