// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Nothing that an old file says is lost on the way to version 0.7, and nothing is told as moved that was not.

use underpin_model::practices::ChangeKind;

use super::upgrade;

const OLD: &str = "publiccodeYmlVersion: \"0.2\"
name: Portal
url: https://git.example.gov/portal
platforms:
- web
inputTypes:
- text/plain
legal:
  license: EUPL-1.2
  repoOwner: Comune di X
it:
  countryExtensionVersion: \"0.2\"
  conforme:
    lineeGuidaDesign: true
    modelloInteroperabilita: false
    gdpr: true
  riuso:
    codiceIPA: c_h501
  piattaforme:
    spid: true
    cie: false
";
const ORGANISATION: &str = "organisation:\n  uri: https://ministry.example\n";

/// A change of the old file, what the new one holds and does not hold, and the keys that are left for a person.
type Case = (&'static str, String, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

fn cases() -> Vec<Case> {
    let with = |old: &str, new: &str| OLD.replace(old, new);
    vec![
        (
            "as it is",
            OLD.to_owned(),
            &[
                "urn:x-italian-pa:c_h501\n  name: Comune di X",
                "alias:gdpr",
                "alias:spid",
                "IT:\n  conforme:\n    lineeGuidaDesign: true\n",
            ],
            &["repoOwner", "codiceIPA", "inputTypes", "modello", "alias:cie"],
            &["it.conforme"],
        ),
        (
            "another organisation without a name",
            with("legal:", &format!("{ORGANISATION}legal:")),
            &["name: Comune di X\n  uri: https://ministry.example", "codiceIPA: c_h501"],
            &["repoOwner"],
            &["it.conforme", "it.riuso.codiceIPA"],
        ),
        (
            "another organisation with another name",
            with("legal:", "organisation:\n  uri: https://ministry.example\n  name: Ministry\nlegal:"),
            &["repoOwner: Comune di X", "codiceIPA: c_h501"],
            &[],
            &["legal.repoOwner", "it.conforme", "it.riuso.codiceIPA"],
        ),
        (
            "the same organisation",
            with("legal:", "organisation:\n  uri: urn:x-italian-pa:c_h501\n  name: Comune di X\nlegal:"),
            &["urn:x-italian-pa:c_h501"],
            &["repoOwner", "codiceIPA"],
            &["it.conforme"],
        ),
    ]
}

fn cases_of_notation() -> Vec<Case> {
    let with = |old: &str, new: &str| OLD.replace(old, new);
    let owner = "repoOwner: Comune di X";
    vec![
        (
            "an empty list",
            with("platforms:", "supports: []\nplatforms:"),
            &["{id: \"alias:gdpr\"}, {id: \"alias:spid\"}]"],
            &[],
            &["it.conforme"],
        ),
        (
            "a list in brackets",
            with("platforms:", "supports: [{id: \"alias:cra\"}]\nplatforms:"),
            &["[{id: \"alias:cra\"}, {id: \"alias:gdpr\"}, {id: \"alias:spid\"}]"],
            &[],
            &["it.conforme"],
        ),
        (
            "a key without a list",
            with("platforms:", "supports:\nplatforms:"),
            &["supports:\n  - id: alias:gdpr\n  - id: alias:spid\n"],
            &[],
            &["it.conforme"],
        ),
        (
            "an owner over several lines",
            with(owner, "repoOwner: >-\n    Comune\n    di X"),
            &["name: \"Comune di X\""],
            &["repoOwner"],
            &["it.conforme"],
        ),
        (
            "comments between a key and its list",
            with("inputTypes:\n", "# about input\ninputTypes: # why\n# in between\n"),
            &["# about input"],
            &["text/plain", "inputTypes"],
            &["it.conforme"],
        ),
        (
            "a section in brackets",
            format!(
                "{}it: {{conforme: {{gdpr: true}}, riuso: {{codiceIPA: x_1}}}}\n",
                OLD.split("it:\n  country").next().expect("a head")
            ),
            &["urn:x-italian-pa:x_1", "alias:gdpr"],
            &["it:", "IT:"],
            &[],
        ),
    ]
}

#[test]
fn facts_are_moved_or_left_and_told() {
    for (name, old, held, gone, left) in cases().into_iter().chain(cases_of_notation()) {
        let new = upgrade(old.as_bytes()).unwrap_or_else(|| panic!("{name}: nothing was written"));
        for words in held {
            assert!(new.text.contains(words), "{name}: {words} is not in\n{}", new.text);
        }
        for words in gone {
            assert!(!new.text.contains(words), "{name}: {words} is in\n{}", new.text);
        }
        let mut told: Vec<&str> =
            new.changes.iter().filter(|one| one.kind == ChangeKind::Left).map(|one| one.key.as_str()).collect();
        let mut left = left.to_vec();
        told.sort_unstable();
        left.sort_unstable();
        assert_eq!(told, left, "{name}");
    }
}
