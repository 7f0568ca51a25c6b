// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a person says about an own repository where no program can judge. It is the word of an agency, and never a verdict of ours.

use serde::{Deserialize, Serialize};

use crate::words::words;

words!(
    /// What is said about a requirement.
    SelfAnswer { Met "met", NotMet "not-met", DoesNotApply "does-not-apply", #[default] DoNotKnow "do-not-know", }
);

impl SelfAnswer {
    /// Whether it says that nothing is wanting.
    pub fn is_content(self) -> bool {
        matches!(self, Self::Met | Self::DoesNotApply)
    }
}

/// The requirement of a standard that something is said about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AboutRequirement {
    /// Stable name of the standard, as `public-code`.
    pub standard: String,
    /// The version that was read.
    pub version: String,
    /// Name of the requirement within it.
    pub requirement: String,
}

/// What is said about one requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct SelfAssessment {
    /// The answer.
    pub answer: SelfAnswer,
    /// Why, in words; only "do not know" needs none.
    pub reason: String,
    /// An address (`https://`) where it can be seen.
    pub evidence: Option<String>,
}
