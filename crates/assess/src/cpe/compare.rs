// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How two names stand to each other (NIST IR 7696, section 6).

use super::name::{Attribute, Name, Pattern, Value};

/// How a source (what is searched for) stands to a target (what is there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// They have nothing in common.
    Disjoint,
    /// They mean the same.
    Equal,
    /// The source is part of the target: the target is less exact.
    Subset,
    /// The source holds the target.
    Superset,
    /// The target has wildcards, or attributes pull in different directions: it cannot be said.
    Undefined,
}

impl Relation {
    /// Whether whatever is the target is meant by the source.
    pub fn holds(self) -> bool {
        matches!(self, Self::Equal | Self::Superset)
    }
}

/// Table 6-2 of the standard: one attribute.
pub fn relation(source: &Value, target: &Value) -> Relation {
    match (source, target) {
        (Value::Any, Value::Any) | (Value::Na, Value::Na) => Relation::Equal,
        // The standard leaves wildcards in the target open even where both are the same.
        (_, Value::Text(target)) if target.has_wildcards() => Relation::Undefined,
        (Value::Any, _) => Relation::Superset,
        (_, Value::Any) => Relation::Subset,
        (Value::Na, _) | (_, Value::Na) => Relation::Disjoint,
        (Value::Text(source), Value::Text(target)) if source.has_wildcards() => {
            if holds(source, &target.body) {
                Relation::Superset
            } else {
                Relation::Disjoint
            }
        }
        (Value::Text(source), Value::Text(target)) => {
            if source == target {
                Relation::Equal
            } else {
                Relation::Disjoint
            }
        }
    }
}

/// Whether a pattern holds a text.
fn holds(pattern: &Pattern, text: &str) -> bool {
    let length = pattern.body.len();
    let starts = 0..=text.len().saturating_sub(length);
    starts.into_iter().any(|start| {
        let rest = text.len().checked_sub(start + length);
        pattern.before.holds(start)
            && text.get(start..start + length) == Some(pattern.body.as_str())
            && rest.is_some_and(|rest| pattern.behind.holds(rest))
    })
}

impl Name {
    /// Table 6-4 of the standard: whole names.
    pub fn compare(&self, target: &Self) -> Relation {
        let relations = Attribute::ALL.map(|attribute| relation(self.get(attribute), target.get(attribute)));
        let all = |other: Relation| relations.iter().all(|own| *own == Relation::Equal || *own == other);
        match () {
            () if relations.contains(&Relation::Disjoint) => Relation::Disjoint,
            () if all(Relation::Equal) => Relation::Equal,
            () if all(Relation::Superset) => Relation::Superset,
            () if all(Relation::Subset) => Relation::Subset,
            () => Relation::Undefined,
        }
    }
}
