// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OSPS Baseline (https://baseline.openssf.org): every requirement is one practice, with the levels that ask for it.
//!
//! What a clone can show is judged; the rest says who could tell: the forge, the network or a person. A level is reached only when
//! nothing of it is not met and nothing is unknown. Levels are those that the catalogue names for each requirement, not sums of lower ones.

use underpin_model::practices::{Pack, TreeFacts};

use super::forge_judged;
use super::osps_judged as judged;
use super::shown::{free_licence, needs_forge, needs_person, tests_before_merge, without_programs};
use super::{Judgement, Practice};

const fn row(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::Osps, rule, version: 2, judge }
}

/// Every requirement that is in force, in the order of the catalogue.
pub const OSPS: &[Practice] = &[
    row("osps-second-factor", "OSPS-AC-01.01", forge_judged::second_factor),
    row("osps-least-rights", "OSPS-AC-02.01", needs_forge),
    row("osps-no-direct-commits", "OSPS-AC-03.01", forge_judged::no_direct_commits),
    row("osps-no-deletion", "OSPS-AC-03.02", forge_judged::no_deletion),
    row("osps-default-permissions", "OSPS-AC-04.01", judged::default_permissions),
    row("osps-job-permissions", "OSPS-AC-04.02", judged::job_permissions),
    row("osps-untrusted-input", "OSPS-BR-01.01", judged::untrusted_input),
    row("osps-untrusted-code", "OSPS-BR-01.03", judged::untrusted_code),
    row("osps-collaborator-input", "OSPS-BR-01.04", judged::collaborator_input),
    row("osps-release-version", "OSPS-BR-02.01", judged::release_version),
    row("osps-asset-version", "OSPS-BR-02.02", needs_forge),
    row("osps-encrypted-channels", "OSPS-BR-03.01", needs_person),
    row("osps-encrypted-distribution", "OSPS-BR-03.02", needs_person),
    row("osps-release-notes", "OSPS-BR-04.01", judged::release_notes),
    row("osps-dependency-tools", "OSPS-BR-05.01", judged::dependency_tools),
    row("osps-signed-releases", "OSPS-BR-06.01", forge_judged::signed_releases),
    row("osps-no-secrets", "OSPS-BR-07.01", judged::no_secrets),
    row("osps-secrets-policy", "OSPS-BR-07.02", judged::secrets_policy),
    row("osps-user-guide", "OSPS-DO-01.01", judged::user_guide),
    row("osps-defect-guide", "OSPS-DO-02.01", judged::defect_guide),
    row("osps-verify-release", "OSPS-DO-03.01", judged::verify_release),
    row("osps-verify-author", "OSPS-DO-03.02", judged::verify_author),
    row("osps-support-scope", "OSPS-DO-04.01", judged::support_scope),
    row("osps-support-end", "OSPS-DO-05.01", judged::support_end),
    row("osps-dependency-description", "OSPS-DO-06.01", judged::dependency_description),
    row("osps-build-guide", "OSPS-DO-07.01", judged::build_guide),
    row("osps-members", "OSPS-GV-01.01", judged::members),
    row("osps-roles", "OSPS-GV-01.02", judged::roles),
    row("osps-public-discussion", "OSPS-GV-02.01", forge_judged::public_discussion),
    row("osps-contribution-process", "OSPS-GV-03.01", judged::contribution_process),
    row("osps-contribution-guide", "OSPS-GV-03.02", judged::contribution_guide),
    row("osps-rights-review", "OSPS-GV-04.01", needs_person),
    row("osps-contributor-assertion", "OSPS-LE-01.01", judged::contributor_assertion),
    row("osps-free-licence", "OSPS-LE-02.01", free_licence),
    row("osps-free-licence-of-releases", "OSPS-LE-02.02", needs_forge),
    row("osps-licence-file", "OSPS-LE-03.01", judged::licence_file),
    row("osps-licence-in-releases", "OSPS-LE-03.02", judged::licence_in_releases),
    row("osps-public-source", "OSPS-QA-01.01", forge_judged::public_source),
    row("osps-public-history", "OSPS-QA-01.02", forge_judged::public_source),
    row("osps-dependency-list", "OSPS-QA-02.01", judged::dependency_list),
    row("osps-release-bill", "OSPS-QA-02.02", needs_forge),
    row("osps-status-checks", "OSPS-QA-03.01", needs_forge),
    row("osps-repositories-list", "OSPS-QA-04.01", needs_person),
    row("osps-subprojects", "OSPS-QA-04.02", needs_person),
    row("osps-no-programs", "OSPS-QA-05.01", without_programs),
    row("osps-no-opaque-files", "OSPS-QA-05.02", judged::no_opaque_files),
    row("osps-tests-before-merge", "OSPS-QA-06.01", tests_before_merge),
    row("osps-tests-documented", "OSPS-QA-06.02", judged::tests_documented),
    row("osps-test-policy", "OSPS-QA-06.03", judged::test_policy),
    row("osps-approval", "OSPS-QA-07.01", forge_judged::approval),
    row("osps-design", "OSPS-SA-01.01", judged::design),
    row("osps-interfaces", "OSPS-SA-02.01", judged::interfaces),
    row("osps-security-assessment", "OSPS-SA-03.01", judged::security_assessment),
    row("osps-threat-model", "OSPS-SA-03.02", judged::threat_model),
    row("osps-disclosure-policy", "OSPS-VM-01.01", judged::disclosure_policy),
    row("osps-security-contacts", "OSPS-VM-02.01", judged::security_contacts),
    row("osps-private-reporting", "OSPS-VM-03.01", forge_judged::private_reporting),
    row("osps-published-vulnerabilities", "OSPS-VM-04.01", judged::published_vulnerabilities),
    row("osps-exploitability", "OSPS-VM-04.02", judged::exploitability),
    row("osps-dependency-threshold", "OSPS-VM-05.01", needs_person),
    row("osps-dependency-release-policy", "OSPS-VM-05.02", needs_person),
    row("osps-dependency-checks", "OSPS-VM-05.03", judged::dependency_checks),
    row("osps-analysis-threshold", "OSPS-VM-06.01", needs_person),
    row("osps-analysis-checks", "OSPS-VM-06.02", judged::analysis_checks),
];

/// Requirements that not all three levels ask for, with those that do.
const LEVELS: &[(&str, &[u8])] = &[
    ("OSPS-AC-04.01", &[2, 3]),
    ("OSPS-AC-04.02", &[3]),
    ("OSPS-BR-01.04", &[3]),
    ("OSPS-BR-02.01", &[2, 3]),
    ("OSPS-BR-02.02", &[3]),
    ("OSPS-BR-04.01", &[2, 3]),
    ("OSPS-BR-05.01", &[2, 3]),
    ("OSPS-BR-06.01", &[2, 3]),
    ("OSPS-BR-07.01", &[1]),
    ("OSPS-BR-07.02", &[3]),
    ("OSPS-DO-03.01", &[3]),
    ("OSPS-DO-03.02", &[3]),
    ("OSPS-DO-04.01", &[3]),
    ("OSPS-DO-05.01", &[3]),
    ("OSPS-DO-06.01", &[2, 3]),
    ("OSPS-DO-07.01", &[2, 3]),
    ("OSPS-GV-01.01", &[2, 3]),
    ("OSPS-GV-01.02", &[2, 3]),
    ("OSPS-GV-03.02", &[2, 3]),
    ("OSPS-GV-04.01", &[3]),
    ("OSPS-LE-01.01", &[2, 3]),
    ("OSPS-QA-02.02", &[3]),
    ("OSPS-QA-03.01", &[2, 3]),
    ("OSPS-QA-04.02", &[3]),
    ("OSPS-QA-06.01", &[2, 3]),
    ("OSPS-QA-06.02", &[3]),
    ("OSPS-QA-06.03", &[3]),
    ("OSPS-QA-07.01", &[3]),
    ("OSPS-SA-01.01", &[2, 3]),
    ("OSPS-SA-02.01", &[2, 3]),
    ("OSPS-SA-03.01", &[2, 3]),
    ("OSPS-SA-03.02", &[3]),
    ("OSPS-VM-01.01", &[2, 3]),
    ("OSPS-VM-02.01", &[1]),
    ("OSPS-VM-03.01", &[2, 3]),
    ("OSPS-VM-04.01", &[2, 3]),
    ("OSPS-VM-04.02", &[3]),
    ("OSPS-VM-05.01", &[3]),
    ("OSPS-VM-05.02", &[3]),
    ("OSPS-VM-05.03", &[3]),
    ("OSPS-VM-06.01", &[3]),
    ("OSPS-VM-06.02", &[3]),
];

/// The levels that ask for a requirement.
pub fn levels(rule: &str) -> &'static [u8] {
    LEVELS.iter().find(|(own, _)| *own == rule).map_or(&[1, 2, 3], |(_, levels)| levels)
}
