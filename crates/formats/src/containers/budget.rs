// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What unpacking may cost: bytes in all, bytes for each packed byte, members.
//!
//! Every decompressed byte is counted once at each level, so nesting does not hide anything. A bomb shows itself by one
//! of three signs: one file grows beyond `compression_ratio` times what went into it, an archive or everything together grows
//! beyond `archive_ratio` times its packed size, or everything together passes `archive_bytes`. Small files are exempt from the
//! ratios ([`RATIO_FREE_BYTES`]): a few mebibytes of zeros pack thousandfold and harm nobody.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use underpin_model::Limits;

use super::IssueCode;

/// What may be unpacked before ratios are looked at.
pub(super) const RATIO_FREE_BYTES: u64 = 4 << 20;

/// The same for everything together: one bomb must not take the good members beside it along.
const RATIO_FREE_BYTES_IN_ALL: u64 = 64 << 20;

/// The budget of one outermost file.
pub(super) struct Budget<'l> {
    pub limits: &'l Limits,
    outermost_bytes: u64,
    spent_bytes: Cell<u64>,
    members: Cell<usize>,
    refusal: RefCell<Option<(IssueCode, String)>>,
}

impl<'l> Budget<'l> {
    pub fn new(limits: &'l Limits, outermost_bytes: u64) -> Self {
        Self { limits, outermost_bytes, spent_bytes: Cell::new(0), members: Cell::new(0), refusal: RefCell::new(None) }
    }

    /// Counts one more member; false when there are too many.
    pub fn member(&self) -> bool {
        self.members.set(self.members.get().saturating_add(1));
        self.members.get() <= self.limits.archive_members
    }

    /// True when all together is more than may be unpacked, so that going on is useless.
    pub fn is_spent(&self) -> bool {
        let spent = self.spent_bytes.get();
        spent > self.limits.archive_bytes
            || spent > RATIO_FREE_BYTES_IN_ALL && exceeds(spent, self.outermost_bytes, self.limits.archive_ratio)
    }

    /// Counts unpacked bytes; an error when they are too many, which [`Budget::reason`] explains.
    fn spend(&self, bytes: u64, stream_unpacked: u64, stream_packed: u64, ratio: u64) -> io::Result<()> {
        self.spent_bytes.set(self.spent_bytes.get().saturating_add(bytes));
        let detail = if stream_unpacked > RATIO_FREE_BYTES && exceeds(stream_unpacked, stream_packed, ratio) {
            format!("{stream_packed} bytes had grown to {stream_unpacked}")
        } else if self.is_spent() {
            format!("{} bytes had grown to {} in all", self.outermost_bytes, self.spent_bytes.get())
        } else {
            return Ok(());
        };
        Err(self.refuse(IssueCode::CompressionBomb, detail))
    }

    /// An error whose reason is kept here, for libraries wrap errors as they like.
    pub fn refuse(&self, code: IssueCode, detail: String) -> io::Error {
        *self.refusal.borrow_mut() = Some((code, detail));
        io::Error::other(code.as_str())
    }

    /// Why reading stopped: our own refusal (taken back, so that it is told once), the end of the data, or damage, which is called
    /// `damaged` here.
    pub fn reason(&self, error: &io::Error, damaged: IssueCode) -> (IssueCode, String) {
        if let Some(refusal) = self.refusal.borrow_mut().take() {
            return refusal;
        }
        let code = match error.kind() {
            io::ErrorKind::UnexpectedEof if damaged == IssueCode::MalformedArchive => IssueCode::TruncatedArchive,
            _ => damaged,
        };
        (code, error.to_string())
    }
}

fn exceeds(unpacked: u64, packed: u64, ratio: u64) -> bool {
    unpacked > packed.saturating_mul(ratio)
}

/// Counts what a decoder takes in.
pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    /// The reader and the count that it moves on.
    pub fn new(inner: R) -> (Self, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        (Self { inner, count: Rc::clone(&count) }, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get().saturating_add(read as u64));
        Ok(read)
    }
}

/// How many packed bytes stand behind a stream.
pub(super) enum Packed {
    /// As many as a decoder has taken in so far.
    SoFar(Rc<Cell<u64>>),
    /// As many as the archive's directory states for the member.
    Stated(u64),
    /// The stream below is counted already.
    CountedBelow,
}

/// A decoder whose output is counted against the budget.
pub(super) struct Metered<'m> {
    inner: Box<dyn Read + 'm>,
    budget: &'m Budget<'m>,
    packed: Packed,
    unpacked: u64,
    ratio: u64,
}

impl<'m> Metered<'m> {
    pub fn new(inner: Box<dyn Read + 'm>, packed: Packed, budget: &'m Budget<'m>) -> Self {
        Self { inner, budget, packed, unpacked: 0, ratio: budget.limits.compression_ratio }
    }

    /// The same stream, once it is known to be an archive of many files.
    pub fn of_many(self) -> Self {
        Self { ratio: self.budget.limits.archive_ratio, ..self }
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)? as u64;
        self.unpacked = self.unpacked.saturating_add(read);
        let packed = match &self.packed {
            Packed::SoFar(count) => count.get(),
            Packed::Stated(count) => *count,
            Packed::CountedBelow => return Ok(usize::try_from(read).unwrap_or(0)),
        };
        self.budget.spend(read, self.unpacked, packed, self.ratio)?;
        Ok(usize::try_from(read).unwrap_or(0))
    }
}
