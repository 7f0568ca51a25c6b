// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! gzip, zstd, xz and bzip2, each also in several streams one after the other.
//!
//! A tar inside is read member by member while it is being unpacked; anything else is read whole and looked at again.
//! What follows a complete gzip stream and is no further one (padding of tapes and signatures) is passed over, as gzip
//! itself does.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use super::budget::{Counted, Metered, Packed};
use super::{IssueCode, Kind, Place, Session, Take, kind, tar_archive};

const BUFFER_BYTES: usize = 64 << 10;

/// Memory that one zstd frame may ask for, as a power of two: what `zstd --long` uses at most by default.
const ZSTD_WINDOW_LOG: u32 = 27;

/// Memory that one xz stream may ask for; its highest preset needs 65 MiB.
const XZ_MEMORY_BYTES: u64 = 256 << 20;

/// Takes apart what the compressed `packed` gives; `place` is that of the compressed file.
pub(super) fn read<'r>(
    session: &'r Session<'_>,
    kind: Kind,
    packed: impl Read + 'r,
    place: &Place,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    let (counted, count) = Counted::new(packed);
    let buffered = BufReader::with_capacity(BUFFER_BYTES, counted);
    let failed =
        |error: &io::Error, take: &mut Take<'_>| session.failed(error, IssueCode::MalformedArchive, place, take);
    let mut metered = match decoder(kind, buffered) {
        Ok(decoder) => Metered::new(decoder, Packed::SoFar(count), session.budget),
        Err(error) => return failed(&error, take),
    };
    let head = match kind::head(&mut metered) {
        Ok(head) => head,
        Err(error) => return failed(&error, take),
    };
    // A tar and its compressor count as one container, and its members are named after the file as it is called.
    if kind::detect(&head) == Some(Kind::Tar) {
        return tar_archive::read_stream(session, io::Cursor::new(head).chain(metered.of_many()), place, take);
    }
    session.whole(head, metered, 0, place.unpacked(), (place, IssueCode::MalformedArchive), take)
}

fn decoder<'r>(kind: Kind, packed: impl BufRead + 'r) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match kind {
        Kind::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(decoder)
        }
        Kind::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_BYTES, liblzma::stream::CONCATENATED)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(packed, stream))
        }
        Kind::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        _ => Box::new(GzipStreams { current: Some(flate2::bufread::GzDecoder::new(packed)) }),
    })
}

/// gzip streams one after the other; stops without complaint at bytes that start no further stream.
struct GzipStreams<R> {
    current: Option<flate2::bufread::GzDecoder<R>>,
}

impl<R: BufRead> Read for GzipStreams<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.current {
            let read = decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            let mut packed = match self.current.take() {
                Some(decoder) => decoder.into_inner(),
                None => break,
            };
            if packed.fill_buf()?.first() == Some(&0x1f) {
                self.current = Some(flate2::bufread::GzDecoder::new(packed));
            }
        }
        Ok(0)
    }
}
