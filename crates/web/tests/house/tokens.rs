// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tokens of programs, as their people make and end them.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};

async fn send(web: &Web, cookie: &str, path: &str, fields: &str) -> Reply {
    let page = web.get("/account/tokens", cookie).await.body;
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    web.post(path, &format!("form_token={}&{fields}", token.expect("a token")), cookie).await
}

#[tokio::test]
async fn a_token_is_shown_once_and_ended_by_its_person_alone() {
    let web = Web::demo().await;
    let owner = vec![Grant { role: Role::Owner, reach: Reach::Agency("ministry-finance".into()) }];
    let (cookie, other) = (web.person("tess", owner.clone()).await, web.person("otto", owner).await);
    for (fields, told) in [
        ("name=ci&days=90", "needs a scope"),
        ("name=a+b&days=90&read=1", "1 to 60 letters"),
        ("name=ci&days=367&read=1", "1 to 366 days"),
        ("name=ci&days=x&read=1", "1 to 366 days"),
        ("name=ci&days=9&read=1&agency=health-institute", "sees no agency"),
    ] {
        let refused = send(&web, &cookie, "/account/tokens", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(refused.body.contains(told), "{fields}: {}", refused.body);
    }
    let made = send(&web, &cookie, "/account/tokens", "name=ci&days=30&hand_in=1&agency=tax-administration").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let secret =
        made.body.split("underpin_").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret").to_owned();
    assert_eq!(secret.len(), 50);
    let page = web.get("/account/tokens", &cookie).await.body;
    assert!(page.contains("Hand in documents") && page.contains("tax-administration"), "{page}");
    assert!(!page.contains(&secret[..20]), "it is not shown again");
    assert!(!web.get("/account/tokens", &other).await.body.contains("tax-administration"), "others see their own");

    let path = page.split("action=\"/account/tokens/").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    let path = format!("/account/tokens/{path}");
    assert_eq!(web.post(&path, "form_token=x", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&web, &other, &path, "").await.status, StatusCode::NOT_FOUND, "somebody else's is not there");
    assert_eq!(send(&web, &cookie, &path, "").await.location, "/account/tokens?done=ended");
    assert_eq!(send(&web, &cookie, &path, "").await.status, StatusCode::NOT_FOUND, "once");
}
