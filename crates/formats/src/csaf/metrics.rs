// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The single metrics of CVSS as its JSON schemas call them (first.org/cvss), and what they are in a vector.

/// A metric: its property, its name in a vector, and its values: word and letter.
pub type Metric = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const LEVELS_2: &[(&str, &str)] = &[("NONE", "N"), ("PARTIAL", "P"), ("COMPLETE", "C")];
const REQUIREMENTS_2: &[(&str, &str)] = &[("LOW", "L"), ("MEDIUM", "M"), ("HIGH", "H"), ("NOT_DEFINED", "ND")];

/// Metrics of version 2.
pub const VERSION_2: &[Metric] = &[
    ("accessVector", "AV", &[("LOCAL", "L"), ("ADJACENT_NETWORK", "A"), ("NETWORK", "N")]),
    ("accessComplexity", "AC", &[("HIGH", "H"), ("MEDIUM", "M"), ("LOW", "L")]),
    ("authentication", "Au", &[("MULTIPLE", "M"), ("SINGLE", "S"), ("NONE", "N")]),
    ("confidentialityImpact", "C", LEVELS_2),
    ("integrityImpact", "I", LEVELS_2),
    ("availabilityImpact", "A", LEVELS_2),
    (
        "exploitability",
        "E",
        &[("UNPROVEN", "U"), ("PROOF_OF_CONCEPT", "POC"), ("FUNCTIONAL", "F"), ("HIGH", "H"), ("NOT_DEFINED", "ND")],
    ),
    (
        "remediationLevel",
        "RL",
        &[
            ("OFFICIAL_FIX", "OF"),
            ("TEMPORARY_FIX", "TF"),
            ("WORKAROUND", "W"),
            ("UNAVAILABLE", "U"),
            ("NOT_DEFINED", "ND"),
        ],
    ),
    (
        "reportConfidence",
        "RC",
        &[("UNCONFIRMED", "UC"), ("UNCORROBORATED", "UR"), ("CONFIRMED", "C"), ("NOT_DEFINED", "ND")],
    ),
    (
        "collateralDamagePotential",
        "CDP",
        &[
            ("NONE", "N"),
            ("LOW", "L"),
            ("LOW_MEDIUM", "LM"),
            ("MEDIUM_HIGH", "MH"),
            ("HIGH", "H"),
            ("NOT_DEFINED", "ND"),
        ],
    ),
    ("targetDistribution", "TD", &[("NONE", "N"), ("LOW", "L"), ("MEDIUM", "M"), ("HIGH", "H"), ("NOT_DEFINED", "ND")]),
    ("confidentialityRequirement", "CR", REQUIREMENTS_2),
    ("integrityRequirement", "IR", REQUIREMENTS_2),
    ("availabilityRequirement", "AR", REQUIREMENTS_2),
];

const LEVELS_3: &[(&str, &str)] = &[("NONE", "N"), ("LOW", "L"), ("HIGH", "H"), ("NOT_DEFINED", "X")];
const REQUIREMENTS_3: &[(&str, &str)] = &[("LOW", "L"), ("MEDIUM", "M"), ("HIGH", "H"), ("NOT_DEFINED", "X")];
const VECTORS_3: &[(&str, &str)] =
    &[("NETWORK", "N"), ("ADJACENT_NETWORK", "A"), ("LOCAL", "L"), ("PHYSICAL", "P"), ("NOT_DEFINED", "X")];
const COMPLEXITIES_3: &[(&str, &str)] = &[("HIGH", "H"), ("LOW", "L"), ("NOT_DEFINED", "X")];
const INTERACTIONS_3: &[(&str, &str)] = &[("NONE", "N"), ("REQUIRED", "R"), ("NOT_DEFINED", "X")];
const SCOPES_3: &[(&str, &str)] = &[("UNCHANGED", "U"), ("CHANGED", "C"), ("NOT_DEFINED", "X")];

/// Metrics of versions 3.0 and 3.1.
pub const VERSION_3: &[Metric] = &[
    ("attackVector", "AV", VECTORS_3),
    ("attackComplexity", "AC", COMPLEXITIES_3),
    ("privilegesRequired", "PR", LEVELS_3),
    ("userInteraction", "UI", INTERACTIONS_3),
    ("scope", "S", SCOPES_3),
    ("confidentialityImpact", "C", LEVELS_3),
    ("integrityImpact", "I", LEVELS_3),
    ("availabilityImpact", "A", LEVELS_3),
    (
        "exploitCodeMaturity",
        "E",
        &[("UNPROVEN", "U"), ("PROOF_OF_CONCEPT", "P"), ("FUNCTIONAL", "F"), ("HIGH", "H"), ("NOT_DEFINED", "X")],
    ),
    (
        "remediationLevel",
        "RL",
        &[
            ("OFFICIAL_FIX", "O"),
            ("TEMPORARY_FIX", "T"),
            ("WORKAROUND", "W"),
            ("UNAVAILABLE", "U"),
            ("NOT_DEFINED", "X"),
        ],
    ),
    ("reportConfidence", "RC", &[("UNKNOWN", "U"), ("REASONABLE", "R"), ("CONFIRMED", "C"), ("NOT_DEFINED", "X")]),
    ("confidentialityRequirement", "CR", REQUIREMENTS_3),
    ("integrityRequirement", "IR", REQUIREMENTS_3),
    ("availabilityRequirement", "AR", REQUIREMENTS_3),
    ("modifiedAttackVector", "MAV", VECTORS_3),
    ("modifiedAttackComplexity", "MAC", COMPLEXITIES_3),
    ("modifiedPrivilegesRequired", "MPR", LEVELS_3),
    ("modifiedUserInteraction", "MUI", INTERACTIONS_3),
    ("modifiedScope", "MS", SCOPES_3),
    ("modifiedConfidentialityImpact", "MC", LEVELS_3),
    ("modifiedIntegrityImpact", "MI", LEVELS_3),
    ("modifiedAvailabilityImpact", "MA", LEVELS_3),
];

/// The value of a metric in a vector.
pub fn in_vector<'v>(vector: &'v str, name: &str) -> Option<&'v str> {
    let mut parts = vector.split('/').filter_map(|part| part.split_once(':'));
    parts.find(|(metric, _)| *metric == name).map(|(_, value)| value)
}
