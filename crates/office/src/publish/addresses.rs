// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Under which name a file lies: one address holds one thing for ever. Several publications of one advisory of the office share its record
//! in OSV, which has one address and is the newest of them; what has another identifier never lies there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use underpin_formats::csaf;
use underpin_model::publications::PublicationKind;

use super::content::{FileForm, PublishedContent, PublishedFile};

/// The name of the list of each folder.
const LIST: &str = "index.json";

/// A publication that everybody may read: what it is, its name, what it says.
pub(super) type Found = (PublicationKind, String, PublishedContent);

/// A file with its address.
pub(super) struct Placed<'f> {
    pub file: &'f PublishedFile,
    /// Its name in the folder of its form.
    pub name: String,
    /// The publication that it is of.
    pub owner: usize,
    /// All publications that it belongs to.
    pub shared_by: Vec<usize>,
}

/// The name of the file of a record. Where letters of its identifier cannot stand in one, or it is the name of the list, a digest of the
/// identifier keeps it apart from others.
pub(super) fn record_file(id: &str) -> String {
    let usual = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    let plain: String = id.chars().map(usual).collect::<String>().trim_start_matches('.').to_owned();
    let name = format!("{plain}.json");
    if plain == id && !is_list(&name) { name } else { marked(&name, id) }
}

/// The name of the file of a document in a folder that has a list.
pub(super) fn document_file(id: &str) -> String {
    let name = csaf::file_name(id);
    if is_list(&name) { marked(&name, id) } else { name }
}

/// A file under the name that it had in the version before.
pub(super) fn kept_name(mut file: PublishedFile, before: Option<&PublishedContent>) -> PublishedFile {
    let former = before.and_then(|before| before.content.file(file.form));
    let is_it = |former: &&PublishedFile| file.form != FileForm::Osv || record_id(former) == record_id(&file);
    if let Some(former) = former.filter(is_it).filter(|former| !is_list(&former.name)) {
        file.name.clone_from(&former.name);
    }
    file
}

/// Where all files but the CSAF documents lie. What was there first keeps its name.
pub(super) fn placed(found: &[Found]) -> Vec<Placed<'_>> {
    let mut things: BTreeMap<(FileForm, String), Vec<(usize, &PublishedFile)>> = BTreeMap::new();
    for (number, (kind, name, one)) in found.iter().enumerate() {
        for file in one.content.files.iter().filter(|file| file.form != FileForm::Csaf) {
            let own = || format!("{} {name}", kind.as_str());
            let identity = if file.form == FileForm::Osv { record_id(file).unwrap_or_else(own) } else { own() };
            things.entry((file.form, identity)).or_default().push((number, file));
        }
    }
    let since = |files: &[(usize, &PublishedFile)]| files.iter().map(|(number, _)| found[*number].2.first).min();
    let mut things: Vec<_> = things.into_iter().collect();
    things.sort_by_key(|(_, files)| since(files));
    let mut taken: BTreeSet<(FileForm, String)> = BTreeSet::new();
    let mut all = Vec::new();
    for ((form, identity), files) in things {
        let first = files.iter().min_by_key(|(number, _)| found[*number].2.first);
        let counts = |number: usize| (!found[number].2.content.withdraws, found[number].2.released);
        let newest = files.iter().max_by_key(|(number, _)| counts(*number));
        let (Some((_, first)), Some((owner, file))) = (first, newest) else { continue };
        let mut name = first.name.clone();
        if is_list(&name) || taken.contains(&(form, name.clone())) {
            name = marked(&name, &identity);
        }
        taken.insert((form, name.clone()));
        let shared_by = files.iter().map(|(number, _)| *number).collect();
        all.push(Placed { file, name, owner: *owner, shared_by });
    }
    all
}

fn is_list(name: &str) -> bool {
    name.eq_ignore_ascii_case(LIST)
}

/// The identifier that a record gives itself.
fn record_id(file: &PublishedFile) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(&file.text).ok()?;
    value["id"].as_str().map(str::to_owned)
}

fn marked(name: &str, identity: &str) -> String {
    let digest = Sha256::digest(identity.as_bytes()).iter().take(4).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let (stem, ending) = name.split_once('.').unwrap_or((name, "json"));
    match name.strip_suffix(".json") {
        Some(stem) => format!("{stem}-{digest}.json"),
        None => format!("{stem}-{digest}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;

    use super::super::content::Content;
    use super::*;

    fn osv(id: &str, name: &str) -> PublishedFile {
        let text = serde_json::json!({ "id": id }).to_string();
        PublishedFile { form: FileForm::Osv, name: name.to_owned(), text, signature: String::new() }
    }

    fn publication(name: &str, file: PublishedFile, (first, released): (i64, i64), withdraws: bool) -> Found {
        let content = Content { withdraws, files: vec![file], ..Content::default() };
        let content = PublishedContent {
            content,
            first: Timestamp(first),
            released: Timestamp(released),
            ..PublishedContent::default()
        };
        (PublicationKind::Csaf, name.to_owned(), content)
    }

    fn names(found: &[Found]) -> Vec<(String, String, usize)> {
        let told = |one: &Placed<'_>| (one.name.clone(), found[one.owner].1.clone(), one.shared_by.len());
        placed(found).iter().map(told).collect()
    }

    fn told(all: &[(&str, &str, usize)]) -> Vec<(String, String, usize)> {
        all.iter().map(|(name, owner, shared)| ((*name).to_owned(), (*owner).to_owned(), *shared)).collect()
    }

    #[test]
    fn names_of_records_are_apart_from_each_other_and_from_the_list() {
        assert_eq!(record_file("NCA-2026-1"), "NCA-2026-1.json");
        let odd = ["A/1", "A 1", "index", "INDEX", ".A_1"].map(record_file);
        let all: BTreeSet<&String> = odd.iter().collect();
        assert_eq!(all.len(), odd.len(), "{odd:?}");
        assert!(!odd.iter().any(|name| is_list(name) || name == "A_1.json"), "{odd:?}");
        assert_ne!(document_file("Index"), LIST);
        assert_eq!(document_file("NCA-VEX-1"), "nca-vex-1.json");
    }

    #[test]
    fn a_record_has_one_address_and_is_the_newest_that_counts() {
        let of = |name: &str, times, withdraws| publication(name, osv("NCA-1", "NCA-1.json"), times, withdraws);
        let one = vec![of("NCA-1", (10, 10), false)];
        assert_eq!(names(&one), told(&[("NCA-1.json", "NCA-1", 1)]));
        let two = vec![of("NCA-1", (10, 10), false), of("NCA-1-DE", (20, 20), false)];
        assert_eq!(names(&two), told(&[("NCA-1.json", "NCA-1-DE", 2)]));
        // One of two is taken back: the record counts still.
        let one_taken = vec![of("NCA-1", (10, 10), false), of("NCA-1-DE", (20, 30), true)];
        assert_eq!(names(&one_taken), told(&[("NCA-1.json", "NCA-1", 2)]));
        let both_taken = vec![of("NCA-1", (10, 40), true), of("NCA-1-DE", (20, 30), true)];
        assert_eq!(names(&both_taken), told(&[("NCA-1.json", "NCA-1", 2)]));
    }

    #[test]
    fn what_was_published_under_a_name_keeps_it_from_others_that_were_kept_under_the_same() {
        // As they were named once: two identifiers, one file.
        let old = vec![
            publication("B", osv("A/1", "A_1.json"), (10, 90), false),
            publication("C", osv("A_1", "A_1.json"), (20, 20), false),
            publication("D", osv("index", "index.json"), (30, 30), false),
        ];
        let all = names(&old);
        assert_eq!(all[0], ("A_1.json".to_owned(), "B".to_owned(), 1));
        assert!(all[1].0.starts_with("A_1-") && all[2].0.starts_with("index-"), "{all:?}");
    }

    #[test]
    fn the_next_version_lies_where_the_last_one_did() {
        let (_, _, before) = publication("B", osv("A/1", "A_1.json"), (10, 10), false);
        let name = |file| kept_name(file, Some(&before)).name;
        assert_eq!(name(osv("A/1", "A_1-0.json")), "A_1.json");
        assert_eq!(name(osv("A_1", "other.json")), "other.json", "another record");
        assert_eq!(kept_name(osv("A/1", "x.json"), None).name, "x.json");
    }
}
