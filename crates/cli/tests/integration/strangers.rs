// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A stranger gets nothing from any command: what is said about a full house is what is said about an empty one, and
//! nothing changes. The list of commands is the program's own; a new one has to be entered here.

use std::collections::BTreeMap;
use std::path::Path;

use crate::documents::cyclonedx;
use crate::house::{Done, House};

/// How each command is called. In every argument `{out}` is a path that is not there.
const CALLS: &[(&str, &[&str])] = &[
    ("add", &["other.json", "--system", "portal"]),
    ("documents list", &[]),
    ("documents show", &["D1"]),
    ("documents original", &["D1"]),
    ("documents bind", &["D1", "--system", "portal"]),
    ("documents unbind", &["D1", "--system", "portal"]),
    ("documents retract", &["D1", "--reason", "why"]),
    ("documents restore", &["D1"]),
    ("documents retry", &["--all-quarantined"]),
    ("registry import", &["other.csv"]),
    ("registry export", &["--as", "toml"]),
    ("registry list", &["systems"]),
    ("registry show", &["portal"]),
    ("registry add agency", &["--name", "New"]),
    ("registry add system", &["--name", "New", "--agency", "office"]),
    ("registry add deployment", &["--system", "portal", "--name", "New"]),
    ("registry add mapping", &["--system", "portal", "--pattern", "new*"]),
    ("registry edit agency", &["office", "--contact", "new"]),
    ("registry edit system", &["portal", "--contact", "new"]),
    ("registry edit deployment", &["portal/north", "--location", "new"]),
    ("registry retire agency", &["office"]),
    ("registry retire system", &["portal"]),
    ("registry retire deployment", &["portal/north"]),
    ("registry retire mapping", &["--system", "portal", "--pattern", "old*"]),
    ("registry declare", &["office", "7"]),
    ("registry merge", &["office", "--into", "new"]),
    ("registry split", &["office", "--into", "new,newer", "--rest", "new"]),
    ("what", &["portal"]),
    ("where", &["left"]),
    ("how", &["left", "--in", "portal"]),
    ("coverage", &[]),
    ("usage", &[]),
    ("priorities", &[]),
    ("priorities", &["--by", "risk"]),
    ("project", &["left"]),
    ("project", &["left", "--compare"]),
    ("signals", &["clone", "--project", "left"]),
    ("signals", &["clone", "--project", "left", "--keep"]),
    ("signals", &["--folder", ".", "--keep"]),
    ("check", &["clone"]),
    ("open-data", &[]),
    ("dependency-assessment", &[]),
    ("starter-kit make", &["{out}"]),
    ("starter-kit begin", &["none.tar.zst", "--folder", "kit"]),
    ("verify", &["other.json"]),
    ("check-sbom", &["other.json"]),
    ("draft-law", &["cra-proposal-2022"]),
    ("rules diff", &["ntia-2021", "cisa-2025-draft"]),
    ("rules pack", &["none", "--key", "none.key", "--output", "none.rules"]),
    ("rules verify", &["none.rules", "--trust", "none.pub"]),
    ("rules check", &["nis2-article-21/responsible"]),
    ("rules simulate", &["nis2-article-21/responsible"]),
    ("documents conformity", &["D1"]),
    (
        "contract open",
        &["--reference", "1", "--supplier", "New", "--product", "New", "--system", "portal", "--until", "2030-01-01"],
    ),
    ("contract list", &[]),
    ("contract show", &["S1"]),
    ("contract deliver", &["S1", "D1"]),
    ("contract link", &["S1"]),
    ("contract waive", &["S1", "--rule", "format", "--reason", "why", "--until", "2030-01-01"]),
    ("contract note", &["S1", "--text", "why"]),
    ("contract withdraw", &["S1", "--reason", "why"]),
    ("contract protocol", &["S1", "D1", "--pdf", "{out}"]),
    ("contract letter", &["S1", "D1"]),
    ("catalogue add", &["clone", "--agency", "office"]),
    ("catalogue crawl", &["--list", "clones.toml"]),
    ("catalogue list", &[]),
    ("catalogue search", &["forms"]),
    ("catalogue show", &["git.example/office/forms"]),
    ("catalogue link", &["git.example/office/forms", "--system", "portal"]),
    ("catalogue unlink", &["git.example/office/forms", "--system", "portal"]),
    ("catalogue change", &["git.example/office/forms", "--visibility", "public"]),
    ("catalogue remove", &["git.example/office/forms"]),
    ("catalogue duplicates", &[]),
    ("catalogue aside", &["git.example/office/forms", "--other", "git.example/other/forms", "--reason", "why"]),
    ("catalogue assess", &["git.example/office/forms", "--list"]),
    ("catalogue export", &["--as", "code.json"]),
    (
        "exemption add",
        &[
            "rules",
            "--agency",
            "office",
            "--title",
            "Rules",
            "--ground",
            "other",
            "--law",
            "Law",
            "--text",
            "Why",
            "--review",
            "2027-01-01",
        ],
    ),
    ("exemption list", &[]),
    ("exemption show", &["rules", "--agency", "office"]),
    ("exemption end", &["rules", "--agency", "office", "--reason", "why"]),
    ("plan", &["--budget", "5000000"]),
    ("facts", &["facts.toml"]),
    ("facts", &[]),
    ("facts", &["FUNDING.yml", "--project", "left"]),
    ("funding", &[]),
    ("skills", &["programming", "--hours", "10"]),
    ("outcome register", &["first", "--promise", "K1", "--indicator", "contributors-12-months"]),
    ("outcome show", &["first"]),
    ("outcome report", &[]),
    ("funding", &["left"]),
    (
        "commitment propose",
        &[
            "left",
            "--activity",
            "audit",
            "--from",
            "2030-01-01",
            "--until",
            "2030-06-01",
            "--milestone",
            "2030-02-01 1000 A report",
            "--reason",
            "why",
        ],
    ),
    ("mandate show", &[]),
    ("mandate set", &["--host", "office"]),
    ("roles", &[]),
    ("roles", &["supporter", "--to", "planned", "--reason", "why"]),
    ("consultation draft", &["consultation.toml"]),
    ("consultation list", &[]),
    ("consultation show", &["U1"]),
    ("consultation publish", &["U1"]),
    ("consultation moderate", &["U1", "M1", "--show"]),
    ("consultation answer", &["U1", "M1", "--verdict", "accepted", "--reason", "why"]),
    ("consultation close", &["U1", "--changed", "nothing"]),
    ("guidelines", &[]),
    ("report annual", &["--year", "2026"]),
    ("commitment list", &[]),
    ("publish list", &[]),
    ("publish sbom", &["clone", "--about", "portal", "--release", "1"]),
    ("publish folder", &["out"]),
    ("publish key revoke", &["00"]),
    ("publish sign-again", &[]),
    ("publish advisory", &["--from-own", "NOSEA-2026-0001"]),
    ("publish show", &["NOSEA-2026-0001"]),
    ("publish approve", &["NOSEA-2026-0001", "--digest", "00"]),
    ("publish withdraw", &["NOSEA-2026-0001", "--reason", "why"]),
    ("publish key new", &[]),
    ("publish key list", &[]),
    ("commitment public", &[]),
    ("commitment show", &["K1"]),
    ("commitment approve", &["K1"]),
    ("commitment work", &["K1", "1", "https://left.example/report"]),
    ("commitment pay", &["K1", "1", "10"]),
    ("commitment withdraw", &["K1", "--reason", "why"]),
    (
        "contact request",
        &[
            "left",
            "--kind",
            "ask",
            "--topic",
            "defect",
            "--text",
            "other.json",
            "--agency",
            "office",
            "--author-name",
            "Anna",
        ],
    ),
    ("contact list", &[]),
    ("contact show", &["E1"]),
    ("contact approve", &["Q1"]),
    ("contact hand-out", &["Q1"]),
    ("contact answer", &["E1"]),
    ("contact reply", &["E1", "--text", "other.json", "--agency", "office", "--author-name", "Anna"]),
    ("contact remind", &["E1", "--text", "other.json", "--agency", "office", "--author-name", "Anna"]),
    ("contact thanked", &["E1"]),
    ("contact told", &["E1", "--outcome", "fixed"]),
    ("contact end", &["E1", "--how", "solved"]),
    ("contact facts", &["left"]),
    ("contact consent", &[]),
    ("disclosure open", &["left", "--title", "Long names", "--compartment", "lantern"]),
    ("disclosure list", &[]),
    ("disclosure show", &["C1"]),
    ("disclosure event", &["C1", "vendor-aware"]),
    ("upstream take", &["--system", "portal", "--project", "github.com/o/left", "patches"]),
    ("upstream compare", &["no-clone", "no-clone"]),
    ("upstream list", &[]),
    ("dossier", &["github.com/o/left"]),
    ("reply export", &["github.com/o/left"]),
    ("reply take", &["github.com/o/left", "reply.toml"]),
    ("contact rate", &["E1", "--worth", "yes"]),
    ("thank", &["left", "--agency", "office", "--author-name", "Anna"]),
    ("watch changes", &["--since", "2026-01-01"]),
    ("upgrades", &[]),
    ("support", &[]),
    ("had", &["left", "--from", "2026-01-01", "--until", "2026-05-01"]),
    ("diff", &["portal", "--from", "2026-01-01"]),
    ("sql", &["SELECT * FROM system"]),
    ("sql", &["SELECT * FROM finding"]),
    ("sql", &["SELECT * FROM match, vulnerability, exploited"]),
    ("sql", &["SELECT * FROM decision"]),
    ("sql", &["SELECT * FROM feed"]),
    ("sql", &["SELECT * FROM end_of_life"]),
    ("sql", &["SELECT * FROM project_dependence"]),
    ("sql", &["SELECT * FROM project_risk"]),
    ("sql", &["SELECT * FROM carried_patch"]),
    ("export", &["portal", "--as", "cyclonedx-1.6"]),
    ("demo", &[]),
    ("serve", &[]),
    ("cluster scheduler", &[]),
    ("cluster executor", &["--scheduler", "df://127.0.0.1:1"]),
    ("messages list", &[]),
    ("messages subscribe", &["somebody", "--mail", "desk@agency.example"]),
    ("messages end", &["1"]),
    ("messages send", &[]),
    ("messages outbox", &[]),
    ("messages retry", &[]),
    (
        "migrate dependency-track",
        &["--url", "https://track.example", "--key-file", "key", "--agency", "office", "--dry-run"],
    ),
    ("people list", &[]),
    ("people invite", &["--role", "reader"]),
    ("people grant", &["somebody", "--role", "reader", "--reason", "why"]),
    ("people end", &["somebody", "--reason", "why"]),
    ("people forget-codes", &["somebody"]),
    ("people token make", &["somebody", "--name", "ci", "--scope", "read"]),
    ("people token list", &[]),
    ("people token end", &["somebody", "ci"]),
    ("people service", &["builder", "--name", "Build server", "--role", "contributor"]),
    ("simulate", &["--templates", "other.json", "--systems", "3"]),
    ("purge request", &["D1", "--reason", "why"]),
    ("purge approve", &["1"]),
    ("purge list", &[]),
    ("audit list", &[]),
    ("audit verify", &[]),
    ("audit retention", &[]),
    ("doctor", &[]),
    ("backup", &["{out}"]),
    ("restore", &["backup"]),
    ("rebuild", &[]),
    ("compact", &[]),
    ("collect", &[]),
    ("watch sync", &["kev"]),
    ("watch status", &[]),
    ("watch advisories list", &[]),
    ("watch advisories add", &["--id", "OFFICE-1", "--package", "pkg:npm/left"]),
    ("watch advisories withdraw", &["OFFICE-1", "--reason", "why"]),
    ("watch bundle key", &["{out}"]),
    ("watch bundle create", &["--key", "key", "--output", "{out}"]),
    ("watch bundle apply", &["bundle", "--trust", "key"]),
    ("incident open", &["left", "--title", "Left"]),
    ("incident list", &[]),
    ("incident show", &["I1"]),
    ("incident refresh", &["I1"]),
    ("incident timeline", &["I1"]),
    ("incident report", &["I1"]),
    ("incident tasks", &[]),
    ("incident task", &["T1", "--state", "done"]),
    ("incident step", &["I1", "fix"]),
    ("incident clock list", &[]),
    ("incident clock show", &["I1"]),
    ("incident clock confirm", &["I1", "nis2-significant-incident", "--role", "important-entity"]),
    ("incident clock tell", &["I1", "nis2-significant-incident", "became-aware"]),
    ("incident clock draft", &["I1", "nis2-significant-incident", "early-warning"]),
    ("incident clock export", &["I1", "nis2-significant-incident", "early-warning", "--output", "{out}"]),
    ("law role", &["portal", "--answer", "price=no"]),
    ("law roles", &[]),
    ("law requests list", &[]),
    ("law requests add", &["--authority", "Markets", "--about", "The policy"]),
    ("law requests answer", &["1", "--with", "The document"]),
    ("law requests remark", &["1", "--text", "By mail"]),
    ("law steward-pack", &["--output", "{out}"]),
    ("incident close", &["I1", "--reason", "why"]),
    ("incident reopen", &["I1", "--reason", "why"]),
    ("incident drill", &["xz"]),
    ("incident letters", &["I1"]),
    ("round open", &["--title", "Left", "--due", "2030-01-01"]),
    ("round list", &[]),
    ("round show", &["R1"]),
    ("round letter", &["R1", "office"]),
    ("round remind", &["R1"]),
    ("round close", &["R1", "--reason", "why"]),
    ("mail take", &["other.json"]),
    ("mail list", &[]),
    ("mail show", &["1"]),
    ("findings", &[]),
    ("decisions list", &[]),
    ("decisions fold", &[]),
    ("decisions make", &["CVE-2026-0001", "--in-system", "portal", "--as", "affected", "--reason", "why"]),
    ("decisions approve", &["V1"]),
    ("decisions export", &["--as", "openvex", "--publisher", "https://office.example"]),
    ("decisions withdraw", &["V1", "--reason", "why"]),
];

/// They speak of the program, not of a government, or make files of their own.
const OF_THE_PROGRAM: &[&str] = &[
    "formats",
    "explain",
    "config",
    "collect-script",
    "completions",
    "man",
    "bench",
    "rules list",
    "rules explain",
    "rules test",
    "rules tables",
    "law examples",
];

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
