// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Evidence comes in: whom it is about, who may hand it in, and what belongs together.

use std::io::Write as _;

use serde_json::Value;

use crate::documents::cyclonedx;
use crate::house::House;

const REGISTRY: &str = r#"
[[agency]]
id = "city"
name = "City"

[[agency]]
id = "state"
name = "State"

[[system]]
id = "portal"
name = "Citizen Portal"
agency = "city"

[[system]]
id = "tax"
name = "Tax Office"
aliases = ["Steuer"]
agency = "state"
"#;

/// A house with two agencies, each with a system.
fn two_agencies() -> House {
    let house = House::new();
    house.write("registry.toml", REGISTRY.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house
}

/// Path, systems and uses of every document that a viewer sees.
fn documents(house: &House, viewer: &str) -> Vec<String> {
    let answer = house.json(&["documents", "list", "--viewer", viewer]);
    let rows = answer["rows"].as_array().expect("rows").iter();
    let texts = |value: &Value| {
        let texts = value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text").to_owned());
        texts.collect::<Vec<_>>().join("+")
    };
    rows.map(|row| {
        let path = row["path"].as_str().expect("a path");
        let replaced = if texts(&row["superseded_by"]).is_empty() { "" } else { ", replaced" };
        format!("{path}: {} of {}{replaced}", row["occurrences"], texts(&row["systems"]))
    })
    .collect()
}

fn systems_with(house: &House, package: &str) -> Vec<String> {
    let answer = house.json(&["where", package]);
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.map(|row| row["system"].as_str().expect("a system").to_owned()).collect()
}

fn left_out(report: &Value, list: &str) -> Vec<String> {
    let files = report[list].as_array().expect("a list").iter();
    files
        .map(|file| format!("{}: {}", file["path"].as_str().expect("a path"), file["code"].as_str().expect("a code")))
        .collect()
}

fn counts(report: &Value) -> [u64; 5] {
    ["documents", "accepted", "duplicates", "skipped", "bound"].map(|name| report[name].as_u64().expect("a number"))
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("packs");
    }
    writer.finish().expect("a zip").into_inner()
}

const SURVEY: &str = "Survey 2026\n\nsystem,name,version,how sure\nportal,log4j-core,2.14.1,sure\nSteuer,nginx,1.18.0,sure\n\
                      Tax Office,postgresql,14.1,sure\n,redis,7.0,sure\nportl,curl,8.0,sure\n";

#[test]
fn each_system_of_a_survey_gets_its_own_rows() {
    let house = two_agencies();
    house.write("survey.csv", SURVEY.as_bytes());
    let report = house.json(&["add", "survey.csv"]);
    assert_eq!(counts(&report), [5, 5, 0, 0, 3]);
    assert_eq!(left_out(&report, "unresolved_systems"), ["survey.csv!portl: unknown-system"]);
    assert!(report["unresolved_systems"][0]["detail"].as_str().expect("a text").contains("did you mean: portal"));
    assert_eq!(systems_with(&house, "log4j-core"), ["portal"]);
    assert_eq!(systems_with(&house, "nginx"), ["tax"]);
    assert_eq!(
        documents(&house, "operator"),
        [
            "survey.csv!portal: 1 of portal",
            "survey.csv!Steuer: 1 of tax",
            "survey.csv!Tax Office: 1 of tax",
            "survey.csv!no-system: 1 of ",
            "survey.csv!portl: 1 of ",
        ]
    );
    // Nobody sees another agency's rows, nor the file that holds them.
    assert_eq!(documents(&house, "agency:city"), ["survey.csv!portal: 1 of portal"]);
    let part = house.run(&["documents", "original", "D1", "--viewer", "agency:city"]);
    assert_eq!(part.stdout, "system,name,version,how sure\nportal,log4j-core,2.14.1,sure\n");
    let whole = ["documents", "original", "D1", "--container"];
    assert_eq!(house.run(&[&whole[..], &["--viewer", "agency:city"]].concat()).error_code(), "parts-unseen");
    assert_eq!(house.run(&whole).stdout, SURVEY);
    // What did not change is known; what did is new, and its whole is kept as well.
    let newer = SURVEY.replace("nginx,1.18.0", "nginx,1.30.0");
    house.write("survey.csv", newer.as_bytes());
    let report = house.json(&["add", "survey.csv"]);
    assert_eq!(counts(&report)[..3], [5, 1, 4]);
    assert_eq!(house.run(&["documents", "original", "D6", "--container"]).stdout, newer);
    assert_eq!(house.json(&["doctor"])["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_row_that_names_its_system_goes_before_the_argument() {
    let house = two_agencies();
    house.write("survey.csv", SURVEY.as_bytes());
    let report = house.json(&["add", "survey.csv", "--system", "Citizen portal"]);
    assert_eq!(counts(&report), [5, 5, 0, 0, 4]);
    let expected =
        ["portal: 1 of portal", "Steuer: 1 of tax", "Tax Office: 1 of tax", "no-system: 1 of portal", "portl: 1 of "];
    assert_eq!(documents(&house, "operator"), expected.map(|line| format!("survey.csv!{line}")));
    // About one system it stays whole.
    house.write("one.csv", b"system,name,version\nTAX OFFICE,a,1\ntax office,b,2\n");
    house.json(&["add", "one.csv", "--system", "portal"]);
    assert_eq!(documents(&house, "operator").last().map(String::as_str), Some("one.csv: 2 of tax"));
}

#[test]
fn several_documents_in_one_file_are_all_read() {
    let house = House::new();
    let (one, two) = (cyclonedx("one", &["a@1".to_owned()]), cyclonedx("two", &["b@1".to_owned(), "c@1".to_owned()]));
    let both = [one.as_slice(), b"\n", &two, b"\n"].concat();
    house.write("in/both.json", &both);
    house.write("in/again.json", &two);
    let packed = zip_of(&[("x/both.json", &[two.as_slice(), &one].concat())]);
    house.write("in/z.zip", &packed);
    let report = house.json(&["add", "in"]);
    assert_eq!(counts(&report)[..4], [5, 2, 3, 0]);
    assert_eq!(documents(&house, "operator"), ["in/again.json: 3 of ", "in/both.json!1: 2 of "]);
    assert_eq!(house.run(&["documents", "original", "D2"]).stdout.as_bytes(), one);
    assert_eq!(house.run(&["documents", "original", "D2", "--container"]).stdout.as_bytes(), both);
    let alone = house.run(&["documents", "original", "D1", "--container"]);
    assert_eq!(alone.error_code(), "not-found");
}

#[test]
fn files_of_one_host_say_nothing_about_another() {
    let house = House::new();
    let status = |version: u32| {
        format!("Package: foo\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n\n").into_bytes()
    };
    let release = |id: &str| format!("ID={id}\nVERSION_ID=1\n").into_bytes();
    // What is read together may come later in the archive.
    let members: [(&str, Vec<u8>); 5] = [
        ("web2/var/lib/dpkg/status", status(2)),
        ("web1/etc/os-release", release("ubuntu")),
        ("web10/var/lib/dpkg/status", status(10)),
        ("web1/var/lib/dpkg/status", status(1)),
        ("web2/etc/os-release", release("debian")),
    ];
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    house.write("hosts.zip", &zip_of(&members));
    let report = house.json(&["add", "hosts.zip"]);
    assert_eq!(counts(&report), [5, 3, 0, 2, 0]);
    let rows = house
        .sql("SELECT version, namespace FROM package_version WHERE name = 'foo' ORDER BY CAST(version AS INTEGER)");
    let found: Vec<_> = rows.iter().map(|row| (row["version"].as_str(), row["namespace"].as_str())).collect();
    let expected = [("1", "ubuntu"), ("2", "debian"), ("10", "")];
    assert_eq!(found, expected.map(|(version, namespace)| (Some(version), Some(namespace))));
}

const GO_MOD: &[u8] = b"module example.org/portal\n\ngo 1.22\n\nrequire example.org/left v1.0.0\n";
const GO_SUM: &[u8] = b"example.org/left v1.0.0 h1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA=\n";

#[test]
fn what_is_read_together_may_come_later() {
    let house = two_agencies();
    let add = || counts(&house.json(&["add", "m", "--system", "portal"]));
    house.write("m/go.mod", GO_MOD);
    assert_eq!(add(), [1, 1, 0, 0, 1]);
    house.write("m/go.sum", GO_SUM);
    assert_eq!(add(), [2, 1, 0, 1, 1], "with its digests it says more");
    assert_eq!(add(), [2, 0, 1, 1, 0], "nothing new");
    std::fs::remove_file(house.path("m/go.sum")).expect("removed");
    assert_eq!(add(), [1, 0, 1, 0, 0], "alone it says nothing that is not known");
    let found = documents(&house, "operator");
    assert_eq!(found.len(), 2);
    assert!(found[0].ends_with(", replaced") && !found[1].ends_with(", replaced"), "{found:?}");
    assert_eq!(systems_with(&house, "example.org/left"), ["portal"]);
}

#[test]
fn nobody_hands_in_for_others_or_learns_of_others() {
    let house = two_agencies();
    for (name, text) in [("a", "a@1"), ("b", "b@1")] {
        house.write(&format!("{name}.json"), &cyclonedx(name, &[text.to_owned()]));
    }
    house.json(&["add", "b.json", "--system", "tax"]);
    let city = |arguments: &[&str]| house.run(&[arguments, &["--viewer", "agency:city"]].concat());
    assert_eq!(city(&["add", "a.json", "--system", "tax"]).error_code(), "not-found");
    assert_eq!(city(&["add", "a.json", "--as-systems", "state"]).error_code(), "not-found");
    assert_eq!(city(&["add", "a.json", "--uploader", "state"]).error_code(), "not-found");
    assert_eq!(documents(&house, "operator").len(), 1);
    // Unbound, it is the viewer's own.
    let report = city(&["add", "a.json", "--format", "json"]).answer();
    assert_eq!(counts(&report)[..3], [1, 1, 0]);
    assert_eq!(documents(&house, "agency:city"), ["a.json: 2 of "]);
    // Bytes of others: as if they were new, for a system of one's own.
    let report = city(&["add", "b.json", "--format", "json"]).answer();
    assert_eq!(left_out(&report, "skipped_files"), ["b.json: system-needed"]);
    let report = city(&["add", "b.json", "--system", "portal", "--format", "json"]).answer();
    assert_eq!((counts(&report), left_out(&report, "duplicate_files")), ([1, 1, 0, 0, 1], vec![]));
    let report = city(&["add", "b.json", "--system", "portal", "--format", "json"]).answer();
    assert_eq!(counts(&report), [1, 0, 1, 0, 0]);
    assert_eq!(documents(&house, "operator"), ["b.json: 2 of portal+tax", "a.json: 2 of "]);
    let stranger = house.run(&["add", "a.json", "--viewer", "stranger"]);
    assert_eq!(stranger.error_code(), "not-allowed", "{stranger:?}");
}

#[test]
fn a_viewer_that_does_not_exist_is_no_answer() {
    let house = two_agencies();
    for arguments in [
        &["where", "a"][..],
        &["coverage"],
        &["what", "portal"],
        &["documents", "list"],
        &["registry", "list", "systems"],
        &["sql", "SELECT 1"],
        &["audit", "list"],
        &["purge", "list"],
        &["add", "registry.toml"],
    ] {
        let done = house.run(&[arguments, &["--viewer", "agency:citty"]].concat());
        assert_eq!(done.error_code(), "not-found", "{arguments:?}");
        assert!(done.stderr.contains("did you mean: city"), "{}", done.stderr);
        assert_eq!(done.stdout, "");
    }
}

#[test]
fn agencies_that_are_planned_to_end_stay_as_they_are() {
    let house = two_agencies();
    house.write("a.json", &cyclonedx("Citizen Portal", &["b@1".to_owned()]));
    let merged =
        ["registry", "merge", "city", "state", "--into", "both", "--name", "Both", "--valid-from", "2999-01-01"];
    assert_eq!(house.run(&merged).code, Some(0));
    house.json(&["add", "a.json", "--as-systems", "city"]);
    let shown = house.json(&["registry", "show", "city"]);
    assert_eq!(shown["fields"]["name"], "City");
    let later = house.json(&["registry", "list", "agencies", "--as-of", "2999-06-01"]);
    let ids: Vec<_> = later["rows"].as_array().expect("rows").iter().map(|row| row["id"].as_str()).collect();
    assert!(!ids.contains(&Some("city")), "{ids:?}");
}

#[test]
fn what_has_ended_is_not_made_anew() {
    let house = two_agencies();
    house.write("a.json", &cyclonedx("a", &["b@1".to_owned()]));
    house.json(&["registry", "add", "agency", "--id", "old", "--name", "Old"]);
    house.json(&["registry", "retire", "agency", "old"]);
    assert_eq!(house.run(&["add", "a.json", "--as-systems", "old"]).error_code(), "agency-not-active");
}

#[test]
fn manifests_name_systems_as_people_do() {
    let house = two_agencies();
    for name in ["a", "b"] {
        house.write(&format!("in/{name}.json"), &cyclonedx(name, &["x@1".to_owned()]));
    }
    house.write("bindings.csv", b"path^system\na.json^Citizen Portal\nb.json^steuer\n");
    let report = house.json(&["add", "in", "--manifest", "bindings.csv"]);
    assert_eq!(counts(&report), [2, 2, 0, 0, 2]);
    assert_eq!(documents(&house, "operator"), ["in/a.json: 2 of portal", "in/b.json: 2 of tax"]);
    house.write("bindings.csv", b"path,system\na.json,Citizen Portl\nb.json,taxi\n");
    let done = house.run(&["add", "in", "--manifest", "bindings.csv"]);
    assert_eq!(done.error_code(), "invalid-manifest");
    for text in ["bindings.csv, line 2", "did you mean: portal", "bindings.csv, line 3", "did you mean: tax"] {
        assert!(done.stderr.contains(text), "{text}: {}", done.stderr);
    }
}

#[test]
fn rules_made_later_bind_what_is_there() {
    let house = two_agencies();
    let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"application","name":"web","purl":"pkg:oci/web@1"}},"components":[{"type":"library","name":"x","version":"1","purl":"pkg:npm/x@1"}]}"#;
    house.write("web.json", bom.as_bytes());
    house.write("other.json", &cyclonedx("other", &["y@1".to_owned()]));
    house.write("survey.csv", b"system,name,version\nNew System,a,1\n");
    house.json(&["add", "web.json", "other.json", "survey.csv"]);
    let rule = ["registry", "add", "mapping", "--on", "purl", "--pattern", "pkg:oci/web@*", "--system", "tax"];
    assert_eq!(house.run(&rule).code, Some(0), "{:?}", house.run(&rule));
    let report = house.json(&["documents", "bind", "--by-rules"]);
    assert_eq!(["unbound", "bound", "left"].map(|name| report[name].as_u64()), [Some(3), Some(1), Some(2)]);
    assert_eq!(documents(&house, "operator")[0], "web.json: 2 of tax");
    assert_eq!(report["rows"][1]["problem"].as_str(), Some("there is no system \"New System\""));
    // The same bytes again ask the rules again, too.
    house.json(&["registry", "add", "system", "--id", "new", "--name", "New System", "--agency", "city"]);
    let rule = ["registry", "add", "mapping", "--on", "purl", "--pattern", "pkg:oci/*", "--system", "portal"];
    assert_eq!(house.run(&rule).code, Some(0));
    let report = house.json(&["add", "web.json", "other.json", "survey.csv"]);
    assert_eq!(counts(&report), [3, 0, 3, 0, 2]);
    assert_eq!(
        documents(&house, "operator"),
        ["web.json: 2 of portal+tax", "other.json: 2 of ", "survey.csv: 1 of new"]
    );
}

/// Root may read everywhere, so root runs this as somebody else.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_does_not_stop_the_rest() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let house = House::new();
    let binary = house.path("underpin");
    if std::fs::hard_link(crate::house::BINARY, &binary).is_err() {
        std::fs::copy(crate::house::BINARY, &binary).expect("a copy of the binary");
    }
    let open = |name: &str, mode: u32| {
        std::fs::set_permissions(house.path(name), std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    house.write("in/a/locked/secret.json", &cyclonedx("secret", &["x@1".to_owned()]));
    house.write("in/b.json", &cyclonedx("b", &["x@1".to_owned()]));
    open("", 0o777);
    open("in/a/locked", 0o000);
    let run = |path: &str| {
        let mut command = std::process::Command::new(&binary);
        command.current_dir(house.path("")).env_clear().env("USER", "test");
        command.args(["--data", "data", "add", path, "--format", "json"]);
        if std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0) {
            command.uid(65_534).gid(65_534);
        }
        crate::house::done(command.output().expect("the binary runs"))
    };
    let (all, named) = (run("in"), run("in/a/locked"));
    open("in/a/locked", 0o755);
    let report = all.answer();
    assert_eq!(counts(&report)[..4], [2, 1, 0, 1]);
    assert_eq!(left_out(&report, "skipped_files"), ["in/a/locked: unreadable-folder"]);
    assert_eq!(named.error_code(), "not-writable");
}
