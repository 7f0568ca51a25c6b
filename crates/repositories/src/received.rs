// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A repository that came as names and one pack of objects: a bundle of git, or what a server sent. It is hostile input.
//!
//! It is laid out as a bare clone in a folder of its own that goes away with it, and only read there. Names are checked as git checks them
//! and are kept in one file, so none of them becomes a path. Sources: the formats of bundles (`gitformat-bundle`) and of packs
//! (`gitformat-pack`).

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use gix::ObjectId;
use gix::hash::Kind;
use underpin_model::limits::bounds::{
    GIT_PATH_BYTES, RECEIVED_INDEX_SECONDS, RECEIVED_OBJECT_BYTES, RECEIVED_PACK_BYTES, RECEIVED_REFERENCES,
};

use crate::Unreadable;
use crate::clone::GitClone;

/// A name with the object that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The number of the object, in digits of base 16.
    pub object: String,
    /// The name: `HEAD`, or one below `refs/`.
    pub name: String,
}

/// What stands before the objects.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// All names.
    pub all: Vec<Named>,
    /// The branch that is checked out, where somebody says.
    pub head: Option<String>,
    /// Whether objects are numbered by SHA-256.
    pub is_sha256: bool,
}

/// A repository that came in one file. Its folder goes away with it.
#[derive(Debug)]
pub struct Received {
    folder: tempfile::TempDir,
}

impl Received {
    /// Whether a file is a bundle of git, by its first line.
    pub fn is_bundle(path: &Path) -> bool {
        let mut first = [0; 16];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
        path.is_file() && read.is_ok() && (&first == b"# v2 git bundle\n" || &first == b"# v3 git bundle\n")
    }

    /// Unpacks a bundle.
    ///
    /// # Errors
    /// What is none, rests on commits that it does not hold, or holds more than the limits allow; with the place.
    pub fn of_bundle(path: &Path) -> Result<Self, Unreadable> {
        let fault = |place: &str, why: String| fault(path, place, why);
        let file = File::open(path).map_err(|error| fault("the file", error.to_string()))?;
        let size = file.metadata().map_err(|error| fault("the file", error.to_string()))?.len();
        if size > RECEIVED_PACK_BYTES {
            return Err(fault("the file", format!("it has more than {RECEIVED_PACK_BYTES} bytes")));
        }
        let mut reader = BufReader::new(file);
        let names = header(&mut reader).map_err(|(line, why)| fault(&format!("line {line}"), why))?;
        Self::of_pack(path, &names, &mut reader)
    }

    /// Lays out names and the pack behind them. `origin` is what messages name.
    ///
    /// # Errors
    /// Names that are none, a broken pack, and more than the limits allow; with the place.
    pub fn of_pack(origin: &Path, names: &Names, pack: &mut dyn BufRead) -> Result<Self, Unreadable> {
        let fault = |place: &str, why: String| fault(origin, place, why);
        let kind = if names.is_sha256 { Kind::Sha256 } else { Kind::Sha1 };
        let text = packed(names, kind).map_err(|(name, why)| fault(&format!("the name {name:?}"), why))?;
        let head = head(names).ok_or_else(|| fault("its names", "it names no commit".to_owned()))?;
        let io = |error: std::io::Error| fault("the folder for its objects", error.to_string());
        let folder = tempfile::Builder::new().prefix("underpin-git").tempdir().map_err(io)?;
        let root = folder.path();
        let packs = root.join("objects/pack");
        fs::create_dir_all(&packs).map_err(io)?;
        fs::create_dir_all(root.join("refs")).map_err(io)?;
        let config = match kind {
            Kind::Sha256 => {
                "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
            }
            _ => "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
        };
        for (name, content) in [("HEAD", head.as_str()), ("config", config), ("packed-refs", &text)] {
            fs::write(root.join(name), content).map_err(io)?;
        }
        let mut bounded = BufReader::new(pack.take(RECEIVED_PACK_BYTES));
        index(&mut bounded, &packs, kind).map_err(|why| fault("its objects", why))?;
        // Without a branch it may be a tag, which stands before its commit.
        if let Some(first) = names.all.first().filter(|one| !head.starts_with("ref: ") && one.name != "HEAD") {
            let commit = GitClone::open(root).and_then(|clone| clone.resolve(Some(&first.name)));
            let commit = commit.map_err(|_| fault("its names", format!("{} leads to no commit", first.name)))?;
            fs::write(root.join("HEAD"), format!("{commit}\n")).map_err(io)?;
        }
        Ok(Self { folder })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn fault(path: &Path, place: &str, why: String) -> Unreadable {
    Unreadable::NotReceived { path: path.to_owned(), place: place.to_owned(), why }
}

/// Reads what stands before the pack; else the line and what is wrong with it.
fn header(reader: &mut impl BufRead) -> Result<Names, (usize, String)> {
    let first = line(reader).map_err(|why| (1, why))?;
    if !matches!(first.as_str(), "# v2 git bundle" | "# v3 git bundle") {
        return Err((1, "this is no bundle of git of version 2 or 3".to_owned()));
    }
    let mut names = Names::default();
    for number in 2.. {
        let line = line(reader).map_err(|why| (number, why))?;
        match line.strip_prefix('@').filter(|_| first.contains("v3")) {
            Some("object-format=sha1") => {}
            Some("object-format=sha256") => names.is_sha256 = true,
            Some(other) if other.starts_with("filter=") => {
                return Err((number, "it was made with a filter, so parts of it are missing".to_owned()));
            }
            Some(_) => return Err((number, "it asks for something that is not known".to_owned())),
            None if line.is_empty() => break,
            None => take(&line, &mut names).map_err(|why| (number, why))?,
        }
    }
    Ok(names)
}

/// One line, without its end.
fn line(reader: &mut impl BufRead) -> Result<String, String> {
    let mut bytes = Vec::new();
    let most = (GIT_PATH_BYTES + 2 * Kind::Sha256.len_in_hex()) as u64;
    reader.by_ref().take(most).read_until(b'\n', &mut bytes).map_err(|error| error.to_string())?;
    if bytes.pop() != Some(b'\n') {
        return Err("it ends, or goes on too long".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is no text".to_owned())
}

/// Takes a name out of a line.
fn take(line: &str, names: &mut Names) -> Result<(), String> {
    if line.starts_with('-') {
        return Err("it rests on commits that it does not hold".to_owned());
    }
    if names.all.len() >= RECEIVED_REFERENCES {
        return Err(format!("it has more than {RECEIVED_REFERENCES} names"));
    }
    let (object, name) = line.split_once(' ').ok_or_else(|| "it is no name with its object".to_owned())?;
    names.all.push(Named { object: object.to_owned(), name: name.to_owned() });
    Ok(())
}

/// All names in the one file in which git keeps many; else the name that is none.
fn packed(names: &Names, kind: Kind) -> Result<String, (String, String)> {
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for Named { object, name } in &names.all {
        let bad = |why: &str| (name.chars().take(80).collect::<String>(), why.to_owned());
        let is_object = ObjectId::from_hex(object.as_bytes()).is_ok_and(|id| id.kind() == kind);
        if !is_object {
            return Err(bad("what it leads to is no number of an object"));
        }
        let is_name = gix::validate::reference::name(name.as_str().into()).is_ok();
        match name.as_str() {
            "HEAD" => {}
            name if is_name && name.starts_with("refs/") && name.len() <= GIT_PATH_BYTES => lines.push((name, object)),
            _ => return Err(bad("git allows no such name")),
        }
    }
    lines.sort_unstable();
    lines.dedup_by_key(|(name, _)| *name);
    let text = lines.iter().map(|(name, object)| format!("{object} {name}\n"));
    Ok(std::iter::once("# pack-refs with: sorted \n".to_owned()).chain(text).collect())
}

/// What is checked out: the branch that is said, one that leads where `HEAD` leads, a usual one, the first one.
fn head(names: &Names) -> Option<String> {
    let branches = || names.all.iter().filter(|one| one.name.starts_with("refs/heads/"));
    let called = |name: &str| branches().find(|one| one.name == name);
    let usual = ["refs/heads/main", "refs/heads/master"];
    let said = names.head.as_deref().and_then(called);
    let own = names.all.iter().find(|one| one.name == "HEAD");
    let found = match (said, own) {
        (Some(said), _) => Some(said),
        (None, Some(own)) => {
            let is_same = |one: &&Named| one.object == own.object;
            let same = usual.iter().filter_map(|name| called(name)).find(is_same).or_else(|| branches().find(is_same));
            match same {
                None => return Some(format!("{}\n", own.object)),
                same => same,
            }
        }
        (None, None) => usual.iter().find_map(|name| called(name)).or_else(|| branches().next()),
    };
    let of_tag = || names.all.first().map(|one| format!("{}\n", one.object));
    found.map(|one| format!("ref: {}\n", one.name)).or_else(of_tag)
}

/// Keeps a pack and makes its index. Every object is unpacked once for that, for as long as the limits allow.
fn index(pack: &mut dyn BufRead, folder: &Path, kind: Kind) -> Result<PathBuf, String> {
    let (is_late, (done, waits)) = (AtomicBool::new(false), sync_channel::<()>(0));
    let options = gix_pack::bundle::write::Options {
        iteration_mode: gix_pack::data::input::Mode::Verify,
        alloc_limit_bytes: Some(RECEIVED_OBJECT_BYTES),
        ..gix_pack::bundle::write::Options::default()
    };
    let late = &is_late;
    let written = std::thread::scope(|threads| {
        threads.spawn(move || {
            let waited = waits.recv_timeout(Duration::from_secs(RECEIVED_INDEX_SECONDS));
            late.store(waited == Err(RecvTimeoutError::Timeout), Ordering::Relaxed);
        });
        let none: Option<gix::objs::find::Never> = None;
        let mut progress = gix::progress::Discard;
        let written =
            gix_pack::Bundle::write_to_directory(pack, Some(folder), &mut progress, &is_late, none, kind, options);
        drop(done);
        written
    });
    if is_late.load(Ordering::Relaxed) {
        return Err(format!("unpacking them takes more than {RECEIVED_INDEX_SECONDS} seconds"));
    }
    let written = written.map_err(|error| error.to_string())?;
    written.index_path.ok_or_else(|| "they could not be kept".to_owned())
}
