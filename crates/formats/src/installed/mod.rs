// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is installed: databases of package managers, and lists that a running system prints.
//!
//! Package databases do not say of which distribution they are. That stands in `os-release`, which is read together with
//! them: [`os_release_paths`] says where it lies beside a database, and it comes in as the companion `os-release`. Without
//! it the package URLs have no namespace and no `distro`, and the gap `no-distribution` says so: nothing is guessed.

mod apk;
mod berkeley;
mod collect;
mod dpkg;
mod field;
mod ndb;
mod os_release;
mod pip_list;
mod purl_text;
mod relations;
mod rpm;
mod rpm_header;
mod sqlite;

pub use collect::{CollectScript, collect_script};
pub(crate) use purl_text::{PurlText, pypi_name};

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] =
    &[dpkg::READER, apk::READER, rpm::READER, pip_list::JSON_READER, pip_list::FREEZE_READER];

/// The name under which `os-release` is handed to the readers of package databases.
pub const OS_RELEASE: &str = "os-release";

/// Where package databases lie below the root of a file system; what stands before is the root.
const DATABASE_FOLDERS: &[&str] =
    &["var/lib/dpkg/", "usr/lib/apk/db/", "lib/apk/db/", "var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];

/// The paths at which the `os-release` of the package database at `path` may lie, the better one first; none when `path`
/// is not that of a package database. Paths are written as in [`crate::containers::Member::path`].
///
/// `rootfs.tar!var/lib/dpkg/status` gives `rootfs.tar!etc/os-release` and `rootfs.tar!usr/lib/os-release`.
pub fn os_release_paths(path: &str) -> Vec<String> {
    let root = DATABASE_FOLDERS.iter().find_map(|folder| {
        let start = path.rfind(folder)?;
        let root = path.get(..start)?;
        (root.is_empty() || root.ends_with(['/', '!'])).then_some(root)
    });
    root.map_or_else(Vec::new, |root| {
        ["etc/os-release", "usr/lib/os-release"].iter().map(|file| format!("{root}{file}")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_lies_beside_the_database() {
        for (path, expected) in [
            ("var/lib/dpkg/status", Some("etc/os-release")),
            ("/srv/root/var/lib/dpkg/status.d/base", Some("/srv/root/etc/os-release")),
            ("a.zip!usr/lib/apk/db/installed", Some("a.zip!etc/os-release")),
            ("a.zip!lib/apk/db/installed", Some("a.zip!etc/os-release")),
            ("a.tar!usr/lib/sysimage/rpm/Packages.db", Some("a.tar!etc/os-release")),
            ("a.tar!var/lib/rpm/rpmdb.sqlite", Some("a.tar!etc/os-release")),
            ("status", None),
            ("myvar/lib/dpkg/status", None),
        ] {
            assert_eq!(os_release_paths(path).first().map(String::as_str), expected, "{path}");
        }
        assert_eq!(os_release_paths("x!lib/apk/db/installed")[1], "x!usr/lib/os-release");
    }
}
