// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A law's definition of roles, as questions that lead to each other: checked once, so that asking cannot fail or run in a circle.

use std::collections::BTreeMap;

use underpin_model::law_roles::{Leads, RoleFact, RoleQuestion};

use super::classify::Verdict;

/// A checked definition. The first question is asked first.
#[derive(Clone, Debug)]
pub struct RoleTree {
    pub(super) nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub fact: RoleFact,
    pub yes: Target,
    pub no: Target,
    pub law: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Node(usize),
    End(Verdict),
}

/// A definition cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDefinition {
    /// There is no question.
    #[error("the definition has no question")]
    Empty,
    /// A key stands twice.
    #[error("the question {0:?} stands twice")]
    Twice(String),
    /// A question leads to one that is not there, to itself or to an earlier one.
    #[error("the question {from:?} leads to {to:?}, which does not come after it")]
    NotAfter {
        /// Where it stands.
        from: String,
        /// Where it leads to.
        to: String,
    },
    /// No question leads there.
    #[error("no question leads to {0:?}")]
    Unreached(String),
}

impl RoleTree {
    /// Checks a definition: each question leads only to later ones, and each is reached.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn new(questions: &[RoleQuestion]) -> Result<Self, BadDefinition> {
        let mut places = BTreeMap::new();
        for (place, question) in questions.iter().enumerate() {
            if places.insert(question.key.as_str(), place).is_some() {
                return Err(BadDefinition::Twice(question.key.clone()));
            }
        }
        let mut reached = vec![false; questions.len()];
        *reached.first_mut().ok_or(BadDefinition::Empty)? = true;
        let mut nodes = Vec::new();
        for (place, question) in questions.iter().enumerate() {
            let mut target = |leads: &Leads| match leads {
                Leads::Role(role) => Ok(Target::End(Verdict::Role(*role))),
                Leads::Lawyer(asked) => Ok(Target::End(Verdict::Lawyer(*asked))),
                Leads::To(key) => match places.get(key.as_str()) {
                    Some(&next) if next > place => {
                        reached[next] = true;
                        Ok(Target::Node(next))
                    }
                    _ => Err(BadDefinition::NotAfter { from: question.key.clone(), to: key.clone() }),
                },
            };
            let (yes, no) = (target(&question.yes)?, target(&question.no)?);
            nodes.push(Node { fact: question.fact, yes, no, law: question.law.clone() });
        }
        match reached.iter().position(|reached| !reached) {
            Some(place) => Err(BadDefinition::Unreached(questions[place].key.clone())),
            None => Ok(Self { nodes }),
        }
    }

    /// The facts that it asks for, in order, each once.
    pub fn asked(&self) -> Vec<RoleFact> {
        let mut facts = Vec::new();
        for node in &self.nodes {
            if !facts.contains(&node.fact) {
                facts.push(node.fact);
            }
        }
        facts
    }

    /// The keys of all texts that it rests on.
    pub fn law(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().flat_map(|node| node.law.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::law_roles::LawRole;

    use super::*;

    fn question(key: &str, yes: Leads) -> RoleQuestion {
        let no = Leads::Role(LawRole::NoRole);
        RoleQuestion { key: key.to_owned(), fact: RoleFact::Price, yes, no, law: Vec::new() }
    }

    #[test]
    fn a_definition_that_could_fail_is_refused() {
        let to = |key: &str| Leads::To(key.to_owned());
        let end = || Leads::Role(LawRole::Manufacturer);
        let error = |questions: &[RoleQuestion]| RoleTree::new(questions).err().map(|error| error.to_string());
        assert_eq!(RoleTree::new(&[]).err(), Some(BadDefinition::Empty));
        assert!(error(&[question("a", to("a"))]).is_some_and(|text| text.contains("does not come after")));
        assert!(error(&[question("a", to("b"))]).is_some_and(|text| text.contains("\"b\"")));
        let circle = [question("a", to("b")), question("b", to("a"))];
        assert!(error(&circle).is_some_and(|text| text.contains("leads to \"a\"")));
        let twice = [question("a", end()), question("a", end())];
        assert_eq!(RoleTree::new(&twice).err(), Some(BadDefinition::Twice("a".to_owned())));
        let alone = [question("a", end()), question("b", end())];
        assert_eq!(RoleTree::new(&alone).err(), Some(BadDefinition::Unreached("b".to_owned())));
        assert_eq!(RoleTree::new(&[question("a", to("b")), question("b", end())]).unwrap().asked(), [RoleFact::Price]);
    }
}
