// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The keys of code.json 2.0.0.

use crate::declarations::schema::{ANY, Check, DIFFERENT_TEXTS, Field, Shape, may, must};

const ADDRESS: Shape = Shape::Text(Check::Address);
const MOMENT: Shape = Shape::Text(Check::Moment);

const STATES: &[&str] = &["Ideation", "Development", "Alpha", "Beta", "Release Candidate", "Production", "Archival"];
pub(super) const LICENCES: &[&str] = &[
    "CC0-1.0",
    "Apache-2.0",
    "MIT",
    "MPL-2.0",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "EPL-2.0",
    "Other",
    "None",
];
/// Open source, shared inside the government, or why neither.
const USAGES: &[&str] = &[
    "openSource",
    "governmentWideReuse",
    "exemptByNationalSecurity",
    "exemptByNationalIntelligence",
    "exemptByFOIA",
    "exemptByEAR",
    "exemptByITAR",
    "exemptByTSA",
    "exemptByClassifiedInformation",
    "exemptByPrivacyRisk",
    "exemptByIPRestriction",
    "exemptByAgencySystem",
    "exemptByAgencyMission",
    "exemptByCIO",
    "exemptByPolicyDate",
];

/// The whole document; it may hold more.
pub(super) const DOCUMENT: &[Field] = &[
    must("name", ANY),
    may("version", ANY),
    must("description", ANY),
    must("status", Shape::Text(Check::OneOf(STATES))),
    must("permissions", Shape::Map(PERMISSIONS)),
    must("organization", ANY),
    must("repositoryURL", ADDRESS),
    must("repositoryVisibility", Shape::Text(Check::OneOf(&["public", "private"]))),
    may("homepageURL", ADDRESS),
    may("downloadURL", ADDRESS),
    may("disclaimerURL", ADDRESS),
    may("disclaimerText", ANY),
    must("vcs", Shape::Text(Check::OneOf(&["git", "hg", "svn", "rcs", "bzr", "none"]))),
    must("laborHours", Shape::Number { is_whole: false }),
    must(
        "reuseFrequency",
        Shape::OpenMap(&[
            may("forks", Shape::Number { is_whole: true }),
            may("clones", Shape::Number { is_whole: true }),
        ]),
    ),
    must("languages", DIFFERENT_TEXTS),
    must("maintenance", Shape::Text(Check::OneOf(&["internal", "contract", "community", "none"]))),
    must("contractNumber", DIFFERENT_TEXTS),
    must("SBOM", ANY),
    may(
        "relatedCode",
        Shape::List(&Shape::Map(&[may("name", ANY), may("URL", ADDRESS), may("isGovernmentRepo", Shape::Flag)])),
    ),
    may("reusedCode", Shape::List(&Shape::Map(&[may("name", ANY), may("URL", ADDRESS)]))),
    may("partners", Shape::List(&Shape::Map(&[may("name", ANY), may("email", ANY)]))),
    must(
        "date",
        Shape::Map(&[may("created", MOMENT), may("lastModified", MOMENT), may("metadataLastUpdated", MOMENT)]),
    ),
    must("tags", DIFFERENT_TEXTS),
    must("contact", Shape::Map(&[may("email", Shape::Text(Check::MailAddress)), may("name", ANY)])),
    must("feedbackMechanism", ADDRESS),
    must("AIUseCaseID", ANY),
];

const PERMISSIONS: &[Field] = &[
    must(
        "licenses",
        Shape::List(&Shape::Map(&[must("name", Shape::Text(Check::OneOf(LICENCES))), must("URL", ADDRESS)])),
    ),
    must("usageType", Shape::List(&Shape::Text(Check::OneOf(USAGES)))),
    may("exemptionText", Shape::TextOrNothing),
];
