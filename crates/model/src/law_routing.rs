// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words about where a report under the law goes, and what it has to hold.

use serde::{Deserialize, Serialize};

use crate::words::words;

/// A body that receives reports, as the office entered it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// What it is called.
    pub name: String,
    /// Address of its form.
    pub address: String,
    /// The language in which it takes reports, as `pt`; empty for not known.
    #[serde(default)]
    pub language: String,
}

words!(
    /// Who receives a report.
    Recipient { #[default] CoordinatorCsirt "coordinator-csirt", Enisa "enisa", NationalCsirt "national-csirt",
        CompetentAuthority "competent-authority", Bsi "bsi",
        // The body that the office entered in its settings.
        EnteredBody "entered-body", }
);
words!(
    /// By what a report is handed in. A person does it: neither way is open to machines.
    Channel { SinglePlatform "single-platform", NationalPortal "national-portal", #[default] None "none", }
);
words!(
    /// Why a report goes there.
    RouteReason { MainEstablishment "main-establishment", Representative "representative", Importer "importer",
        Distributor "distributor", Users "users", NationalLaw "national-law", Entered "entered", NothingToHandIn "nothing-to-hand-in",
        #[default] NotKnown "not-known", }
);
words!(
    /// What a person has to find out before a report is sent.
    RouteQuestion { #[default] MainEstablishment "main-establishment", EarlierInOrder "earlier-in-order",
        StewardCoordinator "steward-coordinator", WhichState "which-state", NationalBody "national-body",
        GovernmentTeam "government-team", ExcludedArea "excluded-area", StateExempts "state-exempts", }
);
words!(
    /// What a report has to hold.
    ReportField { #[default] Product "product", VulnerabilityName "vulnerability-name", IncidentName "incident-name",
        MemberStates "member-states", Malicious "suspected-malicious", CrossBorder "cross-border",
        NatureOfExploit "nature-of-exploit", NatureOfVulnerability "nature-of-vulnerability",
        NatureOfIncident "nature-of-incident", InitialAssessment "initial-assessment", Severity "severity", Impact "impact",
        Indicators "indicators-of-compromise", MeasuresTaken "measures-taken", UserMeasures "measures-for-users",
        Sensitivity "sensitivity", Description "description", Actor "malicious-actor", Fix "fix",
        RootCause "threat-or-root-cause", OngoingMeasures "ongoing-measures", StatusUpdate "status-update", }
);
