// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Sets of versions as sorted, disjoint intervals: the one form that all ranges are answered from.

use std::cmp::Ordering;

use crate::version::{Scheme, compare};

use super::{Comparator, Constraint};

/// One end of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The version at the end.
    pub version: String,
    /// Whether that version belongs to the interval.
    pub inclusive: bool,
}

/// Versions between two ends; an end that is missing is open for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where it starts.
    pub lower: Option<Bound>,
    /// Where it ends.
    pub upper: Option<Bound>,
}

impl Interval {
    const ALL: Self = Self { lower: None, upper: None };

    fn point(version: &str) -> Self {
        let bound = Some(Bound { version: version.to_owned(), inclusive: true });
        Self { lower: bound.clone(), upper: bound }
    }

    /// Whether a version lies between the ends.
    pub fn contains(&self, scheme: Scheme, version: &str) -> bool {
        let after_lower = self.lower.as_ref().is_none_or(|bound| match compare(scheme, version, &bound.version) {
            Ordering::Less => false,
            Ordering::Equal => bound.inclusive,
            Ordering::Greater => true,
        });
        after_lower && !self.ends_before(scheme, version)
    }

    fn ends_before(&self, scheme: Scheme, version: &str) -> bool {
        self.upper.as_ref().is_some_and(|bound| match compare(scheme, version, &bound.version) {
            Ordering::Less => false,
            Ordering::Equal => !bound.inclusive,
            Ordering::Greater => true,
        })
    }

    fn is_empty(&self, scheme: Scheme) -> bool {
        let (Some(lower), Some(upper)) = (&self.lower, &self.upper) else { return false };
        match compare(scheme, &lower.version, &upper.version) {
            Ordering::Less => false,
            Ordering::Equal => !(lower.inclusive && upper.inclusive),
            Ordering::Greater => true,
        }
    }
}

/// Where one interval starts against another.
fn compare_lower(scheme: Scheme, a: Option<&Bound>, b: Option<&Bound>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => compare(scheme, &a.version, &b.version).then_with(|| b.inclusive.cmp(&a.inclusive)),
    }
}

/// Where one interval ends against another.
fn compare_upper(scheme: Scheme, a: Option<&Bound>, b: Option<&Bound>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => compare(scheme, &a.version, &b.version).then_with(|| a.inclusive.cmp(&b.inclusive)),
    }
}

/// A set of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intervals(Vec<Interval>);

impl Intervals {
    /// Every version.
    pub fn all() -> Self {
        Self(vec![Interval::ALL])
    }

    /// No version.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// The versions that satisfy one comparison.
    pub fn of(comparator: Comparator, version: &str) -> Self {
        let bound = |inclusive| Some(Bound { version: version.to_owned(), inclusive });
        let below = |inclusive| Interval { lower: None, upper: bound(inclusive) };
        let above = |inclusive| Interval { lower: bound(inclusive), upper: None };
        Self(match comparator {
            Comparator::Equal => vec![Interval::point(version)],
            Comparator::NotEqual => vec![below(false), above(false)],
            Comparator::Less => vec![below(false)],
            Comparator::LessOrEqual => vec![below(true)],
            Comparator::Greater => vec![above(false)],
            Comparator::GreaterOrEqual => vec![above(true)],
        })
    }

    /// From `lower` (with it) up to `upper` (without it).
    pub fn half_open(lower: &str, upper: &str) -> Self {
        let bound = |version: &str, inclusive| Some(Bound { version: version.to_owned(), inclusive });
        Self(vec![Interval { lower: bound(lower, true), upper: bound(upper, false) }])
    }

    /// The versions of VERS constraints sorted by version: a lower bound and the upper bound behind it make an interval;
    /// of several lower bounds in a row the first counts, of several upper bounds the last; `=` adds, `!=` takes out.
    pub(super) fn of_vers(scheme: Scheme, constraints: &[Constraint]) -> Self {
        let mut list = Vec::new();
        let mut open: Option<Option<Bound>> = None;
        let mut closed: Option<Bound> = None;
        for constraint in constraints {
            let bound = |inclusive| Bound { version: constraint.version.clone(), inclusive };
            match constraint.comparator {
                Comparator::Equal | Comparator::NotEqual => continue,
                Comparator::Less | Comparator::LessOrEqual => {
                    let upper = bound(constraint.comparator == Comparator::LessOrEqual);
                    // Before the first bound everything is open.
                    open = open.or(Some(None));
                    closed = Some(upper);
                }
                Comparator::Greater | Comparator::GreaterOrEqual => {
                    let lower = bound(constraint.comparator == Comparator::GreaterOrEqual);
                    if closed.is_some() {
                        list.push(Interval { lower: open.take().flatten(), upper: closed.take() });
                    }
                    open = open.or(Some(Some(lower)));
                }
            }
        }
        if let Some(lower) = open {
            list.push(Interval { lower, upper: closed });
        }
        let only_excluded = constraints.iter().all(|constraint| constraint.comparator == Comparator::NotEqual);
        if only_excluded {
            list.push(Interval::ALL);
        }
        let with = |wanted: Comparator| constraints.iter().filter(move |constraint| constraint.comparator == wanted);
        list.extend(with(Comparator::Equal).map(|constraint| Interval::point(&constraint.version)));
        let mut set = Self::united(scheme, list);
        for excluded in with(Comparator::NotEqual) {
            set = set.without(scheme, &excluded.version);
        }
        set
    }

    /// The union of any intervals.
    fn united(scheme: Scheme, mut list: Vec<Interval>) -> Self {
        list.retain(|interval| !interval.is_empty(scheme));
        list.sort_by(|a, b| compare_lower(scheme, a.lower.as_ref(), b.lower.as_ref()));
        let mut united: Vec<Interval> = Vec::with_capacity(list.len());
        for interval in list {
            match united.last_mut() {
                Some(last) if touches(scheme, last, &interval) => {
                    if compare_upper(scheme, interval.upper.as_ref(), last.upper.as_ref()) == Ordering::Greater {
                        last.upper = interval.upper;
                    }
                }
                _ => united.push(interval),
            }
        }
        Self(united)
    }

    /// Versions in one of the sets.
    pub fn union(self, scheme: Scheme, other: Self) -> Self {
        Self::united(scheme, self.0.into_iter().chain(other.0).collect())
    }

    /// Versions in both sets.
    pub fn intersection(&self, scheme: Scheme, other: &Self) -> Self {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut list = Vec::new();
        while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
            let later = |a: &Option<Bound>, b: &Option<Bound>| {
                if compare_lower(scheme, a.as_ref(), b.as_ref()) == Ordering::Less { b.clone() } else { a.clone() }
            };
            let ends = compare_upper(scheme, first.upper.as_ref(), second.upper.as_ref());
            let upper = if ends == Ordering::Greater { second.upper.clone() } else { first.upper.clone() };
            let both = Interval { lower: later(&first.lower, &second.lower), upper };
            if !both.is_empty(scheme) {
                list.push(both);
            }
            if ends == Ordering::Greater {
                b.next();
            } else {
                a.next();
            }
        }
        Self(list)
    }

    fn without(self, scheme: Scheme, version: &str) -> Self {
        // Only the one interval that holds it changes; the rest of a long list is not rebuilt.
        let Some(index) = self.0.iter().position(|interval| interval.contains(scheme, version)) else { return self };
        let mut list = self.0;
        let hole = Self(vec![list.remove(index)]).intersection(scheme, &Self::of(Comparator::NotEqual, version));
        list.splice(index..index, hole.0);
        Self(list)
    }

    /// The intervals, sorted and disjoint.
    pub fn list(&self) -> &[Interval] {
        &self.0
    }

    /// Whether every version belongs to the set.
    pub fn is_all(&self) -> bool {
        self.0 == [Interval::ALL]
    }

    /// Whether a version belongs to the set.
    pub fn contains(&self, scheme: Scheme, version: &str) -> bool {
        let index = self.0.partition_point(|interval| interval.ends_before(scheme, version));
        self.0.get(index).is_some_and(|interval| interval.contains(scheme, version))
    }

    /// The set as VERS constraints: bounds, single versions, and `!=` where only one version is left out.
    pub(super) fn constraints(&self) -> Vec<Constraint> {
        let mut constraints: Vec<Constraint> = Vec::new();
        for Interval { lower, upper } in &self.0 {
            if lower == upper {
                if let Some(bound) = lower {
                    constraints.push(Constraint { comparator: Comparator::Equal, version: bound.version.clone() });
                }
                continue;
            }
            if let Some(lower) = lower {
                match constraints.last_mut() {
                    Some(last) if last.version == lower.version => last.comparator = Comparator::NotEqual,
                    _ => {
                        let comparator = if lower.inclusive { Comparator::GreaterOrEqual } else { Comparator::Greater };
                        constraints.push(Constraint { comparator, version: lower.version.clone() });
                    }
                }
            }
            if let Some(upper) = upper {
                let comparator = if upper.inclusive { Comparator::LessOrEqual } else { Comparator::Less };
                constraints.push(Constraint { comparator, version: upper.version.clone() });
            }
        }
        constraints
    }
}

/// Whether the second interval, which starts no earlier, starts inside the first or directly behind it.
fn touches(scheme: Scheme, first: &Interval, second: &Interval) -> bool {
    let (Some(end), Some(start)) = (&first.upper, &second.lower) else { return true };
    match compare(scheme, &start.version, &end.version) {
        Ordering::Less => true,
        Ordering::Equal => start.inclusive || end.inclusive,
        Ordering::Greater => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Intervals {
        let (comparator, version) = Comparator::split(text);
        Intervals::of(comparator, version)
    }

    #[test]
    fn union_and_intersection() {
        let scheme = Scheme::SemVer;
        let both = range(">=1").intersection(scheme, &range("<2"));
        assert_eq!(both, Intervals::half_open("1", "2"));
        assert_eq!(both.clone().union(scheme, range(">=2")), range(">=1"));
        assert_eq!(range("<1").union(scheme, range(">1")), range("!=1"));
        assert_eq!(range("<1").union(scheme, range(">=1")), Intervals::all());
        assert_eq!(range("<=1").intersection(scheme, &range(">=1")), range("1"));
        assert_eq!(range("<1").intersection(scheme, &range(">=1")), Intervals::none());
        assert_eq!(both.without(scheme, "1"), range(">1").intersection(scheme, &range("<2")));
    }
}
