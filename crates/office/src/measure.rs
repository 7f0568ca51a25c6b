// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a measurement needs beside a clock: questions drawn by chance from what is there, and the least work that
//! any intake of the same bytes has to do.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use underpin_formats::simulated::Seeded;
use underpin_lake::PackageUsage;
pub use underpin_lake::evidence_id;
use underpin_model::Limits;

use crate::coordinator::where_used::plain_purl;
use crate::error::{OfficeError, Result};
use crate::house::Desk;
use crate::intake::{Content, Walk};

/// Bytes of a house by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SizeOnDisk {
    /// Decisions and the catalogue.
    pub ledger: u64,
    /// Originals.
    pub evidence: u64,
    /// Facts.
    pub segments: u64,
    /// What is compiled of feeds, and all else.
    pub other: u64,
}

impl SizeOnDisk {
    /// All of it.
    pub fn sum(&self) -> u64 {
        self.ledger + self.evidence + self.segments + self.other
    }
}

/// What a house with everything below one folder takes on disk.
pub fn size_on_disk(data: &Path) -> SizeOnDisk {
    let mut size = SizeOnDisk::default();
    for (path, bytes) in files(data) {
        let below = path.strip_prefix(data).unwrap_or(&path);
        let first = below.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        match first.as_deref().unwrap_or_default() {
            "evidence" => size.evidence += bytes,
            "segments" => size.segments += bytes,
            name if name.starts_with("ledger.sqlite") => size.ledger += bytes,
            _ => size.other += bytes,
        }
    }
    size
}

/// Lets the system forget what it keeps of these files in memory, so that who reads them next has to wait for the disk. A file that
/// cannot be opened is passed over; on systems that cannot forget, nothing happens.
pub fn forget_files(data: &Path) {
    #[cfg(target_os = "linux")]
    for (path, _) in files(data) {
        if let Ok(file) = std::fs::File::open(path) {
            // What is refused stays in memory, and a measurement is only better than it should be.
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = data;
}

/// Files below a folder with their sizes. A folder that cannot be read has none.
fn files(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => found.extend(files(&entry.path())),
            Ok(metadata) => found.push((entry.path(), metadata.len())),
            Err(_) => {}
        }
    }
    found
}

/// File names and bytes of about so many documents that no smaller continent of the seed has.
pub fn batch_beyond(seed: u64, documents: usize) -> Vec<(String, Vec<u8>)> {
    use underpin_formats::continent;
    let systems = continent::SYSTEMS / 2..continent::SYSTEMS;
    let planned = systems.flat_map(|system| continent::documents(seed, system)).take(documents);
    planned.enumerate().map(|(number, document)| (format!("{number}.json"), document.to_bytes())).collect()
}

/// Questions drawn by chance; the same for the same seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Packages, drawn by the number of systems that use them: what is used widely is asked for often.
    pub by_usage: Vec<String>,
    /// Packages, each as likely as any other.
    pub evenly: Vec<String>,
    /// Systems, each as likely as any other.
    pub systems: Vec<String>,
}

impl Desk {
    /// Draws `count` questions of each kind.
    ///
    /// # Errors
    /// `no-data` when nothing is in use; when a segment is damaged.
    pub fn questions(&self, count: usize, seed: u64) -> Result<Questions> {
        let mut usage = self.session.package_usage(self.snapshot.systems.len(), self.current())?;
        let systems: Vec<u32> = self.active_systems().collect();
        if usage.is_empty() || systems.is_empty() {
            return Err(OfficeError::new("no-data", "there is no package in use that could be asked for")
                .hint("add evidence first, or build a nation with `underpin simulate`"));
        }
        usage.sort_unstable_by_key(|found| found.package);
        let mut random = Seeded::new(seed);
        let drawn = (by_usage(&usage, count, &mut random), evenly(&usage, count, &mut random));
        let names = |drawn: &[PackageUsage]| self.purls_of(drawn);
        let system = |_| self.system(systems[random.below(systems.len() as u64) as usize]).id.0.clone();
        let systems = (0..count).map(system).collect();
        Ok(Questions { by_usage: names(&drawn.0)?, evenly: names(&drawn.1)?, systems })
    }

    fn purls_of(&self, drawn: &[PackageUsage]) -> Result<Vec<String>> {
        let numbers: Vec<i64> = drawn.iter().map(|found| found.package).collect();
        let names: std::collections::HashMap<i64, String> = self
            .session
            .packages_by_id(&numbers)?
            .into_iter()
            .map(|version| (version.package, plain_purl(&version.kind, &version.namespace, &version.name)))
            .collect();
        Ok(numbers.iter().filter_map(|number| names.get(number).cloned()).collect())
    }
}

fn evenly(usage: &[PackageUsage], count: usize, random: &mut Seeded) -> Vec<PackageUsage> {
    (0..count).map(|_| usage[random.below(usage.len() as u64) as usize]).collect()
}

fn by_usage(usage: &[PackageUsage], count: usize, random: &mut Seeded) -> Vec<PackageUsage> {
    let mut total = 0;
    let ends: Vec<u64> = usage
        .iter()
        .map(|found| {
            total += u64::from(found.systems);
            total
        })
        .collect();
    (0..count)
        .map(|_| {
            let point = random.below(total);
            usage[ends.partition_point(|end| *end <= point).min(usage.len() - 1)]
        })
        .collect()
}

/// Reads and hashes every file below the paths, on all cores, and does nothing else: the least that an intake must do,
/// since evidence is known by its hash. Gives the number of files and bytes.
///
/// # Errors
/// When a path does not exist.
pub fn read_and_hash(paths: &[PathBuf], limits: &Limits) -> Result<(u64, u64)> {
    let mut walk = Walk::new(paths, limits)?;
    let (mut files, mut bytes) = (0, 0);
    while let Some(batch) = walk.next_batch()? {
        let sizes: Vec<u64> = batch
            .into_par_iter()
            .filter_map(|job| {
                let content = match job.content {
                    Content::Bytes(bytes) => bytes,
                    Content::File(path) => std::fs::read(path).ok()?,
                };
                // The digest must not be optimised away.
                std::hint::black_box(evidence_id(&content));
                Some(content.len() as u64)
            })
            .collect();
        files += sizes.len() as u64;
        bytes += sizes.iter().sum::<u64>();
    }
    Ok((files, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_widely_is_drawn_often() {
        let used = |package, systems| PackageUsage { package, systems, most_in_a_group: systems, occurrences: systems };
        let usage = [used(1, 1), used(2, 98), used(3, 1)];
        let drawn = by_usage(&usage, 1_000, &mut Seeded::new(7));
        let often = drawn.iter().filter(|found| found.package == 2).count();
        assert!((950..1_000).contains(&often), "{often}");
        let drawn = evenly(&usage, 900, &mut Seeded::new(7));
        assert!((250..350).contains(&drawn.iter().filter(|found| found.package == 2).count()));
    }

    #[test]
    fn every_byte_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a"), [1; 300]).expect("writes");
        std::fs::write(folder.path().join("b"), [2; 200]).expect("writes");
        let limits = Limits::default();
        assert_eq!(read_and_hash(&[folder.path().to_owned()], &limits).expect("reads"), (2, 500));
        assert_eq!(read_and_hash(&[folder.path().join("c")], &limits).expect_err("missing").code, "not-found");
    }
}
