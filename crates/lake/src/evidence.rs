// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The evidence store: original bytes, compressed, in packs that are written once, in a folder or a bucket.
//!
//! A pack starts with [`MAGIC`] and holds one record for each piece of evidence: SHA-256 of the original (32 bytes),
//! its length and the packed length (8 bytes each, little-endian), then one zstd frame. So a pack can be read without the catalogue;
//! the catalogue gives the offset of the frame. What is read back is checked against its hash, always.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use underpin_model::EvidenceId;

use crate::error::LakeError;
use crate::store::Files;

/// First bytes of every pack; the number is the version of the layout.
pub const MAGIC: &[u8; 16] = b"underpin-pack-1\n";

const RECORD_HEADER_BYTES: usize = 48;

/// SHA-256 of some bytes.
pub fn evidence_id(bytes: &[u8]) -> EvidenceId {
    EvidenceId(Sha256::digest(bytes).into())
}

/// A piece of evidence, compressed, not yet written.
#[derive(Debug)]
pub struct Packed {
    /// SHA-256 of the original.
    pub evidence: EvidenceId,
    /// Length of the original, in bytes.
    pub raw_bytes: u64,
    frame: Vec<u8>,
}

impl Packed {
    /// Length of the compressed form, in bytes.
    pub fn packed_bytes(&self) -> u64 {
        self.frame.len() as u64
    }
}

/// Where a piece of evidence lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// SHA-256 of the original.
    pub evidence: EvidenceId,
    /// Name of the pack.
    pub pack: String,
    /// Offset of the zstd frame, in bytes.
    pub offset: u64,
    /// Length of the frame, in bytes.
    pub packed_bytes: u64,
    /// Length of the original, in bytes.
    pub raw_bytes: u64,
}

/// Compresses one piece of evidence. The compressor is kept for the next one: making one costs more than a small file.
pub fn pack(
    compressor: &mut zstd::bulk::Compressor<'_>,
    evidence: EvidenceId,
    bytes: &[u8],
) -> Result<Packed, LakeError> {
    let frame = compressor.compress(bytes).map_err(LakeError::file("compressing evidence"))?;
    Ok(Packed { evidence, raw_bytes: bytes.len() as u64, frame })
}

/// A pack as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPack {
    /// What it is called, for the catalogue.
    pub name: String,
    /// Bytes of it.
    pub bytes: u64,
    /// Where each piece lies in it.
    pub places: Vec<Place>,
}

/// A folder of packs.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    pub(crate) files: Files,
}

impl EvidenceStore {
    /// Opens the folder, making it if need be.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: PathBuf) -> Result<Self, LakeError> {
        Ok(Self { files: Files::here(folder)? })
    }

    /// Where packs are read: the folder, or where those of a bucket are kept here.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Writes one pack and makes it durable: the file is synced, and in a bucket where it belongs, before this returns;
    /// call [`Self::sync`] for the folder. In a bucket its name gets a digest.
    ///
    /// # Errors
    /// When the disk is full or not writable, or the bucket cannot be reached; nothing half written stays under the final name.
    pub fn write(&self, name: &str, pieces: &[Packed]) -> Result<WrittenPack, LakeError> {
        let temporary = self.files.unfinished(name);
        let written = write_pack(&temporary, name, pieces)
            .map_err(LakeError::file(&temporary))
            .and_then(|places| Ok((places, self.files.publish(&temporary, name)?)));
        if written.is_err() {
            // The first error is the one to report; a left-over temporary file is collected later.
            let _ = fs::remove_file(&temporary);
        }
        let (mut places, published) = written?;
        places.iter_mut().for_each(|place| place.pack.clone_from(&published.name));
        Ok(WrittenPack { name: published.name, bytes: published.bytes, places })
    }

    /// Makes the names of new packs durable.
    ///
    /// # Errors
    /// When the folder cannot be synced.
    pub fn sync(&self) -> Result<(), LakeError> {
        self.files.sync()
    }

    /// The original bytes, checked against their hash.
    ///
    /// # Errors
    /// When the pack is not there or the bytes are not the ones stored.
    pub fn read(&self, place: &Place) -> Result<Vec<u8>, LakeError> {
        if let Some(frame) = self.files.single(&place.pack, place.offset, place.packed_bytes)? {
            return self.unpacked(place, &frame);
        }
        let unpacked = self.frame(place).and_then(|frame| self.unpacked(place, &frame));
        match unpacked {
            // What is kept here of a bucket may have suffered; the bucket's own bytes count.
            Err(LakeError::Damaged { .. } | LakeError::File { .. }) if self.files.is_elsewhere() => {
                self.files.refresh(&place.pack)?;
                self.frame(place).and_then(|frame| self.unpacked(place, &frame))
            }
            other => other,
        }
    }

    fn frame(&self, place: &Place) -> Result<Vec<u8>, LakeError> {
        let (path, mut file) = self.files.open(&place.pack)?;
        file.seek(SeekFrom::Start(place.offset)).map_err(LakeError::file(&path))?;
        let mut frame = vec![0; place.packed_bytes as usize];
        file.read_exact(&mut frame).map_err(LakeError::file(&path))?;
        Ok(frame)
    }

    fn unpacked(&self, place: &Place, frame: &[u8]) -> Result<Vec<u8>, LakeError> {
        let damaged = |problem: String| LakeError::damaged(self.files.place(&place.pack), problem);
        let bytes = zstd::bulk::decompress(frame, place.raw_bytes as usize)
            .map_err(|error| damaged(format!("evidence {}: {error}", place.evidence)))?;
        let found = evidence_id(&bytes);
        if found != place.evidence {
            return Err(damaged(format!("evidence {} reads back as {found}", place.evidence)));
        }
        Ok(bytes)
    }

    /// Every record of a pack, read from the pack itself.
    ///
    /// # Errors
    /// When the pack is cut off or is none.
    pub fn list(&self, name: &str) -> Result<Vec<Place>, LakeError> {
        let (path, mut file) = self.files.open(name)?;
        let length = file.metadata().map_err(LakeError::file(&path))?.len();
        let mut magic = [0; 16];
        file.read_exact(&mut magic).map_err(LakeError::file(&path))?;
        if &magic != MAGIC {
            return Err(LakeError::damaged(&path, "is no evidence pack of a known version"));
        }
        let mut places = Vec::new();
        let mut offset = MAGIC.len() as u64;
        while offset < length {
            let mut header = [0; RECORD_HEADER_BYTES];
            file.read_exact(&mut header).map_err(LakeError::file(&path))?;
            let place = read_header(&header, name, offset + RECORD_HEADER_BYTES as u64);
            offset = place.offset.saturating_add(place.packed_bytes);
            if offset > length {
                return Err(LakeError::damaged(&path, "is cut off"));
            }
            file.seek(SeekFrom::Start(offset)).map_err(LakeError::file(&path))?;
            places.push(place);
        }
        Ok(places)
    }

    /// Writes a pack again without some evidence, under a new name. The old pack is left for the caller to remove once
    /// the catalogue knows the new one.
    ///
    /// # Errors
    /// As [`Self::read`] and [`Self::write`].
    pub fn rewrite_without(
        &self,
        name: &str,
        new_name: &str,
        without: &[EvidenceId],
    ) -> Result<WrittenPack, LakeError> {
        let mut compressor = compressor()?;
        let kept = self
            .list(name)?
            .into_iter()
            .filter(|place| !without.contains(&place.evidence))
            .map(|place| pack(&mut compressor, place.evidence, &self.read(&place)?))
            .collect::<Result<Vec<_>, _>>()?;
        let written = self.write(new_name, &kept)?;
        self.sync()?;
        Ok(written)
    }

    /// Removes a pack for good; one that is gone already is fine.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), LakeError> {
        self.files.remove(name)?;
        self.sync()
    }

    /// Whether there is such a pack.
    ///
    /// # Errors
    /// When the bucket does not say.
    pub fn is_there(&self, name: &str) -> Result<bool, LakeError> {
        self.files.is_there(name)
    }

    /// Fetches a pack of a bucket anew, whatever is kept of it here.
    ///
    /// # Errors
    /// When it is not there, or its bytes are not those that its name states.
    pub fn refresh(&self, name: &str) -> Result<(), LakeError> {
        self.files.refresh(name)
    }

    /// Opens a pack for reading it as it is.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open_file(&self, name: &str) -> Result<(PathBuf, File), LakeError> {
        self.files.open(name)
    }

    /// Takes a whole, synced file under a name that a catalogue has for it already.
    ///
    /// # Errors
    /// When the folder or bucket cannot take it.
    pub fn adopt(&self, file: &Path, name: &str) -> Result<(), LakeError> {
        self.files.publish_as(file, name).map(|_| ())
    }

    /// Removes what is kept here of packs that are not among these. Gives how many those were.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn keep_only(&self, live: &HashSet<&str>) -> Result<u64, LakeError> {
        crate::store::waiting(|| self.files.keep_only(live))
    }

    /// Where a pack lies, or is kept here once it was read.
    pub fn path(&self, name: &str) -> PathBuf {
        self.files.folder().join(name)
    }
}

/// A compressor for evidence: level 1, because disks are cheaper than the analyst's minutes.
///
/// # Errors
/// When there is no memory for it.
pub fn compressor() -> Result<zstd::bulk::Compressor<'static>, LakeError> {
    zstd::bulk::Compressor::new(1).map_err(LakeError::file("compressor"))
}

fn write_pack(path: &Path, name: &str, pieces: &[Packed]) -> std::io::Result<Vec<Place>> {
    let mut file = make_file(path)?;
    file.write_all(MAGIC)?;
    let mut offset = MAGIC.len() as u64;
    let mut places = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let mut header = [0; RECORD_HEADER_BYTES];
        header[..32].copy_from_slice(&piece.evidence.0);
        header[32..40].copy_from_slice(&piece.raw_bytes.to_le_bytes());
        header[40..].copy_from_slice(&(piece.frame.len() as u64).to_le_bytes());
        file.write_all(&header)?;
        file.write_all(&piece.frame)?;
        places.push(read_header(&header, name, offset + RECORD_HEADER_BYTES as u64));
        offset += (RECORD_HEADER_BYTES + piece.frame.len()) as u64;
    }
    file.sync_all()?;
    Ok(places)
}

fn read_header(header: &[u8; RECORD_HEADER_BYTES], pack: &str, offset: u64) -> Place {
    let mut evidence = [0; 32];
    evidence.copy_from_slice(&header[..32]);
    let number = |from: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&header[from..from + 8]);
        u64::from_le_bytes(bytes)
    };
    Place {
        evidence: EvidenceId(evidence),
        pack: pack.to_owned(),
        offset,
        packed_bytes: number(40),
        raw_bytes: number(32),
    }
}

/// Makes a folder that only its owner may look into, with those above it, and their names durable: a synced file in a
/// folder that a power cut takes away is lost all the same.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(folder: &Path) -> Result<(), LakeError> {
    let missing = missing(folder);
    if missing.is_empty() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(LakeError::file(folder))?;
    missing.into_iter().try_for_each(|made| sync_folder(above(made)))
}

/// The folder and those above it that are not there yet, the uppermost first.
fn missing(folder: &Path) -> Vec<&Path> {
    let mut missing: Vec<&Path> =
        folder.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.is_dir()).collect();
    missing.reverse();
    missing
}

fn above(folder: &Path) -> &Path {
    folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a file that only its owner may read, empty, in place of one that was there.
///
/// # Errors
/// Those of the operating system.
pub(crate) fn make_file(path: &Path) -> std::io::Result<File> {
    made(path, fs::OpenOptions::new().write(true).create(true).truncate(true))
}

/// The same where no file has that name yet.
pub(crate) fn make_new_file(path: &Path) -> std::io::Result<File> {
    made(path, fs::OpenOptions::new().write(true).create_new(true))
}

fn made(path: &Path, options: &mut fs::OpenOptions) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Makes the names in a folder durable.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> Result<(), LakeError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(LakeError::file(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store_of(contents: &[&[u8]]) -> (tempfile::TempDir, EvidenceStore, Vec<Place>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = EvidenceStore::open(folder.path().join("evidence")).expect("opens");
        let mut compressor = compressor().expect("a compressor");
        let pieces: Vec<_> =
            contents.iter().map(|bytes| pack(&mut compressor, evidence_id(bytes), bytes).expect("packs")).collect();
        let written = store.write("a.pack", &pieces).expect("writes");
        (folder, store, written.places)
    }

    #[test]
    fn originals_come_back_byte_for_byte() {
        let contents: [&[u8]; 3] = [b"{}", b"", &[7; 100_000]];
        let (_folder, store, places) = store_of(&contents);
        for (place, bytes) in places.iter().zip(contents) {
            assert_eq!(store.read(place).expect("reads"), bytes);
        }
        assert_eq!(store.list("a.pack").expect("lists"), places);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let (_folder, store, places) = store_of(&[b"the original"]);
        let path = store.path("a.pack");
        let mut bytes = fs::read(&path).expect("reads");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, bytes).expect("writes");
        assert_eq!(store.read(&places[0]).expect_err("is damaged").code(), "lake-damaged");
    }

    #[test]
    fn a_cut_pack_is_noticed() {
        let (_folder, store, _) = store_of(&[b"the original"]);
        let path = store.path("a.pack");
        let bytes = fs::read(&path).expect("reads");
        fs::write(&path, &bytes[..bytes.len() - 1]).expect("writes");
        assert_eq!(store.list("a.pack").expect_err("is damaged").code(), "lake-damaged");
    }

    #[test]
    fn rewriting_leaves_nothing_of_what_was_removed() {
        let (_folder, store, places) = store_of(&[b"kept", b"a secret spilled"]);
        let kept = store.rewrite_without("a.pack", "b.pack", &[places[1].evidence]).expect("rewrites").places;
        store.remove("a.pack").expect("removes");
        assert_eq!(kept.len(), 1);
        assert_eq!(store.read(&kept[0]).expect("reads"), b"kept");
        let raw = fs::read(store.path("b.pack")).expect("reads");
        assert!(!raw.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn every_new_folder_is_found_to_make_its_name_durable() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a/b/c");
        assert_eq!(missing(&path), [folder.path().join("a"), folder.path().join("a/b"), path.clone()]);
        assert_eq!(missing(folder.path()), [] as [&Path; 0]);
        assert_eq!((above(Path::new("a")), above(Path::new("a/b"))), (Path::new("."), Path::new("a")));
        make_folder(&path).expect("makes");
        assert_eq!(missing(&path), [] as [&Path; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_what_is_stored() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a/b");
        make_folder(&path).expect("makes");
        assert_eq!((mode(&path), mode(&folder.path().join("a"))), (0o700, 0o700));
        let store = EvidenceStore::open(path).expect("opens");
        store.write("a.pack", &[]).expect("writes");
        assert_eq!(mode(&store.path("a.pack")), 0o600);
    }
}
