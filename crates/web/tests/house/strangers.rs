// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who may not see a thing learns nothing of it. The list of routes is walked, so that a new one cannot be forgotten.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};
use underpin_web::routes::{Access, ROUTES};

use crate::support::{Web, without_number};

/// Something that is there, for a variable of a path.
fn filled(path: &str) -> String {
    path.replace("{id}", "tax-administration")
        .replace("{name}", "CVE-2021-44228")
        .replace("{key}", "0000")
        .replace("{login}", "ada")
        .replace("{tag}", "0000")
}

#[tokio::test]
async fn a_stranger_is_asked_to_sign_in_everywhere() {
    let web = Web::demo().await;
    for route in ROUTES.iter().filter(|route| route.access == Access::SignedIn) {
        let path = filled(route.path);
        let reply = match route.method {
            "get" => web.get(&path, "").await,
            _ => web.post(&path, "form_token=", "").await,
        };
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{} {path}", route.method);
        assert!(reply.location.starts_with("/sign-in?to="), "{} {path}: {}", route.method, reply.location);
        assert_eq!(reply.body, "", "{} {path}", route.method);
    }
}

#[tokio::test]
async fn an_administrator_who_is_nothing_else_sees_nothing() {
    let web = Web::demo().await;
    let grant = Grant { role: Role::Administrator, reach: Reach::Government };
    let cookie = web.person("root", vec![grant]).await;
    let all = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let names = ["log4j", "tax-administration", "Tax", "lab-reporting", "CVE-2021-44228"];
    for route in ROUTES.iter().filter(|route| route.access == Access::SignedIn && route.method == "get") {
        let path = filled(route.path);
        let reply = web.get(&path, &cookie).await;
        // What was asked for may be said again; nothing else.
        let asked: Vec<&str> = names.iter().copied().filter(|name| path.contains(name)).collect();
        for name in names.iter().filter(|name| !asked.contains(name)) {
            assert!(!reply.body.contains(name), "{path} tells of {name}");
        }
    }
    assert!(web.get("/", &all).await.body.contains("CVE-2021-44228"), "the names are there for who may see them");
}

#[tokio::test]
async fn what_is_not_ones_own_looks_like_what_is_not_there() {
    let web = Web::demo().await;
    let own = Grant { role: Role::Owner, reach: Reach::Agency("treasury".into()) };
    let cookie = web.person("tess", vec![own]).await;
    assert_eq!(web.get("/systems/payments-hub", &cookie).await.status, StatusCode::OK);
    for (foreign, missing) in
        [("/systems/lab-reporting", "/systems/no-such-one"), ("/agencies/health-institute", "/agencies/none")]
    {
        let (foreign, missing) = (web.get(foreign, &cookie).await, web.get(missing, &cookie).await);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let neutral = |body: &str| {
            without_number(body)
                .replace("lab-reporting", "")
                .replace("no-such-one", "")
                .replace("health-institute", "")
                .replace("none", "")
        };
        assert_eq!(neutral(&foreign.body), neutral(&missing.body));
    }
    let found = web.get("/find?q=log4j-core", &cookie).await.body;
    assert!(found.contains("payments-hub") && !found.contains("lab-reporting"), "{found}");
    let hit = web.get("/vulnerabilities/CVE-2021-44228", &cookie).await.body;
    assert!(!hit.contains("lab-reporting") && !hit.contains("health"), "{hit}");
}

#[tokio::test]
async fn documents_and_packages_of_others_are_not_there() {
    let web = Web::demo().await;
    let all = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let tess = Grant { role: Role::Owner, reach: Reach::Agency("treasury".into()) };
    let tess = web.person("tess", vec![tess]).await;
    let list = web.get("/documents?system=lab-reporting&format=json", &all).await.body;
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let foreign = format!("D{}", list["rows"][0]["document"].to_string().trim_matches(['"', 'D']));
    let missing = "D987654321";
    let replies = [
        web.get(&format!("/documents/{foreign}"), &tess).await,
        web.get(&format!("/documents/{missing}"), &tess).await,
    ];
    assert_eq!(replies[0].status, StatusCode::NOT_FOUND);
    assert_eq!(
        without_number(&replies[0].body).replace(&foreign, ""),
        without_number(&replies[1].body).replace(missing, "")
    );
    for path in ["/documents", "/coverage", "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core"] {
        for form in ["html", "csv", "json"] {
            let join = if path.contains('?') { '&' } else { '?' };
            let body = web.get(&format!("{path}{join}format={form}"), &tess).await.body;
            assert!(!body.contains("lab-reporting") && !body.contains("health-institute"), "{path} {form}: {body}");
        }
    }
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let web = Web::demo().await;
    let cookie = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27";
    for path in [
        "/find?q=",
        "/findings?text=",
        "/findings?agency=",
        "/findings?sort=",
        "/vulnerabilities/",
        "/systems/",
        "/agencies/",
        "/documents/",
        "/documents?system=",
        "/packages?purl=pkg:npm/",
        "/coverage?as-of=",
        "/sign-in?to=",
    ] {
        let cookie = if path.starts_with("/sign-in") { "" } else { cookie.as_str() };
        let body = web.get(&format!("{path}{hostile}"), cookie).await.body;
        assert!(!body.contains("<script>alert") && !body.contains("\"'"), "{path}: {body}");
    }
}
