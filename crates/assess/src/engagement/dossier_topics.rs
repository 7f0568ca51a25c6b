// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which question of a dossier a question of somebody else is about: found by words of its topic, in English and German.
//!
//! A topic is found where one of its phrases stands in the question, as whole words; a phrase that ends with `*` stands for all words
//! that begin so. A question can be about several topics. One without any is not answered: a guess would be worse than nothing.

use underpin_model::engagement::DossierQuestion;

use super::near_duplicate::words;
use super::questionnaire::demands_item;

/// The phrases of each topic.
const TOPICS: &[(DossierQuestion, &[&str])] = &[
    (
        DossierQuestion::Maintained,
        &[
            "maintain*",
            "actively developed",
            "active development",
            "last commit",
            "still alive",
            "abandoned",
            "gepflegt",
            "pflegt",
            "betreut",
            "wartet",
            "gewartet",
            "weiterentwickelt",
            "aktiv entwickelt",
        ],
    ),
    (
        DossierQuestion::Governance,
        &["governance", "governed", "decides", "decisions", "steering", "entscheidet", "entscheidungen", "leitung"],
    ),
    (
        DossierQuestion::Contact,
        &[
            "contact",
            "reach you",
            "reach the",
            "kontakt",
            "ansprechpartner",
            "ansprechstelle",
            "erreichen",
            "erreichbar",
        ],
    ),
    (
        DossierQuestion::SecurityPolicy,
        &["security policy", "security policies", "sicherheitsrichtlinie*", "sicherheitskonzept"],
    ),
    (
        DossierQuestion::Reports,
        &[
            "report a vulnerability",
            "report vulnerabilities",
            "reporting vulnerabilities",
            "vulnerability report*",
            "vulnerability disclosure",
            "disclosure policy",
            "vulnerability handling",
            "psirt",
            "schwachstellen melden",
            "schwachstelle melden",
            "schwachstellenmeldung*",
            "sicherheitslücke melden",
            "sicherheitslücken melden",
        ],
    ),
    (
        DossierQuestion::SignedReleases,
        &[
            "signed",
            "signature*",
            "sign your",
            "sign releases",
            "code signing",
            "signiert*",
            "signatur*",
            "signieren",
            "unterschrieben",
        ],
    ),
    (
        DossierQuestion::Releases,
        &[
            "release cycle",
            "release cadence",
            "how often",
            "release frequency",
            "last release",
            "latest release",
            "patch cycle",
            "veröffentlichungszyklus",
            "wie oft",
            "letzte version",
            "letzten version",
            "neueste version",
            "release zyklus",
        ],
    ),
    (DossierQuestion::Licence, &["licence*", "license*", "lizenz*", "spdx"]),
    (
        DossierQuestion::EndOfLife,
        &[
            "end of life",
            "end of support",
            "eol",
            "support period",
            "supported until",
            "how long",
            "long term support",
            "lts",
            "supportende",
            "lebensende",
            "unterstützungszeitraum",
            "wie lange",
            "supportzeitraum",
        ],
    ),
    (
        DossierQuestion::Unfixed,
        &[
            "known vulnerabilities",
            "known exploitable",
            "open vulnerabilities",
            "unpatched",
            "unfixed",
            "cve*",
            "advisories",
            "bekannte schwachstellen",
            "offene schwachstellen",
            "bekannten schwachstellen",
            "sicherheitslücken bekannt",
        ],
    ),
    (
        DossierQuestion::Sbom,
        &["sbom*", "software bill of materials", "bill of materials", "stückliste", "software stückliste"],
    ),
    (
        DossierQuestion::CraRole,
        &[
            "cyber resilience act",
            "cra",
            "steward",
            "manufacturer",
            "declaration of conformity",
            "ce mark*",
            "hersteller*",
            "verwalter",
            "konformitätserklärung",
            "cyberresilienz*",
        ],
    ),
    (
        DossierQuestion::Tests,
        &[
            "tests",
            "tested",
            "test coverage",
            "continuous integration",
            "ci",
            "fuzz*",
            "getestet",
            "testabdeckung",
            "testverfahren",
        ],
    ),
    (
        DossierQuestion::Provenance,
        &[
            "provenance",
            "slsa",
            "reproducible*",
            "attestation*",
            "build integrity",
            "herkunftsnachweis*",
            "reproduzierbar*",
        ],
    ),
    (
        DossierQuestion::Contributing,
        &["contribut*", "cla", "dco", "pull request*", "beitragen", "beiträge", "mitarbeit*", "mitwirken"],
    ),
    (
        DossierQuestion::Funding,
        &["fund*", "financ*", "sponsor*", "donat*", "paid", "finanziert*", "finanzierung", "spenden", "gefördert"],
    ),
];

/// The topics of a question, in the order of a dossier.
pub fn topics(question: &str) -> Vec<DossierQuestion> {
    let spaced = format!(" {} ", words(question).join(" "));
    let holds = |phrase: &&str| match phrase.strip_suffix('*') {
        Some(beginning) => spaced.contains(&format!(" {beginning}")),
        None => spaced.contains(&format!(" {phrase} ")),
    };
    TOPICS.iter().filter(|(_, phrases)| phrases.iter().any(holds)).map(|(topic, _)| *topic).collect()
}

/// The questions in a text, in order: sentences that ask, and lines that demand an item.
pub fn questions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        if demands_item(line) {
            found.push(line.trim().to_owned());
            continue;
        }
        let mut rest = line;
        while let Some(end) = rest.find('?') {
            let sentence = &rest[..=end];
            let begin = sentence[..end].rfind(['.', '!', ':', ';']).map_or(0, |at| at + 1);
            // "1. Who …?" and "e.g. …?": what stands before is kept where nothing else would be left.
            let own = sentence[begin..].trim();
            found.push(own.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned());
            rest = &rest[end + 1..];
        }
    }
    found.retain(|question| question.chars().any(char::is_alphabetic));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn topics_in_both_languages() {
        use DossierQuestion as Q;
        for (question, expected) in [
            ("Who maintains this component?", &[Q::Maintained][..]),
            ("Wird das Projekt noch gepflegt?", &[Q::Maintained]),
            ("Is there a security policy and how do we report a vulnerability?", &[Q::SecurityPolicy, Q::Reports]),
            ("Wie können wir eine Schwachstelle melden?", &[Q::Reports]),
            ("Are your releases signed?", &[Q::SignedReleases]),
            ("Sind die Veröffentlichungen signiert?", &[Q::SignedReleases]),
            ("How often do you publish?", &[Q::Releases]),
            ("Under which license is it published?", &[Q::Licence]),
            ("Unter welchen Lizenzbedingungen?", &[Q::Licence]),
            ("Wie lange wird Version 2 unterstützt?", &[Q::EndOfLife]),
            ("List all known vulnerabilities.", &[Q::Unfixed]),
            ("Please provide an SBOM", &[Q::Sbom]),
            ("Are you a manufacturer under the Cyber Resilience Act?", &[Q::CraRole]),
            ("Do you have SLSA provenance?", &[Q::Provenance]),
            ("How is the project funded?", &[Q::Funding]),
            // Part of another word is no word, and what is in no dossier is not guessed.
            ("Where is your office located?", &[]),
            ("Is your data centre certified?", &[]),
            ("Do you like craftwork?", &[]),
        ] {
            assert_eq!(topics(question), expected, "{question}");
        }
    }

    #[test]
    fn questions_of_a_form_one_by_one() {
        let text = "Dear team,\nwe need this:\n1. Who maintains this? Is it signed?\n2) Describe your release cycle\n- List all licences.\n\
            Thank you. Where is your office?\nNo question here.";
        assert_eq!(
            questions(text),
            [
                "Who maintains this?",
                "Is it signed?",
                "2) Describe your release cycle",
                "- List all licences.",
                "Where is your office?"
            ]
        );
        assert_eq!(questions("???"), Vec::<String>::new());
    }

    proptest! {
        /// Texts come from outside: nothing breaks, and a question is a part of its text.
        #[test]
        fn any_text(text in "[a-zäA-Z0-9?.!:;,\n -]{0,200}") {
            for question in questions(&text) {
                prop_assert!(text.contains(&question), "{}", question);
                topics(&question);
            }
        }
    }
}
