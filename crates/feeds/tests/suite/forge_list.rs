// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What three forges list for an organisation, in the shapes that they describe, from a server on this machine: pages, files, and pages
//! that are broken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use underpin_feeds::forge::Place;
use underpin_feeds::forge_list::{FoundRepositories, repositories};
use underpin_feeds::{Code, FeedError};
use underpin_formats::forge::Forge;
use underpin_testkit::server::Reply;

use super::world::{World, world};

const PUBLICCODE: &str = "publiccodeYmlVersion: '0.7'\nname: Portal\n";

fn on(world: &World, path: &str, body: &Value) {
    world.server.on(path, [Reply::ok(body.to_string())]);
}

async fn ask(world: &World, path: &str, forge: Forge) -> Result<FoundRepositories, FeedError> {
    let place = Place::organisation(&world.at(path), Some(forge)).expect("a place");
    repositories(&world.client, &place).await
}

/// Paths with what is known of each, and what is missing.
fn told(found: &FoundRepositories) -> (Vec<String>, Vec<String>) {
    let line = |one: &underpin_feeds::forge_list::FoundRepository| {
        let listed = &one.listed;
        let words = [
            (listed.is_public, "public"),
            (listed.archived, "archived"),
            (listed.is_fork, "fork"),
            (one.publiccode.as_deref() == Some(PUBLICCODE.as_bytes()), "publiccode"),
            (one.code_json.is_some(), "code.json"),
        ];
        let words = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word);
        [listed.path.as_str()].into_iter().chain(words).chain(listed.licence.as_deref()).collect::<Vec<_>>().join(" ")
    };
    let missing = found.missing.iter().map(|one| format!("{} {}", one.what, one.code.as_str()));
    (found.repositories.iter().map(line).collect(), missing.collect())
}

#[tokio::test]
async fn github_page_by_page() {
    let world = world();
    let list = "/api/v3/orgs/office/repos?type=all&sort=full_name&per_page=50&page=";
    let row = |name: &str, private: bool, fork: bool| {
        json!({
            "full_name": format!("office/{name}"), "name": name, "private": private, "archived": fork, "fork": fork,
            "default_branch": "main", "description": "It is a portal", "license": { "spdx_id": "EUPL-1.2" },
            "owner": { "login": "zwirbelina", "id": 1 },
        })
    };
    on(&world, &format!("{list}1"), &json!([row("portal", false, false), row("inner", true, false)]));
    on(&world, &format!("{list}2"), &json!([row("copy", false, true), row("portal", false, false)]));
    on(&world, &format!("{list}3"), &json!([]));
    let packed = json!({ "type": "file", "encoding": "base64", "content": STANDARD.encode(PUBLICCODE) });
    on(&world, "/api/v3/repos/office/portal/contents/publiccode.yml?ref=main", &packed);
    let found = ask(&world, "/office", Forge::Github).await.expect("a list");
    let (repositories, missing) = told(&found);
    assert_eq!(
        repositories,
        [
            "office/copy public archived fork EUPL-1.2",
            "office/inner EUPL-1.2",
            "office/portal public publiccode EUPL-1.2"
        ]
    );
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(found.repositories[2].listed.description, "It is a portal");
    assert!(!format!("{found:?}").contains("zwirbelina"), "nobody is kept");
}

#[tokio::test]
async fn gitlab_with_groups_below_and_a_page_that_is_broken() {
    let world = world();
    let list = "/api/v4/groups/land%2Famt/projects?include_subgroups=true&with_shared=false&order_by=id&sort=asc&per_page=50&page=";
    let row = |path: &str, visibility: &str| json!({ "path_with_namespace": path, "name": "x", "visibility": visibility, "default_branch": "a/b" });
    on(&world, &format!("{list}1"), &json!([row("land/amt/portal", "public"), row("land/other/x", "public")]));
    world.server.on(&format!("{list}2"), [Reply::ok("<html>".to_owned())]);
    on(&world, &format!("{list}3"), &json!([row("land/amt/team/tool", "internal")]));
    on(&world, &format!("{list}4"), &json!([]));
    let root = "/api/v4/projects/land%2Famt%2Fportal";
    world.server.on(
        &format!("{root}/repository/files/code.json/raw?ref=a%2Fb"),
        [Reply::ok(json!({ "name": "Portal" }).to_string())],
    );
    on(&world, &format!("{root}?license=true"), &json!({ "license": { "key": "agpl-3.0" } }));
    let (repositories, missing) = told(&ask(&world, "/land/amt", Forge::Gitlab).await.expect("a list"));
    assert_eq!(repositories, ["land/amt/portal public code.json AGPL-3.0", "land/amt/team/tool"]);
    assert_eq!(missing, ["1 of page 1 bad-answer", "page 2 bad-answer"]);
}

#[tokio::test]
async fn forgejo_of_a_person_and_a_list_that_ends_too_early() {
    let world = world();
    let list = "/api/v1/users/ada/repos?limit=50&page=";
    let row = |name: &str| {
        json!({
            "full_name": format!("ada/{name}"), "name": name, "private": false, "internal": false, "default_branch": "main",
            "licenses": ["MIT"], "empty": name == "empty",
        })
    };
    on(&world, &format!("{list}1"), &json!([row("portal"), row("empty")]));
    world.server.on(&format!("{list}2"), [Reply::status(403)]);
    world.server.on("/api/v1/repos/ada/portal/raw/publiccode.yml?ref=main", [Reply::ok(PUBLICCODE.to_owned())]);
    let (repositories, missing) = told(&ask(&world, "/ada", Forge::Forgejo).await.expect("a list"));
    assert_eq!(repositories, ["ada/empty public MIT", "ada/portal public publiccode MIT"]);
    assert_eq!(missing, ["page 2 and all after it http-status"]);
}

#[tokio::test]
async fn a_forge_that_answers_no_more_is_not_asked_on() {
    let world = world();
    let list = "/api/v1/orgs/office/repos?limit=50&page=";
    let row = |number: usize| json!({ "full_name": format!("office/r{number:02}"), "private": false, "default_branch": "main" });
    on(&world, &format!("{list}1"), &json!((0..20).map(row).collect::<Vec<_>>()));
    on(&world, &format!("{list}2"), &json!([]));
    for number in 0..20 {
        for name in ["publiccode.yml", "code.json"] {
            world.server.on(&format!("/api/v1/repos/office/r{number:02}/raw/{name}?ref=main"), [Reply::status(403)]);
        }
    }
    let (repositories, missing) = told(&ask(&world, "/office", Forge::Forgejo).await.expect("a list"));
    assert_eq!(repositories.len(), 20, "what is listed stays");
    assert!(missing.iter().any(|one| one.starts_with("files of ")), "{missing:?}");
    let asked = world.server.asked().into_iter().filter(|one| one.path.contains("/raw/")).count();
    assert!(asked <= 10, "{asked} questions after it said no");
}

#[tokio::test]
async fn an_organisation_that_is_none_is_a_fault() {
    let world = world();
    assert_eq!(ask(&world, "/nobody", Forge::Forgejo).await.map_err(|error| error.code), Err(Code::NotFound));
    on(&world, "/api/v1/orgs/odd/repos?limit=50&page=1", &json!({ "message": "no" }));
    assert_eq!(ask(&world, "/odd", Forge::Forgejo).await.map_err(|error| error.code), Err(Code::BadAnswer));
    for (address, forge) in [
        ("https://github.com/", None),
        ("https://github.com/office/portal", None),
        ("https://code.example/office", None),
        ("file:///etc", Some(Forge::Gitlab)),
    ] {
        assert!(Place::organisation(address, forge).is_err(), "{address}");
    }
    let place = Place::organisation("https://github.com/office", None).expect("a place");
    assert_eq!((place.web_host(), place.host.as_str()), ("github.com", "api.github.com"));
}
