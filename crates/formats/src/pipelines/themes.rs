// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words and names by which documents show their themes: a table, in English and German.

use underpin_model::build_facts::Theme;

/// Themes of headings, by words in them.
pub(super) const HEADINGS: &[(Theme, &[&str])] = &[
    (
        Theme::Usage,
        &[
            "usage",
            "getting started",
            "quick start",
            "quickstart",
            "how to use",
            "user guide",
            "tutorial",
            "example",
            "using",
            "verwendung",
            "benutzung",
            "erste schritte",
            "anleitung",
            "walkthrough",
        ],
    ),
    (Theme::Installation, &["install*", "deploy*", "running", "setup", "set up"]),
    (
        Theme::Defects,
        &["bug*", "issue", "report a problem", "reporting problems", "feedback", "fehler melden", "probleme melden"],
    ),
    (Theme::Verification, &["verify*", "verification", "signature", "checksum", "attest*", "provenance", "prüfsumme"]),
    (
        Theme::Support,
        &[
            "supported version",
            "support policy",
            "supported release",
            "maintenance policy",
            "long term support",
            "lts",
            "release lifecycle",
            "unterstützte versionen",
        ],
    ),
    (
        Theme::SupportEnd,
        &["supported version", "end of life", "end-of-life", "unsupported version", "unterstützte versionen"],
    ),
    (
        Theme::Dependencies,
        &[
            "dependency management",
            "dependency policy",
            "managing dependencies",
            "dependency update",
            "updating dependencies",
            "dependency selection",
            "third-party dependencies",
            "umgang mit abhängigkeiten",
        ],
    ),
    (
        Theme::Building,
        &[
            "build*",
            "compil*",
            "from source",
            "development",
            "developing",
            "local setup",
            "hacking",
            "bauen",
            "entwicklung",
        ],
    ),
    (Theme::Members, &["maintainers", "core team", "project members", "steering committee", "betreuer"]),
    (Theme::Roles, &["roles", "responsibilities", "governance", "rollen"]),
    (
        Theme::Contribution,
        &["contribut*", "pull request", "merge request", "submit*", "mitmachen", "beitrag*", "mitwirk*", "beiträg*"],
    ),
    (
        Theme::Acceptance,
        &[
            "coding style",
            "code style",
            "style guide",
            "coding standard",
            "code standard",
            "commit message",
            "commit guideline",
            "pull request guideline",
            "requirement",
            "convention",
            "checklist",
            "guidelines",
            "formatting",
            "linting",
            "anforderungen",
        ],
    ),
    (Theme::Testing, &["test*"]),
    (Theme::Design, &["architecture", "design", "how it works", "internals", "architektur", "entwurf"]),
    (
        Theme::Interfaces,
        &[
            "api",
            "interface",
            "command line",
            "command-line",
            "cli",
            "commands",
            "endpoints",
            "schnittstelle*",
            "options",
        ],
    ),
    (Theme::Assessment, &["security assessment", "security audit", "self-assessment", "risk assessment"]),
    (Theme::Threats, &["threat", "attack surface", "bedrohung*"]),
    (Theme::Advisories, &["security advisories", "known vulnerabilities", "past vulnerabilities"]),
    (
        Theme::Secrets,
        &["secrets management", "secret management", "managing secrets", "credential management", "handling secrets"],
    ),
    (Theme::Roadmap, &["roadmap", "fahrplan"]),
    (
        Theme::Purpose,
        &[
            "about",
            "goal",
            "objective",
            "purpose",
            "what is",
            "why",
            "motivation",
            "features",
            "ziel*",
            "zweck",
            "overview",
        ],
    ),
    (Theme::Review, &["code review", "review process", "reviewing"]),
    (Theme::Standards, &["standards", "specification", "conformance"]),
    (Theme::Maturity, &["status", "maturity", "stability", "production", "reifegrad"]),
];

/// Themes about which any heading speaks that has their words; others need a heading of their own.
pub(super) const WIDE: &[Theme] = &[
    Theme::Usage,
    Theme::Installation,
    Theme::Defects,
    Theme::Contribution,
    Theme::Acceptance,
    Theme::Testing,
    Theme::Roadmap,
    Theme::Purpose,
    Theme::Review,
    Theme::Standards,
    Theme::Maturity,
];
