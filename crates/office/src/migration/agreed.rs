// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What all versions in use say together. A decision holds for the whole system, so no version closes what another one leaves open.

use std::collections::{BTreeSet, HashMap};

use underpin_ledger::NewDecision;
use underpin_model::watch::{Decision, Status};

/// Something else is said by the same version.
const CHANGED: &str = "something else is said in Dependency-Track now";
/// The same version says nothing.
const SILENT: &str = "nothing is said about it in Dependency-Track any more";
/// Another version does not say so.
const OTHERS: &str = "what is in use in Dependency-Track does not all say so";

/// Vulnerability and package, as they are compared: qualifiers of a purl tell no finding from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pair(String, String);

impl Pair {
    pub(super) fn of(vulnerability: &str, package: &str) -> Self {
        let package = package.split(['?', '#']).next().unwrap_or_default();
        Self(vulnerability.trim().to_ascii_uppercase(), package.to_owned())
    }
}

/// What is said about a finding.
pub(super) enum Saying {
    Nothing,
    /// Something that could not be read or taken.
    Unclear,
    This(Box<NewDecision>),
}

/// What a version says.
pub(super) struct Heard {
    pub origin: String,
    pub version: String,
    /// Whether all its findings could be read.
    pub is_whole: bool,
    pub said: Vec<(Pair, Saying)>,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Decisions with this status hold.
    Holds(Status),
    /// Nothing holds: not all close it, or not in the same way.
    Open,
    /// All that could be read close it, and not all could be read.
    Unsure,
}

impl Verdict {
    fn of(sayings: &[&Saying], is_partial: bool) -> Self {
        let (mut statuses, mut is_silent, mut is_unsure) = (BTreeSet::new(), false, is_partial);
        for saying in sayings {
            match saying {
                Saying::Nothing => is_silent = true,
                Saying::Unclear => is_unsure = true,
                Saying::This(decision) => {
                    statuses.insert(decision.status);
                }
            }
        }
        let strictest = [Status::Affected, Status::UnderInvestigation].into_iter().find(|one| statuses.contains(one));
        match (strictest, statuses.first()) {
            (Some(status), _) => Self::Holds(status),
            _ if is_silent || statuses.len() > 1 => Self::Open,
            _ if is_unsure => Self::Unsure,
            (None, Some(status)) => Self::Holds(*status),
            (None, None) => Self::Open,
        }
    }
}

/// What versions of one system come to, for all that any of them has.
pub(super) fn verdicts(heard: &[Heard]) -> HashMap<&Pair, Verdict> {
    // What could not be read of one version may be about anything that another has.
    let is_partial = heard.len() > 1 && heard.iter().any(|one| !one.is_whole);
    let mut sayings: HashMap<&Pair, Vec<&Saying>> = HashMap::new();
    for (pair, saying) in heard.iter().flat_map(|one| &one.said) {
        sayings.entry(pair).or_default().push(saying);
    }
    sayings.into_iter().map(|(pair, sayings)| (pair, Verdict::of(&sayings, is_partial))).collect()
}

/// Decisions that were taken over before and are not what is said there now, each with the reason to withdraw it.
pub(super) fn stale<'d>(
    heard: &[Heard],
    verdicts: &HashMap<&Pair, Verdict>,
    wanted: &[(usize, &NewDecision)],
    before: &[&'d Decision],
) -> Vec<(&'d Decision, &'static str)> {
    let mut sayings: HashMap<(&str, &Pair), Vec<&Saying>> = HashMap::new();
    for one in heard {
        for (pair, saying) in &one.said {
            sayings.entry((one.origin.as_str(), pair)).or_default().push(saying);
        }
    }
    let mut stale = Vec::new();
    for old in before.iter().copied().filter(|old| old.withdrawn.is_none()) {
        let pair = Pair::of(&old.vulnerability, &old.package);
        let Some(verdict) = verdicts.get(&pair).copied().filter(|verdict| *verdict != Verdict::Unsure) else {
            continue;
        };
        if wanted.iter().any(|(_, new)| same_words(old, new)) {
            continue;
        }
        let own = sayings.get(&(old.origin.as_str(), &pair)).map(Vec::as_slice).unwrap_or_default();
        let is_clear = !own.is_empty() && !own.iter().any(|saying| matches!(saying, Saying::Unclear));
        let is_closing = matches!(old.status, Status::NotAffected | Status::Fixed);
        if is_clear && own.iter().all(|saying| matches!(saying, Saying::Nothing)) {
            stale.push((old, SILENT));
        } else if is_clear && own.iter().any(|saying| is_held(saying, verdict)) {
            stale.push((old, CHANGED));
        } else if is_clear || (is_closing && verdict != Verdict::Holds(old.status)) {
            stale.push((old, OTHERS));
        }
    }
    stale
}

fn is_held(saying: &Saying, verdict: Verdict) -> bool {
    matches!(saying, Saying::This(new) if verdict == Verdict::Holds(new.status))
}

/// Whether a decision is never made again: it holds, or a person withdrew it here. What a run withdrew may come back.
pub(super) fn is_settled(known: &Decision) -> bool {
    known.withdrawn.as_ref().is_none_or(|(_, _, why)| ![CHANGED, SILENT, OTHERS].contains(&why.as_str()))
}

/// Whether a decision was taken over from there about the same, and says the same.
pub(super) fn same_words(known: &Decision, new: &NewDecision) -> bool {
    (&known.vulnerability, &known.package, &known.place, &known.origin)
        == (&new.vulnerability, &new.package, &new.place, &new.origin)
        && (known.status, known.justification, &known.reason, &known.action)
            == (new.status, new.justification, &new.reason, &new.action)
}
