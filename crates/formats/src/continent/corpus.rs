// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was counted in real bills of materials, as numbers alone: 2,182 documents about 683 container images, by four tools
//! and in the wild, 364,256 package versions in documents.
//!
//! `e2e/measure-corpus.sh FOLDER` counts them again, in this order; the folder is a copy of `chainguard-dev/bom-shelter`.

/// Package versions of a document without packages of an operating system: the smallest, then every twentieth part.
pub const SIZES_WITHOUT_SYSTEM: [u32; 21] = [1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 7, 9, 10, 13, 16, 21, 29, 43, 96, 160, 702];
/// The same with packages of Debian or Ubuntu.
pub const SIZES_WITH_DEB: [u32; 21] =
    [3, 68, 97, 101, 106, 113, 119, 128, 144, 161, 168, 173, 186, 202, 241, 298, 348, 404, 496, 865, 1_997];
/// The same with packages of Alpine.
pub const SIZES_WITH_APK: [u32; 21] =
    [12, 15, 16, 17, 20, 23, 27, 31, 38, 48, 63, 79, 86, 96, 127, 177, 219, 280, 287, 364, 1_018];
/// The same with packages of Red Hat and its like.
pub const SIZES_WITH_RPM: [u32; 21] =
    [33, 66, 91, 94, 112, 121, 136, 144, 166, 174, 181, 194, 200, 223, 240, 255, 320, 370, 467, 762, 1_756];

/// Documents without an operating system, with Debian, with Ubuntu, with Red Hat and its like, with Alpine.
/// The 995 documents with packages in the format of Debian are divided as their uses are: 89,647 to 81,736.
pub const DOCUMENTS_BY_SYSTEM: [u32; 5] = [624, 520, 475, 213, 324];

/// Of a thousand package versions of a document with an operating system, those that belong to it: the smallest, then
/// every twentieth part.
pub const SYSTEM_SHARES: [u32; 21] =
    [8, 94, 183, 264, 367, 440, 526, 582, 661, 757, 840, 881, 912, 931, 943, 959, 970, 974, 981, 992, 1_000];

/// Uses of packages of other ecosystems: Go, npm, Maven, without a package URL, PyPI, RubyGems. Left out: Composer, NuGet,
/// Cargo (1 in 100 together).
pub const USES_BY_ECOSYSTEM: [u32; 6] = [56_873, 40_590, 28_108, 15_763, 5_012, 3_622];

/// Packages of an ecosystem by how common they are: uses of the first, the second, the third and fourth, the fifth to
/// eighth, and so on, doubling; and how many packages there are.
#[derive(Clone, Copy, Debug)]
pub struct Popularity {
    /// Packages.
    pub packages: u32,
    /// Uses.
    pub uses: &'static [u32],
}

/// Debian and Ubuntu.
pub const DEB: Popularity = Popularity {
    packages: 4_760,
    uses: &[729, 715, 1_322, 2_624, 5_221, 10_432, 20_579, 27_620, 26_551, 21_355, 21_616, 24_028, 7_929, 664],
};
/// Red Hat and its like.
pub const RPM: Popularity = Popularity {
    packages: 3_475,
    uses: &[158, 108, 216, 432, 856, 1_632, 3_154, 3_636, 4_225, 5_405, 3_734, 2_399, 1_427],
};
/// Alpine.
pub const APK: Popularity =
    Popularity { packages: 527, uses: &[331, 328, 654, 1_300, 1_839, 1_568, 1_271, 1_458, 807, 521, 15] };
/// Go.
pub const GOLANG: Popularity = Popularity {
    packages: 3_530,
    uses: &[956, 598, 1_026, 1_806, 3_257, 5_701, 7_977, 8_340, 8_445, 7_454, 5_618, 3_661, 2_034],
};
/// npm.
pub const NPM: Popularity = Popularity {
    packages: 4_088,
    uses: &[247, 223, 390, 740, 1_322, 1_994, 3_515, 6_132, 8_280, 7_502, 4_278, 3_366, 2_601],
};
/// Maven.
pub const MAVEN: Popularity = Popularity {
    packages: 8_207,
    uses: &[146, 143, 277, 502, 626, 956, 1_490, 1_981, 2_515, 2_783, 3_236, 3_790, 4_654, 4_994, 15],
};
/// Without a package URL.
pub const GENERIC: Popularity = Popularity {
    packages: 8_186,
    uses: &[346, 257, 324, 440, 501, 885, 1_617, 1_423, 1_027, 947, 834, 1_024, 2_048, 4_090],
};
/// PyPI.
pub const PYPI: Popularity =
    Popularity { packages: 1_223, uses: &[122, 110, 156, 212, 310, 448, 514, 560, 691, 948, 742, 199] };
/// RubyGems.
pub const GEM: Popularity =
    Popularity { packages: 1_116, uses: &[34, 28, 49, 81, 148, 266, 455, 713, 756, 488, 512, 92] };

/// Versions of a package that is in eight documents or more: the fewest, then every twentieth part.
pub const VERSIONS: [u32; 21] = [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 6, 6, 7, 8, 10, 10, 13, 16, 24, 111];
/// Uses of the most common version of a package, of the second, and so on.
pub const USES_BY_VERSION: [u32; 24] = [
    164_792, 74_106, 40_124, 19_014, 13_236, 9_561, 7_222, 5_712, 4_297, 3_491, 2_733, 2_284, 1_953, 1_726, 1_479,
    1_279, 1_128, 981, 869, 752, 680, 627, 531, 520,
];

/// Of a million uses, those of a package that nobody used before, when a continent has 364,000 uses; and how many remain
/// each time the uses double, of a thousand. Packages grew with the 0.554th power of uses: 8,080 in a sixteenth of the
/// documents, 37,541 in all of them.
pub const NEW_PER_MILLION: u64 = 57_100;
/// See [`NEW_PER_MILLION`].
pub const NEW_AFTER_DOUBLING: u64 = 734;

/// Of a thousand documents, those with a dependency graph that is complete; all others say nothing of direct dependencies.
pub const GRAPHS_PER_THOUSAND: u64 = 6;
/// Uses with a known depth: direct ones, then two steps from the artefact, three, four, five and more.
pub const USES_BY_DEPTH: [u32; 5] = [1_340, 331, 231, 120, 126];

/// Of a thousand documents, those that state licences; and of a thousand uses in them, those with one.
pub const LICENCES_PER_THOUSAND: (u64, u64) = (541, 603);
/// The most common declared licences and how often each stands there.
pub const LICENCES: [(&str, u32); 16] = [
    ("MIT", 40_253),
    ("ISC", 12_822),
    ("GPL-2.0", 8_105),
    ("GPL-3.0", 5_815),
    ("GPL-2.0-only", 4_855),
    ("BSD-3-Clause", 4_477),
    ("Apache-2.0", 3_191),
    ("BSD-2-Clause", 2_671),
    ("LGPLv2+", 2_377),
    ("OpenSSL", 1_266),
    ("LGPL-2.1", 1_266),
    ("GPLv3+", 1_119),
    ("LGPL-2.1-or-later", 1_084),
    ("GPL-3.0-only", 1_051),
    ("BSD", 1_036),
    ("Zlib", 969),
];

/// Of a thousand documents, those with at least one gap of the kind: a value that the format does not allow, a field that
/// it requires and that is missing, a licence that is no expression, and a component without a version.
pub const INVALID_VALUE_PER_THOUSAND: u64 = 520;
/// See [`INVALID_VALUE_PER_THOUSAND`].
pub const MISSING_FIELD_PER_THOUSAND: u64 = 330;
/// See [`INVALID_VALUE_PER_THOUSAND`].
pub const NO_VERSION_PER_THOUSAND: u64 = 176;

/// Of a thousand package versions in use, those that an advisory of the free feeds speaks of; findings for each thousand
/// uses. Counted after `underpin watch sync --from` with 84,692 OSV records: 8,070 of 89,720, and 183,507 of 364,256.
pub const HIT_VERSIONS_PER_THOUSAND: u64 = 90;
/// See [`HIT_VERSIONS_PER_THOUSAND`].
pub const FINDINGS_PER_THOUSAND_USES: u64 = 504;
