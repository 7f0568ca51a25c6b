// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which container some bytes are, by their first bytes.
//!
//! Magic numbers: gzip RFC 1952, zstd RFC 8878, xz and bzip2 by their formats' headers, zip APPNOTE 4.3.7. A tar has no
//! magic number in its oldest form, so the checksum of its first header decides for all forms; no text passes it by chance.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem;

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The .xz format.
    Xz,
    /// The .bz2 format.
    Bzip2,
    /// Any zip that is no spreadsheet.
    Zip,
    /// An office spreadsheet: a zip that readers take whole.
    Spreadsheet,
    /// ustar, pax, GNU or the oldest tar.
    Tar,
}

impl Kind {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Zip => "zip",
            Self::Spreadsheet => "spreadsheet",
            Self::Tar => "tar",
        }
    }

    /// True when it can be taken apart without having it whole.
    pub(super) fn is_stream(self) -> bool {
        matches!(self, Self::Gzip | Self::Zstd | Self::Xz | Self::Bzip2 | Self::Tar)
    }
}

/// Bytes that [`detect`] needs to see to tell compressors and tar; a zip must be seen whole to tell a spreadsheet.
const HEAD_BYTES: u64 = 512;

/// Reads as many bytes as it takes to tell compressors and tar.
pub(super) fn head(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

const BZIP2_BLOCK: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_EMPTY: &[u8] = &[0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/// The container that `bytes` are, if any. Cheap: looks at the head, for a zip also for two names in its directory.
pub fn detect(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(Kind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Zstd),
        // Skippable frames may come first; real producers put a small one before the data.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Kind::Zstd),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Xz),
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(BZIP2_BLOCK) || rest.starts_with(BZIP2_EMPTY) =>
        {
            Some(Kind::Bzip2)
        }
        [b'P', b'K', 3, 4, ..] if is_spreadsheet(bytes) => Some(Kind::Spreadsheet),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        _ if is_tar(bytes) => Some(Kind::Tar),
        _ => None,
    }
}

/// Bytes at the start of a zip that tell a spreadsheet.
const ZIP_HEAD_BYTES: usize = 4 << 10;

/// Bytes at the end of a zip that tell a spreadsheet.
const ZIP_TAIL_BYTES: usize = 64 << 10;

/// The same for a file that is not in memory: of a large one only its ends are looked at.
///
/// # Errors
/// When it cannot be read.
pub fn detect_file(file: &mut (impl Read + Seek)) -> io::Result<Option<Kind>> {
    let size = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let mut ends = Vec::new();
    file.by_ref().take(ZIP_HEAD_BYTES as u64).read_to_end(&mut ends)?;
    if detect(&ends) == Some(Kind::Zip) {
        file.seek(SeekFrom::Start(size.saturating_sub(ZIP_TAIL_BYTES as u64).max(ends.len() as u64)))?;
        file.by_ref().take(ZIP_TAIL_BYTES as u64).read_to_end(&mut ends)?;
    }
    Ok(detect(&ends))
}

fn is_spreadsheet(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(ZIP_HEAD_BYTES)).unwrap_or_default();
    if memmem::find(head, b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet").is_some() {
        return true;
    }
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_TAIL_BYTES)..).unwrap_or_default();
    memmem::find(tail, b"[Content_Types].xml").is_some() && memmem::find(tail, b"xl/workbook.").is_some()
}

/// The sum of the header's bytes, its checksum field counted as blanks, stands in the header as octal digits.
fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk::<512>() else { return false };
    // Only the ustar forms may leave the name empty, when a longer one comes apart from the header.
    if header[0] == 0 && !header[257..].starts_with(b"ustar") {
        return false;
    }
    let digits: Vec<u8> = header[148..156].iter().copied().skip_while(|byte| *byte == b' ').collect();
    let end = digits.iter().position(|byte| !(b'0'..=b'7').contains(byte)).unwrap_or(digits.len());
    if end == 0 {
        return false;
    }
    let stated = digits[..end].iter().fold(0_u64, |sum, byte| sum * 8 + u64::from(byte - b'0'));
    let blanks = 8 * u64::from(b' ');
    let outside = header[..148].iter().chain(&header[156..]).map(|byte| u64::from(*byte)).sum::<u64>();
    stated == outside + blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_containers_by_content() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_old();
        header.set_size(0);
        header.set_cksum();
        tar.append_data(&mut header, "a", &b""[..]).unwrap();
        let tar = tar.into_inner().unwrap();
        for (bytes, expected) in [
            (&b"\x1f\x8b\x08\0"[..], Some(Kind::Gzip)),
            (b"\x1f\x8b\x07\0", None),
            (b"\x28\xb5\x2f\xfd", Some(Kind::Zstd)),
            (b"\x53\x2a\x4d\x18", Some(Kind::Zstd)),
            (b"\xfd7zXZ\0", Some(Kind::Xz)),
            (b"BZh91AY&SY", Some(Kind::Bzip2)),
            (b"BZh9 is how they write it", None),
            (b"PK\x03\x04", Some(Kind::Zip)),
            (b"PK\x05\x06", Some(Kind::Zip)),
            (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Some(Kind::Spreadsheet)),
            (b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml", Some(Kind::Spreadsheet)),
            (b"PK\x03\x04..[Content_Types].xml..word/document.xml", Some(Kind::Zip)),
            (&tar, Some(Kind::Tar)),
            (&[b'7'; 600], None),
            (&[0; 1024], None),
            (b"", None),
        ] {
            assert_eq!(detect(bytes), expected, "{:?}", bytes.get(..bytes.len().min(20)));
        }
    }
}
