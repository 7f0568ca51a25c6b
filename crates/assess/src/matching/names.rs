// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Names of packages in one spelling, by ecosystem.

use std::borrow::Cow;

/// The one spelling of a package's name; `ecosystem` is canonical.
pub fn canonical<'a>(ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    let separators = ['-', '_', '.'];
    let is_spelled = |letter: char| letter.is_ascii_uppercase() || letter == '_' || letter == '.';
    if ecosystem != "PyPI" || !name.contains(is_spelled) {
        return Cow::Borrowed(name);
    }
    let parts: Vec<&str> = name.split(separators).filter(|part| !part.is_empty()).collect();
    Cow::Owned(parts.join("-").to_ascii_lowercase())
}
