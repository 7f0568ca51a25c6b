// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents a CSAF provider has taken away: records that are here and in none of its lists any more.
//!
//! Lists name files, not identifiers. The standard says what the file of a document is called (CSAF 2.0, 5.1), so a record is looked for
//! by that name; for documents that are called otherwise the name is kept with what is asked the next time. Only a whole list
//! counts, and where a document that cannot be read might be any record, nothing is taken away.

use std::collections::{BTreeMap, BTreeSet};

use underpin_formats::csaf::file_name;

/// What a run has seen of a provider.
pub(crate) struct Seen<'s> {
    /// Names of the files in its lists.
    pub listed: BTreeSet<&'s str>,
    /// Whether the lists are all there is.
    pub is_whole: bool,
    /// Files by record, of what came this time.
    pub came: BTreeMap<String, String>,
    /// Names of files that were refused.
    pub refused: BTreeSet<&'s str>,
}

/// The records that are gone, sorted, and the files of those that remain and are not called as the standard says. `names` are those of
/// the last time; without them, and without a full reading now, nobody knows what files the records lie in.
pub(crate) fn gone(
    seen: &Seen<'_>,
    known: &BTreeSet<String>,
    names: Option<&BTreeMap<String, String>>,
    is_full: bool,
) -> (Vec<String>, Option<BTreeMap<String, String>>) {
    if names.is_none() && !is_full {
        return (Vec::new(), None);
    }
    let mut others = names.cloned().unwrap_or_default();
    for (record, file) in &seen.came {
        if *file == file_name(record) {
            others.remove(record);
        } else {
            others.insert(record.clone(), file.clone());
        }
    }
    let file_of = |record: &str| others.get(record).cloned().unwrap_or_else(|| file_name(record));
    // Where names fit throughout, one that is not known is of a new record.
    let follows_rule = others.is_empty() && (names.is_some() || !seen.came.is_empty());
    let files: BTreeSet<String> = known.iter().map(|record| file_of(record)).collect();
    let is_told = follows_rule || seen.refused.iter().all(|file| files.contains(*file));
    if !seen.is_whole || !is_told {
        return (Vec::new(), Some(others));
    }
    let is_gone = |record: &&String| {
        !seen.came.contains_key(*record) && !seen.listed.contains(file_of(first_of(record, known)).as_str())
    };
    let gone: Vec<String> = known.iter().filter(is_gone).cloned().collect();
    others.retain(|record, _| !gone.contains(record));
    (gone, Some(others))
}

/// The record whose file a further one of the same identifier lies in (`X` of `X#2`).
fn first_of<'r>(record: &'r str, known: &BTreeSet<String>) -> &'r str {
    match record.rsplit_once('#') {
        Some((first, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) && known.contains(first) => first,
        _ => record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(record, file)| ((*record).to_owned(), (*file).to_owned())).collect()
    }

    #[test]
    fn files_are_called_by_the_standard() {
        for (record, expected) in [
            ("RHSA-2026:0001", "rhsa-2026_0001.json"),
            ("Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"),
            ("2022_#01-A", "2022_01-a.json"),
            ("a+b", "a+b.json"),
            ("Ä", "_.json"),
        ] {
            assert_eq!(file_name(record), expected, "{record}");
        }
    }

    /// Listed, whole, came, refused; known, names of the last time, full reading; gone and names.
    #[test]
    fn what_no_list_names_is_gone_only_when_all_is_told() {
        type Files<'f> = &'f [(&'f str, &'f str)];
        type Case<'f> =
            (&'f str, (&'f [&'f str], bool, Files<'f>, &'f [&'f str]), Option<Files<'f>>, bool, &'f [&'f str]);
        let known = set(&["A:1", "B:1", "B:1#2", "ODD"]);
        let odd: Option<Files<'_>> = Some(&[("ODD", "x.json")]);
        let all = ["a_1.json", "b_1.json", "x.json"];
        let cases: &[Case<'_>] = &[
            ("nothing gone", (&all, true, &[], &[]), odd, false, &[]),
            ("one gone", (&["b_1.json", "x.json"], true, &[], &[]), odd, false, &["A:1"]),
            ("with its further one", (&["a_1.json", "x.json"], true, &[], &[]), odd, false, &["B:1", "B:1#2"]),
            ("the odd one", (&["a_1.json", "b_1.json"], true, &[], &[]), odd, false, &["ODD"]),
            ("no whole list", (&["b_1.json"], false, &[], &[]), odd, false, &[]),
            ("no names known", (&["b_1.json"], true, &[], &[]), None, false, &[]),
            (
                "a full reading",
                (&all[..2], true, &[("A:1", "a_1.json"), ("B:1", "b_1.json")], &[]),
                None,
                true,
                &["ODD"],
            ),
            (
                "a refused one that is known",
                (&["a_1.json", "b_1.json"], true, &[], &["a_1.json"]),
                odd,
                false,
                &["ODD"],
            ),
            ("a refused one that may be any", (&["b_1.json", "y.json"], true, &[], &["y.json"]), odd, false, &[]),
            (
                "a refused one where names fit",
                (&["b_1.json", "y.json"], true, &[], &["y.json"]),
                Some(&[]),
                false,
                &["A:1", "ODD"],
            ),
        ];
        for (name, (listed, is_whole, came, refused), names, is_full, expected) in cases {
            let seen = Seen {
                listed: listed.iter().copied().collect(),
                is_whole: *is_whole,
                came: map(came),
                refused: refused.iter().copied().collect(),
            };
            let names = names.map(map);
            let (found, after) = gone(&seen, &known, names.as_ref(), *is_full);
            assert_eq!(found, *expected, "{name}");
            assert_eq!(after.is_some(), names.is_some() || *is_full, "{name}");
            assert!(after.unwrap_or_default().keys().all(|record| !found.contains(record)), "{name}");
        }
    }
}
