// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file that many read at once, each from a place of their own.
//!
//! Handles of one open file that were cloned share the place where the next read begins. Two questions at the same moment would
//! read each other's bytes. So every read here says where it begins.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

/// An open file, read by place alone. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct PositionedFile(Arc<File>);

impl PositionedFile {
    pub(crate) fn new(file: File) -> Self {
        Self(Arc::new(file))
    }
}

impl Length for PositionedFile {
    fn len(&self) -> u64 {
        Length::len(&*self.0)
    }
}

impl ChunkReader for PositionedFile {
    type T = BufReader<Stretch>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(Stretch { file: self.clone(), next: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = vec![0; length];
        Stretch { file: self.clone(), next: start }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A file from some place on.
#[derive(Debug)]
pub(crate) struct Stretch {
    file: PositionedFile,
    next: u64,
}

impl Read for Stretch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file.0, buffer, self.next)?;
        self.next += read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], start: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, start)
}

/// It moves the common place, too, which nobody here goes by.
#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], start: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, start)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn readers_do_not_move_each_other() {
        let mut file = tempfile::tempfile().expect("a file");
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
        file.write_all(&bytes).expect("written");
        let file = PositionedFile::new(file);
        assert_eq!(Length::len(&file), 400_000);
        let (mut one, mut other) = (file.get_read(40).expect("a reader"), file.get_read(200_000).expect("a reader"));
        let mut parts = [[0; 30_000], [0; 30_000]];
        for at in (0..30_000).step_by(7_500) {
            one.read_exact(&mut parts[0][at..at + 7_500]).expect("read");
            assert_eq!(file.get_bytes(8, 4).expect("bytes"), &bytes[8..12]);
            other.read_exact(&mut parts[1][at..at + 7_500]).expect("read");
        }
        assert_eq!((&parts[0][..], &parts[1][..]), (&bytes[40..30_040], &bytes[200_000..230_000]));
        assert!(file.get_bytes(399_999, 2).is_err(), "there is no byte after the last one");
    }
}
