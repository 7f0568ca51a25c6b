// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Version order of each ecosystem.
//!
//! [`compare`] is a total order of all texts, whatever they are: antisymmetric and transitive, so that sorting and
//! intervals always work. Different spellings of one version are equal. Where an ecosystem's own order has circles, its
//! file says how they are cut. What is no version at all ([`is_valid`]) comes before everything that is.
//!
//! One list names all schemes; one file holds one order.

mod alpm;
mod apk;
mod bitnami;
mod conan;
mod datetime;
mod deb;
mod gem;
mod generic;
mod gentoo;
mod golang;
mod intdot;
mod lexicographic;
mod maven;
mod nuget;
mod numbers;
mod openssl;
mod packagist;
mod pub_dev;
mod pypi;
mod rpm;
pub(crate) mod semver;

#[cfg(test)]
mod exam;
#[cfg(test)]
mod properties;

use std::cmp::Ordering;
use std::fmt;

macro_rules! schemes {
    ($($variant:ident $name:literal [$($alias:literal)*] $compare:path, $valid:path, $meaning:literal;)*) => {
        /// The order that versions of an ecosystem follow.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scheme {
            $(#[doc = $meaning] $variant,)*
            /// Whatever has no order of its own.
            #[default]
            Generic,
        }

        impl Scheme {
            /// Every scheme, in the order of the list, the fallback last.
            pub const ALL: &[Self] = &[$(Self::$variant,)* Self::Generic];

            /// The name in VERS, which is the purl type wherever there is one.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Generic => "generic" }
            }

            /// What it is, in a few words.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* Self::Generic => "Whatever has no order of its own." }
            }

            /// The scheme of a VERS name, a purl type or one of their known other names, in lower case.
            pub fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name $(| $alias)* => Some(Self::$variant),)*
                    "generic" => Some(Self::Generic),
                    _ => None,
                }
            }
        }

        /// Orders two texts as versions of `scheme`. Total, see the module.
        pub fn compare(scheme: Scheme, a: &str, b: &str) -> Ordering {
            if a == b {
                return Ordering::Equal;
            }
            match scheme { $(Scheme::$variant => $compare(a, b),)* Scheme::Generic => generic::compare(a, b) }
        }

        /// Whether `text` is a version of `scheme`, read generously. What is none has an order too, but no meaning.
        pub fn is_valid(scheme: Scheme, text: &str) -> bool {
            match scheme { $(Scheme::$variant => $valid(text),)* Scheme::Generic => generic::is_valid(text) }
        }
    };
}

schemes! {
    SemVer "semver" ["bazel" "vscode-extension" "mattermost"] semver::compare, semver::is_valid, "Semantic Versioning 2.0.";
    Npm "npm" [] semver::compare, semver::is_valid, "npm (JavaScript).";
    Pypi "pypi" ["conda"] pypi::compare, pypi::is_valid, "Python packages (PEP 440).";
    Gem "gem" ["rubygems" "cocoapods"] gem::compare, gem::is_valid, "RubyGems and CocoaPods.";
    Maven "maven" ["gradle"] maven::compare, generic::is_valid, "Maven and Gradle (Java).";
    Nuget "nuget" [] nuget::compare, semver::is_valid, "NuGet (.NET).";
    Golang "golang" ["go"] golang::compare, golang::is_valid, "Go modules and the Go toolchain.";
    Cargo "cargo" [] semver::compare, semver::is_valid, "Cargo (Rust).";
    Composer "composer" ["packagist" "drupal"] packagist::compare, packagist::is_valid, "Packagist (PHP).";
    Hex "hex" [] semver::compare, semver::is_valid, "Hex (Elixir, Erlang).";
    Pub "pub" [] pub_dev::compare, semver::is_valid, "pub.dev (Dart).";
    Deb "deb" ["debian" "ubuntu" "opam"] deb::compare, deb::is_valid, "Debian, Ubuntu and opam.";
    Rpm "rpm" ["redhat" "fedora" "suse"] rpm::compare, rpm::is_valid, "RPM distributions.";
    Apk "apk" ["alpine" "wolfi"] apk::compare, apk::is_valid, "Alpine, Wolfi and OpenWrt.";
    Alpm "alpm" ["archlinux"] alpm::compare, generic::is_valid, "Arch Linux.";
    Gentoo "gentoo" ["ebuild"] gentoo::compare, gentoo::is_valid, "Gentoo.";
    Conan "conan" [] conan::compare, generic::is_valid, "Conan (C and C++).";
    Swift "swift" [] semver::compare, semver::is_valid, "Swift packages.";
    Julia "julia" [] semver::compare, semver::is_valid, "Julia packages.";
    Cran "cran" [] intdot::compare, intdot::is_valid, "CRAN (R).";
    Hackage "hackage" [] intdot::compare, intdot::is_valid, "Hackage (Haskell).";
    Otp "otp" [] intdot::compare, intdot::is_valid, "Erlang/OTP applications.";
    Bitnami "bitnami" [] bitnami::compare, semver::is_valid, "Bitnami.";
    Github "github" ["githubactions" "actions"] semver::compare, semver::is_valid, "GitHub releases and actions.";
    OpenSsl "openssl" [] openssl::compare, openssl::is_valid, "OpenSSL.";
    Nginx "nginx" [] intdot::compare_padded, intdot::is_valid, "nginx.";
    Intdot "intdot" ["chrome-extension"] intdot::compare_padded, intdot::is_valid, "Rows of numbers.";
    Datetime "datetime" [] datetime::compare, datetime::is_valid, "Points in time (RFC 3339).";
    Lexicographic "lexicographic" [] lexicographic::compare, generic::is_valid, "Texts by their bytes.";
}

impl Scheme {
    /// The scheme of a purl type. A type without an order of its own has the generic one.
    pub fn of_purl_type(kind: &str) -> Self {
        Self::of_name(kind).unwrap_or_default()
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Asserts that each text equals those in its row and comes before all in later rows, seen from both sides.
    pub(crate) fn ascending(scheme: Scheme, rows: &[&[&str]]) {
        for (index_a, row_a) in rows.iter().enumerate() {
            for (index_b, row_b) in rows.iter().enumerate() {
                for a in *row_a {
                    for b in *row_b {
                        assert_eq!(compare(scheme, a, b), index_a.cmp(&index_b), "{scheme}: {a:?} against {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_lead_back() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::of_name(scheme.name()), Some(*scheme));
        }
        assert_eq!(Scheme::of_purl_type("conda"), Scheme::Pypi);
        assert_eq!(Scheme::of_purl_type("weapon"), Scheme::Generic);
    }
}
