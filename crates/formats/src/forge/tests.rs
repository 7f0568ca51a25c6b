// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answers in the shapes that the three forges describe.

use serde_json::json;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

#[test]
fn issues_of_each_forge_and_who_reacts() {
    let (github, gitlab) = (
        json!([{ "number": 3, "user": { "login": "zwirbelina", "id": 1 }, "created_at": "2026-05-01T00:00:00Z" },
            { "number": 4, "user": { "login": "quellmann", "id": 2 }, "created_at": "2026-05-02T00:00:00Z", "pull_request": { "url": "x" } },
            { "number": 5, "user": null, "created_at": "2026-05-03T00:00:00Z" }]),
        json!([{ "iid": 3, "id": 900, "author": { "username": "zwirbelina", "id": 1 }, "created_at": "2026-05-01T00:00:00.000Z" },
            { "iid": 5, "id": 901, "author": null, "created_at": "2026-05-03T00:00:00.000Z" }]),
    );
    for (forge, issues) in [(Forge::Github, &github), (Forge::Forgejo, &github), (Forge::Gitlab, &gitlab)] {
        let mut reactions = Reactions::default();
        reactions.add_issues(forge.issues(issues.to_string().as_bytes()).expect("issues"), at("2026-04-01T00:00:00Z"));
        assert_eq!(reactions.numbers(), [3, 5], "{forge:?}");
        let comment = |id: u64, day: &str, system: bool| {
            let who = if forge == Forge::Gitlab { "author" } else { "user" };
            let url =
                if forge == Forge::Gitlab { json!(null) } else { json!("https://api.example/repos/a/b/issues/3") };
            json!({ who: { "id": id }, "created_at": format!("2026-05-{day}T00:00:00Z"), "system": system, "issue_url": url })
        };
        let list =
            json!([comment(1, "02", false), comment(9, "03", true), comment(8, "06", false), comment(7, "05", false)]);
        let comments = forge.comments(list.to_string().as_bytes()).expect("comments");
        reactions.add_comments(comments, Some(3));
        // Four days until somebody else spoke, and seven that the other one has waited.
        let (count, mean) = reactions.mean(at("2026-05-10T00:00:00Z"));
        assert_eq!((count, mean), (2, Some((4 + 7) * 86_400 / 2)), "{forge:?}");
    }
}

#[test]
fn an_issue_is_young_by_the_second() {
    let list = json!([{ "number": 1, "created_at": "2026-05-01T00:00:00Z" }, { "number": 2, "created_at": "2026-05-01T00:00:01Z" }]);
    let mut reactions = Reactions::default();
    reactions
        .add_issues(Forge::Github.issues(list.to_string().as_bytes()).expect("issues"), at("2026-05-01T00:00:00Z"));
    assert_eq!(reactions.numbers(), [2]);
    reactions
        .add_issues(Forge::Github.issues(list.to_string().as_bytes()).expect("issues"), at("2026-01-01T00:00:00Z"));
    reactions.keep_newest(1);
    assert_eq!(reactions.numbers(), [2]);
    assert_eq!(Reactions::default().mean(at("2026-05-01T00:00:00Z")), (0, None));
}

#[test]
fn a_review_is_one_of_somebody_else() {
    let list = json!([{ "number": 1, "iid": 1, "user": { "id": 5 }, "author": { "id": 5 }, "merged_at": "2026-05-01T00:00:00Z" },
        { "number": 2, "iid": 2, "user": { "id": 5 }, "author": { "id": 5 }, "merged_at": null }]);
    for forge in [Forge::Github, Forge::Forgejo, Forge::Gitlab] {
        let changes = forge.changes(list.to_string().as_bytes()).expect("changes");
        assert_eq!(changes.len(), 1, "only what was merged");
        let reviews = |id: u64, state: &str| {
            let user = json!({ "id": id, "login": "zwirbelina" });
            let one = json!([{ "user": user, "state": state }]);
            let body = if forge == Forge::Gitlab { json!({ "approved_by": [{ "user": user }] }) } else { one };
            reviewed_by_another(forge, body.to_string().as_bytes(), &changes[0])
        };
        assert_eq!((reviews(6, "APPROVED"), reviews(5, "APPROVED")), (Some(true), Some(false)), "{forge:?}");
        if forge != Forge::Gitlab {
            assert_eq!(reviews(6, "PENDING"), Some(false));
        }
        assert_eq!(reviewed_by_another(forge, b"{}", &changes[0]), None);
    }
}

fn told(found: Protection) -> [Option<bool>; 4] {
    [found.no_force, found.is_kept, found.approval, found.by_proposals]
}

#[test]
fn protection_of_branches() {
    let github = json!([{ "type": "non_fast_forward" }, { "type": "pull_request", "parameters": { "required_approving_review_count": 1 } }]);
    let found = Forge::Github.protection(github.to_string().as_bytes(), "main");
    assert_eq!(told(found), [Some(true), None, Some(true), Some(true)]);
    assert_eq!(Forge::Github.protection(b"[]", "main"), Protection::default(), "the older way may protect it");
    let (nobody, some) = (json!([{ "access_level": 0 }]), json!([{ "access_level": 40 }]));
    for (text, expected) in [
        (json!([{ "name": "main", "allow_force_push": false }]), [Some(true), Some(true), None, None]),
        (json!([{ "name": "main", "push_access_levels": nobody }]), [Some(true), Some(true), None, Some(true)]),
        (json!([{ "name": "ma*", "push_access_levels": some }]), [Some(true), Some(true), None, Some(false)]),
        (
            json!([{ "name": "*", "allow_force_push": true }, { "name": "main", "allow_force_push": false }]),
            [Some(false), Some(true), None, None],
        ),
        (json!([{ "name": "release/*" }]), [Some(false), Some(false), None, Some(false)]),
        (json!([]), [Some(false), Some(false), None, Some(false)]),
        (json!({}), [None; 4]),
    ] {
        assert_eq!(told(Forge::Gitlab.protection(text.to_string().as_bytes(), "main")), expected, "{text}");
    }
    let forgejo = json!({ "name": "main", "protected": true, "required_approvals": 2 });
    let found = Forge::Forgejo.protection(forgejo.to_string().as_bytes(), "main");
    assert_eq!(told(found), [Some(true), Some(true), Some(true), None]);
    let old = json!({ "allow_force_pushes": { "enabled": false }, "allow_deletions": { "enabled": true },
        "required_pull_request_reviews": { "required_approving_review_count": 0 } });
    assert_eq!(told(github_protection(old.to_string().as_bytes())), [Some(true), Some(false), Some(false), Some(true)]);
}

#[test]
fn who_may_read_a_repository_and_talk_about_it() {
    for (forge, text, expected) in [
        (Forge::Github, json!({ "private": false, "has_issues": true }), [Some(true), Some(true)]),
        (Forge::Github, json!({ "private": true, "visibility": "internal" }), [Some(false), None]),
        (Forge::Gitlab, json!({ "visibility": "public", "issues_access_level": "private" }), [Some(true), Some(false)]),
        (Forge::Gitlab, json!({ "visibility": "internal", "issues_enabled": true }), [Some(false), Some(true)]),
        (Forge::Forgejo, json!({ "private": false, "internal": true, "has_issues": true }), [Some(false), Some(true)]),
        (Forge::Forgejo, json!({ "private": false }), [Some(true), None]),
        (Forge::Github, json!({}), [None, None]),
    ] {
        let mut text = text;
        text["default_branch"] = "main".into();
        let found = forge.repository(text.to_string().as_bytes()).expect("a repository");
        assert_eq!([found.is_public, found.has_issues], expected, "{forge:?} {text}");
    }
}

#[test]
fn what_is_something_else_is_nothing() {
    for bytes in [&b""[..], b"{}", b"null", b"[1]", b"[{\"number\":-1}]", b"\xff"] {
        for forge in [Forge::Github, Forge::Gitlab, Forge::Forgejo] {
            assert!(forge.repository(bytes).is_none());
            assert!(forge.issues(bytes).is_none_or(|all| all.is_empty()));
            assert!(forge.changes(bytes).is_none_or(|all| all.is_empty()));
        }
    }
}
