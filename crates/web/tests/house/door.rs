// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coming in and going out.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::{PASSWORD, Web};

#[tokio::test]
async fn the_first_link_works_once() {
    let web = Web::demo().await;
    let key = web.first_key().await.expect("nobody has an account yet");
    let form = format!("name=Ada&login=Ada&password={PASSWORD}").replace(' ', "+");
    let page = web.get(&format!("/welcome/{key}"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    let short = web.post(&format!("/welcome/{key}"), "name=Ada&login=Ada&password=short", "").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("12 to 256"), "{}", short.body);
    assert_eq!(web.post(&format!("/welcome/{key}"), &form, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(web.post(&format!("/welcome/{key}"), &form, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&format!("/welcome/{key}"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.first_key().await, None);
    // Upper and lower case of a login are the same, and it is taken now.
    assert_eq!(web.sign_in("aDA", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    let web = Web::demo().await;
    web.person("ada", Vec::new()).await;
    let (wrong, unknown) = (web.sign_in("ada", "wrong").await, web.sign_in("eve", "wrong").await);
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!((wrong.status, wrong.cookie), (unknown.status, unknown.cookie));
    assert_eq!(wrong.body.replace("\"ada\"", "\"eve\""), unknown.body);
}

#[tokio::test]
async fn guessing_has_to_wait() {
    let web = Web::demo().await;
    web.person("ada", Vec::new()).await;
    for _ in 0..10 {
        assert_eq!(web.sign_in("ada", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(web.sign_in("ada", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(web.sign_in("eve", PASSWORD).await.status, StatusCode::UNAUTHORIZED, "others go on");
}

#[tokio::test]
async fn a_session_ends_with_its_own_form_only() {
    let web = Web::demo().await;
    let cookie = web.person("ada", Vec::new()).await;
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert_eq!(web.post("/sign-out", "form_token=", &cookie).await.status, StatusCode::FORBIDDEN);
    let page = web.get("/accessibility", &cookie).await.body;
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let left = web.post("/sign-out", &format!("form_token={}", token.expect("a token")), &cookie).await;
    assert_eq!((left.status, left.location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(left.cookie.contains("Max-Age=0"), "{}", left.cookie);
    assert_eq!(web.get("/", &cookie).await.location, "/sign-in?to=/");
}

#[tokio::test]
async fn nobody_is_led_away_after_signing_in() {
    let web = Web::demo().await;
    web.person("ada", Vec::new()).await;
    let form = format!("login=ada&password={PASSWORD}&to=https%3A%2F%2Fevil.example").replace(' ', "+");
    assert_eq!(web.post("/sign-in", &form, "").await.location, "/");
}

#[tokio::test]
async fn a_chosen_language_is_kept() {
    let web = Web::demo().await;
    let chosen = web.post("/language", "language=de&to=/sign-in", "").await;
    assert_eq!(chosen.location, "/sign-in");
    let cookie = chosen.cookie.split(';').next().expect("a cookie").to_owned();
    let page = web.get("/sign-in", &cookie).await.body;
    assert!(page.contains("<html lang=\"de\"") && page.contains("Anmelden"), "{page}");
    let request = Request::get("/sign-in").header(header::ACCEPT_LANGUAGE, "de-AT,de;q=0.9").body(Body::empty());
    assert!(web.ask(request.expect("a request")).await.body.contains("Anmelden"));
}
