// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The community card: how a project governs itself and how it wants to be met, in its own words. Whoever wants to write to
//! a project reads it first.

use serde::{Deserialize, Serialize};

use crate::signals::Ignorance;

/// Words of the project, cut short, and where they stand. Addresses, handles and names of contributors are taken out of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Excerpt {
    /// The file, by its path in the newest commit.
    pub path: String,
    /// The line at which it begins, from 1.
    pub line: u64,
    /// The words.
    pub text: String,
}

/// What the project says to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// This.
    Words(Excerpt),
    /// Nothing that was found, and why.
    Unknown(Ignorance),
}

impl Default for Said {
    fn default() -> Self {
        Self::Unknown(Ignorance::NotInClone)
    }
}

/// The card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CommunityCard {
    /// How it governs itself.
    pub governance: Said,
    /// Where and how decisions are made.
    pub decisions: Said,
    /// How to contribute.
    pub contributing: Said,
    /// Whether it asks for a contributor licence agreement.
    pub licence_agreement: Said,
    /// Whether it asks for a developer certificate of origin.
    pub certificate_of_origin: Said,
    /// Which manners it asks for.
    pub code_of_conduct: Said,
    /// Where it says that help is wanted.
    pub help_wanted: Said,
    /// How it wants to be approached in general.
    pub approach: Said,
    /// How it wants to hear of a vulnerability.
    pub security_reports: Said,
    /// How it can be funded.
    pub funding: Said,
}

impl CommunityCard {
    /// Name and content of every question, in order.
    pub fn entries(&self) -> [(&'static str, &Said); 10] {
        [
            ("governance", &self.governance),
            ("decisions", &self.decisions),
            ("contributing", &self.contributing),
            ("licence-agreement", &self.licence_agreement),
            ("certificate-of-origin", &self.certificate_of_origin),
            ("code-of-conduct", &self.code_of_conduct),
            ("help-wanted", &self.help_wanted),
            ("approach", &self.approach),
            ("security-reports", &self.security_reports),
            ("funding", &self.funding),
        ]
    }
}
