// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government: agencies as a tree, the systems they run, where those are deployed, and what depends on what.
//!
//! Everything has a validity in time: [`Versioned`] rows say when a statement held and when we knew it, so that the
//! registry can be asked as of any moment. Names need not be unique; identifiers are.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

macro_rules! identifier {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.to_owned()) }
        }
    };
}

identifier!(
    /// Stable identifier of an agency: lower-case letters, digits and hyphens.
    AgencyId
);
identifier!(
    /// Stable identifier of a system: lower-case letters, digits and hyphens.
    SystemId
);
identifier!(
    /// Stable identifier of a deployment, unique within its system.
    DeploymentId
);

/// Makes a stable identifier from a name: lower case, ASCII letters and digits kept, everything else one hyphen.
/// German umlauts are spelled out. Empty when nothing is left.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(character),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// True when `text` may be an identifier: 1 to 128 lower-case letters, digits, hyphens, dots or underscores, starting
/// with a letter or digit.
pub fn is_identifier(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_'))
}

words!(
    /// How much harm a loss would do. `unknown` when nobody has said yet.
    ProtectionNeed { #[default] Unknown "unknown", Normal "normal", High "high", VeryHigh "very-high", }
);
words!(
    /// Who can reach a system.
    Exposure { #[default] Unknown "unknown", Isolated "isolated", Internal "internal", Partners "partners", Internet "internet", }
);
words!(
    /// Who may know of it, from everybody to few.
    Classification { Public "public", #[default] Internal "internal", Restricted "restricted", Confidential "confidential", Secret "secret", }
);
words!(
    /// Where a system is in its life. Only active ones count in coverage.
    SystemStatus { Planned "planned", #[default] Active "active", Retired "retired", }
);

/// A ministry, agency or unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Agency {
    /// Stable identifier.
    pub id: AgencyId,
    /// Name.
    pub name: String,
    /// Other names it is known by.
    pub aliases: Vec<String>,
    /// The agency it belongs to.
    pub parent: Option<AgencyId>,
    /// Functional mailbox or page; never a person.
    pub contact: String,
    /// Systems it says it has that are not registered yet.
    pub declared_systems: Option<u64>,
    /// Agencies it came from (after a merger or a split).
    pub predecessors: Vec<AgencyId>,
}

/// A service the government runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct System {
    /// Stable identifier.
    pub id: SystemId,
    /// Name; need not be unique.
    pub name: String,
    /// Other names it is known by.
    pub aliases: Vec<String>,
    /// The agency that owns it.
    pub agency: AgencyId,
    /// What it is for.
    pub purpose: String,
    /// Who runs it.
    pub operator: String,
    /// Who supplies it.
    pub supplier: String,
    /// Support contract: who can patch it.
    pub support: String,
    /// Functional mailbox or page; never a person.
    pub contact: String,
    /// Protection need: confidentiality.
    pub confidentiality: ProtectionNeed,
    /// Protection need: integrity.
    pub integrity: ProtectionNeed,
    /// Protection need: availability.
    pub availability: ProtectionNeed,
    /// Who can reach it.
    pub exposure: Exposure,
    /// Who may know of it.
    pub classification: Classification,
    /// Where it is in its life.
    pub status: SystemStatus,
    /// Systems it needs to work.
    pub depends_on: Vec<SystemId>,
    /// Compartments it is kept in: whoever lacks one of them does not see it, whatever the role or clearance (need-to-know).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compartments: Vec<String>,
}

/// A place where a system runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deployment {
    /// Stable identifier, unique within the system.
    pub id: DeploymentId,
    /// The system.
    pub system: SystemId,
    /// Name.
    pub name: String,
    /// Environment (`production`, `test`, …), as the agency says.
    pub environment: String,
    /// Data centre, cloud region or site, as the agency says.
    pub location: String,
    /// Who can reach it, where that differs from the system.
    pub exposure: Exposure,
}

/// Binds documents that come in later: when the pattern fits, the document is about the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MappingRule {
    /// What is looked at.
    pub on: MappingField,
    /// Pattern; `*` stands for any characters, upper and lower case are the same.
    pub pattern: String,
    /// The system.
    pub system: SystemId,
    /// The deployment, where it matters.
    pub deployment: Option<DeploymentId>,
}

words!(
    /// What a mapping rule looks at.
    MappingField { #[default] Subject "subject", Purl "purl", Path "path", }
);

/// A statement with its two times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// What was said.
    pub value: T,
    /// Since when it holds in the world.
    pub valid_from: Timestamp,
    /// Until when it holds in the world; `MAX` while it does.
    pub valid_until: Timestamp,
    /// Since when we know it.
    pub recorded_from: Timestamp,
    /// Until when we believed it; `MAX` while we do.
    pub recorded_until: Timestamp,
}

impl<T> Versioned<T> {
    /// Known by `moment` and holding at `moment`.
    pub fn holds_at(&self, moment: Timestamp) -> bool {
        self.valid_from <= moment
            && moment < self.valid_until
            && self.recorded_from <= moment
            && moment < self.recorded_until
    }
}

/// The whole registry, as exchanged in files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegistryFile {
    /// Agencies.
    #[serde(rename = "agency", skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Agency>,
    /// Systems.
    #[serde(rename = "system", skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<System>,
    /// Deployments.
    #[serde(rename = "deployment", skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<Deployment>,
    /// Mapping rules.
    #[serde(rename = "mapping", skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<MappingRule>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_identifiers() {
        for (name, expected) in [
            ("Citizen Portal", "citizen-portal"),
            ("Behörde für Straßen & Brücken", "behoerde-fuer-strassen-bruecken"),
            ("bitnami/redis", "bitnami-redis"),
            ("  --x--  ", "x"),
            ("日本", ""),
        ] {
            assert_eq!(slug(name), expected);
            assert!(expected.is_empty() || is_identifier(expected));
        }
        assert!(!is_identifier("-a"));
        assert!(!is_identifier("A"));
    }

    #[test]
    fn words_read_back_and_errors_list_the_choice() {
        assert_eq!("Very high".parse(), Ok(ProtectionNeed::VeryHigh));
        assert_eq!("VERY_HIGH".parse(), Ok(ProtectionNeed::VeryHigh));
        let error = "huge".parse::<ProtectionNeed>().expect_err("not a word");
        assert_eq!(error, "\"huge\" is none of: unknown, normal, high, very-high");
    }
}
