// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A house to knock at.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::people::Grant;
use underpin_office::{House, Settings, demo};
use underpin_web::WebHouse;

/// A password that nobody has.
pub const PASSWORD: &str = "seven geese over the mint";

/// A house with its pages.
pub struct Web {
    shared: Arc<WebHouse>,
    app: Router,
    house: House,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    pub cookie: String,
    pub body: String,
}

static CHANCE: AtomicU64 = AtomicU64::new(1);

pub fn random() -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&CHANCE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

pub fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("a moment")
}

impl Web {
    pub async fn demo() -> Self {
        Self::demo_with(|_| (), |web| web).await
    }

    /// The demo country with other settings, behind pages that are set up otherwise.
    pub async fn demo_with(set: impl Fn(&mut Settings), arranged: impl Fn(WebHouse) -> WebHouse) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::embedded(folder.path());
        set(&mut settings);
        let house = House::open(settings).await.expect("a house");
        demo::build(&house, "test", &Silent).await.expect("the demo country");
        let web = arranged(WebHouse::new(house.clone(), true, Arc::new(now), Arc::new(random)));
        let shared = Arc::new(web);
        Self { app: underpin_web::app(Arc::clone(&shared)), shared, house, _folder: folder }
    }

    /// Makes an account with these rights and signs in: the cookie.
    pub async fn person(&self, login: &str, grants: Vec<Grant>) -> String {
        let key = self.house.invite(now(), "tests", grants, Classification::Secret, random()).await.expect("invited");
        let form = format!("name=Somebody&login={login}&password={PASSWORD}").replace(' ', "+");
        let made = self.post(&format!("/welcome/{}", key.secret()), &form, "").await;
        assert_eq!((made.status, made.location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{made:?}");
        let entered = self.sign_in(login, PASSWORD).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{entered:?}");
        entered.cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// The pages' house, to serve it elsewhere.
    pub fn shared(&self) -> Arc<WebHouse> {
        Arc::clone(&self.shared)
    }

    /// The house behind the pages.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// How often something was written so far, by whomever.
    pub async fn written(&self) -> i64 {
        self.house.revision(Viewer::Operator, now()).await.expect("a revision")
    }

    /// The headers of an answer, and what it says.
    pub async fn raw(&self, request: Request<Body>) -> (Parts, String) {
        let (parts, body) = self.app.clone().oneshot(request).await.expect("an answer").into_parts();
        let bytes = to_bytes(body, 50_000_000).await.expect("a body");
        (parts, String::from_utf8_lossy(&bytes).into_owned())
    }

    pub async fn first_key(&self) -> Option<String> {
        let key = self.house.first_invitation(now(), random()).await.expect("asked");
        key.map(|key| key.secret().to_owned())
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.post("/sign-in", &format!("login={login}&password={password}").replace(' ', "+"), "").await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.ask(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, form: &str, cookie: &str) -> Reply {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.ask(request.expect("a request")).await
    }

    pub async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let text = |name: header::HeaderName| {
            parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (location, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        assert!(text(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"), "every answer is guarded");
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        let body = without_number(&String::from_utf8_lossy(&bytes));
        Reply { status: parts.status, location, cookie, body }
    }
}

/// A page without the number of its request, which is another one each time.
pub fn without_number(body: &str) -> String {
    const BEFORE: &str = "<code class=\"mono\">";
    let mut parts = body.split(BEFORE);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_number = part
            .split('<')
            .next()
            .is_some_and(|word| word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        kept.push_str(BEFORE);
        kept.push_str(if is_number { part.get(16..).unwrap_or_default() } else { part });
    }
    kept
}
