// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files of a store elsewhere, kept here for reading: whole, never changed, and never more of them than the limit says.
//!
//! Several processes may share the folder. A file gets its name when it is whole and was held against its digest; two that fetch
//! the same one at once write the same bytes. Files that were read least lately go first. Readers that hold an open file keep it.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use underpin_model::limits::bounds::STORE_UNFINISHED_SECONDS;

use crate::error::LakeError;
use crate::evidence::{make_folder, make_new_file};

/// Endings of files that are not whole yet.
const UNFINISHED: [&str; 2] = [".tmp", ".part"];
/// How often the folders are looked into while as much comes as there may be.
const LOOKS: u64 = 16;
/// Files that can be fetched at the same time, at most, without one waiting for another by chance.
const LANES: usize = 64;

/// Folders of files that are kept.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    bytes: u64,
    lanes: Vec<Mutex<()>>,
    /// Bytes at the last look into the folders, and those that came since; `None` before the first look.
    room: Mutex<Option<(u64, u64)>>,
    /// Packs of which single originals were fetched, and how many.
    single: Mutex<HashMap<String, u32>>,
}

/// A file that is kept.
struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

impl Cache {
    /// Opens the cache, making its folder if need be.
    pub(crate) fn open(folder: PathBuf, bytes: u64) -> Result<Self, LakeError> {
        make_folder(&folder)?;
        let lanes = (0..LANES).map(|_| Mutex::default()).collect();
        let (room, single) = (Mutex::default(), Mutex::default());
        Ok(Self { folder, bytes, lanes, room, single })
    }

    /// Where the files of a folder of the store are kept.
    pub(super) fn folder_of(&self, folder: &str) -> PathBuf {
        self.folder.join(folder)
    }

    /// Opens a file, and notes that it is read. `None` when it is not kept.
    pub(super) fn opened(&self, path: &Path) -> Option<File> {
        let file = File::open(path).ok()?;
        // A file whose time cannot be set is read all the same; it goes earlier.
        let _ = rustix::fs::futimens(&file, &rustix::fs::Timestamps { last_access: NOW, last_modification: NOW });
        Some(file)
    }

    /// Keeps others away from a file while it is fetched or removed.
    pub(super) fn lane(&self, path: &Path) -> MutexGuard<'_, ()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(path);
        self.lanes[hash as usize % LANES].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new empty file beside `path`, for what is not whole yet; of whoever keeps files in the same folder nobody else has it.
    pub(super) fn unfinished(path: &Path) -> Result<PathBuf, LakeError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{}-{}.part", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
            let unfinished = PathBuf::from(name);
            match make_new_file(&unfinished) {
                // A process of another machine may have the same number.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => return made.map(|_| unfinished.clone()).map_err(LakeError::file(&unfinished)),
            }
        }
    }

    /// Gives a whole file its name, and makes room for it.
    pub(super) fn keep(&self, unfinished: &Path, path: &Path) -> Result<(), LakeError> {
        fs::rename(unfinished, path).map_err(LakeError::file(path))?;
        if self.may_lack_room(fs::metadata(path).map_or(0, |metadata| metadata.len())) {
            let left = self.make_room(path);
            *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some((left, 0));
        }
        Ok(())
    }

    /// Whether it is time to look how much is kept: others may keep files in the same folder, so not only when there is no room left.
    fn may_lack_room(&self, more: u64) -> bool {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((known, came)) = room.as_mut() else { return true };
        *came += more;
        known.saturating_add(*came) > self.bytes || *came > self.bytes / LOOKS
    }

    /// Removes a file that is kept.
    pub(super) fn forget(&self, path: &Path) -> Result<(), LakeError> {
        let _lane = self.lane(path);
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LakeError::file(path)(error)),
            _ => Ok(()),
        }
    }

    /// Removes all files of a folder but these, and gives how many those were. What is not whole stays.
    pub(super) fn keep_only(&self, folder: &str, live: &HashSet<&str>) -> Result<u64, LakeError> {
        let mut gone = 0;
        for kept in self.files(folder) {
            let name = kept.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !is_unfinished(&kept.path) && !live.contains(name) {
                self.forget(&kept.path)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// Bytes of all that is kept.
    pub(crate) fn kept_bytes(&self) -> u64 {
        let folders = self.folders();
        folders.iter().flat_map(|folder| self.files(folder)).map(|kept| kept.bytes).sum()
    }

    fn folders(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Whether single originals of a pack were fetched so often that the whole pack is worth it.
    pub(super) fn is_worth_all(&self, pack: &str, reads: u32, packs: usize) -> bool {
        let mut single = self.single.lock().unwrap_or_else(PoisonError::into_inner);
        if single.len() >= packs {
            single.clear();
        }
        let count = single.entry(pack.to_owned()).or_default();
        *count += 1;
        let is_worth = *count > reads;
        if is_worth {
            single.remove(pack);
        }
        is_worth
    }

    /// Removes what was read least lately until the rest has room. The file that just came stays, however large it is. Gives how much
    /// is left.
    fn make_room(&self, newest: &Path) -> u64 {
        let mut files: Vec<Kept> = self.folders().iter().flat_map(|folder| self.files(folder)).collect();
        // The files' own clock: the newest one came just now.
        let now = files.iter().map(|kept| kept.used).max().unwrap_or(SystemTime::UNIX_EPOCH);
        let long = Duration::from_secs(STORE_UNFINISHED_SECONDS);
        files.retain(|kept| {
            let is_left_over = is_unfinished(&kept.path) && now.duration_since(kept.used).is_ok_and(|age| age > long);
            if is_left_over {
                // Somebody else may have been faster.
                let _ = fs::remove_file(&kept.path);
            }
            !is_left_over && !is_unfinished(&kept.path)
        });
        let mut bytes: u64 = files.iter().map(|kept| kept.bytes).sum();
        files.sort_by_key(|kept| kept.used);
        for kept in files.iter().filter(|kept| kept.path != newest) {
            if bytes <= self.bytes {
                break;
            }
            if fs::remove_file(&kept.path).is_ok() {
                bytes = bytes.saturating_sub(kept.bytes);
            }
        }
        bytes
    }

    fn files(&self, folder: &str) -> Vec<Kept> {
        let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten().flatten();
        let kept = |path: PathBuf, metadata: Metadata| {
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            metadata.is_file().then_some(Kept { path, bytes: metadata.len(), used })
        };
        // A file that goes while the folder is listed is no longer kept.
        entries.filter_map(|entry| kept(entry.path(), entry.metadata().ok()?)).collect()
    }
}

const NOW: rustix::fs::Timespec = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };

fn is_unfinished(path: &Path) -> bool {
    let name = path.to_string_lossy();
    UNFINISHED.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use std::fs::FileTimes;

    use super::*;

    struct Place {
        _folder: tempfile::TempDir,
        cache: Cache,
    }

    impl Place {
        fn of(bytes: u64) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let cache = Cache::open(folder.path().join("cache"), bytes).expect("opens");
            make_folder(&cache.folder_of("segments")).expect("makes");
            Self { _folder: folder, cache }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.cache.folder_of("segments").join(name)
        }

        /// Keeps a file that was read at that second.
        fn keep(&self, name: &str, bytes: usize, second: u64) {
            let unfinished = Cache::unfinished(&self.path(name)).expect("a file");
            fs::write(&unfinished, vec![7; bytes]).expect("written");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
            let file = File::options().write(true).open(&unfinished).expect("opens");
            file.set_times(FileTimes::new().set_modified(time)).expect("set");
            self.cache.keep(&unfinished, &self.path(name)).expect("kept");
        }

        fn names(&self) -> Vec<String> {
            let name = |kept: Kept| kept.path.file_name().expect("a name").to_string_lossy().into_owned();
            let mut names: Vec<String> = self.cache.files("segments").into_iter().map(name).collect();
            names.sort();
            names
        }
    }

    #[test]
    fn what_was_read_least_lately_goes_first() {
        let place = Place::of(100);
        place.keep("a", 40, 100);
        place.keep("b", 40, 200);
        assert!(place.cache.opened(&place.path("a")).is_some(), "now it is read later than the other one");
        place.keep("c", 40, 300);
        assert_eq!(place.names(), ["a", "c"]);
        assert!(place.cache.opened(&place.path("b")).is_none());
        place.keep("large", 1_000, 400);
        assert_eq!(place.names(), ["large"], "one that is larger than all the room is kept alone");
    }

    #[test]
    fn only_what_is_live_stays_and_left_overs_go_after_a_while() {
        let place = Place::of(10);
        place.keep("a", 1, 1);
        place.keep("b", 1, 2);
        let unfinished = Cache::unfinished(&place.path("c")).expect("a file");
        let removed = place.cache.keep_only("segments", &HashSet::from(["b", "d"])).expect("removes");
        let name = unfinished.file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!((removed, place.names()), (1, vec!["b".to_owned(), name]));
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(5);
        File::options()
            .write(true)
            .open(&unfinished)
            .expect("opens")
            .set_times(FileTimes::new().set_modified(old))
            .expect("set");
        place.keep("e", 1, 5 + STORE_UNFINISHED_SECONDS * 2);
        assert_eq!(place.names(), ["b", "e"]);
    }

    #[test]
    fn many_originals_of_one_pack_are_worth_the_whole() {
        let place = Place::of(1);
        let worth: Vec<bool> = (0..4).map(|_| place.cache.is_worth_all("a.pack", 3, 10)).collect();
        assert_eq!(worth, [false, false, false, true]);
        assert!(!place.cache.is_worth_all("a.pack", 3, 10), "it begins anew once the pack came");
    }
}
