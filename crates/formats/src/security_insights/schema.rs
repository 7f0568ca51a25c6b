// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The keys of SECURITY-INSIGHTS 2.2 (schema of the Open Source Security Foundation).

use crate::declarations::schema::{ANY, Check, Field, Shape, TEXTS, may, must, some};

/// As the schema has it: `^https?://\S+$`.
const WEB: Shape = Shape::Text(Check::WebPattern);
const DATE: Shape = Shape::Text(Check::Date);
const CONTACTS: Shape = Shape::List(&Shape::Map(CONTACT));
const STATES: &[&str] = &["active", "abandoned", "concept", "inactive", "moved", "suspended", "unsupported", "WIP"];
const TOOLS: &[&str] = &["fuzzing", "container", "secret", "SCA", "SAST", "other"];

/// The whole document. Which of project and repository must be there depends on whether it has a parent.
pub(super) const DOCUMENT: &[Field] = &[
    must(
        "header",
        Shape::Map(&[
            must("last-reviewed", DATE),
            must("last-updated", DATE),
            must("schema-version", Shape::Text(Check::Version)),
            must("url", WEB),
            may("comment", ANY),
            may("project-si-source", WEB),
        ]),
    ),
    may("project", Shape::Map(PROJECT)),
    may("repository", Shape::Map(REPOSITORY)),
];

const CONTACT: &[Field] = &[
    must("name", ANY),
    must("primary", Shape::Flag),
    may("affiliation", ANY),
    may("email", Shape::Text(Check::MailAddress)),
    may("social", ANY),
];

const LINK: &[Field] = &[must("uri", ANY), must("comment", ANY)];

const LICENCE: &[Field] = &[must("url", WEB), must("expression", ANY)];

const ASSESSMENT: &[Field] = &[must("comment", ANY), may("name", ANY), may("evidence", WEB), may("date", DATE)];

const ATTESTATION: &[Field] =
    &[must("name", ANY), must("location", WEB), must("predicate-uri", ANY), may("comment", ANY)];

const PROJECT: &[Field] = &[
    must("name", ANY),
    may("homepage", WEB),
    may("roadmap", WEB),
    may("funding", WEB),
    may("steward", Shape::Map(LINK)),
    some("administrators", CONTACTS),
    some("repositories", Shape::List(&Shape::Map(&[must("name", ANY), must("comment", ANY), must("url", WEB)]))),
    must(
        "vulnerability-reporting",
        Shape::Map(&[
            must("reports-accepted", Shape::Flag),
            must("bug-bounty-available", Shape::Flag),
            may("bug-bounty-program", WEB),
            may("contact", Shape::Map(CONTACT)),
            may("comment", ANY),
            may("policy", WEB),
            may("pgp-key", ANY),
            may("in-scope", TEXTS),
            may("out-of-scope", TEXTS),
        ]),
    ),
    may(
        "documentation",
        Shape::Map(&[
            may("design", WEB),
            may("detailed-guide", WEB),
            may("code-of-conduct", WEB),
            may("quickstart-guide", WEB),
            may("release-process", WEB),
            may("support-policy", WEB),
            may("signature-verification", WEB),
        ]),
    ),
];

const REPOSITORY: &[Field] = &[
    must("status", Shape::Text(Check::OneOf(STATES))),
    must("url", WEB),
    must("accepts-change-request", Shape::Flag),
    must("accepts-automated-change-request", Shape::Flag),
    may("bug-fixes-only", Shape::Flag),
    may("no-third-party-packages", Shape::Flag),
    some("core-team", CONTACTS),
    must("license", Shape::Map(LICENCE)),
    must("security", Shape::Map(POSTURE)),
    may(
        "documentation",
        Shape::Map(&[
            may("contributing-guide", WEB),
            may("dependency-management-policy", WEB),
            may("governance", WEB),
            may("review-policy", WEB),
            may("security-policy", WEB),
        ]),
    ),
    may(
        "release",
        Shape::Map(&[
            must("automated-pipeline", Shape::Flag),
            some("distribution-points", Shape::List(&Shape::Map(LINK))),
            may("changelog", WEB),
            may("license", Shape::Map(LICENCE)),
            may("attestations", Shape::List(&Shape::Map(ATTESTATION))),
        ]),
    ),
];

const POSTURE: &[Field] = &[
    must(
        "assessments",
        Shape::Map(&[must("self", Shape::Map(ASSESSMENT)), may("third-party", Shape::List(&Shape::Map(ASSESSMENT)))]),
    ),
    may("champions", CONTACTS),
    may("tools", Shape::List(&Shape::Map(TOOL))),
];

const TOOL: &[Field] = &[
    must("name", ANY),
    must("type", Shape::Text(Check::OneOf(TOOLS))),
    may("version", ANY),
    may("comment", ANY),
    must("rulesets", TEXTS),
    must(
        "integration",
        Shape::Map(&[must("adhoc", Shape::Flag), must("ci", Shape::Flag), must("release", Shape::Flag)]),
    ),
    must(
        "results",
        Shape::Map(&[
            may("adhoc", Shape::Map(ATTESTATION)),
            may("ci", Shape::Map(ATTESTATION)),
            may("release", Shape::Map(ATTESTATION)),
        ]),
    ),
];
