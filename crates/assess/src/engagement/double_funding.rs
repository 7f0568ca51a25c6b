// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Double funding: money of two sources for the same activity of the same project at the same time.
//!
//! Own records have an activity and a period. What others publish often has neither: `funding.json` (FLOSS/fund, version 1) gives income
//! by year in its history, without an activity; its plans, and GitHub's `FUNDING.yml`, only say where money may be sent, which is
//! no funding. So a warning has two strengths: *same* where project, activity and days coincide by the records, *maybe* where nothing
//! that is known speaks against it. A person decides; several funders of one project are welcome, as long as they pay for different things.

use std::collections::BTreeMap;

use underpin_model::Timestamp;

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FundingSource {
    /// Our own register.
    Own,
    /// What another funder or an account of a project says.
    Register,
    /// Income of a year in a project's `funding.json`.
    FundingJsonHistory,
    /// A plan in a project's `funding.json`: a wish.
    FundingJsonPlan,
    /// A project's `FUNDING.yml`: a wish.
    FundingYml,
}

/// Money for a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// Where that is said.
    pub source: FundingSource,
    /// Who pays, where it is said.
    pub funder: Option<String>,
    /// Canonical address of the repository.
    pub project: String,
    /// For what, as a word such as `audit`, where it is said.
    pub activity: Option<String>,
    /// From when, where it is said.
    pub from: Option<Timestamp>,
    /// Until when, where it is said; not that moment itself.
    pub until: Option<Timestamp>,
    /// How much, in cents, where it is said.
    pub amount_cents: Option<i64>,
}

impl Funding {
    /// Whether money flowed or is promised, and not only wished for.
    pub fn is_money(&self) -> bool {
        !matches!(self.source, FundingSource::FundingJsonPlan | FundingSource::FundingYml)
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nothing that is known speaks against it.
    Maybe,
    /// Project, activity and days coincide.
    Same,
}

/// A warning about two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoubleFunding {
    /// Place of an own record.
    pub own: usize,
    /// Place of the other one, in the same list.
    pub other: usize,
    /// How sure it is.
    pub strength: Strength,
    /// Days on which both pay, a begun day counted whole; `None` where an end is unknown.
    pub common_days: Option<i64>,
}

/// All pairs of an own record and another one (own, or of others) that may pay for the same. In the order of their places, each
/// pair once. Records are sorted by project first, so the work is that of the pairs within a project.
pub fn double_funding(records: &[Funding]) -> Vec<DoubleFunding> {
    let mut projects: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, record) in records.iter().enumerate().filter(|(_, record)| record.is_money()) {
        projects.entry(&record.project).or_default().push(place);
    }
    let mut found = Vec::new();
    for places in projects.values() {
        for (at, own) in places.iter().enumerate().filter(|(_, own)| records[**own].source == FundingSource::Own) {
            let others = places.iter().enumerate();
            // Two own records are one pair, not two.
            let others = others.filter(|(place, other)| records[**other].source != FundingSource::Own || *place > at);
            found.extend(others.filter_map(|(_, other)| pair(records, *own, *other)));
        }
    }
    found.sort_unstable();
    found
}

fn pair(records: &[Funding], own: usize, other: usize) -> Option<DoubleFunding> {
    let (one, two) = (&records[own], &records[other]);
    let activities = one.activity.as_ref().zip(two.activity.as_ref());
    let is_same_activity = activities.map(|(one, two)| one.trim().eq_ignore_ascii_case(two.trim()));
    if is_same_activity == Some(false) {
        return None;
    }
    let (one, two) = ((one.from, one.until), (two.from, two.until));
    // An end is known to come before a beginning only where both are known.
    let is_apart = |end: Option<Timestamp>, begin: Option<Timestamp>| matches!((end, begin), (Some(end), Some(begin)) if end <= begin);
    if is_apart(one.1, two.0) || is_apart(two.1, one.0) {
        return None;
    }
    let begin = one.0.zip(two.0).map(|(one, two)| one.max(two));
    let end = one.1.zip(two.1).map(|(one, two)| one.min(two));
    let common_days = begin.zip(end).map(|(begin, end)| {
        let days = end.0.saturating_sub(begin.0);
        days.div_euclid(Timestamp::DAY_US) + i64::from(days.rem_euclid(Timestamp::DAY_US) > 0)
    });
    let is_sure = is_same_activity == Some(true) && common_days.is_some();
    let strength = if is_sure { Strength::Same } else { Strength::Maybe };
    Some(DoubleFunding { own, other, strength, common_days })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(source: FundingSource, activity: Option<&str>, from: Option<i64>, until: Option<i64>) -> Funding {
        let at = |day: i64| Timestamp(day * Timestamp::DAY_US);
        Funding {
            source,
            funder: None,
            project: "github.com/a/b".to_owned(),
            activity: activity.map(str::to_owned),
            from: from.map(at),
            until: until.map(at),
            amount_cents: None,
        }
    }

    #[test]
    fn what_is_paid_twice() {
        use FundingSource as S;
        let own = record(S::Own, Some("audit"), Some(0), Some(100));
        for (other, expected) in [
            (record(S::Register, Some("Audit "), Some(50), Some(150)), Some((Strength::Same, Some(50)))),
            (record(S::Register, Some("audit"), Some(100), Some(150)), None),
            (record(S::Register, Some("fellowship"), Some(50), Some(150)), None),
            (record(S::Register, None, Some(50), Some(150)), Some((Strength::Maybe, Some(50)))),
            (record(S::Register, Some("audit"), None, None), Some((Strength::Maybe, None))),
            (record(S::Register, Some("audit"), None, Some(0)), None),
            (record(S::Register, Some("audit"), Some(100), None), None),
            (record(S::Register, Some("audit"), Some(99), None), Some((Strength::Maybe, None))),
            (record(S::FundingJsonHistory, None, Some(-200), Some(165)), Some((Strength::Maybe, Some(100)))),
            (record(S::FundingJsonPlan, None, None, None), None),
            (record(S::FundingYml, None, None, None), None),
            (Funding { project: "github.com/c/d".to_owned(), ..own.clone() }, None),
            (own.clone(), Some((Strength::Same, Some(100)))),
        ] {
            let found = double_funding(&[other.clone(), own.clone()]);
            let (own_place, other_place) = if other.source == S::Own { (0, 1) } else { (1, 0) };
            let expected: Vec<DoubleFunding> = expected
                .into_iter()
                .map(|(strength, common_days)| DoubleFunding {
                    own: own_place,
                    other: other_place,
                    strength,
                    common_days,
                })
                .collect();
            assert_eq!(found, expected, "{other:?}");
        }
    }

    #[test]
    fn what_others_pay_twice_is_their_matter() {
        let other = record(FundingSource::Register, Some("audit"), Some(0), Some(100));
        assert_eq!(double_funding(&[other.clone(), other]), []);
    }

    fn any_record() -> impl Strategy<Value = Funding> {
        let sources = [FundingSource::Own, FundingSource::Register, FundingSource::FundingYml];
        let day = || proptest::option::of(0_i64..12);
        let parts =
            (proptest::sample::select(sources.to_vec()), proptest::option::of(0..2_usize), day(), day(), 0..2_usize);
        parts.prop_map(|(source, activity, from, until, project)| {
            let (from, until) = match (from, until) {
                (Some(from), Some(until)) => (Some(from.min(until)), Some(from.max(until) + 1)),
                other => other,
            };
            let mut made = record(source, activity.map(|place| ["audit", "fuzzing"][place]), from, until);
            made.project = ["github.com/a/b", "github.com/c/d"][project].to_owned();
            made
        })
    }

    /// Whether both pay on some day, looked at day by day over a time that is longer than all known ends; an unknown end is tried at
    /// every day: there may be one that makes them meet.
    fn may_meet(one: &Funding, two: &Funding) -> bool {
        let day = |at: Timestamp| at.0 / Timestamp::DAY_US;
        let pays = |one: &Funding, on: i64| {
            one.from.is_none_or(|from| day(from) <= on) && one.until.is_none_or(|until| on < day(until))
        };
        (-20..40).any(|on| pays(one, on) && pays(two, on))
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_at_every_day_and_pair_finds(records in proptest::collection::vec(any_record(), 0..12)) {
            let mut expected = Vec::new();
            for (own, one) in records.iter().enumerate() {
                for (other, two) in records.iter().enumerate() {
                    let is_pair = one.source == FundingSource::Own && own != other && (two.source != FundingSource::Own || own < other);
                    let is_money = two.source != FundingSource::FundingYml;
                    let fits = one.activity.is_none() || two.activity.is_none() || one.activity == two.activity;
                    if is_pair && is_money && one.project == two.project && fits && may_meet(one, two) {
                        expected.push((own, other));
                    }
                }
            }
            let found: Vec<(usize, usize)> = double_funding(&records).iter().map(|pair| (pair.own, pair.other)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
