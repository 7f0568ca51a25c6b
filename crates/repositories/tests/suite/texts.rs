// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files about the project: what is there, what is declared, what is quoted.

use underpin_model::community::{Excerpt, Said};
use underpin_model::signals::{DeclaredStatus, Ignorance, Reading, SignalCode as C, Source, Value};

use crate::git::{ADA, Made, ago, expect, unknown};

fn flag(is: bool) -> Reading {
    Reading::Known(Value::Flag(is))
}

fn source(found: &underpin_model::signals::ProjectSignals, code: C) -> Source {
    found.signals.iter().find(|signal| signal.code == code).expect("there").source.clone()
}

#[test]
fn what_is_not_there_is_a_no_and_what_cannot_be_read_is_unknown() {
    let Some(made) = Made::new() else { return };
    made.write("main.txt", "nothing to say\n");
    made.commit(ADA, ago(5), "Begin");
    let found = made.signals();
    let absent = [
        C::SecurityPolicy,
        C::LicenceFile,
        C::ContributingGuide,
        C::CodeOfConduct,
        C::GovernanceFile,
        C::FundingFile,
        C::CodeOwners,
        C::SecurityInsights,
    ];
    expect(&found, &absent.map(|code| (code, flag(false))));
    for code in absent {
        assert_eq!(source(&found, code), Source::FileNames);
    }
    let unread = [C::SaysDeprecated, C::AsksForCla, C::AsksForDco, C::InsightsStatus, C::InsightsReports];
    expect(&found, &unread.map(|code| (code, unknown(Ignorance::NotInClone))));
    for (question, said) in found.community.entries() {
        assert_eq!(*said, Said::Unknown(Ignorance::NotInClone), "{question}");
    }
}

#[test]
fn files_are_found_where_forges_look() {
    let Some(made) = Made::new() else { return };
    for (path, text) in [
        ("Readme.rst", "Tool\n====\n\nA tool that is no longer maintained.\n"),
        (".github/SECURITY.md", "# Reports\n\nWrite to us first, please.\n"),
        ("COPYING", "Do what you like.\n"),
        (
            "docs/CONTRIBUTING.md",
            "# How\n\nSend patches.\n\nThe mailing list is open.\n\nGood first issues are marked.\n",
        ),
        (".github/FUNDING.yml", "github: tool\n"),
        (".github/CODEOWNERS", "* team\n"),
        (".github/dco.yml", "require: true\n"),
        ("security-insights.yml", "repository:\n  status: inactive\n  accepts-automated-change-request: false\n"),
    ] {
        made.write(path, text);
    }
    made.commit(ADA, ago(5), "Begin");
    let found = made.signals();
    expect(
        &found,
        &[
            (C::SecurityPolicy, flag(true)),
            (C::LicenceFile, flag(true)),
            (C::ContributingGuide, flag(true)),
            (C::CodeOfConduct, flag(false)),
            (C::FundingFile, flag(true)),
            (C::CodeOwners, flag(true)),
            (C::SecurityInsights, flag(true)),
            (C::InsightsStatus, Reading::Known(Value::Word(DeclaredStatus::Inactive))),
            (C::InsightsAutomated, flag(false)),
            (C::InsightsChangeRequests, unknown(Ignorance::NotSaid)),
            (C::SaysDeprecated, flag(true)),
            (C::AsksForCla, unknown(Ignorance::NotSaid)),
            (C::AsksForDco, flag(true)),
        ],
    );
    assert_eq!(source(&found, C::SecurityPolicy), Source::File(".github/SECURITY.md".to_owned()));
    assert_eq!(source(&found, C::AsksForDco), Source::File(".github/dco.yml".to_owned()));
    let excerpt =
        |path: &str, line, text: &str| Said::Words(Excerpt { path: path.to_owned(), line, text: text.to_owned() });
    let card = &found.community;
    assert_eq!(card.security_reports, excerpt(".github/SECURITY.md", 3, "Write to us first, please."));
    assert_eq!(card.approach, excerpt("docs/CONTRIBUTING.md", 5, "The mailing list is open."));
    assert_eq!(card.help_wanted, excerpt("docs/CONTRIBUTING.md", 7, "Good first issues are marked."));
    assert_eq!(card.decisions, Said::Unknown(Ignorance::NotSaid));
    assert_eq!(card.governance, Said::Unknown(Ignorance::NotInClone));
}
