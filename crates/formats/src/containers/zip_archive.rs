// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! zip: by its directory, or from its start when the directory is cut off.
//!
//! Source: PKWARE APPNOTE. Stored members of a zip in memory are borrowed (their checksum is still looked at); all others are
//! read as streams, so a tar inside is not read whole. Traps: members may overlap, so a small file can state petabytes (the budget
//! over everything stops it); tools for Windows write `\` between folders; links are marked in Unix attributes only.

use std::borrow::Cow;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;

use zip::CompressionMethod;
use zip::read::{ZipArchive, ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use super::budget::{Budget, Metered, Packed};
use super::{IssueCode, Place, Session, Take, issue, member_path};

/// Takes apart a zip; `memory` is the whole of it, where that is at hand.
pub(super) fn read<R: Read + Seek>(
    session: &Session<'_>,
    mut source: R,
    memory: Option<&[u8]>,
    place: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    let mut archive = match ZipArchive::new(&mut source) {
        Ok(archive) => archive,
        Err(error) => return without_directory(session, &mut source, &error, place, take),
    };
    for index in 0..archive.len() {
        if !session.budget.member() {
            return too_many(session, place, take);
        }
        // The raw member comes first: it can be asked for its name although it is encrypted or packed in unknown ways.
        let found = match archive.by_index_raw(index) {
            Ok(raw) => checked(session, &raw, place),
            Err(error) => Err((IssueCode::MalformedMember, place.clone(), error.to_string())),
        };
        match found {
            Ok(None) => {}
            Err((code, place, detail)) => issue(code, place.path, detail, take)?,
            Ok(Some(Found { place, stored: Some(range), crc32, .. })) if memory.is_some() => {
                match memory.and_then(|memory| memory.get(range)) {
                    Some(stored) if crc32_of(stored) == crc32 => session.bytes(Cow::Borrowed(stored), place, take)?,
                    _ => issue(IssueCode::MalformedMember, place.path, "wrong checksum or length", take)?,
                }
            }
            Ok(Some(Found { place, size, packed, .. })) => match archive.by_index(index) {
                Ok(file) => {
                    let metered = Metered::new(Box::new(file), Packed::Stated(packed), session.budget);
                    session.stream(metered, size, place, IssueCode::MalformedMember, take)?;
                }
                Err(error) => issue(code_of(&error), place.path, error.to_string(), take)?,
            },
        }
        if session.budget.is_spent() {
            return ControlFlow::Continue(());
        }
    }
    ControlFlow::Continue(())
}

/// Unpacks every member into nothing, for libraries that open a zip themselves and set no limits: the bytes in all.
///
/// # Errors
/// The first member beyond the budget, or damaged.
pub(super) fn measure(budget: &Budget<'_>, bytes: &[u8]) -> Result<u64, (IssueCode, String)> {
    let malformed = |error: ZipError| (IssueCode::MalformedArchive, error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(malformed)?;
    let mut unpacked = 0;
    for index in 0..archive.len() {
        if !budget.member() {
            return Err((IssueCode::TooManyMembers, format!("more than {} members", budget.limits.archive_members)));
        }
        let file = archive.by_index(index).map_err(|error| (code_of(&error), error.to_string()))?;
        let packed = Packed::Stated(file.compressed_size());
        let mut metered = Metered::new(Box::new(file), packed, budget);
        unpacked += std::io::copy(&mut metered, &mut std::io::sink())
            .map_err(|error| budget.reason(&error, IssueCode::MalformedMember))?;
    }
    Ok(unpacked)
}

/// A member worth reading.
struct Found {
    place: Place,
    size: u64,
    packed: u64,
    crc32: u32,
    /// Where it stands in the archive, when it is stored as it is.
    stored: Option<std::ops::Range<usize>>,
}

type Refused = (IssueCode, Place, String);

/// Looks at what the directory says; `None` for folders.
fn checked<R: Read>(session: &Session<'_>, file: &ZipFile<'_, R>, archive: &Place) -> Result<Option<Found>, Refused> {
    let raw = match file.name() {
        Ok(name) => name.replace('\\', "/"),
        Err(_) => String::from_utf8_lossy(file.name_raw()).replace('\\', "/"),
    };
    if file.is_dir() || raw.ends_with('/') {
        return Ok(None);
    }
    let limits = session.limits();
    let name = member_path::clean(&raw, limits).map_err(|(code, detail)| (code, archive.clone(), detail))?;
    let place = archive.member(&name);
    let (size, packed) = (file.size(), file.compressed_size());
    // File type bits of Unix: link, and neither regular file nor unset.
    let kind = file.unix_mode().unwrap_or(0) & 0o170_000;
    if kind == 0o120_000 || file.is_symlink() {
        return Err((IssueCode::LinkRefused, place, "symbolic link".to_owned()));
    }
    if kind != 0 && kind != 0o100_000 {
        return Err((IssueCode::DeviceRefused, place, format!("file type {kind:o}")));
    }
    if file.encrypted() {
        return Err((IssueCode::EncryptedMember, place, format!("{packed} bytes")));
    }
    if size > limits.evidence_bytes {
        return Err((IssueCode::TooLarge, place, format!("{size} bytes, limit {}", limits.evidence_bytes)));
    }
    let start = file.data_start().and_then(|start| usize::try_from(start).ok());
    let end = start.and_then(|start| start.checked_add(usize::try_from(packed).ok()?));
    let is_stored = file.compression() == CompressionMethod::Stored && size == packed;
    let stored = start.zip(end).filter(|_| is_stored).map(|(start, end)| start..end);
    Ok(Some(Found { place, size, packed, crc32: file.crc32(), stored }))
}

/// Without its directory (cut off in the middle) a zip is read from its start as far as it goes.
fn without_directory<R: Read + Seek>(
    session: &Session<'_>,
    source: &mut R,
    error: &ZipError,
    place: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    if let Err(error) = source.rewind() {
        return session.failed(&error, IssueCode::MalformedArchive, place, take);
    }
    while !session.budget.is_spent() {
        let Ok(Some(file)) = read_zipfile_from_stream(source) else { break };
        if !session.budget.member() {
            return too_many(session, place, take);
        }
        match checked(session, &file, place) {
            Ok(None) => {}
            Err((code, place, detail)) => issue(code, place.path, detail, take)?,
            Ok(Some(found)) => {
                let metered = Metered::new(Box::new(file), Packed::Stated(found.packed), session.budget);
                session.stream(metered, found.size, found.place, IssueCode::MalformedMember, take)?;
            }
        }
    }
    issue(IssueCode::TruncatedArchive, place.path.clone(), format!("no directory at its end: {error}"), take)
}

fn too_many(session: &Session<'_>, place: &Place, take: &mut Take<'_>) -> ControlFlow<()> {
    let detail = format!("more than {} members", session.limits().archive_members);
    issue(IssueCode::TooManyMembers, place.path.clone(), detail, take)
}

fn code_of(error: &ZipError) -> IssueCode {
    match error {
        ZipError::CompressionMethodNotSupported(_) => IssueCode::UnsupportedCompression,
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => IssueCode::EncryptedMember,
        ZipError::UnsupportedArchive(_) => IssueCode::UnsupportedCompression,
        ZipError::InvalidPassword => IssueCode::EncryptedMember,
        _ => IssueCode::MalformedMember,
    }
}

fn crc32_of(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
