// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What `deploy/ci` holds for build servers, run as they run it, against the demo as it is served.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::documents::cyclonedx;
use crate::house::{Done, House, done};
use crate::serving::Served;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/ci"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).expect("a file")
}

/// The command that a file tells a build server to run.
fn command_of(name: &str, before: &str) -> String {
    let text = text(name);
    let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(before));
    line.expect("a command").to_owned()
}

/// A house with the demo, served, and a build server's token.
struct Desk {
    house: House,
    served: Served,
    secret: String,
}

impl Desk {
    fn open() -> Self {
        let house = House::new();
        house.run(&["demo", "--no-tour"]);
        let agency = "ministry-finance";
        let service = ["people", "service", "builder", "--name", "Builds", "--role", "contributor", "--agency", agency];
        house.json(&[&service[..], &["--clearance", "restricted"]].concat());
        let made = house.json(&["people", "token", "make", "builder", "--name", "ci", "--scope", "hand-in", "read"]);
        let secret = made["secret"].as_str().expect("a secret").to_owned();
        let served = Served::start(&house, &["serve", "--listen", "127.0.0.1:0"]);
        Self { house, served, secret }
    }

    /// Runs a command line of a build server.
    fn run(&self, line: &str, more: &[(&str, &str)]) -> Done {
        let mut command = Command::new("sh");
        command.args(["-eu", "-c", line]).current_dir(self.house.path(".")).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("GITHUB_ACTION_PATH", folder());
        command.env("UNDERPIN_SCRIPT", folder().join("underpin-ci.sh"));
        command.env("UNDERPIN_URL", format!("http://{}/", self.served.address()));
        command.env("UNDERPIN_API_KEY", &self.secret);
        command.envs(more.iter().copied());
        done(command.stdin(Stdio::null()).output().expect("it runs"))
    }
}

#[test]
fn the_action_and_the_job_hand_in_and_judge() {
    let desk = Desk::open();
    let bad = String::from_utf8(cyclonedx("payments", &["log4j-core@2.14.1".to_owned()])).expect("text");
    let bad = bad.replace("pkg:npm/log4j-core", "pkg:maven/org.apache.logging.log4j/log4j-core");
    desk.house.write("bom.json", bad.as_bytes());
    let of = |level: &'static str| {
        [("UNDERPIN_SBOM", "bom.json"), ("UNDERPIN_PROJECT_NAME", "payments-hub"), ("UNDERPIN_FAIL_ON", level)]
    };
    let action = command_of("action.yml", "run: ");
    let failed = desk.run(&action, &of("low"));
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.stdout.contains("underpin: failed: ") && failed.stdout.contains(" at low or above"), "{failed:?}");
    let log = std::fs::read_to_string(desk.house.path("underpin.sarif")).expect("a report");
    let log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    assert!(log["runs"][0]["results"].as_array().is_some_and(|all| !all.is_empty()), "{log}");

    // The next build has mended it.
    desk.house.write("bom.json", bad.replace("2.14.1", "2.25.0").as_bytes());
    let job = command_of("gitlab.yml", "- sh ");
    let junit = [("UNDERPIN_FORMAT", "junit"), ("UNDERPIN_REPORT", "out.xml")];
    let passed = desk.run(&format!("sh {job}"), &[&of("9.99")[..], &junit].concat());
    assert_eq!(passed.code, Some(0), "{passed:?}");
    assert!(passed.stdout.contains("underpin: passed: no finding at 9.99 or above"), "{passed:?}");
    let xml = std::fs::read_to_string(desk.house.path("out.xml")).expect("a report");
    assert!(xml.starts_with("<?xml") && xml.contains("<testsuite "), "{xml}");
    for done in [&failed, &passed] {
        assert!(!format!("{done:?}").contains(&desk.secret), "no key is shown");
    }
}

#[test]
fn what_cannot_be_done_is_neither_pass_nor_finding() {
    let desk = Desk::open();
    let action = command_of("action.yml", "run: ");
    desk.house.write("bom.json", &cyclonedx("x", &["left@1.0.0".to_owned()]));
    desk.house.write("text", b"no document at all");
    let fine = [("UNDERPIN_SBOM", "bom.json"), ("UNDERPIN_PROJECT_NAME", "payments-hub"), ("UNDERPIN_FAIL_ON", "high")];
    let nobody = format!("http://{}:9", std::net::Ipv4Addr::LOCALHOST);
    for (more, said) in [
        (("UNDERPIN_URL", ""), "UNDERPIN_URL is missing"),
        (("UNDERPIN_URL", nobody.as_str()), "cannot be reached"),
        (("UNDERPIN_API_KEY", "underpin_wrong"), "status 401"),
        (("UNDERPIN_API_KEY", ""), "UNDERPIN_API_KEY or UNDERPIN_API_KEY_FILE"),
        (("UNDERPIN_SBOM", "none.json"), "no file that can be read"),
        (("UNDERPIN_SBOM", "text"), "the document was not taken"),
        (("UNDERPIN_PROJECT_NAME", "no such system"), "the document was not taken"),
        (("UNDERPIN_PROJECT_NAME", "two\nlines"), "control characters"),
        (("UNDERPIN_FAIL_ON", "rubbish"), "is no level"),
        (("UNDERPIN_FORMAT", "pdf"), "sarif or junit"),
        (("UNDERPIN_AUTO_CREATE", "perhaps"), "true or false"),
    ] {
        let refused = desk.run(&action, &[&fine[..], &[more]].concat());
        assert_eq!(refused.code, Some(2), "{more:?}: {refused:?}");
        assert!(refused.stderr.contains(said), "{more:?}: {refused:?}");
        assert!(!desk.house.path("underpin.sarif").exists(), "{more:?}: no report without findings");
    }
}

#[test]
fn the_one_line_of_the_manual_works() {
    let desk = Desk::open();
    desk.house.write("bom.json", &cyclonedx("x", &["left@1.0.0".to_owned()]));
    desk.house.write("headers", format!("X-Api-Key: {}\n", desk.secret).as_bytes());
    let line =
        command_of("README.md", "{ printf").replace("\"projectName\":\"portal\"", "\"projectName\":\"payments-hub\"");
    let taken =
        desk.run(&format!("{{ printf{line}"), &[("UNDERPIN_URL", &format!("http://{}", desk.served.address()))]);
    assert_eq!(taken.code, Some(0), "{taken:?}");
    assert!(taken.stdout.contains("\"token\""), "{taken:?}");
}

#[test]
fn every_variable_that_is_set_is_known() {
    let script = text("underpin-ci.sh");
    for name in ["action.yml", "gitlab.yml"] {
        let text = text(name);
        let set = text.lines().filter_map(|line| line.trim().split_once(": ")).map(|(name, _)| name);
        let set: Vec<&str> = set.filter(|name| name.starts_with("UNDERPIN_") && *name != "UNDERPIN_SCRIPT").collect();
        assert!(set.len() > 1, "{name}: {set:?}");
        for variable in set {
            assert!(script.contains(&format!("${{{variable}:-")), "{name} sets {variable}");
        }
    }
}
