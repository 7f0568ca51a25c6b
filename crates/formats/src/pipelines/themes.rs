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
            "using ",
            "verwendung",
            "benutzung",
            "erste schritte",
            "anleitung",
            "walkthrough",
        ],
    ),
    (Theme::Installation, &["install", "deploy", "running", "setup", "set up"]),
    (
        Theme::Defects,
        &["bug", "issue", "report a problem", "reporting problems", "feedback", "fehler melden", "probleme melden"],
    ),
    (
        Theme::Verification,
        &["verify", "verification", "verifying", "signature", "checksum", "attestation", "provenance", "prüfsumme"],
    ),
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
            "build",
            "compil",
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
        &["contribut", "pull request", "merge request", "submitting", "mitmachen", "beitrag", "mitwirk", "beiträge"],
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
    (Theme::Testing, &["test"]),
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
            "schnittstelle",
            "options",
        ],
    ),
    (Theme::Assessment, &["security assessment", "security audit", "self-assessment", "risk assessment"]),
    (Theme::Threats, &["threat", "attack surface", "bedrohung"]),
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
            "ziel",
            "zweck",
            "overview",
        ],
    ),
    (Theme::Review, &["code review", "review process", "reviewing"]),
    (Theme::Standards, &["standards", "specification", "conformance"]),
    (Theme::Maturity, &["status", "maturity", "stability", "production", "reifegrad"]),
];

/// Names of files and folders: what their path begins or ends with, in small letters.
const NAMES: &[(Theme, &[&str])] = &[
    (
        Theme::Roles,
        &["governance", "docs/governance", ".github/governance", "project-governance", "community/governance"],
    ),
    (
        Theme::Members,
        &[
            "maintainers",
            ".github/codeowners",
            "codeowners",
            "docs/codeowners",
            ".gitlab/codeowners",
            "owners",
            "members",
            "team",
            "docs/maintainers",
            ".github/maintainers",
        ],
    ),
    (
        Theme::Design,
        &[
            "architecture",
            "design",
            "docs/architecture",
            "docs/design",
            "doc/design",
            "doc/architecture",
            "docs/adr/",
            "doc/adr/",
            "docs/internals",
        ],
    ),
    (
        Theme::Building,
        &[
            "install",
            "building",
            "build",
            "hacking",
            "development",
            "docs/building",
            "docs/development",
            "docs/build",
            "developing",
        ],
    ),
    (
        Theme::Threats,
        &[
            "threat-model",
            "threat_model",
            "threatmodel",
            "docs/threat-model",
            "docs/threat_model",
            "docs/security/threat",
        ],
    ),
    (
        Theme::Assessment,
        &[
            "security-assessment",
            "self-assessment",
            "security-self-assessment",
            "docs/security-assessment",
            "docs/audits/",
            "docs/self-assessment",
            "docs/security/self-assessment",
            "audits/",
        ],
    ),
    (
        Theme::Interfaces,
        &["openapi.", "swagger.", "asyncapi.", "docs/api", "api/openapi", "doc/api", "docs/openapi", "docs/reference/"],
    ),
    (
        Theme::Defects,
        &[
            ".github/issue_template",
            ".gitlab/issue_templates/",
            ".forgejo/issue_template",
            ".gitea/issue_template",
            "docs/bugs",
        ],
    ),
    (
        Theme::Usage,
        &[
            "docs/usage",
            "docs/getting-started",
            "docs/getting_started",
            "docs/tutorial",
            "docs/user",
            "docs/quickstart",
            "docs/index.",
            "docs/readme",
            "book/src/",
            "docs/guide",
            "doc/user",
            "mkdocs.yml",
            "docs/conf.py",
            "docs/source/",
            "man/",
            "docs/examples/",
        ],
    ),
    (Theme::Roadmap, &["roadmap", "docs/roadmap"]),
    (Theme::Testing, &["testing", "docs/testing", "doc/testing"]),
    (
        Theme::Style,
        &[
            ".editorconfig",
            ".eslintrc",
            "eslint.config.",
            "rustfmt.toml",
            ".rustfmt.toml",
            ".clang-format",
            ".prettierrc",
            "ruff.toml",
            ".rubocop.yml",
            "checkstyle",
            ".golangci.y",
            "phpcs.xml",
            ".flake8",
            ".php-cs-fixer",
            "biome.json",
            ".stylelintrc",
            "tslint.json",
            ".pre-commit-config.yaml",
            "clippy.toml",
            ".scalafmt.conf",
            "pint.json",
            ".swiftlint.yml",
            "analysis_options.yaml",
            ".pylintrc",
        ],
    ),
    (Theme::Exploitability, &[".vex/", "vex/", ".openvex/"]),
    (Theme::Advisories, &["advisories/", "security/advisories/", "docs/advisories/", ".well-known/csaf/"]),
    (Theme::Verification, &["docs/verif", "docs/verify", "docs/signing", "verification", "docs/signature"]),
    (
        Theme::Dependencies,
        &[
            "docs/dependencies",
            "docs/dependency",
            "dependencies.md",
            "dependency.md",
            "dependency-policy",
            "env-dependencies-policy",
        ],
    ),
    (Theme::Secrets, &["docs/secrets", "secrets-policy", "docs/security/secrets"]),
];

/// Themes that the path of a file shows.
pub fn themes_of_name(path: &str) -> Vec<Theme> {
    let low = path.to_lowercase();
    let begins = |start: &&str| {
        let Some(rest) = low.strip_prefix(*start) else { return false };
        // A whole name: what follows is an ending, or nothing.
        start.ends_with(['/', '.'])
            || start.starts_with("docs/")
            || start.contains('_')
            || rest.is_empty()
            || is_ending(rest)
    };
    let mut found: Vec<Theme> =
        NAMES.iter().filter(|(_, names)| names.iter().any(begins)).map(|(theme, _)| *theme).collect();
    let name = low.rsplit('/').next().unwrap_or_default();
    if name.ends_with(".openvex.json") || name.ends_with(".vex.json") || name == "vex.json" {
        found.push(Theme::Exploitability);
    }
    if name.ends_with(".proto")
        || matches!(name, "openapi.yaml" | "openapi.yml" | "openapi.json" | "swagger.json" | "swagger.yaml")
    {
        found.push(Theme::Interfaces);
    }
    found
}

fn is_ending(rest: &str) -> bool {
    [
        ".md",
        ".rst",
        ".txt",
        ".adoc",
        ".org",
        ".yml",
        ".yaml",
        ".json",
        ".js",
        ".cjs",
        ".mjs",
        ".xml",
        ".ts",
        ".toml",
        ".dist",
        ".dist.php",
        ".php",
        "_template.md",
        ".html",
        ".ml",
        ".aml",
    ]
    .contains(&rest)
}
