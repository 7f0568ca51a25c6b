// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Objects out of the packs of a clone, each unpacked once and not once for every object that is made of it.
//!
//! A pack stores most objects as what differs from another one, their base, which may be stored the same way: a chain of up to
//! some thousands. Whether the base is the newer or the older version is up to the program that packed; a walk from the newest commit on
//! then asks for the far end of every chain first. So each object on the way is kept, for all threads that read the clone.
//! What cannot be read here is left to `gix`, which has the last word.
//!
//! Source: gitformat-pack(5), "Deltified representation".

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use gix::objs::Kind;
use gix::odb::pack::Bundle;
use gix::odb::pack::data::Entry;
use gix::odb::pack::data::entry::Header;
use gix::zlib::Inflate;
use underpin_model::limits::bounds::{GIT_DELTA_CHAIN, GIT_OBJECT_BYTES, GIT_PACK_CACHE_BYTES, GIT_PACKS};

use crate::delta;
use crate::recent::{Held, Recent};

/// Parts of what is kept, each with a lock of its own, so that threads seldom wait for each other.
const PARTS: usize = 16;

/// Which pack, and where in it.
type Place = (usize, u64);

/// An object.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) bytes: Arc<[u8]>,
}

impl Held for Object {
    fn held_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// What one thread needs for unpacking, used again and again.
#[derive(Default)]
pub(crate) struct Unpacker {
    inflate: Inflate,
    packed: Vec<u8>,
    whole: Vec<u8>,
    chain: Vec<Entry>,
}

/// The packs of a clone.
pub(crate) struct Packs {
    bundles: Vec<Bundle>,
    kept: Vec<Mutex<Recent<Place, Object>>>,
}

impl Packs {
    /// Opens the packs below the folder of git; those that cannot be opened are left out.
    pub(crate) fn open(git: &Path, hash: gix::hash::Kind) -> Self {
        let folder = git.join("objects/pack");
        let is_file = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_file());
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let indices = entries.filter(|path| path.extension().is_some_and(|extension| extension == "idx"));
        let whole = indices.filter(|path| is_file(path) && is_file(&path.with_extension("pack")));
        let bundles = whole.filter_map(|path| Bundle::at(path, hash).ok()).take(GIT_PACKS).collect();
        let kept = (0..PARTS).map(|_| Mutex::new(Recent::new(GIT_PACK_CACHE_BYTES / PARTS))).collect();
        Self { bundles, kept }
    }

    /// An object; `None` when no pack has it, or it cannot be read here.
    pub(crate) fn find(&self, id: &gix::oid, unpacker: &mut Unpacker) -> Option<Object> {
        self.bundles.iter().enumerate().find_map(|(pack, bundle)| {
            let offset = bundle.index.pack_offset_at_index(bundle.index.lookup(id)?);
            self.unpack((pack, offset), unpacker)
        })
    }

    /// Bytes of a file, without unpacking it; `None` when no pack has it, it is no file, or that cannot be read here.
    pub(crate) fn file_bytes(&self, id: &gix::oid, unpacker: &mut Unpacker) -> Option<u64> {
        self.bundles.iter().enumerate().find_map(|(pack, bundle)| {
            let mut at = bundle.index.pack_offset_at_index(bundle.index.lookup(id)?);
            let bytes = whole_bytes(bundle, at, &mut unpacker.inflate)?;
            for _ in 0..GIT_DELTA_CHAIN {
                if let Some(kept) = self.kept((pack, at)) {
                    return (kept.kind == Kind::Blob).then_some(bytes);
                }
                match down(bundle, &bundle.pack.entry(at).ok()?)? {
                    Down::Base(base) => at = base,
                    Down::Whole(kind) => return (kind == Kind::Blob).then_some(bytes),
                }
            }
            None
        })
    }

    fn part(&self, (pack, offset): Place) -> &Mutex<Recent<Place, Object>> {
        // Objects that follow each other in a pack are asked for at the same time: their last bits differ well enough.
        &self.kept[(offset as usize).wrapping_add(pack) % PARTS]
    }

    fn kept(&self, place: Place) -> Option<Object> {
        self.part(place).lock().unwrap_or_else(PoisonError::into_inner).get(place)
    }

    fn keep(&self, place: Place, object: &Object) {
        self.part(place).lock().unwrap_or_else(PoisonError::into_inner).put(place, object.clone());
    }

    /// Goes down the chain to something known, then up again.
    fn unpack(&self, (pack, offset): Place, unpacker: &mut Unpacker) -> Option<Object> {
        let bundle = self.bundles.get(pack)?;
        let mut at = offset;
        unpacker.chain.clear();
        let mut object = loop {
            if let Some(kept) = self.kept((pack, at)) {
                break kept;
            }
            let entry = bundle.pack.entry(at).ok().filter(|entry| entry.decompressed_size <= GIT_OBJECT_BYTES)?;
            at = match down(bundle, &entry)? {
                Down::Base(base) => base,
                Down::Whole(kind) => {
                    inflated(bundle, &entry, &mut unpacker.inflate, &mut unpacker.whole)?;
                    let object = Object { kind, bytes: unpacker.whole.as_slice().into() };
                    // A history asks for each commit only once, and those that are whole are seldom bases.
                    if kind == Kind::Tree || !unpacker.chain.is_empty() {
                        self.keep((pack, at), &object);
                    }
                    break object;
                }
            };
            unpacker.chain.push(entry);
            // Bases named by identifier may form a circle.
            if unpacker.chain.len() > GIT_DELTA_CHAIN {
                return None;
            }
        };
        while let Some(entry) = unpacker.chain.pop() {
            inflated(bundle, &entry, &mut unpacker.inflate, &mut unpacker.packed)?;
            delta::apply(&object.bytes, &unpacker.packed, GIT_OBJECT_BYTES, &mut unpacker.whole)?;
            object.bytes = unpacker.whole.as_slice().into();
            self.keep((pack, entry.pack_offset()), &object);
        }
        Some(object)
    }
}

/// What an entry is made of.
enum Down {
    /// Of what lies there in the same pack.
    Base(u64),
    /// Of nothing else.
    Whole(Kind),
}

fn down(bundle: &Bundle, entry: &Entry) -> Option<Down> {
    Some(match entry.header {
        Header::OfsDelta { base_distance } => Down::Base(entry.checked_base_pack_offset(base_distance)?),
        Header::RefDelta { base_id } => Down::Base(bundle.index.pack_offset_at_index(bundle.index.lookup(base_id)?)),
        header => Down::Whole(header.as_kind()?),
    })
}

/// Bytes of the object at a place, unpacked.
fn whole_bytes(bundle: &Bundle, at: u64, inflate: &mut Inflate) -> Option<u64> {
    let entry = bundle.pack.entry(at).ok()?;
    if !entry.header.is_delta() {
        return Some(entry.decompressed_size);
    }
    let packed = bundle.pack.entry_slice(entry.data_offset..bundle.pack.pack_end() as u64)?;
    let mut head = [0; delta::HEAD_BYTES];
    inflate.reset();
    let (_, _, written) = inflate.prefix(packed, &mut head).ok()?;
    delta::whole_bytes(&head[..written])
}

/// Inflates what an entry holds.
fn inflated(bundle: &Bundle, entry: &Entry, inflate: &mut Inflate, into: &mut Vec<u8>) -> Option<()> {
    into.clear();
    into.resize(usize::try_from(entry.decompressed_size).ok()?, 0);
    bundle.pack.decompress_entry(entry, inflate, into).ok().map(|_| ())
}
