// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents that say a thing, that say the opposite, and that only have its words.

use underpin_model::build_facts::Theme::{self, *};

use super::*;

/// What a document shows: `Some(true)` plainly, `Some(false)` for a person to read.
fn shown(path: &str, text: &str, theme: Theme) -> Option<bool> {
    let mut out = BuildFacts::default();
    document(path, text, &mut out);
    if !out.about(theme).is_empty() { Some(true) } else { (!out.perhaps_about(theme).is_empty()).then_some(false) }
}

#[test]
fn a_channel_is_an_address_in_a_sentence_that_does_not_refuse() {
    for text in [
        "# Security\n\nPlease do not open a public issue. Instead write to security@office.gov.\n",
        "# Security\n\nDo not use the tracker, but send a mail\nto <security@office.gov>.\n",
        "# Sicherheit\n\nSchwachstellen bitte an sicherheit@office.gov; Antwort binnen 5 Werktagen.\n",
        "# Security\n\nReport it at https://github.com/a/b/security/advisories/new.\n",
        "# Security\n\n## Reporting a vulnerability\n\n- security@office.gov\n",
    ] {
        assert_eq!(shown("SECURITY.md", text, PrivateChannel), Some(true), "{text}");
        assert_eq!(shown("SECURITY.md", text, Contact), Some(true), "{text}");
    }
    for text in [
        "<!--\nSPDX-FileCopyrightText: 2020 Jane Roe <jane@office.gov>\n-->\n# Security\n\nNothing here yet.\n",
        "# Security\n\nSPDX-FileCopyrightText: 2020 Jane Roe <jane@office.gov>\n",
        "# Security\n\nThere is no private vulnerability reporting. Nothing is handled privately or confidentially.\n",
        "# Security\n\nDo not write mails. To report a vulnerability open a public issue at https://github.com/x/y/issues.\n",
        "# Security\n\nThe process stops when it gets a signal.\n",
        "# Security\n\nTo report a vulnerability open an issue.\n",
        "# Security\n\nclone git@github.com:x/y.git\n",
        "# Security\n\nReport to [INSERT MAIL] or security@example.com.\n",
        TEMPLATE,
    ] {
        assert_ne!(shown("SECURITY.md", text, PrivateChannel), Some(true), "{text}");
    }
    assert_eq!(
        shown("SECURITY.md", "# Security\n\nWe follow https://semver.org.\n", Contact),
        Some(false),
        "any address"
    );
    assert_eq!(shown("SECURITY.md", TEMPLATE, Support), None);
    assert_eq!(shown("SECURITY.md", TEMPLATE, SupportEnd), None);
    let refused = "# Security\n\nDo not send reports to security@office.gov.\n";
    assert_eq!(shown("SECURITY.md", refused, PrivateChannel), Some(false), "a person has to read it");
}

const TEMPLATE: &str = "# Security Policy\n\n## Supported Versions\n\nUse this section to tell people about which versions of your project are\n\
    currently being supported with security updates.\n\n| Version | Supported |\n| 5.1.x | yes |\n\n## Reporting a Vulnerability\n\n\
    Use this section to tell people how to report a vulnerability.\n";

#[test]
fn parts_about_security_of_other_documents_speak_about_reports_or_not() {
    let part = |text: &str| format!("# x\n\n## Security\n\n{text}\n");
    assert_eq!(shown("README.md", &part("Report vulnerabilities to security@office.gov."), PrivateChannel), Some(true));
    assert_eq!(
        shown(
            "README.md",
            &part("Passwords are hashed. Questions: sales@office.gov, offer ends in 3 days."),
            PrivateChannel
        ),
        None
    );
    let related = part("If you discover any security related issues, please email a.name@office.gov directly.");
    assert_eq!(shown("README.md", &related, PrivateChannel), Some(true));
    assert_eq!(shown("README.md", &part("Send requests to user@office.gov in tests."), PrivateChannel), None);
    assert_eq!(shown("README.md", &part("The process stops when it gets a signal."), PrivateChannel), None);
    let story = part("As a finder I report a vulnerability privately to security@office.gov.");
    assert_eq!(shown("docs/topics/user_stories/story.md", &story, PrivateChannel), Some(false));
}

#[test]
fn a_time_is_one_of_an_answer() {
    for (text, expected) in [
        ("We answer within 3 working days.", Some(true)),
        ("You get a response in 48h. Report to security@office.gov.", Some(true)),
        ("If you do not hear back within 7 days, write again.", Some(true)),
        ("Last updated two weeks ago. Mail security@office.gov.", None),
        ("The project is abandoned since 3 years.", None),
        ("Keys rotate after 30 days.", Some(false)),
        ("We do not answer within 3 days.", Some(false)),
    ] {
        assert_eq!(shown("SECURITY.md", &format!("# Security\n\n{text}\n"), ResponseTime), expected, "{text}");
    }
    let readme = "# x\n\n## Security features\n\nKeys rotate after 30 days.\n";
    assert_eq!(shown("README.md", readme, ResponseTime), None);
}

#[test]
fn headings_speak_about_the_project_or_about_its_field() {
    let heading = |path: &str, heading: &str, theme| shown(path, &format!("# x\n\n## {heading}\n\nWords.\n"), theme);
    for (path, text, theme) in [
        ("README.md", "Architecture", Design),
        ("docs/development.md", "Building from source", Building),
        ("docs/security.md", "Threat model", Threats),
        ("SECURITY.md", "Supported versions", SupportEnd),
        ("README.md", "Maintainers", Members),
        ("docs/deep/down/use.md", "How to use it", Usage),
        ("docs/verify.md", "Verify a release", Verification),
    ] {
        assert_eq!(heading(path, text, theme), Some(true), "{path}: {text}");
    }
    for (path, text, theme, expected) in [
        ("README.md", "Designing truly public software", Design, None),
        ("docs/a.md", "28 CPU Architectures", Design, Some(false)),
        ("docs/a.md", "Monitor Threats Behavior Tree", Threats, Some(false)),
        ("README.md", "Threats to validity", Threats, Some(false)),
        ("README.md", "Governance: TBD", Roles, Some(false)),
        ("README.md", "Supported versions: none", Support, Some(false)),
        ("README.md", "No installation", Installation, Some(false)),
        ("book/src/use/a.md", "In a build", Building, Some(false)),
        ("book/src/reference/tables.md", "`end_of_life`", SupportEnd, Some(false)),
        ("book/src/reference/practices.md", "How to verify a release", Verification, Some(false)),
        ("README.md", "Contest", Testing, None),
    ] {
        assert_eq!(heading(path, text, theme), expected, "{path}: {text}");
    }
    assert_eq!(shown("CONTRIBUTING.md", "# Contributing\n\nPlease do not add tests.\n", TestPolicy), Some(false));
}
