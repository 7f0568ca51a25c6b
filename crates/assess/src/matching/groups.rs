// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Records that speak of one vulnerability, joined by their aliases and by nothing else: not by `related`, not by `upstream`.
//!
//! A vulnerability has at most one CVE. Two records that name different CVEs are never joined, not even through a third
//! record that names both: such a record stands by itself, under its own name, and shows all of its names. A record without a CVE that
//! would join two vulnerabilities with different CVEs joins neither. A record that was taken back joins nobody
//! else; it is shown with the one vulnerability it names. The outcome does not depend on the order of records.

use std::collections::HashMap;

/// A record, as far as joining needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) id: &'a str,
    pub(super) aliases: Vec<&'a str>,
    pub(super) is_withdrawn: bool,
}

/// Which record belongs to which vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grouping<'a> {
    /// Vulnerability of each record.
    pub(super) group: Vec<u32>,
    /// Name of each vulnerability.
    pub(super) names: Vec<&'a str>,
}

/// Whether a name is a CVE number.
pub fn is_cve(name: &str) -> bool {
    name.strip_prefix("CVE-").is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// The better of two names: CVE, then GHSA, then anything; the smaller of two of a kind.
fn better<'a>(a: &'a str, b: &'a str) -> &'a str {
    let rank = |name: &str| if is_cve(name) { 0 } else { 2 - u8::from(name.starts_with("GHSA-")) };
    if (rank(a), a) <= (rank(b), b) { a } else { b }
}

/// Names and which of them mean the same.
#[derive(Default)]
struct Names<'a> {
    numbers: HashMap<&'a str, usize>,
    parent: Vec<usize>,
    /// The CVE of a set, at its root.
    cve: Vec<Option<usize>>,
    /// Whether a record that counts has a name of the set, at its root.
    is_live: Vec<bool>,
    best: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        let next = self.parent.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.parent.push(next);
            self.cve.push(is_cve(name).then_some(next));
            self.is_live.push(false);
            self.best.push(name);
        }
        number
    }

    fn root(&mut self, mut number: usize) -> usize {
        while self.parent[number] != number {
            self.parent[number] = self.parent[self.parent[number]];
            number = self.parent[number];
        }
        number
    }

    /// Joins two sets, unless they have different CVEs.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let differ = matches!((self.cve[a], self.cve[b]), (Some(a), Some(b)) if a != b);
        if a == b || differ {
            return;
        }
        let (root, leaf) = (a.min(b), a.max(b));
        self.parent[leaf] = root;
        self.cve[root] = self.cve[root].or(self.cve[leaf]);
        self.is_live[root] |= self.is_live[leaf];
        self.best[root] = better(self.best[root], self.best[leaf]);
    }

    /// The different CVEs of the sets of some names.
    fn cves(&mut self, names: &[usize]) -> Vec<usize> {
        let mut found = Vec::new();
        for name in names {
            let root = self.root(*name);
            found.extend(self.cve[root]);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Joins records to vulnerabilities.
pub(super) fn join<'a>(records: &[Named<'a>]) -> Grouping<'a> {
    let mut names = Names::default();
    let mut sorted: Vec<(&Named<'a>, Vec<usize>)> = Vec::with_capacity(records.len());
    for record in records {
        let all = std::iter::once(record.id).chain(record.aliases.iter().copied());
        sorted.push((record, all.map(|name| names.number(name)).collect()));
    }
    for (record, numbers) in &sorted {
        names.is_live[numbers[0]] |= !record.is_withdrawn;
    }
    sorted.sort_by(|(a, _), (b, _)| (a.id, &a.aliases, a.is_withdrawn).cmp(&(b.id, &b.aliases, b.is_withdrawn)));
    let own_cves = |(record, _): &&(&Named<'a>, Vec<usize>)| {
        let mut cves: Vec<&str> =
            record.aliases.iter().copied().chain([record.id]).filter(|name| is_cve(name)).collect();
        cves.sort_unstable();
        cves.dedup();
        cves.len()
    };
    let (live, withdrawn): (Vec<_>, Vec<_>) = sorted.iter().partition(|(record, _)| !record.is_withdrawn);
    // First each record with its own CVE, then its further names: what a record says of itself counts before hearsay.
    for (record, numbers) in live.iter().copied().filter(|record| own_cves(record) == 1) {
        for (name, number) in record.aliases.iter().zip(&numbers[1..]).filter(|(name, _)| is_cve(name)) {
            debug_assert!(is_cve(name));
            names.join(numbers[0], *number);
        }
    }
    for (_, numbers) in live.iter().copied().filter(|record| own_cves(record) == 1) {
        numbers[1..].iter().for_each(|alias| names.join(numbers[0], *alias));
    }
    for (_, numbers) in live.iter().copied().filter(|record| own_cves(record) == 0) {
        join_if_one(&mut names, numbers);
    }
    for (record, numbers) in live.iter().copied().filter(|record| own_cves(record) > 1 && !is_cve(record.0.id)) {
        for (_, alias) in record.aliases.iter().zip(&numbers[1..]).filter(|(name, _)| !is_cve(name)) {
            let both = [numbers[0], *alias];
            if names.cves(&both).is_empty() {
                names.join(both[0], both[1]);
            }
        }
    }
    for (_, numbers) in withdrawn {
        attach(&mut names, numbers);
    }
    numbered(&mut names, records)
}

/// Joins all names of a record without a CVE, if that joins no different CVEs; else only those without one.
fn join_if_one(names: &mut Names<'_>, numbers: &[usize]) {
    let is_one = names.cves(numbers).len() <= 1;
    for alias in &numbers[1..] {
        if is_one || names.cves(&[*alias]).is_empty() {
            names.join(numbers[0], *alias);
        }
    }
}

/// Shows a record that was taken back with the one vulnerability it names; where there are several, by itself.
fn attach(names: &mut Names<'_>, numbers: &[usize]) {
    let mut live = Vec::new();
    for number in numbers {
        let root = names.root(*number);
        if names.is_live[root] {
            live.push(root);
        }
    }
    live.sort_unstable();
    live.dedup();
    match live.as_slice() {
        [] => join_if_one(names, numbers),
        [one] => names.join(numbers[0], *one),
        _ => {}
    }
}

fn numbered<'a>(names: &mut Names<'a>, records: &[Named<'a>]) -> Grouping<'a> {
    let mut found = Grouping::default();
    let mut numbers: HashMap<usize, u32> = HashMap::new();
    for record in records {
        let number = names.number(record.id);
        let root = names.root(number);
        let next = super::columns::narrow(found.names.len());
        let group = *numbers.entry(root).or_insert(next);
        if group == next {
            found.names.push(names.best[root]);
        }
        found.group.push(group);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named<'a>(id: &'a str, aliases: &[&'a str]) -> Named<'a> {
        Named { id, aliases: aliases.to_vec(), is_withdrawn: false }
    }

    /// Each vulnerability as its name and the records in it, sorted.
    fn groups<'a>(records: &[Named<'a>]) -> Vec<(&'a str, Vec<&'a str>)> {
        let joined = join(records);
        let mut found: Vec<(&str, Vec<&str>)> = joined.names.iter().map(|name| (*name, Vec::new())).collect();
        for (record, group) in records.iter().zip(&joined.group) {
            found[*group as usize].1.push(record.id);
        }
        found.iter_mut().for_each(|(_, ids)| ids.sort_unstable());
        found.sort_unstable();
        found
    }

    #[test]
    fn aliases_join_and_nothing_else() {
        let records = [
            named("GHSA-a", &["CVE-1"]),
            named("PYSEC-1", &["CVE-1"]),
            named("PYSEC-2", &["GHSA-b"]),
            named("GO-1", &[]),
        ];
        assert_eq!(
            groups(&records),
            [("CVE-1", vec!["GHSA-a", "PYSEC-1"]), ("GHSA-b", vec!["PYSEC-2"]), ("GO-1", vec!["GO-1"])]
        );
    }

    #[test]
    fn different_cves_are_not_joined_through_a_third_record() {
        let records =
            [named("GHSA-a", &["CVE-1"]), named("GHSA-b", &["CVE-2"]), named("RUSTSEC-1", &["CVE-1", "CVE-2"])];
        assert_eq!(
            groups(&records),
            [("CVE-1", vec!["GHSA-a"]), ("CVE-2", vec!["GHSA-b"]), ("RUSTSEC-1", vec!["RUSTSEC-1"])]
        );
        // The same without naming a CVE itself.
        let records = [named("GHSA-a", &["CVE-1"]), named("GHSA-b", &["CVE-2"]), named("X-1", &["GHSA-a", "GHSA-b"])];
        assert_eq!(groups(&records), [("CVE-1", vec!["GHSA-a"]), ("CVE-2", vec!["GHSA-b"]), ("X-1", vec!["X-1"])]);
    }

    #[test]
    fn what_was_taken_back_joins_nobody() {
        let mut records = [named("GHSA-a", &[]), named("GHSA-b", &[]), named("X-1", &["GHSA-a", "GHSA-b"])];
        assert_eq!(groups(&records), [("GHSA-a", vec!["GHSA-a", "GHSA-b", "X-1"])]);
        records[2].is_withdrawn = true;
        assert_eq!(groups(&records), [("GHSA-a", vec!["GHSA-a"]), ("GHSA-b", vec!["GHSA-b"]), ("X-1", vec!["X-1"])]);
        records[2].aliases.pop();
        assert_eq!(groups(&records), [("GHSA-a", vec!["GHSA-a", "X-1"]), ("GHSA-b", vec!["GHSA-b"])]);
    }

    #[test]
    fn many_aliases_and_circles_are_no_trouble() {
        let many: Vec<String> = (0..10_000).map(|number| format!("X-{number}")).collect();
        let aliases: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut records = vec![named("GHSA-a", &aliases)];
        records
            .extend(aliases.iter().enumerate().map(|(index, id)| named(id, &[aliases[(index + 1) % aliases.len()]])));
        let joined = join(&records);
        assert_eq!((joined.names, joined.group.len()), (vec!["GHSA-a"], 10_001));
    }

    proptest! {
        #[test]
        fn no_order_of_records_matters_and_no_vulnerability_has_two_cves(
            parts in prop::collection::vec((0..9usize, prop::collection::vec(0..12usize, 0..4), any::<bool>()), 0..9),
            turn in 0..9usize,
        ) {
            let pool = ["CVE-1", "GHSA-a", "GHSA-b", "X-1", "X-2", "X-3", "CVE-2", "Y-1", "Y-2", "Y-3", "CVE-3", "Y-4"];
            let mut records: Vec<Named<'_>> = parts.iter().map(|(id, aliases, is_withdrawn)| Named {
                id: pool[*id], aliases: aliases.iter().map(|alias| pool[*alias]).collect(), is_withdrawn: *is_withdrawn && *id > 4,
            }).collect();
            let before = groups(&records);
            if !records.is_empty() {
                let turn = turn % records.len();
                records.rotate_left(turn);
            }
            prop_assert_eq!(&groups(&records), &before);
            for (name, ids) in before {
                let ids: std::collections::BTreeSet<&str> = ids.into_iter().filter(|id| is_cve(id)).collect();
                prop_assert!(ids.len() <= 1, "{}: {:?}", name, ids);
            }
        }
    }
}
