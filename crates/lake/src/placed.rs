// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An open file that many questions read at the same time.
//!
//! Cloned handles of one file share one position: where two threads move it in turns, each reads what the other one looked for. So
//! every read here names its place, and nothing is moved.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// A file with its length; clones are cheap.
#[derive(Clone, Debug)]
pub(crate) struct PlacedFile {
    file: Arc<File>,
    bytes: u64,
}

impl PlacedFile {
    /// A file that never changes.
    ///
    /// # Errors
    /// When its length cannot be told.
    pub fn new(file: File) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), bytes })
    }
}

impl Length for PlacedFile {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for PlacedFile {
    type T = BufReader<Reading>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(Reading { file: Arc::clone(&self.file), place: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // Asked before room is made: a damaged file can name any length.
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} lie beyond the end of the file")));
        }
        let mut buffer = vec![0; length];
        Reading { file: Arc::clone(&self.file), place: start }.read_exact(&mut buffer)?;
        Ok(buffer.into())
    }
}

/// A reading from a place on.
#[derive(Debug)]
pub(crate) struct Reading {
    file: Arc<File>,
    place: u64,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, buffer, self.place)?;
        self.place = self.place.saturating_add(read as u64);
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, place)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_do_not_move_each_other() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        std::fs::write(&path, b"0123456789").expect("writes");
        let file = PlacedFile::new(File::open(&path).expect("opens")).expect("a length");
        let mut readings = [file.get_read(1).expect("reads"), file.clone().get_read(6).expect("reads")];
        let mut pair = [0; 2];
        for (reading, expected) in [(0, b"12"), (1, b"67"), (0, b"34"), (1, b"89")] {
            // Past the buffer, as a long page is read.
            readings[reading].get_mut().read_exact(&mut pair).expect("is there");
            assert_eq!(&pair, expected);
        }
        assert_eq!(&file.get_bytes(8, 2).expect("is there")[..], b"89");
        assert!(file.get_bytes(8, 3).is_err());
        assert!(file.get_bytes(u64::MAX, 1).is_err());
    }
}
