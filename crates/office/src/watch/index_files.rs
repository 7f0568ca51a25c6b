// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files of what is compiled, in the folder `index`. Each is named after the editions it was made from:
//!
//! - `NAME.advisories` is an index of all advisories, and `NAME.editions` lists its editions, so that it can serve as a base;
//! - `NAME.layer` is what lies over a base: the name of the base in the first line, then an index;
//! - `NAME.knowledge` is what is known of vulnerabilities.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use underpin_assess::matching::Index;
use underpin_assess::severity::Knowledge;
use underpin_ledger::Edition;
use underpin_model::limits::bounds;

use crate::error::{OfficeError, Result};

/// Version of what is compiled: another one is another file.
const VERSION: u32 = 3;
/// Bases, and files of knowledge, that are kept: those of today, and some of before.
const KEPT_FILES: usize = 8;
/// Layers that are kept.
const KEPT_LAYERS: usize = 32;

/// The newest edition of each feed: what a compiled file was made from.
pub type Numbers = BTreeMap<String, i64>;

/// The newest edition of each of these feeds.
pub fn numbers_of<'e>(editions: impl IntoIterator<Item = &'e Edition>) -> Numbers {
    editions.into_iter().map(|edition| (edition.feed.clone(), edition.number)).collect()
}

/// A name that tells of what kind something is and which editions it was made from.
pub fn name_of(kind: &str, numbers: &Numbers) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{VERSION} {kind}\n"));
    for (feed, number) in numbers {
        hasher.update(format!("{feed} {number}\n"));
    }
    let digest: [u8; 32] = hasher.finalize().into();
    digest[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a base.
pub fn base_name(numbers: &Numbers) -> String {
    name_of("advisories", numbers)
}

/// How many records differ between a base and these editions, when the base is a state before them and a layer can hold the
/// difference: few records, and few against those of the base, for what a layer touches is joined anew each time.
pub fn distance(base: &Numbers, editions: &[Edition]) -> Option<u64> {
    let asked = numbers_of(editions);
    if !base.iter().all(|(feed, number)| asked.get(feed).is_some_and(|asked| asked >= number)) {
        return None;
    }
    let is_below = |edition: &&Edition| base.get(&edition.feed).is_some_and(|number| edition.number <= *number);
    let (below, later): (Vec<&Edition>, Vec<&Edition>) = editions.iter().partition(is_below);
    let counts = |edition: &&Edition| edition.counts;
    let records: u64 = below.iter().map(counts).map(|counts| counts.added.saturating_sub(counts.removed)).sum();
    let changes: u64 = later.iter().map(counts).map(|counts| counts.added + counts.changed + counts.removed).sum();
    let share = (records / bounds::INDEX_LAYER_SHARE).max(bounds::INDEX_LAYER_FEW_RECORDS);
    (changes <= share.min(bounds::INDEX_LAYER_RECORDS)).then_some(changes)
}

/// The folder.
#[derive(Debug)]
pub struct Files(pub PathBuf);

impl Files {
    fn path(&self, name: &str, extension: &str) -> PathBuf {
        self.0.join(format!("{name}.{extension}"))
    }

    /// A base; nothing when it is missing, damaged or of another version.
    pub fn base(&self, name: &str) -> Option<Index> {
        Index::from_bytes(&std::fs::read(self.path(name, "advisories")).ok()?).ok()
    }

    /// A layer with the name of its base.
    pub fn layer(&self, name: &str) -> Option<(String, Index)> {
        let bytes = std::fs::read(self.path(name, "layer")).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (base, rest) = bytes.split_at_checked(end)?;
        // Behind the end of the line.
        let index = Index::from_bytes(rest.get(1..)?).ok()?;
        Some((std::str::from_utf8(base).ok()?.to_owned(), index))
    }

    /// What is known of vulnerabilities.
    pub fn knowledge(&self, name: &str) -> Option<Knowledge> {
        Knowledge::from_bytes(&std::fs::read(self.path(name, "knowledge")).ok()?).ok()
    }

    /// The editions of every base, by its name. A list that does not fit its name is damaged, and left out.
    pub fn bases(&self) -> Vec<(String, Numbers)> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let paths =
            entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|is| is == "editions"));
        let named = paths.filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), read_numbers(&path)?)));
        named.filter(|(name, numbers)| *name == base_name(numbers)).collect()
    }

    /// Writes a base. One whose records are not called by their identifiers can have no layer over it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save_base(&self, name: &str, index: &Index, numbers: Option<&Numbers>) -> Result<()> {
        underpin_lake::make_folder(&self.0)?;
        write_whole(&self.path(name, "advisories"), &index.to_bytes())?;
        if let Some(numbers) = numbers {
            self.note_use(name, numbers)?;
        }
        forget_oldest(&self.0);
        Ok(())
    }

    /// Writes what lies over a base.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save_layer(&self, name: &str, (base, numbers): (&str, &Numbers), index: &Index) -> Result<()> {
        underpin_lake::make_folder(&self.0)?;
        let mut bytes = format!("{base}\n").into_bytes();
        bytes.extend_from_slice(&index.to_bytes());
        write_whole(&self.path(name, "layer"), &bytes)?;
        self.note_use(base, numbers)?;
        forget_oldest(&self.0);
        Ok(())
    }

    /// Writes what is known of vulnerabilities.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save_knowledge(&self, name: &str, knowledge: &Knowledge) -> Result<()> {
        underpin_lake::make_folder(&self.0)?;
        write_whole(&self.path(name, "knowledge"), &knowledge.to_bytes())?;
        forget_oldest(&self.0);
        Ok(())
    }

    /// Writes the editions of a base, so that its age is that of its last use.
    fn note_use(&self, base: &str, numbers: &Numbers) -> Result<()> {
        let lines: String = numbers.iter().map(|(feed, number)| format!("{number} {feed}\n")).collect();
        write_whole(&self.path(base, "editions"), lines.as_bytes())
    }
}

fn read_numbers(path: &Path) -> Option<Numbers> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = |line: &str| {
        let (number, feed) = line.split_once(' ')?;
        Some((feed.to_owned(), number.parse().ok()?))
    };
    text.lines().map(line).collect()
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
    let written = std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to report.
        let _ = std::fs::remove_file(&temporary);
        OfficeError::file(path, &error)
    })
}

/// Removes the files that were used longest ago. Whoever needs them makes them again.
fn forget_oldest(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut ages: HashMap<(usize, String), SystemTime> = HashMap::new();
    let mut files: Vec<(PathBuf, (usize, String))> = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let (Some(stem), Ok(changed)) = (part(path.file_stem()), entry.metadata().and_then(|data| data.modified()))
        else {
            continue;
        };
        let kept = match part(path.extension()).as_deref() {
            Some("layer") => KEPT_LAYERS,
            _ => KEPT_FILES,
        };
        // Knowledge has names of its own, so that it counts beside the bases.
        let is_knowledge = path.extension().is_some_and(|is| is == "knowledge");
        let key = (kept * 2 + usize::from(is_knowledge), stem);
        let age = ages.entry(key.clone()).or_insert(changed);
        *age = changed.max(*age);
        files.push((path, key));
    }
    let mut oldest_last: Vec<((usize, String), SystemTime)> = ages.into_iter().collect();
    oldest_last.sort_unstable_by(|a, b| (b.1, &b.0).cmp(&(a.1, &a.0)));
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut kept: HashSet<(usize, String)> = HashSet::new();
    for (key, _) in oldest_last {
        let count = counts.entry(key.0).or_default();
        *count += 1;
        if *count <= key.0 / 2 {
            kept.insert(key);
        }
    }
    for (path, key) in files {
        if !kept.contains(&key) {
            // Somebody else may have removed it already.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_assess::severity::KnowledgeCompiler;
    use underpin_ledger::EditionCounts;

    use super::*;

    fn edition(feed: &str, number: i64, [added, changed, removed]: [u64; 3]) -> Edition {
        let counts = EditionCounts { added, changed, removed, refused: 0 };
        Edition { feed: feed.to_owned(), number, counts, ..Edition::default() }
    }

    #[test]
    fn a_layer_holds_few_later_changes() {
        let few = bounds::INDEX_LAYER_FEW_RECORDS;
        let editions = [
            edition("osv/npm", 1, [10_000, 0, 0]),
            edition("osv/npm", 2, [100, 50, 50]),
            edition("osv/PyPI", 3, [few, 0, 0]),
        ];
        let base = |pairs: &[(&str, i64)]| -> Numbers {
            pairs.iter().map(|(feed, number)| ((*feed).to_owned(), *number)).collect()
        };
        let cases = [
            (base(&[("osv/npm", 2), ("osv/PyPI", 3)]), Some(0)),
            (base(&[("osv/npm", 2)]), Some(few)),
            // 200 + 64 changes over 10,000 records are more than one in 50.
            (base(&[("osv/npm", 1)]), None),
            (base(&[("osv/npm", 1), ("osv/PyPI", 3)]), Some(200)),
            (base(&[]), None),
            // Not a state before.
            (base(&[("osv/npm", 4)]), None),
            (base(&[("osv/npm", 2), ("osv/Go", 1)]), None),
        ];
        for (base, expected) in cases {
            assert_eq!(distance(&base, &editions), expected, "{base:?}");
        }
    }

    #[test]
    fn bases_in_use_outlive_those_that_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files(folder.path().to_owned());
        let numbers = |number: i64| Numbers::from([("osv/npm".to_owned(), number)]);
        let name = |number: i64| base_name(&numbers(number));
        for number in 0..20 {
            files.save_base(&name(number), &Index::empty(), Some(&numbers(number))).expect("writes");
            files.save_layer(&format!("layer{number}"), (&name(0), &numbers(0)), &Index::empty()).expect("writes");
            files.save_knowledge(&format!("known{number}"), &KnowledgeCompiler::new().finish()).expect("writes");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let bases: BTreeMap<String, Numbers> = files.bases().into_iter().collect();
        assert_eq!(bases.len(), KEPT_FILES, "{bases:?}");
        assert_eq!(bases.get(&name(0)), Some(&numbers(0)));
        assert_eq!(bases.get(&name(19)), Some(&numbers(19)));
        assert!(files.base(&name(0)).is_some() && files.base(&name(2)).is_none());
        assert_eq!(files.layer("layer3"), Some((name(0), Index::empty())));
        assert!(files.knowledge("known19").is_some() && files.knowledge("known0").is_none());

        // A list of editions that belongs to another base would make a wrong layer.
        std::fs::copy(files.path(&name(0), "editions"), files.path(&name(19), "editions")).expect("copies");
        assert_eq!(files.bases().len(), KEPT_FILES - 1);
    }
}
