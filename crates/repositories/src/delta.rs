// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a pack writes what differs between an object and its base: stretches to copy from the base, and bytes to insert.
//!
//! Source: gitformat-pack(5), "Deltified representation".

/// Bytes that an instruction copies when it says none.
const COPIED_BYTES: usize = 0x10000;

/// Bytes at the beginning in which both sizes stand.
pub(crate) const HEAD_BYTES: usize = 18;

/// Writes the object into `whole`, which is emptied first. `None` where the instructions do not fit their base, do not make what
/// they promise, or promise more than `most_bytes`.
pub(crate) fn apply(base: &[u8], instructions: &[u8], most_bytes: u64, whole: &mut Vec<u8>) -> Option<()> {
    let mut rest = instructions;
    let (base_bytes, whole_bytes) = (size(&mut rest)?, size(&mut rest)?);
    if base_bytes != base.len() as u64 || whole_bytes > most_bytes {
        return None;
    }
    let whole_bytes = usize::try_from(whole_bytes).ok()?;
    whole.clear();
    whole.reserve(whole_bytes);
    while let Some((instruction, after)) = rest.split_first() {
        rest = after;
        let piece = if instruction & 0x80 == 0 {
            // An instruction to insert no byte is reserved.
            let count = usize::from(*instruction);
            rest.split_off(..count).filter(|_| count > 0)?
        } else {
            let from = number(&mut rest, *instruction, 4)?;
            let count = number(&mut rest, instruction >> 4, 3)?;
            let count = if count == 0 { COPIED_BYTES } else { count };
            base.get(from..from.checked_add(count)?)?
        };
        if piece.len() > whole_bytes - whole.len() {
            return None;
        }
        whole.extend_from_slice(piece);
    }
    (whole.len() == whole_bytes).then_some(())
}

/// Bytes of the object that the instructions promise.
pub(crate) fn whole_bytes(head: &[u8]) -> Option<u64> {
    let mut rest = head;
    size(&mut rest)?;
    size(&mut rest)
}

/// A number in groups of seven bits, the lowest first.
fn size(rest: &mut &[u8]) -> Option<u64> {
    let mut size = 0;
    for shift in (0..63).step_by(7) {
        let byte = *rest.split_off_first()?;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(size);
        }
    }
    None
}

/// A number of up to `most` bytes, the lowest first; a bit for each says whether it is written or zero.
fn number(rest: &mut &[u8], written: u8, most: u32) -> Option<usize> {
    let mut number = 0;
    for place in (0..most).filter(|place| written >> place & 1 == 1) {
        number |= usize::from(*rest.split_off_first()?) << (8 * place);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A base, the bytes that are promised, the instructions, and what comes out.
    type Case<'a> = (&'a [u8], u64, &'a [u8], Option<&'a [u8]>);

    fn applied(base: &[u8], instructions: &[u8]) -> Option<Vec<u8>> {
        let mut whole = vec![7; 3];
        apply(base, instructions, 1 << 20, &mut whole).map(|()| whole)
    }

    #[test]
    fn instructions_as_the_format_describes_them() {
        let long: Vec<u8> = (0..70_000_u32).map(|at| (at % 251) as u8).collect();
        let head = |base: u64, whole: u64| {
            let mut head = Vec::new();
            for mut size in [base, whole] {
                while size > 0x7f {
                    head.push(size as u8 | 0x80);
                    size >>= 7;
                }
                head.push(size as u8);
            }
            head
        };
        let cases: [Case<'_>; 10] = [
            (b"abcdef", 5, &[0x91, 2, 3, 2, b'x', b'y'], Some(b"cdexy")),
            (b"abcdef", 3, &[0x90, 3], Some(b"abc")),
            (b"abcdef", 0, &[], Some(b"")),
            // A copy of no said length is one of 65,536 bytes; its start takes two bytes.
            (&long, 65_536, &[0x83, 0x10, 0x01], long.get(0x110..0x110 + 65_536)),
            // Beyond the base, beyond the end, of the wrong length, reserved.
            (b"abcdef", 3, &[0x91, 4, 3], None),
            (b"abcdef", 3, &[3, b'x'], None),
            (b"abcdef", 3, &[2, b'x', b'y'], None),
            (b"abcdef", 1, &[2, b'x', b'y'], None),
            (b"abcdef", 1, &[0, 1, b'x'], None),
            (b"abcdef", 1, &[0x91, 4], None),
        ];
        for (base, whole, instructions, expected) in cases {
            let all = [head(base.len() as u64, whole), instructions.to_vec()].concat();
            assert_eq!(applied(base, &all).as_deref(), expected, "{instructions:?}");
        }
        assert_eq!(applied(b"abc", &[&head(4, 1)[..], &[1, b'x']].concat()), None, "another base");
        assert_eq!(applied(b"abc", &[&head(3, 2 << 20)[..], &[1, b'x']].concat()), None, "too large");
        assert_eq!(applied(b"abc", &[0x83]), None, "cut off");
        assert_eq!(applied(b"abc", &[0xff; 12]), None, "a size without end");
    }

    proptest! {
        /// Whatever bytes come, they give an object of the promised length or none.
        #[test]
        fn any_bytes_are_understood_or_refused(base in "[a-z]{0,9}", bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let head = [base.len() as u8, 6];
            if let Some(whole) = applied(base.as_bytes(), &[&head[..], &bytes].concat()) {
                prop_assert_eq!(whole.len(), 6);
            }
        }
    }
}
