// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Digests that lie beside a file (`a.json.sha256`, `a.json.sha512`), as CSAF providers write them.
//!
//! Source: CSAF 2.0, 7.1.18 (integrity): the digest in hexadecimal first, then the name of the file.

use std::path::Path;

use sha2::{Digest, Sha256, Sha512};

use crate::delivery::Refusal;
use crate::error::Code;
use crate::from_path::hexadecimal;

/// Holds a file against the digests beside it, where there are some.
///
/// # Errors
/// A digest that is not that of the file, or that cannot be read.
pub(crate) fn check(path: &Path, name: &str) -> Result<(), Refusal> {
    for ending in ["sha256", "sha512"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{ending}"));
        let beside = Path::new(&beside);
        if !beside.is_file() {
            continue;
        }
        let refused = |error: std::io::Error| Refusal::new(Code::UnreadableFile, name, error.to_string());
        let stated = std::fs::read(beside).map_err(refused)?;
        let bytes = std::fs::read(path).map_err(refused)?;
        verify(ending, &String::from_utf8_lossy(&stated), &bytes)
            .map_err(|(code, detail)| Refusal::new(code, name, detail))?;
    }
    Ok(())
}

/// Holds bytes against a text that states their digest.
///
/// # Errors
/// Another digest, or no digest in the text.
pub(crate) fn verify(algorithm: &str, stated: &str, bytes: &[u8]) -> Result<(), (Code, String)> {
    let computed = match algorithm {
        "sha512" => hexadecimal(&Sha512::digest(bytes)),
        _ => hexadecimal(&Sha256::digest(bytes)),
    };
    let first = stated.split_whitespace().next().unwrap_or_default();
    if first.len() != computed.len() || !first.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err((Code::WrongHash, format!("the {algorithm} file holds no such digest")));
    }
    if first.eq_ignore_ascii_case(&computed) {
        Ok(())
    } else {
        Err((Code::WrongHash, format!("the {algorithm} file says {first}, the bytes give {computed}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_held_against_the_bytes() {
        // FIPS 180-4, the example "abc".
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for (algorithm, stated, is_right) in [
            ("sha256", format!("{right}  a.json\n"), true),
            ("sha256", right.to_uppercase(), true),
            ("sha256", format!("{}0", &right[..63]), false),
            ("sha256", right[..63].to_owned(), false),
            ("sha512", right.to_owned(), false),
            ("sha256", String::new(), false),
        ] {
            assert_eq!(verify(algorithm, &stated, b"abc").is_ok(), is_right, "{algorithm} {stated}");
        }
    }
}
