// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a file is about by its name, where something of the kind stands in it. A name alone shows nothing.

use underpin_model::build_facts::Theme;

/// Names of documents without their endings, and folders of documents, in small letters.
const NAMES: &[(Theme, &[&str])] = &[
    (
        Theme::Roles,
        &["governance", "docs/governance", ".github/governance", "project-governance", "community/governance"],
    ),
    (Theme::Members, &["maintainers", "owners", "members", "team", "docs/maintainers", ".github/maintainers"]),
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
    (Theme::Interfaces, &["docs/api", "doc/api", "docs/reference/"]),
    (
        Theme::Defects,
        &[
            ".github/issue_template",
            ".github/issue_template/",
            ".gitlab/issue_templates/",
            ".forgejo/issue_template",
            ".forgejo/issue_template/",
            ".gitea/issue_template",
            ".gitea/issue_template/",
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
            "docs/index",
            "docs/readme",
            "book/src/",
            "docs/guide",
            "doc/user",
            "docs/source/",
            "man/",
            "docs/examples/",
        ],
    ),
    (Theme::Roadmap, &["roadmap", "docs/roadmap"]),
    (Theme::Testing, &["testing", "docs/testing", "doc/testing"]),
    (Theme::Advisories, &["advisories/", "security/advisories/", "docs/advisories/", ".well-known/csaf/"]),
    (
        Theme::Verification,
        &["docs/verification", "docs/verify", "docs/verifying", "docs/signing", "verification", "docs/signature"],
    ),
    (
        Theme::Dependencies,
        &[
            "docs/dependencies",
            "docs/dependency",
            "dependencies",
            "dependency",
            "dependency-policy",
            "env-dependencies-policy",
        ],
    ),
    (Theme::Secrets, &["docs/secrets", "secrets-policy", "docs/security/secrets"]),
];

/// Settings that keep a style, by the beginning of their names.
const STYLES: &[&str] = &[
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
];
/// Endings of texts for people; a name without an ending may be one, too.
const DOCUMENTS: &[&str] = &[
    "md", "markdown", "rst", "txt", "adoc", "asciidoc", "org", "html", "htm", "mdx", "qmd", "rmd", "pdf", "tex", "1",
    "5", "7", "8",
];
/// Letters that a document has besides its headings.
const LEAST_LETTERS: usize = 12;

/// Themes that the path of a file shows, with the first bytes of it to prove that it is what its name says.
pub fn themes_of_file(path: &str, bytes: &[u8]) -> Vec<Theme> {
    let low = path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    if name.contains("vex") && name.ends_with(".json") && is_exploitability(&text) {
        found.push(Theme::Exploitability);
    }
    if is_description(name, &text) {
        found.push(Theme::Interfaces);
    }
    if ["codeowners", ".github/codeowners", "docs/codeowners", ".gitlab/codeowners"].contains(&low.as_str())
        && text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains('@'))
    {
        found.push(Theme::Members);
    }
    if STYLES.iter().any(|start| name.starts_with(start)) && text.chars().any(|letter| !letter.is_whitespace()) {
        found.push(Theme::Style);
    }
    let (stem, ending) = low.rsplit_once('.').filter(|(_, ending)| !ending.contains('/')).unwrap_or((&low, ""));
    // Lists of people are kept as data, too.
    let is_list =
        |theme: &Theme| *theme == Theme::Members && matches!(ending, "yml" | "yaml" | "toml") && text.contains('@');
    let is_form = |theme: &Theme| *theme == Theme::Defects && matches!(ending, "yml" | "yaml");
    let is_document = DOCUMENTS.contains(&ending) || ending.is_empty() && !bytes.starts_with(b"#!");
    let advises = (low.contains("advisories/") || low.starts_with(".well-known/csaf/"))
        && ["CVE-", "GHSA-", "RUSTSEC-", "-SA-"].iter().any(|word| text.contains(word));
    for (theme, names) in NAMES {
        if !names.iter().any(|own| is_name(stem, &low, own)) {
            continue;
        }
        let is_kind = match theme {
            Theme::Advisories => advises,
            _ => is_document || is_list(theme) || is_form(theme),
        };
        if is_kind && says_something(ending, bytes, &text) {
            found.push(*theme);
        }
    }
    found
}

/// Whether a path without its ending is a name of the table: a folder above it, the name itself, or the name with more words behind it.
fn is_name(stem: &str, low: &str, own: &str) -> bool {
    if own.ends_with('/') {
        return low.starts_with(own) && !low.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
    }
    let Some(rest) = stem.strip_prefix(own) else { return false };
    let is_in_folder = own.starts_with("docs/") || own.starts_with("doc/");
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    rest.is_empty() || rest == "_template" || is_in_folder && rest.starts_with(['-', '_', '/', '.'])
}

/// Whether a document has words besides headings and comments.
fn says_something(ending: &str, bytes: &[u8], text: &str) -> bool {
    if ending == "pdf" {
        return bytes.starts_with(b"%PDF-");
    }
    let is_said = |line: &&str| {
        let line = line.trim();
        !line.starts_with("# ") && !line.starts_with("<!--") && !line.contains("SPDX-")
    };
    let letters = text.lines().filter(is_said).flat_map(str::chars).filter(|letter| letter.is_alphanumeric());
    letters.take(LEAST_LETTERS).count() == LEAST_LETTERS
}

/// A description of interfaces for programs: what it calls itself, and at least one thing that it describes.
fn is_description(name: &str, text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if name.ends_with(".proto") {
        return has(&["message ", "service "]);
    }
    let is_data = [".json", ".yml", ".yaml"].iter().any(|end| name.ends_with(end));
    let is_named = ["openapi", "swagger", "asyncapi"].iter().any(|word| name.contains(word));
    is_data
        && is_named
        && has(&["openapi", "swagger", "asyncapi"])
        && has(&["paths", "channels", "webhooks", "components"])
}

/// A statement of VEX in OpenVEX, CSAF or CycloneDX.
fn is_exploitability(text: &str) -> bool {
    let kinds: &[&[&str]] =
        &[&["openvex", "statements"], &["csaf", "product_status"], &["CycloneDX", "vulnerabilities"]];
    kinds.iter().any(|words| words.iter().all(|word| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_what_it_promises() {
        let text = b"# Head\n\nSome words that say something.\n";
        for (path, bytes, theme) in [
            ("ARCHITECTURE.md", &text[..], Theme::Design),
            ("docs/adr/0001-x.md", text, Theme::Design),
            ("GOVERNANCE.md", text, Theme::Roles),
            ("MAINTAINERS", text, Theme::Members),
            (".github/CODEOWNERS", b"* @a/b\n", Theme::Members),
            ("docs/threat-model.md", text, Theme::Threats),
            ("docs/usage.md", text, Theme::Usage),
            ("docs/getting-started/index.md", text, Theme::Usage),
            ("audits/2024.pdf", b"%PDF-1.7 x", Theme::Assessment),
            (
                "vex/a.vex.json",
                b"{\"@context\": \"https://openvex.dev/ns\", \"statements\": []}",
                Theme::Exploitability,
            ),
            ("advisories/X-1.md", b"# X\n\nCVE-2024-1 in the reader.\n", Theme::Advisories),
            ("openapi.yaml", b"openapi: 3.1.0\npaths: {}\n", Theme::Interfaces),
            (".editorconfig", b"root = true\n", Theme::Style),
            (".github/ISSUE_TEMPLATE/bug.yml", b"name: A bug\nbody: []\n", Theme::Defects),
            (".github/ISSUE_TEMPLATE.md", text, Theme::Defects),
            ("INSTALL", text, Theme::Building),
        ] {
            assert!(themes_of_file(path, bytes).contains(&theme), "{path}");
            assert_eq!(themes_of_file(path, b""), [], "{path} is empty");
        }
        for (path, bytes) in [
            ("GOVERNANCE.md", &b"# Governance\n"[..]),
            ("audits/.gitkeep", text),
            ("vex/mod.rs", b"statements of openvex"),
            ("advisories/main.py", b"print('some words of a program')"),
            ("install.php", b"<?php echo 'some words';"),
            ("build.xml", b"<project name=\"something\"/>"),
            ("development.toml", b"[server]\nname = \"something\"\n"),
            ("build", b"#!/bin/sh\npip install something\n"),
            ("docs/user-passwords.csv", text),
            ("docs/designer.css", text),
            ("docs/apiary.txt", text),
            ("docs/guidelines-for-cats.md", text),
            ("team.json", b"[{\"name\": \"something\"}]"),
            ("openapi.json", b"{}"),
            ("src/design.rs", text),
            ("installer.sh", text),
        ] {
            assert_eq!(themes_of_file(path, bytes), [], "{path}");
        }
    }
}
