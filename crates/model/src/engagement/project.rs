// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is known of how a project wants to be approached. Each fact is three-valued: `None` means that nobody said.
//!
//! Sources: the project's own words (CONTRIBUTING, SECURITY.md, security.txt after RFC 9116), its SECURITY-INSIGHTS file (OpenSSF,
//! schema 2.2: `reports-accepted`, `accepts-change-request`, `accepts-automated-change-request`, `bug-fixes-only`), the forge's mark
//! "archived", and what it told this office itself (the opt-out).

use serde::{Deserialize, Serialize};

/// Where a project can be reached, as far as it says so itself. Addresses are those of the project, never of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ContactAddresses {
    /// What its security policy names: SECURITY.md, SECURITY-INSIGHTS or security.txt.
    pub security_policy: Option<String>,
    /// A form for private reports at its forge.
    pub private_report: Option<String>,
    /// How it wants to be approached in other matters: the word of its community card.
    pub stated: Option<String>,
    /// An address of the maintainers as a group.
    pub maintainers: Option<String>,
    /// Its public tracker.
    pub public_issues: Option<String>,
}

/// What the gate looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProjectFacts {
    /// Canonical address of the repository.
    pub project: String,
    /// It told this office that it wants no contact.
    pub is_opted_out: bool,
    /// Its repository is archived.
    pub is_archived: Option<bool>,
    /// `reports-accepted`.
    pub accepts_reports: Option<bool>,
    /// `accepts-change-request`.
    pub accepts_changes: Option<bool>,
    /// `accepts-automated-change-request`.
    pub accepts_automated_changes: Option<bool>,
    /// `bug-fixes-only`.
    pub takes_only_fixes: Option<bool>,
    /// CONTRIBUTING allows contributions by bots.
    pub contributing_allows_bots: Option<bool>,
    /// Nobody is paid for the work.
    pub is_run_by_volunteers: Option<bool>,
    /// People who took part in the last twelve months, bots left out: a number, never names.
    pub active_maintainers: Option<u32>,
    /// Where it can be reached.
    pub addresses: ContactAddresses,
}
