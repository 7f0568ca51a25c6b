// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which target software of a CPE name goes with which kind of package: a plug-in for WordPress is no package of npm.

use super::name::{Attribute, Name};

macro_rules! targets {
    ($($kind:literal [$($target:literal)*];)*) => {
        /// Kinds of packages, and the words for what they run in.
        const TARGETS: &[(&str, &[&str])] = &[$(($kind, &[$($target),*]),)*];
    };
}

targets! {
    "npm" ["node.js" "nodejs" "node" "npm" "javascript" "react" "vue.js" "angular" "electron"];
    "pypi" ["python" "python2" "python3" "pypi" "django" "jupyter"];
    "maven" ["java" "maven" "jenkins" "android" "kotlin" "scala" "spring" "eclipse"];
    "gem" ["ruby" "rails" "ruby_on_rails" "rubygems" "jruby"];
    "cargo" ["rust" "cargo"];
    "golang" ["go" "golang"];
    "nuget" [".net" ".net_framework" ".net_core" "asp.net" "nuget" "dotnet" "c\\#" "c#" "powershell"];
    "composer" ["php" "composer" "wordpress" "drupal" "typo3" "joomla" "joomla!" "magento" "laravel" "symfony" "moodle"];
    "hex" ["elixir" "erlang" "hex"];
    "pub" ["dart" "flutter"];
    "cran" ["r" "cran"];
    "hackage" ["haskell"];
    "cpan" ["perl"];
    "julia" ["julia"];
    "swift" ["swift" "iphone_os" "ios" "ipados" "macos" "mac_os" "mac_os_x"];
    "cocoapods" ["swift" "iphone_os" "ios" "ipados" "macos" "mac_os" "mac_os_x"];
    "conan" ["c" "c++" "c_and_c++"];
    "luarocks" ["lua"];
    "deb" ["linux" "linux_kernel" "unix" "debian" "debian_linux" "ubuntu" "ubuntu_linux"];
    "rpm" ["linux" "linux_kernel" "unix" "red_hat" "enterprise_linux" "fedora" "suse"];
    "apk" ["linux" "linux_kernel" "unix" "alpine" "alpine_linux"];
    "alpm" ["linux" "linux_kernel" "unix" "arch_linux"];
}

/// Whether a package of this kind (type of its package URL) can be what runs in `target`. `None` when nothing is known about
/// the kind: a `generic` package can be anything.
pub fn agrees(kind: &str, target: &str) -> Option<bool> {
    let (_, targets) = TARGETS.iter().find(|(known, _)| *known == kind)?;
    Some(targets.contains(&target))
}

/// Vendors of operating systems that run the same kernel, or are made of one another. Android and ChromeOS run Linux, too.
const SYSTEM_FAMILIES: &[(&str, &[&str])] = &[
    ("windows", &["microsoft"]),
    ("apple", &["apple"]),
    ("freebsd", &["freebsd"]),
    ("openbsd", &["openbsd"]),
    ("netbsd", &["netbsd"]),
    (
        "linux",
        &[
            "linux",
            "debian",
            "canonical",
            "ubuntu",
            "redhat",
            "fedoraproject",
            "centos",
            "rocky",
            "rockylinux",
            "almalinux",
            "suse",
            "opensuse",
            "novell",
            "alpinelinux",
            "archlinux",
            "gentoo",
            "google",
            "amazon",
            "wolfi",
            "openeuler",
        ],
    ),
];

/// The family of an operating system by its vendor; `None` where it is not known. Microsoft has made a distribution of Linux.
pub(super) fn system_family(name: &Name) -> Option<&'static str> {
    let vendor = name.get(Attribute::Vendor).literal()?;
    let product = name.get(Attribute::Product).literal()?;
    if product.contains("linux") {
        return Some("linux");
    }
    let is_windows = |family: &str| family != "windows" || product.starts_with("windows");
    let (family, _) = SYSTEM_FAMILIES.iter().find(|(_, vendors)| vendors.contains(&vendor))?;
    Some(*family).filter(|family| is_windows(family))
}
