// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the version of a distribution's package tells about the release it was built for.
//!
//! Builders mark their releases: `.el8_7` (Red Hat and its rebuilds), `.fc38`, `.amzn2`, `+deb12u1`, `0ubuntu0.22.04.1`,
//! `.oe2203sp1`. A mark counts only within the distribution that the package is known to be from.

use super::distro_release::{self, Family};
use crate::scan::behind_last;

/// Text before the number in the marks of a distribution's builders, by ecosystem.
const MARKS: &[(&str, &[&str])] = &[
    ("Debian", &["+deb", "~deb"]),
    ("Red Hat", EL),
    ("AlmaLinux", EL),
    ("Rocky Linux", EL),
    ("Oracle Linux", EL),
    ("CentOS", EL),
    ("Fedora", &[".fc"]),
    ("Amazon Linux", &[".amzn"]),
    ("Photon OS", &[".ph"]),
    ("Azure Linux", &[".azl", ".cm"]),
    ("Mageia", &[".mga"]),
];

/// Red Hat and its rebuilds, in and outside of modules.
const EL: &[&str] = &[".el", ".module+el", ".module_el"];

/// The release that a version is marked with.
pub(super) fn release(family: &Family, version: &str) -> Option<String> {
    match family.ecosystem {
        "openEuler" => open_euler(version),
        "Ubuntu" => ubuntu(version),
        _ => {
            let (_, marks) = MARKS.iter().find(|(ecosystem, _)| *ecosystem == family.ecosystem)?;
            marks.iter().find_map(|mark| number_behind(version, mark)).map(str::to_owned)
        }
    }
}

/// The digits directly behind the last occurrence of `mark`.
fn number_behind<'t>(version: &'t str, mark: &str) -> Option<&'t str> {
    let rest = behind_last(version, mark)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).filter(|digits| !digits.is_empty())
}

/// `22.04` of `2.34-0ubuntu0.22.04.1`: year and April or October, as Ubuntu counts.
fn ubuntu(version: &str) -> Option<String> {
    let revision = behind_last(version, "ubuntu")?;
    let numbers: Vec<&str> = revision.split(['.', '~', '+']).collect();
    let is_release = |year: &str, month: &str| {
        year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit()) && matches!(month, "04" | "10")
    };
    numbers.windows(2).find_map(|pair| match pair {
        [year, month] if is_release(year, month) => Some(format!("{year}.{month}")),
        _ => None,
    })
}

/// `22.03-LTS-SP1` of `1.1.1m-15.oe2203sp1`: every second year's March release is supported for long.
fn open_euler(version: &str) -> Option<String> {
    let mark = behind_last(version, ".oe")?;
    let digits: String = mark.chars().take_while(char::is_ascii_digit).collect();
    let rest = mark.get(digits.len()..).unwrap_or_default();
    let (year, month) = digits.split_at_checked(2).filter(|(_, month)| month.len() == 2)?;
    let is_long = month == "03" && year.parse::<u32>().is_ok_and(|year| year % 2 == 0);
    let pack: String = rest.strip_prefix("sp").unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    let pack = if pack.is_empty() { pack } else { format!("-SP{pack}") };
    Some(format!("{year}.{month}{}{pack}", if is_long { "-LTS" } else { "" }))
}

/// The minor release of Red Hat Enterprise Linux that a build is marked with: `8.4` of `.el8_4`, `9.2` of `.el9_2.1`, also
/// `8.4` of `.module+el8.4.0`.
pub(super) fn red_hat_minor(version: &str) -> Option<String> {
    if let Some(module) = behind_last(version, ".module+el") {
        return Some(distro_release::leading_numbers(module, 2).into_owned()).filter(|minor| minor.contains('.'));
    }
    let major = number_behind(version, ".el")?;
    let rest = behind_last(version, ".el")?.get(major.len()..)?.strip_prefix('_')?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).filter(|minor| !minor.is_empty()).map(|minor| format!("{major}.{minor}"))
}

/// Whether a build is of a product that is layered on a release (`.el8sat`, `.el7ost`): it has versions and advisories of its
/// own, and those of the release do not speak of it. `.el7a` and the like are the release on another architecture.
pub(super) fn is_layered_product(version: &str) -> bool {
    let Some(major) = number_behind(version, ".el") else { return false };
    let rest = behind_last(version, ".el").and_then(|rest| rest.get(major.len()..)).unwrap_or_default();
    rest.bytes().take_while(u8::is_ascii_lowercase).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_releases() {
        for (id, version, expected) in [
            ("rhel", "4.4.20-4.el8_6", Some("8")),
            ("rhel", "1:18.14.2-2.module+el8.7.0+18445+9493b6ea", Some("8")),
            ("fedora", "5.2.15-1.fc38", Some("38")),
            ("amzn", "4.2.46-34.amzn2", Some("2")),
            ("debian", "2.36-9+deb12u1", Some("12")),
            ("debian", "5.2.5-2.1~deb11u1", Some("11")),
            ("debian", "2.36-9", None),
            ("ubuntu", "1.1.1f-1ubuntu2.11", None),
            ("ubuntu", "1.16.48~ubuntu18.04.1", Some("18.04")),
            ("ubuntu", "7.58.0-2ubuntu3.24", None),
            ("ubuntu", "2.34-0ubuntu0.22.04.1", Some("22.04")),
            ("openeuler", "1.1.1m-15.oe2203sp1", Some("22.03-LTS-SP1")),
            ("openeuler", "1.1.1m-15.oe2309", Some("23.09")),
            ("mariner", "1.1.1k-22.cm2", Some("2")),
            ("azurelinux", "3.3.0-2.azl3", Some("3")),
            ("alpine", "3.0.8-r0", None),
        ] {
            let family = distro_release::of_id(id).expect("a known distribution");
            assert_eq!(release(family, version).as_deref(), expected, "{id} {version}");
        }
    }

    #[test]
    fn minor_releases_and_layered_products() {
        for (version, minor, layered) in [
            ("4.4.20-4.el8_4", Some("8.4"), false),
            ("4.4.20-4.el8_10.1", Some("8.10"), false),
            ("1-1.module+el8.4.0+1+abc", Some("8.4"), false),
            ("4.4.20-4.el8", None, false),
            ("2.2.4-1.el8sat", None, true),
            ("2.2.4-1.el7ost", None, true),
            ("4.14.0-115.el7a", None, false),
            ("1.0", None, false),
        ] {
            assert_eq!((red_hat_minor(version).as_deref(), is_layered_product(version)), (minor, layered), "{version}");
        }
    }
}
