// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a steward of free software can show of itself, in facts: each element that the law asks for with what is true in the house. An
//! element without a fact is missing, and says so. Sentences are made of it elsewhere.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::clocks::ClockEvidence;
use crate::law::Citation;
use crate::words::words;

words!(
    /// What a steward has to show.
    PackElement { #[default] Responsible "responsible", Products "products", Contact "contact",
        SecureDevelopment "secure-development", VulnerabilityHandling "vulnerability-handling",
        VoluntaryReporting "voluntary-reporting", InformationSharing "information-sharing",
        Reporting "reporting-duties", Authorities "cooperation-with-authorities", }
);

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PackFact {
    /// Who publishes, as the settings say.
    Publisher {
        /// The name.
        name: String,
    },
    /// What gives it the right to speak, as the settings say.
    Authority {
        /// The words.
        words: String,
    },
    /// Somebody answered that it is a steward's.
    StewardOf {
        /// The product.
        name: String,
        /// When.
        said: Timestamp,
    },
    /// How to reach the steward.
    Contact {
        /// The address.
        address: String,
    },
    /// The security.txt of the settings holds until then.
    SecurityText {
        /// Its end.
        expires: Timestamp,
    },
    /// Address of the rules for who reports a flaw.
    Policy {
        /// The address.
        address: String,
    },
    /// Own repositories in the catalogue, and how many of them are public.
    Repositories {
        /// All.
        all: u64,
        /// Public ones.
        public: u64,
    },
    /// Cases of disclosure that the public knows.
    Cases {
        /// How many.
        public: u64,
    },
    /// Security advisories that were approved for publication.
    Advisories {
        /// How many.
        published: u64,
    },
    /// Steps of reporting clocks in a steward's role that were handed in, and that are late.
    Reports {
        /// Handed in.
        handed_in: u64,
        /// Late.
        late: u64,
    },
    /// Requests of authorities in the log.
    Requests {
        /// All.
        all: u64,
        /// Not answered.
        open: u64,
    },
}

/// An element with what is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PackPart {
    /// The element.
    pub element: PackElement,
    /// What the house knows; empty for what is missing.
    pub facts: Vec<PackFact>,
    /// The text that asks for it.
    pub law: Citation,
}

/// A request of an authority, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PackRequest {
    /// Its number.
    pub request: i64,
    /// Who asked.
    pub authority: String,
    /// For what.
    pub about: String,
    /// When.
    pub asked: Timestamp,
    /// By when.
    pub due: Option<Timestamp>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// What was handed over.
    pub evidence: Vec<ClockEvidence>,
}

/// The pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StewardPack {
    /// Who says it; empty where nobody has set a name.
    pub author: String,
    /// Each element, in the order of the law.
    pub parts: Vec<PackPart>,
    /// The log of requests of authorities.
    pub requests: Vec<PackRequest>,
    /// The ledger's revision.
    pub snapshot: i64,
    /// As of when.
    pub as_of: Timestamp,
}

impl StewardPack {
    /// Elements of which nothing is known.
    pub fn missing(&self) -> impl Iterator<Item = &PackPart> {
        self.parts.iter().filter(|part| part.facts.is_empty())
    }
}
