// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A round of collection by mail alone: the letter goes out to a real server, the reply comes back as a file, and what is hostile stays aside.

use serde_json::Value;

use crate::house::House;
use crate::messages::{mail, server};

fn bom(name: &str) -> String {
    serde_json::json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "timestamp": "2026-03-02T08:00:00Z", "component": { "type": "application", "name": name },
            "tools": { "components": [{ "type": "application", "name": "maker" }] } },
        "components": [{ "type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0" }] })
    .to_string()
}

/// A reply with files.
fn reply(subject: &str, answers: &str, files: &[(&str, &str)]) -> String {
    let mut text = format!(
        "From: Lab <lab@health.example>\r\nTo: office@norvania.example\r\nSubject: {subject}\r\n{answers}MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n"
    );
    for (name, content) in files {
        text.push_str(&format!(
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n\
             {content}\r\n"
        ));
    }
    text.push_str("--b--\r\n");
    text
}

/// What a letter said: its reference.
fn reference(letter: &str) -> String {
    let rest = letter.split("Message-ID: <underpin-up-").nth(1).unwrap_or_else(|| panic!("no reference: {letter}"));
    rest.split('@').next().expect("its domain").to_owned()
}

fn round(house: &House) -> Value {
    house.json(&["round", "show", "R1"])
}

fn standing(room: &Value, system: &str) -> String {
    let rows = room["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["system"] == system).unwrap_or_else(|| panic!("{system} in {room}"));
    row["standing"].as_str().expect("a word").to_owned()
}

#[test]
fn a_round_goes_out_by_mail_and_comes_back_by_mail() {
    let house = House::new();
    let (port, mails) = server(mail);
    let configuration = format!("[mail]\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"office@norvania.example\"\n");
    house.write("underpin.toml", configuration.as_bytes());
    house.run(&["demo", "--no-tour"]);
    let open =
        ["round", "open", "--title", "Autumn", "--due", "2026-04-01", "--all", "--in-agency", "health-institute"];
    let preview = house.json(&[&open[..], &["--dry-run"]].concat());
    assert!(preview["systems"].as_u64().is_some_and(|count| count > 1), "{preview}");
    assert_eq!(house.json(&["round", "list"])["rounds"], Value::Array(vec![]));
    assert_eq!(house.json(&open)["round"], "R1");
    let sent = house.json(&["messages", "send", "--public-url", "https://house.example"]);
    assert_eq!(sent["sent"], 1, "{sent}");
    let letter = mails.recv().expect("a letter");
    let plain = letter.replace("=\n", "").replace("=3D", "=");
    for part in ["https://house.example/answer/", "https://house.example/upload/", "lab-reporting", "Autumn"] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    assert!(!plain.contains("tax-assessment"), "{plain}");
    assert_eq!(house.json(&["messages", "send"])["sent"], 0, "said once");
    let digits = reference(&letter);
    assert_eq!(digits.len(), 32, "{digits}");
    assert!(!house.json(&["audit", "list"]).to_string().contains(&digits), "no key stands in the trail");

    // Found by what it answers, whoever sent it; each file goes to the system that it names.
    let answers = format!("In-Reply-To: <underpin-up-{digits}@norvania.example>\r\n");
    let good = reply("Re: Autumn", &answers, &[("lab-reporting.cdx.json", &bom("lab"))]);
    house.write("mails/good.eml", good.as_bytes());
    house.write("mails/notes.txt", b"no mail");
    let taken = house.json(&["mail", "take", "mails"]);
    let taken = &taken["mails"].as_array().expect("mails")[..];
    assert_eq!((taken.len(), &taken[0]["outcome"]), (1, &"taken".into()), "{taken:?}");
    let document = taken[0]["files"][0]["document"].as_str().expect("a document").to_owned();
    let room = round(&house);
    assert_eq!(standing(&room, "lab-reporting"), "evidence", "{room}");
    assert_eq!(room["mails"][0]["sender"], "lab@health.example");
    assert!(!room.to_string().contains(&digits), "{room}");
    let shown = house.json(&["documents", "show", &document]).to_string();
    assert!(shown.contains("lab-reporting"), "{shown}");
    let trail = house.json(&["audit", "list"]).to_string();
    assert!(trail.contains("mail:lab@health.example"), "{trail}");
    assert_eq!(house.json(&["mail", "take", "mails/good.eml"])["mails"][0]["outcome"], "known");

    // Words alone are a remark; a bare reference in the subject is enough.
    let words = reply(&format!("AW: Autumn [UP-{}]", digits.to_uppercase()), "", &[]);
    house.write("words.eml", words.as_bytes());
    let taken = house.json(&["mail", "take", "words.eml"])["mails"][0].clone();
    assert_eq!((&taken["outcome"], &taken["files"]), (&"taken".into(), &Value::Array(vec![])), "{taken}");
    let task = taken["tasks"][0].as_str().expect("a task");
    assert!(house.json(&["incident", "task", task]).to_string().contains("Here it is."));
    hostile(&house, &digits, &good);
    house.json(&["round", "close", "R1", "--reason", "enough"]);
    house.write("late.eml", good.replace("Here", "There").as_bytes());
    let late = house.run(&["mail", "take", "late.eml"]);
    assert_eq!(late.code, Some(1), "{late:?}");
    assert!(late.stdout.contains("unknown-reference"), "links end with the round: {late:?}");
    assert_eq!(house.run(&["audit", "verify"]).code, Some(0), "the trail holds");
}

/// Each is kept aside with its reason and its bytes, and changes nothing.
fn hostile(house: &House, digits: &str, good: &str) {
    let before = round(house);
    let subject = format!("Re: Autumn [UP-{digits}]");
    let other = digits.chars().rev().collect::<String>();
    let nested = format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{good}\r\n--b--\r\n");
    let long = "a".repeat((40 << 20) + 1);
    let cases = [
        ("no-reference", reply("Re: Autumn", "", &[("lab-reporting.json", &bom("lab"))])),
        ("unknown-reference", reply(&format!("Re: [UP-{other}]"), "", &[("lab-reporting.json", &bom("lab"))])),
        ("program", reply(&subject, "", &[("lab-reporting.exe", "x")])),
        ("program", reply(&subject, "", &[("lab-reporting.json", "MZ\u{1}")])),
        ("which-system", reply(&subject, "", &[("bom.json", &bom("lab"))])),
        ("nested-mail", reply(&subject, "", &[]).replace("--b--\r\n", &nested)),
        ("not-a-mail", "\u{0}\u{1}\u{2}".to_owned()),
        ("automatic", reply(&subject, "Auto-Submitted: auto-replied\r\n", &[])),
        ("too-large", long),
    ];
    for (expected, text) in &cases {
        house.write("hostile.eml", text.as_bytes());
        let done = house.run(&["mail", "take", "hostile.eml", "--format", "json"]);
        let told: Value = serde_json::from_str(&done.stdout).expect("JSON");
        let mail = &told["mails"][0];
        assert_eq!((done.code, &mail["outcome"]), (Some(1), &"aside".into()), "{expected}: {mail}");
        assert!(mail["reason"].as_str().is_some_and(|reason| reason.starts_with(expected)), "{expected}: {mail}");
        let kept = house.run(&["mail", "show", &mail["number"].to_string()]);
        // What is too large to be kept stays where it lies.
        match *expected {
            "too-large" => assert_eq!(kept.error_code(), "not-found"),
            _ => assert_eq!(kept.stdout, *text, "nothing of it is lost"),
        }
    }
    let aside = house.json(&["mail", "list", "--aside"]);
    assert_eq!(aside["mails"].as_array().map(Vec::len), Some(cases.len()), "{aside}");
    let counts = |room: &Value| (room["counts"].clone(), room["mails"].as_array().map(Vec::len));
    assert_eq!(counts(&round(house)), counts(&before));
}
