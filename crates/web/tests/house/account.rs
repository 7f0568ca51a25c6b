// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people do with their own account.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{PASSWORD, Web};

const NEWER: &str = "nine geese over the mint";

fn owner() -> Vec<Grant> {
    vec![Grant { role: Role::Owner, reach: Reach::Agency("treasury".into()) }]
}

fn token(body: &str) -> &str {
    let token = body.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a token")
}

async fn change(web: &Web, cookie: &str, old: &str, new: &str) -> crate::support::Reply {
    let page = web.get("/account", cookie).await.body;
    let form = format!("form_token={}&old={old}&new={new}", token(&page)).replace(' ', "+");
    web.post("/account/password", &form, cookie).await
}

#[tokio::test]
async fn roles_and_clearance_are_told_in_words() {
    let web = Web::demo().await;
    let cookie = web.person("tess", owner()).await;
    let page = web.get("/account", &cookie).await.body;
    for words in ["Cares for own systems", "for treasury and what is below it", "Secret", "tess"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("/account/sessions"), "there is no other session to end");
    let nobody = web.person("norah", Vec::new()).await;
    assert!(web.get("/account", &nobody).await.body.contains("You have no roles"));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let web = Web::demo().await;
    let cookie = web.person("tess", owner()).await;
    let second = web.sign_in("tess", PASSWORD).await;
    let second = second.cookie.split(';').next().expect("a cookie").to_owned();
    let others = web.person("otto", owner()).await;

    let wrong = change(&web, &cookie, "not the password", NEWER).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("The password of now is not right"), "{}", wrong.body);
    let short = change(&web, &cookie, PASSWORD, "short").await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.body.contains("12 to 256"), "{}", short.body);
    assert!(change(&web, &cookie, PASSWORD, "tess and nothing else").await.body.contains("must not contain"));
    assert_eq!(web.get("/", &second).await.status, StatusCode::OK, "nothing has changed so far");

    let changed = change(&web, &cookie, PASSWORD, NEWER).await;
    assert_eq!((changed.status, changed.location.as_str()), (StatusCode::SEE_OTHER, "/account?done=password"));
    assert_eq!(web.get("/", &cookie).await.status, StatusCode::OK, "one's own session goes on");
    assert_eq!(web.get("/", &second).await.status, StatusCode::SEE_OTHER);
    assert_eq!(web.get("/", &others).await.status, StatusCode::OK, "other people are not touched");
    assert_eq!(web.sign_in("tess", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(web.sign_in("tess", NEWER).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_the_password_of_an_open_session_has_to_wait() {
    let web = Web::demo().await;
    let cookie = web.person("tess", owner()).await;
    for _ in 0..10 {
        assert_eq!(change(&web, &cookie, "wrong", NEWER).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(change(&web, &cookie, PASSWORD, NEWER).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn other_sessions_are_ended_with_ones_own_form_only() {
    let web = Web::demo().await;
    let cookie = web.person("tess", owner()).await;
    let second = web.sign_in("tess", PASSWORD).await.cookie.split(';').next().expect("a cookie").to_owned();
    let page = web.get("/account", &cookie).await.body;
    assert_eq!(page.matches("<td>Another one</td>").count(), 1, "{page}");
    for (path, form) in [("/account/sessions", "form_token=x"), ("/account/password", "form_token=x&old=a&new=b")] {
        assert_eq!(web.post(path, form, &cookie).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(web.get("/", &second).await.status, StatusCode::OK);
    let ended = web.post("/account/sessions", &format!("form_token={}", token(&page)), &cookie).await;
    assert_eq!(ended.location, "/account?done=sessions");
    assert_eq!(web.get("/", &second).await.status, StatusCode::SEE_OTHER);
    assert_eq!(web.get("/", &cookie).await.status, StatusCode::OK);
}
