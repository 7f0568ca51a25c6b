// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Taking containers apart: gzip, zstd, xz, bzip2, tar and zip, one inside the other, by content and never by name.
//!
//! [`unpack`] and [`unpack_file`] hand over one member at a time, so an archive of gigabytes never lies in memory as a whole:
//! a tar behind a compressor is read as a stream, a plain tar and the stored members of a zip are borrowed. Nothing is ever written to
//! disk, and everything that a hostile archive could try is refused for that member alone with an [`IssueCode`], while
//! the good members are kept: paths that leave the archive, links, devices, encrypted or damaged members, compression
//! bombs (by ratio and by total), too many, too large, too deep.
//!
//! Traps: office documents are zips too. Spreadsheets (`.xlsx`, `.ods`) stay whole, since readers take them as they are;
//! every other zip (also JARs, wheels, text documents) is taken apart, for an SBOM may lie inside.

mod budget;
mod compressed;
mod kind;
mod member_path;
mod tar_archive;
mod zip_archive;

use std::borrow::Cow;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use underpin_model::Limits;

use budget::{Budget, Metered};
pub use kind::{Kind, detect, detect_file};

/// One innermost file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The path given, then `!` and the member path for each archive; a compressed file has its suffix cut off.
    pub path: String,
    /// How many containers were taken off (a tar and its compressor count as one); 0 when nothing was packed.
    pub depth: usize,
    /// The content: borrowed from the bytes given where they were not packed, else owned and free to be moved away.
    pub bytes: Cow<'a, [u8]>,
}

/// Something that was refused, or could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// The path of the member or archive, written as in [`Member::path`].
    pub path: String,
    /// What was seen.
    pub detail: String,
}

/// What [`unpack`] hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An innermost file.
    Member(Member<'a>),
    /// Something refused.
    Issue(Issue),
}

macro_rules! issue_codes {
    ($($variant:ident $code:literal $meaning:literal;)*) => {
        /// Why a member or the rest of an archive is not there. Codes are stable: scripts may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum IssueCode { $(#[doc = $meaning] $variant,)* }

        impl IssueCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what is done about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

issue_codes! {
    UnsafePath "unsafe-path" "The path of a member is absolute or leaves the archive. The member was left out.";
    PathTooLong "path-too-long" "The path of a member is longer than the limit. The member was left out.";
    LinkRefused "link-refused" "The member is a link. It was left out; what it points to is read where it lies.";
    DeviceRefused "device-refused" "The member is a device file or a pipe. It was left out.";
    UnsupportedMember "unsupported-member" "The member is of a kind that carries no evidence (a sparse file). It was left out.";
    EncryptedMember "encrypted-member" "The member is encrypted. It was left out.";
    UnsupportedCompression "unsupported-compression" "The member is packed with a method we do not read. It was left out.";
    MalformedMember "malformed-member" "The content of a member is damaged. The member was left out.";
    TooLarge "too-large" "The member is larger than one piece of evidence may be. It was left out.";
    CompressionBomb "compression-bomb" "Unpacking would give far more than a real file does. It was stopped.";
    TooManyMembers "too-many-members" "The archive has more members than the limit. The rest was left out.";
    TooDeep "too-deep" "Archives lie inside archives deeper than the limit. The innermost one was left out.";
    TruncatedArchive "truncated-archive" "The archive ends in the middle. What came before was read.";
    MalformedArchive "malformed-archive" "The archive is damaged. What came before the damage was read.";
}

/// Where the members go. `Break` stops the unpacking (the caller's own failure, such as a full disk).
type Take<'t> = dyn FnMut(Item<'_>) -> ControlFlow<()> + 't;

/// Takes `bytes`, which were found at `path`, apart and hands every innermost file and every refusal to `take`, in the
/// order of the archive. Bytes that are no container are handed over as they are, borrowed.
///
/// Returns `Break` when `take` did.
pub fn unpack(
    bytes: &[u8],
    path: &str,
    limits: &Limits,
    take: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let budget = Budget::new(limits, bytes.len() as u64);
    let session = Session { budget: &budget };
    session.bytes(Cow::Borrowed(bytes), Place { path: path.to_owned(), depth: 0 }, take)
}

/// The same for a container that is not in memory: nothing but the member at hand is. What is no container gives nothing.
///
/// # Errors
/// When the file itself cannot be read, not for what is wrong with its content.
pub fn unpack_file(
    mut file: impl Read + Seek,
    path: &str,
    limits: &Limits,
    take: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> std::io::Result<ControlFlow<()>> {
    let kind = detect_file(&mut file)?;
    let bytes = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let budget = Budget::new(limits, bytes);
    let session = Session { budget: &budget };
    let place = Place { path: path.to_owned(), depth: 0 };
    let file = BufReader::with_capacity(FILE_BUFFER_BYTES, file);
    Ok(match kind {
        None | Some(Kind::Spreadsheet) => ControlFlow::Continue(()),
        Some(kind) if limits.archive_depth == 0 => too_deep(kind, place, take),
        Some(Kind::Zip) => zip_archive::read(&session, file, None, &place, take),
        Some(Kind::Tar) => tar_archive::read_stream(&session, file, &place, take),
        Some(kind) => compressed::read(&session, kind, file, &place, take),
    })
}

/// How many bytes a spreadsheet unpacks to, found by really unpacking it within the limits. Call it before a library that sets no
/// limits of its own opens the spreadsheet.
///
/// # Errors
/// A bomb, damage, or too many members.
pub fn measure_spreadsheet(bytes: &[u8], path: &str, limits: &Limits) -> Result<u64, Issue> {
    let budget = Budget::new(limits, bytes.len() as u64);
    zip_archive::measure(&budget, bytes).map_err(|(code, detail)| Issue { code, path: path.to_owned(), detail })
}

/// What stays the same while one outermost file is taken apart.
struct Session<'s> {
    budget: &'s Budget<'s>,
}

/// Where we are: path as in [`Member::path`] and containers taken off.
#[derive(Clone)]
struct Place {
    path: String,
    depth: usize,
}

impl Place {
    /// A member of the archive at this place.
    fn member(&self, name: &str) -> Self {
        Self { path: format!("{}!{name}", self.path), depth: self.depth + 1 }
    }

    /// The content of the compressed file at this place.
    fn unpacked(&self) -> Self {
        Self { path: member_path::without_suffix(&self.path).to_owned(), depth: self.depth + 1 }
    }
}

impl Session<'_> {
    fn limits(&self) -> &Limits {
        self.budget.limits
    }

    /// Takes apart bytes that lie in memory.
    fn bytes(&self, bytes: Cow<'_, [u8]>, place: Place, take: &mut Take<'_>) -> ControlFlow<()> {
        let Some(kind) = detect(&bytes) else {
            return self.member(bytes, place, take);
        };
        if kind == Kind::Spreadsheet {
            return self.member(bytes, place, take);
        }
        if place.depth >= self.limits().archive_depth {
            return too_deep(kind, place, take);
        }
        match kind {
            Kind::Zip | Kind::Spreadsheet => zip_archive::read(self, Cursor::new(&*bytes), Some(&*bytes), &place, take),
            Kind::Tar => tar_archive::read_bytes(self, &bytes, &place, take),
            Kind::Gzip | Kind::Zstd | Kind::Xz | Kind::Bzip2 => compressed::read(self, kind, &*bytes, &place, take),
        }
    }

    /// Takes apart what a member's reader gives, without reading it whole where that is possible. `size_hint` is what
    /// the archive claims about the size; `damaged` is what damage is called here.
    fn stream(
        &self,
        mut reader: Metered<'_>,
        size_hint: u64,
        place: Place,
        damaged: IssueCode,
        take: &mut Take<'_>,
    ) -> ControlFlow<()> {
        let head = match kind::head(&mut reader) {
            Ok(head) => head,
            Err(error) => return self.failed(&error, damaged, &place, take),
        };
        match detect(&head) {
            Some(kind) if kind.is_stream() && place.depth >= self.limits().archive_depth => too_deep(kind, place, take),
            Some(Kind::Tar) => tar_archive::read_stream(self, Cursor::new(head).chain(reader.of_many()), &place, take),
            Some(kind) if kind.is_stream() => {
                compressed::read(self, kind, Cursor::new(head).chain(reader), &place, take)
            }
            _ => self.whole(head, reader, size_hint, place.clone(), (&place, damaged), take),
        }
    }

    /// Reads the rest of `reader` behind `head` and goes on with the bytes, which are at `place`. What goes wrong is
    /// reported for `blamed`, damage under the code beside it.
    fn whole(
        &self,
        head: Vec<u8>,
        mut reader: Metered<'_>,
        size_hint: u64,
        place: Place,
        (blamed, damaged): (&Place, IssueCode),
        take: &mut Take<'_>,
    ) -> ControlFlow<()> {
        let limit = self.limits().evidence_bytes;
        let mut bytes = head;
        // A claimed size is trusted for the buffer only as far as an honest file needs it; beyond it grows as it is read.
        bytes.reserve(usize::try_from(size_hint.min(limit).min(PREALLOCATED_BYTES)).unwrap_or(0));
        let rest = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
        if let Err(error) = reader.by_ref().take(rest).read_to_end(&mut bytes) {
            return self.failed(&error, damaged, blamed, take);
        }
        if bytes.len() as u64 > limit {
            return issue(IssueCode::TooLarge, blamed.path.clone(), format!("more than {limit} bytes"), take);
        }
        self.bytes(Cow::Owned(bytes), place, take)
    }

    /// Hands over an innermost file.
    fn member(&self, bytes: Cow<'_, [u8]>, place: Place, take: &mut Take<'_>) -> ControlFlow<()> {
        take(Item::Member(Member { path: place.path, depth: place.depth, bytes }))
    }

    /// Reports why reading stopped: our own refusal, the end of the data, or damage.
    fn failed(
        &self,
        error: &std::io::Error,
        damaged: IssueCode,
        place: &Place,
        take: &mut Take<'_>,
    ) -> ControlFlow<()> {
        let (code, detail) = self.budget.reason(error, damaged);
        issue(code, place.path.clone(), detail, take)
    }
}

/// Buffer between a container's file and what takes it apart.
const FILE_BUFFER_BYTES: usize = 64 << 10;

/// Largest buffer reserved on the word of an archive's header.
const PREALLOCATED_BYTES: u64 = 64 << 20;

fn too_deep(kind: Kind, place: Place, take: &mut Take<'_>) -> ControlFlow<()> {
    issue(IssueCode::TooDeep, place.path, format!("{} inside {} containers", kind.as_str(), place.depth), take)
}

fn issue(code: IssueCode, path: String, detail: impl Into<String>, take: &mut Take<'_>) -> ControlFlow<()> {
    take(Item::Issue(Issue { code, path, detail: detail.into() }))
}

#[cfg(test)]
mod tests;
