// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that keep the schema, and faults in them.

use proptest::prelude::*;

use super::*;

const GOOD: &str = "header:
  last-reviewed: '2026-01-01'
  last-updated: '2026-01-01'
  schema-version: 2.2.0
  url: https://example.gov/security-insights.yml
project:
  name: Portal
  administrators:
    - name: Zwirbelina
      primary: true
  repositories:
    - name: portal
      comment: the whole
      url: https://example.gov/portal
  vulnerability-reporting:
    reports-accepted: true
    bug-bounty-available: false
repository:
  status: active
  url: https://example.gov/portal
  accepts-change-request: true
  accepts-automated-change-request: false
  core-team:
    - name: Zwirbelina
      primary: true
  license:
    url: https://example.gov/LICENSE
    expression: EUPL-1.2
  security:
    assessments:
      self:
        comment: done
";

fn read(text: &str) -> Vec<(FaultCode, u32, String)> {
    let found = inspect("SECURITY-INSIGHTS.yml", text.as_bytes());
    found.faults.into_iter().map(|fault| (fault.code, fault.line.expect("a line"), fault.detail)).collect()
}

#[test]
fn good_files_have_no_fault() {
    assert_eq!(read(GOOD), []);
    let child = GOOD.replace("2.2.0\n", "2.2.0\n  project-si-source: https://example.gov/parent.yml\n");
    let without = |text: &str, from: &str, to: &str| {
        let (start, end) = (text.find(from).expect("a start"), text.find(to).expect("an end"));
        format!("{}{}", &text[..start], &text[end..])
    };
    assert_eq!(read(&without(&child, "project:\n  name", "repository:\n  status")), [], "the parent says it");
    assert_eq!(read(&without(GOOD, "project:\n  name", "repository:\n  status"))[0].2, "project");
}

#[test]
fn faults_have_their_places() {
    for (old, new, expected) in [
        ("'2026-01-01'\n  last-updated", "yesterday\n  last-updated", (FaultCode::NoDate, 2, "header.last-reviewed")),
        ("2.2.0", "two", (FaultCode::NoVersion, 4, "header.schema-version")),
        ("status: active", "status: sleeping", (FaultCode::NotOneOf, 19, "repository.status")),
        (
            "accepted: true",
            "accepted: yes",
            (FaultCode::WrongType, 16, "project.vulnerability-reporting.reports-accepted"),
        ),
        ("  name: Portal", "  name: Portal\n  owner: x", (FaultCode::UnknownKey, 8, "project.owner")),
        (
            "        comment: done",
            "        name: done",
            (FaultCode::Missing, 32, "repository.security.assessments.self.comment"),
        ),
    ] {
        let found = read(&GOOD.replace(old, new));
        let found: Vec<_> = found.iter().map(|(code, line, key)| (*code, *line, key.as_str())).collect();
        assert_eq!(found, [expected], "{new}");
    }
    for (old, new) in [("Portal", "42"), ("Portal", "true"), ("Portal", "1.5")] {
        let found = read(&GOOD.replace(&format!("name: {old}"), &format!("name: {new}")));
        assert_eq!(found, [(FaultCode::WrongType, 7, "project.name".to_owned())], "{new}");
    }
    assert_eq!(read(&GOOD.replace("name: Portal", "name: \"42\"")), []);
    assert_eq!(read(&GOOD.replace("https://example.gov/LICENSE", "https://???")), [], "the schema takes it");
    for version in ["3.0.0", "10.0.0", "2.99.0"] {
        let found = read(&GOOD.replace("2.2.0", version));
        assert_eq!(found, [(FaultCode::UnsupportedVersion, 4, "header.schema-version".to_owned())], "{version}");
    }
    for version in ["2.0.0", "2.1.0"] {
        assert_eq!(read(&GOOD.replace("2.2.0", version)), [], "{version}");
    }
    let old = inspect("x", b"header:\n  schema-version: 1.0.0\n");
    assert_eq!((old.faults.len(), old.warnings.len()), (0, 1), "version 1 is old, not wrong");
}

proptest! {
    #[test]
    fn hostile_bytes_never_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        inspect("x", &bytes);
    }
}
