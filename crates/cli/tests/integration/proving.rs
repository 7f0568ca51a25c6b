// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check` on what history, signatures and secrets show, from the outside.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::house::House;

/// When the histories here are judged, and the moment half a year before, in seconds since 1970.
const AS_OF: &str = "2026-07-01T00:00:00Z";
const HALF_YEAR_BEFORE: i64 = 1_767_225_600;
const TOKEN: &str = "glpat-K7mQz2WcR9tYxB4nVd8s";

fn git(folder: &Path, seconds: i64, who: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), who).env(format!("GIT_{role}_EMAIL"), format!("{who}@secret.example"));
        command.env(format!("GIT_{role}_DATE"), format!("{seconds} +0000"));
    }
    assert!(command.output().is_ok_and(|done| done.status.success()), "git {arguments:?}");
}

fn practice<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer["practices"].as_array().expect("practices").iter().find(|one| one["practice"] == name).expect(name)
}

/// A clone with that many commits in the half year, by turns of two people.
fn made(house: &House, commits: i64) {
    house.write("own/SECURITY.md", b"Write to us.\n");
    let folder = house.path("own");
    git(&folder, 0, "a", &["init", "--quiet", "--initial-branch=main"]);
    git(&folder, HALF_YEAR_BEFORE, "zwirbelina", &["add", "--all"]);
    git(&folder, HALF_YEAR_BEFORE, "zwirbelina", &["commit", "--quiet", "--message", "at the limit"]);
    for number in 0..commits {
        let who = ["zwirbelina", "quellmann", "farnbach"][usize::try_from(number % 3).expect("small")];
        git(&folder, HALF_YEAR_BEFORE + 1 + number, who, &["commit", "--quiet", "--allow-empty", "--message", "work"]);
    }
}

#[test]
fn badges_of_opencode_at_their_limits() {
    let house = House::new();
    made(&house, 4);
    let ask = ["check", "own", "--only", "opencode", "--as-of", AS_OF];
    let answer = house.json(&ask);
    assert_eq!(practice(&answer, "opencode-commits")["outcome"], "not-met");
    assert_eq!(practice(&answer, "opencode-commits")["places"][0]["detail"], "4");
    assert_eq!(practice(&answer, "opencode-maintenance-one")["outcome"], "not-met");
    git(&house.path("own"), HALF_YEAR_BEFORE + 9, "farnbach", &["commit", "--quiet", "--allow-empty", "-m", "fifth"]);
    git(&house.path("own"), HALF_YEAR_BEFORE + 9, "farnbach", &["tag", "v1"]);
    let answer = house.json(&ask);
    for (name, outcome) in [
        ("opencode-commits", "met"),
        ("opencode-releases", "met"),
        ("opencode-bus-factor", "met"),
        ("opencode-security-policy", "met"),
        ("opencode-signed-tags", "not-met"),
        ("opencode-issue-reaction", "cannot-be-assessed"),
        ("opencode-maintenance-one", "cannot-be-assessed"),
        ("opencode-security-two", "not-met"),
    ] {
        assert_eq!(practice(&answer, name)["outcome"], outcome, "{name}");
    }
    assert_eq!(practice(&answer, "opencode-issue-reaction")["obstacle"], "needs-forge");
    let all = answer.to_string();
    assert!(!["zwirbelina", "quellmann", "farnbach", "secret.example"].iter().any(|word| all.contains(word)), "{all}");
    let german = house.run(&[ask.as_slice(), &["--german"]].concat());
    assert!(german.stdout.contains("nur die Forge weiß es"), "{german:?}");
}

#[test]
fn keys_are_named_or_told_to_be_none() {
    let house = House::new();
    made(&house, 1);
    house.write("keys/readme", b"no key at all");
    let done = house.run(&["check", "own", "--trust", "keys"]);
    assert!(done.code == Some(2) && done.stderr.contains("no-keys"), "{done:?}");
    let key = house.path("signer");
    let made_key = Command::new("ssh-keygen").args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(&key).status();
    if !made_key.is_ok_and(|status| status.success()) {
        return underpin_testkit::skip("ssh-keygen");
    }
    let signing = format!("user.signingkey={}", key.display());
    let sign = ["-c", "gpg.format=ssh", "-c", &signing, "tag", "--sign", "--message", "x", "v1"];
    git(&house.path("own"), HALF_YEAR_BEFORE + 99, "zwirbelina", &sign);
    let outcome = |trust: &[&str]| {
        let ask = [&["check", "own", "--only", "signatures", "--as-of", AS_OF], trust].concat();
        let answer = house.json(&ask);
        ["tags-signed", "tags-verified", "commits-signed"].map(|name| practice(&answer, name)["outcome"].clone())
    };
    assert_eq!(outcome(&[]), ["met", "cannot-be-assessed", "not-met"]);
    assert_eq!(outcome(&["--trust", "signer.pub"]), ["met", "met", "not-met"]);
}

#[test]
fn a_secret_is_told_by_its_place_and_never_shown() {
    let house = House::new();
    made(&house, 1);
    house.write("own/deploy.sh", format!("one\nuse {TOKEN}\n").as_bytes());
    let folder = house.path("own");
    git(&folder, HALF_YEAR_BEFORE + 50, "zwirbelina", &["add", "--all"]);
    git(&folder, HALF_YEAR_BEFORE + 50, "zwirbelina", &["commit", "--quiet", "--message", "oh"]);
    git(&folder, HALF_YEAR_BEFORE + 51, "zwirbelina", &["rm", "--quiet", "deploy.sh"]);
    git(&folder, HALF_YEAR_BEFORE + 51, "zwirbelina", &["commit", "--quiet", "--message", "gone"]);
    let answer = house.json(&["check", "own", "--only", "secrets"]);
    let found = practice(&answer, "no-secrets");
    assert_eq!(found["outcome"], "not-met");
    let place = &found["places"][0];
    assert_eq!(
        (&place["path"], &place["line"], &place["code"]),
        (&"deploy.sh".into(), &2.into(), &"secret-gitlab".into())
    );
    assert_eq!(place["commit"].as_str().map(str::len), Some(40));
    assert_eq!(practice(&answer, "no-likely-secrets")["outcome"], "met");
    let told = house.run(&["check", "own", "--only", "secrets"]);
    assert!(told.stdout.contains("deploy.sh:2 (commit "), "{told:?}");
    assert!(!format!("{answer} {told:?}").contains(&TOKEN[6..]));
}

#[test]
fn the_forge_is_asked_only_when_wished_and_its_token_stays_secret() {
    use underpin_testkit::server::{Reply, Server};
    let house = House::new();
    made(&house, 5);
    let server = Server::start();
    let root = "/api/v1/repos/office/own";
    let on = |path: String, body: Value| server.on(&path, [Reply::ok(body.to_string())]);
    on(root.to_owned(), serde_json::json!({ "default_branch": "main", "archived": false }));
    on(format!("{root}/branches/main"), serde_json::json!({ "protected": true, "required_approvals": 1 }));
    let since = "since=2026-04-01T00%3A00%3A00Z";
    let issue = serde_json::json!([{ "number": 1, "user": { "id": 1, "login": "zwirbelina" }, "created_at": "2026-06-23T00:00:01Z" }]);
    on(format!("{root}/issues?type=issues&state=all&{since}&limit=50&page=1"), issue);
    on(format!("{root}/issues?type=issues&state=all&{since}&limit=50&page=2"), serde_json::json!([]));
    let comment =
        serde_json::json!([{ "issue_url": "x/issues/1", "user": { "id": 2 }, "created_at": "2026-06-30T00:00:00Z" }]);
    on(format!("{root}/issues/comments?{since}&limit=50&page=1"), comment);
    on(format!("{root}/issues/comments?{since}&limit=50&page=2"), serde_json::json!([]));
    let address = server.address("127.0.0.1", "/office/own.git");
    let ask = ["check", "own", "--only", "opencode", "--as-of", AS_OF, "--format", "json"];
    assert!(house.run(&ask).code == Some(0) && server.asked().is_empty(), "nobody is called unasked");
    let forge = ["--forge", &address, "--forge-kind", "forgejo", "--forge-token", "PROVING_TOKEN"];
    let run = |more: &[&str]| {
        let mut command = house.command(&[&ask, forge.as_slice(), more].concat());
        crate::house::done(command.env("PROVING_TOKEN", "s3cret-of-the-forge").output().expect("it runs"))
    };
    let refused = run(&[]);
    assert!(refused.code == Some(2) && refused.stderr.contains("--inside"), "{refused:?}");
    let done = run(&["--inside"]);
    let answer: Value = serde_json::from_str(&done.stdout).expect("JSON");
    for (name, outcome) in [
        ("opencode-issue-reaction", "met"),
        ("opencode-protected-branch", "met"),
        ("opencode-maintenance-one", "met"),
        ("opencode-security-one", "met"),
        ("opencode-reviews", "cannot-be-assessed"),
    ] {
        assert_eq!(practice(&answer, name)["outcome"], outcome, "{name}: {done:?}");
    }
    assert_eq!(practice(&answer, "opencode-issue-reaction")["places"][0]["detail"], "7");
    let asked = server.asked();
    assert!(
        asked.iter().all(|one| one.headers.get("authorization").is_some_and(|own| own == "Bearer s3cret-of-the-forge"))
    );
    assert!(asked.iter().all(|one| !one.path.contains("s3cret")), "no address holds it");
    assert!(!format!("{done:?} {refused:?}").contains("s3cret") && !done.stdout.contains("zwirbelina"));
    // The address of the clone's origin, where none is named.
    git(&house.path("own"), 0, "a", &["remote", "add", "origin", &address]);
    let mut own = house.command(&[&ask, &["--forge-kind", "forgejo", "--inside", "--forge"][..]].concat());
    let own = crate::house::done(own.output().expect("it runs"));
    assert_eq!(own.code, Some(0), "{own:?}");
    // A clone can name any host as its origin: a token goes there only where somebody wrote the address.
    let before = server.asked().len();
    let nameless =
        [&ask[..], &["--inside", "--forge-kind", "forgejo", "--forge-token", "PROVING_TOKEN", "--forge"]].concat();
    let mut nameless = house.command(&nameless);
    let nameless = crate::house::done(nameless.env("PROVING_TOKEN", "s3cret-of-the-forge").output().expect("it runs"));
    assert!(nameless.code == Some(2) && nameless.stderr.contains("a token needs the address"), "{nameless:?}");
    assert_eq!(server.asked().len(), before, "nobody was called");
}
