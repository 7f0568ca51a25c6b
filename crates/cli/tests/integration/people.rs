// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The operator cares for accounts: inviting, listing, ending. What a link gives is what was asked for.

use serde_json::json;

use crate::house::House;
use crate::serving::Served;

#[test]
fn somebody_is_invited_comes_in_and_leaves() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    assert_eq!(house.json(&["people", "list"]), json!([]));
    let call = ["people", "invite", "--role", "owner", "reader", "--agency", "treasury", "--clearance", "restricted"];
    let url = ["--public-url", "https://office.example.gov/"];
    let invited = house.json(&[&call[..], &url].concat());
    let link = invited["link"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix("https://office.example.gov").expect("the public address");
    assert_eq!(invited["clearance"], "restricted");

    let served = Served::start(&house, &["serve", "--listen", "127.0.0.1:0"]);
    let form = "name=Tess+Till&login=Tess&password=seven+geese+over+the+mint";
    assert!(served.ask("POST", path, "", form).starts_with("HTTP/1.1 303"));
    let sign_in = || served.ask("POST", "/sign-in", "", "login=tess&password=seven+geese+over+the+mint");
    let entered = sign_in();
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    let cookie = cookie.split(';').next().expect("its key").to_owned();
    let own = served.ask("GET", "/agencies", &cookie, "");
    assert!(own.contains("treasury") && !own.contains("health-institute"), "{own}");

    let listed = house.json(&["people", "list"]);
    let tess = &listed[0];
    assert_eq!((&tess["login"], &tess["name"]), (&json!("Tess"), &json!("Tess Till")));
    let grant = |role: &str| json!({ "role": role, "reach": { "agency": "treasury" } });
    assert_eq!(tess["grants"], json!([grant("reader"), grant("owner")]));
    assert_eq!((&tess["clearance"], &tess["ended"]), (&json!("restricted"), &json!(null)));

    house.json(&["people", "end", "TESS", "--reason", "gone"]);
    assert!(served.ask("GET", "/agencies", &cookie, "").starts_with("HTTP/1.1 303"), "the session ends with it");
    assert!(sign_in().starts_with("HTTP/1.1 401"));
    assert_eq!(house.run(&["people", "end", "tess", "--reason", "gone"]).error_code(), "not-found");
    assert!(house.json(&["people", "list"])[0]["ended"].is_string());
    // The chain tells of it, and of no secret.
    let chain = house.json(&["audit", "list"]).to_string();
    assert!(chain.contains("end-account") && chain.contains("make-account"), "{chain}");
    assert!(!chain.contains(path.trim_start_matches("/welcome/")) && !chain.contains("argon2"), "{chain}");
}

#[test]
fn what_cannot_be_is_refused() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    for (call, code) in [
        (&["people", "invite", "--role", "king"][..], "usage"),
        (&["people", "invite"], "usage"),
        (&["people", "invite", "--role", "reader", "--agency", "no-such-agency"], "not-found"),
        (&["people", "end", "nobody", "--reason", "gone"], "not-found"),
        (&["people", "end", "nobody", "--reason", " "], "usage"),
        (&["people", "end", "nobody"], "usage"),
    ] {
        assert_eq!(house.run(call).error_code(), code, "{call:?}");
    }
    assert_eq!(house.json(&["people", "list"]), json!([]));
}
