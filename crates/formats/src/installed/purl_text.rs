// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing canonical package URLs for formats that have none.
//!
//! Source: ECMA-427. Each part is percent-encoded except for letters, digits, `.`, `-`, `_`, `~` and `:`; qualifiers are
//! sorted by key, those without a value left out. What a type demands (lower case) is the caller's business.

/// The parts of a package URL, borrowed and not yet encoded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PurlText<'a> {
    /// Type, lower case.
    pub kind: &'a str,
    /// Namespace, `/` between segments; empty when there is none.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
    /// Version; empty when there is none.
    pub version: &'a str,
    /// Qualifiers in the order of their keys; empty values are left out.
    pub qualifiers: &'a [(&'a str, &'a str)],
}

impl PurlText<'_> {
    /// The canonical text; empty when there is no name, for then there is no package URL.
    pub fn write(&self) -> String {
        debug_assert!(self.qualifiers.windows(2).all(|pair| pair[0].0 < pair[1].0), "qualifiers are sorted by key");
        if self.name.is_empty() {
            return String::new();
        }
        let mut text = String::with_capacity(16 + self.namespace.len() + self.name.len() + self.version.len());
        text.push_str("pkg:");
        text.push_str(self.kind);
        for segment in self.namespace.split('/').filter(|segment| !segment.is_empty()) {
            text.push('/');
            encode(segment, &mut text);
        }
        text.push('/');
        encode(self.name, &mut text);
        if !self.version.is_empty() {
            text.push('@');
            encode(self.version, &mut text);
        }
        let mut separator = '?';
        for (key, value) in self.qualifiers.iter().filter(|(_, value)| !value.is_empty()) {
            text.push(separator);
            text.push_str(key);
            text.push('=');
            encode(value, &mut text);
            separator = '&';
        }
        text
    }
}

fn encode(part: &str, text: &mut String) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            text.push('%');
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// A PyPI name as package URLs write it: lower case, runs of `-`, `_` and `.` as one `-` (PEP 503).
pub(crate) fn pypi_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.extend(c.to_lowercase());
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_canonical_text() {
        let purl = PurlText { kind: "deb", namespace: "debian", name: "libstdc++6", ..PurlText::default() };
        assert_eq!(purl.write(), "pkg:deb/debian/libstdc%2B%2B6");
        let qualifiers = &[("arch", "amd64"), ("distro", ""), ("upstream", "gcc@12/x")];
        let purl = PurlText { version: "1:2~rc+b1", qualifiers, ..purl };
        assert_eq!(purl.write(), "pkg:deb/debian/libstdc%2B%2B6@1:2~rc%2Bb1?arch=amd64&upstream=gcc%4012%2Fx");
        let purl = PurlText { kind: "golang", namespace: "github.com/a b", name: "é", ..PurlText::default() };
        assert_eq!(purl.write(), "pkg:golang/github.com/a%20b/%C3%A9");
        assert_eq!(PurlText { kind: "npm", ..PurlText::default() }.write(), "");
    }

    #[test]
    fn pypi_names_are_normal() {
        assert_eq!(pypi_name("Zope.Interface__x"), "zope-interface-x");
    }
}
