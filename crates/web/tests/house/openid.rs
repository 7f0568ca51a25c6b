// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coming in by a provider of sign-in, and everything by which one must not.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use underpin_model::registry::Classification;
use underpin_office::people::{Admitter, Grant, Openid, Reach, Role};
use underpin_office::watch::fetch::{Network, Outside, System};
use underpin_web::Entrance;
use underpin_web::routes::{Access, ROUTES, Route};

use crate::provider::{CLIENT, FakeProvider, Lie, parameter};
use crate::support::{PASSWORD, Reply, Web, now, random};

/// A provider of the configuration, which may lie on this machine if the configuration says so.
fn openid(name: &str, provider: &FakeProvider, more: Value, may_lie_inside: bool) -> Openid {
    let mut settings = json!({
        "issuer": provider.issuer(),
        "client": CLIENT.0,
        "secret": { "environment": "CLIENT_SECRET" },
        "label": "Staff & Friends",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        settings[key] = value.clone();
    }
    let settings = serde_json::from_value(settings).expect("settings");
    let permit = json!({ "plain_http": true, "private_addresses": true, "ports": [provider.port] });
    let hosts = if may_lie_inside { json!({ "127.0.0.1": permit }) } else { json!({}) };
    let network: Network = serde_json::from_value(json!({ "permits": hosts })).expect("a network");
    let environment = |variable: &str| (variable == "CLIENT_SECRET").then(|| CLIENT.1.to_owned());
    let outside = Outside { edge: std::sync::Arc::new(System { now }), environment: &environment };
    Openid::new(name, settings, "https://office.example", &network, outside).expect("a provider")
}

/// A house with one provider.
async fn house(more: Value) -> (FakeProvider, Web) {
    let provider = FakeProvider::start().await;
    let providers = vec![openid("staff", &provider, more, true)];
    (provider, Web::demo_with(Entrance { providers, ..Entrance::default() }).await)
}

fn analysts() -> Value {
    json!({ "grants": [{ "group": "analysts", "role": "analyst", "clearance": "restricted" }], "second_factor": ["mfa"] })
}

fn first(reply: &Reply) -> String {
    reply.cookie.split(';').next().unwrap_or_default().to_owned()
}

/// Goes to the provider: the cookie, and the address there.
async fn leave(web: &Web, path: &str) -> (String, String) {
    let reply = web.get(path, "").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    for flag in ["__Host-elsewhere=", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=600", "Path=/"] {
        assert!(reply.cookie.contains(flag), "{flag}: {}", reply.cookie);
    }
    (first(&reply), reply.location)
}

/// Comes back with a code.
async fn back(web: &Web, cookie: &str, address: &str, code: &str) -> Reply {
    let state = parameter(address, "state");
    web.get(&format!("/sign-in/openid/staff/back?code={code}&state={state}"), cookie).await
}

/// The whole way.
async fn whole(web: &Web, provider: &FakeProvider, path: &str) -> Reply {
    let (cookie, address) = leave(web, path).await;
    back(web, &cookie, &address, &provider.sign_in(&address)).await
}

fn fault(reply: &Reply) -> &str {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    assert!(!reply.cookie.contains("__Host-session=") && !reply.cookie.contains("__Host-code="), "{reply:?}");
    reply.location.strip_prefix("/sign-in?fault=").unwrap_or_else(|| panic!("{reply:?}"))
}

async fn invitation(web: &Web) -> String {
    let grants = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let key = web.house().invite(now(), "tests", grants, Classification::Internal, random()).await.expect("invited");
    key.secret().to_owned()
}

#[tokio::test]
async fn an_invitation_connects_and_afterwards_one_comes_in() {
    let (provider, web) = house(json!({})).await;
    let page = web.get("/sign-in?to=/find%3Fq%3Da", "").await.body;
    assert!(
        page.contains("/sign-in/openid/staff?to=%2Ffind%3Fq%3Da") && page.contains("Staff &#38; Friends"),
        "{page}"
    );
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unknown");

    let key = invitation(&web).await;
    let page = web.get(&format!("/welcome/{key}"), "").await.body;
    assert!(page.contains(&format!("href=\"/welcome/{key}/openid/staff\"")), "{page}");
    let entered = whole(&web, &provider, &format!("/welcome/{key}/openid/staff")).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{entered:?}");
    assert!(web.get("/account", &first(&entered)).await.body.contains("Ada"));
    assert_eq!(web.get(&format!("/welcome/{key}/openid/staff"), "").await.status, StatusCode::NOT_FOUND, "used up");

    let again = whole(&web, &provider, "/sign-in/openid/staff?to=/find").await;
    assert_eq!(again.location, "/find");
    // The number counts, not the name: the same name with another number is somebody else, the other way round it is the same one.
    provider.states(json!({ "sub": "8", "preferred_username": "ada" }));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unknown");
    provider.states(json!({ "sub": "7", "preferred_username": "eve" }));
    assert!(
        web.get("/account", &first(&whole(&web, &provider, "/sign-in/openid/staff").await)).await.body.contains("Ada")
    );

    let trail = web.house().audit(underpin_model::Viewer::Operator, 10, None, None).await.expect("a trail");
    let told = trail.iter().find(|row| row.action == "connect-account").and_then(|row| row.after.clone());
    assert_eq!(told.expect("told")["issuer"], provider.issuer());
}

#[tokio::test]
async fn nobody_comes_in_by_a_lie() {
    let (provider, web) = house(analysts()).await;
    let honest = json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"] });
    provider.states(honest);
    for lie in Lie::ALL {
        provider.lies(lie);
        assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unproved", "{lie:?}");
    }
    provider.lies(Lie::Nothing);
    assert_eq!(whole(&web, &provider, "/sign-in/openid/staff").await.location, "/", "the truth is enough");
}

#[tokio::test]
async fn what_one_browser_began_no_other_ends_and_nobody_twice() {
    let (provider, web) = house(analysts()).await;
    provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"] }));
    let (ada, address) = leave(&web, "/sign-in/openid/staff").await;
    let (eve, elsewhere) = leave(&web, "/sign-in/openid/staff").await;
    let (code, other) = (provider.sign_in(&address), provider.sign_in(&elsewhere));
    // Somebody else's browser, none at all, another state, none.
    assert_eq!(fault(&back(&web, &eve, &address, &code).await), "expired");
    assert_eq!(fault(&back(&web, "", &address, &code).await), "expired");
    for query in [format!("code={code}&state=0"), format!("code={code}"), String::new()] {
        assert_eq!(fault(&web.get(&format!("/sign-in/openid/staff/back?{query}"), &ada).await), "expired", "{query}");
    }
    // A code of another sign-in was asked for with another proof key.
    let (third, aside) = leave(&web, "/sign-in/openid/staff").await;
    provider.sign_in(&aside);
    assert_eq!(fault(&back(&web, &third, &aside, &other).await), "unproved");
    // All of that has used nothing up; ending it has.
    assert_eq!(back(&web, &ada, &address, &code).await.location, "/");
    assert_eq!(fault(&back(&web, &ada, &address, &code).await), "expired", "the state counts once");
    let (cookie, address) = leave(&web, "/sign-in/openid/staff").await;
    assert_eq!(fault(&back(&web, &cookie, &address, &code).await), "unproved", "the code counts once");

    let (cookie, address) = leave(&web, "/sign-in/openid/staff").await;
    let code = provider.sign_in(&address);
    web.advance(11);
    assert_eq!(fault(&back(&web, &cookie, &address, &code).await), "expired", "too late");
    let (cookie, address) = leave(&web, "/sign-in/openid/staff").await;
    let state = parameter(&address, "state");
    let declined = format!("/sign-in/openid/staff/back?error=access_denied&state={state}");
    assert_eq!(fault(&web.get(&declined, &cookie).await), "declined");
    for to in ["https://evil.example", "//evil.example"] {
        let reply = whole(&web, &provider, &format!("/sign-in/openid/staff?to={to}")).await;
        assert_eq!(reply.location, "/sign-in?fault=unproved", "the provider's clock stood still: {to}");
    }
}

#[tokio::test]
async fn providers_are_not_mixed_up() {
    let (one, two) = (FakeProvider::start().await, FakeProvider::start().await);
    let providers = vec![openid("staff", &one, analysts(), true), openid("guests", &two, json!({}), true)];
    let web = Web::demo_with(Entrance { providers, ..Entrance::default() }).await;
    for provider in [&one, &two] {
        provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"] }));
    }
    // Begun at one, come back as from the other.
    let (cookie, address) = leave(&web, "/sign-in/openid/staff").await;
    let (code, state) = (one.sign_in(&address), parameter(&address, "state"));
    let reply = web.get(&format!("/sign-in/openid/guests/back?code={code}&state={state}"), &cookie).await;
    assert_eq!(fault(&reply), "expired");
    // The other says that it has answered.
    for (issuer, expected) in [(two.issuer(), "/sign-in?fault=unproved"), (one.issuer(), "/")] {
        let (cookie, address) = leave(&web, "/sign-in/openid/staff").await;
        let (code, state) = (one.sign_in(&address), parameter(&address, "state"));
        let path = format!("/sign-in/openid/staff/back?code={code}&state={state}&iss={issuer}");
        assert_eq!(web.get(&path, &cookie).await.location, expected);
    }
    // The same number at another provider is somebody else, and no group of that one counts here.
    let (cookie, address) = leave(&web, "/sign-in/openid/guests").await;
    let (code, state) = (two.sign_in(&address), parameter(&address, "state"));
    let reply = web.get(&format!("/sign-in/openid/guests/back?code={code}&state={state}"), &cookie).await;
    assert_eq!(fault(&reply), "unknown");
    assert_eq!(web.get("/sign-in/openid/none", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_found() {
    let (provider, web) = house(analysts()).await;
    provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"] }));
    assert_eq!(whole(&web, &provider, "/sign-in/openid/staff").await.location, "/");
    provider.rotate();
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unproved", "it was asked a moment ago");
    web.advance(2);
    assert_eq!(whole(&web, &provider, "/sign-in/openid/staff").await.location, "/");
}

#[tokio::test]
async fn groups_give_rights_and_take_them() {
    let (provider, web) = house(analysts()).await;
    let state = |groups: Value| provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": groups }));
    web.person("bob", Vec::new()).await;
    provider.states(json!({ "sub": "6", "preferred_username": "Bob", "groups": ["analysts"] }));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "login", "nobody becomes somebody else");
    provider.states(json!({ "sub": "6", "groups": ["analysts"] }));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "login");

    state(json!(["others"]));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unknown");
    state(json!(["others", "analysts"]));
    let cookie = first(&whole(&web, &provider, "/sign-in/openid/staff").await);
    assert!(web.get("/", &cookie).await.body.contains("CVE-2021-44228"), "an analyst sees it");
    let bearer = format!("Bearer {}", web.token("ada").await);
    let by_token = async || web.call("GET", "/api/office/v1/findings", &[("authorization", &bearer)], "").await.status;
    assert_eq!(by_token().await, StatusCode::OK);
    state(json!([]));
    for _ in 0..2 {
        assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "no-rights");
        assert_eq!(web.get("/", &cookie).await.location, "/sign-in?to=/", "what began before has ended");
        assert_eq!(by_token().await, StatusCode::FORBIDDEN, "a token has no rights either");
    }
    let trail = web.house().audit(underpin_model::Viewer::Operator, 1, None, None).await.expect("a trail");
    assert_eq!((trail[0].action.as_str(), trail[0].actor.as_str()), ("set-rights", "groups of staff"), "{trail:?}");
    state(json!(["analysts"]));
    assert_eq!(whole(&web, &provider, "/sign-in/openid/staff").await.location, "/");
    assert_eq!(by_token().await, StatusCode::OK);
    // An account that has ended stays out, whatever the groups say, and with an invitation too.
    let by = Admitter::Operator("tests".to_owned());
    web.house().dismiss(&by, now(), "ada", "left").await.expect("ended");
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "ended");
    let key = invitation(&web).await;
    assert_eq!(fault(&whole(&web, &provider, &format!("/welcome/{key}/openid/staff")).await), "ended");
    // No password fits an account without one.
    assert_eq!(web.sign_in("ada", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_grant_for_what_is_not_there_gives_nothing_and_shuts_nobody_out() {
    let ended = |group: &str| json!({ "group": group, "role": "owner", "agency": "no-such", "clearance": "secret" });
    let analyst = json!({ "group": "analysts", "role": "analyst", "clearance": "restricted" });
    let (provider, web) = house(json!({ "grants": [ended("analysts"), analyst, ended("ended")] })).await;
    let state = |groups: Value| provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": groups }));
    state(json!(["ended"]));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unknown");
    state(json!(["ended", "analysts"]));
    assert_eq!(whole(&web, &provider, "/sign-in/openid/staff").await.location, "/");
    let trail = web.house().audit(underpin_model::Viewer::Operator, 9, None, None).await.expect("a trail");
    let made = trail.iter().find(|row| row.action == "make-account").and_then(|row| row.after.clone()).expect("made");
    let restricted = Classification::ALL.iter().position(|level| *level == Classification::Restricted);
    assert_eq!(made["grants"].as_array().map(Vec::len), Some(1), "{made}");
    assert_eq!(made["secrecy"], json!(restricted), "nor does its clearance count: {made}");
    // Who was invited has other rights, whatever the groups give.
    provider.states(json!({ "sub": "8", "preferred_username": "bob", "groups": ["ended"] }));
    let key = invitation(&web).await;
    for path in [format!("/welcome/{key}/openid/staff"), "/sign-in/openid/staff".to_owned()] {
        assert_eq!(whole(&web, &provider, &path).await.location, "/", "{path}");
    }
}

#[tokio::test]
async fn beginnings_from_one_address_are_counted() {
    let (_provider, web) = house(json!({})).await;
    let begin = async |last: u8| {
        let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, last], 443)));
        let request = Request::get("/sign-in/openid/staff").extension(peer).body(Body::empty());
        web.ask(request.expect("a request")).await
    };
    assert!(begin(7).await.cookie.starts_with("__Host-elsewhere="));
    let mut begun = 1;
    while web.house().may_begin_openid([192, 0, 2, 7].into(), now()).await.expect("counted") {
        begun += 1;
        assert!(begun < 1_000, "nobody stops it");
    }
    assert_eq!(fault(&begin(7).await), "too-often");
    assert!(begin(8).await.cookie.starts_with("__Host-elsewhere="), "others go on");
    web.advance(16);
    assert!(begin(7).await.cookie.starts_with("__Host-elsewhere="), "after a while, too");
}

#[tokio::test]
async fn a_provider_inside_is_called_only_where_the_configuration_says_so() {
    let provider = FakeProvider::start().await;
    let providers = vec![openid("staff", &provider, json!({}), false)];
    let web = Web::demo_with(Entrance { providers, ..Entrance::default() }).await;
    let reply = web.get("/sign-in/openid/staff", "").await;
    assert_eq!(fault(&reply), "unreachable");
    let page = web.get(&reply.location, "").await.body;
    assert!(page.contains("cannot be reached") && !page.contains("127.0.0.1"), "{page}");
}

#[tokio::test]
async fn signing_out_is_said_to_be_here_only() {
    let (provider, web) = house(analysts()).await;
    provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"] }));
    let cookie = first(&whole(&web, &provider, "/sign-in/openid/staff").await);
    let token = web.form_token(&cookie).await;
    let left = web.post("/sign-out", &format!("form_token={token}"), &cookie).await;
    assert_eq!(left.location, "/sign-in?out=here");
    assert!(web.get(&left.location, "").await.body.contains("may still know you"));
}

/// A house that requires a second factor, with one provider.
async fn strict() -> (FakeProvider, Web) {
    let provider = FakeProvider::start().await;
    let providers = vec![openid("staff", &provider, analysts(), true)];
    (provider, Web::demo_with(Entrance { providers, require_second_factor: true }).await)
}

#[tokio::test]
async fn who_has_no_second_factor_sees_nothing_but_how_to_set_it_up() {
    let (_, web) = strict().await;
    let all = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let cookie = web.person("ada", all).await;
    let is_asked = |route: &&Route| {
        route.access == Access::SignedIn && route.path != "/sign-out" && !route.path.starts_with("/account/codes")
    };
    for route in ROUTES.iter().filter(is_asked) {
        let path = route.path.replace("{id}", "payments-hub").replace("{name}", "CVE-2021-44228");
        let reply = match route.method {
            "get" => web.get(&path, &cookie).await,
            _ => web.post(&path, "form_token=", &cookie).await,
        };
        match route.path.starts_with("/api/") {
            true => assert!(reply.status.is_client_error(), "{path}: {reply:?}"),
            false => {
                assert_eq!((reply.status, reply.location.as_str()), (StatusCode::SEE_OTHER, "/account/codes"), "{path}")
            }
        }
        for name in ["log4j", "payments-hub", "CVE-2021-44228"].iter().filter(|name| !path.contains(*name)) {
            assert!(!reply.body.contains(name), "{} {path}: {name}", route.method);
        }
    }
    let page = web.get("/account/codes", &cookie).await.body;
    assert!(page.contains("requires a second step") && !page.contains("href=\"/findings\""), "{page}");
    let begun = crate::second_factor::set_up(&web, &cookie).await;
    assert_eq!(begun.1.len(), 10);
    assert_eq!(web.get("/findings", &cookie).await.status, StatusCode::OK, "now everything is open");
    assert_eq!(web.sign_in("ada", PASSWORD).await.location, "/sign-in/code?to=/");
}

#[tokio::test]
async fn a_second_factor_of_the_provider_counts_when_it_says_so() {
    let (provider, web) = strict().await;
    let state = |amr: Value| {
        provider.states(json!({ "sub": "7", "preferred_username": "ada", "groups": ["analysts"], "amr": amr }));
    };
    state(json!(["pwd", "mfa"]));
    let cookie = first(&whole(&web, &provider, "/sign-in/openid/staff").await);
    assert_eq!(web.get("/findings", &cookie).await.status, StatusCode::OK);
    state(json!(["pwd"]));
    let cookie = first(&whole(&web, &provider, "/sign-in/openid/staff").await);
    assert_eq!(web.get("/findings", &cookie).await.location, "/account/codes");
    // Who has no password sets codes up within ten minutes of coming in.
    let (_, recovery) = crate::second_factor::set_up_without_password(&web, &cookie).await;
    assert_eq!(web.get("/findings", &cookie).await.status, StatusCode::OK);
    let asked = whole(&web, &provider, "/sign-in/openid/staff?to=/find").await;
    assert_eq!(asked.location, "/sign-in/code?to=/find", "ours is asked for");
    let entered = web.post("/sign-in/code", &format!("code={}&to=/find", recovery[0]), &first(&asked)).await;
    assert_eq!(entered.location, "/find");
    assert_eq!(web.get("/findings", &first(&entered)).await.status, StatusCode::OK);
}

/// Begins to connect an account: the page, and the cookie of the way.
async fn connect(web: &Web, cookie: &str, password: &str) -> (Reply, String, String) {
    let token = web.form_token(cookie).await;
    let form = format!("form_token={token}&password={password}").replace(' ', "+");
    let reply = web.post("/account/openid/staff", &form, cookie).await;
    let address = reply.body.split("href=\"").find(|rest| rest.contains("state=")).unwrap_or_default();
    let address = address.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
    let way = first(&reply);
    (reply, way, address)
}

#[tokio::test]
async fn an_account_that_is_there_is_connected_by_its_owner() {
    let (provider, web) = house(json!({})).await;
    let reader = || vec![Grant { role: Role::Reader, reach: Reach::Agency("treasury".into()) }];
    let (ada, bob) = (web.person("ada", reader()).await, web.person("bob", reader()).await);
    provider.states(json!({ "sub": "7", "preferred_username": "somebody" }));
    assert_eq!(fault(&whole(&web, &provider, "/sign-in/openid/staff").await), "unknown");
    // Neither without the secret of the form, nor without the password, nor by a link.
    let bare = web.post("/account/openid/staff", &format!("password={PASSWORD}").replace(' ', "+"), &ada).await;
    assert!(bare.status.is_client_error() && bare.cookie.is_empty(), "{bare:?}");
    let (wrong, way, _) = connect(&web, &ada, "wrong").await;
    assert_eq!((wrong.status, way.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""), "{}", wrong.body);
    assert_eq!(web.get("/account/openid/staff", &ada).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(web.post("/account/openid/none", "form_token=", &ada).await.status, StatusCode::FORBIDDEN);
    let (begun, way, address) = connect(&web, &ada, PASSWORD).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    assert!(address.starts_with(&provider.issuer()), "{address} {}", begun.body);
    // Who comes back must still be who began.
    for other in [String::new(), bob.clone()] {
        let (_, way, address) = connect(&web, &ada, PASSWORD).await;
        let reply = back(&web, &format!("{way}; {other}"), &address, &provider.sign_in(&address)).await;
        assert_eq!(fault(&reply), "expired");
    }
    let done = back(&web, &format!("{way}; {ada}"), &address, &provider.sign_in(&address)).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/account?done=connected"), "{done:?}");
    let page = web.get("/account?done=connected", &ada).await.body;
    assert!(page.contains("Your account is connected") && page.contains("Connected with Staff"), "{page}");
    // From now on that one is Ada, with the rights that were given here.
    let entered = whole(&web, &provider, "/sign-in/openid/staff").await;
    let account = web.get("/account", &first(&entered)).await.body;
    assert!(account.contains(">ada<") && account.contains("treasury"), "{account}");
    // Nobody else connects with the same one.
    let (_, way, address) = connect(&web, &bob, PASSWORD).await;
    let taken = back(&web, &format!("{way}; {bob}"), &address, &provider.sign_in(&address)).await;
    assert_eq!(fault(&taken), "taken");
    let trail = web.house().audit(underpin_model::Viewer::Operator, 20, None, None).await.expect("a trail");
    let connected = trail.iter().filter(|row| row.action == "connect-account").count();
    assert_eq!(connected, 1);
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_at_each_click() {
    let (provider, web) = house(json!({})).await;
    provider.is_gone(true);
    for _ in 0..5 {
        assert_eq!(fault(&web.get("/sign-in/openid/staff", "").await), "unreachable");
    }
    assert_eq!(provider.asked(), 1, "the first click is told, the others from memory");
    provider.is_gone(false);
    assert_eq!(fault(&web.get("/sign-in/openid/staff", "").await), "unreachable");
    web.advance(1);
    assert!(web.get("/sign-in/openid/staff", "").await.location.starts_with(&provider.issuer()), "it is asked again");
    assert_eq!(provider.asked(), 2);
}
