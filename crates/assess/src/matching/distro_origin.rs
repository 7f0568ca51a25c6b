// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packages that do not come from the distribution they are installed on: its advisories do not speak about them.
//!
//! Only what leaves no doubt counts: the host of a repository that is known to be another's, and marks that builders of other
//! repositories put into their revisions and that no distribution uses. A package without such a mark is taken for the
//! distribution's own.

use crate::scan::around_last;

/// Hosts, or parts of addresses, of repositories beside the distributions.
const HOSTS: [&str; 30] = [
    "apt.kubernetes.io",
    "apt.postgresql.org",
    "apt.releases.hashicorp.com",
    "artifacts.elastic.co",
    "copr.fedorainfracloud.org",
    "deb.nodesource.com",
    "developer.download.nvidia.com",
    "dl.google.com",
    "dl.yarnpkg.com",
    "download.docker.com",
    "download.opensuse.org/repositories/home",
    "download.postgresql.org",
    "elrepo.org",
    "fedoraproject.org/pub/epel",
    "launchpad.net",
    "launchpadcontent.net",
    "mirror.mariadb.org",
    "nginx.org",
    "packagecloud.io",
    "packages.elastic.co",
    "packages.gitlab.com",
    "packages.grafana.com",
    "packages.sury.org",
    "pkgs.k8s.io",
    "remirepo.net",
    "repo.mongodb.org",
    "repo.mysql.com",
    "repo.zabbix.com",
    "rpm.nodesource.com",
    "rpmfusion.org",
];

/// Marks in revisions: those of PostgreSQL, NodeSource, Sury, MariaDB, Debian's own back-ports (which its security team does
/// not follow), EPEL, Remi, ELRepo, IUS, Atomic, RPM Fusion.
const MARKS: [&str; 14] = [
    "pgdg",
    "nodesource",
    "deb.sury.org",
    "+maria~",
    "~bpo",
    ".epel",
    ".remi",
    ".elrepo",
    ".ius",
    ".art",
    ".rpmfusion",
    "rhel.docker",
    "~docker",
    "percona",
];

/// Whether a repository is another's than the distribution's.
pub(super) fn is_other_repository(address: &str) -> bool {
    if address.is_empty() {
        return false;
    }
    let address = address.to_ascii_lowercase();
    HOSTS.iter().any(|host| address.contains(host))
}

/// Whether a version carries a mark of another builder. Docker, nginx and others end their revision with the code name of
/// the release they built for (`5:24.0.7-1~ubuntu.22.04~jammy`); Debian and Ubuntu write its number.
pub(super) fn has_mark(version: &str) -> bool {
    let revision = around_last(version, b'-').map_or(version, |(_, revision)| revision);
    // MariaDB's versions have no revision.
    let last = revision.bytes().rposition(|byte| matches!(byte, b'~' | b'+')).and_then(|at| revision.get(at + 1..));
    is_marked(revision) || last.is_some_and(|last| underpin_model::distribution::code_name(last).is_some())
}

/// Whether some mark stands anywhere in a text, in any case. The text is walked through once.
fn is_marked(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let first = first.to_ascii_lowercase();
        let stands_here = |mark: &&str| {
            let mark = mark.as_bytes();
            mark.first() == Some(&first) && rest.get(..mark.len()).is_some_and(|here| here.eq_ignore_ascii_case(mark))
        };
        if behind.first().is_some_and(|second| may_begin(first, *second)) && MARKS.iter().any(stands_here) {
            return true;
        }
        rest = behind;
    }
    false
}

/// Whether some mark begins with these two signs, the first in lower case: few pairs do, and most are rare in revisions.
fn may_begin(first: u8, second: u8) -> bool {
    match first {
        b'.' => matches!(second | 0x20, b'e' | b'r' | b'i' | b'a'),
        b'~' => matches!(second | 0x20, b'b' | b'd'),
        b'+' => second | 0x20 == b'm',
        b'p' => matches!(second | 0x20, b'g' | b'e'),
        b'n' => second | 0x20 == b'o',
        b'd' => second | 0x20 == b'e',
        b'r' => second | 0x20 == b'h',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_may_begin_so() {
        assert!(MARKS.iter().all(|mark| may_begin(mark.as_bytes()[0], mark.as_bytes()[1]) && is_marked(mark)));
        assert!(MARKS.iter().all(|mark| is_marked(&format!("1.2{}", mark.to_ascii_uppercase()))));
    }

    #[test]
    fn marks_of_other_builders() {
        for (version, expected) in [
            ("5:24.0.7-1~ubuntu.22.04~jammy", true),
            ("1.23.3-1~bullseye", true),
            ("13.9-1.pgdg110+1", true),
            ("13.9-1PGDG.rhel8", true),
            ("14.17.2-1nodesource1", true),
            ("1:10.5.10+maria~bionic", true),
            ("8.1.12-1+ubuntu22.04.1+deb.sury.org+1", true),
            ("2.6.6-1~bpo11+1", true),
            ("8.0.30-1.el8.remi", true),
            ("2.11.0-3+deb9u2", false),
            ("1.0.0~rc2+docker1.13.1-0ubuntu1~16.04.1", false),
            ("1.7.7-0ubuntu0.15.04.1~ppa1", false),
            ("2.36-9+deb12u1", false),
            ("4.4.20-4.el8_6", false),
            ("", false),
        ] {
            assert_eq!(has_mark(version), expected, "{version}");
        }
    }

    #[test]
    fn every_mark_is_found_wherever_it_stands() {
        for mark in MARKS {
            for text in [mark.to_owned(), format!("1{mark}"), format!("{}2", mark.to_ascii_uppercase())] {
                assert!(is_marked(&text), "{text}");
            }
        }
        assert!(!is_marked("1.2+deb12u1~p") && !is_marked(""));
    }

    #[test]
    fn repositories_of_others() {
        assert!(is_other_repository("https://download.docker.com/linux/ubuntu"));
        assert!(is_other_repository("https://dl.fedoraproject.org/pub/epel/8"));
        assert!(!is_other_repository("http://deb.debian.org/debian"));
        assert!(!is_other_repository("https://mirror.example/ubuntu"));
    }
}
