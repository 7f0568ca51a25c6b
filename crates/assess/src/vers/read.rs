// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading a VERS.

use crate::version::{Scheme, compare, is_valid};

use super::{Comparator, Constraint, Intervals, InvalidRange, VersionRange};

/// Reads a VERS, canonical or not.
pub(super) fn read(text: &str) -> Result<VersionRange, InvalidRange> {
    let missing = || InvalidRange::because("the scheme or the constraints are missing");
    let (prefix, rest) =
        text.trim().split_once(':').ok_or_else(|| InvalidRange::because("it does not start with vers:"))?;
    if !prefix.eq_ignore_ascii_case("vers") {
        return Err(InvalidRange::because("it does not start with vers:"));
    }
    let (name, list) = rest.split_once('/').ok_or_else(missing)?;
    let name = name.trim().to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) {
        return Err(missing());
    }
    let scheme = Scheme::of_name(&name).unwrap_or_default();
    let parts: Vec<&str> = list.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Err(missing());
    }
    if parts.contains(&"*") {
        if parts.len() > 1 {
            return Err(InvalidRange::because("* stands beside other constraints"));
        }
        let intervals = if name == "none" { Intervals::none() } else { Intervals::all() };
        return Ok(VersionRange { scheme, name, constraints: Vec::new(), intervals });
    }
    let mut constraints = parts.into_iter().map(|part| read_constraint(scheme, part)).collect::<Result<Vec<_>, _>>()?;
    constraints.sort_by(|a, b| compare(scheme, &a.version, &b.version));
    let intervals = Intervals::of_vers(scheme, &constraints);
    Ok(VersionRange { scheme, name, constraints, intervals })
}

fn read_constraint(scheme: Scheme, text: &str) -> Result<Constraint, InvalidRange> {
    let (comparator, version) = Comparator::split(text);
    let version = version.trim();
    if version.is_empty() {
        return Err(InvalidRange::because(format!("a version is missing after {}", text.trim())));
    }
    let version = decode(version).ok_or_else(|| InvalidRange::because(format!("an escape is broken in {version}")))?;
    if scheme == Scheme::Datetime && !is_valid(scheme, &version) {
        return Err(InvalidRange::because(format!("{version} is no point in time")));
    }
    Ok(Constraint { comparator, version })
}

/// Decodes percent-encoding once; `None` when an escape is broken.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or("").as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
