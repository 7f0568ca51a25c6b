// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys of the releases that most inventories have, spelled out once: making one of them costs no memory. Any other is put
//! together when it is asked for, and means the same.

use std::borrow::Cow;

macro_rules! spelled_out {
    ($($prefix:literal [$($release:literal)*];)*) => {
        const KNOWN: &[(&str, &[(&str, &str)])] = &[$(($prefix, &[$(($release, concat!($prefix, $release)),)*]),)*];
    };
}

spelled_out! {
    "Debian:" ["12" "11" "13" "10" "9" "8" "7" "sid"];
    "Ubuntu:" ["22.04" "24.04" "20.04" "18.04" "16.04" "14.04" "26.04" "23.10" "24.10" "25.04" "25.10" "23.04" "22.10" "21.10"];
    "Ubuntu:Pro:" ["22.04" "24.04" "20.04" "18.04" "16.04" "14.04" "26.04" "23.10" "24.10" "25.04" "25.10" "23.04" "22.10" "21.10"];
    "Alpine:v" [
        "3.17" "3.18" "3.19" "3.20" "3.21" "3.22" "3.23" "3.16" "3.15" "3.14" "3.13" "3.12" "3.11" "3.10" "3.9" "3.8" "3.7" "3.6"
        "3.5" "3.4" "3.3"
    ];
    "Alpine:" ["edge"];
    "Alpaquita:" ["23" "25"];
    "AlmaLinux:" ["8" "9" "10"];
    "Rocky Linux:" ["8" "9" "10"];
    "Red Hat:" ["8" "9" "7" "10" "6"];
    "CentOS:" ["7" "8" "9" "10" "6"];
    "Oracle Linux:" ["8" "9" "7" "10" "6"];
    "Amazon Linux:" ["2" "2023" "1" "2022"];
    "Fedora:" ["38" "39" "40" "41" "42" "43" "44" "37" "36" "35"];
    "Photon OS:" ["3.0" "4.0" "5.0"];
    "Azure Linux:" ["2" "3" "1"];
}

/// `release` behind `prefix` (`Debian:`).
pub(super) fn key(prefix: &str, release: &str) -> Cow<'static, str> {
    let found = KNOWN.iter().find(|(known, _)| *known == prefix);
    let found = found.and_then(|(_, releases)| releases.iter().find(|(known, _)| *known == release));
    match found {
        Some((_, key)) => Cow::Borrowed(key),
        None => Cow::Owned([prefix, release].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{distro_release::FAMILIES, ecosystem};

    #[test]
    fn what_is_spelled_out_is_what_would_be_put_together() {
        for (prefix, releases) in KNOWN {
            assert!(FAMILIES.iter().any(|family| prefix.starts_with(&format!("{}:", family.ecosystem))), "{prefix}");
            for (release, spelled) in *releases {
                assert_eq!(key(prefix, release), format!("{prefix}{release}"));
                assert_eq!(ecosystem::canonical(spelled), *spelled, "a key is its own key");
            }
        }
        assert_eq!(key("Norvania:", "7"), "Norvania:7");
    }
}
