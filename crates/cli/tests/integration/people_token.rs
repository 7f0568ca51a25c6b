// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Accounts and tokens of programs, on the command line of the operator.

use serde_json::json;

use crate::house::House;

#[test]
fn a_build_server_gets_a_token_and_loses_it() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    let service =
        ["people", "service", "builder", "--name", "Build server", "--role", "contributor", "--agency", "treasury"];
    assert_eq!(house.json(&service)["grants"], json!([{ "role": "contributor", "reach": { "agency": "treasury" } }]));
    let call = ["people", "token", "make", "Builder", "--name", "ci", "--scope", "hand-in"];
    let made = house.json(&[&call[..], &["--agency", "tax-administration"]].concat());
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("underpin_") && secret.len() == 59, "{secret}");
    assert_eq!((&made["days"], &made["scopes"]), (&json!(90), &json!(["hand-in"])));

    let listed = house.json(&["people", "token", "list", "builder"]);
    let row = &listed[0];
    assert_eq!((&row["login"], &row["name"], &row["used"]), (&json!("builder"), &json!("ci"), &json!(null)));
    assert_eq!(row["reach"], json!({ "agency": "tax-administration" }));
    assert_eq!(house.json(&["people", "token", "list", "somebody"]), json!([]));

    assert_eq!(house.json(&["people", "token", "end", "builder", "ci"])["token"], made["token"]);
    assert_eq!(house.run(&["people", "token", "end", "builder", "ci"]).error_code(), "not-found");
    assert!(house.json(&["people", "token", "list"])[0]["ended"].is_string());
    let told = house.run(&["people", "token", "list"]);
    assert!(told.stdout.contains("No token is good."), "{}", told.stdout);
    // Neither the list nor the chain knows the secret, not even a part of it.
    let known = format!("{listed}{}{}", told.stdout, house.json(&["audit", "list"]));
    assert!(known.contains("make-token") && known.contains("end-token"), "{known}");
    assert!(!known.contains(&secret) && !known.contains(&secret[9..30]), "{known}");
}

#[test]
fn what_cannot_be_is_refused() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    house.json(&["people", "service", "builder", "--name", "Build server", "--role", "reader", "--agency", "treasury"]);
    let token = |more: &[&'static str]| [&["people", "token", "make"][..], more].concat();
    for (call, code) in [
        (token(&["builder", "--name", "ci", "--scope", "everything"]), "usage"),
        (token(&["builder", "--name", "ci"]), "usage"),
        (token(&["builder", "--name", "a b", "--scope", "read"]), "token"),
        (token(&["builder", "--name", "ci", "--scope", "read", "--days", "367"]), "token"),
        (token(&["nobody", "--name", "ci", "--scope", "read"]), "not-found"),
        (token(&["builder", "--name", "ci", "--scope", "read", "--agency", "health-institute"]), "not-found"),
        (token(&["builder", "--name", "ci", "--scope", "read", "--system", "no-such-system"]), "not-found"),
        (vec!["people", "service", "BUILDER", "--name", "Twice", "--role", "reader"], "taken-login"),
        (vec!["people", "service", " ", "--name", "Nobody", "--role", "reader"], "account"),
        (vec!["people", "service", "x", "--name", "X", "--role", "reader", "--agency", "nowhere"], "not-found"),
    ] {
        assert_eq!(house.run(&call).error_code(), code, "{call:?}");
    }
    assert_eq!(house.json(&["people", "token", "list"]), json!([]));
    house.json(&token(&["builder", "--name", "ci", "--scope", "read"]));
    assert_eq!(house.run(&token(&["builder", "--name", "ci", "--scope", "read"])).error_code(), "taken-token");
}
