// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What three forges say about a repository, in the shapes that they describe, from a server on this machine.

use serde_json::{Value, json};
use underpin_feeds::Code;
use underpin_feeds::forge::{Place, facts};
use underpin_formats::forge::Forge;
use underpin_model::Timestamp;
use underpin_model::repository_facts::{ForgeFacts, PartOf};
use underpin_testkit::server::Reply;

use super::world::{World, world};

const DAY: u64 = 86_400;

fn now() -> Timestamp {
    "2026-11-25T10:00:00Z".parse().expect("a moment")
}

fn on(world: &World, path: &str, body: &Value) {
    world.server.on(path, [Reply::ok(body.to_string())]);
}

/// Somebody, with all that must not be kept.
fn person(id: u64) -> Value {
    json!({ "id": id, "login": "zwirbelina", "username": "zwirbelina", "name": "Zwirbelina", "email": "z@secret.example" })
}

async fn ask(world: &World, path: &str, forge: Forge) -> Result<ForgeFacts, Code> {
    let place = Place::of(&world.at(path), Some(forge)).expect("a place");
    facts(&world.client, &place, now()).await.map_err(|error| error.code)
}

fn github(world: &World) {
    let root = "/api/v3/repos/office/portal";
    on(world, root, &json!({ "default_branch": "main", "archived": false, "owner": person(1) }));
    let rules = json!([{ "type": "non_fast_forward" }, { "type": "pull_request", "parameters": { "required_approving_review_count": 2 } }]);
    on(world, &format!("{root}/rules/branches/main"), &rules);
    on(world, &format!("{root}/private-vulnerability-reporting"), &json!({ "enabled": true }));
    on(world, &format!("{root}/immutable-releases"), &json!({ "enabled": false, "enforced_by_owner": false }));
    on(world, "/api/v3/orgs/office", &json!({ "login": "office", "two_factor_requirement_enabled": true }));
    let pulls = format!("{root}/pulls?state=closed&sort=updated&direction=desc&per_page=50&page=");
    let change =
        |number: u64, merged: Option<&str>| json!({ "number": number, "user": person(1), "merged_at": merged });
    on(
        world,
        &format!("{pulls}1"),
        &json!([
            change(9, Some("2026-11-01T00:00:00Z")),
            change(8, None),
            change(7, Some("2026-10-01T00:00:00Z")),
            change(6, Some("2026-05-25T10:00:01Z")),
            change(5, Some("2026-05-25T10:00:00Z"))
        ]),
    );
    on(world, &format!("{pulls}2"), &json!([]));
    on(world, &format!("{root}/pulls/9/reviews"), &json!([{ "user": person(2), "state": "APPROVED" }]));
    on(world, &format!("{root}/pulls/7/reviews"), &json!([{ "user": person(1), "state": "COMMENTED" }]));
    on(world, &format!("{root}/pulls/6/reviews"), &json!([{ "user": person(3), "state": "COMMENTED" }]));
    let since = "since=2026-08-25T10%3A00%3A00Z";
    let issues = format!("{root}/issues?state=all&sort=created&direction=desc&{since}&per_page=50&page=");
    let issue = |number: u64, created: &str| json!({ "number": number, "user": person(1), "created_at": created });
    on(
        world,
        &format!("{issues}1"),
        &json!([
            issue(20, "2026-11-24T10:00:00Z"),
            issue(19, "2026-11-01T00:00:00Z"),
            issue(3, "2026-01-01T00:00:00Z")
        ]),
    );
    on(world, &format!("{issues}2"), &json!([]));
    let comments = format!("{root}/issues/comments?{since}&sort=created&direction=asc&per_page=50&page=");
    let comment = |issue: u64, who: u64, created: &str| json!({ "issue_url": format!("https://x/repos/office/portal/issues/{issue}"), "user": person(who), "created_at": created });
    on(
        world,
        &format!("{comments}1"),
        &json!([
            comment(19, 1, "2026-11-02T00:00:00Z"),
            comment(19, 2, "2026-11-04T00:00:00Z"),
            comment(3, 2, "2026-11-05T00:00:00Z")
        ]),
    );
    on(world, &format!("{comments}2"), &json!([]));
}

#[tokio::test]
async fn github_with_all_that_it_tells() {
    let world = world();
    github(&world);
    let found = ask(&world, "/office/portal.git", Forge::Github).await.expect("facts");
    let expected = ForgeFacts {
        protected_branch: Some(true),
        review_required: Some(true),
        reviewed: Some(PartOf { part: 2, whole: 3 }),
        // Three days until somebody else spoke, and one that the other has waited.
        reaction_seconds: Some(2 * DAY),
        issues: Some(2),
        private_reports: Some(true),
        second_factor: Some(true),
        immutable_releases: Some(false),
        archived: Some(false),
        by_proposals: Some(true),
        ..ForgeFacts::default()
    };
    assert_eq!(found, expected);
    assert!(!format!("{found:?}").contains("wirbelina"), "nobody is kept");
    let asked = world.server.asked();
    assert!(asked.iter().all(|one| !one.path.contains("token")), "no secret in an address");
}

#[tokio::test]
async fn what_a_forge_does_not_tell_is_unknown() {
    let world = world();
    let root = "/api/v3/repos/office/portal";
    on(&world, root, &json!({ "default_branch": "main", "archived": true }));
    for below in ["/rules/branches/main", "/branches/main/protection", "/private-vulnerability-reporting"] {
        world.server.on(&format!("{root}{below}"), [Reply::status(403)]);
    }
    let found = ask(&world, "/office/portal", Forge::Github).await.expect("facts");
    assert_eq!(found, ForgeFacts { archived: Some(true), ..ForgeFacts::default() });
    on(&world, &format!("{root}/branches/main"), &json!({ "name": "main", "protected": false }));
    let found = ask(&world, "/office/portal", Forge::Github).await.expect("facts");
    assert_eq!((found.protected_branch, found.review_required), (Some(false), Some(false)), "not protected at all");
    assert_eq!((found.branch_kept, found.by_proposals), (Some(false), Some(false)), "not protected at all");
    assert_eq!(ask(&world, "/office/other", Forge::Github).await, Err(Code::NotFound));
    on(&world, "/api/v3/repos/office/odd", &json!([1, 2]));
    assert_eq!(ask(&world, "/office/odd", Forge::Github).await, Err(Code::BadAnswer));
}

#[tokio::test]
async fn gitlab_as_opencode_runs_it() {
    let world = world();
    let root = "/api/v4/projects/land%2Famt%2Fportal";
    on(&world, root, &json!({ "default_branch": "main", "archived": false }));
    on(
        &world,
        &format!("{root}/protected_branches?per_page=100"),
        &json!([{ "name": "main", "allow_force_push": false }]),
    );
    on(&world, "/api/v4/groups/land%2Famt", &json!({ "require_two_factor_authentication": false }));
    let changes = format!("{root}/merge_requests?state=merged&order_by=updated_at&sort=desc&per_page=50&page=");
    on(
        &world,
        &format!("{changes}1"),
        &json!([{ "iid": 4, "id": 999, "author": person(1), "merged_at": "2026-11-01T00:00:00.000+01:00" }]),
    );
    on(&world, &format!("{changes}2"), &json!([]));
    on(&world, &format!("{root}/merge_requests/4/approvals"), &json!({ "approved_by": [{ "user": person(2) }] }));
    let issues =
        format!("{root}/issues?order_by=created_at&sort=desc&created_after=2026-08-25T10%3A00%3A00Z&per_page=50&page=");
    on(
        &world,
        &format!("{issues}1"),
        &json!([{ "iid": 2, "id": 888, "author": person(1), "created_at": "2026-11-01T00:00:00.000Z" }]),
    );
    on(&world, &format!("{issues}2"), &json!([]));
    on(
        &world,
        &format!("{root}/issues/2/notes?sort=asc&order_by=created_at&per_page=50"),
        &json!([
        { "author": person(3), "created_at": "2026-11-01T01:00:00.000Z", "system": true },
        { "author": person(2), "created_at": "2026-11-06T00:00:00.000Z", "system": false }]),
    );
    let found = ask(&world, "/land/amt/portal", Forge::Gitlab).await.expect("facts");
    let expected = ForgeFacts {
        protected_branch: Some(true),
        reviewed: Some(PartOf { part: 1, whole: 1 }),
        reaction_seconds: Some(5 * DAY),
        issues: Some(1),
        second_factor: Some(false),
        archived: Some(false),
        branch_kept: Some(true),
        ..ForgeFacts::default()
    };
    assert_eq!(found, expected);
}

#[tokio::test]
async fn forgejo_as_codeberg_runs_it() {
    let world = world();
    let root = "/api/v1/repos/office/portal";
    on(&world, root, &json!({ "default_branch": "main", "archived": false }));
    on(
        &world,
        &format!("{root}/branches/main"),
        &json!({ "name": "main", "protected": true, "required_approvals": 0 }),
    );
    let changes = format!("{root}/pulls?state=closed&sort=recentupdate&limit=50&page=");
    on(
        &world,
        &format!("{changes}1"),
        &json!([{ "number": 1, "user": person(1), "merged_at": "2026-11-01T00:00:00Z" }]),
    );
    on(&world, &format!("{changes}2"), &json!([]));
    on(&world, &format!("{root}/pulls/1/reviews"), &json!([{ "user": person(1), "state": "COMMENT" }]));
    let since = "since=2026-08-25T10%3A00%3A00Z";
    on(&world, &format!("{root}/issues?type=issues&state=all&{since}&limit=50&page=1"), &json!([]));
    on(&world, &format!("{root}/issues/comments?{since}&limit=50&page=1"), &json!([]));
    let found = ask(&world, "/office/portal", Forge::Forgejo).await.expect("facts");
    let expected = ForgeFacts {
        protected_branch: Some(true),
        review_required: Some(false),
        reviewed: Some(PartOf { part: 0, whole: 1 }),
        issues: Some(0),
        archived: Some(false),
        branch_kept: Some(true),
        ..ForgeFacts::default()
    };
    assert_eq!(found, expected);
}

#[test]
fn a_place_is_read_out_of_every_usual_address() {
    for (address, base, path) in [
        ("https://github.com/office/portal", "https://api.github.com", "office/portal"),
        ("git@github.com:office/portal.git", "https://api.github.com", "office/portal"),
        ("https://gitlab.opencode.de/land/amt/portal.git", "https://gitlab.opencode.de/api/v4", "land/amt/portal"),
        ("https://codeberg.org/office/portal/", "https://codeberg.org/api/v1", "office/portal"),
    ] {
        let place = Place::of(address, None).expect(address);
        assert_eq!((place.base.as_str(), place.path.join("/").as_str()), (base, path));
    }
    for bad in [
        "nothing",
        "https://github.com/office",
        "https://code.example/a/b",
        "file:///etc/passwd",
        "https://github.com//x",
    ] {
        assert!(Place::of(bad, None).is_err(), "{bad}");
    }
}
