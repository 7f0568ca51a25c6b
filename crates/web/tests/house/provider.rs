// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A small OpenID Connect provider that can lie in every way that matters. It signs with Ed25519.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The time of the tests, in seconds.
const NOW: i64 = 1_772_442_000;
/// How this house is known there, and its secret.
pub const CLIENT: (&str, &str) = ("underpin", "a secret of the client");

/// In which way a statement is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It is.
    Nothing,
    WrongNonce,
    NoNonce,
    OtherAudience,
    OneAudienceMore,
    OtherParty,
    OtherIssuer,
    Expired,
    StatedLongAgo,
    StatedLater,
    Unsigned,
    /// Signed with the public key as if it were a shared secret.
    PublicKeyAsSecret,
    /// Signed with the secret of the client.
    ClientSecret,
    /// Signed by somebody else, who says it is the provider's key.
    ForeignKey,
    /// What was signed was changed afterwards.
    Changed,
    NoStatement,
    Redirect,
    TooLong,
}

impl Lie {
    pub const ALL: [Self; 17] = [
        Self::WrongNonce,
        Self::NoNonce,
        Self::OtherAudience,
        Self::OneAudienceMore,
        Self::OtherParty,
        Self::OtherIssuer,
        Self::Expired,
        Self::StatedLongAgo,
        Self::StatedLater,
        Self::Unsigned,
        Self::PublicKeyAsSecret,
        Self::ClientSecret,
        Self::ForeignKey,
        Self::Changed,
        Self::NoStatement,
        Self::Redirect,
        Self::TooLong,
    ];
}

struct Inside {
    issuer: String,
    lie: Lie,
    key: u8,
    claims: Value,
    /// By code: nonce and challenge.
    codes: BTreeMap<String, (String, String)>,
    given: u64,
    /// How often it was asked what it is.
    asked: u64,
    is_gone: bool,
}

/// The provider, at a port of this machine.
#[derive(Clone)]
pub struct FakeProvider {
    pub port: u16,
    inside: Arc<Mutex<Inside>>,
}

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let issuer = format!("http://{}:{port}", std::net::Ipv4Addr::LOCALHOST);
        let claims = json!({ "sub": "7", "preferred_username": "ada", "name": "Ada" });
        let inside = Inside {
            issuer,
            lie: Lie::Nothing,
            key: 1,
            claims,
            codes: BTreeMap::new(),
            given: 0,
            asked: 0,
            is_gone: false,
        };
        let provider = Self { port, inside: Arc::new(Mutex::new(inside)) };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inside) -> T) -> T {
        work(&mut self.inside.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn issuer(&self) -> String {
        self.with(|inside| inside.issuer.clone())
    }

    /// From now on it lies like this.
    pub fn lies(&self, lie: Lie) {
        self.with(|inside| inside.lie = lie);
    }

    /// From now on it states this about who signs in.
    pub fn states(&self, claims: Value) {
        self.with(|inside| inside.claims = claims);
    }

    /// It does not say any more what it is, or says it again.
    pub fn is_gone(&self, is_gone: bool) {
        self.with(|inside| inside.is_gone = is_gone);
    }

    /// How often it was asked what it is.
    pub fn asked(&self) -> u64 {
        self.with(|inside| inside.asked)
    }

    /// It takes another key.
    pub fn rotate(&self) {
        self.with(|inside| inside.key += 1);
    }

    /// What happens at the provider: somebody signs in there. Gives the code.
    pub fn sign_in(&self, address: &str) -> String {
        let begins = format!("http://{}:{}/authorize?", std::net::Ipv4Addr::LOCALHOST, self.port);
        assert!(address.starts_with(&begins), "{address}");
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT.0),
            ("code_challenge_method", "S256"),
            ("scope", "openid+profile"),
        ] {
            assert_eq!(parameter(address, name), value, "{address}");
        }
        self.with(|inside| {
            inside.given += 1;
            let code = format!("code{}", inside.given);
            let asked = (parameter(address, "nonce").to_owned(), parameter(address, "code_challenge").to_owned());
            inside.codes.insert(code.clone(), asked);
            code
        })
    }
}

/// A parameter of an address, as it stands there.
pub fn parameter<'a>(address: &'a str, name: &str) -> &'a str {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("no {name} in {address}"))
}

fn told(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn about(State(provider): State<FakeProvider>) -> Response {
    let issuer = provider.issuer();
    let is_gone = provider.with(|inside| {
        inside.asked += 1;
        inside.is_gone
    });
    if is_gone {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    }
    told(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // More than it should: the list of this house counts.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
}

fn signing_key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

async fn keys(State(provider): State<FakeProvider>) -> Response {
    let number = provider.with(|inside| inside.key);
    let public = URL_SAFE_NO_PAD.encode(signing_key(number).verifying_key().to_bytes());
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": format!("k{number}"), "x": public });
    told(&json!({ "keys": [key] }))
}

async fn token(
    State(provider): State<FakeProvider>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let refused = |why: &str| (StatusCode::BAD_REQUEST, told(&json!({ "error": why }))).into_response();
    let proof = format!("Basic {}", STANDARD.encode(format!("{}:{}", CLIENT.0, CLIENT.1.replace(' ', "+"))));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(proof.as_str()) {
        return refused("invalid_client");
    }
    let Some((nonce, challenge)) = provider.with(|inside| inside.codes.remove(text("code"))) else {
        return refused("invalid_grant");
    };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier"))) != challenge {
        return refused("invalid_grant");
    }
    let (lie, key, issuer, claims) =
        provider.with(|inside| (inside.lie, inside.key, inside.issuer.clone(), inside.claims.clone()));
    let mut answer = json!({ "access_token": "unused", "token_type": "Bearer", "expires_in": 60 });
    match lie {
        Lie::Redirect => return (StatusCode::FOUND, [(header::LOCATION, "/keys")]).into_response(),
        Lie::TooLong => answer["more"] = "x".repeat(2 << 20).into(),
        _ => {}
    }
    if lie != Lie::NoStatement {
        answer["id_token"] = statement(lie, key, &issuer, &nonce, claims).into();
    }
    told(&answer)
}

/// The statement, with one thing wrong at most.
fn statement(lie: Lie, key: u8, issuer: &str, nonce: &str, mut claims: Value) -> String {
    let more = json!({ "iss": issuer, "aud": CLIENT.0, "iat": NOW, "exp": NOW + 300, "nonce": nonce });
    for (name, value) in more.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    match lie {
        Lie::WrongNonce => claims["nonce"] = "another".into(),
        Lie::NoNonce => claims["nonce"] = Value::Null,
        Lie::OtherAudience => claims["aud"] = "another".into(),
        Lie::OneAudienceMore => claims["aud"] = json!([CLIENT.0, "another"]),
        Lie::OtherParty => claims["azp"] = "another".into(),
        Lie::OtherIssuer => claims["iss"] = "https://id.example".into(),
        Lie::Expired => claims["exp"] = NOW.into(),
        Lie::StatedLongAgo => claims["iat"] = (NOW - 3600).into(),
        Lie::StatedLater => claims["iat"] = (NOW + 3600).into(),
        _ => {}
    }
    let way = match lie {
        Lie::Unsigned => "none",
        Lie::PublicKeyAsSecret | Lie::ClientSecret => "HS256",
        _ => "EdDSA",
    };
    let header = json!({ "alg": way, "typ": "JWT", "kid": format!("k{key}") });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let shared = |secret: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
        mac.update(signed.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let signature = match lie {
        Lie::Unsigned => Vec::new(),
        Lie::PublicKeyAsSecret => shared(&signing_key(key).verifying_key().to_bytes()),
        Lie::ClientSecret => shared(CLIENT.1.as_bytes()),
        Lie::ForeignKey => signing_key(99).sign(signed.as_bytes()).to_bytes().to_vec(),
        _ => signing_key(key).sign(signed.as_bytes()).to_bytes().to_vec(),
    };
    if lie == Lie::Changed {
        claims["sub"] = "8".into();
    }
    format!("{}.{}.{}", part(&header), part(&claims), URL_SAFE_NO_PAD.encode(signature))
}
