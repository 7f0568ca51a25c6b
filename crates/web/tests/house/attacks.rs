// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Attacks at the door, each after one that worked elsewhere. Each is tried for real and must come to nothing.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_model::Viewer;
use underpin_model::people::Scope;
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, Reach, Role, TokenWish};
use underpin_web::Entry;
use underpin_web::routes::{Access, ROUTES};

use crate::support::{PASSWORD, Web, now, random};
use crate::triage::field;

/// All roles at once, everywhere: whatever is refused to them is refused to everybody.
pub fn everything() -> Vec<Grant> {
    let roles = [Role::Analyst, Role::Officer, Role::Auditor, Role::Administrator];
    roles.into_iter().map(|role| Grant { role, reach: Reach::Government }).collect()
}

/// Something that is there, for the variables of a path.
pub fn filled(path: &str) -> String {
    let path =
        path.replace("/systems/{id}", "/systems/tax-assessment").replace("{kind}/{id}", "systems/tax-assessment");
    let path = path.replace("/agencies/{id}", "/agencies/treasury").replace("/documents/{id}", "/documents/D1");
    path.replace("{name}", "CVE-2021-44228").replace("{*page}", "how-to/answer-an-incident").replace("{id}", "1")
}

/// CWE-352: a page of somebody else sends a form in the name of who reads it.
#[tokio::test]
async fn forms_without_the_secret_of_the_session_write_nothing() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let eve = web.person("mallory", everything()).await;
    let again = web.sign_in("ada", PASSWORD).await.cookie.split(';').next().expect("a cookie").to_owned();
    let foreign = field(&web.get("/account", &eve).await, "form_token");
    let other = field(&web.get("/account", &again).await, "form_token");
    assert_ne!(foreign, other);
    let before = web.written().await;
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| route.method != "get" && route.access == Access::SignedIn) {
        for token in ["", "0", &foreign, &other] {
            let form = format!(
                "form_token={token}&q=SELECT+1&reason=r&old={PASSWORD}&new=eight+geese+over+the+mint&was=[]&step=make\
                 &all=yes&status=fixed&place=government&decisions=1&findings=1&systems=1"
            );
            let path = filled(route.path);
            let reply = web.post(&path, &form.replace(' ', "+"), &ada).await;
            let refused = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NOT_FOUND];
            assert!(refused.contains(&reply.status), "{} {path}: {}", route.method, reply.status);
            tried += usize::from(reply.status == StatusCode::FORBIDDEN);
        }
    }
    assert!(tried > 20, "most come as far as the secret: {tried}");
    assert_eq!(web.written().await, before, "nothing is written");
    assert_eq!(web.sign_in("ada", PASSWORD).await.status, StatusCode::SEE_OTHER, "the password is the old one");
    assert_eq!(web.get("/account", &again).await.status, StatusCode::OK, "no session is ended");
}

/// CWE-1021 and CWE-525: a page is shown in a frame of somebody else, or kept where others find it.
#[tokio::test]
async fn every_answer_forbids_frames_scripts_of_others_and_keeping() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    for route in ROUTES.iter().filter(|route| route.method == "get") {
        for (cookie, format) in [(ada.as_str(), ""), (ada.as_str(), "?format=json"), ("", "")] {
            let path = format!("{}{format}", filled(route.path));
            let request = Request::get(&path).header(header::COOKIE, cookie).body(Body::empty());
            let (parts, _) = web.raw(request.expect("a request")).await;
            let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let policy = text("content-security-policy");
            for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                assert!(policy.contains(rule), "{path}: {policy}");
            }
            assert!(
                !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
                "{path}: {policy}"
            );
            assert_eq!(text("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(text("cross-origin-opener-policy"), "same-origin", "{path}");
            assert!(["same-origin", "no-referrer"].contains(&text("referrer-policy")), "{path}");
            if route.access == Access::SignedIn {
                assert_eq!(text("cache-control"), "no-store", "{path}");
                assert!(text("vary").contains("Cookie"), "{path}: {}", text("vary"));
            }
            for name in ["server", "x-powered-by", "access-control-allow-origin"] {
                assert_eq!(text(name), "", "{path}: {name}");
            }
        }
    }
}

/// CWE-601 and CWE-113: whoever follows a link ends up elsewhere, or the house sends a header that somebody else wrote.
#[tokio::test]
async fn nobody_is_led_away_and_no_header_is_written_by_others() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let ways = [
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%5C%5Cevil.example",
        "https%3A%2F%2Fevil.example",
        "https%3Aevil.example",
        "%2F%09%2Fevil.example",
        "%09%2F%2Fevil.example",
        "+%2F%2Fevil.example",
        "javascript%3Aalert(1)",
        "data%3Atext%2Fhtml%2Ca",
        "%2Ffind%0D%0ASet-Cookie%3A+evil%3D1",
        "%2Ffind%0AX-Evil%3A+1",
        "%2Ffind%E5%98%8D%E5%98%8ASet-Cookie%3Aevil%3D1",
        "%2Ffind%00",
    ];
    let password = PASSWORD.replace(' ', "+");
    for to in ways {
        for (method, path, form) in [
            ("POST", "/language".to_owned(), format!("language=de&to={to}")),
            ("POST", "/sign-in".to_owned(), format!("login=ada&password={password}&to={to}")),
            ("GET", format!("/sign-in?to={to}"), String::new()),
            ("GET", format!("/find?q=a&as-of={to}"), String::new()),
            ("GET", format!("/findings?format=csv&text={to}"), String::new()),
            ("GET", format!("/vulnerabilities/{to}?format=csv"), String::new()),
            ("GET", format!("/packages?format=csv&purl=pkg%3Anpm%2F{to}"), String::new()),
        ] {
            let request = Request::builder().method(method).uri(&path).header(header::COOKIE, &ada);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let (parts, _) = web.raw(request.body(Body::from(form)).expect("a request")).await;
            let location = parts.headers.get("location").map(|value| value.to_str().expect("plain").to_owned());
            let location = location.unwrap_or("/".to_owned());
            let is_own = location.starts_with('/') && !location[1..].starts_with(['/', '\\', '\t', '\n']);
            assert!(is_own && !location.contains('\\'), "{path} {to}: {location}");
            assert!(parts.headers.get("x-evil").is_none(), "{path} {to}");
            for cookie in parts.headers.get_all("set-cookie") {
                assert!(!cookie.to_str().expect("plain").starts_with("evil"), "{path} {to}: {cookie:?}");
            }
        }
    }
}

/// GHSA-9w3m-hm36-w32w (CVE-2024-54002): how long an answer takes tells whether there is such an account.
#[tokio::test]
async fn an_unknown_login_takes_as_long_as_a_wrong_password() {
    let web = Web::demo().await;
    web.person("ada", Vec::new()).await;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        for (login, times) in ["ada", "eve"].iter().zip(&mut times) {
            let began = Instant::now();
            let reply = web.sign_in(login, "not the password").await;
            times.push(began.elapsed());
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    });
    let ratio = known / unknown;
    assert!((0.4..2.5).contains(&ratio), "{known} s for a known login, {unknown} s for an unknown one");
    // A link that never was looks like one that is used up.
    let key = web.first_key().await;
    let used = "used-up-or-not-is-not-said";
    assert!(key.is_none());
    assert_eq!(web.get(&format!("/welcome/{used}"), "").await.status, StatusCode::NOT_FOUND);
}

/// GHSA-gh7v-4hxp-gqp4 (CVE-2022-39351) and issue 4227: keys stand in journals in clear, or are taken from addresses.
#[tokio::test]
async fn secrets_are_neither_taken_from_addresses_nor_written_down() {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&lines);
    let web = Web::demo_arranged(
        |_| (),
        move |house| {
            let kept = Arc::clone(&kept);
            house.with_journal(Some(Arc::new(move |entry: &Entry| {
                kept.lock().expect("a lock").push(format!("{entry:?} {}", serde_json::to_string(entry).expect("JSON")));
            })))
        },
    )
    .await;
    let ada = web.person("ada", everything()).await;
    let author = Author { actor: "tests".into(), viewer: Viewer::Operator, at: now() };
    let wish = TokenWish { name: "ci".into(), scopes: vec![Scope::Read, Scope::Work], reach: None, days: 30 };
    let (_, token) = web.house().make_token_for(&author, "ada", &wish, random()).await.expect("a token");
    let secret = token.secret();
    for name in ["token", "api_key", "apiKey", "api-key", "access_token", "key", "session", "__Host-session"] {
        let reply = web.get(&format!("/findings?{name}={secret}"), "").await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{name}");
    }
    let key = web.house().invite(now(), "tests", vec![], underpin_model::registry::Classification::Secret, random());
    let key = key.await.expect("invited").secret().to_owned();
    web.get(&format!("/welcome/{key}"), "").await;
    web.post("/sign-in", &format!("login=ada&password=wrong-{secret}"), "").await;
    web.get(&format!("/find?q={secret}"), &ada).await;
    web.get(&format!("/documents/{secret}"), &ada).await;
    let session = ada.split('=').nth(1).expect("a key");
    let form_token = field(&web.get("/account", &ada).await, "form_token");
    let lines = lines.lock().expect("a lock").join("\n");
    assert!(lines.lines().count() > 10 && lines.contains("/welcome/{key}"), "{lines}");
    for secret in [secret, &key, session, &form_token, PASSWORD] {
        assert!(!lines.contains(secret), "{secret} stands in the journal");
    }
    // Nor do pages give back the key of a session, or of a link that somebody is offered.
    for path in ["/account", "/settings", "/audit", "/"] {
        let body = web.get(path, &ada).await.body;
        for secret in [secret, &key, session] {
            assert!(!body.contains(secret), "{path} shows {secret}");
        }
    }
}

/// CWE-22, as in ORT Server and SW360 (2026): an address leads out of the folder that it should lead into.
#[tokio::test]
async fn addresses_lead_out_of_nothing() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let page = web.get("/sign-in", "").await.body;
    let start = page.find("/assets/").expect("an asset");
    let tag = page[start + 8..].split('/').next().expect("a tag").to_owned();
    let ups = ["..%2f..%2f..%2f", "%2e%2e/%2e%2e/", "..%5c..%5c", "....//", "/", "%2f", "..%252f", "%00", "..;/"];
    for up in ups {
        for file in ["etc/passwd", "Cargo.toml", "house.css", "ledger.db", "underpin.toml"] {
            for base in [&format!("/assets/{tag}/"), "/assets/", "/help/", "/help/how-to/", "/documents/", "/systems/"]
            {
                let reply = web.get(&format!("{base}{up}{file}"), &ada).await;
                assert!(reply.status.is_client_error(), "{base}{up}{file}: {}", reply.status);
                assert!(!reply.body.contains("root:") && !reply.body.contains("[package]"), "{base}{up}{file}");
            }
        }
    }
}

/// CWE-400: a form without end, one that never comes, and more fields than anybody needs.
#[tokio::test]
async fn bodies_without_end_and_bodies_that_never_come_are_given_up() {
    let web = Web::demo_arranged(
        |settings| settings.limits.form_bytes = 1 << 20,
        |house| house.with_patience(Duration::from_millis(200)),
    )
    .await;
    let ada = web.person("ada", everything()).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let form = "application/x-www-form-urlencoded";
    let many = (0..50_000).map(|number| format!("&pick={number}")).collect::<String>();
    let start = format!("--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n");
    let file = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\n";
    let endless = format!("{start}{file}{}", "a".repeat(3 << 20));
    for (path, kind, body) in [
        ("/sql", form, format!("form_token={token}&q={}", "a".repeat(5 << 20))),
        ("/language", form, format!("language=de&to={}", "a".repeat(5 << 20))),
        ("/sign-in", form, format!("login={}&password=b", "a".repeat(5 << 20))),
        ("/documents/hand-in", "multipart/form-data; boundary=x", endless),
        ("/documents/hand-in", "multipart/form-data; boundary=x", format!("{start}{}", file.repeat(100_000))),
        ("/findings/decide", form, format!("form_token=x{many}")),
    ] {
        let request = Request::post(path).header(header::COOKIE, &ada).header(header::CONTENT_TYPE, kind);
        let reply = web.ask(request.body(Body::from(body)).expect("a request")).await;
        assert!(reply.status.is_client_error(), "{path}: {} {}", reply.status, reply.body);
    }
    let slow = |begun: String| {
        let first = futures::stream::iter([Ok::<_, std::io::Error>(begun.into_bytes())]);
        Body::from_stream(futures::StreamExt::chain(first, futures::stream::pending()))
    };
    for (path, kind, body) in [
        ("/sign-in", form, slow("login=a".to_owned())),
        ("/sql", form, slow("form_token=".to_owned())),
        ("/documents/hand-in", "multipart/form-data; boundary=x", slow(start.clone())),
    ] {
        let request = Request::post(path).header(header::COOKIE, &ada).header(header::CONTENT_TYPE, kind);
        let asked = web.ask(request.body(body).expect("a request"));
        let reply = tokio::time::timeout(Duration::from_secs(20), asked).await.expect("it is given up");
        assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
    }
    assert_eq!(web.get("/", &ada).await.status, StatusCode::OK, "the house goes on");
}
