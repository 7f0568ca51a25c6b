// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What nobody has to ask a project, what is handed to it, what it replies, and how it rates a conversation: on the command line.

use serde_json::{Value, json};

use crate::contact::{SPEAKER, house, run};
use crate::house::House;

fn row(house: &House, question: &str) -> Value {
    let found = house.json(&["dossier", "left"]);
    let rows = found["rows"].as_array().expect("rows").clone();
    rows.into_iter().find(|row| row["question"] == question).expect("the question")
}

/// A conversation with the project that was handed out and answered; beside it one that waits, and one in a compartment.
fn conversation(house: &House) {
    let ask = |topic: &'static str, more: &[&'static str]| {
        let kind = ["contact", "request", "left", "--kind", "ask", "--topic", topic, "--text", "words.txt"];
        run(house, "anna", &[&kind[..], &["--patch", "https://code.example/1"], more, &SPEAKER].concat())
    };
    assert_eq!(ask("defect", &[]).code, Some(0));
    for (who, call) in [("bert", "contact approve Q1"), ("anna", "contact hand-out Q1"), ("anna", "contact answer E1")]
    {
        assert_eq!(run(house, who, &call.split(' ').collect::<Vec<_>>()).code, Some(0), "{call}");
    }
    house.write("words.txt", b"Whispered words about quite another matter that nobody approved.\n");
    assert_eq!(ask("funding", &[]).code, Some(0));
}

#[test]
fn what_is_not_known_is_said_and_what_is_known_has_its_source() {
    let house = house();
    let found = house.json(&["dossier", "left"]);
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(16));
    let sbom = row(&house, "sbom");
    assert_eq!((&sbom["is_known"], &sbom["source"]), (&json!(false), &Value::Null));
    assert!(sbom["english"].as_str().is_some_and(|text| text.starts_with("Not known")), "{sbom}");
    let contact = row(&house, "contact");
    assert_eq!((&contact["is_known"], &contact["source"]), (&json!(true), &json!("contact")));
    assert!(contact["german"].as_str().is_some_and(|text| text.contains("team@left.example")), "{contact}");
    let markdown = house.run(&["dossier", "left", "--markdown", "--german"]).stdout;
    assert!(markdown.contains("## Wird das Projekt gepflegt?") && markdown.contains("Nicht bekannt"), "{markdown}");
    for word in ["supplier of", "points", "dependence", "City", "portal"] {
        assert!(!found.to_string().contains(word), "{word}");
    }
}

#[test]
fn a_questionnaire_is_answered_one_by_one() {
    let house = house();
    let form = "Dear supplier, please complete the attached form.\n1. How can we reach the maintainers?\n\
        2. Liefern Sie eine SBOM?\n3. Where is your office?\n";
    house.write("form.txt", form.as_bytes());
    let found = house.json(&["dossier", "left", "--questions", "form.txt"]);
    let told: Vec<String> = found["questions"]
        .as_array()
        .expect("questions")
        .iter()
        .map(|one| format!("{} {} {}", one["asked"], one["about"], one["is_known"]))
        .collect();
    assert_eq!(
        told,
        [
            "\"How can we reach the maintainers?\" [\"maintained\",\"contact\"] true",
            "\"Liefern Sie eine SBOM?\" [\"sbom\"] false",
            "\"Where is your office?\" [] false",
        ]
    );
    let text = house.run(&["dossier", "left", "--questions", "form.txt"]).stdout;
    assert!(text.contains("no question of the dossier is about this"), "{text}");
    // The gate sends no questionnaire, and says where the answers are.
    let ask = ["contact", "request", "left", "--kind", "ask", "--topic", "other", "--text", "form.txt"];
    let refused = run(&house, "anna", &[&ask[..], &["--patch", "https://code.example/1"], &SPEAKER].concat());
    assert_eq!(refused.code, Some(1));
    assert!(refused.stdout.contains("underpin dossier"), "{}", refused.stdout);
}

#[test]
fn the_word_of_the_project_stands_beside_ours() {
    let house = house();
    let reply = "day = \"2026-01-10\"\n[[statement]]\nabout = \"sbom\"\ntext = \"With each release.\"\n\
        [[statement]]\ntext = \"Thank you for asking.\"\n[contact]\nstated = \"https://left.example/talk\"\naccepts_changes = false\n";
    house.write("reply.toml", reply.as_bytes());
    assert_eq!(house.json(&["reply", "take", "left", "reply.toml"])["statements"], 2);
    let sbom = row(&house, "sbom");
    assert_eq!(sbom["of_project"], json!([["2026-01-10T00:00:00Z", "With each release."]]));
    assert_eq!(sbom["is_known"], false, "what the project says is no evidence of ours");
    assert_eq!(house.json(&["dossier", "left"])["remarks"][0][1], "Thank you for asking.");
    let facts = house.json(&["contact", "facts", "left"]);
    assert_eq!(
        (&facts["addresses"]["stated"], &facts["accepts_changes"]),
        (&json!("https://left.example/talk"), &json!(false))
    );
    assert_eq!(facts["active_maintainers"], 6, "what it does not say stays");
    let told_by = |facts: &serde_json::Value, name: &str| facts["sources"][name]["told_by"].clone();
    let sources = ["stated", "accepts_changes", "active_maintainers"].map(|name| told_by(&facts, name));
    assert_eq!(sources, ["project", "project", "office"].map(serde_json::Value::from));
    let stored = house.json(&["reply", "export", "left"]);
    assert_eq!(stored["contact"]["addresses"]["stated"], "mailto:team@left.example", "ours is not overwritten");
    assert_eq!(stored["replies"][0]["statement"][0]["about"], "sbom");
    // The gate hears it.
    let change = ["contact", "request", "left", "--kind", "change", "--topic", "defect", "--text", "words.txt"];
    let refused = run(&house, "anna", &[&change[..], &["--patch", "https://code.example/1"], &SPEAKER].concat());
    assert!(refused.stdout.contains("changes-not-accepted"), "{}", refused.stdout);
    for (name, text) in [
        ("a.toml", "day = \"2036-01-10\"\n[contact]\naccepts_changes = true\n"),
        ("b.toml", "day = \"2026-01-10\"\n"),
        ("c.toml", "day = \"2026-01-10\"\n[[statement]]\ntext = \"ask jane@left.example\"\n"),
        ("d.toml", "day = \"2026-01-10\"\n[contact]\nno_such = true\n"),
    ] {
        house.write(name, text.as_bytes());
        assert_eq!(house.run(&["reply", "take", "left", name]).error_code(), "invalid-reply", "{name}");
    }
}

#[test]
fn what_is_handed_to_a_project_tells_nothing_of_others() {
    let house = house();
    conversation(&house);
    let facts = "[[project]]\nproject = \"left\"\nsource = \"its forge\"\nconsents = true\nalternatives = [\"github.com/o/rival\"]\n\
        [[funding]]\nproject = \"left\"\nsource = \"its page\"\nfunder = \"A fund\"\namount = 5000\n";
    house.write("known.toml", facts.as_bytes());
    house.json(&["facts", "known.toml"]);
    let promise = [
        "commitment",
        "propose",
        "left",
        "--activity",
        "audit",
        "--from",
        "2026-02-01",
        "--until",
        "2026-12-01",
        "--milestone",
        "2026-11-01 1000 A report",
        "--reason",
        "Innermost reason",
        "--paid-by",
        "city=1000",
    ];
    assert_eq!(run(&house, "anna", &promise).code, Some(0));
    let stored = house.json(&["reply", "export", "left"]);
    assert_eq!(stored["promises"], json!([]), "nobody agreed to it yet");
    assert_eq!(run(&house, "bert", &["commitment", "approve", "K1"]).code, Some(0));
    for form in [house.run(&["reply", "export", "left"]).stdout, house.json(&["reply", "export", "left"]).to_string()] {
        for there in ["The build stops when a path has a space", "A report", "A fund", "its forge", "consents"] {
            assert!(form.contains(there), "{there} in {form}");
        }
        for hidden in [
            "Whispered",
            "Innermost",
            "rival",
            "cyber",
            "Cyber",
            "\"city\"",
            "collection",
            "City",
            "portal",
            "anna",
            "bert",
            "Anna Berg",
            "points",
            "at-risk",
            "place\"",
        ] {
            assert!(!form.contains(hidden), "{hidden} in {form}");
        }
    }
}

#[test]
fn a_project_rates_a_conversation_that_has_ended() {
    let house = house();
    conversation(&house);
    let rate = ["contact", "rate", "E1", "--worth", "yes"];
    assert_eq!(run(&house, "bert", &rate).error_code(), "invalid-contact", "it has not ended");
    assert_eq!(run(&house, "bert", &["contact", "end", "E1", "--how", "solved"]).code, Some(0));
    let ratings = |worth_yes, worth_no, again_yes, again_no, rated| {
        json!({ "ended": 1, "rated": rated, "worth_yes": worth_yes, "worth_no": worth_no, "again_yes": again_yes,
                "again_no": again_no })
    };
    assert_eq!(house.json(&["contact", "list"])["ratings"], ratings(0, 0, 0, 0, 0));
    assert_eq!(run(&house, "bert", &["contact", "rate", "E1"]).error_code(), "invalid-contact", "nothing was answered");
    assert_eq!(run(&house, "bert", &rate).code, Some(0));
    assert_eq!(house.json(&["contact", "list"])["ratings"], ratings(1, 0, 0, 0, 1));
    // The project thinks again: the newest counts.
    assert_eq!(run(&house, "bert", &["contact", "rate", "E1", "--worth", "no", "--again", "yes"]).code, Some(0));
    assert_eq!(house.json(&["contact", "list"])["ratings"], ratings(0, 1, 1, 0, 1));
    let shown = house.json(&["contact", "show", "E1"]);
    assert_eq!(shown["rating"], json!({ "was_worth_it": false, "welcomes_more": true }));
    let list = house.run(&["contact", "list"]).stdout;
    assert!(list.contains("1 of 1 ended conversations were rated"), "{list}");
    assert_eq!(house.json(&["audit", "verify"])["whole"], true);
}
