// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Folding: thousands of open findings into the few decisions that settle most of them.
//!
//! A decision is one upgrade of one package at one system, one package version wherever it is used, or one base (the distribution that
//! system packages come from). The one that settles most of what is left comes first; of equal ones the smaller in the order of
//! [`Fold`]. This greedy choice covers at least 1 - 1/e of what the best choice of as many decisions could (Nemhauser, Wolsey and
//! Fisher 1978, "An analysis of approximations for maximizing submodular set functions").

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Open findings of one package version in one system, as numbers that the caller gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenFindings {
    /// The system.
    pub system: u32,
    /// The package, without version.
    pub package: u32,
    /// The package version.
    pub version: u32,
    /// The base that it comes from, where it does.
    pub base: Option<u32>,
    /// Whether a version without the vulnerability is known: else no upgrade of this package helps.
    pub has_fix: bool,
    /// How many.
    pub count: u64,
}

/// A decision that settles findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fold {
    /// A newer base for all systems that use it.
    Base(u32),
    /// One package version, wherever it is used.
    Version(u32),
    /// A newer version of one package at one system.
    Upgrade {
        /// The system.
        system: u32,
        /// The package.
        package: u32,
    },
}

/// A decision of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The decision.
    pub fold: Fold,
    /// Findings that it settles beyond the decisions before it.
    pub settles: u64,
}

/// Decisions in order, and how many findings are left after all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Decisions, the one that settles most first.
    pub decisions: Vec<Line>,
    /// Findings that none of them settles.
    pub left: u64,
}

/// Which decisions would settle findings. A base and a version settle what has a fix only, too: waiting is no decision.
fn settled_by(findings: &OpenFindings) -> impl Iterator<Item = Fold> + use<> {
    let OpenFindings { system, package, version, base, has_fix, .. } = *findings;
    let all = [base.map(Fold::Base), Some(Fold::Version(version)), Some(Fold::Upgrade { system, package })];
    all.into_iter().flatten().filter(move |_| has_fix)
}

/// At most `most` decisions that settle as many findings as possible, chosen greedily.
pub fn fold(findings: &[OpenFindings], most: usize) -> Folded {
    let mut members: BTreeMap<Fold, Vec<usize>> = BTreeMap::new();
    for (number, finding) in findings.iter().enumerate() {
        for by in settled_by(finding) {
            members.entry(by).or_default().push(number);
        }
    }
    // What a decision settles beyond others only gets less: an old number is an upper bound, so few are counted anew.
    let count = |own: &[usize]| own.iter().map(|number| findings[*number].count).sum::<u64>();
    let mut heap: BinaryHeap<(u64, Reverse<Fold>)> =
        members.iter().map(|(by, own)| (count(own), Reverse(*by))).collect();
    let mut is_settled = vec![false; findings.len()];
    let mut folded = Folded::default();
    while folded.decisions.len() < most {
        let Some((bound, Reverse(by))) = heap.pop() else { break };
        let own = members.get(&by).map_or(&[][..], Vec::as_slice);
        let gain = own.iter().filter(|number| !is_settled[**number]).map(|number| findings[*number].count).sum();
        if gain == 0 {
            continue;
        }
        if gain < bound {
            heap.push((gain, Reverse(by)));
            continue;
        }
        own.iter().for_each(|number| is_settled[*number] = true);
        folded.decisions.push(Line { fold: by, settles: gain });
    }
    let left = findings.iter().zip(&is_settled).filter(|(_, is_settled)| !**is_settled);
    folded.left = left.map(|(findings, _)| findings.count).sum();
    folded
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn finding(system: u32, version: u32, base: Option<u32>) -> OpenFindings {
        OpenFindings { system, package: version / 2, version, base, has_fix: true, count: 1 }
    }

    /// The same by counting everything anew for every decision.
    fn naive(findings: &[OpenFindings], most: usize) -> Folded {
        let mut left: Vec<OpenFindings> = findings.to_vec();
        let mut decisions = Vec::new();
        while decisions.len() < most {
            let all: BTreeSet<Fold> = left.iter().flat_map(settled_by).collect();
            let is_by = |one: &OpenFindings, by: &Fold| settled_by(one).any(|own| own == *by);
            let gain = |by: &Fold| left.iter().filter(|one| is_by(one, by)).map(|one| one.count).sum::<u64>();
            // The first of the greatest.
            let Some(best) = all.iter().copied().min_by_key(|by| (Reverse(gain(by)), *by)) else { break };
            decisions.push(Line { fold: best, settles: gain(&best) });
            left.retain(|one| settled_by(one).all(|own| own != best));
        }
        Folded { decisions, left: left.iter().map(|one| one.count).sum() }
    }

    #[test]
    fn the_decision_that_settles_most_comes_first() {
        let findings = [finding(1, 2, None), finding(1, 3, None), finding(2, 2, None), finding(3, 2, None)];
        let folded = fold(&findings, 20);
        let line = |fold, settles| Line { fold, settles };
        assert_eq!(folded.decisions, [line(Fold::Version(2), 3), line(Fold::Version(3), 1)]);
        assert_eq!(folded.left, 0);
        assert_eq!(fold(&findings, 1).left, 1);
        // One upgrade settles two versions of a package at one system.
        let two = fold(&findings[..2], 20).decisions;
        assert_eq!(two, [line(Fold::Upgrade { system: 1, package: 1 }, 2)]);
        // Many findings of one use weigh more than one of each of three.
        let heavy = OpenFindings { count: 9, ..finding(4, 5, None) };
        let [first, ..] = fold(&[&findings[..], &[heavy]].concat(), 20).decisions[..] else { panic!("none") };
        assert_eq!(first, line(Fold::Version(5), 9));
    }

    #[test]
    fn what_has_no_fix_is_left() {
        let open = OpenFindings { has_fix: false, ..finding(1, 2, Some(1)) };
        assert_eq!(fold(&[open], 20), Folded { decisions: vec![], left: 1 });
        assert_eq!(fold(&[], 20), Folded::default());
    }

    proptest! {
        #[test]
        fn the_fast_choice_is_the_naive_one(
            drawn in prop::collection::vec((0_u32..4, 0_u32..6, prop::option::of(0_u32..3), any::<bool>(), 1_u64..4), 0..40),
            most in 0_usize..8,
        ) {
            let findings: Vec<OpenFindings> = drawn
                .into_iter()
                .map(|(system, version, base, has_fix, count)| OpenFindings { has_fix, count, ..finding(system, version, base) })
                .collect();
            prop_assert_eq!(fold(&findings, most), naive(&findings, most));
        }
    }
}
