// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The self-assessment on the command line: by one answer, by a file, and question after question.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::house::House;

const FORMS: &str = "git.gov.example/city/forms";

fn house() -> House {
    let house = House::new();
    house.write("registry.toml", b"[[agency]]\nid = \"city\"\nname = \"City\"\n");
    house.json(&["registry", "import", "registry.toml"]);
    house.write("clones/forms/README.md", b"# Forms\n\nForms that citizens fill in.\n");
    house.json(&[
        "catalogue",
        "add",
        "clones/forms",
        "--agency",
        "city",
        "--address",
        "https://git.gov.example/city/forms",
    ]);
    house
}

fn rows(answer: &Value) -> &[Value] {
    answer["rows"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn row<'a>(answer: &'a Value, requirement: &str) -> &'a Value {
    rows(answer).iter().find(|row| row["requirement"] == requirement).unwrap_or(&Value::Null)
}

fn all(house: &House) -> Value {
    house.json(&["catalogue", "assess", FORMS, "--list", "--all"])
}

#[test]
fn one_answer_stands_with_name_and_day_and_never_in_the_program_s_counts() {
    let house = house();
    let shown = house.json(&["catalogue", "show", FORMS]);
    let open = rows(&house.json(&["catalogue", "assess", FORMS])).len();
    let before = all(&house);
    assert_eq!(rows(&before).len(), 112);
    let wanting = row(&before, "welcome-contributors-2");
    assert_eq!((&wanting["program"][0]["outcome"], &wanting["is_open"]), (&"not-met".into(), &false.into()));
    for (requirement, reason) in [("welcome-contributors-2", "The wiki says it."), ("code-in-the-open-1", "All of it.")]
    {
        let parts = ["--requirement", requirement, "--answer", "met", "--reason", reason];
        let said = house.json(&["catalogue", "assess", FORMS].into_iter().chain(parts).collect::<Vec<_>>());
        let said = row(&said, requirement);
        assert_eq!((&said["answer"], &said["reason"]), (&"met".into(), &reason.into()));
        assert!(said["said_by"].is_string() && said["said"].is_string(), "{said}");
    }
    let after = all(&house);
    let contradiction = row(&after, "welcome-contributors-2");
    assert_eq!(
        (&contradiction["contradicts"], &contradiction["program"][0]["outcome"]),
        (&true.into(), &"not-met".into())
    );
    assert_eq!(row(&after, "code-in-the-open-1")["contradicts"], false);
    assert_eq!(rows(&house.json(&["catalogue", "assess", FORMS])).len(), open - 1, "what contradicts was not open");
    let again = house.json(&["catalogue", "show", FORMS]);
    assert_eq!((&again["standards"], &again["repository"]), (&shown["standards"], &shown["repository"]));
    let told = house.sql("SELECT requirement, answer, contradicts FROM self_assessment ORDER BY requirement");
    assert_eq!(told.len(), 2, "{told:?}");
    let text = house.run(&["catalogue", "assess", FORMS, "--all"]).stdout;
    assert!(text.contains("1 answer contradicts what the program found. What the program found stands."), "{text}");
}

#[test]
fn answers_go_out_and_come_in_as_a_file() {
    let house = house();
    house.json(&["catalogue", "assess", FORMS, "--write", "answers.toml"]);
    let text = std::fs::read_to_string(house.path("answers.toml")).expect("a file");
    let filled =
        text.replacen("answer = \"do-not-know\"\nreason = \"\"", "answer = \"met\"\nreason = 'It \"is\" so'", 1);
    assert_ne!(filled, text);
    house.write("filled.toml", filled.as_bytes());
    house.json(&["catalogue", "assess", FORMS, "--file", "filled.toml"]);
    let said: Vec<Value> = rows(&all(&house)).iter().filter(|row| row["answer"].is_string()).cloned().collect();
    assert_eq!(said.len(), 1, "what nobody filled in is not said");
    assert_eq!(said[0]["reason"], "It \"is\" so");
    // The same again says nothing new: nobody looked again.
    let entries = || house.json(&["audit", "verify"])["entries"].clone();
    let before = entries();
    house.json(&["catalogue", "assess", FORMS, "--file", "filled.toml"]);
    assert_eq!(entries(), before);
    house.write("other.toml", filled.replace("city/forms", "city/other").as_bytes());
    house.write("broken.toml", filled.replace("reason", "because").as_bytes());
    house.write("unknown.toml", filled.replace("code-in-the-open-1", "code-in-the-open-9").as_bytes());
    for (file, code) in [("other.toml", "usage"), ("broken.toml", "usage"), ("unknown.toml", "invalid-self-assessment")]
    {
        assert_eq!(house.run(&["catalogue", "assess", FORMS, "--file", file]).error_code(), code, "{file}");
    }
    let run = house.run(&["catalogue", "assess", FORMS, "--write", "answers.toml"]);
    assert!(run.code == Some(2), "a file that is there is not written over");
}

#[test]
fn questions_are_asked_one_by_one_and_each_answer_is_kept() {
    let house = house();
    let mut command = house.command(&["catalogue", "assess", FORMS, "--ask"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("begun");
    let replies =
        b"m\nAll of it.\n\ns\nn\nOne list is there.\nhttps://git.gov.example/1\nm\nthe end comes before the third line";
    child.stdin.take().expect("a pipe").write_all(replies).expect("written");
    let done = child.wait_with_output().expect("done");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let asked = String::from_utf8_lossy(&done.stderr);
    assert!(asked.contains("code-in-the-open-1 (must)") && asked.contains("All source code of software"), "{asked}");
    let answer = all(&house);
    let said: Vec<(&Value, &Value)> = rows(&answer)
        .iter()
        .filter(|row| row["answer"].is_string())
        .map(|row| (&row["requirement"], &row["answer"]))
        .collect();
    assert_eq!(
        said,
        [(&"code-in-the-open-1".into(), &"met".into()), (&"code-in-the-open-3".into(), &"not-met".into())],
        "what was cut off is not said"
    );
}
