// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! tar in all its forms (oldest, ustar, pax, GNU long names), as a stream or in memory.
//!
//! Traps: long names and pax records are stored like files and a hostile archive can give them any length, so what may be
//! read between two members is limited ([`HEADER_BYTES`]). GNU sparse files state a size that costs nothing; they carry no
//! evidence and are left out. An archive without its two closing blocks of zeros is accepted, as tar itself does.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use tar::{Archive, Entry, EntryType};

use super::budget::{Metered, Packed};
use super::{IssueCode, Place, Session, Take, issue, member_path};

/// Most that headers, long names and pax records of one member may take.
const HEADER_BYTES: u64 = 1 << 20;

/// Takes apart a tar that lies in memory; regular members are borrowed.
pub(super) fn read_bytes(session: &Session<'_>, bytes: &[u8], place: &Place, take: &mut Take<'_>) -> ControlFlow<()> {
    read(session, Cursor::new(bytes), Some(bytes), place, take)
}

/// Takes apart a tar as it comes.
pub(super) fn read_stream(
    session: &Session<'_>,
    reader: impl Read,
    place: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    read(session, reader, None, place, take)
}

fn read(
    session: &Session<'_>,
    reader: impl Read,
    memory: Option<&[u8]>,
    place: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    let quota = Rc::new(Cell::new(HEADER_BYTES));
    let mut archive = Archive::new(Limited { inner: reader, quota: Rc::clone(&quota), session });
    let failed =
        |error: &io::Error, place: &Place, take: &mut Take<'_>| session.failed(error, damage_of(error), place, take);
    let mut entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return failed(&error, place, take),
    };
    loop {
        quota.set(HEADER_BYTES);
        let mut entry = match entries.next() {
            None => return ControlFlow::Continue(()),
            Some(Ok(entry)) => entry,
            Some(Err(error)) => return failed(&error, place, take),
        };
        quota.set(u64::MAX);
        if !session.budget.member() {
            let detail = format!("more than {} members", session.limits().archive_members);
            return issue(IssueCode::TooManyMembers, place.path.clone(), detail, take);
        }
        let is_cut = Cell::new(false);
        member(session, &mut entry, memory, &is_cut, place, take)?;
        if is_cut.get() || session.budget.is_spent() {
            return ControlFlow::Continue(());
        }
        // What a member leaves unread is read here, outside the limit for headers.
        if let Err(error) = io::copy(&mut entry, &mut io::sink()) {
            return failed(&error, place, take);
        }
    }
}

/// One member: checked, then read and handed on. `is_cut` becomes true when the archive ends inside it.
fn member<R: Read>(
    session: &Session<'_>,
    entry: &mut Entry<'_, R>,
    memory: Option<&[u8]>,
    is_cut: &Cell<bool>,
    archive: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    let kind = entry.header().entry_type();
    if matches!(kind, EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader) {
        return ControlFlow::Continue(());
    }
    let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let name = match member_path::clean(&raw, session.limits()) {
        Ok(name) => name,
        Err((code, detail)) => return issue(code, archive.path.clone(), detail, take),
    };
    let place = archive.member(&name);
    let size = entry.size();
    let refused = match kind {
        EntryType::Regular | EntryType::Continuous => None,
        EntryType::Symlink | EntryType::Link => Some(IssueCode::LinkRefused),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Some(IssueCode::DeviceRefused),
        _ => Some(IssueCode::UnsupportedMember),
    };
    if let Some(code) = refused {
        return issue(code, place.path, format!("tar member of type {:?}", char::from(kind.as_byte())), take);
    }
    let limit = session.limits().evidence_bytes;
    if size > limit {
        return issue(IssueCode::TooLarge, place.path, format!("{size} bytes, limit {limit}"), take);
    }
    if let Some(memory) = memory {
        let start = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
        let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size));
        return match end.and_then(|end| memory.get(start..end)) {
            Some(bytes) => session.bytes(Cow::Borrowed(bytes), place, take),
            None => {
                is_cut.set(true);
                let detail = format!("the member states {size} bytes and the archive ends");
                issue(IssueCode::TruncatedArchive, place.path, detail, take)
            }
        };
    }
    // The budget already counts the stream below; what it counts again here only makes it a little stricter.
    let exact = Exact { inner: entry, missing: size, is_cut };
    let metered = Metered::new(Box::new(exact), Packed::CountedBelow, session.budget);
    session.stream(metered, size, place, IssueCode::MalformedArchive, take)
}

/// The library tells an end inside a header or between members by a text only; everything else that is wrong is damage.
fn damage_of(error: &io::Error) -> IssueCode {
    let text = error.to_string();
    let is_end = ["failed to read entire block", "unexpected EOF"].iter().any(|end| text.contains(end));
    if is_end { IssueCode::TruncatedArchive } else { IssueCode::MalformedArchive }
}

/// Limits what may be read between two members.
struct Limited<'s, 'b, R> {
    inner: R,
    quota: Rc<Cell<u64>>,
    session: &'s Session<'b>,
}

impl<R: Read> Read for Limited<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Some(left) = self.quota.get().checked_sub(read as u64) else {
            let detail = format!("headers of one member are longer than {HEADER_BYTES} bytes");
            return Err(self.session.budget.refuse(IssueCode::CompressionBomb, detail));
        };
        self.quota.set(left);
        Ok(read)
    }
}

/// A member that must have the length it states: an early end is an error.
struct Exact<'c, R> {
    inner: R,
    missing: u64,
    is_cut: &'c Cell<bool>,
}

impl<R: Read> Read for Exact<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // An error of the stream below ends the whole archive, not only this member.
        let read = self.inner.read(buffer).inspect_err(|_| self.is_cut.set(true))?;
        if read == 0 && !buffer.is_empty() && self.missing > 0 {
            self.is_cut.set(true);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends inside a member"));
        }
        self.missing = self.missing.saturating_sub(read as u64);
        Ok(read)
    }
}
