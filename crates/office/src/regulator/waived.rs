// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who is let off a rule at a moment. A waiver changes no verdict: it stands beside a violation, for as long as it holds, and nowhere
//! else. What nobody knows is not waived: it stays open.

use std::collections::HashMap;

use serde::Serialize;
use underpin_formats::rulebook::{Book, Rule};
use underpin_model::Timestamp;
use underpin_model::waivers::{RuleWaiver, WaiverState};
use underpin_render::{Language, text};

/// A waiver beside a violation: one that holds, or the last one that ran out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ShownWaiver {
    /// Number, as `W12`.
    pub waiver: String,
    /// Whether it holds or ran out.
    pub state: WaiverState,
    /// Its last day.
    pub until: String,
    /// Days until then; below nothing when it ran out.
    pub days_left: i64,
    /// By whose decision.
    pub by: String,
    /// Of what several agencies can have, the agency for which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
}

impl ShownWaiver {
    /// The waiver in words, to stand beside a verdict.
    pub fn line(&self, language: Language) -> String {
        let days = self.days_left.unsigned_abs();
        let agency = self.agency.as_deref().unwrap_or_default();
        let key = match (self.state, agency.is_empty()) {
            (WaiverState::RanOut, true) => "waiver-beside-ran-out",
            (WaiverState::RanOut, false) => "waiver-beside-ran-out-for",
            (_, true) => "waiver-beside",
            (_, false) => "waiver-beside-for",
        };
        let words = [
            ("waiver", (&self.waiver).into()),
            ("until", (&self.until).into()),
            ("by", (&self.by).into()),
            ("agency", agency.into()),
            ("days", days.into()),
        ];
        text(language, key, &words)
    }
}

/// Whom a waiver is about, and for which agency.
type Key<'w> = (&'w str, Option<&'w str>);

/// The waivers of one rule at a moment.
pub(super) struct LetOff<'w> {
    at: Timestamp,
    holding: HashMap<Key<'w>, &'w RuleWaiver>,
    ran_out: HashMap<Key<'w>, &'w RuleWaiver>,
}

impl<'w> LetOff<'w> {
    /// Of a rule that nobody can be let off, no waiver counts, whatever was granted before it said so.
    pub fn of(waivers: &'w [RuleWaiver], book: &Book, rule: &Rule, at: Timestamp) -> Self {
        let mut all = Self { at, holding: HashMap::new(), ran_out: HashMap::new() };
        if rule.waiver_in(book).is_none_or(|conditions| conditions.granted_by.is_none()) {
            return all;
        }
        let home = rule.home(book);
        let own = |one: &&RuleWaiver| {
            one.terms.rulebook == home && one.terms.rule == rule.id && one.terms.subject == rule.subject
        };
        for waiver in waivers.iter().filter(own) {
            let places = match waiver.state(at) {
                WaiverState::Holds => &mut all.holding,
                WaiverState::RanOut => &mut all.ran_out,
                _ => continue,
            };
            let key = (waiver.terms.about.as_str(), waiver.terms.agency.as_ref().map(|agency| agency.0.as_str()));
            // Of several, the one that ends last.
            let known = places.entry(key).or_insert(waiver);
            if known.terms.until < waiver.terms.until {
                *known = waiver;
            }
        }
        all
    }

    /// The waiver that holds for one, at an agency.
    pub fn waiver(&self, about: &str, agency: Option<&str>) -> Option<&'w RuleWaiver> {
        if self.holding.is_empty() {
            return None;
        }
        let everywhere = self.holding.get(&(about, None));
        everywhere.or_else(|| self.holding.get(&(about, Some(agency?)))).copied()
    }

    /// Whether one is let off in all these agencies.
    pub fn lets_off<'a>(&self, about: &str, agencies: impl IntoIterator<Item = &'a str>) -> bool {
        let mut agencies = agencies.into_iter().peekable();
        match agencies.peek() {
            None => self.waiver(about, None).is_some(),
            Some(_) => agencies.all(|agency| self.waiver(about, Some(agency)).is_some()),
        }
    }

    /// The waivers of one in these agencies: those that hold, and where none does, the last that ran out.
    pub fn shown<'a>(&self, about: &'a str, agencies: impl Iterator<Item = &'a str>) -> Vec<ShownWaiver> {
        let keys = std::iter::once((about, None)).chain(agencies.map(|agency| (about, Some(agency))));
        let of = |key: Key<'_>| self.holding.get(&key).or_else(|| self.ran_out.get(&key)).copied();
        keys.filter_map(of).map(|waiver| self.told(waiver)).collect()
    }

    fn told(&self, waiver: &RuleWaiver) -> ShownWaiver {
        ShownWaiver {
            waiver: waiver.id.to_string(),
            state: waiver.state(self.at),
            until: waiver.terms.until.date(),
            days_left: waiver.days_left(self.at),
            by: waiver.answer.as_ref().map(|answer| answer.by.clone()).unwrap_or_default(),
            agency: waiver.terms.agency.as_ref().map(|agency| agency.0.clone()),
        }
    }
}
