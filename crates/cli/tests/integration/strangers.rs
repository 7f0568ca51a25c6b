// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A stranger gets nothing from any command: what is said about a full house is what is said about an empty one, and
//! nothing changes. The list of commands is the program's own; a new one is entered in `stranger_calls.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::documents::cyclonedx;
use crate::house::{Done, House};
use crate::stranger_calls::{CALLS, OF_THE_PROGRAM};

/// The commands below one, by its own help; of those without any, the command itself.
fn leaves(house: &House, path: &str, found: &mut Vec<String>) {
    let words: Vec<&str> = path.split_whitespace().collect();
    let help = house.run(&[words.as_slice(), &["--help"]].concat()).stdout;
    let below = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What a command is for may go on over several lines, further to the right.
    let names = below.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    if names.is_empty() {
        return found.push(path.to_owned());
    }
    for name in names {
        let below = if path.is_empty() { name.to_owned() } else { format!("{path} {name}") };
        if OF_THE_PROGRAM.contains(&below.as_str()) {
            continue;
        }
        leaves(house, &below, found);
    }
}

fn full() -> House {
    let house = House::new();
    let document = cyclonedx("portal-marker", &["left@1.0".to_owned(), "marker-package@1.0".to_owned()]);
    house.write("marker.json", &document);
    let registry = "[[agency]]\nid = \"office\"\nname = \"Marker Office\"\ncontact = \"marker\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Marker Portal\"\nagency = \"office\"\npurpose = \"marker\"\n\n\
        [[deployment]]\nid = \"north\"\nsystem = \"portal\"\nlocation = \"marker\"\n\n\
        [[mapping]]\non = \"subject\"\npattern = \"old*\"\nsystem = \"portal\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.json(&["add", "marker.json", "--system", "portal"]);
    house.json(&["purge", "request", "D1", "--reason", "marker"]);
    house.json(&["backup", "backup"]);
    house
}

fn empty() -> House {
    let house = House::new();
    std::fs::create_dir(house.path("nothing")).expect("a folder");
    house.json(&["add", "nothing"]);
    house.json(&["backup", "backup"]);
    house
}

/// Names and sizes of the files in a folder and below, but for those that SQLite keeps beside an open database.
fn files(folder: &Path, found: &mut BTreeMap<String, u64>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if path.is_dir() {
            files(&path, found);
        } else if !name.ends_with("-wal") && !name.ends_with("-shm") {
            found.insert(name, path.metadata().expect("a file").len());
        }
    }
}

/// What is there, and how often the ledger changed.
fn state(house: &House) -> (BTreeMap<String, u64>, serde_json::Value) {
    let audit = house.json(&["audit", "verify"]);
    let mut found = BTreeMap::new();
    files(&house.path(""), &mut found);
    (found, audit)
}

/// What was said, without the paths and times in which the two houses differ anyway.
fn said(house: &House, done: &Done) -> (Option<i32>, String) {
    let folder = house.path("").display().to_string();
    let words = format!("{}\n{}", done.stdout, done.stderr).replace(folder.trim_end_matches('/'), "HOUSE");
    (done.code, words)
}

#[test]
fn a_stranger_gets_nothing_from_any_command_and_changes_nothing() {
    let (full, empty) = (full(), empty());
    for house in [&full, &empty] {
        house.write("other.json", &cyclonedx("other", &["right@1.0".to_owned()]));
        house.write("other.csv", b"kind,name\nagency,Other\n");
        house.write("patches/one.patch", b"Forwarded: no\n");
        let both = "= { de = \"Wort\", en = \"word\" }\n";
        let texts = format!("title {both}text {both}question {both}");
        let rest = "role = \"supporter\"\nproposed = \"active\"\nfrom = \"2026-05-01\"\nuntil = \"2026-06-01\"\n";
        house.write("consultation.toml", format!("{texts}{rest}").as_bytes());
        house.write("reply.toml", b"day = \"2026-01-01\"\n[contact]\naccepts_changes = true\n");
    }
    let mut commands = Vec::new();
    leaves(&full, "", &mut commands);
    let listed: Vec<&str> = CALLS.iter().map(|(command, _)| *command).collect();
    let missing: Vec<&String> = commands.iter().filter(|command| !listed.contains(&command.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new(), "enter them in CALLS, or in OF_THE_PROGRAM");
    let gone: Vec<&&str> = listed.iter().filter(|command| !commands.contains(&(**command).to_owned())).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "these are no commands");
    let before = state(&full);
    for (command, arguments) in CALLS {
        let out = "out";
        let mut call: Vec<&str> = command.split(' ').collect();
        call.extend(arguments.iter().map(|argument| if *argument == "{out}" { out } else { argument }));
        call.extend(["--viewer", "stranger", "--as-of", "2026-06-01"]);
        let target = |house: &House| match *command {
            // A house that is there is never written over; the refusal has to be another one.
            "restore" => house.path("restored"),
            _ => house.path("data"),
        };
        let (of_full, of_empty) = (full.run_on(&target(&full), &call), empty.run_on(&target(&empty), &call));
        let (told, expected) = (said(&full, &of_full), said(&empty, &of_empty));
        assert_eq!(told, expected, "{command} tells a full house from an empty one");
        assert!(!told.1.to_lowercase().contains("marker"), "{command}: {}", told.1);
        assert!(!told.1.contains("panicked") && !told.1.contains("error[usage]"), "{command}: {}", told.1);
        assert!(!told.1.contains("Usage:"), "{command} is called wrongly: {}", told.1);
        assert_eq!(state(&full), before, "{command} changed something");
    }
}

#[test]
fn work_on_the_whole_is_for_the_operator_alone() {
    let house = full();
    for viewer in ["stranger", "agency:office", "agency:office:secret", "analyst:secret"] {
        for call in [
            &["backup", "copy"][..],
            &["rebuild"],
            &["rebuild", "--check"],
            &["doctor"],
            &["compact"],
            &["collect"],
            &["audit", "list"],
            &["audit", "verify"],
            &["demo"],
            &["demo", "--serve"],
            &["serve"],
            &["messages", "list"],
            &["messages", "subscribe", "somebody", "--mail", "desk@agency.example"],
            &["messages", "end", "1"],
            &["messages", "send"],
            &["messages", "outbox"],
            &["messages", "retry"],
            &["mail", "take", "other.json"],
            &["mail", "list"],
            &["mail", "show", "1"],
            &["people", "list"],
            &["people", "invite", "--role", "reader"],
            &["people", "end", "somebody", "--reason", "why"],
            &["people", "grant", "somebody", "--role", "reader", "--reason", "why"],
            &["people", "token", "make", "somebody", "--name", "ci", "--scope", "read"],
            &["people", "forget-codes", "somebody"],
            &["people", "token", "list"],
            &["people", "token", "end", "somebody", "ci"],
            &["people", "service", "builder", "--name", "Build server", "--role", "contributor"],
            &["simulate", "--templates", "marker.json"],
            &["simulate", "--systems", "3"],
            &["simulate", "--systems", "3", "--estimate"],
            &["watch", "sync", "kev"],
            &["watch", "bundle", "key", "key"],
            &["watch", "bundle", "create", "--key", "key", "--output", "copy"],
            &["watch", "bundle", "apply", "copy", "--trust", "key"],
        ] {
            let refused = house.run(&[call, &["--viewer", viewer]].concat());
            assert_eq!(refused.error_code(), "not-allowed", "{call:?} as {viewer}");
            assert_eq!(refused.stdout, "", "{call:?} as {viewer}");
        }
        let refused = house.run_on(&house.path("restored"), &["restore", "backup", "--viewer", viewer]);
        assert_eq!(refused.error_code(), "not-allowed");
        assert!(!house.path("restored").exists() && !house.path("copy").exists());
    }
}
