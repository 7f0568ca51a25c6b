// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a text is a CPE name: 2.3 as formatted string, 2.2 as URI.
//!
//! Source: NIST IR 7695. Only the frame is checked (prefix, part, number of components): what stands in the components
//! is written with much freedom, and the text is kept in any case.

/// Components of a formatted string, the part among them.
const COMPONENTS: usize = 11;

/// Components of a URI, the part among them; those at the end may be left out.
const URI_COMPONENTS: usize = 7;

/// True for a CPE name of either version.
pub fn is_cpe(text: &str) -> bool {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("cpe:2.3:") {
        return matches!(part(rest), b"a" | b"h" | b"o" | b"*" | b"-") && components(rest) == Some(COMPONENTS);
    }
    match text.get(..5) {
        Some(prefix) if prefix.eq_ignore_ascii_case("cpe:/") => {
            let rest = text.get(5..).unwrap_or_default();
            let count = rest.split(':').count();
            matches!(part(rest), b"a" | b"h" | b"o") && (3..=URI_COMPONENTS).contains(&count)
        }
        _ => false,
    }
}

fn part(rest: &str) -> &[u8] {
    rest.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default()
}

/// How many components there are; `None` when one is empty.
fn components(rest: &str) -> Option<usize> {
    let (mut count, mut length, mut escaped) = (1, 0_usize, false);
    for byte in rest.bytes() {
        match byte {
            b'\\' if !escaped => escaped = true,
            b':' if !escaped => {
                if length == 0 {
                    return None;
                }
                count += 1;
                length = 0;
            }
            _ => {
                escaped = false;
                length += 1;
            }
        }
    }
    (length > 0).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_both_versions() {
        for (text, expected) in [
            ("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", true),
            (r"cpe:2.3:a:perl\:\:x:y:1\:2:*:*:*:*:*:*:*", true),
            ("cpe:2.3:o:debian:debian_linux:11:-:-:-:-:-:-:-", true),
            ("cpe:2.3:a:apache:log4j:2.14.1", false),
            ("cpe:2.3:x:apache:log4j:2.14.1:*:*:*:*:*:*:*", false),
            ("cpe:2.3:a::log4j:2.14.1:*:*:*:*:*:*:*", false),
            ("cpe:2.3:a:a:b:1:*:*:*:*:*:*:*:*", false),
            ("cpe:/a:apache:log4j:2.14.1", true),
            ("CPE:/o:vendor:system", true),
            ("cpe:/a", false),
            ("nonsense", false),
            ("", false),
            ("größe", false),
        ] {
            assert_eq!(is_cpe(text), expected, "{text}");
        }
    }
}
