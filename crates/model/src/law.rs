// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words about texts of law: what standing a text has, and how far it could be checked. A rule without both is a rumour.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::clocks::ClockEvidence;
use crate::registry::AgencyId;
use crate::words::words;

words!(
    /// What weight a text has. Only the first binds.
    Standing { Law "law", Replaced "replaced", Draft "draft", Guidance "guidance", OfficePolicy "office-policy",
        // A group explains the law; nobody is bound by it.
        #[default] Explanation "explanation", }
);
words!(
    /// How the wording behind a rule was checked.
    Seen {
        // The official publication.
        Primary "primary",
        // A copy of the official wording elsewhere; the official publication was not opened.
        Copy "copy",
        // What others write about it.
        Secondary "secondary",
        // Nothing that could be cited; from general knowledge.
        #[default] NotConfirmed "not-confirmed",
    }
);

/// A place in a text of law or guidance, with how far it could be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "LawCitation")]
pub struct Citation {
    /// The stable word by which rules name it.
    pub key: String,
    /// The text.
    pub title: String,
    /// The article, recital or question.
    pub place: String,
    /// Where it can be read.
    pub link: String,
    /// Its weight.
    #[schemars(with = "String")]
    pub standing: Standing,
    /// How its wording was checked.
    pub seen: Seen,
    /// What is open about it; empty for nothing.
    pub open: String,
}

/// What happened to a request of an authority: each is said once, and stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityEvent {
    /// An authority asked.
    Asked {
        /// Who asked.
        authority: String,
        /// For what, in own words.
        about: String,
        /// When.
        at: Timestamp,
        /// Whom it was asked of: an agency, or (`None`) the office.
        agency: Option<AgencyId>,
        /// The authority's own reference.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        /// By when it wants an answer, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// It was answered.
    Answered {
        /// When.
        at: Timestamp,
        /// With what, in own words.
        with: String,
        /// What was handed over.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<ClockEvidence>,
    },
    /// What is to be said about it: also a correction of what was said before.
    Remark {
        /// The words.
        text: String,
    },
}
