// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The risk index of the Census of 2015 (Wheeler and Khakimov, Core Infrastructure Initiative): points that are added up.
//!
//! Source: coreinfrastructure/census, `oss_package_analysis.py`, and its results of 428 packages. Popularity came from installations
//! of Debian at that time; where the bounds between the points lay is told by the results, not by the list, which is not at hand.

/// Installations from which a package is among the most popular hundredth, and among the most popular twentieth. The results
/// leave room between 52,894 and 55,630, and between 1,809 and 2,479.
const POPULAR: [(u64, u32); 2] = [(55_000, 2), (2_000, 1)];
/// Vulnerabilities from which there are so many points.
const CVES: [(u64, u32); 3] = [(4, 3), (2, 2), (1, 1)];
/// Points that documentation and data take away.
const DATA_ONLY: u32 = 3;

/// What is known of a package. A missing number is unknown, as the formula has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CensusInputs {
    /// Whether a home page is known.
    pub has_home_page: bool,
    /// Whether it is mainly written in C or C++.
    pub is_in_c: bool,
    /// CVEs since 2010.
    pub cves: u64,
    /// People who contributed in twelve months.
    pub contributors: Option<u64>,
    /// Installations that report it.
    pub popularity: Option<u64>,
    /// Whether it listens on the network.
    pub listens: bool,
    /// Whether it processes data from the network.
    pub processes_network_data: bool,
    /// Whether it could give somebody more rights on the machine.
    pub raises_rights: bool,
    /// Whether it is documentation or data alone.
    pub is_data_only: bool,
}

/// The points of a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CensusPoints {
    /// For no home page.
    pub website: u32,
    /// For vulnerabilities.
    pub cves: u32,
    /// For few contributors.
    pub contributors: u32,
    /// For popularity; 0 where it is not known.
    pub popularity: u32,
    /// For the language.
    pub language: u32,
    /// For exposure.
    pub exposure: u32,
    /// Taken away for data alone.
    pub data_only: u32,
}

impl CensusPoints {
    /// The sum, never below 0.
    pub fn index(&self) -> u32 {
        let sum = self.website + self.cves + self.contributors + self.popularity + self.language + self.exposure;
        sum.saturating_sub(self.data_only)
    }
}

/// The points of a package.
pub fn census_points(known: &CensusInputs) -> CensusPoints {
    let from = |value: u64, bounds: &[(u64, u32)]| {
        bounds.iter().find(|(least, _)| value >= *least).map_or(0, |(_, points)| *points)
    };
    CensusPoints {
        website: u32::from(!known.has_home_page),
        cves: from(known.cves, &CVES),
        contributors: match known.contributors {
            None => 2,
            Some(0) => 5,
            Some(1..=3) => 4,
            Some(_) => 0,
        },
        popularity: known.popularity.map_or(0, |popularity| from(popularity, &POPULAR)),
        language: if known.is_in_c { 2 } else { 0 },
        exposure: match () {
            () if known.listens => 2,
            () if known.processes_network_data || known.raises_rights => 1,
            () => 0,
        },
        data_only: if known.is_data_only { DATA_ONLY } else { 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_added_by_hand() {
        let all = CensusInputs {
            has_home_page: false,
            is_in_c: true,
            cves: 9,
            contributors: Some(0),
            popularity: Some(100_000),
            listens: true,
            processes_network_data: true,
            raises_rights: false,
            is_data_only: false,
        };
        assert_eq!(census_points(&all).index(), 1 + 2 + 3 + 5 + 2 + 2);
        let quiet =
            CensusInputs { has_home_page: true, contributors: Some(40), is_data_only: true, ..Default::default() };
        assert_eq!(census_points(&quiet).index(), 0, "never below 0");
        assert_eq!(census_points(&CensusInputs { contributors: None, ..quiet }).contributors, 2);
    }
}
