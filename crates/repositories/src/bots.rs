// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Commits of programs, told by name and e-mail. A program that keeps a graph green looks after nothing.
//!
//! The list holds what programs call themselves. A word such as "bot" alone is no sign: people have that surname.

/// Names of well-known programs, in small letters.
const NAMES: &[&str] = &[
    "actions-user",
    "allcontributors",
    "autofix-ci",
    "automated commit",
    "bors",
    "buildbot",
    "copybara-service",
    "coveralls",
    "cpython-build-bot",
    "dependabot",
    "dependabot preview",
    "dependabot-preview",
    "dependabot-support",
    "depfu",
    "github action",
    "github actions",
    "github-actions",
    "gitlab bot",
    "gitlab-ci",
    "greenkeeper",
    "greenkeeperio-bot",
    "homu",
    "imgbot",
    "jenkins",
    "jenkins ci",
    "k8s-ci-robot",
    "k8s-merge-robot",
    "mergify",
    "openshift merge robot",
    "pre-commit-ci",
    "pyup-bot",
    "release-please",
    "renovate",
    "renovate bot",
    "renovatebot",
    "scala steward",
    "semantic-release-bot",
    "snyk bot",
    "snyk-bot",
    "snyk-community",
    "travis ci",
    "travis-ci",
    "weblate",
    "whitesource renovate",
];

/// How names and local parts of addresses of programs end, in small letters.
const ENDINGS: &[&str] = &["[bot]", "-bot", "_bot", "-robot", "-automation", "-autoroll"];

/// Addresses of well-known programs, in small letters: whole, or everything before the `@`.
const ADDRESSES: &[&str] = &[
    "action@github.com",
    "actions@github.com",
    "bot@renovateapp.com",
    "bot@stale.com",
    "builds@travis-ci.org",
    "greenkeeper@",
    "hosted@weblate.org",
    "noreply@weblate.org",
    "support@dependabot.com",
    "support@greenkeeper.io",
];

/// Whether name and e-mail are those of a program.
pub fn is_bot(name: &[u8], email: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name).trim().to_lowercase();
    let email = String::from_utf8_lossy(email).trim().to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    // GitHub writes `49699333+dependabot[bot]@users.noreply.github.com`.
    let local = local.split_once('+').filter(|(number, _)| is_number(number)).map_or(local, |(_, rest)| rest);
    let ends = |text: &str| ENDINGS.iter().any(|ending| text.ends_with(ending));
    NAMES.binary_search(&name.as_str()).is_ok()
        || ends(&name)
        || ends(local)
        || ADDRESSES
            .iter()
            .any(|address| if address.ends_with('@') { email.starts_with(address) } else { email == *address })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted(), "they are searched by halving");
    }

    #[test]
    fn programs_are_told_from_people() {
        for (name, email, expected) in [
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", true),
            ("Update service", "49699333+dependabot[bot]@users.noreply.github.com", true),
            ("Renovate Bot", "bot@renovateapp.com", true),
            ("renovate[bot]", "x@example.org", true),
            ("github-actions", "actions@github.com", true),
            ("GitHub Action", "action@github.com", true),
            ("Someone", "action@github.com", true),
            ("k8s-ci-robot", "k8s-ci-robot@users.noreply.github.com", true),
            ("The release", "release-bot@example.org", true),
            ("greenkeeper[bot]", "greenkeeper@anything.example", true),
            ("pre-commit-ci[bot]", "", true),
            ("Margaret Abbot", "margaret.abbot@example.org", false),
            ("Jan Bot", "jan.bot@example.org", false),
            ("Botond Nagy", "botond@example.org", false),
            ("Robin Renovate", "robin@example.org", false),
            ("GitHub", "noreply@github.com", false),
            ("", "", false),
        ] {
            assert_eq!(is_bot(name.as_bytes(), email.as_bytes()), expected, "{name} <{email}>");
        }
    }
}
