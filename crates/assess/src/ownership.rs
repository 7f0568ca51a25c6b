// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a package of a language lies where only the distribution's package manager puts files.
//!
//! Such a package is part of a distribution's package: the distribution maintains it, puts fixes into it without changing
//! its version, and its advisories count, not those of the language's ecosystem. Told from the place alone, by the
//! policies of the distributions (Debian Python Policy 2.5: `dist-packages` outside `/usr/local` belongs to packages; Debian Policy 9.1.2 and
//! FHS 4.9: `/usr/local` belongs to the administrator; Fedora packaging guidelines for Python, Ruby, Node.js and Java).
//! Where a place can hold both (`site-packages` of an image that was built with `pip` as root), the answer is no.

/// Places that belong to the package manager: purl type, family of the distribution's packages, how the place begins.
const PLACES: &[(&str, &str, &str)] = &[
    ("pypi", "deb", "usr/lib/python3/dist-packages/"),
    ("pypi", "deb", "usr/lib/python2.7/dist-packages/"),
    ("pypi", "deb", "usr/share/python-wheels/"),
    ("pypi", "deb", "usr/share/python3-wheels/"),
    ("pypi", "rpm", "usr/share/python-wheels/"),
    ("pypi", "rpm", "usr/lib/python3.6/site-packages/"),
    ("pypi", "rpm", "usr/lib64/python3.6/site-packages/"),
    ("gem", "deb", "usr/share/rubygems-integration/"),
    ("gem", "deb", "usr/lib/ruby/gems/"),
    ("gem", "rpm", "usr/share/gems/"),
    ("gem", "rpm", "usr/lib64/gems/"),
    ("npm", "deb", "usr/share/nodejs/"),
    ("npm", "deb", "usr/lib/nodejs/"),
    ("npm", "rpm", "usr/lib/node_modules_"),
    ("npm", "rpm", "usr/lib/node_modules/npm/"),
    ("maven", "deb", "usr/share/java/"),
    ("maven", "deb", "usr/share/maven-repo/"),
    ("maven", "rpm", "usr/share/java/"),
    ("maven", "rpm", "usr/share/maven/"),
    ("composer", "deb", "usr/share/php/"),
    ("cpan", "deb", "usr/share/perl5/"),
];

/// Whether a package of type `kind` in any of these places (one a line) belongs to a package of the distribution whose packages
/// have the type `family` (`deb`, `rpm`). A package in several places belongs to it only if all of them do.
pub fn belongs_to_distribution(kind: &str, family: &str, locations: &str) -> bool {
    let mut places =
        locations.lines().map(|line| line.trim().trim_start_matches(['/', '.'])).filter(|line| !line.is_empty());
    let fits = |place: &str| {
        PLACES.iter().any(|(known, of, start)| *known == kind && *of == family && place.starts_with(start))
    };
    places.next().is_some_and(&fits) && places.all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_that_a_package_manager_alone_fills() {
        for (kind, family, locations, expected) in [
            ("pypi", "deb", "/usr/lib/python3/dist-packages/six-1.16.0.egg-info", true),
            ("pypi", "deb", "usr/lib/python3/dist-packages/six.py", true),
            ("pypi", "deb", "/usr/local/lib/python3.9/dist-packages/six-1.16.0.dist-info/METADATA", false),
            ("pypi", "deb", "/usr/lib/python3/dist-packages/a\n/opt/venv/lib/python3.9/site-packages/a", false),
            ("pypi", "rpm", "/usr/lib/python3/dist-packages/six-1.16.0.egg-info", false),
            ("pypi", "rpm", "/usr/lib/python3.9/site-packages/six-1.16.0.dist-info/METADATA", false),
            ("gem", "deb", "/usr/share/rubygems-integration/all/specifications/rake-13.0.6.gemspec", true),
            ("gem", "deb", "/var/lib/gems/3.0.0/specifications/rake-13.0.6.gemspec", false),
            ("npm", "rpm", "/usr/lib/node_modules/npm/node_modules/abbrev/package.json", true),
            ("npm", "deb", "/usr/local/lib/node_modules/npm/package.json", false),
            ("golang", "deb", "/usr/bin/caddy", false),
            ("pypi", "deb", "", false),
            ("pypi", "", "/usr/lib/python3/dist-packages/six.py", false),
        ] {
            assert_eq!(belongs_to_distribution(kind, family, locations), expected, "{kind} {family} {locations}");
        }
    }
}
