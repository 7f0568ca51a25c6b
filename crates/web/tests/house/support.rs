// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A house to knock at.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;
use underpin_model::registry::Classification;
use underpin_model::{Limits, Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::intake::Silent;
use underpin_office::people::{Admitter, Grant, NewService, Reach, Rights, Role, Scope, TokenWish};
use underpin_office::{House, Settings, StoreLocation, demo};
use underpin_testkit::s3;
use underpin_web::{Entrance, WebHouse};

/// A password that nobody has.
pub const PASSWORD: &str = "seven geese over the mint";

/// A house with its pages.
pub struct Web {
    shared: Arc<WebHouse>,
    app: Router,
    house: House,
    /// How far the clock has gone on since, in microseconds.
    later: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    pub cookie: String,
    /// Whether it may be kept, and what is told to where a link leads.
    pub kept: (String, String),
    pub body: String,
    pub headers: HeaderMap,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a problem, after its status.
    pub fn problem(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// What a program is told.
#[derive(Debug)]
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Told {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
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
    /// The demo country on a quiet day, so that tests begin what they ask about.
    pub async fn demo() -> Self {
        Self::demo_arranged(|_| (), |web| web).await
    }

    /// The same with other limits.
    pub async fn demo_within(limits: Limits) -> Self {
        Self::demo_arranged(|settings| settings.limits = limits, |web| web).await
    }

    /// The demo country, which people enter as the operator has set it.
    pub async fn demo_with(entrance: Entrance) -> Self {
        Self::demo_arranged(|_| (), |web| web.with_entrance(entrance)).await
    }

    /// The demo country with other settings, behind pages that are set up otherwise.
    pub async fn demo_arranged(set: impl FnOnce(&mut Settings), arranged: impl FnOnce(WebHouse) -> WebHouse) -> Self {
        let web = Self::empty_arranged(set, arranged).await;
        demo::build_quiet(&web.house, "test", &Silent).await.expect("the demo country");
        web
    }

    /// A house in which nothing was done yet.
    pub async fn empty() -> Self {
        Self::empty_arranged(|_| (), |web| web).await
    }

    async fn empty_arranged(set: impl FnOnce(&mut Settings), arranged: impl FnOnce(WebHouse) -> WebHouse) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::embedded(folder.path());
        settings.store = s3::in_force().map(|server| {
            let address = server.url(&s3::prefix_of(folder.path()));
            StoreLocation::parse(&address, &|name| server.variable(name)).expect("an address")
        });
        set(&mut settings);
        let house = House::open(settings).await.expect("a house");
        let later = Arc::new(AtomicI64::new(0));
        let own = Arc::clone(&later);
        let clock = move || Timestamp(now().0 + own.load(Ordering::Relaxed));
        let web = WebHouse::new(house.clone(), true, Arc::new(clock), Arc::new(random));
        let shared = Arc::new(arranged(web.reached_by("https://house.example")));
        Self { app: underpin_web::app(Arc::clone(&shared)), shared, house, later, _folder: folder }
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

    /// Makes an account with these rights, let into compartments, and signs in: the cookie.
    pub async fn person_in(&self, login: &str, grants: Vec<Grant>, compartments: &[&str]) -> String {
        self.person(login, grants.clone()).await;
        self.let_in(login, grants, compartments).await
    }

    /// Lets somebody into compartments, which ends their sessions, and signs in again: the cookie.
    pub async fn let_in(&self, login: &str, grants: Vec<Grant>, compartments: &[&str]) -> String {
        let compartments = compartments.iter().map(|name| (*name).to_owned()).collect();
        let rights = Rights { grants, clearance: Classification::Secret, compartments };
        let by = Admitter::Operator("tests".to_owned());
        self.house.set_rights(&by, now(), login, (rights, "a test")).await.expect("let in");
        let entered = self.sign_in(login, PASSWORD).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{entered:?}");
        entered.cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// The account of a program with these rights: the secret of a token for it.
    pub async fn program(&self, login: &str, grants: Vec<Grant>, scopes: &[Scope], reach: Option<Reach>) -> String {
        let author = Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: now() };
        let name = format!("The program {login}");
        let new = NewService { login: login.to_owned(), name, grants, clearance: Classification::Secret };
        self.house.make_service(&author, &new).await.expect("an account");
        let wish = TokenWish { name: "ci".to_owned(), scopes: scopes.to_vec(), reach, days: 30 };
        let (_, key) = self.house.make_token_for(&author, login, &wish, random()).await.expect("a token");
        key.secret().to_owned()
    }

    /// The clock on the wall goes on.
    pub fn advance(&self, minutes: i64) {
        self.later.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// The secret of the forms of a session.
    pub async fn form_token(&self, cookie: &str) -> String {
        let page = self.get("/accessibility", cookie).await.body;
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        token.expect("a token").to_owned()
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

    /// Opens pages, and waits until what they show of the past is worked out behind them.
    pub async fn until_the_past_is_known(&self, paths: &[&str], cookie: &str) {
        for path in paths {
            self.get(path, cookie).await;
        }
        while self.shared.is_looking_back() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    pub async fn post(&self, path: &str, form: &str, cookie: &str) -> Reply {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.ask(request.expect("a request")).await
    }

    pub async fn response(&self, request: Request<Body>) -> axum::response::Response {
        self.app.clone().oneshot(request).await.expect("an answer")
    }

    /// Makes a token of somebody for all that they may do: its secret.
    pub async fn token(&self, login: &str) -> String {
        self.token_called(login, "program").await
    }

    /// The same with a name of its own.
    pub async fn token_called(&self, login: &str, name: &str) -> String {
        let author = Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: now() };
        let wish = TokenWish { name: name.to_owned(), scopes: Scope::ALL.to_vec(), reach: None, days: 9 };
        let (_, key) = self.house.make_token_for(&author, login, &wish, random()).await.expect("a token");
        key.secret().to_owned()
    }

    /// Asks as a program does.
    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 50_000_000).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Told { status: parts.status, headers: parts.headers, text }
    }

    /// A write in JSON by somebody signed in, with the secret of their forms.
    pub async fn program_writes(&self, (method, path): (&str, &str), body: &str, token: &str, cookie: &str) -> Reply {
        let request = Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("x-form-token", token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()));
        self.ask(request.expect("a request")).await
    }

    pub async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.response(request).await;
        let (parts, body) = response.into_parts();
        let text = |name: header::HeaderName| {
            parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (location, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        assert!(text(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"), "every answer is guarded");
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        let body = without_number(&String::from_utf8_lossy(&bytes));
        let kept = (text(header::CACHE_CONTROL), text(header::REFERRER_POLICY));
        Reply { status: parts.status, location, cookie, kept, body, headers: parts.headers }
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

/// A role in the whole government.
pub fn everywhere(role: Role) -> Vec<Grant> {
    vec![Grant { role, reach: Reach::Government }]
}

/// A role in an agency.
pub fn at(role: Role, agency: &str) -> Vec<Grant> {
    vec![Grant { role, reach: Reach::Agency(agency.into()) }]
}

/// Sends a form with its secret.
pub async fn send(web: &Web, path: &str, form: &str, cookie: &str) -> Reply {
    let token = web.form_token(cookie).await;
    web.post(path, &format!("form_token={token}&{form}"), cookie).await
}
