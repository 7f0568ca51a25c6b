// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One-time codes, as somebody with an authenticator app lives with them; and what strangers learn of it: nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::support::{PASSWORD, Reply, Web};

/// 2026-03-02T09:00:00Z, the time of the tests, in steps of 30 seconds.
const STEP: i64 = 1_772_442_000 / 30;

/// What an app shows: its own reading of RFC 6238.
fn shown(secret: &str, step: i64) -> String {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        (held, bits) = (held << 5 | u32::from(value), bits + 5);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 255) as u8);
        }
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes).expect("any length");
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let start = usize::from(sum[19] & 15);
    let word = sum[start..start + 4].iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split(before).nth(1).and_then(|rest| rest.split(after).next()).expect(before)
}

async fn send(web: &Web, cookie: &str, path: &str, fields: &str) -> Reply {
    let page = web.get("/account/codes", cookie).await.body;
    let token = between(&page, "name=\"form_token\" value=\"", "\"").to_owned();
    web.post(path, &format!("form_token={token}&{fields}").replace(' ', "+"), cookie).await
}

/// Sets codes up: the secret and the recovery codes.
pub async fn set_up(web: &Web, cookie: &str) -> (String, Vec<String>) {
    assert_eq!(send(web, cookie, "/account/codes", "password=wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    set_up_without_password(web, cookie).await
}

/// The same for who may have no password.
pub async fn set_up_without_password(web: &Web, cookie: &str) -> (String, Vec<String>) {
    let begun = send(web, cookie, "/account/codes", &format!("password={PASSWORD}")).await;
    assert_eq!((begun.status, begun.location.as_str()), (StatusCode::SEE_OTHER, "/account/codes"));
    let page = web.get("/account/codes", cookie).await.body;
    let secret = between(&page, "<span class=\"mono wrap\">", "<").to_owned();
    assert!(page.contains("<svg class=\"qr\"") && page.contains(&format!("secret={secret}")), "{page}");
    let wrong = send(web, cookie, "/account/codes/confirm", "code=000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let confirmed = send(web, cookie, "/account/codes/confirm", &format!("code={}", shown(&secret, STEP))).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.body);
    let recovery = confirmed.body.split("<li class=\"mono\">").skip(1);
    let recovery: Vec<String> = recovery.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect();
    assert_eq!(recovery.len(), 10);
    (secret, recovery)
}

async fn password(web: &Web) -> String {
    let reply = web.sign_in("ada", PASSWORD).await;
    assert_eq!((reply.status, reply.location.as_str()), (StatusCode::SEE_OTHER, "/sign-in/code?to=/"), "{reply:?}");
    for flag in ["__Host-code=", "HttpOnly", "Secure", "SameSite=Strict", "Max-Age=600"] {
        assert!(reply.cookie.contains(flag), "{flag}: {}", reply.cookie);
    }
    reply.cookie.split(';').next().expect("a cookie").to_owned()
}

async fn code(web: &Web, cookie: &str, code: &str) -> Reply {
    web.post("/sign-in/code", &format!("code={}&to=/find", code.replace(' ', "+")), cookie).await
}

#[tokio::test]
async fn a_code_is_asked_for_and_counts_once() {
    let web = Web::demo().await;
    let cookie = web.person("ada", Vec::new()).await;
    let (secret, recovery) = set_up(&web, &cookie).await;
    let page = web.get("/account/codes", &cookie).await.body;
    assert!(!page.contains(&secret) && page.contains("10 recovery codes"), "{page}");

    let key = password(&web).await;
    assert_eq!(web.get("/", &key.replace("code=", "session=")).await.status, StatusCode::SEE_OTHER, "it is no session");
    // The code of the set-up was used; one of two steps on is too early.
    for wrong in [&shown(&secret, STEP), &shown(&secret, STEP + 2), "123", ""] {
        assert_eq!(code(&web, &key, wrong).await.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    let entered = code(&web, &key, &shown(&secret, STEP + 1)).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/find"), "{entered:?}");
    assert_eq!(code(&web, &key, &recovery[0]).await.location, "/sign-in", "the key works once");

    let key = password(&web).await;
    assert_eq!(code(&web, &key, &shown(&secret, STEP + 1)).await.status, StatusCode::UNAUTHORIZED, "used");
    assert_eq!(code(&web, &key, &recovery[1].to_lowercase()).await.status, StatusCode::SEE_OTHER);
    let key = password(&web).await;
    assert_eq!(code(&web, &key, &recovery[1]).await.status, StatusCode::UNAUTHORIZED, "used");
    let page = web.get("/account/codes", &cookie).await.body;
    assert!(page.contains("9 recovery codes"), "{page}");
}

#[tokio::test]
async fn codes_end_with_password_and_code_only() {
    let web = Web::demo().await;
    let cookie = web.person("ada", Vec::new()).await;
    let (_, recovery) = set_up(&web, &cookie).await;
    let right = format!("password={PASSWORD}&code={}", recovery[0]);
    for wrong in [format!("password=wrong&code={}", recovery[0]), format!("password={PASSWORD}&code=123456")] {
        let reply = send(&web, &cookie, "/account/codes/end", &wrong).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    assert_eq!(send(&web, &cookie, "/account/codes/end", &right).await.status, StatusCode::SEE_OTHER);
    assert_eq!(web.sign_in("ada", PASSWORD).await.location, "/");
}

#[tokio::test]
async fn guessing_codes_has_to_wait_and_right_passwords_buy_none() {
    let web = Web::demo().await;
    let cookie = web.person("ada", Vec::new()).await;
    set_up(&web, &cookie).await;
    let (mut asked, mut waits) = (0, false);
    while !waits && asked < 12 {
        let reply = web.sign_in("ada", PASSWORD).await;
        waits = reply.status == StatusCode::TOO_MANY_REQUESTS;
        let key = reply.cookie.split(';').next().unwrap_or_default().to_owned();
        waits = waits || code(&web, &key, "000000").await.status == StatusCode::TOO_MANY_REQUESTS;
        asked += 1;
    }
    assert_eq!((waits, asked), (true, 6), "ten attempts of both kinds");
}

#[tokio::test]
async fn nobody_without_the_password_learns_who_uses_codes() {
    let web = Web::demo().await;
    let cookie = web.person("ada", Vec::new()).await;
    web.person("bob", Vec::new()).await;
    set_up(&web, &cookie).await;
    let mut told = Vec::new();
    for login in ["ada", "bob", "eve"] {
        let reply = web.sign_in(login, "wrong").await;
        told.push((reply.status, reply.location, reply.cookie, reply.body.replace(&format!("\"{login}\""), "")));
    }
    assert_eq!(told[0].0, StatusCode::UNAUTHORIZED);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[tokio::test]
async fn forms_from_other_houses_are_refused() {
    let web = Web::demo().await;
    web.person("ada", Vec::new()).await;
    for (path, form) in [
        ("/sign-in", format!("login=ada&password={PASSWORD}").replace(' ', "+")),
        ("/sign-in/code", "code=123456".to_owned()),
        ("/welcome/0000", "name=a&login=a&password=a".to_owned()),
        ("/language", "language=de".to_owned()),
    ] {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let request = Request::post(path)
                .header(header::HOST, "office.example")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(name, value)
                .body(Body::from(form.clone()));
            let reply = web.ask(request.expect("a request")).await;
            assert_eq!((reply.status, reply.cookie.as_str()), (StatusCode::FORBIDDEN, ""), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_new_sign_in_leaves_no_door_open() {
    let web = Web::demo().await;
    let before = web.person("ada", Vec::new()).await;
    let form = format!("login=ada&password={PASSWORD}").replace(' ', "+");
    let after = web.post("/sign-in", &form, &before).await;
    for flag in ["__Host-session=", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(after.cookie.contains(flag), "{flag}: {}", after.cookie);
    }
    assert!(!after.cookie.contains(&before), "the key is a new one");
    assert_eq!(web.get("/", &before).await.status, StatusCode::SEE_OTHER, "the old one is over");
}
