// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a tag or a commit of git carries its signature, and which bytes it signs.

/// How the armour of a signature begins, as git looks for it.
const BEGINS: &[&[u8]] = &[
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
];

/// The bytes that the signature of a tag signs, and the signature: all from the last line on that begins one.
pub(crate) fn of_tag(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = 0;
    let mut found = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if BEGINS.iter().any(|begin| line.starts_with(begin)) {
            found = Some(at);
        }
        at += line.len();
    }
    bytes.split_at_checked(found?)
}

/// The bytes that the signature of a commit signs (all but the fields of signatures), and the signature.
pub(crate) fn of_commit(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut signed, mut signature) = (Vec::with_capacity(bytes.len()), Vec::new());
    let mut rest = bytes;
    let mut in_field = Field::Other;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end + 1);
        if line == b"\n" {
            break;
        }
        rest = after;
        let (field, text) = match line.strip_prefix(b" ") {
            Some(text) => (in_field, text),
            None if line.starts_with(b"gpgsig ") => (Field::Signature, &line[7..]),
            None if line.starts_with(b"gpgsig-sha256 ") => (Field::Second, line),
            None => (Field::Other, line),
        };
        in_field = field;
        match field {
            Field::Signature => signature.extend_from_slice(text),
            Field::Second => {}
            Field::Other => signed.extend_from_slice(line),
        }
    }
    signed.extend_from_slice(rest);
    (!signature.is_empty()).then_some((signed, signature))
}

/// Which field of a commit a line belongs to.
#[derive(Clone, Copy)]
enum Field {
    Signature,
    /// The same commit under another kind of digest.
    Second,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_taken_out_of_what_it_signs() {
        let tag = b"object 1\ntag v1\n\nwords\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n";
        let (signed, signature) = of_tag(tag).expect("signed");
        assert_eq!(signed, b"object 1\ntag v1\n\nwords\n");
        assert!(signature.starts_with(b"-----BEGIN SSH") && signature.ends_with(b"-----\n"));
        assert_eq!(of_tag(b"object 1\n\nnot -----BEGIN PGP SIGNATURE-----\n"), None, "only at the beginning of a line");
        let commit = b"tree 1\ngpgsig -----BEGIN\n abc\n -----END\nencoding x\n\ngpgsig no field\n text\n";
        let (signed, signature) = of_commit(commit).expect("signed");
        assert_eq!(signed, b"tree 1\nencoding x\n\ngpgsig no field\n text\n");
        assert_eq!(signature, b"-----BEGIN\nabc\n-----END\n");
        for odd in [&b""[..], b"\n", b"tree 1", b"tree 1\n\ngpgsig x\n", b"gpgsig-sha256 abc\n d\n\n"] {
            assert_eq!(of_commit(odd), None, "{odd:?}");
        }
    }
}
