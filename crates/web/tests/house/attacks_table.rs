// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Attacks that worked on systems like this one, and the test that tries each of them here. A line whose test is gone fails.

use std::path::Path;

/// What is tried, where it worked, the file of the test and its name.
const ATTACKS: &[(&str, &str, &str, &str)] = &[
    (
        "Stored scripts in words of documents, advisories, entries, decisions, names",
        "CVE-2019-1020007 GHSA-jp9v-w6vw-9m5v GHSA-4gqv-hcmg-jw33 GHSA-6j82-qv49-r46p CVE-2022-39350 GHSA-7xvh-c266-cfr5",
        "web/tests/house/attacks_texts.rs",
        "words_from_outside_stay_words_on_every_page",
    ),
    ("Scripts in what is asked for", "CWE-79", "web/tests/house/strangers.rs", "hostile_words_stay_words"),
    (
        "Files and servers read through XML, entities without end",
        "GHSA-7r6q-xj4c-37g4 GHSA-93r8-3g93-w2gq SW360-2026",
        "web/tests/house/attacks_files.rs",
        "documents_read_no_files_call_nobody_and_do_not_grow",
    ),
    ("Entities in project files", "GHSA-7r6q-xj4c-37g4", "formats/src/manifests/maven_pom.rs", "entities_are_refused"),
    (
        "Addresses inside, by name or redirect",
        "SW360-2026 ScanCode.io-2026",
        "feeds/tests/suite/redirects.rs",
        "a_name_that_leads_inside_is_not_called",
    ),
    (
        "Addresses inside, through a proxy",
        "GHSA-83g2-vgqh-mgxc",
        "feeds/tests/suite/proxy.rs",
        "the_guard_judges_what_it_can_before_the_proxy_is_asked",
    ),
    (
        "Secrets in addresses, journals and pages",
        "CVE-2022-39351 GHSA-gh7v-4hxp-gqp4 issue-4176 issue-4227",
        "web/tests/house/attacks.rs",
        "secrets_are_neither_taken_from_addresses_nor_written_down",
    ),
    (
        "Keys of programs and of links guessed",
        "CWE-307 CWE-770",
        "web/tests/house/pace.rs",
        "guessing_keys_ends_soon_and_harms_nobody_with_a_good_one",
    ),
    (
        "An account connected with somebody of the attacker's at a provider",
        "CWE-352 OpenID-Connect-login-CSRF",
        "web/tests/house/openid.rs",
        "an_account_that_is_there_is_connected_by_its_owner",
    ),
    (
        "Mail and its password in the clear, by a wrong certificate or an offer taken away",
        "CVE-2011-0411 RFC-8314",
        "feeds/tests/suite/mail_tls.rs",
        "who_is_not_trusted_gets_neither_mail_nor_password",
    ),
    (
        "Traces of reading removed or changed in the database",
        "CWE-117 CWE-778",
        "ledger/tests/suite/audit_catalogue.rs",
        "notes_of_reading_stand_in_the_chain",
    ),
    (
        "Who has an account, by words",
        "CVE-2024-54002 GHSA-9w3m-hm36-w32w",
        "web/tests/house/door.rs",
        "a_wrong_password_and_an_unknown_login_look_the_same",
    ),
    (
        "Who has an account, by time",
        "CVE-2024-54002 GHSA-9w3m-hm36-w32w",
        "web/tests/house/attacks.rs",
        "an_unknown_login_takes_as_long_as_a_wrong_password",
    ),
    (
        "Who uses a second factor",
        "CVE-2024-54002",
        "web/tests/house/second_factor.rs",
        "nobody_without_the_password_learns_who_uses_codes",
    ),
    (
        "Files of the server through addresses and templates",
        "CVE-2025-27137 GHSA-9582-88hr-54w3 ORT-Server-2026",
        "web/tests/house/attacks.rs",
        "addresses_lead_out_of_nothing",
    ),
    (
        "Files outside through names in archives, archives that burst",
        "SW360-2026 Trustify-815",
        "web/tests/house/attacks_files.rs",
        "archives_write_nowhere_and_do_not_burst",
    ),
    (
        "Findings and entries of others written",
        "Dependency-Track-2026-05 Trustify-1598",
        "web/tests/house/attacks_foreign.rs",
        "findings_and_entries_of_others_are_not_written",
    ),
    (
        "Figures that count what others have",
        "issue-4200 issue-4437 issue-6165",
        "web/tests/house/attacks_foreign.rs",
        "what_others_hand_in_changes_no_figure",
    ),
    (
        "Things of others on any route",
        "issue-4200 hyades-apiserver-2166",
        "web/tests/house/authorisation.rs",
        "what_others_have_is_not_there_on_any_route",
    ),
    (
        "Forms sent by pages of others",
        "CWE-352",
        "web/tests/house/attacks.rs",
        "forms_without_the_secret_of_the_session_write_nothing",
    ),
    (
        "Pages in frames, kept, or read as something else",
        "CWE-1021 CWE-525",
        "web/tests/house/attacks.rs",
        "every_answer_forbids_frames_scripts_of_others_and_keeping",
    ),
    (
        "Links that lead away, headers written by others",
        "CWE-601 CWE-113",
        "web/tests/house/attacks.rs",
        "nobody_is_led_away_and_no_header_is_written_by_others",
    ),
    (
        "Forms and files without end",
        "CWE-400",
        "web/tests/house/attacks.rs",
        "bodies_without_end_and_bodies_that_never_come_are_given_up",
    ),
    (
        "Heads and bodies that drip",
        "CWE-400",
        "web/tests/house/attacks_slow.rs",
        "heads_and_bodies_that_drip_are_given_up",
    ),
    ("A default password", "issue-4956", "web/tests/house/door.rs", "the_first_link_works_once"),
    ("Guessing passwords", "CWE-307", "web/tests/house/door.rs", "guessing_has_to_wait"),
    (
        "Formulas in files for spreadsheets, signs that steer a terminal",
        "CWE-1236 CWE-150",
        "cli/tests/integration/hostile_advisories.rs",
        "nothing_of_it_steers_a_terminal_or_a_spreadsheet",
    ),
];

#[test]
fn every_attack_is_tried() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder");
    for (attack, learned, file, test) in ATTACKS {
        assert!(!learned.is_empty(), "{attack}");
        let text = std::fs::read_to_string(crates.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        // What takes a store is made into a test for each database.
        let on_both = format!("async fn {test}(store)");
        let line = lines.iter().position(|line| line.contains(&format!("fn {test}()")) || line.contains(&on_both));
        let line = line.unwrap_or_else(|| panic!("{attack}: {file} has no {test}"));
        let is_test =
            ["#[test]", "#[tokio::test]"].contains(&lines[line.saturating_sub(1)]) || lines[line].contains(&on_both);
        assert!(is_test, "{attack}: {test} is no test");
    }
}
