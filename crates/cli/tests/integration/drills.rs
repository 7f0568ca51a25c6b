// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Practising an incident of the past on the estate of today: timed, and marked as a drill on everything that leaves.

use crate::house::House;
use crate::messages::{mail, server};

#[test]
fn a_drill_is_timed_and_says_so_everywhere() {
    let house = House::new();
    let (port, mails) = server(mail);
    let configuration = format!("[mail]\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"office@norvania.example\"\n");
    house.write("underpin.toml", configuration.as_bytes());
    house.run(&["demo", "--no-tour"]);
    house.json(&["people", "service", "desk", "--name", "Desk", "--role", "analyst", "--clearance", "restricted"]);
    let subscribe = ["messages", "subscribe", "desk", "--mail", "desk@office.example", "--at-once"];
    house.json(&[&subscribe[..], &["--kind", "incidents", "--kind", "tasks"]].concat());
    house.json(&["messages", "send"]);

    let mut drilled = Vec::new();
    for (drill, title) in [("log4shell", "Drill: Log4Shell"), ("xz", "Drill: the back door in xz")] {
        let room = house.json(&["incident", "drill", drill]);
        assert_eq!(
            (&room["incident"]["is_drill"], &room["incident"]["drill_of"]),
            (&true.into(), &drill.into()),
            "{room}"
        );
        assert_eq!(room["incident"]["title"], title);
        drilled.push(room["number"].as_str().expect("a number").to_owned());
        let laps = room["laps"].as_array().expect("laps");
        let first = laps.iter().find(|lap| lap["name"] == "first-list").expect("the stopwatch");
        assert_eq!(first["is_measured"], true, "{first}");
        assert!(first["milliseconds"].as_u64().is_some_and(|time| time > 0 && time < 600_000), "{first}");
    }
    // What is hit is the estate of today.
    let first = drilled[0].as_str();
    let room = house.json(&["incident", "show", first]);
    let hit = house.json(&["where", "log4j-core", "--versions", "<2.15.0"]);
    assert!(room["counts"]["hit"].as_u64().is_some_and(|count| count > 0), "{room}");
    assert!(!hit["rows"].as_array().expect("rows").is_empty(), "{hit}");
    let task = room["tasks"][0]["number"].as_str().expect("a task").to_owned();
    house.json(&["incident", "task", &task, "--owner", "desk", "--due", "2026-03-01"]);
    for command in [
        &["incident", "list"][..],
        &["incident", "show", first],
        &["incident", "timeline", first],
        &["incident", "report", first],
        &["incident", "tasks"],
        &["incident", "task", &task],
    ] {
        let done = house.run(command);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.to_lowercase().contains("drill"), "{command:?}: {}", done.stdout);
    }
    let told = house.run(&["incident", "report", first, "--german"]);
    assert!(told.stdout.starts_with("DRILL: an exercise"), "{}", told.stdout);

    let sent = house.json(&["messages", "send"]);
    assert_eq!(sent["sent"], 1, "one message for all of it: {sent}");
    let message = mails.recv().expect("a mail").replace("=\n", "");
    let lines: Vec<&str> =
        message.lines().filter(|line| line.contains("/incidents/I") || line.contains("/tasks/T")).collect();
    assert!(lines.len() >= 3, "both incidents and the task: {message}");
    assert!(lines.iter().all(|line| line.starts_with("- DRILL ")), "{message}");
    assert_eq!(house.json(&["messages", "send"])["sent"], 0, "told once");
}
