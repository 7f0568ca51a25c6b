// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a sync puts what it downloads. A run that was killed leaves its folder behind; the next one takes over what had come, so that
//! transfers go on where they broke, and removes the rest.
//!
//! A lock on a file in the folder tells whether its run still lives: the system takes it back with the process.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{OfficeError, Result};

const START: &str = "downloads-";
const LOCK: &str = "lock";
/// The lock before it is locked.
const UNNAMED: &str = "lock.new";
/// How often a folder is made anew that another run took for one left behind, in the moment before it was locked.
const ATTEMPTS: usize = 5;

/// The folder of a run. It goes with the run.
pub(super) struct Downloads {
    pub folder: PathBuf,
    _lock: File,
}

impl Downloads {
    /// Makes the folder of a run below `data`, with what killed runs have left.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(data: &Path, tag: &str) -> Result<Self> {
        let folder = data.join(format!("{START}{tag}"));
        let mut made = locked(&folder);
        for _ in 1..ATTEMPTS {
            match &made {
                Err(error) if error.kind() == ErrorKind::NotFound => made = locked(&folder),
                _ => break,
            }
        }
        let lock = made.map_err(|error| OfficeError::file(&folder, &error))?;
        take_over(data, &folder);
        Ok(Self { folder, _lock: lock })
    }
}

/// Makes the folder. It is locked before the lock has its name: nobody takes the folder of a living run.
fn locked(folder: &Path) -> std::io::Result<File> {
    std::fs::create_dir_all(folder)?;
    let unnamed = folder.join(UNNAMED);
    let lock = File::create(&unnamed)?;
    lock.lock()?;
    std::fs::rename(&unnamed, folder.join(LOCK))?;
    Ok(lock)
}

/// Removes a folder, the lock last: whatever stops this in the middle leaves something that the next run knows how to clear.
fn clear(folder: &Path) {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(|file| file.file_name() != LOCK) {
        let _ = std::fs::remove_file(file.path());
    }
    let _ = std::fs::remove_file(folder.join(LOCK));
    let _ = std::fs::remove_dir_all(folder);
}

impl Drop for Downloads {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way: the next run tries again.
        clear(&self.folder);
    }
}

/// Moves what killed runs have downloaded in part. What fails here costs a download, no more.
fn take_over(data: &Path, to: &Path) {
    let entries = std::fs::read_dir(data).into_iter().flatten().flatten();
    for from in entries.map(|entry| entry.path()).filter(|path| path != to) {
        let is_ours = from.file_name().is_some_and(|name| name.to_string_lossy().starts_with(START));
        if !is_ours {
            continue;
        }
        let Some(lock) = [LOCK, UNNAMED].iter().find_map(|name| File::open(from.join(name)).ok()) else {
            // Left while it was made or removed. An empty one may be just made: its run makes another one.
            if std::fs::remove_dir(&from).is_err() && !from.join(UNNAMED).exists() && !from.join(LOCK).exists() {
                clear(&from);
            }
            continue;
        };
        if lock.try_lock().is_err() {
            continue;
        }
        for file in std::fs::read_dir(&from).into_iter().flatten().flatten() {
            let name = file.file_name();
            if name.to_string_lossy().contains(".partial") {
                let _ = std::fs::rename(file.path(), to.join(name));
            }
        }
        clear(&from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_run_is_inherited_and_a_living_one_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let living = Downloads::new(data.path(), "living").unwrap();
        std::fs::write(living.folder.join("a.zip.partial"), "living").unwrap();
        let dead = data.path().join("downloads-dead");
        std::fs::create_dir(&dead).unwrap();
        for name in ["lock", "b.zip.partial", "b.zip.partial.json", "csaf-1.json"] {
            std::fs::write(dead.join(name), name).unwrap();
        }
        let other = data.path().join("evidence");
        std::fs::create_dir(&other).unwrap();
        let heir = Downloads::new(data.path(), "heir").unwrap();
        let names = |folder: &Path| {
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&heir.folder), ["b.zip.partial", "b.zip.partial.json", "lock"]);
        assert_eq!(names(&living.folder), ["a.zip.partial", "lock"]);
        drop((heir, living));
        assert_eq!(names(data.path()), ["evidence"]);
    }

    #[test]
    fn a_folder_of_a_run_that_was_killed_at_its_very_beginning_or_end_goes_with_the_next() {
        let data = tempfile::tempdir().unwrap();
        for (number, names) in [&[][..], &["lock.new"], &["lock"], &["csaf-1.json"]].iter().enumerate() {
            let dead = data.path().join(format!("downloads-{number}"));
            std::fs::create_dir(&dead).unwrap();
            names.iter().for_each(|name| std::fs::write(dead.join(name), name).unwrap());
        }
        drop(Downloads::new(data.path(), "next").unwrap());
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
