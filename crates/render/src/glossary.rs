// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the words on the pages mean: one list, from which the page `/help/words` and the manual are made.
//!
//! A word is the key of its own text, so that what is explained is what stands on the pages; `meaning-` and the key is what it means.

use crate::{Language, text};

/// Words that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Key of its title; also its name in an address.
    pub key: &'static str,
    /// Pages where its words stand: key of the page's name, and its address.
    pub pages: &'static [(&'static str, &'static str)],
    /// Keys of its words.
    pub words: &'static [&'static str],
}

macro_rules! sections {
    ($($key:literal on $(($page:literal, $path:literal)),+: $($word:literal)+;)*) => {
        /// All words, section by section.
        pub const SECTIONS: &[Section] =
            &[$(Section { key: $key, pages: &[$(($page, $path)),+], words: &[$($word),+] }),*];
    };
}

sections! {
    "words-things" on ("nav-inventory", "/find"), ("nav-government", "/agencies"):
        "agency" "system" "deployment" "package" "version" "uses" "licences" "how-used" "direct" "indirect" "direct-unknown"
        "direct-dependencies" "contact" "incident-kind-digest" "word-purl" "word-cpe" "word-sbom" "registry"
        "registry-identifier" "life-planned" "life-active" "life-retired" "as-of";
    "words-findings" on ("nav-overview", "/"), ("nav-findings", "/findings"):
        "vulnerability" "findings" "priority" "level-act-now" "level-soon" "level-planned" "level-watch" "severity"
        "level-critical" "level-high" "level-medium" "level-low" "level-none" "level-unknown" "exploited" "state"
        "status-open" "status-under-investigation" "status-fixed" "status-not-affected" "status-unknown"
        "urgent-findings" "affected-systems" "undecided-systems" "decided-systems" "word-cve" "word-cvss" "word-epss"
        "word-kev";
    "words-weeks" on ("weeks", "/findings/weeks"), ("changes", "/changes"):
        "week" "weeks-open" "weeks-act-now" "weeks-exploited" "weeks-exploited-systems" "change-new" "change-reopened"
        "change-exploited" "change-severity-up" "change-severity-down" "change-confirmed" "change-doubted"
        "change-fixed" "change-decided" "change-package-gone" "change-system-gone" "change-withdrawn"
        "change-advisory-changed" "change-delisted";
    "words-decisions" on ("decisions", "/decisions"):
        "decision" "triage-status" "ruling-under-investigation" "ruling-affected" "ruling-fixed" "ruling-not-affected"
        "triage-justification" "justification-component-not-present" "justification-vulnerable-code-not-present"
        "justification-vulnerable-code-not-in-execute-path"
        "justification-vulnerable-code-cannot-be-controlled-by-adversary"
        "justification-inline-mitigations-already-exist" "triage-place" "triage-action" "triage-review"
        "triage-expires" "decision-in-force" "decision-waits" "decision-withdrawn" "decision-expired"
        "decision-not-yet" "decision-without-effect" "decision-review-due" "decision-author" "decision-recorded"
        "decision-approved" "decision-origin" "word-vex";
    "words-coverage" on ("nav-coverage", "/coverage"):
        "what-is-known" "known-known" "known-stale" "known-blind" "known-unknown" "coverage-known" "coverage-stale"
        "coverage-blind" "coverage-unknown" "coverage-declared" "coverage-unbound" "coverage-quarantined" "coverage-retracted"
        "coverage-purged" "evidence-sbom" "evidence-lockfile"
        "evidence-installed" "evidence-stated" "evidence-none";
    "words-projects" on ("projects", "/projects"), ("map", "/projects/map"):
        "project" "projects-place" "projects-dependence" "projects-points" "projects-between" "projects-direct"
        "projects-concentration" "projects-thinned" "projects-moved" "project-need" "project-points-each" "project-depth"
        "project-known-by" "project-known-office" "project-known-package-url" "project-known-document"
        "project-known-pages" "project-known-home-page" "project-known-name" "project-sure" "project-statements"
        "project-others" "fragility-class" "fragility-class-unknown" "fragility-class-finished" "fragility-class-healthy"
        "fragility-class-thin" "fragility-class-at-risk" "fragility-class-no-recent-activity-seen" "fragility-evidence"
        "fragility-looked" "map" "map-place" "map-known" "map-risk" "map-range" "map-first" "map-cause" "map-incidents"
        "map-days" "map-harm" "map-why" "cause-bug" "cause-takeover" "cause-abandonment" "substitutes-both";
    "words-plan" on ("plan", "/plan"):
        "plan-avoided" "plan-avoided-range" "plan-stability" "plan-marginal" "plan-cause" "plan-incidents"
        "plan-days" "plan-share" "plan-refused-because" "plan-refused-for" "plan-first" "plan-unfunded-why"
        "plan-needs" "plan-route" "plan-hours" "plan-price-rule" "plan-price-looser" "plan-price-gain"
        "plan-skill" "plan-skill-hours" "plan-skill-promised" "plan-skill-left" "skill-contracting" "skill-programming"
        "skill-release-engineering" "skill-security-review" "skill-facilitation";
    "words-commitments" on ("commitments", "/commitments"):
        "commitments-time" "commitments-promised" "commitments-earned" "commitments-paid" "commitments-proposed-by"
        "commitments-approved-by" "commitments-withdrawn" "commitments-part" "commitments-pays" "commitments-state"
        "commitments-work" "outcome-indicator" "outcome-least" "outcome-came" "promise-proposed" "promise-promised" "promise-kept" "promise-late" "promise-withdrawn";
    "words-funding" on ("funding", "/funding"):
        "funding-kind" "funding-kind-own" "funding-kind-other" "funding-kind-history" "funding-kind-accounts"
        "funding-who" "funding-together" "funding-strength" "funding-common-days" "funding-way" "funding-own-address"
        "funding-said" "funding-rhythm" "payer-withheld";
    "words-contact" on ("engagements", "/engagements"):
        "verdict-noted" "verdict-merged" "verdict-drafted" "verdict-refused" "conversation-state-draft"
        "conversation-state-waiting" "conversation-state-answered" "conversation-state-ended"
        "conversation-ended-solved" "conversation-ended-declined" "conversation-ended-silent"
        "conversation-ended-withdrawn" "request-kind-vulnerability-report" "request-kind-issue" "request-kind-patch"
        "request-kind-change" "request-kind-review" "request-kind-talk" "request-kind-thanks" "request-kind-offer"
        "request-kind-invitation" "request-kind-ask" "request-kind-reminder" "request-kind-reply" "channel-security-policy"
        "channel-private-report" "channel-stated" "channel-maintainers" "channel-public-issue" "channel-coordinator"
        "naming-agrees" "engagements-next" "engagements-minutes" "request-rule" "request-digest" "request-verdict" "request-door";
    "words-disclosures" on ("disclosures", "/disclosures"):
        "disclosure-act-vendor-aware" "disclosure-act-fix-ready" "disclosure-act-fix-deployed"
        "disclosure-act-public-aware" "disclosure-act-exploit-public" "disclosure-act-attacks-seen"
        "disclosure-act-embargo-propose" "disclosure-act-embargo-accept" "disclosure-act-embargo-reject"
        "disclosure-act-embargo-terminate" "disclosure-act-report-receive" "disclosure-act-report-validate"
        "disclosure-act-report-invalidate" "disclosure-act-report-accept" "disclosure-act-report-defer"
        "disclosure-act-report-close" "embargo-none" "embargo-proposed" "embargo-active" "embargo-revise"
        "embargo-exited" "report-state-start" "report-state-received" "report-state-invalid" "report-state-valid"
        "report-state-accepted" "report-state-deferred" "report-state-closed" "disclosure-report"
        "disclosure-lane-embargo" "disclosure-letters" "disclosure-compartment";
    "words-upstream" on ("upstream", "/upstream"):
        "carried-upstream" "carried-forwarded" "carried-denied" "carried-not-needed" "carried-young" "carried-debt"
        "carried-unknown" "upstream-standing" "upstream-oldest" "upstream-age" "upstream-carrier" "upstream-seen";
    "words-catalogue" on ("catalogue", "/catalogue"), ("exemptions", "/exemptions"):
        "catalogue-state" "development-unknown" "development-concept" "development-development" "development-beta"
        "development-stable" "development-obsolete" "catalogue-visibility" "visibility-public" "visibility-internal"
        "catalogue-looked" "catalogue-because" "repository-known-by" "repository-outcome" "exemption-ground"
        "ground-national-security" "ground-national-intelligence" "ground-freedom-of-information"
        "ground-export-regulations" "ground-arms-regulations" "ground-transport-security"
        "ground-classified-information" "ground-privacy-risk" "ground-intellectual-property" "ground-agency-system"
        "ground-agency-mission" "ground-chief-information-officer" "ground-policy-date" "ground-embag-third-parties"
        "ground-embag-security" "ground-other" "exemption-review" "review-state-overdue" "review-state-due"
        "review-state-later" "review-state-ended" "self-assessment" "self-assessment-strength" "self-answer-met"
        "self-answer-not-met" "self-answer-does-not-apply" "self-answer-do-not-know" "strength-must" "strength-should"
        "strength-may" "old-standard" "old-year" "old-change";
    "words-rules" on ("rules", "/rules"):
        "rules-standing" "rules-standing-law" "rules-standing-draft" "rules-standing-guidance"
        "rules-standing-policy" "rules-in-force" "rules-asked" "rules-before" "rules-waived" "rules-after" "rules-stuck"
        "rules-open" "rules-unregistered" "rules-met" "rules-not-met" "rules-pieces" "rules-things"
        "rules-bearer" "rules-wave" "rules-hit" "rules-falls-due";
    "words-waivers" on ("waivers", "/rules/waivers"):
        "waiver" "waiver-about" "waiver-state" "waiver-compensation" "waiver-granter" "waiver-state-asked-for"
        "waiver-state-not-begun" "waiver-state-holds" "waiver-state-ran-out" "waiver-state-lapsed"
        "waiver-state-refused" "waiver-state-withdrawn";
    "words-acceptance" on ("documents", "/documents"), ("contracts", "/contracts"):
        "conformity-of-document" "conformity-outcome" "conformity-demand" "conformity-demand-must"
        "conformity-demand-if-there" "conformity-demand-may" "contract-state" "contract-state-open"
        "contract-state-ended" "contract-state-withdrawn" "contract-difference" "contract-rulebook";
    "words-publications" on ("publications-drafts", "/publications/drafts"):
        "publication-draft" "publication-approved" "publication-taken-back" "publication-replaced" "publications-released"
        "publications-digest";
    "words-documents" on ("documents", "/documents"), ("hand-in", "/documents/hand-in"):
        "document" "document-about" "document-format" "document-tool" "document-created" "document-learned"
        "document-gaps" "document-origin" "document-superseded" "document-state" "document-state-accepted"
        "document-state-quarantined" "document-state-retracted" "document-state-purged" "hand-in-state-accepted"
        "hand-in-state-duplicate" "hand-in-state-quarantined" "hand-in-state-left-out" "hand-in-state-refused";
    "words-incidents" on ("nav-incidents", "/incidents"):
        "incident" "incident-drill" "incident-step" "step-identify" "step-notify" "step-fix" "step-verify"
        "step-learn" "incident-target" "incident-late" "reach-hit" "reach-fixed" "reach-accepted" "reach-not-hit"
        "reach-blind" "reach-stale" "reach-unknown" "room-exposed" "room-fixed" "room-accepted" "room-unclear"
        "room-report" "room-deadlines" "clock-cra-early-warning" "clock-cra-notification" "clock-nis2-early-warning"
        "clock-nis2-notification" "clock-nis2-final-report";
    "words-law" on ("clocks", "/clocks"), ("law-roles", "/law/roles"), ("requests", "/law/requests"):
        "law-clock-cra-exploited-vulnerability" "law-clock-cra-severe-incident" "law-clock-nis2-significant-incident"
        "law-clock-nis2-trust-service" "law-clock-kev-due-date" "law-step-early-warning" "law-step-notification"
        "law-step-intermediate-report" "law-step-progress-report" "law-step-final-report" "law-step-inform-users"
        "law-step-remediation" "law-state-not-started" "law-state-running" "law-state-due-soon" "law-state-late"
        "law-state-done-in-time" "law-state-done-late" "law-state-not-due-yet" "law-state-does-not-apply"
        "law-role-manufacturer" "law-role-steward" "law-role-importer" "law-role-distributor" "law-role-contributor"
        "law-role-own-use" "law-role-not-supplied" "law-role-non-commercial" "law-role-outside-scope"
        "law-role-no-role" "law-role-essential-entity" "law-role-important-entity" "law-role-not-covered"
        "law-answer-decided" "law-answer-not-decided" "law-answer-needs-a-lawyer" "reporting-clock"
        "authority-state-late" "authority-state-open" "authority-state-answered-late" "authority-state-answered";
    "words-tasks" on ("nav-tasks", "/tasks"):
        "task" "task-owner" "task-due" "task-state" "task-state-open" "task-state-acknowledged"
        "task-state-in-progress" "task-state-done" "task-state-verified" "task-state-cannot-because" "task-kind-fix"
        "task-kind-check" "task-kind-verify" "task-kind-other";
    "words-rounds" on ("rounds", "/rounds"):
        "round" "round-progress" "round-part-evidence" "round-part-said" "round-part-waiting" "round-part-late"
        "round-standing" "round-standing-evidence" "round-standing-said" "round-standing-cannot"
        "round-standing-promised" "round-standing-waiting" "round-standing-late" "round-letter" "letter-kind-letter"
        "letter-kind-reminder" "letter-kind-late" "letter-kind-again" "letter-sent" "letter-waits" "letter-given-up"
        "letter-not-needed";
    "words-compass" on ("roles", "/roles"), ("consult", "/consultations"), ("annual", "/reports/annual"):
        "office-role-coordinator" "office-role-role-model" "office-role-supporter" "office-role-regulator"
        "roles-state-planned" "roles-state-active" "roles-state-retired" "roles-rests-on" "roles-outcome" "roles-measures"
        "roles-next" "roles-step-led" "consult-state-draft" "consult-state-planned" "consult-state-open"
        "consult-state-over" "consult-state-closed" "comment-state-waiting" "comment-state-shown"
        "comment-state-not-shown" "comment-state-withdrawn" "comment-state-taken-out" "guideline-respect" "guideline-cooperation"
        "guideline-collaboration" "guideline-sincerity" "annual-asked-by";
    "words-rights" on ("people", "/people"), ("your-account", "/account"):
        "what-you-may-do" "role-reader" "role-contributor" "role-owner" "role-analyst" "role-officer" "role-auditor"
        "role-administrator" "classification" "classification-public" "classification-internal"
        "classification-restricted" "classification-confidential" "classification-secret" "clearance"
        "people-compartments" "word-tlp" "word-tlp-clear" "word-tlp-green" "word-tlp-amber" "word-tlp-amber-strict"
        "word-tlp-red" "safe-withheld" "exposure" "exposure-isolated" "exposure-internal" "exposure-partners"
        "exposure-internet" "exposure-unknown" "tokens" "scope-read" "scope-hand-in" "scope-work" "one-time-code"
        "recovery-codes";
    "words-house" on ("sources", "/sources"), ("audit", "/audit"), ("messages", "/account/messages"):
        "source" "source-edition" "source-looked" "source-outcome" "source-terms" "source-fresh" "source-stale"
        "source-missing" "post-waiting" "post-again" "post-given-up"
        "post-last-sent" "mails-aside" "jobs-revision" "audit" "reads" "read-export" "read-sql" "read-ranking" "read-contact" "read-trail" "read-reads"
        "read-document" "read-program" "read-advisory" "read-incident" "messages" "message-kind-risks"
        "message-kind-tasks" "message-kind-incidents" "message-kind-rounds";
}

/// A word as it stands on the pages.
pub fn term(language: Language, word: &str) -> String {
    text(language, word, &[])
}

/// What a word means.
pub fn meaning(language: Language, word: &str) -> String {
    text(language, &format!("meaning-{word}"), &[])
}

/// Whether a word is explained.
pub fn explains(word: &str) -> bool {
    SECTIONS.iter().any(|section| section.words.contains(&word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::words::keys;

    #[test]
    fn every_word_and_its_meaning_stand_in_both_languages() {
        let keys: BTreeSet<_> = keys().into_iter().collect();
        let mut seen = BTreeSet::new();
        for section in SECTIONS {
            for key in section.pages.iter().map(|(key, _)| *key).chain([section.key]) {
                assert!(keys.contains(key), "{key} has no text");
            }
            for word in section.words {
                assert!(seen.insert(*word), "{word} is explained twice");
                for language in Language::ALL {
                    let (term, meaning) = (term(language, word), meaning(language, word));
                    assert_ne!(term, *word, "{language:?} has no such word");
                    assert!(meaning.len() > 10 && !meaning.starts_with("meaning-"), "{language:?}: {word}: {meaning}");
                    assert!(meaning.ends_with('.'), "{language:?}: {word}: {meaning}");
                }
            }
        }
        assert!(seen.len() > 150);
    }

    #[test]
    fn no_meaning_is_left_without_its_word() {
        let idle: Vec<_> =
            keys().into_iter().filter(|key| key.strip_prefix("meaning-").is_some_and(|word| !explains(word))).collect();
        assert_eq!(idle, Vec::<&str>::new());
    }
}
