// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The questions that agencies and vendors ask projects again and again, and what a project itself says about what is stored of it.

use serde::{Deserialize, Serialize};

use super::{ContactAddresses, ProjectFacts};
use crate::Timestamp;
use crate::words::words;

words!(
    /// A question that is asked again and again.
    DossierQuestion { #[default] Maintained "maintained", Governance "governance", Contact "contact",
        SecurityPolicy "security-policy", Reports "vulnerability-reports", SignedReleases "signed-releases",
        Releases "releases", Licence "licence", EndOfLife "end-of-life", Unfixed "unfixed", Sbom "sbom",
        CraRole "cra-role", Tests "tests", Provenance "provenance", Contributing "contributing", Funding "funding", }
);
words!(
    /// Where an answer is from.
    DossierSource { #[default] Clone "clone", Card "card", Contact "contact", Advisories "advisories", Lifecycle "lifecycle",
        Documents "documents", Project "project", }
);

/// What a project says, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectStatement {
    /// The question of a dossier that it answers; none for anything else.
    #[serde(default)]
    pub about: Option<DossierQuestion>,
    /// The words.
    pub text: String,
}

/// Statements of a project, and when it made them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectReply {
    /// The day on which the project said it.
    pub day: Timestamp,
    /// What it says.
    #[serde(default, rename = "statement")]
    pub statements: Vec<ProjectStatement>,
    /// How it wants to be approached. What is left out stays as it is.
    #[serde(default)]
    pub contact: StatedContact,
}

/// How a project wants to be approached, in its own words: what is left out it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatedContact {
    /// Whether it wants no contact.
    pub is_opted_out: Option<bool>,
    /// Whether its repository is archived.
    pub is_archived: Option<bool>,
    /// Whether it takes reports of vulnerabilities.
    pub accepts_reports: Option<bool>,
    /// Whether it takes changes.
    pub accepts_changes: Option<bool>,
    /// Whether it takes changes of programs.
    pub accepts_automated_changes: Option<bool>,
    /// Whether it takes nothing but fixes.
    pub takes_only_fixes: Option<bool>,
    /// Whether programs may contribute.
    pub contributing_allows_bots: Option<bool>,
    /// Whether nobody is paid for the work.
    pub is_run_by_volunteers: Option<bool>,
    /// How many people took part in the last twelve months: a number, never names.
    pub active_maintainers: Option<u32>,
    /// What its security policy names.
    pub security_policy: Option<String>,
    /// A form for private reports at its forge.
    pub private_report: Option<String>,
    /// How it wants to be approached in other matters.
    pub stated: Option<String>,
    /// An address of the maintainers as a group.
    pub maintainers: Option<String>,
    /// Its public tracker.
    pub public_issues: Option<String>,
}

impl StatedContact {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same facts with what the project says in place of ours.
    pub fn over(&self, facts: ProjectFacts) -> ProjectFacts {
        let said = self.clone();
        let known = facts.addresses;
        ProjectFacts {
            project: facts.project,
            is_opted_out: said.is_opted_out.unwrap_or(facts.is_opted_out),
            is_archived: said.is_archived.or(facts.is_archived),
            accepts_reports: said.accepts_reports.or(facts.accepts_reports),
            accepts_changes: said.accepts_changes.or(facts.accepts_changes),
            accepts_automated_changes: said.accepts_automated_changes.or(facts.accepts_automated_changes),
            takes_only_fixes: said.takes_only_fixes.or(facts.takes_only_fixes),
            contributing_allows_bots: said.contributing_allows_bots.or(facts.contributing_allows_bots),
            is_run_by_volunteers: said.is_run_by_volunteers.or(facts.is_run_by_volunteers),
            active_maintainers: said.active_maintainers.or(facts.active_maintainers),
            addresses: ContactAddresses {
                security_policy: said.security_policy.or(known.security_policy),
                private_report: said.private_report.or(known.private_report),
                stated: said.stated.or(known.stated),
                maintainers: said.maintainers.or(known.maintainers),
                public_issues: said.public_issues.or(known.public_issues),
            },
        }
    }

    /// What it says, by name.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        let flags = [
            ("is_opted_out", self.is_opted_out),
            ("is_archived", self.is_archived),
            ("accepts_reports", self.accepts_reports),
            ("accepts_changes", self.accepts_changes),
            ("accepts_automated_changes", self.accepts_automated_changes),
            ("takes_only_fixes", self.takes_only_fixes),
            ("contributing_allows_bots", self.contributing_allows_bots),
            ("is_run_by_volunteers", self.is_run_by_volunteers),
        ];
        let addresses = [
            ("security_policy", &self.security_policy),
            ("private_report", &self.private_report),
            ("stated", &self.stated),
            ("maintainers", &self.maintainers),
            ("public_issues", &self.public_issues),
        ];
        let flags = flags.into_iter().filter_map(|(name, flag)| Some((name, flag?.to_string())));
        let people = self.active_maintainers.map(|number| ("active_maintainers", number.to_string()));
        let addresses = addresses.into_iter().filter_map(|(name, address)| Some((name, address.clone()?)));
        flags.chain(people).chain(addresses).collect()
    }
}
