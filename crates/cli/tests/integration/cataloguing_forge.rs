// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue from the list of a forge: nothing is cloned, nothing private becomes public, and nobody is called unasked.

use serde_json::{Value, json};
use underpin_testkit::server::{Reply, Server};

use crate::house::{Done, House, done};

const PUBLICCODE: &str = "publiccodeYmlVersion: '0.7'\nname: Forms\nurl: https://github.com/upstream/forms\ndevelopmentStatus: stable\n\
    legal:\n  license: EUPL-1.2\nmaintenance:\n  type: internal\n  contacts:\n    - name: Zwirbelina\n";

fn house() -> House {
    let house = House::new();
    house.write("registry.toml", b"[[agency]]\nid = \"city\"\nname = \"City\"\n");
    house.json(&["registry", "import", "registry.toml"]);
    house.write("token", b"s3cret-of-the-forge\n");
    house
}

/// A forge with one repository that is public, one that is not, and one that is archived.
fn forge() -> Server {
    let server = Server::start();
    let row = |name: &str, private: bool| {
        json!({
            "full_name": format!("Office/{name}"), "name": name, "private": private, "internal": false, "archived": name == "old",
            "default_branch": "main", "description": "Made \u{1b}[31mby us", "licenses": ["MIT"], "owner": { "login": "zwirbelina" },
        })
    };
    let list = |page: usize| format!("/api/v1/orgs/office/repos?limit=50&page={page}");
    server.on(&list(1), [Reply::ok(json!([row("forms", false), row("inner", true)]).to_string())]);
    server.on(&list(2), [Reply::ok("no list".to_owned())]);
    server.on(&list(3), [Reply::ok(json!([row("old", false), json!({ "full_name": "elsewhere/x" })]).to_string())]);
    server.on(&list(4), [Reply::ok("[]".to_owned())]);
    server.on("/api/v1/repos/Office/forms/raw/publiccode.yml?ref=main", [Reply::ok(PUBLICCODE.to_owned())]);
    server
}

fn crawl(house: &House, server: &Server, more: &[&str]) -> Done {
    let address = server.address("127.0.0.1", "/office");
    let asked = ["catalogue", "crawl", "--organisation", &address, "--forge", "forgejo", "--agency", "city"];
    let own = ["--token-file", "token", "--inside", "--format", "json"];
    done(house.command(&[&asked[..], &own, more].concat()).output().expect("it runs"))
}

/// Address, name, visibility, licence and state of each.
fn told(house: &House) -> Vec<String> {
    let list = house.json(&["catalogue", "list"]);
    let rows = list["rows"].as_array().expect("rows").iter();
    let word = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    rows.map(|row| ["address", "name", "visibility", "licence", "state"].map(|name| word(row, name)).join(" "))
        .collect()
}

#[test]
fn what_a_forge_lists_is_taken_down_and_what_it_hides_stays_internal() {
    let (house, server) = (house(), forge());
    let found = crawl(&house, &server, &["--visibility", "public"]);
    let answer: Value = serde_json::from_str(&found.stdout).expect("JSON");
    assert_eq!([&answer["found"], &answer["new"], &answer["changed"]], [3, 3, 0], "{found:?}");
    let rows: Vec<&Value> = answer["rows"].as_array().expect("rows").iter().map(|row| &row["path"]).collect();
    assert_eq!(rows, ["page 2", "1 of page 3"], "{answer}");
    assert_eq!(
        told(&house),
        [
            "127.0.0.1/office/forms Forms public EUPL-1.2 stable",
            "127.0.0.1/office/inner inner internal MIT unknown",
            "127.0.0.1/office/old old public MIT obsolete",
        ]
    );
    let forms = house.json(&["catalogue", "show", "127.0.0.1/office/forms"]);
    assert_eq!((&forms["repository"]["looked"], &forms["standards"]), (&Value::Null, &json!([])), "nobody looked yet");
    assert_eq!(forms["declared"]["sources"], json!(["publiccode", "forge"]), "{forms}");
    assert!(server.asked().iter().all(|one| {
        one.headers.get("authorization").is_some_and(|own| own == "Bearer s3cret-of-the-forge")
            && !one.path.contains("s3cret")
    }));
    let whole = format!("{found:?}{}{forms}", house.run(&["catalogue", "list"]).stdout);
    for inside in ["s3cret", "wirbelina", "\u{1b}"] {
        assert!(!whole.contains(inside), "{inside} in {whole}");
    }
    let again: Value = serde_json::from_str(&crawl(&house, &server, &[]).stdout).expect("JSON");
    assert_eq!([&again["found"], &again["new"], &again["changed"]], [3, 0, 0]);
}

#[test]
fn what_is_closed_at_the_forge_since_is_told_and_not_published_further() {
    let (house, server) = (house(), forge());
    crawl(&house, &server, &["--visibility", "public"]);
    let closed =
        json!([{ "full_name": "Office/forms", "name": "forms", "private": true, "description": "Secret plans" }]);
    server.on("/api/v1/orgs/office/repos?limit=50&page=1", [Reply::ok(closed.to_string())]);
    let answer: Value =
        serde_json::from_str(&crawl(&house, &server, &["--visibility", "public"]).stdout).expect("JSON");
    let row = answer["rows"].as_array().expect("rows").iter().find(|row| row["code"] == "closed-at-forge");
    assert!(row.is_some_and(|row| row["message"].to_string().contains("--visibility internal")), "{answer}");
    assert!(!house.run(&["catalogue", "show", "127.0.0.1/office/forms"]).stdout.contains("Secret plans"));
}

#[test]
fn nobody_is_called_who_was_not_named_or_by_who_may_not() {
    let (house, server) = (house(), forge());
    let address = server.address("127.0.0.1", "/office");
    let asked = ["catalogue", "crawl", "--organisation", &address, "--agency", "city"];
    let refused = |more: &[&str], code: &str, hint: &str| {
        let found = house.run(&[&asked[..], more].concat());
        assert!(found.error_code() == code && found.stderr.contains(hint), "{found:?}");
    };
    refused(&["--inside"], "bad-address", "--forge says");
    refused(&["--forge", "forgejo"], "address-refused", "--inside");
    refused(&["--forge", "forgejo", "--inside", "--token-file", "none"], "bad-credential", "");
    refused(&["--forge", "forgejo", "--inside", "--viewer", "stranger"], "not-found", "no agency");
    assert_eq!(server.asked().len(), 0);
    let none = house.run(&[&asked[..3], &[&server.address("127.0.0.1", "/none"), "--agency", "city"]].concat());
    assert_eq!(none.error_code(), "bad-address");
    assert_eq!(house.run(&["catalogue", "crawl"]).code, Some(2));
    assert_eq!(told(&house), Vec::<String>::new());
}
