// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The glossary holds every word that the pages use for a state, a kind or a right, and every head of a table that is no plain word.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use underpin_render::glossary::{SECTIONS, explains, meaning, term};
use underpin_render::words::keys;
use underpin_render::{Language, text};

use crate::support::Web;

/// Kinds of words that are all explained: `kind` and `-` begin the key of each.
const KINDS: &[&str] = &[
    "disclosure-act",
    "embargo",
    "report-state",
    "channel",
    "conversation-ended",
    "conversation-state",
    "request-kind",
    "verdict",
    "classification",
    "document-state",
    "exposure",
    "fragility-class",
    "hand-in-state",
    "justification",
    "known",
    "letter-kind",
    "level",
    "life",
    "message-kind",
    "project-known",
    "promise",
    "reach",
    "read",
    "role",
    "round-standing",
    "ruling",
    "scope",
    "status",
    "step",
    "task-kind",
    "task-state",
    "clock",
    "evidence",
    "change",
    "decision",
    "cause",
    "carried",
    "skill",
    "development",
    "visibility",
    "ground",
    "review-state",
    "rules-standing",
    "waiver-state",
    "publication",
    "conformity-demand",
    "contract-state",
    "self-answer",
    "strength",
    "old",
    "office-role",
    "roles-state",
    "consult-state",
    "comment-state",
    "guideline",
    "law-clock",
    "law-step",
    "law-state",
    "law-role",
    "law-answer",
    "authority-state",
];

/// Kinds whose words say all by themselves, and why.
const PLAIN_KINDS: &[(&str, &str)] = &[
    ("rules-confirmed", "plain words"),
    ("waiver-granter", "plain words"),
    ("conformity-confirmed", "sentences"),
    ("conformity-standing", "plain words"),
    ("plan-bound", "plain words for a choice"),
    ("plan-kind", "plain words for a choice"),
    ("advice", "sentences"),
    ("law", "plain words for a choice"),
    ("law-ask", "questions"),
    ("law-basis", "plain words"),
    ("law-caution", "sentences"),
    ("law-channel", "plain words"),
    ("law-event", "plain words"),
    ("law-fault", "sentences"),
    ("law-find", "questions"),
    ("law-happened", "plain words"),
    ("law-law", "names of laws"),
    ("law-obliged", "roles, which are explained"),
    ("law-proof", "plain words"),
    ("law-reason", "sentences"),
    ("law-recipient", "names of bodies"),
    ("law-seen", "says by itself how a text was checked"),
    ("law-standing", "plain words"),
    ("law-why", "sentences"),
    ("disclosure-advice", "sentences"),
    ("assistance", "plain words for a choice"),
    ("gate-rule", "sentences: the rules themselves"),
    ("owed", "plain words"),
    ("refusal", "sentences"),
    ("refusal-first", "sentences"),
    ("topic", "plain words"),
    ("requirement", "sentences of a standard"),
    ("criterion", "titles of a standard"),
    ("patch-source", "plain words"),
    ("dossier-question", "questions"),
    ("design", "sentences of the page of parts"),
    ("first", "sentences"),
    ("hand-in-remedy", "sentences"),
    ("intervention", "plain words"),
    ("unfunded", "sentences"),
    ("card", "names of questions to a project"),
    ("fragility-kind", "plain words"),
    ("fragility-note", "sentences"),
    ("fragility-source", "plain words"),
    ("fragility-state", "plain words"),
    ("fragility-why", "sentences"),
    ("signal", "names that say what is counted"),
    ("difference", "plain words"),
    ("funding-form", "names of files"),
    ("funding-kind", "what is money is explained; ways and wishes are plain words"),
    ("funding-strength", "explained with the head of their column"),
    ("money-gap", "sentences"),
    ("payee", "plain words"),
    ("platform", "names of platforms"),
    ("rhythm", "plain words"),
    ("document-said", "names of fields"),
    ("drill-start", "plain words"),
    ("incident-kind", "names of things that are explained themselves"),
    ("mapping-on", "plain words"),
    ("mapping-outcome", "sentences"),
    ("messages-channel", "plain words"),
    ("need", "plain words"),
    ("people-reach", "plain words"),
    ("registry-field", "names of fields"),
    ("registry-import", "sentences"),
    ("tasks", "plain words for a choice"),
    ("used", "plain words"),
    ("runs", "plain words; the head of their column is explained"),
    ("practice", "plain words; the head of their column is explained"),
    ("prerequisite-outcome", "plain words"),
    ("guide", "sentences: what is counted"),
    ("annual-section", "plain words"),
];

/// Texts that begin like a word of a kind and are none.
const NO_WORDS: &[&str] = &[
    "change-password",
    "decision-approve",
    "decision-done",
    "decision-every-package",
    "decision-headline",
    "decision-needs-reason",
    "decision-next",
    "decision-nothing-next",
    "decision-own-waits",
    "decision-same-author",
    "decision-settled",
    "decision-withdraw",
    "decision-withdraw-why",
    "document-state-since",
    "evidence-answers",
    "evidence-fault-none",
    "evidence-files",
    "evidence-gaps",
    "evidence-graphs",
    "evidence-kinds",
    "evidence-newest",
    "evidence-newest-days",
    "evidence-no-system",
    "evidence-not",
    "evidence-not-yet",
    "evidence-of-system",
    "evidence-other",
    "evidence-proves",
    "evidence-send",
    "evidence-tools",
    "evidence-whole",
    "evidence-whole-system",
    "role-everywhere",
    "role-of-agency",
    "role-of-system",
    "self-answer-none",
    "status-all",
    "step-condition-all-acknowledged",
    "step-condition-all-known",
    "step-condition-all-proven",
    "step-condition-none-hit",
    "step-condition-written-down",
];

/// Heads of tables and names of facts that are plain words.
const PLAIN: &str = "card-place card-question card-words age-days agencies audit-after audit-before audit-subject audit-what audit-when audit-who brief-cost brief-what commitments \
    changes-what conflict-field conflict-now conflict-yours document-count document-detail document-gap-meaning \
    document-place document-since document-size documents hand-in-file incident-about incident-opened jobs-documents login-name \
    jobs-uploads mail-about mail-from mails-last mails-taken messages-address messages-end messages-filter messages-kinds messages-rhythm open-data-changes open-data-type packages \
    people-since people-take-back people-until plan plan-budget plan-skill-change post-kind projects promises reads-how reads-rows registry-changes registry-import-outcome-word \
    registry-import-place registry-known registry-since registry-until report-number report-question room-what room-why \
    round-answer round-letter-kind round-letter-to session-began session-used setting setting-default setting-meaning \
    setting-origin setting-value source-age systems task-where token-name token-scopes token-until token-where \
    triage-decisions your-name \
    difference-from difference-to document-handed-in-by document-lay document-state-since document-subject \
    document-types evidence-gaps evidence-graphs evidence-kinds evidence-newest evidence-tools evidence-whole \
    ask-case ask-kind ask-topic disclosure-day disclosure-note disclosure-title disclosure-who engagements-what engagements-asked-opened engagements-asked-reminded engagements-replied naming-said-by naming-day \
    engagements-conversation engagements-given-patches engagements-given-thanks engagements-merged engagements-month \
    engagements-opened engagements-request engagements-requests request-address request-approved-by request-author \
    request-first request-handed-out request-made request-reason request-until request-whose \
    compare-adds compare-contributors compare-cves compare-index compare-input compare-value compare-website substitutes-in-use substitutes-project \
    substitutes-systems fragility-before fragility-now fragility-says fragility-signal fragility-source fragility-value \
    funding-amount funding-double funding-payee funding-warning funding-ways project-money-own project-money-others \
    dossier-answer dossier-question dossier-source rating-again rating-question rating-no-answer rating-worth reply-about reply-day reply-words yes no upstream-patch upstream-patches \
    self-assessment-requirement self-assessment-answer self-assessment-program self-assessment-so-far \
    catalogue-repository catalogue-licence catalogue-pair repository-practice repository-what-to-do repository-address repository-categories repository-written-in repository-contractors repository-based-on repository-used-by exemption-what \
    fold-covers fold-number fold-settles fold-so-far fold-what mapping-looked-at mapping-looks-at mapping-outcome \
    mapping-outcome-elsewhere mapping-outcome-there mapping-outcome-waits mapping-pattern paths-link stopwatch-after stopwatch-at stopwatch-part triage-decide \
    publications-name publications-title publications-files publications-author publications-ended-by publications-new \
    reporting-state reporting-next reporting-bound reporting-step reporting-due reporting-handed-in reporting-law reporting-binds \
    reporting-would-be-due roles-subject roles-law roles-answer roles-said law-example law-example-says law-example-found \
    law-example-agrees law-example-source law-ask law-answered law-source law-if-yes law-if-no \
    requests-of requests-reference pack-log-about pack-log-authority pack-log-asked pack-log-due pack-log-answered pack-element pack-shown \
    conformity-clause conformity-asks conformity-count conformity-mend contract contract-supplier contract-ends contract-deliveries contract-delivered contract-papers contract-product contract-opened \
    publications-provider publications-feed publications-folder publications-key rules-source rules-remedy rules-waiver rules-what waiver-reason waiver-proposed-by waiver-answered-by \
    annual-how-many annual-what consult-about consult-comments consult-period consult-state consult-title guide-guideline guide-what mandate-agreed-about mandate-agreed-since mandate-budget mandate-filled mandate-host mandate-legal-basis mandate-legal-source mandate-place mandate-posts mandate-skill-hours roles-coming roles-measure roles-number roles-role roles-since roles-state roles-step-changed roles-step-from roles-step-what roles-step-why";

fn templates() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let files = std::fs::read_dir(folder).expect("templates");
    files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

#[test]
fn every_word_of_a_kind_is_explained() {
    let all = keys();
    for kind in KINDS {
        let begin = format!("{kind}-");
        // `decision-…` is a kind, and so is `document-state-…`: the longer name counts.
        let own: Vec<_> = all.iter().filter(|key| key.starts_with(&begin) && !NO_WORDS.contains(key)).collect();
        assert!(own.len() > 1, "{kind} has no words");
        let missing: Vec<_> = own.into_iter().filter(|key| !explains(key)).collect();
        assert!(missing.is_empty(), "{missing:?} are not in the glossary (render/src/glossary.rs)");
    }
    let idle: Vec<_> = NO_WORDS.iter().filter(|key| !all.contains(key) || explains(key)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_kind_of_word_on_a_page_is_known_to_the_glossary() {
    let mut seen = BTreeSet::new();
    for (name, body) in templates() {
        for kind in body.split(".word(\"").skip(1).filter_map(|part| part.split('"').next()) {
            let is_plain = PLAIN_KINDS.iter().any(|(own, _)| *own == kind);
            assert!(KINDS.contains(&kind) || is_plain, "{name}: words of the kind “{kind}” are not in the glossary");
            seen.insert(kind.to_owned());
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
    let idle: Vec<_> = PLAIN_KINDS.iter().filter(|(kind, _)| !seen.contains(*kind)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// Keys of the words at the head of columns and before facts.
fn heads(body: &str) -> impl Iterator<Item = &str> {
    let columns = body.split("<th scope=\"col\"").skip(1).filter_map(|part| part.split("</th>").next());
    let facts = body.split("<dt>").skip(1).filter_map(|part| part.split("</dt>").next());
    columns.chain(facts).flat_map(|part| part.split("frame.t(\"").skip(1).filter_map(|part| part.split('"').next()))
}

#[test]
fn every_head_of_a_table_is_explained_or_plain() {
    let plain: BTreeSet<&str> = PLAIN.split_whitespace().collect();
    let mut used = BTreeSet::new();
    for (name, body) in templates() {
        for key in heads(&body).filter(|key| !explains(key) && *key != "triage-choose") {
            assert!(plain.contains(key), "{name}: “{key}” is not in the glossary (render/src/glossary.rs)");
            used.insert(key.to_owned());
        }
    }
    let idle: Vec<_> = plain.into_iter().filter(|key| !used.contains(*key)).collect();
    assert!(idle.is_empty(), "{idle:?} stand at the head of no table");
}

#[tokio::test]
async fn the_page_shows_every_word_in_both_languages_to_everybody() {
    let web = Web::demo().await;
    let page = web.get("/help/words", "").await;
    assert_eq!(page.status, StatusCode::OK);
    let json = web.get("/help/words?format=json", "").await;
    let csv = web.get("/help/words?format=csv", "").await;
    let escaped =
        |text: String| text.replace('&', "&#38;").replace('<', "&#60;").replace('\'', "&#39;").replace('"', "&#34;");
    for section in SECTIONS {
        assert!(page.body.contains(&format!("id=\"{}\"", section.key)), "{}", section.key);
        for word in section.words {
            for language in Language::ALL {
                let cell = format!(
                    "<td lang=\"{}\"><dfn>{}</dfn> {}</td>",
                    language.code(),
                    escaped(term(language, word)),
                    escaped(meaning(language, word))
                );
                assert!(page.body.contains(&cell), "{cell}");
            }
            assert!(json.body.contains(&format!("\"word\":\"{word}\"")), "{word}");
            assert!(csv.body.contains(&format!("\"{word}\"")), "{word}");
        }
    }
    let name = text(Language::English, "words-title", &[]);
    for from in ["/help", "/accessibility"] {
        let body = web.get(from, "").await.body;
        assert!(body.contains(&format!("<a class=\"ds-link\" href=\"/help/words\">{name}</a>")), "{from}");
    }
}
