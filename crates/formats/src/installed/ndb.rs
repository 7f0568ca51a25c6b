// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! rpm's own database format, as SUSE uses it: `Packages.db`.
//!
//! Source: lib/backend/ndb in rpm. All numbers are little-endian. The first page holds a header (magic `RpmP`, version,
//! generation, number of pages with slots) and then slots of 16 bytes (magic `Slot`, package number, first block, number of
//! blocks; a package number of zero is a free slot). A block is 16 bytes. A package starts with 16 bytes (magic `BlbS`,
//! package number, generation, length) and goes on with its header.

use super::sqlite::Damage;

const FILE_MAGIC: &[u8] = b"RpmP";
const PAGE_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 16;
const SLOT_BYTES: usize = 16;

/// True when these bytes are such a file.
pub(super) fn is_ndb(bytes: &[u8]) -> bool {
    bytes.starts_with(FILE_MAGIC) && bytes.len() >= PAGE_BYTES
}

/// Hands the header of each package to `take`.
///
/// # Errors
/// When something is damaged; the packages that are not were handed over.
pub(super) fn blobs<'a>(bytes: &'a [u8], take: &mut dyn FnMut(&'a [u8])) -> Result<(), Damage> {
    let pages = le32(bytes, 12).ok_or("the header is too short")?;
    let slots_end = usize::try_from(pages).ok().and_then(|pages| pages.checked_mul(PAGE_BYTES));
    let slots = slots_end.and_then(|end| bytes.get(2 * SLOT_BYTES..end)).ok_or("there are fewer pages than stated")?;
    let mut result = Ok(());
    // Slots may name one package again and again in a damaged file; all together may not be more than the file.
    let mut left = bytes.len();
    for slot in slots.chunks_exact(SLOT_BYTES) {
        let package = le32(slot, 4).unwrap_or(0);
        if !slot.starts_with(b"Slot") || package == 0 {
            continue;
        }
        match blob(bytes, slot, package) {
            Some(blob) if blob.len() <= left => {
                left -= blob.len();
                take(blob);
            }
            _ => result = Err("a package is damaged"),
        }
    }
    result
}

fn blob<'a>(bytes: &'a [u8], slot: &[u8], package: u32) -> Option<&'a [u8]> {
    let start = usize::try_from(le32(slot, 8)?).ok()?.checked_mul(BLOCK_BYTES)?;
    let head = bytes.get(start..)?;
    let sound = head.starts_with(b"BlbS") && le32(head, 4)? == package;
    let length = usize::try_from(le32(head, 12)?).ok()?;
    head.get(BLOCK_BYTES..BLOCK_BYTES.checked_add(length)?).filter(|_| sound)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

/// A file with these packages, for tests.
#[cfg(test)]
pub(super) fn build(packages: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; PAGE_BYTES];
    bytes[..4].copy_from_slice(FILE_MAGIC);
    bytes[12..16].copy_from_slice(&1_u32.to_le_bytes());
    for (index, package) in packages.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap();
        let block = u32::try_from(bytes.len() / BLOCK_BYTES).unwrap();
        let slot = &mut bytes[(index + 2) * SLOT_BYTES..(index + 3) * SLOT_BYTES];
        slot[..4].copy_from_slice(b"Slot");
        slot[4..8].copy_from_slice(&number.to_le_bytes());
        slot[8..12].copy_from_slice(&block.to_le_bytes());
        bytes.extend_from_slice(b"BlbS");
        for value in [number, 1, u32::try_from(package.len()).unwrap()] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(package);
        bytes.resize(bytes.len().next_multiple_of(BLOCK_BYTES), 0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_packages_do_not_cost_the_others() {
        let mut bytes = build(&[b"one".to_vec(), b"two".to_vec()]);
        let mut seen = Vec::new();
        assert_eq!(blobs(&bytes, &mut |blob| seen.push(blob.to_vec())), Ok(()));
        assert_eq!(seen, [b"one", b"two"]);
        bytes[PAGE_BYTES] = b'x';
        seen.clear();
        assert_eq!(blobs(&bytes, &mut |blob| seen.push(blob.to_vec())), Err("a package is damaged"));
        assert_eq!(seen, [b"two"]);
        assert!(!is_ndb(b"RpmP"));
    }
}
