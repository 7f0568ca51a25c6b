// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a sync puts what it downloads. A run that was killed leaves its folder behind; the next one takes over what had come, so that
//! transfers go on where they broke, and removes the rest.
//!
//! A lock on a file in the folder tells whether its run still lives: the system takes it back with the process.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{OfficeError, Result};

const START: &str = "downloads-";
const LOCK: &str = "lock";

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
        let failed = |error: std::io::Error| OfficeError::file(&folder, &error);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        // Locked before it has the name that others look for: nobody takes the folder of a living run.
        let unnamed = folder.join("lock.new");
        let lock = File::create(&unnamed).map_err(failed)?;
        lock.lock().map_err(failed)?;
        std::fs::rename(&unnamed, folder.join(LOCK)).map_err(failed)?;
        take_over(data, &folder);
        Ok(Self { folder, _lock: lock })
    }
}

impl Drop for Downloads {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way: the next run tries again.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Moves what killed runs have downloaded in part. What fails here costs a download, no more.
fn take_over(data: &Path, to: &Path) {
    let entries = std::fs::read_dir(data).into_iter().flatten().flatten();
    for from in entries.map(|entry| entry.path()).filter(|path| path != to) {
        let is_ours = from.file_name().is_some_and(|name| name.to_string_lossy().starts_with(START));
        let Some(lock) = is_ours.then(|| File::open(from.join(LOCK)).ok()).flatten() else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        for file in std::fs::read_dir(&from).into_iter().flatten().flatten() {
            let name = file.file_name();
            if name.to_string_lossy().contains(".partial") {
                let _ = std::fs::rename(file.path(), to.join(name));
            }
        }
        let _ = std::fs::remove_dir_all(&from);
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
}
