// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Undoing the compression of a transfer, within limits.

use std::io::Read;

use underpin_model::limits::bounds;

use crate::error::Code;

/// Unpacks gzip up to `most_bytes`, and to `ratio` times its packed size.
///
/// # Errors
/// Too much, or damage.
pub(crate) fn inflate(packed: &[u8], most_bytes: u64, ratio: u64) -> Result<Vec<u8>, (Code, String)> {
    let by_ratio = (packed.len() as u64).saturating_mul(ratio).max(bounds::UNPACKED_FLOOR_BYTES);
    let (most, code) =
        if by_ratio < most_bytes { (by_ratio, Code::CompressionBomb) } else { (most_bytes, Code::TooLarge) };
    let mut bytes = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(packed);
    decoder
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| (Code::BadAnswer, error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err((code, format!("{} bytes packed, more than {most} unpacked", packed.len())));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn no_more_is_unpacked_than_allowed() {
        let zeros = vec![0; 20 << 20];
        let code = |bytes: &[u8], most| inflate(bytes, most, 200).map_err(|(code, _)| code).map(|bytes| bytes.len());
        assert_eq!(code(&packed(b"hello"), 5), Ok(5));
        assert_eq!(code(&packed(b"hello"), 4), Err(Code::TooLarge));
        assert_eq!(code(&packed(&zeros), 1 << 30), Err(Code::CompressionBomb));
        assert_eq!(code(&packed(&zeros[..1 << 20]), 1 << 30), Ok(1 << 20));
        assert_eq!(code(b"no gzip", 100), Err(Code::BadAnswer));
        let whole = packed(b"hello hello hello");
        assert_eq!(code(&whole[..whole.len() - 4], 100), Err(Code::BadAnswer));
    }
}
